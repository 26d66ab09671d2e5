"""Pages for the tests of the archive: their words stand beside each other as a typewriter would put them."""

from archive.languages import Language
from archive.records import Page, Passage, PassageKind, TextSource, Word


def sample_passage(
    text: str, language: Language = "nl", kind: PassageKind = "paragraph", top: float = 72
) -> Passage:
    """A passage of one line."""
    words = []
    start = 0
    for part in text.split(" "):
        box = (72 + start * 6.0, top, 72 + (start + len(part)) * 6.0, top + 12.25)
        words.append(Word(part, start, (box,)))
        start += len(part) + 1
    return Passage(kind, language, text, tuple(words))


def sample_page(
    number: int,
    *passages: Passage,
    label: str | None = None,
    source: TextSource = "text layer",
    needs_ocr: bool = False,
) -> Page:
    """An A4 page; without passages it is empty."""
    return Page(number, label or str(number), 595.28, 841.89, source, needs_ocr, passages)
