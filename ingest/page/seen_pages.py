"""Keeps the pages of a document between the two passes of reading, in memory that does not grow with it."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

from ingest.page.choose_reading import SeenPage

_FEW_PAGES = 50
"""Most pages of a document whose pages are kept as they are. To pack and unpack a page takes a fiftieth of
reading it."""
_KEPT_IN_MEMORY = 16 * 1024 * 1024
"""Most bytes of packed pages that are not on the disk."""


class SeenPages:
    """The pages of a document that has `total`, in order; those of a long one are packed, in a temporary
    file."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._kept: list[SeenPage] = []
        self._packed: IO[bytes] | None = None
        if total > _FEW_PAGES:
            self._packed = tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - outlives this call

    def add(self, seen: SeenPage) -> None:
        """Keep the next page."""
        if self._packed is None:
            self._kept.append(seen)
        else:
            pickle.dump(seen, self._packed, protocol=pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[SeenPage]:
        """All pages, after all were added; one iteration at a time."""
        if self._packed is None:
            yield from self._kept
        else:
            self._packed.seek(0)
            for _ in range(self._total):
                yield pickle.load(self._packed)
