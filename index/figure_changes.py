"""Which numbers changed between two versions of a passage: amounts with their units, dates and years whole.

Readers may trust this list without reading the texts, so it asserts little: a number stands for another only
where what they count and the words around them are the same, and in a table only under the same heading (see
:mod:`index.table_rows`). Any other is told as gone or as come, and only if the other version has it nowhere.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.edition import MONTHS, EditionPassage
from index.figure_direction import Direction, direction_of
from index.table_rows import CellPair
from index.word_alignment import changed_stretches
from index.wording import Wording

_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_YEAR = r"(?:19|20)\d\d"
_DATES = re.compile(
    rf"(?<![\d/])(?<!\d[.,-])(?:"
    rf"(?P<first>\d{{1,2}}\s?(?:[-–]|en|et|and|und|tot en met|t/m|tot|au|to|bis)\s?)?"
    rf"(?P<day>\d{{1,2}})(?:er|e|ste|de)?\.?\s(?P<month>{_MONTH})(?:\s(?P<year>{_YEAR}))?"
    rf"|(?P<english>{_MONTH})\s(?P<english_day>\d{{1,2}})(?:,?\s(?P<english_year>{_YEAR}))?(?!\d)"
    rf"|(?P<only_month>{_MONTH})\s(?P<of_year>{_YEAR})"
    rf"|(?P<digits>\d{{1,2}}(?P<sign>[-/.])\d{{1,2}}(?P=sign)(?:{_YEAR}|\d\d))"
    rf"|(?P<range>{_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d))"
    rf")(?![\w-]|[.,/]\d)",
    re.IGNORECASE,
)
_SCALES = {
    "k": "duizend",
    "duizend": "duizend",
    "mille": "duizend",
    "thousand": "duizend",
    **dict.fromkeys(
        ("m", "mln", "mio", "miljoen", "miljoenen", "million", "millions", "millionen"), "miljoen"
    ),
    **dict.fromkeys(
        ("mld", "mrd", "miljard", "miljarden", "milliard", "milliards", "milliarden", "billion", "billions"),
        "miljard",
    ),
}
_UNITS = {
    **dict.fromkeys(("€", "euro", "euros", "eur"), "€"),
    **dict.fromkeys(("%", "procent", "percent", "pct", "p.c.", "pour cent", "op de honderd", "prozent"), "%"),
    **dict.fromkeys(("procentpunt", "procentpunten", "percentage points", "points de pourcentage"), "%-punt"),
    **dict.fromkeys(("‰", "op de duizend", "promille"), "‰"),
    **{unit: unit for unit in ("$", "£", "m³", "km", "km²", "ha", "mw", "mwh", "gwh", "kwh", "°c", "kg")},
    **dict.fromkeys(("m²", "m2"), "m²"),
    **dict.fromkeys(("vte", "fte", "etp"), "vte"),
}
"""Of each way to write what a number counts in, the one by which it is compared."""
_NAMES = "|".join(re.escape(unit).replace(r"\ ", r"\s") for unit in sorted(_UNITS, key=len, reverse=True))
_SCALE_NAMES = "|".join(sorted(set(_SCALES) - {"k", "m"}, key=len, reverse=True))
_GAP = r"[^\S\t\n]?"
"""What may stand between a figure and its unit: a space, never the edge of a cell."""
_BEFORE = re.compile(rf"(?:(?P<unit>[€$£]|\b(?:euro|eur)){_GAP})\Z", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?:{_GAP}(?P<scale>(?:{_SCALE_NAMES})(?!\w)(?:(?<=mln|mio|mld|mrd)\.)?"
    rf"|[km](?={_GAP}(?:€|euro))))?"
    rf"(?:{_GAP}(?:d['’]|de\s)?(?P<unit>{_NAMES})(?!\w|{_GAP}[-–]?\d))?",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 6
_DASHES = frozenset("-–—−")
"""Stand for "none" in a table."""
_SENTENCE_ENDS = re.compile(r"[)\]”\"’»]*[.;:!?](?=\s|\Z)|\n")

_LEAST_AROUND = 3
"""Words around two numbers that have to be the same for one to stand for the other; the beginning and the end
of a sentence or of a cell count as one."""
_MOST_AROUND = 4
"""Words on each side that are looked at."""
_LEAST_LETTERS = 4
"""Letters of at least one of those words: "in" and "van" stand before any number."""


Turn = Literal["", "fall to rise", "rise to fall", "minus to plus", "plus to minus"]
"""What a number that changed came to say the opposite of."""
_TURNED: Mapping[Turn, Turn] = {
    "fall to rise": "rise to fall",
    "rise to fall": "fall to rise",
    "minus to plus": "plus to minus",
    "plus to minus": "minus to plus",
}
_DATES_AND_YEARS = frozenset(["\0year", "\0years", "\0date", "\0dates", "\0month"])
_YEARS = frozenset(["\0year", "\0years"])
_COMPARED_WITH = re.compile(
    r"(?:ten opzichte van|t o v|tov|vergeleken met|dan in|sinds|par rapport à|comparé à|depuis|qu en"
    r"|compared (?:to|with)|than in|since|gegenüber|seit)\Z"
)
"""What stands before a year that is not that of the number beside it."""
_LEAST_PROSE = 4
"""Words besides figures of a cell that is a sentence."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A number with its unit, or a date, in both editions, as written; either may be empty."""

    old: str
    new: str
    turn: Turn = ""

    def swapped(self) -> "FigureChange":
        """The same with the editions changed."""
        return FigureChange(self.new, self.old, _TURNED.get(self.turn, ""))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or a number with all that belongs to it."""

    form: str
    """Equal for numbers that say the same."""
    mask: str
    """The form of a word; of a number what it counts."""
    is_figure: bool
    written: str
    start: int
    is_last: bool
    """Of its sentence."""
    direction: Direction | None = None
    """The word that says whether a number is a rise or a fall."""
    years: frozenset[str] = frozenset()
    """Those that its sentence is about."""


def figure_changes(
    old: Sequence[EditionPassage], new: Sequence[EditionPassage], cells: Sequence[CellPair] | None
) -> Iterator[FigureChange]:
    """The numbers of one version of a passage that the other has not, in order.

    Args:
        cells: for two rows of a table, what is compared with what; None: for prose.
    """
    if not any(passage.figures for passage in (*old, *new)):
        return
    if cells is not None:
        yield from _row_changes(old[0], new[0], cells)
        return
    one, other = (
        [
            token
            for passage in side
            for token in _with_directions(passage, _tokens(passage, range(len(passage.words))))
        ]
        for side in (old, new)
    )
    may_pair = not any(passage.frame for passage in (*old, *new))
    if may_pair:
        yield from _changes(_with_years(one), _with_years(other))
    else:
        yield from _told(one, other, {})


def are_figures_paired(old: EditionPassage, new: EditionPassage, cells: CellPair) -> bool:
    """Whether the figures of two cells may be told as one that became the other."""
    if cells.kind == "alone":
        return False
    one, other = _tokens(old, cells.old), _tokens(new, cells.new)
    if not any(token.is_figure for token in one) or not any(token.is_figure for token in other):
        return True
    return cells.kind == "column" and bool(_paired(one, other))


def _row_changes(
    old: EditionPassage, new: EditionPassage, cells: Sequence[CellPair]
) -> Iterator[FigureChange]:
    """The numbers that changed in a row of a table; of columns that only one edition has nothing is told."""
    sides = [_tokens(row, range(len(row.words))) for row in (old, new)]
    known = [{token.form for token in side if token.is_figure} for side in sides]
    come: list[FigureChange] = []
    for cell in cells:
        if cell.kind == "alone":
            continue
        one, other = _tokens(old, cell.old), _tokens(new, cell.new)
        pairs = _paired(one, other) if cell.kind == "column" else []
        beside = {left.start: right for left, right in pairs}
        taken = {right.start for _left, right in pairs}
        for token in one:
            if token.start in beside:
                if token.form != beside[token.start].form:
                    yield _change(token, beside[token.start])
            elif _is_lone(token, known[1]):
                yield FigureChange(token.written, "")
        for token in other:
            if token.start not in taken and _is_lone(token, known[0]):
                come.append(FigureChange("", token.written))
    yield from come


def _is_lone(token: _Token, known: set[str]) -> bool:
    """Whether a number is to be told as gone or come, and has not been told yet."""
    if not token.is_figure or token.form in known or token.written in _DASHES:
        return False
    known.add(token.form)
    return True


def _paired(one: Sequence[_Token], other: Sequence[_Token]) -> list[tuple[_Token, _Token]]:
    """The figures of two cells under the same heading that stand for each other; none where the cells name
    other years, count other things, or hold several figures in other words."""
    figures = [[token for token in side if token.is_figure] for side in (one, other)]
    words = [[token.form for token in side if not token.is_figure] for side in (one, other)]
    years = [[token.form for token in side if token.mask in _DATES_AND_YEARS] for side in figures]
    if years[0] != years[1]:
        return []
    is_list = len(figures[0]) > 1 and not words[0]  # such as figures of two rows or columns in one cell
    if len(figures[0]) == len(figures[1]) and words[0] == words[1] and not is_list:
        pairs = list(zip(*figures, strict=True))
        return pairs if all(_count_the_same(*pair) for pair in pairs) else []
    if min(map(len, words)) >= _LEAST_PROSE:
        return [(one[left], other[right]) for left, right in _pairs(one, other, by_form=True).items()]
    return []


def _count_the_same(one: _Token, other: _Token) -> bool:
    return one.mask == other.mask or bool(_DASHES & {one.written, other.written})


def _change(one: _Token, other: _Token) -> FigureChange:
    """A number that became another, and whether it says the opposite now."""
    before, after = one.direction, other.direction
    if before and after and before.is_rise != after.is_rise:
        turn: Turn = "fall to rise" if after.is_rise else "rise to fall"
        return FigureChange(before.written, after.written, turn)
    change = FigureChange(one.written, other.written)
    minuses = [token.mask not in _DATES_AND_YEARS and _is_negative(token) for token in (one, other)]
    if minuses[0] == minuses[1] or _DASHES & {one.written, other.written}:
        return change
    if {"0"} & {_digits(token) for token in (one, other)}:
        return change
    return replace(change, turn="minus to plus" if minuses[0] else "plus to minus")


def _is_negative(token: _Token) -> bool:
    return token.form[1:].split(" ")[0].endswith("-")


def _digits(token: _Token) -> str:
    return token.form[1:].split(" ")[0].removesuffix("-")


def _tokens(passage: EditionPassage, within: range) -> list[_Token]:
    """The words of a stretch of a passage, each number as one with its unit and each date as one."""
    text, words = passage.unit.text, passage.words[within.start : within.stop]
    figures = {figure.start for figure in passage.figures}
    dates = list(_DATES.finditer(text))[::-1] if figures else []
    tokens: list[_Token] = []
    end = -1
    for word in words:
        if word.start < end:
            continue
        while dates and dates[-1].end() <= word.start:
            dates.pop()
        date = dates[-1] if dates and dates[-1].start() <= word.start else None
        if date and any(place in figures for place in range(*date.span())):
            end = date.end()
            tokens.append(_token(text, *date.span(), *_date(date)))
        elif word.start in figures and word.form not in MONTHS:
            before = _BEFORE.search(text, max(0, word.start - _LONGEST_BEFORE), word.start)
            after = _AFTER.match(text, word.end)
            start, end = before.start() if before else word.start, after.end() if after else word.end
            if text[start - 1 : start] == "+" and not text[start - 2 : start - 1].strip("( \t"):
                start -= 1
            if word.form.endswith("-") and text[start - 1 : start] + text[end : end + 1] == "()":
                start, end = start - 1, end + 1  # brackets are the minus of accounts
            while tokens and tokens[-1].start >= start:
                tokens.pop()
            units = [match["unit"] for match in (before, after) if match and match["unit"]]
            scale = after["scale"] if after else None
            tokens.append(_token(text, start, end, *_amount(word, scale, units)))
        else:
            end = word.end
            is_last = _SENTENCE_ENDS.match(text, end) is not None
            tokens.append(_Token(word.form, word.form, False, word.written, word.start, is_last))
    return tokens


def _with_directions(passage: EditionPassage, tokens: Sequence[_Token]) -> list[_Token]:
    """The words of prose, each number with the word that says whether it is a rise or a fall."""
    text = passage.unit.text
    return [
        replace(token, direction=direction_of(text, token.start, token.written))
        if token.is_figure and token.mask not in _DATES_AND_YEARS
        else token
        for token in tokens
    ]


def _with_years(tokens: Sequence[_Token]) -> list[_Token]:
    """The words of prose, each number with the years that its sentence is about; one that it is compared
    with, as in "more than in 2023", is none."""
    made: list[_Token] = []
    years: frozenset[str] = frozenset()
    start = 0
    ends = [number for number, token in enumerate(tokens, 1) if token.is_last]
    for end in dict.fromkeys([*ends, len(tokens)]):
        sentence = tokens[start:end]
        named = frozenset(
            token.form
            for number, token in enumerate(sentence)
            if token.mask in _YEARS
            and not _COMPARED_WITH.search(
                " ".join(each.form for each in sentence[max(0, number - 3) : number])
            )
        )
        years = named or years  # a sentence without a year is about that of the one before
        made += [replace(token, years=years) if token.is_figure else token for token in sentence]
        start = end
    return made


def _are_of_other_years(one: _Token, other: _Token) -> bool:
    """Whether two numbers stand in sentences about other years; the years themselves do not."""
    is_amount = one.mask not in _DATES_AND_YEARS
    return is_amount and bool(one.years) and bool(other.years) and one.years != other.years


def _token(text: str, start: int, end: int, form: str, mask: str) -> _Token:
    written = " ".join(text[start:end].split())
    is_last = _SENTENCE_ENDS.match(text, end) is not None
    return _Token(f"\0{form}", f"\0{mask}", True, written, start, is_last)


def _date(match: re.Match[str]) -> tuple[str, str]:
    """A date and a span of years as they are compared, and what they are."""
    if match["range"]:
        return "-".join(re.findall(r"\d+", match["range"])), "years"
    if match["digits"]:
        day, month, year = (part.lstrip("0") for part in re.findall(r"\d+", match["digits"]))
        return f"{day}-{month}-{year if len(year) > 2 else f'20{year:0>2}'}", "date"
    month = match["month"] or match["english"] or match["only_month"]
    day = (match["day"] or match["english_day"] or "").lstrip("0")
    year = match["year"] or match["english_year"] or match["of_year"] or ""
    if match["first"]:
        day = f"{match['first'][:2].strip(' -–').lstrip('0')} {day}"
    return f"{day}-{MONTHS[month.lower()]}-{year}", "dates" if match["first"] else "date" if day else "month"


def _amount(word: Wording, scale: str | None, units: Sequence[str]) -> tuple[str, str]:
    """A number as it is compared, and what it counts."""
    counted = " ".join(sorted({_UNITS[" ".join(unit.lower().split())] for unit in units}))
    form = word.form
    if not counted and not scale:
        return form, "year" if re.fullmatch(_YEAR, word.written) else "number"
    by = _SCALES[scale.lower().rstrip(".")] if scale else ""
    return f"{form} {by} {counted}", counted or f"number {by}"


def _changes(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[FigureChange]:
    """The numbers that changed in prose."""
    masks = [token.mask for token in old], [token.mask for token in new]
    if masks[0] == masks[1] or (len(old) == len(new) == 1 and old[0].is_figure and new[0].is_figure):
        beside = {
            number: number
            for number, (one, other) in enumerate(zip(old, new, strict=True))
            if one.is_figure and one.form != other.form and not _are_of_other_years(one, other)
        }
        yield from _told(old, new, {**beside, **_turned(old, new)})
        return
    pairs = _pairs(old, new, by_form=True)
    found = list(_told(old, new, {**pairs, **_turned(old, new)}))
    forms = [[token.form for token in side if token.is_figure] for side in (old, new)]
    if not found and forms[0] != forms[1]:
        # The same numbers in another order, such as "from 5 to 10" that became "from 10 to 5".
        found = [each for each in _told(old, new, _pairs(old, new, by_form=False)) if each.old and each.new]
    yield from found


def _turned(old: Sequence[_Token], new: Sequence[_Token]) -> dict[int, int]:
    """The numbers that stayed while what they say turned: a fall of 3 % that became a rise of 3 %."""
    forms = [[token.form for token in side] for side in (old, new)]
    end = range(len(old), len(old)), range(len(new), len(new))
    turned, before = {}, (0, 0)
    for gone, come in [*changed_stretches(*forms, is_prose=False), end]:
        for step in range(gone.start - before[0]):
            one, other = before[0] + step, before[1] + step
            directions = old[one].direction, new[other].direction
            if directions[0] and directions[1] and directions[0].is_rise != directions[1].is_rise:
                turned[one] = other
        before = gone.stop, come.stop
    return turned


def _pairs(old: Sequence[_Token], new: Sequence[_Token], *, by_form: bool) -> dict[int, int]:
    """The numbers that stand in each other's place; by form: those that are the same stand so first."""
    stretches = [(range(len(old)), range(len(new)))]
    if by_form:
        forms = [token.form for token in old], [token.form for token in new]
        stretches = changed_stretches(*forms, is_prose=True)
    pairs = {}
    for gone, come in stretches:
        masks = [old[number].mask for number in gone], [new[number].mask for number in come]
        before = 0, 0
        for left, right in [
            *changed_stretches(*masks, is_prose=False),
            (range(len(gone), len(gone)), range(len(come), len(come))),
        ]:
            for step in range(left.start - before[0]):
                one, other = gone.start + before[0] + step, come.start + before[1] + step
                is_figure = old[one].is_figure and old[one].form != new[other].form
                is_free = is_figure and not _are_of_other_years(old[one], new[other])
                if is_free and _are_in_place(old, new, one, other):
                    pairs[one] = other
            before = left.stop, right.stop
    return pairs


