"""``python -m tests.attack``: attack copies of an archive in every way, and print what was seen.

The exit code is 1 if anything is not as it must be.
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import shorten

from tests.attack import (
    damage,
    floods,
    full_disk,
    fuzzing,
    hostile,
    kills,
    openapi,
    recover,
    sign_in,
    withdrawn,
)
from tests.attack.ground import Ground, Outcome

Attack = Callable[[Ground, float], Outcome]

ATTACKS: Mapping[str, tuple[Attack, float]] = {
    "kills": (kills.attack, 4),
    "kills-site": (kills.attack_site, 2),
    "full-disk": (full_disk.attack, 3),
    "damage": (damage.attack, 7),
    "recover": (recover.attack, 2),
    "floods": (floods.attack, 2),
    "latency": (floods.attack_beside_ingestion, 1.5),
    "fuzzing": (fuzzing.attack, 3),
    "openapi": (openapi.attack, 2),
    "hostile": (hostile.attack, 3),
    "withdrawn": (withdrawn.attack, 0.5),
    "sign-in": (sign_in.attack, 0.5),
}
"""Each attack with its share of the time."""

_AROUND = 8.0
"""Seconds that an attack takes besides: a copy is made, a site started, the archive judged."""


def main() -> int:
    """Run the attacks that are asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(ATTACKS), help="one attack; repeatable")
    parser.add_argument("--seconds", type=float, default=570, help="for all of them together")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="to do the same again")
    parser.add_argument("--log", type=Path, help="a file for each single verdict of damage and hostile")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_received: sys.exit(143))  # what is in use is cleared away
    chosen = {name: ATTACKS[name] for name in options.only or ATTACKS}
    begun = time.monotonic()
    print(f"seed {options.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="terugblik-attack-"))
    try:
        ground = Ground(folder, random.Random(options.seed), options.log)
        ground.prepare()
        has_held = [_run(name, chosen, ground, begun + options.seconds) for name in chosen]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(has_held) else 1


def _run(name: str, chosen: Mapping[str, tuple[Attack, float]], ground: Ground, deadline: float) -> bool:
    """One attack, in its share of the time that is left, and its line in the table; whether all was as it
    must be."""
    begun = time.monotonic()
    to_come = list(chosen)[list(chosen).index(name) :]
    attack, share = chosen[name]
    seconds = (deadline - begun) * share / sum(chosen[each][1] for each in to_come)
    try:
        outcome = attack(ground, max(3.0, seconds - _AROUND))
    except Exception as error:
        outcome = Outcome(wrong=[f"the attack itself broke: {type(error).__name__}: {error}"])
    verdict = "SKIPPED" if outcome.skipped else "WRONG" if outcome.wrong else "ok"
    print(
        f"{name:<11} {outcome.done:>6} {outcome.what:<48} {time.monotonic() - begun:5.0f} s  {verdict:<8}"
        f"{shorten(outcome.skipped or outcome.seen, 160)}",
        flush=True,
    )
    for wrong in outcome.wrong[:20]:
        print(f"    {wrong}", flush=True)
    return not outcome.wrong


if __name__ == "__main__":
    sys.exit(main())
