"""How often may one client ask for expensive work? (Flask-Limiter)

No person reaches these limits, nor do thirty behind one address, as in a reading room. A script that asks
without a pause does, and is told when to continue. Searches, pages, images and originals are not limited. An
answer that the client already has (304) counts too, because it must be worked out before that is known.
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

from search_app.web.clients import client_address
from search_app.web.errors import TooManyRequests, answer_error


@dataclass(frozen=True, slots=True)
class Limit:
    """What one client may ask for in a minute."""

    work: str
    """Names what is counted together."""
    a_minute: int
    endpoints: Sequence[str]
    methods: Sequence[str] = ("GET", "HEAD", "POST")


LIMITS = (
    # Texts laid beside each other, or compared passage by passage: long work the first time. Thirty people
    # who turn a page every five seconds ask 360 times.
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
    # change an option every five seconds ask 360 times.
    Limit(
        "occurrences",
        600,
        ("api.trends", "concordance.lines", "trends.file", "trends.picture"),
    ),
    # A quotation is sought word by word. A newsroom that checks an article sends dozens.
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
    # A password takes a twentieth of a second and 64 MiB to look at; failed ones count more strictly, see
    # archive/accounts/attempts.py.
    Limit("passwords", 60, ("archivist.greet", "archivist.password"), ("POST",)),
    # Each may bring many files, and each file waits for the worker.
    Limit("uploads", 120, ("archivist.add",), ("POST",)),
)

_WINDOW = 60
"""Seconds in which requests are counted."""


def register(app: Flask, store: str) -> None:
    """Count what clients ask of `app`, whose views are there already.

    Args:
        store: address of a store that processes share, such as redis://host; empty: each counts for itself.
            While a store does not answer each does so too, and says so once.
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
    """A request waits for a second at most, then counts are kept here; the store is asked later again."""
    from redis.backoff import NoBackoff  # sites without a store load nothing of it
    from redis.retry import Retry

    return {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
