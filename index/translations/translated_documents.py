"""Which documents are translations of each other, and which languages of one document are?

Candidates come from what is known of documents (plan, year, kind, language), and from the engine, by the
numbers and names of a document, which its translation shares. Candidates are compared by these anchors, and
the best are aligned. A translation is a document that can be aligned passage by passage.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import chain
from math import log
from typing import NamedTuple

from archive.catalogue.catalogue import Catalogue
from archive.languages import Language
from archive.records import Document
from index.engine.contract import Engine, Filters
from index.engine.left_out import left_out
from index.query.parser import Or, Phrase, Query
from index.studies import Studies
from index.text.text_units import TextUnit, first_pages, own_languages, text_units, with_notes_last
from index.translations.alignment import Bead, align
from index.translations.anchors import NAME, NUMBER, clues
from index.translations.counterparts import SentencePairs
from index.work_once import RecentResults, Turn

LIKELY = 0.5
"""Least confidence of a bead that counts as a translation; below it, it is shown as doubtful."""
SURE = 0.9

LEAST_SHARE = 0.7
"""Least share of the characters of two translations that are in likely beads."""

_MOST_PROPOSED, _MOST_ALIGNED = 8, 3
"""Most documents, for each language, whose anchors are compared, and most that are aligned."""
_SIZE = 2.5
"""Largest ratio of the page counts of two translations."""
_WORDS_SEARCHED = 30
"""Numbers and names for which the engine searches."""
_CLOSE = 0.75
"""Documents with at least this share of the best likeness are aligned as well."""
_LEAST_LIKENESS = 0.15
_SAME = 0.5
"""Added to the likeness of documents of the same plan, year and kind."""

_TEXTS_KEPT, _ALIGNMENTS_KEPT, _FINDINGS_KEPT = 24, 64, 500
_ANCHORS_KEPT = 1_000
"""Documents whose anchors are cached: these are far smaller than their texts, and needed far more often."""

_LONG_NUMBER = re.compile(r"\d{3,}|\d+\.\d+")


class TextKey(NamedTuple):
    """A document in one of its languages."""

    document: str
    language: Language


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document in one of its languages, as units."""

    key: TextKey
    units: Sequence[TextUnit]
    anchors: Counter[str]
    """Its numbers and names, with the number of their occurrences."""

    @property
    def size(self) -> int:
        """Number of characters."""
        return sum(len(unit.text) for unit in self.units)


@dataclass(frozen=True, slots=True)
class AlignedTexts:
    """Two texts with their alignment."""

    left: DocumentText
    right: DocumentText
    beads: Sequence[Bead]

    @property
    def share(self) -> float:
        """Share of the characters of both texts that are in likely beads, 0 to 1."""
        matched = sum(
            sum(len(self.left.units[number].text) for number in bead.left)
            + sum(len(self.right.units[number].text) for number in bead.right)
            for bead in self.beads
            if bead.confidence >= LIKELY
        )
        return matched / max(1, self.left.size + self.right.size)

    def swapped(self) -> "AlignedTexts":
        """The same alignment with the left and the right text exchanged."""
        beads = [replace(bead, left=bead.right, right=bead.left) for bead in self.beads]
        return AlignedTexts(self.right, self.left, beads)


class Translation(NamedTuple):
    """A text that translates another."""

    key: TextKey
    share: float
    """See :attr:`AlignedTexts.share`."""


