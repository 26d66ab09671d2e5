"""An archive that can be read and not be written: what reads works, what writes says so."""

import json
import os
import select
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url, text

from archive.catalogue.catalogue import Catalogue
from archive.errors import ReadOnlyArchive
from archive.records import Description, Document
from ingest.language.collection_words_file import WordsFile
from tests.surroundings.command_line import run_forked
from tests.surroundings.read_only_folders import UNPRIVILEGED, full_disk, mounted_read_only, others_folder
from tests.surroundings.reading_room import ReadingRoom, fill

pytest_plugins = ["tests.surroundings.postgresql"]

ROOT = Path(__file__).parents[2]
FIRST_VERSION = Path(__file__).parents[1] / "documents" / "catalogues" / "first-version.sql"
IN_THE_LOG = "Only the log tells of this title"

Place = Callable[[Path], AbstractContextManager[Path]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Document]]:
    """The files of an archive that is in use: what was committed last stands in the log alone."""
    data = tmp_path_factory.mktemp("made") / "var"
    room = ReadingRoom(data)
    documents = fill(room)
    hot = data.with_name("hot")
    WordsFile(data, room.catalogue).look_over()
    sqlite3.connect(data / "catalogue.sqlite").execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    room.catalogue.describe(documents["speech"].id, Description(title=IN_THE_LOG), "test")
    shutil.copytree(data, hot)
    room.close()
    return hot, documents


@pytest.fixture(scope="module")
def in_use(made: tuple[Path, dict[str, Document]]) -> Path:
    return made[0]


@pytest.fixture(scope="module")
def held(made: tuple[Path, dict[str, Document]]) -> dict[str, Document]:
    return made[1]


@pytest.fixture
def closed(in_use: Path, tmp_path: Path) -> Path:
    """The same archive after its last user has closed it: without a log."""
    data = shutil.copytree(in_use, tmp_path / "var")
    with Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}") as catalogue:
        catalogue.mark_ready(catalogue.documents()[0].id, "test")
    assert not (data / "catalogue.sqlite-wal").exists()
    return data


@pytest.fixture
def log_alone(in_use: Path, tmp_path: Path) -> Path:
    """A copy of the catalogue and its log, without what processes share."""
    data = shutil.copytree(in_use, tmp_path / "var")
    (data / "catalogue.sqlite-shm").unlink()
    return data


def terugblik(
    data: Path, *arguments: object, is_privileged: bool = True
) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "TERUGBLIK_DATA": str(data)}
    return run_forked([str(each) for each in arguments], environment, Path("/"), is_privileged=is_privileged)


def answer(done: "subprocess.CompletedProcess[str]", exit_code: int = 0) -> Any:
    assert done.returncode == exit_code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def files_in(folder: Path) -> dict[str, tuple[int, int]]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


PLACES: dict[str, Place] = {"another user": others_folder, "read-only mount": mounted_read_only}


@pytest.mark.parametrize("state", ["in_use", "closed", "log_alone"])
@pytest.mark.parametrize("place", PLACES)
def test_what_was_committed_last_is_read_wherever_nothing_can_be_written(
    place: str, state: str, request: pytest.FixtureRequest
) -> None:
    with PLACES[place](request.getfixturevalue(state)) as data:
        before = files_in(data)
        listed = answer(terugblik(data, "list", "--json", is_privileged=False))["documents"]
        assert IN_THE_LOG in {document["title"] for document in listed}
        assert len(listed) == 4
        assert files_in(data) == before


@pytest.mark.parametrize("state", ["in_use", "closed", "log_alone"])
def test_an_archive_on_a_full_disk_is_read_and_loses_nothing(
    state: str, request: pytest.FixtureRequest
) -> None:
    source = request.getfixturevalue(state)
    with full_disk(source) as data:
        listed = answer(terugblik(data, "list", "--json"))["documents"]
        assert IN_THE_LOG in {document["title"] for document in listed}
        assert answer(terugblik(data, "search", "emploi", "--json"))["total"] > 3
        (data.parent / "filling").unlink()
        again = answer(terugblik(data, "list", "--json"))["documents"]
        assert again == listed


def reading_verbs(held: dict[str, Document], bag: Path) -> dict[tuple[object, ...], Callable[[Any], bool]]:
    pact = held["pact_fr"].id
    return {
        ("list",): lambda told: len(told["documents"]) == 4,
        ("show", pact): lambda told: told["status"] == "ready",
        ("search", "emploi"): lambda told: told["total"] > 3,
        ("text", pact, "--page", "2"): lambda told: len(told["pages"]) == 1,
        ("quote", "La formation des jeunes ouvre la voie"): lambda told: told["verdict"] == "verbatim",
        ("check",): lambda told: told["checked"] == 4,
        ("export", pact, "--bag", bag): lambda told: (Path(told["bag"]) / "bagit.txt").is_file(),
        ("demonstrate",): lambda told: True,
    }


