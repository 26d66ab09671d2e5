"""Results that take long to compute, stored on disk: texts in units, alignments, comparisons.

They are derived from the catalogue, like the index. The worker makes them when documents can be searched
(:mod:`index.preparation`). The site uses them, and computes those that are missing without storing them.

For each document a record lists the studies that the worker made, so that missing and damaged ones are
found without computing anything.
"""

import fcntl
import hashlib
import io
import os
import pickle
import secrets
import shutil
import stat
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import archive
from archive.files.durable_files import whole_file

Value = TypeVar("Value")

_ROOMS = (Path(__file__).parent, Path(archive.__file__).parent)
_DIGEST = hashlib.sha256().digest_size
"""Bytes of the checksum at the beginning of each file."""
_UNKNOWN = object()
_RECORD = "record"
"""The kind of study that is the record of a document: a list of file names."""

StudyProblem = Literal["StudyMissing", "StudyDamaged"]


@dataclass(frozen=True, slots=True)
class StudiesCondition:
    """The problems with the studies about a document."""

    recorded: int
    """The number of studies in the record."""
    missing: int
    damaged: int
    is_recorded: bool
    """Whether there is a record; without one, nothing is known of the studies."""
    is_younger: bool
    """Whether files are newer than the record, as after a restore; they were read and are intact."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing needs to be done."""
        return self.is_recorded and not (self.missing or self.damaged)

    def problems(self) -> list[tuple[StudyProblem, str]]:
        """The problems as sentences. All of them can be repaired."""
        if not self.is_recorded:
            return [("StudyMissing", "What this document is compared with has not been worked out yet.")]
        kinds: list[tuple[StudyProblem, int, str]] = [
            ("StudyMissing", self.missing, "missing"),
            ("StudyDamaged", self.damaged, "damaged"),
        ]
        return [
            (kind, f"Of {self.recorded} files in which this document is compared, {count} are {condition}.")
            for kind, count, condition in kinds
            if count
        ]


def _ask_nobody(_document: str) -> None:
    """Does nothing about a missing study."""


class _Pickler(pickle.Pickler):
    """Pickles records so that they are restored by their constructors. The usual way for data classes would
    take most of the time of reading."""

    def reducer_override(self, record: Any) -> Any:
        kind: Any = type(record)
        names = _fields_of(kind)
        return (kind, tuple([getattr(record, name) for name in names])) if names else NotImplemented


@cache
def _fields_of(kind: Any) -> Sequence[str]:
    """The fields of a record class, which are the arguments of its constructor; empty for other classes."""
    if kind.__dictoffset__ or not is_dataclass(kind) or not all(field.init for field in fields(kind)):
        return ()
    return [field.name for field in fields(kind)]


def _fingerprint() -> str:
    """Identifies the code that computes studies: those of another version are not read."""
    digest = hashlib.sha256()
    for room in _ROOMS:
        for module in sorted(room.rglob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:16]


_FINGERPRINT = _fingerprint()
"""The fingerprint of the program as it was loaded; its files may be replaced while a worker runs."""


