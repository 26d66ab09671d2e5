"""What a reader gets who quotes from a table without rules: the right words, a warning, or wrong ones unsaid.

Each judged cell is selected from its first word to its last, as with a mouse, and looked up as a quotation;
what stands beside it in other cells is looked up as well, and must not be confirmed without a warning.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import typst

from archive.records import Description, Page
from index.indexer import open_engine
from index.quotation.quote_report import Match, QuoteReport
from index.quotation.verdict import find
from index.text.excerpts import in_one_line
from ingest.read_document import read_document
from search_app.document.word_links import Passage, passage_of
from search_app.web.parameters import WordRange
from tests.benchmarks.borderless_tables import OF_THE_CORPUS, WRITTEN, JudgedTable
from tests.surroundings.reading_room import ReadingRoom

OUTCOMES = ("right", "warned", "wrong")


def table_rows(shared: Path) -> Iterator[list[str]]:
    """For each judged table how many of its cells are cited, found and told apart, and in all."""
    totals: Counter[tuple[int, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for table in (*WRITTEN, *OF_THE_CORPUS):
            pages = pages_of(table, shared, Path(name))
            if pages is None:
                continue
            told = judged(table, pages)
            for part, outcomes in enumerate(told):
                totals.update((part, outcome) for outcome in outcomes)
            yield [
                table.name,
                *(_counts(Counter(outcomes)) for outcomes in told),
                _false_tables(table, pages),
            ]
    yield [
        "all",
        *(_counts(Counter({each: totals[part, each] for each in OUTCOMES})) for part in range(3)),
        "",
    ]


def pages_of(table: JudgedTable, shared: Path, folder: Path) -> list[Page] | None:
    """The pages of a table that was written, or its page of a document; None where that is not at hand."""
    path = folder / "table.pdf"
    if table.source:
        pdf = typst.compile(table.source.encode(), font_paths=typst.Fonts(include_system_fonts=False))
        assert isinstance(pdf, bytes)
        path.write_bytes(pdf)
    elif (shared / table.document).exists():
        with pdfium.PdfDocument(shared / table.document) as whole, pdfium.PdfDocument.new() as part:
            part.import_pages(whole, [table.page - 1])
            part.save(path)
    else:
        return None
    return list(read_document(path, 100, lambda done, total: None).pages)


def judged(table: JudgedTable, pages: Sequence[Page]) -> tuple[list[str], list[str], list[str]]:
    """What became of its cells when they are cited, and when they are looked up; and of what is no text."""
    page = page_of(table, pages)
    selected = [cited(cell, page) for cell in table.cells]
    with tempfile.TemporaryDirectory() as folder:
        room = ReadingRoom(Path(folder))
        room.add(pages, Description(title=table.name), is_indexed=False)
        room.indexer.rebuild()
        engine = open_engine(Path(folder) / "index")
        reports = [find(cell, engine, room.catalogue) for cell in table.cells]
        found = [
            "right" if report.verdict == "verbatim" else "warned" if _is_warned(report) else "wrong"
            for report in reports
            if not report.is_too_short
        ]
        mixed = [find(each, engine, room.catalogue) for each in table.mixed]
        confirmed = [
            "right" if report.verdict != "verbatim" else "warned" if _is_warned(report) else "wrong"
            for report in mixed
        ]
        room.close()
    return selected, found, confirmed


def cited(cell: str, page: Page) -> str:
    """What a reader gets who selects a cell from its first to its last words: one of :data:`OUTCOMES`."""
    words = [word.text for passage in page.blocks for word in passage.words]
    said = cell.split()
    ends = min(2, len(said))
    places = [
        passage_of(page, WordRange(start, end))
        for start in range(len(words))
        if words[start : start + ends] == said[:ends]
        for end in range(start + len(said) - 1, len(words))
        if words[end + 1 - ends : end + 1] == said[-ends:]
    ]
    if not places:
        return "wrong"
    shortest = min(places, key=lambda place: len(place.text))
    if in_one_line(shortest.text) == cell:
        return "right"
    return "warned" if _warns(shortest) else "wrong"


def _counts(outcomes: Counter[str]) -> str:
    return " / ".join(str(outcomes[outcome]) for outcome in OUTCOMES)


def _false_tables(table: JudgedTable, pages: Sequence[Page]) -> str:
    if not table.is_text:
        return ""
    return str(sum(passage.kind == "table" for passage in page_of(table, pages).blocks))


def _warns(place: Passage | Match) -> bool:
    return place.has_cells or place.is_apart


def _is_warned(report: QuoteReport) -> bool:
    return all(map(_warns, report.matches)) and bool(report.matches)


def page_of(table: JudgedTable, pages: Sequence[Page]) -> Page:
    """The page on which a table stands."""
    return pages[table.page - 1] if table.source else pages[0]
