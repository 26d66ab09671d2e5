"""Running heads and feet, page numbers and line numbers: set apart from the text, and nothing but them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.read_document import read_document

ROMAN, BOLD, ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"
A4 = (595.0, 842.0)

Drawn = tuple[float, float, str, float, str]
"""x, y from the top, font, size, text."""


def body(
    page: int, first: int = 0, top: float = 80.0, leading: float = 13.0, last: float = 740.0
) -> list[Drawn]:
    """Lines of running text that say something else on each page; the first one goes on with a sentence."""
    count = int((last - top) / leading) + 1
    return [
        (
            70,
            top + leading * row,
            ROMAN,
            10,
            f"de regel {page}x{row} gaat over het beleid van de stad en loopt verder",
        )
        for row in range(first, count)
    ]


def set_apart(path: Path, pages: Sequence[Sequence[Drawn]]) -> list[list[str]]:
    """For each page of a document that is drawn so, the texts of its running blocks."""
    canvas = Canvas(str(path), pagesize=A4)
    for lines in pages:
        for x, y, font, size, text in lines:
            canvas.setFont(font, size)
            canvas.drawString(x, A4[1] - y, text)
        canvas.showPage()
    canvas.save()
    reading = read_document(path, 50, lambda done, total: None)
    return [[block.text for block in page.blocks if block.kind == "running"] for page in reading.pages]


def test_text_that_comes_back_on_top_of_pages_is_text(tmp_path: Path) -> None:
    """Headings, rows of tables and first lines of pages stand where other pages have other text."""
    tops: dict[int, list[Drawn]] = {
        number: [(70, 80, BOLD, 10, "Wat gaan we daarvoor doen?")] for number in (2, 4, 6, 7)
    }
    tops |= {
        number: [(70, 80, ROMAN, 10, "Juridische vorm"), (300, 80, ROMAN, 10, "Gemeenschappelijke regeling")]
        for number in (3, 9, 10)
    }
    pages = []
    for number in range(1, 13):
        top = tops.get(
            number, [(70, 80, ROMAN, 10, f"Portefeuillehouder {number}: de wethouder van het jaar {number}")]
        )
        pages.append([*top, *body(number, top=98), (500, 800, ROMAN, 10, str(147 + number))])
    assert set_apart(tmp_path / "tops.pdf", pages) == [[str(147 + number)] for number in range(1, 13)]


def test_a_bold_heading_close_to_the_text_that_begins_every_page_is_text(tmp_path: Path) -> None:
    pages: list[list[Drawn]] = [
        [
            (70, 50, ROMAN, 10, "Hoofdstuk 2 Wonen"),
            (70, 80, BOLD, 10, "Wat gaan we daarvoor doen?"),
            *body(number, top=93),
        ]
        for number in range(1, 7)
    ]
    assert set_apart(tmp_path / "headings.pdf", pages) == [["Hoofdstuk 2 Wonen"]] * 6


def test_column_headings_and_titles_of_slides_are_text(tmp_path: Path) -> None:
    headings = [
        (70, 60, BOLD, 9, "Omschrijving"),
        (300, 60, BOLD, 9, "Begroting"),
        (450, 60, BOLD, 9, "Rekening"),
    ]
    table = [
        [
            *headings,
            *(
                cell
                for row in range(30)
                for cell in (
                    (70, 76 + 16 * row, ROMAN, 9, f"Post {page}x{row}"),
                    (300, 76 + 16 * row, ROMAN, 9, f"{page}{row}.500"),
                    (450, 76 + 16 * row, ROMAN, 9, f"{row}{page}.250"),
                )
            ),
        ]
        for page in range(5)
    ]
    assert set_apart(tmp_path / "table.pdf", table) == [[]] * 5
    titles = ["Inleiding", *["De tonnages"] * 4, *["De kosten"] * 4, "Besluit"]
    slides = [
        [(70, 60, BOLD, 24, title), *body(page, top=110, last=300)] for page, title in enumerate(titles)
    ]
    assert set_apart(tmp_path / "slides.pdf", slides) == [[]] * 10


def test_heads_take_turns_and_change_with_the_chapters(tmp_path: Path) -> None:
    """Two lines over each other, the lower one close to the text; the names of some chapters come once."""
    names = [
        "Inleiding",
        "Inleiding",
        "Werk",
        "Werk",
        "Werk",
        "Wonen",
        "Vervoer",
        "Vervoer",
        "Handel",
        "Handel",
        "Zorg",
    ]
    pages, expected = [], []
    for number, name in enumerate(names, start=1):
        title = "Verslag van de raad" if number % 2 else f"Jaarverslag {number}"
        chapter = (70, 68, ITALIC, 9, f"Hoofdstuk {name}")
        pages.append([(70, 50, ROMAN, 9, title), chapter, *body(number, top=82)])
        expected.append([title, f"Hoofdstuk {name}"])
    assert set_apart(tmp_path / "heads.pdf", pages) == expected


def test_page_numbers_rise_in_an_extract(tmp_path: Path) -> None:
    printed = [6, 10, 11, 30]
    pages = [[*body(number), (295, 800, ROMAN, 9, str(number))] for number in printed]
    assert set_apart(tmp_path / "extract.pdf", pages) == [[str(number)] for number in printed]
    years = [
        [*body(number), (295, 800, ROMAN, 9, year)]
        for number, year in enumerate(("2021", "2019", "2022", "12"))
    ]
    assert set_apart(tmp_path / "years.pdf", years) == [[]] * 4


@pytest.mark.parametrize("step", [1, 5])
def test_line_numbers_are_set_apart(tmp_path: Path, step: int) -> None:
    """Also on a last page that is too short to tell."""
    pages = []
    for page, count in enumerate((40, 40, 7)):
        text = [line for row, line in enumerate(body(page)[:count])]
        numbers = [
            (45 - 4.5 * len(str(40 * page + row)), 80 + 13 * (row - 1), ROMAN, 8, str(40 * page + row))
            for row in range(1, count + 1)
            if row % step == 0
        ]
        pages.append([*text, *numbers])
    found = set_apart(tmp_path / "lines.pdf", pages)
    assert found == [
        [" ".join(str(40 * page + row) for row in range(step, count + 1, step))]
        for page, count in enumerate((40, 40, 7))
    ]


def test_lines_of_columns_are_numbered_in_the_gutter_and_on_the_right(tmp_path: Path) -> None:
    """Lines of columns that are not level; the last page has too few of them to tell by themselves."""
    pages: list[list[Drawn]] = []
    count = 0
    for columns in ((40, 38), (2, 1)):
        page: list[Drawn] = []
        for column, lines in enumerate(columns):
            for row in range(lines):
                count += 1
                left, top = 80 + 250 * column, 80 + 5 * column + 14 * row
                page.append((left, top, ROMAN, 10, f"regel {count} van een tekst over de stad"))
                page.append((left - 20 if not column else 545, top, ROMAN, 6, str(count)))
        pages.append(page)
    numbers = [
        sorted(text.split(), key=int) for text in map(" ".join, set_apart(tmp_path / "columns.pdf", pages))
    ]
    assert numbers == [[str(line) for line in range(1, 79)], ["79", "80", "81"]]


def test_numbers_of_rows_and_paragraphs_are_no_line_numbers(tmp_path: Path) -> None:
    rows: list[Drawn] = []
    for row in range(1, 30):
        rows += [
            (50, 80 + 14 * row, ROMAN, 10, str(row)),
            (80, 80 + 14 * row, ROMAN, 10, f"Gemeente {row} van het gewest"),
        ]
    paragraphs = [*body(2), *((45.0, 80.0 + 13 * 3 * row, ROMAN, 10.0, str(row + 1)) for row in range(10))]
    assert set_apart(tmp_path / "rows.pdf", [rows, paragraphs]) == [[], []]


def test_figures_that_go_on_with_line_numbers_stay_in_the_text(tmp_path: Path) -> None:
    """The number of an article and the votes on it are as large as the numbers of the lines of a page before,
    and are the next ones; so may be the years of a table."""
    numbers: list[Drawn] = [(45, 80 + 13 * row, ROMAN, 10, str(row + 1)) for row in range(40)]
    votes: list[Drawn] = [
        (280, 60, ROMAN, 10, "Artikel"),
        (290, 76, ROMAN, 10, "41"),
        *body(2, top=100, last=200),
    ]
    for row, (label, count) in enumerate((("Stemmen voor:", "42"), ("tegen:", "7"), ("onthoudingen:", "43"))):
        votes += [(70, 240 + 14 * row, ROMAN, 10, label), (250, 240 + 14 * row, ROMAN, 10, count)]
    table: list[Drawn] = [*body(3, last=200)]
    for row, cells in enumerate((("Gemeente", "44", "45", "46"), ("Elsene", "47", "140", "48"))):
        table += [(70 + 80 * place, 240 + 16 * row, ROMAN, 10, cell) for place, cell in enumerate(cells)]
    items: list[Drawn] = [*body(4, last=200)]
    for row, text in enumerate(("woningen in de wijk", "scholen aan het kanaal", "parken voor de buurt")):
        items += [(150, 240 + 14 * row, ROMAN, 10, str(41 + row)), (185, 240 + 14 * row, ROMAN, 10, text)]
    pages = [[*body(1)[:40], *numbers], votes, table, items]
    one, *others = set_apart(tmp_path / "votes.pdf", pages)
    assert " ".join(one).split() == [str(line) for line in range(1, 41)]
    assert others == [[], [], []]
