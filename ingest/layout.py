"""Put the words of a page into blocks, in reading order: headings, paragraphs, lists and tables."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from archive.records import PassageKind
from ingest.columns import KnownGutters, Words, columns
from ingest.lines import Line, lines
from ingest.page_text import Integers, PageText
from ingest.ruled import RuledTable, ruled_tables, without_tables
from ingest.tables import Row, as_rows, find_tables

_MARKER = re.compile(
    r"[•▪□➢✓●○■◦‣⁃·*–—-]|\(?\d{1,3}[.)°]|\(?[a-z][.)]|\(?[A-Z]\)|\(?[ivxIVX]{1,5}[.)]|\d{1,2}(\.\d{1,2})+\.?|o"
)
_LEADER = re.compile(r"[._…]{4,}|…{2,}")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_LEADER_DOTS = 4
_SENTENCE_END = ".?!:;"

_SAME_SIZE = 0.08
_PARAGRAPH_GAP = 1.3
"""Times the usual distance of lines: further apart, a new block begins."""
_TIGHTEST_LEADING = 1.2
"""Times the font size: lines that are not set further apart than this belong together."""
_LOOSEST_LEADING = 2.6
"""Times the font size: lines further apart never belong together."""
_SAME_BASELINE = 2.0
"""Points that the baselines of cells of one row may lie apart."""
_LONGEST_HEADING = 30
"""Words."""
_HEADING_SIZE = 1.15
"""Times the size of the document's body text."""


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

    `body_size` is the font size of the document's running text, in points; `gutters` are those of the
    document so far, and the page's are added to them. Text turned by quarters is
    laid out as if it were upright, after the direction that most words have.
    """
    blocks: list[Block] = []
    is_body = np.ones(len(page.texts), dtype=np.bool_)
    is_body[apart] = False
    for turn, _ in Counter(page.turns[is_body].tolist()).most_common():
        rows = np.flatnonzero(is_body & (page.turns == turn))
        upright = page.turned(turn)
        words = _words(upright, rows)
        tables = ruled_tables(upright.rules, words)
        for column in columns(without_tables(words, tables), gutters):
            number = blocks[-1].column + 1 if blocks else 0
            blocks += _blocks(number, lines(column), tables, page.texts, body_size)
    return blocks


def _words(page: PageText, rows: Integers) -> Words:
    return Words(
        rows,
        page.boxes[rows, 0],
        page.boxes[rows, 2],
        page.boxes[rows, 3] - page.descents[rows],
        page.sizes[rows],
        page.bold[rows],
        np.array([is_number(page.texts[row]) for row in rows.tolist()], dtype=np.bool_),
    )


def is_number(text: str) -> bool:
    """Whether a word has digits and no letters."""
    return _DIGIT.search(text) is not None and _LETTER.search(text) is None


def _blocks(
    number: int, column: list[Line], tables: list[RuledTable], texts: Sequence[str], body_size: float
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
        found += _free_blocks(number, pending, texts, body_size)
        pending = []
        found += [
            _ruled_block(number, tables[-1 - filler], texts)
            for filler in sorted(fillers - drawn, reverse=True)
        ]
        drawn |= fillers
    return found + _free_blocks(number, pending, texts, body_size)


def _ruled_block(number: int, table: RuledTable, texts: Sequence[str]) -> Block:
    rows = [parted for row in table.cells for parted in _parted([lines(cell) for cell in row], texts)]
    return Block("table", rows, number, table.x0, table.x1, 0.0, False)


def _parted(cells: list[list[Line]], texts: Sequence[str]) -> list[Row]:
    """One row of cells, or several if figures stand under each other without a rule between them."""
    if not any(len(cell) > 1 and _are_figures(cell, cells, texts) for cell in cells):
        return [[[line.words for line in cell] for cell in cells]]
    baselines = sorted(line.baseline for cell in cells for line in cell)
    starts = [
        baselines[0],
        *(after for before, after in pairwise(baselines) if after - before > _SAME_BASELINE),
    ]
    rows: list[Row] = [[[] for _ in cells] for _ in starts]
    for column, cell in enumerate(cells):
        for line in cell:
            rows[bisect_right(starts, line.baseline + 0.1) - 1][column].append(line.words)
    return rows


def _are_figures(cell: list[Line], cells: list[list[Line]], texts: Sequence[str]) -> bool:
    """Whether the lines of a cell hold nothing but figures, each beside a line of the row's first cell."""
    first = next(cell for cell in cells if cell)
    return cell is not first and all(
        all(is_number(texts[word]) or not any(map(str.isalnum, texts[word])) for word in line.words)
        and any(abs(line.baseline - label.baseline) <= _SAME_BASELINE for label in first)
        for line in cell
    )


