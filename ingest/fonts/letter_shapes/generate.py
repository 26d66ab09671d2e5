"""Make the pictures of letters that those in documents are compared with.

``python -m ingest.fonts.letter_shapes.generate`` takes the standard faces that pdfium has in itself and the
ones that Typst has or finds (DejaVu must be installed), and writes ``pictures.npy`` and ``proportions.npy``,
as :mod:`ingest.fonts.resemblance` reads them.
"""

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import typst

from ingest.fonts.glyphs import SIDE, Glyph, outlined
from ingest.fonts.resemblance import FOLDER, LETTERS, softened

_STANDARD = (
    *(b"Helvetica", b"Helvetica-Bold", b"Helvetica-Oblique", b"Helvetica-BoldOblique"),
    *(b"Times-Roman", b"Times-Bold", b"Times-Italic", b"Times-BoldItalic", b"Courier", b"Courier-Bold"),
)
_OF_TYPST = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono")
_STYLES = [(weight, slant) for weight in ("regular", "bold") for slant in ("normal", "italic")]


def standard_faces() -> Iterator[dict[str, Glyph]]:
    """What pdfium draws with where a file brings no font."""
    with pdfium.PdfDocument.new() as document:
        for name in _STANDARD:
            font = raw.FPDFText_LoadStandardFont(document.raw, name)
            yield _letters_of(font)


def faces_of_typst() -> Iterator[dict[str, Glyph]]:
    """What Typst draws with, each face on a page of its own."""
    pages = [
        f'#page(width: 2000pt, height: 100pt, text(font: "{family}", weight: "{weight}", style: "{slant}",'
        f" fallback: false)[{LETTERS}])"
        for family in _OF_TYPST
        for weight, slant in _STYLES
    ]
    with pdfium.PdfDocument(typst.compile("\n".join(pages).encode())) as document:
        for page in document:
            text = page.get_textpage()
            font = raw.FPDFTextObj_GetFont(raw.FPDFText_GetTextObject(text.raw, 0))
            yield _letters_of(font)


def _letters_of(font: Any) -> dict[str, Glyph]:
    address = ctypes.cast(font, ctypes.c_void_p).value or 0
    return {letter: glyph for (_, letter), glyph in outlined((address, each) for each in LETTERS).items()}


def main() -> None:
    faces = [*standard_faces(), *faces_of_typst()]
    pictures = np.zeros((len(faces), len(LETTERS), SIDE, SIDE), dtype=np.uint8)
    proportions = np.full((len(faces), len(LETTERS)), np.inf, dtype=np.float32)
    for face, glyphs in enumerate(faces):
        for letter, glyph in glyphs.items():
            place = face, LETTERS.index(letter)
            pictures[place] = np.rint(255 * softened(glyph.picture[None])[0])
            proportions[place] = glyph.proportion
    np.save(FOLDER / "pictures.npy", pictures)
    np.save(FOLDER / "proportions.npy", proportions)
    print(f"{len(faces)} faces, {int(np.isfinite(proportions).sum())} letters")


if __name__ == "__main__":
    main()
