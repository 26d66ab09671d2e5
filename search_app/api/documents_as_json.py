"""Documents and pages in the shape that the API gives to programs."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict
from urllib.parse import urlencode

from archive.dates import DateSource
from archive.languages import INTERFACE_LANGUAGES, Language
from archive.reading_warnings import (
    FOR_ARCHIVISTS,
    ReadingWarning,
    WarningCode,
    warning_as_json,
    warnings_on,
)
from archive.records import (
    BlockKind,
    Damage,
    DamageKind,
    Document,
    Kind,
    Page,
    ReadingChoice,
    ReadingKind,
    Word,
    box_as_json,
)
from index.query.tree import as_phrase
from search_app.web.addresses import document_path, original_path, page_path

if TYPE_CHECKING:  # the command line shows documents without the index, which takes longer to load
    from index.quotation.quote_report import Match
    from search_app.library import Library

_LONGEST_TO_MARK = 400
"""Most characters of a passage that a link marks; a longer one is linked without marks."""


class WordJson(TypedDict):
    """A word and where it is drawn; one that runs over two lines has all its boxes in `boxes`.

    `box` is null for a word that an archivist inserted, because its place on the page is unknown. A word that
    OCR was not sure of is `doubtful`; others have no such field.
    """

    text: str
    box: list[float] | None
    boxes: NotRequired[list[list[float]]]
    doubtful: NotRequired[bool]


class BlockJson(TypedDict):
    """A block of text in one language."""

    kind: BlockKind
    language: Language
    text: str
    words: list[WordJson]


class HealthJson(TypedDict):
    """How much each reading of a page looks like language, from 0 (noise) to 1, and why one was kept.

    A score is null if there is no such reading; the choice is empty if an older version read the page.
    """

    text_layer: float | None
    ocr: float | None
    choice: ReadingChoice


class CodedWarningJson(TypedDict):
    """What is missing from the text or not certain, and the sentence in English.

    `pages` are physical numbers, empty for the whole document; `values` are other values in the sentence.
    """

    code: WarningCode
    pages: list[int]
    values: dict[str, str | int]
    text: str


class PageJson(TypedDict):
    """A page with its text in reading order; sizes and boxes in PDF points, origin top left."""

    page: int
    label: str
    width: float
    height: float
    source: ReadingKind
    health: HealthJson
    blocks: list[BlockJson]
    coded_warnings: list[CodedWarningJson]


def page_as_json(page: Page, warnings: Iterable[ReadingWarning] = ()) -> PageJson:
    """A page as JSON for `terugblik text --json` and the API, with the `warnings` that name it."""
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
                "kind": block.kind,
                "language": block.language,
                "text": block.text,
                "words": [_word_as_json(word) for word in block.words],
            }
            for block in page.blocks
        ],
        "coded_warnings": coded_warnings(warnings_on(warnings, page.number)),
    }


def coded_warnings(warnings: Iterable[ReadingWarning]) -> list[CodedWarningJson]:
    """Warnings as JSON."""
    return [{**warning_as_json(warning), "text": warning.sentence} for warning in warnings]


def warnings_for_readers(document: Document) -> list[ReadingWarning]:
    """The warnings that are not for archivists alone."""
    return [warning for warning in document.warnings if warning.code not in FOR_ARCHIVISTS]


def _word_as_json(word: Word) -> WordJson:
    boxes = [box_as_json(box) for box in word.boxes]
    box = boxes[0] if boxes else None
    as_json: WordJson = {"text": word.text, "box": box}
    if len(boxes) > 1:
        as_json["boxes"] = boxes
    if word.is_doubtful:
        as_json["doubtful"] = True
    return as_json


class ProvenanceJson(TypedDict):
    """Where the original came from."""

    source_url: str | None
    retrieved_url: str | None
    retrieved_at: str | None


class DateEvidenceJson(TypedDict):
    """Where the date of a document was found."""

    source: DateSource
    words: str
    page: int | None


class DamageJson(TypedDict):
    """What is wrong with an original, and when a check first found it (null: no check has yet)."""

    kind: DamageKind
    since: str | None


def damage_as_json(damage: Damage | None) -> DamageJson | None:
    """The damage of an original as JSON; None if it is intact."""
    if damage is None:
        return None
    return {"kind": damage.kind, "since": damage.since.isoformat() if damage.since else None}


class DocumentJson(TypedDict):
    """A document and what is known of it."""

    id: str
    title: str
    year: int | None
    date: str | None
    date_evidence: DateEvidenceJson | None
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
    damage: DamageJson | None
    is_demonstration: bool
    warnings: list[str]
    coded_warnings: list[CodedWarningJson]
    received_at: str
    provenance: ProvenanceJson
    url: str
    original_url: str
    api_url: str


def document_as_json(
    document: Document, base_url: str, warnings: Sequence[ReadingWarning], damage: Damage | None
) -> DocumentJson:
    """A document as JSON; addresses begin with `base_url`, times are ISO 8601.

    `warnings` are those that may be shown; `damage` is what is wrong with the original.
    """
    provenance = document.provenance
    retrieved_at = provenance.retrieved_at
    return {
        "id": document.id,
        "title": document.title,
        "year": document.year,
        "date": document.date,
        "date_evidence": _evidence(document),
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
        "damage": damage_as_json(damage),
        "is_demonstration": document.is_demonstration,
        "warnings": [warning.sentence for warning in warnings],
        "coded_warnings": coded_warnings(warnings),
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


def _evidence(document: Document) -> DateEvidenceJson | None:
    found = document.date_evidence
    return {"source": found.source, "words": found.words, "page": found.page} if found else None


def match_address(library: "Library", match: "Match") -> str:
    """The full address of the page on which a quotation was found, with the passage marked."""
    language = library.catalogue.document(match.document).language
    text = match.text.replace('"', " ")
    phrase = f'"{text}"' if len(text) <= _LONGEST_TO_MARK else ""
    return library.settings.base_url + page_path(match.document, match.page, language, phrase)


def phrase_address(library: "Library", text: str) -> str:
    """The full address of a search for exactly these words."""
    return f"{library.settings.base_url}/{INTERFACE_LANGUAGES[0]}/search?{urlencode({'q': as_phrase(text)})}"
