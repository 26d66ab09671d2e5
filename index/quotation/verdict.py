"""Does a document say this quotation, and where?

The engine proposes pages, by rare phrases of the quotation. The verdict is reached on their stored text.
Every letter, number, sign, accent and punctuation mark counts (rules: :mod:`index.text.spelling`), and every
capital except that of the first word; punctuation around the whole does not (rules:
:mod:`index.quotation.differences`). An ellipsis, ``…`` or ``[…]``, stands for any words on the same page or
the next two, and the report says what it leaves out. A quotation may continue over the end of a page or
column; the report says what comes between its words there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from statistics import fmean
from typing import NamedTuple

from archive.catalogue.catalogue import Catalogue
from archive.errors import UsageError
from archive.languages import Language
from archive.reading_warnings import ReadingWarning, is_order_unsure
from archive.records import Page
from index.engine.contract import Engine
from index.quotation.candidate_pages import PageKey, Shelf
from index.quotation.continuous_text import ContinuousText, continuous_texts, worded
from index.quotation.differences import Alignment, Difference, align
from index.quotation.omissions import Omission, omission
from index.quotation.quote_report import Match, QuoteReport, Verdict
from index.text.comparable_words import Letters, Wording, have_same_sign, raw, wordings
from index.text.excerpts import CELL
from index.text.spelling import differing_ends, is_spelled_same, spelled

FEWEST_WORDS = 4
"""Fewer words occur anywhere by chance: they are not checked, but searched as a phrase."""
MOST_WORDS = 1000
"""Most words of a quotation."""
MOST_PARTS = 20
"""Most parts of a quotation, separated by ellipses."""
MOST_MATCHES = 20
LEAST_LIKENESS = 0.6
"""Least likeness of a passage for the quotation to be called an altered form of it."""
SHORTEST_PIECE = 5
"""Least number of consecutive words that show where a piece of an assembled quotation comes from."""
LARGEST_SEAM = 0.1
"""Largest share of the words of an assembled quotation that are in no piece."""

_PAGES_OF_ELLIPSIS = 2
"""Pages after a likely page to which an ellipsis may reach."""
_PAGES_OF_BREAK = 1
"""Pages on each side of a likely page on which a quotation may begin or end."""
_MOST_PLACES = 3 * MOST_MATCHES
"""More than are reported, because the same place may be found from several pages around it."""
_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\s?\.\s?\.")
_OWN_LETTER = re.compile(r"\[([^\W\d_])\](?=\w)")
"""A changed letter in brackets, as in ``[D]e regering``."""


class QuotationTooLong(UsageError):
    """The quotation has too many words, or too many parts between ellipses, to be checked at once."""

    code = "quotation-too-long"
    default_hint = "Look it up in smaller parts."


def find(text: str, engine: Engine, catalogue: Catalogue) -> QuoteReport:
    """Look for a quotation on all pages that readers may see.

    Raises:
        QuotationTooLong: it has more than 1,000 words, or more than 20 parts between ellipses.
    """
    parts = _parts(text)
    length = sum(len(part.words) for part in parts)
    if length > MOST_WORDS:
        raise QuotationTooLong(
            f"The quotation has {length} words; at most {MOST_WORDS} are looked up at once."
        )
    if len(parts) > MOST_PARTS:
        raise QuotationTooLong(
            f"The quotation has {len(parts)} parts between ellipses; at most {MOST_PARTS} can be."
        )
    if sum(map(_count_of_words, parts)) < FEWEST_WORDS:
        return QuoteReport("not found", is_too_short=bool(parts))
    shelf = Shelf(engine, catalogue)
    pages = shelf.likely_pages(parts)
    if places := _verbatim_places(parts, pages, shelf):
        return _oldest_first(_report("verbatim", places, catalogue), catalogue)
    nearest = _nearest_places(parts, pages, shelf)
    if nearest and not nearest[0].differences:  # for example, quoted with note numbers
        return _oldest_first(
            _report("verbatim", [replace(place, comparison=()) for place in nearest], catalogue), catalogue
        )
    if nearest and nearest[0].longest_gap < SHORTEST_PIECE:
        return _oldest_first(_report("altered", nearest, catalogue), catalogue)
    pieces = _pieces(parts, pages, shelf)
    if len(pieces) > 1:
        return _report("assembled", pieces, catalogue)
    if nearest:
        return _oldest_first(_report("altered", nearest, catalogue), catalogue)
    return QuoteReport("not found")


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """An occurrence of a quoted passage on a given page, and maybe on its neighbours."""

    text: str
    """The passage as printed."""
    language: Language
    pages: tuple[Page, ...]
    """All its pages, in order."""
    spans: tuple[tuple[int, int], ...]
    """Start and end offsets in the text of the given page, as indexed in this language."""
    is_apart: bool
    """Whether its words are far apart on the page and may be from different columns."""


def quoted_passages_on_page(
    text: str, document: str, number: int, catalogue: Catalogue
) -> Iterator[QuotedPassage]:
    """Find the occurrences of a passage, as returned by :func:`find`, on one of its pages.

    They are in the order of the text, and may begin on the page before or end on the next.

    Raises:
        DocumentNotFound, PageNotFound: there is no such document or page.
    """
    page = catalogue.page(document, number)
    last = catalogue.document(document).pages
    numbers = range(max(1, number - _PAGES_OF_ELLIPSIS), min(last, number + _PAGES_OF_ELLIPSIS) + 1)
    pages = [page if near == number else catalogue.page(document, near) for near in numbers]
    parts = _parts(text)
    for language in page.languages if parts else ():
        texts = continuous_texts(document, language, [worded(one, language) for one in pages])
        for place in _without_repeats(chain.from_iterable(_to_the_letter(parts, text) for text in texts)):
            running = place.text
            spans = [span for words in place.parts for span in running.spans(words.first, words.end, page)]
            if spans:
                yield QuotedPassage(
                    text=place.written,
                    language=language,
                    pages=tuple(place.pages),
                    spans=tuple(spans),
                    is_apart=place.is_apart,
                )


def _parts(text: str) -> list[Letters]:
    """The parts of a quotation between its ellipses."""
    parts = [(part, list(wordings(part))) for part in _ELLIPSIS.split(_OWN_LETTER.sub(r"\1", text))]
    return [Letters(words, tail=part[words[-1].end :]) for part, words in parts if words]


def _count_of_words(part: Letters) -> int:
    """The number of words as people count: ``l'emploi`` is one, and so is ``2 500 000``."""
    count, is_apart = 0, True
    for word in part.words:
        is_apart = is_apart or any(map(str.isspace, word.gap))
        if is_apart and word.form[0].isalnum():
            count += 1
            is_apart = False
    return count


