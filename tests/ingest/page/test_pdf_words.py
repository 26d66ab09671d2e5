"""Words and boxes as pdfium gives them, beside what poppler says and what was drawn."""

import html
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from archive.errors import BadInputFile
from ingest.drawn_words import PageText
from ingest.errors import Damaged, Encrypted
from ingest.language.clean_characters import clean
from ingest.page.pdf_words import PageUnreadable, PdfFile
from ingest.pdf.page_characters import by_first_use

DOCUMENTS = Path(__file__).parents[2] / "documents"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
PLANS = sorted((CORPUS / "plans").glob("*.pdf"))

needs_pdftotext = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")


def pages(name: str) -> list[PageText]:
    with PdfFile(DOCUMENTS / name) as pdf:
        return [pdf.text(number) for number in range(1, len(pdf) + 1)]


Word = tuple[str, tuple[float, ...]]


def by_pdftotext(path: Path, first: int = 1, last: int = 0) -> list[list[Word]]:
    """For each page from `first` to `last`, or to the end, the words and boxes that poppler sees."""
    pages = ["-f", str(first), "-l", str(last)]
    command = ["pdftotext", "-bbox", "-cropbox", *pages, str(path), "-"]
    run = subprocess.run(command, capture_output=True, check=True)
    word = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
    return [
        [(html.unescape(text), tuple(map(float, box))) for *box, text in word.findall(page)]
        for page in run.stdout.decode("utf-8", "replace").split("<page ")[1:]
    ]


def joined(words: list[Word]) -> list[str]:
    """The texts, a word that ends in a hyphen joined to the first of the next line."""
    found: list[str] = []
    is_broken = False
    above = 0.0
    for text, box in words:
        text = clean(text)
        if is_broken and box[1] > above + 2 and text[:1].islower():
            found[-1] = found[-1][:-1] + text
        elif text:
            found.append(text)
        is_broken, above = len(text) > 1 and text[-1] in "-\u2010", box[1]
    return found


def as_poppler_parts(words: list[str]) -> list[str]:
    """The words, parted in the two places where poppler and we differ on purpose: before the exponent of a
    unit ("m³", "m 3"), and around leaders and fill-in lines, which we read apart."""
    text = re.sub(r"(?<=[^\W\d_])[²³](?!\S)", lambda sign: {"²": " 2", "³": " 3"}[sign[0]], " ".join(words))
    return re.sub(r"\.{4,}|_{2,}", r" \g<0> ", text).split()


def agreement(ours: list[str], theirs: list[str]) -> tuple[int, int]:
    """How many words both have, and how many there are in all."""
    one, other = Counter(ours), Counter(theirs)
    return sum((one & other).values()), sum((one | other).values())


@needs_pdftotext
@pytest.mark.parametrize(
    "name",
    [
        "columns-drawn-row-by-row.pdf",
        "three-columns.pdf",
        "turned-and-cropped.pdf",
        "tables.pdf",
        "running-heads.pdf",
        "printed-page-numbers.pdf",
        "languages.pdf",
    ],
)
def test_words_and_boxes_agree_with_poppler(name: str) -> None:
    with PdfFile(DOCUMENTS / name) as pdf:
        for number, theirs in enumerate(by_pdftotext(DOCUMENTS / name), start=1):
            page = pdf.text(number)
            assert Counter(page.texts) == Counter(text for text, _ in theirs)
            for text, box in zip(page.texts, page.boxes.tolist(), strict=True):
                distances = [max(np.abs(np.subtract(box, other))) for word, other in theirs if word == text]
                assert min(distances) <= 1.5, (number, text, box)


