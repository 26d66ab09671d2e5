"""An original that is no longer what the archive received proves nothing: no door gives it out, and whatever
was read from it says so."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.errors import DamagedOriginal
from archive.preservation import bagit_export, fixity
from archive.preservation.check_outcomes import damaged_documents, last_check, record_check
from archive.records import Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill


def flip_a_bit(original: Path, _other: Path) -> None:
    content = bytearray(original.read_bytes())
    content[len(content) // 2] ^= 1
    original.chmod(0o644)
    original.write_bytes(content)


def cut_off(original: Path, _other: Path) -> None:
    os.truncate(original, original.stat().st_size // 2)


def empty(original: Path, _other: Path) -> None:
    os.truncate(original, 0)


def lose(original: Path, _other: Path) -> None:
    original.unlink()


def put_another_there(original: Path, other: Path) -> None:
    original.unlink()
    shutil.copy2(other, original)


def put_a_folder_there(original: Path, _other: Path) -> None:
    original.unlink()
    original.mkdir()


def put_a_loop_there(original: Path, _other: Path) -> None:
    original.unlink()
    original.symlink_to(original)


def lose_its_folder(original: Path, _other: Path) -> None:
    shutil.rmtree(original.parent)


def make_its_folder_unreadable(original: Path, _other: Path) -> None:
    shutil.rmtree(original.parent)
    original.parent.symlink_to(original.parent)  # opening anything below it fails, even for root


def flip_a_bit_and_put_the_time_back(original: Path, other: Path) -> None:
    before = original.stat()
    flip_a_bit(original, other)
    os.utime(original, ns=(before.st_atime_ns, before.st_mtime_ns))


_PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}

Harm = Callable[[Path, Path], None]

HARMS: tuple[tuple[Harm, str], ...] = (
    (flip_a_bit, "ChecksumMismatch"),
    (flip_a_bit_and_put_the_time_back, "ChecksumMismatch"),
    (cut_off, "ChecksumMismatch"),
    (empty, "ChecksumMismatch"),
    (put_another_there, "ChecksumMismatch"),
    (lose, "FileMissing"),
    (lose_its_folder, "FileMissing"),
    (put_a_folder_there, "FileMissing"),
    (put_a_loop_there, "FileMissing"),
    (make_its_folder_unreadable, "UnreadableFile"),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that tests copy."""
    folder = tmp_path_factory.mktemp("filled") / "archive"
    room = ReadingRoom(folder)
    fill(room)
    room.close()
    return folder


@pytest.fixture
def room(filled: Path, tmp_path: Path) -> Iterator[ReadingRoom]:
    shutil.copytree(filled, tmp_path / "archive")
    room = ReadingRoom(tmp_path / "archive")
    yield room
    room.close()


@pytest.fixture
def client(room: ReadingRoom) -> FlaskClient:
    return create_app(room.settings).test_client()


@pytest.fixture
def document(room: ReadingRoom) -> Document:
    return next(one for one in room.catalogue.documents() if one.plan == "new-deal" and one.language == "fr")


@pytest.fixture
def original(room: ReadingRoom, document: Document) -> Path:
    return room.originals.path(document.sha256)


@pytest.fixture
def other(room: ReadingRoom, document: Document) -> Path:
    return next(room.originals.path(one.sha256) for one in room.catalogue.documents() if one != document)


def check(room: ReadingRoom) -> list[tuple[str, str | None]]:
    report = fixity.check(room.settings.database_url, room.originals.folder)
    record_check(room.catalogue, report, "archivist")
    return [(problem.kind, problem.document) for problem in report.problems]


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


@pytest.mark.parametrize(("harm", "kind"), HARMS, ids=lambda value: getattr(value, "__name__", value))
def test_no_door_gives_out_a_damaged_original(
    room: ReadingRoom,
    client: FlaskClient,
    document: Document,
    original: Path,
    other: Path,
    tmp_path: Path,
    harm: Harm,
    kind: str,
) -> None:
    address = f"/original/{document.id}.pdf"
    content = original.read_bytes()
    assert client.get(address).data == content
    harm(original, other)
    for headers in ({}, {"Range": "bytes=0-9"}, {"If-None-Match": f'"{document.sha256}"'}):
        answer = client.get(address, headers={**headers, **_PROGRAM})
        assert answer.status_code == 503, headers
        told = json.loads(answer.data)["error"]
        assert told["code"] == "damaged-original"
        assert "original file" in told["message"]
        assert document.title in told["hint"]
        assert str(room.originals.folder) not in json.dumps(told)
    assert client.head(address).status_code == 503
    with pytest.raises(DamagedOriginal) as refused:
        bagit_export.export(room.catalogue, room.originals, document.id, tmp_path / "bag")
    assert refused.value.exit_code == 5
    assert not (tmp_path / "bag").exists()
    api = client.get(f"/api/v1/documents/{document.id}").get_json()
    assert api["damage"] == {"kind": kind, "since": None}
    assert client.get(f"/api/v1/documents/{document.id}/pages/2").get_json()["damage"]["kind"] == kind
    assert (kind, document.id) in check(room)


