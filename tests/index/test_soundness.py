"""Whatever happens to the files of the index is noticed, told and mended; nothing in them is carried out."""

import os
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.records import Description
from index import indexer as build
from index.caretaker import Caretaker
from index.engine import generations
from index.engine.contract import Engine, Filters, SearchRequest, document_of
from index.engine.left_out import left_out
from index.errors import IndexDamaged, IndexUnusable
from index.indexer import Indexer, open_engine
from index.query.parser import parse
from index.soundness import look
from tests.index.test_indexer import store, two_columns

ROOT = Path(__file__).parents[2]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        yield catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def stored(catalogue: Catalogue, name: str, pages: int = 2) -> str:
    """A document whose work is done."""
    identifier = store(catalogue, name, *(two_columns(number) for number in range(1, pages + 1)))
    finish_jobs(catalogue)
    return identifier


def finish_jobs(catalogue: Catalogue) -> None:
    queue = Queue(catalogue)
    while job := queue.claim():
        queue.finish(job)


@pytest.fixture
def documents(catalogue: Catalogue, folder: Path) -> list[str]:
    """Three documents that are in the index, put there one by one."""
    indexer = Indexer(catalogue, folder)
    identifiers = [stored(catalogue, name) for name in "abc"]
    indexer.rebuild()
    for identifier in identifiers:
        indexer.add(identifier)
    assert look(catalogue, folder) == []
    return identifiers


def found(engine: Engine) -> set[tuple[str, int]]:
    return {
        (hit.document, hit.page)
        for hit in engine.search(SearchRequest(parse("werkgelegenheid"), limit=99)).hits
    }


def kinds(catalogue: Catalogue, folder: Path) -> set[str]:
    return {finding.kind for finding in look(catalogue, folder)}


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def randomise(path: Path) -> None:
    path.write_bytes(random.Random(7).randbytes(path.stat().st_size))


def spoil_one_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


DAMAGES: list[Callable[[Path], None]] = [Path.unlink, truncate, empty, randomise, spoil_one_byte]


def files(folder: Path) -> list[str]:
    """All files of the index that hold something, by their names in it, those of segments numbered."""
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.stat().st_size
    )


