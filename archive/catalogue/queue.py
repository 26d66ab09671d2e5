"""The queue of the workers: jobs in the catalogue, of which a worker claims one at a time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, case, func, select

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.claims import (
    LEASE,
    Candidate,
    IsDead,
    abandoned_jobs,
    hold,
    put_in_queue,
    release,
    renew,
    take,
    take_over,
)
from archive.catalogue.document_rows import find_document
from archive.catalogue.job_rows import as_job, put_job
from archive.database import tables
from archive.files.presence import Claimant
from archive.outside_text import clean_line
from archive.records import Job, JobKind

_TURN = case({"remove": 0, "ingest": 1, "read": 2, "render": 3}, value=tables.jobs.c.kind, else_=4)
"""What must not be found any more goes first, and takes a moment. Then comes what readers wait for: new
documents and changes; then what is read again, which readers have already; then page images; then what
readers may compare."""


_TRIES: Mapping[JobKind, int] = {"compare": 3}
"""How often a job that nobody asked for may fail in a row; for other kinds once. Comparing also needs other
documents, which may have been the cause."""


_FEW = 20
"""Waiting jobs that are looked at first: mostly one of them can be taken."""


class Queue:
    """The jobs of one archive. Any process may add jobs; any number of workers, on any hosts, claim them."""

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

    def claim(
        self,
        besides: Collection[int] = (),
        *,
        by: Claimant | None = None,
        lease: float = LEASE,
        is_possible: Callable[[Candidate], bool] | None = None,
    ) -> Job | None:
        """Take the next job; it counts as running from now on. None if no job can be taken.

        A document has one running job at a time, so what else waits for it is not taken meanwhile.

        Args:
            besides: numbers of jobs that are left out.
            by: the worker; None: a claimant of its own in this process.
            lease: seconds for which it is the worker's, unless it is renewed.
            is_possible: whether a job can be done here; None: every one.
        """
        table = tables.jobs
        with self._database.writing() as connection:
            self._database.take_turns(connection, "claim")  # else two could take two jobs of a document
            for candidate in connection.execute(_candidates(besides, few=is_possible is None)).all():
                if is_possible is not None and not is_possible(_as_candidate(candidate)):
                    continue
                waiting = select(table).where(table.c.id == candidate.id, table.c.state == "queued")
                row = connection.execute(waiting.with_for_update(skip_locked=True)).one_or_none()
                if row is not None:
                    until = self._database.clock(connection) + timedelta(seconds=lease)
                    return take(connection, row, by or Claimant(), until)
        return None

    def finish(self, job: Job) -> None:
        """The job is done.

        Raises:
            ClaimLost: another worker has it, or had it.
        """
        with self._database.writing() as connection:
            hold(connection, job)
            release(connection, job, "done")

    def fail(self, job: Job, reason: str) -> None:
        """The job cannot be done; `reason` is for people.

        Raises:
            ClaimLost: another worker has it, or had it.
        """
        with self._database.writing() as connection:
            hold(connection, job)
            release(connection, job, "failed", reason=clean_line(reason))

    def put_back(self, job: Job) -> None:
        """The job cannot be done now, through no fault of its own: it waits again, and this attempt does not
        count.

        Raises:
            ClaimLost: another worker has it, or had it.
        """
        with self._database.writing() as connection:
            hold(connection, job)
            put_in_queue(connection, job, job.attempts - 1)

    def require(self, job: Job) -> None:
        """See whether a running job is still its worker's.

        Raises:
            ClaimLost: another worker has it, or had it.
        """
        with self._database.writing() as connection:
            hold(connection, job)

    def renew(self, job: Job, lease: float = LEASE) -> bool:
        """Hold a running job for `lease` seconds more. Returns False if it is another worker's now."""
        return renew(self._database, job, lease)

    def requeue_abandoned(self, is_dead: IsDead) -> list[Job]:
        """Queue again the jobs whose lease has ended or whose worker is dead; their attempts count. Returns
        those that wait now.
        """
        found = abandoned_jobs(self._database, is_dead)
        return [job for job in found if take_over(self._database, job, is_dead)]

    def running(self) -> list[Job]:
        """What workers are doing, longest first."""
        table = tables.jobs
        query = select(table).where(table.c.state == "running").order_by(table.c.changed_at, table.c.id)
        with self._database.reading() as connection:
            return [as_job(row) for row in connection.execute(query)]

    def latest(self, document: str, kind: JobKind) -> Job | None:
        """The newest job of this kind for the document, whatever its state."""
        return next(iter(self._newest(document, kind, 1)), None)

    def _newest(self, document: str, kind: JobKind, count: int) -> list[Job]:
        table = tables.jobs
        query = select(table).where(table.c.document == document, table.c.kind == kind)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(table.c.id.desc()).limit(count))
            return [as_job(row) for row in rows]

    def waiting(self, limit: int | None = None) -> list[Job]:
        """The waiting jobs, at most `limit`, in the order in which they will be claimed."""
        table = tables.jobs
        query = select(table).where(table.c.state == "queued").order_by(_TURN, table.c.id).limit(limit)
        with self._database.reading() as connection:
            return [as_job(row) for row in connection.execute(query)]

    def waiting_by_kind(self) -> dict[JobKind, int]:
        """How many jobs of each kind wait; kinds without any are left out."""
        table = tables.jobs
        query = select(table.c.kind, func.count().label("waiting")).where(table.c.state == "queued")
        with self._database.reading() as connection:
            return {row.kind: row.waiting for row in connection.execute(query.group_by(table.c.kind))}

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


def _candidates(besides: Collection[int], *, few: bool) -> Select[Any]:
    """The jobs that may be claimed, in their order, with what is known of their documents; or the numbers of
    the first few, as another transaction may just hold some."""
    job, document = tables.jobs.c, tables.documents.c
    at_work = select(job.document).where(job.state == "running").scalar_subquery()
    is_free = job.state == "queued", job.id.not_in(besides), job.document.not_in(at_work)
    if few:
        return select(job.id).where(*is_free).order_by(_TURN, job.id).limit(_FEW)
    known = document.sha256, document.pages, document.pages_needing_ocr
    everything = select(job.id, job.document, job.kind, *known).where(*is_free).order_by(_TURN, job.id)
    return everything.join_from(tables.jobs, tables.documents, job.document == document.id)


def _as_candidate(row: Row[Any]) -> Candidate:
    return Candidate(row.document, row.kind, row.sha256, bool(row.pages) and not row.pages_needing_ocr)
