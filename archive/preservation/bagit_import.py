"""Reads bags that `bagit_export.py` made: first checks their checksums, then reads their contents.

Bags of versions that had no ``catalogue.json`` hold the description in their events, each of which says what
changed. Their text has no offsets, so the original is read again.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from sqlalchemy import JSON

from archive.catalogue.document_rows import NOT_KEPT, UNREAD, is_identifier
from archive.database import tables
from archive.dates import findings_from_json
from archive.languages import LANGUAGES, is_language
from archive.outside_text import clean_address, clean_filename, clean_headers, clean_line
from archive.preservation.bagit_export import BadBag, validate
from archive.reading_warnings import warning_from_json
from archive.records import (
    KINDS,
    Block,
    BlockKind,
    Correction,
    Event,
    Health,
    OcrInstruction,
    Page,
    ReadingKind,
    Status,
    Word,
    WrittenBlock,
)

_FROM_EVENTS = (
    *("title", "title_found", "year", "date", "dates_told", "dates_found", "plan", "kind", "language"),
    *("status", "reason", "source_url", "retrieved_url"),
)


@dataclass(frozen=True, slots=True)
class DocumentBag:
    """A document in a bag."""

    folder: Path
    row: Mapping[str, Any]
    """The row of the document in the catalogue that it comes from, by column."""
    events: Sequence[Event]
    """Its history, oldest first, with the event numbers of the catalogue that it comes from."""
    corrections: Sequence[Correction]
    instructions: Mapping[int, OcrInstruction]
    has_text: bool
    """Whether the text can be restored as it was; otherwise the original must be read again."""

    @property
    def original(self) -> Path:
        """The original in the bag."""
        return self.folder / "data" / "original.pdf"

    @property
    def newest(self) -> datetime:
        """The time of its newest event."""
        return max((event.at for event in self.events), default=self.row["received_at"])

    def pages_as_read(self) -> Iterator[Page]:
        """The pages as they were read, in order, without corrections."""
        corrected = {page.number: page for page in _read_pages(self.folder / "data" / "pages_as_read.jsonl")}
        for page in _read_pages(self.folder / "data" / "pages.jsonl"):
            yield corrected.get(page.number, page)


def find_bags(folders: Iterable[Path]) -> list[DocumentBag]:
    """The newest bag of each document in `folders`: bags, or folders of bags at any depth.

    Raises:
        BadBag: a folder holds none; one of them is damaged, or not a bag of a document.
    """
    newest: dict[str, DocumentBag] = {}
    for folder in folders:
        places = sorted(_places(folder))
        if not places:
            raise BadBag(f"There is no bag in {folder}.")
        for place in places:
            found = read_bag(place)
            held = newest.get(found.row["id"])
            if held is None or held.newest < found.newest:
                newest[found.row["id"]] = found
    return list(newest.values())


def _places(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        if "bagit.txt" in names:
            folders.clear()
            yield Path(place)


def read_bag(folder: Path) -> DocumentBag:
    """The bag in `folder`, once its checksums hold.

    Raises:
        BadBag: it is damaged, or not a bag of a document.
    """
    validate(folder)
    try:
        return _read(folder)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadBag(f"The bag {folder} does not hold what a bag of a document holds ({error!r}).") from error


def _read(folder: Path) -> DocumentBag:
    data = folder / "data"
    catalogue_file = data / "catalogue.json"
    events = sorted(
        (_event(event) for event in _json(data / "events.json")), key=lambda one: (one.at, one.id)
    )
    row = (
        _row(_json(catalogue_file))
        if catalogue_file.exists()
        else _row(_row_from_events(_json(data / "metadata.json"), events))
    )
    with (data / "original.pdf").open("rb") as original:
        sha256 = hashlib.file_digest(original, "sha256").hexdigest()
    if sha256 != row["sha256"] or row["id"] != sha256[:16] or not is_identifier(row["id"]):
        raise ValueError("its original is that of another document")
    if any(event.document != row["id"] for event in events):
        raise ValueError("it tells of events of another document")
    instructions_file = (
        _json(data / "page_instructions.json") if (data / "page_instructions.json").exists() else {}
    )
    bag = DocumentBag(
        folder=folder,
        row=row,
        events=events,
        corrections=[_correction(one) for one in instructions_file.get("corrections", ())],
        instructions={
            _number(one["page"]): _one_of(one["instruction"], OcrInstruction)
            for one in instructions_file.get("ocr", ())
        },
        has_text=catalogue_file.exists(),
    )
    if bag.has_text:
        number = 0
        for number, page in enumerate(bag.pages_as_read(), 1):
            if page.number != number:
                raise ValueError(f"page {number} is missing")
        if number != row["pages"]:
            raise ValueError(f"it has {number} of {row['pages']} pages")
    return bag


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _row_from_events(metadata: Mapping[str, Any], events: Sequence[Event]) -> dict[str, Any]:
    """The row of a document from a bag without ``catalogue.json``: its metadata, and what its events
    changed."""
    provenance = metadata["provenance"]
    row: dict[str, Any] = {
        **UNREAD,
        "id": metadata["identifier"][0],
        "sha256": metadata["identifier"][1].removeprefix("urn:sha256:"),
        "size": int(metadata["extent"][0].split()[0]),
        "filename": provenance["filename"],
        "is_demonstration": False,
        "received_at": metadata["dateSubmitted"],
        "source_url": provenance["sourceUrl"],
        "retrieved_url": provenance["retrievedUrl"],
        "retrieved_at": provenance["retrievedAt"],
        "http_headers": provenance["httpHeaders"],
    }
    for event in events:
        row |= {name: event.after[name] for name in _FROM_EVENTS if name in event.after}
    return row


def _row(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a document, converted to their types and made safe to show."""
    row: dict[str, Any] = {}
    for column in tables.documents.c:
        if column.name in NOT_KEPT:
            continue
        value = stored.get(column.name)
        if isinstance(column.type, JSON):
            row[column.name] = value
            continue
        if isinstance(column.type, tables.Moment) and value is not None:
            value = datetime.fromisoformat(value)
        elif value is not None and not isinstance(value, column.type.python_type):
            raise TypeError(f"{column.name} is {value!r}")
        if value is None and not column.nullable:
            raise ValueError(f"{column.name} is missing")
        row[column.name] = value
    _one_of(row["status"], Status)
    unknown = [
        one for one in (row["language"], *row["languages"]) if one is not None and not is_language(one)
    ]
    if unknown or row["kind"] not in (None, *KINDS):
        raise ValueError("its kind or language is unknown")
    for warning in row["warnings"]:
        warning_from_json(warning)
    findings_from_json([*row["dates_told"], *(row["dates_found"] or ())])
    return row | {
        "filename": clean_filename(row["filename"]),
        "title": clean_line(row["title"] or "") or None,
        "title_found": clean_line(row["title_found"] or "") or None,
        "reason": clean_line(row["reason"]),
        "source_url": clean_address(row["source_url"]),
        "retrieved_url": clean_address(row["retrieved_url"]),
        "http_headers": clean_headers(row["http_headers"]),
    }


