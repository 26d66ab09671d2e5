"""What do a text and its translation share, whatever the languages? Numbers, names and cognates.

In a document that contains both texts, the place on the page counts too. Each anchor is a feature of the
units that contain it. A word counts as the most specific thing that it can be: a name in both texts, the same
word, or a cognate, which begins alike (first four letters: Simard, Foster and Isabelle, *Using cognates to
align sentences in bilingual corpora*, TMI 1992). Spelling is made uniform first, so that Dutch *kollektief*,
French *collectif* and German *Kollektiv* begin alike.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from archive.languages import Language
from index.text.analysis import Token, fold, is_stop_word, stem, tokens
from index.text.text_units import TextUnit, sentences

_LEVELLED = (
    (re.compile("ck|qu|k|q"), "c"),
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("[yj]"), "i"),
    (re.compile("[zç]"), "s"),
    (re.compile("w"), "v"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_COGNATE = 4
"""Letters that cognates have in common at their beginning; shorter words are not cognates."""

_SHORTEST_NAME = 2
_TRANSLATES = "|"


class AnchorKind(NamedTuple):
    """A kind of feature."""

    sign: str
    likelihood: float
    """Probability that the translation of a unit with such a feature has it too."""
    is_missed: bool
    """Whether the lack of the feature is evidence against a translation."""


NUMBER = AnchorKind("#", 0.9, is_missed=True)
NAME = AnchorKind("N", 0.7, is_missed=True)
SAME = AnchorKind("=", 0.5, is_missed=False)
COGNATE = AnchorKind("~", 0.3, is_missed=False)
PAGE = AnchorKind("@", 0.95, is_missed=True)
"""The page of a unit: for two texts of one document, such as the columns of a gazette."""
LEVEL = AnchorKind("-", 0.5, is_missed=False)
"""The page and the height on it: in parallel columns a passage often begins level with its translation."""
KINDS = {kind.sign: kind for kind in (NUMBER, NAME, SAME, COGNATE, PAGE, LEVEL)}


class Clue(NamedTuple):
    """A word, number or place of a unit, by which its translation may be recognised."""

    stem: str
    """Empty for numbers, stop words and places."""
    features: tuple[str, ...]
    """The features that it may count as, the most specific first."""


class Features(NamedTuple):
    """The features of each unit of two texts."""

    left: Sequence[frozenset[str]]
    right: Sequence[frozenset[str]]


def clues(text: str, language: Language) -> list[Clue]:
    """The words and numbers of a unit by which its translation may be recognised."""
    starts = {start for start, _end in sentences(text)}
    is_shouted = text.isupper()
    found = (_clue(token, text, starts, language, is_shouted=is_shouted) for token in tokens(text))
    return [clue for clue in found if clue.stem or clue.features]


def page_clues(unit: TextUnit) -> list[Clue]:
    """The place of a unit, by which its translation in the same document may be recognised."""
    level = f"{LEVEL.sign}{unit.pages[0]}:{unit.top:.0f}"
    return [Clue("", (level,)), *(Clue("", (f"{PAGE.sign}{page}",)) for page in unit.pages)]


def shared_features(
    left: Sequence[Sequence[Clue]],
    right: Sequence[Sequence[Clue]],
    translations: Iterable[tuple[str, str]] = (),
) -> Features:
    """The features of each unit of two texts; each word gives the most specific one that both texts have.

    Args:
        translations: pairs of a left and a right word that translate each other; each pair is a feature.
    """
    common = _all_features(left) & _all_features(right)
    left_words: dict[str, list[str]] = {}
    right_words: dict[str, list[str]] = {}
    for one, other in translations:
        feature = f"{one}{_TRANSLATES}{other}"
        left_words.setdefault(one, []).append(feature)
        right_words.setdefault(other, []).append(feature)
    return Features(
        [_chosen(unit, common, left_words) for unit in left],
        [_chosen(unit, common, right_words) for unit in right],
    )


def is_word_pair(feature: str) -> bool:
    """Whether a feature is a pair of words that translate each other."""
    return _TRANSLATES in feature


def _all_features(units: Sequence[Sequence[Clue]]) -> set[str]:
    return {feature for unit in units for clue in unit for feature in clue.features}


def _chosen(unit: Sequence[Clue], common: set[str], words: Mapping[str, Sequence[str]]) -> frozenset[str]:
    features: set[str] = set()
    for clue in unit:
        if clue.stem in words:
            features.update(words[clue.stem])
        else:
            features.update(islice((feature for feature in clue.features if feature in common), 1))
    return frozenset(features)


def _clue(token: Token, text: str, starts: set[int], language: Language, *, is_shouted: bool) -> Clue:
    form = token.text
    if form[0].isdecimal():
        return Clue("", (f"{NUMBER.sign}{form}",))
    written = text[token.start : token.end]
    folded = fold(form)
    features = []
    is_acronym = written.isupper() and len(written) >= _SHORTEST_NAME and not is_shouted
    if is_acronym or (written[0].isupper() and token.start not in starts and not is_shouted):
        features.append(f"{NAME.sign}{folded}")
    is_word = len(form) > 1 and not is_stop_word(form, language)
    if is_word and len(folded) >= _COGNATE:
        features.append(f"{SAME.sign}{folded}")
        if begins := beginning(folded):
            features.append(f"{COGNATE.sign}{begins}")
    return Clue(stem(form, language) if is_word else "", tuple(features))


def beginning(word: str) -> str:
    """The first letters of a folded word in levelled spelling, equal for cognates; "" for a short word."""
    levelled = _levelled(word)
    return levelled[:_COGNATE] if len(levelled) >= _COGNATE else ""


@lru_cache(maxsize=100_000)
def _levelled(word: str) -> str:
    for letters, letter in _LEVELLED:
        word = letters.sub(letter, word)
    return word
