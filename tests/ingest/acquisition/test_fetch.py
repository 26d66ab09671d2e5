"""Downloads against a real web server that behaves as badly as the web does."""

import datetime
import gzip
import os
import socket
import ssl
import tempfile
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archive.errors import TerugblikError
from archive.surroundings import NoRoom
from archive.version import VERSION
from ingest.acquisition.fetch import MOST_REDIRECTS, Download, fetch
from ingest.acquisition.guarded_network import is_public
from ingest.errors import (
    DeadLink,
    DownloadTooSlow,
    PrivateAddress,
    TooBig,
    TooManyRedirects,
    Unreachable,
    UnsupportedAddress,
    UntrustedSite,
)
from tests.surroundings.small_disk import small_disk
from tests.surroundings.web_server import WebServer, compressed, send, web_server

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 50


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def get(url: str, max_size: int = 1_000_000, timeout: float = 20, allow_private: bool = True) -> Download:
    return fetch(url, max_size=max_size, timeout=timeout, allow_private=allow_private)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


class TestAnswers:
    def test_a_file_comes_with_all_that_its_provenance_needs(self, server: WebServer) -> None:
        before = datetime.datetime.now(datetime.UTC)
        url = server.serve("/a.pdf", PDF, ETag='"7"', Set_Cookie="visitor=1")
        with get(url) as download:
            assert download.file.read() == PDF
            assert (download.url, download.final_url) == (url, url)
            assert before <= download.retrieved_at <= datetime.datetime.now(datetime.UTC)
            assert download.headers["etag"] == '"7"'
            assert download.headers["content-type"] == "application/pdf"
            assert "set-cookie" not in download.headers
        assert download.file.closed

    def test_a_site_is_told_which_program_asks(self, server: WebServer) -> None:
        with get(server.serve("/a.pdf", PDF)):
            _path, headers = server.asked[0]
        assert headers["User-Agent"].startswith(f"Terugblik/{VERSION} ")

    def test_redirects_are_followed_to_the_end(self, server: WebServer) -> None:
        server.serve("/c/final.pdf", PDF)
        server.redirect("/b", "c/final.pdf", 301)
        url = server.redirect("/a", f"{server.url}/b", 307)
        with get(url) as download:
            assert download.file.read() == PDF
            assert (download.url, download.final_url) == (url, f"{server.url}/c/final.pdf")

    def test_addresses_with_spaces_and_accents_reach_the_server_encoded(self, server: WebServer) -> None:
        server.serve("/Strat%C3%A9gie%202025.PDF", PDF)
        for written in ("/Stratégie 2025.PDF", "/Strat%C3%A9gie%202025.PDF"):
            with get(server.url + written) as download:
                assert download.file.read() == PDF

    def test_a_download_that_finds_no_room_says_so_and_leaves_nothing(
        self, server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = server.serve("/large.pdf", PDF + bytes(900_000))
        with small_disk(tmp_path / "temporary", 512 * 1024) as disk:
            monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
            before = disk.free
            with pytest.raises(NoRoom):
                get(url)
            assert disk.free == before

    @pytest.mark.parametrize("status", [404, 410])
    def test_what_is_gone_is_a_dead_link(self, server: WebServer, status: int) -> None:
        url = server.route("/gone.pdf", lambda handler: send(handler, status, b"no", {}))
        with pytest.raises(DeadLink) as refusal:
            get(url)
        assert str(status) in refusal.value.message

    @pytest.mark.parametrize("status", [204, 403, 500, 503])
    def test_other_answers_name_the_status_and_the_next_step(self, server: WebServer, status: int) -> None:
        url = server.route("/x.pdf", lambda handler: send(handler, status, b"", {}))
        with pytest.raises(Unreachable) as refusal:
            get(url)
        assert str(status) in refusal.value.message
        assert "browser" in refusal.value.hint

    def test_a_redirect_without_end_is_left(self, server: WebServer) -> None:
        url = server.redirect("/loop", "/loop")
        with pytest.raises(TooManyRedirects):
            get(url)
        assert len(server.asked) == MOST_REDIRECTS + 1

    @pytest.mark.parametrize("location", ["ftp://example.org/x.pdf", "file:///etc/passwd", "http://["])
    def test_a_redirect_cannot_leave_the_web(self, server: WebServer, location: str) -> None:
        with pytest.raises((UnsupportedAddress, Unreachable)):
            get(server.redirect("/a", location))


class TestLimits:
    def test_a_size_that_is_announced_is_refused_unread(self, server: WebServer) -> None:
        with pytest.raises(TooBig):
            get(server.serve("/big.pdf", PDF), max_size=len(PDF) - 1)
        with get(server.url + "/big.pdf", max_size=len(PDF)) as download:
            assert len(download.file.read()) == len(PDF)

    def test_a_size_that_is_not_announced_is_noticed_while_it_comes(self, server: WebServer) -> None:
        sent = 0

        def endless(handler: BaseHTTPRequestHandler) -> None:
            nonlocal sent
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            while not server.closing.is_set():
                handler.wfile.write(PDF)
                sent += len(PDF)

        before = open_files()
        with pytest.raises(TooBig):
            get(server.route("/endless.pdf", endless), max_size=200_000)
        assert sent < 100_000_000
        assert open_files() <= before + 1, (
            "the partial file must be gone (the server may hold one connection)"
        )

    @pytest.mark.parametrize("part", ["headers", "body"])
    def test_drops_that_keep_coming_do_not_stretch_the_time(self, server: WebServer, part: str) -> None:
        def drip(handler: BaseHTTPRequestHandler) -> None:
            if part == "body":
                handler.send_response(200)
                handler.send_header("Content-Length", str(len(PDF)))
                handler.end_headers()
            else:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not server.closing.wait(0.05):
                handler.wfile.write(b"x")

        with pytest.raises(DownloadTooSlow) as refusal:
            get(server.route("/drip.pdf", drip), timeout=0.6)
        assert "0.6 seconds" in refusal.value.message

    def test_silence_ends_too(self, server: WebServer) -> None:
        url = server.route("/silent.pdf", lambda handler: server.closing.wait(20) and None)
        with pytest.raises(DownloadTooSlow):
            get(url, timeout=0.4)

    @pytest.mark.parametrize("announced", [len(PDF) + 5, 2 * len(PDF)])
    def test_a_download_that_breaks_off_is_not_taken_for_the_file(
        self, server: WebServer, announced: int
    ) -> None:
        def cut(handler: BaseHTTPRequestHandler) -> None:
            send(handler, 200, PDF, {"Content-Length": str(announced)})
            handler.close_connection = True

        with pytest.raises(Unreachable) as refusal:
            get(server.route("/cut.pdf", cut))
        assert "broke off" in refusal.value.message

    def test_a_server_that_speaks_no_http_is_unreachable(self, server: WebServer) -> None:
        url = server.route("/odd.pdf", lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"))
        with pytest.raises(Unreachable):
            get(url, timeout=5)


class TestCompression:
    def test_none_is_asked_for(self, server: WebServer) -> None:
        with get(server.serve("/a.pdf", PDF)):
            assert server.asked[0][1]["Accept-Encoding"] == "identity"

    def test_gzip_that_comes_unasked_is_undone(self, server: WebServer) -> None:
        url = server.serve("/a.pdf", gzip.compress(PDF), Content_Encoding="gzip")
        with get(url) as download:
            assert download.file.read() == PDF

    def test_a_gzip_bomb_stops_at_the_size_limit(self, server: WebServer) -> None:
        bomb = zlib.compressobj(9, wbits=31)
        body = b"".join(bomb.compress(bytes(1_000_000)) for _ in range(60)) + bomb.flush()
        url = server.serve("/bomb.pdf", body, Content_Encoding="gzip")
        with pytest.raises(TooBig):
            get(url, max_size=1_000_000)

    @pytest.mark.parametrize(
        ("body", "encoding"),
        [
            (compressed(PDF)[:-400], "gzip"),
            (PDF, "gzip"),
            (compressed(PDF, 2), "gzip, gzip"),
            (PDF, "br"),
        ],
        ids=["cut off", "not gzip at all", "twice", "another"],
    )
    def test_what_cannot_be_undone_is_refused(self, server: WebServer, body: bytes, encoding: str) -> None:
        with pytest.raises(Unreachable):
            get(server.serve("/a.pdf", body, Content_Encoding=encoding))


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "plan.pdf",
            "ftp://example.org/a.pdf",
            "file:///etc/passwd",
            "http://",
            "http:///a.pdf",
            "http://\0/",
        ],
    )
    def test_what_is_no_web_address_is_refused(self, url: str) -> None:
        with pytest.raises(UnsupportedAddress):
            get(url)

    def test_a_password_would_be_recorded_for_ever(self, server: WebServer) -> None:
        url = server.serve("/a.pdf", PDF).replace("http://", "http://user:secret@")
        with pytest.raises(UnsupportedAddress) as refusal:
            get(url)
        assert "secret" not in refusal.value.message
        assert not server.asked

    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]"],
    )
    def test_the_own_machine_is_refused_by_default_however_it_is_written(
        self, server: WebServer, host: str
    ) -> None:
        server.serve("/a.pdf", PDF)
        with pytest.raises(PrivateAddress) as refusal:
            fetch(f"http://{host}:{server.port}/a.pdf", max_size=1_000_000, timeout=5)
        assert "TERUGBLIK_PRIVATE_ADDRESSES" in refusal.value.hint
        assert not server.asked

    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            *[(address, True) for address in ("8.8.8.8", "193.191.210.1", "2001:4860:4860::8888")],
            *[(address, False) for address in ("10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1")],
            *[(address, False) for address in ("169.254.169.254", "224.0.0.1", "240.0.0.1", "192.0.2.1")],
            *[(address, False) for address in ("::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1")],
            *[(address, False) for address in ("::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::10.0.0.1")],
            ("64:ff9b::8.8.8.8", True),
            ("2001:0:7f00:1::", False),
        ],
    )
    def test_which_addresses_are_public(self, address: str, expected: bool) -> None:
        assert is_public(address) is expected

    def test_a_name_that_nobody_knows(self) -> None:
        with pytest.raises(Unreachable) as refusal:
            get("http://no-such-site.invalid/a.pdf")
        assert "no-such-site.invalid" in refusal.value.message

    def test_a_port_where_nobody_listens(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            with pytest.raises(Unreachable):
                get(f"http://127.0.0.1:{unused.getsockname()[1]}/a.pdf")


PUBLIC = "93.184.215.14"


@pytest.fixture
def internet(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, list[str]], list[str]]:
    """A small internet: names have the addresses that a test gives them, one for each look-up.

    The public address is that of the server. Every connection that is made is noted in the returned list.
    """
    names: dict[str, list[str]] = {}
    connected: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.create_connection

    def getaddrinfo(host: str, port: int, *rest: object, **options: int) -> object:
        answers = names.get(host, [host])
        return look_up(answers.pop(0) if len(answers) > 1 else answers[0], port, *rest, **options)  # type: ignore[arg-type]

    def create_connection(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        connected.append(address[0])
        host = "127.0.0.1" if address[0] == PUBLIC else address[0]
        return connect((host, server.port), *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)

    def know(name: str, addresses: list[str]) -> list[str]:
        names[name] = addresses
        return connected

    return know


class TestPublicSites:
    def test_a_public_site_is_fetched_from_the_address_that_was_checked(
        self, server: WebServer, internet: Callable[[str, list[str]], list[str]]
    ) -> None:
        """A name that means something else at the next look-up (DNS rebinding) gains nothing by it."""
        connected = internet("rebinding.example", [PUBLIC, "127.0.0.1"])
        server.serve("/a.pdf", PDF)
        with get("http://rebinding.example/a.pdf", allow_private=False) as download:
            assert download.file.read() == PDF
        assert connected == [PUBLIC]
        assert server.asked[0][1]["Host"] == "rebinding.example"

    @pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1"])
    def test_a_redirect_into_a_private_network_is_not_followed(
        self, server: WebServer, internet: Callable[[str, list[str]], list[str]], inside: str
    ) -> None:
        internet("intranet.example", [inside])
        connected = internet("public.example", [PUBLIC])
        server.redirect("/a.pdf", "http://intranet.example/secret")
        with pytest.raises(PrivateAddress) as refusal:
            get("http://public.example/a.pdf", allow_private=False)
        assert inside in refusal.value.message
        assert connected == [PUBLIC]
        assert server.paths == ["/a.pdf"]


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for `name` and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file


class TestHttps:
    @pytest.fixture
    def trusted(self, tmp_path: Path) -> Path:
        return certificate(tmp_path, "site.example")[0]

    @pytest.fixture
    def secure(self, tmp_path: Path, trusted: Path) -> Iterator[WebServer]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(trusted, tmp_path / "key.pem")
        with web_server(context) as running:
            running.serve("/a.pdf", PDF)
            yield running

    @pytest.fixture
    def names(self, secure: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
        look_up = socket.getaddrinfo
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda _host, *rest, **options: look_up("127.0.0.1", *rest, **options)
        )

    @pytest.mark.usefixtures("names")
    def test_the_certificate_is_checked_against_the_name_though_the_address_is_connected_to(
        self, secure: WebServer, trusted: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        with get(f"https://site.example:{secure.port}/a.pdf") as download:
            assert download.file.read() == PDF
        with pytest.raises(UntrustedSite):
            get(f"https://other.example:{secure.port}/a.pdf")

    @pytest.mark.usefixtures("names")
    def test_a_certificate_that_nobody_vouches_for_is_refused(self, secure: WebServer) -> None:
        with pytest.raises(UntrustedSite) as refusal:
            get(f"https://site.example:{secure.port}/a.pdf")
        assert "self-signed" in refusal.value.message
        assert "SSL_CERT_FILE" in refusal.value.hint

    def test_a_site_without_tls_is_not_trusted(self, server: WebServer) -> None:
        with pytest.raises(TerugblikError) as refusal:
            get(f"https://127.0.0.1:{server.port}/a.pdf", timeout=5)
        assert isinstance(refusal.value, Unreachable)
