"""Decide what a word broken at a line end reads as a whole.

The hyphen goes only where the joined word is known: in the document itself, which knows best, else in the
collection, else in the word list of the language. A hyphen too many is seen and forgiven by a reader; one too
few makes a word that nobody wrote.
"""

import re
from collections import Counter
from collections.abc import Iterable

from archive.languages import Language
from ingest.clean import SOFT_HYPHEN
from ingest.collection import CollectionWords
from ingest.lexicon import is_known

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
_PAIR = re.compile(
    r"\w*(?:aal|isch|ief|iek|eel|al|lich|ell|iv|o)-\w+(?:isch|iek|aal|al|ief|iv|eel|ell|elijk|lich)\w{0,2}"
)
"""Adjectives and prefixes that stand on an equal footing: "sociaal-economisch", "deutsch-französisch"."""
_BEFORE_HYPHEN: dict[Language, frozenset[str]] = {
    "nl": frozenset(("oud", "ex", "niet", "vice", "non")),
    "fr": frozenset(
        re.findall(
            r"\w+",
            "peut au ci là par vis vice ex non après avant sous demi mi semi quasi socio contre porte grand"
            " garde chef mot rez quelques",
        )
    ),
    "en": frozenset(("co", "ex", "non", "self", "socio", "well", "vice", "mid")),
    "de": frozenset(("ex", "nicht", "vize", "sozio")),
}
"""Words to which others are tied by a hyphen, whatever the joined word may look like."""
_MOST_WORDS = 400_000


class Vocabulary:
    """The words of a document, lower-cased, with how often they occur, beside those of its collection."""

    def __init__(self, collection: CollectionWords | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._collection = collection or CollectionWords()

    def add(self, texts: Iterable[str]) -> None:
        """Count the words of a page."""
        if len(self.counts) < _MOST_WORDS:
            self.counts.update(_WORD.findall(" ".join(texts).lower()))

    def joined(self, first: str, second: str, language: Language) -> str | None:
        """The whole word of which a line ends in `first` and the next begins with `second`; None if they
        are two words. Punctuation around them stays."""
        stem = first[:-1]
        if not first.endswith(_HYPHENS) or not stem or not stem[-1].isalnum() or not second[:1].isalnum():
            return None
        start, rest = _inner(stem), _inner(second)
        if rest in _CONJUNCTIONS:
            return None
        if self._keeps_hyphen(stem, second, start, rest, language):
            return f"{stem}-{second}"
        return stem + second

    def _keeps_hyphen(self, stem: str, second: str, start: str, rest: str, language: Language) -> bool:
        """Whether the hyphen belongs to the word."""
        if second[0].isdigit() or stem[-1].isdigit():
            return True
        with_hyphen, without = self.counts[f"{start}-{rest}"], self.counts[start + rest]
        if with_hyphen != without:
            return with_hyphen > without
        if second[0].isupper() and not (stem.isupper() and second.isupper()):
            return True
        if rest in _ENCLITICS and self.counts[start] > 0:
            return True
        with_hyphen, without = f"{start}-{rest}" in self._collection, start + rest in self._collection
        if with_hyphen != without:
            return with_hyphen
        if start in _BEFORE_HYPHEN[language] and not (len(start) <= 2 and is_known(start + rest, language)):
            return True
        # Two words may be tied by a hyphen; what is no word by itself is the rest of a broken one.
        if not is_known(rest, language):
            return False
        is_pair = _PAIR.fullmatch(f"{start}-{rest}") and is_known(start, language)
        return bool(is_pair) or not is_known(start + rest, language)


def _inner(text: str) -> str:
    """A word without the punctuation around it, lower-cased."""
    match = _INNER.match(text)
    return match[1].lower() if match else text.lower()
