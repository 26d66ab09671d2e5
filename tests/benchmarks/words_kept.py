"""Words that other readers see on a page and ours has not, or the reverse: each needs a reason.

The others are pdfium, bare, and `pdftotext`. Words are compared by place (`word_places.py`). A reason is
never what our reader says of a word, but what the others, the file and the drawn page show: a word that we
leave out as hidden must not be seen where the page is drawn.
"""

import json
import re
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image
from rapidfuzz.distance import Levenshtein

from archive.errors import BadInputFile
from archive.records import Box, Page, Word
from ingest.drawn_words import Floats
from ingest.language.symbol_fonts import SIGNS
from ingest.ocr.tesseract import is_available, words_in
from ingest.pdf.coordinates import displayed
from ingest.read_document import read_document
from tests.benchmarks.word_places import (
    Place,
    Placed,
    letters_of,
    shared,
    without_accents,
    words_of_pdfium,
    words_of_pdftotext,
)

Reader = Literal["pdfium", "pdftotext", "ours"]

INVISIBLE_TEXT = "invisible"
NOT_SEEN = "not seen on the drawn page"
"""Reasons for which words are hidden."""

_DOTS_PER_INCH = 300
"""Of the drawn page, where a word is looked for that we leave out."""
_INK = 16
"""Of 255: less difference in a box shows no letters."""
_INSIDE = 0.5
"""Part of a word's box that lies in an annotation which shows it."""
_MEMORY, _CPU_SECONDS = 4 * 2**30, 600
"""Bytes and seconds for one file."""
_LINE_FOR_VALUE = re.compile(r"[._…]{2,}|…")


@dataclass(frozen=True, slots=True)
class Finding:
    """A word of one reader that the other one does not have as it is."""

    page: int
    reader: Reader
    """Whose word it is: theirs, which we may have lost, or ours, which we may have invented."""
    text: str
    box: Box
    reason: str
    """Why it is not there; empty if nothing explains it."""


