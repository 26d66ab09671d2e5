"""A page that is a picture."""

import math
from io import BytesIO
from pathlib import Path

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def photograph_pdf(path: Path) -> None:
    """A page all over which colours run into each other, as in a photograph."""
    side = 400
    picture = Image.new("RGB", (side, side))
    picture.putdata(
        [
            (x * 255 // side, y * 255 // side, int(127 + 127 * math.sin(x / 40) * math.cos(y / 30)))
            for y in range(side)
            for x in range(side)
        ]
    )
    file = BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    canvas = Canvas(str(path), pagesize=(side, side), invariant=True)
    canvas.drawImage(ImageReader(file), 0, 0, side, side)
    canvas.save()
