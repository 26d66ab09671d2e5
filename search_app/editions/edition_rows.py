"""A row of two compared editions as readers see it: its passages, with the words that differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypedDict

from archive.records import BlockKind
from index.editions.comparison import (
    Comparison,
    ComparisonRow,
    changes_in,
    have_other_columns,
    typing_changes,
)
from index.editions.edition import EditionPassage, TableHead
from index.editions.word_changes import WordChange
from index.quotation.differences import DifferenceKind
from search_app.document.word_links import link_of
from search_app.web.parameters import WordRange

_LONGEST_SHOWN = 2_400
"""In a passage with more characters, long unchanged parts are shortened."""
_LONGEST_UNCHANGED = 300
MOST_SHOWN = 4_000
"""Most characters of a passage that are shown; the rest is on its page."""
EXCERPT = 90
"""Characters of the beginning of a passage that is only listed."""

_LONGEST_LOUD = 32
_MOST_MARKS = 40
"""Most changes that are marked in a row; if there are more, neighbours are marked as one."""
_MOST_TYPING = 3
"""Most differences in typing that are shown for a passage."""


@dataclass(frozen=True, slots=True)
class ChangeSegment:
    """A part of a passage that is completely changed or completely unchanged."""

    text: str
    kind: DifferenceKind | None = None

    @property
    def is_loud(self) -> bool:
        """Whether it is little more than a number or a negation."""
        return self.kind in ("number", "negation") and len(self.text) <= _LONGEST_LOUD


@dataclass(frozen=True, slots=True)
class PageLink:
    """The place of a passage, or of its part on one page."""

    page: int
    link: Mapping[str, str]
    """The parameters of a link that marks it on the page; see :mod:`search_app.document.word_links`."""


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage of one edition."""

    kind: BlockKind
    places: tuple[PageLink, ...]
    """In reading order; at least one."""
    pieces: tuple[ChangeSegment, ...]
    head: TableHead | None = None
    """For a row of a table: the head of the table."""

    @property
    def cells(self) -> list[list[ChangeSegment]]:
        """The pieces of each cell of a row of a table; anything else is one cell."""
        cells: list[list[ChangeSegment]] = [[]]
        for piece in self.pieces:
            for number, text in enumerate(piece.text.split("\t")):
                if number:
                    cells.append([])
                if text:
                    cells[-1].append(ChangeSegment(text, piece.kind))
        return cells


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the comparison, ready to be shown."""

    number: int
    """Number of the row among all, from 1; it is part of its address."""
    row: ComparisonRow
    old: tuple[ShownPassage, ...]
    new: tuple[ShownPassage, ...]
    has_other_columns: bool = False
    """Whether it is a row of tables whose columns differ."""
    has_page_reference: bool = False
    """Whether it ends in a page number, which is not compared."""
    typing: tuple[tuple[str, str], ...] = ()
    """The first differences in typing between passages with the same words."""

    @property
    def heads(self) -> tuple[TableHead | None, TableHead | None]:
        """The heads of its tables in both editions."""
        old, new = (next((each.head for each in side if each.head), None) for side in (self.old, self.new))
        return old, new

    @property
    def is_line(self) -> bool:
        """Whether it is a changed row of a table in both editions."""
        both = (*self.old, *self.new)
        return self.row.sort == "changed" and all(passage.kind == "table" for passage in both)


def show(number: int, row: ComparisonRow, comparison: Comparison) -> ShownRow:
    """A row with the words that differ."""
    old, new = passages(row, comparison)
    changes = changes_in(old, new) if row.sort == "changed" else []
    changes = _joined(changes)
    return ShownRow(
        number,
        row,
        tuple(_passages(old, [(change, change.old) for change in changes])),
        tuple(_passages(new, [(change, change.new) for change in changes])),
        **_remarks(row, old, new),
    )


def brief(number: int, row: ComparisonRow, comparison: Comparison) -> ShownRow:
    """A row by the first words of its passages."""
    old, new = passages(row, comparison)
    return ShownRow(number, row, _excerpt(old), _excerpt(new), **_remarks(row, old, new))


class _Remarks(TypedDict):
    has_other_columns: bool
    has_page_reference: bool
    typing: tuple[tuple[str, str], ...]


def _remarks(row: ComparisonRow, old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> _Remarks:
    """What a reader needs to know about a row besides its words."""
    typing = typing_changes(old, new) if row.is_retyped else []
    cut = [(one[:EXCERPT], other[:EXCERPT]) for one, other in typing[:_MOST_TYPING]]
    return {
        "has_other_columns": have_other_columns(old, new),
        "has_page_reference": any(passage.has_page_reference for passage in (*old, *new)),
        "typing": tuple(cut),
    }


def passages(row: ComparisonRow, comparison: Comparison) -> tuple[list[EditionPassage], list[EditionPassage]]:
    """The passages of a row in both editions."""
    return (
        [comparison.old.passages[number] for number in row.old],
        [comparison.new.passages[number] for number in row.new],
    )


def places_of(passage: EditionPassage) -> tuple[PageLink, ...]:
    """The places of a passage: one, or several if a page or a column ends in it."""
    text = passage.unit.text
    return tuple(
        PageLink(each.page, link_of(text[each.start : each.end].split(), WordRange(each.first, each.last)))
        for each in passage.parts
    )


def _joined(changes: list[WordChange]) -> list[WordChange]:
    """Join the closest changes until there are few enough to be marked."""
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


def _excerpt(side: Sequence[EditionPassage]) -> tuple[ShownPassage, ...]:
    """The first words of the first passage."""
    unit = side[0].unit
    text = " ".join(unit.text.split())
    if len(text) > EXCERPT:
        text = f"{text[:EXCERPT].rpartition(' ')[0] or text[:EXCERPT]} …"
    return (ShownPassage(unit.kind, places_of(side[0]), (ChangeSegment(text),)),)


def _passages(
    side: Sequence[EditionPassage], changes: Sequence[tuple[WordChange, range]]
) -> Iterator[ShownPassage]:
    """Passages split at the beginnings and ends of their changes."""
    before = 0
    for passage in side:
        spans = []
        for change, words in changes:
            inside = range(max(words.start - before, 0), min(words.stop - before, len(passage.words)))
            if inside:
                start, end = passage.words[inside[0]].start, passage.words[inside[-1]].end
                spans.append((start, end, change.kind))
        before += len(passage.words)
        spans.sort()  # columns may stand in another order than in the other edition
        unit = passage.unit
        yield ShownPassage(
            unit.kind, places_of(passage), tuple(_shortened(list(_cut(unit.text, spans)))), passage.head
        )


def _cut(text: str, spans: Sequence[tuple[int, int, DifferenceKind]]) -> Iterator[ChangeSegment]:
    place = 0
    for start, end, kind in spans:
        if place < start:
            yield ChangeSegment(text[place:start])
        yield ChangeSegment(text[start:end], kind)
        place = end
    if place < len(text):
        yield ChangeSegment(text[place:])


def _shortened(pieces: Sequence[ChangeSegment]) -> Iterator[ChangeSegment]:
    """Pieces of a long passage without most of what did not change."""
    if sum(len(piece.text) for piece in pieces) <= _LONGEST_SHOWN:
        yield from pieces
        return
    room = MOST_SHOWN
    for piece in pieces:
        text = piece.text
        if piece.kind is None and len(text) > _LONGEST_UNCHANGED and len(pieces) > 1:
            half = _LONGEST_UNCHANGED // 2
            text = f"{text[:half].rpartition(' ')[0]} … {text[-half:].partition(' ')[2]}"
        if len(text) > room:
            yield ChangeSegment(f"{text[:room]} …", piece.kind)
            return
        room -= len(text)
        yield ChangeSegment(text, piece.kind)
