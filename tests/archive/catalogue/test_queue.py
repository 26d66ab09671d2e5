"""The worker's queue, over both kinds of database, and the lock that keeps an archive to one worker."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerLock, WorkerRunning
from archive.errors import DocumentNotFound
from archive.originals import StoredOriginal
from archive.records import Description, Job, Provenance
from tests.material.sample_pages import sample_block, sample_page

pytest_plugins = ["tests.surroundings.postgresql"]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def catalogue(new_catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue.open(new_catalogue_url) as opened:
        yield opened


@pytest.fixture
def queue(catalogue: Catalogue) -> Queue:
    return Queue(catalogue)


def receive(catalogue: Catalogue, name: str) -> str:
    stored = StoredOriginal(hashlib.sha256(name.encode()).hexdigest(), 1)
    return catalogue.receive(stored, name, Description(), Provenance(), "tester")[0].id


def receive_ready(catalogue: Catalogue, name: str) -> str:
    document = receive(catalogue, name)
    queue = Queue(catalogue)
    queue.finish(claim(queue))
    catalogue.store_pages(document, [sample_page(1, sample_block("tekst"))], [], None, "worker")
    catalogue.mark_ready(document, "worker")
    return document


def claim(queue: Queue) -> Job:
    job = queue.claim()
    assert job is not None
    return job


def test_an_empty_queue_has_nothing_to_claim(queue: Queue) -> None:
    assert queue.claim() is None
    assert queue.waiting() == []


def test_what_is_withdrawn_goes_first_then_comes_what_readers_wait_for(
    catalogue: Catalogue, queue: Queue
) -> None:
    shown, gone = receive_ready(catalogue, "shown"), receive_ready(catalogue, "gone")
    queue.enqueue(shown, "render")
    catalogue.withdraw(gone, "x", "archivist")
    first, second = receive(catalogue, "first"), receive(catalogue, "second")
    expected = [(gone, "remove"), (first, "ingest"), (second, "ingest"), (shown, "render")]
    assert [(job.document, job.kind) for job in queue.waiting()] == expected
    assert [(job.document, job.kind) for job in (claim(queue) for _ in expected)] == expected
    assert queue.claim() is None


def test_a_job_is_run_and_done(catalogue: Catalogue, queue: Queue) -> None:
    document = receive(catalogue, "a")
    job = claim(queue)
    assert (job.state, job.attempts) == ("running", 1)
    assert queue.latest(document, "ingest") == job
    queue.finish(job)
    done = queue.latest(document, "ingest")
    assert done is not None
    assert (done.state, done.reason) == ("done", "")


def test_a_failed_job_says_why(catalogue: Catalogue, queue: Queue) -> None:
    document = receive(catalogue, "a")
    queue.fail(claim(queue), "De tijd\x00 was om.")
    failed = queue.latest(document, "ingest")
    assert failed is not None
    assert (failed.state, failed.reason) == ("failed", "De tijd was om.")
    assert queue.claim() is None


def test_an_equal_job_is_queued_once(catalogue: Catalogue, queue: Queue) -> None:
    document = receive(catalogue, "a")
    assert queue.enqueue(document, "ingest") == queue.enqueue(document, "ingest")
    assert len(queue.waiting()) == 1
    assert queue.enqueue(document, "render").kind == "render"
    assert len(queue.waiting()) == 2


def test_what_changes_while_a_job_runs_is_queued_behind_it(catalogue: Catalogue, queue: Queue) -> None:
    document = receive(catalogue, "a")
    running = claim(queue)
    queued = queue.enqueue(document, "ingest")
    assert queued.id != running.id
    assert queue.latest(document, "ingest") == queued


def test_only_documents_of_the_archive_are_queued(queue: Queue) -> None:
    with pytest.raises(DocumentNotFound):
        queue.enqueue("0" * 16, "ingest")
    assert queue.latest("0" * 16, "ingest") is None


def test_the_jobs_of_a_dead_worker_are_queued_again(catalogue: Catalogue, queue: Queue) -> None:
    one, other = receive(catalogue, "one"), receive(catalogue, "other")
    claim(queue)
    claim(queue)
    assert queue.requeue_running() == 2
    assert [job.document for job in queue.waiting()] == [one, other]
    assert claim(queue).attempts == 2
    assert queue.requeue_running() == 1
    assert claim(queue).attempts == 3


def test_a_job_of_a_dead_worker_joins_an_equal_one_that_waits(catalogue: Catalogue, queue: Queue) -> None:
    receive(catalogue, "a")
    orphan = claim(queue)
    queue.enqueue(orphan.document, "ingest")
    assert queue.requeue_running() == 0
    (waiting,) = queue.waiting()
    assert waiting.id != orphan.id
    assert waiting.attempts == 1
    assert claim(queue).attempts == 2


def test_a_removal_that_a_dead_worker_left_does_not_remove_what_was_restored(
    catalogue: Catalogue, queue: Queue
) -> None:
    document = receive_ready(catalogue, "a")
    catalogue.withdraw(document, "x", "archivist")
    assert claim(queue).kind == "remove"
    catalogue.restore(document, "archivist")
    queue.requeue_running()
    assert [job.kind for job in queue.waiting()] == ["ingest"]


def test_a_reading_that_a_dead_worker_left_does_not_index_what_was_withdrawn(
    catalogue: Catalogue, queue: Queue
) -> None:
    document = receive(catalogue, "a")
    assert claim(queue).kind == "ingest"
    catalogue.withdraw(document, "x", "archivist")
    queue.requeue_running()
    assert [job.kind for job in queue.waiting()] == ["remove"]


_CLAIM_ALL = """
import sys
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
with Catalogue.open(sys.argv[1]) as catalogue:
    queue = Queue(catalogue)
    print("open", flush=True)
    sys.stdin.readline()
    while job := queue.claim():
        print(job.id, flush=True)
        queue.finish(job)
