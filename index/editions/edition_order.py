"""Which of two editions is older? Decided by their dates, or else by their edition marks.

An edition mark is a version number, or a word such as "draft" or "final". The order decides what is shown as
added and what as dropped, so it needs evidence. The date on which the archive received a document is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archive.dates import comes_before
from archive.records import Document
from index.text.analysis import fold

OrderReason = Literal["date", "found date", "version", "unknown"]
"""What the order is based on. `date`: the dates of both documents. `found date`: other dates found in them.
`version`: version numbers, or a draft and a final text. `unknown`: nothing."""

_NUMBER = re.compile(
    r"(?<![a-z0-9])(?:v|vs|versie|version|versienummer|ver|rev|revisie|revision)[ ._:-]*"
    r"(\d{1,2}(?:[._]\d{1,2})*)(?![0-9])"
)
_DRAFT = re.compile(
    r"(?<![a-z])(?:voorontwerp|ontwerp|concept|projet|avant-projet|provisoire|voorlopig|draft|entwurf)(?![a-z])"
)
_FINAL = re.compile(
    r"(?<![a-z])(?:definitie(?:f|ve)|definitif|definitive|finale?|endgultig|vastgesteld|approuvee?|adoptee?)(?![a-z])"
)
_MARK_WORDS = 8
"""Most words of a line of the first page in which a mark is looked for."""


@dataclass(frozen=True, slots=True)
class EditionMark:
    """What a document says about which edition it is."""

    number: tuple[int, ...] = ()
    is_draft: bool = False
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class EditionOrder:
    """Two editions, the older one first where `reason` is known."""

    older: Document
    newer: Document
    reason: OrderReason


def edition_mark(document: Document, first_lines: Sequence[str]) -> EditionMark:
    """Find the mark in the title, the file name or the short lines of the first page.

    Draft and final are looked for only in the title and the file name.
    """
    lines = [line for line in first_lines if len(line.split()) <= _MARK_WORDS]
    texts = [fold(text) for text in (document.title, document.filename.rpartition(".")[0], *lines)]
    numbers = (match for text in texts for match in _NUMBER.finditer(text))
    first = next(numbers, None)
    title_and_filename = texts[:2]
    return EditionMark(
        number=tuple(map(int, re.split(r"[._]", first[1]))) if first else (),
        is_draft=any(_DRAFT.search(text) for text in title_and_filename),
        is_final=any(_FINAL.search(text) for text in title_and_filename),
    )


def in_order(one: Document, other: Document, one_mark: EditionMark, other_mark: EditionMark) -> EditionOrder:
    """Both documents, the older first; in the order of their identifiers if the order is unknown."""
    rules: tuple[tuple[OrderReason, bool | None], ...] = (
        ("date", comes_before(one.date, other.date)),
        ("found date", comes_before(_full_date(one), _full_date(other))),
        ("version", _is_older_mark(one_mark, other_mark)),
    )
    for reason, is_first in rules:
        if is_first is not None:
            return EditionOrder(one, other, reason) if is_first else EditionOrder(other, one, reason)
    first, second = sorted((one, other), key=lambda document: document.id)
    return EditionOrder(first, second, "unknown")


def _full_date(document: Document) -> str | None:
    """The date of a document if it has a month, else the first date with a month that was found in it."""
    if document.date and "-" in document.date:
        return document.date
    return next((found.date for found in document.dates_found if "-" in found.date), None)


def _is_older_mark(one: EditionMark, other: EditionMark) -> bool | None:
    """Whether the first is of the older edition; None: the marks do not say."""
    if one.number and other.number and one.number != other.number:
        return one.number < other.number
    if one.is_draft and other.is_final and not (one.is_final or other.is_draft):
        return True
    if other.is_draft and one.is_final and not (other.is_final or one.is_draft):
        return False
    return None
