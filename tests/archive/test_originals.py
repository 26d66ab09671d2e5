"""The originals: kept by checksum, written once, whatever happens meanwhile."""

import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.errors import DamagedArchive, ServiceUnavailable
from archive.originals import Originals, StoredOriginal
from archive.preservation import fixity

ROOT = Path(__file__).parents[2]
CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 9000  # more than two of the chunks in which files are copied
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "data" / "originals")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_original_is_kept_under_its_checksum_and_cannot_be_written(originals: Originals) -> None:
    assert originals.store(io.BytesIO(CONTENT)) == StoredOriginal(SHA256, len(CONTENT))
    path = originals.path(SHA256)
    assert path == originals.folder / SHA256[:2] / f"{SHA256}.pdf"
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert files(originals.folder) == [f"{SHA256[:2]}/{SHA256}.pdf"]


def test_storing_the_same_bytes_again_leaves_the_file_alone(originals: Originals) -> None:
    originals.store(io.BytesIO(CONTENT))
    before = originals.path(SHA256).stat()
    assert originals.store(io.BytesIO(CONTENT)).sha256 == SHA256
    after = originals.path(SHA256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(files(originals.folder)) == 1


def test_an_empty_source_is_kept_too(originals: Originals) -> None:
    stored = originals.store(io.BytesIO(b""))
    assert (stored.sha256, stored.size) == (hashlib.sha256(b"").hexdigest(), 0)
    assert originals.path(stored.sha256).read_bytes() == b""


def test_a_changed_original_is_noticed_and_not_overwritten(originals: Originals) -> None:
    originals.store(io.BytesIO(CONTENT))
    path = originals.path(SHA256)
    path.chmod(0o644)
    path.write_bytes(b"something else")
    with pytest.raises(DamagedArchive):
        originals.store(io.BytesIO(CONTENT))
    assert path.read_bytes() == b"something else"
    assert len(files(originals.folder)) == 1


@pytest.mark.parametrize("sha256", [SHA256, "", "../../etc/passwd", SHA256.upper(), SHA256 + "\n"])
def test_a_missing_original_is_a_damaged_archive(originals: Originals, sha256: str) -> None:
    with pytest.raises(DamagedArchive):
        originals.path(sha256)


def test_a_source_that_breaks_off_leaves_nothing(originals: Originals) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 0:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        originals.store(Broken(CONTENT))
    assert files(originals.folder) == []


def test_many_threads_may_store_the_same_file(originals: Originals) -> None:
    errors: list[BaseException] = []

    def store() -> None:
        try:
            for _ in range(5):
                originals.store(io.BytesIO(CONTENT))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=store) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert files(originals.folder) == [f"{SHA256[:2]}/{SHA256}.pdf"]


_STORE_STDIN = """
import sys
from pathlib import Path
from archive.originals import Originals
Originals(Path(sys.argv[1])).store(sys.stdin.buffer)
"""


def start_storing(originals: Originals) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _STORE_STDIN, str(originals.folder)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)


def wait_for_bytes(originals: Originals) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(path.stat().st_size for path in originals.folder.glob("incoming-*.part")):
            return
        time.sleep(0.01)
    raise AssertionError("nothing was written")


def test_a_writer_killed_half_way_leaves_no_original_and_the_next_one_succeeds(originals: Originals) -> None:
    with start_storing(originals) as writer:
        assert writer.stdin is not None
        writer.stdin.write(CONTENT[:2_200_000])
        writer.stdin.flush()
        wait_for_bytes(originals)
        writer.send_signal(signal.SIGKILL)
    assert [Path(name).suffix for name in files(originals.folder)] == [".part"]
    assert originals.store(io.BytesIO(CONTENT)).sha256 == SHA256
    assert originals.path(SHA256).read_bytes() == CONTENT


def test_what_a_killed_writer_left_is_cleared_a_day_later(originals: Originals) -> None:
    originals.folder.mkdir(parents=True)
    old, young = originals.folder / "incoming-old.part", originals.folder / "incoming-young.part"
    for leftover in (old, young):
        leftover.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    originals.store(io.BytesIO(CONTENT))
    assert (old.exists(), young.exists()) == (False, True)


def test_a_write_in_progress_survives_a_clock_that_is_wrong(originals: Originals, tmp_path: Path) -> None:
    """Its lock tells that a process is at it: neither is it cleared away, nor does a check blame it."""
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    Catalogue.open(url).close()
    with start_storing(originals) as writer:
        assert writer.stdin is not None
        writer.stdin.write(CONTENT[:2_200_000])
        writer.stdin.flush()
        wait_for_bytes(originals)
        (incoming,) = originals.folder.glob("incoming-*.part")
        os.utime(incoming, (0, 0))
        assert fixity.check(url, originals.folder).ok
        other = originals.store(io.BytesIO(b"another original"))
        os.utime(incoming, (0, 0))
        assert incoming.exists()
        writer.stdin.write(CONTENT[2_200_000:])
        writer.stdin.close()
        assert writer.wait(60) == 0
    assert originals.path(SHA256).read_bytes() == CONTENT
    assert files(originals.folder) == sorted(f"{sha[:2]}/{sha}.pdf" for sha in (SHA256, other.sha256))


_STORE_ON_A_FULL_DISK = """
import io, resource, sys
from pathlib import Path
from archive.errors import ServiceUnavailable
from archive.originals import Originals
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
try:
    Originals(Path(sys.argv[1])).store(io.BytesIO(bytes(3_000_000)))
except ServiceUnavailable as error:
    print(error.message)
"""


def test_a_disk_without_room_is_said_to_be_so_and_nothing_stays(originals: Originals) -> None:
    command = [sys.executable, "-c", _STORE_ON_A_FULL_DISK, str(originals.folder)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "cannot be written" in outcome.stdout, outcome.stderr
    assert files(originals.folder) == []


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands in the way")
    with pytest.raises(ServiceUnavailable):
        Originals(tmp_path / "data" / "originals").store(io.BytesIO(CONTENT))
