"""Another spelling of a query."""

import pytest

from index.query.parser import parse
from index.query.suggestion import are_two_typos_apart, did_you_mean

VOCABULARY = {
    "werkgelegenheid": 400,
    "werkgelegenheit": 1,
    "gemeente": 900,
    "raad": 300,
    "strategie": 120,
    "brussel": 700,
    "brussels": 20,
    "deal": 10,
    "2020": 50,
}


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("werkgelgenheid", "werkgelegenheid"),
        ("werkgelegenheit", "werkgelegenheid"),
        ("Brusel -gemente", "Brussel -gemeente"),
        ('"gemente raad"', '"gemeente raad"'),
        ("(gemente OR raad) year:2011", "(gemeente OR raad) year:2011"),
        ("srtaetgie", "strategie"),
        ("gemente plan:gemente", "gemeente plan:gemente"),
        ("title:gemente", "title:gemeente"),
        ("wrkgelegenheyd", "werkgelegenheid"),
        ("xtratehie", "strategie"),
        ("stratégie", None),
        ("strategie", None),
        ("brussels", None),
        ("2021", None),
        ("gemeent*", None),
        ("brussels werkgelegenheit", "brussels werkgelegenheid"),
        ("werkgelegenheit gemente", "werkgelegenheit gemeente"),
        ("xyzxyzxyz", None),
        ("ra", None),
        ("", None),
    ],
)
def test_did_you_mean(text: str, better: str | None) -> None:
    assert did_you_mean(parse(text), VOCABULARY) == better


def test_a_long_query_of_unknown_words_does_not_take_long() -> None:
    letters = str.maketrans("0123456789", "abcdefghij")
    vocabulary = {f"woord{number}letters".translate(letters): number for number in range(1, 50_000)}
    text = " ".join(f"onbekend{chr(97 + number)}xyz" for number in range(26)) + " woordhletterss"
    assert did_you_mean(parse(text), vocabulary) == text.removesuffix("s")


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("strategie", "strategie", True),
        ("srtaetgie", "strategie", True),
        ("stratgi", "strategie", True),
        ("strtgi", "strategie", False),
        ("raad", "rood", True),
        ("raad", "boot", False),
    ],
)
def test_two_typos(one: str, other: str, answer: bool) -> None:
    assert are_two_typos_apart(one, other) is answer
    assert are_two_typos_apart(other, one) is answer