class Studies:
    """A folder of studies of documents. May be used by several threads and processes at once."""

    def __init__(
        self, folder: Path, *, keeps: bool = False, missed: Callable[[str], None] = _ask_nobody
    ) -> None:
        """The studies in a folder, which need not exist.

        Args:
            keeps: whether new studies are written to the folder, as the worker does.
            missed: called with a document if one of its studies is requested that should exist, but is
                missing or damaged.
        """
        self._all = folder
        self._folder = folder / _FINGERPRINT
        self._keeps = keeps
        self._missed = missed
        self._asked_for: set[str] = set()
        """Names of the files that were requested, if new studies are written."""

    def get(
        self, kind: str, revisions: Mapping[str, str], detail: str, work_out: Callable[[], Value]
    ) -> Value:
        """A study from the folder, or else the result of `work_out`.

        Args:
            kind: its kind, in letters.
            revisions: the revisions of the texts of the documents that it is about, by identifier; see
                :meth:`archive.catalogue.catalogue.Catalogue.text_revisions`.
            detail: what else it depends on, such as languages.

        Raises:
            OSError: the study has to be stored, and cannot be written.
        """
        path = self._path(kind, revisions, detail)
        if self._keeps:
            self._asked_for.add(path.name)
        found = _read(path)
        if found is not _UNKNOWN:
            return cast(Value, found)
        if not self._keeps:
            for document, revision in revisions.items():
                if self._should_hold(document, revision, path.name):
                    self._missed(document)
        value = work_out()
        if self._keeps:
            _write(path, value)
        return value

    def record(self, document: str, revision: str) -> None:
        """Write the record of a document: its studies that were requested until now.

        Raises:
            OSError: the record cannot be written.
        """
        own = _name(document, revision)
        names = tuple(sorted(name for name in self._asked_for if own in name.split(".")))
        _write(self._path(_RECORD, {document: revision}, ""), names)

    def condition(self, document: str, revision: str, *, thorough: bool = False) -> StudiesCondition:
        """Checks the studies about a document.

        Files that may have changed since the record was written are read; with `thorough`, all files are.
        """
        record = self._path(_RECORD, {document: revision}, "")
        status, names = _stat(record), self._recorded(document, revision)
        if status is None or names is None:
            return StudiesCondition(0, 0, 0, is_recorded=False, is_younger=False)
        missing = damaged = 0
        is_younger = False
        for name in names:
            path = self._folder / name
            found = _stat(path)
            if found is None:
                missing += 1
                continue
            # Changes within some milliseconds have the same time: the clock of a file system is coarse.
            is_touched = max(found.st_mtime_ns, found.st_ctime_ns) >= status.st_mtime_ns
            if (thorough or is_touched) and _content(path) is None:
                damaged += 1
            else:
                is_younger = is_younger or is_touched
        return StudiesCondition(len(names), missing, damaged, is_recorded=True, is_younger=is_younger)

    def confirm(self, document: str, revision: str) -> None:
        """Note that files newer than the record are intact: the record gets the present time."""
        with suppress(OSError):
            os.utime(self._path(_RECORD, {document: revision}, ""))

    def forget(self, document: str, but_for: str | None = None) -> frozenset[str]:
        """Remove the studies about a document, or those about all but one revision of its text.

        Returns the other documents of these studies.
        """
        current = None if but_for is None else _name(document, but_for)
        concerned = set[str]()
        for path in self._folder.glob(f"*.{document}-*"):
            _kind, *documents, _detail = path.name.split(".")
            if current is None or current not in documents:
                concerned.update(each.partition("-")[0] for each in documents)
                _remove(path)
        return frozenset(concerned - {document})

    def forget_other_versions(self) -> None:
        """Remove the studies of other versions of the program, and unfinished files of killed processes."""
        if self._all.is_file():
            self._all.unlink()
        for path in self._all.glob("*"):
            if path != self._folder or not path.is_dir():
                _remove(path)
        for path in self._folder.glob("*.part"):
            if _is_abandoned(path):
                path.unlink(missing_ok=True)

    def _recorded(self, document: str, revision: str) -> Sequence[str] | None:
        found = _read(self._path(_RECORD, {document: revision}, ""))
        return None if found is _UNKNOWN else cast(Sequence[str], found)

    def _should_hold(self, document: str, revision: str, name: str) -> bool:
        """Whether the worker has made a study according to the record, or there is no record."""
        recorded = self._recorded(document, revision)
        return recorded is None or name in recorded

    def _path(self, kind: str, revisions: Mapping[str, str], detail: str) -> Path:
        documents = [_name(*item) for item in sorted(revisions.items())]
        name = hashlib.sha256(detail.encode()).hexdigest()[:8]
        return self._folder / ".".join([kind, *documents, name])


def _name(document: str, revision: str) -> str:
    return f"{document}-{hashlib.sha256(revision.encode()).hexdigest()[:16]}"


def _read(path: Path) -> object:
    """The content of a file. It is unpickled only if its checksum is right."""
    content = _content(path)
    return _UNKNOWN if content is None else pickle.loads(zlib.decompress(content))


def _content(path: Path) -> bytes | None:
    """The bytes after the checksum of a file; None if it cannot be read, or the checksum is wrong."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    is_whole = _digest(path, content[_DIGEST:]) == content[:_DIGEST]
    return content[_DIGEST:] if is_whole else None


def _digest(path: Path, content: bytes) -> bytes:
    """The checksum of a file. It includes the name, so that a file with the name of another one counts as
    damaged."""
    return hashlib.sha256(path.name.encode() + b"\n" + content).digest()


def _stat(path: Path) -> os.stat_result | None:
    """The status of a file; None if there is no regular file at this path."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        with suppress(FileNotFoundError):  # another worker is removing it as well
            shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_abandoned(unfinished: Path) -> bool:
    """Whether nobody is writing a file any more: a writer holds a lock on it, which ends with its process."""
    try:
        with unfinished.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # it is being written, is gone, or belongs to somebody else
        return False
    return True


def _write(path: Path, value: object) -> None:
    written = io.BytesIO()
    _Pickler(written, pickle.HIGHEST_PROTOCOL).dump(value)
    content = zlib.compress(written.getvalue(), 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        _remove(path)
    for is_last in (False, True):
        try:
            with whole_file(path, path.with_name(f"{secrets.token_hex(8)}.part")) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write(_digest(path, content) + content)
        except FileNotFoundError:  # taken for one of a killed process before it was locked
            if is_last:
                raise
        else:
            return
