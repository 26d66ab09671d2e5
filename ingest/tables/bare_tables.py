"""Tables without rules whose cells have several lines or are close together.

Consecutive lines that leave the same gutters free may be a table. They are one if their columns begin anew at
the same heights: after a wider space, or where one column has ended before and none continues a sentence.
Columns of running text do not: one continues where another has a new paragraph. The same table may continue
over pages, so one with the columns of a known table of the document may have fewer rows.

What stays unsure is left to the rules for lines (:mod:`ingest.tables.unruled_tables`), which keep each line
separate.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean

import numpy as np

from archive.languages import Language
from ingest.language.block_language import votes_of
from ingest.lines.lines import WIDE_GAP, Line
from ingest.lines.markers import has_leader
from ingest.tables.ruled_tables import RuledTable
from ingest.tables.table_lines import Slot, TableLines
from ingest.tables.table_regions import Region, regions
from ingest.word_arrays import WordArrays, is_number

_EVEN, _WIDER_STEP, _LOOSER = 1.03, 1.07, 1.18
"""As multiples of the distance between lines of a cell: rows are further apart than the last, or only than
the second where nearly all lines are nearer than the first or further than the second."""
_NEARLY_ALL = 0.9
_FEWEST_ROWS = 3
_LEAST_FILLED = 0.6
"""Least share of rows with words in two columns or more."""
_LEAST_ALIGNED, _LEAST_CENTRED = 0.85, 0.95
"""Least share of cells that begin, or have their middle, at the height of their row; the second where lines
of one column are between those of another."""
_SAME_MIDDLE = 0.45
"""Greatest difference in height of these, in font sizes."""
_LEAST_STEP, _MOST_BETWEEN = 0.8, 0.4
"""As a multiple of the distance between lines of a cell: a nearer line is between lines of another column.
And the greatest share of such lines in a table whose cells begin at one height."""
_MOST_AGAINST = 0.12
"""Greatest share of rows, or of lines, that contradict the rows found."""
_MOST_LINES = 5
"""Most lines of an average row, and half of the most of any row; more are paragraphs with labels."""
_MOST_LINES_OF_TEXT = 1.5
"""Least lines of an average row if all columns are full lines of text; with fewer it is text in columns."""
_FEWEST_WORDS, _LEAST_FULL = 3.5, 0.75
"""Average number of words of a full line of text, and the share of the column width that it fills."""
_MOST_NUMBERS = 0.5
"""Greatest share of numbers right of the first column; with more, it is a table of figures with a line for
each row."""
_MOST_MARKS = 0.7
"""Greatest share of bullets and numbers in the first of two columns; with more, it is a list."""
_MOST_LEADERS = 0.15
"""Greatest share of lines with leaders, as in a table of contents."""
_ALIKE, _LEAST_ALIKE = 0.12, 0.8
"""By how much font sizes of a table differ, as a share of the size, and the least share of lines that do not
differ more."""
_SAME_PLACE = 1.5
"""Greatest distance between the starts, ends or middles of lines of one column, in points."""
_LEAST_IN_LINE = 0.7
"""Least share of lines of a column that have one of these in common."""
_WIDER, _LEAST_WIDER = 1.3, 0.8
"""Least width of a gutter, as a multiple of the widest space of the line, and the least share of lines with
such a gutter."""
_SAME_EDGE = 3.0
"""Greatest distance between the starts of a column on different pages, in points."""

_Rows = list[list[Slot]]


class KnownTables:
    """Where the columns of a document's tables begin, collected page by page."""

    def __init__(self) -> None:
        self._starts: list[tuple[float, ...]] = []

    def learn(self, starts: Sequence[float]) -> None:
        """Add a table whose columns begin at these places."""
        if not self.has(starts):
            self._starts.append(tuple(starts))

    def has(self, starts: Sequence[float]) -> bool:
        """Whether a table is known that has columns at all of these places."""
        return any(
            all(min(abs(start - one) for one in known) <= _SAME_EDGE for start in starts)
            for known in self._starts
        )


