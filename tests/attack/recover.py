"""`terugblik recover`: a catalogue that is gone, damaged or of yesterday, beside originals and bags, some of
them wrong; killed in the middle; done twice."""

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bagit

from tests.attack.ground import Ground, Outcome, Patient

_LONGEST = 1.5
"""Seconds after which `recover` is killed at the latest."""


@dataclass
class _Case:
    """An archive whose catalogue is lost, and what is at hand to bring it back."""

    patient: Patient
    bags: Path
    """A folder with a bag of each document."""
    about: list[str] = field(default_factory=list)
    """What was done to it, in words."""
    is_sound: bool = False
    """Whether the catalogue that lies there is sound, though old."""
    given: list[Path] = field(default_factory=list)
    """Folders of bags that are given to `recover`."""
    is_bag_wrong: bool = False
    has_all_bags: bool = False


def attack(ground: Ground, seconds: float) -> Outcome:
    """Lose a catalogue in some way, give bags or none, recover, killed now and then; judge what came back."""
    outcome = Outcome(what="catalogues lost and recovered")
    whole = ground.patient()
    whole.close_catalogue()
    bags = _export(whole)
    end_of_time = time.monotonic() + seconds
    kills, refused = 0, 0
    losses = ground.chance.sample(sorted(_LOSSES), len(_LOSSES))
    gifts = ground.chance.sample(sorted(_GIFTS), len(_GIFTS))
    while time.monotonic() < end_of_time and len(outcome.wrong) < 20:
        patient = ground.patient(whole)
        shutil.copytree(bags, patient.data.parent / "bags")
        case = _Case(patient, patient.data.parent / "bags")
        loss, gift = losses[outcome.done % len(losses)], gifts[outcome.done % len(gifts)]
        if loss == _OLD:
            shutil.copyfile(ground.yesterday, patient.catalogue)
            case.is_sound = True
        else:
            _LOSSES[loss](patient.catalogue, ground)
        _GIFTS[gift](case, ground)
        case.about += [f"catalogue {loss}", f"bags: {gift}"]
        if ground.chance.random() < 0.5:
            kills += _killed(case, ground, outcome)
        refused += _recovered(case, whole, outcome)
        about = ", ".join(case.about)
        found = [wrong for wrong in outcome.wrong if about in wrong]
        ground.note(f"recover, {about}: {'; '.join(found) or 'ok'}")
        outcome.done += 1
        ground.discard(patient)
    outcome.must(outcome.done > 0, "there was no time for any")
    outcome.seen = f"{kills} killed in the middle; {refused} refused as their bags were wrong"
    ground.discard(whole)
    return outcome


def _export(whole: Patient) -> Path:
    bags = whole.data.parent / "bags"
    for document in sorted(whole.added):
        made = whole.run("export", document, "--bag", bags / document)
        if made.returncode:
            raise RuntimeError(made.stderr[-300:])
    return bags


