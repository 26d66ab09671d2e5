"""The page that checks quotations."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.records import Description, Document
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

SENTENCE = (
    "De Brusselse regering en de sociale gesprekspartners verbinden zich tot honderd opleidingen "
    "voor jonge werkzoekenden in het Gewest."
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def document(room: ReadingRoom) -> Document:
    fill(room)
    pages = [
        make_page(1, [("heading", "nl", "Inleiding")], label="i"),
        make_page(2, [("paragraph", "nl", SENTENCE)], label="1"),
        make_page(3, [("paragraph", "nl", "Onderaan deze bladzijde begint een zin die niet")], label="2"),
        make_page(
            4,
            [
                ("running", "nl", "Het pact voor de stad"),
                ("paragraph", "nl", "ophoudt voor de volgende bladzijde begint."),
            ],
            label="3",
        ),
    ]
    return room.add(pages, Description("Het pact", 2011, "new-deal", "plan", "nl"))


@pytest.fixture(scope="module")
def client(room: ReadingRoom, document: Document) -> FlaskClient:
    return create_app(room.settings).test_client()


def check(client: FlaskClient, text: str, language: str = "en") -> BeautifulSoup:
    answer = client.get(f"/{language}/quote", query_string={"text": text})
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser")


def test_the_form_alone_gives_no_verdict(client: FlaskClient) -> None:
    page = check(client, "  ")
    assert page.select_one("textarea[name=text]")
    assert page.select_one(".verdict") is None


def test_a_quotation_to_the_letter_leads_to_its_page_and_its_marks(
    client: FlaskClient, document: Document
) -> None:
    quoted = "de sociale gesprekspartners verbinden zich tot honderd opleidingen"
    page = check(client, f"“{quoted}”")
    assert page.select_one(".verdict").text == "Verbatim"
    assert page.textarea.text == f"“{quoted}”"
    place = page.select_one(".evidence li")
    assert place.blockquote.text == quoted
    assert place.select_one(".to-page").text == "page 2 (printed: 1)"
    assert place.select_one(".to-original")["href"] == f"/original/{document.id}.pdf#page=2"
    opened = BeautifulSoup(client.get(place.select_one(".to-page")["href"]).data, "html.parser")
    assert [mark.text for mark in opened.select("mark")] == [quoted]


def test_an_altered_quotation_shows_what_was_altered(client: FlaskClient) -> None:
    page = check(client, SENTENCE.replace("honderd", "tweehonderd"))
    assert page.select_one(".verdict").text == "Altered"
    row = page.select_one(".evidence tbody tr")
    assert (row.select_one("del").text, row.select_one("ins").text) == ("tweehonderd", "honderd")
    passage = page.select_one("blockquote.compared")
    assert passage.select_one("del.number").text == "quoted: tweehonderd, "
    assert passage.select_one("ins.number").text == "in the document: honderd, "
    assert passage.text.startswith("De Brusselse regering en de sociale gesprekspartners verbinden zich tot")
    assert page.select_one(".evidence .warning").text == "A number differs."


def test_a_changed_negation_is_called_out(client: FlaskClient) -> None:
    page = check(client, SENTENCE.replace("verbinden zich", "verbinden zich niet"), "fr")
    assert page.select_one(".evidence .warning").text.startswith("Une négation diffère")


def test_a_quotation_over_a_page_break_is_marked_on_both_pages(
    client: FlaskClient, document: Document
) -> None:
    page = check(client, "begint een zin die niet ophoudt voor de volgende bladzijde")
    assert page.select_one(".verdict").text == "Verbatim"
    first = BeautifulSoup(client.get(page.select_one(".evidence .to-page")["href"]).data, "html.parser")
    assert [mark.text for mark in first.select("mark")] == ["begint een zin die niet"]
    assert first.select_one("svg .mark rect")
    second = BeautifulSoup(client.get(first.select_one("a[rel=next]")["href"]).data, "html.parser")
    assert [mark.text for mark in second.select("mark")] == ["ophoudt voor de volgende bladzijde"]
    assert (
        "is not on this page"
        in client.get(
            f"/en/document/{document.id}/page/1", query_string={"passage": "begint een zin die niet"}
        ).text
    )


def test_what_is_nowhere_is_not_found_and_can_be_searched(client: FlaskClient) -> None:
    page = check(client, "Kwantumcomputers zingen zelden over paarse olifanten en hun tuinen", "nl")
    assert page.select_one(".verdict").text == "Niet gevonden"
    assert not page.select(".evidence li")
    assert page.select_one(".outcome-of-check a")["href"].startswith("/nl/search?q=Kwantumcomputers")


def test_a_very_long_quotation_is_cut_and_the_page_says_so(client: FlaskClient) -> None:
    page = check(client, "onvindbaarheidsproblemen " * 300)
    assert "Only the first 4000 characters" in page.select_one(".warning").text


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Te kort"), ("fr", "Trop court"), ("en", "Too short")]
)
def test_fewer_than_four_words_are_searched_for_instead(
    client: FlaskClient, document: Document, language: str, title: str
) -> None:
    page = check(client, "“jonge werkzoekenden”", language)
    assert page.select_one(".verdict").text == title
    (hit,) = page.select(".evidence li")
    assert hit.select_one("a")["href"].startswith(f"/{language}/document/{document.id}/page/2")
    assert [mark.text for mark in hit.select("mark")] == ["jonge werkzoekenden"]
    link = page.select(".outcome-of-check > p a")[-1]
    assert link["href"] == f"/{language}/search?q=%22jonge+werkzoekenden%22"


def test_other_punctuation_is_told_mildly(client: FlaskClient) -> None:
    page = check(client, SENTENCE.replace("gesprekspartners", "gesprekspartners,"))
    assert page.select_one(".verdict").text == "Altered"
    assert "exactly these words, with different punctuation" in page.select_one(".outcome-of-check").text
    assert page.select_one(".evidence tbody th").text == "punctuation"
    assert not page.select(".evidence .warning")


def test_what_an_ellipsis_left_out_is_shown_and_called_out(client: FlaskClient) -> None:
    page = check(client, "Onderaan deze bladzijde begint een zin […] ophoudt voor de volgende bladzijde")
    assert page.select_one(".verdict").text == "Verbatim"
    assert page.select_one(".left-out q").text == "die niet"
    assert page.select_one(".left-out strong").text == "(a negation)"
    assert page.select_one(".evidence .warning").text.startswith("A negation was left out")


def test_what_stands_between_the_pages_is_told(client: FlaskClient) -> None:
    page = check(client, "begint een zin die niet ophoudt voor de volgende bladzijde", "nl")
    told = page.select_one(".evidence .between")
    assert [each.text for each in told.select("li")] == ["kopregel, pagina 4: Het pact voor de stad"]


def test_words_that_ocr_was_not_sure_of_are_named_in_what_is_confirmed(
    room: ReadingRoom, document: Document, client: FlaskClient
) -> None:
    text = "Het comité van de haven keurt de riaam van het kanaal goed."
    read = make_page(
        1, [("paragraph", "nl", text), ("paragraph", "nl", "De brug blijft twijfelachtig open.")]
    )
    doubted = [
        replace(
            passage,
            words=tuple(
                word._replace(is_doubtful=word.text in ("riaam", "twijfelachtig")) for word in passage.words
            ),
        )
        for passage in read.blocks
    ]
    page = replace(read, source="ocr", blocks=tuple(doubted))
    room.add([page], Description("De haven"))
    told = [notice.get_text() for notice in check(client, text).select(".evidence .notice")]
    doubts = [notice for notice in told if notice.startswith("OCR was not sure of this word: riaam.")]
    assert len(doubts) == 1
    sure = check(client, "Het comité van de haven keurt de")
    assert "OCR was not sure" not in sure.get_text()
    found = client.get("/api/v1/quote", query_string={"text": text}).get_json()
    assert [match["doubtful"] for match in found["matches"]] == [["riaam"]]
