"""Converts the page's own coordinates to those of the page as displayed."""

from typing import Any

import numpy as np

from ingest.drawn_words import Floats


def displayed(page: Any, boxes: Floats) -> Floats:
    """Converts boxes in the page's own coordinates (y upwards) to the page as displayed (origin top left,
    rotated)."""
    if not len(boxes):
        return boxes
    left, bottom, right, top = page.get_bbox()
    x0, y0, x1, y1 = boxes.T
    match page.get_rotation():
        case 90:
            turned = y0 - bottom, x0 - left, y1 - bottom, x1 - left
        case 180:
            turned = right - x1, y0 - bottom, right - x0, y1 - bottom
        case 270:
            turned = top - y1, right - x1, top - y0, right - x0
        case _:
            turned = x0 - left, top - y1, x1 - left, top - y0
    return np.stack(turned, axis=1)
