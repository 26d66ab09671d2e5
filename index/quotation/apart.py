"""Are words that follow each other in a text far apart on the page, as if from different columns?

A table without rules whose columns were not recognised may be read line by line. The boxes of the words still
show it: the gap between two words is far wider than the other gaps of the line, or lies under such a gap in
the line above. Justified lines have wide gaps too, but all alike. Dot leaders to a page number, and the
bullet of an item, do not count.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from archive.records import Block, Box, Word

_SURE, _UNSURE = 1.1, 0.5
"""Times the height of a word: white that parts columns by itself, or where it lies under such white."""
_WIDER = 2.0
"""Times the usual white of a line."""
_SHARED = 0.35
"""Times the height of a word that white of two lines has in common."""
_SAME_LINE = 0.5
"""Part of the height of a word that words of one line have in common."""
_AT_ONE_HEIGHT = 0.4
"""Part of the height of a word that it has in common with one on the line before, at its left."""
_ONE_GAP = 2
"""Words of a line that has but one space."""
_LONGEST_MARK = 8
"""Characters of a bullet or the number of an item."""


class _White(NamedTuple):
    """The white between two words on a line."""

    left: float
    right: float
    height: float
    """Of the lower of both words."""
    before: Word
    after: Word
    is_first: bool
    """The word before it begins the line."""
    usual: float
    """The usual white on the line beside it."""

    @property
    def width(self) -> float:
        return self.right - self.left


def stands_apart(block: Block, start: int, end: int) -> bool:
    """Whether words between these offsets of a block's text may be of different columns, though no sign in
    the text parts them."""
    inside = [word for word in block.words if word.boxes and start <= word.start and word.end <= end]
    if any(_goes_back(one.boxes[-1], other.boxes[0]) for one, other in pairwise(inside)):
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
            beside = [*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]]
            if any(_lies_under(white, other, block.text) for near in beside for other in near):
                return True
    return False


def _goes_back(one: Box, other: Box) -> bool:
    """Whether a word stands far left of the one before it, and not a whole line lower."""
    height = min(one[3] - one[1], other[3] - other[1])
    common = min(one[3], other[3]) - max(one[1], other[1])
    return other[2] < one[0] - _SURE * height and common >= _AT_ONE_HEIGHT * height


def _lines(words: Sequence[Word]) -> list[list[tuple[Word, Box]]]:
    """The words of each line with their boxes; a word broken at the end of a line stands on two."""
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
    """The white of a line; what is usual where it has but one space is told."""
    gaps = _gaps(line)
    return [
        _White(
            left[2],
            right[0],
            min(left[3] - left[1], right[3] - right[1]),
            before,
            after,
            place == 0,
            median([*gaps[:place], *gaps[place + 1 :]]) if len(gaps) > 1 else usual,
        )
        for place, ((before, left), (after, right)) in enumerate(pairwise(line))
    ]


def _may_part(white: _White, text: str) -> bool:
    """Whether white is wide enough to part columns and is not accounted for otherwise."""
    if white.width < max(_UNSURE * white.height, _WIDER * white.usual):
        return False
    is_mark = white.is_first and len(white.before.text) <= _LONGEST_MARK and not white.before.text.isalpha()
    is_leader = not any(map(str.isalnum, white.before.text + white.after.text)) or "..." in white.before.text
    return not is_mark and not is_leader and not set(text[white.before.end : white.after.start]) & set("\t\n")


def _lies_under(white: _White, other: _White, text: str) -> bool:
    common = min(white.right, other.right) - max(white.left, other.left)
    return common >= _SHARED * white.height and _may_part(other, text)
