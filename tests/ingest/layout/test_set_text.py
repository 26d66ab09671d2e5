"""Kinds of layout that random documents showed to be read wrongly: each is set here, and read rightly."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.read_document import read_document
from tests.layouts.recipe import Element, Engine, Recipe
from tests.layouts.texts import Texts
from tests.layouts.trial import Trial, pdf_of, try_out
from tests.material.pdf_files import raw_pdf


def paragraph(*sentences: str, has_initial: bool = False, note: str = "") -> Element:
    return Element("paragraph", ("nl",), (sentences,), has_initial=has_initial, note=note)


def sentences(count: int, seed: int = 1, longest: int = 16) -> list[str]:
    """Dutch sentences, always the same ones."""
    texts = Texts(random.Random(seed), longest)
    return [texts.sentence("nl") for _ in range(count)]


def paragraphs(count: int, seed: int = 1, **options: Any) -> list[Element]:
    """Paragraphs of three or four sentences."""
    left = iter(sentences(4 * count, seed))
    return [paragraph(*(next(left) for _ in range(3 + place % 2)), **options) for place in range(count)]


def document(elements: Sequence[Element], *features: Any, **layout: Any) -> Recipe:
    """A document on pages of 500 points, in columns of 230 and letters of 10."""
    return Recipe(
        **{
            "name": "test",
            "engine": "typst",
            "features": frozenset(features),
            "columns": 1,
            "width": 230.0,
            "gutter": 26.0,
            "margin": 60.0,
            "page_height": 500.0,
            "size": 10.0,
            "leading": 1.25,
            "is_indented": False,
            "font": "Libertinus Serif",
            "elements": tuple(elements),
        }
        | layout
    )


def faults(trial: Trial) -> dict[str, list[str]]:
    return {name: each for name, each in trial.findings.faults.items() if each}


def blocks(trial: Trial) -> list[str]:
    return [block.text for page in trial.pages for block in page.blocks if block.kind != "running"]


@pytest.mark.parametrize("engine", ["typst", "reportlab"])
@pytest.mark.parametrize("is_indented", [True, False])
def test_lines_beside_an_initial_are_of_its_paragraph(engine: Engine, is_indented: bool) -> None:
    elements = paragraphs(5, has_initial=True)

    trial = try_out(document(elements, "justified", engine=engine, is_indented=is_indented))

    assert faults(trial) == {}
    assert blocks(trial)[0] == " ".join(elements[0].texts[0])


@pytest.mark.parametrize("count", [14, 15])
@pytest.mark.parametrize("engine", ["typst", "reportlab"])
def test_lines_are_numbered_in_two_columns(engine: Engine, count: int) -> None:
    """Each line, or each fifth where the number of paragraphs is odd."""
    trial = try_out(document(paragraphs(count), "line numbers", "justified", columns=2, engine=engine))

    assert faults(trial) == {}
    beside = [block for block in trial.pages[0].blocks if block.kind == "running"]
    assert [block.text.split()[:2] for block in beside] == [["5", "10"] if count % 2 else ["1", "2"]]


@pytest.mark.parametrize(
    "text", ["Le chiffre d’affaires", "Het CO₂-verbruik in Citydev", "De verduurzaming van Heembeek"]
)
def test_a_heading_may_be_set_with_letters_apart(text: str) -> None:
    """On several lines, with apostrophes and hyphens."""
    heading = Element("heading", ("nl",), ((text,),), "spaced")

    trial = try_out(document([heading, *paragraphs(3)]))

    assert faults(trial) == {}
    assert blocks(trial)[0] == text


def test_words_of_a_heading_with_letters_apart_are_no_cells() -> None:
    """The spaces between them are as wide as those between the cells of a table, and justified."""
    heading = Element("heading", ("en",), (("A twenty-year-old regulation Heembeek",),), "spaced")

    texts = Texts(random.Random(1), 16)
    text = Element("paragraph", ("en",), (tuple(texts.sentence("en") for _ in range(6)),))

    trial = try_out(
        document([heading, text], "justified", size=11.0, width=271.0, font="New Computer Modern")
    )

    assert faults(trial) == {}


def test_a_label_in_the_margin_is_a_block_of_its_own() -> None:
    """One word or two, left or right of the text, set smaller and at the height of any line."""
    elements = paragraphs(6)
    elements[1] = paragraph(*elements[1].texts[0], note="Werking")
    elements[4] = paragraph(*elements[4].texts[0][:3], note="Het vervoersaanbod")

    trial = try_out(document(elements, "side notes", "justified", margin=130.0))

    assert faults(trial) == {}
    assert {"Werking", "Het vervoersaanbod"} <= set(blocks(trial))


def test_a_dash_at_the_end_of_a_line_stays() -> None:
    """The PDF engine takes it for the hyphen of a broken word."""
    trial = try_out(document(paragraphs(6), "page labels", label="- {} -", page_height=300.0))

    assert faults(trial) == {}
    assert trial.pages[0].blocks[-1].text == "- 1 -"


def test_a_hyphen_that_the_engine_takes_for_a_line_breaks_no_word() -> None:
    """pdfium does so on pages with many short lines and numbers beside them."""
    recipe = document(
        paragraphs(8),
        *("hyphenated", "line numbers"),
        width=130.5,
        columns=3,
        gutter=36.0,
        margin=45.0,
        page_height=600.0,
    )
    with pypdfium2.PdfDocument(pdf_of(recipe)) as pdf:
        assert pdf[0].get_textpage().get_text_range().count("\r\n\xad\r\n") > 20

    assert faults(try_out(recipe)) == {}


def test_a_right_column_that_ends_early_comes_after_the_whole_left_one() -> None:
    """With a heading in the left one, below its end."""
    heading = Element("heading", ("nl",), (("De huurprijzen",),))
    elements = [*paragraphs(4), heading, *paragraphs(3, seed=2)]

    trial = try_out(document(elements, "justified", columns=2))

    assert faults(trial) == {}
    columns = [min(word.boxes[0][0] for word in block.words) for block in trial.pages[0].blocks]
    assert columns == sorted(columns)


@pytest.mark.parametrize("style", ["line", "dots", "underscores"])
def test_a_sentence_under_a_form_is_a_block_of_its_own(style: str) -> None:
    """Also where the last line of the form is empty."""
    for value in ("horeca", ""):
        rows = (("Gemeente:", "Schaarbeek"), ("Bedrag:", ""), ("Sector:", value))
        elements = [Element("form", ("nl",), rows, style), *paragraphs(3)]

        trial = try_out(document(elements, "forms", is_indented=True))

        assert faults(trial) == {}


def test_a_table_may_have_rules_across_only() -> None:
    """Its columns are close to each other, and it has a neighbour with the text of the page."""
    rows = (("Gemeente", "Zones"), ("Elsene", "12.345"), ("Sint-Gillis", "67"), ("Ukkel", "8,9 %"))
    table = Element("table", ("nl",), rows, "half-ruled", feature="half-ruled tables")

    trial = try_out(document([*paragraphs(2), table, *paragraphs(6, seed=2)], "justified", columns=2))

    assert faults(trial) == {}
    (read,) = [block for block in trial.pages[0].blocks if block.kind == "table"]
    assert read.text == "\n".join("\t".join(row) for row in rows)


def test_columns_between_rules_may_stand_close_to_each_other() -> None:
    """The gaps are hardly wider than the spaces of large letters."""
    rows = (
        ("Verdrag", "Zone", "Beoordeling"),
        ("Beoordeling", "20,3 %", "111"),
        ("Sector", "62.496", "35,3 %"),
        ("Beoordeling", "23.284", "61.840"),
    )
    table = Element("table", ("nl",), rows, "half-ruled", feature="half-ruled tables")

    trial = try_out(document([*paragraphs(2), table], size=12.5, width=300.0))

    assert faults(trial) == {}
    (read,) = [block for block in trial.pages[0].blocks if block.kind == "table"]
    assert read.text == "\n".join("\t".join(row) for row in rows)


def test_columns_of_figures_without_rules_may_stand_close_to_each_other() -> None:
    rows = (
        ("Voorschriften", "Beleid", "Zones", "Werkzoekenden"),
        ("Alternatief", "35,8 %", "69,0 %", "77.236"),
        ("Zone-indeling", "794", "39.381", "718"),
        ("Vervoersaanbod", "93.108", "91.543", "7.305"),
    )
    table = Element("table", ("nl",), rows, "bare", feature="bare tables")

    trial = try_out(document([*paragraphs(2), table, *paragraphs(1, seed=3)], width=400.0))

    assert faults(trial) == {}
    (read,) = [block for block in trial.pages[0].blocks if block.kind == "table"]
    assert read.text == "\n".join("\t".join(row) for row in rows)


def test_rules_between_paragraphs_make_no_table(tmp_path: Path) -> None:
    """Paragraphs of a sentence or two, each under a rule as wide as the text."""
    lines = ["0.5 w"]
    texts = [
        "De stad koopt huizen en verhuurt die aan gezinnen met kinderen.",
        "Het gewest geeft daar elk jaar geld voor.",
        "Wie een huis zoekt, schrijft zich in bij de gemeente.",
        "De lijst is lang, want er zijn weinig huizen.",
    ]
    for place, text in enumerate(texts):
        y = 700 - 40 * place
        lines.append(f"72 {y} m 420 {y} l S BT /F1 10 Tf 1 0 0 1 72 {y - 20} Tm ({text}) Tj ET")
    path = tmp_path / "rules.pdf"
    path.write_bytes(raw_pdf("\n".join(lines)))

    (page,) = read_document(path, 10, lambda done, total: None).pages

    assert [block.text for block in page.blocks] == texts


def test_long_notes_in_small_print_do_not_cut_text_with_wide_lines() -> None:
    """Most lines of the column are those of the note, which stand closer."""
    elements = [paragraph(*sentences(5, seed=6), note=" ".join(sentences(6, seed=4)))]

    trial = try_out(document(elements, "justified", "footnotes", width=150.0, leading=1.45))

    assert faults(trial) == {}


def test_the_rest_of_a_note_under_the_next_column_is_no_text_of_that_column() -> None:
    """The text above it ends with a sentence; that the note before it does not, tells what it is."""
    long = paragraph(*sentences(1), note=" ".join(sentences(9, seed=4)))
    elements = [long, *(paragraph(sentence) for sentence in sentences(14, seed=2))]

    trial = try_out(document(elements, "footnotes", columns=3, width=150.0, page_height=332.0))

    assert faults(trial) == {}


def test_a_column_begins_beside_a_box_at_the_head_of_the_other() -> None:
    """The first lines of the right column stand beside the box, with a heading among them."""
    box = Element("inset", ("nl",), (tuple(sentences(4, seed=3)),), "framed")
    heading = Element("heading", ("nl",), (("Drieëntwintig zones",),))
    elements = [box, *paragraphs(3), heading, *paragraphs(3, seed=2)]

    trial = try_out(document(elements, "insets", "justified", columns=2, width=150.0, page_height=560.0))

    assert faults(trial) == {}


@pytest.mark.parametrize("style", ["dots", "underscores"])
def test_a_value_over_a_line_stays_whole_where_a_sign_is_of_another_font(style: str) -> None:
    """The PDF engine then reads pieces of the value and of the line by turns."""
    rows = (("Auto-ongeval:", "Co₂-verbruik"), ("Bedrag:", "zone-indeling"), ("Sector:", "CO₂ en 3 m²"))
    form = Element("form", ("nl",), rows, style)

    trial = try_out(document([form, *paragraphs(2)], "forms", font="New Computer Modern", width=150.0))

    assert faults(trial) == {}
    assert blocks(trial)[0].split() == " ".join(map(" ".join, rows)).split()


def test_the_edge_of_a_column_is_that_of_its_bullets() -> None:
    """Also where most of its lines are the texts of a list, and one of them begins the column."""
    said = sentences(16)
    items = Element(
        "list",
        ("nl",),
        tuple((f"{one} {other}",) for one, other in zip(said[::2], said[1::2], strict=True)),
        "a)",
    )
    elements = [paragraph(*sentences(3, seed=2)), items]

    trial = try_out(document(elements, "lists", "justified", columns=2, width=140.0))

    assert faults(trial) == {}


def test_a_paragraph_may_end_with_the_number_of_a_note() -> None:
    elements = [
        paragraph(each, note=other) for each, other in zip(sentences(8), sentences(8, 2), strict=True)
    ]

    trial = try_out(document(elements, "footnotes", is_indented=True))

    assert faults(trial) == {}


@pytest.mark.parametrize("heading", ["Beleid", "Co₂"])
def test_a_small_table_of_labels_and_figures_has_narrow_gutters(heading: str) -> None:
    cells = (("Zones", heading), ("Huurprijzen", "78,5 %"), ("Huurprijzen", "56,3 %"), ("Databank", "6.507"))
    table = Element("table", ("nl",), cells, "bare")

    trial = try_out(document([*paragraphs(2), table, *paragraphs(2, seed=2)], "bare tables", "justified"))

    assert faults(trial) == {}


def test_a_note_in_small_print_may_be_nearly_as_wide_as_the_text() -> None:
    elements = [*paragraphs(1, note="L’apprentissage des langues Josaphat"), *paragraphs(2, seed=2)]

    trial = try_out(document(elements, "side notes", "justified", width=205.0, margin=150.0, size=10.5))

    assert faults(trial) == {}


@pytest.mark.parametrize("note", ["Werking", "Het vervoersaanbod Kanaal"])
def test_a_label_in_small_print_stands_beside_a_few_lines(note: str) -> None:
    """At the head of a page on which there is little else; a label of one word is narrow."""
    trial = try_out(document([paragraph(*sentences(3), note=note)], "side notes", "justified", margin=130.0))

    assert faults(trial) == {}
    assert note in blocks(trial)


def test_a_hyphen_that_hangs_into_the_gutter_does_not_end_it() -> None:
    """A table beside the first lines stands a little out of its column."""
    rows = (("Zones", "Beleid"), *((f"Huurprijzen {place}", f"{place}.345") for place in range(2, 9)))
    table = Element("table", ("nl",), rows, "ruled")
    elements = [*paragraphs(4, seed=5), table, *paragraphs(2, seed=2)]

    trial = try_out(
        document(elements, "hyphenated", "justified", "ruled tables", columns=2, width=160.0, gutter=12.0)
    )

    assert faults(trial) == {}


def test_the_left_column_goes_on_beside_a_line_at_the_head_of_the_right_one(tmp_path: Path) -> None:
    """Where the right column begins is known from the page before; a heading stands in the left one."""
    lines = ["De stad koopt huizen en verhuurt ze aan", "gezinnen met kinderen in de hele stad."]
    canvas = Canvas(str(tmp_path / "short.pdf"), (500, 400))

    def column(x: float, top: float, said: Sequence[str]) -> None:
        canvas.setFont("Times-Roman", 10)
        for place, line in enumerate(said):
            canvas.drawString(x, top - 12 * place, line)

    column(40, 360, 12 * lines)
    column(270, 360, 12 * lines)
    canvas.showPage()
    column(40, 360, 5 * lines)
    canvas.setFont("Times-Bold", 13)
    canvas.drawString(40, 218, "Het beleid van de stad")
    column(40, 200, 5 * lines)
    column(270, 360, ["Zo is het gegaan."])
    canvas.save()

    *_, page = read_document(tmp_path / "short.pdf", 10, lambda done, total: None).pages

    assert page.blocks[-1].text == "Zo is het gegaan."


def test_two_lines_of_a_few_words_far_apart_are_no_table() -> None:
    """They are justified: the white within each is even, and both fill the column."""
    text = "Verkehrsbetriebe begrüßt den Wirtschafts- und Sozialrat ohne vorherige Ankündigung."
    elements = [*paragraphs(2), Element("paragraph", ("de",), ((text,),)), *paragraphs(2, seed=2)]

    for width in (110.0, 118.0, 126.0, 134.0):
        assert faults(try_out(document(elements, "justified", width=width, engine="reportlab"))) == {}


@pytest.mark.parametrize("style", ["top", "bottom"])
def test_no_gutter_runs_through_a_box_at_the_end_of_a_page(style: str) -> None:
    """Each of these widths has a space of the box where the gutter is."""
    box = Element("inset", ("nl",), (tuple(sentences(3, seed=3)),), style, feature="insets")

    for width in (140.0, 150.0, 160.0):
        trial = try_out(
            document([*paragraphs(4), box, *paragraphs(5, seed=2)], "insets", columns=3, width=width)
        )
        assert faults(trial) == {}


def test_a_long_line_of_small_print_over_a_large_title_is_one_line(tmp_path: Path) -> None:
    """Its last word stands right of the title, but not in the margin."""
    canvas = Canvas(str(tmp_path / "title.pdf"), (500, 300))
    canvas.setFont("Times-Roman", 9)
    canvas.drawString(60, 240, "Archief van de plannen van het hele Gewest")
    canvas.setFont("Times-Bold", 24)
    for place, line in enumerate(("Het plan", "van de stad", "en de haven")):
        canvas.drawString(60, 200 - 28 * place, line)
    canvas.save()

    (page,) = read_document(tmp_path / "title.pdf", 10, lambda done, total: None).pages

    assert page.blocks[0].text == "Archief van de plannen van het hele Gewest"


def test_a_known_gutter_may_begin_with_lines_of_the_right_column_alone(tmp_path: Path) -> None:
    """White follows them, then lines of the left column alone."""
    lines = ["De stad koopt huizen en verhuurt ze aan", "gezinnen met kinderen in de hele stad."]
    canvas = Canvas(str(tmp_path / "right.pdf"), (500, 400))

    def column(x: float, top: float, said: Sequence[str]) -> None:
        canvas.setFont("Times-Roman", 10)
        for place, line in enumerate(said):
            canvas.drawString(x, top - 12 * place, line)

    column(40, 360, 12 * lines)
    column(270, 360, 12 * lines)
    canvas.showPage()
    column(270, 360, lines)
    column(40, 290, 4 * lines)
    canvas.save()

    *_, page = read_document(tmp_path / "right.pdf", 10, lambda done, total: None).pages

    words = [word for block in page.blocks for word in block.text.split()]
    assert sorted(words) == sorted(5 * " ".join(lines).split())
