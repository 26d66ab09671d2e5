"""`terugblik recover`: what comes back of a lost catalogue, from originals and from bags."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.document_rows import NOT_KEPT
from archive.catalogue.queue import Queue
from archive.catalogue.worker_lock import WorkerLock
from archive.dates import DateFinding
from archive.originals import Originals
from archive.preservation import bagit_export, recovery
from archive.records import Description, WrittenBlock
from index.preparation import Publication
from ingest.acquisition.intake import Intake
from ingest.jobs.worker import Worker
from ingest.sandbox.supervisor import Limits
from tests.material.pdf_files import document
from tests.surroundings.command_line import run_forked
from tests.surroundings.postgresql import PostgresqlServer

pytest_plugins = ["tests.surroundings.postgresql"]

ROOT = Path(__file__).parents[2]
TRUTH = ("documents", "pages", "passages", "passages_as_read", "corrections", "ocr_instructions", "events")


def environment(data: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "TERUGBLIK_DATA": str(data), "HOME": str(data.parent)}


def terugblik(data: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """The exit code of a verb, and what it said on stdout and stderr."""
    done = run_forked([str(one) for one in arguments], environment(data), data.parent)
    return done.returncode, done.stdout, done.stderr


def recover(data: Path, *bags: Path) -> tuple[int, dict[str, Any]]:
    code, said, told = terugblik(data, "recover", "--json", *bags)
    assert "Traceback" not in told
    return code, json.loads(said)


def url(data: Path) -> str:
    return f"sqlite:///{data / 'catalogue.sqlite'}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with three documents that were read: one corrected, one withdrawn, one renamed."""
    data = tmp_path_factory.mktemp("whole") / "data"
    originals = Originals(data / "originals")
    with Catalogue.open(url(data)) as catalogue:
        intake = Intake(catalogue, originals, "ann", max_size=10**7)
        found = DateFinding("2014-04-24", "listing", "24 april 2014", is_certain=True)
        described = Description("Het pact", 2014, "new-deal", "report", "nl", dates=(found,))
        ids = []
        for name, said in (("Alfa", described), ("Beta", Description()), ("Gamma", Description(date=""))):
            path = data.parent / f"{name}.pdf"
            path.write_bytes(document(name, 2))
            accepted = intake.accept(str(path), said)
            assert accepted.document is not None
            ids.append(accepted.document)
        Worker(
            catalogue,
            Queue(catalogue),
            originals,
            data,
            Limits(),
            Publication(catalogue, data / "index", data / "studies"),
        ).run_once()
        catalogue.correct_page(ids[0], 2, [WrittenBlock("heading", "fr", "Corrigé à la main")], "ann")
        catalogue.instruct_ocr(ids[0], 1, "forbid", "ann")
        catalogue.describe(ids[2], Description(title="Gegeven titel"), "ann")
        catalogue.withdraw(ids[1], "asked for by its author", "ben")
        for identifier in ids:
            bagit_export.export(catalogue, originals, identifier, data.parent / "bags" / identifier)
    return data


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole.parent, tmp_path / "archive")
    return tmp_path / "archive" / "data"


@pytest.fixture
def bags(data: Path) -> Path:
    return data.parent / "bags"


def rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Everything that is true, in order."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    with connection:
        found = {
            table: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]
            for table in TRUTH
        }
    connection.close()
    return found


