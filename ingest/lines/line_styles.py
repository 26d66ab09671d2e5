"""The style of the lines of a page apart from size: typeface, weight and capitals."""

from collections.abc import Sequence
from typing import NamedTuple

from ingest.lines.lines import Line

_CAPITALS = 4
"""Least number of letters of a line in capitals."""


class Look(NamedTuple):
    """The words of a page with their styles, by the row of each word."""

    texts: Sequence[str]
    faces: Sequence[int]
    bold: Sequence[bool]


class Style(NamedTuple):
    """Typeface, weight and capitals of words."""

    face: int
    is_bold: bool
    is_capitals: bool

    def differs(self, other: "Style") -> bool:
        """Whether lines of this style stand out among lines of the other."""
        is_capitals = self.is_capitals and not other.is_capitals
        return is_capitals or (self.face, self.is_bold) != (other.face, other.is_bold)


def ends_of(line: Line, look: Look) -> tuple[Style | None, Style | None]:
    """The styles of the first and the last word with letters of a line."""
    first = next((word for word in line.words if _has_letters(look.texts[word])), None)
    if first is None:
        return None, None
    last = next(word for word in reversed(line.words) if _has_letters(look.texts[word]))
    is_capitals = _is_in_capitals(line, look)
    start, end = (Style(look.faces[word], look.bold[word], is_capitals) for word in (first, last))
    return start, end


def is_all(line: Line, style: Style, look: Look) -> bool:
    """Whether all words with letters of a line have a style."""
    face, is_bold, is_capitals = style
    return (_is_in_capitals(line, look) or not is_capitals) and all(
        look.faces[word] == face and look.bold[word] == is_bold
        for word in line.words
        if _has_letters(look.texts[word])
    )


def _has_letters(text: str) -> bool:
    return text.isalpha() or any(map(str.isalpha, text))


def _is_in_capitals(line: Line, look: Look) -> bool:
    last = look.texts[line.words[-1]]
    if last != last.upper():  # nearly always
        return False
    letters = "".join([look.texts[word] for word in line.words])
    return letters.isupper() and sum(map(str.isalpha, letters)) >= _CAPITALS
