"""Damage to every file of an archive: `check` names it, what is derived comes back, truth is left alone."""

import hashlib
import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.attack.ground import EVERYWHERE, Ground, Outcome, Patient

_NOT_LOOKED_AT = ("lock", "worker.lock", "catalogue.lock", "session.key", "worker.notice")
"""Files that say nothing that could be wrong; a key that is gone is made anew. Nothing breaks over them."""


def _delete(path: Path, ground: Ground) -> None:
    path.unlink()


def _truncate(path: Path, ground: Ground) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _empty(path: Path, ground: Ground) -> None:
    os.truncate(path, 0)


def _zeros(path: Path, ground: Ground) -> None:
    path.write_bytes(bytes(path.stat().st_size or 100))


def _random(path: Path, ground: Ground) -> None:
    path.write_bytes(ground.chance.randbytes(path.stat().st_size or 100))


def _one_byte(path: Path, ground: Ground) -> None:
    content = bytearray(path.read_bytes() or b"x")
    content[ground.chance.randrange(len(content))] ^= 0x55
    path.write_bytes(content)


def _another_file(path: Path, ground: Ground) -> None:
    """Of the same kind, where there is one: the original or image of another document, say."""
    others = [one for one in path.parents[1].rglob(f"*{path.suffix}") if one != path and one.is_file()]
    shutil.copyfile(ground.chance.choice(sorted(others)) if others else __file__, path)


def _a_folder(path: Path, ground: Ground) -> None:
    path.unlink()
    path.mkdir()


def _not_to_be_read(path: Path, ground: Ground) -> None:
    path.chmod(0)


_DAMAGES: dict[str, Callable[[Path, Ground], None]] = {
    "deleted": _delete,
    "truncated": _truncate,
    "emptied": _empty,
    "zeros": _zeros,
    "random bytes": _random,
    "one byte changed": _one_byte,
    "another file": _another_file,
    "a folder": _a_folder,
    "not to be read": _not_to_be_read,
}


def attack(ground: Ground, seconds: float) -> Outcome:
    """Hurt one file after the other, every file and every kind of damage in turn, as far as time allows."""
    outcome = Outcome(what="files damaged")
    whole = ground.patient()
    _close_catalogue(whole)
    files = [path for path in sorted(whole.data.rglob("*")) if path.is_file()]
    kinds = sorted(_DAMAGES)
    plan = _in_turn([(path.relative_to(whole.data), kind) for path in files for kind in kinds], ground)
    end_of_time = time.monotonic() + seconds
    named, mended = 0, 0
    for place, kind in plan:
        if time.monotonic() > end_of_time:
            break
        patient = ground.patient()
        _close_catalogue(patient)
        about = f"{place}, {kind}"
        try:
            is_named, is_mended = _hurt(patient, place, kind, ground, outcome, about)
            named += is_named
            mended += is_mended
        finally:
            outcome.done += 1
            ground.discard(patient)
    outcome.seen = f"{named} named by check, {mended} mended by the worker, of {len(plan)} possible"
    ground.discard(whole)
    return outcome


def _sort(place: Path) -> str:
    """Of which sort a file is: original, image, each kind of file of the index …"""
    return f"{place.parts[0]}{place.suffix}" if len(place.parts) > 1 else place.name


def _in_turn(plan: list[tuple[Path, str]], ground: Ground) -> list[tuple[Path, str]]:
    """In an order drawn at random; each sort of file gets its turn before the first gets another one."""
    ground.chance.shuffle(plan)
    seen: Counter[str] = Counter()
    turns = []
    for place, kind in plan:
        sort = _sort(place)
        turns.append((seen[sort], len(turns), place, kind))
        seen[sort] += 1
    return [(place, kind) for _turn, _order, place, kind in sorted(turns)]


def _close_catalogue(patient: Patient) -> None:
    """Put what is in the write-ahead log into the catalogue itself, so that there is one file to hurt."""
    connection = sqlite3.connect(patient.data / "catalogue.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _hurt(
    patient: Patient, place: Path, kind: str, ground: Ground, outcome: Outcome, about: str
) -> tuple[bool, bool]:
    path = patient.data / place
    before, truth, hidden = _digest(path), _truth(patient), _hidden(patient)
    path.chmod(0o644)
    _DAMAGES[kind](path, ground)
    if _digest(path) == before and kind != "not to be read":
        return False, False
    is_truth = place.parts[0] in ("originals", "catalogue.sqlite")
    may_be_silent = (
        place.name in _NOT_LOOKED_AT
        or place.name.endswith("WRITELOCK")
        or place.parts[0] == "work"
        or (place.parts[0] == "renditions" and place.parts[1] in hidden)
    )
    checked = patient.run("check", "--json")
    _no_surprise(checked.returncode, checked.stderr + checked.stdout, outcome, f"{about}: check")
    is_named = checked.returncode == 5
    outcome.must(is_named or may_be_silent, f"{about}: check says nothing (exit {checked.returncode})")
    for arguments in (["search", EVERYWHERE, "--json"], ["list", "--json"], ["work", "--once", "--json"]):
        done = patient.run(*arguments)
        _no_surprise(done.returncode, done.stderr + done.stdout, outcome, f"{about}: {arguments[0]}")
    outcome.must(
        _truth(patient, without=place) == {k: v for k, v in truth.items() if k != place},
        f"{about}: truth was changed",
    )
    if is_truth:
        return is_named, False
    again = patient.run("check", "--json")
    is_mended = again.returncode == 0
    if not is_mended and not may_be_silent:
        outcome.wrong.append(f"{about}: not mended by the worker: {again.stdout[-250:]}")
    patient.judge(outcome, about)
    return is_named, is_mended


def _hidden(patient: Patient) -> set[str]:
    """Documents that readers do not see: their images are looked over when they are restored."""
    return {one["id"] for one in patient.answer("list")["documents"] if one["status"] != "ready"}


def _no_surprise(code: int, said: str, outcome: Outcome, about: str) -> None:
    outcome.must(code in (0, 4, 5, 6), f"{about}: exit {code}: {said[-200:]}")
    outcome.must("Traceback" not in said, f"{about}: a traceback: {said[-200:]}")


def _digest(path: Path) -> str:
    if not path.is_file():
        return "none"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _truth(patient: Patient, without: Path | None = None) -> dict[Path, str]:
    """The originals by their bytes, but for the one that was hurt."""
    originals = patient.data / "originals"
    return {
        path.relative_to(patient.data): _digest(path)
        for path in originals.rglob("*.pdf")
        if path.relative_to(patient.data) != without
    }
