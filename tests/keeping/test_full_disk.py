"""A full disk is not the document's fault: whatever finds no room is put back, told, and done later."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from PIL import Image

from archive.files.presence import living
from archive.records import Document, Job
from archive.surroundings import NoRoom
from archive.worker_notice import NoticeBoard
from ingest.ocr import tesseract
from ingest.sandbox.supervisor import Limits
from tests.ingest.test_worker import Archive
from tests.material.pdf_files import document, scan_pdf
from tests.surroundings.command_line import run_forked
from tests.surroundings.small_disk import MEBIBYTE, SmallDisk, small_disk

ROOT = Path(__file__).parents[2]
LIMITS = Limits(memory=400 * MEBIBYTE, time=120)


@pytest.fixture(scope="module")
def whole_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("disk"), 64 * MEBIBYTE) as disk:
        yield disk


@pytest.fixture
def disk(whole_disk: SmallDisk) -> Iterator[SmallDisk]:
    """The disk of all these tests, with room on it when one begins."""
    whole_disk.make_room()
    yield whole_disk
    whole_disk.make_room()


@pytest.fixture(scope="module")
def archive(whole_disk: SmallDisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One archive on that disk for all these tests; each adds documents of its own."""
    made = Archive(whole_disk.folder / "data")
    with made.catalogue:
        yield made


class Fault:
    """Fills the disk when a worker tells of some progress."""

    def __init__(self, disk: SmallDisk, after: int, leaving: int = 0) -> None:
        self._fill = lambda: disk.fill(leaving)
        self._after = after
        self.is_met = False

    def __call__(self, _document: Document, done: int, total: int) -> None:
        if total and done >= self._after and not self.is_met:
            self.is_met = True
            self._fill()


def latest(archive: Archive, identifier: str) -> Job:
    jobs = [archive.queue.latest(identifier, kind) for kind in ("ingest", "render")]
    return max((job for job in jobs if job is not None), key=lambda job: job.id)


def assert_waits(archive: Archive, identifier: str) -> None:
    """The document is neither blamed nor lost, and nothing half done takes up room."""
    assert archive.catalogue.document(identifier).status in ("received", "processing", "ready")
    assert latest(archive, identifier).state in ("queued", "running")
    assert not list(archive.data.glob("work/*/*"))
    assert not list(archive.data.glob("**/*.part"))


