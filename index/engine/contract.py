"""The contract between the archive's search and the engine that carries it out.

The unit of search is a page in one language: an :class:`Entry`. An engine takes entries in, and answers a
:class:`~index.query.tree.Query`, our own tree, with a :class:`Result`. Nothing here knows which engine is
used. Every engine must pass one suite, tests/index/engine/test_contract.py.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from archive.languages import Language
from archive.records import Document, Kind
from index.query.forms import Forms
from index.query.tree import NONE, Query, Years, is_within

Sort = Literal["relevance", "date"]
"""`relevance`: best score first. `date`: newest year first, undated last, best score first in a year.
Equals are ordered by document, page and language, so that no order depends on chance."""

Dimension = Literal["year", "language", "plan", "kind"]
"""What results can be counted and narrowed by."""

CountedBy = Literal["document", "year", "language", "plan", "kind"]
"""What hits can be counted by."""

DIMENSIONS: tuple[Dimension, ...] = ("year", "language", "plan", "kind")

WalkOrder = Literal["document", "relevance", "date"]
"""`document`: by document, page and language. The others as in :data:`Sort`."""

MOST_HITS = 1_000
"""Hits, or documents of a grouped search, that one search hands out. :meth:`Engine.walk` gives all."""

MOST_SPELLINGS = 1_000
"""Words that :meth:`Engine.spellings` gives."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in one language, as it goes into the index."""

    document: str
    page: int
    """Physical number, from 1."""
    label: str
    """The number as printed."""
    language: Language
    year: int | None
    plan: str | None
    kind: Kind
    title: str
    """Of the document."""
    headings: str
    """The page's headings in this language; they stand in `text` as well and weigh more."""
    text: str
    """The page's blocks in this language, in reading order, joined by line feeds."""
    revision: str
    """Names the document and what the catalogue said of it when the entry was made: `document:revision`. What
    readers may not see is left out by it."""


def document_of(revision: str) -> str:
    """The document of a revision."""
    return revision.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters that the reader chose; an empty set does not filter."""

    years: Years | None = None
    """:data:`UNDATED` for documents without a year."""
    languages: frozenset[Language] = frozenset()
    plans: frozenset[str] = frozenset()
    """Slugs; :data:`NONE` for documents without a plan."""
    kinds: frozenset[Kind] = frozenset()
    documents: frozenset[str] = frozenset()

    def let_through(self, document: Document) -> bool:
        """Whether a document may have pages within these filters: by all that is known of it as a whole, the
        languages of its texts included."""
        return (
            (not self.years or is_within(document.year, self.years))
            and (not self.languages or not self.languages.isdisjoint(document.languages))
            and (not self.plans or (document.plan or NONE) in self.plans)
            and (not self.kinds or document.kind in self.kinds)
            and (not self.documents or document.id in self.documents)
        )


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked of an engine: which entries, in which order, and how many of them are handed out."""

    query: Query
    filters: Filters = Filters()
    """They hold beside the filters written in the query's text."""
    sort: Sort = "relevance"
    offset: int = 0
    """Hits left out before the first; documents in a grouped search."""
    limit: int = 10
    """Hits at most; documents in a grouped search. 0 asks for counts alone."""
    left_out: frozenset[str] = frozenset()
    """Revisions that are left out of everything, counts included; see :attr:`Entry.revision`."""
    grouped: bool = False
    """Whether hits are grouped by document, in the order of their best hits."""
    hits_per_group: int = 3
    """Best hits of each document in a grouped search."""
    with_forms: bool = False
    """Whether the forms that occur are counted, see :attr:`Result.forms`; it takes longer."""

    def __post_init__(self) -> None:
        if not 0 <= self.limit <= MOST_HITS:
            raise ValueError(f"A search gives 0 to {MOST_HITS:,} hits, not {self.limit:,}; a walk gives all.")
        if self.offset < 0:
            raise ValueError(f"A search cannot leave out {self.offset:,} hits.")


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that matched."""

    document: str
    page: int
    language: Language
    score: float
    """Only to be compared with the scores of the same search."""


@dataclass(frozen=True, slots=True)
class DocumentHits:
    """The hits in one document."""

    document: str
    hits: tuple[Hit, ...]
    """The best few."""
    total: int
    """All of them."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found. All counts are exact."""

    total: int
    """Entries that matched."""
    documents: int
    """Documents that they belong to."""
    facets: Mapping[Dimension, Mapping[str, int]]
    """For each dimension, how many entries each choice would give, were it the only choice made in that
    dimension: the filter of the dimension itself is lifted, all others hold (and so do filters written
    in the query's text). Only choices that give something; :data:`NONE` counts what has no year or plan."""
    hits: tuple[Hit, ...]
    """The entries asked for by offset and limit; in a grouped search all hits of `groups`, in order."""
    generation: str
    """Names the committed state that was searched, as :meth:`Engine.generation` does; the engine may have
    gone on since."""
    groups: tuple[DocumentHits, ...] = ()
    """Only in a grouped search."""
    forms: tuple[Forms, ...] = ()
    """Only where asked for: of each word, or beginning of a word, that the query asks for the forms that
    occur on the matching entries. What stands under a `Not` or a `Title` has none."""


