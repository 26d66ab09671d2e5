"""Watermarks and stamps: text laid over a page, across its lines, that is not part of them.

Nothing else on a page overlaps other text. A group of words is a stamp if it is slanted, and is large or
crosses words; or if it crosses lines of the text and is set differently from them; or if it is the only one
that runs up or down among them, larger and in another colour. Slanted headings of tables and labels of charts
are next to other text, not on it, and are small.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ingest.drawn_words import Floats, Integers, PageText
from ingest.word_arrays import middle

_SAME_SIZE = 0.06
"""Greatest difference in size between words of one group, in font sizes."""
_SAME_PLACE = 1.5
"""Greatest distance by which a stamp moves from page to page, in points."""
_LEVEL = 0.35
"""Greatest distance of words from their line, in font sizes."""
_APART = 1.6
"""In font sizes: words of one line that are further apart belong to two groups."""
_LINES = 1.9
"""In font sizes: lines of a stamp that are this close are one group."""
_LARGE = 1.5
"""As a multiple of the text size of the page: slanted words of this size are a stamp, even if they cross no
words."""
_LARGER = 1.25
"""Least size of an upright stamp, as a multiple of the size of the words that it crosses."""
_ON = 0.25
"""Least overlap of two words that lie on each other: as a share of the height of the smaller letters, and of
their size in width."""
_SHORTEST = 3
"""Least letters and digits of words that lie on each other; shorter ones are raised signs and parts of
formulas."""
_TIGHT = 0.7
"""In font sizes: lines of a text are further apart than this."""
_LETTERS = 0.5
"""Height of small letters above the baseline, in font sizes."""
_PAIRS_AT_ONCE = 500_000
"""Most pairs of words that are compared at once; this bounds the memory for a page full of words."""
_MOST_ON_EACH_OTHER = 4
"""Most words on each word; with more, words lie in a heap, and nothing separates a stamp from its text."""
_MOST_SLANTED = 2000
"""Most slanted words of a page that may have stamps."""
_WORDS_OF_STAMP = 6
"""Most words of a stamp in a gutter."""
_MANY = 4
"""Least number of slanted groups in the text size of the page for them to be labels."""


@dataclass(slots=True)
class _Group:
    """Words set in one direction and size, on one line or on consecutive lines."""

    rows: list[int]
    size: float
    angle: float
    """Radians, against the clock."""
    crossed: set[int]
    """Words of other groups on which it lies."""


def stamps_of(page: PageText, angles: Floats, colors: Integers) -> Integers:
    """For each word the number of the watermark or stamp that it is part of, from 1; 0 if it is in none.

    `angles` are the directions of the words on the page as displayed, in radians against the clock; `colors`
    their red, green and blue.
    """
    found = np.zeros(len(page.texts), dtype=np.int64)
    if len(page.texts) < 2:
        return found
    number = 0
    for group in _slanted(page, angles):
        number += 1
        found[group.rows] = number
    for group in _across(page, found, colors):
        number += 1
        found[group.rows] = number
    for group in _between(page, found, angles, colors):
        number += 1
        found[group.rows] = number
    return found


def _slanted(page: PageText, angles: Floats) -> Iterator[_Group]:
    """Groups of slanted words that are stamps."""
    slanted = np.flatnonzero(page.turns == -1)
    if not 0 < len(slanted) <= _MOST_SLANTED:
        return
    upright = np.flatnonzero(page.turns != -1)
    usual = middle(page.sizes[upright]) if len(upright) else 0.0
    letters = _letters(page)[upright]
    groups = _grouped(page, slanted, angles)
    for group in groups:
        for row in group.rows:
            points = _along(page, row, group.angle)
            inside = (points[:, None] >= letters[None, :, :2]) & (points[:, None] <= letters[None, :, 2:])
            group.crossed |= set(upright[inside.all(axis=2).any(axis=0)].tolist())
    texts = [" ".join(page.texts[row] for row in group.rows) for group in groups]
    is_alone = len(groups) < _MANY or len(set(texts)) <= len(texts) // 2
    for group in groups:
        is_large = group.size >= _LARGE * usual
        if is_large or (group.crossed and (is_alone or len(group.crossed) > 2 * len(group.rows))):
            yield group


def _between(page: PageText, taken: Integers, angles: Floats, colors: Integers) -> Iterator[_Group]:
    """The words that run up or down among the lines of a page without crossing one, such as a stamp in a
    gutter: one group, larger than the text and of another colour."""
    rows = np.flatnonzero((taken == 0) & (page.turns != -1))
    direction = int(np.bincount(page.turns[rows]).argmax()) if len(rows) else 0
    turned, text = (rows[(page.turns[rows] - direction) % 2 == side] for side in (1, 0))
    if not 0 < len(turned) <= _WORDS_OF_STAMP or not len(text):
        return
    group, *others = _grouped(page, turned, angles)
    left, top, right, bottom = (page.boxes[text, side] for side in range(4))
    own = page.boxes[group.rows]
    is_within = (
        left.min() < own[:, 0].min()
        and top.min() < own[:, 1].min()
        and right.max() > own[:, 2].max()
        and bottom.max() > own[:, 3].max()
    )
    is_other = (colors[group.rows[0]] != _most_common(colors[text])).any()
    if not others and is_within and is_other and group.size >= _LARGER * middle(page.sizes[text]):
        yield group


def _grouped(page: PageText, rows: Integers, angles: Floats) -> list[_Group]:
    """The words of these rows in groups: by line, and by consecutive lines."""
    middles = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2
    groups: list[_Group] = []
    for row in rows.tolist():
        size, angle = float(page.sizes[row]), float(angles[row])
        joined = None
        for group in groups:
            if abs(group.size - size) > _SAME_SIZE * size or abs(group.angle - angle) > 0.04:
                continue
            if any(_are_near(page, middles, row, other, angle) for other in group.rows[-8:]):
                joined = group
                break
        if joined is None:
            groups.append(_Group([row], size, angle, set()))
        else:
            joined.rows.append(row)
    return groups


def _are_near(page: PageText, middles: Floats, one: int, other: int, angle: float) -> bool:
    """Whether two slanted words are on one line, or on consecutive lines."""
    dx, dy = middles[one] - middles[other]
    along = abs(dx * math.cos(angle) - dy * math.sin(angle))
    across = abs(dx * math.sin(angle) + dy * math.cos(angle))
    size = float(page.sizes[one])
    half = (_length(page, one, angle) + _length(page, other, angle)) / 2
    if across <= _LEVEL * size:
        return bool(along <= half + _APART * size)
    return bool(across <= _LINES * size and along <= half)


def _length(page: PageText, row: int, angle: float) -> float:
    """The length of a slanted word, whose box surrounds a band of the height of its letters."""
    wide, high = page.boxes[row, 2:] - page.boxes[row, :2]
    cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
    size = float(page.sizes[row])
    length = (wide - size * sine) / cosine if cosine > sine else (high - size * cosine) / sine
    return max(float(length), size / 2)


def _along(page: PageText, row: int, angle: float) -> Floats:
    """Points along the middle of a slanted word."""
    middle = (page.boxes[row, :2] + page.boxes[row, 2:]) / 2
    length = _length(page, row, angle)
    count = max(3, int(length / 3))
    steps = np.linspace(-length / 2, length / 2, min(count, 400))
    return np.asarray(middle + steps[:, None] * np.array([math.cos(angle), -math.sin(angle)]))


def _letters(page: PageText) -> Floats:
    """The box of the small letters of each word. Unlike ascents and descents, those of consecutive lines do
    not touch."""
    boxes = page.boxes.copy()
    level = (page.turns % 2 == 0) & (page.turns >= 0)
    baselines = boxes[:, 3] - page.descents
    boxes[level, 3] = baselines[level]
    boxes[level, 1] = (baselines - _LETTERS * page.sizes)[level]
    sideways = page.turns % 2 == 1
    inset = 0.25 * (boxes[sideways, 2] - boxes[sideways, 0])
    boxes[sideways, 0] += inset
    boxes[sideways, 2] -= inset
    return boxes


def _across(page: PageText, taken: Integers, colors: Integers) -> Iterator[_Group]:
    """Groups of upright or turned words that lie on words of lines."""
    rows = np.flatnonzero((taken == 0) & (page.turns != -1))
    pairs = _pairs_on_each_other(page, rows)
    if not pairs:
        return
    groups = _lines_of(page, rows, pairs)
    of_word = {row: group for group in groups for row in group.rows}
    for one, other in pairs:
        of_word[one].crossed.add(other)
        of_word[other].crossed.add(one)
    plain = _most_common(colors[rows])
    direction = int(np.bincount(page.turns[rows]).argmax())
    chosen: set[int] = set()
    for one, other in pairs:
        first, second = of_word[one], of_word[other]
        if first is second or id(first) in chosen or id(second) in chosen:
            continue
        stamp = _stamp_of(page, first, second, colors, plain, direction)
        if stamp is not None:
            chosen.add(id(stamp))
            yield stamp


def _pairs_on_each_other(page: PageText, rows: Integers) -> list[tuple[int, int]]:
    """Pairs of words whose letters lie on each other, and that are not set alike on one line; none in a
    heap of words."""
    letters, sizes = _letters(page), page.sizes
    lengths = np.fromiter(map(len, page.texts), dtype=np.int64, count=len(page.texts))
    rows = rows[lengths[rows] >= _SHORTEST]
    rows = rows[np.argsort(letters[rows, 1], kind="stable")]
    # Each word with those that begin further down, as long as they begin above its lower edge.
    ends = np.searchsorted(letters[rows, 1], letters[rows, 3] + (_TIGHT - _LETTERS) * sizes[rows])
    starts = np.arange(1, len(rows) + 1)
    counts = np.maximum(ends - starts, 0)
    parts = np.cumsum(counts) // _PAIRS_AT_ONCE
    pairs = []
    for part in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(parts)) + 1):
        one = np.repeat(rows[part], counts[part])
        first = np.repeat(starts[part] - np.cumsum(counts[part]) + counts[part], counts[part])
        pairs += _on_each_other(page, letters, one, rows[first + np.arange(len(first))])
        if len(pairs) > _MOST_ON_EACH_OTHER * len(rows):
            return []
    return [pair for pair in pairs if all(map(_has_letters, (page.texts[row] for row in pair)))]


def _on_each_other(page: PageText, letters: Floats, one: Integers, other: Integers) -> list[tuple[int, int]]:
    """Which of these pairs of words lie on each other and are not set alike on one line."""
    baselines, sizes = page.boxes[:, 3] - page.descents, page.sizes
    wide = np.minimum(letters[one, 2], letters[other, 2]) - np.maximum(letters[one, 0], letters[other, 0])
    size = np.minimum(sizes[one], sizes[other])
    near = wide > _ON * size
    one, other, size = one[near], other[near], size[near]
    high = np.minimum(letters[one, 3], letters[other, 3]) - np.maximum(letters[one, 1], letters[other, 1])
    is_same_way = page.turns[one] == page.turns[other]
    apart = np.abs(baselines[one] - baselines[other])
    is_on = (high > _ON * _LETTERS * size) | (is_same_way & (page.turns[one] == 0) & (apart < _TIGHT * size))
    is_alike = is_same_way & (apart <= 0.15 * size) & (np.maximum(sizes[one], sizes[other]) <= _LARGER * size)
    return list(zip(one[is_on & ~is_alike].tolist(), other[is_on & ~is_alike].tolist(), strict=True))


def _has_letters(text: str) -> bool:
    """Whether a word is more than a sign or a raised number, which may lie on another word."""
    return sum(map(str.isalnum, text)) >= _SHORTEST


def _lines_of(page: PageText, rows: Integers, pairs: list[tuple[int, int]]) -> list[_Group]:
    """The lines, as groups of words, that contain words of these pairs."""
    needed = {row for pair in pairs for row in pair}
    baselines = page.boxes[:, 3] - page.descents
    groups = []
    free = np.zeros(len(page.texts), dtype=np.bool_)
    free[rows] = True
    for row in sorted(needed):
        if not free[row]:
            continue
        turn, size = page.turns[row], page.sizes[row]
        alike = free & (page.turns == turn) & (np.abs(page.sizes - size) <= _SAME_SIZE * size)
        across = page.boxes[:, 2] if turn % 2 else baselines
        alike &= np.abs(across - across[row]) <= _LEVEL * size
        axis = 1 if turn % 2 else 0
        line = np.flatnonzero(alike)
        line = line[np.argsort(page.boxes[line, axis])]
        gaps = page.boxes[line[1:], axis] - page.boxes[line[:-1], axis + 2]
        parts = np.split(line, np.flatnonzero(gaps > _APART * size) + 1)
        part = next(part for part in parts if row in part)
        free[part] = False
        groups.append(_Group(part.tolist(), float(size), 0.0, set()))
    return groups


def _most_common(colors: Integers) -> Integers:
    values, counts = np.unique(colors, axis=0, return_counts=True)
    return np.asarray(values[counts.argmax()])


def _stamp_of(
    page: PageText, first: _Group, second: _Group, colors: Integers, plain: Integers, direction: int
) -> _Group | None:
    """Which of two lines that lie on each other is the stamp; None if they do not differ."""

    def by(signs: list[bool]) -> _Group | None:
        return (first if signs[0] else second) if signs[0] != signs[1] else None

    pair = (first, second)
    if (turned := by([page.turns[group.rows[0]] != direction for group in pair])) is not None:
        return turned
    sizes = [group.size for group in pair]
    is_colored = [bool((colors[group.rows[0]] != plain).any()) for group in pair]
    if (colored := by(is_colored)) is not None and max(sizes) < 2 * min(sizes):
        return colored
    if (larger := by([group.size >= _LARGER * min(sizes) for group in pair])) is not None:
        return larger
    return by([len(group.rows) < len(other.rows) for group, other in (pair, pair[::-1])])


class KnownStamps:
    """The watermarks and stamps of a document, to recognise them on pages where they cross nothing."""

    def __init__(self) -> None:
        self._words: dict[str, list[Floats]] = {}
        """By text: box and font size."""

    def look_at(self, page: PageText) -> None:
        """Note the stamps of a page."""
        for row in np.flatnonzero(page.stamps).tolist():
            place = np.append(page.boxes[row], page.sizes[row])
            known = self._words.setdefault(page.texts[row], [])
            if not any(_is_same_place(place, other) for other in known):
                known.append(place)

    def of(self, page: PageText) -> list[list[int]]:
        """The rows of each stamp of a page, including stamps that only other pages reveal."""
        found = [
            np.flatnonzero(page.stamps == number).tolist() for number in np.unique(page.stamps) if number
        ]
        others = [
            row
            for row, text in enumerate(page.texts)
            if text in self._words and not page.stamps[row] and self._is_known(page, row)
        ]
        return [*found, others] if others else found

    def _is_known(self, page: PageText, row: int) -> bool:
        place = np.append(page.boxes[row], page.sizes[row])
        return any(_is_same_place(place, other) for other in self._words[page.texts[row]])


def _is_same_place(one: Floats, other: Floats) -> bool:
    return bool(np.abs(one - other).max() <= _SAME_PLACE)
