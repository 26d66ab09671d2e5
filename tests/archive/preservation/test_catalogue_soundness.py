"""A catalogue that contradicts itself: every way has its name, and says what makes it good again."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.catalogue.queue import Queue
from archive.preservation import fixity
from archive.preservation.problems import as_text
from tests.surroundings.reading_room import ReadingRoom, fill


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that tests copy."""
    folder = tmp_path_factory.mktemp("filled") / "archive"
    room = ReadingRoom(folder)
    Queue(room.catalogue).enqueue(fill(room)["speech"].id, "render")
    room.close()
    return folder


@pytest.fixture
def catalogue(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "archive")) / "catalogue.sqlite"


def damage(catalogue: Path, statements: str) -> None:
    with closing(sqlite3.connect(catalogue)) as connection:
        connection.executescript(statements)


def found(catalogue: Path) -> set[tuple[str, bool]]:
    """Kinds of problems, and whether each names a document."""
    report = fixity.check(f"sqlite:///{catalogue}", catalogue.parent / "originals")
    assert report.checked == 4
    return {(problem.kind, problem.document is not None) for problem in report.problems}


_UNGUARDED = "DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete; DROP TRIGGER events_no_replace; "


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("", set()),
        ("DELETE FROM pages WHERE number = 2", {("BrokenPages", True)}),
        ("UPDATE pages SET number = 9 WHERE number = 5", {("BrokenPages", True)}),
        ("DELETE FROM passages; DELETE FROM pages; UPDATE documents SET pages = 0", {("BrokenPages", True)}),
        ("UPDATE passages SET words = x'00' WHERE page = 2", {("BrokenPages", True)}),
        ("UPDATE passages SET text = 'Iets ' || text WHERE page = 2", {("BrokenPages", True)}),
        ("UPDATE passages SET text = '' WHERE page = 2", {("BrokenPages", True)}),
        ("UPDATE documents SET languages = '[nl' WHERE language = 'nl'", {("BrokenDocument", True)}),
        ("UPDATE documents SET received_at = 'gisteren'", {("BrokenDocument", True)}),
        ("UPDATE documents SET status = 'lost'", {("BrokenDocument", True)}),
        ("UPDATE documents SET size = 1", {("BrokenDocument", True)}),
        ("UPDATE jobs SET kind = 'dance' WHERE kind = 'render'", {("BrokenDocument", True)}),
        (
            "PRAGMA foreign_keys = OFF; UPDATE jobs SET document = 'ffffffffffffffff' WHERE id = 1",
            {("BrokenReference", False)},
        ),
        ("DROP TRIGGER events_no_update", {("UnprotectedHistory", False)}),
        (
            _UNGUARDED + "DELETE FROM events WHERE type = 'ingestion'",
            {("UnprotectedHistory", False), ("MissingHistory", True)},
        ),
        (
            _UNGUARDED + "UPDATE events SET after = '{' WHERE type = 'ingestion'",
            {("UnprotectedHistory", False), ("MissingHistory", True)},
        ),
        ("UPDATE alembic_version SET version_num = '0001'", {("WrongSchema", False)}),
        ("DROP TABLE corrections", {("WrongSchema", False), ("DamagedCatalogue", True)}),
    ],
)
def test_every_contradiction_has_its_name(
    catalogue: Path, statements: str, expected: set[tuple[str, bool]]
) -> None:
    damage(catalogue, statements)
    assert found(catalogue) == expected


def test_the_report_says_what_makes_it_good_again_and_what_to_do_next(catalogue: Path) -> None:
    sound = as_text(fixity.check(f"sqlite:///{catalogue}", catalogue.parent / "originals"))
    assert sound.splitlines()[0] == "4 files checked, 0 problems."
    damage(catalogue, "DELETE FROM pages WHERE number = 5; DELETE FROM passages WHERE page = 5")
    report = fixity.check(f"sqlite:///{catalogue}", catalogue.parent / "originals")
    (problem,) = report.problems
    assert problem.is_truth
    assert "missing: 5" in problem.detail or "5 pages and has 4" in problem.detail
    told = as_text(report).splitlines()
    assert told[0] == "What cannot be made again:"
    assert f"terugblik reread {problem.document}" in told[2]
    assert told[-2] == "4 files checked, 1 problems."
    assert told[-1].startswith("Next, for BrokenPages: ")
