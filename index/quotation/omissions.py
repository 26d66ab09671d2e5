"""What does an ellipsis in a quotation leave out, and may that change the meaning?"""

import re
from dataclasses import dataclass
from typing import Literal

from index.quotation.continuous_text import ContinuousText
from index.quotation.differences import is_negation, is_number
from index.text.comparable_words import raw
from index.text.text_units import sentences

OmissionKind = Literal["negation", "number", "sentence end"]

_MOST_SHOWN = 1_000
"""Most characters of an omission that are shown; of longer ones, the beginning and the end."""
_LINE_END = re.compile(r"\n(?=\W*[a-zß-öø-ÿ\d])")
"""A line end after which the sentence continues, in another column or on another page."""


@dataclass(frozen=True, slots=True)
class Omission:
    """The text that an ellipsis leaves out."""

    text: str
    """The text as printed, on one line; if it is long, with an ellipsis in the middle."""
    kinds: tuple[OmissionKind, ...]
    """What in the whole text may change the meaning."""


def omission(text: ContinuousText, first: int, end: int) -> Omission | None:
    """The text between two parts of a quotation, from word `first` up to but without word `end`.

    None if there are only spaces and punctuation within a sentence.
    """
    words = text.letters.words[first:end]
    around = raw(text.letters.words[first - 1 : end + 1])
    kinds: list[OmissionKind] = []
    if any(is_negation(word, text.language) for word in words):
        kinds.append("negation")
    if any(is_number(word.form) for word in words):
        kinds.append("number")
    if len(sentences(_LINE_END.sub(" ", around))) > 1:
        kinds.append("sentence end")
    if not words and not kinds:
        return None
    marks = text.letters.words[first].gap.strip()
    left_out = f"{marks} {text.text(first, end)}".strip() if words else marks
    return Omission(_abridged(left_out), tuple(kinds))


def _abridged(text: str) -> str:
    if len(text) <= _MOST_SHOWN:
        return text
    half = _MOST_SHOWN // 2
    return f"{text[:half].rsplit(maxsplit=1)[0]} … {text[-half:].split(maxsplit=1)[-1]}"
