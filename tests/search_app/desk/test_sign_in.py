"""Signing in, out and with another password, on two servers of one archive: what one knows both know."""

import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from archive.accounts.accounts import Accounts
from archive.database import tables
from archive.settings import read
from search_app import create_app
from tests.surroundings.command_line import run_forked, start_forked
from tests.surroundings.read_only_folders import full_disk
from tests.surroundings.reading_room import ReadingRoom, form_token, make_settings

NAME, PASSWORD = "ann", "correct horse battery"
DESK = "/en/archivist/"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with accounts, to be copied."""
    folder = tmp_path_factory.mktemp("archive") / "var"
    room = ReadingRoom(folder)
    accounts = Accounts(room.catalogue)
    for name in (NAME, "bob", "carl", "dora", "eve"):
        accounts.add(name, PASSWORD)
    room.close()
    return folder


@pytest.fixture(scope="module")
def data(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the servers."""
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("served") / "var"))


@pytest.fixture(scope="module")
def servers(data: Path) -> Iterator[list[str]]:
    """The addresses of two servers of one archive, of one process each."""
    environment = {**os.environ, "TERUGBLIK_DATA": str(data), "TERUGBLIK_WEB_PROCESSES": "1"}
    logs = [data.parent / f"server-{number}.log" for number in range(2)]
    started = [
        start_forked(("serve", "--port", "0", "--json"), environment, data.parent, log) for log in logs
    ]
    try:
        yield [address_in(log) for log in logs]
    finally:
        for server in started:
            server.terminate()
        for server in started:
            server.join(60)
            assert server.exitcode == 0


def address_in(log: Path) -> str:
    """The address that a server tells when it has started."""
    deadline = time.monotonic() + 60
    while not (told := re.search('"url": "([^"]+)"', log.read_text("utf-8") if log.exists() else "")):
        assert time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.05)
    return told[1]


def sign_in(server: str, name: str, password: str = PASSWORD) -> httpx.Client:
    """A browser in which somebody has signed in."""
    client = httpx.Client(timeout=60, base_url=server)
    assert try_to_sign_in(client, name, password).status_code == 303
    assert client.get(DESK).status_code == 200
    return client


def try_to_sign_in(client: httpx.Client, name: str, password: str) -> httpx.Response:
    form = {"token": token(client), "name": name, "password": password}
    return client.post(f"{DESK}sign-in", data=form)


def token(client: httpx.Client, address: str = f"{DESK}sign-in") -> str:
    return re.findall(r'name="token" value="([^"]+)"', client.get(address).text)[0]


def copy_of(client: httpx.Client, server: str) -> httpx.Client:
    """Another browser with the same cookie."""
    return httpx.Client(timeout=60, base_url=server, cookies=dict(client.cookies))


def test_a_copied_cookie_is_worth_nothing_after_signing_out(servers: list[str]) -> None:
    one, other = servers
    browser = sign_in(one, NAME)
    thief = copy_of(browser, other)
    assert thief.get(DESK).status_code == 200
    assert browser.post(f"{DESK}sign-out", data={"token": token(browser, DESK)}).status_code == 303
    for server in servers:
        assert copy_of(thief, server).get(DESK).status_code == 302
    assert browser.get(DESK).status_code == 302


def test_another_password_ends_all_sessions_everywhere(servers: list[str]) -> None:
    one, other = servers
    browser, elsewhere = sign_in(one, "bob"), sign_in(other, "bob")
    before = copy_of(browser, other)
    form = {"token": token(browser, f"{DESK}password"), "password": PASSWORD}
    for new, again, problem in (
        ("an other horse", "an other house", "The two new passwords differ."),
        ("short", "short", "A password has 10 to 1000 characters."),
    ):
        answer = browser.post(f"{DESK}password", data={**form, "new": new, "again": again})
        assert (answer.status_code, problem in answer.text) == (400, True)
    new = {"new": "an other horse", "again": "an other horse"}
    answer = browser.post(f"{DESK}password", data={**form, **new, "password": "wrong"})
    assert (answer.status_code, "not your current password" in answer.text) == (400, True)
    assert elsewhere.get(DESK).status_code == 200, "nothing has changed yet"
    assert browser.post(f"{DESK}password", data={**form, **new}).status_code == 303
    assert [client.get(DESK).status_code for client in (browser, before, elsewhere)] == [200, 302, 302]
    assert try_to_sign_in(httpx.Client(timeout=60, base_url=other), "bob", PASSWORD).status_code == 403
    sign_in(other, "bob", "an other horse")
    history = browser.get(f"{DESK}history").text
    assert "password changed" in history


