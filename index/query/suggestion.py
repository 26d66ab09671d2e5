"""Suggests another spelling of a query, by the words of the archive."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Literal

from index.query.parser import Near, Node, Phrase, Query, Term, filter_places, leaves
from index.text.analysis import fold, tokens

RARE = 2
"""A word on at most this many pages may itself be a misspelling in the archive."""
TIMES_MORE = 50
"""The better spelling of a rare word must be on more than this many times as many pages."""
SHORTEST = 3
"""Least letters of a word that may be misspelt; shorter ones resemble too many others."""
SHORTEST_FOR_TWO = 7
"""Least letters of a word in which two typos are assumed; shorter ones resemble too many others."""
MOST_FOR_TWO = 4
"""Most words of a query in which two typos are assumed; each takes some hundredths of a second."""

Spellings = Callable[[str, Literal[0, 1, 2]], Mapping[str, int]]
"""Gives the words of the archive that are at most one or two typos away from a folded word, each with the
number of entries that contain it; the word itself is among them if the archive has it."""


def did_you_mean(query: Query, spellings: Spellings, as_written: Callable[[str], str] = str) -> str | None:
    """The query with unknown words replaced by similar words of the archive; None if there are none.

    Operators, filters, quotation marks and known words stay as they are. It is for queries with few hits: a
    word of the archive is taken to be correct, unless it is rare and similar to a common one.

    Args:
        as_written: gives a folded word as the archive writes it, with its accents.
    """
    words = dict.fromkeys(chain.from_iterable(map(_words, leaves(query.tree))))
    speller = _Speller(spellings)
    better = {word: spelling for word in words if (spelling := speller.better(fold(word)))}
    unknown = {word: spelling for word, spelling in better.items() if fold(word) in speller.unknown}
    better = unknown or better  # rare words are replaced only if no unknown word explains the few hits
    text, end = [], 0
    filters = filter_places(query.text)
    for token in tokens(query.text):
        if token.text in better and not any(start <= token.start < stop for start, stop in filters):
            spelling = as_written(better[token.text])
            written = query.text[token.start : token.end]
            text += [query.text[end : token.start], spelling.capitalize() if written.istitle() else spelling]
            end = token.end
    return "".join([*text, query.text[end:]]) if text else None


def _words(leaf: Node) -> Iterable[str]:
    match leaf:
        case Term(word):
            return (word,)
        case Phrase(words) | Near(words, _):
            return words
        case _:
            return ()


class _Speller:
    """Finds better spellings of the words of one query."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._left_for_two = MOST_FOR_TWO
        self.unknown: set[str] = set()
        """The words that were looked up and are not in the archive, folded."""

    def better(self, word: str) -> str | None:
        """The likeliest spelling of a folded word; None if it is the word itself."""
        if len(word) < SHORTEST or not word.isalpha():
            return None
        count = self._letters_alone(word, 0).get(word, 0)
        if not count:
            self.unknown.add(word)
        if count > RARE:
            return None  # common words are not compared with all that look like them
        near = self._letters_alone(word, 1)
        if not near and len(word) >= SHORTEST_FOR_TWO and self._left_for_two:
            self._left_for_two -= 1
            near = self._letters_alone(word, 2)
        better = {other for other, pages in near.items() if other != word and pages > count * TIMES_MORE}
        return max(better, key=lambda other: (near[other], other), default=None)

    def _letters_alone(self, word: str, typos: Literal[0, 1, 2]) -> Mapping[str, int]:
        return {near: count for near, count in self._spellings(word, typos).items() if near.isalpha()}
