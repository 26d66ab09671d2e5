"""A line of a column and the block above it: the facts that decide whether they belong together."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from ingest.drawn_words import PageText
from ingest.language.block_language import is_stop_word
from ingest.lines.line_styles import Look, Style, ends_of
from ingest.lines.lines import Line
from ingest.lines.markers import goes_on_from, has_leader, is_item, is_raised, is_sign, is_tabbed

SENTENCE_END = ".?!:;"
_CLOSING = "»”’\"')]"
_WITHIN_SENTENCE = "/.,;:)]%&="
_OPENING = "«“‘\"'(["

SAME_SIZE = 0.08
"""By how much the font sizes of lines of one block may differ, as a share of the size."""
LOOSEST_LEADING = 2.6
"""In font sizes: lines further apart never belong together."""
INDENT = 0.5
"""In font sizes: a line further right or left is indented on purpose."""
_LINES_TO_MEASURE = 3
"""Number of lines of a block that show how wide its lines may be."""
_LEAST_SPACE = 0.2
"""The space between words, in font sizes."""
_ROOM = 0.5
"""In font sizes: with so much room to spare, a word would surely have fitted."""
_NEARLY_FULL = 0.25
"""Greatest share of the column width that a line within a paragraph leaves empty."""
_FEWEST_THAT_RUN_ON = 3
_FEWEST_LINE_BY_LINE = 4
_MOST_CLOSED = 0.8
"""Least share of lines that are sentences in a column whose lines are all paragraphs."""

_CONJUNCTIONS = frozenset(("en", "et", "and", "und", "of", "ou", "or", "oder"))
"""Signs with which the items of a list end."""
_REFERENCE = re.compile(
    r"(art(icle|ikel)?s?|artt|nrs?|n[°ºo]s?|nummer|numéro|pp?|blz|pages?|pagina|s|seite|§+|punt(en)?|points?|lid|leden"
    r"|alinéas?|hoofdstuk|chapitre|chapter|kapitel|tab(el|leau|le)?|fig(uur|ure)?|bijlage|annexe?|par(agraaf)?)\.?",
    re.IGNORECASE,
)
"""Words after which a number is not that of an item."""

Item = list[Line]


class Leading(NamedTuple):
    """How far apart the lines of a paragraph are."""

    step: float
    """Points from line to line; 0 if unknown."""
    is_sure: bool
    """Whether it was measured on enough lines within paragraphs."""


class LineEndSigns(NamedTuple):
    """Signs that the first and last word of a line give by themselves."""

    first: str
    """The first character, without opening quotation marks and brackets."""
    is_closed: bool
    """Whether it ends as a sentence does."""
    is_item: bool
    has_leader: bool


@dataclass(frozen=True, slots=True)
class ColumnLines:
    """Measurements of a column, which the rules use for each of its lines."""

    lines: Sequence[Line]
    page: PageText
    look: Look
    signs: Sequence[LineEndSigns]
    """Of each line."""
    styles: Sequence[tuple[Style | None, Style | None]]
    """Of each line: how its first and its last word with letters are set; None without letters."""
    leadings: Mapping[float, Leading]
    """By the size of its lines."""
    spacing: float
    """The commonest distance between lines, of paragraphs and lists alike; 0 if unknown."""
    left: float
    right: float
    """The edges of the column."""
    is_line_by_line: bool
    """Whether nearly each line is a sentence, and so a paragraph."""


def measured(lines: Sequence[Line], page: PageText) -> ColumnLines:
    """Measures a column of one or more lines."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    look = Look(page.texts, page.faces.tolist(), page.bold.tolist())
    signs = [_signs(line, page) for line in lines]
    pairs = [
        place
        for place, (before, after) in enumerate(pairwise(lines))
        if abs(after.size - before.size) <= SAME_SIZE * before.size
        and after.baseline - before.baseline <= LOOSEST_LEADING * before.size
    ]
    runs_on = [
        place
        for place in pairs
        if signs[place + 1].first.islower()
        and not signs[place].is_closed
        and lines[place].x1 > right - _NEARLY_FULL * (right - left)
    ]
    closed = sum(signs[place].is_closed and not signs[place + 1].first.islower() for place in pairs)
    is_line_by_line = len(pairs) >= _FEWEST_LINE_BY_LINE and closed >= _MOST_CLOSED * len(pairs)
    steps = {place: _step(lines[place], lines[place + 1]) for place in pairs}
    usual = _commonest(list(steps.values()))
    running = [(lines[place].size, steps[place]) for place in runs_on]
    return ColumnLines(
        lines,
        page,
        look,
        signs,
        [ends_of(line, look) for line in lines],
        leadings={size: _leading(size, running, usual) for size in {line.size for line in lines}},
        spacing=usual,
        left=left,
        right=right,
        is_line_by_line=is_line_by_line,
    )


