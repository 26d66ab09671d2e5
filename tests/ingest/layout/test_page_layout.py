"""Blocks in reading order: columns, headings, lists, tables, text along the edge."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.drawn_words import PageText
from ingest.layout.block import LayoutBlock
from ingest.layout.gutters import KnownGutters
from ingest.layout.page_layout import lay_out
from ingest.page.pdf_words import PdfFile
from ingest.running.running_heads import RunningLines

DOCUMENTS = Path(__file__).parents[2] / "documents"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
NOTHING_APART = np.empty(0, dtype=np.int64)


def page_of(path: Path, number: int = 1) -> PageText:
    with PdfFile(path) as pdf:
        return pdf.text(number)


def blocks_of(page: PageText, gutters: KnownGutters | None = None) -> list[LayoutBlock]:
    return lay_out(page, 10.0, gutters or KnownGutters(), NOTHING_APART)


def rows(block: LayoutBlock, page: PageText) -> list[list[str]]:
    """The texts of a block's cells."""
    return [
        [" ".join(page.texts[word] for line in cell for word in line) for cell in row] for row in block.rows
    ]


def text(block: LayoutBlock, page: PageText) -> str:
    return " ".join(page.texts[word] for word in block.words())


def drawn(path: Path, lines: Sequence[tuple[float, float, str, float, str]]) -> PageText:
    """A page with these lines of (x, y from the foot, font, size, text)."""
    canvas = Canvas(str(path))
    for x, y, font, size, line in lines:
        canvas.setFont(font, size)
        canvas.drawString(x, y, line)
    canvas.save()
    return page_of(path)


@pytest.mark.parametrize(
    "name",
    [
        path.name
        for path in sorted(DOCUMENTS.glob("*.pdf"))
        if path.name not in {"encrypted.pdf", "no-pages.pdf"}
    ],
)
def test_every_word_is_in_exactly_one_block(name: str) -> None:
    page = page_of(DOCUMENTS / name)
    found = [word for block in blocks_of(page) for word in block.words()]
    assert sorted(found) == list(range(len(page.texts)))


def test_words_apart_are_in_no_block() -> None:
    page = page_of(DOCUMENTS / "languages.pdf")
    found = [
        word for block in lay_out(page, 10.0, KnownGutters(), np.array([0, 1, 5])) for word in block.words()
    ]
    assert sorted(found) == [word for word in range(len(page.texts)) if word not in {0, 1, 5}]


def test_columns_drawn_row_by_row_do_not_mix() -> None:
    gutters = KnownGutters()
    for number in (1, 2, 3):
        page = page_of(DOCUMENTS / "columns-drawn-row-by-row.pdf", number)
        blocks = blocks_of(page, gutters)[1:]
        sides = [{bool(page.boxes[word, 0] > 300) for word in block.words()} for block in blocks]
        assert all(len(side) == 1 for side in sides)
        order = [side == {True} for side in sides]
        assert order == sorted(order), "the left column comes before the right one"
    votes = [text(block, page) for block in blocks if "12" in text(block, page).split()]
    assert votes == ["Pour : 12 Contre : 3", "Voor: 12 Tegen: 3"]


def test_a_known_gutter_parts_lines_that_could_be_a_table(tmp_path: Path) -> None:
    page = drawn(
        tmp_path / "votes.pdf",
        [(50, 700, "Times-Roman", 10, "Pour"), (305, 700, "Times-Roman", 10, "Voor")],
    )
    assert [text(block, page) for block in blocks_of(page)] == ["Pour Voor"]
    gutters = KnownGutters()
    gutters.learn(305, 200)
    assert [text(block, page) for block in blocks_of(page, gutters)] == ["Pour", "Voor"]


def test_three_columns_under_one_title_are_read_one_after_the_other() -> None:
    page = page_of(DOCUMENTS / "three-columns.pdf")
    whole = " ".join(text(block, page) for block in blocks_of(page))
    marks = [f"Stuk{number}{end}" for number in range(1, 7) for end in ("begin", "einde.")]
    places = [whole.index(mark) for mark in marks]
    assert whole.startswith("Een titel over de hele breedte")
    assert places == sorted(places)


def test_a_ruled_table_is_read_cell_by_cell() -> None:
    page = page_of(DOCUMENTS / "tables.pdf")
    ruled = next(block for block in blocks_of(page) if block.kind == "table")
    assert rows(ruled, page) == [
        ["Risico", "Toelichting", "Bedrag"],
        [
            "Open einde",
            "Het aantal aanvragen kan hoger zijn dan geraamd, want de regeling kent geen einde.",
            "750.000",
        ],
        [
            "Rente",
            "De rente op de kapitaalmarkt stijgt al twee jaar en dat werkt door in de kosten.",
            "250.000",
        ],
    ]


