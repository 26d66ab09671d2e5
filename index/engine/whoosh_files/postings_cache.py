"""A cache of posting lists that were read before. Does not know Whoosh."""

import threading
from collections.abc import Callable
from contextlib import suppress

from cachetools import LRUCache

from index.engine.whoosh_files.postings import Postings

MOST_BYTES = 64 * 1024 * 1024
"""Memory for the lists, about."""


class PostingsCache:
    """Posting lists that were read before, the latest used ones up to :data:`MOST_BYTES`.

    May be used by several threads at once.
    """

    def __init__(self) -> None:
        self._lists: LRUCache[tuple[str, str, str], Postings] = LRUCache(MOST_BYTES, getsizeof=_size)
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str, str], read: Callable[[], Postings]) -> Postings:
        """The list under `key`, read if it is not here."""
        with self._lock:
            kept = self._lists.get(key)
        if kept is not None:
            return kept
        found = read()
        with self._lock, suppress(ValueError):  # a list that alone is larger is not kept
            self._lists[key] = found
        return found


def _size(found: Postings) -> int:
    return found.nbytes + 600  # about what three arrays and a key take without their contents
