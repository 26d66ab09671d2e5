"""The page images of a document: where each is stored, and whether it is intact.

They are derived from the original and can be drawn again at any time. ``renditions/<document>/<page>.png``,
or ``.webp``, is an image; the folder ``thumbnail`` holds the small ones. ``drawn.json`` records what was
drawn: size and SHA-256 of every file, the pages that cannot be drawn, and a checksum of all that. Images with
more pixels are drawn when readers ask for them: see :mod:`archive.images.large_images`.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from archive.files.durable_files import whole_file
from archive.images.image_files import FORMATS, ImageProblem, has_digest, looks_whole, measure, regular_file
from archive.reading_warnings import number_list
from archive.records import Document

KeptSize = Literal["page", "thumbnail"]

SIZES: tuple[KeptSize, ...] = get_args(KeptSize)
"""The sizes that every page has."""

DRAWING = 1
"""The version of the way in which pages are drawn; images of other versions are drawn again. In early
versions all were WebP files, which are still valid."""

_RECORD = "drawn.json"
_LARGE_ONES_OF_OLD = "large"
"""A folder in which earlier versions kept an image of 3,200 pixels of every page."""

_State = Literal["missing", "damaged", "young", "whole"]
"""The state of one file; `young`: intact, and newer than the record."""


@dataclass(frozen=True, slots=True)
class Condition:
    """The problems with the images of a document, with the numbers of pages."""

    missing: tuple[int, ...]
    damaged: tuple[int, ...]
    outdated: tuple[int, ...]
    """Pages whose images were drawn by another version of the program."""
    is_recorded: bool
    """Whether there is a record, and it is for the same pages."""
    is_younger: bool
    """Whether files are newer than the record, as after a restore; they were read and are intact."""

    @property
    def to_draw(self) -> list[int]:
        """The pages that must be drawn, in order."""
        return sorted({*self.missing, *self.damaged, *self.outdated})

    @property
    def is_sound(self) -> bool:
        """Whether nothing needs to be done."""
        return self.is_recorded and not self.to_draw

    def problems(self) -> list[tuple[ImageProblem, str]]:
        """The problems as sentences. All of them can be repaired."""
        kinds: list[tuple[ImageProblem, tuple[int, ...], str]] = [
            ("ImageMissing", self.missing, "are missing"),
            ("ImageDamaged", self.damaged, "are damaged"),
            ("ImageOutdated", self.outdated, "were drawn by another version"),
        ]
        found: list[tuple[ImageProblem, str]] = [
            (kind, f"Images of page {number_list(pages, 'and')} {problem}; they can be drawn again.")
            for kind, pages, problem in kinds
            if pages
        ]
        if not found and not self.is_recorded:
            found.append(("ImageUnrecorded", "The record of the page images is gone, or of other pages."))
        return found


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The record of the images that were drawn."""

    drawing: int
    pages: int
    undrawn: frozenset[int]
    files: Mapping[str, tuple[int, str]]
    """Size and SHA-256 of each file."""
    written: int
    """The time when the record was written, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class PageImages:
    """The images of one document."""

    folder: Path

    @classmethod
    def of(cls, data: Path, document: str) -> "PageImages":
        """The page images of a document in the archive's folder `data`."""
        return cls(data / "renditions" / document)

    def place(self, page: int, size: KeptSize) -> Path:
        """The path of an image, whether or not it exists."""
        return self.folder / self._name(page, size, self._record())

    def find(self, page: int, size: KeptSize = "page") -> Path | None:
        """The path of an image, if it is intact; else None."""
        drawn = self._record()
        is_known = drawn is not None or not self._has_record()
        is_whole = is_known and self._state(page, size, drawn, is_read=True) in ("whole", "young")
        return self.folder / self._name(page, size, drawn) if is_whole else None

    def cannot_be_drawn(self, page: int) -> bool:
        """Whether the page could not be drawn."""
        drawn = self._record()
        return drawn is not None and page in drawn.undrawn

    def condition(self, pages: int, *, thorough: bool = False) -> Condition:
        """What is wrong with the images of pages 1 to `pages`.

        Names and sizes are compared with the record. Files that are younger than the record are read; with
        `thorough`, all are. Without a record, as after an interrupted drawing, files are believed that are as
        long as they say. If the record cannot be read, none is believed.
        """
        everything = tuple(range(1, pages + 1))
        drawn = self._record()
        if drawn is None and self._has_record():
            return Condition((), everything, (), is_recorded=False, is_younger=False)
        if drawn is not None and drawn.drawing != DRAWING:
            return Condition((), (), everything, is_recorded=False, is_younger=False)
        undrawn = drawn.undrawn if drawn is not None else frozenset()
        found = {
            page: {self._state(page, size, drawn, is_read=thorough) for size in SIZES}
            for page in everything
            if page not in undrawn
        }
        return Condition(
            missing=tuple(page for page, states in found.items() if "missing" in states),
            damaged=tuple(page for page, states in found.items() if "damaged" in states - {"missing"}),
            outdated=(),
            is_recorded=drawn is not None and drawn.pages == pages,
            is_younger=any("young" in states for states in found.values()),
        )

    def _state(self, page: int, size: KeptSize, drawn: _Drawn | None, *, is_read: bool) -> _State:
        name = self._name(page, size, drawn)
        place = self.folder / name
        status = regular_file(place)
        if status is None:
            return "missing"
        if drawn is None:
            return "whole" if looks_whole(place, status.st_size) else "damaged"
        length, sha256 = drawn.files.get(name, (-1, ""))
        # Changes within some milliseconds have the same time: the clock of a file system is coarse.
        is_young = status.st_mtime_ns >= drawn.written
        if status.st_size != length or not os.access(place, os.R_OK):
            return "damaged"
        if (is_read or is_young) and not has_digest(place, status.st_mtime_ns, status.st_ino, length, sha256):
            return "damaged"
        return "young" if is_young else "whole"

    def _name(self, page: int, size: KeptSize, drawn: _Drawn | None) -> str:
        """The name of an image within the folder: the one in the record, or else the one of an existing
        file."""
        names = _names(page, size)
        recorded = (name for name in names if drawn is not None and name in drawn.files)
        there = (name for name in names if (self.folder / name).exists())
        return next(recorded, None) or next(there, names[0])

    def make_room(self, pages: Iterable[int]) -> None:
        """Create the folders, and remove everything that has the path of an image of these pages but is no
        image.

        Raises:
            OSError: the folder cannot be written.
        """
        for folder in (self.folder.parent, self.folder, *(self.folder / size for size in SIZES[1:])):
            if folder.exists() and not folder.is_dir():
                folder.unlink()
            folder.mkdir(parents=True, exist_ok=True)
        images = [self.folder / name for page in pages for size in SIZES for name in _names(page, size)]
        for place in (self.folder / _RECORD, *images):
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)

    def not_drawn(self, pages: Iterable[int]) -> list[int]:
        """The pages among these that lack an image of some size; the record is ignored."""
        return [
            page
            for page in pages
            if any(self._state(page, size, None, is_read=False) != "whole" for size in SIZES)
        ]

    def record(self, pages: int, publishing: AbstractContextManager[object] | None = None) -> list[int]:
        """Record what was drawn of pages 1 to `pages`, and delete all other files.

        Args:
            publishing: a block in which files are deleted and the record is written, such as one that nobody
                else may enter meanwhile.

        Returns the pages that were not drawn: they are not tried again until somebody asks for it.

        Raises:
            OSError: the record cannot be written.
        """
        undrawn = self.not_drawn(range(1, pages + 1))
        kept = [page for page in range(1, pages + 1) if page not in set(undrawn)]
        names = [self._name(page, size, None) for page in kept for size in SIZES]
        files = {name: measure(self.folder / name) for name in names}
        record = {"drawing": DRAWING, "pages": pages, "undrawn": undrawn, "files": files}
        record["sha256"] = _digest_of(record)
        with publishing or nullcontext():
            self._sweep(files)
            beside = self.folder / f"{_RECORD}{secrets.token_hex(8)}.part"
            with whole_file(self.folder / _RECORD, beside) as file:
                file.write(json.dumps(record).encode("ascii"))
        return undrawn

    def confirm(self) -> None:
        """Note that files newer than the record are intact: the record gets the present time."""
        with suppress(OSError):
            os.utime(self.folder / _RECORD)

    def forget_undrawn(self) -> None:
        """Have pages that could not be drawn tried again."""
        drawn = self._record()
        if drawn is not None and drawn.undrawn:
            (self.folder / _RECORD).unlink(missing_ok=True)

    def drop_large_ones_of_old(self) -> None:
        """Delete the images of 3,200 pixels that earlier versions drew of every page."""
        if (self.folder / _LARGE_ONES_OF_OLD).is_dir():
            shutil.rmtree(self.folder / _LARGE_ONES_OF_OLD, ignore_errors=True)

    def _sweep(self, kept: Mapping[str, object]) -> None:
        for folder in (self.folder, *(self.folder / size for size in SIZES[1:])):
            for path in (path for ending in (*FORMATS, "part") for path in folder.glob(f"*.{ending}")):
                if str(path.relative_to(self.folder)) not in kept and not path.is_dir():
                    path.unlink(missing_ok=True)

    def _has_record(self) -> bool:
        return os.path.lexists(self.folder / _RECORD)

    def _record(self) -> _Drawn | None:
        path = self.folder / _RECORD
        status = regular_file(path)
        if status is None or not os.access(path, os.R_OK):
            return None
        return _read_record(path, status.st_mtime_ns, status.st_size, status.st_ino)


