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
"""`kept`: same words, same place (in a table row: same words in the columns that both tables have).
`moved`: same words, other place. `changed`: other words, in place or moved. `dropped`: only in the older
edition. `new`: only in the newer one."""

SORTS: tuple[RowKind, ...] = get_args(RowKind)

_GLUE = 0.55
"""Least share of a neighbouring passage's words that are unmatched on the other side of a group, for it to be
added to the group."""
_LEAST_GLUED = 4
"""Least number of words, numbers not counted, of such a part; fewer words could match by chance."""
_SAME_START = 12
"""Letters of the passage after a heading that are compared, if the other edition has both in one passage."""
_MOST_HEADING = 8
"""Most words of a heading that one edition has in the same passage as the text below it."""
_LEAST_MORE = 2
"""Least count of numbers that a group lacks, for a neighbouring line of numbers to be added to it."""
_MOST_PARTS = 12
"""Most passages of one edition in a row of the comparison."""
_SENTENCE_END = re.compile(r"(?<!\d)[.!?;,](?:\s|\Z)")
_RUN_GAP = 3
"""Greatest distance, in passages, between neighbours in a run that moved together."""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A passage of the older edition and the same one in the newer; several if it was split or joined."""

    sort: RowKind
    old: tuple[int, ...]
    """Numbers of passages in reading order; none for what is new."""
    new: tuple[int, ...]
    is_moved: bool = False
    """Whether its place in the document changed; passages of the kind `changed` may have moved as well."""
    run: int | None = None
    """Rows with the same number moved together."""
    is_retyped: bool = False
    """For a kept or moved passage: whether capitals, spaces, hyphens or punctuation differ."""
    figures: tuple[FigureChange, ...] = ()
    """For a changed passage: the numbers that changed."""
    has_other_columns: bool = False
    """For a kept table row: whether one table has columns that the other lacks, such as other years."""

    def swapped(self) -> "ComparisonRow":
        """The same row with the older and the newer edition exchanged."""
        sorts: Mapping[RowKind, RowKind] = {"dropped": "new", "new": "dropped"}
        figures = [change.swapped() for change in self.figures]
        figures.sort(key=lambda change: not change.old)  # added numbers come last
        sort = sorts.get(self.sort, self.sort)
        return replace(self, sort=sort, old=self.new, new=self.old, figures=tuple(figures))


@dataclass(frozen=True)
class Comparison:
    """Two editions and the rows that compare them.

    Rows follow the order of the newer edition; a dropped passage follows the one that it followed in the
    older edition.
    """

    old: Edition
    new: Edition
    rows: Sequence[ComparisonRow]

    @cached_property
    def counts(self) -> Mapping[RowKind, int]:
        """Number of rows of each kind."""
        counted = Counter(row.sort for row in self.rows)
        return {sort: counted[sort] for sort in SORTS}

    @cached_property
    def with_figures(self) -> int:
        """Number of rows in which a number changed."""
        return sum(bool(row.figures) for row in self.rows)

    @cached_property
    def retyped(self) -> int:
        """Number of kept and moved rows in which capitals, spaces, hyphens or punctuation differ."""
        return sum(row.is_retyped for row in self.rows)

    @cached_property
    def runs(self) -> Mapping[int, Sequence[ComparisonRow]]:
        """The rows that moved together, by the number of their run."""
        runs: dict[int, list[ComparisonRow]] = {}
        for row in self.rows:
            if row.run is not None:
                runs.setdefault(row.run, []).append(row)
        return runs

    @property
    def share_kept(self) -> float:
        """Share of the characters of both editions that are in kept or moved passages, 0 to 1."""
        same = [row for row in self.rows if row.sort in ("kept", "moved") and not row.has_other_columns]
        same_size = sum(self._size(row.old, self.old) + self._size(row.new, self.new) for row in same)
        whole = sum(len(passage.unit.text) for each in (self.old, self.new) for passage in each.passages)
        return same_size / max(1, whole)

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
    """The same words as written in each edition; either text may be empty."""

    old: str
    new: str


def changes_in(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> list[WordChange]:
    """The words that differ in a row; they are numbered as in :func:`words_together`."""
    if not are_table_rows(old, new):
        return word_changes(words_together(old), words_together(new))
    return [
        change for cells in cell_pairs(old[0], new[0]) for change in _changes_in_cells(old[0], new[0], cells)
    ]


def _changes_in_cells(old: EditionPassage, new: EditionPassage, cells: CellPair) -> Iterator[WordChange]:
    """The words that differ between two cells.

    If a number of one cell must not be shown as replaced by one of the other, the change is split into a
    removal and an addition.
    """
    old_words = old.words[cells.old.start : cells.old.stop]
    new_words = new.words[cells.new.start : cells.new.stop]
    is_paired = are_figures_paired(old, new, cells)
    for change in word_changes(old_words, new_words, is_prose=False):
        removed = range(cells.old.start + change.old.start, cells.old.start + change.old.stop)
        added = range(cells.new.start + change.new.start, cells.new.start + change.new.stop)
        if is_paired or not removed or not added:
            yield WordChange(change.kind, removed, added)
            continue
        yield WordChange(change.kind, removed, range(added.start, added.start))
        yield WordChange(change.kind, range(removed.stop, removed.stop), added)


def typing_changes(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> list[TypingChange]:
    """Differences in capitals, spaces, hyphens and punctuation between passages with the same words.

    Page numbers of a table of contents are ignored.
    """
    old_words = [word for passage in old for word in passage.text_compared.split()]
    new_words = [word for passage in new for word in passage.text_compared.split()]
    return [
        TypingChange(
            old=" ".join(old_words[change.old.start : change.old.stop]),
            new=" ".join(new_words[change.new.start : change.new.stop]),
        )
        for change in changed_spans(old_words, new_words, is_prose=False)
    ]


def words_together(passages: Sequence[EditionPassage]) -> list[Wording]:
    """The words of the passages of a row, in order."""
    return [word for passage in passages for word in passage.words]


@dataclass
class _Group:
    """Passages of both editions that form one row, by their numbers in reading order.

    It begins as a pair and grows when a passage turns out to be split into several.
    """

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
"""On which side of a group a passage is."""


@dataclass(frozen=True)
class _Side:
    """The passages of one edition in a group that grows."""

    matters: Sequence[Matter]
    """What each passage of the edition is compared by, in reading order."""
    numbers: list[int]
    """Numbers of the passages in this group."""
    grouped: set[int]
    """Numbers of all passages of the edition that are in any group."""

    @property
    def inside(self) -> list[Matter]:
        """What the passages of the group are compared by."""
        return [self.matters[number] for number in self.numbers]

    def free_neighbour(self, step: int) -> int | None:
        """The number of the passage before or after the group; None if it is in a group already."""
        number = (self.numbers[-1] if step == _AFTER else self.numbers[0]) + step
        is_free = 0 <= number < len(self.matters) and number not in self.grouped
        return number if is_free else None

    def add(self, number: int, step: int) -> None:
        """Add a passage to the group, at its beginning or end."""
        self.grouped.add(number)
        self.numbers.insert(len(self.numbers) if step == _AFTER else 0, number)


def _add_split_parts(groups: Sequence[_Group], likeness: Likeness) -> None:
    """Complete groups whose passage was split in one edition, or joined from several.

    A neighbouring passage is added if it is in no group and its words are in the other side of the group.
    """
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
    """Add the passages before or after a group to it, one by one, as long as they belong to it."""
    while len(own.numbers) < _MOST_PARTS:
        number = own.free_neighbour(step)
        if number is None or not _is_part(own.matters[number], step, own.inside, other.inside, likeness):
            return
        own.add(number, step)


def _is_part(
    part: Matter, step: int, own: Sequence[Matter], others: Sequence[Matter], likeness: Likeness
) -> bool:
    """Whether the passage before or after a group belongs to it.

    Args:
        own: the passages of the group in the same edition.
        others: the passages of the group in the other edition.
    """
    return (
        _is_in_rest(part, own, others, likeness)
        or _is_its_date(part, own, others)
        or _is_torn_off(part, own, others)
        or (step == _BEFORE and _is_its_heading(part, own, others))
    )


def _is_in_rest(part: Matter, own: Sequence[Matter], others: Sequence[Matter], likeness: Likeness) -> bool:
    """Whether most words of a passage are among the words of the other edition that are unmatched so far."""
    rest = sum((each.words for each in others), Counter[str]())
    rest -= sum((each.words for each in own), Counter[str]())
    return len(part.stems) >= _LEAST_GLUED and likeness.contained(part, rest) >= _GLUE


def _is_its_date(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a line of nothing but numbers, such as a date on a line of its own, belongs to its
    neighbour."""
    lacking = _figure_count(others) - _figure_count(own)
    return not part.stems and part.kind == own[0].kind != "table" and lacking >= _LEAST_MORE


