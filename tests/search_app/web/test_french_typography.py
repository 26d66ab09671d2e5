"""In French a no-break space comes before : ; ? ! % and » and after «, whoever writes the sign: a message, a
template, or the code that puts messages together. Quoted text and addresses are left as they are."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from archive.accounts.accounts import Accounts
from archive.dates import DateFinding
from archive.preservation import fixity
from archive.preservation.check_outcomes import record_check
from archive.reading_warnings import ReadingWarning
from archive.records import Description, Document
from search_app import create_app
from tests.material.parallel_texts import fill_parallel
from tests.material.two_editions import add_editions
from tests.surroundings.reading_room import ReadingRoom, fill, form_token, make_page

TEMPLATES = Path(__file__).parents[3] / "search_app" / "templates"

ACCOUNT = {"name": "ann", "password": "correct horse battery"}

NOT_OURS = (
    "code, kbd, pre, q, blockquote, mark, bdi, textarea, input, template, script, style, [lang]:not(html)"
)
"""Elements that hold quoted text, code or another language."""

QUOTED = ".page-text, .excerpt, .examples li > p:not(.aside), .pairs .side, .kwic td"
"""Where pages show the text of documents."""

SPOKEN = ("title", "alt", "placeholder", "aria-label", "data-label", "content", "data-chosen")

WRONG = re.compile(
    r"(?<![\xa0\u202f])[;?!»]"
    r"|«(?![\xa0\u202f])"
    r"|(?<![\xa0\u202f])%(?![0-9A-F]{2})"
    r"|(?<![\xa0\u202f]):(?=\s|$)"
)
"""A sign without its space. A colon within a word belongs to a time, an address or a query."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path_factory.mktemp("archive"))
    Accounts(room.catalogue).add(**ACCOUNT)
    yield room
    room.close()


@pytest.fixture(scope="module")
def held(room: ReadingRoom) -> dict[str, Document]:
    """Documents of many kinds, and a history in which everything has happened."""
    older, newer = add_editions(room)
    held = {**fill(room), **fill_parallel(room), "older": older, "newer": newer}
    catalogue, document = room.catalogue, held["pact_fr"]
    catalogue.store_dates(
        document.id,
        [
            DateFinding("2011-04-24", "text", "approuvé le 24 avril 2011", 1),
            DateFinding("2011", "file name", "pacte (2011)", None, True),
        ],
        "test",
    )
    catalogue.describe(document.id, Description("Pacte", 2012, "", "annex", "nl"), "test")
    catalogue.instruct_ocr(document.id, 2, "force", "test")
    catalogue.mark_images(document.id, "test")
    catalogue.mark_failed(held["speech"].id, "Hors service.", "test")
    pages = [make_page(number, [("paragraph", "fr", "Une page douteuse.")]) for number in (1, 2)]
    doubtful = room.add(
        pages,
        Description("Douteux", 2013),
        warnings=[
            ReadingWarning("ocr_failed", (1,), {"reason": "x"}),
            ReadingWarning("doubtful_words", (2,), {}),
        ],
    )
    held["doubtful"] = doubtful
    report = fixity.check(room.settings.database_url, room.originals.folder)
    record_check(catalogue, report, "test", repaired=1)
    return held


@pytest.fixture(scope="module")
def client(room: ReadingRoom, held: dict[str, Document]) -> FlaskClient:
    """Somebody who has signed in."""
    client = create_app(room.settings).test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    form = {"token": form_token(client), **ACCOUNT}
    assert client.post("/en/archivist/sign-in", data=form).status_code == 303
    return client


def addresses(held: dict[str, Document]) -> list[str]:
    """Pages of every kind, without the language that their addresses begin with."""
    pact, plan = held["pact_fr"].id, held["plan_fr"].id
    quoted = quote_plus("Le pacte de l’emploi engage vraiment les partenaires sociaux")
    return [
        "/",
        "/help",
        "/documents",
        "/search?q=emploi",
        "/search?q=emploi&by=page&sort=date&kind=plan&language=fr",
        "/search?q=xyzzyqq",
        "/search?q=emploi&year=soon",
        "/search?q=emploi&from=20",
        "/concordance?q=emploi",
        "/trends?term=emploi&term=jeunes&term=zzzz",
        "/trends?term=emploi&by=plan",
        "/trends?term=a&year=soon",
        "/counterparts?from=nl&to=fr&q=werkgelegenheid",
        "/counterparts?from=fr&to=nl&q=emploi",
        "/counterparts?from=nl&to=fr&q=in",
        f"/quote?text={quoted}",
        f"/document/{pact}",
        f"/document/{pact}/versions",
        f"/document/{held['older'].id}/versions/{held['newer'].id}",
        f"/document/{pact}/page/1?q=emploi",
        f"/document/{pact}/page/1?passage=partenaires+sociaux",
        f"/document/{pact}/page/99",
        f"/document/{pact}/cite",
        f"/document/{pact}/page/1/cite?words=0-4",
        f"/document/{pact}/page/1/parallel",
        f"/document/{plan}/page/1/parallel?q=emploi",
        f"/document/{held['doubtful'].id}/page/2",
        f"/document/{held['speech'].id}",
        "/archivist/",
        "/archivist/add",
        "/archivist/documents",
        "/archivist/history",
        "/archivist/password",
        *(f"/archivist/document/{one.id}/" for one in held.values()),
        *(f"/archivist/document/{one.id}/pages?show=all" for one in held.values()),
        f"/archivist/document/{pact}/page/2/",
    ]


def texts(markup: str) -> Iterator[str]:
    """What a page says in its own words, element by element with the inline ones in them, and what its
    attributes say."""
    page = BeautifulSoup(markup, "html.parser")
    for element in page.select(f"{NOT_OURS}, {QUOTED}"):
        element.replace_with("…")
    for element in page.find_all(True):
        yield from (element[name] for name in SPOKEN if isinstance(element.get(name), str))
    yield page.get_text()


def wrongs(text: str) -> list[str]:
    text = re.sub(r"https?://\S+", "…", text)
    return [text[max(0, found.start() - 30) : found.end() + 20] for found in WRONG.finditer(text)]


def test_no_sign_on_a_french_page_lacks_its_space(client: FlaskClient, held: dict[str, Document]) -> None:
    found = []
    for address in addresses(held):
        answer = client.get(f"/fr{address}")
        assert answer.status_code in (200, 400, 404, 410), (address, answer.status_code)
        markup = answer.get_data(as_text=True)
        assert '<html lang="fr"' in markup, address
        found += [(address, wrong) for text in texts(markup) for wrong in wrongs(text)]
    assert found == []


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_leave_signs_with_a_space_to_messages(template: Path) -> None:
    """A sign in a template would be written in the same way in all languages."""
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)
    assert "striptags" not in text  # it makes plain spaces of no-break spaces
    for expression in re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.DOTALL):
        assert not re.search(r"""join\((["'])[^"']*[:;?!]""", expression), expression
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "…", text, flags=re.DOTALL)
    text = re.sub(r"<(code|pre|script)\b.*?</\1>|<!doctype html>", "", text, flags=re.DOTALL)
    spoken = re.findall(r'\b(?:title|alt|placeholder|aria-label|data-label)="([^"]*)"', text)
    text = re.sub(r"<[^>]*>|&#?\w+;", "", text)
    wrongs = [sign for each in (text, *spoken) for sign in re.findall(r"…? ?[:;!%«»“”]…?|\w\?", each)]
    assert wrongs == []
