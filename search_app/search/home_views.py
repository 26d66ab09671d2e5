"""The home page with the plans as a timeline, the list of all documents, and the help page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from archive.languages import Language
from archive.records import Document, Plan
from search_app.library import current_library
from search_app.web.display_names import distinguishing_details
from search_app.web.interface_language import interface_language
from search_app.web.parameters import PAGE

blueprint = Blueprint("home", __name__)

_SHOWN_OF_A_PLAN = 6
"""Documents listed under a plan on the timeline; a link leads to the others."""


@dataclass(frozen=True, slots=True)
class PlanHolding:
    """A plan and its documents in the archive."""

    plan: Plan
    documents: Sequence[Document]

    @property
    def by_language(self) -> list[tuple[Language | None, list[Document]]]:
        """The first documents, by main language: the reader's own first, an unknown one last."""
        mine = interface_language()
        shown = sorted(
            self.documents[:_SHOWN_OF_A_PLAN],
            key=lambda document: (document.language != mine, document.language or "~"),
        )
        return [(language, list(group)) for language, group in groupby(shown, lambda item: item.language)]

    @property
    def not_shown(self) -> int:
        """How many documents are left out of `by_language`."""
        return max(0, len(self.documents) - _SHOWN_OF_A_PLAN)


@blueprint.get("/")
def choose_language() -> Response:
    """Send the reader to the home page in the language that their browser asks for."""
    answer = redirect(url_for("home.start"))
    answer.vary.add("Accept-Language")
    return answer


@blueprint.get("/<any(nl, fr, en):interface>/")
def start() -> str:
    """The plans as a timeline, each with its documents."""
    library = current_library()
    documents = library.holdings().documents
    plan_holdings = [
        PlanHolding(plan, [document for document in documents if document.plan == plan.slug])
        for plan in library.catalogue.plans()
    ]
    return render_template(
        "search/home.html",
        plan_holdings=plan_holdings,
        documents=len(documents),
        pages=sum(document.pages for document in documents),
        other=sum(document.plan is None for document in documents),
    )


@blueprint.get("/<any(nl, fr, en):interface>/documents")
def documents() -> str:
    """All documents, by year, a hundred on a page."""
    library = current_library()
    holdings = library.holdings()
    shown = holdings.page(PAGE.read(request.args))
    return render_template(
        "search/documents.html",
        years=[
            (year, list(group)) for year, group in groupby(shown.documents, lambda document: document.year)
        ],
        plans={plan.slug: plan for plan in library.catalogue.plans()},
        apart=distinguishing_details(shown.documents),
        total=len(holdings.documents),
        page=shown.number,
        last_page=shown.last,
        address=lambda number: url_for("home.documents", page=number),
    )


@blueprint.get("/<any(nl, fr, en):interface>/help")
def help_page() -> str:
    """How to search, with examples that can be tried, and how to add documents."""
    return render_template("search/help.html")
