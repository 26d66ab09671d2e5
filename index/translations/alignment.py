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

import numpy as np

from index.text.text_units import TextUnit, sentences
from index.translations.anchors import KINDS, Features, clues, is_word_pair, page_clues, shared_features
from index.translations.bead_paths import Step, best_path, posteriors
from index.translations.evidence import Band, Evidence, Expected, Likelihood, Places, SideEvidence
from index.translations.left_alone import Joined, Placed, absent, joined
from index.translations.word_pairs import translations

MOST_UNITS = 20_000
"""Units of a text that are aligned; those beyond stay alone. It bounds time and memory on hostile
documents."""

_MOST_CELLS = 4_000_000
"""Places in both texts that are compared at most; in long texts only those near the likely path are."""
_NEAR = 60
"""Units to each side of the path that are looked at when it is refined."""

_ROUNDS = 2
"""Times that the path is refined by what it has shown of words."""
_EXPECTED = 2
"""Observations that the first opinion of a feature counts for, when more is learnt of it."""
_WORD = 0.6
"""How often the translation of a word is expected in the translation of a passage."""
_SURE = 0.95
_OFTEN = 5
"""Observations from which on it tells that a feature is missing, whatever its kind."""

_AROUND = 4
"""Beads before and after one that tell whether the texts are translations there at all."""
_MOST_OWN, _MOST_CONTEXT, _ALONE = 8.0, 6.0, -3.0
"""Evidence of a bead for itself and for its neighbours at most; evidence of a unit without translation."""
_CONTEXT, _MIDDLE = 1.5, 4.5
"""Weight of the neighbours, and the sum at which confidence is one half."""

_RELIED_ON = 0.5
"""Confidence in the beads around a passage from which on these may show that the other text lacks it."""

_LEAST = 0.15
"""Confidence below which units are not laid beside each other at all."""


@dataclass(frozen=True, slots=True)
class Bead:
    """Units of the left text and those of the right that translate them, by number; a side may be empty."""

    left: range
    right: range
    confidence: float
    """0 to 1: how sure it is that all of one side translates all of the other. 0 where a side is empty."""
    is_absent: bool = False
    """Of one with an empty side, whether it is clear that the other text lacks it; else its translation was
    not found, and may be there."""


def align(
    left: Sequence[TextUnit],
    right: Sequence[TextUnit],
    *,
    is_one_document: bool = False,
    most_units: int = MOST_UNITS,
) -> list[Bead]:
    """Align two texts: beads in the order of both texts; every unit is in one of them.

    Args:
        is_one_document: both are of the same document, so that its pages are anchors.
        most_units: units of each text that are laid; those beyond stay alone.
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


def align_sentences(
    left: Sequence[TextUnit], right: Sequence[TextUnit], beads: Sequence[Bead]
) -> list[tuple[list[TextUnit], list[TextUnit]]]:
    """The sentences of aligned passages, in pairs of groups that translate each other.

    Sentences without a translation are left out. If one side is a single sentence, its pair is everything on
    the other.
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
            pairs.append((mine, theirs))
    texts = _Texts(lefts, rights)
    wholes = [Step(bead.left, bead.right) for bead in beads if bead.left and bead.right]
    known = translations(_Texts(left, right).stems(wholes))
    features = shared_features(texts.left_clues, texts.right_clues, known)
    evidence = texts.evidence(features, _Learnt((), features), _between(corners))
    for step in best_path(evidence):
        if step.is_pair:
            pairs.append(([lefts[number] for number in step.left], [rights[number] for number in step.right]))
    return pairs


def sentences_of(unit: TextUnit) -> list[TextUnit]:
    """The sentences of a unit, as units of their own."""
    return [unit.between(start, end) for start, end in sentences(unit.text)]


def _between(corners: Sequence[tuple[int, int]]) -> Band:
    """The rectangles between corners, which every path has to go through."""
    _row, first_place = corners[0]
    band = [Places(first_place, first_place)]
    for (row, place), (next_row, next_place) in pairwise(corners):
        band += [Places(place, next_place)] * (next_row - row - 1)
        band.append(Places(next_place, next_place))
    return band


def _without_guesses(beads: Iterable[Bead]) -> Iterator[Bead]:
    """The same with beads that are hardly more than a guess taken apart."""
    for bead in beads:
        if bead.confidence >= _LEAST:
            yield bead
            continue
        for number in bead.left:
            yield Bead(range(number, number + 1), range(bead.right.start, bead.right.start), 0.0)
        for number in bead.right:
            yield Bead(range(bead.left.stop, bead.left.stop), range(number, number + 1), 0.0)


class _Texts:
    """Both texts, and what of each unit its translation may show again."""

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
    """How often each feature stands in translations, by what a first alignment shows."""

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
    """Everything beside everything in texts of ordinary length; else what lies near a chain of features that
    stand in one unit of each text (patience sorting)."""
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
    """The longest chain of pairs, given in order, of which both numbers rise."""
    ends: list[int] = []
    links: list[int] = []
    before: list[int] = []
    # Of pairs with the same first number, the one with the highest second comes first: a chain holds one.
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
    """What lies near the line through the knots, from the beginning of both texts to their end.

    Where the line runs along a unit of the left text, past many of the right, so does the band.
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
    """The beads of a path, with what has joined them, and how sure each is."""
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
