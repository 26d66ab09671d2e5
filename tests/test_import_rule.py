"""The rooms and the rule: who imports whom, which file speaks to which engine, who reads the environment."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "archive": set(),
    "ingest": {"archive"},
    "index": {"archive"},
    "search_app": {"archive", "index"},
}
ROOMS = set(MAY_IMPORT)

ENGINES = {
    "pdfplumber": {"ingest/extract.py"},
    "pdfminer": {"ingest/extract.py"},
    "pypdfium2": {
        *("ingest/extract.py", "ingest/characters.py", "ingest/text_styles.py", "ingest/fonts.py"),
        *("ingest/drawing.py", "ingest/annotations.py", "ingest/page_objects.py", "ingest/glyphs.py"),
        "ingest/letter_shapes/generate.py",
    },
    "pytesseract": {"ingest/ocr.py"},
    "langdetect": {"ingest/language.py"},
    "whoosh": {"index/whoosh_engine.py"},
    "bagit": {"archive/bag.py"},
    "argon2": {"archive/accounts.py"},
}
"""Third-party engines and the only files that may import them."""

READERS_OF_THE_ENVIRONMENT = {"terugblik.py", "search_app/__init__.py"}


def sources() -> list[Path]:
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return sorted([*files, ROOT / "terugblik.py"])


def tree_of(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"), str(source))


def imports(source: Path) -> Iterator[tuple[int, str]]:
    """(line, top-level package) of every import, those inside functions and of importlib included."""
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}:{node.lineno}: rooms are named in full, not by dots"
            yield node.lineno, node.module or ""
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            first = node.args[0]
            assert isinstance(first, ast.Constant), f"{source}:{node.lineno}: imports what cannot be read"
            yield node.lineno, str(first.value)


@pytest.fixture(params=sources(), ids=lambda source: str(source.relative_to(ROOT)))
def source(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_each_room_imports_only_the_rooms_below_it(source: Path) -> None:
    room = source.relative_to(ROOT).parts[0]
    if room not in ROOMS:
        return  # terugblik.py knows all four
    wrong = [
        f"line {line}: {name}"
        for line, name in imports(source)
        if (top := name.split(".")[0]) in ROOMS | {"terugblik", "tests"}
        and top != room
        and top not in MAY_IMPORT[room]
    ]
    assert not wrong


def test_an_engine_is_imported_only_in_the_file_that_names_it(source: Path) -> None:
    path = source.relative_to(ROOT).as_posix()
    wrong = [
        f"line {line}: {name}"
        for line, name in imports(source)
        if path not in ENGINES.get(name.split(".")[0], {path})
    ]
    assert not wrong


def test_only_the_two_doors_read_the_environment(source: Path) -> None:
    path = source.relative_to(ROOT).as_posix()
    if path in READERS_OF_THE_ENVIRONMENT:
        return
    nodes = list(ast.walk(tree_of(source)))
    set_for_child_processes = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    wrong = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in nodes
        if isinstance(node, ast.Attribute | ast.Name)
        and ast.unparse(node) in {"os.environ", "os.environb", "os.getenv", "environ", "getenv"}
        and id(node) not in set_for_child_processes
    ]
    assert not wrong


def test_the_reader_of_hostile_files_holds_no_database() -> None:
    """It would cost memory and time for every document, and be at hand for whoever takes the process over."""
    asked = "import sys, ingest.reader_process; print({'archive.catalogue', 'sqlalchemy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


def test_the_rule_looks_at_every_room() -> None:
    """If the rooms move, this test must follow them instead of passing on nothing."""
    for room in ROOMS:
        assert [path for path in sources() if path.is_relative_to(ROOT / room)], room
