"""Makes pictures of the letters that a font draws: from its outlines, or from the page if it has none.

For each letter a file says how to draw it and which character it is. The second may be false. For a
character, pdfium gives the outline that is drawn where the page's text has this character.
"""

import ctypes
import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw
from PIL import Image, ImageDraw

from ingest.drawn_words import Floats, Integers, Mask
from ingest.pdf.pdfium_objects import entry

SIDE = 12
"""Width and height of a picture, in fields."""
_FINE = 4 * SIDE
_EM = 1000.0
_NOTHING = 0xE5A5
"""A private character that no font has: fonts draw their sign for missing characters for it."""
_STEPS = np.array([0.25, 0.5, 0.75, 1.0])
_CURVE = np.stack(
    [(1 - _STEPS) ** 3, 3 * (1 - _STEPS) ** 2 * _STEPS, 3 * (1 - _STEPS) * _STEPS**2, _STEPS**3], axis=1
)
"""Weights of the four control points of a Bézier curve, for each point on it."""
_MOST_SEGMENTS = 2000

_HEIGHT, _WIDEST = 64.0, 4000.0
"""Height, and greatest width, of a text object that is drawn by itself, in pixels."""
_INK = 96
"""Of 255: opacity from which a pixel is ink."""
_LEVEL = 0.02

