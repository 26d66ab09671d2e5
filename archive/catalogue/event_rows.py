"""The history: events (PREMIS), each written in the transaction of the change that it records.

Triggers in the database keep even a faulty program from updating or deleting them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from archive.database import tables
from archive.database.state import move_state
from archive.outside_text import clean_line
from archive.records import Event

_OF_THE_TEXT = ("extraction", "correction", "correction withdrawal")
"""Events that change the text of a document."""


def write_event(
    connection: Connection,
    document: str | None,
    type_: str,
    agent: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """Write one event, which moves the state. `before` and `after` hold what JSON can hold, and points in
    time."""
    row = {"document": document, "type": type_, "agent": clean_line(agent, 200), "at": datetime.now(UTC)}
    connection.execute(insert(tables.events).values(**row, before=_as_json(before), after=_as_json(after)))
    move_state(connection, document)


def _as_json(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def read_events(connection: Connection, document: str | None, limit: int | None) -> list[Event]:
    """The newest events first, of one document or of all."""
    table = tables.events
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if document is not None:
        query = query.where(table.c.document == document)
    return [read_event(row) for row in connection.execute(query)]


def read_event(row: Row[Any]) -> Event:
    """The event that a row of the table holds."""
    return Event(row.id, row.document, row.type, row.agent, row.at, row.before, row.after)


def read_text_revisions(connection: Connection, document: str | None) -> dict[str, str]:
    """The newest event about the text of each document, or of one, by number and time: after a backup was
    restored, numbers are given a second time."""
    table = tables.events
    newest = select(func.max(table.c.id)).where(table.c.type.in_(_OF_THE_TEXT)).group_by(table.c.document)
    if document is not None:
        newest = newest.where(table.c.document == document)
    rows = connection.execute(select(table.c.document, table.c.id, table.c.at).where(table.c.id.in_(newest)))
    return {row.document: f"{row.id} {row.at.isoformat()}" for row in rows}
