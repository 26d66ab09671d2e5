"""What happens to passages that the likeliest path pairs with nothing?

Each becomes part of the pair next to it, or is absent from the other text, or was simply not found. The path
has groups of at most three passages. If a translator made one paragraph of five, the others stay alone at
first; here they join the group that they fit. Of the rest, the other text clearly lacks a passage only if the
passages around it have translations that follow each other directly, and it fits neither these nor anything
else that is left over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

from index.translations.bead_paths import Step
from index.translations.evidence import MOVES, Evidence, FeatureCounts

_MOST_TOGETHER = 12
"""Passages that are one passage of the other text, at most."""
_ONE_MORE = log(0.3)
"""How likely one more passage than :data:`MOVES` has is in a group, as a logarithm."""
_PRIORS = {(move.left, move.right): move.prior for move in MOVES}
_ALONE = _PRIORS[1, 0]

_LEAST_CERTAINTY = 0.7
"""How likely, 0 to 1, a passage has to be part of a group to join it."""
_LEAST_TOLD, _TOLD_WITHIN, _TOLD_CERTAINTY = 4, 0.65, 0.8
"""How much has to tell in a passage, and the share of it that the other side of a group has, for the passage
to join the group whatever its length, and how certain that is."""
_MOST_LOSS = 8.0
"""How much less likely, as a logarithm, it may make the group then."""
_CLEAR = 0.2
"""How likely a passage may be part of a group beside it, where it is clear that it is none."""
_WITHIN = 0.4
"""Share of what tells in a passage that the other side of the group beside it has too, from which on it may
be part of that: translators shorten."""
_LIKE = 2.0
"""Evidence that two passages left over translate each other, wherever they stand."""
_MOST_COMPARED = 200
"""Passages left over that each is compared with; where there are more, nothing is clear."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A step of the path with what has joined it."""

    step: Step
    core: Step
    """As it was on the path."""
    certainty: float = 1.0
    """How likely it is, 0 to 1, that what has joined belongs to it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A group of passages of both texts, or of one alone, and how sure it is."""

    step: Step
    confidence: float


class _Way(NamedTuple):
    """A passage that may join the group beside it."""

    group: int
    alone: int
    """Their numbers on the path."""
    together: Joined
    certainty: float
    """How likely, 0 to 1, the passage is a part of the group rather than alone."""


def joined(path: Sequence[Step], evidence: Evidence) -> list[Joined]:
    """The steps of a path; what stayed alone has joined the group beside it where that is likelier."""
    steps = [Joined(step, step) for step in path]
    pairs = [number for number, step in enumerate(path) if step.is_pair]
    gone: set[int] = set()
    for start, end in pairwise([-1, *pairs, len(steps)]):
        gap = list(range(start + 1, end))
        if not pairs or not gap or len({bool(path[number].left) for number in gap}) > 1:
            continue
        while gap:
            beside = [(start, gap[0])] if start >= 0 else []
            beside += [(end, gap[-1])] if end < len(steps) else []
            ways = [_way(group, alone, steps, path, evidence) for group, alone in beside]
            best = max(ways, key=lambda way: way.certainty)
            if best.certainty < _LEAST_CERTAINTY:
                break
            steps[best.group] = best.together
            gone.add(best.alone)
            gap.remove(best.alone)
    return [step for number, step in enumerate(steps) if number not in gone]


def _way(group: int, alone: int, steps: Sequence[Joined], path: Sequence[Step], evidence: Evidence) -> _Way:
    step = _joining(steps[group].step, path[alone])
    if step is None:
        return _Way(group, alone, steps[group], 0.0)
    certainty = _certainty(step, steps[group].step, path[alone], evidence)
    together = Joined(step, steps[group].core, steps[group].certainty * certainty)
    return _Way(group, alone, together, certainty)


def _certainty(together: Step, group: Step, alone: Step, evidence: Evidence) -> float:
    """How likely, 0 to 1, a passage is a part of the group beside it rather than alone."""
    gain = (
        evidence.of_bead(together.left, together.right)
        - evidence.of_bead(group.left, group.right)
        + _prior(len(together.left), len(together.right))
        - _prior(len(group.left), len(group.right))
        - _ALONE
    )
    certainty = 1 / (1 + exp(-max(-50.0, min(gain, 50.0))))
    told = _told_within(alone, group, evidence)
    if gain > -_MOST_LOSS and told.telling >= _LEAST_TOLD and told.shared >= _TOLD_WITHIN * told.telling:
        certainty = max(certainty, _TOLD_CERTAINTY)
    return certainty


def _joining(group: Step, alone: Step) -> Step | None:
    """A group with the passage before or after it; none where both sides would be of several."""
    if alone.left:
        left = _grown(group.left, alone.left, group.right)
        return Step(left, group.right) if left else None
    right = _grown(group.right, alone.right, group.left)
    return Step(group.left, right) if right else None


def _grown(units: range, more: range, others: range) -> range | None:
    """One side of a group with what stands beside it; `others` are the units of the other side."""
    if len(others) > 1 or len(units) >= _MOST_TOGETHER:
        return None
    return range(min(units.start, more.start), max(units.stop, more.stop))


def _prior(left: int, right: int) -> float:
    more = max(0, left - 3) + max(0, right - 3)
    return _PRIORS[min(left, 3), min(right, 3)] + more * _ONE_MORE


def absent(groups: Sequence[Placed], evidence: Evidence, least: float) -> list[bool]:
    """Of each group, whether it has one side alone and it is clear that the other text lacks it.

    Args:
        least: confidence of the groups around it from which on these can be relied on.
    """
    pairs = [number for number, each in enumerate(groups) if each.step.is_pair]
    is_absent = [False] * len(groups)
    unsure = [each.step for each in groups if each.confidence < least]
    for start, end in pairwise([-1, *pairs, len(groups)]):
        gap = groups[start + 1 : end] if pairs else []
        around = [groups[number] for number in (start, end) if 0 <= number < len(groups)]
        if len({bool(each.step.left) for each in gap}) != 1 or any(
            each.confidence < least for each in around
        ):
            continue
        ends = [(groups[start], gap[0])] if start >= 0 else []
        ends += [(groups[end], gap[-1])] if end < len(groups) else []
        if any(_may_be_part(alone.step, group.step, evidence) for group, alone in ends):
            continue
        for number, each in enumerate(gap, start + 1):
            is_absent[number] = not _is_elsewhere(each.step, unsure, evidence)
    return is_absent


def _may_be_part(alone: Step, group: Step, evidence: Evidence) -> bool:
    """Whether a passage may be part of the group that stands beside it."""
    together = _joining(group, alone)
    if together and _certainty(together, group, alone, evidence) > _CLEAR:
        return True
    told = _told_within(alone, group, evidence)
    return told.shared > _WITHIN * told.telling


def _told_within(alone: Step, group: Step, evidence: Evidence) -> FeatureCounts:
    """How much of a passage tells, and how much of that the other side of a group has too."""
    return evidence.counts_within(
        alone.left or group.left, alone.right or group.right, of_left=bool(alone.left)
    )


def _is_elsewhere(alone: Step, unsure: Iterable[Step], evidence: Evidence) -> bool:
    """Whether something else that is left over may translate a passage."""
    if alone.left:
        beside = [Step(alone.left, range(unit, unit + 1)) for step in unsure for unit in step.right]
    else:
        beside = [Step(range(unit, unit + 1), alone.right) for step in unsure for unit in step.left]
    return len(beside) > _MOST_COMPARED or any(
        evidence.of_bead(step.left, step.right) > _LIKE for step in beside
    )
