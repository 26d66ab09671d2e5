"""Tables without rules: lines on end whose pieces stand under each other."""

from collections.abc import Sequence

from ingest.lines import Line

Cell = list[list[int]]
"""The lines of a cell, each a list of rows of the page's words; an empty cell has none."""
Row = list[Cell]

_ALIGNED = 3.0
"""Points that edges of one column may differ."""
_LONGEST_INTERRUPTION = 2
"""Lines in one piece that may stand between the lines of a table: labels, wrapped cells."""


def find_tables(pieces: Sequence[list[Line]]) -> list[range]:
    """Which lines, each given as its pieces, make up tables."""
    found: list[range] = []
    start = 0
    while start < len(pieces):
        if len(pieces[start]) < 2:
            start += 1
            continue
        end = start + 1
        for place in range(start + 1, len(pieces)):
            if len(pieces[place]) > 1:
                end = place + 1
            elif place - end >= _LONGEST_INTERRUPTION:
                break
        if _is_aligned([line for line in pieces[start:end] if len(line) > 1]):
            found.append(range(start, end))
        start = end
    return found


def _is_aligned(rows: Sequence[list[Line]]) -> bool:
    """Whether the later pieces of most rows share an edge with a piece of another row."""
    if len(rows) < 2:
        return False
    edges: dict[tuple[str, int], set[int]] = {}
    for number, row in enumerate(rows):
        for piece in row[1:]:
            for side, x in (("left", piece.x0), ("right", piece.x1), ("middle", (piece.x0 + piece.x1) / 2)):
                slot = int(x // _ALIGNED)
                for near in (slot - 1, slot, slot + 1):
                    edges.setdefault((side, near), set()).add(number)
    aligned = {number for rows_there in edges.values() if len(rows_there) > 1 for number in rows_there}
    return len(aligned) >= 0.6 * len(rows)


def as_rows(pieces: Sequence[list[Line]], texts: Sequence[str]) -> list[Row]:
    """The rows of a table; a wrapped cell is one cell of several lines."""
    bounds = _column_bounds(pieces)
    rows: list[dict[int, Cell]] = []
    previous: list[Line] = []
    for line in pieces:
        placed: dict[int, list[int]] = {}
        for piece in line:
            column = _column_of(piece, bounds)
            placed.setdefault(column, []).extend(piece.words)
        if rows and _continues(line, placed, previous, rows[-1], texts):
            for column, words in placed.items():
                rows[-1].setdefault(column, []).append(words)
        else:
            rows.append({column: [words] for column, words in placed.items()})
        previous = line
    return [[row.get(column, []) for column in range(max(row) + 1)] for row in rows]


def _column_bounds(pieces: Sequence[list[Line]]) -> list[tuple[float, float]]:
    """Left and right end of each column: what the pieces cover, seen from above."""
    spans = sorted((piece.x0, piece.x1) for line in pieces if len(line) > 1 for piece in line)
    bounds: list[tuple[float, float]] = []
    for left, right in spans:
        if bounds and left < bounds[-1][1]:
            bounds[-1] = bounds[-1][0], max(right, bounds[-1][1])
        else:
            bounds.append((left, right))
    return bounds


def _column_of(piece: Line, bounds: Sequence[tuple[float, float]]) -> int:
    """The column that the piece overlaps first."""
    for column, (_, right) in enumerate(bounds):
        if piece.x0 < right:
            return column
    return len(bounds)


def _continues(
    line: Sequence[Line],
    placed: dict[int, list[int]],
    previous: Sequence[Line],
    row: dict[int, Cell],
    texts: Sequence[str],
) -> bool:
    """Whether all that a line holds are further lines of cells of the row above it."""
    distance = line[0].baseline - previous[0].baseline
    if distance > 1.7 * max(line[0].size, previous[0].size) or not placed.keys() <= row.keys():
        return False
    return all(_reads_on(texts[row[column][-1][-1]], texts[words[0]]) for column, words in placed.items())


def _reads_on(before: str, after: str) -> bool:
    """Whether a line of a cell starting with `after` goes on with the one ending in `before`."""
    return after[:1].islower() or before[-1:] in "-\u00ad,;(/&"
