"""Files that appear as a whole or not at all, and that a power cut does not take away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path, beside: Path, *, is_durable: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when the block ends well.

    Until then the old file stays, and readers see it alone. The new one is removed if the block does not end
    well.

    Args:
        beside: where the new one lies until then, in the same folder. A name that each process chooses for
            itself lets several write at the same time. What a killed process left under a fixed name is
            written over by the next one.
        is_durable: the file stays there through a power cut. It costs a wait for the disk; what is made again
            when it is missing or damaged does without.

    Raises:
        OSError: the file cannot be written; what lay at `path` still lies there.
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
