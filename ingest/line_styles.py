"""How the lines of a page are set: face, weight and capitals, other than by the size of their letters."""

from collections import Counter
from dataclasses import dataclass

from ingest.lines import Line
from ingest.page_text import PageText

_CAPITALS = 4
"""Letters of a line that is in capitals."""


@dataclass(frozen=True, slots=True)
class Style:
    """How letters look, other than by their size."""

    face: int
    is_bold: bool
    is_capitals: bool

    def differs(self, other: "Style") -> bool:
        """Whether lines of this style stand out from the other one."""
        is_capitals = self.is_capitals and not other.is_capitals
        return is_capitals or (self.face, self.is_bold) != (other.face, other.is_bold)


def ends_of(line: Line, page: PageText) -> tuple[Style | None, Style | None]:
    """The styles of the first and the last word with letters of a line."""
    lettered = (word for word in line.words if _has_letters(page.texts[word]))
    first = next(lettered, None)
    if first is None:
        return None, None
    last = next(word for word in reversed(line.words) if _has_letters(page.texts[word]))
    is_capitals = _is_in_capitals(line, page)
    start, end = (Style(int(page.faces[word]), bool(page.bold[word]), is_capitals) for word in (first, last))
    return start, end


def is_all(line: Line, style: Style, page: PageText) -> bool:
    """Whether all words with letters of a line have a style."""
    return (_is_in_capitals(line, page) or not style.is_capitals) and all(
        page.faces[word] == style.face and page.bold[word] == style.is_bold
        for word in line.words
        if _has_letters(page.texts[word])
    )


def stands_out(line: Line, page: PageText) -> bool:
    """Whether a line is set otherwise than most of its page, and not only than its neighbours."""
    style, _ = ends_of(line, page)
    return style is not None and style.face != Counter(page.faces.tolist()).most_common(1)[0][0]


def _has_letters(text: str) -> bool:
    return text.isalpha() or any(map(str.isalpha, text))


def _is_in_capitals(line: Line, page: PageText) -> bool:
    last = page.texts[line.words[-1]]
    if last != last.upper():  # nearly always
        return False
    letters = "".join([page.texts[word] for word in line.words])
    return letters.isupper() and sum(map(str.isalpha, letters)) >= _CAPITALS
