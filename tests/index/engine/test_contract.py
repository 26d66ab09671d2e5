"""The one suite that every search engine must pass, written against :mod:`index.engine.contract` alone.

Beside examples, random collections are searched with random queries, and what comes back is compared with
the plainest possible evaluation of the same query: reading every text.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Literal, get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.languages import LANGUAGES, Language
from index.engine.contract import (
    DIMENSIONS,
    MOST_SPELLINGS,
    Change,
    CountedBy,
    Dimension,
    Engine,
    Entry,
    Filters,
    LiveEngine,
    Result,
    SearchRequest,
    Sort,
    Store,
    WordTotal,
    document_of,
)
from index.engine.whoosh_index.whoosh_engine import WhooshStore
from index.query.forms import forms_of
from index.query.parser import parse
from index.query.tree import (
    NONE,
    UNDATED,
    And,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Term,
    Title,
)
from index.text.analysis import fold, is_stop_word, stem, tokens

ROOT = Path(__file__).parents[3]

STORES: dict[str, Callable[[Path], Store]] = {"whoosh": WhooshStore}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return STORES[request.param](tmp_path / "index")


def entry(
    text: str,
    language: Language = "nl",
    document: str = "doc",
    page: int = 1,
    year: int | None = 2011,
    plan: str | None = "new-deal",
    title: str = "Titel",
    headings: str = "",
) -> Entry:
    revision = f"{document}:1"
    return Entry(document, page, str(page), language, year, plan, "plan", title, headings, text, revision)


def engine_with(store: Store, *entries: Entry) -> LiveEngine:
    store.commit(Change(add=entries))
    return store.engine()


ALL, NOBODY = Filters(), frozenset[str]()


def search(engine: Engine, text: str, filters: Filters = ALL, **options: object) -> Result:
    return engine.search(SearchRequest(parse(text), filters, **options))  # type: ignore[arg-type]


def pages(result: Result) -> set[int]:
    return {hit.page for hit in result.hits}


# What matches


def test_a_word_finds_its_other_forms_in_the_language_of_the_page(store: Store) -> None:
    engine = engine_with(
        store,
        entry("De werken aan de stad", "nl", page=1),
        entry("Het werk aan de stad", "nl", page=2),
        entry("Les entreprises bruxelloises", "fr", page=3),
        entry("the enterprise", "en", page=4),
    )
    assert pages(search(engine, "werken")) == {1, 2}
    assert pages(search(engine, "entreprise")) == {3}


@pytest.mark.parametrize(
    ("language", "asked", "found", "others"),
    [
        ("fr", "égalité", "l'égalité, les égalités", "également, égale"),
        ("fr", "logement", "un logement, les logements", "log logique"),
        ("fr", "parti", "un parti, les partis", "la partie part de partout, partir"),
        ("fr", "commune", "la commune, les communes", "communication, communiquer, communauté"),
        ("en", "policy", "policy and policies", "the police, policing"),
        ("en", "university", "a university, universities", "the universe, universal"),
        ("de", "Förderung", "die Förderung, Förderungen", "die Forderung, Forderungen"),
        ("de", "Häuser", "das Haus, die Häuser", "die Haut, hausieren"),
        ("de", "Arbeit", "die Arbeit", "der Arbeiter"),
    ],
)
def test_a_word_finds_no_word_that_only_looks_like_it(
    store: Store, language: Language, asked: str, found: str, others: str
) -> None:
    engine = engine_with(store, entry(found, language, page=1), entry(others, language, page=2))
    assert pages(search(engine, asked)) == {1}
    spans = engine.matches(parse(asked), language, found)
    assert len(spans) == len([word for word in found.split() if len(word) > 3])
    assert not engine.matches(parse(asked), language, others)


def test_plain_words_find_each_other_whatever_their_accents(store: Store) -> None:
    engine = engine_with(
        store, entry("La région réussit", "fr", page=1), entry("LA REGION REUSSIT", "fr", page=2)
    )
    assert pages(search(engine, "région")) == {1, 2}
    assert pages(search(engine, "region")) == {1, 2}


def test_a_word_without_accents_finds_what_only_its_accents_give_another_stem(store: Store) -> None:
    assert stem("preferez", "fr") != stem("préférez", "fr")
    text = "Si vous préférez attendre"
    engine = engine_with(store, entry(text, "fr", page=1))
    assert pages(search(engine, "preferez")) == {1}
    ((start, end),) = engine.matches(parse("preferez"), "fr", text)
    assert text[start:end] == "préférez"


ACCENTS: dict[str, tuple[Language, Sequence[str]]] = {
    "één": ("nl", ["één", "ÉÉN", "EEN", "Eén", "eén", "een", "Een"]),
    "activités": (
        "fr",
        ["activité", "activités", "ACTIVITÉS", "ACTIVITE", "Activites", "activite", "activites"],
    ),
    "marché": ("fr", ["marché", "marchés", "MARCHE", "marche", "Marche"]),
    "état": ("fr", ["état", "État", "Etat", "ETATS", "etat"]),
    "première": ("fr", ["première", "premières", "premier", "PREMIERE", "premiere"]),
    "financiële": ("nl", ["financiële", "financieel", "FINANCIELE", "financiele"]),
    "café": ("en", ["café", "CAFE", "cafés", "cafe"]),
    "schön": ("de", ["schön", "SCHÖN", "schöne", "schon", "SCHON", "schoen"]),
    "straße": ("de", ["straße", "STRASSE", "strasse", "strase"]),
}
"""Words as they are typed, and words of a text of which those before the last few are found."""

NOT_FOUND = {
    "één": ["eén", "een", "Een"],
    "activités": ["Activites", "activite", "activites"],
    "marché": ["marche", "Marche"],
    "état": ["etat"],
    "première": ["premiere"],
    "financiële": ["financiele"],
    "café": ["cafe"],
    "schön": ["schon", "SCHON", "schoen"],
    "straße": ["strase"],
}


@pytest.mark.parametrize("typed", ACCENTS)
def test_accents_that_are_typed_are_asked_for_but_capitals_may_lack_them(store: Store, typed: str) -> None:
    language, words = ACCENTS[typed]
    engine = engine_with(store, *(entry(word, language, page=page) for page, word in enumerate(words)))
    found = [word for word in words if word not in NOT_FOUND[typed]]
    assert [words[page] for page in sorted(pages(search(engine, typed, limit=50)))] == found
    assert marked(engine, typed, language, " ".join(words)) == found


@pytest.mark.parametrize("typed", ["een", "activites", "marche", "etat", "premiere", "financiele", "schon"])
def test_a_word_typed_without_accents_finds_every_spelling(store: Store, typed: str) -> None:
    language, words = next(each for each in ACCENTS.values() if any(fold(word) == typed for word in each[1]))
    same = [word for word in words if fold(word) == typed]
    engine = engine_with(store, *(entry(word, language, page=page) for page, word in enumerate(words)))
    assert {words[page] for page in pages(search(engine, typed, limit=50))} >= set(same)
    assert set(marked(engine, typed, language, " ".join(words))) >= set(same)


@pytest.mark.parametrize(
    ("typed", "language", "asked", "others"),
    [
        ("marche", "fr", "marche marches marché marchés", "marcotte"),
        ("cote", "fr", "côté côtés cote", "cotiser"),
        ("oriente", "fr", "orienté orientés", "orientation"),
        ("anderung", "de", "Änderung Änderungen", "Anderes"),
        ("andert", "de", "ändern ändert geändert", "anders"),
        ("grosse", "de", "große Größe Größen", "Großstadt"),
    ],
)
def test_a_word_typed_without_accents_finds_the_forms_of_every_spelling(
    store: Store, typed: str, language: Language, asked: str, others: str
) -> None:
    texts = [*asked.split(), others]
    engine = engine_with(store, *(entry(text, language, page=page) for page, text in enumerate(texts)))
    query = f"{typed} compounds:no"
    assert [texts[page] for page in sorted(pages(search(engine, query)))] == texts[:-1]
    assert marked(engine, query, language, " ".join(texts)) == texts[:-1]


def test_a_letter_typed_without_an_accent_may_have_one(store: Store) -> None:
    engine = engine_with(
        store, entry("pêché", "fr", page=1), entry("péché", "fr", page=2), entry("peche", "fr", page=3)
    )
    assert pages(search(engine, "peché")) == {1, 2}
    assert pages(search(engine, "pêche")) == {1}


def test_accents_count_in_phrases_near_each_other_in_beginnings_and_in_titles(store: Store) -> None:
    texts = ["Eén loket", "EEN LOKET", "een loket", "één loket", "Een loket"]
    engine = engine_with(
        store, *(entry(text, document=f"d{page}", page=page, title=text) for page, text in enumerate(texts))
    )
    for query in ('"één"', '"één loket"', '"loket één"~2', "titel:één", 'titel:"één loket"'):
        assert pages(search(engine, query)) == {0, 1, 3}, query
    assert pages(search(engine, '"een loket"')) == {1, 2, 4}
    assert pages(search(engine, '"eén"')) == {0, 1}, "quotation marks ask for these very accents"
    joined = ". ".join(texts)
    assert marked(engine, '"één loket"', "nl", joined) == ["Eén loket", "EEN LOKET", "één loket"]
    assert marked(engine, '"loket één"~0', "nl", "EEN LOKET, een loket") == ["EEN", "LOKET"]
    french = ["économie", "Economies", "ECONOMIQUE", "economique", "ÉCONOMIE", "écono"]
    engine = engine_with(
        store, *(entry(word, "fr", document="f", page=10 + page) for page, word in enumerate(french))
    )
    assert pages(search(engine, "écon*")) == {10, 11, 12, 14, 15}
    assert pages(search(engine, "écon* -écono")) == {10, 11, 12, 14}
    found = [word for word in french if word != "economique"]
    assert marked(engine, "écon*", "fr", " ".join(french)) == found


def test_a_compound_has_the_accents_that_were_typed(store: Store) -> None:
    engine = engine_with(
        store,
        entry("de ideeën en de markt", page=1),
        entry("ideeënmarkt", page=2),
        entry("ideeenmarkt", page=3),
        entry("IDEEENMARKT", page=4),
    )
    assert pages(search(engine, "ideeën")) == {1, 2, 4}
    assert marked(engine, "ideeën", "nl", "ideeënmarkt ideeenmarkt IDEEENMARKT") == [
        "ideeënmarkt",
        "IDEEENMARKT",
    ]


WRITTEN_NUMBERS = ["2026", "2.026", "2,026", "2 026", "2\u202f026", "2’026", "20262", "2.0260"]


def test_a_number_in_quotation_marks_is_found_in_its_own_writing_only(store: Store) -> None:
    engine = engine_with(
        store, *(entry(f"x {text} y", page=page) for page, text in enumerate(WRITTEN_NUMBERS))
    )
    written = {
        '"2026"': [0],
        '"2.026"': [1],
        '"2,026"': [2],
        '"2 026"': [3, 4],
        '"2\'026"': [5],
        "2026": [0],
        "2.026": [0, 1, 2, 3, 4, 5],
        '"x 2026 y"': [0],
        '"x 2.026 y"': [1],
        '"y 2026"~1': [0],
    }
    together = ". ".join(f"x {text} y" for text in WRITTEN_NUMBERS)
    for query, found in written.items():
        assert sorted(pages(search(engine, query))) == found, query
        marks = marked(engine, query, "nl", together)
        assert [mark for mark in marks if mark not in "xy"] == [
            f"x {WRITTEN_NUMBERS[page]} y" if query.startswith('"x') else WRITTEN_NUMBERS[page]
            for page in found
        ], query


def test_a_number_that_is_no_year_is_found_in_every_writing(store: Store) -> None:
    texts = ["2500000", "2.500.000", "2 500 000", "2,500,000", "3,5", "3.5"]
    engine = engine_with(store, *(entry(text, page=page) for page, text in enumerate(texts)))
    for query in ("2500000", "2.500.000"):
        assert pages(search(engine, query)) == {0, 1, 2, 3}
    assert pages(search(engine, "3,5")) == {4, 5}
    assert pages(search(engine, '"3,5"')) == {4}
    assert pages(search(engine, '"2500000"')) == {0}


def test_words_without_accents_stand_close_together_too(store: Store) -> None:
    filler = [f"mot{number}" for number in range(60)]
    engine = engine_with(
        store,
        entry(" ".join(["réseaux", *filler, "qualité"]), "fr", document="a", page=1),
        entry(" ".join([*filler[:30], "réseaux de qualité", *filler[30:]]), "fr", document="b", page=2),
    )
    assert [hit.page for hit in search(engine, "qualite reseaux").hits] == [2, 1]


def test_a_phrase_is_exact(store: Store) -> None:
    engine = engine_with(
        store,
        entry("Le pacte de l’emploi est signé.", "fr", page=1),
        entry("Le pacte emploi est signé.", "fr", page=2),
        entry("L'emploi de le pacte est signe.", "fr", page=3),
        entry("pacte, de: l'emploi", "fr", page=4),
    )
    assert pages(search(engine, '"pacte de l\'emploi"')) == {1, 4}
    assert pages(search(engine, '"pacte emploi"')) == {2}
    assert pages(search(engine, '"est signé"')) == {1, 2}
    assert pages(search(engine, '"est signe"')) == {3}


def test_a_phrase_of_stop_words_alone_is_found_where_it_stands(store: Store) -> None:
    engine = engine_with(
        store, entry("zijn of niet zijn is de vraag", page=1), entry("niet zijn of zijn", page=2)
    )
    assert pages(search(engine, '"zijn of niet zijn"')) == {1}


def test_a_phrase_may_repeat_a_word_and_cross_a_line_but_not_a_page(store: Store) -> None:
    engine = engine_with(
        store,
        entry("stap voor stap\nvooruit", page=1),
        entry("stap voor", page=2),
        entry("stap vooruit", page=3),
    )
    assert pages(search(engine, '"stap voor stap vooruit"')) == {1}


def test_near_counts_the_words_between_in_both_directions(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact een twee werk", page=1),
        entry("werk een twee drie pact", page=2),
        entry("pact werk", page=3),
        entry("pact", page=4),
    )
    assert pages(search(engine, '"pact werk"~2')) == {1, 3}
    assert pages(search(engine, '"pact werk"~3')) == {1, 2, 3}
    assert pages(search(engine, '"pact pact"~3')) == set()


def test_stop_words_beside_other_words_ask_nothing_in_their_own_language(store: Store) -> None:
    engine = engine_with(
        store, entry("pact werk", "nl", page=1), entry("pact", "nl", page=2), entry("het pact", "nl", page=3)
    )
    assert pages(search(engine, "het pact")) == {1, 2, 3}
    assert pages(search(engine, "het")) == {3}
    assert pages(search(engine, "werk -het")) == {1}


def test_a_prefix_and_a_typo_look_at_letters_alone(store: Store) -> None:
    engine = engine_with(
        store,
        entry("Économie", "fr", page=1),
        entry("economisch", "nl", page=2),
        entry("ecnoomie", "nl", page=3),
        entry("oeconomie", "nl", page=4),
    )
    assert pages(search(engine, "econ*")) == {1, 2}
    assert pages(search(engine, "economie~")) == {1, 3, 4}


def test_a_part_finds_its_compounds_in_dutch_and_german(store: Store) -> None:
    engine = engine_with(
        store,
        entry("Het werkgelegenheidsbeleid van de stad.", "nl", page=1),
        entry("De werkgelegenheid groeit; het beleid ook.", "nl", page=2),
        entry("Die Beschäftigungspolitik der Stadt", "de", page=3),
        entry("Die Beschäftigung und die Politik", "de", page=4),
    )
    assert pages(search(engine, "werkgelegenheid")) == {1, 2}
    assert pages(search(engine, "Beschäftigung")) == {3, 4}
    assert [hit.page for hit in search(engine, "werkgelegenheid").hits] == [2, 1]
    text = "Het werkgelegenheidsbeleid van de stad."
    assert marked(engine, "werkgelegenheid", "nl", text) == ["werkgelegenheidsbeleid"]


def test_titles_are_asked_apart(store: Store) -> None:
    engine = engine_with(
        store,
        entry("tekst", document="a", page=1, title="Sociaal Pact voor de Werkgelegenheid"),
        entry("pact", document="b", page=2, title="Iets anders"),
    )
    assert pages(search(engine, "titel:pact")) == {1}
    assert pages(search(engine, 'titel:"voor de werkgelegenheid"')) == {1}
    assert pages(search(engine, "titel:werkg*")) == {1}
    assert pages(search(engine, "pact")) == {2}
    assert pages(search(engine, "pact -titel:anders")) == set()
    without = engine.search(SearchRequest(Query("", Title(Not(Term("pact"))))))
    assert pages(without) == {2}


def test_filters_of_the_query_and_of_the_form_hold_together(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact", document="a", page=1, year=2002, plan="sociaal-pact"),
        entry("pact", document="b", page=2, year=2011),
        entry("pacte pact", "fr", document="b", page=3, year=2011),
        entry("pact", document="c", page=4, year=None, plan=None),
    )
    assert pages(search(engine, "pact year:2000-2011")) == {1, 2, 3}
    assert pages(search(engine, "pact year:2000-2011", Filters(years=(2011, 2020)))) == {2, 3}
    assert pages(search(engine, "lang:fr")) == {3}
    assert pages(search(engine, "pact", Filters(plans=frozenset({"sociaal-pact"})))) == {1}
    assert pages(search(engine, "pact", Filters(documents=frozenset({"b", "nowhere"})))) == {2, 3}
    assert pages(search(engine, "pact", Filters(kinds=frozenset({"speech"})))) == set()
    assert pages(search(engine, "pact", Filters(years=(0, 9999)))) == {1, 2, 3}
    assert pages(search(engine, "pact year:none")) == {4}
    assert pages(search(engine, "pact", Filters(years=UNDATED))) == {4}
    assert pages(search(engine, "pact plan:none")) == {4}
    assert pages(search(engine, "pact", Filters(plans=frozenset({NONE, "sociaal-pact"})))) == {1, 4}
    assert pages(search(engine, "pact year:none", Filters(years=(2002, 2011)))) == set()


def test_hidden_documents_are_in_no_count(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact", document="a", year=2002),
        entry("pact", document="b"),
        entry("pact", document="b", page=2),
    )
    result = search(engine, "pact", left_out=frozenset({"b:1", "b:0", "nowhere:1"}))
    assert (result.total, result.documents, result.facets["year"]) == (1, 1, {"2002": 1})


# Counting and ordering


def test_facets_count_what_each_choice_would_give(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact", document="a", page=1, year=2002, plan="sociaal-pact"),
        entry("pact", document="b", page=1, year=2011),
        entry("pact", "fr", document="b", page=2, year=2011),
        entry("pact", document="c", page=1, year=None, plan=None),
    )
    facets = search(engine, "pact", Filters(years=(2011, 2011), languages=frozenset({"nl"}))).facets
    assert facets["year"] == {"2002": 1, "2011": 1, "none": 1}
    assert list(facets["year"])[-1] == "none"
    assert facets["language"] == {"nl": 1, "fr": 1}
    assert facets["plan"] == {"new-deal": 1}
    assert facets["kind"] == {"plan": 1}


def test_headings_titles_and_short_pages_rank_higher(store: Store) -> None:
    filler = " ".join(f"woord{number}" for number in range(50))
    engine = engine_with(
        store,
        entry(f"opleiding {filler}", document="a", page=1),
        entry(f"opleiding {filler}", document="b", page=2, headings="opleiding"),
        entry(f"opleiding {filler}", document="c", page=3, title="Opleiding"),
        entry(f"opleiding {filler} {filler}", document="d", page=4),
    )
    assert [hit.page for hit in search(engine, "opleiding").hits] == [2, 3, 1, 4]


def test_by_date_the_newest_comes_first_and_the_undated_last(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact pact", document="a", page=1, year=2002),
        entry("pact werk", document="b", page=2, year=None),
        entry("pact", document="c", page=3, year=2020),
        entry("pact werk werk", document="d", page=4, year=2002),
    )
    assert [hit.page for hit in search(engine, "pact", sort="date").hits] == [3, 1, 4, 2]


def test_words_that_stand_close_together_rank_higher(store: Store) -> None:
    filler = [f"woord{number}" for number in range(60)]
    engine = engine_with(
        store,
        entry(" ".join(["steun", *filler, "opleiding"]), document="a", page=1),
        entry(" ".join([*filler[:30], "steun voor opleiding", *filler[30:]]), document="b", page=2),
    )
    assert [hit.page for hit in search(engine, "opleiding steun").hits] == [2, 1]


def test_the_very_form_that_was_asked_ranks_higher(store: Store) -> None:
    engine = engine_with(
        store,
        entry("alle opleidingen van het gewest", document="a", page=1),
        entry("elke opleiding van het gewest", document="b", page=2),
    )
    assert [hit.page for hit in search(engine, "opleiding").hits] == [2, 1]
    assert [hit.page for hit in search(engine, "opleidingen").hits] == [1, 2]


@pytest.mark.parametrize(
    ("asked", "language", "last", "first"),
    [
        (
            "l'envoyer",
            "fr",
            "il faut envoyer le texte, envoyer tout, envoyer",
            "il faut l’envoyer sans y toucher",
        ),
        ("d’emploi", "fr", "un emploi par-ci, l'emploi par-là, emploi", "une offre d'emploi de la commune"),
        ("d'equipement", "fr", "un équipement, équipement, équipement", "un plan d’équipement de la ville"),
        ("L'ÉQUIPEMENT", "fr", "un équipement, équipement, équipement", "tout l'équipement de la ville"),
        ("jusqu'accord", "fr", "un accord, accord, accord", "il reste jusqu’accord des parties"),
        ("foto's", "nl", "een foto, foto, foto", "alle foto’s van de stad"),
        ("title:l'emploi", "fr", "emploi", "emploi"),
    ],
)
def test_what_an_apostrophe_parts_from_a_word_ranks_higher_and_need_not_be_there(
    store: Store, asked: str, language: Language, last: str, first: str
) -> None:
    engine = engine_with(
        store,
        entry(last, language, document="a", page=1, title="Pour un emploi, emploi"),
        entry(first, language, document="b", page=2, title="Le pacte de l’emploi"),
        entry("zonder het woord", language, document="c", page=3),
    )
    assert [hit.page for hit in search(engine, asked).hits] == [2, 1]


def test_a_word_typed_with_accents_ranks_as_one_without(store: Store) -> None:
    """The very form and headings come first for both."""
    filler = " ".join(f"mot{number}" for number in range(50))
    engine = engine_with(
        store,
        entry(f"des régions {filler}", "fr", document="a", page=1),
        entry(f"une région {filler}", "fr", document="b", page=2),
        entry(f"des régions {filler}", "fr", document="c", page=3, headings="régions"),
    )
    assert [hit.page for hit in search(engine, "region").hits] == [3, 2, 1]
    assert [hit.page for hit in search(engine, "région").hits] == [3, 2, 1]


def test_groups_come_in_the_order_of_their_best_hits(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact en nog veel meer woorden erbij", document="a", page=1),
        entry("pact pact pact", document="b", page=1),
        entry("pact en nog veel meer woorden", document="b", page=2),
        entry("pact en nog veel", document="b", page=3),
    )
    result = search(engine, "pact", grouped=True, hits_per_group=2)
    assert [(group.document, group.total) for group in result.groups] == [("b", 3), ("a", 1)]
    assert [hit.page for hit in result.groups[0].hits] == [1, 3]
    assert result.hits == (*result.groups[0].hits, *result.groups[1].hits)
    assert (result.total, result.documents) == (4, 2)
    second = search(engine, "pact", grouped=True, offset=1, limit=1)
    assert [group.document for group in second.groups] == ["a"]


def test_equals_stand_in_the_order_of_document_page_and_language(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact", "nl", document="b", page=2),
        entry("pact", "fr", document="b", page=1),
        entry("pact", "nl", document="b", page=1),
        entry("pact", "nl", document="a", page=3),
    )
    for sort in ("relevance", "date"):
        hits = search(engine, "pact", sort=sort).hits
        assert [(hit.document, hit.page, hit.language) for hit in hits] == [
            ("a", 3, "nl"),
            ("b", 1, "nl"),
            ("b", 1, "fr"),
            ("b", 2, "nl"),
        ]


def test_pages_of_results_have_no_gaps_and_no_doubles(store: Store) -> None:
    engine = engine_with(
        store,
        *(
            entry("pact" + " werk" * (number % 3), document=f"d{number % 7}", page=number)
            for number in range(50)
        ),
    )
    everything = [hit.page for hit in search(engine, "pact", limit=100).hits]
    assert sorted(everything) == list(range(50))
    for sort in ("relevance", "date"):
        whole = search(engine, "pact", sort=sort, limit=50).hits
        parts = [search(engine, "pact", sort=sort, offset=start, limit=7).hits for start in range(0, 56, 7)]
        assert tuple(hit for part in parts for hit in part) == whole
    assert search(engine, "pact", offset=1000).hits == ()
    assert search(engine, "pact", limit=0).hits == ()
    assert search(engine, "pact", limit=0).total == 50


def test_no_more_hits_are_handed_out_at_once_than_a_thousand() -> None:
    assert SearchRequest(parse("pact"), limit=1000).limit == 1000
    with pytest.raises(ValueError, match="0 to 1,000 hits, not 1,001; a walk gives all"):
        SearchRequest(parse("pact"), limit=1001)
    with pytest.raises(ValueError, match="not -1"):
        SearchRequest(parse("pact"), limit=-1)
    with pytest.raises(ValueError, match="leave out -1 hits"):
        SearchRequest(parse("pact"), offset=-1)


def test_a_walk_gives_every_hit_in_its_place(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact", document="b", page=2),
        entry("pacte", "fr", document="b", page=1),
        entry("pact pact", "nl", document="b", page=1),
        entry("pact", document="a", page=10, year=2002),
        entry("pact", document="a", page=9, year=2002),
        entry("pact", document="c", year=None),
        entry("iets anders", document="d"),
    )
    query = parse("pact OR pacte")
    assert [(hit.document, hit.page, hit.language) for hit in engine.walk(query, ALL, NOBODY)] == [
        *(("a", 9, "nl"), ("a", 10, "nl"), ("b", 1, "nl"), ("b", 1, "fr"), ("b", 2, "nl"), ("c", 1, "nl")),
    ]
    for sort in get_args(Sort):
        hits = engine.search(SearchRequest(query, sort=sort, limit=10)).hits
        assert tuple(engine.walk(query, ALL, NOBODY, sort)) == hits
    dutch_of_2011 = Filters(years=(2011, 2011), languages=frozenset({"nl"}))
    narrowed = engine.walk(query, dutch_of_2011, frozenset({"c:1"}))
    assert [(hit.document, hit.page) for hit in narrowed] == [("b", 1), ("b", 2)]
    assert list(engine.walk(parse("nergens"), ALL, NOBODY)) == []


def test_a_walk_goes_further_than_a_search_and_keeps_to_its_state(store: Store) -> None:
    engine = engine_with(store, *(entry("pact", page=page) for page in range(1, 1202)))
    hits = engine.walk(parse("pact"), ALL, NOBODY)
    assert next(hits).page == 1
    store.commit(Change(frozenset({"doc"})))
    engine.refresh()
    assert [hit.page for hit in hits] == list(range(2, 1202))
    assert list(engine.walk(parse("pact"), ALL, NOBODY)) == []


def test_hits_are_counted_by_document_and_by_each_dimension_within_all_filters(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact", document="a", page=1, year=2002, plan=None),
        entry("pact", document="b", page=1),
        entry("pact", "fr", document="b", page=2),
        entry("pact", document="c", page=1, year=None),
        entry("iets anders", document="d"),
    )

    def counted(by: CountedBy, filters: Filters = ALL, text: str = "pact") -> Mapping[str, int]:
        return engine.count_by(parse(text), filters, frozenset({"c:1"}), by)

    assert counted("document") == {"a": 1, "b": 2}
    assert counted("year") == {"2002": 1, "2011": 2}
    assert counted("plan") == {"new-deal": 2, NONE: 1}
    assert counted("language") == {"nl": 2, "fr": 1}
    assert counted("kind") == {"plan": 3}
    assert counted("language", Filters(languages=frozenset({"fr"}))) == {"fr": 1}
    assert counted("document", text="pact lang:fr") == {"b": 1}
    assert counted("document", text="nergens") == {}
    assert engine.count_by(parse("pact year:none"), ALL, NOBODY, "year") == {NONE: 1}


def test_a_beginning_stands_for_any_number_of_words(store: Store) -> None:
    engine = engine_with(
        store,
        *(
            entry(" ".join(f"abc{1_000 + number + page}" for number in range(700)), page=page)
            for page in range(4)
        ),
    )
    assert pages(search(engine, "abc*")) == {0, 1, 2, 3}
    assert pages(search(engine, "abc170*")) == {1, 2, 3}
    assert pages(search(engine, "abc1702*")) == {3}


def test_words_with_letters_are_counted_by_document_and_language(store: Store) -> None:
    engine = engine_with(
        store,
        entry("een 2 twee 2.500.000 drie ½", "nl", document="a", page=1),
        entry("vier vijf", "nl", document="a", page=2),
        entry("un deux", "fr", document="a", page=2),
        entry("", "en", document="a", page=3),
        entry("2009 2010", "de", document="a", page=4),
        entry("six mots de plus que ça", "fr", document="b"),
    )
    dutch, french = WordTotal("a", "nl", 5, 3), WordTotal("a", "fr", 2, 2)
    other = WordTotal("b", "fr", 6, 6)

    def totals(filters: Filters = ALL, left_out: frozenset[str] = NOBODY) -> list[WordTotal]:
        return list(engine.word_totals(filters, left_out))

    assert totals() == [dutch, french, other]
    assert totals(left_out=frozenset({"a:1"})) == [other]
    assert totals(Filters(documents=frozenset({"a"}), languages=frozenset({"fr"}))) == [french]
    assert totals(Filters(years=(1990, 1999))) == []
    stream = engine.word_totals(ALL, NOBODY)
    store.commit(Change(remove=frozenset({"a"})))
    engine.refresh()
    assert (totals(), list(stream)) == ([other], [dutch, french, other])
    assert store.commit(Change(remove=frozenset({"b"}))) == 0
    engine.refresh()
    assert totals() == []


def test_entries_are_left_out_by_their_revision_and_not_by_their_document(store: Store) -> None:
    old = entry("pact oud", document="a", year=2002)
    new = replace(entry("pact nieuw", document="a", page=2), revision="a:2")
    engine = engine_with(store, old, new, entry("pact", document="b"))
    assert engine.revisions() == {"a:1", "a:2", "b:1"}
    assert {document_of(each) for each in engine.revisions()} == {"a", "b"}
    result = search(engine, "pact", left_out=frozenset({"a:1"}))
    assert [(hit.document, hit.page) for hit in result.hits] == [("b", 1), ("a", 2)]
    assert (result.total, result.documents, result.facets["year"]) == (2, 2, {"2011": 2})
    assert engine.spellings("oud", frozenset({"a:1"})) == {}
    assert engine.spellings("oud", frozenset({"a:2"})) == {"oud": 1}
    store.commit(Change(frozenset({"a"}), [new]))
    engine.refresh()
    assert engine.revisions() == {"a:2", "b:1"}


def test_an_empty_index_finds_nothing(store: Store) -> None:
    engine = store.engine()
    for text in ("pact", '"a b"', "pac*", "pact~", "-pact", "", "titel:a", '"a b"~3', "year:2011"):
        result = search(engine, text, grouped=True)
        assert (result.total, result.documents, result.hits, result.groups) == (0, 0, (), ())
        assert list(engine.walk(parse(text), ALL, NOBODY)) == []
        assert engine.count_by(parse(text), ALL, NOBODY, "document") == {}
    assert engine.counts(["pact"]) == {}
    assert engine.spellings("pact", NOBODY) == {}


def test_texts_without_words_are_entries_too(store: Store) -> None:
    engine = engine_with(
        store, entry("…", title="", page=1), entry("", title="", page=2), entry("pact", page=3)
    )
    assert pages(search(engine, "-pact year:2011")) == {1, 2}


# Where it matched


def marked(engine: Engine, query: str, language: Language, text: str) -> list[str]:
    return [text[start:end] for start, end in engine.matches(parse(query), language, text)]


def test_marks_stand_on_the_right_words_after_ligatures_and_elisions(store: Store) -> None:
    engine = engine_with(store, entry("x"))
    text = "L’eﬃcacité de l’œuvre : l'emploi, L'EMPLOI et le ﬁnancement de l’em\u00adploi."
    assert marked(engine, "emploi", "fr", text) == ["emploi", "EMPLOI", "em\u00adploi"]
    assert marked(engine, "financement", "fr", text) == ["ﬁnancement"]
    assert marked(engine, '"l\'emploi"', "fr", text) == ["l'emploi", "L'EMPLOI", "l’em\u00adploi"]
    assert marked(engine, "oeuv*", "fr", text) == ["œuvre"]


def test_marks_leave_out_what_did_not_ask(store: Store) -> None:
    engine = engine_with(store, entry("x"))
    text = "Het pact voor de stad, de stad en het werk"
    assert marked(engine, "het pact -werk", "nl", text) == ["pact"]
    assert marked(engine, "pact titel:stad", "nl", text) == ["pact"]
    assert marked(engine, '"de stad en"', "nl", text) == ["de stad en"]
    assert marked(engine, '"pact stad"', "nl", text) == []
    assert marked(engine, '"pact stad"~2', "nl", text) == ["pact", "stad"]
    assert marked(engine, '"stad pact"~1', "nl", text) == []
    assert marked(engine, "stadd~", "nl", text) == ["stad", "stad"]


def test_overlapping_marks_become_one(store: Store) -> None:
    engine = engine_with(store, entry("x"))
    text = "de stad en de streek"
    assert marked(engine, '"de stad" OR "stad en de"', "nl", text) == ["de stad en de"]


# The forms that were found


def forms_found(engine: Engine, query: str, filters: Filters = ALL) -> list[dict[str, int]]:
    found = search(engine, query, filters, limit=0, with_forms=True).forms
    assert all(not each.more for each in found)
    return [{form.word: form.count for form in each.named} for each in found]


def test_the_forms_of_each_word_are_counted_on_the_pages_that_match(store: Store) -> None:
    engine = engine_with(
        store,
        entry("Het plan en de plannen van het beleid, PLANNEN", page=1, year=2001),
        entry("Een beleidsplan voor de stad", page=2, year=2002),
        entry("le plan de la ville", "fr", page=3, year=2002),
    )
    assert forms_found(engine, "plan") == [{"plan": 2, "plannen": 2, "beleidsplan": 1}]
    assert forms_found(engine, "plan compounds:no") == [{"plan": 2, "plannen": 2}]
    assert forms_found(engine, "plan stad") == [{"plan": 0, "beleidsplan": 1}, {"stad": 1}]
    assert forms_found(engine, "plan", Filters(languages=frozenset({"fr"}))) == [{"plan": 1}]
    assert forms_found(engine, "plan -stad year:2002") == [{"plan": 1}]
    assert forms_found(engine, "de plan") == [{"plan": 2, "plannen": 2, "beleidsplan": 1}]
    assert forms_found(engine, "bele*") == [{"beleid": 1, "beleidsplan": 1}]
    assert forms_found(engine, "stat~") == [{"stad": 1}]
    assert forms_found(engine, '"plan" OR titel:plan OR 2002') == []
    assert search(engine, "plan").forms == (), "nobody asked"


@pytest.mark.parametrize(
    ("language", "query", "text"),
    [
        ("de", "lagern", "lagern lagert gelagert"),
        ("fr", "venir", "venir viennent vient"),
        ("en", "man", "man men"),
    ],
)
def test_forms_that_begin_otherwise_are_counted_too(
    store: Store, language: Language, query: str, text: str
) -> None:
    engine = engine_with(store, entry(text, language), entry(text, language, page=2))
    marks = marked(engine, query, language, text)
    assert forms_found(engine, query) == [dict.fromkeys(marks, 2)]
    store.commit(Change(frozenset({"other"}), [entry(text, language, document="b")]))
    engine.refresh()
    assert forms_found(engine, query) == [dict.fromkeys(marks, 3)]


def test_forms_with_accents_are_told_from_capitals_without(store: Store) -> None:
    engine = engine_with(store, entry("één, ÉÉN, Eén en EEN EEN van een"))
    assert forms_found(engine, "één") == [{"één": 2, "EEN": 2, "eén": 1}]
    assert forms_found(engine, "een") == [{"een": 3, "één": 2, "eén": 1}]


# Changing the index


def test_a_document_is_replaced_removed_and_added_again(store: Store) -> None:
    engine = engine_with(
        store, entry("oud", page=1), entry("oud", page=2), entry("blijft", document="b", page=3)
    )
    before = engine.generation()
    store.commit(Change(frozenset({"doc"}), [entry("nieuw", page=4)]))
    assert pages(search(engine, "oud")) == {1, 2}, "an engine keeps to its state until told otherwise"
    engine.refresh()
    assert engine.generation() != before
    assert pages(search(engine, "oud")) == set()
    assert pages(search(engine, "year:2011")) == {3, 4}
    store.commit(Change(frozenset({"doc"})))
    store.commit(Change(frozenset({"doc", "never there"})))
    engine.refresh()
    assert pages(search(engine, "year:2011")) == {3}
    assert store.count() == 1


def test_an_engine_that_is_refreshed_for_nothing_stays_as_it_is(store: Store) -> None:
    engine = engine_with(store, entry("pact"))
    before = engine.generation()
    engine.refresh()
    assert engine.generation() == before
    assert store.engine().generation() == before


def test_a_pinned_engine_stays_with_its_state(store: Store) -> None:
    engine = engine_with(store, entry("oud"))
    pinned = engine.pinned()
    store.commit(Change(frozenset({"doc"}), [entry("nieuw")]))
    engine.refresh()
    assert pages(search(pinned, "oud")) == {1}
    assert pages(search(engine, "oud")) == set()
    assert pinned.generation() != engine.generation() == engine.pinned().generation()


def test_many_small_commits_leave_an_index_that_finds_everything(store: Store) -> None:
    engine = store.engine()
    for number in range(40):
        document = f"d{number % 25}"
        text = "woord " * number + f"pact nummer{number} één"
        store.commit(Change(frozenset({document}), [entry(text, document=document, page=number)]))
        engine.refresh()
        assert pages(search(engine, f"nummer{number}")) == {number}
    assert pages(search(engine, "pact", limit=100)) == set(range(15, 40))
    for number in range(15, 40):
        assert pages(search(engine, f'"pact nummer{number} één"')) == {number}
    assert 25 <= engine.counts(["een"])["een"] <= 40
    assert engine.spellings("een", NOBODY)["een"] == 25
    assert store.count() == 25


def test_only_words_that_readers_may_see_are_told(store: Store) -> None:
    shown = [entry("pact één een", document="shown", page=page) for page in (1, 2)]
    engine = engine_with(
        store, *shown, entry("pact geheim", document="hidden"), entry("pact weg", document="gone")
    )
    store.commit(Change(frozenset({"gone"})))
    engine.refresh()
    hidden = frozenset({"hidden:1"})
    assert engine.spellings("pact", hidden) == {"pact": 2}
    assert engine.spellings("een", hidden) == {"een": 4}
    for word in ("geheim", "geheimm", "weg", "wegen", "nergens"):
        assert engine.spellings(word, hidden) == {}
    assert engine.spellings("geheinnis", hidden, 2) == {}
    assert engine.spellings("geheim", NOBODY) == {"geheim": 1}
    assert engine.spellings("pact", frozenset({"hidden:1", "shown:1"})) == {}


def test_words_are_counted_by_their_letters(store: Store) -> None:
    engine = engine_with(
        store,
        entry("pact één, EEN een", page=1, title="Enkel hier"),
        entry("pact", page=2),
        entry("le pacte", "fr", page=3),
    )
    assert engine.counts(["pact", "pacte", "een", "enkel", "nergens", ""]) == {
        "pact": 2,
        "pacte": 1,
        "een": 2,
    }
    assert engine.counts([]) == {}


@pytest.mark.parametrize(
    ("asked", "typos", "found"),
    [
        ("strategie", 1, {"strategie": 2, "strategies": 1}),
        ("stratgie", 1, {"strategie": 2}),
        ("srtategie", 1, {"strategie": 2}),
        ("srtaetgie", 1, {}),
        ("srtaetgie", 2, {"strategie": 2}),
        ("strtegi", 2, {"strategie": 2}),
        ("xxrategie", 2, {"strategie": 2}),
        ("strat", 2, {}),
        ("raad", 1, {"raad": 1, "rad": 1}),
        ("ad", 1, {"rad": 1}),
        ("a", 1, {}),
    ],
)
def test_spellings_are_one_or_two_typos_away(
    store: Store, asked: str, typos: Literal[0, 1, 2], found: dict[str, int]
) -> None:
    engine = engine_with(
        store,
        entry("Strategie voor de raad", page=1),
        entry("stratégie strategies", "fr", page=2),
        entry("het rad", page=3),
    )
    assert engine.spellings(asked, NOBODY, typos) == found


def test_of_many_spellings_the_commonest_are_told(store: Store) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    alike = [f"strate{one}{other}" for one in letters for other in letters]
    engine = engine_with(store, entry(" ".join(alike), page=1), entry(" ".join(alike[:3]), page=2))
    found = engine.spellings("strategy", NOBODY, 2)
    assert len(found) == MOST_SPELLINGS < len(alike)
    assert {word for word, count in found.items() if count == 2} == set(alike[:3])


def test_a_commit_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    engine_with(store, entry("pact"))

    def broken() -> Iterable[Entry]:
        yield entry("half", page=2)
        raise RuntimeError("the catalogue went away")

    with pytest.raises(RuntimeError):
        store.commit(Change(frozenset({"doc"}), broken()))
    assert pages(search(store.engine(), "year:2011")) == {1}
    store.commit(Change(add=[entry("weer", page=3)]))
    assert pages(search(store.engine(), "year:2011")) == {1, 3}


# Against the plainest evaluation

WORDS: dict[Language, Sequence[str]] = {
    "nl": ("de", "EEN", "pact", "Eén", "2.026", "één", "een", "2026"),
    "fr": ("ÉLÈVE", "de", "ELEVES", "Eleve", "élève", "eleve", "l'élève", "pactes"),
}
ENTRIES = st.lists(
    st.builds(
        lambda language, numbers, **fields: Entry(
            label="",
            kind="plan",
            language=language,
            headings="",
            title=fields.pop("title"),
            text=" ".join(WORDS[language][number] for number in numbers),
            revision=f"{fields['document']}:{fields.pop('number')}",
            **fields,
        ),
        language=st.sampled_from(["nl", "fr"]),
        numbers=st.lists(st.integers(0, 7), max_size=8),
        document=st.sampled_from(["a", "b", "c"]),
        number=st.sampled_from("12"),
        page=st.integers(1, 4),
        year=st.sampled_from([None, 2002, 2011]),
        plan=st.sampled_from([None, "x", "y"]),
        title=st.sampled_from(["", "het pact", "le pacte de"]),
    ),
    max_size=12,
    unique_by=lambda each: (each.document, each.page, each.language),
)
ANY_WORD = st.sampled_from(
    sorted(
        {word for words in WORDS.values() for word in words if word.islower() and "'" not in word}
        | {"l", "het", "werk", "pact", "élèves", "2026", "=2026", "=2.026"}
    )
)
LEAVES = st.one_of(
    st.builds(Term, ANY_WORD),
    st.builds(Phrase, st.lists(ANY_WORD, min_size=1, max_size=3).map(tuple)),
    st.builds(Near, st.lists(ANY_WORD, min_size=2, max_size=3).map(tuple), st.integers(0, 3)),
    st.builds(Prefix, st.sampled_from(["pac", "ele", "wer", "élè", "xyz"])),
    st.builds(Fuzzy, st.sampled_from(["pact", "eleve", "wrek", "sta", "pacttt"])),
    st.just(Everything()),
    st.just(Nothing()),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Title, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
SOME_FILTERS = st.builds(
    Filters,
    years=st.sampled_from([None, (2002, 2002), (2000, 2020), (2020, 2021), UNDATED]),
    languages=st.sampled_from([frozenset(), frozenset({"nl"}), frozenset({"fr", "de"})]),
    plans=st.sampled_from([frozenset(), frozenset({"x"}), frozenset({"x", "y"}), frozenset({"x", NONE})]),
    documents=st.sampled_from([frozenset(), frozenset({"a", "b"})]),
)


def is_asked_for(node: Node, language: Language, words: Sequence[str], title: Sequence[str]) -> bool:
    """Whether `node` asks for a text of these words, by the words of the contract."""

    def again(child: Node) -> bool:
        return is_asked_for(child, language, words, title)

    match node:
        case Term(word) if word.startswith("="):
            return any(is_exactly(word, each) for each in words)
        case Term(word):
            return any(
                has_accents_of(word, each)
                for each in words
                if stem(verbatim(each)[0], language) == stem(word, language)
                or fold(word) == fold(verbatim(each)[0])
            )
        case Phrase(phrase):
            return any(
                all(map(is_exactly, phrase, words[start:])) for start in range(len(words) - len(phrase) + 1)
            )
        case Near(group, distance):
            span = len(group) + distance
            return any(
                all(
                    sum(is_exactly(word, each) for each in words[start : start + span]) >= group.count(word)
                    for word in group
                )
                for start in range(len(words))
            )
        case Prefix(beginning):
            return any(
                fold(each).startswith(fold(beginning)) and has_accents_of(beginning, each) for each in words
            )
        case Fuzzy(word):
            return any(typos(fold(verbatim(each)[0]), fold(word)) <= 1 for each in words)
        case Title(child):
            return is_asked_for(child, language, title, title)
        case And(children):
            stops = [isinstance(each, Term) and is_stop_word(each.word, language) for each in children]
            others = [
                each
                for each, is_stop in zip(children, stops, strict=True)
                if not is_stop and not isinstance(each, Not | Everything)
            ]
            return all(
                again(each) or (is_stop and others) for each, is_stop in zip(children, stops, strict=True)
            )
        case Or(children):
            return any(again(child) for child in children)
        case Not(child):
            return not again(child)
        case _:
            return node == Everything()


def has_accents_of(typed: str, word: str) -> bool:
    """Whether a word has each accent that was typed, or a bare capital in its place, as far as their letters
    are the same."""
    for asked, here in zip(typed, word, strict=False):
        if fold(asked) != fold(here):
            return True
        if not asked.isascii() and asked != here.lower() and not (here.isascii() and here.isupper()):
            return False
    return True


def is_exactly(asked: str, word: str) -> bool:
    """Whether a word is this very one: a number as it is written, a word with these accents and no other."""
    if asked.startswith("="):
        return word == asked[1:]
    (plain,) = verbatim(word)
    if asked.isascii() or not word.isalpha():
        return plain == asked
    bare = all(not each.isascii() or here.isascii() for each, here in zip(asked, word, strict=False))
    return fold(word) == fold(asked) and bare and has_accents_of(asked, word)


def typos(one: str, other: str) -> int:
    """Letters to put in, leave out, change or swap with the next (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, other_letter in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def passes(each: Entry, filters: Filters, lifted: Dimension | None = None) -> bool:
    return (
        (lifted == "year" or not filters.years or filters.years[0] <= (each.year or 0) <= filters.years[1])
        and (lifted == "language" or not filters.languages or each.language in filters.languages)
        and (lifted == "plan" or not filters.plans or (each.plan or NONE) in filters.plans)
        and (not filters.documents or each.document in filters.documents)
    )


def verbatim(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


def raw(text: str) -> list[str]:
    return [text[token.start : token.end] for token in tokens(text)]


folders = count()


@pytest.mark.parametrize("make_store", STORES.values(), ids=STORES)
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=ENTRIES, second=ENTRIES, tree=TREES, filters=SOME_FILTERS, hidden=st.sampled_from(["", "a"]))
@example([], [], Not(Term("pact")), Filters(), "")
def test_random_queries_find_what_reading_every_text_finds(
    make_store: Callable[[Path], Store],
    tmp_path: Path,
    first: list[Entry],
    second: list[Entry],
    tree: Node,
    filters: Filters,
    hidden: str,
) -> None:
    store = make_store(tmp_path / str(next(folders)))
    store.commit(Change(add=first))
    replaced = frozenset(each.document for each in second)
    store.commit(Change(replaced, second))
    held = [each for each in first if each.document not in replaced] + second
    seen = [each for each in held if each.revision != f"{hidden}:1"]
    matching = [each for each in seen if is_asked_for(tree, each.language, raw(each.text), raw(each.title))]
    expected = [each for each in matching if passes(each, filters)]

    engine, query, left_out = store.engine(), Query("", tree), frozenset({f"{hidden}:1"})
    result = engine.search(SearchRequest(query, filters, limit=100, left_out=left_out))

    assert store.count() == len(held)
    assert Counter((hit.document, hit.page, hit.language) for hit in result.hits) == Counter(
        (each.document, each.page, each.language) for each in expected
    )
    assert result.total == len(expected)
    assert result.documents == len({each.document for each in expected})
    for dimension in DIMENSIONS:
        counts = Counter(
            str(getattr(each, dimension) or NONE) for each in matching if passes(each, filters, dimension)
        )
        assert result.facets[dimension] == counts
    order = [(-hit.score, hit.document, hit.page, hit.language) for hit in result.hits]
    assert [key[0] for key in order] == sorted(key[0] for key in order)
    assert list(engine.walk(query, filters, left_out)) == sorted(
        result.hits, key=lambda hit: (hit.document, hit.page, LANGUAGES.index(hit.language))
    )
    for sort in get_args(Sort):
        hits = engine.search(SearchRequest(query, filters, sort=sort, limit=100, left_out=left_out)).hits
        assert tuple(engine.walk(query, filters, left_out, sort)) == hits
    for by in get_args(CountedBy):
        counts = Counter(str(getattr(each, by) or NONE) for each in expected)
        assert engine.count_by(query, filters, left_out, by) == counts


def entries_by_letters(entries: Iterable[Entry]) -> Counter[str]:
    """For each word without its accents the entries with it; twice where they have two spellings."""
    return Counter(fold(word) for each in entries for word in set(verbatim(each.text)))


@pytest.mark.parametrize("make_store", STORES.values(), ids=STORES)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=ENTRIES,
    second=ENTRIES,
    asked=st.sampled_from(["pact", "pac", "eleve", "elevers", "werk", "wrek", "stda", "een", "2026", "l"]),
    filters=SOME_FILTERS,
    hidden=st.sampled_from(["", "a"]),
)
def test_questions_about_words_are_answered_as_reading_every_text_would(
    make_store: Callable[[Path], Store],
    tmp_path: Path,
    first: list[Entry],
    second: list[Entry],
    asked: str,
    filters: Filters,
    hidden: str,
) -> None:
    store = make_store(tmp_path / str(next(folders)))
    store.commit(Change(add=first))
    replaced = frozenset(each.document for each in second)
    store.commit(Change(replaced, second))
    held = [each for each in first if each.document not in replaced] + second
    seen = [each for each in held if each.revision != f"{hidden}:1"]
    engine, left_out = store.engine(), frozenset({f"{hidden}:1"})
    shown, known = entries_by_letters(seen), entries_by_letters(held)

    near = {word: count for word, count in shown.items() if typos(asked, word) <= 1}
    assert engine.spellings(asked, left_out) == near
    near |= {word: count for word, count in shown.items() if typos(asked, word) <= 2}
    assert engine.spellings(asked, left_out, 2).items() <= near.items()
    ever = entries_by_letters([*first, *second])
    counts = engine.counts(ever.keys() | {asked})
    assert all(known[word] <= counts.get(word, 0) <= ever[word] for word in (*ever, asked))
    assert engine.revisions() == {each.revision for each in held}

    words: dict[tuple[str, Language], list[int]] = {}
    for each in seen:
        if passes(each, filters):
            lettered = sum(any(map(str.isalpha, word)) for word in verbatim(each.text))
            words.setdefault((each.document, each.language), []).append(lettered)
    assert list(engine.word_totals(filters, left_out)) == [
        WordTotal(*key, sum(words[key]), max(words[key]))
        for key in sorted(words, key=lambda key: (key[0], LANGUAGES.index(key[1])))
        if any(words[key])
    ]


