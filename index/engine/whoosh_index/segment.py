"""A segment of a Whoosh index, read as arrays.

Whoosh gives postings one at a time, so each list is read once and kept as arrays while there is room.
"""

import threading
from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray
from whoosh.reading import SegmentReader, TermNotFound

from archive.languages import LANGUAGES
from index.engine.whoosh_index import postings, schema
from index.engine.whoosh_index.postings import Occurrences, Postings

MOST_BYTES = 64 * 1024 * 1024
"""Memory for the lists that are kept, about."""

Strings = NDArray[np.str_]
Integers = NDArray[np.int32]
Mask = NDArray[np.bool_]
"""Which of all entries."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The entries of a segment or of a whole index, entry number by entry number.

    A document, revision, plan or kind is a number into the list of names beside it; -1 is none.
    """

    document: Integers
    document_names: Strings
    revision: Integers
    revision_names: Strings
    plan: Integers
    plan_names: Strings
    kind: Integers
    kind_names: Strings
    language: Integers
    """Place in :data:`archive.languages.LANGUAGES`."""
    year: Integers
    """0: unknown."""
    page: Integers
    length: Integers
    """Of the text, in words."""
    lettered: Integers
    """Of these words, those with a letter: numbers are none."""

    def __len__(self) -> int:
        return len(self.page)


def joined_columns(parts: Sequence[Columns]) -> Columns:
    """The columns of several segments as those of one index; names come out sorted, each once."""
    joined: dict[str, NDArray[np.generic]] = {}
    for name in ("document", "revision", "plan", "kind"):
        names = np.unique(np.concatenate([getattr(part, f"{name}_names") for part in parts] or [[""][:0]]))
        renumbered = [
            # a last place that -1 finds, so that none stays none
            np.append(np.searchsorted(names, getattr(part, f"{name}_names")), -1)[getattr(part, name)]
            for part in parts
        ]
        joined[f"{name}_names"] = names
        joined[name] = _concatenated(renumbered)
    for name in ("language", "year", "page", "length", "lettered"):
        joined[name] = _concatenated([getattr(part, name) for part in parts])
    return Columns(**joined)  # type: ignore[arg-type]


def _concatenated(arrays: Sequence[NDArray[np.integer]]) -> Integers:
    return np.concatenate(arrays).astype(np.int32) if arrays else np.empty(0, np.int32)


Key = tuple[str, str, str]
"""Segment, field and term."""

List = TypeVar("List", Postings, Occurrences)


class ReadLists:
    """Posting lists that were read before, the latest used ones up to :data:`MOST_BYTES`.

    May be used by several threads at once.
    """

    def __init__(self) -> None:
        self._lists: LRUCache[Key, Any] = LRUCache(MOST_BYTES, getsizeof=_size)
        self._lock = threading.Lock()

    def get(self, key: Key, read: Callable[[], List]) -> List:
        """The list of a segment, field and term, read if it is not here."""
        with self._lock:
            kept: List | None = self._lists.get(key)
        if kept is not None:
            return kept
        found = read()
        with self._lock, suppress(ValueError):  # a list that alone is larger is not kept
            self._lists[key] = found
        return found


def _size(found: Postings | Occurrences) -> int:
    return found.nbytes + 600  # about what three arrays and a key take without their contents


