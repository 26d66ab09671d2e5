"""The concordance: every occurrence of what a query asks for, in its context (key word in context, KWIC).

The search finds the pages; this finds each place on them (Luhn, American Documentation 11, 1960). A
concordance is complete or is refused: one that leaves lines out proves nothing.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Literal, overload

from archive.catalogue.catalogue import Catalogue
from archive.errors import UsageError
from archive.languages import Language
from index.engine.contract import CountedForms, Engine, Filters, Hit
from index.engine.left_out import left_out
from index.query.forms import forms_of
from index.query.parser import Query
from index.text.analysis import fold, tokens
from index.text.excerpts import in_one_line, with_rows

Order = Literal["year", "document", "left", "right"]
"""`year`: oldest first, undated last; `document`: by title; `left` and `right`: by the words before, nearest
first, or after. Equals stand by year, document, page and place on the page."""

CONTEXT = 90
"""Characters, at most, that are shown before and after an occurrence."""

MOST_OCCURRENCES = 100_000
"""Those that are looked for: the lines of a concordance are held in memory to be sorted, and readers wait."""

_PAGES_AT_ONCE = 200
"""Pages whose texts are in memory at once."""

_WORDS_SORTED_BY = 6
"""Words of the context that the order goes by."""

_SPACE = re.compile(r"\s+")


class TooManyOccurrences(UsageError):
    """The query occurs so often that not all places can be found, held and sorted in time."""

    code = "too-many-occurrences"
    default_hint = (
        "Ask for a rarer word or a phrase, or narrow the search by year, language, plan or document."
    )


@dataclass(frozen=True, slots=True)
class PageOccurrences:
    """The occurrences of a query on one page in one language."""

    hit: Hit
    text: str
    """The page's blocks in this language, joined by line feeds, as the index holds them."""
    spans: Sequence[tuple[int, int]]
    """Start and end of each occurrence in `text`, in order, never overlapping."""
    breaks: Sequence[int]
    """Where blocks end in `text`, in order."""


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """An occurrence in its context: three parts that join as on the page, white space as in an excerpt."""

    hit: Hit
    left: str
    keyword: str
    right: str
    number: int
    """Of the occurrence among those of its language on the page, from 1."""
    quotable: str
    """The line as far as its block goes: words that follow each other on the page and can be cited."""


@dataclass(frozen=True, slots=True)
class Concordance:
    """All lines, in order."""

    lines: Sequence[ConcordanceLine]
    pages: int
    """Pages, in a language, that the lines stand on."""
    documents: int
    generation: str
    """Names the state of the index that the lines are of."""


def occurrences(
    engine: Engine, catalogue: Catalogue, query: Query, filters: Filters
) -> Iterator[PageOccurrences]:
    """Every occurrence on every matching page, by document, page and language; found while they are read.

    A page that matches without an occurrence, for example by its title, is left out.

    Raises:
        TooManyOccurrences: there are more than a concordance may have; while the pages are read.
    """
    hits = engine.walk(query, filters, left_out(engine, catalogue))
    count = 0
    while some := list(islice(hits, _PAGES_AT_ONCE)):
        texts = catalogue.block_texts([(hit.document, hit.page, hit.language) for hit in some])
        for hit, blocks in zip(some, texts, strict=True):
            text = "\n".join(blocks)
            if spans := engine.matches(query, hit.language, text):
                count += len(spans)
                _refuse_too_many(count)
                breaks = list(accumulate(len(block) + 1 for block in blocks))
                yield PageOccurrences(hit, text, spans, breaks)


def _refuse_too_many(count: int) -> None:
    if count > MOST_OCCURRENCES:
        raise TooManyOccurrences(f"This occurs more than {MOST_OCCURRENCES:,} times.")


