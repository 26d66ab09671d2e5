"""Two editions as readers see them: rows with the words that differ, in sheets of bounded size, and a map."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal, TypedDict

from archive.records import Document, PassageKind
from index.differences import DifferenceKind
from index.edition import Edition, EditionPassage, TableHead
from index.versions import Comparison, Row, Sort, changes_in, have_other_columns, typing_changes
from index.word_alignment import WordChange
from search_app.library import PageLabels
from search_app.parameters import ShownRows
from search_app.passages import link_of

Side = Literal["old", "new"]

_LONGEST_SHOWN = 2_400
"""Characters of a passage from which on long stretches without a change are shortened."""
_LONGEST_UNCHANGED = 300
_MOST_SHOWN = 4_000
"""Characters of a passage that are shown at all; the rest is on its page."""

_SHEET = 36_000
"""Characters of the passages on one page of the list, with what stands around them."""
_AROUND, _AROUND_PASSAGE = 500, 200
"""What the frame of a row counts, in characters, and that of a passage among its neighbours."""
_LARGEST_BLOCK = 8_000
"""Characters of neighbours that are in one edition only."""
_IN_ONE: tuple[Sort, ...] = ("dropped", "new")

_LONGEST_LOUD = 32
_MOST_MARKS = 40
"""Stretches of a row that are marked; where more are changed, neighbours are marked as one."""
_MOST_LISTED = 30
"""Passages that are named where many in a row are folded."""
_EXCERPT = 90
_MOST_TYPING = 3
"""Differences in how a passage is set that are told."""
_LONGEST_LINK = 280
"""Characters of an address that marks a passage on its page."""

_BINS = 150
"""Steps of the map of an edition."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition on one side of the page."""

    document: Document
    labels: PageLabels

    def label(self, page: int) -> str:
        """What is printed on a page."""
        return self.labels.label(page)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage that is wholly changed or wholly not."""

    text: str
    kind: DifferenceKind | None = None

    @property
    def is_loud(self) -> bool:
        """Whether it is little more than a number or a negation."""
        return self.kind in ("number", "negation") and len(self.text) <= _LONGEST_LOUD


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage, or what of it is on one page, stands."""

    page: int
    link: Mapping[str, str]
    """The parameters of a link that marks it on the page; see :mod:`search_app.passages`."""


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage of one edition."""

    kind: PassageKind
    places: tuple[Place, ...]
    """In reading order; at least one."""
    pieces: tuple[Piece, ...]
    head: TableHead | None = None
    """What stands over a row of a table."""

    @property
    def cells(self) -> list[list[Piece]]:
        """The pieces of each cell of a row of a table; anything else is one cell."""
        cells: list[list[Piece]] = [[]]
        for piece in self.pieces:
            for number, text in enumerate(piece.text.split("\t")):
                if number:
                    cells.append([])
                if text:
                    cells[-1].append(Piece(text, piece.kind))
        return cells


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the comparison, ready to be shown."""

    number: int
    """Of the row among all, from 1: its address."""
    row: Row
    old: tuple[ShownPassage, ...]
    new: tuple[ShownPassage, ...]
    has_other_columns: bool = False
    """Whether it is a row of tables whose columns differ."""
    has_page_reference: bool = False
    """Whether it ends in the number of a page, which is not compared."""
    typing: tuple[tuple[str, str], ...] = ()
    """What differs in how the same words are set, the first of it."""

    @property
    def heads(self) -> tuple[TableHead | None, TableHead | None]:
        """What stands over it in both editions."""
        old, new = (next((each.head for each in side if each.head), None) for side in (self.old, self.new))
        return old, new

    @property
    def is_line(self) -> bool:
        """Whether it is a changed row of a table in both editions."""
        both = (*self.old, *self.new)
        return self.row.sort == "changed" and all(passage.kind == "table" for passage in both)


