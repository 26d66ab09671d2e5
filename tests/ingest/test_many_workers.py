"""Several workers for one archive, each a real process: every document is read once and none is lost, whoever
is killed, stopped or late."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import psutil
import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.originals import Originals
from archive.records import Description, Job, JobKind
from index.engine.contract import SearchRequest
from index.indexer import open_engine
from index.query.parser import parse
from ingest.acquisition.intake import Intake
from tests.material.pdf_files import document
from tests.surroundings.command_line import run_forked, start_forked

if TYPE_CHECKING:
    from tests.surroundings.postgresql import PostgresqlServer

pytest_plugins = ["tests.surroundings.postgresql"]

ROOT = Path(__file__).parents[2]
NEVER = 300.0
"""Seconds of a lease that does not end while a test runs."""
SOON = 1.5
LONGEST = 120.0


class Archive:
    """An archive, and the workers that were started for it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.catalogue = Catalogue.open(url)
        self.queue = Queue(self.catalogue)
        self.started: list[BaseProcess] = []
        self.log = folder / "log"

    def data(self, host: str = "host") -> Path:
        """The folder of the archive on a host of this name."""
        return self.folder / host

    def accept(self, name: str, pages: int = 1, host: str = "host") -> str:
        path = self.folder / f"{name}.pdf"
        path.write_bytes(document(name, pages))
        originals = Originals(self.data(host) / "originals")
        accepted = Intake(self.catalogue, originals, "test", 10_000_000).accept(str(path), Description())
        assert accepted.document is not None, accepted.error
        return accepted.document

    def environment(self, host: str = "host") -> dict[str, str]:
        known = {name: value for name, value in os.environ.items() if not name.startswith("TERUGBLIK_")}
        told = {"TERUGBLIK_DATA": str(self.data(host)), "TERUGBLIK_DATABASE_URL": self.url}
        return {**known, "PYTHONPATH": str(ROOT), **told}

    def work(self, *options: str, host: str = "host", lease: float = NEVER) -> BaseProcess:
        """A worker that runs on; it is at work."""
        before = set(self.present(host))
        worker = start_forked(
            ("work", "--lease", str(lease), *options), self.environment(host), self.folder, self.log
        )
        self.started.append(worker)
        wait_for(lambda: set(self.present(host)) > before)
        return worker

    def present(self, host: str = "host") -> list[Path]:
        return sorted((self.data(host) / "workers").glob("*.present"))

    def job_of(self, worker: BaseProcess) -> Job | None:
        """What a worker is doing."""
        mine = (job for job in self.queue.running() if job.worker.endswith(f":{worker.pid}"))
        return next(mine, None)

    def events(self, identifier: str) -> Counter[str]:
        return Counter(event.type for event in self.catalogue.events(identifier, None))

    def is_idle(self) -> bool:
        return not self.queue.changing(get_args(JobKind))

    def assert_each_is_read_once(self, names: dict[str, str], host: str = "host") -> None:
        assert {held.id for held in self.catalogue.documents()} == names.keys()
        for identifier, name in names.items():
            happened = self.events(identifier)
            assert (happened["extraction"], happened["publication"], happened["failure"]) == (1, 1, 0)
            hits = open_engine(self.data(host) / "index").search(SearchRequest(parse(name), limit=9)).hits
            assert {hit.document for hit in hits} == {identifier}

    def end(self) -> None:
        for worker in self.started:
            with suppress(ProcessLookupError):
                os.kill(worker.pid or 0, signal.SIGCONT)
            worker.kill()
            worker.join(10)
        self.catalogue.close()


@pytest.fixture
def archive(tmp_path: Path, catalogue_url: str) -> Iterator[Archive]:
    made = Archive(tmp_path, catalogue_url)
    yield made
    made.end()


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def end_by_signal(worker: BaseProcess) -> None:
    worker.terminate()
    worker.join(LONGEST)
    assert worker.exitcode == 0


