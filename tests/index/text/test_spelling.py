"""Verbatim means verbatim: what counts in a quotation and what never does, pair by pair."""

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from archive.errors import PageNotFound
from archive.languages import Language
from archive.records import Page
from index.quotation.differences import is_negation
from index.quotation.quote_report import QuoteReport
from index.quotation.verdict import find
from index.text.analysis import fold, tokens
from index.text.comparable_words import wordings
from tests.surroundings.reading_room import make_page

SAME: list[tuple[str, str, Language]] = [
    # the kind of quotation mark, apostrophe, dash and space; what only a printer chose
    ("le maire parle du “bon” sens", "le maire parle du « bon » sens", "fr"),
    ("le maire parle du ‘bon’ sens", 'le maire parle du "bon" sens', "fr"),
    ("le maire dit: ‘non’, puis sort", "le maire dit : « non », puis sort", "fr"),
    ("l'avis d'un conseil d'administration", "l’avis d’un conseil d’administration", "fr"),
    ('l’"Office" rend l\'avis du conseil', "l’« Office » rend l’avis du conseil", "fr"),
    ("de stad - zo heet zij - groeit", "de stad – zo heet zij – groeit", "nl"),
    ("the city—so it is called—grows", "the city – so it is called – grows", "en"),
    ("en zo'n peut‑être zonder meer", "en zo’n peut-être zonder meer", "nl"),
    ("voor 3,5\u00a0% van alle huizen", "voor 3,5% van alle huizen", "nl"),
    ("le projet ; il avance ! vite", "le projet; il avance! vite", "fr"),
    ("de ﬁnanciële coördinatie van\nœuvres", "de financiële coördinatie van oeuvres", "nl"),
    ("het onder\u00adwijs in de stage-\nplaatsen", "het onderwijs in de stageplaatsen", "nl"),
    ("elke mede-\neigenaar van in-\nen uitvoer", "elke mede-eigenaar van in- en uitvoer", "nl"),
    ("eerst de ene • dan de andere", "eerst de ene\n• dan de andere", "nl"),
    ("les participant·e·s de la ville", "les participant‧e‧s de la ville", "fr"),
    # numbers
    ("een krediet van € 296 000 in", "een krediet van € 296.000 in", "nl"),
    ("een krediet van €296000 in de", "een krediet van € 296.000 in de", "nl"),
    ("in totaal 2500000 euro voor de", "in totaal 2 500 000 euro voor de", "nl"),
    ("in totaal 2\u202f500\u202f000 euro voor de", "in totaal 2.500.000 euro voor de", "nl"),
    ("a loan of 296000 euro in all", "a loan of 296,000 euro in all", "en"),
    ("voor 1 234,56 euro per jaar", "voor 1.234,56 euro per jaar", "nl"),
    ("in de jaren 2019–2021 en daarna", "in de jaren 2019 - 2021 en daarna", "nl"),
    ("na 1/2 uur en 2 1/2 dag", "na ½ uur en 2½ dag", "nl"),
    ("over 12 km2 en 35 kWh/m2", "over 12 km² en 35 kWh/m²", "nl"),
    # signs for numbers
    ("zie nr. 5 van de lijst", "zie n° 5 van de lijst", "nl"),
    ("voir nº 5 de la liste", "voir no 5 de la liste", "fr"),
    ("voir n°5 de la liste", "voir n o 5 de la liste", "fr"),
    # the number of a note
    ("de regering van 2011 en ook het parlement", "de regering³ van 2011⁴ en ook het parlement", "nl"),
    ("de regering³ van 2011 en ook 't parlement", "de regering van 2011 en ook 't parlement", "nl"),
    ("de Raad*) en de kamers", "de Raad*) en de kamers", "nl"),
    # the ends
    ("De raad keurt dit goed.", "vandaag: de raad keurt dit goed, zonder meer", "nl"),
    ("« de raad keurt dit goed »", "“de raad keurt dit goed”.", "nl"),
    ("Gaat de raad dit doen", "gaat de raad dit doen?", "nl"),
    ("“De raad doet dat vandaag”?", "de raad doet dat vandaag. Toen", "nl"),
    ("[D]e regering heeft dit beslist", "zo heeft de regering heeft dit beslist", "nl"),
]

BESIDE_AN_ALTERED_WORD: list[tuple[str, str, Language]] = [
    ("l'avis du conseil n'est pas encor connu", "l’avis du conseil n’est pas encore connu", "fr"),
    ("le “bon” sens\u00a0— dit-il — est enkor rare", "le « bon » sens – dit-il – est encore rare", "fr"),
    ("voor € 296 000 van\u00a0de stadt zelf", "voor € 296.000 van de stad zelf", "nl"),
    ("na 1/2 uur en n° 5 is de stadt vol", "na ½ uur en nr. 5 is de stad vol", "nl"),
]

