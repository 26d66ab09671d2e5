"""An edition of a document as a list of passages that can be compared with those of another edition.

A passage is a heading, a paragraph, a list item, or one row of a table: budgets and annexes change row by
row. Its words are those of the quotation check (:mod:`index.quotation.continuous_text`). What changes the
meaning of a number is part of it: a minus sign, and in a table the dash that means "none".
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

from archive.languages import Language
from archive.records import Page
from index.editions.table_frames import Frame, framed
from index.editions.table_words import numbering
from index.quotation.differences import is_number
from index.text.comparable_words import Wording, wordings
from index.text.text_units import TextUnit, text_units

_NONE = re.compile(r"(?<![^\t\n ])[-–—−](?=[\t\n]|\Z| [-–—−\d€])")
"""A dash that means "none": it fills a cell of a table."""
_LABEL = re.compile(
    r"\s*(?:[•◦▪*–-]\s*)?(?:\d{1,2}(?:\.\d{1,2})*(?:[.)](?!\d)|(?=\s+[A-ZÀ-ÖØ-Þ]))"
    r"|(?i:tabel|tableau|table|tabelle|figuur|figure|abbildung|grafiek|graphique|kaart|carte|bijlage|annexe?"
    r"|hoofdstuk|chapitre|chapter|kapitel)\s+(?:nr\.?|n°|no\.?)?\s*\d{1,3}\b)"
)
"""The number at the start of a passage that names it: of a section, a list item, a table or a figure."""
_REFERENCE = re.compile(
    r"(?:\b(?:art\.|artikel(?:en)?|articles?|punt|point|sectie|section|paragraaf|paragraphe?|hoofdstuk|chapitre"
    r"|chapter|kapitel|tabel|tableau|table|tabelle|figuur|figure|abbildung|grafiek|graphique|bijlage|annexe?"
    r"|deel|partie|part|teil|voetnoot|noot|bladzijde|blz\.|pagina|page|p\.|fiche|maatregel)|§)\s?(?:nr\.?\s?|n°\s?)?"
    r"(?P<number>\d{1,3}(?:[.-]\d{1,3})*(?:[a-z]|bis|ter)?)(?![\w%€]|[.,]\d|\s?[%€])"
    r"|(?<![\w.,])(?P<lettered>\d{1,3}[a-d])(?!\w)",
    re.IGNORECASE,
)
"""A reference to an article, a table, a page and the like; or a number with a letter, such as "1c"."""
_GLUED = re.compile(r"(?<![^\W\d_])(?P<word>[^\W\d_]{2,})(?P<number>\d+(?:[.,]\d+)+(?!\w)|\d+(?=\s?[%€]))")
"""A word and a number without the space between them, as text layers sometimes have: "van1,4%"."""
_IN_BRACKETS = re.compile(r"(?:(?<=\t)|\A)\s*(\(\s?[€$£]?\s?\d[\d.,' ]*\s?[%€]?\s?\))\s*(?=\t|\Z)")
"""A cell with a number in brackets, which mean a minus sign in accounts."""
_LEADERS = re.compile(r"(?:\s?[.·_…]){5,}\s?\w{1,7}\s*\Z")
"""The row of dots and the page number at the end of a line of a table of contents."""
_MONTH_NAMES = (
    "januari janvier january januar",
    "februari février february februar",
    "maart mars march märz",
    "april avril",
    "mei mai may",
    "juni juin june",
    "juli juillet july",
    "augustus août august",
    "september septembre",
    "oktober octobre october",
    "november novembre",
    "december décembre dezember",
)
MONTHS: Mapping[str, int] = {
    name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()
}
"""The number of every month, by its names in four languages."""
_TABLE_LABEL = re.compile(r"\b(?:tabel|tableau|table|tabelle)\s+(?:nr\.?|n°|no\.?)?\s*\d", re.IGNORECASE)
_LONGEST_CAPTION = 260
_DOTS = re.compile(r"(?:\s?[.·_…]){5,}")
_WordNumbers = list[tuple[int, list[int]]]
_NO_NUMBERS: Mapping[Language, frozenset[str]] = {
    "nl": frozenset(["onze", "ten", "cent", "mille"]),
    "fr": frozenset(["tien", "elf"]),
    "en": frozenset(["elf", "cent", "mille"]),
    "de": frozenset(["ten", "cent", "mille"]),
}
"""Words that are numbers in another language, but not in this one."""


@dataclass(frozen=True, slots=True)
class PassagePart:
    """The part of a passage that is on one page, without interruption."""

    page: int
    """Physical number, from 1."""
    first: int
    last: int
    """Numbers of its first and last word on the page, from 0, in the order of the page's passages."""
    start: int
    end: int
    """Offsets of the part in the text of the passage."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """The caption and the heading rows of a table."""

    caption: str
    """The heading or the caption before the table; may be empty."""
    rows: tuple[str, ...]
    """The text of the rows that name its columns; cells are separated by tabs."""


@dataclass(frozen=True)
class EditionPassage:
    """A heading, a paragraph, an item of a list or a row of a table, with its words."""

    unit: TextUnit
    words: tuple[Wording, ...]
    """All words, numbers and signs in order; their offsets are those of the text of the unit."""
    parts: tuple[PassagePart, ...]
    """Where the passage is on its pages, in reading order; at least one."""
    head: TableHead | None = None
    """For a row of a table: the head of the table. None for a heading row and outside tables."""
    frame: Frame | None = None
    """For a row of a table: its caption, section and column headings. None outside tables."""

    @property
    def has_page_reference(self) -> bool:
        """Whether it ends in a page number, as in a table of contents. That number is not compared."""
        return _LEADERS.search(self.unit.text) is not None

    @property
    def text_compared(self) -> str:
        """Its text without such a page number and the dots before it."""
        return _DOTS.sub("", _LEADERS.sub("", self.unit.text))

    @cached_property
    def key(self) -> str:
        """Equal for passages with the same words, whatever their capitals, spaces, hyphens and line ends."""
        return letters_of(self.words)

    @cached_property
    def figures(self) -> tuple[Wording, ...]:
        """Its numbers, and the months in dates. Numbers that only name something, such as those of sections
        and articles, are left out."""
        labels = list(self._label_spans())
        return tuple(
            word
            for word, is_one in zip(self.words, self._are_figures, strict=True)
            if is_one and not any(start <= word.start < end for start, end in labels)
        )

    def _label_spans(self) -> Iterator[tuple[int, int]]:
        """Start and end offset of each number that only names something."""
        if self.frame is not None:
            yield from numbering(self.unit.text)
        elif label := _LABEL.match(self.unit.text):
            yield label.span()
        yield from (match.span(match.lastgroup or 0) for match in _REFERENCE.finditer(self.unit.text))

    @cached_property
    def other_words(self) -> tuple[Wording, ...]:
        """All words that are neither numbers nor months in dates."""
        return tuple(word for word, is_one in zip(self.words, self._are_figures, strict=True) if not is_one)

    @cached_property
    def cells(self) -> list[range]:
        """For each cell of a table row, the range of its words. Anything but a table row is one cell."""
        ends = [number for number, sign in enumerate(self.unit.text) if sign == "\t"]
        firsts = [bisect_left(self.words, end, key=lambda word: word.start) for end in ends]
        return [range(*pair) for pair in pairwise([0, *firsts, len(self.words)])]

    @cached_property
    def _are_figures(self) -> list[bool]:
        """For each word, whether it is a number, or a month next to a number in digits."""
        forms = [word.form for word in self.words]
        others = _NO_NUMBERS.get(self.unit.language, frozenset())
        are = [is_figure(form) and form not in others for form in forms]
        for number, form in enumerate(forms):
            if form in MONTHS:
                nearby = forms[max(0, number - 1) : number + 2]
                are[number] = any(each[0].isdecimal() for each in nearby)
        return are


@dataclass(frozen=True)
class Edition:
    """A document in one language."""

    language: Language
    passages: Sequence[EditionPassage]


def read_edition(pages: Sequence[Page], language: Language) -> Edition:
    """Split a document, in one of its languages, into passages in reading order.

    Text without any letter or digit makes no passage.
    """
    numbers = {page.number: _word_numbers(page) for page in pages}
    found: list[EditionPassage] = []
    before: TextUnit | None = None
    for unit in text_units(pages, language, with_bare_figures=True):
        if unit.kind == "table":
            carried = found[-1] if found and before and _runs_on(before, unit) else None
            found += _table_rows(unit, _caption(before), carried, numbers)
        else:
            found.append(EditionPassage(unit, tuple(_words(unit)), tuple(_parts(unit, numbers))))
        before = unit
    return Edition(language, [passage for passage in found if passage.words])


def letters_of(words: Sequence[Wording]) -> str:
    """Join words to one string, so that "subsidie aanvraag" equals "subsidieaanvraag".

    A space is kept only between digits: "1 2" is not "12".
    """
    letters: list[str] = []
    before = ""
    for word in words:
        if before.isdecimal() and word.form[0].isdecimal():
            letters.append(" ")
        letters.append(word.form)
        before = word.form[-1]
    return "".join(letters)


@lru_cache(maxsize=50_000)
def is_figure(form: str) -> bool:
    """Whether a word is a number, written in digits or in letters, or the dash of an empty cell."""
    return is_number(form) or form == "-"


def _rows(unit: TextUnit) -> Iterator[TextUnit]:
    """Split a table into its rows; empty rows are skipped."""
    start = 0
    for row in unit.text.split("\n"):
        if row.strip():
            yield unit.between(start, start + len(row))
        start += len(row) + 1


def _table_rows(
    unit: TextUnit, caption: str, carried: EditionPassage | None, numbers: Mapping[int, _WordNumbers]
) -> Iterator[EditionPassage]:
    """Make a passage of each row of a table.

    Args:
        carried: last row of the table on the page before, which this table may continue.
    """
    rows = list(_rows(unit))
    made = framed([row.text for row in rows], caption, carried.frame if carried else None)
    for row, frame, headings in zip(rows, made.frames, made.headings, strict=True):
        head = TableHead(frame.caption, tuple(rows[number].text for number in headings))
        if carried and carried.head and made.is_carried and not headings:
            head = carried.head
        yield EditionPassage(
            row,
            tuple(_words(row)),
            tuple(_parts(row, numbers)),
            None if frame.is_heading else head,
            frame,
        )


def _runs_on(before: TextUnit, unit: TextUnit) -> bool:
    """Whether a table may continue the one that ended the page before."""
    return before.kind == "table" and before.pages[-1] + 1 == unit.pages[0]


def _caption(before: TextUnit | None) -> str:
    """The heading, caption or introducing line before a table; "" if there is none."""
    if before is None or before.kind == "table" or len(before.text) > _LONGEST_CAPTION:
        return ""
    text = before.text.strip()
    is_caption = before.kind == "heading" or text.endswith(":") or _TABLE_LABEL.search(text) is not None
    return text if is_caption or _LABEL.match(text) else ""


def _word_numbers(page: Page) -> _WordNumbers:
    """For each block of a page, the number of its first word and the offsets of its words."""
    counts = accumulate((len(block.words) for block in page.blocks), initial=0)
    return [
        (first, [word.start for word in block.words])
        for first, block in zip(counts, page.blocks, strict=False)
    ]


def _parts(unit: TextUnit, numbers: Mapping[int, _WordNumbers]) -> Iterator[PassagePart]:
    """Where a unit is on its pages; parts that follow each other on a page are joined to one."""
    joined: PassagePart | None = None
    for part in unit.parts:
        number, starts = numbers[part.page][part.position]
        first = number + bisect_left(starts, part.start)
        last = number + bisect_left(starts, part.end) - 1
        made = PassagePart(part.page, first, last, part.offset, part.offset + part.end - part.start)
        # A word that is broken between two passages is two words of the page.
        is_apart = not unit.text[: part.offset].endswith(" ")
        if joined and joined.page == part.page and joined.last + 1 == first and not is_apart:
            joined = replace(joined, last=last, end=made.end)
            continue
        if joined:
            yield joined
        joined = made
    if joined:
        yield joined


def _words(unit: TextUnit) -> list[Wording]:
    text = unit.text
    leaders = _LEADERS.search(text)
    # The page in a table of contents is a reference: it changes whenever something before it grows.
    words = list(wordings(text[: leaders.start()] if leaders else text, is_prose=unit.kind != "table"))
    if unit.kind == "table":
        words += [Wording("-", match[0], " ", *match.span()) for match in _NONE.finditer(text)]
        words.sort(key=lambda word: word.start)
        words = _with_minuses(words, text)
    return list(_unglued(words, text))


def _with_minuses(words: Sequence[Wording], text: str) -> list[Wording]:
    """The words of a table row, with numbers that stand alone in brackets made negative."""
    found = list(words)
    for match in _IN_BRACKETS.finditer(text):
        start, end = match.span(1)
        for number, word in enumerate(found):
            if start <= word.start < end and word.form[0].isdecimal() and not _is_year_in_brackets(match[1]):
                found[number] = word._replace(form=f"{word.form.removesuffix('-')}-")
    return found


def _is_year_in_brackets(text: str) -> bool:
    return re.fullmatch(r"\(\s?(?:19|20)\d\d\s?\)", text) is not None


def _unglued(words: Sequence[Wording], text: str) -> Iterator[Wording]:
    """Split words that are joined to the number behind them, such as "van1,4%"."""
    glued = {match.start(): match for match in _GLUED.finditer(text)}
    end = -1
    for word in words:
        if word.start < end:
            continue
        match = glued.get(word.start)
        if match is None:
            yield word
            continue
        parts = [*wordings(match["word"]), *wordings(match["number"])]
        if len(parts) != 2:  # the number of a section, as in "onder4.1.1"
            yield word
            continue
        before, number = parts
        end = match.end()
        middle = match.start("number")
        yield before._replace(gap=word.gap, start=word.start, end=middle, following=text[middle])
        yield number._replace(gap="", start=middle, end=end, following=text[end : end + 1])
