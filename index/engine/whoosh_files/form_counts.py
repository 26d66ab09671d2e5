"""How often does each form of the query's words occur in the entries that matched? Does not know Whoosh."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from archive.languages import Language
from index.engine.whoosh_files import schema
from index.engine.whoosh_files.entry_properties import Mask
from index.engine.whoosh_files.query_words import WordLeaf, accented_query, query_words
from index.engine.whoosh_files.snapshot import Segment, Snapshot
from index.query import tree
from index.query.asking_nodes import asking_leaves
from index.query.forms import Forms, as_forms, shown_form
from index.text.writing import AS_WRITTEN, has_accents


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


def forms_by_text(
    snapshot: Snapshot, node: tree.Node, matching: Mask
) -> Mapping[tuple[str, Language], Mapping[str, int]] | None:
    """The forms that occur in each document and language; None where a query asks for more than single words.

    Args:
        matching: the entries that they are counted in.
    """
    leaves = _single_words(node)
    if leaves is None:
        return None
    counts: dict[tuple[str, Language], Counter[str]] = {}
    for language in snapshot.languages:
        for segment, base in zip(snapshot.segments, snapshot.bases, strict=False):
            part = matching[base : base + len(segment.live)]
            names = segment.columns.document_names
            for form, document, count in _by_document(leaves, snapshot, segment, part, language):
                counts.setdefault((str(names[document]), language), Counter())[form] += count
    return counts


def _single_words(node: tree.Node) -> Sequence[WordLeaf] | None:
    """The leaves of a query that asks for nothing but one of them; None of any other.

    Words with accents are asked for alone: capitals that may lack them would be asked for twice.
    """
    leaves = node.children if isinstance(node, tree.Or) else (node,)
    words = tuple(leaf for leaf in leaves if isinstance(leaf, WordLeaf) and not _is_as_written(leaf))
    is_plain = len(words) == 1 or not any(map(_is_accented, words))
    return words if len(words) == len(leaves) and is_plain else None


def _by_document(
    leaves: Sequence[WordLeaf], snapshot: Snapshot, segment: Segment, matching: Mask, language: Language
) -> Iterator[tuple[str, int, int]]:
    """Each form with the number of a document that it occurs in, and how often."""
    asked = [query_words(leaf, snapshot, segment, "text", language) for leaf in leaves]
    is_accented = any(map(_is_accented, leaves))
    for field, some in (
        (schema.word_field("text", language), [number for each in asked for number in each.words]),
        (schema.written_field("text", language), [number for each in asked for number in each.written]),
    ):
        numbers = list(dict.fromkeys(some))  # what two leaves ask for occurs once
        entries, occurring = segment.counted(field, numbers)
        counted = matching[occurring.ids]
        owners = np.repeat(np.arange(len(numbers)), entries)[counted]
        places = segment.columns.document[occurring.ids[counted]].astype(np.int64) * len(numbers) + owners
        held, which = np.unique(places, return_inverse=True)
        sums = np.bincount(which, occurring.weights[counted], len(held))
        words = segment.vocabulary(field).words
        for place, count in zip(held.tolist(), sums.tolist(), strict=True):
            document, owner = divmod(place, len(numbers))
            yield shown_form(words[numbers[owner]], has_accents=is_accented), document, int(count)


def _in_segment(
    leaf: WordLeaf, snapshot: Snapshot, segment: Segment, matching: Mask, language: Language
) -> Counter[str]:
    counts: Counter[str] = Counter()
    numbers = query_words(leaf, snapshot, segment, "text", language)
    has_accents = accented_query(leaf, language) is not None
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


def _is_accented(leaf: WordLeaf) -> bool:
    match leaf:
        case tree.Term(word) | tree.Prefix(word):
            return has_accents(word)
        case _:
            return False
