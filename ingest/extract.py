"""Open a PDF and take from a page its words, each with its box: pdfium's raw interface, in bulk.

A call into pdfium costs about a microsecond, most of it the crossing from Python, so a page is read with
a few calls for each word instead of several for each character: its whole text in one call, the boxes of
the first and last character of each word, and the font and matrix of each text object. Only words drawn
by more than one text object are looked at character by character.
"""

import ctypes
import math
import re
import unicodedata
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from ingest.clean import clean, clean_word
from ingest.drawing import entry, is_hidden, look_at, rules
from ingest.errors import Damaged, Encrypted
from ingest.fonts import FontNumbers
from ingest.page_text import Drawing, Floats, Integers, Mask, PageText, may_hold_table, worth_keeping
from ingest.typesetting import undone


class PageUnreadable(Exception):
    """pdfium cannot load this page; the other pages of the document may be fine."""


class PdfFile:
    """An open PDF. Pages are numbered from 1 and are loaded and let go one at a time.

    Raises:
        Encrypted: the file asks for a password.
        Damaged: pdfium cannot open it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
                raise Encrypted("The file is protected with a password.") from error
            raise Damaged("The file is too damaged to be opened as a PDF.") from error
        self._fonts = FontNumbers()

    def __enter__(self) -> "PdfFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    @property
    def is_repaired(self) -> bool:
        """Whether pdfium had to rebuild the file's table of objects, so that pages may be missing."""
        return not raw.FPDF_DocumentHasValidCrossReferenceTable(self._document.raw)

    @property
    def metadata_title(self) -> str:
        """The title in the document information dictionary, cleaned; often not a title at all."""
        return " ".join(clean(self._document.get_metadata_value("Title")).split())

    def label(self, number: int) -> str:
        """The page's label in /PageLabels; empty if the file gives none."""
        return " ".join(clean(self._document.get_page_label(number - 1)).split())

    def text(self, number: int) -> PageText:
        """The words of a page.

        Raises:
            PageUnreadable: pdfium cannot load the page.
        """
        with self._page(number) as page:
            self._fonts.begin_page()
            return _Words(page, self._fonts).read()

    def drawing(self, number: int) -> Drawing:
        """What a page shows besides its text.

        Raises:
            PageUnreadable: pdfium cannot load the page.
        """
        with self._page(number) as page:
            return look_at(page)

    def image(self, number: int, long_side: int) -> Image.Image:
        """The page as displayed, drawn with `long_side` pixels on its longer side.

        Raises:
            PageUnreadable: pdfium cannot load or draw the page.
        """
        with self._page(number) as page:
            side = max(page.get_size())
            if not 0 < side < math.inf:
                raise PageUnreadable(f"page {number} has no size")
            try:
                image: Image.Image = page.render(scale=long_side / side).to_pil().convert("RGB")
            except (pdfium.PdfiumError, ValueError, MemoryError) as error:
                raise PageUnreadable(f"page {number} cannot be drawn") from error
            return image

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise PageUnreadable(f"page {number} cannot be loaded") from error
        try:
            yield page
        finally:
            page.close()


def count_pages_with_pdfplumber(path: Path) -> int:
    """How many pages pdfplumber finds: a second opinion on damaged files, of which it may hang on some.

    Raises:
        Exception: any, on a file that it cannot read.
    """
    import pdfplumber  # a quarter of a second that other uses of this module need not spend

    with pdfplumber.open(path) as document:
        return len(document.pages)


_unicode_of = entry("FPDFText_GetUnicode", ctypes.c_uint, ctypes.c_int)
_put_loose_box = entry("FPDFText_GetLooseCharBox", None, ctypes.c_int, ctypes.c_void_p)
_put_matrix = entry("FPDFText_GetMatrix", None, ctypes.c_int, ctypes.c_void_p)
_object_of = entry("FPDFText_GetTextObject", ctypes.c_size_t, ctypes.c_int)
_font_size_of = entry("FPDFText_GetFontSize", ctypes.c_double, ctypes.c_int)
_font_of = entry("FPDFTextObj_GetFont", ctypes.c_size_t)

