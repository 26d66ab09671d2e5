"""Runs the reader of PDFs in a process of its own that may die, within limits of time and memory.

A hostile or broken file can make a PDF engine run for ever, take all memory or abort, and none of that can be
caught inside a process. So the process limits itself (:func:`confine`) and is watched from outside
(:func:`run`), together with the tools that it starts. It ends when its parent does.
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
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

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

_ROOT = Path(__file__).parents[2]
"""The folder of our packages, where the process finds its module."""
_GIBIBYTE = 1024**3
_LARGEST_FILE = _GIBIBYTE
"""Bytes of a file that the process may write, its spool included."""
_LOOK_EVERY = 0.1
"""Seconds between two looks at the process."""
_LONGEST_REPORT = 64 * 1024
_LONGEST_LOG = 4000
NEARLY_ALL = 0.75
"""Share of the memory after which a crash is taken for a failed allocation: engines abort at that."""
_PR_SET_PDEATHSIG = 1

_REFUSALS = {
    error.code: error
    for error in (Damaged, Encrypted, MemoryLimitReached, NoPages, ReaderCrashed, TooManyPages)
}
"""What the process may say of a file."""

_log = logging.getLogger(__name__)

OnPage = Callable[[int, int], None]
"""Called with the number of pages done and of all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one document may take."""

    memory: int = 2 * _GIBIBYTE
    """Bytes, of all its processes together."""
    time: float = 600
    """Seconds."""
    max_pages: int = 5000


class Stopped(Exception):
    """The work was called off; it can be done again later."""


def confine(limits: Limits, parent: int) -> None:
    """Limit the process that calls this; it and what it starts are killed when its parent, `parent`, ends.

    The limit on address space counts what is mapped, not only what is used; it is the one that stops an
    allocation before it happens. No core dumps: they would hold whole documents.
    """
    seconds = int(limits.time) + 1
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing more is an error, not the end
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    # Standard input is a pipe that ends with the parent; the guard then kills the whole group, itself too.
    subprocess.Popen(["/bin/sh", "-c", "read _; kill -9 0"], stdout=subprocess.DEVNULL)
    if sys.platform == "linux":  # the kernel does so for this process even if the guard is gone
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we asked to be told
        os._exit(1)


def run(
    module: str,
    task: str,
    arguments: Sequence[str],
    limits: Limits,
    log: Path,
    on_page: OnPage,
    stop: threading.Event | None = None,
) -> None:
    """Run ``python -m module`` to its end; it reports on stdout in JSON lines, and writes errors to `log`.

    `task` is what it does, such as "Reading", for the reasons that people see.
    A report is ``{"page": done, "pages": all}`` or, at last, ``{"refused": code, "message": …}``,
    ``{"hindered": code, "message": …}`` (by trouble of the machine) or ``{"done": true}``.

    Raises:
        TimeLimitReached, MemoryLimitReached: it was killed for that.
        ReaderKilled: something else killed it.
        ReaderCrashed: it ended without a last report.
        BadInputFile: the refusal that it reported.
        ServiceUnavailable: trouble of the machine hindered it. So it is taken for, whatever it said, when it
            crashed while the folder of `log`, where it writes all its files, has no room.
        Stopped: `stop` was set meanwhile; it was killed.
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
    """A look at the process and all that it started, time and again."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", task: str, limits: Limits, stop: threading.Event | None
    ) -> None:
        assert process.stdout is not None
        self.output: IO[bytes] = process.stdout
        self.limits = limits
        self.peak_memory = 0
        """The most bytes that the process itself had."""
        self.computed = 0.0
        """Seconds; known when it has ended."""
        self.task = task
        self._process = process
        self._stop = stop
        self._deadline = time.monotonic() + limits.time
        self._next_look = 0.0

    def look(self) -> None:
        """Raises what :func:`run` raises for a limit that is reached; looks again only after a while."""
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
        """Whether the process has ended; it is not buried yet, so that nobody else can have its number."""
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def end(self) -> None:
        """Kill what is left of the process and all that it started; nothing happens the second time."""
        if self._process.returncode is not None:
            return
        with suppress(ProcessLookupError):  # nothing is left of them
            os.killpg(self._process.pid, signal.SIGKILL)
        _pid, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.computed = used.ru_utime + used.ru_stime
        # Until it began its own program, the system counted it as large as this process.
        if used.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
            self.peak_memory = max(self.peak_memory, used.ru_maxrss * 1024)
        for pipe in (self._process.stdin, self.output):
            if pipe is not None:
                pipe.close()

    def _memory(self) -> int:
        used = 0
        try:
            reader = psutil.Process(self._process.pid)
            self.peak_memory = max(self.peak_memory, reader.memory_info().vms)
            family = [reader, *reader.children(recursive=True)]
        except psutil.Error:
            return 0
        for member in family:
            try:
                used += member.memory_info().rss
            except psutil.Error:
                continue  # it ended just now
        return used


def _reports(watch: _Watch) -> Iterator[dict[str, object]]:
    """The reports of the process until it ends, which is looked at all the while."""
    unfinished = b""
    with selectors.DefaultSelector() as selector:
        selector.register(watch.output, selectors.EVENT_READ)
        while True:
            has_ended = watch.has_ended()
            if selector.select(0 if has_ended else _LOOK_EVERY):
                received = os.read(watch.output.fileno(), _LONGEST_REPORT)
                if not received:
                    selector.unregister(watch.output)  # it closed its output, but may go on
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
    """Why a process ended without a last report; `code` is its exit code, or minus the signal's number."""
    with log.open("rb") as errors:
        errors.seek(max(0, log.stat().st_size - _LONGEST_LOG))
        told = errors.read().decode("utf-8", "replace").strip()
    _log.warning("The reader ended with code %s. %s", code, told)
    # The kernel kills a process that takes no heed of SIGXCPU, some seconds later.
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
