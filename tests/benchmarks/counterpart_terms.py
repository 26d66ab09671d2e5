"""Terms and how they are translated in the documents of the corpus and the demonstration collection.

Written down from the texts, read in both languages. The pattern says which counterparts answer, in lower
case: the word or group of words that a reader would look up or quote, in any inflected form.
"""

from typing import NamedTuple

from archive.languages import Language


class Term(NamedTuple):
    """A term, and a pattern for the counterparts that are right."""

    source: Language
    target: Language
    query: str
    right: str


TERMS: tuple[Term, ...] = (
    Term("nl", "fr", "burgerparlement", "parlements? citoyen(·?ne·?s|s)?"),
    Term("nl", "fr", '"ecologische noodtoestand"', "(état d[’']|d[’'])?urgence écologique"),
    Term("nl", "fr", '"deliberatieve democratie"', "démocratie délibérative"),
    Term("nl", "fr", "loting", "tirage au sort"),
    Term("nl", "fr", "facilitatieteam", "équipe de facilitation"),
    Term("nl", "fr", "adviesraad", "conseil consultatif"),
    Term("nl", "fr", "werkgelegenheid", "(l[’'])?emplois?"),
    Term("nl", "fr", "opleiding", "formations?"),
    Term("nl", "fr", '"sociale gesprekspartners"', "interlocuteurs sociaux"),
    Term("nl", "fr", "gewest", "régions?"),
    Term("nl", "fr", "doelstellingen", "objectifs?"),
    Term("nl", "fr", "werven", "chantiers?"),
    Term("nl", "fr", "leefmilieu", "(l[’'])?environnement"),
    Term("nl", "fr", "onderneming", "entreprises?"),
    Term("nl", "fr", "werkzoekenden", "demandeurs? d[’']emploi"),
    Term("nl", "fr", "overleg", "concertation"),
    Term("nl", "fr", "opvolging", "suivi"),
    Term("nl", "fr", "BISA", "ibsa"),
    Term("nl", "fr", "FANC", "afcn"),
    Term("nl", "fr", "beleidsvoorstellen", "propositions politiques"),
    Term("nl", "fr", "gemeenschappen", "communautés?"),
    Term("nl", "fr", "regering", "gouvernements?"),
    Term("nl", "fr", "wetsvoorstel", "propositions? de loi"),
    Term("nl", "fr", "euthanasie", "euthanasie"),
    Term("nl", "fr", '"Duitstalige Gemeenschap"', "communauté germanophone"),
    Term("nl", "fr", "stemming", "votes?"),
    Term("nl", "fr", "onthoudingen", "abstentions?"),
    Term("nl", "fr", "mensenrechten", "droits de l[’']homme"),
    Term("nl", "fr", "pakket", "paquets?"),
    Term("nl", "fr", "configuratiebestand", "fichiers? de configuration"),
    Term("nl", "fr", '"vrije software"', "logiciels? libres?|libres?"),
    Term("nl", "fr", "besturingssysteem", "systèmes? d[’']exploitation"),
    Term("nl", "fr", "mailinglijst", "listes? de diffusion"),
    Term("fr", "nl", "emploi", "werkgelegenheid|werk|tewerkstelling"),
    Term("fr", "nl", '"marché du travail"', "arbeidsmarkt"),
    Term("fr", "nl", "formation", "opleiding(en)?|training"),
    Term("fr", "nl", "réchauffement", "opwarming"),
    Term("fr", "nl", "biodiversité", "biodiversiteit"),
    Term("fr", "nl", "gouvernement", "regering(en)?"),
    Term("fr", "nl", "ponctualité", "stiptheid"),
    Term("fr", "nl", "commission", "commissies?"),
    Term("fr", "nl", '"droits de l\'homme"', "mensenrechten"),
    Term("fr", "nl", "AFCN", "fanc"),
    Term("fr", "nl", "SNCB", "nmbs"),
    Term("fr", "nl", '"premier ministre"', "eerste minister|premier"),
    Term("fr", "nl", "dotation", "dotaties?"),
    Term("fr", "nl", '"tirage au sort"', "loting|steekproef|geloot"),
    Term("fr", "nl", "entreprises", "ondernemingen|overheidsbedrijven|bedrijven"),
    Term("fr", "nl", "chantiers", "werven"),
    Term("en", "fr", "package", "paquets?"),
    Term("en", "fr", "mirror", "miroirs?"),
    Term("en", "fr", '"operating system"', "systèmes? d[’']exploitation"),
    Term("en", "fr", "bug", "bogues?"),
    Term("en", "fr", "kernel", "noyaux?"),
    Term("en", "fr", '"mailing lists"', "listes? de diffusion"),
    Term("en", "nl", "upgrade", "opwaarder(en|ing|ingen)|op te waarderen"),
    Term("en", "nl", "keyboard", "toetsenborden?|toetsenbord"),
    Term("en", "nl", "license", "licenties?"),
    Term("en", "nl", "directory", "map(pen)?"),
    Term("de", "nl", "Paket", "pakket(ten)?"),
    Term("de", "nl", "Betriebssystem", "besturingssyste(em|men)"),
    Term("de", "nl", "Verzeichnis", "map(pen)?"),
    Term("de", "en", "Quellpaket", "source packages?"),
    Term("de", "en", "Spiegelserver", "mirrors?"),
    Term("nl", "en", "broncode", "source code"),
    Term("fr", "en", "dépendances", "dependenc(y|ies)"),
)

