"""Reads a request for a page of a document with the same passages in another language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from urllib.parse import quote_plus

from archive.languages import Language
from archive.records import Document, Page
from index.engine.contract import Engine
from index.query.parser import Query, parse
from index.text.text_units import TextUnit
from index.translations.counterparts import Counterparts, counterparts
from index.translations.translated_documents import TextKey
from search_app.document.marks import Span, matches_on, spans_by_block
from search_app.document.page_strip import matching_pages
from search_app.document.word_links import (
    Passage,
    handed_on,
    link_parameters,
    linked_passages,
    passages_with,
    spans_of,
)
from search_app.library import Library
from search_app.translations.chosen_texts import SideBySide, TextSide, read_pair
from search_app.translations.translation_rows import Sureness, TranslationRow, beads_of_page, pages_of, rows
from search_app.web.parameters import BESIDE, PASSAGE, SOURCE, SUM, TARGET, WORDS, Arguments, Parameter, Q

PARAMETERS: tuple[Parameter, ...] = (Q, PASSAGE, WORDS, SUM, SOURCE, TARGET, BESIDE)

_MARKED = 3
"""Most candidates for the translation of the searched words that are marked."""

_MOST_REPEATED = 30_000
"""Most bytes of a page for the query in the links to its rows."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A page and the passages next to it."""

    document: Document
    page: Page
    query: Query
    words_link: Mapping[str, str]
    """The parameters of a link to words of the page, which are marked instead of matches."""
    places: Sequence[Passage]
    """The places of these words."""
    languages: Sequence[Language]
    """The languages of the document; empty if its text is unknown."""
    pair: SideBySide | None
    """The two texts; None if the text of the document is unknown."""
    share: float = 0.0
    """Share of both texts in passages that likely translate each other, 0 to 1."""
    rows: Sequence[TranslationRow] = ()
    found: Counterparts | None = None
    """How the two texts translate what is searched; the candidates are marked on the right."""
    matching_pages: Sequence[int] = ()

    @property
    def state(self) -> dict[str, Any]:
        """The parameters of the address of this view, besides document and page."""
        return self.state_on(self.page.number)

    @property
    def words_link_in_rows(self) -> Mapping[str, Any]:
        """The parameters that the address of each row repeats; none if the page would become too large."""
        words_link = {"q": self.query.text or None, **self.words_link}
        size = sum(len(quote_plus(value)) for value in words_link.values() if value)
        return words_link if size * len(self.rows) <= _MOST_REPEATED else {}

    def state_on(self, number: int) -> dict[str, Any]:
        """The parameters of the address of the same view of another page."""
        texts = self.pair.address_values if self.pair else {}
        words = handed_on(self.words_link, self.places, self.page.number, number)
        return {"q": self.query.text or None, **words, **texts}

    @property
    def matches(self) -> Sequence[int]:
        """The numbers of the marks on the page, as on the view of that page alone."""
        marks = [mark for row in self.rows for block in row.left for mark in block.marks]
        return sorted({mark.span.number for mark in marks if mark.span})

    @property
    def right_pages(self) -> Sequence[int]:
        """The pages of the other document that are shown next to the page."""
        return sorted(pages_of(block for row in self.rows if row.left for block in row.right))

    def count(self, sureness: Sureness) -> int:
        """How many rows have this sureness."""
        return sum(row.sureness == sureness for row in self.rows)

    def first(self, sureness: Sureness) -> str:
        """The name of the first row with this sureness."""
        return next(row.name for row in self.rows if row.sureness == sureness)