def test_every_damage_to_every_file_is_named_answered_as_unusable_and_mended(
    catalogue: Catalogue, folder: Path, documents: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(folder)
    caretaker = Caretaker(catalogue, folder)
    caretaker.look_over()
    expected = found(engine)
    assert len(expected) == 6
    tried = 0
    for number in range(len(files(folder))):
        for damage in DAMAGES:
            names = files(folder)
            if number >= len(names):
                break
            path = folder / names[number]
            damage(path)
            tried += 1
            told = look(catalogue, folder)
            assert told, (path.name, damage)
            assert all(finding.document is None and finding.detail for finding in told)
            for attempt in (lambda: open_engine(folder), engine.refresh):
                with pytest.raises(IndexUnusable):
                    attempt()
            caplog.clear()
            caretaker.look_over()
            assert "made anew" in caplog.text, (path.name, damage)
            assert look(catalogue, folder) == [], (path.name, damage)
            engine.refresh()
            assert found(engine) == expected
    assert tried == len(files(folder)) * len(DAMAGES) >= 30
    assert len(list(folder.glob("generation-*"))) == 1


class _Bomb:
    """Writes a file when somebody unpickles it."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self._target),)


def test_nothing_that_stands_in_a_file_is_carried_out(
    catalogue: Catalogue, folder: Path, documents: list[str], tmp_path: Path
) -> None:
    exploded = tmp_path / "exploded"
    [toc] = folder.glob("*/*.toc")
    content = toc.read_bytes()
    segments = content.index(b"\x80", content.index(b"\x80") + 1)  # the second pickle in the file
    toc.write_bytes(content[:segments] + pickle.dumps(_Bomb(exploded)))
    assert kinds(catalogue, folder) == {"DamagedIndex"}
    with pytest.raises(IndexDamaged):
        open_engine(folder)
    Indexer(catalogue, folder).add(documents[0])
    assert look(catalogue, folder) == []
    toc = next(folder.glob("*/*.toc"))
    toc.with_name("_MAIN_99.toc").write_bytes(content[:segments] + pickle.dumps(_Bomb(exploded)))
    assert len(found(open_engine(folder))) == 6, "a file that no commit has written is not opened"
    Indexer(catalogue, folder).add(documents[0])
    assert len(found(open_engine(folder))) == 6
    assert not exploded.exists()


@pytest.mark.parametrize("place", ["", "current", "lock"])
def test_a_folder_in_the_place_of_a_file_or_the_reverse_is_put_right(
    catalogue: Catalogue, folder: Path, documents: list[str], place: str
) -> None:
    if place:
        (folder / place).unlink()
        (folder / place / "deeper").mkdir(parents=True)
    else:
        shutil.rmtree(folder)
        folder.write_text("a file")
    Indexer(catalogue, folder).add(documents[0])
    assert look(catalogue, folder) == []
    assert len(found(open_engine(folder))) == 6


def test_a_document_is_added_to_a_damaged_index_by_making_it_anew(
    catalogue: Catalogue, folder: Path, documents: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    for pattern in ("*/*.toc", "*/*.seg", "*/words-*.txt", "*/manifest.json", "current"):
        randomise(next(folder.glob(pattern)))
        Indexer(catalogue, folder).add(documents[0])
        assert "made anew" in caplog.text
        caplog.clear()
        assert look(catalogue, folder) == []
        randomise(next(folder.glob(pattern)))
        Indexer(catalogue, folder).follow(["0123456789abcdef"], ())
        assert look(catalogue, folder) == []
    assert len(found(open_engine(folder))) == 6


def test_an_index_that_is_not_as_the_catalogue_is_told_by_document_and_brought_up_to_date(
    catalogue: Catalogue, folder: Path, documents: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third = documents
    indexer = Indexer(catalogue, folder)
    indexer.follow([first], ())
    catalogue.store_pages(second, [two_columns(1)], (), None, "test")
    catalogue.withdraw(third, "asked for", "test")
    assert {finding.document for finding in look(catalogue, folder)} == {first, second}, "removal waits"
    finish_jobs(catalogue)
    with Catalogue.open(f"sqlite:///{tmp_path / 'other.sqlite'}") as stranger:
        unknown = store(stranger, "of another catalogue", two_columns(1))
        Indexer(stranger, folder).add(unknown)
    expected = {
        (first, "MissingInIndex"),
        (second, "OutdatedInIndex"),
        (third, "UnexpectedInIndex"),
        (unknown, "UnexpectedInIndex"),
    }
    assert {(finding.document, finding.kind) for finding in look(catalogue, folder)} == expected
    Caretaker(catalogue, folder).look_over()
    assert "3 more" in caplog.text
    assert look(catalogue, folder) == []
    assert found(open_engine(folder)) == {(first, 1), (first, 2), (second, 1)}


def test_what_is_described_anew_waits_in_the_queue_and_is_no_finding_until_its_work_is_done(
    catalogue: Catalogue, folder: Path, documents: list[str]
) -> None:
    catalogue.describe(documents[0], Description(year=2009), "test")
    assert look(catalogue, folder) == []
    finish_jobs(catalogue)
    assert kinds(catalogue, folder) == {"OutdatedInIndex"}
    Indexer(catalogue, folder).add(documents[0])
    assert look(catalogue, folder) == []
    catalogue.record(documents[0], "rendering", "test", {}, {})
    catalogue.mark_images(documents[1], "test")
    assert look(catalogue, folder) == []


def test_no_file_is_needed_but_those_of_the_index_and_none_is_written_to_look(
    catalogue: Catalogue, folder: Path, documents: list[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]}
    assert look(catalogue, folder) == []
    assert {path: path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]} == before
    assert kinds(catalogue, folder.with_name("nowhere")) == {"MissingIndex"}


WRITER = """
import sys
from pathlib import Path
from archive.catalogue.catalogue import Catalogue
from index.indexer import Indexer

with Catalogue.open(sys.argv[1]) as catalogue:
    indexer = Indexer(catalogue, Path(sys.argv[2]))
    for round in range(3):
        for identifier in sys.argv[3:]:
            indexer.add(identifier)
        indexer.rebuild()
"""


def test_a_writer_at_work_is_no_damage(
    catalogue: Catalogue, folder: Path, documents: list[str], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    arguments = [sys.executable, "-c", WRITER, url, str(folder), *documents]
    writer = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    engine = open_engine(folder)
    looks = 0
    while writer.poll() is None:
        assert look(catalogue, folder) == []
        engine.refresh()
        assert len(found(engine)) == 6
        looks += 1
    assert writer.returncode == 0
    assert looks > 1


def test_a_writer_killed_in_a_commit_leaves_an_index_that_answers_and_is_settled_by_the_next(
    catalogue: Catalogue, folder: Path, documents: list[str], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    generation = generations.current(folder, build.FINGERPRINT)
    kept = (generation / "manifest.json").read_bytes()
    catalogue.describe(documents[0], Description(title="Anders"), "test")
    for moment in ("seal", "clean_files"):
        process = subprocess.run(
            [sys.executable, "-c", KILLED, url, str(folder), documents[0], moment],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert process.returncode == -9, process.stderr
        assert (generation / "manifest.json").read_bytes() != kept
        assert look(catalogue, folder) == []
        assert len(found(open_engine(folder))) == 6
    finish_jobs(catalogue)
    assert kinds(catalogue, folder) == {"MissingInIndex"}, "nobody knows whether it arrived"
    Caretaker(catalogue, folder).look_over()
    assert look(catalogue, folder) == []
    assert len(found(open_engine(folder))) == 6
    assert generations.current(folder, build.FINGERPRINT) == generation, "it was not made anew"


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.catalogue.catalogue import Catalogue
import whoosh.index
from index.indexer import Indexer

def die(*_told):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[4] == "seal":
    os.rename = lambda old, new, **options: die() if new.endswith(".toc") else None
else:
    whoosh.index.clean_files = die
with Catalogue.open(sys.argv[1]) as catalogue:
    Indexer(catalogue, Path(sys.argv[2])).add(sys.argv[3])
"""


def test_only_documents_that_the_catalogue_shows_are_found_counted_and_sized(
    catalogue: Catalogue, folder: Path, documents: list[str], tmp_path: Path
) -> None:
    engine = open_engine(folder)
    with Catalogue.open(f"sqlite:///{tmp_path / 'yesterday.sqlite'}") as yesterday:
        stored(yesterday, "a")
        hidden = left_out(engine, yesterday)
        assert set(map(document_of, hidden)) == set(documents[1:])
        result = engine.search(SearchRequest(parse("werkgelegenheid"), left_out=hidden, grouped=True))
        assert (result.total, result.documents) == (2, 1)
        assert set(result.facets["language"].values()) == {2}
        assert {each.document for each in engine.word_totals(Filters(), hidden)} == {documents[0]}
        later = stored(yesterday, "b")
        assert set(map(document_of, left_out(engine, yesterday))) == {documents[2]}
        yesterday.withdraw(later, "asked for", "test")
        assert set(map(document_of, left_out(engine, yesterday))) == set(documents[1:])
        Indexer(yesterday, folder).follow([documents[2]], ())
        engine.refresh()
        assert set(map(document_of, left_out(engine, yesterday))) == {later}
