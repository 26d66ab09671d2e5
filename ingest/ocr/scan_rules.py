"""Finds the thin lines in the image of a page that tables are ruled with."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from ingest.drawn_words import Floats, Mask

_PIXELS_PER_POINT = 2.0
"""Of the image in which lines are looked for; enough for a hairline, and little to go through."""
_THICKEST = 6
"""Pixels: what is darker than what lies so far to both its sides is a line."""
_CONTRAST = 25
"""Grey levels, of 255, by which a line is darker than what lies to both its sides."""
_SHORTEST_ACROSS, _SHORTEST_DOWN = 48, 36
"""Pixels. No word has ink for so long without a gap, and no letter is so high."""
_COVERED = 0.92
"""Part of such a length that has to be dark: scans have holes."""
_BESIDE, _CLEAR = 3, 0.7
"""Pixels to both sides of its middle at which a line is clear of ink, and the part of its length that is: a
row of pixels through letters has their stems above and below it."""
_SLOPE = 2
"""Rows of pixels by which a line may rise from one run of pixels to the next."""

_Grey = npt.NDArray[np.int16]


def rules_in(image: Image.Image, width: float, height: float) -> Floats:
    """Boxes of the lines across and down the grey image of a level page of this size, in points."""
    scale = min(_PIXELS_PER_POINT, image.width / width)  # an image of a sheet of metres is not enlarged
    size = max(1, round(width * scale)), max(1, round(height * scale))
    grey = np.asarray(image.resize(size, Image.Resampling.BOX), dtype=np.int16)
    across = _lines(grey, _SHORTEST_ACROSS)
    down = _lines(grey.T, _SHORTEST_DOWN)[:, [1, 0, 3, 2]]
    return np.concatenate([across, down]) / scale


def _lines(grey: _Grey, shortest: int) -> Floats:
    """Boxes of the lines across, in pixels."""
    if min(grey.shape) <= max(2 * _THICKEST, shortest):
        return np.empty((0, 4))
    is_dark = _is_dark(grey)
    # A line that is not quite level goes on in the next row of pixels.
    thick = is_dark.copy()
    thick[1:] |= is_dark[:-1]
    thick[:-1] |= is_dark[1:]
    sums = np.pad(np.cumsum(thick, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    starts = (sums[:, shortest:] - sums[:, :-shortest]) >= _COVERED * shortest
    clear = np.pad(np.cumsum(_is_clear(grey), axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    starts &= (clear[:, shortest:] - clear[:, :-shortest]) >= _CLEAR * shortest
    marks = np.zeros((grey.shape[0], grey.shape[1] + 1), dtype=np.int32)
    marks[:, : starts.shape[1]] += starts
    marks[:, shortest : shortest + starts.shape[1]] -= starts
    return _joined(np.cumsum(marks, axis=1)[:, :-1] > 0)


def _is_dark(grey: _Grey) -> Mask:
    """Whether a pixel is darker than the lightest of those just above and of those just below."""
    lightest = np.lib.stride_tricks.sliding_window_view(grey, _THICKEST, axis=0).max(axis=2)
    is_dark = np.zeros(grey.shape, dtype=np.bool_)
    above, below = lightest[: -_THICKEST - 1], lightest[_THICKEST + 1 :]
    middle = grey[_THICKEST : _THICKEST + len(above)]
    is_dark[_THICKEST : _THICKEST + len(above)] = middle < np.minimum(above, below) - _CONTRAST
    return is_dark


def _is_clear(grey: _Grey) -> Mask:
    """Whether a pixel is darker than those a little above and a little below it."""
    is_clear = np.zeros(grey.shape, dtype=np.bool_)
    beside = np.minimum(grey[: -2 * _BESIDE], grey[2 * _BESIDE :])
    is_clear[_BESIDE:-_BESIDE] = grey[_BESIDE:-_BESIDE] < beside - _CONTRAST
    return is_clear


def _joined(is_line: Mask) -> Floats:
    """The boxes of runs of pixels that touch, row upon row."""
    steps = np.diff(np.pad(is_line, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, begins = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    lines: list[list[float]] = []
    open_lines: list[list[float]] = []
    for row, begin, end in zip(rows.tolist(), begins.tolist(), ends.tolist(), strict=True):
        open_lines = [line for line in open_lines if row - line[3] <= _SLOPE]
        for line in open_lines:
            if begin <= line[2] and line[0] <= end:
                line[0], line[2], line[3] = min(line[0], begin), max(line[2], end), row
                break
        else:
            lines.append([begin, row, end, row])
            open_lines.append(lines[-1])
    found = np.array(lines, dtype=np.float64).reshape(-1, 4)
    found[:, 3] += 1
    return found
