"""Keeps a result that is expensive to work out, so that it is worked out once, however many ask at once."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Value = TypeVar("Value")

Turn = Callable[[], AbstractContextManager[object]]
"""The context in which something is worked out; entering it may wait, or be refused."""


class RecentResults(Generic[Value]):
    """The last few results, each worked out once: whoever asks for a result that is being worked out waits
    for it.

    A kept result is returned at once; a turn is taken only for new work. May be used by several threads at
    once.
    """

    def __init__(self, size: int, turn: Turn = nullcontext) -> None:
        """Nothing kept yet.

        Args:
            size: things that are kept; the one that was asked for longest ago goes first.
            turn: the context to work in. Must be re-entrant per thread: working out one value may need
                another.
        """
        self._turn = turn
        self._results: LRUCache[Hashable, Future[Value]] = LRUCache(size)
        self._lock = Lock()

    def get(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        """The result kept under a key; if there is none, that of `work_out`. An error is not kept: everybody
        who waited gets it, and the next caller tries again.

        Args:
            key: names everything that the value depends on.
        """
        with self._lock:
            future = self._results.get(key)
        if future is not None and future.done():
            return future.result()
        # Who waits for what another works out does so in a turn as well: else all threads of a server might.
        with self._turn():
            return self._worked_out(key, work_out)

    def _worked_out(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        with self._lock:
            is_new = key not in self._results
            future = self._results.setdefault(key, Future())
        if is_new:
            try:
                future.set_result(work_out())
            except BaseException as error:
                with self._lock:
                    if self._results.get(key) is future:
                        del self._results[key]
                future.set_exception(error)
        return future.result()
