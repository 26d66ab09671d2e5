"""The words that a reader has on a page, to be asked for by place.

What one reader has in a box must be said by the words that the other has there, whatever is parted or put
together; so a word that stands twice on a page must be there twice.
"""

import html
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from archive.records import Box
from ingest.drawn_words import Floats
from ingest.pdf.coordinates import displayed
from ingest.pdf.page_characters import Characters
from ingest.pdf.pdfium_objects import INVISIBLE, render_modes

_SAME_INK = 0.3
"""Part of the smaller of two boxes that they share when the same letters may stand in both."""
_HYPHENS = re.compile("[-\u00ad\u2010\u2011\ufffe\x02]")
_PDFIUM_WORD = re.compile(r"[^\s\ufffe]+")
"""It puts a mark where it takes a hyphen at a line end away."""
_BBOX = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
_NO_TEXT = re.compile(
    "[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff0-\ufffc\uffff]"
)
_ACCENTS = re.compile("[´`¨ˆ^˜¸]")


class Placed(NamedTuple):
    """A word and its box: points, origin top left of the displayed page."""

    text: str
    box: Box
    is_drawn: bool = True
    """Whether the file says that it is filled or stroked; pdftotext does not tell."""


def words_of_pdftotext(path: Path) -> list[list[Placed]]:
    """The words of each page by poppler; nothing if it cannot read the file."""
    command = ["pdftotext", "-bbox", "-cropbox", str(path), "-"]
    try:
        run = subprocess.run(command, capture_output=True, check=True, timeout=120)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return []
    return [
        [Placed(html.unescape(text), tuple(map(float, box))) for *box, text in _BBOX.findall(page)]
        for page in run.stdout.decode("utf-8", "replace").split("<page ")[1:]
    ]


def words_of_pdfium(page: Any) -> list[Placed]:
    """The words of a loaded page as pdfium has them."""
    characters = Characters(page)
    try:
        text = characters.text()
        boxes = displayed(page, characters.loose_boxes(np.arange(len(text))))
        found = []
        for match in _PDFIUM_WORD.finditer(text):
            part = boxes[match.start() : match.end()]
            box = (*part[:, :2].min(axis=0).tolist(), *part[:, 2:].max(axis=0).tolist())
            mode = render_modes(characters.objects(np.array([match.start()])))[0]
            found.append(Placed(match[0], box, mode != INVISIBLE))
        return found
    finally:
        characters.close()


class Place:
    """The words of one reader of a page, to be asked for by place."""

    def __init__(self, words: Sequence[Placed], wholes: Sequence[int] | None = None) -> None:
        """`wholes` has for each the number of the word that it is a part of."""
        self.words = words
        self._texts = [letters_of(word.text) for word in words]
        self._boxes = np.array([word.box for word in words], dtype=np.float64).reshape(-1, 4)
        self._wholes = list(range(len(words))) if wholes is None else wholes

    def at(self, box: Box) -> list[int]:
        """The words whose boxes share a good part with this one."""
        return np.flatnonzero(shared(self._boxes, box) >= _SAME_INK).tolist()

    def said(self, boxes: Sequence[Box]) -> Iterator[str]:
        """What stands in these boxes, in each order in which it may be read: as given, along and down."""
        rows = [row for box in boxes for row in self._on_line(box)]
        yield self._joined(rows)
        everywhere = sorted({row for box in boxes for row in self.at(box)})
        for order in ([0], [1], [3]):
            yield self._joined(sorted(everywhere, key=lambda row: self._boxes[row, order].tolist()))
        yield self._joined(sorted(everywhere, key=lambda row: -self._boxes[row, 3]))
        yield self._joined(everywhere)

    def has(self, text: str, boxes: Sequence[Box], fold: Callable[[str], str] = str) -> bool:
        """Whether the letters of a word stand in its boxes; a hyphen at a line end may be there or not."""
        letters = fold(letters_of(text))
        ends = letters.rstrip("-") or letters
        is_broken = len(boxes) > 1
        for said in map(fold, self.said(boxes)):
            if ends in said or (is_broken and letters.replace("-", "") in said.replace("-", "")):
                return True
        return self._has_pieces(letters, boxes, fold)

    def _has_pieces(self, letters: str, boxes: Sequence[Box], fold: Callable[[str], str]) -> bool:
        """Whether letters are the end of one word and the start of another, of which one is broken: only part
        of what it says stands in these boxes."""
        rows = {row for box in boxes for row in self.at(box)}
        if not any(self._wholes.count(self._wholes[row]) > 1 for row in rows):
            return False
        texts = {fold(self._texts[row]) for row in rows}
        return any(
            any(letters[:cut] in text for text in texts) and any(letters[cut:] in text for text in texts)
            for cut in range(2, len(letters) - 1)
        )

    def _on_line(self, box: Box) -> list[int]:
        """The words in a box whose middle is on its line, from left to right."""
        middle, half = (box[1] + box[3]) / 2, (box[3] - box[1]) / 2
        rows = [row for row in self.at(box) if abs(self._boxes[row, [1, 3]].mean() - middle) <= half]
        return sorted(rows, key=lambda row: float(self._boxes[row, 0]))

    def _joined(self, rows: Sequence[int]) -> str:
        """The letters of these rows, of a word in several parts once."""
        seen: dict[int, str] = {}
        for row in rows:
            seen.setdefault(self._wholes[row], self._texts[row])
        return "".join(seen.values())


def letters_of(text: str) -> str:
    """What is read of a word: signs of one meaning made one, what is no text left out."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _HYPHENS.sub("-", _NO_TEXT.sub("", unicodedata.normalize("NFKC", text)))


def without_accents(letters: str) -> str:
    """Letters without their accents, also those that are characters of their own."""
    apart = unicodedata.normalize("NFD", _ACCENTS.sub("", letters))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def shared(boxes: Floats, box: Box) -> Floats:
    """The part that each box shares with this one, of the smaller of the two."""
    wide = np.minimum(boxes[:, 2], box[2]) - np.maximum(boxes[:, 0], box[0])
    high = np.minimum(boxes[:, 3], box[3]) - np.maximum(boxes[:, 1], box[1])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    smaller = np.maximum(np.minimum(areas, (box[2] - box[0]) * (box[3] - box[1])), 0.01)
    parts: Floats = np.maximum(wide, 0) * np.maximum(high, 0) / smaller
    return parts
