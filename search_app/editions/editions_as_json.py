"""Two compared editions in the shapes for programs and spreadsheets."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict
from urllib.parse import urlencode

from archive.languages import Language
from archive.records import BlockKind, Document
from index.editions.comparison import SORTS, Comparison, ComparisonRow, RowKind, changes_in, words_together
from index.editions.edition import EditionPassage
from index.editions.edition_order import OrderReason
from index.editions.number_changes import FigureChange, Turn
from index.quotation.differences import DifferenceKind
from search_app.editions.chosen_editions import ChosenEditions, suggestions
from search_app.editions.edition_rows import passages, places_of
from search_app.editions.listing import is_shown
from search_app.library import Library, PageLabels
from search_app.web.addresses import document_path, original_path, page_path
from search_app.web.parameters import ShownRows


class EditionJson(TypedDict):
    """An edition."""

    document: str
    title: str
    year: int | None
    date: str | None
    language: Language | None
    filename: str
    url: str


class OtherEditionJson(EditionJson):
    """A document that may be another edition of one."""

    likeness: float
    versions_url: str


class EditionsJson(TypedDict):
    """The documents that may be other editions of one, the likeliest first."""

    document: str
    editions: list[OtherEditionJson]


class PassagePartJson(TypedDict):
    """The part of a passage that is on one page."""

    page: int
    page_label: str
    url: str
    """Address of the page with this part marked."""


class EditionPassageJson(PassagePartJson):
    """A passage of an edition and where it begins."""

    kind: BlockKind
    text: str
    places: list[PassagePartJson]
    """All its parts; several if a page or a column ends in it."""
    original_url: str


class WordChangeJson(TypedDict):
    """Words of the older edition and those in their place in the newer one."""

    kind: DifferenceKind
    old: str
    new: str


class NumberChangeJson(TypedDict):
    """A number in both editions; if neither is empty, one replaced the other."""

    old: str
    new: str
    turn: NotRequired[Turn]
    """How its meaning turned: a fall that became a rise, a minus that became a plus."""


class ComparisonRowJson(TypedDict):
    """A passage in both editions; several if it was split or joined. Rows with the same `run` moved
    together."""

    number: int
    sort: RowKind
    is_moved: bool
    is_retyped: bool
    has_other_columns: bool
    """For a kept row of a table: whether only the columns that both tables have are the same."""
    run: NotRequired[int]
    old: list[EditionPassageJson]
    new: list[EditionPassageJson]
    numbers: list[NumberChangeJson]
    changes: list[WordChangeJson]


class ComparisonJson(TypedDict):
    """Two compared editions; the counts are of all rows, whatever is shown.

    `older` is the side that rows call old; `order` says whether it is really the older edition.
    """

    older: EditionJson
    newer: EditionJson
    order: Literal["older first", "newer first", "unknown"]
    order_told_by: OrderReason
    language: Language
    languages: list[Language]
    counts: dict[str, int]
    numbers_changed: int
    retyped: int
    share_kept: float
    total: int
    rows: list[ComparisonRowJson]


def editions_as_json(document: Document, library: Library) -> EditionsJson:
    """The suggestions for a document, for programs."""
    base = library.settings.base_url
    return {
        "document": document.id,
        "editions": [
            {
                **_edition_as_json(each.document, base),
                "likeness": round(each.likeness, 3),
                "versions_url": f"{base}/api/v1/documents/{document.id}/versions/{each.document.id}",
            }
            for each in suggestions(document, library)
        ],
    }


def comparison_as_json(
    found: ChosenEditions, shown: ShownRows, page: int, per_page: int, library: Library
) -> ComparisonJson:
    """A comparison for programs, `per_page` rows at a time."""
    base = library.settings.base_url
    numbered = numbered_rows(found.comparison, shown)
    return {
        "older": _edition_as_json(found.old, base),
        "newer": _edition_as_json(found.new, base),
        "order": "unknown"
        if found.reason == "unknown"
        else ("newer first" if found.is_swapped else "older first"),
        "order_told_by": found.reason,
        "language": found.language,
        "languages": list(found.languages),
        "counts": {sort: found.comparison.counts[sort] for sort in SORTS},
        "numbers_changed": found.comparison.with_figures,
        "retyped": found.comparison.retyped,
        "share_kept": round(found.comparison.share_kept, 4),
        "total": len(numbered),
        "rows": [
            row_as_json(number, row, found, library)
            for number, row in numbered[(page - 1) * per_page : page * per_page]
        ],
    }


def numbered_rows(comparison: Comparison, shown: ShownRows) -> list[tuple[int, ComparisonRow]]:
    """The rows to show, with their numbers among all, from 1."""
    return [(number, row) for number, row in enumerate(comparison.rows, 1) if is_shown(row, shown)]


def row_as_json(
    number: int, row: ComparisonRow, found: ChosenEditions, library: Library
) -> ComparisonRowJson:
    """A row for programs."""
    old, new = passages(row, found.comparison)
    old_texts, new_texts = _texts_as_json(row, found, library)
    made: ComparisonRowJson = {
        "number": number,
        "sort": row.sort,
        "is_moved": row.is_moved,
        "is_retyped": row.is_retyped,
        "has_other_columns": row.has_other_columns,
        "old": old_texts,
        "new": new_texts,
        "numbers": [_number_as_json(change) for change in row.figures],
        "changes": _changes_as_json(old, new) if row.sort == "changed" else [],
    }
    if row.run is not None:
        made["run"] = row.run
    return made


def flat_row(
    number: int, row: ComparisonRow, found: ChosenEditions, library: Library
) -> Mapping[str, object]:
    """A row for a spreadsheet: passages that belong together in one cell, their first and last page, and an
    address for each place."""
    old_texts, new_texts = _texts_as_json(row, found, library)
    cells: dict[str, object] = {
        "number": number,
        "sort": row.sort,
        "is_moved": "yes" if row.is_moved else "",
        "is_retyped": "yes" if row.is_retyped else "",
        "has_other_columns": "yes" if row.has_other_columns else "",
        "numbers": "; ".join(map(_number_change_as_text, row.figures)),
    }
    for side, texts in (("old", old_texts), ("new", new_texts)):
        places = [place for each in texts for place in each["places"]]
        first, last = (places[0], places[-1]) if places else (None, None)
        cells |= {
            f"{side}_page": first and first["page"],
            f"{side}_page_label": first and first["page_label"],
            f"{side}_last_page": last and last["page"],
            f"{side}_last_page_label": last and last["page_label"],
            f"{side}_text": "\n".join(each["text"].replace("\t", " | ") for each in texts),
            f"{side}_url": "\n".join(place["url"] for place in places) or None,
        }
    return cells


def _number_as_json(change: FigureChange) -> NumberChangeJson:
    as_json: NumberChangeJson = {"old": change.old, "new": change.new}
    if change.turn:
        as_json["turn"] = change.turn
    return as_json


def _number_change_as_text(change: FigureChange) -> str:
    """A change of a number as text; only a replaced number has an arrow."""
    if change.old and change.new:
        turn = f" ({change.turn})" if change.turn else ""
        return f"{change.old} → {change.new}{turn}"
    return f"gone: {change.old}" if change.old else f"come: {change.new}"


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
        "date": document.date,
        "language": document.language,
        "filename": document.filename,
        "url": base + document_path(document.id, document.language),
    }


def _texts_as_json(
    row: ComparisonRow, found: ChosenEditions, library: Library
) -> tuple[list[EditionPassageJson], list[EditionPassageJson]]:
    """The passages on the left and on the right of a row."""
    base = library.settings.base_url
    left, right = (
        [_passage_as_json(passage, document, found.labels[document.id], base) for passage in side]
        for side, document in zip(passages(row, found.comparison), (found.old, found.new), strict=True)
    )
    return left, right


def _passage_as_json(
    passage: EditionPassage, document: Document, labels: PageLabels, base: str
) -> EditionPassageJson:
    places: list[PassagePartJson] = [
        {
            "page": place.page,
            "page_label": labels.label(place.page),
            "url": f"{base}{page_path(document.id, place.page, document.language)}?{urlencode(place.link)}",
        }
        for place in places_of(passage)
    ]
    return {
        "kind": passage.unit.kind,
        "text": passage.unit.text,
        **places[0],
        "places": places,
        "original_url": base + original_path(document.id, places[0]["page"]),
    }
