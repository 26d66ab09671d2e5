"""What archivists decide about single pages: the corrected text, and whether OCR should read the page.

Both belong to the document and not to one reading of it, so reading it again loses neither. A correction is
checked here and stored as it was given; `page_rows.py` lays it over what was read.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, delete, insert, select, update

from archive.database import tables
from archive.errors import UsageError
from archive.languages import LANGUAGES
from archive.outside_text import clean_line
from archive.reading_warnings import ReadingWarning
from archive.records import BlockKind, Correction, OcrInstruction, WrittenBlock

LONGEST_CORRECTION = 200_000
"""Characters of all blocks of a page together; a dense page of a newspaper has 15,000."""
_MOST_BLOCKS = 2_000

CorrectionProblem = Literal[
    "no text",
    "passage without text",
    "too long",
    "control character",
    "unknown kind",
    "unknown language",
    "wrong page",
]


class WrongCorrection(UsageError):
    """A correction cannot be kept as it was given. Nothing has been changed."""

    code = "wrong-correction"
    default_hint = "Nothing was changed. Put the text right and give it again."

    def __init__(self, problem: CorrectionProblem, message: str, block: int = 0) -> None:
        super().__init__(message)
        self.problem = problem
        self.block = block
        """The number of the block that is wrong, from 1; 0 if it is the whole text."""


def check_blocks(blocks: Sequence[WrittenBlock]) -> tuple[WrittenBlock, ...]:
    """The blocks of a correction as they are kept: Unicode NFC, single spaces, no empty lines, no ligatures
    and nothing unseen such as soft hyphens; tabs between the cells of tables only.

    Raises:
        WrongCorrection: there is no text, or too much; a kind or language is unknown; a character is none.
    """
    if sum(len(block.text) for block in blocks) > LONGEST_CORRECTION or len(blocks) > _MOST_BLOCKS:
        most = f"{LONGEST_CORRECTION:,} characters in {_MOST_BLOCKS:,} blocks"
        raise WrongCorrection("too long", f"The text of a page has at most {most}.")
    if not any(block.text.strip() for block in blocks):
        raise WrongCorrection("no text", "The correction holds no text.")
    return tuple(_checked(number, block) for number, block in enumerate(blocks, 1))


def _checked(number: int, block: WrittenBlock) -> WrittenBlock:
    kinds, named = get_args(BlockKind), f"Block {number}"
    if block.kind not in kinds:
        message = f"{named} is of an unknown kind; kinds are {', '.join(kinds)}."
        raise WrongCorrection("unknown kind", message, number)
    if block.language not in LANGUAGES:
        message = f"{named} is in an unknown language; languages are {', '.join(LANGUAGES)}."
        raise WrongCorrection("unknown language", message, number)
    text = block.text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t":
            message = f"{named} holds the control character U+{ord(sign):04X}, which is no text."
            raise WrongCorrection("control character", message, number)
    text = _clean(text, keep_tabs=block.kind == "table")
    if not text:
        raise WrongCorrection("passage without text", f"{named} holds no text.", number)
    return WrittenBlock(block.kind, block.language, text)


def _clean(text: str, *, keep_tabs: bool) -> str:
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = re.sub("[\ufb00-\ufb06\u0132\u0133]", lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"[^\S\n\t]+" if keep_tabs else r"[^\S\n]+", " ", text)
    lines = (re.sub(" ?\t ?", "\t", line).strip(" ").rstrip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def read_corrections(connection: Connection, document: str) -> Mapping[int, Row[Any]]:
    """The rows of the document's corrections, by page."""
    table = tables.corrections
    query = select(table).where(table.c.document == document).order_by(table.c.page)
    return {row.page: row for row in connection.execute(query)}


def warn_of_lost(pages: Iterable[int], last: int) -> list[ReadingWarning]:
    """A warning for the document when some corrected `pages` lie beyond the last page that was read."""
    lost = tuple(page for page in pages if page > last)
    return [ReadingWarning("corrections_lost", lost)] if lost else []


def as_correction(row: Row[Any]) -> Correction:
    """A row as a record."""
    blocks = tuple(WrittenBlock(**block) for block in row.passages)
    return Correction(row.page, blocks, row.agent, row.at, row.reading)


def put_correction(
    connection: Connection,
    document: str,
    page: int,
    blocks: Sequence[WrittenBlock],
    agent: str,
    reading: str,
    **as_read: object,
) -> None:
    """Store a correction instead of the one before.

    Args:
        as_read: the columns of the page as it was before any correction.
    """
    drop_correction(connection, document, page)
    values = {"document": document, "page": page, "agent": clean_line(agent, 200), "at": datetime.now(UTC)}
    texts = [asdict(block) for block in blocks]
    connection.execute(
        insert(tables.corrections).values(**values, passages=texts, reading=reading, **as_read)
    )


def note_reading(connection: Connection, document: str, page: int, source: str, *, needs_ocr: bool) -> None:
    """Record how a page with a correction was read now."""
    table = tables.corrections
    query = update(table).where(table.c.document == document, table.c.page == page)
    connection.execute(query.values(source=source, needs_ocr=needs_ocr))


def correction_values(correction: Correction) -> dict[str, Any]:
    """A correction under the names that columns and bags have for its parts."""
    values = asdict(correction)
    values["passages"] = values.pop("blocks")
    return values


def drop_correction(connection: Connection, document: str, page: int) -> None:
    """Delete a correction; the history keeps it."""
    table = tables.corrections
    connection.execute(delete(table).where(table.c.document == document, table.c.page == page))


def read_instructions(connection: Connection, document: str) -> dict[int, OcrInstruction]:
    """The OCR instructions of archivists for the document's pages, by page."""
    table = tables.ocr_instructions
    query = select(table.c.page, table.c.instruction).where(table.c.document == document)
    return {row.page: row.instruction for row in connection.execute(query.order_by(table.c.page))}


def put_instruction(
    connection: Connection, document: str, page: int, instruction: OcrInstruction | None
) -> None:
    """Store an instruction instead of the one before; None leaves the choice to the program."""
    table = tables.ocr_instructions
    connection.execute(delete(table).where(table.c.document == document, table.c.page == page))
    if instruction is not None:
        values = {"document": document, "page": page, "instruction": instruction}
        connection.execute(insert(table).values(**values))
