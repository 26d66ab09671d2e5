"""Words in their forms, and compounds, with the words that answer them: written down from the languages,
before any engine was asked. Dutch has lists of its own (dutch_families.py).

A page answers a query if it holds a word that the pattern matches, in the language of the query.
"""

from typing import NamedTuple

from archive.languages import Language


class Forms(NamedTuple):
    """The queries, and a pattern for the words (in lower case) that answer them."""

    language: Language
    queries: tuple[str, ...]
    members: str


def _forms(language: Language, queries: str, members: str) -> Forms:
    return Forms(language, tuple(queries.split()), members)


INFLECTED: tuple[Forms, ...] = (
    _forms("fr", "décision décisions", "^décisions?$"),
    _forms("fr", "citoyen citoyens", "^citoyen(s|ne|nes)?$"),
    _forms("fr", "public publiques", "^publi(c|cs|que|ques)$"),
    _forms("fr", "national nationales", "^nationa(l|le|les|ux)$"),
    _forms("fr", "commune communes", "^communes?$"),
    _forms("fr", "installation installations", "^installations?$"),
    _forms("fr", "service services", "^services?$"),
    _forms("fr", "travail travaux", "^trava(il|ux)$"),
    _forms("fr", "délibération délibérations", "^délibérations?$"),
    _forms("fr", "conseil conseils", "^conseils?$"),
    _forms("fr", "loi lois", "^lois?$"),
    _forms("fr", "étranger étrangère", "^étrang(er|ers|ère|ères)$"),
    _forms("fr", "membre membres", "^membres?$"),
    _forms("fr", "proposition propositions", "^propositions?$"),
    _forms("fr", "habitant habitants", "^habitante?s?$"),
    _forms("fr", "annuel annuelle", "^annuel(s|le|les)?$"),
    _forms("en", "controller controllers", "^controllers?$"),
    _forms("en", "authority authorities", "^authorit(y|ies)$"),
    _forms("en", "measure measures", "^measures?$"),
    _forms("en", "country countries", "^countr(y|ies)$"),
    _forms("en", "package packages", "^packages?$"),
    _forms("en", "decision decisions", "^decisions?$"),
    _forms("en", "purpose purposes", "^purposes?$"),
    _forms("de", "Paket Pakete", "^pakete?[ns]?$"),
    _forms("de", "Version Versionen", "^version(en)?$"),
    _forms("de", "Datei Dateien", "^datei(en)?$"),
    _forms("de", "Verzeichnis Verzeichnisse", "^verzeichnis(se|sen|ses)?$"),
    _forms("de", "Programm Programme", "^programm(e|en|s)?$"),
    _forms("de", "Frage Fragen", "^fragen?$"),
)

COMPOUNDS: tuple[Forms, ...] = (
    _forms("de", "Paket", "paket"),
    _forms("de", "Verwaltung", "verwaltung"),
    _forms("de", "Liste", "liste"),
    _forms("de", "Archiv", "archiv"),
    _forms("de", "Version", "version"),
    _forms("de", "Datei", "datei"),
    _forms("de", "Fehler", "fehler"),
    _forms("de", "System", "system(e|en|s)?$|^system"),
)
