"""A disk so small that a test can fill it: a tmpfs of its own, which only root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MEBIBYTE = 1024 * 1024


class SmallDisk:
    """A disk in a folder, with a file on it that takes up as much room as a test wants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    @property
    def free(self) -> int:
        """Bytes."""
        disk = os.statvfs(self.folder)
        return disk.f_bavail * disk.f_frsize

    def fill(self, leaving: int = 0) -> None:
        """Take up all room but so many bytes."""
        self.make_room()
        with self._filler.open("wb") as filler:
            if (size := self.free - leaving) > 0:
                os.posix_fallocate(filler.fileno(), 0, size)

    def make_room(self) -> None:
        """Give back what was taken up."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, size: int, files: int = 0) -> Iterator[SmallDisk]:
    """A disk of `size` bytes, on which so many files can be made (0: any number), mounted at `folder`.

    The test is skipped where it cannot be mounted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={size},mode=0755" + (f",nr_inodes={files}" if files else "")
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(
            f"a small disk cannot be mounted ({getattr(error, 'stderr', '') or error}): it needs root"
        )
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