def test_a_table_without_rules_keeps_its_rows() -> None:
    page = page_of(DOCUMENTS / "tables.pdf")
    tables = [block for block in blocks_of(page) if block.kind == "table"]
    assert rows(tables[1], page) == [
        ["Omschrijving", "2023", "2024"],
        ["Overhead", "368.000", "371.500"],
        ["Kapitaallasten", "175.000", "169.250"],
        ["Totaal", "543.000", "540.750"],
    ]


def test_a_label_over_several_ruled_rows_stands_once(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "label.pdf"))
    canvas.setFont("Helvetica", 10)
    canvas.grid([150, 250, 350], [600, 620, 640, 660])
    canvas.grid([50, 150], [600, 660])
    for x, y, cell in (
        (55, 627, "Alle jaren"),
        *((155, 605 + 20 * row, f"lasten {row}") for row in range(3)),
        *((255, 605 + 20 * row, f"{row}.500") for row in range(3)),
    ):
        canvas.drawString(x, y, cell)
    canvas.save()
    page = page_of(tmp_path / "label.pdf")
    (table,) = blocks_of(page)
    assert rows(table, page) == [
        ["Alle jaren", "lasten 2", "2.500"],
        ["", "lasten 1", "1.500"],
        ["", "lasten 0", "0.500"],
    ]


def test_a_wrapped_cell_without_rules_is_one_cell(tmp_path: Path) -> None:
    lines = [
        (700, "Post", "Bedrag", "Jaar"),
        (686, "Onderhoud van de openbare", "300", "2024"),
        (674, "ruimte en het groen", "", ""),
        (660, "Rente", "400", "2025"),
    ]
    cells = [(x, y, cell) for y, *line in lines for x, cell in zip((50, 250, 350), line, strict=True)]
    page = drawn(tmp_path / "wrapped.pdf", [(x, y, "Times-Roman", 10, cell) for x, y, cell in cells])
    (table,) = blocks_of(page)
    assert rows(table, page)[1] == ["Onderhoud van de openbare ruimte en het groen", "300", "2024"]
    assert rows(table, page)[2] == ["Rente", "400", "2025"]


def test_headings_lists_and_paragraphs_are_told_apart(tmp_path: Path) -> None:
    body, bold = "Times-Roman", "Times-Bold"
    page = drawn(
        tmp_path / "kinds.pdf",
        [
            (50, 750, bold, 18, "Een grote titel"),
            (50, 720, bold, 10, "Een vette kop"),
            (50, 708, body, 10, "Een alinea die over twee regels loopt en die eindigt waar"),
            (50, 696, body, 10, "de tweede regel eindigt, met een punt."),
            (50, 670, body, 10, "- een eerste punt dat over twee regels loopt"),
            (58, 658, body, 10, "en daar eindigt"),
            (50, 646, body, 10, "- een tweede punt"),
            (50, 620, body, 10, "CONCLUSIE VAN DE RAAD"),
            (50, 594, body, 10, "1. genummerd"),
            (50, 582, body, 10, "2. nog een nummer"),
        ],
    )
    blocks = blocks_of(page)
    assert [block.kind for block in blocks] == ["heading", "heading", "paragraph", "list", "heading", "list"]
    assert rows(blocks[3], page) == [
        ["- een eerste punt dat over twee regels loopt en daar eindigt"],
        ["- een tweede punt"],
    ]
    assert len(rows(blocks[5], page)) == 2


def test_a_table_of_contents_keeps_its_entries_apart(tmp_path: Path) -> None:
    page = drawn(
        tmp_path / "contents.pdf",
        [
            (50, 700, "Times-Roman", 10, "Inleiding ........................ 5"),
            (50, 688, "Times-Roman", 10, "Een titel die zo lang is dat hij"),
            (50, 676, "Times-Roman", 10, "op twee regels staat ............. 12"),
        ],
    )
    (contents,) = blocks_of(page)
    assert contents.kind == "list"
    assert [row[0].split(" ..")[0] for row in rows(contents, page)] == [
        "Inleiding",
        "Een titel die zo lang is dat hij op twee regels staat",
    ]


