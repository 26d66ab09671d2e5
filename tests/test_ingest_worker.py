"""The worker, with the real index and real processes: what comes in is found, or is told why not."""

import shutil
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from archive import fixity
from archive.catalogue import Catalogue
from archive.originals import Originals
from archive.queue import Queue, WorkerLock, WorkerRunning
from archive.records import Description, Document
from index.build import Indexer, open_engine
from index.engine import Filters
from index.errors import IndexMismatch
from index.query import parse
from ingest import ocr
from ingest.intake import Intake
from ingest.limits import Limits
from ingest.pipeline import AGENT_WITH_OCR, Progress, Publisher
from ingest.worker import MOST_ATTEMPTS, Worker
from tests.pdf_files import FR, NL, document, form_bomb, scan_pdf, text_pdf
from tests.sample_pages import sample_page

MEBIBYTE = 1024 * 1024
QUICK = Limits(memory=300 * MEBIBYTE, time=60)


class Archive:
    """An archive in a folder, with all that a worker needs."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.url = f"sqlite:///{data / 'catalogue.sqlite'}"
        self.catalogue = Catalogue.open(self.url)
        self.queue = Queue(self.catalogue)
        self.originals = Originals(data / "originals")
        self.indexer = Indexer(self.catalogue, data / "index")
        self.intake = Intake(self.catalogue, self.originals, "test", max_size=50 * MEBIBYTE)

    def worker(self, limits: Limits = QUICK, publisher: Publisher | None = None) -> Worker:
        parts = (self.catalogue, self.queue, self.originals, self.data, limits)
        return Worker(*parts, publisher or self.indexer)

    def accept(self, name: str, content: bytes, description: Description | None = None) -> str:
        path = self.data.parent / name
        path.write_bytes(content)
        accepted = self.intake.accept(str(path), description or Description())
        assert accepted.document is not None, accepted.error
        return accepted.document

    def found(self, text: str) -> set[tuple[str, int]]:
        """The (document, page) of everything that a search shows."""
        if not (self.data / "index").exists():
            return set()
        engine = open_engine(self.data / "index")
        hidden = self.catalogue.hidden_documents()
        result = engine.search(
            parse(text), Filters(), sort="relevance", offset=0, limit=1000, hidden=hidden, grouped=False
        )
        return {(hit.document, hit.page) for hit in result.hits}

    def events(self, identifier: str, kind: str) -> int:
        return sum(event.type == kind for event in self.catalogue.events(identifier, None))


@pytest.fixture(scope="module")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive as it is made at first, to be copied: making one takes longer than most tests."""
    data = tmp_path_factory.mktemp("empty") / "data"
    Archive(data).catalogue.close()
    return data


@pytest.fixture
def archive(tmp_path: Path, empty_archive: Path) -> Iterator[Archive]:
    shutil.copytree(empty_archive, tmp_path / "data")
    made = Archive(tmp_path / "data")
    with made.catalogue:
        yield made


