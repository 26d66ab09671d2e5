"""Finds what a page shows besides its text: images, lines, frames and shaded areas."""

import ctypes
from collections import deque
from collections.abc import Iterable
from itertools import islice, repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as raw

from ingest.drawn_words import Drawing, Floats, Integers

MOST_OBJECTS = 20_000
"""Most objects of a page that are listed, including those in forms; text after them is taken for visible."""
_MOST_WITH_SHAPES = 5000
"""Most objects of a page that are examined for images and shapes."""
_RECTANGLE = 6
"""Most segments of a path that is a line or a rectangle."""
_GRID = 400
"""Most segments of a path that may be the grid of a table; longer ones are drawings."""
_ROUNDED = 24
"""Most segments of a path that is a frame, also one with round corners."""
_SMALLEST_FRAME = 20.0
"""Least width and height of a frame, in points."""
_THICKEST_RULE = 2.5
"""Greatest thickness of a line, in points."""
_WHITE = 250
"""Least red, green and blue of white, of 255."""
INVISIBLE = 3
"""Text render mode of text that is neither filled nor stroked (ISO 32000-1, 9.3.6)."""


def entry(name: str, result: Any, *arguments: Any) -> Any:
    """A function of pdfium with plain argument types, so that `map` can call it without any Python code
    between.

    It keeps the lock of the interpreter: to let go of it takes a sixth of such a short call, and the reader
    has one thread.
    """
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result, ctypes.c_void_p, *arguments)(address)


_page_object = entry("FPDFPage_GetObject", ctypes.c_size_t, ctypes.c_int)
kind_of = entry("FPDFPageObj_GetType", ctypes.c_int)
_count_segments = entry("FPDFPath_CountSegments", ctypes.c_int)
_put_bounds = entry("FPDFPageObj_GetBounds", None, *[ctypes.c_void_p] * 4)
_render_mode_of = entry("FPDFTextObj_GetTextRenderMode", ctypes.c_int)


class PageObjects(NamedTuple):
    """The objects of a page in drawing order; those in forms are not among them."""

    addresses: list[int]
    kinds: list[int]


def objects_of(page: Any) -> PageObjects:
    """The first objects of a page, as many as are looked at."""
    count = min(raw.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)
    handle = ctypes.cast(page.raw, ctypes.c_void_p).value
    addresses = list(map(_page_object, repeat(handle), range(count)))
    return PageObjects(addresses, list(map(kind_of, addresses)))


def look_at(page: Any, objects: PageObjects) -> Drawing:
    """What a page with these objects shows besides its text."""
    left, bottom, right, top = page.get_bbox()
    covered, largest, resolution = 0.0, 0.0, 0.0
    kinds = objects.kinds[:_MOST_WITH_SHAPES]
    for place in [place for place, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_IMAGE]:
        drawn = ctypes.cast(objects.addresses[place], raw.FPDF_PAGEOBJECT)
        x0, y0, x1, y1 = (ctypes.c_float() for _ in range(4))
        raw.FPDFPageObj_GetBounds(drawn, x0, y0, x1, y1)
        wide = min(x1.value, right) - max(x0.value, left)
        high = min(y1.value, top) - max(y0.value, bottom)
        if wide <= 0 or high <= 0:
            continue
        covered += wide * high
        if wide * high > largest:
            largest = wide * high
            pixels_across, pixels_down = ctypes.c_uint(), ctypes.c_uint()
            raw.FPDFImageObj_GetImagePixelSize(drawn, pixels_across, pixels_down)
            resolution = 72 * pixels_across.value / (x1.value - x0.value)
    area = (right - left) * (top - bottom)
    share = min(1.0, covered / area) if area > 0 else 0.0
    return Drawing(share, resolution, kinds.count(raw.FPDF_PAGEOBJ_PATH))


class Shapes(NamedTuple):
    """Lines and frames of a page: boxes (x0, y0, x1, y1) in the page's own coordinates."""

    rules: Floats
    """Thin lines, and the edges of outlined frames."""
    frames: Floats
    """Outlined frames and shaded areas."""


