"""From text to words: their offsets, the forms in which they are compared, and their stems.

The same rules hold for pages and for queries, so each finds the other:

- A word is a run of letters and digits. Apostrophes, hyphens and slashes separate words: ``l'emploi`` is
  ``l`` and ``emploi``, ``16/01/2020`` is ``16``, ``01`` and ``2020``, ``n° 5`` is ``n`` and ``5``.
- A number is one word, written without its separators: ``2.500.000``, ``2,500,000`` and ``2 500 000`` are
  all ``2500000``, and ``3,5`` and ``3.5`` are both ``3.5``. Thousands are groups of three digits with the
  same separator; numbers in a row, such as ``12 345 20``, stay separate. Section numbers (``3.1.2``) and
  dates are split.
- A fraction is one word: ``½`` and ``1/2`` are ``1/2``. Digits that are separate on the page are never
  joined: ``2½`` is ``2`` and ``1/2``, ``10³`` is ``10`` and ``3``. Raised and lowered digits belong to a
  unit or a formula (``m²`` is ``m2``, ``CO₂`` is ``co2``), but not to a long word, where they are the
  number of a note.
- The verbatim form of a word is in lower case with its accents; ligatures (also ``œ``, ``æ`` and ``ĳ``),
  raised and lowered digits, soft hyphens and zero-width characters make no difference.
- The folded form has no accents either, and ``ß`` is ``ss``.
"""

import hashlib
import inspect
import re
import sys
import unicodedata
from collections.abc import Container
from typing import NamedTuple

from archive.languages import LANGUAGES, Language
from index.language.folding import OTHER_LETTERS, TYPOGRAPHY, Cache
from index.language.folding import fold as fold
from index.language.stemming import OTHER_BEGINNINGS, SPELLINGS, STEMMERS
from index.language.stop_words import STOP_WORDS


class Token(NamedTuple):
    """A word with its offsets in the analysed text."""

    text: str
    """Verbatim form."""
    start: int
    end: int


_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_SPACE = " \u00a0\u2009\u202f"
_AFTER = r"(?!\w|[.,]\d)"
_NUMBER = "|".join(
    (
        rf"(?<!\d[{_SPACE}.,])[1-9]\d?\d?([{_SPACE}])\d\d\d(?:\1\d\d\d)*(?:[.,]\d+)?(?![{_SPACE}]\d){_AFTER}",
        rf"(?<!\d[.,])[1-9]\d?\d?([.,'’])\d\d\d(?:\2\d\d\d)*(?:(?!\2)[.,]\d+)?{_AFTER}",
        rf"(?<!\d[.,])\d+[.,]\d+{_AFTER}",
    )
)
_FRACTIONS = "¼½¾⅐-⅞"
_RAISED, _LOWERED = "⁰¹²³⁴-⁹", "₀-₉"
_ENCLOSED = "①-⒛⓪-⓿❶-➓"
_FRACTION = (
    r"(?<![\w./⁄,])(?:1[/⁄](?:10|[2-9])|2[/⁄][35]|3[/⁄][458]|4[/⁄]5|5[/⁄][68]|7[/⁄]8)(?![\w/⁄]|[.,]\d)"
    rf"|[{_FRACTIONS}]"
)
"""Only fractions that also exist as a single character."""
_LETTER = rf"[^\W_{_FRACTIONS}{_RAISED}{_LOWERED}{_ENCLOSED}]"
_WORD = (
    rf"{_LETTER}+(?:[\u0300-\u036f{_UNSEEN}]+{_LETTER}*)*"
    rf"(?:(?<=[^\W\d_])[{_LOWERED}]+(?:(?!\d){_LETTER})*)*"
    rf"(?:(?<=[^\W\d_])(?<![^\W\d_]{{3}})[{_RAISED}]+)?"
    rf"|[{_RAISED}]+|[{_LOWERED}]+|[{_ENCLOSED}]"
)
_TOKEN = re.compile(rf"{_NUMBER}|{_FRACTION}|{_WORD}")
_THOUSANDS = re.compile(rf"([1-9]\d?\d?([{_SPACE}.,'’])\d\d\d(?:\2\d\d\d)*)(?:[.,](\d+))?")

INVISIBLE = re.compile(rf"[{_UNSEEN}\s]")
"""Characters that may be inside a word without being letters: white space and invisible characters."""
_ENCLOSURE = re.compile(rf"(?:[{_ENCLOSED}])")
_BRACKETS = str.maketrans("", "", "().")

_INFLECTIONS = ("en", "e", "n", "s")


