"""Downloads: search results, concordances, aligned translations and compared editions as files."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from flask import Blueprint, request
from flask_babel import gettext
from werkzeug import Response

from archive.errors import NotFound
from index.engine.contract import Filters, Hit
from index.query.forms import Forms
from search_app.editions.chosen_editions import compare_editions
from search_app.editions.editions_as_json import flat_row, numbered_rows, row_as_json
from search_app.library import Library, current_library
from search_app.occurrences.kept_concordances import read_concordance
from search_app.search.counted_forms import forms_as_text
from search_app.search.filters_and_chart import filters_as_text
from search_app.search.results import HitReader, counted, hit_as_json, read_query
from search_app.translations.chosen_texts import read_pair
from search_app.translations.counterparts_request import PARAMETERS as COUNTERPARTS
from search_app.translations.counterparts_request import read_study
from search_app.translations.translations_as_json import (
    COUNTERPART_COLUMNS,
    TRANSLATION_COLUMNS,
    counterpart_rows,
    translation_file_rows,
)
from search_app.web.display_names import titled
from search_app.web.interface_language import interface_language
from search_app.web.parameters import (
    BESIDE,
    DOCUMENT,
    FILTERS,
    ONE_LANGUAGE,
    ORDER,
    SHOW,
    SORT,
    SOURCE,
    SWAP,
    TARGET,
    Q,
    WrongParameter,
    read_filters,
    refuse_unknown,
)
from search_app.web.table_file import FileRow, FileType, TableFile

blueprint = Blueprint("downloads", __name__)

_ROWS_AT_ONCE = 100
"""Hits whose texts are in memory at once."""


class NoTranslation(NotFound):
    """A document has no translation whose passages could be sent."""

    code = "no-translation"


@blueprint.get("/<any(nl, fr, en):interface>/search.<any(csv, xlsx, jsonl):ending>")
def search(ending: FileType) -> Response:
    """All hits of a search."""
    refuse_unknown(request.args, (Q, *FILTERS, DOCUMENT, SORT))
    library = current_library()
    filters, sort = read_filters(request.args), SORT.read(request.args)
    engine = library.engine()
    query = read_query(Q.read(request.args), filters)
    hidden = library.left_out(engine)  # asked once: a document may be withdrawn at any time
    found = counted(engine, query, filters, hidden)
    hits = engine.walk(query, filters, hidden, sort)
    reader = HitReader(library, engine, query, interface_language())
    about = _about(query.text, filters, found.forms, sort, found.generation, found.total)
    columns = (
        *("document", "title", "year", "plan", "language", "page", "page_label"),
        *("score", "snippet", "url", "original_url"),
    )
    return TableFile("search", about, _hits(hits, reader, library), columns).sent(ending)


@blueprint.get("/<any(nl, fr, en):interface>/concordance.<any(csv, xlsx, jsonl):ending>")
def concordance(ending: FileType) -> Response:
    """All lines of a concordance."""
    refuse_unknown(request.args, (Q, *FILTERS, DOCUMENT, ORDER))
    library = current_library()
    filters, order = read_filters(request.args), ORDER.read(request.args)
    engine = library.engine()
    query = read_query(Q.read(request.args), filters)
    found = read_concordance(library, engine, query, filters, order)
    reader = HitReader(library, engine, query, interface_language())
    rows = (
        {
            **reader.place_as_json(line.hit, line.number),
            "left": line.left,
            "keyword": line.keyword,
            "right": line.right,
        }
        for line in found.lines
    )
    columns = (
        *("document", "title", "year", "plan", "language", "page", "page_label"),
        *("left", "keyword", "right", "url", "original_url"),
    )
    forms = counted(engine, query, filters, library.left_out(engine)).forms
    about = _about(query.text, filters, forms, order, found.generation, len(found.lines))
    return TableFile("concordance", about, rows, columns).sent(ending)


@blueprint.get("/<any(nl, fr, en):interface>/document/<identifier>/parallel.<any(csv, xlsx, jsonl):ending>")
def parallel(identifier: str, ending: FileType) -> Response:
    """All passages of a document aligned with those of another."""
    refuse_unknown(request.args, (SOURCE, TARGET, BESIDE))
    library = current_library()
    document = library.document(identifier)
    pair = read_pair(library, document, request.args, interface_language())
    if pair is None or pair.right is None:
        raise NoTranslation(
            gettext("No translation of this document was found in the archive."),
            gettext("Give the document to show next to it in the parameter %(name)s.", name="with"),
        )
    texts = library.translations.aligned(pair.left.key, pair.right.key)
    about = {
        "left": f"{pair.left.document.id} ({pair.left.language})",
        "left_title": pair.left.document.title,
        "right": f"{pair.right.document.id} ({pair.right.language})",
        "right_title": pair.right.document.title,
        "share": round(texts.share, 3),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "rows": len(texts.beads),
    }
    rows = translation_file_rows(pair, texts, library.settings.base_url)
    return TableFile("parallel", about, rows, TRANSLATION_COLUMNS).sent(ending)


@blueprint.get("/<any(nl, fr, en):interface>/counterparts.<any(csv, xlsx, jsonl):ending>")
def counterparts(ending: FileType) -> Response:
    """All pairs of sentences that show how a term is translated."""
    refuse_unknown(request.args, COUNTERPARTS)
    library = current_library()
    study = read_study(library, request.args, interface_language())
    if not study.query.text:
        raise WrongParameter(gettext("No term is given."), gettext("Enter a word or a phrase."))
    found = study.found
    about = {
        "query": study.query.text,
        "from": study.source,
        "to": study.target,
        "documents": " | ".join(f"{pair.document.id} – {pair.translation.id}" for pair in study.pairs),
        "documents_unread": len(study.unread),
        "unread": " | ".join(study.unread),
        "documents_of_which_the_first_pages_were_read": " | ".join(each.id for each in study.cut),
        "sentences_without_a_likely_translation": found.unpaired,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": study.generation,
        "pairs_with_term": len(found.with_term),
        "compounds": "yes" if study.with_compounds else "no",
        "counted": forms_as_text(study.forms),
        "rows": sum(each.both for each in found.candidates) + len(study.unexplained),
    }
    rows = counterpart_rows(study, library.settings.base_url)
    return TableFile("counterparts", about, rows, COUNTERPART_COLUMNS).sent(ending)


@blueprint.get(
    "/<any(nl, fr, en):interface>/document/<identifier>/versions/<other>.<any(csv, xlsx, jsonl):ending>"
)
def versions(identifier: str, other: str, ending: FileType) -> Response:
    """All rows of two compared editions, or those of one kind."""
    refuse_unknown(request.args, (ONE_LANGUAGE, SHOW, SWAP))
    library = current_library()
    shown = SHOW.read(request.args)
    language, is_swapped = ONE_LANGUAGE.read(request.args), SWAP.read(request.args) == "yes"
    found = compare_editions(identifier, other, language, library, is_swapped=is_swapped)
    numbered = numbered_rows(found.comparison, shown)
    about = {
        **{side: f"{titled(each.title, each.year)} {each.id}" for side, each in found.sides},
        "order": f"told by {found.reason}" if found.reason != "unknown" else "unknown",
        "language": found.language,
        "show": shown,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": library.engine().generation(),
        "rows": len(numbered),
    }
    columns = (
        *("number", "sort", "is_moved", "is_retyped", "has_other_columns", "numbers"),
        *("old_page", "old_page_label", "old_last_page", "old_last_page_label", "old_text", "old_url"),
        *("new_page", "new_page_label", "new_last_page", "new_last_page_label", "new_text", "new_url"),
    )
    if ending == "jsonl":
        rows: Iterable[FileRow] = (row_as_json(number, row, found, library) for number, row in numbered)
    else:
        rows = (flat_row(number, row, found, library) for number, row in numbered)
    return TableFile("versions", about, rows, columns).sent(ending)


def _about(
    text: str, filters: Filters, forms: Sequence[Forms], order: str, generation: str, rows: int
) -> dict[str, object]:
    return {
        "query": text,
        "counted": " | ".join(map(forms_as_text, forms)),
        "filters": filters_as_text(filters),
        "order": order,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "index": generation,
        "rows": rows,
    }


def _hits(hits: Iterator[Hit], reader: HitReader, library: Library) -> Iterator[FileRow]:
    while some := list(islice(hits, _ROWS_AT_ONCE)):
        for page in reader.read(some):
            hit = hit_as_json(page, library.settings.base_url)
            # Boxes were not searched; an empty list would mean that nothing matches.
            yield {name: value for name, value in hit.items() if name != "boxes"}
