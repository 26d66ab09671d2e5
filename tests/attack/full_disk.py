"""A disk that fills up in the middle of every verb; then there is room again, and all goes on by itself."""

import shutil
import time
from pathlib import Path

import pytest

from tests.attack.ground import Ground, Outcome, Patient
from tests.surroundings.small_disk import MEBIBYTE, SmallDisk, small_disk

_SIZE = 48 * MEBIBYTE
_ALLOWED = (0, 3, 4, 5, 6)
"""Exit codes of a command that says what is wrong; a refusal of usage would be the attack's own fault."""


def attack(ground: Ground, seconds: float) -> Outcome:
    """On a disk of its own: leave a random number of bytes, run a verb, give room again, judge."""
    outcome = Outcome(what="verbs on a disk with too little room")
    source = ground.patient()
    try:
        with small_disk(ground.folder / "disk", _SIZE) as disk:
            patient = Patient(disk.folder / "archive")
            shutil.copytree(source.data, patient.data)
            patient.added = set(source.added)
            _fill_again_and_again(patient, disk, ground, seconds, outcome)
    except pytest.skip.Exception as reason:
        outcome.skipped = str(reason)
    ground.discard(source)
    return outcome


def _fill_again_and_again(
    patient: Patient, disk: SmallDisk, ground: Ground, seconds: float, outcome: Outcome
) -> None:
    end_of_time = time.monotonic() + seconds
    codes: dict[int, int] = {}
    while time.monotonic() < end_of_time and not outcome.wrong:
        name, arguments = _verb(patient, ground, outcome.done)
        leaving = int(ground.chance.choice([0, 1, 8, 64, 512]) * 1024 * ground.chance.random())
        disk.fill(leaving)
        done = patient.run(*arguments, seconds=100)
        codes[done.returncode] = codes.get(done.returncode, 0) + 1
        outcome.done += 1
        about = f"{name} with {leaving} bytes of room"
        if done.returncode not in _ALLOWED:
            outcome.wrong.append(f"{about}: exit {done.returncode}: {done.stderr[-200:]}")
        outcome.must("Traceback" not in done.stderr, f"{about}: a traceback: {done.stderr[-200:]}")
        reading = patient.run("list", "--json")
        outcome.must(reading.returncode == 0, f"{about}: list says {reading.stderr[-200:]}")
        disk.make_room()
        patient.judge(outcome, about)
    outcome.seen = "exit codes " + ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))


def _verb(patient: Patient, ground: Ground, number: int) -> tuple[str, list[str | Path]]:
    listed = patient.answer("list")["documents"]
    ready = [one["id"] for one in listed if one["status"] == "ready"]
    hidden = [one["id"] for one in listed if one["status"] == "withdrawn"]
    verbs: dict[str, list[str | Path]] = {
        "add": ["add", ground.pdf(f"Vol{number}")],
        "reindex": ["reindex"],
        "reread": ["reread", ready[0]],
    }
    if len(ready) > 2:
        verbs["withdraw"] = ["withdraw", ground.chance.choice(ready), "--reason", "a better one is held"]
    if hidden:
        verbs["restore"] = ["restore", ground.chance.choice(hidden)]
    images = sorted((patient.data / "renditions").iterdir()) if number % 2 else []
    if images:
        verbs["render"] = ["work", "--once"]
    name = ground.chance.choice(sorted(verbs))
    if name == "render":
        shutil.rmtree(ground.chance.choice(images))
    return name, verbs[name]
