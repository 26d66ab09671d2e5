"""Finds the lines near the edges of pages that recur, at a place that is reserved for them."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from ingest.running.edge_lines import NUMBER, EdgeLine, value_of

_SAME_PLACE = 5.0
"""Points that a line may move up or down from page to page."""
_EXACT_PLACE = 1.5
_EXACT_SIZE = 0.3
_NEAR = 12
"""Pages before and after a line on which it may recur, or something else may be at its place."""
_NEXT = 2
"""How many of the next pages that have something at its place are compared with a line."""
_MOST_OTHERS = 0.25
"""Part of the pages around it that may have something else at its place."""
_SAME_WORDS = 0.8
"""Part of the words of a line that have to be the same when it recurs: OCR may misread some."""
_FEWEST_WORDS_ALIKE = 4
_LONGEST_FOLLOWER = 20
"""Most words of a line that is accepted because it is like the running lines of other pages."""
_SHORT = 4
"""Most characters that OCR makes of a page number that it misreads."""


def page_numbers(lines: Sequence[EdgeLine], fewest: int) -> set[EdgeLine]:
    """The page numbers among the lines that consist of a number only.

    A number is one if it and those of at least `fewest` other pages nearby increase by one from page to
    page. In an extract from a document they may only increase; then they also have to be apart from the
    text and set alike.
    """
    numbers = [line for line in lines if line.is_number]
    ahead = {
        line: {(value_of(label) - line.page, label.isdecimal()) for label in line.numbers} for line in numbers
    }
    series: defaultdict[tuple[int, bool], list[EdgeLine]] = defaultdict(list)
    for line in numbers:
        for key in ahead[line]:
            series[key].append(line)
    found = set()
    for line in numbers:
        counts = ({other.page for other in series[key] if _is_near(line, other)} for key in ahead[line])
        is_aside = line.is_apart or line.within is not None
        alike = [
            other for other in numbers if is_aside and _is_set_alike(line, other) and _is_near(line, other)
        ]
        if max(map(len, counts), default=0) > fewest or (len(alike) > fewest and _rise(alike)):
            found.add(line)
    return found


def _rise(lines: Sequence[EdgeLine]) -> bool:
    """Whether the numbers on these lines increase from page to page, one line on each page."""
    ordered = sorted(lines, key=lambda line: line.page)
    return all(
        before.page < after.page and value_of(before.numbers[0]) < value_of(after.numbers[0])
        for before, after in pairwise(ordered)
    )


def coming_back(lines: Sequence[EdgeLine], fewest: int) -> list[list[EdgeLine]]:
    """The lines of one edge that recur at their place on at least `fewest` pages: a group for each text."""
    pages = _by_page(lines)
    numbers = sorted(pages)
    groups: dict[EdgeLine, list[EdgeLine]] = {line: [line] for line in lines}
    for line in lines:
        met = 0
        for number in numbers[bisect_right(numbers, line.page) : bisect_right(numbers, line.page + _NEAR)]:
            there = [other for other in pages[number] if _is_near(line, other)]
            for other in there:
                if _says_the_same(line, other) and groups[other] is not groups[line]:
                    groups[line] += groups[other]
                    for member in groups[other]:
                        groups[member] = groups[line]
            met += bool(there)
            if met == _NEXT:
                break
    distinct = {id(group): group for group in groups.values()}.values()
    return [group for group in distinct if len({line.page for line in group}) >= fewest]


def reserved_places(
    group: Iterable[EdgeLine], coming: AbstractSet[EdgeLine], lines: Iterable[EdgeLine]
) -> set[EdgeLine]:
    """The lines of a group whose place is reserved for recurring lines.

    That is: the pages before, or those after, have hardly anything else there.

    Args:
        coming: all recurring lines of this edge.
        lines: all lines of this edge.
    """
    pages = _by_page(lines)
    kept = set()
    for line in group:
        for step in (-1, 1):
            found = others = 0
            for number in range(line.page, line.page + step * (_NEAR + 1), step):
                there = [other for other in pages.get(number, ()) if _is_near(line, other)]
                found += bool(there)
                others += bool(there) and not any(
                    other in coming or (_is_set_alike(line, other) and _may_follow(other, line))
                    for other in there
                )
            if others <= _MOST_OTHERS * found and found > 1:
                kept.add(line)
    return kept


def followers(running: AbstractSet[EdgeLine], lines: Iterable[EdgeLine], fewest: int) -> set[EdgeLine]:
    """Other lines at the same place, and in the same style, as running lines of the pages around them."""
    pages = _by_page(running)
    found: set[EdgeLine] = set()
    for line in lines:
        if line in running or line.is_large or len(line.words) > _LONGEST_FOLLOWER:
            continue
        around = range(line.page - _NEAR // 2, line.page + _NEAR // 2 + 1)
        models = [model for number in around for model in pages.get(number, ()) if _is_set_alike(line, model)]
        if len(models) >= fewest and any(_may_follow(line, model) for model in models):
            found.add(line)
    return found


def _may_follow(line: EdgeLine, model: EdgeLine) -> bool:
    if model.is_number:
        return line.is_number or (len(line.words) == 1 and len(line.text) <= _SHORT)
    if line.is_over_cells or line.text[:1].islower() != model.text[:1].islower():
        return False
    begins_alike = line.names[0] == model.names[0] or line.names[-1] == model.names[-1]
    return line.is_apart + line.is_quiet + begins_alike >= 2


def outside_text(running: AbstractSet[EdgeLine], lines: Iterable[EdgeLine]) -> set[EdgeLine]:
    """The running lines of one edge that have no line of the text between them and the edge."""
    found = set()
    for page in _by_page(lines).values():
        is_outside = True
        for line in sorted(page, key=lambda line: line.distance):
            if line in running and (is_outside or line.is_number):
                found.add(line)
            elif not line.within and line.is_text:
                is_outside = False
    return found


def _by_page(lines: Iterable[EdgeLine]) -> dict[int, list[EdgeLine]]:
    pages: defaultdict[int, list[EdgeLine]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    return pages


def _is_near(line: EdgeLine, other: EdgeLine) -> bool:
    return abs(line.distance - other.distance) <= _SAME_PLACE and abs(line.page - other.page) <= _NEAR


def _is_set_alike(line: EdgeLine, other: EdgeLine) -> bool:
    return (
        abs(line.distance - other.distance) <= _EXACT_PLACE
        and abs(line.size - other.size) <= _EXACT_SIZE
        and line.face == other.face
    )


def _says_the_same(line: EdgeLine, other: EdgeLine) -> bool:
    """Whether two lines have the same words, except for a number, or a few words that OCR read
    differently."""
    if line.names == other.names:
        numbers = zip(NUMBER.findall(line.text), NUMBER.findall(other.text), strict=True)
        differences = sum(one != another for one, another in numbers)
        return bool(differences <= (0 if line.is_number else 1))
    longest = max(len(line.names), len(other.names))
    if longest < _FEWEST_WORDS_ALIKE or min(len(line.names), len(other.names)) < _SAME_WORDS * longest:
        return False
    common = (Counter(line.names) & Counter(other.names)).total()
    return bool(common >= _SAME_WORDS * longest)
