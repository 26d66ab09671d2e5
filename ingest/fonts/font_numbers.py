"""Which fonts draw the words of a document? A number for each font, the same on all pages."""

import ctypes

import pypdfium2.raw as raw

from ingest.fonts.glyphs import segment_counts

_TELLING = tuple(b"0123456789abcdefghijklmnopqrstuvwxyz")


class FontNumbers:
    """Numbers the fonts of an open document from 1, as they are met.

    pdfium lets go of a font with the last page that uses it, so its address says nothing on other pages. A
    font is known again by its name, with the tag that each subset has of its own, by its size in bytes, and
    by the outlines that it draws for some characters: two fonts may have the same letters and call them by
    different names.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._pages = 0

    def begin_page(self) -> None:
        """The addresses that are asked for from now on are those of another page."""
        self._pages += 1

    def number(self, address: int) -> int:
        """The number of the font at this address; 0 if there is none."""
        return self._numbers.setdefault(self._identity(address), len(self._numbers) + 1) if address else 0

    def _identity(self, address: int) -> tuple[object, ...]:
        font = ctypes.cast(address, raw.FPDF_FONT)
        name = ctypes.create_string_buffer(128)
        raw.FPDFFont_GetBaseFontName(font, name, len(name))
        size = ctypes.c_size_t()
        raw.FPDFFont_GetFontData(font, None, 0, size)
        if not name.value and not size.value:
            # A Type 3 font: nothing tells it from the others but where it is.
            return self._pages, address
        outlines = segment_counts(address, _TELLING)
        return name.value, size.value, raw.FPDFFont_GetFlags(font), raw.FPDFFont_GetWeight(font), outlines
