"""Read pages that are pictures: when is a page one, and what does Tesseract see?"""

import os
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pytesseract
from PIL import Image

from archive.languages import LANGUAGES, TESSERACT_CODES, Language
from ingest.page_text import Drawing, PageText

INSTALL = "apt install tesseract-ocr " + " ".join(
    f"tesseract-ocr-{TESSERACT_CODES[language]}" for language in LANGUAGES
)

_PAGE_SECONDS = 90
"""Most time for one run of Tesseract on one page."""

_FEW_LETTERS = 600
"""A page mostly covered by an image that has fewer letters than this may be a scan: a stamp or a running head
is not its text."""
_COVERED = 0.75
_SHOWN = 0.2
"""Part of a page without any text that an image covers, for it to be read by OCR."""
_MANY_PATHS = 100
"""Shapes on a page without any text: more than frames and rules, so its letters are drawn as shapes."""

_MOST_UNMAPPED = 0.3
"""Part of the characters without a meaning; healthy pages have less than .05."""

_SURE = 40
"""Tesseract's confidence, in per cent, below which a short word is taken for a blot."""
_TOO_LONG_FOR_A_BLOT = 4
"""Letters and digits; apostrophes make Tesseract unsure of words that it reads well."""
_LEGIBLE = 60
"""Mean confidence below which a page is taken for a picture without text."""
_CERTAIN = 80
"""Mean confidence below which the page may be lying on its side or head."""

_WAVER = 0.2
"""Part of the usual font size by which the measured size of a line may differ from it."""

_TALL = frozenset("bdfhklt0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉÈÊËÎÏÔÙÛÜß!?(){}[]/|€$%&")
_DEEP = frozenset("gjpqy,;()[]{}|/Qç")


class OcrFailed(Exception):
    """Tesseract crashed, took too long or printed nonsense."""


def is_picture(page: PageText, drawing: Drawing) -> bool:
    """Whether the text that a reader sees is in images or shapes rather than in the text layer."""
    letters = sum(sum(map(str.isalpha, text)) for text in page.texts)
    if drawing.image_share >= _COVERED and letters < _FEW_LETTERS:
        return True
    return not page.texts and (drawing.image_share >= _SHOWN or drawing.paths >= _MANY_PATHS)


def is_unmapped(page: PageText) -> bool:
    """Whether the file does not say which letters it draws."""
    return page.unmapped > _MOST_UNMAPPED and len(page.texts) >= 5


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Whether Tesseract is here with all languages of the archive."""
    try:
        return set(TESSERACT_CODES.values()) <= set(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError):
        return False


def recognise(
    image: Image.Image, width: float, height: float, languages: Sequence[Language] = LANGUAGES
) -> PageText:
    """The words that Tesseract reads in the image of a page of this size in points; none if it shows no
    legible text. A page that lies on its side or head is turned first; boxes are those of the page as
    given. The fewer `languages` are looked for, the faster.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    # Tesseract's threads only get in each other's way on pages as small as these.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    grey = image.convert("L")
    words = _recognise(grey, languages)
    turn = 0
    if not _is_upright(words) and (turn := _turn_of(grey)):
        upright = _recognise(grey.rotate(90 * turn, expand=True), languages)
        if _confidence(upright) * len(upright) > _confidence(words) * len(words):
            words = upright
        else:
            turn = 0
    if _confidence(words) < _LEGIBLE:
        return PageText.empty(width, height)
    return _as_page(words, width, height, grey.width, turn)


@dataclass(slots=True)
class _Word:
    text: str
    confidence: float
    line: tuple[int, int, int]
    """Block, paragraph and line."""
    box: tuple[int, int, int, int]
    """Pixels: left, top, right, bottom."""


def _recognise(image: Image.Image, languages: Sequence[Language]) -> list[_Word]:
    """The words of an upright image."""
    codes = "+".join(TESSERACT_CODES[language] for language in languages)
    try:
        table = pytesseract.image_to_data(
            image, codes, "--psm 3", timeout=_PAGE_SECONDS, output_type=pytesseract.Output.DICT
        )
        return [
            _Word(
                str(text).strip(),
                float(confidence),
                (int(block), int(paragraph), int(line)),
                (int(left), int(top), int(left) + int(wide), int(top) + int(high)),
            )
            for text, confidence, block, paragraph, line, left, top, wide, high in zip(
                *(table[name] for name in _COLUMNS), strict=True
            )
            if _is_word(str(text), float(confidence))
        ]
    except pytesseract.TesseractError as error:
        raise OcrFailed("Tesseract stopped with an error") from error
    except RuntimeError as error:
        raise OcrFailed(f"Tesseract took more than {_PAGE_SECONDS} seconds") from error
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise OcrFailed("Tesseract's output makes no sense") from error


