"""Does a document say this quotation, and where?

The engine proposes pages, by rare phrases of the quotation. The verdict is reached on their stored text.
Every letter, number, sign, accent and mark counts, as :mod:`index.text.spelling` says, and every capital
except that of the first word; marks around the whole do not, as :mod:`index.quotation.differences` says. An
ellipsis, ``…`` or ``[…]``, stands for any words on the same page or the next two, and the report says what it
left out. A quotation may run on over the end of a page or column; the report says what comes between its
words there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise
from statistics import fmean

from archive.catalogue.catalogue import Catalogue
from archive.errors import UsageError
from archive.languages import Language
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
"""Words of a quotation; fewer stand anywhere by chance, and are searched for instead."""
MOST_WORDS = 1000
"""Words of a quotation."""
MOST_PARTS = 20
"""Stretches between ellipses."""
MOST_MATCHES = 20
LEAST_LIKENESS = 0.6
"""Of a passage to the quotation, for it to be the one that was altered."""
SHORTEST_PIECE = 5
"""Words in a row that show where a part of an assembled quotation comes from."""
LARGEST_SEAM = 0.1
"""Share of the words of an assembled quotation that may come from nowhere."""

_PAGES_OF_ELLIPSIS = 2
_PAGES_OF_BREAK = 1
"""On each side of a likely page that a quotation may run on over."""
_MOST_PLACES = 3 * MOST_MATCHES
"""The same place may be found from several pages around it."""
_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\s?\.\s?\.")
_OWN_LETTER = re.compile(r"\[([^\W\d_])\](?=\w)")
"""A letter that was put in for another, as in ``[D]e regering``."""


class QuotationTooLong(UsageError):
    """The quotation has more words, or more parts between ellipses, than are looked up at once."""

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
        return _oldest_first(_report("verbatim", places), catalogue)
    nearest = _nearest_places(parts, pages, shelf)
    if nearest and not nearest[0].differences:  # with the numbers of notes, say
        return _oldest_first(
            _report("verbatim", [replace(place, comparison=()) for place in nearest]), catalogue
        )
    if nearest and nearest[0].longest_gap < SHORTEST_PIECE:
        return _oldest_first(_report("altered", nearest), catalogue)
    pieces = _pieces(parts, pages, shelf)
    if len(pieces) > 1:
        return _report("assembled", pieces)
    if nearest:
        return _oldest_first(_report("altered", nearest), catalogue)
    return QuoteReport("not found")


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A passage where it stands: on the page that was asked for, perhaps also on those beside it."""

    text: str
    """As it stands there."""
    language: Language
    pages: tuple[Page, ...]
    """Those on which it stands, in order."""
    spans: tuple[tuple[int, int], ...]
    """Offsets in the text of the page that was asked for, as the index holds it in this language."""
    is_apart: bool
    """Its words may be of different columns: they stand apart on the page."""


