"""Which entries match the tree of a query, and how well? Does not know Whoosh.

Every node becomes a mask over all entries, so any nesting of and, or and not is right by construction. On the
way, the leaves add to the scores of the entries (BM25). What compares the places of several words is left
for the best of them (:meth:`Evaluation.rerank`).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.languages import LANGUAGES, Language
from index.engine.whoosh_index import postings, schema
from index.engine.whoosh_index.postings import Postings
from index.engine.whoosh_index.query_words import (
    WordLeaf,
    exact_postings,
    occurrences,
    spelled_postings,
)
from index.engine.whoosh_index.schema import Zone
from index.engine.whoosh_index.segment import Mask
from index.engine.whoosh_index.snapshot import Snapshot
from index.query import tree
from index.query.asking_nodes import free_children
from index.text import analysis
from index.text.writing import AS_WRITTEN, has_accents

Scores = NDArray[np.float32]
Weights = NDArray[np.float32]
"""Of all entries, what something weighs in each; 0: it is not there."""

SATURATION, LENGTH_WEIGHT = 1.2, 0.75
"""BM25's k1 and b."""

COMPOUND_WEIGHT = 0.5
"""Of a word inside a compound, against the word by itself."""

TITLE_WEIGHT = 0.5
"""Of a word in the document's title, against the same word on the page."""

EXACT_WEIGHT = 1.0
"""Of a word in the very form that was asked, on top of what its stem weighs."""

CLOSE = 15
"""Words within which all words of a query stand close together."""

_MOST_CLOSE = 8
"""Words that are looked for close together; longer queries are sentences."""


class _Together(NamedTuple):
    """Words by which entries gain where they stand together, as if that were one more word asked for."""

    words: Sequence[str]
    zone: Zone
    span: int | None
    """As in :meth:`Evaluation._in_place`."""
    asked: Mask | None = None
    """Entries that may gain; None: all."""


