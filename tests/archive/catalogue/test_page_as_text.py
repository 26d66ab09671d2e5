"""A page as a file that can be edited and given back: what is not changed comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.correction_rows import WrongCorrection, check_passages
from archive.catalogue.page_as_text import read_page_text, write_page, write_passages
from archive.records import PassageText
from tests.material.sample_pages import sample_page, sample_passage

_letters = st.text(st.characters(categories=("L", "N", "P", "S", "M")), min_size=1, max_size=6)
_lines = st.lists(st.lists(_letters, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=3)
_passages = st.builds(
    PassageText,
    st.sampled_from(["heading", "paragraph", "list", "table", "running"]),
    st.sampled_from(["nl", "fr", "en", "de"]),
    _lines.map("\n".join),
)


@given(st.lists(_passages, min_size=1, max_size=5))
def test_what_was_written_is_read_again(passages: list[PassageText]) -> None:
    held = check_passages(passages)
    page = sample_page(
        7, *(sample_passage(told.text, told.language, told.kind) for told in held), label="iv (oud)"
    )
    assert check_passages(read_page_text(write_page(page), 7, "nl")) == held


@given(st.lists(_passages, min_size=1, max_size=5))
def test_what_was_written_as_one_text_is_read_again(passages: list[PassageText]) -> None:
    held = check_passages(passages)
    assert check_passages(read_page_text(write_passages(held, "fr"), 7, "fr")) == held


def test_only_what_is_not_understood_is_marked() -> None:
    passages = [
        PassageText("paragraph", "nl", "Een alinea"),
        PassageText("paragraph", "nl", "--- page 9 (label 9)"),
        PassageText("heading", "fr", "Titre"),
        PassageText("paragraph", "fr", "[list nl]"),
    ]
    written = write_passages(passages, "nl")
    assert written == (
        "Een alinea\n\n[paragraph nl]\n--- page 9 (label 9)\n\n[heading fr]\nTitre\n\n"
        "[paragraph fr]\n[list nl]"
    )
    assert read_page_text(written, 1, "nl") == passages


def test_a_table_keeps_its_cells() -> None:
    table = PassageText("table", "fr", "\tAnnée\t\tEmploi\n2009\t660 000")
    page = sample_page(1, sample_passage(table.text, "fr", "table"))
    assert check_passages(read_page_text(write_page(page), 1, "nl")) == (table,)


def test_markers_may_be_left_out() -> None:
    written = (
        "\ufeffEen alinea\r\nover twee regels\r\n\r\n \r\n[heading fr]\r\nTitre\r\n\r\nUn alinéa\r\n[sic]\r\n"
    )
    assert read_page_text(written, 1, "de") == [
        PassageText("paragraph", "de", "Een alinea\nover twee regels"),
        PassageText("heading", "fr", "Titre"),
        PassageText("paragraph", "fr", "Un alinéa\n[sic]"),
    ]


def test_an_empty_page_is_written_without_passages() -> None:
    assert read_page_text(write_page(sample_page(1)), 1, "nl") == []


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("--- page 2 (label 2)\n\ntekst", "wrong page"),
        ("--- page 1 (label 1)\n\ntekst\n\n--- page 2 (label 2)\n\nmeer", "wrong page"),
        ("[poem nl]\ntekst", "unknown kind"),
        ("[paragraph xx]\ntekst", "unknown language"),
        ("[paragraph nl]\n\ntekst", "passage without text"),
        ("\n \n", "no text"),
    ],
)
def test_what_can_be_no_page_is_refused(written: str, problem: str) -> None:
    with pytest.raises(WrongCorrection) as caught:
        check_passages(read_page_text(written, 1, "nl"))
    assert caught.value.problem == problem
