"""Keeps the pages of a document between the two passes of reading, in memory that does not grow with it."""

import pickle
import tempfile
from collections.abc import Iterator

from ingest.page.choose_reading import SeenPage

_KEPT_IN_MEMORY = 16 * 1024 * 1024
"""Most bytes of packed pages that are not on the disk."""


class SeenPages:
    """The pages of a document, in order; packed, in a temporary file if they are many."""

    def __init__(self) -> None:
        self._count = 0
        self._packed = tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - outlives this call

    def add(self, seen: SeenPage) -> None:
        """Keep the next page."""
        pickle.dump(seen, self._packed, protocol=pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[SeenPage]:
        """All pages, after all were added; one iteration at a time."""
        self._packed.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._packed)