def bare_tables(
    words: WordArrays,
    lines: Sequence[Line],
    texts: Sequence[str],
    known: KnownTables,
    starts: Iterable[float],
) -> list[RuledTable]:
    """The tables without rules among these words, which make up these lines, from top to bottom.

    `known` are those of the document so far, and these are added to them; at `starts` columns of its text
    begin.
    """
    found: list[RuledTable] = []
    if not len(words.rows):
        return found
    baselines = np.zeros(len(texts))
    baselines[words.rows] = words.baselines
    baseline_of = baselines.tolist()
    for region in regions(lines):
        table = TableLines(region, texts, baseline_of)
        begins = [left for left, _ in table.columns]
        if any(abs(left - start) <= _SAME_EDGE for left in begins[1:] for start in starts):
            continue
        if rows := _rows(table, region, 1 if known.has(begins) else _FEWEST_ROWS):
            found.append(_as_table(rows, table, words))
            if len(begins) > 2 and len(rows) > _FEWEST_ROWS:
                known.learn(begins)
    return found


def _rows(table: TableLines, region: Region, fewest: int) -> _Rows:
    """The rows of a table, at least `fewest`; none if it is no table."""
    is_alone = len(table.columns) < 2 or len(table.slots) < 2
    if is_alone or _is_else(table, region) or not _are_columns(table):
        return []
    between = sum(step < _LEAST_STEP * table.tight for step in table.steps)
    are_staggered = between > _MOST_BETWEEN * len(table.steps)
    rows = _trimmed(table, _by_space(table))
    if _are_rows(rows, table, fewest, _LEAST_CENTRED if are_staggered else _LEAST_ALIGNED):
        return rows
    rows = [] if are_staggered else _trimmed(table, _by_flow(table))
    return rows if _are_rows(rows, table, fewest + (fewest > 1), _LEAST_ALIGNED) else []


def _is_else(table: TableLines, region: Region) -> bool:
    """Whether these lines are a list, contents, figures, a drawing, or text in two languages."""
    count = len(region.lines)
    alike = sum(abs(line.size - table.size) <= _ALIKE * table.size for line in region.lines)
    leaders = sum(has_leader(line, table.texts) for line in region.lines)
    if leaders > _MOST_LEADERS * count or alike < _LEAST_ALIKE * count:
        return True
    right = [word for column in range(1, len(table.columns)) for word in table.words(column)]
    if sum(is_number(table.texts[word]) for word in right) > _MOST_NUMBERS * len(right):
        return True
    if len(table.columns) > 2:
        return False
    firsts = table.cells(0)
    if sum(map(table.is_mark, firsts)) > _MOST_MARKS * len(firsts):
        return True
    spoken = [_language(table, column) for column in range(2)]
    return None not in spoken and spoken[0] != spoken[1]


def _language(table: TableLines, column: int) -> Language | None:
    """The language that most stop words of a column are of."""
    found = votes_of(table.texts[word].lower() for word in table.words(column)).most_common(1)
    return found[0][0] if found else None


def _are_columns(table: TableLines) -> bool:
    """Whether the lines of each column have an edge or their middle in common, and a wider space before them
    than elsewhere in the line. Aligned spaces in text are aligned by chance."""
    return all(
        _have_edge_in_common(table, column) and _has_wide_white_before(table, column)
        for column in range(1, len(table.columns))
    )


def _have_edge_in_common(table: TableLines, column: int) -> bool:
    cells = table.cells(column)
    for places in (
        sorted(cell.x0 for cell in cells),
        sorted(cell.x1 for cell in cells),
        sorted((cell.x0 + cell.x1) / 2 for cell in cells),
    ):
        ends = np.searchsorted(places, np.add(places, 2 * _SAME_PLACE), side="right")
        if (ends - np.arange(len(places))).max() >= _LEAST_IN_LINE * len(places):
            return True
    return False


def _has_wide_white_before(table: TableLines, column: int) -> bool:
    wider = every = 0
    for slot in table.slots:
        before = max((other for other in slot.cells if other < column), default=None)
        if before is None or column not in slot.cells:
            continue
        sides = slot.cells[before], slot.cells[column]
        spaces = [right[0] - left[1] for side in sides for left, right in pairwise(side.edges)]
        every += 1
        wider += sides[1].x0 - sides[0].x1 > _WIDER * max(spaces, default=0.0)
    return wider >= _LEAST_WIDER * every


def _by_space(table: TableLines) -> list[int]:
    """The first lines of rows, if rows are further apart than the lines of a cell; none if that does not
    decide."""
    tight, steps = table.tight, table.steps
    exact = sum(step <= _EVEN * tight or step >= _WIDER_STEP * tight for step in steps)
    looser = _WIDER_STEP if exact > _NEARLY_ALL * len(steps) else _LOOSER
    starts = [
        place for place, step in enumerate(steps, 1) if step > looser * tight or table.is_heading(place)
    ]
    signs = [table.signs(place) for place in range(1, len(table.slots))]
    against = sum(signs[place - 1].on > 0 for place in starts)
    broken = sum(sign.off > 1 for place, sign in enumerate(signs, 1) if place not in starts)
    if not starts or against > _MOST_AGAINST * len(starts) or broken > _MOST_AGAINST * len(signs):
        return []
    return [0, *starts]


