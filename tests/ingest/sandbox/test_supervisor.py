"""The limited process, against a reader that misbehaves in every way: each ends, in time, with its reason."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from archive.errors import BadInputFile, ServiceUnavailable
from archive.surroundings import NoRoom
from ingest.errors import Damaged, Encrypted, MemoryLimitReached, ReaderCrashed, TimeLimitReached
from ingest.sandbox.supervisor import Limits, Stopped, run
from tests.surroundings.small_disk import small_disk

MEBIBYTE = 1024 * 1024
QUICK = Limits(memory=1024 * MEBIBYTE, time=20)


def misbehave(
    folder: Path,
    what: str,
    limits: Limits = QUICK,
    stop: threading.Event | None = None,
) -> list[tuple[int, int]]:
    pages: list[tuple[int, int]] = []
    run(
        "tests.surroundings.misbehaving_reader",
        "Reading",
        [what, str(folder / "file")],
        limits,
        folder / "log",
        lambda done, total: pages.append((done, total)),
        stop,
    )
    return pages


def is_gone(process: int) -> bool:
    """Whether a process has ended; one that nobody has buried yet is gone as well."""
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(*processes: int) -> None:
    deadline = time.monotonic() + 10
    while not all(is_gone(process) for process in processes):
        assert time.monotonic() < deadline, f"{processes} go on"
        time.sleep(0.02)


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    assert misbehave(tmp_path, "reads_three_pages") == [(1, 3), (2, 3), (3, 3)]


def test_a_refusal_keeps_its_class_and_its_cleaned_message(tmp_path: Path) -> None:
    with pytest.raises(Encrypted) as refusal:
        misbehave(tmp_path, "refuses")
    assert refusal.value.message == "The file is protected with a password."
    assert "password" in refusal.value.hint


def test_a_refusal_that_is_not_known_is_a_crash(tmp_path: Path) -> None:
    with pytest.raises(ReaderCrashed):
        misbehave(tmp_path, "refuses_for_an_unknown_reason")


def test_trouble_of_the_machine_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(NoRoom) as trouble:
        misbehave(tmp_path, "is_hindered")
    assert trouble.value.message == "The disk has no room."
    with pytest.raises(ServiceUnavailable):
        misbehave(tmp_path, "is_hindered_by_something_unknown")


@pytest.mark.parametrize("what", ["aborts", "ends_in_silence", "babbles"])
def test_a_crash_on_a_full_disk_is_put_down_to_the_disk(tmp_path: Path, what: str) -> None:
    with small_disk(tmp_path / "disk", 8 * MEBIBYTE) as disk:
        disk.fill()
        with pytest.raises(NoRoom):
            misbehave(disk.folder, what)
        disk.make_room()
        with pytest.raises(ReaderCrashed):
            misbehave(disk.folder, what)


@pytest.mark.parametrize("what", ["hangs", "hangs_without_output"])
def test_time_on_the_clock_is_limited(tmp_path: Path, what: str) -> None:
    with pytest.raises(TimeLimitReached) as refusal:
        misbehave(tmp_path, what, Limits(QUICK.memory, time=1))
    assert refusal.value.message == "Reading it took more than 1 seconds."
    assert "TERUGBLIK_TIME_LIMIT" in refusal.value.hint


def test_time_of_computing_is_limited_by_the_process_itself(tmp_path: Path) -> None:
    """When nobody watches, the kernel does: the process is started here without its watch."""
    command = [sys.executable, "-m", "tests.surroundings.misbehaving_reader", "--memory", str(QUICK.memory)]
    command += ["--time", "0", "--max-pages", "1", "--parent", str(os.getpid()), "computes_for_ever"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdin=subprocess.PIPE) as unwatched:
        assert unwatched.wait(60) in (-signal.SIGXCPU, -signal.SIGKILL)


@pytest.mark.parametrize(
    ("what", "size"),
    [
        ("takes_memory", 1024),
        ("fails_to_get_memory_and_aborts", 1024),
        ("starts_tools_that_take_memory", 300),
    ],
)
def test_memory_is_limited_also_that_of_its_tools(tmp_path: Path, what: str, size: int) -> None:
    with pytest.raises(BadInputFile) as refusal:
        misbehave(tmp_path, what, Limits(memory=size * MEBIBYTE, time=20))
    assert isinstance(refusal.value, MemoryLimitReached)
    assert (
        refusal.value.message
        == f"Reading it needed more than {'1 GiB' if size == 1024 else '300 MiB'} of memory."
    )
    assert "TERUGBLIK_MEMORY_LIMIT" in refusal.value.hint


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("aborts", "The PDF engine crashed (SIGABRT) on this file."),
        ("breaks", "The PDF engine crashed (SIGSEGV) on this file."),
        ("exits", "exit code 3"),
        ("ends_in_silence", "exit code 0"),
        ("babbles", "went astray"),
        ("speaks_another_language", "went astray"),
    ],
)
def test_a_crash_is_told_in_words(tmp_path: Path, what: str, told: str) -> None:
    with pytest.raises(ReaderCrashed) as refusal:
        misbehave(tmp_path, what)
    assert told in refusal.value.message


def test_what_it_said_before_it_crashed_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(ReaderCrashed):
        misbehave(tmp_path, "aborts")
    assert "before the end" in caplog.text


def test_killed_by_the_system_is_taken_for_want_of_memory(tmp_path: Path) -> None:
    with pytest.raises(MemoryLimitReached) as refusal:
        misbehave(tmp_path, "is_killed")
    assert "The system stopped the reader" in refusal.value.message


def test_wrong_counts_are_no_counts(tmp_path: Path) -> None:
    assert misbehave(tmp_path, "counts_wrongly") == [(0, 0)]


def test_files_that_it_writes_are_limited(tmp_path: Path) -> None:
    with pytest.raises(Damaged) as refusal:
        misbehave(tmp_path, "writes_a_file_that_is_too_large")
    assert "large" in refusal.value.message


def test_work_can_be_called_off(tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    with pytest.raises(Stopped):
        misbehave(tmp_path, "starts_a_tool_and_hangs", Limits(QUICK.memory, time=30), stop)
    if (tmp_path / "file").exists():
        wait_until_gone(*map(int, (tmp_path / "file").read_text().split()))


def test_no_tool_outlives_the_reader(tmp_path: Path) -> None:
    misbehave(tmp_path, "leaves_a_tool_behind")
    wait_until_gone(int((tmp_path / "file").read_text()))


def test_neither_reader_nor_tool_outlives_the_parent(tmp_path: Path) -> None:
    """When a worker is killed with -9, nobody is left to kill its reader and the reader's tools."""
    parent = f"""
import sys
from pathlib import Path
from ingest.sandbox.supervisor import Limits, run
folder = Path({str(tmp_path)!r})
arguments = ["starts_a_tool_and_hangs", str(folder / "file")]
run("tests.surroundings.misbehaving_reader", "Reading", arguments, Limits(time=50), folder / "log", print)
"""
    worker = subprocess.Popen([sys.executable, "-c", parent], cwd=Path(__file__).parents[3])
    deadline = time.monotonic() + 20
    while not (tmp_path / "file").exists() or not (tmp_path / "file").read_text().count(" "):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    reader, tool = map(int, (tmp_path / "file").read_text().split())
    worker.kill()
    worker.wait()
    wait_until_gone(reader, tool)


def test_a_crash_is_not_taken_for_want_of_memory_because_this_process_is_large(tmp_path: Path) -> None:
    # The system counts a process as large as the one that started it until it begins its own program.
    ballast = bytearray(os.urandom(MEBIBYTE)) * (QUICK.memory // MEBIBYTE)
    with pytest.raises(ReaderCrashed):
        misbehave(tmp_path, "aborts")
    del ballast
