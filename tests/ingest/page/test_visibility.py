"""The text is what the drawn page shows: not what is switched off, clipped away, transparent or covered."""

from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from archive.reading_warnings import ReadingWarning
from ingest.page.pdf_words import PdfFile
from ingest.read_document import read_document
from tests.material.pdf_files import raw_pdf, raw_stream

LAYERS = (
    "/OCProperties << /OCGs [6 0 R 7 0 R] "
    "/D << %s /AS [<< /Event /View /Category [/View] /OCGs [7 0 R] >>] >> >>"
)
OFF = b"<< /Type /OCG /Name (uit) >>"
ON = b"<< /Type /OCG /Name (aan) >>"
NO_VIEW = b"<< /Type /OCG /Name (druk) /Usage << /View << /ViewState /OFF >> >> >>"
PICTURE = "BI /W 1 /H 1 /BPC 8 /CS /G ID \x60 EI"


def line(text: str, y: float, before: str = "", x: float = 72) -> str:
    return f"q {before} BT /F1 11 Tf {x} {y} Td ({text}) Tj ET Q "


def read(content: bytes, folder: Path) -> tuple[str, list[ReadingWarning]]:
    file = folder / "page.pdf"
    file.write_bytes(content)
    with PdfFile(file) as pdf:
        texts = " ".join(pdf.text(1).texts)
    reading = read_document(file, 10, lambda done, total: None)
    list(reading.pages)
    return texts, reading.warnings


@pytest.mark.parametrize("config", ["/OFF [6 0 R]", "/BaseState /OFF /ON [7 0 R]"])
def test_text_of_a_layer_that_is_switched_off_is_not_read(tmp_path: Path, config: str) -> None:
    fonts = "/Resources << /Font << /F1 5 0 R >> >>"
    kind = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC 6 0 R "
    form = raw_stream(line("formulier", 700), kind + fonts)
    member = b"<< /Type /OCMD /OCGs [6 0 R 7 0 R] /P /AllOn >>"
    either = b"<< /Type /OCMD /OCGs [6 0 R 7 0 R] /P /AnyOn >>"
    content = (
        line("Gewone tekst", 780)
        + f"/OC /Uit BDC {line('weg', 760)} EMC /OC /Aan BDC {line('zichtbaar', 740)} EMC "
        + f"/OC /Beide BDC {line('samen', 720)} EMC /OC /Een BDC {line('alleen', 640)} EMC /Vorm Do "
        + f"/OC /Aan BDC /OC /Uit BDC {line('binnenin', 680)} EMC EMC "
        # Two languages in layers at one place.
        + f"/OC /Uit BDC {line('Een titel', 660)} EMC /OC /Aan BDC {line('Un titre', 660)} EMC"
    )
    entries = (
        "/Font << /F1 5 0 R >> /XObject << /Vorm 8 0 R >> "
        "/Properties << /Uit 6 0 R /Aan 7 0 R /Beide 9 0 R /Een 10 0 R >>"
    )
    pdf = raw_pdf(content, entries, [OFF, ON, form, member, either], of_catalog=LAYERS % config)
    texts, warnings = read(pdf, tmp_path)
    assert sorted(texts.split()) == sorted(["Gewone", "tekst", "zichtbaar", "alleen", "Un", "titre"])
    assert warnings == [ReadingWarning("hidden_text", (1,))]


def test_text_of_a_layer_for_print_alone_is_not_read(tmp_path: Path) -> None:
    content = line("Gewone tekst", 780) + f"/OC /Druk BDC {line('drukproef', 760)} EMC"
    entries = "/Font << /F1 5 0 R >> /Properties << /Druk 7 0 R >>"
    pdf = raw_pdf(content, entries, [OFF, NO_VIEW], of_catalog=LAYERS % "/ON [7 0 R]")
    assert read(pdf, tmp_path)[0] == "Gewone tekst"


def test_a_clip_in_a_form_moves_with_the_form(tmp_path: Path) -> None:
    """The clip is 200 points lower than the text on the page, and lies over it once the form is drawn."""
    kind = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Matrix [1 0 0 1 0 200] "
    lines = line("binnen", 500, "72 490 300 30 re W n") + line("buiten", 460, "72 490 300 30 re W n")
    form = raw_stream(lines, kind + "/Resources << /Font << /F1 5 0 R >> >>")
    content = line("Gewone tekst", 780) + " /Vorm Do"
    entries = "/Font << /F1 5 0 R >> /XObject << /Vorm 6 0 R >>"
    texts, warnings = read(raw_pdf(content, entries, [form]), tmp_path)
    assert texts == "Gewone tekst binnen"
    assert warnings == [ReadingWarning("hidden_text", (1,))]


