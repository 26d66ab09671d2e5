"""Documents as a scanner sees them: pictures of their pages, turned, and no text."""

import io
import random

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

_RESOLUTION = 200
"""Pixels an inch."""


def scanned(pdf: bytes, turn: int) -> bytes:
    """The pages as grey pictures, slightly soft and grainy, turned clockwise by so many degrees."""
    pictures = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            picture = document[number].render(scale=_RESOLUTION / 72).to_pil().convert("L")
            grain = random.Random(number).randbytes(picture.width * picture.height)
            dust = Image.frombytes("L", picture.size, grain).point(lambda light: light * 20 // 255)
            picture = ImageChops.subtract(picture.filter(ImageFilter.GaussianBlur(0.5)), dust)
            pictures.append(picture.rotate(-turn, expand=True))
    file = io.BytesIO()
    pictures[0].save(
        file, "PDF", resolution=_RESOLUTION, save_all=True, append_images=pictures[1:], quality=60
    )
    return file.getvalue()
