"""The original files: kept by their SHA-256, written once, never changed.

Layout: ``originals/<first two hexadecimal digits>/<sha256>.pdf``, read-only. A file gets its name only when
all its bytes are on disk, so a crash leaves at most an ``incoming-*.part``. Its writer holds a lock on it
that ends with the process, so no clock is needed to see whether the writer is still at work.
"""

import fcntl
import hashlib
import os
import re
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import DamagedArchive, DamagedOriginal, ServiceUnavailable
from archive.files.durable_files import synchronise
from archive.records import DamageKind
from archive.surroundings import LEAST_ROOM, NoRoom, free_room, machine_troubles_as_errors

_CHUNK = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LEFTOVER_AGE = 24 * 3600
"""Seconds after which an unfinished file is cleared away, if nobody holds its lock."""


_SAID: dict[DamageKind, str] = {
    "FileMissing": "is missing",
    "ChecksumMismatch": "has been changed on disk",
    "UnreadableFile": "cannot be read",
}


@dataclass(frozen=True, slots=True)
class StoredOriginal:
    """An original that is safely on disk."""

    sha256: str
    """Lower-case hexadecimal digits."""
    size: int
    """Bytes."""


_Seen = tuple[int, ...]
"""Properties of a file that show whether it was touched since it was hashed."""


class Originals:
    """The folder of originals. Any number of threads and processes may store files at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hashed: dict[str, tuple[_Seen, str]] = {}
        """By the checksum that a file should have: its properties when it was hashed, and its real
        checksum."""
        self._hashing = threading.Lock()

    def store(self, source: BinaryIO) -> StoredOriginal:
        """Keep the bytes of `source`, up to its end. Storing the same bytes again changes nothing.

        Raises:
            ServiceUnavailable: the folder cannot be written, such as on a full disk.
            DamagedArchive: other bytes stand under the name of these.
        """
        with _told_of_the_disk(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.clear_leftovers()
            self._require_room_for(source)
            descriptor, incoming = self._begin()
        try:
            # Open, and with it locked, until all is in place.
            with machine_troubles_as_errors(), os.fdopen(descriptor, "wb") as target:
                original = _copy(source, target, self.folder)
                with _told_of_the_disk(self.folder):
                    self._put_in_place(incoming, original)
        finally:
            incoming.unlink(missing_ok=True)
        return original

    def holds(self, sha256: str) -> bool:
        """Whether there is an original with this checksum here. Its bytes have not been checked."""
        return self._place(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """The path of the original with this checksum. Its bytes have not been checked.

        Raises:
            DamagedOriginal: it is not there.
        """
        if not self.holds(sha256):
            raise DamagedOriginal(f"The original {sha256} is missing.")
        return self._place(sha256)

    def verified(self, sha256: str) -> Path:
        """The path of the original with this checksum, after its bytes have been checked.

        Raises:
            DamagedOriginal: it is not there, holds other bytes or cannot be read.
        """
        damage = self.damage(sha256)
        if damage is not None:
            raise DamagedOriginal(f"The original {sha256} {_SAID[damage]}.")
        return self._place(sha256)

    def damage(self, sha256: str, *, may_hash: bool = True) -> DamageKind | None:
        """What is wrong with the original with this checksum; None if it is intact.

        A file is hashed the first time, and again if it has been touched since. Without `may_hash`, a file
        that would have to be hashed counts as intact.
        """
        path = self._place(sha256)
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                return "FileMissing"
            if not may_hash and self._hashed.get(sha256, ((), ""))[0] != _seen(status):
                return None
            return None if self._checksum(path, sha256, _seen(status)) == sha256 else "ChecksumMismatch"
        except (FileNotFoundError, NotADirectoryError):
            return "FileMissing"
        except OSError:
            return "UnreadableFile"

    def _checksum(self, path: Path, sha256: str, seen: _Seen) -> str:
        held = self._hashed.get(sha256)
        if held is not None and held[0] == seen:
            return held[1]
        with self._hashing:  # one file at a time: a flood of requests for a large one hashes it once
            held = self._hashed.get(sha256)
            if held is None or held[0] != seen:
                with path.open("rb") as original:
                    # Of the file that is open: another one may have taken its name meanwhile.
                    seen = _seen(os.fstat(original.fileno()))
                    held = seen, hashlib.file_digest(original, "sha256").hexdigest()
                self._hashed[sha256] = held
            return held[1]

    def put_back(self, sha256: str, source: Path) -> bool:
        """Replace a damaged or missing original by the bytes of the file `source`, if they have the right
        checksum. Returns whether they had.

        Raises:
            ServiceUnavailable: `source` cannot be read, the folder cannot be written, or something that is
                no file stands there.
        """
        place = self._place(sha256)
        with _told_of_the_disk(self.folder):
            backup = source.open("rb")
            place.parent.mkdir(parents=True, exist_ok=True)
            descriptor, incoming = self._begin()
        try:
            with (
                backup,
                os.fdopen(descriptor, "wb") as target,
            ):  # open, and with it locked, until all is in place
                if _copy(backup, target, self.folder).sha256 != sha256:
                    return False
                with _told_of_the_disk(self.folder):
                    incoming.chmod(0o444)
                    incoming.replace(place)
                    synchronise(place.parent)
                    synchronise(self.folder)
        finally:
            incoming.unlink(missing_ok=True)
        return True

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
                    raise DamagedOriginal(
                        f"The original {original.sha256} {_SAID['ChecksumMismatch']}."
                    ) from None
        synchronise(place.parent)
        synchronise(self.folder)

    def _begin(self) -> tuple[int, Path]:
        """A new file to write to, with its lock held by the open descriptor."""
        while True:
            descriptor, name = tempfile.mkstemp(prefix="incoming-", suffix=".part", dir=self.folder)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return descriptor, Path(name)
            os.close(descriptor)  # by a wrong clock it was taken for a leftover before it was locked

    def _require_room_for(self, source: BinaryIO) -> None:
        """See to it that the catalogue has room to describe what is stored: an original that it cannot
        describe would only take up room."""
        if source.seekable():
            place = source.tell()
            size = source.seek(0, os.SEEK_END) - place
            source.seek(place)
            free = free_room(self.folder)
            if free < size + LEAST_ROOM:
                raise NoRoom(f"The disk of {self.folder} has no room for this file: {free} bytes are free.")

    def clear_leftovers(self) -> None:
        """Delete the remains of interrupted writes, after a day."""
        oldest_running = time.time() - _LEFTOVER_AGE
        for leftover in self.folder.glob("incoming-*.part"):
            try:
                if leftover.stat().st_mtime < oldest_running:
                    _clear(leftover)
            except FileNotFoundError:
                continue  # another process finished it or cleared it


def _clear(leftover: Path) -> None:
    """Delete a file unless somebody is writing it; with a wrong clock, a write in progress may look old."""
    descriptor = os.open(leftover, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        leftover.unlink()
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _seen(status: os.stat_result) -> _Seen:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


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


@contextmanager
def _told_of_the_disk(folder: Path) -> Iterator[None]:
    try:
        with machine_troubles_as_errors():
            yield
    except OSError as error:
        raise ServiceUnavailable(
            f"An original cannot be written to {folder}: {error.strerror or error}.",
            "Check that the folder can be written and that the disk has room.",
        ) from error
