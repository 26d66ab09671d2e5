"""Fixity: are the originals still, byte for byte, what the catalogue says? (PREMIS: fixity check)

Independent of what writes them: this module knows the layout on its own, reads the table of documents over
a connection that cannot write, and believes no file name. It changes nothing.
"""

import fcntl
import hashlib
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, Row, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from archive.errors import DamagedArchive, ServiceUnavailable
from archive.sqlite_file import connect_for_reading

ProblemKind = Literal[
    "FileMissing", "UnexpectedFile", "ChecksumMismatch", "UnreadableFile", "DamagedCatalogue"
]

_INTERRUPTED_AFTER = 24 * 3600
"""Seconds after which an ``incoming-*.part`` is left over from a write, if nobody holds its lock."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be."""

    kind: ProblemKind
    document: str | None
    """The document that it concerns; None for a file that belongs to none."""
    detail: str


@dataclass(frozen=True, slots=True)
class FixityReport:
    """What a check found."""

    checked: int
    """Originals that were read and hashed."""
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as it should be."""
        return not self.problems

    def as_json(self) -> dict[str, object]:
        """``{"ok", "checked", "problems": [{"kind", "document", "detail"}]}``"""
        problems = [
            {"kind": one.kind, "document": one.document, "detail": one.detail} for one in self.problems
        ]
        return {"ok": self.ok, "checked": self.checked, "problems": problems}


def check(
    catalogue_url: str, originals: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> FixityReport:
    """Hash every original anew, compare it with the catalogue, and look for files that belong to no document.

    `progress` is told how many of how many documents have been looked at.

    Raises:
        DamagedArchive: there is no catalogue, or it cannot be read.
        ServiceUnavailable: the database server does not answer.
    """
    engine = _read_only_engine(catalogue_url)
    try:
        problems = [Problem("DamagedCatalogue", None, damage) for damage in _catalogue_damage(engine)]
        documents = _documents(engine)
        checked = 0
        for done, (document, sha256) in enumerate(documents.items(), start=1):
            problem = _original_problem(originals / _place(sha256), document, sha256)
            if problem is not None:
                problems.append(problem)
            checked += problem is None or problem.kind == "ChecksumMismatch"
            progress(done, len(documents))
        # The folder is read before the table is read again: what is received meanwhile is no stranger.
        files = list(_files(originals))
        known = {_place(sha256) for sha256 in _documents(engine).values()}
        problems += [problem for path in files if (problem := _stranger(originals, path, known)) is not None]
    finally:
        engine.dispose()
    return FixityReport(checked, tuple(problems))


def _place(sha256: str) -> Path:
    return Path(sha256[:2], f"{sha256}.pdf")


def _original_problem(path: Path, document: str, sha256: str) -> Problem | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return Problem("FileMissing", document, f"{path} is not a regular file.")
        with path.open("rb") as original:
            found = hashlib.file_digest(original, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return Problem("FileMissing", document, f"{path} is not there.")
    except OSError as error:
        return Problem("UnreadableFile", document, f"{path} cannot be read: {error.strerror or error}.")
    if found != sha256:
        return Problem("ChecksumMismatch", document, f"{path} has SHA-256 {found}, not {sha256}.")
    return None


def _files(folder: Path) -> Iterator[Path | OSError]:
    """Every file below `folder`, relative to it, and an error for each folder that cannot be read."""
    errors: list[OSError] = []
    for place, _folders, names in os.walk(folder, onerror=errors.append):
        yield from (Path(place, name).relative_to(folder) for name in names)
    yield from (error for error in errors if not isinstance(error, FileNotFoundError))


def _stranger(originals: Path, found: Path | OSError, known: set[Path]) -> Problem | None:
    """The problem with a file that is not the original of any document, if it is one."""
    if isinstance(found, OSError):
        return Problem("UnreadableFile", None, f"{found.filename} cannot be read: {found.strerror}.")
    if found in known:
        return None
    path = originals / found
    if found.match("incoming-*.part") and len(found.parts) == 1:
        try:
            age = time.time() - path.lstat().st_mtime
            if age < _INTERRUPTED_AFTER or _is_locked(path):
                return None
        except FileNotFoundError:
            return None  # its writer has finished
        except OSError as error:
            return Problem("UnreadableFile", None, f"{path} cannot be read: {error.strerror or error}.")
        return Problem("UnexpectedFile", None, f"{path} is left over from a write that was interrupted.")
    return Problem("UnexpectedFile", None, f"{path} is not the original of any document.")


def _is_locked(path: Path) -> bool:
    """Whether a process is writing this file: its writer holds a lock on it, whatever the clock says."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _read_only_engine(catalogue_url: str) -> Engine:
    url = make_url(catalogue_url)
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database)).absolute()
        if not path.is_file():
            raise DamagedArchive(f"There is no catalogue at {path}.")
        return create_engine(url, creator=lambda: _read_only(path))
    return create_engine(url, execution_options={"postgresql_readonly": True})


def _read_only(path: Path) -> sqlite3.Connection:
    connection, _is_shared = connect_for_reading(path, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _documents(engine: Engine) -> dict[str, str]:
    """The SHA-256 of every document, by identifier."""
    rows = _rows(engine, "SELECT id, sha256 FROM documents ORDER BY id")
    return {row.id: row.sha256 for row in rows}


def _catalogue_damage(engine: Engine) -> list[str]:
    """What SQLite finds wrong with its own file; a database server looks after itself."""
    if engine.dialect.name != "sqlite":
        return []
    return [said for (said,) in _rows(engine, "PRAGMA integrity_check") if said != "ok"]


def _rows(engine: Engine, statement: str) -> Sequence[Row[Any]]:
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).all()
    except DBAPIError as error:
        said = str(error.orig).strip()
        if engine.dialect.name == "postgresql" and isinstance(error, OperationalError):
            raise ServiceUnavailable(f"The catalogue's database does not answer: {said}") from error
        raise DamagedArchive(f"The catalogue cannot be read: {said}") from error