def test_a_damaged_original_is_refused_in_the_language_of_the_reader(
    client: FlaskClient, document: Document, original: Path, other: Path
) -> None:
    flip_a_bit(original, other)
    for language, words in (
        ("nl", ("komt niet meer overeen met zijn controlegetal", "back-up")),
        ("fr", ("ne correspond plus à sa somme de contrôle", "sauvegarde")),
        ("en", ("no longer matches its checksum", "backup")),
    ):
        answer = client.get(f"/original/{document.id}.pdf", headers={"Accept-Language": language})
        assert answer.status_code == 503
        assert answer.mimetype == "text/html"
        for said in words:
            assert said in answer.get_data(as_text=True), language


@pytest.mark.parametrize("harm", [flip_a_bit, lose])
def test_pages_and_citations_tell_that_the_original_is_damaged(
    client: FlaskClient, document: Document, original: Path, other: Path, harm: Harm
) -> None:
    own = f"/en/document/{document.id}"
    for address in (own, f"{own}/page/2"):
        whole = page(client, address)
        assert whole.select_one("#damage") is None
        assert whole.select_one(f'a[href^="/original/{document.id}.pdf"]')
        assert whole.select_one('meta[name="citation_pdf_url"]')
    harm(original, other)
    for address in (own, f"{own}/page/2", f"{own}/page/2?q=emploi", f"{own}/page/2?view=text"):
        shown = page(client, address)
        notice = shown.select_one("#damage")
        assert notice is not None
        assert "The original file" in notice.get_text()
        assert "can still be read" in notice.get_text()
        assert shown.select_one(f'a[href^="/original/{document.id}.pdf"]') is None
        assert shown.select_one('meta[name="citation_pdf_url"]') is None
        assert "application/pdf" not in shown.select_one('script[type="application/ld+json"]').get_text()
    assert "formation des jeunes" in page(client, f"{own}/page/2").get_text()
    card = client.get(f"{own}/page/2/cite.json").get_json()
    assert card["damage"]["since"] is None
    assert "The original file" in card["notices"][0]
    sentence = "La formation des jeunes ouvre la voie vers l’emploi."
    assert notice.get_text() in page(client, f"/en/quote?{urlencode({'text': sentence})}").get_text()
    written = {notation["name"]: notation["text"] for notation in card["notations"]}
    for name in ("text-en", "html", "bib", "ris", "csl.json"):
        assert "the file in the archive is damaged or missing" in written[name], name
    assert "beschadigd of ontbreekt" in written["text-nl"]
    assert "endommagé ou manquant" in written["text-fr"]
    assert "L1  -" not in written["ris"]
    assert "the archive does not have this file at the moment" in page(client, f"{own}/cite").get_text()


def test_a_file_that_is_put_back_is_given_out_again_at_once(
    client: FlaskClient, document: Document, original: Path, other: Path
) -> None:
    content = original.read_bytes()
    flip_a_bit(original, other)
    assert client.get(f"/original/{document.id}.pdf").status_code == 503
    original.write_bytes(content)
    assert client.get(f"/original/{document.id}.pdf").data == content
    assert page(client, f"/en/document/{document.id}").select_one("#damage") is None


def test_a_check_keeps_what_it_found_until_a_later_one_finds_the_file_whole(
    room: ReadingRoom, client: FlaskClient, document: Document, original: Path, other: Path
) -> None:
    content = original.read_bytes()
    assert check(room) == []
    assert room.catalogue.document(document.id).damage is None
    before = len(room.catalogue.events(document.id))
    flip_a_bit(original, other)
    assert check(room) == [("ChecksumMismatch", document.id)]
    found = room.catalogue.document(document.id)
    assert found.damage is not None
    since = found.damage.since
    assert since is not None
    assert check(room) == [("ChecksumMismatch", document.id)]
    assert room.catalogue.document(document.id).damage == found.damage
    assert [one.id for one in damaged_documents(room.catalogue)] == [document.id]
    told = room.catalogue.events(document.id)
    assert len(told) == before + 2
    assert (told[0].type, told[0].agent, told[0].after["outcome"]) == ("fixity check", "archivist", "damaged")
    listed = client.get("/api/v1/documents").get_json()["documents"]
    assert {one["id"]: one["damage"] for one in listed if one["damage"]} == {
        document.id: {"kind": "ChecksumMismatch", "since": since.isoformat()}
    }
    notice = page(client, f"/en/document/{document.id}").select_one("#damage").get_text()
    day = since.astimezone(ZoneInfo("Europe/Brussels"))
    found_on = f"{day.day} {day:%B} {day.year}"
    assert notice.startswith(
        f"The original file no longer matches its checksum (SHA-256). This was found on {found_on}."
    )
    newest = last_check(room.catalogue)
    assert newest is not None
    assert (newest.after["checked"], newest.after["problems"]) == (4, 1)
    assert (newest.after["kinds"], newest.after["documents"]) == ({"ChecksumMismatch": 1}, [document.id])
    original.write_bytes(content)
    assert check(room) == []
    assert room.catalogue.document(document.id).damage is None
    assert damaged_documents(room.catalogue) == []
    again = room.catalogue.events(document.id)[0]
    assert (again.type, again.after["outcome"]) == ("fixity check", "whole")
    assert again.before == {"damage": "ChecksumMismatch"}


def test_a_link_to_a_lost_original_says_that_it_is_missing(
    client: FlaskClient, document: Document, original: Path
) -> None:
    original.unlink()
    told = client.get(f"/original/{document.id}.pdf", headers=_PROGRAM).get_json()["error"]
    assert told["message"] == "The original file is missing."
