"""Groups the lines of one column into headings, paragraphs and lists."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.records import BlockKind
from ingest.drawn_words import PageText
from ingest.lines.block_starts import deciding_rule, heading_ends
from ingest.lines.lines import Line
from ingest.lines.seams import Item, LineEndSigns, Seam, measured

_CLOSED = ".?!:;,"

_NUMBERED = re.compile(r"\d{1,2}(\.\d{1,2})+\.?")
"""The number of a heading on the second or a lower level."""
_DIVISION = re.compile(
    r"(art(icle|ikel)?\.?|(sous-)?section|afdeling|chapitre|hoofdstuk|chapter|kapitel|titre|titel|title|deel|partie"
    r"|part|teil|annexe?|bijlage|anhang|abschnitt) (\d{1,3}|[ivxlc]{1,6}|[a-z]|1er|première)\b\.?",
    re.IGNORECASE,
)

_LONGEST_HEADING = 30
"""Most words of a heading."""
_LONGEST_NUMBERED_HEADING = 15
_HEADING_SIZE = 1.15
"""Least size of a heading, in sizes of the document's body text."""


@dataclass(frozen=True, slots=True)
class LineGroup:
    """The lines of one block."""

    kind: BlockKind
    items: list[Item]
    """The items of a list, each with its lines; any other block is a single item."""


def groups(column: Sequence[Line], page: PageText, body_size: float) -> list[LineGroup]:
    """Group the lines of a column into headings, paragraphs and lists, from top to bottom.

    `body_size` is the font size of the document's running text, in points.
    """
    if not column:
        return []
    measures = measured(column, page)
    found: list[list[Item]] = [[[column[0]]]]
    starts = [0]
    headings: set[int] = set()
    """Numbers of the first lines of blocks in another typeface than the text after them."""
    usual_face = Counter(measures.look.faces).most_common(1)[0][0]
    for place in range(1, len(column)):
        seam = Seam(measures, place, found[-1], is_list=measures.signs[starts[-1]].is_item)
        rule, is_start = deciding_rule(seam)
        if is_start:
            style, _ = measures.styles[place - 1]
            # The typeface has to be another one than that of most of the page, not only than its neighbours'.
            if rule is heading_ends and style is not None and style.face != usual_face:
                headings.add(starts[-1])
            found.append([[seam.line]])
            starts.append(place)
        elif seam.has_item or seam.is_under_leader:
            found[-1].append([seam.line])
        else:
            found[-1][-1].append(seam.line)
    return [
        LineGroup(_kind(items, measures.signs[start:end], page.texts, body_size, start in headings), items)
        for items, (start, end) in zip(found, pairwise([*starts, len(column)]), strict=True)
    ]


def _kind(
    items: list[Item],
    signs: Sequence[LineEndSigns],
    texts: Sequence[str],
    body_size: float,
    is_set_apart: bool,
) -> BlockKind:
    is_list = signs[0].is_item
    lines = [line for item in items for line in item]
    words = [texts[word] for line in lines for word in line.words]
    has_letters = any(character.isalpha() for word in words for character in word)
    if has_letters and any(sign.has_leader for sign in signs):
        return "list"
    is_set_apart = is_set_apart and not is_list
    if has_letters and len(words) <= _LONGEST_HEADING and _is_heading(lines, words, body_size, is_set_apart):
        return "heading"
    return "list" if is_list else "paragraph"


def _is_heading(lines: list[Line], words: list[str], body_size: float, is_set_apart: bool) -> bool:
    """Whether size, weight, face, capitals or number make a short block a heading."""
    letters = "".join(words)
    is_in_capitals = letters.isupper() and sum(map(str.isalpha, letters)) >= 4
    if max(line.size for line in lines) >= _HEADING_SIZE * body_size:
        return True
    if (all(line.is_bold for line in lines) or is_in_capitals) and len(lines) <= 4:
        return True
    if len(lines) > 2 or len(words) > _LONGEST_NUMBERED_HEADING or letters[-1] in _CLOSED:
        return False
    if is_set_apart and not words[0][:1].islower():
        return True
    text = " ".join(words)
    is_numbered = len(words) > 1 and _NUMBERED.fullmatch(words[0]) is not None and words[1][:1].isupper()
    return is_numbered or _DIVISION.match(text) is not None
