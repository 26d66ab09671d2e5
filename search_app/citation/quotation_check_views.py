"""The page that checks whether a document contains a quotation."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from archive.records import Document
from index.engine.contract import Filters
from index.query.tree import as_phrase
from index.quotation.continuous_text import SkippedKind
from index.quotation.differences import Difference, DifferenceKind
from index.quotation.omissions import OmissionKind
from index.quotation.quote_report import Match, QuoteReport, Verdict
from index.quotation.verdict import find
from search_app.citation.card import cells_notice, columns_notice, doubtful_words_notice, order_notice
from search_app.library import Library, current_library
from search_app.search.results import SearchPage, search
from search_app.web.interface_language import interface_language

blueprint = Blueprint("quote", __name__)

_LONGEST = 4_000
"""Characters of a quotation: it travels in the address, so that the outcome can be linked to."""
_PAGES_SHOWN = 5
"""Pages that are shown for words that are too few to be checked."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict in words."""

    title: str
    meaning: str


@blueprint.get("/<any(nl, fr, en):interface>/quote")
def check() -> str:
    """The form, and below it the result for the words in `text`."""
    library = current_library()
    typed = request.args.get("text", "").strip()
    text = typed[:_LONGEST]
    report = find(text, library.engine(), library.catalogue) if text else None
    view = QuotePage(
        text=text,
        is_cut=len(typed) > len(text),
        report=report,
        verdict=_verdict_sentence(report) if report else None,
        phrase=as_phrase(text),
        found=_search(text, library) if report and report.is_too_short else None,
        evidence=[(match, library.document(match.document)) for match in report.matches] if report else [],
    )
    return render_template(
        "citation/quote.html",
        view=view,
        name_of=_name_of,
        mark_on_page=_mark_on_page,
        warnings_of=_warnings_of,
        doubtful_words_notice=doubtful_words_notice,
        cells_notice=cells_notice,
        columns_notice=columns_notice,
        order_notice=order_notice,
        skipped_name=_skipped_name,
        omitted_names=lambda kinds: ", ".join(map(_omitted_name, kinds)),
    )


@dataclass(frozen=True, slots=True)
class QuotePage:
    """What the check of a quotation shows."""

    text: str
    is_cut: bool
    """Whether the quotation was too long, and this is its beginning."""
    report: QuoteReport | None
    """None if there is nothing to check."""
    verdict: Sentence | None
    phrase: str
    """The query for exactly these words."""
    found: SearchPage | None
    """The pages with the words, if they are too few to be checked as a quotation."""
    evidence: Sequence[tuple[Match, Document]]


def _search(text: str, library: Library) -> SearchPage:
    """The pages with exactly these words."""
    return search(
        library, as_phrase(text), Filters(), per_page=_PAGES_SHOWN, ui_language=interface_language()
    )


def _verdict_sentence(report: QuoteReport) -> Sentence:
    if report.is_too_short:
        return Sentence(
            gettext("Too short"),
            gettext(
                "Fewer than four words are too short to check as a quotation. They were searched for instead."
            ),
        )
    if report.verdict == "altered" and all(match.is_only_marked_otherwise for match in report.matches):
        return Sentence(
            gettext("Altered"),
            gettext("The archive contains exactly these words, with different punctuation."),
        )
    words: dict[Verdict, Sentence] = {
        "verbatim": Sentence(
            gettext("Verbatim"),
            gettext("The archive contains these words exactly, in this order."),
        ),
        "altered": Sentence(
            gettext("Altered"),
            gettext("The archive contains this passage, but not in exactly these words."),
        ),
        "assembled": Sentence(
            gettext("Assembled"),
            gettext("Its parts come from different places; they do not appear together like this anywhere."),
        ),
        "not found": Sentence(
            gettext("Not found"),
            gettext(
                "No document in the archive contains these words or anything similar. Translated or "
                "heavily rewritten quotations are not recognised."
            ),
        ),
    }
    return words[report.verdict]


def _name_of(difference: Difference) -> str:
    names: dict[DifferenceKind, str] = {
        "insertion": gettext("added"),
        "deletion": gettext("left out"),
        "substitution": gettext("other words"),
        "number": gettext("number"),
        "negation": gettext("negation"),
        "accent": gettext("accent"),
        "case": gettext("capital"),
        "punctuation": gettext("punctuation"),
    }
    return names[difference.kind]


def _skipped_name(kind: SkippedKind) -> str:
    names: dict[SkippedKind, str] = {
        "head": gettext("head of the page"),
        "foot": gettext("foot of the page"),
        "note": gettext("note"),
        "heading": gettext("heading"),
        "table": gettext("table"),
    }
    return names[kind] if kind in names else str(gettext("text"))


def _omitted_name(kind: OmissionKind) -> str:
    names: dict[OmissionKind, str] = {
        "negation": gettext("a negation"),
        "number": gettext("a number"),
        "sentence end": gettext("the end of a sentence"),
    }
    return names[kind]


def _warnings_of(match: Match) -> list[str]:
    """The warnings on a match; differences that change the meaning (numbers, negations) come first."""
    kinds = {difference.kind for difference in match.differences}
    warnings: dict[DifferenceKind, str] = {
        "number": gettext("A number differs."),
        "negation": gettext("A negation differs: this may mean the opposite."),
    }
    shown = [warning for kind, warning in warnings.items() if kind in kinds]
    if any("negation" in omission.kinds for omission in match.omissions):
        shown.append(gettext("A negation was left out: this may mean the opposite."))
    return shown


def _mark_on_page(match: Match) -> str:
    """The address of the page, with the passage marked on it."""
    return url_for("document.page", identifier=match.document, number=match.page, passage=match.text)
