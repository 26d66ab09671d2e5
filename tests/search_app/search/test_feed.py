"""A saved search as a feed, and as a search of the browser's own, read by programs that are not ours."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.records import Description, Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

SPEC = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def feed(client: FlaskClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.get_data())
    assert not read.bozo
    assert read.version == "atom10"
    return read


def test_a_feed_tells_the_documents_that_match(client: FlaskClient, held: dict[str, Document]) -> None:
    read = feed(client, "/en/search.atom?q=emploi&language=fr")
    assert read.feed.id == "https://terugblik.example/en/search.atom?q=emploi&language=fr"
    assert read.feed.title == "Terugblik: emploi"
    links = {link.rel: link.href for link in read.feed.links}
    assert links == {
        "self": read.feed.id,
        "alternate": "https://terugblik.example/en/search?q=emploi&language=fr",
    }
    pact = next(entry for entry in read.entries if held["pact_fr"].id in entry.id)
    assert len(read.entries) == 2
    assert pact.title == "Pacte de croissance urbaine durable (2011)"
    assert pact.link == f"https://terugblik.example/en/search?q=emploi&document={held['pact_fr'].id}"
    assert pact.summary.startswith("4 matching pages")
    assert "emploi" in pact.summary
    assert {link.rel for link in pact.links} == {"alternate", "enclosure"}
    assert read.feed.updated == max(entry.updated for entry in read.entries)
    french = feed(client, "/fr/search.atom?q=emploi&language=fr").entries
    assert any("page 1\u00a0: " in entry.summary for entry in french)


def test_what_came_last_is_told_first(
    room: ReadingRoom, client: FlaskClient, held: dict[str, Document]
) -> None:
    latest = room.add(
        [make_page(1, [("paragraph", "fr", "Un emploi <b>nouveau</b> & sûr.")])],
        Description("Le <b>dernier</b>", 1999, language="fr"),
    )
    first = feed(client, "/fr/search.atom?q=emploi").entries[0]
    assert latest.id in first.id
    assert first.title == "Le <b>dernier</b> (1999)"  # text, not HTML
    room.catalogue.withdraw(latest.id, "a test", "test")
    assert latest.id not in feed(client, "/fr/search.atom?q=emploi").entries[0].id


def test_a_feed_of_nothing_in_particular_tells_what_is_new(
    room: ReadingRoom, client: FlaskClient, held: dict[str, Document]
) -> None:
    ready = room.catalogue.documents()
    read = feed(client, "/nl/search.atom")
    assert len(read.entries) == len(ready)
    newest = max(ready, key=lambda document: document.received_at)
    assert newest.id in read.entries[0].id


@pytest.mark.parametrize("hostile", ["%00", "emploi%01%0B%1F", "%EF%BF%BE", "%ED%A0%80", "]]%3E%3C!--"])
def test_no_query_breaks_a_feed(client: FlaskClient, held: dict[str, Document], hostile: str) -> None:
    feed(client, f"/en/search.atom?q={hostile}")


def test_nothing_found_and_nothing_asked_are_feeds_too(client: FlaskClient) -> None:
    assert feed(client, "/nl/search.atom?q=zzzz").entries == []
    assert feed(client, "/nl/search.atom?plan=new-deal").entries


def test_readers_of_feeds_need_not_fetch_what_they_have(client: FlaskClient) -> None:
    tag = client.get("/nl/search.atom?q=emploi").headers["ETag"]
    assert client.get("/nl/search.atom?q=emploi", headers={"If-None-Match": tag}).status_code == 304


def test_wrong_filters_are_refused(client: FlaskClient) -> None:
    assert client.get("/nl/search.atom?q=emploi&year=x").status_code == 400


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_browsers_learn_how_to_search_here(client: FlaskClient, language: str) -> None:
    page = BeautifulSoup(client.get(f"/{language}/help").data, "html.parser")
    link = page.select_one("link[rel=search]")
    assert link["type"] == "application/opensearchdescription+xml"
    answer = client.get(link["href"])
    assert answer.content_type == "application/opensearchdescription+xml; charset=utf-8"
    description = ElementTree.fromstring(answer.get_data())
    assert description.tag == f"{SPEC}OpenSearchDescription"
    assert len(description.findtext(f"{SPEC}ShortName") or "") <= 16
    assert 0 < len(description.findtext(f"{SPEC}Description") or "") <= 1024
    assert description.findtext(f"{SPEC}Language") == language
    templates = {url.get("type"): url.get("template", "") for url in description.findall(f"{SPEC}Url")}
    address = templates["text/html"].replace("{searchTerms}", quote("l’emploi & +"))
    assert address.startswith("https://terugblik.example/")
    found = client.get(address.removeprefix("https://terugblik.example"))
    assert BeautifulSoup(found.data, "html.parser").select_one("#q")["value"] == "l’emploi & +"
    assert "application/atom+xml" in templates
