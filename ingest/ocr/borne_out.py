"""Reads single words of a text layer by OCR, to see whether the page really shows them."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from PIL import Image

from archive.languages import Language
from ingest.drawn_words import Floats, Mask, PageText
from ingest.language.clean_characters import DAMAGE
from ingest.ocr.second_reading import read_runs
from ingest.ocr.suspected_runs import runs_of

_WHITE = 255


def borne_out(
    page: PageText, in_doubt: Mask, image: Image.Image, languages: Sequence[Language], seconds: float
) -> Mask:
    """Whether each word is one that is in doubt and that OCR reads just so in the image of the page.

    The words beside it are read with it, which shows whether it is a whole word. Only letters and digits
    count: OCR loses points and commas.

    Args:
        in_doubt: whether each word of the page is in doubt.
        image: of the page, in grey.
        languages: those that may be on the page.
        seconds: most time for one run of Tesseract.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    with_neighbours = in_doubt.copy()
    with_neighbours[1:] |= in_doubt[:-1]
    with_neighbours[:-1] |= in_doubt[1:]
    runs = list(runs_of(page, with_neighbours))
    points = page.width / image.width
    read_runs(runs, _without_rules(image, page.rules / points), points, languages, seconds)
    found = np.zeros(len(page.texts), dtype=np.bool_)
    for run in runs:
        seen = Counter(_letters(word.text) for word in run.words)
        for row, text in zip(run.rows, run.texts, strict=True):
            letters = _letters(text)
            if in_doubt[row] and letters and seen[letters]:
                seen[letters] -= 1
                found[row] = True
    return found


def _without_rules(image: Image.Image, rules: Floats) -> Image.Image:
    """The image without the lines of tables: OCR takes one beside a word for a letter.

    Args:
        rules: boxes of the lines, in pixels.
    """
    pixels = np.array(image)
    for left, top, right, bottom in rules.tolist():
        rows = slice(max(0, math.floor(top) - 1), max(0, math.ceil(bottom) + 1))
        pixels[rows, max(0, math.floor(left) - 1) : max(0, math.ceil(right) + 1)] = _WHITE
    return Image.fromarray(pixels)


def _letters(text: str) -> str:
    """Letters and digits, and what looks like damage: OCR has to see that, too."""
    return "".join(sign for sign in text if sign.isalnum() or DAMAGE.match(sign)).casefold()
