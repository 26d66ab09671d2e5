"""The search engine on Whoosh, and the only module that knows Whoosh.

Whoosh manages segments that are written once, the table of contents that makes a commit atomic, the term
index and the write lock. Posting lists (:mod:`index.engine.whoosh_files.postings`) and properties of entries
(:mod:`index.engine.whoosh_files.entry_properties`) have our own encoding in its files, because Whoosh's can
only be read one posting at a time. Whoosh writes without fsync, so the storage given to it here does that.
"""

import copy
import mmap
import os
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import whoosh
from numpy.typing import NDArray
from whoosh import fields
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader, OrderedHashWriter
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import TOC, EmptyIndexError, clean_files

from archive.files.durable_files import synchronise
from archive.languages import LANGUAGES, Language
from index.engine.contract import (
    Change,
    CountedForms,
    Entry,
    FileGuard,
    Filters,
    Result,
    Seal,
    SearchRequest,
    TextSize,
)
from index.engine.whoosh_files import entry_properties, postings, ranking, schema, segment_writing
from index.engine.whoosh_files.entry_properties import Columns, Mask
from index.engine.whoosh_files.matches import Finder
from index.engine.whoosh_files.postings import Numbers, Postings
from index.engine.whoosh_files.postings_cache import PostingsCache
from index.engine.whoosh_files.schema import Zone
from index.engine.whoosh_files.segment_writing import FieldLists, SegmentBuffer, TermLists
from index.engine.whoosh_files.shown_words import ShownWords
from index.engine.whoosh_files.snapshot import Snapshot
from index.engine.whoosh_files.vocabulary import SegmentVocabulary
from index.query.tree import Query
from index.text import analysis

FORMAT = f"whoosh {whoosh.__version__}, our own posting lists, columns and stems: 3"
"""Changes whenever files written earlier can no longer be read with this module."""

NAME = "terugblik"
"""Of the index, as Whoosh puts it into file names."""

COLUMNS_EXT = ".pages"

STEMS_EXT = ".stems"
"""The stem of each word: to work them out anew takes seconds where an archive has many words."""

TERMS_AT_ONCE = 4096
"""Terms whose postings are written in one go."""

