"""The command line in processes of their own, forked from one that has imported the program already.

Importing it takes longer than most of its verbs. What is run is the real thing: its own process, with its own
arguments, environment, folder and streams.
"""

import ast
import ctypes
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import terugblik

_PROCESSES = multiprocessing.get_context("forkserver")


def _imported_by_verbs() -> list[str]:
    """What the program may import; verbs do so when they are run."""
    tree = ast.parse(Path(terugblik.__file__).read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{name.name}" for node in found for name in node.names}
    return sorted({str(node.module) for node in found} | names)  # those that are no modules are left out


_PROCESSES.set_forkserver_preload([__name__, "search_app.site", *_imported_by_verbs()])


def run_forked(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    stdin: str = "",
    seconds: float = 240,
    is_privileged: bool = True,
) -> "subprocess.CompletedProcess[str]":
    """What ``terugblik`` with these arguments answers, in `folder`. Root that is not privileged may do with
    files what any user may.

    Raises:
        subprocess.TimeoutExpired: it took longer than `seconds`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        streams = [Path(scratch) / name for name in ("stdin", "stdout", "stderr")]
        streams[0].write_text(stdin, encoding="utf-8")
        process = _PROCESSES.Process(
            target=_run, args=(arguments, environment, folder, streams, is_privileged)
        )
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(arguments), seconds)
        told = [stream.read_text(encoding="utf-8") for stream in streams[1:]]
        return subprocess.CompletedProcess(list(arguments), process.exitcode, *told)


def call_forked(
    function: Callable[..., None],
    arguments: Sequence[Any],
    environment: Mapping[str, str],
    folder: Path,
    seconds: float,
    is_privileged: bool = True,
) -> str:
    """Call a function of a module in a process of its own, in `folder`; what it said on stdout and stderr.

    Raises:
        subprocess.TimeoutExpired: it took longer than `seconds`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        process = _PROCESSES.Process(
            target=_call, args=(function, arguments, environment, folder, log, is_privileged)
        )
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired([function.__name__], seconds)
        return log.read_text(encoding="utf-8", errors="replace")


def start_forked(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> multiprocessing.process.BaseProcess:
    """``terugblik`` with these arguments, running on in `folder`; what it says goes into `log`."""
    streams = [Path(os.devnull), log, log]
    process = _PROCESSES.Process(target=_run, args=(arguments, environment, folder, streams, True))
    process.start()
    return process


def _run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    streams: Sequence[Path],
    is_privileged: bool,
) -> None:
    for number, stream in enumerate(streams):
        os.dup2(os.open(stream, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (as long as the process)
    _settle_in(environment, folder, is_privileged)
    sys.exit(terugblik.main(arguments))


def _call(
    function: Callable[..., None],
    arguments: Sequence[Any],
    environment: Mapping[str, str],
    folder: Path,
    log: Path,
    is_privileged: bool,
) -> None:
    for number, stream in enumerate((Path(os.devnull), log, log)):
        os.dup2(os.open(stream, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    _settle_in(environment, folder, is_privileged)
    function(*arguments)


def _settle_in(environment: Mapping[str, str], folder: Path, is_privileged: bool) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    if not is_privileged:
        _drop_privileges()


def _drop_privileges() -> None:
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, nothing) == 0
