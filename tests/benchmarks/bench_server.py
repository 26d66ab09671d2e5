"""How the web server holds out: many readers at once, beside ingestion, and beside clients that are slow.

    python tests/benchmarks/bench_server.py [--archive FOLDER] [--seconds 10] [--only terugblik,granian]

Copies an archive (by default it takes in the demonstration collection) and serves it with `terugblik serve`,
and with the same application in other servers, which are the reference: waitress in one process as it comes,
gunicorn with threads, granian. Everything on loopback, bounded in time. For each server it prints:

- the latency of `/nl/search` with 1, 32 and 128 readers who ask again as soon as they are answered, alone and
  beside a worker that reads documents: median, 99th percentile, requests a second, answers 503, errors;
- whether one more reader is answered while 200 connections of one client send a byte of their headers a
  second, send a body as slowly, read an original as slowly, or do nothing: the slowest of ten answers;
- memory of each web process (the part that is its own).
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from archive.settings import read
from search_app import create_app

ROOT = Path(__file__).parents[2]
WORDS = (
    *("emploi", "werk", "jeunes", "opleiding", "gewest", "water", "parlement", "begroting", "commune"),
    *("budget", "service", "burgers", "données", "debian", "climat", "klimaat", "prix", "qualité"),
)
SLOW = 200
PATIENCE = 60.0
"""Seconds after which a reader gives up; that is an error."""

Command = Callable[[int], Sequence[str | Path]]


def _python(*arguments: str | Path) -> Sequence[str | Path]:
    return [sys.executable, *arguments]


_WAITRESS = (
    "import sys, waitress, search_app; "
    "waitress.serve(search_app.create_app(), host='127.0.0.1', port=int(sys.argv[1]), threads=8)"
)
_FACTORY = "search_app:create_app()"
SERVERS: dict[str, Command] = {
    "terugblik": lambda port: _python(ROOT / "terugblik.py", "serve", "--port", str(port)),
    "waitress, 1 process": lambda port: _python("-c", _WAITRESS, str(port)),
    "gunicorn, 2 processes": lambda port: _python(
        *("-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8", _FACTORY)
    ),
    "granian, 2 processes": lambda port: _python(
        *("-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2"),
        *("--blocking-threads", "8", "--factory", "search_app:create_app"),
    ),
}


@dataclass
class Answers:
    """What the readers of one run got."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    """Answers 503."""
    refused_latest: float = 0.0
    errors: int = 0

    def row(self) -> str:
        """The columns of the table."""
        if not self.latencies:
            return f"no answer; {self.refused} refused, {self.errors} errors"
        told = sorted(self.latencies)
        at = [told[min(len(told) - 1, int(len(told) * share))] for share in (0.5, 0.99)]
        return (
            f"p50 {at[0]:6.2f} s   p99 {at[1]:6.2f} s   {len(told) / self.seconds:6.1f}/s   "
            f"503: {self.refused} (latest {self.refused_latest:.1f} s)   errors: {self.errors}"
        )


async def ask(port: int, path: str, slow_bytes: int = 0) -> int:
    """The status of an answer that was read whole."""
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await _asked(reading, writing, path)
    finally:
        writing.close()


async def _asked(reading: asyncio.StreamReader, writing: asyncio.StreamWriter, path: str) -> int:
    writing.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    status, length = 0, -1
    while line := (await reading.readline()).strip():
        if not status:
            status = int(line.split()[1])
        elif line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    if not status:
        raise ConnectionError("closed without an answer")
    await reading.readexactly(length) if length >= 0 else await reading.read()
    return status


async def reader(port: int, number: int, until: float, answers: Answers) -> None:
    """A reader who asks again as soon as there is an answer, on a connection that stays open."""
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    asked = number
    while time.monotonic() < until:
        asked += 1
        one, other = WORDS[asked % len(WORDS)], WORDS[(asked * 7 + number) % len(WORDS)]
        path = f"/nl/search?q={quote(one if asked % 2 else one + ' ' + other)}"
        begun = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                streams = streams or await asyncio.open_connection("127.0.0.1", port)
                status = await _asked(*streams, path)
            took = time.monotonic() - begun
            if status == 200:
                answers.latencies.append(took)
            elif status == 503:
                answers.refused += 1
                answers.refused_latest = max(answers.refused_latest, took)
                streams[1].close()
                streams = None
                await asyncio.sleep(1)  # Retry-After says more
            else:
                answers.errors += 1
        except (OSError, TimeoutError, EOFError):
            answers.errors += 1
            if streams:
                streams[1].close()
            streams = None
            await asyncio.sleep(0.1)


async def readers(port: int, count: int, seconds: float) -> Answers:
    """So many readers for so long."""
    answers, begun = Answers(seconds), time.monotonic()
    await asyncio.gather(*(reader(port, number, begun + seconds, answers) for number in range(count)))
    answers.seconds = time.monotonic() - begun
    return answers


async def slow_headers(port: int) -> None:
    _reading, writing = await asyncio.open_connection("127.0.0.1", port)
    for letter in f"GET / HTTP/1.1\r\nHost: a\r\nX: {'x' * 1000}":
        writing.write(letter.encode())
        await asyncio.sleep(1)


async def slow_body(port: int) -> None:
    _reading, writing = await asyncio.open_connection("127.0.0.1", port)
    writing.write(b"POST /api/v1/quote HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writing.write(b"x")
        await asyncio.sleep(1)


def slow_reading(path: str, headers: str = "") -> Callable[[int], "asyncio.Future[None]"]:
    async def slow_reader(port: int) -> None:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        connection.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode())
        with connection:
            while True:
                await asyncio.get_running_loop().sock_recv(connection, 1)
                await asyncio.sleep(1)

    return slow_reader  # type: ignore[return-value]


async def idle(port: int) -> None:
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    await _asked(reading, writing, "/robots.txt")
    await asyncio.sleep(3600)


async def beside(port: int, slow: Callable[[int], object], seconds: float) -> str:
    """The slowest of ten answers beside so many slow connections."""
    crowd = [asyncio.create_task(slow(port)) for _ in range(SLOW)]  # type: ignore[arg-type]
    await asyncio.sleep(3)
    slowest, failed = 0.0, 0
    for _ in range(10):
        begun = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                await ask(port, "/nl/search?q=emploi")
        except (OSError, TimeoutError, EOFError):
            failed += 1
            if failed == 2:
                break
        slowest = max(slowest, time.monotonic() - begun)
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    return f"slowest of ten {slowest:5.2f} s" + (
        f"   THE SITE IS AWAY ({failed} unanswered)" if failed else ""
    )


@contextlib.contextmanager
def running(command: Command, data: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The server, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "TERUGBLIK_DATA": str(data), "PYTHONPATH": str(ROOT)}
    process = psutil.Popen(
        command(port),
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        asyncio.run(ask(port, "/nl/search?q=emploi"))
        yield port, process
    finally:
        children = process.children(recursive=True)
        process.send_signal(signal.SIGTERM)
        _gone, alive = psutil.wait_procs([process, *children], timeout=15)
        for left in alive:
            left.kill()


@contextlib.contextmanager
def ingestion(data: Path, has_worker: bool) -> Iterator[None]:
    """Every document is read again: by the worker that the server has, or by one of ours."""
    environment = {**os.environ, "TERUGBLIK_DATA": str(data), "PYTHONPATH": str(ROOT)}
    verb = [sys.executable, ROOT / "terugblik.py"]
    subprocess.run(
        [*verb, "reread", "--all", "--queue"], env=environment, stdout=subprocess.DEVNULL, check=True
    )
    worker = None if has_worker else subprocess.Popen([*verb, "work"], env=environment)
    time.sleep(3)
    yield
    if worker:
        worker.terminate()
        worker.wait()


def memory(process: psutil.Process) -> str:
    own = []
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            if "work" not in one.cmdline():
                own.append(round(one.memory_full_info().uss / 1024 / 1024))
    return " + ".join(f"{size} MiB" for size in own)


def measure(name: str, command: Command, archive: Path, seconds: float) -> None:
    """All figures of one server."""
    print(f"\n{name}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        shutil.copytree(archive, data)
        with running(command, data) as (port, process):
            for count in (1, 32, 128):
                print(
                    f"  {count:4} readers              ",
                    asyncio.run(readers(port, count, seconds)).row(),
                    flush=True,
                )
            print("  memory                    ", memory(process), flush=True)
            largest = _largest_original(data)
            for title, slow in {
                "200 slow headers": slow_headers,
                "200 slow bodies": slow_body,
                "200 slow readers": slow_reading(largest),
                "200 slow readers of a part": slow_reading(largest, "Range: bytes=1-\r\n"),
                "200 idle": idle,
            }.items():
                print(f"  {title:26}", asyncio.run(beside(port, slow, 10)), flush=True)
        with running(command, data) as (port, process), ingestion(data, name == "terugblik"):
            for count in (32, 128):
                told = asyncio.run(readers(port, count, seconds)).row()
                print(f"  {count:4} beside ingestion     ", told, flush=True)


def _largest_original(data: Path) -> str:
    library = create_app(read({"TERUGBLIK_DATA": str(data)})).extensions["library"]
    with library.catalogue as catalogue:
        largest = max(catalogue.documents(), key=lambda document: document.size)
    return f"/original/{largest.id}.pdf"


def main() -> None:
    """Measure every server and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="a data folder; nothing in it is changed")
    parser.add_argument("--seconds", type=float, default=10, help="of each run with readers")
    parser.add_argument("--only", help="names of servers, with + between; the start of each will do")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        archive = options.archive
        if archive is None:
            archive = Path(made) / "data"
            environment = {**os.environ, "TERUGBLIK_DATA": str(archive), "PYTHONPATH": str(ROOT)}
            verb = [sys.executable, ROOT / "terugblik.py", "demonstrate", "--json"]
            subprocess.run(verb, env=environment, check=True, stdout=subprocess.DEVNULL)
        for name, command in SERVERS.items():
            if not options.only or name.startswith(tuple(options.only.split("+"))):
                measure(name, command, archive, options.seconds)


if __name__ == "__main__":
    main()
