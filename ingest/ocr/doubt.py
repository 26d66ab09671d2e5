"""Finds the words read by OCR that may be wrong.

Tesseract gives a confidence for each word, but it is low for many words that are right, and high for some
that do not exist. The word lists do not have all names and numbers. So both are used together.
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
"""Confidence, in per cent, below which a word is doubtful.

For a word of a list; a short one; one with an apostrophe, for which Tesseract always gives a low
confidence; a number; a name; an unknown word; and one with letters in an order that no language has.

On six good scans of Dutch and French pages these values mark 47 % of the wrong words and 0.9 % of the right
ones; on four pages that are hardly legible 85 % and 17 %.
"""
_SHORT = 4
_UNLIKELY = -5.0
"""Likeness to the languages below which a word is noise."""

_ORDINALS = frozenset(("ler", "lers", "lre", "lère", "lére"))
"""What Tesseract reads, and is sure of, where 1er, 1ers, 1re and 1ère, or Ier, are printed."""
_BROKEN = ("-", "\u00ad")
"""How a word that is broken at the end of a line ends: "contrô-" goes on with "ler"."""

_LETTERS = re.compile(r"[^\W\d_]+(?:['’‘.·-][^\W\d_]+)*")
_TORN = re.compile(r"\d[^\W\d_]{1,2}\d|[^\W\d_]\d+[^\W\d_]|[^\W\d_][|\\{}<>=~_^*][^\W\d_]")
"""Digits or signs between letters, and letters between digits."""
_SIGN = re.compile(r"['’‘.·-]")
_APOSTROPHE = re.compile(r"['’‘]")
_INNER_CAPITAL = re.compile(r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]")


def doubtful(words: Sequence[OcrWord]) -> list[bool]:
    """For each word, whether it may differ from what is printed."""
    cores = [match[0] if (match := _LETTERS.search(word.text)) else "" for word in words]
    is_known = [
        whole or _is_known_in_parts(core) for whole, core in zip(known(cores).tolist(), cores, strict=True)
    ]
    is_noise = (likeness([core or "-" for core in cores]) < _UNLIKELY).tolist()
    are_ordinals = [
        core in _ORDINALS and not before.endswith(_BROKEN)
        for before, core in zip(("", *(word.text for word in words)), cores, strict=False)
    ]
    return [
        is_ordinal or word.confidence < _needed(word.text, core, is_known=listed, is_noise=noise)
        for word, core, listed, noise, is_ordinal in zip(
            words, cores, is_known, is_noise, are_ordinals, strict=True
        )
    ]


def _needed(text: str, core: str, *, is_known: bool, is_noise: bool) -> float:
    """The confidence that a word needs not to be doubtful; over 100 if it is doubtful in any case."""
    if any(letter.isalpha() and not is_latin(letter) for letter in text):
        # All languages of the archive are written in Latin letters.
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
    """Whether the longer parts of a compound word are known, as in "l'après-midi" and "participe-t-elle"."""
    parts = [part for part in _SIGN.split(core) if len(part) >= _SHORT]
    return core not in parts and bool(parts) and bool(known(parts).all())


def is_latin(letter: str) -> bool:
    """Whether a letter may occur in the languages of the archive; a dotless i does not."""
    return letter not in "ıſ" and unicodedata.name(letter, "").startswith(("LATIN", "FEMININE", "MASCULINE"))
