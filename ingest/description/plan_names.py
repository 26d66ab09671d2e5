"""Finds the plan that a title or a file name mentions.

These are guesses, for documents whose plan nobody entered. They are shown before and after a file is added,
and can be corrected.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePath

from archive.records import Description, Plan

_TOKEN = re.compile(r"[a-z]+|\d+")
_ABBREVIATION = re.compile(r"\b(?:[a-z]\.){2,}")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)|\D|$)")
_SMALL_WORDS = {
    *("de", "het", "een", "en", "voor", "van"),
    *("le", "la", "les", "l", "d", "du", "des", "et", "pour"),
    *("the", "of", "for", "and"),
}


def recognise(filename: str, description: Description, plans: Sequence[Plan]) -> Description:
    """The description of a document, with the plan that the file name mentions if it has none.

    The date in a file name is one piece of evidence among others: see :mod:`ingest.description.dating`.
    """
    if description.plan is not None:
        return description
    name = PurePath(filename).stem
    plan = plan_in(name, description.year if description.year is not None else _year_in(name), plans)
    return description if plan is None else replace(description, plan=plan.slug)


def plan_in(text: str, year: int | None, plans: Sequence[Plan]) -> Plan | None:
    """The plan whose name is in a text. Of several the one with the longest name, then the one of `year`."""
    tokens = _tokens(text)
    found = [
        (len(name), plan.year == year, name in map(_tokens, plan.titles.values()), -plan.year, plan)
        for plan in plans
        for name in _names(plan, year, plans)
        if _stands_in(name, tokens)
    ]
    return max(found, key=lambda match: match[:4])[4] if found else None


def plan_of_entry(title: str, year: int, plans: Sequence[Plan]) -> Plan | None:
    """The plan that an entry of a list of plans is about: the one it names, or else the one of the same year.

    The same year alone is not enough: most words of the entry's title have to be in the titles of that plan.
    """
    by_name = plan_in(title, year, plans)
    if by_name is not None:
        return by_name
    words = set(_tokens(title))
    for plan in plans:
        known = {word for name in (*plan.titles.values(), plan.slug) for word in _tokens(name)}
        if plan.year == year and len(words & known) * 2 > len(words):
            return plan
    return None


def _year_in(text: str) -> int | None:
    """The first year in a text that is not after next year; next year's budget may exist already."""
    years = (int(match[1]) for match in _YEAR.finditer(text))
    return next((year for year in years if year <= datetime.now(UTC).year + 1), None)


def _names(plan: Plan, year: int | None, plans: Sequence[Plan]) -> list[list[str]]:
    """The names of a plan, as tokens: its slug, its titles and the second names in parentheses.

    Words in parentheses are a second name, such as New Deal, if no other plan has the title before them.
    Else they distinguish plans with the same title, such as an update; without them the plan is recognised
    by its year.
    """
    names = [plan.slug, *plan.titles.values()]
    for title in plan.titles.values():
        first, parenthesis, second = title.partition("(")
        is_shared = any(first.strip() in other.titles.values() for other in plans if other is not plan)
        if parenthesis and not is_shared:
            names += [first, second]
        elif is_shared and plan.year == year:
            names.append(first)
    return [tokens for name in names if (tokens := _tokens(name))]


def without_years_of(plan: Plan, text: str) -> str:
    """A text without the years that are part of the plan's name, such as the 2025 of Strategie 2025."""
    for number in {token for name in (plan.slug, *plan.titles.values()) for token in _tokens(name)}:
        if _YEAR.fullmatch(number):
            text = text.replace(number, " ")
    return text


def _tokens(text: str) -> list[str]:
    """The words and numbers of a text, in lower case, without accents, articles and prepositions."""
    folded = unicodedata.normalize("NFKD", text).lower()
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    folded = _ABBREVIATION.sub(lambda match: match[0].replace(".", ""), folded)
    return [token for token in _TOKEN.findall(folded) if token not in _SMALL_WORDS]


def _stands_in(name: list[str], tokens: list[str]) -> bool:
    return any(tokens[start : start + len(name)] == name for start in range(len(tokens) - len(name) + 1))
