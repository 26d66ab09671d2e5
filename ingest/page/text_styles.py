"""The style of text objects: size, direction, typeface, and how far the font extends above and below the
line."""

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
"""Descent and ascent of the standard fonts by Adobe's metrics. They are used if a font is not embedded:
pdfium's values are then those of another font with that name."""

_SUBSET = re.compile(rb"^[A-Z]{6}\+")
"""The tag before the name of an embedded subset of a font."""


class TextStyles:
    """The styles of text objects, one row each."""

    def __init__(
        self, matrices: Floats, nominal_sizes: Floats, fonts: list[int], numbers: FontNumbers
    ) -> None:
        self.matrices = matrices
        """(a, b, c, d, e, f), with (e, f) on the baseline."""
        self.sizes = np.abs(nominal_sizes) * np.hypot(matrices[:, 2], matrices[:, 3])
        """Font sizes in points."""
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
        """For symbol fonts the meaning of their characters, see
        :func:`ingest.language.symbol_fonts.symbols_of`."""


class _Metrics(NamedTuple):
    """The properties of a font that are needed here."""

    descent: float
    ascent: float
    """Like the descent, as a part of the font size."""
    is_bold: bool
    face: int
    """A number for its name, or its address if it has no name."""
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
    """Direction of writing of each matrix, in quarter turns anticlockwise; -1 if it is slanted."""
    angles = np.arctan2(matrices[:, 1], matrices[:, 0]) / (math.pi / 2)
    nearest = np.rint(angles)
    return np.where(np.abs(angles - nearest) < 0.07, nearest % 4, -1).astype(np.int64)


def set_heights(boxes: Floats, matrices: Floats, heights: Floats, turns: Integers) -> None:
    """Change the boxes of words that are not slanted, so that they extend from the font's descent to its
    ascent."""
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
