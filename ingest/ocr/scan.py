"""Reads the image of a page by OCR: turns it upright, reads tables cell by cell, and marks doubtful words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from archive.languages import LANGUAGES, Language
from ingest.drawn_words import PageText
from ingest.language.lexicon import known
from ingest.ocr.doubt import doubtful
from ingest.ocr.scan_cells import read_cells
from ingest.ocr.scan_lines import ScanLine, as_page, lines_of, main_direction
from ingest.ocr.scan_rules import rules_in
from ingest.ocr.scan_sheet import Grey, Ink, ink_of, read_inks
from ingest.ocr.tesseract import OcrFailed, OcrWord, mean_confidence, turn_of, words_in

_LEGIBLE = 60
"""Mean confidence, in per cent, below which a page with few known words is taken for a picture."""
_CERTAIN = 80
"""Mean confidence below which the page may be upside down."""
_LEAST_KNOWN = 0.3
"""Least part of the letters in known words, on a page of text that is hard to read."""
_CLEARLY = 0.8
"""Least part of the worth of the first reading that a reading of the turned page must have, where the
direction is sure. It may be less, because Tesseract finds the order of upright lines better."""
_FEWEST_KNOWN = 3
_FEW_LETTERS = 3
_MARGIN = 4
"""Pixels of margin around a line that is read again."""
_MOST_TRIES = 60
"""Most lines that are read again; one read in two directions counts twice."""
_SECOND_LOOK_SECONDS = 30.0
"""Most time for one run of Tesseract after the first; by then there is a reading of the page."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The contents of the image of a page."""

    page: PageText
    is_direction_sure: bool = True
    """Whether the direction of all lines is certain."""
    empty_cells: int = 0
    """Number of table cells that have ink, but no text that could be read."""


