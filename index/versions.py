"""Two editions of a document side by side: what was kept, moved, changed, dropped and is new.

Every passage of both editions stands in exactly one row. Numbers that changed are told apart: dates, amounts
and percentages are what an update is read for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, get_args

from index.edition import Edition, EditionPassage, letters_of
from index.figure_changes import FigureChange, are_figures_paired, figure_changes
from index.passage_pairs import Likeness, Matter, Pair, Pairs, find_pairs
from index.table_rows import (
    CellPair,
    are_table_rows,
    cell_pairs,
    have_same_columns,
    is_same_but_columns,
)
from index.word_alignment import WordChange, changed_stretches, word_changes
from index.wording import Wording, raw

Sort = Literal["kept", "moved", "changed", "dropped", "new"]
"""`kept`: the same words in the same place, in a row of a table those of the columns that both have; `moved`:
the same words elsewhere; `changed`: other words, in place or moved; `dropped` and `new`: in one edition
only."""

SORTS: tuple[Sort, ...] = get_args(Sort)

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
class Row:
    """A passage of the older edition beside that of the newer one; several where it was split or joined."""

    sort: Sort
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

    def swapped(self) -> "Row":
        """The same with the editions changed."""
        sorts: Mapping[Sort, Sort] = {"dropped": "new", "new": "dropped"}
        figures = [change.swapped() for change in self.figures]
        figures.sort(key=lambda change: not change.old)  # what has come is told last
        sort = sorts.get(self.sort, self.sort)
        return replace(self, sort=sort, old=self.new, new=self.old, figures=tuple(figures))


@dataclass(frozen=True)
class Comparison:
    """Two editions and their rows, in the order of the newer edition; what was dropped stands where it
    was."""

    old: Edition
    new: Edition
    rows: Sequence[Row]

    @cached_property
    def counts(self) -> Mapping[Sort, int]:
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
    def runs(self) -> Mapping[int, Sequence[Row]]:
        """The rows that moved together."""
        runs: dict[int, list[Row]] = {}
        for row in self.rows:
            if row.run is not None:
                runs.setdefault(row.run, []).append(row)
        return runs

    @property
    def share_kept(self) -> float:
        """Of the characters of both editions that stand in kept or moved passages."""
        same = [row for row in self.rows if row.sort in ("kept", "moved") and not row.has_other_columns]
        kept = sum(self._size(row.old, self.old) + self._size(row.new, self.new) for row in same)
        whole = sum(len(passage.unit.text) for side in (self.old, self.new) for passage in side.passages)
        return kept / max(1, whole)

    @staticmethod
    def _size(numbers: Iterable[int], edition: Edition) -> int:
        return sum(len(edition.passages[number].unit.text) for number in numbers)


def compare(old: Edition, new: Edition) -> Comparison:
    """Lay two editions in the same language beside each other.

    The outcome does not depend on which edition is called the older one, but for the order of the rows.
    """
    is_turned = _keys(new) < _keys(old)
    rows = [row.swapped() for row in _rows(new, old)] if is_turned else _rows(old, new)
    return Comparison(old, new, _in_order(rows))


def changes_in(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> list[WordChange]:
    """The words that differ in a row, as numbers of its words; see :func:`words_together`."""
    one, other = words_together(old), words_together(new)
    if not are_table_rows(old, new):
        return word_changes(one, other)
    return [
        change for cells in cell_pairs(old[0], new[0]) for change in _changes_in_cells(old[0], new[0], cells)
    ]


def _changes_in_cells(old: EditionPassage, new: EditionPassage, cells: CellPair) -> Iterator[WordChange]:
    """The words that differ in two cells; figures that may not stand for each other go and come apart."""
    left, right = cells.old, cells.new
    one, other = old.words[left.start : left.stop], new.words[right.start : right.stop]
    is_paired = are_figures_paired(old, new, cells)
    for change in word_changes(one, other, is_prose=False):
        gone = range(left.start + change.old.start, left.start + change.old.stop)
        come = range(right.start + change.new.start, right.start + change.new.stop)
        if is_paired or not gone or not come:
            yield WordChange(change.kind, gone, come)
            continue
        yield WordChange(change.kind, gone, range(come.start, come.start))
        yield WordChange(change.kind, range(gone.stop, gone.stop), come)


def typing_changes(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> list[tuple[str, str]]:
    """What differs between passages with the same words: capitals, spaces, hyphens and punctuation; without
    the page numbers of a table of contents."""
    sides = [[word for each in side for word in each.text_compared.split()] for side in (old, new)]
    return [
        (" ".join(sides[0][gone.start : gone.stop]), " ".join(sides[1][come.start : come.stop]))
        for gone, come in changed_stretches(*sides, is_prose=False)
    ]


def words_together(passages: Sequence[EditionPassage]) -> list[Wording]:
    """The words of the passages of a row, in order."""
    return [word for passage in passages for word in passage.words]


@dataclass
class _Joined:
    """A pair that grows by the parts that a passage was split into."""

    old: list[int]
    new: list[int]
    is_moved: bool
    run: int | None = field(default=None)


def _keys(edition: Edition) -> list[str]:
    return [passage.key for passage in edition.passages]


def _rows(old: Edition, new: Edition) -> list[Row]:
    likeness = Likeness(old, new)
    pairs = find_pairs(likeness)
    joined = [_Joined([pair.old], [pair.new], is_moved) for pair, is_moved in _each(pairs)]
    _glue(joined, likeness)
    _number_runs([row for row in joined if row.is_moved])
    rows = [_row(row, old, new) for row in joined]
    used_old = {number for row in joined for number in row.old}
    used_new = {number for row in joined for number in row.new}
    rows += [Row("dropped", (each,), ()) for each in range(len(old.passages)) if each not in used_old]
    rows += [Row("new", (), (each,)) for each in range(len(new.passages)) if each not in used_new]
    return rows


def _each(pairs: Pairs) -> Iterator[tuple[Pair, bool]]:
    yield from ((pair, False) for pair in pairs.stayed)
    yield from ((pair, True) for pair in pairs.moved)


def _glue(joined: Sequence[_Joined], likeness: Likeness) -> None:
    """Add to a pair the passages next to it that are nowhere else and whose words its other side holds."""
    used = ({row.old[0] for row in joined}, {row.new[0] for row in joined})
    for row in joined:
        if likeness.old[row.old[0]].key == likeness.new[row.new[0]].key:
            continue
        sides = _Side(likeness.old, row.old, used[0]), _Side(likeness.new, row.new, used[1])
        for side, (own, other) in enumerate((sides, sides[::-1])):
            for step in (1, -1):
                while len(own.numbers) < _MOST_PARTS:
                    part = own.numbers[-1 if step == 1 else 0] + step
                    if not 0 <= part < len(own.matters) or part in own.used:
                        break
                    if not _is_part(part, step, own, other, likeness, side):
                        break
                    own.used.add(part)
                    own.numbers.insert(len(own.numbers) if step == 1 else 0, part)


@dataclass(frozen=True)
class _Side:
    """The passages of one edition in a pair that grows."""

    matters: Sequence[Matter]
    """Of all passages of the edition."""
    numbers: list[int]
    """Of those in the pair."""
    used: set[int]
    """The numbers of all passages that are in a pair."""

    @property
    def inside(self) -> list[Matter]:
        """What the pair holds of this edition."""
        return [self.matters[number] for number in self.numbers]


def _is_part(part: int, step: int, own: _Side, other: _Side, likeness: Likeness, side: int) -> bool:
    """Whether a passage beside those of a pair belongs to them."""
    matter = own.matters[part]
    rest = sum((each.words for each in other.inside), Counter[str]())
    rest -= sum((each.words for each in own.inside), Counter[str]())
    if len(matter.stems) >= _LEAST_GLUED and likeness.contained(part, rest, side) >= _GLUE:
        return True
    if _is_its_date(matter, own.inside, other.inside):
        return True
    if matter.is_row and own.inside[0].is_row:
        return _is_torn_off(matter, own.inside, other.inside)
    return step == -1 and _is_its_heading(matter, own.inside, other.inside)


def _is_torn_off(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a row of a table is the rest of the one beside it: all of it stands in the other edition's row,
    or it holds as many figures as that one and no name, where the row beside it has a name alone."""
    rest = sum((each.forms for each in others), Counter[str]())
    rest -= sum((each.forms for each in own), Counter[str]())
    if part.forms <= rest:
        return True
    figures = [sum(each.forms.total() - len(each.stems) for each in side) for side in ([part], own, others)]
    return not part.stems and not figures[1] and figures[0] == figures[2] > 0


