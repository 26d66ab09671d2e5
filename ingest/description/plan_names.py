"""Which plan does a title or a file name mention?

These are guesses, used when nobody said it. They are shown before and after a file is added, and can be
corrected.
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


def recognise(filename: str, said: Description, plans: Sequence[Plan]) -> Description:
    """`said`, completed with the plan that the file name tells. What it tells of the date is evidence among
    other: see :mod:`ingest.description.dating`."""
    if said.plan is not None:
        return said
    name = PurePath(filename).stem
    plan = plan_in(name, said.year if said.year is not None else _year_in(name), plans)
    return said if plan is None else replace(said, plan=plan.slug)


def plan_in(text: str, year: int | None, plans: Sequence[Plan]) -> Plan | None:
    """The plan whose name stands in `text`: the longest name counts, then the year that the text is of."""
    tokens = _tokens(text)
    found = [
        (len(name), plan.year == year, name in map(_tokens, plan.titles.values()), -plan.year, plan)
        for plan in plans
        for name in _names(plan, year, plans)
        if _stands_in(name, tokens)
    ]
    return max(found, key=lambda match: match[:4])[4] if found else None


def plan_of_entry(title: str, year: int, plans: Sequence[Plan]) -> Plan | None:
    """The plan that an entry of a list of plans is about: by its name, else the one of its year.

    Two documents of one year are not thereby one plan, so most of the title's words must be that plan's.
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
    """The first year in `text` that a document of today can be of; next year's budget is one already."""
    years = (int(match[1]) for match in _YEAR.finditer(text))
    return next((year for year in years if year <= datetime.now(UTC).year + 1), None)


def _names(plan: Plan, year: int | None, plans: Sequence[Plan]) -> list[list[str]]:
    """The names of a plan, as tokens: slug, titles and, from their parentheses, second names.

    What stands in parentheses is a second name (New Deal) if the title before it is that plan's alone;
    else it tells plans of the same title apart (update), and the year must do so where it is left out.
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
    """`text` without the years that are part of the plan's name, such as the 2025 of Strategie 2025."""
    for number in {token for name in (plan.slug, *plan.titles.values()) for token in _tokens(name)}:
        if _YEAR.fullmatch(number):
            text = text.replace(number, " ")
    return text


def _tokens(text: str) -> list[str]:
    """Runs of letters and runs of digits, lower-case, without accents and small words."""
    folded = unicodedata.normalize("NFKD", text).lower()
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    folded = _ABBREVIATION.sub(lambda match: match[0].replace(".", ""), folded)
    return [token for token in _TOKEN.findall(folded) if token not in _SMALL_WORDS]


def _stands_in(name: list[str], tokens: list[str]) -> bool:
    return any(tokens[start : start + len(name)] == name for start in range(len(tokens) - len(name) + 1))
