"""How well do groups of passages of two texts fit each other? The evidence for the alignment.

All evidence is the natural logarithm of a likelihood ratio: how much more likely it is between a passage and
its translation than between any two passages of the two texts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Places(NamedTuple):
    """Places between units of the right text, from the first to the last."""

    first: int
    last: int


Band = Sequence[Places]
"""For each place between units of the left text, its beginning and end included, the places in the right text
at which a bead may begin or end."""


class Expected(NamedTuple):
    """What is expected of a feature of a unit."""

    likely: float
    """How often it stands in the unit's translation too, 0 to 1."""
    is_missed: bool
    """Whether it tells when it does not."""


Likelihood = Callable[[str], Expected]
"""What is expected of a feature."""


class Move(NamedTuple):
    """A kind of bead."""

    left: int
    right: int
    """Units of the left and of the right text."""
    prior: float
    """The logarithm of how likely such a bead is."""


MOVES: tuple[Move, ...] = (
    Move(1, 1, log(0.86)),
    Move(1, 0, log(0.025)),
    Move(0, 1, log(0.025)),
    Move(2, 1, log(0.03)),
    Move(1, 2, log(0.03)),
    Move(2, 2, log(0.005)),
    Move(3, 1, log(0.006)),
    Move(1, 3, log(0.006)),
)
LARGEST = 3
"""Units on a side of a bead."""

_VARIANCE = 6.8
"""Of the length of a translation, per character (Gale and Church 1993)."""
_LEAST_VARIANCE = 40.0
"""Characters squared; short passages vary more than the rule says."""
_SPREAD = 1.2
"""Standard deviation of the logarithm of the lengths of passages."""
_FREEDOM = 4.0
"""Degrees of freedom of Student's t: its tails forgive a cut or glued passage better than the normal's."""
_DAMPING = 0.5
"""Of the evidence of features, which are less independent of each other than its sum supposes."""
_RARER = 0.5
"""A feature has to be so much rarer in any unit than in the translation of one that has it."""
_OTHER_KIND = -1.0
"""Evidence of a heading beside what is none, or a table beside what is none."""
_KIND_GROUPS = {"heading": 1, "table": 2}
"""Paragraphs and items of lists are often taken for each other."""
_MOST_PAIRS = 2_000_000
"""Pairs of units that share a feature, over all features; the commonest, which tell least, are left out."""
_LEAST_CHANCE = 1e-6
_MOST_RATIO = 1.5
"""Characters of one text for one of the other; more is left out and not a matter of language."""


@dataclass(frozen=True, slots=True)
class SideEvidence:
    """What is known of the units of a text."""

    lengths: Sequence[int]
    """Characters."""
    kinds: Sequence[str]
    features: Sequence[frozenset[str]]
    """What each may share with its translation; see :mod:`index.translations.anchors`."""


