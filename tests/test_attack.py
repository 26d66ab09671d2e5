"""The attack, for a few seconds: what `make attack` does for minutes (see tests/attack)."""

import random

import pytest

from tests.attack import damage, full_disk, fuzzing, kills, withdrawn
from tests.attack.ground import Ground, Outcome


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    ground = Ground(tmp_path_factory.mktemp("attack"), random.Random(11))
    ground.prepare()
    return ground


def assert_held(outcome: Outcome) -> None:
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert outcome.wrong == []
    assert outcome.done > 0


def test_kills(ground: Ground) -> None:
    assert_held(kills.attack(ground, 2))


def test_a_full_disk(ground: Ground) -> None:
    assert_held(full_disk.attack(ground, 1))


def test_fuzzing(ground: Ground) -> None:
    assert_held(fuzzing.attack(ground, 2))


def test_damage(ground: Ground) -> None:
    assert_held(damage.attack(ground, 8))


def test_withdrawn_words(ground: Ground) -> None:
    assert_held(withdrawn.attack(ground, 1))
