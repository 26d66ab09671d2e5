"""Tells search engines which pages to visit: documents and their pages, but not results that have to be
computed.

A crawler that follows every link would have every document compared with every other one. The rules are
given twice: in /robots.txt (RFC 9309), and in the answers themselves, for addresses that other sites link
to.
"""

from flask import Blueprint, Flask, Response, request

blueprint = Blueprint("crawlers", __name__)

_WORKED_OUT = (
    "/api/",
    "/archivist",
    "/page-image/*size=large",
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
"""Beginnings of addresses that crawlers should not visit; a star matches anything."""

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
"""Blueprints whose answers search engines should not list."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """The file robots.txt."""
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in _WORKED_OUT)]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def register(app: Flask) -> None:
    """Add a header to the answers of these blueprints that says that they should not be listed."""

    @app.after_request
    def keep_out(answer: Response) -> Response:
        if request.blueprint in _NOT_LISTED:
            answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer
