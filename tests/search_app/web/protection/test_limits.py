"""One client cannot ask for costly work without end; who that is, is told behind proxies too."""

import socket
import threading
import time
from collections.abc import Iterator

import fakeredis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse

from archive.errors import SettingError
from archive.settings import read
from search_app import create_app
from search_app.web.protection.limits import LIMITS
from tests.surroundings.reading_room import ReadingRoom, fill, form_token

COSTLY = "/en/counterparts"
"""Cheap where nothing is asked, but counted like any other."""
MOST = {limit.work: limit.a_minute for limit in LIMITS}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    fill(room)
    yield room
    room.close()


def make_app(room: ReadingRoom, **more: str) -> Flask:
    return create_app(read({"TERUGBLIK_DATA": str(room.settings.data), **more}))


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute does not pass, however long a test takes."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


def use_up(app: Flask, address: str = "127.0.0.1", work: str = "comparisons", left: int = 1) -> None:
    """Count, for a client, all requests that it may make in this minute but those that are `left`."""
    (limiter,) = app.extensions["limiter"]
    most = MOST[work]
    assert limiter.limiter.hit(parse(f"{most}/minute"), address, work, cost=most - left)


def ask(client: FlaskClient, *forwarded: str) -> int:
    """What a request gets of which proxies, the client or both say for whom it is, one after the other."""
    headers = {"X-Forwarded-For": ", ".join(forwarded)} if forwarded else {}
    return client.get(COSTLY, headers=headers).status_code


def test_every_limit_is_of_views_that_there_are_and_no_person_reaches_it(room: ReadingRoom) -> None:
    limited = [endpoint for limit in LIMITS for endpoint in limit.endpoints]
    assert len(set(limited)) == len(limited)
    assert set(limited) <= set(make_app(room).view_functions)
    people, seconds = 30, 60
    for limit in LIMITS:
        if "GET" in limit.methods:
            assert limit.a_minute / people >= seconds / 6, "a request every six seconds for each of thirty"
    free = ("search.", "document.", "home.", "feed.", "citation.", "static", "api.search", "api.page")
    assert not [endpoint for endpoint in limited if endpoint.startswith(free)]


def test_who_asks_without_a_pause_is_told_when_to_go_on(room: ReadingRoom) -> None:
    app = make_app(room)
    client = app.test_client()
    use_up(app, left=3)
    assert [ask(client) for _ in range(3)] == [200] * 3
    for language, said in (
        ("en", "Too many requests of this kind came from your address within a minute."),
        ("nl", "Van uw adres kwamen te veel zulke verzoeken binnen een minuut."),
        ("fr", "Trop de requêtes de ce genre sont venues de votre adresse en une minute."),
    ):
        answer = client.get(f"/{language}/counterparts")
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 61
        assert said in answer.text
    told = client.get("/api/v1/counterparts?q=emploi").get_json()["error"]
    assert (told["code"], set(told)) == ("too-many-requests", {"code", "message", "hint"})
    assert client.get("/en/trends").status_code == 200, "other work is counted apart"
    assert client.get("/api/v1/quote?text=emploi").status_code == 200


def test_searches_pages_and_originals_have_no_limit(room: ReadingRoom) -> None:
    app = make_app(room)
    for work in MOST:
        use_up(app, work=work, left=0)
    (document, *_others) = room.catalogue.documents()
    for address in ("/en/search?q=emploi", f"/en/document/{document.id}", f"/original/{document.id}.pdf"):
        assert app.test_client().head(address).status_code == 200, address
    assert ask(app.test_client()) == 429


def test_what_a_client_says_of_its_address_changes_nothing(room: ReadingRoom) -> None:
    app = make_app(room)
    use_up(app)
    assert ask(app.test_client(), "192.0.2.1") == 200
    assert ask(app.test_client(), "192.0.2.2") == 429


def test_behind_a_trusted_proxy_its_clients_are_counted(room: ReadingRoom) -> None:
    app = make_app(room, TERUGBLIK_TRUSTED_PROXIES="1")
    client = app.test_client()
    use_up(app, "192.0.2.1")
    assert ask(client, "10.0.0.1", "192.0.2.1") == 200, "the proxy wrote the last one"
    assert ask(client, "10.0.0.2", "192.0.2.1") == 429
    assert ask(client, "192.0.2.1", "192.0.2.2") == 200
    assert ask(client) == 200, "who comes past the proxy is counted as who it is"


def test_behind_two_proxies_the_outer_one_tells_who_asks(room: ReadingRoom) -> None:
    app = make_app(room, TERUGBLIK_TRUSTED_PROXIES="2")
    client = app.test_client()
    use_up(app, "192.0.2.1")
    assert ask(client, "192.0.2.1", "10.0.0.1") == 200
    assert ask(client, "192.0.2.9", "192.0.2.1", "10.0.0.2") == 429
    assert ask(client, "192.0.2.2", "10.0.0.1") == 200


def test_scheme_and_host_are_never_those_that_a_request_names(room: ReadingRoom) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil"}
    for proxies in ("0", "1"):
        client = make_app(room, TERUGBLIK_TRUSTED_PROXIES=proxies).test_client()
        answer = client.get("/archivist", headers=forged)
        assert answer.headers["Location"].startswith("/")
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"),
        ("fe80::1%eth0", "fe80::2%eth0", "fe81::1"),
    ],
)
def test_a_client_is_a_network_of_ipv6_or_an_address_of_ipv4(
    room: ReadingRoom, one: str, same: str, other: str
) -> None:
    client = make_app(room).test_client()
    for number in range(20):
        assert sign_in_as(f"nobody{number}", client, one) == 403
    assert sign_in_as("nobody20", client, same) == 429
    assert sign_in_as("nobody20", client, other) == 403


def sign_in_as(name: str, client: FlaskClient, address: str) -> int:
    form = {"token": form_token(client), "name": name, "password": "x" * 1001}
    asked_from = {"REMOTE_ADDR": address}
    return client.post("/en/archivist/sign-in", data=form, environ_base=asked_from).status_code


def test_a_store_is_shared_by_processes(room: ReadingRoom) -> None:
    pytest.importorskip("lupa", reason="lupa, by which fakeredis runs scripts, is not installed")
    with fakeredis.TcpFakeServer(("127.0.0.1", 0), server_type="redis") as server:
        server.block_on_close = False  # its clients keep their connections
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        store = f"redis://127.0.0.1:{server.server_address[1]}"
        one, other = (make_app(room, TERUGBLIK_LIMITS_STORE=store) for _ in range(2))
        use_up(one)
        assert ask(one.test_client()) == 200
        assert ask(other.test_client()) == 429
        assert other.test_client().get("/en/trends").status_code == 200
        server.shutdown()


def test_a_store_that_is_away_takes_nothing_away_and_is_told_once(
    room: ReadingRoom, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    app = make_app(room, TERUGBLIK_LIMITS_STORE=f"redis://127.0.0.1:{port}")
    client = app.test_client()
    assert [ask(client) for _ in range(3)] == [200] * 3
    use_up(app, left=3)
    assert ask(client) == 429, "counted here meanwhile"
    assert capsys.readouterr().err.count("storage unreachable") == 1


def test_an_address_that_is_no_store_is_a_wrong_setting() -> None:
    with pytest.raises(SettingError):
        read({"TERUGBLIK_LIMITS_STORE": "http://example.org"})
    with pytest.raises(SettingError):
        read({"TERUGBLIK_TRUSTED_PROXIES": "-1"})
