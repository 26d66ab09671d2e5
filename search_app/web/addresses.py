"""The addresses that pages, programs and files link to: documents, their pages, their originals."""

from urllib.parse import urlencode

from archive.languages import INTERFACE_LANGUAGES, Language


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
