"""The rows of documents: finding one, changing it together with its event, and reading it as a record."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from archive.catalogue.event_rows import write_event
from archive.database import tables
from archive.dates import chosen, findings_from_json, year_of
from archive.errors import DocumentNotFound
from archive.outside_text import clean_line
from archive.reading_warnings import ReadingWarning, warning_from_json
from archive.records import Damage, Document, Provenance

_IDENTIFIER = re.compile(r"[0-9a-f]{16}")

UNREAD: Mapping[str, object] = {
    "languages": [],
    "status": "received",
    "reason": "",
    "warnings": [],
    "pages": 0,
    "ocr_pages": 0,
    "pages_needing_ocr": 0,
    "images": False,
    "dates_told": [],
    "dates_found": None,
}
"""The columns of a document that has not been read yet."""


NOT_KEPT = frozenset({"images", "state", "damage", "damaged_since"})
"""Columns of a document that only apply to this archive; they do not go into bags."""


def is_identifier(text: str) -> bool:
    """Whether this can be a document's identifier; databases may refuse to look for anything else."""
    return _IDENTIFIER.fullmatch(text) is not None


def find_document(connection: Connection, document: str, *, hold: bool = False) -> Row[Any]:
    """The document's row; with `hold`, nobody else can change it until the end of the transaction.

    Raises:
        DocumentNotFound: the catalogue has no such document.
    """
    row = None
    if is_identifier(document):
        query = select(tables.documents).where(tables.documents.c.id == document)
        row = connection.execute(query.with_for_update() if hold else query).one_or_none()
    if row is None:
        raise DocumentNotFound(f"The archive has no document {clean_line(document, 40)!r}.")
    return row


def change_document(
    connection: Connection,
    row: Row[Any],
    event: str,
    agent: str,
    changes: Mapping[str, object],
    always: bool = False,
) -> bool:
    """Write what differs from `row`, and the event that records it. Returns whether anything differs.

    `always` writes the event even when nothing differs.
    """
    held = row._mapping
    differing = {name: value for name, value in changes.items() if held[name] != value}
    if differing:
        table = tables.documents
        connection.execute(update(table).where(table.c.id == row.id).values(**differing))
    if differing or always:
        before = {name: held[name] for name in differing}
        write_event(connection, row.id, event, agent, before, changes if always else differing)
    return bool(differing)


def read_document(row: Row[Any]) -> Document:
    languages = tuple(row.languages)
    findings = findings_from_json([*row.dates_told, *(row.dates_found or ())])
    date_given = _date_given(row)
    found = chosen(findings)
    date = (date_given or None) if date_given is not None else (found.date if found else None)
    if row.date is None and date_given:  # an older version kept the year alone
        fuller = (one for one in findings if one.is_certain and one.date.startswith(date_given))
        date = max((one.date for one in fuller), key=len, default=date_given)
    return Document(
        id=row.id,
        sha256=row.sha256,
        size=row.size,
        filename=row.filename,
        title=row.title or row.title_found or _title_from(row.filename),
        year=year_of(date) if date else None,
        plan=row.plan,
        kind=row.kind or "other",
        language=row.language or (languages[0] if languages else None),
        languages=languages,
        status=row.status,
        reason=row.reason,
        warnings=tuple(_warnings(row)),
        pages=row.pages,
        ocr_pages=row.ocr_pages,
        pages_needing_ocr=row.pages_needing_ocr,
        images=row.images,
        is_demonstration=row.is_demonstration,
        received_at=row.received_at,
        provenance=Provenance(row.source_url, row.retrieved_url, row.retrieved_at, row.http_headers),
        date=date,
        is_date_said=date_given is not None,
        dates_found=findings,
        are_dates_sought=row.dates_found is not None,
        damage=Damage(row.damage, row.damaged_since) if row.damage else None,
    )


def document_as_kept(row: Row[Any]) -> dict[str, object]:
    """The row as JSON values, without the columns that only apply to this archive."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row._mapping.items()
        if name not in NOT_KEPT
    }


def _date_given(row: Row[Any]) -> str | None:
    """The date that a person gave; None if nobody did. Older versions stored only a year."""
    date_given: str | None = row.date
    return str(row.year) if date_given is None and row.year else date_given


def _warnings(row: Row[Any]) -> Iterator[ReadingWarning]:
    """The warnings of the newest reading, and one if no title was found or given."""
    yield from map(warning_from_json, row.warnings)
    if row.pages and not (row.title or row.title_found):
        yield ReadingWarning("uncertain_title")


def _title_from(filename: str) -> str:
    stem, dot, _ending = filename.rpartition(".")
    return clean_line((stem if dot else filename).replace("_", " ")) or filename
