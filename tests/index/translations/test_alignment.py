"""Passages laid beside their translations: which, how surely, and that no text can upset it."""

import random
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.languages import Language
from archive.records import BlockKind
from index.text.text_units import Part, TextUnit
from index.translations.alignment import Bead, align, align_sentences
from index.translations.translated_documents import LIKELY, SURE
from tests.material.parallel_texts import ONLY_FRENCH, PAGES

ROOT = Path(__file__).parents[3]

GUESS = 0.15
"""Confidence that what is laid beside each other has at least."""

Pair = tuple[tuple[int, ...], tuple[int, ...]]


def unit(
    text: str, language: Language, kind: BlockKind = "paragraph", page: int = 1, top: float = 0.0
) -> TextUnit:
    return TextUnit(kind, language, text, (Part(page, 0, 0, len(text), 0),), top)


def units(texts: Sequence[str], language: Language) -> list[TextUnit]:
    return [unit(text, language) for text in texts]


def pairs(beads: Sequence[Bead], least: float = LIKELY) -> list[Pair]:
    """What is laid beside each other, by numbers."""
    return [
        (tuple(bead.left), tuple(bead.right))
        for bead in beads
        if bead.left and bead.right and bead.confidence >= least
    ]


def check_whole(beads: Sequence[Bead], left: int, right: int) -> None:
    """Every unit is in one bead, in order; confidence is a share, and none where a side is empty."""
    assert [number for bead in beads for number in bead.left] == list(range(left))
    assert [number for bead in beads for number in bead.right] == list(range(right))
    for bead in beads:
        assert bead.left or bead.right
        assert 0.0 <= bead.confidence <= 1.0
        assert bead.confidence >= GUESS if bead.left and bead.right else bead.confidence == 0.0


DUTCH = [
    "Een pact voor de stad",
    "Op 29 april 2011 ondertekenden de regering en de sociale gesprekspartners een pact.",
    "Het telt 14 maatregelen voor de werkgelegenheid van jongeren in Brussel.",
    "ACTIRIS begeleidt elk jaar 12.500 werkzoekenden naar een opleiding of een baan.",
    "De opvolging gebeurt in Brupartners, dat tweemaal per jaar vergadert.",
    "In 2015 volgde een nieuwe strategie, met 160 werven en 18 doelstellingen.",
    "Elk jaar verschijnt een verslag van het BISA over wat werd uitgevoerd.",
]
FRENCH = [
    "Un pacte pour la ville",
    "Le 29 avril 2011, le gouvernement et les interlocuteurs sociaux ont signé un pacte.",
    "Il compte 14 mesures pour l’emploi des jeunes à Bruxelles.",
    "ACTIRIS accompagne chaque année 12 500 demandeurs d’emploi vers une formation ou un emploi.",
    "Le suivi a lieu au sein de Brupartners, qui se réunit deux fois par an.",
    "En 2015 a suivi une nouvelle stratégie, avec 160 chantiers et 18 objectifs.",
    "Chaque année paraît un rapport de l’IBSA sur ce qui a été exécuté.",
]
ONE_BY_ONE: list[Pair] = [((number,), (number,)) for number in range(len(DUTCH))]


def test_passages_stand_beside_their_translations() -> None:
    beads = align(units(DUTCH, "nl"), units(FRENCH, "fr"))
    check_whole(beads, 7, 7)
    assert pairs(beads) == ONE_BY_ONE
    assert len(pairs(beads, SURE)) >= 3


def test_a_passage_without_translation_stays_alone() -> None:
    extra = "Deze bladzijde werd met opzet leeg gelaten door de drukker van het Staatsblad uit Vorst."
    left = units([*DUTCH[:4], extra, *DUTCH[4:]], "nl")
    beads = align(left, units(FRENCH, "fr"))
    check_whole(beads, 8, 7)
    found = pairs(beads)
    assert set(found) <= {((number + (number >= 4),), (number,)) for number in range(7)}
    assert len(found) >= 4


def test_passages_that_are_one_in_the_other_language_stand_together() -> None:
    right = units([*FRENCH[:2], f"{FRENCH[2]} {FRENCH[3]}", *FRENCH[4:]], "fr")
    assert ((2, 3), (2,)) in pairs(align(units(DUTCH, "nl"), right))


