"""No word of the page is lost, none is invented: what is printed over, raised, large, or a sign."""

from pathlib import Path

import pytest
import typst
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from archive.records import Page
from ingest.page.pdf_words import PdfFile
from ingest.read_document import read_document
from tests.material.pdf_files import raw_pdf


def words(content: str, folder: Path, fonts: str = "", of_fonts: tuple[bytes, ...] = ()) -> list[str]:
    """The words of a page with this content stream."""
    file = folder / "page.pdf"
    file.write_bytes(raw_pdf(content, fonts, of_fonts))
    with PdfFile(file) as pdf:
        return pdf.text(1).texts


def read(path: Path) -> list[Page]:
    return list(read_document(path, 10, lambda done, total: None).pages)


def put(drawn: Canvas, x: float, y: float, text: str, size: float = 11) -> float:
    """Draw text; where it ends."""
    drawn.setFont("Helvetica", size)
    drawn.drawString(x, y, text)
    return x + float(drawn.stringWidth(text, "Helvetica", size))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of a page with values on lines, units and initials, one paragraph after the other."""
    file = tmp_path_factory.mktemp("words") / "page.pdf"
    drawn = Canvas(str(file), A4)
    for row, (label, line, value) in enumerate(
        (
            ("Naam:", "_" * 30, "Groen Atelier"),
            ("Bedrag :", "." * 60, "2.400 euro"),
            ("Plaats", "…" * 20, "Vorst"),
            ("Datum: ", "_" * 24, "3 mei"),
        )
    ):
        put(drawn, 60, 780 - 40 * row, label + line)
        put(drawn, 130, 782 - 40 * row, value)
    put(drawn, 60, 620, "Handtekening: ______________")
    y = 580.0
    for parts in (
        ("De loods van 12,5 km", "2", " heeft 40 m", "3", " water, bij 30 kWh/m", "2", " per jaar."),
        ("Le parc", "2", " émet du CO2 depuis 2015", "3", " et reste ouvert."),
    ):
        x = 60.0
        for place, part in enumerate(parts):
            x = put(drawn, x, y + 4 * (place % 2), part, 7 if place % 2 else 11)
        y -= 40
    for initial, rest in (
        ("L’", "arbre du parc pousse encore un peu"),
        ("«", "Voilà la place, dit le maire du bourg"),
        ("“D", "e markt gaat open”, zegt de schepen"),
        ("2", "019 was een droog jaar in de streek"),
        ("3", "Wonen in de stad en in de rand ervan"),
    ):
        end = put(drawn, 60, y - 26, initial, 44) + 3
        for line, text in enumerate((rest, "en dan een regel die erop volgt", "en nog een laatste regel.")):
            put(drawn, end, y - 13 * line, text)
        y -= 80
    drawn.save()
    (one,) = read(file)
    return "\n".join(block.text for block in one.blocks)


def test_values_on_the_lines_of_a_form_follow_their_labels(page: str) -> None:
    for told in ("Naam: Groen Atelier", "Bedrag : 2.400 euro", "Plaats Vorst", "Datum: 3 mei"):
        assert told in page.replace("\t", " ")
    assert "Handtekening: ______________" in page


def test_exponents_after_units_are_part_of_them_and_notes_are_not(page: str) -> None:
    assert "12,5 km² heeft 40 m³ water, bij 30 kWh/m² per jaar." in page
    assert "Le parc 2 émet du CO2 depuis 2015 3 et reste ouvert." in page


def test_what_follows_a_raised_or_lowered_sign_without_a_space_is_one_word_with_it(tmp_path: Path) -> None:
    file = tmp_path / "signs.pdf"
    drawn = Canvas(str(file), A4)
    for row, parts in enumerate(
        (
            ("Per km", "2", ", per m", "3", "."),
            ("De CO", "2", "-heffing en het XIX", "e", " siècle."),
            ("Volgens noot", "4", " van de 3", "de", ", vierde zitting."),
        )
    ):
        x = 60.0
        for place, part in enumerate(parts):
            rise = 4 * (place % 2) if row != 1 or place > 1 else -2 * place
            x = put(drawn, x, 780 - 40 * row + rise, part, 7 if rise else 11)
    drawn.save()
    (one,) = read(file)
    assert [block.text for block in one.blocks] == [
        "Per km², per m³.",
        "De CO2-heffing en het XIXe siècle.",
        "Volgens noot 4 van de 3de, vierde zitting.",
    ]


@pytest.mark.parametrize(
    ("parts", "read_as"),
    [
        (("de niet", "-", "winst", " 12", ".", "500", ","), ["de", "niet-winst", "12.500,"]),
        (("participant", "·", "e", "·", "s de l", "’", "an"), ["participant·e·s", "de", "l’an"]),
        (("et ", "“", "ja", "”", " 10", "%", ", n", "°"), ["et", "“ja”", "10%,", "n°"]),
        (("zo", "'", "n", "…", " 1", "–", "2 (", "a", ")"), ["zo'n…", "1–2", "(a)"]),
    ],
)
def test_flat_and_high_signs_of_a_narrow_column_stay_with_their_words(
    tmp_path: Path, parts: tuple[str, ...], read_as: list[str]
) -> None:
    """pdfium takes a page that is one narrow column for vertical writing, in which each sign is a line."""
    drawn = Canvas(str(tmp_path / "narrow.pdf"), (557, 600))
    for row in range(40):
        x = 45.0
        for part in (*parts, " en zegt zij", "."):
            x = put(drawn, x, 560 - 12.7 * row, part)
    put(drawn, 269, 37, "- 2 -")
    drawn.save()
    with PdfFile(tmp_path / "narrow.pdf") as pdf:
        found = pdf.text(1).texts
    assert found[:-3] == [*read_as, "en", "zegt", "zij."] * 40


def test_lines_and_cells_stay_apart_at_signs(tmp_path: Path) -> None:
    """Where the engine breaks a line and is right: the next line, or a cell beside, begins with a sign."""
    drawn = Canvas(str(tmp_path / "signs.pdf"), (557, 600))
    for row in range(12):
        y = 560 - 44 * row
        put(drawn, 45, y, "een bedrag van 12 €")
        put(drawn, 45, y - 11, "“zonder btw” (excl.)")
        put(drawn, 45, y - 22, "– en meer, €")
        end = put(drawn, 45, y - 33, "40 %")
        put(drawn, put(drawn, end + 4, y - 33, "“ja”") + 4, y - 33, "½")
    drawn.save()
    with PdfFile(tmp_path / "signs.pdf") as pdf:
        found = pdf.text(1).texts
    assert " ".join(found) == " ".join(
        ["een bedrag van 12 € “zonder btw” (excl.) – en meer, € 40 % “ja” ½"] * 12
    )


def test_a_lowered_figure_of_another_font_stays_in_its_word(tmp_path: Path) -> None:
    """pdfium breaks the line there, on a page with a watermark aslant."""
    source = (
        '#set page(width: 290pt, margin: 75pt, background: rotate(-45deg, text(50pt, "PROJET")))'
        '\n#set text(font: "New Computer Modern", size: 11pt)\n'
    )
    body = "\n\n".join(
        ["Het CO₂-verbruik van 2015, CO₂ dus, daalt in drieëntwintig zones van het gewest."] * 6
    )
    typst.compile((source + body).encode(), output=tmp_path / "co2.pdf")
    (one,) = read(tmp_path / "co2.pdf")
    assert one.blocks[0].text.split()[:6] == ["Het", "CO₂-verbruik", "van", "2015,", "CO₂", "dus,"]


@pytest.mark.parametrize("lowered", [1, 2, 3, 5])
def test_formulas_are_one_word_however_low_their_figures_are(tmp_path: Path, lowered: int) -> None:
    """Most programs lower them by a seventh or a fifth of the size of the text, some by half of it."""
    drawn = Canvas(str(tmp_path / "air.pdf"), A4)
    x = 60.0
    for place, part in enumerate(("De uitstoot van NO", "x", ", PM", "10", " en PM", "2,5", " daalt.")):
        x = put(drawn, x, 780 - (lowered if place % 2 else 0), part, 7 if place % 2 else 10)
    drawn.save()
    (one,) = read(tmp_path / "air.pdf")
    assert one.blocks[0].text == "De uitstoot van NOx, PM10 en PM2,5 daalt."


def test_a_word_below_the_end_of_a_large_one_is_no_lowered_sign(tmp_path: Path) -> None:
    drawn = Canvas(str(tmp_path / "below.pdf"), A4)
    put(drawn, 60, 780, "Un rendez-vous du Mi-", 19)
    end = put(drawn, 60, 756, "di", 19)
    put(drawn, end - 3, 739, "Le fonctionnaire")
    put(drawn, 60, 725, "examine la demande.")
    drawn.save()
    with PdfFile(tmp_path / "below.pdf") as pdf:
        assert pdf.text(1).texts[4:] == ["di", "Le", "fonctionnaire", "examine", "la", "demande."]


@pytest.mark.parametrize("font", ["Libertinus Serif", "New Computer Modern"])
def test_a_note_may_begin_with_a_word_of_one_letter(tmp_path: Path, font: str) -> None:
    """Its number is not one word with that letter, as 3a or 1A would be."""
    notes = ["A committee of the council.", "À la fin de l’année.", "L’asile, u begrijpt.", "U bent 18."]
    source = (
        f'#set page(width: 300pt, height: 400pt)\n#set text(font: "{font}", size: 10pt)\n'
        "Punt 1A en artikel 3a.\n" + "\n".join(f"Een woord#footnote[{note}] staat er." for note in notes)
    )
    typst.compile(source.encode(), output=tmp_path / "notes.pdf")
    (one,) = read(tmp_path / "notes.pdf")
    texts = [block.text for block in one.blocks]
    body = " ".join(f"Een woord {number} staat er." for number in range(1, 5))
    assert texts[0] == f"Punt 1A en artikel 3a. {body}"
    assert texts[1:] == [f"{place} {note}" for place, note in enumerate(notes, 1)]


@pytest.mark.parametrize("turn", [0, -90, 90])
@pytest.mark.parametrize("font", ["Libertinus Serif", "New Computer Modern"])
def test_numbers_of_notes_are_no_digits_of_numbers(tmp_path: Path, font: str, turn: int) -> None:
    """The first font draws them with raised digits of its own, the second with smaller ones; in whatever
    direction the text runs."""
    source = tmp_path / "notes.typ"
    source.write_text(
        f'#set page(width: 400pt, height: 400pt)\n#set text(font: "{font}", size: 10pt)\n'
        f"#rotate({turn}deg, reflow: true)[#box(width: 300pt)["
        "In het jaar 2014#super[1] steeg het tot 1.250#super[2], zegt hij. In 1993.#super[3] "
        "Na COVID-19.#super[14] Een (bijlage 88).#super[5] Een woord#super[6] op "
        "12 km#super[2], en CO#sub[2]-uitstoot.]]"
    )
    typst.compile(source, output=tmp_path / "notes.pdf")
    (one,) = read(tmp_path / "notes.pdf")
    assert [block.text for block in one.blocks] == [
        "In het jaar 2014 1 steeg het tot 1.250 2 , zegt hij. In 1993. 3 Na COVID-19. 14 "
        "Een (bijlage 88). 5 Een woord 6 op 12 km², en CO2-uitstoot."
    ]


def test_initials_with_a_mark_or_a_digit_go_before_their_word(page: str) -> None:
    for beginning in ("L’arbre du parc", "« Voilà la place", "“De markt gaat", "2019 was een"):
        assert beginning in page
    assert "3Wonen" not in page


def test_a_word_that_lies_under_a_wider_one_stays(tmp_path: Path) -> None:
    content = (
        "BT /F1 11 Tf 72 700 Td (een overeenkomst in de stad) Tj ET "
        "BT /F1 11 Tf 104 700 Td (plan) Tj ET "  # over other letters
        "BT /F1 11 Tf 72.3 700.2 Td (een overeenkomst) Tj ET "  # printed again
        "BT /F1 11 Tf 93.5 700 Td (overeen) Tj ET"  # a piece printed again
    )
    assert sorted(words(content, tmp_path)) == sorted(["een", "overeenkomst", "in", "de", "stad", "plan"])


def test_the_second_layer_of_a_scan_says_nothing_twice(tmp_path: Path) -> None:
    picture = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q "
    content = picture + (
        "BT 3 Tr /F1 12 Tf 72 700 Td (maatregel voor) Tj 0 0 Td (rnaatregel) Tj 0 -20 Td (en verder) Tj ET"
    )
    found = words(content, tmp_path)
    assert len(found) == 4
    assert found[1:] == ["voor", "en", "verder"]


@pytest.mark.parametrize("name", ["Wingdings", "ABCDEF+Wingdings-Regular"])
def test_signs_of_symbol_fonts_are_characters(tmp_path: Path, name: str) -> None:
    font = f"<< /Type /Font /Subtype /TrueType /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
    symbol = b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"
    content = "".join(
        f"BT /{face} 11 Tf 72 {700 - 20 * row} Td <{code}> Tj /F1 11 Tf 12 0 Td (punt) Tj ET "
        for row, (face, code) in enumerate(
            [("W", code) for code in ("6C", "6E", "A8", "FD", "FE", "FC", "E0", "A7")] + [("S", "B7")]
        )
    )
    found = words(content, tmp_path, "/Font << /F1 5 0 R /W 6 0 R /S 7 0 R >>", (font, symbol))
    assert [text for text in found if text != "punt"] == list("●■□☒☑✓→▪•")
