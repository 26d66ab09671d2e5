"""Limits how often one client may request expensive work (Flask-Limiter).

No person reaches these limits, nor do thirty people behind one address, as in a reading room. A script that
sends requests without a pause does; it gets an answer that says when to continue. Searches, pages, images
and originals are not limited. Requests for an answer that the client has already (304) count, too, because
the answer must be computed before that is known.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.logging import default_handler
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import Limiter, RateLimitExceeded

from search_app.web.errors import TooManyRequests, answer_error
from search_app.web.protection.clients import client_address


@dataclass(frozen=True, slots=True)
class Limit:
    """The number of requests that one client may send in a minute to some endpoints together."""

    work: str
    """The name of the limit."""
    a_minute: int
    endpoints: Sequence[str]
    methods: Sequence[str] = ("GET", "HEAD", "POST")


LIMITS = (
    # Texts side by side, or compared passage by passage: this takes long the first time. Thirty people who
    # turn a page every five seconds send 360 requests.
    Limit(
        "comparisons",
        600,
        (
            "api.counterparts",
            "api.editions",
            "api.parallel",
            "api.versions",
            "counterparts.translations",
            "translations.page",
            "editions.beside",
            "editions.choose",
        ),
    ),
    # Every occurrence of a word, or its counts by year: half a second for a common word. Thirty people who
    # change an option every five seconds send 360 requests.
    Limit(
        "occurrences",
        600,
        ("api.trends", "concordance.lines", "trends.file", "trends.picture"),
    ),
    # A quotation is looked for word by word. A newsroom that checks an article sends dozens.
    Limit("quotations", 600, ("api.quote", "quote.check")),
    # Up to thousands of rows, and a workbook takes a second to write. Nobody saves five files a second.
    Limit(
        "downloads",
        300,
        (
            "downloads.concordance",
            "downloads.counterparts",
            "downloads.parallel",
            "downloads.search",
            "downloads.versions",
        ),
    ),
    # Checking a password takes a twentieth of a second and 64 MiB. Failed ones have a stricter limit, see
    # archive/accounts/attempts.py.
    Limit("passwords", 60, ("archivist.greet", "archivist.password"), ("POST",)),
    # Each may bring many files, and each file waits for the worker.
    Limit("uploads", 120, ("archivist.add",), ("POST",)),
)

_WINDOW = 60
"""Seconds in which requests are counted."""


def register(app: Flask, store: str) -> None:
    """Count the requests of clients to the views of an application, which must be complete.

    Args:
        store: address of a store that the processes share, such as redis://host. If it is empty, or the
            store does not answer, each process counts for itself; the latter is logged once.
    """
    limiter = Limiter(
        client_address,
        app=app,
        storage_uri=store or "memory://",
        storage_options=_options_of_a_store() if store else {},
        in_memory_fallback_enabled=bool(store),
    )
    logging.getLogger("flask-limiter").addHandler(default_handler)
    for limit in LIMITS:
        counted = limiter.shared_limit(f"{limit.a_minute}/minute", limit.work, methods=list(limit.methods))
        for endpoint in limit.endpoints:
            view: Callable[..., Any] = app.view_functions[endpoint]
            app.view_functions[endpoint] = counted(view)

    @app.errorhandler(RateLimitExceeded)
    def refuse(_error: RateLimitExceeded) -> ResponseReturnValue:
        reached = limiter.current_limit
        seconds = reached.reset_at - int(time.time()) if reached else _WINDOW
        return answer_error(
            TooManyRequests(
                gettext("Too many requests of this kind came from your address within a minute."),
                gettext("Wait a minute and try again; programs wait as long as Retry-After says."),
                retry_after=max(1, seconds),
            )
        )


def _options_of_a_store() -> dict[str, Any]:
    """A request waits for the store for a second at most; then this process counts by itself for a while."""
    from redis.backoff import NoBackoff  # imported here because sites without a store do not need it
    from redis.retry import Retry

    return {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
