"""Which passages of two texts are translations of each other?

The alignment is that of Gale and Church (*A program for aligning sentences in bilingual corpora*,
Computational Linguistics 19, 1993): the likeliest path, by dynamic programming, over *beads*. A bead is a
small group of passages on both sides, in the order of both texts, whose lengths in characters have to fit.
Length is weighed together with anchors (:mod:`index.translations.anchors`) and, in a second run, with words
that the first run often saw together (after Moore, *Fast and accurate sentence alignment of bilingual
corpora*, AMTA 2002).

How sure a bead is comes from all other paths that are nearly as likely (the forward-backward algorithm), and
from the evidence for the bead itself.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp
from typing import NamedTuple

import numpy as np

from index.text.text_units import TextUnit, sentences
from index.translations.anchors import KINDS, Features, clues, is_word_pair, page_clues, shared_features
from index.translations.bead_paths import Step, best_path, posteriors
from index.translations.evidence import Band, Evidence, Expected, Likelihood, Places, SideEvidence
from index.translations.left_alone import Joined, Placed, absent, joined
from index.translations.word_pairs import translations

MOST_UNITS = 20_000
"""Most units of a text that are aligned; the rest stay alone. This bounds time and memory on hostile
documents."""

_MOST_CELLS = 4_000_000
"""Most pairs of places in both texts that are compared. In longer texts, only those near the likely path."""
_NEAR = 60
"""Units on each side of the path that are compared when it is refined."""

_ROUNDS = 2
"""Times that the path is refined with the word translations that it has shown."""
_EXPECTED = 2
"""Number of observations that the initial estimate of a feature's likelihood counts as."""
_WORD = 0.6
"""Expected share of a word's occurrences whose translation contains the word's translation."""
_SURE = 0.95
"""Highest likelihood that is learnt for a feature."""
_OFTEN = 5
"""A feature that was seen more often than this counts as evidence when it is missing, whatever its kind."""

_AROUND = 4
"""Number of beads on each side that show whether the texts are translations at that point."""
_MOST_OWN, _MOST_CONTEXT, _ALONE = 8.0, 6.0, -3.0
"""Highest evidence of a bead for itself and for its neighbours; evidence of a unit without translation."""
_CONTEXT, _MIDDLE = 1.5, 4.5
"""Weight of the neighbours, and the sum at which confidence is one half."""

_RELIED_ON = 0.5
"""Least confidence of the neighbouring beads for a passage to be called absent from the other text."""

_LEAST = 0.15
"""Least confidence of a bead; below it, its units are shown as unpaired."""


@dataclass(frozen=True, slots=True)
class Bead:
    """Units of the left text and their translations in the right one, by number; one side may be empty."""

    left: range
    right: range
    confidence: float
    """Probability, 0 to 1, that all of one side translates all of the other; 0 if a side is empty."""
    is_absent: bool = False
    """If a side is empty: whether the other text certainly lacks the passage. Otherwise its translation may
    exist, but was not found."""


def align(
    left: Sequence[TextUnit],
    right: Sequence[TextUnit],
    *,
    is_one_document: bool = False,
    most_units: int = MOST_UNITS,
) -> list[Bead]:
    """Align two texts. Returns beads in the order of both texts; every unit is in exactly one.

    Args:
        is_one_document: whether both are in the same document, so that its pages are anchors.
        most_units: most units of each text that are aligned; the rest stay alone.
    """
    extra = [Bead(range(number, number + 1), range(0), 0.0) for number in range(most_units, len(left))]
    extra += [Bead(range(0), range(number, number + 1), 0.0) for number in range(most_units, len(right))]
    texts = _Texts(left[:most_units], right[:most_units], is_one_document=is_one_document)
    features = shared_features(texts.left_clues, texts.right_clues)
    evidence = texts.evidence(features, _by_kind, _first_band(features.left, features.right))
    path = best_path(evidence)
    for _round in range(_ROUNDS):
        pairs = [step for step in path if step.is_pair]
        features = shared_features(texts.left_clues, texts.right_clues, translations(texts.stems(pairs)))
        evidence = texts.evidence(features, _Learnt(pairs, features), _band_around(path, evidence))
        path = best_path(evidence)
    beads = list(_without_guesses(_rated(evidence, path, joined(path, evidence))))
    placed = [Placed(Step(bead.left, bead.right), bead.confidence) for bead in beads]
    lacking = absent(placed, evidence, _RELIED_ON)
    beads = [replace(bead, is_absent=is_absent) for bead, is_absent in zip(beads, lacking, strict=True)]
    return [*beads, *extra]


