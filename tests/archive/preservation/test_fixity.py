"""Fixity: every way in which originals and catalogue can come apart has its name."""

import io
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.errors import DamagedArchive, ServiceUnavailable
from archive.originals import Originals
from archive.preservation import fixity
from archive.preservation.problems import CheckReport
from archive.records import Description, Document, Provenance

pytest_plugins = ["tests.surroundings.postgresql"]


class Held:
    """An archive of three documents."""

    def __init__(self, new_catalogue_url: str, folder: Path) -> None:
        self.url = new_catalogue_url
        self.originals = Originals(folder / "originals")
        with Catalogue.open(new_catalogue_url) as catalogue:
            self.documents = [self.receive(catalogue, name) for name in ("one", "two", "three")]

    def receive(self, catalogue: Catalogue, name: str) -> Document:
        stored = self.originals.store(io.BytesIO(b"%PDF-1.7 " + name.encode() * 100))
        return catalogue.receive(stored, name + ".pdf", Description(), Provenance(), "tester")[0]

    def path(self, number: int) -> Path:
        return self.originals.path(self.documents[number].sha256)

    def check(self) -> CheckReport:
        return fixity.check(self.url, self.originals.folder)

    def problems(self) -> list[tuple[str, str | None]]:
        return [(problem.kind, problem.document) for problem in self.check().problems]


@pytest.fixture
def held(new_catalogue_url: str, tmp_path: Path) -> Held:
    return Held(new_catalogue_url, tmp_path)


@pytest.fixture
def held_in_sqlite(tmp_path: Path) -> Held:
    return Held(f"sqlite:///{tmp_path / 'catalogue.sqlite'}", tmp_path)


def test_a_sound_archive_has_no_problems(held: Held) -> None:
    told: list[tuple[int, int]] = []
    report = fixity.check(held.url, held.originals.folder, lambda done, total: told.append((done, total)))
    assert report.as_json() == {"ok": True, "checked": 3, "problems": []}
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_one_flipped_bit_is_a_checksum_mismatch(held: Held) -> None:
    path = held.path(1)
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    report = held.check()
    (problem,) = report.problems
    assert (problem.kind, problem.document) == ("ChecksumMismatch", held.documents[1].id)
    assert held.documents[1].sha256 in problem.detail
    assert (report.ok, report.checked) == (False, 3)
    assert report.as_json()["problems"] == [
        {
            "kind": "ChecksumMismatch",
            "document": held.documents[1].id,
            "detail": problem.detail,
            "truth": True,
            "repair": problem.repair,
        }
    ]
    assert "backup" in problem.repair


def test_a_lost_original_is_a_missing_file(held: Held) -> None:
    held.path(0).unlink()
    assert held.problems() == [("FileMissing", held.documents[0].id)]
    assert held.check().checked == 2


def test_a_lost_folder_is_a_missing_file_for_every_document(held_in_sqlite: Held) -> None:
    held_in_sqlite.originals.folder.rename(held_in_sqlite.originals.folder.with_name("elsewhere"))
    assert [kind for kind, _document in held_in_sqlite.problems()] == ["FileMissing"] * 3


def make_stray(held: Held) -> Path:
    stray = held.originals.folder / "ab" / "stray.pdf"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    return stray


def make_copy_in_the_wrong_place(held: Held) -> Path:
    copy = held.originals.folder / held.path(0).name
    copy.write_bytes(held.path(0).read_bytes())
    return copy


def make_uncatalogued(held: Held) -> Path:
    return held.originals.path(held.originals.store(io.BytesIO(b"stored, never received")).sha256)


def make_old_leftover(held: Held) -> Path:
    leftover = held.originals.folder / "incoming-abc.part"
    leftover.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(leftover, (two_days_ago, two_days_ago))
    return leftover


@pytest.mark.parametrize(
    "make", [make_stray, make_copy_in_the_wrong_place, make_uncatalogued, make_old_leftover]
)
def test_a_file_of_no_document_is_unexpected(held_in_sqlite: Held, make: Callable[[Held], Path]) -> None:
    path = make(held_in_sqlite)
    (problem,) = held_in_sqlite.check().problems
    assert (problem.kind, problem.document) == ("UnexpectedFile", None)
    assert str(path) in problem.detail


def test_an_original_that_an_interrupted_add_left_is_named_so_and_adding_it_again_is_enough(
    held_in_sqlite: Held,
) -> None:
    """Killed after the file was stored and before the catalogue knew of it."""
    held, content = held_in_sqlite, b"%PDF-1.7 stored, never received"
    held.originals.store(io.BytesIO(content))
    (problem,) = held.check().problems
    assert problem.detail.endswith("An `add` that was interrupted leaves such a file.")
    assert problem.repair.startswith("If it is an original, add the file again")
    stored = held.originals.store(io.BytesIO(content))
    with Catalogue.open(held.url) as catalogue:
        _document, is_new = catalogue.receive(
            stored, "again.pdf", Description(), Provenance(), "tester", False
        )
    assert is_new
    assert held.check().ok


