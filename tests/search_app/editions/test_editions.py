"""Two editions as readers see them: the page, its twin for programs, its files, and who may not be seen."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from archive.records import Description, Document
from ingest.read_document import read_document
from search_app import create_app
from tests.material.two_editions import ADDED, COUNTS, DROPPED, MOVED, NEWER, OLDER, PARAGRAPHS, add_editions
from tests.surroundings.quick_html import has_class, read_html
from tests.surroundings.reading_room import ReadingRoom, Said, fill, make_page

MOST = 100_000
"""Bytes of a page without what it loads."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive that each test gets a copy of."""
    return tmp_path_factory.mktemp("made")


@pytest.fixture(scope="module")
def editions(made: Path) -> tuple[Document, Document]:
    room = ReadingRoom(made)
    editions = add_editions(room)
    room.close()
    return editions


@pytest.fixture
def room(made: Path, editions: tuple[Document, Document], tmp_path: Path) -> Iterator[ReadingRoom]:
    room = ReadingRoom.copied(made, tmp_path)
    yield room
    room.close()


@pytest.fixture
def client(room: ReadingRoom) -> FlaskClient:
    return create_app(room.settings).test_client()


def soup(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, address
    return BeautifulSoup(answer.data, "html.parser")


def address_of(editions: tuple[Document, Document], language: str = "en") -> str:
    older, newer = editions
    return f"/{language}/document/{older.id}/versions/{newer.id}"


def words(tag: Tag) -> str:
    return " ".join(tag.text.split())


def counted(page: BeautifulSoup) -> dict[str, int]:
    return {
        next(name for name in each["class"] if name != "count-of"): int(each.strong.text.replace(",", ""))
        for each in page.select(".count-of")
    }


def test_the_summary_counts_every_passage_once(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    page = soup(client, address_of(editions))
    assert counted(page) == {**COUNTS, "numbers": 2}
    assert [words(each) for each in page.select(".edition")] == [f"2020 {OLDER}", f"2021 {NEWER}"]


def test_each_count_leads_to_as_many_passages(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    page = soup(client, address_of(editions))
    for each in page.select(".count-of"):
        shown = soup(client, each.a["href"])
        name = next(name for name in each["class"] if name != "count-of")
        rows = shown.select(".rows > li.comparison-row:not(.block), .rows .block .said")
        assert len(rows) == int(each.strong.text), name
        assert shown.select_one(".count-of [aria-current]").parent["class"] == each["class"]
        assert words(shown.select_one("h2#rows")).startswith(f"{len(rows)} ")


def test_changed_words_are_told_in_words_and_not_by_colour_alone(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    page = soup(client, f"{address_of(editions)}?show=changed")
    numbers, row, sense = page.select(".comparison-row")
    assert [words(each) for each in numbers.select(".said del")] == ["removed: 17", "removed: januari"]
    assert [words(each) for each in numbers.select(".said ins")] == ["added: 18", "added: februari"]
    assert [words(each) for each in numbers.select(".pair")] == [
        "removed: 17 → added: 18",
        "removed: 8 januari → added: 8 februari",
    ]
    assert [words(each) for each in row.select("del, ins")] == ["removed: 12.439", "added: 12.440"]
    assert [words(each) for each in sense.select("del, ins")] == ["removed: niet"]
    assert sense.select_one("del")["class"] == ["loud"]
    assert not page.select("[style], style")


def test_what_is_in_one_edition_only_stands_on_its_side(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    page = soup(client, f"{address_of(editions)}?show=dropped")
    assert words(page.select_one(".half.old .said")).startswith(" ".join(DROPPED.split()))
    assert not page.select(".half.new")
    page = soup(client, f"{address_of(editions)}?show=new")
    assert words(page.select_one(".half.new .said")).startswith(" ".join(ADDED.split()))
    page = soup(client, f"{address_of(editions)}?show=moved")
    assert [words(each) for each in page.select(".rows .said")] == [" ".join(MOVED.split())] * 2


def test_the_older_edition_is_on_the_left_whichever_is_asked(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    one = soup(client, address_of((older, newer)))
    other = soup(client, address_of((newer, older)))
    assert [each.text for each in one.select(".edition")] == [each.text for each in other.select(".edition")]
    assert words(one.select_one(".rows")) == words(other.select_one(".rows"))


DEMONSTRATION = Path(__file__).parents[3] / "archive" / "demonstration"


def demonstration_editions(room: ReadingRoom) -> tuple[Document, Document]:
    """The strategy and its update from the demonstration collection."""
    older, newer = (
        room.add(
            list(read_document(DEMONSTRATION / name, 1_000, lambda _done, _total: None).pages),
            Description(name, year, None, "plan", "nl"),
            is_indexed=False,
        )
        for name, year in (
            ("2020-go4brussels-2030-nl.pdf", 2020),
            ("2021-go4brussels-2030-update-nl.pdf", 2021),
        )
    )
    return older, newer


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize("make", [None, demonstration_editions])
def test_every_place_leads_to_its_page_with_exactly_the_passage_marked(
    client: FlaskClient,
    room: ReadingRoom,
    editions: tuple[Document, Document],
    make: Callable[[ReadingRoom], tuple[Document, Document]] | None,
) -> None:
    both = make(room) if make else editions
    base = f"https://terugblik.example/nl/document/({both[0].id}|{both[1].id})/page/"
    address = f"/api/v1/documents/{both[0].id}/versions/{both[1].id}?per_page=100&page="
    rows = [row for sheet in (1, 2) for row in client.get(f"{address}{sheet}").get_json()["rows"]]
    assert len(rows) == client.get(f"{address}1").get_json()["total"]
    assert len(rows) >= sum(COUNTS.values())
    for passage in (each for row in rows for side in ("old", "new") for each in row[side]):
        assert re.match(base, passage["url"])
        marked = ""
        for address in passage["places"]:
            target = read_html(client.get(address["url"].removeprefix("https://terugblik.example")).data)
            marks = target.xpath(f"//*[{has_class('reading-text')}]//mark")
            marked += letters("".join(mark.text_content() for mark in marks))
        assert marked == letters(passage["text"]), passage["url"]


def test_a_passage_that_runs_on_has_a_link_to_each_of_its_pages(
    client: FlaskClient, room: ReadingRoom
) -> None:
    def both(year: int, amount: str) -> Document:
        start = "De regering en haar sociale partners geven in dit plan steun aan alle ondernemingen die in"
        end = f"de stad werken aan een economie die {amount} mensen een goede baan geeft."
        note: Said = ("heading", "nl", "Een kop die ertussen staat")
        pages = [make_page(1, [("paragraph", "nl", start)]), make_page(2, [("paragraph", "nl", end), note])]
        return room.add(pages, Description("Doorlopend", year, None, "plan", "nl"), is_indexed=False)

    older, newer = both(2018, "negen"), both(2019, "tien")
    row = soup(client, f"{address_of((older, newer))}?show=changed").select_one(".comparison-row")
    links = row.select(".half.new a.to-page")
    assert [words(link) for link in links] == ["p. 1", "p. 2"]
    marked = [words(soup(client, link["href"]).select_one(".reading-text mark")) for link in links]
    assert marked[0].startswith("De regering")
    assert marked[1].endswith("tien mensen een goede baan geeft.")


def test_every_passage_of_the_page_has_its_place_and_its_original(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    followed = 0
    for show in ("changed", "moved", "dropped", "new", "kept"):
        page = soup(client, f"{address_of(editions)}?show={show}")
        for half in page.select(".rows .half"):
            for link in half.select("a.to-page"):
                assert re.search(r"p\. \d \(printed: i", words(link))
                assert "words=" in link["href"]
                followed += 1
            for link in half.select("a.to-original"):
                assert re.fullmatch(rf"/original/({older.id}|{newer.id})\.pdf#page=\d+", link["href"])
    assert followed > 40


def test_rows_of_tables_stand_under_their_columns(client: FlaskClient, room: ReadingRoom) -> None:
    def budget(first: int, amounts: str) -> Document:
        columns = "\t".join(f"Begroting {first + step}" for step in range(3))
        said: list[Said] = [
            ("paragraph", "nl", PARAGRAPHS[0]),
            ("heading", "nl", "Baten en lasten"),
            ("table", "nl", f"Post\t{columns}\nLasten\t{amounts}\nBaten\t{amounts}1"),
            ("list", "nl", f"De {'Raad' if first == 2023 else 'raad'} beslist ............ {first}"),
        ]
        return room.add([make_page(1, said)], Description("Begroting", first, None, "plan", "nl"))

    both = budget(2023, "754\t10.100\t20.200"), budget(2024, "10.100\t20.300\t900")
    page = soup(client, f"{address_of(both)}?show=numbers")
    for side, year in (("old", 2023), ("new", 2024)):
        heads = [words(each) for each in page.select(f".line .half.{side} .head")]
        assert heads == [f"Post Begroting {year} Begroting {year + 1} Begroting {year + 2}"]
        assert page.select_one(f".line .half.{side} .caption").text == "Baten en lasten"
    assert "the columns of the two tables differ" in page.select_one(".rows").text
    page = soup(client, address_of(both))
    (fold,) = [each for each in page.select(".fold") if "beslist" in each.text]
    assert "1 not identical to the letter" in words(fold.summary)
    assert [words(each) for each in fold.select("li del, li ins")] == ["removed: Raad", "added: raad"]
    assert "page numbers in the contents are not compared" in words(fold)
    assert "1 kept or moved passage is not identical to the letter." in words(page.select_one(".summary"))


def test_a_sheet_on_paper_says_when_it_was_read_and_where(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    told = words(soup(client, address_of(editions)).select_one(".printed"))
    assert re.fullmatch(
        rf"Consulted on \d+ \w+ 20\d\d: https://terugblik.example{address_of(editions)}", told
    )


def test_the_map_leads_to_rows_that_are_there(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    page = soup(client, address_of(editions))
    links = [link["href"] for link in page.select(".map a")]
    assert len(links) > 6
    for link in links:
        anchor = link.partition("#")[2]
        target = soup(client, link.partition("#")[0])
        assert target.find(id=anchor), link


def test_the_map_leads_into_folds(client: FlaskClient, room: ReadingRoom) -> None:
    """What has moved away parts on the map what stands in one fold in the list."""
    passages: list[Said] = [("paragraph", "nl", text) for text in PARAGRAPHS[:12]]
    both = [
        room.add([make_page(1, said)], Description("Plan", year, None, "plan", "nl"), is_indexed=False)
        for year, said in ((2018, passages), (2019, [*passages[:5], *passages[6:], passages[5]]))
    ]
    page = soup(client, address_of((both[0], both[1])))
    old, new = ([link["href"] for link in side.select("a")] for side in page.select(".map svg"))
    assert (len(old), len(new)) == (3, 2)
    for link in (*old, *new):
        assert page.find(id=link.partition("#")[2]), link
    assert old[0] == old[2], "both lead to the fold"


def test_documents_lead_to_their_editions(client: FlaskClient, editions: tuple[Document, Document]) -> None:
    older, newer = editions
    for start in (f"/fr/document/{older.id}", f"/fr/document/{older.id}/page/2"):
        (link,) = soup(client, start).select("[data-key=v]")
        page = soup(client, link["href"])
        (suggested,) = page.select("#content .holdings .to-page")
        assert suggested["href"] == f"/fr/document/{older.id}/versions/{newer.id}"
        soup(client, suggested["href"])


def test_any_other_document_can_be_chosen(
    client: FlaskClient, room: ReadingRoom, editions: tuple[Document, Document]
) -> None:
    held = fill(room)
    older, _newer = editions
    page = soup(client, f"/nl/document/{older.id}/versions")
    choices = [option["value"] for option in page.select("select[name=with] option")]
    assert set(choices) == {document.id for document in held.values()}
    assert choices[0] in {held["pact_nl"].id, held["strategy"].id}, (
        "documents in the same language come first"
    )
    answer = client.get(f"/nl/document/{older.id}/versions?with={held['pact_nl'].id}")
    assert answer.status_code == 302
    assert answer.location == f"/nl/document/{older.id}/versions/{held['pact_nl'].id}"
    page = soup(client, answer.location)
    assert counted(page)["kept"] == 0


def test_what_cannot_be_compared_is_refused_with_a_way_out(
    client: FlaskClient, room: ReadingRoom, editions: tuple[Document, Document]
) -> None:
    held = fill(room)
    older, newer = editions
    for path, status in (
        (f"{older.id}/versions/{older.id}", 400),
        (f"{older.id}/versions/{held['speech'].id}", 400),
        (f"{older.id}/versions/{newer.id}?show=everything", 400),
        (f"{older.id}/versions/{newer.id}?language=fr", 400),
        (f"{older.id}/versions/{newer.id}?page=0", 400),
        (f"{older.id}/versions/0123456789abcdef", 404),
        (f"0123456789abcdef/versions/{older.id}", 404),
        ("0123456789abcdef/versions", 404),
    ):
        for address in (f"/fr/document/{path}", f"/api/v1/documents/{path}"):
            answer = client.get(address, headers={"Accept": "application/json"})
            assert answer.status_code == status, address
            error = answer.get_json()["error"]
            assert error["message"], address
            assert error["hint"], address
    assert client.get(f"/nl/document/{older.id}/versions?with=x").status_code == 400


def doors(older: Document, newer: Document) -> list[str]:
    """Every address that shows two editions."""
    both = f"{older.id}/versions/{newer.id}"
    pages = [f"/{language}/document/{both}" for language in ("nl", "fr", "en")]
    files = [f"/nl/document/{both}.{ending}" for ending in ("csv", "xlsx", "jsonl")]
    turned = f"/nl/document/{newer.id}/versions/{older.id}"
    return [*pages, *files, turned, f"{turned}?page=2", f"/api/v1/documents/{both}"]


def test_a_withdrawn_edition_is_behind_no_door(
    client: FlaskClient, room: ReadingRoom, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    for address in doors(older, newer):
        assert client.get(address).status_code == 200, address
    room.catalogue.withdraw(newer.id, "rights", "test")
    for address in doors(older, newer):
        answer = client.get(address)
        assert answer.status_code == 410, address
        assert ADDED.split(".")[0].encode() not in answer.data
    for address in (f"/nl/document/{older.id}/versions", f"/api/v1/documents/{older.id}/versions"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert newer.id.encode() not in answer.data, address
        assert NEWER.encode() not in answer.data, address
    assert client.get(f"/nl/document/{newer.id}/versions").status_code == 410
    room.catalogue.restore(newer.id, "test")


def test_a_document_that_is_not_ready_is_no_edition(
    client: FlaskClient, room: ReadingRoom, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    soup(client, address_of(editions))
    room.catalogue.mark_failed(newer.id, "unreadable", "test")
    for address in doors(older, newer):
        assert client.get(address).status_code == 404, address
    assert newer.id.encode() not in client.get(f"/nl/document/{older.id}/versions").data


def test_a_comparison_follows_changes_of_the_text(
    client: FlaskClient, room: ReadingRoom, editions: tuple[Document, Document]
) -> None:
    newer = editions[1]
    assert counted(soup(client, address_of(editions)))["kept"] == COUNTS["kept"]
    room.catalogue.store_pages(
        newer.id, [make_page(1, [("paragraph", "nl", PARAGRAPHS[0])])], (), None, "test"
    )
    assert counted(soup(client, address_of(editions))) == {
        **dict.fromkeys(COUNTS, 0),
        "kept": 1,
        "dropped": sum(COUNTS.values()) - COUNTS["new"] - 1,
        "numbers": 0,
    }


def test_editions_in_two_languages_are_compared_in_each(client: FlaskClient, room: ReadingRoom) -> None:
    def both(year: int, amount: int) -> Document:
        said: list[Said] = [
            ("paragraph", "nl", f"De regering steunt {amount} ondernemingen in de stad."),
            ("paragraph", "fr", f"Le gouvernement soutient {amount} entreprises dans la ville."),
        ]
        return room.add([make_page(1, said)], Description("Twee talen", year, None, "plan", "nl"))

    older, newer = both(2018, 10), both(2019, 11)
    page = soup(client, f"{address_of((older, newer))}?language=nl")
    (other,) = [link for link in page.select(".sorting a") if not link.get("aria-current")]
    assert "gouvernement" not in words(page.select_one(".rows"))
    other_page = soup(client, other["href"])
    assert "gouvernement" in words(other_page.select_one(".rows"))
    assert counted(other_page) == counted(page)


def test_programs_get_what_the_page_shows(client: FlaskClient, editions: tuple[Document, Document]) -> None:
    older, newer = editions
    body = client.get(f"/api/v1/documents/{newer.id}/versions/{older.id}?per_page=100").get_json()
    assert (body["older"]["document"], body["newer"]["document"]) == (older.id, newer.id)
    assert body["counts"] == COUNTS
    assert body["numbers_changed"] == 2
    assert body["total"] == len(body["rows"]) == sum(COUNTS.values())
    (row,) = [row for row in body["rows"] if "17 doelstellingen" in json.dumps(row)]
    assert row["numbers"] == [{"old": "17", "new": "18"}, {"old": "8 januari", "new": "8 februari"}]
    assert row["changes"] == [
        {"kind": "number", "old": "17", "new": "18"},
        {"kind": "substitution", "old": "januari", "new": "februari"},
    ]
    place = row["old"][0]
    assert place["page_label"] == ["i", "ii", "iii", "iv"][place["page"] - 1]
    assert place["url"].startswith(
        f"https://terugblik.example/nl/document/{older.id}/page/{place['page']}?passage="
    )
    negations = [each["kind"] for row in body["rows"] for each in row["changes"] if each["old"] == "niet"]
    assert negations == ["negation"]

    some = client.get(f"/api/v1/documents/{older.id}/versions/{newer.id}?show=numbers&per_page=1&page=2")
    assert some.get_json()["total"] == 2
    assert len(some.get_json()["rows"]) == 1
    assert 'rel="prev"' in some.headers["Link"]

    listed = client.get(f"/api/v1/documents/{older.id}/versions").get_json()
    assert [each["document"] for each in listed["editions"]] == [newer.id]
    assert (
        client.get(
            listed["editions"][0]["versions_url"].removeprefix("https://terugblik.example")
        ).status_code
        == 200
    )


def test_a_file_asks_the_catalogue_no_more_for_more_rows(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    def statements(address: str) -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert client.get(address).data
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(asked)

    address = address_of(editions)
    statements(f"{address}.csv")  # all is worked out
    assert statements(f"{address}.csv") == statements(f"{address}.csv?show=dropped") > 0


def test_files_hold_every_row_under_a_header(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    address = address_of(editions)
    lines = list(csv.reader(io.StringIO(client.get(f"{address}.csv").data.decode("utf-8-sig"))))
    header = {cells[0]: cells[1] for cells in lines if cells[0].startswith("# ")}
    assert header["# older"] == f"{OLDER} (2020) {older.id}"
    assert header["# newer"] == f"{NEWER} (2021) {newer.id}"
    assert header["# rows"] == str(sum(COUNTS.values()))
    columns, *rows = lines[len(header) :]
    assert len(rows) == sum(COUNTS.values())
    made = [dict(zip(columns, row, strict=True)) for row in rows]
    assert {sort: sum(row["sort"] == sort for row in made) for sort in COUNTS} == COUNTS
    assert [row["numbers"] for row in made if row["numbers"]] == [
        "17 → 18; 8 januari → 8 februari",
        "12.439 → 12.440",
    ]
    (lost,) = [row for row in made if row["sort"] == "dropped"]
    assert (lost["old_text"], lost["new_text"], lost["new_page"]) == (DROPPED, "", "")
    lines_of_json = client.get(f"{address}.jsonl").data.decode().splitlines()[1:]
    for row, told in zip(made, map(json.loads, lines_of_json), strict=True):
        for side in ("old", "new"):
            places = [place for text in told[side] for place in text["places"]]
            assert row[f"{side}_url"] == "\n".join(place["url"] for place in places)
            assert [row[f"{side}_page"], row[f"{side}_last_page"]] == (
                [str(places[0]["page"]), str(places[-1]["page"])] if places else ["", ""]
            )

    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}.xlsx?show=changed").data)).worksheets[0]
    assert sheet.max_row == len(header) + 2 + COUNTS["changed"]
    first, *others = client.get(f"{address}.jsonl?show=new").data.decode().splitlines()
    assert json.loads(first)["versions"]["show"] == "new"
    assert [json.loads(line)["sort"] for line in others] == ["new"]


HOSTILE = '<script>alert("1")</script>" onmouseover="alert(1)'


def test_hostile_texts_are_shown_and_never_run(client: FlaskClient, room: ReadingRoom) -> None:
    def forged(year: int, word: str) -> Document:
        said: list[Said] = [
            ("paragraph", "nl", f"{HOSTILE} de raad beslist vandaag over {word} en over de stad"),
            ("table", "nl", f"=HYPERLINK(1)\t{HOSTILE}\t{word} {year}"),
            ("list", "nl", f"{HOSTILE} {word * 3} en nog iets"),
        ]
        return room.add([make_page(1, said, label=HOSTILE)], Description(HOSTILE, year, None, "plan", "nl"))

    both = forged(2018, "<b>geld</b>"), forged(2019, "<i>brood</i>")
    choice = f"/fr/document/{both[0].id}/versions"
    for address in (
        address_of(both),
        f"{address_of(both)}?show=changed",
        f"{address_of(both)}?show=new",
        choice,
    ):
        text = client.get(address).get_data(as_text=True)
        assert "alert" in text
        assert "<script>alert" not in text
        assert '" onmouseover=' not in text
        assert "<b>geld" not in text
    lines = list(csv.reader(io.StringIO(client.get(f"{address_of(both)}.csv").data.decode("utf-8-sig"))))
    assert not [cell for line in lines for cell in line if cell.startswith("=")]


def dense(year: int) -> list[Said]:
    """Passages in which every other word changes, rows of numbers, and one passage that is a book."""
    said: list[Said] = []
    for number in range(100):
        spoken = " ".join(f"woord{number} {year + place}" for place in range(60))
        said.append(("paragraph", "nl", spoken))
        said.append(
            ("table", "nl", "\n".join(f"rij {number} {row}\t{year + row}\t-{year}" for row in range(3)))
        )
        said.append(("heading", "nl", f"kop {number} van {year if number % 3 else ''}"))
    said.append(("paragraph", "nl", " ".join(f"zin {place} blijft" for place in range(10_000))))
    return said


def test_no_page_is_heavy_and_every_row_is_on_one(client: FlaskClient, room: ReadingRoom) -> None:
    both = tuple(
        room.add(
            [make_page(1, dense(year)[:1]), make_page(2, dense(year)[1:-1]), make_page(3, dense(year)[-1:])],
            Description("Dicht", year, None, "plan", "nl"),
            is_indexed=False,
        )
        for year in (2018, 2019)
    )
    for show in ("all", "numbers", "kept"):
        address: str | None = f"{address_of((both[0], both[1]))}?show={show}"
        numbers: list[int] = []
        expected = None
        while address:
            answer = client.get(address)
            assert len(answer.data) < MOST, address
            page = read_html(answer.data)
            counts = {
                next(name for name in each.get("class").split() if name != "count-of"): int(
                    each.findtext(".//strong").replace(",", "")
                )
                for each in page.xpath(f"//*[{has_class('count-of')}]")
            }
            expected = (
                counts[show] if show != "all" else counts["changed"] + counts["new"] + counts["dropped"]
            )
            rows = page.xpath(
                f"//*[{has_class('rows')}]/*[{has_class('comparison-row')}][not({has_class('block')})]"
                f" | //*[{has_class('rows')}]//*[{has_class('block')}]//*[{has_class('said')}]"
            )
            numbers += [int(re.sub(r"\D", "", row.get("id"))) for row in rows]
            following = page.xpath(f"//*[{has_class('pages-nav')}]//*[@rel='next']")
            address = following[0].get("href") if following and len(numbers) < 400 else None
        assert len(numbers) == len(set(numbers)), "no row is shown twice"
        if len(numbers) < 400:
            assert len(numbers) == expected


def test_sides_are_swapped_by_one_click_and_the_order_is_told(
    client: FlaskClient, editions: tuple[Document, Document]
) -> None:
    older, newer = editions
    page = soup(client, address_of((older, newer)))
    told = page.select_one(".order")
    assert (
        "follows from the dates" in told.text
        or "dates des documents" in told.text
        or "datums van" in told.text
    )
    swapped = soup(client, told.a["href"])
    assert [each.text for each in swapped.select(".edition")] == [
        each.text for each in reversed(page.select(".edition"))
    ]
    names = [each.text for each in page.select(".titles .aside")]
    assert [each.text for each in swapped.select(".titles .aside")] == names[::-1]
    assert (counted(swapped)["new"], counted(swapped)["dropped"]) == (1, 1)
    backwards = ("in reverse", "à rebours", "omgekeerde")
    assert any(word in swapped.select_one(".notice.order").text for word in backwards)
    assert not any(word in told.text for word in backwards)
    back = swapped.select_one(".order a")["href"]
    assert [each.text for each in soup(client, back).select(".edition")] == [
        each.text for each in page.select(".edition")
    ]
    address = f"/api/v1/documents/{older.id}/versions/{newer.id}"
    straight, turned = client.get(address).json, client.get(f"{address}?swap=yes").json
    assert (straight["order"], turned["order"]) == ("older first", "newer first")
    assert straight["older"] == turned["newer"]
    assert straight["order_told_by"] == "date"
    lines = client.get(f"/nl/document/{older.id}/versions/{newer.id}.csv?swap=yes").text
    assert lines.index("# newer") < lines.index("# older")


def test_an_unknown_order_is_told_and_equal_titles_are_told_apart(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    pages = [make_page(1, [("paragraph", "nl", text) for text in PARAGRAPHS[:9]])]
    first, second = (
        room.add(pages, Description("Het plan", 2020, None, "plan", "nl"), filename=f"plan-{name}.pdf")
        for name in ("a", "b")
    )
    client = create_app(room.settings).test_client()
    page = soup(client, f"/en/document/{first.id}/versions/{second.id}")
    assert "Which edition is older is unknown" in page.select_one(".notice.order").text
    assert [each.text for each in page.select(".titles .aside")] == ["On the left", "On the right"]
    assert {each.text for each in page.select(".edition .apart")} == {"plan-a.pdf", "plan-b.pdf"}
    body = client.get(f"/api/v1/documents/{first.id}/versions/{second.id}").json
    assert (body["order"], body["order_told_by"]) == ("unknown", "unknown")
    choice = soup(client, f"/en/document/{first.id}/versions").select_one(".holdings .apart")
    assert choice.text == "plan-b.pdf"
    for address in ("/en/documents", "/en/search?q=year:2020"):
        assert {each.text for each in soup(client, address).select(".apart")} == {"plan-a.pdf", "plan-b.pdf"}
    room.catalogue.describe(second.id, Description(date="2020-05"), "ann")
    room.catalogue.describe(first.id, Description(date="2020-11"), "ann")
    page = soup(client, f"/en/document/{first.id}/versions/{second.id}")
    assert [each.text for each in page.select(".edition .year")] == ["2020-05", "2020-11"]
    room.close()


def test_figures_of_other_years_have_no_arrow_on_any_door(client: FlaskClient, room: ReadingRoom) -> None:
    def budget(first: int, wegen: str, zorg: str) -> Document:
        years = "\t".join(str(first + step) for step in range(3))
        said: list[Said] = [
            ("heading", "nl", "Tabel 1.1 - Uitgaven"),
            ("table", "nl", f"Taak\t{years}\nWegen\t{wegen}\nZorg\t{zorg}"),
            (
                "paragraph",
                "nl",
                f"De begroting kent een {'daling' if first == 2023 else 'stijging'} van 3 %.",
            ),
        ]
        return room.add([make_page(1, said)], Description("Begroting", first, None, "plan", "nl"))

    both = budget(2023, "368\t410\t500", "1\t2\t3"), budget(2024, "410\t500\t9", "2\t-3\t4")
    address = address_of(both)
    body = client.get(f"/api/v1/documents/{both[0].id}/versions/{both[1].id}").get_json()
    rows = {row["new"][0]["text"].split("\t")[0]: row for row in body["rows"] if row["new"]}
    assert (rows["Wegen"]["sort"], rows["Wegen"]["numbers"], rows["Wegen"]["has_other_columns"]) == (
        "kept",
        [],
        True,
    )
    assert rows["Zorg"]["numbers"] == [{"old": "3", "new": "-3", "turn": "plus to minus"}]
    assert [(each["old"], each["new"]) for each in rows["Zorg"]["changes"]] == [
        ("1", ""),
        ("3", "-3"),
        ("", "4"),
    ]
    (prose,) = [row for text, row in rows.items() if "begroting" in text]
    assert prose["numbers"] == [{"old": "daling van 3 %", "new": "stijging van 3 %", "turn": "fall to rise"}]
    for ending in ("csv", "jsonl"):
        told = client.get(f"{address}.{ending}").data.decode("utf-8-sig")
        assert "368 → " not in told
    lines = list(csv.reader(io.StringIO(client.get(f"{address}.csv").data.decode("utf-8-sig"))))
    told = [cell for line in lines for cell in line if "→" in cell]
    assert told == ["3 → -3 (plus to minus)", "daling van 3 % → stijging van 3 % (fall to rise)"]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}.xlsx").data)).worksheets[0]
    assert [cell for row in sheet.values for cell in row if isinstance(cell, str) and "→" in cell] == told
    page = soup(client, address)
    assert {words(each) for each in page.select(".turn")} == {"3 → -3: a plus became a minus"}
    assert "a fall became a rise" in words(page.select_one(".figures-changed"))
    assert "368 →" not in words(page)
    (fold,) = [each for each in page.select(".fold") if "Wegen" in each.text]
    assert "only figures under the same heading, of the same year, are compared" in words(fold)
