"""One committed state of an index: its segments, seen as one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from heapq import nlargest

import numpy as np
from numpy.typing import NDArray

from archive.languages import LANGUAGES, Language
from index.engine.contract import MOST_SPELLINGS
from index.engine.whoosh_index import postings, schema
from index.engine.whoosh_index.postings import Occurrences, Postings
from index.engine.whoosh_index.segment import Mask, Segment, joined_columns
from index.engine.whoosh_index.vocabulary import Vocabulary, Words
from index.query.compounds import Compounds
from index.text import analysis
from index.text.writing import AS_WRITTEN

SHORTEST = np.float32(0.4)
"""Relative length that shorter texts are counted with."""


class Snapshot:
    """One committed state of an index: its segments, seen as one."""

    def __init__(
        self, segments: Sequence[Segment], vocabulary: Vocabulary | None = None, generation: str = ""
    ) -> None:
        self.generation = generation
        """Its name."""
        self.vocabulary = vocabulary or {language: Words() for language in LANGUAGES}
        self._segments = segments
        self.columns = joined_columns([segment.columns for segment in segments])
        self.live: Mask = np.concatenate([np.empty(0, np.bool_), *(part.live for part in segments)])
        self._bases = np.cumsum([0] + [len(segment.live) for segment in segments]).tolist()
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

    def revisions(self) -> frozenset[str]:
        """The revisions of which there are entries."""
        numbers = np.unique(self.columns.revision[self.live])
        return frozenset(self.columns.revision_names[numbers].tolist())

    def shown(self, left_out: frozenset[str]) -> Mask:
        """The entries that have not been removed, without some revisions."""
        if not left_out:
            return self.live
        is_out = np.array([name in left_out for name in self.columns.revision_names.tolist()], np.bool_)
        return self.live & ~is_out[self.columns.revision]

    def compounds_holding(self, word: str, language: Language) -> Sequence[str]:
        """The compounds in texts in `language` that hold `word`, accents aside."""
        return self._compounds[language].holding(word, language) if language in self.languages else ()

    def forms_of(self, word: str, language: Language) -> frozenset[str]:
        """The words with a stem that the word of a query asks for."""
        return frozenset(
            form
            for stem in analysis.query_stems(word, language)
            for form in self.vocabulary[language].with_stem(stem)
            if not form.startswith(AS_WRITTEN)
        )

    @cached_property
    def _compounds(self) -> dict[Language, Compounds]:
        return {
            language: Compounds(
                self.vocabulary[language],
                partial(self._entries, languages=[language], count=self.count),
                self._entries_with_stem,
            )
            for language in self.languages
        }

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """Of these words, those that there are, with the number of entries; removed ones may count."""
        counts = {word: self._entries(word, self.languages, self.count) for word in words}
        return {word: count for word, count in counts.items() if count}

    def spellings(self, folded: str, left_out: frozenset[str], typos: int) -> dict[str, int]:
        """The words at most so many typos away that readers may be shown, with the number of entries."""
        near = set[str]().union(*(self.vocabulary[each].near(folded, typos) for each in self.languages))
        if len(near) > MOST_SPELLINGS:
            counts = self.counts(near)
            near = set(nlargest(MOST_SPELLINGS, counts, key=lambda word: (counts[word], word)))
        return dict(self._shown(near, left_out))

    def _shown(self, words: Iterable[str], left_out: frozenset[str]) -> Iterator[tuple[str, int]]:
        """Of these words, those that readers may be shown: not those of removed entries or left out
        revisions alone; with the number of entries that are shown."""
        shown = self.shown(left_out)
        parts = [
            (segment, shown[base : base + len(segment.live)])
            for segment, base in zip(self._segments, self._bases, strict=False)
        ]

        def entries(field: str, word: str) -> int:
            return sum(
                segment.count(field, word)
                if are_shown.all()
                else int(np.count_nonzero(are_shown[segment.postings(field, word).ids]))
                for segment, are_shown in parts
            )

        for word in words:
            if count := self._entries(word, self.languages, entries):
                yield word, count

    def _entries(self, folded: str, languages: Sequence[Language], count: Callable[[str, str], int]) -> int:
        """The entries with a word in some languages; one with two spellings that differ in accents counts
        twice.

        Args:
            count: gives the entries with a term in a field.
        """
        return sum(
            count(schema.word_field("text", language), word)
            for language in languages
            for word in self.vocabulary[language].spelled(folded)
            if not word.startswith(AS_WRITTEN)
        )

    def count(self, field: str, term: str) -> int:
        """In how many entries a term occurs, removed ones included."""
        return sum(segment.count(field, term) for segment in self._segments)

    def _entries_with_stem(self, stem: str, language: Language) -> int:
        return self.count(schema.stem_field("text", language), stem)

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term in the whole index."""
        parts = [
            found._replace(ids=found.ids + np.int32(base))
            for segment, base in zip(self._segments, self._bases, strict=False)
            if len((found := segment.postings(field, term)).ids)
        ]
        return postings.joined(parts) if parts else postings.EMPTY

    def words_listed(self, field: str, folded: str) -> Occurrences:
        """The words that begin so, accents aside, and others; also written forms."""
        parts = []
        for segment, base in zip(self._segments, self._bases, strict=False):
            found = segment.words_listed(field, folded)
            parts.append(found._replace(ids=found.ids + np.int32(base)))
        return postings.all_occurrences(parts)
