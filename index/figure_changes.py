"""Which numbers changed between two versions of a passage: amounts with their units, dates and years whole.

Readers may trust this list without reading the texts, so it asserts little: a number stands for another only
where what they count and the words around them are the same. Any other is told as gone or as come, and only
if the other version has it nowhere.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.edition import MONTHS, EditionPassage
from index.word_alignment import changed_stretches

_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_YEAR = r"(?:19|20)\d\d"
_DATES = re.compile(
    rf"(?<![\d/])(?<!\d[.,-])(?:"
    rf"(?P<first>\d{{1,2}}\s?(?:[-–]|en|et|and|und|tot en met|t/m|tot|au|to|bis)\s?)?"
    rf"(?P<day>\d{{1,2}})(?:er|e|ste|de)?\.?\s(?P<month>{_MONTH})(?:\s(?P<year>{_YEAR}))?"
    rf"|(?P<english>{_MONTH})\s(?P<english_day>\d{{1,2}})(?:,?\s(?P<english_year>{_YEAR}))?(?!\d)"
    rf"|(?P<only_month>{_MONTH})\s(?P<of_year>{_YEAR})"
    rf"|(?P<digits>\d{{1,2}}(?P<sign>[-/.])\d{{1,2}}(?P=sign)(?:{_YEAR}|\d\d))"
    rf"|(?P<range>{_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d))"
    rf")(?![\w-]|[.,/]\d)",
    re.IGNORECASE,
)
_SCALES = {
    "k": "duizend",
    "duizend": "duizend",
    "mille": "duizend",
    "thousand": "duizend",
    **dict.fromkeys(
        ("m", "mln", "mio", "miljoen", "miljoenen", "million", "millions", "millionen"), "miljoen"
    ),
    **dict.fromkeys(
        ("mld", "mrd", "miljard", "miljarden", "milliard", "milliards", "milliarden", "billion", "billions"),
        "miljard",
    ),
}
_UNITS = {
    **dict.fromkeys(("€", "euro", "euros", "eur"), "€"),
    **dict.fromkeys(("%", "procent", "percent", "pct", "p.c.", "pour cent", "op de honderd", "prozent"), "%"),
    **dict.fromkeys(("procentpunt", "procentpunten", "percentage points", "points de pourcentage"), "%-punt"),
    **dict.fromkeys(("‰", "op de duizend", "promille"), "‰"),
    **{unit: unit for unit in ("$", "£", "m³", "km", "km²", "ha", "mw", "mwh", "gwh", "kwh", "°c", "kg")},
    **dict.fromkeys(("m²", "m2"), "m²"),
    **dict.fromkeys(("vte", "fte", "etp"), "vte"),
}
"""Of each way to write what a number counts in, the one by which it is compared."""
_NAMES = "|".join(re.escape(unit).replace(r"\ ", r"\s") for unit in sorted(_UNITS, key=len, reverse=True))
_SCALE_NAMES = "|".join(sorted(set(_SCALES) - {"k", "m"}, key=len, reverse=True))
_BEFORE = re.compile(r"(?:(?P<unit>[€$£]|\b(?:euro|eur))\s?)\Z", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?:\s?(?P<scale>(?:{_SCALE_NAMES})(?!\w)(?:(?<=mln|mio|mld|mrd)\.)?"
    rf"|[km](?=\s?(?:€|euro))))?"
    rf"(?:\s?(?:d['’]|de\s)?(?P<unit>{_NAMES})(?!\w|\s?[-–]?\d))?",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 6
_DASHES = frozenset("-–—−")
"""No numbers when a row has more or fewer columns of them."""
_SENTENCE_ENDS = re.compile(r"[)\]”\"’»]*[.;:!?](?=\s|\Z)|\n")

_LEAST_AROUND = 3
"""Words around two numbers that have to be the same for one to stand for the other; the beginning and the end
of a sentence or of a cell count as one."""
_MOST_AROUND = 4
"""Words on each side that are looked at."""
_LEAST_LETTERS = 4
"""Letters of at least one of those words: "in" and "van" stand before any number."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A number with its unit, or a date, in both editions, as written; either may be empty."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or a number with all that belongs to it."""

    form: str
    """Equal for numbers that say the same."""
    mask: str
    """The form of a word; of a number what it counts."""
    is_figure: bool
    written: str
    start: int
    is_last: bool
    """Of its sentence."""


def figure_changes(
    old: Sequence[EditionPassage], new: Sequence[EditionPassage], cells: Sequence[tuple[range, range]] | None
) -> Iterator[FigureChange]:
    """The numbers of one version of a passage that the other has not, in order.

    Args:
        cells: for two rows of a table, the numbers of the words of the cells that are compared, or of the
            whole rows where no cell is known to be that of another; None: for prose.
    """
    if not any(passage.figures for passage in (*old, *new)):
        return
    if cells is None:
        one = [token for passage in old for token in _tokens(passage, range(len(passage.words)))]
        other = [token for passage in new for token in _tokens(passage, range(len(passage.words)))]
        yield from _changes(one, other)
        return
    for left, right in cells:
        is_row = len(old[0].cells) > 1 and len(left) == len(old[0].words)
        yield from _changes(_tokens(old[0], left), _tokens(new[0], right), may_pair=not is_row)


def _tokens(passage: EditionPassage, within: range) -> list[_Token]:
    """The words of a stretch of a passage, each number as one with its unit and each date as one."""
    text, words = passage.unit.text, passage.words[within.start : within.stop]
    figures = {figure.start for figure in passage.figures}
    dates = list(_DATES.finditer(text))[::-1] if figures else []
    tokens: list[_Token] = []
    end = -1
    for word in words:
        if word.start < end:
            continue
        while dates and dates[-1].end() <= word.start:
            dates.pop()
        date = dates[-1] if dates and dates[-1].start() <= word.start else None
        if date and any(place in figures for place in range(*date.span())):
            end = date.end()
            tokens.append(_token(text, *date.span(), *_date(date)))
        elif word.start in figures and word.form not in MONTHS:
            before = _BEFORE.search(text, max(0, word.start - _LONGEST_BEFORE), word.start)
            after = _AFTER.match(text, word.end)
            start, end = before.start() if before else word.start, after.end() if after else word.end
            while tokens and tokens[-1].start >= start:
                tokens.pop()
            units = [match["unit"] for match in (before, after) if match and match["unit"]]
            scale = after["scale"] if after else None
            tokens.append(_token(text, start, end, *_amount(word.form, scale, units)))
        else:
            end = word.end
            is_last = _SENTENCE_ENDS.match(text, end) is not None
            tokens.append(_Token(word.form, word.form, False, word.written, word.start, is_last))
    return tokens


def _token(text: str, start: int, end: int, form: str, mask: str) -> _Token:
    written = " ".join(text[start:end].split())
    is_last = _SENTENCE_ENDS.match(text, end) is not None
    return _Token(f"\0{form}", f"\0{mask}", True, written, start, is_last)


def _date(match: re.Match[str]) -> tuple[str, str]:
    """A date and a span of years as they are compared, and what they are."""
    if match["range"]:
        return "-".join(re.findall(r"\d+", match["range"])), "years"
    if match["digits"]:
        day, month, year = (part.lstrip("0") for part in re.findall(r"\d+", match["digits"]))
        return f"{day}-{month}-{year if len(year) > 2 else f'20{year:0>2}'}", "date"
    month = match["month"] or match["english"] or match["only_month"]
    day = (match["day"] or match["english_day"] or "").lstrip("0")
    year = match["year"] or match["english_year"] or match["of_year"] or ""
    if match["first"]:
        day = f"{match['first'][:2].strip(' -–').lstrip('0')} {day}"
    return f"{day}-{MONTHS[month.lower()]}-{year}", "dates" if match["first"] else "date" if day else "month"


def _amount(form: str, scale: str | None, units: Sequence[str]) -> tuple[str, str]:
    """A number as it is compared, and what it counts."""
    counted = " ".join(sorted({_UNITS[" ".join(unit.lower().split())] for unit in units}))
    if not counted and not scale:
        return form, "year" if re.fullmatch(_YEAR, form) else "number"
    by = _SCALES[scale.lower().rstrip(".")] if scale else ""
    return f"{form} {by} {counted}", counted or "number"


def _changes(
    old: Sequence[_Token], new: Sequence[_Token], *, may_pair: bool = True
) -> Iterator[FigureChange]:
    """The numbers that changed; in rows with more columns or fewer none is known to stand for another."""
    masks = [token.mask for token in old], [token.mask for token in new]
    if masks[0] == masks[1] or (len(old) == len(new) == 1 and old[0].is_figure and new[0].is_figure):
        for one, other in zip(old, new, strict=True):
            if one.is_figure and one.form != other.form:
                yield FigureChange(one.written, other.written)
        return
    pairs = _pairs(old, new, by_form=True) if may_pair else {}
    found = list(_told(old, new, pairs))
    forms = [[token.form for token in side if token.is_figure] for side in (old, new)]
    if may_pair and not found and forms[0] != forms[1]:
        # The same numbers in another order, such as "from 5 to 10" that became "from 10 to 5".
        found = [each for each in _told(old, new, _pairs(old, new, by_form=False)) if each.old and each.new]
    yield from found


def _pairs(old: Sequence[_Token], new: Sequence[_Token], *, by_form: bool) -> dict[int, int]:
    """The numbers that stand in each other's place; by form: those that are the same stand so first."""
    stretches = [(range(len(old)), range(len(new)))]
    if by_form:
        forms = [token.form for token in old], [token.form for token in new]
        stretches = changed_stretches(*forms, is_prose=True)
    pairs = {}
    for gone, come in stretches:
        masks = [old[number].mask for number in gone], [new[number].mask for number in come]
        before = 0, 0
        for left, right in [
            *changed_stretches(*masks, is_prose=False),
            (range(len(gone), len(gone)), range(len(come), len(come))),
        ]:
            for step in range(left.start - before[0]):
                one, other = gone.start + before[0] + step, come.start + before[1] + step
                is_figure = old[one].is_figure and old[one].form != new[other].form
                if is_figure and _are_in_place(old, new, one, other):
                    pairs[one] = other
            before = left.stop, right.stop
    return pairs


