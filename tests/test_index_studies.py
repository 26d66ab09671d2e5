"""What is worked out beforehand: kept on disk, not believed when damaged or of another text, never needed."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from archive.records import Document
from index.build import open_engine
from index.compared_documents import ComparedDocuments
from index.parallel_documents import ParallelDocuments, TextKey
from index.preparation import Publication
from index.studies import Studies
from tests.parallel_texts import fill_parallel
from tests.reading_room import ReadingRoom, make_page
from tests.two_editions import add_editions

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
    there, anew = (ParallelDocuments(room.catalogue, studies) for studies in (kept, nothing))
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
    assert len(ParallelDocuments(room.catalogue, studies).text(TextKey(document.id, "nl")).units) == 1
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


def test_what_other_versions_and_killed_processes_left_goes(tmp_path: Path) -> None:
    studies = Studies(tmp_path, keeps=True)
    studies.get("texts", REVISIONS, "nl", lambda: 1)
    (mine,) = tmp_path.glob("*")
    (mine / "0123456789abcdef.part").write_bytes(b"half")
    (tmp_path / "0123456789abcdef").mkdir()
    (tmp_path / "0123456789abcdef" / "texts.0").write_bytes(b"older")
    studies.forget_other_versions()
    assert [path.name for path in tmp_path.glob("*")] == [mine.name]
    assert not list(mine.glob("*.part"))
    assert studies.get("texts", REVISIONS, "nl", lambda: 0) == 1
