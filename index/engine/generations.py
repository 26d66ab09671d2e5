"""The index lies in one of several generations: each is a folder, and a pointer names the current one.

A new generation is built beside the current one and becomes current in one atomic step. It carries a
fingerprint of the rules by which it was built. A generation built by other rules is never read, and is
deleted only when one by the present rules is complete.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archive.files.durable_files import synchronise, whole_file
from archive.surroundings import machine_troubles_as_errors
from index.engine.manifest import MANIFEST
from index.errors import IndexMismatch, IndexMissing

POINTER, FINGERPRINT, LOCK, HINT = "current", "fingerprint.json", "lock", "look-over"
_NEXT_POINTER = f"{POINTER}.new"

_NAME = re.compile(r"generation-[0-9a-f]{16}")


def current(folder: Path, fingerprint: str) -> Path:
    """The generation to read and write in the index at `folder`.

    Raises:
        IndexMissing: there is none yet.
        IndexMismatch: it was made by other rules, or the pointer names nothing of ours. An index holds
            pickled objects, so nothing outside its folder is ever opened.
    """
    generation = _pointed_at(folder)
    while True:
        try:
            found = json.loads((generation / FINGERPRINT).read_bytes())
        except FileNotFoundError:
            before, generation = generation, _pointed_at(folder)
            if generation == before:  # else a rebuild replaced it between the two reads
                raise IndexMissing(f"The index in {folder} is gone, or not complete.") from None
        except (OSError, ValueError, RecursionError):
            raise IndexMismatch(f"{generation / FINGERPRINT} cannot be read.") from None
        else:
            if found != {"fingerprint": fingerprint}:
                raise IndexMismatch(f"The index in {folder} was made by another version, with other rules.")
            return generation


def _pointed_at(folder: Path) -> Path:
    pointer = folder / POINTER
    try:
        name = pointer.read_text("ascii").strip()
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {folder} yet.") from None
    except (OSError, UnicodeDecodeError):
        raise IndexMismatch(f"{pointer} is not ours.") from None
    generation = folder / name[:40]
    if not _NAME.fullmatch(name) or generation.is_symlink():
        raise IndexMismatch(f"{pointer} names {name[:40]!r}, which is no generation of this index.")
    return generation


@contextmanager
def new(folder: Path, fingerprint: str) -> Iterator[Path]:
    """A new generation, which is not current yet; nothing of it stays if the block does not end well."""
    generation = folder / f"generation-{secrets.token_hex(8)}"
    try:
        generation.mkdir(parents=True)
        (generation / FINGERPRINT).write_text(json.dumps({"fingerprint": fingerprint}), "utf-8")
        yield generation
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        (folder / _NEXT_POINTER).unlink(missing_ok=True)
        raise


def publish(generation: Path) -> None:
    """Make a generation the current one, so that it stays that through a power cut."""
    folder = generation.parent
    for path in generation.rglob("*"):
        synchronise(path)
    synchronise(generation)
    beside = folder / _NEXT_POINTER
    for file in (beside, folder / POINTER):
        _remove_folder(file)
    synchronise(folder)  # it has the name of the generation before the pointer does
    with whole_file(folder / POINTER, beside, is_durable=True) as pointer:
        pointer.write(generation.name.encode("ascii"))


def stamp(folder: Path) -> tuple[object, ...]:
    """Changes with every commit and every rebuild; to be compared only."""
    try:
        name = (folder / POINTER).read_bytes()[:100]
        found = (folder / os.fsdecode(name) / MANIFEST).stat()
    except (OSError, ValueError):
        return ()
    return name, found.st_ino, found.st_size, found.st_mtime_ns


def leave_hint(folder: Path) -> None:
    """Ask the worker to look the index over, as somebody met damage. Where that cannot be written it is left
    out: the worker looks by itself as well."""
    with suppress(OSError):
        (folder / HINT).touch()


def take_hint(folder: Path) -> bool:
    """Whether somebody left a hint; it is taken away."""
    try:
        (folder / HINT).unlink()
    except OSError:
        return False
    return True


def remove_others(generation: Path) -> None:
    """Remove all generations but this one; who is reading one of them reads on undisturbed."""
    for other in generation.parent.glob("generation-*"):
        if other != generation and not other.is_symlink():
            shutil.rmtree(other)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the index's write lock, waiting for it; the system releases it when its holder dies.

    What a writer that died had half made is removed, as it would keep the disk full.
    """
    with machine_troubles_as_errors():
        if folder.is_file():
            folder.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        _remove_folder(folder / LOCK)
        with open(folder / LOCK, "ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _remove_half_made(folder)
            yield


def _remove_folder(place: Path) -> None:
    """Remove a folder that lies in the place of a file of ours, which could not be written else."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)


def _remove_half_made(folder: Path) -> None:
    """Remove what is no generation that the pointer names; all of them, if it names none of ours."""
    try:
        current = _pointed_at(folder)
    except IndexMissing:
        current = None
    except IndexMismatch:
        return  # somebody else's doing; nothing of it is touched
    for other in folder.glob("generation-*"):
        if other != current and not other.is_symlink():
            shutil.rmtree(other, ignore_errors=True)


def is_being_written(folder: Path) -> bool:
    """Whether somebody holds the write lock at this moment."""
    try:
        with open(folder / LOCK, "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
