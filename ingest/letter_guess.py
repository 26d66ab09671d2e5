"""What language do the letters of a text look like?

This is the method of langdetect, with its profiles of the four languages: letters, pairs and triples of
letters are drawn at random, with a fixed seed, until one language is nearly certain, several times over. Its
own program looks at every character with several calls; this one gives the same numbers in a third of the
time, for lower-case words of letters.
"""

import random
from functools import lru_cache
from pathlib import Path

import langdetect
from langdetect.detector import Detector
from langdetect.detector_factory import DetectorFactory
from langdetect.utils.ngram import NGram

from archive.languages import LANGUAGES, Language

_AT_ONCE = 5
"""Draws after which it is seen whether a language is nearly certain."""


@lru_cache(maxsize=1)
def _chances() -> dict[str, list[float]]:
    """For each letter, pair and triple of letters how likely it is in each language."""
    folder = Path(langdetect.__file__).parent / "profiles"
    factory = DetectorFactory()
    factory.load_json_profile([(folder / language).read_text("utf-8") for language in LANGUAGES])
    chances: dict[str, list[float]] = factory.word_lang_prob_map
    return chances


@lru_cache(maxsize=1024)
def guess(text: str) -> tuple[Language | None, float]:
    """The language that the letters of lower-case words look like most, and how likely it is that one; None
    where none of their letters is known."""
    known = _chances()
    drawn = [known[letters] for letters in _ngrams(text) if letters != " " and letters in known]
    if not drawn:
        return None, 0.0
    chance = random.Random(0)
    totals = [0.0] * len(LANGUAGES)
    trials = 7
    for _ in range(trials):
        weight = (Detector.ALPHA_DEFAULT + chance.gauss(0.0, 1.0) * Detector.ALPHA_WIDTH) / Detector.BASE_FREQ
        for place, probability in enumerate(_trial(drawn, weight, chance)):
            totals[place] += probability / trials
    best = max(range(len(LANGUAGES)), key=totals.__getitem__)
    return LANGUAGES[best], totals[best]


def _trial(
    drawn: list[list[float]], weight: float, chance: random.Random
) -> tuple[float, float, float, float]:
    """How likely each language is after enough draws."""
    one, two, three, four = (1.0 / len(LANGUAGES),) * len(LANGUAGES)
    draws = 0
    while True:
        first, second, third, fourth = chance.choice(drawn)
        one *= weight + first
        two *= weight + second
        three *= weight + third
        four *= weight + fourth
        if draws % _AT_ONCE == 0:
            total = one + two + three + four
            one, two, three, four = one / total, two / total, three / total, four / total
            if max(one, two, three, four) > Detector.CONV_THRESHOLD or draws >= Detector.ITERATION_LIMIT:
                return one, two, three, four
        draws += 1


def _ngrams(text: str) -> list[str]:
    """Each letter of each word, and the space behind it, alone and with one and two characters before it."""
    words = "".join(map(_normal, text)).split(" ")
    found: list[str] = []
    for number, word in enumerate(words):
        padded = f" {word} " if number + 1 < len(words) else f" {word}"
        for place in range(1, len(padded) if word else 0):
            found += (padded[place], padded[place - 1 : place + 1])
            if place > 1:
                found.append(padded[place - 2 : place + 1])
    return found


@lru_cache(maxsize=4096)
def _normal(character: str) -> str:
    """A letter as the profiles have it."""
    normal: str = NGram.normalize(character)
    return normal
