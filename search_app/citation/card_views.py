"""Quote and cite: the card of a passage, a page or a document, with its citation in many notations.

The card is a page of its own, which scripts of other pages fetch and show on top of them. Programs get it as
JSON in one shape.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from archive.errors import NotFound
from archive.records import Document, Page
from search_app.citation.card import FILE_TYPES, Addresses, PairJson, card_of, pair_of
from search_app.citation.citation import Citation, cite_document, cite_page, cite_passage
from search_app.citation.notations import NOTATIONS, write_all
from search_app.document.word_links import changed_between, link_parameters, linked_passages
from search_app.library import current_library
from search_app.web.errors import wants_json
from search_app.web.interface_language import interface_language
from search_app.web.parameters import (
    PASSAGE,
    SUM,
    WORDS,
    Arguments,
    Digest,
    Identifier,
    TextParameter,
    WholeNumber,
    WordsParameter,
    WrongParameter,
    refuse_unknown,
)

blueprint = Blueprint("citation", __name__)

_DOCUMENT = "/<any(nl, fr, en):interface>/document/<identifier>"
_PAGE = f"{_DOCUMENT}/page/<int:number>"
_ENDING = "<any(json, bib, ris, 'csl.json'):ending>"


_OF_WORDS = (WORDS, PASSAGE, SUM)
_OF_WORDS_BESIDE = (
    WordsParameter("with-words", WORDS.purpose),
    TextParameter("with-passage", PASSAGE.purpose, PASSAGE.longest),
    Digest("with-sum", SUM.purpose),
)
_BESIDE = Identifier("with", "Identifier of the document that holds the translation.")
_PAGE_BESIDE = WholeNumber("with-page", "The page of the translation.", 1, 1_000_000, 1)
"""What is cited together with words of a page: the same parameters, for the other document."""


class NotOnThePage(NotFound):
    """The passage is not on the page, so it is not cited."""

    code = "not-on-the-page"


@blueprint.get(f"{_DOCUMENT}/cite")
@blueprint.get(f"{_PAGE}/cite")
def cite(identifier: str, number: int | None = None) -> Response:
    """The card of `words` or a `passage` of the page; without them, of the page or the document."""
    document, page, citation = _read(identifier, number)
    card = card_of(citation, _addresses(identifier, number))
    if wants_json():
        answer = jsonify(card)
    else:
        way_back = citation.url.removeprefix(current_library().settings.base_url)
        html = render_template(
            "citation/cite.html", document=document, page=page, card=card, way_back=way_back
        )
        answer = make_response(html)
    answer.vary.add("Accept")
    return _for_today(answer)


@blueprint.get(f"{_DOCUMENT}/cite.{_ENDING}")
@blueprint.get(f"{_PAGE}/cite.{_ENDING}")
def download(identifier: str, ending: str, number: int | None = None) -> Response:
    """The same as a file: the card as JSON, or the citation for a reference manager."""
    _document, _page, citation = _read(identifier, number)
    if ending == "json":
        return _for_today(jsonify(card_of(citation, _addresses(identifier, number))))
    return _for_today(_file([citation], ending))


@blueprint.get(f"{_PAGE}/cite-both")
def cite_both(identifier: str, number: int) -> Response:
    """The card of a passage and of its translation, together."""
    _citations, pair = _read_pair(identifier, number)
    if wants_json():
        answer = jsonify(pair)
    else:
        beside: dict[str, Any] = {"with": _BESIDE.read(request.args)}
        way_back = url_for("translations.page", identifier=identifier, number=number, **beside)
        answer = make_response(
            render_template("citation/cite_both.html", pair=pair, way_back=way_back, number=number)
        )
    answer.vary.add("Accept")
    return _for_today(answer)


@blueprint.get(f"{_PAGE}/cite-both.{_ENDING}")
def download_both(identifier: str, number: int, ending: str) -> Response:
    """The same as a file."""
    citations, pair = _read_pair(identifier, number)
    return _for_today(jsonify(pair) if ending == "json" else _file(citations, ending))


def _read(identifier: str, number: int | None) -> tuple[Document, Page | None, Citation]:
    """What the request asks to cite."""
    refuse_unknown(request.args, _OF_WORDS if number is not None else ())
    return _cited(identifier, number, request.args)


def _read_pair(identifier: str, number: int) -> tuple[list[Citation], PairJson]:
    """The passage and the translation that the request asks to cite, and their card."""
    refuse_unknown(request.args, (*_OF_WORDS, _BESIDE, _PAGE_BESIDE, *_OF_WORDS_BESIDE))
    beside, on = _BESIDE.read(request.args), _PAGE_BESIDE.read(request.args)
    current_library().document(
        identifier
    )  # that it is gone or withdrawn matters more than what the request lacks
    if beside is None:
        raise WrongParameter(gettext("The other document is not specified."))
    given = [(name, request.args.get(f"with-{name}")) for name in (WORDS.name, PASSAGE.name, SUM.name)]
    there: Arguments = MultiDict([(name, value) for name, value in given if value])
    citations = [_cited(identifier, number, request.args)[2], _cited(beside, on, there)[2]]
    own = [_addresses(identifier, number, request.args), _addresses(beside, on, there)]
    cards = [card_of(citation, addresses) for citation, addresses in zip(citations, own, strict=True)]

    def addresses(ending: str | None) -> str:
        arguments: dict[str, Any] = {**(request.view_args or {}), **request.args, "ending": ending}
        return url_for("citation.download_both" if ending else "citation.cite_both", **arguments)

    return citations, pair_of(citations, cards, addresses)


def _cited(
    identifier: str, number: int | None, arguments: Arguments
) -> tuple[Document, Page | None, Citation]:
    library = current_library()
    document = library.document(identifier)
    if number is None:
        return document, None, cite_document(document, library)
    page = library.catalogue.page(document.id, number)
    if not link_parameters(arguments):
        return document, page, cite_page(document, page, library)
    places = linked_passages(arguments, document.id, page, library.catalogue)
    if not places:
        if changed_between(arguments, page):
            raise NotOnThePage(
                gettext(
                    "The first and the last words of the passage are on page %(number)s, but the text "
                    "between them has changed since this link was made, so it is not cited.",
                    number=number,
                ),
                gettext("Select the words on the page itself, as they are now."),
            )
        raise NotOnThePage(
            gettext("The passage is not on page %(number)s, so it is not cited.", number=number),
            gettext("Select the words on the page itself, or check the quotation against the whole archive."),
        )
    return document, page, cite_passage(document, places, library)


def _addresses(identifier: str, number: int | None, arguments: Arguments | None = None) -> Addresses:
    words_link = link_parameters(request.args if arguments is None else arguments)

    def address(ending: str | None) -> str:
        values: dict[str, Any] = {"identifier": identifier, "number": number, "ending": ending, **words_link}
        return url_for("citation.download" if ending else "citation.cite", **values)

    return address


def _file(citations: Sequence[Citation], ending: str) -> Response:
    notation = next(name for name in NOTATIONS if name == ending)
    answer = make_response(write_all(citations, notation, interface_language()))
    answer.headers["Content-Type"] = FILE_TYPES[ending]
    name = "+".join(citation.key for citation in citations)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def _for_today(answer: Response) -> Response:
    """Let caches keep the answer only until midnight, because it contains the date of access."""
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer
