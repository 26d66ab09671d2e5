"""Numbers printed beside the lines of a text, each or each fifth, as in bills and minutes.

They stand one under the other where nothing else stands, and count the lines between them. On pages with too
few lines to tell, numbers outside the text at the same place are taken for the same.
"""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ingest.page_text import Floats, Integers, PageText

_LONGEST = 4
"""Digits."""
_FEWEST = 4
"""Numbers one under the other that make it plain."""
_SAME_EDGE = 2.0
"""Points that their right or left edges may lie apart."""
_SAME_SIZE = 0.1
_LEAST_GAP = 0.5
"""Part of the font size, from the number to the nearest word on its line."""
_MOST_RIGHT = 0.75
"""Part of the numbers that have to count the lines up to the next one."""
_LARGEST_STEP = 10
_SAME_LINE = 0.5
"""Part of the font size that baselines of one line may lie apart, raised signs included."""
_FEWEST_WORDS_A_LINE = 3.5
_LEAST_LOWER = 0.2
"""Part of the lines of running text that begin with a small letter, as those of a table do not."""
_OUTSIDE = 0.05
"""Part of the page's words that may reach as far out as a line number."""


class _Place(NamedTuple):
    """Where line numbers stand on the pages of a document, in points."""

    x0: float
    x1: float
    size: float

    def is_place_of(self, other: "_Place") -> bool:
        """Whether numbers of both, which may have more digits or fewer, stand one under the other."""
        is_near = min(abs(self.x0 - other.x0), abs(self.x1 - other.x1)) <= _SAME_EDGE
        return is_near and abs(self.size - other.size) <= _SAME_SIZE * self.size


class LineNumbers:
    """The line numbers of a document: looks at all pages first, then tells for each."""

    def __init__(self) -> None:
        self._found: dict[int, list[int]] = {}
        self._places: set[_Place] = set()
        self._outside: dict[int, list[tuple[int, _Place]]] = {}
        """By page, the other numbers outside the text."""

    def look_at(self, number: int, page: PageText) -> list[int]:
        """Note the numbers on a page; those that are plainly line numbers, as rows of its words."""
        numbers = [row for row, text in enumerate(page.texts) if text.isdecimal() and len(text) <= _LONGEST]
        rows = np.array(numbers, dtype=np.int64)
        rows = rows[page.turns[rows] == 0]
        found: list[int] = []
        if len(rows) >= _FEWEST:
            for edge in (2, 0):
                for column in _columns(rows, page.boxes[rows, edge], page):
                    if not set(column) & set(found) and _are_line_numbers(column, page):
                        found += column
        self._places |= {_place(row, page) for row in found}
        self._found[number] = found
        self._outside[number] = [(row, _place(row, page)) for row in _outside(rows, page) if row not in found]
        return found

    def settle(self) -> None:
        """Take, after the last page, the numbers at the place of line numbers for line numbers, too."""
        for number, outside in self._outside.items():
            self._found[number] += [
                row for row, place in outside if any(known.is_place_of(place) for known in self._places)
            ]

    def of(self, number: int) -> list[int]:
        """The line numbers of a page, as rows of its words."""
        return self._found[number]


def _place(row: int, page: PageText) -> _Place:
    x0, _, x1, _ = page.boxes[row].round(1).tolist()
    return _Place(x0, x1, round(float(page.sizes[row]), 1))


def _columns(rows: Integers, edges: Floats, page: PageText) -> list[list[int]]:
    """Numbers whose edges stand one under the other and that count on, each from top to bottom."""
    order = np.argsort(edges, kind="stable")
    parts = np.split(rows[order], np.flatnonzero(np.diff(edges[order]) > _SAME_EDGE) + 1)
    return [
        part[np.argsort(page.boxes[part, 1])].tolist()
        for part in parts
        if len(part) >= _FEWEST and _step(_values(part[np.argsort(page.boxes[part, 1])].tolist(), page))
    ]


def _values(column: list[int], page: PageText) -> list[int]:
    return [int(page.texts[row]) for row in column]


def _step(values: list[int]) -> int:
    """By how much most numbers are ahead of the one before; 0 if they do not count on."""
    steps = Counter(after - before for before, after in pairwise(values))
    step, count = steps.most_common(1)[0]
    return step if 0 < step <= _LARGEST_STEP and count >= _MOST_RIGHT * (len(values) - 1) else 0


def _are_line_numbers(column: list[int], page: PageText) -> bool:
    """Whether a column of numbers counts the lines of running text beside it."""
    baselines = page.boxes[:, 3] - page.descents
    is_other = page.turns == 0
    is_other[column] = False
    left, right = float(page.boxes[column, 0].min()), float(page.boxes[column, 2].max())
    space = _LEAST_GAP * float(np.median(page.sizes[column]))
    # No word may reach into the column on the lines that have a number.
    crossing = is_other & (page.boxes[:, 0] < right + space) & (page.boxes[:, 2] > left - space)
    near = np.abs(baselines[crossing][:, None] - baselines[column]) <= _SAME_LINE * 2 * space
    if near.any(axis=0).sum() > (1 - _MOST_RIGHT) * len(column):
        return False
    sides = is_other & (page.boxes[:, 0] >= right), is_other & (page.boxes[:, 2] <= left)
    return any(_counts_lines(column, np.flatnonzero(side), page) for side in sides)


def _counts_lines(column: list[int], text: Integers, page: PageText) -> bool:
    """Whether the numbers of a column count the lines that these words make."""
    baselines = page.boxes[:, 3] - page.descents
    top, bottom = float(baselines[column].min()), float(baselines[column].max())
    size = float(np.median(page.sizes[text])) if len(text) else 0.0
    text = text[(baselines[text] >= top - size) & (baselines[text] <= bottom + size)]
    if not len(text):
        return False
    text = text[np.argsort(baselines[text], kind="stable")]
    starts = np.flatnonzero(np.diff(baselines[text], prepend=-np.inf) > _SAME_LINE * size)
    if len(text) < _FEWEST_WORDS_A_LINE * len(starts):
        return False
    lines = np.maximum.reduceat(baselines[text], starts)
    places = np.abs(lines[None, :] - baselines[column][:, None]).argmin(axis=1).tolist()
    values = _values(column, page)
    pairs = list(zip(pairwise(places), pairwise(values), strict=True))
    right = sum(after - before == next_value - value for (before, after), (value, next_value) in pairs)
    if right < _MOST_RIGHT * len(pairs):
        return False
    ends = [*starts[1:].tolist(), len(text)]
    first = [
        text[start:end][page.boxes[text[start:end], 0].argmin()]
        for start, end in zip(starts.tolist(), ends, strict=True)
    ]
    lower = sum(page.texts[row][:1].islower() for row in first)
    return bool(lower >= _LEAST_LOWER * len(first))


def _outside(rows: Integers, page: PageText) -> list[int]:
    """The numbers that hardly any word of the page stands as far out as, to the left or right."""
    if not len(rows):
        return []
    few = int(_OUTSIDE * len(page.texts))
    left = np.partition(page.boxes[:, 0], few)[few]
    right = -np.partition(-page.boxes[:, 2], few)[few]
    is_outside = (page.boxes[rows, 2] < left) | (page.boxes[rows, 0] > right)
    return [int(row) for row in rows[is_outside]]
