"""Links to words: the words of a page that a reader selected or quoted, and their place.

What is cited is in one continuous text, blocks of one language that follow each other. Running heads and
feet, and the column in the other language, may be between the selected words; they are left out, and the card
says so. Cells of a table have a sign between them, because numbers in two cells would be read as one.

A link stores the words and their positions. The words: `passage`; of a long passage the first and the last,
with a hash of all (`sum`). The positions: `words`, their numbers on the page, which tell repeats apart. When
a page is read again, its words may get other numbers. Then every place with the same words is marked; if
there is none, the link marks nothing rather than something else.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from flask_babel import gettext

from archive.catalogue.catalogue import Catalogue
from archive.languages import Language
from archive.records import Block, Page, ReadingKind, Word
from index.quotation.apart import are_words_apart
from index.quotation.verdict import QuotedPassage, quoted_passages_on_page
from index.text.excerpts import CELL, ROW, in_one_line
from search_app.document.marks import Span
from search_app.web.parameters import PASSAGE, SUM, WORDS, Arguments, WordRange

_LONGEST_IN_LINK = 40
"""Most words that a link contains in full; of longer passages it contains the first and last words."""

_ENDS = 8
"""Words that a link contains of each end of a longer passage."""

_GAP = "…"
"""Replaces the words between the ends in a link."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is cited."""

    number: int
    """Physical number, from 1."""
    label: str
    """The printed label."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words and their place: on the requested page, perhaps also on the pages before and after it."""

    text: str
    """The text as stored, with single spaces, and with a sign between cells of a table."""
    language: Language
    """The language of most of it."""
    sources: Mapping[int, ReadingKind]
    """How the text of each of its pages was read: OCR may have misread it."""
    first: Sheet
    """The page on which it begins."""
    last: Sheet
    """The page on which it ends."""
    spans: Mapping[Language, Sequence[Span]]
    """Offsets in the text of the requested page, as indexed in each language."""
    link: Mapping[str, str]
    """The parameters of a link that marks it; a link to searched words marks all their places."""
    has_cells: bool = False
    """Whether it covers several cells of a table."""
    is_apart: bool = False
    """Whether its words are far apart on the page and may be from different columns."""
    doubtful: tuple[str, ...] = ()
    """Its words that OCR was not sure of."""
    is_running: bool = False
    """Whether it is a running head or foot, which is not part of the text."""
    skips_running: bool = False
    """Whether a running head or foot was left out."""
    skipped: tuple[Language, ...] = ()
    """Languages whose words were left out, because they belong to another text."""
    is_known_by_ends: bool = False
    """The link that was followed has no digest: only the first and the last words were compared."""


@dataclass(frozen=True, slots=True)
class _PlacedWord:
    """A word of a page."""

    number: int
    before: str
    """The separator before it."""
    text: str
    block: Block
    span: Span
    """Offsets in the text of the page in the language of the block."""
    word: Word


_Strand = Sequence[_PlacedWord]
"""Words of a page that follow each other in one continuous text."""


@dataclass(frozen=True, slots=True)
class _Link:
    """A link to words of a page, parsed."""

    numbers: WordRange | None
    """The numbers of the words when the link was made."""
    texts: Sequence[str]
    """The words; for a long passage the first and the last ones, with a sign between."""
    digest: str | None
    """The hash of all words of a long passage."""

    @property
    def says_ends_alone(self) -> bool:
        """Whether it contains only the first and the last of the words."""
        numbers = self.numbers
        is_long = numbers is not None and numbers.last - numbers.first >= _LONGEST_IN_LINK
        return self.digest is not None or (is_long and _may_be_ends(self.texts))


def _link_in(arguments: Arguments) -> _Link:
    return _Link(WORDS.read(arguments), PASSAGE.read(arguments).split(), SUM.read(arguments))


