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
"""`name`: the name of the row. `column`: both cells have the same heading. `alone`: only one edition has this
heading. `unsure`: it is not known which cells correspond."""

_SIGNS = "%‰€$£"
_LEAST_LETTERS = 3
"""Least number of letters of a first cell that is the name of its row, even if it begins with a number."""
_TOTALS = frozenset(
    ["totaal", "subtotaal", "total", "totaux", "subtotal", "gesamt", "summe", "saldo", "solde"]
)
"""First words of a total. A total with more words in its name needs no section to be recognised."""


@dataclass(frozen=True, slots=True)
class CellPair:
    """Cells of two rows that are compared, as ranges of their words; either may be empty."""

    kind: CellKind
    old: range
    new: range


def are_table_rows(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether both sides are exactly one table row."""
    return len(old) == len(new) == 1 and old[0].frame is not None and new[0].frame is not None


def cell_pairs(old: EditionPassage, new: EditionPassage) -> list[CellPair]:
    """Pair the cells of two table rows. Every cell is in one pair."""
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
    """Whether two rows have the same name, in the same table and the same section of it."""
    one, other = old.frame, new.frame
    name = row_name(old)
    if one is None or other is None or not name or name != row_name(new) or not _is_same_table(one, other):
        return False
    is_total = len(name) > 1 and name[0] in _TOTALS
    return is_total or words_of(one.section) == words_of(other.section)


def name_in_table(row: EditionPassage) -> tuple[object, ...] | None:
    """Identifies a table row anywhere in a document: caption, section and name; None if these say too
    little."""
    if row.frame is None or row.frame.is_heading or len(row.cells) < 2:
        return None
    name, caption = row_name(row), caption_words(row.frame.caption)
    return (caption, words_of(row.frame.section), name) if name and caption else None


def row_name(row: EditionPassage) -> tuple[str, ...]:
    """The words of a row's name: all before its first amount, without numbering.

    In a row without amounts, or one that is named by a year, only the first cell is the name.
    """
    cells = row.unit.text.split("\t")
    if years_in(cells[0]) and not is_amount(cells[0]) and not any(map(_is_name, cells[1:])):
        return words_of(cells[0])
    if not any(map(is_amount, cells[1:])):
        return words_of(without_numbering(cells[0]))
    names: list[str] = []
    for number, cell in enumerate(cells):
        has_name_behind = any(_is_name(each) for each in cells[number + 1 :])
        if number and is_amount(cell) and (names or not has_name_behind):
            break
        if _is_name(cell) or (not number and sum(map(str.isalpha, cell)) >= _LEAST_LETTERS):
            names.append(without_numbering(cell))
    text = " ".join(names)
    return (*words_of(text), *(sign for sign in text if sign in _SIGNS))


def is_same_but_columns(old: EditionPassage, new: EditionPassage) -> bool:
    """Whether two rows are equal in all columns that both tables have, and those contain numbers.

    Any other column with numbers must be of a year that the other table lacks.
    """
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
    alone = [(row, cell) for pair in pairs if pair.kind == "alone" for row, cell in _cells_of(pair, old, new)]
    return all(_names_year(row, cell) or not _holds_figures(row, cell) for row, cell in alone)


def _cells_of(
    pair: CellPair, old: EditionPassage, new: EditionPassage
) -> Iterator[tuple[EditionPassage, range]]:
    """The cells of a pair that are not empty: the row of each and the range of its words."""
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
    """Whether two rows have the same column headings; True if those of either are unknown."""
    one, other = old.frame, new.frame
    if one is None or other is None or not (one.has_names and other.has_names):
        return True
    return one.columns == other.columns


def _is_name(cell: str) -> bool:
    return not is_amount(cell) and any(map(str.isalpha, cell))


def _is_same_table(one: Frame, other: Frame) -> bool:
    caption, other_caption = caption_words(one.caption), caption_words(other.caption)
    corner, other_corner = caption_words(one.corner), caption_words(other.corner)
    if not _is_within(corner, other_corner):
        return False
    if caption and other_caption:
        return _is_within(caption, other_caption)
    # If only one has a caption, the headings over the row names must be the same.
    return not (caption or other_caption) or (bool(corner) and corner == other_corner)


def _is_within(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one set of words contains the other."""
    return one <= other or other <= one


def _by_place(old: EditionPassage, new: EditionPassage) -> Iterator[CellPair]:
    for left, right in zip(old.cells, new.cells, strict=True):
        yield CellPair("unsure", left, right)


def _is_one_amount(row: EditionPassage) -> bool:
    """Whether a row consists of a name and one amount."""
    filled = [cell for cell in row.unit.text.split("\t") if cell.strip()]
    return len(filled) == 2 and bool(row_name(row)) and is_amount(filled[1])


def _name_and_amount(old: EditionPassage, new: EditionPassage, *, is_known: bool) -> list[CellPair]:
    """The cell pairs of two rows without headings that consist of a name and one amount.

    Args:
        is_known: whether both amounts are of the same years and units.
    """
    old_name, old_amount = [cell for cell in old.cells if cell][:2]
    new_name, new_amount = [cell for cell in new.cells if cell][:2]
    return [
        CellPair("name", old_name, new_name),
        CellPair("column" if is_known else "unsure", old_amount, new_amount),
    ]


def _by_heading(
    old: EditionPassage, one: Frame, new: EditionPassage, other: Frame, *, is_same: bool
) -> Iterator[CellPair]:
    """Pair cells under the same heading; cells of a heading that only one edition has stay alone."""
    old_columns, new_columns = one.columns, other.columns
    yield CellPair("name" if is_same else "unsure", old.cells[0], new.cells[0])
    old_counts, new_counts = Counter(map(_key, old_columns)), Counter(map(_key, new_columns))
    new_places = {_key(column): number for number, column in enumerate(new_columns) if number and column}
    paired = set()
    old_nameless = []
    for number, column in enumerate(old_columns[1:], 1):
        same = new_places.get(_key(column)) if column else None
        if column is None:
            old_nameless.append(number)
        elif same is None or old_counts[_key(column)] > 1 or new_counts[_key(column)] > 1:
            yield CellPair("alone", old.cells[number], range(0))
        else:
            paired.add(same)
            is_sure = is_same and _is_same_year_and_unit(column, one, other)
            yield CellPair("column" if is_sure else "unsure", old.cells[number], new.cells[same])
    unpaired = [number for number in range(1, len(new_columns)) if number not in paired]
    new_nameless = [number for number in unpaired if new_columns[number] is None]
    yield from (
        CellPair("alone", range(0), new.cells[number])
        for number in unpaired
        if new_columns[number] is not None
    )
    for old_number, new_number in zip_longest(old_nameless, new_nameless):
        yield CellPair(
            "unsure",
            range(0) if old_number is None else old.cells[old_number],
            range(0) if new_number is None else new.cells[new_number],
        )


def _key(column: ColumnHeading | None) -> tuple[object, ...]:
    return (column.name, column.years, column.units) if column else ()


def _is_same_year_and_unit(column: ColumnHeading, one: Frame, other: Frame) -> bool:
    """Whether numbers under the same heading are of the same year and in the same unit.

    If the heading names no year or no unit, those of the whole tables must be equal.
    """
    if "?" in column.name.split() or (not column.years and one.years != other.years):
        return False
    return bool(column.units) or one.units == other.units
