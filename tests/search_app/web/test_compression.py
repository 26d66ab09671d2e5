"""Text travels compressed, and arrives as it was sent."""

import gzip
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from archive.accounts.accounts import Accounts
from archive.records import Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill

GZIP = {"Accept-Encoding": "br, gzip"}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    Accounts(room.catalogue).add("ann", "correct horse battery")
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


@pytest.mark.parametrize(
    "address",
    ["/fr/search?q=emploi", "/static/terugblik.css", "/api/v1/documents", "/en/search.atom?q=emploi"],
)
def test_what_is_long_is_compressed_for_those_who_understand_it(client: FlaskClient, address: str) -> None:
    plain, small = client.get(address), client.get(address, headers=GZIP)
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data)[:200] == plain.data[:200]
    assert len(gzip.decompress(small.data)) == len(plain.data)
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2
    for answer in (plain, small):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in client.get(address, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_what_a_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    for address in ("/static/terugblik.css", "/en/search.atom?q=emploi"):
        tag = client.get(address, headers=GZIP).headers["ETag"]
        assert client.get(address, headers={**GZIP, "If-None-Match": tag}).status_code == 304


def test_originals_images_and_parts_stay_as_they_are(client: FlaskClient, held: dict[str, Document]) -> None:
    original = f"/original/{held['pact_fr'].id}.pdf"
    assert "Content-Encoding" not in client.get(original, headers=GZIP).headers
    part = client.get("/static/terugblik.css", headers={**GZIP, "Range": "bytes=0-1999"})
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers


def test_pages_that_hold_secrets_are_not_compressed(client: FlaskClient) -> None:
    answer = client.get("/en/archivist/sign-in", headers=GZIP)
    assert len(answer.data) > 2_000
    assert "Content-Encoding" not in answer.headers
