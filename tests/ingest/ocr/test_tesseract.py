"""When OCR is needed, what it reads, and what is left when Tesseract fails."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from archive.reading_warnings import ReadingWarning
from archive.records import Page
from ingest.drawn_words import Drawing, PageText
from ingest.ocr import tesseract as ocr
from ingest.ocr.deskew import slant_of
from ingest.ocr.scan import recognise
from ingest.page.pdf_words import PdfFile
from ingest.page.reading_health import LEAST, health
from ingest.read_document import Reading, read_document

DOCUMENTS = Path(__file__).parents[2] / "documents"
SCANS = DOCUMENTS / "scans.pdf"
LYING = DOCUMENTS / "text-layer-lies.pdf"
EMPTY, SCAN = Drawing(0, 0, 0), Drawing(1.0, 200, 0)

needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract") or not ocr.is_available(), reason="tesseract is not installed"
)


def page_of(text: str, unmapped: float = 0.0) -> PageText:
    """A page of these words, wherever they stand."""
    words = text.split()
    count = len(words)
    return PageText(
        595,
        842,
        words,
        np.zeros((count, 4)),
        np.zeros(count),
        np.full(count, 10.0),
        np.zeros(count, dtype=np.bool_),
        np.zeros(count, dtype=np.int64),
        unmapped,
    )


def read(path: Path = SCANS, ocr_seconds: float = 60) -> tuple[Reading, list[Page]]:
    reading = read_document(path, 100, lambda done, total: None, ocr_seconds)
    return reading, list(reading.pages)


def text_of(page: Page) -> str:
    return " ".join(block.text for block in page.blocks)


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for the program, to be written by the test; it is the only one to be found."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    ocr.is_available.cache_clear()
    yield program
    ocr.is_available.cache_clear()


_TABLE = r"level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
_ROW = r"5\t1\t1\t1\t1\t%s\t10\t%s0\t90\t20\t95\tXqzvwkj\n"
PRINTS_NONSENSE = (
    f"printf '{_TABLE}' > \"$2.tsv\"\n"
    f"for n in 1 2 3 4 5 6 7 8 9; do printf '{_ROW}' $n $n >> \"$2.tsv\"; done\n"
)
"""A stand-in that is sure of words that there are not."""

LISTS_LANGUAGES = (
    '#!/bin/sh\nif [ "$1" = --list-langs ]; then printf "List:\\ndeu\\neng\\nfra\\nnld\\n"; exit 0; fi\n'
)


@pytest.mark.parametrize(
    ("page", "drawing", "is_needed"),
    [
        (page_of(""), SCAN, True),
        (
            page_of("Bijlagen bij het Belgisch Staatsblad - 18/06/2018 - Annexes du Moniteur belge"),
            SCAN,
            True,
        ),
        (page_of("De regering en de sociale gesprekspartners komen samen. " * 20), SCAN, False),
        (page_of("Hoofdstuk 2"), EMPTY, False),
        (page_of(""), EMPTY, False),
        (page_of(""), Drawing(0.0, 0, 900), True),
        (page_of("Begroting 2024"), Drawing(0.4, 150, 3), False),
    ],
    ids=["scan", "stamp on a scan", "text over an image", "short page", "blank", "outlines", "photograph"],
)
def test_ocr_is_needed_where_the_text_layer_is_missing(
    page: PageText, drawing: Drawing, is_needed: bool
) -> None:
    assert ocr.is_picture(page, drawing) == is_needed


@pytest.mark.parametrize(
    ("page", "is_unmapped"),
    [
        (page_of("een gewone pagina met woorden"), False),
        (page_of("C D E F G H I", unmapped=0.9), True),
        (page_of("C D", unmapped=0.9), False),
    ],
    ids=["mapped", "unmapped", "too short to tell"],
)
def test_letters_without_a_meaning(page: PageText, is_unmapped: bool) -> None:
    assert ocr.is_unmapped(page) == is_unmapped


def test_moved_letters_in_a_file_are_unhealthy_and_healthy_files_are_not() -> None:
    for path in sorted(DOCUMENTS.glob("*.pdf")):
        # These cannot be judged: three do not open, one has four odd words.
        if path.name in {"encrypted.pdf", "no-pages.pdf", "page-missing.pdf", "strange-characters.pdf"}:
            continue
        # Of this one only the first page lies.
        is_lying = path.name in {"moved-letters.pdf", "text-layer-lies.pdf"}
        with PdfFile(path) as pdf:
            assert (health(pdf.text(1).texts) < LEAST) == is_lying, path.name


@pytest.fixture(scope="module")
def scans() -> tuple[Reading, list[Page]]:
    """The scans as Tesseract reads them."""
    return read()


@needs_tesseract
def test_scans_are_read_upright_or_lying(scans: tuple[Reading, list[Page]]) -> None:
    reading, pages = scans
    assert [page.source for page in pages] == ["ocr", "ocr", "text layer"]
    assert not any(page.needs_ocr for page in pages)
    assert not reading.warnings
    assert "de sociale gesprekspartners komen elk jaar samen" in text_of(pages[0])
    assert "Ils examinent les chiffres" in text_of(pages[1])
    assert [page.languages[0] for page in pages] == ["nl", "fr", "nl"]


@needs_tesseract
def test_boxes_of_a_scan_lie_on_its_words(scans: tuple[Reading, list[Page]]) -> None:
    """Of the upright scan in the upper left, of the lying one where its first line was turned to."""
    _, pages = scans
    for page, (left, top, right, bottom) in zip(
        pages[:2], ((50, 50, 200, 120), (40, 400, 130, 560)), strict=True
    ):
        x0, y0, x1, y1 = page.blocks[0].words[0].boxes[0]
        assert left < x0 < x1 < right, page.number
        assert top < y0 < y1 < bottom, page.number


@pytest.fixture(scope="module")
def lying() -> tuple[Reading, list[Page]]:
    """The pages whose text layer may lie as Tesseract reads them."""
    return read(LYING)


@needs_tesseract
def test_the_healthier_reading_is_kept_and_both_scores_told(lying: tuple[Reading, list[Page]]) -> None:
    """A layer that lost its "r" gives way to OCR, a good one over the same picture does not."""
    reading, pages = lying
    assert [page.source for page in pages] == ["ocr", "text layer", "ocr", "text layer"]
    assert "Le gouvernement et les interlocuteurs sociaux se rencontrent" in text_of(pages[0])
    assert text_of(pages[0]).replace("'", "’") == text_of(pages[1]), (
        "read from the picture as in the good layer"
    )
    lost, good, scan, drawn = (page.health for page in pages)
    assert lost.choice == "ocr reads better"
    assert lost.text_layer is not None
    assert lost.ocr is not None
    assert lost.text_layer < LEAST < lost.ocr
    assert (good.choice, good.ocr) == (drawn.choice, drawn.ocr) == ("text layer is good", None)
    assert (scan.choice, scan.text_layer) == ("no text layer", None)
    assert reading.warnings == []


@needs_tesseract
def test_a_slanted_scan_is_read_level_and_its_boxes_lie_on_the_slanted_words(
    lying: tuple[Reading, list[Page]],
) -> None:
    """The page was turned by five degrees about its centre; so are the places of the words."""
    page = lying[1][2]
    assert (page.width, page.height) == (595, 842)
    assert text_of(page).startswith("De regering en de sociale gesprekspartners komen elk jaar samen om de")
    words = [word for block in page.blocks for word in block.words]
    first, last = words[0].boxes[0], next(word for word in words if word.text == "samen").boxes[0]
    assert (first[0], first[1]) == pytest.approx((41, 91), abs=6)
    rise = (first[1] + first[3] - last[1] - last[3]) / 2
    run = (last[0] + last[2] - first[0] - first[2]) / 2
    assert rise / run == pytest.approx(0.087, abs=0.01), "the line rises by five degrees"


@pytest.mark.parametrize("degrees", [-10, -3, 0, 2, 7])
@pytest.mark.parametrize("turn", [0, 90])
def test_a_slant_is_measured_upright_and_on_its_side(degrees: int, turn: int) -> None:
    with PdfFile(DOCUMENTS / "running-heads.pdf") as pdf:
        image = pdf.image(3, 1200).convert("L")
    slanted = image.rotate(degrees + turn, expand=True, fillcolor=255)
    assert slant_of(slanted) == pytest.approx(degrees, abs=0.3)


def test_an_empty_page_has_no_slant() -> None:
    assert slant_of(Image.new("L", (600, 800), 255)) == 0


@needs_tesseract
def test_ocr_is_forced_and_forbidden_page_by_page() -> None:
    reading = read_document(LYING, 100, lambda done, total: None, 60, {1: "forbid", 3: "forbid", 4: "force"})
    pages = list(reading.pages)
    assert [page.source for page in pages] == ["text layer", "text layer", "text layer", "ocr"]
    assert [page.health.choice for page in pages] == [
        "ocr forbidden",
        "text layer is good",
        "ocr forbidden",
        "ocr forced",
    ]
    assert "Le gouvenement et les intelocuteus" in text_of(pages[0])
    assert text_of(pages[2]) == ""
    assert text_of(pages[3]).startswith("De regering en de sociale gesprekspartners")
    assert not any(page.needs_ocr for page in pages)
    assert reading.warnings == [], "the archivist knows"


@needs_tesseract
def test_a_picture_without_text_gives_no_words() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 200), dtype=np.uint8)
    assert recognise(Image.fromarray(noise), 200, 300).page.texts == []


def test_without_tesseract_pages_are_kept_and_flagged(
    tesseract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tesseract.parent))
    tesseract.unlink()
    reading, pages = read()
    assert [page.needs_ocr for page in pages] == [True, True, False]
    assert [page.source for page in pages] == ["text layer"] * 3
    assert text_of(pages[0]) == "Bijlagen bij het Staatsblad - 18/06/2018"
    assert [warning.sentence for warning in reading.warnings] == [
        f"Pages 1–2 must be read by OCR, and Tesseract is not there with all languages ({ocr.INSTALL})."
    ]


def test_a_missing_language_counts_as_missing_tesseract(tesseract: Path) -> None:
    tesseract.write_text(LISTS_LANGUAGES.replace("fra\\n", ""))
    assert not ocr.is_available()
    tesseract.write_text(LISTS_LANGUAGES)
    ocr.is_available.cache_clear()
    assert ocr.is_available()


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("echo kaput >&2; exit 3", "Tesseract stopped with an error"),
        ("kill -SEGV $$", "Tesseract stopped with an error"),
        ("exit 0", "Tesseract's output makes no sense"),
        ('printf "een\\ttwee\\n1\\n" > "$2.tsv"', "Tesseract's output makes no sense"),
        ("sleep 30", "Tesseract took more than 1 seconds"),
    ],
    ids=["error", "crash", "no output", "nonsense", "hang"],
)
def test_a_failing_tesseract_costs_only_its_pages(
    tesseract: Path, monkeypatch: pytest.MonkeyPatch, behaviour: str, reason: str
) -> None:
    monkeypatch.setattr(ocr, "_PAGE_SECONDS", 1)
    tesseract.write_text(f"{LISTS_LANGUAGES}{behaviour}\n")
    reading, pages = read()
    assert [page.needs_ocr for page in pages] == [True, True, False]
    assert [page.health.choice for page in pages[:2]] == ["ocr failed"] * 2
    assert "gesprekspartners" in text_of(pages[2])
    assert reading.warnings == [ReadingWarning("ocr_failed", (1, 2), {"reason": reason})]


def test_a_tesseract_that_cannot_say_its_version_has_failed(tesseract: Path) -> None:
    """In a process of its own, as the version is asked once in each."""
    tesseract.write_text(f"{LISTS_LANGUAGES}exit 3\n")
    reading = """
