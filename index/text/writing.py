"""How words are written: typed accents, capitals without accents, numbers with separators.

Accents that a reader types count: *één* is not *een*, *marché* not *marche*. A letter typed without an accent
matches every spelling of it. Capitals are often printed without accents, so a bare capital matches all of
them: *EEN* and *Eén* match *één*, *ACTIVITE* matches *activité*. German keeps its umlauts in capitals.

The verbatim form of a word (:mod:`index.text.analysis`) has no capitals, and a number no separators, so that
words and numbers are found however they are written. The written form keeps what counts here, such as ``EEN``
or ``2.026``. A number in a query that must be found as written is preceded by :data:`AS_WRITTEN`.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import NamedTuple

from archive.languages import Language
from index.language.folding import TYPOGRAPHY, fold
from index.text.analysis import INVISIBLE, may_have_stem, stem

AS_WRITTEN = "="
"""Prefix of a number in a query that must be found exactly as written, such as ``=2026``."""

_BARE_CAPITAL = re.compile("[ACEINOUY]")
"""Capitals whose accents are often left out in the languages of the archive."""
_UMLAUTS = frozenset("äöü")
_SHORTEST_GROUPED = 4
"""Digits of a number that may have separators."""
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]")
_APOSTROPHES = re.compile("[’']")
_SEPARATORS = ".,' "
RULES = f"written forms: {_BARE_CAPITAL.pattern} {_SEPARATORS}"
"""Part of the fingerprint of every index: changes whenever words would have another written form."""
_GROUPS = re.compile(r"(?<=\d)(?=(?:\d{3})+\Z)")


def written_form(raw: str) -> str:
    """The written form of a word with a capital that may lack its accent, or of a number with separators.

    Empty for other words: their verbatim form says it all.

    Args:
        raw: the word as in the text.
    """
    if raw[0].isdecimal():
        if raw.isalnum() or "/" in raw or "⁄" in raw:
            return ""
        return _APOSTROPHES.sub("'", _SPACES.sub(" ", raw))
    if not _BARE_CAPITAL.search(raw):
        return ""
    letters = unicodedata.normalize("NFKC", INVISIBLE.sub("", raw))
    return "".join([_in_case(each, each.lower().translate(TYPOGRAPHY)) for each in letters])


def _in_case(letter: str, other: str) -> str:
    return other.upper() if letter.isupper() else other


def number_as_written(raw: str, verbatim: str) -> str:
    """The query word that finds a number only as written; other words unchanged."""
    if raw.isdecimal():
        return AS_WRITTEN + verbatim if len(raw) >= _SHORTEST_GROUPED else verbatim
    return AS_WRITTEN + form if raw[0].isdecimal() and (form := written_form(raw)) else verbatim


def groupings(digits: str) -> list[str]:
    """How a number without separators may be written with them."""
    return [_GROUPS.sub(separator, digits) for separator in _SEPARATORS]


class _Letter(NamedTuple):
    base: str
    """The letter without accent, in lower case."""
    accented: str
    """The letter with its accent, in lower case; empty if it has none."""
    is_capital: bool


def _letters(word: str) -> list[_Letter]:
    found = []
    for letter in word:
        lower = letter.lower()
        base = fold(lower)
        accented = "" if base == lower or lower == "ß" else lower
        is_capital = letter != lower
        found += [_Letter(each, "" if place else accented, is_capital) for place, each in enumerate(base)]
    return found


def has_accents(word: str) -> bool:
    """Whether any letter of a verbatim form has an accent; ß counts as ss, without accent."""
    return fold(word) != word and any(letter.accented for letter in _letters(word))


class ExactWord:
    """A word with accents in quotation marks. It matches only itself, with or without accents on capitals."""

    def __init__(self, word: str, language: Language) -> None:
        self.word, self._language = word, language
        self._folded, self._typed = fold(word), _letters(word)

    def asks(self, word: str) -> bool:
        """Whether a verbatim form matches."""
        return word == self.word

    def asks_written(self, written: str) -> bool:
        """Whether a written form matches although its verbatim form does not."""
        if fold(written) != self._folded or written.lower() == self.word:
            return False
        return all(
            here.accented == typed.accented or (typed.accented and _may_lack(here, typed, self._language))
            for typed, here in zip(self._typed, _letters(written), strict=True)
        )


class AccentedWord:
    """A word with accents. It matches its inflected forms that have the typed accents on the same letters."""

    def __init__(self, word: str, language: Language, compounds: Collection[str] = ()) -> None:
        """Take a word in its verbatim form.

        Args:
            compounds: the compounds, folded, that contain it.
        """
        self.word = word
        self._language = language
        self._folded, self._stem = fold(word), stem(word, language)
        self._typed = _letters(word)
        self._compounds = frozenset(compounds)

    def asks(self, word: str) -> bool:
        """Whether a verbatim form matches."""
        return self._asks(word, word)

    def asks_written(self, written: str) -> bool:
        """Whether a written form matches although its verbatim form does not."""
        verbatim = written.lower()
        return self._asks(verbatim, written) and not self._asks(verbatim, verbatim)

    def _asks(self, verbatim: str, written: str) -> bool:
        folded = fold(verbatim)
        if folded == self._folded or self._has_stem(verbatim):
            return self._agrees(_letters(written), is_inflected=folded != self._folded)
        if folded in self._compounds:
            letters = _letters(written)
            return any(
                self._agrees(letters[start:], is_inflected=True)
                for start in range(len(folded))
                if folded.startswith(self._stem[:-1], start)
            )
        return False

    def _has_stem(self, verbatim: str) -> bool:
        return (
            may_have_stem(verbatim, self._stem[:1], self._language)
            and stem(verbatim, self._language) == self._stem
        )

    def _agrees(self, letters: Sequence[_Letter], *, is_inflected: bool) -> bool:
        """Whether a word has the typed accents, up to the first letter that differs."""
        for place, (typed, here) in enumerate(zip(self._typed, letters, strict=False)):
            if typed.base != here.base:
                return True
            if typed.accented in ("", here.accented) or _may_lack(here, typed, self._language):
                continue
            bases = "".join(letter.base for letter in letters)
            if not (is_inflected and _is_changed_by_inflection(typed, here, bases, place, self._language)):
                return False
        return True


class AccentedBeginning:
    """The beginning of a word, with accents. It matches words that begin so."""

    def __init__(self, beginning: str, language: Language) -> None:
        self.word = beginning
        self._language = language
        self._folded = fold(beginning)
        self._typed = _letters(beginning)

    def asks(self, word: str) -> bool:
        """Whether a verbatim form matches."""
        return self._asks(word)

    def asks_written(self, written: str) -> bool:
        """Whether a written form matches although its verbatim form does not."""
        return self._asks(written) and not self._asks(written.lower())

    def _asks(self, word: str) -> bool:
        return fold(word).startswith(self._folded) and all(
            typed.accented in ("", here.accented) or _may_lack(here, typed, self._language)
            for typed, here in zip(self._typed, _letters(word), strict=False)
        )


AccentedAsked = ExactWord | AccentedWord | AccentedBeginning
"""The parts of a query that contain accents; each decides which words it matches."""


def _may_lack(here: _Letter, typed: _Letter, language: Language) -> bool:
    """Whether a letter is a capital whose accent may have been left out."""
    is_bare = here.is_capital and not here.accented
    return is_bare and not (language == "de" and typed.accented in _UMLAUTS)


_MUTE_ENDING = re.compile("[^aeiouy]+e(?:s|nt)?")


def _is_changed_by_inflection(
    typed: _Letter, here: _Letter, word: str, place: int, language: Language
) -> bool:
    """Whether spelling rules change the accent of a letter in another form of the word.

    Args:
        word: the other form, without accents.
        place: index of the letter in it.
    """
    rest = word[place + 1 :]
    match language, typed.accented, here.accented:
        case ("fr", "é", "è") | ("fr", "è", "é"):  # préférer, préfère
            return True
        case "fr", "è", "":  # première, premier; achète, acheter; but not meres for mère
            return not _MUTE_ENDING.fullmatch(rest)
        case "fr", "ç", "":  # commençons, commence
            return rest[:1] in ("e", "i")
        case "fr", "î", "":  # connaît, connaissent
            return rest[:1] != "t"
        case "de", umlaut, "" if (
            umlaut in _UMLAUTS
        ):  # Häuser, Haus; words that differ only by the umlaut have different stems
            return True
        case "nl", "ë", "":  # financiële, financieel
            return word[place - 1 :] == "ieel"
        case _:
            return False
