"""Which words of two languages occur together in pairs of passages more often than by chance?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

_LEAST_TOGETHER = 3
"""Least number of pairs of passages with both words, for these to count as translations."""
_LEAST_RATIO = 12.0
"""Least log-likelihood ratio of two words. At 10.8 the probability of chance is one in a thousand, for a
single pair of words."""
_MOST_PARTNERS = 2
"""Most translations of a word: a compound on one side is two words on the other."""
_MOST_COMBINATIONS = 8_000_000
"""Most combinations of words that are counted, over all pairs of passages. The shortest pairs, which are the
best evidence, come first; tables have thousands of words."""


def log_likelihood_ratio(both: Counts, left: Counts, right: Counts, whole: int) -> Floats:
    """How surprising it is that two things occur together so often: G² of the two-by-two table (Dunning,
    *Accurate methods for the statistics of surprise and coincidence*, Computational Linguistics 19, 1993).

    Negative if they occur together less often than by chance.

    Args:
        both: number of observations with both; arrays have one element for each pair of things.
        left, right: number of observations with each.
        whole: number of all observations.
    """
    table = np.array([both, left - both, right - both, whole - left - right + both], np.float64)
    rows = np.array([left, left, whole - left, whole - left], np.float64)
    columns = np.array([right, whole - right, right, whole - right], np.float64)
    expected = rows * columns / whole
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0, table * np.log(table / expected), 0.0)
    sign = np.where(table[0] >= expected[0], 1.0, -1.0)
    return np.asarray(2 * sign * terms.sum(axis=0), np.float64)


def translations(pairs: Sequence[tuple[Iterable[str], Iterable[str]]]) -> Mapping[tuple[str, str], float]:
    """Find the words that translate each other in pairs of passages.

    Each has to be among the best partners of the other (after Melamed, *Models of translational equivalence
    among words*, Computational Linguistics 26, 2000).

    Args:
        pairs: the stems of both passages of each pair.

    Returns:
        for each pair of words, the share of the passages with the more frequent word that have both.
    """
    left_words, left = _numbered([pair[0] for pair in pairs])
    right_words, right = _numbered([pair[1] for pair in pairs])
    if not left_words or not right_words:
        return {}
    sizes = np.array([len(one) * len(other) for one, other in zip(left, right, strict=True)])
    shortest = np.argsort(sizes, kind="stable")
    counted = shortest[np.cumsum(sizes[shortest]) <= _MOST_COMBINATIONS]
    together = [
        (left[number][:, None] * len(right_words) + right[number][None, :]).ravel() for number in counted
    ]
    codes, both = np.unique(np.concatenate([np.empty(0, np.int64), *together]), return_counts=True)
    often = both >= _LEAST_TOGETHER
    codes, both = codes[often], both[often]
    rows, columns = np.divmod(codes, len(right_words))
    left_counts = np.bincount(np.concatenate(left), minlength=len(left_words))[rows]
    right_counts = np.bincount(np.concatenate(right), minlength=len(right_words))[columns]
    ratios = log_likelihood_ratio(both, left_counts, right_counts, len(pairs))
    is_translation = (
        (ratios >= _LEAST_RATIO)
        & (_rank(rows, ratios) < _MOST_PARTNERS)
        & (_rank(columns, ratios) < _MOST_PARTNERS)
    )
    surely = both / np.maximum(left_counts, right_counts)
    return {
        (left_words[row], right_words[column]): float(sure)
        for row, column, sure in zip(
            rows[is_translation], columns[is_translation], surely[is_translation], strict=True
        )
    }


def _numbered(units: Sequence[Iterable[str]]) -> tuple[list[str], list[Counts]]:
    """The words that are in enough units, and for each unit the numbers of its words among them."""
    unit_words = [sorted(set(unit)) for unit in units]
    counts = Counter(chain.from_iterable(unit_words))
    often = [word for word, count in counts.items() if count >= _LEAST_TOGETHER]
    numbers = {word: number for number, word in enumerate(often)}
    return often, [
        np.array([numbers[word] for word in unit if word in numbers], np.int64) for unit in unit_words
    ]


def _rank(groups: Counts, scores: Floats) -> Counts:
    """The rank of each score within its group, from 0 for the highest."""
    order = np.lexsort((-scores, groups))
    ordered = groups[order]
    firsts = np.r_[True, ordered[1:] != ordered[:-1]] if len(ordered) else np.zeros(0, np.bool_)
    starts = np.maximum.accumulate(np.where(firsts, np.arange(len(ordered)), 0))
    rank = np.empty(len(groups), np.int64)
    rank[order] = np.arange(len(ordered)) - starts
    return rank
