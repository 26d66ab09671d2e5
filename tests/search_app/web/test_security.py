"""Hostile readers and hostile documents: what they send is shown as text, or refused, and never obeyed."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from archive.accounts.accounts import Accounts
from archive.reading_warnings import ReadingWarning
from archive.records import Description, Document, Provenance
from search_app import create_app
from tests.search_app.web.test_errors import address_of, method_of
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

SCRIPT = '<script>alert("1")</script>'
ATTRIBUTE = '" onmouseover="alert(1)'


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def forged(room: ReadingRoom) -> Document:
    """A document that is hostile in every text that it brings."""
    fill(room)
    Accounts(room.catalogue).add("ann", "correct horse battery")
    passages = [
        ("heading", "fr", f"{SCRIPT} emploi"),
        ("table", "fr", f"{ATTRIBUTE}\t{SCRIPT}\nemploi\tx"),
        ("paragraph", "nl", f"{ATTRIBUTE} werkgelegenheid {SCRIPT}"),
    ]
    return room.add(
        [make_page(1, passages, label=SCRIPT)],
        Description(f"{SCRIPT}{ATTRIBUTE} emploi", 2011, "new-deal", "plan", "fr"),
        filename='a"; filename=evil.html\r\nSet-Cookie: x=1\r\n\r\n<script>.pdf',
        provenance=Provenance("javascript:alert(1)", f"https://evil.example/{ATTRIBUTE}"),
        warnings=[
            ReadingWarning("noted", (), {"text": SCRIPT}),
            ReadingWarning("attachments", (1,), {"names": SCRIPT}),
        ],
    )


@pytest.fixture(scope="module")
def app(room: ReadingRoom, forged: Document) -> Flask:
    return create_app(room.settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def pages_about(forged: Document) -> list[str]:
    return [
        "/fr/",
        "/fr/documents",
        f"/fr/concordance?q={quote(SCRIPT)}",
        "/fr/concordance?q=emploi&order=left",
        f"/fr/trends?term={quote(SCRIPT)}&term={quote(ATTRIBUTE)}&in=",
        "/fr/search?q=emploi",
        f"/fr/search?q={quote(SCRIPT)}",
        f"/fr/search?q={quote(ATTRIBUTE)}&document={forged.id}",
        f"/fr/document/{forged.id}",
        f"/fr/document/{forged.id}/page/1?q=emploi",
        f"/nl/document/{forged.id}/page/1?q={quote(SCRIPT + ATTRIBUTE)}",
        f"/nl/document/{forged.id}/cite",
        f"/nl/document/{forged.id}/page/1/cite?words=0-7",
        f"/nl/document/{forged.id}/page/1/cite?passage={quote(SCRIPT + ATTRIBUTE)}",
        f"/nl/quote?text={quote(SCRIPT + ATTRIBUTE)}",
        f"/nl/nowhere/{quote(SCRIPT)}",
        f"/fr/search?year={quote(SCRIPT)}",
    ]


def test_forged_texts_are_shown_and_never_run(client: FlaskClient, forged: Document) -> None:
    for address in pages_about(forged):
        page = client.get(address).get_data(as_text=True)
        assert "<script>alert" not in page, address
        assert not BeautifulSoup(page, "html.parser").select("[onmouseover]"), address
        assert 'href="javascript:' not in page, address


def test_even_a_script_that_slipped_through_could_not_run(client: FlaskClient, forged: Document) -> None:
    for address in pages_about(forged):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_route_allows_code_or_style_that_is_not_a_file_of_ours(
    app: Flask, client: FlaskClient, forged: Document
) -> None:
    """Every route, also where it refuses, before and after signing in."""
    seen = 0
    for _turn in ("a stranger", "an archivist"):
        for rule in app.url_map.iter_rules():
            address, method = address_of(rule, forged.id), method_of(rule)
            if rule.endpoint == "archivist.leave":
                continue
            for answer in (client.open(address, method=method), client.open(address, method="DELETE")):
                policy = answer.headers["Content-Security-Policy"]
                assert "unsafe" not in policy, address
                assert policy.startswith(("default-src 'self'", "default-src 'none'")), address
                assert "frame-ancestors 'none'" in policy, address
                assert answer.headers["X-Content-Type-Options"] == "nosniff", address
                seen += 1
        signed_in_as_an_archivist(client)
    assert seen > 150


def signed_in_as_an_archivist(client: FlaskClient) -> None:
    door = BeautifulSoup(client.get("/en/archivist/sign-in").data, "html.parser")
    token = door.select_one("input[type=hidden]")
    answer = client.post(
        "/en/archivist/sign-in",
        data={token["name"]: token["value"], "name": "ann", "password": "correct horse battery"},
    )
    assert answer.status_code == 303
    assert client.get("/en/archivist/").status_code == 200


def test_the_api_gives_forged_texts_as_data(client: FlaskClient, forged: Document) -> None:
    for path in (f"documents/{forged.id}", f"documents/{forged.id}/pages/1", "search?q=emploi"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.content_type == "application/json"
        assert SCRIPT in answer.get_json().__repr__().replace("\\'", "'")


def test_a_hostile_file_name_stays_inside_its_header(client: FlaskClient, forged: Document) -> None:
    answer = client.get(f"/original/{forged.id}.pdf")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    assert "Set-Cookie" not in answer.headers
    disposition = answer.headers["Content-Disposition"]
    assert "\r" not in disposition
    assert "\n" not in disposition
    assert disposition.startswith("inline")
    assert disposition.count('"') == 2
    assert disposition.endswith('.pdf"')
    assert disposition.count(";") == 1
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "query",
    [
        "\x00",
        "emploi\x00'; DROP TABLE documents; --",
        "\u202eemploi\u2066",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "((((((((((" * 200,
        '"' * 999,
        "*" * 999,
        "a* " * 300,
        "e" * 99_999,
        "year:2011-" * 90,
        "-" * 500 + "x",
    ],
)
def test_no_query_breaks_a_search(client: FlaskClient, query: str) -> None:
    for address in ("/fr/search", "/api/v1/search", "/fr/search.csv"):
        answer = client.get(address, query_string={"q": query})
        assert answer.status_code == 200, address
        assert "\x00" not in answer.get_data(as_text=True)
    body = client.get("/api/v1/search", query_string={"q": query}).get_json()
    assert len(body["query"]["text"]) <= 1000


def test_raw_bytes_in_an_address_break_nothing(client: FlaskClient) -> None:
    for address in (
        "/fr/search?q=%ff%fe%00%ed%a0%80",
        "/api/v1/search?q=%C3%28",
        "/%ff/",
        "/fr/document/%00",
    ):
        assert client.get(address).status_code in (200, 400, 404), address


@pytest.mark.parametrize(
    "identifier",
    [
        "..%2f..%2f..%2fetc%2fpasswd",
        "....//....//etc/passwd",
        "%2e%2e%2f%2e%2e%2fsession.key",
        "0123456789abcde%2f",
        "0123456789ABCDEF",
        "' OR 1=1 --",
        "%00",
        "x" * 5000,
        "‮0123456789abcdef",
    ],
)
def test_no_identifier_leads_out_of_the_archive(client: FlaskClient, identifier: str) -> None:
    for address in (
        f"/original/{identifier}.pdf",
        f"/page-image/{identifier}/1.webp",
        f"/fr/document/{identifier}",
        f"/fr/document/{identifier}/page/1",
        f"/api/v1/documents/{identifier}",
        f"/api/v1/documents/{identifier}/pages/1",
        f"/static/{identifier}",
    ):
        assert client.get(address, follow_redirects=True).status_code == 404, address


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "1.5", "one", "1%00"])
def test_no_page_number_breaks_a_page(client: FlaskClient, forged: Document, number: str) -> None:
    for address in (
        f"/fr/document/{forged.id}/page/{number}",
        f"/page-image/{forged.id}/{number}.webp",
        f"/api/v1/documents/{forged.id}/pages/{number}",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-8", 206),
        ("bytes=-4", 206),
        ("bytes=999999999-", 416),
        ("bytes=5-1", 416),
        ("bytes=-", 416),
        ("lines=1-2", 200),
        ("bytes", 200),
        ("bytes=0-1,3-4", 200),
        ("bytes=" + ",".join(f"{start}-{start}" for start in range(0, 2000, 2)), 200),
        ("bytes=" + "0-,5-," * 500 + "0-", 200),
    ],
)
def test_ranges_of_an_original(client: FlaskClient, forged: Document, asked: str, status: int) -> None:
    """Unknown units and several ranges get the whole file, once, however many they are (RFC 9110, 14.2)."""
    address = f"/original/{forged.id}.pdf"
    answer = client.get(address, headers={"Range": asked})
    assert answer.status_code == status
    if status == 200:
        assert answer.get_data() == client.get(address).get_data()
        assert "Content-Range" not in answer.headers
    assert client.head(address, headers={"Range": asked}).status_code == 200


@pytest.mark.parametrize(
    ("condition", "is_part"),
    [
        ("{tag}", True),
        ("{date}", True),
        ("W/{tag}", False),
        ('"another"', False),
        ("Fri, 01 Jan 2100 00:00:00 GMT", False),
        ("Thu, 01 Jan 1970 00:00:00 GMT", False),
    ],
)
def test_a_part_is_sent_only_of_the_very_file_that_the_reader_has_begun(
    client: FlaskClient, forged: Document, condition: str, is_part: bool
) -> None:
    address = f"/original/{forged.id}.pdf"
    whole = client.get(address)
    told = condition.format(tag=whole.headers["ETag"], date=whole.headers["Last-Modified"])
    answer = client.get(address, headers={"Range": "bytes=2-5", "If-Range": told})
    assert answer.status_code == (206 if is_part else 200)
    assert answer.get_data() == (whole.get_data()[2:6] if is_part else whole.get_data())


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/nl/archivist/../../\\evil.example",
        "/nl/archivist//evil.example/..",
        "/nl/archivist/\r\nLocation: https://evil.example",
        "javascript:alert(1)",
        "/nl/archivist@evil.example",
        "/original/x.pdf",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, address: str) -> None:
    client.environ_base["wsgi.url_scheme"] = "https"
    page = client.get("/nl/archivist/sign-in", query_string={"next": address}).get_data(as_text=True)
    assert 'name="next" value="/nl/archivist/"' in page
    token = page.split('name="token" value="')[1].split('"')[0]
    form = {"token": token, "name": "ann", "password": "correct horse battery", "next": address}
    answer = client.post("/nl/archivist/sign-in", data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/nl/archivist/"


def test_a_forged_session_opens_nothing(app: Flask, client: FlaskClient) -> None:
    other = Flask("other")
    other.secret_key = "guessed"
    serializer = other.session_interface.get_signing_serializer(other)  # type: ignore[attr-defined]
    client.set_cookie("session", serializer.dumps({"archivist": "ann", "since": 99999999999}))
    assert client.get("/nl/archivist/").status_code == 302


def test_the_key_of_sessions_is_for_its_owner_only(room: ReadingRoom, app: Flask) -> None:
    keys = [path for path in room.settings.data.iterdir() if "key" in path.name]
    assert len(keys) == 1
    assert keys[0].stat().st_mode & 0o777 == 0o600
    assert len(keys[0].read_bytes()) >= 32


def test_only_known_hosts_are_in_permanent_links(client: FlaskClient) -> None:
    """Addresses come from the setting, not from what a request says of its host."""
    answer = client.get("/api/v1/search?q=emploi", headers={"Host": "evil.example"})
    assert "evil.example" not in str([hit["url"] for hit in answer.get_json()["hits"]])
    assert "evil.example" not in answer.headers.get("Link", "")
