"""README.md says what is true: its settings and its verbs are those of the program."""

import re
from pathlib import Path

import pytest

import terugblik
from archive.settings import SETTINGS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_table_of_settings_is_the_one_of_the_program() -> None:
    rows = [
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else 'empty'} | {setting.help} |"
        for setting in SETTINGS
    ]
    _, table = README.split("| name | default | what it does |\n|---|---|---|\n")
    assert table.split("\n\n")[0].split("\n") == rows


def test_every_verb_is_in_the_table_and_every_verb_of_the_table_exists(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert terugblik.main(["--help"]) == 0
    verbs = set(re.findall(r"^  ([a-z]+)  +[A-Z]", capsys.readouterr().out, re.MULTILINE))
    _, table = README.split("| verb | what it does |\n|---|---|\n")
    named = set(re.findall("`terugblik ([a-z]+)", table.split("\n\n")[0]))
    assert named == verbs


def test_what_readme_links_to_is_there() -> None:
    for name in ("docs/search.png", "ARCHITECTURE.md", "CHANGELOG.md", "OPERATIONS.md"):
        assert f"]({name})" in README
        assert (ROOT / name).is_file()