@dataclass(frozen=True, slots=True)
class Fold:
    """Passages in a row that nothing happened to, or that moved together: named, not shown."""

    number: int
    sort: Sort
    rows: tuple[ShownRow, ...]
    """The first of them, with a few words each."""
    count: int
    old_pages: tuple[int, int]
    new_pages: tuple[int, int]
    retyped: int
    """Those of them that are set otherwise."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbours that are in one edition only: what was dropped beside what is new in its place."""

    number: int
    old: tuple[ShownRow, ...]
    new: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the map: where it begins and how wide it is, in steps, and what happened there."""

    start: int
    width: int
    sort: Sort
    number: int
    """Of the first row that it stands for."""


Entry = tuple[int, Sequence[Row]]
"""The number of a row, from 1, and the row; or of the first of several that are shown together, and these."""


@dataclass(frozen=True)
class Listing:
    """Those rows of a comparison that a reader asks for, in sheets."""

    comparison: Comparison
    sheets: Sequence[Sequence[Entry]]
    total: int
    """Rows in all sheets."""
    is_folded: bool
    """Whether what was kept is named only."""

    def place_of(self, number: int) -> tuple[int, int]:
        """The sheet, from 1, on which a row is shown, and the number of the row that names it there: its own,
        or that of the first row of its fold."""
        sheet = max(1, bisect_right(self.sheets, number, key=lambda sheet: sheet[0][0]))
        entries = self.sheets[sheet - 1]
        first, rows = entries[bisect_right(entries, number, key=itemgetter(0)) - 1]
        return sheet, first if self._is_fold(rows) else number

    def shown(self, sheet: int) -> Iterator[ShownRow | Fold | Block]:
        """What stands on a sheet, from 1."""
        for number, rows in self.sheets[sheet - 1] if self.sheets else ():
            if rows[0].sort in _IN_ONE:
                yield _block(number, rows, self.comparison)
            elif self._is_fold(rows):
                yield _fold(number, rows, self.comparison)
            else:
                yield show(number, rows[0], self.comparison)

    def _is_fold(self, rows: Sequence[Row]) -> bool:
        sort = rows[0].sort
        return sort not in _IN_ONE and (len(rows) > 1 or (sort == "kept" and self.is_folded))


def listing(comparison: Comparison, shown: ShownRows) -> Listing:
    """The rows to show. Neighbours that were dropped or are new stand together; where all rows are shown,
    those that were kept or moved together are folded."""
    chosen = [(number, row) for number, row in enumerate(comparison.rows, 1) if is_shown(row, shown)]
    entries: list[Entry] = []
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


def is_shown(row: Row, shown: ShownRows) -> bool:
    """Whether a reader who asks for a sort of rows gets this one."""
    return shown == "all" or row.sort == shown or (shown == "numbers" and bool(row.figures))


def show(number: int, row: Row, comparison: Comparison) -> ShownRow:
    """A row with the words that differ."""
    old, new = passages(row, comparison)
    changes = changes_in(old, new) if row.sort == "changed" else []
    changes = _joined(changes)
    return ShownRow(
        number,
        row,
        tuple(_passages(old, [(change, change.old) for change in changes])),
        tuple(_passages(new, [(change, change.new) for change in changes])),
        **_told(row, old, new),
    )


class _Told(TypedDict):
    has_other_columns: bool
    has_page_reference: bool
    typing: tuple[tuple[str, str], ...]


def _told(row: Row, old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> _Told:
    """What a reader has to know of a row besides its words."""
    typing = typing_changes(old, new) if row.is_retyped else []
    cut = [(one[:_EXCERPT], other[:_EXCERPT]) for one, other in typing[:_MOST_TYPING]]
    return {
        "has_other_columns": have_other_columns(old, new),
        "has_page_reference": any(passage.has_page_reference for passage in (*old, *new)),
        "typing": tuple(cut),
    }


def _joined(changes: list[WordChange]) -> list[WordChange]:
    """Changes of which those that stand closest are joined until there are few enough to be marked."""
    if len(changes) <= _MOST_MARKS:
        return changes
    gaps = sorted(
        range(1, len(changes)), key=lambda place: changes[place].new.start - changes[place - 1].new.stop
    )
    cuts = sorted(gaps[len(changes) - _MOST_MARKS :])
    groups = (changes[start:end] for start, end in pairwise([0, *cuts, len(changes)]))
    return [
        WordChange(
            "substitution",
            range(group[0].old.start, group[-1].old.stop),
            range(group[0].new.start, group[-1].new.stop),
        )
        for group in groups
    ]


def passages(row: Row, comparison: Comparison) -> tuple[list[EditionPassage], list[EditionPassage]]:
    """The passages of a row in both editions."""
    return (
        [comparison.old.passages[number] for number in row.old],
        [comparison.new.passages[number] for number in row.new],
    )


def places_of(passage: EditionPassage) -> tuple[Place, ...]:
    """Where a passage stands: one place, or several where a page or a column ends in it."""
    text = passage.unit.text
    return tuple(
        Place(each.page, link_of(text[each.start : each.end].split(), (each.first, each.last)))
        for each in passage.stretches
    )


def stretches(comparison: Comparison, side: Side) -> list[Stretch]:
    """What happened to an edition from its beginning to its end, by the amount of text."""
    edition: Edition = getattr(comparison, side)
    sorts: dict[int, tuple[Sort, int]] = {}
    for number, row in enumerate(comparison.rows, 1):
        sorts.update((passage, (row.sort, number)) for passage in getattr(row, side))
    whole = max(1, sum(len(passage.unit.text) for passage in edition.passages))
    weights: list[dict[Sort, int]] = [{} for _ in range(_BINS)]
    firsts: list[dict[Sort, int]] = [{} for _ in range(_BINS)]
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


def _merged(weights: Sequence[Mapping[Sort, int]], firsts: Sequence[Mapping[Sort, int]]) -> Iterator[Stretch]:
    sorts = [max(weight.items(), key=itemgetter(1))[0] if weight else None for weight in weights]
    for sort, group in groupby(range(len(sorts)), key=sorts.__getitem__):
        steps = list(group)
        if sort:
            yield Stretch(steps[0], len(steps), sort, firsts[steps[0]][sort])


def _together_by(number: int, row: Row, place: int, shown: ShownRows) -> tuple[Sort, int | None] | None:
    """Neighbours with the same key are shown together; those without one are not."""
    if row.sort in _IN_ONE:
        return "dropped", number - place
    return (row.sort, row.run) if shown == "all" and row.sort in ("kept", "moved") else None


def _chunks(together: Sequence[tuple[int, Row]], comparison: Comparison) -> Iterator[Entry]:
    """Neighbours in blocks that fit on a sheet."""
    chunk: list[Row] = []
    size, first = 0, together[0][0]
    for number, row in together:
        weight = _size([row], comparison)
        if chunk and size + weight > _LARGEST_BLOCK:
            yield first, chunk
            chunk, size, first = [], 0, number
        chunk.append(row)
        size += weight
    yield first, chunk


def _sheets(entries: Iterable[Entry], comparison: Comparison) -> Iterator[list[Entry]]:
    sheet: list[Entry] = []
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


def _size(rows: Sequence[Row], comparison: Comparison) -> int:
    """What rows take on a sheet, in characters."""
    if rows[0].sort in ("kept", "moved") and len(rows) > 1:
        return _AROUND + min(len(rows), _MOST_LISTED) * (_EXCERPT + _LONGEST_LINK)
    around = _AROUND if len(rows) == 1 and rows[0].sort not in _IN_ONE else _AROUND_PASSAGE * len(rows)
    return around + sum(
        min(len(passage.unit.text), _MOST_SHOWN) + min(len(passage.unit.text), _LONGEST_LINK)
        for row in rows
        for side in passages(row, comparison)
        for passage in side
    )


def _block(number: int, rows: Sequence[Row], comparison: Comparison) -> Block:
    shown = [show(each, row, comparison) for each, row in enumerate(rows, number)]
    return Block(number, tuple(row for row in shown if row.old), tuple(row for row in shown if row.new))


def _fold(number: int, rows: Sequence[Row], comparison: Comparison) -> Fold:
    listed = []
    for place, row in enumerate(rows[:_MOST_LISTED]):
        old, new = passages(row, comparison)
        listed.append(ShownRow(number + place, row, _excerpt(old), _excerpt(new), **_told(row, old, new)))
    return Fold(
        number,
        rows[0].sort,
        tuple(listed),
        len(rows),
        _pages(comparison.old, [each for row in rows for each in row.old]),
        _pages(comparison.new, [each for row in rows for each in row.new]),
        sum(row.is_retyped for row in rows),
    )


def _pages(edition: Edition, numbers: Sequence[int]) -> tuple[int, int]:
    pages = [page for number in numbers for page in edition.passages[number].unit.pages]
    return min(pages), max(pages)


def _excerpt(side: Sequence[EditionPassage]) -> tuple[ShownPassage, ...]:
    """The first words of the first passage."""
    unit = side[0].unit
    text = " ".join(unit.text.split())
    if len(text) > _EXCERPT:
        text = f"{text[:_EXCERPT].rpartition(' ')[0] or text[:_EXCERPT]} …"
    return (ShownPassage(unit.kind, places_of(side[0]), (Piece(text),)),)


def _passages(
    side: Sequence[EditionPassage], changes: Sequence[tuple[WordChange, range]]
) -> Iterator[ShownPassage]:
    """Passages cut where the changed stretches of their words begin and end."""
    before = 0
    for passage in side:
        spans = []
        for change, words in changes:
            inside = range(max(words.start - before, 0), min(words.stop - before, len(passage.words)))
            if inside:
                start, end = passage.words[inside[0]].start, passage.words[inside[-1]].end
                spans.append((start, end, change.kind))
        before += len(passage.words)
        unit = passage.unit
        yield ShownPassage(
            unit.kind, places_of(passage), tuple(_shortened(list(_cut(unit.text, spans)))), passage.head
        )


def _cut(text: str, spans: Sequence[tuple[int, int, DifferenceKind]]) -> Iterator[Piece]:
    place = 0
    for start, end, kind in spans:
        if place < start:
            yield Piece(text[place:start])
        yield Piece(text[start:end], kind)
        place = end
    if place < len(text):
        yield Piece(text[place:])


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Pieces of a long passage without most of what did not change."""
    if sum(len(piece.text) for piece in pieces) <= _LONGEST_SHOWN:
        yield from pieces
        return
    room = _MOST_SHOWN
    for piece in pieces:
        text = piece.text
        if piece.kind is None and len(text) > _LONGEST_UNCHANGED and len(pieces) > 1:
            half = _LONGEST_UNCHANGED // 2
            text = f"{text[:half].rpartition(' ')[0]} … {text[-half:].partition(' ')[2]}"
        if len(text) > room:
            yield Piece(f"{text[:room]} …", piece.kind)
            return
        room -= len(text)
        yield Piece(text, piece.kind)
