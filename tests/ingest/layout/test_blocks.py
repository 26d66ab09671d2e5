"""Where headings, paragraphs and lists begin and end, on pages set by a typesetter and drawn line by line."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import typst
from reportlab.pdfgen.canvas import Canvas

from archive.records import Block
from ingest.layout.gutters import KnownGutters
from ingest.layout.page_layout import lay_out
from ingest.page.pdf_words import PdfFile
from ingest.read_document import read_document

BODY = (
    "De commissie onderzocht de begroting van de gemeente en vond daarin geen enkele fout. Zij vroeg om een"
    " verslag over de uitgaven van het voorbije jaar, dat in de herfst wordt besproken met alle leden van de"
    " raad."
)
Drawn = tuple[float, float, str, float, str]
"""x, y from the top, font, size, text."""


def typeset(path: Path, source: str) -> list[Block]:
    """The blocks of a page that is set so, in Dutch and justified."""
    settings = """
    #set page(width: 15cm, height: 24cm, margin: 2cm)
    #set text(size: 10pt, lang: "nl")
    #set par(justify: true, spacing: 0.65em)
    """
    typst.compile((settings + source).encode(), output=str(path))
    pages = read_document(path, 5, lambda done, total: None).pages
    return [block for page in pages for block in page.blocks]


def drawn(path: Path, lines: Sequence[Drawn]) -> list[tuple[str, list[str]]]:
    """For each block of a page that is drawn so, its kind and the texts of its items."""
    canvas = Canvas(str(path), pagesize=(595, 842))
    for x, y, font, size, text in lines:
        canvas.setFont(font, size)
        canvas.drawString(x, 842 - y, text)
    canvas.save()
    with PdfFile(path) as pdf:
        page = pdf.text(1)
    return [
        (
            block.kind,
            [
                " ".join(page.texts[word] for cell in row for line in cell for word in line)
                for row in block.rows
            ],
        )
        for block in lay_out(page, 10.0, KnownGutters(), np.empty(0, dtype=np.int64))
    ]


def column(texts: Sequence[str | tuple[str, str]], x: float = 60, leading: float = 13) -> list[Drawn]:
    """Lines one under the other, in Times or the font given with them."""
    return [
        (
            x,
            80 + leading * row,
            *(("Times-Roman", 10.0, text) if isinstance(text, str) else (text[0], 10.0, text[1])),
        )
        for row, text in enumerate(texts)
    ]


def test_a_heading_in_another_face_is_apart_from_the_sentence_below(tmp_path: Path) -> None:
    """The font's name does not say that it is bold; the second heading takes two lines."""
    heading = "Een lange kop over de doelstellingen van het beleid die niet op een regel past en doorloopt"
    blocks = typeset(
        tmp_path / "headings.pdf",
        f"""
        #text(font: "DejaVu Sans Mono", size: 10pt)[Visie]

        {BODY}

        #text(weight: "bold")[{heading}]

        {BODY} #strong[Dit hele deel van een zin staat in een vette letter over meer dan een regel],
        en zo gaat zij verder. {BODY}

        #strong[Besluit.] {BODY}
        """,
    )
    texts = [block.text for block in blocks]
    assert texts[:3] == ["Visie", BODY, heading]
    assert texts[3].startswith(BODY)
    assert texts[3].endswith(f"en zo gaat zij verder. {BODY}")
    assert texts[4] == f"Besluit. {BODY}"
    assert [block.kind for block in blocks] == ["heading", "paragraph", "heading", "paragraph", "paragraph"]


def test_a_heading_in_capitals_or_set_as_the_text_is_apart(tmp_path: Path) -> None:
    long = "De gemeente vraagt een verslag over alle uitgaven van het jaar en bespreekt dat in de"
    assert drawn(
        tmp_path / "plain.pdf",
        column(["BESLUIT VAN DE RAAD", long, "herfst.", "Nog te ontvangen bijdragen", long, "winter."]),
    ) == [
        ("heading", ["BESLUIT VAN DE RAAD"]),
        ("paragraph", [f"{long} herfst."]),
        ("paragraph", ["Nog te ontvangen bijdragen"]),
        ("paragraph", [f"{long} winter."]),
    ]