def read_spread(
    library: Library, identifier: str, number: int, arguments: Arguments, reader: Language
) -> Spread:
    """Show a page next to its translation, as the parameters of a request say.

    Args:
        reader: the language that is preferred on the right.

    Raises:
        DocumentNotFound, Withdrawn, PageNotFound: there is no such document or page for readers.
        WrongParameter: a parameter cannot be used.
        Busy: too many requests do heavy work.
    """
    document = library.document(identifier)
    page = library.catalogue.page(document.id, number)
    marks = _requested_marks(library, document, page, arguments)
    pair = read_pair(library, document, arguments, reader, page, marks.here)
    spread = Spread(
        document=document,
        page=page,
        query=marks.query,
        words_link=marks.words_link,
        places=marks.places,
        languages=library.translations.languages(document.id),
        pair=pair,
    )
    if pair is None or pair.right is None:
        return spread
    return _with_rows(spread, pair.left, pair.right, marks, library)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a request asks to mark: the words of a link, or else the matches of a query."""

    engine: Engine
    query: Query
    words_link: Mapping[str, str]
    """The parameters of a link to words."""
    places: Sequence[Passage]
    """The places of these words."""
    here: Mapping[Language, Sequence[Span]]
    """The marks on the requested page."""


def _requested_marks(library: Library, document: Document, page: Page, arguments: Arguments) -> _Marks:
    engine = library.engine()
    query, words_link = parse(Q.read(arguments).strip()), link_parameters(arguments)
    places = linked_passages(arguments, document.id, page, library.catalogue)
    here = spans_of(places) if words_link else matches_on(page, query, engine)
    return _Marks(engine, query, words_link, places, here)


def _marks_on(
    page: Page, spread: Spread, marks: _Marks, library: Library
) -> Mapping[Language, Sequence[Span]]:
    """What is marked on a page of the document of a spread."""
    if page.number == spread.page.number:
        return marks.here
    if marks.words_link:
        return _words_on(page, marks.places, spread.document, library)
    return matches_on(page, marks.query, marks.engine)


def _with_rows(spread: Spread, left: TextSide, right: TextSide, marks: _Marks, library: Library) -> Spread:
    """Add the rows of aligned passages to a spread."""
    number = spread.page.number
    texts = library.translations.aligned(left.key, right.key)
    found = None
    if spread.query.text and not spread.words_link:
        found = _counterparts(library, left.key, right.key, spread.query, marks.engine)
    beads = beads_of_page(texts, number)
    left_pages = _pages(library, left, (texts.left.units[unit] for bead in beads for unit in bead.left))
    right_pages = _pages(library, right, (texts.right.units[unit] for bead in beads for unit in bead.right))
    spans = {
        page.number: spans_by_block(page, _marks_on(page, spread, marks, library))
        for page in {**left_pages, number: spread.page}.values()
    }
    only = left.language if len(spread.languages) > 1 else None
    return replace(
        spread,
        share=texts.share,
        rows=rows(
            texts,
            beads,
            spans=spans,
            page=number,
            counterparts=[candidate.stems for candidate in found.candidates] if found else [],
            left_pages=left_pages,
            right_pages=right_pages,
        ),
        found=found,
        matching_pages=matching_pages(spread.document, spread.query, marks.engine, library, only)
        if found
        else (),
    )


def _pages(library: Library, side: TextSide, units: Iterable[TextUnit]) -> dict[int, Page]:
    """The pages of units of a document, by number, as far as they still exist."""
    numbers = {page for unit in units for page in unit.pages if page <= side.document.pages}
    return {number: library.catalogue.page(side.document.id, number) for number in sorted(numbers)}


def _counterparts(
    library: Library, left: TextKey, right: TextKey, query: Query, engine: Engine
) -> Counterparts:
    """How two texts translate the searched words; cached, because readers go from page to page."""
    states = library.catalogue.state(left.document), library.catalogue.state(right.document)
    return library.findings.counterparts.get(
        (left, right, states, query, engine.generation()),
        lambda: counterparts([library.translations.sentences(left, right)], query, engine, _MARKED),
    )


def _words_on(
    page: Page, places: Sequence[Passage], document: Document, library: Library
) -> dict[Language, list[Span]]:
    """The spans of the words of a link on another page to which they continue."""
    passages = {place.text for place in places if place.first.number <= page.number <= place.last.number}
    found = [passages_with(passage, document.id, page, library.catalogue) for passage in passages]
    return spans_of(chain.from_iterable(found))
