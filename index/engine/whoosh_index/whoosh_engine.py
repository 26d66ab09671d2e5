"""The search engine on Whoosh, through its public interface.

The index is one that plain Whoosh opens (:mod:`index.engine.whoosh_index.schema`). One file is added to those
of Whoosh: the words of all texts (:mod:`index.engine.whoosh_index.vocabulary`), because Whoosh can only go
through its terms one by one.
"""

import shutil
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import whoosh
from whoosh.index import EmptyIndexError
from whoosh.reading import SegmentReader
from whoosh.writing import IndexWriter

from archive.languages import LANGUAGES, Language
from index.engine.contract import (
    Change,
    CountedBy,
    CountedForms,
    Entry,
    FileGuard,
    Filters,
    Hit,
    Result,
    Seal,
    SearchRequest,
    WalkOrder,
    WordTotal,
)
from index.engine.whoosh_index import ranking, schema, vocabulary
from index.engine.whoosh_index.page_writer import PageWriter
from index.engine.whoosh_index.segment import ReadLists, Segment
from index.engine.whoosh_index.snapshot import Snapshot
from index.engine.whoosh_index.storage import GuardedStorage
from index.engine.whoosh_index.text_matches import Finder
from index.engine.whoosh_index.vocabulary import Vocabulary, Words
from index.query.tree import Query

FORMAT = f"whoosh {whoosh.__version__}, terms and words: 2"
"""Changes whenever files written earlier can no longer be read with this module."""

RETRIES = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Seconds between attempts to open a state that a writer may have just replaced."""

SMALL, MANY, LARGE = 500, 8, 20_000
"""Segments of up to SMALL entries count as equally big; then those up to MANY times bigger do, and so on.
MANY of about the same size are made into one, so each entry is rewritten a few times at most. Those of LARGE
entries stay as they are until half of their entries have been removed."""

_WORDS_FILE = "words-{}.txt"
"""The words of a state, by its number."""

_LONGEST_WAIT = 600.0
"""Seconds to wait for another writer."""


class WhooshStore:
    """An index in a folder of Whoosh files."""

    def __init__(self, folder: Path, guard: FileGuard | None = None) -> None:
        """Open the index in `folder`, which is made, without entries, if it is not there.

        Args:
            guard: lets no file be opened that has changed since it was written; None: any is opened.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._storage = GuardedStorage(folder, guard)
        try:
            self._index = self._storage.open_index()
        except EmptyIndexError:
            self._index = self._storage.create_index(schema.SCHEMA)

    def commit(self, change: Change, seal: Seal = lambda arriving: None) -> int:
        """Carry out `change` so that it outlives a power cut; the number of entries added.

        Segments that have become many are made into one on the way.
        """
        with self._writing() as writer:
            for document in change.remove:
                writer.delete_by_term("document", document)
            added = self._add(writer, change.add)
            with self._storage.sealing(seal):
                writer.commit(mergetype=_join)
        return added

    def take_over(self, parts: Sequence[Path], seal: Seal = lambda arriving: None) -> None:
        """Take the segments of other indexes over, as they are, in one commit. Their folders lose them."""
        with self._writing() as writer:
            words = _read_words(self._storage, self._index.latest_generation())
            segments = []
            for part in parts:
                storage = GuardedStorage(part)
                found = storage.open_index()
                if not found.is_empty():
                    with found.reader() as reader:
                        segments += [leaf.segment() for leaf, _base in reader.leaf_readers()]
                more = _read_words(storage, found.latest_generation())
                words = {language: words[language].joined(more[language]) for language in LANGUAGES}
                for path in part.glob("*.seg"):
                    path.rename(self._folder / path.name)
            self._write_words(words)
            with self._storage.sealing(seal):
                writer.commit(mergetype=lambda writer, present: [*present, *segments])

    @contextmanager
    def _writing(self) -> Iterator[PageWriter]:
        """A writer for one commit, of which nothing stays if the block does not end well."""
        before = frozenset(path.name for path in self._folder.iterdir())
        writer = PageWriter(self._index, timeout=_LONGEST_WAIT)
        try:
            yield writer
        except BaseException:  # such as a full disk, which the files would keep full
            self._give_up(writer, before)
            raise
        self._remove_words_of_others()

    def _add(self, writer: IndexWriter, entries: Iterable[Entry]) -> int:
        """Add entries, and write the words of the coming state; the number of entries."""
        added = 0
        new: dict[Language, set[str]] = {language: set() for language in LANGUAGES}
        for entry in entries:
            writer.add_document(**schema.as_document(entry))
            new[entry.language].update(schema.terms_of(entry))
            added += 1
        known = _read_words(self._storage, self._index.latest_generation())
        self._write_words({each: known[each].and_also(new[each], each) for each in LANGUAGES})
        return added

    def _write_words(self, words: Vocabulary) -> None:
        """Write the words of the coming state."""
        with self._storage.create_file(_WORDS_FILE.format(self._index.latest_generation() + 1)) as file:
            file.write(vocabulary.as_bytes(words))

    def _give_up(self, writer: IndexWriter, before: frozenset[str]) -> None:
        """Undo what a commit has written that did not end."""
        with suppress(Exception):  # it writes again, for which there may be no room
            writer.cancel()
        if not writer.is_closed:
            writer.writelock.release()
        for path in self._folder.iterdir():
            if path.name not in before:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def _remove_words_of_others(self) -> None:
        present = _WORDS_FILE.format(self._index.latest_generation())
        for path in self._folder.glob(_WORDS_FILE.format("*")):
            if path.name != present:
                path.unlink(missing_ok=True)

    def count(self) -> int:
        """The number of entries."""
        return int(self._index.doc_count())

    def engine(self) -> "WhooshEngine":
        """A searcher on the newest committed state."""
        return WhooshEngine(self._folder)


