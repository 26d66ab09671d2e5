"""Concordances, worked out once for the page and the download."""

from index.engine.contract import Engine, Filters
from index.occurrences import concordance as index
from index.occurrences.concordance import Concordance, Order
from index.query.parser import Query
from search_app.library import Archive


def read_concordance(
    archive: Archive, engine: Engine, query: Query, filters: Filters, order: Order
) -> Concordance:
    """The whole concordance; the last few are kept, because readers turn its pages.

    Raises:
        TooManyOccurrences: there are more than can be held.
        Busy: too many requests do heavy work.
    """
    return archive.findings.concordances.get(
        (query, filters, order, engine.generation(), archive.state()),
        lambda: index.concordance(engine, archive.catalogue, query, filters, order),
    )
