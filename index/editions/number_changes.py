"""Which numbers changed between two editions of a passage? Amounts with their units, dates and years.

Readers may trust this list without reading the texts. So precision comes first: "old → new" is reported only
if both count the same thing and the words around them are the same, and in a table only under the same
heading (see :mod:`index.editions.table_rows`). Any other number is reported as removed or added, and only if
the other edition has it nowhere.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.editions.edition import MONTHS, EditionPassage
from index.editions.number_direction import NumberDirection, direction_of
from index.editions.table_rows import CellPair
from index.editions.word_changes import Replacement, changed_spans, same_words
from index.text.comparable_words import Wording

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
"""The unit by which each way of writing it is compared."""
_NAMES = "|".join(re.escape(unit).replace(r"\ ", r"\s") for unit in sorted(_UNITS, key=len, reverse=True))
_SCALE_NAMES = "|".join(sorted(set(_SCALES) - {"k", "m"}, key=len, reverse=True))
_GAP = r"[^\S\t\n]?"
"""What may be between a number and its unit: a space, never the edge of a cell."""
_BEFORE = re.compile(rf"(?:(?P<unit>[€$£]|\b(?:euro|eur)){_GAP})\Z", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?:{_GAP}(?P<scale>(?:{_SCALE_NAMES})(?!\w)(?:(?<=mln|mio|mld|mrd)\.)?"
    rf"|[km](?={_GAP}(?:€|euro))))?"
    rf"(?:{_GAP}(?:d['’]|de\s)?(?P<unit>{_NAMES})(?!\w|{_GAP}[-–]?\d))?",
    re.IGNORECASE,
)
_LONGEST_BEFORE = 6
_DASHES = frozenset("-–—−")
"""Signs that mean "none" in a table."""
_SENTENCE_ENDS = re.compile(r"[)\]”\"’»]*[.;:!?](?=\s|\Z)|\n")

_LEAST_AROUND = 3
"""Least number of equal words around two numbers, for one to be reported as replaced by the other. The
beginning and the end of a sentence or a cell count as words."""
_MOST_AROUND = 4
"""Words on each side that are compared."""
_LEAST_LETTERS = 4
"""Least length of at least one of those words: "in" and "van" may precede any number."""


Turn = Literal["", "fall to rise", "rise to fall", "minus to plus", "plus to minus"]
"""How the meaning of a number turned into its opposite; "" if it did not."""
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
"""Words before a year that a number is only compared with."""
_LEAST_PROSE = 4
"""Least number of words, numbers not counted, of a cell that is read as a sentence."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A number with its unit, or a date, in both editions, as written; either may be empty."""

    old: str
    new: str
    turn: Turn = ""

    def swapped(self) -> "FigureChange":
        """The same change with the older and the newer edition exchanged."""
        return FigureChange(self.new, self.old, _TURNED.get(self.turn, ""))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or a number with its unit, or a date."""

    form: str
    """The form by which it is compared; equal for numbers with the same meaning."""
    mask: str
    """For a word its form; for a number what it counts, so that other numbers of that kind are equal."""
    is_figure: bool
    written: str
    start: int
    is_last: bool
    """Whether it is the last of its sentence."""
    direction: NumberDirection | None = None
    """The word that says whether a number is a rise or a fall."""
    years: frozenset[str] = frozenset()
    """The years that its sentence is about."""


@dataclass(frozen=True, slots=True)
class _TokenPair:
    """A number of the older edition and the one that replaced it."""

    old: _Token
    new: _Token


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number with its unit, or a date, with its offsets in a text."""

    start: int
    end: int
    form: str
    """Equal for numbers with the same meaning."""
    counts: str
    """What it counts: a unit, or that it is a date or a year."""


_PairedPlaces = dict[int, int]
"""Numbers that replaced each other: the index of the older token mapped to that of the newer one."""


def figure_changes(
    old: Sequence[EditionPassage], new: Sequence[EditionPassage], cells: Sequence[CellPair] | None
) -> Iterator[FigureChange]:
    """The numbers that changed, were removed or were added between two editions of a passage, in order.

    Args:
        cells: for two table rows, which cells are compared; None for prose.
    """
    if not any(passage.figures for passage in (*old, *new)):
        return
    if cells is not None:
        yield from _row_changes(old[0], new[0], cells)
        return
    old_tokens, new_tokens = _tokens_of_prose(old), _tokens_of_prose(new)
    if any(passage.frame for passage in (*old, *new)):
        yield from _as_changes(old_tokens, new_tokens, {})
    else:
        yield from _prose_changes(_with_years(old_tokens), _with_years(new_tokens))


def are_figures_paired(old: EditionPassage, new: EditionPassage, cells: CellPair) -> bool:
    """Whether the numbers of two cells may be reported as replaced by each other."""
    if cells.kind == "alone":
        return False
    old_tokens, new_tokens = _tokens(old, cells.old), _tokens(new, cells.new)
    if not any(token.is_figure for token in old_tokens) or not any(token.is_figure for token in new_tokens):
        return True
    return cells.kind == "column" and bool(_pairs_in_cells(old_tokens, new_tokens))


def _row_changes(
    old: EditionPassage, new: EditionPassage, cells: Iterable[CellPair]
) -> Iterator[FigureChange]:
    """The numbers that changed in a table row; columns that only one edition has are skipped."""
    known_old, known_new = (
        {token.form for token in _tokens(row, range(len(row.words))) if token.is_figure} for row in (old, new)
    )
    added: list[FigureChange] = []
    for cell in cells:
        if cell.kind == "alone":
            continue
        old_tokens, new_tokens = _tokens(old, cell.old), _tokens(new, cell.new)
        pairs = _pairs_in_cells(old_tokens, new_tokens) if cell.kind == "column" else []
        replacements = {pair.old.start: pair.new for pair in pairs}
        for token in old_tokens:
            if token.start in replacements:
                if token.form != replacements[token.start].form:
                    yield _change(token, replacements[token.start])
            elif _is_lone(token, known_new):
                yield FigureChange(token.written, "")
        paired_new = {pair.new.start for pair in pairs}
        for token in new_tokens:
            if token.start not in paired_new and _is_lone(token, known_old):
                added.append(FigureChange("", token.written))
    yield from added


def _is_lone(token: _Token, known: set[str]) -> bool:
    """Whether a number is to be reported as removed or added.

    Args:
        known: forms of the numbers that the other edition has or that were reported already; the form of
            this number is added to them.
    """
    if not token.is_figure or token.form in known or token.written in _DASHES:
        return False
    known.add(token.form)
    return True


def _pairs_in_cells(old: Sequence[_Token], new: Sequence[_Token]) -> list[_TokenPair]:
    """Pair the numbers of two cells under the same heading.

    There are no pairs if the cells name different years, count different things, or have several numbers in
    different words.
    """
    old_figures = [token for token in old if token.is_figure]
    new_figures = [token for token in new if token.is_figure]
    if _dates_in(old_figures) != _dates_in(new_figures):
        return []
    old_words = [token.form for token in old if not token.is_figure]
    new_words = [token.form for token in new if not token.is_figure]
    is_list = len(old_figures) > 1 and not old_words  # such as two rows or columns in one cell
    if len(old_figures) == len(new_figures) and old_words == new_words and not is_list:
        pairs = [_TokenPair(*figures) for figures in zip(old_figures, new_figures, strict=True)]
        return pairs if all(map(_count_the_same, pairs)) else []
    if min(len(old_words), len(new_words)) >= _LEAST_PROSE:
        return [
            _TokenPair(old[old_place], new[new_place])
            for old_place, new_place in _changed_in_place(old, new).items()
        ]
    return []


def _dates_in(figures: Iterable[_Token]) -> list[str]:
    return [token.form for token in figures if token.mask in _DATES_AND_YEARS]


def _count_the_same(pair: _TokenPair) -> bool:
    return pair.old.mask == pair.new.mask or _has_dash(pair.old, pair.new)


def _has_dash(*tokens: _Token) -> bool:
    return any(token.written in _DASHES for token in tokens)


