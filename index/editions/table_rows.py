"""Compares two rows of tables: which cells have the same heading, and which numbers may be reported as
changed?

One number replaces another only in the same row of the same table, under the same heading, of the same year
and in the same unit. Everything else is compared by its words alone, and its numbers are only reported as
removed or added.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from index.editions.edition import EditionPassage, letters_of
from index.editions.table_frames import ColumnHeading, Frame
from index.editions.table_words import caption_words, is_amount, without_numbering, words_of, years_in

CellKind = Literal["name", "column", "alone", "unsure"]
"""`name`: what the row is called; `column`: both under the same heading; `alone`: under one that only one
edition has; `unsure`: it is not known what stands for what."""

_SIGNS = "%‰€$£"
_LEAST_LETTERS = 3
"""Letters of the first cell of a row that is its name, whatever number stands before it."""
_TOTALS = frozenset(
    ["totaal", "subtotaal", "total", "totaux", "subtotal", "gesamt", "summe", "saldo", "solde"]
)
"""Words that begin the name of a row that says itself what it is the total of."""


@dataclass(frozen=True, slots=True)
class CellPair:
    """Cells of two rows that are compared, as the numbers of their words; either may be empty."""

    kind: CellKind
    old: range
    new: range


def are_table_rows(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether one row of a table stands beside one."""
    return len(old) == len(new) == 1 and old[0].frame is not None and new[0].frame is not None


def cell_pairs(old: EditionPassage, new: EditionPassage) -> list[CellPair]:
    """What is compared with what in two rows of tables. Every cell is in one pair."""
    one, other = old.frame, new.frame
    whole = CellPair("unsure", range(len(old.words)), range(len(new.words)))
    if one is None or other is None or one.is_heading or other.is_heading:
        return [whole]
    is_same = is_same_row(old, new)
    if one.has_names and other.has_names:
        return list(_by_heading(old, one, new, other, is_same=is_same))
    if is_same and not one.has_names and not other.has_names and _is_one_amount(old) and _is_one_amount(new):
        return _name_and_amount(old, new, is_known=one.years == other.years and one.units == other.units)
    return list(_by_place(old, new)) if len(old.cells) == len(new.cells) else [whole]


def is_same_row(old: EditionPassage, new: EditionPassage) -> bool:
    """Whether two rows have the same name, in the same table and below the same heading of rows."""
    one, other = old.frame, new.frame
    name = row_name(old)
    if one is None or other is None or not name or name != row_name(new) or not _is_same_table(one, other):
        return False
    is_total = len(name) > 1 and name[0] in _TOTALS
    return is_total or words_of(one.section) == words_of(other.section)


def name_in_table(row: EditionPassage) -> tuple[object, ...] | None:
    """What a row of a table with a caption is known by anywhere in a document; None where that says too
    little."""
    if row.frame is None or row.frame.is_heading or len(row.cells) < 2:
        return None
    name, caption = row_name(row), caption_words(row.frame.caption)
    return (caption, words_of(row.frame.section), name) if name and caption else None


def row_name(row: EditionPassage) -> tuple[str, ...]:
    """What a row is called, as it is compared: all before its first amount, without its numbering; the first
    cell of a row of words, or of a row that is called by its year."""
    cells = row.unit.text.split("\t")
    if years_in(cells[0]) and not is_amount(cells[0]) and not any(map(_is_name, cells[1:])):
        return words_of(cells[0])
    if not any(map(is_amount, cells[1:])):
        return words_of(without_numbering(cells[0]))
    named: list[str] = []
    for number, cell in enumerate(cells):
        has_name_behind = any(_is_name(each) for each in cells[number + 1 :])
        if number and is_amount(cell) and (named or not has_name_behind):
            break
        if _is_name(cell) or (not number and sum(map(str.isalpha, cell)) >= _LEAST_LETTERS):
            named.append(without_numbering(cell))
    text = " ".join(named)
    return (*words_of(text), *(sign for sign in text if sign in _SIGNS))


def is_same_but_columns(old: EditionPassage, new: EditionPassage) -> bool:
    """Whether two rows say the same in all columns that both tables have, figures among them, and have others
    only of years that the other table lacks."""
    if not is_same_row(old, new):
        return False
    pairs = cell_pairs(old, new)
    both = [pair for pair in pairs if pair.kind != "alone"]
    if not any(
        pair.kind == "column" and _holds_figures(old, pair.old) and _holds_figures(new, pair.new)
        for pair in both
    ):
        return False
    if any(
        letters_of(old.words[pair.old.start : pair.old.stop])
        != letters_of(new.words[pair.new.start : pair.new.stop])
        for pair in both
    ):
        return False
    alone = [(row, cell) for pair in pairs if pair.kind == "alone" for row, cell in _cell_of(pair, old, new)]
    return all(_names_year(row, cell) or not _holds_figures(row, cell) for row, cell in alone)


