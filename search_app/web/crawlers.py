"""Which pages may search engines visit? Documents and their pages, not results worked out for each question.

A crawler that follows every link would have every document compared with every other. It is told twice: in
/robots.txt (RFC 9309), before it asks, and in the answer itself, for addresses that others link to.
"""

from flask import Blueprint, Flask, Response, request

blueprint = Blueprint("crawlers", __name__)

_WORKED_OUT = (
    "/api/",
    "/archivist",
    "/page-words/",
    "/*/archivist",
    "/*/concordance",
    "/*/counterparts",
    "/*/quote",
    "/*/search",
    "/*/trends",
    "/*/document/*/cite",
    "/*/document/*/page/*/cite",
    "/*/document/*/page/*/parallel",
    "/*/document/*/parallel",
    "/*/document/*/versions",
    "/*?q=",
    "/*?passage=",
)
"""Beginnings of addresses; a star stands for anything."""

_NOT_LISTED = (
    "api",
    "archivist",
    "citation",
    "concordance",
    "counterparts",
    "downloads",
    "editions",
    "feed",
    "quote",
    "search",
    "translations",
    "trends",
)
"""Rooms whose answers no search engine should list."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers may visit."""
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in _WORKED_OUT)]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def register(app: Flask) -> None:
    """Have the answers of these rooms say that they are not to be listed."""

    @app.after_request
    def keep_out(answer: Response) -> Response:
        if request.blueprint in _NOT_LISTED:
            answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer
