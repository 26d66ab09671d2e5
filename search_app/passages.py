"""Passages: words of a page that a reader selected, quoted or followed a link to, and where they stand.

A link to words says two things: the words themselves (`passage`), which is what was quoted, and their numbers
on the page (`words`), which tell one place from another where the same words stand twice. When a page is read
anew its words may get other numbers: then every place with the same words is marked, and where there is none
the link marks nothing rather than something else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext

from archive.catalogue import Catalogue
from archive.languages import Language
from archive.records import Page, Passage, TextSource, Word
from index.quotation import standings_on_page
from search_app.marking import Span
from search_app.parameters import PASSAGE, WORDS, Arguments

WordRange = tuple[int, int]
"""Numbers of the first and the last word on a page, from 0, in the order of the page's passages."""

_LONGEST_IN_LINK = 40
"""Words that a link holds in full: longer passages are known by their first and last words."""

_ENDS = 8
"""Words that a link holds of each end of a longer passage."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is cited."""

    number: int
    """Physical number, from 1."""
    label: str
    """As printed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words where they stand: on the page that was asked for, perhaps also on those beside it."""

    text: str
    """Exactly as stored, each white space a single space."""
    language: Language
    """That of most of it."""
    source: TextSource
    """Where the text came from: OCR may have misread it."""
    first: Sheet
    """The page on which it begins."""
    last: Sheet
    """The page on which it ends."""
    spans: Mapping[Language, Sequence[Span]]
    """Offsets in the text of the page that was asked for, as the index holds it of each language."""
    link: Mapping[str, str]
    """The parameters of a link that marks it; those of words that were searched for mark all their places."""


def asked_places(arguments: Arguments, document: str, page: Page, catalogue: Catalogue) -> list[Place]:
    """The places that the parameters `words` and `passage` of a request mean, in the order of the page: with
    `words`, where they still stand, a single one. Empty where nothing is asked for, or where the passage does
    not stand on the page.

    Raises:
        WrongParameter: there are no such words on the page.
    """
    words, passage = WORDS.read(arguments), " ".join(PASSAGE.read(arguments).split())
    if not passage:
        return [place_of(page, _within(page, words))] if words is not None else []
    if words is not None and (alike := _words_alike(page, passage, words)):
        places = [place_of(page, each) for each in ([words] if words in alike else alike)]
        is_certain = len(places) == 1
        return places if is_certain else [replace(each, link={"passage": each.text}) for each in places]
    return places_with(passage, document, page, catalogue)


def places_with(passage: str, document: str, page: Page, catalogue: Catalogue) -> list[Place]:
    """The places where a passage stands on a page, also those that begin before it or run on beyond it."""
    return [
        Place(
            text=each.text,
            language=each.language,
            source=each.first.source,
            first=Sheet(each.first.number, each.first.label),
            last=Sheet(each.last.number, each.last.label),
            spans={each.language: each.spans},
            link={"passage": each.text},
        )
        for each in standings_on_page(passage, document, page.number, catalogue)
    ]


def asked_words(arguments: Arguments) -> dict[str, str]:
    """Those of `words` and `passage` that a request gives, as they are handed on from link to link."""
    given = {each.name: arguments.get(each.name, "").strip() for each in (PASSAGE, WORDS)}
    return {name: value for name, value in given.items() if value}


def handed_on(asked: Mapping[str, str], places: Sequence[Place], here: int, number: int) -> Mapping[str, str]:
    """Of `asked`, parameters of the page `here`, what the address of another page of the document says.

    Numbers of words are those of one page, and a passage goes where it runs on.
    """
    if number == here:
        return asked
    runs_on = places and places[0].first.number <= number <= places[0].last.number
    return {"passage": places[0].text} if runs_on else {}


def spans_of(places: Iterable[Place]) -> dict[Language, list[Span]]:
    """All spans of places, in the order of the text."""
    spans: dict[Language, set[Span]] = {}
    for place in places:
        for language, each in place.spans.items():
            spans.setdefault(language, set()).update(each)
    return {language: sorted(each) for language, each in spans.items()}


def place_of(page: Page, words: WordRange) -> Place:
    """The place of the words of a page from the first to the last of `words`."""
    texts: list[str] = []
    spans: dict[Language, list[Span]] = {}
    amounts: dict[Language, int] = {}
    for passage, offset, inside in _stretches(page, words):
        start, end = inside[0].start, inside[-1].end
        texts += [word.text for word in inside]
        spans.setdefault(passage.language, []).append((offset + start, offset + end))
        amounts[passage.language] = amounts.get(passage.language, 0) + end - start
    return Place(
        text=" ".join(texts),
        language=max(amounts, key=amounts.__getitem__),
        source=page.source,
        first=Sheet(page.number, page.label),
        last=Sheet(page.number, page.label),
        spans=spans,
        link=link_of(texts, words),
    )


def link_of(texts: Sequence[str], words: WordRange) -> dict[str, str]:
    """The parameters of a link that marks words of a page: what they say, and their numbers."""
    return {"passage": _abridged(texts), "words": "-".join(map(str, words))}


def _stretches(page: Page, words: WordRange) -> Iterator[tuple[Passage, int, Sequence[Word]]]:
    """The passages that hold the words, each with its offset in the page's text of its language."""
    offsets: dict[Language, int] = {}
    first, last = words
    for passage in page.passages:
        offset = offsets.get(passage.language, 0)
        offsets[passage.language] = offset + len(passage.text) + 1
        if inside := passage.words[max(0, first) : max(0, last + 1)]:
            yield passage, offset, inside
        first, last = first - len(passage.words), last - len(passage.words)


def _within(page: Page, words: WordRange) -> WordRange:
    last = sum(len(passage.words) for passage in page.passages) - 1
    if words[1] <= last:
        return words
    value = "-".join(map(str, words))
    if last < 0:
        raise WORDS.wrong(value, gettext("nothing, as there is no text on this page"))
    raise WORDS.wrong(value, gettext("the numbers of a first and a last word from 0 to %(last)s", last=last))


def _words_alike(page: Page, passage: str, words: WordRange) -> list[WordRange]:
    """All ranges of as many words as `words` that a link would say as `passage`."""
    texts = [word.text for each in page.passages for word in each.words]
    count = words[1] - words[0] + 1
    firsts = range(len(texts) - count + 1)
    return [
        (first, first + count - 1) for first in firsts if _abridged(texts[first : first + count]) == passage
    ]


def _abridged(words: Sequence[str]) -> str:
    """Words as a link says them: a short address for a long passage, by its beginning and its end."""
    if len(words) > _LONGEST_IN_LINK:
        words = [*words[:_ENDS], "…", *words[-_ENDS:]]
    return " ".join(words)
