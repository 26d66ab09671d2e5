"""Finds the likeliest path through two texts, bead by bead, and how likely each bead is.

Viterbi for the path, the forward-backward algorithm for the probabilities.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np

from index.translations.evidence import MOVES, Evidence, Floats


class Step(NamedTuple):
    """Units of the left text and those of the right matched with them, by number; a side may be empty."""

    left: range
    right: range

    @property
    def is_pair(self) -> bool:
        """Whether neither side is empty."""
        return bool(self.left and self.right)


_RIGHT_ALONE = next(number for number, move in enumerate(MOVES) if not move.left and move.right == 1)

_ROUNDING = 1e-6
"""Largest difference between equal sums of evidence that rounding may cause."""


def best_path(evidence: Evidence) -> list[Step]:
    """The likeliest way through both texts (Viterbi)."""
    reached: list[Floats] = []
    moves = []
    for row, (first, last) in enumerate(evidence.band):
        arriving = _arriving(evidence, evidence.scores(row), reached, row)
        best = arriving.argmax(axis=0).astype(np.int8)
        likely = arriving.max(axis=0)
        ramp = np.arange(last - first + 1) * MOVES[_RIGHT_ALONE].prior
        passing = np.maximum.accumulate(likely - ramp) + ramp
        is_passed = passing > likely + _ROUNDING
        best[is_passed] = _RIGHT_ALONE
        reached.append(np.where(is_passed, passing, likely))
        moves.append(best)
    path = []
    row, place = evidence.rows, evidence.columns
    while row or place:
        move = MOVES[moves[row][place - evidence.band[row].first]]
        path.append(Step(range(row - move.left, row), range(place - move.right, place)))
        row, place = row - move.left, place - move.right
    return path[::-1]


def _arriving(evidence: Evidence, scores: Floats, reached: Sequence[Floats], row: int) -> Floats:
    """How likely each place of a row is reached by each move from the rows before.

    Moves within the row, over units of the right text that stay alone, are left to the caller.

    Args:
        scores: the scores of this row, see :meth:`Evidence.scores`.
        reached: for each row before, how likely each place of its band is reached.

    Returns:
        shape (moves, places of the band in this row), float64: logarithms.
    """
    if row == 0:
        arriving = np.full_like(scores, -np.inf)
        arriving[0, 0] = 0.0
        return arriving
    first, last = evidence.band[row]
    arriving = np.full_like(scores, -np.inf)
    for number, (left, right, _prior) in enumerate(MOVES):
        if left and row >= left:
            low, high = evidence.band[row - left]
            start, end = max(first, low + right), min(last, high + right)
            if start <= end:
                here = slice(start - first, end - first + 1)
                there = slice(start - right - low, end - right - low + 1)
                arriving[number, here] = reached[row - left][there] + scores[number, here]
    return arriving


def posteriors(evidence: Evidence, path: Sequence[Step]) -> list[float]:
    """The share of the likelihood of all paths that goes through each step (forward-backward algorithm)."""
    band = evidence.band
    scores = [evidence.scores(row) for row in range(len(band))]
    forward: list[Floats] = []
    for row in range(len(band)):
        arriving = np.logaddexp.reduce(_arriving(evidence, scores[row], forward, row), axis=0)
        forward.append(_passing(arriving))
    backward: list[Floats] = [np.empty(0)] * len(band)
    for row in reversed(range(len(band))):
        leaving = np.logaddexp.reduce(_leaving(evidence, scores, backward, row), axis=0)
        backward[row] = _passing(leaving[::-1])[::-1]
    whole = forward[-1][-1]
    numbers = {(move.left, move.right): number for number, move in enumerate(MOVES)}
    shares = []
    for left, right in path:
        end = right.stop - band[left.stop].first
        before = forward[left.start][right.start - band[left.start].first]
        step = scores[left.stop][numbers[len(left), len(right)], end]
        shares.append(exp(min(0.0, before + step + backward[left.stop][end] - whole)))
    return shares


def _leaving(evidence: Evidence, scores: Sequence[Floats], backward: Sequence[Floats], row: int) -> Floats:
    """How likely the rest of both texts is after each place of a row, by the next move.

    Returns:
        shape (moves, places of the band in this row), float64: logarithms.
    """
    first, last = evidence.band[row]
    leaving = np.full((len(MOVES), last - first + 1), -np.inf)
    if row == evidence.rows:
        leaving[0, -1] = 0.0
    for number, (left, right, _prior) in enumerate(MOVES):
        if left and row + left <= evidence.rows:
            low, high = evidence.band[row + left]
            start, end = max(first, low - right), min(last, high - right)
            if start <= end:
                there = slice(start + right - low, end + right - low + 1)
                onward = backward[row + left][there] + scores[row + left][number, there]
                leaving[number, start - first : end - first + 1] = onward
    return leaving


def _passing(likely: Floats) -> Floats:
    """Add the paths that come along a row, over units of the right text that stay alone."""
    ramp = np.arange(len(likely)) * MOVES[_RIGHT_ALONE].prior
    return np.asarray(np.logaddexp.accumulate(likely - ramp) + ramp, np.float64)
