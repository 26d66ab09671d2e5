"""Draw the pages of a document as images for the reading room."""

import os
from collections.abc import Callable
from pathlib import Path

from ingest.extract import PageUnreadable, PdfFile

LONG_SIDE = 1600
"""Pixels of the longer side of a page image."""

_QUALITY = 80


def render_pages(path: Path, folder: Path, on_page: Callable[[int, int], None]) -> list[str]:
    """Draw every page of the PDF at `path` to ``folder/<number>.webp``, numbered from 1.

    Each file appears whole or not at all. A page that cannot be drawn is left out; the returned warnings
    say which.

    Raises:
        Encrypted, Damaged: the file cannot be opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    warnings = []
    with PdfFile(path) as pdf:
        for number in range(1, len(pdf) + 1):
            try:
                _render_page(pdf, number, folder)
            except (PageUnreadable, OSError, MemoryError):
                warnings.append(f"Page {number} could not be drawn.")
            on_page(number, len(pdf))
    return warnings


def _render_page(pdf: PdfFile, number: int, folder: Path) -> None:
    image = pdf.image(number, LONG_SIDE)
    unfinished = folder / f"{number}.webp.part"
    try:
        image.save(unfinished, "WEBP", quality=_QUALITY, method=2)
        os.replace(unfinished, folder / f"{number}.webp")
    finally:
        unfinished.unlink(missing_ok=True)
