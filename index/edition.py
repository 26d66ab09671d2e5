"""An edition of a document as the passages that are laid beside those of another edition.

A passage is a heading, a paragraph, an item of a list, or one row of a table: budgets and annexes change row
by row. Its words are those of the quotation check (:mod:`index.running_text`), and what changes the sense of
a figure is part of it: a minus sign, and in a table the dash that stands for "none".
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise, takewhile

from archive.languages import Language
from archive.records import Page
from index.differences import is_number
from index.text_units import TextUnit, text_units
from index.wording import Wording, wordings

_NONE = re.compile(r"(?<![^\t\n ])[-–—−](?=[\t\n]|\Z| [-–—−\d€])")
_LABEL = re.compile(
    r"\s*(?:[•◦▪*–-]\s*)?(?:\d{1,2}(?:\.\d{1,2})*(?:[.)](?!\d)|(?=\s+[A-ZÀ-ÖØ-Þ]))"
    r"|(?i:tabel|tableau|table|tabelle|figuur|figure|abbildung|grafiek|graphique|kaart|carte|bijlage|annexe?"
    r"|hoofdstuk|chapitre|chapter|kapitel)\s+(?:nr\.?|n°|no\.?)?\s*\d{1,3}\b)"
)
"""What a passage is called by: the number of a section, an item, a table."""
_LEADERS = re.compile(r"(?:\s?[.·_…]){5,}\s?\w{1,7}\s*\Z")
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
_AMOUNT = re.compile(r"\s*(?!(?:19|20)\d\d\s*\Z)[-–—−€+(\s]*[\d.,\s]+[\s%)€*]*|\s*[-–—−]\s*")
"""A cell that holds an amount, or none; years are names of columns."""
_MOST_HEAD_ROWS = 2
_LONGEST_CAPTION = 200
_DOTS = re.compile(r"(?:\s?[.·_…]){5,}")
_WordNumbers = list[tuple[int, list[int]]]
_NO_NUMBERS: Mapping[Language, frozenset[str]] = {
    "nl": frozenset(["onze", "ten", "cent", "mille"]),
    "fr": frozenset(["tien", "elf"]),
    "en": frozenset(["elf", "cent", "mille"]),
    "de": frozenset(["ten", "cent", "mille"]),
}
"""Numbers of other languages that mean something else."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of a passage stands on one page without anything else between."""

    page: int
    """Physical number, from 1."""
    first: int
    last: int
    """Numbers of its first and last word on the page, from 0, in the order of the page's passages."""
    start: int
    end: int
    """Where it stands in the text of the passage."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """What stands over the rows of a table."""

    caption: str
    """The heading or the caption before the table; may be empty."""
    rows: tuple[str, ...]
    """Its first rows, if they hold no amounts; cells are set apart by tabs."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns as they are compared; the first is that of the rows' names."""
        cells = self.rows[-1].split("\t") if self.rows else []
        return ["", *(" ".join(cell.casefold().split()) for cell in cells[1:])]


@dataclass(frozen=True)
class EditionPassage:
    """A heading, a paragraph, an item of a list or a row of a table, with its words."""

    unit: TextUnit
    words: tuple[Wording, ...]
    """All words, numbers and signs in order; places are offsets in the text of the unit."""
    stretches: tuple[Stretch, ...]
    """Where it stands, in reading order; at least one."""
    head: TableHead | None = None
    """Of a row of a table."""

    @property
    def has_page_reference(self) -> bool:
        """Whether it ends in the number of a page, as in a table of contents, which is not compared."""
        return _LEADERS.search(self.unit.text) is not None

    @property
    def text_compared(self) -> str:
        """Its text without such a number, and without the dots that lead to it."""
        return _DOTS.sub("", _LEADERS.sub("", self.unit.text))

    @cached_property
    def key(self) -> str:
        """The same for passages with the same words, whatever their capitals, spaces, hyphens and line
        ends."""
        return letters_of(self.words)

    @cached_property
    def figures(self) -> tuple[Wording, ...]:
        """Its numbers, and months in dates; not those by which it is called, such as those of sections."""
        label = _LABEL.match(self.unit.text) if self.unit.kind != "table" else None
        start = label.end() if label else 0
        return tuple(
            word
            for word, is_one in zip(self.words, self._are_figures, strict=True)
            if is_one and word.start >= start
        )

    @cached_property
    def other_words(self) -> tuple[Wording, ...]:
        """All words that are no numbers, nor months in dates."""
        return tuple(word for word, is_one in zip(self.words, self._are_figures, strict=True) if not is_one)

    @cached_property
    def cells(self) -> list[range]:
        """The numbers of the words of each cell, for a row of a table; anything else is one cell."""
        ends = [number for number, sign in enumerate(self.unit.text) if sign == "\t"]
        firsts = [bisect_left(self.words, end, key=lambda word: word.start) for end in ends]
        return [range(*pair) for pair in pairwise([0, *firsts, len(self.words)])]

    @cached_property
    def _are_figures(self) -> list[bool]:
        """Of each word whether it is a number, or a month beside one in digits."""
        forms = [word.form for word in self.words]
        others = _NO_NUMBERS.get(self.unit.language, frozenset())
        are = [is_figure(form) and form not in others for form in forms]
        for number, form in enumerate(forms):
            if form in MONTHS:
                are[number] = any(beside[0].isdecimal() for beside in forms[max(0, number - 1) : number + 2])
        return are


