"""Where corrected words stand: each keeps or inherits the places of what was read, none is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.correction_overlay import lay_over
from archive.records import Box, Page, WrittenBlock
from tests.material.sample_pages import sample_block, sample_page


def laid(read: str, corrected: str) -> list[tuple[str, list[str]]]:
    """Each corrected word with the words of the line `read` whose boxes it has."""
    page = sample_page(1, sample_block(read))
    boxes = {word.boxes[0]: word.text for word in page.blocks[0].words}
    shown = lay_over(page, [WrittenBlock("paragraph", "nl", corrected)])
    return [(word.text, [boxes[box] for box in word.boxes]) for word in shown.blocks[0].words]


@pytest.mark.parametrize(
    ("read", "corrected", "places"),
    [
        ("een plan", "een plan", [("een", ["een"]), ("plan", ["plan"])]),
        ("een plqn hier", "een plan hier", [("een", ["een"]), ("plan", ["plqn"]), ("hier", ["hier"])]),
        ("la b uxelloise", "la bruxelloise", [("la", ["la"]), ("bruxelloise", ["b", "uxelloise"])]),
        ("au duplan", "au du plan", [("au", ["au"]), ("du", ["duplan"]), ("plan", ["duplan"])]),
        ("een plan", "een nieuw plan", [("een", ["een"]), ("nieuw", []), ("plan", ["plan"])]),
        ("een nieuw plan", "een plan", [("een", ["een"]), ("plan", ["plan"])]),
        ("aa bb cc dd", "pp qq rr ss", [("pp", ["aa"]), ("qq", ["bb"]), ("rr", ["cc"]), ("ss", ["dd"])]),
        ("ab cdef gh", "abcd efgh", [("abcd", ["ab", "cdef"]), ("efgh", ["cdef", "gh"])]),
        ("de de de", "de de", [("de", ["de"]), ("de", ["de"])]),
    ],
)
def test_a_word_has_the_places_of_what_it_stands_for(
    read: str, corrected: str, places: list[tuple[str, list[str]]]
) -> None:
    assert laid(read, corrected) == places


def test_a_word_over_two_lines_keeps_both_its_places() -> None:
    page = sample_page(1, sample_block("een plan"))
    first, second = page.blocks[0].words
    broken = type(second)("plan", 4, (*second.boxes, (72.0, 90.0, 90.0, 102.0)))
    page = sample_page(1, type(page.blocks[0])("paragraph", "nl", "een plan", (first, broken)))
    shown = lay_over(page, [WrittenBlock("list", "fr", "Een\nplan")])
    assert [word.boxes for word in shown.blocks[0].words] == [first.boxes, broken.boxes]
    assert [(word.text, word.start) for word in shown.blocks[0].words] == [("Een", 0), ("plan", 4)]


def test_text_on_a_page_where_nothing_was_read_has_no_places() -> None:
    shown = lay_over(sample_page(1, needs_ocr=True), [WrittenBlock("paragraph", "nl", "Met de hand")])
    assert [word.boxes for word in shown.blocks[0].words] == [(), (), ()]
    assert (shown.source, shown.needs_ocr) == ("corrected", False)


def test_a_large_page_is_aligned_all_the_same() -> None:
    read = " ".join(f"w{number} de" for number in range(6000))
    corrected = read.replace("w17 ", "woord ").replace("w5990 ", "getal ")
    changed = [(text, places) for text, places in laid(read, corrected) if [text] != places]
    assert changed == [("woord", ["w17"]), ("getal", ["w5990"])]


_texts = st.lists(st.text("abc", min_size=1, max_size=3), max_size=12).map(" ".join)


@given(_texts, _texts)
def test_no_place_is_invented_and_every_word_is_where_it_says(read: str, corrected: str) -> None:
    page: Page = sample_page(1, sample_block(read)) if read else sample_page(1)
    held: set[Box] = {box for block in page.blocks for word in block.words for box in word.boxes}
    shown = lay_over(page, [WrittenBlock("paragraph", "nl", corrected)] if corrected else [])
    words = [word for block in shown.blocks for word in block.words]
    assert [word.text for word in words] == corrected.split()
    assert {box for word in words for box in word.boxes} <= held
    assert all(corrected.startswith(word.text, word.start) for word in words)
    if corrected == read:
        assert [word.boxes for word in words] == [word.boxes for p in page.blocks for word in p.words]