def _change(old: _Token, new: _Token) -> FigureChange:
    """A number that was replaced by another, and whether its meaning turned into the opposite."""
    before, after = old.direction, new.direction
    if before and after and before.is_rise != after.is_rise:
        return FigureChange(
            before.written, after.written, "fall to rise" if after.is_rise else "rise to fall"
        )
    return FigureChange(old.written, new.written, _turn_of_sign(old, new))


def _turn_of_sign(old: _Token, new: _Token) -> Turn:
    """Whether a minus became a plus, or a plus a minus; zero and a dash have no sign."""
    was_minus, is_minus = _is_negative_amount(old), _is_negative_amount(new)
    if was_minus == is_minus or _has_dash(old, new) or "0" in (_digits(old), _digits(new)):
        return ""
    return "minus to plus" if was_minus else "plus to minus"


def _is_negative_amount(token: _Token) -> bool:
    return token.mask not in _DATES_AND_YEARS and token.form[1:].split(" ")[0].endswith("-")


def _digits(token: _Token) -> str:
    return token.form[1:].split(" ")[0].removesuffix("-")


def _tokens_of_prose(passages: Iterable[EditionPassage]) -> list[_Token]:
    return [
        token
        for passage in passages
        for token in _with_directions(passage, _tokens(passage, range(len(passage.words))))
    ]


def _tokens(passage: EditionPassage, within: range) -> list[_Token]:
    """The words of a passage as tokens; a number with its unit is one token, and so is a date.

    Args:
        within: numbers of the words that are read.
    """
    text = passage.unit.text
    starts = {figure.start for figure in passage.figures}
    dates = _dates_by_offset(text, starts)
    tokens: list[_Token] = []
    end = -1
    for word in passage.words[within.start : within.stop]:
        if word.start < end:
            continue  # part of the number before it
        figure: _Figure | None = None
        if date := dates.get(word.start):
            figure = _date(date)
        elif word.start in starts and word.form not in MONTHS:
            figure = _amount(text, word)
            while tokens and tokens[-1].start >= figure.start:
                tokens.pop()  # a unit before the number, which was taken for a word
        tokens.append(_figure_token(text, figure) if figure else _word_token(text, word))
        end = figure.end if figure else word.end
    return tokens


def _dates_by_offset(text: str, figures: Container[int]) -> Mapping[int, re.Match[str]]:
    """The dates of a text that contain a number, by each offset that they cover.

    Args:
        figures: offsets at which the numbers of the text begin.
    """
    found: dict[int, re.Match[str]] = {}
    for date in _DATES.finditer(text) if figures else ():
        covered = range(date.start(), date.end())
        if any(offset in figures for offset in covered):
            found.update(dict.fromkeys(covered, date))
    return found


def _word_token(text: str, word: Wording) -> _Token:
    return _Token(
        form=word.form,
        mask=word.form,
        is_figure=False,
        written=word.written,
        start=word.start,
        is_last=_ends_sentence(text, word.end),
    )


def _figure_token(text: str, figure: _Figure) -> _Token:
    return _Token(
        form=f"\0{figure.form}",
        mask=f"\0{figure.counts}",
        is_figure=True,
        written=" ".join(text[figure.start : figure.end].split()),
        start=figure.start,
        is_last=_ends_sentence(text, figure.end),
    )


def _ends_sentence(text: str, end: int) -> bool:
    return _SENTENCE_ENDS.match(text, end) is not None


def _with_directions(passage: EditionPassage, tokens: Sequence[_Token]) -> list[_Token]:
    """The tokens, with the direction of each number: whether its sentence says that it is a rise or fall."""
    text = passage.unit.text
    return [
        replace(token, direction=direction_of(text, token.start, token.written))
        if token.is_figure and token.mask not in _DATES_AND_YEARS
        else token
        for token in tokens
    ]


