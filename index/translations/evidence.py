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
    """A range of places between units of the right text, both ends included."""

    first: int
    last: int


Band = Sequence[Places]
"""For each place between units of the left text (its beginning and end included), the places in the right
text at which a bead may begin or end."""


class Expected(NamedTuple):
    """What is expected of a feature of a unit."""

    likely: float
    """Probability, 0 to 1, that the unit's translation has it too."""
    is_missed: bool
    """Whether its lack is evidence against a translation."""


Likelihood = Callable[[str], Expected]
"""Gives what is expected of a feature."""


class Move(NamedTuple):
    """A kind of bead."""

    left: int
    right: int
    """Numbers of units of the left and of the right text."""
    prior: float
    """Logarithm of the probability of such a bead."""


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
"""Most units on a side of a bead."""

_VARIANCE = 6.8
"""Variance of the length of a translation, per character (Gale and Church 1993)."""
_LEAST_VARIANCE = 40.0
"""Added to the variance, in characters squared: short passages vary more than the rule says."""
_SPREAD = 1.2
"""Standard deviation of the logarithm of the lengths of passages."""
_FREEDOM = 4.0
"""Degrees of freedom of Student's t. Its tails tolerate cut or joined passages better than the normal
distribution."""
_DAMPING = 0.5
"""Factor on the evidence of features: their sum assumes that they are independent, which they are not."""
_RARER = 0.5
"""A feature counts only if it is rarer by this factor in any unit than in the translation of one with it."""
_OTHER_KIND = -1.0
"""Evidence of a pair of which only one is a heading, or only one is a table."""
_KIND_GROUPS = {"heading": 1, "table": 2}
"""Other kinds are one group, because paragraphs and list items are often mistaken for each other."""
_MOST_PAIRS = 2_000_000
"""Most pairs of units with a feature in common, over all features; the commonest features are left out."""
_LEAST_CHANCE = 1e-6
_MOST_RATIO = 1.5
"""Largest ratio of the lengths of two texts that can be due to the language; beyond it, text is missing."""


@dataclass(frozen=True, slots=True)
class SideEvidence:
    """What is known of the units of a text."""

    lengths: Sequence[int]
    """The length of each unit in characters."""
    kinds: Sequence[str]
    features: Sequence[frozenset[str]]
    """The features of each unit that its translation may have too; see :mod:`index.translations.anchors`."""


class Evidence:
    """The evidence for every bead within a band; rows are units of the left text, columns of the right."""

    def __init__(self, left: SideEvidence, right: SideEvidence, likelihood: Likelihood, band: Band) -> None:
        """Compute the evidence of the features that units of two texts share, for beads within the band."""
        self.rows, self.columns = len(left.lengths), len(right.lengths)
        self.band = band
        self._cells = _Cells(band)
        left_sizes, right_sizes = _sizes_up_to(left), _sizes_up_to(right)
        ratio = min(max((1 + right_sizes[-1]) / (1 + left_sizes[-1]), 1 / _MOST_RATIO), _MOST_RATIO)
        self._left_sizes, self._right_sizes = left_sizes * sqrt(ratio), right_sizes / sqrt(ratio)
        self._left_kinds, self._right_kinds = (
            np.array([_KIND_GROUPS.get(kind, 0) for kind in side.kinds], np.int64) for side in (left, right)
        )
        common = sorted(frozenset().union(*left.features) & frozenset().union(*right.features))
        self._weights = _Weights(common, likelihood)
        self._lefts, self._rights = (_Groups(side.features, common) for side in (left, right))
        self._telling_by_size: dict[tuple[int, int], _Telling] = {}
        self._shared = {
            (move.left, move.right): self._weights.shared(
                self._lefts.of(move.left), self._rights.of(move.right), self._cells
            )
            for move in MOVES
            if move.left and move.right
        }

    def scores(self, row: int) -> Floats:
        """The evidence, including the prior, for the beads that end in a row.

        Returns:
            shape (moves, places of the band in this row), float64: logarithms; minus infinity for impossible
            beads.
        """
        first, last = self.band[row]
        found = np.full((len(MOVES), last - first + 1), -np.inf)
        for number, (rows, columns, prior) in enumerate(MOVES):
            # Every path goes through a row with a single place, so no bead may cross it.
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
        if (len(left), len(right)) in self._shared and self._cells.is_within(left.start, right.start):
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
        """How many features of one side are evidence, and how many of them the other side has too."""
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
        """The evidence that a group of left units translates each of a range of groups of right units.

        Args:
            row, rows: first unit and size of the left group.
            first, last: first units of the first and the last right group.
            columns: size of the right groups.

        Returns:
            shape (last - first + 1,), float64: logarithms.
        """
        starts = slice(first, last + 1)
        mine = self._left_sizes[row + rows] - self._left_sizes[row]
        theirs = self._right_sizes[first + columns : last + columns + 1] - self._right_sizes[starts]
        cell = self._cells.firsts[row] - self.band[row][0]
        fit = self._shared[rows, columns][cell + first : cell + last + 1] + _length_fit(mine, theirs)
        fit[self._right_kinds[starts] != self._left_kinds[row]] += _OTHER_KIND
        return fit


