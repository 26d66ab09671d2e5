"""Boxes set into a page: the text in a frame or shade is a unit of its own, and the text around it reads on.

A frame is an inset if there are words inside and next to it and none across its edge, unless it surrounds
nearly the whole page or cells of a table.
"""

import numpy as np

from ingest.drawn_words import Floats, Mask
from ingest.word_arrays import WordArrays, middle

_TOUCHING = 2.0
"""Greatest gap between shades that are one, drawn line by line, in points."""
_FEWEST_WORDS = 4
_MOST_WORDS = 0.7
"""Greatest share of the words that a frame contains; one around more is the frame of the page."""
_OVER_EDGE = 0.2
"""How far a word may extend over the edge of its frame, as a share of its length."""
_SAME_BASELINE = 1.5
"""Greatest difference between baselines of words on one line, in points."""
_MOST_LINES_SHARED = 0.7
"""Greatest share of lines in a frame that continue next to it; with more it is around cells of a table,
unless they are full of words."""
_WORDS_OF_A_LINE = 3.0
"""Average number of words of a line of running text."""
_FEWEST_LINES_BESIDE = 3
_SET_IN = 3.0
"""In font sizes: so far right of the left column's edge a box at least begins beside which the right one has
ended."""
_FEWEST_LINES_ENDING = 2
"""Of a right column that ends above a box."""
_WORDS_OF_A_LINE_BESIDE = 2.0
"""The same for text next to a box, which may be narrow."""
_WHITE = 0.6
"""In font sizes: narrower strips are spaces between words."""
_PAUSE = 3.2
"""In font sizes: lines further apart belong to two boxes."""
_NEXT = 1.8
"""In font sizes: lines further apart do not continue each other."""
_AROUND = 6.0
"""In font sizes: greatest distance of the columns above and below an inset."""
_MOST_SHORT_LINES = 4
"""Most lines of a box above and below those that cross the gutter."""
_MOST_NUMBERS = 0.4
"""Greatest share of numbers among the words; with more it is a table of figures."""


def find_insets(frames: Floats, words: WordArrays) -> list[Mask]:
    """The words of each inset. A frame within another is part of that one."""
    found: list[Mask] = []
    if not len(frames) or not len(words.rows):
        return found
    is_free = np.ones(len(words.rows), dtype=np.bool_)
    frames = _merged(frames)
    areas = (frames[:, 2] - frames[:, 0]) * (frames[:, 3] - frames[:, 1])
    for frame in frames[np.argsort(-areas)]:
        inside = _inside(frame, words) & is_free
        if _is_inset(frame, inside, is_free, words):
            found.append(inside)
            is_free &= ~inside
    return found


def boxes_at_ends(frames: Floats, words: WordArrays) -> tuple[Mask, Mask]:
    """The words of framed boxes above all other text, and below it, with nothing beside them: a gutter of the
    columns does not run through these."""
    above, below = np.zeros((2, len(words.rows)), dtype=np.bool_)
    for frame in _merged(frames) if len(frames) and len(words.rows) else ():
        inside = _inside(frame, words)
        if not _FEWEST_WORDS <= inside.sum() <= _MOST_WORDS * len(inside) or (words.rows[inside] < 0).any():
            continue
        own, others = words.baselines[inside], words.baselines[~inside]
        line = float(np.median(words.sizes[inside])) / 2  # what reaches out of the box is on its lines
        if own.max() + line < others.min():
            above |= inside
        elif own.min() - line > others.max():
            below |= inside
    return above, below


def _merged(frames: Floats) -> Floats:
    """The frames; those of the same width that touch at top and bottom are joined."""
    ordered = frames[np.lexsort((frames[:, 1], np.rint(frames[:, 2]), np.rint(frames[:, 0])))]
    merged: list[Floats] = []
    for frame in ordered:
        if merged and _follows(merged[-1], frame):
            merged[-1][3] = max(merged[-1][3], frame[3])
        else:
            merged.append(frame.copy())
    return np.array(merged)


def _follows(upper: Floats, lower: Floats) -> bool:
    is_same_width = bool((np.abs(upper[[0, 2]] - lower[[0, 2]]) <= _TOUCHING).all())
    return is_same_width and bool(lower[1] - upper[3] <= _TOUCHING)


def _middles(words: WordArrays) -> Floats:
    return words.baselines - 0.3 * words.sizes


def _inside(frame: Floats, words: WordArrays) -> Mask:
    x0, top, x1, bottom = frame
    middles = _middles(words)
    over = _OVER_EDGE * (words.x1 - words.x0)
    inside: Mask = (words.x0 >= x0 - over) & (words.x1 <= x1 + over) & (middles > top) & (middles < bottom)
    return inside


def _is_inset(frame: Floats, inside: Mask, is_free: Mask, words: WordArrays) -> bool:
    if inside.sum() < _FEWEST_WORDS or inside.sum() > _MOST_WORDS * len(inside):
        return False
    middles = _middles(words)
    is_beside = is_free & ~inside & (middles > frame[1]) & (middles < frame[3])
    is_across = is_beside & (words.x0 < frame[2]) & (words.x1 > frame[0])
    if is_across.any() or words.is_number[inside].mean() > _MOST_NUMBERS:
        return False
    lines, others = _lines(words.baselines[inside]), _lines(words.baselines[is_beside])
    is_text_beside = (
        len(others) >= _FEWEST_LINES_BESIDE
        and is_beside.sum() >= _WORDS_OF_A_LINE_BESIDE * len(others)
        and words.is_number[is_beside].mean() <= _MOST_NUMBERS
    )
    if len(lines) < 2 or not is_text_beside:
        return False
    shared = sum(bool((np.abs(others - line) <= _SAME_BASELINE).any()) for line in lines)
    return shared <= _MOST_LINES_SHARED * len(lines) or inside.sum() >= _WORDS_OF_A_LINE * len(lines)


