"""One version, told the same everywhere. (That the package runs is in journeys/test_command_line.py.)"""

import re
from pathlib import Path

import pytest

import terugblik
from archive.version import VERSION

ROOT = Path(__file__).parents[1]


def test_command_line_tells_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert terugblik.main(["--version"]) == 0
    assert capsys.readouterr().out == f"terugblik {VERSION}\n"


def test_changelog_begins_with_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest
    assert newest[1] == VERSION