class Recorder:
    """A publisher that notes what it is asked to do, and does something of the test's besides."""

    def __init__(self, on_add: Callable[[str], object] = lambda identifier: None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._on_add = on_add

    def add(self, document_id: str) -> None:
        self.asked.append(("add", document_id))
        self._on_add(document_id)

    def remove(self, document_id: str) -> None:
        self.asked.append(("remove", document_id))


def test_what_comes_in_is_found_drawn_and_told(archive: Archive) -> None:
    identifier = archive.accept("New Deal.pdf", document("Alfa", 3))
    told: list[tuple[str, int, int]] = []

    def progress(held: Document, done: int, total: int) -> None:
        told.append((held.id, done, total))

    assert archive.worker().run_once(progress) == 2, "reading and drawing"
    held = archive.catalogue.document(identifier)
    assert (held.status, held.reason, held.pages, held.plan) == ("ready", "", 3, "new-deal")
    assert set(held.languages) == {"nl", "fr"}
    assert archive.found("alfa bladzijde") == {(identifier, 1), (identifier, 2), (identifier, 3)}
    assert archive.found('"interlocuteurs sociaux concluent"') == archive.found("alfa")
    assert held.images
    images = archive.data / "renditions" / identifier
    assert sorted(path.name for path in images.glob("**/*.webp")) == sorted(
        ["1.webp", "2.webp", "3.webp"] * 3
    )
    assert images.joinpath("1.webp").read_bytes()[8:12] == b"WEBP"
    assert told[0] == (identifier, 0, 0)
    assert (identifier, 3, 3) in told
    assert archive.queue.waiting() == []
    assert list((archive.data / "work").iterdir()) == []


def processes() -> set[psutil.Process]:
    """Those that this one has started, such as the one that tests of the command line fork theirs from."""
    return set(psutil.Process().children(recursive=True))


def test_each_bad_file_fails_with_its_reason_and_stops_nothing(archive: Archive) -> None:
    before = processes()
    reasons = {
        archive.accept("locked.pdf", text_pdf([["x"]], password="geheim")): "password",
        archive.accept("cut.pdf", document("Beta")[:300]): "read",
        archive.accept("bomb.pdf", form_bomb()): "300 MiB of memory",
        archive.accept("header-only.pdf", b"%PDF-1.7\n"): "read",
    }
    good = archive.accept("good.pdf", document("Gamma", 1))
    archive.worker().run_once()
    for identifier, told in reasons.items():
        held = archive.catalogue.document(identifier)
        assert held.status == "failed"
        assert told in held.reason
        job = archive.queue.latest(identifier, "ingest")
        assert job is not None
        assert (job.state, job.reason) == ("failed", held.reason)
    assert archive.found("gamma") == {(good, 1)}
    assert fixity.check(archive.url, archive.data / "originals").ok
    assert processes() <= before


def test_time_runs_out(archive: Archive) -> None:
    identifier = archive.accept("slow.pdf", document("Alfa"))
    archive.worker(Limits(QUICK.memory, time=0.01)).run_once()
    held = archive.catalogue.document(identifier)
    assert (held.status, held.pages) == ("failed", 0)
    assert held.reason.startswith("Reading it took more than 0.01 seconds.")
    assert "TERUGBLIK_TIME_LIMIT" in held.reason, "the reason names the next step"


def test_too_many_pages(archive: Archive) -> None:
    identifier = archive.accept("long.pdf", document("Alfa", 4))
    archive.worker(Limits(QUICK.memory, QUICK.time, max_pages=3)).run_once()
    assert "TERUGBLIK_MAX_PAGES" in archive.catalogue.document(identifier).reason


def test_a_failed_one_that_is_added_again_is_tried_again(archive: Archive) -> None:
    content = document("Alfa", 1)
    identifier = archive.accept("a.pdf", content)
    archive.worker(Limits(QUICK.memory, time=0.01)).run_once()
    assert archive.accept("a.pdf", content) == identifier
    archive.worker().run_once()
    assert archive.found("alfa") == {(identifier, 1)}


def test_a_lost_original_is_told_as_damage(archive: Archive) -> None:
    identifier = archive.accept("a.pdf", document("Alfa"))
    archive.originals.path(archive.catalogue.document(identifier).sha256).unlink()
    archive.worker().run_once()
    held = archive.catalogue.document(identifier)
    assert held.status == "failed"
    assert "terugblik check" in held.reason


def test_an_error_of_this_program_fails_the_job_not_the_worker(archive: Archive) -> None:
    identifiers = [archive.accept(f"{name}.pdf", document(name, 1)) for name in ("Alfa", "Beta")]

    def break_at_first(identifier: str) -> None:
        if identifier == identifiers[0]:
            raise RuntimeError("no room on the disk")

    archive.worker(publisher=Recorder(break_at_first)).run_once()
    first, second = map(archive.catalogue.document, identifiers)
    assert (first.status, second.status) == ("failed", "ready")
    assert "An error of this program" in first.reason
    assert "no room on the disk" in first.reason


def test_a_document_that_cannot_be_drawn_stays_readable(archive: Archive) -> None:
    identifier = archive.accept("a.pdf", document("Alfa"))
    (archive.data / "renditions").mkdir()
    (archive.data / "renditions" / identifier).write_text("in the way")
    archive.worker().run_once()
    held = archive.catalogue.document(identifier)
    assert (held.status, held.images) == ("ready", False)
    (event,) = [event for event in archive.catalogue.events(identifier) if event.type == "rendering"]
    assert event.after["outcome"] == "warning"
    assert event.after["warnings"]


class TestAgain:
    """A document comes by a second time: described anew, withdrawn, restored."""

    @pytest.fixture
    def held(self, archive: Archive) -> str:
        identifier = archive.accept("a.pdf", document("Alfa", 1))
        archive.worker().run_once()
        document_held = archive.catalogue.document(identifier)
        assert document_held.status == "ready", document_held.reason
        return identifier

    def test_a_new_description_is_indexed_without_reading_the_file_again(
        self, archive: Archive, held: str
    ) -> None:
        archive.catalogue.describe(held, Description(title="Kwartaalbericht"), "test")
        assert archive.worker().run_once() == 1
        assert archive.found("title:kwartaalbericht") == {(held, 1)}
        assert archive.events(held, "extraction") == 1

    def test_a_withdrawn_one_is_taken_out_and_comes_back(self, archive: Archive, held: str) -> None:
        archive.catalogue.withdraw(held, "asked for", "test")
        archive.worker().run_once()
        assert archive.catalogue.document(held).status == "withdrawn"
        engine = open_engine(archive.data / "index")
        everything = engine.search(
            parse("alfa"), Filters(), sort="relevance", offset=0, limit=9, hidden=frozenset(), grouped=False
        )
        assert everything.total == 0, "not only hidden but gone"
        archive.catalogue.restore(held, "test")
        archive.worker().run_once()
        assert archive.found("alfa") == {(held, 1)}
        assert archive.events(held, "extraction") == 1

    def test_one_that_readers_see_survives_a_job_that_fails(self, archive: Archive, held: str) -> None:
        archive.catalogue.describe(held, Description(title="Anders"), "test")

        def fail(_identifier: str) -> None:
            raise RuntimeError

        archive.worker(publisher=Recorder(fail)).run_once()
        assert archive.catalogue.document(held).status == "ready"
        job = archive.queue.latest(held, "ingest")
        assert job is not None
        assert job.state == "failed"

    def test_one_that_is_withdrawn_while_it_is_published_is_not_shown(self, archive: Archive) -> None:
        identifier = archive.accept("b.pdf", document("Beta", 1))
        publisher = Recorder(lambda published: archive.catalogue.withdraw(published, "too early", "test"))
        archive.worker(publisher=publisher).run_once()
        assert archive.catalogue.document(identifier).status == "withdrawn"
        assert publisher.asked[-1] == ("remove", identifier)

    def test_one_that_is_withdrawn_before_its_turn_is_not_read(self, archive: Archive) -> None:
        identifier = archive.accept("b.pdf", document("Beta", 1))
        archive.catalogue.withdraw(identifier, "a mistake", "test")
        publisher = Recorder()
        archive.worker(publisher=publisher).run_once()
        assert archive.events(identifier, "extraction") == 0
        assert ("add", identifier) not in publisher.asked


class TestOcr:
    """A page that waited for an OCR engine is read as soon as there is one."""

    def hold(self, archive: Archive, read_by: str = "worker") -> str:
        """A scan whose page waits for OCR."""
        lines = [line for text in (NL, FR, NL) for line in textwrap.wrap(text, 50)]
        identifier = archive.accept("scan.pdf", scan_pdf(lines))
        archive.catalogue.start(identifier, "test")
        archive.catalogue.store_pages(identifier, [sample_page(1, needs_ocr=True)], [], None, read_by)
        archive.indexer.add(identifier)
        archive.catalogue.mark_ready(identifier, "test")
        job = archive.queue.claim()
        assert job is not None
        archive.queue.finish(job)
        return identifier

    @pytest.mark.skipif(not ocr.is_available(), reason="Tesseract is not installed")
    def test_at_the_next_start_of_the_worker(self, archive: Archive) -> None:
        identifier = self.hold(archive)
        archive.worker(Limits(time=60)).run_once()
        held = archive.catalogue.document(identifier)
        assert (held.status, held.ocr_pages, held.pages_needing_ocr) == ("ready", 1, 0)
        assert archive.found("werkgelegenheid") == {(identifier, 1)}
        assert archive.worker().run_once() == 0, "once is enough"

    @pytest.mark.skipif(not ocr.is_available(), reason="Tesseract is not installed")
    def test_what_ocr_could_not_read_is_not_tried_at_every_start(self, archive: Archive) -> None:
        identifier = self.hold(archive, read_by=AGENT_WITH_OCR)
        assert archive.worker().run_once() == 0
        archive.catalogue.describe(identifier, Description(title="Anders"), "test")
        archive.worker().run_once()
        assert archive.events(identifier, "extraction") == 1


class TestOneWorker:
    def test_a_second_one_is_refused(self, archive: Archive) -> None:
        with WorkerLock(archive.data), pytest.raises(WorkerRunning):
            archive.worker().run_once()

    def test_one_that_runs_for_ever_waits_for_its_turn_and_stops_when_told(self, archive: Archive) -> None:
        identifier = archive.accept("a.pdf", document("Alfa", 1))
        stop = threading.Event()
        publisher = Recorder()
        thread = threading.Thread(target=archive.worker(publisher=publisher).run_forever, args=(stop,))
        with WorkerLock(archive.data):
            thread.start()
            time.sleep(0.6)
            assert archive.catalogue.document(identifier).status == "received"
        wait_for(lambda: archive.catalogue.document(identifier).status == "ready")
        second = archive.accept("b.pdf", document("Beta", 1))
        wait_for(lambda: archive.catalogue.document(second).status == "ready")
        stop.set()
        thread.join(20)
        assert not thread.is_alive()
        assert WorkerLock(archive.data).acquire()

    def test_work_that_is_called_off_waits_for_the_next_start(self, archive: Archive) -> None:
        before = processes()
        identifier = archive.accept("long.pdf", document("Alfa", 300))
        stop = threading.Event()

        def stop_in_the_middle(_document: Document, done: int, _total: int) -> None:
            if done == 2:
                stop.set()

        progress: Progress = stop_in_the_middle
        assert archive.worker().run_once(progress, stop) == 0
        assert [job.document for job in archive.queue.waiting()] == [identifier]
        assert archive.catalogue.document(identifier).status == "processing"
        assert processes() <= before

    def test_what_a_dead_worker_left_is_cleared_and_its_job_done(self, archive: Archive) -> None:
        identifier = archive.accept("a.pdf", document("Alfa", 1))
        assert archive.queue.claim() is not None
        leftover = archive.data / "work" / f"{identifier}-abc" / "pages.jsonl"
        leftover.parent.mkdir(parents=True)
        leftover.write_text("half a page")
        archive.worker().run_once()
        assert not leftover.parent.exists()
        assert archive.found("alfa") == {(identifier, 1)}

    def test_a_document_waits_while_the_index_cannot_be_written(self, archive: Archive) -> None:
        archive.accept("a.pdf", document("Alfa", 1))
        archive.worker().run_once()
        fingerprint = next((archive.data / "index").glob("*/fingerprint.json"))
        fingerprint.write_text('{"fingerprint": "of another version"}')
        identifier = archive.accept("b.pdf", document("Beta", 1))
        with pytest.raises(IndexMismatch):
            archive.worker().run_once()
        assert [(job.document, job.attempts) for job in archive.queue.waiting()] == [(identifier, 0)]
        archive.indexer.rebuild()
        archive.worker().run_once()
        assert archive.catalogue.document(identifier).status == "ready"
        assert archive.found("beta") == {(identifier, 1)}

    def test_a_document_over_which_workers_die_is_given_up(self, archive: Archive) -> None:
        identifier = archive.accept("a.pdf", document("Alfa", 1))
        for _ in range(MOST_ATTEMPTS):
            assert archive.queue.claim() is not None
            archive.queue.requeue_running()
        publisher = Recorder()
        archive.worker(publisher=publisher).run_once()
        held = archive.catalogue.document(identifier)
        assert held.status == "failed"
        assert f"stopped {MOST_ATTEMPTS} times" in held.reason
        assert publisher.asked == []


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(not ocr.is_available(), reason="tesseract is not installed")
def test_what_an_archivist_says_of_ocr_is_done_at_the_next_reading(archive: Archive) -> None:
    lying = (Path(__file__).parent / "documents" / "text-layer-lies.pdf").read_bytes()
    identifier = archive.accept("lying.pdf", lying)
    archive.worker().run_once()
    assert archive.found("gouvernement") == {(identifier, 1), (identifier, 2)}
    archive.catalogue.instruct_ocr(identifier, 1, "forbid", "lea")
    archive.worker().run_once()
    assert archive.found("gouvernement") == {(identifier, 2)}
    assert archive.found("gouvenement") == {(identifier, 1)}
    archive.catalogue.instruct_ocr(identifier, 1, None, "lea")
    archive.worker().run_once()
    assert archive.found("gouvernement") == {(identifier, 1), (identifier, 2)}
