"""OPERATIONS.md has a line for every fault: each error of the program, each problem that a check names."""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import get_args

import archive
import index
import ingest
import search_app
import terugblik
from archive.errors import TerugblikError
from archive.preservation.problems import ProblemKind

ROOT = Path(__file__).parents[1]
OPERATIONS = (ROOT / "OPERATIONS.md").read_text(encoding="utf-8")


def codes() -> set[str]:
    """The codes of all errors of the four rooms."""
    for room in (archive, index, ingest, search_app):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith((".env", ".generate")):  # scripts, which do something when imported
                importlib.import_module(module.name)
    found = [TerugblikError]
    for kind in found:
        found += [each for each in kind.__subclasses__() if each not in found]
    rooms = ("archive", "index", "ingest", "search_app")
    return {kind.code for kind in found if kind.__module__.split(".")[0] in rooms}


def lines() -> list[str]:
    """What stands first in each line of a table, of those that begin with a code or a kind."""
    return re.findall(r"^\| `([A-Za-z-]+)` \|", OPERATIONS, re.MULTILINE)


def test_every_fault_has_one_line_and_no_line_is_left_over() -> None:
    assert sorted(lines()) == sorted(codes() | set(get_args(ProblemKind)))


def test_every_line_says_what_is_seen_and_what_to_do() -> None:
    rows = [row for row in OPERATIONS.splitlines() if row.startswith("|") and not row.startswith("|---")]
    assert len(rows) > 80
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) in (2, 3), row
        assert all(cells), row


def test_every_verb_and_setting_that_is_named_exists() -> None:
    for verb in set(re.findall(r"`terugblik ([a-z]+)", OPERATIONS)):
        assert verb in terugblik.program.commands, verb
    settings = (ROOT / "archive" / "settings.py").read_text(encoding="utf-8")
    for setting in set(re.findall(r"TERUGBLIK_[A-Z_]+", OPERATIONS)):
        assert f'"{setting}"' in settings, setting
