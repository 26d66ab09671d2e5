"""What the pages and the API share: the archive that this site shows, opened once for each process."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from flask import current_app, g, has_request_context, request
from flask_babel import gettext

from archive.errors import DocumentNotFound, NotFound, ServiceUnavailable
from archive.open_archive import OpenArchive
from archive.records import Document
from archive.settings import Settings
from index.editions.compared_documents import ComparedDocuments
from index.engine.contract import Engine, LiveEngine
from index.engine.left_out import left_out
from index.errors import IndexMissing, IndexUnusable
from index.indexer import open_engine
from index.occurrences.concordance import Concordance
from index.occurrences.trends import Trend
from index.studies import Studies
from index.translations.counterparts import Counterparts
from index.translations.translated_documents import TranslatedDocuments
from index.work_once import RecentResults, Turn
from search_app.damage import NoProof
from search_app.image_requests import ImageRequests
from search_app.worker_requests import WorkerRequests


class Withdrawn(NotFound):
    """The archive once showed this document and no longer does; the message says why (HTTP 410 Gone)."""

    code = "withdrawn"
    http_status = HTTPStatus.GONE

    def __init__(self, document: Document) -> None:
        reason = document.reason or gettext("none was given")
        super().__init__(
            gettext(
                "“%(title)s” has been withdrawn. The reason: %(reason)s", title=document.title, reason=reason
            ),
            gettext("Search for another edition of it, or ask the administrators."),
        )


_DOCUMENTS_A_PAGE, _WARNED_A_PAGE = 100, 20


@dataclass(frozen=True, slots=True)
class PageLabels:
    """The number that is printed on each page of a document."""

    printed: Sequence[str]

    def label(self, page: int) -> str:
        """The printed label of a page; its number, if the document was just read again without that page."""
        return self.printed[page - 1] if page <= len(self.printed) else str(page)


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
        """A page of the list of all documents; the nearest page, if there is none with this number."""
        return page_of(self.documents, number, _DOCUMENTS_A_PAGE)

    def to_check(self, number: int) -> ListPage:
        """A page of the list of documents with warnings; those with an uncertain title come first."""
        warned = [document for document in self.documents if document.warnings]
        return page_of(sorted(warned, key=lambda one: not one.is_title_uncertain), number, _WARNED_A_PAGE)


def page_of(documents: Sequence[Document], number: int, size: int) -> ListPage:
    """Page `number` of a list, with `size` documents a page; the nearest page if there is none with this
    number.
    """
    last = max(1, -(-len(documents) // size))
    number = min(max(1, number), last)
    return ListPage(documents[(number - 1) * size : number * size], number, last)


def distance(one: Document, other: Document) -> tuple[bool, int]:
    """How different two documents are: those of the same plan and of nearby years come first."""
    is_of_plan = other.plan is not None and other.plan == one.plan
    return not is_of_plan, abs((other.year or 0) - (one.year or 0))


_TURNS = 2
"""Requests that may do heavy work at the same time. Aligning two long documents takes half a minute the first
time; the other threads of the server keep answering meanwhile."""

_PATIENCE = 3.0
"""Seconds that a request waits for its turn."""

_TRENDS_KEPT, _CONCORDANCES_KEPT, _COUNTERPARTS_KEPT, _DOCUMENTS_KEPT = 256, 4, 32, 4_000


_TROUBLE_KEPT = 0.5
"""Seconds during which an unusable index is not checked again: reading all its files takes long."""


class Busy(ServiceUnavailable):
    """Too many requests do expensive work at the moment."""

    code = "busy"


class Turns:
    """Lets few requests at a time do expensive work, so that the rest of the site keeps answering."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(_TURNS)
        self._mine = threading.local()

    @contextmanager
    def heavy_work(self) -> Iterator[None]:
        """A context for expensive work; inside it, the same thread may start more of it.

        Raises:
            Busy: others do so, and are not done soon.
        """
        if getattr(self._mine, "is_taken", False):
            yield
            return
        if not self._free.acquire(timeout=_PATIENCE):
            raise Busy(
                gettext("Others are asking for work that takes long at the moment."),
                gettext("Try again in a minute."),
            )
        self._mine.is_taken = True
        try:
            yield
        finally:
            self._mine.is_taken = False
            self._free.release()


class Findings:
    """Results that requests worked out and others may use. Each is kept under a key with the state of the
    catalogue, and of the index, from which it was worked out.
    """

    def __init__(self, turn: Turn) -> None:
        self.trends: RecentResults[Trend] = RecentResults(_TRENDS_KEPT, turn)
        self.concordances: RecentResults[Concordance] = RecentResults(_CONCORDANCES_KEPT, turn)
        self.counterparts: RecentResults[Counterparts] = RecentResults(_COUNTERPARTS_KEPT, turn)
        """The counterparts of a term in two texts."""
        self.documents: RecentResults[Document] = RecentResults(_DOCUMENTS_KEPT)
        self.labels: RecentResults[PageLabels] = RecentResults(_DOCUMENTS_KEPT)