class Evidence:
    """The evidence for every bead within a band; rows are units of the left text, columns of the right."""

    def __init__(self, left: SideEvidence, right: SideEvidence, likelihood: Likelihood, band: Band) -> None:
        """Weigh what the units of two texts share; only beads within the band are possible."""
        self.rows, self.columns = len(left.lengths), len(right.lengths)
        self.band = band
        self._cells = _Cells(band)
        left_sizes, right_sizes = _sizes_up_to(left), _sizes_up_to(right)
        ratio = min(max((1 + right_sizes[-1]) / (1 + left_sizes[-1]), 1 / _MOST_RATIO), _MOST_RATIO)
        self._left_sizes, self._right_sizes = left_sizes * sqrt(ratio), right_sizes / sqrt(ratio)
        self._left_kinds, self._right_kinds = (
            np.array([_KIND_GROUPS.get(kind, 0) for kind in side.kinds], np.int64) for side in (left, right)
        )
        known = sorted(frozenset().union(*left.features) & frozenset().union(*right.features))
        self._weights = _Weights(known, likelihood)
        self._lefts, self._rights = (_Groups(side.features, known) for side in (left, right))
        self._telling_by_size: dict[tuple[int, int], _Telling] = {}
        self._shared = {
            (move.left, move.right): self._weights.shared(
                self._lefts.of(move.left), self._rights.of(move.right), self._cells
            )
            for move in MOVES
            if move.left and move.right
        }

    def scores(self, row: int) -> Floats:
        """For each of :data:`MOVES`, and each place of the band at `row`: the evidence, the prior included,
        for the bead that ends there. Impossible beads have minus infinity.

        Returns:
            shape (moves, places), float64: logarithms.
        """
        first, last = self.band[row]
        found = np.full((len(MOVES), last - first + 1), -np.inf)
        for number, (rows, columns, prior) in enumerate(MOVES):
            # A row with one place alone is one that every path goes through: no bead passes over it.
            if row < rows or (self._cells.widths[row - rows + 1 : row] == 1).any():
                continue
            low, high = self.band[row - rows]
            start, end = max(first, low + columns), min(last, high + columns)
            if start > end:
                continue
            fit = (
                self._fit(row - rows, rows, start - columns, end - columns, columns)
                if rows and columns
                else 0
            )
            found[number, start - first : end - first + 1] = prior + fit
        return found

    def of_bead(self, left: range, right: range) -> float:
        """The evidence for one bead of any size within the texts, without its prior."""
        if (len(left), len(right)) in self._shared and self._cells.holds(left.start, right.start):
            return float(self._fit(left.start, len(left), right.start, right.start, len(right))[0])
        telling = self._telling(len(left), len(right))
        mine, theirs = self._lefts.features_of(left), self._rights.features_of(right)
        both = np.intersect1d(mine, theirs, assume_unique=True)
        shared = telling.both[both].sum() + telling.alone[mine].sum() + telling.alone[theirs].sum()
        left_size = float(self._left_sizes[left.stop] - self._left_sizes[left.start])
        right_size = self._right_sizes[right.stop] - self._right_sizes[right.start]
        is_other_kind = self._left_kinds[left.start] != self._right_kinds[right.start]
        return float(shared + _length_fit(left_size, np.array(right_size)) + _OTHER_KIND * is_other_kind)

    def counts_within(self, left: range, right: range, *, of_left: bool) -> "FeatureCounts":
        """How many features tell of the units of one side, and how many of them the other side has too."""
        own, others = self._lefts.features_of(left), self._rights.features_of(right)
        if not of_left:
            own, others = others, own
        own = own[self._telling(1, 1).both[own] > 0]
        return FeatureCounts(len(own), int(np.isin(own, others).sum()))

    def _telling(self, rows: int, columns: int) -> "_Telling":
        if (rows, columns) not in self._telling_by_size:
            lefts, rights = self._lefts.of(rows), self._rights.of(columns)
            self._telling_by_size[rows, columns] = self._weights.telling(lefts, rights)
        return self._telling_by_size[rows, columns]

    def _fit(self, row: int, rows: int, first: int, last: int, columns: int) -> Floats:
        """The evidence that `rows` units from `row` on translate the `columns` units from each of `first` to
        `last` on."""
        starts = slice(first, last + 1)
        mine = self._left_sizes[row + rows] - self._left_sizes[row]
        theirs = self._right_sizes[first + columns : last + columns + 1] - self._right_sizes[starts]
        cell = self._cells.firsts[row] - self.band[row][0]
        fit = self._shared[rows, columns][cell + first : cell + last + 1] + _length_fit(mine, theirs)
        fit[self._right_kinds[starts] != self._left_kinds[row]] += _OTHER_KIND
        return fit


class FeatureCounts(NamedTuple):
    """How much tells of a passage, in features."""

    telling: int
    shared: int
    """Those of them that the other side has too."""


def _sizes_up_to(side: SideEvidence) -> Floats:
    """The characters before each place between units, its beginning and end included."""
    return np.concatenate([[0.0], np.cumsum(side.lengths, dtype=np.float64)])


