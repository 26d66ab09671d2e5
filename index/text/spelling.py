"""How words are spelled: their letters and the punctuation between them, which is what counts in a quotation.

Letters are letters, digits and signs with a meaning (``%``). Two texts are spelled the same if they have the
same letters, with the same punctuation between the same letters. These differences are ignored:

- typography: line ends and hyphens at line ends, soft hyphens, ligatures, bullets, leaders, the kind of
  space, quotation mark, apostrophe and dash, spaces inside quotation marks and before ``:`` or ``%``, and
  spaces around an em dash;
- separators of thousands, which may be any space or be left out. Point and comma are never equal. Three
  digits after a single separator may be decimals: a point separates thousands in Dutch, French and German,
  a comma in English;
- ``n°``, ``nº``, ``no``, ``nr.`` and ``№`` before a number;
- the numbers of notes, which are left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from archive.languages import Language
from index.language.folding import TYPOGRAPHY
from index.text.excerpts import ROW, in_one_line

SIGNS = "%‰€$£§+=<>±≤≥≠"
"""Characters that are not letters but count as letters."""
NUMBER_SIGN = re.compile(r"(?:\b[Nn](?:\s?[°º˚o]|[Oo]\.|[Rr]\.?)|№)\s*(?=\d)")
"""An abbreviation of "number" before digits, such as ``n°``; ``no`` is not a negation there."""

NOTE = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?»”\"’)])|(?<=(?<!\d)(?:19|20)\d\d))[⁰¹²³⁴-⁹]+(?!\w)|(?<=\w)[*†‡]+(?!\w)"
)
"""Raised note numbers and note signs; not exponents of units, nor of numbers other than years."""
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff]")
_SOFT_HYPHEN = re.compile("\u00ad\\s*\n\\s*|\u00ad")
_BEFORE_SMALL = re.compile(r"(?<=\d)(?=[¼½¾⅐-⅞])|(?<=[¼½¾⅐-⅞])(?=\d)")
_EXPONENT = re.compile(r"(?<=\d)(?=[⁰¹²³⁴-⁹])")
_OWN_LETTER = re.compile(r"\[([^\W\d_])\](?=\w)")
"""A changed letter in brackets, as in ``[D]e regering``."""
_MARKS = str.maketrans(
    {
        **dict.fromkeys("’‘‛ʼ´`′‹›ʹ", "'"),
        **dict.fromkeys("“”„‟«»″〝〞", '"'),
        **dict.fromkeys("‧∙⋅・", "·"),
        "\ufffe": "-",
        "´": "'",
    }
)
_LIGATURES = TYPOGRAPHY | str.maketrans({"Œ": "Oe", "Æ": "Ae", "Ĳ": "IJ"})
_LETTER = re.compile(rf"[^\W_]|[{SIGNS}]")

_GROUPS = re.compile(
    r"(?<!\d)(?<!\d[ .,'])(?P<groups>[1-9]\d?\d?(?P<sign>[ .,'])\d\d\d(?P<more>(?:(?P=sign)\d\d\d)*))"
    r"(?P<decimals>(?!(?P=sign))[.,]\d+)?(?!\d|[ .,']\d)"
)
_SPACE_IN_NUMBER = re.compile(rf"[^\S\t{ROW}]")
"""A number may continue over a line end, but not into the next cell of a table."""
_POINT_GROUPS: frozenset[Language | None] = frozenset(["nl", "fr", "de"])
_COMMA_GROUPS: frozenset[Language | None] = frozenset(["en"])

_BULLETS = re.compile("[•●■▪◦○□▫‣⁃➢➤►▶]")
_BULLET_AT_START = re.compile(r"\n\s*[-–—*]\s+")
_LEADER = re.compile(r"(?:\.\s?){4,}|_{3,}")
_LINE_END_HYPHEN = re.compile(r"[-‐]\s*\n\s*")
_DASHES = re.compile("[‐‑‒–—―−]")
_LONG_DASH = re.compile("[—―]")
_QUOTATION_MARK = re.compile(r"\s*(?:[\"']\s*)+")
_ELISION = re.compile(r"'[\"(\[]")
_BEFORE_MARK = re.compile(r"\s+(?=[,;:?!)\]]|\.(?!\d))")
_AFTER_BRACKET = re.compile(r"(?<=[(\[])\s+")
_SPACE = re.compile(r"\s+")
_END = re.compile(r"[\s')\]]*(?P<closing>[\"']?)[\s)\]]*(?P<mark>[.?!]*)")
_ASKING = frozenset("?!")
_AROUND_LINE_END = re.compile(r"\s*\n\s*")
_DASH_BETWEEN_NUMBERS = re.compile(r"- |-| - ")
_YEAR = re.compile(r"(?:19|20)\d\d")

GapSide = Literal["letter", "digit", "year", "sign"]
"""The kind of character next to a gap."""


@dataclass(frozen=True)
class Spelling:
    """A text as letters and the gaps between them."""

    letters: str
    gaps: dict[int, str]
    """The text before a letter, by the number of the letter, if there is any."""
    text: str
    """The text with uniform typography, without characters that never count."""
    language: Language | None
    """The language of the text, or of the text that it is compared with."""
    places: tuple[int, ...]
    """The offset of each letter in the text."""

    @cached_property
    def groups(self) -> frozenset[int]:
        """The numbers of the letters that follow a separator of thousands."""
        text = _SPACE_IN_NUMBER.sub(" ", self.text)
        starts = {
            place + 1
            for match in _GROUPS.finditer(text)
            if _is_grouped(match, self.language)
            for place in range(match.start(), match.end("groups"))
            if text[place] == match["sign"]
        }
        return frozenset(number for number in self.gaps if self.places[number] in starts)

    def side(self, number: int) -> GapSide:
        """The kind of a letter, by its number."""
        letter = self.letters[number]
        return "digit" if letter.isdecimal() else "letter" if letter.isalnum() else "sign"


def spelled(text: str, language: Language | None = None) -> Spelling:
    """Split a text into letters and gaps.

    Args:
        text: the text, with line feeds between blocks and items, tabs between cells, :data:`ROW` between
            rows.
        language: the language of the text that it is compared with; it decides which separator is that of
            thousands.
    """
    text = NOTE.sub("", _SOFT_HYPHEN.sub("", _UNSEEN.sub("", text)))
    text = _OWN_LETTER.sub(r"\1", NUMBER_SIGN.sub("nr ", text))
    text = _EXPONENT.sub("^", _BEFORE_SMALL.sub(" ", text)).translate(_MARKS)
    text = unicodedata.normalize("NFKC", text).translate(_LIGATURES)
    places = tuple(match.start() for match in _LETTER.finditer(text))
    letters = "".join([text[place] for place in places])
    gaps = {
        number: text[places[number - 1] + 1 : place]
        for number, place in enumerate(places)
        if number and place > places[number - 1] + 1
    }
    return Spelling(letters, gaps, text, language, places)


def is_spelled_same(one: Spelling, other: Spelling) -> bool:
    """Whether two texts have the same letters and gaps, ignoring the case of the first letter."""
    return has_same_letters(one, other) and next(differing_gaps(one, other), None) is None


def has_same_letters(one: Spelling, other: Spelling) -> bool:
    """Whether two texts have the same letters, ignoring the case of the first one.

    A quotation may begin in the middle of a sentence.
    """
    free = 2 if one.letters[:2].lower() == "ij" else 1
    return (
        one.letters[free:] == other.letters[free:]
        and one.letters[:free].lower() == other.letters[:free].lower()
    )


def differing_gaps(one: Spelling, other: Spelling) -> Iterator[int]:
    """The numbers of the letters before which the gaps of two texts with the same letters differ."""
    for number in sorted({*one.gaps, *other.gaps}):
        gap, other_gap = one.gaps.get(number, ""), other.gaps.get(number, "")
        if gap == other_gap:
            continue
        left, right = one.side(number - 1), one.side(number)
        if left == right == "digit":
            if not _is_gap_in_number_same(one, other, number):
                yield number
        elif not is_gap_same(gap, other_gap, left, right):
            yield number


def is_gap_same(one: str, other: str, left: GapSide, right: GapSide) -> bool:
    """Whether two gaps differ only in typography."""
    return one == other or not _ways(one, left, right).isdisjoint(_ways(other, left, right))


def differing_ends(quoted: str, original: str) -> tuple[str, str] | None:
    """The punctuation after a quotation and after the original, if it makes another sentence; else None.

    A question mark instead of a full stop does. An added or missing full stop or comma does not, nor does
    anything outside the quotation marks.

    Args:
        quoted: the text after the last word of the quotation.
        original: the text after the same word of the original.
    """
    quoted_end, original_end = _end(quoted), _end(original)
    asking = _ASKING & {*quoted_end.mark}
    asking_in_original = _ASKING & {*original_end.mark}
    if quoted_end.closing and not original_end.closing:
        return None
    is_same = asking <= asking_in_original if asking else not (asking_in_original and "." in quoted_end.mark)
    return None if is_same else (quoted_end.mark, original_end.mark)


class _End(NamedTuple):
    """The punctuation after a last word."""

    closing: str
    """A quotation mark directly after the word, or ""."""
    mark: str
    """The marks that end the sentence, or ""."""


def _end(text: str) -> _End:
    found = _END.match(text.translate(_MARKS))
    return _End(found["closing"], found["mark"]) if found else _End("", "")


def is_joint(gap: str) -> bool:
    """Whether a gap joins the letters on both sides to one word, as in ``peut-être``."""
    return not any(map(str.isspace, gap)) and not set(gap) & set('.,;:?!"()[]…/')


def _is_gap_in_number_same(one: Spelling, other: Spelling, number: int) -> bool:
    """Whether the gaps between two digits are the same, or separators of thousands that may be equal."""
    gap, other_gap = one.gaps.get(number, ""), other.gaps.get(number, "")
    side: GapSide = "year" if _stands_between_years(one.letters, number) else "digit"
    if is_gap_same(gap, other_gap, side, side):
        return True
    may_group = (not gap or number in one.groups) and (not other_gap or number in other.groups)
    return may_group and len({gap.strip(), other_gap.strip()} - {""}) <= 1


def _stands_between_years(letters: str, number: int) -> bool:
    return bool(_YEAR.fullmatch(letters, number - 4, number) and _YEAR.match(letters, number))


def _is_grouped(match: re.Match[str], language: Language | None) -> bool:
    """Whether the separators of a number are certainly of thousands, not of decimals."""
    if match["sign"] in " '" or match["more"] or match["decimals"]:
        return True
    return language in (_POINT_GROUPS if match["sign"] == "." else _COMMA_GROUPS)


@lru_cache(maxsize=20_000)
def _ways(gap: str, left: GapSide, right: GapSide) -> frozenset[str]:
    """The uniform forms of a gap between two letters; several if it can be read in several ways."""
    gap = unicodedata.normalize("NFKC", _SOFT_HYPHEN.sub("", _UNSEEN.sub("", gap)).translate(_MARKS))
    if _LINE_END_HYPHEN.fullmatch(gap):
        return frozenset(["", "-", "- "] if "letter" in (left, right) else ["-"])
    written = {gap}
    if "\t" in gap or ROW in gap:
        written = {gap.replace("\t", " ").replace(ROW, " "), in_one_line(gap)}
    elif "\n" in gap:
        written.add(_BULLET_AT_START.sub(" ", gap))
        if gap.strip():
            written.add(_AROUND_LINE_END.sub("", gap))
    return frozenset(chain.from_iterable(_plain(each, left, right) for each in written))


def _plain(gap: str, left: GapSide, right: GapSide) -> Iterator[str]:
    if gap == "•":  # without spaces around it, it is not a bullet
        gap = "·"
    gap = _SPACE.sub(" ", _LEADER.sub(" ", _BULLETS.sub(" ", gap)))
    is_long_dash = _LONG_DASH.fullmatch(gap) is not None
    gap = _BEFORE_MARK.sub("", _DASHES.sub("-", gap))
    gap = _AFTER_BRACKET.sub("", gap)
    if "sign" in (left, right) or "°" in gap:
        gap = gap.strip()
    if left == right and left in ("digit", "year") and _DASH_BETWEEN_NUMBERS.fullmatch(gap):
        gap = "-"
    yield gap if gap == "'" else _with_quotation_marks(gap)
    if _ELISION.match(gap):
        yield "'" + _with_quotation_marks(gap[1:])
    if is_long_dash:
        yield " - "
    if gap == " -" and left == right == "year":
        yield "-"


def _with_quotation_marks(gap: str) -> str:
    """Replace quotation marks by one kind; apostrophes count as such too."""
    return _QUOTATION_MARK.sub('"', gap)
