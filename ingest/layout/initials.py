"""Joins large initials to the words that they begin. An initial may be a letter, a quotation mark or
digits."""

import re
from dataclasses import replace

import numpy as np

from ingest.drawn_words import Floats, Mask, PageText
from ingest.language.lexicon import known
from ingest.word_arrays import WordArrays, middle

INITIAL = 1.8
"""Least size of an initial, as a multiple of the font size of the words next to it."""
_NEAR, _INTO = 0.5, 0.1
"""Parts of the size of an initial: how far right of its right edge, or left of it, the lines next to it
begin."""
_HEIGHT = 0.8
"""Height of an initial above its baseline, as a share of its size."""
_BELOW = 0.5
"""Part of the font size by which the last of these lines may be below the baseline of the initial."""
_ALONE = frozenset("AÀIOYUÔ")
"""Initials that may be words by themselves."""
_QUOTES = "«‹“”„‟\"'‘‚"
_BEGINS_WORD = re.compile(rf"[{_QUOTES}]*(?:[^\W\d_]['’´`]?|\d{{1,2}})?")


def with_initials(page: PageText) -> PageText:
    """The page with each large initial joined to the word that it begins, on the first line next to it."""
    large = _large(page, middle(page.sizes))
    if not large.any():
        return page
    texts, boxes = list(page.texts), page.boxes.copy()
    keep = np.ones(len(texts), dtype=np.bool_)
    descents, sizes = page.descents.copy(), page.sizes.copy()
    joined: list[int] = []
    # From right to left, so that a quotation mark is joined after the letter that follows it.
    for place in sorted(np.flatnonzero(large).tolist(), key=lambda row: -float(page.boxes[row, 0])):
        beside = _word_beside(replace(page, texts=texts, boxes=boxes, sizes=sizes), place, keep)
        if beside is None or not _may_begin(texts[place], texts[beside]):
            continue
        joined.append(place)
        boxes[place, [1, 3]] = boxes[beside, [1, 3]]
        descents[place], sizes[place] = descents[beside], sizes[beside]
        if _is_word_by_itself(texts[place], texts[beside]):
            continue
        texts[beside] = texts[place] + texts[beside]
        boxes[beside, 0] = boxes[place, 0]
        keep[place] = False
    drawn = page.boxes[joined]
    drawn[:, 3] -= page.descents[joined]
    drawn[:, 1] = drawn[:, 3] - _HEIGHT * page.sizes[joined]
    return replace(page, texts=texts, boxes=boxes, descents=descents, sizes=sizes, initials=drawn).take(keep)


def begun_at_initials(words: WordArrays, initials: Floats) -> WordArrays:
    """The words of the upright text, where lines next to an initial begin at its left edge.

    So these lines have the same left edge as those below the initial, which are part of the same paragraph.
    """
    x0 = words.x0.copy()
    for left, top, right, bottom in initials.tolist():
        near, into = right + _NEAR * (bottom - top), right - _INTO * (bottom - top)
        rows = np.flatnonzero(
            (words.baselines > top)
            & (words.baselines <= bottom + _BELOW * words.sizes)
            & (words.x1 > left)
            & (words.x0 < near)
        )
        rows = rows[np.lexsort((words.x0[rows], np.rint(words.baselines[rows])))]
        first = rows[np.diff(np.rint(words.baselines[rows]), prepend=-1) > 0]
        x0[first[words.x0[first] > into]] = left
    return words._replace(x0=x0)


def _large(page: PageText, usual: float) -> Mask:
    large: Mask = (page.turns == 0) & (page.sizes >= INITIAL * usual)
    for row in np.flatnonzero(large).tolist():
        text = page.texts[row]
        is_small = text[-1:].isalpha() and text[-1:].islower()
        large[row] = not is_small and _BEGINS_WORD.fullmatch(text) is not None
    return large


def _may_begin(initial: str, beside: str) -> bool:
    """Whether an initial may belong to a word: a digit next to a word without one is the number of a
    chapter."""
    return not initial[-1:].isdigit() or beside[:1].isdigit()


def _is_word_by_itself(initial: str, beside: str) -> bool:
    """Whether a space follows the initial: it is a French quotation mark, or a word of one letter."""
    if initial in ("«", "‹"):
        return True
    letter, word = initial.strip(_QUOTES), beside.partition("-")[0]
    return letter in _ALONE and bool(known([word])[0]) and not known([letter + word])[0]


def _word_beside(page: PageText, place: int, keep: Mask) -> int | None:
    """The word at the upper right of an initial, or None if there is no text next to it."""
    _, _, x1, y1 = page.boxes[place]
    y0 = y1 - page.descents[place] - _HEIGHT * page.sizes[place]
    middle = (page.boxes[:, 1] + page.boxes[:, 3]) / 2
    gaps = page.boxes[:, 0] - x1
    near = (np.abs(gaps) <= _NEAR * page.sizes[place]) & (middle > y0) & (middle < y1) & keep
    near &= page.sizes * INITIAL <= page.sizes[place]
    found = np.flatnonzero(near)
    if not len(found):
        return None
    # The first word of the highest line.
    size = page.sizes[found].max()
    highest = found[middle[found] <= middle[found].min() + 0.3 * size]
    return int(highest[np.argmin(page.boxes[highest, 0])])
