"""How a term is translated: what stands in the translations of its sentences, and seldom elsewhere."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archive.languages import Language
from archive.records import Description
from index.engine.contract import Engine
from index.indexer import open_engine
from index.query.parser import parse
from index.text.text_units import Part, TextUnit
from index.translations.alignment import Bead
from index.translations.counterparts import Counterparts, SentencePairs, counterparts, places, word_groups
from tests.surroundings.reading_room import ReadingRoom, make_page

PAIRS = (
    ("De werkgelegenheid groeit in de stad.", "L’emploi progresse dans la ville."),
    ("Werkgelegenheid is een recht.", "L’emploi est un droit."),
    ("De stad steunt de werkgelegenheid van jongeren.", "La ville soutient l’emploi des jeunes."),
    ("Jongeren volgen een opleiding.", "Les jeunes suivent une formation."),
    ("De stad betaalt de opleiding.", "La ville paie la formation."),
    ("Het burgerparlement vergadert in de stad.", "Le Parlement citoyen se réunit dans la ville."),
    ("Een burgerparlement telt honderd leden.", "Un Parlement citoyen compte cent membres."),
    ("Het burgerparlement stemt over het plan.", "Le Parlement citoyen vote sur le plan."),
    ("De commissie stemt over het verslag.", "La commission vote sur le rapport."),
    ("Het verslag gaat over de scholen.", "Le rapport porte sur les écoles."),
    ("De sociale top keurt het plan goed.", "Le Sommet social approuve le plan."),
    ("De top van de sociale partners.", "Le sommet des partenaires sociaux."),
    ("Na de sociale top volgt een verslag.", "Après le Sommet social suit un rapport."),
    ("Het parlement opent in de herfst.", "Le parlement ouvre en automne."),
    ("Scholen openen hun deuren.", "Les écoles ouvrent leurs portes."),
    ("Het weer was zacht.", "Le temps était doux."),
)


def unit(text: str, language: Language) -> TextUnit:
    return TextUnit("paragraph", language, text, (Part(1, 0, 0, len(text), 0),), 0.0)


def pairs_of(pairs: Sequence[tuple[str, str]]) -> SentencePairs:
    left, right = ([unit(pair[side], language) for pair in pairs] for side, language in enumerate(LANGUAGES))
    beads = [Bead(range(number, number + 1), range(number, number + 1), 1.0) for number in range(len(pairs))]
    return SentencePairs(left, right, beads)


LANGUAGES: tuple[Language, Language] = ("nl", "fr")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    room = ReadingRoom(tmp_path)
    said = [make_page(1, [("paragraph", "nl", " ".join(dutch for dutch, _french in PAIRS))])]
    room.add(said, Description("Plan", 2011, language="nl"))
    yield open_engine(tmp_path / "index")
    room.close()


def ask(engine: Engine, text: str, pairs: Sequence[tuple[str, str]] = PAIRS) -> Counterparts:
    return counterparts([pairs_of(pairs)], parse(text), engine)


def first(found: Counterparts) -> str:
    return found.candidates[0].forms[0].lower() if found.candidates else ""


@pytest.mark.parametrize(
    ("term", "counterpart"),
    [
        ("werkgelegenheid", "emploi"),
        ("opleiding", "formation"),
        ("burgerparlement", "parlement citoyen"),
        ('"sociale top"', "sommet social"),
        ("stad", "ville"),
        ("verslag", "rapport"),
    ],
)
def test_the_counterpart_comes_first(engine: Engine, term: str, counterpart: str) -> None:
    assert first(ask(engine, term)) == counterpart


def test_counts_and_examples_say_where_it_stands(engine: Engine) -> None:
    found = ask(engine, "werkgelegenheid")
    assert found.pairs == len(PAIRS)
    assert list(found.with_term) == [(0, 0), (0, 1), (0, 2)]
    best = found.candidates[0]
    assert (best.both, best.right) == (3, 3)
    assert list(best.examples) == [(0, 0), (0, 1), (0, 2)]
    assert best.ratio > 10


def test_the_pairs_of_several_texts_count_together(engine: Engine) -> None:
    texts = [pairs_of(PAIRS[:8]), pairs_of(PAIRS[8:])]
    found = counterparts(texts, parse("verslag"), engine)
    assert found.pairs == len(PAIRS)
    assert list(found.with_term) == [(1, 0), (1, 1), (1, 4)]
    assert first(found) == "rapport"


@pytest.mark.parametrize(
    ("query", "held"),
    [
        ("werkgelegenheid", [0, 1, 2]),
        ("werkgelegenheid stad", [0, 2]),
        ("de werkgelegenheid", [0, 1, 2]),
        ("opleiding OR verslag", [3, 4, 8, 9, 12]),
        ('"sociale top"', [10, 12]),
        ('"top sociale"~3', [10, 11, 12]),
        ("burger*", [5, 6, 7]),
        ("verslog~", [8, 9, 12]),
        ("werkgelegenheid -jongeren", [0, 1, 2]),
        ("-jongeren", []),
        ("scholen", [9, 14]),
        ("zzz", []),
        ("", []),
    ],
)
def test_what_is_asked_for_is_looked_up_as_in_a_search(engine: Engine, query: str, held: list[int]) -> None:
    assert [place for _text, place in ask(engine, query).with_term] == held


def test_a_single_pair_tells_nothing(engine: Engine) -> None:
    found = ask(engine, "weer")
    assert len(found.with_term) == 1
    assert not found.candidates


def test_what_stands_beside_a_translation_does_not_follow_it(engine: Engine) -> None:
    """`citoyen` stands wherever `Parlement citoyen` does; it explains nothing more."""
    forms = [candidate.forms[0].lower() for candidate in ask(engine, "burgerparlement").candidates]
    assert forms == ["parlement citoyen"]


def test_inflected_forms_are_one_candidate_the_most_frequent_first(engine: Engine) -> None:
    pairs = [
        ("Het gewest opent een school.", "La Région ouvre une école."),
        ("Het gewest sluit.", "La Région ferme."),
        ("Elk gewest telt mee.", "Les régions comptent."),
        ("De school sluit.", "L’école ferme."),
        ("Een boom groeit.", "Un arbre pousse."),
    ]
    best = ask(engine, "gewest", pairs).candidates[0]
    assert list(best.forms) == ["Région", "régions"]
    assert best.both == 3


def test_the_longer_group_that_a_word_is_mostly_part_of_takes_its_place(engine: Engine) -> None:
    pairs = [
        ("Het team vergadert.", "L’équipe de facilitation se réunit."),
        ("Het team stemt.", "L’équipe de facilitation vote."),
        ("Elk team spreekt.", "L’équipe de facilitation parle."),
        ("Geen team slaapt.", "L’équipe de facilitation ne dort pas."),
        ("Ons team zwijgt.", "L’équipe se tait."),
        ("Een team lacht.", "Une équipe rit."),
        ("De ploeg rust.", "L’équipe de nuit se repose."),
        ("De ploeg werkt.", "L’équipe de jour travaille."),
        ("De ploeg wint.", "L’équipe gagne."),
        *PAIRS,
    ]
    assert first(ask(engine, "team", pairs)) == "équipe de facilitation"


def test_places_of_a_candidate_can_be_marked() -> None:
    text = "Le Parlement citoyen et les Parlements citoyens."
    stems = next(
        group.stems
        for group in word_groups(text, "fr")
        if text[group.start : group.end] == "Parlement citoyen"
    )
    assert [text[start:end] for start, end in places(text, "fr", stems)] == [
        "Parlement citoyen",
        "Parlements citoyens",
    ]


def test_groups_run_over_stop_words_and_never_over_stops_or_numbers() -> None:
    text = "Le ministre de l’Emploi, en 2011 Paris. Vote nº 5"
    groups = {text[group.start : group.end] for group in word_groups(text, "fr")}
    assert {"ministre", "Emploi", "ministre de l’Emploi", "Paris", "Vote"} <= groups
    assert not any("," in group or "2011" in group or "." in group or group == "Vote nº" for group in groups)


def test_hostile_terms_and_texts_are_answered(engine: Engine) -> None:
    pairs = [("½ 2½ ﬁn " + "woord " * 2_500, "mot " * 2_500)] * 2 + [("", ""), ("1.000 ⅷ", "²")]
    begun = time.process_time()
    for term in ("½", "woord", '"woord woord"', "w*", "((((", '"' * 50, "-" * 50, "\x00"):
        assert ask(engine, term, pairs).pairs >= 0
    assert time.process_time() - begun < 7.5


def test_accents_that_were_typed_are_asked_for_in_sentences_too(engine: Engine) -> None:
    pairs = [
        ("Eén loket voor allen.", "Un guichet pour tous."),
        ("EEN LOKET", "UN GUICHET"),
        ("Een loket erbij.", "Un guichet de plus."),
        ("Het loket van 2026.", "Le guichet de 2026."),
        ("Samen 2.026 loketten.", "Ensemble 2.026 guichets."),
    ]
    assert [place for _text, place in ask(engine, "één", pairs).with_term] == [0, 1]
    assert [place for _text, place in ask(engine, '"één loket"', pairs).with_term] == [0, 1]
    assert [place for _text, place in ask(engine, "een", pairs).with_term] == [0, 1, 2]
    assert [place for _text, place in ask(engine, "2026", pairs).with_term] == [3]
    assert [place for _text, place in ask(engine, '"2.026"', pairs).with_term] == [4]


KERNEL = [
    (
        "De wet op de kernenergie.",
        "La loi sur la responsabilité civile dans le domaine de l’énergie nucléaire.",
    ),
    ("Over kernenergie.", "Sur la responsabilité civile dans le domaine de l’énergie nucléaire."),
]


def test_a_counterpart_that_few_sentences_show_is_uncertain(engine: Engine) -> None:
    best = ask(engine, "kernenergie", [*KERNEL, *PAIRS]).candidates[0]
    assert {"few_sentences", "rivals"} <= set(best.doubts)


def test_sentences_that_come_back_in_another_edition_count_once(engine: Engine) -> None:
    pairs = [("Jongeren volgen een opleiding.", "Les jeunes suivent une formation.")] * 6
    best = ask(engine, "opleiding", [*pairs, *PAIRS[5:]]).candidates[0]
    assert best.both == 6
    assert "few_sentences" in best.doubts


def test_a_counterpart_that_most_sentences_show_is_not_uncertain(engine: Engine) -> None:
    best = ask(engine, "burgerparlement").candidates[0]
    assert best.forms[0] == "Parlement citoyen"
    assert best.doubts == ()


def test_words_that_stand_in_the_same_sentences_are_rivals(engine: Engine) -> None:
    places_and_dates = ("à Gand en mai", "à Liège en juin", "à Mons en avril", "à Namur en mars")
    pairs = [
        (f"Het bestuur van {number} bedrijven.", f"La ministre des entreprises et de la poste, {place}.")
        for number, place in enumerate(places_and_dates)
    ]
    best = ask(engine, "bedrijven", [*pairs, *PAIRS]).candidates[0]
    assert best.doubts == ("rivals",)


def test_of_rivals_a_cognate_is_the_best_by_itself(engine: Engine) -> None:
    pairs = [
        (
            f"Zaal {number}: videoconferentie.",
            f"Salle {number} : expérience vécue, une vidéoconférence {end}.",
        )
        for number, end in enumerate(("ouverte", "fermée", "rare", "longue"))
    ]
    best = ask(engine, "videoconferentie", [*pairs, *PAIRS]).candidates[0]
    assert best.forms[0] == "vidéoconférence"


def test_of_rivals_the_one_with_all_its_cognates_is_the_best(engine: Engine) -> None:
    pairs = [
        (f"Deliberatieve democratie, punt {number}.", f"La démocratie délibérative {end} : {number}.")
        for number, end in enumerate(("ouverte", "fermée", "rare", "longue"))
    ]
    best = ask(engine, '"deliberatieve democratie"', [*pairs, *PAIRS]).candidates[0]
    assert best.forms[0] == "démocratie délibérative"


@pytest.mark.parametrize(
    ("text", "language", "groups", "others"),
    [
        (
            "responsabilité civile dans le domaine de l’énergie nucléaire",
            "fr",
            {"responsabilité civile", "énergie nucléaire", "domaine de l’énergie"},
            {"civile dans le domaine", "responsabilité civile dans le domaine"},
        ),
        ("le droit et la loi contre la pauvreté", "fr", {"droit", "pauvreté"}, {"droit et la loi"}),
        ("het recht op arbeid wegens ziekte", "nl", {"recht op arbeid"}, {"arbeid wegens", "wegens ziekte"}),
        ("minister van Werk en Economie", "nl", {"minister van Werk"}, {"Werk en Economie"}),
        ("freedom of the press despite censorship", "en", {"freedom of the press"}, {"press despite"}),
        ("Ministerium für die Umwelt wegen Lärm", "de", {"Ministerium für die Umwelt"}, {"Umwelt wegen"}),
    ],
)
def test_groups_end_where_grammar_does(
    text: str, language: Language, groups: set[str], others: set[str]
) -> None:
    found = {text[group.start : group.end] for group in word_groups(text, language)}
    assert groups <= found
    assert not others & found


def test_sentences_with_the_term_and_without_a_likely_translation_are_counted(engine: Engine) -> None:
    left = [unit(dutch, "nl") for dutch, _french in PAIRS]
    right = [unit(french, "fr") for _dutch, french in PAIRS]
    beads = [
        Bead(range(number, number + 1), range(number, number + 1), 1.0) for number in range(1, len(PAIRS))
    ]
    texts = SentencePairs(left, right, [Bead(range(1), range(0), 0.0), *beads])
    found = counterparts([texts], parse("werkgelegenheid"), engine)
    assert (len(found.with_term), found.unpaired) == (2, 1)
