"""Style sheets, scripts and icons may be kept by browsers, and stay under every address that they had."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom

FILES = Path(__file__).parents[3] / "search_app" / "static"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield create_app(room.settings).test_client()
    room.close()


def test_static_files_may_be_kept_because_their_address_changes_with_them(client: FlaskClient) -> None:
    sheet = BeautifulSoup(client.get("/nl/").data, "html.parser").select_one("link[rel=stylesheet]")["href"]
    assert re.fullmatch(r"/static/terugblik\.css\?v=[0-9a-f]{12}", sheet)
    assert client.get(sheet).cache_control.max_age == 365 * 24 * 3600


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("archivist.css", "desk/archivist.css"),
        ("cite.css", "citation/cite.css"),
        ("cite.js", "citation/cite.js"),
        ("correct.js", "desk/correct.js"),
        ("page.css", "document/page.css"),
        ("page.js", "document/page.js"),
        ("pairs.js", "translations/pairs.js"),
        ("parallel.css", "translations/translation.css"),
        ("search.js", "search/search.js"),
        ("selection.js", "document/selection.js"),
        ("trends.css", "occurrences/trends.css"),
        ("trends_file.css", "occurrences/trends_file.css"),
        ("versions.css", "editions/editions.css"),
        ("words.js", "document/words.js"),
        ("translations/parallel.css", "translations/translation.css"),
        ("editions/versions.css", "editions/editions.css"),
        ("terugblik.css", "terugblik.css"),
        ("terugblik.js", "terugblik.js"),
        ("terugblik.svg", "terugblik.svg"),
    ],
)
def test_a_static_file_is_found_under_every_name_that_it_had(client: FlaskClient, was: str, now: str) -> None:
    for stamp in ("", "?v=0123456789ab"):
        answer = client.get(f"/static/{was}{stamp}", follow_redirects=True)
        assert answer.status_code == 200
        assert answer.data == (FILES / now).read_bytes()
        assert answer.request.path == f"/static/{now}"
        assert answer.cache_control.max_age == 365 * 24 * 3600
    first = client.head(f"/static/{was}?v=0123456789ab")
    assert was == now or (first.status_code == 302 and first.cache_control.no_cache)


def test_a_name_that_no_static_file_had_is_not_found(client: FlaskClient) -> None:
    assert client.get("/static/pages.css").status_code == 404
    assert client.get("/static/document/archivist.css").status_code == 404
