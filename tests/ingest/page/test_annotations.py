"""What is drawn over the page is part of it: values of forms, notes and stamps, in the text and the image."""

from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest

from archive.reading_warnings import ReadingWarning
from archive.records import Page
from ingest.page.pdf_words import PdfFile
from ingest.read_document import Reading, read_document
from tests.material.pdf_files import raw_pdf, raw_stream

FORM = "/AcroForm << /Fields [%s] /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv 5 0 R >> >> %s >>"
TEXT = "BT /F1 11 Tf 72 780 Td (Aanvraag voor de buurt) Tj 0 -30 Td (%s) Tj ET "
SMALL_FORM = "/Type /XObject /Subtype /Form /BBox [0 0 200 16] /Resources << /Font << /F1 5 0 R >> >>"


def with_annotations(annotations: list[str], catalog: str = "", more: tuple[bytes, ...] = ()) -> bytes:
    """A page with labels and these annotations; `more` are objects from number 6 on."""
    first = 6 + len(more)
    refs = " ".join(f"{number} 0 R" for number in range(first, first + len(annotations)))
    labels = "".join(
        f"BT /F1 11 Tf 72 {720 - 30 * row} Td ({label}) Tj ET "
        for row, label in enumerate(("Naam:", "Taal:", "Eens", "Oneens", "Weet niet", "Uitleg:"))
    )
    return raw_pdf(
        "BT /F1 11 Tf 72 780 Td (Aanvraag voor de buurt) Tj ET " + labels,
        of_page=f"/Annots [{refs}]",
        of_catalog=catalog.replace("@", refs),
        more=[*more, *(f"<< /Type /Annot {each} >>".encode() for each in annotations)],
    )


def read(content: bytes, folder: Path) -> tuple[Page, list[ReadingWarning]]:
    file = folder / "form.pdf"
    file.write_bytes(content)
    reading: Reading = read_document(file, 10, lambda done, total: None)
    (page,) = reading.pages
    return page, reading.warnings


def lines(page: Page) -> str:
    return "\n".join(block.text for block in page.blocks).replace("\t", " ")


@pytest.mark.parametrize("appearances", ["", "/NeedAppearances true"])
def test_values_of_a_form_stand_beside_their_labels(tmp_path: Path, appearances: str) -> None:
    on = raw_stream("1 1 m 13 13 l 1 13 m 13 1 l S", "/Type /XObject /Subtype /Form /BBox [0 0 14 14]")
    off = raw_stream("", "/Type /XObject /Subtype /Form /BBox [0 0 14 14]")
    check = "/Subtype /Widget /FT /Btn /F 4 /AP << /N << /Ja 6 0 R /Off 7 0 R >> >> "
    field = "/Subtype /Widget /DA (/Helv 11 Tf 0 g) "
    content = with_annotations(
        [
            field + "/F 4 /FT /Tx /T (n) /V (Mira Kloosterman) /Rect [150 716 400 732]",
            field + "/F 4 /FT /Ch /Ff 131072 /T (t) /V (de) /Opt [[(de) (Duits)]] /Rect [150 686 400 702]",
            check + "/T (a) /V /Ja /AS /Ja /Rect [150 658 164 672]",
            check + "/T (b) /V /Off /AS /Off /Rect [150 628 164 642]",
            check + "/Ff 32768 /T (c) /V /Ja /AS /Ja /Rect [150 598 164 612]",
            field + "/F 4 /FT /Tx /Ff 4096 /T (u) /V (Er komt een plein) /Rect [150 560 400 582]",
            field + "/F 2 /FT /Tx /T (v) /V (verborgen) /Rect [150 500 400 520]",
            field + "/F 32 /FT /Tx /T (w) /V (ongezien) /Rect [150 470 400 490]",
        ],
        "/" + (FORM % ("@", appearances)).lstrip("/"),
        (on, off),
    )
    page, warnings = read(content, tmp_path)
    text = lines(page)
    for told in (
        "Naam: Mira Kloosterman",
        "Taal: Duits",
        "Eens ☒",
        "Weet niet ☒",
        "Uitleg: Er komt een plein",
    ):
        assert told in text
    assert text.count("☒") == 2
    assert "verborgen" not in text
    assert "ongezien" not in text
    assert not warnings
    with PdfFile(tmp_path / "form.pdf") as pdf:
        image = np.asarray(pdf.image(1, 842).convert("L"))
    for x, y in ((150, 716), (150, 686)):
        assert image[842 - y - 16 : 842 - y, x : x + 60].min() < 128, "the value is drawn"
    assert image[842 - 520 : 842 - 470, 150:400].min() > 250


