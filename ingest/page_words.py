"""The words of a loaded page, each with its box.

A page is read with a few calls into pdfium for each word instead of several for each character: its whole
text in one call, the boxes of the first and last character of each word, and the font and matrix of each
text object. Only words drawn by more than one text object are looked at character by character.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np

from ingest.characters import Characters, by_first_use, fonts_of
from ingest.clean import clean_word
from ingest.coordinates import displayed
from ingest.drawing import shapes
from ingest.drawn_letters import DrawnLetters, fonts_of_letters, unnamed_fonts, without_unnamed
from ingest.font_trust import FontTrust
from ingest.fonts import FontNumbers
from ingest.initials import INITIAL
from ingest.page_objects import fill_colors
from ingest.page_text import Floats, Integers, Mask, PageText, worth_keeping
from ingest.stamps import stamps_of
from ingest.symbol_fonts import SIGNS
from ingest.text_styles import TextStyles, set_heights
from ingest.typesetting import SUPERSCRIPTS, UNIT, second_layer, undone
from ingest.visibility import hidden_words

_SAMPLE = 50
"""Words of a page of which the first character is looked up in its font's map to Unicode."""

_WORD = re.compile(r"[^\s\ufffe]+\ufffe?|(?<!\S)\ufffe")
_LEADER_EDGE = re.compile(
    r"(?<=[^\s._…])(?=\.{8}|\.{4,}[^\s.]|_{3}|…{3})|(?<=\.{4})(?=[^\s._…])|(?<=_{3})(?=[^\s._…])|(?<=…{3})(?=[^\s._…])"
)
"""Where dots that lead to a page number, or the line that a form has for a value, begin or end."""

_NUMBER = re.compile(r"\d+")
_NOTE_BEFORE = re.compile(r"\d{1,3}(?=[^\W\d_])")
"""Digits at the beginning of a word; they may be the number of a note."""
_EXPONENT = re.compile(rf"(?<![^\W_]){UNIT}(?P<digit>[23])(?!\w)")
"""A digit after a unit; it may be an exponent."""
_DIGIT_HEIGHT = 0.7
"""Part of the font size."""
_TELLS = re.compile(r"[^\W_]")

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

_BASELINE_SHIFT = 0.5
"""Points: a character this much higher or lower starts a new word (a superscript), as in poppler."""
_GAP = 0.1
"""Part of the font size: a wider gap between two text objects parts words, as in poppler."""


