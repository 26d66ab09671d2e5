"""The JSON API: what the pages show, as data for anyone's programs (no keys, no cookies)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypedDict
from urllib.parse import urlencode

from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from archive.languages import INTERFACE_LANGUAGES
from archive.records import Damage, Document
from archive.version import VERSION
from index.quotation.quote_report import QuoteJson
from index.quotation.quote_report import as_json as quote_as_json
from index.quotation.verdict import find
from search_app.api.documents_as_json import (
    DamageJson,
    DocumentJson,
    PageJson,
    damage_as_json,
    document_as_json,
    match_address,
    page_as_json,
    phrase_address,
    warnings_for_readers,
)
from search_app.api.openapi import Operation, describe
from search_app.editions.chosen_editions import compare_editions
from search_app.editions.editions_as_json import (
    ComparisonJson,
    EditionsJson,
    comparison_as_json,
    editions_as_json,
)
from search_app.library import Library, current_library
from search_app.occurrences.trends_as_json import TrendsJson, trends_as_json
from search_app.occurrences.trends_picture import picture_of
from search_app.occurrences.trends_request import PARAMETERS as TRENDS
from search_app.occurrences.trends_request import read_some_trends
from search_app.search.results import SearchJson, as_json
from search_app.search.results import search as search_archive
from search_app.translations.counterparts_request import PARAMETERS as COUNTERPARTS
from search_app.translations.counterparts_request import read_study
from search_app.translations.spread import PARAMETERS as PARALLEL
from search_app.translations.spread import read_spread
from search_app.translations.translations_as_json import (
    CounterpartsJson,
    TranslationJson,
    spread_as_json,
    study_as_json,
)
from search_app.web.addresses import original_path, page_path
from search_app.web.interface_language import interface_language
from search_app.web.parameters import (
    FILTERS,
    ONE_LANGUAGE,
    PAGE,
    PER_PAGE,
    SEARCH,
    SHOW,
    SORT,
    SWAP,
    Arguments,
    Key,
    Ordinal,
    Q,
    TextParameter,
    WrongParameter,
    read_filters,
    refuse_unknown,
)

blueprint = Blueprint("api", __name__)

ROOT = "/api/v1"

_DOCUMENT_ID = Key("identifier", "Identifier of the document.")
_PAGE_NUMBER = Ordinal("number", "Physical number of the page, from 1.")
_OTHER_ID = Key("other", "Identifier of the document to compare it with.")
_FORMS = ("application/x-www-form-urlencoded", "")
"""Content types of a request body besides JSON; "" is for requests without a body."""
_QUOTATION = TextParameter("text", "The quotation to look up, as it was printed.", 20_000)


class EventJson(TypedDict):
    """Something that happened to a document (PREMIS names); who did it is not public."""

    type: str
    at: str


class DocumentDetailJson(DocumentJson):
    """A document with its history and the label of each page."""

    page_labels: list[str]
    events: list[EventJson]


class DocumentsJson(TypedDict):
    """A page of the list of documents, by year and title."""

    total: int
    documents: list[DocumentJson]


class PageDetailJson(PageJson):
    """A page and where to see it."""

    document: str
    damage: DamageJson | None
    url: str
    original_url: str


def search() -> Response:
    """Search; the boxes of a hit are those of all its matches."""
    page, per_page = PAGE.read(request.args), PER_PAGE.read(request.args)
    library = current_library()
    found = search_archive(
        library,
        Q.read(request.args),
        read_filters(request.args),
        sort=SORT.read(request.args),
        page=page,
        per_page=per_page,
        boxes=True,
    )
    return _answer(as_json(found, library.settings.base_url), links=_page_links(page, found.last_page))


def documents() -> Response:
    """The documents that readers may see, by year and title."""
    filters = read_filters(request.args)
    page, per_page = PAGE.read(request.args), PER_PAGE.read(request.args)
    library = current_library()
    found = [document for document in library.holdings().documents if filters.let_through(document)]
    shown = found[(page - 1) * per_page : page * per_page]
    body: DocumentsJson = {
        "total": len(found),
        "documents": [_document_as_json(document, library, document.damage) for document in shown],
    }
    return _answer(body, links=_page_links(page, max(1, -(-len(found) // per_page))))


def document(identifier: str) -> Response:
    """All that is known of a document."""
    library = current_library()
    found = library.document(identifier)
    events = library.catalogue.events(found.id)
    body: DocumentDetailJson = {
        **_document_as_json(found, library, library.damage(found)),
        "page_labels": library.catalogue.page_labels(found.id),
        "events": [{"type": event.type, "at": event.at.isoformat()} for event in events],
    }
    return _answer(body)


def page(identifier: str, number: int) -> Response:
    """The text of a page."""
    library = current_library()
    found = library.document(identifier)
    shown = library.catalogue.page(found.id, number)
    base_url = library.settings.base_url
    language = shown.languages[0] if shown.languages else found.language or INTERFACE_LANGUAGES[0]
    body: PageDetailJson = {
        "document": found.id,
        "damage": damage_as_json(library.damage(found)),
        **page_as_json(shown, warnings_for_readers(found)),
        "url": base_url + page_path(found.id, number, language),
        "original_url": base_url + original_path(found.id, number),
    }
    return _answer(body)


def parallel(identifier: str, number: int) -> Response:
    """A page beside its translation."""
    library = current_library()
    spread = read_spread(library, identifier, number, request.args, interface_language())
    return _answer(spread_as_json(spread, library.settings.base_url))


def counterparts() -> Response:
    """How a term is translated."""
    library = current_library()
    study = read_study(library, request.args, interface_language())
    return _answer(study_as_json(study, library.settings.base_url))


def trends() -> Response:
    """How often terms occur."""
    library = current_library()
    found = picture_of(library, read_some_trends(request.args))
    return _answer(trends_as_json(found, library.settings.base_url))


def editions(identifier: str) -> Response:
    """The documents that may be other editions of one."""
    library = current_library()
    return _answer(editions_as_json(library.document(identifier), library))


def versions(identifier: str, other: str) -> Response:
    """Two editions passage by passage."""
    library = current_library()
    page, per_page, shown = PAGE.read(request.args), PER_PAGE.read(request.args), SHOW.read(request.args)
    language, is_swapped = ONE_LANGUAGE.read(request.args), SWAP.read(request.args) == "yes"
    found = compare_editions(identifier, other, language, library, is_swapped=is_swapped)
    body = comparison_as_json(found, shown, page, per_page, library)
    return _answer(body, links=_page_links(page, max(1, -(-body["total"] // per_page))))


def quote() -> Response:
    """Look a quotation up."""
    sent = _sent()
    library = current_library()
    text = _QUOTATION.read(sent)
    report = find(text, library.engine(), library.catalogue)
    search = phrase_address(library, text)
    return _answer(quote_as_json(report, lambda match: match_address(library, match), search))


def openapi() -> Response:
    """This description."""
    return _answer(_description())


_YEARS_TOGETHER = "Refused with 400: `from` after `to`, and a `year` outside of them."
_LANGUAGES_TOGETHER = (
    "Refused with 400: two texts in the same language, by `from` and `to` or by the document."
)
_WORDS_OF_THE_PAGE = "Refused with 400 too: `words` that the page does not have."

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "/search",
        "search",
        "Search all pages; exact counts, snippets, and where on the page the matches are.",
        search,
        SearchJson,
        parameters=SEARCH,
        together=_YEARS_TOGETHER,
        errors=(400, 503),
    ),
    Operation(
        "/documents",
        "documents",
        "The documents, by year and title.",
        documents,
        DocumentsJson,
        parameters=(*FILTERS, PAGE, PER_PAGE),
        together=_YEARS_TOGETHER,
        errors=(400, 503),
    ),
    Operation(
        "/documents/{identifier}",
        "document",
        "A document: what is known of it, where it came from, what happened to it, its page labels.",
        document,
        DocumentDetailJson,
        path_parameters=(_DOCUMENT_ID,),
        errors=(400, 404, 410, 503),
    ),
    Operation(
        "/documents/{identifier}/pages/{number}",
        "page",
        "A page: its text in reading order, by block and language, with the box of every word.",
        page,
        PageDetailJson,
        path_parameters=(_DOCUMENT_ID, _PAGE_NUMBER),
        errors=(400, 404, 410, 503),
    ),
    Operation(
        "/documents/{identifier}/pages/{number}/parallel",
        "parallel",
        "A page beside its translation: passages in pairs, each with how sure it is that they translate each "
        "other; matches and candidates for their translation marked.",
        parallel,
        TranslationJson,
        path_parameters=(_DOCUMENT_ID, _PAGE_NUMBER),
        parameters=PARALLEL,
        together=f"{_LANGUAGES_TOGETHER} {_WORDS_OF_THE_PAGE}",
        errors=(400, 404, 410, 429, 503),
    ),
    Operation(
        "/counterparts",
        "counterparts",
        "How a term is translated: the words that stand most often in the translations of the sentences that "
        "hold it, with examples, and what was looked at.",
        counterparts,
        CounterpartsJson,
        parameters=COUNTERPARTS,
        together=f"{_LANGUAGES_TOGETHER} With `with`, one `document` is named.",
        errors=(400, 404, 410, 429, 503),
    ),
    Operation(
        "/trends",
        "trends",
        "How often up to six terms occur by year or by plan, each in one language, documents without a year "
        "or plan apart; with the forms that were counted.",
        trends,
        TrendsJson,
        parameters=TRENDS,
        together=f"{_YEARS_TOGETHER} Terms that are too long for one picture together are refused as well.",
        errors=(400, 429, 503),
    ),
    Operation(
        "/documents/{identifier}/versions",
        "editions",
        "The documents that may be other editions of a document, the likeliest first.",
        editions,
        EditionsJson,
        path_parameters=(_DOCUMENT_ID,),
        errors=(400, 404, 410, 429, 503),
    ),
    Operation(
        "/documents/{identifier}/versions/{other}",
        "versions",
        "Two editions passage by passage, the older one first where it is known which that is (`order` says "
        "so): kept, moved, changed and how, dropped, new.",
        versions,
        ComparisonJson,
        parameters=(ONE_LANGUAGE, SHOW, SWAP, PAGE, PER_PAGE),
        together="Refused with 400: a document beside itself, and two without text in the same language.",
        path_parameters=(_DOCUMENT_ID, _OTHER_ID),
        errors=(400, 404, 410, 429, 503),
    ),
    Operation(
        "/quote",
        "quote",
        "Whether a quotation of four words or more stands in the archive to the letter, and where.",
        quote,
        QuoteJson,
        parameters=(_QUOTATION,),
        together="Refused with 400: more than 1,000 words, or more than 20 parts between ellipses.",
        accepts_post=True,
        errors=(400, 413, 415, 429, 503),
    ),
    Operation("/openapi.json", "openapi", "This description.", openapi, None),
)


def _view(operation: Operation) -> Callable[..., Response]:
    @wraps(operation.answer)  # each has a name of its own, by which requests are counted
    def view(**path: Any) -> Response:
        if request.method == "POST":
            refuse_unknown(request.args, ())  # they stand in the body
        refuse_unknown(_sent(), operation.parameters)
        answer: Response = operation.answer(**path)
        return answer

    return view


for _operation in OPERATIONS:
    blueprint.add_url_rule(
        f"{ROOT}{_operation.rule}",
        _operation.name,
        _view(_operation),
        methods=["GET", "POST"] if _operation.accepts_post else ["GET"],
    )


@blueprint.get("/api/")
def description() -> str:
    """The API, described for people."""
    return render_template("api/api.html", api=_description())


@blueprint.before_app_request
def _speak_english() -> None:
    """Use English for all sentences of the API, whatever the browser prefers."""
    if request.path.startswith(f"{ROOT}/"):
        g.interface_language = "en"


@blueprint.after_app_request
def _open_to_all(answer: Response) -> Response:
    """Let web pages of any site use the API (CORS); cookies play no part in it."""
    if request.path.startswith(f"{ROOT}/"):
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
        answer.headers["Access-Control-Expose-Headers"] = "ETag, Link"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _description() -> dict[str, object]:
    return describe(OPERATIONS, current_library().settings.base_url + ROOT, VERSION)


def _answer(body: Mapping[str, Any], links: str = "") -> Response:
    """`body` as JSON, with an ETag by which a program learns that nothing has changed."""
    lasting = {name: value for name, value in body.items() if name != "took_ms"}
    answer = Response(json.dumps(body, ensure_ascii=False), mimetype="application/json")
    answer.set_etag(hashlib.sha256(json.dumps(lasting).encode()).hexdigest()[:32], weak=True)
    answer.headers["Cache-Control"] = "no-cache"
    if links:
        answer.headers["Link"] = links
    answer.make_conditional(request)
    return answer


def _page_links(page: int, last_page: int) -> str:
    """Links to the neighbouring pages of a list (RFC 8288)."""
    address = f"{current_library().settings.base_url}{request.path}"
    links = []
    for relation, number in (("prev", page - 1), ("next", page + 1), ("last", last_page)):
        if 1 <= number <= last_page:
            values = [*_without_page(request.args), ("page", str(number))]
            links.append(f'<{address}?{urlencode(values)}>; rel="{relation}"')
    return ", ".join(links)


def _document_as_json(found: Document, library: Library, damage: Damage | None) -> DocumentJson:
    return document_as_json(found, library.settings.base_url, warnings_for_readers(found), damage)


def _without_page(arguments: Arguments) -> list[tuple[str, str]]:
    return [(name, value) for name, value in arguments.items(multi=True) if name != PAGE.name]


def _sent() -> Arguments:
    """The parameters of a request whose body may hold them, as a form or as JSON.

    Raises:
        UnsupportedMediaType: the body is neither.
    """
    if request.method != "POST":
        return request.args
    if not request.is_json:
        if request.mimetype not in _FORMS:
            raise UnsupportedMediaType
        return request.form
    body = request.get_json()
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise WrongParameter(gettext("The body of the request is not a JSON object with text values."))
    return MultiDict(body)
