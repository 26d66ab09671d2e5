"""Two editions of a document beside each other: what changed, as a page, as data and as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NotRequired, TypedDict
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug import Response

from archive.catalogue import Catalogue
from archive.errors import UsageError
from archive.languages import Language
from archive.records import Document, Page, PassageKind
from index.differences import DifferenceKind
from index.edition import Edition, EditionPassage, read_edition
from index.editions import OtherEdition, in_order, suggest
from index.engine import Engine
from index.text_units import own_languages
from index.versions import SORTS, Comparison, Row, Sort, changes_in, compare, words_together
from search_app.library import Archive, library
from search_app.parameters import ONE_LANGUAGE, PAGE, SHOW, Identifiers, ShownRows
from search_app.results import document_path, original_path, page_path
from search_app.versions_view import (
    Listing,
    Place,
    Shown,
    Stretch,
    is_shown,
    listing,
    passages,
    place_of,
    stretches,
)

blueprint = Blueprint("versions", __name__)

WITH = Identifiers("with", "Identifier of the document to compare with.")

MOST_PAGES = 600
"""Pages of an edition that are compared; more would keep other readers waiting."""

_MOST_CHOICES = 200
"""Documents that a reader may choose from."""

_COMPARISONS_KEPT, _EDITIONS_KEPT, _SUGGESTIONS_KEPT = 8, 16, 200

_ADDRESS = "/<any(nl, fr, en):interface>/document/<identifier>/versions"


class NotComparable(UsageError):
    """Two documents cannot be laid beside each other."""

    code = "not-comparable"


@dataclass(frozen=True)
class Versions:
    """Two documents that are compared, the older one first."""

    old: Document
    new: Document
    languages: Sequence[Language]
    """Those in which they can be compared."""
    comparison: Comparison

    @property
    def language(self) -> Language:
        return self.comparison.new.language

    @property
    def is_cut(self) -> bool:
        """Whether pages were left out."""
        return max(self.old.pages, self.new.pages) > MOST_PAGES

    @property
    def sides(self) -> Sequence[tuple[str, Document]]:
        """Both documents by their name for programs."""
        return ("older", self.old), ("newer", self.new)


@blueprint.get(_ADDRESS)
def choose(identifier: str) -> str | Response:
    """The other editions that there may be, and all other documents to choose from."""
    archive = library()
    document = archive.document(identifier)
    asked = WITH.read(request.args)
    if asked:
        other = archive.document(min(asked))
        return redirect(url_for("versions.beside", identifier=document.id, other=other.id))
    suggested = suggestions(document, archive)
    known = {document.id, *(each.document.id for each in suggested)}
    others = [other for other in archive.catalogue.documents() if other.id not in known]
    return render_template(
        "versions_choice.html",
        document=document,
        suggested=suggested,
        others=sorted(others, key=lambda other: _distance(document, other))[:_MOST_CHOICES],
    )


@blueprint.get(f"{_ADDRESS}/<other>")
def beside(identifier: str, other: str) -> str:
    """The older edition on the left, the newer one on the right, whichever is asked first."""
    archive = library()
    found = versions(identifier, other, ONE_LANGUAGE.read(request.args), archive)
    shown = SHOW.read(request.args)
    rows = listing(found.comparison, shown)
    sheet = min(PAGE.read(request.args), max(1, len(rows.sheets)))
    whole = rows if shown == "all" else listing(found.comparison, "all")
    chosen = found.language if found.language != found.languages[0] else None

    def address(
        sheet: int = 1, show: ShownRows = shown, endpoint: str = "versions.beside", **more: Any
    ) -> str:
        values = {"language": chosen, "show": show if show != "all" else None, **more}
        return str(
            url_for(endpoint, identifier=identifier, other=other, page=sheet if sheet > 1 else None, **values)
        )

    return render_template(
        "versions.html",
        found=found,
        counts=found.comparison.counts,
        shown=shown,
        entries=list(rows.shown(sheet)),
        heading=_heading(shown, rows.total),
        page=sheet,
        last_page=len(rows.sheets),
        old=_side(found.old, archive),
        new=_side(found.new, archive),
        map_of={side: _map(whole, side, address) for side in ("old", "new")},
        address=address,
        asked=identifier,
        most_pages=MOST_PAGES,
        sort_name=_sort_name,
        change_name=_change_name,
        to_page=_to_page,
        runs=found.comparison.runs,
    )


def versions(identifier: str, other: str, language: Language | None, archive: Archive) -> Versions:
    """Compare two documents that readers may see.

    Args:
        language: to compare them in; None: the first of the older one's that both have.

    Raises:
        DocumentNotFound, Withdrawn: one of them may not be seen.
        NotComparable: they are the same, or have no language in common.
    """
    one, another = archive.document(identifier), archive.document(other)
    if one.id == another.id:
        raise NotComparable(
            gettext("A document cannot be compared with itself."), gettext("Choose another document.")
        )
    old, new = in_order(one, another)
    states = {each.id: _state(each.id, archive.catalogue) for each in (old, new)}
    languages = [
        each
        for each in _languages(archive.catalogue, old.id, states[old.id])
        if each in _languages(archive.catalogue, new.id, states[new.id])
    ]
    if not languages or (language and language not in languages):
        raise NotComparable(
            gettext("These two documents have no text in the same language."),
            gettext("Choose another document, or the edition in the other language."),
        )
    chosen = language or languages[0]
    compared = _comparison(archive.catalogue, old.id, states[old.id], new.id, states[new.id], chosen)
    return Versions(old, new, languages, compared)


def suggestions(document: Document, archive: Archive) -> Sequence[OtherEdition]:
    """The documents that may be other editions of one, without those that may not be seen."""
    state = _state(document.id, archive.catalogue)
    languages = _languages(archive.catalogue, document.id, state)
    language = document.language if document.language in languages else next(iter(languages), None)
    if language is None:
        return ()
    return _suggestions(archive.catalogue, archive.engine(), document.id, state, language, archive.state())


class EditionJson(TypedDict):
    """An edition."""

    document: str
    title: str
    year: int | None
    url: str


class OtherEditionJson(EditionJson):
    """A document that may be another edition of one."""

    likeness: float
    versions_url: str


class EditionsJson(TypedDict):
    """The documents that may be other editions of one, the likeliest first."""

    document: str
    editions: list[OtherEditionJson]


class VersionPassageJson(TypedDict):
    """A passage of an edition and where it begins."""

    kind: PassageKind
    text: str
    page: int
    page_label: str
    url: str
    original_url: str


class WordChangeJson(TypedDict):
    """Words of the older edition and those that stand in their place in the newer one."""

    kind: DifferenceKind
    old: str
    new: str


class NumberChangeJson(TypedDict):
    """A number in both editions."""

    old: str
    new: str


class VersionRowJson(TypedDict):
    """A passage in both editions; several where it was split or joined. `run` numbers what moved together."""

    number: int
    sort: Sort
    is_moved: bool
    is_retyped: bool
    run: NotRequired[int]
    old: list[VersionPassageJson]
    new: list[VersionPassageJson]
    numbers: list[NumberChangeJson]
    changes: list[WordChangeJson]


class VersionsJson(TypedDict):
    """Two editions beside each other; the counts are of all rows, whatever is shown."""

    older: EditionJson
    newer: EditionJson
    language: Language
    languages: list[Language]
    counts: dict[str, int]
    numbers_changed: int
    share_kept: float
    total: int
    rows: list[VersionRowJson]


def editions_as_json(document: Document, archive: Archive) -> EditionsJson:
    """The suggestions for a document, for programs."""
    base = archive.settings.base_url
    return {
        "document": document.id,
        "editions": [
            {
                **_edition_as_json(each.document, base),
                "likeness": round(each.likeness, 3),
                "versions_url": f"{base}/api/v1/documents/{document.id}/versions/{each.document.id}",
            }
            for each in suggestions(document, archive)
        ],
    }


def versions_as_json(
    found: Versions, shown: ShownRows, page: int, per_page: int, archive: Archive
) -> VersionsJson:
    """A comparison for programs, `per_page` rows at a time."""
    base = archive.settings.base_url
    numbered = numbered_rows(found.comparison, shown)
    return {
        "older": _edition_as_json(found.old, base),
        "newer": _edition_as_json(found.new, base),
        "language": found.language,
        "languages": list(found.languages),
        "counts": {sort: found.comparison.counts[sort] for sort in SORTS},
        "numbers_changed": found.comparison.with_figures,
        "share_kept": round(found.comparison.share_kept, 4),
        "total": len(numbered),
        "rows": [
            row_as_json(number, row, found, archive)
            for number, row in numbered[(page - 1) * per_page : page * per_page]
        ],
    }


def numbered_rows(comparison: Comparison, shown: ShownRows) -> list[tuple[int, Row]]:
    """The rows asked for with their numbers among all, from 1."""
    return [(number, row) for number, row in enumerate(comparison.rows, 1) if is_shown(row, shown)]


def row_as_json(number: int, row: Row, found: Versions, archive: Archive) -> VersionRowJson:
    """A row for programs."""
    old, new = passages(row, found.comparison)
    made: VersionRowJson = {
        "number": number,
        "sort": row.sort,
        "is_moved": row.is_moved,
        "is_retyped": row.is_retyped,
        "old": [_passage_as_json(passage, found.old, archive) for passage in old],
        "new": [_passage_as_json(passage, found.new, archive) for passage in new],
        "numbers": [{"old": change.old, "new": change.new} for change in row.figures],
        "changes": _changes_as_json(old, new) if row.sort == "changed" else [],
    }
    if row.run is not None:
        made["run"] = row.run
    return made


def flat_row(number: int, row: Row, found: Versions, archive: Archive) -> Mapping[str, object]:
    """A row for a spreadsheet: passages that belong together in one cell, the page that the first is on."""
    made = row_as_json(number, row, found, archive)
    cells: dict[str, object] = {
        "number": number,
        "sort": row.sort,
        "is_moved": "yes" if row.is_moved else "",
        "numbers": "; ".join(f"{each.old or '–'} → {each.new or '–'}" for each in row.figures),
    }
    for side, texts in (("old", made["old"]), ("new", made["new"])):
        first = texts[0] if texts else None
        cells |= {
            f"{side}_page": first and first["page"],
            f"{side}_page_label": first and first["page_label"],
            f"{side}_text": "\n".join(each["text"].replace("\t", " | ") for each in texts),
            f"{side}_url": first and first["url"],
        }
    return cells


def _changes_as_json(old: Sequence[EditionPassage], new: Sequence[EditionPassage]) -> list[WordChangeJson]:
    one, other = words_together(old), words_together(new)
    return [
        {
            "kind": change.kind,
            "old": " ".join(one[number].written for number in change.old),
            "new": " ".join(other[number].written for number in change.new),
        }
        for change in changes_in(old, new)
    ]


def _edition_as_json(document: Document, base: str) -> EditionJson:
    return {
        "document": document.id,
        "title": document.title,
        "year": document.year,
        "url": base + document_path(document.id, document.language),
    }


def _passage_as_json(passage: EditionPassage, document: Document, archive: Archive) -> VersionPassageJson:
    place = place_of(passage)
    base = archive.settings.base_url
    labels = _labels(archive.catalogue, document.id, _state(document.id, archive.catalogue))
    page = page_path(document.id, place.page, document.language)
    return {
        "kind": passage.unit.kind,
        "text": passage.unit.text,
        "page": place.page,
        "page_label": Shown(document, labels).label(place.page),
        "url": f"{base}{page}?{urlencode({'passage': place.words})}",
        "original_url": base + original_path(document.id, place.page),
    }


def _side(document: Document, archive: Archive) -> Shown:
    return Shown(document, archive.catalogue.page_labels(document.id))


def _to_page(document: Document, place: Place) -> str:
    """The address of a page with a passage marked on it."""
    return url_for("document.page", identifier=document.id, number=place.page, passage=place.words)


def _map(whole: Listing, side: Any, address: Any) -> list[tuple[Stretch, str]]:
    """The parts of the map of an edition, each with the address of the first row that it stands for."""
    return [
        (part, address(whole.sheet_of(part.number), show="all", _anchor=f"row-{part.number}"))
        for part in stretches(whole.comparison, side)
    ]


def _distance(document: Document, other: Document) -> tuple[bool, bool, int]:
    """Documents in the same language, of the same plan and of years nearby come first."""
    return (
        other.language != document.language,
        not other.plan or other.plan != document.plan,
        abs((other.year or 0) - (document.year or 0)),
    )


def _sort_name(sort: Sort) -> str:
    names: Mapping[Sort, str] = {
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


def _change_name(side: str) -> str:
    """What stands before changed words for those who do not see their colour."""
    return str(gettext("removed:") if side == "old" else gettext("added:"))


def _state(document: str, catalogue: Catalogue) -> int:
    """Names the state of a document: its newest event."""
    return next((event.id for event in catalogue.events(document, limit=1)), 0)


def _pages(catalogue: Catalogue, document: str) -> list[Page]:
    pages = []
    for page in catalogue.pages(document):
        if page.number > MOST_PAGES:
            break
        pages.append(page)
    return pages


@lru_cache(maxsize=_SUGGESTIONS_KEPT)
def _languages(catalogue: Catalogue, document: str, _state: int) -> tuple[Language, ...]:
    return own_languages(_pages(catalogue, document))


@lru_cache(maxsize=_SUGGESTIONS_KEPT)
def _labels(catalogue: Catalogue, document: str, _state: int) -> list[str]:
    return catalogue.page_labels(document)


@lru_cache(maxsize=_EDITIONS_KEPT)
def _edition(catalogue: Catalogue, document: str, _state: int, language: Language) -> Edition:
    return read_edition(_pages(catalogue, document), language)


@lru_cache(maxsize=_SUGGESTIONS_KEPT)
def _suggestions(
    catalogue: Catalogue, engine: Engine, document: str, state: int, language: Language, _archive_state: int
) -> Sequence[OtherEdition]:
    """What was kept is not used after any change of the archive: another document may be an edition now."""
    edition = _edition(catalogue, document, state, language)
    return suggest(catalogue.document(document), language, edition, catalogue, engine)


@lru_cache(maxsize=_COMPARISONS_KEPT)
def _comparison(
    catalogue: Catalogue, old: str, old_state: int, new: str, new_state: int, language: Language
) -> Comparison:
    """What was kept is not used after a change of one of the documents."""
    return compare(
        _edition(catalogue, old, old_state, language), _edition(catalogue, new, new_state, language)
    )
