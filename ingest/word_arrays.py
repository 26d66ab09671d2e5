"""The words of a part of a page as arrays, for finding columns, lines and tables."""

import re
from typing import NamedTuple

from ingest.drawn_words import Floats, Integers, Mask

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


class WordArrays(NamedTuple):
    """What counts of a region's words; row i of each array is one word."""

    rows: Integers
    """Which words of the page these are."""
    x0: Floats
    x1: Floats
    baselines: Floats
    sizes: Floats
    bold: Mask
    is_number: Mask
    """Words with a digit and without a letter, and signs of currencies and percentages."""

    def take(self, mask: Mask | Integers) -> "WordArrays":
        """Some of the words, chosen by a mask or by their places."""
        return WordArrays(
            self.rows[mask],
            self.x0[mask],
            self.x1[mask],
            self.baselines[mask],
            self.sizes[mask],
            self.bold[mask],
            self.is_number[mask],
        )


def is_number(text: str) -> bool:
    """Whether a word has digits and no letters."""
    if text.isalpha():  # as most are
        return False
    return _DIGIT.search(text) is not None and _LETTER.search(text) is None
