"""Trouble of the machine that is no document's fault: a full disk, too many open files, no memory.

Libraries wrap or drop the system's error, and some tools cut a file short without saying so. So code that
meets an error asks :func:`trouble_behind` for its cause, and :func:`require_room` whether there is room at
all.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ServiceUnavailable

LEAST_ROOM = 2 * 1024 * 1024
"""Bytes; a disk with less is full, since no step of the work can be relied on to fit."""
_LEAST_FILES = 16
"""Files that can still be made; a disk may run out of them before it runs out of room."""


class NoRoom(ServiceUnavailable):
    """The disk, or somebody's share of it, is full."""

    code = "no-room"
    default_hint = "Make room on that disk. Nothing is lost, and what waits goes on by itself."


class NoMemory(ServiceUnavailable):
    """The machine has no memory to spare."""

    code = "no-memory"
    default_hint = "End other programs or add memory. Nothing is lost, and what waits goes on by itself."


class NoMeans(ServiceUnavailable):
    """The machine has no processes or open files to spare, or does not let its disk be written."""

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
"""What the system's errors mean, and how it is told."""


def trouble_behind(error: BaseException) -> ServiceUnavailable | None:
    """What of the machine was behind `error`: itself, or one that it was raised from or while handling."""
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
            kind, told = _BY_NUMBER[one.errno]
            place = f"{os.fsdecode(one.filename)}: " if isinstance(one.filename, str | bytes) else ""
            return kind(f"{told} ({place}{one.strerror}).")
        chain += [one.__context__, one.__cause__]
    return None


@contextmanager
def machine_troubles_as_errors() -> Iterator[None]:
    """Turns errors of the system that are the machine's trouble into errors for people."""
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
    """See to it that `size` bytes can be written in a folder, also where shares of the disk are limited.

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
