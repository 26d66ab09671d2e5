"""Which language do the letters of a text look like? langdetect tells, with the profiles of the four
languages and a fixed seed.

Its answers are those of the library; some steps are replaced by others that give the same numbers in a fifth
of the time.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import langdetect
from langdetect.detector import Detector
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import ErrorCode, LangDetectException

from archive.languages import LANGUAGES, Language, is_language

_LAST_LATIN = "\u02ff"
"""The library counts letters after this one, to drop Latin letters from text in other scripts."""
_TAKEN_AS_THEY_ARE = re.compile("[a-zß-öø-ÿ]+ ?")
"""The library puts some other characters in the place of one for all."""

_Chances = list[float]
"""How likely a piece of a word is in each language, in the order of the profiles."""


@lru_cache(maxsize=1)
def _profiles() -> DetectorFactory:
    """langdetect with the four profiles, made once; reproducible."""
    folder = Path(langdetect.__file__).parent / "profiles"
    factory = DetectorFactory()
    factory.load_json_profile([(folder / language).read_text("utf-8") for language in LANGUAGES])
    factory.set_seed(0)
    return factory


class _Detector(Detector):  # type: ignore[misc]  # the library has no types
    """Gives what the library's own detector gives for words in small letters with one space between."""

    def _detect_block(self) -> None:
        if max(self.text, default="") > _LAST_LATIN:
            self.cleaning_text()
        *words, last = self.text.split(" ")
        chances = [piece for word in words for piece in _pieces(word + " ")]
        chances += _pieces(last)
        if not chances:
            raise LangDetectException(ErrorCode.CantDetectError, "No features in text.")
        self.langprob = [0.0] * len(self.langlist)
        self.random.seed(self.seed)
        for _trial in range(self.n_trial):
            alpha = self.alpha + self.random.gauss(0.0, 1.0) * self.ALPHA_WIDTH
            for number, chance in enumerate(self._one_trial(chances, alpha / self.BASE_FREQ)):
                self.langprob[number] += chance / self.n_trial

    def _one_trial(self, chances: list[_Chances], weight: float) -> list[float]:
        """The probability of each language by some of these pieces of words, drawn at random."""
        choose = self.random.choice
        one, two, three, four = self._init_probability()
        step = 0
        while True:
            first, second, third, fourth = choose(chances)
            one *= weight + first
            two *= weight + second
            three *= weight + third
            four *= weight + fourth
            if step % 5 == 0:
                total = one + two + three + four
                one, two, three, four = one / total, two / total, three / total, four / total
                if max(one, two, three, four) > self.CONV_THRESHOLD or step >= self.ITERATION_LIMIT:
                    return [one, two, three, four]
            step += 1


@lru_cache(maxsize=2048)
def _pieces(word: str) -> list[_Chances]:
    """For each piece of a word of one to three characters that the profiles know, how likely it is.

    The library goes through the characters of the text, and begins anew after each space.
    """
    chances: dict[str, _Chances] = _profiles().word_lang_prob_map
    if _TAKEN_AS_THEY_ARE.fullmatch(word):
        # Those that end with each character; the space before the word is part of the first ones.
        around = " " + word
        ends = range(2, len(around) + 1)
        pieces = [around[end - size : end] for end in ends for size in (1, 2, 3) if size <= end]
        return [chances[piece] for piece in pieces if piece in chances and piece != " "]
    detector = Detector(_profiles())
    detector.text = word
    return [chances[piece] for piece in detector._extract_ngrams()]


@lru_cache(maxsize=1024)
def detect_by_letters(text: str) -> tuple[Language | Literal[""], float]:
    """What langdetect takes a text for, in small letters and with one space between words, and how sure it
    is."""
    detector: Any = _Detector(_profiles())
    detector.text = text[: detector.max_text_length]
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return "", 0.0
    return (cast(Language, best.lang), best.prob) if is_language(best.lang) else ("", 0.0)
