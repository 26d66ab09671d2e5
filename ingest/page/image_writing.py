"""Writes the image of a page in the format that is cheapest for what it shows.

A page of text has few colours besides those that smooth its edges. As a PNG file with a palette it takes less
computing time and less room than as WebP, at a higher fidelity and without the haze around letters. Pictures
have many colours; as WebP they stay smooth. `docs/measurements.md` has the figures.
"""

import secrets
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archive.files.durable_files import whole_file
from archive.images.image_files import FORMATS, ImageFormat

_MOST_COLOURS = 1 << 14
"""Different colours of a page beyond which it is a picture: text has up to 12,000, photographs at least
28,000."""
_LARGEST_PALETTE = 256
_TOLERANCE = 16
"""How far a colour may be moved in red, green or blue, of 255, to join one that the palette has."""
_FLAT_SHARE = 0.001
"""Of the pixels, from which a colour is a surface and not an edge: it stays as it is. Else light stripes of a
table would be taken for paper."""
_COLOURS_AT_ONCE = 1024
_WEIGHTS = np.array([1, 1 << 8, 1 << 16], dtype=np.uint32)
"""Of red, green and blue in the number of a colour."""
_COMPRESSION = 4
_QUALITY, _EFFORT = 80, 2
"""Of WebP."""


def write_image(image: Image.Image, folder: Path, number: int) -> None:
    """Write the RGB image of page `number` to ``folder/<number>.png`` or ``.webp``; one of the other format
    is deleted. The file appears whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    flat = _with_palette(image)
    ending: ImageFormat = "webp" if flat is None else "png"
    path = folder / f"{number}.{ending}"
    with whole_file(path, _beside(path)) as file:
        if flat is None:
            image.save(file, "WEBP", quality=_QUALITY, method=_EFFORT)
        else:
            flat.save(file, "PNG", compress_level=_COMPRESSION)
    for other in FORMATS:
        if other != ending:
            path.with_suffix(f".{other}").unlink(missing_ok=True)


def write_small_image(image: Image.Image, folder: Path, number: int) -> None:
    """Write a thumbnail to ``folder/<number>.webp``, like :func:`write_image`."""
    path = folder / f"{number}.webp"
    with whole_file(path, _beside(path)) as file:
        image.save(file, "WEBP", quality=_QUALITY, method=_EFFORT)
    path.with_suffix(".png").unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """Where an image is written: a worker that has lost its job may still draw the same page."""
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")


def _with_palette(image: Image.Image) -> Image.Image | None:
    """The image with a palette that is true to all its colours; None where there is none."""
    counted = image.getcolors(_MOST_COLOURS)
    if counted is None:
        return None
    counted.sort(key=lambda one: (-one[0], one[1]))
    colours = np.array([colour for _count, colour in counted], dtype=np.int16)
    least = _FLAT_SHARE * image.width * image.height
    chosen = _palette(colours, np.array([count >= least for count, _colour in counted]))
    if chosen is None:
        return None
    place_of = _places()
    place_of[colours.astype(np.uint32) @ _WEIGHTS] = _nearest(colours, chosen)
    drawn = Image.fromarray(place_of.take(_numbers(image)))
    drawn.putpalette(chosen.astype(np.uint8).tobytes())
    return drawn


def _palette(colours: NDArray[np.int16], is_surface: NDArray[np.bool_]) -> NDArray[np.int16] | None:
    """Of `colours` (n × 3, the most frequent first) those that stand for all; None if that takes too many."""
    waits = np.ones(len(colours), dtype=np.bool_)
    chosen: list[int] = []
    while waits.any():
        if len(chosen) == _LARGEST_PALETTE:
            return None
        first = int(waits.argmax())
        chosen.append(first)
        is_like_it = (np.abs(colours - colours[first]) <= _TOLERANCE).all(axis=1)
        waits &= ~is_like_it | is_surface
        waits[first] = False
    return colours[chosen]


def _nearest(colours: NDArray[np.int16], palette: NDArray[np.int16]) -> NDArray[np.uint8]:
    """For each of `colours` (n × 3) the place of the nearest in `palette` (m × 3)."""
    nearest = np.empty(len(colours), dtype=np.uint8)
    for start in range(0, len(colours), _COLOURS_AT_ONCE):
        some = colours[start : start + _COLOURS_AT_ONCE, np.newaxis]
        nearest[start : start + _COLOURS_AT_ONCE] = np.abs(some - palette).sum(axis=2).argmin(axis=1)
    return nearest


@lru_cache(maxsize=1)
def _places() -> NDArray[np.uint8]:
    """For each colour, by its number, a place in the palette; what was written for another image stays. Only
    what is written to takes memory."""
    return np.zeros(1 << 24, dtype=np.uint8)


def _numbers(image: Image.Image) -> NDArray[np.int32]:
    """The colours of the pixels (height × width) as one number each, counted from behind: Pillow keeps 255
    after red, green and blue, which makes them negative."""
    return np.frombuffer(image.tobytes("raw", "RGBX"), dtype="<i4").reshape(image.height, image.width)
