"""Turns matches into what a reader sees: an excerpt with marks, and boxes on the page.

Everything is computed from offsets; no text is searched again.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from archive.records import Block, Box

Span = tuple[int, int]
"""Offsets of the start and just after the end."""

ELLIPSIS = "…"

_SPACE = re.compile(r"\s+")
CELL = " | "
"""Shown between the cells of a table."""
ROW = "\x1e"
"""Replaces the line feed between the rows of a table, until the text is shown on one line."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of an excerpt."""

    text: str
    mark: bool
    """Whether it matched the query."""


def excerpt(text: str, spans: Sequence[Span], length: int = 240) -> list[Fragment]:
    """An excerpt of about `length` characters around the densest group of matches.

    If no part of that length has all matching words, two shorter parts are shown that have more of them.
    Cuts are between words and shown by an ellipsis; white space is as in :func:`in_one_line`.

    Args:
        text: the text that matched.
        spans: the matches in it, in order and not overlapping, as returned by :meth:`Engine.matches`.
    """
    text = with_rows(text)
    pieces: list[Fragment] = []
    shown_until = 0
    for window in _windows(text, spans, length):
        start, end = window
        if text[shown_until:start].strip():
            pieces.append(Fragment(f" {ELLIPSIS} " if shown_until else f"{ELLIPSIS} ", False))
        pieces += _marked(text, spans, window)
        shown_until = end
    if text[shown_until:].strip():
        pieces.append(Fragment(f" {ELLIPSIS}", False))
    return _joined(pieces)


def _windows(text: str, spans: Sequence[Span], length: int) -> list[Span]:
    """The parts of the text to show, in order, not overlapping."""
    if not spans:
        start = len(text) - len(text.lstrip())
        return [(start, _back_to_space(text, start, start + length))]
    names = [text[start:end].casefold() for start, end in spans]
    first, last = _densest(spans, names, length)
    rest = set(names) - set(names[first : last + 1])
    if not rest:
        return [_around(text, spans[first][0], spans[last][1], length)]
    half = length // 2
    first, last = _densest(spans, names, half)
    one = _around(text, spans[first][0], spans[last][1], half)
    unseen = [number for number, name in enumerate(names) if name not in names[first : last + 1]]
    first, last = _densest([spans[number] for number in unseen], [names[number] for number in unseen], half)
    other = _around(text, spans[unseen[first]][0], spans[unseen[last]][1], half)
    (start, end), (next_start, next_end) = sorted((one, other))
    return [(start, max(end, next_end))] if next_start <= end + 1 else [(start, end), (next_start, next_end)]


def _densest(spans: Sequence[Span], names: Sequence[str], length: int) -> tuple[int, int]:
    """First and last of the spans within `length` characters that have the most different names.

    If several have as many, those with the most spans.
    """
    best, chosen = (0, 0), (0, 0)
    inside: Counter[str] = Counter()
    first = 0
    for last, (_, end) in enumerate(spans):
        inside[names[last]] += 1
        while first < last and end - spans[first][0] > length:
            inside[names[first]] -= 1
            first += 1
        found = (sum(count > 0 for count in inside.values()), last - first + 1)
        if found > best:
            best, chosen = found, (first, last)
    return chosen


def _around(text: str, start: int, end: int, length: int) -> Span:
    """A part of about `length` characters with [start, end) in its middle, cut between words."""
    if end - start >= length:
        return start, _back_to_space(text, start, start + length)
    left = max(0, min(start - (length - (end - start)) // 2, len(text) - length))
    if left and not text[left - 1].isspace():
        space = _SPACE.search(text, left, start)
        left = space.end() if space else left
    return left, _back_to_space(text, end, max(end, left + length))


def _back_to_space(text: str, start: int, end: int) -> int:
    """The last offset between words up to `end`; `end` itself if there is none after `start`."""
    if end >= len(text) or text[end].isspace():
        return min(end, len(text))
    spaces = [space.start() for space in _SPACE.finditer(text, start, end)]
    return spaces[-1] if spaces else end


def _marked(text: str, spans: Sequence[Span], window: Span) -> Iterator[Fragment]:
    """The text of a window as fragments, with the matches marked."""
    place, limit = window
    for start, end in spans:
        if start < limit and end > place:
            yield Fragment(text[place:start], False)
            yield Fragment(text[max(start, place) : min(end, limit)], True)
            place = min(end, limit)
    yield Fragment(text[place:limit], False)


def with_rows(text: str) -> str:
    """Replace the line feeds at the beginning and end of table rows by :data:`ROW`.

    Otherwise a part of the text would not show that it belongs to a table.
    """
    if "\t" not in text:
        return text
    lines = text.split("\n")
    ends = [ROW if "\t" in above + line else "\n" for above, line in pairwise(lines)]
    return "".join(chain.from_iterable(zip(lines, [*ends, ""], strict=True)))


def in_one_line(text: str) -> str:
    """Put a part of the result of :func:`with_rows` on one line.

    White space becomes a single space, with | between the cells of a table and / between its rows. Otherwise
    numbers in two cells would look like one.
    """
    if text.isprintable() and "  " not in text:
        return text  # the only white space that can be printed is a space
    return _SPACE.sub(" ", text.replace("\t", CELL).replace(ROW, " / "))


def _joined(pieces: Sequence[Fragment]) -> list[Fragment]:
    """The pieces on one line, without empty ones, and with unmarked neighbours joined."""
    joined: list[Fragment] = []
    for piece in pieces:
        text = in_one_line(piece.text)
        if joined and not piece.mark and not joined[-1].mark:
            joined[-1] = Fragment(_SPACE.sub(" ", joined[-1].text + text), False)
        elif text:
            joined.append(Fragment(text, piece.mark))
    return joined


def boxes_of(blocks: Sequence[Block], spans: Sequence[Span]) -> list[Box]:
    """The boxes, in reading order, of all words that overlap the spans.

    Args:
        blocks: the blocks that make the text, in order.
        spans: offsets in the texts of the blocks joined by line feeds; in order and not overlapping.
    """
    boxes: list[Box] = []
    base = 0
    for block in blocks:
        end = base + len(block.text)
        starts = [word.start for word in block.words]
        unused = 0
        for span_start, span_end in spans:
            first = max(unused, bisect_right(starts, span_start - base) - 1)
            unused = max(unused, bisect_left(starts, span_end - base))
            for word in block.words[first:unused]:
                if word.end > span_start - base:
                    boxes.extend(word.boxes)
        base = end + 1
    return boxes
