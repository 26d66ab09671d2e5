"""The lock on ``worker.lock``: any number of workers share it, or one process holds it alone.

Alone is who must not have a worker beside it, such as `recover`. Versions before the queue had leases held it
alone while they worked, so they and this one never work at once.
"""

from pathlib import Path
from types import TracebackType

from archive.errors import ServiceUnavailable
from archive.files.file_lock import FileLock
from archive.files.presence import living


class WorkerRunning(ServiceUnavailable):
    """Another worker works in this folder."""

    code = "worker-running"
    default_hint = "What waits is done by it. To do something that needs to be alone, stop all workers first."


class WorkerLock:
    """The lock of one process, in the folder of an archive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "worker.lock")

    def acquire(self, *, shared: bool = False) -> bool:
        """Take the lock; returns False if another process holds it, or has not shared it."""
        return self._lock.acquire(shared=shared)

    def acquire_first(self) -> bool:
        """Take the lock to share it; returns False if a worker is here already."""
        return self._lock.acquire() and self._lock.share()

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        self._lock.release()

    def refusal(self) -> WorkerRunning:
        """The error for who cannot have it; says who is at work."""
        who = "; ".join(filter(None, living(self._folder).values()))
        return WorkerRunning(f"Another worker is working for this archive{f' ({who})' if who else ''}.")

    def __enter__(self) -> "WorkerLock":
        """Hold it alone.

        Raises:
            WorkerRunning: others hold it.
        """
        if not self.acquire():
            raise self.refusal()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
