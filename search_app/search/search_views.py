"""The search page: results by document, each with its best pages, or page by page."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from search_app.library import Library, current_library
from search_app.search.filters_and_chart import SearchOptions, fitting, read_frame
from search_app.search.results import FoundDocument, SearchPage
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
    library = current_library()
    frame = read_frame(library, "search.results", (SORT, BY), _searched)
    found = frame.found
    if found.page > found.last_page:
        return redirect(frame.address(page=found.last_page))
    articles = _articles(found, library)
    html = render_template(
        "search/search.html",
        **frame.shown(),
        articles=articles,
        apart=distinguishing_details(article.document for article in articles),
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
        "per_page": fitting(_RESULTS_A_PAGE, request.args.get("q", ""), _LINKS_OF_A_RESULT),
        "grouped": chosen.options["by"] == "document" and not chosen.filters.documents,
    }


def _articles(found: SearchPage, library: Library) -> Sequence[FoundDocument]:
    """Documents with their pages; without groups, the pages that follow each other in one document."""
    if found.is_grouped:
        return found.groups
    return [
        FoundDocument(library.document(identifier), tuple(pages), total=0)
        for identifier, pages in groupby(found.hits, lambda hit: hit.document)
    ]