def test_a_superscript_stays_on_its_line(tmp_path: Path) -> None:
    page = drawn(
        tmp_path / "super.pdf",
        [
            (50, 700, "Times-Roman", 10, "Per m"),
            (74, 704, "Times-Roman", 6, "3"),
            (80, 700, "Times-Roman", 10, "water betaalt men een tarief"),
            (50, 688, "Times-Roman", 10, "dat elk jaar stijgt."),
        ],
    )
    (block,) = blocks_of(page)
    assert text(block, page) == "Per m³ water betaalt men een tarief dat elk jaar stijgt."


def test_text_along_the_edge_is_a_block_of_its_own() -> None:
    expected = ["Boven het midden", "langs de kant"]
    for number in (1, 2, 3, 4):
        page = page_of(DOCUMENTS / "turned-and-cropped.pdf", number)
        found = [text(block, page) for block in blocks_of(page)]
        # Turned by a quarter, the line along the edge is upright and stands above the other.
        assert found == (expected[::-1] if number == 2 else expected)


@pytest.mark.skipif(not CORPUS.exists(), reason="corpus not present")
def test_columns_of_real_annals_do_not_mix() -> None:
    """The Senate prints French left and Dutch right of a gutter at 297 points, on all its pages."""
    gutters = KnownGutters()
    with PdfFile(CORPUS / "plans" / "be-senate-annals-5-19-fr-nl.pdf") as pdf:
        for number in range(3, 42):
            page = pdf.text(number)
            x0, _, x1, _ = page.boxes.T
            for block in blocks_of(page, gutters):
                words = block.words()
                is_head = bool((page.boxes[words, 3] < 60).any())
                is_one_side = bool((x1[words] < 299).all() or (x0[words] > 297).all())
                assert is_head or is_one_side, (number, text(block, page)[:80])


def counted(word: str, count: int) -> str:
    return " ".join(f"{word}{number}" for number in range(1, count + 1)) + "."


LAYOUTS: dict[str, list[tuple[str, str]]] = {
    "columns of unequal height between headings": [
        ("heading", "Eerste titel"),
        ("paragraph", counted("links", 130)),
        ("paragraph", counted("rechts", 50)),
        ("heading", "Tweede titel"),
        ("paragraph", counted("een", 60)),
        ("paragraph", counted("twee", 90)),
        ("paragraph", counted("drie", 70)),
    ],
    "footnotes under columns": [
        ("paragraph", counted("links", 200).rstrip(".")),
        ("paragraph", counted("rechts", 200)),
        ("paragraph", "1 " + counted("noot1x", 14)),
        ("paragraph", "2 " + counted("noot2x", 14)),
    ],
    "footnotes over the whole width": [
        ("paragraph", counted("links", 100).rstrip(".")),
        ("paragraph", counted("rechts", 100)),
        ("paragraph", "1 " + counted("voet1x", 24)),
        ("paragraph", "2 " + counted("voet2x", 24)),
    ],
    "notes in the margin follow what they stand beside": [
        block
        for number in (1, 2, 3)
        for block in (
            ("paragraph", counted(f"tekst{number}x", 90)),
            ("paragraph", counted(f"kant{number}x", 9)),
        )
    ],
    "headings in the margin precede what they stand beside": [
        block
        for number in (1, 2, 3)
        for block in (
            ("paragraph", counted(f"kop{number}x", 6).rstrip(".")),
            ("paragraph", counted(f"tekst{number}x", 90)),
        )
    ],
    "a box follows the text that runs around it": [
        ("paragraph", " ".join(counted("tekst", 140).split()[:60])),
        ("paragraph", " ".join(counted("tekst", 140).split()[60:])),
        ("paragraph", "Kader " + counted("kader", 40)),
    ],
    "a table in a column": [
        ("paragraph", counted("boven", 70)),
        ("table", "Post\t2023\t2024\nPersoneel\t1.200\t1.300\nWerking\t900\t950"),
        ("paragraph", counted("onder", 70)),
        ("paragraph", counted("rechts", 190)),
    ],
    "wrapped cells, also in the last row": [
        (
            "table",
            "Maatregel\tToelichting\tBedrag\n"
            "Steun aan de Brusselse bedrijven\tEen premie voor wie werk geeft. Actiris betaalt ze uit."
            "\t1.200\n"
            "Opleidingen Bruxelles Formation\tWie leert behoudt zijn uitkering. Dat loopt af.\t350\n"
            "Totaal van het Plan voor de Toekomst\t\t1.550",
        ),
        ("paragraph", counted("daarna", 30)),
    ],
    "columns that no rule parts, under one heading": [
        (
            "table",
            "Programma\t\tBegroting 2024\t\t\tBegroting 2025\t\n"
            "\tbaten\tlasten\tsaldo\tbaten\tlasten\tsaldo\n"
            "Veiligheid\t102\t204\t306\t102\t204\t306\n"
            "Mens\t11.652\t38.934\t27.281\t11.652\t38.934\t27.281\n"
            "Bestuur\t633\t4.171\t3.538\t633\t4.171\t3.538",
        ),
    ],
    "a turned table under an upright title": [
        ("paragraph", "Bijlage bij de begroting"),
        (
            "table",
            "\n".join(
                "\t".join(row)
                for row in [
                    ["Post", "Lasten", "Baten"],
                    *([f"Post{number}", f"{number}.100", f"{number}.200"] for number in range(1, 8)),
                ]
            ),
        ),
    ],
    "lists with bullets, letters and numbers": [
        ("paragraph", "De raad besluit het volgende:"),
        (
            "list",
            "− het verslag van de vergadering goed te keuren zoals het is opgesteld en ondertekend;\n"
            "− de rekening vast te stellen.",
        ),
        (
            "list",
            "(a) het eerste lid van dit artikel is van toepassing op alle personen die in het Gewest wonen"
            " of er werken, en op de ondernemingen die er gevestigd zijn;\n"
            "(b) het tweede lid is van toepassing op anderen.",
        ),
        ("list", "1. Algemeen\n1.1 Doel van het plan\n1.2 Wie het uitvoert\n2. Middelen"),
        ("list", "-Adopté à l'unanimité,\n-Reporté à la séance suivante."),
    ],
    "headings by weight, number and name": [
        (
            "heading",
            "Een vette kop die te lang is voor de regel, zodat hij pas op de tweede eindigt, gezet met heel"
            " veel wit ertussen",
        ),
        ("paragraph", counted("eerst", 60)),
        ("heading", "2.3.1 Bereik van het netwerk"),
        ("paragraph", counted("daarna", 60)),
        ("heading", "Artikel 12"),
        ("paragraph", counted("artikel", 60)),
    ],
    "labels before titles and text": [
        (
            "table",
            "A11\tTitel van A11\n"
            "A12\tTitel van A12"
            + "".join(f" Regel {n} bij A12 met wat die post betekent, zonder punt" for n in range(3))
            + "\nA13\tTitel van A13\n"
            "A14\tTitel van A14"
            + "".join(f" Regel {n} bij A14 met wat die post betekent, zonder punt" for n in range(2)),
        ),
    ],
}


