"""Every error that a person may meet: what happened, and what to do next.

Each class has a code (for programs), an exit code (command line), an HTTP status (web) and a hint (the next
step). The message given when it is raised says what happened, and to what.
"""

from typing import ClassVar


class TerugblikError(Exception):
    """Base of all errors with a message meant for people."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    default_hint: ClassVar[str] = "Look at the log of the server or worker for the cause."

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint if hint is not None else self.default_hint

    def as_json(self) -> dict[str, dict[str, str]]:
        """The one JSON shape of errors: ``{"error": {"code", "message", "hint"}}``."""
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint}}


class UsageError(TerugblikError):
    """The request itself is wrong: an option, a parameter, a value."""

    code = "usage"
    exit_code = 2
    http_status = 400
    default_hint = "Run `terugblik --help`, or see the help page of the site."


class SettingError(UsageError):
    """A setting has a value that cannot be used."""

    code = "setting"
    http_status = 500
    default_hint = "README.md lists every setting with its default and meaning."


class WrongDescription(UsageError):
    """The kind, language, year or date given for a document is not valid. Nothing has been changed."""

    code = "wrong-description"


class NotRestorable(UsageError):
    """The document is neither withdrawn nor failed, so that nothing can be restored."""

    code = "not-restorable"
    default_hint = "Nothing was changed. `terugblik reread` reads a document again that readers see."


class IsWithdrawn(UsageError):
    """The document is withdrawn, and withdrawn documents are not read."""

    code = "is-withdrawn"
    default_hint = "Restore it first."


class BadInputFile(TerugblikError):
    """A file or download cannot be added: not a PDF, encrypted, too large, damaged."""

    code = "bad-input-file"
    exit_code = 3
    http_status = 422
    default_hint = "Open the file in a PDF reader; if it opens there, save it anew and add that copy."


class NotFound(TerugblikError):
    """What was asked for is not in the archive."""

    code = "not-found"
    exit_code = 4
    http_status = 404
    default_hint = "`terugblik list` shows every document that the archive holds."


class DocumentNotFound(NotFound):
    """No document with this identifier is visible."""

    code = "document-not-found"


class PageNotFound(NotFound):
    """The document has no page with this number."""

    code = "page-not-found"


class NoCorrection(NotFound):
    """The page has no correction that could be withdrawn."""

    code = "no-correction"
    default_hint = "Nothing was changed."


class DamagedArchive(TerugblikError):
    """The archive contradicts itself: a lost or changed original, an unreadable catalogue or index."""

    code = "damaged-archive"
    exit_code = 5
    http_status = 503
    default_hint = "Run `terugblik check` for the list of problems; restore those files from a backup."


class DamagedOriginal(DamagedArchive):
    """An original is not, byte for byte, what the archive received, so it proves nothing."""

    code = "damaged-original"
    http_status = 503
    default_hint = (
        "Put the file back from a backup (`terugblik check --repair --from FOLDER` looks for it there), then "
        "run `terugblik check`."
    )


class ServiceUnavailable(TerugblikError):
    """Something outside this program is unavailable: a site, a database, a tool, a running worker."""

    code = "service-unavailable"
    exit_code = 6
    http_status = 503
    default_hint = "Try again later."


class ReadOnlyArchive(ServiceUnavailable):
    """What was asked for changes the archive, which may only be read here."""

    code = "read-only"
    default_hint = (
        "Do it where the archive can be written: not in a read-only copy, and as the user whose it is."
    )


class MissingTool(ServiceUnavailable):
    """An outside program that this job needs is not installed."""

    code = "missing-tool"

    def __init__(self, tool: str, purpose: str, install: str) -> None:
        super().__init__(f"{tool} is not installed; it is needed for {purpose}.", f"Install it: {install}")
