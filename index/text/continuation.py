"""Where does a text continue after a page or column ends, and what comes between its halves?

Notes are at the end of a page or column. Headings, tables and captions may also come between the halves of a
sentence. Running heads and feet were recognised when the document was read.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from archive.records import Block, BlockKind, Box, Page, Word
from index.text.analysis import is_stop_word

TEXT: tuple[BlockKind, ...] = ("paragraph", "list")
"""Kinds of blocks that may continue in another block."""
LOOK_BACK = 4
"""Number of blocks before one that it may continue. Footnotes, captions and running heads that were taken for
headings may come between."""

_REACH = 0.7
"""Least share of the column width that the last line of a continued text fills. Titles, captions and lines of
code end anywhere."""
_SPACE = 0.2
"""Width of a space, in word heights."""
_SAME_EDGE = 3.0
"""Greatest distance between the left edges of texts in one column, in points."""
_LINES = 3
"""Least number of lines of a block whose widest line gives the width of its column."""

_SMALL = 0.92
"""Blocks with words lower than this share of the usual height are in smaller type."""
_SMALL_MARK = 0.85
"""Greatest height of a raised note number, in heights of the word next to it."""
_LEAST_RAISED = 0.08
"""Least distance of a note number above the bottom of the word, in word heights."""
_GLUED = 0.04
"""Greatest gap between a word and a note number attached to it, in word heights."""
_OVERHANG = 0.15
"""How far the last letter of a word may extend over what follows, in word heights."""
_LEAST_GAP_OF_HEAD, _LEAST_GAP_OF_SMALL_HEAD = 1.2, 1.0
"""Heights of a word between what may be a running head and the text below it, the second if it is set smaller
than that."""
_LEAST_GAP = 1.5
"""Least gap between a text and a block below it that does not continue it, in word heights."""

_ENDED = re.compile(r"[.!?…:;][\"'”’»)\]\d\s]*\Z")
_RUNS_ON = re.compile(r"[\"'“„‘‚«‹(\[\s]*(?:[a-zß-öø-ÿ]|\d[\d.,]*\d(?: \d{3})*\s?(?:[%€]|[a-zß-öø-ÿ]))")
"""A small letter, or a number with its unit, as in "92 km". A single digit may belong to a note or an
item."""
_BROKEN = re.compile(r"[a-zß-öø-ÿ][-‐]\Z")
_NUMBER = re.compile(r"\(?(\d{1,3})[.,;:)]*")
_MAY_HAVE_NOTE = re.compile(r"[^\W\d_][.,;:!?»”\"’)]*\Z|\A(?:19|20)\d\d[.,;:)]*\Z")
_NOTE_MARK = re.compile(r"\(?(?:\d{1,3}|[*†‡]+)[.):]?")
_MEASURED = re.compile(r"(?:^|.*\W)(?:10|[kcdmh]?m|dam|\w|ha|cm|dm)\Z", re.IGNORECASE)
"""A word after which a raised number is an exponent: a unit, ten, or a symbol of a formula."""


def is_ended(text: str) -> bool:
    """Whether a text ends at the end of a sentence."""
    return _ENDED.search(text) is not None


def is_broken(text: str) -> bool:
    """Whether a text ends in the middle of a word."""
    return _BROKEN.search(text) is not None


def breaks_off(block: Block) -> bool:
    """Whether a block ends with a word that cannot end a sentence, such as "the" or "and"."""
    last = block.text.split()[-1:]
    return bool(last) and is_stop_word(last[0].lower(), block.language)


def carries_on(text: str) -> bool:
    """Whether a text begins in the middle of a sentence."""
    return _RUNS_ON.match(text) is not None


class ColumnLayout:
    """Answers where blocks are on their pages, and whether they fill their column."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._blocks = {page.number: page.blocks for page in pages}
        self._texts_of: dict[int, list[tuple[float, float]]] = {}

    def runs_on(self, page: int, position: int, text: str) -> bool:
        """Whether a text that ends in this block stops within a sentence, with a last line that fills its
        column."""
        return not is_ended(text) and self._fills(page, position, _REACH)

    def may_run_on(self, page: int, position: int, text: str, words: Sequence[Box]) -> bool:
        """Whether a text may continue: it runs on, or its last line has no room for the next word.

        In the second case the last line may end a sentence.

        Args:
            words: the boxes of the words that may follow.
        """
        if self.runs_on(page, position, text):
            return True
        boxes = boxes_of(self._blocks[page][position])
        if not boxes or not words:
            return False
        _left, right = self._column(page, boxes)
        left, top, end, bottom = words[0]
        return right - boxes[-1][2] < end - left + _SPACE * (bottom - top)

    def _fills(self, page: int, position: int, reach: float) -> bool:
        """Whether the last line of a block fills at least the share `reach` of its column width."""
        boxes = boxes_of(self._blocks[page][position])
        if not boxes:
            return True
        left, right = self._column(page, boxes)
        return boxes[-1][2] - left >= reach * (right - left)

    def _column(self, page: int, boxes: Sequence[Box]) -> tuple[float, float]:
        """The left and the right edge of the column of a block with these boxes."""
        left, right = sides_of(boxes)
        if len({round(top) for _left, top, _right, _bottom in boxes}) < _LINES:
            overlapping = [(start, end) for start, end in self._texts(page) if start <= right and left <= end]
            column = [end for start, end in overlapping if abs(start - left) <= _SAME_EDGE]
            # Otherwise a box as wide as the page would set the width of a column.
            right = max(column) if len(column) > 1 else max(end for _, end in overlapping)
        return left, right

    def is_apart_at_top(self, page: int, position: int) -> bool:
        """Whether a block is above all other blocks of a page, running ones excepted, with white space
        between."""
        boxes = boxes_of(self._blocks[page][position])
        others = [
            box
            for place, block in enumerate(self._blocks[page])
            if place != position and block.kind != "running"
            for box in boxes_of(block)
        ]
        if not boxes or not others:
            return False
        top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
        _, below, _, end = min(others, key=lambda box: box[1])
        is_small = bottom - top < _SMALL * (end - below)
        least = _LEAST_GAP_OF_SMALL_HEAD if is_small else _LEAST_GAP_OF_HEAD
        return below - bottom > least * (bottom - top)

    def is_across(self, page: int, position: int) -> bool:
        """Whether a block spans several columns: it covers the gutter between two texts."""
        boxes = boxes_of(self._blocks[page][position])
        if not boxes:
            return False
        start, end = sides_of(boxes)
        sides = self._texts(page)
        gutters = [
            (right, left)
            for _left, right in sides
            for left, _right in sides
            if start < right < left < end and not any(right < other < left for other, _ in sides)
        ]
        return any(
            first < left and last > right for right, left in gutters for first, _top, last, _bottom in boxes
        )

    def _texts(self, page: int) -> list[tuple[float, float]]:
        """The left and the right edge of every text of a page."""
        if page not in self._texts_of:
            texts = [boxes_of(block) for block in self._blocks[page] if block.kind in TEXT]
            self._texts_of[page] = [sides_of(boxes) for boxes in texts if boxes]
        return self._texts_of[page]