class _Cells:
    """The places of a band in a row: memory goes by its area, however far it runs along a single unit."""

    def __init__(self, band: Band) -> None:
        self.lows, self.highs = np.array(band, np.int64).T
        self.widths = self.highs - self.lows + 1
        self.firsts = np.cumsum(self.widths) - self.widths

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is within the band."""
        return bool(self.lows[row] <= column <= self.highs[row])

    def columns(self, rows: int) -> Whole:
        """The place in the right text of each cell of the first so many rows."""
        widths = self.widths[:rows]
        return np.asarray(np.arange(widths.sum()) + np.repeat((self.lows - self.firsts)[:rows], widths))


class _Postings(NamedTuple):
    """The groups of so many units in a row that hold each feature."""

    features: Whole
    """Numbers of features, rising."""
    groups: Whole
    """By their first unit; rising for each feature."""
    size: int
    """The number of groups there are."""

    @classmethod
    def of(cls, held: Sequence[Sequence[int]], size: int) -> "_Postings":
        """Of the numbers of the features that each unit holds."""
        count = max(0, len(held) - size + 1)
        features = np.array(list(chain.from_iterable(held)), np.int64)
        holders = np.repeat(np.arange(len(held)), [len(some) for some in held])
        codes = [np.empty(0, np.int64)]
        for before in range(size):
            groups = holders - before
            is_group = (groups >= 0) & (groups < count)
            codes.append(features[is_group] * max(1, count) + groups[is_group])
        return cls(*np.divmod(np.unique(np.concatenate(codes)), max(1, count)), count)


class _Groups:
    """The groups of units of a text, by their size."""

    def __init__(self, units: Sequence[frozenset[str]], known: Sequence[str]) -> None:
        numbers = {feature: number for number, feature in enumerate(known)}
        self._held = [sorted(numbers[feature] for feature in unit if feature in numbers) for unit in units]
        self._by_size: dict[int, _Postings] = {}

    def of(self, size: int) -> _Postings:
        """All groups of so many units."""
        if size not in self._by_size:
            self._by_size[size] = _Postings.of(self._held, size)
        return self._by_size[size]

    def features_of(self, units: range) -> Whole:
        """The numbers of the features of a group, rising."""
        return np.array(sorted(set(chain.from_iterable(self._held[unit] for unit in units))), np.int64)


class _Telling(NamedTuple):
    """What each feature tells of groups of a certain size."""

    tells: NDArray[np.bool_]
    """Whether it does at all."""
    alone: Floats
    """Where it stands in one of two groups."""
    both: Floats
    """Where it stands in both: what comes to the two times that it is counted as alone."""


class _Weights:
    """How much each feature tells."""

    def __init__(self, known: Sequence[str], likelihood: Likelihood) -> None:
        expected = [likelihood(feature) for feature in known]
        self._likely = np.array([each.likely for each in expected], np.float64)
        self._is_missed = np.array([each.is_missed for each in expected], np.bool_)

    def shared(self, left: _Postings, right: _Postings, cells: _Cells) -> Floats:
        """The evidence of all features for the group of the left text and the one of the right text that
        begin at each cell."""
        tells, alone, both = self.telling(left, right)
        features, rows, columns = _in_both(left, right, tells)
        near = (columns >= cells.lows[rows]) & (columns <= cells.highs[rows])
        places = (cells.firsts - cells.lows)[rows[near]] + columns[near]
        beside = cells.columns(left.size)
        evidence = _sums(places, both[features[near]], len(beside))
        evidence += np.repeat(_sums(left.groups, alone[left.features], left.size), cells.widths[: left.size])
        alone_right = np.append(_sums(right.groups, alone[right.features], right.size), 0.0)
        evidence += alone_right[np.minimum(beside, right.size)]
        return np.asarray(evidence, np.float32)

    def telling(self, left: _Postings, right: _Postings) -> _Telling:
        """What each feature tells of groups of both texts of these sizes."""
        lefts = np.bincount(left.features, minlength=len(self._likely))
        rights = np.bincount(right.features, minlength=len(self._likely))
        by_chance = (lefts + rights) / max(1, left.size + right.size)
        tells = (by_chance < self._likely * _RARER) & _rarest(lefts * rights)
        by_chance = np.clip(by_chance, _LEAST_CHANCE, _RARER)
        is_missed = tells & self._is_missed
        alone = np.where(is_missed, _DAMPING * np.log((1 - self._likely) / (1 - by_chance)), 0.0)
        both = np.where(tells, _DAMPING * np.log(self._likely / by_chance) - 2 * alone, 0.0)
        return _Telling(tells, alone, both)


def _sums(places: Whole, amounts: Floats, size: int) -> Floats:
    """What comes together at each of so many places."""
    # Without any amount, bincount counts in whole numbers.
    return np.bincount(places, amounts, size).astype(np.float64)


def _in_both(left: _Postings, right: _Postings, tells: NDArray[np.bool_]) -> tuple[Whole, Whole, Whole]:
    """Every feature that tells with every group of the left and of the right text that holds it."""
    counted = tells[left.features]
    features = left.features[counted]
    firsts = np.searchsorted(right.features, features)
    partners = np.searchsorted(right.features, features, side="right") - firsts
    within = np.arange(partners.sum()) - np.repeat(np.cumsum(partners) - partners, partners)
    columns = right.groups[np.repeat(firsts, partners) + within]
    return np.repeat(features, partners), np.repeat(left.groups[counted], partners), columns


def _rarest(pairs: Whole) -> NDArray[np.bool_]:
    """Which features may be looked at, the rarest first, so that they are in no more than so many pairs."""
    order = np.argsort(pairs, kind="stable")
    allowed = np.empty(len(pairs), np.bool_)
    allowed[order] = np.cumsum(pairs[order]) <= _MOST_PAIRS
    return allowed


def _length_fit(mine: float, theirs: Floats) -> Floats:
    """The evidence of the lengths, those of the left text in characters of the right."""
    mean = (mine + theirs) / 2
    variance = _VARIANCE * mean + _LEAST_VARIANCE
    beside_chance = np.log(_SPREAD * mean / np.sqrt(variance))
    surprise = (_FREEDOM + 1) / 2 * np.log1p((theirs - mine) ** 2 / variance / _FREEDOM)
    return np.asarray(np.maximum(beside_chance, 0.0) - surprise, np.float64)
