"""Tables without rules: consecutive lines whose pieces are above each other."""

from collections.abc import Sequence
from itertools import pairwise

from ingest.lines.lines import Line
from ingest.word_arrays import is_number

TableCell = list[list[int]]
"""The lines of a cell, each a list of rows of the page's words; an empty cell has none."""
TableRow = list[TableCell]
Bounds = list[tuple[float, float]]
"""Left and right end of each column of a table."""

_ALIGNED = 3.0
"""Greatest distance between edges of one column, in points."""
_LONGEST_INTERRUPTION = 2
"""Most lines of one piece between the lines of a table: labels, wrapped cells."""
_FARTHEST = 5.0
"""In font sizes: lines further apart belong to two tables."""
_WRAPPED = 1.9
"""In font sizes: lines of one cell are not further apart."""
_WORDS_OF_TEXT = 3
"""A line of a cell with this many words is text: a number that begins it is no figure."""
_WORDS_A_LINE = 2.5
"""Least average number of words of a line in columns of text."""
_MOST_SPANNING = 0.12
"""Greatest share of rows with a piece that spans columns."""
_SPACE = 0.3
"""The space between words, in font sizes."""
_FEWEST_FITTING, _MOST_FITTING = 2, 0.34
"""Number and share of lines of wrapped cells whose first word would have fitted on the line above, which may
have been broken early."""
_EVEN, _FULL = 0.15, 0.3
"""In font sizes: the most that spaces of a justified line differ by, and that its ends lie apart from those
of others, where a mark may hang."""
_MOST_NUMBERS = 0.5
"""Most part of the words of justified lines that are numbers."""
_LOOSER = 1.15
"""Least distance between rows that are set apart, as a multiple of the distance between lines of a cell."""


def find_tables(pieces: Sequence[list[Line]], texts: Sequence[str]) -> list[range]:
    """Finds tables among lines, each given as its pieces: the range of lines of each."""
    found: list[range] = []
    start = 0
    while start < len(pieces):
        if len(pieces[start]) < 2:
            start += 1
            continue
        end = start + 1
        for place in range(start + 1, len(pieces)):
            if _distance(pieces[place - 1], pieces[place]) > _FARTHEST * pieces[place][0].size:
                break
            if len(pieces[place]) > 1:
                end = place + 1
            elif place - end >= _LONGEST_INTERRUPTION and not _hangs(pieces[place], pieces[start:end]):
                break
        rows = [line for line in pieces[start:end] if len(line) > 1]
        is_table = len(column_bounds(rows)) > 1 and _is_aligned(rows)
        if is_table and not _are_labels(rows, end - start) and not _are_justified(rows, texts):
            while end < len(pieces) and _is_wrapped(pieces[start : end + 1], texts):
                end += 1
            found.append(range(start, end))
        start = end
    return found


def _distance(before: Sequence[Line], after: Sequence[Line]) -> float:
    return after[0].baseline - before[0].baseline


def _hangs(line: Sequence[Line], table: Sequence[list[Line]]) -> bool:
    """Whether a line begins where one of the later columns does."""
    last = next(row for row in reversed(table) if len(row) > 1)
    return any(abs(line[0].x0 - piece.x0) <= _ALIGNED for piece in last[1:])


def _are_labels(rows: Sequence[list[Line]], lines: int) -> bool:
    """Whether it is rather text with labels next to its paragraphs."""
    return max(map(len, rows)) == 2 and lines > 2 * len(rows)


def _are_justified(rows: Sequence[list[Line]], texts: Sequence[str]) -> bool:
    """Whether it is rather a few words on each line of justified text: all lines fill the same measure, and
    the white within each is even. Columns of figures are like that, too."""
    words = [texts[word] for row in rows for piece in row for word in piece.words]
    gaps = [[right.x0 - left.x1 for left, right in pairwise(row)] for row in rows]
    return (
        sum(map(is_number, words)) <= _MOST_NUMBERS * len(words)
        and max(map(len, gaps)) > 1
        and all(max(each) - min(each) <= _EVEN * row[0].size for each, row in zip(gaps, rows, strict=True))
        and all(abs(row[0].x0 - rows[0][0].x0) <= _FULL * row[0].size for row in rows)
        and all(abs(row[-1].x1 - rows[0][-1].x1) <= _FULL * row[0].size for row in rows)
    )


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


def _is_wrapped(table: Sequence[list[Line]], texts: Sequence[str]) -> bool:
    """Whether the last of these lines continues a cell of the row above it."""
    *before, line = table
    if len(line) > 1:
        return False
    bounds = column_bounds(before)
    column = _column_of(line[0], bounds)
    if column < len(bounds) - 1 and line[0].x1 > bounds[column + 1][0]:
        return False
    if not any(abs(line[0].x0 - left) <= _ALIGNED for left, _ in bounds):
        return False
    return len(as_rows(table, texts)) == len(as_rows(before, texts))


