"""Group the lines of one column into headings, paragraphs and lists."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.records import PassageKind
from ingest.lines import WIDE_GAP, Line
from ingest.page_text import PageText

_BULLETS = "•▪▫■□●○◦◆◇❖➢►▶▸➔✓✔✗☐☑‣⁃·*–—−-"
_MARKER = re.compile(
    rf"[{_BULLETS}]|\(?\d{{1,3}}[.)°]|\(\d{{1,3}}|\(?[a-z][.)]|\(?[A-Z]\)|\(?[ivxIVX]{{1,5}}[.)]"
    r"|\d{1,2}(\.\w{1,2})+\.?|o"
)
_GLUED_BULLET = re.compile(rf"[{_BULLETS}][^\W\d_]")
_NOTE_MARK = re.compile(r"\(?(\d{1,3}|[*†‡§]+)\)?")
_LEADER = re.compile(r"[._…]{4,}|…{2,}")
_LEADER_DOTS = 4
SENTENCE_END = ".?!:;"
_CLOSED = ".?!:;,"

_NUMBERED = re.compile(r"\d{1,2}(\.\d{1,2})+\.?")
"""Of a heading on the second level or further down."""
_DIVISION = re.compile(
    r"(art(icle|ikel)?\.?|(sous-)?section|afdeling|chapitre|hoofdstuk|chapter|kapitel|titre|titel|title|deel|partie"
    r"|part|teil|annexe?|bijlage|anhang|abschnitt) (\d{1,3}|[ivxlc]{1,6}|[a-z]|1er|première)\b\.?",
    re.IGNORECASE,
)

_SAME_SIZE = 0.08
_SAME_SIZE_IN_SENTENCE = 0.25
_PARAGRAPH_GAP = 1.3
"""Times the usual distance of lines: further apart, a new block begins."""
_RUN_ON_GAP = 1.8
"""The same where a line that is full and ends no sentence goes on in the next."""
_TIGHTEST_LEADING = 1.2
"""Times the font size: lines that are not set further apart than this belong together."""
_LOOSEST_LEADING = 2.6
"""Times the font size: lines further apart never belong together."""
_LONGEST_HEADING = 30
"""Words."""
_LONGEST_NUMBERED_HEADING = 15
_HEADING_SIZE = 1.15
"""Times the size of the document's body text."""
_SCRIPT_SIZE = 0.8
"""Times the size of the line: so small is the mark of a note."""

