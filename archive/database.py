"""The catalogue's database: opened safely by any number of processes, read and written in transactions.

SQLite is the default; PostgreSQL is chosen by address. What differs between the two is told here and
nowhere else: how a writer waits for its turn, and what their error messages mean for people.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError

from archive.errors import DamagedArchive, ServiceUnavailable, SettingError
from archive.tables import SCHEMA_REVISION

_WAIT = 120
"""Seconds that a writer waits for its turn: longer than storing the largest document takes."""
_MIGRATION_LOCK = 0x7E2C6B11
"""Key of the PostgreSQL advisory lock held while the schema is brought up to date."""

Filling = Callable[[Connection], None]
"""What puts the first rows into a catalogue that is being made."""


class NotACatalogue(DamagedArchive):
    """The database is none of ours, or is damaged beyond reading."""

    code = "not-a-catalogue"
    http_status = 503
    default_hint = (
        "Check TERUGBLIK_DATA and TERUGBLIK_DATABASE_URL; put the catalogue back from a backup. "
        "If there is none, `terugblik recover` makes a new one of the originals and of bags."
    )


class MissingCatalogue(NotACatalogue):
    """There are originals, but not the catalogue that told of them."""

    code = "catalogue-missing"


class CatalogueTooNew(DamagedArchive):
    """The catalogue was written by a newer version of the program. It is left untouched."""

    code = "catalogue-too-new"
    default_hint = "Update Terugblik; this version does not know how to read that catalogue."


class CatalogueBusy(ServiceUnavailable):
    """Others have been writing for too long, or the database does not answer."""

    code = "catalogue-busy"


class Database:
    """A pool of connections to one catalogue. Threads share it; every process opens its own."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine
        self._writer = engine.execution_options(writes=True)

    @classmethod
    def open(cls, address: str, originals: Path | None = None, fill: Filling | None = None) -> "Database":
        """Open the database at `address`, make it if it is new, and bring its schema up to date.

        Args:
            originals: the folder of originals; where it holds any, no catalogue is made beside them.
            fill: called in the transaction in which a catalogue is made, so that it appears filled or not
                at all.

        Raises:
            SettingError: the address is not one of SQLite or PostgreSQL.
            MissingCatalogue: there is none, and there are originals.
            DamagedArchive: it is not a catalogue, or was made by a newer version of the program.
            ServiceUnavailable: it cannot be reached or written.
        """
        url = _checked(address)
        engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)
        database = cls(engine)
        try:
            with _told(url), _one_at_a_time(url):
                if originals is not None and _is_no_file(url):
                    _refuse_beside_originals(url, originals)
                database._bring_up_to_date(originals, fill)
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._reader.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads. On SQLite it sees one state of the catalogue throughout."""
        with _told(self._reader.url), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end of the block, undone by any exception."""
        with _told(self._writer.url), self._writer.begin() as connection:
            yield connection

    def _bring_up_to_date(self, originals: Path | None, fill: Filling | None) -> None:
        with self._reader.begin() as connection:
            is_current = _is_current(connection)
        if self._reader.dialect.name == "sqlite":
            _set_write_ahead_log(self._reader)
        if is_current:
            return
        from archive.migrations import upgrade  # Alembic takes longer to load than most commands to run

        with self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            if _is_current(connection):
                return
            is_new = not _has_documents(connection)
            if is_new and originals is not None:
                _refuse_beside_originals(connection.engine.url, originals)
            upgrade(connection)
            if is_new and fill is not None:
                fill(connection)


def _is_current(connection: Connection) -> bool:
    """Whether the schema is that of this program; an older one, or none, can be brought up to date."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return False
    if "alembic_version" not in tables:
        raise NotACatalogue("The database has tables, but not those of a catalogue; it was left untouched.")
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and not _has_documents(connection):
        raise NotACatalogue("The catalogue has lost its table of documents; it was left untouched.")
    if revision == SCHEMA_REVISION:
        return True
    from archive.migrations import known_revisions

    if revision is not None and revision not in known_revisions():
        raise CatalogueTooNew(
            f"The catalogue has schema {revision}; the newest that this version knows is {SCHEMA_REVISION}."
        )
    return False


def _has_documents(connection: Connection) -> bool:
    return inspect(connection).has_table("documents")


def _is_no_file(url: URL) -> bool:
    """Whether nothing is there yet of a SQLite catalogue: no file, or one that was made and never filled."""
    if url.get_backend_name() != "sqlite":
        return False
    path = Path(str(url.database))
    return not path.exists() or path.stat().st_size == 0


def _refuse_beside_originals(url: URL, originals: Path) -> None:
    """A new catalogue would show an empty archive, and nobody would learn that the old one is gone."""
    if next(originals.glob("[0-9a-f][0-9a-f]/*.pdf"), None) is not None:
        place = url.render_as_string(hide_password=True)
        raise MissingCatalogue(f"There are originals in {originals}, but there is no catalogue at {place}.")


def _checked(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise SettingError("The address of the catalogue's database cannot be read.") from error
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or not url.database or url.database == ":memory:":
        raise SettingError("The catalogue needs a SQLite file or a PostgreSQL database.")
    return url


def _sqlite_engine(url: URL) -> Engine:
    url = url if "timeout" in url.query else url.update_query_dict({"timeout": str(_WAIT)})
    engine = create_engine(url, json_serializer=_json)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = (
            None  # the driver would begin transactions late, and never immediate ones
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a committed change survives a loss of power
        connection.execute("PRAGMA journal_size_limit = 67108864")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its turn at once: one that only found out later that it writes would be refused
        # when another had written meanwhile.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10}, json_serializer=_json)


_json: Callable[[object], str] = partial(json.dumps, ensure_ascii=False)


def _set_write_ahead_log(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


@contextmanager
def _one_at_a_time(url: URL) -> Iterator[None]:
    """Lets one process at a time open a SQLite catalogue: its journal mode cannot be set by two at once."""
    if url.get_backend_name() != "sqlite":
        yield
        return
    folder = Path(str(url.database)).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise ServiceUnavailable(
            f"The folder {folder} cannot be used: {error.strerror or error}.", "Check TERUGBLIK_DATA."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _told(url: URL) -> Iterator[None]:
    """Turns what the database drivers raise for trouble outside this program into errors for people."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        place = url.render_as_string(hide_password=True)
        said = str(error.orig)
        if "malformed" in said or "no such table" in said or "no such column" in said:
            raise NotACatalogue(f"The catalogue {place} is damaged: {said}.") from error
        if "locked" in said:
            raise CatalogueBusy(
                "The catalogue is busy: others have been writing to it for too long."
            ) from error
        raise CatalogueBusy(
            f"The catalogue {place} cannot be used: {said.strip()}",
            "Check that the disk has room and the database server runs.",
        ) from error
    except DatabaseError as error:
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            place = url.render_as_string(hide_password=True)
            raise NotACatalogue(f"The catalogue {place} is damaged: {error.orig}.") from error
        raise
