"""The search page: the box, the filters, the results grouped by document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug import Response

from archive.records import Plan
from index.engine import Dimension, Filters, Sort
from index.errors import IndexMissing
from search_app.interface import interface_language
from search_app.library import Archive, library
from search_app.parameters import PAGE, SORT, WrongParameter, read_filters
from search_app.results import FoundDocument, SearchPage, search
from search_app.wording import kind_name, language_name

blueprint = Blueprint("search", __name__)

_RESULTS_A_PAGE = 10

_WIDEST_BAR = 8
"""Of the chart's 100: a few years are still lines and not blocks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as a box to tick."""

    value: str
    name: str
    count: int
    """Matches that it gives, all other filters as they are."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The values of one filter, the one with most matches first."""

    parameter: Dimension
    name: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that holds, and the address of the same search without it."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A year in the little chart of matches by year, drawn on a field of 100 by 24."""

    year: str
    count: int
    x: float
    width: float
    height: float
    address: str
    is_chosen: bool


@blueprint.get("/<any(nl, fr, en):interface>/search")
def results() -> tuple[str, int] | Response:
    """What the archive holds on `q`, within the chosen filters."""
    archive = library()
    problem: WrongParameter | None = None
    filters, page = Filters(), 1
    sort: Sort = "relevance"
    try:
        filters, sort, page = read_filters(request.args), SORT.read(request.args), PAGE.read(request.args)
    except WrongParameter as error:
        problem = error
    try:
        found = search(
            archive,
            request.args.get("q", ""),
            filters,
            sort=sort,
            page=page,
            per_page=_RESULTS_A_PAGE,
            grouped=not filters.documents,
            ui_language=interface_language(),
        )
    except IndexMissing:
        if archive.catalogue.documents():
            raise
        return redirect(url_for("home.documents"))  # which says that there is nothing yet, and what to do
    if found.page > found.last_page:
        return redirect(_address(found, page=found.last_page))
    plans = {plan.slug: plan for plan in archive.catalogue.plans()}
    html = render_template(
        "search.html",
        found=found,
        articles=_articles(found, archive),
        problem=problem,
        plans=plans,
        groups=_filter_groups(found, plans),
        bars=_bars(found),
        chips=_chips(found, plans, archive),
        without_filters=_address(found, filters=Filters()),
        sorted_by=lambda order: _address(found, sort=order),
        pages_of=lambda number: _address(found, page=number),
        as_json=_address(found, endpoint="api.search"),
        download=lambda ending: _address(found, endpoint=f"api.search_{ending}"),
        within=lambda document: _address(
            found, filters=replace(found.filters, documents=frozenset({document}))
        ),
        suggestion_address=_address(found, text=found.suggestion),
        query_text=found.text,
    )
    return html, problem.http_status if problem else 200


def _articles(found: SearchPage, archive: Archive) -> Sequence[FoundDocument]:
    """Documents with their pages; a search inside chosen documents is not grouped and shows every page."""
    if found.is_grouped:
        return found.groups
    return [
        FoundDocument(archive.document(identifier), tuple(pages), total=0)
        for identifier, pages in groupby(found.hits, lambda hit: hit.document)
    ]


def _address(found: SearchPage, **changes: Any) -> str:
    """The address of this search with something changed; any change but that of the page leads to page 1."""
    filters: Filters = changes.get("filters", found.filters)
    sort = changes.get("sort", found.sort)
    page = changes.get("page", 1)
    years = filters.years
    return url_for(
        changes.get("endpoint", "search.results"),
        q=changes.get("text", found.text) or None,
        year=None if years is None else "-".join(str(year) for year in dict.fromkeys(years)),
        language=sorted(filters.languages),
        plan=sorted(filters.plans),
        kind=sorted(filters.kinds),
        document=sorted(filters.documents),
        sort=sort if sort != "relevance" else None,
        page=page if page > 1 else None,
    )


def _filter_groups(found: SearchPage, plans: Mapping[str, Plan]) -> list[FilterGroup]:
    filters = found.filters
    return [
        _filter_group("language", gettext("Language"), found, filters.languages, language_name),
        _filter_group("plan", gettext("Plan"), found, filters.plans, lambda slug: _plan_name(slug, plans)),
        _filter_group("kind", gettext("Kind"), found, filters.kinds, kind_name),
    ]


def _filter_group(
    parameter: Dimension, name: str, found: SearchPage, chosen: frozenset[Any], name_of: Callable[[Any], str]
) -> FilterGroup:
    counts = found.facets[parameter]
    values = sorted({*counts, *chosen}, key=lambda value: (-counts.get(value, 0), value))
    choices = [Choice(value, name_of(value), counts.get(value, 0), value in chosen) for value in values]
    return FilterGroup(parameter, name, choices)


def _plan_name(slug: str, plans: Mapping[str, Plan]) -> str:
    return plans[slug].titles[interface_language()] if slug in plans else slug


def _chips(found: SearchPage, plans: Mapping[str, Plan], archive: Archive) -> list[Chip]:
    """Every filter that holds, each with the way to take it off."""
    filters = found.filters
    chips = []

    def add(text: str, **changes: Any) -> None:
        chips.append(Chip(text, _address(found, filters=replace(filters, **changes))))

    if filters.years:
        add("–".join(str(year) for year in dict.fromkeys(filters.years)), years=None)
    for language in sorted(filters.languages):
        add(language_name(language), languages=filters.languages - {language})
    for slug in sorted(filters.plans):
        add(_plan_name(slug, plans), plans=filters.plans - {slug})
    for kind in sorted(filters.kinds):
        add(kind_name(kind), kinds=filters.kinds - {kind})
    for identifier in sorted(filters.documents):
        add(archive.document(identifier).title, documents=filters.documents - {identifier})
    return chips


def _bars(found: SearchPage) -> list[Bar]:
    """Matches by year, from the first to the last year that has any, gaps included."""
    counts = found.facets["year"]
    if len(counts) < 2:
        return []
    first, last = min(map(int, counts)), max(map(int, counts))
    step = 100 / (last - first + 1)
    most = max(counts.values())
    chosen = range(found.filters.years[0], found.filters.years[1] + 1) if found.filters.years else ()
    return [
        Bar(
            year=year,
            count=count,
            x=round((int(year) - first) * step, 2),
            width=round(min(step * 0.8, _WIDEST_BAR), 2),
            height=round(2 + 22 * count / most, 2),
            address=_address(found, filters=replace(found.filters, years=(int(year), int(year)))),
            is_chosen=int(year) in chosen,
        )
        for year, count in sorted(counts.items())
    ]
