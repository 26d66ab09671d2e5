"""How text objects are drawn: size, direction, face, and how far the font reaches above and below the
line.
"""

import ctypes
import math
import re
import zlib
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pypdfium2.raw as raw

from ingest.drawn_words import Floats, Integers
from ingest.fonts.font_numbers import FontNumbers
from ingest.language.symbol_fonts import symbols_of

_STANDARD_FONTS = (
    (rb"Helvetica|Arial(MT|[,-]|$)", -0.207, 0.718),
    (rb"Times(-|$)|TimesNewRoman", -0.217, 0.683),
    (rb"Courier(-|$)|CourierNew", -0.157, 0.629),
)
"""Descent and ascent of the standard fonts by Adobe's metrics, for when the file leaves them to the reader:
what it says of them then comes from another face of that name."""

_SUBSET = re.compile(rb"^[A-Z]{6}\+")
"""Before the name of a font of which the file holds only the letters that it needs."""


class TextStyles:
    """How text objects draw: one row each."""

    def __init__(
        self, matrices: Floats, nominal_sizes: Floats, fonts: list[int], numbers: FontNumbers
    ) -> None:
        self.matrices = matrices
        """(a, b, c, d, e, f), with (e, f) on the baseline."""
        self.sizes = np.abs(nominal_sizes) * np.hypot(matrices[:, 2], matrices[:, 3])
        """Points."""
        self.turns = _quarter_turns(matrices)
        known = {font: _metrics(font) for font in dict.fromkeys(fonts)}
        metrics = [known[font] for font in fonts]
        relative = np.array([(metric.descent, metric.ascent) for metric in metrics], dtype=np.float64)
        self.heights = relative.reshape(-1, 2) * self.sizes[:, None]
        """Descent and ascent in points, from the baseline upwards."""
        self.bold = np.array([metric.is_bold for metric in metrics], dtype=np.bool_)
        self.faces = np.array([metric.face for metric in metrics], dtype=np.int64)
        number_of = {font: numbers.number(font) for font in known}
        self.fonts = np.array([number_of[font] for font in fonts], dtype=np.int64)
        self.symbols = [metric.symbols for metric in metrics]
        """Of symbol fonts: what their characters mean, see
        :func:`ingest.language.symbol_fonts.symbols_of`."""


class _Metrics(NamedTuple):
    """What counts of a font."""

    descent: float
    ascent: float
    """Parts of the font size."""
    is_bold: bool
    face: int
    """A number for its name; that of its address if it has none, as fonts of drawn letters."""
    symbols: Mapping[int, str] | None = None


def _metrics(address: int) -> _Metrics:
    if not address:
        return _Metrics(0.0, 0.0, False, 0)
    font = ctypes.cast(address, raw.FPDF_FONT)
    buffer = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.value
    is_bold = bool(re.search(rb"(?i)bold|black|heavy|demi", name))
    face = zlib.crc32(_SUBSET.sub(b"", name)) if name else address
    if not raw.FPDFFont_GetIsEmbedded(font):
        for pattern, descent, ascent in _STANDARD_FONTS:
            if re.match(pattern, name):
                return _Metrics(descent, ascent, is_bold, face, symbols_of(name))
    low, high = ctypes.c_float(), ctypes.c_float()
    raw.FPDFFont_GetDescent(font, 1.0, low)
    raw.FPDFFont_GetAscent(font, 1.0, high)
    return _Metrics(low.value, high.value, is_bold, face, symbols_of(name))


def _quarter_turns(matrices: Floats) -> Integers:
    """Direction of writing of each matrix: quarter turns against the clock, -1 if between two."""
    angles = np.arctan2(matrices[:, 1], matrices[:, 0]) / (math.pi / 2)
    nearest = np.rint(angles)
    return np.where(np.abs(angles - nearest) < 0.07, nearest % 4, -1).astype(np.int64)


def set_heights(boxes: Floats, matrices: Floats, heights: Floats, turns: Integers) -> None:
    """Let boxes of upright and turned words reach from the font's descent to its ascent."""
    extent = heights[:, 1] - heights[:, 0]
    size = np.maximum(extent, 1e-6)
    is_sane = (extent > 0) & (heights[:, 1] < 3 * size)
    for turn, (axis, sign) in enumerate(((1, 1), (0, -1), (1, -1), (0, 1))):
        rows = is_sane & (turns == turn)
        if not rows.any():
            continue
        baseline = matrices[rows, 5 if axis == 1 else 4]
        edges = np.sort(baseline[:, None] + sign * heights[rows], axis=1)
        boxes[rows, axis], boxes[rows, axis + 2] = edges[:, 0], edges[:, 1]