_put_path = entry("FPDFFont_GetGlyphPath", ctypes.c_size_t, ctypes.c_uint, ctypes.c_float)
_count_segments = entry("FPDFGlyphPath_CountGlyphSegments", ctypes.c_int)
_segment = entry("FPDFGlyphPath_GetGlyphPathSegment", ctypes.c_size_t, ctypes.c_int)
_kind_of = entry("FPDFPathSegment_GetType", ctypes.c_int)
_put_point = entry("FPDFPathSegment_GetPoint", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


Letter = tuple[int, str]
"""A font (its address or its number) and a character as the text says it."""


class Glyph(NamedTuple):
    """What is drawn for a character."""

    picture: npt.NDArray[np.float32]
    """[SIDE, SIDE]: how much of each field is ink, from 0 to 1. The letter fills the whole picture."""
    proportion: float
    """Logarithm of the ratio of its width to its height."""


class _Outline(NamedTuple):
    kinds: Integers
    points: Floats


def segment_counts(font: int, characters: Sequence[int]) -> tuple[int, ...]:
    """For each character the number of segments of the outline that a font (its address) draws for it."""
    paths = map(_put_path, repeat(font), characters, repeat(_EM))
    return tuple(_count_segments(path) if path else 0 for path in paths)


def outlined(letters: Iterable[Letter]) -> dict[Letter, Glyph]:
    """The pictures of letters, without those that a font has no outline for."""
    outlines: dict[Letter, _Outline] = {}
    for font, character in letters:
        outline = _outline(font, ord(character))
        if outline and not _is_missing(font, outline):
            outlines[font, character] = outline
    return _filled(outlines) if outlines else {}


def has_outlines(font: int) -> bool:
    """Whether a font (its address) has outlines. Type 3 fonts have none: for them pdfium gives those of
    another font."""
    handle = ctypes.cast(font, raw.FPDF_FONT)
    size = ctypes.c_size_t()
    raw.FPDFFont_GetFontData(handle, None, 0, size)
    return size.value > 0 or not raw.FPDFFont_GetIsEmbedded(handle)


def _outline(font: int, character: int) -> _Outline | None:
    path = _put_path(font, character, _EM)
    count = _count_segments(path) if path else 0
    if not 3 <= count <= _MOST_SEGMENTS:
        return None
    segments = _segments(path, count)
    points = np.zeros((count, 2), dtype=np.float32)
    start, end = points.ctypes.data, points.ctypes.data + points.nbytes
    deque(map(_put_point, segments, range(start, end, 8), range(start + 4, end, 8)), maxlen=0)
    kinds = np.fromiter(map(_kind_of, segments), dtype=np.int64, count=count)
    # Each curve has three points after its starting point.
    is_sound = kinds[0] == raw.FPDF_SEGMENT_MOVETO and (kinds == raw.FPDF_SEGMENT_BEZIERTO).sum() % 3 == 0
    return _Outline(kinds, points.astype(np.float64)) if is_sound else None


def _segments(path: int, count: int) -> Sequence[int]:
    """The addresses of the segments of an outline that has more than one."""
    first, second, last = (_segment(path, place) for place in (0, 1, count - 1))
    step = second - first
    # pdfium keeps them in one array.
    if step > 0 and last == first + (count - 1) * step:
        return range(first, last + 1, step)
    return list(map(_segment, repeat(path), range(count)))


def _is_missing(font: int, outline: _Outline) -> bool:
    """Whether this outline is the font's sign for missing characters."""
    (count,) = segment_counts(font, [_NOTHING])
    if count != len(outline.kinds):
        return False
    nothing = _outline(font, _NOTHING)
    return nothing is not None and bool((outline.points == nothing.points).all())


def _filled(outlines: Mapping[Letter, _Outline]) -> dict[Letter, Glyph]:
    """The pictures of the outlines that have an area."""
    points, contours, glyphs = _flattened(list(outlines.values()))
    low, high = np.minimum.reduceat(points, glyphs), np.maximum.reduceat(points, glyphs)
    size = np.where((high > low) & np.isfinite(high - low), high - low, np.inf)
    owner = np.repeat(np.arange(len(glyphs)), np.diff([*glyphs, len(points)]))
    places = (points - low[owner]) / size[owner] * (_FINE - 1)
    places[:, 1] = _FINE - 1 - places[:, 1]
    # All outlines are drawn in one image, below each other, at whole pixels, as Pillow does.
    dots = places.astype(np.int64)
    dots[:, 1] += _FINE * owner
    picture = Image.new("L", (_FINE, _FINE * len(glyphs)))
    draw = ImageDraw.Draw(picture)
    has_area = [math.isfinite(width + height) for width, height in size.tolist()]
    for number, (first, end) in enumerate(pairwise([*glyphs, len(points)])):
        if has_area[number]:
            # One line through all contours and back fills the areas that an odd number of contours enclose.
            back = contours[bisect_left(contours, first) : bisect_left(contours, end)][::-1]
            draw.polygon(dots[first:end].ravel().tolist() + dots[back].ravel().tolist(), fill=255)
    fields = np.frombuffer(picture.reduce(_FINE // SIDE).tobytes(), dtype=np.uint8)
    pictures = (fields.reshape(-1, SIDE, SIDE) / 255).astype(np.float32)
    return {
        letter: Glyph(pictures[number], math.log(width / height))
        for number, (letter, (width, height)) in enumerate(zip(outlines, size.tolist(), strict=True))
        if has_area[number]
    }


def _flattened(outlines: Sequence[_Outline]) -> tuple[Floats, list[int], list[int]]:
    """Replaces the curves of outlines by lines and closes their contours.

    Returns the points, the index of the first point of each contour, and that of the first of each outline.
    """
    kinds = np.concatenate([outline.kinds for outline in outlines])
    points = np.concatenate([outline.points for outline in outlines])
    is_curve = kinds == raw.FPDF_SEGMENT_BEZIERTO
    is_start = kinds == raw.FPDF_SEGMENT_MOVETO
    is_end = is_curve & (np.cumsum(is_curve) % 3 == 0)
    counts = np.where(is_end, len(_STEPS), np.where(is_curve, 0, 1))
    # The first point of a contour is repeated after its last.
    is_last = np.append(is_start[1:], True)
    ends = np.cumsum(counts + is_last)
    flat = np.zeros((int(ends[-1]), 2))
    own = ends - is_last
    flat[own[~is_curve] - 1] = points[~is_curve]
    at = np.flatnonzero(is_end)
    controls = points[at[:, None] + np.arange(-3, 1)]
    flat[own[at][:, None] + np.arange(-len(_STEPS), 0)] = np.einsum("sc,gcx->gsx", _CURVE, controls)
    flat[ends[is_last] - 1] = points[is_start]
    begins = ends - counts - is_last
    firsts = np.cumsum([0, *(len(outline.kinds) for outline in outlines[:-1])])
    return flat, begins[is_start].tolist(), begins[firsts].tolist()


class DrawnText(NamedTuple):
    """A text object as it is drawn by itself."""

    is_ink: Mask
    """[row, column] of pixels, upright as in the page's own coordinates."""
    left: float
    """The left edge of the first column, in the page's own coordinates."""
    scale: float
    """Pixels for each point."""


def drawn(page: Any, address: int) -> DrawnText | None:
    """A text object of a page (its address), drawn by itself as it is on the page.

    None if it is not upright, is in a form or cannot be drawn.
    """
    handle = ctypes.cast(address, raw.FPDF_PAGEOBJECT)
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, matrix)
    if abs(matrix.b) + abs(matrix.c) > _LEVEL * (abs(matrix.a) + abs(matrix.d)) or matrix.a * matrix.d <= 0:
        return None
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(handle, *sides)
    left, bottom, right, top = (side.value for side in sides)
    if not (0 < right - left < math.inf and 0 < top - bottom < math.inf):
        return None
    scale = min(_HEIGHT / (top - bottom), _WIDEST / (right - left))
    bitmap = raw.FPDFTextObj_GetRenderedBitmap(page.pdf.raw, page.raw, handle, scale)
    if not bitmap:
        return None
    try:
        width, height = raw.FPDFBitmap_GetWidth(bitmap), raw.FPDFBitmap_GetHeight(bitmap)
        stride = raw.FPDFBitmap_GetStride(bitmap)
        if raw.FPDFBitmap_GetFormat(bitmap) != raw.FPDFBitmap_BGRA or width * height == 0:
            return None
        data = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    opacity = np.frombuffer(data, dtype=np.uint8).reshape(height, stride)[:, 3 : 4 * width : 4]
    return DrawnText(opacity >= _INK, left, scale)


def cut_out(text: DrawnText, begin: float, end: float) -> Glyph | None:
    """The picture of what is drawn between two positions along the line, in the page's own coordinates."""
    first, last = (round((place - text.left) * text.scale) for place in (begin, end))
    part = text.is_ink[:, max(0, first) : max(0, last)]
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not len(rows):
        return None
    ink = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    picture = Image.fromarray(ink.astype(np.uint8) * 255).resize((SIDE, SIDE), Image.Resampling.BOX)
    fields: npt.NDArray[np.float32] = np.asarray(picture, dtype=np.float32) / np.float32(255)
    return Glyph(fields, math.log(ink.shape[1] / ink.shape[0]))
