"""How a word is translated, as readers and programs see it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.records import Description, Document
from index.query.parser import parse
from search_app import create_app
from search_app.library import Library
from search_app.translations.counterparts_study import MOST_DOCUMENTS, Study
from tests.material.parallel_texts import PAGES, fill_parallel
from tests.surroundings.reading_room import ReadingRoom, Said, fill, make_page

WORD = "werkgelegenheid"
WITH_WORD = [pair for passages in PAGES for pair in passages if WORD in pair[0]]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    return fill(room) | fill_parallel(room)


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def soup(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, address
    return BeautifulSoup(answer.data, "html.parser")


def as_json(client: FlaskClient, asked: str) -> dict[str, Any]:
    body: dict[str, Any] = client.get(f"/api/v1/counterparts?{asked}").get_json()
    return body


def test_the_counterpart_of_a_word_with_the_sentences_that_show_it(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    page = soup(client, f"/en/counterparts?q={WORD}&document={held['plan_nl'].id}")
    (found,) = page.select(".counterparts > li")
    assert found.h2.text == "emploi"
    assert found.h2["lang"] == "fr"
    assert found.select_one("meter")["value"] == found.select_one("meter")["max"] == "5"
    assert "in 5 of 5 pairs" in " ".join(found.select_one(".share").text.split())
    assert "in 1 other without the searched word" in " ".join(found.select_one(".share").text.split())
    shown = [
        tuple(side.text.strip() for side in pair.select("p[lang]")) for pair in found.select(".examples > li")
    ]
    assert shown == WITH_WORD
    assert all(pair.select("p[lang=nl] mark")[0].text == WORD for pair in found.select(".examples > li"))
    assert all(pair.select("p[lang=fr] mark")[0].text == "emploi" for pair in found.select(".examples > li"))


def test_each_pair_leads_to_its_passages(client: FlaskClient) -> None:
    page = soup(client, f"/en/counterparts?q={WORD}")
    pairs = page.select(".counterparts .examples > li")
    assert len(pairs) == 5
    for pair in pairs:
        address, _, row = pair.select_one(".to-page")["href"].partition("#")
        beside = soup(client, address).find(id=row)
        left, right = (side.text.strip() for side in pair.select("p[lang]"))
        assert left in beside.select_one(".left").text
        assert right in beside.select_one(".right").text
        assert beside.select(".left mark")


def test_the_forms_that_were_counted_are_told_and_compounds_are_a_choice(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    alone, all_of_them = as_json(client, f"q={WORD}"), as_json(client, f"q={WORD}&compounds=yes")
    assert alone["forms"] == {
        "asked": WORD,
        "forms": [{"word": WORD, "count": 7}],
        "more": 0,
        "more_count": 0,
    }
    assert {form["word"] for form in all_of_them["forms"]["forms"]} >= {WORD}
    page = soup(client, f"/en/counterparts?q={WORD}")
    assert " ".join(page.select_one(".counted").text.split()) == f"Counted for “{WORD}”: {WORD} 7×"
    assert page.select_one(".counted a")["href"].startswith(f"/en/counterparts?q=%22{WORD}%22&")
    assert [each["value"] for each in page.select("input[name=compounds][checked]")] == ["no"]
    page = soup(client, f"/en/counterparts?q={WORD}&compounds=yes")
    assert [each["value"] for each in page.select("input[name=compounds][checked]")] == ["yes"]
    assert "compounds=yes" in page.select_one(".counted a")["href"]


def test_what_was_looked_at_is_told(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, f"/en/counterparts?q={WORD}")
    rows = [[cell.text for cell in row.select("td")] for row in page.select(".looked-at tbody tr")]
    assert rows == [
        ["Het plan (2013)", "Le plan", "11", "5"],
        ["Overleg – La concertation (2016)", "the same document", "4", "2"],
    ]
    assert "no translation of them was found" in page.select_one(".looked-at").text
    assert "Een avond" in page.select_one(".looked-at").text
    told = as_json(client, f"q={WORD}")
    assert told["pairs"] == 15
    assert told["pairs_with_term"] == 7
    assert held["alone"].id in told["untranslated"]
    assert told["stray"] == []
    assert told["unread"] == 0


def test_how_certain_a_counterpart_is_stands_there_in_words(client: FlaskClient) -> None:
    (sure,) = as_json(client, f"q={WORD}")["candidates"]
    assert (sure["certainty"], sure["doubts"]) == ("likely", [])
    assert not soup(client, f"/en/counterparts?q={WORD}").select(".uncertain")
    first = as_json(client, "q=opleiding")["candidates"][0]
    assert first["certainty"] == "uncertain"
    assert "few_sentences" in first["doubts"]
    told = soup(client, "/en/counterparts?q=opleiding").select_one(".counterparts > li .uncertain")
    assert told.text.startswith("uncertain: few different sentences have it")
    lines = list(csv.DictReader(rows_of(client.get("/en/counterparts.csv?q=opleiding").get_data())))
    assert {line["certainty"] for line in lines if line["candidate"] == first["word"]} == {"uncertain"}


def rows_of(file: bytes) -> list[str]:
    """The lines of a table below its header."""
    return [line for line in file.decode("utf-8-sig").splitlines() if not line.startswith("# ")]


def test_a_phrase_and_the_other_direction(client: FlaskClient) -> None:
    (found,) = as_json(client, 'q="l%27emploi"&from=fr')["candidates"]
    assert found["word"] == "werkgelegenheid"
    body = as_json(client, "q=emploi")
    assert (body["source"], body["target"]) == ("fr", "nl")
    first, second = body["candidates"]
    assert (first["word"], first["pairs_with_term"]) == (WORD, 7)
    assert second["pairs_with_term"] == 2
    # They have “demandeurs d’emploi”, of which “emploi” is no translation by itself.
    assert all("werkzoekenden" in example["translation_text"] for example in second["examples"])


def test_one_document_beside_another(client: FlaskClient, held: dict[str, Document]) -> None:
    asked = f"q={WORD}&document={held['alone'].id}&with={held['plan_fr'].id}"
    (looked_at,) = as_json(client, asked)["documents"]
    assert looked_at["translation"] == held["plan_fr"].id
    page = soup(client, f"/en/counterparts?{asked}")
    assert page.select_one("form.ask input[name=with]")["value"] == held["plan_fr"].id
    assert page.select_one("form.ask input[name=document]")["value"] == held["alone"].id
    refused = client.get(f"/api/v1/counterparts?q={WORD}&with={held['plan_fr'].id}")
    assert refused.status_code == 400


def test_words_that_are_nowhere_or_too_rare(client: FlaskClient) -> None:
    assert "No sentence in Dutch with" in soup(client, "/en/counterparts?q=zzzz").select_one(".notice").text
    rare = soup(client, "/en/counterparts?q=ordonnantie")
    assert "too few to say" in rare.select_one(".notice").text
    (pair,) = rare.select("[aria-labelledby=unexplained] .examples > li")
    assert "ordonnance" in pair.text
    assert as_json(client, "q=ordonnantie")["unexplained"] == 1
    empty = soup(client, "/en/counterparts")
    assert not empty.select(".counterparts, .looked-at")
    assert client.get("/en/counterparts.csv").status_code == 400


@pytest.mark.parametrize(
    "wrong", ["from=xx", "to=xx", "from=nl&to=nl", "document=xyz", "with=xyz", "q=" + "x" * 100_001]
)
def test_what_cannot_be_asked_is_told(client: FlaskClient, wrong: str) -> None:
    asked = wrong if wrong.startswith("q=") else f"q={WORD}&{wrong}"
    answer = client.get(f"/api/v1/counterparts?{asked}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["hint"]
    assert client.get(f"/fr/counterparts?{asked}").status_code == 400
    assert client.get(f"/fr/counterparts.csv?{asked}").status_code == 400


def test_all_pairs_can_be_taken_along(client: FlaskClient) -> None:
    links = [link["href"] for link in soup(client, f"/en/counterparts?q={WORD}").select(".downloads a")]
    lines = list(csv.reader(io.StringIO(client.get(links[0]).get_data().decode("utf-8-sig"), newline="")))
    header = {line[0]: line[1] for line in lines if line[0].startswith("# ")}
    columns, *rows = lines[len(header) :]
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    assert header["# rows"] == str(len(found)) == "7"
    assert header["# query"] == WORD
    assert [(row["text"], row["translation_text"]) for row in found][:5] == WITH_WORD
    assert {row["candidate"] for row in found} == {"emploi"}
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(links[1]).get_data())).active
    assert WITH_WORD[0][1] in {cell.value for row in sheet.iter_rows() for cell in row}
    first, *others = client.get(links[2]).get_data(as_text=True).splitlines()
    assert json.loads(first)["counterparts"]["rows"] == len(others) == 7


def test_a_search_and_its_pages_lead_here(client: FlaskClient, held: dict[str, Document]) -> None:
    search = soup(client, f"/en/search?q={WORD}&language=nl&document={held['plan_nl'].id}")
    (link,) = [link for link in search.select(".views a") if link.text == "Translations"]
    page = soup(client, f"/en/document/{held['plan_nl'].id}/page/1?q={WORD}")
    (other,) = [link for link in page.select(".ways a") if link.text == "Translation of this word here"]
    beside = soup(client, f"/en/document/{held['plan_nl'].id}/page/1/parallel?q={WORD}")
    (third,) = beside.select(".candidates a")
    for way in (link, other, third):
        assert soup(client, way["href"]).select_one(".counterparts h2").text == "emploi"


def test_what_is_withdrawn_is_not_looked_at(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    held = fill_parallel(room)
    client = create_app(room.settings).test_client()
    assert as_json(client, f"q={WORD}")["pairs_with_term"] == 7
    room.catalogue.withdraw(held["plan_fr"].id, "A better scan is held.", "test")
    assert as_json(client, f"q={WORD}")["pairs_with_term"] == 2
    for address in (f"/nl/counterparts?q={WORD}", f"/nl/counterparts.csv?q={WORD}"):
        text = client.get(address).get_data(as_text=True)
        assert held["plan_fr"].id not in text
        assert "Le plan" not in text
        assert WITH_WORD[2][1] not in text
    room.catalogue.withdraw(held["both"].id, "A better scan is held.", "test")
    assert as_json(client, f"q={WORD}")["pairs_with_term"] == 0
    for asked in (
        f"document={held['plan_fr'].id}",
        f"document={held['plan_nl'].id}&with={held['plan_fr'].id}",
    ):
        assert client.get(f"/api/v1/counterparts?q={WORD}&{asked}").status_code == 410
        assert client.get(f"/nl/counterparts?q={WORD}&{asked}").status_code == 410
    room.close()


def test_a_word_in_stray_passages_is_told_apart(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    said: list[Said] = [("paragraph", "nl", nl) for nl, _fr in PAGES[0]]
    said.append(("paragraph", "fr", "Le Soir, Bruxelles"))
    document = room.add([make_page(1, said)], Description("Het plan", 2013, None, "plan", "nl"))
    client = create_app(room.settings).test_client()
    told = as_json(client, "q=soir")
    assert (told["stray"], told["untranslated"], told["pairs"]) == ([document.id], [], 0)
    text = soup(client, "/en/counterparts?q=soir").select_one(".looked-at").text
    assert "are written in another language" in text
    assert "no translation of them was found" not in text
    room.close()


def test_what_was_not_read_is_told(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    for number in range(MOST_DOCUMENTS + 2):
        said: list[Said] = [("paragraph", "nl", f"Over de {WORD} in wijk {number} valt weinig te zeggen.")]
        room.add([make_page(1, said)], Description(f"Wijk {number}", 2000, None, "report", "nl"))
    client = create_app(room.settings).test_client()
    told = as_json(client, f"q={WORD}")
    assert told["unread"] == len(set(told["unread_documents"])) == 2
    page = soup(client, f"/en/counterparts?q={WORD}")
    assert f"Not everything was read: {MOST_DOCUMENTS} of the {MOST_DOCUMENTS + 2} documents" in page.text
    assert "Not read: Wijk" in " ".join(page.select_one(".looked-at").text.split())
    notice = soup(client, f"/en/counterparts?q={WORD}").select_one(".looked-at .notice").text
    assert notice.startswith("2 more documents contain the word and were not read.")
    assert f"The {MOST_DOCUMENTS} in which" in notice
    library = Library.open(room.settings)
    study = Study(library, parse(WORD), "nl", "fr", ()).look(seconds=0)
    assert len(study.untranslated) == 1, "one is read, however little time there is"
    assert len(study.unread) == MOST_DOCUMENTS + 1
    library.catalogue.close()
    room.close()


def test_pages_beyond_those_that_are_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of long documents the first pages are laid beside each other."""
    room = ReadingRoom(tmp_path)
    held = fill_parallel(room)
    monkeypatch.setattr("index.text.text_units.MOST_PAGES", 2)
    for module in ("counterparts_study", "counterparts_views"):
        monkeypatch.setattr(f"search_app.translations.{module}.MOST_PAGES", 2)
    client = create_app(room.settings).test_client()
    told = as_json(client, f"q={WORD}")
    assert set(told["cut_documents"]) == {held["plan_nl"].id, held["plan_fr"].id}
    text = " ".join(soup(client, f"/en/counterparts?q={WORD}").select_one(".looked-at").text.split())
    assert "Of these documents the first 2 pages were read: Het plan, Le plan." in text
    room.close()


