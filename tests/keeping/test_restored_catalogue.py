"""A catalogue and an index of different days, through the doors of the site and the command line."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.catalogue.catalogue import Catalogue
from archive.records import Description, Document
from index.soundness import look
from search_app import create_app
from tests.index.test_soundness import randomise
from tests.keeping.test_damaged_index import DOORS
from tests.surroundings.command_line import run_forked
from tests.surroundings.reading_room import ReadingRoom, fill, make_page

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


class Days:
    """An archive of today, and its catalogue as it was yesterday."""

    def __init__(self, data: Path) -> None:
        self.data = data
        room = ReadingRoom(data)
        self.documents: dict[str, Document] = fill(room)
        room.leave_no_work()
        room.close()
        self.yesterday = data.with_name("yesterday.sqlite")
        shutil.copy(data / "catalogue.sqlite", self.yesterday)
        shutil.copytree(data / "index", data.with_name("yesterday-index"))
        room = ReadingRoom(data)
        text = "Overmorgen emploi emploi kwatraplan: l’emploi des jeunes compte."
        self.newcomer = room.add(
            [make_page(1, [("paragraph", "fr", text)])], Description("Kwatraplan", 2031, None, "plan", "fr")
        )
        room.leave_no_work()
        self.settings = room.settings
        room.close()

    def run(self, *arguments: str) -> tuple[int, str, str]:
        environment = {**ENVIRONMENT, "TERUGBLIK_DATA": str(self.data)}
        done = run_forked(arguments, environment, self.data)
        return done.returncode, done.stdout, done.stderr

    def findings(self) -> list[str]:
        with Catalogue.open(self.settings.database_url) as catalogue:
            return [finding.kind for finding in look(catalogue, self.data / "index")]


@pytest.fixture
def days(tmp_path: Path) -> Days:
    return Days(tmp_path / "data")


def answers(client: FlaskClient) -> dict[str, str]:
    found = {}
    for door in DOORS:
        answer = client.get(door)
        assert answer.status_code == 200, (door, answer.text)
        found[door] = answer.get_data(as_text=True) if ".xlsx" not in door else ""
    return found


def test_a_document_that_the_restored_catalogue_does_not_know_is_found_nowhere(days: Days) -> None:
    client = create_app(days.settings).test_client()
    assert client.get("/api/v1/search?q=emploi").json["total"] == 6
    assert "2031" in answers(client)["/nl/search?q=emploi"]
    client.application.extensions["library"].catalogue.close()  # while a backup is put back
    shutil.copy(days.yesterday, days.data / "catalogue.sqlite")
    for leftover in ("catalogue.sqlite-wal", "catalogue.sqlite-shm"):
        (days.data / leftover).unlink(missing_ok=True)
    client = create_app(days.settings).test_client()
    for door, told in answers(client).items():
        for trace in (days.newcomer.id, "Kwatraplan", "2031", "Overmorgen"):
            assert trace not in told, (door, trace)
    found = client.get("/api/v1/search?q=emploi").json
    assert (found["total"], found["documents"]) == (5, 2)
    assert sum(found["facets"]["year"].values()) == 5
    assert "kwatraplan" not in client.get("/nl/search?q=kwatraplam").get_data(as_text=True).casefold()
    assert days.findings() == ["UnexpectedInIndex"]
    code, _told, remarks = days.run("work", "--once")
    assert code == 0
    assert days.newcomer.id in remarks, "the worker says what it found"
    assert days.findings() == []
    assert client.get("/api/v1/search?q=emploi").json["total"] == 5


def test_an_index_of_yesterday_answers_and_is_brought_up_to_date(days: Days) -> None:
    with Catalogue.open(days.settings.database_url) as catalogue:
        pages = [make_page(1, [("paragraph", "fr", "Le pacte pour l’emploi, en une page.")])]
        catalogue.store_pages(days.documents["pact_fr"].id, pages, (), None, "test")
    shutil.rmtree(days.data / "index")
    shutil.copytree(days.data.with_name("yesterday-index"), days.data / "index")
    client = create_app(days.settings).test_client()
    answers(client)
    document = days.documents["pact_fr"].id
    assert client.get(f"/fr/document/{document}/page/1?q=emploi").status_code == 200
    assert client.get(f"/fr/document/{document}/page/5?q=emploi").status_code == 404
    assert client.get(f"/fr/search?q=emploi&document={document}").status_code == 200
    assert sorted(days.findings()) == ["MissingInIndex", "OutdatedInIndex"]
    assert days.run("work", "--once")[0] == 0
    assert days.findings() == []
    found = client.get("/api/v1/search?q=emploi").json
    assert {(hit["document"], hit["page"]) for hit in found["hits"]} >= {(document, 1), (days.newcomer.id, 1)}
    assert found["total"] == 3


def drop_the_index(index: Path) -> None:
    shutil.rmtree(index)


def damage_the_index(index: Path) -> None:
    randomise(next(index.glob("*/*.toc")))


def age_the_index(index: Path) -> None:
    next(index.glob("*/fingerprint.json")).write_text('{"fingerprint": "of another version"}')


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (drop_the_index, "index-missing"),
        (damage_the_index, "index-damaged"),
        (age_the_index, "index-mismatch"),
    ],
)
def test_the_command_line_says_what_to_do_and_a_verb_that_works_mends_first(
    days: Days, spoil: Callable[[Path], None], code: str
) -> None:
    spoil(days.data / "index")
    for arguments in (["search", "emploi"], ["quote", "Chaque emploi compte l’emploi des jeunes surtout"]):
        exit_code, told, _remarks = days.run(*arguments, "--json")
        assert exit_code == 6
        assert f'"code": "{code}"' in told
        assert "terugblik reindex" in told
    assert days.run("show", days.newcomer.id)[0] == 0
    exit_code, _told, remarks = days.run("work", "--once")
    assert exit_code == 0
    assert "The index has been made anew." in remarks
    assert days.findings() == []
    exit_code, told, _remarks = days.run("search", "emploi", "--json")
    assert '"total": 6' in told
