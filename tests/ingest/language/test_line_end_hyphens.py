"""Words and addresses broken at a line end are put together as their language spells them."""

import pytest

from archive.languages import Language
from ingest.language.line_end_hyphens import DocumentVocabulary


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("mede-", "eigenaar", "mede-eigenaar"),
        ("micro-", "economie", "micro-economie"),
        ("zone-", "indeling", "zone-indeling"),
        ("e-", "mail", "e-mail"),
        ("BTW-", "compensatiefonds", "BTW-compensatiefonds"),
        ("sociaal-", "economisch", "sociaal-economisch"),
        ("in-", "en", None),
        ("sociale-", "en", None),
        ("re-", "integratie", "reïntegratie"),
        ("co-", "ordinatie", "coördinatie"),
        ("ge-", "evalueerd", "geëvalueerd"),
        ("drie-", "entwintig", "drieëntwintig"),
        ("financi-", "en", "financiën"),
        ("indi-", "en", "indien"),
        ("oud-", "ste", "oudste"),
        ("foto-", "tje", "fotootje"),
        ("re-", "eel", "reëel"),
        ("Vermeer-", "deringen", "Vermeerderingen"),
        ("schijf-", "indeling", "schijfindeling"),
        ("eco-", "nomische", "economische"),
        ("socio-eco-", "nomische", "socio-economische"),
        ("psycho-", "logische", "psychologische"),
        ("kmo-", "vertegenwoordiger", "kmo-vertegenwoordiger"),
        ("CO-", "VID-19-pandemie", "COVID-19-pandemie"),
        ("zes-", "endertig", "zesendertig"),
    ],
)
def test_dutch_hyphens_and_diaereses_come_back(first: str, second: str, whole: str | None) -> None:
    assert DocumentVocabulary().joined(first, second, "nl") == whole


@pytest.mark.parametrize(
    ("first", "second", "language", "whole"),
    [
        ("celui-", "ci", "fr", "celui-ci"),
        ("c'est-", "à-dire", "fr", "c'est-à-dire"),
        ("peut-", "être", "fr", "peut-être"),
        ("porte-", "parole", "fr", "porte-parole"),
        ("sou-", "ci", "fr", "souci"),
        ("Arbeits-", "und", "de", None),
        ("Nordrhein-", "Westfalen", "de", "Nordrhein-Westfalen"),
        ("well-", "being", "en", "well-being"),
        ("long-", "term", "en", "long-term"),
        ("non-", "profit", "en", "non-profit"),
        ("twenty-year-", "old", "en", "twenty-year-old"),
        ("cross-bor-", "der", "en", "cross-border"),
        ("demi-jour-", "née", "fr", "demi-journée"),
        ("rendez-", "vous", "fr", "rendez-vous"),
        ("Gleichstellungsmaß-", "nahmen", "de", "Gleichstellungsmaßnahmen"),
    ],
)
def test_each_language_has_rules_of_its_own(
    first: str, second: str, language: Language, whole: str | None
) -> None:
    assert DocumentVocabulary().joined(first, second, language) == whole


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("https://www.stad-", "werk.example/plan", "https://www.stad-werk.example/plan"),
        ("http://data.example/plannen/", "2015/plan.pdf", "http://data.example/plannen/2015/plan.pdf"),
        ("dienst-", "onthaal@stad.example", "dienst-onthaal@stad.example"),
        ("https://stad.example/", "wordt", None),
        ("https://stad.example/plannen/", "nieuws.", "https://stad.example/plannen/nieuws."),
        ("https://stad.example/plannen/", "is", None),
        ("www.stad.example.", "De", None),
        ("(https://stad.example/):", "een", None),
        ("https://stad.example:", "zie", None),
        ("http://stad.example:", "8080/plan", "http://stad.example:8080/plan"),
    ],
)
def test_an_address_stays_whole_and_takes_no_sentence(first: str, second: str, whole: str | None) -> None:
    assert DocumentVocabulary().joined(first, second, "nl") == whole


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [("kWh/", "m²", "kWh/m²"), ("en/", "of", "en/of"), ("2010–", "2015", "2010–2015"), ("–", "2015", None)],
)
def test_a_line_may_end_behind_a_sign_within_a_word(first: str, second: str, whole: str | None) -> None:
    assert DocumentVocabulary().joined(first, second, "nl") == whole


@pytest.mark.parametrize("first", ["water-", "energie-", "lucht-", "land-", "woning-", "markt-", "zee-"])
def test_a_part_that_is_left_out_makes_no_plural(first: str) -> None:
    """ "Energie- en het klimaatbeleid" and "water- en de luchtkwaliteit" are no plurals that were broken."""
    assert DocumentVocabulary().joined(first, "en", "nl") is None