def test_all_pairs_of_a_counterpart_sentences_before_headings(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    dutch: list[Said] = [("heading", "nl", "Werkgelegenheid")]
    french: list[Said] = [("heading", "fr", "Emploi")]
    for number in range(1, 61):
        dutch.append(
            ("paragraph", "nl", f"De werkgelegenheid in wijk {number} steeg met {number * 13} banen.")
        )
        french.append(
            ("paragraph", "fr", f"L’emploi dans le quartier {number} a crû de {number * 13} postes.")
        )
        dutch.append(("paragraph", "nl", f"Het budget van {number * 17} euro werd in mei goedgekeurd."))
        french.append(("paragraph", "fr", f"Le budget de {number * 17} euros a été approuvé en mai."))
    for said, language in ((dutch, "nl"), (french, "fr")):
        pages = [make_page(place // 10 + 1, said[place : place + 10]) for place in range(0, len(said), 10)]
        room.add(pages, Description(f"Plan {language}", 2013, "new-deal", "report", language))  # type: ignore[arg-type]
    client = create_app(room.settings).test_client()

    few = soup(client, f"/en/counterparts?q={WORD}")
    assert len(few.select(".counterparts > li:first-child .examples > li")) == 5
    more = few.find("a", string="All 61 pairs")["href"]
    sheets = [soup(client, address).select(".examples > li") for address in (more, f"{more}&page=2")]
    assert [len(sheet) for sheet in sheets] == [50, 11]
    texts = [pair.select_one("p").text.strip() for sheet in sheets for pair in sheet]
    assert len(set(texts)) == 61
    assert texts[-1] == "Werkgelegenheid"
    first = soup(client, more)
    assert [heading.text for heading in first.select(".counterparts h2")] == ["emploi"]
    assert first.find("a", string="All counterparts")["href"] == few_address(more)
    assert len(soup(client, f"{more}&page=99").select(".examples > li")) == 11
    wrong = soup(client, f"/fr/counterparts?q={WORD}&word=fromage", 400)
    assert "fromage" in wrong.select_one(".trouble").text
    room.close()


def few_address(more: str) -> str:
    """The address of all counterparts that one with all pairs of a single one leads back to."""
    return more.replace("word=emploi&", "").replace("&word=emploi", "")
