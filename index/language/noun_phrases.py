"""Which words may be inside a term of several words, and which may not begin or end one?

A term is a noun phrase: *droits de l'homme*, *recht op arbeid*. Between its nouns there may be prepositions
that connect them, with or without an article, and nothing else. A phrase is never cut inside these.
"""

import re
from collections.abc import Mapping, Sequence

from archive.languages import Language
from index.language.stop_words import STOP_WORDS

_TIES: Mapping[Language, re.Pattern[str]] = {
    "nl": re.compile(r"(?:van|voor|op|tot)(?: (?:de|het|den))?|der|des|s"),
    "fr": re.compile(r"(?:de|d|à)(?: (?:la|l|les))?|du|des|au|aux|en"),
    "en": re.compile(r"(?:of|for)(?: (?:the|a|an))?|s"),
    "de": re.compile(r"der|des|vom|von(?: (?:der|den|dem))?|für(?: (?:die|das|den))?|zur|zum"),
}
"""What ties the nouns of a phrase together, stop words in a row."""

_OTHER_FUNCTION_WORDS: Mapping[Language, str] = {
    "nl": """
        achter afgezien alsook alvorens anders behoudens benevens betreffende boven buiten conform dankzij
        doordat evenals gedurende gelet gezien hetzij hoewel immers inclusief inzake jegens krachtens langs
        mits naargelang naast namelijk nabij noch ofwel omtrent ondanks ongeacht opdat qua rond rondom samen
        sedert tenzij teneinde tijdens totdat uitgezonderd vanwege volgend voorbij vooraleer want wegens zodra
        zolang zonder
    """,
    "fr": """
        a au-delà auprès aussitôt autour avait car certains certaines chacun concernant contre dessous dessus
        devant derrière doit doivent durant envers excepté faut grâce hormis hors jamais là malgré moyennant
        ni non ont outre parce plusieurs pourvu près quant quelques quoique sauf selon sera sinon sitôt soit
        sont sous touchant toujours très va veut vont voici voilà
    """,
    "en": """
        across according along alongside although among amongst around aside behind beneath beside besides
        beyond concerning despite except inside like near nor onto opposite outside past per regarding round
        since than though toward towards underneath unless unlike whereas whereby within without yet
    """,
    "de": """
        abseits anstatt anhand angesichts anlässlich aufgrund außer außerhalb bevor bezüglich binnen denn
        dennoch entgegen entlang falls gegenüber gemäß hinsichtlich hinter indem infolge innerhalb jenseits
        laut mittels nachdem neben nebst obwohl seitens sobald solange statt trotz um ungeachtet weder wegen
        wohingegen zufolge zugunsten zwecks
    """,
}
_FUNCTION_WORDS: Mapping[Language, frozenset[str]] = {
    language: STOP_WORDS[language] | frozenset(words.split())
    for language, words in _OTHER_FUNCTION_WORDS.items()
}


def is_function_word(word: str, language: Language) -> bool:
    """Whether a word in its verbatim form is an article, a preposition, a conjunction, an auxiliary or the
    like, with which no term begins or ends."""
    return word in _FUNCTION_WORDS[language]


def ties(between: Sequence[str], language: Language) -> bool:
    """Whether words (in their verbatim form) between two others may join these into one term."""
    return not between or _TIES[language].fullmatch(" ".join(between)) is not None
