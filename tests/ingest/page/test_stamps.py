"""Watermarks and stamps are blocks of their own, and the lines that they go across stay whole."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from ingest.page.pdf_words import PdfFile
from ingest.read_document import read_document

ROOT = Path(__file__).parents[3]
TEXT = (
    "De gemeenteraad keurde het ontwerp van de begroting goed na een lang debat over de scholen en de wegen. "
    "De schepen van financiën lichtte de cijfers toe en antwoordde op de vragen van de fracties in de raad. "
)


def put(drawn: Canvas, text: str, x: float, y: float, angle: float, size: float, grey: float) -> None:
    drawn.saveState()
    drawn.translate(x, y)
    drawn.rotate(angle)
    drawn.setFont("Helvetica", size)
    drawn.setFillGray(grey)
    drawn.drawCentredString(0, 0, text)
    drawn.restoreState()


def body(drawn: Canvas, lines: list[str], by_word: bool) -> None:
    for row, line in enumerate(lines):
        x = 72.0
        for part in line.split() if by_word else [line]:
            drawn.setFont("Helvetica", 11)
            drawn.drawString(x, 760 - 14 * row, part)
            x += drawn.stringWidth(part + " ", "Helvetica", 11)


STAMPS = {
    "slanted": [("VERTROUWELIJK", 300, 640, 40, 56, 0.8)],
    "downwards": [("VOORLOPIGE VERSIE", 300, 690, -30, 44, 0.7)],
    "hardly slanted": [("Goedgekeurd op 3 juni", 300, 700, 8, 15, 0.3)],
    "level": [("VOORLOPIG", 300, 690, 0, 70, 0.85)],
    "level and small": [("GEZIEN", 300, 695, 0, 14, 0.4)],
    "between two lines": [("GEZIEN", 300, 698.5, 0, 11, 0.0)],
    "upwards": [("KOPIE", 250, 640, 90, 80, 0.85)],
    "two": [("KOPIE", 150, 680, 60, 40, 0.8), ("NIET BINDEND", 380, 680, -25, 30, 0.8)],
}


@pytest.mark.parametrize("kind", STAMPS)
def test_a_stamp_is_apart_from_the_lines_it_goes_across(tmp_path: Path, kind: str) -> None:
    lines = simpleSplit(TEXT * 3, "Helvetica", 11, 450)
    file = tmp_path / "stamped.pdf"
    drawn = Canvas(str(file), A4)
    for is_before in (True, False):
        if is_before:
            for stamp in STAMPS[kind]:
                put(drawn, *stamp)
        body(drawn, lines, by_word=is_before)
        if not is_before:
            for stamp in STAMPS[kind]:
                put(drawn, *stamp)
        drawn.showPage()
    drawn.save()
    for page in read_document(file, 10, lambda done, total: None).pages:
        apart = [block.text for block in page.blocks if block.kind == "running"]
        assert sorted(apart) == sorted(stamp[0] for stamp in STAMPS[kind])
        text = " ".join(block.text for block in page.blocks if block.kind != "running")
        assert text == " ".join(lines)


def test_a_stamp_of_all_pages_is_known_where_it_goes_across_nothing(tmp_path: Path) -> None:
    file = tmp_path / "stamped.pdf"
    drawn = Canvas(str(file), A4)
    for repeats in (6, 1):
        body(drawn, simpleSplit(TEXT * repeats, "Helvetica", 11, 450), by_word=False)
        put(drawn, "VOORLOPIG", 300, 600, 0, 60, 0.8)
        drawn.showPage()
    drawn.save()
    first, last = read_document(file, 10, lambda done, total: None).pages
    for page in (first, last):
        assert [block.text for block in page.blocks if block.kind == "running"] == ["VOORLOPIG"]


def test_a_stamp_may_run_upwards_in_a_gutter(tmp_path: Path) -> None:
    """It is larger than the text and of another colour; a title of the same colour is none."""
    for grey, kind in ((0.7, "running"), (0.0, "heading")):
        file = tmp_path / "gutter.pdf"
        drawn = Canvas(str(file), A4)
        put(drawn, "KOPIE", 303, 650, 90, 16, grey)
        for x in (72, 320):
            for row, line in enumerate(simpleSplit(TEXT * 2, "Helvetica", 11, 205)):
                drawn.setFont("Helvetica", 11)
                drawn.drawString(x, 760 - 14 * row, line)
        drawn.save()
        (page,) = read_document(file, 10, lambda done, total: None).pages
        assert [block.kind for block in page.blocks if block.text == "KOPIE"] == [kind]


def test_titles_and_slanted_headings_of_a_table_are_no_stamps(tmp_path: Path) -> None:
    file = tmp_path / "table.pdf"
    drawn = Canvas(str(file), A4)
    put(drawn, "Groot jaarverslag", 300, 770, 0, 48, 0)
    for column, head in enumerate(("januari", "februari", "maart", "april", "mei")):
        drawn.saveState()
        drawn.translate(210 + 60 * column, 640)
        drawn.rotate(45)
        drawn.setFont("Helvetica", 10)
        drawn.drawString(0, 0, head)
        drawn.restoreState()
    for row, label in enumerate(("Scholen", "Wegen", "Parken")):
        drawn.drawString(72, 620 - 16 * row, label)
        for column in range(5):
            drawn.drawString(210 + 60 * column, 620 - 16 * row, f"{row}{column}7")
    drawn.save()
    (page,) = read_document(file, 10, lambda done, total: None).pages
    assert not [block.text for block in page.blocks if block.kind == "running"]


def test_a_page_crowded_with_words_takes_no_more_memory(tmp_path: Path) -> None:
    """Forty thousand words at random places, of which each lies on others."""
    file = tmp_path / "crowded.pdf"
    draw = random.Random(1)
    drawn = Canvas(str(file), (1000, 1000))
    drawn.setFont("Helvetica", 4)
    for number in range(40_000):
        drawn.drawString(990 * draw.random(), 990 * draw.random(), f"woord{number % 97}")
    drawn.save()
    program = (
        "import sys; from pathlib import Path; from ingest.page.pdf_words import PdfFile\n"
        "from tests.surroundings.peak_memory import peak_memory\n"
        "with PdfFile(Path(sys.argv[1])) as pdf: print(len(pdf.text(1).texts), round(peak_memory()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(file)], cwd=ROOT, capture_output=True, check=True, text=True
    )
    words, mebibytes = map(int, run.stdout.split())
    assert words > 39_000
    assert mebibytes < 300


def test_of_words_in_a_heap_none_is_a_stamp(tmp_path: Path) -> None:
    """Each lies on hundreds of others."""
    drawn = Canvas(str(tmp_path / "heap.pdf"), A4)
    for number in range(3000):
        drawn.setFont("Helvetica", 8 + 4 * (number % 2))
        drawn.drawString(100 + number % 47, 400 + number % 31, f"woord{number}")
    drawn.save()
    with PdfFile(tmp_path / "heap.pdf") as pdf:
        page = pdf.text(1)
    assert len(page.texts) > 1000
    assert not page.stamps.any()
