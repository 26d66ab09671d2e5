"""The rows of the worker's queue. A job is added or removed in the transaction that makes it necessary."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from archive.database import tables
from archive.records import Job, JobKind, Status


def put_job(connection: Connection, document: str, kind: JobKind) -> Job:
    """Queue a job in the transaction of `connection`, which holds the document's row."""
    waiting = waiting_row(connection, document, kind)
    if waiting is not None:
        return as_job(waiting)
    now = datetime.now(UTC)
    values = {"document": document, "kind": kind, "state": "queued", "attempts": 0, "reason": ""}
    connection.execute(insert(tables.jobs).values(**values, queued_at=now, changed_at=now))
    return as_job(connection.execute(_waiting(document, kind)).one())


def index_anew(connection: Connection, row: Row[Any]) -> None:
    """Queue a document whose description or text has changed, unless it does not belong in the index."""
    if row.status not in ("failed", "withdrawn"):
        put_job(connection, row.id, "ingest")


def drop_overtaken_jobs(connection: Connection, document: str, status: Status) -> None:
    """Remove jobs that no longer fit the document's status from the queue.

    A withdrawn document must not be indexed, and a document that is not withdrawn must not be removed.
    """
    for_readers: list[JobKind] = ["ingest", "read", "render", "compare"]
    overtaken: list[JobKind] = for_readers if status == "withdrawn" else ["remove"]
    table = tables.jobs
    connection.execute(
        update(table)
        .where(table.c.document == document, table.c.state == "queued", table.c.kind.in_(overtaken))
        .values(state="done", reason=f"overtaken: the document is {status}", changed_at=datetime.now(UTC))
    )


def _waiting(document: str, kind: JobKind) -> Any:
    table = tables.jobs
    return select(table).where(table.c.document == document, table.c.kind == kind, table.c.state == "queued")


def waiting_row(connection: Connection, document: str, kind: JobKind) -> Row[Any] | None:
    """The row of the job of this kind that waits for the document."""
    return connection.execute(_waiting(document, kind)).one_or_none()


def change_job(connection: Connection, job: int, **values: object) -> None:
    """Set columns of a job, and when that was."""
    table = tables.jobs
    connection.execute(update(table).where(table.c.id == job).values(**values, changed_at=datetime.now(UTC)))


def as_job(row: Row[Any]) -> Job:
    """A row of the queue as a record."""
    return Job(
        row.id,
        row.document,
        row.kind,
        row.state,
        row.attempts,
        row.reason,
        row.claim or "",
        row.claimed_by or "",
        row.changed_at,
    )