_is_unmapped = entry("FPDFText_HasUnicodeMapError", ctypes.c_int, ctypes.c_int)


_GAP_AT_LEADER = 0.03
"""Where dots that lead to a page number begin or end."""

_SAMPLE = 50
"""Words of a page of which the first character is looked up in its font's map to Unicode."""

_WORD = re.compile(r"[^\s\ufffe]+\ufffe?")
_LEADER_EDGE = re.compile(r"(?<=[^\s.])(?=\.{4})|(?<=\.{4})(?=[^\s.])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")

_NOTE_NUMBER = re.compile(
    r"(?<=[^\W\d_][\w.,;:!?»”’)])(?P<after>\d{1,3})(?=\s|$)|(?<!\S)(?P<before>\d{1,3})(?=[^\W\d_]{2})"
)
"""Digits at the end or the beginning of a word; they may be the number of a note."""
_UNIT = re.compile(r"(?:\s|\d|^)[kcdmh]?m$")
_RAISED = 0.15
"""Part of the font size."""

_COMBINING = {
    "´": "\u0301",
    "`": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "¸": "\u0327",
}
"""Accents that fonts without accented letters draw over or under a letter."""
_ACCENT = re.compile("[" + re.escape("".join(_COMBINING)) + "]")
_OVER = 0.35
"""Part of a letter's width that an accent over it is off its middle at most."""

_STANDARD_FONTS = (
    (rb"Helvetica|Arial(MT|[,-]|$)", -0.207, 0.718),
    (rb"Times(-|$)|TimesNewRoman", -0.217, 0.683),
    (rb"Courier(-|$)|CourierNew", -0.157, 0.629),
)
"""Descent and ascent of the standard fonts by Adobe's metrics, for when the file leaves them to the reader:
what it says of them then comes from another face of that name."""

_SUBSET = re.compile(rb"^[A-Z]{6}\+")
"""Before the name of a font of which the file holds only the letters that it needs."""

_BASELINE_SHIFT = 0.5
"""Points: a character this much higher or lower starts a new word (a superscript), as in poppler."""
_GAP = 0.1
"""Part of the font size: a wider gap between two text objects parts words, as in poppler."""


