"""The search page: what it finds, counts, filters, sorts and says."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from archive.records import Description, Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, make_page, make_settings

ALL = "year:1900-2100"
"""A query that every document with a year matches."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def documents(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, documents: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def soup(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status
    return BeautifulSoup(answer.data, "html.parser")


def titles(page: BeautifulSoup) -> list[str]:
    return [heading.text for heading in page.select(".found h2")]


def choices(page: BeautifulSoup, parameter: str) -> dict[str, int]:
    boxes: list[Tag] = page.select(f"input[type=checkbox][name={parameter}]")
    return {box["value"]: int(box.find_parent("label").select_one(".number").text) for box in boxes}


def chosen(page: BeautifulSoup) -> set[str]:
    return {box["value"] for box in page.select("input[type=checkbox][checked]")}


def test_results_are_grouped_by_document_with_their_best_pages(
    client: FlaskClient, documents: dict[str, Document]
) -> None:
    page = soup(client, "/en/search?q=emploi")
    identifier = documents["pact_fr"].id
    assert set(titles(page)) == {"Pacte de croissance urbaine durable", "Strategie 2025"}
    assert page.select_one(".count").text == "5 pages in 2 documents"
    article = page.find("h2", string="Pacte de croissance urbaine durable").find_parent("article")
    pages = article.select(".found-pages > li")
    assert len(pages) == 3
    assert article.select_one(".more").text == "All 4 matching pages of this document"
    assert article.select_one(".more a")["href"] == f"/en/search?q=emploi&document={identifier}"
    for found in pages:
        assert found.select_one(".excerpt")["lang"] == "fr"
        assert {mark.text.lower() for mark in found.select("mark")} == {"emploi"}
        assert found.mark
    first = {found.select_one(".to-page").text: found for found in pages}
    if "page 1 (printed: i)" in first:
        found = first["page 1 (printed: i)"]
        assert found.select_one(".to-page")["href"] == f"/en/document/{identifier}/page/1?q=emploi"
        assert found.select_one(".to-original")["href"] == f"/original/{identifier}.pdf#page=1"


def test_every_result_leads_to_a_page_with_its_matches_marked(client: FlaskClient) -> None:
    results = soup(client, "/fr/search?q=%22l%27emploi%20des%20jeunes%22")
    links = [link["href"] for link in results.select(".to-page")]
    assert len(links) == 1
    marks = soup(client, links[0]).select("mark")
    assert [mark.text for mark in marks] == ["l’emploi des jeunes"]


def test_within_one_document_every_page_is_shown(client: FlaskClient, documents: dict[str, Document]) -> None:
    page = soup(client, f"/en/search?q=emploi&document={documents['pact_fr'].id}")
    assert titles(page) == ["Pacte de croissance urbaine durable"]
    assert len(page.select(".found-pages > li")) == 4
    assert not page.select(".more")
    assert page.select_one(".chips a").text.startswith("Remove the filter")
    assert page.select_one(f"input[type=hidden][name=document][value='{documents['pact_fr'].id}']")


def test_counts_beside_the_choices_tell_what_each_would_give(client: FlaskClient) -> None:
    page = soup(client, f"/en/search?q={ALL}")
    assert choices(page, "language") == {"fr": 5, "nl": 3, "en": 1}
    assert choices(page, "plan") == {"new-deal": 6, "strategie-2025": 2, "none": 1}
    assert choices(page, "kind") == {"plan": 8, "speech": 1}
    assert [bar["aria-label"] for bar in page.select(".bars a")] == [
        "2011: 6 pages",
        "2015: 2 pages",
        "2020: 1 page",
    ]
    for parameter in ("language", "plan", "kind"):
        for value, count in choices(page, parameter).items():
            narrowed = soup(client, f"/en/search?q={ALL}&{parameter}={value}")
            assert narrowed.select_one(".count strong").text == f"{count} page" + ("s" if count != 1 else "")
            assert choices(narrowed, parameter) == choices(page, parameter)


