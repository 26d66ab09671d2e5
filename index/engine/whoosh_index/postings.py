"""Posting lists: which entries contain a term, its weight there, and its positions. Does not know Whoosh.

They are arrays, so comparing two takes a handful of operations, however long they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
"""Entry numbers, weights or positions."""

Keys = NDArray[np.int64]
"""Places in a set of entries: row of the entry times :data:`ROW`, plus position."""

ROW = 1 << 32


class Postings(NamedTuple):
    """The entries with a term, in order of their numbers."""

    ids: Numbers
    weights: Numbers
    """Weight of the term in each entry; how often it stands there, in a field with positions."""
    positions: Numbers
    """All positions, entry after entry, ascending in each; empty in a field without positions."""

    @property
    def nbytes(self) -> int:
        """Memory that the arrays take."""
        return self.ids.nbytes + self.weights.nbytes + self.positions.nbytes


_NONE = np.empty(0, np.int32)
EMPTY = Postings(_NONE, _NONE, _NONE)


class Occurrences(NamedTuple):
    """How often each of several words stands in which entries: a row for each pair of a word and an entry."""

    words: Sequence[str]
    which: Numbers
    """Of each row, the number of its word."""
    ids: Numbers
    """Of each row, the entry."""
    counts: Numbers
    """Of each row, how often the word stands there."""

    @property
    def nbytes(self) -> int:
        """Memory that they take, about."""
        arrays = self.which.nbytes + self.ids.nbytes + self.counts.nbytes
        return arrays + sum(map(len, self.words)) + 60 * len(self.words)

    def of(self, wanted: Iterable[bool]) -> "Occurrences":
        """Those of some words: one truth for each."""
        is_wanted = np.fromiter(wanted, np.bool_, len(self.words))
        kept = is_wanted[self.which]
        words = [word for word, it_is in zip(self.words, is_wanted.tolist(), strict=True) if it_is]
        numbers = (np.cumsum(is_wanted) - 1).astype(np.int32)
        return Occurrences(words, numbers[self.which[kept]], self.ids[kept], self.counts[kept])

    def by_word(self, among: NDArray[np.bool_]) -> dict[str, int]:
        """How often each word stands in the entries of a mask; words that stand nowhere are left out."""
        kept = among[self.ids]
        sums = np.bincount(self.which[kept], self.counts[kept], len(self.words))
        return {self.words[number]: int(sums[number]) for number in np.flatnonzero(sums).tolist()}


def occurrences(lists: Mapping[str, Postings]) -> Occurrences:
    """The postings of several words as one."""
    if not lists:
        return Occurrences([], _NONE, _NONE, _NONE)
    which = np.repeat(np.arange(len(lists), dtype=np.int32), [len(each.ids) for each in lists.values()])
    parts = list(lists.values())
    ids, counts = (
        np.concatenate(columns) for columns in zip(*((p.ids, p.weights) for p in parts), strict=True)
    )
    return Occurrences(list(lists), which, ids, counts)


def all_occurrences(parts: Sequence[Occurrences]) -> Occurrences:
    """Those of several segments as one; a word gets one number."""
    if len(parts) == 1:
        return parts[0]
    numbers: dict[str, int] = {}
    which = [
        np.array([numbers.setdefault(word, len(numbers)) for word in part.words], np.int32)[part.which]
        for part in parts
    ]
    if not parts:
        return occurrences({})
    ids, counts = ([part.ids for part in parts], [part.counts for part in parts])
    return Occurrences(list(numbers), np.concatenate(which), np.concatenate(ids), np.concatenate(counts))


def _gather(starts: NDArray[np.integer], lengths: Numbers, rows: NDArray[np.integer]) -> NDArray[np.int64]:
    """Indices of the stretches [start, start + length) of the given rows, one after another."""
    lengths = lengths[rows]
    ends = np.cumsum(lengths)
    return np.repeat(starts[rows] - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)


def joined(parts: Sequence[Postings]) -> Postings:
    """One list of several whose entry numbers follow on each other."""
    if len(parts) == 1:
        return parts[0]
    return Postings(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def common(one: NDArray[np.integer], other: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which numbers of `one` are in `other` as well; both ascend."""
    if not len(other):
        return np.zeros(len(one), np.bool_)
    places = np.searchsorted(other, one)
    places[places == len(other)] = 0
    return np.asarray(other[places] == one)


