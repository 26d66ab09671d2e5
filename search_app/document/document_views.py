"""The pages of a document: its description, its pages with the matches marked, its original."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug import Response

from archive.errors import PageNotFound
from archive.images.image_files import LONG_SIDES, ImageSize
from archive.records import Damage, Document, Page, Plan, Word
from index.errors import IndexUnusable
from index.query.parser import parse
from search_app.document.marks import (
    DrawnWord,
    MarkedPage,
    doubtful_words,
    drawn_words,
    mark_page,
    matches_on,
)
from search_app.document.page_strip import StripPage, matching_pages, page_called, strip
from search_app.document.word_links import (
    Passage,
    changed_between,
    handed_on,
    link_parameters,
    linked_passages,
    spans_of,
)
from search_app.image_requests import FoundImage, ImageBeingMade, ImageNotDrawn, ImageState
from search_app.library import Library, current_library
from search_app.web.parameters import HUNDRED, NUMBERING, PAGE_NAME, SIZE, VIEW, PageView, WordRange

blueprint = Blueprint("document", __name__)

_DOCUMENT = "/<any(nl, fr, en):interface>/document/<identifier>"

_PAGES_AT_ONCE = 100
"""Pages that a document's own page lists; links lead to the others."""

_THUMBNAIL_HEIGHT = 72
"""CSS pixels of a page in the strip."""

_ORIGINAL_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""Nothing in the file may load anything; the browser's own PDF viewer is not affected. No `sandbox`, because
Safari shows no PDF with it."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of a document shows."""

    document: Document
    damage: Damage | None
    plan: Plan | None
    strip_pages: Sequence[tuple[int, str]]
    """The pages that are listed: number and printed label."""
    hundreds: Sequence[tuple[int, int]]
    """The first and the last page of each part of the list."""
    has_cover: bool
    """Whether there is an image of the first page."""
    source: str | None
    retrieved_from: str | None
    """Web address, as for the next field."""
    permanent_link: str


