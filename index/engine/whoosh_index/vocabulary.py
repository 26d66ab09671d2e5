"""The words of an index: looked up by their letters, by their beginning, or by their stem.

They are kept as text in a file of the index: for each language a line for each word, behind its letters
without accents, and a line for each word behind its stem. The lines are in order, so a look-up is a binary
search.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, pairwise

import numpy as np

from archive.languages import LANGUAGES, Language
from index.text import analysis
from index.text.typos import is_near
from index.text.writing import AS_WRITTEN

_FIRST = re.compile(rb"^[^\t\n]+(?=\t)", re.MULTILINE)
"""The first word of a line."""
_APART = b"\n\n"
"""Between two parts of a file."""


class _Lines:
    """Pairs of words in order, a line for each, parted by a tab."""

    def __init__(self, data: bytes) -> None:
        """Take lines in order, without an empty one."""
        self._text = b"\n" + data + b"\n" if data else b"\n"

    @property
    def data(self) -> bytes:
        """The lines again."""
        return self._text[1:-1]

    @cached_property
    def _starts(self) -> "array[int]":
        """Where each line begins, and the end."""
        ends = np.flatnonzero(np.frombuffer(self._text, np.uint8) == ord("\n"))
        return array("I", (ends + 1).astype(np.uint32).tobytes())

    def _number(self, key: bytes) -> int:
        """The number of the first line that is not before `key`."""
        text, starts = self._text, self._starts
        return bisect_left(
            range(len(starts) - 1), key, key=lambda each: text[starts[each] : starts[each + 1] - 1]
        )

    def starting(self, beginning: str) -> Iterator[tuple[str, str]]:
        """The lines that start so, in order."""
        text, starts, key = self._text, self._starts, beginning.encode()
        for each in range(self._number(key), len(starts) - 1):
            start = starts[each]
            if not text.startswith(key, start):
                return
            first, _tab, second = text[start : starts[each + 1] - 1].decode().partition("\t")
            yield first, second

    @cached_property
    def firsts(self) -> bytes:
        """The first words of all lines, in order, each once, on lines of their own with one before them."""
        return b"\n".join([b"", *dict.fromkeys(_FIRST.findall(self._text)), b""])

    def and_also(self, pairs: Iterable[tuple[str, str]]) -> "_Lines":
        """These lines and others, of which some may be there already."""
        text, parts, end = self._text, [], 1
        for line in sorted({f"{first}\t{second}\n".encode() for first, second in pairs}):
            place = self._starts[self._number(line[:-1])]
            if not text.startswith(line, place):
                parts += [text[end:place], line]
                end = place
        return _Lines(b"".join([*parts, text[end:]])[:-1]) if parts else self

    def joined(self, other: "_Lines") -> "_Lines":
        """The lines of both, each once."""
        lines = {line for each in (self, other) for line in each.data.split(b"\n") if line}
        return _Lines(b"\n".join(sorted(lines)))


class Words:
    """The words of one language, written forms included."""

    def __init__(self, by_letters: bytes = b"", by_stem: bytes = b"") -> None:
        """Take lines in order: each word behind its letters without accents, and behind its stem."""
        self._by_letters, self._by_stem = _Lines(by_letters), _Lines(by_stem)

    def __contains__(self, folded: str) -> bool:
        return next(self._by_letters.starting(f"{folded}\t"), None) is not None

    def spelled(self, folded: str) -> list[str]:
        """The words and written forms with these letters when accents are left out."""
        return [word for _folded, word in self._by_letters.starting(f"{folded}\t")]

    def spelled_from(self, beginning: str) -> Iterator[str]:
        """The words and written forms whose letters, accents left out, begin so."""
        return (word for _folded, word in self._by_letters.starting(beginning))

    def with_stem(self, stem: str) -> list[str]:
        """The words and written forms that have this stem."""
        return [word for _stem, word in self._by_stem.starting(f"{stem}\t")]

    def starting_with(self, beginning: str) -> Iterator[str]:
        """All words, without accents, that start so, in order, each once."""
        last = None
        for folded, _word in self._by_letters.starting(beginning):
            if folded != last:
                last = folded
                yield folded

    def ending_with(self, ending: str) -> Iterator[str]:
        """All words, without accents, that end so, in order."""
        return (word for word, _place in self._having(re.compile(re.escape(f"{ending}\n".encode()))))

    def with_any_of(self, parts: Collection[str]) -> Iterator[tuple[str, int]]:
        """The words, without accents, that have one of these parts in them, in order; where it begins. A word
        that has several, or one several times, comes as often."""
        return self._having(re.compile("|".join(map(re.escape, sorted(parts))).encode()))

    def _having(self, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, int]]:
        text = self._by_letters.firsts
        for match in pattern.finditer(text):
            start = text.rindex(b"\n", 0, match.start()) + 1
            word = text[start : text.index(b"\n", match.start())]
            yield word.decode(), len(word[: match.start() - start].decode())

    def near(self, folded: str, typos: int) -> list[str]:
        """The words, without accents, that are at most none, one or two typos away."""
        if not typos:
            return [folded] if folded in self else []
        alike = self._one_half(folded) if typos == 1 else self._one_third(folded)
        return sorted({word for word in alike if is_near(word, folded, typos)})

    def _one_half(self, folded: str) -> Iterator[str]:
        """The words that begin or end as `folded` does, and others: one typo leaves one of the halves as it
        is, unless it swaps the letters between which they part."""
        middle = len(folded) // 2
        first, second = folded[:middle], folded[middle:]
        swapped = first[:-1] + second[:1] + first[-1:] + second[1:]
        yield from self.starting_with(first)
        if first:
            yield from self.ending_with(second)
        if swapped in self:
            yield swapped

    def _one_third(self, folded: str) -> Iterator[str]:
        """The words with a third of `folded` in about the same place: two typos leave at least one intact."""
        cuts = [len(folded) * third // 3 for third in range(4)]
        for start, end in pairwise(cuts):
            if start < end:
                found = self.with_any_of([folded[start:end]])
                yield from (word for word, place in found if abs(place - start) <= 2)

    def and_also(self, words: Iterable[str], language: Language) -> "Words":
        """These words and others of the same language, of which some may be known already."""
        verbatim = {word: word.removeprefix(AS_WRITTEN).lower() for word in words}
        letters = ((analysis.fold(each), word) for word, each in verbatim.items())
        stems = ((analysis.stem(each, language), word) for word, each in verbatim.items())
        return Words(self._by_letters.and_also(letters).data, self._by_stem.and_also(stems).data)

    def joined(self, other: "Words") -> "Words":
        """The words of two parts of a language."""
        letters, stems = self._by_letters.joined(other._by_letters), self._by_stem.joined(other._by_stem)
        return Words(letters.data, stems.data)

    def parts(self) -> tuple[bytes, bytes]:
        """What the words are made of again."""
        return self._by_letters.data, self._by_stem.data


Vocabulary = Mapping[Language, Words]


def as_bytes(vocabulary: Vocabulary) -> bytes:
    """The vocabulary as it is kept in a file."""
    return _APART.join(chain.from_iterable(vocabulary[language].parts() for language in LANGUAGES))


def from_bytes(data: bytes) -> Vocabulary:
    """Read what :func:`as_bytes` wrote."""
    parts = data.split(_APART)
    return dict(zip(LANGUAGES, map(Words, parts[::2], parts[1::2]), strict=True))
