"""Finds the label of each page from the numbers that are printed on the pages.

A number in a head or foot is accepted if it and the numbers of nearby pages increase by one from page to
page. At the ends of a document, and where the numbering jumps or begins again, there may be no such pages.
There it is accepted if it is in the same kind of line as the accepted numbers, and fits between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.running.edge_lines import value_of

_NEAR = 4
"""Pages before and after whose numbers may support a number."""
_FARTHEST_JUMP = 20
"""Pages that may be missing, or not counted, where the numbering jumps."""
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number in a running line of a page."""

    label: str
    """The number as it is printed; Roman numbers are in lower case."""
    shape: str
    """The words around it, and which number of its line it is: the same on most pages of a document."""

    @property
    def is_roman(self) -> bool:
        return not self.label.isdecimal()

    def ahead(self, page: int) -> tuple[bool, int]:
        """Whether it is Roman, and by how much it is larger than the physical number of its page.

        Both are the same for all numbers of one numbering.
        """
        return self.is_roman, value_of(self.label) - page


def counting_on(printed: Mapping[int, Sequence[PrintedNumber]]) -> dict[int, str]:
    """The label of each page: its printed number, where that fits the numbers of other pages.

    A page without a number, between two pages of one numbering, gets the missing number.

    Args:
        printed: the numbers in the running lines of each page, by its physical number, from 1.
    """
    series = _counted_nearby(printed)
    _add_resumed(series, printed)
    _add_lone(series, printed)
    found = {page: number.label for page, number in series.items()}
    for before, after in pairwise(sorted(series)):
        if series[before].ahead(before) == series[after].ahead(after):
            is_roman, ahead = series[before].ahead(before)
            for page in range(before + 1, after):
                found[page] = _roman(page + ahead) if is_roman else str(page + ahead)
    return found


def _counted_nearby(printed: Mapping[int, Sequence[PrintedNumber]]) -> dict[int, PrintedNumber]:
    """The numbers that belong to one numbering with those of other pages nearby, by page."""
    series: dict[int, PrintedNumber] = {}
    ahead = {page: {number.ahead(page) for number in numbers} for page, numbers in printed.items()}
    for page, numbers in printed.items():
        near = [
            ahead[other]
            for other in range(page - _NEAR, page + _NEAR + 1)
            if other != page and other in ahead
        ]
        support = {number: sum(number.ahead(page) in others for others in near) for number in numbers}
        best = max(support, key=lambda number: support[number], default=None)
        if best is not None and support[best] >= min(2, len(printed) - 1):
            series[page] = best
    return series


def _add_resumed(series: dict[int, PrintedNumber], printed: Mapping[int, Sequence[PrintedNumber]]) -> None:
    """Add to `series` the numbers that continue the numbering before or after them, after a gap."""
    for page in sorted(printed.keys() - series.keys()):
        around = {series[other].ahead(other) for other in _neighbours(series, page)}
        resumed = [number for number in printed[page] if number.ahead(page) in around]
        if resumed:
            series[page] = resumed[0]


def _add_lone(series: dict[int, PrintedNumber], printed: Mapping[int, Sequence[PrintedNumber]]) -> None:
    """Add to `series` numbers that are printed like those of other pages, where the numbering jumps or
    restarts."""
    shapes = {number.shape for number in series.values()}
    for page in sorted(printed.keys() - series.keys()):
        alike = [number for number in printed[page] if number.shape in shapes]
        if len(alike) == 1 and _fits(alike[0], page, series):
            series[page] = alike[0]


def _fits(number: PrintedNumber, page: int, series: Mapping[int, PrintedNumber]) -> bool:
    """Whether a number fits between those before and after it and is near them, or is a 1 that starts
    anew."""
    value = value_of(number.label)
    for other in _neighbours(series, page):
        if series[other].is_roman != number.is_roman:
            continue
        is_in_order = (value_of(series[other].label) <= value) == (other < page)
        is_near = abs(series[other].ahead(other)[1] - number.ahead(page)[1]) <= _FARTHEST_JUMP
        if not (is_in_order and is_near) and not (value == 1 and other < page):
            return False
    return True


def _neighbours(series: Mapping[int, PrintedNumber], page: int) -> list[int]:
    """The nearest pages before and after that have an accepted number."""
    before = max((other for other in series if other < page), default=None)
    after = min((other for other in series if other > page), default=None)
    return [other for other in (before, after) if other is not None]


def _roman(value: int) -> str:
    written = ""
    for worth, digits in _ROMAN:
        while value >= worth:
            written, value = written + digits, value - worth
    return written
