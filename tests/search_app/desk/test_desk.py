"""The archivist's desk: who may enter, and what can be done there."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from archive.accounts.accounts import Accounts
from archive.catalogue.queue import Queue
from archive.dates import DateFinding
from archive.files.presence import Claimant
from archive.preservation import fixity
from archive.preservation.check_outcomes import record_check
from archive.reading_warnings import ReadingWarning
from archive.records import Description, Document, Health, JobKind
from archive.settings import read
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, form_token, make_page, make_settings

NAME, PASSWORD = "ann", "correct horse battery"
PUBLIC = {"archivist.door", "archivist.greet"}


@pytest.fixture(scope="module")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an account, to be copied: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("empty") / "archive"
    room = ReadingRoom(folder)
    Accounts(room.catalogue).add(NAME, PASSWORD)
    room.close()
    return folder


@pytest.fixture(scope="module")
def session(empty_archive: Path) -> str:
    """The cookie of somebody who has signed in, good for every copy: the key that signs it is copied too."""
    client = secure(create_app(make_settings(empty_archive)))
    assert sign_in(client, NAME, PASSWORD) == 303
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


@pytest.fixture
def room(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    empty_archive: Path,
    filled_archive: tuple[Path, dict[str, Document]],
) -> Iterator[ReadingRoom]:
    """A copy of the archive: with documents for a test that asks for `held`."""
    copied = filled_archive[0] if "held" in request.fixturenames else empty_archive
    room = ReadingRoom(shutil.copytree(copied, tmp_path / "archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def filled_archive(
    empty_archive: Path, session: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Document]]:
    """The same, with the key of the session and with documents that the worker has done with."""
    folder = shutil.copytree(empty_archive, tmp_path_factory.mktemp("filled") / "archive")
    room = ReadingRoom(folder)
    held = fill(room)
    queue = Queue(room.catalogue)
    while job := queue.claim():
        queue.finish(job)
    room.close()
    return folder, held


@pytest.fixture
def held(filled_archive: tuple[Path, dict[str, Document]]) -> dict[str, Document]:
    """Documents that the worker has done with; they are in the `room` of a test that asks for them."""
    return filled_archive[1]


@pytest.fixture
def app(room: ReadingRoom) -> Flask:
    return create_app(room.settings)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody without an account."""
    return secure(app)


@pytest.fixture
def archivist(session: str, app: Flask) -> FlaskClient:
    """Somebody who has signed in."""
    client = secure(app)
    client.set_cookie("session", session, secure=True, httponly=True, samesite="Strict")
    return client


def secure(app: Flask) -> FlaskClient:
    """A browser that keeps cookies which are for HTTPS only."""
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


def sign_in(client: FlaskClient, name: str, password: str, **more: str) -> int:
    form = {"token": form_token(client), "name": name, "password": password, **more}
    return client.post("/en/archivist/sign-in", data=form).status_code


def post(client: FlaskClient, address: str, **form: object) -> tuple[int, str]:
    """Send a form of the desk as its page would; the status and the page that it leads to."""
    data = {"token": form_token(client, "/en/archivist/add"), **form}
    answer = client.post(f"/en/archivist/{address}", data=data, content_type="multipart/form-data")
    status = answer.status_code
    if status == 303:
        answer = client.get(answer.headers["Location"])
    return status, answer.get_data(as_text=True)


def pdf(name: str, content: bytes = b"") -> tuple[BytesIO, str]:
    return BytesIO(b"%PDF-1.7 " + (content or name.encode())), name


def test_nobody_passes_without_an_account(room: ReadingRoom, app: Flask, visitor: FlaskClient) -> None:
    document = fill(room)["pact_fr"]
    before = len(room.catalogue.events(limit=None))
    jobs = Queue(room.catalogue).waiting()
    guarded = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("archivist.") or rule.endpoint in PUBLIC:
            continue
        for language in ("nl", "fr", "en"):
            address = rule.rule.replace("<any(nl, fr, en):interface>", language).replace(
                "<identifier>", document.id
            )
            address = address.replace("<int:number>", "1")
            assert "<" not in address
            for method in (rule.methods or set()) - {"OPTIONS"}:
                form = (
                    {"token": form_token(visitor), "reason": "x", "files": pdf("a.pdf")}
                    if method == "POST"
                    else None
                )
                answer = visitor.open(address, method=method, data=form)
                if method == "POST":
                    assert answer.status_code == 403, address
                else:
                    assert answer.status_code == 302, address
                    assert "/archivist/sign-in?next=" in answer.headers["Location"]
                guarded += 1
    assert guarded >= 3 * 10
    assert len(room.catalogue.events(limit=None)) == before
    assert Queue(room.catalogue).waiting() == jobs
    assert room.catalogue.document(document.id) == document


