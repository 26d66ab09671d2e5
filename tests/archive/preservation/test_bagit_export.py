"""The bag: complete, valid, readable without this program, and never half there."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from archive.catalogue.catalogue import Catalogue
from archive.errors import DamagedArchive, DocumentNotFound, ServiceUnavailable, UsageError
from archive.originals import Originals
from archive.preservation import bagit_export
from archive.records import Description, Document, Provenance, WrittenBlock
from archive.version import VERSION
from tests.material.sample_pages import sample_block, sample_page

CONTENT = b"%PDF-1.7 a plan"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(f"sqlite:///{tmp_path / 'data' / 'catalogue.sqlite'}") as opened:
        yield opened


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "data" / "originals")


@pytest.fixture
def document(catalogue: Catalogue, originals: Originals) -> Document:
    description = Description("Een plan – “voluit”", 2011, "new-deal", "plan")
    at = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    provenance = Provenance("https://a.example/plan.pdf", None, at, {"ETag": "x"})
    stored = originals.store(io.BytesIO(CONTENT))
    received, _is_new = catalogue.receive(stored, "plan.pdf", description, provenance, "tester")
    pages = [
        sample_page(1, sample_block("Kop", "nl", "heading"), sample_block("à lire", "fr"), label="i"),
        sample_page(2),
    ]
    catalogue.store_pages(received.id, pages, [], None, "worker")
    return catalogue.mark_ready(received.id, "worker")


def test_a_bag_holds_everything_and_is_valid(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    folder = bagit_export.export(catalogue, originals, document.id, tmp_path / "new" / "bag")
    assert folder == tmp_path / "new" / "bag"
    made = bagit.Bag(str(folder))
    made.validate()
    assert set(made.algorithms) == {"sha256", "sha512"}
    assert sorted(made.payload_files()) == [
        "data/catalogue.json",
        "data/events.json",
        "data/metadata.json",
        "data/original.pdf",
        "data/page_instructions.json",
        "data/pages.jsonl",
        "data/pages_as_read.jsonl",
    ]
    assert made.info["External-Identifier"] == document.id
    assert made.info["Bag-Software-Agent"] == f"Terugblik {VERSION}"
    assert (folder / "data" / "original.pdf").read_bytes() == CONTENT
    assert [path.name for path in folder.parent.iterdir()] == ["bag"]


def test_the_description_is_in_dublin_core(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    folder = bagit_export.export(catalogue, originals, document.id, tmp_path / "bag")
    metadata = json.loads((folder / "data" / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["@context"] == {"@vocab": "http://purl.org/dc/terms/"}
    assert metadata["identifier"] == [document.id, f"urn:sha256:{document.sha256}"]
    assert (metadata["title"], metadata["date"]) == ("Een plan – “voluit”", "2011")
    assert (metadata["type"], metadata["isPartOf"]) == ("plan", "new-deal")
    assert sorted(metadata["language"]) == ["fr", "nl"]
    assert metadata["source"] == "https://a.example/plan.pdf"
    assert metadata["provenance"]["retrievedAt"] == "2024-01-02T03:04:05+00:00"
    assert metadata["provenance"]["httpHeaders"] == {"ETag": "x"}


def test_the_text_is_there_page_by_page(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    folder = bagit_export.export(catalogue, originals, document.id, tmp_path / "bag")
    lines = (folder / "data" / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = (json.loads(line) for line in lines)
    assert (first["page"], first["label"], second["page"], second["blocks"]) == (1, "i", 2, [])
    assert [(block["kind"], block["language"], block["text"]) for block in first["blocks"]] == [
        ("heading", "nl", "Kop"),
        ("paragraph", "fr", "à lire"),
    ]
    assert first["blocks"][0]["words"] == [{"text": "Kop", "boxes": [[72.0, 72.0, 90.0, 84.25]]}]


def test_corrections_and_instructions_go_along(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    catalogue.correct_page(document.id, 1, [WrittenBlock("heading", "nl", "De kop")], "ann")
    catalogue.instruct_ocr(document.id, 2, "forbid", "ann")
    folder = bagit_export.export(catalogue, originals, document.id, tmp_path / "bag") / "data"
    pages = [json.loads(line) for line in (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
    as_read = json.loads((folder / "pages_as_read.jsonl").read_text(encoding="utf-8"))
    assert [(page["source"], len(page["blocks"])) for page in pages] == [("corrected", 1), ("text layer", 0)]
    assert (as_read["page"], as_read["source"]) == (1, "text layer")
    assert [block["text"] for block in as_read["blocks"]] == ["Kop", "à lire"]
    said = json.loads((folder / "page_instructions.json").read_text(encoding="utf-8"))
    assert said["ocr"] == [{"page": 2, "instruction": "forbid"}]
    (correction,) = said["corrections"]
    assert (correction["page"], correction["agent"]) == (1, "ann")
    assert correction["passages"] == [{"kind": "heading", "language": "nl", "text": "De kop"}]


def test_the_history_is_there_oldest_first(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    folder = bagit_export.export(catalogue, originals, document.id, tmp_path / "bag")
    events = json.loads((folder / "data" / "events.json").read_text(encoding="utf-8"))
    assert [event["eventType"] for event in events] == ["ingestion", "extraction", "publication"]
    assert events[0]["linkingAgentIdentifier"]["linkingAgentIdentifierValue"] == "tester"
    assert events[0]["linkingObjectIdentifier"]["linkingObjectIdentifierValue"] == document.id
    assert datetime.fromisoformat(events[0]["eventDateTime"]).tzinfo is not None
    extension = events[2]["eventOutcomeInformation"]["eventOutcomeDetail"]["eventOutcomeDetailExtension"]
    assert extension == {"before": {"status": "received"}, "after": {"status": "ready"}}


def test_a_document_that_was_never_read_or_was_withdrawn_can_be_taken_away_too(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    stored = originals.store(io.BytesIO(b"unread"))
    unread, _is_new = catalogue.receive(stored, "unread.pdf", Description(), Provenance(), "tester")
    folder = bagit_export.export(catalogue, originals, unread.id, tmp_path / "unread")
    assert (folder / "data" / "pages.jsonl").read_text() == ""
    catalogue.withdraw(document.id, "Privacy", "archivist")
    folder = bagit_export.export(catalogue, originals, document.id, tmp_path / "withdrawn")
    metadata = json.loads((folder / "data" / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["accessRights"] == "withdrawn: Privacy"


def test_nothing_is_ever_overwritten(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    for folder in (tmp_path / "file", tmp_path / "folder", tmp_path / "link"):
        if folder.name == "folder":
            folder.mkdir()
        elif folder.name == "link":
            folder.symlink_to("nowhere")
        else:
            folder.write_text("kept")
        with pytest.raises(UsageError):
            bagit_export.export(catalogue, originals, document.id, folder)
    assert (tmp_path / "file").read_text() == "kept"


def test_a_changed_or_lost_original_is_not_taken_away(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    path = originals.path(document.sha256)
    path.chmod(0o644)
    path.write_bytes(b"changed")
    with pytest.raises(DamagedArchive):
        bagit_export.export(catalogue, originals, document.id, tmp_path / "out" / "bag")
    path.unlink()
    with pytest.raises(DamagedArchive):
        bagit_export.export(catalogue, originals, document.id, tmp_path / "out" / "bag")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_cannot_be_done_is_said(
    catalogue: Catalogue, originals: Originals, document: Document, tmp_path: Path
) -> None:
    with pytest.raises(DocumentNotFound):
        bagit_export.export(catalogue, originals, "0" * 16, tmp_path / "bag")
    (tmp_path / "file").write_text("")
    with pytest.raises(ServiceUnavailable):
        bagit_export.export(catalogue, originals, document.id, tmp_path / "file" / "bag")
    assert not (tmp_path / "bag").exists()
