"""What typesetting does to words is undone: each page of the document shows a kind."""

from pathlib import Path

import pytest

from archive.records import Box, Page
from ingest.read_document import read_document

DOCUMENTS = Path(__file__).parents[2] / "documents"


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return list(read_document(DOCUMENTS / "typesetting.pdf", 10, lambda done, total: None).pages)


def texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


def boxes(page: Page, text: str) -> tuple[Box, ...]:
    return next(word.boxes for block in page.blocks for word in block.words if word.text == text)


def test_raised_signs(pages: list[Page]) -> None:
    """The numbers of notes stand apart; formulas and ordinals stay whole."""
    assert " ".join(texts(pages[0])) == (
        "In België 1 en elders. 12 Daarna Het park van 12 km² stoot CO2 uit."
        " De 3de editie, le 1er mars. 1 In België wordt dat zo gedaan."
    )


def test_hidden_text_is_not_read(pages: list[Page]) -> None:
    assert texts(pages[1]) == ["Deze zin is te zien.", "Wit op een donkere balk."]


def test_text_printed_again_is_read_once(pages: list[Page]) -> None:
    assert " ".join(texts(pages[2])) == (
        "Vet door overdruk Met een schaduw Een strategie voor werk Dat is echt echt waar"
    )


def test_letters_set_apart_are_words(pages: list[Page]) -> None:
    assert " ".join(texts(pages[3])) == "STRATEGIE 2025 NIEUW PACT Kies a b c d of e uit de lijst."
    ((x0, _, x1, _),) = boxes(pages[3], "STRATEGIE")
    assert (x0, x1) == pytest.approx((50, 167), abs=10)


def test_initials_and_small_capitals(pages: list[Page]) -> None:
    assert " ".join(texts(pages[4])) == (
        "De regering en de partners komen elk jaar samen om alles te bespreken."
        " A Bruxelles on parle deux langues et souvent plus encore. BRUSSEL HOOFDSTAD"
    )
    ((x0, y0, x1, y1),) = boxes(pages[4], "De")
    assert (x0, x1) == pytest.approx((38, 81), abs=2)
    assert y1 - y0 < 15, "on the first line"


def test_accents_drawn_by_themselves(pages: list[Page]) -> None:
    (text,) = texts(pages[5])
    assert text == (
        "Les régions économiques, la Noël, l'école, le signe a^b. Elles suivent les mesures prises."
    )
