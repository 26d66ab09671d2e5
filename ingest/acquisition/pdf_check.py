"""Checks whether a file is a PDF that the archive accepts, by its size and first bytes only."""

import os
from typing import BinaryIO

from ingest.errors import NotAPdf, TooBig

HEADER_WINDOW = 1024
"""PDF readers accept a header that follows up to this many other bytes (ISO 32000-1, annex H.3.4.1)."""

_HEADER = b"%PDF-"
_MEBIBYTE = 1024 * 1024

_OTHER_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\x00\x05\x16\x07", "a side file of macOS (AppleDouble): the document itself has the name without ._"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
)


def check(file: BinaryIO, max_size: int) -> None:
    """Check that a file is a PDF of at most `max_size` bytes. Afterwards the file is positioned at its start.

    Raises:
        NotAPdf: it is empty or something else; the message says what.
        TooBig: it has more bytes.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    start = file.read(HEADER_WINDOW + len(_HEADER))
    file.seek(0)
    if not start:
        raise NotAPdf("The file is empty.")
    if _HEADER not in start:
        other = _other_format(start)
        raise NotAPdf(f"The file is not a PDF but {other}." if other else "The file is not a PDF.")
    if size > max_size:
        raise too_big(max_size)


def too_big(max_size: int) -> TooBig:
    """The error for a file or download of more than `max_size` bytes."""
    limit = f"{max_size / _MEBIBYTE:.0f} MiB" if max_size >= _MEBIBYTE else f"{max_size} bytes"
    return TooBig(f"The file is larger than {limit}.")


def _other_format(start: bytes) -> str | None:
    for signature, name in _OTHER_FORMATS:
        if start.startswith(signature):
            return name
    if not start.strip(b"\x00"):
        return "empty bytes only, as a broken-off download leaves"
    beginning = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in beginning:
        return "a web page"
    if beginning.startswith(b"<?xml"):
        return "an XML file"
    return None