def test_every_form_needs_the_token_of_its_session(
    room: ReadingRoom, app: Flask, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    before = len(room.catalogue.events(limit=None))
    stranger = secure(app)
    foreign = form_token(stranger)
    checked = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("archivist.") or "POST" not in (rule.methods or ()):
            continue
        address = rule.rule.replace("<any(nl, fr, en):interface>", "fr").replace(
            "<identifier>", held["speech"].id
        )
        address = address.replace("<int:number>", "1")
        for sent in ({}, {"token": ""}, {"token": "é"}, {"token": foreign}):
            form = {**sent, "reason": "x", "title": "x", "name": NAME, "password": PASSWORD}
            answer = archivist.post(address, data=form)
            assert answer.status_code == 400, (address, sent)
            checked += 1
    assert checked == 4 * 12
    assert len(room.catalogue.events(limit=None)) == before


def test_signing_in_opens_the_desk_in_every_language(archivist: FlaskClient) -> None:
    for language in ("nl", "fr", "en"):
        for page in ("", "add", "documents", "history"):
            answer = archivist.get(f"/{language}/archivist/{page}")
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "no-store"
            assert f'<html lang="{language}">' in answer.get_data(as_text=True)


def test_the_session_is_kept_where_scripts_and_other_sites_cannot_reach(visitor: FlaskClient) -> None:
    form = {"token": form_token(visitor), "name": NAME, "password": PASSWORD}
    cookie = visitor.post("/en/archivist/sign-in", data=form).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Secure"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    ("name", "password"), [(NAME, "wrong"), ("nobody", PASSWORD), ("", ""), ("é\x00", "\x00")]
)
def test_a_wrong_name_or_password_opens_nothing(visitor: FlaskClient, name: str, password: str) -> None:
    assert sign_in(visitor, name, password) == 403
    assert visitor.get("/en/archivist/").status_code == 302


def test_guessing_is_stopped_even_when_the_next_guess_is_right(app: Flask, visitor: FlaskClient) -> None:
    for _ in range(5):
        assert sign_in(visitor, NAME, "wrong") == 403
    assert sign_in(visitor, NAME.upper(), "wrong") == 429
    assert sign_in(visitor, NAME, PASSWORD) == 429
    assert sign_in(secure(app), NAME, PASSWORD) == 429


def test_signing_out_closes_the_desk(archivist: FlaskClient) -> None:
    assert post(archivist, "sign-out")[0] == 303
    assert archivist.get("/en/archivist/").status_code == 302


def test_after_signing_in_the_archivist_is_where_they_wanted_to_be(visitor: FlaskClient) -> None:
    asked = visitor.get("/fr/archivist/history").headers["Location"]
    form = {"token": form_token(visitor), "name": NAME, "password": PASSWORD, "next": "/fr/archivist/history"}
    assert 'value="/fr/archivist/history"' in visitor.get(asked).get_data(as_text=True)
    assert visitor.post("/fr/archivist/sign-in", data=form).headers["Location"] == "/fr/archivist/history"


def test_files_are_stored_and_queued_each_on_its_own(room: ReadingRoom, archivist: FlaskClient) -> None:
    files = [
        pdf("één.pdf"),
        (BytesIO(b"<html>"), "page.pdf"),
        (BytesIO(b""), "empty.pdf"),
        pdf("../../two.pdf"),
    ]
    status, page = post(
        archivist, "add", files=files, title="Een plan", date="2011", plan="new-deal", language="nl"
    )
    assert status == 200
    assert page.count("it is searchable as soon as it has been read") == 2
    assert "The file is not a PDF." in page
    assert "The file is empty." in page
    received = room.catalogue.documents(("received",))
    assert sorted(document.filename for document in received) == ["two.pdf", "één.pdf"]
    for document in received:
        assert (document.title, document.year, document.plan, document.language) == (
            "Een plan",
            2011,
            "new-deal",
            "nl",
        )
        assert room.originals.path(document.sha256).read_bytes().startswith(b"%PDF-1.7 ")
        assert room.catalogue.events(document.id)[0].agent == NAME
    assert {job.document for job in Queue(room.catalogue).waiting()} == {document.id for document in received}


