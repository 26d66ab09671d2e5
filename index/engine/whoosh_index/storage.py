"""The folder of a Whoosh index, kept so that it survives a power cut and damage is noticed.

Whoosh writes without fsync, so this storage does it. It gives a file its final name only when everything that
the file speaks of is on disk. It opens no file that has changed since it was written: an index holds pickled
objects. Files are read, not mapped into memory: a mapped file that is cut short would kill the process.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from archive.files.durable_files import synchronise
from index.engine.contract import FileGuard, Seal


class GuardedStorage(FileStorage):  # type: ignore[misc]
    """A folder of index files, see above."""

    def __init__(self, folder: Path, guard: FileGuard | None = None, *, readonly: bool = False) -> None:
        """Take the folder; nothing is opened.

        Args:
            guard: lets no file be opened that has changed since it was written; None: any is opened.
        """
        super().__init__(str(folder), supports_mmap=False, readonly=readonly)
        self._guard = guard
        self._own: set[str] = set()
        """Files that were written through this object, which no commit has made known yet."""
        self._seal: Seal | None = None

    @contextmanager
    def sealing(self, seal: Seal) -> Iterator[None]:
        """The time in which `seal` is told of files before they are renamed."""
        self._seal = seal
        try:
            yield
        finally:
            self._seal = None

    def list(self) -> Sequence[str]:
        """The files that may be opened."""
        names: Sequence[str] = super().list()
        if self._guard is None:
            return names
        known = self._guard.names() | self._own
        return [name for name in names if name in known]

    def create_file(self, name: str, *arguments: Any, **options: Any) -> Any:
        """A new file."""
        self._own.add(name)
        return super().create_file(name, *arguments, **options)

    def open_file(self, name: str, **options: Any) -> Any:
        """A file for reading.

        Raises:
            FileNotFoundError: it is not there, or no more.
            IndexDamaged: it is not as it was written.
        """
        if self._guard is not None and name not in self._own:
            self._guard.check(name)
        return super().open_file(name, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Give a file its final name, over what no commit has written."""
        # Whoosh removes most of the files that it made, as it joins them in one.
        for path in filter(Path.exists, (Path(self.folder, name) for name in self._own)):
            synchronise(path)
        if self._seal is not None:
            self._seal({newname: Path(self.folder, oldname)})
        synchronise(Path(self.folder))
        super().rename_file(oldname, newname)
        self._own.add(newname)
        synchronise(Path(self.folder))
