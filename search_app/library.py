"""What the pages and the API share: the archive that this site shows, opened once for each process."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import current_app
from flask_babel import gettext

from archive.catalogue import Catalogue
from archive.errors import DocumentNotFound, ServiceUnavailable
from archive.originals import Originals
from archive.records import Document
from archive.settings import Settings
from index.build import open_engine
from index.engine import Engine
from index.parallel_documents import ParallelDocuments
from search_app.errors import Withdrawn

_DOCUMENTS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list of documents."""

    documents: Sequence[Document]
    number: int
    last: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """All documents that readers see, as they were in one state of the catalogue."""

    state: int
    documents: Sequence[Document]
    """By year (unknown ones last) and title."""
    is_demonstration: bool
    """Whether any of them is a demonstration text and not an official document."""

    def page(self, number: int) -> ListPage:
        """A page of the list of all; the nearest that there is, for a number below or beyond."""
        last = max(1, -(-len(self.documents) // _DOCUMENTS_A_PAGE))
        number = min(max(1, number), last)
        start = (number - 1) * _DOCUMENTS_A_PAGE
        return ListPage(self.documents[start : start + _DOCUMENTS_A_PAGE], number, last)


_LAYING_AT_ONCE = 2
"""Requests that may lay documents beside each other at the same moment. Two long documents take half a minute
the first time; the other threads of the server go on answering meanwhile."""

_PATIENCE = 3.0
"""Seconds that a request waits for its turn to do so."""


class Busy(ServiceUnavailable):
    """Too many documents are being laid beside each other at this moment."""

    code = "busy"


@dataclass
class Archive:
    """The catalogue, the originals and the index behind the site. Safe to share between threads."""

    catalogue: Catalogue
    originals: Originals
    settings: Settings
    parallel: ParallelDocuments
    """The documents beside their translations; what is asked of it may take long: see `laying_beside`."""
    _engine: Engine | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _laying: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_LAYING_AT_ONCE))
    _holdings: Holdings | None = None

    @classmethod
    def open(cls, settings: Settings) -> "Archive":
        """Open the archive in `settings.data`, creating the folder and the catalogue where need be."""
        catalogue = Catalogue.open(settings.database_url)
        originals = Originals(settings.data / "originals")
        return cls(catalogue, originals, settings, ParallelDocuments(catalogue))

    def engine(self) -> Engine:
        """The search engine, with everything that has been committed to the index so far.

        It is opened when it is first needed, so that the site can start before the first document
        is indexed.

        Raises:
            IndexMissing, IndexMismatch: there is no index yet, or it was built by other rules.
        """
        with self._opening:
            if self._engine is None:
                self._engine = open_engine(self.settings.data / "index")
            else:
                self._engine.refresh()
            return self._engine

    @contextmanager
    def laying_beside(self) -> Iterator[None]:
        """The time in which a request lays documents beside each other.

        Raises:
            Busy: others do so, and are not done soon.
        """
        if not self._laying.acquire(timeout=_PATIENCE):
            raise Busy(
                "Too many documents are being laid beside each other.",
                gettext("Other documents are being laid beside each other just now. Try again in a minute."),
            )
        try:
            yield
        finally:
            self._laying.release()

    def state(self) -> int:
        """Names the state of the catalogue: its newest event, as every change of a document writes one."""
        return next((event.id for event in self.catalogue.events(limit=1)), 0)

    def document(self, identifier: str) -> Document:
        """A document that readers may see.

        Raises:
            DocumentNotFound: there is none with this identifier, or it is not ready.
            Withdrawn: it was withdrawn.
        """
        document = self.catalogue.document(identifier)
        if document.status == "withdrawn":
            raise Withdrawn(document)
        if document.status != "ready":
            raise DocumentNotFound(f"There is no document {identifier}.")
        return document

    def holdings(self) -> Holdings:
        """All documents that readers see. They are read anew only when the catalogue has changed, as to read
        thousands takes longer than everything else that a page needs."""
        held, state = self._holdings, self.state()
        if held is None or held.state != state:
            documents = tuple(self.catalogue.documents())
            held = Holdings(state, documents, any(document.is_demonstration for document in documents))
            self._holdings = held
        return held


def library() -> Archive:
    """The archive of the running application."""
    archive: Archive = current_app.extensions["archive"]
    return archive
