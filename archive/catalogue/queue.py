"""The worker's queue: jobs in the catalogue, claimed one at a time."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import case, select

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.document_rows import find_document
from archive.catalogue.job_rows import as_job, change_job, drop_overtaken_jobs, put_job, waiting_row
from archive.database import tables
from archive.outside_text import clean_line
from archive.records import Job, JobKind

_TURN = case({"remove": 0, "ingest": 1, "read": 2, "render": 3}, value=tables.jobs.c.kind, else_=4)
"""What must not be found any more goes first, and takes a moment. Then comes what readers wait for: new
documents and changes; then what is read again, which readers have already; then page images; then what
readers may compare."""


_TRIES: Mapping[JobKind, int] = {"compare": 3}
"""How often a job that nobody asked for may fail in a row; for other kinds once. Comparing also needs other
documents, which may have been the cause."""


class Queue:
    """The jobs of one archive. Any process may add jobs; one worker claims them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._database = catalogue.database

    def enqueue(self, document: str, kind: JobKind) -> Job:
        """Queue a job. If an equal one is already waiting, that one is returned.

        Raises:
            DocumentNotFound: the catalogue has no such document.
        """
        with self._database.writing() as connection:
            find_document(connection, document, hold=True)
            return put_job(connection, document, kind)

    def enqueue_unless_failed(self, document: str, kind: JobKind) -> bool:
        """Queue a job that nobody asked for, unless the last ones of its kind failed. Returns whether it is
        now waiting or running.
        """
        tries = _TRIES.get(kind, 1)
        newest = self._newest(document, kind, tries)
        if newest and newest[0].state in ("queued", "running"):
            return True
        if len(newest) == tries and all(job.state == "failed" for job in newest):
            return False
        self.enqueue(document, kind)
        return True

    def claim(self, besides: Collection[int] = ()) -> Job | None:
        """Take the next job; it counts as running from now on. None if no job is waiting, other than
        `besides`.
        """
        table = tables.jobs
        waiting = table.c.state == "queued", table.c.id.not_in(besides)
        turn = select(table).where(*waiting).order_by(_TURN, table.c.id).limit(1)
        with self._database.writing() as connection:
            row = connection.execute(turn.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            change_job(connection, row.id, state="running", attempts=row.attempts + 1)
            return as_job(connection.execute(select(table).where(table.c.id == row.id)).one())

    def finish(self, job: Job) -> None:
        """The job is done."""
        with self._database.writing() as connection:
            change_job(connection, job.id, state="done")

    def fail(self, job: Job, reason: str) -> None:
        """The job cannot be done; `reason` is for people."""
        with self._database.writing() as connection:
            change_job(connection, job.id, state="failed", reason=clean_line(reason))

    def put_back(self, job: Job) -> None:
        """The job cannot be done now, through no fault of its own: it waits again, and this attempt does not
        count.
        """
        with self._database.writing() as connection:
            waiting = waiting_row(connection, job.document, job.kind)
            if waiting is None or waiting.id == job.id:
                change_job(connection, job.id, state="queued", attempts=job.attempts - 1)
            else:
                change_job(connection, job.id, state="done", reason="overtaken by an equal job")

    def requeue_running(self) -> int:
        """Queue again what a dead worker left running, and return the number of jobs.

        Only for the worker that holds the archive's lock: nobody else can know that the other one is dead.
        """
        table = tables.jobs
        requeued = 0
        with self._database.writing() as connection:
            orphans = connection.execute(select(table).where(table.c.state == "running").order_by(table.c.id))
            for orphan in orphans.all():
                waiting = waiting_row(connection, orphan.document, orphan.kind)
                if waiting is not None:
                    attempts = max(orphan.attempts, waiting.attempts)
                    change_job(connection, waiting.id, attempts=attempts)
                    change_job(connection, orphan.id, state="done", reason="overtaken by an equal job")
                else:
                    change_job(connection, orphan.id, state="queued")
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
            return [as_job(row) for row in rows]

    def waiting(self) -> list[Job]:
        """The waiting jobs, in the order in which they will be claimed."""
        table = tables.jobs
        query = select(table).where(table.c.state == "queued").order_by(_TURN, table.c.id)
        with self._database.reading() as connection:
            return [as_job(row) for row in connection.execute(query)]

    def changing(self, kinds: Sequence[JobKind] = ("ingest", "read", "remove")) -> frozenset[str]:
        """The documents with work of these kinds, waiting or running; without kinds: with work that may
        change what searches find of them.
        """
        table = tables.jobs
        query = select(table.c.document).where(
            table.c.state.in_(("queued", "running")), table.c.kind.in_(kinds)
        )
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())
