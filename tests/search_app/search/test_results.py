"""A search as all its readers get it: what a hit shows, how filters are read and combined."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from archive.records import Description, Document
from index.engine.contract import Filters
from search_app import create_app
from search_app.library import Library
from search_app.search.results import SearchPage, as_json, search
from search_app.web.parameters import PAGE, PER_PAGE, SORT, WrongParameter, read_filters, refuse_unknown
from tests.surroundings.reading_room import ReadingRoom, fill, make_page


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def app(room: ReadingRoom, held: dict[str, Document]) -> Flask:
    return create_app(room.settings)


@pytest.fixture(scope="module")
def library(app: Flask) -> Library:
    library: Library = app.extensions["library"]
    return library


def marked(page: SearchPage) -> list[list[str]]:
    return [[piece.text for piece in hit.excerpt if piece.mark] for hit in page.hits]


def test_a_hit_shows_its_page_its_words_and_where_they_are_drawn(
    library: Library, held: dict[str, Document]
) -> None:
    found = search(library, '"voie vers"', Filters(), boxes=True)
    assert (found.total, found.documents) == (1, 1)
    hit = found.hits[0]
    document = held["pact_fr"]
    assert (hit.document, hit.title, hit.year) == (document.id, document.title, 2011)
    assert (hit.plan, hit.language, hit.page, hit.page_label) == ("new-deal", "fr", 2, "1")
    assert marked(found) == [["voie vers"]]
    text = "La formation des jeunes ouvre la voie vers l’emploi."
    left = 60 + 6 * text.index("voie")
    assert hit.boxes == ((left, 60, left + 24, 72), (left + 30, 60, left + 54, 72))
    assert hit.url == f"/fr/document/{document.id}/page/2?q=%22voie+vers%22"
    assert hit.original_url == f"/original/{document.id}.pdf#page=2"


def test_boxes_are_of_the_language_that_matched(library: Library) -> None:
    """On a page in two languages the index of a passage among its own kind is not its place on the page."""
    found = search(library, "objectifs", Filters(), boxes=True)
    text = "Elle compte dix-huit objectifs."
    left = 60 + 6 * text.index("objectifs")
    assert [hit.boxes for hit in found.hits] == [((left, 60 + 2 * 28, left + 60, 72 + 2 * 28),)]


def test_boxes_are_left_out_unless_asked_for(library: Library) -> None:
    assert search(library, "objectifs", Filters()).hits[0].boxes == ()


def test_addresses_speak_the_language_asked_for_else_that_of_the_text(library: Library) -> None:
    own = search(library, "werkgelegenheid", Filters())
    assert {hit.url.split("/")[1] for hit in own.hits} == {"nl"}
    english = search(library, "werkgelegenheid", Filters(), ui_language="en")
    assert {hit.url.split("/")[1] for hit in english.hits} == {"en"}


def test_groups_hold_the_hits_of_their_document(library: Library, held: dict[str, Document]) -> None:
    found = search(library, "emploi", Filters(languages=frozenset({"fr"})), grouped=True)
    assert found.is_grouped
    by_document = {group.document.id: group for group in found.groups}
    pact = by_document[held["pact_fr"].id]
    assert len(pact.pages) == 3
    assert pact.total == 4
    for group in found.groups:
        assert {page.document for page in group.pages} == {group.document.id}
    assert [page for group in found.groups for page in group.pages] == list(found.hits)
    assert sum(group.total for group in found.groups) == found.total


def test_pages_of_results_make_the_whole(library: Library) -> None:
    whole = search(library, "emploi OR werkgelegenheid", Filters(), per_page=100)
    assert whole.last_page == 1
    parts = [
        search(library, "emploi OR werkgelegenheid", Filters(), page=number, per_page=3)
        for number in range(1, -(-whole.total // 3) + 1)
    ]
    assert parts[0].last_page == len(parts) > 1
    assert [hit.url for part in parts for hit in part.hits] == [hit.url for hit in whole.hits]
    rest = search(library, "emploi OR werkgelegenheid", Filters(), offset=2, per_page=100)
    assert [hit.url for hit in rest.hits] == [hit.url for hit in whole.hits[2:]]


def test_beyond_the_last_page_there_is_nothing_but_the_counts_stay(library: Library) -> None:
    found = search(library, "emploi", Filters(), page=900)
    assert not found.hits
    assert found.total > 0


def test_filters_in_the_text_and_in_the_form_hold_together(library: Library) -> None:
    everything = search(library, "emploi", Filters())
    both = search(library, "emploi year:2011", Filters(languages=frozenset({"fr"})))
    assert 0 < both.total < everything.total
    assert {(hit.year, hit.language) for hit in both.hits} == {(2011, "fr")}
    assert search(library, "emploi year:2011", Filters(years=(2015, 2020))).total == 0
    assert search(library, "emploi lang:fr", Filters(languages=frozenset({"nl"}))).total == 0
    assert search(library, "emploi plan:new-deal", Filters(plans=frozenset({"strategie-2025"}))).total == 0


def test_a_misspelt_word_is_met_with_a_suggestion(library: Library) -> None:
    found = search(library, "werkgelegenhied", Filters())
    assert found.total == 0
    assert found.suggestion == "werkgelegenheid"
    assert search(library, "werkgelegenheid", Filters()).suggestion is None


def test_a_suggestion_is_spelled_with_the_accents_of_the_archive(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    page = make_page(
        1, [("paragraph", "fr", "La stratégie régionale de l’économie; la Stratégie elle-même.")]
    )
    room.add([page], Description("Stratégie", 2015, "strategie-2025", "plan", "fr"))
    library = Library.open(room.settings)
    assert search(library, "Strategei", Filters()).suggestion == "Stratégie"
    assert search(library, '"stratégie régionle"', Filters()).suggestion == '"stratégie régionale"'
    room.close()


def test_a_document_that_is_withdrawn_is_gone_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    held = fill(room)
    library = Library.open(room.settings)
    before = search(library, "emploi", Filters())
    room.catalogue.withdraw(held["pact_fr"].id, "superseded", "test")
    after = search(library, "emploi", Filters())
    assert held["pact_fr"].id in {hit.document for hit in before.hits}
    assert held["pact_fr"].id not in {hit.document for hit in after.hits}
    assert after.total == before.total - 4
    room.close()


def test_json_has_the_agreed_shape_with_whole_addresses(library: Library, held: dict[str, Document]) -> None:
    body = as_json(search(library, "voie", Filters(), boxes=True), "https://terugblik.example")
    assert list(body) == ["query", "total", "documents", "facets", "hits", "took_ms"]
    assert list(body["query"]) == ["text", "read_as", "notices", "forms"]
    assert body["query"]["text"] == "voie"
    assert set(body["facets"]) == {"year", "language", "plan", "kind"}
    assert body["facets"]["year"] == {"2011": 1}
    hit = body["hits"][0]
    assert list(hit) == [
        *("document", "title", "year", "plan", "language", "page", "page_label"),
        *("score", "snippet", "boxes", "url", "original_url"),
    ]
    assert {"text": "voie", "mark": True} in hit["snippet"]
    assert hit["url"] == f"https://terugblik.example/fr/document/{held['pact_fr'].id}/page/2?q=voie"
    assert hit["original_url"].startswith("https://terugblik.example/original/")


@pytest.mark.parametrize(
    ("asked", "filters"),
    [
        ("", Filters()),
        ("year=&language=&plan=&kind=&document=&from=&to=", Filters()),
        ("year=2011", Filters(years=(2011, 2011))),
        ("year=2011-2020", Filters(years=(2011, 2020))),
        ("year=2011 – 2020", Filters(years=(2011, 2020))),
        ("from=2011&to=2020", Filters(years=(2011, 2020))),
        ("from=2011", Filters(years=(2011, 9999))),
        ("to=2020", Filters(years=(1000, 2020))),
        ("year=2010-2015&from=2012", Filters(years=(2012, 2015))),
        ("language=fr&language=nl", Filters(languages=frozenset({"fr", "nl"}))),
        ("language=fr,nl", Filters(languages=frozenset({"fr", "nl"}))),
        (
            "plan=new-deal&kind=plan,speech",
            Filters(plans=frozenset({"new-deal"}), kinds=frozenset({"plan", "speech"})),
        ),
        ("document=0123456789abcdef", Filters(documents=frozenset({"0123456789abcdef"}))),
    ],
)
def test_filters_are_read(app: Flask, asked: str, filters: Filters) -> None:
    with app.app_context():
        assert read_filters(arguments(asked)) == filters


@pytest.mark.parametrize(
    ("asked", "name", "allowed"),
    [
        ("year=abc", "year", "2011-2020"),
        ("year=2020-2011", "year", "first year"),
        ("year=20111", "year", "2011-2020"),
        ("year=٢٠١١", "year", "2011-2020"),
        ("from=2020&to=2011", "from", "first year"),
        ("from=12", "from", "1000 to 9999"),
        ("language=xx", "language", "nl, fr, en, de"),
        ("language=fr,xx", "language", "nl, fr, en, de"),
        ("plan=zz", "plan", "new-deal"),
        ("kind=zz", "kind", "speech"),
        ("document=../../x", "document", "16 hexadecimal"),
        ("sort=best", "sort", "relevance, date"),
        ("page=0", "page", "from 1"),
        ("page=-1", "page", "from 1"),
        ("page=9999999999999999999999", "page", "from 1"),
        ("page=１", "page", "from 1"),
        ("per_page=101", "per_page", "1 to 100"),
        ("per_page=ten", "per_page", "1 to 100"),
    ],
)
def test_wrong_values_are_refused_by_name(app: Flask, asked: str, name: str, allowed: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}), pytest.raises(WrongParameter) as raised:
        read_all(arguments(asked))
    assert raised.value.http_status == 400
    assert f" {name} " in raised.value.message
    assert allowed in raised.value.hint


def test_unknown_parameters_are_refused_with_those_that_there_are(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}), pytest.raises(WrongParameter) as raised:
        refuse_unknown(arguments("lang=fr"), (SORT, PAGE))
    assert "lang" in raised.value.message
    assert "sort, page" in raised.value.hint


def read_all(sent: MultiDict[str, str]) -> None:
    read_filters(sent)
    for parameter in (SORT, PAGE, PER_PAGE):
        parameter.read(sent)


def arguments(query_string: str) -> MultiDict[str, str]:
    pairs = [pair.split("=", 1) for pair in query_string.split("&") if pair]
    return MultiDict([(name, value) for name, value in pairs])
