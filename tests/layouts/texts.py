"""The words that are set: sentences in four languages, of the demonstration collection and made up.

Made-up sentences are of parts that fit each other in any combination. They hold what is hard at line ends and
for readers of pages: long compounds, hyphens of their own, diaereses, apostrophes, figures, units, addresses.
"""

import random
import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import count

from archive.demonstration import FOLDER
from archive.languages import Language

_PARTS: dict[Language, tuple[str, str, str, str]] = {
    "nl": (
        "De gewestelijke overheidsdienst|Het samenwerkingsverband|De mede-eigenaar van het gebouw"
        "|De werkgelegenheidsdienst|Een onafhankelijke deskundige|De gemeenteraad van Sint-Jans-Molenbeek"
        "|De Economische en Sociale Raad|Het milieueffectenrapport|De kmo-vertegenwoordiger"
        "|De oudste instelling|De dienst financiën|Het Brussels-Hoofdstedelijk bestuur|Zo’n adviescommissie"
        "|De woningbouwvereniging|De arbeidsbemiddelingsdienst|De verzekeringsmaatschappij|De EU-regelgeving",
        "onderzoekt|bekritiseert|financiert|coördineert|ondersteunt|vergelijkt|evalueert|organiseert"
        "|publiceert|vereenvoudigt|verwacht|bespreekt|herziet|reorganiseert|inventariseert|geeft bijval aan",
        "de meerjarenbegroting|een opleidingsprogramma|het mobiliteitsplan|de reïntegratie van werkzoekenden"
        "|het aanwervingsbeleid|de energieprestaties|een gemeenschappelijke databank|het vervoersaanbod"
        "|de huurprijzen|drieëntwintig zones|het BTW-compensatiefonds|een reëel alternatief|de zone-indeling"
        "|het socio-economische beleid|de e-mail van de burgemeester|de ideeën van de bewoners"
        "|de stedenbouwkundige voorschriften|het auto-ongeval|de verduurzamingsmaatregelen|het CO₂-verbruik",
        "in de loop van het voorjaar|zonder voorafgaande waarschuwing|met ingang van {day} maart {year}"
        "|voor een bedrag van € {thousands}.{hundreds}|op een oppervlakte van {small} km²|in alle wijken"
        "|na overleg met de vakbonden|volgens de jongste gegevens|(zie bijlage {small})|in {year}"
        "|ten belope van {small},{digit} %|tegen {small} kWh/m²|bij de start van het schooljaar"
        "|op https://www.{name}.brussels/{name}-{year}/nieuws|via {name}-dienst@{name}.brussels"
        "|, de „{name}” niet meegerekend|in het kader van art. {small}bis",
    ),
    "fr": (
        "Le service public régional|L’association de quartier|La commission d’évaluation|Le fonctionnaire"
        "|L’observatoire de l’emploi|La vice-présidente du conseil|Le porte-parole du gouvernement"
        "|La direction générale|Le comité d’accompagnement|L’administration communale|Un sous-traitant agréé"
        "|La cour d’appel|Le Conseil économique et social|L’enquête socio-économique|Un groupe de travail",
        "examine|accompagne|finance|développe|coordonne|évalue|publie|simplifie|attend|présente|réorganise"
        "|critique|soutient|inventorie|n’approuve pas|renouvelle",
        "le programme d’investissement|la formation professionnelle|l’aménagement du territoire"
        "|les allocations familiales|le chiffre d’affaires|un avant-projet|la mise en œuvre du plan"
        "|l’accompagnement des demandeurs d’emploi|les infrastructures|un rendez-vous hebdomadaire"
        "|l’assainissement énergétique|les micro-entreprises|la taxe CO₂|le savoir-faire des artisans"
        "|les prescriptions urbanistiques|l’apprentissage des langues|l’intercommunalité",
        "au cours du printemps|sans avertissement préalable|à partir du 1er mars {year}|en {year}"
        "|pour un montant de {thousands} {hundreds} €|sur une superficie de {small} km²"
        "|dans tous les quartiers"
        "|après concertation avec les syndicats|d’après les dernières données|(voir l’annexe {small})"
        "|à concurrence de {small},{digit} %|pendant {small} ½ journées|c’est-à-dire avant l’été"
        "|sur https://www.{name}.brussels/{name}-{year}/actualite|à l’adresse {name}-info@{name}.brussels"
        "|, hormis « {name} »|dans le cadre de l’art. {small}bis|; peut-être à {small} kWh/m²",
    ),
    "en": (
        "The regional administration|An independent evaluator|The employment observatory|The vice-president"
        "|The neighbourhood association|A committee of the council|The director-general|The ombudsman"
        "|The cooperative society|The accounting department|A well-known researcher|The apt-pinning team",
        "examines|supports|finances|coordinates|evaluates|publishes|simplifies|reorganises|criticises"
        "|postpones|welcomes|investigates|does not approve",
        "the long-term investment programme|the vocational training scheme|a cross-border agreement"
        "|the redevelopment of the harbour|the administrative simplification|a twenty-year-old regulation"
        "|the environmental impact assessment|the social partners’ recommendations|a low-emission zone"
        "|the accommodation of newcomers|the infrastructure|the CO₂ levy|the non-profit sector",
        "in the course of the spring|without prior notice|with effect from {day} March {year}|in {year}"
        "|for an amount of €{thousands},{hundreds}|on a surface of {small} km²|in every neighbourhood"
        "|after consultation of the trade unions|according to the latest figures|(see annex {small})"
        "|up to {small}.{digit} %|at https://www.{name}.brussels/{name}-{year}/news|at {small} kWh/m²"
        "|, “{name}” excepted|under art. {small}bis",
    ),
    "de": (
        "Die Regionalverwaltung|Der Wirtschafts- und Sozialrat|Die Arbeitsvermittlungsstelle|Ein Gutachter"
        "|Der Stadtentwicklungsausschuss|Die Vize-Präsidentin|Das Beschäftigungsministerium|Die EU-Kommission"
        "|Der Nachbarschaftsverein|Die Verkehrsbetriebe|Die Wohnungsbaugesellschaft|Der Gemeinderat",
        "prüft|unterstützt|finanziert|koordiniert|bewertet|veröffentlicht|vereinfacht|kritisiert|verschiebt"
        "|begrüßt|untersucht|vergleicht",
        "das Investitionsprogramm|die Berufsausbildung|ein grenzüberschreitendes Abkommen|den Haushaltsplan"
        "|die Verwaltungsvereinfachung|die Umweltverträglichkeitsprüfung|die CO₂-Abgabe|den E-Mail-Verkehr"
        "|die Straßenbeleuchtung|das Ausbildungsangebot für Jugendliche|die Lebenshaltungskosten"
        "|den Wiederaufbau des Hafengeländes|die Gleichstellungsmaßnahmen|den 20-jährigen Vertrag",
        "im Laufe des Frühjahrs|ohne vorherige Ankündigung|ab dem {day}. März {year}|im Jahre {year}"
        "|für einen Betrag von {thousands}.{hundreds} €|auf einer Fläche von {small} km²|in allen Vierteln"
        "|nach Rücksprache mit den Gewerkschaften|nach den jüngsten Angaben|(siehe Anhang {small})"
        "|bis zu {small},{digit} %|auf https://www.{name}.brussels/{name}-{year}/neues|, „{name}“ ausgenommen"
        "|bei {small} kWh/m²",
    ),
}
"""For each language who, does, what, and how or when, each given by its choices."""

