"""Finds the fonts of a document whose letters are not those that the file says.

A letter is proved right by words with it that are in the word lists. For all other letters, and for
figures, which no list can prove, the drawn shape is examined once. If it clearly is another letter, the
font is suspected: its words are read by OCR, which also shows whether the suspicion was right.
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
"""A letter is proved by so many listed words of so many letters: many shorter words become other words if a
letter is replaced. Half of the words with the letter must be listed, too."""
_MANY, _SHORT = 8, 4
"""Once so many letters of a font are proved, one word of at least so many letters is enough for another
one."""
_MOST_WORDS = 200
"""Most words of a font on a page that are looked up."""
_SAMPLE = 6
"""Letters of a font on a page that are compared, besides figures, as long as the font has no false letter."""
_STRONG = 2
"""False letters that are enough evidence against a font even if OCR could not read its words."""
_FEW = 3
"""Most letters that a shape may be, for it to be evidence: an ornate letter resembles many."""
_WHOLLY = 0.4
"""Part of the letters of a font that are false, for all its words to be suspected."""

UNKNOWN = "\ufffd"
"""The character that a file gives for a letter that it cannot name."""
_LOST = 2 * UNKNOWN
_MARKS = ".,;:!?()'\"«»“”‘’"
_LETTERS = frozenset(LETTERS)
_ONLY_THERE = {
    "Q": re.compile(r"(?:[^Q]|Q[Uu])*"),
    "q": re.compile(r"(?:[^q]|q[Uu])*"),
    "f": re.compile(r"(?:[^f]|f+[fijlt]|f{2,})*"),
}
"""For each of these letters: words in which it occurs only before certain other letters."""

LetterDrawer = Callable[[Sequence[Letter]], Mapping[Letter, Glyph]]
"""Gives the pictures of letters (number of the font, character) of a page, without those that cannot be
found."""


class FontTrust:
    """Collects what is known of the letters of each font, by the number of the font."""

    def __init__(self) -> None:
        self._settled: defaultdict[int, set[str]] = defaultdict(set)
        """Letters that have been judged."""
        self._proved: defaultdict[int, set[str]] = defaultdict(set)
        """Letters that are proved right by the word lists."""
        self._false: dict[int, dict[str, str]] = {}
        """Letters whose shapes clearly are other ones, with the letters that they may be."""
        self._confirmed: set[int] = set()
        """Fonts that OCR has shown to be false."""
        self._cleared: set[int] = set()
        """Fonts that OCR has shown to be right."""

    def look_at(self, page: PageText, drawn: LetterDrawer, unnamed: Collection[int]) -> None:
        """Judge the letters that are new on this page.

        Args:
            drawn: gives the pictures of letters of the page.
            unnamed: the fonts that do not say which characters they draw: their signs may be letters, too.
        """
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
        # The most used letters come first: if a font has false letters, there is hardly none among these.
        self._compare([letter for letter in more if letter[0] in self._false], drawn)

    def _compare(self, letters: Sequence[Letter], drawn: LetterDrawer) -> None:
        """Compare letters with what the fonts draw for them, and note those that are false."""
        found = clearly_others(drawn(letters)) if letters else {}
        for (font, letter), may_be in found.items():
            self._false.setdefault(font, {})[letter] = may_be

    def suspects(self, page: PageText) -> Mask:
        """Whether each word of a page may have false letters."""
        found = np.zeros(len(page.texts), dtype=np.bool_)
        if self._false:
            for row, (text, font) in enumerate(zip(page.texts, page.fonts.tolist(), strict=True)):
                if false := self._false.get(font):
                    found[row] = self._is_wholly_false(font) or not false.keys().isdisjoint(text)
        return found

    def false_letters(self, font: int) -> Mapping[str, str]:
        """The false letters of a font, with the letters that they may be."""
        return self._false.get(font, {})

    def is_confirmed(self, font: int) -> bool:
        """Whether OCR has shown that the font is false."""
        return font in self._confirmed

    def is_strong(self, font: int) -> bool:
        """Whether there is enough evidence against the font without OCR, or OCR has confirmed it."""
        sure = sum(len(set(may_be.lower())) <= _FEW for may_be in self._false.get(font, {}).values())
        return font in self._confirmed or sure >= _STRONG or UNKNOWN in self._false.get(font, {})

    def confirm(self, font: int) -> None:
        """Note that OCR has shown the font to be false."""
        self._confirmed.add(font)

    def clear(self, font: int) -> None:
        """Note that OCR has shown the font to be right."""
        self._false.pop(font, None)
        self._cleared.add(font)

    def _is_wholly_false(self, font: int) -> bool:
        return len(self._false[font]) >= _WHOLLY * len(self._settled[font])


def _is_private(sign: str) -> bool:
    """Whether a character is in the private use area of Unicode, where it has no fixed meaning."""
    return "\ue000" <= sign <= "\uf8ff"


def _by_use(letters: Collection[str], texts: Iterable[str]) -> list[str]:
    """The letters, sorted by the number of words that they are in, most first."""
    words = [frozenset(text) for text in texts]
    return sorted(letters, key=lambda letter: (-sum(letter in word for word in words), letter))


def _proved(letters: frozenset[str], texts: Iterable[str], before: int) -> set[str]:
    """The letters that are proved right by the words of a font.

    Args:
        letters: those to be proved.
        texts: the words of the font.
        before: how many letters of the font have been proved earlier.
    """
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
    # The shape of a Q varies most between faces, and no other letter occurs only before u. An f that occurs
    # only before letters with which it forms ligatures may be drawn as the ligature.
    by_place = {
        letter
        for letter in letters & _ONLY_THERE.keys()
        if all(_ONLY_THERE[letter].fullmatch(text) for text in texts if letter in text)
    }
    proved = {letter for letter in likely if long_proofs[letter] >= _PROOFS}
    return (likely if before + len(proved) >= _MANY else proved) | by_place
