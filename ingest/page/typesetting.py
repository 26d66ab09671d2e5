"""Undoes what typesetting does to words: spaced letters, raised numbers, initials, words printed twice.

All rules use the places and sizes of drawn words, and change only what the word lists of the languages
confirm.
"""

import re
from dataclasses import replace
from functools import reduce

import numpy as np

from ingest.drawn_words import Floats, Mask, PageText
from ingest.language.lexicon import known
from ingest.layout.initials import with_initials

_LEVEL = 0.12
"""Greatest difference between baselines on one line, in font sizes."""
_SPACED, _SPACED_WORDS = 1.1, 3.0
"""In font sizes: wider gaps are not between the letters of a word, or between spaced words."""
_WORD_GAP = 1.5
"""As a multiple of the gap between letters: a gap of this width or more is between words."""
_FEWEST_LETTERS = 4
_LONGEST_PART, _MOSTLY_SINGLE = 2, 0.75
"""Most characters of a piece of a spaced word (a ligature stays together), and the least share of pieces of
one character."""
_LEAST_KNOWN = 0.3
"""Least share of letters in known words; the others may be names."""

_SMALLEST, _SMALLER = 0.4, 0.85
"""Least and greatest size of a raised or lowered sign, as a share of the size of the word before it."""
_SHIFT = 0.05
"""Least distance by which it is raised or lowered, in font sizes."""
_LOWEST = 0.6
"""Greatest distance by which it is lowered, in font sizes: what is lower belongs to the next line."""
_TOUCHING = 0.2
"""Widest gap between a word and its raised sign, in font sizes."""
_NO_SPACE = 0.12
"""In font sizes: a narrower gap is no space between words."""
_COVERED = 0.8
"""Least share of the narrower of two words that the other covers if one of them is a second print."""

_LETTERS = re.compile(r"[^\W\d_]+")
_DOTS = "._…"
_LINE_FOR_VALUE = re.compile(r"[._…]{3,}|…{2,}")
_OVER_LINE = 0.7
"""Greatest distance between a value in a form and its line, in font sizes."""
_SAME_SIZE, _SAME_PLACE = 0.05, 0.15
"""Greatest difference of second prints in size and in place, in font sizes."""

UNIT = r"(?:[kcdmµhM]?m|ha|k?Wh/m|km/h|m/s)"
"""Units that have an exponent, as the end of a word; `kWh/m` and other quotients end in `m`."""
_ENDS_IN_UNIT = re.compile(rf"(?:^|[\d/ .(]){UNIT}$")
_LOWERED = re.compile(r"[^\W_]+(?:[.,][0-9]+)?")
"""What is lowered in a formula, as in "CO2" and "PM2,5"."""
_ROMAN_NUMBER = re.compile(r"[(«“\"']?[IVXLC]+")
SUPERSCRIPTS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def undone(page: PageText) -> PageText:
    """The page with whole words, put together in each direction of writing. The box of such a word surrounds
    its parts."""
    turns = [turn for turn in (0, 1, 2, 3, -1) if (page.turns == turn).any()]
    if not turns:
        return page
    if len(turns) == 1:
        return _undone_in(page, turns[0])
    parts = [_undone_in(page.take(page.turns == turn), turn) for turn in turns]
    return reduce(PageText.followed_by, parts)


def _undone_in(page: PageText, turn: int) -> PageText:
    """The words of one direction."""
    page = replace(page.turned(turn), turns=np.minimum(page.turns, 0))
    page = _without_pieces_printed_again(page)
    page = _without_filled_lines(page)
    page = _with_letters_together(page)
    page = with_initials(page)
    page = _with_raised_signs(page)
    return replace(page.turned(4 - turn), turns=np.full(len(page.texts), turn))


def _baselines(page: PageText) -> Floats:
    return page.boxes[:, 3] - page.descents