class _Words:
    """Reads the words of one loaded page."""

    def __init__(self, page: Any, fonts: FontNumbers) -> None:
        self._page = page
        self._fonts = fonts
        self._text_page = page.get_textpage()
        self._handle = ctypes.cast(self._text_page.raw, ctypes.c_void_p).value

    def read(self) -> PageText:
        try:
            return self._read()
        finally:
            self._text_page.close()

    def _read(self) -> PageText:
        text = self._text()
        spans = np.array([match.span() for match in _WORD.finditer(text)], dtype=np.int64).reshape(-1, 2)
        edges = _leader_edges(text)
        starts, objects, seams = self._draw_starts(spans, edges)
        unique, first_use, inverse = np.unique(objects, return_index=True, return_inverse=True)
        styles = _Styles(
            matrices=self._matrices(starts[first_use]),
            nominal_sizes=self._nominal_sizes(starts[first_use]),
            fonts=list(map(_font_of, unique.tolist())),
            numbers=self._fonts,
        )
        if len(seams):
            is_word = self._starts_word(starts, seams, inverse, styles, edges)
            # The spans are in order and do not overlap: new starts and ends pair up when sorted.
            ends = np.sort(np.append(spans[:, 1], starts[seams[is_word[seams]]]))
            spans = np.stack([starts[is_word], ends], axis=1)
            inverse = inverse[is_word]
        spans, inverse = self._parted_from_notes(text, spans, inverse)
        words = [clean_word(text[start:end]) for start, end in spans.tolist()]
        if _ACCENT.search(text):
            for place, (start, end) in enumerate(spans.tolist()):
                if _ACCENT.search(text, start, end):
                    words[place] = clean_word(self._composed(text, start, end))
        page = self._place(words, spans, styles, inverse)
        sample = spans[:: max(1, len(spans) // _SAMPLE), 0].tolist()
        unmapped = sum(found == 1 for found in map(_is_unmapped, repeat(self._handle), sample))
        page.unmapped = unmapped / max(1, len(sample))
        hidden = is_hidden(self._page, unique.tolist())
        page = undone(page.take(worth_keeping(page) & ~hidden[inverse]))
        page.boxes = np.clip(page.boxes, 0.0, [page.width, page.height, page.width, page.height])
        if may_hold_table(page):
            page.rules = self._displayed(rules(self._page))
        return page

    def _draw_starts(self, spans: Integers, edges: Integers) -> tuple[Integers, Integers, Integers]:
        """The characters with which a word begins, or within a word a text object or one of `edges`; the
        text object of each; and which of them (indices) are within a word: there words may part."""
        starts, ends = spans[:, 0], spans[:, 1]
        first_objects = self._objects(starts)
        is_mixed = first_objects != self._objects(ends - 1)
        if not is_mixed.any() and not len(edges):
            return starts, first_objects, edges
        inner = np.array(
            [place for span in spans[is_mixed].tolist() for place in range(*span)], dtype=np.int64
        )
        inner_objects = self._objects(inner)
        is_seam = np.append(False, (np.diff(inner_objects) != 0) & (np.diff(inner) == 1))[: len(inner)]
        seams = np.setdiff1d(np.append(inner[is_seam], edges), starts)
        order = np.argsort(np.append(starts, seams))
        return (
            np.append(starts, seams)[order],
            np.append(first_objects, self._objects(seams))[order],
            np.flatnonzero(order >= len(starts)),
        )

    def _starts_word(
        self, starts: Integers, seams: Integers, style: Integers, styles: "_Styles", edges: Integers
    ) -> Mask:
        """Whether a new word begins at each start: at a seam only if the baseline or a gap says so."""
        least_gaps = np.where(np.isin(starts[seams], edges), _GAP_AT_LEADER, _GAP)
        before, after = style[seams - 1], style[seams]
        gaps = self._loose_boxes(starts[seams])[:, 0] - self._loose_boxes(starts[seams] - 1)[:, 2]
        size = np.maximum(styles.sizes[before], styles.sizes[after])
        is_word = np.ones(len(starts), dtype=np.bool_)
        is_word[seams] = (styles.turns[before] == 0) & (styles.turns[after] == 0)
        is_word[seams] &= (
            (np.abs(styles.matrices[before, 5] - styles.matrices[after, 5]) > _BASELINE_SHIFT)
            | (gaps > least_gaps * size)
            | (gaps < -size)
        )
        return is_word

    def _parted_from_notes(self, text: str, spans: Integers, style: Integers) -> tuple[Integers, Integers]:
        """The words and their styles, raised note numbers parted from the words that they are glued to."""
        cuts = [
            number.start("after") if number["after"] else number.end("before")
            for number in _NOTE_NUMBER.finditer(text)
            if self._is_raised(number.start("after") if number["after"] else number.start("before"))
            and not _UNIT.search(text, 0, number.start())
        ]
        if not cuts:
            return spans, style
        words = np.searchsorted(spans[:, 0], cuts) - 1
        starts = np.insert(spans[:, 0], words + 1, cuts)
        ends = np.insert(spans[:, 1], words, cuts)
        return np.stack([starts, ends], axis=1), np.insert(style, words, style[words])

    def _composed(self, text: str, start: int, end: int) -> str:
        """A word in which accents that are drawn over a letter are one with it."""
        boxes = self._loose_boxes(np.arange(start, end))
        middles = ((boxes[:, 0] + boxes[:, 2]) / 2).tolist()
        letters = list(text[start:end])
        for place, letter in enumerate(text[start:end]):
            if letter not in _COMBINING:
                continue
            near = [other for other in (place - 1, place + 1) if 0 <= other < len(letters)]
            base = min(near, key=lambda other: abs(middles[other] - middles[place]), default=place)
            width = boxes[base, 2] - boxes[base, 0]
            whole = unicodedata.normalize("NFC", letters[base][:1] + _COMBINING[letter])
            if abs(middles[base] - middles[place]) < _OVER * width and len(whole) == 1:
                letters[base], letters[place] = whole, ""
        return "".join(letters)

    def _is_raised(self, character: int) -> bool:
        """Whether the ink of a character begins well above the baseline of its font."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(self._text_page.raw, character, left, right, bottom, top)
        place = np.array([character])
        matrix, size = self._matrices(place)[0], self._nominal_sizes(place)[0]
        height = abs(size) * math.hypot(matrix[2], matrix[3])
        return bool(matrix[1] == 0 and bottom.value - matrix[5] > _RAISED * height)

    def _text(self) -> str:
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
        # Control characters within a word must not part it: clean_word removes them.
        return _CONTROL.sub("\u200b", text)

    def _objects(self, characters: Integers) -> Integers:
        """For each character an identifier of the text object that draws it."""
        found = map(_object_of, repeat(self._handle), characters.tolist())
        return np.fromiter(found, dtype=np.int64, count=len(characters))

    def _loose_boxes(self, characters: Integers) -> Floats:
        """For each character (x0, y0, x1, y1) in the page's own coordinates, y upwards."""
        boxes = np.zeros((len(characters), 4), dtype=np.float32)
        start = boxes.ctypes.data
        places = range(start, start + boxes.nbytes, 16)
        deque(map(_put_loose_box, repeat(self._handle), characters.tolist(), places), maxlen=0)
        return boxes[:, [0, 3, 2, 1]].astype(np.float64)

    def _matrices(self, characters: Integers) -> Floats:
        """For each character its matrix (a, b, c, d, e, f), with e and f on the baseline."""
        matrices = np.zeros((len(characters), 6), dtype=np.float32)
        start = matrices.ctypes.data
        places = range(start, start + matrices.nbytes, 24)
        deque(map(_put_matrix, repeat(self._handle), characters.tolist(), places), maxlen=0)
        return matrices.astype(np.float64)

    def _nominal_sizes(self, characters: Integers) -> Floats:
        """For each character its font size before its matrix scales it."""
        found = map(_font_size_of, repeat(self._handle), characters.tolist())
        return np.fromiter(found, dtype=np.float64, count=len(characters))

    def _place(self, words: list[str], spans: Integers, styles: "_Styles", style: Integers) -> PageText:
        """Give each word its box on the page as displayed."""
        first, last = self._loose_boxes(spans[:, 0]), self._loose_boxes(spans[:, 1] - 1)
        boxes = np.concatenate(
            [np.minimum(first[:, :2], last[:, :2]), np.maximum(first[:, 2:], last[:, 2:])], axis=1
        )
        heights, turns = styles.heights[style], styles.turns[style]
        _set_heights(boxes, styles.matrices[style], heights, turns)
        left, bottom, right, top = self._page.get_bbox()
        rotation = self._page.get_rotation() // 90
        is_sideways = rotation % 2 == 1
        return PageText(
            width=top - bottom if is_sideways else right - left,
            height=right - left if is_sideways else top - bottom,
            texts=words,
            boxes=self._displayed(boxes),
            descents=-heights[:, 0],
            sizes=styles.sizes[style],
            bold=styles.bold[style],
            turns=np.where(turns < 0, turns, (turns - rotation) % 4),
            faces=styles.faces[style],
            fonts=styles.fonts[style],
        )

    def _displayed(self, boxes: Floats) -> Floats:
        """Boxes of the page's own coordinates (y upwards), as displayed: origin top left, after /Rotate."""
        left, bottom, right, top = self._page.get_bbox()
        x0, y0, x1, y1 = boxes.T
        turned = (
            (x0 - left, top - y1, x1 - left, top - y0),
            (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
            (right - x1, y0 - bottom, right - x0, y1 - bottom),
            (top - y1, right - x1, top - y0, right - x0),
        )
        return np.stack(turned[self._page.get_rotation() // 90], axis=1)


class _Styles:
    """How text objects draw: one row each."""

    def __init__(
        self, matrices: Floats, nominal_sizes: Floats, fonts: list[int], numbers: FontNumbers
    ) -> None:
        self.matrices = matrices
        """(a, b, c, d, e, f), with (e, f) on the baseline."""
        self.sizes = np.abs(nominal_sizes) * np.hypot(matrices[:, 2], matrices[:, 3])
        """Points."""
        self.turns = _quarter_turns(matrices)
        known = {font: _metrics(font) for font in set(fonts)}
        metrics = [known[font] for font in fonts]
        relative = np.array([(metric.descent, metric.ascent) for metric in metrics], dtype=np.float64)
        self.heights = relative.reshape(-1, 2) * self.sizes[:, None]
        """Descent and ascent in points, from the baseline upwards."""
        self.bold = np.array([metric.is_bold for metric in metrics], dtype=np.bool_)
        self.faces = np.array([metric.face for metric in metrics], dtype=np.int64)
        number_of = {font: numbers.number(font) for font in known}
        self.fonts = np.array([number_of[font] for font in fonts], dtype=np.int64)


class _Metrics(NamedTuple):
    """What counts of a font."""

    descent: float
    ascent: float
    """Parts of the font size."""
    is_bold: bool
    face: int
    """A number for its name; that of its address if it has none, as fonts of drawn letters."""


def _metrics(address: int) -> _Metrics:
    if not address:
        return _Metrics(0.0, 0.0, False, 0)
    font = ctypes.cast(address, raw.FPDF_FONT)
    buffer = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    name = buffer.value
    is_bold = bool(re.search(rb"(?i)bold|black|heavy|demi", name))
    face = zlib.crc32(_SUBSET.sub(b"", name)) if name else address
    if not raw.FPDFFont_GetIsEmbedded(font):
        for pattern, descent, ascent in _STANDARD_FONTS:
            if re.match(pattern, name):
                return _Metrics(descent, ascent, is_bold, face)
    low, high = ctypes.c_float(), ctypes.c_float()
    raw.FPDFFont_GetDescent(font, 1.0, low)
    raw.FPDFFont_GetAscent(font, 1.0, high)
    return _Metrics(low.value, high.value, is_bold, face)


def _leader_edges(text: str) -> Integers:
    """Where dots that lead to a page number begin and end, for a gap may part them from it."""
    places = [match.start() for match in _LEADER_EDGE.finditer(text)] if "...." in text else []
    return np.array(places, dtype=np.int64)


def _quarter_turns(matrices: Floats) -> Integers:
    """Direction of writing of each matrix: quarter turns against the clock, -1 if between two."""
    angles = np.arctan2(matrices[:, 1], matrices[:, 0]) / (math.pi / 2)
    nearest = np.rint(angles)
    return np.where(np.abs(angles - nearest) < 0.07, nearest % 4, -1).astype(np.int64)


def _set_heights(boxes: Floats, matrices: Floats, heights: Floats, turns: Integers) -> None:
    """Let boxes of upright and turned words reach from the font's descent to its ascent."""
    extent = heights[:, 1] - heights[:, 0]
    size = np.maximum(extent, 1e-6)
    is_sane = (extent > 0) & (heights[:, 1] < 3 * size)
    for turn, (axis, sign) in enumerate(((1, 1), (0, -1), (1, -1), (0, 1))):
        rows = is_sane & (turns == turn)
        if not rows.any():
            continue
        baseline = matrices[rows, 5 if axis == 1 else 4]
        edges = np.sort(baseline[:, None] + sign * heights[rows], axis=1)
        boxes[rows, axis], boxes[rows, axis + 2] = edges[:, 0], edges[:, 1]
