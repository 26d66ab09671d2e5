"""The entrance of the archive: stores the original of a file or link, and queues the job that reads it."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import unquote, urlsplit

from archive.catalogue.catalogue import Catalogue
from archive.errors import TerugblikError
from archive.originals import Originals
from archive.records import Description, Document, Provenance
from archive.surroundings import machine_troubles_as_errors
from ingest.acquisition.fetch import Download, fetch
from ingest.acquisition.pdf_check import check
from ingest.description.plan_names import recognise
from ingest.errors import Unreadable

_UNKNOWN = Description()


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The result of adding a file or an address to the archive."""

    source: str
    """The path or address as it was given."""
    document: str | None
    """Identifier of the document; None if it was refused."""
    is_new: bool
    """Whether it is new and waits to be read; False if the archive has it already."""
    error: TerugblikError | None = None
    """The reason for which it was refused."""

    @property
    def status(self) -> Literal["accepted", "duplicate", "failed"]:
        """The result in one word."""
        if self.document is None:
            return "failed"
        return "accepted" if self.is_new else "duplicate"


@dataclass(frozen=True, slots=True)
class Intake:
    """Adds files and downloads to one archive."""

    catalogue: Catalogue
    originals: Originals
    agent: str
    """Who adds them, for the events."""
    max_size: int
    """Most bytes of a file."""
    timeout: float = 600
    """Most seconds of a download."""
    allow_private: bool = False
    """Whether addresses in private networks may be fetched."""

    def accept(
        self, source: str, description: Description = _UNKNOWN, *, is_demonstration: bool = False
    ) -> Acceptance:
        """Add the file at a path or the document at an address. If it is refused, the result has the error.

        If `description` has no plan, the plan is guessed from the file name.
        """
        try:
            if "://" in source:
                with self.download(source) as download:
                    document, is_new = self.keep_download(download, description)
            else:
                document, is_new = self._keep_file(Path(source), description, is_demonstration)
        except TerugblikError as error:
            return Acceptance(source, None, False, error)
        return Acceptance(source, document.id, is_new)

    def download(self, url: str) -> Download:
        """Fetch an address within the limits of this intake; see :func:`ingest.acquisition.fetch.fetch`."""
        return fetch(url, max_size=self.max_size, timeout=self.timeout, allow_private=self.allow_private)

    def keep_download(
        self, download: Download, description: Description, source_url: str | None = None
    ) -> tuple[Document, bool]:
        """Store a download, if it is a PDF. Returns the document, and whether it is new.

        Args:
            source_url: the requested address, if it is not that of the download.

        Raises:
            NotAPdf, TooBig, and the errors of the originals and the catalogue.
        """
        provenance = Provenance(
            source_url=source_url or download.url,
            retrieved_url=download.final_url,
            retrieved_at=download.retrieved_at,
            http_headers=download.headers,
        )
        name = _filename(source_url or download.final_url, download.headers)
        return self._keep(download.file, name, description, provenance, is_demonstration=False)

    def _keep_file(
        self, path: Path, description: Description, is_demonstration: bool
    ) -> tuple[Document, bool]:
        try:
            # Reading a pipe or device may never end.
            if not stat.S_ISREG(path.stat().st_mode):
                raise Unreadable(
                    "This is a folder, not a file." if path.is_dir() else "This is not a regular file."
                )
            with machine_troubles_as_errors(), path.open("rb") as file:
                provenance = Provenance(retrieved_at=datetime.now(UTC))
                return self._keep(file, path.name, description, provenance, is_demonstration)
        except (OSError, ValueError) as error:  # ValueError: the path contains a NUL
            reason = getattr(error, "strerror", None) or error
            raise Unreadable(f"The file cannot be read: {reason}.") from error

    def _keep(
        self,
        file: BinaryIO,
        name: str,
        description: Description,
        provenance: Provenance,
        is_demonstration: bool,
    ) -> tuple[Document, bool]:
        check(file, self.max_size)
        recognised = recognise(name, description, self.catalogue.plans())
        # A crash between these two calls leaves an original without a document: nothing may come between.
        original = self.originals.store(file)
        return self.catalogue.receive(
            original,
            os.fsencode(name).decode("utf-8", "replace"),
            recognised,
            provenance,
            self.agent,
            is_demonstration,
        )


def expand(source: str) -> list[str]:
    """The path itself or, for a folder, the PDFs in it at any depth, sorted.

    Hidden files named .pdf, and folders that cannot be read, are included, so that each is reported.
    """
    if "://" in source or not Path(source).is_dir():
        return [source]
    found: list[str] = []

    def note_unreadable(error: OSError) -> None:
        found.append(str(error.filename))

    for folder, _folders, names in os.walk(source, onerror=note_unreadable):
        found += [os.path.join(folder, name) for name in names if name.lower().endswith(".pdf")]
    return sorted(found)


def _filename(url: str, headers: Mapping[str, str]) -> str:
    """The name that the server gives the file, else the last part of its address."""
    message = EmailMessage()
    message["Content-Disposition"] = headers.get("content-disposition", "")
    return message.get_filename() or unquote(urlsplit(url).path.rpartition("/")[2]) or "document.pdf"
