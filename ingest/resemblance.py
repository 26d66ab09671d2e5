"""Which letter or figure is it that a font draws?

Pictures of letters are compared with those of some thirty faces (``ingest/letter_shapes``), figures and Latin
letters without accents only. This is no reading: a face that is unlike all of these resembles nothing.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.glyphs import SIDE, Glyph

FOLDER = Path(__file__).parent / "letter_shapes"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The characters that are known by their shape."""

_LIKE = ("0OoQD", "1lIi|", "ltf", "jJ", "2Zz", "5Ss", "6bG", "9gq", "gy", "8B", "hn", "ao")
"""Characters that are drawn alike in one face or another."""
_CLEAR = 0.05
"""Distance from a character up to which something clearly is that character."""
_NEARER = 0.02
"""By how much it must be nearer than the one that it is said to be.

Of 11,000 letters of 440 fonts, 0.9 % are nearer to another one by as much, most of them in faces of signs and
small capitals; of figures that are said to be others 98.8 % are, of letters 98.5 %.
"""
_SEVERAL = 3
"""Signs that are drawn like letters, for them to be letters."""
_NO_SIGNS = np.array([letter not in "1lIi0OoQDcCvVxX" for letter in LETTERS])
"""Letters that no sign resembles."""
_PROPORTION = 0.1
"""What a difference of 1 in the logarithm of the proportions counts; a larger one counts no more."""


class _Shapes(NamedTuple):
    """The letters of all faces, one column each: the faces after each other."""

    pictures: npt.NDArray[np.float32]
    """[field, letter]."""
    squares: npt.NDArray[np.float32]
    """Sums of the squares of the fields; infinite where a face has no such letter."""
    proportions: npt.NDArray[np.float32]


@lru_cache(maxsize=1)
def _known_shapes() -> _Shapes:
    pictures = np.load(FOLDER / "pictures.npy").reshape(-1, SIDE * SIDE).astype(np.float32) / np.float32(255)
    proportions = np.load(FOLDER / "proportions.npy").ravel()
    is_there = np.isfinite(proportions)
    squares = np.where(is_there, (pictures**2).sum(axis=1), np.inf)
    return _Shapes(np.ascontiguousarray(pictures.T), squares, np.where(is_there, proportions, 0.0))


@lru_cache(maxsize=1)
def _others() -> npt.NDArray[np.bool_]:
    """[claimed, drawn]: whether two characters are never drawn alike; small and large letters may be."""
    return np.array([[not _may_be_alike(one, other) for other in LETTERS] for one in LETTERS])


def _may_be_alike(one: str, other: str) -> bool:
    return one.lower() == other.lower() or any(one in like and other in like for like in _LIKE)


def softened(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The picture with its fields blended with those around them, so that strokes may lie a little aside."""
    wide = np.pad(picture, 1)
    across = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    soft: npt.NDArray[np.float32] = (across[:-2] + 2 * across[1:-1] + across[2:]) / 16
    return soft


def distances(glyphs: list[Glyph]) -> npt.NDArray[np.float32]:
    """[glyph, letter]: how far each is from each of `LETTERS` in the face in which it is nearest, from 0."""
    shapes = _known_shapes()
    seen = np.stack([softened(glyph.picture).ravel() for glyph in glyphs])
    stretch = np.array([glyph.proportion for glyph in glyphs], dtype=np.float32)[:, None] - shapes.proportions
    np.minimum(np.square(stretch, out=stretch), 1.0, out=stretch)
    # As a product of matrices this would wake the threads of BLAS, which cost more than the work.
    far = np.einsum("gf,fl->gl", seen, shapes.pictures)
    far *= -2.0 / SIDE**2
    far += shapes.squares / np.float32(SIDE**2)
    far += (seen**2).sum(axis=1, keepdims=True) / np.float32(SIDE**2)
    far += _PROPORTION * stretch
    nearest: npt.NDArray[np.float32] = far.reshape(len(glyphs), -1, len(LETTERS)).min(axis=1)
    return nearest


def clearly_others(drawn: Mapping[str, Glyph]) -> dict[str, str]:
    """Of these characters, each with what is drawn for it, those that clearly are other ones, with the
    characters of `LETTERS` that they may be. What is said to be no letter may be drawn like one, as a bar or
    a ring is: it counts only where several are."""
    if not drawn:
        return {}
    found: dict[str, str] = {}
    signs: dict[str, str] = {}
    for claim, row in zip(drawn, distances(list(drawn.values())), strict=True):
        own = min((row[LETTERS.index(form)] for form in _forms(claim)), default=np.inf)
        others = _others()[LETTERS.index(claim)] if claim in LETTERS else _NO_SIGNS
        best = row[others].min()
        if best < _CLEAR and own - best > _NEARER:
            nearest = row <= best + _NEARER
            letters = "".join(letter for letter, near in zip(LETTERS, nearest, strict=True) if near)
            (found if claim in LETTERS else signs)[claim] = letters
    return found | signs if len(found | signs) >= _SEVERAL else found


def _forms(claim: str) -> set[str]:
    """The small and the large form of a letter."""
    return {claim.lower(), claim.upper()} if claim in LETTERS else set()
