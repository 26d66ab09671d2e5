"""The index and the catalogue: added, removed, rebuilt, swapped; and what is refused."""

import hashlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.errors import DocumentNotFound
from archive.originals import StoredOriginal
from archive.records import Block, Description, Page, Provenance
from index import index_parts
from index import indexer as build
from index.engine import generations
from index.engine.contract import Engine, Filters, SearchRequest
from index.entries import entries_of
from index.errors import IndexMismatch, IndexMissing
from index.indexer import Indexer, open_engine
from index.query.parser import parse
from tests.material.sample_pages import sample_block, sample_page

ROOT = Path(__file__).parents[2]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        yield catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def indexer(catalogue: Catalogue, folder: Path) -> Indexer:
    return Indexer(catalogue, folder)


def two_columns(number: int) -> Page:
    return sample_page(
        number,
        sample_block("Sociaal pact", "nl", "heading"),
        sample_block("Pacte social", "fr", "heading"),
        sample_block(f"Het pact voor de werkgelegenheid, bladzijde{number}.", "nl"),
        sample_block(f"Le pacte pour l'emploi, feuille{number}.", "fr"),
    )


def store(catalogue: Catalogue, name: str, *pages: Page, year: int = 2011, ready: bool = True) -> str:
    """Put a document into the catalogue as the pipeline does; its identifier."""
    original = StoredOriginal(hashlib.sha256(name.encode()).hexdigest(), 1)
    description = Description(title=f"Document {name}", year=year, plan="new-deal", kind="plan")
    document, _ = catalogue.receive(original, f"{name}.pdf", description, Provenance(), "test")
    catalogue.start(document.id, "test")
    catalogue.store_pages(document.id, pages, (), None, "test")
    if ready:
        catalogue.mark_ready(document.id, "test")
    return document.id


def found(engine: Engine, text: str, filters: Filters | None = None) -> list[tuple[str, int, str]]:
    engine.refresh()
    result = engine.search(SearchRequest(parse(text), filters or Filters(), limit=1000))
    return sorted((hit.document, hit.page, hit.language) for hit in result.hits)


