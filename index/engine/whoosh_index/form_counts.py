"""How often does each form of the query's words occur in the entries that matched? Does not know Whoosh."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from archive.languages import Language
from index.engine.whoosh_index import schema
from index.engine.whoosh_index.entry_properties import Mask
from index.engine.whoosh_index.query_words import WordLeaf, accented_query, query_words
from index.engine.whoosh_index.snapshot import Snapshot
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
    for language in snapshot.languages:
        for leaf in dict.fromkeys(asking_leaves(node, language)):
            if isinstance(leaf, WordLeaf) and not _is_as_written(leaf):
                found = counts.setdefault(leaf, Counter())
                has_accents = accented_query(leaf, language) is not None
                for word in query_words(leaf, snapshot, language):
                    occurring = snapshot.postings(schema.word_field("text", language), word)
                    if count := int(occurring.weights[matching[occurring.ids]].sum()):
                        found[_shown(word, has_accents=has_accents)] += count
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
    is_accented = any(map(_is_accented, leaves))
    columns = snapshot.columns
    counts: dict[tuple[str, Language], Counter[str]] = {}
    for language in snapshot.languages:
        # What two leaves ask for occurs once.
        for word in {word: None for leaf in leaves for word in query_words(leaf, snapshot, language)}:
            occurring = snapshot.postings(schema.word_field("text", language), word)
            is_counted = matching[occurring.ids]
            documents, which = np.unique(columns.document[occurring.ids[is_counted]], return_inverse=True)
            sums = np.bincount(which, occurring.weights[is_counted], len(documents))
            for document, count in zip(documents.tolist(), sums.tolist(), strict=True):
                text = str(columns.document_names[document]), language
                counts.setdefault(text, Counter())[_shown(word, has_accents=is_accented)] += int(count)
    return counts


def _shown(word: str, *, has_accents: bool) -> str:
    return shown_form(word.removeprefix(AS_WRITTEN), has_accents=has_accents)


def _single_words(node: tree.Node) -> Sequence[WordLeaf] | None:
    """The leaves of a query that asks for nothing but one of them; None of any other.

    Words with accents are asked for alone: capitals that may lack them would be asked for twice.
    """
    leaves = node.children if isinstance(node, tree.Or) else (node,)
    words = tuple(leaf for leaf in leaves if isinstance(leaf, WordLeaf) and not _is_as_written(leaf))
    is_plain = len(words) == 1 or not any(map(_is_accented, words))
    return words if len(words) == len(leaves) and is_plain else None


def _is_as_written(leaf: WordLeaf) -> bool:
    return isinstance(leaf, tree.Term) and leaf.word.startswith(AS_WRITTEN)


def _is_accented(leaf: WordLeaf) -> bool:
    match leaf:
        case tree.Term(word) | tree.Prefix(word):
            return has_accents(word)
        case _:
            return False
