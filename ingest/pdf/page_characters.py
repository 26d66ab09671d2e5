"""What pdfium says about the characters of a loaded page, by its raw interface, many at once.

A call into pdfium costs about a microsecond, most of it the crossing from Python. So callers ask for as few
characters as they can: the whole text takes one call, everything else one for each character.
"""

import ctypes
import re
from collections import deque
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw

from ingest.drawn_words import Floats, Integers, Mask
from ingest.pdf.pdfium_objects import entry

_unicode_of = entry("FPDFText_GetUnicode", ctypes.c_uint, ctypes.c_int)
_put_loose_box = entry("FPDFText_GetLooseCharBox", None, ctypes.c_int, ctypes.c_void_p)
_put_matrix = entry("FPDFText_GetMatrix", None, ctypes.c_int, ctypes.c_void_p)
_put_ink_box = entry("FPDFText_GetCharBox", ctypes.c_int, ctypes.c_int, *(ctypes.c_void_p,) * 4)
_object_of = entry("FPDFText_GetTextObject", ctypes.c_size_t, ctypes.c_int)
_font_size_of = entry("FPDFText_GetFontSize", ctypes.c_double, ctypes.c_int)
_font_of = entry("FPDFTextObj_GetFont", ctypes.c_size_t)

_is_unmapped = entry("FPDFText_HasUnicodeMapError", ctypes.c_int, ctypes.c_int)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
UNNAMED = 0x100000
"""Private characters from this one on stand for the codes below 32 of letters whose font has no names."""
_SMALL_SIGN = r"(?:[^\w\s]|[\u00b2\u00b3\u00b9\u2070-\u209c])"
_BREAK = re.compile(rf"\r\n(?:(?<=\S\r\n)(?={_SMALL_SIGN})|(?<={_SMALL_SIGN}\r\n)(?=\w))")
"""pdfium puts some within words at flat, high and low signs, such as hyphens, stops, quotation marks and the
figure of CO₂: it thinks that a page of one narrow column is written downwards."""
_TOUCHING = 0.2
"""Part of the font size by which characters of one word lie apart at most, either way."""
_RAISED = 0.15
"""Part of the font size."""
_TINY = 1e-6