@pytest.mark.parametrize("make_store", STORES.values(), ids=STORES)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=ENTRIES, second=ENTRIES, tree=LEAVES, filters=SOME_FILTERS)
def test_forms_are_counted_as_often_as_they_are_marked(
    make_store: Callable[[Path], Store],
    tmp_path: Path,
    first: list[Entry],
    second: list[Entry],
    tree: Node,
    filters: Filters,
) -> None:
    store = make_store(tmp_path / str(next(folders)))
    store.commit(Change(add=first))
    replaced = frozenset(each.document for each in second)
    store.commit(Change(replaced, second))
    held = [each for each in first if each.document not in replaced] + second
    engine = store.engine()
    result = engine.search(SearchRequest(Query("", tree), filters, limit=100, with_forms=True))
    texts = {(each.document, each.page, each.language): each.text for each in held}
    marks = sum(
        len(engine.matches(Query("", tree), hit.language, texts[hit.document, hit.page, hit.language]))
        for hit in result.hits
    )
    if result.forms:
        assert sum(each.count for each in result.forms) == marks
    else:
        assert not marks or isinstance(tree, Phrase | Near) or tree == Term("=2026") or tree == Term("=2.026")


@pytest.mark.parametrize("make_store", STORES.values(), ids=STORES)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=ENTRIES,
    second=ENTRIES,
    tree=st.one_of(LEAVES, st.lists(LEAVES, min_size=2, max_size=3).map(lambda some: Or(tuple(some)))),
    filters=SOME_FILTERS,
    hidden=st.sampled_from(["", "a"]),
)
def test_what_is_counted_without_the_texts_is_what_is_marked_in_them(
    make_store: Callable[[Path], Store],
    tmp_path: Path,
    first: list[Entry],
    second: list[Entry],
    tree: Node,
    filters: Filters,
    hidden: str,
) -> None:
    store = make_store(tmp_path / str(next(folders)))
    store.commit(Change(add=first))
    replaced = frozenset(each.document for each in second)
    store.commit(Change(replaced, second))
    held = [each for each in first if each.document not in replaced] + second
    engine, query, left_out = store.engine(), Query("", tree), frozenset({f"{hidden}:1"})
    counted = engine.counted_forms(query, filters, left_out)
    if counted is None:
        assert not isinstance(tree, Term | Prefix | Fuzzy) or tree in (Term("=2026"), Term("=2.026"))
        return
    texts = {(each.document, each.page, each.language): each.text for each in held}
    marked: dict[tuple[str, Language], Counter[str]] = {}
    for hit in engine.search(SearchRequest(query, filters, limit=100, left_out=left_out)).hits:
        text = texts[hit.document, hit.page, hit.language]
        spans = engine.matches(query, hit.language, text)
        if forms := Counter(forms_of((text[start:end] for start, end in spans), tree)):
            marked.setdefault((hit.document, hit.language), Counter()).update(forms)
    assert counted.by_text == marked
    assert (counted.total, counted.generation) == (
        sum(forms.total() for forms in marked.values()),
        engine.generation(),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES, numbers=st.lists(st.integers(0, 7), max_size=10), language=st.sampled_from(["nl", "fr"]))