def _is_torn_off(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a table row is the torn-off rest of its neighbour.

    It is, if all its words are in the unmatched rest of the other edition's row; or if the neighbour is only
    a name, and this row has no name and as many numbers as the other edition's row.
    """
    if not (part.is_row and own[0].is_row):
        return False
    rest = sum((each.forms for each in others), Counter[str]())
    rest -= sum((each.forms for each in own), Counter[str]())
    is_rest = part.forms <= rest
    has_name_alone = not _figure_count(own)
    has_its_figures = not part.stems and part.figure_count == _figure_count(others) > 0
    return is_rest or (has_name_alone and has_its_figures)


def _is_its_heading(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a heading and the text below it are one passage in the other edition."""
    start = part.key + own[0].key[:_SAME_START]
    return part.kind == "heading" and bool(part.words) and others[0].key.startswith(start)


def _figure_count(matters: Iterable[Matter]) -> int:
    return sum(matter.figure_count for matter in matters)


def _number_runs(moved: Iterable[_Group]) -> None:
    """Number the runs: groups that moved together get the same number."""
    run, before = -1, None
    for group in sorted(moved, key=lambda group: group.new):
        if before is None or not _follows(group, before):
            run += 1
        group.run, before = run, group


def _follows(group: _Group, before: _Group) -> bool:
    """Whether a group follows another closely in both editions."""
    old_gap, new_gap = group.old[0] - before.old[-1], group.new[0] - before.new[-1]
    return 0 < old_gap <= _RUN_GAP and 0 < new_gap <= _RUN_GAP


def _row(group: _Group, old: Edition, new: Edition) -> ComparisonRow:
    one = [old.passages[number] for number in group.old]
    other = [new.passages[number] for number in group.new]
    unchanged: RowKind = "moved" if group.is_moved else "kept"
    row = ComparisonRow("changed", tuple(group.old), tuple(group.new), group.is_moved, group.run)
    if letters_of(words_together(one)) == letters_of(words_together(other)):
        return replace(row, sort=unchanged, is_retyped=_typed(one) != _typed(other))
    if _is_same_but_heading(one, other) or _is_same_but_torn(one, other):
        return replace(row, sort=unchanged, is_retyped=True)
    if are_table_rows(one, other) and is_same_but_columns(one[0], other[0]):
        return replace(row, sort=unchanged, has_other_columns=True)
    return replace(row, figures=_figures(one, other))


def _is_same_but_heading(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether the texts differ only in a heading that one of them begins with."""
    shorter, longer = sorted((words_together(old), words_together(new)), key=len)
    more = len(longer) - len(shorter)
    if not 0 < more <= min(_MOST_HEADING, len(shorter) - 1) or not _is_capital(shorter[0]):
        return False
    if any(passage.unit.kind in ("table", "heading") for passage in (old[-1], new[-1])):
        return False
    heading, rest = longer[:more], longer[more:]
    is_heading = heading[0].written[0].isdecimal() or _is_capital(heading[0])
    # An added sentence is a change, not a heading.
    is_one = not _SENTENCE_END.search(raw([*heading, rest[0]]))
    return is_heading and is_one and _is_capital(rest[0]) and letters_of(rest) == letters_of(shorter)


def _is_capital(word: Wording) -> bool:
    return word.written[0].isupper()


def _is_same_but_torn(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether a table row was torn into several, so that the same words are in another order."""
    if len(old) + len(new) == 2 or not all(passage.frame for passage in (*old, *new)):
        return False
    old_forms = sorted(word.form for word in words_together(old))
    new_forms = sorted(word.form for word in words_together(new))
    return old_forms == new_forms


def _figures(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> tuple[FigureChange, ...]:
    """The numbers that changed; two table rows are compared cell by cell."""
    cells = cell_pairs(old[0], new[0]) if are_table_rows(old, new) else None
    return tuple(figure_changes(old, new, cells))


def _typed(passages: Sequence[EditionPassage]) -> str:
    return " ".join(" ".join(passage.unit.text for passage in passages).split())


def have_other_columns(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether two rows are from tables with different columns, such as different years."""
    return are_table_rows(old, new) and not have_same_columns(old[0], new[0])


def _in_order(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """Order rows as in the newer edition; a dropped row follows the row before it in the older edition."""
    in_newer = sorted((row for row in rows if row.new), key=lambda row: row.new)
    dropped_after = _dropped_after(rows, in_newer)
    ordered = list(dropped_after.get(_START, ()))
    for place, row in enumerate(in_newer):
        ordered += [row, *dropped_after.get(place, ())]
    return ordered


_START = -1
"""The key of rows that were dropped from the beginning of the older edition."""


def _dropped_after(
    rows: Iterable[ComparisonRow], in_newer: Sequence[ComparisonRow]
) -> Mapping[int, Sequence[ComparisonRow]]:
    """The dropped rows, by the index in `in_newer` of the row that they follow."""
    dropped = {row.old[0]: row for row in rows if row.sort == "dropped"}
    place_of_old = {row.old[-1]: place for place, row in enumerate(in_newer) if row.old and not row.is_moved}
    found: defaultdict[int, list[ComparisonRow]] = defaultdict(list)
    place = _START
    for number in sorted([*dropped, *place_of_old]):
        place = place_of_old.get(number, place)
        if number in dropped:
            found[place].append(dropped[number])
    return found