class Characters:
    """The characters of one page, by their number in pdfium's text of it."""

    def __init__(self, page: Any) -> None:
        self._text_page = page.get_textpage()
        self._handle = ctypes.cast(self._text_page.raw, ctypes.c_void_p).value

    def close(self) -> None:
        self._text_page.close()

    def text(self) -> str:
        """The page's text with exactly one character for each of pdfium's."""
        count = raw.FPDFText_CountChars(self._text_page.raw)
        if count <= 0:
            return ""
        buffer = ctypes.create_string_buffer(2 * count + 2)
        raw.FPDFText_GetText(
            self._text_page.raw, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        )
        text = buffer.raw.decode("utf-16-le", "surrogatepass").rstrip("\0")
        if len(text) != count:
            # Characters that pdfium counts but leaves out of its text, or pairs that it counts once.
            codes = map(_unicode_of, repeat(self._handle), range(count))
            text = "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)
        text = self._without_false_breaks(text)
        # Control characters within a word must not part it: clean_word removes them, and those that are no
        # characters at all but the codes of letters without a name are told from each other.
        return _CONTROL.sub(lambda found: self._named(found.start(), found[0]), text)

    def _named(self, place: int, control: str) -> str:
        is_code = self.count_unmapped([place]) > 0
        return chr(UNNAMED + ord(control)) if is_code else "\u200b"

    def _without_false_breaks(self, text: str) -> str:
        """The text without line breaks between characters that touch each other on one line."""
        places = [found.start() for found in _BREAK.finditer(text)]
        if not places:
            return text
        before, after = np.array(places, dtype=np.int64) - 1, np.array(places, dtype=np.int64) + 2
        matrices = self.matrices(before)
        reach = _TOUCHING * np.abs(self.nominal_sizes(before) * matrices[:, 3])
        is_false = np.abs(matrices[:, 5] - self.matrices(after)[:, 5]) <= reach
        for place in np.flatnonzero(is_false).tolist():
            (left, right), at = self.loose_boxes(np.array([before[place], after[place]])), places[place]
            if abs(right[0] - left[2]) <= reach[place]:
                sign = "-" if self._is_inner_hyphen(text, at + 2, reach[place]) else text[at + 2]
                text = f"{text[:at]}\u200b\u200b{sign}{text[at + 3 :]}"
        return text

    def _is_inner_hyphen(self, text: str, place: int, reach: float) -> bool:
        """Whether pdfium takes for the hyphen of a broken word what stands within a word, on one line with
        what follows it."""
        if text[place] != "\ufffe" or not text[place + 1 : place + 2].isalnum():
            return False
        both = np.array([place, place + 1], dtype=np.int64)
        (hyphen, after), levels = self.loose_boxes(both), self.matrices(both)[:, 5]
        return bool(abs(after[0] - hyphen[2]) <= reach and abs(levels[0] - levels[1]) <= reach)

    def objects(self, characters: Integers) -> Integers:
        """For each character an identifier of the text object that draws it."""
        found = map(_object_of, repeat(self._handle), characters.tolist())
        return np.fromiter(found, dtype=np.int64, count=len(characters))

    def loose_boxes(self, characters: Integers) -> Floats:
        """For each character (x0, y0, x1, y1) in the page's own coordinates, y upwards."""
        boxes = np.zeros((len(characters), 4), dtype=np.float32)
        start = boxes.ctypes.data
        places = range(start, start + boxes.nbytes, 16)
        deque(map(_put_loose_box, repeat(self._handle), characters.tolist(), places), maxlen=0)
        return boxes[:, [0, 3, 2, 1]].astype(np.float64)

    def matrices(self, characters: Integers) -> Floats:
        """For each character its matrix (a, b, c, d, e, f), with e and f on the baseline."""
        matrices = np.zeros((len(characters), 6), dtype=np.float32)
        start = matrices.ctypes.data
        places = range(start, start + matrices.nbytes, 24)
        deque(map(_put_matrix, repeat(self._handle), characters.tolist(), places), maxlen=0)
        return matrices.astype(np.float64)

    def nominal_sizes(self, characters: Integers) -> Floats:
        """For each character its font size before its matrix scales it."""
        found = map(_font_size_of, repeat(self._handle), characters.tolist())
        return np.fromiter(found, dtype=np.float64, count=len(characters))

    def origin(self, character: int) -> float:
        """Where along an upright line a character begins, in the page's own coordinates."""
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self._text_page.raw, character, x, y)
        return x.value

    def count_unmapped(self, characters: Sequence[int]) -> int:
        """How many of the characters have no meaning that the file tells."""
        return sum(found == 1 for found in map(_is_unmapped, repeat(self._handle), characters))

    def ink_boxes(self, characters: Integers) -> Floats:
        """For each character the box of its ink (x0, y0, x1, y1), as `loose_boxes`."""
        edges = np.zeros((len(characters), 4), dtype=np.float64)
        start = edges.ctypes.data
        places = [range(start + offset, start + edges.nbytes, 32) for offset in (0, 8, 16, 24)]
        deque(map(_put_ink_box, repeat(self._handle), characters.tolist(), *places), maxlen=0)
        return edges[:, [0, 2, 1, 3]]

    def raised(self, characters: Integers) -> Mask:
        """For each character whether its ink begins well above the baseline of its font, in whatever quarter
        of a turn it is set."""
        matrices, ink = self.matrices(characters), self.ink_boxes(characters)
        up = matrices[:, 2:4]
        lengths = np.hypot(*up.T)
        # The corner of the ink that is lowest as the line runs.
        lowest = np.where(up >= 0, ink[:, :2], ink[:, 2:]) - matrices[:, 4:]
        rise = (lowest * up).sum(axis=1) / np.maximum(lengths, _TINY)
        is_square = np.abs(matrices[:, :2]).min(axis=1) <= _TINY * lengths
        is_high = rise > _RAISED * np.abs(self.nominal_sizes(characters)) * lengths
        return np.asarray(is_square & is_high)


def fonts_of(objects: Integers) -> list[int]:
    """For each text object an identifier of its font."""
    return list(map(_font_of, objects.tolist()))


def by_first_use(objects: Integers) -> tuple[Integers, Integers, Integers]:
    """The different text objects in the order in which they are met, where each is met first, and for each of
    `objects` which of them it is. Their addresses are in another order each time that a file is read."""
    unique, first_use, inverse = np.unique(objects, return_index=True, return_inverse=True)
    order = np.argsort(first_use)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return unique[order], first_use[order], rank[inverse]
