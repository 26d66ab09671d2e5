"""The manifest of a generation: its files, by size and SHA-256, and the documents that they hold.

It is written with every commit, before the files of the commit become visible. So whoever opens the index
knows which bytes were written, and notices missing, cut or changed files before reading them, and so before
anything in them can be executed (an index holds pickled objects). A file is hashed once, and again when its
size or modification time changes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from archive.files.durable_files import whole_file
from index.errors import IndexDamaged

MANIFEST = "manifest.json"

FORMAT = "manifest: 1"
"""Changes whenever manifests written earlier can no longer be read."""

_Seen = tuple[int, int, int]
"""Of a file: its inode, size and time of change."""


class Sealed(NamedTuple):
    """A file as it was written."""

    size: int
    """Bytes."""
    sha256: str


class Held(NamedTuple):
    """A document as it was put into the index."""

    entries: int
    revision: str
    """Names what the catalogue said of it then, see :func:`index.indexer.revisions`."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation consists of."""

    files: Mapping[str, Sealed] = field(default_factory=dict)
    documents: Mapping[str, Held] = field(default_factory=dict)
    unsettled: frozenset[str] = frozenset()
    """Documents that a commit changes which is not known to have ended: they may be there or not."""


def read(generation: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        FileNotFoundError: it has none.
        IndexDamaged: it is no manifest.
    """
    path = generation / MANIFEST
    try:
        content = json.loads(path.read_bytes())
        return Manifest(
            {name: Sealed(int(size), str(sha256)) for name, (size, sha256) in content["files"].items()},
            {
                name: Held(int(count), str(revision))
                for name, (count, revision) in content["documents"].items()
            },
            frozenset(map(str, content["unsettled"])),
        )
    except FileNotFoundError:
        raise
    except OSError as error:
        raise IndexDamaged(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamaged(f"{path} is damaged.") from error


def write(generation: Path, manifest: Manifest) -> None:
    """Put the manifest in its place, as a whole, so that it stays there through a power cut."""
    content = {
        "files": manifest.files,
        "documents": manifest.documents,
        "unsettled": sorted(manifest.unsettled),
    }
    with whole_file(generation / MANIFEST, generation / f"{MANIFEST}.new", is_durable=True) as file:
        file.write(json.dumps(content).encode("ascii"))


class Guard:
    """Lets only those files of a generation be opened that are as the manifest says.

    Follows the manifest as commits change it. One thread at a time.
    """

    def __init__(self, generation: Path) -> None:
        self.generation = generation
        self._manifest = Manifest()
        self._manifest_seen: _Seen | None = None
        self._hashed: dict[str, tuple[_Seen, str]] = {}

    def manifest(self) -> Manifest:
        """The manifest as it is now.

        Raises:
            IndexDamaged: it is missing or damaged.
        """
        try:
            seen = _see(self.generation / MANIFEST)
            if seen != self._manifest_seen:
                self._manifest, self._manifest_seen = read(self.generation), seen
                self._hashed = {
                    name: hashed for name, hashed in self._hashed.items() if name in self._manifest.files
                }
        except OSError as error:
            raise IndexDamaged(
                f"{self.generation / MANIFEST} cannot be read: {error.strerror or error}."
            ) from error
        return self._manifest

    def names(self) -> frozenset[str]:
        """The files that commits have written."""
        return frozenset(self.manifest().files)

    def check(self, name: str) -> None:
        """Have a file compared with the manifest before it is opened.

        Raises:
            FileNotFoundError: it is not there, or no more.
            IndexDamaged: it is not as it was written.
        """
        sealed = self.manifest().files.get(name)
        if sealed is None:
            _see(self.generation / name)  # a commit may have taken it out since its name was read
            raise IndexDamaged(f"{self.generation / name} is a file that no commit has written.")
        if problem := self._problem(name, sealed):
            raise IndexDamaged(problem)

    def damage(self, *, anew: bool = False) -> list[str]:
        """What is wrong with the files, a sentence for each; right also while a writer commits beside.

        Args:
            anew: read every file, also those whose size and time have not changed since they were read.
        """
        if anew:
            self._hashed.clear()
        while True:
            try:
                manifest = self.manifest()
            except IndexDamaged as error:
                return [error.message]
            problems = []
            for name, sealed in manifest.files.items():
                try:
                    if problem := self._problem(name, sealed):
                        problems.append(problem)
                except FileNotFoundError:
                    if not manifest.unsettled:  # else a commit may be about to take it out
                        problems.append(f"{self.generation / name} is missing.")
            try:
                if not problems or manifest is self.manifest():
                    return problems
            except IndexDamaged as error:
                return [error.message]

    def verify(self) -> None:
        """Have all files compared with the manifest; cheap when none has changed.

        Raises:
            IndexDamaged: some are not as they were written.
        """
        if problems := self.damage():
            raise IndexDamaged(" ".join(problems[:3]))

    def sealed(self, arriving: Mapping[str, Path]) -> dict[str, Sealed]:
        """What is to stand in the manifest: all files that are there, as they were when they were written,
        and those that are about to get a name. Files without bytes, such as locks, hold nothing to damage.

        Args:
            arriving: where the files stand that get another name later, by that name.
        """
        known = self._manifest.files
        passing = {MANIFEST, f"{MANIFEST}.new", *(path.name for path in arriving.values())}
        there = {path.name: path for path in self.generation.iterdir() if path.is_file()}
        sealed = {name: known[name] for name in there.keys() & known.keys()}
        for name, path in (there | dict(arriving)).items():
            if name not in known and name not in passing and (seen := _see(path))[1]:
                sealed[name] = Sealed(seen[1], self._sha256(name, path, seen))
        return sealed

    def _problem(self, name: str, sealed: Sealed) -> str | None:
        path = self.generation / name
        try:
            seen = _see(path)
            if seen[1] != sealed.size:
                return f"{path} has {seen[1]} bytes, not {sealed.size}."
            if self._sha256(name, path, seen) != sealed.sha256:
                return f"{path} holds other bytes than were written."
        except FileNotFoundError:
            raise
        except OSError as error:
            return f"{path} cannot be read: {error.strerror or error}."
        return None

    def _sha256(self, name: str, path: Path, seen: _Seen) -> str:
        known = self._hashed.get(name)
        if known is None or known[0] != seen:
            with path.open("rb") as file:
                self._hashed[name] = known = seen, hashlib.file_digest(file, "sha256").hexdigest()
        return known[1]


def _see(path: Path) -> _Seen:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
