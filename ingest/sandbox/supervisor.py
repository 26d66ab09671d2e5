"""Runs the reader of PDFs in a separate process that may crash, with limits on time and memory.

A hostile or broken file can make a PDF engine run for ever, take all memory or abort. None of that can be
handled inside the process. So the process limits itself (:func:`confine`), and is watched from outside
(:func:`run`) together with the tools that it starts. It ends when its parent does.
"""

import ctypes
import json
import logging
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from archive.errors import BadInputFile, ServiceUnavailable
from archive.outside_text import clean_line
from archive.surroundings import TROUBLES, require_room
from ingest.errors import (
    Damaged,
    Encrypted,
    MemoryLimitReached,
    NoPages,
    ReaderCrashed,
    ReaderKilled,
    TimeLimitReached,
    TooManyPages,
)
from ingest.sandbox.process_family import ProcessFamily

_ROOT = Path(__file__).parents[2]
"""The folder of our packages, in which the process is started to find its module."""
_GIBIBYTE = 1024**3
_LARGEST_FILE = _GIBIBYTE
"""Most bytes of a file that the process may write, such as the one with the pages."""
_LOOK_EVERY = 0.1
"""Seconds between two checks of the process."""
_LONGEST_REPORT = 64 * 1024
_LONGEST_LOG = 4000
NEARLY_ALL = 0.75
"""Share of the memory: a crash with more than this in use is taken for a failed allocation, on which PDF
engines abort."""
_PR_SET_PDEATHSIG = 1

_REFUSALS = {
    error.code: error
    for error in (Damaged, Encrypted, MemoryLimitReached, NoPages, ReaderCrashed, TooManyPages)
}
"""The reasons for which the process may refuse a file."""

_log = logging.getLogger(__name__)

OnPage = Callable[[int, int], None]
"""Called with the number of pages that are done and that of all pages."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for reading one document."""

    memory: int = 2 * _GIBIBYTE
    """Bytes of memory, of all its processes together."""
    time: float = 600
    """In seconds."""
    max_pages: int = 5000


class Stopped(Exception):
    """The work was cancelled; it can be done again later."""


class Cancellation(Protocol):
    """Says whether work has to be cancelled, such as a :class:`threading.Event`."""

    def is_set(self) -> bool:
        """Whether it has."""


def confine(limits: Limits, parent: int) -> None:
    """Limit the process that calls this. It and its children are killed when its parent ends.

    The limit on address space counts memory that is mapped but not used, too; only this limit stops an
    allocation before it happens. Core dumps are disabled, as they would contain whole documents.

    Args:
        parent: the number of the parent process.
    """
    seconds = int(limits.time) + 1
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing more is an error, not the end
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    # Standard input is a pipe that is closed when the parent ends. The guard then kills the whole group.
    subprocess.Popen(["/bin/sh", "-c", "read _; kill -9 0"], stdout=subprocess.DEVNULL)
    if sys.platform == "linux":  # the kernel kills this process even if the guard has ended
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before prctl was called
        os._exit(1)


def run(
    module: str,
    task: str,
    arguments: Sequence[str],
    limits: Limits,
    log: Path,
    on_page: OnPage,
    stop: Cancellation | None = None,
) -> None:
    """Run ``python -m module`` until it ends.

    It reports on standard output in JSON lines: ``{"page": done, "pages": all}`` and, as the last report,
    ``{"refused": code, "message": …}``, ``{"hindered": code, "message": …}`` (by trouble of the machine) or
    ``{"done": true}``.

    Args:
        task: what the process does to the file, such as "Reading", for messages.
        log: the file for its errors, in the folder of all its files.
        on_page: called for each page that is done.
        stop: set to cancel the work.

    Raises:
        TimeLimitReached, MemoryLimitReached: it was killed because it reached this limit.
        ReaderKilled: something else killed it.
        ReaderCrashed: it ended without a last report.
        BadInputFile: it refused the file.
        ServiceUnavailable: trouble of the machine hindered it. A crash counts as that, too, if the folder
            of `log` has no room.
        Stopped: `stop` was set, and it was killed.
    """
    command = [
        *(sys.executable, "-m", module),
        *("--memory", str(limits.memory), "--time", str(limits.time), "--max-pages", str(limits.max_pages)),
        *("--parent", str(os.getpid())),
        *arguments,
    ]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    watch = _Watch(process, task, limits, stop)
    is_done = False
    try:
        for report in _reports(watch):
            if "refused" in report:
                raise _refusal(report)
            if "hindered" in report:
                raise _hindrance(report)
            if report.get("done") is True:
                is_done = True
            else:
                on_page(_count(report, "page"), _count(report, "pages"))
        if not is_done:
            watch.end()
            raise _crash(process.returncode, watch, log)
    except ReaderCrashed:
        require_room(log.parent)
        raise
    finally:
        watch.end()


