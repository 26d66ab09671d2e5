"""Makes the record of a block: its text, and the place on the page of each word."""

from collections.abc import Iterator, Sequence

from archive.languages import Language
from archive.records import Block, BlockKind, Box, Word
from ingest.drawn_words import PageText
from ingest.language.clean_characters import SOFT_HYPHEN
from ingest.language.line_end_addresses import may_hold_address
from ingest.language.line_end_hyphens import DocumentVocabulary
from ingest.ocr.deskew import Slant
from ingest.tables.unruled_tables import TableRow

WordToPlace = tuple[str, tuple[Box, ...], bool]
"""A word as drawn, or joined from parts on two lines: its text, the box of each part on the page as given,
and whether a part of it is doubtful."""
DrawnWords = Sequence[WordToPlace]
"""The words of a page."""


def drawn_words(page: PageText, slant: Slant | None = None) -> DrawnWords:
    """The words of a page in the form that :func:`make_block` takes, with boxes on the page as given.

    Args:
        slant: the angle at which the page was scanned, if its image was straightened before reading.
    """
    given = slant.back(page.boxes) if slant else page.boxes
    boxes: Iterator[Box] = zip(*given.T.tolist(), strict=True)
    return list(zip(page.texts, zip(boxes), page.doubtful.tolist(), strict=True))


def make_block(
    kind: BlockKind,
    language: Language,
    rows: Sequence[TableRow],
    page: DrawnWords,
    vocabulary: DocumentVocabulary,
) -> Block:
    """Makes a block of these rows: with tabs between cells, line feeds between rows, and broken words joined.

    Empty cells keep their tab, except at the end of a row.
    """
    parts: list[str] = []
    words: list[Word] = []
    length = 0
    separator = ""
    for row_number, row in enumerate(rows):
        separator = "\n" if row_number else ""
        for cell_number, cell in enumerate(row):
            separator += "\t" if cell_number else ""
            if found := whole_words(cell, page, vocabulary, language):
                start = length + len(separator)
                for text, boxes, is_doubtful in found:
                    words.append(Word(text, start, boxes, is_doubtful))
                    start += len(text) + 1
                length = start - 1
                parts += (separator, " ".join([text for text, _, _ in found]))
                separator = ""
    return Block(kind, language, "".join(parts), tuple(words))


def whole_words(
    cell: Sequence[Sequence[int]], page: DrawnWords, vocabulary: DocumentVocabulary, language: Language
) -> list[WordToPlace]:
    """The words of a cell, with those joined that are broken at the end of a line."""
    drawn = [[page[row] for row in line] for line in cell]
    whole_text = " ".join([text for line in drawn for text, _, _ in line])
    has_address = may_hold_address(whole_text)
    found: list[WordToPlace] = []
    for line in drawn:
        for place, word in enumerate(line):
            if place and not has_address:
                found += line[place:]  # within a line only web addresses are joined
                break
            text, boxes, is_doubtful = word
            join = vocabulary.joined_address if place else vocabulary.joined
            if found and (whole := join(found[-1][0], text, language)):
                _, begin, was_doubtful = found.pop()
                found.append((whole, begin + boxes, was_doubtful or is_doubtful))
            else:
                found.append(word)
    if SOFT_HYPHEN not in whole_text:
        return found
    return [(word[0][:-1] + "-", *word[1:]) if word[0].endswith(SOFT_HYPHEN) else word for word in found]
