"""Is this quotation what a document says, and where does it say so?

The engine proposes pages, by rare phrases of the quotation; the verdict is found on their stored text.
Every letter, number, minus, accent and capital counts, save the capital that a quotation begins with. Spaces,
save those between two numbers, line breaks, hyphens at line ends, ligatures, punctuation, dashes, apostrophes
and quotation marks do not.
An ellipsis, ``…`` or ``[…]``, stands for anything on the same page or the next two.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from statistics import fmean
from typing import Literal, TypedDict

from archive.catalogue import Catalogue
from archive.errors import UsageError
from archive.languages import Language
from archive.records import Box, Page, TextSource
from index.differences import Alignment, Difference, DifferenceKind, align
from index.engine import Engine
from index.running_text import Letters, RunningText, Wording, have_same_numbers, worded, wordings
from index.shelf import PageKey, Shelf

Verdict = Literal["verbatim", "altered", "assembled", "not found"]
"""`verbatim`: it stands there; `altered`: something near it does; `assembled`: its parts stand in different
places, or in another order; `not found`: nothing near it is in the archive."""

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
_MOST_PLACES = 3 * MOST_MATCHES
"""The same place may be found from several pages around it."""
_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\s?\.\s?\.")
_LINE_END_HYPHEN = re.compile(r"(?<=\w)[-\u00ad\u2010\ufffe]\s*\n\s*(?=\w)")


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the archive that the quotation, or a part of it, comes from."""

    document: str
    language: Language
    """Of the text."""
    page: int
    """Physical number of the page on which it begins, from 1."""
    page_label: str
    text: str
    """As it stands there."""
    boxes: tuple[Box, ...]
    """Where it is drawn on that page, in PDF points."""
    comparison: tuple[str | Difference, ...] = ()
    """The passage in order, where it was altered: what the quotation has as well, and the differences."""
    source: TextSource = "text layer"
    """Where the text of that page came from: OCR may have misread what was quoted rightly."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """In the order of the text."""
        return tuple(part for part in self.comparison if isinstance(part, Difference))


@dataclass(frozen=True, slots=True)
class QuoteReport:
    """What the archive says of a quotation."""

    verdict: Verdict
    matches: tuple[Match, ...] = ()
    """Every place found (verbatim) or the nearest passages (altered), oldest document first; or one place for
    each piece, in the order of the quotation (assembled)."""


def find(text: str, engine: Engine, catalogue: Catalogue) -> QuoteReport:
    """Look a quotation up on all pages that readers may see.

    Raises:
        UsageError: it has more than 1,000 words, or more than 20 parts between ellipses.
    """
    parts = _parts(text)
    length = sum(len(part.words) for part in parts)
    if length > MOST_WORDS:
        raise UsageError(f"The quotation has {length} words; at most {MOST_WORDS} are looked up at once.")
    if len(parts) > MOST_PARTS:
        raise UsageError(
            f"The quotation has {len(parts)} parts between ellipses; at most {MOST_PARTS} can be."
        )
    if not parts:
        return QuoteReport("not found")
    shelf = Shelf(engine, catalogue)
    pages = shelf.likely_pages(parts)
    if places := _verbatim_places(parts, pages, shelf):
        return _oldest_first(_report("verbatim", places), catalogue)
    nearest = _nearest_places(parts, pages, shelf)
    if nearest and nearest[0].longest_gap < SHORTEST_PIECE:
        return _oldest_first(_report("altered", nearest), catalogue)
    pieces = _pieces(parts, pages, shelf)
    if len(pieces) > 1:
        return _report("assembled", pieces)
    if nearest:
        return _oldest_first(_report("altered", nearest), catalogue)
    return QuoteReport("not found")


@dataclass(frozen=True, slots=True)
class Standing:
    """A passage where it stands: on the page that was asked for, perhaps also on those beside it."""

    text: str
    """As it stands there."""
    language: Language
    pages: tuple[Page, ...]
    """Those on which it stands, in order."""
    spans: tuple[tuple[int, int], ...]
    """Offsets in the text of the page that was asked for, as the index holds it in this language."""


def standings_on_page(text: str, document: str, number: int, catalogue: Catalogue) -> Iterator[Standing]:
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
        running = RunningText(document, language, [worded(one, language) for one in pages])
        for place in _to_the_letter(parts, running):
            spans = [span for stretch in place.stretches for span in running.spans(*stretch, page)]
            if spans:
                every = chain.from_iterable(range(*stretch) for stretch in place.stretches)
                stands_on = {on.number: on for on in map(running.page_of, every)}
                yield Standing(place.written, language, tuple(stands_on.values()), tuple(spans))


def _parts(text: str) -> list[Letters]:
    """What stands between the ellipses of a quotation."""
    joined = _LINE_END_HYPHEN.sub("", text)
    parts = [list(wordings(part)) for part in _ELLIPSIS.split(joined)]
    return [Letters(words) for words in parts if words]


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a running text, one stretch for each part of the quotation."""

    text: RunningText
    stretches: tuple[tuple[int, int], ...]
    comparison: tuple[str | Difference, ...] = ()
    likeness: float = 1.0
    longest_gap: int = 0

    @property
    def written(self) -> str:
        """What stands there, with an ellipsis between the stretches."""
        return " … ".join(self.text.text(*stretch) for stretch in self.stretches)


