"""The state: a number that changes with every commit to the catalogue.

A result that was worked out is kept together with the state that was read before the work began. While the
number is the same, nothing has changed. A count of events would not do: on PostgreSQL a transaction may take
the number of its event first and commit last, and whoever looked in between would never notice it. Here the
row of the state is locked from the first event of a transaction to its end, so the next writer waits.
Transactions write their events last and are short.

Each step is a random number. A catalogue restored from a backup goes on from an older state, but does not
reuse the numbers that running servers already know.
"""

import secrets

from sqlalchemy import Connection, select, update

from archive.database import tables

_LONGEST_STEP = 2**31
"""Four million changes stay below 2**53, up to which JSON's numbers are exact everywhere."""


def random_step() -> int:
    """A random increment of the state, at least 1."""
    return secrets.randbelow(_LONGEST_STEP) + 1


def move_state(connection: Connection, document: str | None) -> None:
    """Move the state of the archive and of the document that is changed, if it is one."""
    table = tables.catalogue_state
    moved = update(table).values(number=table.c.number + random_step()).returning(table.c.number)
    number = connection.execute(moved).scalar_one()
    if document is not None:
        documents = tables.documents
        connection.execute(update(documents).where(documents.c.id == document).values(state=number))


def read_state(connection: Connection) -> int:
    """The state of the archive; that of a document is in its row."""
    return int(connection.execute(select(tables.catalogue_state.c.number)).scalar_one())
