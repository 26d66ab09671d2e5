"""Another spelling of a query."""

import pytest

from index.query.parser import parse
from index.query.suggestion import MOST_FOR_TWO, Spellings, did_you_mean
from index.text.typos import is_near

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


def spellings_among(vocabulary: dict[str, int]) -> Spellings:
    """The words of a vocabulary that are so many typos away from a word."""
    return lambda word, typos: {
        other: count for other, count in vocabulary.items() if is_near(word, other, typos)
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
    assert did_you_mean(parse(text), spellings_among(VOCABULARY)) == better


def test_words_in_which_two_typos_are_looked_for_are_few() -> None:
    asked: list[tuple[str, int]] = []

    def spellings(word: str, typos: int) -> dict[str, int]:
        asked.append((word, typos))
        return {"woordhletters": 9} if word == "woordhletterss" else {}

    text = " ".join(f"onbekend{chr(97 + number)}xyz" for number in range(26)) + " woordhletterss"
    assert did_you_mean(parse(text), spellings) == text.removesuffix("s")
    assert [[typos for _word, typos in asked].count(each) for each in (0, 1, 2)] == [27, 27, MOST_FOR_TWO]


def test_a_common_word_is_not_compared_with_those_that_look_like_it() -> None:
    asked: list[tuple[str, int]] = []

    def spellings(word: str, typos: int) -> dict[str, int]:
        asked.append((word, typos))
        return {word: 900}

    assert did_you_mean(parse("gewest werkgelegenheid"), spellings) is None
    assert asked == [("gewest", 0), ("werkgelegenheid", 0)]


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
    assert is_near(one, other, 2) is answer
    assert is_near(other, one, 2) is answer