def test_text_that_is_clipped_transparent_or_covered_is_not_read(tmp_path: Path) -> None:
    clear = b"<< /Type /ExtGState /ca 0 >>"
    content = "".join(
        (
            line("Gewone tekst", 780),
            line("buiten", 760, "72 700 100 20 re W n"),
            line("leeg", 740, "0 0 0 0 re W n"),
            line("binnen", 720, "60 710 200 30 re W n"),
            line("doorschijnend", 700, "/Weg gs"),
            line("onder vlak", 680) + "1 1 1 rg 60 675 200 16 re f 0 g ",
            line("onder beeld", 660) + f"q 200 0 0 16 60 655 cm {PICTURE} Q ",
            line("stip", 650, ".01 0 0 .01 0 0 cm", 7200),
            line("streep", 650, "1 0 0 .01 0 0 cm"),
            line("op vlak", 640, "0.9 g 60 635 200 16 re f 0 g"),
            "0 g 60 615 200 16 re f " + line("zwart", 620),
            # One word of a line is covered, the others stay.
            line("de heer Janssens uit Vorst", 600) + "0 g 110 597 50 12 re f ",
        )
    )
    pdf = raw_pdf(content, "/Font << /F1 5 0 R >> /ExtGState << /Weg 6 0 R >>", [clear])
    texts, warnings = read(pdf, tmp_path)
    assert texts == "Gewone tekst binnen op vlak de heer uit Vorst"
    assert [warning.code for warning in warnings] == ["hidden_text"]


def test_what_is_only_shaded_or_marked_is_read(tmp_path: Path) -> None:
    marker = b"<< /Type /ExtGState /BM /Multiply >>"
    half = b"<< /Type /ExtGState /ca .4 >>"
    content = "".join(
        (
            line("gemarkeerd", 780) + "q /Stift gs 1 1 0 rg 60 775 200 16 re f Q ",
            line("half bedekt", 760) + "q /Half gs 1 0 0 rg 60 755 200 16 re f Q ",
            line("bleek", 740, "/Half gs"),
            line("wit op rood", 720, "1 0 0 rg 60 715 200 16 re f 1 g"),
            line("doorgestreept", 700) + "0 g 60 703 200 1 re f ",
        )
    )
    states = "/Font << /F1 5 0 R >> /ExtGState << /Stift 6 0 R /Half 7 0 R >>"
    texts, warnings = read(raw_pdf(content, states, [marker, half]), tmp_path)
    assert texts == "gemarkeerd half bedekt bleek wit op rood doorgestreept"
    assert not warnings


def test_the_text_layer_of_a_scan_is_read_but_not_under_black_boxes(tmp_path: Path) -> None:
    scan = f"q 595 0 0 842 0 0 cm {PICTURE} Q "
    layer = line("de heer Janssens uit Vorst", 600, "3 Tr")
    box = "0 g 110 597 50 12 re f "
    visible = line("de heer Janssens uit Vorst", 600)
    for content in (scan + layer + box, layer + scan + box, visible + scan + box):
        assert read(raw_pdf(content), tmp_path)[0] == "de heer uit Vorst"
    for content in (scan + layer, visible + scan):
        assert read(raw_pdf(content), tmp_path)[0] == "de heer Janssens uit Vorst"


def test_words_drawn_letter_by_letter_are_seen_on_a_coloured_ground(tmp_path: Path) -> None:
    """White on green, each letter an object of its own: leaving one out changes little of the word."""
    canvas = Canvas(str(tmp_path / "letters.pdf"))
    canvas.setFillColorRGB(0.5, 0.7, 0.1)
    canvas.rect(40, 690, 400, 30, stroke=0, fill=1)
    for word, white in (("Inzamelingssysteem", 700), ("Verborgen", 600)):
        canvas.setFillColorRGB(1, 1, 1)
        x = 50.0
        for letter in word:
            canvas.setFont("Helvetica-Bold", 14)
            canvas.drawString(x, white, letter)
            x += canvas.stringWidth(letter, "Helvetica-Bold", 14)
    canvas.save()
    with PdfFile(tmp_path / "letters.pdf") as pdf:
        assert pdf.text(1).texts == ["Inzamelingssysteem"]
