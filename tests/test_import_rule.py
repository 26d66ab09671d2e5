"""The rooms and the rule: who imports whom, which file speaks to which engine, who reads the environment."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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

NAMES_OF_THE_ENVIRONMENT = {"environ", "environb", "getenv"}
READERS_OF_THE_ENVIRONMENT = {"terugblik.py", "search_app/__init__.py"}


@cache
def sources() -> tuple[Path, ...]:
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    return (*sorted(files), ROOT / "terugblik.py")


@cache
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
        elif isinstance(node, ast.Call) and _last_name(node.func).endswith(("import_module", "__import__")):
            first = node.args[0]
            assert isinstance(first, ast.Constant), f"{source}:{node.lineno}: imports what cannot be read"
            yield node.lineno, str(first.value)


def _last_name(called: ast.expr) -> str:
    """What is called, without what it belongs to."""
    return (
        called.attr
        if isinstance(called, ast.Attribute)
        else called.id
        if isinstance(called, ast.Name)
        else ""
    )


def name_of(source: Path) -> str:
    return source.relative_to(ROOT).as_posix()


def test_each_room_imports_only_the_rooms_below_it() -> None:
    wrong = [
        f"{name_of(source)}:{line}: {name}"
        for room in ROOMS  # terugblik.py knows all four
        for source in sources()
        if source.is_relative_to(ROOT / room)
        for line, name in imports(source)
        if (top := name.split(".")[0]) in ROOMS | {"terugblik", "tests"}
        and top != room
        and top not in MAY_IMPORT[room]
    ]
    assert not wrong


def test_an_engine_is_imported_only_in_the_file_that_names_it() -> None:
    wrong = [
        f"{name_of(source)}:{line}: {name}"
        for source in sources()
        for line, name in imports(source)
        if name_of(source) not in ENGINES.get(name.split(".")[0], {name_of(source)})
    ]
    assert not wrong


def test_only_the_two_doors_read_the_environment() -> None:
    wrong = [
        f"{name_of(source)}:{use}"
        for source in sources()
        if name_of(source) not in READERS_OF_THE_ENVIRONMENT
        for use in uses_of_the_environment(tree_of(source))
    ]
    assert not wrong


def uses_of_the_environment(tree: ast.Module) -> list[str]:
    """Line and expression of every use, but to set something for child processes."""
    nodes = list(ast.walk(tree))
    set_for_child_processes = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in nodes
        if isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) in NAMES_OF_THE_ENVIRONMENT
        and ast.unparse(node) in {"environ", "getenv", *(f"os.{name}" for name in NAMES_OF_THE_ENVIRONMENT)}
        and id(node) not in set_for_child_processes
    ]


def test_the_reader_of_hostile_files_holds_no_database() -> None:
    """It would cost memory and time for every document, and be at hand for whoever takes the process over."""
    asked = "import sys, ingest.reader_process; print({'archive.catalogue', 'sqlalchemy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


def test_the_rule_looks_at_every_room() -> None:
    """If the rooms move, this test must follow them instead of passing on nothing."""
    for room in ROOMS:
        assert [path for path in sources() if path.is_relative_to(ROOT / room)], room