OTHER: list[tuple[str, str, Language, str]] = [
    ("een krediet van € 296,000 in", "een krediet van € 296.000 in", "nl", "number"),
    ("a loan of 296.000 euro in all", "a loan of 296,000 euro in all", "en", "number"),
    ("a rate of 2650 in all years", "a rate of 2.650 in all years", "en", "number"),
    ("een koers van 2,65 per aandeel", "een koers van 2.65 per aandeel", "nl", "number"),
    ("een koers van 265 per aandeel", "een koers van 2,65 per aandeel", "nl", "number"),
    ("in totaal 2,500,000 euro voor de", "in totaal 2.500.000 euro voor de", "nl", "number"),
    ("de wet 1227-2011 over de haven", "de wet 1227/2011 over de haven", "nl", "number"),
    ("voor 1234.56 euro per jaar", "voor 1.234,56 euro per jaar", "nl", "number"),
    ("bij -9 graden in de winter", "bij 9 graden in de winter", "nl", "number"),
    ("na 12 uur en een dag", "na ½ uur en een dag", "nl", "number"),
    ("na 21/2 dag in de haven", "na 2½ dag in de haven", "nl", "number"),
    ("een uitstoot van 103 ton per", "een uitstoot van 10³ ton per", "nl", "number"),
    ("il est peut être trop tard", "il est peut-être trop tard", "fr", "substitution"),
    ("het is zon mooie zomer dag", "het is zo'n mooie zomer dag", "nl", "substitution"),
    ("il publie lavis du conseil", "il publie l'avis du conseil", "fr", "substitution"),
    ("avec les participantes de la ville", "avec les participant·e·s de la ville", "fr", "substitution"),
    ("avec les participant.e.s de la ville", "avec les participant·e·s de la ville", "fr", "substitution"),
    ("de werk gelegenheid in de stad", "de werkgelegenheid in de stad", "nl", "substitution"),
    ("de werkgelegenheid in de stad", "de werk-gelegenheid in de stad", "nl", "substitution"),
    ("in het oost- west verkeer van", "in het oost-west verkeer van", "nl", "substitution"),
    ("le maire parle du bon «sens» ici", "le maire parle du «bon» sens ici", "fr", "punctuation"),
    ("le maire parle du bon sens ici", "le maire parle du «bon» sens ici", "fr", "punctuation"),
    ("de raad, die besliste en vertrok", "de raad die besliste en vertrok", "nl", "punctuation"),
    ("de raad beslist! Hij vertrekt dan", "de raad beslist. Hij vertrekt dan", "nl", "punctuation"),
    ("de raad keurt dit goed?", "de raad keurt dit goed.", "nl", "punctuation"),
    ("de raad keurt dit goed.", "de raad keurt dit goed?", "nl", "punctuation"),
    ("de raad (en de kamer) beslist", "de raad, en de kamer, beslist", "nl", "punctuation"),
    ("de stad - zij groeit snel", "de stad: zij groeit snel", "nl", "punctuation"),
    ("het Raadhuis van de stad", "het raadhuis van de stad", "nl", "case"),
    ("de N-VA was het daarmee eens", "de CD-VA was het daarmee eens", "nl", "substitution"),
    ("la ville n'est pas si grande", "la ville est pas si grande", "fr", "negation"),
    ("voir n° 6 de la liste", "voir n° 5 de la liste", "fr", "number"),
    ("voir la liste 5 de la ville", "voir la liste n° 5 de la ville", "fr", "deletion"),
]  # fmt: skip


class OnePage:
    """Engine and catalogue of an archive with a single page."""

    def __init__(self, printed: str, language: Language) -> None:
        self._page = make_page(1, [("paragraph", language, printed)])
        self._language = language
        self._text = printed

    def state(self) -> int:
        return 1

    def generation(self) -> str:
        return "the only one"

    def revisions(self) -> frozenset[str]:
        return frozenset({"one:1"})

    def ready_documents(self) -> frozenset[str]:
        return frozenset({"one"})

    def document(self, _identifier: str) -> SimpleNamespace:
        return SimpleNamespace(warnings=())

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        return dict.fromkeys({fold(token.text) for token in tokens(self._text)}.intersection(words), 1)

    def search(self, *_asked: object, **_options: object) -> SimpleNamespace:
        return SimpleNamespace(hits=[SimpleNamespace(document="one", page=1, language=self._language)])

    def block_texts(self, pages: Sequence[object]) -> list[list[str]]:
        return [[self._text] for _page in pages]

    def page(self, _document: str, number: int) -> Page:
        if number == 1:
            return self._page
        raise PageNotFound("There is one page.")


def judged(quoted: str, printed: str, language: Language) -> QuoteReport:
    archive: Any = OnePage(printed, language)
    return find(quoted, archive, archive)


@pytest.mark.parametrize(("quoted", "printed", "language"), SAME)
def test_what_never_counts(quoted: str, printed: str, language: Language) -> None:
    report = judged(quoted, printed, language)
    assert report.verdict == "verbatim", [match.differences for match in report.matches]


@pytest.mark.parametrize(("quoted", "printed", "language", "kind"), OTHER)
def test_what_counts(quoted: str, printed: str, language: Language, kind: str) -> None:
    report = judged(quoted, printed, language)
    assert report.verdict == "altered", report
    (match,) = report.matches
    assert {difference.kind for difference in match.differences} == {kind}


@pytest.mark.parametrize(("quoted", "printed", "language"), BESIDE_AN_ALTERED_WORD)
def test_it_does_not_count_beside_an_altered_word(quoted: str, printed: str, language: Language) -> None:
    report = judged(quoted, printed, language)
    assert report.verdict == "altered"
    assert [difference.kind for difference in report.matches[0].differences] == ["substitution"]


@pytest.mark.parametrize(
    "quoted", ["raad", "de raad", "de raad keurt", "l'avis du conseil", "€ 2 500 000 euro"]
)
def test_fewer_than_four_words_are_no_quotation(quoted: str) -> None:
    report = judged(quoted, f"{quoted} goed", "nl")
    assert (report.verdict, report.is_too_short, report.matches) == ("not found", True, ())


@pytest.mark.parametrize(
    ("text", "denying"),
    [
        ("De N-VA is niet tegen", ["niet"]),
        ("voir n° 5, nº 6, no 7, nr. 8", []),
        ("ce n'est pas, there isn't, 't zal", ["n", "pas", "t"]),
    ],
)
def test_signs_of_numbers_and_names_deny_nothing(text: str, denying: list[str]) -> None:
    assert [word.form for word in wordings(text) if is_negation(word)] == denying
