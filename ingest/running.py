"""Running heads, feet and page numbers: lines near the page's edge that come back page after page."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise, zip_longest

import numpy as np

from ingest.page_text import PageText

_ZONE = 0.12
"""Part of the page's height, at the top and at the foot, where running lines stand."""
_ZONE_OF_NUMBERS = 0.15
"""The same at the top for lines with a number in them."""
_WIDE_GAP = 1.5
"""Times the font size, between a page number in the margin and the text beside it."""
_NOTE_SIZE = 0.8
"""Times the usual font size: smaller numbers belong to notes."""
_OUTSIDE = 0.95
"""Part of the page's words that a number in the margin stands outside of."""
_MOST_LINES = 4
"""In each zone."""
_SAME_PLACE = 5.0
"""Points that a line may move up or down from page to page."""
_LEAST_GAP = 1.5
"""Times the font size, between running lines and the body."""
_NEAR = 12
"""Pages within which a line has to come back."""
_FEWEST = 3
"""Times that it has to occur there; twice is enough in documents of fewer pages."""

_NUMBER = re.compile(r"\d+")
_ALONE = re.compile(r"\W*(\d{1,4}|[ivxlc]{1,7})\W*")
"""A page number with nothing but dashes, dots or brackets around it."""
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True)
class _EdgeLine:
    """A line near an edge of a page."""

    page: int
    is_head: bool
    distance: float
    """Points from that edge to the baseline."""
    size: float
    text: str
    words: list[int]
    """Rows of the page's words."""
    gap: float
    """Points to the next line further inward."""
    is_running: bool = False
    within: "_EdgeLine | None" = None
    """The line that this number in the margin is on."""


