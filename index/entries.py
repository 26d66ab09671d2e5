"""What goes into the index: the entries of documents, read from the catalogue."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from archive.catalogue.catalogue import Catalogue
from archive.records import Document, Page
from index.engine.contract import Entry
from index.engine.manifest import Held


class EntriesOfDocuments:
    """The entries of some documents, as a stream that is read once."""

    def __init__(
        self,
        catalogue: Catalogue,
        documents: Sequence[Document],
        revisions: Mapping[str, str],
        tell: Callable[[int], None] | None = None,
    ) -> None:
        """Take the documents; nothing is read.

        Args:
            revisions: see :func:`index.indexer.revisions`.
            tell: called with the pages of each document when all its entries have been taken.
        """
        self._catalogue, self._documents, self._revisions = catalogue, documents, revisions
        self._tell = tell
        self.held: dict[str, Held] = {}
        """The documents whose entries have been taken."""

    def __iter__(self) -> Iterator[Entry]:
        for document in self._documents:
            revision, count = self._revisions[document.id], 0
            pages = self._catalogue.pages(document.id, with_words=False)
            for entry in entries_of(document, pages, f"{document.id}:{revision}"):
                count += 1
                yield entry
            self.held[document.id] = Held(count, revision)
            if self._tell is not None:
                self._tell(document.pages)


def entries_of(document: Document, pages: Iterator[Page], revision: str) -> Iterator[Entry]:
    """The entries of a document: one for each language of each page that has text.

    Args:
        revision: see :attr:`index.engine.contract.Entry.revision`.
    """
    for page in pages:
        for language in page.languages:
            blocks = [block for block in page.blocks if block.language == language and block.text]
            if not blocks:
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
                headings="\n".join(block.text for block in blocks if block.kind == "heading"),
                text="\n".join(block.text for block in blocks),
                revision=revision,
            )
