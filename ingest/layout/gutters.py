"""Finds the white gutter between two columns of a part of a page.

A gutter is a strip that no word crosses for several lines, with running text on both sides. Tables have such
strips too, but no running text beside them. If only one side is running text and the other has a few short
lines in the margin, these are notes. Spaces of justified lines that are above each other by chance are no
gutter.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask
from ingest.layout.margin_notes import MOST_NUMBERS, are_notes, larger_print, leading_of, small_print_beside
from ingest.tables.bare_tables import KnownTables
from ingest.word_arrays import WordArrays, middle

_FEWEST_WORDS = 24
"""A region with fewer words than this is not searched for columns."""
_FEWEST_LINES = 4
_NARROWEST_GUTTER = 0.6
"""Part of the font size."""
_NARROWEST_COLUMN = 9.0
"""Times the font size."""
_FEWEST_WORDS_A_LINE = 2.5
_FEWEST_WORDS_A_FULL_LINE = 1.5
"""Where nearly all lines are full: no word of the next one would have found a place on them."""
_FEWEST_FULL_LINES = 8
"""A few lines of a table may be full by chance."""
_MOST_FULL = 0.75
"""Part of the lines of running text that are full, at least."""
_LEAST_FILLED = 0.4
"""Part of the column's width that words cover, over all of its lines."""
_CELL_GAP = 1.2
"""Part of the font size: wider than any space between words, as between the cells of a table."""
_SPACE = 0.25
"""Part of the font size: the width of a usual space."""
_MOST_SCATTERED, _FEWEST_TOGETHER = 0.5, 4
"""Part of the lines right of a gutter that begin at one place, if it is none; fewer do so by chance."""
_WIDER = 1.3
"""Times the widest space of a line: so wide is a gutter at least."""
_MOST_ONE_SIDED = 0.5
"""Part of the lines of one side that go on at the same height on the other, if these are lines of two columns
that stand at other heights: lines of text with spaces under each other nearly all go on."""
_MOST_GAPS = 1.4
"""Gaps in a line of two columns, on an average."""
_LEAST_AT_EDGE = 0.1
"""Part of the lines of a column that begin at its edge, at least."""
_SAME_EDGE = 2.5
"""Points that lines of one column may begin apart."""
_SAME_LINE, _LEAST_SPACE = 0.6, 0.12
"""Part of the font size by which baselines of one line may differ; and least space between words of it."""
_HANGING = 1.5
"""Points that a letter or the rules of a table may reach out of a column on the left."""
_SAME_MEASURE = 1.5
"""Times the font size that the edges of one column, further up and down, may lie apart."""
_HEADINGS_APART = 2.0
"""Times the font size, between the headings of two columns."""
_LINES_TO_TRUST = 24
"""Lines beside a gutter, over the whole document, that make it known."""
_MOST_CROSSED = 0.15
"""Part of the lines that may cross a margin with notes, as headings do."""
_PAUSE = 1.6
"""Times the usual distance of lines: further apart, lines do not run on."""


class Gutter(NamedTuple):
    x: float
    top: float
    bottom: float
    """Baselines of the first and last line beside it."""
    notes: Literal["", "left", "right"] = ""
    """On which side of it only notes stand."""
    middle: float | None = None
    """Where most lines, on end or not, leave white between text; a box may stand across it."""


class KnownGutters:
    """Where the second columns of a document begin, learnt page by page.

    A document keeps its gutters. Once known, they also divide short lines, such as the counts of a vote,
    which by themselves could be a table.
    """

    def __init__(self) -> None:
        self._lines: Counter[int] = Counter()
        self.tables = KnownTables()

    def learn(self, start: float, lines: int) -> None:
        """A gutter was found: the column to its right begins at `start` and has so many lines."""
        self._lines[round(start / _SAME_EDGE)] += lines

    def starts(self) -> Iterable[float]:
        """The left edges of the columns that can be trusted."""
        return [slot * _SAME_EDGE for slot, lines in self._lines.items() if lines >= _LINES_TO_TRUST]


def find_gutter(words: WordArrays, known: KnownGutters) -> Gutter | None:
    """A gutter between running text; if there is none, one known from elsewhere in the document."""
    size = middle(words.sizes) if len(words.rows) else 0.0
    if size <= 0:
        return None
    if margin := _margin_of_small_print(words):
        return margin
    # Bands of a little more than half a line: finer than lines, so that columns need not be aligned.
    bands, band = np.unique(np.floor(words.baselines / (0.6 * size)).astype(np.int64), return_inverse=True)
    gutter = _widest_gutter(words, bands, band, size) if len(words.rows) >= _FEWEST_WORDS else None
    if gutter and not gutter.notes:
        is_right = (words.baselines >= gutter.top) & (words.baselines <= gutter.bottom)
        is_right &= words.x0 > gutter.x
        known.learn(*_edge_of_column(words.take(is_right)))
        return gutter
    found = (_known_gutter(words, band, len(bands), start, size) for start in known.starts())
    return next((before for before in found if before), gutter)


