"""Which passage of one edition corresponds to which passage of the other, wherever it is?

As in work on text reuse (Smith, Cordell and Mullen 2015), runs of words that few passages share propose
pairs. The words themselves decide, by resemblance and containment (Broder 1997), with rare words weighing
more. Passages with the same words that occur once in each edition are certain, as in Heckel's "A technique
for isolating differences between files" (1978). The heaviest series of pairs in the same order in both
editions stays in place (heaviest increasing subsequence, Jacobson and Vo 1992); the rest has moved.

Short passages, such as "Introduction" or a row of a table, are paired by position: between known pairs, or
next to one that moved. Otherwise every such line would be found somewhere.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from math import log
from typing import NamedTuple

from index.editions.edition import Edition, EditionPassage
from index.editions.table_rows import name_in_table
from index.text.analysis import stem

_RUN = 3
"""Number of words in the runs that propose pairs."""
_MOST_WITH_RUN = 20
"""A run of words that more passages have than this proposes no pairs."""
_MOST_PROPOSED = 4
"""Most passages, anywhere in the other edition, that are compared word by word with one passage."""
_MOST_NEAR, _MOST_WITH_WORD, _RAREST = 20, 60, 8
"""Between two known pairs: most passages that are compared with one passage; most of them that one of its
words proposes; number of its rarest words that propose."""
_MOST_EACH = 4_000
"""Between two known pairs, passages are compared each with each up to this product of both numbers."""

_LONG = 8
"""Least number of words, numbers not counted, of a long passage."""
_ALIKE, _ALIKE_SHORT, _ALIKE_ANYWHERE, _ALIKE_MOVED = 0.45, 0.6, 0.6, 0.75
"""Least resemblance of a pair: of long passages in the same place; of short ones there; anywhere, while the
order is not known yet; of passages that have moved."""
_LEAST_BEGINNING, _TELLING = 2, 4
"""For a passage that is the beginning of another: its least number of words, and the most passages in which
its rarest word may occur."""
_CONTAINED = 0.8
"""Least share of a passage's words that a longer one contains, for both to be a pair that was cut or grew."""
_VERY_FORMS = 0.1
"""Weight in resemblance of the exact forms: accents, endings and numbers. It is low because numbers change
every year."""
_SHAPE = 0.2
"""Resemblance of two table rows without words that have equally many numbers."""
_LEAST_WEIGHT = 0.1
"""Weight of a pair with hardly any words."""
_OTHER_KIND = 0.85
"""Least resemblance of a pair of which only one is a table row."""
_VERY_LONG, _ALIKE_MOVED_LONG = 25, 0.6
"""Least number of words of a very long passage, and its least resemblance to a passage that has moved."""
_AMOUNT = 5
"""Digits of a number that is seldom the same by chance."""
_NEAR = 12
"""Most passages by which a short one may have moved."""
_MARGIN = 0.1
"""Least lead in resemblance of the best pair of a passage over every other."""


@dataclass(frozen=True, slots=True)
class PassagePair:
    """A passage of each edition, by their numbers."""

    old: int
    new: int
    likeness: float
    """1: the same words; 0: nothing in common."""
    weight: float
    """Sum of the weights of the words in common."""


class _Place(NamedTuple):
    """The numbers of a passage of each edition that may be a pair."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class _LeftOver:
    """The numbers of passages that are in no pair yet."""

    old: list[int]
    new: list[int]


@dataclass(frozen=True)
class Pairs:
    """The pairs of two editions; each passage is in one pair at most."""

    stayed: Sequence[PassagePair]
    """In the order of both editions."""
    moved: Sequence[PassagePair]
    """In the order of the newer edition."""


class Matter:
    """What a passage is compared by: the stems and the exact forms of its words."""

    def __init__(self, passage: EditionPassage, edition: Edition) -> None:
        self.key = passage.key
        self.kind = passage.unit.kind
        self.stems = [stem(word.form, edition.language) for word in passage.other_words]
        self.words = Counter(self.stems)
        self.forms = Counter(word.form for word in passage.words)
        self.name_in_table = name_in_table(passage)

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The runs of words that propose pairs."""
        stems = self.stems
        return frozenset(tuple(stems[start : start + _RUN]) for start in range(len(stems) - _RUN + 1))

    @property
    def is_row(self) -> bool:
        return self.kind == "table"

    @property
    def is_long(self) -> bool:
        return len(self.stems) >= _LONG

    @property
    def figure_count(self) -> int:
        """How many numbers the passage has."""
        return self.forms.total() - len(self.stems)


