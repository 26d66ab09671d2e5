"""How near one reading of a page comes to another: words, order, letters, boxes."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import Levenshtein

Box = Sequence[float]
"""x0, y0, x1, y1 in points, origin top left."""


def word_error_rate(truth: Sequence[str], read: Sequence[str]) -> float:
    """Of the words of the truth the share that the reading lacks, whatever their order."""
    return (Counter(truth) - Counter(read)).total() / max(1, len(truth))


def character_error_rate(truth: Sequence[str], read: Sequence[str]) -> float:
    """Letters put in, left out or changed for each of the truth, whatever the order of the words: each word
    of the truth that the reading lacks is compared with the nearest one that the truth lacks."""
    missing, left = (
        list((Counter(one) - Counter(other)).elements()) for one, other in ((truth, read), (read, truth))
    )
    errors = 0
    for word in sorted(missing, key=len, reverse=True):
        distances = [Levenshtein.distance(word, other) for other in left]
        nearest = min(range(len(left)), key=distances.__getitem__, default=None)
        if nearest is None or distances[nearest] >= len(word):
            errors += len(word)
        else:
            errors += distances[nearest]
            del left[nearest]
    return (errors + sum(map(len, left))) / max(1, sum(map(len, truth)))


def order_kept(truth: Sequence[str], read: Sequence[str]) -> float:
    """Of the pairs of neighbouring words of the truth, the share that are neighbours in the reading too."""
    one, other = Counter(pairwise(truth)), Counter(pairwise(read))
    return (one & other).total() / max(1, one.total())


def agreement(one: Sequence[str], other: Sequence[str]) -> float:
    """Jaccard's measure of two bags of words: what both have by what there is in all."""
    first, second = Counter(one), Counter(other)
    return (first & second).total() / max(1, (first | second).total())


def box_errors(boxes: Sequence[tuple[str, Box]], reference: Sequence[tuple[str, Box]]) -> list[float]:
    """For each word that stands once in both, how far the edge is off that is farthest off, in points."""
    ours, theirs = (Counter(text for text, _ in words) for words in (boxes, reference))
    places = {text: box for text, box in reference if theirs[text] == 1}
    return [
        float(np.abs(np.subtract(box, places[text])).max())
        for text, box in boxes
        if ours[text] == 1 and text in places
    ]
