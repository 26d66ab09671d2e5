"""Turns matching entries into a page of results: counts, facets, order, groups. Does not know Whoosh."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from archive.languages import LANGUAGES
from index.engine.contract import (
    DIMENSIONS,
    CountedBy,
    CountedForms,
    Dimension,
    DocumentHits,
    Filters,
    Hit,
    Result,
    SearchRequest,
    WalkOrder,
    WordTotal,
)
from index.engine.whoosh_index.evaluation import Evaluation
from index.engine.whoosh_index.form_counts import form_counts, forms_by_text
from index.engine.whoosh_index.segment import Columns, Mask
from index.engine.whoosh_index.snapshot import Snapshot
from index.query.tree import NONE, UNDATED, Everything, Query

Rows = NDArray[np.int64]
"""Entry numbers."""

RERANKED = 1_000
"""Entries, the best by their words alone, whose order depends on where these words stand as well."""


def search(snapshot: Snapshot, request: SearchRequest) -> Result:
    """Search one state of an index, see :meth:`index.engine.contract.Engine.search`."""
    evaluation = Evaluation(snapshot)
    matches = Matches(
        *(snapshot, evaluation, request.query, request.filters, request.left_out),
        scored=request.limit > 0,
    )
    if request.grouped:
        groups = matches.groups(request)
        hits = tuple(hit for group in groups for hit in group.hits)
    else:
        groups = ()
        hits = matches.hits(request)
    return Result(
        total=matches.total,
        documents=matches.documents,
        facets=matches.facets(),
        hits=hits,
        generation=snapshot.generation,
        groups=groups,
        forms=form_counts(snapshot, request.query.tree, matches.mask) if request.with_forms else (),
    )


def walk(
    snapshot: Snapshot, query: Query, filters: Filters, left_out: frozenset[str], order: WalkOrder
) -> Iterator[Hit]:
    """Walk over one state of an index, see :meth:`index.engine.contract.Engine.walk`."""
    return Matches(snapshot, Evaluation(snapshot), query, filters, left_out).walk(order)


def count_by(
    snapshot: Snapshot, query: Query, filters: Filters, left_out: frozenset[str], by: CountedBy
) -> Mapping[str, int]:
    """Count in one state of an index, see :meth:`index.engine.contract.Engine.count_by`."""
    matches = Matches(snapshot, Evaluation(snapshot), query, filters, left_out, scored=False)
    return _counts(snapshot.columns, by, matches.rows)


def counted_forms(
    snapshot: Snapshot, query: Query, filters: Filters, left_out: frozenset[str]
) -> CountedForms | None:
    """Count in one state of an index, see :meth:`index.engine.contract.Engine.counted_forms`."""
    mask = Matches(snapshot, Evaluation(snapshot), query, filters, left_out, scored=False).mask
    found = forms_by_text(snapshot, query.tree, mask)
    return None if found is None else CountedForms(found, snapshot.generation)


def word_totals(snapshot: Snapshot, filters: Filters, left_out: frozenset[str]) -> Iterator[WordTotal]:
    """Count words in one state of an index, see :meth:`index.engine.contract.Engine.word_totals`."""
    everything = Query("", Everything())
    columns = snapshot.columns
    rows = Matches(snapshot, Evaluation(snapshot), everything, filters, left_out, scored=False).rows
    texts = columns.document[rows].astype(np.int64) * len(LANGUAGES) + columns.language[rows]
    amounts = np.bincount(texts, weights=columns.lettered[rows]).astype(np.int64)
    largest = np.zeros(len(amounts), np.int64)
    np.maximum.at(largest, texts, columns.lettered[rows])
    return (
        WordTotal(
            str(columns.document_names[text // len(LANGUAGES)]),
            LANGUAGES[text % len(LANGUAGES)],
            int(amounts[text]),
            int(largest[text]),
        )
        for text in np.flatnonzero(amounts)
    )


class Matches:
    """The entries that match a query and the reader's filters."""

    def __init__(
        self,
        snapshot: Snapshot,
        evaluation: Evaluation,
        query: Query,
        filters: Filters,
        left_out: frozenset[str],
        *,
        scored: bool = True,
    ) -> None:
        columns = snapshot.columns
        asked = evaluation.matches(query.tree, scored=scored)
        mask = asked & snapshot.shown(left_out)
        if filters.documents:
            mask &= _named(columns.document, columns.document_names, filters.documents)
        written = Filters(query.filters.years, query.filters.languages, query.filters.plans)
        for narrowed in _narrowed(columns, written).values():
            mask &= narrowed
        self._snapshot = snapshot
        self._scores = evaluation.scores
        self._matching = mask
        self._narrowed = _narrowed(columns, filters)
        for narrowed in self._narrowed.values():
            mask = mask & narrowed
        self.rows: Rows = np.flatnonzero(mask)
        if scored:
            matching = np.flatnonzero(asked)
            best = matching  # filters change no score as long as these are few
            if len(matching) > RERANKED:
                best = np.sort(self._ordered(self._best(RERANKED), "relevance")[:RERANKED])
            evaluation.rerank(best, len(matching))

    @property
    def mask(self) -> Mask:
        """Which entries match."""
        found = np.zeros(len(self._snapshot), np.bool_)
        found[self.rows] = True
        return found

    @property
    def total(self) -> int:
        """Matching entries."""
        return len(self.rows)

    @property
    def documents(self) -> int:
        """Documents with matching entries."""
        return int(np.count_nonzero(np.bincount(self._snapshot.columns.document[self.rows])))

    def facets(self) -> Mapping[Dimension, Mapping[str, int]]:
        """For each dimension the entries of each choice, with the filter of that dimension lifted."""
        return {
            dimension: _counts(self._snapshot.columns, dimension, self._lifted(dimension))
            for dimension in DIMENSIONS
        }

    def _lifted(self, dimension: Dimension) -> Rows:
        if dimension not in self._narrowed:
            return self.rows
        mask = self._matching
        for other, narrowed in self._narrowed.items():
            if other != dimension:
                mask = mask & narrowed
        return np.flatnonzero(mask)

    def hits(self, request: SearchRequest) -> tuple[Hit, ...]:
        """Some of the matching entries in order."""
        end = request.offset + request.limit
        rows = self._best(end) if request.sort == "relevance" else self.rows
        chosen = self._ordered(rows, request.sort)[request.offset : end]
        return tuple(self._hit(row) for row in chosen.tolist())

    def _best(self, count: int) -> Rows:
        """So many of the entries with the best scores, and those that are as good as the last of them."""
        if not 0 < count < len(self.rows):
            return self.rows
        scores = self._scores[self.rows]
        worst = np.partition(scores, -count)[-count]
        return self.rows[np.flatnonzero(scores >= worst)]

    def walk(self, order: WalkOrder) -> Iterator[Hit]:
        """All matching entries in order, each made when its turn comes."""
        return map(self._hit, self._ordered(self.rows, order))

    def groups(self, request: SearchRequest) -> tuple[DocumentHits, ...]:
        """Some of the documents in the order of their best hits."""
        columns = self._snapshot.columns
        rows = self._ordered(self.rows, request.sort)
        documents = columns.document[rows]
        totals = np.bincount(documents)
        numbers, first = np.unique(documents, return_index=True)
        chosen = numbers[np.argsort(first)][request.offset : request.offset + request.limit]
        groups = []
        for number in chosen.tolist():
            best = rows[np.flatnonzero(documents == number)[: request.hits_per_group]]
            hits = tuple(self._hit(row) for row in best.tolist())
            groups.append(DocumentHits(str(columns.document_names[number]), hits, int(totals[number])))
        return tuple(groups)

    def _ordered(self, rows: Rows, order: WalkOrder) -> Rows:
        keys: list[NDArray[np.number]] = [self._snapshot.place[rows]]
        if order != "document":
            keys.append(-self._scores[rows])
        if order == "date":
            keys.append(-self._snapshot.columns.year[rows])
        return rows[np.lexsort(keys)]

    def _hit(self, row: int | np.int64) -> Hit:
        columns = self._snapshot.columns
        return Hit(
            document=str(columns.document_names[columns.document[row]]),
            page=int(columns.page[row]),
            language=LANGUAGES[columns.language[row]],
            score=round(float(self._scores[row]), 4),
        )


