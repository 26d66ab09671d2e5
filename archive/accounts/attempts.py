"""Attempts to sign in, counted in the catalogue so that all processes of a site share one count.

An attempt is counted before its password is checked, so that simultaneous attempts count too. A name is
counted separately for each address, so that nobody can lock a colleague out from elsewhere.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select

from archive.catalogue.catalogue import Catalogue
from archive.database import tables

_WINDOW = timedelta(minutes=15)
_MOST_FOR_A_NAME = 5
"""Attempts for one name from one address."""
_MOST_FROM_AN_ADDRESS = 20
_MOST_KEPT = 10_000
"""Most rows; beyond that, the oldest attempts are forgotten."""


class Attempts:
    """The failed attempts to sign in within the last quarter of an hour."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._database = catalogue.database

    def begin(self, name: str, address: str) -> int:
        """Count an attempt. Returns 0, or the seconds to wait where there were too many; that one is not
        counted, so that waiting helps."""
        table, now, hashed = tables.sign_in_attempts, datetime.now(UTC), _hash_of(name)
        query = select(table.c.name, table.c.at).where(table.c.address == address).order_by(table.c.at.desc())
        with self._database.writing() as connection:
            self._database.take_turns(connection, table.name)
            # Attempts in the future were recorded while the clock was wrong.
            is_over = (table.c.at <= now - _WINDOW) | (table.c.at > now + _WINDOW)
            connection.execute(delete(table).where(is_over))
            earlier = connection.execute(query).all()
            for_the_name = [row.at for row in earlier if row.name == hashed]
            for times, most in (
                (for_the_name, _MOST_FOR_A_NAME),
                ([row.at for row in earlier], _MOST_FROM_AN_ADDRESS),
            ):
                if len(times) >= most:
                    # The attempt that must be forgotten before there is room for another one.
                    return max(1, int((times[most - 1] + _WINDOW - now).total_seconds()) + 1)
            number = connection.execute(
                insert(table).values(name=hashed, address=address, at=now).returning(table.c.id)
            ).scalar_one()
            connection.execute(delete(table).where(table.c.id <= number - _MOST_KEPT))
        return 0

    def succeeded(self, name: str, address: str) -> None:
        """Forget the attempts that led to this success; those for other names stay."""
        table = tables.sign_in_attempts
        of_this_name = (table.c.address == address) & (table.c.name == _hash_of(name))
        with self._database.writing() as connection:
            connection.execute(delete(table).where(of_this_name))


def _hash_of(name: str) -> str:
    """The hash that is stored for a name, because some people type their password there."""
    return hashlib.sha256(name[:64].casefold().encode("utf-8", "surrogatepass")).hexdigest()