def test_documents_without_a_year_can_be_asked_for(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    fill(room)
    note = make_page(1, [("paragraph", "fr", "L’emploi, sans date.")])
    room.add([note], Description("Note", None, None, "other", "fr"))
    client = create_app(room.settings).test_client()
    link = soup(client, "/en/search?q=emploi&kind=other").select_one(".undated a")
    assert link["href"] == "/en/search?q=emploi&year=none&kind=other"
    for address in (link["href"], "/en/search?q=emploi+year%3Anone", "/en/concordance?q=emploi&year=none"):
        page = soup(client, address)
        assert page.select_one(".count").text == "1 page in 1 document"
    page = soup(client, "/en/search?q=emploi&year=none")
    assert [chip.find_all(string=True)[-2] for chip in page.select(".chips a:not(.all)")] == [
        "Without a year"
    ]
    assert [box["value"] for box in page.select("input[name=year][checked]")] == ["none"]
    assert [page.select_one(f"input[name={name}]")["value"] for name in ("from", "to")] == ["", ""]
    assert "in documents without a year" in soup(client, "/en/search?q=emploi+year%3Anone").text
    assert soup(client, "/en/search?q=emploi&year=none&from=2010&to=", status=400).select_one("[role=alert]")
    assert client.get("/api/v1/documents?year=none").json["total"] == 1
    assert client.get("/api/v1/search?q=emploi&plan=none").json["facets"]["year"] == {"none": 1}
    room.close()


def test_filters_are_kept_shown_and_can_be_taken_off(client: FlaskClient) -> None:
    page = soup(client, "/en/search?q=emploi&from=2010&to=2012&language=fr&plan=new-deal&kind=plan")
    assert chosen(page) == {"fr", "new-deal", "plan"}
    assert page.select_one("input[name=from]")["value"] == "2010"
    assert page.select_one("input[name=to]")["value"] == "2012"
    chips = {chip.find_all(string=True)[-2]: chip["href"] for chip in page.select(".chips a:not(.all)")}
    assert chips == {
        "2010–2012": "/en/search?q=emploi&language=fr&plan=new-deal&kind=plan",
        "French": "/en/search?q=emploi&year=2010-2012&plan=new-deal&kind=plan",
        "Pact for Sustainable Urban Growth (New Deal)": (
            "/en/search?q=emploi&year=2010-2012&language=fr&kind=plan"
        ),
        "plan": "/en/search?q=emploi&year=2010-2012&language=fr&plan=new-deal",
    }
    assert page.select_one(".chips .all")["href"] == "/en/search?q=emploi"
    for address in chips.values():
        assert len(soup(client, address).select(".chips a:not(.all)")) == 3


def test_half_open_years(client: FlaskClient) -> None:
    page = soup(client, f"/en/search?q={ALL}&from=2015&to=")
    assert set(titles(page)) == {"Strategie 2025", "A speech on employment"}
    assert page.select_one("input[name=from]")["value"] == "2015"
    assert page.select_one("input[name=to]")["value"] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        "from=2020&to=2011",
        "year=soon",
        "language=xx",
        "plan=nope",
        "page=0",
        "sort=chance",
        "document=../etc",
    ],
)
def test_a_filter_that_cannot_be_says_so_and_keeps_the_page(client: FlaskClient, wrong: str) -> None:
    page = soup(client, f"/en/search?q=emploi&{wrong}", status=400)
    assert page.select_one(".warning[role=alert]").text.strip()
    assert page.select_one("input[name=q]")["value"] == "emploi"


def test_a_wrong_year_stays_in_its_field_which_the_message_names(client: FlaskClient) -> None:
    page = soup(client, "/nl/search?q=emploi&from=20&language=fr", status=400)
    field = page.select_one("input[name=from]")
    assert field["value"] == "20"
    assert field["aria-invalid"] == "true"
    assert "vier cijfers" in page.select_one(f"#{field['aria-describedby']}").text
    told = page.select_one(".warning[role=alert]").text
    assert "“van” is '20' geen geldig jaar" in told
    assert "alle pagina’s" in told
    assert "parameter" not in told


def test_order_by_date(client: FlaskClient) -> None:
    page = soup(client, "/en/search?q=employment+OR+emploi+OR+werkgelegenheid&sort=date")
    years = [meta.text[:4] for meta in page.select(".found h2 + .aside")]
    assert years == sorted(years, reverse=True)
    assert len(years) == 4
    assert page.select_one(".sorting [aria-current]").text == "Newest first"
    assert page.select_one("input[type=hidden][name=sort]")["value"] == "date"
    assert "sort=date" not in page.select_one(".sorting a")["href"]


