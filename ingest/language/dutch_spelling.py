"""Rules of Dutch spelling for words broken at a line end: the hyphen, the diaeresis and the doubled vowel.

Two vowels that would be read as one sound are separated: by a hyphen in a compound ("zone-indeling"), by a
diaeresis in a derivation or a number ("geëvalueerd", "drieëntwintig"). At a line break the diaeresis is
left out ("ge-evalueerd"), and so is the second vowel of a diminutive that depends on the consonant after it
("fotootje", "foto-tje"). Rules: Woordenlijst Nederlandse Taal, Leidraad 2015, chapters 2, 3 and 6.
"""

_CLASHES = frozenset(
    ("aa", "ae", "ai", "au", "ee", "ei", "eu", "ie", "ii", "ij", "oe", "oi", "oo", "ou", "ui", "uu")
)
_DIAERESIS = {"e": "ë", "i": "ï", "o": "ö", "u": "ü"}
_PREFIXES = frozenset(("be", "ge"))
"""Prefixes that form derivations, never compounds."""
_NUMBERS = ("twee", "drie")
_LATIN_ENDINGS = ("um", "us")
_DIMINUTIVES = ("tje", "tjes")
_DOUBLED = {"a": "aa", "o": "oo", "u": "uu", "é": "ee", "i": "ie"}


def clashes(start: str, rest: str) -> bool:
    """Whether the last vowel of `start` and the first of `rest` would be read as one sound."""
    return start[-1:] + rest[:1] in _CLASHES


def with_diaeresis(rest: str) -> str | None:
    """The second part of a word with a diaeresis on its first letter; None if Dutch has no such letter."""
    letter = _DIAERESIS.get(rest[:1])
    return letter + rest[1:] if letter else None


def needs_no_sign(start: str, rest: str) -> bool:
    """Whether Dutch writes these vowels together without a sign, as in "materi-eel" and "muse-um"."""
    return (start.endswith("i") and rest.startswith("ee")) or rest.startswith(_LATIN_ENDINGS)


def is_derivation(start: str, rest: str) -> bool:
    """Whether the first part is a prefix or a number that requires a diaeresis: "ge-integreerd",
    "drie-entwintig"."""
    return start in _PREFIXES or (start.endswith(_NUMBERS) and rest.startswith("en"))


def before_diminutive(start: str, rest: str) -> str | None:
    """The first part as it is spelt before the ending of a diminutive: "foto" as "fotoo".

    None if `rest` is no such ending, or the spelling does not change.
    """
    if rest not in _DIMINUTIVES or start[-1:] not in _DOUBLED or start[-2:-1] in _DOUBLED:
        return None
    return start[:-1] + _DOUBLED[start[-1]]