@blueprint.get(_DOCUMENT)
def overview(identifier: str) -> str:
    """The description of a document, with links to its pages."""
    library = current_library()
    document = library.document(identifier)
    labels = library.catalogue.page_labels(document.id)
    hundreds = range(0, len(labels), _PAGES_AT_ONCE)
    first = hundreds[min(HUNDRED.read(request.args), len(hundreds)) - 1]
    return render_template(
        "document/document.html",
        view=Overview(
            document=document,
            damage=library.damage(document),
            plan=_plan_of(document, library),
            strip_pages=list(enumerate(labels, 1))[first : first + _PAGES_AT_ONCE],
            hundreds=[(start + 1, min(start + _PAGES_AT_ONCE, len(labels))) for start in hundreds],
            has_cover=library.images.find(document, 1) is not None,
            source=_web_address(document.provenance.source_url),
            retrieved_from=_web_address(document.provenance.retrieved_url),
            permanent_link=_permanent_link("document.overview", library, identifier=document.id),
        ),
    )


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a request asks to mark on a page: the words of a link, or else the matches of a query."""

    query_text: str
    """The query whose matches are marked; empty if there is none."""
    words_link: Mapping[str, str]
    """The parameters of a link to words."""
    places: Sequence[Passage]
    """The places of these words."""
    changed: WordRange | None
    """The words now at their place, if the first and last words are the same but those between have
    changed."""
    marked: MarkedPage
    matching_pages: Sequence[int]
    """The pages of the document that match the query."""
    is_searchable: bool
    """Whether the index can be used."""
    strip_pages: Sequence[StripPage]
    """The strip of pages."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """The image of a page, and what is shown where there is none."""

    state: ImageState
    """What is wrong with it, if anything is."""
    has_large: bool
    """Whether there is one with more pixels already; else it is drawn when a reader enlarges the page."""
    wide: Mapping[ImageSize, int]
    """Width of the images in pixels, by their size."""
    thumbnail_width: int
    """Width of the thumbnail in CSS pixels."""
    outline: Sequence[DrawnWord]
    """The words that are drawn where there is no image."""

    @property
    def is_whole(self) -> bool:
        """Whether it can be shown."""
        return self.state == "whole"


@dataclass(frozen=True, slots=True)
class PageShown:
    """What the view of a page shows."""

    document: Document
    damage: Damage | None
    page: Page
    marks: PageMarks
    doubtful: Sequence[Word]
    """Words that OCR was not sure of."""
    layout: PageView
    image: PageImage
    has_own_labels: bool
    """Whether printed labels of the document differ from page numbers."""
    permanent_link: str

    @property
    def previous_match(self) -> int | None:
        """The nearest page before this one that matches."""
        return max((found for found in self.marks.matching_pages if found < self.page.number), default=None)

    @property
    def next_match(self) -> int | None:
        """The nearest page after this one that matches."""
        return min((found for found in self.marks.matching_pages if found > self.page.number), default=None)


@blueprint.get(f"{_DOCUMENT}/page/<int:number>")
def page(identifier: str, number: int) -> str:
    """One page: its image with the matches of `q`, or the words of a link, marked, beside its text."""
    library = current_library()
    document = library.document(identifier)
    shown = library.catalogue.page(document.id, number)
    labels = library.page_labels(document.id).printed
    marks = _marks(document, shown, labels, library)
    view = PageShown(
        document=document,
        damage=library.damage(document),
        page=shown,
        marks=marks,
        doubtful=doubtful_words(shown.blocks),
        layout=VIEW.read(request.args),
        image=_image(document, shown, library),
        has_own_labels=list(labels) != [str(each) for each in range(1, document.pages + 1)],
        permanent_link=_permanent_link("document.page", library, identifier=document.id, number=number),
    )
    return render_template("document/page.html", view=view, query_text=marks.query_text, handed_on=handed_on)


def _marks(document: Document, page: Page, labels: Sequence[str], library: Library) -> PageMarks:
    """What the request asks to mark on a page."""
    text, words_link = request.args.get("q", "").strip(), link_parameters(request.args)
    places = linked_passages(request.args, document.id, page, library.catalogue)
    matches, matching, query, is_searchable = spans_of(places), [], None, True
    if text and not words_link:
        query = parse(text)
        try:
            engine = library.engine()
            matches = matches_on(page, query, engine)
            matching = matching_pages(document, query, engine, library)
        except IndexUnusable:  # a page can be read whatever is wrong with the index
            is_searchable = False
    return PageMarks(
        query_text=query.text if query else "",
        words_link=words_link,
        places=places,
        changed=changed_between(request.args, page) if words_link and not places else None,
        marked=mark_page(page, matches),
        matching_pages=matching,
        is_searchable=is_searchable,
        strip_pages=strip(document, page.number, matching, query if matching else None, labels, library),
    )


def _image(document: Document, page: Page, library: Library) -> PageImage:
    state = library.images.state(document, page.number)
    return PageImage(
        state=state,
        has_large=library.images.has_large(document, page.number),
        wide=_wide(page),
        thumbnail_width=max(1, round(_THUMBNAIL_HEIGHT * page.width / page.height)),
        outline=() if state == "whole" else drawn_words(page),
    )


@blueprint.get(f"{_DOCUMENT}/page/")
def jump(identifier: str) -> Response:
    """Go to the page that the reader names, by its printed label or its number in the file."""
    library = current_library()
    document = library.document(identifier)
    labels = library.catalogue.page_labels(document.id)
    number = page_called(PAGE_NAME.read(request.args), NUMBERING.read(request.args), document, labels)
    parameters: dict[str, Any] = {name: request.args.get(name) or None for name in ("q", "view")}
    return redirect(url_for("document.page", identifier=document.id, number=number, **parameters))


@blueprint.get("/page-words/<identifier>/<int:number>.json")
def words(identifier: str, number: int) -> Response:
    """The words of a page as they are laid over its image: ``[number, text, x0, y0, x1, y1]`` each, boxes in
    thousandths of the page's width, so that they hold at every size."""
    library = current_library()
    document = library.document(identifier)
    page = library.catalogue.page(document.id, number)
    scale = 1000 / page.width
    answer = jsonify(
        [
            [word.number, word.text, *(round(edge * scale, 1) for edge in word.box)]
            for word in drawn_words(page)
        ]
    )
    answer.add_etag()
    answer.cache_control.no_cache = True
    return _for_this_reader(answer.make_conditional(request))