def _by_flow(table: TableLines) -> list[int]:
    """The first lines of rows, if columns begin anew there and none continues.

    None if that does not decide, or if the distances between lines are not those of a table set line by line.
    """
    starts, against = [0], 0
    for place in range(1, len(table.slots)):
        on, anew, off = table.signs(place)
        here = table.slots[place].cells
        if on:
            against += anew > 0
        elif anew or table.is_heading(place):
            starts.append(place)
        elif 0 in here:
            against += off < len(here) - off and not table.is_mark(here[0])
            starts.append(place)
    tight = table.tight
    odd = sum(
        step < tight / _WIDER_STEP or (step > tight * _WIDER_STEP and place not in starts)
        for place, step in enumerate(table.steps, 1)
    )
    is_told = against <= _MOST_AGAINST * len(starts) and odd <= _MOST_AGAINST * len(table.slots)
    return starts if is_told else []


def _trimmed(table: TableLines, starts: Sequence[int]) -> _Rows:
    """The rows that begin with these lines, without rows of a single cell at the top and the bottom."""
    rows = [table.slots[start:end] for start, end in pairwise([*starts, len(table.slots)])]
    while rows and _filled(rows[-1]) < 2:
        rows.pop()
    while rows and _filled(rows[0]) < 2:
        rows.pop(0)
    return rows


def _filled(row: Sequence[Slot]) -> int:
    """Number of columns with words."""
    return len({column for slot in row for column in slot.cells})


def _are_rows(rows: _Rows, table: TableLines, fewest: int, least_aligned: float) -> bool:
    """Whether these are rows of a table, and not just lines of one piece that are far apart."""
    lengths = [len(row) for row in rows]
    if len(rows) < fewest or fmean(lengths) > _MOST_LINES or max(lengths) > 2 * _MOST_LINES:
        return False
    if fmean(lengths) < _MOST_LINES_OF_TEXT and _is_text_in_columns(table):
        return False
    aligned = begun = 0
    cells = [
        [slot for slot in row if column in slot.cells]
        for row in rows
        for column in range(len(table.columns))
        if any(column in slot.cells for slot in row)
    ]
    for row in rows:
        middle = row[0].y + row[-1].y
        for column in range(len(table.columns)):
            own = [slot for slot in row if column in slot.cells]
            if own:
                is_centred = abs(own[0].y + own[-1].y - middle) < 2 * _SAME_MIDDLE * table.size
                aligned += own[0] is row[0] or is_centred
                begun += any(table.begins_item(slot.cells[column]) for slot in own[1:])
    if (
        sum(_filled(row) > 1 for row in rows) < _LEAST_FILLED * len(rows)
        or aligned < least_aligned * len(cells)
        or begun > _MOST_AGAINST * len(rows)
    ):
        return False
    is_narrow = min(right[0] - left[1] for left, right in pairwise(table.columns)) < WIDE_GAP * table.size
    return any(len(cell) > 1 for cell in cells) or (is_narrow and len(table.columns) > 2)


def _is_text_in_columns(table: TableLines) -> bool:
    """Whether all columns are full lines of running text."""
    for column, (left, right) in enumerate(table.columns):
        cells = table.cells(column)
        if fmean(len(cell.words) for cell in cells) < _FEWEST_WORDS:
            return False
        if fmean(cell.x1 - cell.x0 for cell in cells) < _LEAST_FULL * (right - left):
            return False
    return True


def _as_table(rows: _Rows, table: TableLines, words: WordArrays) -> RuledTable:
    places = {row: place for place, row in enumerate(words.rows.tolist())}
    inside = [cell for row in rows for slot in row for cell in slot.cells.values()]

    def cell_of(row: Sequence[Slot], column: int) -> WordArrays:
        own = [places[word] for slot in row if column in slot.cells for word in slot.cells[column].words]
        return words.take(np.array(own, dtype=np.int64))

    return RuledTable(
        min(cell.x0 for cell in inside),
        rows[0][0].y - table.size,
        max(cell.x1 for cell in inside),
        rows[-1][-1].y + 0.3 * table.size,
        [[cell_of(row, column) for column in range(len(table.columns))] for row in rows],
    )