def test_a_file_that_is_held_is_not_taken_twice(room: ReadingRoom, archivist: FlaskClient) -> None:
    post(archivist, "add", files=[pdf("plan.pdf")])
    _status, page = post(archivist, "add", files=[pdf("copy.pdf", b"plan.pdf")])
    assert "The archive already has this file." in page
    assert len(room.catalogue.documents(("received",))) == 1


def test_an_upload_without_files_or_with_a_wrong_year_takes_nothing_in(
    room: ReadingRoom, archivist: FlaskClient
) -> None:
    status, page = post(archivist, "add")
    assert status == 400
    assert "Choose at least one file." in page
    status, page = post(archivist, "add", files=[pdf("plan.pdf")], date="20111")
    assert status == 400
    assert "2014, 2014-04 or 2014-04-24" in page
    assert not list(room.originals.folder.rglob("*.pdf"))


def test_an_upload_that_is_too_large_is_refused_and_leaves_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    settings = read({"TERUGBLIK_DATA": str(folder), "TERUGBLIK_MAX_FILE_SIZE": "1"})
    app = create_app(settings)
    catalogue = app.extensions["library"].catalogue
    Accounts(catalogue).add(NAME, PASSWORD)
    client = secure(app)
    sign_in(client, NAME, PASSWORD)
    status, page = post(client, "add", files=[pdf(f"{part}.pdf", bytes(900_000)) for part in "abc"])
    assert status == 413
    assert "2.1 MB" in page
    status, page = post(client, "add", files=[pdf("big.pdf", bytes(1_100_000))])
    assert status == 200
    assert "The file is larger than 1 MB." in page
    assert not catalogue.documents(("received",))
    assert not [path for path in (folder / "originals").rglob("*") if path.is_file()]


