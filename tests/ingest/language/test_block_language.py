"""Which language a block is in, and what decides where it cannot tell by itself."""

import subprocess
import sys
from itertools import permutations
from pathlib import Path

import pytest

from archive.languages import LANGUAGES, Language
from ingest.language.block_language import clear_language, detect, languages_of, votes, votes_of
from ingest.layout.language_in_context import BlockText, Languages
from ingest.read_document import read_document
from tests.material.pdf_files import text_pdf

FRENCH = "Le gouvernement et les interlocuteurs sociaux se rencontrent chaque année."
DUTCH = "De regering en de sociale gesprekspartners komen elk jaar samen in Brussel."
GERMAN = "Die Regierung und die Sozialpartner treffen sich jedes Jahr in der Stadt."
ENGLISH = "The government and the social partners meet every year in the city."


def stretch(text: str, x0: float = 50, x1: float = 540, is_heading: bool = False) -> BlockText:
    return BlockText(text, x0, x1, is_heading)


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
        "from ingest.language.block_language import detect;"
        "print([detect(f'gemeente commune budget {name} project plan region service conseil raad')"
        " for name in 'abcdefgh'])"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            text=True,
            cwd=Path(__file__).parents[3],
        ).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def test_of_languages_with_as_many_stop_words_the_one_met_first_comes_first() -> None:
    """A process orders sets of words by chance: the same page was a table in one and text in another."""
    words: dict[str, Language] = {"het": "nl", "les": "fr", "the": "en", "und": "de"}
    for order in permutations(words):
        assert votes_of([*order, "akkoord", *order]).most_common() == [(words[word], 2) for word in order]


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


@pytest.mark.parametrize(
    "text",
    [
        "n.v.t. 12 n.v.t. 13 n.v.t. 14 n.v.t. 15 n.v.t. Solvabiliteitsratio Grondexploitatie",
        "drs. K.D. Handstede, secretaris; mr. L.A. de Lange, voorzitter; M.S. Dierckx, d.d. 12 mei",
        "ftp.le.debian.org/les/une/des/aux info@de-la-ville.brussels http://www.la-region.be/les/aux",
        "Art. 1er, 2er, 3er en 4er lid, zoals gewijzigd",
    ],
)
def test_abbreviations_initials_and_addresses_are_no_stop_words(text: str) -> None:
    assert detect(text) in ("nl", None)
    assert clear_language(text) is None


def test_the_languages_of_a_document_are_those_of_its_own_stop_words() -> None:
    dutch = {"de": 90, "en": 50, "het": 30, "van": 60, "zijn": 9}
    assert languages_of(dutch) == {"nl"}  # though French has "de" and "en", too
    assert languages_of({**dutch, "les": 30, "pour": 20, "dans": 11}) == {"nl", "fr"}
    assert languages_of({}) == set()


RATIOS = (
    "Kengetallen: Verslag Begr. Begr. 1a. Netto schuldquote -20,5 n.v.t. n.v.t. n.v.t. n.v.t. "
    "Solvabiliteitsratio 60,5 Grondexploitatie n.v.t."
)
FRENCH_TABLE = (
    "Indicateur Nombre de demandeurs d’emploi 12.345 Taux de chômage 15,2 % Nombre d’entreprises créées 2.300"
)
FRENCH_WORDS = (
    "Emploi 12 Formation 13 Logement 14 Mobilité 15 Enseignement 16 Propreté 17 Jeunesse 18 Santé 19"
)
DUTCH_TABLE = "Aantal werkzoekenden 12.345 Werkloosheidsgraad 15,2 % Aantal opgerichte ondernemingen 2.300"
ENGLISH_TABLE = (
    "Number of unemployed people 12,345 Rate of employment 61.2 % Businesses started during the year"
)
FLEMINGS = "Présents : Jan Janssens, Pieter Peeters, Karel Vandenbroucke, Els De Smet, Griet Willems"
WALLOONS = "Aanwezig: Jean Dupont, Marie Lefèvre, Pierre Lambert, Sophie Dubois, Le Roux, François Girard"
COMMUNES = "Anderlecht Auderghem Etterbeek Evere Forest Ganshoren Ixelles Jette Koekelberg Schaerbeek Uccle"
GEMEENTEN = "Anderlecht Oudergem Etterbeek Evere Vorst Ganshoren Elsene Jette Koekelberg Schaarbeek Ukkel"


@pytest.mark.parametrize(
    ("text", "around", "language"),
    [
        (RATIOS, "nl", "nl"),
        ("Indicator 2020 2021 Innovatie score A 12 Coaching sessions 4 5 Leads 1.200 Index 0,82", "nl", "nl"),
        ("Total 2019 2020 2021 Effectif 12 14 15 Budget 1.200 1.400 Ratio 1,2 n.d. n.d. n.d.", "fr", "fr"),
        (FRENCH_TABLE, "nl", "fr"),
        (FRENCH_WORDS, "nl", "fr"),
        (DUTCH_TABLE, "fr", "nl"),
        (ENGLISH_TABLE, "nl", "en"),
        (FLEMINGS, "fr", "fr"),
        (WALLOONS, "nl", "nl"),
        (COMMUNES, "nl", "nl"),
        (GEMEENTEN, "fr", "fr"),
        ("M. O. Dubois 12 M. E. Lambert 13 N.B. a. b. c. d. S.A. I.N.S. p.m. p.m. p.m.", "fr", "fr"),
        ("« We have to do more for the people who live in this city. »", "fr", "en"),
    ],
)
def test_blocks_of_few_words_take_the_language_around_them_and_clear_tables_their_own(
    text: str, around: Language, language: Language
) -> None:
    sentence = {"nl": DUTCH, "fr": FRENCH}[around]
    blocks = [stretch(sentence), stretch(text), stretch(sentence)]
    assert Languages(around, {around}).of(blocks) == [around, language, around]


