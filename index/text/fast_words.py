"""Finds the words of long texts quickly: text is split at white space, and the words of each piece are
cached.

The words are those of :func:`index.text.analysis.tokens`, which reads letter by letter; a test proves that
both agree.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate, chain

from index.text.analysis import Token, tokens
from index.text.writing import written_form

_SPACED_NUMBER = re.compile(r"\d \d")
_PLAIN = re.compile(r"\(?([A-Za-zÀ-ÅÇ-ÖÙ-Ýà-åç-öù-ý]+)[.,;:!?)]*")
"""A piece with one word, whose verbatim form is the word in lower case."""
_LONGEST_CACHED = 40
_MOST_CACHED = 200_000


_words_of_piece: dict[str, tuple[str, ...]] = {}
"""Cache: the words of pieces seen before."""

_writing_of_piece: dict[str, tuple[tuple[int, str], ...]] = {}
"""Cache: for pieces seen before, the words with a written form, as (number in the piece, written form)."""


def _by_piece(some: list[str]) -> list[tuple[str, ...]]:
    """The words of each piece."""
    found = list(map(_words_of_piece.get, some))
    if None in found:
        new = _analysed({piece for piece, words in zip(some, found, strict=True) if words is None})
        found = [new[piece] if words is None else words for piece, words in zip(some, found, strict=True)]
        if len(_words_of_piece) + len(new) > _MOST_CACHED:
            _words_of_piece.clear()
        _words_of_piece.update(
            (piece, words) for piece, words in new.items() if len(piece) <= _LONGEST_CACHED
        )
    return found  # type: ignore[return-value]  # every None was replaced


def _analysed(some: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words of each piece.

    Most pieces are a single plain word. The others are analysed in one go, which is faster than one by one.
    """
    analysed: dict[str, tuple[str, ...]] = {}
    others = []
    for piece in some:
        if plain := _PLAIN.fullmatch(piece):
            analysed[piece] = (plain[1].lower(),)
        else:
            others.append(piece)
    found = iter([*tokens("\n".join(others)), Token("", sys.maxsize, sys.maxsize)])
    word = next(found)
    end = 0
    for piece in others:
        end += len(piece) + 1
        inside = []
        while word.start < end:
            inside.append(word.text)
            word = next(found)
        analysed[piece] = tuple(inside)
    return analysed


def pieces(text: str) -> list[str]:
    """Split `text` into pieces, separated by one character of white space, without cutting a word."""
    if not _SPACED_NUMBER.search(text):
        return text.replace("\n", " ").split(" ")
    # 2 500 000 is one word, so a line with such numbers is one piece.
    lines = text.split("\n")
    return list(
        chain.from_iterable([line] if _SPACED_NUMBER.search(line) else line.split(" ") for line in lines)
    )


def words(text: str) -> list[str]:
    """The words of `text` in their verbatim form, in order."""
    return list(chain.from_iterable(_by_piece(pieces(text))))


def _writing_of(piece: str) -> tuple[tuple[int, str], ...]:
    """The words of a piece that have a written form."""
    found = _writing_of_piece.get(piece)
    if found is None:
        written = (written_form(piece[token.start : token.end]) for token in tokens(piece))
        found = tuple((number, form) for number, form in enumerate(written) if form)
        if len(piece) <= _LONGEST_CACHED:
            if len(_writing_of_piece) >= _MOST_CACHED:
                _writing_of_piece.clear()
            _writing_of_piece[piece] = found
    return found


class TextWords:
    """The words of one text; their offsets are computed on demand."""

    def __init__(self, text: str) -> None:
        self._pieces = pieces(text)
        self._by_piece = _by_piece(self._pieces)
        self.all = list(chain.from_iterable(self._by_piece))
        """All words in order."""
        self._tokens: dict[int, list[Token]] = {}
        """Cache: the tokens of pieces by their number, with offsets in the piece."""

    @cached_property
    def written(self) -> Mapping[int, str]:
        """The words that have a written form, by their numbers (:func:`index.text.writing.written_form`)."""
        found: dict[int, str] = {}
        start = 0
        for piece, inside in zip(self._pieces, self._by_piece, strict=True):
            if not (piece.isalpha() and piece.islower()):
                found.update((start + number, form) for number, form in _writing_of(piece))
            start += len(inside)
        return found

    @cached_property
    def _lengths(self) -> list[int]:
        """For each piece, the total length of the pieces before it."""
        return list(accumulate(map(len, self._pieces), initial=0))

    @cached_property
    def _numbers(self) -> list[int]:
        """For each piece, the number of its first word."""
        return list(accumulate(map(len, self._by_piece), initial=0))

    def place(self, number: int) -> Token:
        """A word by its number, with its offsets in the text."""
        piece = bisect_right(self._numbers, number) - 1
        text, start = self._pieces[piece], self._lengths[piece] + piece
        if len(self._by_piece[piece]) == 1 and text.isalpha():
            return Token(self.all[number], start, start + len(text))
        if piece not in self._tokens:
            self._tokens[piece] = tokens(text)
        word = self._tokens[piece][number - self._numbers[piece]]
        return Token(word.text, start + word.start, start + word.end)