def test_marks_stand_in_order_apart_and_wherever_a_page_matched(
    empty_engine: Engine, tree: Node, numbers: list[int], language: Language
) -> None:
    text = " ".join(WORDS[language][number] for number in numbers)
    spans = empty_engine.matches(Query("", tree), language, text)
    ends = [0, *(end for _, end in spans)]
    assert all(end <= start < after for end, (start, after) in zip(ends, spans, strict=False))
    if spans:
        assert spans[-1][1] <= len(text)
    if isinstance(tree, Term | Phrase | Near | Prefix | Fuzzy):
        assert bool(spans) == is_asked_for(tree, language, raw(text), [])


@pytest.fixture(params=STORES, scope="module")
def empty_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return STORES[request.param](tmp_path_factory.mktemp("empty") / "index").engine()


# Several processes

WRITER = """
import sys
from pathlib import Path
from index.engine.contract import Change, Entry
from index.engine.whoosh_index.whoosh_engine import WhooshStore

def pages(document, version):
    # so many pages in each version that a mixture of two shows
    for page in range(1, version % 4 + 3):
        text = f"gedeeld woord{version} " + " ".join(f"w{version * page + n}" for n in range(60))
        revision = f"{document}:{version}"
        yield Entry(document, page, "", "nl", 1000 + version, None, "plan", document, "", text, revision)

store = WhooshStore(Path(sys.argv[1]))
for version in range(int(sys.argv[2]), 10**6):
    for document in ("a", "b", "c"):
        store.commit(Change(frozenset({document}), pages(document, version)))
        print(document, version, flush=True)
"""