def as_rows(pieces: Sequence[list[Line]], texts: Sequence[str]) -> list[TableRow]:
    """The rows of a table; a wrapped cell is one cell of several lines."""
    bounds = column_bounds(pieces)
    tight = _tight_distance(pieces)
    do_small_letters_tell = not _begin_small(pieces, bounds, texts)
    rows: list[dict[int, TableCell]] = []
    previous: list[Line] = []
    for line in pieces:
        placed: dict[int, list[int]] = {}
        for piece in line:
            placed.setdefault(_column_of(piece, bounds), []).extend(piece.words)
        above = min(previous, key=lambda piece: abs(piece.x0 - line[0].x0), default=line[0])
        if rows and _continues(above, line[0], tight, placed, rows[-1], texts, do_small_letters_tell):
            for column, words in placed.items():
                rows[-1].setdefault(column, []).append(words)
        else:
            rows.append({column: [words] for column, words in placed.items()})
        previous = line
    return [[row.get(column, []) for column in range(max(row) + 1)] for row in rows]


def is_text_side_by_side(rows: Sequence[TableRow]) -> bool:
    """Whether these rows are no table but the ends of columns of text: a single row, with lines of several
    words in each cell."""
    return len(rows) == 1 and all(
        sum(map(len, cell)) >= _WORDS_A_LINE * len(cell) for cell in rows[0] if cell
    )


def side_by_side(pieces: Sequence[list[Line]]) -> list[list[Line]]:
    """The lines of each column, from top to bottom."""
    bounds = column_bounds(pieces)
    found: dict[int, list[Line]] = {}
    for piece in (piece for line in pieces for piece in line):
        found.setdefault(_column_of(piece, bounds), []).append(piece)
    return [found[column] for column in sorted(found)]


def _begin_small(pieces: Sequence[list[Line]], bounds: Bounds, texts: Sequence[str]) -> bool:
    """Whether cells of a table begin with small letters, as in word lists.

    Lines that fill all its columns do, although their first word would have fitted on the line above it, if
    both were of one cell.
    """
    small = fitting = 0
    for above, line in pairwise(pieces):
        if not len(above) == len(line) == len(bounds) or not all(
            texts[piece.words[0]][:1].islower() for piece in line
        ):
            continue
        small += 1
        fitting += any(
            upper.x1 + _SPACE * piece.size + piece.edges[0][1] - piece.x0 <= right
            for upper, piece, (_, right) in zip(above, line, bounds, strict=True)
        )
    return fitting >= _FEWEST_FITTING and fitting > _MOST_FITTING * small


def _tight_distance(pieces: Sequence[list[Line]]) -> float:
    """The greatest distance between lines of one cell if rows are further apart than that, else 0."""
    tight = _LOOSER * min((_distance(before, after) for before, after in pairwise(pieces)), default=0.0)
    rows = [_distance(before, after) > tight for before, after in pairwise(pieces) if len(after) > 1]
    return tight if sum(rows) > len(rows) / 2 else 0.0


def column_bounds(pieces: Sequence[Sequence[Line]]) -> Bounds:
    """Left and right end of each column: the widths that the pieces cover, without the few that span
    columns."""
    rows = [line for line in pieces if len(line) > 1]
    few = int(_MOST_SPANNING * len(rows))
    ends = sorted(
        end for line in rows for piece in line for end in ((piece.x0, 1), (max(piece.x1, piece.x0), -1))
    )
    bounds: Bounds = []
    covering = 0
    for x, change in ends:
        if covering <= few < covering + change:
            bounds.append((x, x))
        covering += change
        if covering <= few < covering - change:
            bounds[-1] = bounds[-1][0], x
    return bounds


def _column_of(piece: Line, bounds: Bounds) -> int:
    """The column that the piece overlaps first."""
    for column, (_, right) in enumerate(bounds):
        if piece.x0 < right:
            return column
    return len(bounds)


def _continues(
    previous: Line,
    line: Line,
    tight: float,
    placed: dict[int, list[int]],
    row: dict[int, TableCell],
    texts: Sequence[str],
    do_small_letters_tell: bool,
) -> bool:
    """Whether all pieces of a line are further lines of cells of the row above it."""
    distance = line.baseline - previous.baseline
    if distance > _WRAPPED * line.size or not placed.keys() <= row.keys():
        return False
    if line.is_bold and not previous.is_bold and 0 not in placed:
        return False
    reads_on = [
        _reads_on(texts[row[column][-1][-1]], texts[words[0]], do_small_letters_tell)
        for column, words in placed.items()
    ]
    if all(reads_on):
        return True
    goes_on = [
        len(words) >= _WORDS_OF_TEXT and texts[row[column][-1][-1]].islower()
        for column, words in placed.items()
    ]
    if any(
        _begins_anew(texts[words[0]]) and not text
        for words, text in zip(placed.values(), goes_on, strict=True)
    ) or (previous.is_bold and not line.is_bold):
        return False
    is_beside = 0 not in placed
    return (distance <= tight and (any(reads_on) or len(placed) < len(row))) or is_beside


def _begins_anew(word: str) -> bool:
    """Whether a figure or the number of an item begins a cell."""
    return word[0].isdigit() or is_number(word)


def _reads_on(before: str, after: str, do_small_letters_tell: bool) -> bool:
    """Whether a line of a cell starting with `after` continues the line ending in `before`."""
    return (do_small_letters_tell and after[:1].islower()) or before[-1:] in "-\u00ad,;(/&"
