"""Under which headings are the cells of a table? For each row: heading, years and units of each column.

A number means little without its column. Headings may fill several rows, one may span several columns ("2024"
over "Baten" and "Lasten"), a new set of headings may follow in the middle of a table, and a table may
continue on the next page without any. A column whose heading is ambiguous has no name and is not used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from index.editions.table_words import (
    heading_words,
    is_amount,
    says_only_units,
    units_in,
    words_of,
    years_in,
)

_LONGEST_HEADING = 90
_LONGEST_LOWER = 40
"""Most characters of a heading, and of one below another heading."""
_MOST_HEADINGS = 4
_MOST_READINGS = 200
"""Ways to divide columns among the headings that span them; if there are more, none is tried."""


@dataclass(frozen=True, slots=True)
class ColumnHeading:
    """The headings over a column, read together."""

    name: str
    """The words of all its headings, sorted, without years and units; "" where a heading has only those."""
    years: frozenset[str]
    """The years that its headings name."""
    units: frozenset[str]
    """The units that its headings name."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The caption, section and column headings that apply to a row of a table."""

    caption: str
    """As printed: the heading or paragraph over the table; may be empty."""
    corner: str
    """The heading over the column of row names; may be empty."""
    section: str
    """The row with only a name that the row is below; may be empty."""
    columns: tuple[ColumnHeading | None, ...]
    """The heading of each cell; None if it is unknown."""
    years: frozenset[str]
    """All years that the caption and the headings name."""
    units: frozenset[str]
    """The units that the caption and the corner give for the whole table."""
    is_heading: bool
    """Whether the row itself names columns."""

    @property
    def has_names(self) -> bool:
        """Whether the heading of any column is known, apart from that of the row names."""
        return any(self.columns[1:])


@dataclass(frozen=True, slots=True)
class Framed:
    """The frames of the rows of a table."""

    frames: tuple[Frame, ...]
    """The frame of each row."""
    headings: tuple[tuple[int, ...], ...]
    """For each row, the numbers of its heading rows."""
    is_carried: bool
    """Whether the table continues the one before, so that the first rows are under its headings."""


