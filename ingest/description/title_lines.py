"""The lines of a document's first pages that its title may come from, in groups."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from ingest.drawn_words import PageText
from ingest.layout.block import LayoutBlock

_MOST_GROUPS = 100
"""Of lines on a page, among which a title is looked for."""
_FEW_WORDS = 60
"""A page with fewer words is a cover."""
_SAME_SIZE, _SAME_SIZE_BY_OCR = 0.95, 0.85
"""Times a size, that counts as the same; OCR measures words by their letters."""
_GAP = 1.0
"""Times its size, between lines of a title."""
_CENTRED, _WIDE = 0.04, 0.8
"""Of the page's width: how far the middle of a line may lie beside that of the page; how wide it may be."""
_SMALL_PRINT, _SMALL_NUMBER = 0.6, 0.8
"""Times the size of a line, below which a word or number in it is no part of it."""
_APART = 1.5
"""Times its size, between the words of a line and a page number."""
_YEAR = re.compile("(19|20)[0-9][0-9]")


@dataclass(frozen=True, slots=True)
class TitleLine:
    """A line of text that stands upright."""

    words: tuple[int, ...]
    """Rows of the page's words."""
    block: int
    """Which block of the page it is of."""
    size: float
    x0: float
    x1: float
    y0: float
    y1: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class TitleGroup:
    """Lines of one size, close to each other."""

    lines: tuple[TitleLine, ...]
    words_before: int
    """Words above it on the page, outside tables."""
    is_above_table: bool = False
    """Whether a table follows it at once."""

    @property
    def size(self) -> float:
        """In points."""
        return self.lines[0].size

    @property
    def is_bold(self) -> bool:
        """Whether all of it is."""
        return all(line.is_bold for line in self.lines)

    @property
    def words(self) -> int:
        """How many it has."""
        return sum(len(line.words) for line in self.lines)

    def is_close_to(self, other: "TitleGroup") -> bool:
        """Whether one stands right above the other."""
        above, below = sorted((self, other), key=lambda group: group.lines[0].y0)
        last, first = above.lines[-1], below.lines[0]
        return _is_close(last, first, max(self.size, other.size))


@dataclass(frozen=True)
class FirstPage:
    """One of a document's first pages, laid out."""

    page: PageText
    blocks: Sequence[LayoutBlock]
    """Without the running lines."""
    is_read_by_ocr: bool

    @property
    def is_cover(self) -> bool:
        """Whether it holds little more than a title, or nothing."""
        return len(self.page.texts) < _FEW_WORDS

    def is_as_large(self, group: TitleGroup, other: TitleGroup) -> bool:
        """Whether two groups of lines are of one size."""
        return self._is_one_size(group.size, other.size)

    def is_centred(self, group: TitleGroup) -> bool:
        """Whether each of its lines stands in the middle of the page, and none begins where the text does."""
        middle, width = self.page.width / 2, self.page.width
        left = float(self.page.boxes[:, 0].min())
        return all(
            abs((line.x0 + line.x1) / 2 - middle) < _CENTRED * width
            and line.x1 - line.x0 < _WIDE * width
            and (self.is_cover or line.x0 > left + line.size)
            for line in group.lines
        )

    def raw_text(self, group: TitleGroup) -> str:
        """Its words as they are drawn."""
        return " ".join(self.page.texts[word] for line in group.lines for word in line.words)

    @cached_property
    def groups(self) -> list[TitleGroup]:
        """The text outside tables, in reading order; of a very full page its beginning."""
        found: list[list[TitleLine]] = []
        for line in self.lines:
            if found and self._goes_on(found[-1][-1], line):
                found[-1].append(line)
            else:
                found.append([line])
        groups: list[TitleGroup] = []
        words_before = 0
        for lines in found[:_MOST_GROUPS]:
            groups.append(TitleGroup(tuple(lines), words_before, self._is_table(lines[-1].block + 1)))
            words_before += groups[-1].words
        return groups

    @cached_property
    def lines(self) -> list[TitleLine]:
        """The upright lines outside tables, in reading order; without page numbers."""
        return [
            self._line(number, words)
            for number, block in enumerate(self.blocks)
            if block.kind != "table"
            for row in block.rows
            for line in row[0]
            if (words := self._without_extras(line)) and not self.page.turns[words].any()
        ]

    def _goes_on(self, last: TitleLine, line: TitleLine) -> bool:
        is_new_text = last.block != line.block and self.blocks[line.block].kind == "paragraph"
        is_alike = self._is_one_size(last.size, line.size) and line.is_bold == last.is_bold
        return is_alike and not is_new_text and _is_close(last, line, last.size)

    def _is_table(self, block: int) -> bool:
        return block < len(self.blocks) and self.blocks[block].kind == "table"

    def _is_one_size(self, size: float, other: float) -> bool:
        share = _SAME_SIZE_BY_OCR if self.is_read_by_ocr else _SAME_SIZE
        return min(size, other) >= share * max(size, other)

    def _without_extras(self, line: list[int]) -> list[int]:
        """A line without small print in it, such as the number of a note, and without a number that stands
        alone or apart at its end, if it is no year."""
        texts, boxes, sizes = self.page.texts, self.page.boxes, self.page.sizes
        usual = median(sizes[line].tolist())
        words = [
            word
            for word in line
            if sizes[word] >= (_SMALL_NUMBER if texts[word].isdigit() else _SMALL_PRINT) * usual
        ]
        if not texts[words[-1]].isdigit() or _YEAR.fullmatch(texts[words[-1]]):
            return words
        if len(words) == 1 or boxes[words[-1], 0] - boxes[words[-2], 2] > _APART * usual:
            del words[-1]
        return words

    def _line(self, block: int, words: list[int]) -> TitleLine:
        boxes = self.page.boxes[words]
        return TitleLine(
            tuple(words),
            block,
            median(self.page.sizes[words].tolist()),
            float(boxes[:, 0].min()),
            float(boxes[:, 2].max()),
            float(boxes[:, 1].min()),
            float(boxes[:, 3].max()),
            bool(self.page.bold[words].all()),
        )


def _is_close(above: TitleLine, below: TitleLine, size: float) -> bool:
    overlaps = min(above.x1, below.x1) > max(above.x0, below.x0)
    return overlaps and -size < below.y0 - above.y1 <= _GAP * size
