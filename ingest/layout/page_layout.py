"""Puts the words of a page into blocks, in reading order: headings, paragraphs, lists and tables."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from archive.records import BlockKind
from ingest.drawn_words import Floats, Integers, Mask, PageText
from ingest.layout.asides import OUTSIDE_COLUMNS, boxes_after_text, footnotes_last, with_inset, with_notes
from ingest.layout.block import LayoutBlock
from ingest.layout.columns import columns
from ingest.layout.gutters import KnownGutters
from ingest.layout.initials import begun_at_initials
from ingest.layout.insets import boxes_at_ends, find_insets
from ingest.layout.margin_notes import small_print_beside
from ingest.lines.lines import Line, lines
from ingest.lines.paragraphs import groups
from ingest.lines.spacing import pieces as pieces_of
from ingest.tables.bare_tables import bare_tables
from ingest.tables.ruled_cells import rows_of_cells
from ingest.tables.ruled_tables import RuledTable, ruled_tables, without_tables
from ingest.tables.unruled_tables import as_rows, find_tables, is_text_side_by_side, side_by_side
from ingest.word_arrays import WordArrays, is_number

_AROUND_BOX = 2.0
"""Times the font size: so near to the first and last line of a box lines beside it may begin and end."""
_UNITS = frozenset("€$£%‰")


class _Searched(NamedTuple):
    """Words among which tables without rules were searched for."""

    words: WordArrays
    """Those in none of the tables, and fillers for the tables."""
    lines: list[Line]
    has_tables: bool


def lay_out(page: PageText, body_size: float, gutters: KnownGutters, apart: Integers) -> list[LayoutBlock]:
    """The blocks of a page in reading order; every word is in exactly one, except those in `apart`, which are
    in none.

    Column after column, then the footnotes; a note in the margin follows the block that begins at its height.
    `body_size` is the font size of the document's running text, in points. `gutters` are those of the
    document so far, and those of the page are added to them. Turned text is laid out as if it were upright.
    The direction of most words is read first, but upright text that is above all other text is read before
    it.
    """
    blocks: list[LayoutBlock] = []
    is_body = np.ones(len(page.texts), dtype=np.bool_)
    is_body[apart] = False
    for turn in _turns(page, is_body):
        rows = np.flatnonzero(is_body & (page.turns == turn))
        upright = page.turned(turn)
        words = _words(upright, rows)
        if turn == 0:
            words = begun_at_initials(words, page.initials)
        tables = ruled_tables(upright.rules, words)
        flow = without_tables(words, tables)
        notes = np.logical_or(*small_print_beside(flow))
        whole = _without_bare_tables(flow.take(~notes), tables, upright, gutters)
        flow = whole.words.followed_by(flow.take(notes)) if notes.any() else whole.words
        above, below = boxes_at_ends(upright.frames, flow)
        ends = [flow.take(each) for each in (above, below)]
        if above.any() or below.any():
            flow = flow.take(~(above | below))
        insets = find_insets(upright.frames, flow)
        around = flow.take(~np.any(insets, axis=0)) if insets else flow
        first = max((block.column for block in blocks), default=-1) + 1
        taken_out = np.array([_box_of(flow.take(inset)) for inset in insets]).reshape(-1, 4)
        found, boxes = _in_columns(around, gutters, first, tables, upright, body_size, taken_out, whole)
        found = footnotes_last(boxes_after_text(found, upright), upright, body_size)
        for inset in insets:
            boxed, inner = _in_columns(
                flow.take(inset), KnownGutters(), 0, tables, upright, body_size, np.empty((0, 4))
            )
            boxes += [boxed, *inner]
        for box in boxes:
            found = with_inset(found, box, upright)
        before, after = (_boxed(end, tables, upright, body_size) for end in ends)
        blocks += [*before, *found, *after]
    return blocks


def _boxed(
    words: WordArrays, tables: list[RuledTable], page: PageText, body_size: float
) -> list[LayoutBlock]:
    """The blocks of a box, which are outside the columns."""
    found, _ = _in_columns(words, KnownGutters(), OUTSIDE_COLUMNS, tables, page, body_size, np.empty((0, 4)))
    for block in found:
        block.column = OUTSIDE_COLUMNS
    return found


def _box_of(words: WordArrays) -> tuple[float, float, float, float]:
    """What a box takes of the page by its words, at least one, with white around: (x0, top, x1, bottom)."""
    around = _AROUND_BOX * words.sizes
    return (
        float(words.x0.min()),
        float((words.baselines - around).min()),
        float(words.x1.max()),
        float((words.baselines + around).max()),
    )


def _in_columns(
    words: WordArrays,
    gutters: KnownGutters,
    first: int,
    tables: list[RuledTable],
    page: PageText,
    body_size: float,
    taken_out: Floats,
    searched: _Searched | None = None,
) -> tuple[list[LayoutBlock], list[list[LayoutBlock]]]:
    """The blocks of the columns that words stand in, these numbered from `first`, and those of each box set
    between columns; other boxes were taken out before, and tables without rules `searched` for in all."""
    found: list[LayoutBlock] = []
    boxes: list[list[LayoutBlock]] = []
    for number, column in enumerate(columns(words, gutters, taken_out), start=first):
        text, *notes = (
            _blocks(number, _lines(part, searched, tables, page, gutters), tables, page, body_size)
            for part in (column.words, *column.notes)
        )
        column_blocks = with_notes(text, [note for part in notes for note in part], page)
        if column.is_inset:
            boxes.append(column_blocks)
        else:
            found += column_blocks
    return found, boxes


def _without_bare_tables(
    words: WordArrays, tables: list[RuledTable], page: PageText, gutters: KnownGutters
) -> _Searched:
    """The words without those of tables that have no rules, which are put with the other tables."""
    found = lines(words)
    bare = bare_tables(words, found, page.texts, gutters.tables, list(gutters.starts()))
    if not bare:
        return _Searched(words, found, has_tables=False)
    rest = without_tables(words, bare, first=len(tables))
    tables += bare
    return _Searched(rest, lines(rest), has_tables=True)


def _lines(
    column: WordArrays,
    searched: _Searched | None,
    tables: list[RuledTable],
    page: PageText,
    gutters: KnownGutters,
) -> list[Line]:
    """The lines of a column without those of tables that have no rules."""
    if searched and column is searched.words and not searched.has_tables:
        return searched.lines  # The only column: nothing new would be found.
    return _without_bare_tables(column, tables, page, gutters).lines


def _turns(page: PageText, is_body: Mask) -> list[int]:
    """The directions of writing on a page, in the order in which they are read."""
    of_words = page.turns[is_body]
    if len(of_words) and (of_words == of_words[0]).all():  # as on most pages
        return [int(of_words[0])]
    turns = [turn for turn, _ in Counter(of_words.tolist()).most_common()]
    upright, others = page.boxes[is_body & (page.turns == 0)], page.boxes[is_body & (page.turns != 0)]
    if len(upright) and len(others) and upright[:, 3].max() <= others[:, 1].min():
        turns.sort(key=bool)
    return turns


def _words(page: PageText, rows: Integers) -> WordArrays:
    return WordArrays(
        rows,
        page.boxes[rows, 0],
        page.boxes[rows, 2],
        page.boxes[rows, 3] - page.descents[rows],
        page.sizes[rows],
        page.bold[rows],
        np.array(
            [
                not text.isalpha() and (is_number(text) or text in _UNITS)  # most words have letters only
                for text in map(page.texts.__getitem__, rows.tolist())
            ],
            dtype=np.bool_,
        ),
    )


def _blocks(
    number: int, column: list[Line], tables: list[RuledTable], page: PageText, body_size: float
) -> list[LayoutBlock]:
    """The blocks of one column, ruled tables where their fillers stand."""
    found: list[LayoutBlock] = []
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
            found.append(LayoutBlock("table", rows, number, table.x0, table.x1, 0.0, False))
        drawn |= fillers
    return found + _free_blocks(number, pending, page, body_size)


def _free_blocks(number: int, column: list[Line], page: PageText, body_size: float) -> list[LayoutBlock]:
    """The blocks that lines make up between ruled tables."""
    pieces = pieces_of(column, page.texts)
    found: list[LayoutBlock] = []
    start = 0
    for table in [*find_tables(pieces, page.texts), range(len(column), len(column))]:
        found += _text_blocks(number, column[start : table.start], page, body_size)
        inside = pieces[table.start : table.stop]
        rows = as_rows(inside, page.texts)
        if is_text_side_by_side(rows):
            for part in side_by_side(inside):
                found += _text_blocks(number, part, page, body_size)
        elif rows:
            found.append(_block("table", number, column[table.start : table.stop]))
            found[-1].rows = rows
        start = table.stop
    return found


def _text_blocks(number: int, column: list[Line], page: PageText, body_size: float) -> list[LayoutBlock]:
    """The headings, paragraphs and lists that lines make up."""
    found: list[LayoutBlock] = []
    for group in groups(column, page, body_size):
        found.append(_block(group.kind, number, [line for item in group.items for line in item]))
        found[-1].rows = [[[line.words for line in item]] for item in group.items]
    return found


def _block(kind: BlockKind, number: int, of: Sequence[Line]) -> LayoutBlock:
    return LayoutBlock(
        kind,
        [[[line.words for line in of]]],
        number,
        min(line.x0 for line in of),
        max(line.x1 for line in of),
        max(line.size for line in of),
        all(line.is_bold for line in of),
    )
