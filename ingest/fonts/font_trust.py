"""Which fonts of a document name other letters than they draw?

A letter is proved right by words of the word lists that contain it. For all other letters, and for figures,
which no list can prove, the drawn shape is examined once. If it clearly is another letter, the font is
suspected: its words must be read by OCR, which also shows whether the suspicion was right.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from ingest.drawn_words import Mask, PageText
from ingest.fonts.glyphs import Glyph, Letter
from ingest.fonts.resemblance import LETTERS, clearly_others
from ingest.language.lexicon import listed

_LONG, _PROOFS = 5, 2
"""Letters of a word, and such words, that prove a letter: of shorter ones too many are words with other
letters, too. Half of the words that have the letter must be listed."""
_MANY, _SHORT = 8, 4
"""Proved letters of a font from which one word proves another letter, and the letters that this word needs.
"""
_MOST_WORDS = 200
"""Words of a font on a page that are looked up."""
_SAMPLE = 6
"""Letters of a font on a page that are compared, besides figures, while none is found to be another."""
_STRONG = 2
"""Letters that clearly are other ones, for a font to be called lying even if nothing could be read anew."""
_FEW = 3
"""Letters that something may be at most, for it to be one of these for sure: an ornate one may be many."""
_WHOLLY = 0.4
"""Part of the letters of a font that are other ones, for nothing that it says to be believed."""

UNKNOWN = "\ufffd"
"""What a file calls a letter that it cannot name."""
_LOST = 2 * UNKNOWN
_MARKS = ".,;:!?()'\"«»“”‘’"
_LETTERS = frozenset(LETTERS)
_ONLY_THERE = {
    "Q": re.compile(r"(?:[^Q]|Q[Uu])*"),
    "q": re.compile(r"(?:[^q]|q[Uu])*"),
    "f": re.compile(r"(?:[^f]|f+[fijlt]|f{2,})*"),
}
"""Words in which a letter stands only before certain others."""

LetterDrawer = Callable[[Sequence[Letter]], Mapping[Letter, Glyph]]
"""What fonts (by their numbers) draw on a page for these characters, as far as that can be told."""


class FontTrust:
    """What is known of the letters of each font, by the font's number."""

    def __init__(self) -> None:
        self._settled: defaultdict[int, set[str]] = defaultdict(set)
        """Letters that have been judged."""
        self._proved: defaultdict[int, set[str]] = defaultdict(set)
        """Letters that stand in words of the lists."""
        self._false: dict[int, dict[str, str]] = {}
        """Letters that clearly are other ones, and which."""
        self._confirmed: set[int] = set()
        """Fonts that were found to lie when what they draw was read."""
        self._cleared: set[int] = set()
        """Fonts that were found to be honest then."""

    def look_at(self, page: PageText, drawn: LetterDrawer, unnamed: Collection[int]) -> None:
        """Judge the letters of a page that its fonts have not drawn before; of those that do not name their
        letters (`unnamed`) signs, too, for each may be a letter."""
        words: defaultdict[int, dict[str, None]] = defaultdict(dict)
        for text, font in zip(page.texts, page.fonts.tolist(), strict=True):
            words[font][text] = None
        first: list[Letter] = []
        more: list[Letter] = []
        for font, texts in words.items():
            together = "".join(texts)
            used = frozenset(together)
            if _LOST in together and font and font not in self._cleared:
                self._false.setdefault(font, {})[UNKNOWN] = ""
            signs = {sign for sign in used if not sign.isalpha() and (font in unnamed or _is_private(sign))}
            new = (used & _LETTERS | signs) - self._settled[font]
            if new and font:
                self._settled[font] |= new
                proved = _proved(new, texts, len(self._proved[font]))
                self._proved[font] |= proved
                letters = [(font, letter) for letter in _by_use(new - proved, texts)]
                most = len(letters) if signs or font in self._false else _SAMPLE
                first += [letter for letter in letters if letter[1].isdigit()]
                others = [letter for letter in letters if not letter[1].isdigit()]
                first += others[:most]
                more += others[most:]
        self._compare(first, drawn)
        # Of a font that lies the most used letters are hardly all right.
        self._compare([letter for letter in more if letter[0] in self._false], drawn)

    def _compare(self, letters: Sequence[Letter], drawn: LetterDrawer) -> None:
        """Compare what letters are said to be with what the fonts draw."""
        found = clearly_others(drawn(letters)) if letters else {}
        for (font, letter), may_be in found.items():
            self._false.setdefault(font, {})[letter] = may_be

    def suspects(self, page: PageText) -> Mask:
        """Whether each word of a page may have other letters than it says."""
        found = np.zeros(len(page.texts), dtype=np.bool_)
        if self._false:
            for row, (text, font) in enumerate(zip(page.texts, page.fonts.tolist(), strict=True)):
                if false := self._false.get(font):
                    found[row] = self._is_wholly_false(font) or not false.keys().isdisjoint(text)
        return found

    def false_letters(self, font: int) -> Mapping[str, str]:
        """The letters of a font that clearly are other ones, and which they may be."""
        return self._false.get(font, {})

    def is_confirmed(self, font: int) -> bool:
        """Whether the font was found to lie when what it draws was read."""
        return font in self._confirmed

    def is_strong(self, font: int) -> bool:
        """Whether the shapes of its letters alone are enough to say so."""
        sure = sum(len(set(may_be.lower())) <= _FEW for may_be in self._false.get(font, {}).values())
        return font in self._confirmed or sure >= _STRONG or UNKNOWN in self._false.get(font, {})

    def confirm(self, font: int) -> None:
        """Its letters were read, and are others than it says."""
        self._confirmed.add(font)

    def clear(self, font: int) -> None:
        """Its letters were read, and are those that it says."""
        self._false.pop(font, None)
        self._cleared.add(font)

    def _is_wholly_false(self, font: int) -> bool:
        return len(self._false[font]) >= _WHOLLY * len(self._settled[font])