def _merged(page: PageText, goes_on: Mask) -> PageText:
    """The page with each word of `goes_on` joined to the word before it."""
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
    lengths = np.array(list(map(len, page.texts)))
    if (lengths == 1).sum() < _FEWEST_LETTERS:
        return page
    is_part = lengths <= _LONGEST_PART
    gaps = _gaps(page)
    follows = np.append(False, is_part[1:] & is_part[:-1]) & (gaps < _SPACED_WORDS * page.sizes)
    goes_on = np.zeros(len(page.texts), dtype=np.bool_)
    left: list[tuple[int, int]] = []
    heading = np.zeros((0, 2))
    singles_before = [0, *np.cumsum(lengths == 1).tolist()]
    for first, last in _runs(follows):
        singles = singles_before[last] - singles_before[first]
        if singles < _MOSTLY_SINGLE * (last - first):
            continue
        if singles >= _FEWEST_LETTERS:
            relative = gaps[first + 1 : last] / page.sizes[first]
            found = _letters_of_words(relative)
            if _are_words(page.texts[first:last], found):
                goes_on[first + 1 : last] = found
                heading = np.append(heading, [[page.sizes[first], np.median(relative)]], axis=0)
                continue
        left.append((first, last))
    for first, last in left if len(heading) else ():  # other lines of the same heading, and the like
        relative = gaps[first + 1 : last] / page.sizes[first]
        alike = np.abs(heading - [page.sizes[first], np.median(relative)]) < [0.1, 0.05]
        if alike.all(axis=1).any():
            goes_on[first + 1 : last] = _letters_of_words(relative)
    return _merged(page, goes_on) if goes_on.any() else page


def _gaps(page: PageText) -> Floats:
    """For each word its distance in points from the word drawn before it, on the same line and of the same
    size; infinite if there is no such word."""
    gaps = np.full(len(page.texts), np.inf)
    between = page.boxes[1:, 0] - page.boxes[:-1, 2]
    sizes = page.sizes[1:]
    is_level = np.abs(np.diff(_baselines(page))) <= _LEVEL * sizes
    is_level &= np.abs(np.diff(page.sizes)) <= 0.05 * sizes
    is_level &= (page.turns[1:] == 0) & (page.turns[:-1] == 0) & (between > -0.3 * sizes)
    gaps[1:][is_level] = between[is_level]
    return gaps


