"""Dutch and German compounds: which words of the archive contain another word?

``werkgelegenheidsbeleid`` contains ``werkgelegenheid``, because the rest, ``beleid``, is itself a word of the
archive's Dutch pages. If the word asked for is long, the rest may be unknown: any Dutch-looking word that is
no ending or prefix, as in ``klimaatframing``. Nothing of this is stored. It follows from the words in the
index at that moment, so the order in which documents arrive makes no difference.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import takewhile

from archive.languages import Language
from index.text.analysis import fold, is_stop_word, stem

LINKS: dict[Language, tuple[str, ...]] = {
    "nl": ("", "s", "en", "e", "n"),
    "de": ("", "s", "es", "n", "en", "er"),
}
"""What may stand between two parts, for each language that writes compounds as one word."""

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
"""What makes a derived word of a word rather than a compound, folded."""

_UNKNOWN_NOT_AFTER = re.compile(
    """
    a[ai]r | aal | ale?r? | at | baar | bare | de[nr]? | ders? | dom | e[dlnrst] | eer | end | eu[rs] | heden
    | heid | i[egns] | ia | io | je | kje | kund | li[jn][gk] | lo[oz] | matig | nis | pje | schap | sel
    | ster | tair | te | ti[es] | tje | tuur | vaardig | voud | zaam | zame | zijds
    """,
    re.VERBOSE,
)
"""Endings by which Dutch derives words: what begins so after a word is taken for one of them."""
_UNKNOWN_NOT_BEFORE = re.compile(
    r"(?:aan|achter|aller|be|boven|door|ge|her|inter|mede|midden|onder|ont|over|samen|tegen|terug|tussen|vast|ver"
    r"|voor|voort|weer)\Z"
)
"""What may stand before a word without making a compound of it, alone or behind another word."""
_PLACES = frozenset(["binnen", "buiten"])
"""Stop words that begin compounds: *binnenklimaat*."""
_VOWEL = re.compile("[aeiouy]")

SHORTEST_BESIDE_UNKNOWN = 6
"""Letters of a word that is found beside a part that is unknown: not *recht* in *rechtvaardig*."""
_SHORTEST_UNKNOWN_LAST, _SHORTEST_UNKNOWN_FIRST = 4, 5
"""Letters of an unknown part."""
_LETTERS_ALIKE = 3
"""An unknown part begins, or ends, with so many letters as another word does."""

SHORTEST = 4
"""Letters of a part. With three, more words come apart wrongly than rightly."""
SHORTEST_GUESSED = 6
"""Letters of a last part that is known in another form only."""
LONGEST = 60
"""Letters of a compound; longer ones are no words."""
MOST_HOLDING = 500
"""Compounds with the same word in them that a search takes into account: those on most pages."""


class Compounds:
    """The compounds among the words of one state of the index; works out only what is asked for."""

    def __init__(
        self, vocabulary: Mapping[str, int], entries_with_stem: Callable[[str, Language], int]
    ) -> None:
        """Take what the index knows of words.

        Args:
            vocabulary: all words of all languages, folded, with the number of entries that hold each.
            entries_with_stem: in how many entries of a language a word with this stem stands.
        """
        self._vocabulary = vocabulary
        self._entries_with_stem = entries_with_stem
        self._holding: dict[tuple[str, Language], tuple[str, ...]] = {}
        self._rests: dict[tuple[str, bool, Language], bool] = {}

    def holding(self, word: str, language: Language) -> tuple[str, ...]:
        """The words of the index, folded, that are compounds with any form of `word` in them.

        Those on most pages come first. `word` is in its verbatim form.
        """
        if language not in LINKS or len(word) < SHORTEST or not word.isalpha():
            return ()
        key = stem(fold(word), language), language
        if key not in self._holding:
            self._holding[key] = self._find_holding(fold(word), *key)
        return self._holding[key]

    @cached_property
    def _words(self) -> Sequence[str]:
        return sorted(
            word for word in self._vocabulary if SHORTEST <= len(word) <= LONGEST and word.isalpha()
        )

    @cached_property
    def _lines(self) -> str:
        """The words, one a line: looking for letters in all of them at once is fast."""
        return "\n".join(["", *self._words, ""])

    def _find_holding(self, word: str, word_stem: str, language: Language) -> tuple[str, ...]:
        forms = {word, *self._forms(word, word_stem, language)}
        lines = self._lines
        found: set[str] = set()
        for match in re.finditer("|".join(sorted(forms)), lines):
            start, end = lines.rindex("\n", 0, match.start()) + 1, lines.index("\n", match.start())
            compound, place = lines[start:end], match.start() - start
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
        most_used = sorted(found, key=lambda compound: (-self._vocabulary[compound], compound))
        return tuple(most_used[:MOST_HOLDING])

    def _forms(self, word: str, word_stem: str, language: Language) -> list[str]:
        """The words of the index with the same stem that begin alike."""
        # The last letter of a stem may be another in the word, as in huizen; the letters before it are not.
        beginning = word_stem[:-1] if word.startswith(word_stem[:-1]) else word[: SHORTEST - 1]
        start = bisect_left(self._words, beginning)
        alike = takewhile(lambda other: other.startswith(beginning), self._words[start:])
        return [other for other in alike if stem(other, language) == word_stem]

    def _is_unknown_first(self, rest: str) -> bool:
        """Whether what stands before a part may be a Dutch word that the archive does not know by itself."""
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
        """Whether what stands after a part is a link and what may be a Dutch word that the archive does not
        know by itself. An ending is none, with or without a link before it.

        Args:
            rests: what stands after each form of the part.
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
        return f"{text[-_LETTERS_ALIKE:]}\n" in self._lines

    def _begins_like_a_word(self, text: str) -> bool:
        beginning = text[:_LETTERS_ALIKE]
        start = bisect_left(self._words, beginning)
        alike = self._words[start : start + 1]
        return bool(_VOWEL.search(text)) and bool(alike) and alike[0].startswith(beginning)

    def _is_beginning(self, rest: str, language: Language) -> bool:
        """Whether what stands before a part is one word or two, with their links."""
        key = rest, False, language
        if key not in self._rests:
            self._rests[key] = self._is_modifier(rest, language) or any(
                self._is_modifier(rest[:place], language) and self._is_modifier(rest[place:], language)
                for place in range(SHORTEST, len(rest) - SHORTEST + 1)
            )
        return self._rests[key]

    def _is_ending(self, rest: str, language: Language) -> bool:
        """Whether what stands after a part is a link and one word or two."""
        key = rest, True, language
        if key not in self._rests:
            unlinked = [rest.removeprefix(link) for link in LINKS[language] if rest.startswith(link)]
            self._rests[key] = any(self._is_last(each, language) for each in unlinked) or any(
                self._is_modifier(each[:place], language) and self._is_last(each[place:], language)
                for each in unlinked
                for place in range(SHORTEST, len(each) - SHORTEST + 1)
            )
        return self._rests[key]

    def _is_modifier(self, text: str, language: Language) -> bool:
        return any(
            self._is_word(text.removesuffix(link), language)
            for link in LINKS[language]
            if text.endswith(link)
        )

    def _is_last(self, text: str, language: Language) -> bool:
        """Whether this is a word, or one that is known in another form and begins alike."""
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
            and text in self._vocabulary
            and text not in AFFIXES[language]
            and not is_stop_word(text, language)
            and self._entries_with_stem(stem(text, language), language) > 0
        )


def _is_long(form: str, language: Language) -> bool:
    """Whether a word is long enough to be known beside letters that are no known word."""
    return language == "nl" and len(form) >= SHORTEST_BESIDE_UNKNOWN