RARE_TERMS: tuple[Term, ...] = (
    Term("nl", "fr", "kernenergie", "(l[’'])?énergie nucléaire|nucléaire"),
    Term("nl", "fr", "asielprocedure", "procédures? d[’']asile"),
    Term("nl", "fr", "armoede", "pauvreté|précarité"),
    Term("nl", "fr", "verkiezingsproces", "processus électora(l|ux)"),
    Term("nl", "fr", "bemiddeling", "médiation"),
    Term("nl", "fr", "vertaling", "traductions?"),
    Term("nl", "fr", "mandaat", "mandats?"),
    Term("nl", "fr", "kernramp", "catastrophes? nucléaires?|accidents? nucléaires?"),
    Term("nl", "fr", "erfgoed", "patrimoine"),
    Term("nl", "fr", "nucleaire", "nucléaires?"),
    Term("nl", "fr", "tuberculosegevallen", "cas de tuberculose"),
    Term("nl", "fr", "privacy", "(protection de la |respect de la )?vie privée"),
    Term("nl", "fr", "wetgeving", "législations?|lois?"),
    Term("nl", "fr", "crisismaatregelen", "mesures? (de crise|anticrise)"),
    Term("nl", "fr", "energieprijs", "prix de l[’']énergie"),
    Term("nl", "fr", "vertaler", "traduct.*"),
    Term("nl", "fr", "videoconferentie", "(par )?(vidéo|visio)conférences?"),
    Term("nl", "fr", "volksgezondheid", "santé publique"),
    Term("nl", "fr", "landbouw", "(l[’'])?agriculture"),
    Term("nl", "fr", "transparantie", "transparence"),
    Term("nl", "fr", "subsidiariteit", "(principe de )?subsidiarité"),
    Term("nl", "fr", "vertrouwen", "confiance"),
    Term("nl", "fr", "solidariteit", "solidarité"),
    Term("nl", "fr", "partijen", "partis?( politiques?)?|parties"),
    Term("nl", "fr", "aanwerving", "recrutements?|engagements?|embauches?"),
    Term("nl", "fr", "plenaire", "(séances? )?plénières?"),
    Term("nl", "fr", "pijlers", "piliers?"),
    Term("nl", "fr", "archief", "archives?"),
    Term("fr", "nl", "pauvreté", "armoede"),
    Term("fr", "nl", "résidence", "verblijf(plaats)?|woonplaats|woning|residentie"),
    Term("fr", "nl", "médiation", "bemiddeling"),
    Term("fr", "nl", "déchets", "(kern)?afval.*"),
    Term("fr", "nl", "électricité", "elektriciteit.*|stroom"),
    Term("fr", "nl", "téléphone", "telefo.*"),
    Term("fr", "nl", "greffier", "griffier"),
    Term("fr", "nl", "législation", "wetgeving"),
    Term("fr", "nl", "aéroports", "luchthavens?"),
    Term("fr", "nl", "volontaires", "vrijwilligers?"),
    Term("fr", "nl", "anglais", "engels(e|talige?)?"),
    Term("fr", "nl", "révolte", "opstand(en)?|revolte"),
)
"""Terms that stand in few sentences: most from a list, drawn by lot, of the words that a text has two to five
times, some chosen; written down before it was seen what the program answers. What makes an answer uncertain
was then set by these terms."""