def _page_of_zeros(path: Path, ground: Ground) -> None:
    with path.open("r+b") as file:
        file.seek(4096 * ground.chance.randrange(1, path.stat().st_size // 4096))
        file.write(bytes(4096))


def _beside_anothers_log(path: Path, ground: Ground) -> None:
    path.unlink()
    Path(f"{path}-wal").write_bytes(ground.chance.randbytes(9000))


_OLD = "of yesterday"
_LOSSES: Mapping[str, Callable[[Path, Ground], object]] = {
    "deleted": lambda path, ground: path.unlink(),
    "emptied": lambda path, ground: os.truncate(path, 0),
    "truncated": lambda path, ground: os.truncate(path, path.stat().st_size // 2),
    "random bytes": lambda path, ground: path.write_bytes(ground.chance.randbytes(30_000)),
    "with a page of zeros": _page_of_zeros,
    "deleted, its log left behind": _beside_anothers_log,
    _OLD: lambda path, ground: None,
}
"""In which ways a catalogue is lost; yesterday's takes its place before."""


def _no_bags(case: _Case, ground: Ground) -> None:
    shutil.rmtree(case.bags)


def _all_bags(case: _Case, ground: Ground) -> None:
    case.given, case.has_all_bags = [case.bags], True


def _some_bags(case: _Case, ground: Ground) -> None:
    for bag in ground.chance.sample(sorted(case.bags.iterdir()), 2):
        shutil.rmtree(bag)
    case.given = [case.bags]


def _originals_gone(case: _Case, ground: Ground) -> None:
    """What is gone, changed or foreign among the originals; the bags have them all."""
    first, second = ground.chance.sample(sorted((case.patient.data / "originals").rglob("*.pdf")), 2)
    first.unlink()
    second.chmod(0o644)
    second.write_bytes(b"%PDF-1.7 something else")
    _all_bags(case, ground)


def _changed_bag(case: _Case, ground: Ground) -> None:
    """A byte of a bag is another one."""
    bag = ground.chance.choice(sorted(case.bags.iterdir()))
    file = ground.chance.choice(sorted(path for path in bag.rglob("*") if path.is_file()))
    content = bytearray(file.read_bytes())
    content[ground.chance.randrange(len(content))] ^= 0x15
    file.write_bytes(content)
    case.given, case.is_bag_wrong = [case.bags], True


def _bag_without_a_file(case: _Case, ground: Ground) -> None:
    bag = ground.chance.choice(sorted(case.bags.iterdir()))
    ground.chance.choice(sorted((bag / "data").iterdir())).unlink()
    case.given, case.is_bag_wrong = [case.bags], True


def _no_bag_at_all(case: _Case, ground: Ground) -> None:
    shutil.rmtree(case.bags)
    case.bags.mkdir()
    (case.bags / "notes.txt").write_text("not a bag", encoding="utf-8")
    case.given, case.is_bag_wrong = [case.bags], True


def _forged_bag(case: _Case, ground: Ground) -> None:
    """Its checksums hold, what it tells cannot be."""
    bag = ground.chance.choice(sorted(case.bags.iterdir()))
    file = bag / "data" / "catalogue.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    name, value = ground.chance.choice(_FORGERIES)
    told[name] = value
    file.write_text(json.dumps(told), encoding="utf-8")
    _seal(bag)
    case.given, case.is_bag_wrong = [case.bags], True
    case.about.append(f"{name} is {str(value)[:30]!r}")


def _another_original(case: _Case, ground: Ground) -> None:
    one, other = ground.chance.sample(sorted(case.bags.iterdir()), 2)
    shutil.copyfile(other / "data" / "original.pdf", one / "data" / "original.pdf")
    _seal(one)
    case.given, case.is_bag_wrong = [case.bags], True


def _torn_text(case: _Case, ground: Ground) -> None:
    """Its checksums hold, its text ends too early: behind a page, or in the middle of one."""
    bag = ground.chance.choice(sorted(case.bags.iterdir()))
    file = bag / "data" / "pages.jsonl"
    os.truncate(file, file.stat().st_size * 2 // 3 + ground.chance.choice((0, 50)))
    _seal(bag)
    case.given, case.is_bag_wrong = [case.bags], True


def _seal(bag: Path) -> None:
    here = Path.cwd()
    try:
        bagit.Bag(str(bag)).save(manifests=True)
    finally:
        os.chdir(here)


_FORGERIES: tuple[tuple[str, Any], ...] = (
    ("id", "../../../../etc"),
    ("sha256", "0" * 64),
    ("status", "published"),
    ("kind", "thing"),
    ("year", "last year"),
    ("received_at", "never"),
    ("title", 5),
    ("dates_found", "none"),
)

_GIFTS: Mapping[str, Callable[[_Case, Ground], None]] = {
    "none": _no_bags,
    "all": _all_bags,
    "some": _some_bags,
    "all, originals gone or changed": _originals_gone,
    "one with a changed byte": _changed_bag,
    "one without a file": _bag_without_a_file,
    "a folder without any": _no_bag_at_all,
    "a forged one": _forged_bag,
    "one with another's original": _another_original,
    "one with a torn text": _torn_text,
}
"""What is given to `recover`."""


def _killed(case: _Case, ground: Ground, outcome: Outcome) -> int:
    """Kill it at a random moment: what lay there is there still, or all is done; whether it was killed."""
    before = _bytes(case.patient.catalogue)
    log = case.patient.data.parent / "killed.log"
    process = case.patient.start(log, "recover", *case.given)
    process.join(ground.chance.uniform(0, _LONGEST))
    if not process.is_alive():
        case.about.append("done before")
        return 0
    process.kill()
    process.join()
    case.about.append("killed")
    if _bytes(case.patient.catalogue) != before and not case.is_sound:
        listed = case.patient.run("list", "--json")
        is_whole = listed.returncode == 0 and len(json.loads(listed.stdout)["documents"]) > 0
        outcome.must(is_whole, f"killed in the middle it left half a catalogue ({', '.join(case.about)})")
    return 1


def _recovered(case: _Case, whole: Patient, outcome: Outcome) -> bool:
    """Recover, and judge; whether it was refused, as it must be where a bag is wrong."""
    patient = case.patient
    about = ", ".join(case.about)
    before = _bytes(case.patient.catalogue)
    done = patient.run("recover", "--json", *case.given)
    said = (done.stdout + done.stderr)[-300:]
    outcome.must("Traceback" not in said, f"a traceback: {said} ({about})")
    if case.is_bag_wrong:
        outcome.must(done.returncode == 3, f"a wrong bag: exit {done.returncode}: {said} ({about})")
        outcome.must(_bytes(case.patient.catalogue) == before, f"a wrong bag changed the catalogue ({about})")
        if done.returncode != 3:
            return False
        case.given = []  # as its hint says: leave it out
        done = patient.run("recover", "--json")
        said = (done.stdout + done.stderr)[-300:]
    if done.returncode != 0:
        outcome.wrong.append(f"exit {done.returncode}: {said} ({about})")
        return case.is_bag_wrong
    patient.added = set(whole.added)
    patient.judge(outcome, f"recover ({about})")
    if case.has_all_bags:
        _compare(case, whole, outcome, about)
    again = json.loads(patient.run("recover", "--json", *case.given).stdout.splitlines()[-1])
    is_known = again.get("documents") == [] and again.get("known") == len(whole.added)
    outcome.must(is_known, f"done twice it does something again: {str(again)[:200]} ({about})")
    leftovers = list(patient.data.glob("recovering-*"))
    outcome.must(not leftovers, f"it left {[path.name for path in leftovers]} ({about})")
    return case.is_bag_wrong


def _compare(case: _Case, whole: Patient, outcome: Outcome, about: str) -> None:
    """With all bags everything is as it was, also what was withdrawn."""
    was, now = whole.answer("list")["documents"], case.patient.answer("list")["documents"]
    outcome.must(_told(was) == _told(now), f"not all came back: {_told(now)}, before {_told(was)} ({about})")


def _told(listed: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    kept = ("status", "title", "year", "pages", "languages", "kind", "plan")
    return {one["id"]: tuple(str(one[name]) for name in kept) for one in listed}


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
