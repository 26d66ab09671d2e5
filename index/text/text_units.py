"""A document as a list of text units: blocks of one language, rejoined across pages and columns.

A unit is a heading, a paragraph, a list item or a table. Translators keep units together, so units are
aligned with their translations. A paragraph that continues in the next column or on the next page is one
unit, even if a footnote comes between. Running heads and feet are in no unit.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from archive.catalogue.catalogue import Catalogue
from archive.languages import Language
from archive.records import Block, BlockKind, Page
from index.text.continuation import (
    LOOK_BACK,
    TEXT,
    ColumnLayout,
    carries_on,
    is_broken,
    notes_of,
    placed_blocks,
)

MOST_PAGES = 600
"""Pages of a document that are compared with another; more would keep other readers waiting."""

LEAST_SHARE = 0.2
"""Least share of the text of a document that makes a language one of its own. Less text is names, quoted
titles, or short blocks whose language was mistaken."""

_LETTER = re.compile(r"[^\W\d_]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_SENTENCE_END = re.compile(
    r"(?:(?<![.!?…])[.!?…]++[\"”’»)\]]*+|[:;])\s++(?=[\"“‘«(\[–—•]*+\s?[A-ZÀ-ÖØ-Þ\d])|\n"
)
_NOTE = re.compile(r"\(?(?:\d{1,3}|[*†‡]+)[.):]?\s")
_LONGEST_ABBREVIATION = 6
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|nr|nrs|no|art|blz|pp?|bijv|bv|enz|etc|cf|al|dr|ir|mr|mevr|mme|st|ca|resp|incl|excl|vol|fig"
    r"|tab|bzw|usw|evtl|ggf|tel|ex|ed|éd|par|chap|hfst)|n[°ºr]|\A\d{1,3})\.\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a unit that is in one block: ``block.text[start:end]``, at ``offset`` in the unit's
    text."""

    page: int
    """Physical number, from 1."""
    position: int
    """Index of the block on its page, from 0."""
    start: int
    end: int
    """Offsets in the text of the block."""
    offset: int
    """Offset in the text of the unit."""


@dataclass(frozen=True, slots=True)
class TextUnit:
    """A heading, a paragraph, an item of a list or a table."""

    kind: BlockKind
    language: Language
    text: str
    parts: tuple[Part, ...]
    """Its parts in reading order; at least one."""
    top: float
    """Distance of its first word from the top of the page, in points."""

    @property
    def pages(self) -> tuple[int, ...]:
        """The numbers of its pages, in order."""
        return tuple(dict.fromkeys(part.page for part in self.parts))

    def between(self, start: int, end: int) -> "TextUnit":
        """A span of the unit as a unit of its own; the offsets of its parts are those in its own text."""
        parts = []
        for part in self.parts:
            first = max(start, part.offset)
            last = min(end, part.offset + part.end - part.start)
            if first < last:
                moved = part.start - part.offset
                parts.append(Part(part.page, part.position, first + moved, last + moved, first - start))
        return TextUnit(self.kind, self.language, self.text[start:end], tuple(parts), self.top)


def first_pages(catalogue: Catalogue, document: str) -> list[Page]:
    """The pages of a document that are compared with others, see :data:`MOST_PAGES`."""
    return list(takewhile(lambda page: page.number <= MOST_PAGES, catalogue.pages(document)))


def own_languages(pages: Iterable[Page]) -> tuple[Language, ...]:
    """The languages that a document is written in, most text first; see :data:`LEAST_SHARE`."""
    amounts: dict[Language, int] = {}
    for page in pages:
        for block in page.blocks:
            if block.kind != "running":
                amounts[block.language] = amounts.get(block.language, 0) + len(block.text)
    whole = sum(amounts.values())
    ranked = sorted(amounts, key=lambda language: (-amounts[language], language))
    return tuple(language for language in ranked if amounts[language] >= LEAST_SHARE * whole)


def text_units(
    pages: Sequence[Page], language: Language, *, with_bare_figures: bool = False
) -> list[TextUnit]:
    """The units of a document in one of its languages, in reading order.

    If the document has only one language, all blocks belong to it: those in others are names, lines of code
    or headings whose language was mistaken.

    Args:
        with_bare_figures: whether text with digits but no letters makes units too; it is not translated.
    """
    needed = _LETTER_OR_DIGIT if with_bare_figures else _LETTER
    is_only = len(own_languages(pages)) <= 1
    units: list[TextUnit] = []
    layout = ColumnLayout(pages)
    for page in pages:
        fresh = True  # whether the unit is the first of its page or column, not counting headings
        above = float("-inf")
        for position, block in enumerate(page.blocks):
            if block.kind == "running" or not (is_only or block.language == language):
                continue
            top = _top(block, 0)
            fresh = fresh or top < above
            above = top
            for unit in _units_of(block, page.number, position, needed):
                _add(units, unit, layout, is_first=fresh)
                fresh = fresh and unit.kind == "heading"
    return units


def with_notes_last(units: Iterable[TextUnit], pages: Sequence[Page]) -> list[TextUnit]:
    """The units of a document with its footnotes after all other text.

    A translation has its page breaks, and so its notes, in other places; in reading order the two texts would
    not match there. Small type at the end of a page without a number is not a note here.
    """
    small = notes_of((page, placed_blocks(page)) for page in pages)
    texts = {page.number: page.blocks for page in pages}
    notes: set[tuple[int, int]] = set()
    for number, position in sorted(small):
        if (number, position - 1) in notes or _NOTE.match(texts[number][position].text):
            notes.add((number, position))
    return sorted(units, key=lambda unit: (unit.parts[0].page, unit.parts[0].position) in notes)


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end offset of each sentence, table row or line of `text`, without the space between them."""
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if not _ABBREVIATION.search(text[max(0, match.start() - _LONGEST_ABBREVIATION) : match.end()])
    ]
    found = []
    for start, end in pairwise([0, *ends, len(text)]):
        piece = text[start:end]
        if stripped := piece.strip():
            first = start + piece.index(stripped[0])
            found.append((first, first + len(stripped)))
    return found


def _units_of(block: Block, page: int, position: int, needed: re.Pattern[str]) -> Iterator[TextUnit]:
    """The units of a block: one, or one for each list item. Text without a match of `needed` makes none."""
    start = 0
    for text in block.text.split("\n") if block.kind == "list" else [block.text]:
        if needed.search(text):
            part = Part(page, position, start, start + len(text), 0)
            yield TextUnit(block.kind, block.language, text, (part,), _top(block, start))
        start += len(text) + 1


def _add(units: list[TextUnit], unit: TextUnit, layout: ColumnLayout, *, is_first: bool) -> None:
    """Add a unit, or join it to the unit that it continues.

    Args:
        is_first: whether it is the first of its page or column.
    """
    if unit.kind in TEXT and carries_on(unit.text):
        for back in range(1, 1 + min(len(units), LOOK_BACK if is_first else 1)):
            before = units[-back]
            is_cut, last = is_broken(before.text), before.parts[-1]
            if before.kind in TEXT and (
                is_cut or (is_first and layout.runs_on(last.page, last.position, before.text))
            ):
                text = before.text if is_cut else f"{before.text} "
                (part,) = unit.parts
                moved = Part(part.page, part.position, part.start, part.end, len(text))
                units[-back] = TextUnit(
                    before.kind, before.language, text + unit.text, (*before.parts, moved), before.top
                )
                return
    units.append(unit)


def _top(block: Block, start: int) -> float:
    """The top of the first word from an offset on, in points; 0 if it has no box."""
    number = bisect_left(block.words, start, key=lambda word: word.start)
    boxes = block.words[number].boxes if number < len(block.words) else ()
    return boxes[0][1] if boxes else 0.0
