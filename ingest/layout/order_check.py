"""Does the order in which the words of a page were read rest on weak evidence?

It is judged by the blocks as they came out, whatever rules made them. A page whose order is unsure is read
all the same, and a warning names it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, islice, pairwise
from typing import NamedTuple

import numpy as np

from archive.languages import Language
from ingest.drawn_words import PageText
from ingest.layout.asides import OUTSIDE_COLUMNS
from ingest.layout.block import LayoutBlock

_APART = 1.5
"""Times the font size: so wide is white that may part two columns."""
_EVEN = 0.2
"""Part of the font size by which the spaces of a justified line may differ."""
_FEWEST_LINES = 2
"""Of a text that shows how wide its column is."""
_SAME_LINE = 0.5
"""Part of the font size that the baselines of one line may lie apart."""
_NARROW, _LEVEL = 1.5, 0.1
"""Times the font size: white between columns of text is wider; and so little lie the baselines of one line
apart."""
_SENTENCE_END, _BREAKS_OFF = ".?!…", ",-\u00ad"
_FEWEST_WORDS = 4
"""Of a text whose first and last words tell where sentences go on."""
_FULL_LINE = 0.8
"""Part of the width of its block that the last line of a text covers whose sentence goes on elsewhere."""
_SMALL_PRINT = 0.92
"""Times the font size of most words: what is smaller may be a note."""


class _DrawnLine(NamedTuple):
    """A line of a block; places in points from the top left of the page."""

    words: list[int]
    x0: float
    x1: float
    baseline: float
    size: float


@dataclass(frozen=True)
class _DrawnBlock:
    """A block as it is drawn."""

    block: LayoutBlock
    language: Language
    lines: Sequence[_DrawnLine]
    first: str
    """Its first word."""
    last: str

    @cached_property
    def x0(self) -> float:
        return min(line.x0 for line in self.lines)

    @cached_property
    def x1(self) -> float:
        return max(line.x1 for line in self.lines)

    @cached_property
    def top(self) -> float:
        return min(line.baseline for line in self.lines)

    @cached_property
    def bottom(self) -> float:
        return max(line.baseline for line in self.lines)

    @property
    def is_boxed(self) -> bool:
        return self.block.column == OUTSIDE_COLUMNS

    @property
    def has_sentences(self) -> bool:
        return self.block.kind in ("paragraph", "list") and len(self.block.words()) >= _FEWEST_WORDS


def is_order_unsure(blocks: Sequence[tuple[LayoutBlock, Language]], page: PageText) -> bool:
    """Whether the order of the words of a page is unsure, given its blocks in reading order with their
    languages. Only upright text is looked at."""
    upright = [
        (block, language)
        for block, language in blocks
        if block.kind != "running" and page.turns[block.words()[0]] == 0
    ]
    drawn = _drawn(upright, page) if len(upright) > 1 else []
    return any(rule(drawn, page) for rule in RULES)


def _drawn(blocks: Sequence[tuple[LayoutBlock, Language]], page: PageText) -> list[_DrawnBlock]:
    lines = [
        [line for row in block.rows for cell in row for line in cell if line] for block, _language in blocks
    ]
    every = list(chain.from_iterable(lines))
    words = list(chain.from_iterable(every))
    starts = list(accumulate(map(len, every[:-1]), initial=0))
    x0, _, x1, bottoms = page.boxes[words].T
    baselines = bottoms - page.descents[words]
    measured = map(
        _DrawnLine,
        every,
        np.minimum.reduceat(x0, starts).tolist(),
        np.maximum.reduceat(x1, starts).tolist(),
        np.maximum.reduceat(baselines, starts).tolist(),
        np.maximum.reduceat(page.sizes[words], starts).tolist(),
    )
    return [
        _DrawnBlock(
            block, language, list(islice(measured, len(own))), page.texts[own[0][0]], page.texts[own[-1][-1]]
        )
        for (block, language), own in zip(blocks, lines, strict=True)
    ]


def a_line_reaches_out_of_its_column(drawn: Sequence[_DrawnBlock], page: PageText) -> bool:
    """A line goes on, after white as wide as between columns, right of the text above it or below it: there
    may be the first lines of another column."""
    return any(
        _goes_on_right_of(near, line, page)
        for one, other in pairwise(drawn)
        if one.block.column == other.block.column
        for each, near in ((one, other), (other, one))
        if each.block.kind in ("paragraph", "heading")
        and near.block.kind == "paragraph"
        and len(near.lines) >= _FEWEST_LINES
        for line in each.lines
        if line.x1 > near.x1 + _APART * line.size
    )


def _goes_on_right_of(near: _DrawnBlock, line: _DrawnLine, page: PageText) -> bool:
    boxes = page.boxes[line.words]
    white = boxes[1:, 0] - boxes[:-1, 2]
    if len(white) > 1 and white.max() - white.min() <= _EVEN * line.size:
        return False  # a line of few words, justified
    return bool(((white >= _APART * line.size) & (boxes[1:, 0] >= near.x1)).any())


def lines_are_interleaved(drawn: Sequence[_DrawnBlock], page: PageText) -> bool:
    """Lines of two blocks stand in one another."""
    return any(
        abs(one.baseline - other.baseline) < _SAME_LINE * min(one.size, other.size)
        and min(one.x1, other.x1) - max(one.x0, other.x0) > _SAME_LINE * min(one.size, other.size)
        for first, second in _at_the_same_height([each for each in drawn if each.block.kind != "table"])
        if first.x0 < second.x1 and second.x0 < first.x1
        for one in first.lines
        for other in second.lines
    )


def _at_the_same_height(drawn: Sequence[_DrawnBlock]) -> Iterator[tuple[_DrawnBlock, _DrawnBlock]]:
    """The pairs of blocks of which one begins above the end of the other; a map has thousands of blocks."""
    ordered = sorted(drawn, key=lambda each: each.top)
    for place, first in enumerate(ordered):
        for second in islice(ordered, place + 1, None):
            if second.top > first.bottom:
                break
            yield first, second


def _without_small_print(drawn: Sequence[_DrawnBlock]) -> list[_DrawnBlock]:
    """The text of a page without its notes and boxes."""
    words: Counter[float] = Counter()
    for each in drawn:
        words[round(each.block.size, 1)] += len(each.block.words())
    least = _SMALL_PRINT * max(words, key=words.__getitem__, default=0.0)
    return [each for each in drawn if each.block.size > least and not each.is_boxed]


def text_goes_on_left(drawn: Sequence[_DrawnBlock], page: PageText) -> bool:
    """Text is read on the left, then what is beside it on the right, then what is right below on the left."""
    flow = _without_small_print(drawn)
    return any(
        _are_side_by_side(left, right) and _stands_right_below(below, left)
        for place, right in enumerate(flow)
        for below in flow[place + 1 : place + 2]
        if below.language == right.language and below.x1 <= right.x0 and below.top > right.bottom
        for left in _last_beside(flow[:place], right)
    )


def _last_beside(before: Sequence[_DrawnBlock], right: _DrawnBlock) -> Iterator[_DrawnBlock]:
    """Of the blocks before one on the right those on its left."""
    return (
        left
        for left in before
        if left.language == right.language
        and left.x1 <= right.x0
        and left.block.column != right.block.column  # it is no note in the margin
    )


def _are_side_by_side(left: _DrawnBlock, right: _DrawnBlock) -> bool:
    return left.top <= right.bottom and right.top <= left.bottom


def _stands_right_below(below: _DrawnBlock, left: _DrawnBlock) -> bool:
    common = min(below.x1, left.x1) - max(below.x0, left.x0)
    return common > 0.5 * min(below.x1 - below.x0, left.x1 - left.x0)


def a_column_has_two_texts_side_by_side(drawn: Sequence[_DrawnBlock], page: PageText) -> bool:
    """Within one column, text was parted at white that is hardly wider than a space: spaces of justified
    lines may stand above each other there by chance."""
    return any(
        left.block.column == right.block.column
        and left.block.kind == right.block.kind == "paragraph"
        and 0 <= right.x0 - left.x1 < _NARROW * min(left.block.size, right.block.size)
        and sum(
            abs(one.baseline - other.baseline) < _LEVEL * one.size
            for one in left.lines
            for other in right.lines
        )
        >= _FEWEST_LINES
        for left, right in pairwise(drawn)
    )


def text_goes_on_beside_a_box(drawn: Sequence[_DrawnBlock], page: PageText) -> bool:
    """After a box another text of the same column begins beside it: it may be the rest of the one before."""
    return any(
        before.block.column == after.block.column
        and before.block.kind == after.block.kind == "paragraph"
        and box.top < after.top < box.bottom
        for before, box, after in zip(drawn, drawn[1:], drawn[2:], strict=False)
        if box.is_boxed and not before.is_boxed and not after.is_boxed
    )


def sentences_break_off_and_begin_within(drawn: Sequence[_DrawnBlock], page: PageText) -> bool:
    """A sentence breaks off before a text that begins another, and a text begins within a sentence after one
    that ended: they may belong together."""
    # A German noun says nothing: it has a capital within a sentence, too.
    flow = _without_small_print(drawn)
    texts = [each for each in flow if each.has_sentences and each.language != "de"]
    begun = [
        each.first[:1].islower() and before.last[-1:] in _SENTENCE_END
        for before, each in pairwise(texts)
        if before.language == each.language and each.block.kind == "paragraph"
    ]
    broken = [
        _breaks_off(each) and after.first[:1].isupper()
        for each, after in pairwise(texts)
        if after.language == each.language and each.block.kind == "paragraph"
    ]
    return any(begun) and (any(broken) or _breaks_off(texts[-1]))


def _breaks_off(text: _DrawnBlock) -> bool:
    last = text.lines[-1]
    is_open = text.last[-1:].isalnum() or text.last[-1:] in _BREAKS_OFF
    return is_open and len(text.lines) > 1 and last.x1 - text.x0 >= _FULL_LINE * (text.x1 - text.x0)


RULES = (
    a_line_reaches_out_of_its_column,
    lines_are_interleaved,
    text_goes_on_left,
    a_column_has_two_texts_side_by_side,
    text_goes_on_beside_a_box,
    sentences_break_off_and_begin_within,
)
