"""How the pages of a document are stored in the catalogue and read back.

A block is one row. Its text is stored as it is, so texts are read quickly. Its words are packed into a
small blob that is opened only when their places on the page are needed.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, groupby, islice
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from archive.catalogue.correction_overlay import fingerprint, lay_over
from archive.catalogue.correction_rows import as_correction, note_reading, read_corrections, read_instructions
from archive.database import tables
from archive.errors import DamagedArchive
from archive.languages import Language
from archive.outside_text import clean_line
from archive.records import LEAST_HEALTH, Block, Box, Health, Page, PageState, Word

_PAGES_AT_ONCE = 32
"""Pages that are held in memory while a document is stored or read."""
_PLACES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Tally:
    """Totals of the pages of a document."""

    pages: int
    ocr_pages: int
    pages_needing_ocr: int
    languages: list[Language]
    """The one with most text first."""


def count_pages(connection: Connection, document: str) -> Tally:
    """Count the pages of a document as readers see them."""
    page, block = tables.pages.c, tables.blocks.c
    counts = select(
        func.count(), func.count().filter(page.source == "ocr"), func.count().filter(page.needs_ocr)
    )
    pages, ocr_pages, needing_ocr = connection.execute(counts.where(page.document == document)).one()
    languages = (
        select(block.language)
        .where(block.document == document)
        .group_by(block.language)
        .order_by(func.sum(func.length(block.text)).desc(), block.language)
    )
    return Tally(pages, ocr_pages, needing_ocr, list(connection.execute(languages).scalars()))


def replace_pages(connection: Connection, document: str, pages: Iterable[Page]) -> Tally:
    """Put `pages` in the place of those that the document has, a few at a time; corrections stay in force.

    Raises:
        ValueError: the pages are not numbered 1, 2, 3, …, or a word is not at its place in its block.
    """
    for table in (tables.blocks, tables.blocks_as_read, tables.pages):
        connection.execute(delete(table).where(table.c.document == document))
    corrections = read_corrections(connection, document)
    stored = 0
    stream = iter(pages)
    while batch := list(islice(stream, _PAGES_AT_ONCE)):
        for page in batch:
            stored += 1
            if page.number != stored:
                raise ValueError(f"page {stored} was due, page {page.number} came")
            if page.number in corrections:
                note_reading(connection, document, page.number, page.source, needs_ocr=page.needs_ocr)
        shown = [
            lay_over(page, as_correction(corrections[page.number]).blocks)
            if page.number in corrections
            else page
            for page in batch
        ]
        connection.execute(insert(tables.pages), [_page_row(document, page) for page in shown])
        _insert_blocks(connection, tables.blocks, document, shown)
        covered = [page for page in batch if page.number in corrections]
        _insert_blocks(connection, tables.blocks_as_read, document, covered)
    return count_pages(connection, document)


def replace_page(connection: Connection, document: str, as_read: Page, shown: Page) -> None:
    """Show readers `shown` instead of `as_read`; if both are the same, the page has no correction."""
    for table in (tables.blocks, tables.blocks_as_read):
        connection.execute(delete(table).where(table.c.document == document, table.c.page == shown.number))
    page = tables.pages
    change = update(page).where(page.c.document == document, page.c.number == shown.number)
    connection.execute(change.values(source=shown.source, needs_ocr=shown.needs_ocr))
    _insert_blocks(connection, tables.blocks, document, [shown])
    if as_read is not shown:
        _insert_blocks(connection, tables.blocks_as_read, document, [as_read])


def read_page(connection: Connection, document: str, number: int) -> Page | None:
    """One page, or None when the document has no such page."""
    query = _pages_with_blocks(document, tables.blocks).where(tables.pages.c.number == number)
    rows = connection.execute(query).all()
    return _page(rows) if rows else None


def read_page_as_read(connection: Connection, document: str, number: int) -> Page | None:
    """One page as it was read, without corrections; None if the document has no such page."""
    correction = read_corrections(connection, document).get(number)
    if correction is None:
        return read_page(connection, document, number)
    query = _pages_with_blocks(document, tables.blocks_as_read).where(tables.pages.c.number == number)
    rows = connection.execute(query).all()
    return replace(_page(rows), source=correction.source, needs_ocr=correction.needs_ocr) if rows else None


def read_states(connection: Connection, document: str) -> list[PageState]:
    """How each page was read, corrected and instructed for OCR, in order."""
    read = tables.blocks_as_read.c
    texts: dict[int, list[str]] = {}
    query = select(read.page, read.text).where(read.document == document).order_by(read.page, read.position)
    for page, text in connection.execute(query):
        texts.setdefault(page, []).append(text)
    corrections = read_corrections(connection, document)
    instructions = read_instructions(connection, document)
    table = tables.pages
    query_of_pages = select(table).where(table.c.document == document).order_by(table.c.number)
    states = []
    for row in connection.execute(query_of_pages):
        held = corrections.get(row.number)
        correction = as_correction(held) if held is not None else None
        is_changed = correction is not None and fingerprint(texts.get(row.number, ())) != correction.reading
        states.append(
            PageState(
                number=row.number,
                label=row.label,
                source=row.source,
                needs_ocr=row.needs_ocr,
                health=_health(row),
                instruction=instructions.get(row.number),
                correction=correction,
                is_reading_changed=is_changed,
            )
        )
    return states


def count_doubtful(connection: Connection) -> dict[str, int]:
    """How many pages that cannot be read or trusted each document has; documents without any are left out."""
    page = tables.pages.c
    score = case({"ocr": page.health_ocr, "text layer": page.health_text_layer}, value=page.source)
    query = select(page.document, func.count().label("pages")).where(page.needs_ocr | (score < LEAST_HEALTH))
    return {row.document: row.pages for row in connection.execute(query.group_by(page.document))}


def read_pages(connection: Connection, document: str, *, with_words: bool = True) -> Iterator[Page]:
    """All pages in order, a few in memory at a time; on request without the words of their blocks."""
    query = _pages_with_blocks(document, tables.blocks)
    rows = connection.execution_options(yield_per=500).execute(query)
    for _number, group in groupby(rows, key=lambda row: row.number):
        yield _page(list(group), with_words=with_words)


def read_labels(connection: Connection, document: str) -> list[str]:
    """The printed labels of all pages, in order."""
    query = select(tables.pages.c.label).where(tables.pages.c.document == document)
    return list(connection.execute(query.order_by(tables.pages.c.number)).scalars())


def read_texts(connection: Connection, keys: Sequence[tuple[str, int, Language]]) -> list[list[str]]:
    """For each (document, page, language): the texts of the blocks in that language, in order."""
    texts: dict[tuple[str, int, str], list[str]] = {}
    places = iter(sorted({(document, page) for document, page, _language in keys}))
    while some := list(islice(places, _PLACES_AT_ONCE)):
        # SQLite would read the whole table for `(document, page) IN (…)`, so it is asked by document.
        values: dict[str, object] = {}
        documents = 0
        for document, group in groupby(some, key=lambda place: place[0]):
            values[f"document_{documents}"] = document
            values[f"pages_{documents}"] = [page for _document, page in group]
            documents += 1
        for document, page, language, text in connection.execute(_texts_of_pages(documents), values):
            texts.setdefault((document, page, language), []).append(text)
    return [texts.get(key, []) for key in keys]


@cache
def _texts_of_pages(documents: int) -> Select[Any]:
    """Asks for the blocks on the pages ``pages_0`` of ``document_0``, and so on for so many documents. It is
    kept, as making it takes longer than the database needs for its rows.
    """
    table = tables.blocks.c
    wanted = [
        (table.document == bindparam(f"document_{each}"))
        & table.page.in_(bindparam(f"pages_{each}", expanding=True))
        for each in range(documents)
    ]
    query = select(table.document, table.page, table.language, table.text).where(or_(*wanted))
    return query.order_by(table.document, table.page, table.position)


def pack_words(text: str, words: Sequence[Word]) -> bytes:
    """The words of a block as compressed columns of whole numbers.

    For each word: the gap since the end of the word before, its length and its number of boxes; for each
    box: its offset from the box before (x from its right, y from its top), width and height, in hundredths
    of a point. The text of a word is that of the block at its place, so it is not kept twice. Where words
    are doubtful a last column says which, by their numbers from 0.
    """
    for word in words:
        if word.start < 0 or not text.startswith(word.text, word.start):
            raise ValueError(f"the word {word.text!r} is not at {word.start} in its passage")
    boxes = [[round(side * 100) for side in box] for word in words for box in word.boxes]
    lefts, tops, rights, bottoms = ([box[side] for box in boxes] for side in range(4))
    columns = [
        _steps([word.start for word in words], [word.end for word in words]),
        [len(word.text) for word in words],
        [len(word.boxes) for word in words],
        _steps(lefts, rights),
        _steps(tops, tops),
        [right - left for left, right in zip(lefts, rights, strict=True)],
        [bottom - top for top, bottom in zip(tops, bottoms, strict=True)],
    ]
    if doubtful := [place for place, word in enumerate(words) if word.is_doubtful]:
        columns.append(doubtful)
    return zlib.compress(json.dumps(columns, separators=(",", ":")).encode("ascii"))


def unpack_words(text: str, packed: bytes) -> tuple[Word, ...]:
    """The words that :func:`pack_words` packed for the block with this text.

    Raises:
        DamagedArchive: the packed words have been damaged.
    """
    try:
        gaps, lengths, counts, x_steps, y_steps, widths, heights, *more = json.loads(zlib.decompress(packed))
    except (zlib.error, ValueError) as error:
        raise DamagedArchive(f"The words of a passage cannot be read: {error}.") from error
    ends = accumulate(gap + length for gap, length in zip(gaps, lengths, strict=True))
    rights = accumulate(step + width for step, width in zip(x_steps, widths, strict=True))
    boxes: Iterator[Box] = (
        ((right - width) / 100, top / 100, right / 100, (top + height) / 100)
        for right, width, top, height in zip(rights, widths, accumulate(y_steps), heights, strict=True)
    )
    doubtful = frozenset(more[0] if more else ())
    return tuple(
        Word(text[end - length : end], end - length, tuple(islice(boxes, count)), place in doubtful)
        for place, (end, length, count) in enumerate(zip(ends, lengths, counts, strict=True))
    )


def _steps(starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """The distance of each start from the end before it; of the first from 0."""
    return [start - end for start, end in zip(starts, [0, *ends[:-1]], strict=True)] if starts else []


def _page_row(document: str, page: Page) -> dict[str, object]:
    return {
        "document": document,
        "number": page.number,
        "label": clean_line(page.label, 40) or str(page.number),
        "width": page.width,
        "height": page.height,
        "source": page.source,
        "needs_ocr": page.needs_ocr,
        "health_text_layer": page.health.text_layer,
        "health_ocr": page.health.ocr,
        "reading_choice": page.health.choice,
    }


def _insert_blocks(connection: Connection, table: Table, document: str, pages: Iterable[Page]) -> None:
    rows = [
        {
            "document": document,
            "page": page.number,
            "position": position,
            "kind": block.kind,
            "language": block.language,
            "text": block.text,
            "words": pack_words(block.text, block.words),
        }
        for page in pages
        for position, block in enumerate(page.blocks)
    ]
    if rows:
        connection.execute(insert(table), rows)


def _pages_with_blocks(document: str, blocks: Table) -> Select[Any]:
    """One row a block, with its page; a page without blocks gives one row with empty block columns."""
    page, block = tables.pages.c, blocks.c
    joined = tables.pages.outerjoin(blocks, (block.document == page.document) & (block.page == page.number))
    return (
        select(
            *(page.number, page.label, page.width, page.height, page.source, page.needs_ocr),
            *(page.health_text_layer, page.health_ocr, page.reading_choice),
            *(block.position, block.kind, block.language, block.text, block.words),
        )
        .select_from(joined)
        .where(page.document == document)
        .order_by(page.number, block.position)
    )


def _page(rows: Sequence[Row[Any]], *, with_words: bool = True) -> Page:
    first = rows[0]
    blocks = tuple(
        Block(row.kind, row.language, row.text, unpack_words(row.text, row.words) if with_words else ())
        for row in rows
        if row.position is not None
    )
    return Page(
        *(first.number, first.label, first.width, first.height, first.source, first.needs_ocr, blocks),
        health=_health(first),
    )


def _health(row: Row[Any]) -> Health:
    return Health(row.health_text_layer, row.health_ocr, row.reading_choice)
