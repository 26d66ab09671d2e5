"""What is done with a document: read and publish it, draw it, or take it out of the index.

Each step can be done twice, or interrupted at any point and started again: pages are replaced as a whole, the
index replaces the entries of a document, images are overwritten. So a job that a crash interrupted is simply
done again.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, get_args

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.errors import BadInputFile
from archive.images.page_images import PageImages
from archive.originals import Originals
from archive.reading_warnings import ReadingWarning, number_list, warning_as_json
from archive.records import Document, JobKind, OcrInstruction, Page
from ingest.description.dating import date_document
from ingest.errors import NotPrepared
from ingest.language.collection_words import UnbrokenWords
from ingest.language.collection_words_file import WordsFile
from ingest.large_pages import LargePages
from ingest.ocr import tesseract
from ingest.sandbox.document_reader import DocumentReader, Progress, drawing
from ingest.sandbox.page_spool import PAGES, SUMMARY, read_pages, read_summary
from ingest.sandbox.supervisor import Limits, Stopped

AGENT = "worker"
"""Who the worker is in the events."""
AGENT_WITH_OCR = "worker with OCR"
"""Who reads documents when an OCR engine is there."""

_DRAWN_AT_ONCE = 100
"""Pages that one process draws: longer documents would reach the limit of time for their length alone."""
_MOST_FAILURES = 3
"""Processes that may end over the pages of a document before the rest of it is given up."""


class Publisher(Protocol):
    """Makes documents findable. Both methods may be called again for the same document."""

    def add(self, document_id: str) -> None:
        """Publish the stored pages of a document, replacing what was published of it."""

    def remove(self, document_id: str) -> None:
        """Take a document out; nothing happens if it is not published."""

    def prepare(self, document_id: str) -> Iterator[None]:
        """Work out beforehand what readers of a document would have to wait for, piece by piece."""

    def is_prepared(self, document_id: str) -> bool:
        """Whether the results of :meth:`prepare` are there and intact. Cheap if nothing has changed."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps for the documents of one archive."""

    catalogue: Catalogue
    queue: Queue
    originals: Originals
    data: Path
    """Folder of the archive: renditions/ and, while working, work/."""
    limits: Limits
    publisher: Publisher
    words: WordsFile
    """The words of all documents, to read broken words by."""
    large_pages: LargePages
    progress: Progress
    stop: threading.Event
    """Set to call off what is going on."""

    @property
    def work(self) -> Path:
        """Folder for what is needed only while a job is done."""
        return self.data / "work"

    @property
    def reader(self) -> DocumentReader:
        """What opens the originals."""
        parts = (self.catalogue, self.originals, self.work, self.limits, self.progress, self.stop)
        return DocumentReader(*parts, AGENT)

    def read_anew(self, identifier: str) -> None:
        """Like :meth:`ingest`, but the original is read even if its pages are already stored.

        Raises:
            BadInputFile, DamagedOriginal, Stopped: as there.
        """
        self.ingest(identifier, anew=True)

    def ingest(self, identifier: str, *, anew: bool = False) -> None:
        """From original to findable pages.

        Raises:
            BadInputFile: the document cannot be read.
            DamagedOriginal: its original is missing or damaged.
            Stopped: the work was called off.
        """
        document = self.catalogue.start(identifier, AGENT)
        if document.status == "withdrawn":
            return
        self.progress(document, 0, 0)
        images = PageImages.of(self.data, identifier)
        if anew:
            images.forget_undrawn()
            self.large_pages.try_again(identifier)
        if anew or self.needs_reading(document):
            self._read(document)
        date_document(self.catalogue, self.catalogue.document(identifier), AGENT)
        self.publisher.add(identifier)
        document = self.catalogue.mark_ready(identifier, AGENT)
        if document.status == "withdrawn":  # meanwhile, and its removal may be done already
            self.publisher.remove(identifier)
            return
        if not (document.images and images.condition(document.pages).is_sound):
            self.queue.enqueue(identifier, "render")
        self.queue.enqueue(identifier, "compare")

    def render(self, identifier: str) -> None:
        """Draw the images of all pages that have none, or none that is intact.

        If some cannot be drawn, the document stays as readable as it was, without them; they are tried again
        when it is read again.
        """
        document = self.catalogue.document(identifier)
        if document.status != "ready":
            return
        images = PageImages.of(self.data, identifier)
        self.large_pages.images.drop_damaged(identifier)
        wanted = images.condition(document.pages, thorough=True).to_draw
        images.make_room(wanted)
        reason = self._draw(document, images, wanted) if wanted else ""
        if reason is None:
            self.queue.enqueue(identifier, "render")
            return
        undrawn = images.record(document.pages)
        if undrawn:
            warning = ReadingWarning("not_drawn", tuple(undrawn), {"reason": reason})
            after = {"outcome": "warning", "warnings": [warning_as_json(warning)]}
            self.catalogue.record(identifier, "rendering", AGENT, {}, after)
        elif not document.images:
            self.catalogue.mark_images(identifier, AGENT)
        elif wanted:
            self.catalogue.record(
                identifier, "rendering", AGENT, {}, {"drawn_again": number_list(wanted, "and")}
            )

    def _draw(self, document: Document, images: PageImages, pages: Sequence[int]) -> str | None:
        """Draw some pages, a portion at a time, each within the limits; why some cannot be drawn, if so. None
        if others must be read first: what is drawn stays, and the rest is for another time.

        A page over which the reader ends is left out, and the pages after it are drawn all the same.
        """
        self.progress(document, 0, len(pages))
        left, reason, failures = list(pages), "", 0
        while left and failures < _MOST_FAILURES:
            if not (failures or document.images) and len(left) < len(pages) and self._is_reading_due():
                return None
            portion, later = left[:_DRAWN_AT_ONCE], left[_DRAWN_AT_ONCE:]
            try:
                with self.reader.scratch(document) as scratch:
                    self.reader.run(document, "render", scratch, *drawing(images.folder, portion))
                left = later
            except BadInputFile as error:
                reason, failures = error.message, failures + 1
                left = images.not_drawn(portion)[1:] + later
        return reason

    def _is_reading_due(self) -> bool:
        """Whether a document waits that nobody can find before it is read, or that nobody should find."""
        return any(job.kind not in ("render", "compare") for job in self.queue.waiting()[:1])

    def look_over(self, *, try_failed: bool) -> Iterator[None]:
        """Queue the documents for which images or comparisons (:meth:`render`, :meth:`compare`) are missing
        or damaged; pauses after each document.

        Pages that cannot be drawn are not tried again. A document whose drawing failed as a whole, for
        example because its original is missing, is tried again only with `try_failed`. The same holds for
        comparisons, after a few attempts.
        """
        for document in self.catalogue.documents():
            images = PageImages.of(self.data, document.id)
            images.drop_large_ones_of_old()
            condition = images.condition(document.pages)
            if not condition.is_sound:
                self._queue_again(document, "render", try_failed=try_failed)
            elif condition.is_younger:
                images.confirm()
            if not self.publisher.is_prepared(document.id):
                self._queue_again(document, "compare", try_failed=try_failed)
            yield

    def _queue_again(self, document: Document, kind: JobKind, *, try_failed: bool) -> None:
        if try_failed:
            self.queue.enqueue(document.id, kind)
        else:
            self.queue.enqueue_unless_failed(document.id, kind)

    def compare(self, identifier: str) -> None:
        """Work out beforehand what readers may compare the document with.

        Raises:
            Stopped: the work was called off.
            NotPrepared: it was done, and what it should have left is not there.
        """
        for _piece in self.publisher.prepare(identifier):
            if self.stop.is_set():
                raise Stopped
        is_shown = self.catalogue.document(identifier).status == "ready"
        if is_shown and not self.publisher.is_prepared(identifier):
            raise NotPrepared(
                "What was worked out of this document for comparing is not there, or not whole."
            )

    def remove(self, identifier: str) -> None:
        """Take the document out of the index, unless it was restored meanwhile; its large images go too."""
        if self.catalogue.document(identifier).status == "withdrawn":
            self.publisher.remove(identifier)
            self.large_pages.forget(identifier)

    def needs_reading(self, document: Document) -> bool:
        """Whether the original must be read: for the first time, or because OCR can now read more of it.

        A document that was described again or restored has its pages; reading them again could take minutes.
        """
        return document.pages == 0 or self.is_ocr_due(document)

    def is_ocr_due(self, document: Document) -> bool:
        """Whether pages wait for an OCR engine, there is one now, and it has not tried them yet."""
        if document.pages_needing_ocr == 0 or not tesseract.is_available():
            return False
        history = self.catalogue.events(document.id, None)
        last = next((event for event in history if event.type == "extraction"), None)
        return last is None or last.agent != AGENT_WITH_OCR

    def _read(self, document: Document) -> None:
        with self.reader.scratch(document) as scratch:
            instructions = self.catalogue.ocr_instructions(document.id)
            self.reader.run(
                document, "read", scratch, "--collection", str(self.words.path), *_as_options(instructions)
            )
            title, warnings = read_summary(scratch / SUMMARY)
            pages = _with_words_kept(read_pages(scratch / PAGES, self.limits.max_pages), self.words)
            agent = AGENT_WITH_OCR if tesseract.is_available() else AGENT
            self.catalogue.store_pages(document.id, pages, warnings, title, agent)


def _with_words_kept(pages: Iterator[Page], file: WordsFile) -> Iterator[Page]:
    """The pages, whose words are added to the collection's `file` when all have gone by: in the middle of the
    transaction that takes them, so that neither is done without the other. A word too many does no harm."""
    words = UnbrokenWords()
    yield from words.of(pages)
    file.add(words)


def _as_options(instructions: Mapping[int, OcrInstruction]) -> list[str]:
    """For which pages OCR is forced or forbidden, as the reader process takes it."""
    options: list[str] = []
    for kind in get_args(OcrInstruction):
        if pages := [str(page) for page, instruction in sorted(instructions.items()) if instruction == kind]:
            options += (f"--{kind}", ",".join(pages))
    return options
