"""The report on a quotation, in the form that the site, the API and the command line share."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict

from archive.languages import Language
from archive.records import Box, TextSource, box_as_json
from index.query.tree import as_phrase
from index.quotation.continuous_text import Skipped, SkippedKind
from index.quotation.differences import Difference, DifferenceKind
from index.quotation.omissions import Omission, OmissionKind

Verdict = Literal["verbatim", "altered", "assembled", "not found"]
"""`verbatim`: it stands there; `altered`: something near it does; `assembled`: its parts stand in different
places, or in another order; `not found`: nothing near it is in the archive, or it is too short to say so."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the archive that the quotation, or a part of it, comes from."""

    document: str
    language: Language
    """Of the text."""
    page: int
    """Physical number of the page on which it begins, from 1."""
    page_label: str
    text: str
    """As it stands there."""
    boxes: tuple[Box, ...]
    """Where it is drawn on that page, in PDF points."""
    comparison: tuple[str | Difference, ...] = ()
    """The passage in order, where it was altered: what the quotation has as well, and the differences."""
    source: TextSource = "text layer"
    """Where the text of that page came from: OCR may have misread what was quoted rightly."""
    between: tuple[Skipped, ...] = ()
    """What stands on the pages between its words, where it runs on over the end of a page or a column."""
    omissions: tuple[Omission, ...] = ()
    """What the ellipses of the quotation left out, in order."""
    doubtful: tuple[str, ...] = ()
    """Those of its words that OCR was not sure of."""
    has_cells: bool = False
    """It stands in several cells of a table, which the text shows apart."""
    is_apart: bool = False
    """Its words stand apart on the page and may be of different columns, though nothing in it parts them."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """In the order of the text."""
        return tuple(part for part in self.comparison if isinstance(part, Difference))

    @property
    def is_only_marked_otherwise(self) -> bool:
        """Whether it has the same words, with other punctuation."""
        return bool(self.differences) and all(each.kind == "punctuation" for each in self.differences)


@dataclass(frozen=True, slots=True)
class QuoteReport:
    """What the archive says of a quotation."""

    verdict: Verdict
    matches: tuple[Match, ...] = ()
    """Every place found (verbatim) or the nearest passages (altered), oldest document first; or one place for
    each piece, in the order of the quotation (assembled)."""
    is_too_short: bool = False
    """It has too few words to be called a quotation: search for them as an exact phrase."""


class DifferenceJson(TypedDict):
    """Words of the quotation and what stands in their place."""

    kind: DifferenceKind
    quoted: str
    original: str


class SkippedJson(TypedDict):
    """What stands on the pages between words of the quotation, where a page or a column ends."""

    kind: SkippedKind
    text: str
    page: int


class OmissionJson(TypedDict):
    """What an ellipsis left out, and what of it may change the sense."""

    text: str
    kinds: list[OmissionKind]


class MatchJson(TypedDict):
    """A place in the archive. `cells`: it stands in several cells of a table; `apart`: its words stand apart
    on the page and may be of different columns."""

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
    url: str


class QuoteJson(TypedDict):
    """What the archive says of a quotation. One that is too short is no quotation: `search` then gives the
    address of a search for these very words."""

    verdict: Verdict
    too_short: bool
    search: str | None
    matches: list[MatchJson]


def as_json(report: QuoteReport, url: Callable[[Match], str], search: str) -> QuoteJson:
    """A report as the API and the command line give it.

    Args:
        url: gives the address of the page on which a match begins.
        search: the address of a search for the very words of the quotation.
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
                "url": url(match),
            }
            for match in report.matches
        ],
    }


def as_text(quotation: str, found: QuoteJson, titles: Mapping[str, str]) -> str:
    """For people: the verdict, then each place with the title of its document."""
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
            lines.append("  in several cells of a table: | stands between cells, / between rows")
        if match["apart"]:
            lines.append(
                "  words stand far apart on the page, maybe in different columns: compare with the image"
            )
        for difference in match["differences"]:
            lines.append(
                f"  {difference['kind']}: “{difference['quoted']}” stands as “{difference['original']}”"
            )
        lines.append(f"  {match['url']}")
    return "\n".join(lines)
