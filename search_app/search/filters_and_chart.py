"""What surrounds the results of a search: the box, the filters, the chart of years.

Also the addresses of the same search with one thing changed. All ways of showing results share it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import abort, redirect, request, url_for
from flask_babel import gettext

from archive.languages import LANGUAGES, Language
from archive.records import Plan
from index.engine.contract import Dimension, Filters
from index.errors import IndexMissing
from index.query.parser import HEAVIEST, LONGEST, without_compounds
from index.query.tree import NONE, UNDATED, as_phrase, years_as_text
from index.text.analysis import fold, query_stems, stem
from search_app.library import Library
from search_app.search.results import SearchPage, read_query, search
from search_app.web.addresses import with_query
from search_app.web.display_names import kind_name, language_name
from search_app.web.interface_language import interface_language, path_to
from search_app.web.parameters import (
    EARLIEST,
    LATEST,
    ORDER,
    PAGE,
    SORT,
    Choice,
    WrongParameter,
    read_filters,
    shown_value,
)

_WIDEST_BAR = 8
"""Greatest width of a bar, of the chart's 100, so that a few years do not fill it."""

_REACH = 5
"""Distance from the middle of a bar, of the chart's 100, within which a touch counts for it."""

_ROOM = 40_000
"""Most bytes of a page for the query in the links of its results, because they only repeat it."""

_MOST_MERGED = 4
"""Most words of a query whose forms are listed on the page."""

VIEWS = ("search.results", "concordance.lines")
"""The endpoints that show a search."""


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """One value of a filter, as a box to tick."""

    value: str
    name: str
    count: int
    """Number of matches with it and all other filters as they are."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The values of one filter, the one with most matches first."""

    parameter: Dimension
    name: str
    choices: Sequence[FilterChoice]


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter, and the address of the same search without it."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A year in the chart of matches by year, drawn on a field of 100 by 24."""

    year: str
    count: int
    x: float
    width: float
    height: float
    reach: tuple[float, float]
    """Left and right edge of the area in which a touch counts for the bar."""
    address: str
    """The same search limited to this year; in all years if it is limited to this year already."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The parameters of a search besides the query."""

    filters: Filters
    page: int
    options: Mapping[str, Any]
    """The values of the view's own parameters, such as the order of the results."""


