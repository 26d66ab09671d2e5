"""Decides how a word that is broken at a line end is spelled as a whole.

First it looks for the word elsewhere in the document, then in the collection; else the word list and the
spelling rules of the language decide. In Dutch and German, which write compounds as one word, the hyphen is
removed unless a rule requires it. In French and English it is kept between two known words, unless they
form a known word together.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from archive.languages import Language
from ingest.language import line_end_addresses
from ingest.language.block_language import is_stop_word
from ingest.language.clean_characters import SOFT_HYPHEN
from ingest.language.collection_words import CollectionWords
from ingest.language.dutch_spelling import (
    before_diminutive,
    clashes,
    is_derivation,
    needs_no_sign,
    with_diaeresis,
)
from ingest.language.lexicon import is_known, is_listed

_HYPHENS = ("-", "\u2010", SOFT_HYPHEN)
_WORD = re.compile(r"[^\W_]+(?:[-\u2010'’][^\W_]+)*")
_INNER = re.compile(r"^\W*(.*?)\W*$", re.DOTALL)
_SEAMLESS = re.compile(r"\w/\w$|\d[\u2013\u2014]\d$")
"""A line may end after a sign within a word, as in "kWh/m²" and "2010–2015"."""
_CONJUNCTIONS = frozenset(("en", "of", "et", "ou", "und", "oder", "and", "or", "als", "tot"))
"""Before these words a hyphen stands for a part that is left out: "Noord- en Zuid-Holland"."""
_ENCLITICS = frozenset(
    re.findall(
        r"\w+", "il elle on ils elles je tu nous vous ce ci là le la les lui leur moi toi y en même mêmes"
    )
)
"""French words that follow another after a hyphen: "peut-il", "celui-ci", "vous-même"."""
_PAIR = re.compile(
    r"\w*(?:aal|isch|ief|iek|eel|al|lich|ell|iv|o)-\w+(?:isch|iek|aal|al|ief|iv|eel|ell|elijk|lich)\w{0,2}"
    r"|(?:noord|zuid|oost|west)-(?:noord|zuid|oost|west)\w*"
    r"|(?:directeur|secretaris|procureur|gouverneur|inspecteur|auditeur|advocaat|commissaris)-generaal\w?"
    r"|minister-president\w*"
    r"|(?:long|short|medium|near)-(?:term|range|run|lived|distance|standing)"
)
"""Compounds of equal parts: "sociaal-economisch", "deutsch-französisch", "secretaris-generaal"; and English
ones whose joined form is in the list by mistake."""
_JOINED_BY_AMERICANS = frozenset(("non-profit", "non-profits"))
"""English words that keep their hyphen in British spelling, although the list has them without one, too."""
_LINKS = frozenset(
    re.findall(
        r"\w+",
        "en of in van aan op de het te voor om à a le la les l des du d et ou sur sous the to and und auf",
    )
)
"""Words that are used between two hyphens: "kant-en-klaar", "c'est-à-dire", "up-to-date"."""
_BEFORE_HYPHEN: dict[Language, frozenset[str]] = {
    "nl": frozenset(
        ("oud", "ex", "niet", "vice", "non", "adjunct", "aspirant", "interim", "kandidaat", "quasi")
    ),
    "fr": frozenset(
        re.findall(
            r"\w+",
            "par vis vice ex non après avant sous demi mi semi quasi contre porte grand"
            " garde chef mot rez quelques",
        )
    ),
    "en": frozenset(("co", "ex", "non", "mid", "vice")),
    "de": frozenset(("ex", "nicht", "vize", "sozio")),
}
"""First parts that are followed by a hyphen, unless the joined word is in the list."""
_ALWAYS_BEFORE_HYPHEN: dict[Language, frozenset[str]] = {
    "nl": frozenset(("kmo", "btw", "tv", "pc", "gsm", "cao", "vzw", "ocmw", "pdf", "gps", "lgbt", "ict")),
    "fr": frozenset(("peut", "au", "ci", "là", "rendez", "socio")),
    "en": frozenset(("well", "self", "socio")),
    "de": frozenset(),
}
"""First parts that are always followed by a hyphen: for these the list has misspellings from the web."""
_ENDINGS: dict[Language, tuple[str, ...]] = {
    "nl": ("en", "s", "e", "n", "t", "te", "den", "ten"),
    "fr": ("s", "e", "es", "x"),
    "en": ("s", "ed", "d", "ing", "ly"),
    "de": ("en", "e", "n", "s", "er", "es", "em"),
}
"""Endings of inflected words. The lists do not have every form."""
_PARTICLES = _ENCLITICS | {"up", "in", "on", "off", "out", "by", "to", "bas"}
_SHORTEST = 4
"""Least letters of a second part that may be a word by itself: the lists have many short fragments."""
_WRITES_COMPOUNDS: tuple[Language, ...] = ("nl", "de")
_MOST_WORDS = 400_000


class _Broken(NamedTuple):
    """A word broken at a line end."""

    stem: str
    """The first part as drawn, without its hyphen."""
    second: str
    """The second part as drawn."""
    start: str
    """The first part in lower case, without punctuation around it; `rest` is the second part likewise."""
    rest: str


class DocumentVocabulary:
    """The words of a document, in lower case, with how often they occur; and those of its collection."""

    def __init__(self, collection: CollectionWords | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._collection = collection or CollectionWords()

    def add(self, texts: Iterable[str]) -> None:
        """Count the words of a page."""
        if len(self.counts) < _MOST_WORDS:
            self.counts.update(_WORD.findall(" ".join(texts).lower()))

    def joined(self, first: str, second: str, language: Language) -> str | None:
        """The word or address made of the last word of a line and the first of the next; None if they are
        two words.

        Punctuation around them is kept.
        """
        if address := self.joined_address(first, second, language, is_line_end=True):
            return address
        if _SEAMLESS.search(first + second[:1]) and not line_end_addresses.is_address(first):
            return first + second
        stem = first[:-1]
        if not first.endswith(_HYPHENS) or not stem or not stem[-1].isalnum() or not second[:1].isalnum():
            return None
        broken = _Broken(stem, second, _inner(stem), _inner(second))
        spellings = _spellings(broken, language)
        if broken.rest in _CONJUNCTIONS and not _is_rest_of_word(broken, spellings, language):
            return None
        return self._as_written_elsewhere(broken, spellings, language) or _by_rule(
            broken, spellings, language
        )

    def joined_address(
        self, first: str, second: str, language: Language, *, is_line_end: bool = False
    ) -> str | None:
        """The address made of two parts, or None if they are not one address.

        Args:
            is_line_end: whether there is a line break between them.
        """
        if not line_end_addresses.may_be_cut(first, second):
            return None
        words = re.findall(r"[^\W\d_]+", second)
        is_word = all(is_known(word, language) for word in words)
        if is_word and is_line_end and line_end_addresses.ends_in_folder(first):
            # Typesetters break addresses there, and few addresses end there. But a sentence may continue,
            # with a word such as "of" or "is".
            is_word = second[0].isupper() or any(map(is_stop_word, words))
        return line_end_addresses.joined(first, second, is_word=is_word)

    def _as_written_elsewhere(self, broken: _Broken, spellings: list[str], language: Language) -> str | None:
        """The spelling that is most common in the document, else the only one that is in the collection."""
        forms = [_inner(spelling) for spelling in spellings]
        counts = [self.counts[form] for form in forms]
        if max(counts) > 0 and counts.count(max(counts)) == 1:
            return spellings[counts.index(max(counts))]
        is_upper = broken.stem.isupper() and broken.second.partition("-")[0].isupper()
        if broken.second[0].isupper() and not is_upper:
            return None
        if self.counts[broken.start] > 0 and _is_enclitic(broken, forms[0], language):
            return spellings[1]
        known = [
            spelling for spelling, form in zip(spellings, forms, strict=True) if form in self._collection
        ]
        return known[0] if len(known) == 1 else None


def _spellings(broken: _Broken, language: Language) -> list[str]:
    """The possible spellings of the whole word: joined, with the hyphen, and with changes that Dutch
    makes."""
    stem, second, start, rest = broken
    found = [stem + second, f"{stem}-{second}"]
    if language == "nl":
        if clashes(start, rest) and (signed := with_diaeresis(second)):
            found.append(stem + signed)
        if doubled := before_diminutive(start, rest):
            found.append(stem[: len(stem) - 1] + doubled[len(start) - 1 :] + second)
    return found


def _is_rest_of_word(broken: _Broken, spellings: list[str], language: Language) -> bool:
    """Whether a second part such as "en" or "or" is the end of a broken word, and no conjunction."""
    # A conjunction follows in "zee- en luchthavens", but not in "als-of", nor after a first part that ends in
    # i, such as "financi-en".
    if is_known(broken.start, language) and not broken.start.endswith("i") and broken.rest != "of":
        return False
    return any(is_listed(_inner(spelling), language) for spelling in spellings if "-" not in spelling)


def _by_rule(broken: _Broken, spellings: list[str], language: Language) -> str:
    """The spelling according to the word list and the rules of the language."""
    plain, hyphenated, *respelt = spellings
    if _asks_for_hyphen(broken, _inner(plain), language):
        return hyphenated
    start, rest = broken.start, broken.rest
    if language != "nl" or not (respelt or clashes(start, rest)):
        return plain
    if before_diminutive(start, rest):
        return plain if is_listed(_inner(plain), "nl") else respelt[0]
    if needs_no_sign(start, rest) and is_known(_inner(plain), "nl"):
        return plain
    if respelt and (is_known(_inner(respelt[0]), "nl") or is_derivation(start, rest)):
        return respelt[0]
    if is_listed(_inner(plain), "nl"):
        return plain
    return hyphenated if is_known(rest, "nl") else plain


def _asks_for_hyphen(broken: _Broken, plain: str, language: Language) -> bool:
    """Whether the hyphen is part of the word, apart from the rules on vowels."""
    stem, second, start, rest = broken
    last = start.rpartition("-")[2]
    if second[0].isdigit() or stem[-1].isdigit() or len(last) == 1:
        return True
    is_upper = second.partition("-")[0].isupper()  # "CO-VID-19-pandemie"
    if not is_upper and (second[0].isupper() or stem.isupper()):
        return True  # "Noord-Brabant", "BTW-compensatiefonds"
    if is_upper and not stem.isupper():
        return True  # "pre-COVID"
    head = rest.partition("-")[0]
    if (start != last and last in _LINKS) or (rest != head and head in _LINKS):
        return not _is_inflected(last + head, language)
    if language not in _WRITES_COMPOUNDS and start != last and is_known(last, language):
        # "twenty-year-old": a word with a hyphen before may have another one.
        return is_known(head, language) and not _is_inflected(last + head, language)
    if not is_known(rest, language) or (len(head) < _SHORTEST and head not in _PARTICLES):
        return False
    if last in _ALWAYS_BEFORE_HYPHEN[language]:
        return True
    if language == "en" and f"{last}-{rest}" in _JOINED_BY_AMERICANS:
        return True
    if last in _BEFORE_HYPHEN[language]:
        return not is_listed(plain, language)
    is_one_word = last.endswith("o") and is_listed(last + head, language)  # "eco-nomische", "psycho-logische"
    if _PAIR.fullmatch(f"{last}-{rest}") and is_known(last, language) and not is_one_word:
        return True
    if (
        rest in _ENCLITICS
        and language == "fr"
        and is_known(last, language)
        and not is_listed(plain, language)
    ):
        return True
    if _is_inflected(last + rest, language):
        return False
    if language in _WRITES_COMPOUNDS:
        return start != last or _is_name_or_abbreviation(broken, language)
    return is_known(last, language) or _is_name_or_abbreviation(broken, language)


def _is_enclitic(broken: _Broken, plain: str, language: Language) -> bool:
    """Whether the second part is a French word after a hyphen, as in "peut-il", but not in "souci"."""
    is_word = is_known(broken.start.rpartition("-")[2], "fr")
    return broken.rest in _ENCLITICS and is_word and not is_listed(plain, language)


def _is_inflected(word: str, language: Language) -> bool:
    """Whether a word is known, as it is or without one of the endings."""
    return is_known(word, language) or any(
        word.endswith(ending) and is_known(word.removesuffix(ending), language)
        for ending in _ENDINGS[language]
    )


def _is_name_or_abbreviation(broken: _Broken, language: Language) -> bool:
    """Whether the first part is unknown and written like a name, as in "Vrob-kwestie", or has no vowel, as in
    "gsm-mast"."""
    word = broken.start.rpartition("-")[2]
    if not set(word) & _VOWELS:
        return True
    # In German all nouns begin with a capital.
    is_name = language != "de" and _letters(broken.stem)[:1].isupper() and len(broken.rest) > _SHORTEST
    return is_name and not is_known(word, language)


_VOWELS = frozenset("aeiouàâäáéèêëíîïóôöúùûü")


def _letters(text: str) -> str:
    """A word without the punctuation around it."""
    match = _INNER.match(text)
    return match[1] if match else text


def _inner(text: str) -> str:
    """A word without the punctuation around it, in lower case."""
    return _letters(text).lower()
