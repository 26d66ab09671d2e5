"""The rows of two compared editions that are shown, in pages of bounded size, with a map."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

from archive.records import Document
from index.editions.comparison import Comparison, ComparisonRow, RowKind
from index.editions.edition import Edition
from search_app.editions.edition_rows import EXCERPT, MOST_SHOWN, ShownRow, brief, passages, show
from search_app.library import PageLabels
from search_app.web.parameters import ShownRows

EditionSide = Literal["old", "new"]

_SHEET = 36_000
"""Characters on one page of the list: of the passages and of what is around them."""
_AROUND, _AROUND_PASSAGE = 500, 200
"""Characters that the frame of a row counts for, and the frame of each further passage in it."""
_LARGEST_BLOCK = 8_000
"""Most characters of a group of neighbours that are in one edition only."""
_IN_ONE: tuple[RowKind, ...] = ("dropped", "new")
_MOST_LISTED = 30
"""Most passages that are listed in a fold."""
_LONGEST_LINK = 280
"""Most characters of an address that marks a passage on its page."""

_BINS = 150
"""Number of steps of the map of an edition."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition on one side of the page."""

    document: Document
    labels: PageLabels

    def label(self, page: int) -> str:
        """The printed label of a page."""
        return self.labels.label(page)


@dataclass(frozen=True, slots=True)
class Fold:
    """Consecutive passages that were kept or moved together: they are listed, but not shown in full."""

    number: int
    sort: RowKind
    rows: tuple[ShownRow, ...]
    """The first of them, with a few words each."""
    count: int
    old_pages: tuple[int, int]
    new_pages: tuple[int, int]
    retyped: int
    """Number of passages among them that are not identical to the letter."""


@dataclass(frozen=True, slots=True)
class OneSidedRows:
    """Neighbours that are in one edition only: dropped passages and new ones in their place."""

    number: int
    old: tuple[ShownRow, ...]
    new: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class MapSpan:
    """A part of the map: where it begins and how wide it is, in steps, and what happened there."""

    start: int
    width: int
    sort: RowKind
    number: int
    """Number of the first row that it represents."""


NumberedRows = tuple[int, Sequence[ComparisonRow]]
"""The number of a row, from 1, and the row; or of the first of several that are shown together, and these."""


@dataclass(frozen=True)
class Listing:
    """The shown rows of a comparison, divided into sheets."""

    comparison: Comparison
    sheets: Sequence[Sequence[NumberedRows]]
    total: int
    """Rows in all sheets."""
    is_folded: bool
    """Whether kept passages are only listed."""

    def place_of(self, number: int) -> tuple[int, int]:
        """The sheet, from 1, on which a row is shown, and the number by which it is found there: its own, or
        that of the first row of its fold."""
        sheet = max(1, bisect_right(self.sheets, number, key=lambda sheet: sheet[0][0]))
        entries = self.sheets[sheet - 1]
        first, rows = entries[bisect_right(entries, number, key=itemgetter(0)) - 1]
        return sheet, first if self._is_fold(rows) else number

    def shown(self, sheet: int) -> Iterator[ShownRow | Fold | OneSidedRows]:
        """The rows on a sheet, counted from 1."""
        for number, rows in self.sheets[sheet - 1] if self.sheets else ():
            if rows[0].sort in _IN_ONE:
                yield _block(number, rows, self.comparison)
            elif self._is_fold(rows):
                yield _fold(number, rows, self.comparison)
            else:
                yield show(number, rows[0], self.comparison)

    def _is_fold(self, rows: Sequence[ComparisonRow]) -> bool:
        sort = rows[0].sort
        return sort not in _IN_ONE and (len(rows) > 1 or (sort == "kept" and self.is_folded))


def listing(comparison: Comparison, shown: ShownRows) -> Listing:
    """The rows to show. Neighbouring dropped and new passages are grouped; if all rows are shown, passages
    that were kept or moved together are folded."""
    chosen = [(number, row) for number, row in enumerate(comparison.rows, 1) if is_shown(row, shown)]
    entries: list[NumberedRows] = []
    keyed = [
        (_together_by(number, row, place, shown), number, row) for place, (number, row) in enumerate(chosen)
    ]
    for key, group in groupby(keyed, key=itemgetter(0)):
        together = [(number, row) for _key, number, row in group]
        if key is None:
            entries += [(number, [row]) for number, row in together]
        elif key[0] in _IN_ONE:
            entries += _chunks(together, comparison)
        else:
            entries.append((together[0][0], [row for _number, row in together]))
    return Listing(comparison, list(_sheets(entries, comparison)), len(chosen), shown == "all")


def is_shown(row: ComparisonRow, shown: ShownRows) -> bool:
    """Whether a row is among those that are shown."""
    return shown == "all" or row.sort == shown or (shown == "numbers" and bool(row.figures))


