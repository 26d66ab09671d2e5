"""Folders that cannot be written: another user's, on a read-only mount, on a full disk."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def need_root() -> None:
    """Skip the test where it cannot mount or become another user."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount file systems and to give files away")


_NOBODY = 65534

UNPRIVILEGED = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""Before a command that root runs: it may do with files what any user may."""


@contextmanager
def others_folder(source: Path) -> Iterator[Path]:
    """A copy that belongs to another user, who lets everybody read it."""
    need_root()
    with tempfile.TemporaryDirectory(prefix="terugblik-others-") as name:
        copy = shutil.copytree(source, Path(name) / "var")
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.chown(path, _NOBODY, _NOBODY)
        yield copy


@contextmanager
def mounted_read_only(source: Path) -> Iterator[Path]:
    """The folder itself, seen through a mount that cannot be written."""
    need_root()
    with tempfile.TemporaryDirectory(prefix="terugblik-mount-") as name:
        _run("mount", "--bind", str(source), name)
        try:
            _run("mount", "-o", "remount,bind,ro", name)
            yield Path(name)
        finally:
            _run("umount", name)


@contextmanager
def full_disk(source: Path, mebibytes: int = 16) -> Iterator[Path]:
    """A copy on a disk without a byte left."""
    need_root()
    with tempfile.TemporaryDirectory(prefix="terugblik-full-") as name:
        _run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", name)
        try:
            copy = shutil.copytree(source, Path(name) / "var")
            with (Path(name) / "filling").open("wb", buffering=0) as filling:
                for size in (65536, 4096, 1):
                    try:
                        while True:
                            filling.write(b"\0" * size)
                    except OSError:
                        continue
            yield copy
        finally:
            _run("umount", name)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"{' '.join(command)} is not possible here: {done.stderr.strip()}")
