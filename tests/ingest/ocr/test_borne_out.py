"""Single words of a text layer, read by OCR: does the page show them as the file has them?"""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.ocr.borne_out import borne_out
from ingest.page.pdf_words import PdfFile

pytestmark = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")

PRINTED = "The balance is 15,2 or 83,1 million in Wezembeek (Kraainem)"


@pytest.mark.parametrize(
    ("printed", "in_file", "is_shown"),
    [
        ("Wezembeek", "Wezembeek", True),
        ("(Kraainem)", "(Kraainem)", True),  # OCR may lose points and brackets
        ("Wezembeek", "Wezembaek", False),
        ("15,2", "\ufffd15,2", False),
        ("83,1", "83\ufffd1", False),
        ("83,1", "83,1¤", False),
        ("15,2", "\ue00a15,2", False),
    ],
)
def test_a_word_is_shown_if_ocr_reads_it_with_what_looks_like_damage(
    tmp_path: Path, printed: str, in_file: str, is_shown: bool
) -> None:
    path = tmp_path / "page.pdf"
    canvas = Canvas(str(path))
    canvas.setFont("Helvetica", 12)
    canvas.drawString(60, 700, PRINTED)
    canvas.save()
    with PdfFile(path) as pdf:
        page = pdf.text(1)
    place = page.texts.index(printed)
    page = replace(page, texts=[in_file if text == printed else text for text in page.texts])
    with pypdfium2.PdfDocument(path) as document:
        image = document[0].render(scale=300 / 72).to_pil().convert("L")

    found = borne_out(page, np.array([text == in_file for text in page.texts]), image, ("en",), 60)

    assert found.tolist() == [is_shown and row == place for row in range(len(page.texts))]
