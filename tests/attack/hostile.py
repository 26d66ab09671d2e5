"""Files that were made to hurt: each gets a clear verdict, in bounded time and memory."""

import json
import time
from pathlib import Path
from typing import Any

import psutil

from tests.attack.ground import ROOT, Ground, Outcome, descendants, end

HOSTILE = ROOT.parent / "shared" / "corpus" / "hostile"
_MOST_MEMORY = 3 * 1024**3
"""Bytes that a command and all below it may hold: the limit of a reader (1 GiB here), and what is around."""
_AT_ONCE = 8
_MOST_SECONDS = 75
"""For one file: its time limit (30 s here), a second try, and the drawing of its pages."""


def attack(ground: Ground, seconds: float) -> Outcome:
    """Add hostile files in groups, in an order drawn at random, as many as there is time for."""
    outcome = Outcome(what="hostile files added")
    files = sorted(HOSTILE.glob("*")) if HOSTILE.is_dir() else []
    if not files:
        outcome.skipped = f"there are no hostile files in {HOSTILE.parent.name}/{HOSTILE.name}"
        return outcome
    ground.chance.shuffle(files)
    patient = ground.patient()
    end_of_time = time.monotonic() + seconds
    verdicts: dict[str, int] = {}
    peak = 0
    while files and time.monotonic() < end_of_time:
        group, files = files[:_AT_ONCE], files[_AT_ONCE:]
        log = patient.data.parent / "hostile.log"
        log.unlink(missing_ok=True)
        process = patient.start(log, "add", *group, "--json")
        until = min(time.monotonic() + _MOST_SECONDS * len(group), end_of_time + _MOST_SECONDS)
        while process.is_alive() and time.monotonic() < until:
            peak = max(peak, _memory(process.pid))
            process.join(0.2)
        if process.is_alive():
            family = descendants(process.pid)
            process.kill()
            end(family)
            if time.monotonic() > end_of_time:
                outcome.done += log.read_text(errors="replace").count('{"file"')
                break
            outcome.wrong.append(f"not done after {_MOST_SECONDS} s a file: {[file.name for file in group]}")
            continue
        outcome.must(
            process.exitcode in (0, 3), f"exit {process.exitcode} with {[one.name for one in group]}"
        )
        _judge(log, group, verdicts, ground, outcome)
        outcome.done += len(group)
    outcome.must(outcome.done > 0, "there was no time for any file")
    outcome.must(peak <= _MOST_MEMORY, f"{peak / 1024**2:.0f} MiB were held")
    held = {one["id"]: one for one in patient.answer("list")["documents"]}
    outcome.must(patient.added <= held.keys(), "documents were lost")
    checked = patient.run("check", "--json", seconds=300)
    outcome.must(checked.returncode == 0, f"check after hostile files: {checked.stdout[-300:]}")
    told = ", ".join(f"{status} {count}" for status, count in sorted(verdicts.items()))
    outcome.seen = f"{told}; at most {peak / 1024**2:.0f} MiB"
    ground.discard(patient)
    return outcome


def _judge(log: Path, group: list[Path], verdicts: dict[str, int], ground: Ground, outcome: Outcome) -> None:
    said = log.read_text(errors="replace")
    outcome.must("Traceback" not in said, f"a traceback: {said[-300:]}")
    told: dict[str, dict[str, Any]] = {}
    for line in said.splitlines():
        start = line.find('{"file"')  # behind what a bar of progress left in the line
        if start >= 0:
            one = json.loads(line[start:])
            told[one["file"]] = one
    for file in group:
        one = told.get(str(file))
        if one is None:
            outcome.wrong.append(f"no verdict on {file.name}")
            continue
        verdicts[one["status"]] = verdicts.get(one["status"], 0) + 1
        ground.note(f"{file.name}: {one['status']}, {one['pages']} pages. {one['reason']}")
        if one["status"] == "failed":
            outcome.must(len(one["reason"]) > 20, f"no reason for {file.name}")
            outcome.must("error of this program" not in one["reason"], f"{file.name}: {one['reason'][:200]}")


def _memory(process: int | None) -> int:
    """Bytes that a process and all below it hold."""
    total = 0
    for one in [psutil.Process(process), *descendants(process)] if psutil.pid_exists(process or 0) else []:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
