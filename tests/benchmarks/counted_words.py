"""Words, and the forms that a researcher expects to be counted for each.

Written down by knowledge of the languages, before looking at what the program counts in the corpus. A word
without accents is expected in every spelling; one with accents in its own, and in capitals without them.
"""

from typing import NamedTuple

from archive.languages import Language


class CountedWord(NamedTuple):
    """A query, its language, and a pattern of all that is to be counted for it."""

    query: str
    language: Language
    forms: str
    """Alternatives of a regular expression, each a whole word or run of words."""
    in_any_case: bool = True
    with_compounds: bool = False


_LETTERS = r"[^\W\d_]*"

COUNTED: tuple[CountedWord, ...] = (
    CountedWord("klimaat", "nl", "klimaat|klimaten"),
    CountedWord("klimaat", "nl", f"{_LETTERS}klima(?:at|ten){_LETTERS}", with_compounds=True),
    CountedWord("werkgelegenheid", "nl", "werkgelegenheid"),
    CountedWord("gemeente", "nl", "gemeente|gemeenten|gemeentes"),
    CountedWord("belastingen", "nl", "belasting|belastingen"),
    CountedWord("één", "nl", "één|Eén|EEN|ÉÉN|EÉN|ÉEN", in_any_case=False),
    CountedWord("een", "nl", "een|één|eén"),
    CountedWord("sociale", "nl", "sociaal|sociale"),
    CountedWord(
        "financiële", "nl", "[Ff]inanciële|[Ff]inancieel|FINANCI[EË]LE|FINANCIEEL", in_any_case=False
    ),
    CountedWord('"openbare ruimte"', "nl", r"openbare\s+ruimte"),
    CountedWord("burger", "nl", "burger|burgers"),
    CountedWord('"2026"', "nl", r"2026(?![.,]\d)"),
    CountedWord("1000", "nl", r"(?<!\d[.,' ])1[.,' \u00a0\u202f]?000(?![.,' \u00a0\u202f]\d)"),
    CountedWord('"1.000"', "nl", r"(?<!\d[.,' ])1\.000(?![.,' \u00a0\u202f]\d)"),
    CountedWord("égalité", "fr", "[éÉE]galités?|[ÉE]GALIT[ÉE]S?", in_any_case=False),
    CountedWord("activité", "fr", "[aA]ctivités?|ACTIVIT[ÉE]S?", in_any_case=False),
    CountedWord("première", "fr", "[pP]remi(?:er|ère)s?|PREMI(?:ER|[EÈ]RE)S?", in_any_case=False),
    CountedWord("logement", "fr", "logements?"),
    CountedWord("emploi", "fr", "emplois?"),
    CountedWord("eau", "fr", "eaux?"),
    CountedWord("communes", "fr", "communes?"),
    CountedWord("conseil", "fr", "conseils?"),
    CountedWord("citoyen", "fr", "citoyen(?:ne)?s?"),
    CountedWord("ecologique", "fr", "[eé]cologiques?"),
    CountedWord('"eau potable"', "fr", r"eau\s+potable"),
    CountedWord('"l\'urgence écologique"', "fr", r"l['’]urgence\s+écologique"),
    CountedWord("processing", "en", "process|processes|processed|processing"),
    CountedWord("policy", "en", "policy|policies"),
    CountedWord("regulation", "en", "regulations?"),
    CountedWord('"personal data"', "en", r"personal\s+data"),
    CountedWord("Paket", "de", "paket|pakete|paketen|pakets|paketes"),
    CountedWord("Änderung", "de", "änderung|änderungen"),
    CountedWord("für", "de", "für"),
    CountedWord("Benutzer", "de", "benutzer|benutzern|benutzers"),
)