def linked_passages(arguments: Arguments, document: str, page: Page, catalogue: Catalogue) -> list[Passage]:
    """The places that the parameters `words`, `passage` and `sum` of a request refer to, in the order of the
    page. With `words` there is only one, if the words are still there. Empty if there are no parameters, or
    if the passage is not on the page.

    Raises:
        WrongParameter: there are no such words on the page.
    """
    link = _link_in(arguments)
    if not link.texts:
        return [passage_of(page, _on_page(page, link.numbers))] if link.numbers is not None else []
    if (link.numbers is not None or link.digest is not None) and (
        places := _places_with_same_words(page, link)
    ):
        return places
    if link.digest is None and link.numbers is not None and (places := _places_of_old_link(page, link)):
        return places
    if link.says_ends_alone:
        return []  # words between the ends are others now
    return passages_with(" ".join(link.texts), document, page, catalogue)


def _places_with_same_words(page: Page, link: _Link) -> list[Passage]:
    """The place with the words of a link at the numbers in the link; if they are not there, all places with
    the same words."""
    alike = _alike(page, link)
    exact = [strand for strand in alike if _range(strand) == link.numbers]
    return _linked_together([_place(page, strand) for strand in exact or alike])


def changed_between(arguments: Arguments, page: Page) -> WordRange | None:
    """The place of the first and last words of a long passage of a link, if the words between have changed.
    The place nearest to where they were; None if the first and last words are gone too.
    """
    link = _link_in(arguments)
    if not link.says_ends_alone:
        return None
    found: dict[int, WordRange] = {}
    for strand in _strands(page):
        for part in sorted(_between_ends(strand, link.texts), key=lambda part: (part.start, part.stop)):
            found.setdefault(strand[part.start].number, _range(strand[part.start : part.stop]))
    stood = link.numbers.first if link.numbers else 0
    return min(found.values(), key=lambda words: abs(words.first - stood), default=None)


def passages_with(passage: str, document: str, page: Page, catalogue: Catalogue) -> list[Passage]:
    """The places of a passage on a page, also if it begins before the page or continues after it."""
    return [
        Passage(
            text=each.text,
            language=each.language,
            sources={page.number: page.source for page in each.pages},
            first=Sheet(each.pages[0].number, each.pages[0].label),
            last=Sheet(each.pages[-1].number, each.pages[-1].label),
            spans={each.language: each.spans},
            link={"passage": each.text},
            has_cells=CELL in each.text,
            is_apart=each.is_apart,
            doubtful=tuple(_doubtful_in(each, page)),
        )
        for each in quoted_passages_on_page(passage, document, page.number, catalogue)
    ]


def _doubtful_in(passage: QuotedPassage, own_page: Page) -> Iterator[str]:
    """The words of a passage that OCR was not sure of. Their exact places are known only on `own_page`."""
    texts = set(passage.text.split())
    for page in passage.pages:
        for word in _words(page):
            if not word.word.is_doubtful or word.block.language != passage.language:
                continue
            if page.number != own_page.number:
                is_in = word.text in texts
            else:
                is_in = any(word.span[0] < end and word.span[1] > start for start, end in passage.spans)
            if is_in:
                yield word.text


def link_parameters(arguments: Arguments) -> dict[str, str]:
    """The parameters `words`, `passage` and `sum` of a request, as they are passed on from link to link."""
    given = {each.name: arguments.get(each.name, "").strip() for each in (PASSAGE, WORDS, SUM)}
    return {name: value for name, value in given.items() if value}


def handed_on(
    words_link: Mapping[str, str], places: Sequence[Passage], here: int, number: int
) -> Mapping[str, str]:
    """The parameters of a link to words on page `here` that belong in the address of page `number`.

    Numbers of words belong to one page; a passage applies wherever it continues.
    """
    if number == here:
        return words_link
    runs_on = places and places[0].first.number <= number <= places[0].last.number
    return {"passage": places[0].text} if runs_on else {}


def spans_of(places: Iterable[Passage]) -> dict[Language, list[Span]]:
    """All spans of places, in the order of the text."""
    spans: dict[Language, set[Span]] = {}
    for place in places:
        for language, each in place.spans.items():
            spans.setdefault(language, set()).update(each)
    return {language: sorted(each) for language, each in spans.items()}