def _free_blocks(number: int, column: list[Line], texts: Sequence[str], body_size: float) -> list[Block]:
    """The blocks that lines make up between ruled tables."""
    pieces = [_pieces(line, texts) for line in column]
    found: list[Block] = []
    start = 0
    for table in [*find_tables(pieces), range(len(column), len(column))]:
        found += _running_blocks(number, column[start : table.start], texts, body_size)
        if len(table):
            found.append(_block("table", number, column[table.start : table.stop]))
            found[-1].rows = as_rows(pieces[table.start : table.stop], texts)
        start = table.stop
    return found


def _pieces(line: Line, texts: Sequence[str]) -> list[Line]:
    """The pieces of a line, with the number or bullet before an item as part of what follows it."""
    if _has_leader(line, texts):
        return [line]
    pieces = line.pieces()
    if len(pieces) > 1 and len(pieces[0].words) == 1 and _MARKER.fullmatch(texts[pieces[0].words[0]]):
        first, second = pieces[:2]
        pieces[:2] = [
            Line(
                first.words + second.words, first.edges + second.edges, line.baseline, line.size, line.is_bold
            )
        ]
    return pieces


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


def _running_blocks(number: int, column: list[Line], texts: Sequence[str], body_size: float) -> list[Block]:
    """The headings, paragraphs and lists that lines outside of tables make up."""
    if not column:
        return []
    leading = _usual_leading(column)
    right = max(line.x1 for line in column)
    groups: list[list[list[Line]]] = [[[column[0]]]]
    """Blocks of items of lines."""
    for previous, line in pairwise(column):
        if _starts_block(groups[-1], previous, line, texts, leading, right):
            groups.append([[line]])
        elif _is_item(line, texts) or _has_leader(previous, texts):
            groups[-1].append([line])
        else:
            groups[-1][-1].append(line)
    found = []
    for group in groups:
        block = _block("paragraph", number, [line for item in group for line in item])
        block.rows = [[[line.words for line in item]] for item in group]
        block.kind = _kind(block, group, texts, body_size)
        found.append(block)
    return found


def _usual_leading(column: list[Line]) -> float:
    """The commonest distance of lines of one size; the smaller one if two are as common."""
    steps = Counter(
        round(2 * (after.baseline - before.baseline)) / 2
        for before, after in pairwise(column)
        if abs(after.size - before.size) <= _SAME_SIZE * before.size
        and after.baseline - before.baseline <= _LOOSEST_LEADING * before.size
    )
    return min(steps, key=lambda step: (-steps[step], step)) if steps else 0.0


def _starts_block(
    group: list[list[Line]],
    previous: Line,
    line: Line,
    texts: Sequence[str],
    leading: float,
    right: float,
) -> bool:
    distance = line.baseline - previous.baseline
    usual = (
        max(leading, _TIGHTEST_LEADING * min(line.size, previous.size)) if leading else 1.4 * previous.size
    )
    if distance > _PARAGRAPH_GAP * usual or distance > _LOOSEST_LEADING * previous.size:
        return True
    if abs(line.size - previous.size) > _SAME_SIZE * previous.size or line.is_bold != previous.is_bold:
        return True
    is_list = _is_item(group[0][0], texts)
    if _is_item(line, texts):
        return not is_list
    if is_list and line.x0 < group[0][0].x0 - 0.5 * line.size:
        return True
    if texts[previous.words[-1]][-1:] not in _SENTENCE_END:
        return False
    left = min(item[0].x0 for item in group)
    is_short = previous.x1 < right - 0.2 * (right - left)
    is_indented = line.x0 > previous.x0 + 0.7 * line.size
    return ((is_short and not is_list) or is_indented) and not texts[line.words[0]][:1].islower()


def _is_item(line: Line, texts: Sequence[str]) -> bool:
    """Whether a line begins with a bullet or number."""
    return len(line.words) > 1 and _MARKER.fullmatch(texts[line.words[0]]) is not None


def _has_leader(line: Line, texts: Sequence[str]) -> bool:
    """Whether dots lead to the end of the line, as in a table of contents."""
    if sum(texts[word] == "." for word in line.words) >= _LEADER_DOTS:
        return True
    return any(_LEADER.search(texts[word]) for word in line.words[-2:])


def _kind(block: Block, group: list[list[Line]], texts: Sequence[str], body_size: float) -> PassageKind:
    words = [texts[word] for word in block.words()]
    if any(_has_leader(line, texts) for item in group for line in item):
        return "list"
    letters = "".join(words)
    if len(words) <= _LONGEST_HEADING and any(map(str.isalpha, letters)):
        is_in_capitals = letters.isupper() and sum(map(str.isalpha, letters)) >= 4
        is_large = block.size >= _HEADING_SIZE * body_size
        if is_large or ((block.is_bold or is_in_capitals) and sum(map(len, group)) <= 4):
            return "heading"
    return "list" if _is_item(group[0][0], texts) else "paragraph"
