"""Tables without rules: cells of several lines stay whole, and columns of text are no table."""

from pathlib import Path

import pytest
import typst

from archive.records import Page
from ingest.read_document import read_document
from tests.benchmarks.borderless_tables import WRITTEN, JudgedTable
from tests.benchmarks.table_quotations import cited, page_of, pages_of

HEAD = (
    '#set page(width: 595pt, height: 842pt, margin: 56pt)\n#set text(font: "Libertinus Serif", size: 10pt)\n'
)

LIST = """#grid(columns: (22pt, 120pt, 170pt, 110pt), column-gutter: 8pt, row-gutter: 0.65em,
[1], [Stichting Lokale Omroep Zuid], [Verzoek om de bijdrage voor de omroep te verhogen tot het bedrag per
  huishouden], [In handen stellen van het college ter afdoening],
[2], [Comité van omwonenden van de Molenkouter], [Bezwaren tegen de opslag van giftige stoffen],
  [Ter kennisneming],
[3], [De heer A.C. Vandervelden], [Voorstel tot een verbod op vuurwerk in de binnenstad tijdens de nacht van
  Nieuwjaar], [Ter kennisneming],
[4], [Provincie], [Goedkeuring van de begroting], [Ter kennisneming],
[5], [Ouderraad], [Vraag naar veilige oversteekplaatsen bij de drie scholen aan de ring], [Om advies],
)
"""
LAST_ROW = """#pagebreak()
#grid(columns: (22pt, 120pt, 170pt, 110pt), column-gutter: 8pt,
[6], [Buurtcomité van de Zennevallei en omstreken], [Klacht over het lawaai van de fabriek, met de vraag om
  nieuwe metingen], [Overmaken aan de intercommunale, met verzoek om antwoord],
)
"""


def set_and_read(folder: Path, source: str) -> list[Page]:
    pdf = typst.compile((HEAD + source).encode(), font_paths=typst.Fonts(include_system_fonts=False))
    assert isinstance(pdf, bytes)
    (folder / "set.pdf").write_bytes(pdf)
    return list(read_document(folder / "set.pdf", 10, lambda done, total: None).pages)


def rows_of(page: Page) -> list[list[str]]:
    tables = [block.text for block in page.blocks if block.kind == "table"]
    return [row.split("\t") for table in tables for row in table.split("\n")]


@pytest.mark.parametrize("table", WRITTEN, ids=lambda table: table.name)
def test_what_a_reader_selects_in_a_judged_table_is_what_the_cell_says(
    table: JudgedTable, tmp_path: Path
) -> None:
    page = page_of(table, pages := pages_of(table, tmp_path, tmp_path) or [])

    assert len(pages) >= table.page
    assert [cited(cell, page) for cell in table.cells] == ["right"] * len(table.cells)
    if table.is_text:
        assert not rows_of(page)


def test_rows_at_the_distance_of_lines_are_told_by_where_columns_begin_anew(tmp_path: Path) -> None:
    (page,) = set_and_read(tmp_path, LIST)

    assert rows_of(page)[1:3] == [
        ["2", "Comité van omwonenden van de Molenkouter", "Bezwaren tegen de opslag van giftige stoffen",
         "Ter kennisneming"],
        ["3", "De heer A.C. Vandervelden",
         "Voorstel tot een verbod op vuurwerk in de binnenstad tijdens de nacht van Nieuwjaar",
         "Ter kennisneming"],
    ]  # fmt: skip


def test_one_row_on_the_next_page_has_the_columns_of_the_list(tmp_path: Path) -> None:
    _, page = set_and_read(tmp_path, LIST + LAST_ROW)

    assert rows_of(page) == [
        ["6", "Buurtcomité van de Zennevallei en omstreken",
         "Klacht over het lawaai van de fabriek, met de vraag om nieuwe metingen",
         "Overmaken aan de intercommunale, met verzoek om antwoord"],
    ]  # fmt: skip


def test_paragraphs_of_two_languages_side_by_side_are_columns(tmp_path: Path) -> None:
    (page,) = set_and_read(
        tmp_path,
        "#grid(columns: (215pt, 215pt), column-gutter: 24pt, row-gutter: 12pt,"
        + 4
        * (
            "[De regering steunt bedrijven die jongeren zonder diploma aannemen, en de dienst begeleidt "
            "hen tot zij werk vinden.], [Le gouvernement soutient les sociétés qui engagent des jeunes sans "
            "diplôme, et le service les accompagne dans leur recherche.],"
        )
        + ")",
    )

    assert not rows_of(page)
    assert [block.language for block in page.blocks] == ["nl"] * 4 + ["fr"] * 4


def test_columns_whose_lines_stand_between_each_other_are_no_table(tmp_path: Path) -> None:
    left = "De raad bespreekt het voorstel in openbare zitting, en beslist daarna over elk artikel. "
    right = "Het college legt het verslag voor aan de commissie, die er advies over uitbrengt. "
    (page,) = set_and_read(
        tmp_path,
        "#grid(columns: (215pt, 215pt), column-gutter: 24pt, "
        f"[{3 * (left + '#parbreak()')}], [#v(6pt) {3 * (right + '#parbreak()')}])",
    )

    assert not rows_of(page)
    assert left.strip() in page.blocks[0].text
