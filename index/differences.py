"""In what words a quotation differs from the passage that it comes nearest to.

Letters, numbers, accents and capitals count; spaces, punctuation, quotation marks and dashes never do.
The capital of the first word is free, because a quotation may begin in the middle of a sentence.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf
from typing import Literal, NamedTuple

from index.analysis import fold
from index.running_text import Letters, Wording, have_same_numbers, written

DifferenceKind = Literal["insertion", "deletion", "substitution", "number", "negation", "accent", "case"]
"""`insertion`: the quotation has words that the original lacks; `deletion`: the reverse; `number` and
`negation`: any of these, where a number or a negation comes, goes or changes."""

_NEGATION_LIST = """
    niet geen nooit niets niemand nergens noch zonder
    ne n pas non jamais aucun aucune aucuns aucunes rien ni sans nul nulle
    not no never none nor nothing nobody neither without cannot t
    nicht kein keine keinen keinem keiner keines nie niemals nichts weder ohne
"""
_NUMBER_LIST = """
    één twee drie vier vijf zes zeven acht negen tien elf twaalf honderd duizend miljoen miljard
    zéro deux trois quatre cinq six sept huit neuf dix onze douze cent mille million millions milliard
    milliards zero two three four five seven eight nine ten eleven twelve hundred thousand billion billions
    eins zwei drei fünf sechs sieben zehn zwölf hundert tausend millionen milliarden
"""
_NEGATIONS, _NUMBERS = frozenset(_NEGATION_LIST.split()), frozenset(_NUMBER_LIST.split())


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the quotation and what stands in their place; either may be empty."""

    kind: DifferenceKind
    quoted: str
    original: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The stretch of a text that a quotation comes nearest to, and how it differs from that."""

    first: int
    """Number of its first word in the text."""
    end: int
    """Number of the word after its last."""
    likeness: float
    """1: no differences; 0: nothing in common."""
    comparison: tuple[str | Difference, ...]
    """The quotation beside the text, in order: what both have, as it stands in the text, and differences."""
    longest_gap: int
    """Most words of the quotation in a row that do not stand in the text."""


class _Step(NamedTuple):
    """A word of the quotation beside a word of the text, or one of them alone."""

    quoted: Wording | None
    original: Wording | None

    @property
    def is_same(self) -> bool:
        return bool(self.quoted and self.original and self.quoted.form == self.original.form)


_OTHER_WORD, _OTHER_FORM, _OTHER_ACCENT = 1.0, 0.6, 0.3
"""What it costs when the quotation has another word, one that begins alike (or another number), or one with
other accents."""
_ADDED, _LEFT_OUT, _LEFT_OUT_TOO = 1.0, 0.7, 0.15
"""What a word costs that the text lacks, the first of the words that the quotation lacks, and each after
that: a whole clause is left out more often than words that stand apart."""
_ALIKE = 4
"""First letters that words with the same beginning share."""

_LEAST_ROOM, _MOST_ROOM = 12, 60
"""Words by which the quotation may shift against the text, by added words or words left out."""

_BLOCK = 8
"""Beginnings of the quotation in the text that are voted on together."""

_MOST_PLACES = 50
"""Of a word in the text; one that stands everywhere has no vote."""

_MOST_STARTS = 3
"""Beginnings that are tried."""

_LEAST_SUPPORT = 0.2
"""Share of the vote below which a text has words of the quotation, but in no such order."""


def align(quoted: Letters, text: Letters) -> Alignment | None:
    """Find the stretch of `text` that comes nearest to the quotation; None where nothing is like it."""
    alignments = [_aligned_from(start, quoted, text) for start in _likely_starts(quoted, text)]
    return max(filter(None, alignments), key=lambda alignment: alignment.likeness, default=None)


def _aligned_from(start: int, quoted: Letters, text: Letters) -> Alignment | None:
    length = len(quoted.words)
    room = min(_LEAST_ROOM + length // 6, _MOST_ROOM)
    base = max(0, start - room)
    shifts = range(start - base - room, start - base + room + _BLOCK)
    stretch = text.words[base : base + length + shifts.stop]
    steps, first, cost = _cheapest_steps(quoted.words, stretch, shifts)
    used = sum(step.original is not None for step in steps)
    if not used:
        return None
    gaps = [len(list(group)) for is_gap, group in groupby(steps, _is_only_quoted) if is_gap]
    return Alignment(
        first=base + first,
        end=base + first + used,
        likeness=max(0.0, 1 - cost / length),
        comparison=tuple(_compared(steps)),
        longest_gap=max(gaps, default=0),
    )


def _is_only_quoted(step: _Step) -> bool:
    return step.quoted is not None and not step.is_same


def _likely_starts(quoted: Letters, text: Letters) -> list[int]:
    """Where in the text the quotation may begin, by the vote of all words that both have."""
    votes: defaultdict[int, float] = defaultdict(float)
    most = 0.0
    for number, word in enumerate(quoted.words):
        places = text.places.get(word.form, ())
        if len(places) > _MOST_PLACES:
            continue
        # Rare and long words know better than common ones.
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


def _cheapest_steps(
    quoted: Sequence[Wording], text: Sequence[Wording], shifts: range
) -> tuple[list[_Step], int, float]:
    """Align all of `quoted` with any stretch of `text`.

    Args:
        shifts: how much farther on a word may stand in the text than in the quotation.

    Returns:
        the steps, the number of the first word of the stretch, and the cost.
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
    return *_walk_back(quoted, text, costs, skipping, place), costs[-1][place]