def test_there_is_no_index_before_the_first_document(folder: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        open_engine(folder)
    assert "terugblik reindex" in caught.value.hint


def test_each_language_of_a_page_becomes_an_entry(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    document = store(catalogue, "a", two_columns(1), sample_page(2), two_columns(3))
    indexer.add(document)
    engine = open_engine(folder)
    assert found(engine, "werkgelegenheid") == [(document, 1, "nl"), (document, 3, "nl")]
    assert found(engine, '"pour l\'emploi"') == [(document, 1, "fr"), (document, 3, "fr")]
    assert found(engine, "feuille3") == [(document, 3, "fr")]
    assert found(engine, '"pact het"') == [(document, 1, "nl"), (document, 3, "nl")], (
        "over the break, same column"
    )
    assert found(
        engine, "title:document year:2011 plan:new-deal lang:fr", Filters(kinds=frozenset({"plan"}))
    ) == [
        (document, 1, "fr"),
        (document, 3, "fr"),
    ]


def test_adding_again_and_removing_twice_change_nothing(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    document, other = store(catalogue, "a", two_columns(1)), store(catalogue, "b", two_columns(1))
    for _ in range(2):
        indexer.add(document)
    indexer.add(other)
    engine = open_engine(folder)
    assert len(found(engine, "werkgelegenheid")) == 2
    for _ in range(2):
        indexer.follow([document], ())
    assert found(engine, "werkgelegenheid") == [(other, 1, "nl")]
    indexer.add(document)
    assert len(found(engine, "werkgelegenheid")) == 2


def test_a_document_read_anew_replaces_what_was_there(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    document = store(catalogue, "a", two_columns(1), two_columns(2))
    indexer.add(document)
    engine = open_engine(folder)
    catalogue.store_pages(document, [sample_page(1, sample_block("Nieuwe tekst", "nl"))], (), None, "test")
    indexer.add(document)
    assert found(engine, "year:2011") == [(document, 1, "nl")]


def test_a_document_that_is_not_there_is_not_added(indexer: Indexer) -> None:
    with pytest.raises(DocumentNotFound):
        indexer.add("0123456789abcdef")


def test_a_rebuild_gives_the_same_index_and_leaves_one_generation(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    first = store(catalogue, "a", two_columns(1), two_columns(2))
    second = store(catalogue, "b", two_columns(1), ready=False)
    store(catalogue, "withdrawn", two_columns(1))
    indexer.add(first)
    engine = open_engine(folder)
    before = engine.generation()
    withdrawn = store(catalogue, "c", two_columns(1))
    catalogue.withdraw(withdrawn, "asked for", "test")
    seen: list[tuple[int, int]] = []

    name = indexer.rebuild(lambda done, total: seen.append((done, total)))

    assert [path.name for path in folder.glob("generation-*")] == [name]
    assert seen[-1][0] == seen[-1][1] == 4
    documents = {document for document, _, _ in found(engine, "werkgelegenheid")}
    assert {first, second} < documents, "one that is just being read is in it as well"
    assert withdrawn not in documents
    assert engine.generation() != before
    assert found(open_engine(folder), "werkgelegenheid") == found(engine, "werkgelegenheid")


def test_a_rebuild_that_fails_leaves_the_old_index(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    document = store(catalogue, "a", two_columns(1))
    indexer.add(document)

    def interrupted(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexer.rebuild(interrupted)
    engine = open_engine(folder)
    assert len(found(engine, "werkgelegenheid")) == 1
    indexer.rebuild()
    assert len(found(engine, "werkgelegenheid")) == 1
    assert len(list(folder.glob("generation-*"))) == 1, "what the failed one left is gone"


needs_two_processors = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < index_parts.PROCESSES, reason="with one processor, one process builds it"
)


def store_many_pages(catalogue: Catalogue) -> list[str]:
    """Documents of which several processes build an index."""
    short = [
        sample_page(number, sample_block(f"Pact {number % 7} stad{number}.")) for number in range(1, 401)
    ]
    return [
        store(catalogue, "a", *short),
        store(catalogue, "without text", sample_page(1)),
        store(catalogue, "b", *short[:210]),
        store(catalogue, "c", two_columns(1), *short[1:]),
    ]


@needs_two_processors
def test_an_index_that_several_processes_build_answers_as_one_built_by_one(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    def answers() -> list[object]:
        engine = open_engine(folder)
        asked = (
            "pact",
            "pact 3 OR werkgelegenheid",
            '"4 stad11"',
            "stad1*",
            "stda7~",
            "titel:document -pact",
        )
        results = [engine.search(SearchRequest(parse(text), limit=1000, with_forms=True)) for text in asked]
        return [
            *((result.total, result.hits, result.facets, result.forms) for result in results),
            engine.spellings("stad11", frozenset()),
            engine.revisions(),
            list(engine.word_totals(Filters(), frozenset())),
        ]

    indexer.rebuild()
    documents = store_many_pages(catalogue)
    indexer.follow(documents)
    by_one = answers()
    seen: list[tuple[int, int]] = []
    indexer.rebuild(lambda done, total: seen.append((done, total)))
    assert answers() == by_one
    assert len(seen) == len(documents)
    assert seen[-1] == (1011, 1011)
    assert {path.suffix for path in folder.glob("generation-*/*")} == {"", ".json", ".seg", ".toc", ".txt"}

    indexer.add(documents[1])
    catalogue.withdraw(documents[0], "asked for", "test")
    indexer.follow(documents[:1])
    assert {document for document, _, _ in found(open_engine(folder), "pact")} == set(documents[2:])


@needs_two_processors
def test_where_a_process_is_killed_while_it_builds_one_alone_builds_the_index(
    indexer: Indexer, catalogue: Catalogue, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As where there is too little memory for several: the index would never be made."""
    indexer.add(store(catalogue, "first", two_columns(1)))
    store_many_pages(catalogue)
    seen: list[tuple[int, int]] = []

    def kill(done: int, total: int) -> None:
        seen.append((done, total))
        for builder in multiprocessing.active_children():
            os.kill(builder.pid or 0, signal.SIGKILL)

    indexer.rebuild(kill)
    assert "SIGKILL" in caplog.text
    assert seen[-1][0] == seen[-1][1]
    assert not multiprocessing.active_children()
    assert len(found(open_engine(folder), "werkgelegenheid")) == 2
    assert {path.suffix for path in folder.glob("generation-*/*")} == {"", ".json", ".seg", ".toc", ".txt"}


def test_a_rebuild_makes_the_index_of_an_archive_without_documents(indexer: Indexer, folder: Path) -> None:
    indexer.rebuild()
    assert found(open_engine(folder), "year:2011") == []


def test_an_index_made_by_other_rules_is_never_read_and_made_anew_by_the_next_change(
    indexer: Indexer, catalogue: Catalogue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, other = store(catalogue, "a", two_columns(1)), store(catalogue, "b", two_columns(1))
    indexer.add(document)
    held = sorted(path.name for path in folder.rglob("*"))
    with monkeypatch.context() as newer:
        newer.setattr(build, "FINGERPRINT", "of another version")
        with pytest.raises(IndexMismatch) as caught:
            open_engine(folder)
        assert "terugblik reindex" in caught.value.hint
        assert sorted(path.name for path in folder.rglob("*")) == sorted([*held, "look-over"])
        indexer.add(other)
        assert {hit[0] for hit in found(open_engine(folder), "werkgelegenheid")} == {document, other}
    with pytest.raises(IndexMismatch):
        open_engine(folder)


def test_an_engine_in_use_says_so_when_the_index_was_made_by_other_rules(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    indexer.add(store(catalogue, "a", two_columns(1)))
    engine = open_engine(folder)
    generation = generations.current(folder, build.FINGERPRINT)
    (generation / "fingerprint.json").write_text(json.dumps({"fingerprint": "other"}))
    with pytest.raises(IndexMismatch):
        engine.refresh()


@pytest.mark.parametrize(
    "pointer", ["../elsewhere", "/etc", "generation-0123456789abcdef/..", "", "generation-xyz", "…"]
)
def test_a_pointer_out_of_the_folder_is_refused(
    indexer: Indexer, catalogue: Catalogue, folder: Path, pointer: str
) -> None:
    indexer.add(store(catalogue, "a", two_columns(1)))
    generations.current(folder, build.FINGERPRINT).rename(folder.parent / "elsewhere")
    (folder / "current").write_text(pointer)
    with pytest.raises(IndexMismatch):
        open_engine(folder)


def test_a_generation_that_is_a_link_to_elsewhere_is_refused(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    indexer.add(store(catalogue, "a", two_columns(1)))
    generation = generations.current(folder, build.FINGERPRINT)
    generation.rename(folder.parent / "elsewhere")
    generation.symlink_to(folder.parent / "elsewhere")
    with pytest.raises(IndexMismatch):
        open_engine(folder)


def test_an_index_that_is_lost_is_made_anew_of_everything(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    first = store(catalogue, "a", two_columns(1))
    indexer.add(first)
    generations.current(folder, build.FINGERPRINT).rename(folder.parent / "elsewhere")
    with pytest.raises(IndexMissing):
        open_engine(folder)
    second = store(catalogue, "b", two_columns(1))
    indexer.add(second)
    assert {document for document, _, _ in found(open_engine(folder), "werkgelegenheid")} == {first, second}


def test_searches_go_on_through_rebuilds_and_additions(
    indexer: Indexer, catalogue: Catalogue, folder: Path
) -> None:
    documents = [store(catalogue, name, two_columns(1), two_columns(2)) for name in "abc"]
    indexer.rebuild()
    engine = open_engine(folder)
    stop = threading.Event()
    problems: list[object] = []

    def read() -> None:
        while not stop.is_set():
            try:
                if len(hits := found(engine, "werkgelegenheid")) != 6:
                    problems.append(hits)
            except Exception as error:  # whatever it is, it is a failure of this test
                problems.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(8):
        indexer.add(documents[number % 3])
        if number % 2:
            indexer.rebuild()
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []


def test_what_a_commit_names_is_on_disk_before_it_is_named(
    indexer: Indexer, catalogue: Catalogue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, str]] = []
    fsync, rename, replace = os.fsync, os.rename, os.replace

    def recorded_fsync(descriptor: int) -> None:
        steps.append(("fsync", os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}"))))
        fsync(descriptor)

    def recorded_rename(old: object, new: object, **options: object) -> None:
        steps.append(("rename", os.path.basename(str(new))))
        (rename if old else replace)(old, new, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "rename", recorded_rename)
    monkeypatch.setattr(os, "replace", recorded_rename)
    indexer.add(store(catalogue, "a", two_columns(1)))

    generation = generations.current(folder, build.FINGERPRINT)
    segments = [path.name for path in generation.iterdir() if path.suffix in {".seg", ".txt"}]
    assert len(segments) == 2
    [named] = [step for step in steps if step[0] == "rename" and step[1].endswith("_2.toc")]
    before = steps[: steps.index(named)]
    assert {("fsync", name) for name in segments} <= set(before)
    assert before[-1] == ("fsync", generation.name)
    assert steps[steps.index(named) + 1] == ("fsync", generation.name)
    current = steps.index(("rename", "current"))
    assert {("fsync", generation.name), ("fsync", "current.new"), ("fsync", folder.name)} <= set(
        steps[:current]
    )
    assert ("fsync", folder.name) in steps[current:]


REBUILDER = """
import sys
from pathlib import Path
from archive.catalogue.catalogue import Catalogue
from index.indexer import Indexer

with Catalogue.open(sys.argv[1]) as catalogue:
    indexer = Indexer(catalogue, Path(sys.argv[2]))
    while True:
        print("start", flush=True)
        indexer.rebuild()
"""


def test_a_rebuild_killed_at_any_moment_leaves_an_index_that_works(
    indexer: Indexer, catalogue: Catalogue, folder: Path, tmp_path: Path
) -> None:
    document = store(catalogue, "a", *(two_columns(number) for number in range(1, 30)))
    indexer.add(document)
    for wait in (0.0, 0.02, 0.05, 0.09):
        process = subprocess.Popen(
            [sys.executable, "-c", REBUILDER, f"sqlite:///{tmp_path / 'catalogue.sqlite'}", folder],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert len(found(open_engine(folder), "werkgelegenheid")) == 29
    indexer.add(document)
    indexer.rebuild()
    assert len(list(folder.glob("generation-*"))) == 1


def test_an_entry_holds_the_text_of_one_language_with_its_headings(catalogue: Catalogue) -> None:
    document = catalogue.document(store(catalogue, "a", two_columns(1)))
    page = sample_page(
        4,
        sample_block("Kop", "nl", "heading"),
        sample_block("Titre", "fr", "heading"),
        sample_block("Tekst van de bladzijde", "nl"),
        Block("running", "en", "", ()),
        label="iv",
    )
    dutch, french = entries_of(document, iter([page]), "a:1")
    assert (dutch.language, dutch.page, dutch.label, dutch.headings) == ("nl", 4, "iv", "Kop")
    assert dutch.text == "Kop\nTekst van de bladzijde"
    assert dutch.revision == french.revision == "a:1"
    assert (dutch.document, dutch.title, dutch.year, dutch.plan) == (
        document.id,
        "Document a",
        2011,
        "new-deal",
    )
    assert (french.language, french.text) == ("fr", "Titre")
