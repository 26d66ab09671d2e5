"""The lock that allows one worker at a time for an archive."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from archive.errors import ServiceUnavailable


class WorkerRunning(ServiceUnavailable):
    """Another worker works for this archive."""

    code = "worker-running"
    default_hint = "One worker is enough; stop the other one first (`terugblik serve` has one built in)."


_LONGEST_NUMBER = 16
"""Bytes for the number of a process, so that each is written over the whole of the one before, in place."""


class WorkerLock:
    """One worker at a time for an archive: a lock on ``worker.lock`` that ends with its process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "worker.lock"
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False when another worker holds it."""
        if self._descriptor is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except IsADirectoryError:  # somebody has put a folder there; it can be locked as well
            descriptor = os.open(self._path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        with suppress(OSError):  # the number is for people; the lock holds without it, also on a full disk
            os.pwrite(descriptor, f"{os.getpid()}\n".ljust(_LONGEST_NUMBER).encode("ascii"), 0)
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "WorkerLock":
        if not self.acquire():
            raise WorkerRunning("Another worker is working for this archive.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
