"""Studies how a word is translated: candidates, with pairs of sentences as evidence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from time import monotonic
from typing import Any

from flask import url_for

from archive.languages import Language
from archive.records import Document
from index.engine.contract import Filters
from index.query.forms import Forms, forms_of, query_forms
from index.query.parser import Query, without_compounds
from index.text.text_units import MOST_PAGES, TextUnit
from index.translations.counterparts import Counterparts, SentencePairs, SentencePosition, Stems, counterparts
from index.translations.translated_documents import TextKey
from search_app.library import Library, PageLabels
from search_app.translations.translation_rows import MarkSegment, RowNames, UnitMark, counterpart_marks, cut
from search_app.web.display_names import LEADERS

MOST_DOCUMENTS = 20
"""Most documents that are read for a word: the first results of the search."""

MOST_SECONDS = 6.0
"""Time after which no further document is aligned, because the reader waits. Alignments are cached, so that
the same request gets further next time."""

EXAMPLES = 5
"""Pairs that are shown for each candidate."""
_MOST_CANDIDATES = 12

_LEAST_SHARE = 0.02
"""Least share of the pairs with the term that have a candidate. In the many pairs of a very frequent term,
many words occur two or three times by chance."""

_SPACE = MarkSegment(" ", None, is_start=False, page=None)


@dataclass(frozen=True, slots=True)
class TextPair:
    """A document and its translation, as texts of one language each."""

    document: Document
    translation: Document
    left: TextKey
    right: TextKey


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair of sentences, or of groups of sentences, with marks."""

    left: Sequence[MarkSegment]
    right: Sequence[MarkSegment]
    texts: TextPair
    page: int
    label: str
    """The printed label of the page."""
    other_page: int
    other_label: str
    """The label of the page of the translation."""
    path: str
    """The path of the view with both passages."""


