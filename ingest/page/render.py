"""Draws the page images of a document for the site."""

from collections.abc import Callable, Collection
from pathlib import Path

from PIL.Image import Image

from archive.files.durable_files import whole_file
from archive.reading_warnings import ReadingWarning
from archive.surroundings import machine_troubles_as_errors
from ingest.page.pdf_words import PageUnreadable, PdfFile

LONG_SIDE = 1600
"""Pixels of the longer side of a page image."""

LARGE, THUMBNAIL = 3200, 240
"""The same of the image that readers see when they enlarge it, and of the one that stands for a page among
others; they lie in the folders `large` and `thumbnail` beside the page images."""

_QUALITY = 80


def render_pages(
    path: Path, folder: Path, on_page: Callable[[int, int], None], pages: Collection[int] = ()
) -> list[ReadingWarning]:
    """Draw the PDF at `path` to ``folder/<number>.webp``, numbered from 1, in three sizes: every page, or
    those with the numbers `pages`.

    Each file appears whole or not at all. A page that cannot be drawn is left out; a warning
    says which.

    Raises:
        Encrypted, Damaged: the file cannot be opened.
        ServiceUnavailable: trouble of the machine, such as a full disk; what was drawn stays.
    """
    for each in _sizes(folder):
        each.mkdir(parents=True, exist_ok=True)
    undrawn: list[int] = []
    with PdfFile(path) as pdf:
        wanted = [number for number in range(1, len(pdf) + 1) if not pages or number in pages]
        for done, number in enumerate(wanted, 1):
            try:
                with machine_troubles_as_errors():
                    _render_page(pdf, number, folder)
            except (PageUnreadable, OSError, MemoryError):
                undrawn.append(number)
            on_page(done, len(wanted))
    return [ReadingWarning("not_drawn", tuple(undrawn))] if undrawn else []


def _sizes(folder: Path) -> dict[Path, int]:
    """The folder of each size, the largest first, and the longer side in pixels."""
    return {folder / "large": LARGE, folder: LONG_SIDE, folder / "thumbnail": THUMBNAIL}


def _render_page(pdf: PdfFile, number: int, folder: Path) -> None:
    image = pdf.image(number, LARGE)
    for place, long_side in _sizes(folder).items():
        # From large to small, so each is made from the one before; halved by plain means, which is as good.
        image.thumbnail((long_side, long_side), reducing_gap=1.0)
        _save(image, place / f"{number}.webp")


def _save(image: Image, path: Path) -> None:
    with whole_file(path, path.with_suffix(".webp.part")) as file:
        image.save(file, "WEBP", quality=_QUALITY, method=2)
