"""Makes the PDFs of the demonstration collection from the texts beside it, always the same bytes.

Run it from the root of the project after a change to a text, to the layout or to plans.toml:
``python -m archive.demonstration.generate``. It needs the package `typst`, which brings its own fonts.
"""

import io
import random
import time
from pathlib import Path

import typst
from PIL import Image, ImageChops, ImageFilter

from archive.demonstration import FOLDER, collection

SCANNED = "2005-note-de-lecture-fr.pdf"
"""The one document that is a scan: the image of a printed sheet, without text."""

SCAN_RESOLUTION = 200
"""Pixels per inch."""

SCAN_DATE = time.struct_time((2026, 1, 1, 0, 0, 0, 3, 1, 0))
"""Fixed, so that the bytes are too."""


def generate(folder: Path = FOLDER) -> list[Path]:
    """Make every PDF of the collection in `folder`; returns their paths."""
    fonts = typst.Fonts(include_system_fonts=False)
    made = []
    for document in collection():
        text = FOLDER / "texts" / document.path.with_suffix(".typ").name
        compiler = typst.Compiler(text, root=FOLDER.parent, font_paths=fonts)
        target = folder / document.path.name
        if target.name == SCANNED:
            sheet = compiler.compile(format="png", ppi=SCAN_RESOLUTION)
            assert isinstance(sheet, bytes)  # one page gives one image, several would give a list
            target.write_bytes(scan(sheet, title=document.description.title or ""))
        else:
            compiler.compile(output=target, format="pdf", timestamp=0)
        made.append(target)
    return made


def scan(sheet: bytes, title: str) -> bytes:
    """A PDF that holds nothing but `sheet` (PNG) as a scanner sees it: grey, skewed, soft and noisy."""
    page = Image.open(io.BytesIO(sheet)).convert("L").point(lambda light: 40 + light * 205 // 255)
    page = page.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor=245)
    page = page.filter(ImageFilter.GaussianBlur(0.7))
    grain = Image.frombytes("L", page.size, random.Random(2005).randbytes(page.width * page.height))
    page = ImageChops.subtract(page, grain.point(lambda light: light * 28 // 255))
    pdf = io.BytesIO()
    page.save(
        pdf,
        "PDF",
        resolution=SCAN_RESOLUTION,
        quality=45,
        title=title,
        author="Terugblik",
        creationDate=SCAN_DATE,
        modDate=SCAN_DATE,
    )
    return pdf.getvalue()


if __name__ == "__main__":
    for path in generate():
        print(f"{path.name}: {path.stat().st_size:,} bytes")
