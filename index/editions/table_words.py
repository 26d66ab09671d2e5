"""Reads the cells of tables: amounts, years, units, and the numbering of rows."""

import re
from collections.abc import Iterator

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORT_RANGE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-–/]\s?(\d\d)(?!\d)")
_DATE = re.compile(
    r"(?<!\d)\d{1,2}(?:\s?[-/.]\s?\d{1,2}\s?[-/.]\s?|(?:er|e|ste|de)?\.?\s[^\W\d_]{3,}\s)(?:19|20)\d\d(?!\d)"
)
_RELATIVE_YEAR = re.compile(
    r"(?<!\w)(?:[nt]\s?[-+–]\s?\d|n|jaar t)(?!\w)|vorige?e? jaar|vorig jaar|volgend jaar|année précédente"
    r"|exercice précédent|previous year|prior year|last year|vorjahr",
    re.IGNORECASE,
)
"""A relative year, such as "N-1" or "last year": it means another year in each edition."""
_THOUSAND, _MILLION, _BILLION = "thousand", "million", "billion"
_UNITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(pattern, re.IGNORECASE))
    for unit, pattern in (
        (
            _BILLION,
            r"[x×*]\s?€?\s?1[. ]000[. ]000[. ]000(?!\d)|\b(?:mrd|mld)\b\.?|\bmiljard\w*|\bmilliards?\b"
            r"|\bbillions?\b|\bmilliarden?\b",
        ),
        (
            _MILLION,
            r"[x×*]\s?€?\s?1[. ]000[. ]000(?![\d.]\d)|\bm\s?(?=€)|(?<=€)\s?m\b|\bmeur\b|\b(?:mln|mio)\b\.?"
            r"|\bmiljoen\w*|\bmillions?\b|\bmillionen\b",
        ),
        (
            _THOUSAND,
            r"(?:[x×*]|\bin)\s?€?\s?1[., ]?000(?!\d|[. ]\d)"
            r"|\bk\s?(?=€)|(?<=€)\s?k\b|\bkeur\b|\bduizend\w*|\bmilliers?\b"
            r"|\bthousands?\b|\btausend\b|\btsd\b\.?",
        ),
        ("€", r"€|\beuros?\b|\beur\b|(?<=\bm)eur\b|(?<=\bk)eur\b"),
        ("%", r"%|\bprocent\b|\bpercent\b|\bper cent\b|\bpct\b|\bpour ?cent\b|\bprozent\b|\bpercentage\b"),
        ("‰", r"‰|\bpromille\b"),
        ("$", r"\$"),
        ("£", r"£"),
        ("fte", r"\b(?:fte|vte|etp)['’]?s?\b"),
        ("m²", r"\bm[²2]"),
        ("m³", r"\bm[³3]"),
        ("km", r"\bkm\b"),
        ("ha", r"\bha\b"),
        ("kg", r"\bkg\b"),
        ("ton", r"\b(?:ton|tonnes?|kton)\b"),
        ("kwh", r"\bkwh\b"),
        ("mwh", r"\bmwh\b"),
        ("gwh", r"\bgwh\b"),
    )
)
_WORD = re.compile(r"[^\W_]+")
_ABOUT_UNITS = frozenset(
    [
        *("bedrag", "bedragen", "montant", "montants", "amount", "amounts", "betrag", "beträge", "cijfers"),
        *("chiffres", "figures", "in", "x", "en", "de", "d", "of", "alle", "les", "all", "exprimés"),
    ]
)
"""Words that only introduce the unit of a table."""
_NOTE_SIGNS = re.compile(r"[*†‡]+|[⁰¹²³⁴-⁹]+(?!\w)|(?<=[^\W\d_])\s?\(\d\)(?=\s|\Z)")
_NUMBERING = re.compile(
    r"\s*(?:(?:art(?:ikel|icle)?|§|nr|no|n°)\.?\s*\d+(?:[.-]\d+)*[a-z]?\b[.):]?"
    r"|\d{1,4}(?:\.\d{1,4})+[a-z]{0,2}(?:[.)]|(?=\s))|\d{1,4}[a-z](?:[.)]|(?=\s))|(?:\d{1,4}|[a-z]|[ivx]{1,5})"
    r"[.)°](?!\d))\s*(?=[^\W\d_]|\Z)",
    re.IGNORECASE,
)
"""The number of a row before its name. A bare number may be part of the name, as in "65 jaar en ouder"."""
_ONLY_NUMBERING = re.compile(r"\s*\d{1,4}(?:\.\d{1,4})*[a-z]?[.)]?\s*", re.IGNORECASE)
_NUMBERED_TABLE = re.compile(
    r"\s*(?:tabel|tableau|table|tabelle|overzicht|grafiek|figuur|figure)\s*(?:nr\.?|n°|no\.?)?\s*"
    r"\d{1,3}(?:[.-]\d{1,3})*[a-z]?\b[\s:.–-]*",
    re.IGNORECASE,
)
_AMOUNT_START = re.compile(r"\s*[-–—−+€$£(\s]*\d")
_NONE = re.compile(r"\s*[-–—−]+\s*")
_MOST_LETTERS = 14
"""Most letters of a cell that is an amount, such as "214,4 kg (2022)"."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, in lower case and without footnote signs."""
    return tuple(_WORD.findall(_NOTE_SIGNS.sub(" ", text).casefold()))


