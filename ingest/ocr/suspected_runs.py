"""Groups suspected words of a page that are next to each other, to be read together by OCR."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask, PageText
from ingest.fonts.drawn_letters import UNNAMED_LETTER
from ingest.ocr.tesseract import OcrWord

_SAME_LINE = 0.3
"""Part of the font size by which baselines of one line may differ."""
_WORD_GAP = 1.5
"""Times the font size: words further apart are read separately, as the cells of a table are."""
_PAD = 0.12
"""Part of the font size: margin around the words that is cut out with them."""
TALLEST = 2.0
"""Times the font size: the greatest height of a word's box that is believed; some fonts state wrong
heights."""


@dataclass(slots=True)
class SuspectedRun:
    """Suspected words of one line and font that are next to each other, in reading order."""

    rows: list[int]
    turn: int
    box: tuple[float, float, float, float]
    """Box on the page as displayed, in points; without any part of the neighbouring words."""
    texts: list[str]
    words: Sequence[OcrWord] = ()
    """The words that OCR read, with boxes in pixels; filled in later."""

    @property
    def file_text(self) -> str:
        return "".join(self.texts)

    @property
    def ocr_text(self) -> str:
        return "".join(word.text for word in self.words)


def runs_of(page: PageText, suspects: Mask) -> Iterator[SuspectedRun]:
    """The runs of suspected words of a page."""
    for turn in range(4):
        rows = np.flatnonzero(page.turns == turn)
        if not suspects[rows].any():
            continue
        view = page.turned(turn).boxes
        baselines = view[:, 3] - page.descents
        run: list[int] = []
        for line in _lines(rows, baselines, page.sizes):
            line.sort(key=lambda row: view[row, 0])
            for place, row in enumerate(line):
                before = line[place - 1] if place else row
                # Codes without a character may stand for spaces: then the gap is part of the run.
                is_whole = UNNAMED_LETTER.search(page.texts[row] + page.texts[before])
                is_apart = view[row, 0] - view[before, 2] > _WORD_GAP * page.sizes[row] and not is_whole
                if run and (not suspects[row] or is_apart or page.fonts[row] != page.fonts[run[0]]):
                    yield _run(run, turn, page, view, line)
                    run = []
                if suspects[row]:
                    run.append(row)
            if run:
                yield _run(run, turn, page, view, line)
                run = []


def _lines(rows: Integers, baselines: Floats, sizes: Floats) -> Iterator[list[int]]:
    line: list[int] = []
    for row in rows[np.argsort(baselines[rows], kind="stable")].tolist():
        if line and baselines[row] - baselines[line[0]] > _SAME_LINE * sizes[line[0]]:
            yield line
            line = []
        line.append(row)
    if line:
        yield line


def _run(rows: list[int], turn: int, page: PageText, view: Floats, line: list[int]) -> SuspectedRun:
    """Makes a run of words, with a margin that does not touch other words of its line."""
    size = float(page.sizes[rows].max())
    x0, y0 = view[rows, :2].min(axis=0).tolist()
    x1, y1 = view[rows, 2:].max(axis=0).tolist()
    if y1 - y0 > TALLEST * size:
        baseline = float((view[rows, 3] - page.descents[rows]).max())
        y0, y1 = baseline - size, baseline + size / 4
    before = max((float(view[row, 2]) for row in line if view[row, 0] < x0), default=-math.inf)
    after = min((float(view[row, 0]) for row in line if view[row, 0] > view[rows[-1], 0]), default=math.inf)
    pad = _PAD * size
    box = max(x0 - pad, min(before, x0)), y0 - pad, min(x1 + pad, after), y1 + pad
    return SuspectedRun(rows, turn, _turned_back(box, page, turn), [page.texts[row] for row in rows])


def _turned_back(
    box: tuple[float, float, float, float], page: PageText, turn: int
) -> tuple[float, float, float, float]:
    """A box in the coordinates of the page turned upright, converted to those of the page as displayed."""
    x0, y0, x1, y1 = box
    width, height = page.width, page.height
    return (
        box,
        (y0, height - x1, y1, height - x0),
        (width - x1, height - y1, width - x0, height - y0),
        (width - y1, x0, width - y0, x1),
    )[turn]
