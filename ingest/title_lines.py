"""The lines of a document's first pages from which its title may come, and the groups that they make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.block import Block
from ingest.page_text import PageText

_FEW_WORDS = 60
"""A page with fewer words is a cover."""
_SAME_SIZE, _SAME_SIZE_BY_OCR = 0.95, 0.85
"""Times a size, that counts as the same; OCR measures words by their letters."""
_GAP = 1.0
"""Times its size, between lines of a title."""
_CENTRED, _WIDE = 0.04, 0.8
"""Of the page's width: how far the middle of a line may lie beside that of the page; how wide it may be."""
_APART = 1.5
"""Times its size, between a page number and the words of its line."""
_YEAR = re.compile("(19|20)[0-9][0-9]")


@dataclass(frozen=True, slots=True)
class Line:
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
class Group:
    """Lines of one size, close to each other."""

    lines: tuple[Line, ...]
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

    def is_close_to(self, other: "Group") -> bool:
        """Whether one stands right above the other."""
        above, below = sorted((self, other), key=lambda group: group.lines[0].y0)
        last, first = above.lines[-1], below.lines[0]
        return _is_close(last, first, max(self.size, other.size))


@dataclass(frozen=True, slots=True)
class FirstPage:
    """One of a document's first pages, laid out."""

    page: PageText
    blocks: Sequence[Block]
    """Without the running lines."""
    is_read_by_ocr: bool

    @property
    def is_cover(self) -> bool:
        """Whether it holds little more than a title, or nothing."""
        return len(self.page.texts) < _FEW_WORDS

    def is_as_large(self, group: Group, other: Group) -> bool:
        """Whether two groups of lines are of one size."""
        return self._is_one_size(group.size, other.size)

    def is_centred(self, group: Group) -> bool:
        """Whether each of its lines stands in the middle of the page, and none begins where the text does."""
        middle, width = self.page.width / 2, self.page.width
        left = float(self.page.boxes[:, 0].min())
        return all(
            abs((line.x0 + line.x1) / 2 - middle) < _CENTRED * width
            and line.x1 - line.x0 < _WIDE * width
            and (self.is_cover or line.x0 > left + line.size)
            for line in group.lines
        )

    def raw_text(self, group: Group) -> str:
        """Its words as they are drawn."""
        return " ".join(self.page.texts[word] for line in group.lines for word in line.words)

    def groups(self) -> list[Group]:
        """All text outside tables, in reading order."""
        found: list[list[Line]] = []
        for line in self.lines():
            if found and self._goes_on(found[-1][-1], line):
                found[-1].append(line)
            else:
                found.append([line])
        groups: list[Group] = []
        words_before = 0
        for lines in found:
            groups.append(Group(tuple(lines), words_before, self._is_table(lines[-1].block + 1)))
            words_before += groups[-1].words
        return groups

    def lines(self) -> list[Line]:
        """The upright lines outside tables, in reading order; without page numbers."""
        return [
            self._line(number, words)
            for number, block in enumerate(self.blocks)
            if block.kind != "table"
            for row in block.rows
            for line in row[0]
            if (words := self._without_page_number(line)) and not self.page.turns[words].any()
        ]

    def _goes_on(self, last: Line, line: Line) -> bool:
        is_new_text = last.block != line.block and self.blocks[line.block].kind == "paragraph"
        is_alike = self._is_one_size(last.size, line.size) and line.is_bold == last.is_bold
        return is_alike and not is_new_text and _is_close(last, line, last.size)

    def _is_table(self, block: int) -> bool:
        return block < len(self.blocks) and self.blocks[block].kind == "table"

    def _is_one_size(self, size: float, other: float) -> bool:
        share = _SAME_SIZE_BY_OCR if self.is_read_by_ocr else _SAME_SIZE
        return min(size, other) >= share * max(size, other)

    def _without_page_number(self, line: list[int]) -> list[int]:
        """A line without a number that stands alone in it, or apart at its edge; years may stand alone."""
        words = list(line)
        for edge, beside in ((0, 1), (-1, -2)):
            if len(words) > 1 and self.page.texts[words[edge]].isdigit():
                left, right = sorted((words[edge], words[beside]), key=lambda word: self.page.boxes[word, 0])
                gap = self.page.boxes[right, 0] - self.page.boxes[left, 2]
                if gap > _APART * self.page.sizes[words[edge]]:
                    del words[edge]
        is_number = len(words) == 1 and self.page.texts[words[0]].isdigit()
        return [] if is_number and not _YEAR.fullmatch(self.page.texts[words[0]]) else words

    def _line(self, block: int, words: list[int]) -> Line:
        boxes = self.page.boxes[words]
        return Line(
            tuple(words),
            block,
            float(np.median(self.page.sizes[words])),
            float(boxes[:, 0].min()),
            float(boxes[:, 2].max()),
            float(boxes[:, 1].min()),
            float(boxes[:, 3].max()),
            bool(self.page.bold[words].all()),
        )


def _is_close(above: Line, below: Line, size: float) -> bool:
    overlaps = min(above.x1, below.x1) > max(above.x0, below.x0)
    return overlaps and -size < below.y0 - above.y1 <= _GAP * size
