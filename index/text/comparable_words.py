"""The words of a text in the form in which quotations are compared, as a list and as one string."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from archive.languages import Language
from index.language.folding import TYPOGRAPHY
from index.text.analysis import tokens
from index.text.excerpts import in_one_line, with_rows
from index.text.spelling import NOTE, NUMBER_SIGN, SIGNS, Spelling, spelled

_SIGN = re.compile(f"[{SIGNS}]")
_MINUS = re.compile(r"(?<![^\s(\[€$£«“‘\"|])[-–−](?=\d|[€$£]\s?\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_RAISED = re.compile("[⁰¹²³⁴-⁹]")
_LOWERING = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_LETTERS = str.maketrans("", "", "./-")
_CAPITAL_LIGATURES = TYPOGRAPHY | str.maketrans({"Œ": "Oe", "Æ": "Ae", "Ĳ": "IJ", "\u00ad": None})


class Wording(NamedTuple):
    """A word, a number or a sign that has a meaning, such as ``%``."""

    form: str
    """The verbatim form, as in :func:`index.text.analysis.tokens`. The minus of a negative number follows its
    digits, so that the form still begins like a number. ``n°`` is ``nr``."""
    written: str
    """The word as in the text."""
    gap: str
    """The text between the word before, or the beginning of the text, and this word; see
    :func:`index.text.excerpts.with_rows`."""
    start: int
    end: int
    following: str = ""
    """The character after it; empty at the end of the text."""
    note: str = ""
    """The number of the note that it refers to; "" if there is none."""

    @property
    def before(self) -> str:
        """The punctuation between it and the word before, on one line."""
        return in_one_line(self.gap)

    @property
    def letters(self) -> str:
        """The form without the separators and signs of numbers."""
        return self.form if self.form.isalpha() else self.form.translate(_NO_LETTERS)

    @property
    def cased(self) -> str:
        """The form with the capitals as written."""
        spelling = self.written
        if spelling.lower() != self.form:
            spelling = unicodedata.normalize("NFKC", spelling).translate(_CAPITAL_LIGATURES)
        return spelling if spelling.lower() == self.form else self.form

    def with_note(self, number: str, gap: str) -> "Wording":
        """The word with a note number added; `gap` is the text that follows it."""
        return self._replace(note=self.note + number, following=gap[:1] or self.following)


def wordings(text: str, *, is_prose: bool = False) -> Iterator[Wording]:
    """The words, numbers and signs of `text` in order, with the punctuation between them.

    A raised note number belongs to the word before it.

    Args:
        is_prose: whether a dash between any two numbers means a range, as in ``12 –15``. In a table, and in a
            quotation that may come from one, it does so only between years; otherwise it is a minus.
    """
    found = _parted(text)
    minuses = {match.end() for match in _MINUS.finditer(text)}
    notes = {match.start() for match in NOTE.finditer(text)} if _RAISED.search(text) else set()
    rows, before, gap, last = with_rows(text), 0, "", None
    for form, start, end in found:
        gap += rows[before:start]
        if last and start in notes:
            last = last.with_note(form, "")
            before = end
            continue
        number = last.form if last else ""
        if start in minuses and (
            text[before : start - 1].strip(" ") or not _is_range(number, form, is_prose)
        ):
            form, start, gap = f"{form}-", start - 1, gap[:-1]
        if last:
            yield last
        last = Wording(form, text[start:end], gap, start, end, text[end : end + 1])
        before, gap = end, ""
    if last:
        yield last


def _parted(text: str) -> list[tuple[str, int, int]]:
    """Words, numbers and signs in order: their forms, starts and ends."""
    found = [(token.text, token.start, token.end) for token in tokens(text)]
    if _SIGN.search(text):
        found += [(sign[0], *sign.span()) for sign in _SIGN.finditer(text)]
        found.sort(key=lambda word: word[1])
    for match in NUMBER_SIGN.finditer(text):
        start, end = match.start(), match.start() + len(match[0].rstrip())
        first = bisect_left(found, start, key=lambda word: word[1])
        last = bisect_left(found, match.end(), key=lambda word: word[1])
        found[first:last] = [("nr", start, end)]
    return found


def _is_range(one: str, other: str, is_prose: bool) -> bool:
    """Whether a dash directly between two numbers means a range, and is not the minus of the second."""
    if is_prose:
        return one[:1].isdecimal()
    return bool(_YEAR.fullmatch(one) and _YEAR.fullmatch(other))


def raised(number: str) -> str:
    """A note number in raised digits."""
    return number.translate(_LOWERING)


def written(words: Sequence[Wording]) -> str:
    """The text from the first word to the last, on one line."""
    return in_one_line(raw(words))


def raw(words: Sequence[Wording]) -> str:
    """The text from the first word to the last."""
    return "".join([word.gap + word.written for word in words])[len(words[0].gap) :] if words else ""


def have_same_sign(one: Wording, other: Wording) -> bool:
    """Whether both words are negative numbers, or neither is."""
    return one.form.endswith("-") == other.form.endswith("-")


class Letters:
    """Words joined to one string, in which a sequence of words can be searched however it is split."""

    def __init__(self, words: Sequence[Wording], language: Language | None = None, *, tail: str = "") -> None:
        """Join words.

        Args:
            language: the language of the text.
            tail: the text after the last word.
        """
        self.words = words
        self.language = language
        self._tail = tail
        letters = [word.letters for word in words]
        self.text = "".join(letters)
        self._ends = list(accumulate(map(len, letters)))
        self._spellings: dict[Language | None, Spelling] = {}

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """For each form, the numbers of the words that have it."""
        places: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            places.setdefault(word.form, []).append(number)
        return places

    def spelled_in(self, language: Language | None) -> Spelling:
        """The spelling of all words, to be compared with a text in `language`."""
        if language not in self._spellings:
            self._spellings[language] = spelled(raw(self.words), language)
        return self._spellings[language]

    def from_word(self, start: int) -> "Letters":
        """The words from number `start` on."""
        return Letters(self.words[start:], self.language, tail=self._tail) if start else self

    def after(self, end: int) -> str:
        """The punctuation after word number `end` - 1."""
        return self.words[end].gap if end < len(self.words) else self._tail

    def find(self, letters: str, start: int = 0) -> Iterator[tuple[int, int]]:
        """Find whole words that together have exactly `letters`, from word number `start` on.

        Yields the number of the first word and of the word after the last.
        """
        place = self.text.find(letters, self._start(start)) if letters else -1
        while place >= 0:
            first = bisect_left(self._ends, place + 1)
            last = bisect_left(self._ends, place + len(letters))
            if self._start(first) == place and self._ends[last] == place + len(letters):
                yield first, last + 1
            place = self.text.find(letters, place + 1)

    def _start(self, number: int) -> int:
        return self._ends[number - 1] if number else 0
