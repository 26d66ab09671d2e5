"""Which words that OCR read may be wrong?

Tesseract gives a confidence for each word, but is often unsure of words that it reads well and sure of some
that do not exist. The word lists say what a word may be. Neither is enough alone.
"""

import re
import unicodedata
from collections.abc import Sequence

from ingest.language.lexicon import known, likeness
from ingest.ocr.tesseract import OcrWord

_LEAST_KNOWN, _LEAST_SHORT, _LEAST_ELIDED = 40.0, 60.0, 15.0
_LEAST_NUMBER = 75.0
_LEAST_NAME = 80.0
_LEAST_UNKNOWN = 90.0
_LEAST_UNLIKELY = 95.0
"""Confidence, in per cent, that is needed for a word of a list, a short one and one with an apostrophe, of
which Tesseract is never sure; for a number, a name, an unknown word, and one whose letters follow each other
as in none of the languages.

On six good scans of Dutch and French pages these mark 47 % of the wrong words and 0.9 % of the right ones; on
four that can hardly be read 85 % and 17 %.
"""
_SHORT = 4
_UNLIKELY = 92.0
"""Confidence, in per cent, that is needed for a word of a list, a number, a name, an unknown word, and one
whose letters follow each other as in none of the languages."""
_UNLIKELY = -5.0
"""Likeness below which letters are noise."""

_LETTERS = re.compile(r"[^\W\d_]+(?:['’‘.·-][^\W\d_]+)*")
_TORN = re.compile(r"\d[^\W\d_]{1,2}\d|[^\W\d_]\d+[^\W\d_]|[^\W\d_][|\\{}<>=~_^*][^\W\d_]")
"""Digits and signs within letters, and letters within digits."""
_SIGN = re.compile(r"['’‘.·-]")
_APOSTROPHE = re.compile(r"['’‘]")
_INNER_CAPITAL = re.compile(r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]")


def doubtful(words: Sequence[OcrWord]) -> list[bool]:
    """For each word, whether it may not be what is printed."""
    cores = [match[0] if (match := _LETTERS.search(word.text)) else "" for word in words]
    is_known = [
        whole or _is_known_in_parts(core) for whole, core in zip(known(cores).tolist(), cores, strict=True)
    ]
    is_noise = (likeness([core or "-" for core in cores]) < _UNLIKELY).tolist()
    return [
        word.confidence < _needed(word.text, core, is_known=listed, is_noise=noise)
        for word, core, listed, noise in zip(words, cores, is_known, is_noise, strict=True)
    ]


def _needed(text: str, core: str, *, is_known: bool, is_noise: bool) -> float:
    """The confidence that a word needs; more than there is where no confidence would do."""
    if any(letter.isalpha() and not is_latin(letter) for letter in text):
        # Tesseract is asked for languages that are written in Latin letters.
        return 101.0
    if not core:
        return _LEAST_NUMBER
    if _TORN.search(text):
        return _LEAST_UNLIKELY
    if is_known:
        if _APOSTROPHE.search(core):
            return _LEAST_ELIDED
        return _LEAST_KNOWN if len(core) > _SHORT else _LEAST_SHORT
    if len(core) <= 2 or (core[0].isupper() and not is_noise):
        return _LEAST_NAME
    if is_noise or (_INNER_CAPITAL.search(core) and not core.isupper()):
        return _LEAST_UNLIKELY
    return _LEAST_UNKNOWN


def _is_known_in_parts(core: str) -> bool:
    """Whether the longer parts of a word with signs in it are known: "l'après-midi", "participe-t-elle"."""
    parts = [part for part in _SIGN.split(core) if len(part) >= _SHORT]
    return core not in parts and bool(parts) and bool(known(parts).all())


def is_latin(letter: str) -> bool:
    """Whether a letter is one that Dutch, French, German or English are written in; a dotless i is none."""
    return letter not in "ıſ" and unicodedata.name(letter, "").startswith(("LATIN", "FEMININE", "MASCULINE"))
