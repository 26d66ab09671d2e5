"""Scans that are hard to read: lines in every direction, ruled tables, words that make no sense."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.records import Page
from ingest.drawn_words import PageText
from ingest.ocr import tesseract
from ingest.ocr.doubt import doubtful
from ingest.ocr.scan_lines import ScanLine, as_page, lines_of
from ingest.ocr.scan_rules import rules_in
from ingest.ocr.tesseract import OcrWord
from ingest.read_document import Reading, read_document
from tests.documents.make_scans import CAPTION, LINES, ROWS

DOCUMENTS = Path(__file__).parents[2] / "documents"

needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract") or not tesseract.is_available(), reason="tesseract is not installed"
)


def read(name: str) -> tuple[Reading, list[Page]]:
    reading = read_document(DOCUMENTS / name, 100, lambda done, total: None)
    return reading, list(reading.pages)


def text_of(page: Page) -> str:
    return " ".join(block.text for block in page.blocks)


@needs_tesseract
def test_scans_are_read_in_whatever_direction_their_lines_run() -> None:
    """Downwards, upwards, on their head, turned by /Rotate; and a caption and a line of a page alone."""
    reading, pages = read("scans-in-every-direction.pdf")
    whole = " ".join(LINES)
    assert [text_of(page) for page in pages[:4]] == [whole] * 4
    assert [block.text for block in pages[4].blocks] == [
        whole,
        "Deze regel staat op zijn kop in de scan",
        CAPTION,
    ]
    assert reading.warnings == []
    down, up, head, shown = (page.blocks[0].words for page in pages[:4])
    assert down[0].boxes[0][1] < down[4].boxes[0][1], "a line that runs downwards"
    assert up[0].boxes[0][1] > up[4].boxes[0][1]
    assert head[0].boxes[0][0] > head[4].boxes[0][0]
    assert shown[0].boxes[0][1] > shown[4].boxes[0][1]
    caption = pages[4].blocks[2].words
    assert min(word.boxes[0][0] for word in caption) > 310
    assert caption[0].boxes[0][1] < caption[-1].boxes[0][1]


@needs_tesseract
def test_a_ruled_table_is_read_cell_by_cell_and_a_cell_that_cannot_be_read_is_told() -> None:
    """Figures on shades and by themselves, a heading on its side; a drawing is no word, but it is told."""
    reading, (page,) = read("scan-of-a-ruled-table.pdf")
    table = next(block for block in page.blocks if block.kind == "table")
    assert [tuple(row.split("\t")) for row in table.text.split("\n")] == list(ROWS)
    figure = next(word for word in table.words if word.text == "-410")
    assert figure.boxes[0] == pytest.approx((164, 107, 185, 114), abs=2)
    assert {"Raming", "bevolking", "1.218.255", "woningen"} <= set(text_of(page).split())
    assert [(warning.code, warning.pages) for warning in reading.warnings] == [("empty_cells", (1,))]


def words(*told: tuple[str, tuple[int, int, int, int]], line: int = 1) -> list[OcrWord]:
    return [OcrWord(text, 95.0, (1, 1, line), box) for text, box in told]


@pytest.mark.parametrize(
    ("line", "direction"),
    [
        (words(("een", (10, 10, 40, 20)), ("plan", (45, 10, 85, 20))), 0),
        (words(("een", (10, 60, 20, 90)), ("plan", (10, 15, 20, 55))), 1),
        (words(("een", (10, 10, 20, 40)), ("plan", (10, 45, 20, 85))), 3),
        (words(("3", (10, 10, 20, 16)), ("4", (10, 25, 20, 31))), 3),
    ],
    ids=["level", "upwards", "downwards", "figures downwards"],
)
def test_the_order_of_words_tells_in_which_direction_a_line_runs(
    line: Sequence[OcrWord], direction: int
) -> None:
    (found,) = lines_of(line)
    assert (found.direction, found.is_sure) == (direction, True)


def test_a_word_on_its_side_runs_as_its_neighbours_do_and_alone_is_not_sure() -> None:
    alone = words(("jaar", (50, 10, 60, 50)), line=2)
    assert not lines_of(alone)[0].is_sure
    beside = words(("een", (10, 10, 20, 40)), ("plan", (10, 45, 20, 85)))
    assert [(line.direction, line.is_sure) for line in lines_of([*beside, *alone])] == [(3, True), (3, True)]


@pytest.mark.parametrize("direction", [0, 1, 2, 3])
def test_baselines_and_sizes_are_those_of_a_line_that_was_turned(direction: int) -> None:
    """Words 10 and 13 pixels high, the second one with a descender of three, on a page of 100 by 200."""
    upright = PageText.empty(200, 100) if direction % 2 else PageText.empty(100, 200)
    upright = as_page(
        [ScanLine(words(("hal", (10, 10, 40, 20)), ("halp", (45, 10, 85, 23))))],
        *([False, False], upright.width, upright.height, round(upright.width)),
    )
    turned = upright.turned(direction)
    boxes = [(*map(int, box),) for box in turned.boxes.tolist()]
    line = ScanLine(words(("hal", boxes[0]), ("halp", boxes[1])), -direction % 4)  # type: ignore[arg-type]
    page = as_page([line], [False, False], turned.width, turned.height, round(turned.width))
    assert page.turned(-direction % 4).boxes.tolist() == upright.boxes.tolist()
    assert page.descents.tolist() == upright.descents.tolist() == [0, 3]
    assert np.allclose(page.sizes, upright.sizes)


@pytest.mark.parametrize(
    ("text", "confidence", "is_doubtful"),
    [
        ("werkgelegenheid", 55, False),
        ("werkgelegenheid", 20, True),
        ("l'emploi", 25, False),
        ("participe-t-elle", 50, False),
        ("Wittgenstein-Lefebvre", 92, False),
        ("Wassenaarse", 95, False),
        ("Qwrtzpf", 85, True),
        ("rıaam", 96, True),
        ("Дoсье", 96, True),
        ("uitvoerinasmaatreaelen", 80, True),
        ("p4rtner5chap", 90, True),
        ("12.480", 93, False),
        ("12.480", 55, True),
    ],
)
def test_words_are_doubtful_that_ocr_is_not_sure_of_unless_they_are_known(
    text: str, confidence: float, is_doubtful: bool
) -> None:
    assert doubtful([OcrWord(text, confidence, (1,), (0, 0, 1, 1))]) == [is_doubtful]


def test_an_ordinal_read_as_letters_is_doubtful_and_the_end_of_a_broken_word_is_not() -> None:
    """Tesseract takes the 1 of "1er" for an l, and is sure of it."""
    texts = ["le", "ler", "janvier,", "pour", "contrô-", "ler", "Article", "ler."]
    read = doubtful([OcrWord(text, 96, (1,), (0, 0, 1, 1)) for text in texts])
    assert [text for text, is_doubtful in zip(texts, read, strict=True) if is_doubtful] == ["ler", "ler."]
    assert read.index(True) == 1


def test_rules_on_the_scan_of_a_sheet_of_metres_are_found_in_the_image_as_it_is() -> None:
    """Enlarged to as many pixels a point as those of small pages, it would take gigabytes."""
    image = Image.new("L", (1000, 1000), 255)
    ImageDraw.Draw(image).line((100, 500, 900, 500), fill=0, width=2)
    (rule,) = rules_in(image, 40_000.0, 40_000.0)
    assert rule == pytest.approx([4000, 20_000, 36_000, 20_000], abs=200)
