"""How the words of two versions of a passage differ: which stay, which go, which come.

Words that stand once in each version and in the same order are what the rest is aligned by, as in Cohen's
patience diff; between them the longest stretch that both have goes first, then those left and right of it
(Ratcliff and Obershelp, as :mod:`difflib` does it). What both have by chance, a few common words between long
changes, is taken for changed (Fraser, "Diff strategies", 2006): a reader sees one sentence replaced by
another instead of confetti. However long and repetitive the versions are, the work grows with their length
alone.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from index.differences import DifferenceKind, difference_kind
from index.wording import Wording

_MOST_COMPARED = 250_000
"""Words of one version times words of the other that are compared each with each; where there are more, and
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


@dataclass(frozen=True, slots=True)
class _Common:
    """A stretch that both have."""

    old: int
    new: int
    length: int


def word_changes(
    old: Sequence[Wording], new: Sequence[Wording], *, is_prose: bool = True
) -> list[WordChange]:
    """What is changed between two versions of a passage, in order; see :func:`changed_stretches`."""
    changes = []
    stretches = changed_stretches([word.form for word in old], [word.form for word in new], is_prose=is_prose)
    for gone, come in stretches:
        forms = [old[number].form for number in gone], [new[number].form for number in come]
        if "".join(forms[0]) != "".join(forms[1]) or any(map(_has_digit, forms[0])):
            kind = difference_kind([new[number] for number in come], [old[number] for number in gone])
            changes.append(WordChange(kind, gone, come))
    return changes


def changed_stretches(old: Sequence[str], new: Sequence[str], *, is_prose: bool) -> list[tuple[range, range]]:
    """Which stretches of one sequence are replaced by which of the other, in order; either may be empty.

    Args:
        is_prose: whether a few common words between long changes are taken for changed; a number in a row of
            a table, or in a row of numbers, never is.
    """
    common = list(_common_stretches(old, new))
    if is_prose:
        common = _without_islands(common, len(old), len(new))
    changed = []
    for before, after in pairwise([_Common(0, 0, 0), *common, _Common(len(old), len(new), 0)]):
        gone = range(before.old + before.length, after.old)
        come = range(before.new + before.length, after.new)
        if gone or come:
            changed.append((gone, come))
    return changed


def _common_stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Common]:
    """The stretches that both have, in order, as long as they can be."""
    joined: _Common | None = None
    for one in _aligned(old, new):
        if joined and joined.old + joined.length == one.old and joined.new + joined.length == one.new:
            joined = _Common(joined.old, joined.new, joined.length + one.length)
            continue
        if joined:
            yield joined
        joined = one
    if joined:
        yield joined


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[_Common]:
    start = _same_at_start(old, new)
    end = _same_at_start(old[start:][::-1], new[start:][::-1])
    if start:
        yield _Common(0, 0, start)
    yield from _between(old, new, (start, len(old) - end), (start, len(new) - end))
    if end:
        yield _Common(len(old) - end, len(new) - end, end)


def _between(
    old: Sequence[str],
    new: Sequence[str],
    in_old: tuple[int, int],
    in_new: tuple[int, int],
    depth: int = 0,
) -> Iterator[_Common]:
    """The stretches that two stretches have in common."""
    one, other = old[slice(*in_old)], new[slice(*in_new)]
    if len(one) * len(other) <= _MOST_COMPARED:
        for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
            if block.size:
                yield _Common(in_old[0] + block.a, in_new[0] + block.b, block.size)
        return
    anchors = [(in_old[0] + place, in_new[0] + beside) for place, beside in _anchors(one, other)]
    if not anchors or depth == _DEEPEST:
        return
    for before, after in pairwise([(in_old[0] - 1, in_new[0] - 1), *anchors, (in_old[1], in_new[1])]):
        yield from _between(old, new, (before[0] + 1, after[0]), (before[1] + 1, after[1]), depth + 1)
        if after[0] < in_old[1]:
            yield _Common(*after, 1)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of what stands once in each, as many as stand in the same order."""
    counts, others = Counter(old), Counter(new)
    places = {word: place for place, word in enumerate(new) if others[word] == 1}
    pairs = [(place, places[word]) for place, word in enumerate(old) if counts[word] == 1 and word in places]
    return [pairs[number] for number in longest_increasing([beside for _place, beside in pairs])]


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """The places of a longest increasing subsequence (Fredman 1975)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        if length == len(ends):
            ends.append(number)
            last.append(place)
        else:
            ends[length], last[length] = number, place
        before.append(last[length - 1] if length else -1)
    chosen = []
    place = last[-1] if last else -1
    while place >= 0:
        chosen.append(place)
        place = before[place]
    return chosen[::-1]


def _without_islands(common: list[_Common], old: int, new: int) -> list[_Common]:
    """Take out what both have by chance: stretches shorter than the changes on both sides of them."""
    kept: list[_Common] = []
    for number, island in enumerate(common):
        before = kept[-1] if kept else _Common(0, 0, 0)
        after = common[number + 1] if number + 1 < len(common) else _Common(old, new, 0)
        left = max(island.old - before.old - before.length, island.new - before.new - before.length)
        right = max(after.old - island.old - island.length, after.new - island.new - island.length)
        if island.length > _LONGEST_ISLAND or island.length * 2 > min(left, right):
            kept.append(island)
    return kept


def _same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    length = 0
    for word, beside in zip(one, other, strict=False):
        if word != beside:
            break
        length += 1
    return length


def _has_digit(form: str) -> bool:
    return any(map(str.isdecimal, form))
