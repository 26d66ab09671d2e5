"""Cleans the characters that a PDF gives: removes those that are not text, and gives each letter one
character."""

import re
import unicodedata
from functools import lru_cache

from ingest.language.symbol_fonts import BY_PRIVATE_CODE

SOFT_HYPHEN = "\u00ad"
"""The last character of a word that is the first part of a broken word according to the PDF engine."""

DAMAGE = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f¤¬¦¨¯¸´`^~\\{}|]|\(cid:\d+\)|[ÃÂ][\x80-¿]")
"""Signs that do not occur in texts of an administration: each stands for a lost letter."""

_ENGINE_HYPHEN = "\ufffe"

_EXPANSIONS = {
    "\u0132": "IJ",
    "\u0133": "ij",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
    **BY_PRIVATE_CODE,
}

_NO_TEXT = (
    *range(0x20),
    *range(0x7F, 0xA0),
    *range(0x200B, 0x2010),  # zero-width characters and directions
    *range(0x2028, 0x202F),  # line separators, embeddings and overrides
    *range(0x2060, 0x2070),
    *range(0xFDD0, 0xFDF0),
    *range(0xFFF9, 0xFFFD),
    0x00AD,
    0xFEFF,
    0xFFFE,
    0xFFFF,
)

_TRANSLATION = str.maketrans({**{chr(code): None for code in _NO_TEXT}, **_EXPANSIONS})

_SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text in Unicode NFC, without control, zero-width or directional characters and soft hyphens.

    Latin ligatures become their letters, and surrogate pairs their character; single surrogates are removed.
    """
    if text.isascii() and text.isprintable():
        return text
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return unicodedata.normalize("NFC", text.translate(_TRANSLATION))


@lru_cache(maxsize=50_000)
def clean_word(text: str) -> str:
    """A word, cleaned. A hyphen that the PDF engine found at a line end becomes a soft hyphen at the end of
    the word, or a plain hyphen if there is no other character."""
    if text == _ENGINE_HYPHEN:
        return "-"
    is_broken = text.endswith((_ENGINE_HYPHEN, SOFT_HYPHEN))
    cleaned = clean(text)
    return cleaned + SOFT_HYPHEN if is_broken and cleaned else cleaned
