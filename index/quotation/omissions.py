"""What did an ellipsis in a quotation leave out, and which of it may change the meaning?"""

import re
from dataclasses import dataclass
from typing import Literal

from index.quotation.continuous_text import ContinuousText
from index.quotation.differences import is_negation, is_number
from index.text.comparable_words import raw
from index.text.text_units import sentences

OmissionKind = Literal["negation", "number", "sentence end"]

_MOST_TOLD = 1_000
"""Characters of what was left out; of more the beginning and the end."""
_LINE_END = re.compile(r"\n(?=\W*[a-zß-öø-ÿ\d])")
"""Where a text runs on in another column or on another page, rather than end."""


@dataclass(frozen=True, slots=True)
class Omission:
    """What an ellipsis stands for."""

    text: str
    """As it stands there, in one line; where it is long, with an ellipsis in the middle."""
    kinds: tuple[OmissionKind, ...]
    """What may change the sense, of all of it."""


def omission(text: ContinuousText, first: int, end: int) -> Omission | None:
    """What stands in a text between two stretches of a quotation, from word `first` up to word `end`; None if
    that is no more than white space and marks within a sentence."""
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
    if len(text) <= _MOST_TOLD:
        return text
    half = _MOST_TOLD // 2
    return f"{text[:half].rsplit(maxsplit=1)[0]} … {text[-half:].split(maxsplit=1)[-1]}"
