"""Why a file could not be taken in: one error class for each reason."""

from archive.errors import BadInputFile, NotFound, ServiceUnavailable, TerugblikError, UsageError


class NotAPdf(BadInputFile):
    """The file is no PDF but something else: a web page, an empty file, a hidden file of the system."""

    code = "not-a-pdf"
    default_hint = "Open the link or file yourself: often it is a web page that leads to the PDF."


class TooBig(BadInputFile):
    """The file has more bytes than the archive accepts."""

    code = "too-big"
    http_status = 413
    default_hint = "Split or compress the file, or raise TERUGBLIK_MAX_FILE_SIZE."


class Encrypted(BadInputFile):
    """The file can be opened only with a password."""

    code = "encrypted"
    default_hint = "Ask the publisher for a copy without password, or save one in a PDF reader."


class Damaged(BadInputFile):
    """The file is a PDF, but its structure cannot be read."""

    code = "damaged"
    default_hint = "Fetch the file again; if a PDF reader can open it, save it anew there and add that copy."


class NoPages(BadInputFile):
    """The file can be opened, but none of its pages can be read."""

    code = "no-pages"


class TooManyPages(BadInputFile):
    """The document has more pages than the archive accepts."""

    code = "too-many-pages"
    default_hint = "Split the document, or raise TERUGBLIK_MAX_PAGES."


class TimeLimitReached(BadInputFile):
    """Reading the document took longer than it may."""

    code = "time-limit-reached"
    default_hint = "If the document is merely long, raise TERUGBLIK_TIME_LIMIT and add it again."


class MemoryLimitReached(BadInputFile):
    """Reading the document took more memory than it may."""

    code = "memory-limit-reached"
    default_hint = "If the document is merely large, raise TERUGBLIK_MEMORY_LIMIT and add it again."


class ReaderKilled(MemoryLimitReached):
    """The process that read the document was killed from outside: by the system, which ran out of memory,
    or by a person."""

    code = "reader-killed"
    default_hint = "See to it that the machine has memory to spare, then have the document read again."


class ReaderCrashed(BadInputFile):
    """The PDF engine stopped in the middle of the document."""

    code = "reader-crashed"


class Unreadable(BadInputFile):
    """The file or folder itself cannot be opened: missing, not permitted, not a regular file."""

    code = "unreadable"
    default_hint = "Check the path and that you may read the file."


class NothingListed(BadInputFile):
    """A web page was read, but it lists no document."""

    code = "nothing-listed"
    default_hint = (
        "Give the page that lists the documents with their years; `terugblik add` takes a single PDF."
    )


class UnsupportedAddress(UsageError):
    """The address is not one that can be fetched."""

    code = "unsupported-address"
    default_hint = "Give an address that starts with http:// or https://."


class PrivateAddress(UsageError):
    """The address is in a private network, which public links must not lead to."""

    code = "private-address"
    default_hint = "If this is your own intranet, set TERUGBLIK_PRIVATE_ADDRESSES=yes."


class DeadLink(NotFound):
    """The site answers that there is nothing at this address (any more)."""

    code = "dead-link"
    default_hint = "Look for the document's new address on the publisher's site, or add a copy of the file."


class Unreachable(ServiceUnavailable):
    """The site does not answer, or not with the file."""

    code = "unreachable"
    default_hint = "Try again later; if the link opens in a browser, save the PDF there and add that file."


class UntrustedSite(Unreachable):
    """The certificate of the site is not valid for it."""

    code = "untrusted-site"
    default_hint = (
        "Check the address. If your organisation has its own certificates, name their file in SSL_CERT_FILE."
    )


class TooManyRedirects(Unreachable):
    """The site redirects from one address to the next too many times."""

    code = "too-many-redirects"
    default_hint = "Open the link in a browser, and give the address where it ends."


class DownloadTooSlow(Unreachable):
    """The download took longer than it may."""

    code = "download-too-slow"


class NotPrepared(TerugblikError):
    """The comparison of documents ended without an error, but its results cannot be read afterwards."""

    code = "not-prepared"
    default_hint = "Look whether the disk keeps what is written to the folder studies/ of the archive."
