"""Running heads, feet and page numbers: what recurs at the same place, outside the text, page after page.

A line is a running line only if all of this holds; in doubt it stays in the text.

- It recurs: among the pages that have something at this place, the next one or the one after has the same
  words, except for a number (left and right pages take turns). So a heading that often begins a page is no
  running line.
- The place is reserved for it: nearby pages have hardly anything else there. The first line of a page's text
  is always at one height, too, but its words change.
- It is outside the text: further from it than the text's lines are from each other, or smaller, or in another
  face that is not bold. No line of the text is between it and the edge, and it is not above the cells of a
  table.
- It is no larger than the text, or it runs through the whole document, as titles of slides do not.

Two kinds need less. A number alone on its line, or in the margin, is a running line if it counts on from page
to page. And where there are running lines, others at the same place and in the same style are too: the heads
that name each section.
"""

from collections import Counter
from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

import numpy as np

from ingest.drawn_words import PageText
from ingest.running.edge_lines import EdgeLine, edge_lines
from ingest.running.line_numbers import LineNumbers
from ingest.running.page_labels import PrintedNumber, counting_on
from ingest.running.recurrence import coming_back, followers, outside_text, page_numbers, reserved_places

_FEWEST = 3
"""Pages on which a line has to occur; in shorter documents two are enough."""
_MOST = 0.6
"""Part of the occurrences of a line that must have a property, for the line to have it."""
_THROUGHOUT = 0.6
"""Part of the document's pages on which a large line has to be."""


class RunningOnPage(NamedTuple):
    """The running lines of a page from top to bottom, each as rows of the page's words."""

    heads: list[list[int]]
    feet: list[list[int]]


class RunningLines:
    """Finds the running lines of a document. Call `look_at` for every page, then `settle`, then the
    others."""

    def __init__(self) -> None:
        self._lines: dict[int, list[EdgeLine]] = {}
        self._words: dict[int, int] = {}
        """How many words each page has, without its line numbers."""
        self._line_numbers = LineNumbers()

    def look_at(self, number: int, page: PageText) -> None:
        """Note the lines near the edges of a page, and its line numbers."""
        beside = self._line_numbers.look_at(number, page)
        rows = np.delete(np.arange(len(page.texts)), beside)
        self._lines[number] = edge_lines(number, page, rows)
        self._words[number] = len(rows)

    def settle(self) -> None:
        """Decide, after the last page, which lines are running lines."""
        self._line_numbers.settle()
        for is_head in (True, False):
            lines = [line for page in self._lines.values() for line in page if line.is_head == is_head]
            running = self._running_at_edge(lines)
            for line in lines:
                line.is_running = line in running
        for number, page in self._lines.items():
            _leave_to_line_around(page)
            if self._is_all_running(number):
                for line in page:  # the page has no text, so only page numbers can be running lines
                    line.is_running = line.is_running and line.is_number

    def _running_at_edge(self, lines: Sequence[EdgeLine]) -> set[EdgeLine]:
        """The running lines among the lines near one edge of all pages."""
        fewest = min(_FEWEST, max(2, len(self._lines)))
        groups = self._groups_that_may_run(lines, fewest)
        coming_back_here = {line for group in groups for line in group}
        running = page_numbers(lines, fewest - 1)
        for group in groups:
            running |= reserved_places(group, coming_back_here, lines)
        while more := followers(running, lines, fewest):
            running |= more
        return outside_text(running, lines)

    def _groups_that_may_run(self, lines: Sequence[EdgeLine], fewest: int) -> list[list[EdgeLine]]:
        """The lines that recur and are outside the text: a group for each text."""
        groups = coming_back(lines, fewest)
        coming = {line for group in groups for line in group}
        return [group for group in groups if self._may_run(group, coming)]

    def _may_run(self, group: Sequence[EdgeLine], coming: Set[EdgeLine]) -> bool:
        """Whether a recurring line is outside the text, and no heading, in most of its occurrences."""

        def mostly(holds: Callable[[EdgeLine], bool]) -> bool:
            return sum(map(holds, group)) >= _MOST * len(group)

        if mostly(lambda line: line.is_large) and not self._is_throughout(group):
            return False
        if not mostly(lambda line: not line.is_over_cells):
            return False
        return mostly(lambda line: _is_outside(line, coming))

    def _is_throughout(self, group: Sequence[EdgeLine]) -> bool:
        """Whether a line has the same text on most pages of the document."""
        _text, count = Counter(line.text for line in group).most_common(1)[0]
        return count >= _THROUGHOUT * len(self._lines)

    def _is_all_running(self, number: int) -> bool:
        """Whether all words of a page are in running lines."""
        running = sum(len(line.words) for line in self._lines[number] if line.is_running)
        return running == self._words[number]

    def of(self, number: int) -> RunningOnPage:
        """The heads and feet of a page."""
        lines = [line for line in self._lines[number] if line.is_running]
        heads = sorted((line for line in lines if line.is_head), key=lambda line: line.distance)
        feet = sorted((line for line in lines if not line.is_head), key=lambda line: -line.distance)
        return RunningOnPage([line.words for line in heads], [line.words for line in feet])

    def line_numbers(self, number: int) -> list[int]:
        """The line numbers of a page that are in no running line, as rows of its words."""
        running = {word for line in self._lines[number] if line.is_running for word in line.words}
        return [row for row in self._line_numbers.of(number) if row not in running]

    def labels(self) -> dict[int, str]:
        """The label of each page, from the numbers in its running lines."""
        printed = {
            number: [
                PrintedNumber(label, f"{place}: {line.shape}")
                for line in lines
                if line.is_running
                for place, label in enumerate(line.numbers)
            ]
            for number, lines in self._lines.items()
        }
        return counting_on(printed)


def _leave_to_line_around(lines: Sequence[EdgeLine]) -> None:
    """A number in the margin that is on a running line is part of it: it is no running line by itself."""
    for line in lines:
        line.is_running = line.is_running and not (line.within and line.within.is_running)


def _is_outside(line: EdgeLine, coming: Set[EdgeLine]) -> bool:
    """Whether a line is apart from the text, or set otherwise; or recurring lines next to it are.

    A bold or larger line close to the text below it may be a heading that begins many pages.
    """
    if line.is_apart or line.is_quiet:
        return True
    return line.inner is not None and line.inner in coming and _is_outside(line.inner, coming)