def _cell_of(
    pair: CellPair, old: EditionPassage, new: EditionPassage
) -> Iterator[tuple[EditionPassage, range]]:
    """The row and the words of the one cell of a pair that stands alone."""
    if pair.old:
        yield old, pair.old
    if pair.new:
        yield new, pair.new


def _holds_figures(row: EditionPassage, cell: range) -> bool:
    starts = {row.words[number].start for number in cell}
    return any(figure.start in starts for figure in row.figures)


def _names_year(row: EditionPassage, cell: range) -> bool:
    column = row.frame.columns[row.cells.index(cell)] if row.frame else None
    return column is not None and bool(column.years)


def have_same_columns(old: EditionPassage, new: EditionPassage) -> bool:
    """Whether two rows stand under the same headings, as far as they are known."""
    one, other = old.frame, new.frame
    if one is None or other is None or not (one.has_names and other.has_names):
        return True
    return one.columns == other.columns


def _is_name(cell: str) -> bool:
    return not is_amount(cell) and any(map(str.isalpha, cell))


def _is_same_table(one: Frame, other: Frame) -> bool:
    captions, corners = (
        (caption_words(one.caption), caption_words(other.caption)),
        (caption_words(one.corner), caption_words(other.corner)),
    )
    if not _is_within(*corners):
        return False
    if all(captions):
        return _is_within(*captions)
    # Where one has no caption, what stands over the names of the rows has to be the same.
    return not any(captions) or (bool(corners[0]) and corners[0] == corners[1])


def _is_within(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one name is the other, or the other with more words."""
    return one <= other or other <= one


def _by_place(old: EditionPassage, new: EditionPassage) -> Iterator[CellPair]:
    for left, right in zip(old.cells, new.cells, strict=True):
        yield CellPair("unsure", left, right)


def _is_one_amount(row: EditionPassage) -> bool:
    """Whether a row is a name and one amount."""
    filled = [cell for cell in row.unit.text.split("\t") if cell.strip()]
    return len(filled) == 2 and bool(row_name(row)) and is_amount(filled[1])


def _name_and_amount(old: EditionPassage, new: EditionPassage, *, is_known: bool) -> list[CellPair]:
    """The cells of rows without headings; `is_known`: whether their amounts are of the same years and
    units."""
    sides = [[cell for cell in row.cells if cell] for row in (old, new)]
    return [
        CellPair("name", sides[0][0], sides[1][0]),
        CellPair("column" if is_known else "unsure", sides[0][1], sides[1][1]),
    ]


def _by_heading(
    old: EditionPassage, one: Frame, new: EditionPassage, other: Frame, *, is_same: bool
) -> Iterator[CellPair]:
    """The cells under the same heading; those of a heading that only one edition has stand alone."""
    names, others = one.columns, other.columns
    yield CellPair("name" if is_same else "unsure", old.cells[0], new.cells[0])
    known = Counter(map(_key, names)), Counter(map(_key, others))
    places = {_key(column): number for number, column in enumerate(others) if number and column}
    taken = set()
    loose = []
    for number, column in enumerate(names[1:], 1):
        beside = places.get(_key(column)) if column else None
        if column is None:
            loose.append(number)
        elif beside is None or known[0][_key(column)] > 1 or known[1][_key(column)] > 1:
            yield CellPair("alone", old.cells[number], range(0))
        else:
            taken.add(beside)
            is_sure = is_same and _is_same_year_and_unit(column, one, other)
            yield CellPair("column" if is_sure else "unsure", old.cells[number], new.cells[beside])
    free = [number for number in range(1, len(others)) if number not in taken]
    nameless = [number for number in free if others[number] is None]
    yield from (
        CellPair("alone", range(0), new.cells[number]) for number in free if others[number] is not None
    )
    for left, right in zip_longest(loose, nameless):
        yield CellPair(
            "unsure",
            range(0) if left is None else old.cells[left],
            range(0) if right is None else new.cells[right],
        )


def _key(column: ColumnHeading | None) -> tuple[object, ...]:
    return (column.name, column.years, column.units) if column else ()


def _is_same_year_and_unit(column: ColumnHeading, one: Frame, other: Frame) -> bool:
    """Whether figures under the same heading are of the same year and count the same: where the heading does
    not say so, all that stands over the tables has to."""
    if "?" in column.name.split() or (not column.years and one.years != other.years):
        return False
    return bool(column.units) or one.units == other.units
