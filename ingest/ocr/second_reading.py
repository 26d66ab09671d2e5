"""Reads the words in fonts that name their letters falsely by OCR, and replaces their text.

The suspected words are cut out of the image of the page, read by OCR, and compared with the text in the
file. If both agree, the suspicion was wrong and the text stays.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from PIL import Image

from archive.languages import Language
from ingest.drawn_words import Integers, Mask, PageText
from ingest.fonts.drawn_letters import UNNAMED_LETTER, without_unnamed
from ingest.fonts.font_trust import UNKNOWN, FontTrust
from ingest.ocr.agreement import judge, spelled
from ingest.ocr.doubt import doubtful
from ingest.ocr.scan_cells import FIGURES
from ingest.ocr.scan_lines import ScanLine
from ingest.ocr.scan_sheet import Ink, ink_of, read_inks
from ingest.ocr.suspected_runs import TALLEST, SuspectedRun, runs_of
from ingest.ocr.tesseract import OcrWord
from ingest.word_arrays import is_number

_SURE = 75.0
"""Confidence, in per cent, below which a figure is read again."""


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A page after its suspected words were read by OCR."""

    page: PageText
    read: int = 0
    """Number of runs of words that were replaced by what OCR read."""
    unread: int = 0
    """Number of runs with false letters that could not be read; their words are marked as doubtful."""


def read_anew(
    page: PageText,
    suspects: Mask,
    trust: FontTrust,
    image: Image.Image,
    languages: Sequence[Language],
    seconds: float,
) -> SecondReading:
    """Read the suspected words of a page in its image, and replace those whose fonts turn out to be false.

    Args:
        suspects: whether each word of the page is suspected.
        trust: what is known of the fonts; completed by what is found here.
        image: of the page.
        languages: those that may be on the page.
        seconds: most time for one run of Tesseract.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    runs = list(runs_of(page, suspects))
    points = page.width / image.width
    read_runs(runs, image, points, languages, seconds)
    by_font: defaultdict[int, list[SuspectedRun]] = defaultdict(list)
    for run in runs:
        by_font[int(page.fonts[run.rows[0]])].append(run)
    for font, of in by_font.items():
        judge(font, of, trust)
    lying = [run for run in runs if trust.false_letters(int(page.fonts[run.rows[0]]))]
    read = [run for run in lying if run.words]
    unread = [run for run in lying if not run.words]
    rows = np.array([row for run in unread for row in run.rows], dtype=np.int64)
    mended = _replaced(_marked(page, rows), read, trust, points)
    return SecondReading(without_unnamed(mended), len(read), len(unread))


def left_unread(page: PageText, suspects: Mask, trust: FontTrust) -> SecondReading:
    """The page without OCR: suspected words are marked as doubtful if the shapes of their letters are enough
    evidence."""
    is_strong = np.array([trust.is_strong(font) for font in page.fonts.tolist()], dtype=np.bool_)
    rows = np.flatnonzero(suspects & is_strong)
    return SecondReading(without_unnamed(_marked(page, rows)), unread=len(rows))


def _marked(page: PageText, rows: Integers) -> PageText:
    """The page with these words marked as doubtful, and codes without a character in them replaced by
    `UNKNOWN`."""
    is_doubtful = page.doubtful.copy()
    is_doubtful[rows] = True
    texts = list(page.texts)
    for row in rows.tolist():
        texts[row] = UNNAMED_LETTER.sub(UNKNOWN, texts[row])
    return replace(page, texts=texts, doubtful=is_doubtful)


def read_runs(
    runs: Sequence[SuspectedRun],
    image: Image.Image,
    points: float,
    languages: Sequence[Language],
    seconds: float,
) -> None:
    """Read each run in the image, and store the words that OCR read in it.

    Args:
        image: of the page.
        points: width and height of its pixels.
        languages: those that may be on the page.
        seconds: most time for one run of Tesseract.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    pixels = np.asarray(image)
    inks = []
    for number, run in enumerate(runs):
        left, top, right, bottom = (max(0, round(side / points)) for side in run.box)
        part = pixels[top:bottom, left:right]
        if min(part.shape) < 4:
            continue
        black, is_ink = ink_of(part)
        rows, columns = np.flatnonzero(is_ink.any(axis=1)), np.flatnonzero(is_ink.any(axis=0))
        if len(rows):
            y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
            box = left + x0, top + y0, left + x1, top + y1
            inks.append((Ink(number, run.box[1], box, Image.fromarray(black[y0:y1, x0:x1])), run.turn))
    for number, readings in read_inks(inks, languages, seconds).items():
        runs[number].words = _words(readings)
    figures = [(ink, turn) for ink, turn in inks if _is_weak_figure(runs[ink.place])]
    for number, readings in read_inks(figures, languages, seconds, FIGURES).items():
        runs[number].words = _words(readings)