def _margin_of_small_print(words: WordArrays) -> Gutter | None:
    """The gutter between the text and notes that are set smaller, on one side of it. It ends with both: small
    print above or below them, such as footnotes, may be as wide as the text and its margin."""
    left, right = small_print_beside(words)
    if not left.any() and not right.any():
        return None
    text = larger_print(words)
    heights = words.baselines[text | left | right]
    if left.any():
        x = (float(words.x1[left].max()) + float(words.x0[text].min())) / 2
    else:
        x = (float(words.x1[text].max()) + float(words.x0[right].min())) / 2
    return Gutter(x, float(heights.min()), float(heights.max()), "left" if left.any() else "right")


def _edge_of_column(words: WordArrays) -> tuple[float, int]:
    """Where the lines of a column begin, and how many begin there: the texts of a list, of which there may be
    more, stand right of it."""
    order = np.lexsort((words.x0, words.baselines.round()))
    starts = words.x0[order][np.diff(words.baselines.round()[order], prepend=-1.0) > 0]
    edges = Counter(np.rint(starts / _SAME_EDGE).astype(np.int64).tolist())
    fewest = _LEAST_AT_EDGE * len(starts)
    edge, lines = min(
        (edge, lines) for edge, lines in edges.items() if lines >= fewest or lines == max(edges.values())
    )
    return edge * _SAME_EDGE, lines


def _known_gutter(words: WordArrays, band: Integers, bands: int, start: float, size: float) -> Gutter | None:
    """The first stretch of lines between which and a column beginning at `start` nothing stands."""
    edge = start - _NARROWEST_GUTTER * size
    if edge - words.x0.min() < _NARROWEST_COLUMN * size:
        return None  # left of it bullets or numbers may stand, but no column
    crossed, beside, before = np.zeros((3, bands), dtype=np.bool_)
    crossed[band[(words.x0 < start - _SAME_EDGE) & (words.x1 > edge)]] = True
    beside[band[np.abs(words.x0 - start) <= _SAME_EDGE]] = True
    beside |= _are_mirrored(words, band, bands, edge, size)
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
    bottom = _reach(baselines, top, max(leading_of(baselines), size))
    is_left = is_run & (words.x1 <= edge)
    if (is_left | (words.baselines <= bottom))[is_run].all() and _goes_on_in_column(
        words, is_left, bottom, size
    ):
        bottom = float(baselines[-1])
    is_beside = is_run & (words.baselines <= bottom)
    return None if _stands_in_cells(words.take(is_beside), size) else Gutter(edge, top, bottom)


def _are_mirrored(words: WordArrays, band: Integers, bands: int, edge: float, size: float) -> Mask:
    """Whether the words of each band stand in like manner left and right of a gutter, as the headings of two
    columns do when they are centred or set to its side."""
    left, right = words.x1 <= edge, (words.x0 > edge) & ~words.is_number
    begins, ends = np.full((2, bands), np.inf), np.full((2, bands), -np.inf)
    for side, mask in enumerate((left, right)):
        np.minimum.at(begins[side], band[mask], words.x0[mask])
        np.maximum.at(ends[side], band[mask], words.x1[mask])
    mirrored: Mask = np.isfinite(begins).all(axis=0)
    begins, ends = begins[:, mirrored], ends[:, mirrored]
    widths = ends - begins
    mirrored[mirrored] = (
        (begins[1] - ends[0] >= _HEADINGS_APART * size)
        & (np.abs(begins[0] + ends[1] - 2 * edge) <= 2 * size)
        & (widths.max(axis=0) <= 2 * widths.min(axis=0))
    )
    return mirrored


def _stands_in_cells(words: WordArrays, size: float) -> bool:
    """Whether the lines are in more pieces than two columns make, as those of a table are."""
    order = np.lexsort((words.x0, words.baselines.round()))
    is_same_line = np.diff(words.baselines.round()[order]) == 0
    gaps = (words.x0[order][1:] - words.x1[order][:-1])[is_same_line]
    return int((gaps > _CELL_GAP * size).sum()) > _MOST_GAPS * len(np.unique(words.baselines.round()))


