"""Finds words that are in the file but not visible on the drawn page.

Text may be in a layer that is switched off, clipped away, transparent, of the colour of its background, or
covered by objects that are drawn later. Only drawing the page shows that for certain. So words that may be
invisible are tested: the page is drawn with and without them.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask, PageText
from ingest.pdf.page_characters import by_first_use
from ingest.pdf.page_objects import (
    Covers,
    clip_boxes,
    covers_and_order,
    has_transparency,
    is_marked,
    set_active,
)
from ingest.pdf.pdfium_objects import INVISIBLE, PageObjects, render_modes

_SCALE, _LONGEST_SIDE = 1.5, 2500
"""Pixels per point in the test, and the most pixels on the longer side of a page."""
_SEEN = 8
"""How much a pixel has to differ to count, of 255."""
_LEAST_ACROSS, _LEAST_INK = 0.25, 0.01
"""Least parts of a word's width, and of its box, that have to differ; less may be the edge of another
letter."""
_MOST_TESTS = 12
"""How often a page is drawn without some of its words, at most."""
_COVERED, _WITHIN = 0.3, 0.7
"""Parts of a word's box: a word is tested if more than the first is covered, or less than the second is
within its clip."""
_CHUNK = 256
"""How many shapes are compared with the words of a page at once."""
_REDACTED = 0.8
"""Part of a word in the text layer of a scan that a box over the picture has to cover, for it to be
redacted."""
_FAINTEST = 250
"""Text with at least this much red, green and blue, of 255, is invisible on white paper."""
_SMALLEST = 1.0
"""Points: a lower word is a dot or a line."""
_ALIKE = 8
"""How much two colours that look the same may differ in red, green and blue, of 255."""
_UNDER_TEXT = 0.5
"""Least part of a scanned page that images cover: its invisible text is the text layer of the scan."""
_MANY_PATHS = 100
"""Least shapes on a page whose letters are drawn as shapes, with invisible text as their text layer."""


def hidden_words(
    page: Any,
    drawn: PageObjects,
    words: PageText,
    objects: Integers,
    object_of: Integers,
    colors: Integers,
    are_in_parts: Callable[[Integers], Mask],
    has_layers: Callable[[], bool],
) -> tuple[Mask, Mask]:
    """Whether each word is invisible, and whether it is part of the text layer of a scan.

    Words of a text layer are invisible themselves, but the picture shows them; they are not in the first
    mask.

    Args:
        drawn: the objects of the page.
        objects: addresses of the text objects that draw words.
        object_of: for each word the index in `objects` of the one that draws it, or its beginning.
        colors: for each word the red, green, blue and opacity of its letters.
        are_in_parts: whether words, given by their rows, are drawn by several objects.
        has_layers: whether the document has layers that can be switched off.
    """
    invisible = (render_modes(objects) == INVISIBLE)[object_of]
    covers, order = covers_and_order(page, drawn, words.width, words.height)
    orders = np.array([order.get(address, -1) for address in objects.tolist()], dtype=np.int64)[object_of]
    is_scan = covers.image_share >= _UNDER_TEXT
    is_drawn_as_shapes = bool(invisible.all()) and covers.paths >= _MANY_PATHS
    layer = invisible & (is_scan or is_drawn_as_shapes)

    faint = (colors[:, :3].min(axis=1) >= _FAINTEST) | (colors[:, 3] <= _SEEN) if len(colors) else invisible
    suspect = faint | has_transparency(objects)[object_of]
    suspect |= _is_clipped(page, words, objects, object_of, covers.nested)
    pictures = covers.boxes[covers.is_image]
    if is_scan:
        suspect &= ~_overlaps(words.boxes, pictures, 0.5)
    suspect |= _is_covered(words, orders, colors, covers, is_scan)
    if has_layers():
        nested = np.array([address in covers.nested for address in objects.tolist()], dtype=np.bool_)
        suspect |= (nested | is_marked(objects))[object_of]
    drawn_by = objects[object_of]
    suspect &= ~invisible & (drawn_by != 0)

    extents = words.boxes[:, 2:] - words.boxes[:, :2]
    heights = np.where(words.turns % 2 == 1, extents[:, 0], extents[:, 1])
    is_line = np.where(words.turns < 0, extents.max(axis=1), heights) < _SMALLEST
    hidden = (invisible | is_line) & ~layer
    if layer.any() and is_scan:
        last_picture = int(covers.orders[covers.is_image].max())
        later = ~covers.is_image & (covers.orders > last_picture) & covers.is_rectangle
        hidden |= layer & _overlaps(words.boxes, covers.boxes[later], _REDACTED)
    if suspect.any():
        rows = np.flatnonzero(suspect)
        hidden[rows] |= ~_are_drawn(page, words, drawn_by, rows, are_in_parts(rows))
    return hidden, layer & ~hidden


def _is_clipped(
    page: Any, words: PageText, objects: Integers, object_of: Integers, nested: Mapping[int, Floats]
) -> Mask:
    """Whether each word may be clipped away."""
    clips = clip_boxes(page, objects, nested)
    if clips is None:
        return np.zeros(len(words.texts), dtype=np.bool_)
    boxes = clips[object_of]
    return _shared(words.boxes, boxes) < _WITHIN * _areas(words.boxes)


def _is_covered(words: PageText, orders: Integers, colors: Integers, covers: Covers, is_scan: bool) -> Mask:
    """Whether each word may be covered by an object that is drawn later, or is on a shape of its own
    colour."""
    found = np.zeros(len(words.texts), dtype=np.bool_)
    # Text under the picture of a scan is its text layer, which counts as visible.
    rows = np.flatnonzero(~covers.is_image) if is_scan else np.arange(len(covers.boxes))
    rows = rows[(covers.boxes[rows, 2] > 0) & (covers.boxes[rows, 3] > 0)]
    least = _COVERED * _areas(words.boxes)
    for chunk in np.array_split(rows, len(rows) // _CHUNK + 1):
        shared = _shared(words.boxes[:, None], covers.boxes[None, chunk])
        word, cover = np.nonzero(shared > least[:, None])
        cover = chunk[cover]
        is_later = covers.orders[cover] > orders[word]
        is_alike = (np.abs(colors[word, :3] - covers.colors[cover]) <= _ALIKE).all(axis=1)
        found[word[(is_later | is_alike) & (orders[word] >= 0)]] = True
    return found


def _areas(boxes: Floats) -> Floats:
    areas: Floats = np.maximum(boxes[:, 2] - boxes[:, 0], 0.1) * np.maximum(boxes[:, 3] - boxes[:, 1], 0.1)
    return areas


def _shared(boxes: Floats, others: Floats) -> Floats:
    """The areas of the intersections of boxes with others. The last dimension of both arrays is the box."""
    wide = np.minimum(boxes[..., 2], others[..., 2]) - np.maximum(boxes[..., 0], others[..., 0])
    high = np.minimum(boxes[..., 3], others[..., 3]) - np.maximum(boxes[..., 1], others[..., 1])
    shared: Floats = np.maximum(wide, 0) * np.maximum(high, 0)
    return shared


def _overlaps(boxes: Floats, others: Floats, share: float) -> Mask:
    """Whether one of the other boxes covers at least this share of each box."""
    found = np.zeros(len(boxes), dtype=np.bool_)
    for other in others:
        found |= _shared(boxes, other[None]) >= share * _areas(boxes)
    return found


def _are_drawn(page: Any, words: PageText, objects: Integers, rows: Integers, in_parts: Mask) -> Mask:
    """Whether each word of these rows is visible on the drawn page.

    Of a word drawn in parts, such as letter by letter, only the first part is tested. Words of different
    text objects that overlap are tested separately.
    """
    scale = min(_SCALE, _LONGEST_SIDE / max(words.width, words.height, 1.0))
    window = _Window(page, words.boxes[rows], scale)
    whole = window.pixels()
    tests = _apart(words.boxes[rows], objects[rows])
    seen = np.ones(len(rows), dtype=np.bool_)
    for test in range(min(int(tests.max()) + 1, _MOST_TESTS)):
        members = np.flatnonzero(tests == test)
        addresses = np.unique(objects[rows[members]]).tolist()
        deque((set_active(address, 0) for address in addresses), maxlen=0)
        try:
            without = window.pixels()
        finally:
            deque((set_active(address, 1) for address in addresses), maxlen=0)
        for member in members.tolist():
            row = int(rows[member])
            share = 1 / max(1, len(words.texts[row])) if in_parts[member] else 1.0
            part = window.part(words.boxes[row])
            seen[member] = _is_seen(whole[part], without[part], bool(words.turns[row] % 2), share)
    return seen


class _Window:
    """The part of a page around some words, to be drawn.

    Args:
        boxes: of the words.
        scale: pixels per point.
    """

    def __init__(self, page: Any, boxes: Floats, scale: float) -> None:
        self._page = page
        self._scale = scale
        size = np.ceil(np.array(page.get_size()) * scale).astype(int)
        self._start = np.clip(np.floor(boxes[:, :2].min(axis=0) * scale).astype(int), 0, size - 1)
        ends = np.ceil(boxes[:, 2:].max(axis=0) * scale).astype(int)
        self._rest = size - np.clip(ends, self._start + 1, size)
        """Pixels of the page to the right of the window, and below it."""

    def pixels(self) -> Any:
        """Draws the window: an array of rows of pixels, each with its colours."""
        (left, top), (right, bottom) = self._start, self._rest
        # Half a pixel less, so that rounding in pdfium always gives this number of pixels.
        crop = tuple(max(0.0, (pixels - 0.5) / self._scale) for pixels in (left, bottom, right, top))
        return self._page.render(scale=self._scale, may_draw_forms=False, crop=crop).to_numpy()[:, :, :3]

    def part(self, box: Floats) -> tuple[slice, slice]:
        """The rows and columns of the pixels of a word, given its box."""
        x0, y0 = np.maximum(np.floor(box[:2] * self._scale).astype(int) - self._start, 0)
        x1, y1 = np.ceil(box[2:] * self._scale).astype(int) - self._start
        return slice(y0, max(y1, y0 + 1)), slice(x0, max(x1, x0))


def _is_seen(whole: Any, without: Any, is_sideways: bool, share: float) -> bool:
    """Whether enough of a word is visible.

    Args:
        whole: its pixels.
        without: its pixels when it is left out.
        is_sideways: whether it runs up or down the page.
        share: the part of the word that was left out.
    """
    if not whole.size:
        return True
    differs = (np.maximum(whole, without) - np.minimum(whole, without) > _SEEN).any(axis=2)
    across = differs.any(axis=1 if is_sideways else 0).mean()
    return bool(across >= _LEAST_ACROSS * share and differs.mean() >= _LEAST_INK * share)


def _apart(boxes: Floats, objects: Integers) -> Integers:
    """For each word the number of its test. Objects whose words overlap are tested separately."""
    unique, _, of_word = by_first_use(objects)
    inset = 0.1 * np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])[:, None]
    inner = np.concatenate([boxes[:, :2] + inset, boxes[:, 2:] - inset], axis=1)
    tests = np.zeros(len(unique), dtype=np.int64)
    neighbours: dict[int, set[int]] = {}
    for row in range(len(boxes)):
        x0, y0, x1, y1 = inner[row]
        near = (inner[:row, 2] > x0) & (inner[:row, 0] < x1) & (inner[:row, 3] > y0) & (inner[:row, 1] < y1)
        for other in np.unique(of_word[:row][near]).tolist():
            one = int(of_word[row])
            if other != one:
                neighbours.setdefault(one, set()).add(other)
                neighbours.setdefault(other, set()).add(one)
    for one in sorted(neighbours):
        taken = {int(tests[other]) for other in neighbours[one] if other < one}
        tests[one] = next(number for number in range(len(taken) + 1) if number not in taken)
    return tests[of_word]
