"""Pages whose order of words rests on weak evidence are told; sound ones are not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.drawn_words import PageText
from ingest.layout.asides import OUTSIDE_COLUMNS
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
    """A heading and the only line of a column beside it are read as one text; the page before is sound."""
    sound = column(50, 60, 6 * LEFT)
    heading: list[Said] = [
        (50, 60, "Het beleid"),
        (300, 60, "databank zonder voorafgaande"),
    ]

    assert pages_told(tmp_path / "a.pdf", sound, [*heading, *column(50, 90, 6 * LEFT)]) == [2]


def test_a_justified_line_of_few_words_is_not_told(tmp_path: Path) -> None:
    """Its spaces are as wide as a gutter, and it stands under lines of a form, which end early."""
    form: list[Said] = [(50, 60, "Zone: 12"), (50, 72, "Wijk: 34"), (50, 84, "Bedrag: 56")]
    even: list[Said] = []
    x = 50.0
    for word in ("De", "gewestelijke", "overheid"):
        even.append((x, 96, word))
        x += stringWidth(word, "Times-Roman", 10) + 34

    assert pages_told(tmp_path / "a.pdf", [*form, *even, *column(50, 108, 6 * LEFT)]) == []


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


def laid_out(*blocks: tuple[float, float, int, Sequence[str]]) -> tuple[list[LayoutBlock], PageText]:
    """Paragraphs (left edge, height of the first line, column, lines), and the page of them; each line is
    one word."""
    texts = [line for _x, _y, _column, lines in blocks for line in lines]
    boxes = [
        (x, y + 12 * place, x + 5.0 * len(line), y + 12 * place + 10)
        for x, y, _column, lines in blocks
        for place, line in enumerate(lines)
    ]
    count = len(texts)
    turns = np.zeros(count, dtype=np.int64)
    page = PageText(
        500.0, 500.0, texts, np.array(boxes), np.full(count, 2.0), np.full(count, 10.0), turns > 0, turns
    )
    found: list[LayoutBlock] = []
    row = 0
    for x, _y, number, lines in blocks:
        rows = [[row + place] for place in range(len(lines))]
        found.append(LayoutBlock("paragraph", [[rows]], number, x, x + 100, 10.0, False))
        row += len(lines)
    return found, page


def test_a_paragraph_parted_at_its_spaces_is_told() -> None:
    """Spaces of justified lines stand above each other by chance, and the text is read as two columns."""
    left = ["De Economische en", "Raad bespreekt de", "van de bewoners na", "met de vakbonden,"]
    right = ["Sociale", "ideeën", "overleg", "alsook"]
    blocks, page = laid_out((50, 60, 0, left), (145, 60, 0, right))

    assert is_order_unsure([(block, "nl") for block in blocks], page)


@pytest.mark.parametrize(("top", "is_told"), [(108, True), (200, False)])
def test_text_that_goes_on_beside_a_box_is_told(top: float, is_told: bool) -> None:
    """Lines beside a box in the gutter look like the last of a paragraph, as they are short."""
    box = ["Een kader in", "het midden van", "de pagina met", "een eigen zin."]
    first, rest = ["De stad koopt huizen", "voor wie er woont."], ["De raad betaalt ze", "met eigen geld."]
    blocks, page = laid_out(
        (50, 60, 0, first), (160, 84, OUTSIDE_COLUMNS, box), (50, top, 0, rest), (300, 60, 1, first)
    )

    assert is_order_unsure([(block, "nl") for block in blocks], page) == is_told


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
