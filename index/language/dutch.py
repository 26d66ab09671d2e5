"""The Dutch stemmer: inflection only.

Both Dutch stemmers of Snowball separate *sociaal* from *sociale* or *plan* from *plannen*, and merge *woning*
with *gewoon*. tests/benchmarks/bench_stems.py has the figures.
"""

import re

from index.language.folding import fold

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
    """The end as it is spelled without an ending, with single letters: plan, huis, graf, schol."""
    word = _DOUBLE_CONSONANT.sub(r"\1", word)
    if word.endswith(("v", "z")):
        word = word[:-1] + ("f" if word[-1] == "v" else "s")
    return _DOUBLE_VOWEL.sub(r"\1", word)
