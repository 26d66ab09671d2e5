"""Is the catalogue sound? Can every row be read, and do the rows agree with each other?

Independent of the code that writes the catalogue, over a connection that cannot write. A part that cannot be
read is reported as a problem, and the rest is checked all the same.
"""

from collections.abc import Iterator
from itertools import islice
from typing import get_args

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from archive.catalogue.correction_rows import as_correction, read_corrections
from archive.catalogue.document_rows import find_document, read_document
from archive.catalogue.event_rows import read_events
from archive.catalogue.page_rows import read_pages
from archive.database import tables
from archive.errors import TerugblikError
from archive.preservation.problems import Problem
from archive.records import JobKind, JobState, Status

_TRIGGERS = {
    "sqlite": {"events_no_update", "events_no_delete", "events_no_replace"},
    "postgresql": {"events_no_change", "events_no_truncate"},
}
"""The triggers that protect the history from changes; the migrations create them."""

_MOST_LISTED = 20
"""Most findings of one kind that are listed one by one."""

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, TerugblikError)
"""Exceptions that are raised when a row with unexpected content is read."""


def catalogue_problems(engine: Engine) -> list[Problem]:
    """What is wrong with the catalogue as a whole: its file, schema, history triggers, queue."""
    found: list[Problem] = []
    for look in (_integrity, _schema, _references, _guards, _jobs):
        try:
            with engine.connect() as connection:
                found += islice(look(connection), _MOST_LISTED)
        except DBAPIError as error:
            found.append(unreadable(None, error))
    return list(dict.fromkeys(found))


def document_problems(connection: Connection, document: str) -> list[Problem]:
    """What is wrong with what the catalogue says of a document: its row, pages, words and history.

    `connection` is in a transaction that sees one state of the catalogue.
    """
    found: list[Problem] = []
    for look in (_description, _pages, _history):
        try:
            found += islice(look(connection, document), _MOST_LISTED)
        except DBAPIError as error:
            found.append(unreadable(document, error))
    return found


def unreadable(document: str | None, error: DBAPIError) -> Problem:
    """The problem that the database itself cannot read something."""
    return Problem("DamagedCatalogue", document, f"The catalogue cannot be read: {str(error.orig).strip()}.")


def _integrity(connection: Connection) -> Iterator[Problem]:
    """What SQLite finds wrong with its own file; a database server looks after itself."""
    if connection.dialect.name == "sqlite":
        for (result,) in connection.execute(text("PRAGMA integrity_check")):
            if result != "ok":
                yield Problem("DamagedCatalogue", None, result)


def _schema(connection: Connection) -> Iterator[Problem]:
    held = set(inspect(connection).get_table_names())
    for name in sorted({"alembic_version", *tables.metadata.tables} - held):
        yield Problem("WrongSchema", None, f"The catalogue has no table {name}.")
    if "alembic_version" in held:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if revision != tables.SCHEMA_REVISION:
            yield Problem(
                "WrongSchema",
                None,
                f"The catalogue has schema {revision}, this version of the program {tables.SCHEMA_REVISION}.",
            )


def _references(connection: Connection) -> Iterator[Problem]:
    """Rows that belong to a document that does not exist; a database server prevents such rows."""
    if connection.dialect.name == "sqlite":
        for table, row, parent, _number in connection.execute(text("PRAGMA foreign_key_check")):
            yield Problem(
                "BrokenReference", None, f"Row {row} of {table} is of something that {parent} does not hold."
            )


def _guards(connection: Connection) -> Iterator[Problem]:
    dialect = connection.dialect.name
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }[dialect]
    held = set(connection.execute(text(query)).scalars())
    for name in sorted(_TRIGGERS[dialect] - held):
        yield Problem("UnprotectedHistory", None, f"The trigger {name} is gone: events could be changed.")


def _jobs(connection: Connection) -> Iterator[Problem]:
    job = tables.jobs.c
    strange = job.kind.not_in(get_args(JobKind)) | job.state.not_in(get_args(JobState))
    for row in connection.execute(select(job.id, job.document, job.kind, job.state).where(strange)):
        yield Problem(
            "BrokenDocument", row.document, f"Job {row.id} is a {row.state} {row.kind}: no such thing."
        )


def _description(connection: Connection, document: str) -> Iterator[Problem]:
    try:
        held = read_document(find_document(connection, document))
        corrections = read_corrections(connection, document)
        for row in corrections.values():
            as_correction(row)
    except _UNREADABLE as error:
        yield Problem("BrokenDocument", document, f"Its description cannot be read: {_message_of(error)}.")
        return
    if held.id != held.sha256[:16]:
        yield Problem("BrokenDocument", document, f"It is not the start of its SHA-256, {held.sha256}.")
    if held.status not in get_args(Status):
        yield Problem("BrokenDocument", document, f"Its status is {held.status!r}: no such thing.")
    if held.status == "ready" and not held.pages:
        yield Problem("BrokenPages", document, "It is shown to readers, but has no pages.")


def _pages(connection: Connection, document: str) -> Iterator[Problem]:
    page = tables.pages.c
    numbers = list(
        connection.execute(
            select(page.number).where(page.document == document).order_by(page.number)
        ).scalars()
    )
    expected = connection.execute(
        select(tables.documents.c.pages).where(tables.documents.c.id == document)
    ).scalar()
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != expected:
        gaps = sorted(set(range(1, (expected or 0) + 1)) - set(numbers))
        missing = f"; missing: {', '.join(map(str, gaps[:_MOST_LISTED]))}" if gaps else ""
        yield Problem(
            "BrokenPages", document, f"It should have {expected} pages and has {len(numbers)}{missing}."
        )
    for table in (tables.blocks, tables.blocks_as_read):
        loose = select(func.count()).where(
            table.c.document == document,
            table.c.page.not_in(select(page.number).where(page.document == document)),
        )
        if count := connection.execute(loose).scalar():
            yield Problem(
                "BrokenPages", document, f"{count} rows of {table.name} are of pages that it lacks."
            )
    yield from _words(connection, document)


def _words(connection: Connection, document: str) -> Iterator[Problem]:
    try:
        for page in read_pages(connection, document):
            for block in page.blocks:
                words = [word.text for word in block.words]
                if not all(words) or "".join("".join(words).split()) != "".join(block.text.split()):
                    yield Problem(
                        "BrokenPages", document, f"The words of page {page.number} are not at their places."
                    )
                    break
    except _UNREADABLE as error:
        yield Problem("BrokenPages", document, f"Its pages cannot be read: {_message_of(error)}.")


def _history(connection: Connection, document: str) -> Iterator[Problem]:
    try:
        events = read_events(connection, document, None)
    except _UNREADABLE as error:
        yield Problem("MissingHistory", document, f"Its history cannot be read: {_message_of(error)}.")
        return
    if not any(event.type in ("ingestion", "recovery") for event in events):
        yield Problem("MissingHistory", document, "No event tells how it came into the archive.")


def _message_of(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