def test_notes_and_stamps_are_text(tmp_path: Path) -> None:
    stamp = raw_stream("BT /F1 11 Tf 2 4 Td (Gezien op de griffie) Tj ET", SMALL_FORM)
    content = with_annotations(
        [
            "/Subtype /FreeText /Contents (Vrije nota) /DA (/Helv 11 Tf 0 g) /F 4 /Rect [72 300 300 320]",
            "/Subtype /Stamp /F 4 /Rect [72 250 272 266] /AP << /N 6 0 R >>",
            "/Subtype /Popup /Contents (Niet te zien) /Rect [72 100 272 150]",
        ],
        more=(stamp,),
    )
    text = lines(read(content, tmp_path)[0])
    assert "Vrije nota" in text
    assert text.count("Gezien op de griffie") == 1
    assert "Niet te zien" not in text


def test_what_does_not_stand_in_the_pages_is_told(tmp_path: Path) -> None:
    specification = "<< /Type /Filespec /F (bijlage.ods) /UF (bijlage.ods) /EF << /F 6 0 R >> >>"
    names = f"/Names << /EmbeddedFiles << /Names [(bijlage) {specification}] >> >>"
    file = raw_stream("1;2", "/Type /EmbeddedFile")
    form = "/NeedsRendering true /AcroForm << /Fields [] /XFA [(template) 6 0 R] >>"
    for catalog, code in (
        (names, "attachments"),
        (names + " /Collection << /View /T >>", "portfolio"),
        (form, "dynamic_form"),
    ):
        content = raw_pdf("BT /F1 11 Tf 72 780 Td (Even geduld) Tj ET", of_catalog=catalog, more=[file])
        (warning,) = read(content, tmp_path)[1]
        assert warning.code == code
        if code != "dynamic_form":
            assert warning.values == {"number": 1, "names": "bijlage.ods"}
    pinned = f"/Subtype /FileAttachment /F 4 /Rect [300 300 320 320] /FS {specification}"
    (warning,) = read(with_annotations([pinned], more=(file,)), tmp_path)[1]
    assert (warning.code, warning.values["names"]) == ("attachments", "bijlage.ods")


def test_a_long_document_keeps_what_is_drawn_over_its_pages(tmp_path: Path) -> None:
    free = "/Subtype /FreeText /Contents (Bij de buren) /DA (/Helv 11 Tf 0 g) /Rect [150 716 400 732] /F 4"
    (one_page := tmp_path / "one.pdf").write_bytes(with_annotations([free]))
    file = tmp_path / "long.pdf"
    with pdfium.PdfDocument(one_page) as source, pdfium.PdfDocument.new() as long:
        for _ in range(130):
            long.import_pages(source)
        long.save(file)
    with PdfFile(file) as pdf:
        # In the order of pages, and back to one that was looked at long before.
        texts = [pdf.text(number).texts for number in (*range(1, 131), 2)]
    assert all("buren" in text for text in texts)


@pytest.mark.parametrize("kind", ["FileAttachment", "Line /L [150 700 400 700]"])
def test_text_that_the_sign_of_an_attachment_or_line_shows_is_read(tmp_path: Path, kind: str) -> None:
    fonts = "/Resources << /Font << /F1 5 0 R >> >>"
    drawn = raw_stream(
        "BT /F1 11 Tf 2 4 Td (Zie bijlage twee) Tj ET",
        f"/Type /XObject /Subtype /Form /BBox [0 0 250 20] {fonts}",
    )
    content = with_annotations(
        [f"/Subtype /{kind} /F 4 /Rect [150 700 400 720] /AP << /N 6 0 R >>"], more=(drawn,)
    )
    page, _ = read(content, tmp_path)
    assert "Zie bijlage twee" in lines(page)