def test_every_verb_that_reads_works_for_another_user(
    closed: Path, held: dict[str, Document], tmp_path: Path
) -> None:
    with others_folder(closed) as data:
        before = files_in(data)
        for verb, is_right in reading_verbs(held, tmp_path / "bag").items():
            done = terugblik(data, *verb, "--json", is_privileged=False)
            assert done.returncode == 0, (verb, done.stdout, done.stderr)
            assert "Traceback" not in done.stderr
            assert not done.stdout or is_right(json.loads(done.stdout)), verb
        assert files_in(data) == before


def test_every_verb_that_writes_says_that_the_archive_is_read_only(
    closed: Path, held: dict[str, Document]
) -> None:
    pact = held["pact_fr"].id
    with others_folder(closed) as data:
        for verb in (
            ("add", "/nowhere.pdf"),
            ("harvest", "/nowhere.html"),
            ("work", "--once"),
            ("reindex",),
            ("correct", pact, "--page", "1", "-"),
            ("uncorrect", pact, "--page", "1"),
            ("ocr", pact, "--page", "1", "--force"),
            ("reread", pact),
            ("withdraw", pact, "--reason", "x"),
            ("restore", pact),
            ("recover",),
            ("user", "add", "ann"),
        ):
            told = answer(terugblik(data, *verb, "--json", is_privileged=False), exit_code=6)
            assert told["error"]["code"] == "read-only", verb


def test_a_read_only_catalogue_of_an_older_version_says_what_to_do(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()
    old = sqlite3.connect(data / "catalogue.sqlite")
    old.executescript(FIRST_VERSION.read_text(encoding="utf-8"))
    old.close()
    with mounted_read_only(data) as mounted:
        told = answer(terugblik(mounted, "list", "--json"), exit_code=6)["error"]
        assert told["code"] == "read-only"
        assert "older version" in told["message"]
        assert "Copy" in told["hint"]
    assert len(answer(terugblik(data, "list", "--json"))["documents"]) == 1


def test_an_empty_read_only_folder_says_that_it_holds_no_catalogue(tmp_path: Path) -> None:
    with mounted_read_only(tmp_path) as mounted:
        told = answer(terugblik(mounted, "list", "--json"), exit_code=6)["error"]
        assert "no catalogue" in told["message"]


def test_a_reader_that_cannot_share_follows_who_can_write(in_use: Path, tmp_path: Path) -> None:
    for name in ("closed", "log alone"):
        data = shutil.copytree(in_use, tmp_path / name)
        if name == "closed":
            with Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}") as owner:
                owner.mark_ready(owner.documents()[0].id, "test")
        else:
            (data / "catalogue.sqlite-shm").unlink()
        with (
            mounted_read_only(data) as mounted,
            Catalogue.open(f"sqlite:///{mounted / 'catalogue.sqlite'}") as reader,
        ):
            one = reader.documents()[0]
            for title in ("First", "Second"):
                with Catalogue.open(f"sqlite:///{data / 'catalogue.sqlite'}") as owner:
                    owner.describe(one.id, Description(title=title), "owner")
                    assert reader.document(one.id).title == title, name
                assert reader.document(one.id).title == title, name