def until(condition: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_no_room_while_a_document_is_read(archive: Archive, disk: SmallDisk, tmp_path: Path) -> None:
    identifier = archive.accept("reading.pdf", document("Lezing", 2))
    fault = Fault(disk, after=1)
    with pytest.raises(NoRoom):
        archive.worker(LIMITS).run_once(fault)
    assert fault.is_met
    disk.make_room()
    assert_waits(archive, identifier)
    archive.worker(LIMITS).run_once()
    assert archive.found("lezing") == {(identifier, 1), (identifier, 2)}
    assert archive.catalogue.document(identifier).images


def test_no_room_while_pages_are_drawn(archive: Archive, disk: SmallDisk) -> None:
    identifier = archive.accept("drawing.pdf", document("Tekening", 3))
    reading = archive.worker(LIMITS)

    class Drawn(Fault):
        def __call__(self, held: Document, done: int, total: int) -> None:
            if held.status == "ready":
                super().__call__(held, done, total)

    fault = Drawn(disk, after=1, leaving=64 * 1024)
    with pytest.raises(NoRoom):
        reading.run_once(fault)
    assert fault.is_met
    disk.make_room()
    assert_waits(archive, identifier)
    held = archive.catalogue.document(identifier)
    assert (held.status, held.images) == ("ready", False)
    assert archive.events(identifier, "rendering") == 0
    images = archive.data / "renditions" / identifier
    for image in [*images.glob("**/*.png"), *images.glob("**/*.webp")]:
        with Image.open(image) as drawn:
            drawn.load()
    archive.worker(LIMITS).run_once()
    assert archive.catalogue.document(identifier).images


@pytest.mark.skipif(not tesseract.is_available(), reason="Tesseract is not installed")
def test_no_room_for_ocr_is_no_page_without_text(archive: Archive, disk: SmallDisk) -> None:
    """Tesseract does not say that its words could not be written, and OCR that fails is only a warning."""
    identifier = archive.accept("scan.pdf", scan_pdf(["Werkgelegenheid en opleiding in Brussel"] * 6))
    disk.fill(leaving=4 * MEBIBYTE)
    with pytest.raises(NoRoom):
        archive.worker(LIMITS).run_once()
    disk.make_room()
    assert_waits(archive, identifier)
    archive.worker(LIMITS).run_once()
    held = archive.catalogue.document(identifier)
    assert (held.status, held.ocr_pages, held.pages_needing_ocr) == ("ready", 1, 0)


def environment(archive: Archive) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TERUGBLIK_")}
    return {**kept, "TERUGBLIK_DATA": str(archive.data), "PYTHONPATH": str(ROOT)}


def terugblik(archive: Archive, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    done = run_forked(tuple(map(str, arguments)), environment(archive), folder)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_commands_that_wait_for_the_reading_say_what_is_wrong_and_end(
    archive: Archive, disk: SmallDisk, tmp_path: Path
) -> None:
    new, other = tmp_path / "new.pdf", tmp_path / "other.pdf"
    identifier = archive.accept("waits.pdf", document("Wachten", 1))
    new.write_bytes(document("Wachten", 1))
    other.write_bytes(document("Elders", 1))
    disk.fill(leaving=MEBIBYTE)
    done = terugblik(archive, tmp_path, "work", "--once")
    assert done.returncode == 6
    assert "has no room" in done.stderr
    done = terugblik(archive, tmp_path, "reread", identifier, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"]) == (6, "queued")
    assert "has no room" in told["reason"]
    assert "has no room" in done.stderr
    done = terugblik(archive, tmp_path, "add", new, other, "--json")
    refused = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [each["status"] for each in refused]) == (6, ["failed"] * 2)
    assert all("has no room" in each["reason"] for each in refused), "an original needs room as well"
    disk.make_room()
    # Of the document and of what a worker did not come to.
    done = terugblik(archive, tmp_path, "add", new, other, "--json")
    assert done.returncode == 0, done.stderr
    assert archive.found("wachten") == {(identifier, 1)}


def test_a_worker_tells_once_of_a_full_disk_and_goes_on_by_itself(
    archive: Archive, disk: SmallDisk, tmp_path: Path
) -> None:
    notices = NoticeBoard(archive.data)
    with (tmp_path / "stderr").open("wb") as stderr:
        command = [sys.executable, str(ROOT / "terugblik.py"), "work"]
        worker = subprocess.Popen(command, env=environment(archive), cwd=tmp_path, stderr=stderr)
    try:
        until(lambda: any(said.endswith(f":{worker.pid}") for said in living(archive.data).values()))
        until(lambda: not archive.queue.waiting())
        new = tmp_path / "patient.pdf"
        new.write_bytes(document("Geduld", 1))
        disk.fill(leaving=2 * MEBIBYTE + 256 * 1024)  # enough to take it in, not to read it
        accepted = archive.intake.accept(str(new))
        disk.fill(leaving=MEBIBYTE)
        identifier = str(accepted.document)
        assert accepted.error is None
        until(lambda: notices.notice() is not None)
        notice = notices.notice()
        assert notice is not None
        assert notice.code == "no-room"
        assert_waits(archive, identifier)
        done = terugblik(archive, tmp_path, "reread", identifier, "--json")
        assert (done.returncode, json.loads(done.stdout)["status"]) == (6, "queued")
        disk.make_room()
        until(lambda: archive.catalogue.document(identifier).images)
        until(lambda: notices.notice() is None)
    finally:
        worker.terminate()
        worker.wait(30)
    said = (tmp_path / "stderr").read_text()
    assert said.count("The worker waits.") == 1, said
    assert said.count("has no room") == 1, said
    assert said.count("The worker goes on.") == 1, said
    assert "Traceback" not in said
    job = archive.queue.latest(identifier, "ingest")
    assert job is not None
    assert job.attempts == 1, "only the attempt that was made counts"


def test_no_room_for_a_new_index_leaves_the_old_one(
    archive: Archive, disk: SmallDisk, tmp_path: Path
) -> None:
    identifier = archive.accept("kept.pdf", document("Behouden", 1))
    archive.worker(LIMITS).run_once()
    before = sorted(archive.data.glob("index/**/*"))
    disk.fill(leaving=16 * 1024)
    done = terugblik(archive, tmp_path, "reindex", "--json")
    assert done.returncode == 6, done.stdout
    assert json.loads(done.stdout)["error"]["code"] == "no-room"
    assert sorted(archive.data.glob("index/**/*")) == before
    disk.make_room()
    assert archive.found("behouden") == {(identifier, 1)}


def test_what_a_killed_reindex_left_is_removed_by_the_next_writer(archive: Archive, disk: SmallDisk) -> None:
    archive.accept("killed.pdf", document("Halverwege", 1))
    archive.worker(LIMITS).run_once()
    half = archive.data / "index" / "generation-0123456789abcdef"
    half.mkdir()
    (half / "fingerprint.json").write_text("{}")
    archive.accept("next.pdf", document("Volgende", 1))
    archive.worker(LIMITS).run_once()
    assert not half.exists()
    assert archive.found("halverwege")
    assert archive.found("volgende")


def test_no_room_while_a_document_is_put_into_the_index(archive: Archive, disk: SmallDisk) -> None:
    archive.accept("before.pdf", document("Voordien", 1))
    archive.worker(LIMITS).run_once()
    before = sorted(archive.data.glob("index/**/*"))
    identifier = archive.accept("indexing.pdf", document("Register", 2))

    class FullDisk:
        """What the worker publishes to, on a disk that is full just then."""

        def add(self, document_id: str) -> None:
            disk.fill()
            archive.indexer.add(document_id)

        def remove(self, document_id: str) -> None:
            archive.indexer.follow([document_id], ())

        def prepare(self, document_id: str) -> Iterator[None]:
            return iter(())

        def is_prepared(self, document_id: str) -> bool:
            return True

    with pytest.raises(NoRoom):
        archive.worker(LIMITS, FullDisk()).run_once()
    assert sorted(archive.data.glob("index/**/*")) == before
    disk.make_room()
    assert_waits(archive, identifier)
    archive.worker(LIMITS).run_once()
    assert archive.found("register") == {(identifier, 1), (identifier, 2)}


def test_no_room_for_a_bag_leaves_nothing_of_it(archive: Archive, disk: SmallDisk, tmp_path: Path) -> None:
    identifier = archive.accept("bag.pdf", document("Zak", 1))
    archive.worker(LIMITS).run_once()
    disk.fill(leaving=8 * 1024)
    before = sorted(disk.folder.iterdir())
    done = terugblik(archive, tmp_path, "export", identifier, "--bag", disk.folder / "bag", "--json")
    assert done.returncode == 6
    assert json.loads(done.stdout)["error"]["code"] == "no-room"
    assert sorted(disk.folder.iterdir()) == before


class Killer:
    """Kills so many readers, one after the other, as soon as each tells of a page."""

    def __init__(self, times: int) -> None:
        self._times = times
        self.killed: set[int] = set()

    def __call__(self, _document: Document, _done: int, total: int) -> None:
        if not total or len(self.killed) == self._times:
            return
        for child in psutil.Process().children():
            with suppress(psutil.Error):  # one that was killed is still told of
                if "ingest.sandbox.reader_process" in child.cmdline() and child.pid not in self.killed:
                    child.kill()
                    self.killed.add(child.pid)


def test_a_reader_that_was_killed_from_outside_is_tried_once_more(archive: Archive, disk: SmallDisk) -> None:
    once, twice = (archive.accept(f"{name}.pdf", document(name, 20)) for name in ("Eenmaal", "Tweemaal"))
    killers = {once: Killer(1), twice: Killer(2)}

    def progress(held: Document, done: int, total: int) -> None:
        if held.status == "processing":
            killers[held.id](held, done, total)

    archive.worker(LIMITS).run_once(progress)
    assert archive.catalogue.document(once).status == "ready"
    failed = archive.catalogue.document(twice)
    assert failed.status == "failed"
    assert "stopped the reader of this file twice" in failed.reason
    assert [len(killers[document].killed) for document in (once, twice)] == [1, 2]


def test_a_disk_on_which_no_file_can_be_made_has_no_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 32 * MEBIBYTE, files=200) as disk:
        made = Archive(disk.folder / "data")
        with made.catalogue:
            identifier = made.accept("few.pdf", document("Weinig", 1))
            many = disk.folder / "many"
            many.mkdir()
            try:
                for number in range(1000):
                    (many / str(number)).touch()
            except OSError:
                pass
            with pytest.raises(NoRoom):
                made.worker(LIMITS).run_once()
            for file in many.iterdir():
                file.unlink()
            made.worker(LIMITS).run_once()
            assert made.catalogue.document(identifier).images


def test_a_result_that_cannot_be_written_is_told_by_the_exit_code(
    archive: Archive, disk: SmallDisk, tmp_path: Path
) -> None:
    archive.accept("result.pdf", document("Uitkomst", 1))
    with (disk.folder / "result").open("wb") as output, (tmp_path / "errors").open("wb") as errors:
        disk.fill()
        command = [sys.executable, str(ROOT / "terugblik.py"), "list", "--json"]
        done = subprocess.run(command, env=environment(archive), cwd=tmp_path, stdout=output, stderr=errors)
    assert done.returncode == 6
    said = (tmp_path / "errors").read_text()
    assert "Traceback" not in said
    assert "Exception ignored" not in said
