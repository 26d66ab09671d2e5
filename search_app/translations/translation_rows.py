"""An aligned page as readers see it: rows of passages, with marks, and how sure each pair is."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, NamedTuple

from archive.records import Page
from index.text.text_units import TextUnit
from index.translations.alignment import Bead
from index.translations.counterparts import Stems, places
from index.translations.translated_documents import LIKELY, SURE, AlignedTexts, DocumentText
from search_app.document.marks import NumberedSpan
from search_app.web.display_names import LEADERS

Sureness = Literal["sure", "likely", "doubtful", "alone", "not_found"]
"""The confidence in a row, in a word. In two cases one side is empty: `alone`, if its neighbours show that
the other text lacks it, and `not_found`, if the other text may have it."""

PageSpans = Mapping[int, Sequence[Sequence[NumberedSpan]]]
"""The marks of each block of each page, by page number."""


class UnitMark(NamedTuple):
    """A mark in a unit."""

    start: int
    end: int
    """Offsets in the text of the unit."""
    span: NumberedSpan | None = None
    """The match on the shown page, if the mark is one."""
    begins: bool = True
    """Whether the match begins in the unit; a match over two list items continues in the second."""


class UnitWord(NamedTuple):
    """A word of a unit with its number on its page, so that a selection can be cited."""

    start: int
    end: int
    """Offsets in the text of the unit."""
    page: int
    number: int
    """Number of the word on the page, from 0, in the order of the blocks."""


@dataclass(frozen=True, slots=True)
class UnitWordSegment:
    """A part of a text that is completely inside or completely outside a word."""

    text: str
    word: UnitWord | None = None


@dataclass(frozen=True, slots=True)
class MarkSegment:
    """A part of a text that is completely inside or outside a mark, and on one page."""

    text: str
    mark: UnitMark | None
    is_start: bool
    """Whether the mark begins here; a mark over several cells has several segments."""
    page: int | None
    """The page that begins here, if the unit continues on another page."""
    segments: tuple[UnitWordSegment, ...] = ()
    """The text, split into words; empty if its words are not known."""


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit with its marks, ready to be shown."""

    unit: TextUnit
    marks: tuple[UnitMark, ...]
    words: tuple[UnitWord, ...] = ()
    """The known words; dots of leaders are left out."""

    @property
    def lines(self) -> list[list[list[MarkSegment]]]:
        """Rows of cells; anything but a table has one cell a row."""
        breaks = {
            part.offset: part.page for before, part in pairwise(self.unit.parts) if part.page != before.page
        }
        shown = []
        start = 0
        for line in self.unit.text.split("\n"):
            cells = []
            for text in line.split("\t") if self.unit.kind == "table" else [line]:
                cells.append(cut(text, self.marks, breaks, start, self.words))
                start += len(text) + 1
            shown.append(cells)
        return shown


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """Passages that translate each other; one side may be empty."""

    name: str
    """The name of the row within its two texts, for links to it."""
    left: tuple[ShownUnit, ...]
    right: tuple[ShownUnit, ...]
    confidence: float
    """0 to 1; see :class:`index.translations.alignment.Bead`."""
    is_absent: bool = False
    """For a row with an empty side; see :class:`index.translations.alignment.Bead`."""

    @property
    def sureness(self) -> Sureness:
        """The confidence, in a word."""
        if not self.left or not self.right:
            return "alone" if self.is_absent else "not_found"
        if self.confidence >= SURE:
            return "sure"
        return "likely" if self.confidence >= LIKELY else "doubtful"

    @property
    def first_match(self) -> int | None:
        """The number of its first match on the shown page."""
        spans = [mark.span for block in self.left for mark in block.marks if mark.span]
        return min((span.number for span in spans), default=None)

    @property
    def left_pages(self) -> tuple[int, ...]:
        """The pages of the left side, in order."""
        return pages_of(self.left)

    @property
    def right_pages(self) -> tuple[int, ...]:
        """The pages of the right side, in order."""
        return pages_of(self.right)


def pages_of(blocks: Iterable[ShownUnit]) -> tuple[int, ...]:
    """The pages of blocks, in order."""
    return tuple(dict.fromkeys(page for block in blocks for page in block.unit.pages))


def unit_words(unit: TextUnit, pages: Mapping[int, Page]) -> Iterator[UnitWord]:
    """The words of a unit on those of its pages that are in `pages` and have not been read again since."""
    for part in unit.parts:
        page = pages.get(part.page)
        if page is None or part.position >= len(page.blocks):
            continue
        block = page.blocks[part.position]
        text = unit.text[part.offset : part.offset + part.end - part.start]
        if block.text[part.start : part.end] != text:
            continue  # it has been read again
        leaders = [match.span() for match in LEADERS.finditer(block.text)]
        before = sum(len(above.words) for above in page.blocks[: part.position])
        moved = part.offset - part.start
        for number, word in enumerate(block.words, before):
            is_leader = any(start <= word.start and word.end <= end for start, end in leaders)
            if part.start <= word.start and word.end <= part.end and not is_leader:
                yield UnitWord(word.start + moved, word.end + moved, part.page, number)


def row_name(bead: Bead) -> str:
    """The name of the row of a bead."""
    return f"{bead.left.start + 1}" if bead.left else f"r{bead.right.start + 1}"


