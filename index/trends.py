"""How often a term occurs, by year or by plan: occurrences per 10,000 words of its own language.

A term is counted in one language only, against the words of that language, so that a Dutch and a French term
can stand in one picture: `werkgelegenheid` against the Dutch words of a year, `emploi` against the French.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archive.catalogue import Catalogue
from archive.languages import LANGUAGES, Language
from archive.records import Document
from index.concordance import occurrences
from index.engine import Engine, Filters
from index.forms import Forms, as_forms, as_written, word_asked
from index.query import parse, without_compounds

Scale = Literal["year", "plan"]
"""What the frequencies are given by."""

PER = 10_000
"""Words that a frequency is given for."""


@dataclass(frozen=True, slots=True)
class Point:
    """A term in one year or plan."""

    place: str
    """The year, or the slug of the plan."""
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
    """A term through the years or plans."""

    term: str
    """The query as it was read."""
    language: Language | None
    """The language that it is counted in; None where it occurs in none."""
    points: Sequence[Point]
    """Only where there are words of the language: elsewhere nothing can be said, which is not zero."""
    generation: str
    """Names the state of the index that was counted in."""
    forms: Forms
    """Everything that was counted, in all points together."""
    query: str
    """The query for the occurrences that were counted: the term, and whether its compounds count."""

    @property
    def count(self) -> int:
        return sum(point.count for point in self.points)

    @property
    def words(self) -> int:
        return sum(point.words for point in self.points)


def trend(
    engine: Engine,
    catalogue: Catalogue,
    held: Sequence[Document],
    text: str,
    language: Language | None,
    filters: Filters,
    scale: Scale,
    *,
    with_compounds: bool = False,
) -> Trend:
    """Count a term.

    Args:
        held: all documents that readers see.
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
    asked = parse(text, allowed)
    query = asked if with_compounds else without_compounds(asked)
    written = Filters(query.filters.years, plans=query.filters.plans)
    whole = replace(filters, languages=frozenset())  # of texts: `allowed` says which
    documents = {
        document.id: document
        for document in held
        if whole.let_through(document) and written.let_through(document)
    }
    found = occurrences(engine, catalogue, query, replace(filters, languages=frozenset(allowed)))
    words = {
        (identifier, each): count
        for (identifier, each), count in engine.words(catalogue.hidden_documents()).items()
        if identifier in documents and each in allowed
    }
    counts: Counter[tuple[str, Language]] = Counter()
    forms: dict[Language, Counter[str]] = {each: Counter() for each in allowed}
    for page in found.pages:
        counts[page.hit.document, page.hit.language] += len(page.spans)
        document = documents.get(page.hit.document)
        if document and _place(document, scale) is not None:
            forms[page.hit.language].update(as_written(page.text[start:end] for start, end in page.spans))
    chosen = language or _commonest(counts)
    points = _points(documents, words, counts, chosen, scale) if chosen else ()
    counted = as_forms(word_asked(query.tree), forms[chosen] if chosen else {})
    linked = asked if with_compounds or not chosen else without_compounds(asked, [chosen])
    return Trend(asked.text, chosen, points, found.generation, counted, linked.text)


def _place(document: Document, scale: Scale) -> str | int | None:
    return document.plan if scale == "plan" else document.year


def _commonest(counts: Mapping[tuple[str, Language], int]) -> Language | None:
    """The language in which the term occurs most often."""
    amounts: Counter[Language] = Counter()
    for (_document, language), count in counts.items():
        amounts[language] += count
    return amounts.most_common(1)[0][0] if amounts else None


def _points(
    documents: Mapping[str, Document],
    words: Mapping[tuple[str, Language], int],
    counts: Mapping[tuple[str, Language], int],
    language: Language,
    scale: Scale,
) -> list[Point]:
    amounts: Counter[str] = Counter()
    occurring: Counter[str] = Counter()
    for identifier, document in documents.items():
        place = _place(document, scale)
        if place is not None:
            amounts[str(place)] += words.get((identifier, language), 0)
            occurring[str(place)] += counts.get((identifier, language), 0)
    return [Point(place, occurring[place], amount) for place, amount in sorted(amounts.items()) if amount]
