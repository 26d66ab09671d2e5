"""Lines that OCR read in an image: their direction, baseline and size."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.drawn_words import PageText
from ingest.ocr.tesseract import OcrWord

_WAVER = 0.2
"""Part of the usual font size by which the measured size of a line may differ from it."""
_LONG = 3
"""Least letters of a word that is wider than high if it is upright."""

_TALL = frozenset("bdfhklt0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉÈÊËÎÏÔÙÛÜß!?(){}[]/|€$%&")
_DEEP = frozenset("gjpqy,;()[]{}|/Qç")

Direction = int
"""Of writing, in quarter turns anticlockwise: 0 upright, 1 upwards, 2 upside down, 3 downwards."""

_Box = tuple[int, int, int, int]


@dataclass(slots=True)
class ScanLine:
    """The words of a line, in the order in which they are read."""

    words: list[OcrWord]
    direction: Direction = 0
    is_sure: bool = True
    """Whether the direction is certain; that of a single word on its side may be up or down."""


def lines_of(words: Sequence[OcrWord]) -> list[ScanLine]:
    """Groups words into lines and finds the direction of each; single words on their side get their
    neighbours'."""
    members: dict[tuple[int, ...], list[OcrWord]] = defaultdict(list)
    for word in words:
        members[word.line].append(word)
    lines = [_line(of) for of in members.values()]
    on_their_side = [line for line in lines if line.direction % 2 and line.is_sure]
    for line in lines:
        if not line.is_sure:
            block = line.words[0].line[0]
            near = [other for other in on_their_side if other.words[0].line[0] == block] or on_their_side
            votes = Counter(other.direction for other in near)
            line.direction = votes.most_common(1)[0][0] if votes else 1
            line.is_sure = len(votes) == 1
    return lines


def _line(words: list[OcrWord]) -> ScanLine:
    if not _is_on_its_side(words):
        return ScanLine(words)
    if len(words) == 1:
        return ScanLine(words, 1, is_sure=False)
    # Tesseract gives the words in the order in which they are read.
    down = [(word.box[1] + word.box[3]) / 2 for word in words]
    steps = np.sign(np.diff(down)).sum()
    return ScanLine(words, 3 if steps > 0 else 1, is_sure=bool(steps))


def _is_on_its_side(line: Sequence[OcrWord]) -> bool:
    """Whether most words of a line are higher than wide, or, if all are short, are above each other."""
    long = [word.box for word in line if len(word.text) >= _LONG]
    if long:
        return 2 * sum(bottom - top > right - left for left, top, right, bottom in long) > len(long)
    across = line[-1].box[0] - line[0].box[0]
    down = line[-1].box[1] - line[0].box[1]
    return len(line) > 1 and abs(down) > abs(across)


def main_direction(lines: Sequence[ScanLine]) -> Direction:
    """The direction of most letters; upright if there are none."""
    letters: Counter[Direction] = Counter()
    for line in lines:
        letters[line.direction] += sum(len(word.text) for word in line.words)
    return letters.most_common(1)[0][0] if letters else 0


def as_page(
    lines: Sequence[ScanLine], doubtful: Sequence[bool], width: float, height: float, pixels: int
) -> PageText:
    """Makes a page of the lines that OCR read in its image.

    Args:
        doubtful: a value for each word, line after line.
        width: of the page, in points.
        height: of the page, in points.
        pixels: the width of the image.
    """
    words = [word for line in lines for word in line.words]
    if not words:
        return PageText.empty(width, height)
    scale = width / pixels
    uprights = [[_upright(word.box, line.direction) for word in line.words] for line in lines]
    baselines = [_baseline(line.words, boxes) for line, boxes in zip(lines, uprights, strict=True)]
    sizes = [_size(line.words, boxes) for line, boxes in zip(lines, uprights, strict=True)]
    counts = [len(line.words) for line in lines]
    usual = statistics.median(np.repeat(sizes, counts).tolist())
    # Sizes measured by ink vary from line to line: nearly the usual size is taken for the usual size.
    sizes = [usual if abs(size - usual) < _WAVER * usual else size for size in sizes]
    bottoms = np.array([box[3] for boxes in uprights for box in boxes], dtype=np.float64)
    return PageText(
        width,
        height,
        [word.text for word in words],
        scale * np.array([word.box for word in words], dtype=np.float64),
        scale * (bottoms - np.repeat(baselines, counts)),
        scale * np.repeat(sizes, counts),
        np.zeros(len(words), dtype=np.bool_),
        np.repeat([line.direction for line in lines], counts).astype(np.int64),
        doubtful=np.array(doubtful, dtype=np.bool_),
    )


def _upright(box: _Box, direction: Direction) -> _Box:
    """A box turned so that text of this direction is upright; the origin of the coordinates is arbitrary."""
    left, top, right, bottom = box
    seen: tuple[_Box, ...] = (
        box,
        (-bottom, left, -top, right),
        (-right, -bottom, -left, -top),
        (top, -right, bottom, -left),
    )
    return seen[direction]


def _baseline(words: Sequence[OcrWord], boxes: Sequence[_Box]) -> float:
    """The median of the lower edges of the words without descenders, in pixels."""
    flat = [box[3] for word, box in zip(words, boxes, strict=True) if not _DEEP & set(word.text)]
    return statistics.median(flat or [box[3] for box in boxes])


def _size(words: Sequence[OcrWord], boxes: Sequence[_Box]) -> float:
    """The font size of a line, estimated from the heights of its words, in pixels."""
    return statistics.median(
        (box[3] - box[1]) / (0.48 + 0.24 * bool(_TALL & set(word.text)) + 0.22 * bool(_DEEP & set(word.text)))
        for word, box in zip(words, boxes, strict=True)
    )
