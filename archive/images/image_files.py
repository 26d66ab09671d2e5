"""Files of images: their formats, and whether a file is intact."""

import hashlib
import os
import stat
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

ImageSize = Literal["page", "large", "thumbnail"]
"""Sizes of the image of a page: as it is shown, enlarged, and as one among others."""

LONG_SIDES: Mapping[ImageSize, int] = {"page": 1600, "large": 3200, "thumbnail": 240}
"""Pixels of the longer side of an image."""

ImageFormat = Literal["png", "webp"]
"""The format and the ending of its file names: PNG for pages of few colours, such as text; WebP for
pictures."""

FORMATS: tuple[ImageFormat, ...] = get_args(ImageFormat)

ImageProblem = Literal["ImageMissing", "ImageDamaged", "ImageOutdated", "ImageUnrecorded"]

_WEBP_HEADER = 12
"""Bytes of the header of WebP: "RIFF", the size of the rest, "WEBP"."""

_PNG_BEGINNING = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"


def regular_file(path: Path) -> os.stat_result | None:
    """The status of a file; None if there is no regular file at this path."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def looks_whole(path: Path, size: int) -> bool:
    """Whether a file of this size has the beginning and the end of its format. No more can be checked
    without a record."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_WEBP_HEADER)
            file.seek(max(0, size - len(_PNG_END)))
            end = file.read(len(_PNG_END))
    except OSError:
        return False
    if beginning.startswith(_PNG_BEGINNING):
        return end == _PNG_END
    is_webp = len(beginning) == _WEBP_HEADER and beginning[:4] == b"RIFF" and beginning[8:] == b"WEBP"
    return is_webp and int.from_bytes(beginning[4:8], "little") + 8 == size


@lru_cache(maxsize=4096)
def has_digest(path: Path, _modified: int, _inode: int, _size: int, sha256: str) -> bool:
    """Whether the file has this SHA-256. The result is cached until its time, inode or size changes."""
    try:
        return measure(path)[1] == sha256
    except OSError:
        return False


def measure(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
