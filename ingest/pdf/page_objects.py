"""Lists the objects of a page in drawing order, and the shapes and pictures that may hide its text."""

import ctypes
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from ingest.drawn_words import Floats, Integers, Mask
from ingest.pdf.coordinates import displayed
from ingest.pdf.pdfium_objects import MOST_OBJECTS, PageObjects, entry, kind_of

_DEEPEST = 12
"""Most levels of forms within forms."""
_THIN = 2.5
"""Points: narrower or lower shapes do not cover text."""
_RECTANGLE = 6
"""Most segments of a path that is a rectangle."""

_form_object = entry("FPDFFormObj_GetObject", ctypes.c_size_t, ctypes.c_ulong)
_count_in_form = entry("FPDFFormObj_CountObjects", ctypes.c_int)
_put_bounds = entry("FPDFPageObj_GetBounds", None, *[ctypes.c_void_p] * 4)
_put_fill_color = entry("FPDFPageObj_GetFillColor", ctypes.c_int, *[ctypes.c_void_p] * 4)
_put_matrix = entry("FPDFPageObj_GetMatrix", ctypes.c_int, ctypes.c_void_p)
_put_draw_mode = entry("FPDFPath_GetDrawMode", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_has_transparency = entry("FPDFPageObj_HasTransparency", ctypes.c_int)
_count_marks = entry("FPDFPageObj_CountMarks", ctypes.c_int)
_count_segments = entry("FPDFPath_CountSegments", ctypes.c_int)
_clip_path = entry("FPDFPageObj_GetClipPath", ctypes.c_size_t)
_count_clips = entry("FPDFClipPath_CountPaths", ctypes.c_int)
_count_clip_segments = entry("FPDFClipPath_CountPathSegments", ctypes.c_int, ctypes.c_int)
_clip_segment = entry("FPDFClipPath_GetPathSegment", ctypes.c_size_t, ctypes.c_int, ctypes.c_int)
_put_point = entry("FPDFPathSegment_GetPoint", ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
set_active = entry("FPDFPageObj_SetIsActive", ctypes.c_int, ctypes.c_int)
"""Sets whether an object is drawn: after `set_active(address, 0)` it is left out, until
`set_active(address, 1)`."""


@dataclass(slots=True)
class Covers:
    """The opaque shapes and pictures of a page, in drawing order; row i of each array is one."""

    boxes: Floats
    """(x0, y0, x1, y1) on the page as displayed, in points."""
    orders: Integers
    """Their positions in the drawing order."""
    colors: Integers
    """Red, green and blue of their filling, from 0 to 255; -1000 for pictures."""
    is_image: Mask
    is_rectangle: Mask
    image_share: float
    """Part of the page that images cover, from 0 to 1."""
    paths: int
    """How many lines and shapes the page has."""
    nested: dict[int, Floats] = field(default_factory=dict)
    """For the text objects in forms, by their address: the matrix of the form."""


@dataclass(slots=True)
class _Listing:
    """The objects of a page that were listed so far."""

    order: dict[int, int] = field(default_factory=dict)
    """For each text object its position in the drawing order."""
    nested: dict[int, Floats] = field(default_factory=dict)
    shapes: list[tuple[int, int, int, Floats | None]] = field(default_factory=list)
    """Objects that may cover text: (address, kind, position in the drawing order, matrix of its form if in
    one)."""
    paths: int = 0
    count: int = 0


def covers_and_order(
    page: Any, objects: PageObjects, width: float, height: float
) -> tuple[Covers, dict[int, int]]:
    """What may cover text on a page, and the position of each text object in the drawing order.

    Args:
        objects: of the page.
        width: of the page, in points.
        height: of the page, in points.
    """
    listing = _Listing()
    _list(objects, None, 0, listing)
    return _covers(page, listing, width * height), listing.order


def _list(objects: PageObjects, matrix: Floats | None, depth: int, listing: _Listing) -> None:
    for drawn, kind in zip(*objects, strict=True):
        listing.count += 1
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            listing.order[drawn] = listing.count
            if matrix is not None:
                listing.nested[drawn] = matrix
        elif kind != raw.FPDF_PAGEOBJ_FORM:
            listing.paths += kind == raw.FPDF_PAGEOBJ_PATH
            listing.shapes.append((drawn, kind, listing.count, matrix))
        elif depth < _DEEPEST:
            most = max(0, min(_count_in_form(drawn), MOST_OBJECTS - listing.count))
            inner = list(map(_form_object, repeat(drawn), range(most)))
            own = _matrix_of(drawn)
            kinds = list(map(kind_of, inner))
            _list(PageObjects(inner, kinds), own if matrix is None else own @ matrix, depth + 1, listing)


def _matrix_of(drawn: int) -> Floats:
    values = (ctypes.c_float * 6)()
    _put_matrix(drawn, ctypes.addressof(values))
    a, b, c, d, e, f = values
    return np.array([[a, b, 0.0], [c, d, 0.0], [e, f, 1.0]])


def _covers(page: Any, listing: _Listing, area: float) -> Covers:
    addresses = [address for address, *_ in listing.shapes]
    bounds = np.zeros((len(addresses), 4), dtype=np.float32)
    start, end = bounds.ctypes.data, bounds.ctypes.data + bounds.nbytes
    deque(map(_put_bounds, addresses, *(range(start + 4 * side, end, 16) for side in range(4))), maxlen=0)
    boxes = bounds.astype(np.float64)
    kinds = np.array([kind for _, kind, _, _ in listing.shapes], dtype=np.int64)
    for row, (_, _, _, matrix) in enumerate(listing.shapes):
        if matrix is not None:
            boxes[row] = _transformed(boxes[row], matrix)
    is_image = kinds == raw.FPDF_PAGEOBJ_IMAGE
    is_thick = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) > _THIN
    rows = [
        row
        for row in np.flatnonzero(is_thick).tolist()
        if kinds[row] != raw.FPDF_PAGEOBJ_PATH or _is_opaque(addresses[row])
    ]
    kept = np.array(rows, dtype=np.int64)
    shown = displayed(page, boxes[kept])
    colors = fill_colors(np.array([addresses[row] for row in rows], dtype=np.int64))
    colors = colors[:, :3]
    colors[kinds[kept] != raw.FPDF_PAGEOBJ_PATH] = -1000
    left, top = np.maximum(shown[:, 0], 0), np.maximum(shown[:, 1], 0)
    size = page.get_size()
    wide = np.maximum(np.minimum(shown[:, 2], size[0]) - left, 0)
    high = np.maximum(np.minimum(shown[:, 3], size[1]) - top, 0)
    covered = float((wide * high)[is_image[kept]].sum())
    is_rectangle = [
        kinds[row] == raw.FPDF_PAGEOBJ_PATH and _count_segments(addresses[row]) <= _RECTANGLE for row in rows
    ]
    return Covers(
        shown,
        np.array([listing.shapes[row][2] for row in rows], dtype=np.int64),
        colors,
        is_image[kept],
        np.array(is_rectangle, dtype=np.bool_),
        min(1.0, covered / area) if area > 0 else 0.0,
        listing.paths,
        listing.nested,
    )


def _transformed(box: Floats, matrix: Floats) -> Floats:
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0, 1.0], [x1, y0, 1.0], [x0, y1, 1.0], [x1, y1, 1.0]]) @ matrix
    return np.concatenate([corners[:, :2].min(axis=0), corners[:, :2].max(axis=0)])


