"""Posting lists: which entries contain a term, its weight there, and its positions. Does not know Whoosh.

They are arrays in memory and compact bytes on disk. Reading one takes a handful of array operations, however
long it is.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

Numbers = NDArray[np.int32]
"""Entry numbers, weights or positions."""

Keys = NDArray[np.int64]
"""Places in a set of entries: row of the entry times :data:`ROW`, plus position."""

ROW = 1 << 32

_HEADER = struct.Struct("<IIBBBx")  # postings, positions, bytes per: id, weight, position
_UNSIGNED: dict[int, np.dtype[np.unsignedinteger]] = {
    1: np.dtype("<u1"),
    2: np.dtype("<u2"),
    4: np.dtype("<u4"),
}


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


def encode(lists: Sequence[Postings]) -> list[bytes]:
    """Write posting lists as bytes: entry numbers as differences, and all numbers in the fewest bytes that
    do for the list. Many lists at once take little longer than one.

    None may be empty, and all have positions or none has.
    """
    counts = [len(postings.ids) for postings in lists]
    position_counts = [len(postings.positions) for postings in lists]
    all_ids, all_weights, all_positions = joined(lists)
    starts = np.cumsum([0, *counts[:-1]])
    steps = np.diff(all_ids, prepend=np.int32(0))
    steps[starts] = all_ids[starts]
    columns = (
        _narrowed(steps, counts),
        _narrowed(all_weights, counts),
        _narrowed(all_positions, position_counts),
    )
    return [
        _HEADER.pack(count, position_count, *(size for size, _ in parts))
        + b"".join(data for _, data in parts)
        for count, position_count, parts in zip(
            counts, position_counts, zip(*columns, strict=True), strict=True
        )
    ]


def _narrowed(column: Numbers, counts: Sequence[int]) -> list[tuple[int, bytes]]:
    """The stretches of a column, one after another, each in so many bytes a number as it needs."""
    if not len(column):
        return [(1, b"")] * len(counts)
    starts = np.cumsum([0, *counts[:-1]])
    tops = np.maximum.reduceat(column, starts)
    sizes = np.where(tops < 1 << 8, 1, np.where(tops < 1 << 16, 2, 4)).tolist()
    data = {size: column.astype(kind).tobytes() for size, kind in _UNSIGNED.items() if size in sizes}
    return [
        (size, data[size][start * size : (start + count) * size])
        for size, start, count in zip(sizes, starts.tolist(), counts, strict=True)
    ]


def decode(data: bytes) -> Postings:
    """Read what :func:`encode` wrote."""
    count, position_count, *sizes = _HEADER.unpack_from(data)
    offset = _HEADER.size
    columns = []
    for length, size in zip((count, count, position_count), sizes, strict=True):
        columns.append(np.frombuffer(data, _UNSIGNED[size], length, offset).astype(np.int32))
        offset += length * size
    steps, weights, positions = columns
    return Postings(np.cumsum(steps, dtype=np.int32), weights, positions)


def decode_many(
    data: Bytes, offsets: NDArray[np.int64], *, with_positions: bool = True
) -> tuple[Numbers, Postings]:
    """Read many of the lists in `data`, those that begin at `offsets`.

    Returns:
        how many postings each list has, and the postings of all, one list after another.
    """
    counts = _numbers_at(data, offsets, 4)
    starts = offsets + _HEADER.size
    columns = []
    for place, lengths in ((8, counts), (9, counts), (10, _numbers_at(data, offsets + 4, 4))):
        if place == 10 and not with_positions:
            columns.append(_NONE)
            continue
        sizes = data[offsets + place]
        columns.append(_widened(data, starts, lengths, sizes))
        starts = starts + lengths * sizes.astype(np.int64)
    steps, weights, positions = columns
    ids = np.cumsum(steps, dtype=np.int64)
    firsts = np.cumsum(counts) - counts
    before = ids[firsts] - steps[firsts] if len(ids) else _NONE
    return counts, Postings((ids - np.repeat(before, counts)).astype(np.int32), weights, positions)


def _widened(data: Bytes, starts: NDArray[np.int64], lengths: Numbers, sizes: Bytes) -> Numbers:
    """The numbers in stretches of `data`, each stretch with so many bytes a number."""
    result = np.empty(int(lengths.sum()), np.int32)
    targets = np.cumsum(lengths) - lengths
    for size in _UNSIGNED:
        rows = np.flatnonzero(sizes == size)
        within = _gather(np.zeros_like(starts), lengths, rows)
        repeated = np.repeat(rows, lengths[rows])
        result[targets[repeated] + within] = _numbers_at(data, starts[repeated] + within * size, size)
    return result


def _numbers_at(data: Bytes, offsets: NDArray[np.int64], size: int) -> Numbers:
    numbers = data[offsets].astype(np.int32)
    for byte in range(1, size):
        numbers |= data[offsets + byte].astype(np.int32) << (8 * byte)
    return numbers


def inverted(
    terms: Sequence[str],
    numbers: Numbers,
    entries: Numbers,
    *,
    positions: Numbers | None = None,
    weights: Numbers | None = None,
) -> Iterator[tuple[str, Postings]]:
    """The posting lists, in the order of the terms' code points, of many occurrences of terms.

    Args:
        terms: each once, in any order.
        numbers: for each occurrence, which of `terms` it is.
        entries: for each occurrence, the entry that it is in; these ascend.
        positions: for each occurrence, where in the entry; in an entry these ascend.
        weights: for each occurrence, what it weighs, in a field without positions.
    """
    if not len(numbers):
        return iter(())
    order = np.argsort(numbers, kind="stable")
    numbers, entries = numbers[order], entries[order]
    is_first = (numbers[1:] != numbers[:-1]) | (entries[1:] != entries[:-1])
    starts = np.append(0, np.flatnonzero(is_first) + 1)
    if positions is not None:
        sums = np.diff(np.append(starts, len(order))).astype(np.int32)
        found = Postings(entries[starts], sums, positions[order])
    else:
        assert weights is not None, "occurrences have positions or weights"
        found = Postings(entries[starts], np.add.reduceat(weights[order], starts), _NONE)
    return by_term(terms, numbers[starts], found)


def by_term(terms: Sequence[str], numbers: Numbers, found: Postings) -> Iterator[tuple[str, Postings]]:
    """The posting lists, in the order of the terms' code points, of postings in any order of terms.

    Args:
        terms: each once, in any order.
        numbers: for each posting, which of `terms` it is of.
        found: the postings; those of a term in the order of their entries.
    """
    names = sorted(range(len(terms)), key=terms.__getitem__)
    rank = np.empty(len(terms), np.int32)
    rank[names] = np.arange(len(terms), dtype=np.int32)
    ranks = rank[numbers]
    order = np.argsort(ranks, kind="stable")
    ids, weights, positions = found
    places = np.zeros(len(order) + 1, np.int64)
    if len(positions):
        positions = positions[_gather(np.cumsum(weights) - weights, weights, order)]
        np.cumsum(weights[order], out=places[1:])
    ids, weights = ids[order], weights[order]
    bounds = np.searchsorted(ranks[order], np.arange(len(terms) + 1))
    spans = zip(names, pairwise(bounds.tolist()), pairwise(places[bounds].tolist()), strict=True)
    for name, (start, end), (first, last) in spans:
        if start < end:
            yield terms[name], Postings(ids[start:end], weights[start:end], positions[first:last])


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