def framed(rows: Sequence[str], caption: str, carried: Frame | None) -> Framed:
    """Find the frame of each row of a table.

    Args:
        rows: the text of each row, its cells separated by tabs.
        caption: the text over the table.
        carried: the frame of the last row of the table before, which this one may continue.
    """
    cells = [row.split("\t") for row in rows]
    beginning = _beginning(cells, caption, carried)
    frame = beginning.frame
    frames: list[Frame] = []
    headings: list[tuple[int, ...]] = []
    all_columns: list[tuple[ColumnHeading | None, ...]] = []
    current = tuple(beginning.headings)
    is_after_section = False
    for number, row in enumerate(cells):
        is_heading = number in beginning.headings
        if not is_heading and _is_heading_again(cells, number, frame):
            frame, current, is_heading = _renamed(frame, row), (number,), True
        all_columns.append(frame.columns)
        headings.append(() if is_heading else current)
        if is_heading:
            frames.append(replace(frame, is_heading=True, columns=()))
        elif _is_section(row):
            frames.append(replace(frame, section="", columns=frame.columns[: len(row)]))
            name = f"{frame.section} {row[0]}" if is_after_section else row[0]
            frame = replace(frame, section=name.strip())
        else:
            fits = len(row) <= len(frame.columns)
            frames.append(replace(frame, columns=frame.columns[: len(row)] if fits else (None,) * len(row)))
        is_after_section = not is_heading and _is_section(row)
    if _is_torn(cells, frames):
        frames = [
            _with_headings_in_order(row, frame, columns)
            for row, frame, columns in zip(cells, frames, all_columns, strict=True)
        ]
    return Framed(tuple(frames), tuple(headings), beginning.is_carried)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What is known at the top of a table."""

    headings: list[int]
    """The numbers of the first rows, which name columns."""
    frame: Frame
    """The frame of the rows below them."""
    is_carried: bool
    """Whether the frame is that of the table before."""


def _beginning(cells: Sequence[Sequence[str]], caption: str, carried: Frame | None) -> _Beginning:
    """Read the headings at the top of a table, or take over those of the table that it continues."""
    start = _heading_rows(cells)
    if carried is None:
        return _Beginning(start, _frame([cells[number] for number in start], caption), is_carried=False)
    if start and not _is_fresh(cells[start[0]], carried):
        start = []  # the rest of a row that was cut by the end of a page
    if not start:
        return _Beginning(start, replace(carried, is_heading=False), is_carried=True)
    if _has_same_names(cells[start[-1]], carried):
        caption = caption or carried.caption
    return _Beginning(start, _frame([cells[number] for number in start], caption), is_carried=False)


def _with_headings_in_order(
    row: Sequence[str], frame: Frame, columns: Sequence[ColumnHeading | None]
) -> Frame:
    """The frame of a row in a torn table: its numbers get the headings in their order.

    Only if the row has exactly one number for each heading; otherwise no heading is known.
    """
    names = [column for column in columns[1:] if column]
    filled = [number for number, cell in enumerate(row) if number and cell.strip()]
    made: list[ColumnHeading | None] = [None] * len(frame.columns)
    if len(filled) == len(names) and all(is_amount(row[number]) for number in filled):
        made[:1] = columns[:1]
        for number, name in zip(filled, names, strict=True):
            made[number] = name
    return replace(frame, columns=tuple(made))


_EMPTY = Frame("", "", "", (), frozenset(), frozenset(), is_heading=False)


def _is_torn(cells: Sequence[Sequence[str]], frames: Sequence[Frame]) -> bool:
    """Whether headings and numbers are in different columns: a heading over an empty column, and numbers in a
    column without a heading."""
    filled: set[int] = set()
    empty: set[int] = set()
    nameless: set[int] = set()
    for row, frame in zip(cells, frames, strict=True):
        for number, column in enumerate(frame.columns[1:], 1):
            if column is None and is_amount(row[number]):
                nameless.add(number)
            elif column:
                (filled if row[number].strip() else empty).add(number)
    return bool(nameless and empty - filled)


def _is_section(row: Sequence[str]) -> bool:
    return bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])


def _has_amounts(row: Sequence[str]) -> bool:
    return any(map(is_amount, row[1:])) or (len(row) == 1 and is_amount(row[0]))


def _heading_rows(cells: Sequence[Sequence[str]]) -> list[int]:
    """The numbers of the first rows of a table that name its columns."""
    first: list[int] = []
    for number, row in enumerate(cells):
        longest = max(map(len, row[1:]), default=0)
        if _has_amounts(row) or number >= _MOST_HEADINGS or (number and longest > _LONGEST_LOWER):
            break
        first.append(number)
    while first and _is_section(cells[first[-1]]) and len(first) > 1:
        first.pop()  # the name of a group of rows
    if len(first) == len(cells):
        # In a table without numbers the first row is the heading.
        first = first[:1]
    if all(_is_section(cells[number]) for number in first):
        return []
    return first


def _is_heading_again(cells: Sequence[Sequence[str]], number: int, frame: Frame) -> bool:
    """Whether a row in the middle of a table names the columns again, as before the rows of another year."""
    row = cells[number]
    names = [cell for cell in row[1:] if cell.strip()]
    if len(names) < 2 or _has_amounts(row) or max(map(len, names)) > _LONGEST_HEADING:
        return False
    if number + 1 < len(cells) and not _has_amounts(cells[number + 1]) and not _is_section(cells[number + 1]):
        return False
    if all(years_in(name) for name in names):
        return True
    known = {word for column in frame.columns if column for word in column.name.split()}
    return all(known.intersection(words_of(name)) for name in names)


def _has_same_names(row: Sequence[str], carried: Frame) -> bool:
    """Whether more than half of the known headings of the table before are repeated in a row."""
    known = [column.name for column in carried.columns if column]
    return bool(known) and sum(_column([cell]).name in known for cell in row if cell.strip()) * 2 > len(known)


def _is_fresh(row: Sequence[str], carried: Frame) -> bool:
    """Whether the first row of a table on a new page really names columns."""
    return bool(row[0].strip()) or _has_same_names(row, carried) or any(map(years_in, row))


def _renamed(frame: Frame, row: Sequence[str]) -> Frame:
    """The frame of the rows below a repeated heading; if that names no years, those of the table stay."""
    again = _frame([row], frame.caption)
    return replace(
        again,
        years=again.years or frame.years,
        units=again.units | frame.units,
        corner=row[0] if row[0].strip() else frame.corner,
    )


def _frame(headings: Sequence[Sequence[str]], caption: str) -> Frame:
    """The frame of the rows below some heading rows."""
    rows = [[*row] for row in headings]
    notes = " ".join(_take_notes(rows))
    corner = " ".join(row[0] for row in rows if row and row[0].strip())
    width = max(map(len, rows), default=0)
    columns = tuple(_columns(rows, width)) if rows else ()
    over = " ".join([caption, corner, notes])
    years = frozenset(year for row in rows for cell in row for year in years_in(cell)) | years_in(over)
    return Frame(caption, corner, "", columns, years, units_in(over), is_heading=False)


def _take_notes(rows: Sequence[list[str]]) -> Iterator[str]:
    """Remove from heading rows the cells that only give the unit of the whole table, and yield their text."""
    for row in rows:
        filled = [number for number, cell in enumerate(row) if number and cell.strip()]
        if len(filled) == 1 and not years_in(row[filled[0]]) and len(rows) > 1:
            text = row[filled[0]]
            if says_only_units(text):
                row[filled[0]] = ""
                yield text


def _columns(rows: Sequence[Sequence[str]], width: int) -> Iterator[ColumnHeading | None]:
    """The heading of each column, read from the heading rows; the first column has the row names."""
    padded = [[cell.strip() for cell in [*row, *[""] * (width - len(row))]] for row in rows]
    paths: list[list[str] | None] = [[cell] if cell else [] for cell in padded[-1]]
    for row in reversed(padded[:-1]):
        over = _spread(row, paths)
        paths = [
            None if path is None or above is None else [above, *path] if above else path
            for path, above in zip(paths, over, strict=True)
        ]
    for number, path in enumerate(paths):
        yield ColumnHeading("", frozenset(), frozenset()) if not number else _column(path) if path else None


def _column(path: Sequence[str]) -> ColumnHeading:
    """The heading of a column from the texts over it, top to bottom.

    A relative year, such as N-1, adds "?" to the name: it means another year in each edition.
    """
    text = " ".join(path)
    return ColumnHeading(" ".join(sorted(heading_words(text))), years_in(text), units_in(text))


def _spread(row: Sequence[str], below: Sequence[Sequence[str] | None]) -> list[str | None]:
    """The heading in one row that applies to each column: "" for none, None if it is not certain."""
    width = len(row)
    labels = [number for number in range(1, width) if row[number]]
    if not labels:
        return [""] * width
    # A heading over an empty cell belongs to that column only.
    single = {number for number in labels if not below[number]}
    open_columns = [number for number in range(1, width) if number not in single and below[number]]
    spanning = [number for number in labels if number not in single]
    made: list[str | None] = ["", *(row[number] if number in single else "" for number in range(1, width))]
    readings = list(_readings(spanning, open_columns, below))
    for column in open_columns:
        found = {reading.get(column) for reading in readings}
        label = found.pop() if len(found) == 1 else -1
        made[column] = None if label == -1 else "" if label is None else row[label]
    return made


def _readings(
    labels: Sequence[int], columns: Sequence[int], below: Sequence[Sequence[str] | None]
) -> Iterator[dict[int, int]]:
    """The possible ways to divide columns among headings; each maps a column to the number of its heading."""
    if not labels:
        yield {}
        return
    places = {column: place for place, column in enumerate(columns)}
    if any(label not in places for label in labels):
        return
    if len(labels) == len(columns):
        yield {label: label for label in labels}
        return
    period = len(columns) // len(labels)
    names = [" ".join(below[column] or ()) for column in columns]
    is_even = len(columns) == period * len(labels)
    if (
        is_even
        and period > 1
        and names == names[:period] * len(labels)
        and len(set(names[:period])) == period
    ):
        groups = [columns[start : start + period] for start in range(0, len(columns), period)]
        if all(label in group for label, group in zip(labels, groups, strict=True)):
            yield {column: label for label, group in zip(labels, groups, strict=True) for column in group}
        return
    if len(names) == len(set(names)) or len(labels) == 1:
        yield from _centred([places[label] for label in labels], columns)
    if labels[0] != columns[0]:
        return
    at_left = [*(places[label] for label in labels), len(columns)]
    yield {column: columns[start] for start, end in pairwise(at_left) for column in columns[start:end]}


def _centred(labels: Sequence[int], columns: Sequence[int]) -> Iterator[dict[int, int]]:
    """The ways to divide all columns so that each heading is over the middle of its columns."""
    between = [range(one + 1, other + 1) for one, other in pairwise(labels)]
    readings = 1
    for choices in between:
        readings *= len(choices)
    if readings > _MOST_READINGS:
        return
    for cuts in product(*between):
        bounds = [0, *cuts, len(columns)]
        groups = [range(*pair) for pair in pairwise(bounds)]
        if all(
            abs((group.start + group.stop - 1) / 2 - label) <= 1 / 2
            for label, group in zip(labels, groups, strict=True)
        ):
            yield {
                columns[place]: columns[label]
                for label, group in zip(labels, groups, strict=True)
                for place in group
            }