class Evaluation:
    """The evaluation of one query on one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.scores: Scores = np.zeros(len(snapshot), np.float32)
        self._together: list[_Together] = []

    def matches(self, node: tree.Node, zone: Zone = "text", *, scored: bool = True) -> Mask:
        """The entries that `node` asks for; if `scored`, they gain by how well they match it."""
        match node:
            case tree.Everything():
                return np.ones(len(self._snapshot), np.bool_)
            case tree.Nothing():
                return np.zeros(len(self._snapshot), np.bool_)
            case tree.Not(child):
                return ~self.matches(child, zone, scored=False)
            case tree.Title(child):
                return self.matches(child, "title", scored=scored)
            case tree.Or(children):
                masks = [self.matches(child, zone, scored=scored) for child in children]
                return np.asarray(np.logical_or.reduce(masks))
            case tree.And(children):
                return self._all(children, zone, scored)
            case _:
                return self._leaf(node, zone, scored)

    def _all(self, children: Sequence[tree.Node], zone: Zone, scored: bool) -> Mask:
        """Every child's matches, but a stop word asks nothing of an entry that is asked something else."""
        result = np.ones(len(self._snapshot), np.bool_)
        free = {language: free_children(children, language) for language in LANGUAGES}
        for number, child in enumerate(children):
            mask = self.matches(child, zone, scored=scored)
            for language, numbers in free.items():
                if number in numbers:
                    mask = mask | self._snapshot.in_language[language]
            result &= mask
        words = tuple(dict.fromkeys(child.word for child in children if isinstance(child, tree.Term)))
        if scored and 2 <= len(words) <= _MOST_CLOSE:
            self._together.append(_Together(words, zone, CLOSE))
        return result

    def rerank(self, best: NDArray[np.integer], matching: int) -> None:
        """Let entries gain where the very words of the query stand close together, or those on both sides of
        an apostrophe in a row, as if that were one more word asked of them (a term of proximity beside BM25:
        Rasolofo and Savoy, ECIR 2003). Whoever is not among the best stays behind them.

        Args:
            best: the numbers of the entries that matter, ascending.
            matching: how many match the query in all, by which is guessed how rare such places are.
        """
        for words, zone, span, asked in self._together if len(best) else ():
            weights = self._in_place(words, zone, span, is_exact=False, among=best)
            if asked is not None:
                weights *= asked
            seen = int(np.count_nonzero(weights))
            self._score(weights, zone, max(seen, round(seen * matching / len(best))))

    def _leaf(self, node: tree.Node, zone: Zone, scored: bool) -> Mask:
        match node:
            case tree.Term(word) if word.startswith(AS_WRITTEN):
                weights = self._in_place([word], zone)
            case tree.Term(word, with_compounds) if not has_accents(word):
                weights = self._term(word, zone, with_compounds)
            case tree.Phrase(words):
                weights = self._in_place(words, zone)
            case tree.Near(words, distance):
                weights = self._in_place(words, zone, distance + len(words) - 1)
            case tree.Term() | tree.Prefix() | tree.Fuzzy():
                weights = self._words(node, zone)
            case _:
                raise TypeError(f"not a node of a query: {node!r}")
        mask = weights > 0
        if scored and mask.any():
            if isinstance(node, tree.Term) and not node.word.startswith(AS_WRITTEN):
                if has_accents(node.word):
                    weights += EXACT_WEIGHT * self._in_place([node.word], zone)
                self._add_headings(weights, node.word, zone)
            self._score(weights * mask, zone)
            if isinstance(node, tree.Term) and node.typed:
                self._together.append(_Together(node.typed, zone, None, mask))
        return mask

    def _score(self, weights: Weights, zone: Zone, count: int | None = None) -> None:
        """Entries gain by what weighs so much in them (BM25), the more the fewer they are.

        Args:
            count: how many they are where not all were looked at.
        """
        ids = np.flatnonzero(weights)
        if not len(ids):
            return
        count = len(ids) if count is None else count
        rarity = np.log1p((len(self._snapshot) - count + 0.5) / (count + 0.5))
        length = self._snapshot.relative_length[ids] if zone == "text" else 1.0
        penalty = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length)
        found = weights[ids]
        self.scores[ids] += (rarity * (SATURATION + 1) * found / (found + penalty)).astype(np.float32)

    def _term(self, word: str, zone: Zone, with_compounds: bool) -> Weights:
        """What a word typed without accents weighs in each entry."""
        snapshot = self._snapshot
        weights = np.zeros(len(snapshot), np.float32)
        for language in snapshot.languages:
            for form in snapshot.forms_of(word, language):  # their lists are read to count the forms as well
                found = snapshot.postings(schema.word_field(zone, language), form)
                weights[found.ids] += found.weights
            self._add_counts(weights, zone, language, [analysis.fold(word)], EXACT_WEIGHT)
            if with_compounds and (compounds := snapshot.compounds_holding(word, language)):
                self._add_counts(weights, zone, language, compounds, COMPOUND_WEIGHT)
        return weights

    def _add_headings(self, weights: Weights, word: str, zone: Zone) -> None:
        """Add what a word of the text weighs more in a heading, and in the title of the document."""
        if zone == "title":
            return
        for language in self._snapshot.languages:
            for stem in analysis.query_stems(word, language):
                headings = self._snapshot.postings(schema.heading_field(language), stem)
                weights[headings.ids] += schema.IN_HEADING * headings.weights
                title = self._snapshot.postings(schema.stem_field("title", language), stem)
                weights[title.ids] += TITLE_WEIGHT * title.weights

    def _words(self, leaf: WordLeaf, zone: Zone) -> Weights:
        """How often any of the words that a node asks for stands in each entry."""
        weights = np.zeros(len(self._snapshot), np.float32)
        for language in self._snapshot.languages:
            found = occurrences(leaf, self._snapshot, zone, language)
            weights += np.bincount(found.ids, found.counts, len(weights)).astype(np.float32)
        return weights

    def _in_place(
        self,
        words: Sequence[str],
        zone: Zone,
        span: int | None = None,
        *,
        is_exact: bool = True,
        among: NDArray[np.integer] | None = None,
    ) -> Weights:
        """How often words stand in a row or, with a span, that close to each other, in each entry.

        Args:
            is_exact: if not, a word without accents stands for all its spellings.
            among: the entries that are looked at, ascending; None: all.
        """
        weights = np.zeros(len(self._snapshot), np.float32)
        for language in self._snapshot.languages:
            lists = _all_postings(self._snapshot, zone, language, words, is_exact, among)
            if not lists:
                continue
            if span is None:
                ids, counts = postings.phrase([lists[word] for word in words])
            else:
                ids, counts = postings.near(lists, words, span)
            weights[ids] = counts
        return weights

    def _add_counts(
        self,
        weights: Weights,
        zone: Zone,
        language: Language,
        words: Iterable[str],
        weight: float = 1.0,
    ) -> None:
        """Add how often any of these words stands in an entry, accents aside."""
        snapshot = self._snapshot
        for folded in words:
            for word in snapshot.vocabulary[language].spelled(folded):
                if not word.startswith(AS_WRITTEN):
                    found = snapshot.postings(schema.word_field(zone, language), word)
                    weights[found.ids] += weight * found.weights


def _all_postings(
    snapshot: Snapshot,
    zone: Zone,
    language: Language,
    words: Sequence[str],
    is_exact: bool,
    among: NDArray[np.integer] | None,
) -> dict[str, Postings]:
    """The postings of each word; nothing at all if one of them is nowhere."""
    lists: dict[str, Postings] = {}
    for word in words:
        if is_exact or word.startswith(AS_WRITTEN) or has_accents(word):
            lists[word] = postings.within(exact_postings(snapshot, zone, language, word), among)
        else:
            lists[word] = spelled_postings(snapshot, zone, language, analysis.fold(word), among)
        if not len(lists[word].ids):
            return {}
    return lists