def boxes_of(block: Block) -> list[Box]:
    """The boxes of a block's words."""
    return [box for word in block.words for box in word.boxes]


def sides_of(boxes: Iterable[Box]) -> tuple[float, float]:
    """The left and the right edge of at least one box."""
    lefts, _tops, rights, _bottoms = zip(*boxes, strict=True)
    return min(lefts), max(rights)


@dataclass(frozen=True)
class PlacedBlock:
    """A block with its position and the boxes of its words."""

    position: int
    block: Block
    boxes: Sequence[Box]

    @cached_property
    def height(self) -> float:
        """The median height of its words in points, rounded to half points."""
        return round(2 * median([bottom - top for _left, top, _right, bottom in self.boxes])) / 2

    @cached_property
    def top(self) -> float:
        """The top of its highest word."""
        return min(box[1] for box in self.boxes)

    @cached_property
    def bottom(self) -> float:
        """The bottom of its lowest word."""
        return max(box[3] for box in self.boxes)

    @cached_property
    def sides(self) -> tuple[float, float]:
        """Its left and its right edge."""
        return sides_of(self.boxes)

    @cached_property
    def is_marked(self) -> bool:
        """Whether it begins with a raised note number."""
        return self.block.kind in TEXT and _is_marked(self.block)

    def is_above(self, other: "PlacedBlock") -> bool:
        """Whether it begins higher on the page and overlaps the other horizontally."""
        (left, right), (other_left, other_right) = self.sides, other.sides
        return self.top < other.top and left < other_right and other_left < right


def placed_blocks(page: Page) -> list[PlacedBlock]:
    """The blocks of a page whose words have boxes, except running heads and feet."""
    return [
        PlacedBlock(position, block, boxes)
        for position, block in enumerate(page.blocks)
        if block.kind != "running" and (boxes := boxes_of(block))
    ]


def height_of_text(placed_blocks: Iterable[PlacedBlock]) -> float:
    """The word height of most of the text of some pages, in points."""
    amounts: dict[float, int] = {}
    for placed in placed_blocks:
        if placed.block.kind in TEXT:
            amounts[placed.height] = amounts.get(placed.height, 0) + len(placed.block.text)
    return max(amounts, key=amounts.__getitem__, default=0.0)


