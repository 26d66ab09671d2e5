"""Concordances, worked out once for the page and the download."""

from index.engine.contract import Engine, Filters
from index.occurrences.concordance import Concordance, Order, concordance
from index.query.parser import Query
from search_app.library import Library


def read_concordance(
    library: Library, engine: Engine, query: Query, filters: Filters, order: Order
) -> Concordance:
    """The whole concordance; the last few are kept, because readers turn its pages.

    Raises:
        TooManyOccurrences: there are more than can be held.
        Busy: too many requests do heavy work.
    """
    return library.findings.concordances.get(
        (query, filters, order, engine.generation(), library.state()),
        lambda: concordance(engine, library.catalogue, query, filters, order),
    )
