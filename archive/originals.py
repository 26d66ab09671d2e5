"""The original files: kept by their SHA-256, written once, never changed.

Layout: ``originals/<first two hexadecimal digits>/<sha256>.pdf``, read-only. A file appears under its
name only when all its bytes are on disk, so a crash leaves at most an ``incoming-*.part`` beside them.
Whoever writes one holds a lock on it, which ends with its process: no clock tells whether it is at work.
"""

import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import DamagedArchive, ServiceUnavailable

_CHUNK = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LEFTOVER_AGE = 24 * 3600
"""Seconds after which an unfinished file is cleared away, if nobody holds its lock."""


@dataclass(frozen=True, slots=True)
class StoredOriginal:
    """An original that is safely on disk."""

    sha256: str
    """Lower-case hexadecimal digits."""
    size: int
    """Bytes."""


class Originals:
    """The folder of originals. Any number of threads and processes may store into it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self, source: BinaryIO) -> StoredOriginal:
        """Keep the bytes of `source`, up to its end. Storing the same bytes again changes nothing.

        Raises:
            ServiceUnavailable: the folder cannot be written, such as on a full disk.
            DamagedArchive: other bytes stand under the name of these.
        """
        with _told_of_the_disk(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._clear_leftovers()
            descriptor, incoming = self._begin()
        try:
            with os.fdopen(descriptor, "wb") as target:  # open, and with it locked, until all is in place
                original = _copy(source, target, self.folder)
                with _told_of_the_disk(self.folder):
                    self._put_in_place(incoming, original)
        finally:
            incoming.unlink(missing_ok=True)
        return original

    def path(self, sha256: str) -> Path:
        """Where the original with this checksum is.

        Raises:
            DamagedArchive: it is not there.
        """
        path = self._place(sha256)
        if not path.is_file():
            raise DamagedArchive(f"The original {sha256} is missing.")
        return path

    def _place(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise DamagedArchive(f"{sha256!r} is not a SHA-256 checksum.")
        return self.folder / sha256[:2] / f"{sha256}.pdf"

    def _put_in_place(self, incoming: Path, original: StoredOriginal) -> None:
        place = self._place(original.sha256)
        place.parent.mkdir(exist_ok=True)
        incoming.chmod(0o444)
        try:
            os.link(incoming, place)  # unlike a rename, never replaces what is there
        except FileExistsError:
            with place.open("rb") as held:
                if hashlib.file_digest(held, "sha256").hexdigest() != original.sha256:
                    raise DamagedArchive(
                        f"The original {original.sha256} has been changed on disk."
                    ) from None
        _sync_folder(place.parent)
        _sync_folder(self.folder)

    def _begin(self) -> tuple[int, Path]:
        """A new file to write to, with its lock held by the open descriptor."""
        while True:
            descriptor, name = tempfile.mkstemp(prefix="incoming-", suffix=".part", dir=self.folder)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return descriptor, Path(name)
            os.close(descriptor)  # by a wrong clock it was taken for a leftover before it was locked

    def _clear_leftovers(self) -> None:
        oldest_running = time.time() - _LEFTOVER_AGE
        for leftover in self.folder.glob("incoming-*.part"):
            try:
                if leftover.stat().st_mtime < oldest_running:
                    _clear(leftover)
            except FileNotFoundError:
                continue  # another process finished it or cleared it


def _clear(leftover: Path) -> None:
    """Delete a file that nobody writes to; a write in progress may look old by a clock that is wrong."""
    descriptor = os.open(leftover, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        leftover.unlink()
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _copy(source: BinaryIO, target: BinaryIO, folder: Path) -> StoredOriginal:
    digest = hashlib.sha256()
    size = 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        with _told_of_the_disk(folder):
            target.write(chunk)
    with _told_of_the_disk(folder):
        target.flush()
        os.fsync(target.fileno())
    return StoredOriginal(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told_of_the_disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServiceUnavailable(
            f"An original cannot be written to {folder}: {error.strerror or error}.",
            "Check that the folder can be written and that the disk has room.",
        ) from error