def test_a_write_in_progress_is_no_problem(held_in_sqlite: Held) -> None:
    (held_in_sqlite.originals.folder / "incoming-abc.part").write_bytes(b"half")
    assert held_in_sqlite.check().ok


def test_a_new_archive_has_no_problems(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    Catalogue.open(url).close()
    report = fixity.check(url, tmp_path / "originals")
    assert (report.ok, report.checked) == (True, 0)


def test_what_is_received_during_the_check_is_no_problem(held: Held) -> None:
    def receive_another(done: int, _total: int) -> None:
        with Catalogue.open(held.url) as catalogue:
            held.receive(catalogue, f"late {done}")

    assert fixity.check(held.url, held.originals.folder, receive_another).ok
    assert held.check().checked == 6


def test_a_link_or_a_pipe_is_not_an_original(held_in_sqlite: Held) -> None:
    first, second = held_in_sqlite.path(0), held_in_sqlite.path(1)
    first.rename(first.parents[2] / "elsewhere.pdf")
    first.symlink_to(first.parents[2] / "elsewhere.pdf")
    second.unlink()
    os.mkfifo(second)
    assert held_in_sqlite.problems() == [
        ("FileMissing", document.id)
        for document in sorted(held_in_sqlite.documents[:2], key=lambda one: one.id)
    ]


def test_a_file_that_cannot_be_read_is_said_to_be_so(held_in_sqlite: Held) -> None:
    folder = held_in_sqlite.path(0).parent
    held_in_sqlite.path(0).unlink()
    folder.rmdir()
    folder.symlink_to(folder)  # opening anything below it fails, even for root
    assert ("UnreadableFile", held_in_sqlite.documents[0].id) in held_in_sqlite.problems()


def test_a_withdrawn_document_is_checked_too(held: Held) -> None:
    with Catalogue.open(held.url) as catalogue:
        catalogue.withdraw(held.documents[0].id, "x", "archivist")
    held.path(0).unlink()
    assert held.problems() == [("FileMissing", held.documents[0].id)]


def test_a_check_changes_nothing(held_in_sqlite: Held, tmp_path: Path) -> None:
    def state() -> list[tuple[str, int, int]]:
        paths = sorted(path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".pdf")
        return [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]

    catalogue = tmp_path / "catalogue.sqlite"
    before = (state(), catalogue.read_bytes())
    assert held_in_sqlite.check().ok
    assert (state(), catalogue.read_bytes()) == before


def test_damage_inside_the_catalogue_is_found(held_in_sqlite: Held, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (number,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_documents_status'"
        ).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    status = b"received"
    # In the index of statuses, not in the table, so that the two contradict.
    at = content.index(status, (number - 1) * size, number * size)
    content[at : at + len(status)] = b"rejected"
    path.write_bytes(content)
    assert "DamagedCatalogue" in [kind for kind, _document in held_in_sqlite.problems()]


def test_without_a_catalogue_there_is_nothing_to_check_against(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with pytest.raises(DamagedArchive):
        fixity.check(f"sqlite:///{path}", tmp_path / "originals")
    assert not path.exists()


@pytest.mark.parametrize("what", ["gone", "empty", "no database", "cut", "overwritten from page 2 on"])
def test_originals_are_checked_beside_a_catalogue_that_cannot_be_read(
    held_in_sqlite: Held, what: str
) -> None:
    held = held_in_sqlite
    path = held.originals.folder.parent / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    if what == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {
                "empty": b"",
                "no database": b"no database " * 100,
                "cut": content[:6000],
                "overwritten from page 2 on": content[:4096] + b"\xab" * (len(content) - 4096),
            }[what]
        )
    damaged, lost = held.path(1), held.path(2)
    damaged.chmod(0o644)
    damaged.write_bytes(b"other bytes")
    lost.unlink()
    report = held.check()
    kinds = {(problem.kind, problem.document) for problem in report.problems}
    assert kinds & {("DamagedCatalogue", None), ("WrongSchema", None)}
    assert ("ChecksumMismatch", held.documents[1].id) in kinds
    assert "UnexpectedFile" not in {kind for kind, _document in kinds}
    assert report.checked == 2
    assert report.whole == {held.documents[0].id}
    assert all(problem.is_truth and problem.repair for problem in report.problems)


def test_a_server_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailable):
        fixity.check(f"postgresql://user@/name?host={tmp_path}", tmp_path / "originals")
