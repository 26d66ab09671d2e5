"""Parallel reading as readers and programs see it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from archive.languages import Language
from archive.records import Description, Document
from search_app import create_app
from tests.index.text.test_text_units import BEGUN, REST, block
from tests.index.text.test_text_units import page as page_of
from tests.material.parallel_texts import ONLY_FRENCH, PAGES, fill_parallel
from tests.surroundings.reading_room import ReadingRoom, Said, all_turns_taken, fill, make_page

WORD = "werkgelegenheid"


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


def path(document: Document, number: int, language: str = "en") -> str:
    return f"/{language}/document/{document.id}/page/{number}/parallel"


def as_json(client: FlaskClient, document: Document, number: int, asked: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/documents/{document.id}/pages/{number}/parallel?{asked}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def words_of(part: Tag | None) -> str:
    return " ".join(part.get_text().split()) if part else ""


def sides(row: Tag) -> tuple[str, str]:
    """What stands in a row, without what the page itself says."""
    texts = []
    for side in ("left", "right"):
        blocks = row.select(f".side.{side} > :not(.tongue, .cite-side)")
        texts.append(" ".join(words_of(block) for block in blocks))
    return texts[0], texts[1]


def test_each_passage_stands_beside_its_translation(client: FlaskClient, held: dict[str, Document]) -> None:
    for number, passages in enumerate(PAGES, 1):
        rows = soup(client, path(held["plan_nl"], number)).select(".pairs > li")
        assert [sides(row) for row in rows if row["class"] != ["alone"]] == list(passages)
        back = soup(client, path(held["plan_fr"], number)).select(".pairs > li")
        assert [sides(row)[::-1] for row in back if row["class"] != ["alone"]] == list(passages)


def test_how_sure_it_is_stands_there_in_words(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, path(held["plan_nl"], 2, "fr"))
    rows = page.select(".pairs > li")
    assert [row.select_one(".sureness a").contents[0].strip() for row in rows] == [
        *["sûr"] * 4,
        "sans équivalent",
    ]
    assert words_of(page.select_one(".tally")).endswith("4 sûr, 1 sans équivalent")
    names = {"sûr", "probable", "douteux", "introuvable", "sans équivalent"}
    assert {dt.text for dt in page.select(".legend dt")} == names
    likely = [row for row in as_json(client, held["plan_nl"], 3)["rows"] if row["sureness"] == "likely"]
    shown = soup(client, path(held["plan_nl"], 3)).select(".pairs > li.likely .percent")
    assert [each.text for each in shown] == [f"{row['confidence']:.0%}" for row in likely]
    assert likely


def test_what_is_not_translated_is_shown_where_it_stands(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    assert sides(soup(client, path(held["plan_nl"], 2)).select(".pairs > li")[-1]) == ("", ONLY_FRENCH)
    assert sides(soup(client, path(held["plan_fr"], 2)).select(".pairs > li")[-1]) == (ONLY_FRENCH, "")
    for number in (1, 3):
        assert ONLY_FRENCH not in soup(client, path(held["plan_nl"], number)).text


def test_matches_are_marked_left_and_candidates_right(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, f"{path(held['plan_nl'], 1)}?q={WORD}")
    marks = page.select(".pairs .left mark")
    assert [mark.text for mark in marks] == [WORD, WORD]
    assert [mark["id"] for mark in marks] == ["match-1", "match-2"]
    assert page.select_one("#occurrence-nl-2").parent == marks[1]
    assert [mark.text for mark in page.select(".pairs .right mark")] == ["emploi", "emploi"]
    told = words_of(page.select_one(".candidates"))
    assert told.startswith("Often in its translation: emploi 5 of 5 times.")
    # “demandeurs d’emploi” translates something else, so nothing is marked beside it.
    (seekers,) = [row for row in page.select(".pairs > li") if "werkzoekenden" in row.text]
    assert not seekers.select("mark")


def test_a_quoted_passage_is_marked(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, f"{path(held['plan_nl'], 1)}?passage=het+akkoord+op+14+juni")
    (mark,) = page.select(".pairs mark")
    assert mark.text == "het akkoord op 14 juni"
    assert mark["id"] == "match-1"
    (back,) = page.select("[data-other-view]")
    assert [mark.text for mark in soup(client, back["href"]).select(".page-text mark")] == [mark.text]
    missing = soup(client, f"{path(held['plan_nl'], 1)}?passage=dit+staat+er+niet")
    assert "is not on this page" in missing.select_one(".matches").text


def test_marks_have_the_numbers_that_they_have_on_the_page(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    """So that the key t leads to the same place and back."""
    asked = "?q=werkgelegenheid+OR+emploi"
    for document in (held["both"], held["plan_nl"]):
        page = soup(client, f"/en/document/{document.id}/page/1{asked}")
        by_number = {mark["data-mark"]: mark.text for mark in page.select(".page-text mark")}
        beside = soup(client, f"{path(document, 1)}{asked}&from=nl")
        shown = {mark["data-mark"]: mark.text for mark in beside.select(".pairs mark[data-mark]")}
        assert shown
        assert shown.items() <= by_number.items()


def test_pages_have_their_numbers_and_what_is_printed_on_them(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    page = soup(client, path(held["plan_nl"], 2))
    assert page.select_one("h1 .label").text == "printed: 6"
    heads = [words_of(head) for head in page.select(".heads .side")]
    assert heads == ["Dutch page 2 (printed: 6)", "French Le plan · page 2 · original"]
    first = page.select_one(".pairs .places")
    assert words_of(first) == "Page 2 (6) Page 2"
    left, right = first.select("a")
    passage, translation = PAGES[1][0]
    for link, document, text in ((left, held["plan_nl"], passage), (right, held["plan_fr"], translation)):
        view = soup(client, link["href"])
        assert urlsplit(link["href"]).path == f"/en/document/{document.id}/page/2"
        assert text.startswith(view.select_one(".page-text mark").text)
    originals = [link["href"] for link in page.select("a[href^='/original/']:not(.hidden)")]
    assert originals == [f"/original/{held[name].id}.pdf#page=2" for name in ("plan_nl", "plan_fr")]


def test_each_row_can_be_linked_to_with_all_that_is_shown(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    page = soup(client, f"{path(held['plan_nl'], 2)}?q={WORD}")
    for row in page.select(".pairs > li"):
        link = urlsplit(row.select_one(".sureness a")["href"])
        assert link.fragment == row["id"]
        asked = {name: values[0] for name, values in parse_qs(link.query).items()}
        assert asked == {"q": WORD, "from": "nl", "to": "fr", "with": held["plan_fr"].id}
        again = soup(client, f"{link.path}?{link.query}")
        assert sides(again.find(id=link.fragment)) == sides(row)


def test_pages_turn_with_all_that_is_asked(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, f"{path(held['plan_nl'], 2)}?q={WORD}&from=nl&to=fr&with={held['plan_fr'].id}")
    state = f"?q={WORD}&from=nl&to=fr&with={held['plan_fr'].id}"
    assert page.select_one("a[rel=prev]")["href"] == path(held["plan_nl"], 1) + state
    assert page.select_one("a[rel=next]")["href"] == path(held["plan_nl"], 3) + state
    assert page.select_one("[data-match=next]")["href"] == f"{path(held['plan_nl'], 3)}{state}#match-first"
    assert page.select_one("[data-match=previous]")["href"] == f"{path(held['plan_nl'], 1)}{state}#match-last"


def test_two_columns_of_one_page(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, path(held["both"], 1, "nl"))
    assert [head.text for head in page.select(".heads h2")] == ["Frans", "Nederlands"]
    assert [sides(row)[::-1] for row in page.select(".pairs > li")] == list(PAGES[0])
    other = soup(client, f"{path(held['both'], 1, 'nl')}?from=nl")
    assert [sides(row) for row in other.select(".pairs > li")] == list(PAGES[0])
    assert [option["value"] for option in other.select("#other-from option")] == ["fr", "nl"]


def test_the_language_of_the_matches_is_on_the_left(client: FlaskClient, held: dict[str, Document]) -> None:
    for query, language in ((WORD, "nl"), ("emploi", "fr")):
        assert as_json(client, held["both"], 1, f"q={query}")["left"]["language"] == language


def test_sides_can_be_changed(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, path(held["plan_nl"], 2))
    (link,) = [link for link in page.select(".ways a") if link.text == "Swap sides"]
    changed = soup(client, link["href"])
    there = [sides(row) for row in page.select(".pairs > li")]
    assert [sides(row)[::-1] for row in changed.select(".pairs > li")] == there


def test_without_a_translation_it_is_said_what_can_be_done(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    page = soup(client, f"{path(held['alone'], 1)}?q={WORD}")
    assert "No translation of this document was found" in page.select_one(".notice").text
    choices = {option["value"] for option in page.select("#other-with option")}
    assert held["plan_fr"].id in choices
    assert held["plan_nl"].id not in choices, "it holds nothing but Dutch"
    beside = soup(client, f"{path(held['alone'], 1)}?with={held['plan_fr'].id}")
    assert beside.select(".pairs > li")
    assert "Only 0% of these two documents" in beside.select_one(".warning").text
    assert not soup(client, path(held["plan_nl"], 1)).select(".warning")
    assert beside.select_one("#other-with option[selected]")["value"] == held["plan_fr"].id


def test_a_page_that_nobody_has_read_says_so(client: FlaskClient, held: dict[str, Document]) -> None:
    assert "is unknown" in soup(client, path(held["scan"], 1)).select_one(".notice").text
    empty = soup(client, path(held["pact_fr"], 4) + f"?with={held['pact_nl'].id}")
    assert empty.select(".notice")[-1].text == "There is no text in French on this page."


def test_hits_lead_here(client: FlaskClient, held: dict[str, Document]) -> None:
    asked = f"document={held['plan_nl'].id}"
    hit = soup(client, f"/en/search?q={WORD}&{asked}").select_one("[data-hit]")
    line = soup(client, f"/en/concordance?q={WORD}&{asked}").select("[data-hit]")[1]
    evidence = soup(client, "/en/quote?text=het+akkoord+op+14+juni").select_one("[data-hit]")
    page = soup(client, f"/en/document/{held['plan_nl'].id}/page/1?q={WORD}")
    for place in (hit, line, evidence, page):
        (link,) = place.select("[data-key=t]")
        address = urlsplit(link["href"])
        beside = soup(client, f"{address.path}?{address.query}")
        target = beside.find(id=address.fragment)
        assert target.find_parent("mark") or target.name == "mark"
    second = soup(client, line.select_one("[data-key=t]")["href"]).find(id="occurrence-nl-2")
    assert "jongeren" in second.find_parent("li").text
    assert line.select_one(".right").text.strip().startswith("van jongeren")


def test_a_stray_passage_leads_to_the_text_that_it_stands_in(tmp_path: Path) -> None:
    """In a Dutch document with a few French words, a hit on those still opens the Dutch text."""
    room = ReadingRoom(tmp_path)
    said: list[Said] = [("paragraph", "nl", nl) for nl, _fr in PAGES[0]]
    said.append(("paragraph", "fr", "Le Soir, Bruxelles"))
    document = room.add([make_page(1, said)], Description("Het plan", 2013, None, "plan", "nl"))
    client = create_app(room.settings).test_client()
    hit = soup(client, "/nl/search?q=bruxelles").select_one("[data-hit]")
    assert "from=fr" in hit.select_one("[data-key=t]")["href"]
    assert soup(client, hit.select_one("[data-key=t]")["href"]).select_one(".notice")
    assert as_json(client, document, 1, "from=fr")["left"]["language"] == "nl"
    room.close()


def test_a_line_leads_to_its_own_sentence_also_among_stray_passages(tmp_path: Path) -> None:
    """The left text holds passages of several languages, and each language counts its own occurrences."""
    room = ReadingRoom(tmp_path)
    dutch: list[Said] = [
        ("running", "nl", "Het plan voor Brussel"),
        *(("paragraph", "nl", nl) for nl, _fr in PAGES[0]),
        ("paragraph", "fr", "Le Soir, plan de Bruxelles"),
        ("paragraph", "nl", "Dit plan is het laatste."),
    ]
    room.add([make_page(1, dutch)], Description("Het plan", 2013, None, "plan", "nl"))
    french: list[Said] = [("paragraph", "fr", fr) for _nl, fr in PAGES[0]]
    room.add([make_page(1, french)], Description("Le plan", 2013, None, "plan", "fr"))
    client = create_app(room.settings).test_client()
    told = {}
    for line in soup(client, "/en/concordance?q=plan").select("[data-hit]"):
        address = urlsplit(line.select_one("[data-key=t]")["href"])
        beside = soup(client, f"{address.path}?{address.query}")
        names = [each["id"] for each in beside.select("[id]")]
        assert len(names) == len(set(names)), "an id stands once"
        target = beside.find(id=address.fragment)
        around = (
            words_of(line.select_one(".left")).split()[-1],
            words_of(line.select_one(".right")).split()[0],
        )
        told[around] = words_of(target.find_parent("p")) if target else None
    assert told["Het", "voor"] is None, "heads of pages are not set beside each other"
    assert told["Dit", "is"] == "Dit plan is het laatste."
    assert told["Soir,", "de"] == "Le Soir, plan de Bruxelles"
    room.close()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("from=fr", "“Het plan” is not written in French."),
        ("from=xx", "The parameter from has the value 'xx', which cannot be used."),
        ("to=nl", "Both texts would be in the same language: Dutch."),
        ("to=de&with={plan_fr}", "“Le plan” is not written in German."),
        ("with={alone}", "“Een avond” has no text in another language."),
        ("with=xyz", "The parameter with has the value 'xyz', which cannot be used."),
        ("passage=" + "x" * 6001, "The parameter passage has the value"),
    ],
)
def test_what_cannot_be_set_beside_it_is_told(
    client: FlaskClient, held: dict[str, Document], asked: str, told: str
) -> None:
    asked = asked.format(**{name: document.id for name, document in held.items()})
    answer = client.get(f"/api/v1/documents/{held['plan_nl'].id}/pages/1/parallel?{asked}")
    assert answer.status_code == 400
    error = answer.get_json()["error"]
    assert error["message"].startswith(told)
    assert error["hint"]
    page = soup(client, f"{path(held['plan_nl'], 1)}?{asked}", status=400)
    assert told in page.select_one("main").text


def test_the_api_says_what_the_page_shows(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, f"{path(held['plan_nl'], 2)}?q={WORD}")
    link = page.select_one("link[type='application/json']")["href"]
    body = client.get(link).get_json()
    assert [
        (" ".join(left["text"] for left in row["left"]), " ".join(right["text"] for right in row["right"]))
        for row in body["rows"]
    ] == [sides(row) for row in page.select(".pairs > li")]
    marked = [
        passage["text"][start:end]
        for row in body["rows"]
        for passage in (*row["left"], *row["right"])
        for start, end in passage["marks"]
    ]
    assert marked == [mark.text for mark in page.select(".pairs mark")] == [WORD, "emploi"]
    assert body["rows"][0]["left"][0]["page_labels"] == ["6"]
    assert body["rows"][0]["url"].startswith("https://terugblik.example/en/document/")
    unknown = client.get(f"/api/v1/documents/{held['plan_nl'].id}/pages/2/parallel?langauge=nl")
    assert unknown.status_code == 400


def test_all_passages_of_both_documents_can_be_taken_along(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    links = [link["href"] for link in soup(client, path(held["plan_nl"], 1)).select(".downloads a")]
    expected = sorted([pair for passages in PAGES for pair in passages] + [("", ONLY_FRENCH)])
    lines = list(csv.reader(io.StringIO(client.get(links[0]).get_data().decode("utf-8-sig"), newline="")))
    header = {line[0]: line[1] for line in lines if line[0].startswith("# ")}
    columns, *rows = lines[len(header) :]
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    assert sorted((row["left"], row["right"]) for row in found) == expected
    assert header["# left_title"] == "Het plan"
    assert header["# rows"] == str(len(rows))
    assert found[0]["left_page_label"] == "5"
    assert client.get(found[0]["url"].removeprefix("https://terugblik.example")).status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(links[1]).get_data())).active
    assert ONLY_FRENCH in {cell.value for row in sheet.iter_rows() for cell in row}
    first, *others = client.get(links[2]).get_data(as_text=True).splitlines()
    assert json.loads(first)["parallel"]["rows"] == len(others)
    assert sorted((row["left"], row["right"]) for row in map(json.loads, others)) == expected


def test_without_a_translation_there_is_no_file(client: FlaskClient, held: dict[str, Document]) -> None:
    answer = client.get(
        f"/nl/document/{held['alone'].id}/parallel.csv", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 404
    assert answer.get_json()["error"]["code"] == "no-translation"


def test_what_is_withdrawn_is_beside_nothing(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    held = fill_parallel(room)
    client = create_app(room.settings).test_client()
    address = path(held["plan_nl"], 1)
    assert soup(client, address).select(".pairs > li")
    room.catalogue.withdraw(held["plan_fr"].id, "A better scan is held.", "test")
    for asked in ("", f"?q={WORD}"):
        text = client.get(address + asked).get_data(as_text=True)
        assert "Le plan" not in text
        assert held["plan_fr"].id not in text
        assert PAGES[0][0][1] not in text
    assert as_json(client, held["plan_nl"], 1)["right"] is None
    named = f"with={held['plan_fr'].id}"
    for there in (
        f"{address}?{named}",
        f"/api/v1/documents/{held['plan_nl'].id}/pages/1/parallel?{named}",
        f"/nl/document/{held['plan_nl'].id}/parallel.csv?{named}",
        path(held["plan_fr"], 1),
        f"/nl/document/{held['plan_fr'].id}/parallel.csv",
    ):
        assert client.get(there).status_code == 410, there
    room.close()


def test_the_rest_of_the_site_answers_while_documents_are_laid_beside_each_other(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    held = fill_parallel(room)
    app = create_app(room.settings)
    client, library = app.test_client(), app.extensions["library"]
    with all_turns_taken(library):
        for there in (path(held["plan_nl"], 1, "fr"), f"/fr/counterparts?q={WORD}"):
            answer = client.get(there)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert "D’autres utilisateurs ont demandé" in answer.get_data(as_text=True)
        assert client.get(f"/nl/search?q={WORD}").status_code == 200
    assert client.get(path(held["plan_nl"], 1)).status_code == 200
    room.close()


def test_what_is_not_there_is_not_found(client: FlaskClient, held: dict[str, Document]) -> None:
    absent = "0123456789abcdef"
    for there in (
        path(held["plan_nl"], 99),
        f"/en/document/{absent}/page/1/parallel",
        f"{path(held['plan_nl'], 1)}?with={absent}",
        f"/en/document/{absent}/parallel.csv",
    ):
        assert client.get(there).status_code == 404, there


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    hostile = "<script>alert(1)</script>\"'><img src=x>"
    for side, language in ((0, "nl"), (1, "fr")):
        said: list[Said] = [("paragraph", language, f"{pair[side]} {hostile}") for pair in PAGES[0]]  # type: ignore[misc]
        document = room.add(
            [make_page(1, said, label=hostile[:20])],
            Description(f"{hostile} {language}", 2013, "new-deal", "plan", language),  # type: ignore[arg-type]
        )
    client = create_app(room.settings).test_client()
    for address in (
        f"{path(document, 1)}?q=script",
        f"{path(document, 1)}?passage={hostile}",
        f"/en/counterparts?q={hostile}",
        "/en/counterparts?q=emploi",
    ):
        page = soup(client, address)
        assert not page.select("script:not([src])")
        assert not page.select("img[src=x]")
    room.close()


BEGUN_IN_FRENCH = (
    "Le plan pour l’emploi de tous les hommes "
    "de la ville a été conclu avec les autres "
    "partenaires de notre conseil et avec les"
)
REST_IN_FRENCH = "communes et les communautés."


def test_a_passage_over_two_pages_is_cited_whole_and_told_with_both(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    texts: list[tuple[Language, str, str]] = [("nl", BEGUN, REST), ("fr", BEGUN_IN_FRENCH, REST_IN_FRENCH)]
    dutch, french = (
        room.add(
            [page_of(1, block(begun, language=language)), page_of(2, block(rest, language=language))],
            Description("Afspraak", 2011, "new-deal", "plan", language),
        )
        for language, begun, rest in texts
    )
    client = create_app(room.settings).test_client()
    shown = soup(client, f"{path(dutch, 1)}?with={french.id}").select(".pairs > li[data-hit]")
    row = next(row for row in shown if sides(row)[0])
    card = soup(client, row.select_one("[data-key=c]")["href"])
    assert f"{card.select_one('.citation-card blockquote').text}." == f"{BEGUN} {REST}"
    answer = client.get(f"/nl/document/{dutch.id}/parallel.csv?with={french.id}")
    lines = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    columns, *rows = [line for line in lines if not line[0].startswith("# ")]
    for side in ("left", "right"):
        told = next(cells for cells in (dict(zip(columns, row, strict=True)) for row in rows) if cells[side])
        assert [told[f"{side}_{end}"] for end in ("page", "last_page", "last_page_label")] == ["1", "2", "2"]
    room.close()


def test_each_row_is_cited_whole(client: FlaskClient, held: dict[str, Document]) -> None:
    page = soup(client, path(held["plan_nl"], 1))
    cited = []
    for row in page.select(".pairs > li[data-hit]"):
        card = soup(client, row.select_one("[data-key=c]")["href"])
        left, right = sides(row)
        cited.append((card.select_one(".citation-card blockquote").text, left or right))
    assert len(cited) > 3
    assert [quote for quote, _text in cited] == [text for _quote, text in cited]
