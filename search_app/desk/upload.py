"""Uploads: files from an archivist's browser. Only their first bytes are checked; then they are stored and
queued.
"""

from dataclasses import dataclass
from http import HTTPStatus
from io import SEEK_END
from typing import BinaryIO, cast

from flask import current_app, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from archive.errors import ServiceUnavailable, TerugblikError
from archive.records import Description, Document, Provenance
from archive.settings import Settings
from archive.surroundings import NoRoom, machine_troubles_as_errors
from search_app.desk.sign_in import signed_in
from search_app.desk.upload_spool import Spool
from search_app.library import current_library
from search_app.web.display_names import file_size
from search_app.web.error_words import words_of_error

LARGEST_FORM = 1024 * 1024
"""Most bytes of the body of a request, without files."""
_SNIFFED = 1024
"""First bytes among which a PDF must have its header (ISO 32000-1, annex H: readers accept some junk)."""


class UploadTooLarge(TerugblikError):
    """More was sent at once than one upload may hold."""

    code = "too-large"
    http_status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for an uploaded file."""

    filename: str
    document: Document | None
    """None when it was refused."""
    text: str
    is_for_now: bool = False
    """Whether it was refused because of the server, so that it may be accepted later."""


def largest_body(settings: Settings) -> int:
    """Bytes that a form with a file may have."""
    return settings.max_file_size + LARGEST_FORM


def largest_upload() -> int | None:
    """Bytes that the body of this request may have, by its headers alone; None if it is not an upload by
    somebody who has signed in."""
    if request.endpoint != "archivist.add" or request.method != "POST" or signed_in() is None:
        return None
    return largest_body(current_library().settings)


def allow_upload() -> None:
    """Let this request be as large as one upload may be."""
    request.max_content_length = largest_body(current_library().settings)


def take_in(file: FileStorage, description: Description, agent: str) -> Outcome:
    """Store a file and queue it; the result says why if it was refused."""
    library = current_library()
    filename = file.filename or ""
    try:
        with machine_troubles_as_errors():
            if isinstance(file.stream, Spool) and file.stream.trouble is not None:
                raise file.stream.trouble
            if refusal := _refusal(file, library.settings.max_file_size):
                return Outcome(filename, None, refusal)
            original = library.originals.store(cast(BinaryIO, file.stream))
            document, is_new = library.catalogue.receive(original, filename, description, Provenance(), agent)
    except TerugblikError as error:
        return _refused(filename, error)
    text = gettext("Received; it is searchable as soon as it has been read.")
    return Outcome(filename, document, text if is_new else gettext("The archive already has this file."))


def _refused(filename: str, error: TerugblikError) -> Outcome:
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%r was not taken in: %s", filename, error)
    if isinstance(error, NoRoom):
        text = gettext("Not added: the disk has no space for this file. Add it again when there is.")
        return Outcome(filename, None, text, is_for_now=True)
    words = words_of_error(error)
    text = f"{words.message} {words.hint}"
    return Outcome(filename, None, text, is_for_now=isinstance(error, ServiceUnavailable))


def _refusal(file: FileStorage, largest: int) -> str:
    """Why the file is not stored; empty for one that is."""
    size = file.stream.seek(0, SEEK_END)
    file.stream.seek(0)
    start = file.stream.read(_SNIFFED)
    file.stream.seek(0)
    if size == 0:
        return str(gettext("The file is empty."))
    if size > largest:
        return str(gettext("The file is larger than %(largest)s.", largest=file_size(largest)))
    if b"%PDF-" not in start:
        return str(gettext("The file is not a PDF."))
    return ""


def refuse_too_large() -> None:
    """Refuse a request by its declared size, before any of it is read.

    Raises:
        UploadTooLarge: it says what the limit is.
    """
    most = request.max_content_length
    if most is not None and (request.content_length or 0) > most:
        raise upload_too_large(most)


def upload_too_large(most: int) -> UploadTooLarge:
    """The refusal of an upload that is larger than so many bytes."""
    return UploadTooLarge(
        gettext(
            "The upload is larger than %(most)s, the most that is accepted at once.", most=file_size(most)
        ),
        gettext("Add the files in smaller groups, or with `terugblik add` on the server."),
    )
