"""Passages: words of a page that a reader selected, quoted or followed a link to, and where they stand.

What is cited stands in one running text: passages of one language that follow each other. Running heads and
feet, and the column in the other language, may lie between selected words; they are left out, and the card
says so. Signs stand between the cells of a table, as numbers in two of them would be read as one.

A link to words says what they are and where they stand. What: the words themselves (`passage`); of a long
passage the first and the last ones, with a digest of all (`sum`). Where: their numbers on the page (`words`),
which tell one place from another where the same words stand twice. When a page is read anew its words may get
other numbers: then every place with the same words is marked, and where there is none the link marks nothing
rather than something else.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from flask_babel import gettext

from archive.catalogue import Catalogue
from archive.languages import Language
from archive.records import Page, Passage, TextSource, Word
from index.apart import stands_apart
from index.quotation import Standing, standings_on_page
from index.snippets import CELL, ROW, in_one_line
from search_app.marking import Span
from search_app.parameters import PASSAGE, SUM, WORDS, Arguments

WordRange = tuple[int, int]
"""Numbers of the first and the last word on a page, from 0, in the order of the page's passages."""

_LONGEST_IN_LINK = 40
"""Words that a link holds in full: longer passages are known by their first and last words."""

_ENDS = 8
"""Words that a link holds of each end of a longer passage."""

_GAP = "…"
"""Stands in a link for the words between the ends."""


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
    """Exactly as stored, each white space a single space, or a sign where another cell of a table begins."""
    language: Language
    """That of most of it."""
    sources: frozenset[TextSource]
    """Where the text of the pages that it stands on came from: OCR may have misread it."""
    first: Sheet
    """The page on which it begins."""
    last: Sheet
    """The page on which it ends."""
    spans: Mapping[Language, Sequence[Span]]
    """Offsets in the text of the page that was asked for, as the index holds it of each language."""
    link: Mapping[str, str]
    """The parameters of a link that marks it; those of words that were searched for mark all their places."""
    has_cells: bool = False
    """Whether it stands in several cells of a table."""
    is_apart: bool = False
    """Whether its words may be of different columns: they stand apart on the page."""
    doubtful: tuple[str, ...] = ()
    """Those of its words that OCR was not sure of."""
    is_running: bool = False
    """Whether it is a running head or foot, and no part of the text."""
    skips_running: bool = False
    """Whether a running head or foot was left out."""
    skipped: tuple[Language, ...] = ()
    """Languages of which words were left out, as they are no part of the same text."""
    is_known_by_ends: bool = False
    """The link that was followed has no digest: only the first and the last words were compared."""


@dataclass(frozen=True, slots=True)
class _PlacedWord:
    """A word of a page."""

    number: int
    before: str
    """What parts it from the word before it."""
    text: str
    passage: Passage
    span: Span
    """Offsets in the text of the page in the language of the passage."""
    word: Word


_Strand = Sequence[_PlacedWord]
"""Words of a page that follow each other in one running text."""


def asked_places(arguments: Arguments, document: str, page: Page, catalogue: Catalogue) -> list[Place]:
    """The places that the parameters `words`, `passage` and `sum` of a request mean, in the order of the
    page: with `words`, where they still stand, a single one. Empty where nothing is asked for, or where the
    passage does not stand on the page.

    Raises:
        WrongParameter: there are no such words on the page.
    """
    words, passage, digest = WORDS.read(arguments), _asked_passage(arguments), SUM.read(arguments)
    if not passage:
        return [place_of(page, _within(page, words))] if words is not None else []
    said = passage.split()
    alike = _alike(page, said, digest)
    if alike and (words is not None or digest is not None):
        exact = [strand for strand in alike if words == _range(strand)]
        return _told_apart([_place(page, strand) for strand in exact or alike])
    if digest is None and words is not None and (places := _withoutdigest_of(page, said, words)):
        return places
    if digest is not None or _is_abridged(said, words):
        return []  # words between the ends are others now
    return places_with(passage, document, page, catalogue)


def changed_between(arguments: Arguments, page: Page) -> WordRange | None:
    """Where the first and the last words of a long passage that a link holds still stand, nearest to where
    they stood, when those between are others now; None where the ends stand there no more."""
    words, said = WORDS.read(arguments), _asked_passage(arguments).split()
    if SUM.read(arguments) is None and not _is_abridged(said, words):
        return None
    found: dict[int, WordRange] = {}
    for strand in _strands(page):
        for start, end in sorted(_between_ends(strand, said)):
            found.setdefault(strand[start].number, _range(strand[start:end]))
    stood = words[0] if words else 0
    return min(found.values(), key=lambda each: abs(each[0] - stood), default=None)


