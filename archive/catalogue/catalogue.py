"""The catalogue: every document of the archive, its pages, its history and its waiting jobs.

A change of a document, the event that records it and the job that follows from it are one transaction.
Threads share a catalogue; each process opens its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from archive.catalogue.correction_rows import read_corrections, read_instructions, warn_of_lost
from archive.catalogue.document_rows import (
    UNREAD,
    change_document,
    document_as_kept,
    find_document,
    is_identifier,
    read_document,
)
from archive.catalogue.event_rows import read_events, read_text_revisions, write_event
from archive.catalogue.job_rows import drop_overtaken_jobs, index_anew, put_job
from archive.catalogue.page_corrections import NO_SUCH_PAGE, PageCare
from archive.catalogue.page_rows import read_labels, read_page, read_pages, read_texts, replace_pages
from archive.database import tables
from archive.database.database import Condition, Database
from archive.database.state import read_state
from archive.dates import EARLIEST_YEAR, LATEST_YEAR, DateFinding, findings_as_json, iso_date, year_of
from archive.errors import (
    BadInputFile,
    DamagedArchive,
    NotFound,
    NotRestorable,
    PageNotFound,
    WrongDescription,
)
from archive.languages import Language, is_language
from archive.originals import StoredOriginal
from archive.outside_text import clean_address, clean_filename, clean_headers, clean_line
from archive.plans import load_plans
from archive.reading_warnings import ReadingWarning, warning_as_json
from archive.records import KINDS, Description, Document, Event, Page, Plan, Provenance, Status

_DESCRIBED = ("title", "year", "date", "plan", "kind", "language")
_PROVENANCE = ("source_url", "retrieved_url", "retrieved_at", "http_headers")
_MOST_WARNINGS = 100
_ASKED_AT_ONCE = 500


class IdentifierCollision(BadInputFile):
    """Two different files have the same first 16 digits of SHA-256: one chance in ten billion billion."""

    code = "identifier-collision"
    http_status = 409
    default_hint = "Save the file anew in a PDF reader, which changes its bytes, and add that copy."


class Catalogue(PageCare):
    """One archive's catalogue. Open it with :meth:`open`; close it, or use it in a ``with`` block."""

    @classmethod
    def open(cls, url: str, originals: Path | None = None) -> "Catalogue":
        """Open the catalogue at a SQLAlchemy address, making or migrating it as needed.

        Raises:
            SettingError: the address is neither SQLite's nor PostgreSQL's.
            MissingCatalogue: there is none, but there are originals in the folder `originals`.
            DamagedArchive: what is there is not a catalogue, or one of a newer version; it is left untouched.
            ServiceUnavailable: it cannot be reached or written.
        """
        return cls(Database.open(url, originals))

    def on_condition(self, condition: Condition) -> "Catalogue":
        """The same catalogue, with the same connections, where each transaction that writes begins with
        `condition` and is undone by what that raises."""
        conditional = copy(self)
        conditional.database = self.database.on_condition(condition)
        return conditional

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def __enter__(self) -> "Catalogue":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _plans(self) -> tuple[Plan, ...]:
        return load_plans()

    def plans(self) -> tuple[Plan, ...]:
        """The known plans, by year."""
        return self._plans

    def plan(self, slug: str) -> Plan:
        """The plan with this slug.

        Raises:
            NotFound: no plan has it.
        """
        for plan in self._plans:
            if plan.slug == slug:
                return plan
        known = ", ".join(plan.slug for plan in self._plans)
        raise NotFound(f"There is no plan {clean_line(slug, 80)!r}.", f"The plans are: {known}.")

    def receive(
        self,
        original: StoredOriginal,
        filename: str,
        description: Description,
        provenance: Provenance,
        agent: str,
        is_demonstration: bool = False,
    ) -> tuple[Document, bool]:
        """Take a stored original into the archive and queue it for reading.

        Returns the document and whether there is work to wait for: True for a new document, and for one that
        failed before and is queued again; False for one that is already held. For a document that is already
        known, missing metadata is filled in; existing values are never overwritten. A plan itself (not a
        report about it) gets the year of the plan if no other is given.

        Raises:
            NotFound: the description names an unknown plan.
            WrongDescription: it names a kind, language or year that cannot be.
            IdentifierCollision: another file has this identifier.
        """
        columns = self._columns_of(description)
        if description.plan and description.kind == "plan" and "year" not in columns:
            columns |= _date_as_said(str(self.plan(description.plan).year))
        row = {
            "id": original.sha256[:16],
            "sha256": original.sha256,
            "size": original.size,
            "filename": clean_filename(filename),
            **columns,
            "dates_told": findings_as_json(description.dates),
            "is_demonstration": is_demonstration,
            "received_at": datetime.now(UTC),
            "source_url": clean_address(provenance.source_url),
            "retrieved_url": clean_address(provenance.retrieved_url),
            "retrieved_at": provenance.retrieved_at,
            "http_headers": clean_headers(provenance.http_headers),
        }
        try:
            return self._receive(row, agent)
        except IntegrityError:  # another process received the same file just after we looked
            return self._receive(row, agent)

    def _receive(self, row: Mapping[str, Any], agent: str) -> tuple[Document, bool]:
        table = tables.documents
        with self.database.writing() as connection:
            query = select(table).where(table.c.id == row["id"]).with_for_update()
            held = connection.execute(query).one_or_none()
            if held is None:
                connection.execute(insert(table).values(**{**UNREAD, **row}))
                recorded = ("sha256", "size", "filename", *_DESCRIBED, "source_url", "retrieved_url")
                after = {name: row[name] for name in (*recorded, "dates_told") if row.get(name)}
                write_event(connection, row["id"], "ingestion", agent, {}, after)
                put_job(connection, row["id"], "ingest")
            elif held.sha256 != row["sha256"]:
                raise IdentifierCollision(
                    f"The identifier {held.id} is already that of {held.filename!r}, a different file."
                )
            else:
                _receive_again(connection, held, row, agent)
            is_new = held is None or held.status == "failed"
            return read_document(find_document(connection, row["id"])), is_new

    def document(self, identifier: str) -> Document:
        """The document with this identifier, whatever its status: look at that before showing it to readers.

        Raises:
            DocumentNotFound: there is none.
        """
        with self.database.reading() as connection:
            return read_document(find_document(connection, identifier))

    def document_as_kept(self, identifier: str) -> dict[str, object]:
        """The row of a document as JSON values; descriptions by people and findings are separate.

        Raises:
            DocumentNotFound: there is none.
        """
        with self.database.reading() as connection:
            return document_as_kept(find_document(connection, identifier))

    def documents(self, statuses: Sequence[Status] = ("ready",), plan: str | None = None) -> list[Document]:
        """Those with one of these statuses, of one plan or of all, by year (unknown ones last) and title."""
        table = tables.documents
        query = select(table).where(table.c.status.in_(statuses))
        with self.database.reading() as connection:
            found = [read_document(row) for row in connection.execute(query)]
        found = [one for one in found if plan is None or one.plan == plan]
        return sorted(found, key=lambda one: (one.year is None, one.year, one.title.casefold(), one.id))

    def documents_by_id(self, identifiers: Iterable[str]) -> dict[str, Document]:
        """Those with these identifiers, whatever their status, in few queries; unknown ones are left out."""
        table = tables.documents
        found: dict[str, Document] = {}
        with self.database.reading() as connection:
            wanted = iter(identifiers)
            while some := list(islice(wanted, _ASKED_AT_ONCE)):
                rows = connection.execute(select(table).where(table.c.id.in_(some)))
                found.update((row.id, read_document(row)) for row in rows)
        return found

    def ready_documents(self) -> frozenset[str]:
        """The documents that readers may see."""
        table = tables.documents
        with self.database.reading() as connection:
            return frozenset(
                connection.execute(select(table.c.id).where(table.c.status == "ready")).scalars()
            )

    def text_revisions(self, identifier: str | None = None) -> dict[str, str]:
        """Names the revision of the text of each document, or of one. It changes when the document is read or
        corrected. Documents that were never read have none."""
        with self.database.reading() as connection:
            return read_text_revisions(connection, identifier)

    def describe(self, identifier: str, description: Description, agent: str) -> Document:
        """Change what is known of a document. What the description leaves None stays as it is.

        An empty title or plan takes away what was said before; an empty date, and year 0, say that none is
        known. The document is indexed anew.
        """
        columns = self._columns_of(description)
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            if change_document(connection, row, "metadata modification", agent, columns):
                index_anew(connection, row)
            return read_document(find_document(connection, identifier))

    def store_pages(
        self,
        identifier: str,
        pages: Iterable[Page],
        warnings: Sequence[ReadingWarning],
        title_found: str | None,
        agent: str,
    ) -> None:
        """Put `pages` in the place of the document's pages, and note what was found in them.

        Corrections stay in force: they are laid over the new pages. One transaction: until it ends, readers
        see the pages as they were, and others who write wait; if `pages` raises, everything stays as it
        was. `pages` is read a few at a time, as it is stored, so it should be quick, and
        must not write to the catalogue itself.

        Raises:
            ValueError: the pages are not numbered 1, 2, 3, …, or a word is not at its place in its block.
        """
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            tally = replace_pages(connection, identifier, pages)
            warnings = [*warn_of_lost(read_corrections(connection, identifier), tally.pages), *warnings]
            found = {
                **asdict(tally),
                "warnings": [warning_as_json(warning) for warning in warnings[:_MOST_WARNINGS]],
                "title_found": clean_line(title_found or "") or None,
            }
            change_document(connection, row, "extraction", agent, found, always=True)

    def store_dates(self, identifier: str, findings: Sequence[DateFinding], agent: str) -> Document:
        """Store the dates that were found in a document, instead of those found before."""
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            found = {"dates_found": findings_as_json(findings)}
            change_document(connection, row, "dating", agent, found)
            return read_document(find_document(connection, identifier))

    def page(self, identifier: str, number: int) -> Page:
        """One page.

        Raises:
            DocumentNotFound, PageNotFound: there is no such document or page.
        """
        with self.database.reading() as connection:
            can_be = is_identifier(identifier) and 0 < number < NO_SUCH_PAGE
            page = read_page(connection, identifier, number) if can_be else None
            if page is not None:
                return page
            held = find_document(connection, identifier)
        raise PageNotFound(f"The document has no page {number}; it has {held.pages}.")

    def pages(self, identifier: str, *, with_words: bool = True) -> Iterator[Page]:
        """All pages in order, read as they are asked for, all from the same state of the catalogue.

        Args:
            with_words: whether the blocks have their words, with their places on the page; else none. To
                unpack them takes longer than all else.

        Raises:
            DocumentNotFound: there is no such document.
        """
        with self.database.reading() as connection:
            find_document(connection, identifier)
            yield from read_pages(connection, identifier, with_words=with_words)

    def page_labels(self, identifier: str) -> list[str]:
        """The label of every page, in order."""
        with self.database.reading() as connection:
            find_document(connection, identifier)
            return read_labels(connection, identifier)

    def block_texts(self, keys: Sequence[tuple[str, int, Language]]) -> list[list[str]]:
        """For each (document, page, language): the texts of the blocks in that language, in order."""
        with self.database.reading() as connection:
            return read_texts(connection, keys)

    def start(self, identifier: str, agent: str) -> Document:
        """Reading begins. A document that is ready stays so: readers keep its pages until the new ones."""
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            if row.status not in ("ready", "withdrawn"):
                change_document(connection, row, "processing", agent, {"status": "processing", "reason": ""})
            return read_document(find_document(connection, identifier))

    def mark_ready(self, identifier: str, agent: str) -> Document:
        """Readers can see the document: its pages are stored and indexed. A withdrawn one stays withdrawn.

        Raises:
            DamagedArchive: it has no pages.
        """
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            if not row.pages:
                raise DamagedArchive(f"The document {identifier} has no pages to show.")
            if row.status != "withdrawn":
                change_document(connection, row, "publication", agent, {"status": "ready", "reason": ""})
            return read_document(find_document(connection, identifier))

    def mark_failed(self, identifier: str, reason: str, agent: str) -> Document:
        """The document cannot be read; `reason` tells people why. A withdrawn one stays withdrawn."""
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            if row.status != "withdrawn":
                change_document(
                    connection, row, "failure", agent, {"status": "failed", "reason": clean_line(reason)}
                )
            return read_document(find_document(connection, identifier))

    def withdraw(self, identifier: str, reason: str, agent: str) -> Document:
        """Hide a document from readers at once. Its original and its history stay."""
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            changes: dict[str, object] = {"status": "withdrawn", "reason": clean_line(reason)}
            if change_document(connection, row, "withdrawal", agent, changes):
                drop_overtaken_jobs(connection, identifier, "withdrawn")
                put_job(connection, identifier, "remove")
            return read_document(find_document(connection, identifier))

    def restore(self, identifier: str, agent: str) -> Document:
        """Bring a withdrawn document back, or try a failed one again: it is queued for reading.

        Raises:
            NotRestorable: it is neither withdrawn nor failed.
        """
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            if row.status not in ("withdrawn", "failed"):
                raise NotRestorable(f"The document {identifier} is neither withdrawn nor failed.")
            change_document(connection, row, "restoration", agent, {"status": "received", "reason": ""})
            drop_overtaken_jobs(connection, identifier, "received")
            # Withdrawing it may have called off a reading that an instruction asked for.
            put_job(connection, identifier, "read" if read_instructions(connection, identifier) else "ingest")
            return read_document(find_document(connection, identifier))

    def mark_images(self, identifier: str, agent: str) -> Document:
        """The images of all pages have been made."""
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            change_document(connection, row, "rendering", agent, {"images": True})
            return read_document(find_document(connection, identifier))

    def record(
        self,
        document: str | None,
        type: str,  # noqa: A002 (PREMIS calls it so)
        agent: str,
        before: Mapping[str, object],
        after: Mapping[str, object],
    ) -> None:
        """Write an event that no other method writes, such as a fixity check."""
        with self.database.writing() as connection:
            if document is not None:
                find_document(connection, document)
            write_event(connection, document, type, agent, before, after)

    def events(self, document: str | None = None, limit: int | None = 100) -> list[Event]:
        """What happened, newest first: to one document or, without one, in the whole archive."""
        with self.database.reading() as connection:
            if document is not None:
                find_document(connection, document)
            return read_events(connection, document, limit)

    def state(self, document: str | None = None) -> int:
        """The state of a document or, without one, of the whole archive.

        It is a number that changes with every change that readers may see, in the order in which changes are
        committed. What was read after the state is valid until the state changes.

        Raises:
            DocumentNotFound: there is no such document.
        """
        with self.database.reading() as connection:
            if document is not None:
                return int(find_document(connection, document).state)
            return read_state(connection)

    def _columns_of(self, description: Description) -> dict[str, object]:
        """The columns that the description fills, checked; fields that are None are left out."""
        columns: dict[str, object] = {}
        if description.title is not None:
            columns["title"] = clean_line(description.title) or None
        if description.plan is not None:
            columns["plan"] = self.plan(description.plan).slug if description.plan else None
        if description.kind is not None:
            if description.kind not in KINDS:
                raise WrongDescription(f"A document's kind is one of {', '.join(KINDS)}.")
            columns["kind"] = description.kind
        if description.language is not None:
            if not is_language(description.language):
                raise WrongDescription("A document's language is one of nl, fr, en, de.")
            columns["language"] = description.language
        if description.year is not None:
            if description.year and not EARLIEST_YEAR <= description.year <= LATEST_YEAR:
                raise WrongDescription(f"A year lies between {EARLIEST_YEAR} and {LATEST_YEAR}.")
            columns |= _date_as_said(str(description.year or ""))
        if description.date is not None:
            date = iso_date(description.date) if description.date else ""
            if date is None:
                raise WrongDescription(
                    "A date is a year, year and month or a day: 2014, 2014-04 or 2014-04-24."
                )
            if description.year not in (None, year_of(date) if date else 0):
                raise WrongDescription("The date is not in the year that is given with it. Give one of them.")
            columns |= _date_as_said(date)
        return columns


def _date_as_said(date: str) -> dict[str, object]:
    """The columns for a date; an empty date means that none is known."""
    return {"year": year_of(date) if date else None, "date": date}


def _receive_again(connection: Connection, held: Row[Any], row: Mapping[str, Any], agent: str) -> None:
    learned = {name: row[name] for name in _DESCRIBED if row.get(name) and held._mapping[name] is None}
    if held.year is not None or held.date is not None:  # they are one: what is known stays as it is
        learned = {name: value for name, value in learned.items() if name not in ("year", "date")}
    if row["dates_told"] and not held.dates_told:
        learned["dates_told"] = row["dates_told"]
    is_described = bool(learned)
    if held.source_url is None and row["source_url"]:
        learned |= {name: row[name] for name in _PROVENANCE}
    if held.status == "failed":
        change_document(connection, held, "ingestion", agent, {"status": "received", "reason": "", **learned})
        put_job(connection, held.id, "ingest")
    elif change_document(connection, held, "metadata modification", agent, learned) and is_described:
        index_anew(connection, held)
