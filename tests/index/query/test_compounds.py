"""Which words of the archive have another word in them."""

from collections import Counter
from collections.abc import Iterable

import pytest

from archive.languages import Language
from index.engine.whoosh_index.vocabulary import Words
from index.query.compounds import Compounds
from index.text.analysis import fold, stem


def compounds(words: str, language: Language = "nl", others: Iterable[str] = ()) -> Compounds:
    """The compounds of an archive with these words in one language, and others in another."""
    counts = Counter(words.split())
    stems: Counter[str] = Counter()
    for word, count in counts.items():
        stems[stem(word, language)] += count
    entries = Counter(map(fold, [*counts.elements(), *others]))
    return Compounds(
        Words().and_also(entries, language),
        entries.__getitem__,
        lambda found, asked: stems[found] if asked == language else 0,
    )


DUTCH = """
    werkgelegenheid werkgelegenheidsbeleid beleid plan plannen beleidsplan beleidsplannen jeugd
    jeugdwerkgelegenheidsplan markt arbeid arbeidsmarkt arbeidsmarktbeleid planten beplanting samen werking
    samenwerking mogelijk mogelijkheid heid bestand bestanden best
"""


@pytest.mark.parametrize(
    ("word", "holding"),
    [
        ("werkgelegenheid", {"werkgelegenheidsbeleid", "jeugdwerkgelegenheidsplan"}),
        ("beleid", {"werkgelegenheidsbeleid", "beleidsplan", "beleidsplannen", "arbeidsmarktbeleid"}),
        ("plan", {"beleidsplan", "beleidsplannen", "jeugdwerkgelegenheidsplan"}),
        ("plannen", {"beleidsplan", "beleidsplannen", "jeugdwerkgelegenheidsplan"}),
        ("markt", {"arbeidsmarkt", "arbeidsmarktbeleid"}),
        ("arbeid", {"arbeidsmarkt", "arbeidsmarktbeleid"}),
        ("jeugd", {"jeugdwerkgelegenheidsplan"}),
        ("best", set()),
        ("werking", set()),
        ("mogelijk", set()),
        ("onbekend", set()),
        ("pla", set()),
        ("2020", set()),
    ],
)
def test_dutch(word: str, holding: set[str]) -> None:
    assert set(compounds(DUTCH).holding(word, "nl")) == holding


def test_german_with_its_links_and_umlauts() -> None:
    german = compounds(
        "Arbeit Markt Arbeitsmarkt Arbeitsmärkte Straße Bau Straßenbau Strassenbau".lower(), "de"
    )
    assert set(german.holding("arbeit", "de")) == {"arbeitsmarkt", "arbeitsmarkte"}
    assert set(german.holding("markt", "de")) == {"arbeitsmarkt", "arbeitsmarkte"}
    german = compounds("Problem Lösung Problemlösung Problemlösungen Grund Fläche Grundfläche".lower(), "de")
    assert set(german.holding("lösung", "de")) == {"problemlosung", "problemlosungen"}
    assert set(german.holding("fläche", "de")) == {"grundflache"}


def test_french_and_english_have_no_compounds() -> None:
    assert compounds("plan plansocial social", "fr").holding("plan", "fr") == ()
    assert compounds("work workplace place", "en").holding("work", "en") == ()


def test_what_is_left_must_be_a_word_of_the_same_language() -> None:
    assert compounds("plan plantage", others=["tage"]).holding("plan", "nl") == ()


def test_the_most_frequent_compounds_come_first() -> None:
    found = compounds("plan beleid jeugd jeugdplan beleidsplan beleidsplan").holding("plan", "nl")
    assert found == ("beleidsplan", "jeugdplan")


def test_letters_that_mean_something_in_patterns_are_only_letters() -> None:
    assert compounds(DUTCH).holding("(be|leid", "nl") == ()


UNKNOWN = """
    klimaat klimaatframing klimaatstresstest klimaatbestendig klimaatachtig klimaatloos klimaatjes
    binnenklimaat voorklimaat frans stroom best binnen vestiging bestuur bestuurder bestuurders
    bestuurlijk bestuurtje
    risico risicovrij risicomijdend mijden systeem systematisch systeemover over budget budgettair
    sinterklaasklimaat statushklimaat recht rechtvaardig vaas meerjarenklimaat jaren
"""


@pytest.mark.parametrize(
    ("word", "holding"),
    [
        (
            "klimaat",
            {
                "klimaatframing",
                "klimaatstresstest",
                "klimaatbestendig",
                "binnenklimaat",
                "meerjarenklimaat",
                "sinterklaasklimaat",
            },
        ),
        ("bestuur", set()),
        ("risico", {"risicomijdend"}),
        ("systeem", set()),
        ("budget", set()),
        ("recht", set()),
    ],
)
def test_beside_a_long_dutch_word_a_part_need_not_be_known(word: str, holding: set[str]) -> None:
    assert set(compounds(UNKNOWN).holding(word, "nl")) == holding


def test_only_in_dutch_may_a_part_be_unknown() -> None:
    assert compounds("klimaat klimaatframing fragen", "de").holding("klimaat", "de") == ()
