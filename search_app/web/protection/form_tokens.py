"""Form tokens (Flask-WTF): other sites do not know them, so they cannot send our forms in somebody's name.

In a form of the desk the token is the first field. It is checked before the files that follow are read, so
that a form can be refused quickly, however large it is.
"""

import re
from io import BufferedReader, RawIOBase
from typing import IO, Any

from flask import Flask, current_app, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from wtforms import ValidationError

from archive.errors import UsageError

_FIELD = "token"
_LONGEST_BEGINNING = 4096
"""Bytes within which the first field of a form must end."""
_FIRST_FIELD = (
    rb'(?:\r\n)?--%%b\r\n(?:[!-~ ]+\r\n)*?Content-Disposition: form-data; name="%b"\r\n'
    rb"(?:[!-~ ]+\r\n)*?\r\n([!-~]*)\r\n" % _FIELD.encode()
)
"""The token as the first part of a form with files (RFC 7578). The boundary has to be inserted."""

_DESK = "archivist"


class FormExpired(UsageError):
    """A form was sent without the token of the page that it is on."""

    code = "form-expired"


def register(app: Flask) -> None:
    """Check the token of every form. The API needs none: it ignores cookies, and may be used from any
    site."""
    app.config.update(
        WTF_CSRF_FIELD_NAME=_FIELD,
        WTF_CSRF_TIME_LIMIT=None,  # valid as long as the session, so that a long correction is not lost
        WTF_CSRF_CHECK_DEFAULT=False,  # see below
        WTF_CSRF_SSL_STRICT=False,  # some browsers send no Referer, and cookies are SameSite=Strict
    )
    forms = CSRFProtect(app)
    forms.exempt(app.blueprints["api"])

    @app.before_request
    def check() -> None:
        if request.blueprint != _DESK:  # the desk first checks who is signed in
            check_form_token()


def check_form_token() -> None:
    """Refuse a form that was not made for this session.

    Raises:
        FormExpired: the token is missing or another.
    """
    forms: CSRFProtect = current_app.extensions["csrf"]
    try:
        forms.protect(apply_exemptions=True)
    except CSRFError as error:
        raise _expired() from error


def check_token_before_files() -> None:
    """Refuse a form with files that was not made for this session, before the files are read.

    Only the token is read, which must be the first field.

    Raises:
        FormExpired: the token is missing, not the first field, or another.
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        check_form_token()  # it has no files, and such forms are short
        return
    first_field = re.compile(_FIRST_FIELD % re.escape(boundary.encode()))
    head, found = b"", None
    while found is None and len(head) < _LONGEST_BEGINNING and (more := request.stream.read(256)):
        head += more
        found = first_field.match(head)
    request.stream = BufferedReader(_Replayed(head, request.stream))  # the form is read from its beginning
    try:
        validate_csrf(found[1].decode() if found else "")
    except ValidationError as error:
        raise _expired() from error


class _Replayed(RawIOBase):
    """A stream of which the beginning was already read: returns that again, and then the rest."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into the buffer. Returns the number of bytes; 0 at the end."""
        room = memoryview(buffer)
        part = self._head[: len(room)] or self._rest.read(len(room))
        self._head = self._head[len(part) :]
        room[: len(part)] = part
        return len(part)


def _expired() -> FormExpired:
    return FormExpired(
        gettext("This form has expired, or was not sent from this site."),
        gettext("Open the page again and send the form from there."),
    )
