"""The words of a loaded page, each with its box.

A page is read with a few calls into pdfium for each word instead of several for each character: its whole
text in one call, the boxes of the first and last character of each word, and the font and matrix of each text
object. Only words drawn by more than one text object are read character by character.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from ingest.drawn_words import Floats, Integers, Mask, PageText, worth_keeping
from ingest.fonts.drawn_letters import DrawnLetters, fonts_of_letters, unnamed_fonts, without_unnamed
from ingest.fonts.font_numbers import FontNumbers
from ingest.fonts.font_trust import FontTrust
from ingest.language.clean_characters import clean_word
from ingest.language.symbol_fonts import SIGNS
from ingest.layout.initials import INITIAL
from ingest.page.stamps import stamps_of
from ingest.page.text_styles import TextStyles, set_heights
from ingest.page.typesetting import SUPERSCRIPTS, UNIT, second_layer, undone
from ingest.page.visibility import hidden_words
from ingest.pdf.coordinates import displayed
from ingest.pdf.page_characters import Characters, by_first_use, fonts_of
from ingest.pdf.page_objects import fill_colors
from ingest.pdf.pdfium_objects import PageObjects, shapes

_SAMPLE = 50
"""Size of the sample of words for which it is tested whether the file names their first character."""

_WORD = re.compile(r"[^\s\ufffe]+\ufffe?|(?<!\S)\ufffe")
_LEADER_EDGE = re.compile(
    r"(?<=[^\s._…])(?=\.{8}|\.{4,}[^\s.]|_{3}|…{3})|(?<=\.{4})(?=[^\s._…])|(?<=_{3})(?=[^\s._…])|(?<=…{3})(?=[^\s._…])"
)
"""The beginnings and ends of dots that lead to a page number, and of lines in a form on which a value is
entered."""

_NUMBER = re.compile(r"\d+")
_NOTE_BEFORE = re.compile(r"\d{1,3}(?=[^\W\d_])")
"""Digits at the beginning of a word, which may be the number of a note."""
_EXPONENT = re.compile(rf"(?<![^\W_]){UNIT}(?P<digit>[23])(?!\w)")
"""A digit after a unit, which may be an exponent."""
_ENDS_OF_EXPONENTS = tuple(letter + digit for letter in "mahs" for digit in "23")
"""One of these is in every text with an exponent; hardly a page has one."""
_DIGIT_HEIGHT = 0.7
"""Height of a digit, as a part of the font size."""
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
"""Greatest distance of an accent from the middle of its letter, as a part of the width of the letter."""

_BASELINE_SHIFT = 0.5
"""Points: a character this much higher or lower starts a new word (a superscript), as in poppler."""
_GAP = 0.1
"""Part of the font size: a wider gap between two text objects separates words, as in poppler."""


class _Starts(NamedTuple):
    """The characters with which a word, or another text object within a word, begins; in the order of the
    text."""

    characters: Integers
    """Shape (starts,)."""
    objects: Integers
    """Shape (starts,): identifiers of the text objects that draw them."""
    seams: Integers
    """Indices in `characters` of those that are within a word: there it may have to be divided."""


@dataclass(frozen=True, slots=True)
class _DrawnWords:
    """The words of a page and the text objects that draw them. Row i of `spans`, `styles_of` and
    `is_raised` belongs to word i."""

    text: str
    """The text of the page, with one character for each of pdfium's."""
    spans: Integers
    """Shape (words, 2): the first character and the one after the last."""
    objects: Integers
    """Identifiers of the text objects, in the order of their first word."""
    styles: TextStyles
    """The style of each of these objects."""
    styles_of: Integers
    """Shape (words,): the index in `objects` of the object that draws the word, or its beginning."""
    is_raised: Mask
    """Shape (words,): whether it is the raised number of a note."""
    unnamed: set[int]
    """The fonts that do not name the characters they draw."""