class TranslatedDocuments:
    """Finds and aligns the translations of an archive. Results are cached until documents change.

    May be used by several threads at once.
    """

    def __init__(self, catalogue: Catalogue, studies: Studies, turn: Turn = nullcontext) -> None:
        """Start with empty caches.

        Args:
            studies: results kept on disk.
            turn: context in which texts are read and aligned; two long ones take half a minute.
        """
        self._catalogue = catalogue
        self._studies = studies
        self._texts: RecentResults[dict[Language, DocumentText]] = RecentResults(_TEXTS_KEPT, turn)
        self._anchors: RecentResults[dict[Language, Counter[str]]] = RecentResults(_ANCHORS_KEPT, turn)
        self._alignments: RecentResults[AlignedTexts] = RecentResults(_ALIGNMENTS_KEPT, turn)
        self._beads: RecentResults[Sequence[Bead]] = RecentResults(_ALIGNMENTS_KEPT, turn)
        """Computed beads. Those of texts that prove to be no translations are not stored as studies."""
        self._sentences: RecentResults[SentencePairs] = RecentResults(_ALIGNMENTS_KEPT, turn)
        self._findings: RecentResults[Translation | None] = RecentResults(_FINDINGS_KEPT, turn)

    def languages(self, document: str) -> Sequence[Language]:
        """The languages that a document is written in, most text first."""
        return tuple(self._anchors_of(document))

    def text(self, key: TextKey) -> DocumentText:
        """The text of a document in a language; without units if the document is not in that language."""
        return self._texts_of(key.document).get(key.language) or DocumentText(key, (), Counter())

    def aligned(self, left: TextKey, right: TextKey) -> AlignedTexts:
        """Align two texts, whether they are translations or not."""
        first, second = sorted((left, right))
        key = (first, second, *self._revisions(first.document, second.document).items())
        found = self._alignments.get(key, lambda: self._align(first, second))
        return found if first == left else found.swapped()

    def sentences(self, left: TextKey, right: TextKey) -> SentencePairs:
        """The sentence pairs of two texts, from passages that are likely translations."""
        revisions = self._revisions(left.document, right.document)
        return self._sentences.get(
            (left, right, *revisions.items()),
            lambda: self._studies.get(
                "sentences",
                revisions,
                f"{left} {right}",
                lambda: self._pair_sentences(self.aligned(left, right)),
            ),
        )

    def translation(self, key: TextKey, language: Language, engine: Engine) -> Translation | None:
        """The best translation of a text into a language, if the archive has one."""
        cache_key = (key, language, self._catalogue.state(), engine.generation())
        return self._findings.get(cache_key, lambda: self._find(key, language, engine))

    def _texts_of(self, document: str) -> dict[Language, DocumentText]:
        revisions = self._revisions(document)
        return self._texts.get(
            tuple(revisions.items()),
            lambda: self._studies.get("texts", revisions, "", lambda: self._read(document)),
        )

    def _anchors_of(self, document: str) -> dict[Language, Counter[str]]:
        """The numbers and names of a document in each of its languages, most text first."""
        revisions = self._revisions(document)
        return self._anchors.get(
            tuple(revisions.items()),
            lambda: self._studies.get(
                "anchors",
                revisions,
                "",
                lambda: {language: text.anchors for language, text in self._texts_of(document).items()},
            ),
        )

    def _read(self, document: str) -> dict[Language, DocumentText]:
        pages = first_pages(self._catalogue, document)
        texts = {}
        for language in own_languages(pages):
            units = with_notes_last(text_units(pages, language), pages)
            texts[language] = DocumentText(TextKey(document, language), units, _anchors(units))
        return texts

    def _align(self, left: TextKey, right: TextKey) -> AlignedTexts:
        beads = self._studies.get(
            "alignment",
            self._revisions(left.document, right.document),
            f"{left} {right}",
            lambda: self._beads_of(left, right),
        )
        return AlignedTexts(self.text(left), self.text(right), beads)

    def _beads_of(self, left: TextKey, right: TextKey) -> Sequence[Bead]:
        return self._beads.get(
            (left, right, *self._revisions(left.document, right.document).items()),
            lambda: align(
                self.text(left).units,
                self.text(right).units,
                is_one_document=left.document == right.document,
            ),
        )

    def _revisions(self, *documents: str) -> dict[str, str]:
        return {each: self._catalogue.text_revisions(each).get(each, "") for each in documents}

    @staticmethod
    def _pair_sentences(texts: AlignedTexts) -> SentencePairs:
        likely = [bead for bead in texts.beads if bead.confidence >= LIKELY]
        return SentencePairs(texts.left.units, texts.right.units, likely).looked_up()

    def _find(self, key: TextKey, language: Language, engine: Engine) -> Translation | None:
        anchors = self._anchors_of(key.document).get(key.language, Counter())
        proposed = self._proposed(key, anchors, language, engine)
        likenesses = {other: self._likeness(key, anchors, other) for other in proposed}
        best = max(likenesses.values(), default=0.0)
        if best < _LEAST_LIKENESS:
            return None
        close = sorted(
            (other for other, likeness in likenesses.items() if likeness >= best * _CLOSE),
            key=lambda other: -likenesses[other],
        )
        aligned = [Translation(other, self._share(key, other)) for other in close[:_MOST_ALIGNED]]
        found = max(aligned, key=lambda translation: translation.share * likenesses[translation.key])
        return found if found.share >= LEAST_SHARE else None

    def _share(self, left: TextKey, right: TextKey) -> float:
        """See :attr:`AlignedTexts.share`. Stored separately, because it is needed far more often than the
        texts."""
        first, second = sorted((left, right))
        return self._studies.get(
            "share",
            self._revisions(first.document, second.document),
            f"{first} {second}",
            lambda: AlignedTexts(self.text(first), self.text(second), self._beads_of(first, second)).share,
        )

    def _proposed(
        self, key: TextKey, anchors: Counter[str], language: Language, engine: Engine
    ) -> list[TextKey]:
        """Texts in a language that may be translations, the likeliest first."""
        if language in self.languages(key.document):
            return [TextKey(key.document, language)]
        whole = self._catalogue.document(key.document)
        likely = [
            document
            for document in self._catalogue.documents()
            if document.id != whole.id
            and language in document.languages
            and max(document.pages, whole.pages) <= _SIZE * min(document.pages, whole.pages)
        ]
        if len(likely) > _MOST_PROPOSED:  # otherwise all are compared
            votes = self._votes(key, anchors, language, engine)
            likely.sort(key=lambda document: (-_alike(whole, document), -votes[document.id], document.id))
        return [
            TextKey(document.id, language)
            for document in likely[:_MOST_PROPOSED]
            if language in self.languages(document.id)
        ]

    def _votes(self, key: TextKey, anchors: Counter[str], language: Language, engine: Engine) -> Counter[str]:
        """The number of pages of each document, in a language, that have numbers or names of a text."""
        words = (anchor[1:] for anchor in anchors)
        page_counts = engine.counts([each for each in words if len(each) > 3 or _LONG_NUMBER.fullmatch(each)])
        rarest = sorted(page_counts, key=lambda word: (page_counts[word], word))
        # A word that is only on one page is not on a page of a translation.
        searched = [word for word in rarest if page_counts[word] > 1][:_WORDS_SEARCHED]
        if len(searched) < 2:
            return Counter()
        query = Query("", Or(tuple(Phrase((word,)) for word in searched)))
        filters = Filters(languages=frozenset({language}))
        return Counter(engine.count_by(query, filters, left_out(engine, self._catalogue), "document"))

    def _likeness(self, key: TextKey, anchors: Counter[str], other: TextKey) -> float:
        """How similar two texts are by their numbers and names, and by the description of their documents."""
        others = self._anchors_of(other.document).get(other.language)
        if others is None:  # the document has just been read again, and is in another language now
            return 0.0
        shared, either = anchors & others, anchors | others
        likeness = _weight(shared) / max(1.0, _weight(either))
        return likeness + _SAME * _alike(
            self._catalogue.document(key.document), self._catalogue.document(other.document)
        )


def _alike(one: Document, other: Document) -> float:
    """Whether two documents have the same plan, year and kind, 0 to 1; 0 if plan and year are unknown."""
    if one.id == other.id:
        return 1.0
    if not one.plan and not one.year:
        return 0.0
    return float((one.plan, one.year, one.kind) == (other.plan, other.year, other.kind))


def _weight(anchors: Counter[str]) -> float:
    return sum(1 + log(count) for count in anchors.values())


def _anchors(units: Iterable[TextUnit]) -> Counter[str]:
    features = chain.from_iterable(
        clue.features[:1] for unit in units for clue in clues(unit.text, unit.language)
    )
    return Counter(feature for feature in features if feature[0] in NUMBER.sign + NAME.sign)