def test_three_workers_read_each_document_once_and_lose_none(archive: Archive) -> None:
    workers = [archive.work() for _ in range(3)]
    names = {archive.accept(name): name for name in ("Alfa", "Beta", "Gamma", "Delta")}
    wait_for(archive.is_idle)
    archive.assert_each_is_read_once(names)
    done = [archive.queue.latest(identifier, "ingest") for identifier in names]
    assert [job.attempts for job in done if job is not None] == [1] * len(names)
    assert len({job.worker for job in done if job is not None}) > 1, "they share the work"
    assert all(held.images for held in archive.catalogue.documents())
    for worker in workers:
        end_by_signal(worker)
    assert archive.present() == []
    assert list((archive.data() / "work").iterdir()) == []
    said = archive.log.read_text("utf-8")
    assert all(f":{worker.pid}) works for the archive" in said for worker in workers)
    assert "Traceback" not in said
    assert run_forked(["check"], archive.environment(), archive.folder).returncode == 0


def one_that_works(archive: Archive, *workers: BaseProcess) -> tuple[BaseProcess, Job]:
    """The one of the workers that has a job, and the job."""
    found: list[tuple[BaseProcess, Job]] = []

    def look() -> bool:
        found.extend((worker, job) for worker in workers if (job := archive.job_of(worker)))
        return bool(found)

    wait_for(look)
    return found[0]


@pytest.mark.parametrize("is_provably_dead", [True, False])
def test_the_job_of_a_killed_worker_is_done_by_another_once(archive: Archive, is_provably_dead: bool) -> None:
    """At once if it shares a folder with the dead one, and else after its lease."""
    workers = [archive.work(lease=NEVER if is_provably_dead else SOON) for _ in range(2)]
    names = {archive.accept("Alfa", 8): "Alfa"}
    victim, job = one_that_works(archive, *workers)
    victim.kill()
    if not is_provably_dead:
        for file in archive.present():
            if file.stem == job.worker_name:
                file.unlink()
    wait_for(archive.is_idle)
    archive.assert_each_is_read_once(names)
    (other,) = {worker for worker in workers if worker is not victim}
    done = archive.queue.latest(job.document, "ingest")
    assert done is not None
    assert (done.attempts, done.worker.rpartition(":")[2]) == (2, str(other.pid))
    end_by_signal(other)


def test_a_worker_that_was_stopped_beyond_its_lease_publishes_nothing_twice(archive: Archive) -> None:
    workers = [archive.work(lease=SOON) for _ in range(2)]
    names = {archive.accept("Alfa", 8): "Alfa"}
    stopped, _job = one_that_works(archive, *workers)
    wait_for(lambda: psutil.Process(stopped.pid).children())  # its reader has begun
    os.kill(stopped.pid or 0, signal.SIGSTOP)
    wait_for(archive.is_idle)
    archive.assert_each_is_read_once(names)
    state = archive.catalogue.state()
    os.kill(stopped.pid or 0, signal.SIGCONT)
    wait_for(lambda: "Another worker does it" in archive.log.read_text("utf-8"))
    archive.assert_each_is_read_once(names)
    assert archive.catalogue.state() == state
    for other in workers:
        if other is not stopped:
            end_by_signal(other)
    names[archive.accept("Beta")] = "Beta"
    wait_for(archive.is_idle)
    archive.assert_each_is_read_once(names)
    end_by_signal(stopped)
    assert "Traceback" not in archive.log.read_text("utf-8")


