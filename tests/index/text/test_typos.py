"""Words that are one typo apart, told in two ways: by all spellings of a word, and by comparing two words."""

from itertools import product

from index.text.typos import is_one_typo_from
from tests.material.spellings import spellings_one_typo_from

WORDS = ["".join(letters) for length in range(1, 6) for letters in product("abé", repeat=length)]


def test_comparing_two_words_agrees_with_making_all_spellings_of_one() -> None:
    for word in WORDS:
        near = spellings_one_typo_from(word, "abé")
        assert {other for other in WORDS if is_one_typo_from(word, other)} == near & set(WORDS), word


def test_swapped_letters_are_one_typo_and_two_changed_ones_are_not() -> None:
    assert is_one_typo_from("gewest", "gewets")
    assert is_one_typo_from("tewerkstelling", "tewerkstellin")
    assert not is_one_typo_from("gewest", "gebest\u0301")
    assert not is_one_typo_from("gewest", "egwets")