class Likeness:
    """Measures how alike passages of two editions are; rare words weigh more."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old = [Matter(passage, old) for passage in old.passages]
        self.new = [Matter(passage, new) for passage in new.passages]
        spread = Counter(word for matter in [*self.old, *self.new] for word in matter.words)
        everywhere = len(self.old) + len(self.new)
        self.weights = {word: log(1 + everywhere / count) for word, count in spread.items()}
        self._telling = log(1 + everywhere / _TELLING)
        self._old_weights = [self.weight(matter.words) for matter in self.old]
        self._new_weights = [self.weight(matter.words) for matter in self.new]

    def weight(self, words: Counter[str]) -> float:
        """Sum of the weights of words."""
        weights = self.weights
        return sum(weights[word] * count for word, count in words.items())

    def _shared_weight(self, one: Counter[str], other: Counter[str]) -> float:
        """Sum of the weights of the words that both have, each as often as both have it."""
        weights = self.weights
        return sum([weights[word] * min(count, other[word]) for word, count in one.items() if word in other])

    def pair(self, old: int, new: int) -> PassagePair:
        """Two passages with their likeness; it is 0 if they differ too much even for a pair in one place."""
        one, other = self.old[old], self.new[new]
        weight, other_weight = self._old_weights[old], self._new_weights[new]
        if one.key == other.key:
            return PassagePair(old, new, 1.0, max(_LEAST_WEIGHT, weight))
        if not one.words or not other.words:
            return PassagePair(old, new, self._by_shape(one, other), _LEAST_WEIGHT)
        shared = self._shared_weight(one.words, other.words)
        resemblance = 2 * shared / (weight + other_weight)
        is_contained = shared >= _CONTAINED * min(weight, other_weight)
        highest = (1 - _VERY_FORMS) * resemblance + _VERY_FORMS
        if highest < _ALIKE and not is_contained and not self._is_beginning(one, other):
            return PassagePair(old, new, 0.0, max(_LEAST_WEIGHT, shared))  # equal forms could not help
        same_forms = 2 * (one.forms & other.forms).total() / (one.forms.total() + other.forms.total())
        resemblance = (1 - _VERY_FORMS) * resemblance + _VERY_FORMS * same_forms
        is_alike = self._is_alike(one, other, resemblance, is_contained=is_contained)
        return PassagePair(old, new, resemblance if is_alike else 0.0, max(_LEAST_WEIGHT, shared))

    def _is_alike(self, one: Matter, other: Matter, resemblance: float, *, is_contained: bool) -> bool:
        """Whether two passages resemble each other enough; the bound depends on kind and length."""
        if one.is_row != other.is_row:
            return resemblance >= _OTHER_KIND
        if one.is_long and other.is_long:
            return resemblance >= _ALIKE or is_contained
        return resemblance >= _ALIKE_SHORT or self._is_beginning(one, other)

    def _is_beginning(self, one: Matter, other: Matter) -> bool:
        """Whether one is the beginning of the other, such as a list item to which text was added."""
        length = min(len(one.stems), len(other.stems))
        beginning = one.stems[:length]
        return (
            length >= _LEAST_BEGINNING
            and one.kind == other.kind
            and beginning == other.stems[:length]
            and max(self.weights[word] for word in beginning) >= self._telling
        )

    @staticmethod
    def _by_shape(one: Matter, other: Matter) -> float:
        """The likeness of two table rows of nothing but numbers, such as the years at the head of a table.

        It only makes a pair next to a row that is one; see :meth:`_Pairing._pair_between`.
        """
        if one.words or other.words or not (one.is_row and other.is_row):
            return 0.0
        if one.name_in_table != other.name_in_table:
            return 0.0  # rows of other years
        return _SHAPE if one.forms.total() == other.forms.total() else 0.0

    def contained(self, part: Matter, whole: Counter[str]) -> float:
        """The share of a passage's words that are among `whole`, 0 to 1; 0 if it has no words."""
        if not part.words:
            return 0.0
        return self.weight(part.words & whole) / self.weight(part.words)


