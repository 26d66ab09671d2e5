"""The forms of words that were counted together, such as *klimaatplan* and *klimaten* for *klimaat*, and how
often each occurs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index import tree
from index.analysis import tokens
from index.writing import AS_WRITTEN

MOST_SHOWN = 10
"""Forms of a word that are named, the word itself included; of the others the number is told."""


@dataclass(frozen=True, slots=True)
class Form:
    """A word as it is written, in lower case."""

    word: str
    count: int
    """Occurrences."""


@dataclass(frozen=True, slots=True)
class Forms:
    """What was counted for one word, or one query."""

    asked: str
    """The word, as it was asked; empty where no single word or phrase was."""
    named: Sequence[Form]
    """The word asked first, even where it does not occur, then the others, most frequent first."""
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


def as_forms(asked: str, counts: Mapping[str, int]) -> Forms:
    """The forms of a word in order, of all that occur."""
    others = sorted(
        (form for form in counts.items() if form[0] != asked), key=lambda form: (-form[1], form[0])
    )
    ordered = [(asked, counts.get(asked, 0)), *others] if asked else others
    rest = ordered[MOST_SHOWN:]
    named = [Form(*form) for form in ordered[:MOST_SHOWN]]
    return Forms(asked, named, len(rest), sum(count for _word, count in rest))


def word_asked(node: tree.Node) -> str:
    """The word or phrase that a query asks for, if it is a single one."""
    match node:
        case tree.Term(word):
            return word.removeprefix(AS_WRITTEN)
        case tree.Phrase(words):
            return " ".join(word.removeprefix(AS_WRITTEN) for word in words)
        case _:
            return ""


def as_written(texts: Iterable[str]) -> Iterable[str]:
    """The form of each occurrence: its words in their verbatim form, with single spaces."""
    return (" ".join(token.text for token in tokens(text)) for text in texts)
