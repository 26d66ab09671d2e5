"""Reads a document: its pages as blocks of words, its title, and what went wrong.

There are two passes. The first takes the words of each page from the PDF (or from OCR) and stores them. It
also collects what is common to the pages: the vocabulary of the document, its running heads, its page
numbers. The second pass uses that to lay out the pages, and returns them one by one. So the memory that is
needed does not depend on the length of the document.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from archive.languages import LANGUAGES, Language
from archive.reading_warnings import ReadingWarning
from archive.records import Block, OcrInstruction, Page
from ingest.description.title import FIRST_PAGES, TitleFinder
from ingest.description.title_lines import FirstPage
from ingest.drawn_words import PageText
from ingest.errors import NoPages, TooManyPages
from ingest.language.block_language import clear_language, languages_of, votes
from ingest.language.collection_words import CollectionWords
from ingest.language.line_end_hyphens import DocumentVocabulary
from ingest.layout.block import LayoutBlock
from ingest.layout.block_records import drawn_words, make_block
from ingest.layout.gutters import KnownGutters
from ingest.layout.language_in_context import BlockText, Languages
from ingest.layout.order_check import is_order_unsure
from ingest.layout.page_layout import lay_out
from ingest.page.choose_reading import PageReader, SeenPage
from ingest.page.page_count import count_pages
from ingest.page.pdf_words import PdfFile
from ingest.page.seen_pages import SeenPages
from ingest.page.stamps import KnownStamps
from ingest.running.running_heads import RunningLines

_OCR_SECONDS = 420.0
"""Most time for OCR, of the ten minutes that a document may take; the rest of the work needs time, too."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a document."""

    title: str | None
    """As it is printed on the first pages; None if none is certain."""
    pages: Iterable[Page]
    """All pages in order. They can be iterated over only once."""
    warnings: list[ReadingWarning]
    """Messages for people, such as which pages could not be read."""


@dataclass(slots=True)
class _Document:
    """What the first pass through a document collects for the second."""

    pages: SeenPages
    total: int
    vocabulary: DocumentVocabulary
    stamps: KnownStamps = field(default_factory=KnownStamps)
    running: RunningLines = field(default_factory=RunningLines)
    gutters: KnownGutters = field(default_factory=KnownGutters)
    sizes: Counter[float] = field(default_factory=Counter)
    """Font sizes, in steps of half a point, with the number of characters of each size."""
    labels: list[str] = field(default_factory=list)
    """The label of each page in the file's /PageLabels; empty if it has none."""
    unsure: list[int] = field(default_factory=list)
    """The pages whose order of words is unsure."""
    first_pages: dict[int, list[LayoutBlock]] = field(default_factory=dict)
    """The blocks of the pages on which the title was looked for, by the number of the page."""

    @property
    def body_size(self) -> float:
        """The font size of most of the text, in points."""
        return self.sizes.most_common(1)[0][0] if self.sizes else 10.0

    @property
    def main_language(self) -> Language:
        """The language with the most stop words in the document; Dutch if there are none."""
        found = votes(self.vocabulary.counts)
        return max(LANGUAGES, key=lambda language: found[language])


def read_document(
    path: Path,
    max_pages: int,
    on_page: Callable[[int, int], None],
    ocr_seconds: float = _OCR_SECONDS,
    ocr_instructions: Mapping[int, OcrInstruction] | None = None,
    collection: CollectionWords | None = None,
) -> Reading:
    """Read a PDF.

    Args:
        path: of the PDF.
        max_pages: a longer document is refused.
        on_page: called after each page of the first pass with the number of pages done and of all.
        ocr_seconds: most time for OCR. Pages that still need it afterwards are marked as such.
        ocr_instructions: the pages for which OCR is forced or forbidden, by their number.
        collection: words of all documents, which help to join words broken at line ends.

    Raises:
        Encrypted, Damaged: the file cannot be opened.
        NoPages: there is no readable page in it.
        TooManyPages: it has more than `max_pages`.
    """
    with PdfFile(path) as pdf:
        if len(pdf) > max_pages:
            raise TooManyPages(f"The document has {len(pdf)} pages; at most {max_pages} are taken.")
        pages = PageReader(pdf, ocr_seconds, ocr_instructions)
        document = _look_through(pdf, pages, DocumentVocabulary(collection), on_page)
        if pages.unreadable == document.total:
            raise NoPages("The file opens, but none of its pages can be read.")
        title = _title(pdf, document)
        warnings = [*(_damage(pdf, path) if pdf.is_repaired else []), *pdf.warnings()]
    warnings += pages.warnings()
    return Reading(title, _pages(document, warnings), warnings)