def test_other_texts_are_not_laid_beside_each_other_as_likely() -> None:
    other = [
        "La commune entretient les chemins ruraux et les fossés.",
        "Un chien sans laisse peut être conduit à la fourrière.",
        "Le marché se tient le mardi matin sur la place du village.",
        "Les tarifs de la cantine augmentent de deux pour cent.",
        "La piscine ferme en août pour des travaux de peinture.",
        "Le conseil remercie les bénévoles de la bibliothèque.",
        "La chorale donne un concert avant la fin du printemps.",
    ]
    assert pairs(align(units(DUTCH, "nl"), units(other, "fr"))) == []


def test_sides_may_be_changed() -> None:
    texts = units(DUTCH, "nl"), units(FRENCH[1:], "fr")
    there = align(*texts)
    back = align(*reversed(texts))
    assert pairs(there) == [(left, right) for right, left in pairs(back)]
    for one, other in zip(
        (bead for bead in there if bead.confidence), (bead for bead in back if bead.confidence), strict=True
    ):
        assert one.confidence == pytest.approx(other.confidence, abs=0.02)


HEADING_SECOND: tuple[BlockKind, ...] = ("paragraph", "heading")


def test_headings_are_not_laid_beside_paragraphs_where_headings_are() -> None:
    left = [unit("Budget 2011 ACTIRIS", "nl", "heading"), *units(DUTCH[1:], "nl")]
    same = [unit("Budget 2011 ACTIRIS", "fr", kind) for kind in HEADING_SECOND]
    assert pairs(align(left, [*same, *units(FRENCH[1:], "fr")]), 0.15)[0] == ((0,), (1,))
    assert pairs(align(left, [*same[::-1], *units(FRENCH[1:], "fr")]), 0.15)[0] == ((0,), (0,))


def numbered(count: int, first: int = 0) -> list[str]:
    return [f"Alinea {1000 + first + number} telt mee voor het plan van de stad" for number in range(count)]


def plain(count: int) -> list[str]:
    return ["Zin zonder een woord dat de andere tekst ook heeft"] * count


@pytest.mark.parametrize("more", [150, 400])
@pytest.mark.parametrize("place", [0, 60, 120])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_long_part_that_one_text_has_more(more: int, place: int, side: str) -> None:
    """An annex that was never translated, however long, takes no other passage with it."""
    short = numbered(120)
    long = [*short[:place], *plain(more), *short[place:]]
    left, right = (long, short) if side == "left" else (short, long)
    beads = align(units(left, "nl"), units(right, "fr"))
    check_whole(beads, len(left), len(right))
    far = [number for number in range(120) if abs(number - place) > 15]
    found = pairs(beads)
    for number in far:
        moved = number + more * (number >= place)
        assert (((moved,), (number,)) if side == "left" else ((number,), (moved,))) in found


def test_columns_of_one_document_stand_on_the_same_pages() -> None:
    """Votes that look the same on every page, one of which is not translated."""
    french, dutch = [], []
    for page in range(1, 13):
        for top in (100.0, 300.0):
            french.append(unit("Abstentions", "fr", page=page, top=top))
            if (page, top) not in {(2, 100.0), (5, 300.0)}:
                dutch.append(unit("Onthoudingen", "nl", page=page, top=top))
    beads = align(french, dutch, is_one_document=True)
    check_whole(beads, len(french), len(dutch))
    found = pairs(beads, 0.15)
    assert len(found) >= 20
    for left, right in found:
        places = [
            {(some[number].pages[0], some[number].top) for number in numbers}
            for some, numbers in ((french, left), (dutch, right))
        ]
        assert places[0] == places[1]


words = st.sampled_from(
    ["plan", "Plan", "pact", "2011", "14", "ACTIRIS", "l’emploi", "werk", "été", "|", "."]
)
some_texts = st.lists(st.lists(words, min_size=1, max_size=12).map(" ".join), max_size=12)


@settings(max_examples=60, deadline=None)
@given(some_texts, some_texts, st.booleans())
def test_every_unit_is_in_one_bead_in_order(left: list[str], right: list[str], is_one: bool) -> None:
    check_whole(align(units(left, "nl"), units(right, "fr"), is_one_document=is_one), len(left), len(right))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(8, 40))