RETRIES = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Seconds between attempts to open a state that a writer may have just replaced."""

SCHEMA = fields.Schema(**{name: fields.ID() for name in schema.FIELDS})


class _MappedFile(BufferFile):  # type: ignore[misc]
    """A file for reading at any place, by several threads at once, also after its removal."""

    def __init__(self, path: str, name: str) -> None:
        with open(path, "rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._buf = self.file = mapped
        self._name = name
        self.onclose = None
        self.is_real = False
        self.is_closed = False


class _DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder of index files in which a renamed file speaks only of what is safely on disk."""

    def __init__(self, folder: Path, guard: FileGuard | None = None, *, readonly: bool = False) -> None:
        super().__init__(str(folder), readonly=readonly)
        self._guard = guard
        self._own: set[str] = set()
        """Files that were written through this object, which no commit has made known yet."""
        self._seal: Seal | None = None

    @contextmanager
    def sealing(self, seal: Seal) -> Iterator[None]:
        """The time in which `seal` is told of files before they are renamed."""
        self._seal = seal
        try:
            yield
        finally:
            self._seal = None

    def list(self) -> Sequence[str]:
        """The files that may be opened."""
        names: Sequence[str] = super().list()
        if self._guard is None:
            return names
        known = self._guard.names() | self._own
        return [name for name in names if name in known]

    def create_file(self, name: str, **options: Any) -> StructFile:
        self._own.add(name)
        return super().create_file(name, onclose=_synchronise, **options)

    def open_file(self, name: str, **options: Any) -> BufferFile:
        if self._guard is not None and name not in self._own:
            self._guard.check(name)
        return _MappedFile(self._fpath(name), name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        if self._seal is not None:
            self._seal({newname: Path(self._fpath(oldname))})
        synchronise(Path(self.folder))
        super().rename_file(oldname, newname)  # over what no commit has written
        self._own.add(newname)
        synchronise(Path(self.folder))


def _synchronise(file: StructFile) -> None:
    file.flush()
    os.fsync(file.fileno())


_TERM = struct.Struct("<QII")
"""What the term index knows of a term: where its postings start, how many bytes and entries they are."""

_TERM_TYPE = np.dtype([("offset", "<u8"), ("length", "<u4"), ("count", "<u4")])
"""The same, for many at once."""

_RECORD = struct.Struct("!ii")
"""How Whoosh begins a record of the term index: bytes of the key and of the value."""


_FIELDS_APART = "\0"
_END = b"\0"  # a file without bytes could not be mapped


def _key(field: str, term: str) -> bytes:
    return bytes([schema.FIELDS.index(field)]) + term.encode()


def _write_segment(storage: FileStorage, pages: Columns, lists: Callable[[str], TermLists]) -> W3Segment:
    """Write a segment from the columns of its entries and, for each field, its terms in order."""
    segment = W3Segment(W3Codec(), NAME)
    terms = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
    stems: dict[str, list[str]] = {field: [] for field in schema.STEMMED}
    with segment.create_file(storage, W3Codec.POSTS_EXT) as file:
        offset = file.write(b"POST")  # a file without bytes could not be mapped
        for field in schema.FIELDS:
            stream = iter(lists(field))
            while batch := list(islice(stream, TERMS_AT_ONCE)):
                encoded = postings.encode([found for _, found in batch])
                if field in stems:
                    language = schema.STEMMED[field]
                    stems[field] += [analysis.stem(term.lower(), language) for term, _ in batch]
                for (term, found), data in zip(batch, encoded, strict=True):
                    terms.add(_key(field, term), _TERM.pack(offset, len(data), len(found.ids)))
                    offset += file.write(data)
    terms.close()
    with segment.create_file(storage, COLUMNS_EXT) as file:
        file.write(entry_properties.encode(pages))
    with segment.create_file(storage, STEMS_EXT) as file:
        file.write(_FIELDS_APART.join(map("\n".join, stems.values())).encode() + _END)
    segment.set_doc_count(len(pages))
    return segment


class _SegmentReader:
    """A segment on disk, as :class:`index.engine.whoosh_files.snapshot.Segment`."""

    def __init__(self, storage: FileStorage, segment: W3Segment, cache: PostingsCache) -> None:
        self.name: str = segment.segment_id()
        self.live = _live(segment)
        self._terms = OrderedHashReader.open(storage, segment.make_filename(W3Codec.TERMS_EXT))
        self._postings = segment.open_file(storage, W3Codec.POSTS_EXT)
        self._data = np.frombuffer(self._postings.raw_file(), np.uint8)
        self._cache = cache
        self._vocabularies: dict[str, tuple[SegmentVocabulary, NDArray[np.int64]]] = {}
        with segment.open_file(storage, COLUMNS_EXT) as file:
            self.columns = entry_properties.decode(file.read())
        with segment.open_file(storage, STEMS_EXT) as file:
            stems = bytes(file.read()).removesuffix(_END).decode().split(_FIELDS_APART)
        self._stems = dict(zip(schema.STEMMED, stems, strict=True))
        present = {LANGUAGES[number] for number in np.unique(self.columns.language)}
        self._empty_fields = frozenset(
            field(zone, language)
            for zone in schema.ZONES
            for language in LANGUAGES
            for field in (schema.stem_field, schema.word_field, schema.written_field)
            if language not in present
        )

    def now(self, segment: W3Segment) -> "_SegmentReader":
        """The same files, with the removals that `segment` knows of."""
        if self.live.sum() == segment.doc_count():
            return self
        reader = copy.copy(self)
        reader.live = _live(segment)
        return reader

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term; empty where it does not occur."""
        if field in self._empty_fields:
            return postings.EMPTY
        return self._cache.get((self.name, field, term), lambda: self._read(field, term))

    def _read(self, field: str, term: str) -> Postings:
        place = self._terms.get(_key(field, term))
        if place is None:
            return postings.EMPTY
        offset, length, _ = _TERM.unpack(place)
        return postings.decode(self._postings.get(offset, length))

    def lists(self, field: str) -> FieldLists:
        """All terms of a field with their postings."""
        terms, offsets, _ = self._terms_of(field)
        return terms, *postings.decode_many(self._data, offsets)

    def _terms_of(self, field: str) -> tuple[list[str], NDArray[np.int64], list[int]]:
        """The terms of a field in order, where the postings of each begin, and how many they are.

        Goes through Whoosh's file by itself, record by record, which is much faster than Whoosh's iterator.
        """
        terms, places = [], []
        start = _key(field, "")
        place = self._terms.closest_key_pos(start)
        data, end = self._terms.dbfile.raw_file(), self._terms.endofdata
        while place is not None and place < end:
            key = place + _RECORD.size
            value = key + _RECORD.unpack_from(data, place)[0]
            place = value + _TERM.size
            if data[key : key + 1] != start:
                break
            terms.append(data[key + 1 : value].decode())
            places.append(data[value:place])
        found = np.frombuffer(b"".join(places), _TERM_TYPE)
        return terms, found["offset"].astype(np.int64), found["count"].tolist()

    def vocabulary(self, field: str) -> SegmentVocabulary:
        """The words, or written forms, in a field."""
        return self._words(field)[0]

    def counted(self, field: str, numbers: Sequence[int]) -> tuple[Numbers, Postings]:
        """How many entries hold each of these words of a field, and their postings without positions."""
        if not numbers:
            return postings.EMPTY.ids, postings.EMPTY
        return postings.decode_many(self._data, self._words(field)[1][list(numbers)], with_positions=False)

    def any_of(self, zone: Zone, language: Language, words: Iterable[str]) -> tuple[Numbers, Numbers]:
        """The entries in a language that hold any of these words, accents aside, and how often."""
        vocabulary, offsets = self._words(schema.word_field(zone, language))
        numbers = vocabulary.numbers(set(words))
        if not numbers:
            return postings.EMPTY.ids, postings.EMPTY.weights
        found = postings.decode_many(self._data, offsets[numbers], with_positions=False)[1]
        return found.ids, found.weights

    def spellings_of(self, zone: Zone, language: Language, folded: str) -> Postings:
        """The entries in a language that hold a word, accents aside, and where it stands there."""
        field = schema.word_field(zone, language)
        vocabulary = self.vocabulary(field)
        return postings.either(
            [self.postings(field, vocabulary.words[number]) for number in vocabulary.numbers({folded})]
        )

    def _words(self, field: str) -> tuple[SegmentVocabulary, NDArray[np.int64]]:
        """The words of a field, and where the postings of each begin."""
        if field not in self._vocabularies:
            words, offsets, counts = self._terms_of(field)
            stems = self._stems[field].split("\n") if words else []
            self._vocabularies[field] = SegmentVocabulary(words, counts, stems), offsets
        return self._vocabularies[field]


def _live(segment: W3Segment) -> Mask:
    live = np.ones(segment.doc_count_all(), np.bool_)
    live[list(segment.deleted_docs())] = False
    return live


class WhooshStore:
    """An index in a folder of Whoosh files."""

    def __init__(self, folder: Path, guard: FileGuard | None = None) -> None:
        """Open the index in `folder`, which is made, without entries, if it is not there.

        Args:
            guard: lets no file be opened that has changed since it was written; None: any is opened.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._storage = _DurableStorage(folder, guard)
        with self._writing():
            if TOC._latest_generation(self._storage, NAME) < 0:
                TOC.create(self._storage, SCHEMA, NAME)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the write lock, which the system releases when its holder dies."""
        lock = self._storage.lock(f"{NAME}_WRITELOCK")
        lock.acquire(blocking=True)
        try:
            yield
        finally:
            lock.release()

    def commit(self, change: Change, seal: Seal = lambda arriving: None) -> int:
        """Carry out `change` so that it outlives a power cut; the number of entries added.

        Segments that have become many are made into one on the way.
        """
        with self._writing():
            toc = TOC.read(self._storage, NAME, schema=SCHEMA)
            before = list(toc.segments)
            for segment in toc.segments:
                self._remove(segment, change.remove)
            try:
                added = list(self._write(change.add))
                kept = self._joined([*toc.segments, *added])
                with self._storage.sealing(seal):
                    TOC(SCHEMA, kept, toc.generation + 1).write(self._storage, NAME)
            except BaseException:  # such as a full disk, which the files would keep full
                self._remove_unfinished(toc.generation, before)
                raise
            clean_files(self._storage, NAME, toc.generation + 1, kept)
        return sum(segment.doc_count_all() for segment in added)

    def _remove_unfinished(self, number: int, segments: Sequence[W3Segment]) -> None:
        """Remove what is not of the state with this number, which has these segments."""
        clean_files(self._storage, NAME, number, segments)
        for unfinished in self._folder.glob("*.toc.*"):  # as Whoosh calls what it will rename
            unfinished.unlink(missing_ok=True)

    def _remove(self, segment: W3Segment, documents: Iterable[str]) -> None:
        reader = _SegmentReader(self._storage, segment, PostingsCache())
        for document in documents:
            for entry in reader.postings(schema.DOCUMENT_FIELD, document).ids.tolist():
                segment.delete_document(entry)

    def _write(self, entries: Iterable[Entry]) -> Iterator[W3Segment]:
        """Write entries as new segments, so many in memory at a time as make a large one."""
        stream = iter(entries)
        while True:
            buffer = SegmentBuffer()
            for entry in islice(stream, segment_writing.LARGE):
                buffer.add(entry)
            if not len(buffer):
                return
            yield _write_segment(self._storage, buffer.columns(), buffer.lists)

    def _joined(self, present: Sequence[W3Segment]) -> list[W3Segment]:
        """The segments, some of them written anew as one, those without live entries left out."""
        present = [segment for segment in present if segment.doc_count()]
        sizes = [(segment.doc_count_all(), segment.doc_count()) for segment in present]
        groups = segment_writing.to_join(sizes)
        joined = {number for group in groups for number in group}
        kept = [segment for number, segment in enumerate(present) if number not in joined]
        return kept + [self._join([present[number] for number in group]) for group in groups]

    def _join(self, group: Sequence[W3Segment]) -> W3Segment:
        readers = [_SegmentReader(self._storage, segment, PostingsCache()) for segment in group]
        live = [reader.live for reader in readers]
        return _write_segment(
            self._storage,
            segment_writing.joined_columns([reader.columns for reader in readers], live),
            lambda field: segment_writing.joined_lists((reader.lists(field) for reader in readers), live),
        )

    def count(self) -> int:
        """The number of entries."""
        toc = TOC.read(self._storage, NAME, schema=SCHEMA)
        return sum(int(segment.doc_count()) for segment in toc.segments)

    def engine(self) -> "WhooshEngine":
        """A searcher on the newest committed state."""
        return WhooshEngine(self._folder)


class WhooshEngine:
    """Searches an index that :class:`WhooshStore` keeps, see :class:`index.engine.contract.Engine`."""

    def __init__(self, folder: Path, guard: FileGuard | None = None) -> None:
        self._storage = _DurableStorage(folder, guard, readonly=True)
        self._name = folder.name
        self._cache = PostingsCache()
        self._refreshing = threading.Lock()
        self._readers: dict[str, _SegmentReader] = {}
        self._number = -1
        self._snapshot = Snapshot([])
        self.refresh()

    def refresh(self) -> None:
        """Go on with the newest committed state."""
        with self._refreshing:
            if TOC._latest_generation(self._storage, NAME) == self._number:
                return
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
            toc = TOC.read(self._storage, NAME, schema=SCHEMA)
        except EmptyIndexError as error:
            raise FileNotFoundError(f"no index in {self._name}") from error
        readers = {}
        for segment in toc.segments:
            known = self._readers.get(segment.segment_id())
            readers[segment.segment_id()] = (
                known.now(segment) if known else _SegmentReader(self._storage, segment, self._cache)
            )
        snapshot = Snapshot(list(readers.values()), f"{self._name}-{toc.generation}")
        self._snapshot = snapshot
        self._finder = lru_cache(maxsize=64)(
            lambda tree, language: Finder(tree, language, snapshot.compounds_holding)
        )
        self._readers = readers
        self._number = toc.generation

    def generation(self) -> str:
        """Names the committed state that searches are answered from."""
        return self._snapshot.generation

    def search(self, request: SearchRequest) -> Result:
        """Find the entries that match."""
        return ranking.search(self._snapshot, request)

    def matches(self, query: Query, language: Language, text: str) -> list[tuple[int, int]]:
        """The stretches of `text` that made an entry in `language` match."""
        return self._finder(query.tree, language).find(text)

    def counted_forms(self, query: Query, filters: Filters, hidden: frozenset[str]) -> CountedForms | None:
        """How often a query occurs, without reading a text."""
        return ranking.counted_forms(self._snapshot, query, filters, hidden)

    def vocabulary(self) -> Mapping[str, int]:
        """Every word of the texts, accents folded, with the number of entries that hold it."""
        return self._snapshot.vocabulary

    def shown_words(self, hidden: frozenset[str]) -> Mapping[str, int]:
        """The words that may be told to readers."""
        return ShownWords(self._snapshot, hidden)

    def text_sizes(self, hidden: frozenset[str] = frozenset()) -> Mapping[tuple[str, Language], TextSize]:
        """How many words each document has in each of its languages."""
        return self._snapshot.text_sizes(hidden)

    def documents(self) -> frozenset[str]:
        """The documents that have entries."""
        return frozenset(self._snapshot.columns.document_names.tolist())
