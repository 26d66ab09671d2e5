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
"""The confidence in a row, in a word. One side is empty where it is `alone`: the other text lacks it, as what
stands around it shows; and where it is `not_found`: the other text may have it."""

PageSpans = Mapping[int, Sequence[Sequence[NumberedSpan]]]
"""What is marked, by page and passage."""


class UnitMark(NamedTuple):
    """What is marked in a unit."""

    start: int
    end: int
    """Offsets in the text of the unit."""
    span: NumberedSpan | None = None
    """The match on the page that is being read, if the mark is one."""
    begins: bool = True
    """Whether the match begins in the unit; one that runs over two items of a list goes on in the second."""


class UnitWord(NamedTuple):
    """A word of a unit and the one that it is on its page, so that what a reader selects can be cited."""

    start: int
    end: int
    """Offsets in the text of the unit."""
    page: int
    number: int
    """Of the word on the page, from 0, in the order of the blocks."""


@dataclass(frozen=True, slots=True)
class UnitWordSegment:
    """A stretch of text, wholly inside or wholly outside a word."""

    text: str
    word: UnitWord | None = None


@dataclass(frozen=True, slots=True)
class MarkSegment:
    """A stretch of text, wholly inside or wholly outside a mark and on one page."""

    text: str
    mark: UnitMark | None
    is_start: bool
    """Whether the mark begins here; one that runs over several cells has several pieces."""
    page: int | None
    """The page that begins here, where the unit runs on to another."""
    segments: tuple[UnitWordSegment, ...] = ()
    """The text, cut where words begin and end; empty where its words are not known."""


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit with its marks, ready to be shown."""

    unit: TextUnit
    marks: tuple[UnitMark, ...]
    words: tuple[UnitWord, ...] = ()
    """Those that are known; leaders, whose dots are no words, are left out."""

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
    """What translates each other; a side may be empty."""

    name: str
    """Names the row within its two texts, for links to it."""
    left: tuple[ShownUnit, ...]
    right: tuple[ShownUnit, ...]
    confidence: float
    """0 to 1; see :class:`index.translations.alignment.Bead`."""
    is_absent: bool = False
    """Of one with an empty side; see :class:`index.translations.alignment.Bead`."""

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
        """The number of its first match on the page that is being read."""
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
    """The pages that blocks stand on, in order."""
    return tuple(dict.fromkeys(page for block in blocks for page in block.unit.pages))


def unit_words(unit: TextUnit, pages: Mapping[int, Page]) -> Iterator[UnitWord]:
    """The words of a unit, as far as its pages are among `pages` and still read as when it was made."""
    for part in unit.parts:
        page = pages.get(part.page)
        if page is None or part.position >= len(page.blocks):
            continue
        block = page.blocks[part.position]
        text = unit.text[part.offset : part.offset + part.end - part.start]
        if block.text[part.start : part.end] != text:
            continue  # it is being read anew
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
    """Finds the row that a sentence of the left text stands in."""

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
    """The beads with something on a page of the left document, and what stands alone between and after them.

    So no passage of the right text without a counterpart is lost between two pages. Footnotes come after all
    other text, see :func:`index.text.text_units.with_notes_last`.
    """
    units = texts.left.units

    def is_here(bead: Bead) -> bool:
        return any(page in units[unit].pages for unit in bead.left)

    if not any(map(is_here, texts.beads)):
        return []
    found = []
    # What stands alone before all passages of the left text is shown with the first of them.
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
        spans: what is marked in the left text.
        page: the one that is being read; its marks can be linked to.
        counterparts: what is marked beside a row that has marks on the left.
        left_pages, right_pages: those of each text, by number, whose words can be cited.
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
    """Where candidates for a translation stand in a unit."""
    return [UnitMark(*place) for stems in counterparts for place in places(unit.text, unit.language, stems)]


def cut(
    text: str,
    marks: Iterable[UnitMark],
    breaks: Mapping[int, int] = MappingProxyType({}),
    start: int = 0,
    words: Sequence[UnitWord] = (),
) -> list[MarkSegment]:
    """Cut a text where marks begin and end and where it runs on to another page.

    Args:
        marks, breaks, words: by offsets in a longer text, of which this is what stands from `start` on.
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
    """What of a text, which stands from `start` on, is between two offsets, cut where words begin and end."""
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
    """What is marked on pages, as marks in a unit that stands on them."""
    for part in unit.parts:
        blocks = spans.get(part.page, ())
        # A document that is being read anew may have fewer blocks than when it was laid beside another.
        for span in blocks[part.position] if part.position < len(blocks) else ():
            start, end = max(span.start, part.start), min(span.end, part.end)
            if start < end:
                moved = part.offset - part.start
                is_here = part.page == page
                yield UnitMark(
                    start + moved, end + moved, span if is_here else None, span.start >= part.start
                )
