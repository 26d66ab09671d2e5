"""The concordance page: every occurrence of a word, stem or phrase in its context, in sortable lines."""

from dataclasses import dataclass
from typing import get_args

from flask import Blueprint, redirect, render_template
from werkzeug import Response

from archive.records import Document
from index.occurrences.concordance import Concordance, ConcordanceLine, Order, TooManyOccurrences
from search_app.library import current_library
from search_app.occurrences.kept_concordances import read_concordance
from search_app.search.filters_and_chart import read_frame, results_that_fit
from search_app.search.results import HitReader, read_query
from search_app.web.display_names import too_many_occurrences
from search_app.web.interface_language import interface_language
from search_app.web.parameters import ORDER

blueprint = Blueprint("concordance", __name__)

_LINES_A_PAGE = 60

_LINKS_OF_A_LINE = 2
"""That repeat the query: to the page, and to the page beside its translation."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line, with the document, label and address of its place."""

    line: ConcordanceLine
    document: Document
    label: str
    """Of the page, as printed."""
    path: str


@blueprint.get("/<any(nl, fr, en):interface>/concordance")
def lines() -> tuple[str, int] | Response:
    """A page of the lines of `q`, within the chosen filters."""
    library = current_library()
    # The search itself only tells how it was read and what each filter would give.
    frame = read_frame(library, "concordance.lines", (ORDER,), lambda _chosen: {"per_page": 1})
    found, page, engine = frame.found, frame.chosen.page, library.engine()
    query = read_query(found.text, found.filters)
    order: Order = frame.chosen.options["order"]
    trouble, whole = "", Concordance((), 0, 0, "")
    try:
        whole = read_concordance(library, engine, query, found.filters, order)
    except TooManyOccurrences:
        trouble = " ".join(too_many_occurrences())
    lines_a_page = results_that_fit(_LINES_A_PAGE, found.text, _LINKS_OF_A_LINE)
    last_page = max(1, -(-len(whole.lines) // lines_a_page))
    if page > last_page:
        return redirect(frame.address(page=last_page))
    start = (page - 1) * lines_a_page
    reader = HitReader(library, engine, query, interface_language())
    html = render_template(
        "occurrences/concordance.html",
        **frame.shown(),
        lines=[_shown(line, reader) for line in whole.lines[start : start + lines_a_page]],
        whole=whole,
        first=start + 1,
        last_page=last_page,
        order=order,
        orders={name: frame.address(order=name) for name in get_args(Order)},
        trouble=trouble,
    )
    return html, frame.status


def _shown(line: ConcordanceLine, reader: HitReader) -> ShownLine:
    document, label = reader.document(line.hit.document), reader.label(line.hit)
    return ShownLine(line, document, label, reader.path(line.hit, line.number))
