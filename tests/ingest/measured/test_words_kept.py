"""No word of a page is lost, and none invented: our text beside that of pdfium and of pdftotext."""

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive.records import Page
from ingest.read_document import read_document
from tests.benchmarks.bench_text import excerpt
from tests.benchmarks.words_kept import NOT_SEEN, compare, compare_pages
from tests.material.pdf_files import NL, raw_pdf, text_pdf

DEMONSTRATION = sorted((Path(__file__).parents[3] / "archive" / "demonstration").glob("20*.pdf"))
DOCUMENTS = sorted((Path(__file__).parents[2] / "documents").glob("*.pdf"))
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
PLANS = sorted((CORPUS / "plans").glob("*.pdf"))
NO_TEXT_LAYER = ("encrypted", "no-pages", "moved-letters", "text-layer-lies", "scan", "2005-note")
READABLE = [path for path in DEMONSTRATION + DOCUMENTS if not path.stem.startswith(NO_TEXT_LAYER)]

pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")


@pytest.mark.parametrize("path", READABLE, ids=lambda path: str(path.stem)[:40])
def test_each_word_that_other_readers_see_is_in_the_text(path: Path) -> None:
    found = compare(path)
    assert found.words["ours"] > 0
    assert (found.lost, found.invented) == ([], [])


@pytest.mark.skipif(not CORPUS.exists(), reason="corpus not present")
@pytest.mark.parametrize("path", PLANS, ids=[path.stem[:40] for path in PLANS])
def test_each_word_of_pages_of_real_plans_is_in_the_text(path: Path, tmp_path: Path) -> None:
    """Two pages of each; `make bench-text` compares all."""
    found = compare(excerpt(path, tmp_path, 2))
    assert found.words["ours"] > 0
    assert (found.lost, found.invented) == ([], [])


@pytest.fixture
def page(tmp_path: Path) -> tuple[Path, Page]:
    """A page of text whose words stand there more than once."""
    file = tmp_path / "page.pdf"
    file.write_bytes(text_pdf([[NL, NL, NL]]))
    (read,) = read_document(file, 1, lambda done, total: None).pages
    assert not compare_pages(file, [read]).findings
    return file, read


def test_a_word_that_is_missing_is_told_where_it_stands_elsewhere_too(page: tuple[Path, Page]) -> None:
    file, read = page
    block = read.blocks[0]
    place = next(place for place, word in enumerate(block.words) if word.text == "gesprekspartners")
    words = block.words[:place] + block.words[place + 1 :]
    found = compare_pages(file, [replace(read, blocks=(replace(block, words=words),))])
    assert [(one.reader, one.text) for one in found.lost] == [
        ("pdfium", "gesprekspartners"),
        ("pdftotext", "gesprekspartners"),
    ]
    assert not found.invented


def test_a_word_that_is_nowhere_on_the_page_is_told(page: tuple[Path, Page]) -> None:
    file, read = page
    first, *others = read.blocks[0].words
    block = replace(read.blocks[0], words=(first._replace(text="Den"), *others))
    found = compare_pages(file, [replace(read, blocks=(block,))])
    assert [one.text for one in found.invented] == ["Den"]


def test_words_that_are_left_out_need_a_reason_that_can_be_seen(tmp_path: Path) -> None:
    """Text off the page, white on white, under a box, and under the value of a form."""
    canvas = Canvas(str(tmp_path / "page.pdf"), pagesize=(400, 400))
    canvas.drawString(50, 300, "Gemeente ........................")
    canvas.drawString(110, 301, "Schaarbeek")
    canvas.drawString(500, 300, "buiten")
    canvas.drawString(50, 250, "bedekt")
    canvas.setFillGray(1)
    canvas.rect(40, 240, 100, 30, stroke=0, fill=1)
    canvas.drawString(50, 200, "wit")
    canvas.save()
    found = compare(tmp_path / "page.pdf")
    assert (found.lost, found.invented) == ([], [])
    assert found.reasons(is_ours=False) == Counter({"off the page": 1, NOT_SEEN: 4, "line under a value": 2})


def test_a_hidden_word_that_is_seen_after_all_has_no_reason(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_bytes(raw_pdf("BT /F1 24 Tf 72 700 Td (Begroting gemeente) Tj ET"))
    (read,) = read_document(file, 1, lambda done, total: None).pages
    found = compare_pages(file, [replace(read, blocks=())])
    assert Counter(one.text for one in found.lost) == Counter({"Begroting": 2, "gemeente": 2})
