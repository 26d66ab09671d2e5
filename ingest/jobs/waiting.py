"""Reports what happened to documents that somebody waits for: new ones, and those that are read again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.errors import BadInputFile, IsWithdrawn
from archive.records import Document
from ingest.acquisition.intake import Acceptance
from ingest.jobs.queue_work import Hindered, QueueWork
from ingest.sandbox.document_reader import Progress


@dataclass(frozen=True, slots=True)
class Arrival:
    """The result for a file or address that was to be added."""

    source: str
    """The path or address as it was given."""
    document: Document | None
    """None if it was refused."""
    status: Literal["added", "duplicate", "failed", "queued"]
    reason: str
    """The reason for which it failed or waits, or the warnings of a document that was read."""


class Newcomers:
    """Files that are being added to the archive. The result for each is reported once, when it is known.

    Args:
        tell: called with each result.
    """

    def __init__(self, catalogue: Catalogue, tell: Callable[[Arrival], None]) -> None:
        self._catalogue = catalogue
        self._tell = tell
        self._waiting: list[Acceptance] = []
        self._searchable: set[str] = set()
        self._failures: set[int] = set()

    @property
    def exit_code(self) -> int:
        """0 if all were added; else the exit code of the failures, or that of a bad file if they differ."""
        if len(self._failures) > 1:
            return BadInputFile.exit_code
        return next(iter(self._failures), 0)

    def accept(self, acceptance: Acceptance) -> None:
        """Wait for a file that was accepted, or report at once that it was refused."""
        if acceptance.error is None:
            self._waiting.append(acceptance)
        else:
            self._failures.add(acceptance.error.exit_code)
            reason = f"{acceptance.error.message} {acceptance.error.hint}"
            self._tell(Arrival(acceptance.source, None, "failed", reason))

    def settle(self) -> bool:
        """Report the results that are known by now. Returns whether any file is still waiting."""
        still_waiting = []
        for acceptance in self._waiting:
            arrival = self._arrival(acceptance)
            if arrival is None:
                still_waiting.append(acceptance)
                continue
            if arrival.status == "failed":
                self._failures.add(BadInputFile.exit_code)
            self._tell(arrival)
        self._waiting = still_waiting
        return bool(still_waiting)

    def undrawn(self) -> int:
        """How many can be searched, and have not all their page images yet."""
        return len(self._searchable & Queue(self._catalogue).changing(("render",)))

    def _arrival(self, acceptance: Acceptance) -> Arrival | None:
        document = self._catalogue.document(str(acceptance.document))
        if document.status in ("received", "processing"):
            return None
        if document.status == "failed":
            return Arrival(acceptance.source, document, "failed", document.reason)
        self._searchable.add(document.id)
        status: Literal["added", "duplicate"] = "added" if acceptance.is_new else "duplicate"
        return Arrival(acceptance.source, document, status, _warnings(document) or document.reason)

    def wait(self, work: QueueWork, progress: Progress) -> None:
        """Have all waiting files read, by this process or by a worker that is running.

        Raises:
            Hindered: trouble of the machine stopped the worker. Files that wait stay queued, and were
                reported.
        """

        def settle_and_show(document: Document, done: int, total: int) -> None:
            if done == 0:
                self.settle()
            progress(document, done, total)

        try:
            while self.settle():
                work.work_off(settle_and_show)
        except Hindered as hindered:
            if not self.settle():
                return
            self._failures.add(hindered.exit_code)
            for acceptance in self._waiting:
                document = self._catalogue.document(str(acceptance.document))
                self._tell(Arrival(acceptance.source, document, "queued", hindered.message))
            raise


@dataclass(frozen=True, slots=True)
class Rereading:
    """The result for a document that was to be read again."""

    document: Document
    status: Literal["read", "failed", "queued"]
    reason: str
    """The reason for which it failed or waits, or the warnings of a document that was read."""


def reread(
    catalogue: Catalogue, documents: Sequence[Document], work: QueueWork | None, progress: Progress
) -> Iterator[Rereading]:
    """Have documents read from their originals again. Yields each when it is done, and last those that
    still wait.

    Args:
        work: does the reading; None leaves it to the worker.

    Raises:
        IsWithdrawn: one of them is withdrawn; then none is queued.
        Hindered: trouble of the machine stopped the worker. Documents that wait stay queued, and were
            yielded.
    """
    queue = Queue(catalogue)
    for document in documents:
        if document.status == "withdrawn":
            raise IsWithdrawn(f"The document {document.id} is withdrawn.")
    for document in documents:
        queue.enqueue(document.id, "read")
    waiting = {document.id: document for document in documents}
    hindrance = None
    try:
        for identifier in work.wait_until_read(list(waiting), progress) if work else ():
            document, job = catalogue.document(identifier), queue.latest(identifier, "read")
            is_read = job is not None and job.state == "done"
            reason = _warnings(document) if is_read or job is None else job.reason
            yield Rereading(document, "read" if is_read else "failed", reason)
            del waiting[identifier]
    except Hindered as hindered:
        hindrance = hindered
    for document in waiting.values():
        yield Rereading(document, "queued", hindrance.message if hindrance else "")
    if hindrance:
        raise hindrance


def _warnings(document: Document) -> str:
    return " ".join(warning.sentence for warning in document.warnings)
