"""What takes long to work out of documents, kept on disk: their texts in units, alignments, comparisons.

Derived, like the index. The worker works it out once documents can be searched (:mod:`index.preparation`);
readers take it from here, and work out for themselves what is not here. Reading never writes.
"""

import hashlib
import os
import pickle
import secrets
import shutil
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar, cast

import archive

Value = TypeVar("Value")

_ROOMS = (Path(__file__).parent, Path(archive.__file__).parent)
_DIGEST = hashlib.sha256().digest_size
_UNKNOWN = object()


def _fingerprint() -> str:
    """Names the program that works out studies: what another version made is not read."""
    digest = hashlib.sha256()
    for room in _ROOMS:
        for module in sorted(room.glob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:16]


class Studies:
    """A folder of studies of documents. May be used by several threads and processes at once."""

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        """The studies in a folder, which need not be there.

        Args:
            keeps: whether what has to be worked out is written to the folder; the worker does so.
        """
        self._all = folder
        self._folder = folder / _fingerprint()
        self._keeps = keeps

    def get(
        self, kind: str, revisions: Mapping[str, str], detail: str, work_out: Callable[[], Value]
    ) -> Value:
        """A study, or else what `work_out` gives.

        Args:
            kind: its kind, in letters.
            revisions: the revisions of the texts of the documents that it is about, by identifier; see
                :meth:`archive.catalogue.Catalogue.text_revisions`.
            detail: what else it depends on, such as languages.

        Raises:
            OSError: it is to be kept, and cannot be written.
        """
        path = self._path(kind, revisions, detail)
        found = _read(path)
        if found is not _UNKNOWN:
            return cast(Value, found)
        value = work_out()
        if self._keeps:
            _write(path, value)
        return value

    def forget(self, document: str, but_for: str | None = None) -> None:
        """Remove what is kept about a document, or about all but one revision of its text."""
        current = None if but_for is None else _name(document, but_for)
        for path in self._folder.glob(f"*.{document}-*"):
            if current is None or current not in path.name.split("."):
                path.unlink(missing_ok=True)

    def forget_other_versions(self) -> None:
        """Remove what other versions of the program left, and what a process left that was killed."""
        if self._all.is_file():
            self._all.unlink()
        for path in self._all.glob("*"):
            if path != self._folder or not path.is_dir():
                _remove(path)
        for path in self._folder.glob("*.part"):
            path.unlink()

    def _path(self, kind: str, revisions: Mapping[str, str], detail: str) -> Path:
        documents = [_name(*item) for item in sorted(revisions.items())]
        name = hashlib.sha256(detail.encode()).hexdigest()[:8]
        return self._folder / ".".join([kind, *documents, name])


def _name(document: str, revision: str) -> str:
    return f"{document}-{hashlib.sha256(revision.encode()).hexdigest()[:16]}"


def _read(path: Path) -> object:
    """What stands in a file, if all of it does: only what was written whole is unpickled."""
    try:
        content = path.read_bytes()
    except OSError:
        return _UNKNOWN
    if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
        return _UNKNOWN
    return pickle.loads(zlib.decompress(content[_DIGEST:]))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _write(path: Path, value: object) -> None:
    content = zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{secrets.token_hex(8)}.part")
    if path.is_dir():
        _remove(path)
    try:
        beside.write_bytes(hashlib.sha256(content).digest() + content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
