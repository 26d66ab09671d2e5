"""What a document is called: the heading that stands out, what the file states if it is printed, or none."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.description.no_title import is_no_title, is_plausible
from ingest.read_document import Reading, read_document
from tests.material.pdf_files import FR, NL, text_pdf

Line = tuple[float, float, str, float, str]
"""Left edge (0: centred) and baseline from the top, in points; face, size, text."""
Page = Sequence[Line]

ROMAN, BOLD = "Helvetica", "Helvetica-Bold"
WIDTH, HEIGHT = A4


def body(top: float = 200, lines: int = 24, text: str = NL) -> list[Line]:
    return [(72, top + 14 * line, ROMAN, 10, text) for line in range(lines)]


def file_of(folder: Path, *pages: Page, title: str = "", outline: Sequence[str] = ()) -> Path:
    """A document of these pages, with this title in its metadata and these entries in its outline."""
    path = folder / "document.pdf"
    canvas = Canvas(str(path), A4, invariant=True)
    canvas.setTitle(title)
    for number, page in enumerate(pages):
        for x, y, face, size, text in page:
            canvas.setFont(face, size)
            if x:
                canvas.drawString(x, HEIGHT - y, text)
            else:
                canvas.drawCentredString(WIDTH / 2, HEIGHT - y, text)
        if not number:
            for entry in outline:
                canvas.bookmarkPage(entry)
                canvas.addOutlineEntry(entry, entry)
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path) -> Reading:
    reading = read_document(path, 100, lambda done, total: None)
    list(reading.pages)
    return reading


def title_of(folder: Path, *pages: Page, title: str = "", outline: Sequence[str] = ()) -> str | None:
    return read(file_of(folder, *pages, title=title, outline=outline)).title


LARGE = (72, 90, BOLD, 20, "Plan voor de werkgelegenheid")


def test_the_heading_that_stands_out_is_the_title(tmp_path: Path) -> None:
    assert title_of(tmp_path, [LARGE, *body()], body(80)) == "Plan voor de werkgelegenheid"


def test_lines_of_one_size_are_one_title_and_what_is_smaller_is_apart(tmp_path: Path) -> None:
    cover = [
        (72, 200, BOLD, 24, "Jaarverslag over de steun"),
        (72, 230, BOLD, 24, "aan de plaatselijke handel"),
        (72, 280, ROMAN, 14, "Goedgekeurd door de raad"),
        (72, 700, ROMAN, 10, "Brussel, 12 mei 2015"),
    ]
    assert title_of(tmp_path, cover, body(80)) == "Jaarverslag over de steun aan de plaatselijke handel"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bericht über die Sitzung vom", "10. Mai 2020 in der Stadt"),
        ("Verslag van de vergadering van", "10. december over de haven"),
        ("Antwoord van de minister op vraag", "10. over de kinderopvang"),
    ],
)
def test_a_title_is_not_cut_where_a_line_begins_with_a_number(
    tmp_path: Path, first: str, second: str
) -> None:
    page = [(72, 90, BOLD, 20, first), (72, 115, BOLD, 20, second), *body()]
    assert title_of(tmp_path, page, body(80)) == f"{first} {second}"


def test_a_title_that_begins_with_a_number_keeps_it(tmp_path: Path) -> None:
    page = [(72, 90, BOLD, 20, "10. Jahresbericht des Rates"), *body()]
    assert title_of(tmp_path, page, body(80)) == "10. Jahresbericht des Rates"


def test_page_numbers_and_names_of_bodies_are_no_part_of_it(tmp_path: Path) -> None:
    cover = [
        (0, 60, BOLD, 40, "Gemeente 5 Wassenaar"),
        (0, 240, BOLD, 40, "BEGROTING 2026"),
        (0, 290, BOLD, 40, "5"),
    ]
    assert title_of(tmp_path, cover, body(80)) == "BEGROTING 2026"
    cover = [(72, 240, BOLD, 30, "Begroting van de haven"), (500, 240, BOLD, 30, "17")]
    assert title_of(tmp_path, cover, body(80)) == "Begroting van de haven"
    page = [(72, 90, BOLD, 20, "Plan voor de haven"), (262, 84, BOLD, 10, "1"), (450, 90, ROMAN, 9, "blz. 3")]
    assert title_of(tmp_path, [*page, *body()], body(80)) == "Plan voor de haven"


def test_a_year_that_stands_alone_is_part_of_it(tmp_path: Path) -> None:
    cover = [(72, 200, BOLD, 60, "STRATEGIE"), (72, 270, BOLD, 60, "2025"), (72, 400, ROMAN, 14, "Voorjaar")]
    assert title_of(tmp_path, cover, body(80)) == "STRATEGIE 2025"


def test_a_title_in_two_languages_has_a_dash_between_them(tmp_path: Path) -> None:
    cover = [(0, 200, BOLD, 26, "Strategie voor de haven"), (0, 240, BOLD, 26, "Stratégie pour le port")]
    assert title_of(tmp_path, cover, body(80)) == "Strategie voor de haven – Stratégie pour le port"


@pytest.mark.parametrize(
    ("parliament", "what", "about", "text"),
    [
        (
            "BRUSSELS HOOFDSTEDELIJK PARLEMENT",
            "VOORSTEL VAN RESOLUTIE",
            "betreffende de haven van Brussel",
            NL,
        ),
        (
            "PARLEMENT DE LA RÉGION DE BRUXELLES-CAPITALE",
            "PROPOSITION DE RÉSOLUTION",
            "relative au port de Bruxelles",
            FR,
        ),
    ],
)
def test_papers_of_parliament_are_named_by_what_they_propose(
    tmp_path: Path, parliament: str, what: str, about: str, text: str
) -> None:
    page = [
        (0, 60, BOLD, 14, parliament),
        (0, 110, ROMAN, 11, "12/05/2015"),
        (0, 160, BOLD, 13, what),
        (0, 180, BOLD, 12, about),
        *body(230, text=text),
    ]
    assert title_of(tmp_path, page, body(80, text=text)) == f"{what} {about}"


def test_minutes_are_named_by_the_bold_line_in_the_middle(tmp_path: Path) -> None:
    page = [
        (0, 80, BOLD, 10, "Commune de Pierrefonds"),
        (0, 103, BOLD, 10, "Conseil Municipal du 28 juin 2022"),
        *body(130, text=FR),
    ]
    assert title_of(tmp_path, page, body(80, text=FR)) == "Conseil Municipal du 28 juin 2022"


def test_a_smaller_line_in_which_it_goes_on_belongs_to_it(tmp_path: Path) -> None:
    page = [
        (72, 90, BOLD, 28, "Het plan voor de haven van"),
        (72, 118, BOLD, 20, "onze stad en haar kanaal"),
        *body(),
    ]
    assert title_of(tmp_path, page, body(80)) == "Het plan voor de haven van onze stad en haar kanaal"


def test_the_end_of_a_sentence_has_its_beginning(tmp_path: Path) -> None:
    page = [
        (72, 90, BOLD, 17, "De burgemeester kondigt de terugkeer aan"),
        (72, 116, BOLD, 26, "Van de trein naar zee"),
        *body(),
    ]
    assert (
        title_of(tmp_path, page, body(80)) == "De burgemeester kondigt de terugkeer aan Van de trein naar zee"
    )


UNCERTAIN: dict[str, Page] = {
    "no heading": body(80),
    "a contents page": [(72, 90, BOLD, 16, "Inhoud"), *body()],
    "a section": [(72, 90, BOLD, 16, "1. Inleiding"), *body()],
    "a chapter": [(72, 90, BOLD, 16, "Hoofdstuk 3 De haven"), *body()],
    "a section with a number": [(72, 90, BOLD, 24, "3 De arbeidsmarkt in Brussel"), *body()],
    "a part of a section": [(72, 90, BOLD, 24, "3.1 De arbeidsmarkt in Brussel"), *body()],
    "a logo of one word": [(72, 120, BOLD, 48, "Actiris"), (72, 300, BOLD, 24, "Verslag 2023 van de raad")],
    "a form that waits": [
        (72, 90, BOLD, 20, "Please wait..."),
        (72, 120, ROMAN, 10, "Your viewer cannot show it."),
    ],
    "one word": [(72, 90, BOLD, 16, "Begroting"), *body()],
    "only a body": [(0, 90, BOLD, 24, "Gemeente Wassenaar"), *body()],
    "only a date": [(0, 90, BOLD, 24, "Jeudi 31 mars 2011"), *body()],
    "sections alike": [
        (72, 60, BOLD, 12, "De haven"),
        *body(90),
        (72, 500, BOLD, 12, "Het kanaal"),
        *body(520),
    ],
    "a heading far down": [*body(80), (72, 600, BOLD, 16, "Besluiten van de raad"), *body(640, 4)],
    "a web address": [(72, 90, BOLD, 20, "www.brussel.be de haven"), *body()],
}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_where_none_is_certain_there_is_none(tmp_path: Path, name: str) -> None:
    assert title_of(tmp_path, UNCERTAIN[name], body(80)) is None


def test_the_heading_of_a_table_is_no_title(tmp_path: Path) -> None:
    rows = [
        (x, 120 + 14 * row, ROMAN, 10, text)
        for row in range(30)
        for x, text in (
            (72, f"Dienst {row}"),
            (250, f"{row}.250"),
            (350, f"{row}.975"),
            (450, f"{row + 1}.100"),
        )
    ]
    assert title_of(tmp_path, [(72, 90, BOLD, 12, "Baten en lasten per dienst"), *rows], body(80)) is None


def test_a_running_head_is_no_title(tmp_path: Path) -> None:
    pages = [[(72, 40, BOLD, 12, "Verslag over de haven"), *body(80, 40)] for _ in range(6)]
    assert title_of(tmp_path, *pages) is None


STATED = "Verslag van de haven over het jaar"


@pytest.mark.parametrize("how", ["metadata", "outline"])
def test_what_the_file_states_is_believed_where_it_is_printed(tmp_path: Path, how: str) -> None:
    stated = {"title": STATED} if how == "metadata" else {"outline": [STATED]}
    printed = [(72, 90, ROMAN, 10, "VERSLAG VAN DE HAVEN"), (72, 104, ROMAN, 10, "OVER HET JAAR"), *body()]
    assert title_of(tmp_path, printed, body(80), **stated) == "VERSLAG VAN DE HAVEN OVER HET JAAR"
    assert title_of(tmp_path, body(80), body(80), **stated) is None


def test_an_outline_of_chapters_states_no_title(tmp_path: Path) -> None:
    page = [(72, 90, ROMAN, 10, STATED), *body()]
    assert title_of(tmp_path, page, body(80), outline=[STATED, "Hoofdstuk twee"]) is None


@pytest.mark.parametrize(
    "stated",
    ["Microsoft Word - plan.doc", "Untitled", "C:\\stukken\\plan.docx", "Presentatie PowerPoint"],
)
def test_what_programs_state_changes_nothing(tmp_path: Path, stated: str) -> None:
    assert title_of(tmp_path, [LARGE, *body()], title=stated) == LARGE[4]
    assert title_of(tmp_path, [(72, 60, ROMAN, 10, stated), *body()], title=stated) is None


def test_one_word_is_a_title_where_the_file_states_it(tmp_path: Path) -> None:
    page = [(0, 300, BOLD, 30, "Klimaatplan")]
    assert title_of(tmp_path, page, body(80)) is None
    assert title_of(tmp_path, page, body(80), title="Klimaatplan 2030") == "Klimaatplan"


def scan_of(folder: Path, lines: Sequence[tuple[int, int, int, str]]) -> Path:
    """A page that is a picture of lines, each with its place, size in pixels and text."""
    picture = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, size, text in lines:
        draw.text((x, y), text, fill=0, font=ImageFont.load_default(size))
    file = BytesIO()
    canvas = Canvas(file, A4, invariant=True)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.showPage()
    canvas.save()
    path = folder / "scan.pdf"
    path.write_bytes(file.getvalue())
    return path


def test_of_a_scan_only_words_that_are_well_read_are_a_title(tmp_path: Path) -> None:
    text = [(120, 500 + 50 * line, 28, NL[:70]) for line in range(14)]
    scan = scan_of(tmp_path, [(120, 150, 64, "Verslag over de haven"), *text])
    assert read(scan).title == "Verslag over de haven"
    nonsense = scan_of(tmp_path, [(120, 150, 64, "Vrslg qxer dn hvxn"), *text])
    assert read(nonsense).title is None


@pytest.mark.parametrize(
    ("title", "is_title"),
    [
        ("Pact voor een Duurzame Stedelijke Groei", True),
        ("Conseil municipal du 21 novembre 2017", True),
        ("Microsoft Word - T081E.DOC", False),
        ("untitled", False),
        ("Layout 1", False),
        ("begroting_2024_def v3", False),
        ("rapport annuel.docx", False),
        ("Présentation PowerPoint", False),
        ("D:\\Mijn documenten\\plan", False),
        ("<script>alert(1)</script> en meer", False),
        ("5-19", False),
        ("", False),
    ],
)
def test_metadata_is_believed_only_if_it_reads_like_a_title(title: str, is_title: bool) -> None:
    assert is_plausible(title) == is_title


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        ("Even geduld a.u.b.", True),
        ("Table des matières", True),
        ("3. Samenvatting", True),
        ("Tabel 8.3 Overzicht kengetallen", True),
        ("Région de Bruxelles-Capitale", True),
        ("Brusselse Hoofdstedelijke Regering", True),
        ("Donderdag 31 maart 2011", True),
        ("Ordre du jour :", True),
        ("17", True),
        ("Gemeente en gewest werken samen", False),
        ("Ville et mobilité durable", False),
        ("Rapport annuel 2023", False),
        ("10. Jahresbericht", False),
    ],
)
def test_what_is_printed_large_is_not_always_a_title(text: str, is_none: bool) -> None:
    assert is_no_title(text) == is_none


def test_plain_pages_have_no_title(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(text_pdf([["Een brief", NL, NL], [NL, FR]]))
    assert read(path).title is None
