"""The number that names a state of the catalogue, over both kinds of database."""

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, make_url, text

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.database.database import CatalogueBusy
from archive.errors import DocumentNotFound
from archive.originals import StoredOriginal
from archive.records import Description, Page, Provenance, WrittenBlock
from tests.material.sample_pages import sample_block, sample_page
from tests.surroundings.postgresql import PostgresqlServer

pytest_plugins = ["tests.surroundings.postgresql"]


@pytest.fixture
def catalogue(new_catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(new_catalogue_url) as opened:
        yield opened


def receive_ready(catalogue: Catalogue, name: str) -> str:
    stored = StoredOriginal(hashlib.sha256(name.encode()).hexdigest(), 1)
    document, _is_new = catalogue.receive(stored, name, Description(), Provenance(), "tester")
    catalogue.store_pages(document.id, [sample_page(1, sample_block("tekst"))], [], None, "worker")
    return catalogue.mark_ready(document.id, "worker").id


@contextmanager
def held_at_its_commit(change: Callable[[], object]) -> Iterator[None]:
    """The time in which `change` has done all but commit; it has committed after it."""
    arrived, may_commit = threading.Event(), threading.Event()
    writer = threading.Thread(target=change)

    def wait(_connection: Connection) -> None:
        if threading.current_thread() is writer:
            arrived.set()
            may_commit.wait(30)

    event.listen(Engine, "commit", wait)
    try:
        writer.start()
        assert arrived.wait(30)
        yield
    finally:
        may_commit.set()
        writer.join()
        event.remove(Engine, "commit", wait)


def test_a_change_that_is_committed_late_moves_the_state_as_well(catalogue: Catalogue) -> None:
    late, early = receive_ready(catalogue, "late"), receive_ready(catalogue, "early")
    began_second = threading.Thread(target=catalogue.describe, args=(early, Description("x"), "second"))
    before = catalogue.state(late)
    with held_at_its_commit(lambda: catalogue.withdraw(late, "Privacy", "first")):
        began_second.start()
        began_second.join(0.5)  # it has committed by now, or waits for the first one
        seen, shown = catalogue.state(), catalogue.documents()
        assert late in {document.id for document in shown}
        assert catalogue.state(late) == before
    began_second.join()
    assert late not in {document.id for document in catalogue.documents()}
    assert catalogue.state() > seen
    assert catalogue.state(late) > before


def test_every_change_that_readers_may_see_moves_the_state(catalogue: Catalogue) -> None:
    document, other = receive_ready(catalogue, "a"), receive_ready(catalogue, "b")
    stays = catalogue.state(other)
    page = sample_page(1, sample_block("andere tekst"))
    correction = [WrittenBlock("paragraph", "nl", "Met de hand")]
    for change in (
        lambda: catalogue.describe(document, Description(title="Titel"), "tester"),
        lambda: catalogue.store_pages(document, [page], [], None, "tester"),
        lambda: catalogue.store_dates(document, [], "tester"),
        lambda: catalogue.correct_page(document, 1, correction, "tester"),
        lambda: catalogue.withdraw_correction(document, 1, "tester"),
        lambda: catalogue.mark_images(document, "tester"),
        lambda: catalogue.withdraw(document, "x", "tester"),
        lambda: catalogue.restore(document, "tester"),
        lambda: catalogue.start(document, "tester"),
        lambda: catalogue.mark_failed(document, "x", "tester"),
        lambda: catalogue.mark_ready(document, "tester"),
    ):
        before = catalogue.state()
        change()
        assert catalogue.state() > before
        assert catalogue.state(document) == catalogue.state()
    assert catalogue.state(other) == stays


def test_what_readers_cannot_see_leaves_the_state_alone(catalogue: Catalogue) -> None:
    document, queue = receive_ready(catalogue, "a"), Queue(catalogue)
    before = catalogue.state()
    queue.enqueue(document, "render")
    job = queue.claim()
    assert job is not None
    queue.finish(job)
    catalogue.mark_ready(document, "worker")  # as it is already
    catalogue.describe(document, Description(), "tester")
    assert catalogue.state() == before


def test_a_change_that_was_undone_leaves_the_state_alone(catalogue: Catalogue) -> None:
    document = receive_ready(catalogue, "a")
    before = (catalogue.state(), catalogue.state(document))

    def broken() -> Iterator[Page]:
        yield sample_page(1, sample_block("half"))
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        catalogue.store_pages(document, broken(), [], None, "worker")
    assert (catalogue.state(), catalogue.state(document)) == before


def test_there_is_no_state_of_a_document_that_is_not_there(catalogue: Catalogue) -> None:
    for identifier in ("0" * 16, "nonsense"):
        with pytest.raises(DocumentNotFound):
            catalogue.state(identifier)


def test_a_catalogue_that_was_put_back_never_repeats_a_state(tmp_path: Path) -> None:
    kept, path = tmp_path / "backup.sqlite", tmp_path / "catalogue.sqlite"
    url = f"sqlite:///{path}"
    with Catalogue.open(url) as catalogue:
        document = receive_ready(catalogue, "a")
        at_backup = catalogue.state()
    shutil.copy(path, kept)

    def states() -> set[int]:
        found = set()
        with Catalogue.open(url) as catalogue:
            for number in range(20):
                catalogue.describe(document, Description(title=f"{number}"), "tester")
                found |= {catalogue.state(), catalogue.state(document)}
        return found

    lost = states()
    shutil.copy(kept, path)
    with Catalogue.open(url) as catalogue:
        assert catalogue.state() == at_backup
    assert not lost & states()


def test_two_catalogues_share_no_state(tmp_path: Path, new_catalogue_url: str) -> None:
    with Catalogue.open(new_catalogue_url) as catalogue:
        state = catalogue.state()
    if make_url(new_catalogue_url).get_backend_name() == "sqlite":
        with Catalogue.open(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
            assert other.state() != state


def test_a_change_that_paused_too_long_is_no_fault_of_a_document(postgresql_server: PostgresqlServer) -> None:
    def pause(catalogue: Catalogue) -> None:
        with catalogue.database.writing() as connection:
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
            time.sleep(0.5)
            connection.execute(text("SELECT 1"))

    url = postgresql_server.new_catalogue()
    with Catalogue.open(url) as catalogue, pytest.raises(CatalogueBusy, match="paused for too long"):
        pause(catalogue)
