"""Where in a text did a query match? Does not know Whoosh."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from archive.languages import Language
from index.engine.whoosh_index.query_words import accented_query
from index.query import tree
from index.query.asking_nodes import asking_leaves
from index.text import analysis
from index.text.fast_words import TextWords
from index.text.typos import is_one_typo_from
from index.text.writing import AS_WRITTEN, groupings

Span = tuple[int, int]
"""Offsets of the start and just after the end."""

_words_of = lru_cache(maxsize=500)(TextWords)
"""The words of the pages that were looked at last: those that answer one query often answer the next."""

Holding = Callable[[str, Language], Collection[str]]
"""Gives the compounds, folded, that hold a word."""


class Finder:
    """Finds what one query asks for in texts of one language."""

    def __init__(self, node: tree.Node, language: Language, holding: Holding) -> None:
        leaves = list(dict.fromkeys(asking_leaves(node, language)))
        self._language = language
        self._accented = [
            asked
            for leaf in leaves
            if (asked := accented_query(leaf, language, _compounds(leaf, language, holding)))
        ]
        plain = [leaf for leaf in leaves if accented_query(leaf, language) is None]
        self._numbers = [
            leaf.word for leaf in plain if isinstance(leaf, tree.Term) and leaf.word.startswith(AS_WRITTEN)
        ]
        terms = [
            leaf for leaf in plain if isinstance(leaf, tree.Term) and not leaf.word.startswith(AS_WRITTEN)
        ]
        self._stems = {stem for term in terms for stem in analysis.query_stems(term.word, language)}
        self._initials = {stem[:1] for stem in self._stems}
        self._letters = {compound for term in terms for compound in _compounds(term, language, holding)}
        self._letters.update(analysis.fold(term.word) for term in terms)
        self._prefixes = tuple(analysis.fold(leaf.stem) for leaf in plain if isinstance(leaf, tree.Prefix))
        self._fuzzy = [analysis.fold(leaf.word) for leaf in plain if isinstance(leaf, tree.Fuzzy)]
        self._phrases = [leaf.words for leaf in plain if isinstance(leaf, tree.Phrase)]
        self._near = [leaf for leaf in plain if isinstance(leaf, tree.Near)]
        self._known: set[str] = set()
        """The words met so far."""
        self._asked_for: set[str] = set()
        """Those of them that are asked for by themselves."""

    def find(self, text: str) -> list[Span]:
        """The stretches of `text` that the query asks for, in order and never overlapping."""
        words = _words_of(text)
        asked_for = self._asked_for_among(set(words.all))
        spans = [(number, number) for number, word in enumerate(words.all) if word in asked_for]
        for asked in self._accented:
            spans += [(number, number) for number, form in words.written.items() if asked.asks_written(form)]
        exact = ExactPlaces(words, self._language)
        for number in self._numbers:
            spans += [(place, place) for place in exact[number]]
        for phrase in self._phrases:
            spans += [(place, place + len(phrase) - 1) for place in _phrase(exact, phrase)]
        for near in self._near:
            spans += [(place, place) for place in _near(exact, near)]
        return _apart(_span(words, first, last) for first, last in spans)

    def _asked_for_among(self, words: set[str]) -> set[str]:
        new = words - self._known
        if self._stems:
            alike = [word for word in new if analysis.may_have_stem(word, self._initials, self._language)]
            self._asked_for |= {word for word in alike if analysis.stem(word, self._language) in self._stems}
        if self._letters or self._prefixes or self._fuzzy:
            folded = {word: word if word.isascii() else analysis.fold(word) for word in new}
            self._asked_for |= {word for word, letters in folded.items() if self._has_letters(letters)}
        for asked in self._accented:
            self._asked_for |= {word for word in new if asked.asks(word)}
        self._known |= new
        return self._asked_for & words

    def _has_letters(self, letters: str) -> bool:
        if letters in self._letters or letters.startswith(self._prefixes):
            return True
        return bool(self._fuzzy) and any(is_one_typo_from(letters, word) for word in self._fuzzy)


def _compounds(leaf: tree.Node, language: Language, holding: Holding) -> Collection[str]:
    is_asked = isinstance(leaf, tree.Term) and leaf.with_compounds
    return holding(leaf.word, language) if is_asked and isinstance(leaf, tree.Term) else ()


class ExactPlaces(dict[str, frozenset[int]]):
    """Where in a text each very word stands, see
    :func:`index.engine.whoosh_index.query_words.exact_postings`."""

    def __init__(self, words: TextWords, language: Language) -> None:
        self._words = words
        self._language = language

    def __missing__(self, word: str) -> frozenset[int]:
        found = self[word] = frozenset(self._places(word))
        return found

    def _places(self, word: str) -> Iterator[int]:
        written = self._words.written
        if word.startswith(AS_WRITTEN):
            number = word.removeprefix(AS_WRITTEN)
            if number.isdecimal():
                separated = set(groupings(number))
                places = (place for place, each in enumerate(self._words.all) if each == number)
                yield from (place for place in places if written.get(place) not in separated)
            else:
                yield from (place for place, form in written.items() if form == number)
            return
        yield from (place for place, each in enumerate(self._words.all) if each == word)
        if asked := accented_query(tree.Phrase((word,)), self._language):
            yield from (place for place, form in written.items() if asked.asks_written(form))


def _phrase(exact: ExactPlaces, phrase: Sequence[str]) -> list[int]:
    """Where each occurrence of `phrase` begins."""
    return [
        start
        for start in exact[phrase[0]]
        if all(start + number in exact[word] for number, word in enumerate(phrase[1:], 1))
    ]


def _near(exact: ExactPlaces, near: tree.Near) -> set[int]:
    """The places of the words that stand near each other."""
    wanted = {word: near.words.count(word) for word in near.words}
    places = sorted(set().union(*(exact[word] for word in wanted)))
    found: set[int] = set()
    for number, start in enumerate(places):
        group = [place for place in places[number:] if place - start < near.distance + len(near.words)]
        if all(sum(place in exact[word] for place in group) >= count for word, count in wanted.items()):
            found.update(group)
    return found


def _span(words: TextWords, first: int, last: int) -> Span:
    """Where the words stand from one number to another."""
    word = words.place(first)
    return word.start, word.end if first == last else words.place(last).end


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The same stretches in order, overlapping ones made into one."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