def _widest_gutter(words: WordArrays, bands: Integers, band: Integers, size: float) -> Gutter | None:
    """The gutter with most lines of running text on both of its sides, else one with notes on one side."""
    covered, left, unit = _coverage(words, band, len(bands), size)
    places: Floats = left + unit * (np.arange(covered.shape[1], dtype=np.float64) + 0.5)
    starts, ends = _extents(words, band, len(bands))
    is_between = ~covered & (places > starts[:, None]) & (places < ends[:, None])
    # For each place the bands on end that leave it free: how many of them have text on both sides?
    counts = np.cumsum(is_between, axis=0, dtype=np.int16)
    passed = np.maximum.accumulate(np.where(covered, counts, 0), axis=0)
    lines_beside = (counts - passed).max(axis=0)
    best: Gutter | None = None
    best_run = slice(0, 0)
    margin: Gutter | None = None
    most = _FEWEST_LINES - 1
    while lines_beside.max(initial=0) > most:
        place = _middle_of_peak(lines_beside, covered)
        lines = int(lines_beside[place])
        run = _best_run(covered[:, place], is_between[:, place])
        if beside := _as_margin(words, band, run, float(places[place]), size):
            margin = margin or beside
        elif gutter := _as_gutter(words, band, run, float(places[place]), size):
            best, best_run, most = gutter, run, lines
        reach = max(1, round(size / unit))
        lines_beside[max(0, place - reach) : place + reach + 1] = 0
    if best is None:
        return margin or _few_notes(words, band, covered, places, size)
    grown = _past_hanging_marks(words, band, len(bands), best_run, best.x)
    if grown != best_run:
        best = _as_gutter(words, band, grown, best.x, size) or best
    return best._replace(middle=float(places[_middle_of_peak(is_between.sum(axis=0), covered)]))


def _past_hanging_marks(words: WordArrays, band: Integers, bands: int, run: slice, x: float) -> slice:
    """The bands beside a gutter at x, with those next to them where only a mark at the end of a line hangs
    into it, or a word that is too long for the left column: from x to the right column they are white, but
    for words that no space parts from that column."""
    _, right = _sides(words, band, run, x)
    edge = float(words.x0[right].min())
    is_across = (words.x0 < edge - _HANGING) & (words.x1 > x)
    is_across &= ~_are_too_long(words, is_across, edge)
    crossed = np.zeros(bands + 2, dtype=np.bool_)
    crossed[[0, -1]] = True
    crossed[1 + band[is_across]] = True
    above, below = np.flatnonzero(crossed[: run.start + 1]), np.flatnonzero(crossed[run.stop + 1 :])
    return slice(int(above[-1]), run.stop + int(below[0]))


def _are_too_long(words: WordArrays, is_across: Mask, edge: float) -> Mask:
    """Which words across a gutter touch or cover the word that begins a line of the right column at `edge`.
    In one line of text, a space would part them."""
    found = np.zeros(len(words.rows), dtype=np.bool_)
    beginning = words.take(np.abs(words.x0 - edge) <= _HANGING)
    if not len(beginning.rows):
        return found
    reaching = np.flatnonzero(is_across & (words.x0 + words.x1 < 2 * edge) & (words.x1 > edge - _HANGING))
    sizes = words.sizes[reaching, None]
    is_beside = np.abs(words.baselines[reaching, None] - beginning.baselines) < _SAME_LINE * sizes
    touches = beginning.x0 - words.x1[reaching, None] < _LEAST_SPACE * sizes
    found[reaching] = (is_beside & touches).any(axis=1)
    return found


def _few_notes(
    words: WordArrays, band: Integers, covered: Mask, places: Floats, size: float
) -> Gutter | None:
    """The gutter of a margin in which only a few notes stand, each beside a line or two of the text."""
    core = places[covered.sum(axis=0) > _MOST_CROSSED * len(covered)]
    if not len(core):
        return None
    reach = _NARROWEST_GUTTER * size  # as far from the notes as from the text
    left, right = words.x1[words.x1 < core[0]], words.x0[words.x0 > core[-1]]
    edges = [*([left.max() + reach] if len(left) else []), *([right.min() - reach] if len(right) else [])]
    everything = np.ones(len(covered), dtype=np.bool_)
    for x in edges:
        place = min(int(np.searchsorted(places, x)), len(places) - 1)
        run = _best_run(covered[:, place], everything)
        if gutter := _as_margin(words, band, run, float(x), size):
            return gutter
    return None


