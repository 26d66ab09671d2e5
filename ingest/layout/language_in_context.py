"""Which language is each block of a page in, judged by its words and by the blocks around it?

Sentences show their language themselves. Tables, headings, lists of names and labels of figures often do not,
or only seem to. They take the language around them unless their own words clearly say otherwise.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.languages import LANGUAGES, Language
from ingest.language.block_language import Speech, is_rather
from ingest.lines.seams import SENTENCE_END

_HABIT = 8
"""Blocks with one left edge that make its language known."""
_TO_CHOOSE = 0.5
"""Words of one language alone that settle which of its neighbours a block belongs to."""
_TO_DIFFER = 2.0
_TO_DIFFER_BY_THEM_ALONE = 3.0
"""Words of one language alone in a block that is in another language than all around it, if its letters say
so, too, and if they do not."""
_FIRST_TEXTS = 2
"""Of a page, which may be the rest of one: above it may stand a running head that was not told as one."""


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block's text and the part of the page's width that it stands in."""

    text: str
    x0: float
    x1: float
    is_heading: bool
    is_text: bool = True
    """It is a paragraph or list, which may go on on the next page."""


class Languages:
    """Tells the languages of a document's blocks, page after page.

    A block that is not sure of its language takes the one around it: that of its column, if blocks with its
    left edge have one throughout the document (where left is French and right is Dutch, "Pour" and "Voor"
    need no more); else that of the nearest sure block above or below; else of most of the page; else of the
    page before. Where blocks above and below differ, its words may choose. The rest of a sentence of the page
    or column before is in the language of that.
    """

    def __init__(self, main: Language, all_languages: Collection[Language] = ()) -> None:
        """`main` is the language of most of the document, `all_languages` are those it has much text in."""
        self._before = main
        self._open: tuple[BlockText, Language] | None = None
        """The text at the end of the page before, if it ends within a sentence."""
        self._all = frozenset(all_languages)
        self._by_edge: defaultdict[int, Counter[Language]] = defaultdict(Counter)

    def of(self, stretches: Sequence[BlockText]) -> list[Language]:
        """The language of each block of the next page."""
        speeches = [Speech(stretch.text) for stretch in stretches]
        told = [speech.tell() if speech.may_be_sure else speech.by_words for speech in speeches]
        sure = [each.language if each and each.is_sure else None for each in told]
        amounts: Counter[Language] = Counter()
        for stretch, language in zip(stretches, sure, strict=True):
            if language:
                amounts[language] += len(stretch.text)
                self._by_edge[_edge(stretch)][language] += 1
        if amounts:
            self._before = amounts.most_common(1)[0][0]
        own = [each.language if each else None for each in told]
        settled = self._settled(stretches, sure, own)
        if None in told and not self._is_all_before(stretches, settled, speeches):
            own = [speech.tell().language for speech in speeches]
            settled = self._settled(stretches, sure, own)
        found = [
            language or self._around(place, stretches, settled) for place, language in enumerate(settled)
        ]
        texts = [place for place, stretch in enumerate(stretches) if stretch.is_text]
        for before, place in pairwise(texts):
            if not sure[place] and self._is_rest_in_next_column(stretches[before], stretches[place]):
                found[place] = found[before]
        if texts:
            first = next((place for place in texts[:_FIRST_TEXTS] if self._is_rest(stretches[place])), None)
            if self._open and first is not None and not sure[first]:
                found[first] = self._open[1]
            last = texts[-1]
            is_open = stretches[last].text[-1:] not in SENTENCE_END
            self._open = (stretches[last], found[last]) if is_open else None
        return found

    def _settled(
        self,
        stretches: Sequence[BlockText],
        sure: Sequence[Language | None],
        own: Sequence[Language | None],
    ) -> list[Language | None]:
        """The languages of the blocks that need not take the one around them."""
        return [
            language or self._by_words(place, stretches, sure, own[place])
            for place, language in enumerate(sure)
        ]

    def _is_all_before(
        self,
        stretches: Sequence[BlockText],
        settled: Sequence[Language | None],
        speeches: Sequence[Speech],
    ) -> bool:
        """Whether all blocks are in one language, whatever the letters of those that were not asked say: it
        is all that there is around them, and they could say no other."""
        one = {self._before}
        return all(
            one.issuperset(speech.may_be) and {language, self._of_edge(stretch)} <= {None, self._before}
            for stretch, language, speech in zip(stretches, settled, speeches, strict=True)
        )

    def _is_rest(self, stretch: BlockText) -> bool:
        """Whether a text begins within a sentence, at the edge where the page before ends within one."""
        if self._open is None:
            return False
        return stretch.text[:1].islower() and _edge(stretch) == _edge(self._open[0])

    def _is_rest_in_next_column(self, before: BlockText, stretch: BlockText) -> bool:
        """Whether a text begins within the sentence with which the one before it, in another column, breaks
        off; a column that has a language of its own keeps it."""
        is_open = before.text[-1:] not in SENTENCE_END and stretch.text[:1].islower()
        return is_open and not _is_same_column(before, stretch) and self._of_edge(stretch) is None

    def _by_words(
        self,
        place: int,
        stretches: Sequence[BlockText],
        sure: Sequence[Language | None],
        own: Language | None,
    ) -> Language | None:
        """The language that the words of a block choose against, or between, those around it."""
        text = stretches[place].text
        around = self._around(place, stretches, sure)
        if own == around:
            return own
        fewest = _TO_DIFFER if own else _TO_DIFFER_BY_THEM_ALONE
        for language in (own,) if own else LANGUAGES:
            if language != around and is_rather(text, language, around, fewest):
                return language
        if self._of_edge(stretches[place]):
            return None
        near = _neighbours(place, stretches, sure)
        choice = set(near) if len(near) == 2 else {*near, *self._all}
        for language in sorted(choice):
            others = choice - {language}
            if others and all(is_rather(text, language, other, _TO_CHOOSE) for other in others):
                return language
        return None

    def _around(
        self, place: int, stretches: Sequence[BlockText], settled: Sequence[Language | None]
    ) -> Language:
        near = _neighbours(place, stretches, settled)
        return self._of_edge(stretches[place]) or (near[0] if near else self._before)

    def _of_edge(self, stretch: BlockText) -> Language | None:
        """The language that nearly all blocks with this left edge have."""
        known = self._by_edge[_edge(stretch)]
        language, most = known.most_common(1)[0] if known else (None, 0)
        return language if most >= _HABIT and most >= 0.9 * known.total() else None


def _edge(stretch: BlockText) -> int:
    return round(stretch.x0 / 3)


def _neighbours(
    place: int, stretches: Sequence[BlockText], settled: Sequence[Language | None]
) -> list[Language]:
    """The languages of the nearest settled blocks above and below in the column of a block, the one that it
    belongs to first: a heading belongs to what follows it, another block to what is nearer."""
    stretch = stretches[place]
    found: list[tuple[int, Language]] = []
    for towards in (1, -1) if stretch.is_heading else (-1, 1):
        near = place + towards
        while 0 <= near < len(stretches):
            language = settled[near]
            if language and _is_same_column(stretch, stretches[near]):
                found.append((0 if stretch.is_heading else abs(near - place), language))
                break
            near += towards
    return [language for _, language in sorted(found, key=lambda one: one[0])]


def _is_same_column(one: BlockText, other: BlockText) -> bool:
    """Whether they stand above each other rather than side by side."""
    overlap = min(one.x1, other.x1) - max(one.x0, other.x0)
    return overlap > 0.6 * min(one.x1 - one.x0, other.x1 - other.x0)
