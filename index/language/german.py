"""The German stemmer: forms of one word share a stem; look-alikes and derived words do not.

It handles inflection only: plurals and cases of nouns, endings and degrees of adjectives, and those endings
of verbs that no noun has. *Politik* and *Polizei*, *Gemeinde* and *gemeinsam*, *Arbeit* and *Arbeiter*,
*Forderung* and *Förderung* stay apart. Umlauts are removed (*Häuser* is *Haus*), except in words that only
the umlaut distinguishes. In lower case *Plan* and *planen* look like *Frage* and *Fragen*, so a noun may
share the stem of the verb that it comes from.
"""

import re
from collections.abc import Iterator

from index.language.folding import fold
from index.language.word_endings import first_rule, forms, rules, words

_AS_WRITTEN = forms("""
    grosse=: größe größen, flache=: fläche flächen, lange=: länge längen, hohe=: höhe höhen,
    starke=: stärke stärken, nahe=: nähe, warme=: wärme, kalte=: kälte, gute=: güte,
    schwache=: schwäche schwächen, statte=: stätte stätten, kuche=: küche küchen, blute=: blüte blüten,
    mas: maß maße maßen maßes, rate: rate raten, reise: reise reisen, buche: buche buchen,
    marke: marke marken, liste: liste listen, bande: bande banden, falle: falle fallen,
    halle: halle hallen, note: note noten, ebene: ebene ebenen, runde: runde runden, weise: weise weisen,
    pole: pole polen, studium: studium studiums, herr: herrn herren
""")
"""Words that differ from others in an umlaut, ß or e: *große*, *flache*, *Masse*, *Rat*, *Reis*, *Buch*."""

_BEFORE_ROOTS = "(?:ge|be|er|ab|an|un|auf|aus|vor|ver)?"
_ROOTS_WITH_UMLAUT = words("führ förder zähl wähl drück lös schön änder klär schütz töt genüg")
_ROOT_WITH_UMLAUT = re.compile(rf"{_BEFORE_ROOTS}(?:{'|'.join(sorted(_ROOTS_WITH_UMLAUT))})")
_UMLAUT = "="
"""Ends the stem of a word that is another without its umlaut: *fördern*, *fordern*; *zählen*, *Zahl*."""

_INFINITIVE = re.compile(
    r"(?:ab|an|auf|aus|be|bei|durch|ein|nach|über|um|ver|vor|zu)(?:bau|fall|fang|lauf|schlag|trag)en"
)
"""*Eintragen* is no *Eintrag*, whose plural has an umlaut."""

_KEEPING_GE = words("""
    gebuhr gefahrd gefall gehor gelang geling genug gestalt gestatt gewahr gewinn
""")
"""Roots of verbs that begin with ge: *gelangt* is no form of *langen*."""

_UNCHANGED = words("""
    kosten offen eben gegen wegen oben neben zusammen insgesamt jetzt letzt zuletzt kurs puls fels hals zins
    gas glas erdgas atlas preis kreis reis eis haus aus basis praxis bis los kilos sechs wachs fuchs lachs
    flachs vers links krebs falls stets system problem extrem bequem modem fahrt eigen selten verschieden
    einzeln modern konzern konzert pervers kontrovers divers grandios kurios
""")
"""Words that end like a form and are none."""

_LATIN = rules("""
    muse|zentr|^alb|^dat  (?:um|ums|en)  um  # Zentren, Museen, Daten
    .i                   (?:um|ums|en)       # Ministerien
    them|firm|dram|vill  (?:a|as|en)    a    # Themen
    kont|risik           (?:o|os|en)    o    # Konten
    .ism                 (?:us|en)           # Organismen
""")

_PLURALS_IN_ER = """
    haus buch (?<!aus)(?<!in)(?<!eng)(?<!nieder)land wald feld bild kind geld lied kleid dorf wort volk mann
    rad bad blatt brett glied schild licht gesicht geschlecht gut amt loch schloss grab gras glas band
    denkmal horn huhn kalb korn kraut holz lamm strauch wurm rind geist gott dach fach fass rand tuch spital
"""
_ADJECTIVE_SUFFIXES = """
    [a-z]lich [b-df-hj-np-tv-z]ig ..[^e]isch [a-z]bar [a-z]sam [a-z](?<!sc)haft [a-z]los [^r]reich [a-z]iv
    iert ..[bdgkmnrti]al [iun]ell rell ..[lnrt]ent ..ant [fr]ekt
    ..[td]et [a-z](?:tz|hl|ll|nn|mm|ck|hr|[aeioulnr]g)t [aeiou].*e[lr]t
"""
_ADJECTIVES = """
    neu gut gross klein alt jung lang kurz hoh stark schwach hart weit breit tief erst zweit dritt viert
    letzt nachst deutsch frei voll ganz halb eng fest genau gleich klar leicht schwer reich arm rein sicher
    offen eigen verschieden einzeln privat direkt konkret komplett modern bekannt bestimmt interessant
    relevant weiss schwarz rot grun blau gelb schon fruh spat gesund krank gewiss echt wahr falsch recht
    warm kalt gering nah oft einfach besser hoch
"""


