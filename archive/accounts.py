"""The archivists' accounts: names and Argon2 hashes of their passwords (RFC 9106)."""

import re
import secrets
import unicodedata
from datetime import UTC, datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from archive import tables
from archive.catalogue import Catalogue
from archive.errors import UsageError

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000
"""Characters; a longer one only costs time."""

_NAME = re.compile(r"[^\W_][\w.@+-]{0,63}")


class Accounts:
    """Who may sign in as archivist."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._database = catalogue.database
        self._hasher = PasswordHasher()

    def add(self, name: str, password: str) -> None:
        """Make an account.

        Raises:
            UsageError: the name or the password cannot be used, or the name is taken.
        """
        if not _NAME.fullmatch(name):
            raise UsageError(
                "An account name has 1 to 64 letters, digits or . _ @ + - and starts with a letter or digit."
            )
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise UsageError(
                f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
                "Take a few words that only you would put together.",
            )
        row = {
            "name": name,
            "password": self._hasher.hash(_secret(password)),
            "created_at": datetime.now(UTC),
        }
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.accounts).values(row))
        except IntegrityError:
            raise UsageError(f"There is an account {name} already.") from None

    def verify(self, name: str, password: str) -> bool:
        """Whether this is the account's password. Takes as long for an unknown name as for a known one."""
        if len(password) > LONGEST_PASSWORD:
            return False
        table = tables.accounts
        with self._database.reading() as connection:
            query = select(table.c.password).where(table.c.name == name)
            known = connection.execute(query).scalar_one_or_none() if _NAME.fullmatch(name) else None
        decoy = _hash_of_nobody()
        try:
            self._hasher.verify(known or decoy, _secret(password))
        except (VerificationError, InvalidHashError):
            return False
        if known is None:
            return False
        if self._hasher.check_needs_rehash(known):
            with self._database.writing() as connection:
                renewed = self._hasher.hash(_secret(password))
                connection.execute(update(table).where(table.c.name == name).values(password=renewed))
        return True

    def names(self) -> list[str]:
        """All account names, in order."""
        with self._database.reading() as connection:
            return sorted(connection.execute(select(tables.accounts.c.name)).scalars())


@cache
def _hash_of_nobody() -> str:
    """The hash of a password that nobody has, to spend the usual time on a name that does not exist."""
    return PasswordHasher().hash(secrets.token_urlsafe())


def _secret(password: str) -> bytes:
    """The bytes that are hashed: the same for every way in which a keyboard composes an accented letter."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
