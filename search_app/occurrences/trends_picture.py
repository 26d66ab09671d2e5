"""The counted trends of a request, ready to be drawn and listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus

from flask import url_for
from flask_babel import gettext

from archive.languages import Language
from archive.records import Plan
from index.occurrences.trends import LEAST_PASSAGE, LEAST_SHARE, PER, Point, Scale, Trend, trend
from index.query.tree import NONE, as_phrase
from search_app.library import Library
from search_app.occurrences.trends_chart import draw
from search_app.occurrences.trends_request import TrendsRequest
from search_app.search.filters_and_chart import filter_values
from search_app.web.interface_language import interface_language

_MOST_REPEATED = 20_000
"""Bytes that the links of points may take for the terms that they repeat."""


@dataclass(frozen=True, slots=True)
class TrendsPicture:
    """The counted trends of a request, ready to be drawn and listed."""

    trends_request: TrendsRequest
    trends: Sequence[Trend]
    names: Mapping[str, str]
    """The places of the axis in order, and how each is called in full."""

    def occurrences(self, trend: Trend, point: Point) -> str:
        """The address of the concordance whose lines are counted in a point."""
        filters = replace(
            self.trends_request.filters, languages=frozenset([trend.language] if trend.language else [])
        )
        if self.trends_request.scale == "year":
            year = 0 if point.place == NONE else int(point.place)
            filters = replace(filters, years=(year, year))
        else:
            filters = replace(filters, plans=frozenset({point.place}))
        return url_for("concordance.lines", q=trend.query, **filter_values(filters))

    def exact(self, trend: Trend, form: str) -> str:
        """The address of the picture of one form alone."""
        return replace(self.trends_request, rows=[(as_phrase(form), trend.language)]).address(
            "trends.picture"
        )

    @property
    def is_linked(self) -> bool:
        """Whether points lead to the occurrences that they count: not where the page would be heavy by it."""
        size = sum(len(quote_plus(trend.query)) * len(trend.points) for trend in self.trends)
        return size <= _MOST_REPEATED

    def point(self, trend: Trend, place: str) -> Point | None:
        """The point of a term at a place; None if there is no text in its language."""
        return next((point for point in trend.points if point.place == place), None)

    def stray(self, trend: Trend, place: str) -> Point | None:
        """Occurrences in a place without a text in the language of the term."""
        return next((point for point in trend.strays if point.place == place), None)

    def drawn(self) -> dict[str, Any]:
        """What the template trends_picture.html needs."""
        short = {place: _short(name) for place, name in self.names.items()}
        return {
            "picture": self,
            "chart": draw(self.trends, short, is_timeline=self.trends_request.scale == "year"),
            "per": PER,
            "least_passage": LEAST_PASSAGE,
            "least_share": LEAST_SHARE,
        }


def picture_of(library: Library, trends_request: TrendsRequest) -> TrendsPicture:
    """Count the terms of a request.

    Raises:
        TooManyOccurrences: a term has more than can be counted.
        Busy: too many requests do heavy work.
    """
    trends = [_trend(library, term, language, trends_request) for term, language in trends_request.rows]
    present = {point.place for trend in trends for point in (*trend.points, *trend.strays)}
    return TrendsPicture(trends_request, trends, _names(present, trends_request.scale, library))


def _trend(library: Library, term: str, language: Language | None, trends_request: TrendsRequest) -> Trend:
    """The trend of a term; a cached one is only used while index and catalogue are unchanged."""
    engine, holdings = library.engine(), library.holdings()
    filters, scale, with_compounds = (
        trends_request.filters,
        trends_request.scale,
        trends_request.with_compounds,
    )
    return library.findings.trends.get(
        (term, language, filters, scale, with_compounds, engine.generation(), holdings.state),
        lambda: trend(
            *(engine, library.catalogue, holdings.documents, term, language, filters, scale),
            with_compounds=with_compounds,
        ),
    )


def _names(present: set[str], scale: Scale, library: Library) -> dict[str, str]:
    named = (
        {year: year for year in sorted(present - {NONE})}
        if scale == "year"
        else {
            plan.slug: f"{plan.year} {_title(plan)}"
            for plan in library.catalogue.plans()
            if plan.slug in present
        }
    )
    without = gettext("Without a year") if scale == "year" else gettext("Without a plan")
    return named | ({NONE: without} if NONE in present else {})


def _title(plan: Plan) -> str:
    return plan.titles[interface_language()]


def _short(name: str) -> str:
    """The year and the abbreviation of a plan that has one; else all of its name."""
    year, _space, title = name.partition(" ")
    abbreviation = title.partition("(")[2].partition(")")[0]
    return f"{year} {abbreviation}" if abbreviation else name
