"""The process that opens PDFs: ``python -m ingest.sandbox.reader_process``.

:func:`ingest.sandbox.supervisor.run` starts it, and nothing else in this program opens a PDF. It reports on
its standard output, as described there; what PDF engines print goes to standard error.
"""

import argparse
import ctypes
import errno
import gc
import json
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, get_args

import psutil

from archive.errors import BadInputFile
from archive.records import OcrInstruction
from archive.surroundings import NoMemory, trouble_behind
from ingest.errors import MemoryLimitReached, ReaderCrashed
from ingest.language.collection_words import CollectionWords
from ingest.page.render import render_pages
from ingest.sandbox.page_spool import PAGES, SUMMARY, write_pages, write_summary
from ingest.sandbox.supervisor import NEARLY_ALL, Limits, OnPage, confine

if TYPE_CHECKING:
    from ingest.read_document import Reading

_SHARE_OF_OCR = 0.7
"""Of the time limit; pages that OCR does not come to in it wait for OCR, and the rest is kept."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt(3)."""


def main() -> None:
    """Read or render one document."""
    options = _options()
    confine(Limits(options.memory, options.time, options.max_pages), options.parent)
    tempfile.tempdir = str(options.scratch)
    reports = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def report_page(done: int, total: int) -> None:
        _report(reports, {"page": done, "pages": total})

    try:
        if options.verb == "read":
            _read(options, report_page)
        else:
            _render(options, report_page)
        _report(reports, {"done": True})
    except Exception as error:
        _report(reports, _last_report(error, options.memory))
        if not isinstance(error, BadInputFile):
            with suppress(OSError):  # the log stands on a disk that may be full
                traceback.print_exc()


def _last_report(error: Exception, memory: int) -> dict[str, object]:
    """What ended the work: the file itself, or the machine, in whatever the error of that was wrapped."""
    trouble = trouble_behind(error)
    is_its_own_limit = isinstance(trouble, NoMemory) and _has_taken_nearly_all(memory)
    if trouble is not None and not is_its_own_limit:
        return {"hindered": trouble.code, "message": trouble.message}
    if isinstance(error, BadInputFile):
        return {"refused": error.code, "message": error.message}
    if isinstance(error, MemoryError) or is_its_own_limit:
        return {"refused": MemoryLimitReached.code, "message": "It needed too much memory."}
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        reason = "What has to be put aside while this file is read grows too large."
    else:
        reason = f"The reader cannot make sense of this file ({type(error).__name__})."
    return {"refused": ReaderCrashed.code, "message": reason}


def _has_taken_nearly_all(memory: int) -> bool:
    """Whether this process has mapped nearly all the bytes that it may."""
    try:
        return bool(psutil.Process().memory_info().vms > memory * NEARLY_ALL)
    except (psutil.Error, OSError):
        return False


def _read(options: argparse.Namespace, on_page: OnPage) -> None:
    from ingest.read_document import read_document  # half of all that would be loaded to draw pages as well

    # What is loaded stays, and reading leaves hardly any cycles behind: to look for them takes a twentieth.
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
    instructions = {page: kind for kind in get_args(OcrInstruction) for page in getattr(options, kind)}
    reading = read_document(
        options.document,
        options.max_pages,
        on_page,
        options.time * _SHARE_OF_OCR,
        instructions,
        CollectionWords.load(options.collection),
    )
    _keep(reading, options.scratch)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, required=True, help="bytes of address space")
    parser.add_argument("--time", type=float, required=True, help="seconds of computing")
    parser.add_argument("--max-pages", type=int, required=True)
    parser.add_argument(
        "--parent", type=int, required=True, help="number of the process that started this one"
    )
    parser.add_argument("--scratch", type=Path, required=True, help="folder for results and temporary files")
    parser.add_argument("--images", type=Path, help="folder for page images")
    parser.add_argument(
        "--pages", type=_page_numbers, default=[], help="numbers of pages to draw, if not all"
    )
    parser.add_argument("--large", action="store_true", help="draw pages as they are enlarged")
    parser.add_argument("--collection", type=Path, default=Path(), help="file of words of other documents")
    for kind in get_args(OcrInstruction):
        help_text = f"numbers of pages, with commas between them, to {kind} OCR of"
        parser.add_argument(f"--{kind}", type=_page_numbers, default=[], help=help_text)
    parser.add_argument("verb", choices=("read", "render"))
    parser.add_argument("document", type=Path)
    return parser.parse_args()


def _page_numbers(listed: str) -> list[int]:
    return [int(number) for number in listed.split(",") if number]


def _keep(reading: "Reading", scratch: Path) -> None:
    with (scratch / PAGES).open("w", encoding="ascii") as file:
        write_pages(file, reading.pages)
    # Last, because going through the pages may add to the warnings.
    write_summary(scratch / SUMMARY, reading.title, reading.warnings)


def _render(options: argparse.Namespace, on_page: OnPage) -> None:
    _keep_freed_memory()
    pages = frozenset(options.pages)
    warnings = render_pages(options.document, options.images, on_page, pages, is_large=options.large)
    write_summary(options.scratch / SUMMARY, None, warnings)


def _keep_freed_memory() -> None:
    """Let this process keep the memory that it frees: each page needs as much again, and to give it back to
    the system in between takes a quarter of the time of drawing."""
    with suppress(AttributeError):  # only the GNU C library has it
        set_option = ctypes.CDLL(None).mallopt
        set_option(_MMAP_THRESHOLD, 32 << 20)
        set_option(_TRIM_THRESHOLD, 256 << 20)


def _report(reports: TextIO, report: dict[str, object]) -> None:
    reports.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
