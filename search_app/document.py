"""A document: what is known of it, its pages with the matches marked, its original."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug import Response

from archive.errors import PageNotFound
from archive.records import Document, Plan
from index.engine import Filters
from index.query import Query, parse
from index.quotation import places_on_page
from search_app.library import Archive, library
from search_app.marking import drawn_words, mark_page, matches_on

blueprint = Blueprint("document", __name__)

_DOCUMENT = "/<any(nl, fr, en):interface>/document/<identifier>"

LONGEST_PASSAGE = 6_000
"""Characters of a passage to be marked; it travels in the address."""

_YEAR = 365 * 24 * 3600
"""Seconds; the bytes behind the address of an original never change."""

_DAY = 24 * 3600
"""Seconds; a page image is drawn anew now and then."""

_ORIGINAL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Nothing in or around the file may load anything; browsers style their own PDF viewer inline. Not
`sandbox`: with it, Safari shows no PDF."""


@blueprint.get(_DOCUMENT)
def overview(identifier: str) -> str:
    """What is known of a document, and the way to each of its pages."""
    archive = library()
    document = archive.document(identifier)
    return render_template(
        "document.html",
        document=document,
        plan=_plan_of(document, archive),
        labels=archive.catalogue.page_labels(document.id),
        has_cover=_image(document, 1, archive).exists(),
        source=_web_address(document.provenance.source_url),
        retrieved_from=_web_address(document.provenance.retrieved_url),
        permanent_link=_permanent_link("document.overview", archive, identifier=document.id),
    )


@blueprint.get(f"{_DOCUMENT}/page/<int:number>")
def page(identifier: str, number: int) -> str:
    """One page: its image with the matches of `q`, or a `passage` quoted, marked, beside its text."""
    archive = library()
    document = archive.document(identifier)
    shown = archive.catalogue.page(document.id, number)
    text, passage = request.args.get("q", "").strip(), request.args.get("passage", "").strip()
    matches, matching_pages, query_text = {}, [], ""
    if passage:
        passage = passage[:LONGEST_PASSAGE]
        matches = places_on_page(passage, document.id, number, archive.catalogue)
    elif text:
        query = parse(text)
        query_text = query.text
        matches = matches_on(shown, query, archive.engine())
        matching_pages = _matching_pages(document, query, archive)
    has_image = _image(document, number, archive).exists()
    return render_template(
        "page.html",
        document=document,
        page=shown,
        marked=mark_page(shown, matches),
        query_text=query_text,
        passage=passage,
        matching_pages=matching_pages,
        previous_match=max((found for found in matching_pages if found < number), default=None),
        next_match=min((found for found in matching_pages if found > number), default=None),
        has_image=has_image,
        drawn_words=() if has_image else drawn_words(shown),
        permanent_link=_permanent_link("document.page", archive, identifier=document.id, number=number),
    )


@blueprint.get("/original/<identifier>.pdf")
def original(identifier: str) -> Response:
    """The original file, byte for byte; parts of it when the browser asks for a range."""
    archive = library()
    document = archive.document(identifier)
    answer = send_file(
        archive.originals.path(document.sha256),
        mimetype="application/pdf",
        download_name=safe_filename(document.filename),
        conditional=True,
        etag=document.sha256,
        max_age=_YEAR,
    )
    answer.cache_control.immutable = True
    answer.headers["Content-Security-Policy"] = _ORIGINAL_POLICY
    return _for_this_reader(answer)


@blueprint.get("/page-image/<identifier>/<int:number>.webp")
def page_image(identifier: str, number: int) -> Response:
    """The image of a page, as the worker made it."""
    archive = library()
    document = archive.document(identifier)
    path = _image(document, number, archive)
    if not path.exists():
        raise PageNotFound(f"There is no image of page {number} of {document.id}.")
    return _for_this_reader(send_file(path, mimetype="image/webp", conditional=True, max_age=_DAY))


def safe_filename(name: str) -> str:
    """A name that no file system or header stumbles over: the last part of a path, ending in .pdf."""
    stem = re.sub(r"\.pdf$", "", name.replace("\\", "/").rsplit("/", 1)[-1], flags=re.IGNORECASE)
    stem = re.sub(r"[^\w.,()+-]+", " ", stem).strip(" .")
    return f"{stem[:120] or 'original'}.pdf"


def _for_this_reader(answer: Response) -> Response:
    """Only the reader's browser may keep this: shared caches would go on showing what was withdrawn."""
    answer.cache_control.public = False
    answer.cache_control.private = True
    return answer


def _plan_of(document: Document, archive: Archive) -> Plan | None:
    return archive.catalogue.plan(document.plan) if document.plan else None


def _permanent_link(endpoint: str, archive: Archive, **values: Any) -> str:
    return archive.settings.base_url + url_for(endpoint, **values)


def _web_address(address: str | None) -> str | None:
    """The address where it may stand behind a link: what was recorded could also be `javascript:`."""
    return address if address and urlsplit(address).scheme in {"http", "https"} else None


def _image(document: Document, number: int, archive: Archive) -> Path:
    return archive.settings.data / "renditions" / document.id / f"{number}.webp"


def _matching_pages(document: Document, query: Query, archive: Archive) -> list[int]:
    """The numbers of all pages of the document that match, in order."""
    found = archive.engine().search(
        query,
        Filters(documents=frozenset({document.id})),
        sort="date",
        offset=0,
        limit=document.pages * len(document.languages),
        hidden=frozenset(),
    )
    return sorted({hit.page for hit in found.hits})