def recognise(
    image: Image.Image, width: float, height: float, languages: Sequence[Language] = LANGUAGES
) -> Scan:
    """The words that Tesseract reads in the image of a page; none if it shows no legible text.

    Text may run in any direction. The boxes are in the coordinates of the given image, in points.

    Args:
        width: of the page, in points.
        height: of the page, in points.
        languages: those that may be on the page. The fewer, the faster.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    grey = image.convert("L")
    turn, words = _read_upright(grey, languages)
    if not _is_legible(words):
        return Scan(PageText.empty(width, height))
    across, down = (height, width) if turn % 2 else (width, height)
    upright = grey.rotate(90 * turn, expand=True)
    rules = rules_in(upright, across, down)
    points = across / upright.width
    try:
        table = read_cells(upright, rules, points, words, languages, _SECOND_LOOK_SECONDS)
        lines = _with_second_look(upright, lines_of(table.words), languages) + table.lines
        empty = table.empty
    except OcrFailed:
        # The first reading is used.
        lines, empty = lines_of(words), 0
    page = as_page(
        lines, doubtful([word for line in lines for word in line.words]), across, down, upright.width
    )
    # The page was turned anticlockwise to make its words upright; this turns it back clockwise.
    given = replace(page, rules=rules).turned(turn)
    given.turns[:] = (given.turns - turn) % 4
    return Scan(given, all(line.is_sure for line in lines), empty)


def _read_upright(grey: Image.Image, languages: Sequence[Language]) -> tuple[int, list[OcrWord]]:
    """The number of quarter turns anticlockwise that make most of the text upright, and the words read then.

    Tesseract also reads lines on their side, but not so well their columns and tables. It assumes one
    direction for all of them, and reads lines of the opposite direction as nonsense.
    """
    best, turn = words_in(grey, languages), 0
    direction = main_direction(lines_of(best))
    is_sure = mean_confidence(best) >= _CERTAIN
    if is_sure and not direction:
        return turn, best
    turns = [-direction % 4] if is_sure else [turn_of(grey), (2 - direction) % 4, -direction % 4]
    least = _CLEARLY if is_sure else 1.0
    for other in dict.fromkeys(turns):
        if not other:
            continue
        try:
            words = words_in(grey.rotate(90 * other, expand=True), languages)
        except OcrFailed:
            break
        if _worth(words) > least * _worth(best):
            best, turn = words, other
        if mean_confidence(best) >= _CERTAIN:
            break
    return turn, best


def _with_second_look(
    image: Image.Image, lines: Sequence[ScanLine], languages: Sequence[Language]
) -> list[ScanLine]:
    """The lines of a page. Those that were read badly, or whose direction is uncertain, are read again in
    other directions, and replaced if a new reading is clearly better."""
    pixels = np.asarray(image)
    tried = [
        (_ink_of_line(number, line, pixels), direction)
        for number, line in enumerate(lines)
        if not line.is_sure or _is_doubted(line)
        for direction in ((1, 3) if line.direction % 2 else (2,))
    ][:_MOST_TRIES]
    found = read_inks(tried, languages, _SECOND_LOOK_SECONDS)
    seen = list(lines)
    for number, readings in found.items():
        best = max(readings, key=_worth_of)
        others = [reading for reading in readings if reading is not best]
        is_clear = mean_confidence([word for line in best for word in line.words]) >= _CERTAIN and all(
            _worth_of(best) > 2 * _worth_of(other) for other in others
        )
        if is_clear and _worth_of(best) > _worth(lines[number].words):
            words = [word for line in best for word in line.words]
            seen[number] = ScanLine(words, best[0].direction)
    return seen


def _is_doubted(line: ScanLine) -> bool:
    """Whether most letters of a line are in unknown words, so that it may be upside down.

    Tesseract's confidence does not show that: it takes many letters that are upside down for other letters.
    """
    texts = _long_words(line.words)
    lengths = np.array(list(map(len, texts)), dtype=np.int64)
    return bool(2 * lengths[known(texts)].sum() < lengths.sum())


def _long_words(words: Sequence[OcrWord]) -> list[str]:
    """The texts of the words that have at least `_FEW_LETTERS` letters and nothing else."""
    plain = (word.text.strip(".,;:!?()'\"«»") for word in words)
    return [text for text in plain if len(text) >= _FEW_LETTERS and text.isalpha()]


def _ink_of_line(number: int, line: ScanLine, pixels: Grey) -> Ink:
    """The ink of a line, including that of words that were not read.

    Args:
        number: of the line.
        pixels: of the page.
    """
    boxes = np.array([word.box for word in line.words])
    left, top = np.maximum(boxes[:, :2].min(axis=0) - _MARGIN, 0).tolist()
    right, bottom = (boxes[:, 2:].max(axis=0) + _MARGIN).tolist()
    if line.direction % 2:
        top, bottom = _ends(pixels[:, left:right].T, top, bottom)
    else:
        left, right = _ends(pixels[top:bottom], left, right)
    part = pixels[top:bottom, left:right]
    box = left, top, left + part.shape[1], top + part.shape[0]
    return Ink(number, float(number), box, Image.fromarray(ink_of(part)[0]))


def _ends(strip: Grey, first: int, last: int) -> tuple[int, int]:
    """Where the ink of a line begins and ends, as far as it reaches beyond `first` and `last` without wide
    gaps.

    Args:
        strip: the pixels of the line across the whole page, as if upright.
    """
    gap = len(strip)
    is_ink = ink_of(strip)[1].any(axis=0)
    ink = np.flatnonzero(is_ink)
    for place in ink[ink < first][::-1].tolist():
        if first - place > gap:
            break
        first = place
    for place in ink[ink >= last].tolist():
        if place - last > gap:
            break
        last = place + 1
    return max(0, first - _MARGIN), last + _MARGIN


def _worth_of(lines: Sequence[ScanLine]) -> float:
    return _worth([word for line in lines for word in line.words])


def _worth(words: Sequence[OcrWord]) -> float:
    return sum(max(0.0, word.confidence - _LEGIBLE) * len(word.text) for word in words)


def _is_legible(words: Sequence[OcrWord]) -> bool:
    """Whether these words are text, and not noise that OCR read in a picture."""
    if mean_confidence(words) >= _LEGIBLE:
        return True
    texts = _long_words(words)
    lengths = np.array(list(map(len, texts)), dtype=np.int64)
    is_known = known(texts)
    return bool(
        is_known.sum() >= _FEWEST_KNOWN and lengths[is_known].sum() >= _LEAST_KNOWN * max(1, lengths.sum())
    )