def _with_years(tokens: Sequence[_Token]) -> list[_Token]:
    """The tokens, with the years that the sentence of each number is about.

    A year that is only compared with, as in "more than in 2023", does not count.
    """
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
    """Whether two numbers are in sentences about different years; False for years and dates themselves."""
    is_amount = one.mask not in _DATES_AND_YEARS
    return is_amount and bool(one.years) and bool(other.years) and one.years != other.years


def _date(match: re.Match[str]) -> _Figure:
    """A date or a range of years, in the form by which it is compared."""
    start, end = match.span()
    if match["range"]:
        return _Figure(start, end, "-".join(re.findall(r"\d+", match["range"])), "years")
    if match["digits"]:
        day, month, year = (part.lstrip("0") for part in re.findall(r"\d+", match["digits"]))
        return _Figure(start, end, f"{day}-{month}-{year if len(year) > 2 else f'20{year:0>2}'}", "date")
    month = match["month"] or match["english"] or match["only_month"]
    day = (match["day"] or match["english_day"] or "").lstrip("0")
    year = match["year"] or match["english_year"] or match["of_year"] or ""
    counts = "date" if day else "month"
    if match["first"]:
        day = f"{match['first'][:2].strip(' -–').lstrip('0')} {day}"
        counts = "dates"
    return _Figure(start, end, f"{day}-{MONTHS[month.lower()]}-{year}", counts)


def _amount(text: str, word: Wording) -> _Figure:
    """A number with the unit before or behind it, its scale ("million") and its sign."""
    before = _BEFORE.search(text, max(0, word.start - _LONGEST_BEFORE), word.start)
    after = _AFTER.match(text, word.end)
    start, end = before.start() if before else word.start, after.end() if after else word.end
    if text[start - 1 : start] == "+" and not text[start - 2 : start - 1].strip("( \t"):
        start -= 1
    if word.form.endswith("-") and text[start - 1 : start] + text[end : end + 1] == "()":
        start, end = start - 1, end + 1  # brackets are the minus of accounts
    units = {
        _UNITS[" ".join(match["unit"].lower().split())]
        for match in (before, after)
        if match and match["unit"]
    }
    unit = " ".join(sorted(units))
    scale = _SCALES[after["scale"].lower().rstrip(".")] if after and after["scale"] else ""
    if not unit and not scale:
        counts = "year" if re.fullmatch(_YEAR, word.written) else "number"
        return _Figure(start, end, word.form, counts)
    return _Figure(start, end, f"{word.form} {scale} {unit}", unit or f"number {scale}")


