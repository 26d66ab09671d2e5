"""Opening a catalogue: made when new, brought up to date when old, left alone when it is none or too new."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.database import migrations
from archive.database.database import CatalogueBusy, CatalogueTooNew, NotACatalogue
from archive.database.tables import SCHEMA_REVISION, metadata
from archive.errors import ServiceUnavailable, SettingError
from archive.originals import StoredOriginal
from archive.records import Description, Health, Provenance, WrittenBlock

pytest_plugins = ["tests.surroundings.postgresql"]

ROOT = Path(__file__).parents[3]


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{quote(str(path))}"


def test_the_migrations_make_the_tables_that_the_program_uses(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue, catalogue.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_that_the_program_asks_for() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [SCHEMA_REVISION]
    assert SCHEMA_REVISION in migrations.known_revisions()


def test_a_catalogue_is_found_again_as_it_was_left(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        document, _is_new = catalogue.receive(
            StoredOriginal("a" * 64, 1), "a.pdf", Description(), Provenance(), "tester"
        )
    with Catalogue.open(catalogue_url) as catalogue:
        assert catalogue.document(document.id) == document


FIRST_VERSION = Path(__file__).parents[2] / "documents" / "catalogues" / "first-version.sql"


def restore_first_version(url: str, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Put a catalogue that the first version wrote at `url`; its rows by table, in order."""
    path = folder / "first.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(FIRST_VERSION.read_text(encoding="utf-8"))
    connection.close()
    source, target = create_engine(sqlite_url(path)), create_engine(url)
    if target.dialect.name == "sqlite":
        shutil.copy(path, target.url.database or "")
    else:
        with target.begin() as there:
            migrations.upgrade(there, "0001")
            held, made = MetaData(), MetaData()
            held.reflect(source)
            made.reflect(there)
            with source.connect() as here:
                for table in made.sorted_tables:
                    rows = here.execute(select(held.tables[table.name])).mappings().all()
                    if rows and table.name != "alembic_version":
                        there.execute(insert(table), [dict(row) for row in rows])
            for name in ("events", "jobs"):
                last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
                there.execute(text(last))
    rows = read_rows(target)
    source.dispose()
    target.dispose()
    return rows


def read_rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the tables of the first version, in the columns that it knew."""
    reflected = MetaData()
    reflected.reflect(engine)
    with engine.connect() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    select(*(column for column in table.c if column.name not in ADDED)).order_by(
                        *table.primary_key
                    )
                )
            ]
            for name, table in reflected.tables.items()
            if name in FIRST_TABLES
        }


FIRST_TABLES = {"documents", "pages", "passages", "events", "jobs", "accounts"}
ADDED = {"health_text_layer", "health_ocr", "reading_choice", "date", "dates_told", "dates_found"} | {
    "state",
    "damage",
    "damaged_since",
    "claimed_by",
    "claim",
    "lease_until",
}


def test_an_archive_of_the_first_version_is_brought_up_to_date_without_loss(
    catalogue_url: str, tmp_path: Path
) -> None:
    before = restore_first_version(catalogue_url, tmp_path)
    assert {name: len(rows) for name, rows in before.items()} == {
        "documents": 1,
        "pages": 1,
        "passages": 31,
        "events": 10,
        "jobs": 4,
        "accounts": 1,
    }
    with Catalogue.open(catalogue_url) as catalogue:
        (document,) = catalogue.documents()
        assert (document.title, document.plan) == ("Verslag van een overleg", "go4brussels-2030")
        assert (document.date, document.dates_found, document.are_dates_sought) == (
            str(document.year) if document.year else None,
            (),
            False,
        )
        page = catalogue.page(document.id, 1)
        assert (page.health, page.source, page.languages) == (Health(), "text layer", ("fr", "nl"))
        assert all(word.boxes for passage in page.blocks for word in passage.words)
        assert catalogue.page_as_read(document.id, 1) == page
        catalogue.correct_page(document.id, 1, [WrittenBlock("paragraph", "nl", "Met de hand")], "ann")
        catalogue.withdraw_correction(document.id, 1, "ann")
        assert catalogue.page(document.id, 1) == page
        with catalogue.database.writing() as connection, pytest.raises(DBAPIError, match="never changed"):
            connection.execute(text("DELETE FROM events"))
    engine = create_engine(catalogue_url)
    after = read_rows(engine)
    engine.dispose()
    written = {name: len(after[name]) - len(before[name]) for name in before}
    assert written == {"documents": 0, "pages": 0, "passages": 0, "events": 2, "jobs": 1, "accounts": 0}
    assert {name: rows[: len(before[name])] for name, rows in after.items()} == before


def test_jobs_that_ran_without_a_lease_wait_again(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        sha256 = "a" * 64
        document, _is_new = catalogue.receive(
            StoredOriginal(sha256, 1), "a.pdf", Description(), Provenance(), "tester"
        )
        with catalogue.database.writing() as connection:
            connection.execute(text("DROP INDEX uq_jobs_running"))
            for name in ("claimed_by", "claim", "lease_until"):
                connection.execute(text(f"ALTER TABLE jobs DROP COLUMN {name}"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
            for kind in ("ingest", "render", "render", "compare"):
                connection.execute(
                    text(
                        "INSERT INTO jobs (document, kind, state, attempts, reason, queued_at, changed_at) "
                        "SELECT document, :kind, 'running', 3, '', queued_at, changed_at "
                        "FROM jobs WHERE id = 1"
                    ),
                    {"kind": kind},
                )
    with Catalogue.open(catalogue_url) as catalogue:
        waiting = Queue(catalogue).waiting()
        assert [(job.kind, job.attempts) for job in waiting] == [("ingest", 0), ("render", 3), ("compare", 3)]
        assert Queue(catalogue).running() == []
        assert {job.document for job in waiting} == {document.id}


def upgrade_and_break_off(catalogue: Catalogue) -> None:
    with catalogue.database.writing() as connection:
        migrations.upgrade(connection)
        raise KeyboardInterrupt


def test_a_migration_happens_wholly_or_not_at_all(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue:
        with catalogue.database.writing() as connection:
            for table in [*reversed(metadata.sorted_tables)]:
                connection.execute(text(f"DROP TABLE {table.name}"))
            connection.execute(text("DELETE FROM alembic_version"))
            if connection.dialect.name == "postgresql":
                connection.execute(text("DROP FUNCTION events_are_kept"))
        with pytest.raises(KeyboardInterrupt):
            upgrade_and_break_off(catalogue)
        with catalogue.database.reading() as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]
            assert connection.execute(text("SELECT * FROM alembic_version")).all() == []
    with Catalogue.open(catalogue_url) as catalogue:
        assert catalogue.documents() == []


_OPEN = """
import sys
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
print("started", flush=True)
sys.stdin.readline()
with Catalogue.open(sys.argv[1]) as catalogue:
    catalogue.record(None, "opening", "tester", {}, {})
