"""In which words does a quotation differ from the most similar passage?

Letters, numbers, accents, capitals and punctuation between words count; :mod:`index.text.spelling` has the
rules. The first word may have a capital or not, because a quotation may begin in the middle of a sentence.
Punctuation before the first word and after the last does not count: quotation marks around the whole, an
added or missing full stop. Only a question mark or exclamation mark counts there too, because it changes the
meaning of the sentence. Note numbers are ignored, quoted or not.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf
from typing import Literal, NamedTuple

from archive.languages import LANGUAGES, Language
from index.text.analysis import fold
from index.text.comparable_words import Letters, Wording, have_same_sign, raw, written
from index.text.spelling import GapSide, differing_ends, is_gap_same, is_joint, is_spelled_same, spelled

DifferenceKind = Literal[
    "insertion", "deletion", "substitution", "number", "negation", "accent", "case", "punctuation"
]
"""`insertion`: the quotation has words that the original lacks. `deletion`: the reverse. `number` and
`negation`: a number or a negation was added, removed or changed. `punctuation`: the same words with other
punctuation."""

_NEGATION_LISTS: Mapping[Language, str] = {
    "nl": "niet geen nooit niets niemand nergens noch zonder",
    "fr": "ne n pas non jamais aucun aucune aucuns aucunes rien ni sans nul nulle",
    "en": "not no never none nor nothing nobody neither without cannot t",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts weder ohne",
}
_ELIDED_NEGATION, _NEGATIVE_ENDING = "n", "t"
"""As in ``n'est`` and ``isn't``, but not in ``N-VA`` or ``'t``."""
_APOSTROPHES = frozenset("'’‘`´ʼ")
_TWO_YEARS = re.compile(r"(?:(?:19|20)\d\d){2}")
_NUMBER_LIST = """
    één twee drie vier vijf zes zeven acht negen tien elf twaalf honderd duizend miljoen miljard
    zéro deux trois quatre cinq six sept huit neuf dix onze douze cent mille million millions milliard
    milliards zero two three four five seven eight nine ten eleven twelve hundred thousand billion billions
    eins zwei drei fünf sechs sieben zehn zwölf hundert tausend millionen milliarden
"""
_NEGATIONS = {language: frozenset(words.split()) for language, words in _NEGATION_LISTS.items()}
_NUMBERS = frozenset(_NUMBER_LIST.split())


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the quotation and the words of the original in their place; either may be empty."""

    kind: DifferenceKind
    quoted: str
    original: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of a text that are most similar to a quotation, and how the quotation differs from them."""

    first: int
    """Number of its first word in the text."""
    end: int
    """Number of the word after its last."""
    likeness: float
    """1: no differences; 0: nothing in common."""
    comparison: tuple[str | Difference, ...]
    """In order, the parts that both have, as written in the text, and the differences."""
    longest_gap: int
    """The most consecutive words of the quotation that are not in the text."""


class _Step(NamedTuple):
    """A word of the quotation matched with a word of the text, or one of them alone."""

    quoted: Wording | None
    original: Wording | None

    @property
    def is_same(self) -> bool:
        return bool(self.quoted and self.original and _is_same(self.quoted, self.original))


_OTHER_WORD, _OTHER_FORM, _OTHER_ACCENT = 1.0, 0.6, 0.3
"""Costs of a changed word: another word; one with the same beginning, or another number; other accents."""
_ADDED, _LEFT_OUT, _LEFT_OUT_TOO = 1.0, 0.7, 0.15
"""Costs of an added word, of the first word left out, and of each word left out directly after it: whole
clauses are left out more often than scattered words."""
_ALIKE = 4
"""First letters that words with the same beginning have in common."""

_LEAST_ROOM, _MOST_ROOM = 12, 60
"""Bounds of the number of words by which the quotation may shift against the text, by words added or left
out."""

_BLOCK = 8
"""Neighbouring start positions that are voted on together."""

_MOST_PLACES = 50
"""A word that the text has more often than this has no vote."""

_MOST_STARTS = 3
"""Start positions that are tried."""

_LEAST_SUPPORT = 0.2
"""Least share of the votes for a start position. Below it, the text has the words only in another order."""


def align(quoted: Letters, text: Letters) -> Alignment | None:
    """Find the words of `text` that are most similar to the quotation; None if nothing is similar."""
    alignments = [_aligned_from(start, quoted, text) for start in _likely_starts(quoted, text)]
    return max(filter(None, alignments), key=lambda alignment: alignment.likeness, default=None)