def count_occurrences(engine: Engine, catalogue: Catalogue, query: Query, filters: Filters) -> CountedForms:
    """Count the lines of a concordance by document, language and form; texts are read only if the index is
    not enough.

    Raises:
        TooManyOccurrences: there are more than a concordance may have.
    """
    counted = engine.counted_forms(query, filters, left_out(engine, catalogue))
    if counted is not None:
        _refuse_too_many(counted.total)
        return counted
    by_text: dict[tuple[str, Language], Counter[str]] = {}
    for page in occurrences(engine, catalogue, query, filters):
        texts = (page.text[start:end] for start, end in page.spans)
        forms = by_text.setdefault((page.hit.document, page.hit.language), Counter())
        forms.update(forms_of(texts, query.tree))
    return CountedForms(by_text, engine.generation())


def concordance(
    engine: Engine, catalogue: Catalogue, query: Query, filters: Filters, order: Order
) -> Concordance:
    """Collect and sort all lines.

    Raises:
        TooManyOccurrences: there are more than can be held.
    """
    pages = list(occurrences(engine, catalogue, query, filters))
    documents = catalogue.documents_by_id({page.hit.document for page in pages})
    pages.sort(key=lambda page: _by_year(page.hit, documents[page.hit.document].year))
    if order == "document":
        titles = {document.id: fold(document.title.lower()) for document in documents.values()}
        pages.sort(key=lambda page: (titles[page.hit.document], page.hit.document))
    lines: Sequence[ConcordanceLine] = _Lines(pages)
    if order in ("left", "right"):
        lines = sorted(lines, key=_key(order))
    return Concordance(lines, len(pages), len(documents), engine.generation())


def _by_year(hit: Hit, year: int | None) -> tuple[object, ...]:
    """What pages are sorted by, undated ones last."""
    return year is None, year or 0, hit.document, hit.page, hit.language


class _Lines(Sequence[ConcordanceLine]):
    """The lines of some pages, each cut out of its page when it is asked for: a reader sees few of them."""

    def __init__(self, pages: Sequence[PageOccurrences]) -> None:
        self._pages = pages
        self._ends = list(accumulate(len(page.spans) for page in pages))
        """For each page the number of the lines up to its end."""

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[ConcordanceLine]:
        for page in self._pages:
            text = with_rows(page.text)
            for number, span in enumerate(page.spans, 1):
                yield _line(page, text, number, span)

    @overload
    def __getitem__(self, place: int) -> ConcordanceLine: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[ConcordanceLine]: ...

    def __getitem__(self, place: int | slice) -> ConcordanceLine | Sequence[ConcordanceLine]:
        if isinstance(place, slice):
            return [self._at(each) for each in range(*place.indices(len(self)))]
        return self._at(range(len(self))[place])

    def _at(self, place: int) -> ConcordanceLine:
        page = self._pages[number := bisect_right(self._ends, place)]
        before = self._ends[number - 1] if number else 0
        return _line(page, with_rows(page.text), place - before + 1, page.spans[place - before])


def _key(order: Order) -> Callable[[ConcordanceLine], tuple[str, ...]]:
    """What lines are sorted by that are sorted by their context."""
    if order == "left":
        return lambda line: _words(line.left)[: -_WORDS_SORTED_BY - 1 : -1]
    return lambda line: _words(line.right)[:_WORDS_SORTED_BY]


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(token.text) for token in tokens(text))


def _line(found: PageOccurrences, text: str, number: int, span: tuple[int, int]) -> ConcordanceLine:
    start, end = span
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    # Words are not cut: what is left of one at the edge goes.
    if start > CONTEXT and not text[start - CONTEXT - 1].isspace():
        before = "".join(_SPACE.split(before, maxsplit=1)[1:])
    if end + CONTEXT < len(text) and not text[end + CONTEXT].isspace():
        after = after.rstrip() if after[-1].isspace() else "".join(after.rsplit(maxsplit=1)[:-1])
    block = bisect_right(found.breaks, start)
    first = found.breaks[block - 1] if block else 0
    last = found.breaks[block] if block < len(found.breaks) else len(text)
    quotable = before[max(0, first - start + len(before)) :] + text[start:end] + after[: max(0, last - end)]
    return ConcordanceLine(
        found.hit,
        in_one_line(before).lstrip(),
        in_one_line(text[start:end]),
        in_one_line(after).rstrip(),
        number,
        " ".join(quotable.split()),
    )
