"""Finds which letter or figure a font draws, by its shape.

The picture of a letter is compared with those of some thirty faces (``ingest/fonts/letter_shapes``):
figures and Latin letters without accents only. This does not replace OCR: letters of a face unlike all of
these resemble nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.fonts.glyphs import SIDE, Glyph, Letter

FOLDER = Path(__file__).parent / "letter_shapes"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The characters whose shapes are known."""

_LIKE = ("0OoQD", "1lIi|", "ltf", "jJ", "2Zz", "5Ss", "6bG", "9gq", "gy", "8B", "hn", "ao")
"""Groups of characters that look alike in some faces."""
_CLEAR = 0.05
"""Greatest distance from a character at which a shape clearly is that character."""
_NEARER = 0.02
"""By how much a shape must be nearer to another character than to the one that the file says.

Of 11,000 letters of 427 fonts of the corpus 0.3 % clearly are other ones, most of them in fonts with false
letters. Of figures with a false name 97.9 % are recognised, of letters 97.3 %.
"""
_SEVERAL = 3
"""Least signs of a font that look like letters, for them to be taken for letters."""
_NO_SIGNS = np.array([letter not in "1lIi0OoQDcCvVxX" for letter in LETTERS])
"""Whether each letter is one that no sign resembles."""
_PROPORTION = 0.1
"""Distance for a difference of 1 in the logarithm of the proportions; a larger difference adds no more."""


class _Shapes(NamedTuple):
    """The known letters: one column each, face after face."""

    pictures: npt.NDArray[np.float32]
    """[field, letter]."""
    squares: npt.NDArray[np.float32]
    """Sums of the squares of the fields; infinite where a face has no such letter."""
    proportions: npt.NDArray[np.float32]
    by_letter: npt.NDArray[np.float32]
    """The pictures, [letter, face, field]."""


@lru_cache(maxsize=1)
def _known_shapes() -> _Shapes:
    pictures = np.load(FOLDER / "pictures.npy").reshape(-1, SIDE * SIDE).astype(np.float32) / np.float32(255)
    proportions = np.load(FOLDER / "proportions.npy").ravel()
    is_there = np.isfinite(proportions)
    squares = np.where(is_there, (pictures**2).sum(axis=1), np.inf)
    by_letter = np.ascontiguousarray(pictures.reshape(-1, len(LETTERS), SIDE * SIDE).swapaxes(0, 1))
    return _Shapes(np.ascontiguousarray(pictures.T), squares, np.where(is_there, proportions, 0.0), by_letter)


@lru_cache(maxsize=1)
def _others() -> npt.NDArray[np.bool_]:
    """[claimed, drawn]: whether two characters look different in all faces; a letter and its capital do
    not."""
    return np.array([[not _may_be_alike(one, other) for other in LETTERS] for one in LETTERS])


def _may_be_alike(one: str, other: str) -> bool:
    return one.lower() == other.lower() or any(one in like and other in like for like in _LIKE)


