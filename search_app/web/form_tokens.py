"""Form tokens (Flask-WTF): other sites cannot know them, so they cannot send our forms in somebody's name.

A form of the desk has its token as its first field. It is checked before the files that follow are read, so a
refused form costs nothing, however large it is.
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
"""Bytes in which the first field of a form must end."""
_FIRST_FIELD = (
    rb'(?:\r\n)?--%%b\r\n(?:[!-~ ]+\r\n)*?Content-Disposition: form-data; name="%b"\r\n'
    rb"(?:[!-~ ]+\r\n)*?\r\n([!-~]*)\r\n" % _FIELD.encode()
)
"""The token as the first part of a form with files (RFC 7578); the boundary is yet to be put in."""

_DESK = "archivist"


class FormExpired(UsageError):
    """A form came without the token that the page with the form was given."""

    code = "form-expired"


def register(app: Flask) -> None:
    """Let no form pass that was not made for who sends it. Where nobody can be signed in, none is needed: the
    API looks at no cookie and may be used from any site."""
    app.config.update(
        WTF_CSRF_FIELD_NAME=_FIELD,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a long correction is not lost
        WTF_CSRF_CHECK_DEFAULT=False,  # see below
        WTF_CSRF_SSL_STRICT=False,  # some browsers send no Referer; cookies are SameSite=Strict anyhow
    )
    forms = CSRFProtect(app)
    forms.exempt(app.blueprints["api"])

    @app.before_request
    def check() -> None:
        if request.blueprint != _DESK:  # which looks first at who asks
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
    """The same for a form with files, before they are taken: of what is sent no more is read than the token,
    which must come first.

    Raises:
        FormExpired: the token is missing, late or another.
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
    """What has been read of a stream, and then the rest of it."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as something is there; 0 at the end."""
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
