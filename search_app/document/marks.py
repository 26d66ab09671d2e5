"""A page as readers see it: its text in blocks, with every match of a query marked, in text and on the
image.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.languages import Language
from archive.records import Block, BlockKind, Box, Page, Word
from index.engine.contract import Engine
from index.query.parser import Query
from search_app.web.display_names import LEADERS

Span = tuple[int, int]
"""Start and end of a match, as offsets in a text."""


@dataclass(frozen=True, slots=True)
class WordSegment:
    """A span of text that is either completely inside or completely outside one word."""

    text: str
    word: int | None
    """Number of the word on the page, from 0, in the order of the blocks; None between words."""
    is_doubtful: bool = False
    """Whether OCR was not sure of the word."""


@dataclass(frozen=True, slots=True)
class MatchSegment:
    """A span of text that is either completely inside or completely outside one match."""

    pieces: tuple[WordSegment, ...]
    match: int | None
    """Number of the match on this page, from 1."""
    is_start: bool
    """Whether the match begins here; a match over several cells or lines has several segments."""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class DrawnWord:
    """A word, or a part of a broken one, with its place on the page."""

    number: int
    """Number of the word on the page, from 0, in the order of the blocks."""
    text: str
    box: Box


MatchCell = tuple[MatchSegment, ...]


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block, ready to be shown: rows of cells. Everything except a table has one cell in each row."""

    kind: BlockKind
    language: Language
    rows: tuple[tuple[MatchCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A match, as drawn over the page."""

    number: int
    """Number of the match on this page, from 1."""
    boxes: tuple[Box, ...]
    anchor: str | None
    """As :attr:`NumberedSpan.anchor`."""


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """The text of a page and where its matches are drawn."""

    blocks: tuple[ShownBlock, ...]
    marks: tuple[Mark, ...]
    first: int | None = None
    """The number of the first match outside running heads and feet, or else of the first."""


def matches_on(page: Page, query: Query, engine: Engine) -> dict[Language, list[Span]]:
    """What `query` matches on the page, as offsets in the indexed text of each language."""
    return {
        language: engine.matches(query, language, _indexed_text(page, language))
        for language in page.languages
    }


@dataclass(frozen=True, slots=True)
class NumberedSpan:
    """The part of a match that is in one block."""

    start: int
    end: int
    """Offsets in the text of the block."""
    number: int
    """Number of the match on its page, from 1, in the order of the blocks."""
    language: Language
    occurrence: int
    """Number of the match among those of its language on the page, from 1."""
    begins: bool
    """Whether the match begins in this block."""

    @property
    def anchor(self) -> str | None:
        """The anchor of the match in the page's address; None if the match began in an earlier block."""
        return occurrence_anchor(self.language, self.occurrence) if self.begins else None


def occurrence_anchor(language: Language, occurrence: int) -> str:
    """The part of an address that names a match among those of its language on a page, counted from 1."""
    return f"occurrence-{language}-{occurrence}"


def spans_by_block(page: Page, matches: Mapping[Language, Sequence[Span]]) -> list[list[NumberedSpan]]:
    """For each block of a page, the parts of matches that are in it."""
    offsets: dict[Language, int] = {}
    found: list[list[NumberedSpan]] = []
    number = 1
    for block in page.blocks:
        offset = offsets.get(block.language, 0)
        end = offset + len(block.text)
        inside = [
            (max(start, offset) - offset, min(stop, end) - offset, occurrence, start >= offset)
            for occurrence, (start, stop) in enumerate(matches.get(block.language, ()), 1)
            if start < end and stop > offset
        ]
        offsets[block.language] = end + 1
        found.append(
            [
                NumberedSpan(start, stop, each, block.language, occurrence, begins)
                for each, (start, stop, occurrence, begins) in enumerate(inside, number)
            ]
        )
        number += len(inside)
    return found


def mark_page(page: Page, matches: Mapping[Language, Sequence[Span]]) -> MarkedPage:
    """Marks the matches in the blocks of a page; matches are numbered in the order of the blocks."""
    blocks: list[ShownBlock] = []
    marks: list[Mark] = []
    in_text: list[int] = []
    words_before = 0
    for block, found in zip(page.blocks, spans_by_block(page, matches), strict=True):
        spans = [(span.start, span.end) for span in found]
        blocks.append(_block(block, spans, len(marks) + 1, words_before))
        words_before += len(block.words)
        marks += [Mark(span.number, _boxes(block, (span.start, span.end)), span.anchor) for span in found]
        in_text += [span.number for span in found if block.kind != "running"]
    first = next(iter(in_text), 1 if marks else None)
    return MarkedPage(tuple(blocks), tuple(marks), first)


def drawn_words(page: Page) -> list[DrawnWord]:
    """Every word with its place, to lay text over the image of a page, or to draw an outline if there is no
    image.

    A word broken over two lines is divided in proportion to the widths of its parts. Dots of leaders are left
    out: a table of contents would have a thousand of them.
    """
    drawn = []
    words = [
        (word, _is_within(word, leaders))
        for block in page.blocks
        for leaders in [_leaders(block, 0, len(block.text))]
        for word in block.words
    ]
    for number, (word, is_leader) in enumerate(words):
        if is_leader:
            continue
        whole = sum(box[2] - box[0] for box in word.boxes) or 1
        start, reached = 0, 0.0
        for box in word.boxes:
            reached += box[2] - box[0]
            end = round(len(word.text) * reached / whole)
            drawn.append(DrawnWord(number, word.text[start:end], box))
            start = end
    return drawn


def doubtful_words(blocks: Iterable[Block]) -> list[Word]:
    """The words that OCR was not sure of, in order."""
    return [word for block in blocks for word in block.words if word.is_doubtful]


def strips(boxes: Iterable[Box]) -> list[Box]:
    """Boxes of words in reading order, joined line by line, to cover a whole block."""
    found: list[Box] = []
    for left, top, right, bottom in boxes:
        x0, y0, x1, y1 = found[-1] if found else (0.0, 0.0, -1.0, -1.0)
        if y0 < (top + bottom) / 2 < y1 and left >= x0 and left - x1 < 2 * (bottom - top):
            found[-1] = (x0, min(y0, top), max(x1, right), max(y1, bottom))
        else:
            found.append((left, top, right, bottom))
    return found


def _indexed_text(page: Page, language: Language) -> str:
    """The text of the page in one language, as in `index.engine.contract.Entry.text`."""
    return "\n".join(block.text for block in page.blocks if block.language == language)


def _boxes(block: Block, span: Span) -> tuple[Box, ...]:
    start, end = span
    return tuple(box for word in block.words if word.start < end and word.end > start for box in word.boxes)


def _block(block: Block, spans: Sequence[Span], first_number: int, words_before: int) -> ShownBlock:
    rows = []
    start = 0
    for line in block.text.split("\n"):
        cells = []
        for text in line.split("\t") if block.kind == "table" else [line]:
            runs = _runs(block, start, start + len(text), spans, first_number, words_before)
            cells.append(runs)
            start += len(text) + 1
        rows.append(tuple(cells))
    return ShownBlock(block.kind, block.language, tuple(rows))


def _runs(
    block: Block, start: int, end: int, spans: Sequence[Span], first_number: int, words_before: int
) -> MatchCell:
    """Split ``block.text[start:end]`` at the beginnings and ends of matches."""
    inside = [
        (max(span[0], start), min(span[1], end), number, span[0] >= start)
        for number, span in enumerate(spans, first_number)
        if span[0] < end and span[1] > start
    ]
    cuts = sorted({start, end, *(edge for match in inside for edge in match[:2])})
    runs = []
    for left, right in pairwise(cuts):
        match = next((found for found in inside if found[0] <= left and right <= found[1]), None)
        pieces = tuple(_pieces(block, left, right, words_before))
        runs.append(
            MatchSegment(pieces, match[2], match[3] and left == match[0])
            if match
            else MatchSegment(pieces, None, is_start=False)
        )
    return tuple(runs)


def _pieces(block: Block, start: int, end: int, words_before: int) -> Iterator[WordSegment]:
    """Split ``block.text[start:end]`` at the beginnings and ends of words; dots of leaders are not words."""
    leaders = _leaders(block, start, end)
    place = start
    first = bisect_right(block.words, start, key=lambda word: word.end)
    for number, word in enumerate(block.words[first:], words_before + first):
        if word.start >= end:
            break
        if _is_within(word, leaders):
            continue
        if place < word.start:
            yield WordSegment(block.text[place : word.start], None)
        place = min(word.end, end)
        yield WordSegment(block.text[max(word.start, start) : place], number, word.is_doubtful)
    if place < end:
        yield WordSegment(block.text[place:end], None)


def _leaders(block: Block, start: int, end: int) -> list[Span]:
    return [match.span() for match in LEADERS.finditer(block.text, start, end)]


def _is_within(word: Word, spans: Sequence[Span]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)