def test_the_command_line_changes_passwords_and_takes_accounts_away(data: Path, servers: list[str]) -> None:
    one, other = servers

    def user(*arguments: str, stdin: str = "") -> tuple[int, str]:
        environment = {**os.environ, "TERUGBLIK_DATA": str(data)}
        done = run_forked(("user", *arguments, "--json"), environment, data.parent, stdin)
        return done.returncode, done.stdout

    browser, elsewhere = sign_in(one, "carl"), sign_in(other, "carl")
    assert user("password", "carl", stdin="short\n")[0] == 2
    assert browser.get(DESK).status_code == 200
    assert user("password", "carl", stdin="an other horse\n") == (0, '{"name": "carl"}\n')
    assert [client.get(DESK).status_code for client in (browser, elsewhere)] == [302, 302]
    again = sign_in(one, "carl", "an other horse")
    assert user("remove", "carl")[0] == 0
    assert again.get(DESK).status_code == 302
    assert (
        try_to_sign_in(httpx.Client(timeout=60, base_url=other), "carl", "an other horse").status_code == 403
    )
    code, told = user("list")
    assert code == 0
    assert [account["name"] for account in json.loads(told)["accounts"]] == [NAME, "bob", "dora", "eve"]
    assert user("password", "carl", stdin="an other horse\n")[0] == 4
    assert [user(*wrong)[0] for wrong in (("remove", "carl"), ("remove",), ("list", "carl"))] == [4, 2, 2]
    room = ReadingRoom(data)
    told_of = [event.type for event in room.catalogue.events(limit=None) if "carl" in str(event)]
    room.close()
    assert told_of == ["account removal", "password change", "account creation"]


def test_guesses_count_on_every_server(servers: list[str]) -> None:
    one, other = (httpx.Client(timeout=60, base_url=server) for server in servers)
    for client in (one, one, other, other, one):
        assert try_to_sign_in(client, "dora", "wrong").status_code == 403
    answer = try_to_sign_in(other, "dora", PASSWORD)
    assert answer.status_code == 429
    assert 800 < int(answer.headers["Retry-After"]) <= 901
    assert "There were too many attempts to sign in." in answer.text
    form = {"token": token(one), "name": "dora", "password": PASSWORD}
    as_json = one.post(f"{DESK}sign-in", data=form, headers={"Accept": "application/json"})
    assert as_json.json()["error"]["code"] == "too-many-attempts"
    sign_in(servers[0], "eve")


@pytest.fixture
def own_data(made: Path, tmp_path: Path) -> Path:
    """The archive of one process."""
    return Path(shutil.copytree(made, tmp_path / "var"))


def browser_of(data: Path, **settings: str) -> FlaskClient:
    asked = {"TERUGBLIK_DATA": str(data), "TERUGBLIK_BASE_URL": "http://localhost", **settings}
    return create_app(read(asked)).test_client()


def enter(client: FlaskClient, name: str = NAME) -> int:
    form = {"token": form_token(client), "name": name, "password": PASSWORD}
    return client.post(f"{DESK}sign-in", data=form).status_code


def test_signing_in_makes_a_new_session(own_data: Path) -> None:
    client = browser_of(own_data)
    form_token(client)
    seen = []
    for _ in range(2):
        before = client.get_cookie("session")
        assert enter(client) == 303
        after = client.get_cookie("session")
        assert before is not None
        assert after is not None
        with client.session_transaction() as session:
            seen.append((session["_user_id"], session.get("token")))
        client.set_cookie("session", before.value)
        assert client.get(DESK).status_code == (302 if len(seen) == 1 else 200)
        client.set_cookie("session", after.value)
    assert len(set(seen)) == 2
    assert enter(client) == 303


def test_a_session_ends_after_a_day_of_work_and_its_row_goes(own_data: Path) -> None:
    client = browser_of(own_data)
    assert enter(client) == 303
    room = ReadingRoom(own_data)
    table = tables.sessions
    with room.catalogue.database.writing() as connection:
        (expiry,) = connection.execute(select(table.c.expires_at)).scalars()
        assert timedelta(hours=11) < expiry - datetime.now(UTC) <= timedelta(hours=12)
        connection.execute(update(table).values(expires_at=datetime.now(UTC)))
    assert client.get(DESK).status_code == 302
    assert enter(client) == 303
    with room.catalogue.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1
    room.close()


