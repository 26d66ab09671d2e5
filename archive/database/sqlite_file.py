"""The file of a SQLite catalogue: written where that is allowed, and readable everywhere.

SQLite writes changes to a log beside the file (``-wal``). Readers find their way in the log by a table of
contents (``-shm``), which they share with writers and create if there is none. In a read-only copy or on a
full disk it cannot be created. Then SQLite can still read in two ways, and the log decides which is right:

- There is no log. Everything is in the file, and SQLite is told that the file does not change
  (``immutable``). This would silently ignore a log, so it is never used when there is one.
- There is a log without a table of contents. SQLite reads as if it were the only process and keeps the table
  in memory: locking mode EXCLUSIVE, with the file system layer that takes no locks, since locks need the
  right to write. A writer would have created a table of contents, so nobody is writing.

In both cases SQLite would not notice that somebody starts to write after all. So the files are examined
before and after each transaction.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

from archive.errors import ServiceUnavailable

_WAIT = 120
"""Seconds that a writer waits for its turn: longer than storing the largest document takes."""

_NOTHING_CAN_BE_MADE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""Errors of SQLite if it cannot create the files that it needs for reading."""

_SEEN = "files seen when the connection was made"


@dataclass(frozen=True, slots=True)
class Seen:
    """A snapshot of the catalogue's files, by which changes are noticed."""

    is_shared: bool
    """Whether SQLite itself notices what others write, so that only another file in the place of this one has
    to be noticed here."""
    file: tuple[int, ...] | None
    log: tuple[int, ...] | None
    """The state of the log if it is not empty; None where it does not matter."""


def path_of(url: URL) -> Path:
    """The path of the file of a SQLite address."""
    return Path(str(url.database)).absolute()


def can_be_written(path: Path) -> bool:
    """Whether this process may write the file, or make it, and the files beside it."""
    if not path.parent.exists():
        return True  # it will be made, or the attempt tells why not
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def sqlite_engine(url: URL, *, writes: bool, **options: Any) -> Engine:
    """An engine for writing, or one for reading that needs only the right to read."""
    url = url if "timeout" in url.query else url.update_query_dict({"timeout": str(_WAIT)})
    engine = create_engine(url, **options)
    path = path_of(url)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, record: Any, _file: object, parameters: dict[str, Any]) -> Any:
        # Looked at before: what is written while the connection is made is noticed when it is used.
        shared, alone = look(path), look(path, is_shared=False)
        if writes:
            record.info[_SEEN] = shared
            return _connected(path, "mode=rw", parameters)
        connection, is_shared = connect_for_reading(path, **parameters)
        record.info[_SEEN] = shared if is_shared else alone
        return connection

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = (
            None  # the driver would begin transactions late, and never immediate ones
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a committed change survives a loss of power
        connection.execute("PRAGMA journal_size_limit = 67108864")
        if not writes:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "checkout")
    def check_out(_connection: object, record: Any, _proxy: object) -> None:
        if has_changed(path, record.info):
            raise DisconnectionError("Other files lie there now.")  # the pool connects anew

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its turn at once: one that only found out later that it writes would be refused
        # when another had written meanwhile.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def connect_for_reading(path: Path, **parameters: Any) -> tuple[sqlite3.Connection, bool]:
    """A connection that reads what was committed last, log included, without a need to write; and whether
    SQLite itself notices what others write.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    try:
        return _connected(path, "mode=rw", parameters), True
    except sqlite3.OperationalError as error:
        may_be_read = path.is_file() and os.access(path, os.R_OK) and not _size(path, "-journal")
        if error.sqlite_errorcode & 0xFF not in _NOTHING_CAN_BE_MADE or not may_be_read:
            raise
    if _size(path, "-wal"):
        return _connected(path, "mode=ro&vfs=unix-none", parameters), False
    return _connected(path, "mode=ro&immutable=1", parameters), False


def _connected(path: Path, how: str, parameters: dict[str, Any]) -> sqlite3.Connection:
    address = f"file:{quote(str(path))}?{how}"
    connection: sqlite3.Connection = sqlite3.connect(address, uri=True, **parameters)
    try:
        if "unix-none" in how:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _size(path: Path, beside: str) -> int:
    try:
        return path.with_name(path.name + beside).stat().st_size
    except FileNotFoundError:
        return 0


def look(path: Path, *, is_shared: bool = True) -> Seen:
    """Take a snapshot of the catalogue's files."""
    try:
        found = path.stat()
    except OSError:
        return Seen(is_shared, None, None)
    if is_shared:
        return Seen(is_shared, (found.st_dev, found.st_ino), None)
    file = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
    try:
        log = path.with_name(path.name + "-wal").stat()
    except OSError:
        return Seen(is_shared, file, None)
    return Seen(is_shared, file, (log.st_ino, log.st_size, log.st_mtime_ns) if log.st_size else None)


def has_changed(path: Path, info: Any) -> bool:
    """Whether a connection with this `info` would miss something that has been written since it was made."""
    seen: Seen = info[_SEEN]
    return look(path, is_shared=seen.is_shared) != seen


def was_overwritten(path: Path, info: Any) -> bool:
    """Whether the file has changed under a connection with this `info`, which may have read old and new."""
    seen: Seen = info[_SEEN]
    return look(path, is_shared=seen.is_shared).file != seen.file


def is_shared(info: Any) -> bool:
    """Whether the connection with this `info` reads as usual, so that SQLite notices what others write."""
    seen: Seen = info[_SEEN]
    return seen.is_shared


def set_write_ahead_log(engine: Engine) -> None:
    """Switch to a write-ahead log, so that reading is possible while somebody writes."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Lets one process at a time make a catalogue: its journal mode cannot be set by two at once.

    Raises:
        ServiceUnavailable: the folder cannot be made or used.
    """
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise ServiceUnavailable(
            f"The folder {folder} cannot be used: {error.strerror or error}.", "Check TERUGBLIK_DATA."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        path.touch()  # connections never make a file: one that was lost would be an empty archive
        yield
    finally:
        os.close(descriptor)
