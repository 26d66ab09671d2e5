"""How do the words of two editions of a passage differ? Which were kept, removed or added?

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
"""difflib compares texts up to this product of their lengths in words. Longer texts are split at anchors; if
there are none, everything counts as replaced."""

_DEEPEST = 50
"""Depth of the recursion: how often the text between anchors is split at anchors again."""

_LONGEST_ISLAND = 3
"""Most equal words between two changes that are shown as one change."""


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that were removed and words that took their place, by their numbers; either may be empty."""

    kind: DifferenceKind
    old: range
    new: range


class Replacement(NamedTuple):
    """Words of one edition and those in their place in the other, by their numbers; either may be empty."""

    old: range
    new: range


class SameWord(NamedTuple):
    """A word that both editions have: its number in each."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class _Common:
    """A run of equal words: where it begins in each edition, and its length in words."""

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
    """The words that changed between two editions of a passage, in order.

    Words that are only split or joined differently are no change. For `is_prose` see :func:`changed_spans`.
    """
    old_forms, new_forms = [word.form for word in old], [word.form for word in new]
    changes = []
    for removed, added in changed_spans(old_forms, new_forms, is_prose=is_prose):
        removed_forms = old_forms[removed.start : removed.stop]
        is_other_text = "".join(removed_forms) != "".join(new_forms[added.start : added.stop])
        if is_other_text or any(map(_has_digit, removed_forms)):
            kind = difference_kind([new[number] for number in added], [old[number] for number in removed])
            changes.append(WordChange(kind, removed, added))
    return changes


def changed_spans(old: Sequence[str], new: Sequence[str], *, is_prose: bool) -> list[Replacement]:
    """The spans of one sequence that are replaced by spans of the other, in order.

    Args:
        is_prose: whether a few equal words between long changes count as changed. False for table rows and
            rows of numbers, so that an equal number never counts as changed.
    """
    end = _Common(len(old), len(new), 0)
    common = list(_common_runs(old, new))
    if is_prose:
        common = _without_islands(common, end)
    changed = []
    for before, after in pairwise([_BEGINNING, *common, end]):
        between = Replacement(range(before.old_end, after.old), range(before.new_end, after.new))
        if between.old or between.new:
            changed.append(between)
    return changed


def same_words(old: Sequence[str], new: Sequence[str]) -> Iterator[SameWord]:
    """The words that both editions have, in order."""
    for common in _common_runs(old, new):
        for step in range(common.length):
            yield SameWord(common.old + step, common.new + step)


def _common_runs(old: Sequence[str], new: Sequence[str]) -> Iterator[_Common]:
    """The runs of equal words, in order; adjacent runs are joined."""
    joined: _Common | None = None
    for run in _aligned(old, new):
        if joined and joined.old_end == run.old and joined.new_end == run.new:
            joined = _Common(joined.old, joined.new, joined.length + run.length)
            continue
        if joined:
            yield joined
        joined = run
    if joined:
        yield joined


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[_Common]:
    """Runs of equal words, in order: the common beginning and end are cut off before the rest is aligned."""
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
    """Runs of equal words within a range of each edition.

    In short ranges difflib finds them; long ranges are split at anchors.
    """
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
    """The runs of equal words that difflib finds."""
    old_part, new_part = old[in_old.start : in_old.stop], new[in_new.start : in_new.stop]
    for block in SequenceMatcher(None, old_part, new_part, autojunk=False).get_matching_blocks():
        if block.size:
            yield _Common(in_old.start + block.a, in_new.start + block.b, block.size)


def _anchors(old: Sequence[str], new: Sequence[str], in_old: range, in_new: range) -> list[_Common]:
    """The most words in the same order that occur exactly once in the range of each edition."""
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
    """The indexes of a longest increasing subsequence (Fredman 1975)."""
    least_end: list[int] = []
    """For each length, the least number that ends a subsequence of that length so far."""
    place_of_end: list[int] = []
    """The index of that number."""
    place_before: list[int] = []
    """For each number, the index of the one before it in the longest subsequence that it ends, or -1."""
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
    """Drop runs that are equal by chance: short ones that are shorter than the changes on both sides."""
    real: list[_Common] = []
    for island, after in pairwise([*common, end]):
        before = real[-1] if real else _BEGINNING
        changed_before = max(island.old - before.old_end, island.new - before.new_end)
        changed_after = max(after.old - island.old_end, after.new - island.new_end)
        if island.length > _LONGEST_ISLAND or island.length * 2 > min(changed_before, changed_after):
            real.append(island)
    return real


def _same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words at the start are equal."""
    length = 0
    for one_word, other_word in zip(one, other, strict=False):
        if one_word != other_word:
            break
        length += 1
    return length


def _has_digit(form: str) -> bool:
    return any(map(str.isdecimal, form))
