"""Opens a PDF and reads its pages one by one: their words, their images and shapes, and a picture of the
page."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from archive.reading_warnings import ReadingWarning, WarningCode
from ingest.drawn_words import Drawing, PageText
from ingest.errors import Damaged, Encrypted
from ingest.fonts.font_numbers import FontNumbers
from ingest.fonts.font_trust import FontTrust
from ingest.language.clean_characters import clean
from ingest.page.page_words import WordReader
from ingest.pdf.annotations import Overlay, attachment_name, draw_in, with_checks
from ingest.pdf.catalog_entries import has_layers, is_portfolio
from ingest.pdf.coordinates import displayed
from ingest.pdf.pdfium_objects import look_at, objects_of

_MOST_FILES = 1000
_LONGEST_NAMES = 1000
"""Most characters of the list of attached files in a warning."""
_MOST_PAGES = 100
"""Pages after which the file is opened again: pdfium keeps all pages in memory until the file is closed."""


class PageUnreadable(Exception):
    """pdfium cannot load this page; the other pages of the document may be fine."""


class PdfFile:
    """An open PDF. Pages are numbered from 1; only one is loaded at a time.

    Raises:
        Encrypted: the file asks for a password.
        Damaged: pdfium cannot open it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._document = _open(path)
        self._drawn_in: set[int] = set()
        """Numbers of the pages that were loaded since the file was opened; their annotations are merged
        in."""
        self._fonts = FontNumbers()
        self.trust = FontTrust()
        """What is known of the fonts on the pages read so far."""
        self._overlays: dict[int, Overlay] = {}
        """The annotations of the pages loaded so far, by the number of the page."""
        self._drawings: dict[int, Drawing] = {}
        """What the last page shows besides its text, by its number: to load it again takes as long as to read
        its text."""

    def __enter__(self) -> "PdfFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    @property
    def is_repaired(self) -> bool:
        """Whether pdfium had to rebuild the table of objects of the file, so that pages may be missing."""
        return not raw.FPDF_DocumentHasValidCrossReferenceTable(self._document.raw)

    @property
    def metadata_title(self) -> str:
        """The title in the document information dictionary, cleaned; often not a title at all."""
        return " ".join(clean(self._document.get_metadata_value("Title")).split())

    @property
    def outline_title(self) -> str:
        """The text of the only top entry of the outline; empty if there is no such entry."""
        first = raw.FPDFBookmark_GetFirstChild(self._document.raw, None)
        if not first or raw.FPDFBookmark_GetNextSibling(self._document.raw, first):
            return ""
        return " ".join(clean(pdfium.PdfBookmark(first, self._document, 0).get_title()).split())

    def label(self, number: int) -> str:
        """The page's label in /PageLabels; empty if the file gives none."""
        return " ".join(clean(self._document.get_page_label(number - 1)).split())

    def text(self, number: int) -> PageText:
        """The words of a page.

        Raises:
            PageUnreadable: pdfium cannot load the page.
        """
        with self._page(number) as page:
            self._fonts.begin_page()
            objects = objects_of(page)
            self._drawings = {number: look_at(page, objects)}
            words = WordReader(page, objects, self._fonts, self.trust, self._has_layers).read()
            checked = np.array(self._overlays[number].checked, dtype=np.float64).reshape(-1, 4)
            return with_checks(words, displayed(page, checked))

    def drawing(self, number: int) -> Drawing:
        """What a page shows besides its text.

        Raises:
            PageUnreadable: pdfium cannot load the page.
        """
        if number not in self._drawings:
            with self._page(number) as page:
                self._drawings = {number: look_at(page, objects_of(page))}
        return self._drawings[number]

    def image(self, number: int, long_side: int) -> Image.Image:
        """The page as displayed, drawn with `long_side` pixels on its longer side.

        Raises:
            PageUnreadable: pdfium cannot load or draw the page.
        """
        with self._page(number) as page:
            side = max(page.get_size())
            if not 0 < side < math.inf:
                raise PageUnreadable(f"page {number} has no size")
            try:
                # With a byte after red, green and blue, as Pillow keeps colours.
                bitmap = page.render(scale=long_side / side, rev_byteorder=True, prefer_bgrx=True)
                image: Image.Image = bitmap.to_pil().convert("RGB")
            except (pdfium.PdfiumError, ValueError, MemoryError) as error:
                raise PageUnreadable(f"page {number} cannot be drawn") from error
            return image

    def warnings(self) -> list[ReadingWarning]:
        """Warnings on contents that are not on the loaded pages: dynamic forms and attached files."""
        found = []
        kind = self._document.get_formtype()
        has_fields = any(overlay.fields for overlay in self._overlays.values())
        if kind == raw.FORMTYPE_XFA_FULL or (kind == raw.FORMTYPE_XFA_FOREGROUND and not has_fields):
            found.append(ReadingWarning("dynamic_form"))
        count = raw.FPDFDoc_GetAttachmentCount(self._document.raw)
        attached = [
            attachment_name(raw.FPDFDoc_GetAttachment(self._document.raw, place))
            for place in range(min(count, _MOST_FILES))
        ]
        files = [clean(name) for name in attached]
        on_pages = [clean(name) for overlay in self._overlays.values() for name in overlay.files]
        files += [name for name in on_pages if name not in files]
        number = max(len(files), count)
        if number:
            code: WarningCode = "portfolio" if count and is_portfolio(self._path) else "attachments"
            names = ", ".join(filter(None, files))
            found.append(ReadingWarning(code, values={"number": number, "names": names[:_LONGEST_NAMES]}))
        return found

    @cached_property
    def _layers(self) -> bool:
        return has_layers(self._path)

    def _has_layers(self) -> bool:
        return self._layers

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        is_new = number not in self._drawn_in
        if is_new and len(self._drawn_in) >= _MOST_PAGES:
            self._document.close()
            self._document = _open(self._path)
            self._drawn_in.clear()
        page = self._load(number)
        try:
            if is_new:
                self._overlays[number] = draw_in(page)
                self._drawn_in.add(number)
                if self._overlays[number].is_drawn_in:
                    page.close()
                    page = self._load(number)
            yield page
        finally:
            page.close()

    def _load(self, number: int) -> Any:
        try:
            return self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise PageUnreadable(f"page {number} cannot be loaded") from error


def _open(path: Path) -> Any:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Encrypted("The file is protected with a password.") from error
        raise Damaged("The file is too damaged to be opened as a PDF.") from error
    # pdfium draws form fields only if the form was initialised before the pages are loaded.
    document.init_forms()
    return document


def count_pages_with_pdfplumber(path: Path) -> int:
    """How many pages pdfplumber finds: a second opinion on damaged files. It may hang on some of them.

    Raises:
        Exception: any, on a file that it cannot read.
    """
    import pdfplumber  # takes a quarter of a second, and is needed only here

    with pdfplumber.open(path) as document:
        return len(document.pages)
