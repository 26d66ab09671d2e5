"""The site on a full disk: each upload gets its own answer, changes say why they fail, the desk tells."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.accounts.accounts import Accounts
from archive.errors import ServiceUnavailable
from archive.records import Document
from archive.surroundings import NoMeans
from archive.worker_notice import NoticeBoard
from search_app import create_app
from tests.search_app.desk.test_desk import NAME, PASSWORD, pdf, post, secure, sign_in
from tests.surroundings.reading_room import ReadingRoom, fill
from tests.surroundings.small_disk import MEBIBYTE, SmallDisk, small_disk


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("disk"), 48 * MEBIBYTE) as disk:
        yield disk


@pytest.fixture(scope="module")
def room(disk: SmallDisk) -> Iterator[ReadingRoom]:
    room = ReadingRoom(disk.folder / "archive")
    Accounts(room.catalogue).add(NAME, PASSWORD)
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def archivist(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    client = secure(create_app(room.settings))
    assert sign_in(client, NAME, PASSWORD) == 303
    return client


@contextmanager
def full(disk: SmallDisk, leaving: int = 0) -> Iterator[None]:
    disk.fill(leaving)
    try:
        yield
    finally:
        disk.make_room()


def test_of_two_files_each_gets_its_own_answer(
    room: ReadingRoom, archivist: FlaskClient, disk: SmallDisk
) -> None:
    files = [pdf("first.pdf"), pdf("second.pdf", bytes(4 * MEBIBYTE)), pdf("third.pdf")]
    with full(disk, leaving=4 * MEBIBYTE):
        status, page = post(archivist, "add", files=files)
    assert status == 503
    assert page.count("Received; it is searchable as soon as it has been read.") == 2
    assert page.count("the disk has no space for this file") == 1
    assert "second.pdf" in page
    names = {document.filename for document in room.catalogue.documents(("received",))}
    assert names == {"first.pdf", "third.pdf"}
    assert not list(room.originals.folder.glob("*.part"))
    assert post(archivist, "add", files=[pdf("second.pdf", bytes(4 * MEBIBYTE))])[0] == 200


def test_a_file_that_cannot_be_put_aside_is_told_and_the_others_taken_in(
    room: ReadingRoom, archivist: FlaskClient, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is uploaded passes through temporary files, maybe on another disk, which may be full as well."""
    # The test's client puts what it sends there as well, so there is room for it once, not twice.
    with small_disk(disk.folder.parent / "temporary", 4 * MEBIBYTE) as other:
        monkeypatch.setattr(tempfile, "tempdir", str(other.folder))
        files = [pdf("small.pdf"), pdf("large.pdf", bytes(5 * MEBIBYTE // 2)), pdf("last.pdf")]
        status, page = post(archivist, "add", files=files)
    assert status == 503
    assert page.count("Received; it is searchable as soon as it has been read.") == 2
    assert page.count("the disk has no space for this file") == 1
    names = {document.filename for document in room.catalogue.documents(("received",))}
    assert {"small.pdf", "last.pdf"} <= names
    assert "large.pdf" not in names


def test_a_change_that_finds_no_room_says_so_and_is_not_made(
    room: ReadingRoom, archivist: FlaskClient, held: dict[str, Document], disk: SmallDisk
) -> None:
    document = held["speech"]
    with full(disk):
        for number in range(40):  # until there is no room in the files of the catalogue either
            title = f"{number} {'x' * 400}"
            status, page = post(archivist, f"document/{document.id}/describe", title=title)
            if status != 303:
                break
    assert status == 503
    assert "The disk of the archive is full" in page
    assert room.catalogue.document(document.id).title != title
    assert post(archivist, f"document/{document.id}/describe", title="A new title")[0] == 303
    assert room.catalogue.document(document.id).title == "A new title"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "De schijf van het archief is vol"),
        ("fr", "Le disque des archives est plein"),
        ("en", "The disk of the archive is full"),
    ],
)
def test_the_desk_tells_of_a_full_disk(
    archivist: FlaskClient, disk: SmallDisk, language: str, told: str
) -> None:
    address = f"/{language}/archivist/"
    with full(disk):
        page = archivist.get(address)
    assert page.status_code == 200
    assert told in page.get_data(as_text=True)
    assert told not in archivist.get(address).get_data(as_text=True)


def test_the_desk_tells_what_the_worker_waits_for_since_when(
    room: ReadingRoom, archivist: FlaskClient, disk: SmallDisk
) -> None:
    notices = NoticeBoard(room.settings.data)
    notices.clear()
    with full(disk):  # the notice needs no room of its own
        notices.tell(NoMeans("The machine does not let this be done (Too many open files)."))
        first = notices.notice()
        notices.tell(ServiceUnavailable("<b>The database</b> is away."))
        second = notices.notice()
    assert first is not None
    assert second is not None
    assert (first.code, second.code) == ("no-means", "service-unavailable")
    assert first.since == second.since
    page = archivist.get("/en/archivist/").get_data(as_text=True)
    assert "Something prevents documents from being processed." in page
    assert "&lt;b&gt;The database&lt;/b&gt; is away." in page
    assert "Since " in page
    notices.clear()
    assert notices.notice() is None
    assert "prevents documents" not in archivist.get("/en/archivist/").get_data(as_text=True)


def test_a_damaged_notice_is_none(tmp_path: Path) -> None:
    for damage in (b"", b"\0" * 4096, b'{"code": 7}', b"[]", b'{"since": "x", "code": "", "message": ""}'):
        (tmp_path / "worker.notice").write_bytes(damage)
        assert NoticeBoard(tmp_path).notice() is None


def test_readers_find_and_read_on_a_full_disk(
    archivist: FlaskClient, held: dict[str, Document], disk: SmallDisk
) -> None:
    with full(disk):
        for address in ("/fr/search?q=emploi", f"/fr/document/{held['pact_fr'].id}/page/1"):
            assert archivist.get(address).status_code == 200
