"""What is a table and what is text: justified columns, inset boxes, forms, cells."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.columns import KnownGutters
from ingest.extract import PdfFile
from ingest.layout import Block, lay_out
from ingest.page_text import PageText
from tests.test_ingest_layout import NOTHING_APART, rows, text

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


def blocks_of(path: Path) -> tuple[list[Block], PageText]:
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
