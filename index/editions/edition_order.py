"""Which of two editions is older? Decided by their dates, or else by the version marks that they carry.

The order decides what is shown as added and what as dropped, so it is claimed only with evidence. The date on
which the archive received a document is no evidence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archive.dates import comes_before
from archive.records import Document
from index.text.analysis import fold

OrderReason = Literal["date", "found date", "version", "unknown"]
"""What tells the order: the dates of both documents; other dates that were found in them; numbers of
versions, or that one is a draft and the other final; nothing."""

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
"""Most words of a line of the first page that may carry a mark."""


@dataclass(frozen=True, slots=True)
class VersionMark:
    """What a document says of its version."""

    number: tuple[int, ...] = ()
    is_draft: bool = False
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class EditionOrder:
    """Two editions, the older one first where `reason` is known."""

    older: Document
    newer: Document
    reason: OrderReason


def version_mark(document: Document, first_lines: Sequence[str]) -> VersionMark:
    """The mark in the title, in the name of the file or on short lines of the first page."""
    lines = [line for line in first_lines if len(line.split()) <= _MARK_WORDS]
    texts = [fold(text) for text in (document.title, document.filename.rpartition(".")[0], *lines)]
    numbers = (match for text in texts for match in _NUMBER.finditer(text))
    first = next(numbers, None)
    named = texts[:2]
    return VersionMark(
        tuple(map(int, re.split(r"[._]", first[1]))) if first else (),
        any(_DRAFT.search(text) for text in named),
        any(_FINAL.search(text) for text in named),
    )


def in_order(one: Document, other: Document, marks: tuple[VersionMark, VersionMark]) -> EditionOrder:
    """Both in the order that is told; in the order of their identifiers where none is.

    Args:
        marks: of `one` and of `other`.
    """
    rules: tuple[tuple[OrderReason, bool | None], ...] = (
        ("date", comes_before(one.date, other.date)),
        ("found date", comes_before(_full_date(one), _full_date(other))),
        ("version", _is_older_version(*marks)),
    )
    for reason, is_first in rules:
        if is_first is not None:
            return EditionOrder(one, other, reason) if is_first else EditionOrder(other, one, reason)
    first, second = sorted((one, other), key=lambda document: document.id)
    return EditionOrder(first, second, "unknown")


def _full_date(document: Document) -> str | None:
    """A date with a month that was found in the document, where its own has none."""
    if document.date and "-" in document.date:
        return document.date
    return next((found.date for found in document.dates_found if "-" in found.date), None)


def _is_older_version(one: VersionMark, other: VersionMark) -> bool | None:
    if one.number and other.number and one.number != other.number:
        return one.number < other.number
    if one.is_draft and other.is_final and not (one.is_final or other.is_draft):
        return True
    if other.is_draft and one.is_final and not (other.is_final or one.is_draft):
        return False
    return None
