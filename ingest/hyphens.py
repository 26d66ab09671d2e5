"""Decide what a word broken at a line end reads as a whole: the document's own words know best."""

import re
from collections import Counter
from collections.abc import Iterable

from ingest.clean import SOFT_HYPHEN

_HYPHENS = ("-", "\u2010", SOFT_HYPHEN)
_WORD = re.compile(r"[^\W_]+(?:[-\u2010'’][^\W_]+)*")
_INNER = re.compile(r"^\W*(.*?)\W*$", re.DOTALL)
_CONJUNCTIONS = frozenset(("en", "of", "et", "ou", "und", "oder", "and", "or", "als", "tot"))
"""After these, "Noord- en Zuid-Holland", the hyphen stands for a word left out."""
_ENCLITICS = frozenset(
    re.findall(
        r"\w+", "il elle on ils elles je tu nous vous ce ci là le la les lui leur moi toi y en même mêmes"
    )
)
"""French words that hang on another by a hyphen: "peut-il", "celui-ci", "vous-même"."""
_MOST_WORDS = 400_000


class Vocabulary:
    """The words of a document, lower-cased, with how often they occur."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, texts: Iterable[str]) -> None:
        """Count the words of a page."""
        if len(self.counts) < _MOST_WORDS:
            self.counts.update(_WORD.findall(" ".join(texts).lower()))

    def joined(self, first: str, second: str) -> str | None:
        """The whole word of which a line ends in `first` and the next begins with `second`; None if they
        are two words. Punctuation around them stays."""
        stem = first[:-1]
        if not first.endswith(_HYPHENS) or not stem or not stem[-1].isalnum() or not second[:1].isalnum():
            return None
        start, rest = _inner(stem), _inner(second)
        if rest in _CONJUNCTIONS:
            return None
        with_hyphen, without = self.counts[f"{start}-{rest}"], self.counts[start + rest]
        if with_hyphen == without:
            keeps_hyphen = self._keeps_hyphen(stem, second, start, rest)
        else:
            keeps_hyphen = with_hyphen > without
        return f"{stem}-{second}" if keeps_hyphen else stem + second

    def _keeps_hyphen(self, stem: str, second: str, start: str, rest: str) -> bool:
        """Whether the hyphen belongs to the word, judged by its parts alone."""
        if second[0].isdigit() or stem[-1].isdigit():
            return True
        if second[0].isupper():
            return not (stem.isupper() and second.isupper())
        return rest in _ENCLITICS and self.counts[start] > 0


def _inner(text: str) -> str:
    """A word without the punctuation around it, lower-cased."""
    match = _INNER.match(text)
    return match[1].lower() if match else text.lower()