def faulty_images(
    data: Path, documents: Iterable[Document], *, thorough: bool = False
) -> Iterator[tuple[Document, Condition]]:
    """Those of `documents` that readers see whose images are missing or damaged, and what is wrong.

    A "render" job repairs it. `thorough` reads every image (about 110 kB a page); without it, an image is
    believed if it has its size and is older than its record.
    """
    for document in documents:
        if document.status == "ready":
            condition = PageImages.of(data, document.id).condition(document.pages, thorough=thorough)
            if not condition.is_sound:
                yield document, condition


def _names(page: int, size: KeptSize) -> list[str]:
    """The possible names of an image, one for each format."""
    return [f"{page}.{ending}" if size == "page" else f"{size}/{page}.{ending}" for ending in FORMATS]


def _digest_of(record: Mapping[str, object]) -> str:
    """The checksum of a record, which distinguishes a damaged record from a damaged image."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=16)
def _read_record(path: Path, written: int, _size: int, _inode: int) -> _Drawn | None:
    """The record; None if it is damaged, or no such record."""
    try:
        record = json.loads(path.read_bytes())
        # Records of earlier versions have no checksum.
        if record.pop("sha256", None) not in (None, _digest_of(record)):
            return None
        files = {str(name): (int(size), str(sha256)) for name, (size, sha256) in record["files"].items()}
        undrawn = frozenset(map(int, record["undrawn"]))
        return _Drawn(int(record["drawing"]), int(record["pages"]), undrawn, files, written)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
