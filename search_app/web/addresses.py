"""The addresses that pages, programs and files link to: documents, their pages, their originals."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from archive.languages import INTERFACE_LANGUAGES, Language

_UNQUOTED = "!$'()*,/:;?@"
"""What stays as it is in the query of an address, apart from letters, digits and ``_.-~``."""


def page_path(document: str, page: int, language: Language | None, text: str = "") -> str:
    """The path of a page view; `text` is the query whose matches it marks."""
    path = f"{document_path(document, language)}/page/{page}"
    return f"{path}?{urlencode({'q': text})}" if text else path


def document_path(document: str, language: Language | None) -> str:
    """The path of a document's own page, in `language` where the site speaks it."""
    room = language if language in INTERFACE_LANGUAGES else INTERFACE_LANGUAGES[0]
    return f"/{room}/document/{document}"


def original_path(document: str, page: int | None = None) -> str:
    """The path of an original file, opened at a page by readers that understand ``#page=``."""
    return f"/original/{document}.pdf" + (f"#page={page}" if page else "")


def citation_path(document: str, page: int | None, language: Language | None) -> str:
    """The path of the citation of a document, or of one of its pages."""
    return f"{page_path(document, page, language) if page else document_path(document, language)}/cite"


def translation_path(document: str, page: int, language: Language | None) -> str:
    """The path of a page beside its translation."""
    return f"{page_path(document, page, language)}/parallel"


def path_beside_translation(
    document: str, page: int, language: Language, text: str, interface: Language, occurrence: int = 1
) -> str:
    """The path of a page, in one of its languages, beside its translation; at a match of `text` if it is not
    empty.

    Args:
        occurrence: which of the matches on the page, from 1.
    """
    path = with_query(translation_path(document, page, interface), {"q": text or None, "from": language})
    return f"{path}#occurrence-{language}-{occurrence}" if text else path


def with_query(path: str, values: Mapping[str, Any]) -> str:
    """A path with these parameters, as `url_for` writes them and in less time: a page of results has dozens.

    Those that are None are left out, and those of a list are repeated.
    """
    query = "&".join(
        f"{name}={_quoted(str(each))}"
        for name, value in values.items()
        for each in (value if isinstance(value, list | tuple) else (value,))
        if each is not None
    )
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=1_000)
def _quoted(value: str) -> str:
    """The value in the query of an address; kept, as the links of a page repeat the same ones."""
    return quote_plus(value, _UNQUOTED)


FOR_TEMPLATES = (
    *(document_path, original_path, citation_path, translation_path),
    *(path_beside_translation, with_query),
)
"""What templates may use."""