class _Watch:
    """Checks the process and its children against the limits, again and again."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", task: str, limits: Limits, stop: Cancellation | None
    ) -> None:
        assert process.stdout is not None
        self.output: IO[bytes] = process.stdout
        self.limits = limits
        self.peak_memory = 0
        """The most bytes of memory that the process itself had."""
        self.computed = 0.0
        """Seconds of computing time; known when the process has ended."""
        self.task = task
        self._process = process
        self._family = ProcessFamily(process.pid)
        self._stop = stop
        self._deadline = time.monotonic() + limits.time
        self._next_look = 0.0

    def look(self) -> None:
        """Check the limits, unless that was done a moment ago; raises what :func:`run` raises."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_EVERY
        if self._stop is not None and self._stop.is_set():
            raise Stopped
        if now > self._deadline:
            raise TimeLimitReached(f"{self.task} it took more than {self.limits.time:g} seconds.")
        if self._memory() > self.limits.memory:
            raise MemoryLimitReached(
                f"{self.task} it needed more than {_size(self.limits.memory)} of memory."
            )

    def has_ended(self) -> bool:
        """Whether the process has ended. It stays a zombie, so that no other process can get its number."""
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def end(self) -> None:
        """Kill the process and its children if they are still running. A second call does nothing."""
        if self._process.returncode is not None:
            return
        with suppress(ProcessLookupError):  # none of them is running
            os.killpg(self._process.pid, signal.SIGKILL)
        _pid, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.computed = used.ru_utime + used.ru_stime
        # Before it started its own program, the system counted the memory of this process for it.
        if used.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
            self.peak_memory = max(self.peak_memory, used.ru_maxrss * 1024)
        for pipe in (self._process.stdin, self.output):
            if pipe is not None:
                pipe.close()

    def _memory(self) -> int:
        memory = self._family.memory()
        self.peak_memory = max(self.peak_memory, memory.mapped)
        return memory.used


def _reports(watch: _Watch) -> Iterator[dict[str, object]]:
    """The reports of the process until it ends. Meanwhile its limits are checked."""
    unfinished = b""
    with selectors.DefaultSelector() as selector:
        selector.register(watch.output, selectors.EVENT_READ)
        while True:
            has_ended = watch.has_ended()
            if selector.select(0 if has_ended else _LOOK_EVERY):
                received = os.read(watch.output.fileno(), _LONGEST_REPORT)
                if not received:
                    selector.unregister(watch.output)  # it closed its output, but may still be running
                *lines, unfinished = (unfinished + received).split(b"\n")
                yield from map(_report, lines)
                if len(unfinished) > _LONGEST_REPORT:
                    raise ReaderCrashed("The reader of this file went astray.")
            elif has_ended:
                return
            watch.look()


def _report(line: bytes) -> dict[str, object]:
    try:
        report = json.loads(line)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict):
        raise ReaderCrashed("The reader of this file went astray.")
    return report


def _count(report: dict[str, object], name: str) -> int:
    value = report.get(name)
    return value if type(value) is int and value >= 0 else 0


def _refusal(report: dict[str, object]) -> BadInputFile:
    refusal = _REFUSALS.get(str(report["refused"]), ReaderCrashed)
    return refusal(clean_line(str(report.get("message", ""))))


def _hindrance(report: dict[str, object]) -> ServiceUnavailable:
    trouble = TROUBLES.get(str(report["hindered"]), ServiceUnavailable)
    return trouble(clean_line(str(report.get("message", ""))))


def _crash(code: int, watch: _Watch, log: Path) -> BadInputFile:
    """The error for a process that ended without a last report.

    Args:
        code: its exit code, or the number of the signal that ended it as a negative number.
    """
    with log.open("rb") as errors:
        errors.seek(max(0, log.stat().st_size - _LONGEST_LOG))
        last_errors = errors.read().decode("utf-8", "replace").strip()
    _log.warning("The reader ended with code %s. %s", code, last_errors)
    # The kernel kills a process that ignores SIGXCPU some seconds later.
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and watch.computed > watch.limits.time):
        return TimeLimitReached(f"{watch.task} it took more than {watch.limits.time:g} seconds of computing.")
    if code == -signal.SIGKILL:
        return ReaderKilled("The system stopped the reader of this file, most likely for want of memory.")
    if watch.peak_memory > watch.limits.memory * NEARLY_ALL:
        return MemoryLimitReached(f"{watch.task} it needed more than {_size(watch.limits.memory)} of memory.")
    if code < 0:
        return ReaderCrashed(f"The PDF engine crashed ({signal.Signals(-code).name}) on this file.")
    return ReaderCrashed(f"The reader of this file stopped unexpectedly (exit code {code}).")


def _size(memory: int) -> str:
    return f"{memory / _GIBIBYTE:.3g} GiB" if memory >= _GIBIBYTE else f"{memory // 1024**2} MiB"
