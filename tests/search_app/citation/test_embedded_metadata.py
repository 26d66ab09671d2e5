"""What pages tell reference managers, read as those read it: with other people's parsers, from the HTML."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import count
from typing import Any
from urllib.parse import parse_qs

import pytest
import rispy
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from archive.records import Description, Document
from search_app import create_app
from search_app.citation.notations import WORKS
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

SITE = "https://terugblik.example"
GOVERNMENT = "Gouvernement de la Région de Bruxelles-Capitale"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    held = fill(room)
    held["withdrawn"] = room.add([make_page(1, [])], Description("Ingetrokken"))
    room.catalogue.withdraw(held["withdrawn"].id, "A better scan is held.", "test")
    return held


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def extracted(html: str, syntax: str) -> list[dict[str, Any]]:
    import extruct  # half a second, in each process that collects tests

    found: list[dict[str, Any]] = extruct.extract(html, syntaxes=[syntax])[syntax]
    return found


def linked_data(html: str) -> dict[str, object]:
    (data,) = extracted(html, "json-ld")
    return data


@lru_cache(maxsize=2)
def parsed(html: str) -> BeautifulSoup:
    """A page, read once for all that is asked about it."""
    return BeautifulSoup(html, "html.parser")


def tags(html: str) -> dict[str, str]:
    """Highwire tags and Dublin Core of the head, each at most once."""
    elements = parsed(html).select("head meta[name]")
    named = [(element["name"], element["content"]) for element in elements]
    assert len(named) == len(dict(named))
    return {name: content for name, content in named if name.startswith(("citation_", "DC."))}


def context_object(html: str) -> dict[str, str]:
    (title,) = [span["title"] for span in parsed(html).select("span.Z3988")]
    return {key: value for key, (value,) in parse_qs(title, strict_parsing=True).items()}


def record_of(client: FlaskClient, html: str) -> dict[str, object]:
    """What a reference manager gets that asks the page's unAPI server."""
    page = parsed(html)
    server = page.select_one("head link[rel=unapi-server][type='application/xml']")["href"]
    (identifier,) = [abbr["title"] for abbr in page.select("abbr.unapi-id")]
    offered = client.get(server, query_string={"id": identifier})
    assert offered.status_code == 300
    formats = ElementTree.fromstring(offered.data)
    assert formats.get("id") == identifier
    name = formats[0].get("name")
    assert (name, formats[0].get("type")) == ("ris", "application/x-research-info-systems")
    answer = client.get(server, query_string={"id": identifier, "format": name})
    assert answer.status_code == 200
    (record,) = rispy.loads(answer.text)
    return record


def test_a_document_is_told_alike_in_every_vocabulary(client: FlaskClient, held: dict[str, Document]) -> None:
    document = held["pact_fr"]
    address, original = f"{SITE}/fr/document/{document.id}", f"{SITE}/original/{document.id}.pdf"
    html = read(client, f"/fr/document/{document.id}")
    assert tags(html) == {
        "citation_title": document.title,
        "citation_author": GOVERNMENT,
        "citation_publication_date": "2011",
        "citation_language": "fr",
        "citation_technical_report_institution": GOVERNMENT,
        "citation_public_url": address,
        "citation_pdf_url": original,
        "DC.title": document.title,
        "DC.creator": GOVERNMENT,
        "DC.publisher": GOVERNMENT,
        "DC.date": "2011",
        "DC.type": "report",
        "DC.language": "fr",
        "DC.format": "application/pdf",
        "DC.identifier": address,
    }
    dublin_core = extracted(html, "dublincore")[0]
    assert dublin_core["namespaces"]["DC"] == "http://purl.org/dc/elements/1.1/"
    named = {element["name"]: element["content"] for element in dublin_core["elements"]}
    assert (named["DC.title"], named["DC.creator"]) == (document.title, GOVERNMENT)
    assert context_object(html) == {
        "ctx_ver": "Z39.88-2004",
        "rfr_id": "info:sid/terugblik",
        "rft_val_fmt": "info:ofi/fmt:kev:mtx:book",
        "rft.genre": "report",
        "rft.btitle": document.title,
        "rft.aucorp": GOVERNMENT,
        "rft.pub": GOVERNMENT,
        "rft.date": "2011",
        "rft.tpages": "5",
        "rft.language": "fr",
        "rft_id": address,
    }
    record = record_of(client, html)
    assert record["type_of_reference"] == "RPRT"
    assert record["title"] == document.title
    assert record["authors"] == [GOVERNMENT]
    assert record["year"] == "2011"
    assert record["urls"] == [address]
    assert record["file_attachments1"] == original
    assert client.get(original.removeprefix(SITE)).content_type == "application/pdf"
    assert client.get(address.removeprefix(SITE)).status_code == 200


