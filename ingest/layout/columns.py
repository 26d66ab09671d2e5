"""Divides the words of a page into columns, at the white gutters between them.

Between the upper and lower end of a gutter the words are cut in two. What is above and below is separate, and
every part is examined again. So a page may change from one column to two or three and back, and the two
languages of a page that is drawn row by row never mix. Tables stay whole.

A box in a gutter is taken out first, so that the columns around it continue. Text next to a box at the head
or foot of one column belongs to the other column.

This is the recursive X-Y cut of Nagy and Seth ("Hierarchical representation of optically scanned documents",
1984), with vertical cuts only if there is running text on both sides.
"""

from typing import NamedTuple

import numpy as np

from ingest.drawn_words import Floats
from ingest.layout.gutters import Gutter, KnownGutters, find_gutter
from ingest.layout.insets import inset_in_gutter
from ingest.layout.last_columns import gutter_of_last_column
from ingest.word_arrays import WordArrays, middle

_DEEPEST = 12


class Column(NamedTuple):
    """Text that is read from top to bottom."""

    words: WordArrays
    notes: tuple[WordArrays, ...] = ()
    """The notes in the margins next to it."""
    is_inset: bool = False
    """Whether it is a box set between the columns before it."""


def columns(words: WordArrays, known: KnownGutters, boxes: Floats, depth: int = 0) -> list[Column]:
    """The words divided into columns, in reading order; `boxes` were taken out of the page before."""
    gutter = _gutter(words, known, boxes) if depth < _DEEPEST else None
    if gutter is None:
        return [Column(words)] if len(words.rows) else []
    if not gutter.notes:
        gutter = _along_boxes(gutter, words, boxes)
    inset = None if gutter.middle is None else inset_in_gutter(words, gutter.middle)
    if inset is not None:
        around = columns(words.take(~inset), known, boxes, depth + 1)
        return [
            *around,
            *(box._replace(is_inset=True) for box in columns(words.take(inset), known, boxes, depth + 1)),
        ]
    is_above, is_below = words.baselines < gutter.top - 0.1, words.baselines > gutter.bottom + 0.1
    if (words.x0[is_below] > gutter.x).all():
        is_below[:] = False  # the right column goes on
    is_left = words.x0 + words.x1 < 2 * gutter.x
    is_beside = ~is_above & ~is_below
    above, left, right, below = (
        words.take(part) for part in (is_above, is_beside & is_left, is_beside & ~is_left, is_below)
    )
    if gutter.notes:
        text, notes = (right, left) if gutter.notes == "left" else (left, right)
        *before, last = columns(text, known, boxes, depth + 1)
        beside = [*before, last._replace(notes=(*last.notes, notes))]
    else:
        beside = [*columns(left, known, boxes, depth + 1), *columns(right, known, boxes, depth + 1)]
    return [*columns(above, known, boxes, depth + 1), *beside, *columns(below, known, boxes, depth + 1)]


def _gutter(words: WordArrays, known: KnownGutters, boxes: Floats) -> Gutter | None:
    """The gutter between columns of text; where there is none at the head of these words, that before a last
    column of a few lines."""
    gutter = find_gutter(words, known)
    if not len(words.rows):
        return None
    top, bottom = float(words.baselines.min()), float(words.baselines.max())
    if gutter is None or gutter.top > top + middle(words.sizes):
        x = gutter_of_last_column(words, boxes)
        if x is not None:
            return Gutter(x, top, bottom, middle=x)
    return gutter


def _along_boxes(gutter: Gutter, words: WordArrays, boxes: Floats) -> Gutter:
    """The gutter, as far up and down as boxes stand in one of the columns and words only in the other."""
    for x0, top, x1, bottom in boxes.tolist():
        if x0 < gutter.x < x1:
            continue
        is_beside = words.x0 > gutter.x if x1 <= gutter.x else words.x1 < gutter.x
        above = (words.baselines >= top) & (words.baselines < gutter.top)
        below = (words.baselines > gutter.bottom) & (words.baselines <= bottom)
        highest = words.baselines[above & ~is_beside].max(initial=-np.inf)
        lowest = words.baselines[below & ~is_beside].min(initial=np.inf)
        gutter = gutter._replace(
            top=float(words.baselines[above & (words.baselines > highest)].min(initial=gutter.top)),
            bottom=float(words.baselines[below & (words.baselines < lowest)].max(initial=gutter.bottom)),
        )
    return gutter