def _coverage(words: WordArrays, band: Integers, bands: int, size: float) -> tuple[Mask, float, float]:
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


def _extents(words: WordArrays, band: Integers, bands: int) -> tuple[Floats, Floats]:
    """Where the first word of each band ends and where its last word begins, its neighbours included."""
    starts, ends = np.full(bands, np.inf), np.full(bands, -np.inf)
    np.minimum.at(starts, band, words.x1)
    np.maximum.at(ends, band, words.x0)
    for _ in range(2):
        starts[1:], starts[:-1] = np.minimum(starts[1:], starts[:-1]), np.minimum(starts[:-1], starts[1:])
        ends[1:], ends[:-1] = np.maximum(ends[1:], ends[:-1]), np.maximum(ends[:-1], ends[1:])
    return starts, ends


def _middle_of_peak(heights: Integers, covered: Mask) -> int:
    """The middle of the first stretch with the greatest height, or of what fewest bands cover of it: marks at
    the end of a line may hang into the gutter."""
    peak = int(heights.argmax())
    lower = np.flatnonzero(heights[peak:] < heights[peak])
    end = peak + (int(lower[0]) if len(lower) else len(heights) - peak)
    crossings = covered[:, peak:end].sum(axis=0)
    clearest = peak + np.flatnonzero(crossings == crossings.min())
    return int(clearest[len(clearest) // 2])


def _best_run(is_covered: Mask, is_between: Mask) -> slice:
    """The bands on end that leave a place free and have most text on both sides of it."""
    edges = np.flatnonzero(np.concatenate([[True], is_covered, [True]]))
    counts = np.concatenate([[0], np.cumsum(is_between)])
    text = counts[np.minimum(edges[1:] - 1, len(is_between))] - counts[edges[:-1]]
    best = int(text.argmax())
    return slice(int(edges[best]), int(edges[best + 1]) - 1)


def _as_gutter(words: WordArrays, band: Integers, run: slice, x: float, size: float) -> Gutter | None:
    """The gutter at x beside these bands if both sides hold columns of running text."""
    left, right = _sides(words, band, run, x)
    for side in (left, right):
        near = _next_to(words, side, x, size)
        candidates = [side, near, *([side & ~near] if _is_end_of_text(words, band, side, near) else [])]
        if not any(_is_running_text(words, band, candidate, size) for candidate in candidates):
            return None
    if _is_river(words.take(left | right), x):
        return None
    baselines = [np.sort(words.baselines[side]) for side in (left, right)]
    leading = max(leading_of(values) for values in baselines)
    # Lines of one side that stand away from where both sides run on belong above or below.
    top = max(values[0] for values in baselines)
    bottom = min(values[-1] for values in baselines)
    both = np.sort(np.concatenate(baselines))
    bottom = _reach(both, bottom, leading)
    if _goes_on_in_column(words, left, bottom, size):
        bottom = float(both[-1])
    return Gutter(x, _reach(both, top, -leading), bottom)


def _goes_on_in_column(words: WordArrays, left: Mask, bottom: float, size: float) -> bool:
    """Whether the text under the end of a shorter right column is of the left one, as on last pages: as wide,
    and of several lines."""
    beside, below = (
        words.take(left & (words.baselines <= bottom)),
        words.take(left & (words.baselines > bottom)),
    )
    if not len(beside.rows) or len(np.unique(below.baselines.round())) < 2:
        return False
    edges = beside.x0.min() - below.x0.min(), beside.x1.max() - below.x1.max()
    return bool(np.abs(edges).max() <= _SAME_MEASURE * size)


def _as_margin(words: WordArrays, band: Integers, run: slice, x: float, size: float) -> Gutter | None:
    """The gutter at x beside these bands if one side is running text and the other holds notes on it."""
    left, right = _sides(words, band, run, x)
    sides: tuple[tuple[Mask, Mask, Literal["left", "right"]], ...] = (
        (right, left, "left"),
        (left, right, "right"),
    )
    for text, notes, side in sides:
        if (
            notes.any()
            and _is_running_text(words, band, text, size)
            and are_notes(words, text, notes, size)
            and not _is_river(words.take(text | notes), x)
        ):
            beside = words.baselines[text | notes]
            return Gutter(x, float(beside.min()), float(beside.max()), side)
    return None


def _sides(words: WordArrays, band: Integers, run: slice, x: float) -> tuple[Mask, Mask]:
    """The words of these bands left and right of x."""
    is_beside = (band >= run.start) & (band < run.stop)
    is_left = words.x0 + words.x1 < 2 * x
    return is_beside & is_left, is_beside & ~is_left


def _next_to(words: WordArrays, side: Mask, x: float, size: float) -> Mask:
    """Of the words of one side of x those of the column next to it."""
    near, far = np.abs(words.x0[side] - x), np.abs(words.x1[side] - x)
    near, far = np.minimum(near, far), np.maximum(near, far)
    order = np.argsort(near)
    reach = np.maximum.accumulate(far[order])
    ends = np.flatnonzero(near[order][1:] - reach[:-1] > _NARROWEST_GUTTER * size)
    return side if not len(ends) else side & (np.abs(words.x0 + words.x1 - 2 * x) < 2 * reach[ends[0]])


def _is_end_of_text(words: WordArrays, band: Integers, side: Mask, near: Mask) -> bool:
    """Whether the column next to a gutter is only a few lines at the head of its side, as the end of a text
    is."""
    lines = int(np.count_nonzero(np.bincount(band[near])))
    return (
        lines < _FEWEST_LINES
        and band[near].min() <= band[side].min() + 1
        and int(near.sum()) >= _FEWEST_WORDS_A_LINE * lines
        and float(words.is_number[near].mean()) <= MOST_NUMBERS
    )


def _is_running_text(words: WordArrays, band: Integers, side: Mask, size: float) -> bool:
    lines = int(np.count_nonzero(np.bincount(band[side])))
    count = int(side.sum())
    if lines < _FEWEST_LINES or count < _FEWEST_WORDS_A_FULL_LINE * lines:
        return False
    if count < _FEWEST_WORDS_A_LINE * lines and (
        lines < _FEWEST_FULL_LINES or not _are_full(words.take(side), band[side], size)
    ):
        return False
    width = float(words.x1[side].max() - words.x0[side].min())
    filled = float((words.x1[side] - words.x0[side]).sum()) / (lines * width)
    return (
        width >= _NARROWEST_COLUMN * size
        and filled >= _LEAST_FILLED
        and float(words.is_number[side].mean()) <= MOST_NUMBERS
    )


def _is_river(words: WordArrays, x: float) -> bool:
    """Whether it is by chance that the spaces of justified lines stand under each other at x: they are no
    wider there than others of their line, and what follows them does not begin at one place."""
    order = np.lexsort((words.x0, words.baselines.round()))
    x0, x1, lines = words.x0[order], words.x1[order], words.baselines.round()[order]
    is_same_line = np.diff(lines) == 0
    gaps = x0[1:] - x1[:-1]
    is_across = is_same_line & (x1[:-1] <= x) & (x0[1:] > x)
    across = np.flatnonzero(is_across)
    sides = x0 + x1 < 2 * x
    fewer = min(len(np.unique(lines[sides])), len(np.unique(lines[~sides])))
    if len(across) <= _MOST_ONE_SIDED * fewer:
        return False
    starts = np.sort(x0[1:][across])
    together = np.searchsorted(starts, starts + _SAME_EDGE, side="right") - np.arange(len(starts))
    if together.max() >= _FEWEST_TOGETHER and together.max() > _MOST_SCATTERED * len(starts):
        return False
    widest = dict.fromkeys(lines[1:][across].tolist(), 0.0)
    for gap, line in zip(
        gaps[is_same_line & ~is_across].tolist(), lines[1:][is_same_line & ~is_across].tolist(), strict=True
    ):
        if line in widest:
            widest[line] = max(widest[line], gap)
    wider = sum(gaps[place] > _WIDER * widest[lines[1 + place]] for place in across.tolist())
    return bool(wider <= len(across) / 2)


def _are_full(words: WordArrays, band: Integers, size: float) -> bool:
    """Whether nearly all lines have no room for the first word of the next, as those of running text."""
    order = np.lexsort((words.x0, band))
    starts = np.flatnonzero(np.diff(band[order], prepend=-1))
    ends = np.maximum.reduceat(words.x1[order], starts)
    first = order[starts[1:]]
    room = words.x1.max() - ends[:-1]
    is_full = room < words.x1[first] - words.x0[first] + _SPACE * size
    return float(is_full.mean()) >= _MOST_FULL


def _reach(baselines: Floats, start: float, leading: float) -> float:
    """How far lines run on from `start`, upwards if `leading` is negative."""
    ordered = baselines[baselines >= start] if leading > 0 else baselines[baselines <= start][::-1]
    pauses = np.flatnonzero(np.abs(np.diff(ordered)) > _PAUSE * abs(leading))
    return float(ordered[pauses[0]] if len(pauses) else ordered[-1])
