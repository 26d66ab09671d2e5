"""The words of a page as drawn, each with its box. The PDF engine and OCR produce them; layout uses them."""

from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class PageText:
    """The words of one page as drawn, in drawing order; row i of each array belongs to ``texts[i]``."""

    width: float
    """Width of the page as displayed, in points; the height likewise."""
    height: float
    texts: list[str]
    boxes: Floats
    """One row (x0, y0, x1, y1) each, in points from the top left of the displayed page."""
    descents: Floats
    """How far the box extends below the baseline, in points."""
    sizes: Floats
    """Font size in points."""
    bold: Mask
    turns: Integers
    """Direction of writing in quarter turns anticlockwise: 0 upright, 1 upwards, 2 upside down, 3
    downwards; -1 slanted."""
    unmapped: float = 0.0
    """Part of the characters for which the file does not say what they are; an estimate."""
    rules: Floats = field(default_factory=lambda: np.empty((0, 4)))
    """Boxes of the thin lines drawn on the page."""
    faces: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """A number for the typeface of each word, the same for its subsets and on all pages; 0 if unknown."""
    fonts: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """A number for the font of each word, the same on all pages; 0 if unknown."""
    doubtful: Mask = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    """Whether each word was read by OCR and may be wrong."""
    stamps: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """The number, from 1, of the watermark or stamp that each word is part of; 0 if of none."""
    hidden: int = 0
    """How many words of the file the drawn page does not show; they are not among `texts`."""
    frames: Floats = field(default_factory=lambda: np.empty((0, 4)))
    """Boxes of the frames and shaded areas drawn on the page."""
    initials: Floats = field(default_factory=lambda: np.empty((0, 4)))
    """Boxes of the initials that were joined to an upright word: as large as they are drawn, down to the
    baseline."""

    def __post_init__(self) -> None:
        # Arrays that were not given get their default values.
        for name in ("faces", "fonts", "doubtful", "stamps"):
            values = getattr(self, name)
            if not len(values):
                setattr(self, name, np.zeros(len(self.texts), dtype=values.dtype))

    @classmethod
    def empty(cls, width: float, height: float) -> "PageText":
        """A page of this size without words."""
        return cls(
            width,
            height,
            [],
            np.empty((0, 4)),
            np.empty(0),
            np.empty(0),
            np.empty(0, dtype=np.bool_),
            np.empty(0, dtype=np.int64),
        )

    def take(self, rows: npt.NDArray[Any]) -> "PageText":
        """The words of these rows (indices or a mask), in this order."""
        indices = np.arange(len(self.texts))[rows]
        taken = copy(self)
        taken.texts = [self.texts[i] for i in indices.tolist()]
        for name in _BY_WORD:
            setattr(taken, name, getattr(self, name)[indices])
        return taken

    def followed_by(self, others: "PageText") -> "PageText":
        """The page with the words of another page of the same size added at the end."""
        both = copy(self)
        both.texts = [*self.texts, *others.texts]
        for name in _BY_WORD:
            setattr(both, name, np.concatenate([getattr(self, name), getattr(others, name)]))
        return both

    def turned(self, turn: int) -> "PageText":
        """The page turned so that its words of this direction are upright."""
        if turn not in (1, 2, 3):
            return self
        size = (self.height, self.width) if turn % 2 else (self.width, self.height)
        boxes, rules, frames, initials = (
            _turned(boxes, self.width, self.height, turn)
            for boxes in (self.boxes, self.rules, self.frames, self.initials)
        )
        return replace(
            self, width=size[0], height=size[1], boxes=boxes, rules=rules, frames=frames, initials=initials
        )


_BY_WORD = ("boxes", "descents", "sizes", "bold", "turns", "faces", "fonts", "doubtful", "stamps")
"""The arrays of a page that have a row for each word."""


def _turned(boxes: Floats, width: float, height: float, turn: int) -> Floats:
    """The boxes after a page of this size is turned clockwise by so many quarter turns."""
    x0, y0, x1, y1 = boxes.T
    turned = {
        1: (height - y1, x0, height - y0, x1),
        2: (width - x1, height - y1, width - x0, height - y0),
        3: (y0, width - x1, y1, width - x0),
    }
    return np.stack(turned[turn], axis=1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a page shows besides its text."""

    image_share: float
    """Part of the page's area that images cover, from 0 to 1."""
    dots_per_inch: float
    """Resolution of the largest image; 0 without images."""
    paths: int
    """Number of lines and shapes."""


def worth_keeping(page: PageText) -> Mask:
    """Whether each word is on the page, and does not repeat the same word at the same place."""
    x0, y0, x1, y1 = page.boxes.T
    keep: Mask = (x1 > 0) & (x0 < page.width) & (y1 > 0) & (y0 < page.height)
    keep &= np.array([bool(text) for text in page.texts], dtype=np.bool_)
    numbers = {text: number for number, text in enumerate(dict.fromkeys(page.texts))}
    identities = np.fromiter(map(numbers.__getitem__, page.texts), dtype=np.int64, count=len(page.texts))
    # Repeated words are next to each other when sorted by text and then along a slanted line.
    along = x0 + 7.3 * y0
    order = np.lexsort((along, identities))
    tolerance = 0.15 * page.sizes[order][1:]
    is_again = (np.diff(identities[order]) == 0) & (np.abs(np.diff(x0[order])) <= tolerance)
    is_again &= np.abs(np.diff(y0[order])) <= tolerance
    is_again &= np.abs(np.diff(x1[order])) <= tolerance
    keep[order[1:][is_again]] = False
    return keep
