"""Letters without their accents and ligatures."""

import re
import unicodedata
from collections.abc import Callable

TYPOGRAPHY = str.maketrans({"œ": "oe", "æ": "ae", "ĳ": "ij", "⁄": "/"})
"""Ligatures, which are one letter only in print; and the stroke of fractions, between their digits."""

OTHER_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
"""Letters whose accent Unicode does not take apart."""

_ACCENT = re.compile(r"[\u0300-\u036f]")

_MOST_CACHED = 400_000
"""Words in a cache before it starts anew; the vocabulary of 100,000 pages stays below it."""


class Cache(dict[str, str]):
    """A result for each word, computed once; a look-up costs no function call."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        self._work_out = work_out

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_CACHED:
            self.clear()
        outcome = self[word] = self._work_out(word)
        return outcome


def _fold(word: str) -> str:
    letters = _ACCENT.sub("", unicodedata.normalize("NFKD", word.lower())).lower()
    return unicodedata.normalize("NFC", letters.translate(TYPOGRAPHY).translate(OTHER_LETTERS)) or word


_folded_forms = Cache(_fold)


def fold(word: str) -> str:
    """`word` in lower case, without accents and ligatures."""
    return _folded_forms[word]