@pytest.mark.parametrize("has_rule", [True, False])
def test_a_note_that_runs_on_under_a_broken_word_is_no_part_of_it(tmp_path: Path, has_rule: bool) -> None:
    """The text ends within a word, the rest of a note of the column before begins with small letters."""
    lines = ["De raad besprak het verslag over de uit-", "gaven van het gewest. De raad ver-"]
    text = [
        *column(lines, leading=14.0),
        (60.0, 80 + 14.0 * 2, "Times-Roman", 8.5, "seert de begroting van dit jaar."),
    ]
    if not has_rule:
        text[-1] = (60.0, 80 + 14.0 * 2.5, *text[-1][2:])
    path = tmp_path / "note.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842))
    for x, y, font, size, line in text:
        canvas.setFont(font, size)
        canvas.drawString(x, 842 - y, line)
    if has_rule:
        canvas.line(60, 842 - 97, 110, 842 - 97)
    canvas.save()
    (page,) = read_document(path, 5, lambda done, total: None).pages
    assert [block.text for block in page.blocks] == [
        "De raad besprak het verslag over de uitgaven van het gewest. De raad ver-",
        "seert de begroting van dit jaar.",
    ]


@pytest.mark.parametrize("is_hanging", [True, False])
def test_a_paragraph_indented_less_than_items_follows_the_list(tmp_path: Path, is_hanging: bool) -> None:
    """Also where no item has a second line."""
    texts = ["Een eerste punt van de lijst", "over de begroting.", "Een tweede punt."]
    lines: list[Drawn] = []
    for row, text in enumerate(texts if is_hanging else texts[:1]):
        if text.startswith("Een"):
            lines.append((60, 80 + 13 * row, "Times-Roman", 10, "\u2022"))
        lines.append((82, 80 + 13 * row, "Times-Roman", 10, text + ("" if is_hanging else ".")))
    first = 80 + 13 * (3 if is_hanging else 1)
    paragraph = ["De raad vraagt daarna een verslag", "aan de gemeente over de lijst."]
    for row, (x, text) in enumerate(zip((74, 60), paragraph, strict=True)):
        lines.append((x, first + 13 * row, "Times-Roman", 10, text))
    items = (
        ["\u2022 Een eerste punt van de lijst over de begroting.", "\u2022 Een tweede punt."]
        if is_hanging
        else ["\u2022 Een eerste punt van de lijst."]
    )
    assert drawn(tmp_path / "less.pdf", lines) == [("list", items), ("paragraph", [" ".join(paragraph)])]


def test_an_article_alone_on_a_line_is_no_heading(tmp_path: Path) -> None:
    """The next word had no room, hyphens were not allowed, and the line is indented."""
    lines = [
        "De raad besprak het verslag over",
        "de uitgaven van het gewest.",
        "Die",
        "Regionalverwaltung untersucht den",
        "Haushalt der Stadt und berichtet im",
        "Herbst.",
    ]
    blocks = drawn(
        tmp_path / "article.pdf", [(72, *line[1:]) if line[4] == "Die" else line for line in column(lines)]
    )
    assert blocks == [
        ("paragraph", [" ".join(lines[:2])]),
        ("paragraph", [" ".join(lines[2:])]),
    ]


def test_a_paragraph_at_the_bullets_follows_the_list(tmp_path: Path) -> None:
    items = [
        "vernieuwing van wat er al is, zoals de werkwijzen en de uitrusting van alle diensten samen;",
        "omschakeling.",
    ]
    for sign, marks in {"-": ("•", "•"), "+": ("1.", "2.")}.items():
        lines = "\n".join(f"{sign} {item}" for item in items)
        blocks = typeset(tmp_path / "list.pdf", f"Inleiding op de lijst:\n{lines}\n\n{BODY}")
        assert [block.text for block in blocks[-2:]] == [
            "\n".join(f"{mark} {item}" for mark, item in zip(marks, items, strict=True)),
            BODY,
        ]


