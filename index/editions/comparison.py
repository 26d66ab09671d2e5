"""Compares two editions of a document: what was kept, moved, changed, dropped or added.

Every passage of both editions is in exactly one row. Changed numbers are reported separately, because dates,
amounts and percentages are what an update is read for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple, get_args

from index.editions.edition import Edition, EditionPassage, letters_of
from index.editions.number_changes import FigureChange, are_figures_paired, figure_changes
from index.editions.passage_pairs import Likeness, Matter, Pairs, find_pairs
from index.editions.table_rows import (
    CellPair,
    are_table_rows,
    cell_pairs,
    have_same_columns,
    is_same_but_columns,
)
from index.editions.word_changes import WordChange, changed_spans, word_changes
from index.text.comparable_words import Wording, raw

RowKind = Literal["kept", "moved", "changed", "dropped", "new"]
"""`kept`: the same words in the same place, in a row of a table those of the columns that both have; `moved`:
the same words elsewhere; `changed`: other words, in place or moved; `dropped` and `new`: in one edition
only."""

SORTS: tuple[RowKind, ...] = get_args(RowKind)

_GLUE = 0.55
"""Share of a passage that is left over in the counterpart of its neighbour, for one to be split into both."""
_LEAST_GLUED = 4
"""Words besides numbers of such a part, so that no likeness is by chance."""
_SAME_START = 12
"""Letters of a passage after a heading that stand in one with it in the other edition."""
_MOST_HEADING = 8
"""Words of a heading that one edition has in one with the passage below it."""
_LEAST_MORE = 2
"""Numbers that a passage has more than its counterpart, if a line of numbers after that belongs to it."""
_MOST_PARTS = 12
_SENTENCE_END = re.compile(r"(?<!\d)[.!?;,](?:\s|\Z)")
_RUN_GAP = 3
"""Passages by which neighbours in a run that moved together may stand apart."""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A passage of the older edition and its counterpart in the newer one; several if it was split or
    joined.
    """

    sort: RowKind
    old: tuple[int, ...]
    """Numbers of passages in reading order; none for what is new."""
    new: tuple[int, ...]
    is_moved: bool = False
    """Stands elsewhere in the order of the document; changed passages may have moved as well."""
    run: int | None = None
    """Rows with the same number moved together."""
    is_retyped: bool = False
    """Of a kept or moved passage: capitals, spaces, hyphens or punctuation differ."""
    figures: tuple[FigureChange, ...] = ()
    """The numbers that changed, in a passage that was changed."""
    has_other_columns: bool = False
    """Of a row of a table that was kept: one of the tables has columns that the other lacks, such as those of
    other years."""

    def swapped(self) -> "ComparisonRow":
        """The same with the editions changed."""
        sorts: Mapping[RowKind, RowKind] = {"dropped": "new", "new": "dropped"}
        figures = [change.swapped() for change in self.figures]
        figures.sort(key=lambda change: not change.old)  # what has come is told last
        sort = sorts.get(self.sort, self.sort)
        return replace(self, sort=sort, old=self.new, new=self.old, figures=tuple(figures))


@dataclass(frozen=True)
class Comparison:
    """Two editions and their rows, in the order of the newer edition; dropped passages are where they
    were.
    """

    old: Edition
    new: Edition
    rows: Sequence[ComparisonRow]

    @cached_property
    def counts(self) -> Mapping[RowKind, int]:
        """Rows of each sort."""
        counted = Counter(row.sort for row in self.rows)
        return {sort: counted[sort] for sort in SORTS}

    @cached_property
    def with_figures(self) -> int:
        """Rows in which a number changed."""
        return sum(bool(row.figures) for row in self.rows)

    @cached_property
    def retyped(self) -> int:
        """Kept and moved rows that are the same but for capitals, spaces, hyphens or punctuation."""
        return sum(row.is_retyped for row in self.rows)

    @cached_property
    def runs(self) -> Mapping[int, Sequence[ComparisonRow]]:
        """The rows that moved together."""
        runs: dict[int, list[ComparisonRow]] = {}
        for row in self.rows:
            if row.run is not None:
                runs.setdefault(row.run, []).append(row)
        return runs

    @property
    def share_kept(self) -> float:
        """Of the characters of both editions that stand in kept or moved passages."""
        same = [row for row in self.rows if row.sort in ("kept", "moved") and not row.has_other_columns]
        kept = sum(self._size(row.old, self.old) + self._size(row.new, self.new) for row in same)
        whole = sum(len(passage.unit.text) for each in (self.old, self.new) for passage in each.passages)
        return kept / max(1, whole)

    @staticmethod
    def _size(numbers: Iterable[int], edition: Edition) -> int:
        return sum(len(edition.passages[number].unit.text) for number in numbers)


