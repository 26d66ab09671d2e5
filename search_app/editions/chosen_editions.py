"""The two documents that a reader compares: may they be seen, in which languages, and what differs?

The page, the API and the downloads all use it, so they cannot disagree. Results are kept until the documents
change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from archive.errors import UsageError
from archive.languages import Language
from archive.records import Document
from index.editions.candidates import OtherEdition
from index.editions.comparison import Comparison
from index.editions.edition_order import OrderReason
from index.text.text_units import MOST_PAGES
from search_app.library import Library, PageLabels


class NotComparable(UsageError):
    """Two documents cannot be compared."""

    code = "not-comparable"


@dataclass(frozen=True)
class ChosenEditions:
    """Two documents that are compared; the older one first, unless they are swapped or the order is
    unknown."""

    old: Document
    """The left side; passages that are only on the right are called new."""
    new: Document
    reason: OrderReason
    """What the order is based on."""
    is_swapped: bool
    """Whether a reader wants the newer one on the left."""
    languages: Sequence[Language]
    """The languages in which they can be compared."""
    comparison: Comparison
    labels: Mapping[str, PageLabels]
    """The page labels of both documents, by their identifiers."""

    @property
    def language(self) -> Language:
        return self.comparison.new.language

    @property
    def is_cut(self) -> bool:
        """Whether pages were left out."""
        return max(self.old.pages, self.new.pages) > MOST_PAGES

    @property
    def sides(self) -> Sequence[tuple[str, Document]]:
        """Both documents by their name for programs."""
        if self.reason == "unknown":
            return ("left", self.old), ("right", self.new)
        names = ("newer", "older") if self.is_swapped else ("older", "newer")
        return (names[0], self.old), (names[1], self.new)


def compare_editions(
    identifier: str, other: str, language: Language | None, library: Library, *, is_swapped: bool = False
) -> ChosenEditions:
    """Compare two documents that readers may see.

    Args:
        language: the language of the comparison; None: the first language of the left one that both have.
        is_swapped: whether to put the newer one on the left.

    Raises:
        DocumentNotFound, Withdrawn: one of them may not be seen.
        NotComparable: they are the same, or have no language in common.
    """
    one, another = library.document(identifier), library.document(other)
    if one.id == another.id:
        raise NotComparable(
            gettext("A document cannot be compared with itself."), gettext("Choose another document.")
        )
    order = library.compared.order(one, another)
    old, new = (order.newer, order.older) if is_swapped else (order.older, order.newer)
    both = library.translations.languages(new.id)
    languages = [each for each in library.translations.languages(old.id) if each in both]
    if not languages or (language and language not in languages):
        raise NotComparable(
            gettext("These two documents have no text in the same language."),
            gettext("Choose another document, or the edition in the other language."),
        )
    compared = library.compared.comparison(old.id, new.id, language or languages[0])
    labels = {each.id: library.page_labels(each.id) for each in (old, new)}
    return ChosenEditions(old, new, order.reason, is_swapped, languages, compared, labels)


def suggestions(document: Document, library: Library) -> Sequence[OtherEdition]:
    """The documents that may be other editions of one, without those that may not be seen."""
    languages = library.translations.languages(document.id)
    language = document.language if document.language in languages else next(iter(languages), None)
    if language is None:
        return ()
    return library.compared.suggestions(document, language, library.holdings().documents, library.engine())
