"""Draws the page images of a document for the site."""

from collections.abc import Callable, Collection
from pathlib import Path

from archive.images.image_files import LONG_SIDES
from archive.reading_warnings import ReadingWarning
from archive.surroundings import machine_troubles_as_errors
from ingest.page.image_writing import write_image, write_small_image
from ingest.page.pdf_words import PageUnreadable, PdfFile


def render_pages(
    path: Path,
    folder: Path,
    on_page: Callable[[int, int], None],
    pages: Collection[int] = (),
    *,
    is_large: bool = False,
) -> list[ReadingWarning]:
    """Draw the PDF at `path` to ``folder/<number>.png`` or ``.webp``, numbered from 1, and small ones into
    the folder `thumbnail` in it: every page, or those with the numbers `pages`.

    Each file appears whole or not at all. A page that cannot be drawn is left out; a warning
    says which.

    Args:
        is_large: draw pages as readers see them when they enlarge them, and no small ones.

    Raises:
        Encrypted, Damaged: the file cannot be opened.
        ServiceUnavailable: trouble of the machine, such as a full disk; what was drawn stays.
    """
    draw = _draw_large if is_large else _draw
    (folder if is_large else folder / "thumbnail").mkdir(parents=True, exist_ok=True)
    undrawn: list[int] = []
    with PdfFile(path) as pdf:
        wanted = [number for number in range(1, len(pdf) + 1) if not pages or number in pages]
        for done, number in enumerate(wanted, 1):
            try:
                with machine_troubles_as_errors():
                    draw(pdf, number, folder)
            except (PageUnreadable, OSError, MemoryError):
                undrawn.append(number)
            on_page(done, len(wanted))
    return [ReadingWarning("not_drawn", tuple(undrawn))] if undrawn else []


def _draw(pdf: PdfFile, number: int, folder: Path) -> None:
    image = pdf.image(number, LONG_SIDES["page"])
    write_image(image, folder, number)
    small = LONG_SIDES["thumbnail"]
    image.thumbnail((small, small), reducing_gap=1.0)  # halved by plain means at first, which is as good
    write_small_image(image, folder / "thumbnail", number)


def _draw_large(pdf: PdfFile, number: int, folder: Path) -> None:
    write_image(pdf.image(number, LONG_SIDES["large"]), folder, number)