def _event(stored: Mapping[str, Any]) -> Event:
    extension = stored["eventOutcomeInformation"]["eventOutcomeDetail"]["eventOutcomeDetailExtension"]
    return Event(
        int(stored["eventIdentifier"]["eventIdentifierValue"]),
        stored["linkingObjectIdentifier"]["linkingObjectIdentifierValue"],
        clean_line(stored["eventType"]),
        clean_line(stored["linkingAgentIdentifier"]["linkingAgentIdentifierValue"], 200),
        datetime.fromisoformat(stored["eventDateTime"]),
        dict(extension["before"]),
        dict(extension["after"]),
    )


def _correction(stored: Mapping[str, Any]) -> Correction:
    blocks = tuple(
        WrittenBlock(_one_of(one["kind"], BlockKind), _language(one["language"]), str(one["text"]))
        for one in stored["passages"]
    )
    at = datetime.fromisoformat(stored["at"])
    return Correction(
        _number(stored["page"]), blocks, clean_line(stored["agent"], 200), at, str(stored["reading"])
    )


def _read_pages(path: Path) -> Iterator[Page]:
    if not path.exists():  # bags of the first version have no corrections
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield _page(json.loads(line))


def _page(stored: Mapping[str, Any]) -> Page:
    return Page(
        _number(stored["page"]),
        str(stored["label"]),
        float(stored["width"]),
        float(stored["height"]),
        _one_of(stored["source"], ReadingKind),
        bool(stored["needs_ocr"]),
        tuple(map(_block, stored["blocks"])),
        Health(**stored["health"]),
    )


def _block(stored: Mapping[str, Any]) -> Block:
    text, doubtful = str(stored["text"]), frozenset(stored["doubtful"])
    words = []
    for number, (word, start) in enumerate(zip(stored["words"], stored["starts"], strict=True)):
        if not text.startswith(word["text"], start):
            raise ValueError(f"the word {word['text']!r} is not at its place")
        boxes = tuple((float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in word["boxes"])
        words.append(Word(word["text"], start, boxes, number in doubtful))
    return Block(_one_of(stored["kind"], BlockKind), _language(stored["language"]), text, tuple(words))


def _number(stored: object) -> int:
    if type(stored) is not int or stored < 1:
        raise ValueError(f"{stored!r} is not the number of a page")
    return stored


def _one_of(stored: Any, choices: Any) -> Any:
    if stored not in get_args(choices):
        raise ValueError(f"{stored!r} is none of {', '.join(get_args(choices))}")
    return stored


def _language(stored: Any) -> Any:
    if stored not in LANGUAGES:
        raise ValueError(f"{stored!r} is no language of the archive")
    return stored
