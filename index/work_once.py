"""Caches expensive results, and computes each only once, however many threads request it at the same time."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Value = TypeVar("Value")

Turn = Callable[[], AbstractContextManager[object]]
"""The context in which a result is computed. Entering it may wait, or raise an error."""


class RecentResults(Generic[Value]):
    """A cache of the most recent results. A thread that requests a result that another one is computing
    waits for it.

    A cached result is returned at once, without entering the context. Several threads may use it at once.
    """

    def __init__(self, size: int, turn: Turn = nullcontext) -> None:
        """An empty cache.

        Args:
            size: most results in the cache; the one that was requested longest ago is removed first.
            turn: the context in which results are computed. Must be re-entrant per thread, as computing one
                result may need another.
        """
        self._turn = turn
        self._results: LRUCache[Hashable, Future[Value]] = LRUCache(size)
        self._lock = Lock()

    def get(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        """The result for a key, computed by `work_out` if it is not in the cache.

        Errors are not cached: all threads that wait get the error, and the next caller tries again.

        Args:
            key: contains everything that the result depends on.
        """
        with self._lock:
            future = self._results.get(key)
        if future is not None and future.done():
            return future.result()
        # Waiting for the result of another thread needs a turn, too: else all threads of a server might wait.
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