def _look_through(
    pdf: PdfFile, pages: PageReader, vocabulary: DocumentVocabulary, on_page: Callable[[int, int], None]
) -> _Document:
    """The first pass: take the words of all pages, and collect what is common to them."""
    document = _Document(SeenPages(), len(pdf), vocabulary)
    for number in range(1, document.total + 1):
        seen = pages.see(number)
        document.pages.add(seen)
        document.vocabulary.add(seen.words.texts)
        document.stamps.look_at(seen.words)
        words = seen.words
        document.running.look_at(number, words.take(words.stamps == 0) if words.stamps.any() else words)
        document.labels.append(pdf.label(number))
        for size, characters in _characters_by_size(seen.words):
            document.sizes[size] += characters
        on_page(number, document.total)
    document.running.settle()
    return document


def _title(pdf: PdfFile, document: _Document) -> str | None:
    pages = []
    for number, seen in enumerate(islice(document.pages, FIRST_PAGES), 1):
        blocks = _laid_out(seen.words, document, _apart(number, seen.words, document))
        document.first_pages[number] = blocks
        pages.append(FirstPage(seen.words, blocks, seen.source == "ocr"))
    stated = [title for title in (pdf.metadata_title, pdf.outline_title) if title]
    finder = TitleFinder(document.body_size, document.vocabulary, document.main_language, stated)
    return finder.find(pages)


def _damage(pdf: PdfFile, path: Path) -> list[ReadingWarning]:
    """Warnings on a file whose table of objects is damaged."""
    warnings = [ReadingWarning("damaged")]
    counted = count_pages(path)
    if counted is not None and counted != len(pdf):
        warnings.append(ReadingWarning("page_count", values={"pages": len(pdf), "counted": counted}))
    return warnings


def _characters_by_size(page: PageText) -> list[tuple[float, int]]:
    if not page.texts:
        return []
    half_points = np.clip(np.rint(2 * page.sizes), 0, 1000).astype(np.int64)
    lengths = np.fromiter(map(len, page.texts), dtype=np.int64, count=len(page.texts))
    amounts = np.bincount(half_points, weights=lengths)
    return [(int(size) / 2, int(amounts[size])) for size in np.flatnonzero(amounts)]


def _pages(document: _Document, warnings: list[ReadingWarning]) -> Iterator[Page]:
    """The second pass: lay out page after page."""
    labels = _printed_labels(document)
    languages = Languages(document.main_language, languages_of(document.vocabulary.counts))
    for number, seen in enumerate(document.pages, 1):
        yield Page(
            number,
            labels[number - 1],
            *seen.size,
            seen.source,
            seen.needs_ocr,
            _blocks(number, seen, document, languages),
            seen.health,
        )
    if document.unsure:
        warnings.append(ReadingWarning("unsure_order", tuple(document.unsure)))


def _printed_labels(document: _Document) -> list[str]:
    """The label of each page: that of the file if it has meaningful ones, else the printed number, else its
    number.

    If most labels of the file differ from the printed numbers, as in files merged from others, the printed
    numbers are used.
    """
    physical = [str(number) for number in range(1, document.total + 1)]
    own = document.labels
    printed = document.running.labels()
    has_own = all(own) and own != physical and len(set(own)) > len(own) // 2
    agreeing = sum(own[number - 1] == label for number, label in printed.items()) if has_own else 0
    if not has_own or (printed and 2 * agreeing < len(printed) and all(map(str.isalnum, own))):
        return [printed.get(number, str(number)) for number in range(1, document.total + 1)]
    return [printed.get(number, label) if label.isdecimal() else label for number, label in enumerate(own, 1)]


