"""What is a table and what is text: justified columns, inset boxes, forms, cells."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.drawn_words import PageText
from ingest.layout.block import LayoutBlock
from ingest.layout.gutters import KnownGutters
from ingest.layout.page_layout import lay_out
from ingest.page.pdf_words import PdfFile
from tests.ingest.layout.test_page_layout import NOTHING_APART, rows, text

FONT = "Helvetica"

PARAGRAPHS = {
    "nl": (
        "Het gewest ondersteunt de ondernemingen die jongeren zonder ervaring aanwerven. Wie een opleiding"
        " volgt behoudt zijn uitkering, en de arbeidsbemiddelingsdienst begeleidt hem tot hij werk vindt. De"
        " premie wordt elk jaar aan de index aangepast en loopt af na vierentwintig maanden tewerkstelling."
    ),
    "fr": (
        "La Région soutient les entreprises qui engagent des jeunes sans expérience. Ceux qui suivent une"
        " formation gardent leur allocation, et l’office de l’emploi les accompagne jusqu’à ce qu’ils"
        " trouvent du travail. La prime est adaptée chaque année à l’index et prend fin après deux ans."
    ),
    "de": (
        "Die Region unterstützt Unternehmen, die Jugendliche ohne Berufserfahrung einstellen. Wer eine"
        " Weiterbildung besucht, behält seine Arbeitslosenunterstützung, und das Arbeitsamt begleitet ihn,"
        " bis er eine Stelle findet. Die Prämie wird jährlich an die Lebenshaltungskosten angepasst."
    ),
    "en": (
        "The region supports companies that take on young people without experience. Those who follow a"
        " course keep their allowance, and the employment service advises them until they have found work."
        " The bonus follows the index each year and comes to an end after twenty-four months in service."
    ),
}

Slot = tuple[float, float, float]
"""Where a line begins, its baseline (from the foot of the page) and its width."""


def slots(x: float, y: float, width: float, leading: float) -> Iterator[Slot]:
    while True:
        yield x, y, width
        y -= leading


def set_justified(
    canvas: Canvas, words: Sequence[str], places: Iterable[Slot], size: float, is_justified: bool = True
) -> list[str]:
    """Set words into these lines, all but the last justified; what is left when the lines are full."""
    canvas.setFont(FONT, size)
    left = list(words)
    for x, y, width in places:
        if not left:
            break
        line = [left.pop(0)]
        while left and stringWidth(" ".join([*line, left[0]]), FONT, size) <= width:
            line.append(left.pop(0))
        space = stringWidth(" ", FONT, size)
        if left and is_justified and len(line) > 1:
            space += (width - stringWidth(" ".join(line), FONT, size)) / (len(line) - 1)
        for word in line:
            canvas.drawString(x, y, word)
            x += stringWidth(word, FONT, size) + space
    return left


def blocks_of(path: Path) -> tuple[list[LayoutBlock], PageText]:
    with PdfFile(path) as pdf:
        page = pdf.text(1)
    return lay_out(page, 10.0, KnownGutters(), NOTHING_APART), page


@pytest.mark.parametrize(("count", "width", "size"), [(1, 150, 11), (2, 138, 10), (2, 210, 12), (3, 140, 12)])
@pytest.mark.parametrize("language", PARAGRAPHS)
def test_justified_columns_are_paragraphs(
    tmp_path: Path, language: str, count: int, width: float, size: float
) -> None:
    words = PARAGRAPHS[language].split()
    canvas = Canvas(str(tmp_path / "justified.pdf"))
    for column in range(count):
        for place in range(3):
            x, y = 40 + column * (width + 18), 790 - 250 * place
            set_justified(canvas, words, slots(x, y, width, 1.2 * size), size)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "justified.pdf")
    expected = [("paragraph", " ".join(words))] * (3 * count)
    assert [(block.kind, text(block, page)) for block in blocks] == expected


@pytest.mark.parametrize(
    "words",
    ["The regional administration investigates the long-term", "Die Regionalverwaltung finanziert die"],
)
def test_two_justified_lines_at_the_end_of_a_column_are_text(tmp_path: Path, words: str) -> None:
    canvas = Canvas(str(tmp_path / "end.pdf"))
    lines = [(60.0, 100.0, 158.0), (60.0, 88.0, 158.0)]
    assert set_justified(canvas, [*words.split(), "Verwaltungsvereinfachung"], lines, 11)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "end.pdf")
    assert [(block.kind, text(block, page)) for block in blocks] == [("paragraph", words)]


def test_two_justified_lines_are_text_though_two_words_begin_at_one_place(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "end.pdf"))
    lines = (
        ("Un sous-traitant agréé", (60, 107.1, 196.4)),
        ("publient l’accompagnement des", (60, 108.5, 205.9)),
    )
    canvas.setFont(FONT, 10)
    for y, (words, starts) in zip((100, 88), lines, strict=True):
        for word, x in zip(words.split(), starts, strict=True):
            canvas.drawString(x, y, word)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "end.pdf")
    assert [text(block, page) for block in blocks] == [" ".join(words for words, _ in lines)]


@pytest.mark.parametrize("columns", [2, 3, 4])
def test_columns_of_figures_of_one_width_at_equal_distances_are_a_table(tmp_path: Path, columns: int) -> None:
    canvas = Canvas(str(tmp_path / "figures.pdf"))
    words = PARAGRAPHS["nl"].split()
    set_justified(canvas, words, slots(60, 700, 430, 14), 10)
    figures = [
        [f"{2016 + row}", *(f"{12 + 22 * column},{row}" for column in range(columns))] for row in range(6)
    ]
    canvas.setFont(FONT, 10)
    for row, cells in enumerate(figures):
        for column, cell in enumerate(cells):
            canvas.drawRightString(160 + 70 * column, 600 - 14 * row, cell)
    set_justified(canvas, words, slots(60, 490, 430, 14), 10)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "figures.pdf")
    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    assert rows(blocks[1], page) == figures


def test_lines_that_begin_alike_have_no_label(tmp_path: Path) -> None:
    """The same first words, as far apart, begin a paragraph and a later sentence of it."""
    lines = (
        "De gewestelijke overheidsdienst",
        "onderzoekt de plannen van de stad",
        "voor een bedrag van € 604.287.",
        "De gewestelijke overheidsdienst",
        "vraagt geld voor alle wijken van",
        "de stad.",
    )
    canvas = Canvas(str(tmp_path / "alike.pdf"))
    for row, line in enumerate(lines):
        set_justified(canvas, [*line.split(), "x" * 40], [(60.0, 500.0 - 12 * row, 168.0)], 10, row < 5)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "alike.pdf")
    assert [text(block, page) for block in blocks] == [" ".join(lines)]


def test_two_rows_of_words_are_a_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "rows.pdf"))
    canvas.setFont(FONT, 11)
    for y, cells in ((100, ("Beleid", "goedgekeurd")), (88, ("maatregel", "afgekeurd"))):
        canvas.drawString(60, y, cells[0])
        canvas.drawRightString(218, y, cells[1])
    canvas.save()
    blocks, _ = blocks_of(tmp_path / "rows.pdf")
    assert [block.kind for block in blocks] == ["table"]


def test_a_long_label_does_not_join_the_columns_of_a_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "figures.pdf"))
    canvas.setFont(FONT, 9)
    lines = [
        ("Omschrijving", "2026", "2027"),
        ("Personeel", "1.250", "1.300"),
        ("Werking", "950", "960"),
        ("Huur van lokalen", "410", "420"),
        ("Energie", "88", "91"),
        ("Subsidies", "2.400", "2.500"),
        ("Leningen", "310", "290"),
        ("Opleidingen", "75", "80"),
        ("Leningen met een looptijd tot 1 jaar", "", "15"),
        ("Totaal", "5.483", "5.656"),
    ]
    for number, (label, *figures) in enumerate(lines):
        canvas.drawString(50, 780 - 13 * number, label)
        for x, figure in zip((200, 250), figures, strict=True):
            canvas.drawRightString(x, 780 - 13 * number, figure)
    canvas.save()
    (table,), page = blocks_of(tmp_path / "figures.pdf")
    assert rows(table, page) == [list(line) for line in lines]


def around(places: Iterable[Slot], left: float, right: float, top: float, bottom: float) -> Iterator[Slot]:
    """The lines, those beside a box in the gutter no longer than up to it."""
    for x, y, width in places:
        if not bottom - 12 < y < top + 4:
            yield x, y, width
        elif x < left:
            yield x, y, left - x - 10
        else:
            yield right + 10, y, x + width - right - 10


@pytest.mark.parametrize("frame", ["ruled", "shaded", "of four lines", "white"])
def test_columns_read_on_around_a_box_in_their_gutter(tmp_path: Path, frame: str) -> None:
    canvas = Canvas(str(tmp_path / "box.pdf"))
    left, right, top, bottom = 220, 370, 650, 585
    if frame == "ruled":
        canvas.rect(left, bottom, right - left, top - bottom)
    elif frame == "shaded":
        canvas.setFillGray(0.9)
        canvas.rect(left, bottom, right - left, top - bottom, stroke=0, fill=1)
        canvas.setFillGray(0)
    elif frame == "of four lines":
        canvas.grid([left, right], [bottom, top])
    columns = [" ".join([PARAGRAPHS[language]] * 3).split() for language in ("nl", "fr")]
    box = "IN HET KORT De premie is bedoeld voor wie voor het eerst werk zoekt en nog geen ervaring heeft."
    for words, x in zip(columns, (50, 305), strict=True):
        set_justified(canvas, words, around(slots(x, 780, 235, 13), left, right, top, bottom), 10)
    set_justified(canvas, box.split(), slots(left + 10, top - 18, right - left - 20, 13), 10, False)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "box.pdf")
    expected = [" ".join(columns[0]), box, " ".join(columns[1])]
    assert [text(block, page) for block in blocks] == expected


def test_columns_read_on_around_a_box_that_leaves_one_of_them_no_room(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "box.pdf"))
    left, right, top, bottom = 120, 370, 650, 585
    columns = [" ".join([PARAGRAPHS[language]] * 3).split() for language in ("nl", "fr")]
    box = "IN HET KORT De premie is bedoeld voor wie voor het eerst werk zoekt en nog geen ervaring heeft."
    for words, x in zip(columns, (50, 305), strict=True):
        places = around(slots(x, 780, 235, 13), left, right, top, bottom)
        set_justified(canvas, words, (place for place in places if place[2] > 100), 10)
    set_justified(canvas, box.split(), slots(left + 10, top - 18, right - left - 20, 13), 10, False)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "box.pdf")
    expected = [" ".join(columns[0]), box, " ".join(columns[1])]
    assert [text(block, page) for block in blocks] == expected


def test_the_ends_of_two_columns_are_no_table_of_one_row(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "ends.pdf"))
    left = "De dienst vergelijkt het vervoer van de gemeenten in de loop van het voorjaar met dat van elders."
    right = "Een studie begeleidt het zonder voorafgaande waarschuwing."
    for words, x in ((left, 50), (right, 260)):
        set_justified(canvas, words.split(), slots(x, 780, 180, 13), 10, False)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "ends.pdf")
    assert [(block.kind, text(block, page)) for block in blocks] == [
        ("paragraph", left),
        ("paragraph", right),
    ]


def test_a_shaded_column_of_figures_stays_in_its_table(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "shaded.pdf"))
    canvas.setFillGray(0.9)
    canvas.rect(240, 690, 70, 110, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.setFont(FONT, 10)
    lines = [(f"Post {number} van de dienst", f"{number}.100", f"{number}.200") for number in range(1, 8)]
    for number, (label, *figures) in enumerate(lines):
        canvas.drawString(50, 780 - 14 * number, label)
        for x, figure in zip((300, 380), figures, strict=True):
            canvas.drawRightString(x, 780 - 14 * number, figure)
    canvas.save()
    (table,), page = blocks_of(tmp_path / "shaded.pdf")
    assert rows(table, page) == [list(line) for line in lines]


def test_a_cell_is_whole_beside_cells_with_rules_of_their_own(tmp_path: Path) -> None:
    """The rules between the amounts of a row end before the text beside them."""
    canvas = Canvas(str(tmp_path / "cells.pdf"))
    canvas.setFont(FONT, 9)
    canvas.grid([50, 300, 420], [560, 660, 760])
    for y in (585, 610, 635, 685, 710, 735):
        canvas.line(300, y, 420, y)
    told = [PARAGRAPHS["nl"], PARAGRAPHS["fr"]]
    for number, words in enumerate(told):
        set_justified(canvas, words.split(), slots(56, 748 - 100 * number, 238, 11.5), 9, False)
        for row in range(4):
            canvas.drawRightString(410, 742 - 100 * number - 25 * row, f"{number}.{row}00")
    canvas.save()
    (table,), page = blocks_of(tmp_path / "cells.pdf")
    assert rows(table, page) == [
        [words if row == 0 else "", f"{number}.{row}00"]
        for number, words in enumerate(told)
        for row in range(4)
    ]


def test_labels_of_a_form_stay_out_of_the_text_beside_them(tmp_path: Path) -> None:
    """Long labels come so close to the text that the white between is a usual space."""
    canvas = Canvas(str(tmp_path / "form.pdf"))
    form = [
        (["Naam"], ["Intercommunale voor sociale huisvesting"]),
        (["Zetel"], ["Mechelen"]),
        (
            ["Opdracht"],
            [
                "De vereniging verhuurt woningen en herstelt ze, zoals bepaald in het artikel",
                "3.2 van haar statuten, dat elk jaar wordt herzien.",
            ],
        ),
        (
            ["Bijdrage aan het", "woonbeleidsplan"],
            [
                "De gemeente draagt bij in verhouding tot het aantal",
                "woningen en krijgt daarvoor een zetel in de raad.",
            ],
        ),
        (["Risico"], ["Geen andere dan die van de markt."]),
        (["Looptijd"], ["Tot het einde van de legislatuur."]),
    ]
    y = 780.0
    label_width = stringWidth("woonbeleidsplan", FONT, 9)
    for labels, told in form:
        canvas.setFont(FONT, 9)
        for row in range(max(len(labels), len(told))):
            for x, lines in ((60, labels), (60 + label_width + 3, told)):
                if row < len(lines):
                    canvas.drawString(x, y, lines[row])
            y -= 15.5
    canvas.save()
    (table,), page = blocks_of(tmp_path / "form.pdf")
    assert rows(table, page) == [[" ".join(labels), " ".join(told)] for labels, told in form]


def test_rows_whose_labels_begin_with_small_letters_stay_apart(tmp_path: Path) -> None:
    """Each has a text that begins with a figure and ends in a small letter, as a line of a sentence may."""
    canvas = Canvas(str(tmp_path / "aims.pdf"))
    canvas.setFont(FONT, 10)
    told = [
        ("wonen", "42 woningen van de stad"),
        ("scholen", "12 scholen voor de wijken"),
        ("parken", "18 parken aan het kanaal"),
        ("trams", "7 lijnen door het gewest"),
    ]
    for number, cells in enumerate(told):
        for x, cell in zip((60, 160), cells, strict=True):
            canvas.drawString(x, 780 - 16 * number, cell)
    canvas.save()
    (table,), page = blocks_of(tmp_path / "aims.pdf")
    assert rows(table, page) == list(map(list, told))


def test_rows_that_begin_with_small_letters_are_rows(tmp_path: Path) -> None:
    """A word list: nothing begins with a capital, and each line is a row."""
    words = [
        ("English", "Dutch", "French"),
        ("employment policy", "werkgelegenheidsbeleid", "politique de l'emploi"),
        ("equal opportunities", "gelijke kansen", "égalité des chances"),
        ("goal", "doelstelling", "objectif"),
        ("labour market", "arbeidsmarkt", "marché du travail"),
        ("recovery", "herstel", "relance"),
        ("training", "opleiding", "formation"),
    ]
    canvas = Canvas(str(tmp_path / "list.pdf"))
    canvas.setFont(FONT, 10)
    for place, row in enumerate(words):
        for x, cell in zip((72, 220, 380), row, strict=True):
            canvas.drawString(x, 760 - 17 * place, cell)
    canvas.save()
    (table,), page = blocks_of(tmp_path / "list.pdf")
    assert rows(table, page) == [list(row) for row in words]


def test_a_table_of_few_lines_with_a_wrapped_label_stays_whole(tmp_path: Path) -> None:
    """The long words of its labels fill their lines, as those of running text do."""
    cells = [
        (["As"], ["Vraag"]),
        (["Toegang tot werk"], ["Wie vindt er werk in de stad?"]),
        (["Modernisering, heropleving,", "omschakeling"], ["Welke bedrijvigheid is nodig?"]),
        (["Overheidsinstrumenten en", "vereenvoudiging"], ["Met welke middelen dan wel?"]),
    ]
    canvas = Canvas(str(tmp_path / "axes.pdf"))
    canvas.setFont(FONT, 10)
    y = 760.0
    for row in cells:
        for x, lines in zip((96, 236), row, strict=True):
            for place, line in enumerate(lines):
                canvas.drawString(x, y - 11.5 * place, line)
        y -= 16.3 + 11.5 * (max(map(len, row)) - 1)
    canvas.save()
    (table,), page = blocks_of(tmp_path / "axes.pdf")
    assert rows(table, page) == [[" ".join(cell) for cell in row] for row in cells]


def test_a_table_of_contents_whose_chapters_have_no_dots_is_no_table(tmp_path: Path) -> None:
    """The numbers of the chapters' pages stand under those that dots lead to."""
    canvas = Canvas(str(tmp_path / "contents.pdf"))
    y = 780.0
    for chapter in range(1, 7):
        for number in range(4):
            page = str(9 * chapter + number)
            title = (
                f"{chapter}.{number} Hoe wordt de subsidie aangevraagd?" if number else f"{chapter} Subsidies"
            )
            canvas.setFont("Helvetica" if number else "Helvetica-Bold", 10)
            canvas.drawString(90 if number else 72, y, title)
            canvas.drawRightString(520, y, page)
            x = 90 + stringWidth(title, "Helvetica", 10) + 4
            while number and x < 500:
                canvas.drawString(x, y, ".")
                x += 6
            y -= 14
    canvas.save()
    blocks, _ = blocks_of(tmp_path / "contents.pdf")
    assert not [block for block in blocks if block.kind == "table"]