def without_the_derived(held: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    for row in held["documents"]:
        for name in NOT_KEPT:
            del row[name]
    return held


def test_bags_bring_everything_back(data: Path, bags: Path) -> None:
    catalogue = data / "catalogue.sqlite"
    before = without_the_derived(rows(catalogue))
    catalogue.unlink()
    shutil.rmtree(data / "index")
    code, told = recover(data, bags)
    assert (code, told["catalogue"], told["set_aside"]) == (0, "missing", "")
    assert {one["id"]: one["status"] for one in told["documents"]} == {
        row["id"]: "withdrawn" if row["status"] == "withdrawn" else "received" for row in before["documents"]
    }
    assert all((one["source"], one["not_back"]) == ("bag", []) for one in told["documents"])
    assert terugblik(data, "work", "--once")[0] == 0
    after = without_the_derived(rows(catalogue))
    history, recovered = before.pop("events"), after.pop("events")
    assert after == before
    told_before = [{name: event[name] for name in event if name != "id"} for event in history]
    told_after = [{name: event[name] for name in event if name != "id"} for event in recovered]
    by_time = sorted(told_before, key=lambda event: event["at"])
    assert told_after[: len(history)] == by_time, "the history is whole"
    assert [event["type"] for event in told_after[len(history) :]][:4] == ["recovery"] * 4
    assert "Corrigé" in terugblik(data, "search", "corrigé")[1]
    code, said, _told = terugblik(data, "search", "Beta")
    assert "0 pages" in said, "what was withdrawn stays hidden"


def test_originals_alone_bring_back_documents_that_are_read_anew(data: Path) -> None:
    catalogue = data / "catalogue.sqlite"
    before = rows(catalogue)
    catalogue.write_bytes(b"")
    code, told = recover(data)
    assert (code, told["catalogue"], len(told["documents"])) == (0, "missing", 3)
    assert all((one["source"], one["came_back"]) == ("original", ["original"]) for one in told["documents"])
    assert all("withdrawal" in one["not_back"] for one in told["documents"])
    terugblik(data, "work", "--once")
    after = rows(catalogue)
    assert [(row["id"], row["sha256"], row["size"], row["pages"]) for row in after["documents"]] == [
        (row["id"], row["sha256"], row["size"], row["pages"]) for row in before["documents"]
    ]
    assert {row["status"] for row in after["documents"]} == {"ready"}
    assert terugblik(data, "check")[0] == 0
    assert recover(data) == (0, {**told, "catalogue": "sound", "documents": [], "known": 3}), "done twice"


def test_a_damaged_catalogue_is_kept_and_what_it_hid_stays_hidden(data: Path) -> None:
    catalogue = data / "catalogue.sqlite"
    hidden = next(row["id"] for row in rows(catalogue)["documents"] if row["status"] == "withdrawn")
    connection = sqlite3.connect(catalogue)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(catalogue.read_bytes())
    places = [
        place for place in range(4096, len(content), 4096) if b"bladzijde" in content[place : place + 4096]
    ]
    content[places[0] : places[0] + 4096] = os.urandom(4096)
    catalogue.write_bytes(content)
    code, told = recover(data)
    assert (code, told["catalogue"]) == (0, "damaged")
    assert Path(told["set_aside"]).read_bytes() == content
    assert {one["id"]: one["status"] for one in told["documents"]}[hidden] == "withdrawn"
    assert [path.name for path in data.glob("recovering-*")] == []


def test_a_damaged_original_is_named_kept_and_not_shown(data: Path, bags: Path) -> None:
    (data / "catalogue.sqlite").write_bytes(os.urandom(20_000))
    first, second, _third = sorted((data / "originals").rglob("*.pdf"))
    for path in (first, second):
        path.chmod(0o644)
        path.write_bytes(b"%PDF-1.7 something else")
    code, told = recover(data, bags / second.stem[:16])
    assert code == 5
    states = {one["id"]: (one["status"], one["source"]) for one in told["documents"]}
    assert states[first.stem[:16]] == ("failed", "original")
    assert states[second.stem[:16]][1] == "bag", "its bag has the original"
    assert first.read_bytes() == b"%PDF-1.7 something else"
    (aside,) = (data / "set-aside").iterdir()
    assert aside.read_bytes() == b"%PDF-1.7 something else"
    code, said, _told = terugblik(data, "show", first.stem[:16], "--json")
    assert (code, json.loads(said)["status"]) == (0, "failed")
    assert "backup" in json.loads(said)["reason"]


def test_originals_that_are_gone_come_back_from_bags(data: Path, bags: Path) -> None:
    (data / "catalogue.sqlite").unlink()
    shutil.rmtree(data / "originals")
    code, told = recover(data, bags)
    assert (code, len(told["documents"])) == (0, 3)
    assert len(list((data / "originals").rglob("*.pdf"))) == 3


def test_yesterdays_catalogue_learns_of_todays_originals(data: Path, bags: Path) -> None:
    catalogue = data / "catalogue.sqlite"
    known = rows(catalogue)["documents"]
    new = Originals(data / "originals")
    path = data.parent / "new.pdf"
    path.write_bytes(document("Delta", 1))
    with path.open("rb") as file:
        sha256 = new.store(file).sha256
    (data / "originals" / "notes.txt").write_text("not an original")
    code, told = recover(data, bags)
    assert (code, told["catalogue"], told["known"]) == (0, "sound", 3)
    assert [one["id"] for one in told["documents"]] == [sha256[:16]]
    assert [Path(stranger).name for stranger in told["strangers"]] == ["notes.txt"]
    after = rows(catalogue)["documents"]
    assert [row for row in after if row["id"] != sha256[:16]] == known
    terugblik(data, "work", "--once")
    assert "1 documents" in terugblik(data, "search", "Delta")[1]


def test_the_newest_bag_counts_and_a_damaged_one_stops_everything(data: Path, bags: Path) -> None:
    (row,) = [row for row in rows(data / "catalogue.sqlite")["documents"] if row["title"] == "Gegeven titel"]
    with Catalogue.open(url(data)) as catalogue:
        catalogue.describe(row["id"], Description(title="Later"), "ann")
        bagit_export.export(catalogue, Originals(data / "originals"), row["id"], bags / "a-later-one")
    (data / "catalogue.sqlite").unlink()
    (data / "catalogue.sqlite-wal").unlink(missing_ok=True)
    text = bags / "a-later-one" / "data" / "metadata.json"
    held = text.read_text(encoding="utf-8")
    text.write_text(held.replace("Later", "Forged"), encoding="utf-8")
    code, said, told = terugblik(data, "recover", bags)
    assert (code, said) == (3, "")
    assert "a-later-one" in told
    assert not (data / "catalogue.sqlite").exists(), "nothing was changed"
    text.write_text(held, encoding="utf-8")
    assert recover(data, bags)[0] == 0
    assert "Later" in terugblik(data, "list")[1]


def test_a_bag_whose_text_ends_too_early_is_refused(data: Path, bags: Path) -> None:
    """Its checksums hold: it was made so, or sealed anew."""
    (data / "catalogue.sqlite").unlink()
    folder = next(bags.iterdir())
    text = folder / "data" / "pages.jsonl"
    text.write_text(text.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    bagit.Bag(str(folder)).save(manifests=True)
    code, said, told = terugblik(data, "recover", bags)
    assert (code, said) == (3, "")
    assert "1 of 2 pages" in told
    assert not (data / "catalogue.sqlite").exists(), "nothing was changed"


def test_bags_of_versions_that_did_not_keep_everything_are_read(data: Path, bags: Path) -> None:
    catalogue = data / "catalogue.sqlite"
    before = {row["id"]: row for row in rows(catalogue)["documents"]}
    corrections = rows(catalogue)["corrections"]
    for folder in bags.iterdir():
        (folder / "data" / "catalogue.json").unlink()
        for name in ("pages.jsonl", "pages_as_read.jsonl"):
            pages = [json.loads(line) for line in (folder / "data" / name).read_text("utf-8").splitlines()]
            for page in pages:
                del page["needs_ocr"]
                page["blocks"] = [
                    {key: value for key, value in block.items() if key not in ("starts", "doubtful")}
                    for block in page["blocks"]
                ]
            (folder / "data" / name).write_text("".join(json.dumps(page) + "\n" for page in pages), "utf-8")
        old = bagit.Bag(str(folder))
        old.save(manifests=True)
    catalogue.unlink()
    code, told = recover(data, bags)
    assert code == 0
    assert all(one["not_back"] == ["text"] for one in told["documents"])
    terugblik(data, "work", "--once")
    after = {row["id"]: row for row in rows(catalogue)["documents"]}
    said = ("title", "year", "date", "plan", "kind", "language", "dates_told", "status", "reason", "filename")
    for identifier, row in before.items():
        # That a date was said to be unknown stood in no event of the time.
        assert [after[identifier][name] or None for name in said] == [row[name] or None for name in said]
    assert rows(catalogue)["corrections"] == corrections


@pytest.fixture
def running(data: Path) -> Iterator[None]:
    with WorkerLock(data):
        yield


@pytest.mark.usefixtures("running")
def test_beside_a_worker_nothing_is_recovered(data: Path) -> None:
    (data / "catalogue.sqlite").unlink()
    assert terugblik(data, "recover")[0] == 6
    assert not (data / "catalogue.sqlite").exists()


def test_an_empty_database_on_a_server_is_filled_at_once(
    postgresql_server: PostgresqlServer, data: Path, bags: Path
) -> None:
    before = rows(data / "catalogue.sqlite")
    (data / "catalogue.sqlite").unlink()
    address = postgresql_server.new_database()
    report = recovery.recover(address, data, [bags], "ann")
    assert (report.catalogue, len(report.documents)) == ("missing", 3)
    with Catalogue.open(address, data / "originals") as catalogue:
        held = catalogue.documents(("received", "withdrawn"))
        assert {one.id for one in held} == {row["id"] for row in before["documents"]}
        assert len([event for event in catalogue.events(None, None) if event.type != "recovery"]) == len(
            before["events"]
        )
    again = recovery.recover(address, data, [bags], "ann")
    assert (again.catalogue, again.documents, again.known) == ("sound", (), 3)


def test_killed_in_the_middle_it_has_changed_nothing(data: Path, bags: Path) -> None:
    catalogue = data / "catalogue.sqlite"
    catalogue.write_bytes(os.urandom(50_000))
    damaged = catalogue.read_bytes()
    command = [sys.executable, str(ROOT / "terugblik.py"), "recover", str(bags)]
    process = subprocess.Popen(command, env=environment(data), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(data.glob("recovering-*/catalogue.sqlite")) and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert catalogue.read_bytes() == damaged
    assert terugblik(data, "list")[0] == 5
    code, told = recover(data, bags)
    assert (code, len(told["documents"])) == (0, 3)
    assert not list(data.glob("recovering-*"))


def test_another_programs_database_is_left_alone(data: Path) -> None:
    path = data / "catalogue.sqlite"
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    code, _said, told = terugblik(data, "recover")
    assert (code, "recipes" in told) == (2, True)
    assert path.read_bytes() == before


def test_where_there_is_nothing_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert terugblik(tmp_path / "data", "recover")[0] == 5
    assert terugblik(tmp_path / "nowhere", "recover")[0] == 5
    assert not (tmp_path / "data" / "catalogue.sqlite").exists()
