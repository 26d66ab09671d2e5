"""What a reader sees when something is wrong: one JSON shape for programs, one page for people.

Errors of the other rooms speak to the command line; here they get a message and a next step that make
sense in a browser. What nobody foresaw is logged with its traceback and shown without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from flask_babel import gettext
from markupsafe import escape
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from archive.database import NotACatalogue
from archive.errors import (
    BadInputFile,
    DamagedArchive,
    DocumentNotFound,
    NotFound,
    PageNotFound,
    ServiceUnavailable,
    TerugblikError,
    UsageError,
)
from archive.languages import INTERFACE_LANGUAGES
from archive.records import Document
from index.concordance import TooManyOccurrences
from search_app.wording import too_many_occurrences

_COMMAND_LINE_HINTS = {
    kind.default_hint
    for kind in (
        *(TerugblikError, UsageError, BadInputFile, NotFound),
        *(DamagedArchive, NotACatalogue, ServiceUnavailable),
    )
}
"""Next steps for people at a terminal; readers of a site are told something else."""

_FILES = (".atom", ".bib", ".css", ".csv", ".js", ".png", ".ris", ".svg", ".webp", ".xlsx", ".xml")
"""Endings of files that programs open, to which a page tells nothing: they get the same as plain text. An
original (.pdf) is opened by a browser, with a person before it."""

_SECONDS_TO_WAIT = "60"
"""When to try again after a 503."""


class Withdrawn(NotFound):
    """The archive once showed this document and no longer does; the message says why (HTTP 410 Gone)."""

    code = "withdrawn"
    http_status = HTTPStatus.GONE

    def __init__(self, document: Document) -> None:
        reason = document.reason or gettext("none was given")
        super().__init__(
            gettext(
                "“%(title)s” has been withdrawn. The reason: %(reason)s", title=document.title, reason=reason
            ),
            gettext("Search for another edition of it, or ask the keepers of the archive."),
        )


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, ready to be told."""

    status: int
    code: str
    """For machines, such as `not-found`."""
    title: str
    message: str
    hint: str
    headers: Mapping[str, str] = field(default_factory=dict)


def register(app: Flask) -> None:
    """Let `app` answer every error in the one shape."""
    app.register_error_handler(Exception, _answer)


def wants_json() -> bool:
    """Whether this request comes from a program: it asks the API or for a file of JSON, or prefers JSON."""
    if request.path.startswith("/api/v") or request.path.endswith((".json", ".jsonl")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _answer(error: Exception) -> Response | HTTPException:
    if isinstance(error, HTTPException) and (error.code is None or error.code < HTTPStatus.BAD_REQUEST):
        return error  # a redirect
    _speak_the_language_of_the_address()
    trouble = _trouble(error)
    if trouble.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    if wants_json():
        answer = jsonify({"error": {"code": trouble.code, "message": trouble.message, "hint": trouble.hint}})
    elif request.path.endswith(_FILES):
        answer = make_response(f"{trouble.title}\n\n{trouble.message}\n{trouble.hint}\n")
        answer.mimetype = "text/plain"
    else:
        answer = make_response(_page(trouble))
    answer.status_code = trouble.status
    answer.headers.update(trouble.headers)
    return answer


def _trouble(error: Exception) -> Trouble:
    """Put an error into words for readers of the site."""
    if isinstance(error, TerugblikError):
        status = error.http_status
        title, message, hint = _words(status)
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:  # beyond that, messages may tell of folders
            message = _translated(error)
        if error.code == TooManyOccurrences.code:
            return Trouble(status, error.code, title, *too_many_occurrences())
        if error.hint not in _COMMAND_LINE_HINTS:
            hint = error.hint
        headers = {"Retry-After": _SECONDS_TO_WAIT} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        return Trouble(status, error.code, title, message, hint, headers)
    if isinstance(error, HTTPException) and error.code is not None:
        title, message, hint = _words(error.code)
        code = _CODES.get(error.code) or error.name.lower().replace(" ", "-")
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return Trouble(error.code, code, title, message, hint, headers)
    title, message, hint = _words(HTTPStatus.INTERNAL_SERVER_ERROR)
    return Trouble(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", title, message, hint)


def _translated(error: TerugblikError) -> str:
    """The message of an error; errors that rooms without translations raise often have another one here."""
    messages: dict[str, str] = {
        DocumentNotFound.code: gettext("There is no such document in the archive."),
        PageNotFound.code: gettext("This document has no such page."),
    }
    return messages.get(error.code, error.message)


_CODES: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: UsageError.code,
    HTTPStatus.NOT_FOUND: NotFound.code,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal",
    HTTPStatus.SERVICE_UNAVAILABLE: ServiceUnavailable.code,
}


def _words(status: int) -> tuple[str, str, str]:
    """Title, message and next step for a status, in the language of the interface."""
    search = gettext("Search the archive, or start from the list of its documents.")
    words: dict[int, tuple[str, str, str]] = {
        HTTPStatus.BAD_REQUEST: (
            gettext("This request cannot be understood"),
            gettext("The address or the form holds something that cannot be read."),
            gettext("Go back, correct it and try again; the help page explains what can be asked."),
        ),
        HTTPStatus.FORBIDDEN: (
            gettext("Not allowed"),
            gettext("This page is for archivists who have signed in."),
            gettext("Sign in and try again."),
        ),
        HTTPStatus.NOT_FOUND: (gettext("Not found"), gettext("There is nothing at this address."), search),
        HTTPStatus.METHOD_NOT_ALLOWED: (
            gettext("Not possible here"),
            gettext("This address does not accept requests of the kind %(method)s.", method=request.method),
            gettext("Follow the links and forms of the site, or see the description of the API."),
        ),
        HTTPStatus.GONE: (gettext("Withdrawn"), gettext("This document has been withdrawn."), search),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            gettext("Too large"),
            gettext("What was sent is larger than this address accepts."),
            gettext("Send less at a time."),
        ),
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: (
            gettext("No such part"),
            gettext("The file does not have the part that was asked for."),
            gettext("Ask for a range within the size of the file, or for the whole file."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            gettext("Too many attempts"),
            gettext("There were too many attempts in a short time."),
            gettext("Wait a while and try again."),
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            gettext("Not available right now"),
            gettext("A part of the archive that this page needs is not available at the moment."),
            gettext("Try again in a minute."),
        ),
    }
    unforeseen = (
        gettext("Something went wrong"),
        gettext("This is a fault of the site, not yours; it has been written to the log."),
        gettext("Try again later; if it happens again, tell the keepers of the archive."),
    )
    other = words[HTTPStatus.BAD_REQUEST] if status < HTTPStatus.INTERNAL_SERVER_ERROR else unforeseen
    return words.get(status, other)


def _speak_the_language_of_the_address() -> None:
    """An address without a page still says in which language it was asked."""
    language = request.path.split("/", 2)[1]
    if language in INTERFACE_LANGUAGES:
        g.interface_language = language


def _page(trouble: Trouble) -> str:
    """The page of an error; a bare one when the cause of the error also breaks the site's own pages."""
    try:
        return render_template("error.html", trouble=trouble)
    except Exception:
        current_app.logger.exception("the page of an error could not be drawn")
        return (
            f"<!doctype html><title>Terugblik</title><h1>{escape(trouble.title)}</h1>"
            f"<p>{escape(trouble.message)}</p><p>{escape(trouble.hint)}</p>"
        )
