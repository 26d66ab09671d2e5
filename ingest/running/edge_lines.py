"""The lines near the top and bottom of a page, and how each relates to the text of the page."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from ingest.drawn_words import Floats, Integers, PageText
from ingest.lines.lines import WIDE_GAP
from ingest.word_arrays import middle

_ZONE = 0.12
"""Part of the page's height, at the top and at the bottom, in which running lines are looked for."""
_ZONE_OF_NUMBERS = 0.15
"""The same at the top, for lines that contain a number."""
_MARGIN_GAP = 1.5
"""Times the font size: the least gap between a page number in the margin and the text next to it."""
_NOTE_SIZE = 0.8
"""Times the usual font size: smaller numbers belong to notes."""
_OUTSIDE = 0.95
"""Part of the page's words that have to be on one side of a number in the margin."""
_MOST_LINES = 4
"""Lines that are looked at in each zone."""
_BEYOND = 4
"""Lines beyond the zone that are looked at, to measure how far its lines are from the next ones."""
_SAME_LINE = 0.3
"""Part of the font size by which baselines of one line may differ."""
_LEAST_GAP = 1.25
"""Times the page's line spacing: a line that is further from the next one is apart from it."""
_LEAST_LEADING = 1.15
"""Times the font size: the least line spacing. Where columns are not aligned, a smaller one is measured."""
_SAME_SIZE = 0.08
_LARGE = 1.16
"""Times the font size of most of the page: larger lines may be headings."""
_SAME_EDGE = 3.0
"""Points by which the edges of a column heading and of the cells under it may differ."""
_CELLS = 3
"""So many headings over as many cells belong to a table, however far above it they are."""

NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ALONE = re.compile(
    r"\W*(\b(p|pp|pg|s|f|blz)\b\W*)?(\d{1,4}|[ivxlc]{1,7})(\s*[/|-]\s*\d{1,4})?\W*", re.IGNORECASE
)
"""A page number with nothing but dashes, dots or brackets around it."""


@dataclass(slots=True, eq=False)
class EdgeLine:
    """A line near an edge of a page."""

    page: int
    is_head: bool
    distance: float
    """Points from that edge to the baseline."""
    size: float
    face: int
    words: list[int]
    """Rows of the page's words."""
    text: str
    is_apart: bool
    """Whether the next line inward is further away than lines of this page usually are from each other."""
    is_large: bool
    """Whether it is larger than most of the page, as headings are."""
    is_quiet: bool
    """Whether it is smaller than most of the page, or in another face that is not bold."""
    is_over_cells: bool
    """Whether the next line inward consists of table cells, and this one of the headings of their columns."""
    inner: "EdgeLine | None" = None
    """The next line inward, if it is near the edge, too."""
    within: "EdgeLine | None" = None
    """For a number in the margin: the whole line that it is on."""
    is_running: bool = False
    _names: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Its words in lower case, each number replaced by #."""
        if not self._names:
            self._names = NUMBER.sub("#", self.text.lower()).split()
        return self._names

    @property
    def shape(self) -> str:
        """Its words with each number replaced by #, Roman ones too: the same wherever the line recurs."""
        return " ".join("#" if _ROMAN.fullmatch(name.strip(".-–")) else name for name in self.names)

    @property
    def numbers(self) -> list[str]:
        """Its numbers as text, first the Arabic ones, then the Roman ones."""
        words = self.text.replace("/", " ").split()
        roman = [word for word in words if _ROMAN.fullmatch(word.lower().strip(".-–"))]
        return NUMBER.findall(self.text) + [word.lower().strip(".-–") for word in roman]

    @property
    def is_text(self) -> bool:
        """Whether it has at least two letters or digits; anything less may be a blot on a scan."""
        return sum(map(str.isalnum, self.text)) > 1

    @property
    def is_number(self) -> bool:
        """Whether it consists of a page number only."""
        return _ALONE.fullmatch(self.text) is not None


def value_of(label: str) -> int:
    """The value of an Arabic or Roman number; -1 if it is too long."""
    if label.isdecimal():
        return int(label) if len(label) < 7 else -1
    values = [_ROMAN_DIGITS[digit] for digit in label]
    pairs = pairwise([*values, 0])
    return sum(-value if value < after else value for value, after in pairs)


class _Word(NamedTuple):
    """A word near an edge of a page."""

    distance: float
    """Points from the edge to the baseline."""
    row: int
    x0: float
    x1: float
    size: float
    face: int


class _Usual(NamedTuple):
    """Font size, face and line spacing of most of a page."""

    size: float
    face: int
    leading: float
    """Points from line to line."""


def edge_lines(number: int, page: PageText, rows: Integers) -> list[EdgeLine]:
    """The upright lines near the top and bottom of a page.

    Args:
        number: of the page.
        rows: those of its words that may be part of such a line.
    """
    rows = rows[page.turns[rows] == 0]
    if not len(rows):
        return []
    baselines = page.boxes[rows, 3] - page.descents[rows]
    usual = _usual(page, rows, baselines)
    found: list[EdgeLine] = []
    for is_head in (True, False):
        zone = (_ZONE_OF_NUMBERS if is_head else _ZONE) * page.height
        distances = baselines if is_head else page.height - baselines
        near = np.flatnonzero(distances < zone + _BEYOND * usual.leading)
        near = near[np.argsort(distances[near], kind="stable")]
        groups = _groups(_near_words(page, rows[near], distances[near]), zone)
        outer: EdgeLine | None = None
        for place, group in enumerate(groups[:_MOST_LINES]):
            if group[0].distance >= zone:
                break
            if _is_raised(group, [*groups[max(0, place - 1) : place], *groups[place + 1 : place + 2]]):
                continue
            inner = groups[place + 1 : place + 3]
            line = _edge_line(number, is_head, group, inner, page, usual)
            if outer:
                outer.inner = line
            outer = line
            alone = [word for word in {group[0], group[-1]} if _is_number_in_margin(word, group, page)]
            if len(alone) < len(group):
                found.append(line)
            for word in alone:
                found.append(_edge_line(number, is_head, [word], inner, page, usual))
                found[-1].within = line
    return [line for line in found if line.distance < _ZONE * page.height or NUMBER.search(line.text)]