class _Words(NamedTuple):
    """Consecutive words of a continuous text."""

    first: int
    end: int
    """The number of the word after the last."""


@dataclass(frozen=True, slots=True)
class _Place:
    """An occurrence of a quotation in a continuous text."""

    text: ContinuousText
    parts: tuple[_Words, ...]
    """The words for each part of the quotation, in order."""
    comparison: tuple[str | Difference, ...] = ()
    likeness: float = 1.0
    longest_gap: int = 0

    @property
    def written(self) -> str:
        """The passage as printed, with an ellipsis between its parts."""
        return " … ".join(self.text.text(words.first, words.end) for words in self.parts)

    @property
    def where(self) -> list[tuple[int, int, int]]:
        """The places of the first and last word of each part: page number, block, offset in the block."""
        return [
            place
            for words in self.parts
            for place in (self.text.place(words.first), self.text.place(words.end - 1))
        ]

    @property
    def differences(self) -> list[Difference]:
        """The differences between the quotation and the passage."""
        return [part for part in self.comparison if isinstance(part, Difference)]

    @property
    def omissions(self) -> list[Omission]:
        """What is left out between the parts."""
        found = (omission(self.text, one.end, other.first) for one, other in pairwise(self.parts))
        return [each for each in found if each]

    @property
    def pages(self) -> list[Page]:
        """The pages that it is on, in order."""
        words = chain.from_iterable(range(words.first, words.end) for words in self.parts)
        return list({page.number: page for page in map(self.text.page_of, words)}.values())

    @property
    def is_apart(self) -> bool:
        """Whether the words of any part may be from different columns."""
        return any(self.text.are_words_apart(words.first, words.end) for words in self.parts)