def compare(old: Edition, new: Edition) -> Comparison:
    """Compare two editions in the same language.

    The result does not depend on which edition is called the older one, except for the order of the rows.
    """
    is_turned = _keys(new) < _keys(old)
    rows = [row.swapped() for row in _rows(new, old)] if is_turned else _rows(old, new)
    return Comparison(old, new, _in_order(rows))


class TypingChange(NamedTuple):
    """The same words as each edition writes them; either may be empty."""

    old: str
    new: str


def changes_in(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> list[WordChange]:
    """The words that differ in a row, as numbers of its words; see :func:`words_together`."""
    if not are_table_rows(old, new):
        return word_changes(words_together(old), words_together(new))
    return [
        change for cells in cell_pairs(old[0], new[0]) for change in _changes_in_cells(old[0], new[0], cells)
    ]


def _changes_in_cells(old: EditionPassage, new: EditionPassage, cells: CellPair) -> Iterator[WordChange]:
    """The words that differ in two cells; figures that may not stand for each other go and come apart."""
    old_words = old.words[cells.old.start : cells.old.stop]
    new_words = new.words[cells.new.start : cells.new.stop]
    is_paired = are_figures_paired(old, new, cells)
    for change in word_changes(old_words, new_words, is_prose=False):
        gone = range(cells.old.start + change.old.start, cells.old.start + change.old.stop)
        come = range(cells.new.start + change.new.start, cells.new.start + change.new.stop)
        if is_paired or not gone or not come:
            yield WordChange(change.kind, gone, come)
            continue
        yield WordChange(change.kind, gone, range(come.start, come.start))
        yield WordChange(change.kind, range(gone.stop, gone.stop), come)


def typing_changes(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> list[TypingChange]:
    """What differs between passages with the same words: capitals, spaces, hyphens and punctuation; without
    the page numbers of a table of contents."""
    old_words = [word for passage in old for word in passage.text_compared.split()]
    new_words = [word for passage in new for word in passage.text_compared.split()]
    return [
        TypingChange(" ".join(old_words[gone.start : gone.stop]), " ".join(new_words[come.start : come.stop]))
        for gone, come in changed_spans(old_words, new_words, is_prose=False)
    ]


def words_together(passages: Sequence[EditionPassage]) -> list[Wording]:
    """The words of the passages of a row, in order."""
    return [word for passage in passages for word in passage.words]


@dataclass
class _Group:
    """The passages of both editions that are one row: a pair that grows by the parts that a passage was split
    into. All are numbers of passages in reading order."""

    old: list[int]
    new: list[int]
    is_moved: bool
    run: int | None = field(default=None)


def _keys(edition: Edition) -> list[str]:
    return [passage.key for passage in edition.passages]


def _rows(old: Edition, new: Edition) -> list[ComparisonRow]:
    likeness = Likeness(old, new)
    groups = _groups(find_pairs(likeness))
    _add_split_parts(groups, likeness)
    _number_runs([group for group in groups if group.is_moved])
    grouped_old = {number for group in groups for number in group.old}
    grouped_new = {number for group in groups for number in group.new}
    return [
        *(_row(group, old, new) for group in groups),
        *(
            ComparisonRow("dropped", (each,), ())
            for each in range(len(old.passages))
            if each not in grouped_old
        ),
        *(ComparisonRow("new", (), (each,)) for each in range(len(new.passages)) if each not in grouped_new),
    ]


def _groups(pairs: Pairs) -> list[_Group]:
    return [
        *(_Group([pair.old], [pair.new], is_moved=False) for pair in pairs.stayed),
        *(_Group([pair.old], [pair.new], is_moved=True) for pair in pairs.moved),
    ]


_BEFORE, _AFTER = -1, 1
"""Where a passage stands beside a group."""


@dataclass(frozen=True)
class _Side:
    """The passages of one edition in a group that grows."""

    matters: Sequence[Matter]
    """Of all passages of the edition."""
    numbers: list[int]
    """Of those in the group."""
    grouped: set[int]
    """The numbers of all passages of the edition that are in a group."""

    @property
    def inside(self) -> list[Matter]:
        """What the group holds of this edition."""
        return [self.matters[number] for number in self.numbers]

    def beside(self, step: int) -> int | None:
        """The passage before or after the group, if it is in no group."""
        number = (self.numbers[-1] if step == _AFTER else self.numbers[0]) + step
        is_free = 0 <= number < len(self.matters) and number not in self.grouped
        return number if is_free else None

    def add(self, number: int, step: int) -> None:
        """Take a passage into the group, as its first or its last."""
        self.grouped.add(number)
        self.numbers.insert(len(self.numbers) if step == _AFTER else 0, number)


def _add_split_parts(groups: Sequence[_Group], likeness: Likeness) -> None:
    """Add to each group the passages next to it that are nowhere else and whose words its other side holds:
    the parts of a passage that was split, or of two that were joined."""
    grouped_old = {group.old[0] for group in groups}
    grouped_new = {group.new[0] for group in groups}
    for group in groups:
        old = _Side(likeness.old, group.old, grouped_old)
        new = _Side(likeness.new, group.new, grouped_new)
        if old.inside[0].key == new.inside[0].key:
            continue
        for own, other in ((old, new), (new, old)):
            _grow(own, other, _AFTER, likeness)
            _grow(own, other, _BEFORE, likeness)


def _grow(own: _Side, other: _Side, step: int, likeness: Likeness) -> None:
    """Take the passages before or after a group into it, one by one, as long as they are parts of it."""
    while len(own.numbers) < _MOST_PARTS:
        number = own.beside(step)
        if number is None or not _is_part(own.matters[number], step, own.inside, other.inside, likeness):
            return
        own.add(number, step)


def _is_part(
    part: Matter, step: int, own: Sequence[Matter], others: Sequence[Matter], likeness: Likeness
) -> bool:
    """Whether a passage before or after those of a group belongs to them; `others` are those of the other
    edition."""
    return (
        _is_in_rest(part, own, others, likeness)
        or _is_its_date(part, own, others)
        or _is_torn_off(part, own, others)
        or (step == _BEFORE and _is_its_heading(part, own, others))
    )


def _is_in_rest(part: Matter, own: Sequence[Matter], others: Sequence[Matter], likeness: Likeness) -> bool:
    """Whether most words of a passage are among those of the other edition that the group lacks so far."""
    rest = sum((each.words for each in others), Counter[str]())
    rest -= sum((each.words for each in own), Counter[str]())
    return len(part.stems) >= _LEAST_GLUED and likeness.contained(part, rest) >= _GLUE


def _is_its_date(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a line that is all numbers, such as a date set apart, is that of the passage beside it."""
    lacking = _figure_count(others) - _figure_count(own)
    return not part.stems and part.kind == own[0].kind != "table" and lacking >= _LEAST_MORE


def _is_torn_off(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a row of a table is the rest of the one beside it: all of it stands in the other edition's row,
    or it holds as many figures as that one and no name, where the row beside it has a name alone."""
    if not (part.is_row and own[0].is_row):
        return False
    rest = sum((each.forms for each in others), Counter[str]())
    rest -= sum((each.forms for each in own), Counter[str]())
    is_rest = part.forms <= rest
    has_name_alone = not _figure_count(own)
    has_its_figures = not part.stems and part.figure_count == _figure_count(others) > 0
    return is_rest or (has_name_alone and has_its_figures)


def _is_its_heading(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a heading is the beginning of the other edition's passage, which runs on with its text."""
    start = part.key + own[0].key[:_SAME_START]
    return part.kind == "heading" and bool(part.words) and others[0].key.startswith(start)


def _figure_count(matters: Iterable[Matter]) -> int:
    return sum(matter.figure_count for matter in matters)


def _number_runs(moved: Iterable[_Group]) -> None:
    """Let passages that moved together have one number."""
    run, before = -1, None
    for group in sorted(moved, key=lambda group: group.new):
        if before is None or not _follows(group, before):
            run += 1
        group.run, before = run, group


def _follows(group: _Group, before: _Group) -> bool:
    """Whether one group comes shortly after another in both editions."""
    old_gap, new_gap = group.old[0] - before.old[-1], group.new[0] - before.new[-1]
    return 0 < old_gap <= _RUN_GAP and 0 < new_gap <= _RUN_GAP


def _row(group: _Group, old: Edition, new: Edition) -> ComparisonRow:
    one = [old.passages[number] for number in group.old]
    other = [new.passages[number] for number in group.new]
    kept: RowKind = "moved" if group.is_moved else "kept"
    row = ComparisonRow("changed", tuple(group.old), tuple(group.new), group.is_moved, group.run)
    if letters_of(words_together(one)) == letters_of(words_together(other)):
        return replace(row, sort=kept, is_retyped=_typed(one) != _typed(other))
    if _is_same_but_heading(one, other) or _is_same_but_torn(one, other):
        return replace(row, sort=kept, is_retyped=True)
    if are_table_rows(one, other) and is_same_but_columns(one[0], other[0]):
        return replace(row, sort=kept, has_other_columns=True)
    return replace(row, figures=_figures(one, other))


def _is_same_but_heading(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether one text is the other below a heading, or with one written in front of it."""
    shorter, longer = sorted((words_together(old), words_together(new)), key=len)
    more = len(longer) - len(shorter)
    if not 0 < more <= min(_MOST_HEADING, len(shorter) - 1) or not _is_capital(shorter[0]):
        return False
    if any(passage.unit.kind in ("table", "heading") for passage in (old[-1], new[-1])):
        return False
    heading, rest = longer[:more], longer[more:]
    is_heading = heading[0].written[0].isdecimal() or _is_capital(heading[0])
    # A sentence more is a change.
    is_one = not _SENTENCE_END.search(raw([*heading, rest[0]]))
    return is_heading and is_one and _is_capital(rest[0]) and letters_of(rest) == letters_of(shorter)


def _is_capital(word: Wording) -> bool:
    return word.written[0].isupper()


def _is_same_but_torn(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether a row of a table stands in several pieces in an edition, its words in another order."""
    if len(old) + len(new) == 2 or not all(passage.frame for passage in (*old, *new)):
        return False
    old_forms = sorted(word.form for word in words_together(old))
    new_forms = sorted(word.form for word in words_together(new))
    return old_forms == new_forms


def _figures(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> tuple[FigureChange, ...]:
    """The numbers that changed; those of two rows of a table cell by cell."""
    cells = cell_pairs(old[0], new[0]) if are_table_rows(old, new) else None
    return tuple(figure_changes(old, new, cells))


def _typed(passages: Sequence[EditionPassage]) -> str:
    return " ".join(" ".join(passage.unit.text for passage in passages).split())


def have_other_columns(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether two rows belong to tables with different columns, such as those of different years."""
    return are_table_rows(old, new) and not have_same_columns(old[0], new[0])


def _in_order(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """In the order of the newer edition; what was dropped after what stands before it in the older one."""
    in_newer = sorted((row for row in rows if row.new), key=lambda row: row.new)
    dropped_after = _dropped_after(rows, in_newer)
    ordered = list(dropped_after.get(_START, ()))
    for place, row in enumerate(in_newer):
        ordered += [row, *dropped_after.get(place, ())]
    return ordered


_START = -1
"""The place of what was dropped before everything else."""


def _dropped_after(
    rows: Iterable[ComparisonRow], in_newer: Sequence[ComparisonRow]
) -> Mapping[int, Sequence[ComparisonRow]]:
    """The rows that were dropped, by the place among those of the newer edition that they stand after."""
    dropped = {row.old[0]: row for row in rows if row.sort == "dropped"}
    place_of_old = {row.old[-1]: place for place, row in enumerate(in_newer) if row.old and not row.is_moved}
    found: defaultdict[int, list[ComparisonRow]] = defaultdict(list)
    place = _START
    for number in sorted([*dropped, *place_of_old]):
        place = place_of_old.get(number, place)
        if number in dropped:
            found[place].append(dropped[number])
    return found
