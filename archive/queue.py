"""The worker's queue: jobs in the catalogue, and the lock that keeps the archive to one worker."""

import fcntl
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, case, insert, select, update

from archive import tables
from archive.cleaning import clean_line
from archive.documents import find_document
from archive.errors import ServiceUnavailable
from archive.records import Job, JobKind, Status

if TYPE_CHECKING:
    from archive.catalogue import Catalogue

_TURN = case({"remove": 0, "ingest": 1, "read": 2, "render": 3}, value=tables.jobs.c.kind, else_=4)
"""What must not be found any more goes first, and takes a moment. Then comes what readers wait for: new
documents and changes; then what is read again, which readers have already; then page images; then what
readers may compare."""


_TRIES: Mapping[JobKind, int] = {"compare": 3}
"""How many jobs in a row may fail that nobody asked for; of other kinds one. To compare needs other documents
as well, which may have been in the way."""


class Queue:
    """The jobs of one archive. Any process may put jobs in; one worker takes them out."""

    def __init__(self, catalogue: "Catalogue") -> None:
        self._database = catalogue.database

    def enqueue(self, document: str, kind: JobKind) -> Job:
        """Queue a job; when an equal one waits already, that one is returned.

        Raises:
            DocumentNotFound: the catalogue has no such document.
        """
        with self._database.writing() as connection:
            find_document(connection, document, hold=True)
            return put_job(connection, document, kind)

    def enqueue_unless_failed(self, document: str, kind: JobKind) -> bool:
        """Queue a job that nobody asked for, unless the last ones of its kind failed; whether it waits or
        runs now."""
        tries = _TRIES.get(kind, 1)
        newest = self._newest(document, kind, tries)
        if newest and newest[0].state in ("queued", "running"):
            return True
        if len(newest) == tries and all(job.state == "failed" for job in newest):
            return False
        self.enqueue(document, kind)
        return True

    def claim(self, besides: Collection[int] = ()) -> Job | None:
        """Take the job whose turn it is: it is running from now on. None when none waits but `besides`."""
        table = tables.jobs
        waiting = table.c.state == "queued", table.c.id.not_in(besides)
        turn = select(table).where(*waiting).order_by(_TURN, table.c.id).limit(1)
        with self._database.writing() as connection:
            row = connection.execute(turn.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            _change(connection, row.id, state="running", attempts=row.attempts + 1)
            return _job(connection.execute(select(table).where(table.c.id == row.id)).one())

    def finish(self, job: Job) -> None:
        """The job is done."""
        with self._database.writing() as connection:
            _change(connection, job.id, state="done")

    def fail(self, job: Job, reason: str) -> None:
        """The job cannot be done; `reason` is for people."""
        with self._database.writing() as connection:
            _change(connection, job.id, state="failed", reason=clean_line(reason))

    def put_back(self, job: Job) -> None:
        """The job cannot be done now, by no fault of its own: it waits again; this attempt does not count."""
        with self._database.writing() as connection:
            waiting = _queued(connection, job.document, job.kind)
            if waiting is None or waiting.id == job.id:
                _change(connection, job.id, state="queued", attempts=job.attempts - 1)
            else:
                _change(connection, job.id, state="done", reason="overtaken by an equal job")

    def requeue_running(self) -> int:
        """Queue again what a dead worker left running, and return how many jobs that were.

        Only for the worker that holds the archive's lock: nobody else can know that the other one is dead.
        """
        table = tables.jobs
        requeued = 0
        with self._database.writing() as connection:
            orphans = connection.execute(select(table).where(table.c.state == "running").order_by(table.c.id))
            for orphan in orphans.all():
                waiting = _queued(connection, orphan.document, orphan.kind)
                if waiting is not None:
                    attempts = max(orphan.attempts, waiting.attempts)
                    _change(connection, waiting.id, attempts=attempts)
                    _change(connection, orphan.id, state="done", reason="overtaken by an equal job")
                else:
                    _change(connection, orphan.id, state="queued")
                    requeued += 1
            documents = tables.documents
            for document, status in connection.execute(select(documents.c.id, documents.c.status)).all():
                drop_overtaken_jobs(connection, document, status)
        return requeued

    def latest(self, document: str, kind: JobKind) -> Job | None:
        """The newest job of this kind for the document, whatever its state."""
        return next(iter(self._newest(document, kind, 1)), None)

    def _newest(self, document: str, kind: JobKind, count: int) -> list[Job]:
        table = tables.jobs
        query = select(table).where(table.c.document == document, table.c.kind == kind)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(table.c.id.desc()).limit(count))
            return [_job(row) for row in rows]

    def waiting(self) -> list[Job]:
        """The queued jobs, in the order in which they will be taken."""
        table = tables.jobs
        query = select(table).where(table.c.state == "queued").order_by(_TURN, table.c.id)
        with self._database.reading() as connection:
            return [_job(row) for row in connection.execute(query)]

    def changing(self, kinds: Sequence[JobKind] = ("ingest", "read", "remove")) -> frozenset[str]:
        """The documents with work of these kinds, waiting or begun; else: with work that may change what
        searches find of them."""
        table = tables.jobs
        query = select(table.c.document).where(
            table.c.state.in_(("queued", "running")), table.c.kind.in_(kinds)
        )
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())