def _told(old: Sequence[_Token], new: Sequence[_Token], pairs: Mapping[int, int]) -> Iterator[FigureChange]:
    """What is told of the numbers, in the order of the older version, then what is new."""
    gone, come = set(_lone(old, new, pairs)), _lone(new, old, pairs.values())
    for number, token in enumerate(old):
        if number in pairs:
            yield FigureChange(token.written, new[pairs[number]].written)
        elif number in gone:
            yield FigureChange(token.written, "")
    yield from (FigureChange("", new[number].written) for number in come)


def _lone(tokens: Sequence[_Token], others: Sequence[_Token], paired: Container[int]) -> list[int]:
    """The numbers without a counterpart that the other version has nowhere, each once."""
    known = {token.form for token in others}
    found = []
    for number, token in enumerate(tokens):
        is_told = token.is_figure and number not in paired and token.form not in known
        if is_told and token.written not in _DASHES:
            known.add(token.form)
            found.append(number)
    return found


def _are_in_place(old: Sequence[_Token], new: Sequence[_Token], one: int, other: int) -> bool:
    """Whether the words around two numbers are the same: behind a bare number what it counts, before a year
    what it is the year of."""
    left, right = (list(_around(old, new, one, other, step)) for step in (-1, 1))
    around = [*left, *right]
    has_word = any(sum(map(str.isalpha, word)) >= _LEAST_LETTERS for word in around)
    needed = {"\0number": right, "\0year": left, "\0years": left}.get(old[one].mask, around)
    return len(around) >= _LEAST_AROUND and has_word and bool(needed)


def _around(old: Sequence[_Token], new: Sequence[_Token], one: int, other: int, step: int) -> Iterator[str]:
    """The words on one side that both have, up to the end of the sentence, which is empty."""
    for away in range(_MOST_AROUND):
        ends = []
        for tokens, place in ((old, one + step * away), (new, other + step * away)):
            beyond = place + step
            is_end = not 0 <= beyond < len(tokens) or tokens[place if step > 0 else beyond].is_last
            ends.append(is_end)
        if any(ends):
            if all(ends):
                yield ""
            return
        beside = old[one + step * (away + 1)], new[other + step * (away + 1)]
        if beside[0].mask != beside[1].mask:
            return
        yield beside[0].mask