def test_describing_changes_only_what_was_changed(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    as_it_is = {
        "title": document.title,
        "date": "2011",
        "plan": "new-deal",
        "kind": "plan",
        "language": "fr",
    }
    _status, page = post(archivist, f"document/{document.id}/describe", **as_it_is)
    assert "Nothing was changed." in page
    status, page = post(
        archivist,
        f"document/{document.id}/describe",
        **{**as_it_is, "title": "Nouveau <titre>", "plan": "", "date": ""},
    )
    assert status == 303
    assert "Nouveau &lt;titre&gt;" in page
    changed = room.catalogue.document(document.id)
    assert (changed.title, changed.year, changed.plan) == ("Nouveau <titre>", None, None)
    assert (changed.kind, changed.language) == ("plan", "fr")
    event = room.catalogue.events(document.id)[0]
    assert (event.type, event.agent) == ("metadata modification", NAME)
    assert set(event.after) == {"title", "year", "date", "plan"}
    assert [job.kind for job in Queue(room.catalogue).waiting()] == ["ingest"]


def test_a_wrong_description_is_told_on_the_form(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    for form in (
        {"date": "soon"},
        {"date": "2014-13"},
        {"plan": "none-such"},
        {"kind": "x"},
        {"language": "xx"},
        {"title": "x" * 501},
    ):
        status, page = post(archivist, f"document/{document.id}/describe", **form)
        assert status == 400, form
        assert 'role="alert"' in page
        assert room.catalogue.document(document.id) == document


def test_withdrawing_needs_a_reason_and_restoring_brings_back(
    room: ReadingRoom, archivist: FlaskClient, visitor: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    address = f"/fr/document/{document.id}"
    status, page = post(archivist, f"document/{document.id}/withdraw", reason="  ")
    assert status == 400
    assert 'role="alert"' in page
    assert visitor.get(address).status_code == 200
    status, page = post(archivist, f"document/{document.id}/withdraw", reason="Superseded\nby another")
    assert status == 303
    gone = visitor.get(address)
    assert gone.status_code == 410
    assert "Superseded by another" in gone.get_data(as_text=True)
    assert "Superseded by another" in archivist.get("/en/archivist/").get_data(as_text=True)
    assert post(archivist, f"document/{document.id}/read")[0] == 400
    status, page = post(archivist, f"document/{document.id}/restore")
    assert status == 303
    assert room.catalogue.document(document.id).status == "received"
    assert [event.type for event in room.catalogue.events(document.id)][:2] == ["restoration", "withdrawal"]


def test_the_desk_says_which_worker_does_what(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    queue = Queue(room.catalogue)
    said: dict[JobKind, str] = {
        "read": "Being read since",
        "render": "Page images being drawn since",
        "compare": "Being compared since",
    }
    for kind, sentence in said.items():
        queue.enqueue(held["pact_fr"].id, kind)
        job = queue.claim(by=Claimant(host="archive-1", process=4711))
        assert job is not None
        desk = archivist.get("/en/archivist/").get_data(as_text=True)
        assert sentence in desk
        assert "(process archive-1:4711)." in desk
        queue.finish(job)
        assert "archive-1:4711" not in archivist.get("/en/archivist/").get_data(as_text=True)


def test_the_desk_shows_what_needs_care_and_lets_it_be_tried_again(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    post(archivist, "add", files=[pdf("broken.pdf")])
    broken = room.catalogue.documents(("received",))[0]
    desk = archivist.get("/en/archivist/").get_data(as_text=True)
    assert "In the queue: 1 to read" in desk
    room.catalogue.mark_failed(broken.id, "It is encrypted with a <password>.", "worker")
    desk = archivist.get("/en/archivist/").get_data(as_text=True)
    assert "It is encrypted with a &lt;password&gt;." in desk
    assert "1 of 5 pages" in desk
    assert post(archivist, f"document/{broken.id}/restore")[0] == 303
    assert room.catalogue.document(broken.id).status == "received"
    assert post(archivist, f"document/{held['pact_fr'].id}/read")[0] == 303
    assert held["pact_fr"].id in {job.document for job in Queue(room.catalogue).waiting()}
    assert room.catalogue.document(held["pact_fr"].id).status == "ready"


def test_unknown_documents_are_not_found_at_the_desk(archivist: FlaskClient) -> None:
    assert archivist.get("/en/archivist/document/0000000000000000/").status_code == 404
    for action in ("describe", "withdraw", "restore", "read"):
        assert post(archivist, f"document/0000000000000000/{action}", reason="x")[0] == 404


def test_what_was_done_stands_in_the_history(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    post(archivist, f"document/{held['speech'].id}/withdraw", reason="x")
    history = archivist.get("/en/archivist/history").get_data(as_text=True)
    assert "withdrawn" in history
    assert f"({NAME})" in history
    assert held["speech"].title in history


def test_the_history_of_a_document_names_its_fields_in_words(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_nl"]
    room.catalogue.describe(document.id, Description("Pact", 2012, "", "annex", "fr"), "ann")
    room.catalogue.mark_images(document.id, "ann")
    room.catalogue.store_dates(document.id, [DateFinding("2011-04-24", "text", "op 24 april", 1)], "ann")
    room.catalogue.instruct_ocr(document.id, 2, "force", "ann")
    room.catalogue.record(document.id, "of a later version", "ann", {}, {"its_own": "é:1"})
    room.catalogue.record(document.id, "rendering", "worker with OCR", {}, {"drawn_again": "2 and 4"})

    def changes(language: str) -> str:
        page = opened(archivist, f"/{language}/archivist/document/{document.id}/")
        return " | ".join(each.text for each in page.select(".history li li"))

    english = changes("en")
    for change in (
        "Title: Pact voor een Duurzame Stedelijke Groei → Pact",
        "Date: 2011 → 2012",
        "Plan: Pact for Sustainable Urban Growth (New Deal) → –",
        "Document type: plan → annex",
        "Language: Dutch → French",
        "Languages: – → Dutch",
        "Page images: not made yet → made",
        "Dates found in the text: – → 2011-04-24 (“op 24 april”, page 1)",
        "OCR: Automatic → Force",
        "Status: being read → ready",
        "its_own: é:1",
    ):
        assert change in english, english.split(" | ")
    french = changes("fr")
    assert "Dates trouvées dans le texte\xa0: – → 2011-04-24 («\xa0op 24 april\xa0», page 1)" in french
    assert "Images des pages\xa0: pas encore créées → créées" in french
    assert "Images refaites pour les pages\xa0: 2 et 4" in french
    for name in ("title_found", "dates_", "_pages", "_again", "True", "None"):
        assert name not in english + french
    agents = opened(archivist, f"/fr/archivist/document/{document.id}/").select(".history .aside")
    assert {each.text for each in agents} == {"(ann)", "(test)", "(traitement automatique avec OCR)"}


# Single pages


def test_the_table_of_pages_tells_how_each_was_read(room: ReadingRoom, archivist: FlaskClient) -> None:
    readings = [
        Health(0.975, None, "text layer is good"),
        Health(0.25, 0.5, "ocr reads better"),
        Health(0.125, None, "ocr forbidden"),
    ]
    pages = [
        replace(make_page(number, [("paragraph", "nl", "Een tekst")]), health=health)
        for number, health in enumerate(readings, 1)
    ]
    pages[1] = replace(pages[1], source="ocr")
    document = room.add([*pages, make_page(4, [], needs_ocr=True)], Description("Lezingen"))
    address = f"/en/archivist/document/{document.id}/pages"
    table = archivist.get(address).get_data(as_text=True)
    assert re.findall(r'<tr id="page-(\d)"', table) == ["4", "3", "2", "1"], "what needs a look comes first"
    for told in ("98%", "25%", "50%", "12%", "the text layer is good", "an archivist ruled OCR out"):
        assert told in table
    for show, expected in (("doubtful", "432"), ("ocr", "2"), ("corrected", ""), ("needs-ocr", "4")):
        shown = archivist.get(f"{address}?show={show}").get_data(as_text=True)
        assert "".join(re.findall(r'<tr id="page-(\d)"', shown)) == expected
    assert archivist.get(f"{address}?show=secret").status_code == 400
    assert "3 of 4 pages" in archivist.get("/en/archivist/").get_data(as_text=True)


def test_ocr_of_a_page_is_forced_forbidden_and_left_to_the_program(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    address = f"document/{document.id}/page/2/ocr"
    status, page = post(archivist, address, instruction="force", show="ocr")
    assert (status, "The document will be read again" in page) == (303, True)
    assert room.catalogue.ocr_instructions(document.id) == {2: "force"}
    assert [job.kind for job in Queue(room.catalogue).waiting()] == ["read"]
    _status, page = post(archivist, address, instruction="forbid")
    assert re.search(r'value="forbid" aria-pressed="true">Forbid', page)
    post(archivist, address, instruction="automatic")
    assert room.catalogue.ocr_instructions(document.id) == {}
    assert room.catalogue.page_events(document.id, 2)[0].agent == NAME
    assert post(archivist, address, instruction="perhaps")[0] == 400
    assert post(archivist, f"document/{document.id}/page/9/ocr", instruction="force")[0] == 404


def passages(*said: tuple[str, str, str]) -> dict[str, object]:
    """The text of the form in which a page is corrected: passages, each below the line that marks it."""
    return {"text": "\r\n\r\n".join(f"[{kind} {language}]\r\n{text}" for kind, language, text in said)}


def finds(visitor: FlaskClient, word: str, document: Document, number: int) -> bool:
    found = visitor.get(f"/en/search?q=%22{word}%22").get_data(as_text=True)
    return f"/document/{document.id}/page/{number}?" in found


def test_a_correction_is_searched_survives_a_reading_and_is_withdrawn(
    room: ReadingRoom, archivist: FlaskClient, visitor: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    address = f"document/{document.id}/page/2"
    as_read = list(room.catalogue.pages(document.id))
    by_hand = passages(
        ("heading", "fr", "Titre <b>neuf</b>"),
        ("paragraph", "fr", "La formation des jeunes ouvre la porte vers l’emploi.\r\n\r\nUn alinéa de plus"),
    )
    status, page = post(archivist, f"{address}/correct", do="preview", **by_hand)
    assert status == 200
    assert "<del>voie</del>" in page
    assert "<ins>porte</ins>" in page
    assert "&lt;b&gt;neuf" in page
    assert list(room.catalogue.pages(document.id)) == as_read

    status, page = post(archivist, f"{address}/correct", do="save", **by_hand)
    assert (status, "Corrected by ann" in page) == (303, True)
    shown = room.catalogue.page(document.id, 2)
    assert [(passage.kind, passage.text) for passage in shown.blocks] == [
        ("heading", "Titre <b>neuf</b>"),
        ("paragraph", "La formation des jeunes ouvre la porte vers l’emploi."),
        ("paragraph", "Un alinéa de plus"),
    ]
    kinds = [job.kind for job in Queue(room.catalogue).waiting()]
    assert [kind for kind in kinds if kind != "render"] == [
        "ingest"
    ]  # a reader asks for images that are missing
    room.indexer.add(document.id)
    assert (finds(visitor, "porte", document, 2), finds(visitor, "voie", document, 2)) == (True, False)
    reader_page = visitor.get(f"/en/document/{document.id}/page/2").get_data(as_text=True)
    assert "corrected by hand" in reader_page
    told = visitor.get(f"/api/v1/documents/{document.id}/pages/2").get_json()
    assert (told["source"], told["health"]["choice"]) == ("corrected", "")
    assert told["blocks"][0]["words"][0] == {"text": "Titre", "box": None}

    room.catalogue.store_pages(document.id, as_read, [], None, "worker")
    room.indexer.add(document.id)
    assert room.catalogue.page(document.id, 2) == shown
    assert finds(visitor, "porte", document, 2)

    status, page = post(archivist, f"{address}/uncorrect")
    assert (status, "correction of a page withdrawn" in page) == (303, True)
    room.indexer.add(document.id)
    assert list(room.catalogue.pages(document.id)) == as_read
    assert (finds(visitor, "porte", document, 2), finds(visitor, "voie", document, 2)) == (False, True)
    assert post(archivist, f"{address}/uncorrect")[0] == 404


def test_a_page_that_is_read_otherwise_since_asks_for_a_look(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_nl"]
    by_hand = passages(("paragraph", "nl", "Met de hand"))
    for number in (1, 2):
        post(archivist, f"document/{document.id}/page/{number}/correct", do="save", **by_hand)
    other = [make_page(1, [("paragraph", "nl", "Heel anders gelezen")])]
    room.catalogue.store_pages(document.id, other, [], None, "worker")
    page = archivist.get(f"/en/archivist/document/{document.id}/page/1/").get_data(as_text=True)
    assert "This page is read differently now than when it was corrected." in page
    table = archivist.get(f"/en/archivist/document/{document.id}/pages?show=doubtful").get_data(as_text=True)
    assert "corrected; read differently since" in table
    assert "Corrections of pages that are no longer there" in table
    assert table.count("Met de hand") == 1
    assert archivist.get(f"/en/archivist/document/{document.id}/page/2/").status_code == 404
    status, table = post(archivist, f"document/{document.id}/page/2/uncorrect")
    assert (status, "Met de hand" in table) == (303, False)
    _status, page = post(archivist, f"document/{document.id}/page/1/correct", do="save", **by_hand)
    assert "This page is read differently" not in page


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({}, "The correction contains no text."),
        (passages(("paragraph", "nl", " ")), "The correction contains no text."),
        (
            passages(("paragraph", "nl", "goed"), ("poem", "nl", "een")),
            "Block 2 is of an unknown kind or language.",
        ),
        (passages(("paragraph", "xx", "een")), "Block 1 is of an unknown kind or language."),
        (passages(("paragraph", "nl", "een\x07 <i>bel")), "Block 1 contains a control character"),
        (passages(("paragraph", "nl", "x" * 200_001)), "That is more text than a page can have."),
    ],
)
def test_a_wrong_correction_is_told_on_the_form_and_changes_nothing(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document], form: dict[str, object], told: str
) -> None:
    document = held["pact_fr"]
    for do in ("preview", "save"):
        status, page = post(archivist, f"document/{document.id}/page/2/correct", do=do, **form)
        assert (status, 'role="alert"' in page, told in page) == (400, True, True)
        assert "<i>bel" not in page
    assert room.catalogue.corrections(document.id) == []


def test_a_page_is_corrected_as_one_text(archivist: FlaskClient, held: dict[str, Document]) -> None:
    """What is not changed is not a correction: the text of the form says the page as it is."""
    document = held["strategy"]
    address = f"document/{document.id}/page/1"
    page = BeautifulSoup(archivist.get(f"/en/archivist/{address}/").data, "html.parser")
    (text,) = page.select("form.correction textarea")
    written = text.get_text().removeprefix("\n")
    assert written == (
        "La stratégie 2025 soutient l’emploi durable à Bruxelles.\n\n"
        "[paragraph nl]\nDe strategie 2025 steunt duurzame werkgelegenheid in Brussel.\n\n"
        "[paragraph fr]\nElle compte dix-huit objectifs."
    )
    for sent in (written, written.replace("\n", "\r\n")):
        status, answer = post(archivist, f"{address}/correct", do="save", text=sent)
        assert (status, "Nothing was changed." in answer) == (303, True)


def test_the_text_of_another_page_is_refused(archivist: FlaskClient, held: dict[str, Document]) -> None:
    address = f"document/{held['pact_fr'].id}/page/2/correct"
    status, page = post(archivist, address, do="save", text="--- page 3 (label 1)\n\nEen andere pagina")
    assert (status, "This is the text of another page." in page) == (400, True)


def test_a_megabyte_is_no_correction(archivist: FlaskClient, held: dict[str, Document]) -> None:
    form = {
        "token": form_token(archivist, "/en/archivist/add"),
        **passages(("paragraph", "nl", "x" * 1_100_000)),
    }
    answer = archivist.post(f"/en/archivist/document/{held['pact_fr'].id}/page/2/correct", data=form)
    assert answer.status_code == 413
    assert post(archivist, f"document/{held['pact_fr'].id}/page/9/correct", do="save")[0] == 404


def test_pages_added_by_others_are_described_as_well(room: ReadingRoom, archivist: FlaskClient) -> None:
    document = room.add([make_page(1, [])], Description("Zonder jaar"), filename="z.pdf")
    page = archivist.get(f"/nl/archivist/document/{document.id}/").get_data(as_text=True)
    assert 'value="Zonder jaar"' in page


def test_a_long_list_of_holdings_has_pages(room: ReadingRoom, archivist: FlaskClient) -> None:
    for number in range(101):
        room.add(
            [make_page(1, [])], Description(f"Stuk {number:03}"), filename=f"{number}.pdf", is_indexed=False
        )
    first = archivist.get("/en/archivist/documents").get_data(as_text=True)
    second = archivist.get("/en/archivist/documents?page=2").get_data(as_text=True)
    assert (first.count("Stuk 0"), first.count("Stuk 100")) == (100, 0)
    assert (second.count("Stuk 0"), second.count("Stuk 100")) == (0, 1)
    assert 'href="/en/archivist/documents?page=2"' in first


def listed(archivist: FlaskClient, query: str = "") -> list[str]:
    """The documents that the desk asks to check, each with what it says of them."""
    page = BeautifulSoup(archivist.get(f"/en/archivist/{query}").data, "html.parser")
    return [
        " ".join(item.get_text(" ").split()) for item in page.select("[aria-labelledby=to-check] > ul > li")
    ]


def test_the_desk_asks_for_titles_that_are_uncertain_until_one_is_given(
    room: ReadingRoom, archivist: FlaskClient
) -> None:
    pages = [make_page(1, [("paragraph", "nl", "Opleiding en werk.")])]
    attached = ReadingWarning("attachments", (), {"number": 1, "names": "rekening.xlsx"})
    room.add(pages, Description("Rekening"), filename="rekening.pdf", warnings=[attached])
    nameless = room.add(pages, Description(), filename="scan_0017.pdf")
    assert nameless.title == "scan 0017"
    asked, warned = listed(archivist)
    assert asked.startswith("scan 0017")
    assert "No title is certain, so the name of the file is shown instead." in asked
    assert asked.endswith("Give the title of scan 0017")
    assert warned.startswith("Rekening")
    assert "rekening.xlsx" in warned
    desk = BeautifulSoup(archivist.get("/en/archivist/").data, "html.parser")
    link = desk.select_one("[aria-labelledby=to-check] li > a")
    assert link
    assert link["href"] == f"/en/archivist/document/{nameless.id}/#describe"
    assert post(archivist, f"document/{nameless.id}/describe", title="Het plan", kind="other")[0] == 303
    assert [item.split()[0] for item in listed(archivist)] == ["Rekening"]
    room.catalogue.store_pages(nameless.id, pages, [], None, "a later reading")
    held = room.catalogue.document(nameless.id)
    assert (held.title, held.is_title_uncertain) == ("Het plan", False)


def test_a_title_stays_uncertain_until_it_is_written_even_as_the_name_of_the_file(
    room: ReadingRoom, archivist: FlaskClient
) -> None:
    pages = [make_page(1, [("paragraph", "nl", "Opleiding en werk.")])]
    nameless = room.add(pages, Description(), filename="Klimaatplan.pdf")
    form = archivist.get(f"/en/archivist/document/{nameless.id}/").get_data(as_text=True)
    field = BeautifulSoup(form, "html.parser").select_one("input[name=title]")
    assert field
    assert (field.get("value"), field["placeholder"]) == (None, "Klimaatplan")
    post(archivist, f"document/{nameless.id}/describe", title="", date="2024", kind="other")
    assert room.catalogue.document(nameless.id).is_title_uncertain
    post(archivist, f"document/{nameless.id}/describe", title="Klimaatplan", date="2024", kind="other")
    assert listed(archivist) == []
    post(archivist, f"document/{nameless.id}/describe", title="", date="2024", kind="other")
    assert room.catalogue.document(nameless.id).is_title_uncertain


def test_a_long_list_of_documents_to_check_has_pages(room: ReadingRoom, archivist: FlaskClient) -> None:
    for number in range(21):
        pages = [make_page(1, [("paragraph", "nl", f"Opleiding en werk {number}.")])]
        room.add(pages, Description(), filename=f"scan {number:02}.pdf")
    assert len(listed(archivist)) == 20
    (last,) = listed(archivist, "?page=2")
    assert last.startswith("scan 20")
    assert 'href="/en/archivist/?page=2"' in archivist.get("/en/archivist/").get_data(as_text=True)


def opened(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).data, "html.parser")


def test_dates_are_proposed_with_their_evidence_and_an_archivist_settles_them(
    room: ReadingRoom, archivist: FlaskClient
) -> None:
    held = room.add([make_page(1, [("paragraph", "fr", "Un rapport du service.")])], Description("Rapport"))
    found = [
        DateFinding("2014-04-24", "text", "approuvé le 24 avril 2014", 1),
        DateFinding("2013", "file name", "rapport-2013-2014", None),
    ]
    room.catalogue.store_dates(held.id, found, "worker")
    desk = opened(archivist, "/en/archivist/")
    line = next(item for item in desk.select("[aria-labelledby=dates] li") if held.id in str(item))
    assert "sentence in the text, page 1: approuvé le 24 avril 2014" in " ".join(line.text.split())
    address = f"/en/archivist/document/{held.id}/"
    care = opened(archivist, address).select_one("[aria-labelledby=date]")
    assert "No date is certain" in care.text
    assert [button.text for button in care.select("button")] == ["Use 2014-04-24", "Use 2013"]
    post(archivist, f"document/{held.id}/date", date="2014-04-24")
    settled = room.catalogue.document(held.id)
    assert (settled.year, settled.date, settled.is_date_said) == (2014, "2014-04-24", True)
    page = opened(archivist, address)
    assert page.select_one("[name=date][type=text]")["value"] == "2014-04-24"
    assert [button.text for button in page.select("[aria-labelledby=date] button")] == ["Use 2013"]
    assert held.id not in str(opened(archivist, "/en/archivist/").select("[aria-labelledby=dates]"))
    assert post(archivist, f"document/{held.id}/date", date="2014-02-30")[0] == 400
    as_it_is = {"title": "Rapport", "date": "", "plan": "", "kind": "other", "language": "fr"}
    post(archivist, f"document/{held.id}/describe", **as_it_is)
    unknown = room.catalogue.document(held.id)
    assert (unknown.year, unknown.is_date_said) == (None, True)
    assert "a person stated that none is known" in opened(archivist, address).text
    json = archivist.get(f"/api/v1/documents/{held.id}").json
    assert (json["year"], json["date"], json["date_evidence"]) == (None, None, None)


def test_the_desk_names_damaged_originals_and_the_history_says_what_checks_found(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document]
) -> None:
    assert "The archive has not been checked yet." in archivist.get("/en/archivist/").get_data(as_text=True)
    document = held["pact_fr"]
    own = f"/en/archivist/document/{document.id}/"

    def check() -> None:
        report = fixity.check(room.settings.database_url, room.originals.folder)
        record_check(room.catalogue, report, "ann")

    check()
    assert "4 originals checked, no problems." in archivist.get("/en/archivist/").get_data(as_text=True)
    assert "found the original intact" in archivist.get(own).get_data(as_text=True)
    path = room.originals.path(document.sha256)
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content[:-1])
    check()
    desk = BeautifulSoup(archivist.get("/en/archivist/").get_data(as_text=True), "html.parser")
    first = desk.select_one("main section")
    assert first.h2.get_text() == "Damaged originals"
    assert document.title in first.get_text()
    assert "no longer matches its checksum" in first.get_text()
    assert "4 originals checked, 1 problem. (ann)" in " ".join(desk.get_text().split())
    history = BeautifulSoup(archivist.get("/en/archivist/history").get_data(as_text=True), "html.parser")
    whole, original = history.select("ol.history li")[:2]
    assert " ".join(whole.get_text().split()).endswith(
        f"originals checked (ann) 4 originals checked, 1 problem. {document.title}"
    )
    assert original.select_one(".outcome").get_text().startswith("The original file no longer matches")
    about = archivist.get(own).get_data(as_text=True)
    assert about.count("no longer matches its checksum") == 2
    assert "found the original intact" not in about
    path.write_bytes(content)
    assert "has been restored and is intact" in archivist.get("/en/archivist/").get_data(as_text=True)
    check()
    assert "Damaged originals" not in archivist.get("/en/archivist/").get_data(as_text=True)
    path.write_bytes(b"seen by a reader, before any check")
    assert archivist.get(f"/original/{document.id}.pdf").status_code == 503
    assert "Damaged originals" in archivist.get("/en/archivist/").get_data(as_text=True)
    path.unlink()
    assert "The original file is missing." in archivist.get("/en/archivist/").get_data(as_text=True)
    assert "The original file is intact." in archivist.get(own).get_data(as_text=True)
