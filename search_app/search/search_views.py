"""The search page: results by document, each with its best pages, or page by page."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from search_app.library import current_library
from search_app.search.filters_and_chart import SearchOptions, read_frame, results_that_fit
from search_app.web.display_names import distinguishing_details
from search_app.web.parameters import BY, SORT

blueprint = Blueprint("search", __name__)

_RESULTS_A_PAGE = 10

_LINKS_OF_A_RESULT = 7
"""Links of a result that repeat the query: two for each shown page of a document, and one to its other
pages."""


@blueprint.get("/<any(nl, fr, en):interface>/search")
def results() -> tuple[str, int] | Response:
    """The results of `q`, within the chosen filters."""
    frame = read_frame(current_library(), "search.results", (SORT, BY), _searched)
    found = frame.found
    if found.page > found.last_page:
        return redirect(frame.address(page=found.last_page))
    html = render_template(
        "search/search.html",
        **frame.shown(),
        articles=found.groups,
        apart=distinguishing_details(group.document for group in found.groups),
        changed=frame.address,
        by=frame.chosen.options["by"],
        within=lambda document: frame.address(
            filters=replace(found.filters, documents=frozenset({document}))
        ),
    )
    return html, frame.status


def _searched(chosen: SearchOptions) -> dict[str, Any]:
    """A search inside chosen documents is not grouped: it shows every page."""
    return {
        "sort": chosen.options["sort"],
        "page": chosen.page,
        "per_page": results_that_fit(_RESULTS_A_PAGE, request.args.get("q", ""), _LINKS_OF_A_RESULT),
        "grouped": chosen.options["by"] == "document" and not chosen.filters.documents,
    }
