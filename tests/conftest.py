"""What all tests share: a missing tool must not pass unseen where every tool has to be there, and there a run
says of the same code what the run before said."""

import os

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
if os.environ.get("REQUIRE_TOOLS"):
    settings.load_profile("repeatable")  # elsewhere each run tries other examples

_skipped_for_a_tool: list[str] = []


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
    terminalreporter.section("skipped for a tool that is not installed: see tests/system-packages.sh")
    for test in _skipped_for_a_tool:
        terminalreporter.line(test)
