"""Is a number in a sentence a rise or a fall? Decided by the words around it.

"A fall of 3 %" and "a rise of 3 %" have the same number and say the opposite.
"""

import re
from dataclasses import dataclass

_RISES = (
    r"stijg\w*|gestegen|toename\w*|toegenomen|verhog\w*|verhoogd\w*|groei\w*|gegroeid|hoger|aangroei\w*"
    r"|hausses?|augment\w*|croissance|accroiss\w*|progress\w*|majoration|supérieure?s?"
    r"|increas\w*|rise|rises|rose|risen|rising|growth|grew|grows?|higher"
    r"|anstieg\w*|stieg|gestiegen|steig\w*|zunahme|erhöh\w*|zuwachs|wachstum|höher\w*"
)
_FALLS = (
    r"daling\w*|daalt|daalde|daalden|dalen|gedaald|afname\w*|afgenomen|verlag\w*|verlaagd\w*|krimp\w*|lager"
    r"|verminder\w*|terugval|achteruitgang"
    r"|baisses?|baiss\w*|diminu\w*|réduction\w*|réduit\w*|recul\w*|repli|chutes?|inférieure?s?"
    r"|decreas\w*|falls?|fell|fallen|falling|declin\w*|drops?|dropped|reduc\w*|lower"
    r"|rückgang\w*|sank|gesunken|sink\w*|senk\w*|abnahme|gefallen|verringer\w*|niedriger"
)
_WORD = re.compile(rf"(?<!\w)(?:(?P<rise>{_RISES})|(?P<fall>{_FALLS}))(?!\w)", re.IGNORECASE)
_SPLIT_VERB = re.compile(r"\s+(?:(?P<rise>toe)|(?P<fall>af))(?!\w)", re.IGNORECASE)
_TAKING = re.compile(r"(?<!\w)(?:neemt|nemen|nam|namen)(?!\w)", re.IGNORECASE)
"""Dutch says "neemt met 3 % toe" for a rise and "af" for a fall."""
_CLAUSE_ENDS = re.compile(r"[.;:!?](?=\s)|\n|\t")
_MOST_BEFORE, _MOST_AFTER, _MOST_TAKING = 45, 24, 60
"""Most characters between a number and the word that gives its direction."""


@dataclass(frozen=True, slots=True)
class NumberDirection:
    """Whether a number is a rise or a fall, with the words that say so."""

    is_rise: bool
    written: str
    """The text from that word to the number, or from the number to the word."""


def direction_of(text: str, start: int, written: str) -> NumberDirection | None:
    """The direction that the words around a number give it; None if they give none, or not clearly.

    Args:
        start: offset of the number in the text.
        written: the number with its unit.
    """
    end = start + len(written)
    before = _CLAUSE_ENDS.split(text[max(0, start - _MOST_BEFORE) : start])[-1]
    after = _CLAUSE_ENDS.split(text[end : end + _MOST_AFTER])[0]
    # The word nearest to the number, with no other number between.
    for match in reversed(list(_WORD.finditer(before))):
        if not re.search(r"\d", before[match.end() :]):
            first = start - len(before) + match.start()
            return NumberDirection(match["rise"] is not None, _one_line(text[first:end]))
        break
    verb = _SPLIT_VERB.match(after)
    if verb and _TAKING.search(text[max(0, start - _MOST_TAKING) : start]):
        return NumberDirection(verb["rise"] is not None, _one_line(text[start : end + verb.end()]))
    word = _WORD.search(after)
    if word and not re.search(r"\d|,", after[: word.start()]):
        return NumberDirection(word["rise"] is not None, _one_line(text[start : end + word.end()]))
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
