"""Search results and concordances as files, read back by programs that are not ours."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import openpyxl
import pytest
from flask.testing import FlaskClient

from archive.records import Description, Document
from search_app import create_app
from search_app.web.table_file import TableFile
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

Table = tuple[dict[str, str], list[dict[str, str]]]
"""The header and the rows of a file, all values as text."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def from_csv(data: bytes) -> Table:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    header = {cells[0].removeprefix("# "): cells[1] for cells in lines if cells[0].startswith("# ")}
    columns, *rows = lines[len(header) :]
    return header, [dict(zip(columns, row, strict=True)) for row in rows]


def from_xlsx(data: bytes) -> Table:
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    end = next(number for number, cells in enumerate(lines) if not any(cells))
    columns, *rows = lines[end + 1 :]
    return {cells[0]: cells[1] for cells in lines[:end]}, [
        dict(zip(columns, row, strict=True)) for row in rows
    ]


def from_jsonl(data: bytes) -> Table:
    first, *rows = [json.loads(line) for line in data.decode().splitlines()]
    ((_name, header),) = first.items()
    for row in rows:
        if "snippet" in row:
            row["snippet"] = "".join(piece["text"] for piece in row["snippet"])

    def as_text(values: dict[str, object]) -> dict[str, str]:
        return {name: "" if value is None else str(value) for name, value in values.items()}

    return as_text(header), [as_text(row) for row in rows]


READERS = {"csv": from_csv, "xlsx": from_xlsx, "jsonl": from_jsonl}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}


def download(client: FlaskClient, name: str, ending: str, **asked: str) -> Table:
    return READERS[ending](client.get(f"/fr/{name}.{ending}?{urlencode(asked)}").get_data())


@pytest.mark.parametrize("ending", READERS)
def test_the_hits_of_a_search_with_a_header_that_tells_what_they_are(
    client: FlaskClient, held: dict[str, Document], ending: str
) -> None:
    answer = client.get(f"/fr/search.{ending}?q=emploi&language=fr&year=2011&sort=date")
    assert answer.content_type == TYPES[ending]
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    name = f"terugblik-search-{today}.{ending}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    header, rows = READERS[ending](answer.get_data())
    assert header["query"] == "emploi"
    assert header["filters"] == "year=2011&language=fr"
    assert header["order"] == "date"
    assert header["date"].startswith(today)
    assert header["rows"] == str(len(rows)) == "4"
    assert header["index"].startswith("generation-")
    body = client.get("/api/v1/search?q=emploi&language=fr&year=2011&sort=date&per_page=100").get_json()
    assert [(row["document"], int(row["page"])) for row in rows] == [
        (hit["document"], hit["page"]) for hit in body["hits"]
    ]
    first = next(row for row in rows if row["page"] == "1")
    assert first["title"] == held["pact_fr"].title
    assert first["page_label"] == "i"
    assert "emploi" in first["snippet"]
    assert first["url"] == f"https://terugblik.example/fr/document/{first['document']}/page/1?q=emploi"


@pytest.mark.parametrize("ending", READERS)
def test_the_lines_of_a_concordance(client: FlaskClient, ending: str) -> None:
    header, rows = download(client, "concordance", ending, q='"emploi"', order="right", year="2011")
    assert header["query"] == '"emploi"'
    assert header["order"] == "right"
    assert header["rows"] == str(len(rows)) == "6"
    assert {row["keyword"] for row in rows} == {"emploi", "Emploi"}
    line = next(row for row in rows if row["right"].startswith(" engage"))
    assert line["left"] == "Pacte de croissance urbaine durable Le pacte de l’"
    assert (line["year"], line["page"], line["page_label"]) == ("2011", "1", "i")
    assert line["url"].endswith("/page/1?q=%22emploi%22#occurrence-fr-1")
    by_page = [int(row["page"]) for row in download(client, "concordance", ending, q='"emploi"')[1][:6]]
    assert by_page == sorted(by_page)


@pytest.mark.parametrize("ending", READERS)
def test_nothing_found_is_a_file_that_says_so(client: FlaskClient, ending: str) -> None:
    for name in ("search", "concordance"):
        header, rows = download(client, name, ending, q="zzzz")
        assert (header["query"], header["rows"], rows) == ("zzzz", "0", [])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_no_cell_is_a_formula(tmp_path_factory: pytest.TempPathFactory, start: str) -> None:
    """A forged title or a query must not become a formula in the reader's spreadsheet."""
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    formula = f'{start}HYPERLINK("http://evil.example","emploi")'
    room.add(
        [make_page(1, [("paragraph", "fr", f"{formula} emploi")])], Description(formula, 2011, language="fr")
    )
    client = create_app(room.settings).test_client()
    query = f'{start}(emploi) OR emploi, "emploi"'
    header, (row,) = download(client, "search", "csv", q=query)
    assert row["title"] == f"'{formula}"
    assert row["snippet"].startswith("'")
    assert header["query"].startswith("'")
    (line, *_rest) = download(client, "concordance", "csv", q="emploi")[1]
    for cells in (row, header, line):
        assert all(not value.startswith(("=", "+", "-", "@", "＝")) for value in cells.values())
    data = client.get(f"/fr/search.xlsx?{urlencode({'q': query})}").get_data()
    cells = [cell for rows in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0] for cell in rows]
    assert formula in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    room.close()


@pytest.mark.parametrize("name", ["search", "concordance"])
def test_a_download_refuses_wrong_parameters(client: FlaskClient, name: str) -> None:
    for wrong in ("year=x", "language=xx", "order=chance" if name == "concordance" else "sort=chance"):
        assert client.get(f"/nl/{name}.csv?q=emploi&{wrong}").status_code == 400
    assert client.get(f"/nl/{name}.doc?q=emploi").status_code == 404


def test_a_long_download_holds_every_hit_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    pages = [make_page(number, [("paragraph", "fr", f"emploi {number}")]) for number in range(1, 251)]
    room.add(pages, Description("Long", 2011, language="fr"))
    client = create_app(room.settings).test_client()
    for name in ("search", "concordance"):
        header, rows = download(client, name, "csv", q="emploi")
        assert header["rows"] == "250"
        assert sorted(int(row["page"]) for row in rows) == list(range(1, 251))
    room.close()


def test_a_cell_that_a_workbook_cannot_hold_says_that_it_was_cut(client: FlaskClient) -> None:
    fits, does_not = "é" * 32_767, "é" * 32_768
    with client.application.test_request_context():
        answers = {
            ending: TableFile("texts", {}, [{"text": fits}, {"text": does_not}], ("text",)).sent(ending)
            for ending in ("csv", "xlsx")
        }
        (_header, (whole,), (cut,)) = openpyxl.load_workbook(
            io.BytesIO(b"".join(answers["xlsx"].response))
        ).active.iter_rows(values_only=True, min_row=2)
        assert whole == fits
        assert len(cut) == 32_767
        assert cut.startswith("é" * 32_000)
        assert cut.endswith("CSV en JSON Lines hebben alles]")
        assert does_not in answers["csv"].get_data(as_text=True)
