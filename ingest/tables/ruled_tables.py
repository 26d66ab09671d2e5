"""Tables with rules: the lines around the cells show which words belong together.

Rules that touch form a grid; neighbouring fields without a rule between them are one cell. The words of a
cell are read line by line, so that a sentence in a narrow cell stays whole.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.drawn_words import Floats, Integers
from ingest.tables.rules_across import tables_of_rows
from ingest.word_arrays import WordArrays, middle

_Mask = npt.NDArray[np.bool_]

_TOUCHING = 4.0
"""Greatest gap between rules that meet, in points."""
_SHORTEST_RULE = 6.0
_MOST_RULES = 400
"""Most distinct lines in each direction; more are a drawing."""
_NARROWEST_CELL = 6.0
"""Least width of a cell, in points; rules closer together are a border and the edge of its content."""
_INSIDE_WORD = 0.2
"""How far a word may extend over the rules of its cell, as a share of its length."""
_MOST_STRUCK = 0.1
"""A rule that runs through at least this many words for each line of text along it is not part of a table."""
_NARROWEST_GUTTER = 0.6
"""Least gap between the headings of two columns, in font sizes."""
_FEWEST_CELLS, _FEWEST_CELLS_IF_WIDE = 4, 2
"""Least number of cells with words in a table; two are enough in wide tables, which continue over pages."""
_WIDE_TABLE = 4
"""Least number of columns of a wide table."""
_SAME_LINE = 2.5
"""Greatest vertical distance between words of one line, in points."""
_LOOSER = 1.15
"""Rows are further apart than lines of one text by at least this factor."""
_MANY_ROWS = 3
"""Least number of rows; a label next to several rows has fewer lines."""


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table on a page."""

    x0: float
    top: float
    x1: float
    bottom: float
    cells: list[list[WordArrays]]
    """Rows of cells with the words in them; the same number of cells in each row."""


class _Grid(NamedTuple):
    """Lines that touch each other, by their indexes among all lines of the page."""

    across: Integers
    down: Integers

    @property
    def size(self) -> int:
        return len(self.across) * len(self.down)


class _PlacedWords(NamedTuple):
    """The words within a grid, with the row and the column of the grid's field that each is in.

    Element i of each array belongs to the same word.
    """

    words: WordArrays
    rows: Integers
    columns: Integers


def ruled_tables(rules: Floats, words: WordArrays) -> list[RuledTable]:
    """Find the tables that rules draw around some of the words.

    Args:
        rules: boxes of shape (rules, 4), float64, in points: left, top, right, bottom.
    """
    rules = rules[(rules[:, :2] >= 0).all(axis=1)]  # a rule that begins outside the page is an ornament
    across, down = _lines(rules, axis=1), _lines(rules, axis=0)
    if len(across) < 2 or max(len(across), len(down)) > _MOST_RULES:
        return []
    down = down[~_run_through_words(down, words)] if len(down) > 1 else down[:0]
    grids = _grids(across, down) if len(down) > 1 else []
    found: list[RuledTable] = []
    for grid in sorted(grids, key=lambda grid: grid.size, reverse=True):
        if table := _table(across[grid.across], down[grid.down], words):
            # A word belongs to one table only, even if a frame around the table looks like another.
            inside = np.concatenate([cell.rows for row in table.cells for cell in row])
            words = words.take(~np.isin(words.rows, inside))
            found.append(table)
    without_columns = (
        RuledTable(table.x0, table.top, table.x1, table.bottom, table.cells)
        for table in tables_of_rows(across, words)
    )
    return [*found, *without_columns]


def ruled_cells(rules: Floats) -> Floats:
    """The boxes of the cells that rules draw, with or without words: row by row of each table.

    Args and result: boxes of shape (number, 4), float64, in points: left, top, right, bottom.
    """
    across, down = _lines(rules, axis=1), _lines(rules, axis=0)
    if len(across) < 2 or len(down) < 2 or max(len(across), len(down)) > _MOST_RULES:
        return np.empty((0, 4))
    found: list[list[float]] = []
    for grid in _grids(across, down):
        xs, ys = _table_places(across[grid.across], down[grid.down])
        labels = _cell_labels(xs, ys, across[grid.across], down[grid.down])
        for label in np.unique(labels).tolist():
            rows, columns = np.nonzero(labels == label)
            found.append([xs[columns.min()], ys[rows.min()], xs[columns.max() + 1], ys[rows.max() + 1]])
    return np.array(found, dtype=np.float64).reshape(-1, 4)


