"""A document as a row of text units: what belongs together, across columns and pages."""

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.languages import Language
from archive.records import Block, BlockKind, Box, Page, Word
from index.text.text_units import TextUnit, own_languages, sentences, text_units, with_notes_last

_CHARACTER, _LINE = 6.0, 14.0
LEFT, RIGHT = 60.0, 320.0
"""Where the columns of a page begin."""
WIDE = 40
"""Characters of a line."""


def block(
    text: str,
    top: float = 100,
    left: float = LEFT,
    language: Language = "nl",
    kind: BlockKind = "paragraph",
) -> Block:
    """A block as it is set: in lines of so many characters, a line feed ending one."""
    words = []
    start = 0
    number = 0
    for row in text.split("\n"):
        for line in textwrap.wrap(row, WIDE, break_on_hyphens=False) or [""]:
            column = 0
            for word in line.split():
                start = text.index(word, start)
                column = line.index(word, column)
                x0 = left + column * _CHARACTER
                above = top + number * _LINE
                box: Box = (x0, above, x0 + len(word) * _CHARACTER, above + 12)
                words.append(Word(word, start, (box,)))
                start += len(word)
                column += len(word)
            number += 1
    return Block(kind, language, text, tuple(words))


def page(number: int, *blocks: Block) -> Page:
    return Page(number, str(number), 595.0, 842.0, "text layer", False, blocks)


def texts(units: Sequence[TextUnit]) -> list[str]:
    return [unit.text for unit in units]


BEGUN = (
    "Het plan voor de werkgelegenheid van "
    "alle mensen in de stad werd gesloten met "
    "de partners van het bestuur en ook van"
)
"""Its last line fills most of the column."""
REST = "het Gewest en van de Gemeenschappen."


def test_a_paragraph_over_a_page_break_is_one_unit_and_knows_its_way_back() -> None:
    pages = [page(1, block("Inleiding", 60, kind="heading"), block(BEGUN)), page(2, block(REST))]
    heading, whole = text_units(pages, "nl")
    assert heading.text == "Inleiding"
    assert whole.text == f"{BEGUN} {REST}"
    assert whole.pages == (1, 2)
    for part in whole.parts:
        text = pages[part.page - 1].blocks[part.position].text
        length = part.end - part.start
        assert whole.text[part.offset : part.offset + length] == text[part.start : part.end]


@pytest.mark.parametrize(
    "between",
    [
        block("1 Een voetnoot onder aan de bladzijde.", 700),
        block("Tabel 3: cijfers per jaar", 700, kind="heading"),
    ],
    ids=["footnote", "caption"],
)
def test_what_stands_at_the_foot_of_the_page_does_not_part_a_paragraph(between: Block) -> None:
    units = text_units([page(1, block(BEGUN), between), page(2, block(REST))], "nl")
    assert texts(units) == [f"{BEGUN} {REST}", between.text]


def test_a_running_head_that_was_taken_for_a_heading_does_not_part_a_paragraph() -> None:
    head = block("HOOFDSTUK 2. HET PLAN", 40, kind="heading")
    units = text_units([page(1, block(BEGUN)), page(2, head, block(REST))], "nl")
    assert texts(units) == [f"{BEGUN} {REST}", head.text]


def test_a_paragraph_runs_on_in_the_next_column() -> None:
    columns = page(1, block(BEGUN, 600), block(REST, 80, RIGHT), block("Slot.", 300, RIGHT))
    assert texts(text_units([columns], "nl")) == [f"{BEGUN} {REST}", "Slot."]


def test_nothing_runs_on_within_a_column() -> None:
    assert len(text_units([page(1, block(BEGUN, 100), block(REST, 300))], "nl")) == 2


def test_a_word_that_is_broken_within_a_column_is_not_parted() -> None:
    whole = text_units([page(1, block(f"{BEGUN} over-", 100), block("heden.", 300))], "nl")
    assert texts(whole) == [f"{BEGUN} over-heden."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{BEGUN} Brussel.", REST),
        (BEGUN, "Het Gewest en de Gemeenschappen."),
        ("apt purge foo", "apt upgrade"),
        (f"{BEGUN} de stad en", REST),
    ],
    ids=["ended", "begun anew", "lines of code", "short last line"],
)
def test_what_does_not_run_on_stays_apart(first: str, second: str) -> None:
    wide = block("Een alinea die de breedte van de kolom heel vult en die ook meer dan een regel telt.", 300)
    units = text_units([page(1, wide, block(first, 500)), page(2, block(second))], "nl")
    assert texts(units) == [wide.text, first, second]


def test_words_that_nobody_has_placed_may_run_on() -> None:
    begun, rest = (Block("paragraph", "nl", text, ()) for text in (BEGUN, REST))
    assert texts(text_units([page(1, begun), page(2, rest)], "nl")) == [f"{BEGUN} {REST}"]


