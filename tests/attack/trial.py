"""One trial of damage: files are hurt under a site that runs, then every verb meets them.

In one process of its own, by a user without privileges: to start the program for each verb takes longer.
"""

import hashlib
import io
import json
import os
import random
import re
import shutil
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path

from flask.testing import FlaskClient

import terugblik
from archive.settings import read
from search_app import create_app
from tests.surroundings.command_line import call_forked


@dataclass(frozen=True, slots=True)
class Hurt:
    """Damage that is done to one file."""

    place: Path
    """In the folder of the archive."""
    kind: str
    seed: int
    """Of what is drawn at random: bytes, or which other file takes its place."""

    def __str__(self) -> str:
        return f"{self.place}, {self.kind}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a verb, or the site, answered."""

    asked: str
    """The verb, or the address."""
    code: int
    """Its exit code, or the status."""
    text: str = ""
    """What it said on stdout; of an answer of the site, the SHA-256, but for the time that it took."""
    errors: str = ""
    """What it said on stderr."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was seen in a trial."""

    done: tuple[Hurt, ...]
    """What did change the archive: an empty file cannot be emptied."""
    before: tuple[Said, ...]
    """Answers of the site before anything was hurt,"""
    after: tuple[Said, ...]
    """to the same addresses when it was, and the first verb had been run,"""
    healed: tuple[Said, ...]
    """and when the verbs had their turn."""
    verbs: tuple[Said, ...]
    seconds: float


def try_out(
    data: Path,
    environment: Mapping[str, str],
    hurts: Sequence[Hurt],
    addresses: Sequence[str],
    verbs: Sequence[Sequence[str]],
    seconds: float = 150,
) -> Told:
    """Do it, in a process of its own.

    Raises:
        subprocess.TimeoutExpired: it took longer than `seconds`.
        RuntimeError: the process ended before it had told anything.
    """
    told = data.parent / "told.json"
    told.unlink(missing_ok=True)
    arguments = (data, told, tuple(hurts), tuple(addresses), tuple(map(tuple, verbs)))
    log = call_forked(_try_out, arguments, environment, data.parent, seconds, is_privileged=False)
    if not told.exists():
        raise RuntimeError(f"the trial ended without a word: {log[-400:]}")
    found = json.loads(told.read_text(encoding="utf-8"))
    answers = {name: tuple(Said(**one) for one in found[name]) for name in _ANSWERS}
    done = tuple(one for one in hurts if str(one) in found["done"])
    return Told(done=done, seconds=found["seconds"], **answers)


_LOOKED_AT_AGAIN = 0.6
"""Seconds after which a site that found its index damaged looks at it again."""

_ANSWERS = ("before", "after", "healed", "verbs")


def _try_out(
    data: Path,
    told: Path,
    hurts: Sequence[Hurt],
    addresses: Sequence[str],
    verbs: Sequence[Sequence[str]],
) -> None:
    begun = time.monotonic()
    app = create_app(read({"TERUGBLIK_DATA": str(data)}))
    client = app.test_client()
    answers = {"before": [_visit(client, address) for address in addresses]}
    done = [str(hurt) for hurt in hurts if _do(data, hurt)]
    first, others = verbs[0], verbs[1:]
    answers["verbs"] = [_run(first)]  # readers who meet damage leave word for the worker, and check heeds it
    answers["after"] = [_visit(client, address) for address in addresses]
    answers["verbs"] += [_run(verb) for verb in others]
    if any(said.code == 503 for said in answers["after"]):
        time.sleep(_LOOKED_AT_AGAIN)
    answers["healed"] = [_visit(client, address) for address in addresses]
    found = {name: [asdict(one) for one in said] for name, said in answers.items()}
    content = {**found, "done": done, "seconds": time.monotonic() - begun}
    told.write_text(json.dumps(content), encoding="utf-8")


def _visit(client: FlaskClient, address: str) -> Said:
    errors = io.StringIO()
    with redirect_stderr(errors):
        answer = client.get(address)
        content = answer.get_data()
        answer.close()
    status = answer.status_code
    if status == 503 and "Retry-After" not in answer.headers:
        status = 500  # an error that does not say when to come back is none that was foreseen
    content = re.sub(rb'"took_ms": ?[0-9.]+', b"", content)
    return Said(address, status, hashlib.sha256(content).hexdigest(), errors.getvalue())


def _run(verb: Sequence[str]) -> Said:
    said, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(errors):
        try:
            code = terugblik.main(verb)
        except BaseException:
            traceback.print_exc()
            code = 1
    return Said(verb[0], code, said.getvalue(), errors.getvalue())


def _delete(path: Path, chance: random.Random) -> None:
    path.unlink()


def _truncate(path: Path, chance: random.Random) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _empty(path: Path, chance: random.Random) -> None:
    os.truncate(path, 0)


def _zeros(path: Path, chance: random.Random) -> None:
    path.write_bytes(bytes(path.stat().st_size or 100))


def _random(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(path.stat().st_size or 100))


def _one_byte(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes() or b"x")
    content[chance.randrange(len(content))] ^= 0x55
    path.write_bytes(content)


def _another_file(path: Path, chance: random.Random) -> None:
    """Of the same kind, where there is one: the original or image of another document, say."""
    alike = path.parents[1].rglob(f"*{path.suffix}")
    others = [one for one in alike if one != path and one.is_file() and os.access(one, os.R_OK)]
    shutil.copyfile(chance.choice(sorted(others)) if others else __file__, path)


def _a_folder(path: Path, chance: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _not_to_be_read(path: Path, chance: random.Random) -> None:
    path.chmod(0)


KINDS: Mapping[str, Callable[[Path, random.Random], None]] = {
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
"""Each kind of damage."""


def _do(data: Path, hurt: Hurt) -> bool:
    """Do this damage; whether it changed anything."""
    path = data / hurt.place
    before = path.read_bytes()
    path.chmod(0o644)
    KINDS[hurt.kind](path, random.Random(hurt.seed))
    return hurt.kind == "not to be read" or not path.is_file() or path.read_bytes() != before