_LONGEST_LABEL = 14
"""Letters."""
_TRIES = 2000
_NAMES = "zenne|kanaal|marolles|heembeek|lumiere|atlas|josaphat|midi|citydev|brucity|perspective"
_MARKUP = re.compile(r"#footnote\[[^]]*\]|[_*]")
_DEMONSTRATED = re.compile(r"(?:^|(?<=[.] ))[A-ZÀ-Ý][\w ,;:'’()-]{40,220}\.(?= |$)")


class Texts:
    """Sentences and words in the four languages, each sentence once."""

    def __init__(self, draw: random.Random, longest: int) -> None:
        self._draw = draw
        self._longest = longest
        """Letters of a word."""
        self._said: set[str] = set()

    def sentence(self, language: Language) -> str:
        """A sentence that was not given before."""
        shown = demonstrated(language)

        def made() -> str:
            is_shown = bool(shown) and self._draw.random() < 0.3
            return self._draw.choice(shown) if is_shown else self._made(language)

        return self._new(made)

    def short(self, language: Language) -> str:
        """Who does what, in four to eight words."""
        who, does, what, _ = _PARTS[language]

        def made() -> str:
            return " ".join(self._draw.choice(part.split("|")) for part in (who, does, what)) + "."

        return self._new(made, lambda text: len(text) < 70)

    def heading(self, language: Language, longest: int = 99) -> str:
        """What, with a capital, in words of so many letters at most; once all are used, a numbered name."""

        def made() -> str:
            text = self._draw.choice(_PARTS[language][2].split("|"))
            return f"{text[0].upper()}{text[1:]} {self._draw.choice(_NAMES.split('|')).capitalize()}"

        numbered = (f"Midi {number}" for number in count(2))
        return self._new(made, lambda text: max(map(len, text.split())) <= longest, numbered)

    def label(self, language: Language, longest: int = _LONGEST_LABEL) -> str:
        """A word that is not long, as stands in a cell or beside a paragraph; the shortest if none fits."""
        words = {what.split()[-1] for what in _PARTS[language][2].split("|")}
        longest = max(min(longest, _LONGEST_LABEL), min(map(len, words)))
        return self._draw.choice(sorted(word.capitalize() for word in words if len(word) <= longest))

    def figure(self) -> str:
        """An amount, as stands in a cell."""
        return self._draw.choice(
            [
                f"{self._draw.randrange(1, 990)}",
                f"{self._draw.randrange(1, 99)}.{self._draw.randrange(100, 999)}",
                f"{self._draw.randrange(1, 99)},{self._draw.randrange(0, 9)} %",
            ]
        )

    def _new(
        self,
        made: Callable[[], str],
        is_good: Callable[[str], bool] = bool,
        others: Iterable[str] | None = None,
    ) -> str:
        """A good text that was not given before, with words that fit their column; where hardly any does, one
        of the others, or any."""
        tries = (made() for _ in range(_TRIES))
        text = next((text for text in tries if is_good(text) and self._is_new(text)), None)
        if text is None:
            text = next(text for text in others or iter(made, None) if text not in self._said)
        self._said.add(text)
        return text

    def _is_new(self, text: str) -> bool:
        return text not in self._said and max(map(len, text.split())) <= self._longest

    def _made(self, language: Language) -> str:
        who, does, what, how = (self._draw.choice(part.split("|")) for part in _PARTS[language])
        text = f"{who} {does} {what} {how}."
        if self._draw.random() < 0.25:  # a longer one
            _, _, more, when = (self._draw.choice(part.split("|")) for part in _PARTS[language])
            text = f"{text[:-1]}, {_AND[language]} {more} {when}."
        return re.sub(r"\{(\w+)\}", self._filled, text.replace(" ,", ",").replace(" ;", "\u00a0;"))

    def _filled(self, slot: re.Match[str]) -> str:
        name = slot[1]
        if name == "name":
            return self._draw.choice(_NAMES.split("|"))
        low, high = _RANGES[name]
        return str(self._draw.randrange(low, high))


_AND: dict[Language, str] = {"nl": "alsook", "fr": "ainsi que", "en": "as well as", "de": "sowie"}
_RANGES = {
    "day": (2, 31),
    "year": (1990, 2031),
    "thousands": (2, 990),
    "hundreds": (100, 999),
    "small": (2, 99),
    "digit": (1, 9),
}


@cache
def demonstrated(language: Language) -> tuple[str, ...]:
    """The sentences of the demonstration collection in a language that need no markup."""
    found: dict[str, None] = {}
    for path in sorted((FOLDER / "texts").glob(f"*-{language}.typ")):
        for paragraph in path.read_text("utf-8").split("\n\n"):
            if paragraph[:1].isalpha():
                plain = _MARKUP.sub("", " ".join(paragraph.split()).replace("~", "\u00a0"))
                found.update(dict.fromkeys(_DEMONSTRATED.findall(plain)))
    return tuple(found)
