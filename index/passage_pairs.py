"""Which passage of one edition is which of the other, wherever it stands.

As in work on text reuse (Smith, Cordell and Mullen 2015), runs of words that few passages have propose pairs,
and the words themselves decide, by resemblance and containment (Broder 1997), each word weighed by how rare
it is. Passages with the same words that stand once in each edition are sure, as in Heckel's "A technique for
isolating differences between files" (1978). The heaviest row of pairs that is in the same order in both
editions stays where it is (heaviest increasing subsequence, Jacobson and Vo 1992); the rest has moved.

What is short, such as "Introduction" or a row of a table, is paired by its place: between pairs that are
known, or beside one that moved. Else every such line would be found somewhere.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, zip_longest
from math import log

from index.analysis import stem
from index.edition import Edition, EditionPassage
from index.table_rows import name_in_table

_RUN = 3
"""Words in the runs that propose pairs."""
_MOST_WITH_RUN = 20
"""Passages with a run of words; a run that more have proposes none."""
_MOST_PROPOSED = 4
"""Passages that are compared word by word with one, anywhere in the other edition."""
_MOST_NEAR, _MOST_WITH_WORD, _RAREST = 20, 60, 8
"""Passages that are compared with one in its place; passages near it by one word; words of it that are
asked."""
_MOST_EACH = 4_000
"""Passages between two known pairs, times those of the other edition, that are compared each with each."""

_LONG = 8
"""Words besides numbers of a passage that is no longer short."""
_ALIKE, _ALIKE_SHORT, _ALIKE_ANYWHERE, _ALIKE_MOVED = 0.45, 0.6, 0.6, 0.75
"""Resemblance from which passages are paired: in one place, in one place when short, anywhere before the
order is known, and when they have moved."""
_LEAST_BEGINNING, _TELLING = 2, 4
"""Words of a passage that is the beginning of another, and passages that one of these words stands in at
most."""
_CONTAINED = 0.8
"""Share of a passage that stands in a longer one, so that it was cut or grew."""
_VERY_FORMS = 0.1
"""What accents, endings and numbers count in resemblance; numbers so little, as they change from year to
year."""
_SHAPE = 0.2
"""What counts as the resemblance of rows with as many numbers each and no word."""
_OTHER_KIND = 0.85
"""Resemblance of a row of a table and what is none."""
_VERY_LONG, _ALIKE_MOVED_LONG = 25, 0.6
"""Words of a passage that is so long that it need not be so much alike, and how much."""
_AMOUNT = 5
"""Digits of a number that is seldom the same by chance."""
_NEAR = 12
"""Passages by which a short one may have moved."""
_MARGIN = 0.1
"""By which a moved passage is more like the one that it is paired with than like any other."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage of each edition, by their numbers."""

    old: int
    new: int
    likeness: float
    """1: the same words; 0: nothing in common."""
    weight: float
    """How much text the pair holds."""


@dataclass(frozen=True)
class Pairs:
    """The pairs of two editions; each passage is in one pair at most."""

    stayed: Sequence[Pair]
    """In the order of both editions."""
    moved: Sequence[Pair]
    """In the order of the newer edition."""


class Matter:
    """What a passage is compared by: the stems of its words, each with its weight, and its very forms."""

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


