"""Lines that consist of a label and figures, as in small tables, with narrow gaps between them.

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
    """Where a line may be cut into its label and its figures."""

    starts: list[int]
    """The numbers of the words that begin cells after the label."""
    ends: list[float]
    """The right edges of all cells."""
    are_figures: bool
    """Whether all cells after the label are figures."""


def cut_before_figures(
    found: list[list[Line]], column: Sequence[Line], texts: Sequence[str]
) -> list[list[Line]]:
    """The pieces of each line of a column, with lines of labels and figures cut in two, or in more where
    there are several figures."""
    for cuts in ([_cuts(line, texts) for line in column], [_cut(line, texts) for line in column]):
        for run in _runs(column, cuts):
            if not any(has_leader(column[place], texts) for place in run):
                for place in run:
                    cut = cuts[place]
                    if cut and len(found[place]) <= len(cut.starts):
                        found[place] = _parted(column[place], cut.starts)
                if run.stop < len(column) and _is_text_below(column[run[-2] : run.stop + 1]):
                    found[run.stop] = [column[run.stop]]
    return found


def _is_text_below(last: Sequence[Line]) -> bool:
    """Whether the last of three lines is text below the table that the other two end: it ends further right,
    and is further down than a row would be."""
    above, row, line = last
    is_wider = line.x1 > row.x1 + _SAME_EDGE
    return is_wider and line.baseline - row.baseline > _BELOW * (row.baseline - above.baseline)


def _cuts(line: Line, texts: Sequence[str]) -> _Cut | None:
    """All wide spaces of a line, if there are several, each wider than all others."""
    spaces = _spaces(line)
    wide = [place for place, space in enumerate(spaces, start=1) if space >= _NARROWEST * line.size]
    if len(wide) < 2:
        return None
    narrowest = min(spaces[place - 1] for place in wide)
    others = max((space for space in spaces if space < _NARROWEST * line.size), default=0.0)
    return _cut_at(line, wide, texts) if narrowest >= _WIDER * others else None


def _cut(line: Line, texts: Sequence[str]) -> _Cut | None:
    """The widest space of a line, if it is wide enough and followed by a figure or a short heading."""
    spaces = _spaces(line)
    if not spaces:
        return None
    widest = max(range(len(spaces)), key=spaces.__getitem__)
    others = [space for place, space in enumerate(spaces) if place != widest]
    if spaces[widest] < _NARROWEST * line.size or spaces[widest] < _WIDER * max(others, default=0.0):
        return None
    return _cut_at(line, [widest + 1], texts)


def _spaces(line: Line) -> list[float]:
    """The widths of the spaces of a line of words."""
    return [] if line.words[0] < 0 else [right[0] - left[1] for left, right in pairwise(line.edges)]


def _cut_at(line: Line, starts: list[int], texts: Sequence[str]) -> _Cut:
    cells = [line.words[start:end] for start, end in pairwise([*starts, len(line.words)])]
    ends = [line.edges[start - 1][1] for start in [*starts, len(line.words)]]
    return _Cut(starts, ends, all(_is_figure([texts[word] for word in cell]) for cell in cells))


def _is_figure(cell: Sequence[str]) -> bool:
    return any(map(is_number, cell)) and all(is_number(text) or text in _BESIDE_NUMBERS for text in cell)


def _runs(column: Sequence[Line], cuts: Sequence[_Cut | None]) -> Iterator[range]:
    """Runs of lines with figures, each with the line of headings above it."""
    start = 0
    while start < len(column):
        end = start
        while end < len(column):
            cut = cuts[end]
            if cut is None or not (cut.are_figures or end == start):
                break
            if end > start and not _goes_on(column[end - 1], cuts[end - 1], column[end], cut):
                break
            end += 1
        figures = sum(cut is not None and cut.are_figures for cut in cuts[start:end])
        if figures >= _FEWEST_FIGURES and end - start >= _FEWEST_LINES:
            yield range(start, end)
            start = end
        else:
            start += 1


def _goes_on(above: Line, upper: _Cut | None, line: Line, lower: _Cut) -> bool:
    """Whether a line is the next row of a table: its label begins at the same place, and its figures end at
    the same places."""
    return (
        upper is not None
        and len(upper.ends) == len(lower.ends)
        and abs(line.x0 - above.x0) <= _SAME_EDGE
        and all(
            abs(one - other) <= _SAME_EDGE for one, other in zip(upper.ends[1:], lower.ends[1:], strict=True)
        )
        and line.baseline - above.baseline <= _FARTHEST * line.size
    )


def _parted(line: Line, starts: Sequence[int]) -> list[Line]:
    parts = [slice(start, end) for start, end in pairwise([0, *starts, len(line.words)])]
    return [
        Line(line.words[part], line.edges[part], line.baseline, line.size, line.is_bold) for part in parts
    ]
