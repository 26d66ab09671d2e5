"""Heavy work of the site: in turns, once for all who ask for it, and never staler than the archive."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from time import sleep

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from archive.records import Description, Document, Provenance
from index.editions import compared_documents
from index.editions.comparison import Comparison, compare
from index.editions.edition import Edition
from index.engine.contract import SearchRequest, document_of
from index.engine.left_out import left_out
from index.occurrences import concordance
from index.query.parser import parse
from search_app import create_app
from search_app.web import table_file
from search_app.web.display_names import too_many_occurrences
from tests.material.two_editions import add_editions
from tests.surroundings.reading_room import ReadingRoom, all_turns_taken, fill, make_page


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive that each test gets a copy of."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture(scope="module")
def held(made: Path) -> dict[str, Document]:
    room = ReadingRoom(made)
    older, newer = add_editions(room)
    held = {**fill(room), "older": older, "newer": newer}
    room.close()
    return held


@pytest.fixture
def room(made: Path, held: dict[str, Document], tmp_path: Path) -> Iterator[ReadingRoom]:
    room = ReadingRoom.copied(made, tmp_path)
    yield room
    room.close()


@pytest.fixture
def app(room: ReadingRoom) -> Flask:
    return create_app(room.settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_heavy_work_has_turns_and_what_is_kept_needs_none(
    app: Flask, held: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_app.library._PATIENCE", 0.05)
    client, library = app.test_client(), app.extensions["library"]
    versions = f"/fr/document/{held['older'].id}/versions"
    addresses = (
        "/fr/trends?term=emploi",
        "/fr/trends.csv?term=formation",
        "/fr/concordance?q=emploi",
        "/fr/concordance.csv?q=formation",
        versions,
        f"{versions}/{held['newer'].id}",
    )
    with all_turns_taken(library):
        for address in (*addresses, "/fr/counterparts?q=emploi"):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert answer.headers["Retry-After"]
            assert "D’autres utilisateurs ont demandé" in answer.get_data(as_text=True)
        assert client.get("/fr/search?q=emploi").status_code == 200
    for address in addresses:
        assert client.get(address).status_code == 200, address
    with all_turns_taken(library):
        for address in addresses:
            assert client.get(address).status_code == 200, address


def test_a_workbook_of_many_rows_has_its_turn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_app.library._PATIENCE", 0.05)
    client = app.test_client()
    with all_turns_taken(app.extensions["library"]):
        assert client.get("/nl/search.xlsx?q=emploi").status_code == 200
        monkeypatch.setattr(table_file, "_FEW", 1)
        assert client.get("/nl/search.xlsx?q=emploi").status_code == 503
        assert client.get("/nl/search.csv?q=emploi").status_code == 200


def test_many_who_ask_for_one_comparison_wait_for_the_same(
    app: Flask, held: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def slowly(old: Edition, new: Edition) -> Comparison:
        compared.append(old)
        sleep(0.3)
        return compare(old, new)

    monkeypatch.setattr(compared_documents, "compare", slowly)
    address = f"/en/document/{held['older'].id}/versions/{held['newer'].id}"
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _number: app.test_client().get(address).status_code, range(6)))
    assert answers == [200] * 6
    assert len(compared) == 1


@pytest.mark.parametrize("address", ["/en/trends.csv?term=zinnebeeld", "/en/concordance.csv?q=zinnebeeld"])
def test_a_change_of_the_index_alone_or_of_the_catalogue_alone_is_seen(
    room: ReadingRoom, client: FlaskClient, address: str
) -> None:
    page = make_page(1, [("paragraph", "nl", "een zinnebeeld")])
    added = room.add([page], Description("Nieuw", 2012, language="nl"), is_indexed=False)
    assert "2012" not in text_of(client, address)
    room.indexer.add(added.id)
    assert "2012" in text_of(client, address)
    room.catalogue.withdraw(added.id, "a test", "test")
    assert "2012" not in text_of(client, address)


def test_a_withdrawn_edition_is_suggested_no_more(
    room: ReadingRoom, client: FlaskClient, held: dict[str, Document]
) -> None:
    suggested = f"/api/v1/documents/{held['newer'].id}/versions"
    assert held["older"].id in text_of(client, suggested)
    room.catalogue.withdraw(held["older"].id, "a test", "test")
    for address in (suggested, f"/en/document/{held['newer'].id}/versions"):
        assert held["older"].id not in text_of(client, address)


def test_a_new_title_is_seen_before_the_index_knows_it(
    room: ReadingRoom, client: FlaskClient, held: dict[str, Document]
) -> None:

    def title() -> str:
        return str(client.get("/api/v1/search?q=sociaux").get_json()["hits"][0]["title"])

    assert title() == held["pact_fr"].title
    room.catalogue.describe(held["pact_fr"].id, Description(title="Le pacte renommé"), "test")
    assert title() == "Le pacte renommé"


@pytest.mark.parametrize(("language", "said"), [("nl", "meer dan 3 keer"), ("fr", "plus de 3 fois")])
def test_too_many_occurrences_are_told_in_the_language_of_the_reader(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr(concordance, "MOST_OCCURRENCES", 3)
    for there in ("concordance.csv?q=emploi", "trends.csv?term=emploi", "trends?term=emploi"):
        answer = client.get(f"/{language}/{there}")
        assert answer.status_code == 400, there
        text = answer.get_data(as_text=True)
        assert said in text, there
        assert "Ask for" not in text
        assert 'value="emploi"' in text or ".csv" in there


@pytest.mark.parametrize(
    ("language", "number"), [("nl", "100.000"), ("fr", "100\u202f000"), ("en", "100,000")]
)
def test_numbers_in_errors_are_written_as_the_reader_does(app: Flask, language: str, number: str) -> None:
    with app.test_request_context(f"/{language}/concordance"):
        app.preprocess_request()
        assert f" {number} " in too_many_occurrences()[0]


@pytest.mark.parametrize(
    "file",
    [
        "search.csv?q=emploi",
        "search.atom?q=emploi",
        "concordance.jsonl?q=emploi",
        "counterparts.csv?q=emploi",
        "trends.csv?term=emploi&in=fr&by=plan&year=2011",
        "trends.svg?term=emploi",
        "document/{older}/versions/{newer}.csv?show=new",
        "document/{older}/parallel.csv?with={newer}&from=nl&to=fr",
    ],
)
def test_a_misspelt_parameter_of_a_file_is_refused(
    client: FlaskClient, held: dict[str, Document], file: str
) -> None:
    address = "/en/" + file.format(older=held["older"].id, newer=held["newer"].id)
    known = client.get(address).get_data(as_text=True)
    assert "There is no parameter" not in known
    answer = client.get(f"{address}&yaer=2011")
    assert answer.status_code == 400
    assert "There is no parameter" in answer.get_data(as_text=True)


def test_a_file_names_the_state_of_the_index_that_its_rows_are_of(
    app: Flask, room: ReadingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, library = app.test_client(), app.extensions["library"]
    generations = []
    state = library.state

    def while_the_index_grows() -> int:
        generations.append(library.engine().generation())
        number = len(generations)
        page = make_page(1, [("paragraph", "fr", f"emploi {number}")])
        room.add([page], Description(f"Plan {number}", 2012, language="fr"))
        library.engine()
        return int(state())

    monkeypatch.setattr(library, "state", while_the_index_grows)
    for file in ("search", "concordance"):
        text = text_of(client, f"/en/{file}.csv?q=emploi")
        named = re.search(r"^# index,(\S+)", text, re.MULTILINE)
        assert named
        grown = generations.index(named[1])  # times before the state that the file names
        assert {int(number) for number in re.findall(r"Plan (\d+)", text)} == set(range(1, grown + 1)), file
        assert library.engine().generation() not in text


def test_links_between_views_lead_to_answers(client: FlaskClient) -> None:
    for view in ("search?q=emploi&sort=date&by=page", "concordance?q=emploi&order=left"):
        page = BeautifulSoup(text_of(client, f"/en/{view}"), "html.parser")
        links = [link["href"] for link in page.select("link[rel=alternate]:not([hreflang]), .downloads a")]
        assert len(links) > 4
        for link in links:
            assert client.get(link).status_code == 200, link


def test_the_list_of_all_documents_is_not_read_for_each_page(
    app: Flask, held: dict[str, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, catalogue = app.test_client(), app.extensions["library"].catalogue
    addresses = (
        f"/nl/document/{held['pact_fr'].id}/page/2/parallel",
        f"/nl/document/{held['pact_fr'].id}/versions",
        "/nl/counterparts?q=emploi",
        "/nl/trends?term=emploi",
    )
    for address in addresses:
        text_of(client, address)
    read = []
    documents = catalogue.documents

    def counted() -> list[Document]:
        read.append("all")
        return list(documents())

    monkeypatch.setattr(catalogue, "documents", counted)
    for address in addresses:
        text_of(client, address)
    assert not read


def test_a_document_indexed_during_a_request_is_not_shown_in_it(app: Flask, room: ReadingRoom) -> None:
    """It is not ready yet. What the request leaves out was found before it came."""
    library, query = app.extensions["library"], parse("nieuwkomer")
    engine = library.engine()
    hidden = left_out(engine, room.catalogue)
    document, _is_new = room.catalogue.receive(
        room.originals.store(BytesIO(b"%PDF-1.7 new")), "new.pdf", Description(), Provenance(), "test"
    )
    room.catalogue.start(document.id, "test")
    pages = [make_page(1, [("paragraph", "nl", "nieuwkomer")])]
    room.catalogue.store_pages(document.id, pages, [], None, "test")
    room.indexer.add(document.id)
    later = library.engine()  # of another request
    assert engine.search(SearchRequest(query, left_out=hidden)).total == 0
    assert list(map(document_of, left_out(later, room.catalogue))) == [document.id]
    assert later.search(SearchRequest(query, left_out=left_out(later, room.catalogue))).total == 0
    room.catalogue.mark_ready(document.id, "test")
    assert later.search(SearchRequest(query, left_out=left_out(later, room.catalogue))).total == 1