def notes_among(placed_blocks: Sequence[PlacedBlock], usual: float, *, is_measured: bool) -> frozenset[int]:
    """The positions of the blocks of a page that are notes at the end of their column.

    They are in smaller type than the text, or begin with a raised number, and have no text below them. Those
    that are and do both may have a box below them.

    Args:
        usual: the usual height of words.
        is_measured: whether heights are those of the font. OCR gives the heights of the letters instead.
    """
    small = {
        placed.position
        for placed in placed_blocks
        if is_measured and placed.block.kind in TEXT and placed.height < _SMALL * usual
    }
    text = [placed for placed in placed_blocks if not placed.is_marked and placed.position not in small]
    return frozenset(
        placed.position
        for placed in placed_blocks
        if (placed.is_marked or (placed.position in small and not _is_end_of(placed, text)))
        and any(other.is_above(placed) for other in text)
        and (
            (placed.is_marked and placed.position in small)
            or not any(placed.is_above(other) for other in text)
        )
    )


def notes_of(pages: Iterable[tuple[Page, Sequence[PlacedBlock]]]) -> frozenset[tuple[int, int]]:
    """The notes of a document, as (page number, position); see :func:`notes_among`.

    Args:
        pages: each page with its blocks.
    """
    blocks_by_page = list(pages)
    usual = height_of_text(placed for _page, placed_blocks in blocks_by_page for placed in placed_blocks)
    return frozenset(
        (page.number, position)
        for page, placed_blocks in blocks_by_page
        for position in notes_among(placed_blocks, usual, is_measured=page.source != "ocr")
    )


def _is_marked(block: Block) -> bool:
    """Whether a block begins with a raised note number."""
    if len(block.words) < 2:
        return False
    first, second = block.words[:2]
    return _NOTE_MARK.fullmatch(first.text) is not None and _is_raised(first, second)


def _is_end_of(placed: PlacedBlock, text: Sequence[PlacedBlock]) -> bool:
    """Whether a block may be the rest of the text directly above it."""
    above = [other for other in text if other.is_above(placed)]
    last = max(above, key=lambda other: other.bottom, default=None)
    return (
        last is not None
        and carries_on(placed.block.text)
        and not is_ended(last.block.text)
        and placed.top - last.bottom < _LEAST_GAP * placed.height
    )


def note_numbers(block: Block) -> dict[int, str]:
    """The raised numbers in a block that refer to notes, by their offsets; exponents are excluded, and the
    number with which a note begins, "2" or "( 2 )"."""
    found: dict[int, str] = {}
    first = 1 if block.words and block.words[0].text in ("(", "[") else 0
    for place, word in enumerate(block.words):
        if place > first and word.text[:1] in "(0123456789" and (number := _NUMBER.fullmatch(word.text)):
            before = block.words[place - 1]
            is_note = _is_raised(word, before) or _is_set_apart(word, before)
            if is_note and not _MEASURED.match(before.text):
                found[word.start + number.start(1)] = number[1]
    return found


def _is_raised(word: Word, neighbour: Word) -> bool:
    """Whether a word is smaller than its neighbour on the same line, and raised."""
    if not word.boxes or not neighbour.boxes:
        return False
    left, top, right, bottom = word.boxes[0]
    other_left, other_top, other_right, other_bottom = min(
        neighbour.boxes, key=lambda box: abs(box[1] - word.boxes[0][1])
    )
    height, other_height = bottom - top, other_bottom - other_top
    return (
        height < _SMALL_MARK * other_height
        and other_bottom - bottom > _LEAST_RAISED * other_height
        and bottom > other_top
        and left - other_right < other_height
        and other_left - right < other_height
    )


def _is_set_apart(word: Word, before: Word) -> bool:
    """Whether a number directly follows a word without a space, although it is a word of its own.

    Some fonts have raised digits with boxes as large as normal ones. A text layer splits words without a
    space between only at raised digits.
    """
    if not word.boxes or not before.boxes or not _MAY_HAVE_NOTE.search(before.text):
        return False
    left, top, _right, bottom = word.boxes[0]
    _left, other_top, other_right, other_bottom = before.boxes[-1]
    height = other_bottom - other_top
    is_level = max(abs(top - other_top), abs(bottom - other_bottom)) < _GLUED * height
    return is_level and -_OVERHANG * height < left - other_right < _GLUED * height


