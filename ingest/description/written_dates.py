"""Reads dates as people write them, in Dutch, French, English and German.

For example ``24 april 2014``, ``le 1er juin 2021``, ``May 31, 2022``, ``Oktober 2020``, ``18-12-2024``,
``2025.09.25``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from archive.dates import iso_date

_MONTHS = (
    "januari janvier january januar jan janv",
    "februari fevrier february februar feb febr fevr",
    "maart mars march marz mrt mar",
    "april avril apr avr",
    "mei mai may",
    "juni juin june jun",
    "juli juillet july jul juil",
    "augustus aout august aug",
    "september septembre sept sep",
    "oktober octobre october okt oct",
    "november novembre nov",
    "december decembre dezember dec dez",
)
"""Names of the months, without accents because OCR loses them."""
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})\b\.?"
_YEAR = r"(?P<year>(?:18|19|20)\d\d)(?!\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_ORDINAL = r"(?:er|e|ste|de|st|nd|rd|th|\.|o)?"
_END = r"(?![\d/]|[.,-]\d)"

_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<![\d/.,-]){_DAY}{_ORDINAL}[ _-]+(?:of |de )?{_MONTH},?[ _-]+{_YEAR}",
        rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?<![\d/.,-])(?P<year>(?:19|20)\d\d)(?P<by>[-./_])(?P<digits>[01]\d)(?P=by){_DAY}{_END}",
        rf"(?<![\d/.,-]){_DAY} ?(?P<by>[-./]) ?(?P<digits>[01]?\d) ?(?P=by) ?{_YEAR}{_END}",
        rf"(?<![a-z]){_MONTH},?[ _-]+{_YEAR}{_END}",
    )
)
_RANGE_BEFORE = re.compile(r"\d\s*(?:[-–/&]|au|tot(?: en met)?|t/m|en|et|to|und|bis|and)\s*$")
_LONE_YEAR = re.compile(r"(?<![\d/.,–-])(?<!\d )((?:19|20)\d\d)(?![\d/])(?![.,–-]\d)(?!\s*[–/-]\s*\d)(?! \d)")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text."""

    date: str
    """In ISO 8601: with the day and month only if they are written."""
    start: int
    end: int


def folded(text: str) -> str:
    """A text in lower case and without accents. It keeps its length, so that positions stay valid."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower() for letter in text) if text else ""


def written_dates(text: str) -> list[WrittenDate]:
    """The dates with a month in a text, in order; of a range of days the month of its end."""
    plain = folded(text)
    found: list[WrittenDate] = []
    for form in _FORMS:
        for match in form.finditer(plain):
            if any(one.start < match.end() and match.start() < one.end for one in found):
                continue
            if date := _date(match, plain):
                found.append(WrittenDate(date, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def lone_years(text: str) -> Iterator[WrittenDate]:
    """Years that are not part of a date, a range, a number or an act such as 2016/679."""
    dates = written_dates(text)
    for match in _LONE_YEAR.finditer(folded(text)):
        if not any(one.start <= match.start() < one.end for one in dates):
            yield WrittenDate(match[1], match.start(), match.end())


def _date(match: re.Match[str], text: str) -> str | None:
    parts = match.groupdict()
    month = _NUMBER_OF[parts["month"]] if parts.get("month") else int(parts["digits"])
    day = parts.get("day")
    if not day and re.search(r"\d[. ]+$", text[: match.start()]):
        return None  # the rest of an impossible day
    if day and _RANGE_BEFORE.search(text[: match.start()]):
        day = None
    date = f"{parts['year']}-{month}"
    return iso_date(f"{date}-{int(day)}") if day else iso_date(date)
