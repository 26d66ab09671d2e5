"""Quotations that run on over the end of a page or a column, drawn without our own reading.

Those of the corpus come from the lines that poppler gives (``pdftotext -bbox-layout``): a line at the very
end of the text of a page or column that ends no sentence, and the first line of the next, in lower case.
Those past notes come from a book that is set by Typst from sentences of the corpus: the source is the truth.
"""

import random
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mode

import typst

_XHTML = "{http://www.w3.org/1999/xhtml}"
_SENTENCE = re.compile(r"(?<=\. )[A-ZÀ-Ý][\w ,;:'’()-]{40,200}\.(?= )")
PAGE_WIDTH = 420
"""Points, of a book."""
_NOTE_EVERY = 35
"""Words of the book from one note to the next."""


@dataclass(frozen=True)
class Line:
    """A line as poppler gives it."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    block: int

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class OverBreak:
    """A quotation with its two halves, and the pages on which they stand."""

    text: str
    halves: tuple[str, str]
    pages: tuple[int, int]


def lines_of(pdf: Path) -> list[list[Line]]:
    """The lines of each page, in poppler's reading order."""
    found = subprocess.run(
        ["pdftotext", "-q", "-bbox-layout", str(pdf), "-"], capture_output=True, check=True
    ).stdout
    clean = re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", found)
    pages = []
    for number, page in enumerate(ElementTree.fromstring(clean).iter(f"{_XHTML}page"), 1):
        lines = []
        for block, element in enumerate(page.iter(f"{_XHTML}block")):
            for line in element.iter(f"{_XHTML}line"):
                text = " ".join(word.text or "" for word in line.iter(f"{_XHTML}word"))
                sides = [float(line.get(side, 0)) for side in ("xMin", "yMin", "xMax", "yMax")]
                lines.append(Line(text, number, *sides, block))
        pages.append(lines)
    return pages


def over_page_breaks(pages: Sequence[Sequence[Line]]) -> Iterator[OverBreak]:
    """Sentences that run on from one page to the next."""
    repeated = Counter(re.sub(r"\d+", "", line.text) for page in pages for line in page)
    bodies = [[line for line in page if repeated[re.sub(r"\d+", "", line.text)] < 3] for page in pages]
    for first, second, whole in zip(bodies, bodies[1:], pages[1:], strict=False):
        if len(first) < 5 or len(second) < 5:
            continue
        usual = mode(round(line.height) for line in [*first, *second])
        first_text = [line for line in first if abs(line.height - usual) < 1]
        second_text = [line for line in second if abs(line.height - usual) < 1]
        if first_text and second_text:
            last, start = (
                max(first_text, key=lambda line: line.bottom),
                min(second_text, key=lambda line: line.top),
            )
            # A line that often recurs may be one of the text all the same.
            is_first = start.top <= min(line.top for line in [*second, *_of_block(whole, start)])
            if is_first and abs(last.left - start.left) < 3:
                yield from _over_break(first, second, last, start)


def columns_of(pages: Sequence[Sequence[Line]], columns: int) -> dict[tuple[int, int], str]:
    """The text of each column of each page, by the numbers of both, as :func:`plain` gives it."""
    found: dict[tuple[int, int], str] = {}
    for line in (line for page in pages for line in page):
        place = line.page, int(columns * line.left // PAGE_WIDTH)
        found[place] = found.get(place, "") + plain(line.text)
    return found


def _of_block(page: Sequence[Line], one: Line) -> list[Line]:
    return [line for line in page if line.block == one.block]


def _over_break(
    first: Sequence[Line], second: Sequence[Line], last: Line, start: Line
) -> Iterator[OverBreak]:
    """The two lines before and the two after a break as a quotation, if a sentence surely runs on there."""
    width = max(line.right - line.left for line in first if line.block == last.block)
    runs_on = re.search(r"[a-zà-ÿ,-]$", last.text) and re.match(r"[a-zà-ÿ]{2,}[ ,]", start.text)
    if not runs_on or last.right - last.left < 0.7 * width:
        return
    above = [line for line in _of_block(first, last) if line.bottom <= last.bottom]
    before, after = above[-2:], [line for line in _of_block(second, start) if line.top >= start.top][:2]
    if any(line.text.endswith(("-", "‐", "\u00ad")) for line in [*above[-3:-1], *after]):
        return
    one, other = " ".join(line.text for line in before), " ".join(line.text for line in after)
    if len(one.split()) >= 6 and len(other.split()) >= 6:
        yield OverBreak(f"{one}\n{other}", (one, other), (last.page, start.page))


@dataclass(frozen=True)
class Book:
    """What was set: the words of the text in order, the places of notes in it, and the notes."""

    pdf: bytes
    columns: int
    words: Sequence[str]
    noted: Sequence[int]
    """Numbers of the words that have a note."""
    notes: Sequence[str]


def book(sentences: Sequence[str], columns: int, seed: int) -> Book:
    """Set sentences as a book with a note every few lines, running heads and feet.

    Args:
        sentences: of one language, without marks that mean something to Typst.
    """
    draw = random.Random(seed)
    words: list[str] = []
    noted: list[int] = []
    notes: list[str] = []
    source: list[str] = []
    chosen = list(sentences)
    draw.shuffle(chosen)
    while chosen and len(words) < 3500:
        sentence = chosen.pop()
        for word in sentence.split():
            words.append(word)
            source.append(word)
            if (
                chosen
                and len(words) - (noted[-1] if noted else 0) > _NOTE_EVERY
                and word.isalpha()
                and len(word) > 3
            ):
                noted.append(len(words) - 1)
                notes.append(chosen.pop())
                source[-1] += f"#footnote[{notes[-1]}]"
        if draw.random() < 0.2:
            source.append("\n\n")
    text = (
        "#set document(date: none)\n"
        f'#set page(width: {PAGE_WIDTH}pt, height: 560pt, margin: 50pt, numbering: "1", '
        f"columns: {columns}, header: [Jaarboek van de stad])\n"
        f"#set text(size: 10pt, hyphenate: false)\n#set par(justify: true)\n{' '.join(source)}\n"
    )
    return Book(typst.compile(text.encode()), columns, words, noted, notes)


def clean_sentences(text: str) -> list[str]:
    """The sentences of a text that can be set as they are."""
    return [sentence for sentence in _SENTENCE.findall(text) if "--" not in sentence]


def plain(text: str) -> str:
    """Letters and digits alone, to find a text that was broken into lines otherwise."""
    return re.sub(r"[\W_]+", "", text).lower()
