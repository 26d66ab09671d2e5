"""Gives pictures of the letters that the fonts of a loaded page draw for the characters of its text."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from ingest.drawn_words import Integers, Mask, PageText
from ingest.fonts.glyphs import Glyph, Letter, cut_out, drawn, has_outlines, outlined
from ingest.pdf.page_characters import UNNAMED, Characters, fonts_of

UNNAMED_LETTER = re.compile(f"[{chr(UNNAMED)}-{chr(UNNAMED + 0xFF)}]")
"""A code instead of a character: the font does not say which character it is."""
_TELLS = re.compile(r"[^\W_]")
_SAMPLE = 3
"""How many text objects of a font on a page are tested: whether the font says what their first character
is."""
_MOST_OBJECTS = 30
"""Most text objects of a font that are drawn by themselves."""
_OVERHANG = 0.03
"""Part of the distance to the next letter by which a letter may extend beyond its own space."""


class DrawnLetters:
    """Pictures of the letters that are drawn on one page."""

    def __init__(self, page: Any, characters: Characters, text: str, addresses: Mapping[int, int]) -> None:
        self._page = page
        self._characters = characters
        self._text = text
        self._addresses = addresses

    def of(self, letters: Sequence[Letter]) -> dict[Letter, Glyph]:
        """The pictures of these letters (number of the font, character); without those that cannot be
        found."""
        number_of = {address: number for number, address in self._addresses.items()}
        with_outlines = {font for font, _ in letters if has_outlines(self._addresses[font])}
        outlines = outlined(
            (self._addresses[font], character) for font, character in letters if font in with_outlines
        )
        found = {(number_of[font], character): glyph for (font, character), glyph in outlines.items()}
        missing: defaultdict[int, set[str]] = defaultdict(set)
        for font, character in letters:
            if (font, character) not in found:
                missing[font].add(character)
        for font, characters in missing.items():
            for character, glyph in self._cut_out_of_lines(self._addresses[font], characters).items():
                found[font, character] = glyph
        return found

    @cached_property
    def _objects(self) -> Integers:
        return self._characters.objects(np.arange(len(self._text)))

    @cached_property
    def _fonts(self) -> dict[int, int]:
        objects = np.unique(self._objects)
        objects = objects[objects != 0]
        return dict(zip(objects.tolist(), fonts_of(objects), strict=True))

    def _cut_out_of_lines(self, font: int, characters: set[str]) -> dict[str, Glyph]:
        """Pictures of letters without an outline, such as those of Type 3 fonts: cut out of their text
        objects."""
        places: defaultdict[int, list[int]] = defaultdict(list)
        for place, (character, line) in enumerate(zip(self._text, self._objects.tolist(), strict=True)):
            if character in characters and self._fonts.get(line) == font:
                places[line].append(place)
        found: dict[str, Glyph] = {}
        for line in list(places)[:_MOST_OBJECTS]:
            new = [place for place in places[line] if self._text[place] not in found]
            text = drawn(self._page, line) if new else None
            for place in new if text else ():
                begin, end = self._extent(place, line)
                if text and end > begin and (glyph := cut_out(text, begin, end)):
                    found[self._text[place]] = glyph
        return found

    def _extent(self, place: int, line: int) -> tuple[float, float]:
        """The left and right edge of a letter, in the page's own coordinates."""
        is_last = place + 1 == len(self._text) or self._objects[place + 1] != line
        begin = self._characters.origin(place)
        if is_last:
            return begin, float(self._characters.loose_boxes(np.array([place]))[0, 2])
        end = self._characters.origin(place + 1)
        overhang = _OVERHANG * (end - begin)
        return begin - overhang, end + overhang


def fonts_of_letters(
    characters: Characters, text: str, spans: Integers, fonts: Integers, numbers: Mapping[int, int]
) -> Integers:
    """The font of each word, taken from its first letter or digit: a bracket before it may be in another
    font.

    Args:
        spans: the first character of each word and the one after its last.
        fonts: those of the first characters.
        numbers: of the font, for each text object.
    """
    begins_otherwise = [not text[start].isalnum() for start in spans[:, 0].tolist()]
    rows, places = [], []
    for row in np.flatnonzero(begins_otherwise).tolist():
        if found := _TELLS.search(text, *spans[row].tolist()):
            rows.append(row)
            places.append(found.start())
    objects = characters.objects(np.array(places, dtype=np.int64)).tolist()
    found_fonts = fonts.copy()
    found_fonts[rows] = [
        numbers.get(drawn_by, font) for drawn_by, font in zip(objects, fonts[rows].tolist(), strict=True)
    ]
    return found_fonts


def unnamed_fonts(characters: Characters, firsts: Integers, fonts: Integers) -> set[int]:
    """The fonts that do not say which characters they draw, so that the text has codes instead.

    Args:
        firsts: the first character of each text object.
        fonts: the font of each text object.
    """
    samples: defaultdict[int, list[int]] = defaultdict(list)
    for first, font in zip(firsts.tolist(), fonts.tolist(), strict=True):
        samples[font].append(first)
    return {font for font, of in samples.items() if characters.count_unmapped(of[:_SAMPLE])}


def without_unnamed(page: PageText, suspects: Mask | None = None) -> PageText:
    """The page without codes instead of characters, except in suspected words.

    Signs of all kinds have such codes, too; in suspected words they may be letters, which OCR can read.
    """
    if not UNNAMED_LETTER.search("".join(page.texts)):
        return page
    is_kept = suspects if suspects is not None else np.zeros(len(page.texts), dtype=np.bool_)
    texts = [
        text if is_suspect else UNNAMED_LETTER.sub("", text)
        for text, is_suspect in zip(page.texts, is_kept.tolist(), strict=True)
    ]
    if texts == page.texts:
        return page
    return replace(page, texts=texts).take(np.array([bool(text) for text in texts], dtype=np.bool_))
