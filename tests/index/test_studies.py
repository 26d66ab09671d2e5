"""What is worked out beforehand: kept on disk, not believed when damaged or of another text, never needed."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

import archive
import index
from archive.records import Description, Document
from index.editions.compared_documents import ComparedDocuments
from index.indexer import open_engine
from index.preparation import Publication, faulty_studies
from index.studies import Studies
from index.translations.translated_documents import TextKey, TranslatedDocuments
from tests.material.parallel_texts import PAGES, fill_parallel
from tests.material.two_editions import add_editions
from tests.surroundings.reading_room import ReadingRoom, Said, make_page

REVISIONS = {"0123456789abcdef": "5 2026-01-01"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ReadingRoom]:
    room = ReadingRoom(tmp_path)
    yield room
    room.close()


@pytest.fixture
def texts(room: ReadingRoom) -> Mapping[str, Document]:
    return fill_parallel(room)


def publication(room: ReadingRoom) -> Publication:
    return Publication(room.catalogue, room.settings.data / "index", room.settings.data / "studies")


def prepare(room: ReadingRoom, document: Document) -> None:
    for _piece in publication(room).prepare(document.id):
        pass


def kinds(folder: Path, document: str) -> set[str]:
    return {path.name.split(".")[0] for path in folder.glob(f"*/*.{document}-*")}


def test_translations_and_editions_are_worked_out_beforehand(
    room: ReadingRoom, texts: Mapping[str, Document]
) -> None:
    older, newer = add_editions(room)
    for document in (texts["plan_nl"], older):
        prepare(room, document)
    folder = room.settings.data / "studies"
    assert kinds(folder, texts["plan_nl"].id) >= {"texts", "anchors", "alignment", "sentences"}
    assert kinds(folder, texts["plan_fr"].id) >= {"texts", "alignment", "sentences"}
    assert kinds(folder, older.id) & kinds(folder, newer.id) >= {"edition", "comparison"}


def test_what_was_kept_is_what_would_be_worked_out(room: ReadingRoom, texts: Mapping[str, Document]) -> None:
    older, newer = add_editions(room)
    for document in (texts["plan_nl"], older):
        prepare(room, document)
    left, right = TextKey(texts["plan_nl"].id, "nl"), TextKey(texts["plan_fr"].id, "fr")
    engine = open_engine(room.settings.data / "index")
    kept, nothing = Studies(room.settings.data / "studies"), Studies(room.settings.data / "none")
    there, anew = (TranslatedDocuments(room.catalogue, studies) for studies in (kept, nothing))
    assert there.translation(left, "fr", engine) == anew.translation(left, "fr", engine)
    assert there.aligned(left, right).beads == anew.aligned(left, right).beads
    assert there.sentences(left, right).all == anew.sentences(left, right).all
    assert there.sentences(left, right).groups == anew.sentences(left, right).groups
    one, other = (
        ComparedDocuments(room.catalogue, studies).comparison(older.id, newer.id, "nl")
        for studies in (kept, nothing)
    )
    assert one.rows == other.rows
    assert not (room.settings.data / "none").exists(), "readers write nothing"


def test_a_page_that_is_read_anew_is_not_answered_from_what_was_kept(
    room: ReadingRoom, texts: Mapping[str, Document]
) -> None:
    document, _newer = add_editions(room)
    prepare(room, document)
    studies = Studies(room.settings.data / "studies")
    other = [make_page(1, [("paragraph", "nl", "Het zwembad sluit in augustus voor schilderwerken.")])]
    room.catalogue.store_pages(document.id, other, (), None, "test")
    assert len(TranslatedDocuments(room.catalogue, studies).text(TextKey(document.id, "nl")).units) == 1
    prepare(room, document)
    names = [path.name for path in (room.settings.data / "studies").glob(f"*/texts.{document.id}-*")]
    assert len(names) == 1, "what was kept of the older reading is gone"


def test_nothing_of_a_withdrawn_document_is_kept(room: ReadingRoom) -> None:
    document, newer = add_editions(room)
    folder = room.settings.data / "studies"
    prepare(room, document)
    assert kinds(folder, document.id)
    room.catalogue.withdraw(document.id, "a test", "test")
    publication(room).remove(document.id)
    assert not kinds(folder, document.id)
    prepare(room, document)
    assert not kinds(folder, document.id), "nor is it worked out again"
    assert newer.id


@pytest.mark.parametrize("damage", ["empty", "cut", "changed", "pickle of others"])
def test_a_damaged_study_is_worked_out_again(tmp_path: Path, damage: str) -> None:
    worker, reader = Studies(tmp_path, keeps=True), Studies(tmp_path)
    assert worker.get("texts", REVISIONS, "nl", lambda: ["right"]) == ["right"]
    assert reader.get("texts", REVISIONS, "nl", lambda: ["not asked"]) == ["right"]
    (path,) = tmp_path.glob("*/texts.*")
    content = path.read_bytes()
    damaged = {
        "empty": b"",
        "cut": content[:-3],
        "changed": content[:-1] + bytes([content[-1] ^ 1]),
        "pickle of others": b"cposix\nsystem\n(S'touch " + str(tmp_path / "run").encode() + b"'\ntR.",
    }
    path.write_bytes(damaged[damage])
    assert reader.get("texts", REVISIONS, "nl", lambda: ["worked out"]) == ["worked out"]
    assert path.read_bytes() == damaged[damage], "a reader writes nothing"
    assert worker.get("texts", REVISIONS, "nl", lambda: ["right"]) == ["right"]
    assert path.read_bytes() == content
    assert not (tmp_path / "run").exists()


def test_each_revision_and_detail_is_a_study_of_its_own(tmp_path: Path) -> None:
    studies = Studies(tmp_path, keeps=True)
    (document,) = REVISIONS
    assert studies.get("texts", REVISIONS, "nl", lambda: 1) == 1
    assert studies.get("texts", REVISIONS, "fr", lambda: 2) == 2
    assert studies.get("anchors", REVISIONS, "nl", lambda: 3) == 3
    assert studies.get("texts", {document: "6 2026-01-02"}, "nl", lambda: 4) == 4
    studies.forget(document, but_for="6 2026-01-02")
    assert studies.get("texts", {document: "6 2026-01-02"}, "nl", lambda: 0) == 4
    assert studies.get("texts", REVISIONS, "nl", lambda: 5) == 5


def test_a_file_in_the_place_of_the_folder_and_the_reverse_are_put_right(tmp_path: Path) -> None:
    folder = tmp_path / "studies"
    folder.write_text("a file")
    studies = Studies(folder, keeps=True)
    studies.forget_other_versions()
    assert studies.get("texts", REVISIONS, "nl", lambda: 1) == 1
    (study,) = folder.glob("*/*")
    study.unlink()
    study.mkdir()
    (folder / "a file").write_text("of nobody")
    studies.forget_other_versions()
    assert studies.get("texts", REVISIONS, "nl", lambda: 2) == 2
    assert studies.get("texts", REVISIONS, "nl", lambda: 3) == 2
    assert not (folder / "a file").exists()


_KEEP_ONE = """
import sys
from pathlib import Path
from index import studies
with Path(studies.__file__).open("a") as file:
    file.write(sys.argv[2])
