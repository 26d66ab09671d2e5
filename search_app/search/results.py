"""One search, from the reader's words to everything that a results page shows.

The HTML page, the JSON API, the downloads and the command line all show a :class:`SearchPage`, so they cannot
disagree about what was found.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from time import perf_counter
from typing import NamedTuple, TypedDict

from archive.errors import PageNotFound
from archive.languages import LANGUAGES, Language
from archive.records import Box, Document, box_as_json
from index.engine.contract import Dimension, Engine, Filters, Hit, Result, SearchRequest, Sort
from index.query.explanation import notice_text, read_as
from index.query.forms import Forms
from index.query.parser import Everything, Prefix, Query, parse
from index.query.suggestion import did_you_mean
from index.text.analysis import fold, tokens
from index.text.excerpts import Fragment, boxes_of, excerpt
from search_app.document.marks import occurrence_anchor
from search_app.library import Library
from search_app.search.counted_forms import FormsJson, forms_as_json
from search_app.web.addresses import original_path, page_path

_PAGES_FOR_ACCENTS = 5
"""Pages that are read to see how a word is written."""

FEW = 5
"""With this many hits or fewer, another spelling is looked for."""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that matches, in the language in which it matches."""

    document: str
    title: str
    year: int | None
    plan: str | None
    language: Language
    page: int
    """Physical number, from 1."""
    page_label: str
    score: float
    excerpt: tuple[Fragment, ...]
    boxes: tuple[Box, ...]
    """Every match on the page, in PDF points; empty unless asked for."""
    url: str
    """Path of the page view, with the matches marked."""
    original_url: str
    """Path of the original, opened at this page."""


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document with its best matching pages."""

    document: Document
    pages: tuple[FoundPage, ...]
    total: int
    """How many of its pages match, those not in `pages` included; 0 when results are not grouped."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Everything that one page of results shows."""

    text: str
    """The query as it was read: at most 1,000 characters."""
    read_as: str
    """A sentence on how the query was read."""
    notices: tuple[str, ...]
    """Sentences on what was left out, such as terms beyond the cap."""
    suggestion: str | None
    """Another spelling that finds more."""
    forms: Sequence[Forms]
    """For each word of the query, the forms that were found, with their counts on all found pages."""
    filters: Filters
    """The filters of the form, without those inside the query text."""
    sort: Sort
    page: int
    per_page: int
    """Hits on a page; documents on a page when grouped."""
    total: int
    """Matching pages (one for each language of a page), exactly."""
    documents: int
    """Matching documents, exactly."""
    facets: Mapping[Dimension, Mapping[str, int]]
    """Counts for year, language, plan and kind, each with its own filter lifted."""
    hits: Sequence[FoundPage]
    """Best first; when grouped, those of the groups one after the other."""
    groups: Sequence[FoundDocument]
    """Documents with their pages; when not grouped, the pages that follow each other in one document."""
    is_grouped: bool
    took_ms: float

    @property
    def last_page(self) -> int:
        """Number of the last page of results; 1 when nothing was found."""
        found = self.documents if self.is_grouped else self.total
        return max(1, -(-found // self.per_page))


def search(
    library: Library,
    text: str,
    filters: Filters,
    *,
    sort: Sort = "relevance",
    page: int = 1,
    per_page: int = 10,
    offset: int = 0,
    grouped: bool = False,
    boxes: bool = False,
    ui_language: Language | None = None,
) -> SearchPage:
    """Search the archive and prepare what is shown of the results.

    Args:
        page: which page of the results, from 1.
        per_page: hits on a page; when grouped, documents on a page.
        offset: hits (or documents) left out before the first page.
        grouped: whether results are grouped by document, each with its best pages.
        boxes: whether to find where on the page the matches are drawn; it takes longer.
        ui_language: language of sentences and addresses; None: sentences in English, and each page's
            address in the language of its text.

    Raises:
        IndexMissing, IndexMismatch: there is no index, or it was built by other rules.
    """
    started = perf_counter()
    engine = library.engine()
    query = read_query(text, filters)
    hidden = library.left_out(engine)
    result = engine.search(
        SearchRequest(
            query,
            filters,
            sort=sort,
            offset=offset + (page - 1) * per_page,
            limit=per_page,
            left_out=hidden,
            grouped=grouped,
            with_forms=True,
        )
    )
    reader = HitReader(library, engine, query, ui_language, boxes=boxes)
    hits = reader.read(result.hits)
    language = ui_language or "en"
    return SearchPage(
        text=query.text,
        read_as=read_as(query, language),
        notices=tuple(notice_text(notice, language) for notice in query.notices),
        suggestion=_suggestion(query, library, engine, hidden) if result.total <= FEW else None,
        forms=result.forms,
        filters=filters,
        sort=sort,
        page=page,
        per_page=per_page,
        total=result.total,
        documents=result.documents,
        facets=result.facets,
        hits=hits,
        groups=_groups(result, hits, reader.document) if grouped else _runs(hits, reader.document),
        is_grouped=grouped,
        took_ms=round((perf_counter() - started) * 1000, 1),
    )


def read_query(text: str, filters: Filters) -> Query:
    """Parse a query for the languages that the filters allow; without words it matches everything."""
    query = parse(text, [language for language in LANGUAGES if language in (filters.languages or LANGUAGES)])
    if not query.text.strip() and filters != Filters():
        return replace(query, tree=Everything())
    return query


def counted(engine: Engine, query: Query, filters: Filters, hidden: frozenset[str]) -> Result:
    """How many pages match, and the forms of the query's words on them; none of the pages.

    Args:
        hidden: the revisions that are left out.
    """
    return engine.search(SearchRequest(query, filters, limit=0, left_out=hidden, with_forms=True))


def _suggestion(query: Query, library: Library, engine: Engine, hidden: frozenset[str]) -> str | None:
    """Another spelling of the query, with the accents that its words have in the archive."""

    def as_written(word: str) -> str:
        holding = engine.search(
            SearchRequest(Query("", Prefix(word)), limit=_PAGES_FOR_ACCENTS, left_out=hidden)
        )
        pages = [(hit.document, hit.page, hit.language) for hit in holding.hits]
        texts = chain.from_iterable(library.catalogue.block_texts(pages))
        found = Counter(token.text for text in texts for token in tokens(text) if fold(token.text) == word)
        return found.most_common(1)[0][0] if found else word

    return did_you_mean(query, lambda word, typos: engine.spellings(word, hidden, typos), as_written)


class EntryJson(TypedDict):
    """A page, in one language."""

    document: str
    title: str
    year: int | None
    plan: str | None
    language: Language
    page: int
    page_label: str
    url: str
    original_url: str


class _Place(NamedTuple):
    """The page of a hit, as programs get it."""

    hit: Hit
    as_json: EntryJson


class HitReader:
    """Reads what is shown of hits: their documents, labels, snippets and, if asked for, boxes."""

    def __init__(
        self,
        library: Library,
        engine: Engine,
        query: Query,
        ui_language: Language | None,
        *,
        boxes: bool = False,
    ) -> None:
        self._library = library
        self._catalogue = library.catalogue
        self._base_url = library.settings.base_url
        self._state = library.state()
        self._engine = engine
        self._query = query
        self._ui_language = ui_language
        self._boxes = boxes
        self._last: _Place | None = None

    def document(self, identifier: str) -> Document:
        """The document of a hit; kept, because searches show the same ones again and again."""
        return self._library.findings.documents.get(
            (identifier, self._state), lambda: self._catalogue.document(identifier)
        )

    def label(self, hit: Hit) -> str:
        """The printed label of the page of a hit."""
        return self._library.page_labels(hit.document, self._state).label(hit.page)

    def path(self, hit: Hit, occurrence: int | None = None) -> str:
        """The path of the page view, with the matches marked, and of one of them where it is named."""
        path = page_path(hit.document, hit.page, self._ui_language or hit.language, self._query.text)
        return f"{path}#{occurrence_anchor(hit.language, occurrence)}" if occurrence else path

    def place_as_json(self, hit: Hit, occurrence: int | None = None) -> EntryJson:
        """Where a hit is, or one of the matches on its page, as programs get it."""
        if self._last is None or self._last.hit is not hit:  # the matches on a page follow each other
            self._last = _Place(hit, self._page_as_json(hit))
        place = self._last.as_json
        if not occurrence:
            return place.copy()
        return {**place, "url": f"{place['url']}#{occurrence_anchor(hit.language, occurrence)}"}

    def _page_as_json(self, hit: Hit) -> EntryJson:
        document = self.document(hit.document)
        return {
            "document": document.id,
            "title": document.title,
            "year": document.year,
            "plan": document.plan,
            "language": hit.language,
            "page": hit.page,
            "page_label": self.label(hit),
            "url": self._base_url + self.path(hit),
            "original_url": self._base_url + original_path(hit.document, hit.page),
        }

    def read(self, hits: Sequence[Hit]) -> list[FoundPage]:
        """What is shown of `hits`, in the same order."""
        keys = [(hit.document, hit.page, hit.language) for hit in hits]
        texts = self._catalogue.block_texts(keys)
        return [self._page(hit, blocks) for hit, blocks in zip(hits, texts, strict=True)]

    def _page(self, hit: Hit, blocks: Sequence[str]) -> FoundPage:
        document = self.document(hit.document)
        text = "\n".join(blocks)
        spans = self._engine.matches(self._query, hit.language, text)
        return FoundPage(
            document=document.id,
            title=document.title,
            year=document.year,
            plan=document.plan,
            language=hit.language,
            page=hit.page,
            page_label=self.label(hit),
            score=hit.score,
            excerpt=tuple(excerpt(text, spans)),
            boxes=self._boxes_of(hit, spans) if self._boxes else (),
            url=self.path(hit),
            original_url=original_path(hit.document, hit.page),
        )

    def _boxes_of(self, hit: Hit, spans: Sequence[tuple[int, int]]) -> tuple[Box, ...]:
        try:
            page = self._catalogue.page(hit.document, hit.page)
        except PageNotFound:
            return ()
        blocks = [block for block in page.blocks if block.language == hit.language]
        return tuple(boxes_of(blocks, spans))


def _groups(
    result: Result, hits: Iterable[FoundPage], document: Callable[[str], Document]
) -> list[FoundDocument]:
    """The found pages in their groups; the hits of a grouped result are those of its groups, in order."""
    rest = iter(hits)
    return [
        FoundDocument(document(group.document), tuple(next(rest) for _ in group.hits), group.total)
        for group in result.groups
    ]


def _runs(hits: Iterable[FoundPage], document: Callable[[str], Document]) -> list[FoundDocument]:
    return [
        FoundDocument(document(identifier), tuple(pages), total=0)
        for identifier, pages in groupby(hits, lambda hit: hit.document)
    ]


class QueryJson(TypedDict):
    """How the query was read, and the forms of its words on all pages that match."""

    text: str
    read_as: str
    notices: list[str]
    forms: list[FormsJson]


class FragmentJson(TypedDict):
    """A piece of a snippet; marked where it matched."""

    text: str
    mark: bool


class HitJson(TypedDict):
    """A page that matches."""

    document: str
    title: str
    year: int | None
    plan: str | None
    language: Language
    page: int
    page_label: str
    score: float
    snippet: list[FragmentJson]
    boxes: list[list[float]]
    url: str
    original_url: str


class SearchJson(TypedDict):
    """A page of search results."""

    query: QueryJson
    total: int
    documents: int
    facets: dict[str, dict[str, int]]
    hits: list[HitJson]
    took_ms: float


def as_json(page: SearchPage, base_url: str) -> SearchJson:
    """A page of results as JSON for the API and the command line; addresses begin with `base_url`."""
    return {
        "query": {
            "text": page.text,
            "read_as": page.read_as,
            "notices": list(page.notices),
            "forms": [forms_as_json(each) for each in page.forms],
        },
        "total": page.total,
        "documents": page.documents,
        "facets": {dimension: dict(counts) for dimension, counts in page.facets.items()},
        "hits": [hit_as_json(hit, base_url) for hit in page.hits],
        "took_ms": page.took_ms,
    }


def hit_as_json(hit: FoundPage, base_url: str) -> HitJson:
    """A page that matches, as JSON."""
    return {
        "document": hit.document,
        "title": hit.title,
        "year": hit.year,
        "plan": hit.plan,
        "language": hit.language,
        "page": hit.page,
        "page_label": hit.page_label,
        "score": round(hit.score, 4),
        "snippet": [{"text": piece.text, "mark": piece.mark} for piece in hit.excerpt],
        "boxes": [box_as_json(box) for box in hit.boxes],
        "url": base_url + hit.url,
        "original_url": base_url + hit.original_url,
    }