def floats_of(pages: Sequence[Page], texts: Sequence[tuple[Page, int]]) -> set[tuple[int, int]]:
    """The blocks that come between the halves of a continued text, as (page number, position).

    Args:
        texts: the blocks of one text in order, as (page, position), without running lines and notes.
    """
    layout = ColumnLayout(pages)
    found: set[tuple[int, int]] = set()
    last_page, above = 0, float("-inf")
    is_first = True
    continued: set[int] = set()
    for place, (page, position) in enumerate(texts):
        block = page.blocks[position]
        boxes = boxes_of(block)
        top = boxes[0][1] if boxes else above
        is_first = is_first or page.number != last_page or top < above
        last_page, above = page.number, top
        if block.kind not in TEXT:
            is_first = is_first or block.kind != "heading"
            continue
        start = _begun_at(texts, place, layout, continued, is_first=is_first)
        if start is None and is_first and place - 2 not in continued:
            start = _begun_above_head(texts, place, layout)
        may_stand_above = _may_be_head(texts[place]) or layout.is_across(page.number, position)
        if start is not None:
            found.update((between.number, number) for between, number in texts[start + 1 : place])
            if not may_stand_above:
                continued.add(start)
        is_first = is_first and may_stand_above
    return found


def _may_be_head(text: tuple[Page, int]) -> bool:
    """Whether a text at the top of its page or column may be a running head that is on this page only."""
    block = text[0].blocks[text[1]]
    is_one_line = len({round(top) for _left, top, _right, _bottom in boxes_of(block)}) == 1
    return is_one_line and not is_ended(block.text) and not carries_on(block.text)


def _begun_above_head(texts: Sequence[tuple[Page, int]], place: int, layout: ColumnLayout) -> int | None:
    """The index of a text on the page before that may continue in the one at `place`.

    There must be only a line at the top of the page between them that looks like a running head, and is not
    marked as a heading.
    """
    if place < 2:
        return None
    (before_page, before), (head_page, head), (page, position) = texts[place - 2 : place + 1]
    block = before_page.blocks[before]
    words = boxes_of(page.blocks[position])
    if (
        words
        and head_page is page
        and before_page is not page
        and block.kind in TEXT
        and head_page.blocks[head].kind == "paragraph"
        and _may_be_head(texts[place - 1])
        and layout.is_apart_at_top(page.number, head)
        and layout.may_run_on(before_page.number, before, block.text, words)
    ):
        return place - 2
    return None


def _are_whole_between(texts: Sequence[tuple[Page, int]], start: int, place: int) -> bool:
    """Whether a paragraph begins in the middle of a sentence, and between it and the one at `start` there are
    only whole sentences, such as those of a box at the top of a page."""
    one, other = (page.blocks[position] for page, position in (texts[start], texts[place]))
    between = [page.blocks[position] for page, position in texts[start + 1 : place]]
    return (
        one.kind == other.kind == "paragraph"
        and carries_on(other.text)
        and any(block.kind in TEXT for block in between)
        and all(
            is_ended(block.text) and not carries_on(block.text) for block in between if block.kind in TEXT
        )
    )


def _begun_at(
    texts: Sequence[tuple[Page, int]],
    place: int,
    layout: ColumnLayout,
    continued: Set[int],
    *,
    is_first: bool,
) -> int | None:
    """The index of the text that the one at `place` continues, with other blocks between them; None if it
    continues none. A text that begins with a capital continues none of those that were `continued` before."""
    text = texts[place][0].blocks[texts[place][1]].text
    words = boxes_of(texts[place][0].blocks[texts[place][1]])
    earlier = [
        number
        for number in range(place - 1, max(-1, place - 2 * LOOK_BACK), -1)
        if texts[number][0].blocks[texts[number][1]].kind in TEXT
    ][:LOOK_BACK]

    def may_be_head_here(number: int) -> bool:
        return texts[number][0] is texts[place][0] and _may_be_head(texts[number])

    # A possible running head of this page is tried last: it may be as long as a line of the text.
    for number in sorted(earlier, key=may_be_head_here):
        page, position = texts[number]
        before = page.blocks[position]
        kinds = {one.blocks[each].kind for one, each in texts[number + 1 : place]}
        is_within = carries_on(text) or (is_broken(before.text) and text[:1].isdigit())
        may_begin = is_first and number not in continued and breaks_off(before)
        may_run_on = is_within or kinds == {"table"} or may_begin
        is_open = is_first or _are_whole_between(texts, number, place)
        runs_on = is_open and not is_ended(before.text)
        runs_on = runs_on and layout.may_run_on(page.number, position, before.text, words)
        if may_run_on and (is_broken(before.text) or runs_on):
            return number
    return None
