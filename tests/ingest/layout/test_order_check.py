"""Pages whose order of words rests on weak evidence are told; sound ones are not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.drawn_words import PageText
from ingest.layout.block import LayoutBlock
from ingest.layout.order_check import is_order_unsure
from ingest.read_document import read_document
from tests.ingest.layout.test_set_text import document, paragraphs
from tests.layouts.recipe import Element
from tests.layouts.trial import pdf_of

Said = tuple[float, float, str]
"""Left edge, points below the top of the page, and text."""

LEFT = ["De stad koopt huizen en verhuurt ze aan", "gezinnen met kinderen in de hele stad."]


def pages_told(path: Path, *pages: Sequence[Said]) -> list[int]:
    """The pages of a file with these lines of which it is told that their order is unsure."""
    canvas = Canvas(str(path), (500, 500))
    for said in pages:
        canvas.setFont("Times-Roman", 10)
        for x, y, text in said:
            canvas.drawString(x, 500 - y, text)
        canvas.showPage()
    canvas.save()
    reading = read_document(path, 10, lambda done, total: None)
    list(reading.pages)
    return [page for warning in reading.warnings if warning.code == "unsure_order" for page in warning.pages]


def column(x: float, y: float, texts: Sequence[str]) -> list[Said]:
    return [(x, y + 12 * place, text) for place, text in enumerate(texts)]


def test_a_line_that_reaches_out_of_its_column_is_told(tmp_path: Path) -> None:
    """A heading and a column of two lines beside it are read as one text; the page before is sound."""
    sound = column(50, 60, 6 * LEFT)
    heading: list[Said] = [
        (50, 60, "Het beleid"),
        (300, 60, "databank zonder voorafgaande"),
        (300, 72, "waarschuwing."),
    ]

    assert pages_told(tmp_path / "a.pdf", sound, [*heading, *column(50, 90, 6 * LEFT)]) == [2]


def test_sentences_that_do_not_meet_are_told(tmp_path: Path) -> None:
    """Above and below a box in the middle of the page stand two columns: which is read after which?"""
    left = [
        "De stad koopt huizen en verhuurt ze",
        "aan gezinnen met kinderen in de stad",
        "en aan wie er werkt. Zij betaalt ze.",
    ]
    right = [
        "elke week een deel van de huur aan",
        "wie er zelf woont en geen werk meer",
        "vindt in de stad. Dat is een recht.",
    ]
    open_end = [
        "De raad van de stad vergadert over",
        "de huur van een huis en de prijs van",
        "het werk aan de huizen, en vraagt zo",
    ]
    last = [
        "De raad gaf geld voor al dat werk en",
        "de bewoners van de stad keurden dat",
        "goed in het begin van dit jaar zelf.",
    ]
    box: list[Said] = [(170, 150, "De raad heeft gesproken over het wonen")]
    said = [
        *column(50, 60, left),
        *column(270, 60, right),
        *box,
        *column(50, 180, [*LEFT, *open_end]),
        *column(270, 180, [*LEFT, *last]),
    ]

    assert pages_told(tmp_path / "a.pdf", said) == [1]


def test_a_paragraph_parted_at_its_spaces_is_told() -> None:
    """Spaces of justified lines stand above each other by chance, and the text is read as two columns."""
    halves = [
        ("De Economische en", "Sociale"),
        ("Raad bespreekt de", "ideeën"),
        ("van de bewoners na", "overleg"),
        ("met de vakbonden,", "alsook"),
        ("het mobiliteitsplan", "zonder"),
    ]
    blocks = []
    for part, x in ((0, 50.0), (1, 145.0)):
        lines = [[place * 2 + part] for place in range(len(halves))]
        blocks.append(LayoutBlock("paragraph", [[lines]], 0, x, x + 90, 10.0, False))
    boxes = [
        (x, 60.0 + 12 * place, x + width, 70.0 + 12 * place)
        for place in range(len(halves))
        for x, width in ((50.0, 86.0), (145.0, 35.0))
    ]
    count = len(boxes)
    page = PageText(
        500.0,
        500.0,
        [text for pair in halves for text in pair],
        np.array(boxes),
        np.full(count, 2.0),
        np.full(count, 10.0),
        np.zeros(count, dtype=np.bool_),
        np.zeros(count, dtype=np.int64),
    )

    assert is_order_unsure([(block, "nl") for block in blocks], page)


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_sound_pages_are_not_told(tmp_path: Path, columns: int) -> None:
    rows = (("Gemeente", "Zones"), ("Elsene", "12.345"), ("Sint-Gillis", "67"), ("Ukkel", "8,9 %"))
    elements = [
        *paragraphs(4),
        Element("table", ("nl",), rows, "half-ruled"),
        Element("list", ("nl",), (("Eerst de huur.",), ("dan het werk.",)), "–"),
        *paragraphs(6, seed=2, note="Zie de bijlage."),
    ]
    path = tmp_path / "sound.pdf"
    path.write_bytes(
        pdf_of(
            document(elements, "justified", "footnotes", "half-ruled tables", columns=columns, width=160.0)
        )
    )

    reading = read_document(path, 20, lambda done, total: None)

    assert list(reading.pages)
    assert reading.warnings == []
