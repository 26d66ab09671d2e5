"""What search engines are told: which ways they may go, and what they may list."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.images.page_images import PageImages
from archive.records import Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill

COSTLY = re.compile(
    "/(api|search|concordance|trends|counterparts|quote|versions|parallel|cite|archivist)|size=large"
)
"""What is worked out for each question, or drawn when it is asked for."""

WEBP = b"RIFF" + (4).to_bytes(4, "little") + b"WEBP"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    documents = fill(room)
    for document in documents.values():
        images = PageImages.of(room.settings.data, document.id)
        images.make_room(())
        for page in range(1, document.pages + 1):
            images.place(page, "page").write_bytes(WEBP)
    return documents


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def forbidden(client: FlaskClient) -> re.Pattern[str]:
    """The addresses that /robots.txt disallows, read as RFC 9309 says."""
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    agent, *rules = answer.text.splitlines()
    assert agent == "User-agent: *"
    starts = [rule.removeprefix("Disallow: ") for rule in rules]
    return re.compile("|".join(re.escape(start).replace(r"\*", ".*") for start in starts))


def test_a_crawler_gets_to_every_page_and_to_nothing_that_is_worked_out(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    barred = forbidden(client)
    waiting, seen = ["/nl/"], {"/nl/"}
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "X-Robots-Tag" not in answer.headers, address
        if answer.mimetype != "text/html":
            continue
        for link in BeautifulSoup(answer.data, "html.parser").select("a[href], link[rel=alternate][href]"):
            url = urlsplit(link["href"])
            to = url.path + (f"?{url.query}" if url.query else "")
            is_ours = to.startswith("/") and url.netloc in ("", "terugblik.example")
            if is_ours and to not in seen and not barred.match(to):
                seen.add(to)
                waiting.append(to)
    assert not [to for to in seen if COSTLY.search(to)]
    for document in held.values():
        for number in range(1, document.pages + 1):
            assert {
                f"/{language}/document/{document.id}/page/{number}" for language in ["nl", "fr", "en"]
            } <= seen
        assert f"/original/{document.id}.pdf" in seen


def test_what_is_worked_out_is_not_to_be_listed_and_not_followed(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    identifier = held["pact_nl"].id
    for start in (
        f"/nl/document/{identifier}",
        f"/nl/document/{identifier}/page/1?q=pact",
        "/nl/search?q=pact",
    ):
        page = BeautifulSoup(client.get(start).data, "html.parser")
        for link in page.select("#content a[data-key=t], #content a[data-key=c], #content a[data-key=v]"):
            assert link["rel"] == ["nofollow"], link
            answer = client.get(link["href"])
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow", link["href"]
        assert page.select("#content a[rel=nofollow]")
    for name in (
        "search?q=pact",
        "concordance?q=pact",
        "trends?term=pact",
        "counterparts?q=pact",
        "search.csv?q=pact",
    ):
        assert client.get(f"/nl/{name}").headers["X-Robots-Tag"] == "noindex, nofollow", name


def test_no_page_asks_ahead_for_one_that_is_worked_out(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    for address in (f"/nl/document/{held['pact_nl'].id}/page/1{end}" for end in ("", "?q=pact", "/parallel")):
        ahead = BeautifulSoup(client.get(address).data, "html.parser").select("link[rel=prefetch]")
        assert not [link["href"] for link in ahead if COSTLY.search(link["href"])]
