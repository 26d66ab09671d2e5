"""The names of things in the archive, in the language of the interface."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, gettext

from archive.languages import Language
from archive.records import Document, Kind, ReadingKind
from index.occurrences import concordance

_LEADER_SIGNS, _LEAST_LEADERS = ".·_…", 5
LEADERS = re.compile(rf"(?:\s?[{_LEADER_SIGNS}]){{{_LEAST_LEADERS},}}\s?")
"""Rows of dots that lead the eye through a table of contents on paper."""


def kind_name(kind: Kind) -> str:
    """The name of a kind of document, such as "speech"."""
    match kind:
        case "plan":
            return str(gettext("plan"))
        case "update":
            return str(gettext("update"))
        case "summary":
            return str(gettext("summary"))
        case "report":
            return str(gettext("report"))
        case "speech":
            return str(gettext("speech"))
        case "annex":
            return str(gettext("annex"))
        case "other":
            return str(gettext("other document"))


def says_year(title: str, year: int | None) -> bool:
    """Whether a title contains the year, as in "Begroting 2024" and "Raad van 10/12/2024", but not as in
    "Plan 2024-2028"."""
    if year is None:
        return False
    by_itself = rf"(?<![\d/.–-]){year}(?!\d|\s*[/–-]\s*\d)"
    in_a_date = rf"(?<!\d)\d\d?(?P<by>[/.-])\d\d?(?P=by){year}(?!\d)|(?<!\d){year}-\d\d-\d\d(?!\d)"
    return bool(re.search(f"{by_itself}|{in_a_date}", title))


def titled(title: str, year: int | None) -> str:
    """A title with its year, without repeating it: "Rekening (2024)", "Begroting 2024"."""
    return title if year is None or says_year(title, year) else f"{title} ({year})"


def language_name(language: Language) -> str:
    """The name of a language, in the language of the interface."""
    return _language_name(language, get_locale())


def own_language_name(language: Language) -> str:
    """The name of a language, in that language."""
    return _language_name(language, None)


@cache
def _language_name(language: Language, locale: Locale | None) -> str:
    """The name of a language in that of a locale; in itself without one."""
    return str(Locale.parse(language).get_language_name(locale) or language)


def reading_kind_name(source: ReadingKind) -> str:
    """Where the text of a page comes from."""
    match source:
        case "text layer":
            return str(gettext("text layer of the PDF"))
        case "ocr":
            return str(gettext("optical character recognition"))
        case "corrected":
            return str(gettext("corrected by hand"))


def file_size(size: int) -> str:
    """A number of bytes in kB or MB (1 kB = 1,000 bytes), in French in ko or Mo."""
    if size < 1_000_000:
        return str(gettext("%(size)s kB", size=number(max(1, round(size / 1_000)))))
    return str(gettext("%(size)s MB", size=number(round(size / 1_000_000, 1))))


def too_many_occurrences() -> tuple[str, str]:
    """The message that a word occurs too often, and the advice what to do."""
    return (
        gettext(
            "This occurs more than %(count)s times, which is more than can be counted and sorted.",
            count=number(concordance.MOST_OCCURRENCES),
        ),
        gettext("Choose a rarer word or a phrase, or use filters."),
    )


def number(value: float) -> str:
    """A number as it is written in the language of the interface: 1.250 in Dutch. On the command line as in
    English, whatever the machine is set to."""
    return _number(value, get_locale() or Locale("en"))


@lru_cache(maxsize=10_000)
def _number(value: float, locale: Locale) -> str:
    """Kept, as a page has dozens and Babel takes long for each."""
    return str(format_decimal(value, locale=locale))


def without_leaders(text: str) -> str:
    """The text without the rows of dots that lead the eye through a table of contents on paper."""
    if sum(map(text.count, _LEADER_SIGNS)) < _LEAST_LEADERS:
        return text  # as nearly all are; looking for rows in each takes a hundred times as long
    return LEADERS.sub(" … ", text)


def register(app: Flask) -> None:
    """Make these functions available to the templates as filters."""
    for name in (kind_name, language_name, own_language_name, reading_kind_name, file_size, without_leaders):
        app.add_template_filter(name)
    app.add_template_filter(number, "numberformat")  # instead of Flask-Babel's, which is slow


def distinguishing_details(documents: Iterable[Document]) -> dict[str, str]:
    """For documents with equal titles, by their identifiers: the details in which they differ.

    These are the date, the language and the file name, as far as needed. Documents whose title is unique
    are left out.
    """
    by_title: dict[str, list[Document]] = {}
    for document in documents:
        by_title.setdefault(document.title.casefold(), []).append(document)
    details: dict[str, str] = {}
    for alike in by_title.values():
        if len({document.id for document in alike}) < 2:
            continue
        dates, languages = ({getattr(one, name) for one in alike} for name in ("date", "language"))
        short = {
            one.id: (
                *([one.date or gettext("without a date")] if len(dates) > 1 else []),
                *([one.language] if len(languages) > 1 and one.language else []),
            )
            for one in alike
        }
        for one in alike:
            is_enough = bool(short[one.id]) and list(short.values()).count(short[one.id]) == 1
            details[one.id] = ", ".join(short[one.id] if is_enough else (*short[one.id], one.filename))
    return details