class FeatureCounts(NamedTuple):
    """How many features of a passage are evidence."""

    telling: int
    shared: int
    """How many of them the other side has too."""


def _sizes_up_to(side: SideEvidence) -> Floats:
    """The number of characters before each place between units, the beginning and the end included."""
    return np.concatenate([[0.0], np.cumsum(side.lengths, dtype=np.float64)])


class _Cells:
    """The places of a band as one flat array, so that memory depends on the area of the band only."""

    def __init__(self, band: Band) -> None:
        self.lows, self.highs = np.array(band, np.int64).T
        self.widths = self.highs - self.lows + 1
        self.firsts = np.cumsum(self.widths) - self.widths

    def is_within(self, row: int, column: int) -> bool:
        """Whether a cell is within the band."""
        return bool(self.lows[row] <= column <= self.highs[row])

    def columns(self, rows: int) -> Whole:
        """For each cell of the first rows, its place in the right text.

        Returns:
            shape (cells of the first `rows` rows,), int64.
        """
        widths = self.widths[:rows]
        return np.asarray(np.arange(widths.sum()) + np.repeat((self.lows - self.firsts)[:rows], widths))


class _Postings(NamedTuple):
    """For each feature, the groups of consecutive units that have it: pairs of a feature and a group."""

    features: Whole
    """Number of the feature of each pair, ascending."""
    groups: Whole
    """Number of the first unit of the group; ascending for each feature."""
    size: int
    """The number of all groups."""

    @classmethod
    def of(cls, unit_features: Sequence[Sequence[int]], size: int) -> "_Postings":
        """The postings of all groups of `size` units.

        Args:
            unit_features: the numbers of the features of each unit.
        """
        count = max(0, len(unit_features) - size + 1)
        features = np.array(list(chain.from_iterable(unit_features)), np.int64)
        units = np.repeat(np.arange(len(unit_features)), [len(some) for some in unit_features])
        codes = [np.empty(0, np.int64)]
        for before in range(size):
            groups = units - before
            is_group = (groups >= 0) & (groups < count)
            codes.append(features[is_group] * max(1, count) + groups[is_group])
        return cls(*np.divmod(np.unique(np.concatenate(codes)), max(1, count)), count)


class _Groups:
    """The groups of consecutive units of a text, by their size."""

    def __init__(self, units: Sequence[frozenset[str]], features: Sequence[str]) -> None:
        numbers = {feature: number for number, feature in enumerate(features)}
        self._unit_features = [
            sorted(numbers[feature] for feature in unit if feature in numbers) for unit in units
        ]
        self._by_size: dict[int, _Postings] = {}

    def of(self, size: int) -> _Postings:
        """The postings of all groups of so many units."""
        if size not in self._by_size:
            self._by_size[size] = _Postings.of(self._unit_features, size)
        return self._by_size[size]

    def features_of(self, units: range) -> Whole:
        """The numbers of the features of a group, ascending."""
        features = set(chain.from_iterable(self._unit_features[unit] for unit in units))
        return np.array(sorted(features), np.int64)


