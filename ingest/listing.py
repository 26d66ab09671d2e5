"""Read a page that lists documents: for each entry its year, title, description and links.

The page is taken as lines of text in a tree, whatever its markup: sections, cards, an accordion, a table,
a definition list. What makes an entry is its year, on a line of its own or at one end of a heading. The
entry reaches as far as the largest element that holds no other year or, if that holds no document, as in a
flat run of headings and paragraphs, to the next year.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bs4 import BeautifulSoup, Tag

from archive.cleaning import clean_line
from archive.records import Plan
from ingest.links import Link, absolute, is_link_text, is_to_document, is_to_pdf, read_link
from ingest.recognise import plan_of_entry
from ingest.webpage import Line, attribute, read_lines

_YEAR = r"(?:19|20)\d\d"
_PERIOD = rf"({_YEAR})(?:\s*[-–—/]\s*{_YEAR})?"
_ALONE = re.compile(rf"[\W_]*{_PERIOD}[\W_]*")
_FIRST = re.compile(rf"[\W_]*{_PERIOD}\s*[:|–—.)\-]\s*(?=\S)")
_LAST = re.compile(rf"\s*\(\s*{_PERIOD}\s*\)(?:\W*$|\s*[:–—-])")
_LAST_IN_HEADING = re.compile(rf"\s*[|,–—-]\s*{_PERIOD}$")
_LONGEST_LINE_WITH_YEAR = 200
_LONGEST_DESCRIPTION = 2000

_Form = Literal["alone", "first", "last"]
"""How a page gives the year of an entry: on a line of its own, or as the first or last word of a line."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of a page that lists documents."""

    year: int
    title: str
    """Empty if the page gives none."""
    description: str
    documents: tuple[Link, ...]
    """At least one, each once."""
    links: tuple[Link, ...]
    """The entry's other links, such as to an older site."""
    plan: str | None
    """Slug of the plan that it seems to be about."""


def read_listing(html: str | bytes, base_url: str, plans: Sequence[Plan] = ()) -> list[Listing]:
    """The entries that `html`, the page at `base_url`, lists; in the order of the page.

    A link to a PDF outside an entry with a year, such as a privacy statement in the footer, is none.
    """
    soup = BeautifulSoup(html, "html.parser")
    base_url = absolute(base_url, attribute(soup.base, "href")) or base_url
    lines = list(read_lines(soup))
    # A page gives its years in one way; a year met in another way is part of a text.
    forms: tuple[_Form, ...] = ("alone", "first", "last")
    entries = max((_entries(lines, form) for form in forms), key=_number_of_documents)
    return [_listing(entry, base_url, plans) for entry in entries]


def page_address(html: str | bytes) -> str | None:
    """The address that a saved page gives as its own, if it does."""
    soup = BeautifulSoup(html, "html.parser")
    candidates = [attribute(soup.find("link", rel="canonical"), "href"), attribute(soup.base, "href")]
    saved = soup.find(string=re.compile(r"saved from url=\(\d+\)"))
    if saved:
        candidates.append(str(saved).partition(")")[2].strip())
    return next((address for address in candidates if re.match("https?://", address)), None)


class _Entry(NamedTuple):
    """The lines of one entry; of the line with its year, only what else it says."""

    year: int
    title: Line | None
    """The heading over its documents."""
    lines: list[Line]


def _entries(lines: Sequence[Line], form: _Form) -> list[_Entry]:
    """The entries with at least one document, if the page gives years in this form."""
    years = {place: year for place, line in enumerate(lines) if (year := _year(line, form)) is not None}
    entries = []
    for (start, end), place in _extents(lines, years):
        part = [
            line if start + offset != place else _without_year(line, form)
            for offset, line in enumerate(lines[start:end])
        ]
        entries += [_Entry(years[place], title, group) for title, group in _by_title(part)]
    return [entry for entry in entries if _documents(entry.lines)]


def _year(line: Line, form: _Form) -> int | None:
    match = _year_match(line, form)
    return int(match[1]) if match else None


def _year_match(line: Line, form: _Form) -> re.Match[str] | None:
    text = line.text
    if len(text) > _LONGEST_LINE_WITH_YEAR:
        return None
    if form == "alone":
        return _ALONE.fullmatch(text)
    if form == "first":
        return _FIRST.match(text) or _ALONE.fullmatch(line.strings[0].strip())
    return _LAST.search(text) or (_LAST_IN_HEADING.search(text) if line.rank else None)


