"""The page that shows how a word is translated, with pairs of sentences as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext

from archive.languages import LANGUAGES, Language
from index.text.text_units import MOST_PAGES
from index.translations.counterparts import Counterpart, Doubt
from search_app.library import current_library
from search_app.search.filters_and_chart import results_that_fit
from search_app.translations.counterparts_request import read_study
from search_app.translations.counterparts_study import MOST_DOCUMENTS, Study
from search_app.web.interface_language import interface_language
from search_app.web.parameters import BESIDE, PAGE, TextParameter, WrongParameter

blueprint = Blueprint("counterparts", __name__)

WORD = TextParameter("word", "Counterpart of which all pairs are shown.", 200)

_PAIRS_A_PAGE = 50


@blueprint.get("/<any(nl, fr, en):interface>/counterparts")
def translations() -> str:
    """How a word is translated, in chosen documents or in all that have a translation; with `word`, all pairs
    with this counterpart."""
    study = read_study(current_library(), request.args, interface_language())
    word, page = WORD.read(request.args).strip(), PAGE.read(request.args)
    chosen = _candidate(study, word) if word else None
    last_page = -(-len(chosen.examples) // _PAIRS_A_PAGE) if chosen else 1
    view = CounterpartsPage(
        study=study,
        beside=BESIDE.read(request.args),
        chosen=chosen,
        page=min(page, last_page),
        last_page=last_page,
        is_long=results_that_fit(MOST_DOCUMENTS, study.query.text, links=2) < MOST_DOCUMENTS,
        languages=LANGUAGES,
        most_documents=MOST_DOCUMENTS,
        most_pages=MOST_PAGES,
        pairs_a_page=_PAIRS_A_PAGE,
    )
    return render_template(
        "translations/counterparts.html",
        view=view,
        query_text=study.query.text,
        doubts_in_words=doubts_in_words,
    )


@dataclass(frozen=True, slots=True)
class CounterpartsPage:
    """The contents of the page on how a word is translated."""

    study: Study
    beside: str | None
    """Identifier of the document that is to be the translation."""
    chosen: Counterpart | None
    """The counterpart of which all pairs are shown."""
    page: int
    last_page: int
    """Number of the last page of the list of these pairs."""
    is_long: bool
    """Whether the query is too long for links that repeat it."""
    languages: Sequence[Language]
    most_documents: int
    """Most documents that are read for a word."""
    most_pages: int
    """Most pages of a document that are read."""
    pairs_a_page: int


def doubts_in_words(candidate: Counterpart) -> Sequence[str]:
    """Why a counterpart is uncertain, for readers; nothing for one that is not."""
    names: Mapping[Doubt, str] = {
        "few_sentences": gettext("few different sentences have it"),
        "small_share": gettext("most sentences with the searched word do not have it"),
        "often_elsewhere": gettext("it mostly occurs without the searched word"),
        "rivals": gettext("other words occur in the same sentences"),
    }
    return [names[doubt] for doubt in candidate.doubts]


def _candidate(study: Study, word: str) -> Counterpart:
    found = next((each for each in study.found.candidates if word in each.forms), None)
    if found is None:
        raise WrongParameter(
            gettext("“%(word)s” is not among the counterparts that were found.", word=word),
            gettext("Leave out the parameter %(name)s to see those that were.", name=WORD.name),
        )
    return found
