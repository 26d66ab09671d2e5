"""Damage to every file of an archive: `check` names it, readers are told no lies, what is derived comes back,
truth is left alone, and an original comes back from a backup.

Files of different sorts are hurt together, as long as it can be told which of them is meant: a trial takes
about as long for five files as for one. Where something is wrong, each is tried again by itself.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.attack.ground import EVERYWHERE, Ground, Outcome, Patient
from tests.attack.trial import KINDS, Hurt, Said, Told, try_out

_NOT_LOOKED_AT = ("lock", "worker.lock", "catalogue.lock", "session.key", "worker.notice")
"""Files that say nothing that could be wrong; a key that is gone is made anew. Nothing breaks over them."""
_NAMED_AS = {
    "originals": ("FileMissing", "ChecksumMismatch", "UnreadableFile", "UnexpectedFile"),
    "renditions": ("Image",),
    "index": ("MissingIndex", "OtherVersion", "DamagedIndex"),
    "studies": ("Study",),
    "words.npy": ("DamagedWords",),
}
"""How the kinds of problems begin that `check` may find in each folder."""
_TOGETHER = {"originals": 2, "renditions": 3, "index": 2, "studies": 2}
"""Files of each folder that are hurt in one trial; of the same document only one."""
_AT_ONCE = os.cpu_count() or 1


def attack(ground: Ground, seconds: float) -> Outcome:
    """Hurt files of all sorts, each in every way, as far as time allows, in an order drawn at random."""
    outcome = Outcome(what="files damaged")
    whole = ground.patient()
    whole.close_catalogue()
    files = [path for path in sorted(whole.data.rglob("*")) if path.is_file()]
    places = [path.relative_to(whole.data) for path in files]
    hurts = [Hurt(place, kind, ground.chance.randrange(2**31)) for place in places for kind in sorted(KINDS)]
    rounds = _rounds(_in_turn(hurts, ground))
    end_of_time = time.monotonic() + seconds
    named, mended = 0, 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for told in pool.map(lambda together: _try_until(end_of_time, ground, whole, together), rounds):
            for trial in told:
                outcome.done += len(trial.hurts)
                outcome.wrong += trial.wrong
                named += trial.named
                mended += trial.mended
    outcome.must(outcome.done > 0, "there was no time for any file")
    outcome.seen = f"of {len(hurts)} possible; {named} named by check, {mended} mended"
    ground.discard(whole)
    return outcome


class _Trial:
    """Files that were hurt together, and what was seen."""

    def __init__(self, hurts: Sequence[Hurt]) -> None:
        self.hurts = hurts
        self.wrong: list[str] = []
        self.named = 0
        self.mended = 0


def _sort(hurt: Hurt) -> str:
    """Of which sort a file is: original, image, each kind of file of the index …"""
    room = hurt.place.parts[0]
    return f"{room}{hurt.place.suffix}" if room in ("index", "renditions") else room


def _in_turn(hurts: Sequence[Hurt], ground: Ground) -> list[Hurt]:
    """In an order drawn at random; each sort of file gets its turn before the first gets another one."""
    by_sort: dict[str, list[Hurt]] = {}
    for hurt in ground.chance.sample(hurts, len(hurts)):
        by_sort.setdefault(_sort(hurt), []).append(hurt)
    most = max(map(len, by_sort.values()))
    return [of_sort[turn] for turn in range(most) for of_sort in by_sort.values() if turn < len(of_sort)]


def _rounds(hurts: Iterable[Hurt]) -> Iterator[list[Hurt]]:
    """Those that are hurt together: the first that waits, and all others that can be told from it."""
    waiting = list(hurts)
    while waiting:
        together: list[Hurt] = []
        for hurt in waiting:
            if _can_join(hurt, together):
                together.append(hurt)
        waiting = [hurt for hurt in waiting if hurt not in together]
        yield together


def _can_join(hurt: Hurt, others: Sequence[Hurt]) -> bool:
    room, is_truth = hurt.place.parts[0], _is_truth(hurt)
    is_alone = any(_is_alone(one) for one in (hurt, *others))
    if others and (is_alone or is_truth != _is_truth(others[0])):
        return False
    of_room = [one for one in others if one.place.parts[0] == room]
    if room == "index" and any(one.place.name == "manifest.json" for one in (hurt, *of_room)):
        return not of_room  # where the manifest is wrong, nobody can say which other file is
    return len(of_room) < _TOGETHER.get(room, 1) and all(_about(hurt) != _about(one) for one in of_room)


def _is_alone(hurt: Hurt) -> bool:
    """Without a catalogue nothing else can be judged; without its lock no worker can mend anything."""
    is_no_lock = hurt.place.name in _NOT_LOOKED_AT and hurt.kind in ("a folder", "not to be read")
    return hurt.place.name == "catalogue.sqlite" or is_no_lock


def _about(hurt: Hurt) -> str:
    """The document that an image belongs to; of the other files, the file itself."""
    return hurt.place.parts[1] if hurt.place.parts[0] == "renditions" else str(hurt.place)


def _is_truth(hurt: Hurt) -> bool:
    return hurt.place.parts[0] in ("originals", "catalogue.sqlite")


def _try_until(end_of_time: float, ground: Ground, whole: Patient, hurts: Sequence[Hurt]) -> list[_Trial]:
    """What was seen of these, if there is time; where that is wrong, of each by itself."""
    if time.monotonic() > end_of_time:
        return []
    trial = _try(ground, whole, hurts)
    if not trial.wrong or len(hurts) == 1:
        return [trial]
    alone = [_try(ground, whole, [hurt]) for hurt in hurts]
    return alone if any(one.wrong for one in alone) else [trial]


def _try(ground: Ground, whole: Patient, hurts: Sequence[Hurt]) -> _Trial:
    trial = _Trial(hurts)
    about = "; ".join(map(str, hurts))
    patient = ground.patient(whole)
    verbs = [
        ["check", "--json"],
        ["search", EVERYWHERE, "--json"],
        ["list", "--json"],
        ["work", "--once", "--json"],
        ["work", "--once", "--json"],
    ]
    if any(hurt.place.parts[0] == "originals" for hurt in hurts):
        verbs.append(["check", "--repair", "--from", str(whole.data / "originals"), "--json"])
    verbs += [["check", "--json"], ["list", "--json"]]
    try:
        told = try_out(patient.data, patient.environment(), hurts, _addresses(whole, hurts), verbs)
        _look(told, trial, whole)
        _look_at_truth(patient, whole, trial)
    except Exception as error:
        trial.wrong.append(f"the trial broke: {type(error).__name__}: {error}")
    ground.note(f"{about}: {'; '.join(trial.wrong) or 'ok'} ({trial.named} named, {trial.mended} mended)")
    trial.wrong = [f"{wrong} (after {about})" for wrong in trial.wrong]
    ground.discard(patient)
    return trial


def _addresses(whole: Patient, hurts: Sequence[Hurt]) -> list[str]:
    """What readers ask for: a search, a comparison, a translation, and what was hurt."""
    ready = sorted(whole.added - whole.hidden)
    one, other = ready[:2]
    asked = [
        f"/api/v1/search?q={EVERYWHERE}",
        f"/api/v1/documents/{one}/versions/{other}",
        f"/api/v1/documents/{one}/pages/1/parallel",
    ]
    for hurt in hurts:
        parts = hurt.place.parts
        if parts[0] == "originals":
            asked.append(f"/original/{hurt.place.stem[:16]}.pdf")
        if parts[0] == "renditions" and hurt.place.suffix in (".png", ".webp"):
            size = parts[2] if len(parts) > 3 else "page"
            asked.append(f"/page-image/{parts[1]}/{hurt.place.stem}.webp?size={size}")
    return asked


def _look(told: Told, trial: _Trial, whole: Patient) -> None:
    """Whether what was said is as it must be."""
    stays = {hurt.place.stem[:16] for hurt in told.done if _stays(hurt)}
    problems = _problems(told.verbs[0])
    for hurt in told.done:
        is_named = told.verbs[0].code == 5 and _is_named(hurt, problems)
        trial.named += is_named
        if not is_named and not _may_be_silent(hurt, whole):
            kinds = [one["kind"] for one in problems]
            trial.wrong.append(f"{hurt.place} is not named by check (exit {told.verbs[0].code}, {kinds})")
    for said in told.verbs:
        if said.code not in (0, 4, 5, 6):
            trial.wrong.append(f"{said.asked}: exit {said.code}: {(said.text + said.errors)[-300:]}")
        if "Traceback" in said.errors + said.text:
            trial.wrong.append(f"{said.asked}: a traceback: {said.errors[-300:]}")
    is_catalogue = any(hurt.place.name == "catalogue.sqlite" for hurt in told.done)
    for before, after, healed in zip(told.before, told.after, told.healed, strict=True):
        for said in (after, healed):
            if said.code >= 500 and said.code != 503:
                trial.wrong.append(f"{said.asked}: status {said.code}: {said.errors[-300:]}")
            is_to_prove = said.code == 200 and _is_proof(said) and not is_catalogue
            if is_to_prove and said.text not in _proofs(before, whole):
                trial.wrong.append(f"{said.asked} gives something else than before")
        is_as_before = (healed.code, healed.text) == (before.code, before.text)
        if not is_as_before and not is_catalogue and not stays:
            trial.wrong.append(f"{healed.asked} is not as before: {healed.code}, not {before.code}")
    if is_catalogue:
        return
    checked = [said for said in told.verbs if said.asked == "check"][-1]
    left = [(one["kind"], one["detail"]) for one in _problems(checked) if one["document"] not in stays]
    if left or (checked.code != 0 and not stays):
        trial.wrong.append(f"not mended (exit {checked.code}): {left}")
    elif not stays:
        trial.mended = len(told.done)
    worked = [said for said in told.verbs if said.asked == "work"][-1]
    if worked.code == 0 and json.loads(worked.text.splitlines()[-1])["jobs"] != 0:
        trial.wrong.append("the queue does not run dry")
    states = {one["id"]: one["status"] for one in _listed(told.verbs[-1])}
    if states != {one: "withdrawn" if one in whole.hidden else "ready" for one in whole.added}:
        trial.wrong.append(f"documents are lost or blamed: {states}")


def _stays(hurt: Hurt) -> bool:
    """A folder in the place of an original is somebody's, and is left alone; `check` goes on naming it."""
    return hurt.place.parts[0] == "originals" and hurt.kind == "a folder"


