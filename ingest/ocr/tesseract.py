"""The interface to Tesseract, the OCR program, and the test whether a page needs OCR. No other module calls
it."""

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from subprocess import CalledProcessError
from typing import Literal

import pytesseract
from PIL import Image

from archive.languages import LANGUAGES, TESSERACT_CODES, Language
from archive.surroundings import LEAST_ROOM, machine_troubles_as_errors, require_room, trouble_behind
from ingest.drawn_words import Drawing, PageText

INSTALL = "apt install tesseract-ocr " + " ".join(
    f"tesseract-ocr-{TESSERACT_CODES[language]}" for language in LANGUAGES
)

_PAGE_SECONDS = 90
"""Most time for one run of Tesseract on one page."""

_FEW_LETTERS = 600
"""A page mostly covered by an image may be a scan if its text layer has fewer letters than this: they may
be those of a stamp or a running head."""
_COVERED = 0.75
_SHOWN = 0.2
"""Least part of a page without any text that images cover, for it to be read by OCR."""
_MANY_PATHS = 100
"""Least shapes on a page without any text, for it to be read by OCR: so many must include letters."""

_MOST_UNMAPPED = 0.3
"""Most part of the characters whose meaning the file does not state; on good pages it is less than 0.05."""

_SURE = 40
"""Tesseract's confidence, in per cent, below which a short word is taken for a blot."""
_TOO_LONG_FOR_A_BLOT = 4
"""Letters and digits of a word that is believed in spite of a low confidence: apostrophes lower that, too."""

Layout = Literal["page", "block"]
"""What an image shows: a page with columns, pictures and tables, or a block of lines below each other."""
_LAYOUTS = {"page": "--psm 3", "block": "--psm 6"}

_SIGNS = frozenset(("-", "–", "—", "•", "€", "%", "&", "+"))
_COLUMNS = ("text", "conf", "block_num", "par_num", "line_num", "left", "top", "width", "height")


class OcrFailed(Exception):
    """Tesseract crashed, took too long or printed nonsense."""


def is_picture(page: PageText, drawing: Drawing) -> bool:
    """Whether the text that a reader sees is in images or shapes rather than in the text layer."""
    letters = sum(sum(map(str.isalpha, text)) for text in page.texts)
    if drawing.image_share >= _COVERED and letters < _FEW_LETTERS:
        return True
    return not page.texts and (drawing.image_share >= _SHOWN or drawing.paths >= _MANY_PATHS)


def is_unmapped(page: PageText) -> bool:
    """Whether the file does not state which letters it draws."""
    return page.unmapped > _MOST_UNMAPPED and len(page.texts) >= 5


@dataclass(slots=True)
class OcrWord:
    """A word that Tesseract read in an image."""

    text: str
    confidence: float
    """In per cent."""
    line: tuple[int, ...]
    """Numbers of its block, paragraph and line: the same for all words of a line."""
    box: tuple[int, int, int, int]
    """Left, top, right and bottom edge, in pixels."""


@lru_cache(maxsize=1)
def is_available() -> bool:
    """Whether Tesseract is installed with all languages of the archive.

    Raises:
        ServiceUnavailable: the machine cannot start it, so this is not known.
    """
    try:
        return set(TESSERACT_CODES.values()) <= set(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError) as error:
        trouble = trouble_behind(error)
        if trouble is not None:  # it may be installed, so False must not be cached
            raise trouble from error
        return False


def words_in(
    image: Image.Image,
    languages: Sequence[Language] = LANGUAGES,
    layout: Layout = "page",
    seconds: float | None = None,
    only: str = "",
) -> list[OcrWord]:
    """The words that Tesseract reads in a grey image; lines that run up or down the image are read as well.

    Args:
        languages: those that may be in the image. The fewer, the faster.
        layout: what the image shows.
        seconds: most time that it may take; by default as much as for a page.
        only: the only characters that Tesseract may read; empty for all.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
        ServiceUnavailable: the disk has no room for its files, or the machine does not let it be started.
    """
    # On images of this size several threads make Tesseract slower.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    codes = "+".join(TESSERACT_CODES[language] for language in languages)
    allowed = f" -c tessedit_char_whitelist={only}" if only else ""
    limit = _PAGE_SECONDS if seconds is None else seconds
    try:
        with _room_for(image):
            table = pytesseract.image_to_data(
                image, codes, _LAYOUTS[layout] + allowed, timeout=limit, output_type=pytesseract.Output.DICT
            )
        return [
            OcrWord(
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
    except (pytesseract.TesseractError, CalledProcessError) as error:
        raise OcrFailed("Tesseract stopped with an error") from error
    except RuntimeError as error:
        raise OcrFailed(f"Tesseract took more than {limit:.0f} seconds") from error
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise OcrFailed("Tesseract's output makes no sense") from error


@contextmanager
def _room_for(image: Image.Image) -> Iterator[None]:
    """Requires room on the disk for Tesseract's files, and reports what the machine refuses as its own
    trouble.

    Tesseract does not always report that its output is incomplete because the disk is full. So there must
    be room before it runs and after, when its files are removed again.
    """
    folder = Path(tempfile.gettempdir())
    size = image.width * image.height * len(image.getbands()) + LEAST_ROOM
    require_room(folder, size)
    try:
        with machine_troubles_as_errors():
            yield
    finally:
        require_room(folder, size)


def _is_word(text: str, confidence: float) -> bool:
    """Whether this is a word or sign, and not a blot or a rule."""
    length = sum(map(str.isalnum, text))
    if confidence < _SURE:
        return confidence >= 0 and length >= _TOO_LONG_FOR_A_BLOT
    return length > 0 or text.strip() in _SIGNS


def turn_of(image: Image.Image) -> int:
    """The number of quarter turns anticlockwise that make an image upright; 0 if Tesseract cannot tell.

    Raises:
        ServiceUnavailable: as in :func:`words_in`.
    """
    try:
        with _room_for(image):
            found = pytesseract.image_to_osd(
                image, config="--psm 0", timeout=_PAGE_SECONDS, output_type=pytesseract.Output.DICT
            )
        return int(found["orientation"]) // 90 % 4
    except (
        pytesseract.TesseractError,
        CalledProcessError,
        RuntimeError,
        KeyError,
        ValueError,
        TypeError,
        OSError,
    ):
        # Mostly because there are too few characters.
        return 0


def mean_confidence(words: Sequence[OcrWord]) -> float:
    """The mean confidence of words, in per cent; 0 if there are none."""
    return statistics.fmean(word.confidence for word in words) if words else 0.0
