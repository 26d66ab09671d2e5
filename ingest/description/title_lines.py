"""Groups of lines on a document's first pages that its title may be in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from ingest.drawn_words import PageText
from ingest.layout.block import LayoutBlock

_MOST_GROUPS = 100
"""Most groups of lines on a page that are looked at."""
_FEW_WORDS = 60
"""A page with fewer words is a cover."""
_SAME_SIZE, _SAME_SIZE_BY_OCR = 0.95, 0.85
"""Times a font size: a smaller one is a different size. OCR measures sizes less exactly."""
_GAP = 1.0
"""Times the font size: the widest gap between lines of a title."""
_CENTRED, _WIDE = 0.04, 0.8
"""Parts of the page's width: how far the middle of a centred line may be from that of the page, and how
wide the line may be."""
_SMALL_PRINT, _SMALL_NUMBER = 0.6, 0.8
"""Times the font size of a line: a smaller word, or a smaller number, is left out of it."""
_APART = 1.5
"""Times the font size: a wider gap separates a page number from the words of a line."""
_YEAR = re.compile("(19|20)[0-9][0-9]")


@dataclass(frozen=True, slots=True)
class TitleLine:
    """An upright line of text."""

    words: tuple[int, ...]
    """Rows of the page's words."""
    block: int
    """Which block of the page the line is in."""
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
    """Whether a table follows directly."""

    @property
    def size(self) -> float:
        """Font size in points."""
        return self.lines[0].size

    @property
    def is_bold(self) -> bool:
        """Whether all its lines are bold."""
        return all(line.is_bold for line in self.lines)

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(len(line.words) for line in self.lines)

    def is_close_to(self, other: "TitleGroup") -> bool:
        """Whether one is directly above the other."""
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
        """Whether the page has few words, or none."""
        return len(self.page.texts) < _FEW_WORDS

    def is_as_large(self, group: TitleGroup, other: TitleGroup) -> bool:
        """Whether two groups of lines have the same font size."""
        return self._is_one_size(group.size, other.size)

    def is_centred(self, group: TitleGroup) -> bool:
        """Whether each line of a group is centred on the page, and none begins at the left edge of the
        text."""
        middle, width = self.page.width / 2, self.page.width
        left = float(self.page.boxes[:, 0].min())
        return all(
            abs((line.x0 + line.x1) / 2 - middle) < _CENTRED * width
            and line.x1 - line.x0 < _WIDE * width
            and (self.is_cover or line.x0 > left + line.size)
            for line in group.lines
        )

    def raw_text(self, group: TitleGroup) -> str:
        """The words of a group as they are drawn, without joining broken ones."""
        return " ".join(self.page.texts[word] for line in group.lines for word in line.words)

    @cached_property
    def groups(self) -> list[TitleGroup]:
        """The text outside tables in groups of lines, in reading order; at most `_MOST_GROUPS`."""
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
        """The upright lines outside tables, in reading order, without page numbers."""
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
        """The words of a line without small print, such as the number of a note, and without a page number.

        A page number is a number, but no year, that is alone on the line or apart at its end.
        """
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
