"""Runs the reader process for a document of the archive, whose original is checked first."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.errors import DamagedOriginal
from archive.originals import Originals
from archive.preservation.check_outcomes import record_original
from archive.records import Document
from ingest.errors import ReaderKilled
from ingest.sandbox.supervisor import Cancellation, Limits, run

_READER = "ingest.sandbox.reader_process"

_log = logging.getLogger(__name__)

Progress = Callable[[Document, int, int], None]
"""Called with a document, the number of its pages that are done, and that of all its pages; first with 0 of
0."""


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads or draws the documents of one archive, within limits."""

    catalogue: Catalogue
    originals: Originals
    work: Path
    """Folder for temporary files of a job."""
    limits: Limits
    progress: Progress
    stop: Cancellation
    """Set to cancel the work."""
    agent: str
    """The name for events on damaged originals."""

    def run(self, document: Document, verb: str, scratch: Path, *options: str) -> None:
        """Run the reader; once more if something outside this program killed it."""
        try:
            self._run_reader(document, verb, scratch, *options)
        except ReaderKilled as first:
            _log.warning("%s It is tried once more.", first.message)
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            try:
                self._run_reader(document, verb, scratch, *options)
            except ReaderKilled as second:
                raise ReaderKilled(
                    "The system stopped the reader of this file twice, most likely for want of memory."
                ) from second

    def _run_reader(self, document: Document, verb: str, scratch: Path, *options: str) -> None:
        original = self._whole_original(document).absolute()
        run(
            _READER,
            "Reading" if verb == "read" else "Drawing",
            [*options, "--scratch", str(scratch), verb, str(original)],
            self.limits,
            scratch / "errors.log",
            lambda done, total: self.progress(document, done, total),
            self.stop,
        )

    def _whole_original(self, document: Document) -> Path:
        """The path of the original, after checking that it is the file that was received.

        Raises:
            DamagedOriginal: it is damaged or missing. This is recorded in the catalogue.
        """
        try:
            original = self.originals.verified(document.sha256)
        except DamagedOriginal as error:
            damage = self.originals.damage(document.sha256)
            record_original(self.catalogue, document.id, damage, error.message, self.agent)
            raise
        record_original(self.catalogue, document.id, None, "", self.agent)
        return original

    @contextmanager
    def scratch(self, document: Document) -> Iterator[Path]:
        """A temporary folder for the work on a document."""
        self.work.mkdir(parents=True, exist_ok=True)
        # A process that was just killed may still write a file there; the next worker removes that.
        with tempfile.TemporaryDirectory(
            prefix=f"{document.id}-", dir=self.work.absolute(), ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)


def drawing(folder: Path, pages: Sequence[int]) -> list[str]:
    """The options of :meth:`DocumentReader.run` for drawing pages into a folder."""
    return ["--images", str(folder.absolute()), "--pages", ",".join(map(str, pages))]
