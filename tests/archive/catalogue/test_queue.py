"""The queue of the workers and their leases, over both kinds of database, and the lock that they share."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.claims import Candidate, ClaimLost, held_by
from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerLock, WorkerRunning
from archive.database.database import CatalogueBusy
from archive.errors import DocumentNotFound
from archive.files.presence import Claimant
from archive.originals import StoredOriginal
from archive.records import Description, Job, Page, Provenance
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
    assert [(job.document, job.kind) for job in queue.waiting(limit=2)] == expected[:2]
    assert queue.waiting_by_kind() == {"remove": 1, "ingest": 2, "render": 1}
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


def dead(_name: str) -> bool:
    """That every worker is proved dead."""
    return True


def test_the_jobs_of_a_dead_worker_are_queued_again(catalogue: Catalogue, queue: Queue) -> None:
    one, other = receive(catalogue, "one"), receive(catalogue, "other")
    claim(queue)
    claim(queue)
    assert [job.document for job in queue.requeue_abandoned(dead)] == [one, other]
    assert [job.document for job in queue.waiting()] == [one, other]
    assert claim(queue).attempts == 2
    assert len(queue.requeue_abandoned(dead)) == 1
    assert claim(queue).attempts == 3


def test_a_job_of_a_dead_worker_joins_an_equal_one_that_waits(catalogue: Catalogue, queue: Queue) -> None:
    receive(catalogue, "a")
    orphan = claim(queue)
    queue.enqueue(orphan.document, "ingest")
    assert queue.requeue_abandoned(dead) == []
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
    queue.requeue_abandoned(dead)
    assert [job.kind for job in queue.waiting()] == ["ingest"]


def test_a_reading_that_a_dead_worker_left_does_not_index_what_was_withdrawn(
    catalogue: Catalogue, queue: Queue
) -> None:
    document = receive(catalogue, "a")
    assert claim(queue).kind == "ingest"
    catalogue.withdraw(document, "x", "archivist")
    queue.requeue_abandoned(dead)
    assert [job.kind for job in queue.waiting()] == ["remove"]


_CLAIM_ALL = """
import sys
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.claims import Candidate, ClaimLost, held_by
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


def alive(_name: str) -> bool:
    """That no worker is proved dead."""
    return False


