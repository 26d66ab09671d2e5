"""Put the words of a page into blocks, in reading order: headings, paragraphs, lists and tables."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from archive.records import PassageKind
from ingest.cells import rows_of_cells
from ingest.columns import KnownGutters, columns
from ingest.lines import Line, lines
from ingest.markers import is_note
from ingest.page_text import Integers, Mask, PageText
from ingest.paragraphs import groups
from ingest.ruled import RuledTable, ruled_tables, without_tables
from ingest.seams import SENTENCE_END
from ingest.spacing import pieces as pieces_of
from ingest.tables import Row, as_rows, find_tables
from ingest.words import Words, is_number

_UNITS = frozenset("€$£%‰")
_SAME_BASELINE = 2.0
"""Points that the baselines of cells of one row may lie apart."""
_FOOTNOTE_SIZE = 0.92
"""Times the size of the text above them."""


@dataclass(slots=True)
class Block:
    """A heading, paragraph, list, table or running line.

    Its rows are the items of a list or the rows of a table (else there is one); each has cells (one,
    unless in a table), each cell has lines, and each line the rows of the page's words.
    """

    kind: PassageKind
    rows: list[Row]
    column: int
    """Which column of the page it stands in, counted in reading order."""
    x0: float
    x1: float
    size: float
    is_bold: bool

    def words(self) -> list[int]:
        """All its words, in reading order."""
        return [word for row in self.rows for cell in row for line in cell for word in line]

    def column_of_table(self, column: int) -> "Block":
        """The cells of one of its columns, as a block."""
        rows = [[row[column]] for row in self.rows if len(row) > column and row[column]]
        return replace(self, rows=rows)


def lay_out(page: PageText, body_size: float, gutters: KnownGutters, apart: Integers) -> list[Block]:
    """The blocks of a page in reading order; every word is in exactly one, but those `apart` in none.

    Column after column, then the footnotes; a note in the margin follows the block that it begins beside.
    `body_size` is the font size of the document's running text, in points; `gutters` are those of the
    document so far, and the page's are added to them. Text turned by quarters is laid out as if it were
    upright, after the direction that most words have or that is upright above all others.
    """
    blocks: list[Block] = []
    is_body = np.ones(len(page.texts), dtype=np.bool_)
    is_body[apart] = False
    for turn in _turns(page, is_body):
        rows = np.flatnonzero(is_body & (page.turns == turn))
        upright = page.turned(turn)
        words = _words(upright, rows)
        tables = ruled_tables(upright.rules, words)
        found: list[Block] = []
        for column in columns(without_tables(words, tables), gutters):
            number = (found or blocks)[-1].column + 1 if found or blocks else 0
            text, *notes = (
                _blocks(number, lines(part), tables, upright, body_size)
                for part in (column.words, *column.notes)
            )
            found += _with_notes(text, [note for part in notes for note in part], upright)
        blocks += _footnotes_last(_boxes_after_text(found, upright), upright)
    return blocks


def _turns(page: PageText, is_body: Mask) -> list[int]:
    """The directions of writing on a page, in the order in which they are read."""
    turns = [turn for turn, _ in Counter(page.turns[is_body].tolist()).most_common()]
    upright, others = page.boxes[is_body & (page.turns == 0)], page.boxes[is_body & (page.turns != 0)]
    if len(upright) and len(others) and upright[:, 3].max() <= others[:, 1].min():
        turns.sort(key=bool)
    return turns


def _with_notes(text: list[Block], notes: list[Block], page: PageText) -> list[Block]:
    """The blocks of a column, each with the notes in the margin that begin beside it: after it, but those
    on the left that begin on its first line, as a heading in the margin does, before it."""
    if not notes:
        return text
    tops = [_baseline(block.words()[0], page) for block in text]
    placed = [(2 * place, block) for place, block in enumerate(text)]
    for note in notes:
        top = _baseline(note.words()[0], page)
        place = max(0, bisect_right(tops, top + _SAME_BASELINE) - 1)
        is_heading = note.x1 < text[place].x0 and abs(top - tops[place]) <= _SAME_BASELINE
        placed.append((2 * place - 1 if is_heading else 2 * place + 1, note))
    return [block for _, block in sorted(placed, key=lambda item: item[0])]


def _boxes_after_text(blocks: list[Block], page: PageText) -> list[Block]:
    """The blocks with a box behind the paragraph that runs around it: one that breaks off beside the box goes
    on below both."""
    columns = [list(column) for _, column in groupby(blocks, key=lambda block: block.column)]
    for place in range(len(columns) - 2):
        beside, box, below = columns[place : place + 3]
        if (
            _breaks_off(beside[-1], page)
            and below[0].kind == "paragraph"
            and page.texts[below[0].words()[0]][:1].islower()
            and not page.texts[box[0].words()[0]][:1].islower()
            and below[0].x0 < beside[-1].x1 < box[0].x0 < below[0].x1
        ):
            columns[place + 1 : place + 3] = [below[:1], box + below[1:]]
    return [block for column in columns for block in column]


def _footnotes_last(blocks: list[Block], page: PageText) -> list[Block]:
    """The blocks with the footnotes of each column behind those of all columns, since text runs on from
    column to column."""
    notes: list[Block] = []
    for _, column in groupby(blocks, key=lambda block: block.column):
        text, small = _parted_at_footnotes(list(column), page)
        if text and small and (_is_marked(small[0], page) or _breaks_off(text[-1], page)):
            notes += small
    ends = [(block, _baseline(block.words()[-1], page)) for block in blocks if block not in notes]
    last = [
        note
        for note in notes
        if not any(
            end > _baseline(note.words()[0], page) and block.x0 < note.x1 and note.x0 < block.x1
            for block, end in ends
        )
    ]
    return [block for block in blocks if block not in last] + last


def _parted_at_footnotes(column: list[Block], page: PageText) -> tuple[list[Block], list[Block]]:
    """The blocks of a column, those at its end apart that are set small or begin with the mark of a note."""
    usual = max(column, key=lambda block: len(block.words())).size
    start = len(column)
    for place, block in reversed(list(enumerate(column))):
        if block.kind not in ("paragraph", "list"):
            break
        if block.size >= _FOOTNOTE_SIZE * usual and not _is_marked(block, page):
            break
        start = place
    return column[:start], column[start:]


def _is_marked(block: Block, page: PageText) -> bool:
    return is_note(block.rows[0][0][0], block.size, page)


def _breaks_off(block: Block, page: PageText) -> bool:
    """Whether a block ends within a sentence."""
    return block.kind == "paragraph" and page.texts[block.words()[-1]][-1:] not in SENTENCE_END


def _baseline(word: int, page: PageText) -> float:
    return float(page.boxes[word, 3] - page.descents[word])


def _words(page: PageText, rows: Integers) -> Words:
    return Words(
        rows,
        page.boxes[rows, 0],
        page.boxes[rows, 2],
        page.boxes[rows, 3] - page.descents[rows],
        page.sizes[rows],
        page.bold[rows],
        np.array(
            [is_number(page.texts[row]) or page.texts[row] in _UNITS for row in rows.tolist()], dtype=np.bool_
        ),
    )


def _blocks(
    number: int, column: list[Line], tables: list[RuledTable], page: PageText, body_size: float
) -> list[Block]:
    """The blocks of one column, ruled tables where their fillers stand."""
    found: list[Block] = []
    pending: list[Line] = []
    drawn: set[int] = set()
    for line in column:
        fillers = {word for word in line.words if word < 0}
        if not fillers:
            pending.append(line)
            continue
        if beside := line.without(fillers):
            pending.append(beside)
        if fillers <= drawn:
            continue
        found += _free_blocks(number, pending, page, body_size)
        pending = []
        for filler in sorted(fillers - drawn, reverse=True):
            table = tables[-1 - filler]
            rows = rows_of_cells(table.cells, page.texts)
            found.append(Block("table", rows, number, table.x0, table.x1, 0.0, False))
        drawn |= fillers
    return found + _free_blocks(number, pending, page, body_size)


def _free_blocks(number: int, column: list[Line], page: PageText, body_size: float) -> list[Block]:
    """The blocks that lines make up between ruled tables."""
    pieces = pieces_of(column, page.texts)
    found: list[Block] = []
    start = 0
    for table in [*find_tables(pieces, page.texts), range(len(column), len(column))]:
        for group in groups(column[start : table.start], page, body_size):
            found.append(_block(group.kind, number, [line for item in group.items for line in item]))
            found[-1].rows = [[[line.words for line in item]] for item in group.items]
        if len(table):
            found.append(_block("table", number, column[table.start : table.stop]))
            found[-1].rows = as_rows(pieces[table.start : table.stop], page.texts)
        start = table.stop
    return found


def _block(kind: PassageKind, number: int, of: Sequence[Line]) -> Block:
    return Block(
        kind,
        [[[line.words for line in of]]],
        number,
        min(line.x0 for line in of),
        max(line.x1 for line in of),
        max(line.size for line in of),
        all(line.is_bold for line in of),
    )
