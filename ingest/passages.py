"""Make of a block of drawn words a passage: its text, and for each word the way back to the page."""

from collections.abc import Sequence
from typing import NamedTuple

from archive.languages import Language
from archive.records import Box, Passage, PassageKind, Word
from ingest.clean import SOFT_HYPHEN
from ingest.hyphens import Vocabulary
from ingest.page_text import PageText
from ingest.straighten import Slant
from ingest.tables import Row


class PlacedWord(NamedTuple):
    """A word as drawn on a line of the page as given."""

    text: str
    box: Box
    is_doubtful: bool


class WholeWord(NamedTuple):
    """A word that is whole, though it may be broken over lines."""

    text: str
    boxes: tuple[Box, ...]
    is_doubtful: bool
    """If one of its parts is."""


PlacedWords = Sequence[PlacedWord]
"""The words of a page."""


def placed_words(page: PageText, slant: Slant | None = None) -> PlacedWords:
    """The words of a page in the form that passages are made of, with boxes on the page as given."""
    given = slant.back(page.boxes) if slant else page.boxes
    boxes = ((x0, y0, x1, y1) for x0, y0, x1, y1 in given.tolist())
    return list(map(PlacedWord, page.texts, boxes, page.doubtful.tolist()))


def make_passage(
    kind: PassageKind, language: Language, rows: Sequence[Row], page: PlacedWords, vocabulary: Vocabulary
) -> Passage:
    """The passage of these rows: cells apart by tabs, rows by line feeds, broken words joined.

    Empty cells leave their tab, except at the end of a row.
    """
    parts: list[str] = []
    words: list[Word] = []
    length = 0
    separator = ""
    for row_number, row in enumerate(rows):
        separator = "\n" if row_number else ""
        for cell_number, cell in enumerate(row):
            separator += "\t" if cell_number else ""
            for text, boxes, is_doubtful in whole_words(cell, page, vocabulary, language):
                parts += (separator, text)
                words.append(Word(text, length + len(separator), boxes, is_doubtful))
                length += len(separator) + len(text)
                separator = " "
            separator = separator.rstrip(" ")
    return Passage(kind, language, "".join(parts), tuple(words))


def whole_words(
    cell: Sequence[Sequence[int]], page: PlacedWords, vocabulary: Vocabulary, language: Language
) -> list[WholeWord]:
    """The words of a cell's lines, the broken ones joined."""
    found: list[WholeWord] = []
    for line in cell:
        for place, row in enumerate(line):
            text, box, is_doubtful = page[row]
            join = vocabulary.joined_address if place else vocabulary.joined
            if found and (whole := join(found[-1].text, text, language)):
                start = found.pop()
                found.append(WholeWord(whole, (*start.boxes, box), start.is_doubtful or is_doubtful))
            else:
                found.append(WholeWord(text, (box,), is_doubtful))
    return [
        word._replace(text=word.text[:-1] + "-") if word.text.endswith(SOFT_HYPHEN) else word
        for word in found
    ]
