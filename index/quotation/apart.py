"""Are words that follow each other in a text far apart on the page, as if from different columns?

A table without rules whose columns were not recognised may be read line by line. The boxes of the words still
show it: the gap between two words is far wider than the other gaps of the line, or is above or below such a
gap. Justified lines have wide gaps too, but all of them are wide. Dot leaders to a page number, and the
bullet of a list item, do not count.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from archive.records import Block, Box, Word

_SURE, _UNSURE = 1.1, 0.5
"""Least width, in word heights, of a gap that separates columns by itself, or together with a gap above or
below it."""
_WIDER = 2.0
"""Least width in usual gaps of the line."""
_SHARED = 0.35
"""Least horizontal overlap of gaps on two lines, in word heights."""
_SAME_LINE = 0.5
"""Least vertical overlap of words on the same line, as a share of their height."""
_AT_ONE_HEIGHT = 0.4
"""Least vertical overlap of a word with the one before it, for a jump to the left to count."""
_ONE_GAP = 2
"""Number of words in a line with a single gap."""
_LONGEST_MARK = 8
"""Most characters of a bullet or an item number."""


class _White(NamedTuple):
    """The gap between two words on a line, in PDF points."""

    left: float
    right: float
    height: float
    """The height of the lower of both words."""
    before: Word
    after: Word
    is_first: bool
    """Whether it is the first gap of the line."""
    usual: float
    """The median width of the other gaps of the line."""

    @property
    def width(self) -> float:
        return self.right - self.left


def are_words_apart(block: Block, start: int, end: int) -> bool:
    """Whether words between two offsets of a block's text may be from different columns, although the text
    has no cell or line end between them."""
    inside = [word for word in block.words if word.boxes and start <= word.start and word.end <= end]
    for one, other in pairwise(inside):
        if _goes_back(one.boxes[-1], other.boxes[0]) or _goes_up(one, other, block.text):
            return True
    drawn = _lines(block.words)
    gaps = [gap for line in drawn if len(line) > _ONE_GAP for gap in _gaps(line)]
    lines = [_whites(line, median(gaps) if gaps else 0.0) for line in drawn]
    for place, line in enumerate(lines):
        for white in line:
            if white.before.start < start or white.after.end > end or not _may_part(white, block.text):
                continue
            if white.width >= _SURE * white.height:
                return True
            neighbours = [*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]]
            if any(_overlaps(white, other, block.text) for line_near in neighbours for other in line_near):
                return True
    return False


def _goes_back(one: Box, other: Box) -> bool:
    """Whether a word is far to the left of the one before it, and not a whole line lower."""
    height = min(one[3] - one[1], other[3] - other[1])
    common = min(one[3], other[3]) - max(one[1], other[1])
    return other[2] < one[0] - _SURE * height and common >= _AT_ONE_HEIGHT * height


def _goes_up(one: Word, other: Word, text: str) -> bool:
    """Whether a word is above and to the right of the one before it in a text, as at the head of the next
    column."""
    (_, top, right, _), (left, _, _, bottom) = one.boxes[-1], other.boxes[0]
    return bottom <= top and left > right and not set(text[one.end : other.start]) & set("\t\n")


def _lines(words: Sequence[Word]) -> list[list[tuple[Word, Box]]]:
    """The words of each line with their boxes; a word broken at a line end is on two lines."""
    found: list[list[tuple[Word, Box]]] = []
    for word in words:
        for box in word.boxes:
            last = found[-1][-1][1] if found else None
            common = min(last[3], box[3]) - max(last[1], box[1]) if last else 0.0
            if (
                last
                and box[0] >= last[0]
                and common >= _SAME_LINE * (min(last[3] - last[1], box[3] - box[1]))
            ):
                found[-1].append((word, box))
            else:
                found.append([(word, box)])
    return found


def _gaps(line: Sequence[tuple[Word, Box]]) -> list[float]:
    return [right[0] - left[2] for (_, left), (_, right) in pairwise(line)]


def _whites(line: Sequence[tuple[Word, Box]], usual: float) -> list[_White]:
    """The gaps of a line; `usual` is the usual width for a line with a single gap."""
    gaps = _gaps(line)
    return [
        _White(
            left=left[2],
            right=right[0],
            height=min(left[3] - left[1], right[3] - right[1]),
            before=before,
            after=after,
            is_first=place == 0,
            usual=median([*gaps[:place], *gaps[place + 1 :]]) if len(gaps) > 1 else usual,
        )
        for place, ((before, left), (after, right)) in enumerate(pairwise(line))
    ]


def _may_part(white: _White, text: str) -> bool:
    """Whether a gap is wide enough to separate columns, and there is no other reason for it."""
    if white.width < max(_UNSURE * white.height, _WIDER * white.usual):
        return False
    is_mark = white.is_first and len(white.before.text) <= _LONGEST_MARK and not white.before.text.isalpha()
    is_leader = not any(map(str.isalnum, white.before.text + white.after.text)) or "..." in white.before.text
    return not is_mark and not is_leader and not set(text[white.before.end : white.after.start]) & set("\t\n")


def _overlaps(white: _White, other: _White, text: str) -> bool:
    """Whether a gap is above or below another one that may separate columns."""
    common = min(white.right, other.right) - max(white.left, other.left)
    return common >= _SHARED * white.height and _may_part(other, text)
