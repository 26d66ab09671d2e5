"""Warnings on a document as people read them: in their language, on the document, its pages and the desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from archive.accounts.accounts import Accounts
from archive.languages import INTERFACE_LANGUAGES, Language
from archive.reading_warnings import FOR_ARCHIVISTS, ReadingWarning, WarningCode
from archive.records import Description, Document, WrittenBlock
from ingest.read_document import read_document
from search_app import create_app
from search_app.document.warning_words import warning_texts
from tests.material.lying_fonts import Text, set_in_faces, shifted
from tests.material.pdf_files import NL
from tests.surroundings.reading_room import ReadingRoom, form_token, make_page

ATTACHED = ReadingWarning("attachments", (), {"number": 1, "names": "rekening.xlsx"})
HIDDEN = ReadingWarning("hidden_text", (1, 2))
CELLS = ReadingWarning("empty_cells", (2,))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    Accounts(room.catalogue).add("ann", "correct horse battery")
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> Document:
    pages = [make_page(number, [("paragraph", "nl", "Opleiding en werk.")]) for number in (1, 2)]
    return room.add(pages, Description("Rekening", 2011), warnings=[ATTACHED, HIDDEN, CELLS])


@pytest.fixture(scope="module")
def app(room: ReadingRoom, held: Document) -> Flask:
    return create_app(room.settings)


def warnings_at(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return [found.get_text() for found in BeautifulSoup(answer.data, "html.parser").select(".warning")]


@pytest.mark.parametrize(
    ("language", "attached", "cells"),
    [
        ("nl", "Bij dit document zitten andere bestanden", "Pagina 2. In sommige cellen"),
        ("fr", "D’autres fichiers sont joints", "Page 2. Certaines cellules"),
        ("en", "Other files are attached", "Page 2. Some cells"),
    ],
)
def test_readers_are_told_what_is_missing_on_the_document_and_its_pages(
    app: Flask, held: Document, language: str, attached: str, cells: str
) -> None:
    client = app.test_client()
    on_document = warnings_at(client, f"/{language}/document/{held.id}")
    assert len(on_document) == 2, "hidden text is for archivists"
    assert on_document[0].startswith(attached)
    assert "rekening.xlsx" in on_document[0]
    assert on_document[1].startswith(cells)
    assert warnings_at(client, f"/{language}/document/{held.id}/page/1") == []
    (on_page,) = warnings_at(client, f"/{language}/document/{held.id}/page/2")
    assert on_page.startswith(cells)


def test_archivists_are_told_of_hidden_text_and_what_to_do(app: Flask, held: Document) -> None:
    client = app.test_client()
    form = {"token": form_token(client), "name": "ann", "password": "correct horse battery"}
    client.post("/en/archivist/sign-in", data=form)
    desk = f"/en/archivist/document/{held.id}"
    on_document = warnings_at(client, f"{desk}/")
    assert on_document[0].endswith("save them from the original and add each as a document.")
    assert on_document[1].startswith("Pages 1–2. The file contains text that the printed page does not show")
    assert [warning_texts.split(".")[0] for warning_texts in warnings_at(client, f"{desk}/page/2/")] == [
        "Pages 1–2",
        "Page 2",
    ]
    assert "rekening.xlsx" in client.get(f"{desk}/").text.split('class="history"')[1]


def test_programs_get_codes_with_the_sentences(app: Flask, held: Document) -> None:
    client = app.test_client()
    document = client.get(f"/api/v1/documents/{held.id}").get_json()
    assert [warning["code"] for warning in document["coded_warnings"]] == ["attachments", "empty_cells"]
    assert document["warnings"] == [warning["text"] for warning in document["coded_warnings"]]
    pages = [client.get(f"/api/v1/documents/{held.id}/pages/{number}").get_json() for number in (1, 2)]
    assert [[warning["code"] for warning in page["coded_warnings"]] for page in pages] == [
        [],
        ["empty_cells"],
    ]


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_warning_is_told_in_every_language(app: Flask, language: Language) -> None:
    values = {
        "text": "Told before.",
        "reason": "why",
        "number": 2,
        "names": "a.pdf",
        "pages": 4,
        "counted": 5,
    }
    for code in get_args(WarningCode):
        warning = ReadingWarning(code, (1, 3), values)
        with app.test_request_context(f"/{language}/"):
            app.preprocess_request()
            for_readers, for_archivists = (
                warning_texts([warning]),
                warning_texts([warning], is_archivist=True),
            )
        assert len(for_readers) == (code not in FOR_ARCHIVISTS)
        (shown,) = for_archivists
        assert shown.text.endswith(".")
        assert "%(" not in shown.text
        assert shown.where.endswith({"nl": "1 en 3", "fr": "1 et 3", "en": "1 and 3"}[language])


def test_a_long_list_of_attached_files_is_cut(app: Flask) -> None:
    many = ReadingWarning("portfolio", (), {"number": 400, "names": ", ".join(["bijlage.pdf"] * 400)})
    with app.test_request_context("/en/"):
        (shown,) = warning_texts([many])
    assert len(shown.text) < 700
    assert "400: bijlage.pdf, " in shown.text


def test_a_warning_of_an_older_version_is_marked_as_english(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    noted = ReadingWarning("noted", (), {"text": "Page 3 could not be read."})
    document = room.add([make_page(1, [("paragraph", "nl", "Werk.")])], Description("Oud"), warnings=[noted])
    page = create_app(room.settings).test_client().get(f"/nl/document/{document.id}")
    assert BeautifulSoup(page.data, "html.parser").select_one(".warning")["lang"] == "en"
    room.close()


def test_words_of_a_lying_font_are_told_and_marked_with_their_page(tmp_path: Path) -> None:
    """As read from a file: what may not be read by OCR stays as the file says, marked, in page and JSON."""
    file = tmp_path / "figures.pdf"
    row: list[Text] = [(72, 340, "plain", 11, "Personeel"), (250, 340, "second", 11, "1.234")]
    lines: list[Text] = [(72, 100 + 16 * place, "plain", 11, NL) for place in range(8)]
    file.write_bytes(set_in_faces([lines, [*lines, *row]], {"second": shifted("0123456789")}))
    reading = read_document(file, 10, lambda done, total: None, ocr_instructions={2: "forbid"})
    room = ReadingRoom(tmp_path / "archive")
    document = room.add(list(reading.pages), Description("Rekening", 2011), warnings=reading.warnings)
    client = create_app(room.settings).test_client()
    for language, text in (
        ("nl", "Het bestand geeft"),
        ("fr", "le fichier indique"),
        ("en", "For some words, the letters in the file"),
    ):
        address = f"/{language}/document/{document.id}/page"
        assert warnings_at(client, f"{address}/1") == []
        warning, marked = warnings_at(client, f"{address}/2")
        assert text in warning
        assert marked.startswith("1 ")
    first, second = (
        client.get(f"/api/v1/documents/{document.id}/pages/{number}").get_json() for number in (1, 2)
    )
    assert first["coded_warnings"] == []
    assert [warning_texts["code"] for warning_texts in second["coded_warnings"]] == ["lying_font_unread"]
    words = [word for block in second["blocks"] for word in block["words"]]
    assert [word["text"] for word in words if word.get("doubtful")] == ["4.567"]
    room.close()


@pytest.mark.parametrize(
    ("language", "on_page", "of_words"),
    [
        ("nl", "Pagina 2. Het is niet zeker in welke volgorde", "rond deze woorden"),
        ("fr", "Page 2. L’ordre de lecture", "autour de ces mots"),
        ("en", "Page 2. It is not certain in which order", "around these words"),
    ],
)
def test_words_on_a_page_whose_order_is_unsure_are_told(
    tmp_path: Path, language: str, on_page: str, of_words: str
) -> None:
    """On the page, with the check of a quotation, on the card and in JSON; not on other pages."""
    room = ReadingRoom(tmp_path)
    said = ["De stad koopt elk jaar huizen.", "Het gewest geeft daar geld voor."]
    pages = [make_page(number, [("paragraph", "nl", text)]) for number, text in enumerate(said, 1)]
    document = room.add(pages, Description("Wonen", 2011), warnings=[ReadingWarning("unsure_order", (2,))])
    client = create_app(room.settings).test_client()

    assert warnings_at(client, f"/{language}/document/{document.id}/page/1") == []
    assert warnings_at(client, f"/{language}/document/{document.id}/page/2")[0].startswith(on_page)
    checked = [warnings_at(client, f"/{language}/quote?text={text}") for text in said]
    assert [len(found) for found in checked] == [0, 1]
    assert of_words in checked[1][0]
    cards = [
        client.get(f"/{language}/document/{document.id}/page/{number}/cite.json?words=1-4").get_json()
        for number in (1, 2)
    ]
    assert [any(of_words in notice for notice in card["notices"]) for card in cards] == [False, True]
    answers = [client.get("/api/v1/quote", query_string={"text": text}).get_json() for text in said]
    assert [match["order_unsure"] for answer in answers for match in answer["matches"]] == [False, True]
    room.close()


def test_a_passage_over_two_pages_is_unsure_only_by_a_page_that_nobody_corrected(tmp_path: Path) -> None:
    room = ReadingRoom(tmp_path)
    said = ["De stad koopt elk jaar huizen en", "verhuurt die aan gezinnen."]
    pages = [make_page(number, [("paragraph", "nl", text)]) for number, text in enumerate(said, 1)]
    document = room.add(pages, Description("Wonen", 2011), warnings=[ReadingWarning("unsure_order", (2,))])
    client = create_app(room.settings).test_client()

    def notices() -> list[str]:
        address = f"/nl/document/{document.id}/page/1/cite.json"
        card = client.get(address, query_string={"passage": "huizen en verhuurt die"}).get_json()
        assert [sheet["number"] for sheet in card["pages"]] == [1, 2]
        return [notice for notice in card["notices"] if "rond deze woorden" in notice]

    assert len(notices()) == 1
    room.catalogue.correct_page(
        document.id, 2, [WrittenBlock("paragraph", "nl", "verhuurt die aan grote gezinnen.")], "ann"
    )
    assert notices() == []
    room.close()