def quoted_passages_on_page(
    text: str, document: str, number: int, catalogue: Catalogue
) -> Iterator[QuotedPassage]:
    """Where a passage that :func:`find` gave stands on one of its pages, also if it begins on the page before
    or ends on the next, in the order of the text.

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
        for place in _told_once(chain.from_iterable(_to_the_letter(parts, text) for text in texts)):
            running = place.text
            spans = [span for stretch in place.stretches for span in running.spans(*stretch, page)]
            if spans:
                every = chain.from_iterable(range(*stretch) for stretch in place.stretches)
                stands_on = {on.number: on for on in map(running.page_of, every)}
                is_apart = any(running.stands_apart(*stretch) for stretch in place.stretches)
                yield QuotedPassage(
                    place.written, language, tuple(stands_on.values()), tuple(spans), is_apart
                )


def _parts(text: str) -> list[Letters]:
    """What stands between the ellipses of a quotation."""
    parts = [(part, list(wordings(part))) for part in _ELLIPSIS.split(_OWN_LETTER.sub(r"\1", text))]
    return [Letters(words, tail=part[words[-1].end :]) for part, words in parts if words]


def _count_of_words(part: Letters) -> int:
    """As people count: ``l'emploi`` is one, and so is ``2 500 000``."""
    count, is_apart = 0, True
    for word in part.words:
        is_apart = is_apart or any(map(str.isspace, word.gap))
        if is_apart and word.form[0].isalnum():
            count += 1
            is_apart = False
    return count


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a continuous text, one stretch for each part of the quotation."""

    text: ContinuousText
    stretches: tuple[tuple[int, int], ...]
    comparison: tuple[str | Difference, ...] = ()
    likeness: float = 1.0
    longest_gap: int = 0

    @property
    def written(self) -> str:
        """What stands there, with an ellipsis between the stretches."""
        return " … ".join(self.text.text(*stretch) for stretch in self.stretches)

    @property
    def where(self) -> list[tuple[int, int, int]]:
        """On which page, in which of its passages, from which character on each stretch begins and ends."""
        return [
            place
            for first, end in self.stretches
            for place in (self.text.place(first), self.text.place(end - 1))
        ]

    @property
    def differences(self) -> list[Difference]:
        """Those of the quotation from what stands there."""
        return [part for part in self.comparison if isinstance(part, Difference)]

    @property
    def omissions(self) -> list[Omission]:
        """What stands between the stretches."""
        gaps = [(one[1], other[0]) for one, other in pairwise(self.stretches)]
        return [found for gap in gaps if (found := omission(self.text, *gap))]


def _verbatim_places(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """Where the quotation stands to the letter, on a page or over a page break."""
    reach = 0 if len(parts) == 1 else _PAGES_OF_ELLIPSIS
    holding = shelf.holding(parts[0].words, pages)
    found = _first_places(parts, (text for page in holding for text in shelf.texts(page, 0, reach)))
    others = shelf.around_breaks(parts, [page for page in pages if page not in holding])
    return found + _first_places(
        parts,
        (text for page in others for text in shelf.texts(page, _PAGES_OF_BREAK, reach + _PAGES_OF_BREAK)),
    )


def _first_places(parts: Sequence[Letters], texts: Iterable[ContinuousText]) -> list[_Place]:
    return list(islice((place for text in texts for place in _to_the_letter(parts, text)), _MOST_PLACES))


def _to_the_letter(parts: Sequence[Letters], text: ContinuousText) -> Iterator[_Place]:
    """The parts in their order, each as soon as possible after the one before."""
    end = 0
    while True:
        stretches: list[tuple[int, int]] = []
        for part in parts:
            stretch = next(_occurrences(part, text.letters, stretches[-1][1] if stretches else end), None)
            if stretch is None:
                return
            stretches.append(stretch)
        yield _Place(text, tuple(stretches))
        end = stretches[0][1]


def _occurrences(part: Letters, letters: Letters, start: int) -> Iterator[tuple[int, int]]:
    quoted = part.spelled_in(letters.language)
    for first, end in letters.find(part.text, start):
        if (
            have_same_sign(part.words[0], letters.words[first])
            and is_spelled_same(quoted, spelled(raw(letters.words[first:end]), letters.language))
            and not differing_ends(part.after(len(part.words)), letters.after(end))
        ):
            yield first, end


def _nearest_places(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """The passages that the quotation may have been altered from: the nearest one and any as near."""
    reach = _PAGES_OF_BREAK if len(parts) == 1 else _PAGES_OF_ELLIPSIS + _PAGES_OF_BREAK
    texts = [text for page in shelf.likeliest(pages) for text in shelf.texts(page, _PAGES_OF_BREAK, reach)]
    places = [place for text in texts if (place := _aligned(parts, text))]
    best = max(map(_nearness, places), default=None)
    return [place for place in places if _nearness(place) == best]


def _nearness(place: _Place) -> tuple[float, int]:
    return place.likeness, -len(place.differences)


def _aligned(parts: Sequence[Letters], text: ContinuousText) -> _Place | None:
    """The parts in their order where each fits best; None where one of them fits nowhere."""
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
        tuple((alignment.first, alignment.end) for alignment in alignments),
        tuple(chain.from_iterable(_with_ellipses(alignments))),
        fmean(likenesses, lengths),
        max(alignment.longest_gap for alignment in alignments),
    )


def _with_ellipses(alignments: Sequence[Alignment]) -> Iterator[tuple[str | Difference, ...]]:
    for place, alignment in enumerate(alignments):
        yield alignment.comparison if place == 0 else ("…", *alignment.comparison)


def _pieces(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """The places that the quotation was put together from; nothing if too much of it comes from nowhere."""
    pieces: list[_Place] = []
    homeless_left = int(sum(len(part.words) for part in parts) * LARGEST_SEAM)
    for part in parts:
        rest = part.words
        least = min(SHORTEST_PIECE, len(rest))
        while rest:
            if found := _longest_piece(rest, least, pages, shelf):
                place, length = found
                pieces.append(place)
                rest = rest[length:]
            elif homeless_left:
                homeless_left -= 1
                rest = rest[1:]
            else:
                return []
    return pieces


def _longest_piece(
    words: Sequence[Wording], least: int, pages: Sequence[PageKey], shelf: Shelf
) -> tuple[_Place, int] | None:
    """The place where most of the first words stand in a row, and how many; None if fewer than `least`."""
    holding = shelf.holding(words[:least], pages) if len(words) >= least else []
    known, unknown = least, len(words) + 1
    while holding and unknown - known > 1:
        length = (known + unknown) // 2
        if longer := shelf.holding(words[:length], holding):
            known, holding = length, longer
        else:
            unknown = length
    piece = Letters(words[:known])
    for text in (text for page in holding for text in shelf.texts(page)):
        for first, end in text.letters.find(piece.text):
            alignment = align(piece, Letters(text.letters.words[first:end], text.language))
            return _Place(text, ((first, end),), alignment.comparison if alignment else ()), known
    return None


def _report(verdict: Verdict, places: Iterable[_Place]) -> QuoteReport:
    matches = dict.fromkeys(map(_match, _told_once(places)))
    return QuoteReport(verdict, tuple(islice(matches, MOST_MATCHES)))


def _told_once(places: Iterable[_Place]) -> Iterator[_Place]:
    """The places without those that were found a second time: a text with and without what stands between the
    halves of a sentence has most places in common."""
    told: set[tuple[object, ...]] = set()
    for place in places:
        where = (place.text.document, place.text.language, *chain.from_iterable(place.where))
        if where not in told:
            told.add(where)
            yield place


def _oldest_first(report: QuoteReport, catalogue: Catalogue) -> QuoteReport:
    """The places in the order of their years, as who said it first matters most; the undated come last."""
    if len(report.matches) < 2:
        return report
    years = {match.document: catalogue.document(match.document).year for match in report.matches}
    ordered = sorted(
        report.matches, key=lambda match: (years[match.document] or 9999, match.document, match.page)
    )
    return replace(report, matches=tuple(ordered))


def _match(place: _Place) -> Match:
    text = place.text
    page = text.page_of(place.stretches[0][0])
    return Match(
        document=text.document,
        language=text.language,
        page=page.number,
        page_label=page.label,
        text=place.written,
        boxes=tuple(box for stretch in place.stretches for box in text.boxes(*stretch, page)),
        comparison=place.comparison,
        source=page.source,
        between=tuple(chain.from_iterable(text.between(*stretch) for stretch in place.stretches)),
        omissions=tuple(place.omissions),
        doubtful=tuple(chain.from_iterable(text.doubtful(*stretch) for stretch in place.stretches)),
        has_cells=CELL in place.written,
        is_apart=any(text.stands_apart(*stretch) for stretch in place.stretches),
    )
