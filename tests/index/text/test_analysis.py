"""Words, their places and their stems."""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.languages import LANGUAGES, Language
from index.language.stop_words import STOP_WORDS
from index.text.analysis import FINGERPRINT, fold, is_stop_word, stem, tokens


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'emploi d’été", ["l", "emploi", "d", "été"]),
        ("sociaal-economisch en/of e-mail", ["sociaal", "economisch", "en", "of", "e", "mail"]),
        ("Œuvre, cœur, ﬁnanciën, ĳs", ["oeuvre", "coeur", "financiën", "ijs"]),
        ("werk\u00adgelegenheid e\u0301te\u0301", ["werkgelegenheid", "été"]),
        ("Straße 12 m² CO₂", ["straße", "12", "m2", "co2"]),
        ("Go4Brussels 2030, covid-19", ["go4brussels", "2030", "covid", "19"]),
        ("snake_case n° 5 art. 3, §2", ["snake", "case", "n", "5", "art", "3", "2"]),
        ("", []),
        (" …—“”!", []),
        ("½ journée, 1/2 journée, 1⁄2 journée", ["1/2", "journée"] * 3),
        ("2½ dag, 2 1/2 dag, 12½ %", ["2", "1/2", "dag", "2", "1/2", "dag", "12", "1/2"]),
        ("12 uur en 21/2 uur", ["12", "uur", "en", "21", "2", "uur"]),
        ("op 1/2/2020 of 3⁄16", ["op", "1", "2", "2020", "of", "3", "16"]),
        ("8.100 m², km², m³, 35 kWh/m²", ["8100", "m2", "km2", "m3", "35", "kwh", "m2"]),
        (
            "10³ ton in 2011³, zie de regering³",
            ["10", "3", "ton", "in", "2011", "3", "zie", "de", "regering", "3"],
        ),
        ("H₂SO₄, 1er en 12bis, 1ᵉʳ", ["h2so4", "1er", "en", "12bis", "1er"]),
        ("①② en ⑴ of ⒈", ["1", "2", "en", "1", "of", "1"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "written", ["2.500.000", "2 500 000", "2,500,000", "2\u202f500\u202f000", "2’500’000"]
)
def test_a_number_is_one_word_whatever_separates_its_thousands(written: str) -> None:
    assert words(f"voor {written} euro.") == ["voor", "2500000", "euro"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3,5 % of 3.5 %", ["3.5", "of", "3.5"]),
        ("1.234,56 en 1,234.56", ["1234.56", "en", "1234.56"]),
        ("16/01/2020 of 16.01.2020", ["16", "01", "2020", "of", "16", "01", "2020"]),
        ("artikel 3.1.2", ["artikel", "3", "1", "2"]),
        ("12 345 20 en 10 200 300 4", ["12", "345", "20", "en", "10", "200", "300", "4"]),
        ("2011-2020", ["2011", "2020"]),
        ("2 500m", ["2", "500m"]),
    ],
)
def test_other_numbers(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
@example("2 500 000 3,5 l'e\u0301t\u0301\u00ad é\u200b _²½ĳ")
def test_places_are_those_of_the_given_text(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.text
        assert token.text == token.text.lower()
        end = token.end
    gaps = [text[one.end : other.start] for one, other in zip(tokens(text), tokens(text)[1:], strict=False)]
    assert not any(sign.isascii() and sign.isalnum() for gap in gaps for sign in gap)


@given(st.text(alphabet="0123456789½¾²³₂①⒈ .,/⁄"))
@example("2½3²①1")
def test_digits_that_stand_apart_are_never_joined(text: str) -> None:
    """What is one number is written with digits and separators of thousands alone."""
    for token in tokens(text):
        raw = text[token.start : token.end]
        assert not re.search(r"\d[½¾²³₂①⒈]|[½¾①⒈].|[²³₂]\d", raw), raw


@given(st.text(alphabet=st.characters(categories=["L", "N", "Mn"]), max_size=20))
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


def test_folding() -> None:
    assert [fold(word) for word in ("Stratégie", "Straße", "Œuvre", "financiën", "façade")] == [
        "strategie",
        "strasse",
        "oeuvre",
        "financien",
        "facade",
    ]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("nl", ["plan", "plannen"]),
        ("nl", ["opleiding", "opleidingen"]),
        ("nl", ["school", "scholen"]),
        ("nl", ["werkzoekende", "werkzoekenden"]),
        ("nl", ["overheid", "overheden"]),
        ("fr", ["stratégie", "strategie", "stratégies"]),
        ("nl", ["sociaal", "sociale"]),
        ("nl", ["maatregel", "maatregelen"]),
        ("nl", ["strategie", "strategieën"]),
        ("nl", ["niveau", "niveaus"]),
        ("nl", ["advies", "adviezen"]),
        ("nl", ["huis", "huizen"]),
        ("nl", ["europees", "europese"]),
        ("fr", ["emploi", "emplois"]),
        ("fr", ["travail", "travaux"]),
        ("fr", ["commission", "commissions"]),
        ("fr", ["activité", "activités", "activite"]),
        ("fr", ["assemblée", "assemblee"]),
        ("fr", ["prévu", "prévus", "prevu"]),
        ("fr", ["économique", "économiques", "economique"]),
        ("fr", ["égalité", "égalités", "egalite"]),
        ("fr", ["social", "sociale", "sociaux", "sociales"]),
        ("fr", ["public", "publique", "publics", "publiques"]),
        ("fr", ["nouveau", "nouvelle", "nouveaux", "nouvelles"]),
        ("fr", ["directeur", "directrice", "directrices"]),
        ("fr", ["différent", "différente", "différents"]),
        ("fr", ["oeil", "yeux"]),
        ("fr", ["wallon", "wallonne", "wallonnes"]),
        ("fr", ["tramway", "tramways"]),
        ("fr", ["idéal", "idéale", "idéaux"]),
        ("fr", ["porter", "porte", "portent", "portait", "porté", "portés", "portera", "portant"]),
        ("fr", ["publier", "publie", "publient", "publié", "publiées"]),
        ("fr", ["payer", "paie", "paient", "paiera", "payée"]),
        ("fr", ["finir", "finit", "finissent", "finies", "finira"]),
        ("fr", ["recevoir", "reçoit", "reçoivent", "reçues", "recevra"]),
        ("fr", ["considérer", "considère", "considèrent", "considérait", "considérez"]),
        ("fr", ["réserver", "réservent", "réservait"]),
        ("fr", ["sortir", "sortent", "sorti", "sorties"]),
        ("en", ["policy", "policies"]),
        ("en", ["child", "children"]),
        ("en", ["analysis", "analyses"]),
        ("en", ["criterion", "criteria"]),
        ("en", ["plan", "plans", "planned", "planning"]),
        ("en", ["use", "uses", "used", "using"]),
        ("en", ["require", "requires", "required", "requiring"]),
        ("en", ["control", "controls", "controlled", "controlling"]),
        ("en", ["apply", "applies", "applied", "applying"]),
        ("de", ["änderung", "änderungen"]),
        ("de", ["haus", "hauses", "häuser", "häusern"]),
        ("de", ["stadt", "städte", "städten"]),
        ("de", ["öffentlich", "öffentliche", "öffentlicher", "öffentlichen"]),
        ("de", ["groß", "große", "größer", "größten"]),
        ("de", ["museum", "museen"]),
        ("de", ["datum", "daten"]),
        ("de", ["kandidat", "kandidaten"]),
        ("de", ["halb", "halbe", "halben"]),
        ("de", ["flexibel", "flexible", "flexiblen"]),
        ("de", ["seriös", "seriöse", "seriösen"]),
        ("de", ["führen", "führt", "führte", "geführt"]),
        ("de", ["geschrieben", "geschriebene", "geschriebenen"]),
    ],
)
def test_forms_of_a_word_have_one_stem(language: Language, forms: list[str]) -> None:
    assert len({stem(form, language) for form in forms}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("nl", "woning", "gewoon"),
        ("nl", "plan", "plant"),
        ("nl", "school", "scholing"),
        ("fr", "emploi", "employé"),
        ("fr", "égalité", "également"),
        ("fr", "logement", "log"),
        ("fr", "parti", "partie"),
        ("fr", "parti", "partir"),
        ("fr", "part", "partie"),
        ("fr", "part", "partir"),
        ("fr", "sort", "sortir"),
        ("fr", "commune", "communication"),
        ("fr", "commune", "communiquer"),
        ("fr", "port", "portant"),
        ("fr", "publicité", "publique"),
        ("fr", "droit", "droite"),
        ("fr", "marché", "marche"),
        ("fr", "capitale", "capital"),
        ("fr", "usager", "usage"),
        ("fr", "montant", "monter"),
        ("fr", "données", "donner"),
        ("fr", "revenus", "revenir"),
        ("en", "university", "universe"),
        ("en", "organisation", "organ"),
        ("en", "general", "generation"),
        ("en", "policy", "police"),
        ("en", "new", "news"),
        ("en", "import", "important"),
        ("en", "plan", "plane"),
        ("en", "housing", "house"),
        ("en", "united", "unit"),
        ("de", "politik", "polizei"),
        ("de", "gemeinde", "gemeinsam"),
        ("de", "arbeit", "arbeiter"),
        ("de", "forderung", "förderung"),
        ("de", "bürger", "burg"),
        ("de", "zahl", "zählen"),
        ("de", "ausland", "ausländer"),
        ("de", "groß", "größe"),
    ],
)
def test_other_words_have_another_stem(language: Language, one: str, other: str) -> None:
    assert stem(one, language) != stem(other, language)


