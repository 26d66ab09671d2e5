"""What the reader sees when something is wrong: one JSON shape for programs, one page for people.

Message and next step are in the language of the interface (`error_words.py`); the API speaks English. An
unforeseen error is logged with its traceback and shown without it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from markupsafe import escape
from werkzeug import Response
from werkzeug.exceptions import BadHost, HTTPException

from archive.errors import NotFound, ReadOnlyArchive, ServiceUnavailable, TerugblikError, UsageError
from archive.languages import INTERFACE_LANGUAGES
from archive.surroundings import trouble_behind
from index.errors import IndexUnusable
from search_app.image_requests import ImageBeingMade
from search_app.web.error_words import ErrorWords, words_of_error, words_of_status

_FILES = (".atom", ".bib", ".css", ".csv", ".js", ".png", ".ris", ".svg", ".webp", ".xlsx", ".xml")
"""Endings of files that programs open, to which a page tells nothing: they get the same as plain text. An
original (.pdf) is opened by a browser, with a person before it."""

SECONDS_TO_WAIT, _SECONDS_FOR_INDEX = "60", "10"
"""When to try again after a 503; while the index is made anew."""


class TooManyRequests(TerugblikError):
    """A client asks too often; `retry_after` is when it may ask again, in seconds."""

    code = "too-many-requests"
    http_status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str, hint: str | None = None, *, retry_after: int) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, ready to be shown."""

    status: int
    code: str
    """For machines, such as `not-found`."""
    words: ErrorWords
    headers: Mapping[str, str] = field(default_factory=dict)


def register(app: Flask) -> None:
    """Let `app` answer every error in the same shape."""
    app.register_error_handler(Exception, answer_error)


def wants_json() -> bool:
    """Whether this request comes from a program: it asks the API or for a JSON file, or prefers JSON."""
    if request.path.startswith("/api/v") or request.path.endswith((".json", ".jsonl")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def answer_error(error: Exception) -> Response | HTTPException:
    """The answer to a request in which something went wrong."""
    if isinstance(error, HTTPException) and (error.code is None or error.code < HTTPStatus.BAD_REQUEST):
        return error  # a redirect
    _speak_the_language_of_the_address()
    trouble = _trouble(error)
    if trouble.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, ImageBeingMade):
        cause = None if isinstance(error, ReadOnlyArchive | IndexUnusable) else error
        current_app.logger.error("%s %s: %s", request.method, request.path, error, exc_info=cause)
    # Without a host that can be one there are no addresses, and so no page of the site with its links.
    return _shaped(trouble, _bare_page if isinstance(error, BadHost) else _page)


def brief_answer(make_trouble: Callable[[], Trouble]) -> Response:
    """A cheap answer to a request that reaches no view.

    Args:
        make_trouble: says what is wrong, in the language of the interface of this request.
    """
    _speak_the_language_of_the_address()
    answer = _shaped(make_trouble(), _bare_page)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shaped(trouble: Trouble, draw: Callable[[Trouble], str]) -> Response:
    """What is told, in the shape that this request asks for: JSON, plain text or a page."""
    if wants_json():
        body = {"code": trouble.code, "message": trouble.words.message, "hint": trouble.words.hint}
        answer = jsonify({"error": body})
    elif request.path.endswith(_FILES):
        answer = make_response(f"{trouble.words.title}\n\n{trouble.words.message}\n{trouble.words.hint}\n")
        answer.mimetype = "text/plain"
    else:
        answer = make_response(draw(trouble))
    answer.status_code = trouble.status
    answer.headers.update(trouble.headers)
    return answer


def _trouble(error: Exception) -> Trouble:
    """Put an error into words for readers of the site."""
    if not isinstance(error, TerugblikError | HTTPException):
        error = trouble_behind(error) or error
    if isinstance(error, TerugblikError):
        headers = {}
        if error.http_status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers = {
                "Retry-After": _SECONDS_FOR_INDEX if isinstance(error, IndexUnusable) else SECONDS_TO_WAIT
            }
        elif isinstance(error, TooManyRequests):
            headers = {"Retry-After": str(error.retry_after)}
        return Trouble(error.http_status, error.code, words_of_error(error), headers)
    if isinstance(error, HTTPException) and error.code is not None:
        code = _CODES.get(error.code) or error.name.lower().replace(" ", "-")
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return Trouble(error.code, code, words_of_status(error.code), headers)
    internal = HTTPStatus.INTERNAL_SERVER_ERROR
    return Trouble(internal, _CODES[internal], words_of_status(internal))


_CODES: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: UsageError.code,
    HTTPStatus.NOT_FOUND: NotFound.code,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal",
    HTTPStatus.SERVICE_UNAVAILABLE: ServiceUnavailable.code,
}


def _speak_the_language_of_the_address() -> None:
    """An address without a page still says in which language it was asked."""
    language = request.path.split("/", 2)[1]
    if language in INTERFACE_LANGUAGES:
        g.interface_language = language


def _page(trouble: Trouble) -> str:
    """The page of an error; a bare one when the cause of the error also breaks the site's own pages."""
    g.is_gone = trouble.status == HTTPStatus.GONE
    try:
        return render_template("error.html", trouble=trouble)
    except Exception:
        current_app.logger.exception("the page of an error could not be drawn")
        return _bare_page(trouble)


def _bare_page(trouble: Trouble) -> str:
    return (
        f"<!doctype html><title>Terugblik</title><h1>{escape(trouble.words.title)}</h1>"
        f"<p>{escape(trouble.words.message)}</p><p>{escape(trouble.words.hint)}</p>"
    )
