"""Where does a new block begin among the lines of a column? A list of rules, each for one case.

Each rule gets a line and the block above it. It answers that the line begins a block (True), that it
continues the one above (False), or nothing (None). The first rule with an answer decides.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from archive.languages import LANGUAGES, Language
from ingest.language.block_language import is_rather, is_stop_word, votes_of
from ingest.lines.line_styles import is_all
from ingest.lines.lines import WIDE_GAP, Line
from ingest.lines.markers import has_leader, is_note, is_tabbed
from ingest.lines.seams import INDENT, LOOSEST_LEADING, SAME_SIZE, Seam

_SAME_SIZE_IN_SENTENCE = 0.25
_PARAGRAPH_GAP = 1.3
"""A line that is further down than the usual line distance times this begins a block."""
_RUN_ON_GAP = 1.8
"""The same factor, if the line above is full and does not end a sentence."""
_TIGHTEST_LEADING = 1.2
"""Lines at most this many font sizes apart belong together."""
_INDENT = 0.7
_OUTDENT = 1.5
"""How far a paragraph begins to the right or to the left of the line above, in font sizes."""
_SAME_EDGE_OF_ITEMS = 1.5
"""Greatest distance between the left edges of the texts of hanging items, in points."""
_OUT_OF_ITEMS = 0.3
"""How far to the left of these edges a line begins that is not part of the list, in font sizes."""
_SHORTEST_RULE = 2.0
"""Least length of a rule between text and notes, in font sizes."""
_LINES_BESIDE_BOX = 5
"""Least lines of a paragraph that show its own width."""
_MOST_HEADING_LINES = 4
_EARLY = 0.25
_WIDE = 0.1
"""Least share of the column width that a heading leaves empty, and most that the text below it does."""
_ENDS_RUN_IN = ".:–—"
_FEWEST_VOTES = 2
_SHORT = 200
"""In paragraphs of at most this many characters, the language is judged by other words than stop words
too."""
_FEWEST_WORDS = 1.5
"""Least number of words of another language in the line below; words with a capital count half. It is low
because lines of columns are short."""
_CLEAR_RATIO = 3
"""Least ratio of the stop words of one language to those of all others."""
_LONGEST_LABEL = 4
"""Most words of the label of a field, and of its value."""
_SAME_EDGE = 0.1
"""Greatest distance between equal edges, in points."""

_LETTERS = re.compile(r"[^\W\d_]+")

Rule = Callable[[Seam], bool | None]


def _other_size(seam: Seam) -> bool | None:
    """A line in larger or smaller type.

    The tolerance is wider within a sentence, because OCR measures lines by their letters, and a last word has
    few. It is not for a note that begins within a sentence, which is separate from the text.
    """
    difference = abs(seam.line.size - seam.previous.size)
    if difference <= SAME_SIZE * seam.previous.size:
        return None
    is_same_sentence = seam.runs_on and seam.begins_small and not _is_parted(seam)
    return None if is_same_sentence and difference <= _SAME_SIZE_IN_SENTENCE * seam.previous.size else True


def _is_parted(seam: Seam) -> bool:
    """Whether a line is further down than the next line of a paragraph would be, or below a rule."""
    above, below = seam.previous.baseline, seam.line.baseline
    leading = seam.column.leadings[seam.previous.size].step
    if leading and below - above > _PARAGRAPH_GAP * leading:
        return True
    x0, top, x1, bottom = seam.column.page.rules.T
    is_across = (x1 - x0 > _SHORTEST_RULE * seam.line.size) & (x0 < seam.line.x1) & (x1 > seam.line.x0)
    is_between = (top > above) & (bottom < below - INDENT * seam.line.size)
    return bool((is_across & is_between).any())


def heading_ends(seam: Seam) -> bool | None:
    """Plain text below lines that are all bold, in another typeface or in capitals.

    A sentence of which only the beginning is bold continues.
    """
    above, below = seam.style_above, seam.style_below
    if above is None or below is None or not above.differs(below):
        return None
    lines = [line for item in seam.block for line in item]
    if len(lines) > _MOST_HEADING_LINES and not above.is_bold:
        return None
    if not seam.has_room and (seam.begins_small or not (above.is_bold or above.is_capitals)):
        return None
    return True if all(is_all(line, above, seam.column.look) for line in lines) else None


def _heading_begins(seam: Seam) -> bool | None:
    """Lines that are all bold, in another typeface or in capitals, below plain text.

    Bold words that end within a line are part of a sentence.
    """
    look, above, below = seam.column.look, seam.style_above, seam.style_below
    if above is None or below is None or not below.differs(above) or not is_all(seam.line, below, look):
        return None
    if seam.begins_small or not (seam.has_room or below.is_bold):
        return None
    if seam.is_list and seam.column.signs[seam.place].is_item and not below.is_bold:
        return None
    for place, line in enumerate(seam.column.lines[seam.place + 1 :], start=seam.place + 1):
        if not is_all(line, below, look):
            return True if seam.column.styles[place][0] != below else None
    return True


def _begins_in_bold(seam: Seam) -> bool | None:
    """A paragraph whose first words are its heading: bold up to a full stop or colon."""
    above, below = seam.style_above, seam.style_below
    if above is None or below is None or not below.is_bold or above.is_bold or not seam.is_closed:
        return None
    bold = [word for word in seam.line.words if seam.column.look.bold[word]]
    is_at_start = bold == seam.line.words[: len(bold)]
    return True if is_at_start and seam.texts[bold[-1]][-1] in _ENDS_RUN_IN else None


def _stands_apart(seam: Seam) -> bool | None:
    """A line that is further down than the next line of a paragraph would be."""
    sizes = seam.line.size, seam.previous.size
    is_next_item = seam.has_item and seam.is_list
    leading, is_sure = seam.column.leadings[seam.previous.size]
    leading = seam.column.spacing if is_next_item else leading
    tightest = 1.0 if is_sure and not is_next_item else _TIGHTEST_LEADING
    usual = max(leading, tightest * min(sizes)) if leading else 1.4 * seam.previous.size
    runs_on = seam.runs_on and not seam.has_item
    most = min((_RUN_ON_GAP if runs_on else _PARAGRAPH_GAP) * usual, LOOSEST_LEADING * seam.previous.size)
    return True if seam.line.baseline - seam.previous.baseline > most else None


def _is_under_plain_heading(seam: Seam) -> bool | None:
    """A full line below a single short one that ends no sentence: the short one is a heading in the style of
    the text, unless it ends in a word such as "the" or "of"."""
    width = seam.column.right - seam.column.left
    if len(seam.block) > 1 or len(seam.block[0]) > 1 or seam.is_closed or seam.begins_small:
        return None
    if is_stop_word(seam.texts[seam.previous.words[-1]]):
        return None
    is_early = seam.has_room and seam.previous.x1 < seam.column.right - _EARLY * width
    is_wide = seam.line.x1 > seam.column.right - _WIDE * width
    return True if is_early and is_wide and not seam.is_list else None


def _is_under_field(seam: Seam) -> bool | None:
    """A sentence below a line of a form, such as "Gemeente: Schaarbeek" or "Datum: ......"."""
    if seam.begins_small or not _is_field(seam.previous, seam.texts) or _is_field(seam.line, seam.texts):
        return None
    return True if seam.has_room or seam.is_under_leader else None


def _is_field(line: Line, texts: Sequence[str]) -> bool:
    """Whether a line begins with a label and a colon, and has a short value or a line to write it on."""
    label = next((place for place, word in enumerate(line.words) if texts[word].endswith(":")), None)
    if label is None or label >= _LONGEST_LABEL:
        return False
    value = [texts[word] for word in line.words[label + 1 :]]
    return (len(value) <= _LONGEST_LABEL and not (value and value[-1].endswith((".", ";", ",")))) or (
        has_leader(line, texts)
    )


def _is_footnote(seam: Seam) -> bool | None:
    """A line that begins with the small number of a footnote."""
    return True if is_note(seam.line.words, seam.line.size, seam.column.page) else None


def _is_next_item(seam: Seam) -> bool | None:
    """A bullet or number: the first one begins a list, the others belong to it."""
    return not seam.is_list if seam.has_item else None


def _hangs(seam: Seam) -> bool | None:
    """A line at the left edge of a block whose other lines are indented; or a label next to its text."""
    if seam.is_under_leader:
        return None
    begin, *rest = [other for item in seam.block for other in item]
    if abs(seam.line.x0 - begin.x0) > INDENT * seam.line.size:
        return None
    if rest and min(other.x0 for other in rest) > begin.x0 + 1.5 * seam.line.size:
        return True
    text = None if rest else _beside_label(begin)
    return True if text is not None and text == _beside_label(seam.line) else None


def _is_left_of_items(seam: Seam) -> bool | None:
    """A line further left than the bullets of the list above: a paragraph that follows it."""
    if not seam.is_list or seam.line.x0 >= seam.block[0][0].x0 - INDENT * seam.line.size:
        return None
    is_ended = seam.is_closed or (seam.has_room and not seam.begins_small)
    return True if is_ended or _is_short(seam) else None


def _is_at_bullets(seam: Seam) -> bool | None:
    """A line at the bullets of a list with hanging items: a paragraph that follows the list.

    Items hang if their other lines are indented, or if a tab separates the bullet from the text.
    """
    if not seam.is_list or (seam.begins_small and not seam.is_closed):
        return None
    reach = INDENT * seam.line.size
    begin = seam.block[-1][0]
    if abs(seam.line.x0 - begin.x0) > reach:
        return None
    further = [line.x0 > item[0].x0 + reach for item in seam.block for line in item[1:]]
    if further and all(further):
        return True
    return True if not further and is_tabbed(begin) and (seam.is_closed or seam.has_room) else None


def _is_left_of_item_texts(seam: Seam) -> bool | None:
    """A sentence that begins between the bullets of a list and the common left edge of its texts: the first
    line of a paragraph with a smaller indent."""
    if not seam.is_list or not seam.is_closed or seam.begins_small:
        return None
    firsts = [item[0] for item in seam.block if len(item[0].edges) > 1]
    hanging = [line.x0 for item in seam.block for line in item[1:]]
    edges = hanging or [line.edges[1][0] for line in firsts if len(firsts) > 1 or is_tabbed(line)]
    if not edges or max(edges) - min(edges) > _SAME_EDGE_OF_ITEMS:
        return None
    reach = _OUT_OF_ITEMS * seam.line.size
    is_between = seam.block[-1][0].x0 + reach < seam.line.x0 < min(edges) - reach
    return True if is_between else None


def _is_other_language(seam: Seam) -> bool | None:
    """A sentence in another language than the one above, as in documents with alternating languages."""
    if not seam.is_closed or seam.begins_small:
        return None
    above = [word for item in seam.block for line in item for word in line.words]
    return (
        True
        if _are_of_two_languages(
            *(" ".join([seam.texts[word] for word in words]) for words in (above, seam.line.words))
        )
        else None
    )


def _is_next_paragraph(seam: Seam) -> bool | None:
    """A sentence below one that ended short of the margin; or that is indented more or less; or in a column
    in which every line is a sentence."""
    if not seam.is_closed or seam.begins_small:
        return None
    is_first = seam.previous is seam.block[-1][0]
    is_item_text = seam.is_list and is_first
    if seam.line.x0 > seam.previous.x0 + _INDENT * seam.line.size and not is_item_text:
        return True
    if seam.is_list:
        return None
    # A first line may be indented itself.
    is_further_out = not is_first and seam.line.x0 < seam.previous.x0 - _OUTDENT * seam.line.size
    is_short = _is_short(seam) and not seam.is_full  # full, if a long next word would not have fitted
    return True if is_further_out or is_short or seam.has_room or seam.column.is_line_by_line else None


def _has_initial(seam: Seam) -> bool | None:
    """A line whose first word begins with an initial: a paragraph."""
    page = seam.column.page
    if not len(page.initials):
        return None
    left, top, _, bottom = page.initials.T
    is_joined = np.abs(page.boxes[seam.line.words[0], 0] - left) < _SAME_EDGE
    is_joined &= (seam.line.baseline > top + INDENT * seam.line.size) & (seam.line.baseline < bottom)
    return True if is_joined.any() else None


RULES: tuple[Rule, ...] = (
    _has_initial,
    _other_size,
    heading_ends,
    _heading_begins,
    _begins_in_bold,
    _stands_apart,
    _is_under_plain_heading,
    _is_under_field,
    _is_footnote,
    _is_next_item,
    _hangs,
    _is_left_of_items,
    _is_at_bullets,
    _is_left_of_item_texts,
    _is_other_language,
    _is_next_paragraph,
)


def deciding_rule(seam: Seam) -> tuple[Rule | None, bool]:
    """The first rule with an answer, and whether the line begins a block; without an answer it continues."""
    for rule in RULES:
        found = rule(seam)
        if found is not None:
            return rule, found
    return None, False


def _beside_label(line: Line) -> int | None:
    """The left edge, in whole points, of the text next to the label of a line; None without a label."""
    if len(line.edges) < 2 or line.edges[1][0] - line.edges[0][1] < WIDE_GAP * line.size:
        return None
    return round(line.edges[1][0])


def _is_short(seam: Seam) -> bool:
    """Whether the line above leaves a fifth of the width empty. Beside a box, all lines of a paragraph may be
    as narrow."""
    left = min(item[0].x0 for item in seam.block)
    lines = [line for item in seam.block for line in item]
    right = max(line.x1 for line in lines) if len(lines) >= _LINES_BESIDE_BOX else seam.column.right
    return seam.previous.x1 < right - 0.2 * (right - left)


def _are_of_two_languages(above: str, here: str) -> bool:
    """Whether two texts are clearly in two languages, by their stop words or, in short texts, by all
    words."""
    other = _language(here)
    if other is None and len(above) > _SHORT:
        return False
    one = _language(above)
    if one is not None and other is not None:
        return one != other
    if len(above) > _SHORT:
        return False
    if one is None:
        alone = [
            first
            for first in LANGUAGES
            if all(is_rather(above, first, second, _FEWEST_VOTES) for second in LANGUAGES if second != first)
        ]
        one = alone[0] if alone else None
    return one is not None and any(
        is_rather(here, second, one, _FEWEST_WORDS)
        for second in LANGUAGES
        if second != one and other in (None, second)
    )


def _language(text: str) -> Language | None:
    """The language of a text by its stop words; None if it is not clear."""
    found = votes_of(_LETTERS.findall(text.lower()))
    ordered = found.most_common(2)
    if not ordered or ordered[0][1] < _FEWEST_VOTES:
        return None
    others = ordered[1][1] if len(ordered) > 1 else 0
    return ordered[0][0] if ordered[0][1] >= _CLEAR_RATIO * others else None
