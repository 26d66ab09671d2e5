"""Where in a text a query matched. Knows of no engine."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from archive.languages import Language
from index import analysis, tree
from index.evaluation import free_children
from index.vocabulary import is_one_typo_from
from index.words import Words

Span = tuple[int, int]
"""Offsets of the start and just after the end."""

_words_of = lru_cache(maxsize=500)(Words)
"""The words of the pages that were looked at last: those that answer one query often answer the next."""

Holding = Callable[[str, Language], Collection[str]]
"""Gives the compounds, folded, that hold a word."""


class Finder:
    """Finds what one query asks for in texts of one language."""

    def __init__(self, node: tree.Node, language: Language, holding: Holding) -> None:
        leaves = list(_leaves(node, language))
        terms = {leaf.word for leaf in leaves if isinstance(leaf, tree.Term)}
        with_compounds = {leaf.word for leaf in leaves if isinstance(leaf, tree.Term) and leaf.with_compounds}
        self._language = language
        self._stems = {analysis.stem(word, language) for word in terms}
        self._initials = {stem[:1] for stem in self._stems}
        self._compounds = {compound for word in with_compounds for compound in holding(word, language)}
        self._compounds.update(word for word in terms if analysis.fold(word) == word)
        self._prefixes = tuple(analysis.fold(leaf.stem) for leaf in leaves if isinstance(leaf, tree.Prefix))
        self._fuzzy = [analysis.fold(leaf.word) for leaf in leaves if isinstance(leaf, tree.Fuzzy)]
        self._phrases = [leaf.words for leaf in leaves if isinstance(leaf, tree.Phrase)]
        self._near = [leaf for leaf in leaves if isinstance(leaf, tree.Near)]
        self._known: set[str] = set()
        """The words met so far."""
        self._asked_for: set[str] = set()
        """Those of them that are asked for by themselves."""

    def find(self, text: str) -> list[Span]:
        """The stretches of `text` that the query asks for, in order and never overlapping."""
        words = _words_of(text)
        asked_for = self._asked_for_among(set(words.all))
        stretches = [(number, number) for number, word in enumerate(words.all) if word in asked_for]
        for phrase in self._phrases:
            stretches += _phrase(words.all, phrase)
        for near in self._near:
            stretches += [(number, number) for number in _near(words.all, near)]
        return _apart((words.place(first).start, words.place(last).end) for first, last in stretches)

    def _asked_for_among(self, words: set[str]) -> set[str]:
        new = words - self._known
        if self._stems:
            # Only these need to be stemmed: the stem of a longer word begins as the word does.
            alike = [
                word for word in new if word[0] in self._initials or len(word) < 3 or not word[0].isascii()
            ]
            self._asked_for |= {word for word in alike if analysis.stem(word, self._language) in self._stems}
        if self._compounds or self._prefixes or self._fuzzy:
            folded = {word: word if word.isascii() else analysis.fold(word) for word in new}
            self._asked_for |= {word for word, letters in folded.items() if self._has_letters(letters)}
        self._known |= new
        return self._asked_for & words

    def _has_letters(self, letters: str) -> bool:
        if letters in self._compounds or letters.startswith(self._prefixes):
            return True
        return bool(self._fuzzy) and any(is_one_typo_from(letters, word) for word in self._fuzzy)


def _leaves(node: tree.Node, language: Language) -> Iterator[tree.Node]:
    """The leaves that ask for something in the text of an entry in `language`."""
    match node:
        case tree.And(children):
            free = free_children(children, language)
            for number, child in enumerate(children):
                if number not in free:
                    yield from _leaves(child, language)
        case tree.Or(children):
            for child in children:
                yield from _leaves(child, language)
        case tree.Not() | tree.Title():
            return
        case _:
            yield node


def _phrase(words: Sequence[str], phrase: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First and last place of each occurrence of `phrase` in `words`."""
    first, length = phrase[0], len(phrase)
    for place, word in enumerate(words):
        if word == first and tuple(words[place : place + length]) == tuple(phrase):
            yield place, place + length - 1


def _near(words: Sequence[str], near: tree.Near) -> set[int]:
    """The places of the words that stand near each other."""
    wanted = set(near.words)
    places = [place for place, word in enumerate(words) if word in wanted]
    found: set[int] = set()
    for number, start in enumerate(places):
        group = [place for place in places[number:] if place - start < near.distance + len(near.words)]
        present = [words[place] for place in group]
        if all(present.count(word) >= near.words.count(word) for word in wanted):
            found.update(group)
    return found


def _apart(stretches: Iterable[Span]) -> list[Span]:
    """The same stretches in order, overlapping ones made into one."""
    apart: list[Span] = []
    for start, end in sorted(stretches):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
