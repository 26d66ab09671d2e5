"""Distinguishes the spaces of justified text from the gaps between cells of a table.

A justified line shares its extra width equally among its spaces. So its spaces are about equally wide, the
line reaches the edge of its column, and words of the lines above and below lie across the spaces. The gaps of
a table are among ordinary spaces or differ from each other, and those of its rows are above each other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from ingest.language.block_language import is_stop_word
from ingest.lines.figures import cut_before_figures
from ingest.lines.lines import WIDE_GAP, Line
from ingest.lines.markers import has_leader, is_marker
from ingest.lines.seams import SENTENCE_END
from ingest.word_arrays import is_number

_EVEN = 0.2
_EVEN_PART = 0.15
"""Spaces of a justified line may differ by this share of the font size plus this share of the usual space."""
_MOST_EVEN = 0.75
"""Least share of the spaces of a justified line that are equally wide."""
_SURELY_EVEN = 3
"""Least number of equal spaces: fewer may be equal by chance."""
_FLUSH = 0.25
"""Greatest distance between the ends of lines of one column, in font sizes."""
_NEXT = 2.2
"""In font sizes: lines further apart do not continue each other."""
_FARTHEST = 5.0
"""In font sizes: lines further apart belong to two tables."""
_NEAR = 3
"""Number of lines above and below that show where a column ends."""
_ROWS = 4
"""Number of lines above and below that show where the columns of a table are."""
_ALIGNED = 2.0
"""Greatest distance between edges of one column, in points."""
_MOST_ALIGNED = 0.5
"""Greatest share of the later words of a line of text that begin above words of the next line by chance."""
_FEWEST_LABELS = 4
"""Least number of lines with a clear gap between label and text: they show where the text begins."""
_MOST_ACROSS = 0.15
"""Greatest share of lines among the labels that cross the left edge of the text, as headings do."""
_LETTER, _SET_APART = 0.5, 0.7
"""Usual width of small letters in font sizes, and least width of those that are set apart."""
_LEAST_SPACE = 0.15
"""In font sizes: a narrower space is none."""
_MOST_NUMBERS = 0.5
"""Greatest share of numbers among the words of a justified line."""


@dataclass(slots=True)
class _Spaced:
    """A line and its spaces."""

    line: Line
    gaps: list[tuple[float, float]]
    """Left and right end of each gap that is wider than usual spaces."""
    spaces: int
    """Number of spaces that justification would stretch."""
    is_even: bool
    """Whether all these spaces are about equally wide."""
    is_figures: bool
    is_text: bool
    """Whether it is known to be one piece of running text."""

    def runs_across(self, gaps: Sequence[tuple[float, float]]) -> bool:
        return self.line.x0 < gaps[0][0] and self.line.x1 > gaps[-1][1]


def pieces(column: Sequence[Line], texts: Sequence[str]) -> list[list[Line]]:
    """Cuts the lines of a column, from top to bottom, at their wide gaps; the pieces of each line.

    Justified lines stay whole, whatever the width of their spaces. The number or bullet of an item stays with
    the text that follows it.
    """
    spaced = [_spaced(line, texts) for line in column]
    undecided = [place for place, line in enumerate(spaced) if line.gaps and not line.is_text]
    for place in undecided:
        line = spaced[place]
        line.is_text = (
            line.is_even
            and not line.is_figures
            and line.spaces >= _SURELY_EVEN
            and _is_flush(spaced, place)
            and not _stands_under_pieces(spaced, place)
        )
    while True:
        found = [
            place for place in undecided if not spaced[place].is_text and _is_justified(spaced, place, texts)
        ]
        if not found:
            break
        for place in found:
            spaced[place].is_text = True
    found_pieces = [
        [line.line] if line.is_text or not line.gaps else _with_marker(line.line.pieces(), texts)
        for line in spaced
    ]
    return cut_before_figures(_cut_beside_labels(found_pieces, texts), column, texts)


def _cut_beside_labels(found: list[list[Line]], texts: Sequence[str]) -> list[list[Line]]:
    """The pieces, with those cut in two in which a long label comes close to its text.

    They are cut where the text begins on other lines. A table of contents is not cut: its dots lead to page
    numbers.
    """
    starts = Counter(round(line[1].x0) for line in found if len(line) > 1)
    edge, count = starts.most_common(1)[0] if starts else (0, 0)
    if count < _FEWEST_LABELS:
        return found
    places = [
        place for place, line in enumerate(found) if len(line) > 1 and abs(line[1].x0 - edge) <= _ALIGNED
    ]
    among = found[places[0] : places[-1] + 1]
    across = [
        line for line in among for left, right in line[0].edges if left < edge - _ALIGNED < right - _ALIGNED
    ]
    leaders = [line for line in among if has_leader(line[0], texts)]
    if max(len(across), len(leaders)) > _MOST_ACROSS * len(among):
        return found
    return [
        [*_cut(line[0], edge), *line[1:]] if places[0] <= place <= places[-1] else line
        for place, line in enumerate(found)
    ]


def _cut(line: Line, edge: float) -> list[Line]:
    """A piece, cut in two if a word with a space before it begins at this edge."""
    for place, ((_, right), (left, _)) in enumerate(pairwise(line.edges), start=1):
        if abs(left - edge) <= _ALIGNED and left - right > _LEAST_SPACE * line.size:
            parts = (slice(None, place), slice(place, None))
            return [
                Line(line.words[part], line.edges[part], line.baseline, line.size, line.is_bold)
                for part in parts
            ]
    return [line]


def _spaced(line: Line, texts: Sequence[str]) -> _Spaced:
    gaps = _wide_gaps(line, texts)
    if not gaps or has_leader(line, texts):
        return _Spaced(line, gaps, 0, False, False, True)
    widths = []
    right = line.edges[0][1]
    for place, (left, end) in enumerate(line.edges[1:], start=1):
        before, after = texts[line.words[place - 1]], texts[line.words[place]]
        is_free = _takes_part(before) and _takes_part(after) and not (is_number(before) and is_number(after))
        is_glued = left - right < _LEAST_SPACE * line.size  # as the raised number of a note
        if is_free and not is_glued and not (place == 1 and is_marker(before)):
            widths.append(left - right)
        right = max(right, end)
    if not widths:
        widths = [left - right for (_, right), (left, _) in pairwise(line.edges)]
    words = [texts[word] for word in line.words if _takes_part(texts[word])]  # without signs such as %
    numbers = sum(map(is_number, words))
    return _Spaced(
        line,
        gaps,
        len(widths),
        _are_even(widths, line.size),
        numbers > _MOST_NUMBERS * len(words) or is_number(texts[line.words[-1]]),
        False,
    )


def _wide_gaps(line: Line, texts: Sequence[str]) -> list[tuple[float, float]]:
    """Left and right end of each gap of a line that is wider than usual spaces."""
    gaps = []
    widest = WIDE_GAP * line.size
    right = line.edges[0][1]
    for left, end in line.edges:
        if left - right > widest:
            gaps.append((right, left))
        if end > right:
            right = end
    if gaps and (spread := _spread(line, texts)) > 1:
        gaps = [(left, right) for left, right in gaps if right - left > widest * spread]
    return gaps


def _spread(line: Line, texts: Sequence[str]) -> float:
    """How much wider the letters of a line stand than usual; 1 unless they are set apart, as in headings."""
    words = [
        (texts[word], right - left)
        for word, (left, right) in zip(line.words, line.edges, strict=True)
        if len(texts[word]) > 1 and texts[word][1:].islower()
    ]
    letters = sum(len(text) for text, _ in words)
    width = sum(width for _, width in words) / (letters * line.size) if letters else 0.0
    return width / _LETTER if width >= _SET_APART else 1.0


def _takes_part(text: str) -> bool:
    """Whether justification stretches the spaces around a word; often it does not around a sign such as %."""
    return text.isalnum() or any(map(str.isalnum, text))


def _are_even(widths: Sequence[float], size: float) -> bool:
    usual = sorted(widths)[len(widths) // 2]
    reach = (_EVEN * size + _EVEN_PART * usual) / 2
    even = sum(abs(width - usual) <= reach for width in widths)
    return max(widths) <= usual + reach and even >= _MOST_EVEN * len(widths)


def _neighbours(
    spaced: Sequence[_Spaced], place: int, reach: int, farthest: float = _NEXT
) -> Iterator[_Spaced]:
    """The nearest lines, a number of them above and below, up to the first gap of more than `farthest` font
    sizes."""
    for step in (-1, 1):
        before = spaced[place]
        for other in range(place + step, place + step * (reach + 1), step):
            if not 0 <= other < len(spaced):
                break
            line = spaced[other]
            if abs(line.line.baseline - before.line.baseline) > farthest * before.line.size:
                break
            yield line
            before = line


def _is_flush(spaced: Sequence[_Spaced], place: int) -> bool:
    """Whether a line ends where the column or other lines around it end."""
    line = spaced[place].line
    reach = _FLUSH * line.size
    return any(abs(other.line.x1 - line.x1) <= reach for other in _neighbours(spaced, place, _NEAR)) or all(
        other.line.x1 <= line.x1 + reach for other in spaced
    )


def _stands_under_pieces(spaced: Sequence[_Spaced], place: int) -> bool:
    """Whether the pieces of a line are aligned with the pieces of lines around it, as cells of a table are.

    Either an edge is shared with a line whose spaces are uneven, or a line has as many pieces that begin at
    the same places and end at others.
    """
    line = spaced[place].line
    own = line.pieces()[1:]
    for other in _neighbours(spaced, place, _ROWS, _FARTHEST):
        if not other.gaps or other.is_text:
            continue
        pieces = other.line.pieces()[1:]
        if other.is_even:
            is_under = (
                len(pieces) == len(own)
                and abs(other.line.x1 - line.x1) > _FLUSH * line.size
                and all(abs(piece.x0 - mine.x0) <= _ALIGNED for piece, mine in zip(pieces, own, strict=True))
            )
        else:
            is_under = any(
                abs(piece.x0 - mine.x0) <= _ALIGNED or abs(piece.x1 - mine.x1) <= _ALIGNED
                for piece, mine in product(pieces, own)
            )
        if is_under:
            return True
    return False


def _is_justified(spaced: Sequence[_Spaced], place: int, texts: Sequence[str]) -> bool:
    """Whether a line with even spaces reaches the edge of a column of text: lines next to it cross its gaps,
    or continue its sentence."""
    line = spaced[place]
    if not line.is_even or not _is_flush(spaced, place) or _stands_under_pieces(spaced, place):
        return False
    supports = [
        (other.is_text and (other.runs_across(line.gaps) or _reads_on(other, line, texts)))
        or _are_justified_alike(other, line, texts)
        for other in _neighbours(spaced, place, 1)
    ]
    return any(supports) and (not line.is_figures or all(supports))


def _are_justified_alike(one: _Spaced, other: _Spaced, texts: Sequence[str]) -> bool:
    """Whether two lines of few words belong to one justified sentence: both end at the same place, but most
    of their later words do not begin at the same places, as cells would."""
    if one.is_text or not one.is_even or one.is_figures or other.is_figures:
        return False
    upper, lower = sorted((one.line, other.line), key=lambda line: line.baseline)
    aligned = sum(
        any(abs(left - start) <= _ALIGNED for start, _ in lower.edges[1:]) for left, _ in upper.edges[1:]
    )
    return (
        abs(upper.x1 - lower.x1) <= _FLUSH * lower.size
        and aligned <= _MOST_ALIGNED * len(upper.edges[1:])
        and texts[lower.words[0]][:1].islower()
        and _is_same_sentence(upper, lower, texts)
        and any(is_stop_word(texts[word]) for word in (*upper.words, *lower.words))
    )


def _reads_on(text: _Spaced, line: _Spaced, texts: Sequence[str]) -> bool:
    """Whether a line that reaches the edge of its column continues the text above it, or is continued by the
    text below."""
    if text.line.baseline > line.line.baseline:
        # A line as short as the first piece may be the rest of a wrapped cell.
        return text.line.x1 > line.gaps[0][0] and _is_same_sentence(line.line, text.line, texts)
    is_full = text.line.x1 + line.line.edges[0][1] - line.line.edges[0][0] > line.line.x1
    return is_full and (len(text.line.words) == 1 or _is_same_sentence(text.line, line.line, texts))


def _is_same_sentence(upper: Line, lower: Line, texts: Sequence[str]) -> bool:
    """Whether a sentence continues from one line to the next."""
    end, start = texts[upper.words[-1]], texts[lower.words[0]]
    return end[-1:] not in SENTENCE_END and (start[:1].islower() or is_stop_word(end))


def _with_marker(found: list[Line], texts: Sequence[str]) -> list[Line]:
    """The pieces of a line, with the number or bullet of an item joined to the text that follows it."""
    if len(found) > 1 and len(found[0].words) == 1 and is_marker(texts[found[0].words[0]]):
        first, second = found[:2]
        found[:2] = [
            Line(
                first.words + second.words,
                first.edges + second.edges,
                first.baseline,
                first.size,
                first.is_bold,
            )
        ]
    return found