def test_either_text_may_be_the_left_one(seed: int, count: int) -> None:
    draw = random.Random(seed)
    left = [f"Artikel {number} " + "woord " * draw.randrange(3, 30) for number in range(count)]
    right = [f"Article {number} " + "parole " * draw.randrange(3, 30) for number in range(count)]
    kept = [text for text in right if draw.random() > 0.1]
    there = align(units(left, "nl"), units(kept, "fr"))
    back = align(units(kept, "fr"), units(left, "nl"))
    assert pairs(there, SURE) == [(one, other) for other, one in pairs(back, SURE)]


def test_lengths_tell_where_nothing_else_does() -> None:
    """A translation that is a third longer, with no word in common; two passages of it are missing."""
    draw = random.Random(4)
    sizes = [draw.randrange(3, 120) for _ in range(60)]
    left = ["woord " * size for size in sizes]
    right = ["parole o " * size for number, size in enumerate(sizes) if number not in (20, 41)]
    expected = {((number,), (number - (number > 20) - (number > 41),)) for number in range(60)}
    steps = {(tuple(bead.left), tuple(bead.right)) for bead in align(units(left, "nl"), units(right, "fr"))}
    assert len(steps & expected) > 45


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([], []),
        ([], DUTCH),
        (DUTCH, []),
        (["!"], ["?"]),
        (["x"] * 300, ["x"] * 300),
        (plain(300), ["Phrase"] * 200),
        (["woord " * 100_000], FRENCH),
        ([" ".join(map(str, range(30_000)))], [" ".join(map(str, range(30_000)))]),
    ],
    ids=["nothing", "right only", "left only", "signs", "identical", "alien", "one huge", "two huge"],
)
def test_odd_texts(left: list[str], right: list[str]) -> None:
    check_whole(align(units(left, "nl"), units(right, "fr")), len(left), len(right))


LONGEST = """
from index.translations.alignment import align
from tests.surroundings.peak_memory import peak_memory
from tests.index.translations.test_alignment import check_whole, numbered, pairs, units

most = 2_500
left, right = numbered(most + 5), numbered(most + 3)
before = peak_memory()
*beads, one, two, three, four, five, six, seven, eight = align(
    units(left, "nl"), units(right, "fr"), most_units=most
)
check_whole(beads, most, most)
assert all(not bead.right for bead in (one, two, three, four, five))
assert all(not bead.left for bead in (six, seven, eight))
assert len(pairs(beads)) > 0.99 * most, len(pairs(beads))
print(peak_memory() - before)
"""


