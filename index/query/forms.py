"""The forms of a word that were counted together, with the number of occurrences of each.

For *klimaat* these may be *klimaatplan* and *klimaten*.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.query import tree
from index.text.analysis import tokens
from index.text.writing import AS_WRITTEN, has_accents

MOST_SHOWN = 10
"""Forms of a word that are named, the word itself included; of the others the number is told."""


@dataclass(frozen=True, slots=True)
class Form:
    """A word in its verbatim form; in capitals where it was asked for with accents and is set without any."""

    word: str
    count: int
    """Occurrences."""


@dataclass(frozen=True, slots=True)
class Forms:
    """What was counted for one word, or one query."""

    asked: str
    """The word, beginning of a word or query, as it was asked."""
    named: Sequence[Form]
    """If a word was asked, this first, even where it does not occur, then the others, most frequent first."""
    more: int
    """Other forms that are not named."""
    more_count: int
    """Occurrences of those."""

    @property
    def count(self) -> int:
        """Occurrences of all forms."""
        return sum(form.count for form in self.named) + self.more_count

    @property
    def is_merged(self) -> bool:
        """Whether anything else than the word asked was counted."""
        return any(form.word != self.asked for form in self.named)


def as_forms(asked: str, counts: Mapping[str, int], *, is_word: bool) -> Forms:
    """The forms in order, of all that occur.

    Args:
        is_word: whether what was asked is a word or phrase, and so a form itself.
    """
    others = sorted(
        (form for form in counts.items() if form[0] != asked), key=lambda form: (-form[1], form[0])
    )
    ordered = [(asked, counts.get(asked, 0)), *others] if is_word else others
    rest = ordered[MOST_SHOWN:]
    named = [Form(*form) for form in ordered[:MOST_SHOWN]]
    return Forms(asked, named, len(rest), sum(count for _word, count in rest))


def query_forms(query: tree.Query, counts: Mapping[str, int]) -> Forms:
    """The forms of a whole query in order, of all that occur."""
    word = single_word(query.tree)
    return as_forms(word or query.text, counts, is_word=bool(word))


def single_word(node: tree.Node) -> str:
    """The word or phrase that a query asks for, if it is a single one; else empty."""
    match node:
        case tree.Term(word):
            return word.removeprefix(AS_WRITTEN)
        case tree.Phrase(words):
            return " ".join(word.removeprefix(AS_WRITTEN) for word in words)
        case _:
            return ""


def shown_form(word: str, *, has_accents: bool) -> str:
    """How a form is told: in lower case, but in capitals where they stand for letters with accents.

    Args:
        has_accents: whether the word was asked for with accents.
    """
    return word if has_accents and word.isascii() and word.isupper() else word.lower()


def forms_of(texts: Iterable[str], node: tree.Node) -> Iterable[str]:
    """The form of each occurrence of what a query asks for; several words with single spaces between."""
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
