"""Reads the image of a page: turned upright, table by table, with doubtful words marked."""

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
"""Mean confidence below which the page may be standing on its head."""
_LEAST_KNOWN = 0.3
"""Part of the letters that known words have on a page that is hard to read, but is text."""
_CLEARLY = 0.8
"""Part of the worth of a reading that one in the direction of the letters must have: its order is better."""
_FEWEST_KNOWN = 3
_FEW_LETTERS = 3
_MARGIN = 4
"""Pixels around a line that is looked at again."""
_MOST_TRIES = 60
"""Lines that are looked at again, each in one or two directions."""
_SECOND_LOOK_SECONDS = 30.0
"""Most time for one run of Tesseract after the first, which has read the page already."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The contents of the image of a page."""

    page: PageText
    is_direction_sure: bool = True
    """Whether all lines are known to run as they were read."""
    empty_cells: int = 0
    """Cells of tables with ink in which nothing could be read."""


def recognise(
    image: Image.Image, width: float, height: float, languages: Sequence[Language] = LANGUAGES
) -> Scan:
    """The words that Tesseract reads in the image of a page of this size in points; none if it shows no
    legible text. Text may run in any direction; boxes are those of the page as given. The fewer `languages`
    are looked for, the faster.

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
        # The first reading stands.
        lines, empty = lines_of(words), 0
    page = as_page(
        lines, doubtful([word for line in lines for word in line.words]), across, down, upright.width
    )
    # Turning the page with the clock undoes the turn against it that made its words upright.
    given = replace(page, rules=rules).turned(turn)
    given.turns[:] = (given.turns - turn) % 4
    return Scan(given, all(line.is_sure for line in lines), empty)


def _read_upright(grey: Image.Image, languages: Sequence[Language]) -> tuple[int, list[OcrWord]]:
    """By how many quarter turns against the clock most of the text stands upright, and its words then.

    Tesseract reads lines on their side as well, but their columns and tables less well. It takes all of them
    to run in one direction: in the other one they are on their head, and read as nonsense.
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
    """The lines, those that were read badly or may run either way read once more in other directions."""
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
    """Whether most letters of a line are in words that no list has, so that it may stand on its head.

    Tesseract is often sure of letters upside down: they are read as letters, though not as words.
    """
    texts = _long_words(line.words)
    lengths = np.array(list(map(len, texts)), dtype=np.int64)
    return bool(2 * lengths[known(texts)].sum() < lengths.sum())


def _long_words(words: Sequence[OcrWord]) -> list[str]:
    """The words of some length that are letters alone."""
    plain = (word.text.strip(".,;:!?()'\"«»") for word in words)
    return [text for text in plain if len(text) >= _FEW_LETTERS and text.isalpha()]


def _ink_of_line(number: int, line: ScanLine, pixels: Grey) -> Ink:
    """What stands on a line, words included that were not read."""
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
    """Where the ink along a strip begins and ends that no wide gap parts from what is between two places."""
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
    """Whether these words are text, and not what OCR sees in a picture."""
    if mean_confidence(words) >= _LEGIBLE:
        return True
    texts = _long_words(words)
    lengths = np.array(list(map(len, texts)), dtype=np.int64)
    is_known = known(texts)
    return bool(
        is_known.sum() >= _FEWEST_KNOWN and lengths[is_known].sum() >= _LEAST_KNOWN * max(1, lengths.sum())
    )
