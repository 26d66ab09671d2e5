"""What is done with a document: read and publish it, draw it, or take it out of the index.

Each step can be done twice, or interrupted at any point and started again: pages are replaced as a whole, the
index replaces the entries of a document, images are overwritten. So a job that a crash interrupted is simply
done again. For a worker that has lost its job to another one, the catalogue refuses every change
(:mod:`archive.catalogue.claims`); the index takes what the catalogue says at that moment, whoever writes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, get_args

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.claims import held_by
from archive.catalogue.queue import Queue
from archive.errors import BadInputFile
from archive.images.page_images import PageImages
from archive.originals import Originals
from archive.reading_warnings import ReadingWarning, number_list, warning_as_json
from archive.records import Document, Job, JobKind, OcrInstruction, Page
from ingest.description.dating import date_document
from ingest.errors import NotPrepared
from ingest.language.collection_words import UnbrokenWords
from ingest.language.collection_words_file import WordsFile
from ingest.large_pages import LargePages
from ingest.ocr import tesseract
from ingest.sandbox.document_reader import DocumentReader, Progress, drawing
from ingest.sandbox.page_spool import PAGES, SUMMARY, read_pages, read_summary
from ingest.sandbox.supervisor import Cancellation, Limits, Stopped

AGENT = "worker"
"""The name of the worker in the events."""
AGENT_WITH_OCR = "worker with OCR"
"""The name of the worker in the events of reading, if an OCR engine is installed."""

_DRAWN_AT_ONCE = 100
"""Most pages that one process draws; otherwise long documents would exceed the time limit."""
_MOST_FAILURES = 3
"""How often drawing pages of a document may fail before the rest of the pages is given up."""


class Publisher(Protocol):
    """Makes documents searchable. All methods may be called again for the same document."""

    def add(self, document_id: str) -> None:
        """Publish the stored pages of a document, in place of those that were published before."""

    def remove(self, document_id: str) -> None:
        """Remove a document, if it is published."""

    def prepare(self, document_id: str) -> Iterator[None]:
        """Compute results in advance that readers of a document would have to wait for; pauses after each."""

    def is_prepared(self, document_id: str) -> bool:
        """Whether the results of :meth:`prepare` are there and intact. Cheap if nothing has changed."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps for the documents of one archive."""

    catalogue: Catalogue
    queue: Queue
    originals: Originals
    data: Path
    """Folder of the archive, with renditions/."""
    work: Path
    """Folder for temporary files of a job."""
    limits: Limits
    publisher: Publisher
    words: WordsFile
    """The words of all documents, which help to join broken words."""
    large_pages: LargePages
    progress: Progress
    stop: Cancellation
    """Set to cancel the work."""

    def for_job(self, job: Job, stop: Cancellation) -> "Pipeline":
        """The steps for a job: whatever they write into the catalogue raises ClaimLost if the job is no
        longer this worker's."""
        catalogue = held_by(self.catalogue, job)
        return replace(self, catalogue=catalogue, queue=Queue(catalogue), stop=stop)

    @property
    def reader(self) -> DocumentReader:
        """Runs the process that opens the originals."""
        parts = (self.catalogue, self.originals, self.work, self.limits, self.progress, self.stop)
        return DocumentReader(*parts, AGENT)

    def read_anew(self, identifier: str) -> None:
        """Like :meth:`ingest`, but the original is read even if its pages are already stored.

        Raises:
            BadInputFile, DamagedOriginal, Stopped: as there.
        """
        self.ingest(identifier, anew=True)

    def ingest(self, identifier: str, *, anew: bool = False) -> None:
        """Read a document, if needed, and make it searchable.

        Args:
            anew: whether to read the original even if its pages are stored.

        Raises:
            BadInputFile: the document cannot be read.
            DamagedOriginal: its original is missing or damaged.
            Stopped: the work was cancelled.
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
        if (
            document.status == "withdrawn"
        ):  # it was withdrawn meanwhile, and may have been removed before it was added
            self.publisher.remove(identifier)
            return
        if not (document.images and images.condition(document.pages).is_sound):
            self.queue.enqueue(identifier, "render")
        self.queue.enqueue(identifier, "compare")

    def render(self, identifier: str) -> None:
        """Draw the images of all pages that have no intact image.

        If some cannot be drawn, the document can still be read without them. They are tried again when the
        document is read again.
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
        # Nobody can take the job over while the record is written.
        undrawn = images.record(document.pages, self.catalogue.database.writing())
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
        """Draw pages in portions, each within the limits.

        If the reader process fails at a page, that page is left out, and drawing continues with the next one.

        Returns the reason if some pages cannot be drawn, else an empty text. None if another document has
        to be read
        first: then the rest of the pages has to be drawn later.
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
        """Whether a job waits that is more urgent: to read a document, or to remove one from the index."""
        return any(job.kind not in ("render", "compare") for job in self.queue.waiting(limit=1))

    def look_over(self, *, try_failed: bool) -> Iterator[None]:
        """Queue the documents whose images or comparisons (:meth:`render`, :meth:`compare`) are missing or
        damaged.

        Pauses after each document. Pages that cannot be drawn are not tried again. A document for which the
        whole job failed, for example because its original is missing, is tried again only with
        `try_failed`; so are comparisons after some attempts.
        """
        for document in self.catalogue.documents():
            images = PageImages.of(self.data, document.id)
            images.drop_large_ones_of_old()
            condition = images.condition(document.pages)
            if not condition.is_sound and self._can_be_read(document):
                self._queue_again(document, "render", try_failed=try_failed)
            elif condition.is_sound and condition.is_younger:
                images.confirm()
            if not self.publisher.is_prepared(document.id):
                self._queue_again(document, "compare", try_failed=try_failed)
            yield

    def _can_be_read(self, document: Document) -> bool:
        """Whether the original is here. One that is lost counts as here where no other host can have it."""
        return not self.catalogue.database.is_shared_by_hosts or self.originals.holds(document.sha256)

    def _queue_again(self, document: Document, kind: JobKind, *, try_failed: bool) -> None:
        if try_failed:
            self.queue.enqueue(document.id, kind)
        else:
            self.queue.enqueue_unless_failed(document.id, kind)

    def compare(self, identifier: str) -> None:
        """Compute in advance the comparisons of a document that readers may request.

        Raises:
            Stopped: the work was cancelled.
            NotPrepared: it ended without an error, but the results are not there.
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
        """Remove a document from the index and delete its large images, unless it was restored meanwhile."""
        if self.catalogue.document(identifier).status == "withdrawn":
            self.publisher.remove(identifier)
            self.large_pages.forget(identifier)

    def needs_reading(self, document: Document) -> bool:
        """Whether the original has to be read: for the first time, or because OCR can now read more of it.

        A document that was only described again or restored is not read again, as that could take minutes.
        """
        return document.pages == 0 or self.is_ocr_due(document)

    def is_ocr_due(self, document: Document) -> bool:
        """Whether pages need OCR, an OCR engine is installed now, and it has not been used for the document
        yet."""
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
            self.words.look_over()  # else the transaction might have to wait until another worker has made it
            self.catalogue.store_pages(document.id, pages, warnings, title, agent)


def _with_words_kept(pages: Iterator[Page], file: WordsFile) -> Iterator[Page]:
    """Yields the pages, and then adds their words to the file of the collection.

    That happens within the transaction that stores the pages, so that both are done or neither. If the
    transaction fails afterwards, the additional words do no harm.
    """
    words = UnbrokenWords()
    yield from words.of(pages)
    file.add(words)


def _as_options(instructions: Mapping[int, OcrInstruction]) -> list[str]:
    """The pages for which OCR is forced or forbidden, as options of the reader process."""
    options: list[str] = []
    for kind in get_args(OcrInstruction):
        if pages := [str(page) for page, instruction in sorted(instructions.items()) if instruction == kind]:
            options += (f"--{kind}", ",".join(pages))
    return options
