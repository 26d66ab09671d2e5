"""How do the words of two editions of a passage differ? Which stay, which go, which come?

First, words that occur once in each edition, in the same order, are matched, as in Cohen's patience diff.
Between them the longest common run is matched, then those to its left and right (Ratcliff and Obershelp, as
:mod:`difflib` does). A few common words between long changes count as changed (Fraser, "Diff strategies",
2006): a reader sees one sentence replaced by another instead of confetti. The work grows only with the length
of the editions, however repetitive they are.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from index.quotation.differences import DifferenceKind, difference_kind
from index.text.comparable_words import Wording

_MOST_COMPARED = 250_000
"""Words of one edition times words of the other that are compared each with each; where there are more, and
nothing to align them by, they count as replaced."""

_DEEPEST = 50
"""Times that what stands between anchors is aligned by anchors again."""

_LONGEST_ISLAND = 3
"""Words that two changed stretches may have in common and still be told as one change."""


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that go and those that come in their place, as numbers of words; either may be none."""

    kind: DifferenceKind
    old: range
    new: range


class Replacement(NamedTuple):
    """A stretch of one edition and what stands in its place in the other, by number; either may be empty."""

    old: range
    new: range


class SameWord(NamedTuple):
    """A word that both editions have: its number in each."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class _Common:
    """A stretch that both editions have: where it begins in each, and how long it is."""

    old: int
    new: int
    length: int

    @property
    def old_end(self) -> int:
        return self.old + self.length

    @property
    def new_end(self) -> int:
        return self.new + self.length


_BEGINNING = _Common(0, 0, 0)


def word_changes(
    old: Sequence[Wording], new: Sequence[Wording], *, is_prose: bool = True
) -> list[WordChange]:
    """What is changed between two editions of a passage, in order; see :func:`changed_spans`."""
    old_forms, new_forms = [word.form for word in old], [word.form for word in new]
    changes = []
    for gone, come in changed_spans(old_forms, new_forms, is_prose=is_prose):
        gone_forms = old_forms[gone.start : gone.stop]
        is_other_text = "".join(gone_forms) != "".join(new_forms[come.start : come.stop])
        if is_other_text or any(map(_has_digit, gone_forms)):
            kind = difference_kind([new[number] for number in come], [old[number] for number in gone])
            changes.append(WordChange(kind, gone, come))
    return changes


def changed_spans(old: Sequence[str], new: Sequence[str], *, is_prose: bool) -> list[Replacement]:
    """Which stretches of one sequence are replaced by which of the other, in order.

    Args:
        is_prose: whether a few common words between long changes are taken for changed; a number in a row of
            a table, or in a row of numbers, never is.
    """
    end = _Common(len(old), len(new), 0)
    common = list(_common_stretches(old, new))
    if is_prose:
        common = _without_islands(common, end)
    changed = []
    for before, after in pairwise([_BEGINNING, *common, end]):
        between = Replacement(range(before.old_end, after.old), range(before.new_end, after.new))
        if between.old or between.new:
            changed.append(between)
    return changed


def same_words(old: Sequence[str], new: Sequence[str]) -> Iterator[SameWord]:
    """The words that both editions have, in order: all that is in no changed stretch."""
    for common in _common_stretches(old, new):
        for step in range(common.length):
            yield SameWord(common.old + step, common.new + step)


def _common_stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Common]:
    """The stretches that both have, in order, as long as they can be: those that meet are one."""
    joined: _Common | None = None
    for stretch in _aligned(old, new):
        if joined and joined.old_end == stretch.old and joined.new_end == stretch.new:
            joined = _Common(joined.old, joined.new, joined.length + stretch.length)
            continue
        if joined:
            yield joined
        joined = stretch
    if joined:
        yield joined


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[_Common]:
    """Pieces that both have, in order: the same beginning and end first, then what stands between."""
    start = _same_at_start(old, new)
    end = _same_at_start(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    if start:
        yield _Common(0, 0, start)
    yield from _within(old, new, range(start, old_end), range(start, new_end))
    if end:
        yield _Common(old_end, new_end, end)


def _within(
    old: Sequence[str], new: Sequence[str], in_old: range, in_new: range, depth: int = 0
) -> Iterator[_Common]:
    """Pieces that a stretch of each edition has in common: each word compared with each, or around anchors
    where there are too many."""
    if len(in_old) * len(in_new) <= _MOST_COMPARED:
        yield from _compared(old, new, in_old, in_new)
        return
    anchors = _anchors(old, new, in_old, in_new)
    if not anchors or depth == _DEEPEST:
        return
    old_start, new_start = in_old.start, in_new.start
    for anchor in anchors:
        yield from _within(old, new, range(old_start, anchor.old), range(new_start, anchor.new), depth + 1)
        yield anchor
        old_start, new_start = anchor.old_end, anchor.new_end
    yield from _within(old, new, range(old_start, in_old.stop), range(new_start, in_new.stop), depth + 1)


def _compared(old: Sequence[str], new: Sequence[str], in_old: range, in_new: range) -> Iterator[_Common]:
    """The pieces that difflib finds."""
    old_part, new_part = old[in_old.start : in_old.stop], new[in_new.start : in_new.stop]
    for block in SequenceMatcher(None, old_part, new_part, autojunk=False).get_matching_blocks():
        if block.size:
            yield _Common(in_old.start + block.a, in_new.start + block.b, block.size)


def _anchors(old: Sequence[str], new: Sequence[str], in_old: range, in_new: range) -> list[_Common]:
    """The words that stand once in a stretch of each edition, as many as stand in the same order."""
    old_counts = Counter(old[in_old.start : in_old.stop])
    new_counts = Counter(new[in_new.start : in_new.stop])
    new_places = {new[place]: place for place in in_new if new_counts[new[place]] == 1}
    anchors = [
        _Common(place, new_places[old[place]], 1)
        for place in in_old
        if old_counts[old[place]] == 1 and old[place] in new_places
    ]
    return [anchors[number] for number in longest_increasing([anchor.new for anchor in anchors])]


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """The places of a longest increasing subsequence (Fredman 1975)."""
    least_end: list[int] = []
    """The least number in which a subsequence of each length ends, so far."""
    place_of_end: list[int] = []
    """Where that number stands."""
    place_before: list[int] = []
    """For each number, where the one before it stands in the longest subsequence that it ends."""
    for place, number in enumerate(numbers):
        length = bisect_left(least_end, number)
        place_before.append(place_of_end[length - 1] if length else -1)
        least_end[length : length + 1] = [number]
        place_of_end[length : length + 1] = [place]
    chosen = []
    place = place_of_end[-1] if place_of_end else -1
    while place >= 0:
        chosen.append(place)
        place = place_before[place]
    return chosen[::-1]


def _without_islands(common: Sequence[_Common], end: _Common) -> list[_Common]:
    """Take out what both have by chance: short stretches that are shorter than the changes on both sides."""
    kept: list[_Common] = []
    for island, after in pairwise([*common, end]):
        before = kept[-1] if kept else _BEGINNING
        changed_before = max(island.old - before.old_end, island.new - before.new_end)
        changed_after = max(after.old - island.old_end, after.new - island.new_end)
        if island.length > _LONGEST_ISLAND or island.length * 2 > min(changed_before, changed_after):
            kept.append(island)
    return kept


def _same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words at the start are the same."""
    length = 0
    for word, beside in zip(one, other, strict=False):
        if word != beside:
            break
        length += 1
    return length


def _has_digit(form: str) -> bool:
    return any(map(str.isdecimal, form))
