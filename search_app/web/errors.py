"""Answers for errors: JSON of one form for programs, a page for people.

Message and next step are in the language of the interface (`error_words.py`); in the API they are in
English. An unexpected error is logged with its traceback, which is not shown.
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
"""Endings of files that are opened by programs, which get the message as plain text and not as a page.
Originals (.pdf)
are not among them: people open these in a browser."""

SECONDS_TO_WAIT, _SECONDS_FOR_INDEX = "60", "10"
"""Seconds after which to try again: after a 503, and while the index is being rebuilt."""


class TooManyRequests(TerugblikError):
    """A client sends too many requests. It may try again after `retry_after` seconds."""

    code = "too-many-requests"
    http_status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str, hint: str | None = None, *, retry_after: int) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error, ready to be shown."""

    status: int
    code: str
    """The code for programs, such as `not-found`."""
    words: ErrorWords
    headers: Mapping[str, str] = field(default_factory=dict)


def register(app: Flask) -> None:
    """Make the application answer all errors in the same way."""
    app.register_error_handler(Exception, answer_error)


def wants_json() -> bool:
    """Whether this request comes from a program: it asks the API or for a JSON file, or prefers JSON."""
    if request.path.startswith("/api/v") or request.path.endswith((".json", ".jsonl")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def answer_error(error: Exception) -> Response | HTTPException:
    """The answer to a request that ended with an error."""
    if isinstance(error, HTTPException) and (error.code is None or error.code < HTTPStatus.BAD_REQUEST):
        return error  # a redirect
    _speak_the_language_of_the_address()
    trouble = _trouble(error)
    if trouble.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, ImageBeingMade):
        cause = None if isinstance(error, ReadOnlyArchive | IndexUnusable) else error
        current_app.logger.error("%s %s: %s", request.method, request.path, error, exc_info=cause)
    # Without a valid host no addresses can be made, so the page of the site with its links cannot be shown.
    return _shaped(trouble, _bare_page if isinstance(error, BadHost) else _page)


def brief_answer(make_trouble: Callable[[], Trouble]) -> Response:
    """A quickly made answer to a request that is refused before it reaches a view.

    Args:
        make_trouble: makes the error, in the language of the interface of this request.
    """
    _speak_the_language_of_the_address()
    answer = _shaped(make_trouble(), _bare_page)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _shaped(trouble: Trouble, draw: Callable[[Trouble], str]) -> Response:
    """The answer in the form that the request asks for: JSON, plain text or a page."""
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
    """The status, code and message for an error."""
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
    """Take the language of the interface from the address, even if there is no page at this address."""
    language = request.path.split("/", 2)[1]
    if language in INTERFACE_LANGUAGES:
        g.interface_language = language


def _page(trouble: Trouble) -> str:
    """The page for an error; a plain one if the page of the site cannot be made because of the same error."""
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