def without_tables(words: WordArrays, tables: Sequence[RuledTable], first: int = 0) -> WordArrays:
    """Replace the words of each table by fillers as wide as the table.

    So each table is read as a whole, and no gutter runs through it. The first table has the number `first`;
    the fillers of table number n have the row -1 - n.
    """
    if not tables:
        return words
    in_tables = np.concatenate([cell.rows for table in tables for row in table.cells for cell in row])
    rest = words.take(~np.isin(words.rows, in_tables))
    size = middle(words.sizes)
    heights = [np.arange(table.top + size, table.bottom + 0.1, 1.2 * max(size, 1.0)) for table in tables]
    table_of = np.repeat(np.arange(len(tables)), [len(height) for height in heights])
    count = len(table_of)
    return WordArrays(
        np.concatenate([rest.rows, -1 - first - table_of]),
        np.concatenate([rest.x0, np.array([table.x0 for table in tables])[table_of]]),
        np.concatenate([rest.x1, np.array([table.x1 for table in tables])[table_of]]),
        np.concatenate([rest.baselines, *heights]),
        np.concatenate([rest.sizes, np.full(count, size)]),
        np.concatenate([rest.bold, np.zeros(count, dtype=np.bool_)]),
        np.concatenate([rest.is_number, np.zeros(count, dtype=np.bool_)]),
    )


def _run_through_words(down: Floats, words: WordArrays) -> _Mask:
    """For each vertical line, whether it runs through words, as lines of ornaments do."""
    middles = words.baselines - 0.3 * words.sizes
    inside = _INSIDE_WORD * (words.x1 - words.x0)
    is_beside = (down[:, None, 1] < middles) & (middles < down[:, None, 2])
    is_through = is_beside & (down[:, None, 0] > words.x0 + inside) & (down[:, None, 0] < words.x1 - inside)
    height = np.where(is_beside, middles, -np.inf).max(axis=1) - np.where(is_beside, middles, np.inf).min(
        axis=1
    )
    lines = 1 + height / max(middle(words.sizes), 1.0)
    struck: _Mask = is_through.sum(axis=1) >= np.maximum(2, _MOST_STRUCK * lines)
    return struck


def _lines(rules: Floats, axis: int) -> Floats:
    """The horizontal (axis 1) or vertical (axis 0) rules; collinear rules that touch are joined.

    Returns:
        shape (lines, 3), float64, in points, ordered by place: place, begin, end. The place of a horizontal
        line is its height, and it begins at its left; the place of a vertical line is its horizontal
        position, and it begins at its top.
    """
    thickness, length = rules[:, axis + 2] - rules[:, axis], rules[:, 3 - axis] - rules[:, 1 - axis]
    chosen = rules[(length >= _SHORTEST_RULE) & (thickness < length)]
    places = (chosen[:, axis] + chosen[:, axis + 2]) / 2
    order = np.lexsort((chosen[:, 1 - axis], places))
    found: list[list[list[float]]] = []
    for place, begin, end in zip(
        places[order].tolist(),
        chosen[order, 1 - axis].tolist(),
        chosen[order, 3 - axis].tolist(),
        strict=True,
    ):
        if not found or place - found[-1][0][0] > _TOUCHING:
            found.append([])
        found[-1].append([place, begin, end])
    return np.array([line for group in found for line in _joined(group)]).reshape(-1, 3)


def _joined(group: list[list[float]]) -> list[list[float]]:
    """Join the pieces of a line that touch or overlap."""
    joined: list[list[float]] = []
    for place, begin, end in sorted(group, key=lambda piece: piece[1]):
        if joined and begin <= joined[-1][2] + _TOUCHING:
            joined[-1][2] = max(joined[-1][2], end)
        else:
            joined.append([place, begin, end])
    return joined


