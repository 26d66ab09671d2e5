"""Text from outside: what is kept of it, whatever it holds."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.outside_text import clean_address, clean_filename, clean_headers, clean_line

anything = st.text(st.characters(codec=None), max_size=60)


@given(anything, st.integers(1, 40))
def test_a_clean_line_is_short_visible_and_stays_as_it_is(text: str, longest: int) -> None:
    line = clean_line(text, longest)
    assert len(line) <= longest
    assert {unicodedata.category(sign) for sign in line} & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} == set()
    assert line == clean_line(line, longest)
    line.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Een\ttitel\r\nover twee\u2028regels ", "Een titel over twee regels"),
        ("NUL\x00 en bel\x07", "NUL en bel"),
        ("rapport\u202efdp.exe", "rapportfdp.exe"),
        ("soft\u00adhyphen en \ufeffBOM en nul\u200bbreedte", "softhyphen en BOM en nulbreedte"),
        ("los \udcff stuk", "los stuk"),
        ("cafe\u0301", "café"),
        ("Straße – “ĳ” 🙂", "Straße – “ĳ” 🙂"),
    ],
)
def test_what_cannot_be_seen_goes_and_what_can_stays(text: str, line: str) -> None:
    assert clean_line(text) == line


def test_a_long_line_ends_in_an_ellipsis() -> None:
    assert clean_line("woord " * 100, 12) == "woord woord…"
    assert clean_line("x" * 100_000_000, 5) == "xxxx…"


@given(anything)
def test_a_file_name_is_never_empty_and_never_a_path(name: str) -> None:
    kept = clean_filename(name)
    assert kept == clean_filename(kept)
    assert kept.strip(". ")
    assert len(kept) <= 200
    assert not {"/", "\\", "\0"} & set(kept)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("/home/marie/Rapport 2011.pdf", "Rapport 2011.pdf"),
        ("C:\\Documenten\\Rapport.pdf", "Rapport.pdf"),
        ("../..", "document.pdf"),
        ("", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
    ],
)
def test_of_a_path_the_name_is_kept(name: str, kept: str) -> None:
    assert clean_filename(name) == kept


def test_addresses_and_headers_are_kept_within_bounds() -> None:
    assert clean_address(None) is None
    assert clean_address(" \x00") is None
    assert clean_address("https://a.example/" + "x" * 5000) is None
    assert clean_address("https://a.example/\r\nb") == "https://a.example/ b"
    headers = clean_headers({f"x-{number}": "y" * 5000 for number in range(100)})
    assert len(headers) == 64
    assert {len(value) for value in headers.values()} == {1000}