def years_in(text: str) -> frozenset[str]:
    """The years that a text names; both ends of 2024-25."""
    ends = {match[1][:2] + match[2] for match in _SHORT_RANGE.finditer(text)}
    return frozenset(ends | set(_YEAR.findall(text)))


def units_in(text: str) -> frozenset[str]:
    """The units that a text names: signs, units and scales such as "million"."""
    return frozenset(unit for unit, pattern in _UNITS if pattern.search(text))


def is_amount(cell: str) -> bool:
    """Whether a cell is a number, or the dash for none. A year alone is not: it is the name of a column."""
    if _NONE.fullmatch(cell):
        return True
    if not _AMOUNT_START.match(cell) or _is_only_years(cell):
        return False
    return sum(map(str.isalpha, cell)) <= _MOST_LETTERS


def without_numbering(label: str) -> str:
    """The name of a row without its numbering, such as "1c", "3.2" or "art. 5"."""
    match = _NUMBERING.match(label)
    return label[match.end() :] if match else label


def numbering(row: str) -> Iterator[tuple[int, int]]:
    """Start and end offset of the numbering of a table row and of the footnote signs in its name."""
    start = 0
    cells = row.split("\t")
    for number, cell in enumerate(cells):
        has_name = any(map(str.isalpha, cell))
        if has_name:
            match = _NUMBERING.match(cell)
            if match:
                yield start, start + match.end()
            yield from ((start + note.start(), start + note.end()) for note in _NOTE_SIGNS.finditer(cell))
            return
        if _ONLY_NUMBERING.fullmatch(cell) and any(
            any(map(str.isalpha, each)) for each in cells[number + 1 :]
        ):
            yield start, start + len(cell)
        elif cell.strip():
            return
        start += len(cell) + 1


def caption_words(caption: str) -> frozenset[str]:
    """The words by which a caption is compared: without the number of the table, years and words for
    units."""
    match = _NUMBERED_TABLE.match(caption)
    text = caption[match.end() :] if match else caption
    return frozenset(word for word in words_of(text) if not _YEAR.fullmatch(word)) - _ABOUT_UNITS


def heading_words(text: str) -> list[str]:
    """The words of a heading without years and units; "?" stands for a relative year, such as N-1."""
    words = [word for word in words_of(without_units(text)) if not _YEAR.fullmatch(word)]
    if _RELATIVE_YEAR.search(text) and not years_in(text):
        words.append("?")
    return words


def says_only_units(text: str) -> bool:
    """Whether a text names a unit and nothing else."""
    return bool(units_in(text)) and not set(words_of(without_units(text))) - _ABOUT_UNITS


def without_units(text: str) -> str:
    """A text without the units that it names."""
    for _unit, pattern in _UNITS:
        text = pattern.sub(" ", text)
    return text


def _is_only_years(cell: str) -> bool:
    """Whether all numbers of a cell are years or belong to dates."""
    rest = _YEAR.sub("", _DATE.sub(" ", _SHORT_RANGE.sub("", cell)))
    return bool(_YEAR.search(cell)) and not re.search(r"\d", rest)
