"""Straightens the image of a page that was scanned at an angle, and maps boxes back to the page.

The angle is the one at which rows of ink and empty rows differ most (projection profile: W. Postl,
"Detection of linear oblique structures and skew scan in digitized documents", ICPR 1986).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from ingest.drawn_words import Floats, Integers

MOST = 12.0
"""The largest angle that is found, in degrees to either side."""
LEAST = 0.3
"""Degrees: a smaller angle does no harm to OCR and layout."""
_SIDE = 900
"""Pixels of the longer side of the reduced image in which the angle is measured."""
_FEWEST, _ENOUGH = 300, 40_000
"""Dark pixels: with fewer the angle cannot be measured; about so many are enough."""
_INK = 0.75
"""Part of the paper's brightness below which a pixel is ink."""
_CLEARER = 1.05
"""Times by which the rows must be sharper after turning, for the page to be turned."""


@dataclass(frozen=True, slots=True)
class Slant:
    """The angle at which a page was scanned, and its size before and after straightening."""

    degrees: float
    """By how much its lines rise from left to right (anticlockwise)."""
    given: tuple[float, float]
    """Width and height of the page as it was scanned, in points."""
    straight: tuple[float, float]
    """Width and height of the straightened image, in points."""

    def back(self, boxes: Floats) -> Floats:
        """The boxes on the page as scanned that enclose these boxes of the straightened image."""
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
    """The image with its lines level, and the angle that it had; None if they were level.

    Args:
        width: of the page, in points.
        height: of the page, in points.
    """
    degrees = slant_of(image)
    if abs(degrees) < LEAST:
        return image, None
    straight = image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    scale = width / image.width
    return straight, Slant(degrees, (width, height), (straight.width * scale, straight.height * scale))


def slant_of(image: Image.Image) -> float:
    """By how many degrees the lines in a grey image rise from left to right; 0 if that is not clear.

    The page may be on its side: lines that run down the image give the angle, too.
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
    """The angle at which rows of ink are sharpest, and how many times sharper they are than at angle 0."""
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
