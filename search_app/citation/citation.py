"""What a citation refers to: exact words, a page or a whole document, with all that a reference needs.

The words come from the stored text of the page, never from what a browser shows. Nothing is made up: if the
archive does not know the author or the year, the citation has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from flask import url_for
from flask_babel import force_locale, to_user_timezone

from archive.languages import Language
from archive.reading_warnings import is_order_unsure
from archive.records import Damage, Document, Kind, Page
from search_app.document.word_links import Passage, Sheet, digest_of
from search_app.library import Library
from search_app.web.display_names import kind_name

ARCHIVE = "Terugblik"

_GOVERNMENT: dict[Language, str] = {
    "nl": "Brusselse Hoofdstedelijke Regering",
    "fr": "Gouvernement de la Région de Bruxelles-Capitale",
    "en": "Government of the Brussels-Capital Region",
    "de": "Regierung der Region Brüssel-Hauptstadt",
}
"""The body that issues the plans, as documents in each language call it."""


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
    """Number of pages of the whole document."""
    sheets: tuple[Sheet, ...]
    """The cited page; the first and the last if the words continue over pages; empty for a whole document."""
    quote: Passage | None
    """The words cited."""
    places: int
    """Number of occurrences that the link highlights. A link to selected words tells repeats apart; a link to
    words that were searched for highlights all of them."""
    url: str
    """Permanent link; it marks the words."""
    original_url: str
    sha256: str
    """The checksum of the original."""
    is_demonstration: bool
    accessed: date
    damage: Damage | None = None
    """What is wrong with the original, if the archive no longer has the file with this checksum."""
    is_order_unsure: bool = False
    """Whether the words cited may have been read in the wrong order."""
    full_date: str | None = None
    """The date in ISO 8601, if more than the year is known."""

    @property
    def issued(self) -> str | None:
        """The date of the document as full as it is known, in ISO 8601."""
        return self.full_date or (str(self.year) if self.year else None)

    @property
    def key(self) -> str:
        """A name for the entry in a bibliography: the same for the same words, in every archive."""
        place = [f"p{sheet.number}" for sheet in self.sheets[:1]]
        if self.quote:
            words = self.quote.link.get("words")
            place.append(f"w{words}" if words else digest_of(self.quote.text.split()))
        return "-".join(["terugblik", self.document, *place])


def cite_document(document: Document, library: Library) -> Citation:
    """The whole document."""
    return _citation(document, library)


def cite_page(document: Document, page: Page, library: Library) -> Citation:
    """A page as a whole."""
    return _citation(document, library, (Sheet(page.number, page.label),))


def cite_passage(document: Document, places: Sequence[Passage], library: Library) -> Citation:
    """A passage that occurs at `places`; the first one is cited."""
    sheets = tuple(dict.fromkeys((places[0].first, places[0].last)))
    return _citation(document, library, sheets, places)


def _citation(
    document: Document,
    library: Library,
    sheets: tuple[Sheet, ...] = (),
    places: Sequence[Passage] = (),
) -> Citation:
    base = library.settings.base_url
    if sheets:
        path = url_for("document.page", identifier=document.id, number=sheets[0].number)
    else:
        path = url_for("document.overview", identifier=document.id)
    with force_locale(document.language or "en"):
        genre = kind_name(document.kind)
    return Citation(
        document=document.id,
        title=document.title,
        author=issuing_body(document),
        year=document.year,
        full_date=document.date,
        kind=document.kind,
        genre=genre,
        language=document.language,
        pages=document.pages,
        sheets=sheets,
        quote=places[0] if places else None,
        places=len(places),
        # Signs that mean something in a sentence, a template or a bibliography are written with a percent.
        url=base + path + (f"?{urlencode(places[0].link)}" if places else ""),
        original_url=base + url_for("document.original", identifier=document.id),
        sha256=document.sha256,
        is_demonstration=document.is_demonstration,
        accessed=to_user_timezone(datetime.now(UTC)).date(),
        damage=library.damage(document),
        is_order_unsure=bool(places) and _is_order_unsure(document, places[0]),
    )


def _is_order_unsure(document: Document, quote: Passage) -> bool:
    """Whether a page of a passage may have been read in the wrong order, and nobody has corrected it."""
    return any(
        source != "corrected" and is_order_unsure(document.warnings, page)
        for page, source in quote.sources.items()
    )


def issuing_body(document: Document) -> str | None:
    """Who issued a document, in its language; None where that is not known."""
    if document.is_demonstration:
        return ARCHIVE
    if document.plan is None or document.kind == "speech":
        return None  # a speech is its speaker's, of whom nothing is recorded
    return _GOVERNMENT[document.language or "nl"]