def _narrowed(columns: Columns, filters: Filters) -> dict[Dimension, Mask]:
    """The entries that each filter lets through, for those filters that are set."""
    masks: dict[Dimension, Mask] = {}
    if filters.years:
        first, last = filters.years
        is_dated = columns.year > 0
        within = is_dated & (columns.year >= first) & (columns.year <= last)
        masks["year"] = ~is_dated if filters.years == UNDATED else within
    if filters.languages:
        masks["language"] = np.isin(columns.language, [LANGUAGES.index(each) for each in filters.languages])
    if filters.plans:
        masks["plan"] = _named(columns.plan, columns.plan_names, filters.plans)
    if filters.kinds:
        masks["kind"] = _named(columns.kind, columns.kind_names, filters.kinds)
    return masks


def _named(column: NDArray[np.int32], names: NDArray[np.str_], wanted: frozenset[str]) -> Mask:
    # The last place is where -1, no name at all, looks.
    return np.array([name in wanted for name in [*names.tolist(), NONE]], np.bool_)[column]


def _counts(columns: Columns, by: CountedBy, rows: Rows) -> dict[str, int]:
    match by:
        case "document":
            counts = np.bincount(columns.document[rows]).tolist()
            names: list[str] = columns.document_names.tolist()
        case "year":
            years, counts = np.unique(columns.year[rows], return_counts=True)
            found = {str(year): count for year, count in zip(years.tolist(), counts.tolist(), strict=True)}
            return found | ({NONE: found.pop("0")} if "0" in found else {})
        case "language":
            counts = np.bincount(columns.language[rows]).tolist()
            names = list(LANGUAGES)
        case "plan":
            # Numbers move up by one, because -1 is none.
            without, *counts = np.bincount(columns.plan[rows] + 1, minlength=1).tolist()
            counts += [0] * (len(columns.plan_names) - len(counts)) + [without]
            names = [*columns.plan_names.tolist(), NONE]
        case "kind":
            counts = np.bincount(columns.kind[rows]).tolist()
            names = columns.kind_names.tolist()
    return {name: count for name, count in zip(names, counts, strict=False) if count}
