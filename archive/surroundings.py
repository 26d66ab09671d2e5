"""Problems of the machine and not of a document: a full disk, too many open files, no memory.

Libraries wrap or drop the system's error, and some tools truncate a file silently. So code that catches an
error calls :func:`trouble_behind` to find its cause, and :func:`require_room` to see whether the disk is
full.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ServiceUnavailable

LEAST_ROOM = 2 * 1024 * 1024
"""Bytes; a disk with less free space counts as full, because no step of the work would surely fit."""
_LEAST_FILES = 16
"""Least number of files that can still be created; a disk may run out of them before it runs out of space."""


class NoRoom(ServiceUnavailable):
    """The disk, or the user's quota, is full."""

    code = "no-room"
    default_hint = "Make room on that disk. Nothing is lost, and what waits goes on by itself."


class NoMemory(ServiceUnavailable):
    """The machine has no free memory."""

    code = "no-memory"
    default_hint = "End other programs or add memory. Nothing is lost, and what waits goes on by itself."


class NoMeans(ServiceUnavailable):
    """The machine allows no more processes or open files, or no writing to its disk."""

    code = "no-means"
    default_hint = "Nothing is lost, and what waits goes on by itself once the machine lets it."


TROUBLES: dict[str, type[ServiceUnavailable]] = {
    trouble.code: trouble for trouble in (NoRoom, NoMemory, NoMeans)
}
"""By their codes."""

_BY_NUMBER: dict[int | None, tuple[type[ServiceUnavailable], str]] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), (NoRoom, "The disk has no room")),
    errno.ENOMEM: (NoMemory, "The machine has no memory to spare"),
    **dict.fromkeys(
        (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EROFS),
        (NoMeans, "The machine does not let this be done"),
    ),
}
"""The error class and the message for the system's error numbers."""


def trouble_behind(error: BaseException) -> ServiceUnavailable | None:
    """The machine problem that caused `error`, found in its chain of causes and contexts; None if there is
    none."""
    chain: list[BaseException | None] = [error]
    looked_at: set[int] = set()
    while chain:
        one = chain.pop()
        if one is None or id(one) in looked_at:
            continue
        looked_at.add(id(one))
        if isinstance(one, NoRoom | NoMemory | NoMeans):
            return one
        if isinstance(one, OSError) and one.errno in _BY_NUMBER:
            kind, meaning = _BY_NUMBER[one.errno]
            place = f"{os.fsdecode(one.filename)}: " if isinstance(one.filename, str | bytes) else ""
            return kind(f"{meaning} ({place}{one.strerror}).")
        chain += [one.__context__, one.__cause__]
    return None


@contextmanager
def machine_troubles_as_errors() -> Iterator[None]:
    """Convert system errors that are problems of the machine into errors for people."""
    try:
        yield
    except OSError as error:
        trouble = trouble_behind(error)
        if trouble is None:
            raise
        raise trouble from error


def free_room(folder: Path) -> int:
    """Bytes that can be written in a folder; 0 when no more files can be made there."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return 0
    counts_files = disk.f_files > 0
    is_short_of_files = counts_files and disk.f_favail < _LEAST_FILES
    return 0 if is_short_of_files else disk.f_bavail * disk.f_frsize


def require_room(folder: Path, size: int = LEAST_ROOM) -> None:
    """Check that `size` bytes can be written in a folder, also with disk quotas.

    Raises:
        NoRoom: they cannot.
    """
    free = free_room(folder)
    if free >= size:
        try:
            with tempfile.TemporaryFile(dir=folder) as probe:
                os.posix_fallocate(probe.fileno(), 0, size)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoRoom(f"The disk of {folder} has no room ({error.strerror}).") from error
    else:
        needed = f"at least {_mebibytes(size)} MiB are needed"
        raise NoRoom(f"The disk of {folder} has no room: {_mebibytes(free)} MiB are free, {needed}.")


def _mebibytes(size: int) -> str:
    return f"{size / 1024**2:.1f}".removesuffix(".0")