def test_linked_data_of_a_document(client: FlaskClient, held: dict[str, Document]) -> None:
    document = held["pact_fr"]
    data = linked_data(read(client, f"/nl/document/{document.id}"))
    body = {"@type": "GovernmentOrganization", "name": GOVERNMENT}
    assert data == {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": f"{SITE}/nl/document/{document.id}",
        "url": f"{SITE}/nl/document/{document.id}",
        "name": document.title,
        "author": body,
        "publisher": body,
        "datePublished": "2011",
        "inLanguage": "fr",
        "genre": "plan",
        "numberOfPages": 5,
        "identifier": {"@type": "PropertyValue", "propertyID": "SHA-256", "value": document.sha256},
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": f"{SITE}/original/{document.id}.pdf",
            "encodingFormat": "application/pdf",
            "contentSize": f"{document.size} B",
            "sha256": document.sha256,
        },
        "isPartOf": {"@type": "Collection", "name": "Pact voor een Duurzame Stedelijke Groei (New Deal)"},
        "provider": {"@type": "ArchiveOrganization", "name": "Terugblik", "url": SITE},
    }


def test_a_page_is_told_as_a_part_of_its_document(client: FlaskClient, held: dict[str, Document]) -> None:
    document = held["pact_fr"]
    html = read(client, f"/fr/document/{document.id}/page/1?q=emploi")
    address = f"{SITE}/fr/document/{document.id}/page/1"
    assert tags(html)["citation_firstpage"] == "i"
    assert tags(html)["citation_public_url"] == address
    assert context_object(html)["rft.pages"] == "i"
    data = linked_data(html)
    assert (data["@id"], data["pagination"], data["position"]) == (address, "i", 1)
    assert data["isPartOf"] == {
        name: value
        for name, value in linked_data(read(client, f"/fr/document/{document.id}")).items()
        if name != "@context"
    }
    record = record_of(client, html)
    assert (record["start_page"], record["urls"]) == ("i", [address])
    assert parsed(html).select_one("link[rel=canonical]")["href"] == address


@pytest.mark.parametrize(
    ("kind", "zotero", "ris", "schema"),
    [
        ("plan", "report", "RPRT", "Report"),
        ("update", "report", "RPRT", "Report"),
        ("summary", "report", "RPRT", "Report"),
        ("report", "report", "RPRT", "Report"),
        ("annex", "report", "RPRT", "Report"),
        ("speech", "presentation", "SLIDE", "CreativeWork"),
        ("other", "document", "RPRT", "CreativeWork"),
    ],
)
def test_every_kind_has_its_type(
    room: ReadingRoom, client: FlaskClient, kind: str, zotero: str, ris: str, schema: str
) -> None:
    description = Description(f"Un document du genre {kind}", 2015, "strategie-2025", kind, "fr")  # type: ignore[arg-type]
    document = room.add([make_page(1, [])], description, is_indexed=False)
    html = read(client, f"/fr/document/{document.id}")
    assert tags(html)["DC.type"] == zotero
    assert ("citation_technical_report_institution" in tags(html)) == (zotero == "report")
    named = context_object(html)
    assert named.get("rft.genre", named.get("rft.type")) == zotero
    assert record_of(client, html)["type_of_reference"] == ris
    assert linked_data(html)["@type"] == schema


def test_a_speech_has_no_author_where_nobody_recorded_who_spoke(
    client: FlaskClient, room: ReadingRoom
) -> None:
    description = Description("Une allocution", 2011, "new-deal", "speech", "fr")
    document = room.add([make_page(1, [])], description, is_indexed=False)
    html = read(client, f"/fr/document/{document.id}")
    assert not {"citation_author", "DC.creator"} & set(tags(html))
    assert "author" not in linked_data(html)
    assert "authors" not in record_of(client, html)


