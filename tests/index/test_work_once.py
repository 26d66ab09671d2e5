"""What is kept is worked out once, given at once, and asked for in turns."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event

import pytest

from index.work_once import RecentResults


def test_what_many_ask_for_at_one_moment_is_worked_out_once() -> None:
    kept: RecentResults[object] = RecentResults(4)
    worked: list[object] = []
    all_there = Barrier(6)

    def ask(_number: int) -> object:
        all_there.wait(10)
        return kept.get("key", work_out)

    def work_out() -> object:
        worked.append(object())
        Event().wait(0.1)
        return worked[-1]

    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(ask, range(6)))
    assert found == worked * 6


def test_a_turn_is_taken_only_for_what_is_not_kept() -> None:
    turns: list[str] = []

    @contextmanager
    def turn() -> Iterator[None]:
        turns.append("taken")
        yield

    kept: RecentResults[int] = RecentResults(4, turn)
    assert [kept.get("one", lambda: 1) for _ in range(3)] == [1, 1, 1]
    assert len(turns) == 1
    assert kept.get("two", lambda: 2) == 2
    assert len(turns) == 2


def test_who_is_refused_a_turn_leaves_nothing_behind() -> None:
    is_full = True

    @contextmanager
    def turn() -> Iterator[None]:
        if is_full:
            raise TimeoutError
        yield

    kept: RecentResults[int] = RecentResults(4, turn)
    with pytest.raises(TimeoutError):
        kept.get("key", lambda: 1)
    is_full = False
    assert kept.get("key", lambda: 2) == 2


def test_an_error_is_not_kept() -> None:
    kept: RecentResults[float] = RecentResults(4)
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 / 0)
    assert kept.get("key", lambda: 1.0) == 1.0


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: RecentResults[str] = RecentResults(2)
    for key in ("one", "two", "one", "three"):
        kept.get(key, lambda: "first")
    assert [kept.get(key, lambda: "again") for key in ("one", "three", "two")] == ["first", "first", "again"]
