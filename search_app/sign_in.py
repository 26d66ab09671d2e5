"""Who is at the archivist's desk: sessions, the tokens of forms, a limit on guessing passwords."""

import hmac
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import current_app, request, session
from flask.sansio.app import App
from flask_babel import gettext

from archive.accounts import Accounts
from archive.errors import TerugblikError, UsageError
from archive.languages import INTERFACE_LANGUAGES

_SESSION_SECONDS = 12 * 3600
"""A working day; after that, sign in again."""

_ATTEMPTS_SECONDS = 15 * 60
_ATTEMPTS_FOR_A_NAME = 5
_ATTEMPTS_FROM_AN_ADDRESS = 20
_MOST_KEYS = 10_000
"""Names and addresses that are remembered; whoever sends more makes the oldest be forgotten."""

_ADDRESS_OF_THE_DESK = re.compile(rf"/(?:{'|'.join(INTERFACE_LANGUAGES)})/archivist(?:/[A-Za-z0-9/-]*)?")


class SignInNeeded(TerugblikError):
    """The request is for archivists, and nobody has signed in."""

    code = "sign-in-needed"
    http_status = HTTPStatus.FORBIDDEN


class FormExpired(UsageError):
    """A form came without the token that the page with the form was given."""

    code = "form-expired"


class TooManyAttempts(TerugblikError):
    """Too many sign-ins failed in a short time."""

    code = "too-many-attempts"
    http_status = HTTPStatus.TOO_MANY_REQUESTS


class Attempts:
    """Counts attempts to sign in, by name and by address; forgets them after a quarter of an hour."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, address: str) -> None:
        """Count an attempt, before the password is looked at: attempts at the same moment count too.

        Raises:
            TooManyAttempts: wait a quarter of an hour.
        """
        now = time.monotonic()
        limits = ((self._key(name, address), _ATTEMPTS_FOR_A_NAME), (address, _ATTEMPTS_FROM_AN_ADDRESS))
        with self._lock:
            for key, most in limits:
                if len(self._recent(key, now)) >= most:
                    raise TooManyAttempts(
                        gettext("There were too many attempts to sign in."),
                        gettext("Wait a quarter of an hour and try again."),
                    )
            for key, _most in limits:
                self._times[key] = [*self._recent(key, now), now]
                self._times.move_to_end(key)
            while len(self._times) > _MOST_KEYS:
                self._times.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the attempts that led to this success."""
        with self._lock:
            self._times.pop(self._key(name, address), None)
            self._times.pop(address, None)

    def _recent(self, key: str, now: float) -> Sequence[float]:
        return [moment for moment in self._times.get(key, ()) if now - moment < _ATTEMPTS_SECONDS]

    @staticmethod
    def _key(name: str, address: str) -> str:
        return f"{address} {name[:64].casefold()}"


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands between the world and the desk, once for each application."""

    accounts: Accounts
    attempts: Attempts = field(default_factory=Attempts)


def put_gate(app: App) -> None:
    """Make the gate of `app`, whose archive is open already."""
    app.extensions["gate"] = Gate(Accounts(app.extensions["archive"].catalogue))


def _gate() -> Gate:
    gate: Gate = current_app.extensions["gate"]
    return gate


def sign_in(name: str, password: str) -> bool:
    """Open a session if this is an account's name and password.

    Raises:
        TooManyAttempts: wait a quarter of an hour.
    """
    gate = _gate()
    address = request.remote_addr or ""
    gate.attempts.begin(name, address)
    if not gate.accounts.verify(name, password):
        return False
    gate.attempts.succeeded(name, address)
    session.clear()
    session["archivist"] = name
    session["since"] = int(time.time())
    return True


def signed_in() -> str | None:
    """The name of the archivist of this request's session."""
    name = session.get("archivist")
    if name is None or time.time() - session["since"] > _SESSION_SECONDS:
        return None
    return str(name) if name in _gate().accounts.names() else None


def form_token() -> str:
    """The token of this session's forms: other sites cannot know it, so they cannot send our forms."""
    if "token" not in session:
        session["token"] = secrets.token_urlsafe(32)
    return str(session["token"])


def check_form_token() -> None:
    """Refuse a form that was not made for this session.

    Raises:
        FormExpired: the token is missing or another.
    """
    sent = request.form.get("token", "")
    if not hmac.compare_digest(sent.encode(), str(session.get("token", "")).encode()) or not sent:
        raise FormExpired(
            gettext("This form has expired, or was not sent from this site."),
            gettext("Open the page again and send the form from there."),
        )


def is_desk_address(address: str) -> bool:
    """Whether to go on to `address` after signing in: only to the archivist's own pages, never elsewhere."""
    return _ADDRESS_OF_THE_DESK.fullmatch(address) is not None
