"""Files that appear as a whole or not at all, and that a power cut does not take away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path, beside: Path, *, is_durable: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, which replaces `path` when the block ends without an exception.

    Until then the old file stays, and readers see only that. If the block raises, the new file is removed.

    Args:
        beside: temporary path of the new file, in the same folder. With a name that is unique to each
            process, several can write at the same time. With a fixed name, the next process overwrites what a
            killed one left.
        is_durable: whether the file must survive a power cut. It means waiting for the disk; files that can
            be made again do without.

    Raises:
        OSError: the file cannot be written; the old file is still at `path`.
    """
    try:
        with beside.open("wb") as file:
            yield file
            if is_durable:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    if is_durable:
        synchronise(path.parent)


def synchronise(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