def softened(pictures: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Pictures [picture, row, column] that are blurred a little, so that the exact place of a stroke counts
    less."""
    wide = np.zeros((len(pictures), SIDE + 2, SIDE + 2), dtype=np.float32)
    wide[:, 1:-1, 1:-1] = pictures
    across = wide[:, :, :-2] + 2 * wide[:, :, 1:-1] + wide[:, :, 2:]
    soft: npt.NDArray[np.float32] = (across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]) / np.float32(16)
    return soft


class _Seen(NamedTuple):
    """Letters to be compared, one row each."""

    pictures: npt.NDArray[np.float32]
    proportions: npt.NDArray[np.float32]

    @classmethod
    def of(cls, glyphs: Sequence[Glyph]) -> "_Seen":
        pictures = softened(np.stack([glyph.picture for glyph in glyphs])).reshape(len(glyphs), -1)
        return cls(pictures, np.array([glyph.proportion for glyph in glyphs], dtype=np.float32))

    def take(self, rows: list[int]) -> "_Seen":
        return _Seen(self.pictures[rows], self.proportions[rows])


def _distances(seen: _Seen) -> npt.NDArray[np.float32]:
    """[seen, letter]: the distance of each shape from each of `LETTERS`, in the face that is nearest to
    it."""
    shapes = _known_shapes()
    stretch = seen.proportions[:, None] - shapes.proportions
    np.minimum(np.square(stretch, out=stretch), 1.0, out=stretch)
    # A matrix product would start the threads of BLAS, which takes longer than the computation.
    far = np.einsum("gf,fl->gl", seen.pictures, shapes.pictures)
    far *= -2.0 / SIDE**2
    far += shapes.squares / np.float32(SIDE**2)
    far += (seen.pictures**2).sum(axis=1, keepdims=True) / np.float32(SIDE**2)
    far += _PROPORTION * stretch
    nearest: npt.NDArray[np.float32] = far.reshape(len(far), -1, len(LETTERS)).min(axis=1)
    return nearest


def _own_distances(seen: _Seen, letters: list[int]) -> npt.NDArray[np.float32]:
    """The distance of each shape from one letter, given by its index in `LETTERS`."""
    shapes = _known_shapes()
    pictures, proportions = shapes.by_letter[letters], shapes.proportions.reshape(-1, len(LETTERS)).T[letters]
    pictures -= seen.pictures[:, None, :]
    far = np.einsum("gcf,gcf->gc", pictures, pictures) / np.float32(SIDE**2)
    far += _PROPORTION * np.minimum(np.square(proportions - seen.proportions[:, None]), 1.0)
    far[np.isinf(shapes.squares.reshape(-1, len(LETTERS)).T[letters])] = np.inf
    nearest: npt.NDArray[np.float32] = far.min(axis=1)
    return nearest


def clearly_others(drawn: Mapping[Letter, Glyph]) -> dict[Letter, str]:
    """The false letters among these, with the characters of `LETTERS` that they may be.

    Signs count only if several of a font look like letters: some signs do, such as a bar or a ring.

    Args:
        drawn: for each letter the picture of what the font draws for it.
    """
    if not drawn:
        return {}
    claims, seen = list(drawn), _Seen.of(list(drawn.values()))
    rows = [row for row, (_, claim) in enumerate(claims) if claim in LETTERS]
    own = _own_distances(seen.take(rows), [LETTERS.index(claims[row][1]) for row in rows])
    # A shape as near as this to its own letter cannot be nearer to another one by `_NEARER`.
    fits = {row for row, far in zip(rows, own.tolist(), strict=True) if far <= _NEARER}
    in_question = [row for row in range(len(claims)) if row not in fits]
    far_of = _distances(seen.take(in_question)) if in_question else ()
    found: dict[Letter, str] = {}
    for row, far in zip(in_question, far_of, strict=True):
        if letters := _other_letters(claims[row][1], far):
            found[claims[row]] = letters
    count = Counter(font for font, _ in found)
    return {
        letter: letters
        for letter, letters in found.items()
        if letter[1] in LETTERS or count[letter[0]] >= _SEVERAL
    }


def _other_letters(claim: str, far: npt.NDArray[np.float32]) -> str:
    """The letters that a shape may be if it clearly is another one than the file says; else an empty text.

    Args:
        claim: the character that the file gives.
        far: the distance of the shape from each of `LETTERS`.
    """
    own = min((far[LETTERS.index(form)] for form in _forms(claim)), default=np.inf)
    best = far[_others()[LETTERS.index(claim)] if claim in LETTERS else _NO_SIGNS].min()
    if best >= _CLEAR or own - best <= _NEARER:
        return ""
    return "".join(letter for letter, near in zip(LETTERS, far <= best + _NEARER, strict=True) if near)


def _forms(claim: str) -> set[str]:
    """A letter in lower and in upper case."""
    return {claim.lower(), claim.upper()} if claim in LETTERS else set()
