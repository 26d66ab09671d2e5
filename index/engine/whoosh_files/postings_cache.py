"""A cache of posting lists that were read before. Does not know Whoosh."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from index.engine.whoosh_files.postings import Postings

MOST_BYTES = 64 * 1024 * 1024
"""Memory for the lists, about."""


class PostingsCache:
    """Posting lists that were read before, the latest used ones up to :data:`MOST_BYTES`.

    May be used by several threads at once.
    """

    def __init__(self) -> None:
        self._lists: OrderedDict[tuple[str, str, str], Postings] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str, str], read: Callable[[], Postings]) -> Postings:
        """The list under `key`, read if it is not here."""
        with self._lock:
            if key in self._lists:
                self._lists.move_to_end(key)
                return self._lists[key]
        found = read()
        with self._lock:
            if key not in self._lists:
                self._lists[key] = found
                self._bytes += _size(found)
                while self._bytes > MOST_BYTES:
                    self._bytes -= _size(self._lists.popitem(last=False)[1])
        return found


def _size(found: Postings) -> int:
    return found.nbytes + 600  # about what three arrays and a key take without their contents
