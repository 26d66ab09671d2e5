"""Keeps a result that is expensive to work out, so that it is worked out once, however many ask at once."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

Turn = Callable[[], AbstractContextManager[object]]
"""The time in which something is worked out; it may keep whoever comes waiting, or refuse them."""


class Kept(Generic[Value]):
    """The last few things that were worked out, each once: who asks for what is in work waits for it.

    What is kept is given at once; a turn is taken only for what has yet to be worked out. May be used by
    several threads at once.
    """

    def __init__(self, size: int, turn: Turn = nullcontext) -> None:
        """Nothing kept yet.

        Args:
            size: things that are kept; the one that was asked for longest ago goes first.
            turn: what to work out in. A thread that is in its turn must be let into another one, as to
                work out one thing may need another.
        """
        self._size = size
        self._turn = turn
        self._kept: dict[Hashable, Future[Value]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        """What is kept under a key, or else what `work_out` gives. An error is not kept: whoever waited gets
        it too, and the next one tries anew.

        Args:
            key: names everything that the value depends on.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept and kept.done():
                self._kept[key] = self._kept.pop(key)  # asked for last
                return kept.result()
        # Who waits for what another works out does so in a turn as well: else all threads of a server might.
        with self._turn():
            return self._worked_out(key, work_out)

    def _worked_out(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        with self._lock:
            is_new = key not in self._kept
            self._kept[key] = kept = Future() if is_new else self._kept.pop(key)
            while len(self._kept) > self._size:
                del self._kept[next(iter(self._kept))]
        if is_new:
            try:
                kept.set_result(work_out())
            except BaseException as error:
                with self._lock:
                    if self._kept.get(key) is kept:
                        del self._kept[key]
                kept.set_exception(error)
        return kept.result()