@needs_pdftotext
@pytest.mark.skipif(not CORPUS.exists(), reason="corpus not present")
@pytest.mark.parametrize("path", PLANS, ids=[path.stem[:40] for path in PLANS])
def test_real_plans_agree_with_poppler(path: Path) -> None:
    """Of long plans 21 pages from their middle: words by Jaccard's measure, boxes of those that stand there
    once at the 95th percentile."""
    both = all_words = 0
    distances: list[float] = []
    with PdfFile(path) as pdf:
        first = max(1, len(pdf) // 2 - 10)
        for number, theirs in enumerate(by_pdftotext(path, first, first + 20), start=first):
            page = pdf.text(number)
            boxes = [tuple(box) for box in page.boxes.tolist()]
            ours = [(text.replace("\u00ad", "-"), box) for text, box in zip(page.texts, boxes, strict=True)]
            shared, total = agreement(as_poppler_parts(joined(ours)), as_poppler_parts(joined(theirs)))
            both, all_words = both + shared, all_words + total
            counts = Counter(text for text, _ in ours + theirs)
            places = {text: box for text, box in theirs if counts[text] == 2}
            distances += [
                float(np.abs(np.subtract(box, places[text])).max()) for text, box in ours if text in places
            ]
    assert both / all_words >= 0.98
    assert np.percentile(distances, 95) <= 1.5


def test_boxes_are_those_of_the_page_as_displayed() -> None:
    """The word starts 50 points from the left of the crop box and its baseline lies 100 below its top."""
    upright, right, upside_down, left = pages("turned-and-cropped.pdf")
    for page, turn in ((upright, 0), (right, 3), (upside_down, 2), (left, 1)):
        assert (page.width, page.height) == (400, 400)
        place = page.texts.index("Boven")
        assert page.turns[place] == turn
    x0, y0, x1, y1 = upright.boxes[upright.texts.index("Boven")]
    assert x0 == pytest.approx(50, abs=1)
    assert y0 < 100 < y1
    assert y1 - y0 < 20 < x1 - x0
    x0, y0, x1, y1 = right.boxes[right.texts.index("Boven")]
    assert y0 == pytest.approx(50, abs=1)
    assert x0 < 300 < x1
    assert x1 - x0 < 20 < y1 - y0


def test_words_outside_of_the_page_are_left_out() -> None:
    for page in pages("turned-and-cropped.pdf"):
        assert page.texts.count("kant") == 1
        assert "buiten" not in page.texts


def test_a_turned_page_seen_from_its_side_reads_upright() -> None:
    page = pages("turned-and-cropped.pdf")[1]
    upright = page.turned(3)
    place = page.texts.index("midden")
    x0, y0, x1, y1 = upright.boxes[place]
    assert x1 - x0 > y1 - y0
    assert upright.boxes[page.texts.index("Boven"), 0] < x0


def test_words_printed_twice_count_once() -> None:
    (page,) = pages("doubled-text.pdf")
    assert " ".join(page.texts) == (
        "Dubbel gedrukte woorden tellen maar een keer maar maar deze herhaling is geschreven"
    )


def test_characters_that_are_no_text_are_cleaned_away() -> None:
    (page,) = pages("strange-characters.pdf")
    assert page.texts == ["nulteken", "halfpaar", "bijzonder", "•", "punt", "omgekeerd\U0001f600"]


def test_ligatures_become_letters() -> None:
    (page,) = pages("hyphens-and-ligatures.pdf")
    assert {"efficiënte", "officieel", "affiche,", "fijn", "flink."} <= set(page.texts)


@given(st.text(st.characters(codec=None)))
def test_cleaned_text_is_normal_and_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in cleaned)
    cleaned.encode()


def test_bold_and_size_are_known() -> None:
    page = pages("columns-drawn-row-by-row.pdf")[0]
    heading, text = page.texts.index("Rapport"), page.texts.index("gouvernement")
    assert (page.sizes[heading], page.sizes[text]) == (pytest.approx(11), pytest.approx(10))
    assert page.bold[heading]
    assert not page.bold[text]