def _runs(follows: Mask) -> list[tuple[int, int]]:
    """The first word of each run of consecutive words, and the word after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], follows, [False]]).astype(np.int8)))
    return [(int(first) - 1, int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _letters_of_words(gaps: Floats) -> Mask:
    """Which letters after the first continue a word, by the gaps before them in font sizes."""
    goes_on: Mask = (gaps <= _WORD_GAP * np.median(gaps)) & (gaps < _SPACED)
    return goes_on


def _are_words(letters: list[str], goes_on: Mask) -> bool:
    """Whether most words that are put together in this way are known words."""
    words = [letters[0]]
    for letter, same in zip(letters[1:], goes_on.tolist(), strict=True):
        if same:
            words[-1] += letter
        else:
            words.append(letter)
    parts = _LETTERS.findall(" ".join(words))
    telling = list(filter(_is_no_list, parts))
    if not telling:
        return False
    sure = sum(len(part) for part, found in zip(telling, known(telling), strict=True) if found)
    return bool(sure) and sure >= _LEAST_KNOWN * sum(map(len, parts))


def _is_no_list(letters: str) -> bool:
    """Whether letters that make a known word are not an enumeration such as "a b c d"."""
    return len(letters) >= _FEWEST_LETTERS and sorted(letters.lower()) != list(letters.lower())


def _with_raised_signs(page: PageText) -> PageText:
    """Joins "1" and a raised "er", "CO" and a lowered "2". A raised number stays separate, because it is that
    of a note."""
    sizes, before = page.sizes[1:], page.sizes[:-1]
    rise = np.diff(-_baselines(page))
    touches = np.abs(page.boxes[1:, 0] - page.boxes[:-1, 2]) <= _TOUCHING * before
    candidates = touches & (sizes <= _SMALLER * before) & (sizes >= _SMALLEST * before)
    candidates &= np.abs(rise) >= _SHIFT * before
    candidates &= (
        (rise < before) & (rise > -_LOWEST * before) & (page.turns[1:] == 0) & (page.turns[:-1] == 0)
    )
    goes_on = np.zeros(len(page.texts), dtype=np.bool_)
    exponents = {}
    for place in np.flatnonzero(candidates).tolist():
        word, sign = page.texts[place], page.texts[place + 1]
        if rise[place] > 0 and sign in ("2", "3") and _ENDS_IN_UNIT.search(word):
            exponents[place + 1] = sign.translate(SUPERSCRIPTS)
            belongs = True
        elif rise[place] < 0:
            belongs = word[-1:].isalpha() and _LOWERED.fullmatch(sign) is not None
        else:
            ends_in_number = word[-1:].isdigit() or _ROMAN_NUMBER.fullmatch(word) is not None
            belongs = sign.isalpha() and (ends_in_number or len(word) == 1)
        goes_on[place + 1] = belongs
        goes_on[place + 2 : place + 3] |= belongs and _comes_back_down(page, place)
    if not goes_on.any():
        return page
    texts = [exponents.get(row, text) for row, text in enumerate(page.texts)]
    return _merged(replace(page, texts=texts), goes_on)


def _comes_back_down(page: PageText, place: int) -> bool:
    """Whether the word at `place` continues right after the raised sign that follows it, as "km²," and
    "CO2-heffing" do."""
    if place + 2 >= len(page.texts) or page.turns[place + 2] != 0:
        return False
    size = page.sizes[place]
    is_same_size = abs(page.sizes[place + 2] - size) <= _SAME_SIZE * size
    is_level = abs(np.diff(_baselines(page)[[place, place + 2]])[0]) <= _SAME_PLACE * size
    gap = page.boxes[place + 2, 0] - page.boxes[place + 1, 2]
    return bool(is_same_size and is_level and abs(gap) <= _NO_SPACE * size)


def _without_pieces_printed_again(page: PageText) -> PageText:
    """The page without pieces of words that are printed over the same letters of the whole word."""
    drop = np.zeros(len(page.texts), dtype=np.bool_)
    for one, other in _pairs_at_one_place(page):
        whole, piece = sorted((one, other), key=lambda row: (-len(page.texts[row]), row))
        drop[piece] |= _is_piece_of(page, piece, whole)
    return page.take(~drop) if drop.any() else page


def _is_piece_of(page: PageText, piece: int, whole: int) -> bool:
    """Whether a word has the letters, size, direction and place of a part of another word."""
    size = page.sizes[whole]
    if page.turns[piece] != page.turns[whole] or abs(page.sizes[piece] - size) > _SAME_SIZE * size:
        return False
    if abs(np.diff(_baselines(page)[[piece, whole]])[0]) > _SAME_PLACE * size:
        return False
    text, letters = page.texts[whole], page.texts[piece]
    start, width = page.boxes[whole, 0], page.boxes[whole, 2] - page.boxes[whole, 0]
    places = [found.start() for found in re.finditer(f"(?={re.escape(letters)})", text)]
    ends = (page.boxes[piece, [0, 2]] - start) / width
    shares = [(place / len(text), (place + len(letters)) / len(text)) for place in places]
    # Letters differ in width: a piece may begin one letter off the place that its share of the width gives.
    most = (0.5 + 0.15 * len(text)) / len(text)
    return any(abs(first - ends[0]) <= most and abs(last - ends[1]) <= most for first, last in shares)


def second_layer(page: PageText, is_layer: Mask) -> Mask:
    """Which words of a scan's text layer repeat another word at the same place, as a second layer does.

    Of two words, the one that is kept is the one that is drawn and not of the layer (`is_layer`); else the
    known one, else the wider one, else the one drawn first.
    """
    drop = np.zeros(len(page.texts), dtype=np.bool_)
    if not is_layer.any():
        return drop
    widths = page.boxes[:, 2] - page.boxes[:, 0]
    for one, other in _pairs_at_one_place(page):
        if is_layer[one] or is_layer[other]:
            are_known = dict(zip((one, other), known([page.texts[one], page.texts[other]]), strict=True))
            worst = min((one, other), key=lambda row: (not is_layer[row], are_known[row], widths[row], -row))
            drop[worst] = True
    return drop


def _pairs_at_one_place(page: PageText) -> list[tuple[int, int]]:
    """Pairs of words on one line of which one covers most of the other."""
    order = np.lexsort((page.boxes[:, 0], np.rint(_baselines(page))))
    boxes = page.boxes[order]
    height = boxes[:, 3] - boxes[:, 1]
    overlap = np.minimum(boxes[:-1, 2], boxes[1:, 2]) - np.maximum(boxes[:-1, 0], boxes[1:, 0])
    narrow = np.minimum(boxes[:-1, 2] - boxes[:-1, 0], boxes[1:, 2] - boxes[1:, 0])
    is_level = np.abs(np.diff(boxes[:, 3])) <= 0.3 * np.minimum(height[:-1], height[1:])
    found = []
    for place in np.flatnonzero((overlap > _COVERED * narrow) & (narrow > 0) & is_level).tolist():
        one, other = int(order[place]), int(order[place + 1])
        texts = page.texts[one], page.texts[other]
        if min(map(len, texts)) >= 2 and all(text[0].isalnum() for text in texts):
            found.append((one, other))
    return found


def _without_filled_lines(page: PageText) -> PageText:
    """The page without the lines of dots or underscores that values are printed over, as in forms.

    If line and value are drawn in pieces, for example because a sign has another font, the PDF engine reads
    pieces of both in turn. Pieces of the value that a piece of the line separates are joined again.
    """
    pieces = [row for row, text in enumerate(page.texts) if text[:1] in _DOTS and not text.strip(_DOTS)]
    if not pieces:
        return page
    baselines, (x0, _, x1, _) = _baselines(page), page.boxes.T
    is_value = np.array([any(map(str.isalnum, text)) for text in page.texts], dtype=np.bool_)
    keep = np.ones(len(page.texts), dtype=np.bool_)
    is_over_line = ~keep
    is_line = ~keep
    is_line[pieces] = True
    for line in _lines_for_values(page, pieces):
        left, right = x0[line].min(), x1[line].max()
        shared = np.minimum(x1, right) - np.maximum(x0, left)
        is_over = ~is_line & (shared > 0.5 * (x1 - x0)) & (page.turns == page.turns[line[0]])
        is_over &= np.abs(baselines - baselines[line[0]]) < _OVER_LINE * page.sizes
        keep[line] = not (is_over & is_value).any()
        is_over_line |= is_over
    if keep.all():
        return page
    was_parted = np.diff(np.flatnonzero(keep), prepend=-1) > 1
    page, is_over_line = page.take(keep), is_over_line[keep]
    gaps = page.boxes[1:, 0] - page.boxes[:-1, 2]
    goes_on = was_parted & is_over_line
    goes_on[1:] &= is_over_line[:-1] & (np.abs(gaps) <= _NO_SPACE * page.sizes[1:])
    goes_on[:1] = False
    return _merged(page, goes_on) if goes_on.any() else page


def _lines_for_values(page: PageText, pieces: list[int]) -> list[list[int]]:
    """Lines of dots or underscores, each as the rows of its pieces, which touch each other."""
    baselines = np.rint(_baselines(page)).tolist()
    lefts, rights = page.boxes[:, 0].tolist(), page.boxes[:, 2].tolist()
    lines: list[list[int]] = []
    for row in sorted(pieces, key=lambda row: (baselines[row], lefts[row])):
        last = lines[-1][-1] if lines else row
        touches = abs(lefts[row] - rights[last]) <= _NO_SPACE * page.sizes[row]
        if row != last and touches and baselines[row] == baselines[last]:
            lines[-1].append(row)
        else:
            lines.append([row])
    return [line for line in lines if _LINE_FOR_VALUE.fullmatch("".join(page.texts[row] for row in line))]
