"""Small PDFs of all sorts, made when a test needs them."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

NL = "De regering en de sociale gesprekspartners sluiten een akkoord over de werkgelegenheid in de stad."
FR = "Le gouvernement et les interlocuteurs sociaux concluent un accord sur l’emploi dans la ville."


def text_pdf(pages: Sequence[Sequence[str]], password: str | None = None, height: float = A4[1]) -> bytes:
    """A page for each list of lines, as wide as A4 and `height` points high; the same lines give the same
    bytes."""
    file = BytesIO()
    canvas = Canvas(file, (A4[0], height), invariant=True, encrypt=password)
    for lines in pages:
        canvas.setFont("Helvetica", 11)
        for place, line in enumerate(lines):
            canvas.drawString(72, height - 72 - 16 * place, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def document(name: str, pages: int = 2) -> bytes:
    """A document in Dutch and French whose pages speak of `name`. They are low, since drawing takes most of
    the time of tests with documents, and goes by the size of a page."""
    lines = [[f"{name} bladzijde {page}", NL, "", FR, NL, "", FR] for page in range(1, pages + 1)]
    return text_pdf(lines, height=200)


def scan_pdf(lines: Sequence[str]) -> bytes:
    """A page that is a picture of these lines."""
    picture = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(30)
    for place, line in enumerate(lines):
        draw.text((120, 150 + 50 * place), line, fill=0, font=font)
    file = BytesIO()
    canvas = Canvas(file, A4, invariant=True)
    canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def form_bomb(levels: int = 22) -> bytes:
    """Forms that draw each other four times, `levels` deep: PDF engines run out of memory on it."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R >> >> >>",
        _stream(b"/F Do", b""),
    ]
    for level in range(levels):
        inner = b" /Resources << /XObject << /F %d 0 R >> >>" % (level + 6)
        objects.append(_stream(b"/F Do " * 4, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]" + inner))
    objects.append(_stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"))
    return _assembled(objects)


def _stream(content: bytes, entries: bytes) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def _assembled(objects: Sequence[bytes]) -> bytes:
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(file)


def raw_pdf(
    content: str,
    entries: str = "",
    more: Sequence[bytes] = (),
    of_page: str = "",
    of_catalog: str = "",
) -> bytes:
    """An A4 page with this content stream; `/F1` is Helvetica, and `more` are objects from number 6 on.

    `entries` go into the page's resources, `of_page` and `of_catalog` into their dictionaries.
    """
    return _assembled(
        [
            f"<< /Type /Catalog /Pages 2 0 R {of_catalog} >>".encode(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {of_page}"
            f" /Resources << {entries or '/Font << /F1 5 0 R >>'} >> >>".encode(),
            _stream(content.encode("latin-1"), b""),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            *more,
        ]
    )


def raw_stream(content: str, entries: str = "") -> bytes:
    """A stream object, for :func:`raw_pdf`."""
    return _stream(content.encode("latin-1"), entries.encode())