class _Apart(NamedTuple):
    """The lines that are not part of the text of a page, each as rows of the page's words."""

    heads: list[list[int]]
    feet: list[list[int]]
    beside: list[list[int]]
    """Its line numbers, and its stamps."""


def _apart(number: int, page: PageText, document: _Document) -> _Apart:
    heads, feet = document.running.of(number)
    numbers = document.running.line_numbers(number)
    taken = {row for line in [*heads, *feet, numbers] for row in line}
    stamps = [
        rows for stamp in document.stamps.of(page) if (rows := [row for row in stamp if row not in taken])
    ]
    return _Apart(heads, feet, [numbers, *stamps] if numbers else stamps)


def _laid_out(page: PageText, document: _Document, apart: _Apart) -> list[LayoutBlock]:
    """The blocks of the text of a page. Pages have to come in order."""
    rows = [row for lines in apart for line in lines for row in line]
    return lay_out(page, document.body_size, document.gutters, np.array(rows, dtype=np.int64))


def _blocks(number: int, seen: SeenPage, document: _Document, languages: Languages) -> tuple[Block, ...]:
    page = seen.words
    apart = _apart(number, page, document)
    laid_out = document.first_pages.pop(number, None)
    if laid_out is None:
        laid_out = _laid_out(page, document, apart)
    blocks = [part for block in laid_out for part in _by_language(block, page.texts)]
    blocks = [*_running(apart.heads, page), *blocks, *_running([*apart.feet, *apart.beside], page)]
    block_texts = [
        BlockText(
            _plain_text(block, page.texts),
            block.x0,
            block.x1,
            block.kind == "heading",
            block.kind in ("paragraph", "list"),
        )
        for block in blocks
    ]
    joined = _across_columns(blocks, languages.of(block_texts), page)
    if is_order_unsure(joined, page):
        document.unsure.append(number)
    words = drawn_words(page, seen.slant)
    return tuple(
        make_block(block.kind, language, block.rows, words, document.vocabulary) for block, language in joined
    )


def _plain_text(block: LayoutBlock, texts: list[str]) -> str:
    return " ".join([texts[row] for row in block.words()])


def _by_language(block: LayoutBlock, texts: list[str]) -> list[LayoutBlock]:
    """A block as it is; or the columns of a table as blocks, if they are in different languages."""
    if block.kind != "table":
        return [block]
    parts = [block.column_of_table(column) for column in range(max(map(len, block.rows)))]
    found = {language for part in parts if (language := clear_language(_plain_text(part, texts)))}
    return [part for part in parts if part.rows] if len(found) > 1 else [block]


def _running(lines: list[list[int]], page: PageText) -> list[LayoutBlock]:
    """Running heads or feet as blocks."""
    return [
        LayoutBlock(
            "running",
            [[[rows]]],
            -1,
            float(page.boxes[rows, 0].min()),
            float(page.boxes[rows, 2].max()),
            float(page.sizes[rows].max()),
            False,
        )
        for rows in lines
    ]


def _across_columns(
    blocks: list[LayoutBlock], languages: list[Language], page: PageText
) -> list[tuple[LayoutBlock, Language]]:
    """The blocks with their languages. A paragraph that continues in the next column becomes one block."""
    joined: list[tuple[LayoutBlock, Language]] = []
    for block, language in zip(blocks, languages, strict=True):
        if joined and joined[-1][1] == language and _goes_on(joined[-1][0], block, page):
            joined[-1][0].rows[-1][-1] += block.rows[0][0]
            joined[-1][0].column = block.column
        else:
            joined.append((block, language))
    return joined


def _goes_on(before: LayoutBlock, after: LayoutBlock, page: PageText) -> bool:
    """Whether a paragraph at the end of a column continues in the one at the start of the next."""
    if before.kind != "paragraph" or after.kind != "paragraph" or after.column != before.column + 1:
        return False
    last, first = before.words()[-1], after.words()[0]
    is_aside = after.x0 < before.x1 or abs(before.size - after.size) > 0.05 * before.size
    if is_aside or page.turns[last] != page.turns[first]:
        return False
    end, start = page.texts[last], page.texts[first]
    return start[:1].islower() and (end[-1:].isalnum() or end[-1:] in ",-\u00ad")
