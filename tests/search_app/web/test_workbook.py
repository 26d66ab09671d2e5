"""Workbooks: every cell is as XlsxWriter writes it, which writes the frame alone."""

import io
import xml.etree.ElementTree as ElementTree
from typing import IO
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from search_app.web.workbook import Bold, write_workbook

SHEET = "xl/worksheets/sheet1.xml"
CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"

ROWS: list[list[object]] = [
    [Bold("query"), "=HYPERLINK(1)", 2011, 0.25, -3],
    [],
    [Bold("a & b"), None, " <spaces> \t\n", 12345678901, 0.1 + 0.2],
    ["\x00\x01\x1f\r", "_x0041_ _x", "\ufffe\uffff", "é ‘“« 💶", ""],
]


def cells(file: IO[bytes]) -> list[tuple[str | None, ...]]:
    """Place, style, type and text of every cell that is not empty."""
    root = ElementTree.fromstring(ZipFile(file).read(SHEET))
    found = [
        (cell.get("r"), cell.get("s"), cell.get("t"), "".join(cell.itertext())) for cell in root.iter(CELLS)
    ]
    return [cell for cell in found if cell[3]]


def test_the_cells_are_as_xlsxwriter_writes_them() -> None:
    ours, theirs = io.BytesIO(), io.BytesIO()
    write_workbook(ours, "search", ROWS)
    with xlsxwriter.Workbook(theirs, {"constant_memory": True}) as workbook:
        sheet, bold = workbook.add_worksheet("search"), workbook.add_format({"bold": True})
        for number, row in enumerate(ROWS):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, str(value), bold if isinstance(value, Bold) else None)
    assert cells(ours) == cells(theirs)
    assert set(ZipFile(ours).namelist()) == set(ZipFile(theirs).namelist())
    (read,) = openpyxl.load_workbook(ours).worksheets
    assert (read.title, read["A1"].font.bold, read["B1"].font.bold) == ("search", True, False)
    assert (read["B1"].value, read["B1"].data_type, read["C1"].value) == ("=HYPERLINK(1)", "s", 2011)


def test_many_rows_are_whole_and_ask_nothing_of_xlsxwriter(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    for name in ("write_string", "write_number"):
        write = getattr(Worksheet, name)
        monkeypatch.setattr(
            Worksheet, name, lambda *given, write=write: written.append(given[1:3]) or write(*given)
        )
    file = io.BytesIO()
    write_workbook(file, "many", ([number, f"row {number} " + "é" * 90] for number in range(5_000)))
    assert len(written) <= 1
    sheet = openpyxl.load_workbook(file, read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == list(range(5_000))
    assert rows[-1][1] == "row 4999 " + "é" * 90