def _is_opaque(path: int) -> bool:
    """Whether a path is filled and not transparent, so that it hides what is under it."""
    mode = (ctypes.c_int * 2)()
    _put_draw_mode(path, ctypes.addressof(mode), ctypes.addressof(mode) + 4)
    return bool(mode[0]) and not _has_transparency(path)


def fill_colors(objects: Integers) -> Integers:
    """Red, green, blue and opacity of each object's filling, from 0 to 255; black if it has none."""
    colors = np.zeros((len(objects), 4), dtype=np.uint32)
    colors[:, 3] = 255
    start, end = colors.ctypes.data, colors.ctypes.data + colors.nbytes
    places = [range(start + 4 * side, end, 16) for side in range(4)]
    deque(map(_put_fill_color, objects.tolist(), *places), maxlen=0)
    return colors.astype(np.int64)


def has_transparency(objects: Integers) -> Mask:
    """Whether each object is drawn with transparency, a soft mask or a blend mode."""
    return _flags(_has_transparency, objects)


def is_marked(objects: Integers) -> Mask:
    """Whether each object is in marked content; the content of layers is."""
    return _flags(_count_marks, objects)


def _flags(call: Any, objects: Integers) -> Mask:
    return np.fromiter(map(call, objects.tolist()), dtype=np.int64, count=len(objects)) > 0


def clip_boxes(page: Any, objects: Integers, nested: Mapping[int, Floats]) -> Floats | None:
    """For each text object the box, as displayed, that it is clipped to; None if no object is clipped.

    Args:
        objects: addresses of text objects.
        nested: for text objects in forms the matrix of the form.
    """
    clips = [_clip_path(address) if address else 0 for address in objects.tolist()]
    counts = [_count_clips(clip) if clip else 0 for clip in clips]
    if max(counts, default=0) <= 0:
        return None
    boxes = np.tile([-np.inf, -np.inf, np.inf, np.inf], (len(clips), 1))
    known: dict[int, Floats] = {}
    for row, (address, clip, count) in enumerate(zip(objects.tolist(), clips, counts, strict=True)):
        for path in range(count):
            first = _clip_segment(clip, path, 0)  # shared by the objects that have the same clip
            if first not in known:
                known[first] = _points_box(clip, path)
            box = known[first]
            boxes[row, :2] = np.maximum(boxes[row, :2], box[:2])
            boxes[row, 2:] = np.minimum(boxes[row, 2:], box[2:])
        if count > 0 and address in nested:
            boxes[row] = _transformed(boxes[row], nested[address])
    return displayed(page, boxes)


def _points_box(clip: int, path: int) -> Floats:
    """The box of a path of a clip; empty if the path is no rectangle, since its shape is not examined."""
    count = _count_clip_segments(clip, path)
    if not 0 < count <= _RECTANGLE:
        return np.zeros(4)
    points = np.zeros((count, 2), dtype=np.float32)
    for place in range(count):
        target = points.ctypes.data + 8 * place
        _put_point(_clip_segment(clip, path, place), target, target + 4)
    return np.concatenate([points.min(axis=0), points.max(axis=0)]).astype(np.float64)
