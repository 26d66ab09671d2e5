"""The attack, for a few seconds: what `make attack` does for minutes (see tests/attack).

On a small archive, as little as each attack needs to have something to attack: this is part of every run.
"""

import random

import pytest

from tests.attack import damage, full_disk, fuzzing, kills, recover, withdrawn
from tests.attack.ground import NAMES, Ground, Outcome


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("attack")
    ground = Ground(folder, random.Random(11), names=NAMES[:3], pages=1)
    ground.prepare()
    return ground


def assert_held(outcome: Outcome) -> None:
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert outcome.wrong == []
    assert outcome.done > 0


def test_kills(ground: Ground) -> None:
    assert_held(kills.attack(ground, 1))


def test_a_full_disk(ground: Ground) -> None:
    assert_held(full_disk.attack(ground, 0.5))


def test_fuzzing(ground: Ground) -> None:
    assert_held(fuzzing.attack(ground, 1))


def test_damage(ground: Ground) -> None:
    assert_held(damage.attack(ground, 0.5))


def test_recovery(ground: Ground) -> None:
    assert_held(recover.attack(ground, 0.5))


def test_withdrawn_words(ground: Ground) -> None:
    assert_held(withdrawn.attack(ground, 0.5))