def put_job(connection: Connection, document: str, kind: JobKind) -> Job:
    """Queue a job in the transaction of `connection`, which holds the document's row."""
    waiting = _queued(connection, document, kind)
    if waiting is not None:
        return _job(waiting)
    now = datetime.now(UTC)
    values = {"document": document, "kind": kind, "state": "queued", "attempts": 0, "reason": ""}
    connection.execute(insert(tables.jobs).values(**values, queued_at=now, changed_at=now))
    return _job(connection.execute(_queued_query(document, kind)).one())


def index_anew(connection: Connection, row: Row[Any]) -> None:
    """Queue a document whose description or text has changed, unless it is not to be in the index at all."""
    if row.status not in ("failed", "withdrawn"):
        put_job(connection, row.id, "ingest")


def drop_overtaken_jobs(connection: Connection, document: str, status: Status) -> None:
    """Take out of the queue what no longer fits the document's status.

    A withdrawn document is not to be indexed, and one that is not withdrawn is not to be removed.
    """
    for_readers: list[JobKind] = ["ingest", "read", "render", "compare"]
    overtaken: list[JobKind] = for_readers if status == "withdrawn" else ["remove"]
    table = tables.jobs
    connection.execute(
        update(table)
        .where(table.c.document == document, table.c.state == "queued", table.c.kind.in_(overtaken))
        .values(state="done", reason=f"overtaken: the document is {status}", changed_at=datetime.now(UTC))
    )


class WorkerRunning(ServiceUnavailable):
    """Another worker works for this archive."""

    code = "worker-running"
    default_hint = "One worker is enough; stop the other one first (`terugblik serve` has one built in)."


_LONGEST_NUMBER = 16
"""Bytes for the number of a process, so that each is written over the whole of the one before, in place."""


class WorkerLock:
    """One worker at a time for an archive: a lock on ``worker.lock`` that ends with its process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "worker.lock"
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False when another worker holds it."""
        if self._descriptor is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except IsADirectoryError:  # somebody has put a folder there; it can be locked as well
            descriptor = os.open(self._path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        with suppress(OSError):  # the number is for people; the lock holds without it, also on a full disk
            os.pwrite(descriptor, f"{os.getpid()}\n".ljust(_LONGEST_NUMBER).encode("ascii"), 0)
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "WorkerLock":
        if not self.acquire():
            raise WorkerRunning("Another worker is working for this archive.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _queued_query(document: str, kind: JobKind) -> Any:
    table = tables.jobs
    return select(table).where(table.c.document == document, table.c.kind == kind, table.c.state == "queued")


def _queued(connection: Connection, document: str, kind: JobKind) -> Row[Any] | None:
    return connection.execute(_queued_query(document, kind)).one_or_none()


def _change(connection: Connection, job: int, **values: object) -> None:
    table = tables.jobs
    connection.execute(update(table).where(table.c.id == job).values(**values, changed_at=datetime.now(UTC)))


def _job(row: Row[Any]) -> Job:
    return Job(row.id, row.document, row.kind, row.state, row.attempts, row.reason)