def passage_of(page: Page, words: WordRange) -> Passage:
    """The place of the words of a page from the first to the last of `words`.

    Words of running heads and feet are left out, unless there are no others. So are words in another language
    than that of most of them, because they belong to another column.
    """
    within = [word for word in _words(page) if words.first <= word.number <= words.last]
    body = [word for word in within if word.block.kind != "running"] or within
    amounts: dict[Language, int] = {}
    for word in body:
        amounts[word.block.language] = amounts.get(word.block.language, 0) + len(word.text)
    language = max(amounts, key=amounts.__getitem__)
    return _place(page, [word for word in body if word.block.language == language], words)


def _place(page: Page, strand: _Strand, words: WordRange | None = None) -> Passage:
    """The place of words that follow each other in one text.

    Args:
        words: the requested words, of which those outside the strand are left out; None: all from the first
            word of the strand to the last.
    """
    words = words or _range(strand)
    language, numbers = strand[0].block.language, {word.number for word in strand}
    others = [
        word
        for word in _words(page)
        if words.first <= word.number <= words.last and word.number not in numbers
    ]
    left_out = [word.block for word in others if word.block.kind != "running"]
    sheet = Sheet(page.number, page.label)
    return Passage(
        text="".join(word.before + word.text for word in strand).removeprefix(strand[0].before),
        language=language,
        sources={page.number: page.source},
        first=sheet,
        last=sheet,
        spans={language: list(_joined(strand))},
        link=link_of([word.text for word in strand], _range(strand)),
        has_cells=any(word.before != " " for word in strand[1:]),
        is_apart=_is_apart(strand),
        doubtful=tuple(dict.fromkeys(word.text for word in strand if word.word.is_doubtful)),
        is_running=all(word.block.kind == "running" for word in strand),
        skips_running=len(left_out) < len(others),
        skipped=tuple(dict.fromkeys(each.language for each in left_out if each.language != language)),
    )


def _is_apart(strand: _Strand) -> bool:
    """Whether words that follow each other are far apart on the page."""
    return any(
        are_words_apart(block, own[0].word.start, own[-1].word.end)
        for block, words in groupby(strand, key=lambda word: word.block)
        if (own := list(words))
    )


def _linked_together(places: list[Passage]) -> list[Passage]:
    """Places of the same words, with links that mark all of them if there are several."""
    if len(places) <= 1:
        return places
    return [
        replace(place, link={name: value for name, value in place.link.items() if name != WORDS.name})
        for place in places
    ]


def _words(page: Page) -> Iterator[_PlacedWord]:
    """The words of a page by their numbers."""
    number = 0
    offsets: dict[Language, int] = {}
    kinds = ["paragraph", *(block.kind for block in page.blocks)]
    for block, kind_above in zip(page.blocks, kinds, strict=False):
        offset = offsets.get(block.language, 0)
        offsets[block.language] = offset + len(block.text) + 1
        before = in_one_line(ROW) if "table" in (kind_above, block.kind) else " "
        end = 0
        for word in block.words:
            before = _parting(block, block.text[end : word.start]) if end else before
            span = (offset + word.start, offset + word.end)
            yield _PlacedWord(number, before, word.text, block, span, word)
            number += 1
            end = word.end


def _parting(block: Block, gap: str) -> str:
    """The separator to write for the white space between two words of a block."""
    return in_one_line(gap.replace("\n", ROW)) if block.kind == "table" else " "


def _strands(page: Page) -> list[_Strand]:
    """The continuous texts of a page: one for each language without running lines, and the running lines."""
    strands: dict[tuple[bool, Language], list[_PlacedWord]] = {}
    for word in _words(page):
        key = (word.block.kind == "running", word.block.language)
        strands.setdefault(key, []).append(word)
    return list(strands.values())


