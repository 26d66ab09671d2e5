"""A page as readers see it: its text in blocks, with every match of a query marked, in text and image."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.languages import Language
from archive.records import Box, Page, Passage, PassageKind
from index.engine import Engine
from index.query import Query

Span = tuple[int, int]
"""Start and end of a match, as offsets in a text."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is wholly inside or wholly outside one match."""

    text: str
    match: int | None
    """Number of the match on this page, from 1."""
    is_start: bool
    """Whether the match begins here; one that runs over several cells or lines has several runs."""


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A passage, ready to be shown: rows of cells; anything but a table has one cell a row."""

    kind: PassageKind
    language: Language
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A match, as drawn over the page."""

    number: int
    """Number of the match on this page, from 1."""
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """The text of a page and where its matches are drawn."""

    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...]


def matches_on(page: Page, query: Query, engine: Engine) -> dict[Language, list[Span]]:
    """What `query` matches on the page, as offsets in the text that the index holds of each language."""
    return {
        language: engine.highlights(query, language, _indexed_text(page, language))
        for language in page.languages
    }


def mark_page(page: Page, matches: Mapping[Language, Sequence[Span]]) -> MarkedPage:
    """Put marks into the passages of a page; matches are numbered in the order of the passages."""
    offsets: dict[Language, int] = {}
    blocks: list[Block] = []
    marks: list[Mark] = []
    for passage in page.passages:
        offset = offsets.get(passage.language, 0)
        end = offset + len(passage.text)
        spans = [
            (max(start, offset) - offset, min(stop, end) - offset)
            for start, stop in matches.get(passage.language, ())
            if start < end and stop > offset
        ]
        offsets[passage.language] = end + 1
        blocks.append(_block(passage, spans, first_number=len(marks) + 1))
        for number, span in enumerate(spans, len(marks) + 1):
            marks.append(Mark(number, _boxes(passage, span)))
    return MarkedPage(tuple(blocks), tuple(marks))


def drawn_words(page: Page) -> list[tuple[str, Box]]:
    """Every word where it is drawn, to outline a page without its image.

    A word broken over two lines is cut in proportion to the widths of its parts.
    """
    drawn = []
    for word in (word for passage in page.passages for word in passage.words):
        whole = sum(box[2] - box[0] for box in word.boxes) or 1
        start, reached = 0, 0.0
        for box in word.boxes:
            reached += box[2] - box[0]
            end = round(len(word.text) * reached / whole)
            drawn.append((word.text[start:end], box))
            start = end
    return drawn


def _indexed_text(page: Page, language: Language) -> str:
    """The page in one language, as `index.engine.Entry.text` holds it."""
    return "\n".join(passage.text for passage in page.passages if passage.language == language)


def _boxes(passage: Passage, span: Span) -> tuple[Box, ...]:
    start, end = span
    return tuple(box for word in passage.words if word.start < end and word.end > start for box in word.boxes)


def _block(passage: Passage, spans: Sequence[Span], first_number: int) -> Block:
    rows = []
    start = 0
    for line in passage.text.split("\n"):
        cells = []
        for text in line.split("\t") if passage.kind == "table" else [line]:
            cells.append(_runs(passage.text, start, start + len(text), spans, first_number))
            start += len(text) + 1
        rows.append(tuple(cells))
    return Block(passage.kind, passage.language, tuple(rows))


def _runs(text: str, start: int, end: int, spans: Sequence[Span], first_number: int) -> Cell:
    """Cut ``text[start:end]`` where matches begin and end."""
    inside = [
        (max(span[0], start), min(span[1], end), number, span[0] >= start)
        for number, span in enumerate(spans, first_number)
        if span[0] < end and span[1] > start
    ]
    cuts = sorted({start, end, *(edge for match in inside for edge in match[:2])})
    runs = []
    for left, right in pairwise(cuts):
        match = next((found for found in inside if found[0] <= left and right <= found[1]), None)
        runs.append(
            Run(text[left:right], match[2], match[3] and left == match[0])
            if match
            else Run(text[left:right], None, is_start=False)
        )
    return tuple(runs)
