"""Words that stand apart on the page, as in columns that were not told: quote check and card say so."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.records import Block, Description, Document, Page
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, make_page

MIXED = "opslag van giftige stoffen ter kennisneming aannemen"
NARROW = ("verbod op vuurwerk in wordt besproken in de", "de hele binnenstad commissie van de maand")
PLAIN = "de steun aan de buurtwinkels loopt door"
ITEM = "a) steun voor de kleine winkels"


def moved(passage: Block, by: float, words: range) -> Block:
    """A passage with some of its words drawn further to the right."""
    drawn = [
        word._replace(boxes=tuple((x0 + by, y0, x1 + by, y1) for x0, y0, x1, y1 in word.boxes))
        if number in words
        else word
        for number, word in enumerate(passage.words)
    ]
    return replace(passage, words=tuple(drawn))


def spread(passage: Block, by: float) -> Block:
    """A passage with wider spaces, as a justified line has."""
    for number in range(1, len(passage.words)):
        passage = moved(passage, by, range(number, len(passage.words)))
    return passage


def two_lines_in_columns() -> Block:
    """Two cells beside each other that were read line by line, the white between them narrow."""
    text = "\n".join(NARROW)
    (passage,) = make_page(1, [("paragraph", "nl", text)]).blocks
    first, second = (line.split() for line in NARROW)
    lefts = [len(" ".join(words[:count])) * 6.0 for words, count in ((first, 4), (second, 3))]
    start = 60 + max(lefts) + 16
    for begin, count, left in (
        (4, len(first), lefts[0]),
        (len(first) + 3, len(first) + len(second), lefts[1]),
    ):
        passage = moved(passage, start - (60 + left + 6), range(begin, count))
    return replace(passage, text=text.replace("\n", " "))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    yield room
    room.close()


@pytest.fixture(scope="module")
def document(room: ReadingRoom) -> Document:
    said = [MIXED, PLAIN, ITEM]
    page = make_page(1, [("paragraph", "nl", text) for text in said])
    mixed, plain, item = page.blocks
    passages = (
        moved(mixed, 40, range(4, 7)),
        spread(plain, 15),
        moved(item, 30, range(1, 6)),
    )
    table = make_page(2, [("table", "nl", "de bijdrage van het Gewest\tis dit jaar verhoogd")])
    pages: list[Page] = [
        replace(page, blocks=passages),
        table,
        replace(make_page(3, []), blocks=(two_lines_in_columns(),)),
    ]
    return room.add(pages, Description("Lijst van stukken", 2024, None, "other", "nl"))


@pytest.fixture(scope="module")
def client(room: ReadingRoom, document: Document) -> FlaskClient:
    return create_app(room.settings).test_client()


def asked(client: FlaskClient, text: str) -> tuple[bool, bool]:
    """What the API says of the one place of a quotation: in several cells, and apart."""
    body = client.get("/api/v1/quote", query_string={"text": text}).get_json()
    (match,) = body["matches"]
    assert body["verdict"] == "verbatim"
    return match["cells"], match["apart"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MIXED, (False, True)),
        ("opslag van giftige stoffen", (False, False)),
        ("giftige stoffen ter kennisneming", (False, True)),
        (PLAIN, (False, False)),
        (ITEM, (False, False)),
        ("van het Gewest is dit jaar", (True, False)),
        ("is dit jaar verhoogd", (False, False)),
        ("verbod op vuurwerk in wordt besproken", (False, True)),
        ("wordt besproken in de", (False, False)),
    ],
)
def test_the_quote_check_tells_words_that_stand_apart(
    client: FlaskClient, text: str, told: tuple[bool, bool]
) -> None:
    assert asked(client, text) == told


@pytest.mark.parametrize(
    ("language", "begins"),
    [("nl", "Sommige van deze woorden staan ver uit elkaar"), ("fr", "Certains de ces mots sont éloignés"),
     ("en", "Some of these words are far apart")],
)  # fmt: skip
def test_page_and_card_say_it_in_the_language_of_the_reader(
    client: FlaskClient, document: Document, language: str, begins: str
) -> None:
    page = BeautifulSoup(client.get(f"/{language}/quote", query_string={"text": MIXED}).data, "html.parser")
    assert [note.text for note in page.select(".evidence .notice") if note.text.startswith(begins)]

    for asked_for in ({"passage": MIXED}, {"passage": MIXED, "words": "0-6"}):
        address = f"/{language}/document/{document.id}/page/1/cite.json"
        notices = client.get(address, query_string=asked_for).get_json()["notices"]
        assert [notice for notice in notices if notice.startswith(begins)]

    whole = client.get(address, query_string={"passage": PLAIN}).get_json()
    assert whole["notices"] == []
