"""Which language is a block of text in: Dutch, French, English or German?

Stop words decide where they speak clearly, langdetect (with the profiles of only these four languages, on
lower-cased text, with a fixed seed) where they do not and the word lists agree. Blocks too short to tell
take the language of their surroundings. What the PDF says of its own language is never asked.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import langdetect
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from archive.languages import LANGUAGES, Language, is_language
from ingest.lexicon import is_known

_LETTERS = re.compile(r"[^\W\d_]+")

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
"""For each stop word the languages that it speaks for."""
for _language in LANGUAGES:
    for _word in _STOP_WORDS[_language].split():
        _VOTES.setdefault(_word, []).append(_language)

_CLEAR_VOTES = 4
_CLEAR_RATIO = 3.0
_FEWEST_LETTERS = 20
"""A text with fewer letters than this is left to its surroundings."""
_FEWEST_WORDS = 8
"""A text with fewer words than this is, unless its stop words are clear."""
_HABIT = 8
"""Blocks with one left edge that make its language known."""
_SURE = 0.999
"""Probability below which langdetect is not believed: it guesses at lists of names and rows of figures."""
_LISTED = 4
"""Letters of a word that tells something when it is in a language's word list."""
_MOST_WORDS = 200
"""Of longer texts only the beginning is looked at."""


@lru_cache(maxsize=1)
def _profiles() -> DetectorFactory:
    """langdetect with the four profiles, made once; reproducible."""
    folder = Path(langdetect.__file__).parent / "profiles"
    factory = DetectorFactory()
    factory.load_json_profile([(folder / language).read_text("utf-8") for language in LANGUAGES])
    factory.set_seed(0)
    return factory


def detect(text: str) -> Language | None:
    """The language of `text`, or None if it is too short or has too few letters to tell by itself."""
    words = _LETTERS.findall(text.lower())[:_MOST_WORDS]
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return None
    is_short = len(words) < _FEWEST_WORDS
    if clear := _clear_language(words, 2 if is_short else _CLEAR_VOTES):
        return clear
    if is_short:
        return None
    language, probability = _detect_by_letters(" ".join(words))
    return language if language and probability >= _SURE and _has_most_words(language, words) else None


def _has_most_words(language: Language, words: list[str]) -> bool:
    """Whether no other language's list has more of these words: names and headings of tables look like any
    language to langdetect."""
    long = {word for word in words if len(word) >= _LISTED}
    counts = {one: sum(is_known(word, one) for word in long) for one in LANGUAGES}
    return counts[language] == max(counts.values())


def clear_language(text: str) -> Language | None:
    """The language that the stop words of `text` speak for, if they do so clearly."""
    return _clear_language(_LETTERS.findall(text.lower())[:_MOST_WORDS], _CLEAR_VOTES)


def _clear_language(words: list[str], fewest: int) -> Language | None:
    found = votes(Counter(words))
    (winner, most), (_, second) = sorted(
        ((language, found[language]) for language in LANGUAGES), key=lambda pair: -pair[1]
    )[:2]
    return winner if most >= fewest and most >= _CLEAR_RATIO * second else None


def votes(words: Mapping[str, int]) -> Counter[Language]:
    """How many of these lower-cased words, each with its count, are stop words of each language."""
    found: Counter[Language] = Counter()
    for word in _VOTES.keys() & words.keys():
        for language in _VOTES[word]:
            found[language] += words[word]
    return found


@lru_cache(maxsize=1024)
def _detect_by_letters(text: str) -> tuple[Language | None, float]:
    """What langdetect takes the text for, and how sure it is."""
    detector = _profiles().create()
    detector.append(text)
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return None, 0.0
    return (cast(Language, best.lang), best.prob) if is_language(best.lang) else (None, 0.0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A block's text and the part of the page's width that it stands in."""

    text: str
    x0: float
    x1: float
    is_heading: bool


class Languages:
    """Tells the languages of a document's blocks, page after page.

    A block that cannot tell takes the language of the column that it stands in: that of the nearest block
    above or below on its page, or the one that blocks with its left edge have throughout the document
    (where left is French and right is Dutch, "Pour" and "Voor" need no more); else that of most of the
    page's text; else that of the document.
    """

    def __init__(self, otherwise: Language) -> None:
        self._otherwise = otherwise
        self._by_edge: defaultdict[int, Counter[Language]] = defaultdict(Counter)

    def of(self, stretches: Sequence[Stretch]) -> list[Language]:
        """The language of each block of the next page."""
        own = [detect(stretch.text) for stretch in stretches]
        amounts: Counter[Language] = Counter()
        for stretch, language in zip(stretches, own, strict=True):
            if language:
                amounts[language] += len(stretch.text)
                self._by_edge[_edge(stretch)][language] += 1
        common = amounts.most_common(1)[0][0] if amounts else self._otherwise
        return [
            language or self._of_edge(stretches[place]) or _of_neighbour(place, stretches, own) or common
            for place, language in enumerate(own)
        ]

    def _of_edge(self, stretch: Stretch) -> Language | None:
        """The language that nearly all blocks with this left edge have."""
        known = self._by_edge[_edge(stretch)]
        language, most = known.most_common(1)[0] if known else (None, 0)
        return language if most >= _HABIT and most >= 0.9 * known.total() else None


def _edge(stretch: Stretch) -> int:
    return round(stretch.x0 / 3)


def _of_neighbour(
    place: int, stretches: Sequence[Stretch], own: Sequence[Language | None]
) -> Language | None:
    """The language of the nearest block above or below that has one."""
    stretch = stretches[place]
    towards = 1 if stretch.is_heading else -1  # a heading belongs to what follows it
    for distance in range(1, len(stretches)):
        for near in (place + towards * distance, place - towards * distance):
            if 0 <= near < len(stretches) and own[near] and _is_same_column(stretch, stretches[near]):
                return own[near]
    return None


def _is_same_column(one: Stretch, other: Stretch) -> bool:
    """Whether they stand above each other rather than side by side."""
    overlap = min(one.x1, other.x1) - max(one.x0, other.x0)
    return overlap > 0.6 * min(one.x1 - one.x0, other.x1 - other.x0)
