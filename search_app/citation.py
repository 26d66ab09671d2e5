"""Quote and cite: the card of a passage, a page or a document, and its citation in many notations.

The card is a page of its own, which the script of other pages fetches to show it over them, and JSON of one
shape for programs.
"""

from collections.abc import Iterator
from typing import Any, TypedDict

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext, ngettext

from archive.errors import NotFound
from archive.languages import INTERFACE_LANGUAGES, Language
from archive.records import Document, Page
from search_app.citation_formats import NOTATIONS, NotationName, write, written_date
from search_app.cited import ARCHIVE, Citation, cite_document, cite_page, cite_passage
from search_app.errors import wants_json
from search_app.interface import interface_language
from search_app.library import library
from search_app.parameters import PASSAGE, SUM, WORDS, refuse_unknown
from search_app.passages import Place, asked_places, asked_words, changed_between
from search_app.wording import language_name

blueprint = Blueprint("citation", __name__)

_DOCUMENT = "/<any(nl, fr, en):interface>/document/<identifier>"
_PAGE = f"{_DOCUMENT}/page/<int:number>"
_ENDING = "<any(json, bib, ris, 'csl.json'):ending>"

_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
}


class NotOnThePage(NotFound):
    """The passage does not stand on the page: what is not there is not cited."""

    code = "not-on-the-page"


class SheetJson(TypedDict):
    """A page that is cited: its number in the file, from 1, and the one printed on it."""

    number: int
    label: str


class NotationJson(TypedDict):
    """A citation in one notation; `download` is the path of the same as a file, where there is one."""

    name: NotationName
    label: str
    text: str
    download: str | None


class CardJson(TypedDict):
    """A citation, as programs get it.

    `text` holds the exact words, and its language is `text_language`; both are null where a page or a
    document is cited as a whole. `accessed` is a date of ISO 8601, `accessed_on` the same written out.
    `page_url` is the path of the page that shows all this, `json_url` that of this JSON.
    """

    text: str | None
    text_language: Language | None
    document: str
    title: str
    language: Language | None
    author: str | None
    year: int | None
    pages: list[SheetJson]
    url: str
    original_url: str
    sha256: str
    accessed: str
    accessed_on: str
    archive: str
    is_demonstration: bool
    notices: list[str]
    page_url: str
    json_url: str
    notations: list[NotationJson]


@blueprint.get(f"{_DOCUMENT}/cite")
@blueprint.get(f"{_PAGE}/cite")
def cite(identifier: str, number: int | None = None) -> Response:
    """The card of `words` or a `passage` of the page; without them, of the page or the document."""
    document, page, citation = _read(identifier, number)
    card = card_of(citation)
    if wants_json():
        answer = jsonify(card)
    else:
        way_back = citation.url.removeprefix(library().settings.base_url)
        html = render_template("cite.html", document=document, page=page, card=card, way_back=way_back)
        answer = make_response(html)
    answer.vary.add("Accept")
    return _for_today(answer)


@blueprint.get(f"{_DOCUMENT}/cite.{_ENDING}")
@blueprint.get(f"{_PAGE}/cite.{_ENDING}")
def download(identifier: str, ending: str, number: int | None = None) -> Response:
    """The same as a file: the card as JSON, or the citation for a reference manager."""
    _document, _page, citation = _read(identifier, number)
    if ending == "json":
        return _for_today(jsonify(card_of(citation)))
    notation = next(name for name in NOTATIONS if name == ending)
    answer = make_response(write(citation, notation, interface_language()))
    answer.headers["Content-Type"] = _TYPES[ending]
    answer.headers["Content-Disposition"] = f'attachment; filename="{citation.key}.{ending}"'
    return _for_today(answer)


