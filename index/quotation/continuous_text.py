"""The text of a few pages in one language as runs of words that know their place on the page.

A quotation is compared with these rather than with single blocks, because it may run on from one into the
next. What interrupts a text is separate: running heads and feet, and notes at the end of a page or column.
Headings, tables and captions may come between the halves of a sentence, so there is a run with them and one
without.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import Literal

from archive.languages import Language
from archive.records import Block, BlockKind, Box, Page
from index.quotation.apart import stands_apart
from index.text.comparable_words import Letters, Wording, raised, wordings
from index.text.continuation import (
    PlacedBlock,
    boxes_of,
    floats_of,
    is_broken,
    note_numbers,
    notes_of,
    placed_blocks,
)
from index.text.excerpts import ROW, in_one_line, with_rows

SkippedKind = Literal["head", "foot", "note"] | BlockKind
"""`head`, `foot`: running, above or below the middle of its page; `note`: at the end of a page or column."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """What stands on the pages between words that follow each other in a text."""

    kind: SkippedKind
    text: str
    """In one line."""
    page: int
    """Physical number, from 1."""


@dataclass(frozen=True, slots=True)
class WordedBlock:
    """A block in a text, with its words; the numbers of notes belong to the words that have them."""

    page: Page
    position: int
    """On its page, from 0."""
    words: tuple[Wording, ...]
    tail: str
    """What stands behind its last word."""
    notes: dict[int, str]
    """The numbers of notes by the offsets at which they begin."""

    @property
    def block(self) -> Block:
        """With its text and boxes."""
        return self.page.blocks[self.position]

    @property
    def place(self) -> tuple[int, int]:
        """The number of its page and its position there."""
        return self.page.number, self.position


@dataclass(frozen=True, slots=True)
class WordedPage:
    """A page with the words of its blocks in one language."""

    page: Page
    blocks: tuple[WordedBlock, ...]
    placed_blocks: list[PlacedBlock]
    """All that stands on it, to tell notes from text."""


def worded(page: Page, language: Language) -> WordedPage:
    """Take the words of a page in one language apart, once for all continuous texts that it is in."""
    return WordedPage(
        page,
        tuple(
            _worded_block(page, position)
            for position, block in enumerate(page.blocks)
            if block.language == language
        ),
        placed_blocks(page),
    )


def _worded_block(page: Page, position: int) -> WordedBlock:
    block = page.blocks[position]
    notes = note_numbers(block)
    text = block.text
    for place, number in notes.items():  # else the number of a note and one that follows would be read as one
        text = f"{text[:place]}{' ' * len(number)}{text[place + len(number) :]}"
    words = list(wordings(text))
    ends = [word.end for word in words]
    for place, number in notes.items():
        if before := bisect_right(ends, place):
            words[before - 1] = words[before - 1].with_note(number, " ")
    return WordedBlock(page, position, tuple(words), text[ends[-1] :] if words else "", notes)


@dataclass(frozen=True, slots=True)
class _Pages:
    """Consecutive pages of a document in one language."""

    document: str
    language: Language
    worded: Sequence[WordedPage]
    notes: frozenset[tuple[int, int]]
    """The notes at the end of pages and columns, by page and position."""

    def between(self, one: WordedBlock, other: WordedBlock) -> Iterator[Skipped]:
        """What stands after one block and before another, in their language, or running."""
        start, end = (one.page.number, one.position), (other.page.number, other.position)
        for page in (each.page for each in self.worded):
            for position, block in enumerate(page.blocks):
                place = (page.number, position)
                is_running = block.kind == "running"
                if start < place < end and (is_running or block.language == self.language):
                    kind = _running_kind(block, page) if is_running else block.kind
                    text = in_one_line(with_rows(block.text))
                    yield Skipped("note" if place in self.notes else kind, text, page.number)


def _running_kind(block: Block, page: Page) -> SkippedKind:
    boxes = boxes_of(block)
    return "foot" if boxes and boxes[0][1] > page.height / 2 else "head"


class ContinuousText:
    """Blocks in one language, each of which the one before may run on into."""

    def __init__(self, pages: _Pages, blocks: Sequence[WordedBlock]) -> None:
        self.document = pages.document
        self.language = pages.language
        self._pages = pages
        self._blocks = [block for block in blocks if block.words]
        self._firsts = list(accumulate((len(block.words) for block in self._blocks), initial=0))
        seams = [
            "",
            *(
                one.tail + _seam(one.block, other.block)
                for one, other in pairwise([*self._blocks, *self._blocks[-1:]])
            ),
        ]
        words = chain.from_iterable(
            (block.words[0]._replace(gap=seam + block.words[0].gap), *block.words[1:])
            for seam, block in zip(seams, self._blocks, strict=False)
        )
        self.letters = Letters(list(words), self.language, tail=seams[-1])

    def page_of(self, number: int) -> Page:
        """The page on which a word stands."""
        return self._blocks[self._block_of(number)].page

    def place(self, number: int) -> tuple[int, int, int]:
        """Page, position of the block on it, and offset in that, of a word."""
        return (*self._blocks[self._block_of(number)].place, self.letters.words[number].start)

    def text(self, first: int, end: int) -> str:
        """The text from one word up to, but without, another, as it stands there, in one line; the numbers of
        notes raised."""
        pieces: list[str] = []
        stretches = list(self._stretches(first, end))
        for number, (worded_block, start, stop) in enumerate(stretches, 1):
            whole = worded_block.block.text
            begin = 0 if number > 1 else start
            over = stop if number == len(stretches) else len(whole)
            text = in_one_line(_with_raised(with_rows(whole), worded_block.notes, begin, over)).strip()
            if pieces and not is_broken(pieces[-1]):
                pieces.append(in_one_line(_seam(stretches[number - 2][0].block, worded_block.block)))
            pieces.append(text)
        return "".join(pieces)

    def doubtful(self, first: int, end: int) -> list[str]:
        """The words from one up to, but without, another that OCR was not sure of, each once."""
        found = (
            word.text
            for worded_block, start, stop in self._stretches(first, end)
            for word in worded_block.block.words
            if word.is_doubtful and word.start < stop and word.end > start
        )
        return list(dict.fromkeys(found))

    def stands_apart(self, first: int, end: int) -> bool:
        """Whether words from one up to, but without, another may be of different columns of a page."""
        return any(
            stands_apart(worded_block.block, start, stop)
            for worded_block, start, stop in self._stretches(first, end)
        )

    def boxes(self, first: int, end: int, page: Page) -> list[Box]:
        """Where what of the same text stands on `page` is drawn."""
        return [
            box
            for worded_block, start, stop in self._stretches(first, end)
            for word in worded_block.block.words
            for box in word.boxes
            if worded_block.page is page and word.start < stop and word.end > start
        ]

    def spans(self, first: int, end: int, page: Page) -> list[tuple[int, int]]:
        """Where what of the same text stands on `page` is in the page's text in this language: that of its
        blocks in their order, with a line feed between them."""
        offsets: dict[int, int] = {}
        length = 0
        for position, block in enumerate(page.blocks):
            if block.language == self.language:
                offsets[position] = length
                length += len(block.text) + 1
        return [
            (offsets[worded_block.position] + start, offsets[worded_block.position] + stop)
            for worded_block, start, stop in self._stretches(first, end)
            if worded_block.page is page
        ]

    def between(self, first: int, end: int) -> list[Skipped]:
        """What stands on the pages between blocks that follow each other here, from one word to another."""
        here = self._blocks[self._block_of(first) : self._block_of(end - 1) + 1]
        return [skipped for one, other in pairwise(here) for skipped in self._pages.between(one, other)]

    def _block_of(self, number: int) -> int:
        return bisect_right(self._firsts, number) - 1

    def _stretches(self, first: int, end: int) -> Iterator[tuple[WordedBlock, int, int]]:
        words = self.letters.words
        for place in range(self._block_of(first), self._block_of(end - 1) + 1):
            start, stop = max(first, self._firsts[place]), min(end, self._firsts[place + 1])
            if start < stop:
                yield self._blocks[place], words[start].start, words[stop - 1].end


def _seam(one: Block, other: Block) -> str:
    """What stands between two blocks that follow each other."""
    return ROW if "table" in (one.kind, other.kind) else "\n"


def _up_to_notes(page: WordedPage, notes: frozenset[tuple[int, int]]) -> Iterator[list[WordedBlock]]:
    """The text of a page with the notes that follow it, as readers see it; what follows notes is another run,
    for it carries on the text before them."""
    run: list[WordedBlock] = []
    has_notes = False
    for block in page.blocks:
        if block.block.kind == "running":
            continue
        is_note = block.place in notes
        if has_notes and not is_note:
            yield run
            run, has_notes = [], False
        run.append(block)
        has_notes = has_notes or is_note
    if has_notes:
        yield run


def _with_raised(text: str, notes: Mapping[int, str], start: int, end: int) -> str:
    """A part of a text, with the numbers of notes in it raised, behind the words that they belong to."""
    pieces: list[str] = []
    for place, number in sorted(notes.items()):
        if start < place < end:
            pieces += [text[start:place].rstrip(), raised(number)]
            start = place + len(number)
    return "".join([*pieces, text[start:end]])


def continuous_texts(document: str, language: Language, pages: Sequence[WordedPage]) -> list[ContinuousText]:
    """The runs of words on consecutive pages of a document in one language: the text, without what stands
    between the halves of its sentences, where there is any, and with it; the notes; each running head; and
    text with the notes below it."""
    notes = notes_of((each.page, each.placed_blocks) for each in pages)
    body: list[WordedBlock] = []
    aside: list[WordedBlock] = []
    running: list[list[WordedBlock]] = []
    for block in chain.from_iterable(page.blocks for page in pages):
        if block.block.kind == "running":
            running.append([block])
        else:
            (aside if block.place in notes else body).append(block)
    floats = floats_of([page.page for page in pages], [(block.page, block.position) for block in body])
    without = [block for block in body if block.place not in floats]
    noted = [run for page in pages for run in _up_to_notes(page, notes)]
    runs = [*([without] if floats else []), body, aside, *running, *noted]
    together = _Pages(document, language, pages, notes)
    texts = [ContinuousText(together, run) for run in runs]
    return [text for text in texts if text.letters.words]