"""


def test_two_processes_never_claim_the_same_job(catalogue: Catalogue, new_catalogue_url: str) -> None:
    for number in range(30):
        receive(catalogue, str(number))

    def process() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _CLAIM_ALL, new_catalogue_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    with process() as one, process() as other:
        for each in (one, other):
            assert each.stdout is not None
            assert each.stdout.readline() == "open\n"
        for each in (one, other):
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        claimed = [each.communicate(timeout=60)[0].split() for each in (one, other)]
        assert (one.returncode, other.returncode) == (0, 0)
    assert sorted(int(job) for job in claimed[0] + claimed[1]) == list(range(1, 31))
    assert Queue(catalogue).waiting() == []


_HOLD_LOCK = """
import sys, time
from pathlib import Path
from archive.catalogue.worker_lock import WorkerLock
with WorkerLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_an_archive_has_one_worker_even_after_one_was_killed(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "archive"
    command = [sys.executable, "-c", _HOLD_LOCK, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "held\n"
        lock = WorkerLock(folder)
        assert not lock.acquire()
        with pytest.raises(WorkerRunning), lock:
            pass
        worker.kill()
    assert lock.acquire()
    assert lock.acquire()


def test_the_lock_can_be_given_back_and_taken_again(tmp_path: Path) -> None:
    one, other = WorkerLock(tmp_path), WorkerLock(tmp_path)
    with one:
        assert not other.acquire()
    assert other.acquire()
    other.release()
    other.release()
    assert one.acquire()
    one.release()


def test_a_folder_in_the_place_of_the_lock_is_a_lock_as_well(tmp_path: Path) -> None:
    (tmp_path / "worker.lock" / "inside").mkdir(parents=True)
    with WorkerLock(tmp_path):
        assert not WorkerLock(tmp_path).acquire()
    with WorkerLock(tmp_path):
        pass


def test_what_nobody_asked_for_is_tried_a_bounded_number_of_times(catalogue: Catalogue, queue: Queue) -> None:
    document = receive_ready(catalogue, "a")
    for kind, times in (("render", 1), ("compare", 3)):
        for _ in range(times):
            assert queue.enqueue_unless_failed(document, kind)
            assert queue.enqueue_unless_failed(document, kind), "it waits"
            job = claim(queue)
            assert job.kind == kind
            assert queue.enqueue_unless_failed(document, kind), "it runs"
            assert queue.waiting() == []
            queue.fail(job, "a test")
        assert not queue.enqueue_unless_failed(document, kind)
        queue.enqueue(document, kind)
        queue.finish(claim(queue))
        assert queue.enqueue_unless_failed(document, kind), "it has succeeded since"
        queue.finish(claim(queue))
