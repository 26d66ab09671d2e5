"""Finds a document's title: its most prominent heading, or what its metadata say if that is also printed.

A title goes into citations, so a wrong one is worse than none. If the evidence is thin there is no title: the
archive shows the file name and asks an archivist.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import permutations

from archive.languages import LANGUAGES, Language
from ingest.description.no_title import is_body, is_no_title, is_numbered, is_plausible, normal
from ingest.description.title_lines import FirstPage, TitleGroup
from ingest.language.block_language import is_rather
from ingest.language.lexicon import known
from ingest.language.line_end_hyphens import DocumentVocabulary
from ingest.layout.block_records import DrawnWords, drawn_words, whole_words

FIRST_PAGES = 3
"""How many pages are searched for a title."""
_CERTAIN = 3
"""Points of evidence that a title needs to be certain."""
_MOST_WORDS, _MOST_WORDS_STATED = 30, 80
_NEAR_TOP, _FAR_DOWN = 25, 100
"""Words above a heading: with fewer it is near the top of the page, with more it is far down."""
_MUCH_SMALLER = 0.6
"""Times the size of the largest heading of the page; a smaller heading is no title."""
_LARGER, _LARGER_BY_OCR = (1.1, 1.25, 1.5), (1.5, 1.8, 1.8)
"""Times the size of running text: a heading gets a point for each of these that it reaches. OCR measures
sizes less exactly, by the letters of a word."""
_SEVERAL = 4
"""Least words of a heading; fewer may be a logo."""
_FEW = 1.0
"""By how many words of one language alone a line is taken for that language rather than another."""
_KNOWN = 0.75
"""Least part of the words of a title read by OCR that are in the word lists; the others may be names."""
_TOP_OF_SCAN = 1 / 3
"""Upper part of a page read by OCR in which titles are looked for; further down, stamps look large, too."""
_MISREAD = re.compile(r"\d{5}|[^\w\s.,:;!?'’\"“”«»()/&%€–-]|(?<!\w)[^\W\daàyô](?!\w)")
_GOES_ON = re.compile(
    r"(?:[,;:&–-]|(?<!\w)(?:de|het|een|van|voor|en|of|in|op|over|du|des|la|le|les|et|ou|sur|pour|à|au|aux|the|and|for"
    r"|to|on|der|die|das|und|für))$",
    re.IGNORECASE,
)
"""Words and signs after which a title continues."""
_BEGINS_WITHIN = re.compile(r"(?:of|and|en|van|et|du|de la|à la|und|von)(?!\w)", re.IGNORECASE)
"""Words with which a line continues the one above it."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """A group of lines that may be a title, or part of one."""

    group: TitleGroup
    text: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    points: int
    size: float
    """Font size in points; of titles with equal evidence the largest is taken."""


@dataclass(frozen=True, slots=True)
class TitleFinder:
    """Finds the title on the first pages of a document."""

    body_size: float
    """Of the document's running text, in points."""
    vocabulary: DocumentVocabulary
    language: Language
    stated: Sequence[str]
    """Titles in the file's metadata and outline; often these are no titles at all."""

    def find(self, pages: Sequence[FirstPage]) -> str | None:
        """The title, or None if none is certain."""
        found = [candidate for title in self.stated for candidate in self._as_printed(title, pages)]
        for number, page in enumerate(pages):
            found += self._of_page(page, pages[number + 1 :])
            certain = [candidate for candidate in found if candidate.points >= _CERTAIN]
            if certain:
                return max(certain, key=lambda one: (one.points, one.size)).text
            if not page.is_cover:
                break
        return None

    def _of_page(self, page: FirstPage, later: Sequence[FirstPage]) -> list[_Candidate]:
        """The headings of a page that may be the title, with the evidence for each."""
        headings = [_Heading(group, self._text(group, page)) for group in page.groups]
        good = [one for one in headings if one.group.words <= _MOST_WORDS and not is_no_title(one.text)]
        if page.is_read_by_ocr:
            good = _well_read(good, page)
        largest = max((heading.group.size for heading in good), default=0.0)
        found = []
        for place, heading in enumerate(headings):
            if heading not in good:
                continue
            text = _with_neighbours(headings, place, page)
            agreement = self._agreement(text)
            if agreement or heading.group.size >= _MUCH_SMALLER * largest:
                points = self._points(heading.group, text, page) + agreement
                points -= _likeness_to_sections(heading, good, later, page)
                found.append(_Candidate(text, points, heading.group.size))
        return found

    def _points(self, group: TitleGroup, text: str, page: FirstPage) -> int:
        """The evidence for a heading from its style and its place on the page."""
        steps = _LARGER_BY_OCR if page.is_read_by_ocr else _LARGER
        standing_out = [
            *(group.size >= step * self.body_size for step in steps),
            group.is_bold or text.isupper(),
        ]
        if not any(standing_out):
            return 0
        arguments_for = [
            *standing_out,
            page.is_centred(group),
            page.is_cover,
            group.words_before < _NEAR_TOP,
        ]
        is_of_table = group.is_above_table and not page.is_centred(group)
        against = (
            is_of_table + 2 * (group.words_before > _FAR_DOWN) + 5 * (" " not in text) + 3 * is_numbered(text)
        )
        return sum(arguments_for) - against

    def _agreement(self, text: str) -> int:
        """Two points if a title in the metadata is the same, or if one is the beginning of the other."""
        own = normal(text)
        stated = filter(None, map(normal, self.stated))
        return 2 * any(own.startswith(one) or one.startswith(own) for one in stated)

    def _words(self, lines: Sequence[tuple[int, ...]], page: DrawnWords) -> str:
        words = whole_words(lines, page, self.vocabulary, self.language)
        return " ".join(text for text, _, _ in words)

    def _as_printed(self, title: str, pages: Sequence[FirstPage]) -> Iterator[_Candidate]:
        """The title of the metadata as one of the first pages prints it, if one does."""
        wanted = normal(title)
        if not is_plausible(title) or is_no_title(title):
            return
        for page in pages:
            lines = page.lines
            parts = [normal(" ".join(page.page.texts[word] for word in line.words)) for line in lines]
            for start, end in _runs_of(wanted, parts):
                group = TitleGroup(tuple(lines[start:end]), sum(len(line.words) for line in lines[:start]))
                if group.words <= _MOST_WORDS_STATED:
                    points = _CERTAIN + 2 * (group.words_before < _NEAR_TOP)
                    yield _Candidate(self._text(group, page), points, group.size)
                    return

    def _text(self, group: TitleGroup, page: FirstPage) -> str:
        """The text of a group of lines. A dash separates its parts; names of public bodies are left out."""
        words = drawn_words(page.page)
        parts = []
        for block in dict.fromkeys(line.block for line in group.lines):
            rows = [line.words for line in group.lines if line.block == block]
            parts += [self._words(part, words) for part in _by_language(rows, page)]
        return reduce(_joined, [part for part in parts if not is_body(part)] or parts)


