"""How often does each form of the query's words occur in the entries that matched? Does not know Whoosh."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from archive.languages import Language
from index.engine.whoosh_index.postings import Occurrences
from index.engine.whoosh_index.query_words import WordLeaf, accented_query, occurrences
from index.engine.whoosh_index.segment import Columns, Mask
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
                for word, count in occurrences(leaf, snapshot, "text", language).by_word(matching).items():
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
        asked = [occurrences(leaf, snapshot, "text", language) for leaf in leaves]
        known: set[str] = set()
        for found in asked:
            new = found.of([word not in known for word in found.words])  # what two leaves ask for occurs once
            known.update(found.words)
            for document, word, count in _by_document(new, matching, columns):
                text = str(columns.document_names[document]), language
                counts.setdefault(text, Counter())[_shown(word, has_accents=is_accented)] += count
    return counts


def _by_document(found: Occurrences, among: Mask, columns: Columns) -> Iterator[tuple[int, str, int]]:
    """How often each word occurs in each document: number of the document, word, count."""
    kept = among[found.ids]
    pairs = columns.document[found.ids[kept]].astype(np.int64) * len(found.words) + found.which[kept]
    numbers, rows = np.unique(pairs, return_inverse=True)
    sums = np.bincount(rows, found.counts[kept], len(numbers))
    for number, count in zip(numbers.tolist(), sums.tolist(), strict=True):
        document, word = divmod(number, len(found.words))
        yield document, found.words[word], int(count)


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
