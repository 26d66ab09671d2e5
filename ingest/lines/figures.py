"""Lines that consist of a label and a figure, as in small tables, with a narrow gap between the two.

The figures are aligned at their right edges, and the space before them is wider than the other spaces of
the line. Several lines of text in a row do not end like this.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.lines.lines import Line
from ingest.lines.markers import has_leader
from ingest.word_arrays import is_number

_NARROWEST = 0.6
"""Least space before a figure, in font sizes."""
_WIDER = 1.3
"""Least space before a figure, as a multiple of the widest other space of the line."""
_SAME_EDGE = 1.0
"""Greatest distance between the left edges of labels, and between the right edges of figures, in points."""
_FARTHEST = 2.2
"""Greatest distance from line to line, in font sizes."""
_BELOW = 1.15
"""As a multiple of the distance between rows: text below a table is further down."""
_FEWEST_FIGURES, _FEWEST_LINES = 2, 3
"""Least number of lines with a figure, and of lines including the headings above them."""
_BESIDE_NUMBERS = frozenset("€$£%‰–-")


class _Cut(NamedTuple):
    """Where a line may be cut into its label and its figure."""

    place: int
    """The number of the first word after the label."""
    is_figure: bool


def cut_before_figures(
    found: list[list[Line]], column: Sequence[Line], texts: Sequence[str]
) -> list[list[Line]]:
    """The pieces of each line of a column, with lines of labels and figures cut in two."""
    cuts = [_cut(line, texts) for line in column]
    for run in _runs(column, cuts):
        if not any(has_leader(column[place], texts) for place in run):
            for place in run:
                cut = cuts[place]
                if cut and len(found[place]) == 1:
                    found[place] = _parted(column[place], cut.place)
            if run.stop < len(column) and _is_text_below(column[run[-2] : run.stop + 1]):
                found[run.stop] = [column[run.stop]]
    return found


def _is_text_below(last: Sequence[Line]) -> bool:
    """Whether the last of three lines is text below the table that the other two end: it ends further right,
    and is further down than a row would be."""
    above, row, line = last
    is_wider = line.x1 > row.x1 + _SAME_EDGE
    return is_wider and line.baseline - row.baseline > _BELOW * (row.baseline - above.baseline)


def _cut(line: Line, texts: Sequence[str]) -> _Cut | None:
    """The widest space of a line, if it is wide enough and followed by a figure or a short heading."""
    spaces = [right[0] - left[1] for left, right in pairwise(line.edges)]
    if not spaces or line.words[0] < 0:
        return None
    widest = max(range(len(spaces)), key=spaces.__getitem__)
    others = [space for place, space in enumerate(spaces) if place != widest]
    if spaces[widest] < _NARROWEST * line.size or spaces[widest] < _WIDER * max(others, default=0.0):
        return None
    after = [texts[word] for word in line.words[widest + 1 :]]
    are_figures = any(map(is_number, after)) and all(
        is_number(text) or text in _BESIDE_NUMBERS for text in after
    )
    return _Cut(widest + 1, are_figures)


def _runs(column: Sequence[Line], cuts: Sequence[_Cut | None]) -> Iterator[range]:
    """Runs of lines with figures, each with the line of headings above it."""
    start = 0
    while start < len(column):
        end = start
        while end < len(column) and (end == start or _goes_on(column[end - 1], column[end])):
            cut = cuts[end]
            if cut is None or not (cut.is_figure or end == start):
                break
            end += 1
        figures = sum(cut is not None and cut.is_figure for cut in cuts[start:end])
        if figures >= _FEWEST_FIGURES and end - start >= _FEWEST_LINES:
            yield range(start, end)
            start = end
        else:
            start += 1


def _goes_on(above: Line, line: Line) -> bool:
    return (
        abs(line.x0 - above.x0) <= _SAME_EDGE
        and abs(line.x1 - above.x1) <= _SAME_EDGE
        and line.baseline - above.baseline <= _FARTHEST * line.size
    )


def _parted(line: Line, place: int) -> list[Line]:
    return [
        Line(line.words[part], line.edges[part], line.baseline, line.size, line.is_bold)
        for part in (slice(None, place), slice(place, None))
    ]