Item = list[Line]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that are one block."""

    kind: PassageKind
    items: list[Item]
    """The items of a list, each with its lines; else all lines as one."""


def groups(column: Sequence[Line], page: PageText, body_size: float) -> list[Group]:
    """The headings, paragraphs and lists that the lines of a column make up, from top to bottom.

    `body_size` is the font size of the document's running text, in points.
    """
    if not column:
        return []
    leading = _usual_leading(column)
    right = max(line.x1 for line in column)
    found: list[list[Item]] = [[[column[0]]]]
    for previous, line in pairwise(column):
        if _starts_block(found[-1], previous, line, page, leading, right):
            found.append([[line]])
        elif is_item(line, page.texts) or has_leader(previous, page.texts):
            found[-1].append([line])
        else:
            found[-1][-1].append(line)
    return [Group(_kind(items, page.texts, body_size), items) for items in found]


def _usual_leading(column: Sequence[Line]) -> float:
    """The commonest distance of lines of one size; the smaller one if two are as common."""
    steps = Counter(
        round(2 * (after.baseline - before.baseline)) / 2
        for before, after in pairwise(column)
        if abs(after.size - before.size) <= _SAME_SIZE * before.size
        and after.baseline - before.baseline <= _LOOSEST_LEADING * before.size
    )
    return min(steps, key=lambda step: (-steps[step], step)) if steps else 0.0


def _starts_block(
    block: list[Item], previous: Line, line: Line, page: PageText, leading: float, right: float
) -> bool:
    last = page.texts[previous.words[-1]]
    next_word = line.edges[0][1] - line.edges[0][0]
    is_full = previous.x1 + next_word > right - line.size
    runs_on = is_full and last[-1:] not in SENTENCE_END and not is_item(line, page.texts)
    # OCR measures the size of a line by its letters, and a last word has few.
    is_same_sentence = runs_on and page.texts[line.words[0]][:1].islower()
    same_size = _SAME_SIZE_IN_SENTENCE if is_same_sentence else _SAME_SIZE
    if abs(line.size - previous.size) > same_size * previous.size or line.is_bold != previous.is_bold:
        return True
    distance = line.baseline - previous.baseline
    usual = (
        max(leading, _TIGHTEST_LEADING * min(line.size, previous.size)) if leading else 1.4 * previous.size
    )
    if distance > min((_RUN_ON_GAP if runs_on else _PARAGRAPH_GAP) * usual, _LOOSEST_LEADING * previous.size):
        return True
    if is_note(line.words, line.size, page):
        return True
    is_list = is_item(block[0][0], page.texts)
    if is_item(line, page.texts):
        return not is_list
    if not has_leader(previous, page.texts) and _is_hanging(block, line):
        return True
    left = min(item[0].x0 for item in block)
    is_short = previous.x1 < right - 0.2 * (right - left)
    if is_list and line.x0 < block[0][0].x0 - 0.5 * line.size and (is_short or last[-1:] in SENTENCE_END):
        return True
    if last[-1:] not in SENTENCE_END:
        return False
    is_item_text = is_list and previous is block[-1][0]
    is_indented = line.x0 > previous.x0 + 0.7 * line.size and not is_item_text
    return ((is_short and not is_list) or is_indented) and not page.texts[line.words[0]][:1].islower()


def _is_hanging(block: list[Item], line: Line) -> bool:
    """Whether a line begins, as the block does, to the left of the text: all other lines of the block stand
    further in, or both lines begin with a label."""
    begin, *rest = [other for item in block for other in item]
    if abs(line.x0 - begin.x0) > 0.5 * line.size:
        return False
    if rest and min(other.x0 for other in rest) > begin.x0 + 1.5 * line.size:
        return True
    text = _beside_label(begin)
    return text is not None and text == _beside_label(line)


def _beside_label(line: Line) -> int | None:
    """Where, in units of a point, the text begins that stands beside the label of a line, if it has one."""
    if len(line.edges) < 2 or line.edges[1][0] - line.edges[0][1] < WIDE_GAP * line.size:
        return None
    return round(line.edges[1][0])


def is_item(line: Line, texts: Sequence[str]) -> bool:
    """Whether a line begins with a bullet or number."""
    if _GLUED_BULLET.match(texts[line.words[0]]):
        return True
    return len(line.words) > 1 and is_marker(texts[line.words[0]])


def is_marker(text: str) -> bool:
    """Whether a word is a bullet or the number of an item."""
    return _MARKER.fullmatch(text) is not None


def is_note(line: Sequence[int], size: float, page: PageText) -> bool:
    """Whether a line of this font size, given by its words, begins with the small number of a footnote."""
    mark = ""
    for word in line[:3]:
        mark += page.texts[word]
        if page.sizes[word] < _SCRIPT_SIZE * size and _NOTE_MARK.match(mark):
            return len(line) > 1
    return False


def has_leader(line: Line, texts: Sequence[str]) -> bool:
    """Whether dots lead to the end of the line, as in a table of contents."""
    end = [texts[word] for word in line.words[-3:]]
    if "." in end and sum(texts[word] == "." for word in line.words) >= _LEADER_DOTS:
        return True
    return any(_LEADER.search(word) for word in end[-2:])


def _kind(items: list[Item], texts: Sequence[str], body_size: float) -> PassageKind:
    lines = [line for item in items for line in item]
    words = [texts[word] for line in lines for word in line.words]
    has_letters = any(character.isalpha() for word in words for character in word)
    if has_letters and any(has_leader(line, texts) for line in lines):
        return "list"
    if has_letters and len(words) <= _LONGEST_HEADING and _is_heading(lines, words, body_size):
        return "heading"
    return "list" if is_item(lines[0], texts) else "paragraph"


def _is_heading(lines: list[Line], words: list[str], body_size: float) -> bool:
    """Whether size, weight, capitals or number make a short block a heading."""
    letters = "".join(words)
    is_in_capitals = letters.isupper() and sum(map(str.isalpha, letters)) >= 4
    if max(line.size for line in lines) >= _HEADING_SIZE * body_size:
        return True
    if (all(line.is_bold for line in lines) or is_in_capitals) and len(lines) <= 4:
        return True
    if len(lines) > 2 or len(words) > _LONGEST_NUMBERED_HEADING or letters[-1] in _CLOSED:
        return False
    text = " ".join(words)
    is_numbered = len(words) > 1 and _NUMBERED.fullmatch(words[0]) is not None and words[1][:1].isupper()
    return is_numbered or _DIVISION.match(text) is not None
