"""A reader of PDFs with all that can go wrong in one.

``python -m tests.surroundings.misbehaving_reader WHAT [FILE]`` starts it.

It is limited and watched like the real one; instead of an engine that misbehaves on some file, it misbehaves
as it is told.
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ingest.sandbox.supervisor import Limits, confine

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
HOG = [sys.executable, "-c", "import time; kept = bytearray(200 * 1024 * 1024); time.sleep(60)"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int)
    parser.add_argument("--time", type=float)
    parser.add_argument("--max-pages", type=int)
    parser.add_argument("--parent", type=int)
    parser.add_argument("what")
    parser.add_argument("file", type=Path, nargs="?")
    options = parser.parse_args()
    confine(Limits(options.memory, options.time, options.max_pages), options.parent)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    globals()[options.what](options.file)


def reads_three_pages(_file: Path) -> None:
    for page in (1, 2, 3):
        print(f'{{"page": {page}, "pages": 3}}')
    print('{"done": true}')


def refuses(_file: Path) -> None:
    print('{"refused": "encrypted", "message": "The file is protected with a password.\\u0000"}')


def refuses_for_an_unknown_reason(_file: Path) -> None:
    print('{"refused": "os.system", "message": 7}')


def is_hindered(_file: Path) -> None:
    print('{"hindered": "no-room", "message": "The disk has no room.\\u0000"}')


def is_hindered_by_something_unknown(_file: Path) -> None:
    print('{"hindered": "os.system", "message": 7}')


def hangs(_file: Path) -> None:
    time.sleep(60)


def hangs_without_output(_file: Path) -> None:
    os.close(1)
    time.sleep(60)


def computes_for_ever(_file: Path) -> None:
    resource_hungry = 0
    while True:
        resource_hungry += 1


def takes_memory(_file: Path) -> None:
    kept = []
    while True:
        kept.append(bytearray(16 * 1024 * 1024))


def fails_to_get_memory_and_aborts(_file: Path) -> None:
    """As pdfium does: it maps nearly all that it may have, and aborts at the next request."""
    kept = []
    try:
        while True:
            kept.append(bytearray(8 * 1024 * 1024))
    except MemoryError:
        os.abort()


def starts_tools_that_take_memory(_file: Path) -> None:
    for _ in range(3):
        subprocess.Popen(HOG)
    time.sleep(60)


def starts_a_tool_and_hangs(file: Path) -> None:
    tool = subprocess.Popen(SLEEPER)
    file.write_text(f"{os.getpid()} {tool.pid}")
    time.sleep(60)


def leaves_a_tool_behind(file: Path) -> None:
    file.write_text(str(subprocess.Popen(SLEEPER).pid))
    print('{"done": true}')


def aborts(_file: Path) -> None:
    print("before the end", file=sys.stderr)
    os.abort()


def breaks(_file: Path) -> None:
    ctypes.string_at(0)


def is_killed(_file: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def exits(_file: Path) -> None:
    sys.exit(3)


def ends_in_silence(_file: Path) -> None:
    """Exit code 0, but no last report."""


def babbles(_file: Path) -> None:
    while True:
        os.write(1, b"x" * 65536)


def speaks_another_language(_file: Path) -> None:
    print("Page 1 of 3")


def counts_wrongly(_file: Path) -> None:
    print('{"page": -1, "pages": "many"}')
    print('{"done": true}')


def writes_a_file_that_is_too_large(file: Path) -> None:
    with file.open("wb") as target:
        target.truncate(1024**3)
        target.seek(0, os.SEEK_END)
        try:
            target.write(b"x")
            target.flush()
        except OSError as error:
            print(f'{{"refused": "damaged", "message": "{error.strerror}"}}')


if __name__ == "__main__":
    main()