class PairedSentences(NamedTuple):
    """A group of sentences of one text and the group of the other text that translates it."""

    left: Sequence[TextUnit]
    right: Sequence[TextUnit]


def align_sentences(
    left: Sequence[TextUnit], right: Sequence[TextUnit], beads: Sequence[Bead]
) -> list[PairedSentences]:
    """Pair the sentences of aligned passages.

    Sentences without a translation are left out. A single sentence on one side is paired with all on the
    other.
    """
    pairs = []
    lefts: list[TextUnit] = []
    rights: list[TextUnit] = []
    corners = [(0, 0)]
    for bead in beads:
        mine = [sentence for number in bead.left for sentence in sentences_of(left[number])]
        theirs = [sentence for number in bead.right for sentence in sentences_of(right[number])]
        if len(mine) > 1 and len(theirs) > 1:
            lefts += mine
            rights += theirs
            corners.append((len(lefts), len(rights)))
        elif mine and theirs:
            pairs.append(PairedSentences(mine, theirs))
    texts = _Texts(lefts, rights)
    wholes = [Step(bead.left, bead.right) for bead in beads if bead.left and bead.right]
    word_pairs = translations(_Texts(left, right).stems(wholes))
    features = shared_features(texts.left_clues, texts.right_clues, word_pairs)
    evidence = texts.evidence(features, _Learnt((), features), _between(corners))
    for step in best_path(evidence):
        if step.is_pair:
            pairs.append(
                PairedSentences(
                    [lefts[number] for number in step.left], [rights[number] for number in step.right]
                )
            )
    return pairs


def sentences_of(unit: TextUnit) -> list[TextUnit]:
    """The sentences of a unit, as units of their own."""
    return [unit.between(start, end) for start, end in sentences(unit.text)]


def _between(corners: Sequence[tuple[int, int]]) -> Band:
    """A band of rectangles that meet at the corners, so that every path goes through each corner."""
    _row, first_place = corners[0]
    band = [Places(first_place, first_place)]
    for (row, place), (next_row, next_place) in pairwise(corners):
        band += [Places(place, next_place)] * (next_row - row - 1)
        band.append(Places(next_place, next_place))
    return band


def _without_guesses(beads: Iterable[Bead]) -> Iterator[Bead]:
    """Split up beads of low confidence, so that their units stay alone."""
    for bead in beads:
        if bead.confidence >= _LEAST:
            yield bead
            continue
        for number in bead.left:
            yield Bead(range(number, number + 1), range(bead.right.start, bead.right.start), 0.0)
        for number in bead.right:
            yield Bead(range(bead.left.stop, bead.left.stop), range(number, number + 1), 0.0)


class _Texts:
    """Both texts, with the clues of each unit: what its translation may contain too."""

    def __init__(
        self, left: Sequence[TextUnit], right: Sequence[TextUnit], *, is_one_document: bool = False
    ) -> None:
        self._left, self._right = left, right
        self.left_clues, self.right_clues = (
            [clues(unit.text, unit.language) + (page_clues(unit) if is_one_document else []) for unit in side]
            for side in (left, right)
        )

    def stems(self, pairs: Sequence[Step]) -> list[tuple[set[str], set[str]]]:
        """The stems on both sides of each pair."""
        return [
            (
                {clue.stem for number in mine for clue in self.left_clues[number] if clue.stem},
                {clue.stem for number in theirs for clue in self.right_clues[number] if clue.stem},
            )
            for mine, theirs in pairs
        ]

    def evidence(self, features: Features, likelihood: Likelihood, band: Band) -> Evidence:
        left, right = (
            SideEvidence([len(unit.text) for unit in units], [unit.kind for unit in units], some)
            for units, some in zip((self._left, self._right), features, strict=True)
        )
        return Evidence(left, right, likelihood, band)


def _by_kind(feature: str) -> Expected:
    kind = KINDS[feature[0]]
    return Expected(kind.likelihood, kind.is_missed)


