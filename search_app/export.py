"""The archive in the shapes that programs and spreadsheets read: JSON, JSON Lines, CSV."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NotRequired, TypedDict
from urllib.parse import urlencode

from flask import request
from werkzeug import Response

from archive.languages import LANGUAGES, Language
from archive.records import Document, Kind, Page, PassageKind, ReadingChoice, TextSource, Word
from index.engine import Filters, Hit
from index.query import parse
from index.quotation import Match
from search_app.interface import interface_language
from search_app.library import Archive, library
from search_app.parameters import SORT, Q, read_filters
from search_app.results import (
    HitJson,
    HitReader,
    box_as_json,
    document_path,
    hit_as_json,
    original_path,
    page_path,
)

MOST_ROWS = 10_000
"""Hits in one download; the file tells how many there are in all."""

_ROWS_AT_ONCE = 100
"""Hits whose texts are in memory at once."""

_LONGEST_TO_MARK = 400
"""Characters of a passage; a longer one is found on its page without marks."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes spreadsheets read a cell as a formula, which could send the sheet's data elsewhere."""


class WordJson(TypedDict):
    """A word and where it is drawn; one that runs over two lines has all its boxes in `boxes`.

    `box` is null for a word that an archivist put in: nobody has said where on the page it stands.
    """

    text: str
    box: list[float] | None
    boxes: NotRequired[list[list[float]]]


class BlockJson(TypedDict):
    """A block of text in one language."""

    kind: PassageKind
    language: Language
    text: str
    words: list[WordJson]


class HealthJson(TypedDict):
    """How much each reading of a page looks like language, from 0 (noise) to 1, and why one was kept.

    A score is null where there is no such reading, the choice empty where an older version read the page.
    """

    text_layer: float | None
    ocr: float | None
    choice: ReadingChoice


class PageJson(TypedDict):
    """A page with its text in reading order; sizes and boxes in PDF points, origin top left."""

    page: int
    label: str
    width: float
    height: float
    source: TextSource
    health: HealthJson
    blocks: list[BlockJson]


def page_as_json(page: Page) -> PageJson:
    """A page as `terugblik text --json` and the API give it."""
    return {
        "page": page.number,
        "label": page.label,
        "width": round(page.width, 2),
        "height": round(page.height, 2),
        "source": page.source,
        "health": {
            "text_layer": page.health.text_layer,
            "ocr": page.health.ocr,
            "choice": page.health.choice,
        },
        "blocks": [
            {
                "kind": passage.kind,
                "language": passage.language,
                "text": passage.text,
                "words": [_word_as_json(word) for word in passage.words],
            }
            for passage in page.passages
        ],
    }


def _word_as_json(word: Word) -> WordJson:
    boxes = [box_as_json(box) for box in word.boxes]
    box = boxes[0] if boxes else None
    return (
        {"text": word.text, "box": box, "boxes": boxes} if len(boxes) > 1 else {"text": word.text, "box": box}
    )


class ProvenanceJson(TypedDict):
    """Where the original came from."""

    source_url: str | None
    retrieved_url: str | None
    retrieved_at: str | None


class DocumentJson(TypedDict):
    """A document and what is known of it."""

    id: str
    title: str
    year: int | None
    plan: str | None
    kind: Kind
    language: Language | None
    languages: list[Language]
    pages: int
    ocr_pages: int
    pages_needing_ocr: int
    filename: str
    size: int
    sha256: str
    is_demonstration: bool
    warnings: list[str]
    received_at: str
    provenance: ProvenanceJson
    url: str
    original_url: str
    api_url: str


def document_as_json(document: Document, base_url: str) -> DocumentJson:
    """A document as programs get it; addresses begin with `base_url`, times are ISO 8601."""
    provenance = document.provenance
    retrieved_at = provenance.retrieved_at
    return {
        "id": document.id,
        "title": document.title,
        "year": document.year,
        "plan": document.plan,
        "kind": document.kind,
        "language": document.language,
        "languages": list(document.languages),
        "pages": document.pages,
        "ocr_pages": document.ocr_pages,
        "pages_needing_ocr": document.pages_needing_ocr,
        "filename": document.filename,
        "size": document.size,
        "sha256": document.sha256,
        "is_demonstration": document.is_demonstration,
        "warnings": list(document.warnings),
        "received_at": document.received_at.isoformat(),
        "provenance": {
            "source_url": provenance.source_url,
            "retrieved_url": provenance.retrieved_url,
            "retrieved_at": retrieved_at.isoformat() if retrieved_at else None,
        },
        "url": base_url + document_path(document.id, document.language),
        "original_url": base_url + original_path(document.id),
        "api_url": f"{base_url}/api/v1/documents/{document.id}",
    }