def _aligned_from(start: int, quoted: Letters, text: Letters) -> Alignment | None:
    length = len(quoted.words)
    room = min(_LEAST_ROOM + length // 6, _MOST_ROOM)
    base = max(0, start - room)
    shifts = range(start - base - room, start - base + room + _BLOCK)
    near = text.words[base : base + length + shifts.stop]
    path = _without_first_note(near, _cheapest_path(quoted.words, near, shifts))
    used = sum(step.original is not None for step in path.steps)
    if not used:
        return None
    first = base + path.first
    ends = differing_ends(quoted.after(length), text.after(first + used))
    gaps = [len(list(group)) for is_gap, group in groupby(path.steps, _is_only_quoted) if is_gap]
    return Alignment(
        first=first,
        end=first + used,
        likeness=max(0.0, 1 - path.cost / length),
        comparison=tuple(_compared(path.steps, text.language, ends)),
        longest_gap=max(gaps, default=0),
    )


class _Path(NamedTuple):
    """How a quotation is matched with consecutive words of a text."""

    steps: list[_Step]
    first: int
    """Number of the first word of the text that is used."""
    cost: float


def _without_first_note(text: Sequence[Wording], path: _Path) -> _Path:
    """Leave out a first quoted word that is a note number: that of the word of the text which it was matched
    with, or of the word before the quotation."""
    quoted, original = path.steps[0]
    if quoted and original and quoted.form == original.note:
        return _Path(path.steps[1:], path.first + 1, path.cost - _exchange(quoted, original))
    if quoted and original is None and path.first and quoted.form == text[path.first - 1].note:
        return _Path(path.steps[1:], path.first, path.cost - _ADDED)
    return path


def _is_only_quoted(step: _Step) -> bool:
    return step.quoted is not None and not step.is_same


def _likely_starts(quoted: Letters, text: Letters) -> list[int]:
    """Where in the text the quotation may begin: all words that both have vote for a start position."""
    votes: defaultdict[int, float] = defaultdict(float)
    most = 0.0
    for number, word in enumerate(quoted.words):
        places = text.places.get(word.form, ())
        if len(places) > _MOST_PLACES:
            continue
        # Rare and long words are better evidence than common ones.
        weight = len(word.form) / max(1, len(places))
        most += weight
        for place in places:
            block = (place - number) // _BLOCK
            votes[block] += weight
            votes[block - 1] += weight
    supported = [block for block, support in votes.items() if support >= most * _LEAST_SUPPORT]
    supported.sort(key=lambda block: (-votes[block], block))
    chosen: list[int] = []
    for block in supported:
        if all(abs(block - other) > 1 for other in chosen):
            chosen.append(block)
    return [block * _BLOCK for block in chosen[:_MOST_STARTS]]


def _cheapest_path(quoted: Sequence[Wording], text: Sequence[Wording], shifts: range) -> _Path:
    """Align all of `quoted` with any consecutive words of `text`, at the lowest cost.

    Args:
        shifts: allowed differences between the number of a word in the text and in the quotation.
    """
    width = len(text)
    costs, skipping = [[0.0] * (width + 1)], [[inf] * (width + 1)]
    for number, word in enumerate(quoted):
        above, row, skips = costs[-1], [inf] * (width + 1), [inf] * (width + 1)
        start = min(max(0, number + shifts.start), width)
        for place in range(start, min(width, number + shifts.stop) + 1):
            cost = above[place] + _ADDED
            if place:
                skips[place] = min(row[place - 1] + _LEFT_OUT, skips[place - 1] + _LEFT_OUT_TOO)
                cost = min(cost, above[place - 1] + _exchange(word, text[place - 1]), skips[place])
            row[place] = cost
        costs.append(row)
        skipping.append(skips)
    place = min(range(width + 1), key=costs[-1].__getitem__)
    return _walk_back(quoted, text, costs, skipping, place)


def _walk_back(
    quoted: Sequence[Wording],
    text: Sequence[Wording],
    costs: Sequence[Sequence[float]],
    skipping: Sequence[Sequence[float]],
    place: int,
) -> _Path:
    """The path that ends with the last word of the quotation at `place` of the text."""
    steps: list[_Step] = []
    total = costs[-1][place]
    number, is_skipping = len(quoted), False
    while number:
        cost, word = costs[number][place], quoted[number - 1]
        if is_skipping or (place and cost == skipping[number][place]):
            place -= 1
            steps.append(_Step(None, text[place]))
            is_skipping = skipping[number][place + 1] != costs[number][place] + _LEFT_OUT
        elif place and cost == costs[number - 1][place - 1] + _exchange(word, text[place - 1]):
            number, place = number - 1, place - 1
            steps.append(_Step(word, text[place]))
        else:
            number -= 1
            steps.append(_Step(word, None))
    return _Path(steps[::-1], place, total)


def _exchange(one: Wording, other: Wording) -> float:
    if _is_same(one, other):
        return 0.0
    if one.form[0].isdecimal() and other.form[0].isdecimal():
        return _OTHER_FORM
    if one.form[:_ALIKE] == other.form[:_ALIKE]:
        return _OTHER_FORM if fold(one.form) != fold(other.form) else _OTHER_ACCENT
    return _OTHER_ACCENT if fold(one.form) == fold(other.form) else _OTHER_WORD


def _is_same(quoted: Wording, original: Wording) -> bool:
    """Whether two words have the same letters; the quoted one may have the note number attached."""
    if quoted.form == original.form:
        return True
    return bool(original.note) and quoted.form == original.form + original.note


def _compared(
    steps: Sequence[_Step], language: Language | None, ends: tuple[str, str] | None
) -> Iterator[str | Difference]:
    """The parts that both have and the differences, in order.

    Args:
        ends: the punctuation after the quotation and after the original, if it differs.
    """
    groups = [
        (is_same, list(group))
        for is_same, group in groupby(_without_note_numbers(steps), key=lambda step: step.is_same)
    ]
    for place, (is_same, found) in enumerate(groups, 1):
        if is_same:
            marks = ends if place == len(groups) else None
            yield from _marks_compared(found, language, marks, is_first=place == 1)
        elif _are_spelled_same(found, language):
            yield written([step.original for step in found if step.original])
        elif _is_one_word_apart(found):
            yield _difference(found)
        else:
            for sides, part in groupby(found, key=_sides):
                together = list(part)
                yield from map(_difference, [[step] for step in together] if all(sides) else [together])


def _without_note_numbers(steps: Sequence[_Step]) -> list[_Step]:
    """The steps without quoted words that are the note number of the word before them."""
    others: list[_Step] = []
    note = gap = ""
    for step in steps:
        if step.original is None and step.quoted and note and step.quoted.form == note:
            note, gap = "", step.quoted.gap.rstrip("([")
            continue
        if step.quoted and gap:
            step = _Step(step.quoted._replace(gap=gap + step.quoted.gap.lstrip(")]")), step.original)
            gap = ""
        if step.original:
            note = step.original.note
        others.append(step)
    return others


def _marks_compared(
    steps: Sequence[_Step], language: Language | None, ends: tuple[str, str] | None, *, is_first: bool
) -> Iterator[str | Difference]:
    """Compare words with the same letters: equal parts, and differences in capitals, numbers or punctuation.

    Args:
        ends: the punctuation after the last words, if it differs.
        is_first: whether the words begin the quotation, so that the first capital does not count.
    """
    pairs = [_Pair(step.quoted, step.original) for step in steps if step.quoted and step.original]
    linked = [not _has_same_gap(*neighbours, language) for neighbours in pairwise(pairs)]
    same: list[Wording] = []
    start = 0
    for place, (pair, is_linked) in enumerate(zip(pairs, [*linked, False], strict=True)):
        if is_linked:
            continue
        group, last = pairs[start : place + 1], ends if place == len(pairs) - 1 else None
        is_free = is_first and start == 0
        if len(group) == 1 and not last and pair.is_same(language, is_free=is_free):
            same.append(pair.original)
        else:
            if same:
                yield written(same)
                same = []
            yield _difference_of_marks(group, language, last, is_free=is_free)
        start = place + 1
    if same:
        yield written(same)


class _Pair(NamedTuple):
    """A word of the quotation and the word of the text with the same letters."""

    quoted: Wording
    original: Wording

    @property
    def is_number(self) -> bool:
        return self.original.form[0].isdecimal()

    def is_same(self, language: Language | None, *, is_free: bool) -> bool:
        """Whether both are written the same; with `is_free`, capitals do not count."""
        quoted = self.quoted.written
        if self.quoted.form != self.original.form:
            quoted = quoted[: -len(self.original.note)]
        if quoted == self.original.written or self.original.form == "nr":  # in all its spellings
            return True
        one, other = spelled(quoted, language), spelled(self.original.written, language)
        return is_spelled_same(one, other) and (is_free or one.letters == other.letters)


def _has_same_gap(one: _Pair, other: _Pair, language: Language | None) -> bool:
    """Whether the separator of two words is the same in the quotation and in the text."""
    if one.original.form == "nr":
        return True
    left, right = _side(one.original.written[-1]), _side(other.original.written[0])
    if _TWO_YEARS.fullmatch(one.original.form + other.original.form):
        left = right = "year"
    return is_gap_same(other.quoted.gap, other.original.gap, left, right)


def _side(character: str) -> GapSide:
    return "digit" if character.isdecimal() else "letter" if character.isalnum() else "sign"


def _difference_of_marks(
    pairs: Sequence[_Pair], language: Language | None, ends: tuple[str, str] | None, *, is_free: bool
) -> Difference:
    quoted, original = written([pair.quoted for pair in pairs]), written([pair.original for pair in pairs])
    gaps = [word.gap for pair in pairs[1:] for word in pair]
    digits_meet = any(
        one.original.written[-1].isdecimal() and other.original.written[0].isdecimal()
        for one, other in pairwise(pairs)
    )
    kind: DifferenceKind = "punctuation"
    if digits_meet or any(pair.is_number and not pair.is_same(language, is_free=False) for pair in pairs):
        kind = "number"
    elif any(map(is_joint, gaps)):
        kind = "substitution"
    elif len(pairs) == 1 and not pairs[0].is_same(language, is_free=is_free):
        kind = "case"
    quoted_end, original_end = ends or ("", "")
    return Difference(kind, quoted + quoted_end, original + original_end)


def _are_spelled_same(steps: Sequence[_Step], language: Language | None) -> bool:
    """Whether both are spelled the same, although split into words differently.

    A number with spaces is one word; in the cells of a table it is several.
    """
    quoted, original = _both(steps)
    if not quoted or not original or not have_same_sign(quoted[0], original[0]):
        return False
    return is_spelled_same(spelled(raw(quoted), language), spelled(raw(original), language))


def _is_one_word_apart(steps: Sequence[_Step]) -> bool:
    """Whether both have the same letters, with spaces in other places."""
    quoted, original = _both(steps)
    return Letters(quoted).text == Letters(original).text


def _both(steps: Sequence[_Step]) -> tuple[list[Wording], list[Wording]]:
    return [step.quoted for step in steps if step.quoted], [step.original for step in steps if step.original]


def _sides(step: _Step) -> tuple[bool, bool]:
    return step.quoted is not None, step.original is not None


def _difference(steps: Sequence[_Step]) -> Difference:
    quoted, original = _both(steps)
    return Difference(difference_kind(quoted, original), written(quoted), written(original))


def is_number(form: str) -> bool:
    """Whether a word is a number, written in digits or in letters."""
    return form in _NUMBERS or form[0].isdecimal()


def is_negation(word: Wording, language: Language | None = None) -> bool:
    """Whether a word is a negation in a language; without a language, in any.

    ``n`` and ``t`` are, but only with the apostrophe of ``n'est`` and ``isn't``. ``n°`` and ``no`` before a
    number are not.
    """
    if word.form == _ELIDED_NEGATION and word.following not in _APOSTROPHES:
        return False
    if word.form == _NEGATIVE_ENDING and word.gap not in _APOSTROPHES:
        return False
    return any(word.form in _NEGATIONS[each] for each in ([language] if language else LANGUAGES))


def difference_kind(quoted: Sequence[Wording], original: Sequence[Wording]) -> DifferenceKind:
    """The kind of difference between quoted and original words; not both may be empty."""
    if [fold(word.form) for word in quoted] == [fold(word.form) for word in original]:
        return "accent"
    forms = {word.form for word in quoted} ^ {word.form for word in original}
    changed = [word for word in (*quoted, *original) if word.form in forms]
    if any(map(is_negation, changed)):
        return "negation"
    if any(is_number(word.form) for word in changed):
        return "number"
    if not original:
        return "insertion"
    return "substitution" if quoted else "deletion"
