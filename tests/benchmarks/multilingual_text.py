"""Made-up documents in Dutch, French, English and German for the benchmarks: any number of pages, the
same ones every time.

The stop words are real; the other words are strung together from syllables, and a quarter of those in Dutch
and German are two other words in one. Ranks follow
Zipf's law, so a few words are on nearly every page and most are rare, as in real text: 100,000 pages hold
some 40 million words, some 400,000 of them different.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from archive.languages import Language
from archive.records import Block, Description, Page
from index.language.stop_words import STOP_WORDS

PAGES_PER_DOCUMENT = 40
PLANS = (
    "sociaal-pact",
    "contract-economie-tewerkstelling",
    "new-deal",
    "strategie-2025",
    "go4brussels-2030",
    "go4brussels-2030-update",
)
SHARES: dict[Language, float] = {"nl": 0.45, "fr": 0.40, "en": 0.10, "de": 0.05}
DIFFERENT_WORDS = 120_000
STOP_WORD_SHARE = 0.42

_SOUNDS: dict[Language, tuple[str, str, str]] = {
    "nl": (
        "b d g h k l m n p r s t v w z gr kl st tr sch",
        "a e i o u aa ee ie oe oo ei ui",
        "- - n r l t k s ng st",
    ),
    "fr": (
        "b c d f g j l m n p r s t v ch pr tr cl qu",
        "a e i o u é è ou oi ai au an on",
        "- - - r l n s t c",
    ),
    "en": ("b c d f g h l m n p r s t w sh ch th tr pl", "a e i o u ea ee ou ai", "- - n r l t d s ck st nd"),
    "de": ("b d f g h k l m n p r s t w z sch st tr", "a e i o u ä ö ü ei ie au", "- n r l t ch s ng st"),
}
"""What a syllable begins with, its vowel, and what it ends with."""

_COMPOUND_SHARE: dict[Language, float] = {"nl": 0.25, "fr": 0.0, "en": 0.0, "de": 0.25}
"""Of the different words, those that are two others in one."""


@dataclass(frozen=True)
class MadeUpDocument:
    """A document and its pages, as the pipeline would hand them to the catalogue."""

    number: int
    description: Description
    pages: tuple[Page, ...]


class _Words:
    """The words of one language, and how often they come."""

    def __init__(self, language: Language, chance: np.random.Generator) -> None:
        stop_words = sorted(sorted(STOP_WORDS[language]), key=len)  # short ones are the most common
        onsets, vowels, codas = (sounds.replace("-", "").split(" ") for sounds in _SOUNDS[language])
        syllables = np.array([a + b + c for a in onsets for b in vowels for c in codas], object)
        counts = 2 + chance.poisson(np.linspace(0.2, 1.2, DIFFERENT_WORDS))
        drawn = iter(syllables[chance.integers(len(syllables), size=counts.sum())].tolist())
        words = dict.fromkeys("".join(islice(drawn, int(count))) for count in counts)
        heads = list(words)[:3000]
        pairs = chance.integers(
            len(heads), size=(int(_COMPOUND_SHARE[language] * DIFFERENT_WORDS), 2)
        ).tolist()
        words.update(dict.fromkeys(heads[one] + "s" * (one % 2) + heads[other] for one, other in pairs))
        words.update(dict.fromkeys(str(year) for year in range(1995, 2031)))
        content = list(words)
        less_common = content[2000:]
        chance.shuffle(less_common)
        content[2000:] = less_common
        self.words = np.array([*stop_words, *content], object)
        frequencies = np.concatenate(
            (_zipf(len(stop_words), 1.0) * STOP_WORD_SHARE, _zipf(len(content), 1.2) * (1 - STOP_WORD_SHARE))
        )
        self._sums = np.cumsum(frequencies) / frequencies.sum()

    def draw(self, count: int, chance: np.random.Generator) -> list[str]:
        words: list[str] = self.words[np.searchsorted(self._sums, chance.random(count))].tolist()
        return words


def _zipf(count: int, exponent: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    weights = 1 / (np.arange(count) + 8) ** exponent
    return weights / weights.sum()


def documents(pages: int, seed: int = 2011) -> Iterator[MadeUpDocument]:
    """Documents with `pages` pages together, about 400 words each."""
    chance = np.random.default_rng(seed)
    words = {language: _Words(language, chance) for language in SHARES}
    for number, first in enumerate(range(0, pages, PAGES_PER_DOCUMENT)):
        language: Language = chance.choice(list(SHARES), p=list(SHARES.values()))
        year = int(chance.integers(2000, 2026))
        title = " ".join(words[language].draw(6, chance)).capitalize()
        description = Description(
            title, year, PLANS[number % 7] if number % 7 < 6 else None, "report", language
        )
        count = min(PAGES_PER_DOCUMENT, pages - first)
        yield MadeUpDocument(
            number,
            description,
            tuple(_page(place + 1, language, words[language], chance) for place in range(count)),
        )


def _page(number: int, language: Language, words: _Words, chance: np.random.Generator) -> Page:
    heading = " ".join(words.draw(int(chance.integers(3, 9)), chance)).capitalize()
    passages = [Block("heading", language, heading, ())]
    for length in chance.integers(40, 120, size=5).tolist():
        drawn = words.draw(length, chance)
        sentences = [" ".join(drawn[start : start + 17]).capitalize() for start in range(0, length, 17)]
        passages.append(Block("paragraph", language, ". ".join(sentences) + ".", ()))
    return Page(number, str(number), 595.0, 842.0, "text layer", False, tuple(passages))