class _Learnt:
    """The likelihood that the translation of a unit has the same feature, learnt from a first alignment."""

    def __init__(self, pairs: Sequence[Step], features: Features) -> None:
        self._seen: Counter[str] = Counter()
        self._shared: Counter[str] = Counter()
        for mine, theirs in pairs:
            one = frozenset().union(*(features.left[number] for number in mine))
            other = frozenset().union(*(features.right[number] for number in theirs))
            self._seen.update(one | other)
            self._shared.update(one & other)

    def __call__(self, feature: str) -> Expected:
        first = Expected(_WORD, is_missed=True) if is_word_pair(feature) else _by_kind(feature)
        seen = self._seen[feature]
        likely = (self._shared[feature] + _EXPECTED * first.likely) / (seen + _EXPECTED)
        return Expected(min(likely, _SURE), first.is_missed or seen > _OFTEN)


def _first_band(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Band:
    """The band of the first alignment.

    In texts of ordinary length it covers everything. In long ones it covers what is near a chain of features
    that occur in exactly one unit of each text (patience sorting).
    """
    rows, columns = len(left), len(right)
    if (rows + 1) * (columns + 1) <= _MOST_CELLS:
        return [Places(0, columns)] * (rows + 1)
    mine, theirs = _only_places(left), _only_places(right)
    pairs = sorted({(mine[feature], theirs[feature]) for feature in mine.keys() & theirs.keys()})
    return _around(_longest_rising(pairs), rows, columns, _MOST_CELLS // (rows + 1) // 2)


def _only_places(units: Sequence[frozenset[str]]) -> dict[str, int]:
    counts = Counter(feature for unit in units for feature in unit)
    return {feature: number for number, unit in enumerate(units) for feature in unit if counts[feature] == 1}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs in which both numbers increase."""
    ends: list[int] = []
    links: list[int] = []
    before: list[int] = []
    # Pairs with the same first number are sorted by falling second number, so that a chain has only one.
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    for number, (_row, column) in enumerate(ordered):
        place = bisect_left(ends, column)
        before.append(links[place - 1] if place else -1)
        ends[place : place + 1] = [column]
        links[place : place + 1] = [number]
    chain = []
    number = links[-1] if links else -1
    while number >= 0:
        chain.append(ordered[number])
        number = before[number]
    return chain[::-1]


def _band_around(path: Sequence[Step], evidence: Evidence) -> Band:
    knots = [(left.start, right.start) for left, right in path]
    return _around(knots, evidence.rows, evidence.columns, _NEAR)


def _around(knots: Sequence[tuple[int, int]], rows: int, columns: int, near: int) -> Band:
    """The band around the line through the knots, from the beginning of both texts to their end.

    Where the line passes many right units at one left unit, the band covers all of them.

    Args:
        knots: pairs of places in the left and the right text.
        near: places on each side of the line.
    """
    line = np.array([(0, 0), *knots, (rows, columns)])
    _rows, firsts = np.unique(line[:, 0], return_index=True)
    arrived = np.interp(np.arange(rows + 1), line[firsts, 0], line[firsts, 1])
    left_at = np.append(arrived[1:], columns)
    return [
        Places(max(0, int(first) - near), min(columns, int(last) + near + 1))
        for first, last in zip(arrived, left_at, strict=True)
    ]


def _rated(evidence: Evidence, path: Sequence[Step], groups: Sequence[Joined]) -> list[Bead]:
    """The beads of a path, including units that have joined them, with the confidence in each."""
    own = [
        evidence.of_bead(group.step.left, group.step.right) if group.step.is_pair else None
        for group in groups
    ]
    seen = np.array(
        [_ALONE if each is None else min(max(each, -_MOST_CONTEXT), _MOST_CONTEXT) for each in own]
    )
    sums = np.concatenate([[0.0], np.cumsum(seen)])
    shares = dict(zip(path, posteriors(evidence, path), strict=True))
    beads = []
    for number, (group, each) in enumerate(zip(groups, own, strict=True)):
        confidence = 0.0
        if each is not None:
            low, high = max(0, number - _AROUND), min(len(groups), number + _AROUND + 1)
            context = (sums[high] - sums[low] - seen[number]) / max(1, high - low - 1)
            support = min(each, _MOST_OWN) + _CONTEXT * context - _MIDDLE
            confidence = shares[group.core] * group.certainty / (1 + exp(-support))
        beads.append(Bead(group.step.left, group.step.right, confidence))
    return beads
