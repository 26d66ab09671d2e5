"""How the index is made and kept up with the catalogue; the door through which everyone opens it."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from archive.catalogue import Catalogue
from archive.errors import DamagedArchive
from archive.languages import Language
from archive.records import Document, Page
from index import analysis, generations, schema, whoosh_engine, writing
from index.engine import Change, Engine, Entry, Filters, Result, Sort, TextSize
from index.errors import IndexMissing
from index.tree import Query
from index.whoosh_engine import WhooshEngine, WhooshStore

Progress = Callable[[int, int], None]
"""Called with the number of pages done and of all."""

FINGERPRINT = hashlib.sha256(
    "\n".join([schema.DESCRIPTION, analysis.FINGERPRINT, writing.RULES, whoosh_engine.FORMAT]).encode()
).hexdigest()


class IncompleteIndex(DamagedArchive):
    """A new index does not hold what the catalogue holds."""

    code = "incomplete-index"
    default_hint = "The index in use was left as it is. Run `terugblik check`, then `terugblik reindex`."


def open_engine(folder: Path) -> Engine:
    """Open the index in `folder` for searching; it follows every commit and every rebuild.

    Raises:
        IndexMissing, IndexMismatch: there is none, or it was made by other rules.
    """
    return CurrentEngine(folder)


class CurrentEngine:
    """The engine of whichever generation is current, see :class:`index.engine.Engine`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._switching = threading.Lock()
        self._generation, self._engine = self._open()

    def _open(self) -> tuple[Path, WhooshEngine]:
        for wait in (0.01, 0.02, 0.05, 0.1, 0.2):
            generation = generations.current(self._folder, FINGERPRINT)
            try:
                return generation, WhooshEngine(generation)
            except FileNotFoundError:
                # A rebuild replaced this generation while it was being opened.
                time.sleep(wait)
        raise IndexMissing(f"The index in {self._folder} is gone, or not complete.")

    def refresh(self) -> None:
        """Go on with the newest committed state of the current generation.

        Raises:
            IndexMissing, IndexMismatch: it is gone, or was made anew by other rules.
        """
        with self._switching:
            if generations.current(self._folder, FINGERPRINT) == self._generation:
                try:
                    self._engine.refresh()
                except FileNotFoundError:
                    self._generation, self._engine = self._open()
            else:
                self._generation, self._engine = self._open()

    def search(
        self,
        query: Query,
        filters: Filters,
        *,
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 10,
        hidden: frozenset[str] = frozenset(),
        grouped: bool = False,
        hits_per_group: int = 3,
        with_forms: bool = False,
    ) -> Result:
        """Find the entries that match."""
        return self._engine.search(
            query,
            filters,
            sort=sort,
            offset=offset,
            limit=limit,
            hidden=hidden,
            grouped=grouped,
            hits_per_group=hits_per_group,
            with_forms=with_forms,
        )

    def highlights(self, query: Query, language: Language, text: str) -> list[tuple[int, int]]:
        """The stretches of `text` that made an entry in `language` match."""
        return self._engine.highlights(query, language, text)

    def vocabulary(self) -> Mapping[str, int]:
        """Every word of the texts, accents folded, with the number of entries that hold it."""
        return self._engine.vocabulary()

    def text_sizes(self, hidden: frozenset[str] = frozenset()) -> Mapping[tuple[str, Language], TextSize]:
        """See :meth:`index.engine.Engine.text_sizes`."""
        return self._engine.text_sizes(hidden)

    def generation(self) -> str:
        """Names the committed state that searches are answered from."""
        return self._engine.generation()


class Indexer:
    """Keeps the index in a folder up with the catalogue. Every change may be made again at no harm."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self._catalogue = catalogue
        self._folder = folder

    def add(self, document_id: str) -> None:
        """Put a document's pages into the index, in the place of those that are there: in one commit.

        Where there is no index yet, or no more, it is made of all that the catalogue holds.

        Raises:
            IndexMismatch: the index was made by other rules.
            DocumentNotFound: the catalogue has no such document.
        """
        with generations.writing(self._folder):
            document = self._catalogue.document(document_id)
            entries = entries_of(document, self._catalogue.pages(document_id))
            self._store().commit(Change(frozenset([document_id]), entries))

    def remove(self, document_id: str) -> None:
        """Take a document's pages out of the index.

        Raises:
            IndexMismatch: the index was made by other rules.
        """
        with generations.writing(self._folder):
            self._store().commit(Change(frozenset([document_id])))

    def _store(self) -> WhooshStore:
        try:
            return WhooshStore(generations.current(self._folder, FINGERPRINT))
        except IndexMissing:
            return WhooshStore(self._rebuild(None))

    def rebuild(self, progress: Progress | None = None) -> str:
        """Build the index anew from the catalogue, beside the old one, and swap them once it is complete.

        Searches go on with the old one meanwhile, and writers wait. Documents that are just being read
        are taken in as well; whoever searches knows not to show them yet.

        Returns:
            the name of the new generation.

        Raises:
            IncompleteIndex: not all entries arrived; the old index stays.
        """
        with generations.writing(self._folder):
            return self._rebuild(progress).name

    def _rebuild(self, progress: Progress | None) -> Path:
        generation = generations.create(self._folder, FINGERPRINT)
        store = WhooshStore(generation)
        given = 0

        def counted() -> Iterator[Entry]:
            nonlocal given
            for entry in self._entries(progress):
                given += 1
                yield entry

        store.commit(Change(add=counted()))
        if store.count() != given:
            raise IncompleteIndex(f"{given} entries went into the new index, but it holds {store.count()}.")
        generations.publish(generation)
        generations.remove_others(generation)
        return generation

    def _entries(self, progress: Progress | None) -> Iterator[Entry]:
        documents = self._catalogue.documents(("ready", "processing"))
        total = sum(document.pages for document in documents)
        done = 0
        for document in documents:
            yield from entries_of(document, self._catalogue.pages(document.id))
            done += document.pages
            if progress:
                progress(done, total)


def entries_of(document: Document, pages: Iterator[Page]) -> Iterator[Entry]:
    """The entries of a document: one for each language of each page that has text."""
    for page in pages:
        for language in page.languages:
            passages = [passage for passage in page.passages if passage.language == language and passage.text]
            if not passages:
                continue
            yield Entry(
                document=document.id,
                page=page.number,
                label=page.label,
                language=language,
                year=document.year,
                plan=document.plan,
                kind=document.kind,
                title=document.title,
                headings="\n".join(passage.text for passage in passages if passage.kind == "heading"),
                text="\n".join(passage.text for passage in passages),
            )
