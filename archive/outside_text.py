"""Makes text from outside safe to store: titles, file names, HTTP headers, page labels, reasons.

Such text is shown to people, and some databases refuse some characters (PostgreSQL has no NUL). So invisible
characters are removed: control characters, lone surrogates, zero-width characters, and the controls of text
direction, with which a title could be made to read differently.
"""

import re
import unicodedata
from collections.abc import Mapping

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn"})
_WHITE_SPACE = re.compile(r"\s+")

LONGEST_LINE = 500
"""Characters that a title, a reason or a warning may have."""
_LONGEST_ADDRESS = 4096
_MOST_HEADERS = 64


def clean_line(text: str, longest: int = LONGEST_LINE) -> str:
    """`text` as one line of visible characters: Unicode NFC, single spaces, at most `longest` characters."""
    # A hostile value may be many megabytes; nothing past a generous multiple of the limit can be kept.
    line = _WHITE_SPACE.sub(" ", text[: longest * 8])
    line = "".join(sign for sign in line if unicodedata.category(sign) not in _UNSEEN)
    line = _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", line)).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def clean_filename(name: str) -> str:
    """The last part of a path, of any system, as one clean line that keeps its ending; never empty."""
    line = clean_line(re.split(r"[/\\]", name)[-1], 4096)
    if len(line) > 200:
        stem, dot, ending = line.rpartition(".")
        line = stem[: 199 - len(ending)] + dot + ending if dot and len(ending) <= 10 else line[:200]
    return line if line.strip(". ") else "document.pdf"


def clean_address(address: str | None) -> str | None:
    """A URL as one clean line; None when there is none, or when it is too long to be an address."""
    if address is None or len(address) > _LONGEST_ADDRESS:
        return None
    return clean_line(address, _LONGEST_ADDRESS) or None


def clean_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The first 64 HTTP headers, names and values as clean lines."""
    first = list(headers.items())[:_MOST_HEADERS]
    return {clean_line(name, 100): clean_line(value, 1000) for name, value in first}
