"""Part the words of a page into columns, at the white gutters between them.

The words between the upper and lower end of a gutter are cut in two there; what lies above and below stands
apart; and every part is looked at again. So a page may change from one column to two or three and back, and
the two languages of a page drawn row by row never mix. Tables stay whole.
A box that stands in a gutter is taken out first, so that the columns around it read on.

This is the recursive X-Y cut of Nagy and Seth ("Hierarchical representation of optically scanned documents",
1984), with cuts down the page only where text runs on both sides.
"""

from typing import NamedTuple

from ingest.gutters import KnownGutters, find_gutter
from ingest.insets import inset_in_gutter
from ingest.words import Words

_DEEPEST = 12


class Column(NamedTuple):
    """Text that is read from top to bottom."""

    words: Words
    notes: tuple[Words, ...] = ()
    """What stands in the margins beside it."""
    is_inset: bool = False
    """It is a box set between the columns before it."""


def columns(words: Words, known: KnownGutters, depth: int = 0) -> list[Column]:
    """The words parted into columns, in reading order."""
    gutter = find_gutter(words, known) if depth < _DEEPEST else None
    if gutter is None:
        return [Column(words)] if len(words.rows) else []
    inset = None if gutter.middle is None else inset_in_gutter(words, gutter.middle)
    if inset is not None:
        around = columns(words.take(~inset), known, depth + 1)
        return [
            *around,
            *(box._replace(is_inset=True) for box in columns(words.take(inset), known, depth + 1)),
        ]
    is_above, is_below = words.baselines < gutter.top - 0.1, words.baselines > gutter.bottom + 0.1
    is_left = words.x0 + words.x1 < 2 * gutter.x
    is_beside = ~is_above & ~is_below
    above, left, right, below = (
        words.take(part) for part in (is_above, is_beside & is_left, is_beside & ~is_left, is_below)
    )
    if gutter.notes:
        text, notes = (right, left) if gutter.notes == "left" else (left, right)
        *before, last = columns(text, known, depth + 1)
        beside = [*before, last._replace(notes=(*last.notes, notes))]
    else:
        beside = [*columns(left, known, depth + 1), *columns(right, known, depth + 1)]
    return [*columns(above, known, depth + 1), *beside, *columns(below, known, depth + 1)]
