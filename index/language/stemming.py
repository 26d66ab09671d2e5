"""Stems: what the forms of a word have in common, language by language.

All stemmers are our own and handle inflection only, so that *égalité* finds *égalités* and never *également*.
Snowball's stemmers also merge derived words (tests/benchmarks/bench_stems.py).
"""

from collections.abc import Callable, Iterable

from archive.languages import Language
from index.language.dutch import dutch
from index.language.english import english
from index.language.french import french, french_spellings
from index.language.german import german, german_spellings

STEMMERS: dict[Language, Callable[[str], str]] = {"nl": dutch, "fr": french, "en": english, "de": german}
"""Take a word of letters, in its verbatim form, and give its stem; accents may be left in it."""

SPELLINGS: dict[Language, Callable[[str], Iterable[str]]] = {"fr": french_spellings, "de": german_spellings}
"""Give, of a word without accents, the spellings with accents whose stem is another, be they words or not."""

OTHER_BEGINNINGS: dict[Language, tuple[str, ...]] = {
    "nl": (),
    "fr": ("yeux", "oeil"),
    "en": (),
    "de": ("ge",),
}
"""The beginnings of words whose stem may begin with another letter: *genutzt* is ``nutz``."""