def card_of(citation: Citation) -> CardJson:
    """What the card of a citation says, in the language of the interface."""
    language = interface_language()
    quote = citation.quote
    return {
        "text": quote.text if quote else None,
        "text_language": quote.language if quote else None,
        "document": citation.document,
        "title": citation.title,
        "language": citation.language,
        "author": citation.author,
        "year": citation.year,
        "pages": [{"number": sheet.number, "label": sheet.label} for sheet in citation.sheets],
        "url": citation.url,
        "original_url": citation.original_url,
        "sha256": citation.sha256,
        "accessed": citation.accessed.isoformat(),
        "accessed_on": written_date(citation.accessed, language),
        "archive": ARCHIVE,
        "is_demonstration": citation.is_demonstration,
        "notices": _notices(citation),
        "page_url": _address("citation.cite"),
        "json_url": _address("citation.download", "json"),
        "notations": [
            {
                "name": name,
                "label": _label(name),
                "text": write(citation, name, language),
                "download": _address("citation.download", name) if name in _TYPES else None,
            }
            for name in NOTATIONS
        ],
    }


def _read(identifier: str, number: int | None) -> tuple[Document, Page | None, Citation]:
    """What the request asks to cite."""
    archive = library()
    document = archive.document(identifier)
    refuse_unknown(request.args, (WORDS, PASSAGE, SUM) if number is not None else ())
    if number is None:
        return document, None, cite_document(document, archive)
    page = archive.catalogue.page(document.id, number)
    if not asked_words(request.args):
        return document, page, cite_page(document, page, archive)
    places = asked_places(request.args, document.id, page, archive.catalogue)
    if not places:
        if changed_between(request.args, page):
            raise NotOnThePage(
                gettext(
                    "The first and the last words of the passage stand on page %(number)s, but the text "
                    "between them has changed since this link was made, so it is not cited.",
                    number=number,
                ),
                gettext("Select the words on the page itself, as they stand there now."),
            )
        raise NotOnThePage(
            gettext("The passage does not stand on page %(number)s, so it is not cited.", number=number),
            gettext("Select the words on the page itself, or check the quotation against the whole archive."),
        )
    return document, page, cite_passage(document, places, archive)


def _notices(citation: Citation) -> list[str]:
    """What a reader should know before quoting."""
    notices = []
    if citation.is_demonstration:
        notices.append(gettext("This is a demonstration text, not the official document."))
    if citation.quote:
        notices += _notices_of_place(citation.quote)
    if citation.places > 1:
        notices.append(
            ngettext(
                "These words stand on this page %(num)s time; the link marks them.",
                "These words stand on this page %(num)s times; the link marks every place.",
                citation.places,
            )
        )
    return notices


def _notices_of_place(quote: Place) -> Iterator[str]:
    is_on_one_page = quote.first == quote.last
    if "ocr" in quote.sources:
        yield (
            gettext(
                "This page was read from an image by OCR, which may have misread it: compare with the image."
            )
            if is_on_one_page
            else gettext(
                "A page on which these words stand was read from an image by OCR, which may have misread it: "
                "compare with the image."
            )
        )
    if "corrected" in quote.sources:
        yield (
            gettext("An archivist corrected the text of this page.")
            if is_on_one_page
            else gettext("An archivist corrected the text of a page on which these words stand.")
        )
    if quote.skipped:
        languages = [language_name(language) for language in quote.skipped]
        yield gettext(
            "The selection runs over texts in several languages. This is what of it stands in the text in "
            "%(language)s; left out are the words in: %(others)s.",
            language=language_name(quote.language),
            others=", ".join(languages),
        )
    if quote.has_cells:
        yield gettext("In a table, | stands between cells and / between rows.")
    if quote.skips_running:
        yield gettext(
            "A running head or foot, such as a title or page number, was left out: it is no part of the text."
        )
    if quote.is_known_by_ends:
        yield gettext(
            "The link that led here tells of these words only the first and the last ones: those between may "
            "have been others when it was made. The link below holds for the words as they stand now."
        )


def _label(name: NotationName) -> str:
    """What readers call a notation."""
    labels = {"bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON", "html": "HTML"}
    for language in INTERFACE_LANGUAGES:
        labels[f"text-{language}"] = gettext("Text, %(language)s", language=language_name(language))
        labels[f"wiki-{language}"] = gettext("Wikipedia, %(language)s", language=language_name(language))
    return labels[name]


def _address(endpoint: str, ending: str | None = None) -> str:
    """The path of the card, or of a file, that says the same as this one."""
    asked: dict[str, Any] = {**(request.view_args or {}), **asked_words(request.args), "ending": ending}
    return url_for(endpoint, **asked)


def _for_today(answer: Response) -> Response:
    """Tomorrow the date of access is another one."""
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer
