"""Suggests another spelling of a query, by the words of the archive."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from itertools import chain, pairwise

from index.query.parser import Near, Node, Phrase, Query, Term, filter_places, leaves
from index.text.analysis import fold, tokens
from index.text.typos import spellings_one_typo_from

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
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def did_you_mean(
    query: Query, vocabulary: Mapping[str, int], as_written: Callable[[str], str] = str
) -> str | None:
    """The query with unknown words replaced by similar words of the archive; None if there are none.

    Operators, filters, quotation marks and known words stay as they are. It is for queries with few hits: a
    word of the archive is taken to be correct, unless it is rare and similar to a common one.

    Args:
        vocabulary: all words of the archive, folded, with the number of entries that contain each. Iterating
            may also give words that a look-up does not find; these do not count.
        as_written: gives a word of the vocabulary as the archive writes it, with its accents.
    """
    words = dict.fromkeys(chain.from_iterable(map(_words, leaves(query.tree))))
    speller = _Speller(vocabulary)
    better = {word: spelling for word in words if (spelling := speller.better(fold(word)))}
    unknown = {word: spelling for word, spelling in better.items() if fold(word) not in vocabulary}
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
    """Finds spellings in one vocabulary."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._left_for_two = MOST_FOR_TWO

    def better(self, word: str) -> str | None:
        """The likeliest spelling of a folded word; None if it is the word itself."""
        count = self._vocabulary.get(word, 0)
        if len(word) < SHORTEST or not word.isalpha() or count > RARE:
            return None
        near = {other for other in spellings_one_typo_from(word, _LETTERS) if other in self._vocabulary}
        if not near and len(word) >= SHORTEST_FOR_TWO and self._left_for_two:
            self._left_for_two -= 1
            near = {other for other in self._alike(word) if are_two_typos_apart(word, other)}
        near = {other for other in near - {word} if self._vocabulary.get(other, 0) > count * TIMES_MORE}
        return max(near, key=lambda other: (self._vocabulary.get(other, 0), other), default=None)

    def _alike(self, word: str) -> set[str]:
        """The words with a third of `word` in about the same place: two typos leave at least one intact."""
        cuts = [len(word) * third // 3 for third in range(4)]
        found = set()
        for start, end in pairwise(cuts):
            for match in re.finditer(re.escape(word[start:end]), self._lines):
                line = self._lines.rindex("\n", 0, match.start()) + 1
                if abs(match.start() - line - start) <= 2:
                    found.add(self._lines[line : self._lines.index("\n", line)])
        return found

    @cached_property
    def _lines(self) -> str:
        """All words, one on each line: one search for letters in all of them is fast."""
        return "\n".join(["", *self._vocabulary, ""])


def are_two_typos_apart(word: str, other: str) -> bool:
    """Whether two words differ by at most two typos: letters removed, added, changed, or swapped."""
    if abs(len(word) - len(other)) > 2:
        return False
    # Row by row: the typos between the first letters of `word` and each beginning of `other`.
    rows = [list(range(len(other) + 1))]
    for place, letter in enumerate(word, 1):
        above, row = rows[-1], [place]
        for column, against in enumerate(other, 1):
            typos = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != against))
            if place > 1 and column > 1 and letter == other[column - 2] and word[place - 2] == against:
                typos = min(typos, rows[-2][column - 2] + 1)
            row.append(typos)
        if min(row) > 2:
            return False
        rows.append(row)
    return rows[-1][-1] <= 2
