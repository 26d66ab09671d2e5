"""Two documents that a reader compares: may they be seen, in which languages, what differs; kept until they
change.

Used by the page, the API and the downloads, so that they cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext

from archive.catalogue import Catalogue
from archive.errors import UsageError
from archive.languages import Language
from archive.records import Document, Page
from index.edition import Edition, read_edition
from index.editions import OtherEdition, in_order, suggest
from index.engine import Engine
from index.text_units import own_languages
from index.versions import Comparison, compare
from search_app.library import Archive

MOST_PAGES = 600
"""Pages of an edition that are compared; more would keep other readers waiting."""

_COMPARISONS_KEPT, _EDITIONS_KEPT, _SUGGESTIONS_KEPT = 8, 16, 200


class NotComparable(UsageError):
    """Two documents cannot be laid beside each other."""

    code = "not-comparable"


@dataclass(frozen=True)
class Versions:
    """Two documents that are compared, the older one first."""

    old: Document
    new: Document
    languages: Sequence[Language]
    """Those in which they can be compared."""
    comparison: Comparison

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
        return ("older", self.old), ("newer", self.new)


def versions(identifier: str, other: str, language: Language | None, archive: Archive) -> Versions:
    """Compare two documents that readers may see.

    Args:
        language: to compare them in; None: the first of the older one's that both have.

    Raises:
        DocumentNotFound, Withdrawn: one of them may not be seen.
        NotComparable: they are the same, or have no language in common.
    """
    one, another = archive.document(identifier), archive.document(other)
    if one.id == another.id:
        raise NotComparable(
            gettext("A document cannot be compared with itself."), gettext("Choose another document.")
        )
    old, new = in_order(one, another)
    states = {each.id: _state(each.id, archive.catalogue) for each in (old, new)}
    languages = [
        each
        for each in _languages(archive.catalogue, old.id, states[old.id])
        if each in _languages(archive.catalogue, new.id, states[new.id])
    ]
    if not languages or (language and language not in languages):
        raise NotComparable(
            gettext("These two documents have no text in the same language."),
            gettext("Choose another document, or the edition in the other language."),
        )
    chosen = language or languages[0]
    compared = _comparison(archive.catalogue, old.id, states[old.id], new.id, states[new.id], chosen)
    return Versions(old, new, languages, compared)


def suggestions(document: Document, archive: Archive) -> Sequence[OtherEdition]:
    """The documents that may be other editions of one, without those that may not be seen."""
    state = _state(document.id, archive.catalogue)
    languages = _languages(archive.catalogue, document.id, state)
    language = document.language if document.language in languages else next(iter(languages), None)
    if language is None:
        return ()
    return _suggestions(archive.catalogue, archive.engine(), document.id, state, language, archive.state())


def labels_of(document: Document, archive: Archive) -> Sequence[str]:
    """What is printed on each page of a document."""
    return _labels(archive.catalogue, document.id, _state(document.id, archive.catalogue))


def _state(document: str, catalogue: Catalogue) -> int:
    """Names the state of a document: its newest event."""
    return next((event.id for event in catalogue.events(document, limit=1)), 0)


def _pages(catalogue: Catalogue, document: str) -> list[Page]:
    pages = []
    for page in catalogue.pages(document):
        if page.number > MOST_PAGES:
            break
        pages.append(page)
    return pages


@lru_cache(maxsize=_SUGGESTIONS_KEPT)
def _languages(catalogue: Catalogue, document: str, _state: int) -> tuple[Language, ...]:
    return own_languages(_pages(catalogue, document))


@lru_cache(maxsize=_SUGGESTIONS_KEPT)
def _labels(catalogue: Catalogue, document: str, _state: int) -> list[str]:
    return catalogue.page_labels(document)


@lru_cache(maxsize=_EDITIONS_KEPT)
def _edition(catalogue: Catalogue, document: str, _state: int, language: Language) -> Edition:
    return read_edition(_pages(catalogue, document), language)


@lru_cache(maxsize=_SUGGESTIONS_KEPT)
def _suggestions(
    catalogue: Catalogue, engine: Engine, document: str, state: int, language: Language, _archive_state: int
) -> Sequence[OtherEdition]:
    """What was kept is not used after any change of the archive: another document may be an edition now."""
    edition = _edition(catalogue, document, state, language)
    return suggest(catalogue.document(document), language, edition, catalogue, engine)


@lru_cache(maxsize=_COMPARISONS_KEPT)
def _comparison(
    catalogue: Catalogue, old: str, old_state: int, new: str, new_state: int, language: Language
) -> Comparison:
    """What was kept is not used after a change of one of the documents."""
    return compare(
        _edition(catalogue, old, old_state, language), _edition(catalogue, new, new_state, language)
    )
