"""Sends a table as a file: CSV, XLSX or JSON Lines, with all rows, and while it is being made.

Each file begins with a header: the request, its time, the state of the index, and the number of rows. With
that the rows can be found again, or it can be shown that they have changed.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from tempfile import TemporaryFile
from typing import Literal

import xlsxwriter
from flask import send_file, stream_with_context
from flask_babel import gettext
from werkzeug import Response

from search_app.library import current_library

FileType = Literal["csv", "xlsx", "jsonl"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings of cells that spreadsheets take for formulas, which could send data of the sheet elsewhere."""

_MOST_IN_A_CELL = 32_767
"""Most characters in a cell of a workbook."""

_FEW = 2_000
"""Most rows of a workbook that is made quickly."""

FileRow = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table, and the information that is needed to make it again."""

    name: str
    """The kind of rows, such as `search` or `concordance`."""
    about: Mapping[str, object]
    rows: Iterable[FileRow]
    columns: Sequence[str]
    """The columns of a row that spreadsheets show, in order."""

    def sent(self, file_type: FileType) -> Response:
        """The answer that sends it."""
        make: Mapping[FileType, Callable[[], Response]] = {
            "csv": self._csv,
            "xlsx": self._xlsx,
            "jsonl": self._jsonl,
        }
        return as_download(make[file_type](), self.name, file_type)

    def _jsonl(self) -> Response:
        """JSON Lines: the first line is the header, then one line a row."""
        lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in self._lines())
        return Response(stream_with_context(lines), content_type="application/jsonl; charset=utf-8")

    def _lines(self) -> Iterator[FileRow]:
        yield {self.name: self.about}
        yield from self.rows

    def _csv(self) -> Response:
        """CSV (RFC 4180, UTF-8 with a byte order mark). The rows of the header begin with ``#``, which many
        programs take for comments."""

        def lines() -> Iterator[str]:
            yield "\ufeff"  # without it, spreadsheets do not recognise UTF-8
            write = csv.writer(_Unwritten()).writerow
            about = ((f"# {name}", value) for name, value in self.about.items())
            rows = (_cells(row, self.columns) for row in self.rows)
            for cells in chain(about, (self.columns,), rows):
                yield str(write(map(_harmless, cells)))

        return Response(stream_with_context(lines()), content_type="text/csv; charset=utf-8")

    def _xlsx(self) -> Response:
        """A workbook (Office Open XML) with one sheet, written row by row to a temporary file.

        It can be sent only when it is complete; with many rows that is heavy work.
        """
        is_heavy = int(str(self.about.get("rows", 0))) > _FEW
        with current_library().heavy_work() if is_heavy else nullcontext():
            return self._workbook()

    def _workbook(self) -> Response:
        file = TemporaryFile()  # noqa: SIM115 (the server closes it when it has been sent)
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
        bold = workbook.add_format({"bold": True})
        sheet = workbook.add_worksheet(self.name)
        for number, (name, value) in enumerate(self.about.items()):
            sheet.write_string(number, 0, name, bold)
            _write_cell(sheet, number, 1, value)
        top = len(self.about) + 1
        for column, name in enumerate(self.columns):
            sheet.write_string(top, column, name, bold)
        for number, row in enumerate(self.rows, top + 1):
            for column, value in enumerate(_cells(row, self.columns)):
                _write_cell(sheet, number, column, value)
        workbook.close()
        file.seek(0)
        return send_file(file, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def as_download(answer: Response, name: str, ending: str) -> Response:
    """An answer as a file, named by its contents and the day."""
    filename = f"terugblik-{name}-{datetime.now(UTC):%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    """Write numbers as numbers, and everything else as text, so that spreadsheets do not take it for a
    formula."""
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        text = str(value)
        if len(text) > _MOST_IN_A_CELL:
            note = " " + gettext(
                "[… cut: a spreadsheet cell cannot contain more; CSV and JSON Lines have it all]"
            )
            text = text[: _MOST_IN_A_CELL - len(note)] + note
        sheet.write_string(row, column, text)


def _cells(row: FileRow, columns: Sequence[str]) -> list[object]:
    """The cells of a row; a snippet without its marks."""
    return [
        "".join(piece["text"] for piece in value) if isinstance(value := row[column], list) else value
        for column in columns
    ]


class _Unwritten:
    """A file for `csv.writer` that returns each line instead of writing it."""

    def write(self, line: str) -> str:
        return line


def _harmless(cell: object) -> object:
    """The value of a cell, changed if a spreadsheet would take it for a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