def test_what_is_kept_of_a_session_lets_nobody_in(own_data: Path) -> None:
    client = browser_of(own_data)
    assert enter(client) == 303
    room = ReadingRoom(own_data)
    with room.catalogue.database.reading() as connection:
        (kept,) = connection.execute(select(tables.sessions.c.token)).scalars()
    room.close()
    with client.session_transaction() as session:
        assert session["_user_id"] not in kept
        session["_user_id"] = kept
    assert client.get(DESK).status_code == 302


def test_readers_get_no_cookie_and_leave_no_row(own_data: Path) -> None:
    client = browser_of(own_data)
    for address in ("/en/", "/en/search?q=emploi", "/en/documents", "/en/quote", "/api/v1/documents"):
        answer = client.get(address)
        assert "Set-Cookie" not in answer.headers, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
    room = ReadingRoom(own_data)
    with room.catalogue.database.reading() as connection:
        for table in (tables.sessions, tables.sign_in_attempts):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
    room.close()


def test_where_nothing_can_be_written_nobody_can_sign_in_but_everybody_can_read(own_data: Path) -> None:
    settings = make_settings(own_data)
    client = browser_of(own_data, TERUGBLIK_DATABASE_URL=f"{settings.database_url}?timeout=0.1")
    writing = sqlite3.connect(own_data / "catalogue.sqlite", isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    form = {"token": form_token(client), "name": NAME, "password": PASSWORD}
    answer = client.post("/nl/archivist/sign-in", data=form)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Niemand kan zich nu aan- of afmelden" in answer.text
    answer = client.post(f"{DESK}sign-in", data=form, headers={"Accept": "application/json"})
    assert answer.get_json()["error"]["code"] == "sign-in-unavailable"
    assert client.get("/nl/documents").status_code == 200
    writing.close()
    assert enter(client) == 303


def test_on_a_full_disk_nobody_can_sign_in_but_who_has_sees_the_desk(own_data: Path) -> None:
    with full_disk(own_data) as full:
        client = browser_of(full)
        form = {"token": form_token(client), "name": NAME, "password": PASSWORD}
        answer = client.post(f"{DESK}sign-in", data=form)
        assert (answer.status_code, "disk is full" in answer.text) == (503, True)
        assert client.get("/en/documents").status_code == 200
        (full.parent / "filling").unlink()
        assert enter(client) == 303
        fill_again(full.parent / "filling")
        assert client.get(DESK).status_code == 200
        token = form_token(client, f"{DESK}password")
        assert client.post(f"{DESK}sign-out", data={"token": token}).status_code == 503
        (full.parent / "filling").unlink()
        assert client.post(f"{DESK}sign-out", data={"token": token}).status_code == 303
        client.application.extensions["library"].catalogue.close()


def fill_again(path: Path) -> None:
    """Leave no byte of the disk."""
    with path.open("wb", buffering=0) as filling:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while True:
                    filling.write(bytes(size))


class Body(BytesIO):
    """A form that is as large as it says, of which somebody counts how much was read."""

    def __init__(self, head: bytes, size: int) -> None:
        super().__init__(head + bytes(size - len(head)))
        self.taken = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        self.taken += len(part)
        return part

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        size = super().readinto(buffer)
        self.taken += size
        return size


def test_a_large_form_with_another_token_is_refused_before_it_is_taken(own_data: Path) -> None:
    client, size = browser_of(own_data), 8 * 1024 * 1024
    foreign = form_token(browser_of(own_data))

    def send(first: bytes, value: str) -> tuple[int, int]:
        part = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (first, value.encode())
        pdf = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.7'
        body = Body(part + pdf, size)
        answer = client.post(
            f"{DESK}add",
            input_stream=body,
            content_length=size,
            content_type="multipart/form-data; boundary=x",
        )
        return answer.status_code, body.taken

    status, taken = send(b"token", "none")
    assert (status, taken) == (403, 0), "nobody has signed in"
    assert enter(client) == 303
    for first, value in ((b"token", foreign), (b"token", ""), (b"title", "x" * 5000), (b"\xff", "x")):
        status, taken = send(first, value)
        assert status == 400, (first, value)
        assert taken <= 8192, (first, value)
    status, taken = send(b"token", form_token(client, f"{DESK}add"))
    assert taken == size, "what comes with the right token is read"
