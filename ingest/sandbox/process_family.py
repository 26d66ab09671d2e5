"""How much memory do a process and all that it started use?"""

import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import psutil


class FamilyMemory(NamedTuple):
    """Bytes of memory; 0 if the process has ended."""

    mapped: int
    """Address space of the process itself."""
    used: int
    """Memory that the process and its descendants have in use."""


class ProcessFamily:
    """A process and its descendants."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._members: dict[int, psutil.Process] = {}
        """The members found last, by the number of the process."""

    def memory(self) -> FamilyMemory:
        """The memory that they have now."""
        try:
            reader = self._members.get(self._number) or psutil.Process(self._number)
            own = reader.memory_info()
            members = {self._number: reader, **self._descendants(reader)}
        except psutil.Error:
            return FamilyMemory(0, 0)
        self._members = members
        used = own.rss
        for number, member in members.items():
            if number != self._number:
                try:
                    used += member.memory_info().rss
                except psutil.Error:
                    continue  # it ended just now
        return FamilyMemory(own.vms, used)

    def _descendants(self, reader: psutil.Process) -> dict[int, psutil.Process]:
        if not _tells_children():
            return {member.pid: member for member in reader.children(recursive=True)}
        found: dict[int, psutil.Process] = {}
        left = _children(self._number)
        while left:
            number = left.pop()
            try:
                found[number] = self._members.get(number) or psutil.Process(number)
            except psutil.Error:
                continue
            left += _children(number)
        return found


@lru_cache(maxsize=1)
def _tells_children() -> bool:
    """Whether the system lists the children of a process; else psutil goes through all processes, which takes
    a hundred times as long and more."""
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").exists()


def _children(number: int) -> list[int]:
    """The processes that a process started and that still run."""
    threads: list[Path] = []
    found: list[int] = []
    with suppress(OSError):  # it ended just now
        threads += Path(f"/proc/{number}/task").iterdir()
    for thread in threads:
        with suppress(OSError):  # this thread did
            found += map(int, (thread / "children").read_text("ascii").split())
    return found
