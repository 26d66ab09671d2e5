"""Fonts that name their letters wrongly in a part of a page: what they draw is read, all else stays."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import typst

from archive.records import Block, OcrInstruction, Page, Word
from ingest.ocr import tesseract
from ingest.page.pdf_words import PdfFile
from ingest.read_document import read_document
from tests.material.lying_fonts import (
    FIGURES,
    LOWER,
    SHIFTED,
    UPPER,
    Text,
    names_in_map,
    ornate_pdf,
    set_in_faces,
    shifted,
    type3_pdf,
)

needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract") or not tesseract.is_available(), reason="tesseract is not installed"
)

BODY = (
    "De raad bespreekt de bouw van een nieuwe brug over het kanaal.",
    "De kosten worden gedragen door de stad en het gewest samen.",
    "De werken beginnen in de zomer en duren ongeveer twee jaar.",
    "De bewoners van de wijk krijgen een brief met uitleg en data.",
    "Een commissie volgt de werken op en brengt verslag uit.",
)
HEADING = "Begroting voor de nieuwe brug"
LETTERS = sorted(set(HEADING))
BODY_SET: list[Text] = [(72, 200 + 16 * row, "plain", 11, line) for row, line in enumerate(BODY)]

LABELS = ("Personeel", "Werking", "Subsidies", "Schuld")
AMOUNTS = (("1.234", "5.678"), ("90.123", "4.567"), ("8.901", "2.345"), ("678", "9.012"))
TABLE: list[Text] = [
    *((72, 380 + 16 * row, "plain", 11, label) for row, label in enumerate(LABELS)),
    *(
        (left, 380 + 16 * row, "second", 11, amount)
        for row, amounts in enumerate(AMOUNTS)
        for left, amount in zip((250, 350), amounts, strict=True)
    ),
]
TABLE_READ = "\n".join("\t".join((label, *amounts)) for label, amounts in zip(LABELS, AMOUNTS, strict=True))

POLICIES = ("onderwijs", "gezondheid", "mobiliteit", "leefmilieu", "werkgelegenheid", "huisvesting")


def read(
    content: bytes, folder: Path, instructions: Mapping[int, OcrInstruction] | None = None
) -> tuple[list[Page], list[tuple[str, tuple[int, ...]]]]:
    file = folder / "lying.pdf"
    file.write_bytes(content)
    reading = read_document(file, 10, lambda done, total: None, ocr_instructions=instructions)
    pages = list(reading.pages)
    return pages, [(warning.code, warning.pages) for warning in reading.warnings]


def blocks_of(page: Page, kind: str) -> list[str]:
    return [block.text for block in page.blocks if block.kind == kind]


def said(content: bytes, folder: Path) -> list[str]:
    """What the text layer of the first page says."""
    file = folder / "said.pdf"
    file.write_bytes(content)
    with PdfFile(file) as pdf:
        return pdf.text(1).texts


def marked(page: Page) -> list[str]:
    return [word.text for block in page.blocks for word in block.words if word.is_doubtful]


READ_ANEW = [("lying_font_read_by_ocr", (1,))]


@needs_tesseract
@pytest.mark.parametrize(
    ("codes", "names"),
    [
        (range(33, 60), {code: chr(97 + 7 * place % 26) for place, code in enumerate(range(33, 60))}),
        (range(33, 60), {}),
        (range(1, 28), {}),
    ],
    ids=["false names", "codes for names", "control codes for names"],
)
def test_a_heading_of_drawn_letters_is_read_in_its_place(
    codes: Sequence[int], names: Mapping[int, str], tmp_path: Path
) -> None:
    code_of = dict(zip(LETTERS, codes, strict=False))
    content = type3_pdf([(72, 60, HEADING)], BODY, code_of, names_in_map(names) if names else "")
    assert HEADING not in " ".join(said(content, tmp_path)), "the file does not say it"
    (page,), warnings = read(content, tmp_path)
    assert warnings == READ_ANEW
    heading, *body = page.blocks
    assert (heading.kind, heading.text) == ("heading", HEADING)
    assert [block.text for block in body] == list(BODY)
    assert page.source == "text layer"
    first, *_, last = heading.words
    assert first.boxes[0] == pytest.approx((73, 46, 147, 66), abs=4)
    assert last.boxes[0][2] < 330
    assert not any(word.is_doubtful for block in page.blocks for word in block.words)


@needs_tesseract
@pytest.mark.parametrize(
    "names",
    [
        {letter: chr(0xE100 + place) for place, letter in enumerate(LETTERS)},
        dict.fromkeys(LETTERS, "\ufffd"),
    ],
    ids=["private characters", "the unknown character"],
)
def test_letters_that_are_called_by_no_character(names: dict[str, str], tmp_path: Path) -> None:
    names = {letter: name for letter, name in names.items() if letter != " "}
    content = set_in_faces([[(72, 80, "bold", 16, HEADING), *BODY_SET]], {"bold": names})
    (page,), warnings = read(content, tmp_path)
    assert warnings == READ_ANEW
    assert blocks_of(page, "heading") == [HEADING]


@needs_tesseract
def test_only_the_bold_face_lies(tmp_path: Path) -> None:
    content = set_in_faces([[(72, 80, "bold", 16, HEADING), *BODY_SET]], {"bold": SHIFTED})
    assert said(content, tmp_path)[0] == "Ehjurwlqj"
    (page,), warnings = read(content, tmp_path)
    assert warnings == READ_ANEW
    assert blocks_of(page, "heading") == [HEADING]
    assert page.health.choice == "text layer is good"


@needs_tesseract
@pytest.mark.parametrize(
    "names", [shifted(FIGURES), {"3": "8", "8": "3"}, {"0": "6", "6": "9", "9": "0"}], ids=str
)
def test_figures_that_are_called_by_others(names: dict[str, str], tmp_path: Path) -> None:
    """Of the same face as the text around them; no list of words can tell."""
    content = set_in_faces([[*BODY_SET, *TABLE]], {"second": names})
    assert (
        said(content, tmp_path)[-11:]
        != [word for row in TABLE_READ.split("\n") for word in row.split("\t")][-11:]
    )
    (page,), warnings = read(content, tmp_path)
    assert warnings == READ_ANEW
    assert blocks_of(page, "table") == [TABLE_READ]
    (table,) = (block for block in page.blocks if block.kind == "table")
    assert word_of(table, "90.123").boxes[0] == pytest.approx((250, 388, 288, 399), abs=2)


@needs_tesseract
def test_points_percentages_and_signs_of_false_figures_are_kept(tmp_path: Path) -> None:
    """OCR reads "51,4" as "514" now and then; brackets are of another font than the figures in them."""
    figures = ("51,4", "26 %", "1.234.567,89", "-410", "0,7", "2014")
    lines: list[Text] = [(72, 300, "plain", 11, "Raming"), (240, 300, "plain", 11, "(€")]
    lines += [(251.3, 300, "second", 11, "9.012"), (282.8, 300, "plain", 11, ")")]
    for row, figure in enumerate(figures):
        lines += [(72, 320 + 16 * row, "plain", 11, "Subsidies"), (240, 320 + 16 * row, "second", 11, figure)]
    (page,), warnings = read(set_in_faces([[*BODY_SET, *lines]], {"second": shifted(FIGURES)}), tmp_path)
    assert warnings == READ_ANEW
    (table,) = blocks_of(page, "table")
    assert [row.split("\t")[1] for row in table.split("\n")] == ["(€9.012)", *figures]
    assert marked(page) == []


@needs_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_false_figures_are_read_in_whatever_direction_they_run(turn: int, tmp_path: Path) -> None:
    (page,), warnings = read(
        set_in_faces([[*BODY_SET, *TABLE]], {"second": shifted(FIGURES)}, turn=turn), tmp_path
    )
    assert warnings == READ_ANEW
    assert blocks_of(page, "table") == [TABLE_READ]


def word_of(block: Block, text: str) -> Word:
    return next(word for word in block.words if word.text == text)


@needs_tesseract
def test_two_letters_change_places_in_one_column(tmp_path: Path) -> None:
    table: list[Text] = [(72, 380 + 16 * row, "plain", 11, f"Artikel {row + 1}") for row in range(6)]
    table += [(250, 380 + 16 * row, "second", 11, policy) for row, policy in enumerate(POLICIES)]
    (page,), warnings = read(set_in_faces([[*BODY_SET, *table]], {"second": {"e": "o", "o": "e"}}), tmp_path)
    assert warnings == READ_ANEW
    rows = [f"Artikel {row + 1}\t{policy}" for row, policy in enumerate(POLICIES)]
    assert blocks_of(page, "table") == ["\n".join(rows)]


@pytest.fixture
def _without_tesseract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PATH", "")
    tesseract.is_available.cache_clear()
    yield
    monkeypatch.undo()
    tesseract.is_available.cache_clear()


FALSE_FIGURES = set_in_faces([[*BODY_SET], [*BODY_SET, *TABLE]], {"second": shifted(FIGURES)})


def test_what_ocr_may_not_read_is_told_and_marked(tmp_path: Path) -> None:
    pages, warnings = read(FALSE_FIGURES, tmp_path, {2: "forbid"})
    assert warnings == [("lying_font_unread", (2,))]
    assert marked(pages[0]) == []
    assert marked(pages[1]) == ["4.567", "8.901", "23.456", "7.890", "1.234", "5.678", "901", "2.345"]


@pytest.mark.usefixtures("_without_tesseract")
def test_what_cannot_be_read_for_want_of_ocr_is_told_and_marked(tmp_path: Path) -> None:
    pages, warnings = read(FALSE_FIGURES, tmp_path)
    assert ("lying_font_unread", (2,)) in warnings
    assert len(marked(pages[1])) == 8
    code_of = {letter: 1 + place for place, letter in enumerate(LETTERS)}
    (page,), warnings = read(type3_pdf([(72, 60, HEADING)], BODY, code_of), tmp_path)
    assert ("lying_font_unread", (1,)) in warnings
    assert set("".join(marked(page))) == {"\ufffd"}


HEALTHY = {
    "names, codes and abbreviations": (
        ("plain", "Art. 15, § 2, KB 4.5.2016: XJ-4478/B, QW9Z, IBAN BE68 5390 0754 7034, 1.234,50 €"),
        ("bold", "Łukasz Żółty, Siobhán Ó Ceallaigh, Vỹ Nguyễn, BTW, OCMW, CPAS, GGC, COCOF, VGC"),
        ("italic", "fig. 3: f(x) = ax² + bx + c, Σ, ∂f/∂x, jqk, wxz"),
    ),
    "capitals": (
        ("bold", "STRATEGIE VOOR EEN NIEUWE ECONOMISCHE DYNAMIEK VAN HET HOOFDSTEDELIJK GEWEST"),
        ("italic", "QUIZ, JAZZ, XYLOFOON, WHISKY, 0123456789"),
    ),
    "all letters and figures": tuple(
        (face, " ".join((LOWER, UPPER, FIGURES))) for face in ("plain", "bold", "italic")
    ),
}


@pytest.mark.parametrize("kind", HEALTHY)
def test_odd_words_in_honest_fonts_stay(kind: str, tmp_path: Path) -> None:
    lines: list[Text] = [
        (72, 300 + 20 * row, face, 9, text) for row, (face, text) in enumerate(HEALTHY[kind])
    ]
    file = tmp_path / "honest.pdf"
    file.write_bytes(set_in_faces([[*BODY_SET, *lines]], {}))
    with PdfFile(file) as pdf:
        words = pdf.text(1)
        assert not pdf.trust.suspects(words).any()


def test_a_swash_and_ligatures_of_an_honest_face_stay(tmp_path: Path) -> None:
    """A Q whose tail runs under the u, and an f that the bold face has only as a part of ff."""
    source = tmp_path / "face.typ"
    source.write_text(
        '#set text(font: "Libertinus Serif", size: 11pt)\nQui, que et quoi. _Qui, quoi et que_\n\n'
        "*Doeltreffende regels*"
    )
    typst.compile(source, output=tmp_path / "face.pdf")
    with PdfFile(tmp_path / "face.pdf") as pdf:
        words = pdf.text(1)
        assert not pdf.trust.suspects(words).any()


def test_drawn_letters_with_their_names_stay(tmp_path: Path) -> None:
    text = HEADING + " 0123456789"
    code_of = {letter: 33 + place for place, letter in enumerate(sorted(set(text)))}
    content = type3_pdf(
        [(72, 60, text)], BODY, code_of, names_in_map({code: letter for letter, code in code_of.items()})
    )
    (page,), warnings = read(content, tmp_path)
    assert warnings == []
    assert blocks_of(page, "heading") == [text]


@pytest.mark.parametrize("is_there", [pytest.param(True, marks=needs_tesseract), False])
def test_ornate_faces_and_signs_stay(is_there: bool, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A hand whose capitals resemble none: OCR reads it as it says, and without OCR nothing is said of it."""
    if not is_there:
        request.getfixturevalue("_without_tesseract")
    content = ornate_pdf("Begroting 2014 ABCXYZ qwxyz 0123456789", [*BODY, *BODY, *BODY])
    (page,), warnings = read(content, tmp_path)
    assert warnings == []
    assert [block.text for block in page.blocks][1] == "Begroting 2014 ABCXYZ qwxyz 0123456789"
    assert marked(page) == []
