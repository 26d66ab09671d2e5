"""Finds entries of a PDF's catalog that pdfium does not report: layers, and a portfolio of other files."""

import mmap
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

_COLLECTION = re.compile(rb"/Collection\s*(?:<<|\d+\s+\d+\s+R)")
_LAYERS = re.compile(rb"/OCProperties\b|/Encrypt\b")
"""Entries of a file that may have layers. An encrypted file may have them in a catalog that cannot be
read."""
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,2000}?stream\r?\n")
_LARGEST, _MOST = 4 * 1024 * 1024, 500
"""Most bytes that are read of an object stream, and most object streams that are read."""


def is_portfolio(path: Path) -> bool:
    """Whether the file is a portfolio, which shows other files instead of its pages.

    Looks for the entry /Collection of the catalog, which may be in a compressed object stream. In an
    encrypted file such streams cannot be read, and the result is False.
    """
    return any(_COLLECTION.search(part) for part in _parts(path))


def has_layers(path: Path) -> bool:
    """Whether the file may have layers that can be switched off (optional content)."""
    return any(_LAYERS.search(part) for part in _parts(path))


def _parts(path: Path) -> Iterator[bytes | mmap.mmap]:
    """The bytes of the file, and then those of each of its object streams."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        yield content
        for count, found in enumerate(_OBJECT_STREAM.finditer(content)):
            if count >= _MOST:
                return
            try:
                yield zlib.decompressobj().decompress(content[found.end() : found.end() + _LARGEST], _LARGEST)
            except zlib.error:
                continue
