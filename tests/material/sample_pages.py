"""Pages for the tests of the archive: their words stand beside each other as a typewriter would put them."""

from archive.languages import Language
from archive.records import Block, BlockKind, Page, ReadingKind, Word


def sample_block(
    text: str, language: Language = "nl", kind: BlockKind = "paragraph", top: float = 72
) -> Block:
    """A block of one line."""
    words = []
    start = 0
    for part in text.split(" "):
        box = (72 + start * 6.0, top, 72 + (start + len(part)) * 6.0, top + 12.25)
        words.append(Word(part, start, (box,)))
        start += len(part) + 1
    return Block(kind, language, text, tuple(words))


def sample_page(
    number: int,
    *blocks: Block,
    label: str | None = None,
    source: ReadingKind = "text layer",
    needs_ocr: bool = False,
) -> Page:
    """An A4 page; without blocks it is empty."""
    return Page(number, label or str(number), 595.28, 841.89, source, needs_ocr, blocks)
