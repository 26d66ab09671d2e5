"""Find the columns of a page by the white gutters between them.

A gutter is a strip that no word crosses over several lines on end, with running text on both of its sides.
The words between its upper and lower end are cut in two there; what lies above and below stands apart; and
every part is looked at again. So a page may change from one column to two or three and back, and the two
languages of a page drawn row by row never mix. Tables have strips too, but no running text beside them:
they stay whole (`ingest.lines` sees to their cells).
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.page_text import Floats, Integers

_Mask = npt.NDArray[np.bool_]

_FEWEST_WORDS = 24
"""A region with fewer words than this is not searched for columns."""
_FEWEST_LINES = 4
_NARROWEST_GUTTER = 0.6
"""Part of the font size."""
_NARROWEST_COLUMN = 9.0
"""Times the font size."""
_FEWEST_WORDS_A_LINE = 2.5
_LEAST_FILLED = 0.4
"""Part of the column's width that words cover, over all of its lines."""
_MOST_NUMBERS = 0.4
"""Part of the words that are numbers; more than that is a column of a table."""
_DEEPEST = 12
_SAME_EDGE = 2.5
"""Points that lines of one column may begin apart."""
_LINES_TO_TRUST = 80
"""Lines beside a gutter, over the whole document, that make it known."""
_PAUSE = 1.6
"""Times the usual distance of lines: further apart, lines do not run on."""


class Words(NamedTuple):
    """What counts of a region's words; row i of each array is one word."""

    rows: Integers
    """Which words of the page these are."""
    x0: Floats
    x1: Floats
    baselines: Floats
    sizes: Floats
    bold: _Mask
    is_number: _Mask
    """Words with a digit and without a letter."""

    def take(self, mask: _Mask | Integers) -> "Words":
        """Some of the words, chosen by a mask or by their places."""
        return Words(
            self.rows[mask],
            self.x0[mask],
            self.x1[mask],
            self.baselines[mask],
            self.sizes[mask],
            self.bold[mask],
            self.is_number[mask],
        )


class _Gutter(NamedTuple):
    x: float
    top: float
    bottom: float
    """Baselines of the first and last line beside it."""


class KnownGutters:
    """Where the second columns of a document begin, learnt page by page.

    A document keeps its gutters: once known, they part short lines too, such as the counts of a vote,
    that by themselves could be a table.
    """

    def __init__(self) -> None:
        self._lines: Counter[int] = Counter()

    def learn(self, start: float, lines: int) -> None:
        """A gutter was found: the column right of it begins at `start`, beside so many lines."""
        self._lines[round(start / _SAME_EDGE)] += lines

    def starts(self) -> Iterable[float]:
        """Left edges of the columns that are to be trusted."""
        return [slot * _SAME_EDGE for slot, lines in self._lines.items() if lines >= _LINES_TO_TRUST]


def columns(words: Words, known: KnownGutters, depth: int = 0) -> list[Words]:
    """The words parted into regions of one column each, in reading order."""
    gutter = _find_gutter(words, known) if depth < _DEEPEST else None
    if gutter is None:
        return [words] if len(words.rows) else []
    is_above, is_below = words.baselines < gutter.top - 0.1, words.baselines > gutter.bottom + 0.1
    is_left = words.x0 + words.x1 < 2 * gutter.x
    is_beside = ~is_above & ~is_below
    parts = (is_above, is_beside & is_left, is_beside & ~is_left, is_below)
    return [region for part in parts for region in columns(words.take(part), known, depth + 1)]


def _find_gutter(words: Words, known: KnownGutters) -> _Gutter | None:
    """A gutter between running text, else one known from elsewhere in the document."""
    size = float(np.median(words.sizes)) if len(words.rows) else 0.0
    if size <= 0:
        return None
    # Bands of a little more than half a line: finer than lines, so that columns need not be aligned.
    bands, band = np.unique(np.floor(words.baselines / (0.6 * size)).astype(np.int64), return_inverse=True)
    if len(words.rows) >= _FEWEST_WORDS and (gutter := _widest_gutter(words, bands, band, size)):
        is_right = (words.baselines >= gutter.top) & (words.baselines <= gutter.bottom)
        is_right &= words.x0 > gutter.x
        edges = Counter(np.rint(words.x0[is_right] / _SAME_EDGE).astype(np.int64).tolist())
        start, lines = edges.most_common(1)[0]
        known.learn(start * _SAME_EDGE, lines)
        return gutter
    found = (_known_gutter(words, band, len(bands), start, size) for start in known.starts())
    return next((gutter for gutter in found if gutter), None)


def _known_gutter(words: Words, band: Integers, bands: int, start: float, size: float) -> _Gutter | None:
    """The first stretch of lines between which and a column beginning at `start` nothing stands."""
    edge = start - _NARROWEST_GUTTER * size
    crossed, beside, before = np.zeros((3, bands), dtype=np.bool_)
    crossed[band[(words.x0 < start - _SAME_EDGE) & (words.x1 > edge)]] = True
    beside[band[np.abs(words.x0 - start) <= _SAME_EDGE]] = True
    before[band[words.x1 <= edge]] = True
    # Lines of both columns at one height, be it a band higher or lower.
    near = before | np.append(before[1:], False) | np.append(False, before[:-1])
    anchors = np.flatnonzero(beside & near & ~crossed)
    if not len(anchors):
        return None
    ends = np.flatnonzero(crossed & (np.arange(bands) > anchors[0]))
    is_run = (band >= anchors[0] - (not before[anchors[0]])) & (band < (ends[0] if len(ends) else bands))
    baselines = np.sort(words.baselines[is_run])
    top = float(baselines[0])
    return _Gutter(edge, top, _reach(baselines, top, max(_leading(baselines), size)))


