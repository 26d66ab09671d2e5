"""When OCR is needed, what it reads, and what is left when Tesseract fails."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive.records import Page
from ingest import ocr
from ingest.extract import PdfFile
from ingest.page_text import Drawing, PageText
from ingest.reading import Reading, read_document

DOCUMENTS = Path(__file__).parent / "documents"
SCANS = DOCUMENTS / "scans.pdf"
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
    return " ".join(passage.text for passage in page.passages)


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
    assert ocr.is_ocr_needed(page, drawing) == is_needed


@pytest.mark.parametrize(
    ("page", "is_garbled"),
    [
        (page_of("een gewone pagina met woorden " * 20), False),
        (page_of("C D E F G H I", unmapped=0.9), True),
        (page_of("R a p p el r é g l e m e n t a i r e " * 5), True),
        (page_of("xqz bnmtr wvst klpn grtz hxsd " * 10), True),
        (page_of("12 345 678,90 € " * 30), False),
        (page_of("наша земля и народ живут здесь " * 10), False),
        (page_of("NV BV EU VZW"), False),
    ],
    ids=[
        "healthy",
        "unmapped",
        "spaced letters",
        "moved letters",
        "figures",
        "other script",
        "abbreviations",
    ],
)
def test_a_garbled_text_layer_is_known_by_its_letters(page: PageText, is_garbled: bool) -> None:
    assert ocr.is_garbled(page) == is_garbled


def test_moved_letters_in_a_file_are_garbled_and_healthy_files_are_not() -> None:
    for path in sorted(DOCUMENTS.glob("*.pdf")):
        if path.name in {"encrypted.pdf", "no-pages.pdf", "page-missing.pdf"}:
            continue
        with PdfFile(path) as pdf:
            assert ocr.is_garbled(pdf.text(1)) == (path.name == "moved-letters.pdf"), path.name


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
        x0, y0, x1, y1 = page.passages[0].words[0].boxes[0]
        assert left < x0 < x1 < right, page.number
        assert top < y0 < y1 < bottom, page.number


@needs_tesseract
def test_a_picture_without_text_gives_no_words() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (600, 400), dtype=np.uint8)
    assert ocr.recognise(Image.fromarray(noise), 400, 600).texts == []


def test_without_tesseract_pages_are_kept_and_flagged(
    tesseract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tesseract.parent))
    tesseract.unlink()
    reading, pages = read()
    assert [page.needs_ocr for page in pages] == [True, True, False]
    assert [page.source for page in pages] == ["text layer"] * 3
    assert text_of(pages[0]) == "Bijlagen bij het Staatsblad - 18/06/2018"
    assert reading.warnings == [
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
    assert "gesprekspartners" in text_of(pages[2])
    assert reading.warnings == [f"Pages 1–2 could not be read by OCR: {reason}."]


def test_pages_that_there_is_no_time_for_are_kept_and_flagged(tesseract: Path) -> None:
    tesseract.write_text(LISTS_LANGUAGES)
    reading, pages = read(ocr_seconds=0)
    assert [page.needs_ocr for page in pages] == [True, True, False]
    assert reading.warnings == ["Pages 1–2 must be read by OCR, for which there was no time left."]