def _verbatim_places(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """Where the quotation stands to the letter, on a page or over a page break."""
    reach = 0 if len(parts) == 1 else _PAGES_OF_ELLIPSIS
    holding = shelf.holding(parts[0].words, pages)
    found = _first_places(parts, (shelf.text(page, 0, reach) for page in holding))
    others = [page for page in shelf.likeliest(pages) if page not in holding]
    return found + _first_places(parts, (shelf.text(page, 1, reach + 1) for page in others))


def _first_places(parts: Sequence[Letters], texts: Iterable[RunningText]) -> list[_Place]:
    return list(islice((place for text in texts for place in _to_the_letter(parts, text)), _MOST_PLACES))


def _to_the_letter(parts: Sequence[Letters], text: RunningText) -> Iterator[_Place]:
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
    for first, end in letters.find(part.text, start):
        is_same = letters.cased[letters.between(first, end)][1:] == part.cased[1:]
        if is_same and have_same_numbers(part.words, letters.words[first:end]):
            yield first, end


def _nearest_places(parts: Sequence[Letters], pages: Sequence[PageKey], shelf: Shelf) -> list[_Place]:
    """The passages that the quotation may have been altered from: the nearest one and any as near."""
    reach = 1 if len(parts) == 1 else _PAGES_OF_ELLIPSIS + 1
    texts = [shelf.text(page, 1, reach) for page in shelf.likeliest(pages)]
    places = [place for text in texts if (place := _aligned(parts, text))]
    best = max((place.likeness for place in places), default=0.0)
    return [place for place in places if place.likeness == best]


def _aligned(parts: Sequence[Letters], text: RunningText) -> _Place | None:
    """The parts in their order where each fits best; None where one of them fits nowhere."""
    alignments: list[Alignment] = []
    start = 0
    for part in parts:
        alignment = align(part, Letters(text.letters.words[start:]))
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
    for page in holding:
        piece, text = Letters(words[:known]), shelf.text(page)
        for first, end in text.letters.find(piece.text):
            alignment = align(piece, Letters(text.letters.words[first:end]))
            return _Place(text, ((first, end),), alignment.comparison if alignment else ()), known
    return None


def _report(verdict: Verdict, places: Sequence[_Place]) -> QuoteReport:
    matches: dict[Match, None] = {}
    for place in places:
        matches[_match(place)] = None
        if len(matches) == MOST_MATCHES:
            break
    return QuoteReport(verdict, tuple(matches))


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
    )


class DifferenceJson(TypedDict):
    """Words of the quotation and what stands in their place."""

    kind: DifferenceKind
    quoted: str
    original: str


class MatchJson(TypedDict):
    """A place in the archive."""

    document: str
    page: int
    page_label: str
    text: str
    boxes: list[list[float]]
    differences: list[DifferenceJson]
    url: str


class QuoteJson(TypedDict):
    """What the archive says of a quotation."""

    verdict: Verdict
    matches: list[MatchJson]


def as_json(report: QuoteReport, url: Callable[[Match], str]) -> QuoteJson:
    """A report as the API and the command line give it.

    Args:
        url: gives the address of the page on which a match begins.
    """
    return {
        "verdict": report.verdict,
        "matches": [
            {
                "document": match.document,
                "page": match.page,
                "page_label": match.page_label,
                "text": match.text,
                "boxes": [[round(edge, 2) for edge in box] for box in match.boxes],
                "differences": [
                    {"kind": each.kind, "quoted": each.quoted, "original": each.original}
                    for each in match.differences
                ],
                "url": url(match),
            }
            for match in report.matches
        ],
    }