@blueprint.get("/original/<identifier>.pdf")
def original(identifier: str) -> Response:
    """The original file, byte for byte, or the range that the browser requests. A damaged one is not sent."""
    library = current_library()
    document = library.document(identifier)
    answer = send_file(
        library.original(document),
        mimetype="application/pdf",
        download_name=safe_filename(document.filename),
        conditional=True,
        etag=document.sha256,
        max_age=0,
    )
    answer.headers["Content-Security-Policy"] = _ORIGINAL_POLICY
    return _for_this_reader(answer)


@blueprint.get("/page-image/<identifier>/<int:number>.webp")
def page_image(identifier: str, number: int) -> Response:
    """The image of a page, as the worker made it, in one of three sizes: WebP or, whatever the address says,
    PNG. The large one is drawn when somebody asks for it. Until it is there, the smaller one stands for it,
    and Content-Location says so.
    """
    library = current_library()
    document = library.document(identifier)
    if not 0 < number <= document.pages:
        raise PageNotFound(f"The document has no page {number}; it has {document.pages}.")
    size = SIZE.read(request.args)
    while (found := library.images.find(document, number, size)) is not None:
        try:
            return _image_answer(found, document, number, size)
        except FileNotFoundError:  # it has just made room for another one
            continue
    if library.images.state(document, number) == "not drawn":
        raise ImageNotDrawn(gettext("No image of this page can be made; see the original."))
    raise ImageBeingMade(gettext("The image of this page is being made."))


def _image_answer(found: FoundImage, document: Document, number: int, size: ImageSize) -> Response:
    ending = found.path.suffix
    answer = send_file(
        found.path,
        mimetype=f"image/{ending.removeprefix('.')}",
        download_name=f"{document.id}-{number}{ending}",
        conditional=True,
        max_age=0,
    )
    if found.size != size:
        answer.content_location = url_for("document.page_image", identifier=document.id, number=number)
    return _for_this_reader(answer)


def safe_filename(name: str) -> str:
    """A file name that is safe in file systems and headers: the last part of a path, ending in .pdf."""
    stem = re.sub(r"\.pdf$", "", name.replace("\\", "/").rsplit("/", 1)[-1], flags=re.IGNORECASE)
    stem = re.sub(r"[^\w.,()+-]+", " ", stem).strip(" .")
    return f"{stem[:120] or 'original'}.pdf"


def _for_this_reader(answer: Response) -> Response:
    """Let only the reader's browser cache the answer, and make it revalidate each time.

    So no cache shows a document after it was withdrawn.
    """
    answer.cache_control.public = False
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer


def _plan_of(document: Document, library: Library) -> Plan | None:
    return library.catalogue.plan(document.plan) if document.plan else None


def _permanent_link(endpoint: str, library: Library, **values: Any) -> str:
    return library.settings.base_url + url_for(endpoint, **values)


def _web_address(address: str | None) -> str | None:
    """The address if it is one of the web; a recorded address could also be `javascript:`."""
    return address if address and urlsplit(address).scheme in {"http", "https"} else None


def _wide(page: Page) -> Mapping[ImageSize, int]:
    """Width of the page's images in pixels, by their size."""
    return {
        size: round(side * page.width / max(page.width, page.height)) for size, side in LONG_SIDES.items()
    }