class Study:
    """A study of how a term is translated: what was examined and what was found."""

    def __init__(
        self,
        library: Library,
        query: Query,
        source: Language,
        target: Language,
        documents: Sequence[Document],
        *,
        with_compounds: bool = False,
    ) -> None:
        """Prepare a study; :meth:`look` carries it out.

        Args:
            documents: the documents to which the study is limited; empty: all of the archive.
            with_compounds: whether compounds that contain the term count as well.
        """
        self._library = library
        self._engine = library.engine()
        self.query, self.source, self.target, self.documents = query, source, target, documents
        self.with_compounds = with_compounds
        self.counted = query if with_compounds else without_compounds(query, [source])
        """The query that is counted: `query`, with or without compounds."""
        self.pairs: list[TextPair] = []
        self.untranslated: list[Document] = []
        """Documents with the term that have no translation."""
        self.stray: list[Document] = []
        """Documents in other languages with the term in single passages only, such as names."""
        self.unread: Sequence[str] = ()
        """The identifiers of documents with the term that were not read, the best first."""
        self.found = Counterparts((), 0, ())
        """The candidates with their places: numbers of `pairs` and of sentence pairs in them."""
        self.generation = self._engine.generation()
        """The generation of the index in which the documents were found."""
        self._row_names: dict[int, RowNames] = {}
        """Cache of row names, by the numbers of `pairs`."""
        self._labels: dict[str, PageLabels] = {}
        """Cache of page labels, by document."""
        self._bare: dict[SentencePosition, bool] = {}

    def look(self, beside: str | None = None, seconds: float = MOST_SECONDS) -> "Study":
        """Search the term in the documents, the best first.

        Args:
            beside: identifier of the document that is the translation, if it is known.
            seconds: see :data:`MOST_SECONDS`; one document is read in any case.
        """
        started = monotonic()
        identifiers = self._documents_with_term()
        for number, identifier in enumerate(identifiers):
            if number == MOST_DOCUMENTS or (number and monotonic() - started > seconds):
                self.unread = identifiers[number:]
                break
            document = self._library.document(identifier)
            if self.source not in self._library.translations.languages(identifier):
                self.stray.append(document)
            elif pair := self._pair(document, beside):
                self.pairs.append(pair)
                self._library.translations.sentences(pair.left, pair.right)
            else:
                self.untranslated.append(document)
        self.found = self._weighed()
        return self

    def _weighed(self) -> Counterparts:
        found = counterparts(self._sentences, self.counted, self._engine, _MOST_CANDIDATES)
        least = _LEAST_SHARE * len(found.with_term)
        return replace(found, candidates=[each for each in found.candidates if each.both >= least])

    @cached_property
    def unexplained(self) -> Sequence[SentencePosition]:
        """The pairs that have the term and none of the candidates."""
        explained = {place for candidate in self.found.candidates for place in candidate.examples}
        return [place for place in self.found.with_term if place not in explained]

    @property
    def read(self) -> int:
        """How many documents with the term were examined, translated or not."""
        return len(self.pairs) + len(self.untranslated) + len(self.stray)

    @cached_property
    def unread_documents(self) -> Sequence[Document]:
        """The first documents that were not read."""
        return [self._library.document(identifier) for identifier in self.unread[:MOST_DOCUMENTS]]

    @property
    def cut(self) -> Sequence[Document]:
        """The documents and translations that are so long that their last pages were not read."""
        both = (document for pair in self.pairs for document in (pair.document, pair.translation))
        return list({each.id: each for each in both if each.pages > MOST_PAGES}.values())

    def looked_at(self) -> Iterator[tuple[TextPair, int, int]]:
        """The examined documents, each with its number of sentence pairs and how many have the term."""
        for number, (pair, sentences) in enumerate(zip(self.pairs, self._sentences, strict=True)):
            yield pair, len(sentences.all), sum(place[0] == number for place in self.found.with_term)

    def examples(
        self, places: Sequence[SentencePosition], stems: Stems = (), most: int = EXAMPLES, start: int = 0
    ) -> Iterator[ShownPair]:
        """Some pairs, with the term marked on the left and a candidate on the right.

        The most informative come first: sentences before headings and lines of a table of contents.
        """
        ordered = sorted(places, key=self._is_bare)
        return (self._shown(place, stems) for place in ordered[start : start + most])

    def unmarked(self, places: Sequence[SentencePosition], most: int | None = None) -> Iterator[ShownPair]:
        """The first pairs, or all, in the order of :meth:`examples`, without marks: finding the marks takes
        longer than everything else."""
        return (self._shown(place, (), is_marked=False) for place in sorted(places, key=self._is_bare)[:most])

    def _is_bare(self, place: SentencePosition) -> bool:
        """Whether a pair is a heading or a line of a table of contents."""
        found = self._bare.get(place)
        if found is None:
            left = self._sentences[place[0]].all[place[1]].left
            found = any(unit.kind == "heading" or LEADERS.search(unit.text) for unit in left)
            self._bare[place] = found
        return found

    @cached_property
    def _sentences(self) -> Sequence[SentencePairs]:
        return [self._library.translations.sentences(pair.left, pair.right) for pair in self.pairs]

    def _documents_with_term(self) -> Sequence[str]:
        filters = Filters(
            languages=frozenset({self.source}), documents=frozenset(each.id for each in self.documents)
        )
        hidden = self._library.left_out(self._engine)
        hits = self._engine.walk(self.counted, filters, hidden, "relevance")
        return list(dict.fromkeys(hit.document for hit in hits))

    def _pair(self, document: Document, beside: str | None) -> TextPair | None:
        """The document with its translation, if it has one."""
        translations = self._library.translations
        left = TextKey(document.id, self.source)
        if beside:
            right = TextKey(beside, self.target)
            is_held = self.target in translations.languages(beside)
        else:
            found = translations.translation(left, self.target, self._engine)
            right, is_held = found.key if found else left, found is not None
        return TextPair(document, self._library.document(right.document), left, right) if is_held else None

    def _shown(self, place: SentencePosition, stems: Stems, *, is_marked: bool = True) -> ShownPair:
        texts = self.pairs[place[0]]
        left, right = self._sentences[place[0]].all[place[1]]
        page, other_page = left[0].parts[0].page, right[0].parts[0].page
        parameters: dict[str, Any] = {"from": self.source, "to": self.target, "with": texts.translation.id}
        path = url_for(
            "translations.page",
            identifier=texts.document.id,
            number=page,
            q=self.counted.text,
            **parameters,
            _anchor=f"passage-{self._row_name(place[0], left[0])}",
        )
        if is_marked:
            left_pieces = [piece for sentence in left for piece in self._left_pieces(sentence)]
            right_pieces = [piece for sentence in right for piece in _right_pieces(sentence, stems)]
        else:
            left_pieces, right_pieces = (
                [piece for sentence in side for piece in (*cut(sentence.text, ()), _SPACE)]
                for side in (left, right)
            )
        return ShownPair(
            left_pieces,
            right_pieces,
            texts,
            page,
            self._label(texts.document.id, page),
            other_page,
            self._label(texts.translation.id, other_page),
            path,
        )

    def _row_name(self, number: int, sentence: TextUnit) -> str:
        if number not in self._row_names:
            pair = self.pairs[number]
            self._row_names[number] = RowNames(self._library.translations.aligned(pair.left, pair.right))
        return self._row_names[number].name_of(sentence)

    def _left_pieces(self, sentence: TextUnit) -> list[MarkSegment]:
        spans = self._engine.matches(self.counted, sentence.language, sentence.text)
        return [*cut(sentence.text, [UnitMark(*span) for span in spans]), _SPACE]

    @cached_property
    def forms(self) -> Forms:
        """The forms that were counted on the left, in the pairs with the term."""
        counts: Counter[str] = Counter()
        for number, place in self.found.with_term:
            for sentence in self._sentences[number].all[place].left:
                spans = self._engine.matches(self.counted, sentence.language, sentence.text)
                found = (sentence.text[start:end] for start, end in spans)
                counts.update(forms_of(found, self.counted.tree))
        return query_forms(self.query, counts)

    def _label(self, document: str, page: int) -> str:
        if document not in self._labels:
            self._labels[document] = self._library.page_labels(document)
        return self._labels[document].label(page)


def _right_pieces(sentence: TextUnit, stems: Stems) -> list[MarkSegment]:
    return [*cut(sentence.text, counterpart_marks(sentence, [stems] if stems else [])), _SPACE]
