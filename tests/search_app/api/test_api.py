"""The API as programs meet it: shapes, numbers, refusals, caching, use from other sites."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from archive.records import Description, Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

SITE = "https://terugblik.example"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def test_search_counts_filters_and_marks(client: FlaskClient, held: dict[str, Document]) -> None:
    answer = client.get("/api/v1/search?q=emploi&language=fr&plan=new-deal&per_page=2")
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["total"] == 4
    assert body["documents"] == 1
    assert len(body["hits"]) == 2
    assert body["facets"]["plan"] == {"new-deal": 4, "strategie-2025": 1}
    assert {hit["document"] for hit in body["hits"]} == {held["pact_fr"].id}
    for hit in body["hits"]:
        assert any(piece["mark"] for piece in hit["snippet"])
        assert hit["boxes"]
        assert all(len(box) == 4 for box in hit["boxes"])


def test_search_leads_to_its_other_pages(client: FlaskClient) -> None:
    links = client.get("/api/v1/search?q=emploi&language=fr&per_page=2&page=2").headers["Link"]
    address = f"{SITE}/api/v1/search?q=emploi&language=fr&per_page=2"
    assert links == (
        f'<{address}&page=1>; rel="prev", <{address}&page=3>; rel="next", <{address}&page=3>; rel="last"'
    )


def test_a_search_is_sorted_by_date_when_asked(client: FlaskClient) -> None:
    hits = client.get("/api/v1/search?q=emploi+OR+werkgelegenheid&sort=date").get_json()["hits"]
    years = [hit["year"] for hit in hits]
    assert years == sorted(years, reverse=True)
    assert len(set(years)) > 1


def test_documents_are_listed_filtered_and_cut_into_pages(client: FlaskClient) -> None:
    everything = client.get("/api/v1/documents").get_json()
    assert everything["total"] == 4
    assert [document["year"] for document in everything["documents"]] == [2011, 2011, 2015, 2020]
    assert [
        document["title"]
        for document in client.get("/api/v1/documents?year=2012-2018").get_json()["documents"]
    ] == ["Strategie 2025"]
    dutch = client.get("/api/v1/documents?language=nl&per_page=1&page=2")
    assert dutch.get_json()["total"] == 2
    assert len(dutch.get_json()["documents"]) == 1
    assert 'rel="prev"' in dutch.headers["Link"]
    assert 'rel="next"' not in dutch.headers["Link"]
    assert client.get("/api/v1/documents?kind=speech&plan=new-deal").get_json()["total"] == 0


def test_a_document_tells_where_it_came_from_and_what_happened(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    body = client.get(f"/api/v1/documents/{document.id}").get_json()
    assert body["id"] == document.id
    assert body["sha256"] == document.sha256
    assert body["pages"] == 5
    assert body["page_labels"] == ["i", "1", "2", "3", "4"]
    assert body["pages_needing_ocr"] == 1
    sentence = "It has 5 pages as read here, but 6 as read by another program."
    assert body["warnings"] == [sentence]
    assert body["coded_warnings"] == [
        {"code": "page_count", "pages": [], "values": {"pages": 5, "counted": 6}, "text": sentence}
    ]
    assert body["provenance"]["source_url"] == "https://go4.brussels/pacte.pdf"
    assert body["url"] == f"{SITE}/fr/document/{document.id}"
    assert {"ingestion", "extraction", "publication"} <= {event["type"] for event in body["events"]}
    assert all(set(event) == {"type", "at"} for event in body["events"])


def test_a_page_gives_its_words_with_their_boxes(client: FlaskClient, held: dict[str, Document]) -> None:
    document = held["pact_fr"]
    body = client.get(f"/api/v1/documents/{document.id}/pages/1").get_json()
    assert body["document"] == document.id
    assert (body["page"], body["label"], body["source"]) == (1, "i", "text layer")
    assert (body["width"], body["height"]) == (595, 842)
    assert [block["kind"] for block in body["blocks"]] == ["heading", "paragraph"]
    assert body["blocks"][0]["words"][0] == {"text": "Pacte", "box": [60, 60, 90, 72]}
    assert body["url"] == f"{SITE}/fr/document/{document.id}/page/1"
    assert body["original_url"] == f"{SITE}/original/{document.id}.pdf#page=1"


def test_a_quotation_is_looked_up(client: FlaskClient, held: dict[str, Document]) -> None:
    quotation = "Le pacte de l'emploi engage les partenaires sociaux"
    asked = client.get("/api/v1/quote", query_string={"text": quotation}).get_json()
    assert asked["verdict"] == "verbatim"
    match = asked["matches"][0]
    assert set(match) == {
        "document",
        "page",
        "page_label",
        "text",
        "boxes",
        "differences",
        "between",
        "omissions",
        "doubtful",
        "order_unsure",
        "apart",
        "cells",
        "url",
    }
    assert (match["document"], match["page"], match["page_label"]) == (held["pact_fr"].id, 1, "i")
    assert match["url"].startswith(f"{SITE}/")
    for sent in ({"json": {"text": quotation}}, {"data": {"text": quotation}}):
        assert client.post("/api/v1/quote", **sent).get_json() == asked
    altered = client.get(
        "/api/v1/quote?text=Le+pacte+de+l'emploi+engage+les+partenaires+commerciaux"
    ).get_json()
    assert altered["verdict"] == "altered"
    assert altered["matches"][0]["differences"]


def test_fewer_than_four_words_are_searched_for_instead(client: FlaskClient) -> None:
    short = client.get("/api/v1/quote", query_string={"text": "les “partenaires” sociaux"}).get_json()
    assert (short["verdict"], short["too_short"], short["matches"]) == ("not found", True, [])
    assert short["search"] == f"{SITE}/nl/search?q=%22les+partenaires+sociaux%22"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("[]", "application/json"),
        ('{"text": 5}', "application/json"),
        ("{", "application/json"),
        ('{"words": "x"}', "application/json"),
        ("words=x", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(client: FlaskClient, body: str, content_type: str) -> None:
    answer = client.post("/api/v1/quote", data=body, content_type=content_type)
    assert answer.status_code == 400
    assert set(answer.get_json()["error"]) == {"code", "message", "hint"}


def test_a_quotation_in_a_body_that_is_not_read_is_no_quotation_that_was_not_found(
    client: FlaskClient,
) -> None:
    """A verdict on nothing would be a wrong one: other kinds of bodies, and an address beside a body."""
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/xml"):
        answer = client.post("/api/v1/quote", data="text=x", content_type=kind)
        assert answer.status_code == 415, kind
        assert set(answer.get_json()["error"]) == {"code", "message", "hint"}
    assert client.post("/api/v1/quote?text=x", data={"text": "y"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("search?year=abc", "year"),
        ("search?lang=fr", "lang"),
        ("search?per_page=1000", "per_page"),
        ("documents?language=xx", "language"),
        ("documents?q=x", "q"),
        ("quote?txt=x", "txt"),
    ],
)
def test_wrong_parameters_are_named(client: FlaskClient, path: str, named: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 400
    error = answer.get_json()["error"]
    assert error["code"] == "wrong-parameter"
    assert named in error["message"]
    assert error["hint"]


def test_any_site_may_ask_and_no_cookie_is_set(client: FlaskClient) -> None:
    for path in ("search?q=emploi", "documents/0000000000000000", "nowhere", "search?year=x"):
        answer = client.get(f"/api/v1/{path}", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    preflight = client.options("/api/v1/quote", headers={"Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert preflight.headers["Access-Control-Allow-Headers"] == "Content-Type"


def test_pages_for_people_are_not_opened_to_other_sites(client: FlaskClient) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/nl/").headers


def test_what_has_not_changed_is_not_sent_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    fill(room)
    client = create_app(room.settings).test_client()
    for path in ("search?q=emploi", "documents", "openapi.json"):
        tag = client.get(f"/api/v1/{path}").headers["ETag"]
        assert client.get(f"/api/v1/{path}", headers={"If-None-Match": tag}).status_code == 304
    tag = client.get("/api/v1/search?q=emploi").headers["ETag"]
    room.add([make_page(1, [("paragraph", "fr", "Un emploi neuf.")])], Description("Nouveau", 2021))
    again = client.get("/api/v1/search?q=emploi", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert any(hit["title"] == "Nouveau" for hit in again.get_json()["hits"])
    room.close()


def test_the_page_about_the_api_names_every_path(client: FlaskClient) -> None:
    page = client.get("/api/").get_data(as_text=True)
    for path in ("/search", "/documents", "/documents/{identifier}/pages/{number}", "/quote", "openapi.json"):
        assert path in page
