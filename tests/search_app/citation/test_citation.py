"""Quote and cite: the exact words, a link that marks them and nothing else, a card that says all of it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import bibtexparser
import pytest
import rispy
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Description, Document, Page
from index.quotation.continuous_text import continuous_texts, worded
from index.quotation.verdict import MOST_MATCHES
from index.text.comparable_words import Letters, wordings
from index.text.continuation import note_numbers
from ingest.read_document import read_document
from search_app import create_app
from search_app.citation.notations import NOTATIONS
from search_app.document.marks import mark_page
from search_app.document.word_links import passage_of
from search_app.web.parameters import WordRange
from tests.surroundings.quick_html import has_class, read_html
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

DOCUMENTS = Path(__file__).parents[2] / "documents"

HARD_PAGES = (
    "columns-drawn-row-by-row",
    "hyphens-and-ligatures",
    "languages",
    "layouts",
    "numbers-in-the-margin",
    "running-heads",
    "strange-characters",
    "tables",
    "three-columns",
    "turned-and-cropped",
    "typesetting",
)
"""Test documents with columns in two languages, broken words, running heads, tables and rotated pages."""

TWICE = "Elke jongere een opleiding. Zo staat het er, en nog eens: Elke jongere een opleiding."


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    held = fill(room)
    pages = [
        make_page(1, [("paragraph", "nl", TWICE)], label="i"),
        make_page(2, [("paragraph", "nl", "Onderaan deze bladzijde begint een zin die niet")], label="1"),
        make_page(3, [("paragraph", "nl", "ophoudt voor de volgende bladzijde begint.")], label="2"),
    ]
    held["twice"] = room.add(pages, Description("Het pact", 2011, "new-deal", "plan", "nl"))
    held["withdrawn"] = room.add([make_page(1, [])], Description("Ingetrokken"))
    room.catalogue.withdraw(held["withdrawn"].id, "A better scan is held.", "test")
    return held


@pytest.fixture(scope="module")
def hard(room: ReadingRoom) -> dict[str, Document]:
    """Documents that went through the real reader, by name."""
    return {
        name: room.add(
            read_document(DOCUMENTS / f"{name}.pdf", 100, lambda _done, _total: None).pages,
            Description(name, 2011),
        )
        for name in HARD_PAGES
    }


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document], hard: dict[str, Document]) -> FlaskClient:
    return create_app(room.settings).test_client()


def card(client: FlaskClient, address: str, **asked: str) -> dict[str, object]:
    answer = client.get(address, query_string=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.get_json()
    return body


def path_of(url: object) -> str:
    assert isinstance(url, str)
    assert url.startswith("https://terugblik.example/")
    return url.removeprefix("https://terugblik.example")


def words_of(page: Page) -> list[str]:
    return [word.text for passage in page.blocks for word in passage.words]


def quotable(page: Page, first: int, last: int) -> tuple[str, set[int]]:
    """What of the words from the first to the last stands in one text, and their numbers: no running
    head or foot, unless nothing else is asked for, and the language that has most letters. Between the cells
    of a table stands |, between its rows /."""
    words = [(passage, word) for passage in page.blocks for word in passage.words]
    asked = range(first, last + 1)
    body = [number for number in asked if words[number][0].kind != "running"] or list(asked)
    letters = Counter[str]()
    for number in body:
        letters[words[number][0].language] += len(words[number][1].text)
    ((language, _letters),) = letters.most_common(1)
    kept = [number for number in body if words[number][0].language == language]
    text = words[kept[0]][1].text
    for number in kept[1:]:
        (above, before), (passage, word) = words[number - 1], words[number]
        gap = passage.text[before.end : word.start] if above is passage else "\n"
        in_table = "table" in (above.kind, passage.kind)
        signs = gap.replace("\n", " / ").replace("\t", " | ").split() if in_table else []
        text += " ".join(["", *signs, word.text])
    return text, set(kept)


def is_verbatim(client: FlaskClient, text: str, document: Document) -> bool:
    """Whether the check of quotations finds a text to the letter in a document. A few words or signs alone,
    such as a dash, are no quotation."""
    report = client.post("/api/v1/quote", json={"text": text}).get_json()
    if report["too_short"] or not any(wordings(text)):
        return True
    found = {each["document"] for each in report["matches"]}
    is_everywhere = len(report["matches"]) == MOST_MATCHES  # a word such as "de"
    return report["verdict"] == "verbatim" and (document.id in found or is_everywhere)


def marked_words(client: FlaskClient, path: str) -> set[int]:
    """The numbers of the words that a page marks in its text."""
    return set(map(int, read_html(client.get(path).data).xpath("//mark//@data-word")))


# The words, and the link that marks them.


@st.composite
def ranges(draw: st.DrawFn) -> tuple[str, float, float]:
    """A hard document, a place in it from 0 to 1, a length from 0 to 1."""
    return draw(st.sampled_from(HARD_PAGES)), draw(st.floats(0, 1)), draw(st.floats(0, 1))


def test_a_quotation_may_begin_with_the_number_of_the_note_before_it(
    hard: dict[str, Document], client: FlaskClient
) -> None:
    rest = "en elders. 12 Daarna Het park van 12 km² stoot CO2 uit."
    assert is_verbatim(client, f"1 {rest}", hard["typesetting"])
    assert is_verbatim(client, rest, hard["typesetting"])
    assert not is_verbatim(client, f"2 {rest}", hard["typesetting"])
    assert not is_verbatim(client, f"elders 1 {rest}", hard["typesetting"])


@settings(max_examples=50, deadline=None)
@given(chosen=ranges(), page_place=st.floats(0, 0.999))
def test_the_card_holds_the_words_and_its_link_marks_these_and_no_others(
    room: ReadingRoom,
    hard: dict[str, Document],
    client: FlaskClient,
    chosen: tuple[str, float, float],
    page_place: float,
) -> None:
    name, start, length = chosen
    document = hard[name]
    number = 1 + int(page_place * document.pages)
    page = room.catalogue.page(document.id, number)
    words = words_of(page)
    first = int(start * (len(words) - 1))
    last = first + int(length**2 * (len(words) - 1 - first))
    base = f"/nl/document/{document.id}/page/{number}"
    cited = card(client, f"{base}/cite.json", words=f"{first}-{last}")
    text, inside = quotable(page, first, last)
    assert cited["text"] == text
    assert is_verbatim(client, text, document)
    left_out = [notice for notice in cited["notices"] if "weggelaten" in notice]
    assert bool(left_out) == (len(inside) < last - first + 1)

    shown = read_html(client.get(path_of(cited["url"])).data)
    everywhere = set(map(int, shown.xpath(f"//*[{has_class('page-text')}]//@data-word")))
    assert set(map(int, shown.xpath("//mark//@data-word"))) == inside & everywhere
    boxes = [
        box
        for place, word in enumerate(word for passage in page.blocks for word in passage.words)
        if place in inside
        for box in word.boxes
    ]
    drawn = [
        tuple(float(rect.get(side)) for side in ("x", "y", "width", "height"))
        for rect in shown.xpath(f"//svg//*[{has_class('mark')}]//rect")
    ]
    assert drawn == [pytest.approx((x0, y0, x1 - x0, y1 - y0), abs=0.01) for x0, y0, x1, y1 in boxes]
    assert len(path_of(cited["url"])) < 2_000


def test_every_range_of_words_is_told_to_the_letter(room: ReadingRoom, hard: dict[str, Document]) -> None:
    """Ranges of the shorter pages: their text, and that the marks touch these words alone. They begin at each
    word and end there, at the next, and at every fourth after it: in each block, line and cell."""
    tried = 0
    for document in hard.values():
        for number in range(1, document.pages + 1):
            page = room.catalogue.page(document.id, number)
            words = words_of(page)
            if len(words) > 71:
                continue
            running = {each: continuous_texts("", each, [worded(page, each)]) for each in page.languages}
            for first in range(len(words)):
                for last in sorted({first, *range(first + 1, len(words), 4)}):
                    place = passage_of(page, WordRange(first, last))
                    text, inside = quotable(page, first, last)
                    assert place.text == text
                    letters = Letters(list(wordings(text))).text
                    runs = [run.letters.find(letters) for run in running[place.language]]
                    is_found = any(next(found, None) for found in runs)
                    assert is_found or not letters or any(map(note_numbers, page.blocks)), text
                    marked = mark_page(page, place.spans)
                    found = {
                        piece.word
                        for block in marked.blocks
                        for row in block.rows
                        for cell in row
                        for run in cell
                        if run.match
                        for piece in run.pieces
                    }
                    shown = {
                        piece.word
                        for block in marked.blocks
                        for row in block.rows
                        for cell in row
                        for run in cell
                        for piece in run.pieces
                    }
                    assert found - {None} == inside & shown
                    tried += 1
    assert tried > 4_000


def test_a_broken_word_is_cited_joined(
    room: ReadingRoom, hard: dict[str, Document], client: FlaskClient
) -> None:
    document = hard["hyphens-and-ligatures"]
    words = [word for passage in room.catalogue.page(document.id, 1).blocks for word in passage.words]
    broken = next(number for number, word in enumerate(words) if len(word.boxes) == 2)
    cited = card(client, f"/nl/document/{document.id}/page/1/cite.json", words=str(broken))
    assert cited["text"] == words[broken].text
    assert "\n" not in words[broken].text
    page = BeautifulSoup(client.get(path_of(cited["url"])).data, "html.parser")
    assert len(page.select("svg .mark rect")) == 2


def test_words_that_stand_twice_are_marked_where_they_were_selected(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    base = f"/nl/document/{held['twice'].id}/page/1"
    first, second = (card(client, f"{base}/cite.json", words=words) for words in ("0-3", "11-14"))
    assert first["text"] == second["text"] == "Elke jongere een opleiding."
    assert first["notices"] == second["notices"] == []
    assert marked_words(client, path_of(first["url"])) == {0, 1, 2, 3}
    assert marked_words(client, path_of(second["url"])) == {11, 12, 13, 14}


def test_words_that_were_searched_for_are_marked_everywhere_and_the_card_says_so(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    base = f"/en/document/{held['twice'].id}/page/1"
    cited = card(client, f"{base}/cite.json", passage="Elke jongere een opleiding")
    assert cited["text"] == "Elke jongere een opleiding"
    assert cited["notices"] == ["These words are on this page 2 times; the link marks every occurrence."]
    assert marked_words(client, path_of(cited["url"])) == {0, 1, 2, 3, 11, 12, 13, 14}
    page = BeautifulSoup(client.get(path_of(cited["url"])).data, "html.parser")
    assert "is on this page 2 times" in page.select_one("#passage p").text


def test_a_link_finds_its_words_again_when_the_page_was_read_anew(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    document = room.add([make_page(1, [("paragraph", "nl", TWICE)])], Description("Het pact", 2011))
    client = create_app(room.settings).test_client()
    base = f"/en/document/{document.id}/page/1"
    link = path_of(card(client, f"{base}/cite.json", words="11-14")["url"])

    def read_anew(text: str) -> BeautifulSoup:
        room.catalogue.store_pages(document.id, [make_page(1, [("paragraph", "nl", text)])], [], None, "test")
        return BeautifulSoup(client.get(link).data, "html.parser")

    assert [int(word["data-word"]) for word in read_anew(TWICE).select("mark [data-word]")] == [
        11,
        12,
        13,
        14,
    ]
    shifted = read_anew(f"Een kop die er eerst niet was. {TWICE}")
    marked = [int(word["data-word"]) for word in shifted.select("mark [data-word]")]
    assert marked == [7, 8, 9, 10, 18, 19, 20, 21]
    asked = {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}
    anew = card(client, f"{base}/cite.json", **asked)
    assert anew["notices"] == ["These words are on this page 2 times; the link marks every occurrence."]
    assert marked_words(client, path_of(anew["url"])) == set(marked)
    assert "is on this page 2 times" in shifted.select_one("#passage").text
    once = read_anew("Zo staat het er: “Elke jongere een opleiding”.")
    assert [mark.text for mark in once.select("mark")] == ["Elke jongere een opleiding"]
    gone = read_anew("Elke jongere krijgt een opleiding. Zo staat het er.")
    assert gone.select("mark") == []
    assert "is not on this page" in gone.select_one("#passage").text
    assert client.get(f"{base}/cite.json", query_string=asked).status_code == 404
    room.close()


def test_a_long_passage_has_a_short_link_that_marks_all_of_it(
    room: ReadingRoom, client: FlaskClient, hard: dict[str, Document]
) -> None:
    document = hard["columns-drawn-row-by-row"]
    base = f"/nl/document/{document.id}/page/1"
    cited = card(client, f"{base}/cite.json", words="20-419")
    link = path_of(cited["url"])
    assert len(link) < 400
    asked = parse_qs(urlsplit(link).query)
    assert " … " in asked["passage"][0]
    assert re.fullmatch("[0-9a-f]{8}", asked["sum"][0])
    _text, inside = quotable(room.catalogue.page(document.id, 1), 20, 419)
    assert len(inside) > 100
    assert marked_words(client, link) == inside


# Words that stand in more than one continuous text.


FRENCH = "La Région engage les partenaires"
FRENCH_ON = "sociaux de Bruxelles et les communes."
DUTCH = "Het Gewest verbindt de partners."


@pytest.fixture
def split(tmp_path: Path) -> Iterator[tuple[FlaskClient, Document]]:
    """A paragraph that a running head cuts in two, and one that a column in another language does."""
    room = ReadingRoom(tmp_path)
    pages = [
        make_page(
            1,
            [
                ("paragraph", "fr", FRENCH),
                ("running", "fr", "Pacte 2011 – page 1"),
                ("paragraph", "fr", FRENCH_ON),
            ],
        ),
        make_page(
            2, [("paragraph", "fr", FRENCH), ("paragraph", "nl", DUTCH), ("paragraph", "fr", FRENCH_ON)]
        ),
    ]
    document = room.add(pages, Description("Pacte", 2011))
    yield create_app(room.settings).test_client(), document
    room.close()


def test_a_running_head_is_no_part_of_a_quotation(split: tuple[FlaskClient, Document]) -> None:
    client, document = split
    cited = card(client, f"/en/document/{document.id}/page/1/cite.json", words="1-12")
    assert cited["text"] == "Région engage les partenaires sociaux de Bruxelles"
    assert is_verbatim(client, cited["text"], document)
    assert cited["notices"] == [
        "A running head or foot, such as a title or page number, was left out: it is not part of the text."
    ]
    assert marked_words(client, path_of(cited["url"])) == {1, 2, 3, 4, 10, 11, 12}
    asked = {name: value for name, (value,) in parse_qs(urlsplit(str(cited["url"])).query).items()}
    again = card(client, f"/en/document/{document.id}/page/1/cite.json", **asked)
    assert (again["text"], again["url"], again["notices"]) == (cited["text"], cited["url"], cited["notices"])
    # A link from before running heads were left out.
    old = "Région engage les partenaires Pacte 2011 – page 1 sociaux de Bruxelles"
    told = card(client, f"/en/document/{document.id}/page/1/cite.json", words="1-12", passage=old)
    assert (told["text"], told["url"], told["notices"]) == (cited["text"], cited["url"], cited["notices"])
    alone = card(client, f"/en/document/{document.id}/page/1/cite.json", words="5-8")
    assert alone["text"] == "Pacte 2011 – page"
    assert alone["notices"] == [
        "This is a running head or foot, such as a title or page number: it is not part of the text."
    ]


def test_words_in_two_languages_are_no_sentence(split: tuple[FlaskClient, Document]) -> None:
    client, document = split
    base = f"/en/document/{document.id}/page/2"
    cited = card(client, f"{base}/cite.json", words="0-15")
    assert cited["text"] == f"{FRENCH} {FRENCH_ON}"
    assert cited["text_language"] == "fr"
    assert is_verbatim(client, cited["text"], document)
    assert cited["notices"] == [
        "The selection covers texts in several languages. This is the part in French; the words in these "
        "languages are left out: Dutch."
    ]
    assert marked_words(client, path_of(cited["url"])) == {*range(5), *range(10, 16)}
    dutch = card(client, f"{base}/cite.json", words="4-9")
    assert (dutch["text"], dutch["text_language"]) == (DUTCH, "nl")
    assert "these languages are left out: French." in dutch["notices"][0]
    assert marked_words(client, path_of(dutch["url"])) == {*range(5, 10)}


# A long passage, whose link holds its ends alone.


LONG = " ".join(f"mot{number}" for number in range(70))
CHANGED = {
    "a word replaced": LONG.replace("mot30 ", "jamais "),
    "a word put in": LONG.replace("mot30 ", "mot30 jamais "),
    "a word left out": LONG.replace("mot30 ", ""),
    "a capital": LONG.replace("mot30 ", "Mot30 "),
}


def long_passage(folder: Path) -> tuple[ReadingRoom, Document, FlaskClient]:
    room = ReadingRoom(folder)
    document = room.add([make_page(1, [("paragraph", "fr", LONG)])], Description("Pacte", 2011))
    return room, document, create_app(room.settings).test_client()


def read_anew(room: ReadingRoom, document: Document, text: str) -> None:
    room.catalogue.store_pages(document.id, [make_page(1, [("paragraph", "fr", text)])], [], None, "test")


@pytest.mark.parametrize("has_digest", [True, False])
@pytest.mark.parametrize("change", CHANGED)
def test_a_long_passage_of_which_the_middle_changed_is_proof_of_nothing(
    tmp_path: Path, change: str, has_digest: bool
) -> None:
    room, document, client = long_passage(tmp_path)
    base = f"/en/document/{document.id}/page/1"
    cited = card(client, f"{base}/cite.json", words="5-55")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(str(cited["url"])).query).items()}
    if not has_digest:
        del asked["sum"]
    read_anew(room, document, CHANGED[change])
    is_as_long = len(CHANGED[change].split()) == 70
    if not has_digest and is_as_long:  # all that such a link can say
        told = card(client, f"{base}/cite.json", **asked)
        assert ["only the first and the last of these words" in notice for notice in told["notices"]] == [
            True
        ]
        assert "sum=" in str(told["url"])
        shown = BeautifulSoup(client.get(base, query_string=asked).data, "html.parser")
        assert "only the first and the last words" in shown.select_one("#passage p").text
        room.close()
        return
    refused = client.get(f"{base}/cite.json", query_string=asked)
    assert refused.status_code == 404
    assert "has changed since this link was made" in refused.get_json()["error"]["message"]
    for address in (base, f"{base}/parallel"):
        shown = BeautifulSoup(client.get(address, query_string=asked).data, "html.parser")
        assert shown.select("mark") == []
    shown = BeautifulSoup(client.get(base, query_string=asked).data, "html.parser")
    assert "has changed since this link was made" in shown.select_one("#passage p").text
    (offered,) = [link for link in shown.select("#passage a") if link.text == "Show the present text"]
    expected = CHANGED[change].split()
    ends = (expected.index("mot5"), expected.index("mot55"))
    assert marked_words(client, offered["href"]) == set(range(ends[0], ends[1] + 1))
    read_anew(room, document, CHANGED[change].replace("mot50 ", ""))
    shown = BeautifulSoup(client.get(base, query_string=asked).data, "html.parser")
    assert "The passage is not on this page." in shown.select_one("#passage p").text
    room.close()


def test_a_long_passage_is_found_again_wherever_its_words_stand(tmp_path: Path) -> None:
    room, document, client = long_passage(tmp_path)
    base = f"/en/document/{document.id}/page/1"
    cited = card(client, f"{base}/cite.json", words="5-55")
    assert cited["notices"] == []
    link = path_of(cited["url"])
    read_anew(room, document, f"Un titre nouveau {LONG}")
    assert marked_words(client, link) == set(range(8, 59))
    read_anew(room, document, f"{LONG} {LONG}")
    assert marked_words(client, link) == set(range(5, 56))
    read_anew(room, document, f"un {LONG} {LONG}")
    both = {*range(6, 57), *range(76, 127)}
    assert marked_words(client, link) == both
    asked = {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}
    anew = card(client, f"{base}/cite.json", **asked)
    assert anew["text"] == cited["text"]
    assert marked_words(client, path_of(anew["url"])) == both
    room.close()


def test_a_wrong_digest_is_refused(client: FlaskClient, held: dict[str, Document]) -> None:
    base = f"/en/document/{held['pact_fr'].id}/page/1"
    answer = client.get(f"{base}/cite.json?words=0-2&passage=a&sum=xyz")
    assert answer.status_code == 400
    assert "parameter sum" in answer.get_json()["error"]["message"]


def test_a_passage_over_a_page_break_is_cited_with_both_pages(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    identifier = held["twice"].id
    quoted = "begint een zin die niet ophoudt voor de volgende bladzijde"
    report = BeautifulSoup(client.get("/nl/quote", query_string={"text": quoted}).data, "html.parser")
    link = report.select_one(".evidence [data-key=c]")
    shown = BeautifulSoup(client.get(link["href"]).data, "html.parser")
    assert shown.select_one(".citation-card blockquote").text == quoted
    cited = card(client, f"/nl/document/{identifier}/page/2/cite.json", passage=quoted)
    assert cited["pages"] == [{"number": 2, "label": "1"}, {"number": 3, "label": "2"}]
    assert "p. 1–2 (pagina 2–3 van het bestand)" in write_of(cited, "text-nl")
    first = BeautifulSoup(client.get(path_of(cited["url"])).data, "html.parser")
    assert [mark.text for mark in first.select("mark")] == ["begint een zin die niet"]
    onward = first.select_one("#passage a[href*='/page/3?']")
    assert onward.text == "Ze loopt door op pagina 3"
    second = BeautifulSoup(client.get(onward["href"]).data, "html.parser")
    assert [mark.text for mark in second.select("mark")] == ["ophoudt voor de volgende bladzijde"]
    assert second.select_one("#passage a[href*='/page/2?']").text == "Ze begint op pagina 2"


def write_of(cited: dict[str, object], name: str) -> str:
    notations = cited["notations"]
    assert isinstance(notations, list)
    text: str = next(notation["text"] for notation in notations if notation["name"] == name)
    return text


# What is refused.


@pytest.mark.parametrize(
    ("name", "asked", "status", "code", "told"),
    [
        ("pact_fr/page/1", "words=x", 400, "wrong-parameter", "words"),
        ("pact_fr/page/1", "words=5-3", 400, "wrong-parameter", "'5-3'"),
        ("pact_fr/page/1", "words=-3", 400, "wrong-parameter", "'-3'"),
        ("pact_fr/page/1", "words=0-9999", 400, "wrong-parameter", "'0-9999'"),
        ("pact_fr/page/1", "words=1234567", 400, "wrong-parameter", "'1234567'"),
        ("pact_fr/page/1", "words=" + "9" * 500, 400, "wrong-parameter", "words"),
        ("pact_fr/page/4", "words=0", 400, "wrong-parameter", "no text on this page"),
        ("pact_fr/page/4", "passage=emploi", 404, "not-on-the-page", "page 4"),
        ("pact_fr/page/1", "passage=nulle+part+ici", 404, "not-on-the-page", "page 1"),
        ("pact_fr/page/1", "passage=" + "a" * 6001, 400, "wrong-parameter", "at most 6000"),
        ("pact_fr/page/1", "word=3", 400, "wrong-parameter", "'word'"),
        ("pact_fr", "words=3", 400, "wrong-parameter", "'words'"),
        ("pact_fr/page/99", "", 404, "page-not-found", ""),
        ("withdrawn/page/1", "", 410, "withdrawn", "A better scan is held."),
        ("withdrawn", "", 410, "withdrawn", "A better scan is held."),
    ],
)
def test_what_cannot_be_cited_is_refused(
    client: FlaskClient, held: dict[str, Document], name: str, asked: str, status: int, code: str, told: str
) -> None:
    key, _slash, page = name.partition("/")
    base = f"/en/document/{held[key].id}{'/' * bool(page)}{page}/cite"
    for address in (f"{base}?{asked}", f"{base}.json?{asked}", f"{base}.ris?{asked}"):
        answer = client.get(address, headers={"Accept": "application/json"})
        assert answer.status_code == status, address
        error = answer.get_json()["error"]
        assert error["code"] == code
        assert told in error["message"] + error["hint"]
        assert error["hint"]
        shown = client.get(address, headers={"Accept": "text/html"})
        assert shown.status_code == status
        if address.startswith(f"{base}?"):
            trouble = BeautifulSoup(shown.data, "html.parser").select_one(".trouble")
            assert told in trouble.text
        elif address.startswith(f"{base}.json"):
            assert shown.get_json() == answer.get_json()
        else:
            assert shown.content_type == "text/plain; charset=utf-8"
            assert shown.text.splitlines()[-2:] == [error["message"], error["hint"]]


def test_a_document_that_is_not_there(client: FlaskClient) -> None:
    for path in ("cite", "cite.json", "cite.bib", "page/1/cite", "page/1/cite.ris"):
        answer = client.get(f"/nl/document/0000000000000000/{path}", headers={"Accept": "application/json"})
        assert answer.status_code == 404
        assert answer.get_json()["error"]["code"] == "document-not-found"


def test_the_page_view_refuses_what_it_cannot_read(client: FlaskClient, held: dict[str, Document]) -> None:
    base = f"/en/document/{held['pact_fr'].id}/page/1"
    assert client.get(f"{base}?words=3-x").status_code == 400
    assert client.get(f"{base}?words=0-9999").status_code == 400
    assert client.get(f"{base}?passage={'a' * 6001}").status_code == 400
    assert client.get(f"{base}?words=0-9999&passage=le+pacte").status_code == 200


# The card.


def test_the_card_says_everything_that_a_reference_needs(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    document = held["pact_fr"]
    base = f"/nl/document/{document.id}/page/3/cite"
    shown = BeautifulSoup(client.get(f"{base}?words=3-6").data, "html.parser")
    assert shown.h1.text == "Deze woorden citeren"
    back = shown.select_one(".overline a")["href"]
    assert marked_words(client, back) == {3, 4, 5, 6}
    assert shown.blockquote.text == "2009 | 660 000 / 2010"
    notices = [notice.text for notice in shown.select(".citation-card .notice")]
    assert notices == ["In een tabel scheidt | de cellen en / de rijen."]
    assert shown.blockquote["lang"] == "fr"
    facts = {name.text: name.find_next_sibling("dd").text for name in shown.select("dt")}
    assert facts["Document"] == document.title
    assert facts["Auteur"] == "Gouvernement de la Région de Bruxelles-Capitale"
    assert facts["Jaar"] == "2011"
    assert facts["Pagina"] == "pagina 3 (gedrukt: 2)"
    assert facts["SHA-256"] == document.sha256
    assert (
        facts["Vaste link"]
        == f"https://terugblik.example/nl/document/{document.id}/page/3?passage=2009+660+000+2010&words=3-6"
    )
    names = [choice["value"] for choice in shown.select("[name=notation]")]
    assert tuple(names) == NOTATIONS
    assert [choice["value"] for choice in shown.select("[name=notation][checked]")] == ["text-nl"]
    for extra in shown.select("a[download]"):
        assert client.get(extra["href"]).status_code == 200
    as_json = client.get(f"{base}?words=3-6", headers={"Accept": "application/json"})
    assert as_json.get_json() == client.get(f"{base}.json?words=3-6").get_json()
    assert shown.select_one("link[type='application/json']")["href"] == as_json.get_json()["json_url"]
    assert "Accept" in as_json.headers["Vary"]
    assert set(as_json.headers["Cache-Control"].split(", ")) == {"no-cache", "private"}


def test_a_page_and_a_document_are_cited_as_wholes(client: FlaskClient, held: dict[str, Document]) -> None:
    base = f"/fr/document/{held['pact_fr'].id}"
    page = card(client, f"{base}/page/1/cite.json")
    assert (page["text"], page["pages"]) == (None, [{"number": 1, "label": "i"}])
    assert path_of(page["url"]) == f"{base}/page/1"
    whole = card(client, f"{base}/cite.json")
    assert (whole["text"], whole["pages"]) == (None, [])
    assert path_of(whole["url"]) == base
    assert "p." not in write_of(whole, "text-fr").split("2011")[1].split("Terugblik")[0]


def test_a_reader_is_warned_of_ocr_corrections_and_demonstrations(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    pages = [
        replace(make_page(1, [("paragraph", "nl", "Gelezen uit een beeld.")]), source="ocr"),
        make_page(2, [("paragraph", "nl", "Gewone tekst.")]),
    ]
    document = room.add(pages, Description("Een toespraak", 2011, None, "speech"), is_demonstration=True)
    client = create_app(room.settings).test_client()
    base = f"/en/document/{document.id}"
    told = [card(client, f"{base}/page/{number}/cite.json", words="0")["notices"] for number in (1, 2)]
    assert told[1] == ["This is a demonstration text, not the official document."]
    assert told[0] == [
        told[1][0],
        "This page was read from an image by OCR, which may have misread it: compare with the image.",
    ]
    for notation in NOTATIONS[:3]:
        line = write_of(card(client, f"{base}/cite.json"), notation)
        assert re.search("demonstrati|démonstration", line), line
    room.close()


def test_words_that_run_on_to_a_page_read_by_ocr_or_corrected_say_so(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    begun, ends = "Onderaan begint een zin die niet", "ophoudt voor de volgende bladzijde begint."
    pages = [
        make_page(1, [("paragraph", "nl", begun)]),
        replace(make_page(2, [("paragraph", "nl", ends)]), source="ocr"),
        make_page(3, [("paragraph", "nl", "Hier staat iets anders.")]),
        make_page(4, [("paragraph", "nl", begun)]),
        replace(make_page(5, [("paragraph", "nl", ends)]), source="corrected"),
    ]
    document = room.add(pages, Description("Een toespraak", 2011))
    client = create_app(room.settings).test_client()
    told = [
        card(client, f"/en/document/{document.id}/page/{number}/cite.json", passage=passage)["notices"]
        for number, passage in ((1, f"die niet {ends}"), (4, f"die niet {ends}"), (1, begun))
    ]
    assert told == [
        [
            "A page with these words was read from an image by OCR, which may have misread it: "
            "compare with the image."
        ],
        ["An archivist corrected the text of a page with these words."],
        [],
    ]
    room.close()


def test_nothing_is_made_up_where_nothing_is_known(client: FlaskClient, room: ReadingRoom) -> None:
    document = room.add(
        [make_page(1, [("paragraph", "fr", "Un texte.")])],
        Description("Sans date", None, None, "other", "fr"),
    )
    cited = card(client, f"/fr/document/{document.id}/page/1/cite.json")
    assert (cited["author"], cited["year"]) == (None, None)
    assert write_of(cited, "text-fr").startswith("Sans date, s.\u00a0d., p.\u00a01. Terugblik, consulté le ")
    entry = bibtexparser.parse_string(write_of(cited, "bib")).entries[0]
    assert not {"author", "year", "institution"} & set(entry.fields_dict)
    record = rispy.loads(write_of(cited, "ris"))[0]
    assert not {"authors", "year", "publisher"} & set(record)


def test_the_way_to_the_card(client: FlaskClient, held: dict[str, Document]) -> None:
    """From a hit, a document, a page: a link that works without a script."""
    for address in (
        "/nl/search?q=opleiding",
        f"/nl/document/{held['pact_nl'].id}",
        f"/nl/document/{held['pact_nl'].id}/page/2",
    ):
        page = BeautifulSoup(client.get(address).data, "html.parser")
        links = page.select("a[data-key=c][data-opens=citation]")
        assert links, address
        for link in links:
            assert BeautifulSoup(client.get(link["href"]).data, "html.parser").select_one(".citation-card")


@pytest.mark.parametrize("behind", [".", ")", ",", "»", ").", "%E2%80%9D"])
def test_a_link_that_was_followed_with_the_full_stop_behind_it_leads_to_its_words(
    client: FlaskClient, held: dict[str, Document], behind: str
) -> None:
    page = f"/fr/document/{held['pact_fr'].id}/page/2"
    for asked in ("words=0-3", "passage=La+formation+des+jeunes&words=0-3"):
        assert marked_words(client, f"{page}?{asked}{behind}") == {0, 1, 2, 3}
        assert client.get(f"{page}/cite.json?{asked}{behind}").get_json()["text"] == "La formation des jeunes"


def test_other_words_have_another_name_in_a_bibliography(
    client: FlaskClient, held: dict[str, Document]
) -> None:
    """Also where the link that led to the card does not tell their numbers."""
    base = f"/en/document/{held['pact_fr'].id}/page/1/cite.csl.json"
    asked = ("", "?words=2-3", "?passage=Pacte+de+croissance", "?passage=les+partenaires+sociaux")
    names = [client.get(f"{base}{each}").get_json()[0]["id"] for each in (*asked, *asked)]
    assert len(set(names)) == len(asked)
    assert names[: len(asked)] == names[len(asked) :]