def shapes(objects: PageObjects) -> Shapes:
    """The lines, frames and shades among the objects of a page."""
    first = islice(zip(*objects, strict=True), _MOST_WITH_SHAPES)
    paths = [drawn for drawn, kind in first if kind == raw.FPDF_PAGEOBJ_PATH]
    if not paths:
        return Shapes(np.empty((0, 4)), np.empty((0, 4)))
    lengths = np.fromiter(map(_count_segments, paths), dtype=np.int64, count=len(paths))
    grids = [
        _grid_lines(paths[place]) for place in np.flatnonzero((lengths > _RECTANGLE) & (lengths <= _GRID))
    ]
    simple = np.flatnonzero((lengths >= 2) & (lengths <= _ROUNDED))
    paths, lengths = [paths[place] for place in simple], lengths[simple]
    bounds = np.zeros((len(paths), 4), dtype=np.float32)
    start, end = bounds.ctypes.data, bounds.ctypes.data + bounds.nbytes
    deque(map(_put_bounds, paths, *(range(start + 4 * side, end, 16) for side in range(4))), maxlen=0)
    boxes = bounds.astype(np.float64)
    is_straight = lengths <= _RECTANGLE
    is_thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= _THICKEST_RULE
    # Only rectangles with an outline have rules at their edges; without one they are shades behind the text.
    is_outlined = np.array(
        [not thin and _is_outlined(path) for path, thin in zip(paths, is_thin, strict=True)], dtype=np.bool_
    )
    is_large = (boxes[:, 2] - boxes[:, 0] >= _SMALLEST_FRAME) & (boxes[:, 3] - boxes[:, 1] >= _SMALLEST_FRAME)
    # The sides of a slanted shape, such as the frame of a stamp, are not those of its bounding box.
    is_aslant = np.zeros(len(paths), dtype=np.bool_)
    for place in np.flatnonzero(is_large & is_straight).tolist():
        is_aslant[place] = not len(_grid_lines(paths[place]))
    is_outlined &= ~is_aslant
    is_large &= ~is_aslant
    is_frame = np.array(
        [
            large and (outlined or _is_shaded(path))
            for path, large, outlined in zip(paths, is_large, is_outlined, strict=True)
        ],
        dtype=np.bool_,
    )
    frames = boxes[is_outlined & is_straight]
    edges = [frames[:, columns] for columns in ([0, 1, 0, 3], [2, 1, 2, 3], [0, 1, 2, 1], [0, 3, 2, 3])]
    return Shapes(np.concatenate([boxes[is_thin & is_straight], *edges, *grids]), boxes[is_frame])


def _grid_lines(path: int) -> Floats:
    """The lines of a path, if all of them are horizontal or vertical; else nothing."""
    drawn = ctypes.cast(path, raw.FPDF_PAGEOBJECT)
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(drawn, matrix)
    lines = []
    last = (0.0, 0.0)
    for place in range(raw.FPDFPath_CountSegments(drawn)):
        segment = raw.FPDFPath_GetPathSegment(drawn, place)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == raw.FPDF_SEGMENT_LINETO:
            lines.append([*map(min, last, point), *map(max, last, point)])
        elif kind != raw.FPDF_SEGMENT_MOVETO:
            return np.empty((0, 4))
        last = point
    found = np.array(lines, dtype=np.float64).reshape(-1, 4)
    slant = np.minimum(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1])
    return found if (slant <= _THICKEST_RULE).all() else np.empty((0, 4))


def _is_outlined(path: int) -> bool:
    filling, outline = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(ctypes.cast(path, raw.FPDF_PAGEOBJECT), filling, outline)
    return bool(outline.value)


def render_modes(texts: Iterable[int]) -> Integers:
    """The render mode of each text object (its address)."""
    return np.array([_render_mode_of(text) if text else 0 for text in map(int, texts)], dtype=np.int64)


def _is_shaded(path: int) -> bool:
    """Whether a path is filled with another colour than white."""
    drawn = ctypes.cast(path, raw.FPDF_PAGEOBJECT)
    filling, outline = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, filling, outline)
    color = [ctypes.c_uint() for _ in range(4)]
    is_known = raw.FPDFPageObj_GetFillColor(drawn, *color)
    return bool(filling.value) and not (is_known and min(part.value for part in color[:3]) >= _WHITE)
