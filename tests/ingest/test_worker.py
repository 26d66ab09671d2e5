"""The worker, with the real index and real processes: what comes in is found, or is told why not."""

import itertools
import os
import random
import shutil
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import psutil
import pypdfium2 as pdfium
import pytest
from PIL import Image

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.catalogue.wanted_images import WantedImage, WantedImages
from archive.catalogue.worker_lock import WorkerLock, WorkerRunning
from archive.files.presence import Presence
from archive.images.image_files import LONG_SIDES
from archive.images.large_images import LargeImages
from archive.images.page_images import SIZES, PageImages
from archive.originals import Originals
from archive.preservation import fixity
from archive.records import Description, Document
from archive.surroundings import NoRoom
from archive.worker_notice import NoticeBoard
from index.engine.contract import SearchRequest
from index.engine.left_out import left_out
from index.indexer import open_engine
from index.preparation import Publication
from index.query.parser import parse
from ingest.acquisition.intake import Intake
from ingest.jobs.attempt import MOST_ATTEMPTS
from ingest.jobs.hindrance import HindranceReporter
from ingest.jobs.worker import Worker
from ingest.ocr import tesseract
from ingest.pipeline import AGENT_WITH_OCR, Publisher
from ingest.sandbox.document_reader import Progress
from ingest.sandbox.supervisor import Limits
from tests.material.pdf_files import FR, NL, document, form_bomb, scan_pdf, text_pdf
from tests.material.sample_pages import sample_page

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
        self.indexer = Publication(self.catalogue, data / "index", data / "studies")
        self.intake = Intake(self.catalogue, self.originals, "test", max_size=50 * MEBIBYTE)

    def worker(
        self, limits: Limits = QUICK, publisher: Publisher | None = None, image_room: int = 50 * MEBIBYTE
    ) -> Worker:
        parts = (self.catalogue, self.queue, self.originals, self.data, limits)
        return Worker(*parts, publisher or self.indexer, image_room=image_room)

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
        hidden = left_out(engine, self.catalogue)
        result = engine.search(SearchRequest(parse(text), limit=1000, left_out=hidden))
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

    def prepare(self, document_id: str) -> Iterator[None]:
        self.asked.append(("prepare", document_id))
        return iter(())

    def is_prepared(self, document_id: str) -> bool:
        return True

    def remove(self, document_id: str) -> None:
        self.asked.append(("remove", document_id))


def test_what_comes_in_is_found_drawn_and_told(archive: Archive) -> None:
    identifier = archive.accept("New Deal.pdf", document("Alfa", 3))
    told: list[tuple[str, int, int]] = []

    def progress(held: Document, done: int, total: int) -> None:
        told.append((held.id, done, total))

    assert archive.worker().run_once(progress) == 3, "reading, drawing and comparing"
    held = archive.catalogue.document(identifier)
    assert (held.status, held.reason, held.pages, held.plan) == ("ready", "", 3, "new-deal")
    assert set(held.languages) == {"nl", "fr"}
    assert archive.found("alfa bladzijde") == {(identifier, 1), (identifier, 2), (identifier, 3)}
    assert archive.found('"interlocuteurs sociaux concluent"') == archive.found("alfa")
    assert held.images
    images = archive.data / "renditions" / identifier
    drawn = sorted(path.relative_to(images).as_posix() for path in images.rglob("*.*") if path.is_file())
    thumbnails = [f"thumbnail/{page}.webp" for page in (1, 2, 3)]
    assert drawn == ["1.png", "2.png", "3.png", "drawn.json", *thumbnails]
    assert images.joinpath("1.png").read_bytes()[1:4] == b"PNG"
    assert told[0] == (identifier, 0, 0)
    assert (identifier, 3, 3) in told
    assert archive.queue.waiting() == []
    assert list((archive.data / "work").iterdir()) == []


def processes() -> set[psutil.Process]:
    """Those that this one has started, such as the one that tests of the command line fork theirs from.
    Those of a browser come and go."""
    children = [child for child in psutil.Process().children() if child.name() != "node"]
    return {process for child in children for process in (child, *child.children(recursive=True))}


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