@pytest.mark.parametrize("page", range(1, len(LAYOUTS) + 1), ids=LAYOUTS)
def test_the_whole_order_of_a_page(page: int) -> None:
    words = page_of(DOCUMENTS / "layouts.pdf", page)
    found = [
        (block.kind, "\n".join("\t".join(cells) for cells in rows(block, words)))
        for block in blocks_of(words)
    ]
    assert found == list(LAYOUTS.values())[page - 1]


def test_headings_of_two_columns_are_parted_at_a_known_gutter_but_tables_are_not() -> None:
    gutters = KnownGutters()
    gutters.learn(300, 200)
    page = page_of(DOCUMENTS / "layouts.pdf", 14)
    left, right, table = blocks_of(page, gutters)
    assert (text(left, page), text(right, page)) == ("Annexe", "Bijlage")
    assert rows(table, page) == [
        ["Naam", "Partij", "Stem", "Zetel"],
        ["Arena", "rood", "voor", "12"],
        ["Brotchi", "blauw", "tegen", "7"],
    ]


def test_footnotes_in_the_size_of_the_text_are_blocks_of_their_own() -> None:
    page = page_of(DOCUMENTS / "layouts.pdf", 15)
    assert [text(block, page) for block in blocks_of(page)] == [
        counted("tekst", 80),
        "1 " + counted("noot1x", 12),
        "2 " + counted("noot2x", 40),
        "3 " + counted("noot3x", 12),
    ]


def test_headings_without_rules_stand_over_their_columns() -> None:
    page = page_of(DOCUMENTS / "layouts.pdf", 16)
    (table,) = blocks_of(page)
    assert rows(table, page) == [
        ["Vennootschap", "Belang en stemrecht", "Vermogen in euro"],
        ["Alliander", "De gemeente heeft een belang van een half procent.", "105.300"],
        ["Dunea", "Het belang is twee procent en de stem telt mee.", "9.400"],
    ]


def test_lines_that_run_through_words_or_off_the_page_make_no_table() -> None:
    page = page_of(DOCUMENTS / "layouts.pdf", 17)
    assert len(page.rules)
    assert [(block.kind, text(block, page)) for block in blocks_of(page)] == [
        ("paragraph", counted("boven", 90)),
        ("paragraph", counted("onder", 50)),
        ("table", "Personeel 1.200 Werking 900 Totaal 2.100"),
    ]