def _prose_changes(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[FigureChange]:
    """The changed, removed and added numbers of prose."""
    turned = _turned(old, new)
    if _is_same_but_figures(old, new):
        yield from _as_changes(old, new, {**_changed_one_by_one(old, new), **turned})
        return
    found = list(_as_changes(old, new, {**_changed_in_place(old, new), **turned}))
    if not found and _forms_of_figures(old) != _forms_of_figures(new):
        found = _put_in_other_order(old, new)
    yield from found


def _is_same_but_figures(old: Sequence[_Token], new: Sequence[_Token]) -> bool:
    """Whether two texts have the same words and numbers of the same kinds, or are one number each."""
    is_one_figure = len(old) == len(new) == 1 and old[0].is_figure and new[0].is_figure
    return is_one_figure or [token.mask for token in old] == [token.mask for token in new]


def _forms_of_figures(tokens: Iterable[_Token]) -> list[str]:
    return [token.form for token in tokens if token.is_figure]


def _put_in_other_order(old: Sequence[_Token], new: Sequence[_Token]) -> list[FigureChange]:
    """The same numbers in another order, such as "from 5 to 10" that became "from 10 to 5"."""
    everything = Replacement(range(len(old)), range(len(new)))
    pairs = _changed_within([everything], old, new)
    return [change for change in _as_changes(old, new, pairs) if change.old and change.new]


def _changed_one_by_one(old: Sequence[_Token], new: Sequence[_Token]) -> _PairedPlaces:
    """The numbers that changed between two texts of the same words."""
    return {
        place: place
        for place, (one, other) in enumerate(zip(old, new, strict=True))
        if _may_have_changed(one, other)
    }


def _turned(old: Sequence[_Token], new: Sequence[_Token]) -> _PairedPlaces:
    """Numbers that stayed while their meaning turned: a fall of 3 % that became a rise of 3 %."""
    turned: _PairedPlaces = {}
    for same in same_words([token.form for token in old], [token.form for token in new]):
        before, after = old[same.old].direction, new[same.new].direction
        if before and after and before.is_rise != after.is_rise:
            turned[same.old] = same.new
    return turned


def _changed_in_place(old: Sequence[_Token], new: Sequence[_Token]) -> _PairedPlaces:
    """Numbers that replaced each other within changed spans; numbers that stayed are not paired."""
    old_forms, new_forms = [token.form for token in old], [token.form for token in new]
    return _changed_within(changed_spans(old_forms, new_forms, is_prose=True), old, new)


def _changed_within(
    spans: Iterable[Replacement], old: Sequence[_Token], new: Sequence[_Token]
) -> _PairedPlaces:
    """Numbers that replaced each other within the given spans of both editions."""
    pairs: _PairedPlaces = {}
    for span in spans:
        old_masks = [old[place].mask for place in span.old]
        new_masks = [new[place].mask for place in span.new]
        for same in same_words(old_masks, new_masks):
            one, other = span.old[same.old], span.new[same.new]
            if _may_have_changed(old[one], new[other]) and _are_in_place(old, new, one, other):
                pairs[one] = other
    return pairs


def _may_have_changed(old: _Token, new: _Token) -> bool:
    """Whether two tokens are different numbers that are not about different years."""
    return old.is_figure and old.form != new.form and not _are_of_other_years(old, new)


def _as_changes(old: Sequence[_Token], new: Sequence[_Token], pairs: _PairedPlaces) -> Iterator[FigureChange]:
    """Changed and removed numbers in the order of the older edition, then added numbers."""
    removed = set(_lone(old, new, pairs))
    for place, token in enumerate(old):
        if place in pairs:
            yield _change(token, new[pairs[place]])
        elif place in removed:
            yield FigureChange(token.written, "")
    for place in _lone(new, old, pairs.values()):
        yield FigureChange("", new[place].written)


def _lone(tokens: Sequence[_Token], others: Iterable[_Token], paired: Container[int]) -> list[int]:
    """Places of unpaired numbers that the other edition has nowhere; equal numbers only once."""
    known = {token.form for token in others}
    return [place for place, token in enumerate(tokens) if place not in paired and _is_lone(token, known)]


def _are_in_place(old: Sequence[_Token], new: Sequence[_Token], one: int, other: int) -> bool:
    """Whether enough words around two numbers are the same.

    After a bare number there must be an equal word, which says what it counts; before a year likewise, which
    says what it is the year of.
    """
    before = list(_around(old, new, one, other, -1))
    behind = list(_around(old, new, one, other, 1))
    around = [*before, *behind]
    has_word = any(sum(map(str.isalpha, word)) >= _LEAST_LETTERS for word in around)
    needed = {"\0number": behind, "\0year": before, "\0years": before}.get(old[one].mask, around)
    return len(around) >= _LEAST_AROUND and has_word and bool(needed)


def _around(old: Sequence[_Token], new: Sequence[_Token], one: int, other: int, step: int) -> Iterator[str]:
    """The equal words next to two numbers, up to the end of the sentence, which counts as "".

    Args:
        step: -1 for the words before the numbers, 1 for those behind them.
    """
    for _word in range(_MOST_AROUND):
        is_end_in_old, is_end_in_new = _is_end(old, one, step), _is_end(new, other, step)
        if is_end_in_old and is_end_in_new:
            yield ""
        if is_end_in_old or is_end_in_new:
            return
        one, other = one + step, other + step
        if old[one].mask != new[other].mask:
            return
        yield old[one].mask


def _is_end(tokens: Sequence[_Token], place: int, step: int) -> bool:
    """Whether a sentence or the text ends after a word (step 1), or begins with it (step -1)."""
    beyond = place + step
    return not 0 <= beyond < len(tokens) or tokens[place if step > 0 else beyond].is_last