def test_words_without_any_width_are_read() -> None:
    flat = Block("paragraph", "nl", "begin", (Word("begin", 0, ((60.0, 100.0, 60.0, 100.0),)),))
    assert texts(text_units([page(1, flat), page(2, flat)], "nl")) == ["begin begin"]


def test_items_of_a_list_are_units_and_a_table_is_one() -> None:
    items = block("• werk\n• opleiding\n– 3 –\n• wonen", kind="list")
    table = block("Jaar\tBanen\n2011\t660 000", 300, kind="table")
    number, running = block("12", 700), block("Het plan van 2011", 800, kind="running")
    units = text_units([page(1, items, table, number, running)], "nl")
    assert texts(units) == ["• werk", "• opleiding", "• wonen", table.text]
    for unit in units[:3]:
        (part,) = unit.parts
        assert items.text[part.start : part.end] == unit.text
    assert units[1].top > units[0].top


def test_a_document_in_two_languages_is_two_texts() -> None:
    pages = [
        page(
            1,
            block("Le pacte de l’emploi.", 100, LEFT, "fr"),
            block("Het pact voor werk.", 100, RIGHT, "nl"),
        ),
        page(2, block("La formation.", 100, LEFT, "fr"), block("De opleiding.", 100, RIGHT, "nl")),
    ]
    assert own_languages(pages) == ("fr", "nl")
    assert texts(text_units(pages, "fr")) == ["Le pacte de l’emploi.", "La formation."]
    assert texts(text_units(pages, "nl")) == ["Het pact voor werk.", "De opleiding."]


def test_blocks_in_a_stray_language_belong_to_a_document_in_one() -> None:
    pages = [page(1, block(BEGUN, 100), block("New Deal", 300, language="en", kind="heading"))]
    assert own_languages(pages) == ("nl",)
    assert texts(text_units(pages, "nl")) == [BEGUN, "New Deal"]


def test_a_stretch_of_a_unit_keeps_its_way_back() -> None:
    pages = [page(1, block(BEGUN)), page(2, block(REST))]
    (whole,) = text_units(pages, "nl")
    start, end = whole.text.index("partners"), whole.text.index("Gemeenschappen")
    some = whole.between(start, end)
    assert some.text == whole.text[start:end]
    assert some.pages == (1, 2)
    for part in some.parts:
        text = pages[part.page - 1].blocks[part.position].text
        length = part.end - part.start
        assert some.text[part.offset : part.offset + length] == text[part.start : part.end]
    assert whole.between(0, 3).pages == (1,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dit is werk. Dat ook! En dit?", ["Dit is werk.", "Dat ook!", "En dit?"]),
        ("Volgens art. 12 en nr. 5 van het KB.", ["Volgens art. 12 en nr. 5 van het KB."]),
        ("M. A. De Decker spreekt. Hij zwijgt.", ["M. A. De Decker spreekt.", "Hij zwijgt."]),
        ("Voir p. 12. Le reste suit.", ["Voir p. 12.", "Le reste suit."]),
        ("1. Het eerste punt telt.", ["1. Het eerste punt telt."]),
        ("« Fin. » Il part.", ["« Fin. » Il part."]),
        ("Drie zaken: Werk, wonen… en meer.", ["Drie zaken:", "Werk, wonen… en meer."]),
        ("Jaar\tBanen\n2011\t660", ["Jaar\tBanen", "2011\t660"]),
        ("op 1.000.000 euro", ["op 1.000.000 euro"]),
        ("   ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(st.text(st.sampled_from('Aa1é .!?…:;\n\t"”)«»–'), max_size=60))
def test_sentences_hold_everything_but_the_space_between_them(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_a_long_run_of_dots_is_read_at_once() -> None:
    text = "Inhoud" + "." * 200_000 + "12"
    assert sentences(text) == [(0, len(text))]


def test_footnotes_come_last_for_a_translation_has_its_page_breaks_elsewhere() -> None:
    note = small(block("1 Een voetnoot onder aan de bladzijde.", 700))
    rest = small(block("Het tweede deel van die noot.", 720))
    first, second = f"{BEGUN} Brussel.", f"Ook dit is tekst: {BEGUN} Brussel."
    pages = [page(1, block(first, 100), note, rest), page(2, block(second, 100))]
    units = text_units(pages, "nl")
    assert texts(units) == [first, note.text, rest.text, second]
    assert texts(with_notes_last(units, pages)) == [first, second, note.text, rest.text]


def test_what_is_set_small_at_the_end_of_a_page_without_a_number_stays_where_it_stands() -> None:
    pages = [
        page(1, block("Geef de opdracht.", 100), small(block("apt purge foo", 700))),
        page(2, block("Tweede alinea van de tekst.", 100)),
    ]
    units = text_units(pages, "nl")
    assert with_notes_last(units, pages) == units


def small(text: Block) -> Block:
    """A block set smaller."""
    words = tuple(
        word._replace(boxes=tuple((x0, y0, x1, y0 + 8) for x0, y0, x1, _y1 in word.boxes))
        for word in text.words
    )
    return replace(text, words=words)
