"""Stems: what the forms of a word have in common, language by language.

English and German are Snowball's. French is Snowball's too, of a word that has lost its plural s and got
back the accents of common endings first: by itself it keeps *emploi* from *emplois*, *commission* from
*commissions*, *activité* from *activite*. Dutch is our own, for inflection only: Snowball's two stemmers
keep *sociaal* from *sociale* or *plan* from *plannen*, and take *woning* for *gewoon*. The numbers are those
of tests/benchmarks/bench_dutch.py.
"""

import re
import threading
from collections.abc import Callable

import Stemmer

from archive.languages import Language
from index.folding import fold

SNOWBALL_VERSION: str = Stemmer.version()
"""Of what is not our own; part of the fingerprint of every index."""


def snowball(algorithm: str) -> Callable[[str], str]:
    """One of Snowball's stemmers, for use by several threads."""
    stemmer = Stemmer.Stemmer(algorithm)
    lock = threading.Lock()

    def stem(word: str) -> str:
        with lock:  # a stemmer works for one thread at a time
            return str(stemmer.stemWord(word))

    return stem


_snowball_french = snowball("french")

_FRENCH_PLURAL_LIST = """
    emplois lois envois renvois octrois convois tournois délais delais essais
    jeux enjeux lieux milieux voeux aveux noyaux tuyaux matériaux materiaux
"""
_FRENCH_PLURALS = {plural: plural[:-1] for plural in _FRENCH_PLURAL_LIST.split()} | {
    "travaux": "travail",
    "baux": "bail",
}
_FRENCH_PLURAL_S = re.compile(r"(?<=[a-zéèêç])(?<![saiouyè])s\Z|(?<=..[^o][uo])s\Z")
_FRENCH_ACCENTS = (
    (re.compile(r"ees?\Z"), "ée"),
    (re.compile(r"ieres?\Z"), "ière"),
    (re.compile(r"(?<=...)ites?\Z"), "ité"),
)


def french(word: str) -> str:
    """Snowball's stem of the singular, with its accents."""
    for ending, accented in _FRENCH_ACCENTS:
        word = ending.sub(accented, word)
    singular = _FRENCH_PLURALS.get(word) or (_FRENCH_PLURAL_S.sub("", word) if len(word) > 3 else word)
    stem = _snowball_french(singular)
    # Snowball ends on i what ended on y, and so takes employé for emploi.
    return stem[:-1] + "y" if stem.endswith("i") and singular[len(stem) - 1 : len(stem)] == "y" else stem


_DUTCH_ENDING = re.compile(
    r"""
    (?: (?<=..) (?<!i) en           # plannen, uren
    |   (?<=...) (?<![ie]) e        # sociale, hoge
    |   (?<=....) (?<![aiousj]) s   # regels, gemeentes; not huis, prijs
    |   (?<=..) (?<=ie|au) s        # commissies, niveaus
    |   (?<=.....) (?<![aeiou]) t   # investeert; not plant, begroot
    ) \Z
    """,
    re.VERBOSE,
)
_DUTCH_CHANGES = ((re.compile(r"heden\Z"), "heid"), (re.compile(r"(?<=[ie]e)en\Z"), ""))
_DOUBLE_CONSONANT = re.compile(r"([^aeiou])\1\Z")
_DOUBLE_VOWEL = re.compile(r"([aeou])\1(?=[^aeiou]\Z)")
_MOST_ENDINGS = 4


def dutch(word: str) -> str:
    """Without the endings of plurals, adjectives and the third person, and spelled as a closed syllable."""
    word = fold(word)
    for ending, changed in _DUTCH_CHANGES:
        word = ending.sub(changed, word)
    word = _closed(word)
    for _ in range(_MOST_ENDINGS):
        without = _DUTCH_ENDING.sub("", word)
        if without == word:
            break
        word = _closed(without)
    return word


def _closed(word: str) -> str:
    """The end as it is spelled when nothing follows, with single letters: plan, huis, graf, schol."""
    word = _DOUBLE_CONSONANT.sub(r"\1", word)
    if word.endswith(("v", "z")):
        word = word[:-1] + ("f" if word[-1] == "v" else "s")
    return _DOUBLE_VOWEL.sub(r"\1", word)


STEMMERS: dict[Language, Callable[[str], str]] = {
    "nl": dutch,
    "fr": french,
    "en": snowball("english"),
    "de": snowball("german"),
}
"""Take a word of letters, in its verbatim form, and give its stem; accents may be left in it."""
