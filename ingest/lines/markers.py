"""The signs that begin a list item, a footnote or an entry of a table of contents."""

import re
from collections.abc import Sequence

from ingest.drawn_words import PageText
from ingest.lines.lines import Line

_SURE = (
    "\u2022\u2023\u2043\u00b7\u2219"  # bullets
    "\u25a0-\u25ff\u2600-\u26ff\u2700-\u27bf"  # shapes, boxes, ticks, hands
    "\U0001f446-\U0001f449\U0001f5f4-\U0001f5f9\U0001f780-\U0001f8ff"
    "\ue000-\uf8ff"  # of fonts of signs that do not say what they mean
)
_ARROWS = "\u2190-\u21ff\u27f0-\u27ff\u2900-\u297f\u2b00-\u2bff"
_DASHES = "\u2013\u2014\u2212\u2010\u2011\\-"
_NUMBER = r"\(?\d{1,3}[.)°]|\(\d{1,3}|\(?[a-z][.)]|\(?[A-Z]\)|\(?[ivxIVX]{1,5}[.)]"
_DECIMAL = r"\d{1,2}(\.\w{1,2})+\.?"

_SIGN = re.compile(rf"[{_SURE}]+")
_MARKER = re.compile(rf"[{_SURE}]+|[{_ARROWS}{_DASHES}*]|{_NUMBER}|{_DECIMAL}|o")
_ALSO_MARKER = re.compile(r"[+>»›]")
"""What begins an item only where a wide gap parts it from what follows."""
_DECIMAL_MARKER = re.compile(_DECIMAL)
_GLUED = re.compile(rf"[{_SURE}{_ARROWS}{_DASHES}*][^\W\d_]")
_ORDINAL = re.compile(r"\(?(?:(\d{1,3})|([a-z]))[.)°]?")
_NOTE_MARK = re.compile(r"\(?(\d{1,3}|[*†‡§]+)\)?")
_LEADER = re.compile(r"[._…]{4,}|…{2,}")
_LEADER_DOTS = 4

_TAB = 0.7
"""Part of the font size: a wider gap is more than a space."""
_SCRIPT_SIZE = 0.8
"""Times the size of the line: so small is the mark of a note."""


def is_marker(text: str) -> bool:
    """Whether a word is a bullet or the number of an item."""
    return _MARKER.fullmatch(text) is not None


def is_item(line: Line, texts: Sequence[str]) -> bool:
    """Whether a line begins with a bullet or number, as an item does.

    A number such as 5.1 is part of a sentence if this goes on with a small letter right behind it.
    """
    mark = texts[line.words[0]]
    if mark.isalpha() and mark != "o":  # as most are
        return False
    if _GLUED.match(mark):
        return True
    if len(line.words) < 2:
        return False
    if _DECIMAL_MARKER.fullmatch(mark) and mark[-1] != ".":
        return is_tabbed(line) or not texts[line.words[1]][:1].islower()
    return is_marker(mark) or (_ALSO_MARKER.fullmatch(mark) is not None and is_tabbed(line))


def is_sign(line: Line, texts: Sequence[str]) -> bool:
    """Whether a line begins with a sign that has no other use than to begin items."""
    return _SIGN.match(texts[line.words[0]]) is not None


def is_tabbed(line: Line) -> bool:
    """Whether more than a space parts the first word of a line from the second."""
    return len(line.edges) > 1 and line.edges[1][0] - line.edges[0][1] > _TAB * line.size


def goes_on_from(item: Line, line: Line, texts: Sequence[str]) -> bool:
    """Whether two lines begin with the same bullet, or the second with the number after that of the first."""
    before, after = texts[item.words[0]], texts[line.words[0]]
    first, second = _ORDINAL.fullmatch(before), _ORDINAL.fullmatch(after)
    if first and second:
        if first[1] and second[1]:
            return int(second[1]) == int(first[1]) + 1
        return bool(first[2] and second[2]) and ord(second[2]) == ord(first[2]) + 1
    if _DECIMAL_MARKER.fullmatch(before) and _DECIMAL_MARKER.fullmatch(after):
        return before.rstrip(".").split(".")[:-1] == after.rstrip(".").split(".")[:-1]
    return before[:1] == after[:1]


def is_raised(word: int, size: float, page: PageText) -> bool:
    """Whether a word of a line of this font size is the small number of a note."""
    return bool(page.sizes[word] < _SCRIPT_SIZE * size) and _NOTE_MARK.fullmatch(page.texts[word]) is not None


def is_note(line: Sequence[int], size: float, page: PageText) -> bool:
    """Whether a line of this font size, given by its words, begins with the small number of a footnote."""
    mark = ""
    for word in line[:3]:
        mark += page.texts[word]
        if page.sizes[word] < _SCRIPT_SIZE * size and _NOTE_MARK.match(mark):
            return len(line) > 1
        if any(map(str.isalnum, page.texts[word])):
            break
    return False


def has_leader(line: Line, texts: Sequence[str]) -> bool:
    """Whether dots lead to the end of the line, as in a table of contents."""
    end = [texts[word] for word in line.words[-3:]]
    if "." in end and sum(texts[word] == "." for word in line.words) >= _LEADER_DOTS:
        return True
    return _LEADER.search(" ".join(end[-2:])) is not None
