"""A catalogue that is gone, empty or damaged beside originals: said, with a way out, and never begun anew."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from archive.catalogue.catalogue import Catalogue
from archive.database.database import NotACatalogue
from archive.originals import Originals
from archive.records import Description
from tests.surroundings.command_line import run_forked
from tests.surroundings.reading_room import ReadingRoom, make_page

pytest_plugins = ["tests.surroundings.postgresql"]


def terugblik(data: Path, *arguments: str) -> tuple[int, str, str]:
    """The exit code of a verb, and what it said on stdout and stderr."""
    environment = {"PATH": os.environ["PATH"], "TERUGBLIK_DATA": str(data), "HOME": str(data.parent)}
    done = run_forked(arguments, environment, data.parent, stdin="a long password\n")
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a document."""
    room = ReadingRoom(tmp_path_factory.mktemp("whole") / "data")
    room.add([make_page(1, [("paragraph", "fr", "Le pacte de l’emploi.")])], Description("Pacte", 2011))
    room.close()
    return room.settings.data


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "data")
    return tmp_path / "data"


def _delete(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _begin(path: Path) -> None:
    """What a process leaves that was killed before it made the first table."""
    path.unlink()
    begun = sqlite3.connect(path)
    begun.execute("PRAGMA journal_mode = WAL")
    begun.execute("CREATE TABLE alembic_version (version_num TEXT)")
    begun.close()


def _make_half(path: Path) -> None:
    path.unlink()
    half = sqlite3.connect(path)
    half.execute("CREATE TABLE documents (id TEXT)")
    half.close()


def _lose_table(path: Path) -> None:
    holed = sqlite3.connect(path)
    holed.execute("DROP TABLE documents")
    holed.close()


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _overwrite(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def _overwrite_all_but_the_header(path: Path) -> None:
    held = path.read_bytes()
    path.write_bytes(held[:100] + os.urandom(len(held) - 100))


DAMAGES = (
    *(_delete, _empty, _begin, _make_half, _lose_table),
    *(_truncate, _overwrite, _overwrite_all_but_the_header),
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_verb_makes_an_empty_archive_of_one_whose_catalogue_is_lost(
    data: Path, damage: Callable[[Path], None]
) -> None:
    catalogue = data / "catalogue.sqlite"
    damage(catalogue)
    before = catalogue.read_bytes() if catalogue.exists() else None
    code, said, told = terugblik(data, "list")
    assert (code, said) == (5, "")
    assert "terugblik recover" in told
    assert "backup" in told
    assert "Traceback" not in told
    assert (catalogue.read_bytes() if catalogue.exists() else None) == before


def test_a_site_does_not_start_with_a_catalogue_that_is_damaged_somewhere(data: Path) -> None:
    catalogue = data / "catalogue.sqlite"
    connection = sqlite3.connect(catalogue)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passages'").fetchone()
    connection.close()
    content = bytearray(catalogue.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = os.urandom(4096)
    catalogue.write_bytes(content)
    code, said, told = terugblik(data, "serve", "--port", "0")
    assert (code, said) == (5, "")
    assert "terugblik recover" in told


VERBS = (
    ["add", "nothing.pdf"],
    ["check"],
    ["demonstrate"],
    ["export", "0" * 16, "--bag", "bag"],
    ["harvest", "page.html"],
    ["list"],
    ["quote", "le pacte"],
    ["reindex"],
    ["reread", "--all"],
    ["search", "pacte"],
    ["serve", "--port", "0"],
    ["show", "0" * 16],
    ["text", "0" * 16],
    ["user", "add", "ann"],
    ["withdraw", "0" * 16, "--reason", "x"],
    ["work", "--once"],
)


def test_every_verb_says_that_the_catalogue_is_missing(data: Path) -> None:
    (data / "catalogue.sqlite").unlink()
    for verb in VERBS:
        code, said, told = terugblik(data, *verb, "--json")
        assert code == 5, (verb, code, said, told)
        assert json.loads(said)["error"]["hint"], verb
    assert not (data / "catalogue.sqlite").exists()


def test_an_archive_without_originals_begins_by_itself(tmp_path: Path) -> None:
    (tmp_path / "data" / "originals").mkdir(parents=True)
    (tmp_path / "data" / "catalogue.sqlite").touch()
    assert terugblik(tmp_path / "data", "list") == (0, "", "")


def test_an_empty_database_on_a_server_is_no_new_archive_either(tmp_path: Path, catalogue_url: str) -> None:
    originals = Originals(tmp_path / "originals")
    originals.store(BytesIO(b"%PDF-1.7"))
    with pytest.raises(NotACatalogue):
        Catalogue.open(catalogue_url, originals.folder)
    engine = create_engine(catalogue_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