def _walk_back(
    quoted: Sequence[Wording],
    text: Sequence[Wording],
    costs: Sequence[Sequence[float]],
    skipping: Sequence[Sequence[float]],
    place: int,
) -> tuple[list[_Step], int]:
    """The steps that led to the last word of the quotation at `place`, and where they began."""
    steps: list[_Step] = []
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
    return steps[::-1], place


def _exchange(one: Wording, other: Wording) -> float:
    if one.form == other.form:
        return 0.0
    if one.form[0].isdecimal() and other.form[0].isdecimal():
        return _OTHER_FORM
    if one.form[:_ALIKE] == other.form[:_ALIKE]:
        return _OTHER_FORM if fold(one.form) != fold(other.form) else _OTHER_ACCENT
    return _OTHER_ACCENT if fold(one.form) == fold(other.form) else _OTHER_WORD


def _compared(steps: Sequence[_Step]) -> Iterator[str | Difference]:
    """What both have and the differences along the steps; where only spaces differ, there is none."""
    for place, (is_same, group) in enumerate(groupby(steps, key=lambda step: step.is_same)):
        found = list(group)
        if is_same:
            yield from _capitals_compared(found, is_free=place == 0)
        elif _differ_in_spaces(found):
            yield written([step.original for step in found if step.original])
        else:
            for sides, part in groupby(found, key=_sides):
                together = list(part)
                yield from map(_difference, [[step] for step in together] if all(sides) else [together])


def _capitals_compared(steps: Sequence[_Step], *, is_free: bool) -> Iterator[str | Difference]:
    """Words that both have; those with other capitals are differences, save the first if `is_free`."""
    same: list[Wording] = []
    for place, (quoted, original) in enumerate(steps):
        if not quoted or not original:
            continue
        if quoted.cased == original.cased or (is_free and place == 0):
            same.append(original)
            continue
        if same:
            yield written(same)
            same = []
        yield Difference("case", quoted.written, original.written)
    if same:
        yield written(same)


def _differ_in_spaces(steps: Sequence[_Step]) -> bool:
    """Whether both have the same letters and numbers, with other spaces between them."""
    quoted = [step.quoted for step in steps if step.quoted]
    original = [step.original for step in steps if step.original]
    return Letters(quoted).text == Letters(original).text and have_same_numbers(quoted, original)


def _sides(step: _Step) -> tuple[bool, bool]:
    return step.quoted is not None, step.original is not None


def _difference(steps: Sequence[_Step]) -> Difference:
    quoted = [step.quoted for step in steps if step.quoted]
    original = [step.original for step in steps if step.original]
    return Difference(
        difference_kind([word.form for word in quoted], [word.form for word in original]),
        written(quoted),
        written(original),
    )


def is_number(form: str) -> bool:
    """Whether a word is a number, written in digits or in letters."""
    return form in _NUMBERS or form[0].isdecimal()


def difference_kind(quoted: Sequence[str], original: Sequence[str]) -> DifferenceKind:
    """What sort of difference it is that some words stand where others did; forms of words, not both
    empty."""
    if [fold(form) for form in quoted] == [fold(form) for form in original]:
        return "accent"
    changed = {*quoted} ^ {*original}
    if changed & _NEGATIONS:
        return "negation"
    if any(map(is_number, changed)):
        return "number"
    if not original:
        return "insertion"
    return "substitution" if quoted else "deletion"