@dataclass(slots=True)
class Comparison:
    """What comparing the words of a document gave."""

    words: Counter[Reader] = field(default_factory=Counter)
    apart: int = 0
    """Words of ours that stand apart from the text: running lines, stamps, numbers of lines."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def lost(self) -> list[Finding]:
        """Words that another reader has and ours has not, without a reason."""
        return [one for one in self.findings if one.reader != "ours" and not one.reason]

    @property
    def invented(self) -> list[Finding]:
        """Words that ours has and no other reader, without a reason."""
        return [one for one in self.findings if one.reader == "ours" and not one.reason]

    def reasons(self, is_ours: bool) -> Counter[str]:
        """How many words of theirs, or of ours, have which reason for not being with the other."""
        return Counter(
            one.reason for one in self.findings if one.reason and (one.reader == "ours") == is_ours
        )


def compare(path: Path) -> Comparison:
    """Compare the words of all pages of a PDF.

    Raises:
        BadInputFile: it cannot be read.
    """
    return compare_pages(path, read_document(path, 10_000, lambda done, total: None).pages)


def compare_pages(path: Path, pages: Iterable[Page]) -> Comparison:
    """Compare the words of these pages of a PDF."""
    found = Comparison()
    by_pdftotext = words_of_pdftotext(path)
    with pdfium.PdfDocument(path) as document:
        document.init_forms()
        for page in pages:
            try:
                loaded = document[page.number - 1]
            except pdfium.PdfiumError:
                continue  # our reader cannot load it either, and warns
            poppler = by_pdftotext[page.number - 1] if page.number <= len(by_pdftotext) else []
            Sheet(page, loaded, poppler).compare(found)
            loaded.close()
    return found


class Sheet:
    """One page with the words of the three readers."""

    def __init__(self, ours: Page, loaded: Any, by_pdftotext: list[Placed]) -> None:
        self._page = ours
        self._loaded = loaded
        self._words = [word for passage in ours.blocks for word in passage.words]
        parts = [
            (Placed(word.text, box), place) for place, word in enumerate(self._words) for box in word.boxes
        ]
        self._ours = Place([part for part, _ in parts], [place for _, place in parts])
        self._theirs: dict[Reader, Place] = {
            "pdfium": Place(words_of_pdfium(loaded)),
            "pdftotext": Place(by_pdftotext),
        }

    def compare(self, found: Comparison) -> None:
        """Add what comparing the words of this page gives."""
        running = [passage for passage in self._page.blocks if passage.kind == "running"]
        found.apart += sum(len(passage.words) for passage in running)
        found.words["ours"] += len(self._words)
        for word in self._words:
            if not any(place.has(word.text, word.boxes) for place in self._theirs.values()):
                self._elsewhere[letters_of(word.text)] += 1
                placed = Placed(word.text, word.boxes[0])
                found.findings.append(self._finding("ours", placed, self._why_new(word)))
        for reader, theirs in self._theirs.items():
            found.words[reader] += len(theirs.words)
            for placed in theirs.words:
                if not self._ours.has(placed.text, [placed.box]):
                    found.findings.append(self._finding(reader, placed, self._why_lost(reader, placed)))

    def _finding(self, reader: Reader, word: Placed, reason: str) -> Finding:
        return Finding(self._page.number, reader, word.text, word.box, reason)

    @cached_property
    def _elsewhere(self) -> Counter[str]:
        """Words of ours that are nowhere in the place of theirs."""
        return Counter()

    def _why_lost(self, reader: Reader, word: Placed) -> str:
        """Why a word of another reader is not in our text; empty if nothing tells."""
        reasons: dict[str, Callable[[Reader, Placed], bool]] = {
            "off the page": self._is_off,
            "no text": lambda _, word: not letters_of(word.text),
            "page read by OCR": lambda *_: self._page.source == "ocr",
            "line under a value": self._is_line_for_value,
            "sign of a symbol font": self._is_symbol,
            "accents": self._is_with_other_accents,
            "place differs": self._is_elsewhere,
            "read otherwise by pdfium": self._is_read_otherwise,
            INVISIBLE_TEXT: self._is_invisible,
            NOT_SEEN: lambda _, word: not self._is_seen(word),
        }
        return next((reason for reason, holds in reasons.items() if holds(reader, word)), "")

    def _is_off(self, _: Reader, word: Placed) -> bool:
        """Whether the middle of it is not on the page."""
        x0, y0, x1, y1 = word.box
        is_on = 0 <= (x0 + x1) / 2 <= self._page.width and 0 <= (y0 + y1) / 2 <= self._page.height
        return not is_on

    def _is_line_for_value(self, reader: Reader, word: Placed) -> bool:
        """Whether it is the line of dots of a form, and another word is printed over it."""
        theirs = self._theirs[reader]
        others = {theirs.words[row].text for row in theirs.at(word.box)}
        return bool(_LINE_FOR_VALUE.fullmatch(word.text)) and any(map(_has_letters, others))

    def _is_symbol(self, _: Reader, word: Placed) -> bool:
        """Whether ours has a sign there, of which the file says only its code in the font."""
        signs = [self._ours.words[row].text for row in self._ours.at(word.box)]
        return any(set(text) & SIGNS for text in signs) and len(letters_of(word.text)) <= 2

    def _is_with_other_accents(self, _: Reader, word: Placed) -> bool:
        """Whether only accents differ, which are drawn by themselves, or left out at a line end."""
        is_letter = bool(without_accents(letters_of(word.text)))
        return is_letter and self._ours.has(word.text, [word.box], without_accents)

    def _is_elsewhere(self, _: Reader, word: Placed) -> bool:
        """Whether ours has it, with a box that is nowhere near a word of theirs."""
        return self._elsewhere[letters_of(word.text)] > 0

    def _is_read_otherwise(self, reader: Reader, word: Placed) -> bool:
        """Whether pdfium reads other characters of the same font there, and ours has them."""
        if reader == "pdfium":
            return False
        pdfium_words = self._theirs["pdfium"]
        rows = pdfium_words.at(word.box)
        return bool(rows) and all(
            self._ours.has(pdfium_words.words[row].text, [pdfium_words.words[row].box]) for row in rows
        )

    def _is_invisible(self, _: Reader, word: Placed) -> bool:
        """Whether the file says that nothing of it is drawn."""
        rows = self._theirs["pdfium"].at(word.box)
        return bool(rows) and not any(self._theirs["pdfium"].words[row].is_drawn for row in rows)

    def _why_new(self, word: Word) -> str:
        """Why a word of ours is not in the text of another reader; empty if nothing tells."""
        reasons: dict[str, Callable[[Word], bool]] = {
            "page read by OCR": lambda _: self._page.source == "ocr",
            "sign of a symbol font": lambda word: bool(set(word.text) & SIGNS),
            "accents": lambda word: any(
                place.has(word.text, word.boxes, without_accents) for place in self._theirs.values()
            ),
            "form field or note": self._is_in_annotation,
            "place differs": self._is_elsewhere_with_them,
        }
        return next((reason for reason, holds in reasons.items() if holds(word)), "")

    def _is_elsewhere_with_them(self, word: Word) -> bool:
        """Whether another reader has it, with a box that is nowhere near a word of ours."""
        letters = letters_of(word.text)
        return any(
            letters_of(other.text) == letters and not self._ours.at(other.box)
            for theirs in self._theirs.values()
            for other in theirs.words
        )

    def _is_in_annotation(self, word: Word) -> bool:
        return any(shared(self._annotations, box).max(initial=0) >= _INSIDE for box in word.boxes)

    @cached_property
    def _annotations(self) -> Floats:
        """The boxes of what is drawn over the page."""
        boxes = []
        for place in range(raw.FPDFPage_GetAnnotCount(self._loaded.raw)):
            annotation, box = raw.FPDFPage_GetAnnot(self._loaded.raw, place), raw.FS_RECTF()
            raw.FPDFAnnot_GetRect(annotation, box)
            raw.FPDFPage_CloseAnnot(annotation)
            boxes.append((box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top)))
        return displayed(self._loaded, np.array(boxes, dtype=np.float64).reshape(-1, 4))

    def _is_seen(self, word: Placed) -> bool:
        """Whether the drawn page shows something at the place of a word that OCR reads as it."""
        looked_at = word.text, *map(round, word.box)  # both others have most words
        if looked_at not in self._seen:
            self._seen[looked_at] = self._is_read_there(word)
        return self._seen[looked_at]

    def _is_read_there(self, word: Placed) -> bool:
        scale = min(_DOTS_PER_INCH / 72, 8000 / max(self._page.width, self._page.height))
        margin = (word.box[3] - word.box[1]) / 4
        x0, y0, x1, y1 = (scale * side for side in np.add(word.box, [-margin, 0, margin, 0]))
        image = self._image(scale).crop((int(x0), int(y0), int(x1) + 1, int(y1) + 1))
        low, high = image.getextrema()
        if high - low < _INK:
            return False
        if not is_available():
            return True
        read = "".join(found.text for found in words_in(image, ("nl", "fr"), layout="block"))
        letters = letters_of(word.text)
        return Levenshtein.distance(read, letters) <= len(letters) / 2

    def _image(self, scale: float) -> Image.Image:
        if self._drawn is None:
            self._drawn = self._loaded.render(scale=scale).to_pil().convert("L")
        return self._drawn

    _drawn: Image.Image | None = None

    @cached_property
    def _seen(self) -> dict[tuple[str | int, ...], bool]:
        return {}


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))


def _report(path: Path) -> dict[str, Any]:
    """What comparing gave, or why the file cannot be read, for the process that asked."""
    try:
        found = compare(path)
    except BadInputFile as error:
        return {"refused": error.code}
    unexplained = [[one.page, one.reader, one.text] for one in [*found.lost, *found.invented]]
    return {
        "words": found.words,
        "apart": found.apart,
        "theirs": found.reasons(is_ours=False),
        "ours": found.reasons(is_ours=True),
        "lost": len(found.lost),
        "invented": len(found.invented),
        "unexplained": unexplained,
    }


if __name__ == "__main__":  # a process for each file, as some of them hang PDF engines or take all memory
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    print(json.dumps(_report(Path(sys.argv[1]))))