from PIL import Image
from ingest.ocr.tesseract import OcrFailed, words_in
try:
    words_in(Image.new("L", (90, 90), 255))
except OcrFailed as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", reading], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("Tesseract stopped with an error\n", 0), done.stderr


def test_a_damaged_layer_is_kept_with_a_warning_when_ocr_reads_nonsense(tesseract: Path) -> None:
    tesseract.write_text(LISTS_LANGUAGES + PRINTS_NONSENSE)
    reading, pages = read(LYING)
    assert "Le gouvenement et les intelocuteus" in text_of(pages[0])
    assert pages[0].health.choice == "text layer reads better"
    unsound = next(warning for warning in reading.warnings if warning.code == "unsound")
    assert 1 in unsound.pages


def test_pages_that_there_is_no_time_for_are_kept_and_flagged(tesseract: Path) -> None:
    tesseract.write_text(LISTS_LANGUAGES)
    reading, pages = read(ocr_seconds=0)
    assert [page.needs_ocr for page in pages] == [True, True, False]
    assert reading.warnings == [ReadingWarning("no_time", (1, 2))]


ODD_LINES = (
    "glimbrakt dorvenstul krapweemd snolfterig vlimzaard brokstemp",
    "trilvanker plomseruk zwarmteld grufnolde stelpwark kromzifter",
    "vreubaldig snorketaam blidwesker dwarfontul pleemsturk grintelvoos",
)


