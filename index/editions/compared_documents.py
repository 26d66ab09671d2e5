"""Comparisons of documents as editions: their passages, the differences, and suggestions of other editions.

Results are kept until the documents change.
"""

from collections.abc import Sequence
from contextlib import nullcontext

from archive.catalogue.catalogue import Catalogue
from archive.languages import Language
from archive.records import Document
from index.editions.candidates import OtherEdition, suggest
from index.editions.comparison import Comparison, compare
from index.editions.edition import Edition, read_edition
from index.editions.edition_order import EditionMark, EditionOrder, edition_mark, in_order
from index.engine.contract import Engine
from index.engine.left_out import left_out
from index.studies import Studies
from index.text.text_units import first_pages
from index.work_once import RecentResults, Turn

_COMPARISONS_KEPT, _EDITIONS_KEPT, _SUGGESTIONS_KEPT = 8, 16, 200


class ComparedDocuments:
    """Reads and compares the documents of an archive. May be used by several threads at once."""

    def __init__(self, catalogue: Catalogue, studies: Studies, turn: Turn = nullcontext) -> None:
        """Start with empty caches.

        Args:
            studies: results kept on disk.
            turn: context in which documents are read and compared; it limits how many do so at once.
        """
        self._catalogue = catalogue
        self._studies = studies
        self._comparisons: RecentResults[Comparison] = RecentResults(_COMPARISONS_KEPT, turn)
        self._editions: RecentResults[Edition] = RecentResults(_EDITIONS_KEPT, turn)
        self._suggestions: RecentResults[Sequence[OtherEdition]] = RecentResults(_SUGGESTIONS_KEPT, turn)

    def order(self, one: Document, other: Document) -> EditionOrder:
        """Which of two documents is the older one, see :func:`index.editions.edition_order.in_order`."""
        return in_order(one, other, self._mark(one), self._mark(other))

    def comparison(self, old: str, new: str, language: Language) -> Comparison:
        """Two documents passage by passage."""
        revisions = self._revisions(old, new)
        detail = f"{old} {new} {language}"
        return self._comparisons.get(
            (detail, *revisions.items()),
            lambda: self._studies.get(
                "comparison",
                revisions,
                detail,
                lambda: compare(self.edition(old, language), self.edition(new, language)),
            ),
        )

    def edition(self, document: str, language: Language) -> Edition:
        """A document in one of its languages, as passages."""
        revisions = self._revisions(document)
        return self._editions.get(
            (language, *revisions.items()),
            lambda: self._studies.get(
                "edition",
                revisions,
                language,
                lambda: read_edition(first_pages(self._catalogue, document), language),
            ),
        )

    def suggestions(
        self, document: Document, language: Language, documents: Sequence[Document], engine: Engine
    ) -> Sequence[OtherEdition]:
        """Documents that may be other editions of a document in a language, the likeliest first.

        They are searched again after any change of the archive, because a new document may be an edition.

        Args:
            documents: all that readers may see, including the document itself.
        """
        key = (document.id, language, self._catalogue.state(), engine.generation())
        return self._suggestions.get(
            key,
            lambda: suggest(
                document,
                language,
                self.edition(document.id, language),
                documents,
                left_out(engine, self._catalogue),
                engine,
            ),
        )

    def _mark(self, document: Document) -> EditionMark:
        page = self._catalogue.page(document.id, 1)
        return edition_mark(document, [line for each in page.blocks for line in each.text.split("\n")])

    def _revisions(self, *documents: str) -> dict[str, str]:
        return {each: self._catalogue.text_revisions(each).get(each, "") for each in documents}
