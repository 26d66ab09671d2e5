"""Looks up words of an index by their letters: by prefix, or by similar spelling."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain

from index.text import analysis

LAST_CODE_POINT = "\U0010ffff"


def _is_plain(word: str) -> bool:
    return word.isascii() and word == word.lower()


class SegmentVocabulary:
    """The words of one segment, found by their letters without accents."""

    def __init__(self, words: Sequence[str], counts: Sequence[int], stems: Sequence[str]) -> None:
        """Take all words, or written forms, in order, how many entries hold each, and its stem."""
        self.words = words
        self._stems = stems
        self._counts = counts
        self._plain = {word: number for number, word in enumerate(words) if _is_plain(word)}
        self._accented: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            if not _is_plain(word):
                self._accented.setdefault(analysis.fold(word), []).append(number)

    @cached_property
    def alphabet(self) -> frozenset[str]:
        """All letters of the words, without their accents."""
        return frozenset().union(*self.folded)

    def numbers(self, folded: Set[str]) -> list[int]:
        """Which of the words are spelled like any of these when accents are left out."""
        numbers = [self._plain[word] for word in self._plain.keys() & folded]
        for word in self._accented.keys() & folded:
            numbers += self._accented[word]
        return numbers

    def with_stem(self, stem: str) -> list[int]:
        """Which of the words have this stem."""
        return self._by_stem.get(stem, [])

    @cached_property
    def _by_stem(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, stem in enumerate(self._stems):
            found.setdefault(stem, []).append(number)
        return found

    def count(self, folded: str) -> int:
        """How many entries hold the word; one with two spellings that differ in accents counts twice."""
        if folded not in self._plain and folded not in self._accented:
            return 0
        return sum(self._counts[number] for number in self.numbers({folded}))

    @cached_property
    def folded(self) -> Sequence[str]:
        """All words without their accents, in order."""
        return in_order(self._plain, self._accented)

    def starting_with(self, prefix: str) -> Sequence[str]:
        """All words, without accents, that start with `prefix`, in order."""
        start = bisect_left(self.folded, prefix)
        return self.folded[start : bisect_left(self.folded, prefix + LAST_CODE_POINT, start)]


class Vocabularies(Mapping[str, int]):
    """The words of all segments, accents left out, with the number of entries that hold each."""

    def __init__(self, segments: Sequence[SegmentVocabulary]) -> None:
        self._segments = segments

    def __getitem__(self, folded: str) -> int:
        count = sum(segment.count(folded) for segment in self._segments)
        if not count:
            raise KeyError(folded)
        return count

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    @cached_property
    def _words(self) -> Sequence[str]:
        return in_order(*(each.folded for each in self._segments))


def in_order(*words: Iterable[str]) -> list[str]:
    """All words in order, each once; quick because each part is in order already, or nearly so."""
    return list(dict.fromkeys(sorted(chain.from_iterable(words))))
