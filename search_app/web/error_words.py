"""Gives the message for an error in the language of the interface, by the class of the error or the HTTP
status.

Errors of the other packages have English messages for people at a terminal, which may contain names of
folders. Readers
of the site get a message from this module: that of the nearest class that has one here, otherwise that of
    the status.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import request
from flask_babel import gettext

from archive.catalogue.catalogue import IdentifierCollision
from archive.catalogue.correction_rows import WrongCorrection
from archive.database.database import CatalogueBusy, CatalogueTooNew, NotACatalogue
from archive.errors import (
    DamagedArchive,
    DocumentNotFound,
    IsWithdrawn,
    NoCorrection,
    NotRestorable,
    PageNotFound,
    ReadOnlyArchive,
    TerugblikError,
    WrongDescription,
)
from archive.surroundings import NoMeans, NoMemory, NoRoom
from index.errors import IndexUnusable
from index.indexer import IncompleteIndex
from index.occurrences.concordance import TooManyOccurrences
from index.quotation.verdict import MOST_PARTS, MOST_WORDS, QuotationTooLong
from search_app.web.display_names import too_many_occurrences


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """The message for an error, as readers of the site see it."""

    title: str
    message: str
    hint: str
    """What to do next."""


def words_of_error(error: TerugblikError) -> ErrorWords:
    """The message for an error. Errors of this package are in the language of the interface already, except
    the hints of their classes."""
    general = words_of_status(error.http_status)
    if type(error).__module__.startswith("search_app."):
        hint = error.hint if error.hint != error.default_hint else general.hint
        return ErrorWords(general.title, error.message, hint)
    for kind in type(error).__mro__:
        if kind in _OF_A_KIND:
            message, hint = _OF_A_KIND[kind](general)
            return ErrorWords(general.title, message, hint)
    return general


_OF_A_KIND: Mapping[type, Callable[[ErrorWords], tuple[str, str]]] = {
    DocumentNotFound: lambda general: (gettext("There is no such document in the archive."), general.hint),
    PageNotFound: lambda general: (
        gettext("This document has no such page."),
        gettext("Choose a page from the list of its pages."),
    ),
    NoCorrection: lambda general: (
        gettext("This page has no correction."),
        gettext("Nothing was changed. Open the page again to see its current state."),
    ),
    IsWithdrawn: lambda general: (
        gettext("A withdrawn document cannot be read again."),
        gettext("Restore the document first."),
    ),
    NotRestorable: lambda general: (
        gettext("This document is neither withdrawn nor failed, so there is nothing to restore."),
        gettext("Nothing was changed. Open the page again to see its current state."),
    ),
    WrongDescription: lambda general: (
        gettext("Part of this description cannot be used."),
        gettext("Check the year, date, plan, type and language; the date must be in that year."),
    ),
    WrongCorrection: lambda general: (
        gettext("This text cannot be saved as the text of the page."),
        gettext("Nothing was changed. Correct the text and send it again."),
    ),
    IdentifierCollision: lambda general: (
        gettext("Another file in the archive has the same identifier."),
        gettext("Tell the administrators: this file cannot be added."),
    ),
    TooManyOccurrences: lambda general: too_many_occurrences(),
    QuotationTooLong: lambda general: (
        gettext(
            "A quotation has at most %(words)s words, and at most %(parts)s parts between ellipses.",
            words=MOST_WORDS,
            parts=MOST_PARTS,
        ),
        gettext("Check it in smaller parts."),
    ),
    ReadOnlyArchive: lambda general: (
        gettext("This archive is read-only: nothing can be changed here, and nobody can sign in."),
        gettext("Everything can be read, searched and quoted; make changes in the main archive."),
    ),
    NoRoom: lambda general: (
        gettext("The disk of the archive is full, so nothing was changed."),
        gettext(
            "Go back: what you filled in is still there. Send it again when the administrators have freed "
            "disk space."
        ),
    ),
    NoMemory: lambda general: (gettext("The server has no free memory."), general.hint),
    NoMeans: lambda general: (gettext("The server cannot do this at the moment."), general.hint),
    CatalogueBusy: lambda general: (
        gettext("The catalogue of the archive does not respond, or others are writing to it."),
        general.hint,
    ),
    NotACatalogue: lambda general: (
        gettext("The catalogue of the archive is damaged or missing."),
        gettext("Tell the administrators: it has to be restored from a backup."),
    ),
    CatalogueTooNew: lambda general: (
        gettext("The catalogue of the archive was made by a newer version of this site."),
        gettext("Tell the administrators: the site has to be updated."),
    ),
    IncompleteIndex: lambda general: (
        gettext("The index of the archive is incomplete."),
        _of_the_index(),
    ),
    IndexUnusable: lambda general: (
        gettext(
            "The index of the archive is being rebuilt, so searching is not possible for a moment. "
            "Documents and their pages can be read."
        ),
        _of_the_index(),
    ),
    DamagedArchive: lambda general: (
        gettext("Part of the archive is damaged; the error has been logged."),
        gettext("Tell the administrators: `terugblik check` lists what is damaged."),
    ),
}
"""Message and next step for errors of the other packages, made from the message for the error's status."""


def _of_the_index() -> str:
    return str(
        gettext(
            "Try again in a few minutes; if it persists, the administrators can rebuild the index with "
            "`terugblik reindex`."
        )
    )


def words_of_status(status: int) -> ErrorWords:
    """The message for an error of which only the HTTP status is known."""
    search = gettext("Search the archive, or start from the list of its documents.")
    words: dict[int, ErrorWords] = {
        HTTPStatus.BAD_REQUEST: ErrorWords(
            gettext("This request cannot be understood"),
            gettext("The address or the form contains something that cannot be read."),
            gettext("Go back, correct it and try again; the help page explains what can be asked."),
        ),
        HTTPStatus.FORBIDDEN: ErrorWords(
            gettext("Not allowed"),
            gettext("This page is for archivists who have signed in."),
            gettext("Sign in and try again."),
        ),
        HTTPStatus.NOT_FOUND: ErrorWords(
            gettext("Not found"), gettext("There is nothing at this address."), search
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: ErrorWords(
            gettext("Not possible here"),
            gettext("This address does not accept requests of the kind %(method)s.", method=request.method),
            gettext("Follow the links and forms of the site, or see the description of the API."),
        ),
        HTTPStatus.GONE: ErrorWords(
            gettext("Withdrawn"), gettext("This document has been withdrawn."), search
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ErrorWords(
            gettext("Too large"),
            gettext("The request is larger than this address accepts."),
            gettext("Send less at a time."),
        ),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ErrorWords(
            gettext("Not in this form"),
            gettext("This address does not accept content of this type."),
            gettext("Send it as a form, or as JSON with its content type."),
        ),
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: ErrorWords(
            gettext("No such range"),
            gettext("The file does not have the requested range."),
            gettext("Ask for a range within the size of the file, or for the whole file."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: ErrorWords(
            gettext("Too many requests"),
            gettext("There were too many requests in a short time."),
            gettext("Wait a while and try again."),
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: ErrorWords(
            gettext("Not available right now"),
            gettext("A part of the archive that this page needs is not available at the moment."),
            gettext("Try again in a minute."),
        ),
    }
    unforeseen = ErrorWords(
        gettext("Something went wrong"),
        gettext("Something went wrong on our side; the error has been logged."),
        gettext("Try again later; if it happens again, tell the administrators."),
    )
    other = words[HTTPStatus.BAD_REQUEST] if status < HTTPStatus.INTERNAL_SERVER_ERROR else unforeseen
    return words.get(status, other)