def test_between_two_languages_in_turn_the_words_of_a_heading_choose() -> None:
    texts = [
        (FRENCH, "fr"),
        ("Artikel 2", "nl"),
        (DUTCH, "nl"),
        ("Article 2", "fr"),
        (FRENCH, "fr"),
        ("Werkgelegenheid", "nl"),
        (DUTCH, "nl"),
        ("Emploi", "fr"),
        (FRENCH, "fr"),
    ]
    blocks = [stretch(text, is_heading=text not in (FRENCH, DUTCH)) for text, _ in texts]
    assert Languages("nl", {"nl", "fr"}).of(blocks) == [language for _, language in texts]
    captions = [stretch(DUTCH), stretch("Tabel 3: cijfers"), stretch("Tableau 3 : chiffres"), stretch(FRENCH)]
    assert Languages("nl", {"nl", "fr"}).of(captions) == ["nl", "nl", "fr", "fr"]


def test_labels_in_two_columns_go_with_their_column() -> None:
    blocks = [
        stretch(text, *place)
        for texts in ((FRENCH, DUTCH), ("Fig. 1 Bruxelles", "Fig. 1 Brussel"), ("Actiris", "Actiris"))
        for text, place in zip(texts, ((50, 290), (305, 540)), strict=True)
    ]
    assert Languages("nl", {"nl", "fr"}).of(blocks) == ["fr", "nl"] * 3


def test_a_page_of_figures_goes_with_the_page_before_it() -> None:
    languages = Languages("nl", {"nl", "fr"})
    assert languages.of([stretch(FRENCH)]) == ["fr"]
    assert languages.of([stretch("2019 2020 Actiris 12 13 VDAB 14 15 Forem 1 2")]) == ["fr"]


def test_a_table_of_ratios_in_a_dutch_document_is_dutch(tmp_path: Path) -> None:
    rows = [
        "1a. Netto schuldquote",
        "1b. Idem, gecorrigeerd",
        "2. Solvabiliteitsratio",
        "3. Grondexploitatie",
    ]
    table = [f"{row:<30} n.v.t.     n.v.t.     n.v.t.     n.v.t.     12,5" for row in rows]
    path = tmp_path / "ratios.pdf"
    path.write_bytes(text_pdf([[DUTCH, DUTCH, "", "", *table], [*table]]))
    reading = read_document(path, 10, lambda done, total: None)
    assert {block.language for page in reading.pages for block in page.blocks} == {"nl"}


def test_the_rest_of_a_sentence_is_in_the_language_of_the_page_before() -> None:
    """Two languages take turns; below a head, too, but not at another edge, nor after a whole sentence."""
    begun = "Un sous-traitant agréé coordonne le programme"
    for last, first, language in (
        (begun, [stretch("social.")], "fr"),
        (begun, [stretch("De zone-indeling"), stretch("social.")], "fr"),
        (begun, [stretch("social.", x0=90)], "nl"),
        (f"{begun}.", [stretch("social.")], "nl"),
    ):
        languages = Languages("nl", {"nl", "fr"})
        languages.of([stretch(DUTCH), stretch(FRENCH), stretch(DUTCH), stretch(last)])
        assert languages.of([*first, stretch(DUTCH), stretch(FRENCH)])[len(first) - 1] == language


def test_the_rest_of_a_sentence_is_in_the_language_of_the_column_before() -> None:
    """Paragraphs of two languages by turns, in a document in a third one."""
    texts = [
        stretch(GERMAN, 60, 196),
        stretch(DUTCH, 60, 195),
        stretch("L’administration communale finance le savoir-faire", 60, 188),
        stretch("des artisans.", 208, 263),
        stretch(DUTCH, 208, 344),
        stretch(GERMAN, 208, 344),
    ]

    assert Languages("de", {"de"}).of(texts) == ["de", "nl", "fr", "fr", "nl", "de"]


@pytest.mark.parametrize(("end", "language"), [("het", "nl"), ("plannen", "fr")])
def test_a_word_that_needs_another_is_in_its_language_in_the_next_column(
    end: str, language: Language
) -> None:
    """The rest begins with capitals, and shows no language; the texts below it are French."""
    texts = [
        stretch(FRENCH, 60, 195),
        stretch(f"De gemeenteraad van Molenbeek organiseert voor de inwoners {end}", 60, 190),
        stretch("CO2-taks.", 208, 263),
        stretch(FRENCH, 208, 344),
    ]

    assert Languages("fr", {"fr", "nl"}).of(texts) == ["fr", "nl", language, "fr"]
