"""The languages of the archive, by their ISO 639-1 code."""

from typing import Literal, get_args

Language = Literal["nl", "fr", "en", "de"]
"""A language a block can be in."""

LANGUAGES: tuple[Language, ...] = get_args(Language)

INTERFACE_LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en")
"""The languages the site itself speaks."""

TESSERACT_CODES: dict[Language, str] = {"nl": "nld", "fr": "fra", "en": "eng", "de": "deu"}
"""ISO 639-2 codes, as OCR engines name their models."""


def is_language(code: str) -> bool:
    """Whether `code` is one of the archive's languages."""
    return code in LANGUAGES
