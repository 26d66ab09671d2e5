"""The text of a few pages in one language, as runs of words with their places on the page.

A quotation is compared with these runs and not with single blocks, because it may continue from one block to
the next. Running heads and feet, and notes at the end of a page or column, interrupt a text: they are runs of
their own. Headings, tables and captions may come between the halves of a sentence, so there is a run with
them and one without.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import Literal

from archive.languages import Language
from archive.records import Block, BlockKind, Box, Page, Word
from index.quotation.apart import are_words_apart
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
"""`head`, `foot`: a running line above or below the middle of its page. `note`: at the end of a page or
column."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Text on the pages between two words that follow each other in a continuous text."""

    kind: SkippedKind
    text: str
    """The text on one line."""
    page: int
    """Physical number, from 1."""


@dataclass(frozen=True, slots=True)
class WordedBlock:
    """A block with its words. Note numbers are stored with the word that they follow."""

    page: Page
    position: int
    """Index of the block on its page, from 0."""
    words: tuple[Wording, ...]
    tail: str
    """The text after its last word."""
    notes: dict[int, str]
    """Note numbers by the offset at which they begin."""

    @property
    def block(self) -> Block:
        """The block of the page."""
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
    """All blocks of the page with their positions, by which notes are recognised."""


def worded(page: Page, language: Language) -> WordedPage:
    """Split the blocks of a page in one language into words, once for all texts that use the page."""
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
    for place, number in notes.items():  # otherwise a note number and a number after it would be one
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
    """The notes at the end of pages and columns, as (page number, position)."""

    def between(self, one: WordedBlock, other: WordedBlock) -> Iterator[Skipped]:
        """The blocks after one block and before another: running lines, and others in their language."""
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


@dataclass(frozen=True, slots=True)
class _BlockPart:
    """The part of a block between two offsets of its text."""

    worded_block: WordedBlock
    start: int
    stop: int

    def words(self) -> Iterator[Word]:
        """The words of the block that are in this part, also if only in part."""
        for word in self.worded_block.block.words:
            if word.start < self.stop and word.end > self.start:
                yield word


class ContinuousText:
    """Blocks in one language in the order in which a text may continue from one to the next."""

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
        """The page of a word."""
        return self._blocks[self._block_of(number)].page

    def place(self, number: int) -> tuple[int, int, int]:
        """The place of a word: page number, position of its block on the page, offset in the block."""
        return (*self._blocks[self._block_of(number)].place, self.letters.words[number].start)

    def text(self, first: int, end: int) -> str:
        """The text from word `first` up to, but without, word `end`, as printed, on one line.

        Note numbers are raised.
        """
        pieces: list[str] = []
        parts = list(self._parts(first, end))
        for number, part in enumerate(parts, 1):
            block = part.worded_block.block
            begin = 0 if number > 1 else part.start
            over = part.stop if number == len(parts) else len(block.text)
            text = in_one_line(_with_raised(with_rows(block.text), part.worded_block.notes, begin, over))
            if pieces and not is_broken(pieces[-1]):
                pieces.append(in_one_line(_seam(parts[number - 2].worded_block.block, block)))
            pieces.append(text.strip())
        return "".join(pieces)

    def doubtful(self, first: int, end: int) -> list[str]:
        """The words, from `first` up to but without `end`, that OCR was not sure of, each once."""
        found = (word.text for part in self._parts(first, end) for word in part.words() if word.is_doubtful)
        return list(dict.fromkeys(found))

    def are_words_apart(self, first: int, end: int) -> bool:
        """Whether words, from `first` up to but without `end`, may be from different columns of a page."""
        return any(
            are_words_apart(part.worded_block.block, part.start, part.stop)
            for part in self._parts(first, end)
        )

    def boxes(self, first: int, end: int, page: Page) -> list[Box]:
        """The boxes on `page` of the words from `first` up to but without `end`."""
        return [
            box
            for part in self._parts(first, end)
            if part.worded_block.page is page
            for word in part.words()
            for box in word.boxes
        ]

    def spans(self, first: int, end: int, page: Page) -> list[tuple[int, int]]:
        """Offsets, in the text of `page` in this language, of the words from `first` up to but without `end`.

        The text of a page is that of its blocks in this language in order, joined by line feeds.
        """
        offsets: dict[int, int] = {}
        length = 0
        for position, block in enumerate(page.blocks):
            if block.language == self.language:
                offsets[position] = length
                length += len(block.text) + 1
        return [
            (
                offsets[part.worded_block.position] + part.start,
                offsets[part.worded_block.position] + part.stop,
            )
            for part in self._parts(first, end)
            if part.worded_block.page is page
        ]

    def between(self, first: int, end: int) -> list[Skipped]:
        """The text on the pages between the blocks of the words from `first` up to but without `end`."""
        here = self._blocks[self._block_of(first) : self._block_of(end - 1) + 1]
        return [skipped for one, other in pairwise(here) for skipped in self._pages.between(one, other)]

    def _block_of(self, number: int) -> int:
        return bisect_right(self._firsts, number) - 1

    def _parts(self, first: int, end: int) -> Iterator[_BlockPart]:
        """The parts of blocks that contain the words from `first` up to but without `end`."""
        words = self.letters.words
        for place in range(self._block_of(first), self._block_of(end - 1) + 1):
            start, stop = max(first, self._firsts[place]), min(end, self._firsts[place + 1])
            if start < stop:
                yield _BlockPart(self._blocks[place], words[start].start, words[stop - 1].end)


def _seam(one: Block, other: Block) -> str:
    """The separator between two blocks that follow each other."""
    return ROW if "table" in (one.kind, other.kind) else "\n"


def _up_to_notes(page: WordedPage, notes: frozenset[tuple[int, int]]) -> Iterator[list[WordedBlock]]:
    """Runs of text with the notes below it, in the order on the page.

    Text after notes begins another run, because it continues the text before the notes.
    """
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
    """The text between two offsets, with note numbers raised and directly after their words."""
    pieces: list[str] = []
    for place, number in sorted(notes.items()):
        if start < place < end:
            pieces += [text[start:place].rstrip(), raised(number)]
            start = place + len(number)
    return "".join([*pieces, text[start:end]])


def continuous_texts(document: str, language: Language, pages: Sequence[WordedPage]) -> list[ContinuousText]:
    """The runs of words on consecutive pages of a document in one language.

    These are: the text without headings, tables and captions inside its sentences, if there are any; the
    text with them; the notes; each running line; and text together with the notes below it.
    """
    notes = notes_of((each.page, each.placed_blocks) for each in pages)
    body: list[WordedBlock] = []
    note_blocks: list[WordedBlock] = []
    running: list[list[WordedBlock]] = []
    for block in chain.from_iterable(page.blocks for page in pages):
        if block.block.kind == "running":
            running.append([block])
        else:
            (note_blocks if block.place in notes else body).append(block)
    floats = floats_of([page.page for page in pages], [(block.page, block.position) for block in body])
    without = [block for block in body if block.place not in floats]
    with_notes = [run for page in pages for run in _up_to_notes(page, notes)]
    runs = [*([without] if floats else []), body, note_blocks, *running, *with_notes]
    all_pages = _Pages(document, language, pages, notes)
    texts = [ContinuousText(all_pages, run) for run in runs]
    return [text for text in texts if text.letters.words]
