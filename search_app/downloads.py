"""Search results, concordances and compared editions as files: CSV, XLSX, JSON Lines, whole and sent while
they are read.

Each file begins with a header that tells what it holds: query, filters, order, when, from which state of the
index, how many rows. With it the rows can be found again, or be shown to have changed.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import TemporaryFile
from urllib.parse import urlencode

import xlsxwriter
from flask import Blueprint, request, send_file, stream_with_context
from flask_babel import gettext
from werkzeug import Response

from archive.errors import NotFound
from index.engine import Engine, Filters, Hit
from search_app.compared_editions import versions as compare_documents
from search_app.concordance import read_concordance
from search_app.counterparts import read_study
from search_app.interface import interface_language
from search_app.library import Archive, library
from search_app.parallel import PATH, read_pair
from search_app.parallel_export import COUNTERPART_COLUMNS, PARALLEL_COLUMNS, counterpart_rows, parallel_rows
from search_app.parameters import ONE_LANGUAGE, ORDER, SHOW, SORT, Q, WrongParameter, read_filters
from search_app.results import HitReader, all_hits, hit_as_json, read_query
from search_app.versions_data import flat_row, numbered_rows, row_as_json

blueprint = Blueprint("downloads", __name__)

_ROWS_AT_ONCE = 100
"""Hits whose texts are in memory at once."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes spreadsheets read a cell as a formula, which could send the sheet's data elsewhere."""

Row = Mapping[str, object]


class NoTranslation(NotFound):
    """A document has no translation whose passages could be sent."""

    code = "no-translation"


@dataclass(frozen=True, slots=True)
class Download:
    """A table, and what must be known to make it again."""

    name: str
    """What the rows are, such as `search` or `concordance`."""
    about: Mapping[str, str | int | float]
    rows: Iterable[Row]
    columns: Sequence[str]
    """The columns of a row that spreadsheets show, in order."""


@blueprint.get("/<any(nl, fr, en):interface>/search.<any(csv, xlsx, jsonl):ending>")
def search(ending: str) -> Response:
    """All hits of a search."""
    archive = library()
    filters, sort = read_filters(request.args), SORT.read(request.args)
    engine = archive.engine()
    query = read_query(Q.read(request.args), filters)
    hits = all_hits(archive, engine, query, filters, sort)
    reader = HitReader(archive, engine, query, interface_language())
    about = _about(query.text, filters, sort, engine, len(hits))
    columns = (
        *("document", "title", "year", "plan", "language", "page", "page_label"),
        *("score", "snippet", "url", "original_url"),
    )
    return _sent(Download("search", about, _hits(hits, reader, archive), columns), ending)


@blueprint.get("/<any(nl, fr, en):interface>/concordance.<any(csv, xlsx, jsonl):ending>")
def concordance(ending: str) -> Response:
    """All lines of a concordance."""
    archive = library()
    filters, order = read_filters(request.args), ORDER.read(request.args)
    engine = archive.engine()
    query = read_query(Q.read(request.args), filters)
    found = read_concordance(archive, engine, query, filters, order)
    reader = HitReader(archive, engine, query, interface_language())
    rows = (
        {**reader.place_as_json(line.hit), "left": line.left, "keyword": line.keyword, "right": line.right}
        for line in found.lines
    )
    columns = (
        *("document", "title", "year", "plan", "language", "page", "page_label"),
        *("left", "keyword", "right", "url", "original_url"),
    )
    about = _about(query.text, filters, order, engine, len(found.lines))
    return _sent(Download("concordance", about, rows, columns), ending)


@blueprint.get(f"{PATH}/parallel.<any(csv, xlsx, jsonl):ending>")
def parallel(identifier: str, ending: str) -> Response:
    """All passages of a document beside those of another."""
    archive = library()
    document = archive.document(identifier)
    with archive.laying_beside():
        pair = read_pair(archive, document, request.args, interface_language())
        if pair is None or pair.right is None:
            raise NoTranslation(
                gettext("The archive holds no translation of this document, as far as its texts show."),
                gettext("Name the document to set beside it in the parameter %(name)s.", name="with"),
            )
        texts = archive.parallel.aligned(pair.left.key, pair.right.key)
    about: dict[str, str | int | float] = {
        "left": f"{pair.left.document.id} ({pair.left.language})",
        "left_title": pair.left.document.title,
        "right": f"{pair.right.document.id} ({pair.right.language})",
        "right_title": pair.right.document.title,
        "share": round(texts.share, 3),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": len(texts.beads),
    }
    rows = parallel_rows(pair, texts, archive.settings.base_url)
    return _sent(Download("parallel", about, rows, PARALLEL_COLUMNS), ending)


@blueprint.get("/<any(nl, fr, en):interface>/counterparts.<any(csv, xlsx, jsonl):ending>")
def counterparts(ending: str) -> Response:
    """All pairs of sentences that show how a term is translated."""
    archive = library()
    study = read_study(archive, request.args, interface_language())
    if not study.query.text:
        raise WrongParameter(gettext("No term is given."), gettext("Write a word or a phrase."))
    found = study.found
    about: dict[str, str | int | float] = {
        "query": study.query.text,
        "from": study.source,
        "to": study.target,
        "documents": " | ".join(f"{pair.document.id} – {pair.translation.id}" for pair in study.pairs),
        "documents_unread": study.unread,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": archive.engine().generation(),
        "pairs_with_term": len(found.with_term),
        "rows": sum(each.both for each in found.candidates) + len(study.unexplained),
    }
    rows = counterpart_rows(study, archive.settings.base_url)
    return _sent(Download("counterparts", about, rows, COUNTERPART_COLUMNS), ending)