"""


def test_processes_that_open_a_new_catalogue_at_once_all_succeed(catalogue_url: str) -> None:
    command = [sys.executable, "-c", _OPEN, catalogue_url]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    with Catalogue.open(catalogue_url) as catalogue:
        assert len(catalogue.events()) == 4


def test_a_catalogue_of_a_newer_version_is_left_untouched(catalogue_url: str) -> None:
    with Catalogue.open(catalogue_url) as catalogue, catalogue.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("DROP TABLE jobs"))
    with pytest.raises(CatalogueTooNew) as caught:
        Catalogue.open(catalogue_url)
    assert "9999" in caught.value.message
    assert (caught.value.exit_code, "Update" in caught.value.hint) == (5, True)
    engine = create_engine(catalogue_url)
    assert "jobs" not in inspect(engine).get_table_names()
    engine.dispose()


def test_a_database_of_another_program_is_left_untouched(catalogue_url: str) -> None:
    engine = create_engine(catalogue_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
    with pytest.raises(NotACatalogue):
        Catalogue.open(catalogue_url)
    assert inspect(engine).get_table_names() == ["recipes"]
    engine.dispose()


def test_a_file_that_is_no_database_is_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"a shopping list, long enough to be taken for something else " * 100)
    before = path.read_bytes()
    with pytest.raises(NotACatalogue) as caught:
        Catalogue.open(sqlite_url(path))
    assert (caught.value.exit_code, path.read_bytes()) == (5, before)


def test_a_damaged_catalogue_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(sqlite_url(path)) as catalogue:
        catalogue.receive(StoredOriginal("a" * 64, 1), "a.pdf", Description(), Provenance(), "tester")
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(NotACatalogue), Catalogue.open(sqlite_url(path)) as catalogue:
        catalogue.documents(["received"])


def test_folders_are_made_and_their_names_may_be_odd(tmp_path: Path) -> None:
    path = tmp_path / "één map" / "100%41 # of zo?" / "catalogue.sqlite"
    with Catalogue.open(sqlite_url(path)) as catalogue:
        assert catalogue.documents() == []
    assert path.is_file()


def test_sqlite_keeps_what_was_committed_and_lets_readers_read(tmp_path: Path) -> None:
    with Catalogue.open(sqlite_url(tmp_path / "catalogue.sqlite")) as catalogue:
        for transaction in (catalogue.database.reading, catalogue.database.writing):
            with transaction() as connection:
                said = {
                    name: connection.execute(text(f"PRAGMA {name}")).scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys")
                }
            assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_copy_without_write_ahead_log_gets_it_again(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    Catalogue.open(sqlite_url(path)).close()
    plain = sqlite3.connect(path)
    plain.execute("PRAGMA journal_mode = DELETE")
    plain.close()
    with Catalogue.open(sqlite_url(path)) as catalogue, catalogue.database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_a_writer_that_waits_in_vain_says_so(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.open(sqlite_url(path) + "?timeout=0.1") as catalogue:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueBusy) as caught:
            catalogue.record(None, "opening", "tester", {}, {})
        assert caught.value.http_status == 503
        assert catalogue.events() == []
        other.execute("COMMIT")
        other.close()
        catalogue.record(None, "opening", "tester", {}, {})


@pytest.mark.parametrize(
    "address", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://user@host/name", "foo+bar://x/y"]
)
def test_an_address_that_cannot_be_used_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(SettingError):
        Catalogue.open(address)


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailable) as caught:
        Catalogue.open(f"postgresql://user:secret@/name?host={tmp_path}")
    assert caught.value.exit_code == 6
    assert "secret" not in caught.value.message


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServiceUnavailable):
        Catalogue.open(sqlite_url(tmp_path / "file" / "catalogue.sqlite"))
