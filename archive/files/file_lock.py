"""Locks on files. The system takes a lock away when its process ends, however that ends: no clock is needed
to see whether the holder is still at work."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

WORKERS = "workers"
"""The folder, in that of the archive, of the locks of its workers."""


class FileLock:
    """A lock on a file, held by one, or by several who share it. Between processes, and between two objects
    of one process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self, *, shared: bool = False, waits: bool = False) -> bool:
        """Take the lock, or keep it if it is held; returns False if others hold it.

        Args:
            shared: whether others may hold it as well, if they share it too.
            waits: whether to wait for it.

        Raises:
            OSError: the file can neither be opened nor made.
        """
        if self._descriptor is not None:
            return True
        descriptor = _open(self.path)
        try:
            fcntl.flock(
                descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if waits else fcntl.LOCK_NB)
            )
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True

    def share(self) -> bool:
        """Let others share a lock that is held alone. Returns False if somebody took it for himself in
        between; then it is held no more."""
        assert self._descriptor is not None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> "FileLock":
        """Wait for the lock."""
        self.acquire(waits=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock on a file.

    Raises:
        OSError: the file cannot be opened.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # Shared, so that two who ask at once do not take each other for the holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def worker_lock(data: Path, name: str) -> FileLock:
    """A lock by which the workers for the folder `data` keep out of each other's way."""
    return FileLock(data / WORKERS / f"{name}.lock")


def _open(path: Path) -> int:
    folder = path.parent
    if folder.name == WORKERS and folder.is_file():  # somebody has put a file there
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except IsADirectoryError:  # somebody has put a folder there; it can be locked as well
        return os.open(path, os.O_RDONLY)
    except PermissionError:
        # A backup or a person took the rights away. They are given back, and the file is not replaced:
        # another process may hold the lock on this one.
        with suppress(OSError):  # it belongs to somebody else; the second try says what is wrong
            path.chmod(0o600)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