class _Telling(NamedTuple):
    """The evidence of each feature for groups of certain sizes; each array has the shape (features,)."""

    is_used: NDArray[np.bool_]
    """Whether the feature is evidence at all."""
    alone: Floats
    """The evidence if only one of two groups has it."""
    both: Floats
    """What is added to twice `alone` if both groups have it."""


class _Weights:
    """How strong the evidence of each feature is."""

    def __init__(self, features: Sequence[str], likelihood: Likelihood) -> None:
        expected = [likelihood(feature) for feature in features]
        self._likely = np.array([each.likely for each in expected], np.float64)
        self._is_missed = np.array([each.is_missed for each in expected], np.bool_)

    def shared(self, left: _Postings, right: _Postings, cells: _Cells) -> Floats:
        """The evidence of all features for the left and the right group that begin at each cell.

        Returns:
            shape (cells of the rows in which a left group begins,), float32: logarithms.
        """
        is_used, alone, both = self.telling(left, right)
        features, rows, columns = _in_both(left, right, is_used)
        near = (columns >= cells.lows[rows]) & (columns <= cells.highs[rows])
        places = (cells.firsts - cells.lows)[rows[near]] + columns[near]
        all_columns = cells.columns(left.size)
        evidence = _sums(places, both[features[near]], len(all_columns))
        evidence += np.repeat(_sums(left.groups, alone[left.features], left.size), cells.widths[: left.size])
        alone_right = np.append(_sums(right.groups, alone[right.features], right.size), 0.0)
        evidence += alone_right[np.minimum(all_columns, right.size)]
        return np.asarray(evidence, np.float32)

    def telling(self, left: _Postings, right: _Postings) -> _Telling:
        """The evidence of each feature for groups of these sizes."""
        lefts = np.bincount(left.features, minlength=len(self._likely))
        rights = np.bincount(right.features, minlength=len(self._likely))
        by_chance = (lefts + rights) / max(1, left.size + right.size)
        is_used = (by_chance < self._likely * _RARER) & _rarest(lefts * rights)
        by_chance = np.clip(by_chance, _LEAST_CHANCE, _RARER)
        is_missed = is_used & self._is_missed
        alone = np.where(is_missed, _DAMPING * np.log((1 - self._likely) / (1 - by_chance)), 0.0)
        both = np.where(is_used, _DAMPING * np.log(self._likely / by_chance) - 2 * alone, 0.0)
        return _Telling(is_used, alone, both)


def _sums(places: Whole, amounts: Floats, size: int) -> Floats:
    """The sum of the amounts at each place; shape (size,), float64."""
    # Without any amounts, bincount returns integers.
    return np.bincount(places, amounts, size).astype(np.float64)


def _in_both(left: _Postings, right: _Postings, is_used: NDArray[np.bool_]) -> tuple[Whole, Whole, Whole]:
    """Every combination of a used feature with a left and a right group that have it.

    Returns:
        numbers of features, of left groups and of right groups; arrays of equal length.
    """
    counted = is_used[left.features]
    features = left.features[counted]
    firsts = np.searchsorted(right.features, features)
    partners = np.searchsorted(right.features, features, side="right") - firsts
    within = np.arange(partners.sum()) - np.repeat(np.cumsum(partners) - partners, partners)
    columns = right.groups[np.repeat(firsts, partners) + within]
    return np.repeat(features, partners), np.repeat(left.groups[counted], partners), columns


def _rarest(pairs: Whole) -> NDArray[np.bool_]:
    """Which features are used: the rarest ones, up to :data:`_MOST_PAIRS` pairs of groups together."""
    order = np.argsort(pairs, kind="stable")
    allowed = np.empty(len(pairs), np.bool_)
    allowed[order] = np.cumsum(pairs[order]) <= _MOST_PAIRS
    return allowed


def _length_fit(mine: float, theirs: Floats) -> Floats:
    """The evidence of the lengths of groups, scaled so that both texts are equally long."""
    mean = (mine + theirs) / 2
    variance = _VARIANCE * mean + _LEAST_VARIANCE
    over_chance = np.log(_SPREAD * mean / np.sqrt(variance))
    surprise = (_FREEDOM + 1) / 2 * np.log1p((theirs - mine) ** 2 / variance / _FREEDOM)
    return np.asarray(np.maximum(over_chance, 0.0) - surprise, np.float64)
