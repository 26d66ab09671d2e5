"""The archivists' accounts: names, Argon2 hashes of their passwords (RFC 9106), and sessions.

A session is a row of the catalogue: whoever shows its token is signed in until the row is deleted. So every
process knows at once that somebody signed out, was removed or has another password.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.event_rows import write_event
from archive.database import tables
from archive.errors import NotFound, UsageError
from archive.outside_text import clean_line

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000
"""Characters; a longer one only costs time."""

SESSION_HOURS = 12
"""A working day; after that, sign in again."""

_NAME = re.compile(r"[^\W_][\w.@+-]{0,63}")


class AccountNotFound(NotFound):
    """No account has this name."""

    code = "account-not-found"
    default_hint = "`terugblik user list` shows every account."


class WrongPassword(UsageError):
    """A password is too short or too long."""

    code = "wrong-password"
    default_hint = "Take a few words that only you would put together."


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in."""

    name: str
    created_at: datetime


class Accounts:
    """Who may sign in as archivist, and who is signed in."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._database = catalogue.database
        self._hasher = PasswordHasher()

    def add(self, name: str, password: str, agent: str = "") -> None:
        """Make an account. The history names `agent`, or the account itself.

        Raises:
            WrongPassword: it has too few or too many characters.
            UsageError: the name cannot be used, or is taken.
        """
        if not _NAME.fullmatch(name):
            raise UsageError(
                "An account name has 1 to 64 letters, digits or . _ @ + - and starts with a letter or digit."
            )
        row = {"name": name, "password": self._hash(password), "created_at": datetime.now(UTC)}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.accounts).values(row))
                write_event(connection, None, "account creation", agent or name, {}, {"account": name})
        except IntegrityError:
            raise UsageError(f"There is an account {name} already.") from None

    def change_password(self, name: str, password: str, agent: str = "") -> None:
        """Give an account another password. Sessions with the old one end.

        Raises:
            WrongPassword: it has too few or too many characters.
            AccountNotFound: there is no such account.
        """
        hashed = self._hash(password)
        table = tables.accounts
        with self._database.writing() as connection:
            changed = update(table).where(table.c.name == _storable(name)).values(password=hashed)
            if connection.execute(changed).rowcount == 0:
                raise AccountNotFound(f"There is no account {clean_line(name, 80)!r}.")
            _end_sessions(connection, name)
            write_event(connection, None, "password change", agent or name, {}, {"account": name})

    def remove(self, name: str, agent: str = "") -> None:
        """Remove an account and end its sessions. The history still names it.

        Raises:
            AccountNotFound: there is no such account.
        """
        table = tables.accounts
        with self._database.writing() as connection:
            _end_sessions(connection, _storable(name))
            if connection.execute(delete(table).where(table.c.name == _storable(name))).rowcount == 0:
                raise AccountNotFound(f"There is no account {clean_line(name, 80)!r}.")
            write_event(connection, None, "account removal", agent or name, {"account": name}, {})

    def all(self) -> Sequence[Account]:
        """All accounts, by name."""
        table = tables.accounts
        with self._database.reading() as connection:
            rows = connection.execute(select(table.c.name, table.c.created_at).order_by(table.c.name))
            return [Account(row.name, row.created_at) for row in rows]

    def verify(self, name: str, password: str) -> bool:
        """Whether this is the account's password. Takes as long for an unknown name as for a known one."""
        return self._verified_hash(name, password) is not None

    def sign_in(self, name: str, password: str) -> str | None:
        """Begin a session: its token, or None if this is not the name and password of an account.

        The password is renewed if its hash was made with weaker parameters than today's.
        """
        verified = self._verified_hash(name, password)
        if verified is None:
            return None
        renewed = self._hasher.hash(_secret(password)) if self._hasher.check_needs_rehash(verified) else None
        table, now, token = tables.accounts, datetime.now(UTC), secrets.token_urlsafe(32)
        row = {"token": _hash_of(token), "account": name, "begun_at": now, "expires_at": now + _LIFE}
        with self._database.writing() as connection:
            query = select(table.c.password).where(table.c.name == name).with_for_update()
            if connection.execute(query).scalar_one_or_none() != verified:
                return None  # changed or removed while we looked at the password
            if renewed is not None:
                connection.execute(update(table).where(table.c.name == name).values(password=renewed))
            connection.execute(delete(tables.sessions).where(tables.sessions.c.expires_at <= now))
            connection.execute(insert(tables.sessions).values(row))
        return token

    def signed_in(self, token: str) -> str | None:
        """The account whose session has this token; None if there is no such session, or no longer."""
        table = tables.sessions
        query = select(table.c.account).where(
            table.c.token == _hash_of(token), table.c.expires_at > datetime.now(UTC)
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def sign_out(self, token: str) -> None:
        """End the session with this token; nothing happens if it has already ended."""
        with self._database.writing() as connection:
            connection.execute(delete(tables.sessions).where(tables.sessions.c.token == _hash_of(token)))

    def _hash(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise WrongPassword(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
        return self._hasher.hash(_secret(password))

    def _verified_hash(self, name: str, password: str) -> str | None:
        """The hash in the catalogue, if this password matches it."""
        if len(password) > LONGEST_PASSWORD:
            return None
        table = tables.accounts
        with self._database.reading() as connection:
            query = select(table.c.password).where(table.c.name == name)
            known = connection.execute(query).scalar_one_or_none() if _NAME.fullmatch(name) else None
        try:
            self._hasher.verify(known or _hash_of_nobody(), _secret(password))
        except (VerificationError, InvalidHashError):
            return None
        return known


_LIFE = timedelta(hours=SESSION_HOURS)


def _end_sessions(connection: Connection, account: str) -> None:
    connection.execute(delete(tables.sessions).where(tables.sessions.c.account == account))


def _storable(name: str) -> str:
    """A name to look up; "" for anything that cannot be a name, which no account has."""
    return name if _NAME.fullmatch(name) else ""


def _hash_of(token: str) -> str:
    """The hash that is stored for a token: nobody can sign in with what the catalogue or a backup
    contains."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hash_of_nobody() -> str:
    """The hash of a password that nobody has, to spend the usual time on a name that does not exist."""
    return PasswordHasher().hash(secrets.token_urlsafe())


def _secret(password: str) -> bytes:
    """The bytes that are hashed: the same for every way in which a keyboard composes an accented letter."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