class RunningLines:
    """What runs through a document: looks at all pages first, then tells for each."""

    def __init__(self) -> None:
        self._lines: dict[int, list[_EdgeLine]] = {}
        self._words: dict[int, int] = {}
        """How many words each page has."""

    def look_at(self, number: int, page: PageText) -> None:
        """Note the lines near the edges of a page."""
        self._lines[number] = _edge_lines(number, page)
        self._words[number] = len(page.texts)

    def settle(self) -> None:
        """Decide, after the last page, which lines run."""
        fewest = _FEWEST if len(self._lines) >= _FEWEST else 2
        groups: dict[tuple[bool, str], list[_EdgeLine]] = defaultdict(list)
        for lines in self._lines.values():
            for line in lines:
                groups[line.is_head, _NUMBER.sub("#", line.text.lower())].append(line)
        for group in groups.values():
            for place, line in enumerate(group):
                around = group[max(0, place - _NEAR) : place + _NEAR + 1]
                line.is_running = sum(_is_same_place(line, other) for other in around) >= fewest
        self._follow_changing_heads(fewest)
        for lines in self._lines.values():
            for is_head in (True, False):
                _leave_text([line for line in lines if line.is_head == is_head])
        for number, lines in self._lines.items():
            for line in lines:
                line.is_running = line.is_running and not (line.within and line.within.is_running)
            if sum(len(line.words) for line in lines if line.is_running) == self._words[number]:
                for line in lines:  # there is nothing else on the page that they could run along
                    line.is_running = line.is_running and _ALONE.fullmatch(line.text) is not None

    def _follow_changing_heads(self, fewest: int) -> None:
        """Let a line run that stands where, and is set as, lines that run on the pages around it."""
        settled = {
            number: [line for line in lines if line.is_running] for number, lines in self._lines.items()
        }
        for number, lines in self._lines.items():
            for line in lines:
                if line.is_running:
                    continue
                alike = sum(
                    any(_is_set_alike(line, other) for other in settled.get(near, ()))
                    for near in range(number - _NEAR // 2, number + _NEAR // 2 + 1)
                )
                line.is_running = alike >= fewest

    def of(self, number: int) -> tuple[list[list[int]], list[list[int]]]:
        """Heads and feet of a page, from top to bottom, each as rows of the page's words."""
        lines = [line for line in self._lines[number] if line.is_running]
        heads = [line for line in lines if line.is_head]
        feet = [line for line in lines if not line.is_head]
        return (
            [line.words for line in sorted(heads, key=lambda line: line.distance)],
            [line.words for line in sorted(feet, key=lambda line: -line.distance)],
        )

    def labels(self) -> dict[int, str]:
        """The page numbers printed in running lines, where they count on from page to page."""
        printed = {
            number: {label for line in lines if line.is_running for label in _numbers(line.text)}
            for number, lines in self._lines.items()
        }
        return _counting_on(printed)


def _edge_lines(number: int, page: PageText) -> list[_EdgeLine]:
    baselines = page.boxes[:, 3] - page.descents
    is_upright = page.turns == 0
    found = []
    for is_head in (True, False):
        zone = (_ZONE_OF_NUMBERS if is_head else _ZONE) * page.height
        distances = baselines if is_head else page.height - baselines
        rows = np.flatnonzero(is_upright)
        rows = rows[np.argsort(distances[rows], kind="stable")]
        groups: list[list[int]] = []
        last = float("-inf")
        for row in rows.tolist():
            distance = float(distances[row])
            if distance - last > 0.3 * float(page.sizes[row]):
                if len(groups) > _MOST_LINES or last >= zone:
                    break
                groups.append([])
            groups[-1].append(row)
            last = distance
        for group, inner in zip_longest(groups, groups[1:]):
            distance = float(distances[group[0]])
            if distance >= zone:
                break
            gap = float(distances[inner[0]]) - distance if inner else page.height
            group.sort(key=lambda row: float(page.boxes[row, 0]))
            line = _edge_line(number, is_head, distance, group, gap, page)
            alone = [row for row in {group[0], group[-1]} if _is_number_in_margin(row, group, page)]
            if len(alone) < len(group):
                found.append(line)
            for row in alone:
                found.append(_edge_line(number, is_head, distance, [row], gap, page))
                found[-1].within = line
    return [line for line in found if line.distance < _ZONE * page.height or _NUMBER.search(line.text)]


def _edge_line(
    number: int, is_head: bool, distance: float, rows: list[int], gap: float, page: PageText
) -> _EdgeLine:
    size = float(page.sizes[rows].max())
    return _EdgeLine(number, is_head, distance, size, " ".join(page.texts[row] for row in rows), rows, gap)


def _is_number_in_margin(row: int, line: list[int], page: PageText) -> bool:
    """Whether a word of a line is a number that stands apart from it, left or right of the page's text."""
    if not _NUMBER.fullmatch(page.texts[row]) or page.sizes[row] < _NOTE_SIZE * np.median(page.sizes):
        return False
    space = _WIDE_GAP * page.sizes[row]
    is_left = page.boxes[:, 2] < page.boxes[row, 0] - space
    is_right = page.boxes[:, 0] > page.boxes[row, 2] + space
    others = [other for other in line if other != row]
    return bool((is_left | is_right)[others].all() and max(is_left.mean(), is_right.mean()) >= _OUTSIDE)


def _leave_text(lines: list[_EdgeLine]) -> None:
    """Of the lines at one edge, from the outermost, let those that the body runs on from not be running:
    text may well be the same on several pages. Numbers in the margin stand beside the body."""
    for line in reversed([line for line in lines if not line.within]):
        if line.is_running and line.gap >= _LEAST_GAP * line.size:
            break
        line.is_running = False


def _is_same_place(line: _EdgeLine, other: _EdgeLine) -> bool:
    return abs(line.distance - other.distance) <= _SAME_PLACE and abs(line.page - other.page) <= _NEAR


def _is_set_alike(line: _EdgeLine, other: _EdgeLine) -> bool:
    return (
        line.is_head == other.is_head
        and abs(line.distance - other.distance) <= 1.5
        and abs(line.size - other.size) <= 0.3
    )


def _numbers(text: str) -> list[str]:
    """The numbers in a running line, Arabic or Roman."""
    words = text.replace("/", " ").split()
    roman = [word for word in words if _ROMAN.fullmatch(word.lower().strip(".-–"))]
    return _NUMBER.findall(text) + [word.lower().strip(".-–") for word in roman]


def _value(label: str) -> int:
    if label.isdecimal():
        return int(label) if len(label) < 7 else -1
    values = [_ROMAN_DIGITS[digit] for digit in label]
    pairs = pairwise([*values, 0])
    return sum(-value if value < after else value for value, after in pairs)


def _counting_on(printed: dict[int, set[str]]) -> dict[int, str]:
    """For each page the printed number that a page before and after it count on to; pages without one
    that lie between such pages get the number that is missing."""
    series: dict[int, tuple[str, int]] = {}
    """For each page its label and by how much the label's value is ahead of the page's number."""
    for number, labels in printed.items():
        support = {}
        for label in labels:
            ahead = _value(label) - number
            is_roman = not label.isdecimal()
            support[label] = sum(
                any(
                    _value(other) - near == ahead and (not other.isdecimal()) == is_roman
                    for other in printed[near]
                )
                for near in range(number - 4, number + 5)
                if near != number and near in printed
            )
        best = max(support, key=lambda label: support[label], default=None)
        if best is not None and support[best] >= min(2, len(printed) - 1):
            series[number] = best, _value(best) - number
    found = {number: label for number, (label, _) in series.items()}
    for before, after in pairwise(sorted(series)):
        (label, ahead), (_, ahead_after) = series[before], series[after]
        if ahead == ahead_after and label.isdecimal():
            found |= {number: str(number + ahead) for number in range(before + 1, after)}
    return found
