"""The catalogue's database: opened safely by any number of processes, read and written in transactions.

SQLite is the default; PostgreSQL is chosen by URL. Their differences are handled here and in `sqlite_file.py`
and nowhere else: how a file is read and written, and what database errors mean to people.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError

from archive.database.sqlite_file import (
    can_be_written,
    is_shared,
    one_at_a_time,
    path_of,
    set_write_ahead_log,
    sqlite_engine,
    was_overwritten,
)
from archive.database.tables import SCHEMA_REVISION
from archive.errors import DamagedArchive, MissingTool, ReadOnlyArchive, ServiceUnavailable, SettingError
from archive.surroundings import LEAST_ROOM, NoRoom, free_room

_MIGRATION_LOCK = 0x7E2C6B11
"""Key of the PostgreSQL advisory lock held while the schema is brought up to date."""

_IS_READ_ONLY = (
    "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' "
    "OR NOT has_table_privilege('documents', 'INSERT')"
)
"""A standby, or a database or user that may only read."""

_MAY_NOT_WRITE = ("25006", "42501")
"""`read_only_sql_transaction` and `insufficient_privilege` among the error codes of PostgreSQL."""

_PAUSED = "25P03"
"""`idle_in_transaction_session_timeout` among the error codes of PostgreSQL."""
_LONGEST_PAUSE = "180s"
"""How long a writing transaction on PostgreSQL may pause. Then it is undone, or a program that was stopped or
cut off in the middle would hold others up for ever."""

Filling = Callable[[Connection], None]
"""Inserts the first rows of a new catalogue."""

Condition = Callable[[Connection], None]
"""What has to hold for a transaction; raises if it does not."""


_POSTGRESQL_IS_FULL = ("53100",)
"""`disk_full` among the error codes of PostgreSQL."""


class NotACatalogue(DamagedArchive):
    """The database is not a catalogue, or is too damaged to be read."""

    code = "not-a-catalogue"
    http_status = 503
    default_hint = (
        "Check TERUGBLIK_DATA and TERUGBLIK_DATABASE_URL; put the catalogue back from a backup. "
        "If there is none, `terugblik recover` makes a new one of the originals and of bags."
    )


class MissingCatalogue(NotACatalogue):
    """There are originals, but the catalogue that describes them is missing."""

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

    def __init__(self, url: URL) -> None:
        self._path = path_of(url) if url.get_backend_name() == "sqlite" else None
        if self._path is not None:
            self._reader = sqlite_engine(url, writes=False, json_serializer=_json)
            self._writer = sqlite_engine(url, writes=True, json_serializer=_json)
        else:
            self._reader = self._writer = _postgresql_engine(url)
        self._condition: Condition | None = None

    @classmethod
    def open(cls, address: str, originals: Path | None = None, fill: Filling | None = None) -> "Database":
        """Open the database at `address`, make it if it is new, and bring its schema up to date. One that is
        up to date needs only to be readable.

        Args:
            originals: the folder of originals; where it holds any, no catalogue is made beside them.
            fill: called in the transaction in which a catalogue is made, so that it appears filled or not
                at all.

        Raises:
            SettingError: the address is not one of SQLite or PostgreSQL.
            MissingCatalogue: there is none, and there are originals.
            DamagedArchive: it is not a catalogue, or was made by a newer version of the program.
            ReadOnlyArchive: it is new or not up to date, and cannot be written.
            ServiceUnavailable: it cannot be reached or written.
        """
        url = _checked(address)
        database = cls(url)
        try:
            with _errors_for_people(url):
                if not database._is_ready():
                    database._make_ready(url, originals, fill)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def address(self) -> str:
        """Where another process opens it, the password included."""
        return self._writer.url.render_as_string(hide_password=False)

    def on_condition(self, condition: Condition) -> "Database":
        """The same database, with the same connections, where each writing transaction begins with
        `condition` and is undone by what that raises."""
        conditional = copy(self)
        conditional._condition = condition
        return conditional

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and needs no more than that. On SQLite it sees one state of the
        catalogue throughout.

        Raises:
            ServiceUnavailable: the files of a catalogue that cannot be shared were changed meanwhile.
        """
        with _errors_for_people(self._reader.url), self._reader.begin() as connection:
            yield connection
            if self._path is not None and was_overwritten(self._path, connection.info):
                raise CatalogueBusy("The catalogue was changed while it was read.")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end of the block, undone by any exception.

        Raises:
            ReadOnlyArchive: the catalogue may not be written.
            ServiceUnavailable: it cannot be written, such as on a full disk.
        """
        if self._path is not None and not can_be_written(self._path):
            raise ReadOnlyArchive("The archive is read-only: its catalogue cannot be written.")
        with _errors_for_people(self._writer.url), self._writer.begin() as connection:
            if self._path is None:
                connection.execute(
                    text(f"SET LOCAL idle_in_transaction_session_timeout = '{_LONGEST_PAUSE}'")
                )
            if self._condition is not None:
                self._condition(connection)
            yield connection

    @property
    def is_shared_by_hosts(self) -> bool:
        """Whether programs on several machines may use it at once: a file of SQLite is for one."""
        return self._path is None

    def require_whole(self) -> None:
        """Read the whole file of a SQLite catalogue once; a database server looks after itself.

        Raises:
            NotACatalogue: it is damaged somewhere.
        """
        if self._path is not None:
            with self.reading() as connection:
                found = connection.execute(text("PRAGMA quick_check(1)")).scalar()
            if found != "ok":
                raise NotACatalogue(f"The catalogue {self._path} is damaged: {found}.")

    def take_turns(self, connection: Connection, what: str) -> None:
        """Allow only one writing transaction at a time to do `what`, such as counting rows and adding one.

        On SQLite every writer is alone anyway.
        """
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})

    def clock(self, connection: Connection) -> datetime:
        """The time now by the clock that all who use the database share: that of its server or, of a file, of
        its machine."""
        if connection.dialect.name == "postgresql":
            now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            return now
        return datetime.now(UTC)

    def is_read_only(self) -> bool:
        """Whether the catalogue may be read and not be written."""
        if self._path is not None:
            return not can_be_written(self._path)
        with self.reading() as connection:
            return bool(connection.execute(text(_IS_READ_ONLY)).scalar())

    def _is_ready(self) -> bool:
        if self._path is not None and _is_no_file(self._path):
            return False
        with self._reader.begin() as connection:
            if not _is_current(connection):
                return False
            if self._path is None or not is_shared(connection.info) or not can_be_written(self._path):
                return True
            return connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"

    def _make_ready(self, url: URL, originals: Path | None, fill: Filling | None) -> None:
        if self._path is None:
            self._bring_up_to_date(originals, fill)
            return
        is_new = _is_no_file(self._path)
        if is_new and originals is not None:
            _refuse_beside_originals(url, originals)
        if not can_be_written(self._path):
            raise _cannot_be_made(self._path) if is_new else _cannot_be_migrated(self._path)
        with one_at_a_time(self._path):
            if _is_no_file(self._path) and originals is not None:
                _refuse_beside_originals(url, originals)
            set_write_ahead_log(self._writer)
            self._reader.dispose()  # its connections may know of another journal
            self._bring_up_to_date(originals, fill)

    def _bring_up_to_date(self, originals: Path | None, fill: Filling | None) -> None:
        from archive.database.migrations import (
            upgrade,  # Alembic takes longer to load than most commands to run
        )

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


def table_names(address: str) -> set[str]:
    """The names of all tables in the database at `address`; none where nothing is there yet.

    Raises:
        SettingError: the address is not one of SQLite or PostgreSQL.
        NotACatalogue: the file is no database, or damaged.
        ServiceUnavailable: it cannot be reached.
    """
    url = _checked(address)
    if url.get_backend_name() == "sqlite" and _is_no_file(path_of(url)):
        return set()
    database = Database(url)
    try:
        with database.reading() as connection:
            return set(inspect(connection).get_table_names())
    finally:
        database.close()


def _cannot_be_made(path: Path) -> ReadOnlyArchive:
    return ReadOnlyArchive(
        f"There is no catalogue at {path}, and none can be made there.", "Check TERUGBLIK_DATA."
    )


def _cannot_be_migrated(path: Path) -> ReadOnlyArchive:
    return ReadOnlyArchive(
        f"The catalogue {path} was made by an older version, and cannot be brought up to date: "
        "it is read-only.",
        "Copy the whole folder to where it can be written and open it there, or read it with the version "
        "that made it.",
    )


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
    from archive.database.migrations import known_revisions

    if revision is not None and revision not in known_revisions():
        raise CatalogueTooNew(
            f"The catalogue has schema {revision}; the newest that this version knows is {SCHEMA_REVISION}."
        )
    return False


def _has_documents(connection: Connection) -> bool:
    return inspect(connection).has_table("documents")


def _is_no_file(path: Path) -> bool:
    """Whether there is no SQLite catalogue yet: no file, or an empty one that was never filled."""
    return not path.exists() or path.stat().st_size == 0


def _refuse_beside_originals(url: URL, originals: Path) -> None:
    """Refuse to create a catalogue next to originals: it would look like an empty archive, and hide that the
    old catalogue is lost."""
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


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": 10}, json_serializer=_json
        )
    except ImportError as error:
        install = "pip install 'terugblik[postgres]'"
        raise MissingTool("psycopg", "a catalogue in PostgreSQL", install) from error


_json: Callable[[object], str] = partial(json.dumps, ensure_ascii=False)


@contextmanager
def _errors_for_people(url: URL) -> Iterator[None]:
    """Turns what the database drivers raise for trouble outside this program into errors for people."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        place = url.render_as_string(hide_password=True)
        message = str(error.orig)
        if getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_READONLY"):
            raise ReadOnlyArchive(f"The archive is read-only: {message}.") from error
        if (
            "malformed" in message
            or "unsupported file format" in message
            or "no such table" in message
            or "no such column" in message
        ):
            raise NotACatalogue(f"The catalogue {place} is damaged: {message}.") from error
        if "locked" in message:
            raise CatalogueBusy(
                "The catalogue is busy: others have been writing to it for too long."
            ) from error
        if _is_full(url, error):
            raise NoRoom(f"The catalogue {place} has no room: {message.strip()}.") from error
        raise CatalogueBusy(
            f"The catalogue {place} cannot be used: {message.strip()}",
            "Check that the disk has room and the database server runs.",
        ) from error
    except DatabaseError as error:
        if getattr(error.orig, "sqlstate", None) in _MAY_NOT_WRITE:
            raise ReadOnlyArchive(f"The archive is read-only: {str(error.orig).strip()}") from error
        if getattr(error.orig, "sqlstate", None) == _PAUSED:
            raise CatalogueBusy("The change paused for too long, so the database undid it.") from error
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            place = url.render_as_string(hide_password=True)
            raise NotACatalogue(f"The catalogue {place} is damaged: {error.orig}.") from error
        raise


def _is_full(url: URL, error: DBAPIError) -> bool:
    """Whether the database has no room. SQLite says so clearly of its own files only, not of those beside."""
    if url.get_backend_name() == "postgresql":
        return getattr(error.orig, "sqlstate", None) in _POSTGRESQL_IS_FULL
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    folder = Path(str(url.database)).absolute().parent
    return name == "SQLITE_FULL" or (
        name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and free_room(folder) < LEAST_ROOM
    )