class Likeness:
    """How alike passages of two editions are, and by what weights of words."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old = [Matter(passage, old) for passage in old.passages]
        self.new = [Matter(passage, new) for passage in new.passages]
        spread = Counter(word for matter in [*self.old, *self.new] for word in matter.words)
        everywhere = len(self.old) + len(self.new)
        self.weights = {word: log(1 + everywhere / count) for word, count in spread.items()}
        self._telling = log(1 + everywhere / _TELLING)
        self._totals = [[self.weight(matter.words) for matter in side] for side in (self.old, self.new)]

    def weight(self, words: Counter[str]) -> float:
        """The weight of words together."""
        weights = self.weights
        return sum(weights[word] * count for word, count in words.items())

    def pair(self, old: int, new: int) -> Pair:
        """Two passages with their likeness; 0 where they are too little alike for a pair in one place."""
        one, other = self.old[old], self.new[new]
        totals = self._totals[0][old], self._totals[1][new]
        if one.key == other.key:
            return Pair(old, new, 1.0, max(0.1, totals[0]))
        if not one.words or not other.words:
            return Pair(old, new, self._by_shape(one, other), 0.1)
        shared = self.weight(one.words & other.words)
        resemblance = 2 * shared / (totals[0] + totals[1])
        same = 2 * (one.forms & other.forms).total() / (one.forms.total() + other.forms.total())
        resemblance = (1 - _VERY_FORMS) * resemblance + _VERY_FORMS * same
        if one.is_row != other.is_row:
            is_alike = resemblance >= _OTHER_KIND
        elif one.is_long and other.is_long:
            is_alike = resemblance >= _ALIKE or shared >= _CONTAINED * min(totals)
        else:
            is_alike = resemblance >= _ALIKE_SHORT or self._is_beginning(one, other)
        return Pair(old, new, resemblance if is_alike else 0.0, max(0.1, shared))

    def _is_beginning(self, one: Matter, other: Matter) -> bool:
        """Whether one is the beginning of the other, as of an item that was given an explanation."""
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
        """Rows that are all numbers, such as the years over a table, go by how many there are, beside a row
        that is a pair."""
        if one.words or other.words or not (one.is_row and other.is_row):
            return 0.0
        if one.name_in_table != other.name_in_table:
            return 0.0  # rows of other years
        return _SHAPE if one.forms.total() == other.forms.total() else 0.0

    def contained(self, part: int, whole: Counter[str], side: int) -> float:
        """The share of a passage's words that stand among others; 0 for passages that say too little."""
        matter = (self.old, self.new)[side][part]
        if not matter.words:
            return 0.0
        return self.weight(matter.words & whole) / self._totals[side][part]


def find_pairs(likeness: Likeness) -> Pairs:
    """Pair the passages of two editions."""
    return _Pairing(likeness).pairs()


def heaviest_chain(pairs: Iterable[Pair]) -> list[Pair]:
    """Those pairs that together hold most and are in the same order in both editions."""
    ordered = sorted(pairs, key=lambda pair: (pair.old, -pair.new))
    places = sorted({pair.new for pair in ordered})
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)  # Fenwick tree of the best chain's end
    before = []
    for number, pair in enumerate(ordered):
        place = bisect_left(places, pair.new)
        best, reach = (0.0, -1), place
        while reach:
            best = max(best, tree[reach])
            reach &= reach - 1
        before.append(best[1])
        chain = (best[0] + pair.likeness * pair.weight, number)
        reach = place + 1
        while reach <= len(places):
            tree[reach] = max(tree[reach], chain)
            reach += reach & -reach
    reach, best = len(places), (0.0, -1)
    while reach:
        best = max(best, tree[reach])
        reach &= reach - 1
    chosen, number = [], best[1]
    while number >= 0:
        chosen.append(ordered[number])
        number = before[number]
    return chosen[::-1]