class WordReader:
    """Reads the words of one loaded page."""

    def __init__(
        self, page: Any, fonts: FontNumbers, trust: FontTrust, has_layers: Callable[[], bool]
    ) -> None:
        self._page = page
        self._has_layers = has_layers
        self._fonts = fonts
        self._trust = trust
        self._characters = Characters(page)

    def read(self) -> PageText:
        """The words; to be called once."""
        try:
            return self._read()
        finally:
            self._characters.close()

    def _read(self) -> PageText:
        text = self._characters.text()
        spans = np.array([match.span() for match in _WORD.finditer(text)], dtype=np.int64).reshape(-1, 2)
        starts, objects, seams = self._draw_starts(spans)
        unique, first_use, inverse = by_first_use(objects)
        styles = TextStyles(
            matrices=self._characters.matrices(starts[first_use]),
            nominal_sizes=self._characters.nominal_sizes(starts[first_use]),
            fonts=fonts_of(unique),
            numbers=self._fonts,
        )
        unnamed = unnamed_fonts(self._characters, starts[first_use], styles.fonts)
        text = self._with_symbols(text, unique, styles)
        if len(seams):
            is_word = self._starts_word(text, starts, seams, inverse, styles)
            # The spans are in order and do not overlap: new starts and ends pair up when sorted.
            ends = np.sort(np.append(spans[:, 1], starts[seams[is_word[seams]]]))
            spans = np.stack([starts[is_word], ends], axis=1)
            inverse = inverse[is_word]
        text = self._with_exponents(text)
        raised = self._raised_numbers(text)
        spans, inverse = _parted(
            spans, inverse, [*_leader_edges(text), *(at for span in raised for at in span)]
        )
        words = [clean_word(text[start:end]) for start, end in spans.tolist()]
        if _ACCENT.search(text):
            for place, (start, end) in enumerate(spans.tolist()):
                if _ACCENT.search(text, start, end):
                    words[place] = clean_word(self._composed(text, start, end))
        is_raised = np.isin(spans[:, 0], [start for start, _ in raised])
        page = self._place(words, spans, styles, inverse, is_raised)
        numbers = dict(zip(unique.tolist(), styles.fonts.tolist(), strict=True))
        page.fonts = fonts_of_letters(self._characters, text, spans, page.fonts, numbers)
        sample = spans[:: max(1, len(spans) // _SAMPLE), 0].tolist()
        page.unmapped = self._characters.count_unmapped(sample) / max(1, len(sample))
        keep = worth_keeping(page)
        objects = unique[inverse]
        colors = fill_colors(unique)[inverse]

        def are_in_parts(rows: Integers) -> Mask:
            in_parts: Mask = self._characters.objects(spans[rows, 1] - 1) != objects[rows]
            return in_parts

        hidden, layer = hidden_words(self._page, page, objects, colors, are_in_parts, self._has_layers)
        page.hidden = sum(1 for row in np.flatnonzero(keep & hidden).tolist() if _TELLS.search(words[row]))
        keep &= ~hidden
        keep &= ~second_layer(page, keep & layer)
        page = page.take(keep)
        page.stamps = stamps_of(page, self._angles(styles)[inverse[keep]], colors[keep])
        is_stamp = page.stamps > 0
        if is_stamp.any():
            page = undone(page.take(~is_stamp)).followed_by(page.take(is_stamp))
        else:
            page = undone(page)
        page.boxes = np.clip(page.boxes, 0.0, [page.width, page.height, page.width, page.height])
        page.rules, page.frames = (displayed(self._page, boxes) for boxes in shapes(self._page))
        addresses = dict(zip(styles.fonts.tolist(), fonts_of(unique), strict=True))
        letters = DrawnLetters(self._page, self._characters, text, addresses)
        self._trust.look_at(page, letters.of, unnamed)
        return without_unnamed(page, self._trust.suspects(page))

    def _angles(self, styles: TextStyles) -> Floats:
        """Directions of writing on the page as displayed, in radians against the clock."""
        turned = math.radians(self._page.get_rotation())
        angles: Floats = np.arctan2(styles.matrices[:, 1], styles.matrices[:, 0]) - turned
        return angles

    def _draw_starts(self, spans: Integers) -> tuple[Integers, Integers, Integers]:
        """The characters with which a word begins, or within a word a text object; the text object of each;
        and which of them (indices) are within a word: there words may part."""
        starts, ends = spans[:, 0], spans[:, 1]
        first_objects = self._characters.objects(starts)
        is_mixed = first_objects != self._characters.objects(ends - 1)
        if not is_mixed.any():
            return starts, first_objects, np.empty(0, dtype=np.int64)
        mixed = spans[is_mixed].tolist()
        inner = np.array([place for span in mixed for place in range(*span)], dtype=np.int64)
        word_of = np.repeat(np.arange(len(mixed)), [end - start for start, end in mixed])
        inner_objects = self._characters.objects(inner)
        is_drawn = inner_objects != 0  # and not put in by pdfium
        inner, word_of, inner_objects = inner[is_drawn], word_of[is_drawn], inner_objects[is_drawn]
        is_seam = np.append(False, (np.diff(inner_objects) != 0) & (np.diff(word_of) == 0))[: len(inner)]
        seams = np.setdiff1d(inner[is_seam], starts)
        order = np.argsort(np.append(starts, seams))
        return (
            np.append(starts, seams)[order],
            np.append(first_objects, self._characters.objects(seams))[order],
            np.flatnonzero(order >= len(starts)),
        )

    def _with_symbols(self, text: str, objects: Integers, styles: TextStyles) -> str:
        """The text with what the characters of symbol fonts mean, one character for each."""
        symbols = {
            drawn: table for drawn, table in zip(objects.tolist(), styles.symbols, strict=True) if table
        }
        if not symbols:
            return text
        drawn_by = self._characters.objects(np.arange(len(text))).tolist()
        return "".join(
            symbols[drawn].get(ord(character), character) if drawn in symbols else character
            for character, drawn in zip(text, drawn_by, strict=True)
        )

    def _starts_word(
        self, text: str, starts: Integers, seams: Integers, style: Integers, styles: TextStyles
    ) -> Mask:
        """Whether a new word begins at each start: at a seam only if the direction, the baseline or a gap
        says so, or an initial, or a sign that is a word of its own."""
        before, after = style[seams - 1], style[seams]
        size = np.maximum(styles.sizes[before], styles.sizes[after])
        turns, row = styles.turns[after], np.arange(len(seams))
        # Along which axis the line runs, and whether down it.
        axis, sign = turns % 2, np.where(turns >= 2, -1, 1)
        edges = np.where(turns >= 2, 2, 0)
        begins = self._characters.loose_boxes(starts[seams])[row, axis + edges]
        ends = self._characters.loose_boxes(starts[seams] - 1)[row, axis + 2 - edges]
        gaps = sign * (begins - ends)
        shifts = np.abs(styles.matrices[before, 5 - axis] - styles.matrices[after, 5 - axis])
        is_word = np.ones(len(starts), dtype=np.bool_)
        is_word[seams] = turns >= 0
        is_word[seams] &= (shifts > _BASELINE_SHIFT) | (gaps > _GAP * size) | (gaps < -size)
        is_word[seams] |= styles.turns[before] != styles.turns[after]
        is_word[seams] |= size >= INITIAL * np.minimum(styles.sizes[before], styles.sizes[after])
        places = starts[seams].tolist()
        is_word[seams] |= np.array([(text[at] in SIGNS) != (text[at - 1] in SIGNS) for at in places])
        return is_word

    def _with_exponents(self, text: str) -> str:
        """The text with raised digits after units as exponents: km2 as km²."""
        places = np.array([found.start("digit") for found in _EXPONENT.finditer(text)], dtype=np.int64)
        if not len(places):
            return text
        letters = list(text)
        for place in places[self._characters.raised(places)].tolist():
            letters[place] = letters[place].translate(SUPERSCRIPTS)
        return "".join(letters)

    def _raised_numbers(self, text: str) -> list[tuple[int, int]]:
        """First and last characters of the numbers of notes that are set as raised digits of the text's own
        font and size, glued to a word: "2014" and a raised "1" are no 20141."""
        spans = []
        for number in _NUMBER.finditer(text):
            start, end = number.span()
            is_glued_behind = start > 0 and not text[start - 1].isspace()
            if is_glued_behind or end - start > 1 or _NOTE_BEFORE.match(text, start):
                spans.append((start, end))
        ends = np.array([end - 1 for _, end in spans], dtype=np.int64)
        found = []
        for place in np.flatnonzero(self._characters.raised(ends)).tolist():
            start, end = spans[place]
            raised = self._characters.raised(np.arange(start, end))
            first = end - 1
            while first > start and raised[first - start - 1]:
                first -= 1
            found.append((first, end))
        return found

    def _composed(self, text: str, start: int, end: int) -> str:
        """A word in which accents that are drawn over a letter are one with it."""
        boxes = self._characters.loose_boxes(np.arange(start, end))
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

    def _place(
        self, words: list[str], spans: Integers, styles: TextStyles, style: Integers, is_raised: Mask
    ) -> PageText:
        """Give each word its box on the page as displayed; to raised numbers that of their ink."""
        first, last = self._characters.loose_boxes(spans[:, 0]), self._characters.loose_boxes(spans[:, 1] - 1)
        boxes = np.concatenate(
            [np.minimum(first[:, :2], last[:, :2]), np.maximum(first[:, 2:], last[:, 2:])], axis=1
        )
        heights, turns = styles.heights[style], styles.turns[style]
        set_heights(boxes, styles.matrices[style], heights, turns)
        descents, sizes = -heights[:, 0], styles.sizes[style]
        for row in np.flatnonzero(is_raised).tolist():
            ink = self._characters.ink_boxes(np.arange(*spans[row]))
            boxes[row] = [*ink[:, :2].min(axis=0), *ink[:, 2:].max(axis=0)]
            descents[row] = 0.0
            wide, high = boxes[row, 2:] - boxes[row, :2]
            sizes[row] = (wide if turns[row] % 2 else high) / _DIGIT_HEIGHT
        left, bottom, right, top = self._page.get_bbox()
        rotation = self._page.get_rotation() // 90
        is_sideways = rotation % 2 == 1
        return PageText(
            width=top - bottom if is_sideways else right - left,
            height=right - left if is_sideways else top - bottom,
            texts=words,
            boxes=displayed(self._page, boxes),
            descents=descents,
            sizes=sizes,
            bold=styles.bold[style],
            turns=np.where(turns < 0, turns, (turns - rotation) % 4),
            faces=styles.faces[style],
            fonts=styles.fonts[style],
        )


def _leader_edges(text: str) -> list[int]:
    """Where lines for values, and dots that lead to a page number, part from what they are glued to."""
    if "...." not in text and "___" not in text and "………" not in text:
        return []
    return [found.start() for found in _LEADER_EDGE.finditer(text)]


def _parted(spans: Integers, style: Integers, cuts: list[int]) -> tuple[Integers, Integers]:
    """The words and their styles, after words are cut at these characters."""
    if not cuts:
        return spans, style
    places = np.setdiff1d(np.array(cuts, dtype=np.int64), spans)
    words = np.searchsorted(spans[:, 0], places) - 1
    starts = np.insert(spans[:, 0], words + 1, places)
    ends = np.insert(spans[:, 1], words, places)
    return np.stack([starts, ends], axis=1), np.insert(style, words, style[words])
