"""Numbers printed beside the lines of a text, for each line or each fifth, as in bills and minutes.

Line numbers form a column in which nothing else is printed, and their values differ by the number of lines
between them. Where a column has too few numbers for that test, a number is taken for a line number if it is
where line numbers of other pages are, and is either outside the text or continues their count.
"""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask, PageText
from ingest.word_arrays import middle

_LONGEST = 4
"""Most digits of a line number."""
_FEWEST = 4
"""Least numbers in a column that is tested by itself."""
_SAME_EDGE = 2.0
"""Points by which the right or left edges of the numbers of a column may differ."""
_SAME_SIZE = 0.1
_LEAST_GAP = 0.5
"""Part of the font size: the least gap between a number and the nearest word on its line."""
_MOST_RIGHT = 0.75
"""Part of the numbers whose difference from the next one has to be the number of lines between them."""
_LARGEST_STEP = 10
_SAME_LINE = 0.5
"""Part of the font size by which baselines of one line may differ, raised signs included."""
_GUTTER = 1.5
"""Times the font size: a wider gap separates columns of text."""
_FEWEST_WORDS_A_LINE = 2.5
_MOST_RIGHT_BY_STEPS = 0.5
"""The same where not every line is numbered: tables and headings between them may not be counted."""
_LEAST_LOWER = 0.2
"""Least part of the lines that begin with a lower-case letter in running text; in tables fewer do."""
_OUTSIDE = 0.05
"""Part of the page's words that may extend as far to the left or right as a line number."""


class _Place(NamedTuple):
    """Where on the pages of a document there are line numbers, and their font size, in points."""

    x0: float
    x1: float
    size: float

    def is_place_of(self, other: "_Place") -> bool:
        """Whether numbers at both places are in one column: with one edge in common, as their digits may
        differ."""
        is_near = min(abs(self.x0 - other.x0), abs(self.x1 - other.x1)) <= _SAME_EDGE
        return is_near and abs(self.size - other.size) <= _SAME_SIZE * self.size


class _Candidate(NamedTuple):
    """A number with space around it, or outside the text, that may be a line number."""

    row: int
    value: int
    place: _Place
    is_outside: bool
    """Whether it is left or right of the text of the page."""


class LineNumbers:
    """Finds the line numbers of a document. Call `look_at` for every page, then `settle`, then `of`."""

    def __init__(self) -> None:
        self._found: dict[int, list[int]] = {}
        self._places: set[_Place] = set()
        self._values: set[int] = set()
        self._steps: Counter[int] = Counter()
        self._others: dict[int, list[_Candidate]] = {}
        """By page, the other numbers that may be line numbers."""

    def look_at(self, number: int, page: PageText) -> list[int]:
        """Note the numbers on a page, and return the rows of those that are line numbers beyond doubt."""
        numbers = [row for row, text in enumerate(page.texts) if text.isdecimal() and len(text) <= _LONGEST]
        rows = np.array(numbers, dtype=np.int64)
        rows = rows[page.turns[rows] == 0]
        found: list[int] = []
        if len(rows) >= _FEWEST:
            columns = [column for edge in (2, 0) for column in _columns(rows, page.boxes[rows, edge], page)]
            is_text = page.turns == 0
            is_text[[row for column in columns for row in column]] = False
            for column in columns:
                if not set(column) & set(found) and _are_line_numbers(column, is_text, page):
                    found += column
                    self._steps[_step(_values(column, page))] += 1
        self._places |= set(_places(found, page))
        self._values |= set(_values(found, page))
        self._found[number] = found
        outside = set(_outside(rows, page))
        others = outside.union(_free(rows, page)).difference(found)
        candidates = [row for row in rows.tolist() if row in others]
        self._others[number] = [
            _Candidate(row, int(page.texts[row]), place, row in outside)
            for row, place in zip(candidates, _places(candidates, page), strict=True)
        ]
        return found

    def settle(self) -> None:
        """After the last page, accept the other numbers that are where line numbers are, as the module
        says."""
        if not self._steps:
            return
        step = self._steps.most_common(1)[0][0]
        for number, others in self._others.items():
            there = [
                other for other in others if any(place.is_place_of(other.place) for place in self._places)
            ]
            while more := [
                other
                for other in there
                if other.is_outside or {other.value - step, other.value + step} & self._values
            ]:
                self._found[number] += [other.row for other in more]
                self._values |= {other.value for other in more}
                there = [other for other in there if other not in more]

    def of(self, number: int) -> list[int]:
        """The line numbers of a page, as rows of its words."""
        return self._found[number]


def _places(rows: list[int], page: PageText) -> list[_Place]:
    boxes, sizes = page.boxes[rows].round(1).tolist(), page.sizes[rows].tolist()
    return [_Place(x0, x1, round(size, 1)) for (x0, _, x1, _), size in zip(boxes, sizes, strict=True)]


