"""Fixity check (PREMIS): are the originals still, byte for byte, what the catalogue says?

Independent of the code that writes them: this module knows the layout on its own, reads the tables over a
connection that cannot write, trusts no file name and changes nothing. If the catalogue is damaged, what can
still be read of it is used. A file that the catalogue does not mention is compared with its own name.
"""

import hashlib
import os
import re
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from archive.database.sqlite_file import connect_for_reading
from archive.errors import DamagedArchive, ServiceUnavailable
from archive.files.file_lock import is_locked
from archive.preservation.catalogue_soundness import catalogue_problems, document_problems, unreadable
from archive.preservation.problems import CheckReport, Problem

_INTERRUPTED_AFTER = 24 * 3600
"""Seconds after which an ``incoming-*.part`` is left over from a write, if nobody holds its lock."""

_RECEIVED_WITHIN, _LOOKS = 0.5, 5
"""Seconds within which a file that was just stored appears in the catalogue, and number of times to look."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class _Known:
    """What the catalogue says of the documents, as far as it can be read."""

    checksums: dict[str, str] = field(default_factory=dict)
    """SHA-256 by identifier."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes of the original, by identifier."""
    damage: Problem | None = None
    """Why there may be more documents than these."""


def check(
    catalogue_url: str, originals: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> CheckReport:
    """Hash every original, compare it with the catalogue, look for files that belong to no document, and
    check that the catalogue can be read and does not contradict itself.

    `progress` gets the number of checked documents and of all documents.

    Raises:
        DamagedArchive: there is neither a catalogue nor an original.
        ServiceUnavailable: the database server does not answer.
    """
    engine = _read_only_engine(catalogue_url)
    if engine is None:
        problem = Problem("DamagedCatalogue", None, f"There is no catalogue at {_file(catalogue_url)}.")
        if not any(_files(originals)):
            raise DamagedArchive(problem.detail)
        return _by_their_names(originals, _Known(damage=problem), CheckReport(0, (problem,)), progress)
    try:
        problems = catalogue_problems(engine)
        known = _documents(engine)
        problems += [known.damage] if known.damage and known.damage not in problems else []
        checked = 0
        whole: set[str] = set()
        for done, (document, sha256) in enumerate(known.checksums.items(), start=1):
            found, size = _look_at(originals / _place(sha256), document, sha256)
            if found is not None:
                problems.append(found)
            else:
                whole.add(document)
                if size != known.sizes.get(document, size):
                    detail = f"Its original has {size} bytes, not {known.sizes[document]}."
                    problems.append(Problem("BrokenDocument", document, detail))
            checked += found is None or found.kind == "ChecksumMismatch"
            problems += _told_of(engine, document)
            progress(done, len(known.checksums))
        report = CheckReport(checked, tuple(dict.fromkeys(problems)), frozenset(whole))
        if known.damage is not None:
            return _by_their_names(originals, known, report, progress)
        return report.with_problems(_strangers(engine, originals))
    finally:
        engine.dispose()


def _place(sha256: str) -> Path:
    return Path(sha256[:2], f"{sha256}.pdf")


def _look_at(path: Path, document: str, sha256: str) -> tuple[Problem | None, int]:
    """What is wrong with an original, and how many bytes it has."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return Problem("FileMissing", document, f"{path} is not a regular file."), 0
        with path.open("rb") as original:
            found = hashlib.file_digest(original, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return Problem("FileMissing", document, f"{path} is not there."), 0
    except OSError as error:
        return Problem("UnreadableFile", document, f"{path} cannot be read: {error.strerror or error}."), 0
    if found != sha256:
        return Problem("ChecksumMismatch", document, f"{path} has SHA-256 {found}, not {sha256}."), 0
    return None, status.st_size


def _told_of(engine: Engine, document: str) -> list[Problem]:
    try:
        with engine.begin() as connection:
            return document_problems(connection, document)
    except DBAPIError as error:
        return [unreadable(document, error)]


def _by_their_names(
    originals: Path, known: _Known, report: CheckReport, progress: Callable[[int, int], None]
) -> CheckReport:
    """The report, with files that a damaged catalogue does not mention compared with their own names."""
    held = {_place(sha256) for sha256 in known.checksums.values()}
    files = [found for found in _files(originals) if found not in held]
    problems, checked, whole = list(report.problems), report.checked, set(report.whole)
    for done, found in enumerate(files, start=1):
        if isinstance(found, Path) and _SHA256.fullmatch(found.stem) and found == _place(found.stem):
            problem, _size = _look_at(originals / found, found.stem[:16], found.stem)
            checked += problem is None or problem.kind == "ChecksumMismatch"
            if problem is None:
                whole.add(found.stem[:16])
        else:
            problem = _stranger(originals, found)
        problems += [problem] if problem is not None else []
        progress(done, len(files))
    return CheckReport(checked, tuple(problems), frozenset(whole))


def _files(folder: Path) -> Iterator[Path | OSError]:
    """Every file below `folder`, relative to it, and an error for each folder that cannot be read."""
    errors: list[OSError] = []
    for place, _folders, names in os.walk(folder, onerror=errors.append):
        yield from (Path(place, name).relative_to(folder) for name in names)
    yield from (error for error in errors if not isinstance(error, FileNotFoundError))


def _strangers(engine: Engine, originals: Path) -> list[Problem]:
    """The problems with files that are the original of no document."""
    # The folder is read before the table, so that files that are received meanwhile are not reported.
    files = list(_files(originals))
    for _look in range(_LOOKS):
        known = {_place(sha256) for sha256 in _documents(engine).checksums.values()}
        strangers = [found for found in files if found not in known]
        if not any(_is_just_stored(originals, found) for found in strangers):
            break
        time.sleep(_RECEIVED_WITHIN / _LOOKS)
    return [problem for found in strangers if (problem := _stranger(originals, found)) is not None]


def _is_just_stored(originals: Path, found: Path | OSError) -> bool:
    """Whether a file may be an original that another process is about to describe in the catalogue."""
    if isinstance(found, OSError) or not _SHA256.fullmatch(found.stem):
        return False
    try:
        return abs(time.time() - (originals / found).lstat().st_ctime) < _INTERRUPTED_AFTER
    except OSError:
        return False


def _stranger(originals: Path, found: Path | OSError) -> Problem | None:
    """The problem with a file that is not the original of any document, if it is one."""
    if isinstance(found, OSError):
        return Problem("UnreadableFile", None, f"{found.filename} cannot be read: {found.strerror}.")
    path = originals / found
    if found.match("incoming-*.part") and len(found.parts) == 1:
        try:
            age = time.time() - path.lstat().st_mtime
            if age < _INTERRUPTED_AFTER or is_locked(path):
                return None
        except FileNotFoundError:
            return None  # its writer has finished
        except OSError as error:
            return Problem("UnreadableFile", None, f"{path} cannot be read: {error.strerror or error}.")
        detail = f"{path} is left over from a write that was interrupted."
        return Problem("UnexpectedFile", None, detail, is_leftover=True)
    detail = f"{path} is not the original of any document."
    if _SHA256.fullmatch(found.stem) and found == _place(found.stem):
        detail += " An `add` that was interrupted leaves such a file."
    return Problem("UnexpectedFile", None, detail)


def _file(catalogue_url: str) -> Path:
    return Path(str(make_url(catalogue_url).database)).absolute()


def _read_only_engine(catalogue_url: str) -> Engine | None:
    """Connections whose transactions see one state of the catalogue; None where there is no file."""
    url = make_url(catalogue_url)
    if url.get_backend_name() != "sqlite":
        options = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        return create_engine(url, execution_options=options)
    path = _file(catalogue_url)
    if not path.is_file():
        return None
    engine = create_engine(url, creator=lambda: _read_only(path))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _read_only(path: Path) -> sqlite3.Connection:
    connection, _is_shared = connect_for_reading(path, check_same_thread=False)
    connection.isolation_level = None  # the driver would begin no transaction for what only reads
    connection.execute("PRAGMA query_only = ON")
    return connection


def _documents(engine: Engine) -> _Known:
    """The documents in the catalogue; if the table cannot be read to its end, also those in its index."""
    known = _Known()
    try:
        with engine.connect() as connection:
            for row in connection.execute(text("SELECT id, sha256, size FROM documents ORDER BY id")):
                known.checksums[row.id], known.sizes[row.id] = row.sha256, row.size
    except DBAPIError as error:
        if engine.dialect.name == "postgresql" and isinstance(error, OperationalError):
            message = str(error.orig).strip()
            raise ServiceUnavailable(f"The catalogue's database does not answer: {message}") from error
        known.damage = unreadable(None, error)
        with suppress(DBAPIError), engine.connect() as connection:
            for (sha256,) in connection.execute(text("SELECT sha256 FROM documents ORDER BY sha256")):
                known.checksums.setdefault(sha256[:16], sha256)
    return known
