"""A worker shows that it lives by a lock, which the system takes away when its process ends."""

import subprocess
import sys
from pathlib import Path

from archive.files import presence
from archive.files.file_lock import worker_lock
from archive.files.presence import Presence
from tests.surroundings.command_line import call_forked

ROOT = Path(__file__).parents[2]

_BE_PRESENT = """
import sys, time
from pathlib import Path
from archive.files.presence import Presence
here = Presence(Path(sys.argv[1]))
print(here.claimant.name, here.claimant, flush=True)
time.sleep(60)
"""


def test_a_worker_lives_until_its_process_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _BE_PRESENT, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        name, said = worker.stdout.readline().split()
        assert said.endswith(f":{worker.pid}")
        assert presence.living(tmp_path) == {name: said}
        assert not presence.is_dead(tmp_path, name)
        assert presence.dead(tmp_path) == []
        worker.kill()
    assert presence.is_dead(tmp_path, name)
    assert (presence.living(tmp_path), presence.dead(tmp_path)) == ({}, [name])
    presence.forget(tmp_path, name)
    assert presence.dead(tmp_path) == []
    assert not presence.is_dead(tmp_path, name), "without its file nothing is proved"


def test_one_that_leaves_in_order_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "workers").write_text("in the way")
    first, second = Presence(tmp_path), Presence(tmp_path)
    assert set(presence.living(tmp_path)) == {first.claimant.name, second.claimant.name}
    first.leave()
    second.leave(is_done=False)
    assert presence.dead(tmp_path) == [second.claimant.name], "somebody has to see to what it left"


def test_one_that_lives_is_not_forgotten(tmp_path: Path) -> None:
    """It may have looked dead while it had made its file and not locked it yet."""
    one = Presence(tmp_path)
    presence.forget(tmp_path, one.claimant.name)
    assert presence.is_present(tmp_path, one.claimant.name)
    one.leave(is_done=False)
    assert not presence.is_present(tmp_path, one.claimant.name)
    presence.forget(tmp_path, one.claimant.name)
    assert list((tmp_path / "workers").iterdir()) == []


def test_nobody_of_another_name_is_dead(tmp_path: Path) -> None:
    for name in ("", "..", "../../etc/passwd", "0" * 16, "look-over"):
        assert not presence.is_dead(tmp_path, name)


def hold_a_lock(data: Path) -> None:
    """Who may not open the file of the lock shares no lock with those who may."""
    one, other = worker_lock(data, "duty"), worker_lock(data, "duty")
    one.path.chmod(0)
    before = one.path.stat().st_ino
    with one:
        one.path.chmod(0)
        print("alone" if not other.acquire() else "together", one.path.stat().st_ino == before)


def test_a_lock_that_may_not_be_opened_gets_its_rights_back(tmp_path: Path) -> None:
    with worker_lock(tmp_path, "duty"):
        pass
    assert call_forked(hold_a_lock, (tmp_path,), {}, tmp_path, 60, is_privileged=False) == "alone True\n"


def test_a_lock_is_for_one_until_it_is_given_back(tmp_path: Path) -> None:
    one, other = worker_lock(tmp_path, "duty"), worker_lock(tmp_path, "duty")
    with one:
        assert one.is_held
        assert one.acquire()
        assert not other.acquire()
    assert not one.is_held
    assert other.acquire()
    assert other.share()
    assert one.acquire(shared=True)