def _grids(across: Floats, down: Floats) -> list[_Grid]:
    """The groups of horizontal and vertical lines that touch each other."""
    crosses_down = (across[:, None, 1] - _TOUCHING <= down[:, 0]) & (
        down[:, 0] <= across[:, None, 2] + _TOUCHING
    )
    crosses_across = (down[:, 1] - _TOUCHING <= across[:, None, 0]) & (
        across[:, None, 0] <= down[:, 2] + _TOUCHING
    )
    return _connected(crosses_down & crosses_across)


def _connected(meets: _Mask) -> list[_Grid]:
    """The connected groups of horizontal and vertical lines.

    Args:
        meets: shape (horizontal lines, vertical lines), bool: whether they touch.
    """
    found = []
    unseen = np.ones(len(meets), dtype=np.bool_)
    while unseen.any():
        rows = np.zeros(len(meets), dtype=np.bool_)
        rows[int(unseen.argmax())] = True
        while True:
            columns = meets[rows].any(axis=0)
            grown = rows | meets[:, columns].any(axis=1)
            if (grown == rows).all():
                break
            rows = grown
        unseen &= ~rows
        if rows.sum() > 1 and columns.sum() > 1:
            found.append(_Grid(np.flatnonzero(rows), np.flatnonzero(columns)))
    return found


def _table(across: Floats, down: Floats, words: WordArrays) -> RuledTable | None:
    """The table that lines draw, if words are in several of its rows and columns."""
    xs, ys = _table_places(across, down)
    placed = _within_grid(words, xs, ys)
    if len(xs) < 3 or not len(placed.rows):
        return None
    labels = _cell_labels(xs, ys, across, down)[placed.rows, placed.columns]
    cells = _words_of_cells(placed, labels, xs)
    columns = sorted({column for row in cells.values() for column in row})
    filled = sum(map(len, cells.values()))
    is_wide = len(xs) - 1 >= _WIDE_TABLE
    if len(columns) < 2 or filled < (_FEWEST_CELLS_IF_WIDE if is_wide else _FEWEST_CELLS):
        return None
    none = np.empty(0, dtype=np.int64)
    return RuledTable(
        x0=float(xs[0]),
        top=float(ys[0]),
        x1=float(xs[-1]),
        bottom=float(ys[-1]),
        cells=[
            [placed.words.take(np.concatenate([none, *row.get(column, [])])) for column in columns]
            for _, row in sorted(cells.items())
        ],
    )


def _within_grid(words: WordArrays, xs: Floats, ys: Floats) -> _PlacedWords:
    """The words whose middle is within a grid; `xs` and `ys` are the bounds of its columns and rows."""
    across, down = (words.x0 + words.x1) / 2, words.baselines - 0.3 * words.sizes
    is_inside = (across > xs[0]) & (across < xs[-1]) & (down > ys[0]) & (down < ys[-1])
    inside = np.flatnonzero(is_inside)
    return _PlacedWords(
        words.take(inside),
        rows=np.searchsorted(ys, down[inside]) - 1,
        columns=np.searchsorted(xs, across[inside]) - 1,
    )


