"""The text of a few pages in one language as one run of words, which still know where they stand.

A quotation is compared with this rather than with the pages' passages, because it may run on over them.
Running heads and feet stand at the end, where they do not come between the words of a sentence.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import NamedTuple

from archive.languages import Language
from archive.records import Box, Page, Passage
from index.analysis import tokens
from index.folding import TYPOGRAPHY
from index.snippets import in_one_line, with_rows

_SIGN = re.compile(r"[%‰€$£§+=<>±≤≥≠]")
_MINUS = re.compile(r"(?<![^\s(\[€$£«“‘\"|])[-–−](?=\d|[€$£]\s?\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPACE_IN_NUMBER = re.compile(r"(?<=\d)\s(?=\d)")
_CAPITAL_LIGATURES = TYPOGRAPHY | str.maketrans({"Œ": "Oe", "Æ": "Ae", "Ĳ": "IJ", "\u00ad": None})


class Wording(NamedTuple):
    """A word, a number or one of those signs that mean something, such as ``%``."""

    form: str
    """As :func:`index.analysis.tokens` gives words: in lower case, typography levelled. The minus of a
    negative number stands behind its digits, so that it is still known as a number."""
    written: str
    before: str
    """What stands between it and the word before, in one line; one space at the beginning of a passage."""
    start: int
    end: int

    @property
    def cased(self) -> str:
        """The form with the capitals as written."""
        spelled = self.written
        if spelled.lower() != self.form:
            spelled = unicodedata.normalize("NFKC", spelled).translate(_CAPITAL_LIGATURES)
        # Both have to be of one length, so that a stretch of one is the same stretch of the other.
        is_same = spelled.lower() == self.form and len(spelled) == len(self.form)
        return spelled if is_same else self.form


def wordings(text: str, *, is_prose: bool = False) -> Iterator[Wording]:
    """The words, numbers and signs of `text` in order; nothing else of it counts in a quotation.

    Args:
        is_prose: whether a dash between any two numbers makes a range, as in ``12 –15``. In a table, and in a
            quotation that may come from one, only years make one.
    """
    found = [(token.text, token.start, token.end) for token in tokens(text)]
    if _SIGN.search(text):
        found += [(sign[0], *sign.span()) for sign in _SIGN.finditer(text)]
        found.sort(key=lambda word: word[1])
    minuses = {match.end() for match in _MINUS.finditer(text)}
    rows, before, last = with_rows(text), 0, ""
    for form, start, end in found:
        if start in minuses and (text[before : start - 1].strip(" ") or not _is_range(last, form, is_prose)):
            form, start = f"{form}-", start - 1
        gap = in_one_line(rows[before:start]) if before else " "
        yield Wording(form, text[start:end], gap, start, end)
        before, last = end, form


def _is_range(one: str, other: str, is_prose: bool) -> bool:
    """Whether a dash between two numbers, with nothing else between them, is no sign of the second."""
    if is_prose:
        return one[:1].isdecimal()
    return bool(_YEAR.fullmatch(one) and _YEAR.fullmatch(other))


def written(words: Sequence[Wording]) -> str:
    """Words as they are written, from the first to the last."""
    return "".join([word.before + word.written for word in words]).removeprefix(
        words[0].before if words else ""
    )


def plain_letters(words: Sequence[Wording]) -> str:
    """The letters and digits of words as one string, signs left out."""
    return "".join([word.form.rstrip("-") for word in words if word.form[0].isalnum()])


def have_same_numbers(some: Sequence[Wording], others: Sequence[Wording]) -> bool:
    """Whether words with the same letters also have the same numbers: where one number ends and the next
    begins on one side, so it does on the other, or a space stands there, as in ``102 204``."""
    (ends, spaces), (other_ends, other_spaces) = _ends_of_numbers(some), _ends_of_numbers(others)
    return ends <= other_ends | other_spaces and other_ends <= ends | spaces


def _ends_of_numbers(words: Sequence[Wording]) -> tuple[set[int], set[int]]:
    """Where, among the letters of words, a number follows a number, and where a space stands in one."""
    ends, spaces, place, last = set(), set(), 0, ""
    for word in words:
        if last.isdecimal() and word.form[0].isdecimal():
            ends.add(place)
        for space in _SPACE_IN_NUMBER.finditer(word.written):
            spaces.add(place + sum(map(str.isdecimal, word.written[: space.start()])))
        place, last = place + len(word.form), word.form[-1]
    return ends, spaces


class Letters:
    """Words as one string without anything between them, in which words can be found again."""

    def __init__(self, words: Sequence[Wording]) -> None:
        self.words = words
        self.text = "".join([word.form for word in words])
        self._ends = list(accumulate(len(word.form) for word in words))

    @cached_property
    def cased(self) -> str:
        """The same with capitals as written."""
        return "".join([word.cased for word in self.words])

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The numbers of the words with each form."""
        places: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            places.setdefault(word.form, []).append(number)
        return places

    def find(self, letters: str, start: int = 0) -> Iterator[tuple[int, int]]:
        """Where whole words make up `letters`, from word number `start` on.

        Gives the numbers of the first word and of the one after the last.
        """
        place = self.text.find(letters, self._start(start)) if letters else -1
        while place >= 0:
            first = bisect_left(self._ends, place + 1)
            last = bisect_left(self._ends, place + len(letters))
            if self._start(first) == place and self._ends[last] == place + len(letters):
                yield first, last + 1
            place = self.text.find(letters, place + 1)

    def between(self, first: int, end: int) -> slice:
        """The stretch of the string that words `first` up to, but without, `end` make up."""
        return slice(self._start(first), self._ends[end - 1])

    def _start(self, number: int) -> int:
        return self._ends[number - 1] if number else 0


