"""Terugblik as a package: one version, told the same everywhere."""

import re
import subprocess
import sys
from pathlib import Path

from archive.version import VERSION

ROOT = Path(__file__).parents[1]


def test_command_line_tells_the_version() -> None:
    shown = subprocess.run(
        [sys.executable, ROOT / "terugblik.py", "--version"], capture_output=True, text=True, check=True
    ).stdout
    assert shown == f"terugblik {VERSION}\n"


def test_changelog_begins_with_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest
    assert newest[1] == VERSION
