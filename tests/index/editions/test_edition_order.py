"""Which of two editions is older, and which documents are editions of each other at all."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.dates import DateFinding
from archive.languages import Language
from archive.records import Description, Document, Provenance
from index.editions.candidates import suggest
from index.editions.edition import read_edition
from index.editions.edition_order import edition_mark, in_order
from index.indexer import open_engine
from tests.material.known_edits import paragraphs
from tests.surroundings.reading_room import ReadingRoom, Said, make_page


def document(
    name: str, date: str | None = None, found: str | None = None, received: int = 1, title: str = "Een plan"
) -> Document:
    return Document(
        id=name.encode().hex()[:16].ljust(16, "0"),
        sha256="0" * 64,
        size=1,
        filename=name,
        title=title,
        year=int(date[:4]) if date else None,
        plan=None,
        kind="plan",
        language="nl",
        languages=("nl",),
        status="ready",
        reason="",
        warnings=(),
        pages=1,
        ocr_pages=0,
        pages_needing_ocr=0,
        images=False,
        is_demonstration=False,
        received_at=datetime(2026, 1, received, tzinfo=UTC),
        provenance=Provenance(),
        date=date,
        dates_found=(DateFinding(found, "cover", found, 1, is_certain=True),) if found else (),
    )


def ordered(one: Document, other: Document, first_lines: tuple[str, str] = ("", "")) -> tuple[str, str, str]:
    marks = [edition_mark(each, [line]) for each, line in zip((one, other), first_lines, strict=True)]
    found = in_order(one, other, *marks)
    turned = in_order(other, one, *reversed(marks))
    assert turned == found, "whichever comes first"
    return found.older.filename, found.newer.filename, found.reason


def test_months_order_editions_of_one_year_and_the_day_of_reception_does_not() -> None:
    january, october = document("b", "2021-01", received=2), document("a", "2021-10", received=1)
    assert ordered(october, january) == ("b", "a", "date")
    assert ordered(document("a", "2021-10-05"), document("b", "2020")) == ("b", "a", "date")


def test_dates_in_the_documents_order_those_whose_own_is_a_year() -> None:
    one, other = document("a", "2024", found="2023-11"), document("b", "2024", found="2023-09-12")
    assert ordered(one, other) == ("b", "a", "found date")


@pytest.mark.parametrize(
    ("older", "newer", "lines"),
    [
        ("plan-v2.pdf", "plan-v3.pdf", ("", "")),
        ("plan v9.pdf", "plan v10.pdf", ("", "")),
        ("a.pdf", "b.pdf", ("27 oktober 2025 versie: 1.0", "Versie 1.1")),
        ("plan-ontwerp.pdf", "plan-definitief.pdf", ("", "")),
        ("projet-de-plan.pdf", "plan-final.pdf", ("", "")),
    ],
)
def test_marks_of_versions_order_what_dates_do_not(older: str, newer: str, lines: tuple[str, str]) -> None:
    assert ordered(document(older, "2020"), document(newer, "2020"), lines) == (older, newer, "version")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (document("a.pdf", "2020"), document("b.pdf", "2020-10")),
        (document("a.pdf"), document("b.pdf", "2020")),
        (document("plan-v2.pdf"), document("plan.pdf")),
        (document("plan-ontwerp.pdf"), document("plan.pdf")),
        (document("v2-definitief.pdf"), document("v2.pdf")),
    ],
)
def test_an_order_that_nothing_tells_is_not_claimed(one: Document, other: Document) -> None:
    assert ordered(one, other)[2] == "unknown"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path)
    yield room
    room.close()


def suggested(room: ReadingRoom, of: Document, language: Language = "nl") -> list[str]:
    edition = read_edition(list(room.catalogue.pages(of.id)), language)
    engine = open_engine(room.settings.data / "index")
    found = suggest(of, language, edition, room.catalogue.documents(), frozenset(), engine)
    return [each.document.filename for each in found]


def texts(language: Language, start: int, end: int) -> list[Said]:
    return [("paragraph", language, text) for text in paragraphs(language)[start:end]]


def add(room: ReadingRoom, name: str, title: str, date: str, said: list[Said]) -> Document:
    language = said[-1][1]
    return room.add([make_page(1, said)], Description(title, language=language, date=date), filename=name)


def test_two_meetings_are_no_editions_of_each_other(room: ReadingRoom) -> None:
    formula: list[Said] = texts("nl", 0, 3)
    first = add(room, "raad-2016.pdf", "Notulen gemeenteraad", "2016-03-01", formula + texts("nl", 3, 12))
    add(room, "raad-2025.pdf", "Notulen gemeenteraad", "2025-09-25", formula + texts("nl", 12, 21))
    add(room, "raad-2016-b.pdf", "Notulen gemeenteraad", "2016-03-01", formula + texts("nl", 3, 11))
    assert suggested(room, first) == ["raad-2016-b.pdf"]


def test_a_name_alone_makes_no_edition(room: ReadingRoom) -> None:
    first = add(room, "rapport-2023.pdf", "Jaarverslag van de dienst", "2023", texts("nl", 0, 9))
    add(room, "rapport-2024.pdf", "Jaarverslag van de dienst", "2024", texts("nl", 9, 18))
    add(
        room, "rapport-2022.pdf", "Jaarverslag van de dienst", "2022", texts("nl", 0, 3) + texts("nl", 18, 24)
    )
    assert suggested(room, first) == ["rapport-2022.pdf"]


def test_a_text_in_another_language_is_no_edition_though_it_quotes_some_words(room: ReadingRoom) -> None:
    first = add(room, "vraag-nl.pdf", "Vragen en antwoorden", "2022", texts("nl", 0, 6))
    add(room, "vraag-fr.pdf", "Vragen en antwoorden", "2022", texts("nl", 0, 1) + texts("fr", 0, 12))
    assert suggested(room, first) == []


def test_a_word_written_together_with_the_number_of_a_section_is_read_as_it_stands() -> None:
    said: list[Said] = [
        ("paragraph", "nl", "Uitkeringen voor zover niet genoemd onder4.1.1 zijn van1,4% tot 2%.")
    ]
    (passage,) = read_edition([make_page(1, said)], "nl").passages
    assert [word.form for word in passage.words if word.form[-1].isdigit()] == [
        "onder4",
        "1",
        "1",
        "1.4",
        "2",
    ]