@dataclass
class Library(OpenArchive):
    """The archive as used by the site: catalogue, originals and index. Safe to share between threads."""

    turns: Turns
    translations: TranslatedDocuments
    """The documents beside their translations."""
    compared: ComparedDocuments
    """The documents beside other editions."""
    findings: Findings
    images: ImageRequests
    _engine: LiveEngine | None = None
    _trouble: tuple[float, IndexUnusable] | None = None
    """What was wrong with the index, and until when it is not checked again."""
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _holdings: Holdings | None = None

    @classmethod
    def open(cls, settings: Settings) -> "Library":
        """Open the archive, see :meth:`OpenArchive.open`, and what the site derives from it.

        Raises:
            DamagedArchive, ServiceUnavailable: see :meth:`Catalogue.open`.
        """
        opened = OpenArchive.open(settings)
        turns = Turns()
        requests = WorkerRequests(opened.catalogue)
        studies = Studies(
            settings.data / "studies", missed=lambda document: requests.ask(document, "compare")
        )
        return cls(
            opened.catalogue,
            opened.originals,
            settings,
            turns,
            TranslatedDocuments(opened.catalogue, studies, turns.heavy_work),
            ComparedDocuments(opened.catalogue, studies, turns.heavy_work),
            Findings(turns.heavy_work),
            ImageRequests(opened.catalogue, settings, requests),
        )

    def engine(self) -> Engine:
        """The search engine, with everything that has been committed to the index so far. It stays with that
        state, and is the same for the whole of a request, so that all answers to one are of one state.

        It is opened when it is first needed, so that the site can start before the first document
        is indexed.

        Raises:
            IndexUnusable: there is no index, it is of another version, or damaged.
        """
        if not has_request_context():
            return self._newest_engine()
        if "engine" not in g:
            g.engine = self._newest_engine()
        engine: Engine = g.engine
        return engine

    def _newest_engine(self) -> Engine:
        with self._opening:
            if self._trouble and time.monotonic() < self._trouble[0]:
                raise type(self._trouble[1])(self._trouble[1].message)
            try:
                if self._engine is None:
                    self._engine = open_engine(self.settings.data / "index")
                else:
                    self._engine.refresh()
            except IndexMissing:
                raise  # looking for it is fast, and in a new archive it may soon exist
            except IndexUnusable as error:
                self._trouble = time.monotonic() + _TROUBLE_KEPT, error
                raise
            return self._engine.pinned()

    def heavy_work(self) -> AbstractContextManager[None]:
        """A context for expensive work, see :meth:`Turns.heavy_work`."""
        return self.turns.heavy_work()

    def state(self) -> int:
        """The state of the catalogue, see :meth:`Catalogue.state`. Requests that only read ask once."""
        if not has_request_context() or request.method not in ("GET", "HEAD"):
            return self.catalogue.state()
        if "state" not in g:
            g.state = self.catalogue.state()
        state: int = g.state
        return state

    def left_out(self, engine: Engine) -> frozenset[str]:
        """The revisions in the index that searches leave out, see :func:`index.engine.left_out.left_out`."""
        return left_out(engine, self.catalogue, self.state())

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

    def original(self, document: Document) -> Path:
        """The path of the original of a document, after its bytes have been checked.

        Raises:
            NoProof: it is damaged or missing.
        """
        damage = self.damage(document)
        if damage is not None:
            raise NoProof(document, damage)
        return self.originals.path(document.sha256)

    def page_labels(self, document: str, state: int | None = None) -> PageLabels:
        """The labels of the pages of a document; kept until it changes.

        Args:
            state: the state of the catalogue, if the caller has read it already.
        """
        return self.findings.labels.get(
            (document, self.catalogue.state(document) if state is None else state),
            lambda: PageLabels(self.catalogue.page_labels(document)),
        )

    def holdings(self) -> Holdings:
        """All documents that readers see. They are read again only when the catalogue has changed, because
        reading thousands takes longer than everything else that a page needs.
        """
        holdings, state = self._holdings, self.state()
        if holdings is None or holdings.state != state:
            documents = tuple(self.catalogue.documents())
            holdings = Holdings(state, documents, any(document.is_demonstration for document in documents))
            self._holdings = holdings
        return holdings


def current_library() -> Library:
    """The archive of the running application."""
    library: Library = current_app.extensions["library"]
    return library