def _usual(page: PageText, rows: Integers, baselines: Floats) -> _Usual:
    sizes = page.sizes[rows]
    size = float(np.partition(sizes, len(rows) // 2)[len(rows) // 2])
    steps = np.diff(np.sort(baselines[sizes >= 0.8 * size]))
    half_points = np.rint(2 * steps[steps > _SAME_LINE * size]).astype(np.int64)
    leading = int(np.bincount(half_points).argmax()) / 2 if len(half_points) else 0.0
    face = Counter(page.faces[rows].tolist()).most_common(1)[0][0]
    return _Usual(size, face, max(leading, _LEAST_LEADING * size))


def _near_words(page: PageText, rows: Integers, distances: Floats) -> list[_Word]:
    columns = (distances, rows, page.boxes[rows, 0], page.boxes[rows, 2], page.sizes[rows], page.faces[rows])
    return list(map(_Word, *(column.tolist() for column in columns)))


def _groups(words: list[_Word], zone: float) -> list[list[_Word]]:
    """The lines in the zone, from the edge inward, and two beyond it; the words of each from left to
    right."""
    groups: list[list[_Word]] = []
    last = float("-inf")
    beyond = 0
    for word in words:
        if word.distance - last > _SAME_LINE * word.size:
            beyond += last >= zone or len(groups) >= _MOST_LINES
            if beyond > 2:
                break
            groups.append([])
        groups[-1].append(word)
        last = word.distance
    return [sorted(group, key=_left) if len(group) > 1 else group for group in groups]


_left = attrgetter("x0")


def _is_raised(line: list[_Word], beside: list[list[_Word]]) -> bool:
    """Whether a line is nothing but the raised number of a note, next to a word of the line above or below.

    Such numbers increase from page to page, as page numbers do.
    """
    (mark, *others) = line
    return not others and any(
        mark.size < _NOTE_SIZE * word.size
        and abs(mark.distance - word.distance) < word.size
        and min(abs(word.x0 - mark.x1), abs(mark.x0 - word.x1)) < mark.size
        for other in beside
        for word in other
    )


def _edge_line(
    number: int, is_head: bool, group: list[_Word], inner: list[list[_Word]], page: PageText, usual: _Usual
) -> EdgeLine:
    distance = min(word.distance for word in group)
    size = max(word.size for word in group)
    faces = {word.face for word in group}
    face = faces.pop() if len(faces) == 1 else Counter(word.face for word in group).most_common(1)[0][0]
    gap = inner[0][0].distance - distance if inner else page.height
    step = inner[1][0].distance - inner[0][0].distance if len(inner) > 1 else 0.0
    is_apart = gap > _LEAST_GAP * usual.leading
    rows = [word.row for word in group]
    is_other_face = face != usual.face
    return EdgeLine(
        number,
        is_head,
        distance,
        size,
        face,
        rows,
        " ".join([page.texts[row] for row in rows]),
        is_apart=is_apart,
        is_large=size > _LARGE * usual.size,
        is_quiet=size < (1 - _SAME_SIZE) * usual.size or (is_other_face and not page.bold[rows].any()),
        is_over_cells=bool(inner)
        and _are_over_cells(group, inner[0], not is_apart or gap <= _LEAST_GAP * step),
    )


def _are_over_cells(line: list[_Word], inner: list[_Word], is_tight: bool) -> bool:
    """Whether a line consists of the headings of table columns, and the next one of the cells under them."""
    cells = _pieces(inner)
    if len(cells) < 2:
        return False
    pieces = _pieces(line)
    over = sum(any(_is_under(piece, cell) for cell in cells) for piece in pieces)
    return over >= _CELLS or (is_tight and over == len(pieces))


def _pieces(line: list[_Word]) -> list[tuple[float, float]]:
    """Left and right edges of the parts of a line between wide gaps."""
    pieces = [(line[0].x0, line[0].x1)]
    for word in line[1:]:
        if word.x0 - pieces[-1][1] <= WIDE_GAP * word.size:
            pieces[-1] = pieces[-1][0], max(word.x1, pieces[-1][1])
        else:
            pieces.append((word.x0, word.x1))
    return pieces


def _is_under(heading: tuple[float, float], cell: tuple[float, float]) -> bool:
    """Whether a cell is aligned with a heading: on the left, on the right or centred."""
    left, right = heading[0] - cell[0], heading[1] - cell[1]
    return min(abs(left), abs(right), abs(left + right) / 2) <= _SAME_EDGE


def _is_number_in_margin(word: _Word, line: list[_Word], page: PageText) -> bool:
    """Whether a word is a number apart from the rest of its line, left or right of the page's text."""
    if not NUMBER.fullmatch(page.texts[word.row]):
        return False
    space = _MARGIN_GAP * word.size
    left, right = word.x0 - space, word.x1 + space
    if not all(other.x1 < left or other.x0 > right for other in line if other is not word):
        return False
    if word.size < _NOTE_SIZE * middle(page.sizes):
        return False
    outside = max((page.boxes[:, 2] < left).mean(), (page.boxes[:, 0] > right).mean())
    return bool(outside >= _OUTSIDE)
