"""Undo what typesetting does to words: letters set apart, raised numbers, initials, words printed twice.

All rules go by places and sizes of drawn words, and touch only what the languages' word lists confirm.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ingest.lexicon import known
from ingest.page_text import Floats, Mask, PageText

_LEVEL = 0.12
"""Part of the font size by which baselines on one line may differ."""
_SPACED, _SPACED_WORDS = 1.1, 3.0
"""Part of the font size: wider gaps are not between the letters of a word, or its spaced words."""
_WORD_GAP = 1.5
"""Times the gap between letters from which a gap is between words."""
_FEWEST_LETTERS = 4

_SMALLER = 0.85
"""Times the size of the word before it that a raised or lowered sign has at most."""
_SHIFT = 0.1
"""Part of the font size by which it is raised or lowered at least."""
_TOUCHING = 0.2
"""Part of the font size: the widest gap between a word and its raised sign."""
_COVERED = 0.8
"""Part of the narrower of two words that the other covers, for one of them to be a second print."""

_INITIAL = 1.8
"""Times the size of the words beside it that an initial has at least."""
_ALONE = frozenset("AÀIOYUÔ")
"""Initials that may be words."""


def undone(page: PageText) -> PageText:
    """The page with whole words; boxes of what was put together reach around it."""
    if not page.texts:
        return page
    page = _without_covered(page)
    page = _with_letters_together(page)
    page = _with_initials(page)
    return _with_raised_signs(page)


def _baselines(page: PageText) -> Floats:
    return page.boxes[:, 3] - page.descents


def _merged(page: PageText, goes_on: Mask) -> PageText:
    """The page with each word of `goes_on` put behind the word before it."""
    starts = np.flatnonzero(~goes_on)
    texts = ["".join(page.texts[a:b]) for a, b in zip(starts, [*starts[1:], len(goes_on)], strict=True)]
    lows = np.minimum.reduceat(page.boxes[:, :2], starts)
    highs = np.maximum.reduceat(page.boxes[:, 2:], starts)
    kept = page.take(starts)
    bottoms = highs[:, 1] - kept.boxes[:, 3]
    return replace(
        kept,
        texts=texts,
        boxes=np.concatenate([lows, highs], axis=1),
        descents=kept.descents + bottoms,
        doubtful=np.logical_or.reduceat(page.doubtful, starts),
    )


def _with_letters_together(page: PageText) -> PageText:
    """ "S T R A T E G I E   2 0 2 5" as two words."""
    is_single = np.array([len(text) == 1 and text.isalnum() for text in page.texts], dtype=np.bool_)
    if is_single.sum() < _FEWEST_LETTERS:
        return page
    gaps = _gaps(page)
    follows = np.append(False, is_single[1:] & is_single[:-1]) & (gaps < _SPACED_WORDS * page.sizes)
    goes_on = np.zeros(len(page.texts), dtype=np.bool_)
    for first, last in _runs(follows):
        if last - first >= _FEWEST_LETTERS:
            relative = gaps[first + 1 : last] / page.sizes[first]
            goes_on[first + 1 : last] = _letters_of_words(page.texts[first:last], relative)
    return _merged(page, goes_on) if goes_on.any() else page


def _gaps(page: PageText) -> Floats:
    """For each word how far it stands from the word drawn before it, on the same line and as large, in
    points; infinite where there is no such word."""
    gaps = np.full(len(page.texts), np.inf)
    between = page.boxes[1:, 0] - page.boxes[:-1, 2]
    sizes = page.sizes[1:]
    is_level = np.abs(np.diff(_baselines(page))) <= _LEVEL * sizes
    is_level &= np.abs(np.diff(page.sizes)) <= 0.05 * sizes
    is_level &= (page.turns[1:] == 0) & (page.turns[:-1] == 0) & (between > -0.3 * sizes)
    gaps[1:][is_level] = between[is_level]
    return gaps


def _runs(follows: Mask) -> list[tuple[int, int]]:
    """Where runs of words that follow each other begin, and the word after their last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], follows, [False]]).astype(np.int8)))
    return [(int(first) - 1, int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _letters_of_words(letters: list[str], gaps: Floats) -> Mask:
    """Which letters after the first go on a word; none if the words made so are unknown."""
    goes_on: Mask = (gaps <= _WORD_GAP * np.median(gaps)) & (gaps < _SPACED)
    words = [letters[0]]
    for letter, same in zip(letters[1:], goes_on.tolist(), strict=True):
        if same:
            words[-1] += letter
        else:
            words.append(letter)
    sure = sum(
        len(word) for word, found in zip(words, known(words), strict=True) if found and _is_no_list(word)
    )
    is_words = sure >= 0.5 * sum(len(word) for word in words if word.isalpha())
    return goes_on if is_words and sure else np.zeros_like(goes_on)


def _is_no_list(letters: str) -> bool:
    """Whether letters that make a known word are no enumeration, "a b c d"."""
    return len(letters) >= _FEWEST_LETTERS and sorted(letters.lower()) != list(letters.lower())


def _with_raised_signs(page: PageText) -> PageText:
    """ "1" and a raised "er", "CO" and a lowered "2" as one word each; a raised number stays apart, as the
    number of a note does."""
    sizes, before = page.sizes[1:], page.sizes[:-1]
    rise = np.diff(-_baselines(page))
    touches = np.abs(page.boxes[1:, 0] - page.boxes[:-1, 2]) <= _TOUCHING * before
    candidates = touches & (sizes <= _SMALLER * before) & (np.abs(rise) >= _SHIFT * before)
    candidates &= (np.abs(rise) < before) & (page.turns[1:] == 0) & (page.turns[:-1] == 0)
    goes_on = np.zeros(len(page.texts), dtype=np.bool_)
    for place in np.flatnonzero(candidates).tolist():
        word, sign = page.texts[place], page.texts[place + 1]
        if rise[place] < 0:
            belongs = word[-1:].isalpha() and sign.isalnum()
        else:
            belongs = sign.isalpha() and (word[-1:].isdigit() or len(word) == 1)
        goes_on[place + 1] = belongs
    return _merged(page, goes_on) if goes_on.any() else page


def _with_initials(page: PageText) -> PageText:
    """A large initial put before the word that it begins, on the first of the lines that it stands beside."""
    usual = float(np.median(page.sizes))
    is_letter = [len(text) == 1 and text.isupper() for text in page.texts]
    places = np.flatnonzero(np.array(is_letter, dtype=np.bool_) & (page.sizes >= _INITIAL * usual))
    if not len(places):
        return page
    texts, boxes = list(page.texts), page.boxes.copy()
    keep = np.ones(len(texts), dtype=np.bool_)
    descents, sizes = page.descents.copy(), page.sizes.copy()
    for place in places.tolist():
        beside = _word_beside(page, place)
        if beside is None:
            continue
        boxes[place, [1, 3]] = boxes[beside, [1, 3]]
        descents[place], sizes[place] = descents[beside], sizes[beside]
        if (
            texts[place] in _ALONE
            and known([texts[beside]])[0]
            and not known([texts[place] + texts[beside]])[0]
        ):
            continue
        texts[beside] = texts[place] + texts[beside]
        boxes[beside, 0] = boxes[place, 0]
        keep[place] = False
    return replace(page, texts=texts, boxes=boxes, descents=descents, sizes=sizes).take(keep)


def _word_beside(page: PageText, place: int) -> int | None:
    """The word at the upper right of an initial, if there are lines of text beside it."""
    _, y0, x1, y1 = page.boxes[place]
    middle = (page.boxes[:, 1] + page.boxes[:, 3]) / 2
    gaps = page.boxes[:, 0] - x1
    near = (np.abs(gaps) <= 0.5 * page.sizes[place]) & (middle > y0) & (middle < y1)
    near &= page.sizes * _INITIAL <= page.sizes[place]
    found = np.flatnonzero(near)
    return int(found[np.argmin(middle[found])]) if len(found) else None


def _without_covered(page: PageText) -> PageText:
    """The page without words that lie on another one: pieces printed again, a second layer of OCR."""
    order = np.lexsort((page.boxes[:, 0], np.rint(_baselines(page))))
    boxes = page.boxes[order]
    height = boxes[:, 3] - boxes[:, 1]
    drop: npt.NDArray[np.bool_] = np.zeros(len(order), dtype=np.bool_)
    overlap = np.minimum(boxes[:-1, 2], boxes[1:, 2]) - np.maximum(boxes[:-1, 0], boxes[1:, 0])
    narrow = np.minimum(boxes[:-1, 2] - boxes[:-1, 0], boxes[1:, 2] - boxes[1:, 0])
    is_level = np.abs(np.diff(boxes[:, 3])) <= 0.3 * np.minimum(height[:-1], height[1:])
    for place in np.flatnonzero((overlap > _COVERED * narrow) & (narrow > 0) & is_level).tolist():
        one, other = int(order[place]), int(order[place + 1])
        texts = page.texts[one], page.texts[other]
        if min(map(len, texts)) < 2 or not all(text[0].isalnum() for text in texts):
            continue
        # The wider word says more; of two as wide the one drawn first.
        wide = np.diff(page.boxes[[one, other]][:, [0, 2]], axis=1).ravel()
        loser = place + 1 if (wide[0], -one) >= (wide[1], -other) else place
        drop[loser] = True
    if not drop.any():
        return page
    keep = np.ones(len(order), dtype=np.bool_)
    keep[order[drop]] = False
    return page.take(keep)