def _is_its_heading(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a heading is the beginning of the other edition's passage, which runs on with its text."""
    key = others[0].key
    return part.kind == "heading" and bool(part.words) and key.startswith(part.key + own[0].key[:_SAME_START])


def _is_its_date(part: Matter, own: Sequence[Matter], others: Sequence[Matter]) -> bool:
    """Whether a line that is all numbers, such as a date set apart, is that of the passage beside it."""
    figures, more = (
        sum(matter.forms.total() - len(matter.stems) for matter in side) for side in (own, others)
    )
    return not part.stems and part.kind == own[0].kind != "table" and more - figures >= _LEAST_MORE


def _number_runs(moved: Sequence[_Joined]) -> None:
    """Let passages that moved together have one number."""
    run, before = -1, None
    for row in sorted(moved, key=lambda row: row.new):
        is_next = before is not None and (
            0 < row.old[0] - before.old[-1] <= _RUN_GAP and 0 < row.new[0] - before.new[-1] <= _RUN_GAP
        )
        run += not is_next
        row.run, before = run, row


def _row(joined: _Joined, old: Edition, new: Edition) -> Row:
    one = [old.passages[number] for number in joined.old]
    other = [new.passages[number] for number in joined.new]
    kept: Sort = "moved" if joined.is_moved else "kept"
    made = Row("changed", tuple(joined.old), tuple(joined.new), joined.is_moved, joined.run)
    if letters_of(words_together(one)) == letters_of(words_together(other)):
        return replace(made, sort=kept, is_retyped=_typed(one) != _typed(other))
    if _is_same_but_heading(one, other) or _is_same_but_torn(one, other):
        return replace(made, sort=kept, is_retyped=True)
    if are_table_rows(one, other) and is_same_but_columns(one[0], other[0]):
        return replace(made, sort=kept, has_other_columns=True)
    return replace(made, figures=_figures(one, other))


def _is_same_but_heading(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether one text is the other below a heading, or with one written in front of it."""
    sides = sorted((words_together(old), words_together(new)), key=len)
    more = len(sides[1]) - len(sides[0])
    if not 0 < more <= min(_MOST_HEADING, len(sides[0]) - 1) or not _is_capital(sides[0][0]):
        return False
    if any(passage.unit.kind in ("table", "heading") for passage in (old[-1], new[-1])):
        return False
    heading, rest = sides[1][:more], sides[1][more:]
    is_heading = heading[0].written[0].isdecimal() or _is_capital(heading[0])
    # A sentence more is a change.
    is_one = not _SENTENCE_END.search(raw([*heading, rest[0]]))
    return is_heading and is_one and _is_capital(rest[0]) and letters_of(rest) == letters_of(sides[0])


def _is_capital(word: Wording) -> bool:
    return word.written[0].isupper()


def _is_same_but_torn(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether a row of a table stands in several pieces in an edition, its words in another order."""
    if len(old) + len(new) == 2 or not all(passage.frame for passage in (*old, *new)):
        return False
    forms = [sorted(word.form for word in words_together(side)) for side in (old, new)]
    return forms[0] == forms[1]


def _figures(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> tuple[FigureChange, ...]:
    """The numbers that changed; those of two rows of a table cell by cell."""
    cells = cell_pairs(old[0], new[0]) if are_table_rows(old, new) else None
    return tuple(figure_changes(old, new, cells))


def _typed(passages: Sequence[EditionPassage]) -> str:
    return " ".join(" ".join(passage.unit.text for passage in passages).split())


def have_other_columns(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether two rows stand in tables whose columns differ, such as those of other years."""
    return are_table_rows(old, new) and not have_same_columns(old[0], new[0])


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """In the order of the newer edition; what was dropped after what stands before it in the older one."""
    dropped = {row.old[0]: row for row in rows if row.sort == "dropped"}
    placed: list[Row] = []
    for row in sorted((row for row in rows if row.new), key=lambda row: row.new):
        placed.append(row)
    after: dict[int, int] = {}
    for place, row in enumerate(placed):
        if row.old and not row.is_moved:
            after[row.old[-1]] = place
    ordered: dict[int, list[Row]] = {}
    place = -1
    last = max([*dropped, *after], default=-1)
    for number in range(last + 1):
        place = after.get(number, place)
        if number in dropped:
            ordered.setdefault(place, []).append(dropped[number])
    found = list(ordered.get(-1, ()))
    for place, row in enumerate(placed):
        found += [row, *ordered.get(place, ())]
    return found