def find_pairs(likeness: Likeness) -> Pairs:
    """Pair the passages of two editions."""
    return _Pairing(likeness).pairs()


def heaviest_chain(pairs: Iterable[PassagePair]) -> list[PassagePair]:
    """The pairs in the same order in both editions that together weigh most."""
    # Pairs of one older passage are sorted from the end of the newer edition to its beginning, so that a
    # chain contains only one of them.
    ordered = sorted(pairs, key=lambda pair: (pair.old, -pair.new))
    places = {new: place for place, new in enumerate(sorted({pair.new for pair in ordered}))}
    heaviest = _HeaviestChains(len(places))
    pair_before: list[int] = []
    for number, pair in enumerate(ordered):
        place = places[pair.new]
        chain = heaviest.before(place)
        pair_before.append(chain.last)
        heaviest.add(place, _Chain(chain.weight + pair.likeness * pair.weight, number))
    chosen = []
    number = heaviest.before(len(places)).last
    while number >= 0:
        chosen.append(ordered[number])
        number = pair_before[number]
    return chosen[::-1]


class _Chain(NamedTuple):
    """Pairs in the order of both editions, of which only the last is stored. Chains compare by weight, then
    by their last pair."""

    weight: float
    last: int
    """Index of its last pair among the sorted pairs; -1 for none."""


_NO_CHAIN = _Chain(0.0, -1)


class _HeaviestChains:
    """Finds the heaviest chain that ends before a place in the newer edition.

    It is a Fenwick tree: each node stores the heaviest chain of a range of places.
    """

    def __init__(self, places: int) -> None:
        self._nodes = [_NO_CHAIN] * (places + 1)

    def before(self, place: int) -> _Chain:
        """The heaviest chain that ends before a place; :data:`_NO_CHAIN` if there is none."""
        heaviest = _NO_CHAIN
        node = place
        while node:
            heaviest = max(heaviest, self._nodes[node])
            node &= node - 1
        return heaviest

    def add(self, place: int, chain: _Chain) -> None:
        """Add a chain that ends at a place."""
        node = place + 1
        while node < len(self._nodes):
            self._nodes[node] = max(self._nodes[node], chain)
            node += node & -node