@pytest.mark.parametrize(
    ("language", "word"),
    [("nl", "overheid"), ("nl", "waarde"), ("nl", "eenheid"), ("de", "sicherheit"), ("de", "seite")],
)
def test_no_word_has_the_stem_of_a_stop_word(language: Language, word: str) -> None:
    assert stem(word, language) not in {stem(other, language) for other in STOP_WORDS[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_are_written_as_words_are_given(language: Language) -> None:
    assert all(words(word) == [word] and is_stop_word(word, language) for word in STOP_WORDS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_merge_with_no_word_of_another_stem(language: Language) -> None:
    """Not even with one that only its inflection makes."""
    endings = ("", "s", "e", "es", "n", "en", "er", "ent", "ait", "ing", "ed", "t")
    stop_stems = {stem(word, language) for word in STOP_WORDS[language]}
    made = {word + ending for word in STOP_WORDS[language] for ending in endings}
    assert not {
        word
        for word in made
        if stem(word, language) in stop_stems and fold(word) not in map(fold, STOP_WORDS[language])
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_without_end_has_its_stem_at_once(language: Language) -> None:
    """A query may have a thousand letters, a hostile page more; they took seconds and hours."""
    begun = time.process_time()
    for word in ("e" * 1000, "ei" * 500, "e" * 997 + "ing", "x" * 999 + "t", "e" * 50_000 + "n"):
        assert stem(word, language)
    assert time.process_time() - begun < 1


def test_the_longest_words_that_are_stemmed() -> None:
    assert stem("a" * 97 + "ing", "en") == "a" * 97
    assert stem("a" * 98 + "ing", "en") == "a" * 98 + "ing"


def test_stems_are_folded_and_numbers_stay() -> None:
    assert stem("2500000", "nl") == "2500000"
    assert stem("covid19", "fr") == "covid19"
    assert stem("élevé", "fr").isascii()


def test_stems_do_not_depend_on_threads() -> None:
    asked = [f"woord{'en' * (number % 4)}{chr(97 + number % 26)}" for number in range(2000)]
    alone = [stem(word, "nl") for word in asked]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda word: stem(word, "nl"), asked)) == alone


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = "from index.text.analysis import FINGERPRINT; print(FINGERPRINT)"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == FINGERPRINT


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu", "Mn"]), min_size=1, max_size=30))
def test_every_word_has_a_stem_in_every_language(word: str) -> None:
    for token in tokens(word):
        for language in LANGUAGES:
            assert stem(token.text, language)
