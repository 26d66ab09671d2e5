"""Parallel reading: a page next to the same passages in another language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from archive.records import Document, Page
from index.text.text_units import MOST_PAGES
from index.translations.translated_documents import LEAST_SHARE
from search_app.document.word_links import link_of
from search_app.library import Library, current_library, distance
from search_app.translations.chosen_texts import SideBySide, TextSide
from search_app.translations.spread import Spread, read_spread
from search_app.translations.translation_rows import ShownUnit, Sureness, TranslationRow
from search_app.web.display_names import distinguishing_details
from search_app.web.interface_language import interface_language
from search_app.web.parameters import PASSAGE, WORDS

blueprint = Blueprint("translations", __name__)

_MOST_CHOICES = 200
"""Most documents from which a reader may choose the other text."""


@blueprint.get("/<any(nl, fr, en):interface>/document/<identifier>/page/<int:number>/parallel")
def page(identifier: str, number: int) -> str:
    """A page of a document in one language next to the same passages in another."""
    library = current_library()
    spread = read_spread(library, identifier, number, request.args, interface_language())
    choices = _choices(spread, library)
    return render_template(
        "translations/translation.html",
        view=TranslationPage(spread, choices, distinguishing_details(choices)),
        query_text=spread.query.text,
        sureness_name=sureness_name,
        link_to=link_to,
        cited_by=cited_by,
        cited_together=cited_together,
    )


@dataclass(frozen=True, slots=True)
class TranslationPage:
    """The contents of the page of parallel reading."""

    spread: Spread
    choices: Sequence[Document]
    """Documents that the reader may choose as the other text."""
    apart: Mapping[str, str]
    """By identifier, details that distinguish choices with the same title."""
    most_pages: int = MOST_PAGES
    """Most pages of a document that are aligned."""
    least_share: float = LEAST_SHARE
    """Share of both texts below which they may not be translations."""

    @property
    def document(self) -> Document:
        """The document on the left."""
        return self.spread.document

    @property
    def page(self) -> Page:
        """The shown page."""
        return self.spread.page

    @property
    def pair(self) -> SideBySide | None:
        """The two texts; None if the text of the document is unknown."""
        return self.spread.pair

    @property
    def previous_match(self) -> int | None:
        """The nearest page before this one that matches."""
        number = self.spread.page.number
        return max((found for found in self.spread.matching_pages if found < number), default=None)

    @property
    def next_match(self) -> int | None:
        """The nearest page after this one that matches."""
        number = self.spread.page.number
        return min((found for found in self.spread.matching_pages if found > number), default=None)


def sureness_name(sureness: Sureness) -> str:
    """How sure it is that two sides translate each other, in words."""
    names: Mapping[Sureness, str] = {
        "sure": gettext("sure"),
        "likely": gettext("likely"),
        "doubtful": gettext("doubtful"),
        "alone": gettext("no counterpart"),
        "not_found": gettext("not found"),
    }
    return names[sureness]


def link_to(blocks: Sequence[ShownUnit], page: int) -> Mapping[str, str]:
    """The parameters of a link that marks or cites blocks on a page: all their words, also those on the next
    page, unless there are too many for an address."""
    words = [word for block in blocks for word in block.unit.text.split()]
    whole = " ".join(words)
    runs_on = any(part.page != page for block in blocks for part in block.unit.parts)
    if runs_on and len(whole) <= PASSAGE.longest:
        return {PASSAGE.name: whole}
    here = (
        block.unit.text[part.offset : part.offset + part.end - part.start].split()
        for block in blocks
        for part in block.unit.parts
        if part.page == page
    )
    return link_of([*chain.from_iterable(here)])


def cited_by(side: TextSide, blocks: Sequence[ShownUnit]) -> dict[str, Any]:
    """The parameters of a citation of blocks: their page, and the numbers of their words if these follow each
    other on it, else the words themselves."""
    words = [word for block in blocks for word in block.words]
    number = blocks[0].unit.pages[0]
    low, high = (
        min((word.number for word in words), default=0),
        max((word.number for word in words), default=0),
    )
    are_whole = all(block.words for block in blocks) and {word.page for word in words} == {number}
    if are_whole and high - low + 1 == len({word.number for word in words}):
        return {"identifier": side.document.id, "number": number, WORDS.name: f"{low}-{high}"}
    return {"identifier": side.document.id, "number": number, **link_to(blocks, number)}


def cited_together(pair: SideBySide, row: TranslationRow) -> dict[str, Any]:
    """The parameters of a citation of both sides of a row."""
    left = cited_by(pair.left, row.left)
    right = cited_by(pair.right, row.right) if pair.right else {}
    values = {name: value for name, value in right.items() if name not in ("identifier", "number")}
    beside = {f"with-{name}": value for name, value in values.items()}
    return {**left, "with": right.get("identifier"), "with-page": right.get("number"), **beside}


def _choices(spread: Spread, library: Library) -> list[Document]:
    """Documents that may be shown next to this one; those of the same plan and of near years come first."""
    if not spread.pair:
        return []
    document, language = spread.document, spread.pair.left.language
    others = [
        other
        for other in library.holdings().documents
        if any(each != language for each in other.languages)
        and (other.id != document.id or len(spread.languages) > 1)
    ]

    others.sort(key=lambda other: (other.id != document.id, *distance(document, other)))
    return others[:_MOST_CHOICES]
