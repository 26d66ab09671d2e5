"""A page as a file that can be edited and given back: what is not changed comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.correction_rows import WrongCorrection, check_blocks
from archive.catalogue.page_as_text import read_page_text, write_blocks, write_page
from archive.records import WrittenBlock
from tests.material.sample_pages import sample_block, sample_page

_letters = st.text(st.characters(categories=("L", "N", "P", "S", "M")), min_size=1, max_size=6)
_lines = st.lists(st.lists(_letters, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=3)
_blocks = st.builds(
    WrittenBlock,
    st.sampled_from(["heading", "paragraph", "list", "table", "running"]),
    st.sampled_from(["nl", "fr", "en", "de"]),
    _lines.map("\n".join),
)


@given(st.lists(_blocks, min_size=1, max_size=5))
def test_what_was_written_is_read_again(blocks: list[WrittenBlock]) -> None:
    held = check_blocks(blocks)
    page = sample_page(
        7, *(sample_block(told.text, told.language, told.kind) for told in held), label="iv (oud)"
    )
    assert check_blocks(read_page_text(write_page(page), 7, "nl")) == held


@given(st.lists(_blocks, min_size=1, max_size=5))
def test_what_was_written_as_one_text_is_read_again(blocks: list[WrittenBlock]) -> None:
    held = check_blocks(blocks)
    assert check_blocks(read_page_text(write_blocks(held, "fr"), 7, "fr")) == held


def test_only_what_is_not_understood_is_marked() -> None:
    blocks = [
        WrittenBlock("paragraph", "nl", "Een alinea"),
        WrittenBlock("paragraph", "nl", "--- page 9 (label 9)"),
        WrittenBlock("heading", "fr", "Titre"),
        WrittenBlock("paragraph", "fr", "[list nl]"),
    ]
    written = write_blocks(blocks, "nl")
    assert written == (
        "Een alinea\n\n[paragraph nl]\n--- page 9 (label 9)\n\n[heading fr]\nTitre\n\n"
        "[paragraph fr]\n[list nl]"
    )
    assert read_page_text(written, 1, "nl") == blocks


def test_a_table_keeps_its_cells() -> None:
    table = WrittenBlock("table", "fr", "\tAnnée\t\tEmploi\n2009\t660 000")
    page = sample_page(1, sample_block(table.text, "fr", "table"))
    assert check_blocks(read_page_text(write_page(page), 1, "nl")) == (table,)


def test_markers_may_be_left_out() -> None:
    written = (
        "\ufeffEen alinea\r\nover twee regels\r\n\r\n \r\n[heading fr]\r\nTitre\r\n\r\nUn alinéa\r\n[sic]\r\n"
    )
    assert read_page_text(written, 1, "de") == [
        WrittenBlock("paragraph", "de", "Een alinea\nover twee regels"),
        WrittenBlock("heading", "fr", "Titre"),
        WrittenBlock("paragraph", "fr", "Un alinéa\n[sic]"),
    ]


def test_an_empty_page_is_written_without_blocks() -> None:
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
        check_blocks(read_page_text(written, 1, "nl"))
    assert caught.value.problem == problem
