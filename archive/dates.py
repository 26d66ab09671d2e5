"""Dates as complete as they are known (ISO 8601, W3CDTF): ``2014``, ``2014-04`` or ``2014-04-24``.

Each comes with the place where it was found. Dates given by people and dates found by the program are stored
separately: reading a file again may find a better date, and never changes what people gave.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal, get_args

from archive.outside_text import clean_line

EARLIEST_YEAR, LATEST_YEAR = 1800, 2200

DateSource = Literal["listing", "title", "file name", "cover", "plan", "text"]
"""Where a date was found: the page that listed the document, its title, the name of its file, a line of its
own on its first pages, the plan that it is, or a sentence that says when it was made. The first of these
weighs most."""

_SOURCES: tuple[DateSource, ...] = get_args(DateSource)
_MOST, _LONGEST = 12, 200


@dataclass(frozen=True, slots=True)
class DateFinding:
    """A date that may be the document's, with the evidence."""

    date: str
    source: DateSource
    words: str
    """The words in which it was found."""
    page: int | None = None
    """Physical number, from 1; None if it was not found on a page."""
    is_certain: bool = False
    """Whether it counts as the date of the document until a person gives another one."""


def iso_date(text: str) -> str | None:
    """`text` as a valid date in a year from 1800 to 2200; None if it is not one.

    Short months and days are completed: 2014-4-3 is 2014-04-03.
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", text.strip(), re.ASCII)
    if match is None:
        return None
    numbers = [int(part) for part in match.groups() if part]
    try:
        date(*[*numbers, 1, 1][:3])
    except ValueError:
        return None
    return (
        "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])
        if EARLIEST_YEAR <= numbers[0] <= LATEST_YEAR
        else None
    )


def year_of(text: str) -> int:
    """The year of a date."""
    return int(text[:4])


def comes_before(one: str | None, other: str | None) -> bool | None:
    """Whether `one` is earlier; None if it is not certain, as for 2014 and 2014-04 or an unknown date."""
    if not one or not other or one.startswith(other) or other.startswith(one):
        return None
    return one < other


def chosen(findings: Iterable[DateFinding]) -> DateFinding | None:
    """The finding that counts: the weightiest certain one, or one that has the same date more fully."""
    certain = sorted((one for one in findings if one.is_certain), key=lambda one: _SOURCES.index(one.source))
    if not certain:
        return None
    fuller = [one for one in certain if one.date.startswith(certain[0].date)]
    return max(fuller, key=lambda one: len(one.date))  # the first of equals


def findings_as_json(findings: Iterable[DateFinding]) -> list[dict[str, object]]:
    """The findings as stored in the catalogue: the first dozen, with words that can be shown."""
    stored = list(dict.fromkeys(findings))[:_MOST]
    return [{**asdict(one), "words": clean_line(one.words, _LONGEST)} for one in stored]


def findings_from_json(stored: Sequence[Mapping[str, object]] | None) -> tuple[DateFinding, ...]:
    """The findings from the result of :func:`findings_as_json`."""
    return tuple(DateFinding(**one) for one in stored or ())  # type: ignore[arg-type]
