"""Exports a document as a BagIt bag (RFC 8493), which any archive can read and check without this program.

``data/original.pdf`` is the original, ``data/metadata.json`` its description in Dublin Core terms (JSON-LD),
``data/pages.jsonl`` its text, one page a line, ``data/events.json`` its history in PREMIS 3 terms,
``data/pages_as_read.jsonl`` what was read on corrected pages, ``data/page_instructions.json`` what archivists
say of single pages: the corrections in force, and on OCR. ``data/catalogue.json`` is the document as the
catalogue keeps it: with it, `bagit_import.py` brings everything back. Manifests in SHA-256 and SHA-512.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import bagit

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.correction_rows import correction_values
from archive.errors import BadInputFile, DamagedOriginal, ServiceUnavailable, UsageError
from archive.originals import Originals
from archive.records import Correction, Document, Event, OcrInstruction, Page
from archive.surroundings import trouble_behind
from archive.version import VERSION

_CHUNK = 1024 * 1024
_NO_BAG = "Nothing is left of it. Make room, or choose a folder on another disk, and export it again."


class BadBag(BadInputFile):
    """A folder is not a bag of a document, or has been changed since it was made. Nothing was changed."""

    code = "bad-bag"
    default_hint = "Nothing was changed. Give a whole copy of the bag, or leave it out."


def validate(folder: Path) -> None:
    """Compare everything in a bag with its checksums.

    Raises:
        BadBag: it has been changed since it was made.
    """
    try:
        bagit.Bag(str(folder)).validate()
    except (bagit.BagError, OSError, UnicodeDecodeError) as error:
        raise BadBag(f"The bag {folder} is not whole: {error}") from error


def export(catalogue: Catalogue, originals: Originals, identifier: str, folder: Path) -> Path:
    """Make the bag `folder` of a document, whatever its status: it appears complete and valid, or not at all.

    Not for several threads at once: the bagit library changes the working directory while it works.

    Raises:
        DocumentNotFound: there is no such document.
        UsageError: `folder` exists already.
        DamagedOriginal: the original is missing or not what the catalogue says.
        ServiceUnavailable: the bag cannot be written.
    """
    document = catalogue.document(identifier)
    target = folder.absolute()
    if target.exists() or target.is_symlink():
        raise UsageError(f"{folder} exists already; a bag is never written over something else.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Beside the target, so that the finished bag can be moved there in one step.
        building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=".part", dir=target.parent))
        try:
            building.chmod(0o755)  # the bag's folders get the rights of this one
            _write_payload(catalogue, originals, document, building)
            bagit.make_bag(str(building), _bag_info(document), checksums=["sha256", "sha512"])
            bagit.Bag(str(building)).validate()
            building.rename(target)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except (OSError, bagit.BagError) as error:
        trouble = trouble_behind(error)
        if trouble is not None:
            raise type(trouble)(f"The bag {folder} cannot be written: {trouble.message}", _NO_BAG) from error
        raise ServiceUnavailable(
            f"The bag {folder} cannot be written: {error}.",
            "Check that its folder can be written and that the disk has room.",
        ) from error
    return target


def _write_payload(catalogue: Catalogue, originals: Originals, document: Document, folder: Path) -> None:
    _copy_original(originals.verified(document.sha256), folder / "original.pdf", document.sha256)
    _write_json(folder / "metadata.json", _dublin_core(document))
    _write_json(folder / "catalogue.json", catalogue.document_as_kept(document.id))
    corrections = catalogue.corrections(document.id)
    corrected = [correction.page for correction in corrections if correction.page <= document.pages]
    _write_pages(folder / "pages.jsonl", catalogue.pages(document.id))
    as_read = (catalogue.page_as_read(document.id, page) for page in corrected)
    _write_pages(folder / "pages_as_read.jsonl", as_read)
    instructions = catalogue.ocr_instructions(document.id)
    _write_json(folder / "page_instructions.json", _page_instructions(corrections, instructions))
    events = reversed(catalogue.events(document.id, limit=None))
    _write_json(folder / "events.json", [_premis(event) for event in events])


def _copy_original(original: Path, copy: Path, sha256: str) -> None:
    digest = hashlib.sha256()
    with original.open("rb") as source, copy.open("wb") as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    if digest.hexdigest() != sha256:
        raise DamagedOriginal(f"The original {sha256} has been changed on disk; it was not exported.")


def _write_pages(path: Path, pages: Iterable[Page]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for page in pages:
            lines.write(json.dumps(_page(page), ensure_ascii=False) + "\n")


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _bag_info(document: Document) -> dict[str, str]:
    return {
        "External-Identifier": document.id,
        "External-Description": document.title,
        "Bag-Software-Agent": f"Terugblik {VERSION}",
    }


def _dublin_core(document: Document) -> dict[str, object]:
    """The description in Dublin Core terms; terms without a value are left out."""
    provenance = document.provenance
    terms: dict[str, object] = {
        "identifier": [document.id, f"urn:sha256:{document.sha256}"],
        "title": document.title,
        "date": document.date,
        "dateSubmitted": document.received_at.isoformat(),
        "type": document.kind,
        "language": document.languages or document.language,
        "isPartOf": document.plan,
        "format": "application/pdf",
        "extent": [f"{document.size} bytes", f"{document.pages} pages"],
        "source": provenance.source_url or document.filename,
        "provenance": {
            "filename": document.filename,
            "sourceUrl": provenance.source_url,
            "retrievedUrl": provenance.retrieved_url,
            "retrievedAt": provenance.retrieved_at.isoformat() if provenance.retrieved_at else None,
            "httpHeaders": dict(provenance.http_headers),
        },
        "accessRights": "withdrawn: " + document.reason if document.status == "withdrawn" else None,
    }
    held = {name: value for name, value in terms.items() if value is not None}
    return {"@context": {"@vocab": "http://purl.org/dc/terms/"}, **held}


def _page(page: Page) -> dict[str, object]:
    return {
        "page": page.number,
        "label": page.label,
        "width": page.width,
        "height": page.height,
        "source": page.source,
        "needs_ocr": page.needs_ocr,
        "health": asdict(page.health),
        "blocks": [
            {
                "kind": block.kind,
                "language": block.language,
                "text": block.text,
                "words": [{"text": word.text, "boxes": word.boxes} for word in block.words],
                "starts": [word.start for word in block.words],
                "doubtful": [number for number, word in enumerate(block.words) if word.is_doubtful],
            }
            for block in page.blocks
        ],
    }


def _page_instructions(
    corrections: Iterable[Correction], instructions: Mapping[int, OcrInstruction]
) -> dict[str, object]:
    return {
        "corrections": [
            {**correction_values(correction), "at": correction.at.isoformat()} for correction in corrections
        ],
        "ocr": [{"page": page, "instruction": instruction} for page, instruction in instructions.items()],
    }


def _premis(event: Event) -> dict[str, object]:
    return {
        "eventIdentifier": {"eventIdentifierType": "local", "eventIdentifierValue": str(event.id)},
        "eventType": event.type,
        "eventDateTime": event.at.isoformat(),
        "eventOutcomeInformation": {
            "eventOutcomeDetail": {
                "eventOutcomeDetailExtension": {"before": dict(event.before), "after": dict(event.after)}
            }
        },
        "linkingAgentIdentifier": {
            "linkingAgentIdentifierType": "local",
            "linkingAgentIdentifierValue": event.agent,
        },
        "linkingObjectIdentifier": {
            "linkingObjectIdentifierType": "local",
            "linkingObjectIdentifierValue": event.document,
        },
    }