def test_a_sentence_goes_on_in_a_line_that_measures_larger(tmp_path: Path) -> None:
    lines = [
        (
            50,
            700,
            "Times-Roman",
            10.0,
            "De regering heeft het voornemen om daarover akkoorden te sluiten met alle",
        ),
        (50, 688, "Times-Roman", 11.5, "gewesten."),
        (50, 660, "Times-Roman", 11.5, "Gewesten"),
        (50, 648, "Times-Roman", 10.0, "Elk gewest heeft een eigen regering."),
    ]
    page = drawn(tmp_path / "sizes.pdf", lines)
    texts = [line for *_, line in lines]
    assert [text(block, page) for block in blocks_of(page)] == [f"{texts[0]} {texts[1]}", *texts[2:]]


def test_a_table_in_a_frame_is_read_once() -> None:
    page = page_of(DOCUMENTS / "layouts.pdf", 18)
    frame, table = blocks_of(page)
    assert rows(frame, page) == [["Linksboven", "Rechtsboven"], ["Linksonder", "Rechtsonder"]]
    assert rows(table, page) == [[f"cel{row}{column}" for column in (1, 2, 3)] for row in (1, 2, 3)]


def test_a_page_number_beside_the_last_line_is_no_part_of_it() -> None:
    running = RunningLines()
    pages = [page_of(DOCUMENTS / "numbers-in-the-margin.pdf", number) for number in range(1, 6)]
    for number, page in enumerate(pages, start=1):
        running.look_at(number, page)
    running.settle()
    for number, page in enumerate(pages, start=1):
        heads, (foot,) = running.of(number)
        assert not heads
        assert [page.texts[word] for word in foot] == [str(number + 4)]
        (block,) = lay_out(page, 10.0, KnownGutters(), np.array(foot))
        assert text(block, page) == counted(f"blad{number}x", 185)
    assert running.labels() == {number: str(number + 4) for number in range(1, 6)}


def test_a_line_with_a_figure_and_the_number_of_a_note_is_no_note(tmp_path: Path) -> None:
    lines = (
        (50, 700, "Times-Roman", 10, "De dienst onderzoekt het verbruik van alle huizen van de stad tegen"),
        (50, 688, "Times-Roman", 10, "92 euro."),
        (84, 692, "Times-Roman", 6, "3"),
        (90, 688, "Times-Roman", 10, "De stad betaalt de huur."),
    )
    page = drawn(tmp_path / "note.pdf", lines)
    (block,) = blocks_of(page)
    assert text(block, page).endswith("tegen 92 euro. 3 De stad betaalt de huur.")


def test_a_date_after_a_word_that_needs_it_begins_no_item(tmp_path: Path) -> None:
    lines = (
        "Die Region vergleicht den Wiederaufbau des Hafens mit dem der Straßenbeleuchtung",
        "im ganzen Land und in allen Städten ab dem",
        "15. März des nächsten Jahres.",
    )
    page = drawn(
        tmp_path / "date.pdf",
        [(50, 700 - 12 * row, "Times-Roman", 10, line) for row, line in enumerate(lines)],
    )
    assert [(block.kind, text(block, page)) for block in blocks_of(page)] == [("paragraph", " ".join(lines))]


@pytest.mark.parametrize("margin", ["left", "right"])
@pytest.mark.parametrize("height", ["below", "above"])
def test_small_print_as_wide_as_the_text_and_its_margin_is_whole(
    tmp_path: Path, margin: str, height: str
) -> None:
    """Beside the text there are notes in small print, above or below it others, over the whole width."""
    body = "the council decided that every road shall have trees along both of its sides"
    wide = (
        "see the report of the commission of the town which was printed in the year before, and its annex in"
        " two parts, of which the second is about trees"
    )
    at_text, at_note = (150, 60) if margin == "left" else (60, 430)
    y = 240 if height == "below" else 720
    page = drawn(
        tmp_path / "notes.pdf",
        [(at_text, 650 - 14 * line, "Helvetica", 10, body) for line in range(20)]
        + [(at_note, 620 - 9 * line, "Helvetica", 7, f"a note of {line} words") for line in range(3)]
        + [(60, y - 9 * line, "Helvetica", 7, f"{line} {wide}") for line in range(3)],
    )
    found = [text(block, page) for block in blocks_of(page)]
    assert " ".join(f"a note of {line} words" for line in range(3)) in found
    assert all(any(f"{line} {wide}" in block for block in found) for line in range(3)), found