def _columns(rows: Integers, edges: Floats, page: PageText) -> list[list[int]]:
    """Groups of numbers that are aligned and increase by one step, each from top to bottom.

    Args:
        edges: the left or the right edges of the numbers.
    """
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
    """The difference between most numbers and the one before; 0 if they do not increase regularly."""
    steps = Counter(after - before for before, after in pairwise(values))
    step, count = steps.most_common(1)[0]
    return step if 0 < step <= _LARGEST_STEP and count >= _MOST_RIGHT * (len(values) - 1) else 0


def _free(rows: Integers, page: PageText) -> list[int]:
    """The numbers that have no word of their line close to them."""
    words = np.flatnonzero(page.turns == 0)
    baselines = page.boxes[:, 3] - page.descents
    words = words[np.argsort(baselines[words], kind="stable")]
    reach = _SAME_LINE * page.sizes[rows]
    firsts = np.searchsorted(baselines[words], baselines[rows] - reach)
    ends = np.searchsorted(baselines[words], baselines[rows] + reach, side="right")
    lefts, rights, others = page.boxes[words, 0].tolist(), page.boxes[words, 2].tolist(), words.tolist()
    found = []
    for row, first, end in zip(rows.tolist(), firsts.tolist(), ends.tolist(), strict=True):
        x0, _, x1, _ = page.boxes[row].tolist()
        space = _LEAST_GAP * float(page.sizes[row])
        if all(
            max(lefts[place] - x1, x0 - rights[place]) > space or others[place] == row
            for place in range(first, end)
        ):
            found.append(row)
    return found


def _are_line_numbers(column: list[int], is_text: Mask, page: PageText) -> bool:
    """Whether a column of numbers counts the lines of the nearest running text, to its left or right."""
    baselines = page.boxes[:, 3] - page.descents
    left, right = float(page.boxes[column, 0].min()), float(page.boxes[column, 2].max())
    space = _LEAST_GAP * middle(page.sizes[column])
    # On the lines that have a number, no word may overlap the column.
    crossing = is_text & (page.boxes[:, 0] < right + space) & (page.boxes[:, 2] > left - space)
    near = np.abs(baselines[crossing][:, None] - baselines[column]) <= _SAME_LINE * 2 * space
    if near.any(axis=0).sum() > (1 - _MOST_RIGHT) * len(column):
        return False
    to_right, to_left = page.boxes[:, 0] - right, left - page.boxes[:, 2]
    widths = page.boxes[:, 2] - page.boxes[:, 0]
    return any(
        _counts_lines(
            column, _nearest_text(column, is_text & (distances >= 0), distances, widths, page), page
        )
        for distances in (to_right, to_left)
    )


def _nearest_text(
    column: list[int], side: Mask, distances: Floats, widths: Floats, page: PageText
) -> Integers:
    """The words on one side of a column of numbers, as far as the next gutter.

    Args:
        side: which words are on that side.
        distances: of all words from the column.
        widths: of all words.
    """
    text = np.flatnonzero(side)
    if not len(text):
        return text
    text = text[np.argsort(distances[text], kind="stable")]
    size = middle(page.sizes[text])
    baselines = (page.boxes[:, 3] - page.descents)[text]
    ends = []
    for baseline in (page.boxes[column, 3] - page.descents[column]).tolist():
        line = text[np.abs(baselines - baseline) <= _SAME_LINE * size]
        if len(line):
            reached = np.maximum.accumulate(distances[line] + widths[line])
            gutters = np.flatnonzero(distances[line[1:]] - reached[:-1] > _GUTTER * size)
            ends.append(float(reached[gutters[0] if len(gutters) else -1]))
    return text[distances[text] < np.quantile(ends, _MOST_RIGHT)] if ends else text[:0]


def _counts_lines(column: list[int], text: Integers, page: PageText) -> bool:
    """Whether the numbers of a column count the lines that these words form, and those are running text."""
    baselines = page.boxes[:, 3] - page.descents
    top, bottom = float(baselines[column].min()), float(baselines[column].max())
    size = middle(page.sizes[text]) if len(text) else 0.0
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
    if right < (_MOST_RIGHT if _step(values) == 1 else _MOST_RIGHT_BY_STEPS) * len(pairs):
        return False
    ends = [*starts[1:].tolist(), len(text)]
    first = [
        text[start:end][page.boxes[text[start:end], 0].argmin()]
        for start, end in zip(starts.tolist(), ends, strict=True)
    ]
    lower = sum(page.texts[row][:1].islower() for row in first)
    return bool(lower >= _LEAST_LOWER * len(first))


def _outside(rows: Integers, page: PageText) -> list[int]:
    """The numbers that are further to the left, or to the right, than nearly all words of the page."""
    if not len(rows):
        return []
    few = int(_OUTSIDE * len(page.texts))
    left = np.partition(page.boxes[:, 0], few)[few]
    right = -np.partition(-page.boxes[:, 2], few)[few]
    is_outside = (page.boxes[rows, 2] < left) | (page.boxes[rows, 0] > right)
    return [int(row) for row in rows[is_outside]]
