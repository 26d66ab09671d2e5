"""Reads the links of a web page: their addresses, whether they lead to a document, and its language."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urldefrag, urljoin, urlsplit

from bs4 import Tag

from archive.languages import LANGUAGES, Language
from archive.outside_text import clean_line
from ingest.acquisition.web_page_lines import attribute

_WORD = re.compile(r"[^\W\d_]+")
_DOCUMENT_WORDS = {"document", "documenten", "documents", "pdf", "tekst", "texte", "text", "brochure"}
_LINK_WORDS = _DOCUMENT_WORDS | {
    *("bekijk", "bekijken", "het", "de", "volledige", "lees", "raadpleeg", "raadplegen", "open", "hier"),
    *("download", "downloaden", "klik", "meer", "link", "naar", "nederlands", "nederlandstalig"),
    *("voir", "le", "la", "consulter", "consultez", "lire", "ouvrir", "télécharger", "téléchargez", "ici"),
    *("complet", "en", "plus", "lien", "français", "française", "francophone", "version", "versie"),
    *("view", "see", "the", "read", "full", "here", "more", "english", "nl", "fr", "kb", "mb", "ko", "mo"),
}
_LANGUAGE_WORDS: dict[str, Language] = {
    **dict.fromkeys(("nl", "nederlands", "nederlandstalig", "nederlandstalige", "néerlandais"), "nl"),
    **dict.fromkeys(("fr", "frans", "franstalig", "franstalige", "français", "française"), "fr"),
    **dict.fromkeys(("english", "engels", "anglais"), "en"),
    **dict.fromkeys(("deutsch", "duits", "allemand"), "de"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page."""

    url: str
    """The absolute address, encoded, without a fragment."""
    text: str
    language: Language | None
    """The language of the linked document, taken from the link, the file name or the page around it."""


def read_link(anchor: Tag, base_url: str) -> Link:
    """Reads an <a> element of the page at `base_url`."""
    url = absolute(base_url, attribute(anchor, "href"))
    return Link(url, clean_line(anchor.get_text()), _language(anchor, url, base_url))


def absolute(base_url: str, href: str) -> str:
    """The absolute address of `href` on the page at `base_url`, encoded; empty if it is not a valid
    address."""
    try:
        address = urldefrag(urljoin(base_url, href.strip())).url
    except ValueError:  # such as for a single bracket
        return ""
    # Links written by hand may contain spaces and accents; what is encoded already is not changed.
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~-._")


def is_to_pdf(anchor: Tag) -> bool:
    """Whether a link is to a PDF, judged by the end of its path or of a parameter, or by its type."""
    address = _web_address(anchor)
    if address is None:
        return False
    names = [address.path, *(value for _name, value in parse_qsl(address.query))]
    is_named_so = any(name.lower().endswith(".pdf") for name in names)
    return is_named_so or attribute(anchor, "type") == "application/pdf"


def is_to_document(anchor: Tag) -> bool:
    """Whether a link is to a PDF, or its text says that it is to a document, as in "Bekijk het document"."""
    text = anchor.get_text()
    says_document = is_link_text(text) and not _DOCUMENT_WORDS.isdisjoint(_WORD.findall(text.lower()))
    return is_to_pdf(anchor) or (says_document and _web_address(anchor) is not None)


def is_link_text(text: str) -> bool:
    """Whether the text of a link says only that it is a link, as in "Télécharger le PDF (2 Mo)"."""
    return all(word in _LINK_WORDS for word in _WORD.findall(text.lower()))


def _web_address(anchor: Tag) -> SplitResult | None:
    """The address of a link as written; None if it is not on the web, or is within the page."""
    try:
        address = urlsplit(attribute(anchor, "href").strip())
    except ValueError:
        return None
    leads_on = address.path or address.netloc or address.query
    return address if leads_on and address.scheme in ("", "http", "https") else None


def _language(anchor: Tag, url: str, base_url: str) -> Language | None:
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    words = [word.lower() for word in _WORD.findall(anchor.get_text()) + _WORD.findall(name)]
    surroundings = anchor.find_parent(lang=True)
    candidates = [
        attribute(anchor, "hreflang")[:2].lower(),
        *(_LANGUAGE_WORDS.get(word, "") for word in words),
        attribute(surroundings, "lang")[:2].lower(),
        *urlsplit(base_url).path.lower().split("/"),
    ]
    return next((language for code in candidates for language in LANGUAGES if language == code), None)