def _signs(line: Line, page: PageText) -> LineEndSigns:
    texts = page.texts
    last = texts[
        next((word for word in reversed(line.words) if not is_raised(word, line.size, page)), line.words[-1])
    ]
    return LineEndSigns(
        _first_letter(line, texts),
        (last.rstrip(_CLOSING) or last)[-1:] in SENTENCE_END,
        is_item(line, texts),
        has_leader(line, texts),
    )


def _first_letter(line: Line, texts: Sequence[str]) -> str:
    for word in line.words[:2]:
        if text := texts[word].lstrip(_OPENING):
            return text[0]
    return texts[line.words[0]][0]


def _step(before: Line, after: Line) -> float:
    """The distance between two lines, rounded to half points."""
    return round(2 * (after.baseline - before.baseline)) / 2


def _leading(size: float, running: Sequence[tuple[float, float]], usual: float) -> Leading:
    """The leading of lines of one size.

    Args:
        running: size and distance of each pair of lines within a paragraph. Those of this size count; without
            any, those of all sizes.
        usual: the commonest distance of all lines.
    """
    own = [step for other, step in running if abs(other - size) <= SAME_SIZE * size]
    telling = own or [step for _, step in running]
    return Leading(_commonest(telling) if telling else usual, len(telling) >= _FEWEST_THAT_RUN_ON)


def _commonest(steps: Sequence[float]) -> float:
    """The commonest distance; of two that are equally common, the smaller one; 0 if there is none."""
    counts = Counter(steps)
    return min(counts, key=lambda step: (-counts[step], step)) if counts else 0.0


@dataclass
class Seam:
    """The place between a block and the next line of its column."""

    column: ColumnLines
    place: int
    """Of the line in the column."""
    block: list[Item]
    is_list: bool
    """Whether the block is one."""
    previous: Line = field(init=False)
    line: Line = field(init=False)
    texts: list[str] = field(init=False)
    is_closed: bool = field(init=False)
    """Whether the line above ends a sentence."""
    begins_small: bool = field(init=False)
    """Whether the line begins within a sentence: with a small letter, or a sign as in an address."""
    is_full: bool = field(init=False)
    """Whether the first word of the line would hardly have fitted on the line above."""
    runs_on: bool = field(init=False)
    """Whether the line above is full and does not end a sentence."""

    def __post_init__(self) -> None:
        self.previous, self.line = self.column.lines[self.place - 1 : self.place + 1]
        self.texts = self.column.page.texts
        self.is_closed = self.column.signs[self.place - 1].is_closed
        first = self.column.signs[self.place].first
        self.begins_small = first.islower() or first in _WITHIN_SENTENCE
        self.is_full = self._end_with_next() > self.column.right - self.line.size
        self.runs_on = self.is_full and not self.is_closed

    @property
    def style_above(self) -> Style | None:
        """The style at the end of the line above."""
        return self.column.styles[self.place - 1][1]

    @property
    def style_below(self) -> Style | None:
        """The style at the beginning of the line."""
        return self.column.styles[self.place][0]

    @property
    def is_under_leader(self) -> bool:
        """Whether dots lead to the end of the line above."""
        return self.column.signs[self.place - 1].has_leader

    @cached_property
    def has_room(self) -> bool:
        """Whether that word would surely have fitted: the line above was ended on purpose."""
        lines = [line for item in self.block for line in item]
        is_measured = len(lines) >= _LINES_TO_MEASURE
        right = max(line.x1 for line in [*lines, self.line]) if is_measured else self.column.right
        return self._end_with_next() + _LEAST_SPACE * self.line.size < right - _ROOM * self.line.size

    def _end_with_next(self) -> float:
        left, right = self.line.edges[0]
        return self.previous.x1 + right - left

    @property
    def has_item(self) -> bool:
        """Whether the line begins an item: with a bullet or number that is not part of the sentence above."""
        return self.column.signs[self.place].is_item and self._is_item_of_its_own

    def _goes_on_with_number(self) -> bool:
        """Whether the line above ends with a word that needs another, as in "from the" and "15. March"."""
        last = self.texts[self.previous.words[-1]].lower()
        is_number = self.texts[self.line.words[0]][:1].isdigit()
        return is_number and last not in _CONJUNCTIONS and is_stop_word(last)

    @cached_property
    def _is_item_of_its_own(self) -> bool:
        if is_sign(self.line, self.texts):
            return True
        if self.is_list and any(goes_on_from(item[0], self.line, self.texts) for item in self.block[-1:]):
            return True
        if self._goes_on_with_number():
            return False
        if is_tabbed(self.line):
            return True
        if _REFERENCE.fullmatch(self.texts[self.previous.words[-1]].lstrip("(")):
            return False
        return not self.runs_on or self.line.x0 < self.previous.x0 - INDENT * self.line.size