def _by_language(lines: Sequence[tuple[int, ...]], page: FirstPage) -> list[Sequence[tuple[int, ...]]]:
    """The lines in one part, or in two if the title is printed in two languages."""
    texts = [" ".join(page.page.texts[word] for word in line) for line in lines]
    for place in range(1, len(lines) if sum(map(len, lines)) <= _MOST_WORDS else 1):
        one, other = " ".join(texts[:place]), " ".join(texts[place:])
        if other[:1].isupper() and any(
            is_rather(one, first, second, _FEW) and is_rather(other, second, first, _FEW)
            for first, second in permutations(LANGUAGES, 2)
        ):
            return [lines[:place], lines[place:]]
    return [lines]


def _runs_of(wanted: str, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Start and end of the runs of parts that, joined, are the wanted text."""
    for start in range(len(parts)):
        text = ""
        for end in range(start, len(parts)):
            text += parts[end]
            if text == wanted and parts[start]:
                yield start, end + 1
            if not wanted.startswith(text):
                break


def _joined(text: str, more: str) -> str:
    """A title and what follows it; with a dash between them unless the second part continues the first."""
    if not text or not more:
        return text or more
    begins_anew = more[:1].isupper() and not _GOES_ON.search(text)
    return f"{text} – {more}" if begins_anew else f"{text} {more}"


def _goes_on(text: str, more: str) -> bool:
    return more[:1].islower() or bool(_GOES_ON.search(text))


def _is_rest(heading: _Heading, above: _Heading) -> bool:
    """Whether a heading continues a smaller one directly above it."""
    is_of_it = bool(_GOES_ON.search(above.text) or _BEGINS_WITHIN.match(heading.text))
    is_heading = above.group.words <= _MOST_WORDS and above.group.size >= _MUCH_SMALLER * heading.group.size
    return is_of_it and is_heading and heading.group.is_close_to(above.group)


def _with_neighbours(headings: Sequence[_Heading], place: int, page: FirstPage) -> str:
    """The text of a heading with the headings that it continues or that continue it.

    On a cover, headings of the same size after it belong to it, too.
    """
    own = headings[place]
    text = own.text
    if place and _is_rest(own, headings[place - 1]):
        text = f"{headings[place - 1].text} {text}"
    for other in headings[place + 1 :]:
        is_part = page.is_cover and page.is_as_large(other.group, own.group)
        is_rest = other.group.is_close_to(own.group) and _goes_on(text, other.text)
        if not is_part and not (is_rest and other.group.size >= _MUCH_SMALLER * own.group.size):
            break
        if is_rest or not (is_body(other.text) or normal(other.text) in normal(text)):
            text = _joined(text, other.text)
    return text


def _likeness_to_sections(
    heading: _Heading, good: Sequence[_Heading], later: Sequence[FirstPage], page: FirstPage
) -> int:
    """Points against a heading that has others like it further on: these are headings of sections."""
    if page.is_cover:
        return 0
    group, is_centred = heading.group, page.is_centred(heading.group)

    def is_alike(other: TitleGroup, on: FirstPage) -> bool:
        is_one_style = other.is_bold == group.is_bold and on.is_centred(other) == is_centred
        is_one_kind = is_numbered(on.raw_text(other)) == is_numbered(heading.text)
        return is_one_style and is_one_kind and page.is_as_large(other, group)

    if any(
        is_alike(other.group, page) and other.group.words_before > group.words_before + _NEAR_TOP
        for other in good
    ):
        return 3
    return int(any(is_alike(other, one) for one in later for other in one.groups))


def _well_read(headings: Sequence[_Heading], page: FirstPage) -> list[_Heading]:
    """The headings that OCR read well. Leaves out those that are no larger than one of several words that it
    read badly, as that may be the title."""
    good = [heading for heading in headings if _is_well_read(heading, page)]
    missed = [one for one in headings if one not in good and one.group.words >= _SEVERAL]
    largest_missed = max((heading.group.size for heading in missed), default=0.0)
    return [one for one in good if one.group.size > largest_missed]


def _is_well_read(heading: _Heading, page: FirstPage) -> bool:
    """Whether OCR is sure of a heading, it consists of known words, and it is where titles are."""
    rows = [word for line in heading.group.lines for word in line.words]
    words = re.findall(r"[^\W\d_]+", heading.text)
    is_on_top = page.is_cover or heading.group.lines[0].y0 < _TOP_OF_SCAN * page.page.height
    is_sure = not page.page.doubtful[rows].any() and not _MISREAD.search(heading.text)
    return is_on_top and is_sure and bool(known(words).mean() >= _KNOWN)