def _lines(baselines: Floats) -> Floats:
    """The distinct baselines."""
    ordered = np.sort(baselines)
    distinct: Floats = ordered[np.append(True, np.diff(ordered) > _SAME_BASELINE)[: len(ordered)]]
    return distinct


def inset_in_gutter(words: WordArrays, x: float) -> Mask | None:
    """The words of a box without a frame in the gutter at x, between two columns that continue above and
    below it; None if there is none."""
    size = middle(words.sizes)
    space = _WHITE * size
    is_across = (words.x0 < x + space / 2) & (words.x1 > x - space / 2)
    if not is_across.any():
        return None
    # Groups of lines across the gutter, with lines of both columns above and below.
    lines = _lines(words.baselines[is_across])
    end = words.baselines[words.x0 >= x + space / 2].max(initial=-np.inf)
    for group in np.split(lines, np.flatnonzero(np.diff(lines) > _PAUSE * size) + 1):
        has_ended = bool(end <= group[-1] + _SAME_BASELINE)
        inset = _white_inset(words, x, float(group[0]), float(group[-1]), size, is_alone=has_ended)
        if inset is not None and _has_columns_around(words, inset, x):
            return inset
    return None


def _white_inset(
    words: WordArrays, x: float, top: float, bottom: float, size: float, *, is_alone: bool
) -> Mask | None:
    """The words between these lines, and on short lines next to them, that gaps separate from the columns;
    `is_alone` if there need be no text of the columns beside them."""
    space = _WHITE * size
    inset: Mask = np.zeros(len(words.rows), dtype=np.bool_)
    for _ in range(_MOST_SHORT_LINES):
        is_beside = (words.baselines >= top - _SAME_BASELINE) & (words.baselines <= bottom + _SAME_BASELINE)
        x0, x1 = _cluster(words.take(is_beside), x, space)
        inset = is_beside & (words.x0 >= x0) & (words.x1 <= x1)
        sides = is_beside & (words.x1 < x0), is_beside & (words.x0 > x1)
        if not is_alone and not any(side.any() for side in sides):  # one side may be too narrow for text
            return None
        near = ~is_beside & (words.x1 > x0 - space) & (words.x0 < x1 + space)
        near &= (words.baselines > top - _NEXT * size) & (words.baselines < bottom + _NEXT * size)
        short = near & (words.x0 >= x0 - _TOUCHING) & (words.x1 <= x1 + _TOUCHING)
        grown = (
            [
                line
                for line in _lines(words.baselines[short])
                if not (near & ~short & (np.abs(words.baselines - line) <= _SAME_BASELINE)).any()
            ]
            if short.any()
            else []
        )
        if not grown:
            break
        top, bottom = min(top, *grown), max(bottom, *grown)
    lines = len(_lines(words.baselines[inset])) if inset.any() else 0
    return inset if lines >= 2 and inset.sum() >= _FEWEST_WORDS else None


def _cluster(words: WordArrays, x: float, space: float) -> tuple[float, float]:
    """The left and right end of the words around x that no strip of white divides."""
    order = np.argsort(words.x0)
    reach = np.maximum.accumulate(words.x1[order])
    starts = np.append(True, words.x0[order][1:] - reach[:-1] > space)
    number = np.cumsum(starts) - 1
    begins, ends = (
        words.x0[order][starts],
        np.array([reach[number == n].max() for n in range(number[-1] + 1)]),
    )
    place = int(np.abs((begins + ends) / 2 - x).argmin())
    return float(begins[place]), float(ends[place])


def _has_columns_around(words: WordArrays, inset: Mask, x: float) -> bool:
    """Whether, right above and below an inset, there are words on both sides of the gutter and none in it,
    and the lines on its right share their left edge. The right column may end above the inset."""
    above = ~inset & (words.baselines < words.baselines[inset].min())
    below = ~inset & (words.baselines > words.baselines[inset].max())
    reach = _AROUND * middle(words.sizes)
    near = [
        above & (words.baselines > words.baselines[inset].min() - reach),
        below & (words.baselines < words.baselines[inset].max() + reach),
    ]
    is_left, is_right = words.x1 <= x, words.x0 >= x
    if any((part & ~is_left & ~is_right).any() or not (part & is_left).any() for part in near):
        return False
    goes_on = bool((below & is_right).any())
    if not goes_on and words.x0[inset].min() - words.x0.min() < _SET_IN * middle(words.sizes):
        return False  # text that goes on below both columns, from edge to edge
    right = [part & is_right for part in (near if goes_on else [above])]
    if not all(part.any() for part in right):
        return False
    start = min(float(words.x0[part].min()) for part in right)
    begins = is_right & (np.abs(words.x0 - start) <= _TOUCHING)
    begun = [_lines(words.baselines[part & begins]) for part in ([above, below] if goes_on else [above])]
    return all(map(len, begun)) and sum(map(len, begun)) >= (
        _FEWEST_LINES_BESIDE if goes_on else _FEWEST_LINES_ENDING
    )
