"""Dutch and German compounds: which words of the archive contain another word?

``werkgelegenheidsbeleid`` contains ``werkgelegenheid``, because the rest, ``beleid``, is itself a word of
the archive's Dutch pages. If the word searched for is long, the rest may be unknown: any word that looks
Dutch and is not an ending or prefix, as in ``klimaatframing``. Nothing of this is stored. It is computed
from the words in the index at that moment, so the order in which documents arrive makes no difference.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from threading import RLock
from typing import Protocol

from cachetools import LRUCache, cachedmethod

from archive.languages import Language
from index.text.analysis import fold, is_stop_word, stem

LINKS: dict[Language, tuple[str, ...]] = {
    "nl": ("", "s", "en", "e", "n"),
    "de": ("", "s", "es", "n", "en", "er"),
}
"""Letters that may join two parts, for each language that writes compounds as one word."""

_DUTCH_AFFIXES = """
    achter boven mede samen terug vast voort achtig achtige baar baarheid bare eren erende ering eringen
    heden heid ingen lijk lijke lijker lijks lijkse loos loosheid loze matig matige schap schappen voudig
    zaam zaamheid zame
"""
_GERMAN_AFFIXES = """
    fort weiter wieder zuruck zusammen artig artige barkeit heit heiten ieren ierung ierungen isch ische
    keit keiten lich liche lichen licher lichkeit losigkeit same samen samkeit schaft schaften ungen
