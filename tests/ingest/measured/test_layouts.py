"""Layouts that nobody chose: documents of the generator are read without a fault, and faults are found."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.records import Block, Page
from tests.layouts.measure import Findings, Reading
from tests.layouts.quotations import quotations_of
from tests.layouts.recipe import FEATURES, Feature, Recipe, draw_recipe
from tests.layouts.reduction import reduced
from tests.layouts.texts import Texts
from tests.layouts.trial import Trial, pdf_of, try_out
from tests.layouts.truth import truth_of

ALL: frozenset[Feature] = frozenset(FEATURES) - {"scan"}
READ_RIGHTLY = (4, 5, 8, 10, 12, 13, 18, 20, 22, 25, 27, 30, 33, 50, 51, 52, 63, 66)
"""Numbers of documents. One that fails may not be taken out."""


@pytest.fixture(scope="module")
def plain() -> Trial:
    """A document in which everything was read rightly."""
    return try_out(draw_recipe("plain", frozenset(), frozenset(["two columns", "lists", "ruled tables"])))


@pytest.mark.parametrize("number", READ_RIGHTLY)
def test_a_document_set_at_random_is_read_without_a_fault(number: int) -> None:
    trial = try_out(draw_recipe(f"test-{number}", ALL))

    assert {name: each for name, each in trial.findings.faults.items() if each} == {}


def test_a_row_of_figures_is_no_justified_line_though_its_spaces_are_even() -> None:
    found = try_out(draw_recipe("102-33", frozenset(FEATURES))).findings

    assert found.tables == 3
    assert not found.missed_tables


def test_a_justified_line_of_two_words_under_a_small_table_is_no_row_of_it() -> None:
    found = try_out(draw_recipe("104-31", frozenset(FEATURES))).findings

    assert not found.mixed + found.split + found.missed_tables


def test_columns_of_text_whose_lines_stand_at_other_heights_are_no_table() -> None:
    # Beside raised numbers of notes and lines at nearly one height, so that distances of lines mislead.
    features: tuple[Feature, ...] = ("justified", "footnotes", "lists", "initials", "hyphenated")
    trial = try_out(draw_recipe("columns-44", frozenset(features), frozenset(["two columns"])))

    assert {name: each for name, each in trial.findings.faults.items() if each} == {}


def test_a_note_that_runs_on_may_be_longer_than_every_paragraph_of_its_column() -> None:
    features: tuple[Feature, ...] = ("justified", "footnotes", "lists", "initials", "hyphenated")
    found = try_out(draw_recipe("columns-37", frozenset(features), frozenset(["three columns"]))).findings

    assert not found.lost + found.invented


@pytest.mark.parametrize(
    "name",
    [
        "12-30",  # the few lines of both columns at one height looked like spaces of justified text
        "12-8",  # columns of text with all lines but two of a form equally far apart: a table without rules
        "12-42",  # the same, in three columns
        "4242-6",  # raised numbers of notes counted on as the numbers of the pages
        "11-28",  # the texts of a list were learnt as the edge of its column, and parted from the bullets
        "13-8",  # one column is a box, and the text ends on the third line of another: a table
        "14-33",  # a box in the gutter, and no room for text on one side of it: a table
        "12-10",  # the last words of two justified lines, under a table, looked like notes in the margin
        "102-9",  # the same under a form
        "104-1",  # two justified lines of a note, with its raised number: a table
        "12-9",  # the engine took the hyphen of c'est-à-dire for one of a word broken at a line end
        "14-40",  # a value printed over a line was parted at its hyphen
        "101-38",  # notes had more words than the text of a column, and the rest of one was taken for text
        "101-1",  # two justified lines at the end of a column, two words of which stand above each other
    ],
)
def test_a_document_that_was_read_wrongly_once_has_its_words_in_their_order(name: str) -> None:
    found = try_out(draw_recipe(name, frozenset(FEATURES))).findings

    assert not found.lost + found.invented + found.torn + found.false_tables


def test_the_same_seed_gives_the_same_document() -> None:
    for number in range(4):
        one, other = (draw_recipe(f"same-{number}", ALL) for _ in range(2))
        assert one == other
        assert pdf_of(one) == pdf_of(other)


def test_each_feature_can_be_asked_for() -> None:
    for feature in ALL:
        recipe = draw_recipe("each", frozenset(), frozenset([feature]))
        assert feature in recipe.features
        assert pdf_of(recipe).startswith(b"%PDF")


def test_a_right_reading_has_no_faults(plain: Trial) -> None:
    assert not any(plain.findings.faults.values())
    assert plain.findings.words > 300
    assert plain.findings.tables == 1


def test_a_word_that_is_left_out_is_lost(plain: Trial) -> None:
    pages = _with_block(plain, lambda block: replace(block, words=block.words[:3] + block.words[4:]))

    found = _findings(plain, pages)

    assert len(found.lost) == 1
    assert not found.invented


def test_words_in_another_order_are_torn_apart(plain: Trial) -> None:
    def swapped(block: Block) -> Block:
        first, second, *rest = block.words
        return replace(block, words=(second, first, *rest))

    found = _findings(plain, _with_block(plain, swapped))

    assert found.torn
    assert not found.lost + found.invented


def test_a_paragraph_called_a_table_is_a_false_one(plain: Trial) -> None:
    found = _findings(plain, _with_block(plain, lambda block: replace(block, kind="table")))

    assert len(found.false_tables) == 1


def test_a_hyphen_too_many_is_told_apart_from_a_lost_word(plain: Trial) -> None:
    def hyphenated(block: Block) -> Block:
        first, *rest = block.words
        return replace(block, words=(first._replace(text="-".join(first.text)), *rest))

    found = _findings(plain, _with_block(plain, hyphenated))

    assert len(found.hyphens) == 1
    assert not found.lost + found.invented


def test_a_block_of_two_pieces_is_mixed(plain: Trial) -> None:
    page = plain.pages[0]
    first, second = page.blocks[:2]
    both = replace(first, words=(*first.words, *second.words))

    found = _findings(plain, [replace(page, blocks=(both, *page.blocks[2:])), *plain.pages[1:]])

    assert len(found.mixed) == 1


def test_quotations_are_of_the_document_and_altered_ones_are_not(plain: Trial) -> None:
    text = [" ".join(piece.words) for piece in plain.reading.truth.pieces]

    quotations = quotations_of(plain.reading, random.Random(1))

    assert quotations
    for quotation in quotations:
        assert any(quotation.text in piece for piece in text)
        assert all(quotation.altered not in piece for piece in text)


def test_a_failing_document_is_cut_down_to_what_fails() -> None:
    recipe = draw_recipe("large", frozenset(), frozenset(["two columns", "justified", "lists", "footnotes"]))

    def has_a_list(smaller: Recipe) -> bool:
        return any(element.kind == "list" for element in smaller.elements)

    small = reduced(recipe, has_a_list)

    assert [element.kind for element in small.elements] == ["list"]
    assert len(small.elements[0].texts) == 1
    assert small.features <= {"lists"}


def _with_block(trial: Trial, change: Callable[[Block], Block]) -> list[Page]:
    """The pages with the longest paragraph of the first one changed."""
    page = trial.pages[0]
    paragraphs = [block for block in page.blocks if block.kind == "paragraph"]
    longest = max(paragraphs, key=lambda block: len(block.words))
    blocks = tuple(change(block) if block is longest else block for block in page.blocks)
    return [replace(page, blocks=blocks), *trial.pages[1:]]


def _findings(trial: Trial, pages: list[Page]) -> Findings:
    return Reading(pages, truth_of(trial.recipe, len(pages))).findings()


def test_texts_of_narrow_columns_never_end() -> None:
    """No German heading has only words of eight letters."""
    texts = Texts(random.Random(1), 8)
    headings = [texts.heading("de", 8) for _ in range(40)]
    assert len(set(headings)) == 40
    assert max(len(word) for heading in headings for word in heading.split()) <= 8
    assert len({texts.short("nl") for _ in range(40)}) == 40
