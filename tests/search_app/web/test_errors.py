"""Whatever goes wrong, wherever: one JSON shape for programs, one page for people, no insides shown."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import splitext
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

import archive
import index
import search_app
from archive.errors import DamagedArchive, ServiceUnavailable, TerugblikError
from archive.languages import INTERFACE_LANGUAGES
from archive.records import Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, make_settings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

NOWHERE = "0000000000000000"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    held = fill(room)
    room.catalogue.withdraw(held["pact_nl"].id, "A <b>better</b> scan is held.", "test")
    return held


@pytest.fixture
def app(room: ReadingRoom, held: dict[str, Document]) -> Flask:
    return create_app(room.settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address_of(rule: Rule, document: str = NOWHERE, ending: str | None = None) -> str:
    """An address that this rule answers."""
    values: dict[str, object] = {
        "interface": "fr",
        "identifier": document,
        "other": document,
        "number": 1,
        "filename": "none.css",
        "ending": ending or ("ris" if rule.endpoint.startswith("citation.") else "csv"),
    }
    adapter = rule.map.bind("localhost") if rule.map else None
    assert adapter is not None
    return adapter.build(
        rule.endpoint, {name: values[name] for name in rule.arguments}, method=method_of(rule)
    )


def method_of(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def ending_of(address: str) -> str:
    """The ending of a file, with its dot; empty for a page."""
    return splitext(urlsplit(address).path)[1]


def is_page(address: str) -> bool:
    """Whether people get a page when something is wrong: what is no file and not the API, and originals."""
    return not address.startswith("/api/v1") and ending_of(address) in ("", ".pdf")


def assert_is_the_one_shape(answer: TestResponse) -> dict[str, str]:
    assert answer.content_type == "application/json"
    body = answer.get_json()
    assert list(body) == ["error"]
    assert set(body["error"]) == {"code", "message", "hint"}
    assert all(isinstance(value, str) and value for value in body["error"].values())
    error: dict[str, str] = body["error"]
    return error


def test_every_route_answers_wrong_methods_in_the_one_shape(app: Flask, client: FlaskClient) -> None:
    refused = 0
    for rule in app.url_map.iter_rules():
        address = address_of(rule)
        allowed = {
            method
            for other in app.url_map.iter_rules()
            if other.rule == rule.rule
            for method in other.methods or ()
        }
        for method in METHODS:
            if method in allowed:
                continue
            answer = client.open(address, method=method, headers={"Accept": "application/json"})
            assert answer.status_code == 405, (method, address)
            assert "Allow" in answer.headers
            if method != "HEAD":
                assert assert_is_the_one_shape(answer)["code"] == "method-not-allowed"
            refused += 1
    assert refused > 60


def test_every_route_to_a_document_says_that_it_is_not_there(app: Flask, client: FlaskClient) -> None:
    seen = 0
    for rule in app.url_map.iter_rules():
        if "identifier" in rule.arguments and not rule.endpoint.startswith("archivist."):
            answer = client.get(address_of(rule), headers={"Accept": "application/json"})
            assert answer.status_code == 404, rule.rule
            assert assert_is_the_one_shape(answer)["code"] == "document-not-found"
            seen += 1
    assert seen >= 6


def test_every_route_to_a_withdrawn_document_says_that_it_is_gone_and_why(
    app: Flask, client: FlaskClient, held: dict[str, Document]
) -> None:
    for rule in app.url_map.iter_rules():
        if "identifier" in rule.arguments and not rule.endpoint.startswith("archivist."):
            address = address_of(rule, held["pact_nl"].id)
            answer = client.get(address, headers={"Accept": "application/json"})
            assert answer.status_code == 410, rule.rule
            error = assert_is_the_one_shape(answer)
            assert error["code"] == "withdrawn"
            assert "A <b>better</b> scan is held." in error["message"]
            page = client.get(address)
            if is_page(address):
                assert "A &lt;b&gt;better&lt;/b&gt; scan is held." in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nowhere", 404, "not-found"),
        ("/api/v1/documents/../../etc/passwd", 404, "not-found"),
        ("/api/v1/search?year=x", 400, "wrong-parameter"),
        ("/nl/nowhere", 404, "not-found"),
        ("/original/nothing.pdf", 404, "document-not-found"),
    ],
)
def test_wrong_addresses(client: FlaskClient, address: str, status: int, code: str) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert assert_is_the_one_shape(answer)["code"] == code


def test_files_answer_errors_as_programs_read_them(app: Flask, client: FlaskClient) -> None:
    """Every address with an ending that a route has, for a document that is not there and a wrong parameter:
    JSON where JSON was asked for, and plain text that says the same elsewhere, whatever a browser accepts."""
    endings = set()
    for rule in app.url_map.iter_rules():
        written = re.sub(r"<[^>]*any\(([^)]*)\):ending>", r"{\1}", rule.rule)
        listed = re.search(r"\{(.*)\}$", written)
        names = [name.strip(" '") for name in listed[1].split(",")] if listed else [None]
        for name in names:
            address = address_of(rule, ending=name)
            ending = ending_of(address)
            if not ending or ending == ".pdf" or rule.endpoint == "api.openapi":
                continue
            asked = "year=x&words=x"
            answer = client.get(f"{address}?{asked}", headers={"Accept": "text/html"})
            if rule.endpoint in {"feed.opensearch", "crawlers.robots"} and answer.status_code == 200:
                continue  # it says the same whatever is asked
            assert answer.status_code in (400, 404), address
            told = assert_is_the_one_shape(
                client.get(f"{address}?{asked}", headers={"Accept": "application/json"})
            )
            if ending in (".json", ".jsonl"):
                assert assert_is_the_one_shape(answer) == told
            else:
                assert answer.content_type == "text/plain; charset=utf-8", address
                assert answer.text.splitlines()[-2:] == [told["message"], told["hint"]]
            endings.add(ending)
    assert endings >= {".json", ".jsonl", ".bib", ".ris", ".csv", ".xlsx", ".svg", ".png", ".atom", ".webp"}


def test_a_page_that_a_document_does_not_have(client: FlaskClient, held: dict[str, Document]) -> None:
    answer = client.get(f"/api/v1/documents/{held['pact_fr'].id}/pages/99")
    assert answer.status_code == 404
    assert assert_is_the_one_shape(answer)["code"] == "page-not-found"


def test_too_large_a_body(client: FlaskClient) -> None:
    answer = client.post("/api/v1/quote", json={"text": "x" * 2_000_000})
    assert answer.status_code == 413
    assert assert_is_the_one_shape(answer)["code"] == "too-large"


def test_without_an_index_searches_say_how_to_make_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    client = create_app(make_settings(tmp_path_factory.mktemp("empty"))).test_client()
    for address in ("/api/v1/search?q=emploi", "/api/v1/quote?text=emploi"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "reindex" in assert_is_the_one_shape(answer)["hint"]
    assert client.get("/api/v1/documents").get_json() == {"total": 0, "documents": []}


def test_a_broken_catalogue_breaks_no_page_shows_no_insides(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Readers must get words all the same, on a page of the site."""
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    held = fill(room)
    app = create_app(room.settings)
    room.close()
    for path in room.settings.data.glob("catalogue.sqlite*"):
        path.write_bytes(b"this was a catalogue")
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
            continue
        for accept in ("application/json", "text/html"):
            address = address_of(rule, held["pact_fr"].id)
            answer = client.get(address, headers={"Accept": accept})
            assert answer.status_code in (200, 302, 400, 500, 503), (address, answer.status_code)
            text = answer.get_data(as_text=True)
            assert "Traceback" not in text
            assert "sqlite" not in text.lower()
            assert str(room.settings.data) not in text
            if answer.status_code >= 500:
                assert text.strip()
                for_programs = rule.rule.startswith("/api/v1") or ending_of(address) == ".json"
                if accept == "application/json" or for_programs:
                    assert_is_the_one_shape(answer)
                elif not is_page(address):
                    assert answer.content_type == "text/plain; charset=utf-8"
                else:
                    assert 'class="trouble"' in text