studies.Studies(Path(sys.argv[1]), keeps=True).get("texts", {"0123456789abcdef": "1"}, "", lambda: 1)
"""
"""Keeps a study, after the files of the program have been replaced."""


def test_a_program_whose_files_are_replaced_keeps_what_it_works_out_as_its_own(tmp_path: Path) -> None:
    """The version that comes after it could not read that."""
    program = tmp_path / "program"
    for package in (Path(archive.__file__).parent, Path(index.__file__).parent):
        shutil.copytree(package, program / package.name, ignore=shutil.ignore_patterns("*.pdf", "*.pyc"))
    for folder, line in (("as installed", ""), ("replaced", "# another version\n"), ("newer", "")):
        subprocess.run([sys.executable, "-c", _KEEP_ONE, tmp_path / folder, line], cwd=program, check=True)
    (installed,), (replaced,), (newer,) = (
        [version.name for version in (tmp_path / folder).iterdir()]
        for folder in ("as installed", "replaced", "newer")
    )
    assert replaced == installed != newer


def test_what_other_versions_and_killed_processes_left_goes(tmp_path: Path) -> None:
    studies = Studies(tmp_path, keeps=True)
    studies.get("texts", REVISIONS, "nl", lambda: 1)
    (mine,) = tmp_path.glob("*")
    (mine / "0123456789abcdef.part").write_bytes(b"half")
    (tmp_path / "0123456789abcdef").mkdir()
    (tmp_path / "0123456789abcdef" / "texts.0").write_bytes(b"older")
    with (mine / "another-worker.part").open("wb") as written:
        fcntl.flock(written, fcntl.LOCK_EX)
        studies.forget_other_versions()
        assert [path.name for path in mine.glob("*.part")] == ["another-worker.part"]
    studies.forget_other_versions()
    assert [path.name for path in tmp_path.glob("*")] == [mine.name]
    assert not list(mine.glob("*.part"))
    assert studies.get("texts", REVISIONS, "nl", lambda: 0) == 1


def test_a_study_in_the_place_of_another_is_not_believed(tmp_path: Path) -> None:
    studies = Studies(tmp_path, keeps=True)
    studies.get("texts", REVISIONS, "nl", lambda: "nl")
    (nl,) = tmp_path.glob("*/texts.*")
    studies.get("texts", REVISIONS, "fr", lambda: "fr")
    (fr,) = (path for path in tmp_path.glob("*/texts.*") if path != nl)
    shutil.copyfile(fr, nl)
    assert Studies(tmp_path).get("texts", REVISIONS, "nl", lambda: "worked out") == "worked out"


def change_one_byte(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def turn_into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (Path.unlink, "StudyMissing"),
    "a folder": (turn_into_folder, "StudyMissing"),
    "cut": (lambda path: os.truncate(path, 40), "StudyDamaged"),
    "one byte": (change_one_byte, "StudyDamaged"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_noticed_told_and_mended(room: ReadingRoom, damage: str) -> None:
    older, newer = add_editions(room)
    for document in (older, newer):
        prepare(room, document)
    folder = room.settings.data / "studies"
    hurt, expected = DAMAGES[damage]
    for kind in ("texts", "comparison", "record"):
        assert publication(room).is_prepared(older.id), kind
        assert list(faulty_studies(room.catalogue, folder, [older, newer])) == [], kind
        hurt(next(folder.glob(f"*/{kind}.*{older.id}-*")))
        assert not publication(room).is_prepared(older.id), kind
        told = {
            document.id: dict(found.problems())
            for document, found in faulty_studies(room.catalogue, folder, [older, newer])
        }
        assert set(told[older.id]) == {"StudyMissing" if kind == "record" else expected}, kind
        prepare(room, older)
    assert publication(room).is_prepared(older.id)
    assert list(faulty_studies(room.catalogue, folder, [older, newer])) == []


def test_what_is_damaged_without_a_trace_is_noticed_when_all_is_read(room: ReadingRoom) -> None:
    older, _newer = add_editions(room)
    prepare(room, older)
    folder = room.settings.data / "studies"
    change_one_byte(next(folder.glob(f"*/texts.{older.id}-*")))
    record = next(folder.glob(f"*/record.{older.id}-*"))
    os.utime(record, (time.time() + 1, time.time() + 1))  # as if it had happened before
    assert publication(room).is_prepared(older.id)
    assert [found.damaged for _, found in faulty_studies(room.catalogue, folder, [older])] == [1]


def test_what_was_there_already_is_recorded_as_well(room: ReadingRoom, texts: Mapping[str, Document]) -> None:
    """A second comparison finds most of it, and must not forget to look after it."""
    document, folder = texts["plan_nl"], room.settings.data / "studies"
    for _ in range(2):
        prepare(room, document)
    for kind in ("texts", "anchors", "share", "alignment", "sentences"):
        path = next(folder.glob(f"*/{kind}.*{document.id}-*"))
        path.unlink()
        assert not publication(room).is_prepared(document.id), kind
        prepare(room, document)
        assert path.exists(), kind


def test_each_file_is_missed_when_it_is_gone(room: ReadingRoom) -> None:
    """Also where texts were aligned to see that they are no translations of each other."""
    said: list[Said] = [("paragraph", "nl", nl) for nl, _fr in (*PAGES[0], *PAGES[1])]
    others = [fr for _nl, fr in PAGES[2]] + [PAGES[0][0][1], PAGES[0][1][1]]
    said += [("paragraph", "fr", fr) for fr in others]
    document = room.add([make_page(1, said)], Description(title="Half"))
    for _ in range(2):  # the second time much is there already, and is not computed
        prepare(room, document)
    files = sorted((room.settings.data / "studies").rglob(f"*.{document.id}-*"))
    assert kinds(room.settings.data / "studies", document.id) >= {"texts", "anchors", "share", "record"}
    for path in files:
        content = path.read_bytes()
        path.unlink()
        assert not publication(room).is_prepared(document.id), path.name
        path.write_bytes(content)


def test_files_that_were_copied_whole_are_read_once(room: ReadingRoom) -> None:
    older, _newer = add_editions(room)
    prepare(room, older)
    folder = room.settings.data / "studies"
    path = next(folder.glob(f"*/texts.{older.id}-*"))
    path.write_bytes(path.read_bytes())
    revision = room.catalogue.text_revisions()[older.id]
    assert Studies(folder).condition(older.id, revision).is_younger
    time.sleep(0.02)  # what changes within some milliseconds may have the same time
    assert publication(room).is_prepared(older.id)
    assert not Studies(folder).condition(older.id, revision).is_younger


def test_where_one_document_goes_the_others_are_compared_anew(room: ReadingRoom) -> None:
    older, newer = add_editions(room)
    for document in (older, newer):
        prepare(room, document)
    room.catalogue.withdraw(newer.id, "a test", "test")
    publication(room).remove(newer.id)
    waiting = [(job.document, job.kind) for job in room.queue.waiting() if job.kind == "compare"]
    assert waiting == [(older.id, "compare")]
    prepare(room, older)
    assert publication(room).is_prepared(older.id)
    assert "comparison" not in kinds(room.settings.data / "studies", older.id)


def test_readers_tell_what_they_miss_of_what_the_worker_works_out(room: ReadingRoom) -> None:
    older, newer = add_editions(room)
    missed: list[str] = []
    studies = Studies(room.settings.data / "studies", missed=missed.append)
    compared = ComparedDocuments(room.catalogue, studies)
    compared.edition(older.id, "nl")
    assert missed == [older.id], "nothing has been worked out yet"
    prepare(room, older)
    prepare(room, newer)
    missed.clear()
    ComparedDocuments(room.catalogue, studies).comparison(older.id, newer.id, "nl")
    ComparedDocuments(room.catalogue, studies).comparison(newer.id, older.id, "nl")
    assert missed == [], "the worker does not compare them the other way round"
    next((room.settings.data / "studies").glob("*/comparison.*")).unlink()
    ComparedDocuments(room.catalogue, studies).comparison(older.id, newer.id, "nl")
    assert set(missed) == {older.id, newer.id}
