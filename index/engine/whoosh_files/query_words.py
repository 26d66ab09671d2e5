"""Which words of an index does a node of a query ask for? Does not know Whoosh."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from archive.languages import Language
from index.engine.whoosh_files import postings, schema
from index.engine.whoosh_files.postings import Postings
from index.engine.whoosh_files.schema import Zone
from index.engine.whoosh_files.snapshot import Segment, Snapshot
from index.engine.whoosh_files.vocabulary import SegmentVocabulary
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

MOST_EXPANSIONS = 2000
"""Words that a prefix may stand for."""

WordLeaf = tree.Term | tree.Prefix | tree.Fuzzy
"""Nodes that ask for single words, each in several forms."""


class QueryWords(NamedTuple):
    """Words of a segment by their numbers: in its words, and in its written forms of words that are not
    asked for as such."""

    words: Sequence[int]
    written: Sequence[int] = ()


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


def query_words(
    leaf: WordLeaf, snapshot: Snapshot, segment: Segment, zone: Zone, language: Language
) -> QueryWords:
    """The words of one language that a node asks for in one segment."""
    vocabulary = segment.vocabulary(schema.word_field(zone, language))
    compounds = _compounds(leaf, snapshot, language)
    asked = accented_query(leaf, language, compounds)
    if asked is None:
        return QueryWords(list(dict.fromkeys(_candidates(leaf, vocabulary, compounds, language, snapshot))))
    written = segment.vocabulary(schema.written_field(zone, language))
    return QueryWords(
        [
            number
            for number in dict.fromkeys(_candidates(leaf, vocabulary, compounds, language, snapshot))
            if asked.asks(vocabulary.words[number])
        ],
        [
            number
            for number in dict.fromkeys(_candidates(leaf, written, compounds, language, snapshot))
            if asked.asks_written(written.words[number])
        ],
    )


def _compounds(leaf: WordLeaf, snapshot: Snapshot, language: Language) -> Collection[str]:
    if isinstance(leaf, tree.Term) and leaf.with_compounds:
        return snapshot.compounds_holding(leaf.word, language)
    return ()


def _candidates(
    leaf: WordLeaf,
    vocabulary: SegmentVocabulary,
    compounds: Collection[str],
    language: Language,
    snapshot: Snapshot,
) -> Iterator[int]:
    """The words that a node would ask for if it had no accents."""
    match leaf:
        case tree.Term(word):
            for stem in analysis.query_stems(word, language):
                yield from vocabulary.with_stem(stem)
            yield from vocabulary.numbers({analysis.fold(word), *compounds})
        case tree.Prefix(beginning):
            folded = vocabulary.starting_with(analysis.fold(beginning))[:MOST_EXPANSIONS]
            yield from vocabulary.numbers(set(folded))
        case tree.Fuzzy(word):
            yield from vocabulary.numbers(snapshot.one_typo_from(analysis.fold(word)))


def exact_postings(segment: Segment, zone: Zone, language: Language, word: str) -> Postings:
    """Where this very word stands in a segment, its capitals with accents or without; a number that is
    preceded by :data:`index.text.writing.AS_WRITTEN` in this writing only."""
    words, written = schema.word_field(zone, language), schema.written_field(zone, language)
    if word.startswith(AS_WRITTEN):
        number = word.removeprefix(AS_WRITTEN)
        if not number.isdecimal():
            return segment.postings(written, number)
        separated = [segment.postings(written, each) for each in groupings(number)]
        return postings.without(
            segment.postings(words, number), postings.either([each for each in separated if len(each.ids)])
        )
    found = segment.postings(words, word)
    asked = accented_query(tree.Phrase((word,)), language)
    if asked is None:
        return found
    vocabulary = segment.vocabulary(written)
    capitals = [
        segment.postings(written, vocabulary.words[number])
        for number in vocabulary.numbers({analysis.fold(word)})
        if asked.asks_written(vocabulary.words[number])
    ]
    return postings.either([each for each in (found, *capitals) if len(each.ids)])
