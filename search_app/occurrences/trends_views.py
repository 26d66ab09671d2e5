"""The trends page: how often terms occur by year or plan, as a chart with its table, and both as files."""

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup
from werkzeug import Response

from archive.languages import LANGUAGES
from index.engine.contract import Filters
from index.occurrences.concordance import TooManyOccurrences
from index.occurrences.trends import LEAST_PASSAGE, LEAST_SHARE, PER
from index.query.tree import NONE
from search_app.library import current_library
from search_app.occurrences.trends_chart import as_png
from search_app.occurrences.trends_picture import TrendsPicture, picture_of
from search_app.occurrences.trends_request import (
    PARAMETERS,
    TrendsRequest,
    read_some_trends,
    read_trends,
    terms_as_written,
)
from search_app.search.counted_forms import forms_as_text
from search_app.search.filters_and_chart import filter_values, filters_as_text
from search_app.web.display_names import too_many_occurrences
from search_app.web.parameters import MOST_TERMS, TERM, WrongParameter, refuse_unknown
from search_app.web.table_file import TableFile, as_download

blueprint = Blueprint("trends", __name__)


@blueprint.get("/<any(nl, fr, en):interface>/trends")
def picture() -> tuple[str, int]:
    """The form, the picture and the table."""
    problem = ""
    drawn: TrendsPicture | None = None
    trends_request = TrendsRequest((), "year", Filters())
    try:
        trends_request = read_trends(request.args)
        drawn = picture_of(current_library(), trends_request) if trends_request.rows else None
    except WrongParameter as error:
        problem = f"{error.message} {error.hint}"
    except TooManyOccurrences:
        problem = " ".join(too_many_occurrences())
    written = (
        [(term[: TERM.longest], language) for term, language in terms_as_written(request.args) if term]
        if problem
        else trends_request.rows
    )
    html = render_template(
        "occurrences/trends.html",
        **(drawn.drawn() if drawn else {}),
        trends_request=trends_request,
        no_filters=Filters(),
        rows=[*written, *[("", None)] * MOST_TERMS][:MOST_TERMS],
        languages=LANGUAGES,
        problem=problem,
        filter_fields=[
            (name, value)
            for name, values in filter_values(trends_request.filters).items()
            for value in ([values] if isinstance(values, str) else values or [])
        ],
        base_url="",
    )
    return html, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK


@blueprint.get("/<any(nl, fr, en):interface>/trends.<any(svg, png, csv):ending>")
def file(ending: str) -> Response:
    """The picture or the table as a file."""
    refuse_unknown(request.args, PARAMETERS)
    library = current_library()
    found = picture_of(library, read_some_trends(request.args))
    base_url = library.settings.base_url
    if ending == "csv":
        return _table(found).sent("csv")
    svg = _as_svg(found, base_url)
    if ending == "svg":
        answer = Response(svg, content_type="image/svg+xml; charset=utf-8")
    else:
        answer = Response(as_png(svg), content_type="image/png")
    return as_download(answer, "trends", ending)


def _as_svg(picture: TrendsPicture, base_url: str) -> str:
    """The picture as a file of its own; links in it are whole."""
    with current_app.open_resource("static/occurrences/trends_file.css", "r", encoding="utf-8") as file:
        style = Markup(file.read())  # a file of ours
    return render_template(
        "occurrences/trends_picture.html",
        **picture.drawn(),
        base_url=base_url,
        is_file=True,
        style=style,
    )


def _table(picture: TrendsPicture) -> TableFile:
    """A row for each term and place, and what was counted."""
    library, trends_request = current_library(), picture.trends_request
    base_url = library.settings.base_url
    rows = [
        {
            "term": each.term,
            "language": each.language,
            trends_request.scale: point.place,
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
        "filters": filters_as_text(trends_request.filters),
        "by": trends_request.scale,
        "compounds": "yes" if trends_request.with_compounds else "no",
        "counted": " | ".join(map(forms_as_text, (trend.forms for trend in picture.trends))),
        "words": "with a letter in them; numbers are not counted as words",
        "frequencies": "only where a document has a text in the language of the term: "
        f"{LEAST_SHARE:.0%} of its words, or {LEAST_PASSAGE} words on one page",
        NONE: f"documents without a {trends_request.scale}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": " | ".join(dict.fromkeys(trend.generation for trend in picture.trends)),
        "address": base_url + trends_request.address("trends.picture"),
        "rows": len(rows),
    }
    columns = ("term", "language", trends_request.scale, "occurrences", "words", f"per {PER} words", "url")
    return TableFile("trends", about, rows, columns)
