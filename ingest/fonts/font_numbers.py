"""Gives each font of a document a number that is the same on all pages."""

import ctypes

import pypdfium2.raw as raw

from ingest.fonts.glyphs import segment_counts

_TELLING = tuple(b"0123456789abcdefghijklmnopqrstuvwxyz")


class FontNumbers:
    """Numbers the fonts of an open document from 1, in the order in which they occur.

    pdfium frees a font with the last page that uses it, so an address is valid for one page only. A font is
    recognised
    by its name with the tag of its subset, its size in bytes, and the outlines that it draws for some
    characters: two fonts may have the same letters under different characters.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._pages = 0

    def begin_page(self) -> None:
        """To be called before the addresses of another page are given to `number`."""
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
            # A Type 3 font: only its address distinguishes it from others.
            return self._pages, address
        outlines = segment_counts(address, _TELLING)
        return name.value, size.value, raw.FPDFFont_GetFlags(font), raw.FPDFFont_GetWeight(font), outlines
