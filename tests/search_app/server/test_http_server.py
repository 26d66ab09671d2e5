"""The real server, on loopback: doubtful requests, bodies that are too large, slow clients, floods, processes
that die."""

import contextlib
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import psutil
import pytest

from archive.accounts.accounts import Accounts
from archive.records import Description, Provenance
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

ROOT = Path(__file__).parents[3]
MEBIBYTE = 1024 * 1024


@dataclass
class Site:
    """A running `terugblik serve`."""

    process: psutil.Popen
    port: int
    original: str
    """The path of an original of 20 MiB."""
    data: Path
    remarks: Path
    """What it says on stderr."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def web_processes(self) -> set[int]:
        found = set()
        for child in self.process.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if "work" not in child.cmdline():
                    found.add(child.pid)
        return found

    def say(self, sent: bytes) -> tuple[int, bytes]:
        """The status of the answer to these bytes (0 for none), and all that came until the server closed the
        connection."""
        with self.connect() as connection:
            connection.sendall(sent)
            come = b""
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    come += part
            first = re.match(rb"HTTP/1\.[01] ([0-9]{3}) ", come)
            return (int(first[1]) if first else 0), come


@contextlib.contextmanager
def serving(data: Path, **settings: str) -> Iterator[psutil.Popen]:
    """`terugblik serve` on a free port, with two processes that answer."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TERUGBLIK_")},
        "TERUGBLIK_DATA": str(data),
        "TERUGBLIK_WEB_PROCESSES": "2",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    remarks = data.with_suffix(".remarks")
    with remarks.open("wb") as stderr:
        process = psutil.Popen(
            [sys.executable, ROOT / "terugblik.py", "serve", "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment,
        )
        try:
            yield process
        finally:
            left = []
            with contextlib.suppress(psutil.NoSuchProcess):
                left = process.children(recursive=True)
                process.terminate()
            _ended, alive = psutil.wait_procs([process, *left], timeout=20)
            for one in alive:
                one.kill()
            process.stdout.close()


def made_site(process: psutil.Popen, data: Path, original: str) -> Site:
    told = process.stdout.readline().decode()
    port = re.search(r":([0-9]+)\"", told)
    assert port, told
    return Site(process, int(port[1]), original, data, data.with_suffix(".remarks"))


def filled(data: Path) -> str:
    """Make an archive with an account and a large original; the path of that."""
    room = ReadingRoom(data)
    fill(room)
    original = room.originals.store(BytesIO(b"%PDF-1.7".ljust(20 * MEBIBYTE)))
    document, _is_new = room.catalogue.receive(
        original, "large.pdf", Description("Een groot plan", 2020), Provenance(), "test", False
    )
    room.catalogue.start(document.id, "test")
    page = make_page(1, [("paragraph", "nl", "Een groot plan voor Brussel.")])
    room.catalogue.store_pages(document.id, [page], [], None, "test")
    room.indexer.add(document.id)
    room.catalogue.mark_ready(document.id, "test")
    Accounts(room.catalogue).add("els", "correct horse battery")
    room.leave_no_work()
    room.close()
    return f"/original/{document.id}.pdf"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("served") / "data"
    original = filled(data)
    with serving(data) as process:
        yield made_site(process, data, original)


def get(path: str = "/nl/", *more: str, version: str = "1.1") -> bytes:
    """A request that asks to close the connection after the answer."""
    lines = [f"GET {path} HTTP/{version}", "Host: terugblik.example", *more, "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode()


# What HTTP leaves no doubt about


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (get(), 200),
        (get(version="1.0"), 200),
        (b"GET /nl/ HTTP/1.0\r\n\r\n", 200),
        (get("http://terugblik.example/nl/"), 200),
        (get("/nl/x"), 404),
        (b"GET /nl/ HTTP/1.1\r\n\r\n", 400),
        (get("/nl/", "Host: another.example"), 400),
        (b"GET /nl/ HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (b"GET /nl/ HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
        (b"GET /nl/ HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (get("/nl/", "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n", 400),
        (get("/nl/", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + b"0\r\n\r\n", 400),
        (get("/nl/", "Transfer-Encoding: chunked, chunked") + b"0\r\n\r\n", 400),
        (get("/nl/", "Transfer-Encoding: \x0bchunked") + b"0\r\n\r\n", 400),
        (get("/nl/", "Transfer-Encoding: chunked", version="1.0") + b"0\r\n\r\n", 400),
        (get("/nl/", "Transfer-Encoding: gzip") + b"0\r\n\r\n", 400),
        (get("/nl/", "Content-Length: 0", "Content-Length: 5") + b"hello", 400),
        (get("/nl/", "Content-Length: 5", "Content-Length: 5") + b"hello", 400),
        (get("/nl/", "Content-Length: +5") + b"hello", 400),
        (get("/nl/", "Content-Length: -5"), 400),
        (get("/nl/", "Content-Length: " + "9" * 5000), 400),
        (get("http://[/nl/"), 400),
        (get("/nl/", "Content-Length: 5_0"), 400),
        (get("/nl/", "Transfer-Encoding: chunked") + b"5;x\r\nhello\r\n0\r\n\r\n", 200),
        (get("/nl/", "Transfer-Encoding: chunked") + b"0x5\r\nhello\r\n0\r\n\r\n", 400),
        (get("/nl/", "Transfer-Encoding: chunked") + b"-5\r\nhello\r\n0\r\n\r\n", 400),
        (get("/nl/", "Transfer-Encoding: chunked") + b"5\r\nhelloworld\r\n0\r\n\r\n", 400),
        (b"GET /nl/ HTTP/1.1\nHost: a\n\nGET /nl/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /nl/ HTTP/1.1\r\nHost: a\r\nX: a\nY: b\r\n\r\n", 400),
        (b"GET /nl/ HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400),
        (b"GET /nl/ HTTP/1.1\r\nHost: a\r\nwithout colon\r\n\r\n", 400),
        (get("/nl/", "X: " + "x" * 40_000), 431),
        (get("/nl/search?q=" + "x" * 20_000), 414),
        (b"GET /nl/\x00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (get("/nl/%00"), 400),
        (get("/static/%00"), 400),
        (get("/nl/search?q=%00"), 400),
        (get("nl/"), 400),
        (get("ftp://a/nl/"), 400),
        (b"GET /nl/ HTTP/1.1 x\r\nHost: a\r\n\r\n", 400),
        (b"GET /nl/\r\nHost: a\r\n\r\n", 400),
        (b"GET /nl/ HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"TRACE /nl/ HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"BREW /nl/ HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"DELETE /nl/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ],
)
def test_a_request_gets_the_answer_that_http_says_and_doubtful_ones_end_the_connection(
    site: Site, sent: bytes, status: int
) -> None:
    """And no second request is found in what follows a doubtful one."""
    answered, come = site.say(sent)
    assert answered == status, come[:500]
    assert come.count(b"HTTP/1.") == 1
    assert b"\r\nDate: " in come
    assert b"Server:" not in come
    assert b"waitress" not in come.lower()


def test_refusals_have_the_shape_of_all_errors(site: Site) -> None:
    with httpx.Client(base_url=site.url) as client:
        told = client.post("/api/v1/quote", content=bytes(2 * MEBIBYTE)).json()["error"]
        assert told["code"] == "too-large"
        assert told["message"]
        assert told["hint"]
        page = client.post("/fr/quote", content=bytes(2 * MEBIBYTE))
        assert "Trop volumineux" in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_requests_that_come_together_are_answered_in_turn(site: Site) -> None:
    one = b"GET /nl/ HTTP/1.1\r\nHost: a\r\n\r\n"
    answered, come = site.say(one + one + get("/nl/about"))
    assert answered == 200
    assert come.count(b"HTTP/1.1 ") == 3


def test_a_client_that_asks_first_is_told_to_go_on(site: Site) -> None:
    with site.connect() as connection:
        connection.sendall(
            b"POST /nl/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"hi")
        assert connection.recv(100).startswith(b"HTTP/1.1 405 ")


# Bodies


LARGE = [
    b"Content-Length: 538000000\r\n",
    b"Content-Length: 1048577\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Content-Length: 538000000\r\nExpect: 100-continue\r\n",
    b"Content-Length: 538000000\r\nCookie: session=forged\r\n",
]


@pytest.mark.parametrize("headers", LARGE)
@pytest.mark.parametrize("path", ["/", "/api/v1/quote", "/nl/archivist/add", "/nl/archivist/sign-in"])
def test_a_large_body_is_refused_before_any_of_it_is_read(site: Site, path: str, headers: bytes) -> None:
    answered, come = site.say(b"POST " + path.encode() + b" HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n")
    assert answered == 413
    assert b"Connection: close" in come


def test_a_large_body_in_chunks_is_refused_when_a_mebibyte_of_it_has_come(site: Site) -> None:
    with site.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
        for _ in range(17):
            connection.sendall(chunk)
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_goes_on_sending_can_read_why_it_was_refused(site: Site) -> None:
    """A connection that is closed with bytes unread is reset, and the answer lost."""
    with site.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")
        for _ in range(90):
            connection.sendall(bytes(100_000))
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_clients_that_were_refused_and_have_gone_take_no_place_from_the_next(site: Site) -> None:
    for _ in range(150):
        assert site.say(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")[0] == 413
    test_a_client_that_goes_on_sending_can_read_why_it_was_refused(site)


def test_a_form_of_a_mebibyte_is_read(site: Site) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1048576\r\n\r\n"
    answered, _come = site.say(head + bytes(MEBIBYTE))
    assert answered == 405


def sign_in(client: httpx.Client) -> None:
    page = client.get("/nl/archivist/sign-in").raise_for_status().text
    names = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    names |= {"name": "els", "password": "correct horse battery"}
    client.post("/nl/archivist/sign-in", data=names).raise_for_status()


def test_an_archivist_uploads_a_large_file_which_takes_no_memory_and_leaves_no_file(site: Site) -> None:
    with httpx.Client(base_url=site.url, follow_redirects=True, timeout=60) as client:
        sign_in(client)
        page = client.get("/nl/archivist/").raise_for_status().text
        names = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
        size = 60 * MEBIBYTE
        for _ in range(8):
            client.get("/nl/search?q=emploi").raise_for_status()
        before = _most_memory(site)
        content = b"%PDF-1.7\n" + bytes(size)
        answer = client.post("/nl/archivist/add", data=names, files={"files": ("large.pdf", content)})
        assert answer.status_code == 200, answer.text
        assert "large.pdf" in answer.text
        assert _most_memory(site) - before < size / 2
    assert list((site.data / "uploads").iterdir()) == []


def test_an_upload_that_is_too_large_is_refused_by_its_headers_with_the_limit(site: Site) -> None:
    with httpx.Client(base_url=site.url, follow_redirects=True, timeout=60) as client:
        sign_in(client)
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    head = f"POST /en/archivist/add HTTP/1.1\r\nHost: a\r\nCookie: {cookies}\r\n"
    answered, come = site.say(f"{head}Content-Length: {514 * MEBIBYTE}\r\n\r\n".encode())
    assert answered == 413
    assert b"the most that is accepted at once" in come


def _most_memory(site: Site) -> int:
    """Bytes that the processes that answer have taken at most."""
    told = [Path(f"/proc/{pid}/status").read_text() for pid in site.web_processes()]
    return 1024 * sum(int(found) for one in told for found in re.findall(r"VmHWM:\s+([0-9]+) kB", one))


# Slow clients


def _slow_headers(connection: socket.socket, _site: Site) -> None:
    connection.sendall(b"GET /nl/ HTTP/1.1\r\nHost: a\r\nX: ")


def _slow_body(connection: socket.socket, _site: Site) -> None:
    connection.sendall(b"POST /nl/quote HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx")


def _slow_reader(connection: socket.socket, site: Site) -> None:
    connection.sendall(f"GET {site.original} HTTP/1.1\r\nHost: a\r\n\r\n".encode())


def _slow_reader_of_a_part(connection: socket.socket, site: Site) -> None:
    request = f"GET {site.original} HTTP/1.1\r\nHost: a\r\nRange: bytes=5-\r\n\r\n"
    connection.sendall(request.encode())


def _idle(connection: socket.socket, _site: Site) -> None:
    connection.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n")


def _silent(_connection: socket.socket, _site: Site) -> None:
    """Say nothing at all."""


@pytest.mark.parametrize(
    "begin", [_slow_headers, _slow_body, _slow_reader, _slow_reader_of_a_part, _idle, _silent]
)
def test_two_hundred_slow_connections_do_not_take_the_site_away(
    site: Site, begin: Callable[[socket.socket, Site], None]
) -> None:
    with contextlib.ExitStack() as crowd:
        slow = []
        for _ in range(200):
            connection = crowd.enter_context(site.connect())
            begin(connection, site)
            slow.append(connection)
        for _ in range(2):
            for connection in slow[:20]:
                if begin in (_slow_headers, _slow_body):
                    connection.sendall(b"x")
            assert site.say(get("/nl/search?q=emploi"))[0] == 200


def test_more_connections_than_there_is_room_for_do_not_take_the_site_away(site: Site) -> None:
    """Two processes hold a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2_000:
        pytest.skip("this user may not have 2,000 files open")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2_000), hard))
    try:
        with contextlib.ExitStack() as crowd:
            for _ in range(1_200):
                crowd.enter_context(site.connect())
            for _ in range(3):
                assert site.say(get())[0] == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_part_of_a_large_original_is_exact(site: Site) -> None:
    whole = httpx.get(site.url + site.original)
    assert len(whole.content) == 20 * MEBIBYTE
    part = httpx.get(site.url + site.original, headers={"Range": "bytes=3-18000000"})
    assert part.status_code == 206
    assert part.content == whole.content[3:18_000_001]
    end = httpx.get(site.url + site.original, headers={"Range": "bytes=-5"})
    assert end.content == whole.content[-5:]


# Floods


def test_a_flood_gets_answers_or_503_within_seconds(site: Site) -> None:
    """Two hundred who ask at once: nobody is left without an answer, and many get theirs."""
    told: list[tuple[int, bytes]] = []

    def ask(number: int) -> None:
        told.append(site.say(get(f"/nl/search?q=emploi+OR+w{number}")))

    readers = [threading.Thread(target=ask, args=(number,)) for number in range(200)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(told) == 200
    assert {status for status, _come in told} <= {200, 503}
    assert all(b"\r\nRetry-After: " in come for status, come in told if status == 503)
    assert sum(status == 200 for status, _come in told) > 32


# Processes


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_a_process_that_dies_is_started_again_and_that_is_told(site: Site) -> None:
    before = site.web_processes()
    assert len(before) == 2
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(site.web_processes() - before) == 2)
    assert httpx.get(f"{site.url}/nl/", timeout=20).status_code == 200
    assert site.remarks.read_text().count("A web process ended (-9); starting it again.") == 2


_CANNOT_START = """
import socket, sys
from archive.errors import ServiceUnavailable
from archive.settings import read
from search_app.server import processes
settings = read({"TERUGBLIK_DATA": sys.argv[1]})
listener = socket.create_server(("127.0.0.1", 0))
try:
    processes.serve(settings, listener, None, lambda: print("it has started"), print)
except ServiceUnavailable as error:
    print(error.message)
"""


def test_a_site_whose_processes_cannot_open_the_archive_says_why_and_ends(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"no catalogue" * 1000)
    done = subprocess.run(
        [sys.executable, "-c", _CANNOT_START, tmp_path],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert "terugblik: " in done.stdout
    assert done.stdout.endswith("The site could not be started.\n")
    assert "has started" not in done.stdout
    assert done.stderr == ""


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    data = tmp_path / "data"
    original = filled(data)
    with serving(data) as process:
        yield made_site(process, data, original)


def everybody(site: Site) -> Sequence[psutil.Process]:
    return [site.process, *site.process.children(recursive=True)]


def test_answers_that_were_begun_are_finished_when_the_site_stops(own_site: Site) -> None:
    """The reader takes a large file slowly; the site stops after its end, and so does every process."""
    family = everybody(own_site)
    with own_site.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(get(own_site.original))
        come = len(connection.recv(65536))
        own_site.process.send_signal(signal.SIGTERM)
        until(lambda: not _is_open(own_site))
        while part := connection.recv(MEBIBYTE):
            come += len(part)
    assert come > 20 * MEBIBYTE
    assert own_site.process.wait(timeout=20) == 0
    _ended, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def _is_open(site: Site) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", site.port), timeout=1):
        return True
    return False


def test_no_process_is_left_when_the_one_that_keeps_them_is_killed(own_site: Site) -> None:
    family = everybody(own_site)
    assert len(family) >= 3
    own_site.process.kill()
    _ended, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
