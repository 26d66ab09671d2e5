"""Which workers live? Each holds a lock on a file of its own, ``workers/<name>.present``, until its process
ends.

So whoever shares the folder can prove at once that a worker is dead: its file is there, and its lock is free.
A worker in another folder, as on another host, cannot be proved dead; of that one only its lease tells.
"""

import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive.files.file_lock import WORKERS, FileLock, is_locked

_ENDING = ".present"
_NAME = re.compile(r"[0-9a-f]{16}")
_LONGEST = 200
"""Bytes that are read of what a file says."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """A worker, as it says who it is."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    """Sixteen hexadecimal digits, drawn by each worker when it begins."""
    host: str = field(default_factory=lambda: socket.gethostname() or "localhost")
    process: int = field(default_factory=os.getpid)

    def __str__(self) -> str:
        """For people, such as `archive-1:4711`."""
        return f"{self.host}:{self.process}"


class Presence:
    """The file by which a worker shows that it lives."""

    def __init__(self, data: Path) -> None:
        """Be present in the folder of an archive.

        Raises:
            OSError: the file cannot be made.
        """
        self.claimant = Claimant()
        while True:
            self._lock = FileLock(_place(data, self.claimant.name))
            self._lock.acquire(waits=True)
            if self._lock.path.exists():
                break
            self._lock.release()  # it was taken for the file of a dead worker before it was locked
        with suppress(OSError):  # it is for people; the lock holds without it, also on a full disk
            self._lock.path.write_text(f"{self.claimant}\n", "utf-8")

    def leave(self, *, is_done: bool = True) -> None:
        """Be present no more.

        Args:
            is_done: whether nothing is left that was begun. Otherwise the file stays, as if the worker had
                died, so that another one finds what it left.
        """
        if is_done:
            self._lock.path.unlink(missing_ok=True)
        self._lock.release()


def is_dead(data: Path, name: str) -> bool:
    """Whether it is proved that the worker with this name has ended."""
    if not _NAME.fullmatch(name):
        return False
    try:
        return not is_locked(_place(data, name))
    except OSError:
        return False


def is_present(data: Path, name: str) -> bool:
    """Whether the worker with this name is at work in the folder."""
    return _place(data, name).is_file() and not is_dead(data, name)


def living(data: Path) -> dict[str, str]:
    """The workers that are at work in the folder: what each says of itself, by its name."""
    return {name: _said(data, name) for name in _names(data) if not is_dead(data, name)}


def dead(data: Path) -> list[str]:
    """The names of workers that ended without saying so."""
    return [name for name in _names(data) if is_dead(data, name)]


def forget(data: Path, name: str) -> None:
    """Remove the file of a dead worker, after all that it left has been seen to."""
    # Under its lock: a worker that has just made its file and not yet locked it looks dead, too.
    lock = FileLock(_place(data, name))
    with suppress(OSError):
        if lock.acquire():
            try:
                lock.path.unlink(missing_ok=True)
            finally:
                lock.release()


def _place(data: Path, name: str) -> Path:
    return data / WORKERS / f"{name}{_ENDING}"


def _names(data: Path) -> Iterator[str]:
    for path in sorted((data / WORKERS).glob(f"*{_ENDING}")):
        if _NAME.fullmatch(path.stem) and path.is_file():
            yield path.stem


def _said(data: Path, name: str) -> str:
    try:
        with _place(data, name).open("rb") as file:
            return file.read(_LONGEST).decode("utf-8", "replace").strip()
    except OSError:
        return ""