@blueprint.get(
    "/<any(nl, fr, en):interface>/document/<identifier>/versions/<other>.<any(csv, xlsx, jsonl):ending>"
)
def versions(identifier: str, other: str, ending: str) -> Response:
    """All rows of two editions beside each other, or those of one sort."""
    archive = library()
    shown = SHOW.read(request.args)
    found = compare_documents(identifier, other, ONE_LANGUAGE.read(request.args), archive)
    numbered = numbered_rows(found.comparison, shown)
    about: dict[str, str | int | float] = {
        **{side: f"{each.title} ({each.year or '–'}) {each.id}" for side, each in found.sides},
        "language": found.language,
        "show": shown,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": archive.engine().generation(),
        "rows": len(numbered),
    }
    columns = (
        *("number", "sort", "is_moved", "numbers", "old_page", "old_page_label", "old_text", "old_url"),
        *("new_page", "new_page_label", "new_text", "new_url"),
    )
    if ending == "jsonl":
        rows: Iterable[Row] = (row_as_json(number, row, found, archive) for number, row in numbered)
    else:
        rows = (flat_row(number, row, found, archive) for number, row in numbered)
    return _sent(Download("versions", about, rows, columns), ending)


def _about(text: str, filters: Filters, order: str, engine: Engine, rows: int) -> dict[str, str | int]:
    return {
        "query": text,
        "filters": filters_as_text(filters),
        "order": order,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": engine.generation(),
        "rows": rows,
    }


def _hits(hits: Sequence[Hit], reader: HitReader, archive: Archive) -> Iterator[Row]:
    for start in range(0, len(hits), _ROWS_AT_ONCE):
        for page in reader.read(hits[start : start + _ROWS_AT_ONCE]):
            hit = hit_as_json(page, archive.settings.base_url)
            # Boxes were not looked for; an empty list would say that nothing matches.
            yield {name: value for name, value in hit.items() if name != "boxes"}


def filters_as_text(filters: Filters) -> str:
    """The filters as they stand in the address of a search."""
    values = [("year", "-".join(map(str, filters.years)))] if filters.years else []
    for name, chosen in (
        ("language", filters.languages),
        ("plan", filters.plans),
        ("kind", filters.kinds),
        ("document", filters.documents),
    ):
        values += [(name, value) for value in sorted(chosen)]
    return urlencode(values)


def _sent(download: Download, ending: str) -> Response:
    make: Mapping[str, Callable[[Download], Response]] = {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl}
    answer = make[ending](download)
    name = f"terugblik-{download.name}-{datetime.now(UTC):%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _jsonl(download: Download) -> Response:
    """JSON Lines: the first line is the header, then one line a row."""
    objects: Iterator[object] = iter(({download.name: download.about},))
    lines = (
        json.dumps(line, ensure_ascii=False) + "\n" for part in (objects, download.rows) for line in part
    )
    return Response(stream_with_context(lines), content_type="application/jsonl; charset=utf-8")


def _csv(download: Download) -> Response:
    """CSV (RFC 4180, UTF-8 with a byte order mark); the header's rows begin with ``#``, as many programs
    know that for lines beside the table."""

    def lines() -> Iterator[str]:
        yield "\ufeff"  # without it, spreadsheets take UTF-8 for something else
        yield from (csv_line((f"# {name}", value)) for name, value in download.about.items())
        yield csv_line(download.columns)
        for row in download.rows:
            yield csv_line(_cells(row, download.columns))

    return Response(stream_with_context(lines()), content_type="text/csv; charset=utf-8")


def _xlsx(download: Download) -> Response:
    """A workbook (Office Open XML) with one sheet, written row by row to a temporary file."""
    file = TemporaryFile()  # noqa: SIM115 (the server closes it when it has been sent)
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    bold = workbook.add_format({"bold": True})
    sheet = workbook.add_worksheet(download.name)
    for number, (name, told) in enumerate(download.about.items()):
        sheet.write_string(number, 0, name, bold)
        _write_cell(sheet, number, 1, told)
    top = len(download.about) + 1
    for column, name in enumerate(download.columns):
        sheet.write_string(top, column, name, bold)
    for number, row in enumerate(download.rows, top + 1):
        for column, value in enumerate(_cells(row, download.columns)):
            _write_cell(sheet, number, column, value)
    workbook.close()
    file.seek(0)
    return send_file(file, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    """Numbers as numbers, everything else as text, which no spreadsheet reads as a formula then."""
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value))


def _cells(row: Row, columns: Sequence[str]) -> list[object]:
    """The cells of a row; a snippet without its marks."""
    return [
        "".join(piece["text"] for piece in value) if isinstance(value := row[column], list) else value
        for column in columns
    ]


def csv_line(cells: Iterable[object]) -> str:
    """A row of a CSV file, in which text is text and never a formula."""
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
