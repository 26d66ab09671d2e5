"""The lines of a region, arranged in columns, and the signs that a row of a table begins."""

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingest.lines.lines import Line
from ingest.lines.markers import is_item, is_marker
from ingest.tables.table_regions import Interval, Region, columns_of
from ingest.word_arrays import is_number

_SAME_LINE = 0.45
"""Greatest difference in height between lines that are side by side in different columns, in font sizes."""
_FEWEST_CELLS = 2
"""Least number of lines in a column; a gap in a single line is between the words of a heading."""
_SPACE = 0.3
"""The space between words, in font sizes."""
_NEXT_LINE = 1.1
"""As a multiple of the distance between lines of a cell: a line further down is not the next one."""
_FEWEST_SMALL, _MOST_SMALL = 2, 0.5
"""Number and share of cells of a column that begin with small letters; with more, small letters are no sign
that a sentence continues."""
_WORDS_OF_TEXT = 5
"""A line with this many words is text: a number that begins it may be in the middle of a sentence."""
_SHORT = 4
"""In letters; a shorter word alone may be a mark."""
_BROKEN_OFF = "-\u00ad,;(/&"


@dataclass(frozen=True, slots=True)
class Slot:
    """Lines of different columns side by side."""

    y: float
    """Baseline of the first."""
    cells: dict[int, Line]
    """By the number of the column."""


class ColumnSigns(NamedTuple):
    """Numbers of columns that continue, begin anew and break off at a line."""

    on: int
    anew: int
    off: int


class TableLines:
    """The lines of a region, as lines of a table."""

    def __init__(self, region: Region, texts: Sequence[str], baselines: Sequence[float]) -> None:
        """For the lines of a region, and the text and baseline of each word of the page."""
        self.size = median(line.size for line in region.lines)
        """Font size in points."""
        self.columns: list[Interval] = columns_of(region, self.size)
        self.texts = texts
        self._baselines = baselines
        self.slots = self._side_by_side(region.lines)
        for number in range(len(self.columns) - 1, 0, -1):
            if sum(number in slot.cells for slot in self.slots) < _FEWEST_CELLS:
                left, right = self.columns[number - 1 : number + 1]
                self.columns[number - 1 : number + 1] = [(left[0], right[1])]
                self.slots = self._side_by_side(region.lines)
        self.tight = self._tight()
        """The distance between lines of a cell."""
        self._small = [self._begins_small(column) for column in range(len(self.columns))]

    @property
    def steps(self) -> list[float]:
        """How far each line is below the one before it."""
        return [below.y - above.y for above, below in pairwise(self.slots)]

    def _tight(self) -> float:
        """The least distance between consecutive lines of a column.

        Marks are left out: they may be raised numbers of notes.
        """
        every = (
            [cell for cell in self.cells(column) if not self.is_mark(cell)]
            for column in range(len(self.columns))
        )
        steps = (below.baseline - above.baseline for own in every for above, below in pairwise(own))
        return min(steps, default=0.0)

    def cells(self, column: int) -> list[Line]:
        """The lines of a column from top to bottom."""
        return [slot.cells[column] for slot in self.slots if column in slot.cells]

    def words(self, column: int) -> list[int]:
        """The words of a column: rows of the page's words."""
        return [word for cell in self.cells(column) for word in cell.words]

    def signs(self, place: int) -> ColumnSigns:
        """The signs at the line `place` (1 is the second line), compared with those above it."""
        above, here = self.slots[place - 1].cells, self.slots[place].cells
        on = anew = off = 0
        for column, cell in here.items():
            if column in above:
                goes_on = self._goes_on(above[column], cell, column)
                on += goes_on
                off += not goes_on and self._fits(above[column], cell, column)
            else:
                slots = reversed(self.slots[:place])
                last = next((slot.cells[column] for slot in slots if column in slot.cells), None)
                on += last is not None and self._is_rest(last, cell, column)
                anew += 1
        return ColumnSigns(on, anew, off)

    def is_mark(self, cell: Line) -> bool:
        """Whether a line is only a number, a code or a bullet."""
        text = self.texts[cell.words[0]]
        return len(cell.words) == 1 and (is_marker(text) or not text.isalpha() or len(text) < _SHORT)

    def begins_item(self, cell: Line) -> bool:
        """Whether a line begins with the number of an item or is all figures, as first lines of cells may."""
        text = "".join(self.texts[word] for word in cell.words)
        return is_number(text) or is_item(cell, self.texts)

    def is_heading(self, place: int) -> bool:
        """Whether the line at `place` is a heading within a column.

        It is alone, indented or in another weight than the line above, which had room for it.
        """
        (column, cell), *others = self.slots[place].cells.items()
        above = self.slots[place - 1].cells.get(column)
        if others or not above or self._goes_on(above, cell, column):
            return False
        is_set_in = cell.x0 - min(each.x0 for each in self.cells(column)) > self.size
        return self._fits(above, cell, column) and (is_set_in or cell.is_bold != above.is_bold)

    def _side_by_side(self, lines: Sequence[Line]) -> list[Slot]:
        slots: list[Slot] = []
        for line in lines:
            cells = self._parted(line)
            if (
                slots
                and line.baseline - slots[-1].y <= _SAME_LINE * self.size
                and not cells.keys() & slots[-1].cells.keys()
            ):
                slots[-1].cells.update(cells)
            else:
                slots.append(Slot(line.baseline, cells))
        return slots

    def _parted(self, line: Line) -> dict[int, Line]:
        """The parts of a line in each column."""
        begins = [left for left, _ in self.columns[1:]]
        places: dict[int, list[int]] = {}
        for place, (x0, x1) in enumerate(line.edges):
            places.setdefault(bisect(begins, (x0 + x1) / 2), []).append(place)
        return {
            column: Line(
                [line.words[place] for place in own],
                [line.edges[place] for place in own],
                # Lines of two columns at nearly the same height are one line of the page.
                median(self._baselines[line.words[place]] for place in own),
                line.size,
                line.is_bold,
            )
            for column, own in places.items()
        }

    def _begins_small(self, column: int) -> bool:
        """Whether cells of a column begin with small letters, so that these are no sign of continuation."""
        above = -math.inf
        starts = small = 0
        for cell in self.cells(column):
            # Regardless of the line above: lines of text in columns may alternate in height.
            if cell.baseline - above > _NEXT_LINE * self.tight:
                starts += 1
                small += self.texts[cell.words[0]][:1].islower()
            above = cell.baseline
        return small >= _FEWEST_SMALL and small > _MOST_SMALL * starts

    def _fits(self, above: Line, cell: Line, column: int) -> bool:
        """Whether the first word of a line would have fitted on the line above it."""
        left, right = self.columns[column]
        first = cell.edges[0][1] - cell.edges[0][0]
        return above.x1 - above.x0 + _SPACE * self.size + first < right - left - 0.1 * self.size

    def _goes_on(self, above: Line, cell: Line, column: int) -> bool:
        """Whether a line continues the sentence of the line right above it."""
        return self.texts[above.words[-1]][-1:] in _BROKEN_OFF or self._is_rest(above, cell, column)

    def _is_rest(self, above: Line, cell: Line, column: int) -> bool:
        """Whether a line begins in the middle of a sentence for which the line above had no room."""
        after = self.texts[cell.words[0]]
        is_middle = after[:1].islower() and not self._small[column]
        if len(cell.words) >= _WORDS_OF_TEXT:
            is_middle |= after[:1].isdigit()
        return is_middle and not self._fits(above, cell, column)
