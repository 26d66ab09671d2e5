"""Signing in and out at the archivist's desk (Flask-Login), with a limit on guessing passwords.

A session is a row in the catalogue; Flask-Login keeps its token in the cookie. Readers who do not sign in
have neither.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, current_app, session
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from archive.accounts.accounts import Accounts
from archive.accounts.attempts import Attempts
from archive.errors import ServiceUnavailable, TerugblikError
from archive.languages import INTERFACE_LANGUAGES
from search_app.web.errors import TooManyRequests
from search_app.web.protection.clients import client_address

_ADDRESS_OF_THE_DESK = re.compile(rf"/(?:{'|'.join(INTERFACE_LANGUAGES)})/archivist(?:/[A-Za-z0-9/-]*)?")


class SignInNeeded(TerugblikError):
    """The request is for archivists, and nobody has signed in."""

    code = "sign-in-needed"
    http_status = HTTPStatus.FORBIDDEN


class TooManyAttempts(TooManyRequests):
    """Too many sign-ins failed in a short time."""

    code = "too-many-attempts"


class SignInUnavailable(ServiceUnavailable):
    """Nobody can sign in, because the catalogue cannot be written."""

    code = "sign-in-unavailable"


@dataclass(frozen=True, slots=True, eq=False)
class Archivist(UserMixin):  # type: ignore[misc]  # has no types
    """Somebody who has signed in."""

    name: str
    token: str

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's token, which ends with the session."""
        return self.token


@dataclass(frozen=True, slots=True)
class Gate:
    """The objects that signing in needs, one for each application."""

    accounts: Accounts
    attempts: Attempts


def register(app: Flask) -> None:
    """Make signing in possible at `app`, whose archive is already open."""
    catalogue = app.extensions["library"].catalogue
    gate = Gate(Accounts(catalogue), Attempts(catalogue))
    app.extensions["gate"] = gate
    people = LoginManager()
    people.session_protection = None  # an archivist whose address changes stays signed in

    @people.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> Archivist | None:
        name = gate.accounts.signed_in(token)
        return Archivist(name, token) if name is not None else None

    # Not by init_app: for "remember me", which is not offered, that looks into the cookie at every answer,
    # and so tells caches that each page for readers depends on who asks.
    app.login_manager = people  # type: ignore[attr-defined]


def _gate() -> Gate:
    gate: Gate = current_app.extensions["gate"]
    return gate


def sign_in(name: str, password: str) -> bool:
    """Open a session if this is an account's name and password.

    Raises:
        TooManyAttempts: it says how long to wait.
        SignInUnavailable: the catalogue cannot be written.
    """
    gate, address = _gate(), client_address()
    with _told_as_unavailable():
        _begin_attempt(name, address)
        if not _enter(name, password):
            return False
        gate.attempts.succeeded(name, address)
    return True


def _enter(name: str, password: str) -> bool:
    token = _gate().accounts.sign_in(name, password)
    if token is None:
        return False
    session.clear()  # what was there before was given to a stranger
    login_user(Archivist(name, token))
    return True


def sign_out() -> None:
    """End the session, in every browser that has its cookie.

    Raises:
        SignInUnavailable: the catalogue cannot be written, so the session goes on.
    """
    with _told_as_unavailable():
        _gate().accounts.sign_out(current_user.get_id())
    logout_user()
    session.clear()


def change_password(old: str, new: str) -> bool:
    """Give the signed-in archivist another password, if `old` is the present one. All their sessions end;
    this browser gets a new one.

    Raises:
        TooManyAttempts: the old password was guessed at; it says how long to wait.
        WrongPassword: the new one is too short or too long.
        SignInUnavailable: the catalogue cannot be written.
    """
    gate, name, address = _gate(), current_user.name, client_address()
    with _told_as_unavailable():
        _begin_attempt(name, address)
        if not gate.accounts.verify(name, old):
            return False
        gate.attempts.succeeded(name, address)
        gate.accounts.change_password(name, new)
        return _enter(name, new)


def signed_in() -> str | None:
    """The name of the archivist whose session this request belongs to. Needs only the headers of the request
    and, if they have no session, not even the catalogue.
    """
    name: str | None = getattr(current_user, "name", None)
    return name


def is_desk_address(address: str) -> bool:
    """Whether to go on to `address` after signing in: only to the archivist's own pages, never elsewhere."""
    return _ADDRESS_OF_THE_DESK.fullmatch(address) is not None


def _begin_attempt(name: str, address: str) -> None:
    seconds = _gate().attempts.begin(name, address)
    if seconds:
        raise TooManyAttempts(
            gettext("There were too many attempts to sign in."),
            gettext("Wait a quarter of an hour and try again."),
            retry_after=seconds,
        )


@contextmanager
def _told_as_unavailable() -> Iterator[None]:
    """Explain why nobody can sign in: sessions and counts of attempts must be written."""
    try:
        yield
    except ServiceUnavailable as error:
        raise SignInUnavailable(
            gettext("Nobody can sign in or out at the moment, because the archive cannot be written to."),
            gettext(
                "Its disk is full, it is a read-only copy, or others are writing. Reading is still "
                "possible; try again later, or tell the administrators."
            ),
        ) from error