@dataclass(frozen=True, slots=True)
class WordedPage:
    """A page with the words of its passages in one language."""

    page: Page
    passages: tuple[tuple[Passage, tuple[Wording, ...]], ...]


def worded(page: Page, language: Language) -> WordedPage:
    """Take the words of a page in one language apart, once for all running texts that it is in."""
    passages = [passage for passage in page.passages if passage.language == language]
    return WordedPage(page, tuple((passage, tuple(wordings(passage.text))) for passage in passages))


class RunningText:
    """Consecutive pages of a document in one language."""

    def __init__(self, document: str, language: Language, pages: Sequence[WordedPage]) -> None:
        self.document = document
        self.language = language
        passages = [(worded.page, *passage) for worded in pages for passage in worded.passages]
        # A stable sort: passages keep their order, running heads and feet go to the end.
        passages.sort(key=lambda found: found[1].kind == "running")
        self._passages = [(page, passage) for page, passage, _words in passages]
        words = [words for _page, _passage, words in passages]
        self._firsts = list(accumulate(map(len, words), initial=0))
        self.letters = Letters(list(chain.from_iterable(words)))

    def page_of(self, number: int) -> Page:
        """The page on which a word stands."""
        return self._passages[self._passage_of(number)][0]

    def text(self, first: int, end: int) -> str:
        """The text from one word up to, but without, another, as it stands there, in one line."""
        return " ".join(
            in_one_line(with_rows(passage.text)[start:stop])
            for _page, passage, start, stop in self._stretches(first, end)
        )

    def boxes(self, first: int, end: int, page: Page) -> list[Box]:
        """Where what of the same text stands on `page` is drawn."""
        return [
            box
            for on_page, passage, start, stop in self._stretches(first, end)
            for word in passage.words
            for box in word.boxes
            if on_page is page and word.start < stop and word.end > start
        ]

    def spans(self, first: int, end: int, page: Page) -> list[tuple[int, int]]:
        """Where what of the same text stands on `page` is in the page's text in this language: that of its
        passages in their order, with a line feed between them."""
        offsets: dict[int, int] = {}
        length = 0
        for passage in page.passages:
            if passage.language == self.language:
                offsets[id(passage)] = length
                length += len(passage.text) + 1
        return [
            (offsets[id(passage)] + start, offsets[id(passage)] + stop)
            for on_page, passage, start, stop in self._stretches(first, end)
            if on_page is page
        ]

    def _passage_of(self, number: int) -> int:
        return bisect_right(self._firsts, number) - 1

    def _stretches(self, first: int, end: int) -> Iterator[tuple[Page, Passage, int, int]]:
        words = self.letters.words
        for place in range(self._passage_of(first), self._passage_of(end - 1) + 1):
            page, passage = self._passages[place]
            start, stop = max(first, self._firsts[place]), min(end, self._firsts[place + 1])
            if start < stop:
                yield page, passage, words[start].start, words[stop - 1].end
