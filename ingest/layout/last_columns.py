"""Finds the gutter before a column of a few lines, in which a text of several columns ends.

These lines are too few to show by themselves that they are a column. So the text left of them has to be a
column in all respects: its lines are full, and only a box crosses the white between the two.
"""

from itertools import pairwise

import numpy as np

from ingest.drawn_words import Floats, Mask
from ingest.layout.insets import inset_in_gutter
from ingest.lines.lines import lines
from ingest.word_arrays import WordArrays, middle

_NARROWEST_GUTTER = 0.6
"""In font sizes."""
_NARROWEST_COLUMN = 9.0
"""In font sizes."""
_FEWEST_LINES, _FEWEST_LINES_BESIDE = 2, 6
"""Of the last column, and of the column left of it."""
_MOST_LINES = 0.6
"""Most lines of the last column for each line of the other."""
_LEAST_FULL = 0.6
"""Least share of lines of the left column that have no room for the first word of the next."""
_FEWEST_WORDS_A_LINE = 2.0
_MOST_NUMBERS = 0.4
_NARROWEST, _WIDEST = 0.35, 1.15
"""Width of the last column, as a multiple of that of the left one."""
_SAME_SIZE = 0.08
"""By how much the font sizes of both may differ, as a share."""
_SAME_EDGE = 2.5
"""Greatest distance between the starts of lines of one column, in points."""
_SPACE = 0.25
"""Width of a usual space, in font sizes."""
_MOST_ACROSS = 0.3
"""Greatest share of words of boxes that cross the gutter."""


def gutter_of_last_column(words: WordArrays, boxes: Floats) -> float | None:
    """The place of the gutter, in points; None if these words have no few lines at their upper right in which
    their text ends.

    `boxes` of shape (boxes, 4), in points, were taken out of the page before.
    """
    size = middle(words.sizes)
    for start in _starts(words, size):
        x = start - _NARROWEST_GUTTER * size / 2
        if _ends_right_of(words, x, start, size, boxes):
            return x
    return None


def _starts(words: WordArrays, size: float) -> list[float]:
    """Where the first lines begin anew after white that is wider than a usual space."""
    first = np.flatnonzero(words.baselines <= words.baselines.min() + size)
    first = first[np.argsort(words.x0[first])]
    x0, reach = words.x0[first], np.maximum.accumulate(words.x1[first])
    found: list[float] = x0[1:][x0[1:] - reach[:-1] >= _NARROWEST_GUTTER * size].tolist()
    is_beside_box = x0[0] - words.x0.min() >= _NARROWEST_COLUMN * size
    return [float(x0[0]), *found] if is_beside_box else found


def _ends_right_of(words: WordArrays, x: float, start: float, size: float, boxes: Floats) -> bool:
    """Whether the text from `start` on is a last column, and the text left of x a whole one."""
    left, right = words.x1 <= x, words.x0 >= start - _SAME_EDGE
    across = ~left & ~right
    if across.any():
        inset = inset_in_gutter(words, x) if across.mean() <= _MOST_ACROSS else None
        if inset is None or (across & ~inset).any():
            return False
        left, right = left & ~inset, right & ~inset
    if not left.any() or not right.any():
        return False
    whole, last = words.take(left), words.take(right)
    return (
        _is_like(last, whole)
        and _begin_together(whole, last, boxes, size)
        and _is_column_of_few_lines(last, whole, start)
    )


def _is_like(last: WordArrays, whole: WordArrays) -> bool:
    """Whether text is as wide and as large as that of another column, and has no more figures than text."""
    widths = [float(column.x1.max() - column.x0.min()) for column in (last, whole)]
    sizes = [middle(column.sizes) for column in (last, whole)]
    return (
        _NARROWEST * widths[1] <= widths[0] <= _WIDEST * widths[1]
        and widths[1] >= _NARROWEST_COLUMN * sizes[1]
        and abs(sizes[0] - sizes[1]) <= _SAME_SIZE * sizes[1]
        and float(last.is_number.mean()) <= _MOST_NUMBERS
    )


def _begin_together(whole: WordArrays, last: WordArrays, boxes: Floats, size: float) -> bool:
    """Whether both columns begin at one height, or the left one with a box that was taken out."""
    top, others_top = float(last.baselines.min()), float(whole.baselines.min())
    is_box_above: Mask = (boxes[:, 1] <= top) & (boxes[:, 3] <= others_top) & (boxes[:, 2] < last.x0.min())
    return abs(others_top - top) <= size or (others_top > top and bool(is_box_above.any()))


def _is_column_of_few_lines(last: WordArrays, whole: WordArrays, start: float) -> bool:
    """Whether a few lines begin at one place and end above the end of a column of full lines."""
    own, others = lines(last), lines(whole)
    if (
        not _FEWEST_LINES <= len(own) <= _MOST_LINES * len(others)
        or len(others) < _FEWEST_LINES_BESIDE
        or own[-1].baseline >= others[-1].baseline
        or len(last.rows) < _FEWEST_WORDS_A_LINE * len(own)
        or any(line.words[0] < 0 for line in own)
    ):
        return False
    at_start = sum(abs(line.x0 - start) <= _SAME_EDGE for line in own)
    edge = float(whole.x1.max())
    full = sum(
        edge - line.x1 < below.edges[0][1] - below.edges[0][0] + _SPACE * line.size
        for line, below in pairwise(others)
    )
    return at_start > len(own) / 2 and full >= _LEAST_FULL * (len(others) - 1)