class _Pairing:
    """The state of the work: who is paired so far."""

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._by_old: dict[int, Pair] = {}
        self._by_new: dict[int, Pair] = {}
        self._sides = len(likeness.old), len(likeness.new)

    def pairs(self) -> Pairs:
        """Sure pairs first, then what stands between them, then what has moved and what moved with it."""
        sure = [*self._same_once(), *self._alike_anywhere()]
        stayed = heaviest_chain(sure)
        chosen = {(pair.old, pair.new) for pair in stayed}
        far = [
            pair
            for pair in sure
            if (pair.old, pair.new) not in chosen
            and pair.likeness == 1
            and self._likeness.new[pair.new].is_long
        ]
        self._add([*stayed, *far])
        stayed = sorted([*stayed, *self._fill(stayed)], key=lambda pair: pair.old)
        moved = [*far, *self._moved(stayed)]
        moved += self._moved_along(moved)
        return Pairs(stayed, sorted(moved, key=lambda pair: pair.new))

    def _add(self, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            self._by_old[pair.old] = self._by_new[pair.new] = pair

    def _left_over(self) -> tuple[list[int], list[int]]:
        return (
            [number for number in range(self._sides[0]) if number not in self._by_old],
            [number for number in range(self._sides[1]) if number not in self._by_new],
        )

    def _same_once(self) -> list[Pair]:
        """Passages with the same words that nothing else in their edition has."""
        old, new = self._left_over()
        return [self._likeness.pair(one, other) for one, other in self._once(old, new)]

    def _once(self, old: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, int]]:
        counts = Counter(self._likeness.old[number].key for number in old)
        others = Counter(self._likeness.new[number].key for number in new)
        places = {self._likeness.new[number].key: number for number in new}
        for number in old:
            key = self._likeness.old[number].key
            if counts[key] == others[key] == 1:
                yield number, places[key]

    def _alike_anywhere(self) -> list[Pair]:
        """Long passages that were changed and are most like each other of all."""
        same = {matter.key for matter in self._likeness.old} & {matter.key for matter in self._likeness.new}
        old = [n for n, matter in enumerate(self._likeness.old) if matter.is_long and matter.key not in same]
        new = [n for n, matter in enumerate(self._likeness.new) if matter.is_long and matter.key not in same]
        return [pair for pair in self._mutually_best(old, new) if pair.likeness >= _ALIKE_ANYWHERE]

    def _mutually_best(self, old: Sequence[int], new: Sequence[int]) -> list[Pair]:
        """Pairs in which each is most like the other, by a margin over every other that is proposed."""
        with_run: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number in old:
            for run in self._likeness.old[number].runs:
                with_run[run].append(number)
        best: dict[int, list[Pair]] = {}
        rivals: defaultdict[int, list[float]] = defaultdict(list)
        for number in new:
            votes: Counter[int] = Counter()
            for run in self._likeness.new[number].runs:
                holders = with_run.get(run, ())
                if len(holders) <= _MOST_WITH_RUN:
                    votes.update(holders)
            proposed = sorted(votes, key=lambda each: (-votes[each], each))[:_MOST_PROPOSED]
            pairs = [self._likeness.pair(each, number) for each in proposed]
            best[number] = sorted(pairs, key=lambda pair: -pair.likeness)
            for pair in pairs:
                rivals[pair.old].append(pair.likeness)
        return [
            pairs[0]
            for pairs in best.values()
            if pairs
            and (len(pairs) == 1 or pairs[1].likeness <= pairs[0].likeness - _MARGIN)
            and sum(likeness > pairs[0].likeness - _MARGIN for likeness in rivals[pairs[0].old]) == 1
        ]

    def _fill(self, known: Sequence[Pair]) -> list[Pair]:
        """Pair what stands between each two known pairs."""
        found = []
        ends = [(-1, -1), *((pair.old, pair.new) for pair in known), self._sides]
        for before, after in pairwise(ends):
            found += self._pair_between((before[0] + 1, after[0]), (before[1] + 1, after[1]))
        return found

    def _pair_between(self, in_old: tuple[int, int], in_new: tuple[int, int]) -> list[Pair]:
        """Pair passages of two stretches in their order, as far as they are alike."""
        old = [number for number in range(*in_old) if number not in self._by_old]
        new = [number for number in range(*in_new) if number not in self._by_new]
        if not old or not new:
            return []
        proposed = (self._likeness.pair(one, other) for one, other in self._near(old, new))
        chain = heaviest_chain(pair for pair in proposed if pair.likeness)
        self._add(pair for pair in chain if pair.likeness > _SHAPE)
        found = [pair for pair in chain if pair.likeness > _SHAPE or self._is_beside_pair(pair)]
        self._add(found)
        return found

    def _is_beside_pair(self, pair: Pair) -> bool:
        """Whether the passages before or after two are a pair as well."""
        neighbours = (self._by_old.get(pair.old + step) for step in (-1, 1))
        return any(each and each.new - each.old == pair.new - pair.old for each in neighbours)

    def _near(self, old: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Passages of two stretches that may be pairs."""
        if len(old) * len(new) <= _MOST_EACH:
            yield from ((one, other) for one in old for other in new)
            return
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for place, number in enumerate(new):
            for clue in self._clues(self._likeness.new[number]):
                holders[clue].append(place)
        slope = len(new) / len(old)
        for place, number in enumerate(old):
            beside = place * slope
            votes: Counter[int] = Counter()
            for clue in self._clues(self._likeness.old[number]):
                votes.update(_nearest(holders[clue], beside))
            ranked = sorted(votes, key=lambda each: (-votes[each], abs(each - beside), each))
            yield from ((number, new[each]) for each in ranked[:_MOST_NEAR])

    def _clues(self, matter: Matter) -> list[str]:
        """What passages have in common with those that may be their pairs: rare words, or how many
        numbers."""
        if not matter.words:
            return [f" {matter.forms.total()}"]
        weights = self._likeness.weights
        return sorted(matter.words, key=lambda word: (-weights[word], word))[:_RAREST]

    def _moved(self, stayed: Sequence[Pair]) -> list[Pair]:
        """Pairs out of order: the same words once among what is left, or a long passage that was changed."""
        old, new = self._left_over()
        found = []
        for one, other in self._once(old, new):
            if self._likeness.old[one].is_long or _is_near(one, other, stayed):
                found.append(self._likeness.pair(one, other))
        self._add(found)
        found += self._same_name_in_table()
        found += self._same_name_and_amount()
        old, new = (
            [number for number in side if matters[number].is_long]
            for side, matters in zip(self._left_over(), (self._likeness.old, self._likeness.new), strict=True)
        )
        changed = [pair for pair in self._mutually_best(old, new) if pair.likeness >= self._least_moved(pair)]
        taken: set[int] = set()
        for pair in changed:
            if pair.old not in taken:
                taken.add(pair.old)
                found.append(pair)
        self._add(found)
        return found

    def _least_moved(self, pair: Pair) -> float:
        """How alike passages are that have moved: chance makes long ones less alike than short ones."""
        shorter = min(len(self._likeness.old[pair.old].stems), len(self._likeness.new[pair.new].stems))
        return _ALIKE_MOVED_LONG if shorter >= _VERY_LONG else _ALIKE_MOVED

    def _same_name_in_table(self) -> list[Pair]:
        """Rows with the same name in the same table, of which each edition has one."""
        left = self._left_over()
        names = [
            Counter(matter.name_in_table for matter in side)
            for side in (self._likeness.old, self._likeness.new)
        ]
        places = {self._likeness.new[number].name_in_table: number for number in left[1]}
        found = [
            self._likeness.pair(number, places[name])
            for number in left[0]
            if (name := self._likeness.old[number].name_in_table) in places
            and name
            and names[0][name] == names[1][name] == 1
        ]
        self._add(found)
        return found

    def _same_name_and_amount(self) -> list[Pair]:
        """Rows of tables with the same words, found once among what is left, and an amount in common."""
        rows = [
            {number: tuple(matters[number].stems) for number in side if matters[number].is_row}
            for side, matters in zip(self._left_over(), (self._likeness.old, self._likeness.new), strict=True)
        ]
        counts = [Counter(names.values()) for names in rows]
        places = {name: number for number, name in rows[1].items()}
        found = []
        for number, name in rows[0].items():
            if name and counts[0][name] == counts[1][name] == 1:
                pair = self._likeness.pair(number, places[name])
                forms = self._likeness.old[number].forms & self._likeness.new[pair.new].forms
                if any(form[0].isdecimal() and len(form) >= _AMOUNT for form in forms):
                    found.append(pair)
        self._add(found)
        return found

    def _moved_along(self, moved: Sequence[Pair]) -> list[Pair]:
        """What moved with its neighbours: short passages before, between and after those that are known."""
        found: list[Pair] = []
        known = sorted(moved, key=lambda pair: pair.new)
        for pair, after in zip_longest(known, known[1:]):
            for step in (-1, 1):
                found += self._beside(pair, step)
            if after and 0 < after.old - pair.old <= _NEAR and after.new - pair.new <= _NEAR:
                found += self._pair_between((pair.old + 1, after.old), (pair.new + 1, after.new))
        return found

    def _beside(self, pair: Pair, step: int) -> list[Pair]:
        """The passages with the same words next to a pair, as far as they go."""
        found = []
        old, new = pair.old + step, pair.new + step
        while (
            0 <= old < self._sides[0]
            and 0 <= new < self._sides[1]
            and old not in self._by_old
            and new not in self._by_new
            and self._likeness.old[old].key == self._likeness.new[new].key
        ):
            found.append(self._likeness.pair(old, new))
            self._add(found[-1:])
            old, new = old + step, new + step
        return found


def _nearest(places: Sequence[int], beside: float) -> Sequence[int]:
    """Of places in order the few that are nearest to one."""
    middle = bisect_left(places, beside)
    return places[max(0, middle - _MOST_WITH_WORD // 2) : middle + _MOST_WITH_WORD // 2]


def _is_near(old: int, new: int, stayed: Sequence[Pair]) -> bool:
    """Whether a passage has moved by a few others only."""
    place = bisect_right(stayed, old, key=lambda pair: pair.old) - 1
    beside = (stayed[place].old, stayed[place].new) if place >= 0 else (-1, -1)
    return abs(beside[1] + old - beside[0] - new) <= _NEAR