"""
AFFIXES: dict[Language, frozenset[str]] = {
    "nl": frozenset(_DUTCH_AFFIXES.split()),
    "de": frozenset(_GERMAN_AFFIXES.split()),
}
"""Endings and prefixes, folded, that make a derived word rather than a compound."""

_UNKNOWN_NOT_AFTER = re.compile(
    """
    a[ai]r | aal | ale?r? | at | baar | bare | de[nr]? | ders? | dom | e[dlnrst] | eer | end | eu[rs] | heden
    | heid | i[egns] | ia | io | je | kje | kund | li[jn][gk] | lo[oz] | matig | nis | pje | schap | sel
    | ster | tair | te | ti[es] | tje | tuur | vaardig | voud | zaam | zame | zijds
    """,
    re.VERBOSE,
)
"""Dutch endings: letters after a word that begin so are taken for an ending, not for an unknown word."""
_UNKNOWN_NOT_BEFORE = re.compile(
    r"(?:aan|achter|aller|be|boven|door|ge|her|inter|mede|midden|onder|ont|over|samen|tegen|terug|tussen|vast|ver"
    r"|voor|voort|weer)\Z"
)
"""Dutch prefixes, which make no compound, alone or after another word."""
_PLACES = frozenset(["binnen", "buiten"])
"""Stop words that begin compounds: *binnenklimaat*."""
_VOWEL = re.compile("[aeiouy]")

SHORTEST_BESIDE_UNKNOWN = 6
"""Least letters of a word that is found next to an unknown part: not *recht* in *rechtvaardig*."""
_SHORTEST_UNKNOWN_LAST, _SHORTEST_UNKNOWN_FIRST = 4, 5
"""Least letters of an unknown part."""
_LETTERS_ALIKE = 3
"""The first, or last, letters of an unknown part that a word of the archive must have too."""

SHORTEST = 4
"""Least letters of a part. With three, more words would be split wrongly than rightly."""
SHORTEST_GUESSED = 6
"""Least letters of a last part of which only another form is known."""
LONGEST = 60
"""Most letters of a compound; longer ones are not words."""
MOST_HOLDING = 500
"""Most compounds of one word that a search uses: those on most pages."""

_MOST_KEPT = 10_000
"""Words, and beginnings and endings of words, of which is kept what was found."""


class Lexicon(Protocol):
    """The words of an index in one language, folded. Words that no entry has any more may be among them."""

    def starting_with(self, beginning: str) -> Iterable[str]:
        """The words that begin so."""

    def ending_with(self, ending: str) -> Iterable[str]:
        """The words that end so."""

    def with_any_of(self, parts: Collection[str]) -> Iterable[tuple[str, int]]:
        """The words that have one of these parts in them, and where it begins; once for each occurrence."""


class Compounds:
    """Finds compounds among the words of one state of the index; what was found last is kept.

    May be used by several threads at once.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        entries_with: Callable[[str], int],
        entries_with_stem: Callable[[str, Language], int],
    ) -> None:
        """Use the words of the index.

        Args:
            entries_with: gives the number of entries that contain a folded word.
            entries_with_stem: gives the number of entries of a language that contain a word with this stem.
        """
        self._lexicon = lexicon
        self._entries_with = entries_with
        self._entries_with_stem = entries_with_stem
        self._holding: LRUCache[tuple[str, Language], tuple[str, ...]] = LRUCache(_MOST_KEPT)
        self._beginnings: LRUCache[tuple[str, Language], bool] = LRUCache(_MOST_KEPT)
        self._endings: LRUCache[tuple[str, Language], bool] = LRUCache(_MOST_KEPT)
        self._lock = RLock()

    def holding(self, word: str, language: Language) -> tuple[str, ...]:
        """The words of the index, folded, that are compounds with any form of `word` in them.

        Those on most pages come first. `word` is in its verbatim form.
        """
        if language not in LINKS or len(word) < SHORTEST or not word.isalpha():
            return ()
        word_stem = stem(fold(word), language)
        with self._lock:
            found = self._holding.get((word_stem, language))
            if found is None:
                found = self._find_holding(fold(word), word_stem, language)
                self._holding[word_stem, language] = found
            return found

    def _find_holding(self, word: str, word_stem: str, language: Language) -> tuple[str, ...]:
        forms = {word, *self._forms(word, word_stem, language)}
        found: set[str] = set()
        for compound, place in self._lexicon.with_any_of(forms):
            if not _may_be_part(compound):
                continue
            inside = [form for form in forms if compound.startswith(form, place)]
            rests = [compound[place + len(form) :] for form in inside]
            is_long = _is_long(max(inside, key=len), language)
            is_at_end = place > 0 and stem(compound[place:], language) == word_stem
            if place and not self._is_beginning(compound[:place], language):
                if is_long and is_at_end and self._is_unknown_first(compound[:place]):
                    found.add(compound)
            elif (
                is_at_end
                or any(self._is_ending(rest, language) for rest in rests)
                or (is_long and self._are_unknown_last(rests))
            ):
                found.add(compound)
        most_used = sorted(found, key=lambda compound: (-self._entries_with(compound), compound))
        return tuple(most_used[:MOST_HOLDING])

    def _forms(self, word: str, word_stem: str, language: Language) -> list[str]:
        """The words of the index with the same stem that begin alike."""
        # The last letter of a stem may differ in the word, as in huizen; the letters before it do not.
        beginning = word_stem[:-1] if word.startswith(word_stem[:-1]) else word[: SHORTEST - 1]
        alike = filter(_may_be_part, self._lexicon.starting_with(beginning))
        return [other for other in alike if stem(other, language) == word_stem]

    def _is_unknown_first(self, rest: str) -> bool:
        """Whether the letters before a part may be a Dutch word that the archive does not have by itself."""
        return rest in _PLACES or (
            len(rest) >= _SHORTEST_UNKNOWN_FIRST
            and not _UNKNOWN_NOT_BEFORE.search(rest)
            and not is_stop_word(rest, "nl")
            and self._begins_like_a_word(rest)
            and any(
                self._ends_like_a_word(rest.removesuffix(link)) for link in LINKS["nl"] if rest.endswith(link)
            )
        )

    def _are_unknown_last(self, rests: Sequence[str]) -> bool:
        """Whether the letters after a part may be a Dutch word that the archive does not have by itself.

        They may begin with linking letters. An ending is not such a word, with or without linking letters.

        Args:
            rests: the letters after each form of the part.
        """
        unlinked = [
            rest.removeprefix(link) for rest in rests for link in LINKS["nl"] if rest.startswith(link)
        ]
        return all(not _UNKNOWN_NOT_AFTER.match(each) for each in unlinked if each) and any(
            len(each) >= _SHORTEST_UNKNOWN_LAST
            and not is_stop_word(each, "nl")
            and self._begins_like_a_word(each)
            for each in unlinked
        )

    def _ends_like_a_word(self, text: str) -> bool:
        return any(map(_may_be_part, self._lexicon.ending_with(text[-_LETTERS_ALIKE:])))

    def _begins_like_a_word(self, text: str) -> bool:
        alike = self._lexicon.starting_with(text[:_LETTERS_ALIKE])
        return bool(_VOWEL.search(text)) and any(map(_may_be_part, alike))

    @cachedmethod(lambda self: self._beginnings)
    def _is_beginning(self, rest: str, language: Language) -> bool:
        """Whether the letters before a part are one or two words with linking letters."""
        return self._is_modifier(rest, language) or any(
            self._is_modifier(rest[:place], language) and self._is_modifier(rest[place:], language)
            for place in range(SHORTEST, len(rest) - SHORTEST + 1)
        )

    @cachedmethod(lambda self: self._endings)
    def _is_ending(self, rest: str, language: Language) -> bool:
        """Whether the letters after a part are linking letters and one or two words."""
        unlinked = [rest.removeprefix(link) for link in LINKS[language] if rest.startswith(link)]
        return any(self._is_last(each, language) for each in unlinked) or any(
            self._is_modifier(each[:place], language) and self._is_last(each[place:], language)
            for each in unlinked
            for place in range(SHORTEST, len(each) - SHORTEST + 1)
        )

    def _is_modifier(self, text: str, language: Language) -> bool:
        return any(
            self._is_word(text.removesuffix(link), language)
            for link in LINKS[language]
            if text.endswith(link)
        )

    def _is_last(self, text: str, language: Language) -> bool:
        """Whether this is a word of the archive, or another form of one that begins alike."""
        if self._is_word(text, language):
            return True
        text_stem = stem(text, language)
        return (
            len(text) >= SHORTEST_GUESSED
            and text not in AFFIXES[language]
            and text.startswith(text_stem[:SHORTEST])
            and self._entries_with_stem(text_stem, language) > 0
        )

    def _is_word(self, text: str, language: Language) -> bool:
        return (
            len(text) >= SHORTEST
            and text not in AFFIXES[language]
            and not is_stop_word(text, language)
            and self._entries_with(text) > 0
            and self._entries_with_stem(stem(text, language), language) > 0
        )


def _may_be_part(word: str) -> bool:
    """Whether a word of the index may be a part of a compound, or one."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def _is_long(form: str, language: Language) -> bool:
    """Whether a word is long enough to be recognised next to an unknown part."""
    return language == "nl" and len(form) >= SHORTEST_BESIDE_UNKNOWN
