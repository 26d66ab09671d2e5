"""Every occurrence, in its context and in order."""

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from archive.records import Description
from index.engine.contract import Filters
from index.indexer import open_engine
from index.occurrences import concordance as module
from index.occurrences.concordance import (
    CONTEXT,
    Concordance,
    ConcordanceLine,
    Order,
    PageOccurrences,
    TooManyOccurrences,
    concordance,
    occurrences,
)
from index.occurrences.trends import trend
from index.query.parser import parse
from ingest.read_document import read_document
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

ANYTHING = Filters()
FRENCH = Filters(languages=frozenset({"fr"}))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive that each test gets a copy of."""
    folder = tmp_path_factory.mktemp("filled")
    room = ReadingRoom(folder)
    fill(room)
    room.close()
    return folder


@pytest.fixture
def room(filled: Path, tmp_path: Path) -> Iterator[ReadingRoom]:
    room = ReadingRoom.copied(filled, tmp_path)
    yield room
    room.close()


def ask(room: ReadingRoom, query: str, order: Order = "year", filters: Filters = ANYTHING) -> Concordance:
    engine = open_engine(room.settings.data / "index")
    return concordance(engine, room.catalogue, parse(query), filters, order)


def test_every_occurrence_is_a_line_with_its_context(room: ReadingRoom) -> None:
    found = ask(room, "emploi", filters=FRENCH)
    assert [(line.hit.page, line.keyword) for line in found.lines] == [
        *((1, "emploi"), (2, "emploi"), (3, "Emploi"), (3, "emploi"), (5, "emploi"), (5, "emploi")),
        (1, "emploi"),
    ]
    assert (found.pages, found.documents) == (5, 2)
    first = found.lines[0]
    assert first.left == "Pacte de croissance urbaine durable Le pacte de l’"
    assert first.right == " engage les partenaires sociaux de Bruxelles."
    assert (
        found.lines[2].right
        == " / 2009 | 660 000 / 2010 | 671 000 / former les jeunes soutenir l’emploi local créer des crèches"
    )


@pytest.mark.parametrize(
    ("query", "keywords"),
    [
        ('"emploi des jeunes"', ["emploi des jeunes"]),
        ('"jeunes"', ["jeunes", "jeunes", "jeunes"]),
        ("jeune", ["jeunes", "jeunes", "jeunes"]),
        ("form*", ["formation", "former"]),
        ("title:pacte", []),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_what_counts_as_an_occurrence_is_what_the_query_asks_for(
    room: ReadingRoom, query: str, keywords: list[str]
) -> None:
    assert [line.keyword for line in ask(room, query, filters=FRENCH).lines] == keywords


def test_the_orders(room: ReadingRoom) -> None:
    def lines(order: Order) -> list[tuple[str, str]]:
        found = ask(room, "emploi", order, FRENCH)
        return [(line.left.strip()[-9:], line.right.strip()[:12]) for line in found.lines]

    by_year = lines("year")
    for order in ("left", "right", "document"):
        assert sorted(lines(order)) == sorted(by_year)
    assert [right for _left, right in lines("right")] == [
        *(".", "/ 2009 | 660", "compte ; l’e", "des jeunes s"),
        *("durable à Br", "engage les p", "local créer "),
    ]
    assert next(left for left, _right in lines("left")) == "/ Année |"
    assert lines("document") == by_year  # Pacte … stands before Strategie …


def test_the_undated_come_last(room: ReadingRoom) -> None:
    room.add(
        [make_page(1, [("paragraph", "en", "employment undated")])], Description("A note", language="en")
    )
    years = [line.right for line in ask(room, "employment").lines]
    assert years == [" and training in Brussels.", " undated"]


def test_words_at_the_edge_of_a_context_are_whole(room: ReadingRoom) -> None:
    text = " ".join(f"word{number}" for number in range(40)) + " keyhole " + " ".join(["after"] * 40)
    room.add([make_page(1, [("paragraph", "en", text)])], Description("Long", 2001, language="en"))
    (line,) = ask(room, "keyhole").lines
    assert CONTEXT - 8 < len(line.left) <= CONTEXT
    assert f" {line.left}keyhole{line.right} " in f" {text} "
    assert CONTEXT - 8 < len(line.right) <= CONTEXT
    assert set(line.right.split()) == {"after"}


def test_withdrawn_documents_have_no_lines(room: ReadingRoom) -> None:
    speech = next(each for each in room.catalogue.documents() if each.kind == "speech")
    assert len(ask(room, "employment").lines) == 1
    room.catalogue.withdraw(speech.id, "asked for", "test")
    assert [*ask(room, "employment").lines] == []


def test_a_concordance_is_complete_or_refused(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OCCURRENCES", 6)
    assert len(ask(room, '"emploi"', filters=Filters(years=(2011, 2011))).lines) == 6
    with pytest.raises(TooManyOccurrences, match="more than 6 times") as raised:
        ask(room, '"emploi"')
    assert "narrow the search" in raised.value.hint


def test_occurrences_come_with_the_text_that_they_stand_in(room: ReadingRoom) -> None:
    engine = open_engine(room.settings.data / "index")
    found = list(occurrences(engine, room.catalogue, parse('"emploi"'), Filters()))
    assert [[each.text[start:end] for start, end in each.spans] for each in found] == [
        *(["emploi"], ["emploi"], ["Emploi", "emploi"], ["emploi", "emploi"], ["emploi"]),
    ]


DEMONSTRATION = Path(module.__file__).parents[2] / "archive" / "demonstration"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    """The demonstration collection, read as the worker reads it, but for OCR, and indexed as a whole."""
    room = ReadingRoom(tmp_path_factory.mktemp("collection"))
    for path in sorted(DEMONSTRATION.rglob("*.pdf")):
        reading = read_document(path, 100, lambda _done, _total: None, ocr_seconds=0)
        room.add(reading.pages, Description(path.stem, 2011), filename=path.name, is_indexed=False)
    room.indexer.rebuild()
    yield room
    room.close()


def count_in_catalogue(room: ReadingRoom, pattern: str, language: str | None = None) -> int:
    """How often a pattern stands in the text that the catalogue holds, read past all of our code."""
    with sqlite3.connect(room.settings.data / "catalogue.sqlite") as catalogue:
        rows = catalogue.execute(
            "SELECT text FROM passages WHERE ? IS NULL OR language = ?", (language, language)
        ).fetchall()
    return sum(len(re.findall(pattern, text, re.IGNORECASE)) for (text,) in rows)


def test_all_occurrences_are_shown_by_an_independent_count(collection: ReadingRoom) -> None:
    with sqlite3.connect(collection.settings.data / "catalogue.sqlite") as catalogue:
        texts = [text for (text,) in catalogue.execute("SELECT text FROM passages")]
    parts = Counter(word.lower() for text in texts for word in re.findall(r"[^\W\d_]{2,}", text))
    whole = Counter(
        word.lower() for text in texts for word in re.findall(r"(?<![\w.])[^\W\d_]{2,}(?!\w)", text)
    )
    counts = Counter({word: count for word, count in whole.items() if count == parts[word]})
    assert len(counts) > 1_500  # all but pieces of addresses and of names such as "Go4Brussels"
    rare = random.Random(3).sample(sorted(counts), 60)
    for word in [*(word for word, _count in counts.most_common(40)), *rare]:
        assert len(ask(collection, f'"{word}"').lines) == counts[word], word
    for beginning in ("werk", "form", "[eé]conom", "onder"):
        expected = count_in_catalogue(collection, rf"(?<![^\W_]){beginning}[^\W_]*")
        assert len(ask(collection, f"{beginning.replace('[eé]', 'e')}*").lines) == expected > 10, beginning
    for phrase in ("sociale gesprekspartners", "de la"):
        expected = count_in_catalogue(collection, rf"(?<!\w){phrase.replace(' ', chr(92) + 's+')}(?!\w)")
        assert len(ask(collection, f'"{phrase}"').lines) == expected > 5, phrase


def test_a_trend_counts_what_an_independent_count_finds(collection: ReadingRoom) -> None:
    engine = open_engine(collection.settings.data / "index")
    held = collection.catalogue.documents()
    for term, language in (("werkgelegenheid", "nl"), ("emploi", "fr"), ("gouvernement", "fr")):
        found = trend(engine, collection.catalogue, held, f'"{term}"', language, ANYTHING, "year")  # type: ignore[arg-type]
        assert found.count == count_in_catalogue(collection, rf"(?<!\w){term}(?!\w)", language) > 3, term
        words = count_in_catalogue(collection, r"[^\W_]*[^\W\d_][^\W_]*", language)
        assert found.words == pytest.approx(words, rel=0.02), "letters beside signs are words in few places"


@pytest.mark.parametrize("order", get_args(Order))
def test_lines_are_cut_out_when_they_are_asked_for(
    room: ReadingRoom, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    engine = open_engine(room.settings.data / "index")
    cut: list[object] = []
    line = module._line

    def noted(found: PageOccurrences, text: str, number: int, span: tuple[int, int]) -> ConcordanceLine:
        cut.append(span)
        return line(found, text, number, span)

    monkeypatch.setattr(module, "_line", noted)
    lines = concordance(engine, room.catalogue, parse("emploi"), Filters(), order).lines
    assert len(lines) == 7
    assert len(cut) == (7 if order in ("left", "right") else 0), "only contexts are sorted by"
    cut.clear()
    assert len(lines[2:4]) == 2
    assert len(cut) == (0 if order in ("left", "right") else 2)
    assert [*lines] == [lines[place] for place in range(7)] == [*lines[:3], *lines[3:]]
    assert (lines[-1], lines[7:9]) == ([*lines][-1], [])
    with pytest.raises(IndexError):
        lines[7]
