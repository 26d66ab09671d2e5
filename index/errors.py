"""What can go wrong with the index itself. A query is never an error."""

from archive.errors import ServiceUnavailable


class IndexMissing(ServiceUnavailable):
    """There is no index yet, or it is gone."""

    code = "index-missing"
    default_hint = "Run `terugblik reindex`; it builds the index from the catalogue."


class IndexMismatch(ServiceUnavailable):
    """The index was built by other rules than those in force: its fingerprint differs."""

    code = "index-mismatch"
    default_hint = "Run `terugblik reindex`; it builds the index anew by the rules in force."
