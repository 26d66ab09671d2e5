"""Builds the index from the catalogue, keeps it up to date, and opens it for searching."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.errors import DamagedArchive
from archive.records import Document, Status
from index import index_parts
from index.engine import generations, manifest
from index.engine.contract import Change, LiveEngine
from index.engine.current_engine import CurrentEngine
from index.engine.manifest import Guard, Held, Manifest
from index.engine.whoosh_index import schema, whoosh_engine
from index.engine.whoosh_index.whoosh_engine import WhooshStore
from index.entries import EntriesOfDocuments
from index.errors import IndexUnusable
from index.text import analysis, writing

Progress = Callable[[int, int], None]
"""Called with the number of pages done and of all."""

_log = logging.getLogger(__name__)

FINGERPRINT = hashlib.sha256(
    "\n".join(
        [schema.DESCRIPTION, analysis.FINGERPRINT, writing.RULES, whoosh_engine.FORMAT, manifest.FORMAT]
    ).encode()
).hexdigest()


class IncompleteIndex(DamagedArchive):
    """A new index does not contain what the catalogue contains."""

    code = "incomplete-index"
    default_hint = "The index in use was left as it is. Run `terugblik check`, then `terugblik reindex`."


def open_engine(folder: Path) -> LiveEngine:
    """Open the index in `folder` for searching; it follows every commit and every rebuild.

    Raises:
        IndexMissing, IndexMismatch, IndexDamaged: there is none, it is of another version, or damaged.
    """
    return CurrentEngine(folder, FINGERPRINT)


class Indexer:
    """Keeps the index in a folder up to date with the catalogue. Every change may be repeated without harm.

    An index that cannot be used, because it is missing, damaged or of another version, is first rebuilt from
    the catalogue, with a line on stderr.
    """

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self._catalogue = catalogue
        self._folder = folder
        self._guard: Guard | None = None

    def add(self, document_id: str) -> None:
        """Put a document's pages into the index, replacing those that are there, in one commit.

        Raises:
            DocumentNotFound: the catalogue has no such document.
        """
        self._catalogue.document(document_id)
        self.follow([document_id], ("received", "processing", "ready"))

    def follow(
        self, identifiers: Sequence[str], statuses: Sequence[Status] = ("processing", "ready")
    ) -> None:
        """Make the index hold these documents as the catalogue has them, in one commit. Those of other
        statuses, and unknown ones, are taken out.

        The catalogue is read while nobody else can write. So whoever comes last leaves what is true
        then, also a worker that was stopped, and whose job another one has done meanwhile.
        """

        def to_be_there() -> Sequence[Document]:
            found = self._catalogue.documents_by_id(identifiers).values()
            return [one for one in found if one.status in statuses]

        self._update(identifiers, to_be_there)

    def _update(self, outdated: Iterable[str], to_be_there: Callable[[], Sequence[Document]]) -> None:
        with generations.writing(self._folder):
            documents = to_be_there()
            try:
                guard = self._usable()
            except IndexUnusable as trouble:
                if self._catalogue.ready_documents():  # otherwise it is the first index
                    _log.warning("%s It is made anew.", trouble.message)
                guard = self._rebuild(None)
            try:
                self._commit(guard, frozenset(outdated), documents)
            except Exception:
                # Whatever error a damaged file causes in an engine, the damage is what has to be repaired.
                damage = guard.damage(anew=True)
                if not damage:
                    raise
                _log.warning("%s The index is made anew.", damage[0])
                self._commit(self._rebuild(None), frozenset(outdated), documents)

    def _usable(self) -> Guard:
        """The guard of the current generation, after checking that all its files are as they were written."""
        generation = generations.current(self._folder, FINGERPRINT)
        if self._guard is None or self._guard.generation != generation:
            self._guard = Guard(generation)
        self._guard.verify()
        return self._guard

    def _commit(self, guard: Guard, outdated: frozenset[str], documents: Sequence[Document]) -> None:
        known = guard.manifest()
        unsettled = known.unsettled | outdated | {document.id for document in documents}
        staying = {name: held for name, held in known.documents.items() if name not in unsettled}
        entries = EntriesOfDocuments(self._catalogue, documents, revisions(self._catalogue, documents))

        def seal(arriving: Mapping[str, Path]) -> None:
            manifest.write(guard.generation, Manifest(guard.sealed(arriving), staying, unsettled))

        WhooshStore(guard.generation, guard).commit(Change(outdated, entries), seal)
        still = known.unsettled - outdated - entries.held.keys()
        manifest.write(guard.generation, Manifest(guard.sealed({}), {**staying, **entries.held}, still))

    def rebuild(self, progress: Progress | None = None) -> str:
        """Rebuild the index from the catalogue next to the old one, and swap them when it is complete.

        Searches use the old one meanwhile, and writers wait. Documents that are being read are indexed as
        well; searches leave them out until they are ready.

        Returns:
            the name of the new generation.

        Raises:
            IncompleteIndex: not all entries arrived.
            ServiceUnavailable: the disk is full, or the machine has other trouble.
            In each case the old index stays and the new one is removed.
        """
        with generations.writing(self._folder):
            return self._rebuild(progress).generation.name

    def rebuild_unless_changed(self, stamp: tuple[object, ...]) -> bool:
        """Rebuild the index, unless another program has changed it since it had this stamp.

        Returns:
            whether it was built.

        Raises:
            IncompleteIndex, ServiceUnavailable: as in :meth:`rebuild`.
        """
        with generations.writing(self._folder):
            is_as_seen = generations.stamp(self._folder) == stamp
            if is_as_seen:
                self._rebuild(None)
            return is_as_seen

    def _rebuild(self, progress: Progress | None) -> Guard:
        with generations.new(self._folder, FINGERPRINT) as generation:
            guard = Guard(generation)
            self._fill(guard, progress)
            generations.publish(generation)
        generations.remove_others(guard.generation)
        self._guard = guard
        return guard

    def _fill(self, guard: Guard, progress: Progress | None) -> None:
        documents = self._catalogue.documents(("ready", "processing"))
        total = sum(document.pages for document in documents)
        done = 0

        def tell(pages: int) -> None:
            nonlocal done
            done += pages
            if progress:
                progress(done, total)

        def seal(arriving: Mapping[str, Path]) -> None:
            manifest.write(guard.generation, Manifest(guard.sealed(arriving)))

        manifest.write(guard.generation, Manifest())
        store = WhooshStore(guard.generation, guard)
        now = revisions(self._catalogue, documents)
        held: Mapping[str, Held] | None = None
        if index_parts.are_worth_while(documents):
            try:
                with index_parts.built(
                    WhooshStore, guard.generation, self._catalogue, documents, now, tell
                ) as parts:
                    store.take_over(parts.folders, seal)
                held = parts.held
            except index_parts.BuilderEnded as trouble:
                # Perhaps there is too little memory for several; one alone may have enough.
                _log.warning("%s The index is built by one process.", trouble.message)
                done = 0
        if held is None:
            entries = EntriesOfDocuments(self._catalogue, documents, now, tell)
            store.commit(Change(add=entries), seal)
            held = entries.held
        manifest.write(guard.generation, Manifest(guard.sealed({}), held))
        given, count = sum(one.entries for one in held.values()), store.count()
        if count != given:
            raise IncompleteIndex(f"{given} entries went into the new index, but it holds {count}.")


def revisions(catalogue: Catalogue, documents: Sequence[Document]) -> Mapping[str, str]:
    """For each document a hash of everything that goes into its index entries."""
    texts = catalogue.text_revisions(documents[0].id if len(documents) == 1 else None)
    return {
        document.id: _digest(
            [document.title, document.year, document.plan, document.kind, texts.get(document.id)]
        )
        for document in documents
    }


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
