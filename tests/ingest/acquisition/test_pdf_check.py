"""What the archive takes for a PDF, from a file's first bytes."""

import io

import pytest

from ingest.acquisition.pdf_check import HEADER_WINDOW, check
from ingest.errors import NotAPdf, TooBig

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        b"\xef\xbb\xbf" + PDF,
        b"<html>an odd front</html>".ljust(HEADER_WINDOW, b" ") + PDF,
        b"%!PS-Adobe-3.0 PDF-1.4\n" + PDF,
    ],
    ids=["plain", "byte order mark", "as late as it may be", "after a PostScript line"],
)
def test_a_header_within_the_window_makes_a_pdf(content: bytes) -> None:
    file = io.BytesIO(content)
    check(file, 10_000)
    assert file.tell() == 0, "what is stored next must be the whole file"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\x00" * 5000, "empty bytes"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"\r\n  <HTML>", "web page"),
        (b"\xef\xbb\xbf<html>", "web page"),
        (b"<?xml version='1.0'?><svg/>", "XML"),
        (b"PK\x03\x04 word/document.xml", "ZIP"),
        (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "AppleDouble"),
        (b"\xff\xd8\xff\xe0 JFIF", "JPEG"),
        (b"{\\rtf1", "RTF"),
        (b"just words", "is not a PDF."),
        (b" " * (HEADER_WINDOW + 1) + PDF, "is not a PDF."),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_anything_else_is_refused_by_name(content: bytes, told: str) -> None:
    with pytest.raises(NotAPdf) as refusal:
        check(io.BytesIO(content), 10_000)
    assert told in refusal.value.message
    assert refusal.value.hint


def test_size_is_limited_to_the_byte() -> None:
    check(io.BytesIO(PDF), len(PDF))
    with pytest.raises(TooBig) as refusal:
        check(io.BytesIO(PDF), len(PDF) - 1)
    assert f"{len(PDF) - 1} bytes" in refusal.value.message


def test_the_size_limit_is_told_in_the_unit_of_its_setting() -> None:
    with pytest.raises(TooBig) as refusal:
        check(io.BytesIO(PDF.ljust(3 * 1024 * 1024)), 2 * 1024 * 1024)
    assert "2 MiB" in refusal.value.message
