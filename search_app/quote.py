"""Is this quotation what the document says?"""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from index.differences import Difference, DifferenceKind
from index.quotation import Match, Verdict, find
from search_app.library import library

blueprint = Blueprint("quote", __name__)

_LONGEST = 4_000
"""Characters of a quotation: it travels in the address, so that the outcome can be linked to."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict in words."""

    title: str
    meaning: str


@blueprint.get("/<any(nl, fr, en):interface>/quote")
def check() -> str:
    """The form, and beneath it what the archive says of the words in `text`."""
    archive = library()
    asked = request.args.get("text", "").strip()
    text = asked[:_LONGEST]
    report = find(text, archive.engine(), archive.catalogue) if text else None
    return render_template(
        "quote.html",
        text=text,
        is_cut=len(asked) > len(text),
        report=report,
        verdict=_in_words(report.verdict) if report else None,
        evidence=[(match, archive.document(match.document)) for match in report.matches] if report else [],
        name_of=_name_of,
        mark_on_page=_mark_on_page,
        warnings_of=_warnings_of,
    )


def _in_words(verdict: Verdict) -> Sentence:
    words: dict[Verdict, Sentence] = {
        "verbatim": Sentence(
            gettext("Verbatim"),
            gettext("These words stand in the archive to the letter, in this order."),
        ),
        "altered": Sentence(
            gettext("Altered"),
            gettext("The archive holds this passage, but not in exactly these words."),
        ),
        "assembled": Sentence(
            gettext("Assembled"),
            gettext("Parts of this stand in different places; nowhere do they stand together like this."),
        ),
        "not found": Sentence(
            gettext("Not found"),
            gettext("No document of the archive holds these words, or anything close to them."),
        ),
    }
    return words[verdict]


def _name_of(difference: Difference) -> str:
    names: dict[DifferenceKind, str] = {
        "insertion": gettext("added"),
        "deletion": gettext("left out"),
        "substitution": gettext("other words"),
        "number": gettext("number"),
        "negation": gettext("negation"),
        "accent": gettext("accent"),
        "case": gettext("capital"),
    }
    return names[difference.kind]


def _warnings_of(match: Match) -> list[str]:
    """What changes the sense comes first: numbers and negations."""
    kinds = {difference.kind for difference in match.differences}
    warnings: dict[DifferenceKind, str] = {
        "number": gettext("A number differs."),
        "negation": gettext("A negation differs: this may say the opposite."),
    }
    return [warning for kind, warning in warnings.items() if kind in kinds]


def _mark_on_page(match: Match) -> str:
    """The address of the page, with the passage marked on it."""
    return url_for("document.page", identifier=match.document, number=match.page, passage=match.text)