@pytest.mark.parametrize("mark", list("→⇒➔●■□☒☑✓✗➢◦–"))
def test_signs_begin_items(tmp_path: Path, mark: str) -> None:
    items = [f"{mark} maatregel {word}" for word in ("een", "twee", "drie")]
    (block,) = typeset(tmp_path / "signs.pdf", '#set text(font: "DejaVu Sans")\n' + "\n\n".join(items))
    assert block.kind == "list"
    assert [line.split(" ", 1)[1] for line in block.text.split("\n")] == [
        "maatregel een",
        "maatregel twee",
        "maatregel drie",
    ]


def test_a_number_or_sign_in_a_sentence_begins_no_item(tmp_path: Path) -> None:
    begin = "De raad wijkt af van de regels die gelden voor gemeenten zoals bepaald"
    for line, next_line in (
        (f"{begin} in artikel", "5.1 van de wet en van"),
        (f"{begin} op pagina", "12. De wet zegt dat er ook andere regels zijn voor"),
        (f"{begin} in punt", "b) van de wet en van"),
        (f"{begin} – en zo zijn er veel", "– en kiest een weg voor"),
    ):
        lines = [line, next_line, "de gewesten."]
        assert drawn(tmp_path / "sentence.pdf", column(lines)) == [("paragraph", [" ".join(lines)])]
    whole = [
        "5.1 van de wet zegt dat de raad zelf kiest welke weg hij volgt en wanneer hij dat doet, en",
        "ook hoe.",
    ]
    assert drawn(tmp_path / "first.pdf", column(whole)) == [("paragraph", [" ".join(whole)])]
    items = [
        "1. een eerste punt dat zo lang is dat het de hele regel vult, tot aan de rand van de tekst",
        "2. een tweede",
    ]
    assert drawn(tmp_path / "items.pdf", column(items)) == [("list", items)]


def test_short_sentences_of_two_languages_in_turn_are_a_block_each(tmp_path: Path) -> None:
    """Their stop words are too few, or of both languages, to tell; a name is no other language."""
    lines = [
        "De oudste instelling bekritiseert de voorschriften.",
        "L’association de quartier évalue un rendez-vous hebdomadaire.",
        "De gewestelijke overheidsdienst bespreekt de energieprestaties.",
        "L’enquête socio-économique coordonne le programme.",
    ]
    assert drawn(tmp_path / "turns.pdf", column(lines)) == [("paragraph", [line]) for line in lines]
    whole = [
        "Meer cultuurparticipatie door uitvoering van de regeling en het sportakkoord II:",
        "Fit in Wassenaar",
    ]
    assert len(drawn(tmp_path / "whole.pdf", column(whole))) == 1


def test_sentences_of_two_languages_in_turn_are_a_block_each(tmp_path: Path) -> None:
    """Whether lines are far from each other or not, and the longest one fills its line."""
    pairs = [
        ("De Brusselse regering besliste om de steun aan kleine ondernemingen te verhogen.",
         "Le gouvernement a décidé d'augmenter le soutien aux petites entreprises."),
        ("De werkzoekenden krijgen een begeleiding op maat van hun ervaring en van hun vragen.",
         "Les demandeurs d'emploi reçoivent un accompagnement adapté à leurs questions et expériences."),
        ("Het gewest werkt daarvoor samen met de gemeenten.",
         "La Région collabore pour cela avec les communes."),
    ]  # fmt: skip
    lines = [line for pair in pairs for line in pair]
    for leading in (11.5, 13.0, 20.0):
        found = drawn(tmp_path / "turns.pdf", column(lines, leading=leading))
        assert found == [("paragraph", [line]) for line in lines]
    languages = [
        (block.text, block.language)
        for page in read_document(tmp_path / "turns.pdf", 5, lambda done, total: None).pages
        for block in page.blocks
    ]
    assert languages == [
        (line, language) for pair in pairs for line, language in zip(pair, ("nl", "fr"), strict=True)
    ]
