"""Which words of an index does a node of a query ask for? Does not know Whoosh."""

from collections.abc import Callable, Collection, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from archive.languages import Language
from index.engine.whoosh_index import postings, schema
from index.engine.whoosh_index.postings import Occurrences, Postings
from index.engine.whoosh_index.schema import Zone
from index.engine.whoosh_index.snapshot import Snapshot
from index.query import tree
from index.text import analysis
from index.text.writing import (
    AS_WRITTEN,
    AccentedAsked,
    AccentedBeginning,
    AccentedWord,
    ExactWord,
    groupings,
    has_accents,
)

WordLeaf = tree.Term | tree.Prefix | tree.Fuzzy
"""Nodes that ask for single words, each in several forms."""

_A_LIST = 15
"""To open the list of a word takes as long as to read so many entries of the list of a beginning."""


def accented_query(
    node: tree.Node, language: Language, compounds: Collection[str] = ()
) -> AccentedAsked | None:
    """What a node that was typed with accents asks for; None where it was typed without.

    Args:
        compounds: those that hold the word of a term, folded.
    """
    match node:
        case tree.Term(word) if has_accents(word):
            return AccentedWord(word, language, compounds)
        case tree.Prefix(beginning) if has_accents(beginning):
            return AccentedBeginning(beginning, language)
        case tree.Phrase((word,)) if has_accents(word):
            return ExactWord(word, language)
        case _:
            return None


def occurrences(leaf: WordLeaf, snapshot: Snapshot, zone: Zone, language: Language) -> Occurrences:
    """Where the words stand that a node asks for in one language; where it was typed with accents, also
    written forms whose word is not asked for."""
    compounds = _compounds(leaf, snapshot, language)
    is_asked = _rule(accented_query(leaf, language, compounds))
    field = schema.word_field(zone, language)
    if isinstance(leaf, tree.Prefix):
        beginning = analysis.fold(leaf.stem)
        asked = set(filter(is_asked, snapshot.vocabulary[language].spelled_from(beginning)))
        listed_in = schema.beginning_field(zone, language)
        if len(asked) * _A_LIST > snapshot.count(listed_in, beginning[: schema.BEGINNING]):
            listed = snapshot.words_listed(listed_in, beginning)
            return listed.of(map(asked.__contains__, listed.words))
    else:
        asked = set(filter(is_asked, _candidates(leaf, snapshot, compounds, language)))
    return postings.occurrences({word: snapshot.postings(field, word) for word in sorted(asked)})


def _rule(asked: AccentedAsked | None) -> Callable[[str], bool]:
    """Tells of words and written forms whether they have the accents that were typed."""
    if asked is None:
        return lambda word: not word.startswith(AS_WRITTEN)
    return lambda word: (
        asked.asks_written(word.removeprefix(AS_WRITTEN)) if word.startswith(AS_WRITTEN) else asked.asks(word)
    )


def _compounds(leaf: WordLeaf, snapshot: Snapshot, language: Language) -> Collection[str]:
    if isinstance(leaf, tree.Term) and leaf.with_compounds:
        return snapshot.compounds_holding(leaf.word, language)
    return ()


def _candidates(
    leaf: tree.Term | tree.Fuzzy, snapshot: Snapshot, compounds: Collection[str], language: Language
) -> Iterator[str]:
    """The words that a node would ask for if it had no accents, and their written forms."""
    words = snapshot.vocabulary[language]
    match leaf:
        case tree.Term(word):
            for stem in analysis.query_stems(word, language):
                yield from words.with_stem(stem)
            spellings: Iterable[str] = (analysis.fold(word), *compounds)
        case tree.Fuzzy(word):
            spellings = words.near(analysis.fold(word), 1)
    for spelling in spellings:
        yield from words.spelled(spelling)


def exact_postings(snapshot: Snapshot, zone: Zone, language: Language, word: str) -> Postings:
    """Where this very word stands, its capitals with accents or without; a number that is preceded by
    :data:`index.text.writing.AS_WRITTEN` in this writing only."""
    field = schema.word_field(zone, language)
    if word.startswith(AS_WRITTEN):
        number = word.removeprefix(AS_WRITTEN)
        if not number.isdecimal():
            return snapshot.postings(field, word)
        separated = [snapshot.postings(field, AS_WRITTEN + each) for each in groupings(number)]
        return postings.without(
            snapshot.postings(field, number), postings.either([each for each in separated if len(each.ids)])
        )
    found = snapshot.postings(field, word)
    asked = accented_query(tree.Phrase((word,)), language)
    if asked is None:
        return found
    capitals = [
        snapshot.postings(field, each)
        for each in snapshot.vocabulary[language].spelled(analysis.fold(word))
        if each.startswith(AS_WRITTEN) and asked.asks_written(each.removeprefix(AS_WRITTEN))
    ]
    return postings.either([each for each in (found, *capitals) if len(each.ids)])


def spelled_postings(
    snapshot: Snapshot, zone: Zone, language: Language, folded: str, among: NDArray[np.integer] | None = None
) -> Postings:
    """Where a word stands in any of its spellings, in some entries or in all."""
    return postings.either(
        [
            postings.within(snapshot.postings(schema.word_field(zone, language), word), among)
            for word in snapshot.vocabulary[language].spelled(folded)
            if not word.startswith(AS_WRITTEN)
        ]
    )
