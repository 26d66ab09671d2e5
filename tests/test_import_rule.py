"""The map and its rules: who imports whom, which file speaks to which engine, who reads the environment."""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "archive": set(),
    "ingest": {"archive"},
    "index": {"archive"},
    "search_app": {"archive", "index"},
}
ROOMS = set(MAY_IMPORT)

FLOORS = {
    "archive": [
        "version",
        "errors",
        "outside_text",
        "languages",
        "surroundings",
        "files",
        "dates",
        "reading_warnings",
        "records",
        "settings",
        "worker_notice",
        "demonstration",
        "originals",
        "images",
        "plans",
        "database",
        "catalogue",
        "open_archive",
        "accounts",
        "preservation",
    ],
    "ingest": [
        "errors",
        "drawn_words",
        "word_arrays",
        "language",
        "pdf",
        "fonts",
        "lines",
        "running",
        "tables",
        "ocr",
        "layout",
        "page",
        "description",
        "acquisition",
        "read_document",
        "sandbox",
        "large_pages",
        "pipeline",
        "jobs",
    ],
    "index": [
        "errors",
        "work_once",
        "studies",
        "language",
        "text",
        "query",
        "engine",
        "entries",
        "index_parts",
        "indexer",
        "occurrences",
        "quotation",
        "translations",
        "editions",
        "soundness",
        "caretaker",
        "preparation",
    ],
    "search_app": [
        "messages",
        "damage",
        "worker_requests",
        "image_requests",
        "library",
        "web",
        "document",
        "search",
        "editions",
        "translations",
        "occurrences",
        "api",
        "citation",
        "desk",
        "site",
        "create_app",
        "server",
    ],
}
"""The drawers and single modules of each room, from the ground up; each imports only what is before it."""

LARGEST_DRAWER = 14
"""Modules in a folder; a folder with more than about a dozen is no longer taken in at a glance."""

ENGINES = {
    "pdfplumber": {"ingest/page/pdf_words.py"},
    "pdfminer": {"ingest/page/pdf_words.py"},
    "pypdfium2": {
        *("ingest/page/pdf_words.py", "ingest/page/text_styles.py"),
        *("ingest/pdf/page_characters.py", "ingest/pdf/pdfium_objects.py", "ingest/pdf/annotations.py"),
        *("ingest/pdf/page_objects.py", "ingest/fonts/font_numbers.py", "ingest/fonts/glyphs.py"),
        "ingest/fonts/letter_shapes/generate.py",
    },
    "pytesseract": {"ingest/ocr/tesseract.py"},
    "langdetect": {"ingest/language/letters.py"},
    "whoosh": {
        *("index/engine/whoosh_index/page_writer.py", "index/engine/whoosh_index/schema.py"),
        "index/engine/whoosh_index/segment.py",
        *("index/engine/whoosh_index/storage.py", "index/engine/whoosh_index/whoosh_engine.py"),
    },
    "bagit": {"archive/preservation/bagit_export.py"},
    "argon2": {"archive/accounts/accounts.py"},
}
"""Third-party engines and the only files that may import them."""

READERS_OF_THE_ENVIRONMENT = {"terugblik.py", "search_app/__init__.py"}


@cache
def trees() -> dict[str, ast.Module]:
    """The program's modules, by their path."""
    files = [file for room in sorted(ROOMS) for file in (ROOT / room).rglob("*.py")]
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"), str(file))
        for file in sorted([*files, ROOT / "terugblik.py"])
    }


@cache
def modules() -> frozenset[str]:
    return frozenset(map(module_of, trees()))


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def imports(path: str) -> tuple[tuple[int, str], ...]:
    """(line, module) of every import, those inside functions and of importlib included."""
    return tuple(_imports(path))