def _widest_gutter(words: Words, bands: Integers, band: Integers, size: float) -> _Gutter | None:
    """The gutter with most lines of running text on both of its sides, if there is one."""
    covered, left, unit = _coverage(words, band, len(bands), size)
    places = left + unit * (np.arange(covered.shape[1]) + 0.5)
    starts, ends = _extents(words, band, len(bands))
    is_between = ~covered & (places > starts[:, None]) & (places < ends[:, None])
    # For each place the bands on end that leave it free: how many of them have text on both sides?
    counts = np.cumsum(is_between, axis=0, dtype=np.int16)
    passed = np.maximum.accumulate(np.where(covered, counts, 0), axis=0)
    lines_beside = (counts - passed).max(axis=0)
    best: _Gutter | None = None
    most = _FEWEST_LINES - 1
    while lines_beside.max(initial=0) > most:
        place = _middle_of_peak(lines_beside)
        lines = int(lines_beside[place])
        run = _best_run(covered[:, place], is_between[:, place])
        if gutter := _as_gutter(words, band, run, float(places[place]), size):
            best, most = gutter, lines
        reach = max(1, round(size / unit))
        lines_beside[max(0, place - reach) : place + reach + 1] = 0
    return best


def _coverage(words: Words, band: Integers, bands: int, size: float) -> tuple[_Mask, float, float]:
    """Which places of each band words cover, half a gutter included; the left edge and unit of places."""
    margin = 0.5 * _NARROWEST_GUTTER * size
    left = float(words.x0.min()) - margin
    width = float(words.x1.max()) + margin - left
    unit = max(1.0, width / 1000)
    count = int(width / unit) + 2
    first = ((words.x0 - margin - left) / unit).astype(np.int64)
    last = np.ceil((words.x1 + margin - left) / unit).astype(np.int64)
    cells = bands * count
    changes = np.bincount(band * count + first, minlength=cells)
    changes -= np.bincount(band * count + np.minimum(last, count - 1), minlength=cells)
    covered = np.cumsum(changes.reshape(bands, count), axis=1, dtype=np.int16) > 0
    return covered, left, unit


def _extents(words: Words, band: Integers, bands: int) -> tuple[Floats, Floats]:
    """Where the text of each band begins and ends, its neighbours included."""
    starts, ends = np.full(bands, np.inf), np.full(bands, -np.inf)
    np.minimum.at(starts, band, words.x0)
    np.maximum.at(ends, band, words.x1)
    for _ in range(2):
        starts[1:], starts[:-1] = np.minimum(starts[1:], starts[:-1]), np.minimum(starts[:-1], starts[1:])
        ends[1:], ends[:-1] = np.maximum(ends[1:], ends[:-1]), np.maximum(ends[:-1], ends[1:])
    return starts, ends


def _middle_of_peak(heights: Integers) -> int:
    """The middle of the first stretch with the greatest height."""
    peak = int(heights.argmax())
    lower = np.flatnonzero(heights[peak:] < heights[peak])
    return peak + (int(lower[0]) if len(lower) else len(heights) - peak) // 2


def _best_run(is_covered: _Mask, is_between: _Mask) -> slice:
    """The bands on end that leave a place free and have most text on both sides of it."""
    edges = np.flatnonzero(np.concatenate([[True], is_covered, [True]]))
    counts = np.concatenate([[0], np.cumsum(is_between)])
    text = counts[np.minimum(edges[1:] - 1, len(is_between))] - counts[edges[:-1]]
    best = int(text.argmax())
    return slice(int(edges[best]), int(edges[best + 1]) - 1)


def _as_gutter(words: Words, band: Integers, run: slice, x: float, size: float) -> _Gutter | None:
    """The gutter at x beside these bands if both sides hold columns of running text."""
    is_beside = (band >= run.start) & (band < run.stop)
    is_left = words.x0 + words.x1 < 2 * x
    sides = is_beside & is_left, is_beside & ~is_left
    if not all(_is_running_text(words, band, side, size) for side in sides):
        return None
    baselines = [np.sort(words.baselines[side]) for side in sides]
    leading = max(_leading(values) for values in baselines)
    # Lines of one side that stand away from where both sides run on belong above or below.
    top = max(values[0] for values in baselines)
    bottom = min(values[-1] for values in baselines)
    both = np.sort(np.concatenate(baselines))
    return _Gutter(x, _reach(both, top, -leading), _reach(both, bottom, leading))


def _is_running_text(words: Words, band: Integers, side: _Mask, size: float) -> bool:
    lines = len(np.unique(band[side]))
    count = int(side.sum())
    if lines < _FEWEST_LINES or count < _FEWEST_WORDS_A_LINE * lines:
        return False
    width = float(words.x1[side].max() - words.x0[side].min())
    filled = float((words.x1[side] - words.x0[side]).sum()) / (lines * width)
    return (
        width >= _NARROWEST_COLUMN * size
        and filled >= _LEAST_FILLED
        and float(words.is_number[side].mean()) <= _MOST_NUMBERS
    )


def _leading(baselines: Floats) -> float:
    """The usual distance of lines."""
    steps = np.diff(baselines)
    steps = steps[steps > 1.0]
    return float(np.median(steps)) if len(steps) else 0.0


def _reach(baselines: Floats, start: float, leading: float) -> float:
    """How far lines run on from `start`, upwards if `leading` is negative."""
    ordered = baselines[baselines >= start] if leading > 0 else baselines[baselines <= start][::-1]
    pauses = np.flatnonzero(np.abs(np.diff(ordered)) > _PAUSE * abs(leading))
    return float(ordered[pauses[0]] if len(pauses) else ordered[-1])