def _words(readings: Sequence[Sequence[ScanLine]]) -> list[OcrWord]:
    return [word for line in readings[0] for word in line.words]


def _is_weak_figure(run: SuspectedRun) -> bool:
    """Whether a run has figures in the file, but was not read as figures, or with a low confidence."""
    return all(is_number(text) for text in run.texts) and not all(
        is_number(word.text) and word.confidence >= _SURE for word in run.words
    )


def _replaced(page: PageText, runs: Sequence[SuspectedRun], trust: FontTrust, points: float) -> PageText:
    """The page with the words of these runs replaced by those that OCR read."""
    words = [
        word
        for run in runs
        for word in _new_words(run, page, trust.false_letters(int(page.fonts[run.rows[0]])), points)
    ]
    if not words:
        return page
    rows = np.array([word.row for word in words], dtype=np.int64)
    new = replace(
        page.take(rows),
        texts=[word.text for word in words],
        boxes=np.array([word.box for word in words], dtype=np.float64),
        descents=np.array([word.descent for word in words], dtype=np.float64),
        doubtful=np.array([word.is_doubtful for word in words], dtype=np.bool_),
    )
    is_replaced = np.zeros(len(page.texts), dtype=np.bool_)
    is_replaced[[row for run in runs for row in run.rows]] = True
    kept = np.flatnonzero(~is_replaced)
    order = np.argsort(np.concatenate([kept, rows]), kind="stable")
    return page.take(kept).followed_by(new).take(order)


class _NewWord(NamedTuple):
    """A word read by OCR that replaces one of the file."""

    row: int
    """Row of the word of the file whose position in the text and style it takes."""
    text: str
    box: tuple[float, ...]
    descent: float
    is_doubtful: bool


def _new_words(
    run: SuspectedRun, page: PageText, shapes: Mapping[str, str], points: float
) -> Iterator[_NewWord]:
    boxes = [tuple(points * side for side in word.box) for word in run.words]
    if texts := spelled(run, shapes):
        # The words of the file are kept, with the letters that OCR read.
        for place, (row, text) in enumerate(zip(run.rows, texts, strict=True)):
            is_seen = not run.turn and len(boxes) == len(run.rows)
            box, descent = _placed(run, page, row, boxes[place] if is_seen else None)
            yield _NewWord(row, text, box, descent, is_doubtful=False)
        return
    for word, box_seen, in_doubt in zip(run.words, boxes, doubtful(run.words), strict=True):
        box, descent = _placed(run, page, run.rows[0], box_seen)
        # A figure that does not agree with the shapes of its digits may be any other figure.
        is_figure = any(map(str.isdigit, word.text))
        yield _NewWord(run.rows[0], word.text, box, descent, in_doubt or is_figure)


def _placed(
    run: SuspectedRun, page: PageText, row: int, seen: tuple[float, ...] | None
) -> tuple[tuple[float, ...], float]:
    """The box of a new word, and how far it reaches below its baseline.

    The word keeps the top, bottom and baseline of the word of the file, so that all words of a line are of
    one height.

    Args:
        row: of the word of the file.
        seen: the box of the word that OCR read, if it is known.
    """
    in_file = tuple(page.boxes[row].tolist())
    descent, size = float(page.descents[row]), float(page.sizes[row])
    if seen is None:
        return in_file, descent
    if run.turn or in_file[3] - in_file[1] > TALLEST * size:
        return seen, 0.0
    return (seen[0], in_file[1], seen[2], in_file[3]), descent