READER = """
import sys, time
from pathlib import Path
from index.engine.contract import Filters, SearchRequest
from index.query.parser import parse
from index.engine.whoosh_index.whoosh_engine import WhooshEngine

engine = WhooshEngine(Path(sys.argv[1]))
end = time.monotonic() + float(sys.argv[2])
states = set()
query = parse("gedeeld")
while time.monotonic() < end:
    engine.refresh()
    states.add(engine.generation())
    for document in ("a", "b", "c"):
        result = engine.search(SearchRequest(query, Filters(documents=frozenset({document}))))
        versions = result.facets["year"]
        assert len(versions) <= 1, versions
        for version, count in versions.items():
            assert count == (int(version) - 1000) % 4 + 2, versions
print(len(states))
"""


def start(script: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_readers_beside_a_busy_writer_see_whole_documents_and_no_errors(tmp_path: Path) -> None:
    WhooshStore(tmp_path)
    writer = start(WRITER, tmp_path, 0)
    readers = [start(READER, tmp_path, 4) for _ in range(3)]
    try:
        for reader in readers:
            states, errors = reader.communicate(timeout=60)
            assert reader.returncode == 0, errors
            assert int(states) > 3, "the reader saw the writer at work"
    finally:
        for process in (writer, *readers):
            process.kill()
            process.communicate()


def test_a_writer_killed_in_the_middle_loses_nothing_that_it_committed(tmp_path: Path) -> None:
    version = 0
    for round_number in range(5):
        writer = start(WRITER, tmp_path, version)
        assert writer.stdout
        lines = [writer.stdout.readline()]
        time.sleep(0.013 * round_number)
        writer.kill()
        rest, errors = writer.communicate(timeout=30)
        assert not errors
        committed = {}
        for line in [*lines, *rest.splitlines(keepends=True)]:
            if line.count(" ") == 1 and line.endswith("\n"):
                document, last = line.split()
                committed[document] = int(last)
        engine = WhooshStore(tmp_path).engine()
        for document, last in committed.items():
            years = search(engine, "gedeeld", Filters(documents=frozenset({document}))).facets["year"]
            found = int(next(iter(years))) - 1000
            assert last <= found <= last + 1
            assert years == {str(1000 + found): found % 4 + 2}
        version = max(committed.values()) + 2
    WhooshStore(tmp_path).commit(Change(frozenset({"a", "b", "c"}), [entry("daarna")]))
    assert pages(search(WhooshStore(tmp_path).engine(), "year:2011")) == {1}
