"""How often does each form of the query's words occur in the entries that matched? Does not know Whoosh."""

from collections import Counter

import numpy as np

from archive.languages import Language
from index.engine.whoosh_files import schema
from index.engine.whoosh_files.asked_words import WordLeaf, accents_asked, asked_words, asking_leaves
from index.engine.whoosh_files.entry_properties import Mask
from index.engine.whoosh_files.snapshot import Segment, Snapshot
from index.query import tree
from index.query.forms import Forms, as_forms, shown_form
from index.text.writing import AS_WRITTEN


def form_counts(snapshot: Snapshot, node: tree.Node, matching: Mask) -> tuple[Forms, ...]:
    """The forms of each word, or beginning of a word, that a query asks for.

    Args:
        matching: the entries that they are counted in.
    """
    counts: dict[WordLeaf, Counter[str]] = {}
    parts = [
        (segment, matching[base : base + len(segment.live)])
        for segment, base in zip(snapshot.segments, snapshot.bases, strict=False)
    ]
    parts = [(segment, part) for segment, part in parts if part.any()]
    for language in snapshot.languages:
        for leaf in dict.fromkeys(asking_leaves(node, language)):
            if isinstance(leaf, WordLeaf) and not _is_as_written(leaf):
                found = counts.setdefault(leaf, Counter())
                for segment, part in parts:
                    found.update(_in_segment(leaf, snapshot, segment, part, language))
    return tuple(_forms(leaf, found) for leaf, found in counts.items())


def _forms(leaf: WordLeaf, counts: Counter[str]) -> Forms:
    match leaf:
        case tree.Term(word):
            return as_forms(word, counts, is_word=True)
        case tree.Prefix(beginning):
            return as_forms(f"{beginning}*", counts, is_word=False)
        case tree.Fuzzy(word):
            return as_forms(f"{word}~", counts, is_word=False)


def _in_segment(
    leaf: WordLeaf, snapshot: Snapshot, segment: Segment, matching: Mask, language: Language
) -> Counter[str]:
    counts: Counter[str] = Counter()
    numbers = asked_words(leaf, snapshot, segment, "text", language)
    has_accents = accents_asked(leaf, language) is not None
    for field, some in (
        (schema.word_field("text", language), numbers.words),
        (schema.written_field("text", language), numbers.written),
    ):
        entries, occurring = segment.counted(field, some)
        weights = np.where(matching[occurring.ids], occurring.weights, 0)
        owners = np.repeat(np.arange(len(some)), entries)
        words = segment.vocabulary(field).words
        for number, count in zip(some, np.bincount(owners, weights, len(some)).tolist(), strict=True):
            if count:
                counts[shown_form(words[number], has_accents=has_accents)] += int(count)
    return counts


def _is_as_written(leaf: WordLeaf) -> bool:
    return isinstance(leaf, tree.Term) and leaf.word.startswith(AS_WRITTEN)
