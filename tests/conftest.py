"""What all tests share: a missing tool must not pass unseen where every tool has to be there. The files that
take longest begin first, templates are compiled once for all sites of a process, archives lie in memory."""

import gc
import os
from pathlib import Path

import psutil
import pytest
from flask import Flask
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache

from tests.browser import browser  # noqa: F401 (a fixture)

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
"""A run says of the same code what the run before said, everywhere: who changes one thing is not told of
another. Other examples are tried by ``pytest --hypothesis-profile=default``."""

_IN_MEMORY = Path("/dev/shm")
_NEEDED = 4 * 1024**3
"""Bytes: several times what the folders of all tests take."""


def _has_room(folder: Path) -> bool:
    """Whether a folder in memory has room for all that tests write, and programs may lie in it."""
    if not folder.is_dir() or psutil.virtual_memory().available < 2 * _NEEDED:
        return False
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize > _NEEDED and not disk.f_flag & os.ST_NOEXEC


if _has_room(_IN_MEMORY):  # a disk would be waited for thousands of times: what is kept is made sure of
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_IN_MEMORY))


os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # threads of Tesseract wait for one another by computing


class _CompiledTemplates(BytecodeCache):
    """What Jinja compiled: many tests make a site of their own, and compiling takes most of its time."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if self._key(bucket) in self._compiled:
            bucket.bytecode_from_string(self._compiled[self._key(bucket)])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[self._key(bucket)] = bucket.bytecode_to_string()

    def _key(self, bucket: Bucket) -> str:
        """The site compiles its templates for each language of the interface."""
        return f"{getattr(bucket.environment, 'language', '')} {bucket.key}"


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _CompiledTemplates()}

_FOLDER = Path(__file__).parent
_LONGEST = (
    "journeys/test_command_line.py",
    "search_app/web/test_accessibility.py",
    "ingest/test_worker.py",
    "attack/test_attack.py",
    "keeping/test_full_disk.py",
    "search_app/citation/test_citation_browser.py",
    "search_app/translations/test_translations_browser.py",
    "search_app/editions/test_editions_browser.py",
    "search_app/server/test_http_server.py",
    "index/translations/test_alignment.py",
    "keeping/test_read_only.py",
    "search_app/document/test_reading_browser.py",
    "ingest/test_read_document.py",
    "search_app/test_browser.py",
    "archive/catalogue/test_catalogue.py",
    "search_app/citation/test_words_browser.py",
    "search_app/document/test_marks_browser.py",
    "keeping/test_recover.py",
    "ingest/ocr/test_tesseract.py",
    "search_app/desk/test_desk.py",
    "index/editions/test_comparison.py",
    "keeping/test_damaged_index.py",
    "keeping/test_withdrawn.py",
    "ingest/test_killed_worker.py",
    "index/engine/test_contract.py",
    "index/translations/test_counterparts.py",
    "ingest/page/test_pdf_words.py",
    "index/test_studies.py",
    "archive/catalogue/test_corrections.py",
    "index/occurrences/test_concordance.py",
)
"""A file runs in one process: if one of these came last, the other processes would wait for it."""

assert all((_FOLDER / name).is_file() for name in _LONGEST), "the longest files of tests have moved"

_skipped_for_a_tool: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: place for place, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: order.get(item.path.relative_to(_FOLDER).as_posix(), len(order)))


def pytest_collection_finish() -> None:
    """What is loaded now stays to the end: the search for garbage need not go through it again and again."""
    gc.freeze()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and "not installed" in str(report.longrepr):
        _skipped_for_a_tool.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped and "not installed" in str(report.longrepr):
        _skipped_for_a_tool.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped_for_a_tool and os.environ.get("REQUIRE_TOOLS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _skipped_for_a_tool:
        return
    terminalreporter.section("skipped for a tool that is not installed: see system-packages.sh")
    for test in _skipped_for_a_tool:
        terminalreporter.line(test)
