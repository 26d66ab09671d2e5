"""Images of pages with 3,200 pixels: drawn when a reader enlarges a page, and stored while there is room.

Their paths are ``enlarged/<document>/<page>-<SHA-256>.png``. The name shows whether the file is intact, so
no record is needed that might not agree with the folder. All together have a size limit. If it is reached,
those that were shown longest ago are deleted; they are drawn again when somebody requests them.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.files.file_lock import FileLock, worker_lock
from archive.images.image_files import FORMATS, ImageProblem, has_digest, measure, regular_file
from archive.reading_warnings import number_list
from archive.records import Document

_NAME = re.compile(rf"\A([1-9][0-9]*)-([0-9a-f]{{64}})\.(?:{'|'.join(FORMATS)})\Z", re.ASCII)
DEFAULT_ROOM = 512 * 1024 * 1024
"""Most bytes of all large images, unless the settings say otherwise."""

_NOTE_EVERY = 60.0
"""Least seconds between two updates of the time when an image was last shown."""


@dataclass(frozen=True, slots=True)
class _StoredImage:
    """An image in the folder."""

    path: Path
    size: int
    used: int
    """The time when it was last shown, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class LargeImages:
    """The large images of an archive. Only workers change them, one at a time; any process may read them."""

    folder: Path
    bound: int
    """Most bytes of all of them together."""

    @classmethod
    def of(cls, data: Path, bound: int) -> "LargeImages":
        """The large images of the archive in the folder `data`."""
        return cls(data / "enlarged", bound)

    def find(self, document: str, page: int) -> Path | None:
        """The large image of a page, if there is one that is intact."""
        for path, number, sha256 in self._of_document(document):
            if number == page and _is_whole(path, sha256):
                return path
        return None

    def _changing(self) -> FileLock:
        """A block in which only one worker changes the folder."""
        return worker_lock(self.folder.parent, "large-images")

    def keep(
        self, document: str, page: int, drawn: Path, is_shown: Callable[[], bool] = lambda: True
    ) -> bool:
        """Move a file into the folder as the image of a page, after deleting others to make room for it.

        Returns False if it is larger than the limit, or not to be shown.

        Args:
            drawn: the file, which must be in the same file system.
            is_shown: asked last: the document may be withdrawn, and its images deleted, while one is drawn.

        Raises:
            OSError: the folder cannot be written.
        """
        size, sha256 = measure(drawn)
        if size > self.bound:
            return False
        place = self.folder / document / f"{page}-{sha256}{drawn.suffix}"
        with self._changing():
            if not is_shown():
                return False
            for other, number, _sha256 in self._of_document(document):
                if number == page:
                    _remove(other)
            self._make_room(size)
            for folder in (self.folder, place.parent):
                if folder.exists() and not folder.is_dir():
                    folder.unlink()
                folder.mkdir(exist_ok=True)
            drawn.replace(place)
        return True

    def make_room(self) -> None:
        """Delete the images that were shown longest ago, until the others are within the limit.

        Other files in the folder are deleted, too.
        """
        with self._changing():
            self._make_room(0)

    def _make_room(self, size: int) -> None:
        kept = sorted(self._all(), key=lambda one: one.used, reverse=True)
        total = size
        for one in kept:
            total += one.size
            if total > self.bound:
                _remove(one.path)
                with suppress(OSError):  # the folder is not empty
                    one.path.parent.rmdir()

    def forget(self, document: str) -> None:
        """Delete the large images of a document."""
        with self._changing():
            shutil.rmtree(self.folder / document, ignore_errors=True)

    def damaged(self, document: str) -> list[int]:
        """The pages of a document whose large image does not have the SHA-256 in its name. Reads them all."""
        return sorted(
            number for path, number, sha256 in self._of_document(document) if not _is_whole(path, sha256)
        )

    def drop_damaged(self, document: str) -> None:
        """Delete the damaged large images of a document; they are drawn again when somebody requests them."""
        for path, _number, sha256 in list(self._of_document(document)):
            if not _is_whole(path, sha256):
                _remove(path)

    def _of_document(self, document: str) -> Iterator[tuple[Path, int, str]]:
        for path in _within(self.folder / document):
            if name := _NAME.match(path.name):
                yield path, int(name[1]), name[2]

    def _all(self) -> Iterator[_StoredImage]:
        """All images. Other files in the folder are deleted on the way."""
        for folder in _within(self.folder):
            paths = _within(folder)
            for path in paths:
                status = regular_file(path)
                if status is None or not _NAME.match(path.name):
                    _remove(path)
                else:
                    yield _StoredImage(path, status.st_size, max(status.st_atime_ns, status.st_mtime_ns))
            if not paths:
                with suppress(OSError):
                    folder.rmdir() if folder.is_dir() else folder.unlink()


@dataclass(frozen=True, slots=True)
class DamagedLargeImages:
    """The damaged large images of a document."""

    pages: tuple[int, ...]

    def problems(self) -> list[tuple[ImageProblem, str]]:
        """The problems as sentences."""
        pages = number_list(self.pages, "and")
        return [("ImageDamaged", f"Enlarged images of page {pages} are damaged; readers are not shown them.")]


def damaged_large_images(
    data: Path, documents: Iterable[Document]
) -> Iterator[tuple[Document, DamagedLargeImages]]:
    """The documents among these that readers see and that have damaged large images. A "render" job deletes
    those images."""
    for document in documents:
        images = LargeImages.of(data, DEFAULT_ROOM)
        if document.status == "ready" and (pages := images.damaged(document.id)):
            yield document, DamagedLargeImages(tuple(pages))


def note_use(path: Path) -> None:
    """Note that an image was shown, by setting the time of its last access; many systems do that once a day
    or never.

    On a read-only disk this does nothing, but then no images can be deleted either.
    """
    with suppress(OSError):
        status = path.stat()
        if time.time() - status.st_atime > _NOTE_EVERY:
            os.utime(path, ns=(time.time_ns(), status.st_mtime_ns))


def _within(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _is_whole(path: Path, sha256: str) -> bool:
    status = regular_file(path)
    if status is None or not os.access(path, os.R_OK):
        return False
    return has_digest(path, status.st_mtime_ns, status.st_ino, status.st_size, sha256)


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
