"""Works out beforehand what readers would wait for: translations, pairs of sentences, comparisons.

Aligning two long documents takes seconds; done in advance, it bounds what a request costs.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.queue import Queue
from archive.languages import LANGUAGES
from archive.records import Document
from index.editions.compared_documents import ComparedDocuments
from index.indexer import Indexer, open_engine
from index.studies import Studies, StudiesCondition
from index.translations.translated_documents import TextKey, TranslatedDocuments


class Publication:
    """Makes documents searchable, and computes beforehand what would take a reader long."""

    def __init__(self, catalogue: Catalogue, index_folder: Path, studies: Path) -> None:
        """For the archive of a catalogue.

        Args:
            index_folder: folder of the index.
            studies: folder of the studies.
        """
        self._catalogue = catalogue
        self._queue = Queue(catalogue)
        self._index = index_folder
        self._indexer = Indexer(catalogue, index_folder)
        self._folder = studies

    def add(self, document_id: str) -> None:
        """See :meth:`index.indexer.Indexer.add`."""
        self._indexer.add(document_id)

    def remove(self, document_id: str) -> None:
        """Take a withdrawn document out of the index; the studies about it are removed too."""
        self._indexer.follow([document_id])
        self._forget(document_id)

    def prepare(self, document_id: str) -> Iterator[None]:
        """Compute the studies about a document, step by step; none if readers do not see it.

        Raises:
            IndexUnusable: the index has to be rebuilt first.
            OSError: a study cannot be written.
        """
        document = self._catalogue.document(document_id)
        if document.status != "ready":
            return
        studies = Studies(self._folder, keeps=True)
        studies.forget_other_versions()
        revision = self._revision(document_id)
        self._forget(document_id, but_for=revision)
        translations = TranslatedDocuments(self._catalogue, studies)
        yield from self._prepare_translations(document_id, translations)
        yield from self._prepare_editions(document, translations, ComparedDocuments(self._catalogue, studies))
        studies.record(document_id, revision)

    def is_prepared(self, document_id: str) -> bool:
        """Whether all studies of :meth:`prepare` are there and sound. Files that have not changed since they
        were recorded are not read."""
        studies, revision = Studies(self._folder), self._revision(document_id)
        condition = studies.condition(document_id, revision)
        if condition.is_sound and condition.is_younger:
            studies.confirm(document_id, revision)
        return condition.is_sound

    def _revision(self, document_id: str) -> str:
        return self._catalogue.text_revisions(document_id).get(document_id, "")

    def _forget(self, document_id: str, but_for: str | None = None) -> None:
        """Remove outdated studies; documents that lack studies now are compared with others again."""
        for other in Studies(self._folder).forget(document_id, but_for):
            held = self._catalogue.documents_by_id([other]).get(other)
            if held is not None and held.status == "ready" and not self.is_prepared(other):
                self._queue.enqueue(other, "compare")

    def _prepare_translations(self, document_id: str, translations: TranslatedDocuments) -> Iterator[None]:
        """Also from the translations back to this document: one that came earlier may have found no
        translation then."""
        engine = open_engine(self._index)
        for language in translations.languages(document_id):
            text = TextKey(document_id, language)
            translations.text(text)
            for other in LANGUAGES:
                yield
                if other == language or not (found := translations.translation(text, other, engine)):
                    continue
                yield
                # The search above needs only the share that can be aligned, not the alignment.
                translations.aligned(text, found.key)
                yield
                translations.translation(found.key, language, engine)
                for left, right in ((text, found.key), (found.key, text)):
                    yield
                    translations.sentences(left, right)

    def _prepare_editions(
        self, document: Document, translations: TranslatedDocuments, compared: ComparedDocuments
    ) -> Iterator[None]:
        documents = self._catalogue.documents()
        for language in translations.languages(document.id):
            for other in compared.suggestions(document, language, documents, open_engine(self._index)):
                yield
                if language not in translations.languages(other.document.id):
                    continue
                order = compared.order(document, other.document)
                compared.comparison(order.older.id, order.newer.id, language)


def faulty_studies(
    catalogue: Catalogue, folder: Path, documents: Iterable[Document]
) -> Iterator[tuple[Document, StudiesCondition]]:
    """Those of `documents` that readers see and whose studies are missing or damaged, with their condition.

    All studies are read. A "compare" job repairs them.
    """
    studies, revisions = Studies(folder), catalogue.text_revisions()
    for document in documents:
        if document.status == "ready":
            condition = studies.condition(document.id, revisions.get(document.id, ""), thorough=True)
            if not condition.is_sound:
                yield document, condition