def _verbatim_places(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """The places that have the quotation to the letter, on a page or over a page break."""
    reach = 0 if len(parts) == 1 else _PAGES_OF_ELLIPSIS
    with_first_part = shelf.holding(parts[0].words, pages)
    found = _first_places(parts, (text for page in with_first_part for text in shelf.texts(page, 0, reach)))
    others = shelf.around_breaks(parts, [page for page in pages if page not in with_first_part])
    return found + _first_places(
        parts,
        (text for page in others for text in shelf.texts(page, _PAGES_OF_BREAK, reach + _PAGES_OF_BREAK)),
    )


def _first_places(parts: Sequence[Letters], texts: Iterable[ContinuousText]) -> list[_Place]:
    return list(islice((place for text in texts for place in _to_the_letter(parts, text)), _MOST_PLACES))


def _to_the_letter(parts: Sequence[Letters], text: ContinuousText) -> Iterator[_Place]:
    """The places with all parts in order, each part as soon as possible after the one before."""
    end = 0
    while True:
        found: list[_Words] = []
        for part in parts:
            words = next(_occurrences(part, text.letters, found[-1].end if found else end), None)
            if words is None:
                return
            found.append(words)
        yield _Place(text, tuple(found))
        end = found[0].end


def _occurrences(part: Letters, letters: Letters, start: int) -> Iterator[_Words]:
    quoted = part.spelled_in(letters.language)
    for first, end in letters.find(part.text, start):
        if (
            have_same_sign(part.words[0], letters.words[first])
            and is_spelled_same(quoted, spelled(raw(letters.words[first:end]), letters.language))
            and not differing_ends(part.after(len(part.words)), letters.after(end))
        ):
            yield _Words(first, end)


def _nearest_places(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """The passages that are most similar to the quotation; several if they are equally similar."""
    reach = _PAGES_OF_BREAK if len(parts) == 1 else _PAGES_OF_ELLIPSIS + _PAGES_OF_BREAK
    texts = [text for page in shelf.likeliest(pages) for text in shelf.texts(page, _PAGES_OF_BREAK, reach)]
    places = [place for text in texts if (place := _aligned(parts, text))]
    best = max(map(_nearness, places), default=None)
    return [place for place in places if _nearness(place) == best]


def _nearness(place: _Place) -> tuple[float, int]:
    return place.likeness, -len(place.differences)


def _aligned(parts: Sequence[Letters], text: ContinuousText) -> _Place | None:
    """The best place for each part, in their order; None if a part is not similar to anything."""
    alignments: list[Alignment] = []
    start = 0
    for part in parts:
        alignment = align(part, text.letters.from_word(start))
        if alignment is None or alignment.likeness < LEAST_LIKENESS:
            return None
        alignments.append(replace(alignment, first=alignment.first + start, end=alignment.end + start))
        start = alignments[-1].end
    lengths = [len(part.words) for part in parts]
    likenesses = [alignment.likeness for alignment in alignments]
    return _Place(
        text,
        parts=tuple(_Words(alignment.first, alignment.end) for alignment in alignments),
        comparison=tuple(chain.from_iterable(_with_ellipses(alignments))),
        likeness=fmean(likenesses, lengths),
        longest_gap=max(alignment.longest_gap for alignment in alignments),
    )


def _with_ellipses(alignments: Sequence[Alignment]) -> Iterator[tuple[str | Difference, ...]]:
    for place, alignment in enumerate(alignments):
        yield alignment.comparison if place == 0 else ("…", *alignment.comparison)


def _pieces(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """The places that the quotation was assembled from; empty if too many words are in none of them."""
    pieces: list[_Place] = []
    words_to_spare = int(sum(len(part.words) for part in parts) * LARGEST_SEAM)
    for part in parts:
        rest = part.words
        least = min(SHORTEST_PIECE, len(rest))
        while rest:
            if piece := _longest_piece(rest, least, pages, shelf):
                pieces.append(piece.place)
                rest = rest[piece.length :]
            elif words_to_spare:
                words_to_spare -= 1
                rest = rest[1:]
            else:
                return []
    return pieces


class _Piece(NamedTuple):
    """The source of the first words of a quotation."""

    place: _Place
    length: int
    """The number of words."""


def _longest_piece(
    words: Sequence[Wording], least: int, pages: Sequence[PageKey], shelf: Shelf
) -> _Piece | None:
    """The place that has most of the first words without a gap; None if there are fewer than `least`."""
    candidates = shelf.holding(words[:least], pages) if len(words) >= least else []
    # Binary search: `found` words are on the candidate pages, `not_found` words on none.
    found, not_found = least, len(words) + 1
    while candidates and not_found - found > 1:
        length = (found + not_found) // 2
        if longer := shelf.holding(words[:length], candidates):
            found, candidates = length, longer
        else:
            not_found = length
    piece = Letters(words[:found])
    for text in (text for page in candidates for text in shelf.texts(page)):
        for first, end in text.letters.find(piece.text):
            alignment = align(piece, Letters(text.letters.words[first:end], text.language))
            comparison = alignment.comparison if alignment else ()
            return _Piece(_Place(text, (_Words(first, end),), comparison), found)
    return None


def _report(verdict: Verdict, places: Iterable[_Place], catalogue: Catalogue) -> QuoteReport:
    kept = list(_without_repeats(places))
    documents = {place.text.document for place in kept}
    warnings = {document: catalogue.document(document).warnings for document in documents}
    matches = dict.fromkeys(_match(place, warnings[place.text.document]) for place in kept)
    return QuoteReport(verdict, tuple(islice(matches, MOST_MATCHES)))


def _without_repeats(places: Iterable[_Place]) -> Iterator[_Place]:
    """Drop places that were found before.

    The continuous texts with and without headings and tables have most places in common.
    """
    seen: set[tuple[object, ...]] = set()
    for place in places:
        where = (place.text.document, place.text.language, *chain.from_iterable(place.where))
        if where not in seen:
            seen.add(where)
            yield place


def _oldest_first(report: QuoteReport, catalogue: Catalogue) -> QuoteReport:
    """Sort the places by the year of their document, because the first source matters most; undated last."""
    if len(report.matches) < 2:
        return report
    years = {match.document: catalogue.document(match.document).year for match in report.matches}
    ordered = sorted(
        report.matches, key=lambda match: (years[match.document] or 9999, match.document, match.page)
    )
    return replace(report, matches=tuple(ordered))


def _match(place: _Place, warnings: Iterable[ReadingWarning]) -> Match:
    """A place as it is reported; `warnings` are those on its document."""
    text = place.text
    page = text.page_of(place.parts[0].first)
    return Match(
        document=text.document,
        language=text.language,
        page=page.number,
        page_label=page.label,
        text=place.written,
        boxes=tuple(box for words in place.parts for box in text.boxes(words.first, words.end, page)),
        comparison=place.comparison,
        source=page.source,
        between=tuple(chain.from_iterable(text.between(words.first, words.end) for words in place.parts)),
        omissions=tuple(place.omissions),
        doubtful=tuple(chain.from_iterable(text.doubtful(words.first, words.end) for words in place.parts)),
        has_cells=CELL in place.written,
        is_apart=place.is_apart,
        is_order_unsure=any(
            is_order_unsure(warnings, each.number) for each in place.pages if each.source != "corrected"
        ),
    )
