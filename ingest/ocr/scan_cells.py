"""Reads the cells of ruled tables in the image of a page one by one.

In the image of a whole page OCR takes rules for letters and shaded cells for pictures, and misses most
figures of tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from archive.languages import Language
from ingest.drawn_words import Floats
from ingest.ocr.doubt import doubtful
from ingest.ocr.scan_lines import ScanLine
from ingest.ocr.scan_sheet import Ink, ink_of, read_inks
from ingest.ocr.tesseract import OcrWord, mean_confidence
from ingest.tables.ruled_tables import ruled_cells
from ingest.word_arrays import is_number

_FEWEST_CELLS = 4
_HIGHEST_CELL = 160.0
"""Points: a higher frame is no cell of a table but has text in it, which is read with the page."""
_EDGE = 0.75
"""Points next to a rule that are grey in a scan."""
_AT_RULE = 5.0
"""Points by which the side of a cell may differ from its rule, where rules do not quite meet."""
_LOWEST_INK = 3.5
"""Points: ink of less height is a dash, a dot or the rest of a rule."""
_TALL = 1.6
"""Times its width: higher ink may be text on its side."""
_NOISE = 40.0
"""Confidence, in per cent, that counts neither for nor against a reading."""
_SURE = 75.0
"""Confidence below which a figure is read again."""
_MOSTLY = 0.5
"""Least part of the cells of a column of figures that have only figures in them."""
_SHORTEST_WORD = 3
"""Least characters of a word that shows that a cell has text; fewer may be a drawing."""
FIGURES = "0123456789.,-+%€()"
"""The characters of figures: OCR may be limited to these."""


@dataclass(frozen=True, slots=True)
class TableReading:
    """What was read in the cells of a page's ruled tables."""

    lines: list[ScanLine]
    """Lines that were read cell by cell."""
    words: list[OcrWord]
    """Words of the first reading of the page that were not replaced by such lines."""
    empty: int
    """Number of cells with ink, but without words."""


def read_cells(
    image: Image.Image,
    rules: Floats,
    points: float,
    words: Sequence[OcrWord],
    languages: Sequence[Language],
    seconds: float,
) -> TableReading:
    """Read the cells of the ruled tables of a page one by one, and use what is better than the first reading.

    Args:
        image: of the page, in shades of grey.
        rules: boxes of the drawn lines, in points.
        points: the size of a pixel.
        words: those read in the page as a whole.
        languages: those that may be on the page.
        seconds: most time for one run of Tesseract.

    Raises:
        OcrFailed: Tesseract crashed, took too long or printed nonsense.
    """
    cells = ruled_cells(rules)
    cells = cells[cells[:, 3] - cells[:, 1] <= _HIGHEST_CELL]
    is_table = len(cells) >= _FEWEST_CELLS
    inks = list(_inks(image, cells, _within(cells, rules), points)) if is_table else []
    if not inks:
        return TableReading([], list(words), 0)
    on_their_side = [(ink, turn) for ink in inks if ink.height > _TALL * ink.width for turn in (1, 3)]
    found = read_inks([*((ink, 0) for ink in inks), *on_their_side], languages, seconds)
    figures = [(ink, 0) for ink in _weak_figures(inks, found, cells)]
    for number, readings in read_inks(figures, languages, seconds, FIGURES).items():
        found.setdefault(number, []).extend(readings)
    cell_of = [_cell_of(word, cells, points) for word in words]
    lines: list[ScanLine] = []
    empty = 0
    replaced: set[int] = set()
    for ink in inks:
        before = [word for word, cell in zip(words, cell_of, strict=True) if cell == ink.place]
        best = max(found.get(ink.place, [[]]), key=_worth_of_lines, default=[])
        if best and _worth_of_lines(best) >= _worth(before) and _makes_sense(best):
            lines += best
            replaced.add(ink.place)
        elif not before:
            empty += 1
    kept = [word for word, cell in zip(words, cell_of, strict=True) if cell not in replaced]
    return TableReading(lines, kept, empty)


