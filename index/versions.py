"""Two editions of a document side by side: what was kept, moved, changed, dropped and is new.

Every passage of both editions stands in exactly one row. Numbers that changed are told apart: dates, amounts
and percentages are what an update is read for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, get_args

from index.edition import Edition, EditionPassage, letters_of
from index.figure_changes import FigureChange, figure_changes
from index.passage_pairs import Likeness, Matter, Pair, Pairs, find_pairs
from index.word_alignment import WordChange, changed_stretches, word_changes
from index.wording import Wording

Sort = Literal["kept", "moved", "changed", "dropped", "new"]
"""`kept`: the same words in the same place; `moved`: the same words elsewhere; `changed`: other words, in
place or moved; `dropped` and `new`: in one edition only."""

SORTS: tuple[Sort, ...] = get_args(Sort)

_GLUE = 0.55
"""Share of a passage that is left over in the counterpart of its neighbour, for one to be split into both."""
_LEAST_GLUED = 4
"""Words besides numbers of such a part, so that no likeness is by chance."""
_LEAST_MORE = 2
"""Numbers that a passage has more than its counterpart, if a line of numbers after that belongs to it."""
_MOST_PARTS = 12
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

    def swapped(self) -> "Row":
        """The same with the editions changed."""
        sorts: Mapping[Sort, Sort] = {"dropped": "new", "new": "dropped"}
        figures = [FigureChange(change.new, change.old) for change in self.figures]
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
        same = [row for row in self.rows if row.sort in ("kept", "moved")]
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
    if not _are_rows(old, new):
        return word_changes(one, other)
    return [
        WordChange(
            change.kind,
            range(left.start + change.old.start, left.start + change.old.stop),
            range(right.start + change.new.start, right.start + change.new.stop),
        )
        for left, right in _cells(old[0], new[0])
        for change in word_changes(
            one[left.start : left.stop], other[right.start : right.stop], is_prose=False
        )
    ]


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
    sides = (likeness.old, likeness.new)
    for row in joined:
        if likeness.old[row.old[0]].key == likeness.new[row.new[0]].key:
            continue
        for side, numbers, others in ((0, row.old, row.new), (1, row.new, row.old)):
            for step in (1, -1):
                while len(numbers) < _MOST_PARTS:
                    part = numbers[-1 if step == 1 else 0] + step
                    if not 0 <= part < len(sides[side]) or part in used[side]:
                        break
                    rest = sum((sides[1 - side][other].words for other in others), Counter())
                    rest -= sum((sides[side][number].words for number in numbers), Counter())
                    is_said = len(sides[side][part].stems) >= _LEAST_GLUED
                    if not (is_said and likeness.contained(part, rest, side) >= _GLUE) and not _is_its_date(
                        sides[side][part],
                        [sides[side][number] for number in numbers],
                        [sides[1 - side][other] for other in others],
                    ):
                        break
                    used[side].add(part)
                    numbers.insert(len(numbers) if step == 1 else 0, part)


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
    made = Row("changed", tuple(joined.old), tuple(joined.new), joined.is_moved, joined.run)
    if letters_of(words_together(one)) != letters_of(words_together(other)):
        return replace(made, figures=_figures(one, other))
    return replace(made, sort="moved" if joined.is_moved else "kept", is_retyped=_typed(one) != _typed(other))


def _figures(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> tuple[FigureChange, ...]:
    """The numbers that changed; those of two rows of a table cell by cell."""
    if not _are_rows(old, new):
        return tuple(figure_changes(old, new, None))
    cells = [pair for pair in _cells(old[0], new[0]) if all(pair)]
    return tuple(figure_changes(old, new, cells))


def _typed(passages: Sequence[EditionPassage]) -> str:
    return " ".join(" ".join(passage.unit.text for passage in passages).split())


def _are_rows(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether one row of a table stands beside one."""
    return len(old) == len(new) == 1 and old[0].unit.kind == new[0].unit.kind == "table"


def _cells(old: EditionPassage, new: EditionPassage) -> list[tuple[range, range]]:
    """What is compared with what in two rows: the cells of columns with the same name; where none has, cell
    by cell if there are as many, else the rows as a whole. A column that one edition lacks stands beside
    nothing."""
    names = _column_names(old), _column_names(new)
    if names[0] and names[1] and set(names[0][1:]) & set(names[1][1:]) - {""}:
        return _cells_by_name(old.cells, new.cells, *names)
    if len(old.cells) == len(new.cells):
        return list(zip(old.cells, new.cells, strict=True))
    return [(range(len(old.words)), range(len(new.words)))]


def _cells_by_name(
    one: Sequence[range], other: Sequence[range], names: Sequence[str], others: Sequence[str]
) -> list[tuple[range, range]]:
    cells: list[tuple[range, range]] = []
    left = right = 0
    end = range(len(names), len(names)), range(len(others), len(others))
    for gone, come in [*changed_stretches(names, others, is_prose=False), end]:
        cells += zip(one[left : gone.start], other[right : come.start], strict=True)
        cells += [(one[number], range(0)) for number in gone]
        cells += [(range(0), other[number]) for number in come]
        left, right = gone.stop, come.stop
    return cells


def _column_names(row: EditionPassage) -> list[str]:
    """The names of the columns of a row of a table, if there is one over each cell."""
    names = row.head.columns if row.head else []
    return names if len(names) == len(row.cells) > 1 else []


def have_other_columns(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> bool:
    """Whether two rows stand in tables whose columns differ, such as those of other years."""
    if not _are_rows(old, new) or not old[0].head or not new[0].head:
        return False
    return bool(old[0].head.rows and new[0].head.rows) and old[0].head.columns != new[0].head.columns


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
