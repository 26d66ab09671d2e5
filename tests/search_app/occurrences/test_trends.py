"""Trends as readers see them: the picture, the table, the files."""

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image

from archive.records import Description, Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, Said, fill, make_page

BOTH = "term=werkgelegenheid&term=emploi"
SVG = "{http://www.w3.org/2000/svg}"


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


def soup(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status
    return BeautifulSoup(answer.data, "html.parser")


def table(page: BeautifulSoup) -> list[list[str]]:
    return [
        [" ".join(cell.text.split()) for cell in row.select("th, td")]
        for row in page.select(".figures tbody tr")
    ]


def test_the_table_says_what_the_picture_shows(client: FlaskClient) -> None:
    page = soup(client, f"/en/trends?{BOTH}")
    assert table(page) == [
        ["2011", "1,333.3 2 / 15", "1,276.6 6 / 47"],
        ["2015", "1,428.6 1 / 7", "769.2 1 / 13"],
    ]
    names = [link["aria-label"] for link in page.select("svg.trends a")]
    assert names[0] == "werkgelegenheid, 2011: 1,333.3 per 10,000 words (2 in 15)"
    assert len(names) == 4
    assert not page.select("svg.trends [style], svg.trends style")


def test_each_point_leads_to_the_occurrences_that_it_counts(client: FlaskClient) -> None:
    for scale in ("year", "plan"):
        page = soup(client, f"/en/trends?{BOTH}&by={scale}")
        links = page.select("svg.trends a")
        assert links
        for link in links:
            count = int(link["aria-label"].rpartition("(")[2].split(" in ")[0])
            assert len(soup(client, link["href"]).select(".kwic tbody tr")) == count


def test_a_gap_is_not_a_zero(client: FlaskClient) -> None:
    rows = table(soup(client, "/nl/trends?term=emploi&term=training&term=pact"))
    assert [row[0] for row in rows] == ["2011", "2015", "2020"]
    assert [row[2] for row in rows] == ["–", "–", "1.111,1 1 / 9"]
    assert rows[1][3].startswith("0 ")


def test_the_form_keeps_what_was_asked(client: FlaskClient) -> None:
    page = soup(client, "/en/trends?term=emploi&in=fr&term=&in=&term=pact&in=nl&by=plan&year=2011")
    assert [field.get("value") for field in page.select("input[name=term]")][:3] == ["emploi", "pact", ""]
    chosen = [option["value"] for option in page.select("select[name=in] option[selected]")]
    assert chosen == ["fr", "nl"]
    assert page.select_one("input[name=by][checked]")["value"] == "plan"
    assert page.select_one("input[type=hidden][name=year]")["value"] == "2011"


def test_the_form_keeps_its_terms_when_something_else_is_wrong(client: FlaskClient) -> None:
    page = soup(client, "/en/trends?term=emploi&in=fr&term=pact&in=&year=abc", status=400)
    assert [field.get("value") for field in page.select("input[name=term]")] == ["emploi", "pact", *[""] * 4]
    assert [option["value"] for option in page.select("select[name=in] option[selected]")] == ["fr"]
    many = soup(client, "/en/trends?" + "&".join(f"term=t{number}" for number in range(9)), status=400)
    assert len(many.select("input[name=term]")) == 6


def test_the_axis_is_written_as_the_table_is(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    said: list[Said] = [("paragraph", "nl", "zeldzaam " + "woord " * 29_999)]
    room.add([make_page(1, said)], Description("Plan", 2020, None, "plan", "nl"))
    client = create_app(room.settings).test_client()
    for language, least in (("nl", "0,1"), ("fr", "0,1"), ("en", "0.1")):
        picture = client.get(f"/{language}/trends.svg?term=zeldzaam").text
        values = re.findall(r'text-anchor="end">([^<]*)<', picture)
        assert values[:2] == ["0", least]
    room.close()


def test_the_choice_of_scale_is_worded_alike(client: FlaskClient) -> None:
    labels = [label.text.strip() for label in soup(client, "/nl/trends").select(".scale-choice")]
    assert labels == ["Per jaar", "Per plan"]
    order = soup(client, "/nl/concordance?q=emploi").select_one(".sorting a")
    assert order.text == "Op jaar"


def test_a_search_leads_to_its_trend(client: FlaskClient) -> None:
    link = soup(client, "/en/search?q=emploi&plan=new-deal").find(
        "a", string="Trends", href=lambda h: "term=" in h
    )
    assert link["href"] == "/en/trends?term=emploi&plan=new-deal"
    assert table(soup(client, link["href"])) == [["2011", "1,276.6 6 / 47"]]


def test_a_term_that_does_not_occur_says_so(client: FlaskClient) -> None:
    page = soup(client, "/fr/trends?term=zzzz")
    assert page.select_one(".notice").text == "«\xa0zzzz\xa0» n’apparaît pas."
    assert not page.select("svg.trends")


@pytest.mark.parametrize(
    "wrong",
    [
        "&".join(f"term=t{number}" for number in range(7)),
        "term=emploi&in=xx",
        "term=emploi&by=moon",
        "term=emploi&year=x",
        "term=emploi&plan=nope",
        "term=" + "x" * 1001,
    ],
)
def test_what_cannot_be_drawn_is_told(client: FlaskClient, wrong: str) -> None:
    assert soup(client, f"/nl/trends?{wrong}", status=400).select_one("[role=alert]").text.strip()
    for ending in ("svg", "png", "csv"):
        assert client.get(f"/nl/trends.{ending}?{wrong}").status_code == 400


def test_no_term_is_a_form_and_no_file(client: FlaskClient) -> None:
    assert len(soup(client, "/nl/trends").select("input[name=term]")) == 6
    assert client.get("/nl/trends.png").status_code == 400


def test_the_picture_as_svg_stands_by_itself(client: FlaskClient) -> None:
    answer = client.get(f"/fr/trends.svg?{BOTH}&term=%3Cscript%3E%26%22")
    assert answer.content_type == "image/svg+xml; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('.svg"')
    picture = ElementTree.fromstring(answer.get_data())
    assert picture.tag == f"{SVG}svg"
    assert picture.find(f"{SVG}style") is not None
    assert not list(picture.iter(f"{SVG}script"))
    links = [link.get("href", "") for link in picture.iter(f"{SVG}a")]
    assert links
    assert all(link.startswith("https://terugblik.example/fr/concordance?") for link in links)
    texts = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
    assert "werkgelegenheid (néerlandais)" in texts
    assert any(text.startswith("Source\xa0: https://terugblik.example, ") for text in texts)


@pytest.mark.parametrize(
    "hostile", ["%00", "a%0B%1Fb", "%EF%BF%BE", "%ED%A0%80", "]]%3E%3C/svg%3E%3Cscript%3E"]
)
def test_no_term_breaks_the_picture(client: FlaskClient, hostile: str) -> None:
    drawn = ElementTree.fromstring(client.get(f"/en/trends.svg?term=emploi&term={hostile}").get_data())
    assert drawn.tag == f"{SVG}svg"
    assert drawn.find(f".//{SVG}script") is None


def test_the_picture_as_png_is_the_same_drawing(client: FlaskClient) -> None:
    answer = client.get(f"/fr/trends.png?{BOTH}")
    assert answer.content_type == "image/png"
    image = Image.open(io.BytesIO(answer.get_data())).convert("RGB")
    height = float(ElementTree.fromstring(client.get(f"/fr/trends.svg?{BOTH}").get_data()).get("height", 0))
    assert image.size == (1440, pytest.approx(2 * height, abs=2))
    colours = {colour for _count, colour in image.getcolors(maxcolors=1 << 20) or []}
    assert {(0x34, 0x42, 0x7A), (0xA3, 0x40, 0x0F)} <= colours


def test_the_table_as_csv_has_a_header_that_tells_what_it_is(client: FlaskClient) -> None:
    text = client.get("/en/trends.csv?term=emploi&term==cmd&kind=plan").get_data().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    header = {cells[0]: cells[1] for cells in lines if cells[0].startswith("# ")}
    assert header["# terms"] == "emploi | =cmd"
    assert header["# filters"] == "kind=plan"
    assert header["# by"] == "year"
    assert header["# index"].startswith("generation-")
    columns, *rows = lines[len(header) :]
    assert header["# rows"] == str(len(rows)) == "2"
    assert dict(zip(columns, rows[0], strict=True)) == {
        "term": "emploi",
        "language": "fr",
        "year": "2011",
        "occurrences": "6",
        "words": "47",
        "per 10000 words": "1276.5957",
        "url": "https://terugblik.example/en/concordance?q=emploi&year=2011&language=fr&kind=plan",
    }


def test_the_page_says_which_forms_were_counted_and_leads_to_each_alone(client: FlaskClient) -> None:
    page = soup(client, "/en/trends?term=jeune&term=%22emploi+des+jeunes%22&in=fr&in=fr")
    told = [" ".join(line.text.split()) for line in page.select(".counted")]
    assert told[0] == "Counted for “jeune”: jeune 0×, jeunes 3×"
    assert told[1] == 'Counted for “"emploi des jeunes"”: emploi des jeunes 1×'
    alone = soup(client, page.select(".counted a")[1]["href"])
    assert [" ".join(line.text.split()) for line in alone.select(".counted")] == [
        'Counted for “"jeunes"”: jeunes 3×'
    ]


def test_compounds_are_a_choice_that_all_addresses_keep(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    said: list[Said] = [("paragraph", "nl", "groei groeiplan plan groeiplannen")]
    room.add([make_page(1, said)], Description("Groei", 1999, language="nl"))
    client = create_app(room.settings).test_client()
    for choice, lines in (("no", 1), ("yes", 3)):
        page = soup(client, f"/nl/trends?term=groei&compounds={choice}")
        assert [each["value"] for each in page.select("input[name=compounds][checked]")] == [choice]
        (link,) = page.select("svg.trends a")
        assert len(soup(client, link["href"]).select(".kwic tbody tr")) == lines
        assert ("compounds=yes" in page.select_one(".downloads a")["href"]) == (choice == "yes")
    assert (
        "groei 1, groeiplan 1, groeiplannen 1" in client.get("/nl/trends.csv?term=groei&compounds=yes").text
    )
    assert "groei 1\n" in client.get("/nl/trends.csv?term=groei").text.replace("\r", "").replace('"', "")
    assert soup(client, "/nl/trends?term=groei&compounds=maybe", 400).select(".warning")


def test_what_has_no_year_is_a_column_apart_in_page_picture_and_file(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    fill(room)
    dutch: Said = ("paragraph", "nl", "Dit verslag gaat over de begroting van het Gewest. " * 120)
    room.add(
        [make_page(1, [("paragraph", "fr", "Un emploi par jeune.")])], Description("Note", None, "new-deal")
    )
    room.add([make_page(1, [dutch, ("paragraph", "fr", "Maison de l’emploi")])], Description("Verslag", 2026))
    client = create_app(room.settings).test_client()
    page = soup(client, "/en/trends?term=emploi&in=fr")
    stray = "without a frequency: no text in this language, only some of its words"
    assert table(page) == [
        ["2011", "1,276.6 6 / 47"],
        ["2015", "769.2 1 / 13"],
        ["2026", f"1 {stray}"],
        ["Without a year", "2,500 1 / 4"],
    ]
    for row, count in zip(page.select(".figures tbody tr"), (6, 1, 1, 1), strict=True):
        assert len(soup(client, row.a["href"]).select(".kwic tbody tr")) == count
    marks = [link["aria-label"].split(":")[0] for link in page.select("svg.trends a")]
    assert marks == ["emploi, 2011", "emploi, 2015", "emploi, Without a year"]
    (line,) = page.select("svg.trends polyline.line")[:-1]
    assert len(line["points"].split()) == 2
    places = [place.text for place in page.select("svg.trends .place")]
    assert places[-1].split() == ["Without", "a", "year"]
    assert table(soup(client, "/en/trends?term=emploi&in=fr&year=none")) == [
        ["Without a year", "2,500 1 / 4"]
    ]
    by_plan = table(soup(client, "/en/trends?term=emploi&in=fr&by=plan&year=none"))
    assert [row[1] for row in by_plan] == ["2,500 1 / 4"]
    rows = client.get("/en/trends.csv?term=emploi&in=fr").get_data().decode("utf-8-sig").splitlines()
    assert [row.split(",")[:6] for row in rows[-4:]] == [
        ["emploi", "fr", "2011", "6", "47", "1276.5957"],
        ["emploi", "fr", "2015", "1", "13", "769.2308"],
        ["emploi", "fr", "none", "1", "4", "2500.0"],
        ["emploi", "fr", "2026", "1", "4", ""],
    ]
    (trend,) = client.get("/api/v1/trends?term=emploi&in=fr").json["trends"]
    told = [(point["place"], point["occurrences"], point["frequency"]) for point in trend["points"]]
    assert told == [("2011", 6, 1276.5957), ("2015", 1, 769.2308), ("none", 1, 2500.0), ("2026", 1, None)]
    assert client.get("/api/v1/trends").status_code == 400
    assert "Zonder jaar" in client.get("/nl/trends.svg?term=emploi&in=fr").text
    assert client.get("/nl/trends.png?term=emploi&in=fr").status_code == 200
    room.close()
