"""Numbers printed beside the lines of a text, for each line or each fifth, as in bills and minutes.

They are above each other where nothing else is printed, and count the lines between them. In columns with too
few lines to tell, a number counts as a line number if it is at a place of line numbers and is outside the
text or continues the count.
"""

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask, PageText

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
_GUTTER = 1.5
"""Times the font size: a wider gap parts columns of text."""
_FEWEST_WORDS_A_LINE = 2.5
_MOST_RIGHT_BY_STEPS = 0.5
"""The same, where not each line is numbered: tables and headings between are not, or not all."""
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


class _Candidate(NamedTuple):
    """A number that stands apart from the words beside it."""

    row: int
    value: int
    place: _Place
    is_outside: bool
    """Whether it is outside the text of the page."""


class LineNumbers:
    """The line numbers of a document: looks at all pages first, then tells for each."""

    def __init__(self) -> None:
        self._found: dict[int, list[int]] = {}
        self._places: set[_Place] = set()
        self._values: set[int] = set()
        self._steps: Counter[int] = Counter()
        self._others: dict[int, list[_Candidate]] = {}
        """By page, the other numbers that may be line numbers."""

    def look_at(self, number: int, page: PageText) -> list[int]:
        """Note the numbers on a page; those that are plainly line numbers, as rows of its words."""
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
        """Take, after the last page, the numbers at the place of line numbers for line numbers, too."""
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


def _free(rows: Integers, page: PageText) -> list[int]:
    """The numbers that no word of their line is close to."""
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
    """Whether a column of numbers counts the lines of the running text nearest to it on either side."""
    baselines = page.boxes[:, 3] - page.descents
    left, right = float(page.boxes[column, 0].min()), float(page.boxes[column, 2].max())
    space = _LEAST_GAP * float(np.median(page.sizes[column]))
    # No word may reach into the column on the lines that have a number.
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
    """Of the words on one side of a column of numbers, at these distances, those up to the next gutter."""
    text = np.flatnonzero(side)
    if not len(text):
        return text
    text = text[np.argsort(distances[text], kind="stable")]
    size = float(np.median(page.sizes[text]))
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
    """The numbers that hardly any word of the page stands as far out as, to the left or right."""
    if not len(rows):
        return []
    few = int(_OUTSIDE * len(page.texts))
    left = np.partition(page.boxes[:, 0], few)[few]
    right = -np.partition(-page.boxes[:, 2], few)[few]
    is_outside = (page.boxes[rows, 2] < left) | (page.boxes[rows, 0] > right)
    return [int(row) for row in rows[is_outside]]
