"""Who holds a running job, and for how long? A worker claims it by a lease, which it renews while it works.

A claim has a text that no other has. Each transaction by which a worker changes its document looks first
whether the job still has that text, and holds its row until the end. So a worker that was stopped for longer
than its lease, and whose job another one has taken, publishes nothing when it goes on. Leases end by the
clock of the database; no host compares them with its own.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.document_rows import find_document
from archive.catalogue.job_rows import as_job, change_job, drop_overtaken_jobs, waiting_row
from archive.database import tables
from archive.database.database import Database
from archive.files.presence import Claimant
from archive.records import Job, JobKind

LEASE = 180.0
"""Seconds that a claim holds without being renewed. Longer than a writer may wait for its turn at a catalogue
in a file (120), so that no worker loses its job while another one stores a long document."""

IsDead = Callable[[str], bool]
"""Whether it is proved that the worker with this name has ended."""


class ClaimLost(Exception):
    """Another worker has, or had, the job that this one was doing. Nothing of it may be published."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A job that may be claimed next."""

    document: str
    kind: JobKind
    sha256: str
    """The checksum of the document's original."""
    is_read: bool
    """Whether the document has pages, and none that waits for OCR."""


def take(connection: Connection, row: Row[Any], by: Claimant, until: datetime) -> Job:
    """Mark a waiting job, whose row is held, as running."""
    change_job(
        connection,
        row.id,
        state="running",
        attempts=row.attempts + 1,
        claimed_by=str(by),
        claim=f"{by.name}.{secrets.token_hex(8)}",
        lease_until=until,
    )
    return as_job(connection.execute(select(tables.jobs).where(tables.jobs.c.id == row.id)).one())


def hold(connection: Connection, job: Job) -> None:
    """See to it that nobody takes the job over before the end of the transaction.

    Raises:
        ClaimLost: somebody did already.
    """
    query = select(tables.jobs.c.id).where(_is_claimed_as(job)).with_for_update()
    if connection.execute(query).one_or_none() is None:
        raise ClaimLost(f"The {job.kind} job of document {job.document} is no longer this worker's.")


def held_by(catalogue: Catalogue, job: Job) -> Catalogue:
    """The catalogue for the worker that does `job`: it can write there as long as the job is its own.

    Otherwise whatever writes raises ClaimLost.
    """
    return catalogue.on_condition(lambda connection: hold(connection, job))


def _is_claimed_as(job: Job) -> ColumnElement[bool]:
    """Whether the job still runs under the claim that `job` names; those of an old version have none."""
    table = tables.jobs.c
    is_same_claim = table.claim.is_not_distinct_from(job.claim or None)
    return and_(table.id == job.id, table.state == "running", is_same_claim)


def release(connection: Connection, job: Job, state: str, **values: object) -> None:
    """End the claim on a job that is held, and give the job the state that follows."""
    change_job(connection, job.id, state=state, claim=None, lease_until=None, **values)


def put_in_queue(connection: Connection, job: Job, attempts: int) -> bool:
    """Have a job that is held wait again. Returns False if an equal one waits already and takes its place."""
    status = find_document(connection, job.document, hold=True).status
    waiting = waiting_row(connection, job.document, job.kind)
    if waiting is None:
        release(connection, job, "queued", attempts=attempts)
    else:
        change_job(connection, waiting.id, attempts=max(attempts, waiting.attempts))
        release(connection, job, "done", reason="overtaken by an equal job")
    drop_overtaken_jobs(connection, job.document, status)
    return waiting is None


def renew(database: Database, job: Job, seconds: float) -> bool:
    """Hold a job for `seconds` more. Returns False if it is another worker's now."""
    table = tables.jobs
    with database.writing() as connection:
        until = database.clock(connection) + timedelta(seconds=seconds)
        change = update(table).where(_is_claimed_as(job)).values(lease_until=until)
        return connection.execute(change).rowcount == 1


def abandoned_jobs(database: Database, is_dead: IsDead) -> Sequence[Job]:
    """The running jobs whose lease has ended, or whose worker is dead."""
    table = tables.jobs
    with database.reading() as connection:
        rows = connection.execute(select(table).where(table.c.state == "running").order_by(table.c.id)).all()
        now = database.clock(connection) if rows else None
    return [as_job(row) for row in rows if now is not None and _is_abandoned(row, now, is_dead)]


def take_over(database: Database, job: Job, is_dead: IsDead) -> bool:
    """Have an abandoned job wait again. Returns False if it has been renewed or taken over since, if its
    worker is just storing something, or if an equal job waits in its place.
    """
    table = tables.jobs
    with database.writing() as connection:
        query = select(table).where(_is_claimed_as(job)).with_for_update(skip_locked=True)
        row = connection.execute(query).one_or_none()
        if row is None or not _is_abandoned(row, database.clock(connection), is_dead):
            return False
        return put_in_queue(connection, job, row.attempts)


def _is_abandoned(row: Row[Any], now: datetime, is_dead: IsDead) -> bool:
    has_ended = row.lease_until is None or row.lease_until <= now
    return has_ended or is_dead(as_job(row).worker_name)