class WordReader:
    """Reads the words of one loaded page."""

    def __init__(
        self,
        page: Any,
        objects: PageObjects,
        fonts: FontNumbers,
        trust: FontTrust,
        has_layers: Callable[[], bool],
    ) -> None:
        self._page = page
        self._has_layers = has_layers
        self._fonts = fonts
        self._trust = trust
        self._characters = Characters(page)
        self._objects = objects

    def read(self) -> PageText:
        """The words of the page. May be called only once."""
        try:
            return self._read()
        finally:
            self._characters.close()

    def _read(self) -> PageText:
        drawn = self._drawn_words()
        page = self._place(self._texts(drawn), drawn)
        numbers = dict(zip(drawn.objects.tolist(), drawn.styles.fonts.tolist(), strict=True))
        page.fonts = fonts_of_letters(self._characters, drawn.text, drawn.spans, page.fonts, numbers)
        page.unmapped = self._share_unmapped(drawn.spans)
        colors = fill_colors(drawn.objects)[drawn.styles_of]
        is_shown = self._shown(page, drawn, colors)
        page = page if is_shown.all() else page.take(is_shown)
        angles = self._angles(drawn.styles)[drawn.styles_of[is_shown]]
        page.stamps = stamps_of(page, angles, colors[is_shown])
        page = _undone_but_stamps(page)
        page.boxes = np.clip(page.boxes, 0.0, [page.width, page.height, page.width, page.height])
        page.rules, page.frames = (displayed(self._page, boxes) for boxes in shapes(self._objects))
        return self._without_false_letters(page, drawn)

    def _drawn_words(self) -> _DrawnWords:
        """The words of the page's text, divided at spaces and where the way of drawing shows a new word."""
        text = self._characters.text()
        edges = chain.from_iterable(match.span() for match in _WORD.finditer(text))
        spans = np.fromiter(edges, dtype=np.int64).reshape(-1, 2)
        starts = self._draw_starts(spans)
        objects, first_use, styles_of = by_first_use(starts.objects)
        firsts = starts.characters[first_use]
        styles = TextStyles(
            matrices=self._characters.matrices(firsts),
            nominal_sizes=self._characters.nominal_sizes(firsts),
            fonts=fonts_of(objects),
            numbers=self._fonts,
        )
        unnamed = unnamed_fonts(self._characters, firsts, styles.fonts)
        text = self._with_symbols(text, objects, styles)
        if len(starts.seams):
            is_word = self._starts_word(text, starts, styles_of, styles)
            # The spans are in order and do not overlap: new starts and ends pair up when sorted.
            new_starts = starts.characters[starts.seams[is_word[starts.seams]]]
            ends = np.sort(np.append(spans[:, 1], new_starts))
            spans = np.stack([starts.characters[is_word], ends], axis=1)
            styles_of = styles_of[is_word]
        text = self._with_exponents(text)
        raised = self._raised_numbers(text)
        cuts = [edge for number in raised for edge in (number.start, number.stop)]
        spans, styles_of = _parted(spans, styles_of, [*_leader_edges(text), *cuts])
        is_raised = np.isin(spans[:, 0], [number.start for number in raised])
        return _DrawnWords(text, spans, objects, styles, styles_of, is_raised, unnamed)

    def _texts(self, drawn: _DrawnWords) -> list[str]:
        """The texts of the words: cleaned, with accents combined with their letters."""
        spans = drawn.spans.tolist()
        words = [clean_word(drawn.text[start:end]) for start, end in spans]
        if _ACCENT.search(drawn.text):
            for row, (start, end) in enumerate(spans):
                if _ACCENT.search(drawn.text, start, end):
                    words[row] = clean_word(self._composed(drawn.text, start, end))
        return words

    def _share_unmapped(self, spans: Integers) -> float:
        """The share of words, in a sample, whose first character the file does not name."""
        sample = spans[:: max(1, len(spans) // _SAMPLE), 0].tolist()
        return self._characters.count_unmapped(sample) / max(1, len(sample))

    def _shown(self, page: PageText, drawn: _DrawnWords, colors: Integers) -> Mask:
        """Whether each word is visible on the drawn page; also stores the number of hidden words in the page.

        Args:
            colors: shape (words, 4): red, green, blue and opacity of each word, from 0 to 255.
        """
        objects = drawn.objects[drawn.styles_of]

        def are_in_parts(rows: Integers) -> Mask:
            in_parts: Mask = self._characters.objects(drawn.spans[rows, 1] - 1) != objects[rows]
            return in_parts

        keep = worth_keeping(page)
        hidden, layer = hidden_words(
            self._page,
            self._objects,
            page,
            drawn.objects,
            drawn.styles_of,
            colors,
            are_in_parts,
            self._has_layers,
        )
        hidden_rows = np.flatnonzero(keep & hidden).tolist()
        page.hidden = sum(1 for row in hidden_rows if _TELLS.search(page.texts[row]))
        keep &= ~hidden
        keep &= ~second_layer(page, keep & layer)
        return keep

    def _without_false_letters(self, page: PageText, drawn: _DrawnWords) -> PageText:
        """The page without codes instead of characters. Also judges the fonts by what they draw on this
        page."""
        addresses = dict(zip(drawn.styles.fonts.tolist(), fonts_of(drawn.objects), strict=True))
        letters = DrawnLetters(self._page, self._characters, drawn.text, addresses)
        self._trust.look_at(page, letters.of, drawn.unnamed)
        return without_unnamed(page, self._trust.suspects(page))

    def _angles(self, styles: TextStyles) -> Floats:
        """Directions of writing on the page as displayed, in radians anticlockwise."""
        turned = math.radians(self._page.get_rotation())
        angles: Floats = np.arctan2(styles.matrices[:, 1], styles.matrices[:, 0]) - turned
        return angles

    def _draw_starts(self, spans: Integers) -> _Starts:
        """The beginnings of the words with these spans, and of other text objects within them."""
        starts, ends = spans[:, 0], spans[:, 1]
        first_objects = self._characters.objects(starts)
        is_mixed = first_objects != self._characters.objects(ends - 1)
        if not is_mixed.any():
            return _Starts(starts, first_objects, np.empty(0, dtype=np.int64))
        mixed = spans[is_mixed].tolist()
        inner = np.array([place for span in mixed for place in range(*span)], dtype=np.int64)
        word_of = np.repeat(np.arange(len(mixed)), [end - start for start, end in mixed])
        inner_objects = self._characters.objects(inner)
        is_drawn = inner_objects != 0  # pdfium inserts characters that no object draws
        inner, word_of, inner_objects = inner[is_drawn], word_of[is_drawn], inner_objects[is_drawn]
        is_seam = np.append(False, (np.diff(inner_objects) != 0) & (np.diff(word_of) == 0))[: len(inner)]
        seams = inner[is_seam]
        order = np.argsort(np.append(starts, seams))
        return _Starts(
            np.append(starts, seams)[order],
            np.append(first_objects, self._characters.objects(seams))[order],
            np.flatnonzero(order >= len(starts)),
        )

    def _with_symbols(self, text: str, objects: Integers, styles: TextStyles) -> str:
        """The text with the characters of symbol fonts replaced by their meaning, one character for each."""
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

    def _starts_word(self, text: str, starts: _Starts, styles_of: Integers, styles: TextStyles) -> Mask:
        """Whether a new word begins at each start.

        At a seam it does so only if the direction or the baseline changes, there is a gap, or one side is
        an initial or a sign that is a word of its own.

        Args:
            styles_of: shape (starts,): the row of `styles` of each start.
        """
        seams = starts.seams
        characters = starts.characters[seams]
        before, after = styles_of[seams - 1], styles_of[seams]
        is_other_way = styles.turns[before] != styles.turns[after]
        is_apart = self._stand_apart(characters, before, after, styles)
        sizes_before, sizes_after = styles.sizes[before], styles.sizes[after]
        is_initial = np.maximum(sizes_before, sizes_after) >= INITIAL * np.minimum(sizes_before, sizes_after)
        is_sign = np.array([(text[at] in SIGNS) != (text[at - 1] in SIGNS) for at in characters.tolist()])
        is_word = np.ones(len(starts.characters), dtype=np.bool_)
        is_word[seams] = is_other_way | is_apart | is_initial | is_sign
        return is_word

    def _stand_apart(
        self, characters: Integers, before: Integers, after: Integers, styles: TextStyles
    ) -> Mask:
        """Whether each character is on another baseline than the one before it, or at a distance from it.

        False if the line is slanted.

        Args:
            before, after: for each character, the rows of `styles` of the one before it and of itself.
        """
        size = np.maximum(styles.sizes[before], styles.sizes[after])
        turns, row = styles.turns[after], np.arange(len(characters))
        # The axis along which the line runs, and its direction on that axis.
        axis, sign = turns % 2, np.where(turns >= 2, -1, 1)
        edges = np.where(turns >= 2, 2, 0)
        begins = self._characters.loose_boxes(characters)[row, axis + edges]
        ends = self._characters.loose_boxes(characters - 1)[row, axis + 2 - edges]
        gaps = sign * (begins - ends)
        shifts = np.abs(styles.matrices[before, 5 - axis] - styles.matrices[after, 5 - axis])
        is_apart = (shifts > _BASELINE_SHIFT) | (gaps > _GAP * size) | (gaps < -size)
        return np.asarray((turns >= 0) & is_apart)

    def _with_exponents(self, text: str) -> str:
        """The text with raised digits after units replaced by exponents: km2 by km²."""
        if not any(map(text.__contains__, _ENDS_OF_EXPONENTS)):
            return text
        places = np.array([found.start("digit") for found in _EXPONENT.finditer(text)], dtype=np.int64)
        if not len(places):
            return text
        letters = list(text)
        for place in places[self._characters.raised(places)].tolist():
            letters[place] = letters[place].translate(SUPERSCRIPTS)
        return "".join(letters)

    def _raised_numbers(self, text: str) -> list[range]:
        """The ranges of characters that are numbers of notes, set as raised digits without a space.

        Such digits may have the font and size of the text: "2014" with a raised "1" is not 20141.
        """
        numbers = []
        for match in _NUMBER.finditer(text):
            start, end = match.span()
            is_glued_behind = start > 0 and not text[start - 1].isspace()
            if is_glued_behind or end - start > 1 or _NOTE_BEFORE.match(text, start):
                numbers.append(range(start, end))
        lasts = np.array([number[-1] for number in numbers], dtype=np.int64)
        found = []
        for place in np.flatnonzero(self._characters.raised(lasts)).tolist():
            number = numbers[place]
            raised = self._characters.raised(np.arange(number.start, number.stop))
            first = len(number) - 1
            while first and raised[first - 1]:
                first -= 1
            found.append(number[first:])
        return found

    def _composed(self, text: str, start: int, end: int) -> str:
        """The text of a word, with accents that are drawn over or under a letter combined with it."""
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

    def _place(self, words: list[str], drawn: _DrawnWords) -> PageText:
        """The page with the box of each word as displayed; the box of a raised number is that of its ink."""
        spans, styles, styles_of = drawn.spans, drawn.styles, drawn.styles_of
        first, last = self._characters.loose_boxes(spans[:, 0]), self._characters.loose_boxes(spans[:, 1] - 1)
        boxes = np.concatenate(
            [np.minimum(first[:, :2], last[:, :2]), np.maximum(first[:, 2:], last[:, 2:])], axis=1
        )
        heights, turns = styles.heights[styles_of], styles.turns[styles_of]
        set_heights(boxes, styles.matrices[styles_of], heights, turns)
        descents, sizes = -heights[:, 0], styles.sizes[styles_of]
        for row in np.flatnonzero(drawn.is_raised).tolist():
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
            bold=styles.bold[styles_of],
            turns=np.where(turns < 0, turns, (turns - rotation) % 4),
            faces=styles.faces[styles_of],
            fonts=styles.fonts[styles_of],
        )


def _undone_but_stamps(page: PageText) -> PageText:
    """The page with the effects of typesetting on its words undone. Stamps are left as they are, and come
    last."""
    is_stamp = page.stamps > 0
    if not is_stamp.any():
        return undone(page)
    return undone(page.take(~is_stamp)).followed_by(page.take(is_stamp))


def _leader_edges(text: str) -> list[int]:
    """Where dots that lead to a page number, and lines for values, have to be separated from the text next
    to them."""
    if "...." not in text and "___" not in text and "………" not in text:
        return []
    return [found.start() for found in _LEADER_EDGE.finditer(text)]


def _parted(spans: Integers, styles_of: Integers, cuts: list[int]) -> tuple[Integers, Integers]:
    """The spans and styles of the words, after they are divided at these characters."""
    if not cuts:
        return spans, styles_of
    places = np.setdiff1d(np.array(cuts, dtype=np.int64), spans)
    words = np.searchsorted(spans[:, 0], places) - 1
    starts = np.insert(spans[:, 0], words + 1, places)
    ends = np.insert(spans[:, 1], words, places)
    return np.stack([starts, ends], axis=1), np.insert(styles_of, words, styles_of[words])
