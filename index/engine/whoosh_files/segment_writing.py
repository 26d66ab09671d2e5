"""Writes segments: from entries, or from other segments that have become too many. Does not know Whoosh."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from archive.languages import LANGUAGES, Language
from index.engine.contract import Entry
from index.engine.whoosh_files import entry_properties, postings, schema
from index.engine.whoosh_files.entry_properties import Columns, ColumnsBuilder, Mask
from index.engine.whoosh_files.postings import Numbers, Postings
from index.text import analysis
from index.text.fast_words import TextWords, words

LARGE = 20_000
"""Most entries of a segment, so that making one takes a bounded amount of memory."""

SMALL, MANY = 500, 8
"""Segments of up to SMALL entries count as equally big; then those up to MANY times bigger do, and so on.
MANY of about the same size are made into one, so each entry is rewritten three times at most."""

TermLists = Iterator[tuple[str, Postings]]
"""The terms of a field in the order of their code points, with their postings."""


class _Numbers(dict[str, int]):
    """Numbers words in the order in which they first come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _ZoneBuffer:
    """Collects the words of one zone of the entries in one language, as numbers."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._words = _Numbers()
        self._entries: array[int] = array("i")
        self._occurrences: array[int] = array("i")
        self._lengths: array[int] = array("i")
        self._in_headings: array[int] = array("i")
        self._heading_lengths: array[int] = array("i")
        self._written = _Numbers()
        self._written_occurrences: array[int] = array("i")
        self._written_entries: array[int] = array("i")
        self._written_positions: array[int] = array("i")

    def add(self, entry: int, text: str, headings: str = "") -> tuple[int, int]:
        """Add an entry, whose number is above those before; how many words it has, and how many with a
        letter."""
        text_words = TextWords(text)
        found = text_words.all
        lettered = sum(map(_has_letter, found))
        for number, form in text_words.written.items():
            self._written_occurrences.append(self._written[form])
            self._written_entries.append(entry)
            self._written_positions.append(number)
        in_headings = words(headings) if headings else []
        self._entries.append(entry)
        self._occurrences.extend(map(self._words.__getitem__, found))
        self._lengths.append(len(found))
        self._in_headings.extend(map(self._words.__getitem__, in_headings))
        self._heading_lengths.append(len(in_headings))
        return len(found), lettered

    def word_lists(self) -> TermLists:
        """All words with their postings."""
        lengths = _array(self._lengths)
        entries = np.repeat(_array(self._entries), lengths)
        starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        positions = (np.arange(len(entries)) - starts).astype(np.int32)
        return postings.inverted(list(self._words), _array(self._occurrences), entries, positions=positions)

    def written_lists(self) -> TermLists:
        """The written forms of words that have one, with their postings."""
        return postings.inverted(
            list(self._written),
            _array(self._written_occurrences),
            _array(self._written_entries),
            positions=_array(self._written_positions),
        )

    def stem_lists(self) -> TermLists:
        """The stems with their postings; a word in a heading stands in the text as well, and weighs more."""
        stems = _Numbers()
        stem_of = _array([stems[analysis.stem(word, self._language)] for word in self._words])
        numbers = np.concatenate((_array(self._occurrences), _array(self._in_headings)))
        entries = np.concatenate(
            [
                np.repeat(_array(self._entries), _array(each))
                for each in (self._lengths, self._heading_lengths)
            ]
        )
        weights = np.repeat(_array([1, schema.IN_HEADING]), [len(self._occurrences), len(self._in_headings)])
        order = np.argsort(entries, kind="stable")
        return postings.inverted(list(stems), stem_of[numbers[order]], entries[order], weights=weights[order])


@lru_cache(200_000)
def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


def _array(numbers: Iterable[int]) -> Numbers:
    return np.array(numbers, np.int32)


class SegmentBuffer:
    """Collects the entries of a new segment in memory."""

    def __init__(self) -> None:
        self._columns = ColumnsBuilder()
        self._zones = {
            (zone, language): _ZoneBuffer(language) for zone in schema.ZONES for language in LANGUAGES
        }
        self._documents: dict[str, list[int]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, entry: Entry) -> None:
        """Add an entry; its number is the count of those before it."""
        self._documents.setdefault(entry.document, []).append(self._size)
        length, lettered = self._zones["text", entry.language].add(self._size, entry.text, entry.headings)
        self._zones["title", entry.language].add(self._size, entry.title)
        self._columns.add(entry, length, lettered)
        self._size += 1

    def columns(self) -> Columns:
        """The columns of all entries."""
        return self._columns.columns()

    def lists(self, field: str) -> TermLists:
        """The terms of a field."""
        if field == schema.DOCUMENT_FIELD:
            return self._document_lists()
        for (zone, language), buffer in self._zones.items():
            if field == schema.word_field(zone, language):
                return buffer.word_lists()
            if field == schema.stem_field(zone, language):
                return buffer.stem_lists()
            if field == schema.written_field(zone, language):
                return buffer.written_lists()
        raise ValueError(f"no field {field!r}")

    def _document_lists(self) -> TermLists:
        for document in sorted(self._documents):
            ids = np.array(self._documents[document], np.int32)
            yield document, Postings(ids, np.ones(len(ids), np.int32), postings.EMPTY.positions)


FieldLists = tuple[Sequence[str], Numbers, Postings]
"""The terms of a field in a segment, how many postings each has, and the postings of all."""


def joined_columns(parts: Sequence[Columns], live: Sequence[Mask]) -> Columns:
    """The columns of the live entries of several segments."""
    return entry_properties.joined(
        [entry_properties.taken(part, kept) for part, kept in zip(parts, live, strict=True)]
    )


def joined_lists(parts: Iterable[FieldLists], live: Sequence[Mask]) -> TermLists:
    """The terms of a field of several segments, with the postings of live entries under new numbers."""
    terms = _Numbers()
    numbers = []
    lists = []
    base = 0
    for (part_terms, counts, found), kept in zip(parts, live, strict=True):
        is_kept = kept[found.ids]
        part_numbers = _array([terms[term] for term in part_terms])
        numbers.append(np.repeat(part_numbers, counts)[is_kept])
        positions = found.positions
        if len(positions):
            positions = positions[np.repeat(is_kept, found.weights)]
        new_ids = (np.cumsum(kept) + (base - 1)).astype(np.int32)[found.ids[is_kept]]
        lists.append(Postings(new_ids, found.weights[is_kept], positions))
        base += int(kept.sum())
    return postings.by_term(list(terms), np.concatenate(numbers), postings.joined(lists))


def to_join(sizes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Which segments should be written anew, and which of them together.

    `sizes` tells of each segment how many entries it has and how many of them are live.
    """
    groups = [[number] for number, (size, live) in enumerate(sizes) if size >= LARGE and live < size / 2]
    tiers: dict[int, list[int]] = {}
    for number, (_, live) in enumerate(sizes):
        if live < LARGE and [number] not in groups:
            tier, limit = 0, SMALL
            while live > limit:
                tier, limit = tier + 1, limit * MANY
            tiers.setdefault(tier, []).append(number)
    for numbers in tiers.values():
        if len(numbers) >= MANY:
            totals = accumulate(sizes[number][1] for number in numbers)
            group = [number for number, total in zip(numbers, totals, strict=True) if total <= LARGE]
            groups += [group] if len(group) > 1 else []
    return groups
