"""What a citation is of: exact words, a page or a whole document, and everything that a reference needs.

The words come from the stored text of the page, never from what a browser shows. Nothing is made up: where
the archive does not know an author or a year, the citation has none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode

from flask import url_for
from flask_babel import force_locale, to_user_timezone

from archive.languages import Language
from archive.records import Document, Kind, Page, TextSource
from index.quotation import places_on_page, standings_on_page
from search_app.document import LONGEST_PASSAGE
from search_app.library import Archive
from search_app.wording import kind_name

ARCHIVE = "Terugblik"

WordRange = tuple[int, int]
"""Numbers of the first and the last word on a page, from 0, in the order of the page's passages."""

_GOVERNMENT: dict[Language, str] = {
    "nl": "Brusselse Hoofdstedelijke Regering",
    "fr": "Gouvernement de la Région de Bruxelles-Capitale",
    "en": "Government of the Brussels-Capital Region",
    "de": "Regierung der Region Brüssel-Hauptstadt",
}
"""The body that issues the plans, as documents in each language call it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is cited."""

    number: int
    """Physical number, from 1."""
    label: str
    """As printed."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a document."""

    text: str
    """Exactly as stored, each white space a single space."""
    language: Language
    source: TextSource
    """Where the text came from: OCR may have misread it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Everything that a citation says, in whatever notation."""

    document: str
    """Identifier."""
    title: str
    author: str | None
    """The issuing body; None where it is not known."""
    year: int | None
    kind: Kind
    genre: str
    """The kind in words, in the language of the document."""
    language: Language | None
    pages: int
    """Of the whole document."""
    sheets: tuple[Sheet, ...]
    """The page cited; first and last one where the words run on; none where the whole document is cited."""
    quote: Quote | None
    url: str
    """Permanent link; it marks the words."""
    is_marked: bool
    """Whether that link marks the words: a browser's address cannot hold those of several pages."""
    original_url: str
    sha256: str
    """Of the original."""
    is_demonstration: bool
    accessed: date

    @property
    def key(self) -> str:
        """A name for the entry in a bibliography: the same for the same page, in every archive."""
        return "-".join(["terugblik", self.document, *(f"p{sheet.number}" for sheet in self.sheets[:1])])


def cite_document(document: Document, archive: Archive) -> Citation:
    """The whole document."""
    return _citation(document, archive, (), None, "")


def cite_page(document: Document, page: Page, archive: Archive) -> Citation:
    """A page as a whole."""
    return _citation(document, archive, (Sheet(page.number, page.label),), None, "")


def cite_words(document: Document, page: Page, words: WordRange, archive: Archive) -> Citation:
    """The words of a page from the first to the last of `words`.

    Raises:
        ValueError: the page has no such words.
    """
    text, language = _text_of(page, words)
    found = places_on_page(text, document.id, page.number, archive.catalogue)
    spans = [(language, *span) for language, spans in found.items() for span in spans]
    is_marked = set(_readable(page, words)) <= _words_within(page, spans)
    words_cited = Quote(text, language, page.source)
    sheets = (Sheet(page.number, page.label),)
    return _citation(document, archive, sheets, words_cited, text if is_marked else "")


def cite_passage(document: Document, page: Page, passage: str, archive: Archive) -> Citation | None:
    """A passage that stands on the page, perhaps beginning or ending beside it; None where it does not.

    Of several places on the page, the first.
    """
    found = next(iter(standings_on_page(passage, document.id, page.number, archive.catalogue)), None)
    if found is None:
        return None
    sheets = dict.fromkeys(Sheet(each.number, each.label) for each in (found.first, found.last))
    words = Quote(found.text, found.language, found.first.source)
    return _citation(document, archive, tuple(sheets), words, found.text)


def _citation(
    document: Document, archive: Archive, sheets: tuple[Sheet, ...], words: Quote | None, marked: str
) -> Citation:
    """Put a citation together; `marked` is the passage that the link marks, if it does."""
    base, is_marked = archive.settings.base_url, bool(marked) and len(marked) <= LONGEST_PASSAGE
    if sheets:
        path = url_for("document.page", identifier=document.id, number=sheets[0].number)
    else:
        path = url_for("document.overview", identifier=document.id)
    # Every sign that an address may do without is written with a percent: addresses stand in brackets,
    # between quotation marks and in templates of wikis.
    asked = f"?{urlencode({'passage': marked}, quote_via=quote)}" if is_marked else ""
    with force_locale(document.language or "en"):
        genre = kind_name(document.kind)
    return Citation(
        document=document.id,
        title=document.title,
        author=issuing_body(document),
        year=document.year,
        kind=document.kind,
        genre=genre,
        language=document.language,
        pages=document.pages,
        sheets=sheets,
        quote=words,
        url=base + path + asked,
        is_marked=is_marked,
        original_url=base + url_for("document.original", identifier=document.id),
        sha256=document.sha256,
        is_demonstration=document.is_demonstration,
        accessed=to_user_timezone(datetime.now(UTC)).date(),
    )


def issuing_body(document: Document) -> str | None:
    """Who issued a document, in its language; None where that is not known."""
    if document.is_demonstration:
        return ARCHIVE
    if (
        document.plan is None or document.kind == "speech"
    ):  # that is its speaker's, of whom nothing is recorded
        return None
    return _GOVERNMENT[document.language or "nl"]


def _text_of(page: Page, words: WordRange) -> tuple[str, Language]:
    """The passages' text from the first word to the last, and the language that most of it is in."""
    first, last = words
    stretches: list[tuple[str, Language]] = []
    count = 0
    for passage in page.passages:
        inside = passage.words[max(0, first - count) : max(0, last + 1 - count)]
        if inside:
            stretches.append((passage.text[inside[0].start : inside[-1].end], passage.language))
        count += len(passage.words)
    if not 0 <= first <= last < count:
        raise ValueError(f"the page has {count} words")
    languages = dict.fromkeys(language for _text, language in stretches)
    amounts = {each: sum(len(text) for text, language in stretches if language == each) for each in languages}
    return " ".join(" ".join(text for text, _language in stretches).split()), max(
        amounts, key=amounts.__getitem__
    )


def _readable(page: Page, words: WordRange) -> Iterable[int]:
    """The numbers of those words that have a letter or a digit: of others no place can be told."""
    every = [word for passage in page.passages for word in passage.words]
    first, last = words
    return (number for number in range(first, last + 1) if any(map(str.isalnum, every[number].text)))


def _words_within(page: Page, spans: Sequence[tuple[Language, int, int]]) -> set[int]:
    """The numbers of the words that spans of the page's text touch; see :func:`places_on_page`."""
    offsets: dict[Language, int] = {}
    found: set[int] = set()
    count = 0
    for passage in page.passages:
        offset = offsets.get(passage.language, 0)
        for number, word in enumerate(passage.words, count):
            start, end = offset + word.start, offset + word.end
            if any(span[0] == passage.language and span[1] < end and span[2] > start for span in spans):
                found.add(number)
        offsets[passage.language] = offset + len(passage.text) + 1
        count += len(passage.words)
    return found
