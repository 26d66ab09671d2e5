"""The page that compares two editions of a document: which editions to choose, and what changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug import Response

from archive.records import Document
from index.editions.comparison import RowKind
from index.editions.edition_order import OrderReason
from index.editions.number_changes import Turn
from index.text.text_units import MOST_PAGES
from search_app.editions.chosen_editions import ChosenEditions, compare_editions, suggestions
from search_app.editions.edition_rows import PageLink, ShownRow
from search_app.editions.listing import (
    EditionSide,
    Fold,
    Listing,
    MapSpan,
    OneSidedRows,
    Shown,
    listing,
    map_spans,
)
from search_app.library import Library, current_library, distance
from search_app.web.display_names import distinguishing_details
from search_app.web.parameters import ONE_LANGUAGE, PAGE, SHOW, SWAP, Identifier, ShownRows

blueprint = Blueprint("editions", __name__)

WITH = Identifier("with", "Identifier of the document to compare with.")

_MOST_CHOICES = 200
"""Documents that a reader may choose from."""

_ADDRESS = "/<any(nl, fr, en):interface>/document/<identifier>/versions"


@blueprint.get(_ADDRESS)
def choose(identifier: str) -> str | Response:
    """Possible other editions, and all other documents to choose from."""
    library = current_library()
    document = library.document(identifier)
    other_id = WITH.read(request.args)
    if other_id:
        other = library.document(other_id)
        return redirect(url_for("editions.beside", identifier=document.id, other=other.id))
    suggested = suggestions(document, library)
    known = {document.id, *(each.document.id for each in suggested)}
    others = [other for other in library.holdings().documents if other.id not in known]
    # In the same language first.
    others.sort(key=lambda other: (other.language != document.language, *distance(document, other)))
    return render_template(
        "editions/edition_choice.html",
        document=document,
        suggested=suggested,
        others=others[:_MOST_CHOICES],
        apart=distinguishing_details(
            (document, *(each.document for each in suggested), *others[:_MOST_CHOICES])
        ),
    )


@blueprint.get(f"{_ADDRESS}/<other>")
def beside(identifier: str, other: str) -> str:
    """The older edition on the left, the newer one on the right, whatever their order in the address; or the
    other way round, if the reader swaps them."""
    library = current_library()
    swap = SWAP.read(request.args)
    found = compare_editions(
        identifier, other, ONE_LANGUAGE.read(request.args), library, is_swapped=swap == "yes"
    )
    shown = SHOW.read(request.args)
    rows = listing(found.comparison, shown)
    sheet = min(PAGE.read(request.args), max(1, len(rows.sheets)))
    whole = rows if shown == "all" else listing(found.comparison, "all")
    chosen = found.language if found.language != found.languages[0] else None

    def address(
        sheet: int = 1, show: ShownRows = shown, endpoint: str = "editions.beside", **more: Any
    ) -> str:
        values = {
            "language": chosen,
            "show": show if show != "all" else None,
            "swap": swap if swap != "no" else None,
            **more,
        }
        return str(
            url_for(endpoint, identifier=identifier, other=other, page=sheet if sheet > 1 else None, **values)
        )

    old_name, new_name = _side_names(found)
    view = EditionsPage(
        found=found,
        identifier=identifier,
        shown=shown,
        heading=_heading(shown, rows.total),
        entries=list(rows.shown(sheet)),
        page=sheet,
        last_page=len(rows.sheets),
        old=_side(found.old, library),
        new=_side(found.new, library),
        old_name=old_name,
        new_name=new_name,
        map_of={"old": _map(whole, "old", address), "new": _map(whole, "new", address)},
        swapped=address(sheet, swap="yes" if swap == "no" else None),
        order_note=_order_note(found.reason, is_swapped=found.is_swapped),
        apart=distinguishing_details((found.old, found.new)),
        most_pages=MOST_PAGES,
    )
    return render_template(
        "editions/comparison.html",
        view=view,
        address=address,
        sort_name=_sort_name,
        change_name=_change_name,
        turn_name=_turn_name,
        to_page=_to_page,
    )


@dataclass(frozen=True, slots=True)
class EditionsPage:
    """The contents of the page of two compared editions."""

    found: ChosenEditions
    identifier: str
    """Identifier of the document that comes first in the address."""
    shown: ShownRows
    heading: str
    entries: Sequence[ShownRow | Fold | OneSidedRows]
    """What is listed on this page of the list."""
    page: int
    last_page: int
    old: Shown
    new: Shown
    old_name: str
    new_name: str
    """The headings of the two sides."""
    map_of: Mapping[EditionSide, Sequence[tuple[MapSpan, str]]]
    """The map of each edition: its parts with the addresses of their rows."""
    swapped: str
    """The address of the same comparison with the sides swapped."""
    order_note: str
    apart: Mapping[str, str]
    """By identifier, details that distinguish documents with the same title."""
    most_pages: int
    """Most pages of an edition that are compared."""


def _side_names(found: ChosenEditions) -> tuple[str, str]:
    """The heading of the two sides."""
    if found.reason == "unknown":
        return gettext("On the left"), gettext("On the right")
    names = gettext("Older edition"), gettext("Newer edition")
    return (names[1], names[0]) if found.is_swapped else names


def _order_note(reason: OrderReason, *, is_swapped: bool) -> str:
    """A sentence on what the order is based on, and in which direction changes are shown."""
    reasons: Mapping[OrderReason, str] = {
        "date": gettext("Which edition is older follows from the dates of the documents."),
        "found date": gettext("Which edition is older follows from dates that were found in the documents."),
        "version": gettext("Which edition is older follows from the versions that they name."),
        "unknown": gettext(
            "Which edition is older is unknown: there are no dates or versions. “Dropped” means only on "
            "the left, “new” only on the right."
        ),
    }
    if is_swapped and reason != "unknown":
        backwards: str = gettext(
            "Changes are shown in reverse: “dropped” means only in the newer edition, “new” only in the "
            "older one."
        )
        return f"{reasons[reason]} {backwards}"
    return reasons[reason]


def _side(document: Document, library: Library) -> Shown:
    return Shown(document, library.page_labels(document.id))


def _to_page(document: Document, place: PageLink) -> str:
    """The address of a page with a passage marked on it."""
    values: Mapping[str, Any] = place.link
    return url_for("document.page", identifier=document.id, number=place.page, **values)


def _map(whole: Listing, side: EditionSide, address: Callable[..., str]) -> list[tuple[MapSpan, str]]:
    """The parts of the map of an edition, each with the address of the first row in it."""
    parts = []
    for part in map_spans(whole.comparison, side):
        sheet, row = whole.place_of(part.number)
        parts.append((part, address(sheet, show="all", _anchor=f"row-{row}")))
    return parts


def _sort_name(sort: RowKind) -> str:
    names: Mapping[RowKind, str] = {
        "kept": gettext("kept"),
        "moved": gettext("moved"),
        "changed": gettext("changed"),
        "dropped": gettext("dropped"),
        "new": gettext("new"),
    }
    return names[sort]


def _heading(shown: ShownRows, total: int) -> str:
    """What is listed."""
    headings: Mapping[ShownRows, str] = {
        "all": gettext("All passages"),
        "changed": ngettext("%(num)s changed passage", "%(num)s changed passages", total),
        "numbers": ngettext(
            "%(num)s passage in which numbers changed", "%(num)s passages in which numbers changed", total
        ),
        "new": ngettext("%(num)s new passage", "%(num)s new passages", total),
        "dropped": ngettext("%(num)s dropped passage", "%(num)s dropped passages", total),
        "moved": ngettext("%(num)s moved passage", "%(num)s moved passages", total),
        "kept": ngettext("%(num)s kept passage", "%(num)s kept passages", total),
    }
    return headings[shown]


def _turn_name(turn: Turn) -> str:
    """How the meaning of a number turned, in words."""
    names: Mapping[Turn, str] = {
        "fall to rise": gettext("a fall became a rise"),
        "rise to fall": gettext("a rise became a fall"),
        "minus to plus": gettext("a minus became a plus"),
        "plus to minus": gettext("a plus became a minus"),
    }
    return names[turn]


def _change_name(side: str) -> str:
    """The words before changed words, for readers who do not see their colour."""
    return str(gettext("removed:") if side == "old" else gettext("added:"))
