"""Answers to requests that are refused before the application sees them, in the same shape as its errors."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import Flask
from flask_babel import gettext

from archive.errors import TerugblikError, UsageError
from archive.surroundings import NoRoom
from search_app.desk.upload import LARGEST_FORM, largest_body, largest_upload, upload_too_large
from search_app.library import Busy, current_library
from search_app.web.display_names import file_size
from search_app.web.error_words import ErrorWords, words_of_error, words_of_status
from search_app.web.errors import Trouble, brief_answer


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer, ready to be sent; the connection is closed after it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def to_response(self, _server: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body, as waitress needs them."""
        return self.status, self.headers, self.body


class Refusals:
    """Decides on requests by their headers alone, in the context of the application."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def largest_body(self, request: Any) -> tuple[int, bool]:
        """The most bytes that the body of a request may have, and whether it may be an upload."""
        if not request.chunked and request.content_length <= LARGEST_FORM:
            return LARGEST_FORM, False
        try:
            with self._app.request_context(_environment(request)):
                largest = largest_upload()
        except TerugblikError:
            largest = None  # the catalogue cannot be used, so an upload would fail, too
        return (LARGEST_FORM, False) if largest is None else (largest, True)

    def of(self, why: int | str, request: Any) -> Refusal:
        """The answer to a request that is refused.

        Args:
            why: "busy", "too-large", "no-room", or the status of what is wrong with the request.
        """
        with self._app.request_context(_environment(request)):
            answer = brief_answer(lambda: _trouble(why, request.is_upload))
            headers = [(name, value) for name, value in answer.headers if name != "Content-Length"]
            return Refusal(answer.status, headers, answer.get_data())


def _trouble(why: int | str, is_upload: bool) -> Trouble:
    if why == "busy":
        unavailable = HTTPStatus.SERVICE_UNAVAILABLE
        message, hint = (
            gettext("Very many requests are coming in at the moment."),
            gettext("Try again in a few seconds."),
        )
        words = ErrorWords(words_of_status(unavailable).title, message, hint)
        return Trouble(unavailable, Busy.code, words, {"Retry-After": "5"})
    if why == "no-room":
        return _trouble_of(NoRoom(""), {"Retry-After": "60"})
    if why == "too-large" and is_upload:
        return _trouble_of(upload_too_large(largest_body(current_library().settings)))
    if why == "too-large":
        words = words_of_status(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        message = gettext(
            "The upload is larger than %(most)s. Only archivists who have signed in may upload more.",
            most=file_size(LARGEST_FORM),
        )
        return Trouble(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", replace(words, message=message))
    if why == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = {
            "Allow": "GET, HEAD, OPTIONS"
        }  # the methods of nearly every address; a route may have more
        return Trouble(
            HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", words_of_status(int(why)), allowed
        )
    return Trouble(int(why), UsageError.code, words_of_status(HTTPStatus.BAD_REQUEST))


def _trouble_of(error: TerugblikError, headers: Mapping[str, str] | None = None) -> Trouble:
    return Trouble(error.http_status, error.code, words_of_error(error), headers or {})


def _environment(request: Any) -> dict[str, object]:
    """The WSGI environment of a request whose body was not read."""
    headers = {f"HTTP_{name}": value for name, value in request.headers.items() if name != "HOST"}
    return {
        **headers,
        "REQUEST_METHOD": getattr(request, "command", "GET"),
        "PATH_INFO": getattr(request, "path", "/"),
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
