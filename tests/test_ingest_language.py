"""Which language a block is in, and what decides where it cannot tell by itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from archive.languages import LANGUAGES, Language
from ingest.language import Languages, Stretch, clear_language, detect, votes

FRENCH = "Le gouvernement et les interlocuteurs sociaux se rencontrent chaque année."
DUTCH = "De regering en de sociale gesprekspartners komen elk jaar samen in Brussel."
GERMAN = "Die Regierung und die Sozialpartner treffen sich jedes Jahr in der Stadt."
ENGLISH = "The government and the social partners meet every year in the city."


def stretch(text: str, x0: float = 50, x1: float = 540, is_heading: bool = False) -> Stretch:
    return Stretch(text, x0, x1, is_heading)


@pytest.mark.parametrize(
    ("text", "language"),
    [(FRENCH, "fr"), (DUTCH, "nl"), (GERMAN, "de"), (ENGLISH, "en")],
)
def test_sentences_are_recognised_in_small_letters_and_capitals(text: str, language: Language) -> None:
    assert detect(text) == language
    assert detect(text.upper()) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Evaluatierapport gemeentelijke werkgelegenheidsmaatregelen: doelstellingen, resultaten,"
            " aanbevelingen, vervolgstappen, begrotingswijzigingen, subsidievoorwaarden",
            "nl",
        ),
        (
            "Développement économique régional: objectifs, résultats, recommandations, perspectives,"
            " financement, calendrier",
            "fr",
        ),
    ],
)
def test_text_without_stop_words_is_recognised_by_its_letters(text: str, language: Language) -> None:
    assert not votes(dict.fromkeys(text.lower().split(), 1))
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", "2024", "1.234,50 € 17 %", "Inleiding", "12/05/2021 – 5-19", "日本語の文書です", "… … …"]
)
def test_too_little_to_tell_is_left_open(text: str) -> None:
    assert detect(text) is None
    assert clear_language(text) is None


def test_a_table_of_two_languages_is_told_only_by_clear_words() -> None:
    assert clear_language(FRENCH) == "fr"
    assert clear_language("CBS DUO LISA CBS Bureau Halt CBS DUO") is None


def test_a_block_that_cannot_tell_takes_the_language_of_its_column() -> None:
    blocks = [
        stretch("BESLUIT", 300, 360, is_heading=True),
        stretch(FRENCH, 50, 290),
        stretch("Pour : 12", 50, 90),
        stretch(DUTCH, 300, 540),
        stretch("Voor: 12", 300, 340),
    ]
    assert Languages("en").of(blocks) == ["nl", "fr", "fr", "nl", "nl"]


def test_a_heading_belongs_to_what_follows_it() -> None:
    blocks = [stretch(FRENCH), stretch("CONCLUSIONS", is_heading=True), stretch(ENGLISH), stretch("12 345")]
    assert Languages("nl").of(blocks) == ["fr", "en", "en", "en"]


def test_a_column_keeps_its_language_from_page_to_page() -> None:
    languages = Languages("en")
    for _ in range(8):
        languages.of([stretch(FRENCH, 50, 290), stretch(DUTCH, 305, 540)])
    votes_alone = [stretch("Contre", 50, 80), stretch("Tegen", 305, 330)]
    assert languages.of(votes_alone) == ["fr", "nl"]


def test_a_page_without_words_that_tell_takes_the_language_of_the_document() -> None:
    assert Languages("de").of([stretch("2024"), stretch("III")]) == ["de", "de"]


def test_the_same_text_gives_the_same_language_in_every_process() -> None:
    """langdetect draws lots: without a fixed seed, short texts change language from run to run."""
    program = (
        "from ingest.language import detect;"
        "print([detect(f'gemeente commune budget {name} project plan region service conseil raad')"
        " for name in 'abcdefgh'])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            text=True,
            cwd=Path(__file__).parents[1],
        ).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def test_every_language_has_stop_words() -> None:
    assert set(votes(dict.fromkeys(("het", "les", "the", "und"), 1))) == set(LANGUAGES)


@pytest.mark.parametrize(
    "text",
    [
        "Effectindicator Peilwaarde (2023) Streefwaarde Begroting 2026 Streefwaarde Begroting 2027",
        "Opening Mededelingen Vooruitblik weekagenda Besluitenlijst Openbaar College Rondvraag",
    ],
)
def test_the_heading_of_a_table_takes_no_language_that_has_fewer_of_its_words(text: str) -> None:
    """langdetect takes both for French, and is sure of it."""
    assert detect(text) in ("nl", None)
