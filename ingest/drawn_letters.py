"""What the fonts of a loaded page draw for the characters of its text."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from ingest.characters import UNNAMED, Characters, fonts_of
from ingest.glyphs import Glyph, cut_out, drawn, outlined
from ingest.page_text import Integers, Mask, PageText

UNNAMED_LETTER = re.compile(f"[{chr(UNNAMED)}-{chr(UNNAMED + 0xFF)}]")
"""A code in the place of a character."""
_MOST_OBJECTS = 30
"""Text objects of a font that are drawn by themselves."""
_OVERHANG = 0.03
"""Part of the way to the next letter that a letter reaches beyond its own place."""


class DrawnLetters:
    """The letters of one page, by the number of their font."""

    def __init__(self, page: Any, characters: Characters, text: str, addresses: Mapping[int, int]) -> None:
        self._page = page
        self._characters = characters
        self._text = text
        self._addresses = addresses

    def of(self, font: int, characters: Sequence[str]) -> Mapping[str, Glyph]:
        """What the font draws for these characters; those for which that cannot be told are left out."""
        found = outlined(self._addresses[font], characters)
        missing = set(characters) - found.keys()
        return found | self._cut_out_of_lines(self._addresses[font], missing) if missing else found

    @cached_property
    def _objects(self) -> Integers:
        return self._characters.objects(np.arange(len(self._text)))

    @cached_property
    def _fonts(self) -> dict[int, int]:
        objects = np.unique(self._objects)
        objects = objects[objects != 0]
        return dict(zip(objects.tolist(), fonts_of(objects), strict=True))

    def _cut_out_of_lines(self, font: int, characters: set[str]) -> dict[str, Glyph]:
        """Letters that have no outline, as those of Type 3 fonts, cut out of the lines that they stand in."""
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
        """From where to where a letter reaches, in the page's own coordinates."""
        is_last = place + 1 == len(self._text) or self._objects[place + 1] != line
        begin = self._characters.origin(place)
        if is_last:
            return begin, float(self._characters.loose_boxes(np.array([place]))[0, 2])
        end = self._characters.origin(place + 1)
        overhang = _OVERHANG * (end - begin)
        return begin - overhang, end + overhang


def without_unnamed(page: PageText, suspects: Mask) -> PageText:
    """The page without the codes that stand for letters without names, except in suspected words: signs of
    all kinds have such codes, too."""
    texts = [
        text if is_suspect or text.isascii() else UNNAMED_LETTER.sub("", text)
        for text, is_suspect in zip(page.texts, suspects.tolist(), strict=True)
    ]
    if texts == page.texts:
        return page
    return replace(page, texts=texts).take(np.array([bool(text) for text in texts], dtype=np.bool_))