@dataclass(frozen=True, slots=True)
class SearchFrame:
    """A search and everything around its results."""

    library: Library
    endpoint: str
    path: str
    """Of the endpoint, in the language of the interface."""
    parameters: Sequence[Choice[Any]]
    chosen: SearchOptions
    found: SearchPage
    problem: WrongParameter | None

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.problem.http_status if self.problem else 200

    def address(self, **changes: Any) -> str:
        """The address of this search with changes: `text`, `filters`, `page`, `endpoint` or one of the view's
        parameters. Every change except that of the page leads to page 1. Another endpoint gets only the
        parameters in :data:`_OPTIONS`."""
        filters: Filters = changes.pop("filters", self.chosen.filters)
        page = changes.pop("page", 1)
        text = changes.pop("text", self.found.text)
        endpoint = changes.pop("endpoint", self.endpoint)
        known = self.chosen.options if endpoint == self.endpoint else _OPTIONS.get(endpoint, ())
        known_options = {name: value for name, value in self.chosen.options.items() if name in known}
        options = {**known_options, **changes}
        defaults = {parameter.name: parameter.default for parameter in self.parameters}
        values = {
            "q": text or None,
            **filter_values(filters),
            **{name: value for name, value in options.items() if value != defaults.get(name)},
            "page": page if page > 1 else None,
        }
        if endpoint == self.endpoint:
            return with_query(self.path, values)
        in_path = {"ending": values.pop("ending")} if "ending" in values else {}
        return with_query(path_to(endpoint, **in_path), values)

    def shown(self) -> dict[str, Any]:
        """What the template search_frame.html shows."""
        plans = {plan.slug: plan for plan in self.library.catalogue.plans()}
        return {
            "found": self.found,
            "problem": self.problem,
            "wrong_year": self._wrong_year(),
            "typed_years": self._typed_years(),
            "options": {
                parameter.name: self.chosen.options[parameter.name]
                for parameter in self.parameters
                if self.chosen.options[parameter.name] != parameter.default
            },
            "endpoint": self.endpoint,
            "address_of_form": self.path,
            "plans": plans,
            "groups": self._filter_groups(plans),
            "bars": self._bars(),
            "undated": self._undated(),
            "chips": self._chips(plans),
            "without_filters": self.address(filters=Filters()),
            "pages_of": lambda number: self.address(page=number),
            "view": lambda endpoint: self.address(endpoint=endpoint),
            "trends_address": with_query(
                path_to("trends.picture"), {"term": self.found.text, **filter_values(self.chosen.filters)}
            ),
            "counterparts_address": with_query(
                path_to("counterparts.translations"),
                {
                    "q": self.found.text,
                    "document": sorted(self.chosen.filters.documents),
                    **self._only_language(),
                },
            ),
            "download": self._download,
            "merged_forms": [each for each in self.found.forms if each.is_merged],
            "most_merged": _MOST_MERGED,
            "exact_form": lambda form: self.address(text=as_phrase(form)),
            "without_compounds_address": self._without_compounds(),
            "suggestion_address": self.address(text=self.found.suggestion),
            "query_text": self.found.text,
            "undated_address": self.address(filters=replace(self.chosen.filters, years=UNDATED)),
            "page": self.chosen.page,
        }

    def _wrong_year(self) -> str:
        """What is wrong with the years that were typed, in the words of the page."""
        fields = {"from": gettext("from"), "to": gettext("to")}
        if self.problem is None or self.problem.parameter not in fields:
            return ""
        notice: str = gettext(
            "Under “%(field)s”, %(value)s is not a valid year; all pages are shown, without any filter. "
            "Enter a year of four digits, with a first year that is not after the last.",
            field=fields[self.problem.parameter],
            value=shown_value(self.problem.value),
        )
        return notice

    def _typed_years(self) -> dict[str, str]:
        """The text in the fields of the first and the last year, also if it is not valid."""
        if self.problem is not None:
            return {name: request.args.get(name, "") for name in ("from", "to")}
        years = self.chosen.filters.years
        first, last = (EARLIEST, LATEST) if years in (None, UNDATED) else years
        return {"from": str(first) if first != EARLIEST else "", "to": str(last) if last != LATEST else ""}

    def _without_compounds(self) -> str:
        """The address of the same search without compounds; "" if it would be the same."""
        query = read_query(self.found.text, self.chosen.filters)
        languages = [
            language
            for language in LANGUAGES
            if language in (self.chosen.filters.languages or self.found.facets["language"])
        ]
        alone = without_compounds(query, languages)
        has_compounds = any(
            forms.more or any(_is_other_word(form.word, forms.searched, languages) for form in forms.named)
            for forms in self.found.forms
        )
        return self.address(text=alone.text) if has_compounds and alone != query else ""

    def _only_language(self) -> dict[str, Any]:
        """The language of the term, if the filters allow only one."""
        languages = self.chosen.filters.languages
        return {"from": next(iter(languages))} if len(languages) == 1 else {}

    def _download(self, ending: str) -> str:
        name = "downloads.search" if self.endpoint == "search.results" else "downloads.concordance"
        return self.address(endpoint=name, ending=ending)

    def _filter_groups(self, plans: Mapping[str, Plan]) -> list[FilterGroup]:
        filters = self.chosen.filters
        return [
            self._filter_group(
                "plan", gettext("Plan"), filters.plans, lambda slug: _plan_name(slug, plans), _by_year(plans)
            ),
            self._filter_group("language", gettext("Language"), filters.languages, language_name),
            self._filter_group("kind", gettext("Type"), filters.kinds, kind_name),
        ]

    def _filter_group(
        self,
        parameter: Dimension,
        name: str,
        chosen: frozenset[Any],
        name_of: Callable[[Any], str],
        order: Callable[[str], Any] | None = None,
    ) -> FilterGroup:
        counts = self.found.facets[parameter]
        values = sorted({*counts, *chosen}, key=order or (lambda value: (-counts.get(value, 0), value)))
        if values == [NONE] and not chosen:
            values = []  # a choice that changes nothing
        choices = [
            FilterChoice(value, name_of(value), counts.get(value, 0), value in chosen) for value in values
        ]
        return FilterGroup(parameter, name, choices)

    def _chips(self, plans: Mapping[str, Plan]) -> list[Chip]:
        """Every active filter, with the address of the search without it."""
        filters = self.chosen.filters
        chips = []

        def add(text: str, **changes: Any) -> None:
            chips.append(Chip(text, self.address(filters=replace(filters, **changes))))

        if filters.years:
            add(
                gettext("Without a year")
                if filters.years == UNDATED
                else years_as_text(filters.years).replace("-", "–"),
                years=None,
            )
        for language in sorted(filters.languages):
            add(language_name(language), languages=filters.languages - {language})
        for slug in sorted(filters.plans):
            add(_plan_name(slug, plans), plans=filters.plans - {slug})
        for kind in sorted(filters.kinds):
            add(kind_name(kind), kinds=filters.kinds - {kind})
        for identifier in sorted(filters.documents):
            add(self.library.document(identifier).title, documents=filters.documents - {identifier})
        return chips

    def _bars(self) -> list[Bar]:
        """Matches by year, from the first to the last year that has any, gaps included."""
        filters = self.chosen.filters
        counts = {year: count for year, count in self.found.facets["year"].items() if year != NONE}
        if len(counts) < 2 or results_that_fit(len(counts), self.found.text, links=2) < len(counts):
            return []  # the form asks for years as well, and repeats nothing
        years = sorted(map(int, counts))
        step = 100 / (years[-1] - years[0] + 1)
        width = min(step * 0.8, _WIDEST_BAR)
        middles = [(year - years[0]) * step + width / 2 for year in years]
        between = [(left + right) / 2 for left, right in pairwise(middles)]
        most = max(counts.values())
        chosen = range(filters.years[0], filters.years[1] + 1) if filters.years else ()
        return [
            Bar(
                year=str(year),
                count=counts[str(year)],
                x=round(middle - width / 2, 2),
                width=round(width, 2),
                height=round(2 + 22 * counts[str(year)] / most, 2),
                reach=(round(max(left, middle - _REACH), 2), round(min(right, middle + _REACH), 2)),
                address=self._in_year(year),
                is_chosen=year in chosen,
            )
            for year, middle, left, right in zip(years, middles, [0, *between], [*between, 100], strict=True)
        ]

    def _undated(self) -> FilterChoice:
        """Documents without a year, which are in no bar."""
        is_chosen = self.chosen.filters.years == UNDATED
        return FilterChoice(
            NONE, gettext("Without a year"), self.found.facets["year"].get(NONE, 0), is_chosen
        )

    def _in_year(self, year: int) -> str:
        filters = self.chosen.filters
        years = None if filters.years == (year, year) else (year, year)
        return self.address(filters=replace(filters, years=years))


