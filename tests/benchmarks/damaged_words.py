"""What files do to words whose letters they get wrong: each damage as a function of a page's words."""

import random
import re
from collections.abc import Callable


def _dropped(share: float) -> Callable[[list[str], random.Random], list[str]]:
    return lambda words, draw: [
        "".join(letter for letter in word if draw.random() >= share) or word for word in words
    ]


def _shifted(words: list[str], _: random.Random) -> list[str]:
    return ["".join(chr(ord(letter) + 3) for letter in word) for word in words]


def _torn(words: list[str], draw: random.Random) -> list[str]:
    return " ".join(
        "".join(letter + " " * (draw.random() < 0.15) for letter in word) for word in words
    ).split()


def _without_r(words: list[str], _: random.Random) -> list[str]:
    return [re.sub("[rR]", "", word) or word for word in words]


def _without_ligatures(words: list[str], _: random.Random) -> list[str]:
    return [re.sub("f[ifl]|ti", "", word) or word for word in words]


def _wrong_code_page(words: list[str], _: random.Random) -> list[str]:
    return [word.encode().decode("cp1252", "replace") for word in words]


DAMAGES = {
    "one letter in 25 lost": _dropped(0.04),
    "one letter in 50 lost": _dropped(0.02),
    "every r lost": _without_r,
    "every fi, ff, fl, ti lost": _without_ligatures,
    "letters moved in the alphabet": _shifted,
    "torn after one letter in seven": _torn,
    "read with the wrong code page (French)": _wrong_code_page,
}
