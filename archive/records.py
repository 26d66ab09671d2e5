"""The shared vocabulary: plan, document, page, block, word, event and job.

Frozen records that all rooms pass to each other. Coordinates are PDF points (1/72 inch) from the top left of
the page as displayed, that is after /Rotate and CropBox.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from archive.dates import DateFinding, chosen
from archive.languages import Language
from archive.reading_warnings import ReadingWarning

Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) in PDF points, origin top left of the displayed page, x0 <= x1 and y0 <= y1."""


def box_as_json(box: Box) -> list[float]:
    """[x0, y0, x1, y1] in PDF points, to a hundredth."""
    return [round(edge, 2) for edge in box]


BlockKind = Literal["heading", "paragraph", "list", "table", "running"]
"""`running` is a running head or foot, or a page number."""

ReadingKind = Literal["text layer", "ocr", "corrected"]

Status = Literal["received", "processing", "ready", "failed", "withdrawn"]

Kind = Literal["plan", "update", "summary", "report", "speech", "annex", "other"]
"""What sort of document this is (Dublin Core: type)."""

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Plan:
    """One of the Region's socio-economic plans; documents belong to at most one."""

    slug: str
    year: int
    titles: Mapping[str, str]
    """By interface language: nl, fr, en."""
    descriptions: Mapping[str, str]
    """One or two sentences by interface language: nl, fr, en."""
    page: str
    """Address of the official page that lists it."""


class Word(NamedTuple):
    """A word as drawn: a run of characters without white space, punctuation included.

    A word broken over two lines (or columns) is one word with a box for each part, in reading order,
    and its text is the joined form.
    """

    text: str
    start: int
    """Offset in the block's text: ``block.text[start:start + len(text)] == text``."""
    boxes: tuple[Box, ...]
    """Empty for a word that an archivist inserted where nothing was read: its place is unknown."""
    is_doubtful: bool = False
    """Whether OCR was not sure of it and it is not a known word. Never true for words of corrections."""

    @property
    def end(self) -> int:
        """Offset just after the word in the block's text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text in one language, in reading order, with the way back to the page.

    The text is Unicode NFC, without control characters, soft hyphens or Latin ligatures. Words stand
    apart by one space; rows of a table and items of a list by a line feed, cells of a row by a tab.
    """

    kind: BlockKind
    language: Language
    text: str
    words: tuple[Word, ...]


OcrInstruction = Literal["force", "forbid"]
"""The OCR instruction of an archivist for a page: `force` reads the image whatever the text layer is."""

ReadingChoice = Literal[
    "",
    "text layer is good",
    "text layer reads better",
    "ocr reads better",
    "no text layer",
    "no ocr engine",
    "ocr forced",
    "ocr forbidden",
    "ocr failed",
    "blank",
]
"""Why this reading of a page was chosen; empty if an older version did not record it."""


LEAST_HEALTH = 0.92
"""Least health of a trusted reading; below it, another reading is tried. See
`ingest/page/reading_health.py`."""


@dataclass(frozen=True, slots=True)
class Health:
    """How much each reading of a page looks like language, from 0 (noise) to 1; None where there is none."""

    text_layer: float | None = None
    ocr: float | None = None
    choice: ReadingChoice = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document."""

    number: int
    """Physical number, from 1."""
    label: str
    """The number printed on the page or given by the PDF's page labels; else the physical number."""
    width: float
    """PDF points, as displayed."""
    height: float
    source: ReadingKind
    needs_ocr: bool
    """Whether the text layer is missing or unreliable, and no OCR engine was available to read the image."""
    blocks: tuple[Block, ...]
    health: Health = Health()

    @property
    def languages(self) -> tuple[Language, ...]:
        """The page's languages, the one with most text first."""
        amounts: dict[Language, int] = {}
        for block in self.blocks:
            amounts[block.language] = amounts.get(block.language, 0) + len(block.text)
        return tuple(sorted(amounts, key=lambda language: -amounts[language]))


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """A block as an archivist writes it: see :class:`Block`, whose words are found in the text."""

    kind: BlockKind
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class Correction:
    """The text that an archivist gave a page. It stays in force whatever is read on the page."""

    page: int
    blocks: tuple[WrittenBlock, ...]
    agent: str
    at: datetime
    reading: str
    """SHA-256 of the words that were read on the page when the correction was made."""


