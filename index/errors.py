"""What can go wrong with the index itself. A reader's query is never an error."""

from archive.errors import ServiceUnavailable


class IndexUnusable(ServiceUnavailable):
    """Searches cannot be answered just now; all else can. A worker makes the index anew by itself."""

    code = "index-unusable"
    default_hint = "A running worker makes it anew by itself; without one, run `terugblik reindex`."


class IndexMissing(IndexUnusable):
    """There is no index yet, or it is gone."""

    code = "index-missing"


class IndexMismatch(IndexUnusable):
    """The index was built by other rules than those in force: its fingerprint differs."""

    code = "index-mismatch"


class IndexDamaged(IndexUnusable):
    """Files of the index are missing, cut off or changed."""

    code = "index-damaged"