def test_the_longest_texts_are_aligned_near_their_path_and_the_rest_stays_alone() -> None:
    """All places beside all others would be 6 million, for eight kinds of beads: 400 MB besides."""
    done = subprocess.run(
        [sys.executable, "-c", LONGEST], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 300


def test_memory_goes_by_the_number_of_words_beside_words_that_is_counted() -> None:
    """Tables of thousands of different words on both sides, in many pairs."""
    many = [
        " ".join(f"w{(start + number) % 4000}x" for number in range(2000)) for start in range(0, 4000, 200)
    ]
    left = [f"Tabel {number} {text}" for number, text in enumerate(many)]
    right = [f"Tableau {number} {text}" for number, text in enumerate(many)]
    tracemalloc.start()
    beads = align(units(left, "nl"), units(right, "fr"))
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    assert len(pairs(beads)) == len(many)
    assert most < 600


def test_sentences_of_passages_in_pairs() -> None:
    left = units([f"{DUTCH[1]} {DUTCH[2]} {DUTCH[3]}", "Brupartners"], "nl")
    right = units([f"{FRENCH[1]} {FRENCH[2]} {FRENCH[3]}", "Brupartners. Le conseil."], "fr")
    beads = [Bead(range(1), range(1), 1.0), Bead(range(1, 2), range(1, 2), 1.0)]
    found = [
        ([one.text for one in some], [other.text for other in others])
        for some, others in align_sentences(left, right, beads)
    ]
    assert sorted(found) == sorted(
        [
            ([DUTCH[1]], [FRENCH[1]]),
            ([DUTCH[2]], [FRENCH[2]]),
            ([DUTCH[3]], [FRENCH[3]]),
            (["Brupartners"], ["Brupartners.", "Le conseil."]),
        ]
    )


@pytest.mark.parametrize("is_swapped", [False, True])
def test_sentences_stay_within_their_bead(is_swapped: bool) -> None:
    """A sentence whose translation stands in the next bead is not paired with that."""
    around = [f"Zaak {number}{number}. Punt {number}." for number in range(10, 40)]
    left = units([*around, f"Eerste 55. {DUTCH[3]}", "Laatste 66. Einde 77."], "nl")
    right = units([*around, "Premier 55. Milieu.", f"{FRENCH[3]} Dernier 66. Fin 77."], "fr")
    if is_swapped:
        left, right = right, left
    beads = [Bead(range(number, number + 1), range(number, number + 1), 1.0) for number in range(32)]
    found = align_sentences(left, right, beads)
    assert len(found) > 60
    for some, others in found:
        assert any(
            all(one.text in mine.text for one in some) and all(other.text in theirs.text for other in others)
            for mine, theirs in zip(left, right, strict=True)
        )
    assert align_sentences(left, right, []) == []
    assert align_sentences(left, right, [Bead(range(1), range(0), 0.0)]) == []


def test_five_passages_that_the_other_language_made_one_stand_together() -> None:
    parts = [
        "De regering investeert 12.000 euro in Anderlecht.",
        "Actiris begeleidt 45.300 mensen in Brussel.",
        "Het BISA telde 640 winkels in Molenbeek.",
        "De VDAB geeft 1.850 lessen in Vorst.",
        "Brupartners keurde 38 voorstellen goed.",
    ]
    whole = (
        "Le gouvernement investit 12.000 euros à Anderlecht. Actiris accompagne 45.300 personnes à Brussel. "
        "Le BISA a compté 640 magasins à Molenbeek. Le VDAB donne 1.850 cours à Vorst. "
        "Brupartners a approuvé 38 propositions."
    )
    left = units([*DUTCH[:4], *parts, *DUTCH[4:]], "nl")
    right = units([*FRENCH[:4], whole, *FRENCH[4:]], "fr")
    for beads in (align(left, right), turned(align(right, left))):
        check_whole(beads, len(left), len(right))
        assert ((4, 5, 6, 7, 8), (4,)) in pairs(beads)


def turned(beads: Sequence[Bead]) -> list[Bead]:
    """Beads with the sides changed."""
    return [Bead(bead.right, bead.left, bead.confidence, bead.is_absent) for bead in beads]


def test_what_the_other_text_lacks_is_told_from_what_was_not_found() -> None:
    """Nothing is left over beside it, and it is part of nothing; but where something is, it may be that."""
    dutch, french = ([pair[side] for page in PAGES for pair in page] for side in (0, 1))
    longer = [*french[:8], ONLY_FRENCH, *french[8:]]
    beads = align(units(dutch, "nl"), units(longer, "fr"))
    assert [tuple(bead.right) for bead in beads if bead.is_absent] == [(8,)]
    back = align(units(longer, "fr"), units(dutch, "nl"))
    assert [tuple(bead.left) for bead in back if bead.is_absent] == [(8,)]
    other = [*dutch[:8], "De bibliotheek.", *dutch[8:]]
    assert not any(bead.is_absent for bead in align(units(other, "nl"), units(longer, "fr")))


def test_part_of_a_passage_that_the_translation_keeps_whole_is_not_said_to_be_lacking() -> None:
    """A sentence that is a passage of its own in one text, and stands in the next one in the other."""
    closing = "De archieven van ACTIRIS en Brupartners staan op https://lists.example.org/archief."
    whole = f"{FRENCH[3]} Les archives d’ACTIRIS et de Brupartners sont à https://lists.example.org/archief."
    beads = align(
        units([*DUTCH[:4], closing, *DUTCH[4:]], "nl"), units([*FRENCH[:3], whole, *FRENCH[4:]], "fr")
    )
    assert not any(bead.is_absent for bead in beads)


def test_of_two_texts_without_a_word_in_common_nothing_is_said_to_be_lacking() -> None:
    assert not any(bead.is_absent for bead in align(units(DUTCH, "nl"), []))
    assert not any(bead.is_absent for bead in align(units(DUTCH[:3], "nl"), units(["Chien.", "Chat."], "fr")))
