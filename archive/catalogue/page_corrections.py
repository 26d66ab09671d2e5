"""The part of the catalogue for single pages: their corrected text, and the use of OCR.

A change, the event that records it and the job that follows from it are one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from sqlalchemy import Connection, Row, update

from archive.catalogue.correction_overlay import fingerprint, lay_over
from archive.catalogue.correction_rows import (
    as_correction,
    check_blocks,
    drop_correction,
    put_correction,
    put_instruction,
    read_corrections,
    read_instructions,
    warn_of_lost,
)
from archive.catalogue.document_rows import find_document
from archive.catalogue.event_rows import read_events, write_event
from archive.catalogue.job_rows import index_anew, put_job
from archive.catalogue.page_rows import (
    count_doubtful,
    count_pages,
    read_page_as_read,
    read_states,
    replace_page,
)
from archive.database import tables
from archive.database.database import Database
from archive.errors import IsWithdrawn, NoCorrection, PageNotFound, UsageError
from archive.reading_warnings import warning_as_json, warning_from_json
from archive.records import Correction, Event, OcrInstruction, Page, PageState, WrittenBlock

NO_SUCH_PAGE = 2**31
"""A number that no page can have, because no integer column can store it."""
_PAGE_EVENTS = ("correction", "correction withdrawal", "ocr instruction")


class PageCare:
    """What :class:`archive.catalogue.catalogue.Catalogue` can do for single pages."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def page_as_read(self, identifier: str, number: int) -> Page:
        """One page as it was read from the file, without corrections.

        Raises:
            DocumentNotFound, PageNotFound: there is no such document or page.
        """
        with self.database.reading() as connection:
            return _find_page_as_read(connection, find_document(connection, identifier), number)

    def page_states(self, identifier: str) -> list[PageState]:
        """How each page was read, corrected and instructed for OCR, in order."""
        with self.database.reading() as connection:
            find_document(connection, identifier)
            return read_states(connection, identifier)

    def doubtful_pages(self) -> Mapping[str, int]:
        """How many pages cannot be read or trusted as they were read, by document that has any."""
        with self.database.reading() as connection:
            return count_doubtful(connection)

    def corrections(self, identifier: str) -> list[Correction]:
        """All corrections of the document by page, also of pages that a later reading did not find."""
        with self.database.reading() as connection:
            find_document(connection, identifier)
            return [as_correction(row) for row in read_corrections(connection, identifier).values()]

    def ocr_instructions(self, identifier: str) -> Mapping[int, OcrInstruction]:
        """The OCR instructions of archivists, by page; for all other pages the program decides."""
        with self.database.reading() as connection:
            find_document(connection, identifier)
            return read_instructions(connection, identifier)

    def page_events(self, identifier: str, number: int) -> list[Event]:
        """What archivists did to a page, newest first."""
        with self.database.reading() as connection:
            find_document(connection, identifier)
            events = read_events(connection, identifier, limit=None)
        return [event for event in events if event.type in _PAGE_EVENTS and event.after["page"] == number]

    def correct_page(self, identifier: str, number: int, blocks: Sequence[WrittenBlock], agent: str) -> bool:
        """Replace the text of a page by `blocks`, from now on and after every reading.

        The document is queued to be indexed again. Returns whether anything changed. Giving the same text
        again confirms it for what is read on the page now.

        Raises:
            DocumentNotFound, PageNotFound: there is no such document or page.
            WrongCorrection: the blocks are not what can stand on a page.
        """
        checked = check_blocks(blocks)
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            as_read = _find_page_as_read(connection, row, number)
            reading = fingerprint(block.text for block in as_read.blocks)
            held = read_corrections(connection, identifier).get(number)
            before = as_correction(held).blocks if held is not None else _written_blocks(as_read)
            if before == checked and (held is None or held.reading == reading):
                return False
            put_correction(
                connection,
                document=identifier,
                page=number,
                blocks=checked,
                agent=agent,
                reading=reading,
                source=as_read.source,
                needs_ocr=as_read.needs_ocr,
            )
            replace_page(connection, identifier, as_read, lay_over(as_read, checked))
            _record_change(connection, row, "correction", agent, number, before, checked)
            return True

    def withdraw_correction(self, identifier: str, number: int, agent: str) -> None:
        """Discard the correction: readers see the page as it was read. The history keeps the correction.

        Raises:
            DocumentNotFound, NoCorrection: there is no such document, or no correction of that page.
        """
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            corrections = dict(read_corrections(connection, identifier))
            held = corrections.pop(number, None)
            if held is None:
                raise NoCorrection(f"Page {number} has no correction.")
            as_read = read_page_as_read(connection, identifier, number)
            drop_correction(connection, identifier, number)
            if as_read is not None:
                replace_page(connection, identifier, as_read, as_read)
            others = [
                warning
                for warning in map(warning_from_json, row.warnings)
                if warning.code != "corrections_lost"
            ]
            stored = [*warn_of_lost(corrections, row.pages), *others]
            warnings = [warning_as_json(warning) for warning in stored]
            before = as_correction(held).blocks
            after = _written_blocks(as_read) if as_read is not None else ()
            _record_change(
                connection,
                row,
                "correction withdrawal",
                agent,
                number=number,
                before=before,
                after=after,
                warnings=warnings,
            )

    def instruct_ocr(
        self, identifier: str, number: int, instruction: OcrInstruction | None, agent: str
    ) -> bool:
        """Force or forbid OCR of a page; None leaves the choice to the program.

        The document is queued to be read again; readers see the present page until then. Returns whether
        anything changed.

        Raises:
            DocumentNotFound, PageNotFound: there is no such document or page.
            UsageError, IsWithdrawn: there is no such instruction, or the document is withdrawn.
        """
        if instruction is not None and instruction not in get_args(OcrInstruction):
            raise UsageError("OCR of a page is forced, forbidden or left to the reader of the file.")
        with self.database.writing() as connection:
            row = find_document(connection, identifier, hold=True)
            if row.status == "withdrawn":
                raise IsWithdrawn(f"The document {identifier} is withdrawn.")
            _find_page_as_read(connection, row, number)
            before = read_instructions(connection, identifier).get(number)
            if before == instruction:
                return False
            put_instruction(connection, identifier, number, instruction)
            write_event(
                connection,
                identifier,
                "ocr instruction",
                agent,
                before={"page": number, "instruction": before},
                after={"page": number, "instruction": instruction},
            )
            put_job(connection, identifier, "read")
            return True


def _find_page_as_read(connection: Connection, row: Row[Any], number: int) -> Page:
    page = read_page_as_read(connection, row.id, number) if 0 < number < NO_SUCH_PAGE else None
    if page is None:
        raise PageNotFound(f"The document has no page {number}; it has {row.pages}.")
    return page


def _written_blocks(page: Page) -> tuple[WrittenBlock, ...]:
    return tuple(WrittenBlock(block.kind, block.language, block.text) for block in page.blocks)


def _record_change(
    connection: Connection,
    row: Row[Any],
    event: str,
    agent: str,
    number: int,
    before: Sequence[WrittenBlock],
    after: Sequence[WrittenBlock],
    **changes: object,
) -> None:
    """Write the event of a page whose text has changed, and what follows from it for the document."""
    table = tables.documents
    tally = asdict(count_pages(connection, row.id))
    connection.execute(update(table).where(table.c.id == row.id).values(**tally, **changes))
    write_event(
        connection,
        row.id,
        event,
        agent,
        before={"page": number, "passages": [asdict(block) for block in before]},
        after={"page": number, "passages": [asdict(block) for block in after]},
    )
    index_anew(connection, row)
