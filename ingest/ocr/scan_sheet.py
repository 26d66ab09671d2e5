"""Puts pieces of a page's image on a separate sheet, in black on white, and reads that by OCR.

Text in cells, on its side or upside down is read badly in the image of the page. On the sheet it is upright,
without rules and shaded backgrounds. Pieces of one line are side by side, all others below each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.languages import Language
from ingest.drawn_words import Mask
from ingest.ocr.scan_lines import Direction, ScanLine
from ingest.ocr.tesseract import OcrWord, words_in

_INK = 45
"""Grey levels, of 255, by which ink is darker than its background."""
_FAINTEST = 100
"""Least contrast, in grey levels, that is stretched to black; fainter ink stays grey."""
_ONE_LINE = 1.7
"""Times the usual height of the ink: higher ink is more than one line."""
_HEIGHT = 34
"""Height in pixels of a line's ink on the sheet: the one that Tesseract reads best."""
_GAP = 70
"""Pixels between pieces on the sheet; more than any gap within a piece."""
_WIDEST_SHEET, _HIGHEST_SHEET = 2800, 6000
"""Largest width and height of a sheet, in pixels."""

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Ink:
    """A piece of a page's image, without its background."""

    place: int
    """Which cell, line or run of words of the page it is; its number."""
    row: float
    """The same for pieces that are side by side."""
    box: tuple[int, int, int, int]
    """Box of the ink, in pixels of the page."""
    picture: Image.Image
    """Black on white."""

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class _Placed:
    """Ink on a sheet."""

    ink: Ink
    direction: Direction
    """Its direction on the page; on the sheet it is upright."""
    left: int
    top: int
    scale: float
    """Pixels on the sheet for one on the page."""


def ink_of(part: Grey) -> tuple[Grey, Mask]:
    """A part of a page in black on white, and which of its pixels are ink."""
    black = _black_on_white(part)
    is_ink: Mask = black < 255 - _INK
    return np.where(is_ink | _beside(is_ink), black, 255).astype(np.uint8), is_ink


def _black_on_white(part: Grey) -> Grey:
    """A part of a page with its background made white and its ink black, also if the ink was lighter."""
    grey = part.astype(np.int16)
    ground = int(np.median(grey))
    if (grey > ground + _INK).sum() > (grey < ground - _INK).sum():
        grey, ground = 255 - grey, 255 - ground
    darkest = int(np.percentile(grey, 0.5))
    stretched = 255 - (ground - grey) * 255.0 / max(ground - darkest, _FAINTEST)
    return np.clip(stretched, 0, 255).astype(np.uint8)


def _beside(is_ink: Mask) -> Mask:
    """The pixels of the ink and those next to it, which soften its edges."""
    grown = is_ink.copy()
    grown[1:] |= is_ink[:-1]
    grown[:-1] |= is_ink[1:]
    wide = grown.copy()
    wide[:, 1:] |= grown[:, :-1]
    wide[:, :-1] |= grown[:, 1:]
    return wide