def test_a_stamp_aslant_is_no_frame_around_cells(tmp_path: Path) -> None:
    """Its bounds reach over a table and the text beside that."""
    canvas = Canvas(str(tmp_path / "stamp.pdf"))
    words = " ".join([PARAGRAPHS["nl"]] * 2).split()
    set_justified(canvas, words, slots(50, 780, 180, 12), 10)
    canvas.setFont(FONT, 10)
    cells = [("Gemeente", "Zones"), ("Elsene", "12"), ("Ukkel", "345"), ("Vorst", "67")]
    for row, cell in enumerate(cells):
        canvas.drawString(260, 700 - 16 * row, cell[0])
        canvas.drawString(340, 700 - 16 * row, cell[1])
    canvas.grid([255, 335, 400], [712 - 16 * row for row in range(5)])
    for start in ((150, 720), (330, 740)):  # by a matrix, and by its corners
        canvas.saveState()
        canvas.translate(*start)
        canvas.rotate(-25)
        canvas.rect(0, 0, 120, 26)
        canvas.restoreState()
    path = canvas.beginPath()
    path.moveTo(180, 690)
    for corner in ((300, 640), (310, 664), (190, 714)):
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path)
    canvas.save()
    (paragraph, table), page = blocks_of(tmp_path / "stamp.pdf")
    assert text(paragraph, page) == " ".join(words)
    assert rows(table, page) == [list(cell) for cell in cells]