_NO_PARTICIPLES = """
    w sp bl be voll ^ab kal jug tug geg el leg dutz taus divid dep ^s ^abs ^vers ^eins ^zus ^wahr
"""
"""What comes before -end where that is no participle of the present: *verwenden*, *Jugend*."""


def _any_of(parts: str) -> str:
    return "|".join(parts.split())


def _none_of(parts: str) -> str:
    return "".join(rf"(?<!{part})" for part in parts.split())


_CASES = rules("""
    ..(?:[^sioau]|[^l]o|[^lg]a)(?<!kur|zin|pul|fel|hal)(?<!wuch|wach)(?<!^gan)  s  # Staats, Autos; not Kurs
    ..nis  ses?      # Verzeichnisses
""")
_ENDINGS = rules(rf"""
    .nis                  se[ns]?              # Verzeichnissen
    ..(?<!beg|gew|bes)in  nen                  # Bürgerinnen; not beginnen
    {_any_of(_PLURALS_IN_ER)}  ern?            # Häuser, Länder
    {_any_of(_ADJECTIVE_SUFFIXES)}  er(?:e[nmrs]?)?  # öffentlicher
    {_any_of(_ADJECTIVE_SUFFIXES)}  ste[nmrs]?  # wichtigste
    ^(?:un)?(?:{_any_of(_ADJECTIVES)})  er(?:e[nmrs]?)?  # neuer, größere
    ^(?:un)?(?:{_any_of(_ADJECTIVES)})  e?ste[nmrs]?  # neueste
    ^gross                te[nmrs]?            # größte
    [ai]b|dunk|heik|nob   le[nmrs]?  el        # flexible
    ...{_none_of(_NO_PARTICIPLES)}  end(?:e[nmrs]?)?  # bedeutend, as bedeuten
    ^(?:un)?(?:offen|eigen|verschieden|selten|einzeln)  e[nmrs]?  # offene
    ...                   ene[nmrs]?           # geschriebene, as geschrieben
    [aeiouy].*e[lr]       n                    # Bürgern, entwickeln
    ee                    n                    # Ideen
    ...(?<!yst|obl|xtr|equ|mod)  em            # öffentlichem
    ...                   e[ns]                # Wohnungen, Jahres
    ..[^e]                e                    # Pläne
""")
_VERB = rules("""
    [aeiou].*(?:e[lr]|ier)    t  # entwickelt, fordert, installiert
    .(?:tz|hl|ll|nn|mm|ff|[aeioulrn]g|ck|b|[ar]uf|rn|eil)  t  # benutzt, zählt, stellt, gibt, sagt, kauft
    [aeiou]hr         t       # führt
    .[td]             et      # arbeitet, bildet
""")
"""Endings of verbs that no noun has: *Markt*, *Recht* and *Dienst* keep their t."""


def german(word: str) -> str:
    """The stem of a word in its verbatim form."""
    if word in _AS_WRITTEN:
        return _AS_WRITTEN[word]
    if _INFINITIVE.fullmatch(word):
        return fold(word)
    if word.endswith("ös"):
        return fold(word)  # seriös
    return _stem(fold(word)) + (_UMLAUT if _ROOT_WITH_UMLAUT.match(word) else "")


def german_spellings(word: str) -> Iterator[str]:
    """The spellings with umlauts, of a word without any, that have another stem: *fördern* for *fordern*."""
    yield from (written for written in _AS_WRITTEN if fold(written) == word)
    for root in _ROOTS_WITH_UMLAUT:
        if found := re.match(rf"({_BEFORE_ROOTS}){fold(root)}", word):
            yield found[1] + root + word[found.end() :]


def _stem(word: str) -> str:
    if word in _UNCHANGED:
        return word
    if (root := first_rule(_LATIN, word)) != word:
        return root
    word = first_rule(_ENDINGS, first_rule(_CASES, word))
    if word in _UNCHANGED:
        return word
    root = first_rule(_VERB, word)
    if root == word or root in _KEEPING_GE or len(root) < 5:
        return root
    return root.removeprefix("ge")  # genutzt
