"""Quote and cite: the card of a passage, a page or a document, and its citation in many notations.

The card is a page of its own, which works without a script, and JSON of one shape for the script that shows
it over the page.
"""

import re
from typing import Any, TypedDict

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext

from archive.errors import NotFound
from archive.languages import INTERFACE_LANGUAGES, Language
from archive.records import Document, Page
from search_app.citation_formats import NOTATIONS, NotationName, write, written_date
from search_app.cited import ARCHIVE, Citation, WordRange, cite_document, cite_page, cite_passage, cite_words
from search_app.document import LONGEST_PASSAGE
from search_app.errors import wants_json
from search_app.interface import interface_language
from search_app.library import library
from search_app.parameters import Text, WrongParameter, refuse_unknown
from search_app.wording import language_name

blueprint = Blueprint("citation", __name__)

_DOCUMENT = "/<any(nl, fr, en):interface>/document/<identifier>"
_PAGE = f"{_DOCUMENT}/page/<int:number>"
_ENDING = "<any(json, bib, ris, 'csl.json'):ending>"

WORDS = Text("words", "Numbers of the first and last word on the page, from 0, such as 17-31.", 20)
PASSAGE = Text("passage", "The words to cite, as they stand on the page.", LONGEST_PASSAGE)

_ASKED = tuple(parameter.name for parameter in (WORDS, PASSAGE))

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
    """A citation, as the script of the page view gets it.

    `text` holds the exact words, and its language is `text_language`; both are null where a page or a
    document is cited as a whole. `is_marked` tells whether the link marks the words. `accessed` is a date of
    ISO 8601, `accessed_on` the same written out. `page_url` is the path of the page that shows all this,
    `json_url` that of this JSON.
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
    is_marked: bool
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
        html = render_template("cite.html", document=document, page=page, card=card, citation=citation)
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
        "is_marked": citation.is_marked,
        "original_url": citation.original_url,
        "sha256": citation.sha256,
        "accessed": citation.accessed.isoformat(),
        "accessed_on": written_date(citation.accessed, language),
        "archive": ARCHIVE,
        "is_demonstration": citation.is_demonstration,
        "notices": _notices(citation),
        "page_url": _address("citation.cite", citation),
        "json_url": _address("citation.download", citation, "json"),
        "notations": [
            {
                "name": name,
                "label": _label(name),
                "text": write(citation, name, language),
                "download": _address("citation.download", citation, name) if name in _TYPES else None,
            }
            for name in NOTATIONS
        ],
    }


def _read(identifier: str, number: int | None) -> tuple[Document, Page | None, Citation]:
    """What the request asks to cite."""
    archive = library()
    document = archive.document(identifier)
    refuse_unknown(request.args, (WORDS, PASSAGE) if number is not None else ())
    if number is None:
        return document, None, cite_document(document, archive)
    page = archive.catalogue.page(document.id, number)
    passage, words = PASSAGE.read(request.args).strip(), _asked_words(page)
    if words is not None:
        return document, page, cite_words(document, page, words, archive)
    if not passage:
        return document, page, cite_page(document, page, archive)
    citation = cite_passage(document, page, passage, archive)
    if citation is None:
        raise NotOnThePage(
            gettext("The passage does not stand on page %(number)s, so it is not cited.", number=number),
            gettext("Select the words on the page itself, or check the quotation against the whole archive."),
        )
    return document, page, citation


def _asked_words(page: Page) -> WordRange | None:
    text = WORDS.read(request.args).strip()
    if not text:
        return None
    last = sum(len(passage.words) for passage in page.passages) - 1
    asked = re.fullmatch("([0-9]{1,9})(?:-([0-9]{1,9}))?", text)
    first, end = (int(asked[1]), int(asked[2] or asked[1])) if asked else (0, -1)
    if first <= end <= last:
        return first, end
    message = gettext(
        "The parameter %(name)s has the value %(value)s, which cannot be used.",
        name="words",
        value=repr(text),
    )
    if last < 0:
        raise WrongParameter(message, gettext("There is no text on this page."))
    allowed = gettext("the numbers of a first and a last word from 0 to %(last)s, such as 3-9", last=last)
    raise WrongParameter(message, gettext("What can be used is %(allowed)s.", allowed=allowed))


def _notices(citation: Citation) -> list[str]:
    """What a reader should know before quoting."""
    notices = []
    if citation.is_demonstration:
        notices.append(gettext("This is a demonstration text, not the official document."))
    if citation.quote and citation.quote.source == "ocr":
        notices.append(
            gettext(
                "This page was read from an image by OCR, which may have misread it: compare with the image."
            )
        )
    if citation.quote and citation.quote.source == "corrected":
        notices.append(gettext("An archivist corrected the text of this page."))
    if citation.quote and not citation.is_marked:
        notices.append(gettext("These words cannot be marked on the page; the link leads to the page."))
    return notices


def _label(name: NotationName) -> str:
    """What readers call a notation."""
    kind, _hyphen, ending = name.partition("-")
    for language in INTERFACE_LANGUAGES:
        if kind == "text" and ending == language:
            return str(gettext("Text, %(language)s", language=language_name(language)))
        if kind == "wiki" and ending == language:
            return str(gettext("Wikipedia, %(language)s", language=language_name(language)))
    return {"bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON", "html": "HTML"}[name]


def _address(endpoint: str, citation: Citation, ending: str | None = None) -> str:
    """The path of the card, or of a file, that says the same as this one."""
    asked: dict[str, Any] = {name: request.args[name] for name in _ASKED if request.args.get(name)}
    number = (request.view_args or {}).get("number")
    return url_for(endpoint, identifier=citation.document, number=number, ending=ending, **asked)


def _for_today(answer: Response) -> Response:
    """Tomorrow the date of access is another one."""
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer
