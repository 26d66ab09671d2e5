"""Metadata in pages, for reference managers, scholarly search engines and crawlers.

- COinS (OpenURL 1.0, Z39.88-2004, key/encoded-value) in the body;
- Highwire Press tags and Dublin Core (DCMES 1.1, encoded by RFC 2731) in the head;
- schema.org as JSON-LD in the head;
- unAPI (version 1), which hands out the RIS record. Zotero asks it first; COinS, which comes next, cannot
  name the PDF, and the tags cannot say that an author is an organisation.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext
from werkzeug.exceptions import NotAcceptable

from archive.errors import PageNotFound
from archive.records import Document, Page
from search_app.citation.citation import ARCHIVE, Citation, cite_document, cite_page
from search_app.citation.notations import WORKS, ris
from search_app.library import Library, current_library
from search_app.web.interface_language import interface_language
from search_app.web.parameters import TextParameter, refuse_unknown

blueprint = Blueprint("metadata", __name__)

_RIS = "application/x-research-info-systems"

_RECORD = TextParameter(
    "id", "Identifier of a document; for a page with a slash and its number after it.", 100
)
_FORMAT = TextParameter("format", "What the record is wanted in: ris.", 100)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata in the head and the body of a page."""

    tags: tuple[tuple[str, str], ...]
    """Names and contents of meta elements."""
    linked_data: Mapping[str, object]
    """The JSON-LD."""
    context_object: str
    """The COinS."""
    record: str
    """Identifier of the record for unAPI."""


@blueprint.app_template_global()
def embedded_metadata(document: Document, page: Page | None = None) -> Metadata:
    """The metadata of a document, or of one of its pages."""
    library = current_library()
    citation = cite_page(document, page, library) if page else cite_document(document, library)
    return Metadata(
        tags=tuple(tags(citation)),
        linked_data=linked_data(citation, document, library),
        context_object=context_object(citation),
        record="/".join([document.id, *(str(sheet.number) for sheet in citation.sheets)]),
    )


def tags(citation: Citation) -> list[tuple[str, str]]:
    """Highwire Press tags and Dublin Core.

    Zotero goes by `citation_technical_report_institution` and `DC.type` for the type of the item.
    """
    work = WORKS[citation.kind]
    is_report = work.zotero == "report"
    tags: list[tuple[str, str | None]] = [
        ("citation_title", citation.title),
        ("citation_author", citation.author),
        ("citation_publication_date", citation.issued.replace("-", "/") if citation.issued else None),
        ("citation_language", citation.language),
        ("citation_technical_report_institution", citation.author if is_report else None),
        ("citation_firstpage", citation.sheets[0].label if citation.sheets else None),
        ("citation_public_url", citation.url),
        ("citation_pdf_url", None if citation.damage else citation.original_url),
        ("DC.title", citation.title),
        ("DC.creator", citation.author),
        ("DC.publisher", citation.author),
        ("DC.date", citation.issued),
        ("DC.type", work.zotero),
        ("DC.language", citation.language),
        ("DC.format", "application/pdf"),
        ("DC.identifier", citation.url),
    ]
    return [(name, content) for name, content in tags if content]


def context_object(citation: Citation) -> str:
    """A ContextObject: reports in the format for books, where `genre` can say so, others in Dublin Core."""
    work = WORKS[citation.kind]
    page = citation.sheets[0].label if citation.sheets else None
    fields: list[tuple[str, str | None]] = [("ctx_ver", "Z39.88-2004"), ("rfr_id", "info:sid/terugblik")]
    if work.zotero == "report":
        fields += [
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
            ("rft.genre", "report"),
            ("rft.btitle", citation.title),
            ("rft.aucorp", citation.author),
            ("rft.pub", citation.author),
            ("rft.date", citation.issued),
            ("rft.pages", page),
            ("rft.tpages", str(citation.pages)),
        ]
    else:
        fields += [
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
            ("rft.type", work.zotero),
            ("rft.title", citation.title),
            ("rft.creator", citation.author),
            ("rft.date", citation.issued),
            ("rft.identifier", citation.url),
        ]
    fields += [("rft.language", citation.language), ("rft_id", citation.url)]
    return urlencode([(key, value) for key, value in fields if value], quote_via=quote, safe="")


def linked_data(citation: Citation, document: Document, library: Library) -> dict[str, object]:
    """schema.org data of the document, or of one of its pages as part of the document."""
    whole = citation if not citation.sheets else cite_document(document, library)
    work = _document_node(whole, document, library)
    if not citation.sheets:
        return {"@context": "https://schema.org", **work}
    sheet = citation.sheets[0]
    return {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": citation.url,
        "url": citation.url,
        "name": f"{citation.title}, p. {sheet.label}",
        "inLanguage": citation.language,
        "pagination": sheet.label,
        "position": sheet.number,
        **_encoding(citation, f"#page={sheet.number}"),
        "isPartOf": work,
    }


def _encoding(citation: Citation, place: str = "", **more: str) -> dict[str, object]:
    """The address of the PDF; empty if it is damaged."""
    if citation.damage:
        return {}
    address = citation.original_url + place
    node = {"@type": "MediaObject", "contentUrl": address, "encodingFormat": "application/pdf", **more}
    return {"encoding": node}


def _document_node(citation: Citation, document: Document, library: Library) -> dict[str, object]:
    language = interface_language()
    plan = library.catalogue.plan(document.plan) if document.plan else None
    kind = "Organization" if citation.is_demonstration else "GovernmentOrganization"
    body = {"@type": kind, "name": citation.author} if citation.author else None
    properties: dict[str, object | None] = {
        "@type": WORKS[citation.kind].schema,
        "@id": citation.url,
        "url": citation.url,
        "name": citation.title,
        "author": body,
        "publisher": body,
        "datePublished": citation.issued,
        "inLanguage": citation.language,
        "genre": citation.genre,
        "numberOfPages": citation.pages,
        "identifier": {"@type": "PropertyValue", "propertyID": "SHA-256", "value": citation.sha256},
        **_encoding(citation, contentSize=f"{document.size} B", sha256=citation.sha256),
        "isPartOf": {"@type": "Collection", "name": plan.titles[language]} if plan else None,
        "provider": {
            "@type": "ArchiveOrganization",
            "name": ARCHIVE,
            "url": library.settings.base_url,
        },
        "creditText": _demonstration() if citation.is_demonstration else None,
    }
    return {name: value for name, value in properties.items() if value is not None}


def _demonstration() -> str:
    return str(gettext("This is a demonstration text, not the official document."))


@blueprint.get("/<any(nl, fr, en):interface>/unapi")
def unapi() -> Response | tuple[Response, int]:
    """The formats that records are in, or the record of a document (`id`) or page (`id/number`) in RIS."""
    refuse_unknown(request.args, (_RECORD, _FORMAT))
    record, wanted = _RECORD.read(request.args), _FORMAT.read(request.args)
    if not record or not wanted:
        formats = ElementTree.Element("formats", {"id": record} if record else {})
        ElementTree.SubElement(formats, "format", name="ris", type=_RIS)
        answer = make_response(ElementTree.tostring(formats, encoding="utf-8", xml_declaration=True))
        answer.headers["Content-Type"] = "application/xml"
        return answer, 300 if record else 200
    if wanted != "ris":
        raise NotAcceptable
    library = current_library()
    identifier, _slash, number = record.partition("/")
    document = library.document(identifier)
    if not number:
        citation = cite_document(document, library)
    elif re.fullmatch("[1-9][0-9]{0,8}", number):
        citation = cite_page(document, library.catalogue.page(document.id, int(number)), library)
    else:
        raise PageNotFound(f"The document has no page {number[:20]!r}.")
    answer = make_response(ris(citation, interface_language()))
    answer.headers["Content-Type"] = f"{_RIS}; charset=utf-8"
    return answer
