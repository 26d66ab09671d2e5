"""Finds the rules of tables, which are thin lines, in the image of a page."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from ingest.drawn_words import Floats, Mask

_PIXELS_PER_POINT = 2.0
"""Resolution of the reduced image in which lines are looked for: enough for a hairline, and quick."""
_THICKEST = 6
"""Pixels: a line has to be darker than something within this distance on both its sides."""
_CONTRAST = 25
"""Grey levels, of 255, by which a line has to be darker than that."""
_SHORTEST_ACROSS, _SHORTEST_DOWN = 48, 36
"""Pixels: least length of a line. No word has ink for so long without a gap, and no letter is so high."""
_COVERED = 0.92
"""Part of that length that has to be dark: lines in scans have holes."""
_BESIDE, _CLEAR = 3, 0.7
"""Distance in pixels at which there has to be no ink on both sides of a line, and the part of its length
where that has to be so. A row of pixels through letters has their stems above and below it."""
_SLOPE = 2
"""Rows between two runs of pixels of one line, which may slope a little."""

_Grey = npt.NDArray[np.int16]


def rules_in(image: Image.Image, width: float, height: float) -> Floats:
    """Boxes of the horizontal and vertical lines in the grey image of a level page, in points.

    Args:
        width: of the page, in points.
        height: of the page, in points.
    """
    scale = min(_PIXELS_PER_POINT, image.width / width)  # the image of a very large sheet is not enlarged
    size = max(1, round(width * scale)), max(1, round(height * scale))
    grey = np.asarray(image.resize(size, Image.Resampling.BOX), dtype=np.int16)
    across = _lines(grey, _SHORTEST_ACROSS)
    down = _lines(grey.T, _SHORTEST_DOWN)[:, [1, 0, 3, 2]]
    return np.concatenate([across, down]) / scale


def _lines(grey: _Grey, shortest: int) -> Floats:
    """Boxes of the horizontal lines that are at least `shortest` long, in pixels."""
    if min(grey.shape) <= max(2 * _THICKEST, shortest):
        return np.empty((0, 4))
    is_dark = _is_dark(grey)
    # A line that is not quite level continues in the next row of pixels.
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
    """Whether each pixel is darker than the lightest one close above it and the lightest one close below
    it."""
    lightest = np.lib.stride_tricks.sliding_window_view(grey, _THICKEST, axis=0).max(axis=2)
    is_dark = np.zeros(grey.shape, dtype=np.bool_)
    above, below = lightest[: -_THICKEST - 1], lightest[_THICKEST + 1 :]
    middle = grey[_THICKEST : _THICKEST + len(above)]
    is_dark[_THICKEST : _THICKEST + len(above)] = middle < np.minimum(above, below) - _CONTRAST
    return is_dark


def _is_clear(grey: _Grey) -> Mask:
    """Whether each pixel is darker than the pixel `_BESIDE` rows above it and the one as far below it."""
    is_clear = np.zeros(grey.shape, dtype=np.bool_)
    beside = np.minimum(grey[: -2 * _BESIDE], grey[2 * _BESIDE :])
    is_clear[_BESIDE:-_BESIDE] = grey[_BESIDE:-_BESIDE] < beside - _CONTRAST
    return is_clear


def _joined(is_line: Mask) -> Floats:
    """The boxes of lines, made of runs of pixels in successive rows that overlap."""
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
