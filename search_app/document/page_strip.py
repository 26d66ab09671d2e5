"""The strip of small pages of a document with their matches, and finding a page by its number or label."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext

from archive.errors import NotFound
from archive.languages import Language
from archive.records import Document
from index.engine.contract import Engine, Filters
from index.query.parser import Query
from search_app.library import Library
from search_app.web.parameters import Numbering

_NEIGHBOURS = 6
"""Pages shown on each side of the current one, matching or not."""

_MATCHING = 24
"""Most other matching pages that are shown, nearest first: each is read to count its matches."""


class NoSuchPage(NotFound):
    """No page of the document has this number or label."""

    code = "no-such-page"


@dataclass(frozen=True, slots=True)
class StripPage:
    """A page in the strip."""

    number: int
    label: str
    matches: int
    """Number of matches of the query on this page."""
    is_after_gap: bool
    """Whether pages are left out between the one before and this."""


def strip(
    document: Document,
    current: int,
    matching: Sequence[int],
    query: Query | None,
    labels: Sequence[str],
    library: Library,
) -> list[StripPage]:
    """The pages around the current one and the nearest that match, in order, with their matches counted.

    Args:
        matching: the numbers of all pages that match.
        labels: what is printed on each page.
    """
    nearest = sorted(matching, key=lambda number: abs(number - current))[:_MATCHING]
    around = range(max(1, current - _NEIGHBOURS), min(document.pages, current + _NEIGHBOURS) + 1)
    numbers = sorted({1, *around, *nearest, document.pages})
    counts = _counts(document, set(numbers) & set(matching), query, library) if query else {}
    return [
        StripPage(number, labels[number - 1], counts.get(number, 0), is_after_gap=number - before > 1)
        for before, number in zip([numbers[0], *numbers], numbers, strict=False)
        if number <= len(labels)  # a document that is being read anew may just have lost pages
    ]


def _counts(document: Document, numbers: set[int], query: Query, library: Library) -> Mapping[int, int]:
    engine = library.engine()
    keys = [(document.id, number, language) for number in numbers for language in document.languages]
    counts: dict[int, int] = {}
    for (_document, number, language), blocks in zip(keys, library.catalogue.block_texts(keys), strict=True):
        spans = engine.matches(query, language, "\n".join(blocks))
        counts[number] = counts.get(number, 0) + len(spans)
    return counts


def matching_pages(
    document: Document, query: Query, engine: Engine, library: Library, language: Language | None = None
) -> list[int]:
    """The numbers of all pages of the document that match, in order; by their text in `language` alone if
    one is given."""
    filters = Filters(documents=frozenset({document.id}), languages=frozenset({language} if language else ()))
    numbers = (hit.page for hit in engine.walk(query, filters, library.left_out(engine)))
    # The index may still have more pages of a document that was just read again.
    return [number for number, _of_page in groupby(numbers) if number <= document.pages]


_PAGE_WORD = re.compile(r"\A(?:pp?|blz?|pag(?:e|ina)?|seite)(?:\.\s*|\s+|(?=[0-9]))(?=\S)")
"""Before a number as readers write it: p. 12, blz. 12, page 12, p12."""


def page_called(name: str, numbering: Numbering, document: Document, labels: Sequence[str]) -> int:
    """The physical number of the page that a reader names.

    A printed label counts first, and gives the first page that has it. If no page has it, a number is the
    physical number.

    Raises:
        NoSuchPage: the document has no such page; the message says which it has.
    """
    typed = name.strip().casefold()
    label_part = _PAGE_WORD.sub("", typed)
    if numbering == "label":
        for number, label in enumerate(labels, 1):
            if label.casefold() in (typed, label_part):
                return number
    if label_part.isascii() and label_part.isdecimal():
        digits = label_part.lstrip("0")
        # A number with more digits than the last page is no page.
        if digits and len(digits) <= len(str(document.pages)) and int(digits) <= document.pages:
            return int(digits)
    raise NoSuchPage(
        gettext("This document has no page %(name)s.", name=repr(name[:40])),
        gettext(
            "Its pages are numbered 1 to %(last)s; the numbers printed on them run from %(first_label)s "
            "to %(last_label)s.",
            last=document.pages,
            first_label=labels[0] if labels else "1",
            last_label=labels[-1] if labels else "1",
        ),
    )