class Segment:
    """The entries of a segment."""

    def __init__(self, reader: SegmentReader, lists: ReadLists) -> None:
        self._reader = reader
        self._lists = lists
        self._reading = threading.Lock()  # a file has one place at which it is read
        self.name: str = reader.segment().segment_id()
        self.columns = _columns(reader)
        self.live = _live(reader)

    def now(self, reader: SegmentReader) -> "Segment":
        """The same files, with the removals that `reader` knows of."""
        live = _live(reader)
        reader.close()
        if live.sum() == self.live.sum():
            return self
        changed = copy(self)
        changed.live = live
        return changed

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term; empty where it does not occur. Removed entries may be among them."""
        return self._lists.get((self.name, field, term), lambda: self._read(field, term))

    def count(self, field: str, term: str) -> int:
        """In how many entries a term occurs, removed ones included."""
        with self._reading:
            return int(self._reader.doc_frequency(field, term))

    def words_listed(self, field: str, folded: str) -> Occurrences:
        """The words that begin so, accents aside, and others; also written forms."""
        with self._reading:
            starts = [folded[: schema.BEGINNING]]
            if len(folded) < schema.BEGINNING:
                starts = [start.decode() for start in self._reader.expand_prefix(field, folded)]
        return postings.all_occurrences([self._words(field, start) for start in starts])

    def _words(self, field: str, start: str) -> Occurrences:
        return self._lists.get((self.name, field, start), lambda: self._read_words(field, start))

    def _read_words(self, field: str, start: str) -> Occurrences:
        with self._reading:
            try:
                matcher = self._reader.postings(field, start)
            except TermNotFound:
                return postings.occurrences({})
            is_active, identifier, value, step = matcher.is_active, matcher.id, matcher.value, matcher.next
            ids: list[int] = []
            values: list[bytes] = []
            while is_active():
                ids.append(identifier())
                values.append(value())
                step()
        if not ids:  # all entries with these words have been removed
            return postings.occurrences({})
        lines = b"\n".join(values).split(b"\n")
        sizes = _integers(each.count(b"\n") + 1 for each in values)
        numbers = {line: number for number, line in enumerate(dict.fromkeys(lines))}
        row_of = _integers(map(numbers.__getitem__, lines))
        pairs = [line.decode().split("\t") for line in numbers]
        words = {word: number for number, word in enumerate(dict.fromkeys(word for word, _ in pairs))}
        return Occurrences(
            list(words),
            which=_integers(words[word] for word, _ in pairs)[row_of],
            ids=np.repeat(_integers(ids), sizes),
            counts=_integers(int(count) for _, count in pairs)[row_of],
        )

    def _read(self, field: str, term: str) -> Postings:
        with self._reading:
            try:
                matcher = self._reader.postings(field, term)
            except TermNotFound:
                return postings.EMPTY
            is_active, identifier, step = matcher.is_active, matcher.id, matcher.next
            ids: list[int] = []
            if matcher.supports("positions"):
                value, values = matcher.value, []
                while is_active():
                    ids.append(identifier())
                    values.append(value())
                    step()
                return _with_positions(ids, values)
            weight, weights = matcher.weight, []
            while is_active():
                ids.append(identifier())
                weights.append(weight())
                step()
            return Postings(_integers(ids), _integers(weights), postings.EMPTY.positions)


def _live(reader: SegmentReader) -> Mask:
    """Which entries of a segment have not been removed."""
    found = np.ones(reader.doc_count_all(), np.bool_)
    found[list(reader.segment().deleted_docs())] = False
    return found


def _with_positions(ids: list[int], values: list[bytes]) -> Postings:
    positions = np.frombuffer(b"".join(values), np.uint32).astype(np.int32)
    weights = _integers(map(len, values)) // array("I").itemsize
    return Postings(_integers(ids), weights, positions)


def _integers(numbers: Iterable[float]) -> NDArray[np.int32]:
    return np.fromiter(numbers, np.int32)


def _columns(reader: SegmentReader) -> Columns:
    """What is known of each entry besides its terms."""
    document, documents = _named(reader, "document")
    revision, revisions = _named(reader, "revision")
    plan, plans = _named(reader, "plan")
    kind, kinds = _named(reader, "kind")
    language, languages = _named(reader, "language")
    places = np.array([LANGUAGES.index(name) for name in languages.tolist()], np.int32)
    return Columns(
        *(document, documents, revision, revisions, plan, plans, kind, kinds),
        language=places[language],
        year=_numbers(reader, "year"),
        page=_numbers(reader, "page"),
        length=_numbers(reader, "length"),
        lettered=_numbers(reader, "lettered"),
    )


def _numbers(reader: SegmentReader, field: str) -> NDArray[np.int32]:
    return _integers(reader.column_reader(field, translate=False))


def _named(reader: SegmentReader, field: str) -> tuple[NDArray[np.int32], NDArray[np.str_]]:
    """For each entry the number of a name, -1 where it has none; and the names."""
    numbers: dict[bytes, int] = {b"": -1}
    found = [
        numbers.setdefault(name, len(numbers) - 1) for name in reader.column_reader(field, translate=False)
    ]
    del numbers[b""]
    return _integers(found), np.array([name.decode() for name in numbers], np.str_)