def places_with(passage: str, document: str, page: Page, catalogue: Catalogue) -> list[Place]:
    """The places where a passage stands on a page, also those that begin before it or run on beyond it."""
    return [
        Place(
            text=each.text,
            language=each.language,
            sources=frozenset(page.source for page in each.pages),
            first=Sheet(each.pages[0].number, each.pages[0].label),
            last=Sheet(each.pages[-1].number, each.pages[-1].label),
            spans={each.language: each.spans},
            link={"passage": each.text},
            has_cells=CELL in each.text,
            is_apart=each.is_apart,
            doubtful=tuple(_doubtful_in(each, page)),
        )
        for each in standings_on_page(passage, document, page.number, catalogue)
    ]


def _doubtful_in(standing: Standing, asked: Page) -> Iterator[str]:
    """The words of a passage that OCR was not sure of; where it stands is known on the page `asked` for."""
    said = set(standing.text.split())
    for page in standing.pages:
        for word in _words(page):
            if not word.word.is_doubtful or word.passage.language != standing.language:
                continue
            if page.number != asked.number:
                is_in = word.text in said
            else:
                is_in = any(word.span[0] < end and word.span[1] > start for start, end in standing.spans)
            if is_in:
                yield word.text


def asked_words(arguments: Arguments) -> dict[str, str]:
    """Those of `words`, `passage` and `sum` that a request gives, as they are handed on from link to link."""
    given = {each.name: arguments.get(each.name, "").strip() for each in (PASSAGE, WORDS, SUM)}
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
    """The place of the words of a page from the first to the last of `words`.

    Words of running heads and feet are left out, unless no others are asked for; so are words in another
    language than that of most of them, which stand in another column.
    """
    asked = [word for word in _words(page) if words[0] <= word.number <= words[1]]
    body = [word for word in asked if word.passage.kind != "running"] or asked
    amounts: dict[Language, int] = {}
    for word in body:
        amounts[word.passage.language] = amounts.get(word.passage.language, 0) + len(word.text)
    language = max(amounts, key=amounts.__getitem__)
    return _place(page, [word for word in body if word.passage.language == language], words)


def _place(page: Page, strand: _Strand, asked: WordRange | None = None) -> Place:
    """The place of words that follow each other in one text; of the words `asked` for, or else of those from
    the first to the last, the others are left out."""
    first, last = asked or _range(strand)
    language, kept = strand[0].passage.language, {word.number for word in strand}
    others = [word for word in _words(page) if first <= word.number <= last and word.number not in kept]
    left_out = [word.passage for word in others if word.passage.kind != "running"]
    return Place(
        text="".join(word.before + word.text for word in strand).removeprefix(strand[0].before),
        language=language,
        sources=frozenset([page.source]),
        first=Sheet(page.number, page.label),
        last=Sheet(page.number, page.label),
        spans={language: list(_joined(strand))},
        link=link_of([word.text for word in strand], _range(strand)),
        has_cells=any(word.before != " " for word in strand[1:]),
        is_apart=_is_apart(strand),
        doubtful=tuple(dict.fromkeys(word.text for word in strand if word.word.is_doubtful)),
        is_running=all(word.passage.kind == "running" for word in strand),
        skips_running=len(left_out) < len(others),
        skipped=tuple(dict.fromkeys(each.language for each in left_out if each.language != language)),
    )


def _is_apart(strand: _Strand) -> bool:
    """Whether words that follow each other stand apart on the page."""
    return any(
        stands_apart(passage, own[0].word.start, own[-1].word.end)
        for passage, words in groupby(strand, key=lambda word: word.passage)
        if (own := list(words))
    )


def _told_apart(places: list[Place]) -> list[Place]:
    """Places of the same words: where there are several, a link has to mark all of them."""
    if len(places) == 1:
        return places
    return [
        replace(place, link={name: value for name, value in place.link.items() if name != WORDS.name})
        for place in places
    ]


def _words(page: Page) -> Iterator[_PlacedWord]:
    """The words of a page by their numbers."""
    number = 0
    offsets: dict[Language, int] = {}
    kinds = ["paragraph", *(passage.kind for passage in page.passages)]
    for passage, kind_above in zip(page.passages, kinds, strict=False):
        offset = offsets.get(passage.language, 0)
        offsets[passage.language] = offset + len(passage.text) + 1
        before = in_one_line(ROW) if "table" in (kind_above, passage.kind) else " "
        end = 0
        for word in passage.words:
            before = _parting(passage, passage.text[end : word.start]) if end else before
            span = (offset + word.start, offset + word.end)
            yield _PlacedWord(number, before, word.text, passage, span, word)
            number += 1
            end = word.end


def _parting(passage: Passage, gap: str) -> str:
    """What to write for the white space between two words of a passage."""
    return in_one_line(gap.replace("\n", ROW)) if passage.kind == "table" else " "