def test_a_superscript_is_a_word_of_its_own(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    drawn = Canvas(str(tmp_path / "super.pdf"))
    text = drawn.beginText(50, 700)
    text.setFont("Helvetica", 12)
    text.textOut("tarief")
    text.setFont("Helvetica", 8)
    text.setRise(4)
    text.textOut("12")
    drawn.drawText(text)
    drawn.save()
    with PdfFile(tmp_path / "super.pdf") as pdf:
        assert pdf.text(1).texts == ["tarief", "12"]


def test_rules_are_looked_for_where_words_stand_as_in_a_table() -> None:
    (table,) = pages("tables.pdf")
    (text,) = pages("languages.pdf")
    assert len(table.rules) >= 7
    assert len(text.rules) == 0


def test_page_labels_and_title_are_read() -> None:
    with PdfFile(DOCUMENTS / "running-heads.pdf") as pdf:
        assert [pdf.label(number) for number in range(1, 4)] == ["i", "ii", "1"]
    with PdfFile(DOCUMENTS / "printed-page-numbers.pdf") as pdf:
        assert pdf.label(1) == ""


def test_a_missing_page_does_not_stop_the_others() -> None:
    with PdfFile(DOCUMENTS / "page-missing.pdf") as pdf:
        with pytest.raises(PageUnreadable):
            pdf.text(2)
        assert pdf.text(3).texts == ["Derde", "bladzijde"]


def test_a_repaired_file_says_so() -> None:
    with PdfFile(DOCUMENTS / "damaged-xref.pdf") as pdf:
        assert pdf.is_repaired
        assert len(pdf) == 2
    with PdfFile(DOCUMENTS / "tables.pdf") as pdf:
        assert not pdf.is_repaired


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", Damaged),
        (b"%PDF-1.7\n", Damaged),
        (b"<html></html>", Damaged),
        ((DOCUMENTS / "tables.pdf").read_bytes()[:3000], Damaged),
        ((DOCUMENTS / "encrypted.pdf").read_bytes(), Encrypted),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(
    tmp_path: Path, content: bytes, error: type[BadInputFile]
) -> None:
    (tmp_path / "file.pdf").write_bytes(content)
    with pytest.raises(error) as raised:
        PdfFile(tmp_path / "file.pdf")
    assert raised.value.hint


def test_what_a_page_shows_besides_text() -> None:
    with PdfFile(DOCUMENTS / "scans.pdf") as pdf:
        scan, text = pdf.drawing(1), pdf.drawing(3)
    assert scan.image_share == pytest.approx(1.0, abs=0.01)
    assert scan.dots_per_inch == pytest.approx(150, abs=2)
    assert (text.image_share, text.dots_per_inch) == (0, 0)


def test_what_a_page_shows_besides_text_is_told_of_the_page_that_was_asked_for() -> None:
    with PdfFile(DOCUMENTS / "scans.pdf") as pdf:
        alone = [pdf.drawing(number) for number in (1, 2, 3)]
    with PdfFile(DOCUMENTS / "scans.pdf") as pdf:
        for number in (1, 2, 3):
            pdf.text(number)
            assert pdf.drawing(number) == alone[number - 1]
        assert [pdf.drawing(number) for number in (2, 1, 2, 3)] == [alone[place] for place in (1, 0, 1, 2)]


def test_faces_tell_fonts_apart_on_all_pages(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "faces.pdf"))
    for _ in range(2):
        for row, font in enumerate(("Times-Roman", "Times-Italic", "Times-Roman")):
            canvas.setFont(font, 10)
            canvas.drawString(50, 700 - 12 * row, "woord")
        canvas.showPage()
    canvas.save()
    with PdfFile(tmp_path / "faces.pdf") as pdf:
        first, second = pdf.text(1).faces.tolist(), pdf.text(2).faces.tolist()
    assert first == second
    assert first[0] == first[2] != first[1]
    assert 0 not in first


def test_text_objects_are_taken_in_the_order_of_the_text_wherever_they_lie_in_memory() -> None:
    unique, first_use, places = by_first_use(np.array([900, 500, 900, 700, 500]))
    assert unique.tolist() == [900, 500, 700]
    assert first_use.tolist() == [0, 1, 3]
    assert places.tolist() == [0, 1, 0, 2, 1]
