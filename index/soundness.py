"""Is the index sound, and does it contain what the catalogue contains? How is it repaired?

Used by `terugblik check`, by `serve` when it starts, and by the worker, which repairs what is found. The
check changes nothing, needs no lock, and is right even while a writer commits.
"""

import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.errors import TerugblikError
from archive.records import Status
from index import indexer
from index.engine import generations
from index.engine.contract import SearchRequest, document_of
from index.engine.manifest import Guard, Manifest
from index.errors import IndexMismatch, IndexMissing
from index.query.tree import Everything, Query

FindingKind = Literal[
    "MissingIndex", "OtherVersion", "DamagedIndex", "MissingInIndex", "UnexpectedInIndex", "OutdatedInIndex"
]

_ATTEMPTS = 20
"""How often the comparison is repeated if the catalogue or the index changes meanwhile."""

_MOST_NAMED = 3
"""Findings that are named one by one when the site starts."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the index. Every fault can be repaired from the catalogue."""

    kind: FindingKind
    document: str | None
    """The document that it concerns; None if it is the whole index."""
    detail: str
    """A sentence for people."""


def look(
    catalogue: Catalogue,
    folder: Path,
    guard: Guard | None = None,
    *,
    answers: bool = True,
    contents: bool = True,
) -> list[Finding]:
    """The faults of the index in `folder`; none if it is sound.

    Checks that it exists and is of this version, that every file is as it was written (all are read), that it
    opens and answers, and that it contains all ready documents as the catalogue has them, and no others. An
    archive without ready documents needs no index. Documents that wait in the queue, or are being worked on,
    are left out: their turn comes.

    Args:
        guard: remembers files that were read before; only those that have changed since are read.
        answers: whether to open the index and search in it.
        contents: whether to compare its documents with the catalogue.

    Raises:
        ServiceUnavailable, DamagedArchive: the catalogue cannot be read.
    """
    for _ in range(_ATTEMPTS):
        state, stamp = catalogue.state(), generations.stamp(folder)
        findings = _findings(catalogue, folder, guard, answers, contents)
        if not findings or (catalogue.state(), generations.stamp(folder)) == (state, stamp):
            return findings
    return findings


def what_readers_miss(findings: Sequence[Finding], *, is_read_only: bool) -> list[str]:
    """Sentences on what searches will miss, and whether that is repaired: the first findings, and how many
    more there are.

    Args:
        is_read_only: whether no worker can repair it.
    """
    sentences = []
    for finding in findings[:_MOST_NAMED]:
        unmended = "so it stays so" if finding.document else "so it is shown without search"
        what_next = f"The archive is read-only, {unmended}." if is_read_only else "The worker mends it."
        sentences.append(f"{finding.detail} {what_next}")
    if len(findings) > _MOST_NAMED:
        sentences.append(f"The index has {len(findings) - _MOST_NAMED} more faults.")
    return sentences


def _findings(
    catalogue: Catalogue, folder: Path, guard: Guard | None, answers: bool, contents: bool
) -> list[Finding]:
    try:
        generation = generations.current(folder, indexer.FINGERPRINT)
    except IndexMissing as error:
        is_needed = bool(catalogue.ready_documents())
        return [Finding("MissingIndex", None, error.message)] if is_needed else []
    except IndexMismatch as error:
        return [Finding("OtherVersion", None, error.message)]
    if guard is None or guard.generation != generation:
        guard = Guard(generation)
    if damage := guard.damage():
        return [Finding("DamagedIndex", None, sentence) for sentence in damage]
    manifest = guard.manifest()
    if answers and (trouble := _answers(folder, manifest)):
        return trouble
    if not contents:
        return []
    underway = manifest.unsettled if generations.is_being_written(folder) else frozenset()
    return _differences(catalogue, manifest, underway | Queue(catalogue).changing())


def _answers(folder: Path, manifest: Manifest) -> list[Finding]:
    """Findings if it does not open, or does not count what the manifest lists."""
    try:
        engine = indexer.open_engine(folder)
        unsettled = frozenset(
            revision for revision in engine.revisions() if document_of(revision) in manifest.unsettled
        )
        found = engine.search(SearchRequest(Query("", Everything()), limit=0, left_out=unsettled))
    except TerugblikError as error:
        return [Finding("DamagedIndex", None, error.message)]
    except Exception as error:  # any error: an index that does not answer is of no use
        _log.exception("The index in %s does not answer.", folder)
        detail = f"The index in {folder} does not answer: {type(error).__name__}: {error}"
        return [Finding("DamagedIndex", None, detail)]
    entries = sum(held.entries for held in manifest.documents.values())
    documents = sum(1 for held in manifest.documents.values() if held.entries)
    if (found.total, found.documents) == (entries, documents):
        return []
    detail = (
        f"The index in {folder} holds {found.total} entries of {found.documents} documents, "
        f"not {entries} of {documents}."
    )
    return [Finding("DamagedIndex", None, detail)]


def _differences(catalogue: Catalogue, manifest: Manifest, changing: Set[str]) -> list[Finding]:
    """Where the index differs from the catalogue, leaving out the documents that are `changing`."""
    documents = catalogue.documents(get_args(Status))
    revisions = indexer.revisions(catalogue, documents)
    findings = []
    for document in documents:
        held = manifest.documents.get(document.id)
        is_unsure = document.id in manifest.unsettled
        if document.id in changing or document.status == "processing":
            continue
        if document.status == "ready":
            if held is None:
                detail = f"The document {document.id} is not in the index."
                findings.append(Finding("MissingInIndex", document.id, detail))
            elif held.revision != revisions[document.id]:
                detail = f"The index has the document {document.id} otherwise than the catalogue."
                findings.append(Finding("OutdatedInIndex", document.id, detail))
        elif held or is_unsure:
            detail = f"The index has the document {document.id}, which is {document.status}."
            findings.append(Finding("UnexpectedInIndex", document.id, detail))
    known = {document.id for document in documents}
    for identifier in sorted((manifest.documents.keys() | manifest.unsettled) - known - changing):
        detail = f"The index has the document {identifier}, which the catalogue does not know."
        findings.append(Finding("UnexpectedInIndex", identifier, detail))
    return findings
