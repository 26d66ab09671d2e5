"""What leaves the archive as a file: page JSON, downloads of search results for spreadsheets and programs."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from archive.records import Description, Document, Page, Passage, Word
from search_app import create_app
from search_app.export import page_as_json
from tests.reading_room import ReadingRoom, fill, make_page


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


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_word_over_two_lines_has_all_its_boxes() -> None:
    broken = Word("werkgelegenheid", 0, ((10, 10, 50, 20), (10.004, 24, 40.126, 34)))
    whole = Word("nu", 16, ((60, 24, 70, 34),))
    page = Page(
        7,
        "v",
        595.276,
        841.89,
        "ocr",
        False,
        (Passage("paragraph", "nl", "werkgelegenheid nu", (broken, whole)),),
    )
    assert page_as_json(page) == {
        "page": 7,
        "label": "v",
        "width": 595.28,
        "height": 841.89,
        "source": "ocr",
        "health": {"text_layer": None, "ocr": None, "choice": ""},
        "blocks": [
            {
                "kind": "paragraph",
                "language": "nl",
                "text": "werkgelegenheid nu",
                "words": [
                    {
                        "text": "werkgelegenheid",
                        "box": [10, 10, 50, 20],
                        "boxes": [[10, 10, 50, 20], [10, 24, 40.13, 34]],
                    },
                    {"text": "nu", "box": [60, 24, 70, 34]},
                ],
            }
        ],
    }


def test_csv_rows_are_the_hits_each_with_its_origin(client: FlaskClient, held: dict[str, Document]) -> None:
    address = "/fr/search.csv?q=emploi&language=fr&year=2011"
    answer = client.get(address)
    assert answer.content_type == "text/csv; charset=utf-8"
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="terugblik-{today}.csv"'
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    rows = rows_of(client, address)
    body = client.get("/api/v1/search?q=emploi&language=fr&year=2011&per_page=100").get_json()
    assert len(rows) == body["total"] == 4
    assert [(row["document"], int(row["page"])) for row in rows] == [
        (hit["document"], hit["page"]) for hit in body["hits"]
    ]
    first = rows[0]
    assert first["query"] == "emploi"
    assert first["filters"] == "year=2011-2011&language=fr"
    assert first["searched_at"].startswith(today)
    assert (first["total"], first["rows"]) == ("4", "4")
    assert first["index"]
    assert first["title"] == held["pact_fr"].title
    assert "emploi" in first["snippet"]
    assert first["url"].startswith("https://terugblik.example/fr/document/")


def test_csv_of_nothing_still_has_its_header(client: FlaskClient) -> None:
    text = client.get("/nl/search.csv?q=zzzz").get_data().decode("utf-8-sig")
    assert text.startswith("query,filters,")
    assert text.count("\r\n") == 1


def test_json_lines_begin_with_the_search(client: FlaskClient) -> None:
    answer = client.get("/en/search.jsonl?q=emploi&sort=date")
    assert answer.content_type == "application/jsonl; charset=utf-8"
    about, *hits = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert about["search"]["query"] == "emploi"
    assert about["search"]["sort"] == "date"
    assert about["search"]["rows"] == len(hits) > 1
    assert any(piece["mark"] for piece in hits[0]["snippet"])
    assert "boxes" not in hits[0]


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
    rows = rows_of(client, f"/fr/search.csv?{urlencode({'q': query})}")
    assert len(rows) == 1
    assert rows[0]["title"] == f"'{formula}"
    assert rows[0]["snippet"].startswith("'")
    assert rows[0]["query"].startswith("'")
    assert all(not value.startswith(("=", "+", "-", "@", "＝")) for value in rows[0].values())
    room.close()


def test_a_download_refuses_wrong_filters(client: FlaskClient) -> None:
    assert client.get("/nl/search.csv?q=emploi&year=x").status_code == 400


def test_a_long_download_holds_every_hit_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    pages = [make_page(number, [("paragraph", "fr", f"emploi {number}")]) for number in range(1, 251)]
    room.add(pages, Description("Long", 2011, language="fr"))
    rows = rows_of(create_app(room.settings).test_client(), "/fr/search.csv?q=emploi")
    assert sorted(int(row["page"]) for row in rows) == list(range(1, 251))
    room.close()
