"""Nobody but its owner looks into an archive."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.records import Description
from archive.settings import read
from search_app import create_app
from tests.surroundings.reading_room import ReadingRoom, make_page

NOBODY = 65534


def modes(data: Path) -> dict[str, int]:
    return {
        path.name: path.stat().st_mode & 0o777 for path in (data, *data.iterdir()) if path != data / "index"
    }


def open_archive(data: Path) -> ReadingRoom:
    """An archive with a document, opened as the site opens it; the caller closes it."""
    room = ReadingRoom(data)
    if not room.catalogue.documents():
        room.add([make_page(1, [("paragraph", "fr", "Un pacte.")])], Description("Pacte"))
    create_app(room.settings)
    return room


def can_nobody_read(path: Path) -> bool:
    """Whether another user can."""
    command = ["cat", str(path)] if path.is_file() else ["ls", str(path)]
    return (
        subprocess.run(command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True).returncode
        == 0
    )


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter, unlike those of pytest, under the mask that most systems have."""
    mask = os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="terugblik-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
    os.umask(mask)


@pytest.fixture
def data(place: Path) -> Path:
    return place / "var"


def test_a_new_archive_is_readable_by_its_owner_only(data: Path) -> None:
    room = open_archive(data)
    found = modes(data)
    room.close()
    assert found.pop("var") == 0o700
    secret = {name: mode for name, mode in found.items() if name.startswith(("catalogue", "session"))}
    assert set(secret) == {"catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm", "session.key"}
    assert set(secret.values()) == {0o600}
    originals = list((data / "originals").rglob("*.pdf"))
    assert [path.stat().st_mode & 0o777 for path in originals] == [0o444]


def test_an_archive_that_others_could_read_is_closed_to_them_when_it_is_opened(data: Path) -> None:
    room = open_archive(data)
    for path in (data, *data.glob("catalogue*"), data / "session.key"):
        path.chmod(0o755)
    create_app(room.settings)
    found = modes(data)
    room.close()
    assert found["var"] == 0o700
    assert {mode for name, mode in found.items() if name.startswith(("catalogue", "session"))} == {0o700}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user: run as root")
def test_another_user_reads_nothing_of_it(data: Path) -> None:
    room = open_archive(data)
    kept = [data / "catalogue.sqlite", data / "catalogue.sqlite-wal", data / "session.key"]
    kept += [*(data / "originals").rglob("*.pdf"), data, data / "originals"]
    assert [path for path in kept if can_nobody_read(path)] == []
    for path in (data, data / "originals"):
        path.chmod(0o755)
    assert not can_nobody_read(data / "catalogue.sqlite"), "the file alone is enough"
    assert can_nobody_read(next((data / "originals").rglob("*.pdf"))), "so the folder is what matters"
    room.close()


def test_a_catalogue_elsewhere_is_closed_and_its_folder_left_alone(data: Path, place: Path) -> None:
    elsewhere = place / "databases"
    elsewhere.mkdir()
    url = f"sqlite:///{elsewhere / 'plans.sqlite'}"
    create_app(read({"TERUGBLIK_DATA": str(data), "TERUGBLIK_DATABASE_URL": url}))
    assert elsewhere.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in elsewhere.glob("plans.sqlite*")} == {0o600}
    assert data.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away: run as root")
def test_what_belongs_to_others_or_is_read_only_is_left_as_it_is(data: Path) -> None:
    room = open_archive(data)
    data.chmod(0o755)
    (data / "catalogue.sqlite").chmod(0o444)
    os.chown(data, NOBODY, NOBODY)
    create_app(room.settings)
    found = modes(data)
    room.close()
    assert (found["var"], found["catalogue.sqlite"]) == (0o755, 0o444)
