"""Quotations to be judged: what was printed, retyped as people do, and altered in every way that must tell.

A change makes a quotation of a text that was drawn, or gives None where the text does not lend itself to it.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Expected = Literal["verbatim", "altered", "not verbatim", "not found", "too short"]
Change = Callable[[str, random.Random], str | None]

NEGATIONS = (
    *("niet", "geen", "nooit", "pas", "jamais", "aucun", "not", "no", "never", "nicht", "kein", "keine"),
)


@dataclass(frozen=True)
class Kind:
    """A way to quote."""

    name: str
    change: Change
    expected: Expected
    told_as: str = ""
    """The kind of difference that the answer has to name."""


def as_printed(text: str, _: random.Random) -> str:
    return text


def retyped(text: str, draw: random.Random) -> str:
    """With other quotation marks, apostrophes, dashes, spaces, ligatures and line breaks."""
    text = text.translate(
        str.maketrans({"’": "'", "'": "’", "“": '"', "”": '"', "«": "“", "»": "”", "–": "-"})
    )
    text = text.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ij", "ĳ")
    words = text.split()
    for place in range(draw.randrange(3, 9), len(words), 9):
        words[place] = "\n" + words[place]
    return "« " + "\u00a0 ".join(words) + " »"


def broken_at_line_ends(text: str, draw: random.Random) -> str | None:
    long = re.findall(r"[a-z]{8,}", text)
    if not long:
        return None
    word = draw.choice(long)
    hyphen = draw.choice("-‐\u00ad")
    return text.replace(word, f"{word[:4]}{hyphen}\n{word[4:]}", 1)


def with_other_ends(text: str, draw: random.Random) -> str | None:
    """With a full stop that the quoting text needs, a capital, quotation marks around the whole."""
    words = text.rstrip(".,;: »”\"'’)").split()
    if text.rstrip(" »”\"'’)")[-1:] in "?!" or not words[0][:1].isalpha():
        return None
    words[0] = words[0][:1].swapcase() + words[0][1:]
    return draw.choice(["“{}.”", "« {} »", "{}.", "„{}”,"]).format(" ".join(words))


def regrouped(text: str, draw: random.Random) -> str | None:
    """With any space, or none, between the thousands of a number."""
    return _replaced(
        text,
        draw,
        r"(?<![\d.,] )(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+(?![\d.,]| \d)"
        r"|(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d.,])",
        lambda number: re.sub(r"[ .]", draw.choice(["", "\u00a0", "\u202f"]), number),
    )


def ellipsis_in_the_middle(text: str, draw: random.Random) -> str | None:
    words = text.split()
    if len(words) < 14:
        return None
    middle = len(words) // 2
    return " ".join([*words[: middle - 2], draw.choice(["(…)", "[...]", "…", "[…]"]), *words[middle + 2 :]])


def _replaced(text: str, draw: random.Random, pattern: str, change: Callable[[str], str]) -> str | None:
    found = [match for match in re.finditer(pattern, text) if match.start() > 0 and match.end() < len(text)]
    if not found:
        return None
    match = draw.choice(found)
    return text[: match.start()] + change(match[0]) + text[match.end() :]


def other_word(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"\b[^\W\d_]{5,}\b", lambda word: "zonnebloem")


def word_left_out(text: str, draw: random.Random) -> str | None:
    words = text.split()
    places = [place for place in range(1, len(words) - 1) if words[place].isalpha()]
    if len(words) < 8 or not places:
        return None
    place = draw.choice(places)
    return None if words[place] == words[place + 1] else " ".join(words[:place] + words[place + 1 :])


def word_put_in(text: str, draw: random.Random) -> str | None:
    words = text.split()
    words.insert(draw.randrange(1, len(words)), "voorwaar")
    return " ".join(words)


def other_number(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"\b\d{1,6}\b", lambda digits: str(int(digits) + draw.randrange(1, 9)))


def point_for_comma(text: str, draw: random.Random) -> str | None:
    other = {".": ",", ",": ".", "/": "-", "-": "/"}
    return _replaced(text, draw, r"(?<=\d)[.,/-](?=\d)", other.__getitem__)


def decimals_joined(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"(?<=\d),(?=\d{1,2}\b(?![.,]\d))", lambda _comma: "")


def negation_put_in(text: str, draw: random.Random) -> str | None:
    words = text.split()
    words.insert(draw.randrange(1, len(words)), draw.choice(NEGATIONS))
    return " ".join(words)


def negation_left_out(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r" (?:" + "|".join(NEGATIONS) + r")(?= )", lambda word: "")


def other_accent(text: str, draw: random.Random) -> str | None:
    accents = dict(zip("éèêàëïçöüe", "eéeaeicoué", strict=True))
    return _replaced(text, draw, r"(?<=[a-z])[" + "".join(accents) + r"](?=[a-z])", accents.__getitem__)


def other_letter(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"(?<=[a-z])[a-z](?=[a-z])", lambda letter: "x" if letter != "x" else "z")


def other_capital(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"(?<= )[^\W\d_](?=[a-z]{3})", str.swapcase)


def joint_changed(text: str, draw: random.Random) -> str | None:
    """A hyphen or an apostrophe between letters gone, or a space for it."""
    return _replaced(text, draw, r"(?<=[^\W\d_])[-'’·](?=[^\W\d_])", lambda _mark: draw.choice(["", " "]))


def words_joined(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"(?<=[a-z]{2}) (?=[a-z]{2})", lambda _space: draw.choice(["", "-", "'"]))


def other_mark(text: str, draw: random.Random) -> str | None:
    marks = {",": ["", ";", "."], ";": ["", ","], ":": ["", ","], ".": ["!", "?", ","]}
    return _replaced(text, draw, r"(?<=[a-z])[,;:.](?= [^\W\d_])", lambda mark: draw.choice(marks[mark]))


def mark_put_in(text: str, draw: random.Random) -> str | None:
    return _replaced(text, draw, r"(?<=[a-z]) (?=[a-z])", lambda _space: draw.choice([", ", " (", "! "]))


def quotation_marks_moved(text: str, draw: random.Random) -> str | None:
    found = re.search(r"(?<= )([«“\"]\s?)(\w+)(\s?[»”\"]) (\w+)(?= )", text)
    if not found:
        return _replaced(text, draw, r"(?<= )[^\W\d_]{4,}(?= )", lambda word: f"« {word} »")
    opening, one, closing, other = found.groups()
    return f"{text[: found.start()]}{one} {opening}{other}{closing}{text[found.end() :]}"


def asked_at_the_end(text: str, draw: random.Random) -> str | None:
    """A question of a statement."""
    stripped = text.rstrip(".,;: ")
    return f"{stripped}?" if stripped[-1:].isalpha() else None


def invented(text: str, draw: random.Random) -> str:
    letters = "bcdfghjklmnprstvw"
    return " ".join(
        "".join(draw.choice(letters) + "aeiou"[draw.randrange(5)] for _ in "abc") for _ in range(20)
    )


def too_short(text: str, draw: random.Random) -> str | None:
    words = [word for word in text.split() if word.isalpha()]
    length = draw.randrange(1, 4)
    return " ".join(words[:length]) if len(words) >= length else None


KINDS = (
    Kind("as printed", as_printed, "verbatim"),
    Kind("retyped", retyped, "verbatim"),
    Kind("broken at line ends", broken_at_line_ends, "verbatim"),
    Kind("other ends", with_other_ends, "verbatim"),
    Kind("thousands regrouped", regrouped, "verbatim"),
    Kind("an ellipsis in the middle", ellipsis_in_the_middle, "verbatim"),
    Kind("another word", other_word, "altered"),
    Kind("a word left out", word_left_out, "altered"),
    Kind("a word put in", word_put_in, "altered"),
    Kind("another number", other_number, "altered", "number"),
    Kind("comma for point in a number", point_for_comma, "altered", "number"),
    Kind("decimals joined", decimals_joined, "altered", "number"),
    Kind("a negation put in", negation_put_in, "altered", "negation"),
    Kind("a negation left out", negation_left_out, "altered", "negation"),
    Kind("another accent", other_accent, "altered"),
    Kind("another letter", other_letter, "altered"),
    Kind("another capital", other_capital, "altered", "case"),
    Kind("hyphen or apostrophe gone", joint_changed, "altered"),
    Kind("words joined", words_joined, "altered"),
    Kind("another mark", other_mark, "altered"),
    Kind("a mark put in", mark_put_in, "altered", "punctuation"),
    Kind("quotation marks moved", quotation_marks_moved, "altered", "punctuation"),
    Kind("a question of it", asked_at_the_end, "altered", "punctuation"),
    Kind("invented", invented, "not found"),
    Kind("too short", too_short, "too short"),
)
