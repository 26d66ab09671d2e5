"""The concordance as readers see it."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.records import Description, Document
from index.occurrences import concordance as index
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, make_page


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


def keywords(page: BeautifulSoup) -> list[str]:
    return [mark.text for mark in page.select(".kwic .keyword mark")]


def test_every_occurrence_is_shown_and_said_to_be(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, "/en/concordance?q=emploi&language=fr")
    assert keywords(page) == ["emploi", "emploi", "Emploi", "emploi", "emploi", "emploi", "emploi"]
    assert page.select_one(".complete").text == "All 7 occurrences shown on 5 pages in 2 documents"
    row = page.select_one(".kwic tbody tr")
    assert row.select_one(".to-page").text == "Pacte de croissance urbaine durable 2011 p. i"
    assert row.th.a["href"] == f"/en/document/{held['pact_fr'].id}/page/1?q=emploi#occurrence-fr-1"
    assert row.select_one(".left").text.endswith(" l’")
    assert row.select_one(".left")["lang"] == "fr"


def test_each_line_is_cited_as_far_as_its_passage_goes(client: FlaskClient) -> None:
    page = soup(client, "/en/concordance?q=emploi&language=fr")
    cards = [soup(client, row.select_one("[data-key=c]")["href"]) for row in page.select(".kwic tbody tr")]
    quotes = [card.select_one(".citation-card blockquote").text for card in cards]
    assert quotes[0] == "Le pacte de l’emploi engage les partenaires sociaux de Bruxelles"  # no heading
    assert all("mploi" in quote for quote in quotes)


def test_each_line_leads_to_its_occurrence_among_those_that_are_marked(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    rows = soup(client, "/fr/concordance?q=emploi&language=fr").select(".kwic tbody tr")
    seen = []
    for row in rows:
        address, _, name = row.th.a["href"].partition("#")
        mark = soup(client, address).find(id=name).find_parent("mark")
        assert mark.text == row.mark.text
        after = "".join(str(text) for text in mark.parent.find_all(string=True))
        assert row.select_one(".right").text.split(" ")[0] in after
        seen.append((address, mark["id"]))
    assert len(set(seen)) == len(rows) == 7
    assert sum(name == "match-2" for _address, name in seen) == 2


def test_a_line_of_a_phrase_leads_to_the_phrase(client: FlaskClient) -> None:
    page = soup(client, "/fr/concordance?q=%22emploi+des+jeunes%22")
    (row,) = page.select(".kwic tbody tr")
    assert [mark.text for mark in soup(client, row.th.a["href"]).select("mark")] == ["emploi des jeunes"]


def test_the_order_is_in_the_address_and_is_kept_by_the_filters(client: FlaskClient) -> None:
    page = soup(client, "/en/concordance?q=emploi&order=right&language=fr")
    assert page.select_one(".sorting [aria-current]").text == "By the words after"
    assert page.select_one("input[type=hidden][name=order]")["value"] == "right"
    (chip,) = page.select(".chips a")
    assert chip["href"] == "/en/concordance?q=emploi&order=right"
    rights = [cell.text.strip(" .;,") for cell in page.select(".kwic .right")]
    assert rights == sorted(rights, key=str.casefold)
    views = {link.text: link["href"] for link in page.select(".views a")}
    assert views["Pages"] == "/en/search?q=emploi&language=fr"
    downloads = {link.text: link["href"] for link in page.select(".downloads a[download]")}
    assert downloads["XLSX"] == "/en/concordance.xlsx?q=emploi&language=fr&order=right"


def test_the_pages_of_a_long_concordance_hold_every_line_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    pages = [
        make_page(number, [("paragraph", "fr", f"emploi{' emploi' * 2} {number}")]) for number in range(1, 81)
    ]
    room.add(pages, Description("Long", 2011, language="fr"))
    client = create_app(room.settings).test_client()
    first, last = soup(client, "/nl/concordance?q=emploi"), soup(client, "/nl/concordance?q=emploi&page=4")
    assert len(keywords(first)) == 60
    assert len(keywords(last)) == 60
    assert last.select_one(".complete strong").text == "Regels 181 tot en met 240 van alle 240 vindplaatsen"
    answer = client.get("/nl/concordance?q=emploi&page=9")
    assert (answer.status_code, answer.location) == (302, "/nl/concordance?q=emploi&page=4")
    room.close()


def test_what_cannot_be_shown_in_context_says_so(client: FlaskClient) -> None:
    assert "no occurrence to show" in soup(client, "/en/concordance?q=zzzz").select_one(".nothing").text
    assert "no word to show" in soup(client, "/en/concordance?q=title:pacte").select_one(".nothing").text
    assert soup(client, "/en/concordance").select_one(".nothing")


def test_wrong_parameters_are_told(client: FlaskClient) -> None:
    page = soup(client, "/en/concordance?q=emploi&order=chance", status=400)
    assert "year, document, left, right" in page.select_one("[role=alert]").text
    assert keywords(page)


def test_too_many_occurrences_are_refused_and_not_cut(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MOST_OCCURRENCES", 3)
    page = soup(client, "/en/concordance?q=jeunes+OR+emploi")
    assert "more than 3 times" in page.select_one(".results [role=alert]").text
    assert not keywords(page)
    assert client.get("/en/concordance.csv?q=jeunes+OR+emploi").status_code == 400


def test_a_change_of_the_archive_is_seen(
    room: ReadingRoom, client: FlaskClient, held: dict[str, Document]
) -> None:
    address = "/en/concordance?q=zinnebeeld"
    assert not keywords(soup(client, address))
    added = room.add(
        [make_page(1, [("paragraph", "nl", "een zinnebeeld")])], Description("Nieuw", 2012, language="nl")
    )
    assert keywords(soup(client, address)) == ["zinnebeeld"]
    room.catalogue.withdraw(added.id, "a test", "test")
    assert not keywords(soup(client, address))