@dataclass(frozen=True, slots=True)
class CountedForms:
    """How often the words of a query occur in each document, in each of its languages."""

    by_text: Mapping[tuple[str, Language], Mapping[str, int]]
    """For a document and a language the forms that occur (:func:`index.query.forms.forms_of`), and
    how often each does; nothing of texts in which none does."""
    generation: str
    """Names the committed state that was counted in."""

    @property
    def total(self) -> int:
        """All occurrences."""
        return sum(sum(forms.values()) for forms in self.by_text.values())


@dataclass(frozen=True, slots=True)
class WordTotal:
    """How much of a document is in one language."""

    document: str
    language: Language
    words: int
    """With a letter in them; numbers are none."""
    most_on_a_page: int
    """Words on the page that has most of them."""


class Engine(Protocol):
    """Answers questions on a committed state of the index.

    May be used by several threads at once, while another process writes. No answer grows with the pages of
    the archive: it has a fixed limit, is about what was asked or counts by document, or it is a stream.
    """

    def search(self, request: SearchRequest) -> Result:
        """Find the entries that match the tree of the request's query, its own filters and the request's.

        What the nodes ask of an entry: `Term`, a word with the same stem in the entry's language (in Dutch
        and German in a longer compound too, unless it says otherwise), where stop words of that language
        next to other words ask nothing; `Phrase`, these very words in a row, accents and stop words
        included; `Near`, these very words within the distance; `Prefix` and `Fuzzy`, a word by its letters,
        accents aside; `Title`, the same of the document's title.
        """

    def walk(
        self, query: Query, filters: Filters, left_out: frozenset[str], order: WalkOrder = "document"
    ) -> Iterator[Hit]:
        """All entries that match, as a stream. It keeps to the state in which it began."""

    def count_by(
        self, query: Query, filters: Filters, left_out: frozenset[str], by: CountedBy
    ) -> Mapping[str, int]:
        """How many entries match in each document, year, language, plan or kind that has any; all filters
        hold. :data:`NONE` counts what has no year or plan."""

    def matches(self, query: Query, language: Language, text: str) -> list[tuple[int, int]]:
        """The spans (start, end) of `text` that made an entry in `language` match, in order.

        They never overlap. A phrase is one span and counts only as a whole. Nodes under a `Not` or a `Title`
        mark nothing.
        """

    def counted_forms(self, query: Query, filters: Filters, left_out: frozenset[str]) -> CountedForms | None:
        """How often a query occurs, without reading the texts: the number of spans that :meth:`matches`
        marks in the texts of the matching entries.

        None if only the texts can tell: for phrases, words near each other and the like.
        """

    def counts(self, words: Collection[str]) -> Mapping[str, int]:
        """Of these words, folded, those that texts have, with the number of entries that contain each. For
        weighing words, not for readers: entries that were removed or are left out by others may count."""

    def spellings(
        self, word: str, left_out: frozenset[str], typos: Literal[0, 1, 2] = 1
    ) -> Mapping[str, int]:
        """The words of the texts that are at most so many typos away from a folded word, itself included;
        with two, only words that share a third of the letters with it; with none, the word alone.

        Each with the number of entries that contain it; an entry with two spellings that differ in accents
        counts twice. What no entry has that readers may see is left out. The commonest
        :data:`MOST_SPELLINGS`.
        """

    def word_totals(self, filters: Filters, left_out: frozenset[str]) -> Iterator[WordTotal]:
        """How many words each document has in each of its languages, as a stream by document and language;
        nothing where there are none."""

    def revisions(self) -> frozenset[str]:
        """The revisions that have entries, see :attr:`Entry.revision`: one or two of each document."""

    def generation(self) -> str:
        """The name of the committed state that answers; it changes with every commit."""


class LiveEngine(Engine, Protocol):
    """An engine that stays with one state until :meth:`refresh` looks for a newer one."""

    def refresh(self) -> None:
        """Use the newest committed state from now on; cheap if there is none."""

    def pinned(self) -> Engine:
        """An engine that stays with the present state whatever others refresh: for questions that belong
        together."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit does: all of it or, after a crash, nothing."""

    remove: frozenset[str] = frozenset()
    """Documents whose entries go."""
    add: Iterable[Entry] = field(default_factory=tuple)
    """Entries that come, after that; read once, as a stream."""


Seal = Callable[[Mapping[str, Path]], None]
"""Told where files stand that are about to get another name, by that name. All files of a commit are on disk
then, and nobody who opens the index sees them yet."""


class FileGuard(Protocol):
    """Knows the files that commits have written. No other file is opened, and none that has changed since."""

    def names(self) -> frozenset[str]:
        """The files that commits have written."""

    def check(self, name: str) -> None:
        """Check a file before it is opened.

        Raises:
            FileNotFoundError: it is not there, or no more.
            IndexDamaged: it is not as it was written.
        """


class Store(Protocol):
    """Where an engine keeps its index: a folder of files that are written once, with one writer at a time."""

    def commit(self, change: Change, seal: Seal = lambda arriving: None) -> int:
        """Carry out `change` so that it survives a power cut, and return the number of entries added."""

    def count(self) -> int:
        """The number of entries."""

    def engine(self) -> LiveEngine:
        """A searcher on the newest committed state."""
