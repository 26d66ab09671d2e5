"""Lays a corrected text over the page as it was read, so that its words keep their boxes.

The corrected words are aligned with the words that were read. An unchanged word keeps its box, and a
replacement takes the boxes of what it replaces. A word inserted where nothing was read gets no box: nobody
has said where it is, and an invented box would look as exact as a true one.
"""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from archive.records import Block, Box, Page, Word, WrittenBlock

_WORD = re.compile(r"\S+")
_MOST_PAIRS = 25_000_000
"""Most pairs of words that are compared fully. Beyond that, frequent words match only next to other matching
words. A dense newspaper page has 2,000 words."""

_Places = tuple[Box, ...]


def lay_over(page: Page, blocks: Sequence[WrittenBlock]) -> Page:
    """The page as it was read, with its text replaced by that of `blocks`."""
    found = [list(_WORD.finditer(block.text)) for block in blocks]
    read = [word for block in page.blocks for word in block.words]
    places = _places(read, [match[0] for matches in found for match in matches])
    corrected = tuple(
        Block(
            *(block.kind, block.language, block.text),
            words=tuple(Word(match[0], match.start(), next(places)) for match in matches),
        )
        for block, matches in zip(blocks, found, strict=True)
    )
    return replace(page, source="corrected", needs_ocr=False, blocks=corrected)


def fingerprint(texts: Iterable[str]) -> str:
    """SHA-256 of the words of these texts; it shows whether a page is read differently now."""
    return hashlib.sha256(" ".join(word for text in texts for word in text.split()).encode()).hexdigest()


def _places(read: Sequence[Word], texts: Sequence[str]) -> Iterator[_Places]:
    """For each of `texts`, the boxes that it takes over."""
    held = [word.text for word in read]
    first, last = _shared_ends(held, texts)
    old, new = held[first : len(held) - last], texts[first : len(texts) - last]
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > _MOST_PAIRS)
    yield from (word.boxes for word in read[:first])
    for _tag, start, end, new_start, new_end in matcher.get_opcodes():
        yield from _inherited(read[first + start : first + end], new[new_start:new_end])
    yield from (word.boxes for word in read[len(read) - last :])


def _shared_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many words both have in common at their start, and then at their end."""
    most = min(len(old), len(new))
    first = next((place for place in range(most) if old[place] != new[place]), most)
    most -= first
    last = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return first, last


def _inherited(read: Sequence[Word], texts: Sequence[str]) -> Iterator[_Places]:
    """The boxes of a run of words that replaces a run of words that were read.

    If both have equally many words, each replaces one. Otherwise each takes the boxes of the words with the
    same share of the letters of the run, at least one: "b" and "uxelloise" both give their boxes to
    "bruxelloise", and "duplan" gives its box to both "du" and "plan".
    """
    if not read or not texts:
        yield from (() for _text in texts)
    elif len(read) == len(texts):
        yield from (word.boxes for word in read)
    else:
        old = _edges([word.text for word in read])
        middles = [(start + end) / 2 for start, end in pairwise(old)]
        for start, end in pairwise(_edges(texts)):
            holder = min(bisect_right(old, (start + end) / 2) - 1, len(read) - 1)
            covered = range(
                min(bisect_left(middles, start), holder), max(bisect_left(middles, end), holder + 1)
            )
            yield tuple(box for place in covered for box in read[place].boxes)


def _edges(texts: Sequence[str]) -> list[float]:
    """Where the first of `texts` begins and each ends, as shares of the letters of all."""
    whole = sum(map(len, texts))
    return [reached / whole for reached in accumulate(map(len, texts), initial=0)]
