"""What is a document called? The largest heading on its first page; else what its metadata says, if that
is a title at all and not the name of a file or program."""

import re
from collections.abc import Sequence

from archive.languages import Language
from ingest.block import Block
from ingest.hyphens import Vocabulary
from ingest.page_text import PageText
from ingest.passages import placed_words, whole_words

_LARGER_THAN_TEXT = 1.25
"""Times the size of the document's body text."""
_AS_LARGE = 0.95
_MOST_WORDS = 30
_FEWEST_LETTERS = 4
_NO_TITLE = re.compile(
    r"""^microsoft\s | \.[a-z]{3,4}$ | [<>_{}\\] | ^(untitled|document|titel|titre|title|layout)\b.{0,4}$""",
    re.IGNORECASE | re.VERBOSE,
)


def printed_title(
    blocks: Sequence[Block], page: PageText, body_size: float, vocabulary: Vocabulary, language: Language
) -> str | None:
    """The largest heading among the blocks of a first page; headings of that size are one title."""
    words = placed_words(page)
    headings = [block for block in blocks if _may_be_title(block, page)]
    largest = max((block.size for block in headings), default=0.0)
    if largest < _LARGER_THAN_TEXT * body_size:
        return None
    parts = [
        " ".join(word.text for row in block.rows for word in whole_words(row[0], words, vocabulary, language))
        for block in headings
        if block.size >= _AS_LARGE * largest
    ]
    title = ""
    for part in dict.fromkeys(parts):
        title += (" " if part[0].islower() else " – ") + part if title else part
    return title if len(title.split()) <= _MOST_WORDS else None


def _may_be_title(block: Block, page: PageText) -> bool:
    if block.kind not in {"heading", "paragraph"}:
        return False
    words = block.words()
    letters = sum(sum(map(str.isalpha, page.texts[word])) for word in words)
    return len(words) <= _MOST_WORDS and letters >= _FEWEST_LETTERS and bool(page.turns[words[0]] == 0)


def is_plausible(title: str) -> bool:
    """Whether a title from a file's metadata reads like one."""
    letters = sum(map(str.isalpha, title))
    return (
        " " in title
        and letters >= 8
        and letters > 0.5 * len(title)
        and len(title) <= 300
        and not _NO_TITLE.search(title)
    )
