"""Says in the language of the interface what is missing from a document, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext

from archive.reading_warnings import (
    FOR_ARCHIVISTS,
    ReadingWarning,
    WarningCode,
    number_list,
    warning_from_json,
    warnings_on,
)

_UNREAD: frozenset[WarningCode] = frozenset({"unreadable", "no_engine", "no_time", "ocr_failed"})
"""Warnings that explain why a page has no text."""
_LONGEST_LIST = 300
"""Most characters of the names of attached files that are shown."""


@dataclass(frozen=True, slots=True)
class WarningText:
    """A warning in words."""

    where: str
    """The pages that it is about, such as "Pages 3–5 and 9"; empty for the whole document."""
    text: str
    """What is missing or uncertain and, in the next sentence, what to do."""
    language: str | None
    """The language of the text, if it is not that of the interface."""


def warning_texts(warnings: Iterable[ReadingWarning], is_archivist: bool = False) -> list[WarningText]:
    """The warnings in words; archivists also get warnings that are only for them, and what they can do."""
    shown = (warning for warning in warnings if is_archivist or warning.code not in FOR_ARCHIVISTS)
    return [
        WarningText(_where(warning), _text(warning, is_archivist), "en" if warning.code == "noted" else None)
        for warning in shown
    ]


def page_warning_texts(
    warnings: Iterable[ReadingWarning], page: int, is_archivist: bool = False
) -> list[WarningText]:
    """The warnings that name a page, in words; doubtful words are left out, because the text marks them."""
    on_page = warnings_on(warnings, page)
    return warning_texts([warning for warning in on_page if warning.code != "doubtful_words"], is_archivist)


def event_warning_texts(stored: Iterable[object]) -> list[WarningText]:
    """The warnings that an event in the history of a document contains, in words."""
    return warning_texts(map(warning_from_json, stored), is_archivist=True)


def has_unread_warning(warnings: Iterable[ReadingWarning], page: int | None = None) -> bool:
    """Whether a warning explains why text could not be read: on `page`, or on any page."""
    return any(warning.code in _UNREAD and page in (None, *warning.pages) for warning in warnings)


def _where(warning: ReadingWarning) -> str:
    if not warning.pages:
        return ""
    if len(warning.pages) == 1:
        return str(gettext("Page %(number)s", number=warning.pages[0]))
    joined_by = gettext("and")
    return str(gettext("Pages %(numbers)s", numbers=number_list(warning.pages, joined_by)))


def _text(warning: ReadingWarning, is_archivist: bool) -> str:
    parts = [_what(warning), _what_archivists_do(warning) if is_archivist else ""]
    return " ".join(part for part in parts if part)


def _what(warning: ReadingWarning) -> str:
    """What is missing or uncertain, and what a reader can do."""
    return (_of_the_file(warning) | _of_the_text())[warning.code]


def _of_the_file(warning: ReadingWarning) -> dict[WarningCode, str]:
    files = warning.files
    if len(files) > _LONGEST_LIST:
        files = files[:_LONGEST_LIST].rstrip() + "…"
    return {
        "damaged": gettext(
            "The file is damaged and was repaired to be read; parts of it may be missing. "
            "Compare it with the original or with another copy."
        ),
        "page_count": gettext(
            "%(pages)s pages were read, but another program counts %(counted)s. Check in the original "
            "whether pages are missing.",
            pages=warning.value("pages"),
            counted=warning.value("counted"),
        ),
        "not_drawn": gettext("No image could be made. See the original."),
        "hidden_text": gettext(
            "The file contains text that the printed page does not show, such as a layer that is switched "
            "off. It was left out here and in searches; the original still has it."
        ),
        "dynamic_form": gettext(
            "This is a form (XFA) whose content only Adobe Acrobat Reader can show. That content is missing "
            "here, and a search does not find it. Download the original and open it in Adobe Acrobat Reader."
        ),
        "portfolio": gettext(
            "This file is a folder of other files (a PDF portfolio): %(files)s. They were not read, and a "
            "search does not find them. Download the original and open them in Adobe Acrobat Reader.",
            files=files,
        ),
        "attachments": gettext(
            "Other files are attached to this document: %(files)s. They were not read, and a search does not "
            "find them. Download the original and open them in Adobe Acrobat Reader.",
            files=files,
        ),
        "uncertain_title": gettext("No title is certain, so the name of the file is shown instead."),
        "corrections_lost": gettext(
            "The file was read again, and pages that were corrected are no longer in it. "
            "Their corrections are kept."
        ),
        "noted": warning.value("text"),
    }


def _of_the_text() -> dict[WarningCode, str]:
    unread = gettext(
        "The text is in an image that was not read, so searches do not find it. Read it in the image."
    )
    lying = gettext(
        "For some words, the letters in the file differ from those that are printed, so the text may be "
        "wrong there. Compare it with the image before you quote it."
    )
    return {
        "unreadable": gettext(
            "The text could not be read, so searches do not find it. Read it in the original."
        ),
        "unsound": gettext(
            "The text may not be what is printed: neither the text in the file nor character recognition "
            "(OCR) gives reliable words. Compare it with the image before you quote it."
        ),
        "no_engine": unread,
        "no_time": unread,
        "ocr_failed": unread,
        "lying_font_read_by_ocr": gettext(
            "For some words, the letters in the file differ from those that are printed. These words were "
            "read from the image by character recognition (OCR) and may contain errors. Compare them with "
            "the image before you quote them."
        ),
        "lying_font_unread": lying,
        "unsure_direction": gettext(
            "Some lines are rotated, and their reading direction is not certain. Compare them with the image."
        ),
        "unsure_order": gettext(
            "It is not certain in which order columns and boxes are to be read, so sentences may be mixed "
            "up. Compare the text with the image before you quote it."
        ),
        "empty_cells": gettext(
            "Some cells of a table contain something that could not be read, so figures may be missing. "
            "Look for them in the image."
        ),
        "doubtful_words": gettext(
            "Some words were hard to recognise in the image and may be wrong; they are underlined with dots "
            "and followed by a small question mark. Compare them with the image before you quote them."
        ),
    }


def _what_archivists_do(warning: ReadingWarning) -> str:
    """What an archivist can do about it; empty if readers can do the same."""
    correct = gettext("Then correct the text of the page.")
    add_each = gettext("To make them searchable, save them from the original and add each as a document.")
    advice: dict[WarningCode, str] = {
        "damaged": gettext("Ask the publisher for an intact copy, and add that."),
        "no_engine": gettext(
            "To make it searchable, install Tesseract with Dutch, French, German and English, and read the "
            "document again."
        ),
        "no_time": gettext(
            "There was no time left for character recognition (OCR). To make the text searchable, add "
            "these pages as a separate file."
        ),
        "ocr_failed": gettext(
            "Character recognition (OCR) failed: %(reason)s. Read the document again, or type the text of "
            "the page.",
            reason=warning.value("reason"),
        ),
        "unsound": correct,
        "dynamic_form": gettext(
            "To make it searchable, print it to a new PDF in Adobe Acrobat Reader and add that."
        ),
        "portfolio": add_each,
        "attachments": add_each,
        "lying_font_read_by_ocr": correct,
        "lying_font_unread": correct,
        "unsure_order": correct,
        "empty_cells": correct,
        "doubtful_words": correct,
        "uncertain_title": gettext("Please give the title that is on the document itself."),
    }
    return advice.get(warning.code, "")


def register(app: Flask) -> None:
    """Offer these words to the templates."""
    app.add_template_filter(warning_texts, "warning_texts")
    app.add_template_filter(page_warning_texts, "page_warning_texts")
    app.add_template_filter(event_warning_texts, "event_warning_texts")
    app.add_template_filter(has_unread_warning, "has_unread_warning")
