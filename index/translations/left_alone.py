"""What happens to passages that the likeliest path leaves unpaired?

Each joins the pair next to it, or is absent from the other text, or its translation was not found. The path
has groups of at most three passages. If a translator made one paragraph of five, some stay unpaired at first;
here they join the group that they fit. A passage is absent from the other text only if its neighbours have
translations that follow each other directly, and it fits neither these nor any other unpaired passage.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

from index.translations.bead_paths import Step
from index.translations.evidence import MOVES, Evidence, FeatureCounts

_MOST_TOGETHER = 12
"""Most passages that are translated by one passage."""
_ONE_MORE = log(0.3)
"""Logarithm of the probability of each passage in a group beyond the three of :data:`MOVES`."""
_PRIORS = {(move.left, move.right): move.prior for move in MOVES}
_ALONE = _PRIORS[1, 0]

_LEAST_CERTAINTY = 0.7
"""Least probability, 0 to 1, that a passage is part of a group, for it to join the group."""
_LEAST_FEATURES, _FEATURES_WITHIN, _FEATURES_CERTAINTY = 4, 0.65, 0.8
"""A passage joins a group whatever its length if it has at least so many features that are evidence, and the
other side of the group has this share of them; and the certainty of that."""
_MOST_LOSS = 8.0
"""How much less likely, as a logarithm, the group may become by that."""
_CLEAR = 0.2
"""Highest probability that a passage is part of a neighbouring group, for it to be called absent."""
_WITHIN = 0.4
"""A passage may be part of a group if the other side has more than this share of its features, because
translators shorten."""
_LIKE = 2.0
"""Least evidence that two unpaired passages may translate each other, in any place."""
_MOST_COMPARED = 200
"""Most unpaired passages that one is compared with; if there are more, it is not called absent."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A step of the path with the passages that have joined it."""

    step: Step
    core: Step
    """The step as it was on the path."""
    certainty: float = 1.0
    """Probability, 0 to 1, that what has joined belongs to it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A group of passages of both texts, or of one alone, with the confidence in it."""

    step: Step
    confidence: float


class _Option(NamedTuple):
    """An unpaired passage that may join the group next to it."""

    group: int
    alone: int
    """The numbers of group and passage on the path."""
    together: Joined
    certainty: float
    """Probability, 0 to 1, that the passage is part of the group."""


def joined(path: Sequence[Step], evidence: Evidence) -> list[Joined]:
    """The steps of a path, after unpaired passages have joined the group next to them if that is likelier."""
    steps = [Joined(step, step) for step in path]
    pairs = [number for number, step in enumerate(path) if step.is_pair]
    merged: set[int] = set()
    for start, end in pairwise([-1, *pairs, len(steps)]):
        gap = list(range(start + 1, end))
        if not pairs or not gap or len({bool(path[number].left) for number in gap}) > 1:
            continue
        while gap:
            neighbours = [(start, gap[0])] if start >= 0 else []
            neighbours += [(end, gap[-1])] if end < len(steps) else []
            options = [_option(group, alone, steps, path, evidence) for group, alone in neighbours]
            best = max(options, key=lambda option: option.certainty)
            if best.certainty < _LEAST_CERTAINTY:
                break
            steps[best.group] = best.together
            merged.add(best.alone)
            gap.remove(best.alone)
    return [step for number, step in enumerate(steps) if number not in merged]


def _option(
    group: int, alone: int, steps: Sequence[Joined], path: Sequence[Step], evidence: Evidence
) -> _Option:
    step = _joining(steps[group].step, path[alone])
    if step is None:
        return _Option(group, alone, steps[group], 0.0)
    certainty = _certainty(step, steps[group].step, path[alone], evidence)
    together = Joined(step, steps[group].core, steps[group].certainty * certainty)
    return _Option(group, alone, together, certainty)


def _certainty(together: Step, group: Step, alone: Step, evidence: Evidence) -> float:
    """Probability, 0 to 1, that a passage is part of the group next to it rather than alone."""
    gain = (
        evidence.of_bead(together.left, together.right)
        - evidence.of_bead(group.left, group.right)
        + _prior(len(together.left), len(together.right))
        - _prior(len(group.left), len(group.right))
        - _ALONE
    )
    certainty = 1 / (1 + exp(-max(-50.0, min(gain, 50.0))))
    counts = _feature_counts(alone, group, evidence)
    are_features_within = counts.shared >= _FEATURES_WITHIN * counts.telling
    if gain > -_MOST_LOSS and counts.telling >= _LEAST_FEATURES and are_features_within:
        certainty = max(certainty, _FEATURES_CERTAINTY)
    return certainty


def _joining(group: Step, alone: Step) -> Step | None:
    """A group with the passage before or after it; None if both sides would have several passages."""
    if alone.left:
        left = _grown(group.left, alone.left, group.right)
        return Step(left, group.right) if left else None
    right = _grown(group.right, alone.right, group.left)
    return Step(group.left, right) if right else None


def _grown(units: range, more: range, others: range) -> range | None:
    """One side of a group extended by its neighbour; None if it would be too large.

    Args:
        others: the units of the other side of the group.
    """
    if len(others) > 1 or len(units) >= _MOST_TOGETHER:
        return None
    return range(min(units.start, more.start), max(units.stop, more.stop))


def _prior(left: int, right: int) -> float:
    more = max(0, left - 3) + max(0, right - 3)
    return _PRIORS[min(left, 3), min(right, 3)] + more * _ONE_MORE


def absent(groups: Sequence[Placed], evidence: Evidence, least: float) -> list[bool]:
    """For each group, whether it has only one side and the other text clearly lacks it.

    Args:
        least: least confidence of neighbouring groups that can be relied on.
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
    """Whether a passage may be part of the group next to it."""
    together = _joining(group, alone)
    if together and _certainty(together, group, alone, evidence) > _CLEAR:
        return True
    counts = _feature_counts(alone, group, evidence)
    return counts.shared > _WITHIN * counts.telling


def _feature_counts(alone: Step, group: Step, evidence: Evidence) -> FeatureCounts:
    """How many features of a passage are evidence, and how many of those the other side of a group has."""
    return evidence.counts_within(
        alone.left or group.left, alone.right or group.right, of_left=bool(alone.left)
    )


def _is_elsewhere(alone: Step, unsure: Iterable[Step], evidence: Evidence) -> bool:
    """Whether another unpaired passage may translate a passage."""
    if alone.left:
        possible = [Step(alone.left, range(unit, unit + 1)) for step in unsure for unit in step.right]
    else:
        possible = [Step(range(unit, unit + 1), alone.right) for step in unsure for unit in step.left]
    return len(possible) > _MOST_COMPARED or any(
        evidence.of_bead(step.left, step.right) > _LIKE for step in possible
    )
