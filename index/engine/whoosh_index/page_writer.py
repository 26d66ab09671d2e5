"""Whoosh's writer of a segment, with postings kept term by term.

Whoosh's own pool sorts postings one by one and pickles each where memory is short. Here those of a term stay
together, and only terms are sorted. Lengths of fields, which Whoosh reads from a file for each posting, are
kept in memory.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

from whoosh.writing import SegmentWriter

MOST_BYTES = 128 * 1024 * 1024
"""Memory for postings, about; what is more waits in files."""

_POSTING, _TERM = 90, 330
"""Bytes that a posting and a term take beside their contents, about."""

Item = tuple[str, bytes, int, float, bytes | None]
"""A posting as Whoosh passes it on: field, term, number of the entry, weight, value."""

Key = tuple[str, bytes]
"""Field and term."""


class Grouped(NamedTuple):
    """Postings of one term."""

    key: Key
    postings: list[tuple[int, float, bytes | None]]
    """Number of the entry, weight, value; in the order of the entries."""


class TermPool:
    """The postings of a segment that is being written, until they are asked for in order."""

    def __init__(self, storage: Any) -> None:
        """Take the storage for files of postings for which there is no room in memory."""
        self._storage = storage
        self._terms: defaultdict[Key, list[tuple[int, float, bytes | None]]] = defaultdict(list)
        self._bytes = 0
        self._runs: list[str] = []

    def add(self, item: Item) -> None:
        """Take a posting. Those of a term come in the order of the entries."""
        field, term, entry, weight, value = item
        postings = self._terms[field, term]
        if not postings:
            self._bytes += _TERM + len(term)
        postings.append((entry, weight, value))
        self._bytes += _POSTING + len(value or b"")
        if self._bytes > MOST_BYTES:
            self._put_away()

    def _put_away(self) -> None:
        name = f"{len(self._runs)}.run"
        with self._storage.create_file(name) as file:
            for grouped in self._in_order():
                pickle.dump(tuple(grouped), file.raw_file(), pickle.HIGHEST_PROTOCOL)
        self._runs.append(name)
        self._terms.clear()
        self._bytes = 0

    def _in_order(self) -> Iterator[Grouped]:
        return (Grouped(key, self._terms[key]) for key in sorted(self._terms))

    def iter_postings(self) -> Iterator[Item]:
        """All postings, in the order of fields, terms and entries."""
        files = [self._storage.open_file(name) for name in self._runs]
        runs = [*(_read(file.raw_file()) for file in files), self._in_order()]
        for (field, term), parts in groupby(merge(*runs, key=itemgetter(0)), key=itemgetter(0)):
            for part in parts:
                for entry, weight, value in part.postings:
                    yield field, term, entry, weight, value
        for file in files:
            file.close()

    def cleanup(self) -> None:
        """Remove the files."""
        for name in self._runs:
            self._storage.delete_file(name)
        self._runs = []


def _read(file: BinaryIO) -> Iterator[Grouped]:
    while True:
        try:
            yield Grouped(*pickle.load(file))
        except EOFError:
            return


class FieldLengths:
    """How long the fields of entries are, for one field at a time."""

    def __init__(self, reader: Any) -> None:
        """Take what reads them from the files, one by one."""
        self._reader = reader
        self._field: str | None = None
        self._lengths: list[int] = []

    def doc_field_length(self, entry: int, field: str) -> int:
        """The number of terms in a field of an entry, as Whoosh rounds it."""
        if field != self._field:
            self._field = field
            count = self._reader.doc_count_all()
            self._lengths = [self._reader.doc_field_length(each, field) or 0 for each in range(count)]
        return self._lengths[entry]

    def close(self) -> None:
        """Close the files."""
        self._reader.close()


class PageWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, see above."""

    def __init__(self, opened: Any, **options: Any) -> None:
        super().__init__(opened, **options)
        self.pool = TermPool(self.temp_storage())

    def per_document_reader(self) -> FieldLengths:
        """What Whoosh asks for the lengths of fields."""
        return FieldLengths(super().per_document_reader())
