"""What a reader misses of what is worked out beforehand: the answer is there, and the worker is told."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.records import Document
from index.preparation import Publication
from search_app import create_app
from tests.material.two_editions import add_editions
from tests.surroundings.reading_room import ReadingRoom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    made = ReadingRoom(tmp_path)
    yield made
    made.close()


@pytest.fixture
def editions(room: ReadingRoom) -> tuple[Document, Document]:
    """Two editions; all that readers may compare is worked out."""
    older, newer = add_editions(room)
    data = room.settings.data
    for document in (older, newer):
        for _piece in Publication(room.catalogue, data / "index", data / "studies").prepare(document.id):
            pass
    return older, newer


def client(room: ReadingRoom) -> FlaskClient:
    """Of a site that has just been started."""
    return create_app(room.settings).test_client()


def waiting(room: ReadingRoom) -> list[str]:
    """The documents that are to be compared anew."""
    return sorted(job.document for job in room.queue.waiting() if job.kind == "compare")


def wait_for_jobs(room: ReadingRoom, count: int) -> list[str]:
    deadline = time.monotonic() + 20
    while len(waiting(room)) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    return waiting(room)


def files(room: ReadingRoom) -> list[Path]:
    return sorted((room.settings.data / "studies").rglob("*"))


@pytest.mark.parametrize("damage", ["all gone", "damaged"])
def test_the_answer_is_worked_out_and_the_worker_is_told_once(
    room: ReadingRoom, editions: tuple[Document, Document], damage: str
) -> None:
    older, newer = editions
    address = f"/api/v1/documents/{older.id}/versions/{newer.id}"
    before = client(room).get(address)
    assert before.status_code == 200
    assert waiting(room) == [], "all was there"
    folder = room.settings.data / "studies"
    if damage == "all gone":
        shutil.rmtree(folder)
    else:
        next(folder.glob("*/comparison.*")).write_bytes(b"damaged")
    seen = files(room)
    site = client(room)
    for _ in range(2):
        answer = site.get(address)
        assert answer.status_code == 200
        assert answer.json == before.json
    assert wait_for_jobs(room, 2) == sorted([older.id, newer.id])
    assert files(room) == seen, "a reader writes no study"


def test_what_the_worker_would_not_work_out_leaves_no_word(
    room: ReadingRoom, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    answer = client(room).get(f"/api/v1/documents/{newer.id}/versions/{older.id}?swap=yes")
    assert answer.status_code in (200, 400)
    time.sleep(0.5)
    assert waiting(room) == []
