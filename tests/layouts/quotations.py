"""Quotations of documents that were set, mostly over the ends of columns and pages: true ones, and the same
with a word changed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.layouts.measure import Reading, key

_BREAKS, _ELSEWHERE = 3, 1
"""Quotations of a document: over breaks, and anywhere."""
_AROUND = 8
"""Words on each side of a break."""
_SIGNS = ("€", "%", "%.", "€.", "%,", "€,")


@dataclass(frozen=True)
class Quotation:
    """Words of a document, and the same with one changed."""

    text: str
    altered: str
    where: str


def quotations_of(reading: Reading, draw: random.Random) -> list[Quotation]:
    """Quotations of a document by its truth; the reading only tells where columns and pages end."""
    breaks = [(place.piece, place.word, "over a break") for place in reading.breaks()]
    pieces = [
        number
        for number, piece in enumerate(reading.truth.pieces)
        if piece.role == "text" and len(piece.words) >= 12
    ]
    places = draw.sample(breaks, min(_BREAKS, len(breaks)))
    for number in draw.sample(pieces, min(_ELSEWHERE, len(pieces))):
        places.append((number, draw.randrange(1, len(reading.truth.pieces[number].words)), "anywhere"))
    return [made for place in places if (made := _quotation(reading, *place, draw))]


def _quotation(
    reading: Reading, number: int, middle: int, where: str, draw: random.Random
) -> Quotation | None:
    piece = reading.truth.pieces[number]
    chosen = range(max(0, middle - _AROUND), min(len(piece.words), middle + _AROUND))
    words = [piece.words[place] for place in chosen if place != piece.note_at]
    around = [*piece.words[max(0, chosen[0] - 1) : chosen[0] + 1], *piece.words[chosen[-1] : chosen[-1] + 2]]
    is_in_number = sum(any(map(str.isdigit, word)) or word in _SIGNS for word in around) > 1
    if is_in_number or len(words) < 6 or sum(map(str.isalpha, words)) < 4:
        return None
    changed = draw.choice([place for place, word in enumerate(words) if word.isalpha()])
    other = _another(words[changed], reading, draw)
    altered = [*words[:changed], other, *words[changed + 1 :]]
    return Quotation(" ".join(words), " ".join(altered), where)


def _another(word: str, reading: Reading, draw: random.Random) -> str:
    """A word of the document that is not this one."""
    return draw.choice(
        [
            other
            for piece in reading.truth.pieces
            for other in piece.words
            if other.isalpha() and len(other) > 3 and key(other) != key(word)
        ]
        or ["zomaar"]
    )


def is_said(text: str, documents: Sequence[Reading]) -> bool:
    """Whether words stand in a row somewhere, so that to call them verbatim is right."""
    return any(text in " ".join(piece.words) for reading in documents for piece in reading.truth.pieces)
