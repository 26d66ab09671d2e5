"""Letters are judged as langdetect judges them."""

import pytest
from langdetect.detector_factory import DetectorFactory

from ingest.language import letters

TEXTS = (
    "de sociale gesprekspartners komen elk jaar samen om de cijfers te bekijken",
    "les interlocuteurs sociaux se réunissent chaque année à bruxelles où ils examinent les chiffres",
    "die straße wird für größere fahrzeuge gesperrt",
    "brussel bruxelles brussels begroting budget",
    "ĳzer ǆungla ʰello ﬁnance ȸ",
    "привет мир это текст of the test",
    "x",
)


@pytest.mark.parametrize("text", TEXTS)
def test_answers_are_those_of_the_library(text: str) -> None:
    factory: DetectorFactory = letters._profiles()
    own = factory.create()
    own.append(text)
    best = own.get_probabilities()[0]
    assert letters.detect_by_letters(text) == (best.lang, best.prob)


def test_a_text_without_letters_that_the_profiles_know_has_no_language() -> None:
    assert letters.detect_by_letters("你好") == ("", 0.0)
    assert letters.detect_by_letters("") == ("", 0.0)
