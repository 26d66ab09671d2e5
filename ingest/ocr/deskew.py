"""Straightens the image of a page that was scanned at an angle, and maps places back.

The angle is the one at which the ink falls into the sharpest rows (projection profile: W. Postl, "Detection
of linear oblique structures and skew scan in digitized documents", ICPR 1986).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from ingest.drawn_words import Floats, Integers

MOST = 12.0
"""Degrees to either side that are looked for."""
LEAST = 0.3
"""Degrees that OCR and layout do not mind."""
_SIDE = 900
"""Pixels of the longer side of the image in which the slant is looked for."""
_FEWEST, _ENOUGH = 300, 40_000
"""Dark pixels: fewer tell nothing, more tell no more."""
_INK = 0.75
"""Part of the paper's brightness below which a pixel is ink."""
_CLEARER = 1.05
"""Times that rows must be sharper than as given, for the page to be turned."""


@dataclass(frozen=True, slots=True)
class Slant:
    """How a page lay on the scanner, and the frame in which it was read instead."""

    degrees: float
    """By how much its lines rise from left to right, against the clock."""
    given: tuple[float, float]
    """Width and height of the page, in points."""
    straight: tuple[float, float]
    """Width and height of the frame that holds the page when set upright, in points."""

    def back(self, boxes: Floats) -> Floats:
        """Boxes in the upright frame, as the smallest upright boxes around them on the page as given."""
        x0, y0, x1, y1 = boxes.T
        across = np.stack([x0, x1, x0, x1]) - self.straight[0] / 2
        down = np.stack([y0, y0, y1, y1]) - self.straight[1] / 2
        sine, cosine = np.sin(np.radians(self.degrees)), np.cos(np.radians(self.degrees))
        x = cosine * across + sine * down + self.given[0] / 2
        y = cosine * down - sine * across + self.given[1] / 2
        corners = np.stack([x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)], axis=1)
        clipped: Floats = np.clip(corners, 0.0, [*self.given, *self.given])
        return clipped


def straighten(image: Image.Image, width: float, height: float) -> tuple[Image.Image, Slant | None]:
    """The image of a page of this size in points with its lines level, and how it lay; None if it did."""
    degrees = slant_of(image)
    if abs(degrees) < LEAST:
        return image, None
    straight = image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    scale = width / image.width
    return straight, Slant(degrees, (width, height), (straight.width * scale, straight.height * scale))


def slant_of(image: Image.Image) -> float:
    """By how many degrees the lines in a grey image rise from left to right; 0 if that is not clear.

    Lines of a page that lies on its side count as well: a slant is the same for both.
    """
    small = image.copy()
    small.thumbnail((_SIDE, _SIDE))
    pixels = np.asarray(small)
    down, across = np.nonzero(pixels < _INK * np.median(pixels))
    if len(down) < _FEWEST:
        return 0.0
    step = max(1, len(down) // _ENOUGH)
    level = _sharpest(down[::step], across[::step])
    upright = _sharpest(across[::step], -down[::step])
    degrees, gain = max(level, upright, key=lambda found: found[1])
    return degrees if gain > _CLEARER else 0.0


def _sharpest(down: Integers, across: Integers) -> tuple[float, float]:
    """The slant at which the ink falls into the sharpest rows, and how many times sharper than at none."""
    coarse = np.arange(-MOST, MOST + 0.1, 0.5)
    best = coarse[np.argmax([_sharpness(down, across, angle) for angle in coarse])]
    fine = np.arange(best - 0.5, best + 0.55, 0.1)
    sharpness = [_sharpness(down, across, angle) for angle in fine]
    place = int(np.argmax(sharpness))
    return float(fine[place]), sharpness[place] / _sharpness(down, across, 0.0)


def _sharpness(down: Integers, across: Integers, degrees: float) -> float:
    rows: Integers = np.rint(down + across * np.tan(np.radians(degrees))).astype(np.int64)
    profile: npt.NDArray[np.int64] = np.bincount(rows - rows.min())
    return float((profile.astype(np.float64) ** 2).sum())
