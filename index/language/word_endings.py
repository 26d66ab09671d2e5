"""Tables of endings and irregular forms, in the notation that the stemmers share."""

import re

Rule = tuple[re.Pattern[str], str]
"""A pattern for the whole word, and what becomes of it."""


def rules(table: str) -> tuple[Rule, ...]:
    """The rules of a table, one a line: what precedes an ending, the ending, and its replacement.

    The first two are patterns; without a third column the ending is left out. A comment has examples.
    """
    lines = (line.partition("#")[0].split() for line in table.strip().splitlines())
    return tuple(
        (re.compile(rf"(.*(?:{before}))(?:{ending})"), rf"\1{''.join(changed)}")
        for before, ending, *changed in lines
    )


def first_rule(some: tuple[Rule, ...], word: str) -> str:
    """The word as the first rule that fits it leaves it."""
    for pattern, changed in some:
        if found := pattern.fullmatch(word):
            return found.expand(changed)
    return word


def every_rule(some: tuple[Rule, ...], word: str) -> str:
    """The word after all rules, one after another."""
    for rule in some:
        word = first_rule((rule,), word)
    return word


def forms(table: str) -> dict[str, str]:
    """Forms and their stems, from ``stem: form form, stem: form``."""
    groups = (group.partition(":") for group in table.split(","))
    return {form: stem.strip() for stem, _, some in groups for form in some.split()}


def words(table: str) -> frozenset[str]:
    """The words of a list with white space between them."""
    return frozenset(table.split())
