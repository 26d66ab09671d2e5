"""The trends page: how often terms occur by year or plan, as a chart with its table, and both as files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import zip_longest
from typing import Any, TypedDict
from urllib.parse import quote_plus

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug import Response

from archive.languages import LANGUAGES, Language
from archive.records import Plan
from index.engine.contract import Filters
from index.occurrences.concordance import TooManyOccurrences
from index.occurrences.trends import LEAST_PASSAGE, LEAST_SHARE, PER, Point, Scale, Trend, trend
from index.query.parser import HEAVIEST
from index.query.tree import NONE
from search_app.library import Archive, library
from search_app.occurrences.trends_chart import as_png, draw
from search_app.search.counted_forms import FormsJson, forms_as_json, forms_as_text
from search_app.search.filters_and_chart import filter_values, filters_as_text
from search_app.search.results import as_phrase
from search_app.web.display_names import too_many_occurrences
from search_app.web.interface_language import interface_language
from search_app.web.parameters import (
    COMPOUNDS,
    COUNTED_IN,
    DOCUMENT,
    FILTERS,
    MOST_TERMS,
    SCALE,
    TERM,
    Parameter,
    WrongParameter,
    read_filters,
    refuse_unknown,
)
from search_app.web.table_file import TableFile, as_download

blueprint = Blueprint("trends", __name__)

PARAMETERS: tuple[Parameter, ...] = (TERM, COUNTED_IN, SCALE, COMPOUNDS, *FILTERS, DOCUMENT)

_MOST_REPEATED = 20_000
"""Bytes that the links of points may take for the terms that they repeat."""


@dataclass(frozen=True, slots=True)
class TrendsRequest:
    """What the address asks for."""

    rows: Sequence[tuple[str, Language | None]]
    """The terms, each with the language that it is to be counted in; None: where it occurs most."""
    scale: Scale
    filters: Filters
    with_compounds: bool = False

    def address(self, endpoint: str, **changes: Any) -> str:
        """The address of the same picture as a page or a file."""
        scale = changes.pop("scale", self.scale)
        values: dict[str, Any] = {
            "term": [term for term, _language in self.rows],
            "in": [language or "" for _term, language in self.rows],
            "by": scale if scale != "year" else None,
            "compounds": "yes" if self.with_compounds else None,
            **filter_values(changes.pop("filters", self.filters)),
        }
        return url_for(endpoint, **values, **changes)


@dataclass(frozen=True, slots=True)
class Picture:
    """The trends and what is needed to draw and to tell them."""

    asked: TrendsRequest
    trends: Sequence[Trend]
    names: Mapping[str, str]
    """The places of the axis in order, and how each is called in full."""

    def occurrences(self, trend: Trend, point: Point) -> str:
        """The address of the concordance whose lines are counted in a point."""
        filters = replace(self.asked.filters, languages=frozenset([trend.language] if trend.language else []))
        if self.asked.scale == "year":
            year = 0 if point.place == NONE else int(point.place)
            filters = replace(filters, years=(year, year))
        else:
            filters = replace(filters, plans=frozenset({point.place}))
        return url_for("concordance.lines", q=trend.query, **filter_values(filters))

    def exact(self, trend: Trend, form: str) -> str:
        """The address of the picture of one form alone."""
        return replace(self.asked, rows=[(as_phrase(form), trend.language)]).address("trends.picture")

    @property
    def is_linked(self) -> bool:
        """Whether points lead to the occurrences that they count: not where the page would be heavy by it."""
        size = sum(len(quote_plus(trend.query)) * len(trend.points) for trend in self.trends)
        return size <= _MOST_REPEATED

    def point(self, trend: Trend, place: str) -> Point | None:
        """What is known of a term in a place; None where there is no text in its language."""
        return next((point for point in trend.points if point.place == place), None)

    def stray(self, trend: Trend, place: str) -> Point | None:
        """Occurrences in a place without a text in the language of the term."""
        return next((point for point in trend.strays if point.place == place), None)

    def as_svg(self, base_url: str) -> str:
        """The picture as a file of its own; links in it are whole."""
        with current_app.open_resource("static/occurrences/trends_file.css", "r", encoding="utf-8") as file:
            style = Markup(file.read())  # a file of ours
        return render_template(
            "occurrences/trends_picture.html",
            **self.drawn(),
            base_url=base_url,
            is_file=True,
            style=style,
        )

    def drawn(self) -> dict[str, Any]:
        """What the template trends_picture.html needs."""
        short = {place: _short(name) for place, name in self.names.items()}
        return {
            "picture": self,
            "chart": draw(self.trends, short, is_timeline=self.asked.scale == "year"),
            "per": PER,
            "least_passage": LEAST_PASSAGE,
            "least_share": LEAST_SHARE,
        }


@blueprint.get("/<any(nl, fr, en):interface>/trends")
def picture() -> tuple[str, int]:
    """The form, the picture and the table."""
    problem = ""
    drawn: Picture | None = None
    asked = TrendsRequest((), "year", Filters())
    try:
        asked = _asked()
        drawn = _picture(asked) if asked.rows else None
    except WrongParameter as error:
        problem = f"{error.message} {error.hint}"
    except TooManyOccurrences:
        problem = " ".join(too_many_occurrences())
    written = (
        [(term[: TERM.longest], language) for term, language in _written() if term] if problem else asked.rows
    )
    html = render_template(
        "occurrences/trends.html",
        **(drawn.drawn() if drawn else {}),
        asked=asked,
        no_filters=Filters(),
        rows=[*written, *[("", None)] * MOST_TERMS][:MOST_TERMS],
        languages=LANGUAGES,
        problem=problem,
        kept=[
            (name, value)
            for name, values in filter_values(asked.filters).items()
            for value in ([values] if isinstance(values, str) else values or [])
        ],
        base_url="",
    )
    return html, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK


@blueprint.get("/<any(nl, fr, en):interface>/trends.<any(svg, png, csv):ending>")
def file(ending: str) -> Response:
    """The picture or the table as a file."""
    refuse_unknown(request.args, PARAMETERS)
    asked = _asked()
    if not asked.rows:
        raise WrongParameter(gettext("No term is given."), gettext("Write one term or more, up to six."))
    found, base_url = _picture(asked), library().settings.base_url
    if ending == "csv":
        return _table(found).sent("csv")
    svg = found.as_svg(base_url)
    if ending == "svg":
        answer = Response(svg, content_type="image/svg+xml; charset=utf-8")
    else:
        answer = Response(as_png(svg), content_type="image/png")
    return as_download(answer, "trends", ending)


def _written() -> list[tuple[str, str]]:
    """The terms as a reader wrote them, each with the language that was chosen for it."""
    terms = [term.strip() for term in request.args.getlist("term")]
    return list(zip_longest(terms, request.args.getlist("in")[: len(terms)], fillvalue=""))


def _asked() -> TrendsRequest:
    terms, languages = TERM.read(request.args), COUNTED_IN.read(request.args)
    languages += [None] * (len(terms) - len(languages))
    rows = [(term, language) for term, language in zip(terms, languages, strict=False) if term]
    if sum(len(quote_plus(term)) for term, _language in rows) > HEAVIEST:
        raise WrongParameter(
            gettext("Together these terms are too long for one picture."),
            gettext("Write shorter terms, or fewer of them."),
        )
    if len(rows) > MOST_TERMS:
        raise WrongParameter(
            gettext("%(count)s terms are more than one picture can show.", count=len(rows)),
            gettext("Write one term or more, up to six."),
        )
    return TrendsRequest(
        tuple(dict.fromkeys(rows)),
        SCALE.read(request.args),
        read_filters(request.args),
        with_compounds=COMPOUNDS.read(request.args) == "yes",
    )


def _picture(asked: TrendsRequest) -> Picture:
    archive = library()
    trends = [_trend(archive, term, language, asked) for term, language in asked.rows]
    present = {point.place for trend in trends for point in (*trend.points, *trend.strays)}
    return Picture(asked, trends, _names(present, asked.scale, archive))


def _trend(archive: Archive, term: str, language: Language | None, asked: TrendsRequest) -> Trend:
    """A trend; what was kept is not used after a change of the index or the catalogue."""
    engine, held = archive.engine(), archive.holdings()
    filters, scale, with_compounds = asked.filters, asked.scale, asked.with_compounds
    return archive.findings.trends.get(
        (term, language, filters, scale, with_compounds, engine.generation(), held.state),
        lambda: trend(
            *(engine, archive.catalogue, held.documents, term, language, filters, scale),
            with_compounds=with_compounds,
        ),
    )


def _names(present: set[str], scale: Scale, archive: Archive) -> dict[str, str]:
    named = (
        {year: year for year in sorted(present - {NONE})}
        if scale == "year"
        else {
            plan.slug: f"{plan.year} {_title(plan)}"
            for plan in archive.catalogue.plans()
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


class PointJson(TypedDict):
    """A term in one year or plan; `place` is `none` for documents without one, `frequency` is null where
    there is no text in the language of the term."""

    place: str
    occurrences: int
    words: int
    frequency: float | None
    url: str


class TrendJson(TypedDict):
    """A term through the years or plans."""

    term: str
    language: Language | None
    points: list[PointJson]
    counted: FormsJson


class TrendsJson(TypedDict):
    """How often terms occur, for every 10,000 words of their language; a word has a letter."""

    by: Scale
    per: int
    trends: list[TrendJson]


def trends_as_json() -> TrendsJson:
    """The trends that the request asks for, for programs."""
    asked = _asked()
    if not asked.rows:
        raise WrongParameter(gettext("No term is given."), gettext("Write one term or more, up to six."))
    picture, base_url = _picture(asked), library().settings.base_url
    return {
        "by": asked.scale,
        "per": PER,
        "trends": [
            {
                "term": each.term,
                "language": each.language,
                "points": [
                    {
                        "place": point.place,
                        "occurrences": point.count,
                        "words": point.words,
                        "frequency": None if point in each.strays else round(point.frequency, 4),
                        "url": base_url + picture.occurrences(each, point),
                    }
                    for point in (*each.points, *each.strays)
                ],
                "counted": forms_as_json(each.forms),
            }
            for each in picture.trends
        ],
    }


def _table(picture: Picture) -> TableFile:
    """A row for each term and place, and what was counted."""
    archive, asked = library(), picture.asked
    base_url = archive.settings.base_url
    rows = [
        {
            "term": each.term,
            "language": each.language,
            asked.scale: point.place,
            "occurrences": point.count,
            "words": point.words,
            f"per {PER} words": None if point in each.strays else round(point.frequency, 4),
            "url": base_url + picture.occurrences(each, point),
        }
        for each in picture.trends
        for point in (*each.points, *each.strays)
    ]
    about = {
        "terms": " | ".join(trend.term for trend in picture.trends),
        "filters": filters_as_text(asked.filters),
        "by": asked.scale,
        "compounds": "yes" if asked.with_compounds else "no",
        "counted": " | ".join(map(forms_as_text, (trend.forms for trend in picture.trends))),
        "words": "with a letter in them; numbers are not counted as words",
        "frequencies": "only where a document has a text in the language of the term: "
        f"{LEAST_SHARE:.0%} of its words, or {LEAST_PASSAGE} words on one page",
        NONE: f"documents without a {asked.scale}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": " | ".join(dict.fromkeys(trend.generation for trend in picture.trends)),
        "address": base_url + asked.address("trends.picture"),
        "rows": len(rows),
    }
    columns = ("term", "language", asked.scale, "occurrences", "words", f"per {PER} words", "url")
    return TableFile("trends", about, rows, columns)
