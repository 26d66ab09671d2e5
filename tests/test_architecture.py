"""ARCHITECTURE.md and the other documents name what is there: every drawer, and only paths that exist."""

import re
from pathlib import Path

import pytest

from tests.test_import_rule import FLOORS

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for glob in ("*.md", "docs/*.md") for path in ROOT.glob(glob)
)
PATH = re.compile(r"(?<![\w./:<-])(?:archive|ingest|index|search_app|tests|docs)/[\w./-]*[\w/]")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
ROW = re.compile(r"^\| (`(?:archive|ingest|index|search_app)/.*?) \|(.*)$", re.MULTILINE)
BARE_NAME = re.compile(r"`(\w+\.(?:py|js))`")


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def test_every_drawer_is_on_the_map() -> None:
    rows = "".join(drawers for drawers, _ in ROW.findall(text_of("ARCHITECTURE.md")))
    floors = [(room, floor) for room, names in FLOORS.items() for floor in names if floor != "create_app"]
    missing = [
        f"{room}/{floor}"
        for room, floor in floors
        if not {f"`{room}/{floor}/`", f"`{room}/{floor}.py`"} & set(re.findall("`[^`]+`", rows))
    ]
    assert not missing
    assert "`search_app/__init__.py`" in rows  # create_app


def test_the_map_goes_from_the_ground_up() -> None:
    rows = "".join(drawers for drawers, _ in ROW.findall(text_of("ARCHITECTURE.md")))
    for room, floors in FLOORS.items():
        named = [name.removesuffix(".py").rstrip("/") for name in re.findall(rf"`{room}/([^`]+)`", rows)]
        assert [name.replace("__init__", "create_app") for name in named] == floors


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    text = text_of(document)
    assert not [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert not [link for link in LINK.findall(text) if not (ROOT / document).parent.joinpath(link).exists()]


def test_a_module_named_on_the_map_lies_in_the_drawer_of_its_row() -> None:
    rows = ROW.findall(text_of("ARCHITECTURE.md"))
    assert len(rows) > 40
    wrong = []
    for drawers, told in rows:
        folders = re.findall("`([^`]+/)`", drawers)
        wrong += [
            f"{name} in {', '.join(folders)}"
            for name in BARE_NAME.findall(told)
            if not any(list((ROOT / folder).rglob(name)) for folder in folders)
        ]
    assert not wrong


def test_contributors_are_told_what_each_folder_of_the_tests_is_for() -> None:
    folders = {path.parent.name for path in (ROOT / "tests").glob("*/*.py")}
    named = set(re.findall("`tests/([a-z]+)/`", text_of("CONTRIBUTING.md")))
    assert folders - set(FLOORS) == named


LOOKED_FOR = {
    "a hyphen joined": "ingest/language/line_end_hyphens.py",
    "a page label found": "ingest/running/page_labels.py",
    "a footnote put behind the text": "ingest/layout/asides.py",
    "OCR decided": "ingest/page/choose_reading.py",
    "an original checked": "archive/preservation/fixity.py",
    "a job claimed": "archive/catalogue/queue.py",
    "a setting read": "archive/settings.py",
    "a filter counted": "index/engine/whoosh_index/ranking.py",
    "a prefix searched": "index/engine/whoosh_index/vocabulary.py",
    "a quotation judged": "index/quotation/verdict.py",
    "a translation aligned": "index/translations/alignment.py",
    "two editions compared": "index/editions/comparison.py",
    "a citation written": "search_app/citation/notations.py",
    "a message translated": "search_app/web/interface_language.py",
    "a session ended": "archive/accounts/accounts.py",
    "an error turned into JSON": "search_app/web/errors.py",
    "a trend drawn": "search_app/occurrences/trends_chart.py",
    "a mark placed on the image": "search_app/document/marks.py",
    "a robots rule": "search_app/web/protection/crawlers.py",
    "an upload limited": "search_app/desk/upload.py",
    "an answer compressed": "search_app/web/compression.py",
    "a part of a file sent": "search_app/web/ranges.py",
    "a client known behind a proxy": "search_app/web/protection/clients.py",
    "a request rate limited": "search_app/web/protection/limits.py",
    "the address of a page written": "search_app/web/addresses.py",
    "a plan named in French": "search_app/web/display_names.py",
    "a style sheet found under its old name": "search_app/web/static_files.py",
    "a security header set": "search_app/site.py",
    "a job kept from being done twice": "archive/catalogue/claims.py",
    "a dead worker told from a slow one": "archive/files/presence.py",
    "an event written": "archive/catalogue/event_rows.py",
    "a correction laid over a page": "archive/catalogue/correction_overlay.py",
    "a date read as it is written": "ingest/description/written_dates.py",
    "a dead link rescued": "ingest/acquisition/internet_archive.py",
    "a watermark told from text": "ingest/page/stamps.py",
    "a raised number undone": "ingest/page/typesetting.py",
    "the sign of a list item known": "ingest/lines/markers.py",
    "a heading given the language around it": "ingest/layout/language_in_context.py",
    "a stop word listed": "index/language/stop_words.py",
    "an accent asked for": "index/text/writing.py",
    "a match found in a text": "index/engine/whoosh_index/text_matches.py",
    "an ellipsis judged": "index/quotation/omissions.py",
    "two editions paired": "index/editions/candidates.py",
}
"""What people who do not know the code look for, and the module that answers."""


@pytest.mark.parametrize(("wanted", "module"), LOOKED_FOR.items())
def test_what_people_look_for_is_one_step_away(wanted: str, module: str) -> None:
    assert (ROOT / module).is_file()
    drawers = {f"`{folder.as_posix()}/`" for folder in Path(module).parents[:-2]}  # without the room
    assert any(
        f"`{module}`" in row
        or (f"`{Path(module).name}`" in told and any(drawer in row for drawer in drawers))
        for row, told in ROW.findall(text_of("ARCHITECTURE.md"))
    ), wanted
