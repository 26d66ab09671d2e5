"""The rows of a ruled table: splits columns and rows that have no rule between them."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from ingest.lines.lines import Line, lines
from ingest.tables.unruled_tables import Bounds, TableRow, column_bounds
from ingest.word_arrays import WordArrays, is_number

_SAME_BASELINE = 2.0
"""Greatest distance between the baselines of cells of one row, in points."""

_FULL = 0.4
"""Least share of the lines between two rules that have a piece in each of the inner columns."""

_Cell = list[Line]


def rows_of_cells(cells: Sequence[Sequence[WordArrays]], texts: Sequence[str]) -> list[TableRow]:
    """The rows of a ruled table, after its cells are split.

    Columns between two rules become columns of their own, and numbers below each other get their own rows.
    """
    table = _with_inner_columns([[lines(cell) for cell in row] for row in cells], texts)
    return [parted for row in table for parted in _parted(row, texts)]


def _with_inner_columns(table: list[list[_Cell]], texts: Sequence[str]) -> list[list[_Cell]]:
    """Split columns that have no rule between them.

    The lines of a heading above several such columns become a row of their own.
    """
    bounds = [_inner_bounds(column) for column in zip(*table, strict=True)]
    if all(len(inner) < 2 for inner in bounds):
        return table
    found: list[list[_Cell]] = []
    for row in table:
        above: list[_Cell] = []
        beneath: list[_Cell] = []
        for cell, inner in zip(row, bounds, strict=True):
            if len(inner) < 2:
                above.append(cell)
                beneath.append([])
                continue
            pieces = [
                [part for piece in line.pieces() for part in _figures_apart(piece, texts)] for line in cell
            ]
            parted = next((place for place, line in enumerate(pieces) if len(line) > 1), len(pieces))
            above += _placed(pieces[:parted], inner)
            beneath += _placed(pieces[parted:], inner)
        has_heading = any(above[place] for place in _places(bounds)) and any(beneath)
        if has_heading:
            found += [above, beneath]
        else:
            found.append([upper + lower for upper, lower in zip(above, beneath, strict=True)])
    return found


def _places(bounds: Sequence[Bounds]) -> list[int]:
    """The numbers of the columns that come from splitting a ruled column."""
    parted = [len(inner) > 1 for inner in bounds for _ in range(max(1, len(inner)))]
    return [place for place, is_parted in enumerate(parted) if is_parted]


def _inner_bounds(column: Sequence[_Cell]) -> Bounds:
    """Left and right end of the columns within a ruled column; empty if there is only one."""
    pieces = [line.pieces() for cell in column for line in cell]
    most = max(map(len, pieces), default=0)
    full = [line for line in pieces if len(line) == most]
    if most < 2 or len(full) < max(2, _FULL * len(pieces)):
        return []
    bounds = column_bounds(full)
    return bounds if len(bounds) == most else []


def _placed(cell: Sequence[Sequence[Line]], inner: Bounds) -> list[_Cell]:
    """The pieces of a cell's lines, each in the inner column with which it overlaps most."""
    placed: list[_Cell] = [[] for _ in inner]
    for line in cell:
        for piece in line:
            overlaps = [min(piece.x1, right) - max(piece.x0, left) for left, right in inner]
            placed[overlaps.index(max(overlaps))].append(piece)
    return placed


def _figures_apart(piece: Line, texts: Sequence[str]) -> list[Line]:
    """Split a piece of numbers into words, because they may be close to those of the next column."""
    if any(map(str.isalpha, "".join(texts[word] for word in piece.words))):
        return [piece]
    return [
        Line([word], [edge], piece.baseline, piece.size, piece.is_bold)
        for word, edge in zip(piece.words, piece.edges, strict=True)
    ]


def _parted(cells: list[_Cell], texts: Sequence[str]) -> list[TableRow]:
    """One row of cells, or several if numbers are below each other without a rule between them."""
    if not any(len(cell) > 1 and _are_figures(cell, cells, texts) for cell in cells):
        return [[[line.words for line in cell] for cell in cells]]
    baselines = sorted(line.baseline for cell in cells for line in cell)
    starts = [
        baselines[0],
        *(after for before, after in pairwise(baselines) if after - before > _SAME_BASELINE),
    ]
    rows: list[TableRow] = [[[] for _ in cells] for _ in starts]
    for column, cell in enumerate(cells):
        for line in cell:
            rows[bisect_right(starts, line.baseline + 0.1) - 1][column].append(line.words)
    return rows


def _are_figures(cell: _Cell, cells: list[_Cell], texts: Sequence[str]) -> bool:
    """Whether a cell contains only numbers, each on the baseline of a line of the row's first cell."""
    first = next(cell for cell in cells if cell)
    return cell is not first and all(
        all(is_number(texts[word]) or not any(map(str.isalnum, texts[word])) for word in line.words)
        and any(abs(line.baseline - label.baseline) <= _SAME_BASELINE for label in first)
        for line in cell
    )