class TestLeases:
    def test_a_document_has_one_running_job(self, catalogue: Catalogue, queue: Queue) -> None:
        one, other = receive_ready(catalogue, "one"), receive_ready(catalogue, "other")
        for document in (one, other):
            queue.enqueue(document, "render")
            queue.enqueue(document, "compare")
        first, second = claim(queue), claim(queue)
        assert [(first.document, first.kind), (second.document, second.kind)] == [
            (one, "render"),
            (other, "render"),
        ]
        assert queue.claim() is None, "both documents have a worker"
        queue.finish(second)
        assert claim(queue).document == other
        assert queue.claim() is None

    def test_who_works_is_told(self, catalogue: Catalogue, queue: Queue) -> None:
        document = receive(catalogue, "a")
        worker = Claimant(host="archive-1", process=4711)
        job = queue.claim(by=worker)
        assert queue.running() == [job]
        assert job is not None
        assert (job.document, job.worker, job.worker_name) == (document, "archive-1:4711", worker.name)
        assert job.changed_at is not None
        queue.finish(job)
        assert queue.running() == []

    def test_a_lease_that_has_not_ended_holds(self, catalogue: Catalogue, queue: Queue) -> None:
        receive(catalogue, "a")
        job = claim(queue)
        assert queue.requeue_abandoned(alive) == []
        assert queue.renew(job)
        queue.finish(job)
        assert not queue.renew(job), "it is over"

    def test_a_job_whose_lease_has_ended_is_another_workers(self, catalogue: Catalogue, queue: Queue) -> None:
        document = receive(catalogue, "a")
        lost = queue.claim(lease=0)
        assert lost is not None
        assert [job.document for job in queue.requeue_abandoned(alive)] == [document]
        with pytest.raises(ClaimLost):
            queue.require(lost)
        mine = claim(queue)
        assert (mine.id, mine.attempts) == (lost.id, 2)
        assert not queue.renew(lost)
        for late in (queue.finish, queue.put_back, lambda job: queue.fail(job, "late")):
            with pytest.raises(ClaimLost):
                late(lost)
        assert queue.running() == [mine]
        queue.finish(mine)

    def test_one_that_is_renewed_in_time_is_kept(self, catalogue: Catalogue, queue: Queue) -> None:
        receive(catalogue, "a")
        job = queue.claim(lease=0)
        assert job is not None
        assert queue.renew(job)
        assert queue.requeue_abandoned(alive) == []
        queue.finish(job)

    def test_who_lost_a_job_cannot_publish(self, catalogue: Catalogue, queue: Queue) -> None:
        document = receive(catalogue, "a")
        lost = queue.claim(lease=0)
        assert lost is not None
        late = held_by(catalogue, lost)
        late.start(document, "late")
        queue.requeue_abandoned(alive)
        mine = held_by(catalogue, claim(queue))
        pages = [sample_page(1, sample_block("laat"))]
        state = catalogue.state()
        for change in (
            lambda: late.store_pages(document, pages, [], None, "late"),
            lambda: late.store_dates(document, [], "late"),
            lambda: late.mark_ready(document, "late"),
            lambda: late.mark_failed(document, "late", "late"),
            lambda: late.mark_images(document, "late"),
            lambda: late.record(document, "rendering", "late", {}, {}),
            lambda: Queue(late).enqueue(document, "render"),
        ):
            with pytest.raises(ClaimLost):
                change()
        assert catalogue.state() == state
        mine.store_pages(document, [sample_page(1, sample_block("op tijd"))], [], None, "in time")
        mine.mark_ready(document, "in time")
        (page,) = catalogue.pages(document)
        assert [block.text for block in page.blocks] == ["op tijd"]
        assert catalogue.document(document).status == "ready"

    def test_nobody_takes_a_job_while_its_worker_publishes(
        self, catalogue: Catalogue, catalogue_url: str
    ) -> None:
        """Its lease may have ended meanwhile: what is being stored is stored, and not begun anew."""
        queue, document = Queue(catalogue), receive(catalogue, "a")
        job = queue.claim(lease=0)
        assert job is not None
        separator = "&" if "?" in catalogue_url else "?"
        wait = "" if "postgresql" in catalogue_url else f"{separator}timeout=0.1"
        with Catalogue.open(catalogue_url + wait) as other:
            taken: list[object] = []

            def storing() -> Iterator[Page]:
                try:
                    taken.extend(Queue(other).requeue_abandoned(alive))
                except CatalogueBusy:  # a file has one writer
                    taken.clear()
                yield sample_page(1, sample_block("tekst"))

            held_by(catalogue, job).store_pages(document, storing(), [], None, "worker")
            assert taken == []
        queue.finish(job)

    def test_a_job_that_is_put_back_does_not_count(self, catalogue: Catalogue, queue: Queue) -> None:
        receive(catalogue, "a")
        job = claim(queue)
        queue.put_back(job)
        assert claim(queue).attempts == 1

    def test_what_cannot_be_done_here_is_left_to_others(self, catalogue: Catalogue, queue: Queue) -> None:
        here, there = receive_ready(catalogue, "here"), receive(catalogue, "there")
        queue.enqueue(here, "render")
        asked: list[Candidate] = []

        def is_possible(candidate: Candidate) -> bool:
            asked.append(candidate)
            return candidate.document == here

        job = queue.claim(is_possible=is_possible)
        assert job is not None
        assert (job.document, job.kind) == (here, "render")
        assert [(one.document, one.kind, one.is_read) for one in asked] == [
            (there, "ingest", False),
            (here, "render", True),
        ]
        assert queue.claim(is_possible=is_possible) is None
        assert [(one.document, one.attempts) for one in queue.waiting()] == [(there, 0)]

    def test_a_writer_that_was_stopped_on_a_server_does_not_hold_up_others_for_ever(
        self, catalogue: Catalogue
    ) -> None:
        with catalogue.database.writing() as connection:
            if connection.dialect.name == "postgresql":
                limit = text("SHOW idle_in_transaction_session_timeout")
                assert connection.execute(limit).scalar() == "3min"


def test_workers_share_the_lock_and_who_must_be_alone_does_not(tmp_path: Path) -> None:
    one, other, alone = (WorkerLock(tmp_path) for _ in range(3))
    assert one.acquire_first()
    assert not other.acquire_first(), "one is there already"
    assert other.acquire(shared=True)
    assert not alone.acquire()
    with pytest.raises(WorkerRunning), alone:
        pass
    one.release()
    assert not alone.acquire()
    other.release()
    with alone:
        assert not one.acquire(shared=True)
