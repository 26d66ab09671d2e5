"""One committed state of an index: its segments, seen as one."""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from archive.languages import LANGUAGES, Language
from index.engine.contract import TextSize
from index.engine.whoosh_index import entry_properties, postings, schema
from index.engine.whoosh_index.entry_properties import Mask
from index.engine.whoosh_index.postings import Postings
from index.engine.whoosh_index.segment import Segment
from index.engine.whoosh_index.vocabulary import CountedWords, Vocabulary, Words
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
        self.columns = entry_properties.joined([segment.columns for segment in segments])
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
            language: Compounds(self._counted([language], self._entries_with), self._entries_with_stem)
            for language in self.languages
        }

    def counted_words(self) -> CountedWords:
        """The words of all texts, with the number of entries that hold each, removed ones included."""
        return self._counted(self.languages, self._entries_with)

    def shown_words(self, hidden: frozenset[str]) -> CountedWords:
        """The words that readers may be shown: not those of removed entries or hidden documents alone."""
        names = self.columns.document_names.tolist()
        is_hidden = np.array([name in hidden for name in names], np.bool_)
        shown = self.live & ~is_hidden[self.columns.document] if names else self.live

        def entries_shown(field: str, word: str) -> int:
            return int(np.count_nonzero(shown[self.postings(field, word).ids]))

        return self._counted(self.languages, entries_shown)

    def _counted(self, languages: Sequence[Language], count: Callable[[str, str], int]) -> CountedWords:
        """The words of some languages; one with two spellings that differ in accents counts twice.

        Args:
            count: the entries with a term in a field.
        """

        def entries(folded: str) -> int:
            return sum(
                count(schema.word_field("text", language), word)
                for language in languages
                for word in self.vocabulary[language].spelled(folded)
                if not word.startswith(AS_WRITTEN)
            )

        return CountedWords([self.vocabulary[language] for language in languages], entries)

    def _entries_with(self, field: str, term: str) -> int:
        return sum(segment.count(field, term) for segment in self._segments)

    def _entries_with_stem(self, stem: str, language: Language) -> int:
        return self._entries_with(schema.stem_field("text", language), stem)

    def postings(self, field: str, term: str) -> Postings:
        """The postings of a term in the whole index."""
        parts = [
            found._replace(ids=found.ids + np.int32(base))
            for segment, base in zip(self._segments, self._bases, strict=False)
            if len((found := segment.postings(field, term)).ids)
        ]
        return postings.joined(parts) if parts else postings.EMPTY