def read_inks(
    inks: Sequence[tuple[Ink, Direction]], languages: Sequence[Language], seconds: float, only: str = ""
) -> dict[int, list[list[ScanLine]]]:
    """Read pieces of a page. For each place the result has the lines of each of its readings.

    Args:
        inks: the pieces with the direction in which each is read; a piece may be there with several
            directions.
        languages: those that may be on the page.
        seconds: most time for one run of Tesseract.
        only: the only characters that Tesseract may read; empty for all.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    found: dict[int, list[list[ScanLine]]] = {}
    for sheet, placed in _sheets(inks):
        by_place: dict[int, list[OcrWord]] = {}
        for word in words_in(sheet, languages, "block", seconds, only):
            place = _place_at(word, placed)
            if place is not None:
                by_place.setdefault(place, []).append(word)
        for place, words in by_place.items():
            of = placed[place]
            groups = groupby(words, key=lambda word: word.line)
            lines = [
                ScanLine([_on_page(word, of) for word in members], of.direction) for _line, members in groups
            ]
            found.setdefault(of.ink.place, []).append(lines)
    return found


def _sheets(inks: Sequence[tuple[Ink, Direction]]) -> Iterator[tuple[Image.Image, list[_Placed]]]:
    """Arranges the pieces on one or more sheets: each sheet with the places of its pieces."""
    if not inks:
        return
    usual = float(np.median([ink.width if direction % 2 else ink.height for ink, direction in inks]))
    scale = _HEIGHT / max(usual, 1.0)
    scale = min(max(scale, 0.5), 4.0)
    left, top, lowest = _GAP, _GAP, _GAP
    placed: list[_Placed] = []
    row: float | None = None
    for ink, direction in inks:
        wide, high = (ink.height, ink.width) if direction % 2 else (ink.width, ink.height)
        fit = min(scale, (_WIDEST_SHEET - 2 * _GAP) / wide)
        is_alone = direction or ink.height > _ONE_LINE * usual
        if is_alone or ink.row != row or left + fit * wide + _GAP > _WIDEST_SHEET:
            left, top = _GAP, lowest
        if top + fit * high + _GAP > _HIGHEST_SHEET and placed:
            yield _sheet(placed), placed
            placed, left, top, lowest = [], _GAP, _GAP, _GAP
        # Cells of one row keep their vertical distances from each other.
        beside = placed[-1] if placed and left > _GAP else None
        shift = round((ink.box[1] - beside.ink.box[1]) * fit) if beside else 0
        placed.append(_Placed(ink, direction, left, max(0, (beside.top if beside else top) + shift), fit))
        left += round(fit * wide) + _GAP
        lowest = max(lowest, placed[-1].top + round(fit * high) + _GAP // 2)
        row = None if is_alone else ink.row
    if placed:
        yield _sheet(placed), placed


def _sheet(placed: Sequence[_Placed]) -> Image.Image:
    pictures = []
    for place in placed:
        # Text that runs upwards becomes upright when it is turned clockwise.
        picture = place.ink.picture.rotate(-90 * place.direction, expand=True, fillcolor=255)
        size = max(1, round(picture.width * place.scale)), max(1, round(picture.height * place.scale))
        pictures.append(picture.resize(size, Image.Resampling.BICUBIC))
    wide = max(place.left + picture.width for place, picture in zip(placed, pictures, strict=True)) + _GAP
    high = max(place.top + picture.height for place, picture in zip(placed, pictures, strict=True)) + _GAP
    sheet = Image.new("L", (wide, high), 255)
    for place, picture in zip(placed, pictures, strict=True):
        sheet.paste(picture, (place.left, place.top))
    return sheet


def _place_at(word: OcrWord, placed: Sequence[_Placed]) -> int | None:
    """The number of the piece on the sheet that contains the middle of a word, or None."""
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    for number, place in enumerate(placed):
        ink = place.ink
        wide, high = (ink.height, ink.width) if place.direction % 2 else (ink.width, ink.height)
        if (
            place.left - _GAP / 4 <= x <= place.left + wide * place.scale + _GAP / 4
            and place.top - _GAP / 8 <= y <= place.top + high * place.scale + _GAP / 8
        ):
            return number
    return None


def _on_page(word: OcrWord, place: _Placed) -> OcrWord:
    """A word on a sheet, with its box on the page."""
    x0, x1 = ((side - place.left) / place.scale for side in word.box[::2])
    y0, y1 = ((side - place.top) / place.scale for side in word.box[1::2])
    left, top, right, bottom = place.ink.box
    sides = {
        0: (left + x0, top + y0, left + x1, top + y1),
        1: (left + y0, bottom - x1, left + y1, bottom - x0),
        2: (right - x1, bottom - y1, right - x0, bottom - y0),
        3: (right - y1, top + x0, right - y0, top + x1),
    }[place.direction]
    x0, y0, x1, y1 = sides
    box = round(x0), round(y0), max(round(x0) + 1, round(x1)), max(round(y0) + 1, round(y1))
    return OcrWord(word.text, word.confidence, (-1, place.ink.place, *word.line), box)
