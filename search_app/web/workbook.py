"""A workbook (Office Open XML) with one sheet, of any number of rows.

XlsxWriter makes the empty workbook. The cells are written here: that takes a third of the time that it takes,
which is most of what a file of many rows costs.
"""

import io
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

_SHEET = "xl/worksheets/sheet1.xml"
_CELLS = re.compile(r"<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*/>")
"""How many cells there are: it may be left out, and nobody knows before all are written."""
_BOLD_STYLE = 1
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""Characters that XML cannot hold; a carriage return would become a line feed."""
_LIKE_A_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BYTES_AT_ONCE = 1 << 16
_FASTEST = 1
"""How hard zlib tries: it makes a file of 17,000 rows larger by a fifth, in a third of the time."""


class Bold(str):
    """A cell in bold letters."""

    __slots__ = ()


def write_workbook(file: IO[bytes], sheet: str, rows: Iterable[Sequence[object]]) -> None:
    """Write a workbook with one sheet.

    Args:
        sheet: its name.
        rows: int and float become numbers, None stays empty, all else is text, which no spreadsheet reads as
            a formula. A text has at most 32,767 characters.
    """
    parts = _parts(sheet)
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_FASTEST) as library:
        for name, content in parts.items():
            if name != _SHEET:
                library.writestr(name, content)
        before, after = _CELLS.split(_DIMENSION.sub("", parts[_SHEET]))
        with library.open(_SHEET, "w", force_zip64=True) as written:
            waiting = [before, "<sheetData>"]
            size = 0
            for number, cells in enumerate(rows, 1):
                row = _row(number, cells)
                waiting.append(row)
                size += len(row)
                if size >= _BYTES_AT_ONCE:
                    written.write("".join(waiting).encode())
                    waiting, size = [], 0
            written.write("".join([*waiting, "</sheetData>", after]).encode())


@lru_cache(maxsize=16)
def _parts(sheet: str) -> dict[str, str]:
    """The files in a workbook whose sheet holds a single cell in bold letters."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.add_worksheet(sheet).write_number(0, 0, 0, workbook.add_format({"bold": True}))
    with ZipFile(file) as library:
        return {name: library.read(name).decode() for name in library.namelist()}


@lru_cache(maxsize=256)
def _column(number: int) -> str:
    return str(xl_col_to_name(number))


def _row(number: int, cells: Sequence[object]) -> str:
    found = [
        _cell(f"{_column(column)}{number}", value) for column, value in enumerate(cells) if value is not None
    ]
    return f'<row r="{number}">{"".join(found)}</row>'


def _cell(place: str, value: object) -> str:
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value:.16G}</v></c>'
    style = f' s="{_BOLD_STYLE}"' if isinstance(value, Bold) else ""
    text = _as_xml(str(value))
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _as_xml(text: str) -> str:
    """Text as a workbook holds it: characters that XML cannot hold are written as codes (ECMA-376, 22.4.2.4),
    and what only looks like a code is told from one."""
    if "_x" in text:
        text = _LIKE_A_CODE.sub("_x005F_", text)
    if not text.isprintable():
        text = _NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text)
