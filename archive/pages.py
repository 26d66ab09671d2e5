"""The pages of a document in the catalogue: how they are stored and read.

A passage is one row: its text as it is, so that reading texts costs nothing more, and its words packed
into a small blob that is opened only when their places on the page are asked for.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select

from archive import tables
from archive.cleaning import clean_line
from archive.errors import DamagedArchive
from archive.languages import Language
from archive.records import Box, Health, Page, Passage, Word

_PAGES_AT_ONCE = 32
"""Pages that are held in memory while a document is stored or read."""
_PLACES_AT_ONCE = 200


@dataclass(slots=True)
class Tally:
    """What a document turned out to hold, counted while its pages went by."""

    pages: int = 0
    ocr_pages: int = 0
    pages_needing_ocr: int = 0
    characters: dict[Language, int] = field(default_factory=dict)

    def add(self, page: Page) -> None:
        """Count one page."""
        self.pages += 1
        self.ocr_pages += page.source == "ocr"
        self.pages_needing_ocr += page.needs_ocr
        for passage in page.passages:
            self.characters[passage.language] = self.characters.get(passage.language, 0) + len(passage.text)

    @property
    def languages(self) -> list[Language]:
        """The languages found, the one with most text first."""
        return sorted(self.characters, key=lambda language: (-self.characters[language], language))


def replace_pages(connection: Connection, document: str, pages: Iterable[Page]) -> Tally:
    """Put `pages` in the place of those that the document has, a few at a time.

    Raises:
        ValueError: the pages are not numbered 1, 2, 3, …, or a word is not at its place in its passage.
    """
    connection.execute(delete(tables.passages).where(tables.passages.c.document == document))
    connection.execute(delete(tables.pages).where(tables.pages.c.document == document))
    tally = Tally()
    stream = iter(pages)
    while batch := list(islice(stream, _PAGES_AT_ONCE)):
        for page in batch:
            tally.add(page)
            if page.number != tally.pages:
                raise ValueError(f"page {tally.pages} was due, page {page.number} came")
        connection.execute(insert(tables.pages), [_page_row(document, page) for page in batch])
        if rows := [row for page in batch for row in _passage_rows(document, page)]:
            connection.execute(insert(tables.passages), rows)
    return tally


def read_page(connection: Connection, document: str, number: int) -> Page | None:
    """One page, or None when the document has no such page."""
    rows = connection.execute(_pages_with_passages(document).where(tables.pages.c.number == number)).all()
    return _page(rows) if rows else None


def read_pages(connection: Connection, document: str) -> Iterator[Page]:
    """All pages in order, a few in memory at a time."""
    rows = connection.execution_options(yield_per=500).execute(_pages_with_passages(document))
    for _number, group in groupby(rows, key=lambda row: row.number):
        yield _page(list(group))


def read_labels(connection: Connection, document: str) -> list[str]:
    """The printed labels of all pages, in order."""
    query = select(tables.pages.c.label).where(tables.pages.c.document == document)
    return list(connection.execute(query.order_by(tables.pages.c.number)).scalars())


def read_texts(connection: Connection, keys: Sequence[tuple[str, int, Language]]) -> list[list[str]]:
    """For each (document, page, language): the texts of the passages in that language, in order."""
    table = tables.passages.c
    texts: dict[tuple[str, int, str], list[str]] = {}
    places = iter(sorted({(document, page) for document, page, _language in keys}))
    while some := list(islice(places, _PLACES_AT_ONCE)):
        # SQLite would read the whole table for `(document, page) IN (…)`, so it is asked by document.
        wanted = [
            (table.document == document) & table.page.in_([page for _document, page in group])
            for document, group in groupby(some, key=lambda place: place[0])
        ]
        query = select(table.document, table.page, table.language, table.text).where(or_(*wanted))
        for row in connection.execute(query.order_by(table.document, table.page, table.position)):
            texts.setdefault((row.document, row.page, row.language), []).append(row.text)
    return [texts.get(key, []) for key in keys]


def pack_words(text: str, words: Sequence[Word]) -> bytes:
    """The words of a passage as compressed columns of whole numbers.

    For each word: the gap since the end of the word before, its length and its number of boxes; for each
    box: its offset from the box before (x from its right, y from its top), width and height, in hundredths
    of a point. The text of a word is that of the passage at its place, so it is not kept twice.
    """
    for word in words:
        if word.start < 0 or not text.startswith(word.text, word.start):
            raise ValueError(f"the word {word.text!r} is not at {word.start} in its passage")
    boxes = [[round(side * 100) for side in box] for word in words for box in word.boxes]
    lefts, tops, rights, bottoms = ([box[side] for box in boxes] for side in range(4))
    columns = (
        _steps([word.start for word in words], [word.end for word in words]),
        [len(word.text) for word in words],
        [len(word.boxes) for word in words],
        _steps(lefts, rights),
        _steps(tops, tops),
        [right - left for left, right in zip(lefts, rights, strict=True)],
        [bottom - top for top, bottom in zip(tops, bottoms, strict=True)],
    )
    return zlib.compress(json.dumps(columns, separators=(",", ":")).encode("ascii"))


def unpack_words(text: str, packed: bytes) -> tuple[Word, ...]:
    """The words that :func:`pack_words` packed for the passage with this text.

    Raises:
        DamagedArchive: the packed words have been damaged.
    """
    try:
        gaps, lengths, counts, x_steps, y_steps, widths, heights = json.loads(zlib.decompress(packed))
    except (zlib.error, ValueError) as error:
        raise DamagedArchive(f"The words of a passage cannot be read: {error}.") from error
    ends = accumulate(gap + length for gap, length in zip(gaps, lengths, strict=True))
    rights = accumulate(step + width for step, width in zip(x_steps, widths, strict=True))
    boxes: Iterator[Box] = (
        ((right - width) / 100, top / 100, right / 100, (top + height) / 100)
        for right, width, top, height in zip(rights, widths, accumulate(y_steps), heights, strict=True)
    )
    return tuple(
        Word(text[end - length : end], end - length, tuple(islice(boxes, count)))
        for end, length, count in zip(ends, lengths, counts, strict=True)
    )


def _steps(starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """How far each thing starts from the end of the one before; the first from 0."""
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


def _passage_rows(document: str, page: Page) -> Iterator[dict[str, object]]:
    for position, passage in enumerate(page.passages):
        yield {
            "document": document,
            "page": page.number,
            "position": position,
            "kind": passage.kind,
            "language": passage.language,
            "text": passage.text,
            "words": pack_words(passage.text, passage.words),
        }


def _pages_with_passages(document: str) -> Select[Any]:
    """One row a passage, with its page; a page without passages gives one row with empty passage columns."""
    page, passage = tables.pages.c, tables.passages.c
    joined = tables.pages.outerjoin(
        tables.passages, (passage.document == page.document) & (passage.page == page.number)
    )
    return (
        select(
            *(page.number, page.label, page.width, page.height, page.source, page.needs_ocr),
            *(page.health_text_layer, page.health_ocr, page.reading_choice),
            *(passage.position, passage.kind, passage.language, passage.text, passage.words),
        )
        .select_from(joined)
        .where(page.document == document)
        .order_by(page.number, passage.position)
    )


def _page(rows: Sequence[Row[Any]]) -> Page:
    first = rows[0]
    passages = tuple(
        Passage(row.kind, row.language, row.text, unpack_words(row.text, row.words))
        for row in rows
        if row.position is not None
    )
    return Page(
        *(first.number, first.label, first.width, first.height, first.source, first.needs_ocr, passages),
        health=Health(first.health_text_layer, first.health_ocr, first.reading_choice),
    )
