"""Which language is a block of text in: Dutch, French, English or German?

Stop words decide if they are clear. Otherwise langdetect decides (`letters.py`), if the word lists agree; it
gets lower-cased text. Blocks around a block are considered
by `language_in_context.py`. The language that the PDF declares is never used.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from archive.languages import LANGUAGES, Language
from ingest.language.letters import detect_by_letters
from ingest.language.lexicon import is_known

_LETTERS = re.compile(r"[^\W\d_]+")
_NO_WORDS = re.compile(r"[^\W_][./@\\_=:]+[^\W_]|\d[^\W\d_]|[^\W\d_]\d")
"""Abbreviations, initials, addresses, paths, ordinals: "n.v.t." holds no French n', "ftp.de.debian.org" no
Dutch de, "1er" no Dutch er."""
_APOSTROPHES = "'’"
_WORDS_OF_ONE_LETTER = "aàyô"

_STOP_WORDS: dict[Language, str] = {
    "nl": """
        aan als bij dan dat de deze die dit door een en er geen had hebben heeft het hij hun ik in is je
        kan kunnen maar meer met moet moeten na naar niet nog of om onder ook op over te tegen tot
        tussen uit van veel voor waar want was wat we wel werd werden wie wij worden wordt ze zich zij
        zijn zoals zonder zou zullen
    """,
    "fr": """
        a au aux avec avoir ce ces cette comme d dans de des dont du elle elles en entre est et être eux
        fait il ils je l la le les leur leurs lors mais même n ne nos notre nous on ont ou où par pas
        plus pour qu que qui s sa sans se sera ses si son sont sous sur très tous tout toute un une vous
        y à été
    """,
    "en": """
        a all an and any are as at be been but by can for from had has have his if in into is it its may
        more must no not of on or other shall should such than that the their them then there these they
        this those to under was we were what when where which who will with would you
    """,
    "de": """
        als am an auch auf aus bei bis das dass dem den der des die diese dieser durch ein eine einem
        einen einer es für haben hat im in ist kann können mit nach nicht noch nur oder sein sich sie
        sind so über um und unter von vor war was wenn werden wie wird wir zu zum zur
    """,
}

_VOTES: dict[str, list[Language]] = {}
"""For each stop word the languages that it is in."""
for _language in LANGUAGES:
    for _word in _STOP_WORDS[_language].split():
        _VOTES.setdefault(_word, []).append(_language)

_CLEAR_VOTES = 4
_CLEAR_RATIO = 3.0
_SURE_WORDS = 3
"""Number of different stop words with which a text is sure of its language, whatever is around it."""
_FEWEST_LETTERS = 20
"""A text with fewer letters than this is left to its surroundings."""
_FEWEST_WORDS = 8
"""So is a text with fewer words than this, unless its stop words are clear."""
_SURE = 0.999
"""Probability below which langdetect is not believed: it guesses at lists of names and rows of figures."""
_PART_OF_DOCUMENT = 0.2
"""Least stop words of a further language of a document, as a share of those of its main language."""
_LISTED = 4
"""Least letters of a word that counts if it is in the word list of a language."""
_MOST_WORDS = 200
"""Of longer texts only the beginning is looked at."""


class OwnLanguage(NamedTuple):
    """The language of a text, judged by the text alone."""

    language: Language | None
    is_sure: bool
    """Whether several stop words show it; names and headings of tables look like any language."""


class Speech:
    """A text whose language is sought: by its stop words at once, by its letters only if they are needed."""

    def __init__(self, text: str) -> None:
        self._words = _words(text)
        self.by_words: OwnLanguage | None = None
        """The language by the stop words; None if only the letters could decide."""
        self.may_be: dict[Language, bool] = {}
        """The languages that the letters could decide for, and whether the result would be sure then."""
        is_short = len(self._words) < _FEWEST_WORDS
        if sum(map(len, self._words)) < _FEWEST_LETTERS:
            self.by_words = OwnLanguage(None, False)
        elif clear := _clear_language(self._words, 2 if is_short else _CLEAR_VOTES):
            self.by_words = OwnLanguage(clear, _has_different(self._words, clear))
        elif is_short:
            self.by_words = OwnLanguage(None, False)
        else:
            likely = _languages_of_most(self._words)
            self.may_be = {language: _has_different(self._words, language) for language in likely}

    @property
    def may_be_sure(self) -> bool:
        """Whether the letters have to be judged before the blocks around the text can be."""
        return any(self.may_be.values())

    def tell(self) -> OwnLanguage:
        """The language of the text; None if it is too short or has too few letters to decide."""
        if self.by_words is None:
            language, probability = detect_by_letters(" ".join(self._words))
            if language in self.may_be and probability >= _SURE:
                self.by_words = OwnLanguage(language, self.may_be[language])
            else:
                self.by_words = OwnLanguage(None, False)
        return self.by_words


def detect(text: str) -> Language | None:
    """The language of `text`; None if that is not clear."""
    return Speech(text).tell().language


def is_rather(text: str, language: Language, other: Language, fewest: float) -> bool:
    """Whether `text` has `fewest` words that only `language` has, of these two, and hardly one of `other`.

    A word with a capital may be a name: it counts half, and not at all after another one.
    """
    ours = theirs = 0.0
    seen: set[str] = set()
    is_after_capital = False
    for word in islice(_tokens(text), _MOST_WORDS):
        form = word.lower()
        weight = 1.0 if word == form else 0.0 if is_after_capital else 0.5
        is_after_capital = word != form
        if form in seen:
            continue
        seen.add(form)
        here, there = _has(language, form), _has(other, form)
        ours += weight * (here and not there)
        theirs += weight * (there and not here)
    return ours >= fewest and ours >= _CLEAR_RATIO * theirs


def _has(language: Language, word: str) -> bool:
    """Whether a word is a stop word of the language or, if it is long enough to count, in its list."""
    if word in _VOTES:
        return language in _VOTES[word]
    return len(word) >= _LISTED and is_known(word, language)


def _words(text: str) -> list[str]:
    """The first words of `text` in small letters, without what is no word of a sentence."""
    found: list[str] = []
    for token in text.split():
        if len(token) > 1 and token.isalpha():  # as most are
            found.append(token.lower())
        else:
            found += [word.lower() for word in _parts(token) if word]
        if len(found) >= _MOST_WORDS:
            break
    return found[:_MOST_WORDS]


def _tokens(text: str) -> Iterator[str]:
    """The words of `text` as they are written; an empty one for what is none, such as a number."""
    for token in text.split():
        if len(token) > 1 and token.isalpha():
            yield token
        else:
            yield from _parts(token)


@lru_cache(maxsize=8192)
def _parts(token: str) -> tuple[str, ...]:
    """The words in the text between two spaces, as :func:`_tokens` gives them."""
    matches = [] if _NO_WORDS.search(token) else list(_LETTERS.finditer(token))
    found = [] if matches else [""]
    for match in matches:
        word, after = match[0], token[match.end() : match.end() + 1]
        is_elided = bool(after) and after in _APOSTROPHES
        is_whole = word.lower() in _WORDS_OF_ONE_LETTER and after not in (".", ")")
        if len(word) > 1 or is_elided or is_whole:
            found.append(word)
    return tuple(found)


def _has_different(words: list[str], language: Language) -> bool:
    """Whether several stop words are of the language, and no other has more."""
    different = votes_of(set(words))
    return different[language] >= _SURE_WORDS and different[language] == max(different.values())


def _languages_of_most(words: list[str]) -> list[Language]:
    """The languages whose lists have most of these words, or equally many. Names and headings of tables look
    like any language to langdetect."""
    long = {word for word in words if len(word) >= _LISTED}
    counts = {one: sum(is_known(word, one) for word in long) for one in LANGUAGES}
    return [language for language, count in counts.items() if count == max(counts.values())]


def clear_language(text: str) -> Language | None:
    """The language of the stop words of `text`, if it is clear."""
    return _clear_language(_words(text), _CLEAR_VOTES)


def _clear_language(words: list[str], fewest: int) -> Language | None:
    found = votes_of(words)
    (winner, most), (_, second) = sorted(
        ((language, found[language]) for language in LANGUAGES), key=lambda pair: -pair[1]
    )[:2]
    return winner if most >= fewest and most >= _CLEAR_RATIO * second else None


def votes(words: Mapping[str, int]) -> Counter[Language]:
    """How many of these lower-cased words, each with its count, are stop words of each language."""
    found: Counter[Language] = Counter()
    for word in _VOTES.keys() & words.keys():
        count = words[word]
        for language in _VOTES[word]:
            found[language] += count
    return found


def votes_of(words: Iterable[str]) -> Counter[Language]:
    """How many of these lower-cased words are stop words of each language."""
    found: Counter[Language] = Counter()
    for word in filter(_VOTES.__contains__, words):
        for language in _VOTES[word]:
            found[language] += 1
    return found


def is_stop_word(word: str) -> bool:
    """Whether a word, in capitals or not, is a stop word of one of the languages."""
    return word.lower() in _VOTES


def languages_of(words: Mapping[str, int]) -> set[Language]:
    """The languages that a document with these words is in, by the stop words that only one of them has."""
    alone = votes({word: count for word, count in words.items() if len(_VOTES.get(word, ())) == 1})
    most = max(alone.values(), default=0)
    return {language for language, count in alone.items() if count >= _PART_OF_DOCUMENT * most}
