"""Which words do Dutch, French, English and German have, and what do their words look like?

Word lists and statistics of letter triples, made from the ``wordfreq`` data by
``ingest/language/word_lists/generate.py`` (source and licence: ``ingest/language/word_lists/README.md``).
Every reading of a document loads them, so they are small (4 MB for all languages) and are queried for many
words at once.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from archive.languages import LANGUAGES, Language

FOLDER = Path(__file__).parent / "word_lists"

_ALPHABET = "abcdefghijklmnopqrstuvwxyzàâäáçèéêëìîïíñòôöóùûüúœæßÿ-'"
_CODES = {letter: code for code, letter in enumerate(_ALPHABET, 1)}
OTHER = 63
"""Code of every other character; 0 is the edge of a word."""

_INNER = re.compile("[-·.]")
_LINKS = ("", "s", "e", "en", "n", "er", "es")
"""What Dutch and German put between the parts of a compound."""
_SHORTEST_PART = 4
_APOSTROPHES = re.compile("[’‘ʼ`´]")
_ELISION = re.compile("^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|presqu|quoiqu)'(?=.)")


def lexical_form(word: str) -> str:
    """The form in which words are listed: NFC, lower case, straight apostrophes, no Dutch ligature ĳ."""
    if word.isascii() and "`" not in word:
        return word.lower()
    return _APOSTROPHES.sub("'", unicodedata.normalize("NFC", word).lower()).replace("ĳ", "ij")


def fingerprint(word: str) -> int:
    """The number that stands for a word in the lists: CRC-32 of its lexical form in UTF-8.

    With 170,000 words in the longest list, one in 25,000 unknown words passes for a known one.
    """
    return zlib.crc32(word.encode("utf-8", "replace"))


def letter_codes(word: str) -> list[int]:
    """A word, in its lexical form, as the codes that the statistics of letter triples are made of."""
    return [_CODES.get(letter, OTHER) for letter in word]


@lru_cache(maxsize=4)
def _words(language: Language) -> npt.NDArray[np.uint32]:
    """Fingerprints of the words of a language, sorted."""
    words: npt.NDArray[np.uint32] = np.load(FOLDER / f"{language}.words.npy")
    return words


@lru_cache(maxsize=1)
def _triples() -> npt.NDArray[np.float32]:
    """log2 of how likely a letter is after two others, [language, first, second, third]."""
    # Kept as eighths of a bit in a byte each.
    return np.stack(
        [np.load(FOLDER / f"{language}.triples.npy").astype(np.float32) / -8 for language in LANGUAGES]
    )


@lru_cache(maxsize=32768)
def is_known(word: str, language: Language) -> bool:
    """Whether a word is in the list of this language, as it is or (in Dutch and German) as a compound of
    listed words; one with hyphens or dots in it if its parts are, "citoyen·nes", "résoudrait-elle"."""
    form = _without_elision(lexical_form(word))
    if is_listed(form, language) or (language in ("nl", "de") and _is_compound(form, language)):
        return True
    first, *others = _INNER.split(form)
    return bool(others and first) and all(
        is_known(part, language) for part in (first, *others) if len(part) >= _SHORTEST_PART
    )


def _without_elision(form: str) -> str:
    """A French word without the one that hangs before it: "l'emploi", "qu'elle"."""
    return _ELISION.sub("", form) if "'" in form else form


@lru_cache(maxsize=65536)
def is_listed(form: str, language: Language) -> bool:
    """Whether the list of this language has a word, in its lexical form, just as it is."""
    words = _words(language)
    number = fingerprint(form)
    place = int(words.searchsorted(np.uint32(number)))
    return place < len(words) and int(words[place]) == number


def _is_compound(form: str, language: Language) -> bool:
    for cut in range(_SHORTEST_PART, len(form) - _SHORTEST_PART + 1):
        head, tail = form[:cut], form[cut:]
        if is_listed(tail, language) and any(
            head.endswith(link)
            and len(head) - len(link) >= _SHORTEST_PART
            and is_listed(head[: len(head) - len(link)], language)
            for link in _LINKS
        ):
            return True
    return False


def listed(words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """For each word, whether the list of one of the four languages has it as it is."""
    return _listed([_without_elision(lexical_form(word)) for word in words])


def _listed(forms: Sequence[str]) -> npt.NDArray[np.bool_]:
    numbers = np.array([fingerprint(form) for form in forms], dtype=np.uint32)
    # In their own order the lists are gone through from one end to the other.
    order = numbers.argsort()
    in_order = numbers[order]
    is_there = np.zeros(len(forms), dtype=np.bool_)
    for language in LANGUAGES:
        of_language = _words(language)
        places = np.minimum(of_language.searchsorted(in_order), len(of_language) - 1)
        is_there |= of_language[places] == in_order
    found = np.empty(len(forms), dtype=np.bool_)
    found[order] = is_there
    return found


def known(words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """For each word, whether one of the four languages has it, as it is or as a compound."""
    forms = [_without_elision(lexical_form(word)) for word in words]
    found = _listed(forms)
    for place in np.flatnonzero(~found).tolist():
        if len(forms[place]) >= 2 * _SHORTEST_PART:
            found[place] = any(_is_compound(forms[place], language) for language in ("nl", "de"))
    return found


def likeness(words: Sequence[str]) -> npt.NDArray[np.float64]:
    """For each word, how much its letters follow each other as in the language that it is most like: the
    mean of log2 P(letter | the two before it), some -3 for real words and -6 or less for noise."""
    if not words:
        return np.empty(0)
    codes: list[int] = []
    starts: list[int] = []
    for word in words:
        starts.append(len(codes))
        codes += (0, 0, *letter_codes(lexical_form(word)), 0)
    line = np.array(codes)
    chances = _triples()[:, line[:-2], line[1:-1], line[2:]].astype(np.float64)
    # A word of n letters has n + 1 triples, its edges included; those over two words do not count.
    sizes = np.diff([*starts, len(codes)]) - 2
    sums = np.stack([np.add.reduceat(_without_edges(row, starts), starts) for row in chances])
    best: npt.NDArray[np.float64] = sums.max(axis=0) / sizes
    return best


def _without_edges(chances: npt.NDArray[np.float64], starts: Sequence[int]) -> npt.NDArray[np.float64]:
    """The chances of each place, 0 for the two that reach from one word into the next."""
    line = np.append(chances, (0.0, 0.0))
    ends = np.array([*starts[1:], len(line)])
    line[ends - 1] = line[ends - 2] = 0.0
    return line
