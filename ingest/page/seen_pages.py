"""Keeps the pages that were seen for a second pass: the first of them in memory, the others in a file."""

import pickle
import tempfile
from collections.abc import Iterator
from typing import IO

from ingest.page.choose_reading import SeenPage

_MOST_WORDS = 20_000
"""Words of the pages that are kept as they are; most documents have fewer."""
_KEPT_IN_MEMORY = 12 * 1024 * 1024
"""Bytes of the other pages, packed, that are kept in memory; more go to the disk."""


class SeenPages:
    """The pages of a document, in order."""

    def __init__(self) -> None:
        self._first: list[SeenPage] = []
        self._words = 0
        self._others: IO[bytes] = tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - outlives this call
        self._count = 0
        """How many others there are."""

    def add(self, page: SeenPage) -> None:
        """Keep the next page."""
        self._words += len(page.words.texts)
        if self._words <= _MOST_WORDS:
            self._first.append(page)
        else:
            pickle.dump(page, self._others, protocol=pickle.HIGHEST_PROTOCOL)
            self._count += 1

    def __iter__(self) -> Iterator[SeenPage]:
        """The pages, from the first one on; one iteration at a time."""
        yield from self._first
        self._others.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._others)
