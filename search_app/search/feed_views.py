"""A saved search as a feed (Atom, RFC 4287), and the site as a search engine of the browser (OpenSearch
1.1).
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from heapq import nlargest

from flask import Blueprint, request, url_for
from flask_babel import gettext, ngettext
from werkzeug import Response

from archive.records import Document
from index.engine.contract import Engine, Filters, SearchRequest
from index.query.explanation import read_as
from index.query.parser import Everything, Query
from search_app.library import Library, current_library
from search_app.search.filters_and_chart import filter_values
from search_app.search.results import FoundDocument, HitReader, read_query
from search_app.web.display_names import titled
from search_app.web.interface_language import interface_language
from search_app.web.parameters import DOCUMENT, FILTERS, Q, read_filters, refuse_unknown

blueprint = Blueprint("feed", __name__)

_ENTRIES = 50
"""Documents in a feed: those that the archive received last."""

_ATOM, _OPENSEARCH = "http://www.w3.org/2005/Atom", "http://a9.com/-/spec/opensearch/1.1/"

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without entries was last updated."""


@blueprint.get("/<any(nl, fr, en):interface>/search.atom")
def results() -> Response:
    """The documents that match, those that were received last first: what is new to whoever saved it.

    Without words or filters it tells what is new in the archive.
    """
    refuse_unknown(request.args, (Q, *FILTERS, DOCUMENT))
    library = current_library()
    engine, filters = library.engine(), read_filters(request.args)
    query = read_query(Q.read(request.args), filters)
    if not query.text.strip():
        query = replace(query, tree=Everything())
    newest = _newest(library, engine, query, filters)
    base_url = library.settings.base_url
    parameters = {"q": query.text or None, **filter_values(filters)}
    here = base_url + url_for("feed.results", **parameters)
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": interface_language()})
    _add(feed, "id", here)
    _add(feed, "title", gettext("Terugblik: %(search)s", search=query.text or gettext("all documents")))
    _add(feed, "subtitle", read_as(query, interface_language()))
    _add(feed, "updated", max((_received(group.document) for group in newest), default=_NEVER).isoformat())
    _link(feed, "self", here, "application/atom+xml")
    _link(feed, "alternate", base_url + url_for("search.results", **parameters), "text/html")
    _add(_add(feed, "author"), "name", "Terugblik")
    for group in newest:
        _add_entry(feed, group, base_url, query.text)
    return _xml(feed, "application/atom+xml")


def _newest(library: Library, engine: Engine, query: Query, filters: Filters) -> Sequence[FoundDocument]:
    """The matching documents that the archive received last, each with its best pages."""
    hidden = library.left_out(engine)
    matching = engine.count_by(query, filters, hidden, "document")
    found = (document for document in library.holdings().documents if document.id in matching)
    newest = {
        document.id: document
        for document in nlargest(_ENTRIES, found, key=lambda document: document.received_at)
    }
    if not newest:
        return []
    among = replace(filters, documents=frozenset(newest))
    result = engine.search(SearchRequest(query, among, limit=_ENTRIES, left_out=hidden, grouped=True))
    groups = sorted(result.groups, key=lambda group: newest[group.document].received_at, reverse=True)
    reader = HitReader(library, engine, query, interface_language())
    return [
        FoundDocument(newest[group.document], tuple(reader.read(group.hits)), group.total) for group in groups
    ]


def _add_entry(feed: ElementTree.Element, group: FoundDocument, base_url: str, text: str) -> None:
    document = group.document
    entry = _add(feed, "entry")
    _add(entry, "id", base_url + url_for("document.overview", identifier=document.id))
    _add(entry, "title", titled(document.title, document.year))
    _add(entry, "updated", _received(document).isoformat())
    address = url_for("search.results", q=text or None, document=document.id)
    _link(entry, "alternate", base_url + address, "text/html")
    original = url_for("document.original", identifier=document.id)
    _link(entry, "enclosure", base_url + original, "application/pdf", length=str(document.size))
    pages = [
        gettext(
            "%(label)s: %(value)s",
            label=gettext("page %(number)s", number=hit.page),
            value="".join(piece.text for piece in hit.excerpt),
        )
        for hit in group.pages
    ]
    total = ngettext("%(num)s matching page", "%(num)s matching pages", group.total)
    _add(entry, "summary", "\n".join([total, *pages]))


@blueprint.get("/<any(nl, fr, en):interface>/opensearch.xml")
def opensearch() -> Response:
    """What a browser needs to know to search here from its own search box."""
    base_url, language = current_library().settings.base_url, interface_language()
    description = ElementTree.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    _add(description, "ShortName", "Terugblik")
    _add(description, "Description", gettext("Search the socio-economic plans of the Brussels Region"))
    _add(description, "Language", language)
    _add(description, "InputEncoding", "UTF-8")
    icon = url_for("static", filename="terugblik.svg")
    _add(description, "Image", base_url + icon, type="image/svg+xml", width="32", height="32")
    for endpoint, content_type in (("search.results", "text/html"), ("feed.results", "application/atom+xml")):
        template = f"{base_url}{url_for(endpoint)}?q={{searchTerms}}"
        _add(description, "Url", type=content_type, method="get", template=template)
    here = base_url + url_for("feed.opensearch")
    kind = "application/opensearchdescription+xml"
    _add(description, "Url", type=kind, rel="self", template=here)
    return _xml(description, kind)


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text
    return element


def _link(
    parent: ElementTree.Element, relation: str, address: str, content_type: str, **attributes: str
) -> None:
    _add(parent, "link", rel=relation, href=address, type=content_type, **attributes)


def _received(document: Document) -> datetime:
    return document.received_at.astimezone(UTC).replace(microsecond=0)


def _xml(root: ElementTree.Element, content_type: str) -> Response:
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    answer = Response(body, content_type=f"{content_type}; charset=utf-8")
    answer.add_etag()
    return answer.make_conditional(request)
