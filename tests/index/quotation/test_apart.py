"""Words of one block that are from two columns are told to be apart."""

import pytest

from archive.records import Block, BlockKind, Word
from index.quotation.apart import are_words_apart


def block(*words: tuple[str, float, float], kind: BlockKind = "paragraph", separator: str = " ") -> Block:
    """Words with the left and upper edge of their boxes, each 40 points wide and 10 high."""
    placed, start = [], 0
    for text, left, top in words:
        placed.append(Word(text, start, ((left, top, left + 40, top + 10),)))
        start += len(text) + len(separator)
    return Block(kind, "nl", separator.join(text for text, _, _ in words), tuple(placed))


@pytest.mark.parametrize(
    ("second", "is_apart"),
    [
        ((120, 60), True),  # at the head of the next column
        ((50, 312), False),  # on the next line
        ((94, 300), False),  # the next word
        ((50, 280), False),  # upwards, as in a line that is turned
    ],
)
def test_a_word_at_the_head_of_the_next_column_is_apart(second: tuple[float, float], is_apart: bool) -> None:
    text = block(("een", 50, 300), ("twee", *second))

    assert are_words_apart(text, 0, len(text.text)) == is_apart


def test_the_next_cell_of_a_table_may_begin_further_up() -> None:
    text = block(("een", 50, 300), ("twee", 120, 60), kind="table", separator="\t")

    assert not are_words_apart(text, 0, len(text.text))