def _is_private(sign: str) -> bool:
    """Whether only the font itself could say what a character is."""
    return "\ue000" <= sign <= "\uf8ff"


def _by_use(letters: Collection[str], texts: Iterable[str]) -> list[str]:
    """The letters, those that stand in most words first."""
    words = [frozenset(text) for text in texts]
    return sorted(letters, key=lambda letter: (-sum(letter in word for word in words), letter))


def _proved(letters: frozenset[str], texts: Iterable[str], before: int) -> set[str]:
    """Those of the letters that stand in enough listed words of a font, of which so many letters were proved
    `before`."""
    words = [text for text in texts if len(text) >= _SHORT and not letters.isdisjoint(text)][:_MOST_WORDS]
    cores = [core for text in words if (core := text.strip(_MARKS)).isalpha()]
    proofs: defaultdict[str, int] = defaultdict(int)
    long_proofs: defaultdict[str, int] = defaultdict(int)
    uses: defaultdict[str, int] = defaultdict(int)
    for core, is_listed in zip(cores, listed(cores).tolist(), strict=True):
        for letter in letters.intersection(core) if len(core) >= _SHORT else ():
            uses[letter] += 1
            proofs[letter] += is_listed
            long_proofs[letter] += is_listed and len(core) >= _LONG
    likely = {letter for letter, count in proofs.items() if count and 2 * count >= uses[letter]}
    # Faces draw no letter in more ways than a Q, and no other letter stands only before u. Where an f stands
    # only before letters that it has ligatures with, it is those that the font draws for it.
    by_place = {
        letter
        for letter in letters & _ONLY_THERE.keys()
        if all(_ONLY_THERE[letter].fullmatch(text) for text in texts if letter in text)
    }
    proved = {letter for letter in likely if long_proofs[letter] >= _PROOFS}
    return (likely if before + len(proved) >= _MANY else proved) | by_place
