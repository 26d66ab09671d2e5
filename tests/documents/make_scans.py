"""Make scans that are hard to read: ``python tests/documents/make_scans.py``.

Lines that run in every direction, and a table with rules and shades.
"""

import io

import pypdfium2 as pdfium
import typst
from PIL import Image
from reportlab.lib.utils import ImageReader

from tests.documents.make import canvas

SIZE = (360.0, 300.0)
_RESOLUTION = 150

LINES = (
    "De raad opent de vergadering om negen uur.",
    "Daarna keurt hij het verslag van mei goed.",
    "De voorzitter sluit af met een rondvraag.",
)
CAPTION = "Aantal banen per jaar in het gewest"
ROWS = (
    ("Uitgaven", "2023", "2024", "2025"),
    ("Personeel", "12.480", "12.905", "13.330"),
    ("Werking", "3.015", "0", "2.870"),
    ("Subsidies", "-410", "0", "-265"),
    ("Totaal", "15.085", "12.905", "15.935"),
)


def picture(source: str) -> Image.Image:
    """A page of `SIZE` as a scanner sees it."""
    head = f"#set page(width: {SIZE[0]}pt, height: {SIZE[1]}pt, margin: 30pt)\n#set text(size: 11pt)\n"
    with pdfium.PdfDocument(typst.compile((head + source).encode())) as document:
        drawn: Image.Image = document[0].render(scale=_RESOLUTION / 72).to_pil().convert("L")
    return drawn


def as_image(drawn: Image.Image) -> ImageReader:
    stream = io.BytesIO()
    drawn.quantize(16).save(stream, "PNG", optimize=True)
    stream.seek(0)
    return ImageReader(stream)


def directions() -> None:
    """The same lines running downwards, upwards and on their head, shown by /Rotate or not; and upright lines
    beside a caption that runs downwards, over one on its head."""
    drawn = canvas("scans-in-every-direction.pdf", SIZE)
    lines = picture("\n\n".join(LINES))
    for turn, rotation in ((3, 0), (1, 0), (2, 0), (0, 270)):
        turned = lines.rotate(90 * turn, expand=True)
        size = SIZE if turn % 2 == 0 else SIZE[::-1]
        drawn.setPageSize(size)
        drawn.setPageRotation(rotation)
        drawn.drawImage(as_image(turned), 0, 0, *size)
        drawn.showPage()
    drawn.setPageSize(SIZE)
    drawn.setPageRotation(0)
    mixed = picture(
        "\n\n".join(LINES)
        + f"#place(top + right, rotate(90deg, reflow: true)[{CAPTION}])"
        + "#place(bottom + left, rotate(180deg)[Deze regel staat op zijn kop in de scan])"
    )
    drawn.drawImage(as_image(mixed), 0, 0, *SIZE)
    drawn.showPage()
    drawn.save()


def ruled_table() -> None:
    """A table with rules, shaded rows and single figures; its last column has a heading on its side, and a
    cell with a drawing in it that is no letter."""
    drawn = canvas("scan-of-a-ruled-table.pdf", SIZE)
    cells = ", ".join(f"[{cell}]" for row in ROWS for cell in row)
    source = f"""
    Tabel 4: uitgaven in duizend euro

    #table(columns: (100pt, 60pt, 60pt, 60pt), align: (left, right, right, right), stroke: 0.7pt,
      fill: (_, row) => if row in (0, 3) {{ luma(200) }}, {cells})
    #v(6pt)
    #table(columns: (24pt, 90pt, 90pt), stroke: 0.7pt,
      table.cell(rowspan: 2, rotate(-90deg, reflow: true)[Raming]),
      [bevolking], [1.218.255], [woningen],
      [#line(length: 60pt, stroke: 1.5pt, angle: 8deg) #line(length: 60pt, stroke: 1.5pt, angle: -8deg)])
    """
    drawn.drawImage(as_image(picture(source)), 0, 0, *SIZE)
    drawn.showPage()
    drawn.save()


if __name__ == "__main__":
    directions()
    ruled_table()