def map_spans(comparison: Comparison, side: EditionSide) -> list[MapSpan]:
    """What happened to an edition from its beginning to its end, by the amount of text."""
    edition: Edition = getattr(comparison, side)
    sorts: dict[int, tuple[RowKind, int]] = {}
    for number, row in enumerate(comparison.rows, 1):
        sorts.update((passage, (row.sort, number)) for passage in getattr(row, side))
    whole = max(1, sum(len(passage.unit.text) for passage in edition.passages))
    weights: list[dict[RowKind, int]] = [{} for _ in range(_BINS)]
    firsts: list[dict[RowKind, int]] = [{} for _ in range(_BINS)]
    start = 0
    for number, passage in enumerate(edition.passages):
        end = start + len(passage.unit.text)
        sort, row_number = sorts[number]
        for step in range(start * _BINS // whole, min(_BINS - 1, (end - 1) * _BINS // whole) + 1):
            inside = min(end, (step + 1) * whole // _BINS + 1) - max(start, step * whole // _BINS)
            weights[step][sort] = weights[step].get(sort, 0) + max(0, inside)
            firsts[step].setdefault(sort, row_number)
        start = end
    return list(_merged(weights, firsts))


def _merged(
    weights: Sequence[Mapping[RowKind, int]], firsts: Sequence[Mapping[RowKind, int]]
) -> Iterator[MapSpan]:
    sorts = [max(weight.items(), key=itemgetter(1))[0] if weight else None for weight in weights]
    for sort, group in groupby(range(len(sorts)), key=sorts.__getitem__):
        steps = list(group)
        if sort:
            yield MapSpan(steps[0], len(steps), sort, firsts[steps[0]][sort])


def _together_by(
    number: int, row: ComparisonRow, place: int, shown: ShownRows
) -> tuple[RowKind, int | None] | None:
    """Neighbours with the same key are shown together; those without one are not."""
    if row.sort in _IN_ONE:
        return "dropped", number - place
    return (row.sort, row.run) if shown == "all" and row.sort in ("kept", "moved") else None


def _chunks(together: Sequence[tuple[int, ComparisonRow]], comparison: Comparison) -> Iterator[NumberedRows]:
    """Neighbours in blocks that fit on a sheet."""
    chunk: list[ComparisonRow] = []
    size, first = 0, together[0][0]
    for number, row in together:
        weight = _size([row], comparison)
        if chunk and size + weight > _LARGEST_BLOCK:
            yield first, chunk
            chunk, size, first = [], 0, number
        chunk.append(row)
        size += weight
    yield first, chunk


def _sheets(entries: Iterable[NumberedRows], comparison: Comparison) -> Iterator[list[NumberedRows]]:
    sheet: list[NumberedRows] = []
    size = 0
    for number, rows in entries:
        weight = min(_size(rows, comparison), _SHEET)
        if sheet and size + weight > _SHEET:
            yield sheet
            sheet, size = [], 0
        sheet.append((number, rows))
        size += weight
    if sheet:
        yield sheet


def _size(rows: Sequence[ComparisonRow], comparison: Comparison) -> int:
    """The size of rows on a sheet, in characters."""
    if rows[0].sort in ("kept", "moved") and len(rows) > 1:
        return _AROUND + min(len(rows), _MOST_LISTED) * (EXCERPT + _LONGEST_LINK)
    around = _AROUND if len(rows) == 1 and rows[0].sort not in _IN_ONE else _AROUND_PASSAGE * len(rows)
    return around + sum(
        min(len(passage.unit.text), MOST_SHOWN) + min(len(passage.unit.text), _LONGEST_LINK)
        for row in rows
        for side in passages(row, comparison)
        for passage in side
    )


def _block(number: int, rows: Sequence[ComparisonRow], comparison: Comparison) -> OneSidedRows:
    shown = [show(each, row, comparison) for each, row in enumerate(rows, number)]
    return OneSidedRows(
        number, tuple(row for row in shown if row.old), tuple(row for row in shown if row.new)
    )


def _fold(number: int, rows: Sequence[ComparisonRow], comparison: Comparison) -> Fold:
    return Fold(
        number,
        rows[0].sort,
        tuple(brief(each, row, comparison) for each, row in enumerate(rows[:_MOST_LISTED], number)),
        len(rows),
        _pages(comparison.old, [each for row in rows for each in row.old]),
        _pages(comparison.new, [each for row in rows for each in row.new]),
        sum(row.is_retyped for row in rows),
    )


def _pages(edition: Edition, numbers: Sequence[int]) -> tuple[int, int]:
    pages = [page for number in numbers for page in edition.passages[number].unit.pages]
    return min(pages), max(pages)