def match_address(archive: Archive, match: Match) -> str:
    """The whole address of the page that a quotation was found on, with the passage marked there."""
    language = archive.catalogue.document(match.document).language
    text = match.text.replace('"', " ")
    phrase = f'"{text}"' if len(text) <= _LONGEST_TO_MARK else ""
    return archive.settings.base_url + page_path(match.document, match.page, language, phrase)


@dataclass(frozen=True, slots=True)
class Download:
    """All hits of one search, and what must be known to repeat it."""

    about: Mapping[str, str | int]
    """Query, filters, sort, when, on which state of the index, hits in all, rows in the file."""
    hits: Iterable[HitJson]


_COLUMNS: tuple[str, ...] = (
    *("document", "title", "year", "plan", "language", "page", "page_label"),
    *("score", "snippet", "url", "original_url"),
)


def search_csv() -> Response:
    """The hits of a search as a table for spreadsheets (RFC 4180, UTF-8 with a byte order mark)."""
    download = _download()
    return _attachment(_csv_lines(download), "text/csv; charset=utf-8", "csv")


def search_jsonl() -> Response:
    """The hits of a search as JSON Lines: the first line is about the search, then one line a hit."""
    return _attachment(_json_lines(_download()), "application/jsonl; charset=utf-8", "jsonl")


def _download() -> Download:
    """Search once, so that all rows are of one state of the index; texts are read while they are sent."""
    archive = library()
    filters, sort = read_filters(request.args), SORT.read(request.args)
    engine = archive.engine()
    query = parse(
        Q.read(request.args), [name for name in LANGUAGES if name in (filters.languages or LANGUAGES)]
    )
    result = engine.search(
        query, filters, sort=sort, limit=MOST_ROWS, hidden=archive.catalogue.hidden_documents()
    )
    reader = HitReader(archive.catalogue, engine, query, interface_language())
    about: dict[str, str | int] = {
        "query": query.text,
        "filters": _filters_as_text(filters),
        "sort": sort,
        "searched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": engine.generation(),
        "total": result.total,
        "rows": len(result.hits),
    }
    return Download(about, _hits(result.hits, reader, archive.settings.base_url))


def _hits(hits: Sequence[Hit], reader: HitReader, base_url: str) -> Iterator[HitJson]:
    for start in range(0, len(hits), _ROWS_AT_ONCE):
        for page in reader.read(hits[start : start + _ROWS_AT_ONCE]):
            yield hit_as_json(page, base_url)


def _filters_as_text(filters: Filters) -> str:
    """The filters as they stand in the address of a search."""
    values = [("year", "-".join(map(str, filters.years)))] if filters.years else []
    for name, chosen in (
        ("language", filters.languages),
        ("plan", filters.plans),
        ("kind", filters.kinds),
        ("document", filters.documents),
    ):
        values += [(name, value) for value in sorted(chosen)]
    return urlencode(values)


def _json_lines(download: Download) -> Iterator[str]:
    yield json.dumps({"search": download.about}, ensure_ascii=False) + "\n"
    for hit in download.hits:
        # Boxes were not looked for; an empty list would say that nothing matches.
        shown = {name: value for name, value in hit.items() if name != "boxes"}
        yield json.dumps(shown, ensure_ascii=False) + "\n"


def _csv_lines(download: Download) -> Iterator[str]:
    """Every row begins with what the download is about, so that no row loses its origin when copied."""
    yield "\ufeff"  # without it, spreadsheets take UTF-8 for something else
    yield _csv_line((*download.about, *_COLUMNS))
    about = tuple(download.about.values())
    for hit in download.hits:
        snippet = "".join(piece["text"] for piece in hit["snippet"])
        row: Mapping[str, object] = {**hit, "snippet": snippet}
        yield _csv_line((*about, *(row[column] for column in _COLUMNS)))


def _csv_line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: object) -> object:
    """The cell as it must stand in a file that spreadsheets open: text is text, never a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _attachment(lines: Iterable[str], content_type: str, ending: str) -> Response:
    answer = Response(lines, content_type=content_type)
    name = f"terugblik-{datetime.now(UTC):%Y-%m-%d}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
