"""How often does a term occur, by year or by plan? Occurrences per 10,000 words of its own language.

A term is counted in one language only, against the words of that language. So a Dutch and a French term can
share a chart: `werkgelegenheid` against the Dutch words of a year, `emploi` against the French.

Documents without a year (or plan) have a column of their own, so none is left out. A frequency needs a text:
a few French words in Dutch documents, such as names, are not the French texts of that year. If there are only
such words, occurrences are given without a frequency.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from archive.catalogue.catalogue import Catalogue
from archive.languages import LANGUAGES, Language
from archive.records import Document
from index.engine.contract import Engine, Filters, WordTotal
from index.engine.left_out import left_out
from index.occurrences.concordance import count_occurrences
from index.query.forms import Forms, query_forms
from index.query.parser import parse, without_compounds
from index.query.tree import NONE

Scale = Literal["year", "plan"]
"""What the frequencies are given by."""

PER = 10_000
"""Words that a frequency is given for; a word has a letter, numbers are none."""

LEAST_SHARE = 0.05
"""Of the words of a document, from which on it has a text in a language; or, where that is a passage of a
longer document:"""
LEAST_PASSAGE = 100
"""Words in the language on one page."""


@dataclass(frozen=True, slots=True)
class Point:
    """A term in one year or plan."""

    place: str
    """The year, or the slug of the plan; :data:`index.query.tree.NONE` for documents without one."""
    count: int
    """Occurrences: the lines of the concordance with the same filters."""
    words: int
    """Words of the term's language there."""

    @property
    def frequency(self) -> float:
        """Occurrences in 10,000 words."""
        return PER * self.count / self.words


@dataclass(frozen=True, slots=True)
class Trend:
    """A term over the years or plans."""

    term: str
    """The query as it was read."""
    language: Language | None
    """The language that it is counted in; None where it occurs in none."""
    points: Sequence[Point]
    """Only where there is a text in the language: elsewhere nothing can be said, which is not zero."""
    strays: Sequence[Point]
    """Occurrences where there is no text in the language, only some of its words."""
    generation: str
    """Names the state of the index that was counted in."""
    forms: Forms
    """Everything that was counted, in all points and strays together."""
    query: str
    """The query for the occurrences that were counted: the term, and whether its compounds count."""

    @property
    def count(self) -> int:
        """Occurrences in all points."""
        return sum(point.count for point in self.points)

    @property
    def stray_count(self) -> int:
        """Occurrences that are in no frequency."""
        return sum(point.count for point in self.strays)

    @property
    def words(self) -> int:
        return sum(point.words for point in self.points)


def trend(
    engine: Engine,
    catalogue: Catalogue,
    all_documents: Sequence[Document],
    text: str,
    language: Language | None,
    filters: Filters,
    scale: Scale,
    *,
    with_compounds: bool = False,
) -> Trend:
    """Count a term.

    Args:
        all_documents: all documents that readers see.
        text: a query of ours; filters in it hold.
        language: the language to count in; None: the one of those allowed in which it occurs most often.
        filters: what else holds.
        with_compounds: whether to count the compounds of words as well; the query itself may say otherwise.

    Raises:
        TooManyOccurrences: there are more than can be looked for.
    """
    allowed = [each for each in LANGUAGES if each in (filters.languages or LANGUAGES)]
    if language:
        allowed = [language]
    parsed = parse(text, allowed)
    query = parsed if with_compounds else without_compounds(parsed)
    written = Filters(query.filters.years, plans=query.filters.plans)
    whole = replace(filters, languages=frozenset())  # of texts: `allowed` says which
    documents = {
        document.id: document
        for document in all_documents
        if whole.let_through(document) and written.let_through(document)
    }
    found = count_occurrences(engine, catalogue, query, replace(filters, languages=frozenset(allowed)))
    totals = engine.word_totals(whole, left_out(engine, catalogue))
    counts = {text: sum(forms.values()) for text, forms in found.by_text.items()}
    forms: dict[Language, Counter[str]] = {each: Counter() for each in allowed}
    for (document, written_in), occurring in found.by_text.items():
        if document in documents:
            forms[written_in].update(occurring)
    chosen = language or _commonest(counts)
    points = _points(documents, totals, counts, chosen, scale) if chosen else {}
    counted = query_forms(parsed, forms[chosen] if chosen else {})
    linked = parsed if with_compounds or not chosen else without_compounds(parsed, [chosen])
    return Trend(
        parsed.text,
        chosen,
        tuple(point for point, has_text in points.items() if has_text),
        tuple(point for point, has_text in points.items() if point.count and not has_text),
        found.generation,
        counted,
        linked.text,
    )


def _commonest(counts: Mapping[tuple[str, Language], int]) -> Language | None:
    """The language in which the term occurs most often."""
    amounts: Counter[Language] = Counter()
    for (_document, language), count in counts.items():
        amounts[language] += count
    return amounts.most_common(1)[0][0] if amounts else None


def _points(
    documents: Mapping[str, Document],
    totals: Iterator[WordTotal],
    counts: Mapping[tuple[str, Language], int],
    language: Language,
    scale: Scale,
) -> dict[Point, bool]:
    """The points in order, documents without a place last; whether there is a text in the language."""
    words: Counter[str] = Counter()
    occurring: Counter[str] = Counter()
    with_text: set[str] = set()
    place_of: dict[str, str] = {}
    for identifier, document in documents.items():
        known = document.plan if scale == "plan" else document.year
        place_of[identifier] = place = NONE if known is None else str(known)
        occurring[place] += counts.get((identifier, language), 0)
    for identifier, of_document in groupby(totals, key=lambda each: each.document):
        sizes = {each.language: each for each in of_document}
        if identifier in place_of and language in sizes:
            words[place_of[identifier]] += sizes[language].words
            if is_text(sizes[language], sum(each.words for each in sizes.values())):
                with_text.add(place_of[identifier])
    places = sorted(occurring, key=lambda place: (place == NONE, place))
    return {Point(place, occurring[place], words[place]): place in with_text for place in places}


def is_text(size: WordTotal, words: int) -> bool:
    """Whether a document of so many `words` has a text in a language, not only some words of it."""
    return size.words >= LEAST_SHARE * words or size.most_on_a_page >= LEAST_PASSAGE
