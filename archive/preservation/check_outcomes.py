"""Records in the catalogue what checks of the archive found (PREMIS: fixity check).

A check writes one event for the whole, and one for each original that is damaged or intact again. The row of
the document says so too, so that pages, desk and API can show it.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, or_, select, update

from archive.catalogue.document_rows import find_document, read_document
from archive.catalogue.event_rows import read_event, write_event
from archive.database import tables
from archive.errors import TerugblikError
from archive.preservation.problems import OF_THE_ORIGINAL, CheckReport
from archive.records import DamageKind, Document, Event

if TYPE_CHECKING:
    from archive.catalogue.catalogue import Catalogue
    from archive.open_archive import OpenArchive

EVENT = "fixity check"

_MOST_NAMED = 100
"""Most documents that the event of a check names."""


def record_check(catalogue: "Catalogue", report: CheckReport, agent: str, repaired: int = 0) -> None:
    """Record what a check of the whole archive found, and how many problems were repaired."""
    damaged = {one.document: one for one in report.problems if one.document and one.kind in OF_THE_ORIGINAL}
    table = tables.documents
    with catalogue.database.writing() as connection:
        rows = connection.execute(
            select(table).where(or_(table.c.id.in_(damaged), table.c.damage.is_not(None))).with_for_update()
        )
        for row in rows.all():
            if row.id in damaged:
                _note(connection, row, damaged[row.id].kind, damaged[row.id].detail, agent)
            elif row.id in report.whole:
                _note(connection, row, None, "", agent)
        outcome: dict[str, object] = {
            "ok": report.ok,
            "checked": report.checked,
            "problems": len(report.problems),
            "kinds": dict(Counter(problem.kind for problem in report.problems)),
            "documents": sorted({one.document for one in report.problems if one.document})[:_MOST_NAMED],
        }
        if repaired:
            outcome["repaired"] = repaired
        write_event(connection, None, EVENT, agent, {}, outcome)


def record_if_possible(
    opened: "OpenArchive | None", report: CheckReport, agent: str, repaired: int = 0
) -> str:
    """See :func:`record_check`; why the outcome cannot be kept, in a sentence. Empty: it is kept.

    Args:
        opened: None where the catalogue cannot be opened.
    """
    if opened is None or any(problem.kind == "DamagedCatalogue" for problem in report.problems):
        return "The outcome is not recorded: the catalogue cannot be used."
    if opened.is_read_only():
        return "The archive is read-only, so its history does not tell of this check."
    try:
        record_check(opened.catalogue, report, agent, repaired)
    except TerugblikError as error:
        return f"The outcome could not be recorded: {error.message}"
    return ""


def record_original(
    catalogue: "Catalogue", identifier: str, damage: DamageKind | None, detail: str, agent: str
) -> None:
    """Record the result of checking one original; nothing is written if it is known already.

    Raises:
        DocumentNotFound: there is no such document.
    """
    with catalogue.database.writing() as connection:
        row = find_document(connection, identifier, hold=True)
        if row.damage != damage:
            _note(connection, row, damage, detail, agent)


def _note(connection: Connection, row: Row[Any], damage: str | None, detail: str, agent: str) -> None:
    since = (row.damaged_since or datetime.now(UTC)) if damage else None
    table = tables.documents
    if (row.damage, row.damaged_since) != (damage, since):
        change = update(table).where(table.c.id == row.id)
        connection.execute(change.values(damage=damage, damaged_since=since))
    before = {"damage": row.damage} if row.damage != damage else {}
    outcome = {"outcome": "damaged" if damage else "whole", "damage": damage, "detail": detail}
    write_event(connection, row.id, EVENT, agent, before, outcome)


def damaged_documents(catalogue: "Catalogue") -> list[Document]:
    """The documents whose original the newest check found damaged, the longest known first."""
    table = tables.documents
    query = select(table).where(table.c.damage.is_not(None)).order_by(table.c.damaged_since, table.c.id)
    with catalogue.database.reading() as connection:
        return [read_document(row) for row in connection.execute(query)]


def named_in_check(event: Event) -> list[str]:
    """The documents in which a check of the whole archive found problems, as far as its event names them."""
    named = event.after.get("documents", []) if event.type == EVENT else []
    return (
        [identifier for identifier in named if isinstance(identifier, str)] if isinstance(named, list) else []
    )


def last_check(catalogue: "Catalogue") -> Event | None:
    """The event of the newest check of the whole archive; None if there was none."""
    table = tables.events
    newest = select(table).where(table.c.document.is_(None), table.c.type == EVENT)
    with catalogue.database.reading() as connection:
        row = connection.execute(newest.order_by(table.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else read_event(row)