def _words_of_cells(
    placed: _PlacedWords, labels: Integers, xs: Floats
) -> dict[int, defaultdict[int, list[Integers]]]:
    """By row and column of the table, the indexes of the words in the cell, in one or more arrays.

    Args:
        labels: for each word, the number of its cell, which is that of the cell's first field.
    """
    cells: defaultdict[int, defaultdict[int, list[Integers]]] = defaultdict(lambda: defaultdict(list))
    for label in np.unique(labels).tolist():
        is_in_cell = labels == label
        if _has_rows_without_rules(placed, is_in_cell):
            row_of_word = placed.rows
        else:
            row_of_word = np.full_like(placed.rows, label // (len(xs) - 1))
        for is_in_part in _parted_at_columns(placed.words, is_in_cell, placed.columns, xs):
            # A cell over several columns belongs to the column of its words.
            column = int(np.median(placed.columns[is_in_part]))
            for row in np.unique(row_of_word[is_in_part]).tolist():
                cells[row][column].append(np.flatnonzero(is_in_part & (row_of_word == row)))
    return cells


def _has_rows_without_rules(placed: _PlacedWords, is_in_cell: _Mask) -> bool:
    """Whether a cell over several rows of the grid is really one cell for each row, without rules between."""
    rows = placed.rows[is_in_cell]
    return _lacks_rules(rows, placed.rows[~is_in_cell]) and not _runs_on(
        placed.words.baselines[is_in_cell], rows
    )


def _parted_at_columns(words: WordArrays, is_in_cell: _Mask, columns: Integers, xs: Floats) -> list[_Mask]:
    """Split the words of a cell over several columns where all of them keep clear of a column bound.

    The headings of columns do so if there are no rules between them.
    """
    inner = np.unique(columns[is_in_cell])
    if len(inner) < 2:
        return [is_in_cell]
    space = _NARROWEST_GUTTER * words.sizes / 2
    clear = [
        column
        for column in inner[1:].tolist()
        if not (is_in_cell & (words.x0 < xs[column] + space) & (words.x1 > xs[column] - space)).any()
    ]
    part = np.searchsorted(clear, columns, side="right")
    return [is_in_cell & (part == number) for number in np.unique(part[is_in_cell]).tolist()]


def _lacks_rules(rows: Integers, others: Integers) -> bool:
    """Whether a cell over several rows of the grid has words in most rows in which other cells have words.

    Otherwise it is one label for all of these rows.
    """
    own = np.unique(rows)
    if len(own) < _MANY_ROWS:
        return False
    beside = np.unique(others[(others >= own[0]) & (others <= own[-1])])
    return len(beside) >= _MANY_ROWS and len(own) >= 0.6 * len(beside)


def _runs_on(baselines: Floats, rows: Integers) -> bool:
    """Whether the lines of a cell over several rows are as close across row bounds as within rows, as in one
    continuous text."""
    order = np.argsort(baselines)
    steps, is_border = np.diff(baselines[order]), np.diff(rows[order]) > 0
    is_step = steps > _SAME_LINE
    within, between = steps[is_step & ~is_border], steps[is_step & is_border]
    return bool(len(within) and len(between) and np.median(between) <= _LOOSER * np.median(within))


def _table_places(across: Floats, down: Floats) -> tuple[Floats, Floats]:
    """The bounds of the columns and of the rows of a grid: ascending places in points, float64."""
    xs = _places(np.concatenate([down[:, 0], [across[:, 1].min(), across[:, 2].max()]]))
    ys = _places(np.concatenate([across[:, 0], [down[:, 1].min(), down[:, 2].max()]]))
    return xs, ys


def _places(values: Floats) -> Floats:
    """Distinct places in order; places closer than :data:`_NARROWEST_CELL` are one."""
    ordered = np.sort(values)
    distinct: Floats = ordered[np.append(True, np.diff(ordered) > _NARROWEST_CELL)]
    return distinct


def _cell_labels(xs: Floats, ys: Floats, across: Floats, down: Floats) -> Integers:
    """For each field of the grid, the number of its cell, which is that of the cell's first field.

    Fields are numbered row by row from 0.

    Returns:
        shape (rows, columns), int64.
    """
    has_rule_right = _ruled(xs, ys, down).T
    has_rule_below = _ruled(ys, xs, across)
    labels = np.arange((len(ys) - 1) * (len(xs) - 1)).reshape(len(ys) - 1, len(xs) - 1)
    while True:
        before = labels.copy()
        least = np.minimum(labels[:, :-1], labels[:, 1:])
        for side in (labels[:, :-1], labels[:, 1:]):
            np.copyto(side, least, where=~has_rule_right)
        least = np.minimum(labels[:-1], labels[1:])
        for side in (labels[:-1], labels[1:]):
            np.copyto(side, least, where=~has_rule_below)
        if (labels == before).all():
            return labels


def _ruled(places: Floats, along: Floats, lines: Floats) -> _Mask:
    """Whether a rule runs at each inner bound, along each field of the other direction.

    Returns:
        shape (inner places, fields along), bool.
    """
    middles = (along[:-1] + along[1:]) / 2
    ruled = np.zeros((max(0, len(places) - 2), len(middles)), dtype=np.bool_)
    for place, begin, end in lines.tolist():
        is_here = np.abs(places[1:-1] - place) <= _NARROWEST_CELL
        ruled[np.ix_(is_here, (middles >= begin) & (middles <= end))] = True
    return ruled