def within(one: Postings, entries: NDArray[np.integer] | None) -> Postings:
    """The postings in some entries, given in order; None: in all."""
    if entries is None or not len(one.ids):
        return one
    rows = (
        np.flatnonzero(common(one.ids, entries)) if len(one.ids) < len(entries) else _rows(one.ids, entries)
    )
    starts = np.cumsum(one.weights) - one.weights
    return Postings(one.ids[rows], one.weights[rows], one.positions[_gather(starts, one.weights, rows)])


def _rows(ids: Numbers, entries: NDArray[np.integer]) -> NDArray[np.integer]:
    """Where those of some entries stand that a list has."""
    return np.searchsorted(ids, entries[common(entries, ids)])


def either(lists: Sequence[Postings]) -> Postings:
    """One list, with positions, of the entries that are in any of these lists of different words."""
    if len(lists) < 2:
        return lists[0] if lists else EMPTY
    ids = np.concatenate([np.repeat(postings.ids, postings.weights) for postings in lists])
    positions = np.concatenate([postings.positions for postings in lists])
    order = np.lexsort((positions, ids))
    entries, counts = np.unique(ids, return_counts=True)
    return Postings(entries, counts.astype(np.int32), positions[order])


def without(one: Postings, other: Postings) -> Postings:
    """The occurrences in `one` that are not in `other`, both with positions."""
    if not len(one.ids) or not len(other.ids):
        return one
    places = np.repeat(one.ids.astype(np.int64) * ROW, one.weights) + one.positions
    others = np.repeat(other.ids.astype(np.int64) * ROW, other.weights) + other.positions
    kept = ~common(places, others)
    entries, counts = np.unique(np.repeat(one.ids, one.weights)[kept], return_counts=True)
    return Postings(entries, counts.astype(np.int32), one.positions[kept])


def entries_with_all(lists: Sequence[Postings]) -> Numbers:
    """The entries that are in every list."""
    shortest, *others = sorted((postings.ids for postings in lists), key=len)
    for ids in others:
        shortest = shortest[common(shortest, ids)]
    return shortest


def keys(postings: Postings, entries: Numbers) -> Keys:
    """The positions in the given entries, all of which the list must hold, as ascending keys."""
    rows = np.searchsorted(postings.ids, entries)
    starts = np.cumsum(postings.weights) - postings.weights
    places = postings.positions[_gather(starts, postings.weights, rows)]
    return np.repeat(np.arange(len(entries), dtype=np.int64) * ROW, postings.weights[rows]) + places


def phrase(lists: Sequence[Postings]) -> tuple[Numbers, Numbers]:
    """The entries where the terms follow on each other in this order, and how often they do."""
    entries = entries_with_all(lists)
    words = sorted(enumerate(lists), key=lambda word: len(word[1].positions))
    found: Keys | None = None
    for place, postings in words:
        starts = keys(postings, entries) - place
        found = starts if found is None else found[common(found, starts)]
    assert found is not None, "a phrase has words"
    return _counted(found, entries)


def near(lists: Mapping[str, Postings], words: Sequence[str], span: int) -> tuple[Numbers, Numbers]:
    """The entries where all `words` stand within `span` positions of the first of them, in any order.

    A word given twice must be there twice. Also how many words such a group starts at.
    """
    entries = entries_with_all(list(lists.values()))
    places = {word: keys(postings, entries) for word, postings in lists.items()}
    anchors = np.unique(np.concatenate(list(places.values())))
    good = np.ones(len(anchors), np.bool_)
    for word, positions in places.items():
        last = np.searchsorted(positions, anchors) + (words.count(word) - 1)
        inside = last < len(positions)
        last[~inside] = 0
        good &= inside & (positions[last] - anchors <= span)
    return _counted(anchors[good], entries)


def _counted(found: Keys, entries: Numbers) -> tuple[Numbers, Numbers]:
    counts = np.bincount(found >> 32, minlength=len(entries)).astype(np.int32)
    kept = counts > 0
    return entries[kept], counts[kept]
