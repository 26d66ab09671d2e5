"""Moves asides behind the text that they belong to: notes in the margin, boxes and footnotes."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from ingest.drawn_words import PageText
from ingest.language.block_language import is_stop_word
from ingest.layout.block import LayoutBlock
from ingest.lines.markers import is_note
from ingest.lines.seams import SENTENCE_END

OUTSIDE_COLUMNS = -2
"""In place of the number of a column: these blocks do not continue in others."""
_SAME_BASELINE = 2.0
"""Greatest distance between the baselines of a note and of the text next to it, in points."""
_SAME_SIZE = 0.02
"""By how much the size of running text may differ from the usual one, as a share of it."""
_FOOTNOTE_SIZE = 0.92
"""Greatest size of footnotes, as a multiple of the size of the text above them."""


def with_notes(text: list[LayoutBlock], notes: list[LayoutBlock], page: PageText) -> list[LayoutBlock]:
    """The blocks of a column, each followed by the notes in the margin that begin at its height. Notes on the
    left that begin on its first line, such as a heading in the margin, come before it.
    """
    if not notes:
        return text
    tops = [_baseline(block.words()[0], page) for block in text]
    placed = [(2 * place, block) for place, block in enumerate(text)]
    for note in notes:
        top = _baseline(note.words()[0], page)
        place = max(0, bisect_right(tops, top + _SAME_BASELINE) - 1)
        is_heading = note.x1 < text[place].x0 and abs(top - tops[place]) <= _SAME_BASELINE
        placed.append((2 * place - 1 if is_heading else 2 * place + 1, note))
    return [block for _, block in sorted(placed, key=lambda item: item[0])]


def boxes_after_text(blocks: list[LayoutBlock], page: PageText) -> list[LayoutBlock]:
    """The blocks with each box after the paragraph that runs around it: a paragraph interrupted next to the
    box continues below both.
    """
    columns = [list(column) for _, column in groupby(blocks, key=lambda block: block.column)]
    for place in range(len(columns) - 2):
        beside, box, below = columns[place : place + 3]
        if (
            _breaks_off(beside[-1], page)
            and below[0].kind == "paragraph"
            and page.texts[below[0].words()[0]][:1].islower()
            and not page.texts[box[0].words()[0]][:1].islower()
            and below[0].x0 < beside[-1].x1 < box[0].x0 < below[0].x1
        ):
            columns[place + 1 : place + 3] = [below[:1], box + below[1:]]
    return [block for column in columns for block in column]


def footnotes_last(blocks: list[LayoutBlock], page: PageText, body_size: float) -> list[LayoutBlock]:
    """The blocks with the footnotes of all columns at the end, because text continues from column to column.

    `body_size` is the font size of the document's running text, in points.
    """
    notes: list[LayoutBlock] = []
    for column in _columns(blocks):
        # A long note may have more words than all paragraphs of its column.
        usual = max(_usual_size(column), _usual_size(blocks))
        if any(abs(block.size - body_size) <= _SAME_SIZE * body_size for block in column):
            usual = max(usual, body_size)
        text, small = _parted_at_footnotes(column, usual, page)
        is_rest = bool(notes) and _breaks_off(notes[-1], page)
        if text and small and (is_rest or _is_marked(small[0], page) or _breaks_off(text[-1], page)):
            notes += small
    ends = [(block, _baseline(block.words()[-1], page)) for block in blocks if block not in notes]
    last = [
        note
        for note in notes
        if not any(
            end > _baseline(note.words()[0], page) and block.x0 < note.x1 and note.x0 < block.x1
            for block, end in ends
        )
    ]
    return [block for block in blocks if block not in last] + last


def _usual_size(blocks: Sequence[LayoutBlock]) -> float:
    """The font size that most words of these blocks have, to a tenth of a point."""
    words: Counter[float] = Counter()
    for block in blocks:
        words[round(block.size, 1)] += len(block.words())
    return max(words, key=words.__getitem__)


def _parted_at_footnotes(
    column: list[LayoutBlock], usual: float, page: PageText
) -> tuple[list[LayoutBlock], list[LayoutBlock]]:
    """The blocks of a column, and apart from them those at its end that are smaller than usual or begin with
    the mark of a note."""
    start = len(column)
    for place, block in reversed(list(enumerate(column))):
        if block.kind not in ("paragraph", "list"):
            break
        if block.size >= _FOOTNOTE_SIZE * usual and not _is_marked(block, page):
            break
        start = place
    return column[:start], column[start:]


def with_inset(blocks: list[LayoutBlock], boxed: list[LayoutBlock], page: PageText) -> list[LayoutBlock]:
    """The blocks of a page with those of an inset box after the paragraph that it interrupts. A sentence that
    continues under the box, or in the next column, stays in one piece.
    """
    x0, x1 = min(block.x0 for block in boxed), max(block.x1 for block in boxed)
    top = min(_baseline(block.words()[0], page) for block in boxed)
    for block in boxed:
        block.column = OUTSIDE_COLUMNS
    around = [column for column in _columns(blocks) if _overlaps(column, x0, x1)]
    beside = next((column for column in around if _baseline(column[-1].words()[-1], page) >= top), [])
    beside = beside or (around[-1] if around else [])
    before = [block for block in beside if _baseline(block.words()[0], page) <= top]
    if not before:
        place = blocks.index(beside[0]) if beside else len(blocks)
        return blocks[:place] + boxed + blocks[place:]
    last = before[-1]
    place = blocks.index(last) + 1
    if place < len(blocks) and _breaks_off(last, page) and _goes_on(last, blocks[place], page):
        after = blocks[place]
        if after.column != last.column:
            place += 1
        else:
            last.rows[-1][-1] += after.rows[0][0]
            last.x0, last.x1 = min(last.x0, after.x0), max(last.x1, after.x1)
            blocks = blocks[:place] + blocks[place + 1 :]
    return blocks[:place] + boxed + blocks[place:]


def _columns(blocks: Sequence[LayoutBlock]) -> list[list[LayoutBlock]]:
    return [list(column) for _, column in groupby(blocks, key=lambda block: block.column)]


def _overlaps(column: Sequence[LayoutBlock], x0: float, x1: float) -> bool:
    return min(block.x0 for block in column) < x1 and x0 < max(block.x1 for block in column)


def _goes_on(last: LayoutBlock, after: LayoutBlock, page: PageText) -> bool:
    """Whether a text under a box may continue the one above it, which ends within a sentence."""
    end, start = page.texts[last.words()[-1]], page.texts[after.words()[0]]
    return after.kind == "paragraph" and (start[:1].islower() or is_stop_word(end.lower()))


def _is_marked(block: LayoutBlock, page: PageText) -> bool:
    return is_note(block.rows[0][0][0], block.size, page)


def _breaks_off(block: LayoutBlock, page: PageText) -> bool:
    """Whether a block ends within a sentence."""
    return block.kind == "paragraph" and page.texts[block.words()[-1]][-1:] not in SENTENCE_END


def _baseline(word: int, page: PageText) -> float:
    return float(page.boxes[word, 3] - page.descents[word])