def _joined(strand: _Strand) -> Iterator[Span]:
    """The spans of words, one for each block."""
    start = 0
    for place, (word, following) in enumerate(pairwise([*strand, None]), 1):
        if word and (following is None or following.block is not word.block):
            yield strand[start].span[0], word.span[1]
            start = place


def _range(strand: _Strand) -> WordRange:
    return WordRange(strand[0].number, strand[-1].number)


def _on_page(page: Page, words: WordRange) -> WordRange:
    """The same words, if the page has them."""
    last = sum(len(block.words) for block in page.blocks) - 1
    if words.last <= last:
        return words
    value = f"{words.first}-{words.last}"
    if last < 0:
        raise WORDS.wrong(value, gettext("nothing, as there is no text on this page"))
    raise WORDS.wrong(value, gettext("the numbers of a first and a last word from 0 to %(last)s", last=last))


def _alike(page: Page, link: _Link) -> list[_Strand]:
    """All words of the page that a link may refer to, in the order of the page."""
    found: list[_Strand] = []
    for strand in _strands(page):
        if link.digest is None:
            starts = _runs([word.text for word in strand], link.texts)
            found += [strand[start : start + len(link.texts)] for start in starts]
        else:
            between = [strand[part.start : part.stop] for part in _between_ends(strand, link.texts)]
            found += [
                words
                for words in between
                if len(words) > _LONGEST_IN_LINK and digest_of([word.text for word in words]) == link.digest
            ]
    return sorted(found, key=_range)


def _between_ends(strand: _Strand, ends: Sequence[str]) -> list[range]:
    """The places in a text that begin and end with the ends of a long passage, as ranges of words."""
    if not _may_be_ends(ends):
        return []
    texts = [word.text for word in strand]
    starts, lasts = _runs(texts, ends[:_ENDS]), _runs(texts, ends[-_ENDS:])
    return [range(start, last + _ENDS) for start in starts for last in lasts if last >= start + _ENDS]


def _places_of_old_link(page: Page, link: _Link) -> list[Passage]:
    """The places of a link of an earlier version, without digest. The numbers in it say how many words it
    has."""
    if link.numbers is None:
        return []
    every = [word.text for word in _words(page)]
    count = link.numbers.last - link.numbers.first + 1
    starts = [
        start
        for start in range(len(every) - count + 1)
        if _in_link(every[start : start + count]) == link.texts
    ]
    if link.numbers.first in starts:
        starts = [link.numbers.first]
    places = [passage_of(page, WordRange(start, start + count - 1)) for start in starts]
    return _linked_together([replace(place, is_known_by_ends=link.says_ends_alone) for place in places])


def _may_be_ends(texts: Sequence[str]) -> bool:
    """Whether words of a link may be the ends of a longer passage."""
    return len(texts) == 2 * _ENDS + 1 and texts[_ENDS] == _GAP


def _runs(texts: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """The indexes at which all of `wanted` follow each other."""
    starts = range(len(texts) - len(wanted) + 1)
    return [start for start in starts if texts[start : start + len(wanted)] == wanted]


def link_of(texts: Sequence[str], words: WordRange | None = None) -> dict[str, str]:
    """The parameters of a link to words of a page: the words and, if known, their numbers. Short for long
    passages too.
    """
    numbers = {WORDS.name: f"{words.first}-{words.last}"} if words else {}
    digest = {SUM.name: digest_of(texts)} if len(texts) > _LONGEST_IN_LINK else {}
    return {PASSAGE.name: " ".join(_in_link(texts)), **numbers, **digest}


def _in_link(texts: Sequence[str]) -> list[str]:
    """The words for a link; for a long passage only its beginning and end."""
    if len(texts) > _LONGEST_IN_LINK:
        return [*texts[:_ENDS], _GAP, *texts[-_ENDS:]]
    return list(texts)


def digest_of(texts: Sequence[str]) -> str:
    """A hash that identifies words: 8 hexadecimal digits of the SHA-256 of the words, joined by spaces."""
    return hashlib.sha256(" ".join(texts).encode()).hexdigest()[:8]