_OPTIONS: Mapping[str, Sequence[str]] = {
    "downloads.search": (SORT.name,),
    "downloads.concordance": (ORDER.name,),
    "api.search": (SORT.name,),
}
"""Parameters of a view that other endpoints know as well."""


def read_frame(
    library: Library,
    endpoint: str,
    parameters: Sequence[Choice[Any]],
    searched: Callable[[SearchOptions], dict[str, Any]],
) -> SearchFrame:
    """Carry out the search that the address asks for.

    An invalid parameter is reported, and the search is made without filters.

    Args:
        parameters: those that only this view has.
        searched: gives further arguments of :func:`search_app.search.results.search`.
    """
    problem: WrongParameter | None = None
    try:
        options = {parameter.name: parameter.read(request.args) for parameter in parameters}
        chosen = SearchOptions(read_filters(request.args), PAGE.read(request.args), options)
    except WrongParameter as error:
        problem = error
        chosen = SearchOptions(Filters(), 1, {parameter.name: parameter.default for parameter in parameters})
    try:
        found = search(
            library,
            request.args.get("q", ""),
            chosen.filters,
            ui_language=interface_language(),
            **searched(chosen),
        )
    except IndexMissing:
        if library.holdings().documents:
            raise
        abort(redirect(url_for("home.documents")))  # which says that there is nothing yet, and what to do
    return SearchFrame(library, endpoint, path_to(endpoint), parameters, chosen, found, problem)


def results_that_fit(most: int, text: str, links: int) -> int:
    """Number of results on a page, at most `most`; fewer for long queries, because the links repeat them.

    Args:
        links: number of links of one result.
    """
    repeated = min(HEAVIEST, len(quote_plus(text[:LONGEST]))) * links
    return min(most, max(1, _ROOM // max(1, repeated)))


def _is_other_word(form: str, searched: str, languages: Sequence[Language]) -> bool:
    """Whether a counted form is not an inflection of the searched word, and so a compound."""
    word = form.lower()
    return fold(word) != fold(searched) and not any(
        stem(word, language) in query_stems(searched, language) for language in languages
    )


def filter_values(filters: Filters) -> dict[str, Any]:
    """The filters as parameters of an address."""
    years = filters.years
    return {
        "year": None if years is None else years_as_text(years),
        "language": sorted(filters.languages),
        "plan": sorted(filters.plans),
        "kind": sorted(filters.kinds),
        "document": sorted(filters.documents),
    }


def _plan_name(slug: str, plans: Mapping[str, Plan]) -> str:
    if slug == NONE:
        without: str = gettext("Without a plan")
        return without
    return plans[slug].titles[interface_language()] if slug in plans else slug


def _by_year(plans: Mapping[str, Plan]) -> Callable[[str], Any]:
    return lambda slug: (slug == NONE, plans[slug].year if slug in plans else 0, slug)


def filters_as_text(filters: Filters) -> str:
    """The filters as in the address of a search."""
    values = [("year", years_as_text(filters.years))] if filters.years else []
    for name, chosen in (
        ("language", filters.languages),
        ("plan", filters.plans),
        ("kind", filters.kinds),
        ("document", filters.documents),
    ):
        values += [(name, value) for value in sorted(chosen)]
    return urlencode(values)