@dataclass(frozen=True)
class Edition:
    """A document in one language."""

    language: Language
    passages: Sequence[EditionPassage]


def read_edition(pages: Sequence[Page], language: Language) -> Edition:
    """The passages of a document in one language, in reading order; those without a letter or digit are
    none."""
    numbers = {page.number: _word_numbers(page) for page in pages}
    found = []
    before: TextUnit | None = None
    for unit in text_units(pages, language, with_bare_figures=True):
        rows = list(_rows(unit))
        head = _head(rows, before) if unit.kind == "table" else None
        for number, row in enumerate(rows):
            over = head if head and number >= len(head.rows) else None
            found.append(EditionPassage(row, tuple(_words(row)), tuple(_stretches(row, numbers)), over))
        before = unit
    return Edition(language, [passage for passage in found if passage.words])


def letters_of(words: Sequence[Wording]) -> str:
    """Words as one string in which those that run together elsewhere are the same; numbers stay apart."""
    letters: list[str] = []
    before = ""
    for word in words:
        if before.isdecimal() and word.form[0].isdecimal():
            letters.append(" ")
        letters.append(word.form)
        before = word.form[-1]
    return "".join(letters)


def is_figure(form: str) -> bool:
    """Whether a word is a number, written in digits or in letters, or the dash of an empty cell."""
    return is_number(form) or form == "-"


def _rows(unit: TextUnit) -> Iterator[TextUnit]:
    """A table as its rows; anything else as it is."""
    if unit.kind != "table":
        yield unit
        return
    start = 0
    for row in unit.text.split("\n"):
        if row.strip():
            yield unit.between(start, start + len(row))
        start += len(row) + 1


def _head(rows: Sequence[TextUnit], before: TextUnit | None) -> TableHead:
    texts = [row.text for row in rows]
    first = list(takewhile(lambda text: not any(map(_AMOUNT.fullmatch, text.split("\t"))), texts))
    # In a table of words the first row is the head.
    head = first[: _MOST_HEAD_ROWS if len(first) < len(texts) else 1]
    is_caption = before is not None and (before.kind == "heading" or _LABEL.match(before.text) is not None)
    caption = before.text if before and is_caption and len(before.text) <= _LONGEST_CAPTION else ""
    return TableHead(caption, tuple(head))


def _word_numbers(page: Page) -> _WordNumbers:
    """Of each passage of a page the number of its first word, and where its words begin."""
    counts = accumulate((len(passage.words) for passage in page.passages), initial=0)
    return [
        (first, [word.start for word in passage.words])
        for first, passage in zip(counts, page.passages, strict=False)
    ]


def _stretches(unit: TextUnit, numbers: Mapping[int, _WordNumbers]) -> Iterator[Stretch]:
    joined: Stretch | None = None
    for part in unit.parts:
        number, starts = numbers[part.page][part.position]
        first = number + bisect_left(starts, part.start)
        last = number + bisect_left(starts, part.end) - 1
        made = Stretch(part.page, first, last, part.offset, part.offset + part.end - part.start)
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
    return words