@dataclass(frozen=True, slots=True)
class PageState:
    """How a page was read, corrected and instructed for OCR, without its text."""

    number: int
    label: str
    source: ReadingKind
    needs_ocr: bool
    health: Health
    instruction: OcrInstruction | None
    correction: Correction | None
    is_reading_changed: bool
    """Whether the page is read differently now than when the correction was made."""

    @property
    def shown_health(self) -> float | None:
        """Health of the reading that readers see; None where it is not known, or the page was corrected."""
        scores = {"ocr": self.health.ocr, "text layer": self.health.text_layer, "corrected": None}
        return scores[self.source]

    @property
    def is_doubtful(self) -> bool:
        """Whether an archivist should check it: it cannot be read or trusted, or is read differently than
        when it was corrected."""
        is_poor = self.shown_health is not None and self.shown_health < LEAST_HEALTH
        return self.is_reading_changed or self.needs_ocr or is_poor


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an original came from (PREMIS: the event of its acquisition)."""

    source_url: str | None = None
    """The address that was requested."""
    retrieved_url: str | None = None
    """The address that answered, after redirects; an Internet Archive address for a rescued dead link."""
    retrieved_at: datetime | None = None
    http_headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Description:
    """The description of a document by a person; None for fields that the person does not give."""

    title: str | None = None
    year: int | None = None
    plan: str | None = None
    kind: Kind | None = None
    language: Language | None = None
    date: str | None = None
    """As full as it is known (ISO 8601); it includes the year. Empty: unknown, whatever is found."""
    dates: tuple[DateFinding, ...] = ()
    """Dates found where the document was listed."""


DamageKind = Literal["FileMissing", "ChecksumMismatch", "UnreadableFile"]
"""What can be wrong with an original: it is not there, holds other bytes, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Damage of an original: it is no longer what the archive received."""

    kind: DamageKind
    since: datetime | None
    """When a check first found it; None if no check has run since."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the archive: one original file and what is known of it."""

    id: str
    """The first 16 hexadecimal digits of the original's SHA-256: the same file has the same identifier
    in every archive, for ever."""
    sha256: str
    size: int
    """Bytes of the original."""
    filename: str
    title: str
    year: int | None
    plan: str | None
    """Slug of the plan it belongs to."""
    kind: Kind
    language: Language | None
    """Main language: as described by the archivist, else the one with most text. None until read."""
    languages: tuple[Language, ...]
    """All languages found in its text, the one with most text first."""
    status: Status
    reason: str
    """Why it failed or was withdrawn; otherwise empty."""
    warnings: tuple[ReadingWarning, ...]
    """What people should know, such as that some pages could not be read."""
    pages: int
    """Number of pages; 0 until read."""
    ocr_pages: int
    """Pages whose text came from OCR."""
    pages_needing_ocr: int
    images: bool
    """Whether the page images have been made."""
    is_demonstration: bool
    received_at: datetime
    provenance: Provenance
    date: str | None = None
    """As full as it is known (ISO 8601), in `year`; None if no year is known."""
    is_date_said: bool = False
    """Whether a person gave the date, or stated that none is known; otherwise it was found."""
    dates_found: tuple[DateFinding, ...] = ()
    """All dates that were found, in the document and where it was listed."""
    are_dates_sought: bool = True
    """Whether they have been looked for in the document."""
    damage: Damage | None = None
    """The damage that the newest check of the original found; None if there was none or no check."""

    @property
    def date_evidence(self) -> DateFinding | None:
        """The finding that gives the date; None if no finding does."""
        alike = (one for one in self.dates_found if one.date == self.date)
        return next(alike, None) if self.is_date_said else chosen(self.dates_found)

    @property
    def date_proposals(self) -> tuple[DateFinding, ...]:
        """Other dates that were found, each once: for an archivist to judge."""
        others = {one.date: one for one in reversed(self.dates_found) if one.date != self.date}
        return tuple(reversed(others.values()))

    @property
    def is_date_doubtful(self) -> bool:
        """Whether an archivist should confirm the date: it is unknown, or findings contradict each other."""
        if self.is_date_said:
            return False
        found = chosen(self.dates_found)
        certain = [one for one in self.dates_found if one.is_certain]
        if found is None or found.source == "title" or any(one.source == "plan" for one in certain):
            return found is None
        alike = {one.source for one in certain if one.date[:4] == found.date[:4]}
        return len(alike) == 1 and any(one.date[:4] != found.date[:4] for one in certain)

    @property
    def is_title_uncertain(self) -> bool:
        """Whether the title is only the file name, because none was found and no archivist has given one."""
        return any(warning.code == "uncertain_title" for warning in self.warnings)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a document (PREMIS: event). Never changed, never deleted."""

    id: int
    document: str | None
    type: str
    """`ingestion`, `extraction`, `rendering`, `metadata modification`, `withdrawal`, `fixity check`, …"""
    agent: str
    at: datetime
    before: Mapping[str, object]
    after: Mapping[str, object]


JobKind = Literal["ingest", "read", "render", "remove", "compare"]
"""`ingest` indexes, after reading what has not been read yet; `read` reads in any case, and indexes; `render`
makes page images; `remove` takes a withdrawn document from the index; `compare` works out beforehand what
readers may compare it with."""

JobState = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work for the worker. Running it twice changes nothing."""

    id: int
    document: str
    kind: JobKind
    state: JobState
    attempts: int
    """How often it was started."""
    reason: str
    """Why it failed; else empty."""
    claim: str = ""
    """What the worker that does it has to show: another text each time that it is claimed. It begins with the
    name of the worker and a full stop. Empty if nobody does it."""
    worker: str = ""
    """Who does it or did it last, for people: a host and the number of a process, as `archive-1:4711`."""
    changed_at: datetime | None = field(default=None, compare=False)
    """When it was queued, begun or ended."""

    @property
    def worker_name(self) -> str:
        """The name of the worker that does it; empty if nobody does."""
        return self.claim.partition(".")[0]
