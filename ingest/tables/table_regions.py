"""Finds the lines of a page that leave the same gutters free, as a table without rules does."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ingest.lines.lines import Line

_NARROWEST_GUTTER = 0.45
"""In font sizes: wider than a space. Text hardly ever leaves such a gap free over several lines."""
_FARTHEST = 3.5
"""In font sizes: lines further apart belong to two tables."""
_SURE_GUTTER = 3
"""With this many lines on both sides of a gutter, a line that crosses it ends the table."""
_WIDER = 1.5
"""Least gap as a multiple of the narrowest space of the line, unless it is a row of single words."""
_MOST_CELLS = 6
"""In such a row."""
_FEWEST_LINES = 3
"""Of a region, one of them on both sides of a gutter after the first."""
_LEAST_SPACE = 0.15
"""In font sizes: a narrower space is none."""
_SAME_PLACE = 1.5
"""Greatest distance between the starts of lines of one column, in points."""

Interval = tuple[float, float]
"""Left and right end."""


class TableGutter(NamedTuple):
    """White between columns."""

    left: float
    right: float
    lines: int
    """With words on both sides of it."""

    def beside(self, line: Line, spaces: Sequence[Interval]) -> "TableGutter | None":
        """The part of the gutter that a line with these spaces leaves free; None if the line crosses it."""
        least = min(_NARROWEST_GUTTER * line.size, self.right - self.left)
        white = [(-np.inf, line.x0), *spaces, (line.x1, np.inf)]
        shared = [
            (max(self.left, left), min(self.right, right))
            for left, right in white
            if left < self.right and right > self.left
        ]
        if not shared:
            return None
        left, right = max(shared, key=lambda gap: gap[1] - gap[0])
        is_close = abs(right - self.right) <= _SAME_PLACE and right - left >= _LEAST_SPACE * line.size
        if right - left < least and not is_close:
            return None
        return TableGutter(left, right, self.lines + (line.x0 < right and line.x1 > left))


class Region(NamedTuple):
    lines: list[Line]
    gutters: list[TableGutter]


def regions(every: Sequence[Line]) -> Iterator[Region]:
    """Consecutive lines that leave gutters free."""
    start = 0
    while start < len(every):
        gutters = [TableGutter(*gap, 1) for gap in _gaps(every[start])]
        end = start + 1
        while gutters and end < len(every):
            line = every[end]
            if line.words[0] < 0 or line.baseline - every[end - 1].baseline > _FARTHEST * line.size:
                break
            spaces = _spaces(line)
            kept = [gutter.beside(line, spaces) for gutter in gutters]
            if any(
                one is None and gutter.lines >= _SURE_GUTTER
                for one, gutter in zip(kept, gutters, strict=True)
            ):
                break
            left = [gutter for gutter in kept if gutter]
            if not left:
                break
            gutters = left
            end += 1
        if end - start >= _FEWEST_LINES and max(gutter.lines for gutter in gutters) > 1:
            yield Region(list(every[start:end]), gutters)
        start = max(end, start + 1)


def _gaps(line: Line) -> list[Interval]:
    """The gaps of a line that are wider than a space; a justified line of text has none."""
    spaces = _spaces(line) if line.words[0] >= 0 else []
    least = _NARROWEST_GUTTER * line.size
    narrowest = min((right - left for left, right in spaces), default=0.0)
    if narrowest < least or len(spaces) > _MOST_CELLS:
        least = max(least, _WIDER * narrowest)
    return [gap for gap in spaces if gap[1] - gap[0] >= least]


def _spaces(line: Line) -> list[Interval]:
    """The spaces between the words of a line."""
    found = []
    right = line.edges[0][1]
    for left, end in line.edges[1:]:
        if left > right:
            found.append((right, left))
        if end > right:
            right = end
    return found


def columns_of(region: Region, size: float) -> list[Interval]:
    """Left and right end of each column: what the words of these lines cover, seen from above."""
    found: list[Interval] = []
    middles = [(gutter.left + gutter.right) / 2 for gutter in region.gutters]
    for left, right in sorted(edge for line in region.lines for edge in line.edges):
        end = found[-1][1] if found else -np.inf
        is_apart = left >= end and (
            left - end >= _NARROWEST_GUTTER * size or any(end <= middle <= left for middle in middles)
        )
        if is_apart:
            found.append((left, right))
        else:
            found[-1] = found[-1][0], max(end, right)
    return found
