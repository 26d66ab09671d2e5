"""Parallel reading: a page beside the same passages in another language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import Any
from urllib.parse import quote_plus

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from archive.languages import INTERFACE_LANGUAGES, LANGUAGES, Language
from archive.records import Document, Page
from index.engine.contract import Engine
from index.query.parser import Query, parse
from index.text.text_units import MOST_PAGES, TextUnit
from index.translations.counterparts import Counterparts, counterparts
from index.translations.translated_documents import LEAST_SHARE, TextKey
from search_app.document.marks import Span, matches_on, spans_by_block
from search_app.document.page_strip import matching_pages
from search_app.document.word_links import (
    Place,
    asked_places,
    asked_words,
    handed_on,
    link_of,
    places_with,
    spans_of,
)
from search_app.library import Archive, PageLabels, distance, library
from search_app.translations.translation_rows import (
    ShownUnit,
    Sureness,
    TranslationRow,
    beads_of_page,
    pages_of,
    rows,
)
from search_app.web.display_names import language_name, told_apart
from search_app.web.interface_language import interface_language
from search_app.web.parameters import (
    BESIDE,
    PASSAGE,
    SOURCE,
    SUM,
    TARGET,
    WORDS,
    Arguments,
    Parameter,
    Q,
    WrongParameter,
)

blueprint = Blueprint("parallel", __name__)

PARAMETERS: tuple[Parameter, ...] = (Q, PASSAGE, WORDS, SUM, SOURCE, TARGET, BESIDE)

PATH = "/<any(nl, fr, en):interface>/document/<identifier>"

_MARKED = 3
"""Candidates for the translation of what is searched that are marked beside it."""

_WHOLE = 0.8
"""Share of two texts that translate each other from which on no better translation is looked for: less is a
summary, or an edition of another year."""

_MOST_CHOICES = 200
"""Documents that a reader may choose from to set beside one."""

_MOST_REPEATED = 30_000
"""Bytes that the links to the rows of a page may take for what is asked."""


@dataclass(frozen=True, slots=True)
class TextSide:
    """One of two texts."""

    document: Document
    language: Language
    labels: PageLabels

    @property
    def key(self) -> TextKey:
        """Its name in the index."""
        return TextKey(self.document.id, self.language)

    def label(self, page: int) -> str:
        """What is printed on a page."""
        return self.labels.label(page)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A text and the one that is set beside it, if there is one."""

    left: TextSide
    right: TextSide | None

    @property
    def address_values(self) -> dict[str, Any]:
        """The two texts as parameters of an address, so that it shows the same to every reader."""
        return {
            "from": self.left.language,
            "to": self.right.language if self.right else None,
            "with": self.right.document.id if self.right else None,
        }

    def row_address(self, row: TranslationRow, page: int, **values: Any) -> str:
        """The address of a row, as it is shown beside a page of the left document."""
        return url_for(
            "parallel.page",
            identifier=self.left.document.id,
            number=page,
            **self.address_values,
            **values,
            _anchor=f"passage-{row.name}",
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """A page and what is set beside it."""

    document: Document
    page: Page
    query: Query
    asked: Mapping[str, str]
    """The parameters of a link to words of the page, which are marked instead of matches."""
    places: Sequence[Place]
    """Where these words stand."""
    languages: Sequence[Language]
    """Those that the document is written in; none where its text is not known."""
    pair: SideBySide | None
    """None where the text of the document is not known."""
    share: float = 0.0
    """Of both texts that stand in passages which likely translate each other, 0 to 1."""
    rows: Sequence[TranslationRow] = ()
    found: Counterparts | None = None
    """How the two texts translate what is searched; the candidates are marked on the right."""
    matching_pages: Sequence[int] = ()

    @property
    def state(self) -> dict[str, Any]:
        """What the address of this spread says beside document and page."""
        return self.state_on(self.page.number)

    @property
    def asked_in_rows(self) -> Mapping[str, Any]:
        """What the address of each row repeats of what is asked: nothing where that would be heavy."""
        asked = {"q": self.query.text or None, **self.asked}
        size = sum(len(quote_plus(value)) for value in asked.values() if value)
        return asked if size * len(self.rows) <= _MOST_REPEATED else {}

    def state_on(self, number: int) -> dict[str, Any]:
        """What the address of the same with another page says."""
        texts = self.pair.address_values if self.pair else {}
        words = handed_on(self.asked, self.places, self.page.number, number)
        return {"q": self.query.text or None, **words, **texts}

    @property
    def matches(self) -> Sequence[int]:
        """The numbers of what is marked on the page, as on the view of that page."""
        marks = [mark for row in self.rows for block in row.left for mark in block.marks]
        return sorted({mark.span.number for mark in marks if mark.span})

    @property
    def right_pages(self) -> Sequence[int]:
        """The pages of the other document that stand beside the page."""
        return sorted(pages_of(block for row in self.rows if row.left for block in row.right))

    def count(self, sureness: Sureness) -> int:
        """How many rows are so sure."""
        return sum(row.sureness == sureness for row in self.rows)

    def first(self, sureness: Sureness) -> str:
        """The name of the first row that is so sure."""
        return next(row.name for row in self.rows if row.sureness == sureness)


@blueprint.get(f"{PATH}/page/<int:number>/parallel")
def page(identifier: str, number: int) -> str:
    """A page of a document in one language beside the same passages in another."""
    archive = library()
    spread = read_spread(archive, identifier, number, request.args, interface_language())
    choices = _choices(spread, archive)
    return render_template(
        "translations/parallel.html",
        view=ParallelPage(spread, choices, told_apart(choices)),
        query_text=spread.query.text,
        sureness_name=sureness_name,
        link_to=link_to,
        cited_by=cited_by,
        cited_together=cited_together,
    )


@dataclass(frozen=True, slots=True)
class ParallelPage:
    """What the page of a document beside its translation shows."""

    spread: Spread
    choices: Sequence[Document]
    """Documents that the reader may set beside it."""
    apart: Mapping[str, str]
    """By identifier, what tells choices of the same title from each other."""
    most_pages: int = MOST_PAGES
    """Pages of a document that are set beside another."""
    least_share: float = LEAST_SHARE
    """Share of both texts below which they are perhaps no translations."""

    @property
    def document(self) -> Document:
        """The one on the left."""
        return self.spread.document

    @property
    def page(self) -> Page:
        """The one that is read."""
        return self.spread.page

    @property
    def pair(self) -> SideBySide | None:
        """The two texts; None where the text of the document is not known."""
        return self.spread.pair

    @property
    def previous_match(self) -> int | None:
        """The nearest page before this one that matches."""
        number = self.spread.page.number
        return max((found for found in self.spread.matching_pages if found < number), default=None)

    @property
    def next_match(self) -> int | None:
        """The nearest page after this one that matches."""
        number = self.spread.page.number
        return min((found for found in self.spread.matching_pages if found > number), default=None)


def read_spread(
    archive: Archive, identifier: str, number: int, arguments: Arguments, reader: Language
) -> Spread:
    """Lay a page beside its translation, as the parameters of a request ask for.

    Args:
        reader: the language that is preferred on the right.

    Raises:
        DocumentNotFound, Withdrawn, PageNotFound: there is no such document or page for readers.
        WrongParameter: a parameter cannot be used.
        Busy: too many requests do heavy work.
    """
    document = archive.document(identifier)
    page = archive.catalogue.page(document.id, number)
    marks = _marks_asked(archive, document, page, arguments)
    pair = read_pair(archive, document, arguments, reader, page, marks.here)
    spread = Spread(
        document=document,
        page=page,
        query=marks.query,
        asked=marks.asked,
        places=marks.places,
        languages=archive.parallel.languages(document.id),
        pair=pair,
    )
    if pair is None or pair.right is None:
        return spread
    return _with_rows(spread, pair.left, pair.right, marks, archive)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a request asks to mark: the words of a link, or else the matches of a query."""

    engine: Engine
    query: Query
    asked: Mapping[str, str]
    """The parameters of a link to words."""
    places: Sequence[Place]
    """Where these words stand."""
    here: Mapping[Language, Sequence[Span]]
    """What is marked on the page that is asked for."""


def _marks_asked(archive: Archive, document: Document, page: Page, arguments: Arguments) -> _Marks:
    engine = archive.engine()
    query, asked = parse(Q.read(arguments).strip()), asked_words(arguments)
    places = asked_places(arguments, document.id, page, archive.catalogue)
    here = spans_of(places) if asked else matches_on(page, query, engine)
    return _Marks(engine, query, asked, places, here)


def _marks_on(
    page: Page, spread: Spread, marks: _Marks, archive: Archive
) -> Mapping[Language, Sequence[Span]]:
    """What is marked on a page of the document of a spread."""
    if page.number == spread.page.number:
        return marks.here
    if marks.asked:
        return _words_on(page, marks.places, spread.document, archive)
    return matches_on(page, marks.query, marks.engine)


def _with_rows(spread: Spread, left: TextSide, right: TextSide, marks: _Marks, archive: Archive) -> Spread:
    """A spread with what of both texts stands beside each other on its page."""
    number = spread.page.number
    texts = archive.parallel.aligned(left.key, right.key)
    found = None
    if spread.query.text and not spread.asked:
        found = _counterparts(archive, left.key, right.key, spread.query, marks.engine)
    beads = beads_of_page(texts, number)
    left_pages = _pages(archive, left, (texts.left.units[unit] for bead in beads for unit in bead.left))
    right_pages = _pages(archive, right, (texts.right.units[unit] for bead in beads for unit in bead.right))
    spans = {
        page.number: spans_by_block(page, _marks_on(page, spread, marks, archive))
        for page in {**left_pages, number: spread.page}.values()
    }
    only = left.language if len(spread.languages) > 1 else None
    return replace(
        spread,
        share=texts.share,
        rows=rows(
            texts,
            beads,
            spans=spans,
            page=number,
            counterparts=[candidate.stems for candidate in found.candidates] if found else [],
            left_pages=left_pages,
            right_pages=right_pages,
        ),
        found=found,
        matching_pages=matching_pages(spread.document, spread.query, marks.engine, only) if found else (),
    )


def _pages(archive: Archive, side: TextSide, units: Iterable[TextUnit]) -> dict[int, Page]:
    """The pages that units of a document stand on, by number, as far as they are still there."""
    numbers = {page for unit in units for page in unit.pages if page <= side.document.pages}
    return {number: archive.catalogue.page(side.document.id, number) for number in sorted(numbers)}


def _counterparts(
    archive: Archive, left: TextKey, right: TextKey, query: Query, engine: Engine
) -> Counterparts:
    """How two texts translate what is searched; kept, because readers go from page to page."""
    states = archive.catalogue.state(left.document), archive.catalogue.state(right.document)
    return archive.findings.counterparts.get(
        (left, right, states, query, engine.generation()),
        lambda: counterparts([archive.parallel.sentences(left, right)], query, engine, _MARKED),
    )


def read_pair(
    archive: Archive,
    document: Document,
    arguments: Arguments,
    reader: Language,
    shown: Page | None = None,
    marked: Mapping[Language, Sequence[Span]] = MappingProxyType({}),
) -> SideBySide | None:
    """The text of a document and the one beside it, as the parameters of a request ask for; without them the
    language of the page or of what is marked on it, and the best translation.

    None where the text of the document is not known.
    """
    left = _left(archive, document, SOURCE.read(arguments), shown, marked)
    if left is None:
        return None
    right = _right(archive, left, TARGET.read(arguments), BESIDE.read(arguments), reader)
    return SideBySide(_side(left, archive), _side(right, archive) if right else None)


def sureness_name(sureness: Sureness) -> str:
    """How sure it is that two sides translate each other, in words."""
    names: Mapping[Sureness, str] = {
        "sure": gettext("sure"),
        "likely": gettext("likely"),
        "doubtful": gettext("doubtful"),
        "alone": gettext("no counterpart"),
        "not_found": gettext("not found"),
    }
    return names[sureness]


def link_to(blocks: Sequence[ShownUnit], page: int) -> Mapping[str, str]:
    """The parameters of a link that marks blocks on a page, or cites them: all of their words, also those on
    the next page, unless these are too many for an address."""
    words = [word for block in blocks for word in block.unit.text.split()]
    whole = " ".join(words)
    runs_on = any(part.page != page for block in blocks for part in block.unit.parts)
    if runs_on and len(whole) <= PASSAGE.longest:
        return {PASSAGE.name: whole}
    here = (
        block.unit.text[part.offset : part.offset + part.end - part.start].split()
        for block in blocks
        for part in block.unit.parts
        if part.page == page
    )
    return link_of([*chain.from_iterable(here)])


def cited_by(side: TextSide, blocks: Sequence[ShownUnit]) -> dict[str, Any]:
    """What the address of a citation of blocks says: their page, and the numbers of their words where these
    follow each other on it, else the words themselves."""
    words = [word for block in blocks for word in block.words]
    number = blocks[0].unit.pages[0]
    low, high = (
        min((word.number for word in words), default=0),
        max((word.number for word in words), default=0),
    )
    are_whole = all(block.words for block in blocks) and {word.page for word in words} == {number}
    if are_whole and high - low + 1 == len({word.number for word in words}):
        return {"identifier": side.document.id, "number": number, WORDS.name: f"{low}-{high}"}
    return {"identifier": side.document.id, "number": number, **link_to(blocks, number)}


def cited_together(pair: SideBySide, row: TranslationRow) -> dict[str, Any]:
    """What the address of the citation of both sides of a row says."""
    left = cited_by(pair.left, row.left)
    right = cited_by(pair.right, row.right) if pair.right else {}
    values = {name: value for name, value in right.items() if name not in ("identifier", "number")}
    beside = {f"with-{name}": value for name, value in values.items()}
    return {**left, "with": right.get("identifier"), "with-page": right.get("number"), **beside}


def _left(
    archive: Archive,
    document: Document,
    asked: Language | None,
    shown: Page | None,
    marked: Mapping[Language, Sequence[Span]],
) -> TextKey | None:
    languages = archive.parallel.languages(document.id)
    if not languages:
        return None
    if asked and asked in languages:
        return TextKey(document.id, asked)
    if asked and asked not in document.languages:
        raise _not_in(asked, document, "from")
    # What else is asked for are stray passages, such as names, which stand in the text of the main language.
    on_page = [language for language in shown.languages if language in languages] if shown else []
    on_page.sort(key=lambda language: not marked.get(language))
    return TextKey(document.id, next(iter([*on_page, *languages])))


def _right(
    archive: Archive, left: TextKey, asked: Language | None, beside: str | None, reader: Language
) -> TextKey | None:
    if asked == left.language:
        raise same_language(left.language)
    preferred = dict.fromkeys((reader, *INTERFACE_LANGUAGES, *LANGUAGES))
    wanted = [asked] if asked else [language for language in preferred if language != left.language]
    if beside:
        document = archive.document(beside)
        languages = archive.parallel.languages(document.id)
        found = next((language for language in wanted if language in languages), None)
        if found is None:
            raise _not_in(asked, document, "with")
        return TextKey(document.id, found)
    translations = []
    for language in wanted:
        if translation := archive.parallel.translation(left, language, archive.engine()):
            translations.append(translation)
            if translation.share >= _WHOLE:
                break
    best = max(translations, key=lambda translation: translation.share, default=None)
    return best.key if best else None


def same_language(language: Language) -> WrongParameter:
    """What is wrong with a request for a text beside one in the same language."""
    name = language_name(language)
    return WrongParameter(
        gettext("Both texts would be in the same language: %(language)s.", language=name),
        gettext("Choose two languages."),
    )


def _not_in(language: Language | None, document: Document, parameter: str) -> WrongParameter:
    if language is None:
        message = gettext("“%(title)s” holds no text in another language.", title=document.title)
    else:
        name = language_name(language)
        message = gettext("“%(title)s” is not written in %(language)s.", title=document.title, language=name)
    hint = gettext("Leave out the parameter %(name)s, or choose another document.", name=parameter)
    return WrongParameter(message, hint)


def _side(key: TextKey, archive: Archive) -> TextSide:
    return TextSide(archive.document(key.document), key.language, archive.page_labels(key.document))


def _words_on(
    page: Page, places: Sequence[Place], document: Document, archive: Archive
) -> dict[Language, list[Span]]:
    """Where the words of a link stand on another page that they run on to."""
    passages = {place.text for place in places if place.first.number <= page.number <= place.last.number}
    found = [places_with(passage, document.id, page, archive.catalogue) for passage in passages]
    return spans_of(chain.from_iterable(found))


def _choices(spread: Spread, archive: Archive) -> list[Document]:
    """Documents that may be set beside this one: those of the same plan and of years nearby first."""
    if not spread.pair:
        return []
    document, language = spread.document, spread.pair.left.language
    others = [
        other
        for other in archive.holdings().documents
        if any(each != language for each in other.languages)
        and (other.id != document.id or len(spread.languages) > 1)
    ]

    others.sort(key=lambda other: (other.id != document.id, *distance(document, other)))
    return others[:_MOST_CHOICES]
