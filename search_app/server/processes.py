"""The processes of the site: several that answer requests, the worker, and one that keeps the others running.

The last one has no threads, so it can fork at any time; the processes that it starts share the memory of
the program. They have one end of a pipe, the lifeline. When it is closed, because the site stops or the
main process has ended, they finish their answers and end.
"""

import gc
import multiprocessing
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.process import BaseProcess

from flask import Flask

from archive.errors import ServiceUnavailable, TerugblikError
from archive.settings import Settings
from search_app import create_app
from search_app.server.http_server import Server

_PROCESSES = multiprocessing.get_context("fork")

_MOST_BY_ITSELF = 4
"""Most processes that answer requests, if the settings give no number; never more than there are
processors."""

_SECONDS_TO_END = 10.0
"""Seconds in which processes have to end when the site stops. A job that the worker does not finish is done
again by the next one."""

_SECONDS_BEFORE_ANOTHER = 1.0
"""Seconds between the unexpected end of a process and the start of another."""


def web_processes(settings: Settings) -> int:
    """The number of processes that answer requests."""
    return settings.web_processes or min(os.cpu_count() or 1, _MOST_BY_ITSELF)


def listen(settings: Settings) -> socket.socket:
    """A socket that listens on the host and port of the settings.

    Raises:
        ServiceUnavailable: another program uses the port, or it is not allowed.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise ServiceUnavailable(
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror or error}.",
            "Another program may use that port; choose a free one with --port (make run PORT=8001).",
        ) from error


def serve(
    settings: Settings,
    listener: socket.socket,
    worker: Sequence[str] | None,
    tell_started: Callable[[], None],
    remark: Callable[[str], None],
) -> None:
    """Answer requests on a socket until the program is interrupted or terminated.

    Args:
        worker: the command that starts the worker, which has to end when this process does; None for no
            worker.
        tell_started: called when the site answers.
        remark: called with messages on errors, and on processes that ended and were started again.

    Raises:
        ServiceUnavailable: no process could start to answer.
    """
    gc.freeze()  # the garbage collector would write to memory that the processes share, so that it is copied
    stop = _stop_signal()
    lifeline, started = os.pipe(), os.pipe()

    def answer() -> None:
        os.close(lifeline[1])
        _answer(_application(settings, remark), listener, lifeline[0], started[1])

    web = [_Supervised("A web process", lambda: _Forked(answer)) for _ in range(web_processes(settings))]
    supervised = web if worker is None else [*web, _Supervised("The worker", lambda: _Begun(worker))]
    try:
        awaited = [stop, started[0]]
        while stop not in (ready := _look_after(supervised, awaited, remark)):
            if started[0] in ready:
                awaited.remove(started[0])
                tell_started()
            elif started[0] in awaited and any(one.has_failed() for one in web):
                raise ServiceUnavailable("The site could not be started.", "What is said above tells why.")
    finally:
        listener.close()
        os.close(lifeline[1])
        _end(supervised)
        for end in (lifeline[0], *started):
            os.close(end)


def _look_after(
    supervised: Sequence["_Supervised"], awaited: Sequence[int], remark: Callable[[str], None]
) -> Sequence[object]:
    """Start the processes that are not running, and wait a moment. Returns those of `awaited` that can be
    read."""
    for one in supervised:
        one.look_after(remark)
    ready: Sequence[object] = connection.wait(list(awaited), timeout=0.2)
    return ready


def _stop_signal() -> int:
    """A file descriptor that can be read when the site has to stop.

    Each signal is written as a byte into a pipe, which stays open: several signals may arrive at once, and
    also while the site stops.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_received: None)
    return reading


class _Forked:
    """A process that answers requests, forked from this one."""

    def __init__(self, run: Callable[[], None]) -> None:
        self._process: BaseProcess = _PROCESSES.Process(target=run)
        self._process.start()

    def ended(self) -> int | None:
        return self._process.exitcode

    def ask_to_end(self) -> None:
        """Does nothing: the process ends when its lifeline is closed."""

    def kill(self) -> None:
        self._process.kill()
        self._process.join()


class _Begun:
    """A process that runs another program."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command)

    def ended(self) -> int | None:
        return self._process.poll()

    def ask_to_end(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@dataclass
class _Supervised:
    """A process that is started again whenever it ends."""

    name: str
    start: Callable[[], "_Forked | _Begun"]
    process: "_Forked | _Begun | None" = None
    _not_before: float = field(default=0.0)

    def has_failed(self) -> bool:
        """Whether it has ended with an error, and not by a signal."""
        return self.process is not None and (self.process.ended() or 0) > 0

    def look_after(self, remark: Callable[[str], None]) -> None:
        """Start it if it is not running, but not directly after it ended."""
        code = None if self.process is None else self.process.ended()
        if code is not None:
            remark(f"{self.name} ended ({code}); starting it again.")
            self.process, self._not_before = None, time.monotonic() + _SECONDS_BEFORE_ANOTHER
        if self.process is None and time.monotonic() >= self._not_before:
            self.process = self.start()


def _end(supervised: Sequence[_Supervised]) -> None:
    running = [one.process for one in supervised if one.process is not None]
    for process in running:
        process.ask_to_end()
    latest = time.monotonic() + _SECONDS_TO_END
    while time.monotonic() < latest and any(process.ended() is None for process in running):
        time.sleep(0.02)
    for process in running:
        if process.ended() is None:
            process.kill()


def _application(settings: Settings, remark: Callable[[str], None]) -> Flask:
    """Makes the application of the site in this process. An error ends the process, with a message and no
    traceback."""
    try:
        return create_app(settings)
    except TerugblikError as error:
        remark(f"terugblik: {error.message}\n{error.hint}")
        raise SystemExit(error.exit_code) from error
    except OSError as error:
        remark(f"terugblik: The system does not let this be done: {error}.")
        raise SystemExit(ServiceUnavailable.exit_code) from error


def _answer(app: Flask, listener: socket.socket, lifeline: int, started: int) -> None:
    """Answer requests until the lifeline is closed."""
    settings: Settings = app.extensions["library"].settings
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes, which end with the lifeline
    uploads = settings.data / "uploads"
    with suppress(OSError):  # on a read-only disk nothing is uploaded
        uploads.mkdir(mode=0o700, exist_ok=True)
        tempfile.tempdir = str(uploads)  # large uploads are stored here, in files without a name
    _search_once(app)
    server = Server(app, listener)
    signal.signal(signal.SIGTERM, lambda *_received: server.stop())

    def wait_for_the_end() -> None:
        os.read(lifeline, 1)
        server.stop()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    os.write(started, b".")
    server.run()


def _search_once(app: Flask) -> None:
    """Open the index and compile the template of results before the first request, so that no reader waits
    for it.

    It takes about half a second.
    """
    with suppress(TerugblikError):  # readers are told what is wrong with the index when they search
        app.extensions["library"].engine()
        app.test_client().get("/nl/search?q=brussel")
