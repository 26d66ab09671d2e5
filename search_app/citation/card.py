"""The contents of a citation card: the words, what a reader should know about them, and every notation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypedDict

from flask_babel import gettext, ngettext

from archive.languages import INTERFACE_LANGUAGES, Language
from search_app.api.documents_as_json import DamageJson, damage_as_json
from search_app.citation.citation import ARCHIVE, Citation
from search_app.citation.notations import NOTATIONS, NotationName, write_all, written_date
from search_app.damage import damage_notice
from search_app.document.word_links import Passage
from search_app.web.display_names import language_name
from search_app.web.interface_language import interface_language

FILE_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
"""The notations that are given as files, too."""

_MOST_DOUBTFUL = 20
"""Doubtful words that are named."""


class SheetJson(TypedDict):
    """A page that is cited: its number in the file, from 1, and the one printed on it."""

    number: int
    label: str


class NotationJson(TypedDict):
    """A citation in one notation; `download` is the path of a file with it, if there is one."""

    name: NotationName
    label: str
    text: str
    download: str | None


class CardJson(TypedDict):
    """A citation, as programs get it.

    `text` contains the exact words, in the language `text_language`; both are null if a page or a document is
    cited as a whole. `damage` says whether the original no longer has this checksum.
    `accessed` is a date of ISO 8601, `accessed_on` the same written out.
    `page_url` is the path of the page that shows all this, `json_url` that of this JSON.
    """

    text: str | None
    text_language: Language | None
    document: str
    title: str
    language: Language | None
    author: str | None
    year: int | None
    pages: list[SheetJson]
    url: str
    original_url: str
    sha256: str
    damage: DamageJson | None
    accessed: str
    accessed_on: str
    archive: str
    is_demonstration: bool
    notices: list[str]
    page_url: str
    json_url: str
    notations: list[NotationJson]


class PairJson(TypedDict):
    """A passage and its translation: the card of each, and both together in each notation."""

    cards: list[CardJson]
    page_url: str
    json_url: str
    notations: list[NotationJson]


Addresses = Callable[[str | None], str]
"""Gives the path of a card or, with an ending, of the card as a file."""


def card_of(citation: Citation, addresses: Addresses) -> CardJson:
    """The contents of a citation card, in the language of the interface."""
    quote = citation.quote
    return {
        "text": quote.text if quote else None,
        "text_language": quote.language if quote else None,
        "document": citation.document,
        "title": citation.title,
        "language": citation.language,
        "author": citation.author,
        "year": citation.year,
        "pages": [{"number": sheet.number, "label": sheet.label} for sheet in citation.sheets],
        "url": citation.url,
        "original_url": citation.original_url,
        "sha256": citation.sha256,
        "damage": damage_as_json(citation.damage),
        "accessed": citation.accessed.isoformat(),
        "accessed_on": written_date(citation.accessed, interface_language()),
        "archive": ARCHIVE,
        "is_demonstration": citation.is_demonstration,
        "notices": _notices(citation),
        "page_url": addresses(None),
        "json_url": addresses("json"),
        "notations": _notations([citation], addresses),
    }


def pair_of(citations: Sequence[Citation], cards: Sequence[CardJson], addresses: Addresses) -> PairJson:
    """The contents of the card of a passage and its translation."""
    return {
        "cards": list(cards),
        "page_url": addresses(None),
        "json_url": addresses("json"),
        "notations": _notations(citations, addresses),
    }


def _notations(citations: Sequence[Citation], addresses: Addresses) -> list[NotationJson]:
    return [
        {
            "name": name,
            "label": _label(name),
            "text": write_all(citations, name, interface_language()),
            "download": addresses(name) if name in FILE_TYPES else None,
        }
        for name in NOTATIONS
    ]


def _notices(citation: Citation) -> list[str]:
    """What a reader should know before quoting."""
    notices = []
    if citation.damage:
        notices.append(damage_notice(citation.damage))
    if citation.is_demonstration:
        notices.append(gettext("This is a demonstration text, not the official document."))
    if citation.quote:
        notices += _notices_of_place(citation.quote)
    if citation.is_order_unsure:
        notices.append(order_notice())
    if citation.places > 1:
        notices.append(
            ngettext(
                "These words are on this page %(num)s time; the link marks them.",
                "These words are on this page %(num)s times; the link marks every occurrence.",
                citation.places,
            )
        )
    return notices


def doubtful_words_notice(words: Iterable[str]) -> str:
    """A sentence that names the words of which OCR was not sure."""
    listed = list(dict.fromkeys(words))
    more = len(listed) - _MOST_DOUBTFUL
    return str(
        ngettext(
            "OCR was not sure of this word: %(words)s. Compare it with the image before you quote it.",
            "OCR was not sure of these words: %(words)s. Compare them with the image before you quote them.",
            len(listed),
            words=", ".join(listed[:_MOST_DOUBTFUL]) + (f" … (+{more})" if more > 0 else ""),
        )
    )


def cells_notice() -> str:
    """A sentence that explains the signs between the cells of a table."""
    return str(gettext("In a table, | separates cells and / separates rows."))


def columns_notice() -> str:
    """A sentence that warns that words may be from different columns."""
    return str(
        gettext(
            "Some of these words are far apart on the page, as in columns of a table or a list: they may "
            "not belong together. Compare with the image of the page before you quote them."
        )
    )


def order_notice() -> str:
    """A sentence that warns that the text may have been read in the wrong order."""
    return str(
        gettext(
            "It is not certain in which order the columns and boxes around these words are to be read. "
            "Compare with the image of the page before you quote them."
        )
    )


def _notices_of_place(quote: Passage) -> Iterator[str]:
    is_on_one_page = quote.first == quote.last
    if "ocr" in quote.sources.values():
        yield (
            gettext(
                "This page was read from an image by OCR, which may have misread it: compare with the image."
            )
            if is_on_one_page
            else gettext(
                "A page with these words was read from an image by OCR, which may have misread it: "
                "compare with the image."
            )
        )
    if quote.doubtful:
        yield doubtful_words_notice(quote.doubtful)
    if quote.is_running:
        yield gettext(
            "This is a running head or foot, such as a title or page number: it is not part of the text."
        )
    if "corrected" in quote.sources.values():
        yield (
            gettext("An archivist corrected the text of this page.")
            if is_on_one_page
            else gettext("An archivist corrected the text of a page with these words.")
        )
    if quote.skipped:
        languages = [language_name(language) for language in quote.skipped]
        yield gettext(
            "The selection covers texts in several languages. This is the part in %(language)s; the words "
            "in these languages are left out: %(others)s.",
            language=language_name(quote.language),
            others=", ".join(languages),
        )
    if quote.has_cells:
        yield cells_notice()
    if quote.is_apart:
        yield columns_notice()
    if quote.skips_running:
        yield gettext(
            "A running head or foot, such as a title or page number, was left out: it is not part of the "
            "text."
        )
    if quote.is_known_by_ends:
        yield gettext(
            "The link that led here contains only the first and the last of these words: those between "
            "may have been different when it was made. The link below is valid for the words as they are "
            "now."
        )


def _label(name: NotationName) -> str:
    """What readers call a notation."""
    labels = {"bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON", "html": "HTML"}
    for language in INTERFACE_LANGUAGES:
        labels[f"text-{language}"] = gettext("Text, %(language)s", language=language_name(language))
        labels[f"wiki-{language}"] = gettext("Wikipedia, %(language)s", language=language_name(language))
    return labels[name]