@pytest.fixture(scope="module")
def drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a document of three pages that was read and drawn, to be copied."""
    made = Archive(tmp_path_factory.mktemp("drawn") / "data")
    with made.catalogue:
        made.accept("a.pdf", document("Alfa", 3))
        made.worker().run_once()
    return made.data


class TestImages:
    """Page images come back by themselves, whatever has become of them."""

    @pytest.fixture
    def drawn(self, drawn_once: Path, tmp_path: Path) -> Iterator[Archive]:
        shutil.copytree(drawn_once, tmp_path / "data")
        copied = Archive(tmp_path / "data")
        with copied.catalogue:
            yield copied

    @staticmethod
    def held(archive: Archive) -> tuple[Document, PageImages]:
        (document,) = archive.catalogue.documents()
        return document, PageImages.of(archive.data, document.id)

    @staticmethod
    def delete_all(images: PageImages) -> list[int]:
        shutil.rmtree(images.folder.parent)
        return [1, 2, 3]

    @staticmethod
    def delete_the_document(images: PageImages) -> list[int]:
        shutil.rmtree(images.folder)
        return [1, 2, 3]

    @staticmethod
    def put_a_file_in_the_way(images: PageImages) -> list[int]:
        shutil.rmtree(images.folder)
        images.folder.write_text("in the way")
        return [1, 2, 3]

    @staticmethod
    def delete_some(images: PageImages) -> list[int]:
        images.place(1, "thumbnail").unlink()
        images.place(3, "page").unlink()
        return [1, 3]

    @staticmethod
    def truncate(images: PageImages) -> list[int]:
        images.place(2, "thumbnail").write_bytes(images.place(2, "thumbnail").read_bytes()[:100])
        return [2]

    @staticmethod
    def empty(images: PageImages) -> list[int]:
        images.place(2, "page").write_bytes(b"")
        return [2]

    @staticmethod
    def overwrite(images: PageImages) -> list[int]:
        images.place(2, "page").write_bytes(random.randbytes(images.place(2, "page").stat().st_size))
        return [2]

    @staticmethod
    def overwrite_the_record(images: PageImages) -> list[int]:
        (images.folder / "drawn.json").write_bytes(random.randbytes(2000))
        return [1, 2, 3]

    @staticmethod
    def break_off(images: PageImages) -> list[int]:
        """As a drawing that was killed leaves it."""
        (images.folder / "drawn.json").unlink()
        images.place(3, "page").unlink()
        images.place(3, "thumbnail").rename(images.place(3, "thumbnail").with_suffix(".webp.part"))
        return [3]

    @pytest.mark.parametrize(
        "damage",
        [
            *("delete_all", "delete_the_document", "put_a_file_in_the_way", "delete_some", "truncate"),
            *("empty", "overwrite", "overwrite_the_record", "break_off"),
        ],
    )
    def test_damage_is_noticed_at_the_start_and_mended(self, drawn: Archive, damage: str) -> None:
        held, images = self.held(drawn)
        before = {path.name: path.read_bytes() for path in images.folder.glob("[0-9]*.*")}
        assert len(before) == 3
        assert drawn.worker().run_once(looks_over=True) == 0, "nothing is to be done while all is whole"
        harmed = getattr(self, damage)(images)
        told: list[tuple[int, int]] = []
        jobs = drawn.worker().run_once(lambda _held, done, total: told.append((done, total)), looks_over=True)
        assert (jobs, told[-1]) == (1, (len(harmed), len(harmed))), "only what is missing is drawn"
        assert images.condition(3, thorough=True).is_sound
        assert {path.name: path.read_bytes() for path in images.folder.glob("[0-9]*.*")} == before
        assert not list(images.folder.rglob("*.part"))
        newest = drawn.catalogue.events(held.id)[0]
        assert (newest.type, newest.agent) == ("rendering", "worker")
        assert drawn.worker().run_once(looks_over=True) == 0

    def test_they_come_back_while_a_worker_is_at_work(self, drawn: Archive) -> None:
        held, images = self.held(drawn)
        shutil.rmtree(images.folder)
        stop = threading.Event()
        worker = threading.Thread(target=drawn.worker().run_forever, args=(stop,))
        worker.start()
        wait_for(lambda: images.condition(held.pages).is_sound)
        stop.set()
        worker.join()

    def test_what_cannot_be_drawn_is_told_once_and_tried_again_when_it_is_read_anew(
        self, drawn: Archive
    ) -> None:
        held, images = self.held(drawn)
        shutil.rmtree(images.folder)
        for _ in range(2):
            drawn.worker(Limits(QUICK.memory, time=0.01)).run_once(looks_over=True)
        after = drawn.catalogue.document(held.id)
        assert (after.status, after.pages) == ("ready", 3), "it stays readable"
        events = [event for event in drawn.catalogue.events(held.id) if event.type == "rendering"]
        assert len(events) == 2, "drawn at first, and tried in vain once"
        assert events[0].after["outcome"] == "warning"
        assert "0.01 seconds" in str(events[0].after["warnings"])
        assert images.cannot_be_drawn(2)
        drawn.queue.enqueue(held.id, "read")
        drawn.worker().run_once()
        assert images.find(2) is not None

    def test_a_lost_original_is_waited_for(self, drawn: Archive) -> None:
        held, images = self.held(drawn)
        original = drawn.originals.path(held.sha256)
        aside = original.rename(drawn.data / "aside.pdf")
        shutil.rmtree(images.folder)
        drawn.worker().run_once(looks_over=True)
        job = drawn.queue.latest(held.id, "render")
        assert job is not None
        assert job.state == "failed"
        assert "missing" in job.reason
        assert not drawn.queue.enqueue_unless_failed(held.id, "render"), "nobody tries it for ever"
        aside.rename(original)
        drawn.worker().run_once(looks_over=True)
        assert images.condition(3).is_sound

    def test_those_of_a_reading_with_another_count_of_pages_go(self, drawn: Archive) -> None:
        held, images = self.held(drawn)
        for size in SIZES:
            drawn_too_many = images.place(3, size)
            shutil.copy(drawn_too_many, drawn_too_many.with_stem("4"))
        images.record(4)
        drawn.worker().run_once(looks_over=True)
        assert not images.place(4, "page").exists()
        assert images.condition(held.pages).is_sound


class TestLargeImages:
    """A reader enlarges a page: it is drawn with more pixels, kept while there is room, and gone at once."""

    @pytest.fixture
    def drawn(self, drawn_once: Path, tmp_path: Path) -> Iterator[Archive]:
        shutil.copytree(drawn_once, tmp_path / "data")
        copied = Archive(tmp_path / "data")
        with copied.catalogue:
            yield copied

    @staticmethod
    def large(archive: Archive, page: int) -> Path | None:
        (document,) = archive.catalogue.documents(statuses=("ready", "withdrawn"))
        return LargeImages.of(archive.data, MEBIBYTE).find(document.id, page)

    @staticmethod
    def ask(archive: Archive, *pages: int) -> WantedImages:
        (document,) = archive.catalogue.documents()
        wanted = WantedImages(archive.catalogue)
        for page in pages:
            assert wanted.ask(WantedImage(document.id, page))
        return wanted

    def test_what_is_asked_for_is_drawn_and_only_that(self, drawn: Archive) -> None:
        wanted = self.ask(drawn, 2)
        events = len(drawn.catalogue.events())
        assert drawn.worker().run_once() == 0, "it is no job of the queue"
        place = self.large(drawn, 2)
        assert place is not None
        with Image.open(place) as image:
            assert max(image.size) == LONG_SIDES["large"]
        assert [self.large(drawn, page) for page in (1, 3)] == [None, None]
        assert wanted.waiting(10) == []
        assert len(drawn.catalogue.events()) == events, "it is nothing that history tells"
        assert list((drawn.data / "work").iterdir()) == []

    def test_it_is_drawn_while_a_worker_is_at_work(self, drawn: Archive) -> None:
        stop = threading.Event()
        worker = threading.Thread(target=drawn.worker().run_forever, args=(stop,))
        worker.start()
        self.ask(drawn, 1, 3)
        wait_for(lambda: self.large(drawn, 1) is not None and self.large(drawn, 3) is not None)
        stop.set()
        worker.join()

    def test_readers_who_wait_for_a_page_come_before_the_next_document(self, drawn: Archive) -> None:
        self.ask(drawn, 1)
        seen: list[Path | None] = []
        publisher = Recorder(lambda _identifier: seen.append(self.large(drawn, 1)))
        drawn.accept("b.pdf", document("Beta", 1))
        drawn.worker(publisher=publisher).run_once()
        assert len(seen) == 1
        assert seen[0] is not None

    def test_all_of_them_keep_within_the_room_that_is_set(self, drawn: Archive) -> None:
        self.ask(drawn, 1)
        drawn.worker().run_once()
        first = self.large(drawn, 1)
        assert first is not None
        room = 2 * first.stat().st_size + 1000
        os.utime(first, (1, 1))
        self.ask(drawn, 2, 3)
        drawn.worker(image_room=room).run_once()
        assert self.large(drawn, 1) is None, "it was looked at longest ago"
        kept = [path for page in (2, 3) if (path := self.large(drawn, page)) is not None]
        assert kept
        assert sum(path.stat().st_size for path in kept) <= room
        drawn.worker(image_room=1).run_once()
        assert [self.large(drawn, page) for page in (1, 2, 3)] == [None] * 3, "the room was made smaller"

    def test_a_page_that_cannot_be_drawn_larger_is_not_tried_for_ever(self, drawn: Archive) -> None:
        wanted = self.ask(drawn, 1)
        hopeless = Limits(QUICK.memory, time=0.01)
        for _ in range(3):
            drawn.worker(hopeless).run_once()
        (held,) = drawn.catalogue.documents()
        assert held.status == "ready"
        assert wanted.waiting(10) == []
        assert not wanted.ask(WantedImage(held.id, 1))
        drawn.queue.enqueue(held.id, "read")
        drawn.worker().run_once()
        self.ask(drawn, 1)
        drawn.worker().run_once()
        assert self.large(drawn, 1) is not None

    def test_a_lost_original_costs_only_the_larger_image(self, drawn: Archive) -> None:
        wanted = self.ask(drawn, 1)
        (held,) = drawn.catalogue.documents()
        original = drawn.originals.path(held.sha256)
        aside = original.rename(drawn.data / "aside.pdf")
        assert drawn.worker().run_once() == 0
        assert wanted.waiting(10) == [], "who wants it asks again"
        aside.rename(original)
        self.ask(drawn, 1)
        drawn.worker().run_once()
        assert self.large(drawn, 1) is not None

    def test_a_lock_that_cannot_be_made_costs_only_the_larger_image(
        self, drawn: Archive, caplog: pytest.LogCaptureFixture
    ) -> None:
        wanted = self.ask(drawn, 1)
        lock = drawn.data / "workers" / "large-pages.lock"
        lock.parent.mkdir(exist_ok=True)
        lock.unlink(missing_ok=True)
        lock.symlink_to(drawn.data / "nowhere" / "lock")
        assert drawn.worker().run_once() == 0
        assert "No page can be drawn larger" in caplog.text
        assert len(wanted.waiting(10)) == 1
        lock.unlink()
        drawn.worker().run_once()
        assert self.large(drawn, 1) is not None

    def test_a_damaged_one_is_deleted_when_images_are_mended(self, drawn: Archive) -> None:
        self.ask(drawn, 1, 2)
        drawn.worker().run_once()
        place = self.large(drawn, 1)
        assert place is not None
        place.write_bytes(random.randbytes(1000))
        (held,) = drawn.catalogue.documents()
        drawn.queue.enqueue(held.id, "render")
        drawn.worker().run_once()
        assert not place.exists()
        assert self.large(drawn, 2) is not None

    def test_those_of_a_withdrawn_document_go(self, drawn: Archive) -> None:
        wanted = self.ask(drawn, 1)
        drawn.worker().run_once()
        (held,) = drawn.catalogue.documents()
        self.ask(drawn, 2)
        drawn.catalogue.withdraw(held.id, "asked for", "test")
        drawn.worker().run_once()
        assert [self.large(drawn, page) for page in (1, 2)] == [None, None]
        assert wanted.waiting(10) == []
        drawn.catalogue.restore(held.id, "test")
        drawn.worker().run_once()
        self.ask(drawn, 1)
        drawn.worker().run_once()
        assert self.large(drawn, 1) is not None


def test_another_document_is_read_before_a_long_one_is_drawn_to_its_end(archive: Archive) -> None:
    # Low pages: a hundred and thirty are drawn.
    long = archive.accept("long.pdf", text_pdf([[f"Alfa {page}"] for page in range(130)], height=80))
    told: list[tuple[str, str, int]] = []

    def progress(held: Document, done: int, total: int) -> None:
        status = archive.catalogue.document(long).status
        if held.id == long and status == "ready" and (done, total) == (100, 100):
            archive.accept("short.pdf", document("Beta", 1))
        told.append((held.filename, status, total))

    archive.worker().run_once(progress)
    drawing = [name for name, status, _total in told if status == "ready"]
    assert [name for name, _same in itertools.groupby(drawing)][:3] == ["long.pdf", "short.pdf", "long.pdf"]
    assert max(total for name, _status, total in told if name == "long.pdf") == 130
    assert archive.events(long, "rendering") == 1
    assert PageImages.of(archive.data, long).condition(130, thorough=True).is_sound
    assert archive.found("beta") != set()
    assert all(held.images for held in archive.catalogue.documents())


class TestAgain:
    """A document comes by a second time: described anew, withdrawn, restored."""

    @pytest.fixture
    def archive(self, drawn_once: Path, tmp_path: Path) -> Iterator[Archive]:
        shutil.copytree(drawn_once, tmp_path / "data")
        copied = Archive(tmp_path / "data")
        with copied.catalogue:
            yield copied

    @pytest.fixture
    def held(self, archive: Archive) -> str:
        (document_held,) = archive.catalogue.documents()
        assert document_held.status == "ready", document_held.reason
        return document_held.id

    def test_a_new_description_is_indexed_without_reading_the_file_again(
        self, archive: Archive, held: str
    ) -> None:
        archive.catalogue.describe(held, Description(title="Kwartaalbericht"), "test")
        assert archive.worker().run_once() == 2, "indexing and comparing"
        assert archive.found("title:kwartaalbericht") == {(held, page) for page in (1, 2, 3)}
        assert archive.events(held, "extraction") == 1

    def test_a_withdrawn_one_is_taken_out_and_comes_back(self, archive: Archive, held: str) -> None:
        archive.catalogue.withdraw(held, "asked for", "test")
        archive.worker().run_once()
        assert archive.catalogue.document(held).status == "withdrawn"
        engine = open_engine(archive.data / "index")
        everything = engine.search(SearchRequest(parse("alfa"), limit=9))
        assert everything.total == 0, "not only hidden but gone"
        archive.catalogue.restore(held, "test")
        archive.worker().run_once()
        assert archive.found("alfa") == {(held, page) for page in (1, 2, 3)}
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

    @pytest.mark.skipif(not tesseract.is_available(), reason="Tesseract is not installed")
    def test_at_the_next_start_of_the_worker(self, archive: Archive) -> None:
        identifier = self.hold(archive)
        archive.worker(Limits(time=60)).run_once()
        held = archive.catalogue.document(identifier)
        assert (held.status, held.ocr_pages, held.pages_needing_ocr) == ("ready", 1, 0)
        assert archive.found("werkgelegenheid") == {(identifier, 1)}
        assert archive.worker().run_once() == 0, "once is enough"

    @pytest.mark.skipif(not tesseract.is_available(), reason="Tesseract is not installed")
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

    def test_a_job_that_is_broken_off_can_be_begun_at_once(self, archive: Archive) -> None:
        """Such as by Ctrl-C in `add`, which does its own jobs."""
        identifier = archive.accept("a.pdf", document("Alfa", 3))

        def break_off(_held: Document, _done: int, _total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            archive.worker().run_once(break_off)
        assert [job.document for job in archive.queue.waiting()] == [identifier]
        assert list((archive.data / "workers").glob("*.present")) == []
        archive.worker().run_once()
        assert archive.found("alfa") == {(identifier, page) for page in (1, 2, 3)}

    def test_the_notice_of_a_worker_that_is_gone_is_taken_down(self, archive: Archive) -> None:
        notices, hindrance = (
            NoticeBoard(archive.data),
            HindranceReporter(NoticeBoard(archive.data), archive.data),
        )
        living, gone = Presence(archive.data), Presence(archive.data)
        gone.leave()
        for _ in range(2):  # also after it has looked once
            notices.tell(NoRoom("The disk is full."), gone.claimant.name)
            hindrance.is_over()
            assert notices.notice() is None
        notices.tell(NoRoom("The disk is full."), living.claimant.name)
        hindrance.is_over()
        assert notices.notice() is not None
        living.leave()
        hindrance.is_over()
        assert notices.notice() is None

    def test_what_a_dead_worker_left_is_cleared_and_its_job_done(self, archive: Archive) -> None:
        identifier = archive.accept("a.pdf", document("Alfa", 1))
        died = Presence(archive.data)
        assert archive.queue.claim(by=died.claimant) is not None
        died.leave(is_done=False)
        leftover = archive.data / "work" / died.claimant.name / f"{identifier}-abc" / "pages.jsonl"
        leftover.parent.mkdir(parents=True)
        leftover.write_text("half a page")
        archive.worker().run_once()
        assert list((archive.data / "work").iterdir()) == []
        assert list((archive.data / "workers").glob("*.present")) == []
        assert archive.found("alfa") == {(identifier, 1)}

    def test_an_index_of_another_version_is_made_anew_and_fails_no_document(self, archive: Archive) -> None:
        archive.accept("a.pdf", document("Alfa", 1))
        archive.worker().run_once()
        fingerprint = next((archive.data / "index").glob("*/fingerprint.json"))
        fingerprint.write_text('{"fingerprint": "of another version"}')
        identifier = archive.accept("b.pdf", document("Beta", 1))
        archive.worker().run_once()
        assert archive.catalogue.document(identifier).status == "ready"
        assert archive.found("beta") == {(identifier, 1)}
        assert len(archive.found("alfa")) == 1

    def test_a_document_over_which_workers_die_is_given_up(self, archive: Archive) -> None:
        identifier = archive.accept("a.pdf", document("Alfa", 1))
        for _ in range(MOST_ATTEMPTS):
            assert archive.queue.claim() is not None
            archive.queue.requeue_abandoned(lambda _name: True)
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


@pytest.mark.skipif(not tesseract.is_available(), reason="tesseract is not installed")
def test_what_an_archivist_says_of_ocr_is_done_at_the_next_reading(archive: Archive) -> None:
    """A page whose text layer lies, before one that needs no OCR."""
    lying = Path(__file__).parents[1] / "documents" / "text-layer-lies.pdf"
    both = BytesIO()
    with pdfium.PdfDocument(lying) as first, pdfium.PdfDocument(text_pdf([[FR, "gouvernement"]])) as second:
        first.import_pages(second, index=1)
        first.del_page(2)
        first.save(both)
    identifier = archive.accept("lying.pdf", both.getvalue())
    archive.worker().run_once()
    assert archive.found("gouvernement") == {(identifier, 1), (identifier, 2)}
    archive.catalogue.instruct_ocr(identifier, 1, "forbid", "lea")
    archive.worker().run_once()
    assert archive.found("gouvernement") == {(identifier, 2)}
    assert archive.found("gouvenement") == {(identifier, 1)}
    archive.catalogue.instruct_ocr(identifier, 1, None, "lea")
    archive.worker().run_once()
    assert archive.found("gouvernement") == {(identifier, 1), (identifier, 2)}


class TestStudies:
    """What is worked out beforehand comes back by itself, whatever has become of it."""

    @pytest.fixture
    def prepared(self, drawn_once: Path, tmp_path: Path) -> Iterator[Archive]:
        shutil.copytree(drawn_once, tmp_path / "data")
        copied = Archive(tmp_path / "data")
        with copied.catalogue:
            yield copied

    @staticmethod
    def files(archive: Archive) -> set[str]:
        return {path.name for path in archive.data.glob("studies/*/*") if path.is_file()}

    @pytest.mark.parametrize(
        "damage", ["all gone", "a file in the way", "one gone", "one changed", "record gone"]
    )
    def test_damage_is_noticed_at_the_start_and_mended(self, prepared: Archive, damage: str) -> None:
        (held,) = prepared.catalogue.documents()
        before, folder = self.files(prepared), prepared.data / "studies"
        assert {name.split(".")[0] for name in before} >= {"texts", "anchors", "share", "record"}
        assert prepared.worker().run_once(looks_over=True) == 0, "nothing is to be done while all is whole"
        (text,) = folder.glob("*/texts.*")
        if damage in ("all gone", "a file in the way"):
            shutil.rmtree(folder)
        if damage == "a file in the way":
            folder.write_text("in the way")
        elif damage == "one gone":
            text.unlink()
        elif damage == "one changed":
            text.write_bytes(random.randbytes(text.stat().st_size))
        elif damage == "record gone":
            next(folder.glob("*/record.*")).unlink()
        assert not prepared.indexer.is_prepared(held.id)
        assert prepared.worker().run_once(looks_over=True) == 1
        assert prepared.indexer.is_prepared(held.id)
        assert self.files(prepared) == before
        assert prepared.worker().run_once(looks_over=True) == 0

    def test_comparing_that_fails_is_tried_a_few_times(self, prepared: Archive) -> None:
        (held,) = prepared.catalogue.documents()

        class Failing(Recorder):
            def prepare(self, document_id: str) -> Iterator[None]:
                self.asked.append(("prepare", document_id))
                raise RuntimeError("a fault of the program")

            def is_prepared(self, document_id: str) -> bool:
                return False

        publisher = Failing()
        prepared.worker(publisher=publisher).run_once(looks_over=True)
        assert publisher.asked == [("prepare", held.id)], "tried at the start"
        while prepared.queue.enqueue_unless_failed(held.id, "compare"):
            prepared.worker(publisher=publisher).run_once()
        assert publisher.asked == [("prepare", held.id)] * 3
        assert prepared.catalogue.document(held.id).status == "ready"
        prepared.worker(publisher=publisher).run_once(looks_over=True)
        assert publisher.asked == [("prepare", held.id)] * 4, "once more by the next worker"
        shutil.rmtree(prepared.data / "studies")
        prepared.worker().run_once(looks_over=True)
        assert prepared.indexer.is_prepared(held.id)

    def test_comparing_that_leaves_nothing_behind_is_tried_as_often(self, prepared: Archive) -> None:
        (held,) = prepared.catalogue.documents()

        class Forgetful(Recorder):
            def is_prepared(self, document_id: str) -> bool:
                return False

        publisher = Forgetful()
        prepared.worker(publisher=publisher).run_once(looks_over=True)
        rounds = 0
        while prepared.queue.enqueue_unless_failed(held.id, "compare") and rounds < 5:
            prepared.worker(publisher=publisher).run_once()
            rounds += 1
        assert publisher.asked == [("prepare", held.id)] * 3
        job = prepared.queue.latest(held.id, "compare")
        assert job is not None
        assert (job.state, "studies/" in job.reason) == ("failed", True)
        assert prepared.catalogue.document(held.id).status == "ready"

    def test_they_come_back_while_a_worker_is_at_work(self, prepared: Archive) -> None:
        (held,) = prepared.catalogue.documents()
        shutil.rmtree(prepared.data / "studies")
        stop = threading.Event()
        worker = threading.Thread(target=prepared.worker().run_forever, args=(stop,))
        worker.start()
        wait_for(lambda: prepared.indexer.is_prepared(held.id))
        stop.set()
        worker.join()
