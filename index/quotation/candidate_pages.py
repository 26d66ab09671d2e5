"""The pages that a quotation may come from: proposed by the engine, read from the catalogue."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from archive.catalogue.catalogue import Catalogue
from archive.errors import NotFound
from archive.languages import Language
from index.engine.contract import Engine, SearchRequest
from index.engine.left_out import left_out
from index.query.parser import Node, Or, Phrase, Query, Term
from index.quotation.continuous_text import ContinuousText, WordedPage, continuous_texts, worded
from index.text.analysis import fold
from index.text.comparable_words import Letters, Wording
from index.text.fast_words import words

_PHRASE = 4
"""Words in the phrases that are searched."""
_PHRASE_RANGE = 8
"""Words of the quotation from which one phrase, the rarest, is taken."""
_MOST_PHRASES = 12
_RARE_WORDS = 10
_MARKS_OF_NUMBERS = str.maketrans("", "", "./")
_PAGES_FOR_PHRASE, _MOST_PAGES, _MOST_PAGES_READ = 30, 40, 6


@dataclass(frozen=True, slots=True)
class PageKey:
    """A page in one language."""

    document: str
    number: int
    language: Language


class Shelf:
    """Finds and reads the pages that one quotation is compared with."""

    def __init__(self, engine: Engine, catalogue: Catalogue) -> None:
        self._engine = engine
        self._hidden = left_out(engine, catalogue)
        self._catalogue = catalogue
        self._pages: dict[PageKey, WordedPage | None] = {}
        self._letters: dict[PageKey, str] = {}
        self._likelihood: dict[PageKey, float] = {}
        self._counts: Mapping[str, int] = {}
        """On how many pages each word of the quotation is, folded, about."""

    def likely_pages(self, parts: Sequence[Letters]) -> list[PageKey]:
        """The pages that the quotation may come from, likeliest first."""
        forms = list(chain.from_iterable(map(_readings, parts)))
        self._counts = self._engine.counts({fold(word) for word in chain.from_iterable(forms)})
        phrases = list(dict.fromkeys(chain.from_iterable(map(self._rare_phrases, forms))))
        chosen = phrases[:: len(phrases) // _MOST_PHRASES + 1]
        votes: Counter[PageKey] = Counter()
        for phrase in chosen:
            votes.update(self._pages_with_phrase(phrase))
        known_words = sorted(filter(self._count, {*chain.from_iterable(forms)}), key=self._count)
        if known_words and (not votes or max(votes.values()) <= len(chosen) / 2):
            rare_words = tuple(map(Term, known_words[:_RARE_WORDS]))
            votes.update(self._pages_with(Or(rare_words), _MOST_PAGES_READ))
        pages = [page for page, _votes in votes.most_common(_MOST_PAGES)]
        self._read_letters(pages)
        for page in pages:
            letters = self._letters[page]
            rarity = sum(1 / self._count(word) for word in known_words if word in letters)
            self._likelihood[page] = votes[page] + rarity / sum(1 / self._count(word) for word in known_words)
        return sorted(pages, key=lambda page: -self._likelihood[page])

    def likeliest(self, pages: Sequence[PageKey]) -> list[PageKey]:
        """The few of these pages that are worth reading word by word, with the pages around them."""
        most = max(map(self._likelihood.__getitem__, pages), default=0)
        return [page for page in pages if self._likelihood[page] * 2 >= most][:_MOST_PAGES_READ]

    def around_breaks(self, parts: Sequence[Letters], pages: Sequence[PageKey]) -> list[PageKey]:
        """The few of these pages where the quotation may run over a page break.

        First come pages that contain at least half of the quotation without a gap, from its beginning or up
        to its end. Among these, pages whose neighbour contains the rest come first.
        """
        letters = [_letters_of(part.words) for part in parts]
        first, last = letters[0], letters[-1]
        texts = {page: self._letters[page] for page in pages}
        reaches = {page: (_beginning(first, text), _ending(last, text)) for page, text in texts.items()}
        least = min(len(first), len(last)) / 2
        halves = [page for page in pages if max(reaches[page]) >= least]
        self._read_letters([replace(page, number=page.number + step) for page in halves for step in (-1, 1)])

        def is_whole(page: PageKey) -> bool:
            beginning, ending = reaches[page]
            before, after = (self._letters[replace(page, number=page.number + step)] for step in (-1, 1))
            is_first_whole = beginning + _ending(first, after) >= len(first)
            return is_first_whole or _beginning(last, before) + ending >= len(last)

        halves.sort(key=lambda page: (not is_whole(page), -max(reaches[page])))
        return list(dict.fromkeys([*halves, *self.likeliest(pages)]))[:_MOST_PAGES_READ]

    def holding(self, part: Sequence[Wording], pages: Sequence[PageKey]) -> list[PageKey]:
        """The likely pages that contain all letters of the part in a row.

        This is a quick filter: it ignores where words begin and end.
        """
        letters = _letters_of(part)
        return [page for page in pages if letters in self._letters[page]]

    def texts(self, key: PageKey, before: int = 0, after: int = 0) -> list[ContinuousText]:
        """The continuous texts of a page and up to so many pages before and after it."""
        numbers = range(max(1, key.number - before), key.number + after + 1)
        pages = [page for number in numbers if (page := self._page(replace(key, number=number)))]
        return continuous_texts(key.document, key.language, pages)

    def _read_letters(self, pages: Sequence[PageKey]) -> None:
        """Load the letters and digits of these pages; a page that does not exist has none."""
        unread = [page for page in pages if page not in self._letters]
        texts = self._catalogue.block_texts([(page.document, page.number, page.language) for page in unread])
        for page, blocks in zip(unread, texts, strict=True):
            letters = "".join(chain.from_iterable(map(words, blocks)))
            self._letters[page] = letters.translate(_MARKS_OF_NUMBERS)

    def _page(self, key: PageKey) -> WordedPage | None:
        if key not in self._pages:
            try:
                self._pages[key] = worded(self._catalogue.page(key.document, key.number), key.language)
            except NotFound:  # past the last page, or gone since the search
                self._pages[key] = None
        return self._pages[key]

    def _pages_with_phrase(self, phrase: tuple[str, ...]) -> list[PageKey]:
        """The pages with a phrase; if there are none, those with either half of it, as at a page break."""
        found = self._pages_with(Phrase(phrase), _PAGES_FOR_PHRASE)
        if found or len(phrase) == 1:
            return found
        middle = len(phrase) // 2
        return [
            page
            for half in (phrase[:middle], phrase[middle:])
            for page in self._pages_with(Phrase(half), _PAGES_FOR_PHRASE)
        ]

    def _pages_with(self, tree: Node, limit: int) -> list[PageKey]:
        found = self._engine.search(SearchRequest(Query("", tree), limit=limit, left_out=self._hidden))
        return [PageKey(hit.document, hit.page, hit.language) for hit in found.hits]

    def _count(self, word: str) -> int:
        return self._counts.get(fold(word), 0)

    def _rare_phrases(self, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """For every few words of the quotation, the rarest phrase whose words all occur in the archive."""
        for start in range(0, len(words), _PHRASE_RANGE):
            # The last range may be short, so it begins earlier.
            some = words[max(0, min(start, len(words) - _PHRASE_RANGE)) : start + _PHRASE_RANGE]
            for length in range(min(_PHRASE, len(some)), 0, -1):
                phrases = [tuple(some[place : place + length]) for place in range(len(some) - length + 1)]
                possible = [phrase for phrase in phrases if all(map(self._count, phrase))]
                if possible:
                    yield min(possible, key=lambda phrase: sum(map(self._count, phrase)))
                    break


def _beginning(letters: str, text: str) -> int:
    """The length of the longest beginning of `letters` that a text contains."""
    return bisect_left(range(1, len(letters) + 1), True, key=lambda end: letters[:end] not in text)


def _ending(letters: str, text: str) -> int:
    """The length of the longest end of `letters` that a text contains."""
    return bisect_left(range(1, len(letters) + 1), True, key=lambda end: letters[-end:] not in text)


def _letters_of(part: Sequence[Wording]) -> str:
    return "".join([word.letters for word in part if word.form[0].isalnum()])


def _readings(part: Letters) -> list[list[str]]:
    """The words to look for, in up to three readings.

    A number with spaces is read as one number and as several, because cells of a table may have been copied
    together; those are also joined again by thousands.
    """
    whole = [word for word in part.words if word.form[0].isalnum()]
    as_one = [word.form.rstrip("-") for word in whole]
    apart = [words(piece) for word in whole for piece in word.written.split()]
    as_several = list(chain.from_iterable(apart))
    readings = [as_one, as_several, _with_thousands(as_several)]
    return [reading for place, reading in enumerate(readings) if reading not in readings[:place]]


def _with_thousands(words: Sequence[str]) -> list[str]:
    """Join numbers that may be parts of one: 12 122 13 950 becomes 12122 13950."""
    joined: list[str] = []
    may_go_on = False
    for word in words:
        if may_go_on and len(word) == 3 and word.isdecimal():
            joined[-1] += word
            may_go_on = False
        else:
            joined.append(word)
            may_go_on = word.isdecimal() and len(word) <= 3 and word[0] != "0"
    return joined
