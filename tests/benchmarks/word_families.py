"""Families of word forms: what a stemmer of inflection must bring together, and what it must keep apart."""

from typing import NamedTuple


class WordFamily(NamedTuple):
    """Words in their verbatim form."""

    forms: tuple[str, ...]
    """The inflected forms of one word: each must find every other."""
    apart: tuple[str, ...]
    """Other words that look like it: none of the forms may find one of them."""
    derived: tuple[str, ...]
    """Words made of it, or which it is made of: whether they are found is told, and is no fault."""


def word_families(table: str) -> tuple[WordFamily, ...]:
    """The families of a table, one a line: ``forms | apart | derived``."""
    return tuple(
        WordFamily(*(tuple(cell.split()) for cell in line.split("|"))) for line in table.strip().splitlines()
    )