def _verbatim(raw: str) -> str:
    if raw[0].isdecimal() and not raw.isalnum():
        if thousands := _THOUSANDS.fullmatch(raw):
            whole, _separator, decimals = thousands.groups()
            return re.sub(r"\D", "", whole) + (f".{decimals}" if decimals else "")
        raw = raw.replace(",", ".")
    form = unicodedata.normalize("NFKC", INVISIBLE.sub("", raw)).lower().translate(TYPOGRAPHY)
    if _ENCLOSURE.fullmatch(raw):
        form = form.translate(_BRACKETS)
    return INVISIBLE.sub("", form) or raw


_verbatim_forms = Cache(_verbatim)


def tokens(text: str) -> list[Token]:
    """The words of `text` in order; a word's position is its place in the list."""
    forms = _verbatim_forms
    return [Token(forms[match[0]], match.start(), match.end()) for match in _TOKEN.finditer(text)]


_LONGEST_STEMMED = 100
"""Letters. A longer word is none; rules would take the square of its length, for a hostile page minutes."""


class _Stems(Cache):
    """The stems of one language."""

    def __init__(self, language: Language) -> None:
        super().__init__(self._stem)
        self._language = language
        self._stop_words = frozenset(map(fold, STOP_WORDS[language]))

    def _stem(self, word: str) -> str:
        folded = fold(word)
        if not word.isalpha() or len(word) > _LONGEST_STEMMED or folded in self._stop_words:
            return folded
        stemmed = fold(STEMMERS[self._language](word))
        return self._without_inflection(folded) if stemmed in self._stop_words else stemmed

    def _without_inflection(self, word: str) -> str:
        """A milder stem, for a word whose stem is a stop word: Dutch `overheid` is not `over`."""
        word = re.sub("heden$", "heid", word)
        for ending in _INFLECTIONS:
            if word.endswith(ending) and word.removesuffix(ending) not in self._stop_words:
                return word.removesuffix(ending)
        return word


_stems: dict[Language, _Stems] = {language: _Stems(language) for language in LANGUAGES}


def stem(word: str, language: Language) -> str:
    """The folded stem of a word in its verbatim form, by the rules of `language`.

    No other word has the same stem as a stop word.
    """
    return _stems[language][word]


def may_have_stem(word: str, initials: Container[str], language: Language) -> bool:
    """Whether a word, in its verbatim form, may have a stem that begins with one of these letters. Takes a
    small part of the time of :func:`stem`: the stem of most longer words begins as the word does."""
    return (
        word[0] in initials
        or len(word) < 3
        or not word[0].isascii()
        or word.startswith(OTHER_BEGINNINGS[language])
    )


def query_stems(word: str, language: Language) -> frozenset[str]:
    """The stems that a word of a query matches.

    A word typed without accents matches every spelling, and other spellings may have other stems: *marche*
    matches *marchés* too.
    """
    stems = {stem(word, language)}
    if fold(word) == word and language in SPELLINGS and not is_stop_word(word, language):
        stems.update(stem(spelling, language) for spelling in SPELLINGS[language](word))
    return frozenset(stems)


def is_stop_word(word: str, language: Language) -> bool:
    """Whether a word, in its verbatim form, is a stop word of `language`."""
    return word in STOP_WORDS[language]


_SAMPLE = """
    L'œuvre d’été: 2.500.000 € ou 2 500,5 %, l'emploi et les emplois, les travaux, une activite première; la
    Région bruxelloise créée. Nieuwe plannen, sociale overheden, werkgelegenheidsbeleid, de prijzen van 2020
    en 16/01/2021, commissies investeert huizen. Policies and strategies. Änderungen der Straßen, 12 345 20.
    Een ½ of 1/2 uur, 2½ dag, 10³ m² en 35 kWh/m², CO₂, de regering³ van 2011⁴, ⑴ en 1⁄2.
"""


_WRITTEN_RULES = ("index.language.word_endings", *(stemmer.__module__ for stemmer in STEMMERS.values()))
"""Modules whose source is part of the fingerprint, because they have more rules than a sample can show."""


def _fingerprint() -> str:
    rules = (
        *(_TOKEN.pattern, _THOUSANDS.pattern, TYPOGRAPHY, OTHER_LETTERS, _INFLECTIONS, _LONGEST_STEMMED),
        *(sorted(STOP_WORDS[language]) for language in LANGUAGES),
        unicodedata.unidata_version,
        *(inspect.getsource(sys.modules[name]) for name in _WRITTEN_RULES),
        *((token, *(stem(token.text, language) for language in LANGUAGES)) for token in tokens(_SAMPLE)),
    )
    return hashlib.sha256(repr(rules).encode()).hexdigest()[:16]


FINGERPRINT = _fingerprint()
"""Changes whenever text would be analysed differently than before: a hash of the rules and of their result
for a sample."""