def test_a_column_goes_on_though_its_marks_hang_into_the_gutter(tmp_path: Path) -> None:
    """Below the end of a short right column."""
    canvas = Canvas(str(tmp_path / "hanging.pdf"))
    words = " ".join([PARAGRAPHS["nl"]] * 2).split()
    left = set_justified(canvas, words, [(50.0, 700.0 - 14 * row, 180.0) for row in range(12)], 11)
    canvas.drawString(231, 700 - 14 * 5, ",")
    canvas.drawString(231, 700 - 14 * 7, ".")
    set_justified(canvas, left[:24], [(243.0, 700.0 - 14 * row, 180.0) for row in range(5)], 11)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "hanging.pdf")
    assert [text(block, page)[:30] for block in blocks] == [
        " ".join(words)[:30],
        " ".join(left[:24])[:30],
    ]


def test_spaces_that_stand_under_each_other_on_a_few_lines_are_no_gutter(tmp_path: Path) -> None:
    """Three of five words begin at one place by chance."""
    lines = (
        ("von 55 km². Der Gemeinderat unterstützt den E-Mail-Verkehr", 394, "bei 88 kWh, sowie die"),
        ("Verwaltungsvereinfachung nach Rücksprache mit den", 397, "Gewerkschaften. Der Rat"),
        ("begrüßt die Lebenshaltungskosten im Laufe des Frühjahrs", 394, "und des Sommers. Die"),
        ("Verkehrsbetriebe verschiebt das Investitionsprogramm ohne", 394, "vorherige Mahnung. Die"),
        ("Arbeitsvermittlungsstelle untersucht die Gleichstellung,", 397, "lumiere ausgenommen. Der"),
    )
    canvas = Canvas(str(tmp_path / "chance.pdf"))
    for row, (left, start, right) in enumerate(lines):
        for part, x0, x1 in ((left, 60.0, 384.0), (right, float(start), 537.0)):
            set_justified(canvas, [*part.split(), "x" * 99], [(x0, 700 - 11.4 * row, x1 - x0)], 9.5)
    canvas.save()
    blocks, page = blocks_of(tmp_path / "chance.pdf")
    assert [text(block, page) for block in blocks] == [
        " ".join(f"{left} {right}" for left, _, right in lines)
    ]