def test_the_way_a_query_was_read_is_told(client: FlaskClient) -> None:
    assert "emploi" in soup(client, "/fr/search?q=emploi").select_one(".outcome .aside").text


def test_a_misspelt_word_gets_a_suggestion(client: FlaskClient) -> None:
    page = soup(client, "/nl/search?q=werkgelegenhied&language=nl")
    suggestion = page.select_one(".suggestion a")
    assert suggestion.text == "werkgelegenheid"
    assert suggestion["href"] == "/nl/search?q=werkgelegenheid&language=nl"
    assert titles(soup(client, suggestion["href"]))


def test_nothing_found_helps_on(client: FlaskClient) -> None:
    page = soup(client, "/en/search?q=xyzzyqq&language=fr")
    assert page.select_one(".count").text == "Nothing found"
    assert page.select_one(".nothing a[href='/en/search?q=xyzzyqq']")
    assert page.select_one(".nothing a[href='/en/help']")
    assert "fr" in chosen(page)


def test_without_words_the_page_asks_for_them(client: FlaskClient) -> None:
    page = soup(client, "/en/search")
    assert page.select_one(".count") is None
    assert "Enter what you are looking for" in page.select_one(".nothing").text


def test_filters_alone_list_what_they_let_through(client: FlaskClient) -> None:
    page = soup(client, "/en/search?q=&plan=new-deal")
    assert page.select_one(".count").text == "6 pages in 2 documents"
    assert titles(page)
    answer = client.get("/api/v1/search", query_string={"year": "2011"}).get_json()
    assert answer["total"] > 0
    assert {hit["year"] for hit in answer["hits"]} == {2011}
    assert not client.get("/api/v1/search").get_json()["hits"]


def test_notices_are_shown(client: FlaskClient) -> None:
    assert soup(client, "/en/search?q=" + "a" * 1500).select(".outcome .notice")


@pytest.mark.parametrize(
    "query", ['"', "(((", "-", "AND OR NOT", "\x00", "%F0%9F%8E%89", "*~", "year:", "a" * 5000]
)
def test_no_query_breaks_the_page(client: FlaskClient, query: str) -> None:
    assert client.get("/nl/search", query_string={"q": query}).status_code == 200