def _imports(path: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: rooms are named in full, not by dots"
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                yield node.lineno, inner if inner in modules() else node.module or ""
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            first = node.args[0]
            assert isinstance(first, ast.Constant), f"{path}:{node.lineno}: imports what cannot be read"
            yield node.lineno, str(first.value)


def room_of(module: str) -> str:
    return module.split(".")[0]


def floor_of(module: str) -> str:
    """The drawer or single module of its room in which a module lies."""
    return module.split(".")[1] if "." in module else "create_app"


def test_each_room_imports_only_the_rooms_below_it() -> None:
    wrong = [
        f"{path}:{line}: {name}"
        for path in trees()
        if (room := room_of(module_of(path))) in ROOMS  # terugblik.py knows all four
        for line, name in imports(path)
        if (top := room_of(name)) in ROOMS | {"terugblik", "tests"}
        and top != room
        and top not in MAY_IMPORT[room]
    ]
    assert not wrong


def test_each_drawer_imports_only_what_lies_below_it() -> None:
    wrong = []
    for path in trees():
        module = module_of(path)
        if room_of(module) not in ROOMS or module in ROOMS - {"search_app"}:
            continue  # terugblik.py knows everything, the door of a room imports nothing
        floors = FLOORS[room_of(module)]
        below = floors[: floors.index(floor_of(module)) + 1]
        wrong += [
            f"{path}:{line}: {name}"
            for line, name in imports(path)
            if room_of(name) == room_of(module) and floor_of(name) not in below
        ]
    assert not wrong


def test_every_drawer_is_on_a_floor_and_every_floor_is_there() -> None:
    found: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module in map(module_of, trees()):
        if room_of(module) in ROOMS and module not in ROOMS - {"search_app"}:
            found[room_of(module)].add(floor_of(module))
    assert found == {room: set(floors) for room, floors in FLOORS.items()}


def test_no_modules_import_each_other_in_a_circle() -> None:
    try:
        TopologicalSorter(
            {module_of(path): {name for _, name in imports(path)} for path in trees()}
        ).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def is_of_views(path: str) -> bool:
    """Whether a module answers requests: it bears the name, or makes a blueprint of Flask."""
    return path.endswith("_views.py") or any(
        isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Blueprint")
        for node in ast.walk(trees()[path])
    )


def test_views_import_no_views_and_only_the_site_imports_them() -> None:
    """What two views or their data share is a module of its own; so views import no views."""
    views = {module_of(path) for path in trees() if is_of_views(path)}
    assert {"search_app.api.download_views", "search_app.web.protection.crawlers"} <= views
    wrong = [
        f"{path}:{line}: {name}"
        for path in trees().keys() - {"search_app/site.py"}
        for line, name in imports(path)
        if name in views
    ]
    assert not wrong


def test_no_drawer_holds_more_than_can_be_taken_in_at_a_glance() -> None:
    folders: dict[str, int] = {}
    for path in trees():
        if not path.endswith("__init__.py"):
            folder = path.rpartition("/")[0]
            folders[folder] = folders.get(folder, 0) + 1
    assert not {folder: count for folder, count in folders.items() if count > LARGEST_DRAWER}


def test_no_two_public_classes_or_types_have_one_name() -> None:
    """One word for one thing: a name that means two things is looked up twice."""
    places: dict[str, set[str]] = {}
    for path in trees():
        for node in trees()[path].body:
            for name in _names_of_types(node):
                places.setdefault(name, set()).add(path)
    assert not {name: sorted(paths) for name, paths in places.items() if len(paths) > 1}


def _names_of_types(node: ast.stmt) -> Iterator[str]:
    """Public classes and sets of literals; other aliases may be short for one thing in several modules."""
    if isinstance(node, ast.ClassDef):
        names = [node.name]
    elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Literal["):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    else:
        return
    yield from (name for name in names if not name.startswith("_"))


def test_no_variable_has_the_name_of_a_room() -> None:
    """Beside `import archive` such a name would mean two things in one module."""
    wrong = [
        f"{path}:{node.lineno}: {name}"
        for path in trees()
        for node, name in _names_of_variables(trees()[path])
        if name in ROOMS
    ]
    assert not wrong


def _names_of_variables(module: ast.Module) -> Iterator[tuple[ast.expr | ast.arg | ast.alias, str]]:
    """Variables, parameters and names given to imports; not the fields of records and other attributes."""
    fields = {
        id(field.target)
        for record in ast.walk(module)
        if isinstance(record, ast.ClassDef)
        for field in record.body
        if isinstance(field, ast.AnnAssign)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.arg):
            yield node, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            yield node, node.id
        elif isinstance(node, ast.alias) and node.asname:
            yield node, node.asname


def test_an_engine_is_imported_only_in_the_file_that_names_it() -> None:
    wrong = [
        f"{path}:{line}: {name}"
        for path in trees()
        for line, name in imports(path)
        if path not in ENGINES.get(room_of(name), {path})
    ]
    assert not wrong


CHOOSE_THE_ENGINE = {"index/engine/current_engine.py", "index/indexer.py"}
"""All others reach the engine through its contract, so that another one can take its place."""


def test_only_those_who_choose_the_engine_import_one() -> None:
    reached = {
        path: name
        for path in trees()
        if not path.startswith("index/engine/whoosh_index/")
        for _line, name in imports(path)
        if name.startswith("index.engine.whoosh_index")
    }
    assert reached.keys() == CHOOSE_THE_ENGINE


_MAKE_WHAT_IS_SHIPPED = ("/generate.py", "/compile.py")
"""These are not run by the program; what they need is said where they stand."""


def test_libraries_that_are_imported_are_the_declared_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    declared.remove("pdfminer-six")  # pdfplumber's; it is declared for the oldest version that will do
    distributions = packages_distributions()
    imported = {
        canonicalize_name(distribution)
        for path in trees()
        if not path.endswith(_MAKE_WHAT_IS_SHIPPED)
        for _line, name in imports(path)
        if (top := room_of(name)) not in ROOMS | {"terugblik"} | sys.stdlib_module_names
        for distribution in distributions[top]
    }
    assert imported == declared


def test_only_the_two_doors_read_the_environment() -> None:
    wrong = []
    for path in trees().keys() - READERS_OF_THE_ENVIRONMENT:
        nodes = list(ast.walk(trees()[path]))
        set_for_child_processes = {
            id(node.value)
            for node in nodes
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        }
        wrong += [
            f"{path}:{node.lineno}: {ast.unparse(node)}"
            for node in nodes
            if isinstance(node, ast.Attribute | ast.Name)
            and ast.unparse(node) in {"os.environ", "os.environb", "os.getenv", "environ", "getenv"}
            and id(node) not in set_for_child_processes
        ]
    assert not wrong


def test_the_reader_of_hostile_files_holds_no_database() -> None:
    """It would cost memory and time for every document, and be at hand for whoever takes the process over."""
    modules = "{'archive.catalogue.catalogue', 'sqlalchemy'} & set(sys.modules)"
    script = f"import sys, ingest.sandbox.reader_process; print({modules})"
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "set()\n"


def test_a_verb_does_not_load_what_others_need(tmp_path: Path) -> None:
    """Every command, and the worker beside each site, would wait for it."""
    script = (
        "import sys, terugblik, search_app.api.documents_as_json; terugblik.main(['list', '--json']); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERUGBLIK_DATA": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == '{"documents": []}\n'
    loaded = set(answer.stderr.split())
    assert "sqlalchemy" in loaded
    assert not loaded & {"flask", "whoosh", "numpy", "httpx", "bs4", "pypdfium2", "langdetect", "tqdm"}


def test_to_complete_what_is_typed_loads_no_room_but_words_of_the_archive() -> None:
    script = "import sys, terugblik; print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = answer.stdout.split()
    assert "archive.records" in loaded
    assert not {"sqlalchemy", "index", "ingest", "search_app"} & set(loaded)