def _without_year(line: Line, form: _Form) -> Line:
    """The line without the year at its start or end."""
    match = _year_match(line, form)
    assert match is not None  # it was found by the same look
    before, _year, after = line.text.partition(match[0].strip())
    return Line(line.holders, (before, " ", after), line.anchors, line.rank)


def _extents(lines: Sequence[Line], years: dict[int, int]) -> list[tuple[tuple[int, int], int]]:
    """For each line with a year: from which line up to which (not included) its entry reaches."""
    years_within = Counter(id(holder) for place in years for holder in lines[place].holders)
    reach: dict[int, tuple[int, int]] = {}
    for place, line in enumerate(lines):
        for holder in line.holders:
            reach[id(holder)] = (reach.get(id(holder), (place,))[0], place + 1)
    own = {}
    around = {}
    for place in years:
        alone = [holder for holder in lines[place].holders if years_within[id(holder)] == 1]
        shared = [holder for holder in lines[place].holders if years_within[id(holder)] > 1]
        own[place] = reach[id(alone[-1])] if alone else (place, place + 1)
        around[place] = reach[id(shared[0])] if shared else own[place]
    extents = []
    starts = [*(own[place][0] for place in years), len(lines)]
    for place, next_start in zip(years, starts[1:], strict=True):
        start, end = own[place]
        if not _documents(lines[start:end]):
            end = max(end, min(next_start, around[place][1]))
            end = _end_of_flat_entry(lines, place, end)
        extents.append(((start, end), place))
    return extents


def _end_of_flat_entry(lines: Sequence[Line], place: int, end: int) -> int:
    """Where a flat entry ends: at the heading, of the year's rank or higher, that follows its documents."""
    has_document = False
    rank = lines[place].rank
    for position in range(place, end):
        line = lines[position]
        if has_document and rank is not None and line.rank is not None and line.rank <= rank:
            return position
        has_document = has_document or bool(_documents([line]))
    return end


def _by_title(lines: Sequence[Line]) -> list[tuple[Line | None, list[Line]]]:
    """The lines of one year by title: a year may have more than one document, each under its heading."""
    headings = {
        place for place, line in enumerate(lines) if line.rank is not None and not is_link_text(line.text)
    }
    documents = [place for place, line in enumerate(lines) if _documents([line])]
    if not headings or not documents or min(headings) > documents[-1]:
        return [(None, list(lines))]
    rank = min(lines[place].rank or 0 for place in headings if place <= documents[-1])
    groups: list[tuple[Line | None, list[Line]]] = []
    group: list[Line] = []
    title: Line | None = None
    for place, line in enumerate(lines):
        if place in headings and (line.rank or 0) <= rank:
            # A heading of that rank begins another document once this one has had its link.
            if title is not None and _documents(group):
                groups.append((title, group))
                group, title = [], None
            title = title or line
        group.append(line)
    return [*groups, (title, group)]


def _documents(lines: Sequence[Line]) -> list[Tag]:
    """The links to documents in these lines. Where there are PDFs, only those are."""
    anchors = [anchor for line in lines for anchor in line.anchors if is_to_document(anchor)]
    return [anchor for anchor in anchors if is_to_pdf(anchor)] or anchors


def _number_of_documents(entries: Sequence[_Entry]) -> int:
    return sum(len(_documents(entry.lines)) for entry in entries)


def _listing(entry: _Entry, base_url: str, plans: Sequence[Plan]) -> Listing:
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
    return Listing(
        entry.year,
        title,
        description,
        tuple(documents.values()),
        tuple(links.values()),
        plan.slug if plan else None,
    )


def _title_and_description(entry: _Entry, documents: Sequence[Tag]) -> tuple[str, str]:
    told = [line for line in entry.lines if not line.is_only_links and not is_link_text(line.text)]
    linked = (" ".join(anchor.get_text().split()) for anchor in documents)
    name = next((text for text in linked if not is_link_text(text)), "")
    if entry.title is not None:
        title = entry.title.text
        rest = [line.text for line in told if line is not entry.title]
    elif name:
        title = name
        rest = [line.text.replace(name, "", 1) for line in told]
    else:
        title = told[0].text if told else ""
        rest = [line.text for line in told[1:]]
    description = " ".join(text.strip(" :|–—-") for text in rest)
    return clean_line(title).strip(" :|–—-"), clean_line(description, _LONGEST_DESCRIPTION)