def _weak_figures(inks: Sequence[Ink], found: Mapping[int, list[list[ScanLine]]], cells: Floats) -> list[Ink]:
    """The cells of columns of figures that were not read, or with a low confidence.

    OCR often takes a single figure for a letter.
    """
    columns: dict[int, list[Ink]] = {}
    for ink in inks:
        columns.setdefault(round(float(cells[ink.place, 0])), []).append(ink)
    weak = []
    for column in columns.values():
        words = [[word for line in found.get(ink.place, [[]])[0] for word in line.words] for ink in column]
        figures = sum(bool(cell) and all(is_number(word.text) for word in cell) for cell in words)
        if figures >= _MOSTLY * sum(map(bool, words)):
            weak += [
                ink
                for ink, cell in zip(column, words, strict=True)
                if min((word.confidence for word in cell), default=0.0) < _SURE
            ]
    return weak


def _worth(words: Sequence[OcrWord]) -> float:
    return sum((word.confidence - _NOISE) * len(word.text) for word in words)


def _worth_of_lines(lines: Sequence[ScanLine]) -> float:
    return _worth([word for line in lines for word in line.words])


def _makes_sense(lines: Sequence[ScanLine]) -> bool:
    """Whether OCR read a figure, or a word that is not doubtful; otherwise the ink may be a drawing."""
    words = [word for line in lines for word in line.words]
    return mean_confidence(words) >= _SURE or any(
        is_number(word.text) or (len(word.text) >= _SHORTEST_WORD and not is_in_doubt)
        for word, is_in_doubt in zip(words, doubtful(words), strict=True)
    )


def _cell_of(word: OcrWord, cells: Floats, points: float) -> int:
    """The number of the cell that contains the middle of a word; -1 if none does."""
    x, y = (word.box[0] + word.box[2]) / 2 * points, (word.box[1] + word.box[3]) / 2 * points
    inside = (cells[:, 0] < x) & (x < cells[:, 2]) & (cells[:, 1] < y) & (y < cells[:, 3])
    return int(inside.argmax()) if inside.any() else -1


def _within(cells: Floats, rules: Floats) -> Floats:
    """The boxes of the cells without the rules around them."""
    inner = cells.copy()
    is_across = rules[:, 2] - rules[:, 0] >= rules[:, 3] - rules[:, 1]
    for axis, lines in ((0, rules[~is_across]), (1, rules[is_across])):
        for cell, box in zip(cells, inner, strict=True):
            beside = lines[(lines[:, 1 - axis] < cell[3 - axis]) & (lines[:, 3 - axis] > cell[1 - axis])]
            first = beside[np.abs(beside[:, axis] - cell[axis]) <= _AT_RULE]
            last = beside[np.abs(beside[:, axis + 2] - cell[axis + 2]) <= _AT_RULE]
            box[axis] = max(first[:, axis + 2], default=cell[axis]) + _EDGE
            box[axis + 2] = min(last[:, axis], default=cell[axis + 2]) - _EDGE
    return inner


def _inks(image: Image.Image, cells: Floats, within: Floats, points: float) -> Iterator[Ink]:
    """The ink of each cell that may have letters.

    Args:
        within: the boxes of the cells without their rules.
        points: the size of a pixel.
    """
    pixels = np.asarray(image)
    for number, (cell, box) in enumerate(zip(cells, np.rint(within / points), strict=True)):
        left, top, right, bottom = np.maximum(box, 0).astype(int).tolist()
        part = pixels[top:bottom, left:right]
        if min(part.shape, default=0) < 4:
            continue
        black, is_ink = ink_of(part)
        rows, columns = np.flatnonzero(np.any(is_ink, axis=1)), np.flatnonzero(np.any(is_ink, axis=0))
        if not len(rows) or _longest_run(rows) * points < _LOWEST_INK:
            continue
        y0, y1, x0, x1 = (int(end) for end in (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1))
        place = left + x0, top + y0, left + x1, top + y1
        yield Ink(number, float(cell[1]), place, Image.fromarray(black[y0:y1, x0:x1]))


def _longest_run(places: npt.NDArray[np.intp]) -> int:
    """The length of the longest run of consecutive numbers among these, which are in order."""
    ends = np.flatnonzero(np.append(np.diff(places) > 1, True))
    return int(np.diff(ends, prepend=-1).max())
