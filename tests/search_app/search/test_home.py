"""The home page, the list of documents, the help page; languages and headers of all pages."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from archive.records import Description, Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, make_page, make_settings


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module", autouse=True)
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom) -> FlaskClient:
    return create_app(room.settings).test_client()


def soup(client: FlaskClient, address: str, **options: object) -> BeautifulSoup:
    answer = client.get(address, **options)
    assert answer.status_code == 200, answer.status
    return BeautifulSoup(answer.data, "html.parser")


@pytest.mark.parametrize(
    ("wanted", "home"),
    [
        ("fr-BE,fr;q=0.9,en;q=0.8", "/fr/"),
        ("en-GB", "/en/"),
        ("nl", "/nl/"),
        ("de,pl;q=0.7", "/nl/"),
        ("de,fr;q=0.3", "/fr/"),
        ("", "/nl/"),
        (";;;q=x,,", "/nl/"),
    ],
)
def test_the_start_follows_the_language_of_the_browser(client: FlaskClient, wanted: str, home: str) -> None:
    answer = client.get("/", headers={"Accept-Language": wanted})
    assert answer.status_code == 302
    assert answer.location == home
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_timeline_shows_six_plans_and_what_is_held_of_each(client: FlaskClient) -> None:
    page = soup(client, "/en/")
    plans = page.select(".timeline > li")
    assert [plan.select_one(".year").text for plan in plans] == [
        "2002",
        "2005",
        "2011",
        "2015",
        "2020",
        "2021",
    ]
    new_deal = page.find(id="new-deal")
    assert new_deal.h3.text == "Pact for Sustainable Urban Growth (New Deal)"
    held = {link.text: link.get("lang") for link in new_deal.select(".holdings a")}
    assert held == {
        "Pacte de croissance urbaine durable": "fr",
        "Pact voor een Duurzame Stedelijke Groei": "nl",
    }
    assert [part["aria-label"] for part in new_deal.select(".holdings")] == ["French", "Dutch"]
    in_dutch = soup(client, "/nl/").find(id="new-deal").select(".holdings")
    assert [part["aria-label"] for part in in_dutch] == ["Nederlands", "Frans"]
    assert new_deal.select_one("a[href='/en/search?q=plan:new-deal']")
    assert "No documents for this plan yet." in page.find(id="sociaal-pact").text
    assert page.select_one("form[role=search] input[name=q]")


@pytest.mark.parametrize("address", ["/nl/", "/fr/documents", "/en/search?q=emploi", "/nl/help", "/fr/quote"])
def test_every_page_has_a_search_box_landmarks_and_one_heading(client: FlaskClient, address: str) -> None:
    page = soup(client, address)
    assert page.html["lang"] == address[1:3]
    assert len(page.select("main")) == len(page.select("h1")) == 1
    for landmark in ("header", "footer", "nav[aria-label]"):
        assert page.select_one(landmark)
    assert page.select_one("a.skip")["href"] == "#content"
    assert page.select("form[role=search] input[name=q]")
    for field in page.select("input:not([type=hidden]), textarea"):
        assert field.find_parent("label") or page.find("label", attrs={"for": field["id"]}), field


def test_the_language_switcher_stays_on_the_page(client: FlaskClient) -> None:
    page = soup(client, "/fr/search?q=emploi&language=fr&page=1")
    switches = {link["hreflang"]: link["href"] for link in page.select(".languages a")}
    assert switches == {
        language: f"/{language}/search?q=emploi&language=fr&page=1" for language in ("nl", "fr", "en")
    }
    assert [link["hreflang"] for link in page.select(".languages a[aria-current]")] == ["fr"]


@pytest.mark.parametrize("first", ["nl", "fr", "en"])
def test_pages_asked_for_in_turn_are_each_in_their_own_language(room: ReadingRoom, first: str) -> None:
    """Also the first page of all, and one that does not exist."""
    client = create_app(room.settings).test_client()
    said = {"nl": "Het archief doorzoeken", "fr": "Rechercher dans les archives", "en": "Search the archive"}
    found = client.get(f"/{first}/no-such-page", headers={"Accept-Language": "nl"})
    assert BeautifulSoup(found.data, "html.parser").select_one("#masthead-q")["placeholder"] == said[first]
    for language in ("nl", "fr", "en", "fr", "nl"):
        page = soup(client, f"/{language}/documents", headers={"Accept-Language": "en"})
        assert page.select_one("#masthead-q")["placeholder"] == said[language]
        assert page.select_one(".rooms a[aria-current]")["href"] == f"/{language}/documents"
        assert page.select_one(".wordmark")["href"] == f"/{language}/"


def test_a_message_is_html_and_what_stands_in_it_is_text(client: FlaskClient) -> None:
    page = soup(client, "/en/search?q=emploi&year=2011-2012")
    assert page.select_one(".scale")
    answer = client.get("/fr/trends?term=%3Cb%3E%26amp;%25(x)s")
    assert b"<b>&amp;%(x)s" not in answer.data
    assert "<b>&amp;%(x)s" in BeautifulSoup(answer.data, "html.parser").text


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/fr/search?q=emploi", 2),  # the state and the texts
        ("/fr/search?q=emploi&by=page&sort=date", 2),
        ("/fr/", 1),
        ("/fr/document/{pact_fr}", 4),
        ("/fr/document/{pact_fr}/page/1", 5),
    ],
)
def test_a_page_asks_the_catalogue_no_more_than_it_needs(
    client: FlaskClient, held: dict[str, Document], address: str, most: int
) -> None:
    address = address.format(**{name: document.id for name, document in held.items()})
    client.get(address)
    asked: list[str] = []
    reader = threading.get_ident()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.get_ident() == reader:  # what the worker is asked for is written by another thread
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    asked = [statement for statement in asked if statement != "BEGIN"]
    assert 0 < len(asked) <= most, asked


def test_a_page_that_does_not_exist_speaks_the_language_of_its_address(client: FlaskClient) -> None:
    answer = client.get("/fr/no-such-page", headers={"Accept-Language": "en"})
    page = BeautifulSoup(answer.data, "html.parser")
    assert answer.status_code == 404
    assert page.html["lang"] == "fr"
    assert page.select_one(".languages a[hreflang=nl]")["href"] == "/nl/"


@pytest.mark.parametrize("address", ["/", "/nl/", "/fr/search?q=x", "/no-such-page", "/static/terugblik.css"])
def test_every_answer_forbids_foreign_code(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/nl/", "/en/documents", "/en/help", "/fr/search?q=emploi", "/nl/quote"])
def test_no_page_carries_code_or_style_or_foreign_addresses(client: FlaskClient, address: str) -> None:
    page = soup(client, address)
    assert not page.select("style, [style]")
    assert not [script for script in page.select("script") if not script.get("src") or script.text]
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    loaded = [
        tag.get("src") or tag.get("href") for tag in page.select("script, link:not([rel=alternate]), img")
    ]
    assert all(address.startswith("/") for address in loaded)


def test_documents_are_listed_by_year(client: FlaskClient) -> None:
    page = soup(client, "/en/documents")
    assert [heading.text for heading in page.select(".year-group h2")] == ["2011", "2015", "2020"]
    assert len(page.select(".holdings li")) == 4


def test_a_long_list_of_documents_has_pages(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    for number in range(101):
        room.add(
            [make_page(1, [("paragraph", "nl", f"Tekst {number}")])],
            Description(f"Document {number:03}", 2020),
            is_indexed=False,
        )
    client = create_app(room.settings).test_client()
    first, second = soup(client, "/en/documents"), soup(client, "/en/documents?page=2")
    assert len(first.select(".holdings li")) == 100
    assert first.select_one(".pages-nav a[rel=next]")["href"] == "/en/documents?page=2"
    assert [item.a.text for item in second.select(".holdings li")] == ["Document 100"]
    for wrong in ("-7", "abc", "0"):
        answer = client.get(f"/en/documents?page={wrong}")
        assert answer.status_code == 400
        assert "a whole number from 1 to" in answer.text
    assert soup(client, "/en/documents?page=999999").select_one(".pages-nav a[aria-current]").text == "2"
    room.close()


def test_the_banner_tells_of_demonstration_documents(client: FlaskClient, tmp_path: Path) -> None:
    banner = soup(client, "/en/").select_one(".demonstration")
    assert "not the official documents" in banner.text
    assert banner.a["href"] == "/en/help#harvest"
    room = ReadingRoom(tmp_path)
    other = create_app(room.settings).test_client()
    assert soup(other, "/en/").select_one(".demonstration") is None
    shown = room.add([make_page(1, [])], Description("Shown"), is_demonstration=True, is_indexed=False)
    assert soup(other, "/en/").select_one(".demonstration")
    room.catalogue.withdraw(shown.id, "a test", "test")
    assert soup(other, "/en/").select_one(".demonstration") is None
    room.close()


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    client = create_app(make_settings(tmp_path)).test_client()
    assert soup(client, "/en/").text.count("No documents for this plan yet.") == 6
    assert "contains no documents yet" in soup(client, "/en/documents").text


def test_every_example_of_the_help_page_leads_to_a_search(client: FlaskClient) -> None:
    for language in ("nl", "fr", "en"):
        examples = soup(client, f"/{language}/help").select(".syntax a")
        assert len(examples) == 14
        for example in examples:
            page = soup(client, example["href"])
            assert page.select_one("input[name=q]")["value"] == example.text
            assert not page.select(".warning")


def test_the_session_key_is_made_once_and_for_its_owner_only(room: ReadingRoom) -> None:
    first, second = create_app(room.settings), create_app(room.settings)
    key = room.settings.data / "session.key"
    assert first.secret_key == second.secret_key == key.read_bytes()
    assert len(key.read_bytes()) == 32
    assert key.stat().st_mode & 0o777 == 0o600
    assert not list(room.settings.data.glob("session.key.*"))