def _is_proof(said: Said) -> bool:
    """Whether an answer is either what it was, or none: bytes, and not a page that may carry a warning."""
    return said.asked.startswith(("/original/", "/page-image/")) or "versions" in said.asked


def _proofs(before: Said, whole: Patient) -> set[str]:
    """What may be answered: what was, and of an image that of the page in another size."""
    if before.asked.startswith("/page-image/"):
        document, page = before.asked.removeprefix("/page-image/").split(".")[0].split("/")
        return {_digest(path) for path in (whole.data / "renditions" / document).rglob(f"{page}.*")}
    return {before.text}


def _problems(said: Said) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(said.text.splitlines()[-1])["problems"]
        return found
    except (ValueError, KeyError, IndexError):
        return []


def _is_named(hurt: Hurt, problems: Sequence[dict[str, Any]]) -> bool:
    """Whether one of the problems is about what was hurt."""
    room = hurt.place.parts[0]
    if room == "catalogue.sqlite":
        return True  # that there are problems is all that can be expected
    of_room = [one for one in problems if one["kind"].startswith(_NAMED_AS.get(room, ("none",)))]
    if room == "renditions":
        return any(one["document"] == hurt.place.parts[1] for one in of_room)
    if room == "originals":
        return any(one["document"] == hurt.place.stem[:16] for one in of_room)
    if room == "index" and hurt.place.name not in ("current", "manifest.json", "fingerprint.json"):
        about_all = any(one["kind"] != "DamagedIndex" or "manifest" in one["detail"] for one in of_room)
        return about_all or any(hurt.place.name in one["detail"] for one in of_room)
    return bool(of_room)


def _may_be_silent(hurt: Hurt, whole: Patient) -> bool:
    """Locks say nothing; images of hidden documents are looked over when they are restored; of a letter in a
    text of the catalogue nobody tells, as SQLite keeps no checksums."""
    parts = hurt.place.parts
    is_hidden_image = parts[0] == "renditions" and parts[1] in whole.hidden
    is_lock = hurt.place.name in _NOT_LOOKED_AT or hurt.place.name.endswith("WRITELOCK")
    is_letter = hurt.place.name == "catalogue.sqlite" and hurt.kind == "one byte changed"
    return is_lock or is_hidden_image or is_letter or parts[0] in ("work", "workers")


def _listed(said: Said) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(said.text.splitlines()[-1])["documents"]
        return found
    except (ValueError, KeyError, IndexError):
        return []


def _look_at_truth(patient: Patient, whole: Patient, trial: _Trial) -> None:
    """The originals are what they were, also those that were hurt and came back."""
    stay = {hurt.place for hurt in trial.hurts if _stays(hurt)}
    for path in (whole.data / "originals").rglob("*.pdf"):
        place = path.relative_to(whole.data)
        if place not in stay and _digest(patient.data / place) != _digest(path):
            trial.wrong.append(f"{place} is not what it was")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "none"
