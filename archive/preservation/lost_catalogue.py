"""Is there a catalogue where it should be, and how does a recovered one take its place?

The new one replaces it in a single step, when it is complete. Nothing is deleted.
"""

import os
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import text

from archive.database import tables
from archive.database.database import Database, NotACatalogue, table_names
from archive.errors import UsageError
from archive.files.durable_files import synchronise

_OURS = {*tables.metadata.tables, "alembic_version"}
_BESIDE = ("-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite keeps next to a database; they belong to that database only."""


@dataclass(frozen=True, slots=True)
class CatalogueCondition:
    """What was found where the catalogue should be."""

    kind: Literal["sound", "missing", "damaged"]
    reason: str = ""
    """What is damaged."""


def look_at_catalogue(address: str) -> CatalogueCondition:
    """Whether there is a catalogue, and whether it is whole.

    Raises:
        UsageError: it is the database of another program.
        CatalogueTooNew, ServiceUnavailable: see :meth:`Database.open`.
    """
    try:
        names = table_names(address)
        if strangers := names - _OURS:
            raise UsageError(
                f"The database holds tables of another program: {', '.join(sorted(strangers))}.",
                "It was left untouched. Check TERUGBLIK_DATA and TERUGBLIK_DATABASE_URL.",
            )
        if not names - {"alembic_version"}:
            return CatalogueCondition("missing")
        database = Database.open(address)
        try:
            with database.reading() as connection:
                if connection.dialect.name == "sqlite":
                    found = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
                    if found != "ok":
                        return CatalogueCondition("damaged", str(found))
        finally:
            database.close()
    except NotACatalogue as error:
        return CatalogueCondition("damaged", error.message)
    return CatalogueCondition("sound")


def withdrawn_documents(path: Path) -> dict[str, str]:
    """The documents that are withdrawn according to a damaged catalogue, with the reasons.

    Nothing else is taken from it: hiding too much can be corrected, showing what was hidden cannot.
    """
    found: dict[str, str] = {}
    with suppress(sqlite3.DatabaseError, OSError):
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)
        connection.text_factory = lambda content: content.decode("utf-8", "replace")
        try:
            for identifier, reason in connection.execute(
                "SELECT id, reason FROM documents WHERE status = 'withdrawn'"
            ):
                found[str(identifier)] = str(reason)
        finally:
            connection.close()
    return found


def name_aside(path: Path) -> Path:
    """A new name under which a damaged catalogue is kept."""
    return path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")


def put_in_place(made: Path, path: Path, aside: Path) -> None:
    """Replace the catalogue at `path` by a new one; the old one is kept as `aside`, and stays in place until
    the last step."""
    made.chmod(0o600)
    if path.exists() and path.stat().st_size:
        try:
            os.link(path, aside)
        except OSError:  # file systems without hard links
            shutil.copy2(path, aside)
    for ending in _BESIDE:
        with suppress(FileNotFoundError):  # what is there would be taken for a part of the new one
            os.replace(f"{path}{ending}", f"{aside}{ending}")
    os.replace(made, path)
    synchronise(path.parent)
