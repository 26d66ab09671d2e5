"""The forms of a word that were counted together, with the number of occurrences of each.

For *klimaat* these may be *klimaatplan* and *klimaten*.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.query import tree
from index.text.analysis import tokens
from index.text.writing import AS_WRITTEN, has_accents

MOST_SHOWN = 10
"""Most forms of a word that are listed, including the word itself; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a word, with its count."""

    word: str
    """The verbatim form; in capitals if the query has accents and the capitals were printed without."""
    count: int
    """Number of occurrences."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that were counted for one word or one query."""

    searched: str
    """The word, beginning of a word or query that was counted."""
    named: Sequence[Form]
    """If a word was searched, this first, even if it does not occur; then the others, most frequent first."""
    more: int
    """Number of other forms, which are not listed."""
    more_count: int
    """Number of their occurrences."""

    @property
    def count(self) -> int:
        """Number of occurrences of all forms."""
        return sum(form.count for form in self.named) + self.more_count

    @property
    def is_merged(self) -> bool:
        """Whether any form other than the searched word was counted."""
        return any(form.word != self.searched for form in self.named)


def as_forms(searched: str, counts: Mapping[str, int], *, is_word: bool) -> Forms:
    """Sort the forms that occur.

    Args:
        counts: the number of occurrences of each form.
        is_word: whether `searched` is a word or phrase, and so a form itself.
    """
    others = sorted(
        (Form(word, count) for word, count in counts.items() if word != searched),
        key=lambda form: (-form.count, form.word),
    )
    ordered = [Form(searched, counts.get(searched, 0)), *others] if is_word else others
    rest = ordered[MOST_SHOWN:]
    return Forms(
        searched=searched,
        named=ordered[:MOST_SHOWN],
        more=len(rest),
        more_count=sum(form.count for form in rest),
    )


def query_forms(query: tree.Query, counts: Mapping[str, int]) -> Forms:
    """Sort the forms that were counted for a whole query."""
    word = single_word(query.tree)
    return as_forms(word or query.text, counts, is_word=bool(word))


def single_word(node: tree.Node) -> str:
    """The word or phrase of a query that consists of a single one; "" for any other query."""
    match node:
        case tree.Term(word):
            return word.removeprefix(AS_WRITTEN)
        case tree.Phrase(words):
            return " ".join(word.removeprefix(AS_WRITTEN) for word in words)
        case _:
            return ""


def shown_form(word: str, *, has_accents: bool) -> str:
    """A form as shown: in lower case, but in capitals if these may stand for letters with accents.

    Args:
        has_accents: whether the query has accents.
    """
    return word if has_accents and word.isascii() and word.isupper() else word.lower()


def forms_of(texts: Iterable[str], node: tree.Node) -> Iterable[str]:
    """The form of each occurrence of a query; several words are separated by single spaces.

    Args:
        texts: the text of each occurrence.
    """
    is_accented = any(map(_has_accents, tree.leaves(node)))
    for text in texts:
        words = []
        for token in tokens(text):
            raw = text[token.start : token.end]
            in_capitals = shown_form(raw, has_accents=is_accented)
            words.append(raw if in_capitals.isupper() else token.text)
        yield " ".join(words)


def _has_accents(leaf: tree.Node) -> bool:
    match leaf:
        case tree.Term(word) | tree.Prefix(word):
            return has_accents(word)
        case tree.Phrase(words) | tree.Near(words):
            return any(map(has_accents, words))
        case _:
            return False
