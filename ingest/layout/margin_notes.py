"""Distinguishes notes in the margin from columns of text, labels, and the cells of a table."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ingest.drawn_words import Floats, Mask
from ingest.word_arrays import WordArrays, middle

MOST_NUMBERS = 0.4
"""Most part of the words of notes that are numbers; with more they are a column of a table."""
_SAME_BASELINE = 1.5
"""Points by which two baselines at the same height may differ."""
_WIDEST_MARGIN = 0.45
"""Greatest width of notes, as a part of the width of the text next to them."""
_WIDEST_SMALL_PRINT = 0.6
"""The same for notes in small print."""
_NARROWEST_NOTE = 3.0
"""Times the font size: narrower words are bullets and numbers of items."""
_NARROWEST_ON_THE_RIGHT = 1.0
"""The same on the right of the text, where there are no such signs."""
_FEWEST_WORDS_A_NOTE = 1.25
"""Least words on a line of a note, on average; with fewer they are codes and labels."""
_MOST_IN_MARGIN = 0.5
"""Most lines of notes for each line of the text next to them."""
_FEWEST_LINES_WITH_NOTES = 7
_SMALL_PRINT = 0.92
"""Times the font size of the text: the most that small print has."""
_BESIDE = 0.6
"""Times the font size of the text: so far from it small print in the margin stands."""
_LINES_OF_A_ROW = 5
"""Rows of a table have fewer lines than this; longer ones are paragraphs with notes next to them."""


def larger_print(words: WordArrays) -> Mask:
    """The words that are not set smaller than most: the text, and its headings."""
    return words.sizes > _SMALL_PRINT * middle(words.sizes)


def small_print_beside(words: WordArrays) -> tuple[Mask, Mask]:
    """The words of notes left and right of the text that are set smaller than it and stand wholly beside it;
    none where they are as many as the text, or numbers."""
    none = np.zeros(len(words.rows), dtype=np.bool_)
    usual = middle(words.sizes)
    text = words.sizes > _SMALL_PRINT * usual
    is_small = ~text
    if not is_small.any() or not text.any():
        return none, none
    x0, x1 = float(words.x0[text].min()), float(words.x1[text].max())
    top, bottom = words.baselines[text].min() - usual, words.baselines[text].max() + usual
    is_small &= (words.baselines >= top) & (words.baselines <= bottom)
    sides = is_small & (words.x1 <= x0 - _BESIDE * usual), is_small & (words.x0 >= x1 + _BESIDE * usual)
    left, right = (
        side if side.any() and _is_small_print(words, side, text, x1 - x0) else none for side in sides
    )
    return left, right


def _is_small_print(words: WordArrays, side: Mask, text: Mask, width: float) -> bool:
    own = float(words.x1[side].max() - words.x0[side].min())
    lines = len(_distinct(words.baselines[text]))
    return (
        own < _WIDEST_SMALL_PRINT * width
        and len(_distinct(words.baselines[side])) <= max(2, _MOST_IN_MARGIN * lines)
        and float(words.is_number[side].mean()) <= MOST_NUMBERS
        and not _runs_on_from_text(words, side)
    )


def _runs_on_from_text(words: WordArrays, side: Mask) -> bool:
    """Whether words of the margin are of lines that begin or end within the text, such as a long line of
    small print under a large title."""
    inner, outer = words.take(~side), words.take(side)
    heights = np.sort(outer.baselines)  # few of the words of a page are at the height of a note
    inner = inner.take(
        np.searchsorted(heights, inner.baselines - _SAME_BASELINE)
        < np.searchsorted(heights, inner.baselines + _SAME_BASELINE, side="right")
    )
    gaps = np.maximum(outer.x0[:, None] - inner.x1, inner.x0 - outer.x1[:, None])
    is_same_line = np.abs(outer.baselines[:, None] - inner.baselines) <= _SAME_BASELINE
    return bool((is_same_line & (gaps < _BESIDE * outer.sizes[:, None])).any())


def are_notes(words: WordArrays, text: Mask, notes: Mask, size: float) -> bool:
    """Whether words next to running text are notes, and not labels of its lines or the cells of a table.

    Args:
        text: which words are the running text.
        notes: which words may be notes.
        size: font size of the text.
    """
    lines, beside = _distinct(words.baselines[text]), _distinct(words.baselines[notes])
    narrowest = _NARROWEST_NOTE if words.x0[notes].min() < words.x0[text].min() else _NARROWEST_ON_THE_RIGHT
    widths = [float(words.x1[side].max() - words.x0[side].min()) for side in (text, notes)]
    if (
        len(lines) < _FEWEST_LINES_WITH_NOTES
        or len(beside) > _MOST_IN_MARGIN * len(lines)
        or not narrowest * size < widths[1] < _WIDEST_MARGIN * widths[0]
        or words.is_number[notes].mean() > MOST_NUMBERS
    ):
        return False
    leading = leading_of(lines)
    starts = [line for before, line in pairwise([-np.inf, *beside]) if line - before > 1.3 * leading]
    if len(lines) >= _LINES_OF_A_ROW * len(starts):
        return True
    if notes.sum() < _FEWEST_WORDS_A_NOTE * len(beside):
        return False
    if len(starts) == len(beside) and _at_height_of(lines, beside):
        return False
    rows = [line for before, line in pairwise([-np.inf, *lines]) if line - before > 1.1 * leading]
    return not _at_height_of(rows, starts)


def _distinct(baselines: Floats) -> list[float]:
    """The baselines without repetitions, from top to bottom."""
    ordered = np.sort(baselines)
    return [float(line) for line in ordered[np.append(True, np.diff(ordered) > _SAME_BASELINE)]]


def _at_height_of(lines: Sequence[float], others: Sequence[float]) -> bool:
    """Whether each of the other baselines is at the height of one of the lines."""
    return all(min(abs(line - other) for line in lines) <= _SAME_BASELINE for other in others)


def leading_of(baselines: Floats | list[float]) -> float:
    """The median distance between lines; 0 if there is none."""
    steps = np.diff(baselines)
    steps = steps[steps > 1.0]
    return float(np.median(steps)) if len(steps) else 0.0
