"""One committed state of an index: its segments, seen as one. Does not know Whoosh."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from archive.languages import LANGUAGES, Language
from index.engine.contract import TextSize
from index.engine.whoosh_files import entry_properties, postings, schema
from index.engine.whoosh_files.entry_properties import Columns, Mask
from index.engine.whoosh_files.postings import Numbers, Postings
from index.engine.whoosh_files.schema import Zone
from index.engine.whoosh_files.vocabulary import SegmentVocabulary, Vocabularies
from index.query.compounds import Compounds
from index.text.typos import spellings_one_typo_from

SHORTEST = np.float32(0.4)
"""Relative length that shorter texts are counted with."""


@lru_cache(maxsize=32)
def _one_typo_from(word: str, alphabet: frozenset[str]) -> frozenset[str]:
    return frozenset(spellings_one_typo_from(word, alphabet))


class Segment(Protocol):
    """A part of an index, written once."""

    columns: Columns
    live: Mask
    """Which entries have not been removed."""

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term; empty where it does not occur."""

    def vocabulary(self, field: str) -> SegmentVocabulary:
        """The words, or written forms, in a field."""

    def counted(self, field: str, numbers: Sequence[int]) -> tuple[Numbers, Postings]:
        """How many entries hold each of these words of a field, and their postings without positions."""

    def any_of(self, zone: Zone, language: Language, words: Iterable[str]) -> tuple[Numbers, Numbers]:
        """The entries in a language that hold any of these words, accents aside, and how often; in any
        order, an entry once for each word."""

    def spellings_of(self, zone: Zone, language: Language, folded: str) -> Postings:
        """The entries in a language that hold a word, accents aside, and where it stands there."""


class Snapshot:
    """One committed state of an index: its segments, seen as one."""

    def __init__(self, segments: Sequence[Segment], generation: str = "") -> None:
        self.generation = generation
        """Its name."""
        self.segments = segments
        self.columns = entry_properties.joined([segment.columns for segment in segments])
        self.live: Mask = np.concatenate([np.empty(0, np.bool_), *(part.live for part in segments)])
        self.bases = np.cumsum([0] + [len(segment.live) for segment in segments]).tolist()
        by_place = np.lexsort((self.columns.language, self.columns.page, self.columns.document))
        self.place = np.empty(len(by_place), np.int32)
        """Where each entry stands in the order of document, page and language."""
        self.place[by_place] = np.arange(len(by_place), dtype=np.int32)
        self.in_language: dict[Language, Mask] = {
            language: self.columns.language == number for number, language in enumerate(LANGUAGES)
        }
        self.languages = [language for language, mask in self.in_language.items() if mask.any()]
        """Those that entries are in."""
        lengths = self.columns.length.astype(np.float32)
        average = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
        self.relative_length: NDArray[np.float32] = np.maximum(lengths / average, SHORTEST)
        """Of each entry's text, 1 being the average; no page is the better for having hardly any text."""

    def __len__(self) -> int:
        return len(self.live)

    @cached_property
    def vocabulary(self) -> Vocabularies:
        """The words of all texts."""
        return self._words_in(self.languages)

    @cached_property
    def _compounds(self) -> dict[Language, Compounds]:
        return {
            language: Compounds(self._words_in([language]), self._entries_with_stem)
            for language in self.languages
        }

    def text_sizes(self, hidden: frozenset[str]) -> dict[tuple[str, Language], TextSize]:
        """How many words each document has in each of its languages."""
        found = self.columns
        kinds = (found.document.astype(np.int64) * len(LANGUAGES) + found.language)[self.live]
        lengths = found.lettered[self.live]
        amounts = np.bincount(kinds, weights=lengths).astype(np.int64)
        largest = np.zeros(len(amounts), np.int64)
        np.maximum.at(largest, kinds, lengths)
        names = found.document_names.tolist()
        return {
            (names[kind // len(LANGUAGES)], LANGUAGES[kind % len(LANGUAGES)]): TextSize(
                int(amounts[kind]), int(largest[kind])
            )
            for kind in np.flatnonzero(amounts).tolist()
            if names[kind // len(LANGUAGES)] not in hidden
        }

    def one_typo_from(self, folded: str) -> frozenset[str]:
        """All that at most one typo makes of a word, in letters that the index holds."""
        return _one_typo_from(folded, self._alphabet)

    @cached_property
    def _alphabet(self) -> frozenset[str]:
        return frozenset().union(
            *(
                segment.vocabulary(schema.word_field(zone, language)).alphabet
                for zone in schema.ZONES
                for language in self.languages
                for segment in self.segments
            )
        )

    def compounds_holding(self, word: str, language: Language) -> Sequence[str]:
        """The compounds in texts in `language` that hold `word`, accents aside."""
        return self._compounds[language].holding(word, language) if language in self.languages else ()

    def _words_in(self, languages: Sequence[Language]) -> Vocabularies:
        return Vocabularies(
            [
                segment.vocabulary(schema.word_field("text", language))
                for language in languages
                for segment in self.segments
            ]
        )

    def _entries_with_stem(self, stem: str, language: Language) -> int:
        return len(self.postings(schema.stem_field("text", language), stem).ids)

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term in the whole index, positions left out."""
        parts = [
            found._replace(ids=found.ids + np.int32(base), positions=postings.EMPTY.positions)
            for segment, base in zip(self.segments, self.bases, strict=False)
            if len((found := segment.postings(field, term)).ids)
        ]
        return postings.joined(parts) if parts else postings.EMPTY