class _Pairing:
    """Pairs the passages of two editions step by step; it knows which are paired so far."""

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._by_old: dict[int, PassagePair] = {}
        self._by_new: dict[int, PassagePair] = {}
        self._old_count, self._new_count = len(likeness.old), len(likeness.new)

    def pairs(self) -> Pairs:
        """Find certain pairs, then pairs between them, then passages that moved, then those around them."""
        sure = [*self._same_once(), *self._alike_anywhere()]
        stayed = heaviest_chain(sure)
        in_order = set(stayed)
        far = [
            pair
            for pair in sure
            if pair not in in_order and pair.likeness == 1 and self._likeness.new[pair.new].is_long
        ]
        self._add([*stayed, *far])
        stayed = sorted([*stayed, *self._fill(stayed)], key=lambda pair: pair.old)
        moved = [*far, *self._moved(stayed)]
        moved += self._moved_along(moved)
        return Pairs(stayed, sorted(moved, key=lambda pair: pair.new))

    def _add(self, pairs: Iterable[PassagePair]) -> None:
        for pair in pairs:
            self._by_old[pair.old] = self._by_new[pair.new] = pair

    def _left_over(self) -> _LeftOver:
        return _LeftOver(
            [number for number in range(self._old_count) if number not in self._by_old],
            [number for number in range(self._new_count) if number not in self._by_new],
        )

    def _long_left_over(self) -> _LeftOver:
        left = self._left_over()
        return _LeftOver(
            [number for number in left.old if self._likeness.old[number].is_long],
            [number for number in left.new if self._likeness.new[number].is_long],
        )

    def _same_once(self) -> list[PassagePair]:
        """Pairs with the same words, which no other passage of either edition has."""
        return [self._likeness.pair(place.old, place.new) for place in self._once(self._left_over())]

    def _once(self, left: _LeftOver) -> Iterator[_Place]:
        """Pairs of unpaired passages whose words occur in exactly one of them in each edition."""
        old_keys = [self._likeness.old[number].key for number in left.old]
        new_keys = [self._likeness.new[number].key for number in left.new]
        old_counts, new_counts = Counter(old_keys), Counter(new_keys)
        new_numbers = dict(zip(new_keys, left.new, strict=True))
        for key, number in zip(old_keys, left.old, strict=True):
            if old_counts[key] == new_counts[key] == 1:
                yield _Place(number, new_numbers[key])

    def _alike_anywhere(self) -> list[PassagePair]:
        """Long passages that were changed, each the most like the other in the whole edition."""
        old, new = self._likeness.old, self._likeness.new
        same = {matter.key for matter in old} & {matter.key for matter in new}
        changed = _LeftOver(
            [number for number, matter in enumerate(old) if matter.is_long and matter.key not in same],
            [number for number, matter in enumerate(new) if matter.is_long and matter.key not in same],
        )
        return [pair for pair in self._mutually_best(changed) if pair.likeness >= _ALIKE_ANYWHERE]

    def _mutually_best(self, left: _LeftOver) -> list[PassagePair]:
        """Pairs in which each passage is the most like the other, with a lead of :data:`_MARGIN`."""
        passages_by_run = self._old_passages_by_run(left.old)
        best: list[PassagePair] = []
        likenesses_of_old: defaultdict[int, list[float]] = defaultdict(list)
        for number in left.new:
            pairs = [self._likeness.pair(old, number) for old in self._proposed(number, passages_by_run)]
            for pair in pairs:
                likenesses_of_old[pair.old].append(pair.likeness)
            pairs.sort(key=lambda pair: -pair.likeness)
            if pairs and (len(pairs) == 1 or pairs[1].likeness <= pairs[0].likeness - _MARGIN):
                best.append(pairs[0])
        return [
            pair
            for pair in best
            if sum(likeness > pair.likeness - _MARGIN for likeness in likenesses_of_old[pair.old]) == 1
        ]

    def _old_passages_by_run(self, old: Iterable[int]) -> Mapping[tuple[str, ...], Sequence[int]]:
        """For each run of words, the passages of the older edition that contain it."""
        passages: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number in old:
            for run in self._likeness.old[number].runs:
                passages[run].append(number)
        return passages

    def _proposed(self, new: int, passages_by_run: Mapping[tuple[str, ...], Sequence[int]]) -> list[int]:
        """The older passages that have most runs of words in common with a newer one."""
        votes: Counter[int] = Counter()
        for run in self._likeness.new[new].runs:
            with_run = passages_by_run.get(run, ())
            if len(with_run) <= _MOST_WITH_RUN:
                votes.update(with_run)
        return sorted(votes, key=lambda old: (-votes[old], old))[:_MOST_PROPOSED]

    def _fill(self, known: Sequence[PassagePair]) -> list[PassagePair]:
        """Pair the passages between each two known pairs, before the first and after the last."""
        found = []
        old_start = new_start = 0
        for pair in known:
            found += self._pair_between(range(old_start, pair.old), range(new_start, pair.new))
            old_start, new_start = pair.old + 1, pair.new + 1
        rest = self._pair_between(range(old_start, self._old_count), range(new_start, self._new_count))
        return [*found, *rest]

    def _pair_between(self, in_old: range, in_new: range) -> list[PassagePair]:
        """Pair the alike passages of two ranges, in the same order in both."""
        old = [number for number in in_old if number not in self._by_old]
        new = [number for number in in_new if number not in self._by_new]
        if not old or not new:
            return []
        proposed = (self._likeness.pair(place.old, place.new) for place in self._near(old, new))
        chain = heaviest_chain(pair for pair in proposed if pair.likeness)
        self._add(pair for pair in chain if pair.likeness > _SHAPE)
        found = [pair for pair in chain if pair.likeness > _SHAPE or self._is_beside_pair(pair)]
        self._add(found)
        return found

    def _is_beside_pair(self, pair: PassagePair) -> bool:
        """Whether the passages before or after both are a pair."""
        neighbours = (self._by_old.get(pair.old + step) for step in (-1, 1))
        return any(each and each.new - each.old == pair.new - pair.old for each in neighbours)

    def _near(self, old: Sequence[int], new: Sequence[int]) -> Iterator[_Place]:
        """Passages of two ranges that may be pairs.

        In short ranges these are all. In long ones they are those that have a rare word in common, near the
        place that is proportionally the same.
        """
        if len(old) * len(new) <= _MOST_EACH:
            yield from (_Place(one, other) for one in old for other in new)
            return
        places_by_clue: defaultdict[str, list[int]] = defaultdict(list)
        for place, number in enumerate(new):
            for clue in self._clues(self._likeness.new[number]):
                places_by_clue[clue].append(place)
        slope = len(new) / len(old)
        for place, number in enumerate(old):
            expected = place * slope
            votes: Counter[int] = Counter()
            for clue in self._clues(self._likeness.old[number]):
                votes.update(_nearest(places_by_clue[clue], expected))
            ranked = sorted(votes, key=lambda each: (-votes[each], abs(each - expected), each))
            yield from (_Place(number, new[each]) for each in ranked[:_MOST_NEAR])

    def _clues(self, matter: Matter) -> list[str]:
        """What a passage has in common with possible pairs: its rarest words, or its count of numbers if it
        has no words."""
        if not matter.words:
            return [f" {matter.forms.total()}"]
        weights = self._likeness.weights
        return sorted(matter.words, key=lambda word: (-weights[word], word))[:_RAREST]

    def _moved(self, stayed: Sequence[PassagePair]) -> list[PassagePair]:
        """Pairs of passages that moved: equal ones, table rows by name, and long ones that were changed."""
        same = [
            self._likeness.pair(place.old, place.new)
            for place in self._once(self._left_over())
            if self._likeness.old[place.old].is_long or _is_near(place, stayed)
        ]
        self._add(same)
        return [*same, *self._same_name_in_table(), *self._same_name_and_amount(), *self._moved_and_changed()]

    def _moved_and_changed(self) -> list[PassagePair]:
        """Long passages that have moved, each the most like the other among the unpaired ones."""
        found: dict[int, PassagePair] = {}
        for pair in self._mutually_best(self._long_left_over()):
            if pair.likeness >= self._least_moved(pair):
                found.setdefault(pair.old, pair)
        self._add(found.values())
        return list(found.values())

    def _least_moved(self, pair: PassagePair) -> float:
        """Least resemblance of a moved pair; lower for very long ones, which are seldom alike by chance."""
        shorter = min(len(self._likeness.old[pair.old].stems), len(self._likeness.new[pair.new].stems))
        return _ALIKE_MOVED_LONG if shorter >= _VERY_LONG else _ALIKE_MOVED

    def _same_name_in_table(self) -> list[PassagePair]:
        """Unpaired table rows with the same name in the same table, which each edition has once."""
        left = self._left_over()
        old_counts = Counter(matter.name_in_table for matter in self._likeness.old)
        new_counts = Counter(matter.name_in_table for matter in self._likeness.new)
        new_numbers = {self._likeness.new[number].name_in_table: number for number in left.new}
        found = []
        for number in left.old:
            name = self._likeness.old[number].name_in_table
            if name and name in new_numbers and old_counts[name] == new_counts[name] == 1:
                found.append(self._likeness.pair(number, new_numbers[name]))
        self._add(found)
        return found

    def _same_name_and_amount(self) -> list[PassagePair]:
        """Unpaired table rows with the same words, which each edition has once, and an amount in common."""
        left = self._left_over()
        old_names = _names_of_rows(left.old, self._likeness.old)
        new_names = _names_of_rows(left.new, self._likeness.new)
        old_counts, new_counts = Counter(old_names.values()), Counter(new_names.values())
        new_numbers = {name: number for number, name in new_names.items()}
        found = []
        for number, name in old_names.items():
            if name and old_counts[name] == new_counts[name] == 1:
                pair = self._likeness.pair(number, new_numbers[name])
                if self._have_amount_in_common(pair):
                    found.append(pair)
        self._add(found)
        return found

    def _have_amount_in_common(self, pair: PassagePair) -> bool:
        forms = self._likeness.old[pair.old].forms & self._likeness.new[pair.new].forms
        return any(form[0].isdecimal() and len(form) >= _AMOUNT for form in forms)

    def _moved_along(self, moved: Sequence[PassagePair]) -> list[PassagePair]:
        """Passages, also short ones, that moved together with their neighbours."""
        found: list[PassagePair] = []
        moved_in_order = sorted(moved, key=lambda pair: pair.new)
        for pair, after in zip_longest(moved_in_order, moved_in_order[1:]):
            for step in (-1, 1):
                found += self._same_next_to(pair, step)
            if after and 0 < after.old - pair.old <= _NEAR and after.new - pair.new <= _NEAR:
                found += self._pair_between(range(pair.old + 1, after.old), range(pair.new + 1, after.new))
        return found

    def _same_next_to(self, pair: PassagePair, step: int) -> list[PassagePair]:
        """Pairs with the same words that follow a pair (step 1) or precede it (step -1) without a gap."""
        found = []
        old, new = pair.old + step, pair.new + step
        while (
            0 <= old < self._old_count
            and 0 <= new < self._new_count
            and old not in self._by_old
            and new not in self._by_new
            and self._likeness.old[old].key == self._likeness.new[new].key
        ):
            found.append(self._likeness.pair(old, new))
            self._add(found[-1:])
            old, new = old + step, new + step
        return found


def _names_of_rows(numbers: Iterable[int], matters: Sequence[Matter]) -> dict[int, tuple[str, ...]]:
    """The stems of the passages that are table rows, by the number of the passage."""
    return {number: tuple(matters[number].stems) for number in numbers if matters[number].is_row}


def _nearest(places: Sequence[int], expected: float) -> Sequence[int]:
    """The few of the sorted places that are nearest to the expected one."""
    middle = bisect_left(places, expected)
    return places[max(0, middle - _MOST_WITH_WORD // 2) : middle + _MOST_WITH_WORD // 2]


def _is_near(place: _Place, stayed: Sequence[PassagePair]) -> bool:
    """Whether a passage has moved by at most :data:`_NEAR` passages, counted from the last one before it that
    stayed."""
    number = bisect_right(stayed, place.old, key=lambda pair: pair.old) - 1
    before = _Place(stayed[number].old, stayed[number].new) if number >= 0 else _Place(-1, -1)
    return abs((place.new - before.new) - (place.old - before.old)) <= _NEAR
