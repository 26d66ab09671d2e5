"""The report on a quotation, as shared by the site, the API and the command line."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict

from archive.languages import Language
from archive.records import Box, ReadingKind, box_as_json
from index.query.tree import as_phrase
from index.quotation.continuous_text import Skipped, SkippedKind
from index.quotation.differences import Difference, DifferenceKind
from index.quotation.omissions import Omission, OmissionKind

Verdict = Literal["verbatim", "altered", "assembled", "not found"]
"""`verbatim`: the archive contains it word for word. `altered`: the archive contains something similar.
`assembled`: its parts are in different places or in another order. `not found`: the archive contains nothing
similar, or the quotation is too short to tell."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the archive that the quotation, or a part of it, comes from."""

    document: str
    language: Language
    """The language of the passage."""
    page: int
    """Physical number of the page on which it begins, from 1."""
    page_label: str
    text: str
    """The passage as printed."""
    boxes: tuple[Box, ...]
    """The boxes of its words on that page, in PDF points."""
    comparison: tuple[str | Difference, ...] = ()
    """If it was altered, the passage in order: the parts that the quotation has too, and the differences."""
    source: ReadingKind = "text layer"
    """How the text of that page was read: OCR may have misread what was quoted correctly."""
    between: tuple[Skipped, ...] = ()
    """The text between its words on the pages, if it continues over the end of a page or column."""
    omissions: tuple[Omission, ...] = ()
    """What the ellipses of the quotation leave out, in order."""
    doubtful: tuple[str, ...] = ()
    """Its words that OCR was not sure of."""
    has_cells: bool = False
    """Whether it covers several cells of a table; the text has separators between them."""
    is_apart: bool = False
    """Whether its words are far apart on the page and may be from different columns; see
    :mod:`index.quotation.apart`."""
    is_order_unsure: bool = False
    """Whether it is on a page whose text may have been read in the wrong order."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The differences in the order of the text."""
        return tuple(part for part in self.comparison if isinstance(part, Difference))

    @property
    def is_only_marked_otherwise(self) -> bool:
        """Whether only its punctuation differs from the quotation."""
        return bool(self.differences) and all(each.kind == "punctuation" for each in self.differences)


@dataclass(frozen=True, slots=True)
class QuoteReport:
    """The result of checking a quotation."""

    verdict: Verdict
    matches: tuple[Match, ...] = ()
    """Verbatim: every place found, oldest document first. Altered: the most similar passages, likewise.
    Assembled: one place for each piece, in the order of the quotation."""
    is_too_short: bool = False
    """Whether it has too few words to be checked; they can be searched as an exact phrase instead."""


class DifferenceJson(TypedDict):
    """Words of the quotation and the words of the original in their place."""

    kind: DifferenceKind
    quoted: str
    original: str


class SkippedJson(TypedDict):
    """Text on the pages between words of the quotation, at the end of a page or column."""

    kind: SkippedKind
    text: str
    page: int


class OmissionJson(TypedDict):
    """What an ellipsis leaves out, and what of it may change the meaning."""

    text: str
    kinds: list[OmissionKind]


class MatchJson(TypedDict):
    """A place in the archive. `cells`: the passage covers several cells of a table. `apart`: its words are
    far apart on the page and may be from different columns. `order_unsure`: the text of its page may
    have been read in the wrong order."""

    document: str
    page: int
    page_label: str
    text: str
    boxes: list[list[float]]
    differences: list[DifferenceJson]
    between: list[SkippedJson]
    omissions: list[OmissionJson]
    doubtful: list[str]
    cells: bool
    apart: bool
    order_unsure: bool
    url: str


class QuoteJson(TypedDict):
    """The result of checking a quotation. If it is too short to check, `search` is the address of a search
    for the exact phrase."""

    verdict: Verdict
    too_short: bool
    search: str | None
    matches: list[MatchJson]


def as_json(report: QuoteReport, url: Callable[[Match], str], search: str) -> QuoteJson:
    """The report as JSON for the API and the command line.

    Args:
        url: returns the address of the page on which a match begins.
        search: the address of a search for the quotation as an exact phrase.
    """
    return {
        "verdict": report.verdict,
        "too_short": report.is_too_short,
        "search": search if report.is_too_short else None,
        "matches": [
            {
                "document": match.document,
                "page": match.page,
                "page_label": match.page_label,
                "text": match.text,
                "boxes": [box_as_json(box) for box in match.boxes],
                "differences": [
                    {"kind": each.kind, "quoted": each.quoted, "original": each.original}
                    for each in match.differences
                ],
                "between": [
                    {"kind": each.kind, "text": each.text, "page": each.page} for each in match.between
                ],
                "omissions": [{"text": each.text, "kinds": list(each.kinds)} for each in match.omissions],
                "doubtful": list(match.doubtful),
                "cells": match.has_cells,
                "apart": match.is_apart,
                "order_unsure": match.is_order_unsure,
                "url": url(match),
            }
            for match in report.matches
        ],
    }


def as_text(quotation: str, found: QuoteJson, titles: Mapping[str, str]) -> str:
    """The report as text for people: the verdict, then each place with the title of its document."""
    lines: list[str] = [found["verdict"]]
    if found["too_short"]:
        lines.append("Fewer than four words are no quotation. Search for these very words instead:")
        lines.append(f"  terugblik search {shlex.quote(as_phrase(quotation))}\n  {found['search']}")
    for match in found["matches"]:
        lines.append(f"\n{titles[match['document']]}, page {match['page_label']}\n  {match['text']}")
        for skipped in match["between"]:
            lines.append(f"  between, on page {skipped['page']} ({skipped['kind']}): {skipped['text']}")
        for omission in match["omissions"]:
            kinds = f" ({', '.join(omission['kinds'])})" if omission["kinds"] else ""
            lines.append(f"  left out{kinds}: {omission['text']}")
        if match["doubtful"]:
            lines.append(f"  OCR was not sure of: {', '.join(match['doubtful'])}")
        if match["cells"]:
            lines.append("  in several cells of a table: | separates cells, / separates rows")
        if match["apart"]:
            lines.append(
                "  words are far apart on the page, maybe in different columns: compare with the image"
            )
        if match["order_unsure"]:
            lines.append(
                "  columns and boxes of the page may be read in the wrong order: compare with the image"
            )
        for difference in match["differences"]:
            lines.append(
                f"  {difference['kind']}: “{difference['quoted']}”; original: “{difference['original']}”"
            )
        lines.append(f"  {match['url']}")
    return "\n".join(lines)
