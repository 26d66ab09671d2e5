"""Warnings about a document: what is missing from its text or uncertain, and on which pages.

Reading the file produces them, the catalogue stores them as JSON, and the site says them in the reader's
language. The English sentence here is for the command line and for programs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypedDict, get_args

from archive.outside_text import clean_line

WarningCode = Literal[
    "damaged",
    "page_count",
    "unreadable",
    "unsound",
    "no_engine",
    "no_time",
    "ocr_failed",
    "not_drawn",
    "hidden_text",
    "dynamic_form",
    "portfolio",
    "attachments",
    "lying_font_read_by_ocr",
    "lying_font_unread",
    "unsure_direction",
    "unsure_order",
    "empty_cells",
    "doubtful_words",
    "uncertain_title",
    "corrections_lost",
    "noted",
]
"""The kind of the warning. `noted` is for warnings of versions without codes; its value `text` is their
sentence."""

FOR_ARCHIVISTS: frozenset[WarningCode] = frozenset({"hidden_text", "uncertain_title", "corrections_lost"})
"""Warnings that readers need not see: the text that they see is that of the drawn page."""

_MOST_PAGES, _MOST_VALUES = 100_000, 8
_LONGEST_VALUE = 2_000
_LARGEST_NUMBER = 2**53


class StoredWarning(TypedDict):
    """A warning as the catalogue keeps it."""

    code: WarningCode
    pages: list[int]
    values: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """One thing that people should know of a document, or of some of its pages."""

    code: WarningCode
    pages: tuple[int, ...] = ()
    """Physical numbers in order; empty if it applies to the whole document."""
    values: Mapping[str, str | int] = field(default_factory=dict)
    """Other values in the sentence, such as the names of attached files."""

    def value(self, name: str) -> str:
        """One of the values as text; empty where it was not given."""
        return str(self.values.get(name, ""))

    @property
    def files(self) -> str:
        """Of `portfolio` and `attachments`: how many files, and their names: "2: a.pdf, b.xlsx"."""
        return ": ".join(part for part in (self.value("number"), self.value("names")) if part)

    @property
    def sentence(self) -> str:
        """The warning in English."""
        sentence = _SENTENCES[self.code](self)
        return f"{page_list(self.pages)} {sentence}" if self.pages else sentence[:1].upper() + sentence[1:]


_SENTENCES: Mapping[WarningCode, Callable[[ReadingWarning], str]] = {
    "damaged": lambda _: "the file is damaged and was repaired for reading; parts of it may be missing.",
    "page_count": lambda warning: (
        f"it has {warning.value('pages')} pages as read here, but {warning.value('counted')} as read by "
        "another program."
    ),
    "unreadable": lambda _: "could not be read.",
    "unsound": lambda _: "may not say what is printed: neither the text layer nor OCR gives sound text.",
    "no_engine": lambda warning: (
        f"must be read by OCR, and Tesseract is not there with all languages ({warning.value('install')})."
    ),
    "no_time": lambda _: "must be read by OCR, for which there was no time left.",
    "ocr_failed": lambda warning: f"could not be read by OCR: {warning.value('reason')}.",
    "not_drawn": lambda warning: f"could not be drawn. {warning.value('reason')}".rstrip(),
    "hidden_text": lambda _: "had text that the drawn page does not show; it was left out.",
    "dynamic_form": lambda _: (
        "it is a form (XFA) that only Adobe Acrobat can show; what it says does not stand in the pages and "
        "was not read."
    ),
    "portfolio": lambda warning: (
        f"it is a portfolio, and the documents in it were not read ({warning.files}); add each by itself."
    ),
    "attachments": lambda warning: (
        f"files are attached to it and were not read ({warning.files}); add each by itself."
    ),
    "lying_font_read_by_ocr": lambda _: (
        "had letters in a font that names them wrongly; they were read from the image by OCR."
    ),
    "lying_font_unread": lambda _: (
        "may not say what is printed: a font names its letters wrongly, and OCR could not read them."
    ),
    "unsure_direction": lambda _: "had lines of which it is not certain in which direction they run.",
    "unsure_order": lambda _: (
        "had columns or boxes of which it is not certain in which order they are to be read."
    ),
    "empty_cells": lambda _: "had cells of a table in which something stands that could not be read.",
    "doubtful_words": lambda _: "had words that OCR was not sure of; they are marked.",
    "uncertain_title": lambda _: "no title is certain; please give one.",
    "corrections_lost": lambda _: "could not be found in the file any more; the corrections are kept.",
    "noted": lambda warning: warning.value("text"),
}


def page_list(numbers: Sequence[int], joined_by: str = "and") -> str:
    """For people: "Page 3", "Pages 3–5 and 9"."""
    return f"{'Pages' if len(numbers) > 1 else 'Page'} {number_list(numbers, joined_by)}"


def number_list(numbers: Iterable[int], joined_by: str) -> str:
    """Numbers with runs put together, the last one `joined_by` a word: "3–5, 7 and 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    *before, last = ["–".join(map(str, run)) for run in runs]
    return f"{', '.join(before)} {joined_by} {last}" if before else last


def warnings_on(warnings: Iterable[ReadingWarning], page: int) -> list[ReadingWarning]:
    """Those that name the page."""
    return [warning for warning in warnings if page in warning.pages]


def is_order_unsure(warnings: Iterable[ReadingWarning], page: int) -> bool:
    """Whether the words of a page may have been read in the wrong order."""
    return any(warning.code == "unsure_order" for warning in warnings_on(warnings, page))


def warning_as_json(warning: ReadingWarning) -> StoredWarning:
    """As the catalogue keeps it, with nothing in its values that cannot be shown."""
    values = {
        name: clean_line(value, _LONGEST_VALUE) if isinstance(value, str) else value
        for name, value in warning.values.items()
    }
    return {"code": warning.code, "pages": list(warning.pages), "values": values}


def warning_from_json(stored: object) -> ReadingWarning:
    """A stored warning as a record.

    Raises:
        ValueError: it is not a valid warning. It may come from a reader process that a hostile file has taken
            over.
    """
    if isinstance(stored, str):  # as versions kept it that had no codes
        return ReadingWarning("noted", (), {"text": clean_line(stored)})
    if not isinstance(stored, dict) or stored.keys() != {"code", "pages", "values"}:
        raise ValueError("not a warning")
    code, pages, values = stored["code"], stored["pages"], stored["values"]
    if code not in get_args(WarningCode) or not isinstance(pages, list) or not isinstance(values, dict):
        raise ValueError("not a warning")
    are_pages = all(type(page) is int and 0 < page <= _MOST_PAGES for page in pages)
    if not are_pages or pages != sorted(set(pages)) or len(values) > _MOST_VALUES:
        raise ValueError("not the pages and values of a warning")
    return ReadingWarning(code, tuple(pages), dict(map(_checked, values, values.values())))


def _checked(name: object, value: object) -> tuple[str, str | int]:
    if not isinstance(name, str) or not (name.isascii() and name.isidentifier()):
        raise ValueError("not the name of a value")
    if isinstance(value, str):
        return name, clean_line(value, _LONGEST_VALUE)
    if type(value) is int and abs(value) <= _LARGEST_NUMBER:
        return name, value
    raise ValueError("neither text nor a number")