def _is_word(text: str, confidence: float) -> bool:
    """Whether it is more than a blot or a rule."""
    length = sum(map(str.isalnum, text))
    if confidence < _SURE:
        return confidence >= 0 and length >= _TOO_LONG_FOR_A_BLOT
    return length > 0 or text.strip() in _SIGNS


_SIGNS = frozenset(("-", "–", "—", "•", "€", "%", "&", "+"))
_COLUMNS = ("text", "conf", "block_num", "par_num", "line_num", "left", "top", "width", "height")


def _turn_of(image: Image.Image) -> int:
    """By how many quarter turns against the clock the image has to be turned to stand upright."""
    try:
        found = pytesseract.image_to_osd(
            image, config="--psm 0", timeout=_PAGE_SECONDS, output_type=pytesseract.Output.DICT
        )
        return int(found["orientation"]) // 90 % 4
    except (pytesseract.TesseractError, RuntimeError, KeyError, ValueError, TypeError, OSError):
        # Too few characters to tell, most of the time.
        return 0


def _is_upright(words: list[_Word]) -> bool:
    """Whether the words look like those of a page that stands upright: well read, and wider than high."""
    long = [word.box for word in words if len(word.text) > 3]
    wide = sum(right - left > bottom - top for left, top, right, bottom in long)
    return _confidence(words) >= _CERTAIN and wide >= 0.7 * len(long)


def _confidence(words: list[_Word]) -> float:
    return statistics.fmean(word.confidence for word in words) if words else 0.0


def _as_page(words: list[_Word], width: float, height: float, pixels: int, turn: int) -> PageText:
    """The words on a page of this size, whose image is so many pixels wide, as it was given."""
    scale = width / pixels
    lines: dict[tuple[int, int, int], list[_Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    # The edge that a line stands on: the lower one, or the right one of text that runs upwards.
    edges = {line: 2 if _runs_upwards(members) else 3 for line, members in lines.items()}
    baselines = {line: _baseline(members, edges[line]) for line, members in lines.items()}
    sizes = {line: _size(members, edges[line]) for line, members in lines.items()}
    usual = statistics.median(sizes[word.line] for word in words)
    # Measured on ink, sizes waver from line to line: what is nearly the usual size is the usual size.
    sizes = {line: usual if abs(size - usual) < _WAVER * usual else size for line, size in sizes.items()}
    across, down = (height, width) if turn % 2 else (width, height)
    upright = PageText(
        across,
        down,
        [word.text for word in words],
        scale * np.array([word.box for word in words], dtype=np.float64),
        scale * np.array([word.box[edges[word.line]] - baselines[word.line] for word in words]),
        scale * np.array([sizes[word.line] for word in words]),
        np.zeros(len(words), dtype=np.bool_),
        np.array([3 - edges[word.line] for word in words], dtype=np.int64),
    )
    # Turning the page with the clock undoes the turn against it that made its words upright.
    given = upright.turned(turn)
    given.turns[:] = (given.turns - turn) % 4
    return given


def _runs_upwards(line: list[_Word]) -> bool:
    """Whether the words of a line are higher than they are wide, as along the edge of a page."""
    long = [word.box for word in line if len(word.text) > 2]
    return 2 * sum(bottom - top > right - left for left, top, right, bottom in long) > len(long)


def _baseline(line: list[_Word], edge: int) -> float:
    """Where the words without descenders usually end at this edge, in pixels."""
    flat = [word.box[edge] for word in line if not _DEEP & set(word.text)]
    return statistics.median(flat or [word.box[edge] for word in line])


def _size(line: list[_Word], edge: int) -> float:
    """The font size that the heights of a line's words speak for, in pixels."""
    return statistics.median(
        (word.box[edge] - word.box[edge - 2])
        / (0.48 + 0.24 * bool(_TALL & set(word.text)) + 0.22 * bool(_DEEP & set(word.text)))
        for word in line
    )
