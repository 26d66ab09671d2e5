"""The words of a part of a page as arrays, for finding columns, lines and tables."""

import math
import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


class WordArrays(NamedTuple):
    """The properties of the words of a part of a page; row i of each array is one word."""

    rows: Integers
    """The rows of these words among those of the page."""
    x0: Floats
    x1: Floats
    baselines: Floats
    sizes: Floats
    bold: Mask
    is_number: Mask
    """Whether each word has a digit and no letter, or is a sign of a currency or percentage."""

    def take(self, mask: Mask | Integers) -> "WordArrays":
        """Some of the words, selected by a mask or by their indices."""
        return WordArrays(
            self.rows[mask],
            self.x0[mask],
            self.x1[mask],
            self.baselines[mask],
            self.sizes[mask],
            self.bold[mask],
            self.is_number[mask],
        )

    def followed_by(self, others: "WordArrays") -> "WordArrays":
        """These words and others."""
        return WordArrays(*(np.concatenate(both) for both in zip(self, others, strict=True)))


def middle(values: Floats) -> float:
    """The median, NaN of no values: as NumPy's, which takes five times as long for the values of a page."""
    if not len(values):
        return math.nan
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    sorted_there = np.partition(values, (half - 1, half))
    return float((sorted_there[half - 1] + sorted_there[half]) / 2)


@lru_cache(maxsize=8192)
def is_number(text: str) -> bool:
    """Whether a word has digits and no letters."""
    if text.isalpha():  # as most are
        return False
    return _DIGIT.search(text) is not None and _LETTER.search(text) is None