def test_many_results_have_pages(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    for number in range(12):
        room.add(
            [make_page(1, [("paragraph", "nl", f"Het werk nummer {number}")])],
            Description(f"Document {number:02}", 2000 + number),
        )
    client = create_app(room.settings).test_client()
    seen = []
    for number in (1, 2):
        page = soup(client, f"/en/search?q=werk&sort=date&page={number}")
        assert page.select_one(".pages-nav [aria-current]").text == str(number)
        seen += titles(page)
    assert seen == [f"Document {number:02}" for number in reversed(range(12))]
    assert page.select_one(".pages-nav a[rel=prev]")["href"] == "/en/search?q=werk&sort=date"
    assert not page.select(".pages-nav a[rel=next]")
    reached = [
        (float(reach["x"]), float(reach["x"]) + float(reach["width"]), float(bar["x"]), float(bar["width"]))
        for reach, bar in (link.select("rect") for link in page.select(".bars a"))
    ]
    assert len(reached) == 12
    for start, end, left, width in reached:  # a bar can be touched where it stands, and beside it
        assert start <= left
        assert left + width <= end
    assert all(before[1] <= after[0] + 0.02 for before, after in pairwise(reached))
    beyond = client.get("/en/search?q=werk&page=9")
    assert (beyond.status_code, beyond.location) == (302, "/en/search?q=werk&page=2")
    room.close()


def test_a_lost_index_is_an_error_that_says_so(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    room.add([make_page(1, [("paragraph", "nl", "Brussel")])], Description("Eerste"), is_indexed=False)
    client = create_app(room.settings).test_client()
    assert "is being rebuilt" in soup(client, "/en/search?q=brussel", status=503).text
    room.close()


def test_every_page_of_results_has_its_json_twin(client: FlaskClient) -> None:
    page = soup(client, "/en/search?q=emploi&from=2010&to=2012&language=fr&sort=date")
    twin = client.get(page.select_one("link[type='application/json']")["href"])
    assert twin.json["total"] == 4
    assert {hit["year"] for hit in twin.json["hits"]} == {2011}


def test_what_is_added_later_is_found_by_the_running_site(tmp_path: Path) -> None:
    client = create_app(make_settings(tmp_path)).test_client()
    nothing_yet = client.get("/en/search?q=brussel")
    assert (nothing_yet.status_code, nothing_yet.location) == (302, "/en/documents")
    room = ReadingRoom(tmp_path)
    room.add([make_page(1, [("paragraph", "nl", "Brussel werkt")])], Description("Eerste", 2011))
    assert titles(soup(client, "/en/search?q=brussel")) == ["Eerste"]
    later = room.add([make_page(1, [("paragraph", "nl", "Brussel leert")])], Description("Tweede", 2012))
    assert set(titles(soup(client, "/en/search?q=brussel"))) == {"Eerste", "Tweede"}
    room.catalogue.withdraw(later.id, "x", "test")
    assert titles(soup(client, "/en/search?q=brussel")) == ["Eerste"]
    room.close()


@pytest.fixture(scope="module")
def climate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    room = ReadingRoom(tmp_path_factory.mktemp("climate"))
    said = "Het klimaat, de klimaten, het klimaatplan, een plan en nog een klimaatplan."
    room.add([make_page(1, [("paragraph", "nl", said)])], Description("Klimaat", 2020, language="nl"))
    room.add(
        [make_page(1, [("paragraph", "nl", "Plannen voor het klimaat.")])],
        Description("Later", 2021, language="nl"),
    )
    many = " ".join(f"abc{letter}" for letter in "abcdefghijkl")
    room.add([make_page(1, [("paragraph", "nl", many)])], Description("Veel", 1999, language="nl"))
    yield create_app(room.settings).test_client()
    room.close()


@pytest.mark.parametrize("view", ["search", "concordance"])
def test_the_forms_that_were_counted_are_told_and_each_leads_to_itself(
    climate: FlaskClient, view: str
) -> None:
    page = soup(climate, f"/en/{view}?q=klimaat&year=2020")
    (told,) = page.select(".outcome .counted")
    assert " ".join(told.text.split()) == "Counted for “klimaat”: klimaat 1×, klimaatplan 2×, klimaten 1×"
    exact = soup(climate, told.select("a")[1]["href"])
    assert exact.select_one("input[name=q]")["value"] == '"klimaatplan"'
    assert "2020" in told.select("a")[1]["href"]
    assert not exact.select(".outcome .counted"), "there is one form"
    alone = soup(climate, page.find("a", string="without compounds")["href"])
    (told,) = alone.select(".outcome .counted")
    assert " ".join(told.text.split()) == "Counted for “klimaat”: klimaat 1×, klimaten 1×"
    assert not alone.find("a", string="without compounds")


def test_compounds_can_be_left_out_only_where_some_were_counted(climate: FlaskClient) -> None:
    page = soup(climate, "/en/search?q=plan -klimaatplan")
    assert "plannen 1×" in page.select_one(".outcome .counted").text
    assert not page.find("a", string="without compounds")


def test_the_counts_of_forms_are_the_lines_of_the_concordance(climate: FlaskClient) -> None:
    told = climate.get("/api/v1/search?q=klimaat").get_json()["query"]["forms"]
    assert told == [
        {
            "asked": "klimaat",
            "forms": [
                {"word": "klimaat", "count": 2},
                {"word": "klimaatplan", "count": 2},
                {"word": "klimaten", "count": 1},
            ],
            "more": 0,
            "more_count": 0,
        }
    ]
    for form in told[0]["forms"]:
        lines = soup(climate, f"/en/concordance?q=%22{form['word']}%22").select(".kwic tbody tr")
        assert len(lines) == form["count"]


def test_of_many_forms_ten_are_named_and_of_many_words_four(climate: FlaskClient) -> None:
    page = soup(climate, "/en/search?q=abc*")
    told = " ".join(page.select_one(".counted").text.split())
    assert told.startswith("Counted for “abc*”: abca 1×, abcb 1×,")
    assert told.endswith("and 2 more forms (2×)")
    assert len(page.select(".counted a")) == 10
    page = soup(climate, "/en/search?q=klimaat+OR+plan+OR+abc*+OR+kli*+OR+pla*+OR+klimaatpla*+OR+klimaatplan")
    assert len(page.select(".counted")) == 4
    assert "Several forms of 2 more words were counted as well." in page.select_one(".outcome").text
