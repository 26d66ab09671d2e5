"""No page is heavy, whatever is asked: its links repeat the query, and there are many of them."""

import re
from collections.abc import Iterator
from urllib.parse import quote_plus, urlencode

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.records import Description, Document
from search_app import create_app
from tests.material.parallel_texts import PAGES, fill_parallel
from tests.surroundings.quick_html import has_class, read_html
from tests.surroundings.reading_room import ReadingRoom, Said, fill, make_page

MOST = 150_000
"""Bytes of a page without what it loads, before they are compressed."""

YEARS = range(1998, 2022)

LONG = {
    "accents": "emploi OR " + "é" * 990,
    "outside the letters": "emploi OR " + "\U0001f600" * 990,
    "a book": "emploi OR " + "é" * 20_000,
    "every word": "emploi OR " * 99,
    "a sentence": ("emploi OR l’école à l’été d’où l’employé était " * 30)[:1000],
    "as long as all is repeated": "emploi OR " + "x" * 150,
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    """Many years, each with pages that are full of matches, and two texts to set beside each other."""
    said: list[Said] = [
        ("paragraph", "fr", f"{fr} Voilà l’emploi numéro {number}.")
        for number in range(6)
        for _nl, fr in PAGES[0]
    ]
    for year in YEARS:
        pages = [make_page(number, said) for number in (1, 2, 3)]
        room.add(pages, Description(f"Rapport de {year}", year, None, "report", "fr"))
    return fill(room) | fill_parallel(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_no_page_is_heavy_whatever_is_asked(
    client: FlaskClient, held: dict[str, Document], text: str
) -> None:
    asked = quote_plus(text)
    page = f"document/{held['plan_fr'].id}/page/1"
    for address in (
        f"search?q={asked}",
        f"search?q={asked}&by=page",
        f"concordance?q={asked}",
        f"trends?term={asked}",
        f"counterparts?from=fr&to=nl&q={asked}",
        f"{page}?q={asked}",
        f"{page}/parallel?q={asked}",
    ):
        answer = client.get(f"/fr/{address}")
        assert answer.status_code == 200 or (answer.status_code == 400 and "trends" in address), address[:40]
        assert len(answer.data) < MOST, address[:40]


def test_six_terms_are_not_heavy_either(client: FlaskClient, held: dict[str, Document]) -> None:
    terms = [f"emploi OR {letter * 320}" for letter in "abcdef"]
    answer = client.get("/en/trends?" + urlencode({"term": terms}, doseq=True))
    assert answer.status_code == 200
    assert len(answer.data) < MOST
    page = BeautifulSoup(answer.data, "html.parser")
    assert len(page.select("svg.trends .mark")) > 6 * len(YEARS)
    assert not page.select("svg.trends a, table.figures a")
    refused = client.get("/en/trends?" + urlencode({"term": [f"{term}é" * 2 for term in terms]}, doseq=True))
    assert refused.status_code == 400
    assert "too long" in refused.text
    assert len(refused.data) < MOST


def test_every_line_of_a_long_query_is_still_there(client: FlaskClient, held: dict[str, Document]) -> None:
    """On more pages, as fewer fit on one."""
    short, long = "emploi", "emploi OR " + "x" * 900
    found = []
    for asked in (short, long):
        address: str | None = "/en/concordance?" + urlencode(
            {"q": asked, "year": "1998-2002", "kind": "report"}
        )
        lines: list[str] = []
        pages = 0
        while address:
            page = read_html(client.get(address).data)
            rows = page.xpath(f"//*[{has_class('kwic')}]//tbody//tr")
            lines += [" ".join(row.text_content().split()) for row in rows]
            following = page.xpath(f"//*[{has_class('pages-nav')}]//*[@rel='next']/@href")
            address, pages = (following[0] if following else None), pages + 1
        found.append((lines, pages))
    assert len(found[0][0]) > 100
    assert found[0][0] == found[1][0]
    assert found[1][1] > found[0][1]
    told = client.get("/en/search?" + urlencode({"q": "é" * 900})).text
    assert re.search("Only the beginning was read", told)