class RowNames:
    """Finds the row of a sentence of the left text."""

    def __init__(self, texts: AlignedTexts) -> None:
        self._rows: dict[tuple[int, int], list[tuple[int, int, str]]] = {}
        for bead in texts.beads:
            for unit in _units(texts.left, bead.left):
                for part in unit.parts:
                    span = (part.start, part.end, row_name(bead))
                    self._rows.setdefault((part.page, part.position), []).append(span)

    def name_of(self, sentence: TextUnit) -> str:
        """The name of the row."""
        part = sentence.parts[0]
        spans = self._rows[part.page, part.position]
        return next(name for start, end, name in spans if start <= part.start < end)


def beads_of_page(texts: AlignedTexts, page: int) -> Sequence[Bead]:
    """The beads with a passage on a page of the left document, and unpaired passages between and after them.

    So no unpaired passage of the right text is lost between two pages. Footnotes come after all other text,
    see :func:`index.text.text_units.with_notes_last`.
    """
    units = texts.left.units

    def is_here(bead: Bead) -> bool:
        return any(page in units[unit].pages for unit in bead.left)

    if not any(map(is_here, texts.beads)):
        return []
    found = []
    # Unpaired passages before all passages of the left text are shown with the first of these.
    is_shown = is_here(next(bead for bead in texts.beads if bead.left))
    for bead in texts.beads:
        is_shown = is_here(bead) if bead.left else is_shown
        if is_shown:
            found.append(bead)
    return found


def rows(
    texts: AlignedTexts,
    beads: Iterable[Bead],
    spans: PageSpans = MappingProxyType({}),
    page: int = 0,
    counterparts: Sequence[Stems] = (),
    left_pages: Mapping[int, Page] = MappingProxyType({}),
    right_pages: Mapping[int, Page] = MappingProxyType({}),
) -> list[TranslationRow]:
    """Beads as rows.

    Args:
        spans: the marks in the left text.
        page: the shown page; its marks can be linked to.
        counterparts: candidates that are marked on the right of rows with marks on the left.
        left_pages, right_pages: the pages of each text, by number, whose words can be cited.
    """
    found = []
    for bead in beads:
        left = [
            ShownUnit(unit, tuple(_unit_marks(unit, spans, page)), tuple(unit_words(unit, left_pages)))
            for unit in _units(texts.left, bead.left)
        ]
        looked_for = counterparts if any(block.marks for block in left) else ()
        right = [
            ShownUnit(unit, tuple(counterpart_marks(unit, looked_for)), tuple(unit_words(unit, right_pages)))
            for unit in _units(texts.right, bead.right)
        ]
        found.append(
            TranslationRow(row_name(bead), tuple(left), tuple(right), bead.confidence, bead.is_absent)
        )
    return found


def counterpart_marks(unit: TextUnit, counterparts: Iterable[Stems]) -> list[UnitMark]:
    """Marks for the candidates for a translation in a unit."""
    return [UnitMark(*place) for stems in counterparts for place in places(unit.text, unit.language, stems)]


def cut(
    text: str,
    marks: Iterable[UnitMark],
    breaks: Mapping[int, int] = MappingProxyType({}),
    start: int = 0,
    words: Sequence[UnitWord] = (),
) -> list[MarkSegment]:
    """Split a text at the beginnings and ends of marks and at page breaks.

    Args:
        start: offset of the text in a longer text.
        marks, breaks, words: with offsets in the longer text.
    """
    end = start + len(text)
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    edges = {edge for mark in inside for edge in (mark.start, mark.end)} | set(breaks)
    pieces = []
    for left, right in pairwise(sorted({start, end, *(edge for edge in edges if start < edge < end)})):
        mark = next((mark for mark in inside if mark.start <= left and right <= mark.end), None)
        is_start = mark is not None and mark.begins and mark.start == left
        segments = tuple(_segments(text, start, left, right, words))
        piece = MarkSegment(text[left - start : right - start], mark, is_start, breaks.get(left), segments)
        pieces.append(piece)
    return pieces


def _segments(
    text: str, start: int, left: int, right: int, words: Sequence[UnitWord]
) -> Iterator[UnitWordSegment]:
    """Split the part of a text between two offsets into words; `start` is the offset of the text itself."""
    place = left
    first = bisect_right(words, left, key=lambda word: word.end)
    for word in words[first:]:
        if word.start >= right:
            break
        if place < word.start:
            yield UnitWordSegment(text[place - start : word.start - start])
        place = min(word.end, right)
        yield UnitWordSegment(text[max(word.start, left) - start : place - start], word)
    if words and place < right:
        yield UnitWordSegment(text[place - start : right - start])


def _units(text: DocumentText, numbers: range) -> list[TextUnit]:
    return [text.units[number] for number in numbers]


def _unit_marks(unit: TextUnit, spans: PageSpans, page: int) -> Iterable[UnitMark]:
    """The marks on pages, as marks in a unit on these pages."""
    for part in unit.parts:
        blocks = spans.get(part.page, ())
        # A document that was read again may have fewer blocks than when it was aligned.
        for span in blocks[part.position] if part.position < len(blocks) else ():
            start, end = max(span.start, part.start), min(span.end, part.end)
            if start < end:
                moved = part.offset - part.start
                is_here = part.page == page
                yield UnitMark(
                    start + moved, end + moved, span if is_here else None, span.start >= part.start
                )