def test_a_demonstration_is_not_said_to_be_of_the_government(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    html = read(client, f"/en/document/{held['speech'].id}")
    data = linked_data(html)
    assert data["author"] == {"@type": "Organization", "name": "Terugblik"}
    assert data["creditText"] == "This is a demonstration text, not the official document."
    assert "demonstration text, not the official document" in str(record_of(client, html)["notes"])


_NODE: Mapping[str, object] = {
    "type": "object",
    "required": ["@type"],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@id": {"type": "string", "pattern": f"^{SITE}/"},
        "url": {"type": "string", "pattern": f"^{SITE}"},
        "contentUrl": {"type": "string", "pattern": f"^{SITE}/original/[0-9a-f]{{16}}[.]pdf(#page=[0-9]+)?$"},
        "datePublished": {"type": "string", "pattern": "^[0-9]{4}$"},
        "inLanguage": {"enum": ["nl", "fr", "en", "de"]},
        "numberOfPages": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "minLength": 1},
    },
    "additionalProperties": {
        "anyOf": [{"type": ["string", "integer"], "minLength": 1, "minimum": 1}, {"$ref": "#"}]
    },
}
"""What schema.org says of the properties that are used here."""

FIELD = st.lists(
    st.one_of(
        st.sampled_from(sorted("{}[]|<>\"'`\\%_&#$~^*:;=-,!?/@ \n\t")),
        st.sampled_from(["</script>", "<!--", "]]>", "&quot;", "\u2028", "漢字", "אב", "é", "ﬁ", "🙂"]),
        st.characters(exclude_categories=("C",)),
    ),
    max_size=30,
).map("".join)
HOSTILE = st.sampled_from(
    [
        '</script><script>alert("1")</script>',
        "<!--<script>",
        '"}]}',
        "' onload='x",
        "a & b &amp; c",
        "100 % {{x}}",
    ]
)
_turns = count()


@settings(max_examples=60, deadline=None)
@given(HOSTILE | FIELD, HOSTILE | FIELD)
def test_hostile_titles_and_labels_come_back_as_they_were(
    room: ReadingRoom, client: FlaskClient, said: str, label: str
) -> None:
    turn = next(_turns)
    description = Description(f"{turn} {said} {turn}", 2011, "new-deal", "plan", "fr")
    document = room.add([make_page(1, [], label=f"{label}{turn}")], description, is_indexed=False)
    assert document.title.startswith(f"{turn} ")
    shown_label = room.catalogue.page(document.id, 1).label
    for address in (f"/fr/document/{document.id}", f"/fr/document/{document.id}/page/1"):
        html = read(client, address)
        data = linked_data(html)
        assert list(Draft202012Validator(_NODE).iter_errors(data)) == []
        whole = data.get("isPartOf", {}) if "page" in address else data
        assert isinstance(whole, dict)
        assert whole["name"] == document.title
        assert tags(html)["citation_title"] == document.title
        assert context_object(html)["rft.btitle"] == document.title
        assert record_of(client, html)["title"] == document.title
        scripts = parsed(html).select("script:not([src])")
        assert [script["type"] for script in scripts] == ["application/ld+json"]
    assert data["pagination"] == shown_label
    assert tags(html)["citation_firstpage"] == shown_label


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("id={pact}&format=marcxml", 406, "not-acceptable"),
        ("id=0000000000000000&format=ris", 404, "document-not-found"),
        ("id={withdrawn}&format=ris", 410, "withdrawn"),
        ("id={pact}/99&format=ris", 404, "page-not-found"),
        ("id={pact}/x&format=ris", 404, "page-not-found"),
        ("id={pact}/0000000025&format=ris", 404, "page-not-found"),
        ("id={pact}/02&format=ris", 404, "page-not-found"),
        ("id={pact}/2000000000&format=ris", 404, "page-not-found"),
        ("id={pact}/2%0A&format=ris", 404, "page-not-found"),
        ("id={pact}/1/2&format=ris", 404, "page-not-found"),
        ("id={pact}&formats=ris", 400, "wrong-parameter"),
        ("id=" + "0" * 101, 400, "wrong-parameter"),
    ],
)
def test_unapi_refuses_what_it_does_not_hold(
    client: FlaskClient, held: dict[str, Document], asked: str, status: int, code: str
) -> None:
    asked = asked.format(pact=held["pact_fr"].id, withdrawn=held["withdrawn"].id)
    answer = client.get(f"/fr/unapi?{asked}", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.get_json()["error"]["code"] == code


def test_unapi_says_what_it_speaks(client: FlaskClient) -> None:
    answer = client.get("/fr/unapi")
    assert (answer.status_code, answer.content_type) == (200, "application/xml")
    formats = ElementTree.fromstring(answer.data)
    assert [element.attrib for element in formats] == [
        {"name": "ris", "type": "application/x-research-info-systems"}
    ]


def test_every_kind_is_known() -> None:
    assert {work.zotero for work in WORKS.values()} == {"report", "presentation", "document"}