class TestTwoHosts:
    """Hosts with folders of their own, and with one catalogue."""

    @pytest.fixture
    def archive(self, tmp_path: Path, postgresql_server: "PostgresqlServer") -> Iterator[Archive]:
        made = Archive(tmp_path, postgresql_server.new_database())
        yield made
        made.end()

    def run(self, archive: Archive, host: str) -> dict[str, int]:
        done = run_forked(["work", "--once", "--json"], archive.environment(host), archive.folder)
        assert done.returncode == 0, done.stderr
        told: dict[str, int] = json.loads(done.stdout)
        return told

    def test_a_job_waits_for_a_host_that_has_the_original(self, archive: Archive) -> None:
        here = archive.accept("Alfa", host="here")
        there = archive.accept("Beta", host="there")
        assert self.run(archive, "there") == {"jobs": 3, "elsewhere": 1}
        waiting = archive.queue.latest(here, "ingest")
        assert waiting is not None
        assert (waiting.state, waiting.attempts) == ("queued", 0)
        assert archive.catalogue.document(here).status == "received"
        assert archive.catalogue.document(there).status == "ready"
        assert self.run(archive, "here")["elsewhere"] == 0
        assert {held.id for held in archive.catalogue.documents()} == {here, there}
        again = [self.run(archive, "there")["jobs"] for _ in range(3)]
        assert again[-1] == 0, "nothing goes on for ever"
        archive.assert_each_is_read_once({here: "Alfa", there: "Beta"}, "there")

    def test_who_waits_for_it_on_another_host_is_told(self, archive: Archive) -> None:
        identifier = archive.accept("Alfa", host="here")
        self.run(archive, "here")
        done = run_forked(["reread", identifier, "--json"], archive.environment("there"), archive.folder)
        told = json.loads(done.stdout)
        assert (done.returncode, told["status"]) == (6, "queued")
        assert "lacks the original" in told["reason"]
        self.run(archive, "here")
        assert archive.events(identifier)["extraction"] == 2

    def test_a_killed_worker_of_another_host_loses_its_job_by_its_lease(self, archive: Archive) -> None:
        identifier = archive.accept("Alfa", 8, host="here")
        shutil.copytree(archive.data("here") / "originals", archive.data("there") / "originals")
        dies = archive.work(host="here", lease=SOON)
        wait_for(lambda: archive.job_of(dies))
        dies.kill()
        other = archive.work(host="there", lease=SOON)
        wait_for(archive.is_idle)
        archive.assert_each_is_read_once({identifier: "Alfa"}, "there")
        end_by_signal(other)


class TestProcesses:
    """`work --processes N`."""

    @pytest.fixture
    def archive(self, tmp_path: Path) -> Iterator[Archive]:
        made = Archive(tmp_path, f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
        yield made
        made.end()

    def start(self, archive: Archive, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "terugblik.py"), "work", *options]
        return subprocess.Popen(
            command,
            env=archive.environment(),
            cwd=archive.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test_two_of_them_do_once_all_that_waits(self, archive: Archive) -> None:
        names = {archive.accept(name): name for name in ("Alfa", "Beta", "Gamma")}
        with self.start(archive, "--processes", "2", "--once", "--json") as command:
            told, said = command.communicate(timeout=LONGEST)
        assert (command.returncode, json.loads(told)) == (0, {"jobs": 9, "elsewhere": 0}), said
        archive.assert_each_is_read_once(names)

    def test_one_that_dies_is_replaced_and_one_signal_stops_all(self, archive: Archive) -> None:
        with self.start(archive, "--processes", "2") as command:
            wait_for(lambda: len(archive.present()) == 2)
            first, second = psutil.Process(command.pid).children()
            first.kill()
            wait_for(lambda: len(psutil.Process(command.pid).children()) == 2 and not first.is_running())
            wait_for(lambda: len(archive.present()) == 2)
            family = psutil.Process(command.pid).children(recursive=True)
            assert second in family
            identifier = archive.accept("Alfa")
            wait_for(lambda: archive.catalogue.document(identifier).status == "ready")
            command.send_signal(signal.SIGTERM)
            _told, said = command.communicate(timeout=LONGEST)
        assert command.returncode == 0, said
        assert f"The worker with process {first.pid} was ended (SIGKILL); starting another." in said
        assert psutil.wait_procs(family, timeout=10)[1] == []

    def test_they_end_with_the_command_that_was_killed(self, archive: Archive) -> None:
        with self.start(archive, "--processes", "2") as command:
            wait_for(lambda: len(archive.present()) == 2)
            family = psutil.Process(command.pid).children(recursive=True)
            command.kill()
            assert psutil.wait_procs(family, timeout=30)[1] == []

    def test_an_error_of_one_is_the_error_of_all(self, archive: Archive) -> None:
        archive.accept("Alfa")
        archive.catalogue.close()
        (archive.folder / "catalogue.sqlite").write_bytes(b"")
        for options in ((), ("--json",), ("--once", "--json")):
            with self.start(archive, "--processes", "2", *options) as command:
                told, said = command.communicate(timeout=LONGEST)
            assert command.returncode == 5, said
            assert "catalogue" in (json.loads(told)["error"]["message"] if options else said)

    def test_a_number_that_cannot_be_is_wrong_usage(self, archive: Archive) -> None:
        for number in ("0", "-1", "two", "65"):
            assert (
                run_forked(["work", "--processes", number], archive.environment(), archive.folder).returncode
                == 2
            )