def test_a_catalogue_put_in_the_place_of_another_is_seen_at_once(closed: Path, tmp_path: Path) -> None:
    path, kept = closed / "catalogue.sqlite", tmp_path / "yesterday.sqlite"
    shutil.copy(path, kept)
    with Catalogue.open(f"sqlite:///{path}") as catalogue:
        one = catalogue.documents()[0]
        catalogue.withdraw(one.id, "Privacy", "archivist")
        assert one.id not in catalogue.ready_documents()
        state = catalogue.state()
        for beside in ("-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        kept.replace(path)
        assert one.id in catalogue.ready_documents()
        assert catalogue.state() != state
        catalogue.describe(one.id, Description(title="Since"), "archivist")
    with Catalogue.open(f"sqlite:///{path}") as catalogue:
        assert catalogue.document(one.id).title == "Since"


@pytest.mark.parametrize("how", ["database", "user"])
def test_a_postgresql_catalogue_that_may_only_be_read_is_read(
    request: pytest.FixtureRequest, how: str
) -> None:
    url = make_url(request.getfixturevalue("postgresql_server").new_database())
    with Catalogue.open(str(url)) as catalogue, catalogue.database.writing() as connection:
        if how == "database":
            connection.execute(text(f"ALTER DATABASE {url.database} SET default_transaction_read_only = on"))
        else:
            connection.execute(text("CREATE ROLE reader LOGIN"))
            connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"))
            url = url.set(username="reader")
    with Catalogue.open(str(url)) as catalogue:
        assert catalogue.documents() == []
        assert catalogue.state()
        assert catalogue.database.is_read_only()
        with pytest.raises(ReadOnlyArchive):
            catalogue.record(None, "opening", "tester", {}, {})


# The site


@contextmanager
def serving(data: Path, stderr: Path) -> Iterator[httpx.Client]:
    """A real server that shows the archive, and a client of it."""
    environment = {**os.environ, "TERUGBLIK_DATA": str(data), "PYTHONDONTWRITEBYTECODE": "1"}
    with (
        stderr.open("wb") as told,
        subprocess.Popen(
            [*UNPRIVILEGED, sys.executable, ROOT / "terugblik.py", "serve", "--port", "0", "--json"],
            env=environment,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=told,
        ) as server,
    ):
        try:
            assert server.stdout is not None
            assert select.select([server.stdout], [], [], 120)[0]
            line = server.stdout.readline()
            assert line, stderr.read_text()
            with httpx.Client(base_url=json.loads(line)["url"], timeout=60) as client:
                yield client
        finally:
            server.terminate()
            server.wait(30)


def test_a_read_only_archive_is_shown_and_its_desk_says_so(
    closed: Path, held: dict[str, Document], tmp_path: Path
) -> None:
    pact, stderr = held["pact_fr"].id, tmp_path / "stderr"
    with others_folder(closed) as data:
        before = files_in(data)
        with serving(data, stderr) as client:
            for address in (
                "/nl/",
                "/fr/search?q=emploi",
                "/fr/search.atom?q=emploi",
                "/fr/concordance?q=emploi",
                "/fr/trends?term=emploi",
                "/fr/counterparts?q=emploi",
                f"/fr/document/{pact}",
                f"/fr/document/{pact}/page/2?q=formation",
                f"/fr/document/{pact}/page/2/parallel",
                f"/original/{pact}.pdf",
                "/fr/quote?text=La+formation+des+jeunes+ouvre+la+voie",
                "/api/v1/search?q=emploi",
                "/robots.txt",
                "/nl/help",
            ):
                assert client.get(address, follow_redirects=True).status_code == 200, address
            shown = client.get("/en/archivist/sign-in")
            assert shown.status_code == 200
            assert "read-only" in shown.text
            for address in ("/en/archivist/sign-in", "/en/archivist/add"):
                refused = client.post(address, data={"name": "ann", "password": "x"})
                assert refused.status_code == 503, address
                assert "read-only" in refused.text
        assert files_in(data) == before
    told = stderr.read_text()
    assert told.count("The archive is read-only") == 1
    assert "Traceback" not in told


def test_an_archive_on_a_full_disk_is_shown(closed: Path, held: dict[str, Document], tmp_path: Path) -> None:
    stderr = tmp_path / "stderr"
    with full_disk(closed) as data, serving(data, stderr) as client:
        for address in (
            "/nl/",
            "/fr/search?q=emploi",
            "/fr/concordance?q=emploi",
            f"/fr/document/{held['pact_fr'].id}/page/2?q=formation",
            f"/original/{held['pact_fr'].id}.pdf",
            "/fr/quote?text=La+formation+des+jeunes+ouvre+la+voie",
        ):
            assert client.get(address).status_code == 200, address
    assert "Traceback" not in stderr.read_text()


def test_a_read_only_archive_without_index_is_shown_without_search(
    closed: Path, held: dict[str, Document], tmp_path: Path
) -> None:
    shutil.rmtree(closed / "index")
    stderr = tmp_path / "stderr"
    with mounted_read_only(closed) as data:
        told = answer(terugblik(data, "search", "emploi", "--json"), exit_code=6)["error"]
        assert told["code"] == "index-missing"
        with serving(data, stderr) as client:
            assert client.get("/nl/").status_code == 200
            assert client.get(f"/fr/document/{held['pact_fr'].id}/page/2").status_code == 200
            assert client.get("/fr/search?q=emploi").status_code == 503
    assert "without search" in stderr.read_text()
