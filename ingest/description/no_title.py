"""Recognises what is not a title, although it is printed large or is in the metadata of the file."""

import re
import unicodedata

_FEWEST_LETTERS = 4

_PROGRAMS = re.compile(
    r"""
    ^microsoft\s | ^(untitled|naamloos|sans\s(titre|nom)|ohne\stitel|unbenannt|no\stitle)\b.{0,4}$
    | ^(title|titel|titre)\b.{0,4}$
    | ^(document|layout|presentation|présentation|scan|print|binder|template|sjabloon|modèle)\s?[\d()]*$
    | ^(please\swait|even\sgeduld|veuillez\spatienter|bitte\swarten)\b
    | power\s?point | ^(diapositive|dia|slide|folie)\s?\d+ | ^https?: | ^www\. | ^[a-z]:\\ | ^(\.{0,2}/|\\\\)
    | \.(docx?|pptx?|xlsx?|odt|rtf|indd|qxd|pdf|html?|txt|tex|pub|eps|ai)\b | [<>_{}\\]
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What programs write into the metadata instead of a title: their own name, a file name, "untitled"."""

_SECTIONS = frozenset(
    re.findall(
        r"\w+",
        """
    inhoud inhoudsopgave inhoudstafel inleiding voorwoord woordvooraf samenvatting colofon dagorde agenda
    bijlage bijlagen besluit conclusie persbericht verordening
    tabledesmatieres sommaire introduction avantpropos preface preambule resume syntheseduresume ordredujour
    annexe annexes conclusion communiquedepresse presents
    contents tableofcontents foreword summary executivesummary appendix pressrelease
    inhalt inhaltsverzeichnis einleitung vorwort zusammenfassung anhang impressum tagesordnung
    """,
    )
)
_SECTION = re.compile(
    r"""^(
    (hoofdstuk|chapitre|chapter|kapitel|artikel|article|art\.|afdeling|section|abschnitt|titre|titel|deel|partie)
    \s+([ivxlc]+|\d+|1er)\b |
    (tabel|tableau|table|tabelle|figuur|figure|fig\.|abbildung|grafiek|graphique|kaart|carte)\s+\d )""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(r"^(\d[\d.]*|[IVX]+[.)])\s+")
_NUMBERED = re.compile(r"^(\d[.)]?|\d\d\)?|\d+(\.\d+)+\.?|[IVX]+[.)]?)\s+[^a-zà-ÿ]")
"""The number of a section, as in "3. De haven". "10. Jahresbericht" and "12 maatregelen" are titles."""

_BODIES = re.compile(
    r"""^(?i:the\s|la\s|le\s|de\s|het\s|l['’])?(
    (?i:gemeente(bestuur)?|stad|provincie|ministerie|federale\soverheidsdienst|ocmw|kamer|senaat
    |commune|ville|mairie|province|région|ministère|service\spublic|communauté(\sde\scommunes)?|cpas|département
    |gouvernement|république|royaume|sénat|chambre|parlement|koninkrijk|kingdom|city|municipality|ministry
    |government|region|senate|parliament|gemeinde|stadt|ministerium|bundesministerium)
    (\s+([^a-zà-ÿ\s]\S*|de|du|des|la|le|les|van|het|der|den|of|the|et|en|für|[dl]['’]\S+))*
    |(\S+\s){1,2}(?i:regering|senaat|parlement|gewest|regierung) )$""",
    re.VERBOSE,
)
_SMALL_WORDS = frozenset(
    (
        "a",
        "de",
        "den",
        "der",
        "des",
        "du",
        "en",
        "et",
        "für",
        "het",
        "l",
        "la",
        "le",
        "les",
        "of",
        "the",
        "van",
    )
)
_MOST_NAMES = 3
"""Most words with a capital in the name of a public body."""

_DAYS_AND_MONTHS = re.compile(
    r"""\b(
    maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche
    |monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag
    |januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|versie|version|datum
    |janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|date
    |january|february|march|may|june|july|august|october|januar|februar|märz|dezember|sonntag
    |le|du|au|dès|depuis|vanaf|van|tot|since|from|to|am|vom|bis|den|de|la|en|et|und|and )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def normal(text: str) -> str:
    """The letters and digits of a text, in lower case and without accents, for comparison."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def is_plausible(title: str) -> bool:
    """Whether the title in a file's metadata may be the document's."""
    letters = sum(map(str.isalpha, title))
    has_words = " " in title and letters >= 8 and letters > 0.5 * len(title)
    return has_words and len(title) <= 400 and not _PROGRAMS.search(title)


def is_no_title(text: str) -> bool:
    """Whether printed text is the heading of a part, the name of a body, a date, an address or a number."""
    return (
        sum(map(str.isalpha, text)) < _FEWEST_LETTERS
        or normal(_NUMBER.sub("", text)) in _SECTIONS
        or bool(_SECTION.search(text))
        or bool(_PROGRAMS.search(text))
        or "@" in text
        or text.endswith(":")
        or is_body(text)
        or not re.search(r"[^\W\d_]{2}", _DAYS_AND_MONTHS.sub("", text))
    )


def is_body(text: str) -> bool:
    """Whether a text is only the name of a public body, such as "Gemeente Wassenaar"."""
    names = [word for word in text.split()[1:] if word.lower() not in _SMALL_WORDS and not word.islower()]
    return len(names) <= _MOST_NAMES and bool(_BODIES.search(text))


def is_numbered(text: str) -> bool:
    """Whether a text begins with the number of a section."""
    return bool(_NUMBERED.search(text))
