"""Pages that readers want to see enlarged, and that wait to be drawn by the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.document_rows import find_document
from archive.database import tables

MOST_WAITING = 200
"""Most pages that may wait. If there are more, readers see the image of normal size."""

MOST_ATTEMPTS = 2
"""How often drawing a page is tried. Afterwards it is not tried again until the document is read again."""


@dataclass(frozen=True, slots=True)
class WantedImage:
    """A page that a reader wants to see enlarged."""

    document: str
    page: int


class WantedImages:
    """The pages of one archive that wait to be drawn. Any process may add some; the worker draws them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._database = catalogue.database

    def ask(self, wanted: WantedImage) -> bool:
        """Add a page. Returns whether it is waiting now: False if it could not be drawn, or too many are
        waiting.

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
        """The pages that wait, those that wait longest first; at most `most`."""
        table = tables.wanted_images
        query = select(table).where(table.c.attempts < MOST_ATTEMPTS)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(table.c.asked_at, table.c.page).limit(most))
            return [WantedImage(row.document, row.page) for row in rows]

    def begin(self, wanted: WantedImage) -> None:
        """Count an attempt before it is made, so that it counts even if the worker crashes."""
        table = tables.wanted_images
        with self._database.writing() as connection:
            connection.execute(update(table).where(_is(wanted)).values(attempts=table.c.attempts + 1))

    def settle(self, wanted: WantedImage) -> None:
        """Remove a page that is drawn, or need not be drawn."""
        with self._database.writing() as connection:
            connection.execute(delete(tables.wanted_images).where(_is(wanted)))

    def forget(self, document: str) -> None:
        """Remove all pages of a document, so that those that could not be drawn may be tried again."""
        table = tables.wanted_images
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.document == document))


def _is(wanted: WantedImage) -> ColumnElement[bool]:
    table = tables.wanted_images
    return (table.c.document == wanted.document) & (table.c.page == wanted.page)
