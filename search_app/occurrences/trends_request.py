"""The trends that a request asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from urllib.parse import quote_plus

from flask import url_for
from flask_babel import gettext

from archive.languages import Language
from index.engine.contract import Filters
from index.occurrences.trends import Scale
from index.query.parser import HEAVIEST
from search_app.search.filters_and_chart import filter_values
from search_app.web.parameters import (
    COMPOUNDS,
    COUNTED_IN,
    DOCUMENT,
    FILTERS,
    MOST_TERMS,
    SCALE,
    TERM,
    Arguments,
    Parameter,
    WrongParameter,
    read_filters,
)

PARAMETERS: tuple[Parameter, ...] = (TERM, COUNTED_IN, SCALE, COMPOUNDS, *FILTERS, DOCUMENT)


@dataclass(frozen=True, slots=True)
class TrendsRequest:
    """The parameters of a request for trends."""

    rows: Sequence[tuple[str, Language | None]]
    """The terms, each with its language; None: the language in which it occurs most."""
    scale: Scale
    filters: Filters
    with_compounds: bool = False

    def address(self, endpoint: str, **changes: Any) -> str:
        """The address of the same picture as a page or a file."""
        scale = changes.pop("scale", self.scale)
        values: dict[str, Any] = {
            "term": [term for term, _language in self.rows],
            "in": [language or "" for _term, language in self.rows],
            "by": scale if scale != "year" else None,
            "compounds": "yes" if self.with_compounds else None,
            **filter_values(changes.pop("filters", self.filters)),
        }
        return url_for(endpoint, **values, **changes)


def terms_as_written(arguments: Arguments) -> list[tuple[str, str]]:
    """The terms as a reader wrote them, each with the language that was chosen for it."""
    terms = [term.strip() for term in arguments.getlist("term")]
    return list(zip_longest(terms, arguments.getlist("in")[: len(terms)], fillvalue=""))


def read_trends(arguments: Arguments) -> TrendsRequest:
    """Read the parameters of a request; without a term there are no rows.

    Raises:
        WrongParameter: a parameter cannot be used, or the terms are too many or too long together.
    """
    terms, languages = TERM.read(arguments), COUNTED_IN.read(arguments)
    languages += [None] * (len(terms) - len(languages))
    rows = [(term, language) for term, language in zip(terms, languages, strict=False) if term]
    if sum(len(quote_plus(term)) for term, _language in rows) > HEAVIEST:
        raise WrongParameter(
            gettext("Together these terms are too long for one chart."),
            gettext("Enter shorter or fewer terms."),
        )
    if len(rows) > MOST_TERMS:
        raise WrongParameter(
            gettext("%(count)s terms are more than one chart can show.", count=len(rows)),
            gettext("Enter one to six terms."),
        )
    return TrendsRequest(
        tuple(dict.fromkeys(rows)),
        SCALE.read(arguments),
        read_filters(arguments),
        with_compounds=COMPOUNDS.read(arguments) == "yes",
    )


def read_some_trends(arguments: Arguments) -> TrendsRequest:
    """As :func:`read_trends`, for answers that need a term.

    Raises:
        WrongParameter: also where no term is given.
    """
    trends_request = read_trends(arguments)
    if not trends_request.rows:
        raise WrongParameter(gettext("No term is given."), gettext("Enter one to six terms."))
    return trends_request
