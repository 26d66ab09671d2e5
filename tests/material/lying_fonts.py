"""PDFs with fonts that name their letters wrongly, and with odd ones that name them rightly."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import EmbeddedType1Face, Font, registerFont, registerTypeFace
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.material.pdf_files import raw_pdf

FACES = {"plain": "Vera.ttf", "bold": "VeraBd.ttf", "italic": "VeraIt.ttf", "second": "Vera.ttf"}
"""Faces that come with reportlab; "second" is the plain one once more, as a font of its own."""

Text = tuple[float, float, str, float, str]
"""Where from the left and from the top, face, size, what is drawn."""

_MAP = re.compile(rb"begincmap.*?endcmap", re.DOTALL)
_NAME = re.compile(rb"(?<=> <)[0-9A-F]{4}(?=>)")


def set_in_faces(
    pages: Sequence[Sequence[Text]], names: Mapping[str, Mapping[str, str]], turn: int = 0
) -> bytes:
    """Pages in these faces, turned by so many degrees against the clock; `names` say of faces by which other
    characters some letters are called."""
    for face, file in FACES.items():
        font = TTFont(face, file)
        # reportlab makes one font of those with the same name.
        font.face.name = f"Vera-{face:10}".replace(" ", "x").encode()
        registerFont(font)
    file = BytesIO()
    canvas = Canvas(file, A4, invariant=True, pageCompression=0)
    corner = {0: (0, 0), 90: (A4[0], 0), 180: A4, 270: (0, A4[1])}[turn]
    for page in pages:
        canvas.translate(*corner)
        canvas.rotate(turn)
        # What is turned on its side is put lower, so that it is on the paper.
        canvas.translate(0, -A4[1] + A4[0] if turn % 180 else 0)
        for left, top, face, size, text in page:
            canvas.setFont(face, size)
            canvas.drawString(left, A4[1] - top, text)
        canvas.showPage()
    canvas.save()
    used = list(dict.fromkeys(face for page in pages for _, _, face, _, _ in page))
    # reportlab writes the fonts in the order of their internal names, F1 before F2: that of their first use.
    maps = iter(used)
    written = _MAP.sub(lambda found: _renamed(found[0], names.get(next(maps), {})), file.getvalue())
    return written.replace(b"Vera-secondxxxx", b"Vera-plainxxxxx")


def _renamed(of_font: bytes, names: Mapping[str, str]) -> bytes:
    codes = {b"%04X" % ord(letter): b"%04X" % ord(name) for letter, name in names.items()}
    return _NAME.sub(lambda found: codes.get(found[0], found[0]), of_font)


def shifted(letters: str, by: int = 3) -> dict[str, str]:
    """Each of the letters is called by the name of another one of them."""
    return {letter: letters[(place + by) % len(letters)] for place, letter in enumerate(letters)}


LOWER, UPPER, FIGURES = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
SHIFTED = shifted(LOWER) | shifted(UPPER)


def type3_pdf(
    lines: Sequence[tuple[float, float, str]],
    body: Sequence[str],
    code_of: Mapping[str, int],
    to_unicode: str = "",
) -> bytes:
    """A page with lines (left, top, what is drawn) in a font of little pictures, as old TeX makes them, whose
    letters have these codes, and a body in Helvetica. `to_unicode` are lines of its map, if it has one."""
    height = 64
    face = ImageFont.load_default(48)
    widths, procedures = {}, []
    for letter in code_of:
        width = max(8, round(face.getlength(letter)))
        picture = Image.new("L", (width, height))
        ImageDraw.Draw(picture).text((0, 0), letter, fill=255, font=face)
        rows = np.packbits(np.asarray(picture) < 128, axis=1).tobytes().hex()
        procedures.append(
            f"{width} 0 0 -16 {width} 48 d1 {width} 0 0 {height} 0 -16 cm "
            f"BI /W {width} /H {height} /IM true /BPC 1 /F /AHx ID {rows}> EI"
        )
        widths[code_of[letter]] = width
    numbers = range(8, 8 + len(code_of))
    codes = range(256)
    differences = " ".join(f"{code} /g{code}" for code in code_of.values())
    procs = " ".join(f"/g{code} {number} 0 R" for code, number in zip(code_of.values(), numbers, strict=True))
    font = (
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 -16 60 48] /FontMatrix [0.02 0 0 0.02 0 0] "
        f"/FirstChar 0 /LastChar 255 /Widths [{' '.join(str(widths.get(code, 0)) for code in codes)}] "
        f"/Encoding << /Type /Encoding /Differences [{differences}] >> /CharProcs << {procs} >> "
        f"/Resources << >> {'/ToUnicode 7 0 R' if to_unicode else ''} >>"
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        f"1 begincodespacerange <00> <FF> endcodespacerange {to_unicode} endcmap end end"
    )
    drawn = "".join(
        f"BT /F3 18 Tf {left} {842 - top} Td <{''.join(f'{code_of[letter]:02X}' for letter in text)}> Tj ET "
        for left, top, text in lines
    )
    drawn += "".join(f"BT /F1 11 Tf 72 {680 - 16 * row} Td ({text}) Tj ET " for row, text in enumerate(body))
    streams = [
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream".encode() for text in (cmap, *procedures)
    ]
    return raw_pdf(drawn, "/Font << /F1 5 0 R /F3 6 0 R >>", [font.encode(), *streams])


def ornate_pdf(line: str, body: Sequence[str]) -> bytes:
    """A page with this line in two ornate faces, in Greek letters and in signs, and a body in Helvetica."""
    ornate = ("DarkGardenMK", "callig15")
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ornate:
        face = EmbeddedType1Face(str(folder / f"{name}.afm"), str(folder / f"{name}.pfb"))
        registerTypeFace(face)
        registerFont(Font(name, face.name, "WinAnsiEncoding"))
    file = BytesIO()
    canvas = Canvas(file, A4, invariant=True)
    for row, face in enumerate((*ornate, "Symbol", "ZapfDingbats")):
        canvas.setFont(face, 22)
        canvas.drawString(72, 740 - 40 * row, line)
    canvas.setFont("Helvetica", 11)
    for row, text in enumerate(body):
        canvas.drawString(72, 540 - 16 * row, text)
    canvas.save()
    return file.getvalue()


def names_in_map(names: Mapping[int, str]) -> str:
    """The lines of a map to Unicode that calls these codes so."""
    told = " ".join(f"<{code:02X}> <{ord(name):04X}>" for code, name in names.items())
    return f"{len(names)} beginbfchar {told} endbfchar"
