"""Reads a web page that lists documents: the year, title, description and links of each entry.

The page is read as lines of text in a tree, whatever its markup: sections, cards, an accordion, a table, a
definition list. An entry begins at its year, on a line of its own or at one end of a heading. It extends over
the largest element that contains no other year. If that contains no document, as in a flat list of headings
and paragraphs, it extends to the next year.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bs4 import BeautifulSoup, Tag

from archive.outside_text import clean_line
from archive.records import Plan
from ingest.acquisition.links import Link, absolute, is_link_text, is_to_document, is_to_pdf, read_link
from ingest.acquisition.web_page_lines import WebPageLine, attribute, read_lines
from ingest.description.plan_names import plan_of_entry

_YEAR = r"(?:19|20)\d\d"
_PERIOD = rf"({_YEAR})(?:\s*[-–—/]\s*{_YEAR})?"
_ALONE = re.compile(rf"[\W_]*{_PERIOD}[\W_]*")
_FIRST = re.compile(rf"[\W_]*{_PERIOD}\s*[:|–—.)\-]\s*(?=\S)")
_LAST = re.compile(rf"\s*\(\s*{_PERIOD}\s*\)(?:\W*$|\s*[:–—-])")
_LAST_IN_HEADING = re.compile(rf"\s*[|,–—-]\s*{_PERIOD}$")
_LONGEST_LINE_WITH_YEAR = 200
_LONGEST_DESCRIPTION = 2000

_Form = Literal["alone", "first", "last"]
"""Where a page gives the year of an entry: on a line of its own, or at the beginning or end of a line."""


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """One entry of a page that lists documents."""

    year: int
    title: str
    """The title; empty if the page gives none."""
    description: str
    documents: tuple[Link, ...]
    """Links to documents: at least one, without repetitions."""
    links: tuple[Link, ...]
    """The other links of the entry, such as to an older site."""
    plan: str | None
    """Slug of the plan that the entry seems to be about."""


def read_listing(html: str | bytes, base_url: str, plans: Sequence[Plan] = ()) -> list[ListingEntry]:
    """The entries that a page lists, in the order of the page.

    A link to a PDF outside an entry with a year is ignored, such as a privacy statement in the footer.

    Args:
        html: the page.
        base_url: its address.
        plans: those that entries may be about.
    """
    soup = BeautifulSoup(html, "html.parser")
    base_url = absolute(base_url, attribute(soup.base, "href")) or base_url
    lines = list(read_lines(soup))
    # A page gives all its years in one form; a year in another form is part of a text.
    forms: tuple[_Form, ...] = ("alone", "first", "last")
    entries = max((_entries(lines, form) for form in forms), key=_number_of_documents)
    return [_listing(entry, base_url, plans) for entry in entries]


def page_address(html: str | bytes) -> str | None:
    """The address that a saved page gives as its own, or None."""
    soup = BeautifulSoup(html, "html.parser")
    candidates = [attribute(soup.find("link", rel="canonical"), "href"), attribute(soup.base, "href")]
    saved = soup.find(string=re.compile(r"saved from url=\(\d+\)"))
    if saved:
        candidates.append(str(saved).partition(")")[2].strip())
    return next((address for address in candidates if re.match("https?://", address)), None)


class _Entry(NamedTuple):
    """The lines of one entry. The line with the year is without it."""

    year: int
    title: WebPageLine | None
    """The heading over its documents."""
    lines: list[WebPageLine]


def _entries(lines: Sequence[WebPageLine], form: _Form) -> list[_Entry]:
    """The entries with at least one document, if the page gives years in this form."""
    years = {place: year for place, line in enumerate(lines) if (year := _year(line, form)) is not None}
    entries = []
    for extent in _extents(lines, years):
        part = [
            _without_year(lines[place], form) if place == extent.year_at else lines[place]
            for place in extent.lines
        ]
        entries += [_Entry(years[extent.year_at], title, group) for title, group in _by_title(part)]
    return [entry for entry in entries if _documents(entry.lines)]


def _year(line: WebPageLine, form: _Form) -> int | None:
    match = _year_match(line, form)
    return int(match[1]) if match else None


def _year_match(line: WebPageLine, form: _Form) -> re.Match[str] | None:
    text = line.text
    if len(text) > _LONGEST_LINE_WITH_YEAR:
        return None
    if form == "alone":
        return _ALONE.fullmatch(text)
    if form == "first":
        return _FIRST.match(text) or _ALONE.fullmatch(line.strings[0].strip())
    return _LAST.search(text) or (_LAST_IN_HEADING.search(text) if line.rank else None)


def _without_year(line: WebPageLine, form: _Form) -> WebPageLine:
    """The line without the year at its start or end."""
    match = _year_match(line, form)
    assert match is not None  # only called for lines that have a year in this form
    before, _year, after = line.text.partition(match[0].strip())
    return WebPageLine(line.holders, (before, " ", after), line.anchors, line.rank)


class _Extent(NamedTuple):
    """Which lines of a page are one entry."""

    year_at: int
    """The number of the line that gives its year."""
    lines: range


class _Elements:
    """For each element of a page: which lines it contains, and how many of these give a year.

    The elements are compared by identity, as Beautiful Soup takes elements with the same content for equal.
    """

    def __init__(self, lines: Sequence[WebPageLine], years: Collection[int]) -> None:
        self._lines: dict[int, range] = {}
        """By the identity of the element, like the years."""
        self._years: Counter[int] = Counter()
        for place, line in enumerate(lines):
            for holder in line.holders:
                first = self._lines[id(holder)].start if id(holder) in self._lines else place
                self._lines[id(holder)] = range(first, place + 1)
                self._years[id(holder)] += place in years

    def lines_of(self, element: Tag) -> range:
        """The range from the first to the last line of an element."""
        return self._lines[id(element)]

    def has_other_years(self, element: Tag) -> bool:
        """Whether an element that contains a year contains more than one."""
        return self._years[id(element)] > 1


def _extents(lines: Sequence[WebPageLine], years: Collection[int]) -> list[_Extent]:
    """For each line with a year, in order: the lines of its entry."""
    elements = _Elements(lines, years)
    own = {place: _own_lines(lines[place], place, elements) for place in years}
    next_starts = [*(within.start for within in own.values()), len(lines)][1:]
    extents = []
    for place, next_start in zip(years, next_starts, strict=True):
        within = own[place]
        if not _documents(lines[within.start : within.stop]):
            around = _lines_around(lines[place], within, elements)
            end = max(within.stop, min(next_start, around.stop))
            within = range(within.start, _end_of_flat_entry(lines, place, end))
        extents.append(_Extent(place, within))
    return extents


def _own_lines(line: WebPageLine, place: int, elements: _Elements) -> range:
    """The lines of the largest element around a year that contains no other year."""
    alone = [holder for holder in line.holders if not elements.has_other_years(holder)]
    return elements.lines_of(alone[-1]) if alone else range(place, place + 1)


def _lines_around(line: WebPageLine, own: range, elements: _Elements) -> range:
    """The lines of the smallest element around a year that contains other years, too."""
    shared = next((holder for holder in line.holders if elements.has_other_years(holder)), None)
    return elements.lines_of(shared) if shared else own


def _end_of_flat_entry(lines: Sequence[WebPageLine], place: int, end: int) -> int:
    """The end of a flat entry: the first heading after its documents that has the rank of the year or a
    higher one."""
    has_document = False
    rank = lines[place].rank
    for position in range(place, end):
        line = lines[position]
        if has_document and rank is not None and line.rank is not None and line.rank <= rank:
            return position
        has_document = has_document or bool(_documents([line]))
    return end


def _by_title(lines: Sequence[WebPageLine]) -> list[tuple[WebPageLine | None, list[WebPageLine]]]:
    """The lines of one year, grouped by title: a year may have several documents, each under its own
    heading."""
    headings = {
        place for place, line in enumerate(lines) if line.rank is not None and not is_link_text(line.text)
    }
    documents = [place for place, line in enumerate(lines) if _documents([line])]
    if not headings or not documents or min(headings) > documents[-1]:
        return [(None, list(lines))]
    rank = min(lines[place].rank or 0 for place in headings if place <= documents[-1])
    groups: list[tuple[WebPageLine | None, list[WebPageLine]]] = []
    group: list[WebPageLine] = []
    title: WebPageLine | None = None
    for place, line in enumerate(lines):
        if place in headings and (line.rank or 0) <= rank:
            # A heading of that rank after the link of a document begins another document.
            if title is not None and _documents(group):
                groups.append((title, group))
                group, title = [], None
            title = title or line
        group.append(line)
    return [*groups, (title, group)]


def _documents(lines: Sequence[WebPageLine]) -> list[Tag]:
    """The links to documents in these lines. If some are to PDFs, only those."""
    anchors = [anchor for line in lines for anchor in line.anchors if is_to_document(anchor)]
    return [anchor for anchor in anchors if is_to_pdf(anchor)] or anchors


def _number_of_documents(entries: Sequence[_Entry]) -> int:
    return sum(len(_documents(entry.lines)) for entry in entries)


def _listing(entry: _Entry, base_url: str, plans: Sequence[Plan]) -> ListingEntry:
    anchors = _documents(entry.lines)
    documents = {link.url: link for link in (read_link(anchor, base_url) for anchor in anchors)}
    links = {
        link.url: link
        for line in entry.lines
        for link in (read_link(anchor, base_url) for anchor in line.anchors)
        if link.url not in documents and re.match("https?://", link.url)
    }
    title, description = _title_and_description(entry, anchors)
    plan = plan_of_entry(title, entry.year, plans)
    return ListingEntry(
        year=entry.year,
        title=title,
        description=description,
        documents=tuple(documents.values()),
        links=tuple(links.values()),
        plan=plan.slug if plan else None,
    )


def _title_and_description(entry: _Entry, documents: Sequence[Tag]) -> tuple[str, str]:
    """The title of an entry and its description.

    The title is its heading, else the text of its link, else its first line; the description is the rest.
    """
    lines = [line for line in entry.lines if not line.is_only_links and not is_link_text(line.text)]
    link_texts = (" ".join(anchor.get_text().split()) for anchor in documents)
    link_name = next((text for text in link_texts if not is_link_text(text)), "")
    if entry.title is not None:
        title = entry.title.text
        rest = [line.text for line in lines if line is not entry.title]
    elif link_name:
        title = link_name
        rest = [line.text.replace(link_name, "", 1) for line in lines]
    else:
        title = lines[0].text if lines else ""
        rest = [line.text for line in lines[1:]]
    description = " ".join(text.strip(" :|–—-") for text in rest)
    return clean_line(title).strip(" :|–—-"), clean_line(description, _LONGEST_DESCRIPTION)
