"""Which pages readers want to see larger than they are drawn: they wait here for the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.document_rows import find_document
from archive.database import tables

MOST_WAITING = 200
"""Pages that may wait. More than that no reader waits for; who asks then is shown the image that there is."""

MOST_ATTEMPTS = 2
"""How often a page is tried. Then it counts as one that cannot be drawn larger, until it is read anew."""


@dataclass(frozen=True, slots=True)
class WantedImage:
    """A page that a reader wants to see larger."""

    document: str
    page: int


class WantedImages:
    """The pages of one archive that wait. Any process may ask; one worker draws."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._database = catalogue.database

    def ask(self, wanted: WantedImage) -> bool:
        """Ask for a page; whether it waits now. No if it was tried in vain, or if too many wait.

        Raises:
            DocumentNotFound: the catalogue has no such document.
        """
        table = tables.wanted_images
        with self._database.writing() as connection:
            self._database.take_turns(connection, "wanted images")
            find_document(connection, wanted.document, hold=True)
            attempts = connection.execute(select(table.c.attempts).where(_is(wanted))).scalar()
            if attempts is not None:
                return bool(attempts < MOST_ATTEMPTS)
            waiting = select(func.count()).select_from(table).where(table.c.attempts < MOST_ATTEMPTS)
            if connection.execute(waiting).scalar_one() >= MOST_WAITING:
                return False
            values = {"document": wanted.document, "page": wanted.page, "attempts": 0}
            connection.execute(insert(table).values(**values, asked_at=datetime.now(UTC)))
            return True

    def waiting(self, most: int) -> Sequence[WantedImage]:
        """Those that wait, the longest first; at most so many."""
        table = tables.wanted_images
        query = select(table).where(table.c.attempts < MOST_ATTEMPTS)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(table.c.asked_at, table.c.page).limit(most))
            return [WantedImage(row.document, row.page) for row in rows]

    def begin(self, wanted: WantedImage) -> None:
        """Count an attempt, before it is made: whoever dies over it counts too."""
        table = tables.wanted_images
        with self._database.writing() as connection:
            connection.execute(update(table).where(_is(wanted)).values(attempts=table.c.attempts + 1))

    def settle(self, wanted: WantedImage) -> None:
        """It is drawn, or need not be drawn: nobody waits for it any more."""
        with self._database.writing() as connection:
            connection.execute(delete(tables.wanted_images).where(_is(wanted)))

    def forget(self, document: str) -> None:
        """Let what was tried in vain of a document be tried again, and nothing of it wait."""
        table = tables.wanted_images
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.document == document))


def _is(wanted: WantedImage) -> ColumnElement[bool]:
    table = tables.wanted_images
    return (table.c.document == wanted.document) & (table.c.page == wanted.page)