def draw_odd_words(path: Path) -> None:
    canvas = Canvas(str(path), pagesize=(595, 842))
    for place, line in enumerate(ODD_LINES):
        canvas.drawString(60, 760 - 20 * place, line)
    canvas.save()


@needs_tesseract
def test_odd_words_that_ocr_bears_out_are_kept_without_reading_the_whole_page(tmp_path: Path) -> None:
    """They look like damage to the word lists, but the page shows just these letters."""
    path = tmp_path / "odd.pdf"
    draw_odd_words(path)
    _reading, (page,) = read(path)
    score = page.health.text_layer
    assert score is not None
    assert score < LEAST
    assert (page.health.choice, page.health.ocr) == ("text layer reads better", None)
    assert page.source == "text layer"
    assert text_of(page) == " ".join(ODD_LINES)


@needs_tesseract
def test_where_the_odd_words_cannot_be_read_the_whole_page_is(tesseract: Path, tmp_path: Path) -> None:
    """Only the first run fails, which is that of the odd words."""
    real, failed = shutil.which("tesseract", path=os.defpath), tmp_path / "failed"
    fails_once = f'case "$*" in *tsv*) [ -e {failed} ] || {{ : > {failed}; exit 3; }};; esac\n'
    tesseract.write_text(f'{LISTS_LANGUAGES}{fails_once}exec {real} "$@"\n')
    draw_odd_words(tmp_path / "odd.pdf")
    reading, (page,) = read(tmp_path / "odd.pdf")
    assert failed.exists()
    assert page.health.choice == "text layer reads better"
    assert page.health.ocr is not None
    assert text_of(page) == " ".join(ODD_LINES)
    assert not any(warning.code == "ocr_failed" for warning in reading.warnings)


@needs_tesseract
def test_a_layer_of_broken_words_gives_way_to_ocr(tmp_path: Path) -> None:
    """Each piece is printed just so; only what stands around it shows that it is none."""
    path = tmp_path / "broken.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    with PdfFile(DOCUMENTS / "running-heads.pdf") as pdf:
        words = pdf.text(3).texts
    left, height = 60.0, 760
    for word in words:
        if left > 440:
            left, height = 60.0, height - 20
        half = (len(word) + 1) // 2
        for piece in filter(None, (word[:half], word[half:])):
            canvas.drawString(left, height, piece)
            # Wide enough to part words for the PDF engine, and too narrow for the eye.
            left += canvas.stringWidth(piece, "Helvetica", 12) + 1.5
        left += 4
    canvas.save()
    with PdfFile(path) as pdf:
        assert len(pdf.text(1).texts) > 1.5 * len(words)
    _reading, (page,) = read(path)
    assert page.health.choice == "ocr reads better"
    assert page.source == "ocr"