def _told(old: Sequence[_Token], new: Sequence[_Token], pairs: Mapping[int, int]) -> Iterator[FigureChange]:
    """What is told of the numbers, in the order of the older version, then what is new."""
    gone, come = set(_lone(old, new, pairs)), _lone(new, old, pairs.values())
    for number, token in enumerate(old):
        if number in pairs:
            yield _change(token, new[pairs[number]])
        elif number in gone:
            yield FigureChange(token.written, "")
    yield from (FigureChange("", new[number].written) for number in come)


def _lone(tokens: Sequence[_Token], others: Sequence[_Token], paired: Container[int]) -> list[int]:
    """The numbers without a counterpart that the other version has nowhere, each once."""
    known = {token.form for token in others}
    found = []
    for number, token in enumerate(tokens):
        is_told = token.is_figure and number not in paired and token.form not in known
        if is_told and token.written not in _DASHES:
            known.add(token.form)
            found.append(number)
    return found


def _are_in_place(old: Sequence[_Token], new: Sequence[_Token], one: int, other: int) -> bool:
    """Whether the words around two numbers are the same: behind a bare number what it counts, before a year
    what it is the year of."""
    left, right = (list(_around(old, new, one, other, step)) for step in (-1, 1))
    around = [*left, *right]
    has_word = any(sum(map(str.isalpha, word)) >= _LEAST_LETTERS for word in around)
    needed = {"\0number": right, "\0year": left, "\0years": left}.get(old[one].mask, around)
    return len(around) >= _LEAST_AROUND and has_word and bool(needed)


def _around(old: Sequence[_Token], new: Sequence[_Token], one: int, other: int, step: int) -> Iterator[str]:
    """The words on one side that both have, up to the end of the sentence, which is empty."""
    for away in range(_MOST_AROUND):
        ends = []
        for tokens, place in ((old, one + step * away), (new, other + step * away)):
            beyond = place + step
            is_end = not 0 <= beyond < len(tokens) or tokens[place if step > 0 else beyond].is_last
            ends.append(is_end)
        if any(ends):
            if all(ends):
                yield ""
            return
        beside = old[one + step * (away + 1)], new[other + step * (away + 1)]
        if beside[0].mask != beside[1].mask:
            return
        yield beside[0].mask
