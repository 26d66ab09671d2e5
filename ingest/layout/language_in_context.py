"""Finds the language of each block of a page, from its words and from the blocks around it.

Sentences show their language themselves. Tables, headings, lists of names and labels of figures often do
not, or only seem to. They get the language of the blocks around them, unless their own words clearly are in
another one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.languages import LANGUAGES, Language
from ingest.language.block_language import Speech, is_rather, is_stop_word
from ingest.lines.seams import SENTENCE_END

_HABIT = 8
"""Least blocks with the same left edge for the language of that edge to be known."""
_TO_CHOOSE = 0.5
"""Words of one language alone that are enough to decide between the languages of the neighbours of a
block."""
_TO_DIFFER = 2.0
_TO_DIFFER_BY_THEM_ALONE = 3.0
"""Words of one language alone that a block needs to be in another language than its neighbours: if its
letters show that language, too, and if they do not."""
_FIRST_TEXTS = 2
"""How many texts at the top of a page may continue one of the page before; the first may be a running head
that was not recognised."""


@dataclass(frozen=True, slots=True)
class BlockText:
    """The text of a block, and the left and right edge of the block."""

    text: str
    x0: float
    x1: float
    is_heading: bool
    is_text: bool = True
    """Whether it is a paragraph or list, which may continue on the next page."""


class Languages:
    """Finds the languages of the blocks of a document, page after page.

    A block whose language is not certain gets that of its column, if all blocks with its left edge have one
    language throughout the document (as in a French column on the left and a Dutch one on the right). Else
    it gets that of the nearest certain block above or below; else that of most of the page; else that of
    the page before. If the blocks above and below differ, its words may decide between them. The rest of a
    sentence has the language of its beginning, on the page or in the column before.
    """

    def __init__(self, main: Language, all_languages: Collection[Language] = ()) -> None:
        """Begin with the first page.

        Args:
            main: the language of most of the document.
            all_languages: those that much of the document is in.
        """
        self._before = main
        self._open: tuple[BlockText, Language] | None = None
        """The last text of the page before and its language, if it ends within a sentence."""
        self._all = frozenset(all_languages)
        self._by_edge: defaultdict[int, Counter[Language]] = defaultdict(Counter)

    def of(self, blocks: Sequence[BlockText]) -> list[Language]:
        """The language of each block of the next page. Pages have to come in order."""
        speeches = [Speech(block.text) for block in blocks]
        judgements = [speech.tell() if speech.may_be_sure else speech.by_words for speech in speeches]
        sure = [each.language if each and each.is_sure else None for each in judgements]
        amounts: Counter[Language] = Counter()
        for block, language in zip(blocks, sure, strict=True):
            if language:
                amounts[language] += len(block.text)
                self._by_edge[_edge(block)][language] += 1
        if amounts:
            self._before = amounts.most_common(1)[0][0]
        own = [each.language if each else None for each in judgements]
        settled = self._settled(blocks, sure, own)
        if None in judgements and not self._is_all_before(blocks, settled, speeches):
            own = [speech.tell().language for speech in speeches]
            settled = self._settled(blocks, sure, own)
        found = [language or self._around(place, blocks, settled) for place, language in enumerate(settled)]
        texts = [place for place, block in enumerate(blocks) if block.is_text]
        for before, place in pairwise(texts):
            if not sure[place] and self._is_rest_in_next_column(blocks[before], blocks[place]):
                found[place] = found[before]
        if texts:
            first = next((place for place in texts[:_FIRST_TEXTS] if self._is_rest(blocks[place])), None)
            if self._open and first is not None and not sure[first]:
                found[first] = self._open[1]
            last = texts[-1]
            is_open = blocks[last].text[-1:] not in SENTENCE_END
            self._open = (blocks[last], found[last]) if is_open else None
        return found

    def _settled(
        self,
        blocks: Sequence[BlockText],
        sure: Sequence[Language | None],
        own: Sequence[Language | None],
    ) -> list[Language | None]:
        """The languages of the blocks that do not need that of the blocks around them; None for the
        others."""
        return [
            language or self._by_words(place, blocks, sure, own[place]) for place, language in enumerate(sure)
        ]

    def _is_all_before(
        self,
        blocks: Sequence[BlockText],
        settled: Sequence[Language | None],
        speeches: Sequence[Speech],
    ) -> bool:
        """Whether all blocks are in the language of most of the page, whatever the letters of the uncertain
        ones show.

        That is so if no other language is around them, and their letters could show no other one.
        """
        one = {self._before}
        return all(
            one.issuperset(speech.may_be) and {language, self._of_edge(block)} <= {None, self._before}
            for block, language, speech in zip(blocks, settled, speeches, strict=True)
        )

    def _is_rest(self, block: BlockText) -> bool:
        """Whether a text begins within a sentence, and has the left edge of an unfinished text of the page
        before."""
        if self._open is None:
            return False
        return _goes_on(self._open[0], block) and _edge(block) == _edge(self._open[0])

    def _is_rest_in_next_column(self, before: BlockText, block: BlockText) -> bool:
        """Whether a text continues the sentence of the one before it, which is in another column.

        False if the column of the text has a language of its own.
        """
        is_open = before.text[-1:] not in SENTENCE_END and _goes_on(before, block)
        return is_open and not _is_same_column(before, block) and self._of_edge(block) is None

    def _by_words(
        self,
        place: int,
        blocks: Sequence[BlockText],
        sure: Sequence[Language | None],
        own: Language | None,
    ) -> Language | None:
        """The language that the words of a block show, where they differ from the blocks around it, or
        decide between those; else None."""
        text = blocks[place].text
        around = self._around(place, blocks, sure)
        if own == around:
            return own
        fewest = _TO_DIFFER if own else _TO_DIFFER_BY_THEM_ALONE
        for language in (own,) if own else LANGUAGES:
            if language != around and is_rather(text, language, around, fewest):
                return language
        if self._of_edge(blocks[place]):
            return None
        near = _neighbours(place, blocks, sure)
        choice = set(near) if len(near) == 2 else {*near, *self._all}
        for language in sorted(choice):
            others = choice - {language}
            if others and all(is_rather(text, language, other, _TO_CHOOSE) for other in others):
                return language
        return None

    def _around(
        self, place: int, blocks: Sequence[BlockText], settled: Sequence[Language | None]
    ) -> Language:
        near = _neighbours(place, blocks, settled)
        return self._of_edge(blocks[place]) or (near[0] if near else self._before)

    def _of_edge(self, block: BlockText) -> Language | None:
        """The language of nearly all blocks with the left edge of this one; None if there is none."""
        known = self._by_edge[_edge(block)]
        language, most = known.most_common(1)[0] if known else (None, 0)
        return language if most >= _HABIT and most >= 0.9 * known.total() else None


def _goes_on(before: BlockText, block: BlockText) -> bool:
    """Whether a text goes on with a sentence: it begins with a small letter, or the other breaks off after a
    word that needs another, such as "the"."""
    return block.text[:1].islower() or is_stop_word(before.text.rpartition(" ")[2])


def _edge(block: BlockText) -> int:
    return round(block.x0 / 3)


def _neighbours(
    place: int, blocks: Sequence[BlockText], settled: Sequence[Language | None]
) -> list[Language]:
    """The languages of the nearest blocks above and below in the column of a block, as far as they are known.

    The one that the block belongs to comes first: a heading belongs to the block below it, another block to
    the nearer one.
    """
    block = blocks[place]
    found: list[tuple[int, Language]] = []
    for towards in (1, -1) if block.is_heading else (-1, 1):
        near = place + towards
        while 0 <= near < len(blocks):
            language = settled[near]
            if language and _is_same_column(block, blocks[near]):
                found.append((0 if block.is_heading else abs(near - place), language))
                break
            near += towards
    return [language for _, language in sorted(found, key=lambda one: one[0])]


def _is_same_column(one: BlockText, other: BlockText) -> bool:
    """Whether two blocks are above each other, and not side by side."""
    overlap = min(one.x1, other.x1) - max(one.x0, other.x0)
    return overlap > 0.6 * min(one.x1 - one.x0, other.x1 - other.x0)