def _strands(page: Page) -> list[_Strand]:
    """The running texts of a page: its languages, each without running heads and feet, and those."""
    strands: dict[tuple[bool, Language], list[_PlacedWord]] = {}
    for word in _words(page):
        key = (word.passage.kind == "running", word.passage.language)
        strands.setdefault(key, []).append(word)
    return list(strands.values())


def _joined(strand: _Strand) -> Iterator[Span]:
    """The spans of words, one for each passage."""
    start = 0
    for place, (word, following) in enumerate(pairwise([*strand, None]), 1):
        if word and (following is None or following.passage is not word.passage):
            yield strand[start].span[0], word.span[1]
            start = place


def _range(strand: _Strand) -> WordRange:
    return strand[0].number, strand[-1].number


def _within(page: Page, words: WordRange) -> WordRange:
    last = sum(len(passage.words) for passage in page.passages) - 1
    if words[1] <= last:
        return words
    value = "-".join(map(str, words))
    if last < 0:
        raise WORDS.wrong(value, gettext("nothing, as there is no text on this page"))
    raise WORDS.wrong(value, gettext("the numbers of a first and a last word from 0 to %(last)s", last=last))


def _asked_passage(arguments: Arguments) -> str:
    return " ".join(PASSAGE.read(arguments).split())


def _alike(page: Page, said: Sequence[str], digest: str | None) -> list[_Strand]:
    """All words of the page that a link says as `said` and `digest`, in the order of the page."""
    found: list[_Strand] = []
    for strand in _strands(page):
        texts = [word.text for word in strand]
        if digest is None:
            found += [strand[start : start + len(said)] for start in _runs(texts, said)]
        else:
            found += [
                strand[start:end]
                for start, end in _between_ends(strand, said)
                if end - start > _LONGEST_IN_LINK and digest_of(texts[start:end]) == digest
            ]
    return sorted(found, key=_range)


def _between_ends(strand: _Strand, said: Sequence[str]) -> list[tuple[int, int]]:
    """Where the ends of a long passage, as a link says it, stand in a text in their order: each place as the
    first word in it and the one after the last."""
    if not _holds_ends(said):
        return []
    texts = [word.text for word in strand]
    starts, lasts = _runs(texts, said[:_ENDS]), _runs(texts, said[-_ENDS:])
    return [(start, last + _ENDS) for start in starts for last in lasts if last >= start + _ENDS]


def _withoutdigest_of(page: Page, said: Sequence[str], words: WordRange) -> list[Place]:
    """The places of a link as it was made before links had a digest, and before anything was left out."""
    every = [word.text for word in _words(page)]
    count = words[1] - words[0] + 1
    known_by_ends = _is_abridged(said, words)
    firsts = [start for start in range(len(every) - count + 1) if _said(every[start : start + count]) == said]
    if words[0] in firsts:
        firsts = [words[0]]
    places = [place_of(page, (first, first + count - 1)) for first in firsts]
    return _told_apart([replace(place, is_known_by_ends=known_by_ends) for place in places]) if places else []


def _is_abridged(said: Sequence[str], words: WordRange | None) -> bool:
    """Whether a link to `words` holds no more of them than the ends."""
    return words is not None and words[1] - words[0] >= _LONGEST_IN_LINK and _holds_ends(said)


def _holds_ends(said: Sequence[str]) -> bool:
    return len(said) == 2 * _ENDS + 1 and said[_ENDS] == _GAP


def _runs(texts: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where `wanted` stands in a row."""
    starts = range(len(texts) - len(wanted) + 1)
    return [start for start in starts if texts[start : start + len(wanted)] == wanted]


def link_of(texts: Sequence[str], words: WordRange | None = None) -> dict[str, str]:
    """The parameters of a link to words of a page, by what they say and, where known, their numbers: a short
    address for a long passage, too."""
    numbers = {WORDS.name: "-".join(map(str, words))} if words else {}
    digest = {SUM.name: digest_of(texts)} if len(texts) > _LONGEST_IN_LINK else {}
    return {PASSAGE.name: " ".join(_said(texts)), **numbers, **digest}


def _said(texts: Sequence[str]) -> list[str]:
    """Words as a link says them: of a long passage its beginning and its end."""
    if len(texts) > _LONGEST_IN_LINK:
        return [*texts[:_ENDS], _GAP, *texts[-_ENDS:]]
    return list(texts)


def digest_of(texts: Sequence[str]) -> str:
    """What tells these words from any others: 8 hexadecimal digits of the SHA-256 of the words, a space
    between them."""
    return hashlib.sha256(" ".join(texts).encode()).hexdigest()[:8]
