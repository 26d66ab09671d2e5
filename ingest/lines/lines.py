"""Groups the words of one column into lines, and divides each line at wide gaps."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ingest.word_arrays import WordArrays

_SAME_LINE = 0.25
"""Greatest distance between baselines of words on one line, in font sizes."""
_SCRIPT_SHIFT = 0.62
"""Most that a superscript or subscript is raised or lowered, in font sizes."""
_SCRIPT_SIZE = 0.88
WIDE_GAP = 1.2
"""A gap wider than this many font sizes is no space between words, but a gap as between cells of a table."""


@dataclass(slots=True)
class Line:
    """Words on one baseline, from left to right."""

    words: list[int]
    """Rows of the page's words."""
    edges: list[tuple[float, float]]
    """Left and right edge of each word."""
    baseline: float
    size: float
    is_bold: bool
    """Whether all of it is bold."""
    x0: float = field(init=False)
    x1: float = field(init=False)

    def __post_init__(self) -> None:
        self.x0 = self.edges[0][0]
        self.x1 = max([right for _, right in self.edges])

    def without(self, words: set[int]) -> "Line | None":
        """The line without these words; None if nothing is left."""
        kept = [place for place, word in enumerate(self.words) if word not in words]
        if not kept:
            return None
        return Line(
            [self.words[place] for place in kept],
            [self.edges[place] for place in kept],
            self.baseline,
            self.size,
            self.is_bold,
        )

    def pieces(self) -> list["Line"]:
        """The parts of the line between wide gaps."""
        starts = [0]
        right = self.edges[0][1]
        for place, (left, end) in enumerate(self.edges[1:], start=1):
            if left - right > WIDE_GAP * self.size:
                starts.append(place)
            if end > right:
                right = end
        if len(starts) == 1:
            return [self]
        ends = [*starts[1:], len(self.words)]
        return [
            Line(self.words[start:end], self.edges[start:end], self.baseline, self.size, self.is_bold)
            for start, end in zip(starts, ends, strict=True)
        ]


def lines(words: WordArrays) -> list[Line]:
    """The lines of a column from top to bottom."""
    if not len(words.rows):
        return []
    by_baseline = np.argsort(words.baselines, kind="stable")
    steps = np.diff(words.baselines[by_baseline])
    tolerance = _SAME_LINE * np.minimum(words.sizes[by_baseline][1:], words.sizes[by_baseline][:-1])
    number = np.empty(len(by_baseline), dtype=np.int64)
    number[by_baseline] = np.concatenate([[0], np.cumsum(steps > tolerance)])
    order = np.lexsort((words.x0, number))
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    ends = [*starts.tolist()[1:], len(order)]
    widths = np.maximum(words.x1 - words.x0, 0.01)[order]
    total = np.add.reduceat(widths, starts)
    sizes = (np.add.reduceat(widths * words.sizes[order], starts) / total).tolist()
    bold = (np.add.reduceat(widths * words.bold[order], starts) / total > 0.95).tolist()
    baselines = np.maximum.reduceat(words.baselines[order], starts).tolist()
    rows = words.rows[order].tolist()
    edges = list(zip(words.x0[order].tolist(), words.x1[order].tolist(), strict=True))
    found: list[Line] = []
    for place, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True)):
        line = Line(rows[start:end], edges[start:end], baselines[place], sizes[place], bold[place])
        if found and (joined := _with_scripts(found[-1], line)):
            found[-1] = joined
        else:
            found.append(line)
    return found


def _with_scripts(upper: Line, lower: Line) -> Line | None:
    """Both lines as one if one of them consists of superscripts or subscripts of the other; else None."""
    main, script = (upper, lower) if upper.size >= lower.size else (lower, upper)
    distance = lower.baseline - upper.baseline
    if distance > _SCRIPT_SHIFT * main.size:
        return None
    if distance > 2 * _SAME_LINE * main.size and script.size > _SCRIPT_SIZE * main.size:
        return None
    together = sorted(
        zip(upper.edges + lower.edges, upper.words + lower.words, strict=True),
        key=lambda word: word[0],
    )
    reach = 0.1 * main.size
    if any(before[1] - after[0] > reach for (before, _), (after, _) in pairwise(together)):
        return None
    return Line(
        [word for _, word in together],
        [edge for edge, _ in together],
        main.baseline,
        main.size,
        main.is_bold,
    )