def _read_words(storage: GuardedStorage, number: int) -> Vocabulary:
    """The words of a state; the first one, which is empty, has no file."""
    if not number:
        return {language: Words() for language in LANGUAGES}
    with storage.open_file(_WORDS_FILE.format(number)) as file:
        return vocabulary.from_bytes(file.read())


def _join(writer: IndexWriter, segments: Sequence[Any]) -> list[Any]:
    """Give the writer the segments that are to be made into one; the others. Whoosh calls it in a commit."""
    joined = _to_join([(segment.doc_count_all(), segment.doc_count()) for segment in segments])
    for number in joined:
        if segments[number].doc_count():
            reader = SegmentReader(writer.storage, writer.schema, segments[number])
            writer.add_reader(reader)
            reader.close()
    return [segment for number, segment in enumerate(segments) if number not in joined]


def _to_join(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Which segments should be written anew as one.

    `sizes` tells of each segment how many entries it has and how many of them are live.
    """
    chosen = [number for number, (size, live) in enumerate(sizes) if not live or live < size / 2]
    tiers: dict[int, list[int]] = {}
    for number, (_, live) in enumerate(sizes):
        if live < LARGE and number not in chosen:
            tier, limit = 0, SMALL
            while live > limit:
                tier, limit = tier + 1, limit * MANY
            tiers.setdefault(tier, []).append(number)
    for numbers in tiers.values():
        chosen += numbers if len(numbers) >= MANY else []
    return chosen


class WhooshEngine:
    """Searches an index that :class:`WhooshStore` keeps, see :class:`index.engine.contract.Engine`."""

    def __init__(self, folder: Path, guard: FileGuard | None = None) -> None:
        self._storage = GuardedStorage(folder, guard, readonly=True)
        self._name = folder.name
        self._lists = ReadLists()
        self._refreshing = threading.Lock()
        self._segments: dict[str, Segment] = {}
        self._number = -1
        self._snapshot = Snapshot([])
        self.refresh()

    def refresh(self) -> None:
        """Go on with the newest committed state.

        Raises:
            FileNotFoundError: there is none.
        """
        with self._refreshing:
            for wait in RETRIES:
                try:
                    self._open()
                except FileNotFoundError:
                    # A writer replaced this state while it was being opened.
                    time.sleep(wait)
                else:
                    return
            self._open()

    def _open(self) -> None:
        try:
            opened = self._storage.open_index()
        except EmptyIndexError as error:
            raise FileNotFoundError(f"no index in {self._name}") from error
        number = opened.latest_generation()
        if number == self._number:
            return
        reader = opened.reader()
        if reader.generation() not in (number, None):  # an index without entries has none
            raise FileNotFoundError(f"state {number} of {self._name} has just been replaced")
        segments = {}
        for part, _base in reader.leaf_readers():
            if part.doc_count_all():
                name = part.segment().segment_id()
                known = self._segments.get(name)
                segments[name] = known.now(part) if known else Segment(part, self._lists)
        self._snapshot = snapshot = Snapshot(
            list(segments.values()), _read_words(self._storage, number), f"{self._name}-{number}"
        )
        self._finder = lru_cache(maxsize=64)(
            lambda tree, language: Finder(tree, language, snapshot.compounds_holding)
        )
        self._segments = segments
        self._number = number

    def pinned(self) -> "WhooshEngine":
        """An engine that stays with the present state."""
        with self._refreshing:
            return copy(self)

    def generation(self) -> str:
        """Names the committed state that searches are answered from."""
        return self._snapshot.generation

    def search(self, request: SearchRequest) -> Result:
        """Find the entries that match."""
        return ranking.search(self._snapshot, request)

    def walk(
        self, query: Query, filters: Filters, left_out: frozenset[str], order: WalkOrder = "document"
    ) -> Iterator[Hit]:
        """All entries that match, as a stream."""
        return ranking.walk(self._snapshot, query, filters, left_out, order)

    def count_by(
        self, query: Query, filters: Filters, left_out: frozenset[str], by: CountedBy
    ) -> Mapping[str, int]:
        """How many entries match in each document, or place of a dimension."""
        return ranking.count_by(self._snapshot, query, filters, left_out, by)

    def matches(self, query: Query, language: Language, text: str) -> list[tuple[int, int]]:
        """The stretches of `text` that made an entry in `language` match."""
        return self._finder(query.tree, language).find(text)

    def counted_forms(self, query: Query, filters: Filters, left_out: frozenset[str]) -> CountedForms | None:
        """How often a query occurs, without reading a text."""
        return ranking.counted_forms(self._snapshot, query, filters, left_out)

    def counts(self, words: Collection[str]) -> Mapping[str, int]:
        """Of these words those that texts have, with the number of entries."""
        return self._snapshot.counts(words)

    def spellings(
        self, word: str, left_out: frozenset[str], typos: Literal[0, 1, 2] = 1
    ) -> Mapping[str, int]:
        """The words that are at most one or two typos away."""
        return self._snapshot.spellings(word, left_out, typos)

    def word_totals(self, filters: Filters, left_out: frozenset[str]) -> Iterator[WordTotal]:
        """How many words each document has in each of its languages."""
        return ranking.word_totals(self._snapshot, filters, left_out)

    def revisions(self) -> frozenset[str]:
        """The revisions that have entries."""
        return self._snapshot.revisions()
