"""`kill -9` of every process at any moment of every verb: worker, reader, web, command line."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from tests.attack.ground import EVERYWHERE, Ground, Outcome, Patient, Site, descendants, end

_JUDGED_EVERY = 5
"""Kills between two judgements of the archive."""
_LONGEST = 2.5
"""Seconds after which a command is killed at the latest."""

Verb = Callable[[Patient, Ground, int], list[str | Path]]


def attack(ground: Ground, seconds: float) -> Outcome:
    """Start a verb, kill it or a process below it at a random moment; judge the archive now and then."""
    outcome = Outcome(what="kills of a verb or of a process below it")
    patient = ground.patient()
    end_of_time = time.monotonic() + seconds
    tried: dict[str, int] = {}
    recent: list[str] = []
    readers_killed = False
    while time.monotonic() < end_of_time:
        name = ground.chance.choice(sorted(_VERBS))
        arguments = _VERBS[name](patient, ground, outcome.done)
        victim = _kill(patient, arguments, ground, may_kill_reader=not readers_killed)
        readers_killed = readers_killed or victim == "a process below"
        if name == "add" and victim == "itself":
            # An original may have been kept whose row was not written yet: to add it again takes it in.
            again = patient.run(*arguments)
            outcome.must(again.returncode == 0, f"add, after it was killed: {again.stderr[-200:]}")
        tried[name] = tried.get(name, 0) + 1
        recent.append(f"{name} ({victim})")
        outcome.done += 1
        if outcome.done % _JUDGED_EVERY == 0:
            patient.judge(outcome, f"kills of {', '.join(recent)}")
            recent, readers_killed = [], False
            if outcome.wrong:
                break
    if recent:
        patient.judge(outcome, f"kills of {', '.join(recent)}")
    outcome.seen = ", ".join(f"{name} {count}" for name, count in sorted(tried.items()))
    ground.discard(patient)
    return outcome


def attack_site(ground: Ground, seconds: float) -> Outcome:
    """Kill the worker of a site, its readers and the site itself while files are uploaded and read."""
    outcome = Outcome(what="kills of worker, reader or site beside uploads")
    patient = ground.patient()
    end_of_time = time.monotonic() + seconds
    seen = {"worker": 0, "reader": 0, "site": 0, "lost answers": 0}
    while time.monotonic() < end_of_time:
        accepted: set[str] = set()
        with patient.serve() as site:
            client, token = site.signed_in()
            for number in range(3):
                file = ground.pdf(f"Upload{outcome.done}x{number}")
                with file.open("rb") as content:
                    answer = client.post(
                        "/nl/archivist/add", data=_with(token), files={"files": (file.name, content)}
                    )
                outcome.must(answer.status_code == 200, f"an upload was answered with {answer.status_code}")
                accepted.add(file.stem)
                time.sleep(ground.chance.uniform(0, 0.7))
                victim = _kill_below(site, ground)
                if victim:
                    seen[victim] += 1
                    outcome.done += 1
                try:
                    found = httpx.get(f"{site.url}/api/v1/search?q={EVERYWHERE}", timeout=20)
                    outcome.must(found.status_code in (200, 503), f"a search gave {found.status_code}")
                except httpx.HTTPError:
                    seen["lost answers"] += 1
            if ground.chance.random() < 0.5:
                site.process.kill()
                seen["site"] += 1
                outcome.done += 1
            client.close()
            outcome.must(not site.tracebacks(), f"tracebacks: {site.tracebacks()[-2:]}")
        patient.judge(outcome, f"kills of {seen}")
        said = patient.run("list").stdout
        outcome.must(all(name in said for name in accepted), f"of {accepted} not all were kept")
        if outcome.wrong:
            break
    outcome.seen = ", ".join(f"{name} {count}" for name, count in seen.items())
    ground.discard(patient)
    return outcome


def _with(token: str) -> dict[str, str]:
    return {"token": token, "csrf_token": token}


def _kill_below(site: Site, ground: Ground) -> str:
    """Kill the worker of a site, or a reader below it; which it was, or nothing when there is none."""
    family = descendants(site.process.pid)
    workers = [one for one in family if _is_worker(one)]
    if not workers:
        return ""
    below = descendants(workers[0].pid)
    victim = ground.chance.choice([workers[0], *below])
    try:
        victim.kill()
    except psutil.NoSuchProcess:
        return ""
    return "worker" if victim.pid == workers[0].pid else "reader"


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "work" in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _kill(patient: Patient, arguments: list[str | Path], ground: Ground, *, may_kill_reader: bool) -> str:
    process = patient.start(patient.data.parent / "killed.log", *arguments)
    process.join(ground.chance.uniform(0, _LONGEST))
    family = descendants(process.pid) if process.is_alive() else []
    if not process.is_alive():
        return "it had ended"
    if family and may_kill_reader and ground.chance.random() < 0.4:
        end([ground.chance.choice(family)])
        process.join(60)  # what started it has to cope
        if not process.is_alive():
            return "a process below"
    process.kill()
    process.join()
    if ground.chance.random() < 0.5:
        end(family)
    return "itself"


def _ready(patient: Patient, ground: Ground) -> str:
    listed = patient.answer("list")["documents"]
    ready = [one["id"] for one in listed if one["status"] == "ready"]
    return str(ground.chance.choice(ready or [one["id"] for one in listed]))


def _withdrawn(patient: Patient, ground: Ground) -> str:
    listed = patient.answer("list")["documents"]
    hidden = [one["id"] for one in listed if one["status"] == "withdrawn"]
    return str(ground.chance.choice(hidden or [one["id"] for one in listed]))


def _correct(patient: Patient, ground: Ground, number: int) -> list[str | Path]:
    document = _ready(patient, ground)
    file = patient.data.parent / "correction.txt"
    text = patient.run("text", document, "--page", "1").stdout
    file.write_text(text.rstrip("\n") + f" verbeterd{number}\n", encoding="utf-8")
    return ["correct", document, "--page", "1", file]


def _render(patient: Patient, ground: Ground, number: int) -> list[str | Path]:
    """Images that are gone are drawn again by the worker."""
    folders = sorted((patient.data / "renditions").iterdir())
    if folders:
        shutil.rmtree(ground.chance.choice(folders))
    return ["work", "--once"]


_VERBS: dict[str, Verb] = {
    "add": lambda patient, ground, number: ["add", ground.pdf(f"Nieuw{number}")],
    "withdraw": lambda patient, ground, number: [
        *("withdraw", _ready(patient, ground), "--reason", "a better one is held")
    ],
    "restore": lambda patient, ground, number: ["restore", _withdrawn(patient, ground)],
    "correct": _correct,
    "reindex": lambda patient, ground, number: ["reindex"],
    "reread": lambda patient, ground, number: ["reread", _ready(patient, ground)],
    "render": _render,
    "check": lambda patient, ground, number: ["check"],
}