def break_in_every_way(app: Flask) -> None:
    """Routes that fail as code fails: by surprise, or with errors that tell of the machine."""

    @app.get("/nl/surprise")
    def surprise() -> str:
        raise RuntimeError("the password is swordfish")

    @app.get("/nl/damaged")
    def damaged() -> str:
        raise DamagedArchive("/srv/archive/originals/swordfish is missing")

    @app.get("/nl/away")
    def away() -> str:
        raise ServiceUnavailable("postgresql://archive:swordfish@db is away")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("surprise", 500, "internal"),
        ("damaged", 503, "damaged-archive"),
        ("away", 503, "service-unavailable"),
    ],
)
def test_what_nobody_foresaw_is_told_without_its_insides_and_logged_with_them(
    app: Flask, path: str, status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    break_in_every_way(app)
    client = app.test_client()
    as_json = client.get(f"/nl/{path}", headers={"Accept": "application/json"})
    assert as_json.status_code == status
    assert assert_is_the_one_shape(as_json)["code"] == code
    as_html = client.get(f"/nl/{path}", headers={"Accept": "text/html"})
    assert as_html.status_code == status
    for answer in (as_json, as_html):
        assert "swordfish" not in answer.get_data(as_text=True)
        assert "Traceback" not in answer.get_data(as_text=True)
    assert "swordfish" in caplog.text
    assert "Traceback" in caplog.text


def test_people_get_a_page_in_the_language_of_the_address(client: FlaskClient) -> None:
    for language in ("nl", "fr", "en"):
        answer = client.get(f"/{language}/nowhere", headers={"Accept-Language": "de"})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 404
        assert answer.content_type.startswith("text/html")
        assert f'<html lang="{language}">' in text
        assert 'class="masthead"' in text


def test_the_api_answers_in_json_whatever_a_browser_prefers(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere", headers={"Accept": "text/html"})
    assert_is_the_one_shape(answer)


def test_a_range_beyond_the_file_is_refused_with_its_size(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    answer = client.get(
        f"/original/{document.id}.pdf", headers={"Range": "bytes=999999999-", "Accept": "application/json"}
    )
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{document.size}"
    assert assert_is_the_one_shape(answer)["code"] == "requested-range-not-satisfiable"


def test_a_host_that_is_none_is_refused_without_a_word_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    for host in ("a" * 300, "b" * 70 + ".example"):
        answer = client.get("/nl/", headers={"Host": host})
        assert answer.status_code == 400, host
        assert "Dit verzoek is niet te begrijpen" in answer.text
    assert caplog.text == ""


def error_classes() -> list[type[TerugblikError]]:
    """Every error of the rooms that the site is made of."""
    for room in (archive, index, search_app):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.startswith(("archive.database.migrations.", "archive.demonstration.")):
                importlib.import_module(module.name)
    found = [TerugblikError]
    for kind in found:
        found += [each for each in kind.__subclasses__() if each not in found]
    return [kind for kind in found if kind.__module__.split(".")[0] in ("archive", "index", "search_app")]


def test_every_error_is_told_in_the_language_of_the_interface(app: Flask) -> None:
    """Whatever the rooms raise: message and next step differ in Dutch, French and English."""
    classes = error_classes()
    assert len(classes) > 25

    @app.get("/<any(nl, fr, en):interface>/trouble/<int:place>")
    def trouble(place: int) -> str:
        kind = classes[place]
        error = kind.__new__(kind)
        TerugblikError.__init__(error, "swordfish in /srv/archive")
        raise error

    client = app.test_client()
    for place, kind in enumerate(classes):
        told = {}
        for language in INTERFACE_LANGUAGES:
            address = f"/{language}/trouble/{place}"
            told[language] = assert_is_the_one_shape(
                client.get(address, headers={"Accept": "application/json"})
            )
            page = client.get(address, headers={"Accept": "text/html", "Accept-Language": "de"})
            assert f'<html lang="{language}">' in page.text, kind
            assert told[language]["hint"].split("`")[0][:20].split("'")[0] in page.text, kind
        assert len({said["hint"] for said in told.values()}) == len(INTERFACE_LANGUAGES), kind
        if kind.__module__.startswith("search_app."):
            continue  # its messages are given where it is raised: see the next test
        assert len({said["message"] for said in told.values()}) == len(INTERFACE_LANGUAGES), kind
        assert "swordfish" not in str(told), kind


def test_errors_of_the_site_are_raised_with_words_that_are_translated() -> None:
    """What is given to an error of this room is the result of gettext, or no text of ours."""
    own = {kind.__name__ for kind in error_classes() if kind.__module__.startswith("search_app.")}
    seen = 0
    for path in Path(search_app.__path__[0]).glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own:
                for given in node.args:
                    assert not isinstance(given, ast.Constant | ast.JoinedStr), (path.name, node.lineno)
                seen += 1
    assert seen > 20


def test_the_api_speaks_english_whatever_a_browser_asks_for(client: FlaskClient) -> None:
    """Programs get the same sentences wherever they run; the description of the API says so."""
    told = [
        client.get(f"/api/v1/{asked}", headers={"Accept-Language": language}).get_json()
        for language in ("fr", "nl", "en")
        for asked in ("documents/0000000000000000",)
    ]
    assert told[0] == told[1] == told[2]
    assert told[0]["error"]["message"] == "There is no such document in the archive."
    assert "all else is in English" in client.get("/api/v1/openapi.json").get_json()["info"]["description"]
